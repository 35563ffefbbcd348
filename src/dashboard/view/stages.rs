//! The gauges of a sync: a block with a line per stage, or a strip of one line.

use std::cmp::Ordering;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::{Action, Failure, Now, StoreStatus};
use crate::domain::Verdict;
use crate::domain::period::age;
use crate::engine::{OtherWriter, WriterProgress};
use crate::report::progress::{pending_repeat, silence};
use crate::sync::LeftOff;
use crate::sync::event::{Outcome, Progress, Stage, StageProgress, StageState, SyncSummary};
use crate::text::{self, Shown, Value};

use super::columns::{Parts, left, right, width};
use super::look::Look;
use super::{block, mirror, pane, put};

/// The stages that read rows, and the proof; the others are told in the line under them.
pub(super) const SHOWN: [Stage; 5] =
    [Stage::Cards, Stage::OpeningBalances, Stage::Purchases, Stage::Points, Stage::ControlTotals];

/// Columns of a stage's share.
const SHARE: usize = 8;

/// The line under the gauges.
const LAST: u16 = 6;

/// Draws the gauges in the room there is.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.stages;
    if area.height > 1 {
        draw_block(frame, layout, model, look);
    } else if area.height == 1 {
        let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        put(frame, padded, 0, strip(model, look, usize::from(padded.width)));
    }
}

fn draw_block(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let title = Span::styled(format!(" {} ", look.texts.get("pane-stages")), look.theme.title);
    let area = pane(frame, layout, layout.stages, block(title, false, look));
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let columns = usize::from(area.width);
    put(frame, area, 0, overall(model, look, columns));
    if let Some(writer) = model.foreign_sync() {
        for (row, line) in (1..).zip(foreign_stages(writer, 10, look)) {
            put(frame, area, row, line);
        }
        let mut parts = Parts::default();
        parts.push(look.texts.get("dash-foreign"), look.theme.dim);
        parts.push(holder(writer), look.theme.dim);
        return put(frame, area, LAST, parts.fitted(columns, 2));
    }
    if !model.sync.is_known() {
        return draw_standing(frame, area, model, look);
    }
    let names = SHOWN.map(|stage| width(&look.stage(stage)));
    let name = names.into_iter().max().unwrap_or(0);
    for (row, stage) in (1..).zip(SHOWN) {
        put(frame, area, row, gauge(stage, model.sync.progress.of(stage), name, look, columns));
    }
    put(frame, area, LAST, below(model, look, columns));
}

/// What the store holds, where this session has not synced yet.
fn draw_standing(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let Some(status) = &model.status else { return };
    let texts = look.texts;
    if status.synced_at.is_none() {
        let Some(left) = status.left_off.filter(|_| model.elsewhere.sync().is_none()) else { return };
        put(frame, area, 2, Line::from(whole(left.overall, usize::from(area.width).saturating_sub(6), look)));
        return put(frame, area, 4, Span::styled(texts.get("dash-left-off-kept"), look.theme.dim));
    }
    let apart = status.variances + status.before_window + status.unverified;
    let reconciled = status.cards.saturating_sub(apart);
    let counts = [
        (Verdict::Reconciled, reconciled, "status-reconciled"),
        (Verdict::BeforeWindow, status.before_window, "status-before-window"),
        (Verdict::Variance, status.variances, "status-variances"),
        (Verdict::Unverified, status.unverified, "status-unverified"),
    ];
    let worth_a_line =
        counts.into_iter().filter(|(verdict, count, _)| *verdict == Verdict::Reconciled || *count > 0);
    for (row, (verdict, count, id)) in (1..).zip(worth_a_line) {
        let words = texts.with(id, &[("n", text::count(count, look.language()).into())]);
        let (mark, style) = look.verdict(verdict);
        put(frame, area, row, Line::from(vec![Span::styled(mark, style), Span::raw(format!(" {words}"))]));
    }
    if let Some(line) = mirror::line(status, look, usize::from(area.width)) {
        put(frame, area, LAST - 1, line);
    }
    let shown = |action| look.key(action, model).into();
    let hint =
        texts.with("dash-standing-keys", &[("sync", shown(Action::Sync)), ("view", shown(Action::View))]);
    put(frame, area, LAST, Span::styled(hint, look.theme.dim));
}

