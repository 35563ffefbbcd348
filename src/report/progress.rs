//! A running sync as it is told to a terminal, to a log and to a program.
//!
//! What is said, and how often, is decided from the values handed in; the writers only write. Narration always
//! goes to standard error, machine-readable lines to standard output.

use std::io::{self, Write};
use std::time::Duration;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::mirror::fault_words;
use super::problem::Scene;
use super::{Reader, json};
use crate::odata;
use crate::sync::event::{
    DeltaSummary, Loss, Notice, Progress, Repeat, Stage, StageProgress, StageState, WhyFull,
};
use crate::text::{self, Language, Problem, Texts, Value};

/// Longest silence of a log while a sync works.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// Overall progress that is worth a line of its own.
const LINE_EVERY_PERCENT: u8 = 10;

/// Tells a running sync to people.
pub enum Narrator<W> {
    /// A bar on a terminal, with notices above it.
    Bar(Bar),
    /// Lines in a log.
    Lines(LogLines<W>),
}

impl<W: Write> Narrator<W> {
    /// A bar drawn on `terminal`, standard error as a rule.
    pub fn bar(terminal: ProgressDrawTarget, reader: Reader) -> Self {
        Self::Bar(Bar::new(terminal, reader))
    }

    /// Lines written to `out`.
    pub fn lines(out: W, reader: Reader) -> Self {
        Self::Lines(LogLines { out, reader, pace: LogPace::default() })
    }

    /// Tells where the sync stands.
    pub fn progress(&mut self, progress: &Progress) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.progress(progress);
                Ok(())
            }
            Self::Lines(lines) => lines.progress(progress),
        }
    }

    /// Tells what happened.
    pub fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.notice(notice);
                Ok(())
            }
            Self::Lines(lines) => lines.notice(notice),
        }
    }

    /// Takes the bar away, so that a summary may follow.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.bar.finish_and_clear();
        }
    }
}

/// A bar: overall share, then the stage at work in words.
pub struct Bar {
    bar: ProgressBar,
    reader: Reader,
}

impl Bar {
    fn new(terminal: ProgressDrawTarget, reader: Reader) -> Self {
        let bar = ProgressBar::with_draw_target(Some(100), terminal);
        // The template is ours and tested; indicatif's own bar is good enough should it ever refuse it.
        let style = ProgressStyle::with_template("{bar:20} {percent:>3} % {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, reader }
    }

    fn progress(&self, progress: &Progress) {
        self.bar.set_message(stage_line(progress, self.reader.texts));
        self.bar.set_position(progress.overall.into());
    }

    /// Beginnings and ends are seen on the bar itself.
    fn notice(&self, notice: &Notice) {
        if !matches!(notice, Notice::StageStarted(_) | Notice::StageDone(..)) {
            self.bar.println(notice_line(notice, self.reader));
        }
    }
}

/// Lines in a log: beginnings and ends of stages, what went wrong, and now and then where the sync stands.
pub struct LogLines<W> {
    out: W,
    reader: Reader,
    pace: LogPace,
}

impl<W: Write> LogLines<W> {
    fn progress(&mut self, progress: &Progress) -> io::Result<()> {
        if !self.pace.is_due(progress) {
            return Ok(());
        }
        let texts = self.reader.texts;
        let overall = text::percent(progress.overall, texts.language());
        writeln!(self.out, "{overall} · {}", stage_line(progress, texts))?;
        self.out.flush()
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        writeln!(self.out, "{}", notice_line(notice, self.reader))?;
        self.out.flush()
    }
}

/// When a log is due another line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogPace {
    told_at: Duration,
    told: u8,
}

impl LogPace {
    /// Whether so much time or progress has passed since the last line that this one is worth its place.
    pub fn is_due(&mut self, progress: &Progress) -> bool {
        let is_due = progress.elapsed.saturating_sub(self.told_at) >= LINE_EVERY
            || progress.overall.saturating_sub(self.told) >= LINE_EVERY_PERCENT;
        if is_due {
            *self = Self { told_at: progress.elapsed, told: progress.overall };
        }
        is_due
    }
}