/// What runs now, or how the last sync ended.
fn overall(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if !model.sync.is_running() {
        return idle(model, look, columns);
    }
    let progress = &model.sync.progress;
    let mut parts = Parts::default();
    parts.push_spans(whole(progress.overall, 24, look));
    parts.push(received(progress, look), look.theme.dim);
    parts.push(look.texts.with("dash-requests", &[("n", progress.requests.into())]), look.theme.dim);
    parts.fitted(columns, 2)
}

/// The gauge of the whole, and its share in figures.
pub(super) fn whole(percent: u8, columns: usize, look: &Look) -> Vec<Span<'static>> {
    let mut spans = look.bar(percent, columns);
    spans.push(Span::styled(format!(" {}", text::percent(percent, look.language())), look.theme.title));
    spans
}

/// How long the whole has taken and still takes; in less room the latter alone.
pub(super) fn time_words(model: &Model, look: &Look, columns: usize) -> Option<String> {
    let (language, texts) = (look.language(), look.texts);
    let time = ("time", text::duration(whole_seconds(model.sync.progress.elapsed), language).into());
    let Some(left) = model.sync.left else {
        let words = texts.with("dash-elapsed", &[time]);
        return (width(&words) <= columns).then_some(words);
    };
    let left = ("left", text::duration(left, language).into());
    let both = texts.with("dash-elapsed-left", &[time, left.clone()]);
    let left = texts.with("dash-left", &[left]);
    [both, left].into_iter().find(|words| width(words) <= columns)
}

/// Bytes received, to a figure that does not flicker.
pub(super) fn received(progress: &Progress, look: &Look) -> String {
    let bytes = text::bytes(progress.bytes, look.language());
    look.texts.with("dash-received", &[("bytes", bytes.into())])
}

/// One stage: name, gauge, rows, how fast they come, what went wrong; where it counts none, its share.
fn gauge(stage: Stage, at: &StageProgress, name: usize, look: &Look, columns: usize) -> Line<'static> {
    let style = if at.state == StageState::Waiting { look.theme.dim } else { Style::new() };
    let mut parts = Parts::default();
    parts.push_spans(vec![
        look.stage_mark(at.state),
        Span::styled(format!(" {}", left(&look.stage(stage), name)), style),
    ]);
    parts.push_spans(look.bar(at.percent(), 10));
    parts.push(right(&share(stage, look), SHARE), look.theme.dim);
    if has_rows(at) {
        parts.push(format!(" {}", rows(at, look)), style);
    }
    push_trouble(&mut parts, at, look);
    parts.fitted(columns, 1)
}

/// The stages of a sync of another process, as far as it tells: a gauge of so many columns each.
pub(super) fn foreign_stages(writer: &OtherWriter, columns: usize, look: &Look) -> Vec<Line<'static>> {
    let Some(WriterProgress { stage: at_work, overall }) = writer.progress else { return Vec::new() };
    let name = SHOWN.iter().map(|stage| width(&look.stage(*stage))).max().unwrap_or(0);
    let line = |stage: Stage| {
        let (from, to) = stage.share();
        let (state, percent) = match stage.cmp(&at_work) {
            Ordering::Less => (StageState::Done, 100),
            Ordering::Equal => {
                let done = u32::from(overall.saturating_sub(from)) * 100 / u32::from((to - from).max(1));
                (StageState::Running, u8::try_from(done).unwrap_or(100).min(99))
            }
            Ordering::Greater => (StageState::Waiting, 0),
        };
        let style = if state == StageState::Waiting { look.theme.dim } else { Style::new() };
        let mut spans = vec![
            look.stage_mark(state),
            Span::styled(format!(" {} ", left(&look.stage(stage), name)), style),
        ];
        spans.extend(look.bar(percent, columns));
        spans.push(Span::styled(right(&share(stage, look), SHARE + 1), look.theme.dim));
        Line::from(spans)
    };
    SHOWN.into_iter().map(line).collect()
}

/// A stage's share of the whole. The publication follows the proof at once.
pub(super) fn share(stage: Stage, look: &Look) -> String {
    let (from, to) = stage.share();
    let to = if stage == Stage::ControlTotals { 100 } else { to };
    format!("{from}–{}", text::percent(to, look.language()))
}

/// Whether the stage has rows to tell of: the proof asks for sums.
fn has_rows(at: &StageProgress) -> bool {
    at.done > 0 || at.total.is_some()
}

/// Rows done, of those expected where there are more; none done yet are not told.
pub(super) fn rows(at: &StageProgress, look: &Look) -> String {
    let count = |rows| text::count(rows, look.language());
    match at.total {
        Some(total) if at.state == StageState::Waiting => count(total),
        Some(total) if at.state != StageState::Done && total > at.done => {
            let values = [("done", count(at.done).into()), ("total", count(total).into())];
            look.texts.with("stage-rows-of", &values)
        }
        _ if has_rows(at) => count(at.done),
        _ => String::new(),
    }
}

fn push_trouble(parts: &mut Parts<'_>, at: &StageProgress, look: &Look) {
    if at.retries > 0 {
        let words = look.texts.with("stage-retries", &[("n", at.retries.into())]);
        parts.push(words, look.theme.warning);
    }
    push_rejected(parts, at, look);
}

fn push_rejected(parts: &mut Parts<'_>, at: &StageProgress, look: &Look) {
    if at.rejected > 0 {
        let words = look.texts.with("stage-rejected", &[("n", at.rejected.into())]);
        parts.push(words, look.theme.bad);
    }
}

/// Which repeat comes next and why, or how long 1C has been silent, in the room there is.
pub(super) fn pending(progress: &Progress, look: &Look, columns: usize) -> Option<Span<'static>> {
    let room = columns.saturating_sub(2);
    let silent =
        || silence(progress, look.texts).map(|[long, short]| if width(&long) > room { short } else { long });
    let words = pending_repeat(progress, look.texts).or_else(silent)?;
    let words = Shown::new(words.trim_end_matches('.')).truncated(room);
    Some(Span::styled(format!("↻ {words}"), look.theme.warning))
}

/// Columns of the speed under the gauges, and in the strip.
const WIDE_SPARK: usize = 40;
const SHORT_SPARK: usize = 12;

/// What is being waited for, or the speed over the run; and the stage at work where it has no gauge of its own.
fn below(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let mut parts = Parts::default();
    parts.push_spans(unlisted_stage(model, look));
    if let Some(Err(failure)) = model.sync.last.as_ref().map(|last| &last.result)
        && model.sync.retry_at.is_some()
    {
        // Why it waits; what it waits for stands above.
        let message = Shown::new(&failure.message).truncated(columns.saturating_sub(2));
        parts.push(format!("✗ {message}"), look.theme.bad);
        return parts.fitted(columns, 2);
    }
    if let Some(line) = mirror::trouble(model, look, columns).filter(|_| !model.sync.is_running()) {
        return line;
    }
    let waiting = model.sync.is_running().then(|| pending(&model.sync.progress, look, columns)).flatten();
    match waiting {
        Some(words) => parts.push_spans(vec![words]),
        None => push_speed(&mut parts, model, look, WIDE_SPARK.min(columns / 2)),
    }
    parts.fitted(columns, 2)
}

/// The stage at work where it is none of those that are listed.
pub(super) fn unlisted_stage(model: &Model, look: &Look) -> Vec<Span<'static>> {
    if let Some(gauge) = model.sync.progress.mirror.filter(|_| model.sync.is_running()) {
        return mirror::gauge(gauge, look);
    }
    let at_work = model.sync.progress.stage.filter(|stage| !SHOWN.contains(stage));
    match at_work.filter(|_| model.sync.is_running()) {
        Some(stage) => {
            let mark = look.stage_mark(model.sync.progress.of(stage).state);
            vec![mark, Span::raw(format!(" {}", look.stage(stage)))]
        }
        None => Vec::new(),
    }
}

/// The speed over the run as bars, and what it is now.
fn push_speed(parts: &mut Parts<'_>, model: &Model, look: &Look, columns: usize) {
    let figures = model.sync.speeds.over_run(columns);
    if figures.len() < 2 {
        return;
    }
    let bars = Span::styled(spark(figures.into_iter()), look.theme.busy);
    parts.push_spans(vec![bars, Span::raw(format!(" {}", speed(model, look)))]);
}

/// Rows a second now, and the most there were, where there were any.
pub(super) fn speed(model: &Model, look: &Look) -> String {
    let (texts, rate) = (look.texts, model.sync.progress.rate());
    let peak = model.sync.speeds.peak().max(rate);
    let told = |rate: u64| texts.with("stage-rate", &[("rate", rate.into())]);
    // A rate of none says less than that none came.
    match (rate, peak) {
        (0, 0) => return texts.get("dash-no-rows").into_owned(),
        (0, _) if model.sync.is_running() => {
            return texts.with("dash-no-rows-now", &[("peak", told(peak).into())]);
        }
        _ => {}
    }
    let now = told(rate);
    let peak = text::count(peak, look.language());
    texts.with("dash-peak", &[("rate", now.into()), ("peak", peak.into())])
}