/// JSON lines for programs: one where the stage, its share or the overall share changed.
pub struct JsonLines<W> {
    out: W,
    told: Option<(Option<Stage>, u8, u8)>,
}

impl<W: Write> JsonLines<W> {
    /// Lines written to `out`, standard output as a rule.
    pub fn new(out: W) -> Self {
        Self { out, told: None }
    }

    /// Tells where the sync stands, unless that was told already.
    pub fn progress(&mut self, progress: &Progress) -> io::Result<()> {
        let share = progress.stage.map_or(0, |stage| progress.of(stage).percent());
        let state = Some((progress.stage, share, progress.overall));
        if self.told == state {
            return Ok(());
        }
        self.told = state;
        writeln!(self.out, "{}", json::progress(progress))?;
        self.out.flush()
    }
}

/// Tells a running reconciliation: a bar where there is a terminal, else a line per part of it and tenth of that.
pub struct Reconciling<W> {
    out: W,
    bar: Option<ProgressBar>,
    reader: Reader,
    told: Option<(String, u64)>,
}

impl<W: Write> Reconciling<W> {
    /// A bar on `terminal` where there is one, lines on `out` otherwise.
    pub fn new(out: W, terminal: Option<ProgressDrawTarget>, reader: Reader) -> Self {
        let bar = terminal.map(|terminal| {
            let style = ProgressStyle::with_template("{bar:20} {wide_msg}");
            let bar = ProgressBar::with_draw_target(None, terminal);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { out, bar, reader, told: None }
    }

    /// Tells what is being done, and how much of it is.
    pub fn progress(&mut self, what: &str, done: u64, total: Option<u64>) {
        let gauge = StageProgress { done, total, ..StageProgress::default() };
        let words = [Some(what.to_owned()), rows(&gauge, self.reader.texts)];
        let words = words.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if let Some(bar) = &self.bar {
            bar.set_length(total.unwrap_or_default().max(1));
            bar.set_position(done);
            bar.set_message(words);
            return;
        }
        let tenth = total.filter(|total| *total > 0).map_or(0, |total| done.min(total) * 10 / total);
        let now = Some((what.to_owned(), tenth));
        if self.told != now {
            self.told = now;
            self.line(&words);
        }
    }

    /// Tells what happened.
    pub fn notice(&mut self, notice: &Notice) {
        let words = notice_line(notice, self.reader);
        match &self.bar {
            Some(bar) => bar.println(words),
            None => self.line(&words),
        }
    }

    /// Takes the bar away, so that the result may follow.
    pub fn finish(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Nobody is left to tell if this fails.
    fn line(&mut self, words: &str) {
        drop(writeln!(self.out, "{words}").and_then(|()| self.out.flush()));
    }
}

/// The stage at work with its rows, how fast they come, how long the whole has taken and still takes, and what went wrong
/// so far.
pub fn stage_line(progress: &Progress, texts: Texts) -> String {
    let stage = progress.stage.unwrap_or(Stage::Preparing);
    let gauge = progress.of(stage);
    let retries =
        || counted(gauge.retries, |n| texts.with("report-progress-retries", &[("retries", n.into())]));
    let told_silence = || silence(progress, texts).map(|[words, _]| words);
    let parts = [
        Some(stage_name(stage, texts)),
        rows(gauge, texts),
        rate(progress, texts),
        elapsed(progress, texts),
        left(progress, texts),
        pending_repeat(progress, texts).or_else(told_silence).or_else(retries),
        counted(gauge.rejected, |n| texts.with("report-progress-rejected", &[("rejected", n.into())])),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn rows(gauge: &StageProgress, texts: Texts) -> Option<String> {
    match gauge.total {
        Some(total) => {
            let values = [("done", gauge.done.into()), ("total", total.into())];
            Some(texts.with("report-progress-rows-of", &values))
        }
        None => counted(gauge.done, |done| texts.with("report-progress-rows", &[("done", done.into())])),
    }
}

fn rate(progress: &Progress, texts: Texts) -> Option<String> {
    let is_at_work = progress.stage.is_some_and(|stage| progress.of(stage).is_at_work());
    let rate = if is_at_work { progress.rate() } else { 0 };
    counted(rate, |rate| texts.with("report-progress-rate", &[("rate", rate.into())]))
}

fn elapsed(progress: &Progress, texts: Texts) -> Option<String> {
    // Tenths of a second would only flicker.
    let elapsed = Duration::from_secs(progress.elapsed.as_secs());
    (!elapsed.is_zero()).then(|| {
        let elapsed = text::duration(elapsed, texts.language());
        texts.with("report-progress-elapsed", &[("elapsed", elapsed.into())])
    })
}

fn left(progress: &Progress, texts: Texts) -> Option<String> {
    let left = text::duration(coarse(progress.left()?), texts.language());
    Some(texts.with("report-progress-left", &[("left", left.into())]))
}

/// A time that is foretold, to no more than can be known of it: up to five seconds, ten, a minute, five minutes.
pub fn coarse(time: Duration) -> Duration {
    let seconds = time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0));
    let step = match seconds {
        0..=60 => 5,
        61..=600 => 10,
        601..=7_200 => 60,
        _ => 300,
    };
    Duration::from_secs(seconds.div_ceil(step).max(1).saturating_mul(step))
}

/// A repeat that was answered so late is told of as one that waits for its answer.
const UNANSWERED: Duration = Duration::from_secs(5);

/// How long 1C has been silent, what it was asked, and how long that is waited for; or how long no row has come. Where that
/// is worth a word. At length, and in short.
pub fn silence(progress: &Progress, texts: Texts) -> Option<[String; 2]> {
    let told = |time: Duration| text::duration(Duration::from_secs(time.as_secs()), texts.language());
    let (Some(quiet), Some(stage)) = (progress.silence(), progress.stage) else {
        let words = texts.with("stage-rowless", &[("time", told(progress.rowless()?).into())]);
        return Some([words.clone(), words]);
    };
    let values = [
        ("time", told(quiet).into()),
        ("what", texts.named("asked", stage.name()).into()),
        ("patience", told(progress.patience).into()),
    ];
    let until = ["stage-silent-until", "stage-silent-until-short"];
    let ids = if progress.patience.is_zero() { ["stage-silent"; 2] } else { until };
    Some(ids.map(|id| texts.with(id, &values)))
}

/// Which repeat comes next and why, with the time until then, while a stage waits for it; or that it was sent and is not
/// answered.
pub fn pending_repeat(progress: &Progress, texts: Texts) -> Option<String> {
    let is_waiting = progress.stage.is_some_and(|stage| progress.of(stage).state == StageState::Retrying);
    let last = progress.last_repeat.as_ref().filter(|_| is_waiting)?;
    let passed = progress.elapsed.saturating_sub(last.at);
    let unanswered = passed.saturating_sub(last.repeat.wait);
    if unanswered >= UNANSWERED {
        // What failed before is no news of a request that waits for its answer.
        let time = text::duration(Duration::from_secs(unanswered.as_secs()), texts.language());
        let of = last.repeat;
        let values = [("number", of.number.into()), ("of", of.of.into()), ("time", time.into())];
        return Some(texts.with("repeat-unanswered", &values));
    }
    let repeat = Repeat { wait: last.repeat.wait.saturating_sub(passed), ..last.repeat };
    Some(repeat_words(&repeat, &last.error, texts))
}

/// Which repeat follows a failure, when, and what went wrong.
fn repeat_words(repeat: &Repeat, error: &odata::Error, texts: Texts) -> String {
    let whole = Duration::from_secs(repeat.wait.as_secs() + u64::from(repeat.wait.subsec_nanos() > 0));
    let wait = text::duration(whole, texts.language());
    let why = what_happened(error, texts);
    let values = [
        ("number", repeat.number.into()),
        ("of", repeat.of.into()),
        ("wait", wait.into()),
        ("why", why.into()),
    ];
    if whole.is_zero() { texts.with("repeat-now", &values) } else { texts.with("repeat-in", &values) }
}

fn counted(number: u64, words: impl FnOnce(u64) -> String) -> Option<String> {
    (number > 0).then(|| words(number))
}

/// A way of asking that 1C does not offer, and what is done instead.
pub fn way(what: &odata::Capability, texts: Texts) -> String {
    texts.named_with("way", what.name(), &[("what", what.detail().into())])
}

/// What happened, in a line.
pub fn notice_line(notice: &Notice, reader: Reader) -> String {
    let texts = reader.texts;
    let stage = |stage: &Stage| stage_name(*stage, texts).into();
    let wording = |error: &odata::Error| what_happened(error, texts);
    match notice {
        Notice::StageStarted(at) => texts.with("notice-stage-started", &[("stage", stage(at))]),
        Notice::StageDone(at, 0) => texts.named("done", at.name()).into_owned(),
        Notice::StageDone(at, rows) => {
            texts.with("notice-stage-done", &[("stage", stage(at)), ("rows", (*rows).into())])
        }
        Notice::Retrying(at, repeat, why, path) => {
            let repeat = repeat_words(repeat, why, texts);
            let values = [("stage", stage(at)), ("repeat", repeat.into()), ("set", short(path).into())];
            texts.with(if path.is_empty() { "notice-retrying" } else { "notice-retrying-of" }, &values)
        }
        Notice::Rejected { set, key, field, fault } => {
            let why = texts.named("unreadable", fault.name());
            let values =
                [("set", set.into()), ("key", key.into()), ("field", field.into()), ("why", why.into())];
            texts.with("notice-rejected", &values)
        }
        Notice::FilterRefused(what) => texts.with("notice-filter-refused", &[("what", what.into())]),
        Notice::Otherwise(set, what) => {
            let way = way(what, texts);
            texts.with("notice-otherwise", &[("set", set.into()), ("way", way.into())])
        }
        Notice::NotPublished(what) => not_published(what, texts),
        Notice::GoneWithout(why) => texts.with("notice-gone-without", &[("why", wording(why).into())]),
        Notice::NewAddress(address) => texts.with("notice-new-address", &[("what", address.into())]),
        Notice::ClocksDiffer(ours, server) => {
            let at = |moment: &DateTime<Utc>| moment.format("%Y-%m-%d %H:%MZ").to_string().into();
            texts.with("notice-clocks-differ", &[("ours", at(ours)), ("server", at(server))])
        }
        Notice::Found(finding) => {
            let Problem { message, remedy, .. } = texts.finding(finding);
            texts.with("notice-finding", &[("what", message.into()), ("remedy", remedy.into())])
        }
        Notice::CommandFailed(None) => texts.get("notice-command-broke").into_owned(),
        Notice::CommandFailed(Some(status)) => {
            texts.with("notice-command-failed", &[("status", status.to_string().into())])
        }
        Notice::Mirrored(..) | Notice::MirrorDiffers(..) | Notice::MirrorFailed(..) => {
            mirror_line(notice, texts)
        }
        Notice::ChangedUnderneath(what) => texts.with("notice-changed-underneath", &[("what", what.into())]),
        Notice::TotalsContradict(cards) => {
            texts.with("notice-totals-contradict", &[("cards", (*cards).into())])
        }
        Notice::GoingOn(at) => texts.with("notice-going-on", &[("at", minute(*at, reader).into())]),
        Notice::SuddenLoss(loss, pause) => {
            let pause = text::duration(*pause, texts.language());
            let [what, before, now] = loss_values(loss, texts);
            texts.with("notice-sudden-loss", &[what, before, now, ("pause", pause.into())])
        }
        Notice::FullInstead(why) => {
            texts.with("notice-full-instead", &[("why", why_full(*why, texts).into())])
        }
        Notice::DeltaIsBlind(since) => {
            let since = text::date(since.date(), texts.language());
            let values = [("since", since.into()), ("bound", DeltaSummary::BOUND.into())];
            texts.with("notice-delta-is-blind", &values)
        }
        Notice::DeltaIsBlindToPoints(since) => {
            let since = text::date(since.date(), texts.language());
            let values = [("since", since.into()), ("bound", DeltaSummary::BOUND.into())];
            texts.with("notice-delta-is-blind-to-points", &values)
        }
        Notice::Delta(delta) => {
            let values = [
                ("listed", delta.listed.into()),
                ("cards", delta.cards.into()),
                ("rows", (delta.rows + delta.turned).into()),
            ];
            texts.with("notice-delta", &values)
        }
        Notice::LossTaken(loss) => texts.with("notice-loss-taken", &loss_values(loss, texts)),
    }
}

/// What became of the mirror.
fn mirror_line(notice: &Notice, texts: Texts) -> String {
    let told = |fault| {
        let Problem { message, remedy, code, .. } = fault_words(fault, texts);
        [("what", format!("{message} [{code}]").into()), ("remedy", remedy.into())]
    };
    match notice {
        Notice::Mirrored(generation, changed) => {
            let values = [("generation", (*generation).into()), ("changed", (*changed).into())];
            texts.with("notice-mirrored", &values)
        }
        Notice::MirrorDiffers(generation, fault) => {
            let [what, remedy] = told(fault);
            texts.with("notice-mirror-differs", &[("generation", (*generation).into()), what, remedy])
        }
        Notice::MirrorFailed(fault) => texts.with("notice-mirror-failed", &told(fault)),
        _ => String::new(),
    }
}

/// A field by its own name and that of its set; what is none is told as it is.
fn not_published(what: &str, texts: Texts) -> String {
    let field = what.split_once('.').and_then(|(set, field)| {
        let set = odata::Set::ALL.into_iter().find(|it| it.name() == set)?;
        Some([("set", texts.named("set", set.name()).into()), ("field", field.into())])
    });
    match field {
        Some(values) => texts.with("notice-field-not-published", &values),
        None => texts.with("notice-not-published", &[("what", what.into())]),
    }
}

/// A set as 1C calls it, without what kind of object it is.
fn short(path: &str) -> String {
    let name = path.split_once('_').map_or(path, |(_, name)| name);
    text::Shown::new(name).into_string()
}

/// One of our own times as whoever reads has it, to the minute.
fn minute(at: DateTime<Utc>, reader: Reader) -> String {
    let local = at.with_timezone(&reader.offset);
    let form = match reader.language() {
        Language::Russian => "%d.%m.%Y %H:%M",
        Language::English => "%Y-%m-%d %H:%M",
    };
    local.format(form).to_string()
}

/// What a delta read, and within which time the rest appears.
pub fn delta_line(delta: &DeltaSummary, reader: Reader) -> String {
    let (texts, full_at) = (reader.texts, minute(delta.full_at, reader));
    let values = [
        ("listed", delta.listed.into()),
        ("cards", delta.cards.into()),
        ("rows", delta.rows.into()),
        ("turned", delta.turned.into()),
        ("bound", DeltaSummary::BOUND.into()),
        ("full", full_at.into()),
    ];
    texts.with("report-sync-delta", &values)
}

fn why_full(why: WhyFull, texts: Texts) -> String {
    let words = match why {
        WhyFull::NoBasis => texts.get("why-full-no-basis"),
        WhyFull::Limit => texts.get("why-full-limit"),
        WhyFull::OtherTerms => texts.get("why-full-other-terms"),
        WhyFull::Due => texts.get("why-full-due"),
        WhyFull::FiltersRefused => texts.get("why-full-filters-refused"),
        WhyFull::SuddenLoss => texts.get("why-full-sudden-loss"),
        WhyFull::Unexplained(cards) => {
            return texts.with("why-full-unexplained", &[("cards", cards.into())]);
        }
    };
    words.into_owned()
}

/// What went wrong with a request, without advice: the sync goes on by itself.
pub fn what_happened(error: &odata::Error, texts: Texts) -> String {
    Scene { texts, store: None }.of_onec(error).message
}

fn loss_values(loss: &Loss, texts: Texts) -> [(&'static str, Value<'static>); 3] {
    let what = texts.named("loss", loss.subject.name());
    [("what", what.into()), ("before", loss.before.into()), ("now", loss.now.into())]
}

/// The stage in words.
pub fn stage_name(stage: Stage, texts: Texts) -> String {
    texts.named("stage", stage.name()).into_owned()
}

#[cfg(test)]
mod tests;