/// A bar of eight heights for each figure, the greatest at full height.
pub(super) fn spark(figures: impl Iterator<Item = u64> + Clone) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = figures.clone().max().unwrap_or(0).max(1);
    let bar = |figure: u64| {
        let height = u128::from(figure) * 7 / u128::from(most);
        BARS[usize::try_from(height).unwrap_or(7).min(7)]
    };
    figures.map(bar).collect()
}

fn strip(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if !model.sync.is_running() {
        return idle(model, look, columns);
    }
    let progress = &model.sync.progress;
    let mut parts = Parts::default();
    if let Some(gauge) = progress.mirror {
        parts.push_spans(mirror::gauge(gauge, look));
        return parts.fitted(columns, 2);
    }
    parts.push_spans(whole(progress.overall, 10, look));
    if let Some(stage) = progress.stage {
        push_stage(&mut parts, stage, model, look, columns.saturating_sub(17));
    }
    for stage in SHOWN.into_iter().filter(|stage| Some(*stage) != progress.stage) {
        let state = progress.of(stage).state;
        parts.push_spans(vec![
            look.stage_mark(state),
            Span::styled(format!(" {}", look.stage(stage)), look.theme.dim),
        ]);
    }
    parts.fitted(columns, 2)
}

/// The stage at work: what it waits for, or its rows and how fast they come.
fn push_stage(parts: &mut Parts<'_>, stage: Stage, model: &Model, look: &Look, columns: usize) {
    let progress = &model.sync.progress;
    if let Some(words) = pending(progress, look, columns) {
        return parts.push_spans(vec![words]);
    }
    let at = progress.of(stage);
    let rows = rows(at, look);
    let name = if rows.is_empty() { look.stage(stage) } else { format!("{} {rows}", look.stage(stage)) };
    parts.push_spans(vec![look.stage_mark(at.state), Span::raw(format!(" {name}"))]);
    push_trouble(parts, at, look);
    if at.is_at_work() && progress.rate() > 0 {
        parts.push(look.texts.with("stage-rate", &[("rate", progress.rate().into())]), look.theme.dim);
        let figures = model.sync.speeds.over_run(SHORT_SPARK);
        if figures.len() > 1 {
            parts.push(spark(figures.into_iter()), look.theme.busy);
        }
    }
}

/// When the next try comes, how the last sync ended, or that there was none.
pub(super) fn idle(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let mut parts = Parts::default();
    if let Some(writer) = model.elsewhere.writer() {
        push_elsewhere(&mut parts, writer, model, look);
        return parts.fitted(columns, 2);
    }
    match (model.sync.retry_at, &model.sync.last, &model.status) {
        (Some(at), ..) => push_retry(&mut parts, at, model, look, columns),
        (None, Some(last), _) if !model.sync.is_past(model.now) => {
            push_ended(&mut parts, &last.result, model, look, columns);
        }
        (None, _, Some(status)) => push_stored(&mut parts, status, model, look, columns),
        (None, _, None) => parts.push(look.texts.get("detail-loading"), look.theme.dim),
    }
    parts.fitted(columns, 2)
}

/// Another process that writes to the store: what it does, who it is, how far, how long.
fn push_elsewhere(parts: &mut Parts<'_>, writer: &OtherWriter, model: &Model, look: &Look) {
    let (language, texts) = (look.language(), look.texts);
    if !writer.is_sync() {
        let words = texts.with("dash-store-elsewhere", &[("pid", writer.pid.to_string().into())]);
        return parts.push(format!("▶ {words}"), look.theme.busy);
    }
    parts.push(format!("▶ {}", texts.get("dash-sync-elsewhere")), look.theme.busy);
    if let Some(progress) = writer.progress {
        parts.push_spans(look.bar(progress.overall, 10));
        parts.push(text::percent(progress.overall, language), look.theme.title);
        parts.push(look.stage(progress.stage), Style::new());
    }
    if let Some(elapsed) = age(model.now.to_utc(), writer.since) {
        let time = text::duration(whole_seconds(elapsed), language);
        parts.push(texts.with("dash-elapsed", &[("time", time.into())]), Style::new());
    }
    parts.push(holder(writer), look.theme.dim);
}

/// Who it is: the process, and the words of its command.
fn holder(writer: &OtherWriter) -> String {
    format!("{} {}", writer.pid, Shown::new(&writer.command).truncated(40))
}

/// A phrase with the key that starts a sync.
fn with_sync_key(id: &'static str, model: &Model, look: &Look) -> String {
    look.texts.with(id, &[("key", look.key(Action::Sync, model).into())])
}

fn push_retry(parts: &mut Parts<'_>, at: Now, model: &Model, look: &Look, columns: usize) {
    let left = at.signed_duration_since(model.now).to_std().unwrap_or_default();
    let time = text::duration(whole_seconds(left), look.language());
    let ids = ["dash-retry-in", "dash-retry-in-short"];
    let words = look.fitting(&ids, &[("time", time.into())], columns.saturating_sub(2));
    parts.push(format!("↻ {words}"), look.theme.warning);
    let shown = |action| look.key(action, model).into();
    let values = [("now", shown(Action::Sync)), ("never", shown(Action::CancelSync))];
    parts.push(look.texts.with("dash-retry-keys", &values), look.theme.dim);
}

fn push_ended(
    parts: &mut Parts<'_>,
    result: &Result<SyncSummary, Failure>,
    model: &Model,
    look: &Look,
    columns: usize,
) {
    match result {
        Ok(summary) => {
            push_summary(parts, summary, model, look);
            if summary.outcome != Outcome::Published {
                parts.push(with_sync_key("dash-go-on", model, look), look.theme.dim);
            }
        }
        Err(failure) => {
            let again = with_sync_key("dash-again", model, look);
            let room = columns.saturating_sub(4 + width(&again));
            parts.push(format!("✗ {}", Shown::new(&failure.message).truncated(room)), look.theme.bad);
            parts.push(again, look.theme.dim);
        }
    }
}

/// What the store holds from before this session.
fn push_stored(parts: &mut Parts<'_>, status: &StoreStatus, model: &Model, look: &Look, columns: usize) {
    let Some(synced_at) = status.synced_at else {
        return push_unsynced(parts, status, model, look, columns);
    };
    let at = look.moment(synced_at, model.now);
    parts.push(look.texts.with("dash-last-synced", &[("at", at.into())]), Style::new());
    if let Some(oldest) = status.oldest_read_at.filter(|oldest| *oldest < synced_at) {
        let oldest = look.moment(oldest, model.now);
        parts.push(look.texts.with("dash-oldest", &[("at", oldest.into())]), look.theme.warning);
    }
    if let Some(left) = &status.left_off {
        let words = look.texts.with("dash-left-off", &left_off_values(left, model, look));
        parts.push(format!("■ {words}"), look.theme.warning);
        parts.push(with_sync_key("dash-go-on", model, look), look.theme.dim);
    } else if model.is_stale() {
        parts.push(with_sync_key("dash-refresh", model, look), look.theme.warning);
    }
    let has_runs = push_runs(parts, model, look);
    push_next(parts, has_runs, model, look);
    push_full_at(parts, model, look);
    parts.push(look.texts.with("dash-movements", &[("n", status.movements.into())]), look.theme.dim);
}

/// That there is nothing yet: how far a first sync came before, how it ended, or that there was none.
fn push_unsynced(parts: &mut Parts<'_>, status: &StoreStatus, model: &Model, look: &Look, columns: usize) {
    if let Some(left) = &status.left_off {
        let go_on = with_sync_key("dash-go-on", model, look);
        let ids = ["dash-left-off-first", "dash-left-off-first-middle", "dash-left-off-first-short"];
        let words = look.fitting(
            &ids,
            &left_off_values(left, model, look),
            columns.saturating_sub(4 + width(&go_on)),
        );
        parts.push(format!("■ {words}"), look.theme.warning);
        return parts.push(go_on, look.theme.dim);
    }
    let (Some(run), Some(past)) = (&status.last_run, status.runs.first()) else {
        return parts.push(with_sync_key("dash-first-sync", model, look), Style::new());
    };
    let at = ("at", look.moment(run.started_at + past.took, model.now).into());
    let (words, style) = match &run.error {
        Some(code) => {
            let code = ("code", Shown::new(code).into_string().into());
            (format!("✗ {}", look.texts.with("dash-first-failed", &[at, code])), look.theme.bad)
        }
        None => (format!("■ {}", look.texts.with("dash-first-stopped", &[at])), look.theme.warning),
    };
    parts.push(words, style);
    parts.push(with_sync_key("dash-again", model, look), look.theme.dim);
}

fn left_off_values(left: &LeftOff, model: &Model, look: &Look) -> [(&'static str, Value<'static>); 3] {
    [
        ("at", look.moment(left.at, model.now).into()),
        ("stage", look.stage(left.stage).into()),
        ("percent", text::percent(left.overall, look.language()).into()),
    ]
}

/// How long the last syncs took, the latest at the right, and which of them ended otherwise than well; whether there
/// are enough to tell of.
fn push_runs(parts: &mut Parts<'_>, model: &Model, look: &Look) -> bool {
    let runs = model.status.as_ref().map_or(&[][..], |status| &status.runs);
    if runs.len() < 2 {
        return false;
    }
    let took: Vec<u64> =
        runs.iter().rev().map(|run| u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX)).collect();
    let bars = spark(took.iter().copied());
    let bar = |(outcome, bar): (Outcome, char)| match outcome {
        Outcome::Published => Span::styled(bar.to_string(), look.theme.busy),
        Outcome::Failed => Span::styled("✗", look.theme.bad),
        Outcome::Cancelled => Span::styled("■", look.theme.warning),
    };
    let words = Span::styled(format!("{} ", look.texts.get("dash-runs")), look.theme.dim);
    let bars = runs.iter().rev().map(|run| run.outcome).zip(bars.chars()).map(bar);
    parts.push_spans(std::iter::once(words).chain(bars).collect());
    true
}

/// When the next sync begins by itself.
fn push_next(parts: &mut Parts<'_>, has_runs: bool, model: &Model, look: &Look) {
    if let Some(next) = model.next_sync().filter(|next| *next > model.now) {
        let at = look.hour(next, model.now);
        let id = if has_runs { "dash-next-sync" } else { "dash-next-sync-alone" };
        parts.push(look.texts.with(id, &[("at", at.into())]), Style::new());
    }
}

/// After deltas: when everything was last read.
fn push_full_at(parts: &mut Parts<'_>, model: &Model, look: &Look) {
    let status = model.status.as_ref().filter(|status| status.deltas > 0);
    if let Some(full_at) = status.and_then(|status| status.full_at) {
        let at = look.moment(full_at, model.now);
        parts.push(look.texts.with("dash-full-at", &[("at", at.into())]), look.theme.dim);
    }
}

/// A sync that was stopped waits to be gone on with.
fn paused(model: &Model, look: &Look) -> String {
    let at = model.sync.last.as_ref().map_or(model.now, |last| last.at);
    let percent = text::percent(model.sync.progress.overall, look.language());
    let values = [("at", look.moment(at.to_utc(), model.now).into()), ("percent", percent.into())];
    if model.is_first_sync() {
        return look.texts.with("dash-paused-first", &values);
    }
    look.texts.with("dash-paused", &values)
}

fn push_summary(parts: &mut Parts<'_>, summary: &SyncSummary, model: &Model, look: &Look) {
    let texts = look.texts;
    let took = text::duration(summary.elapsed, look.language());
    let (mark, line, style) = match summary.outcome {
        Outcome::Published => ("✓", texts.with("dash-done", &[("time", took.into())]), look.theme.good),
        Outcome::Failed => ("✗", texts.get("journal-sync-failed").into_owned(), look.theme.bad),
        Outcome::Cancelled => ("■", paused(model, look), look.theme.warning),
    };
    parts.push(format!("{mark} {line}"), style);
    if summary.outcome != Outcome::Published {
        return;
    }
    parts.push(
        texts.with(
            "dash-changes",
            &[
                ("created", text::count(summary.created, look.language()).into()),
                ("changed", text::count(summary.changed, look.language()).into()),
                ("removed", text::count(summary.removed, look.language()).into()),
            ],
        ),
        Style::new(),
    );
    push_full_at(parts, model, look);
    if summary.skipped > 0 {
        parts.push(texts.with("stage-rejected", &[("n", summary.skipped.into())]), look.theme.bad);
    }
    if summary.retries > 0 {
        parts.push(texts.with("stage-retries", &[("n", summary.retries.into())]), look.theme.warning);
    }
    push_runs(parts, model, look);
    parts.push(texts.with("dash-requests", &[("n", summary.requests.into())]), look.theme.dim);
    parts.push(text::bytes(summary.bytes, look.language()), look.theme.dim);
}

/// Tenths of a running time would flicker.
pub(super) fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_speed_is_a_full_bar() {
        assert_eq!(spark([0, 7, 14].into_iter()), "▁▄█");
        assert_eq!(spark([0, 0].into_iter()), "▁▁");
    }
}
