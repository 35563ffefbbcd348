//! The journal: beside the stages where there is room, laid over the panes where it is asked for, a line in full on a page.

use chrono::FixedOffset;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::config::LogLevel;
use crate::dashboard::app::journal::{Entry, Grade, JournalLine};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::{Action, Exported, Now, TaskKind};
use crate::report::log::{self, LogEntry};
use crate::report::{Reader, progress};
use crate::sync::event::{Notice, Outcome};
use crate::text::{Language, Problem, Shown};

use super::figures::dash;
use super::look::Look;
use super::table::draw_lines;
use super::{block, pane, put};

/// Draws the journal beside the stages.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    if layout.journal.is_empty() {
        return;
    }
    let title = Span::styled(format!(" {} ", look.texts.get("pane-journal")), look.theme.title);
    let area = pane(frame, layout, layout.journal, block(title, false, look));
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(1), ..area };
    if model.journal.is_empty() {
        put(frame, area, 0, Span::styled(look.texts.get("journal-empty"), look.theme.dim));
    }
    let lines =
        model.journal.newest_first().map(|entry| line(entry, model.now, look, usize::from(area.width)));
    draw_lines(frame, area, lines, None, Style::new());
}

/// The lines that are listed, newest first, or why there are none.
pub(super) fn lines(model: &Model, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let lines: Vec<_> = model.journal.listed().map(|entry| line(entry, model.now, look, columns)).collect();
    let nothing = if model.journal.is_empty() { "journal-empty" } else { "journal-none" };
    let nothing = || vec![Line::styled(look.texts.get(nothing), look.theme.dim)];
    if lines.is_empty() { nothing() } else { lines }
}

/// What is listed of it, and what it is searched for.
pub(super) fn title(model: &Model, look: &Look) -> String {
    let view = &model.journal.view;
    let least = match view.least {
        Grade::Plain => "pane-journal",
        Grade::Warning => "pane-journal-warnings",
        Grade::Error => "pane-journal-errors",
    };
    let typed =
        if view.typed.is_empty() { String::new() } else { format!(": {}▏", Shown::new(&view.typed)) };
    format!("{}{typed}", look.texts.get(least))
}

/// What can be done with the lines.
pub(super) fn hint(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let values =
        [("filter", look.key(Action::Filter, model).into()), ("copy", look.key(Action::Copy, model).into())];
    let ids = ["journal-hint", "journal-hint-middle", "journal-hint-short", "dash-close"];
    Line::from(format!(" {} ", look.fitting(&ids, &values, columns.saturating_sub(2))))
}

fn line(entry: &Entry, now: Now, look: &Look, columns: usize) -> Line<'static> {
    let (mark, style) = match entry.line.grade() {
        Grade::Plain => (" ", Style::new()),
        Grade::Warning => ("!", look.theme.warning),
        Grade::Error => ("✗", look.theme.bad),
    };
    let words =
        Shown::new(&words(&entry.line, *entry.at.offset(), look)).truncated(columns.saturating_sub(11));
    Line::from(vec![
        Span::styled(format!("{} ", moment(entry.at, now, look)), look.theme.dim),
        Span::styled(format!("{mark} {words}"), style),
    ])
}

/// The time, or the day where it was another.
fn moment(at: Now, now: Now, look: &Look) -> String {
    let form = match (at.date_naive() == now.date_naive(), look.language()) {
        (true, _) => "%H:%M:%S",
        (false, Language::Russian) => "%d.%m.%y",
        (false, Language::English) => "%y-%m-%d",
    };
    at.format(form).to_string()
}

/// The lines that are listed, in words to hand over; `None` where there are none.
pub(super) fn list(model: &Model, look: &Look) -> Option<String> {
    let of = |entry: &Entry| {
        let mark = match entry.line.grade() {
            Grade::Plain => "",
            Grade::Warning => "! ",
            Grade::Error => "✗ ",
        };
        let words = Shown::new(&words(&entry.line, *entry.at.offset(), look)).into_string();
        format!("{} {mark}{words}\n", entry.at.format("%Y-%m-%d %H:%M:%S"))
    };
    let text: String = model.journal.listed().map(of).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// A line in full: when, what, what to do, of which request, under which code.
pub(super) fn full(entry: &Entry, model: &Model, look: &Look) -> String {
    let texts = look.texts;
    let grade = texts.get(match entry.line.grade() {
        Grade::Plain => "journal-plain",
        Grade::Warning => "journal-warning",
        Grade::Error => "journal-error",
    });
    let mut text = format!("{} · {grade}\n", model_moment(entry, model, look));
    let mut say = |words: String| text.extend([Shown::new(&words).as_str(), "\n"]);
    let mark = if entry.line.grade() == Grade::Error { "✗ " } else { "" };
    let full = Full::of(entry, look);
    say(format!("{mark}{}", full.message));
    if !full.remedy.is_empty() {
        say(texts.with("report-remedy", &[("remedy", full.remedy.into())]));
    }
    if let JournalLine::Notice(Notice::Retrying(stage, repeat, _, path)) = &entry.line {
        let values = [
            ("set", path.as_str().into()),
            ("stage", look.stage(*stage).into()),
            ("number", repeat.number.into()),
            ("of", repeat.of.into()),
        ];
        say(texts.with(if path.is_empty() { "journal-request" } else { "journal-request-of" }, &values));
    }
    if !full.code.is_empty() {
        let page = Problem::help_on(&full.code);
        say(texts.with("journal-code", &[("code", full.code.into()), ("page", page.into())]));
    }
    if let JournalLine::Earlier(it) = &entry.line {
        let values = [("run", it.run.as_str().into()), ("pid", it.pid.to_string().into())];
        say(texts.with("journal-run", &values));
    }
    text
}

fn model_moment(entry: &Entry, model: &Model, look: &Look) -> String {
    let time = entry.at.format("%H:%M:%S");
    let is_today = entry.at.date_naive() == model.now.date_naive();
    if is_today { time.to_string() } else { format!("{} {time}", moment(entry.at, model.now, look)) }
}

/// What a line says beside its words.
#[derive(Default)]
struct Full {
    message: String,
    remedy: String,
    code: String,
}

impl Full {
    fn of(entry: &Entry, look: &Look) -> Self {
        let (line, offset) = (&entry.line, *entry.at.offset());
        match line {
            JournalLine::Failed(it) => {
                Self { message: it.message.clone(), remedy: it.remedy.clone(), code: it.code.clone() }
            }
            JournalLine::Earlier(it) => {
                Self { message: it.message.clone(), remedy: it.remedy.clone(), code: it.code.clone() }
            }
            JournalLine::Notice(notice) => {
                let Some(problem) = log::problem_of(notice, look.texts) else {
                    return Self { message: words(line, offset, look), ..Self::default() };
                };
                // The words of what was found have the remedy in them, which has a line of its own here.
                let is_found = matches!(notice, Notice::Found(_));
                let message = if is_found { problem.message } else { words(line, offset, look) };
                Self { message, remedy: problem.remedy, code: problem.code.to_owned() }
            }
            JournalLine::FailedElsewhere(code) => {
                Self { message: words(line, offset, look), code: code.clone(), ..Self::default() }
            }
            _ => Self { message: words(line, offset, look), ..Self::default() },
        }
    }
}

/// Writes down what the journal says, and puts it into words for its search.
#[derive(Debug)]
pub struct Recorder {
    worded: u64,
    /// What is older was told, and written down, before the dashboard was there.
    logged: u64,
}

impl Recorder {
    /// From what comes next on.
    pub fn after(model: &Model) -> Self {
        Self { worded: 0, logged: model.journal.next_number() }
    }

    /// Takes what is new.
    pub fn record(&mut self, model: &mut Model, look: &Look) {
        if self.worded == model.journal.next_number() {
            return;
        }
        let is_new = |entry: &&Entry| entry.number >= self.worded;
        let news: Vec<Entry> = model.journal.newest_first().take_while(is_new).cloned().collect();
        for entry in news.iter().rev() {
            let is_earlier = matches!(entry.line, JournalLine::Earlier(_));
            if !is_earlier {
                model.journal.word(entry.number, &words(&entry.line, *entry.at.offset(), look));
            }
            if entry.number >= self.logged && !is_earlier {
                logged(entry, look).write();
            }
        }
        self.worded = model.journal.next_number();
    }
}

/// A line as it may be written down: without whom it is about, and without what 1C said.
fn logged(entry: &Entry, look: &Look) -> LogEntry {
    let (line, offset) = (&entry.line, *entry.at.offset());
    let level = match line.grade() {
        Grade::Plain => LogLevel::Info,
        Grade::Warning => LogLevel::Warn,
        Grade::Error => LogLevel::Error,
    };
    match line {
        JournalLine::Notice(notice) => LogEntry::of_notice(notice, Reader { texts: look.texts, offset }),
        JournalLine::Checked(_, code, verdict) => {
            LogEntry::new(level, &log::checked(code, *verdict, look.texts))
        }
        JournalLine::Failed(it) => LogEntry {
            code: it.code.clone(),
            ..LogEntry::new(level, &log::without(&it.message, &it.said)).with_remedy(&it.remedy)
        },
        _ => LogEntry::new(level, &words(line, offset, look)),
    }
}

/// An entry in words.
pub(super) fn words(line: &JournalLine, offset: FixedOffset, look: &Look) -> String {
    let texts = look.texts;
    match line {
        JournalLine::SyncStarted => texts.get("journal-sync-started").into_owned(),
        JournalLine::SyncEnded(Outcome::Published, cards, variances) => texts.with(
            "journal-sync-published",
            &[("cards", (*cards).into()), ("variances", (*variances).into())],
        ),
        JournalLine::SyncEnded(Outcome::Cancelled, ..) => texts.get("journal-sync-cancelled").into_owned(),
        JournalLine::SyncEnded(Outcome::Failed, ..) => texts.get("journal-sync-failed").into_owned(),
        JournalLine::EngineBack => texts.get("journal-engine-back").into_owned(),
        JournalLine::EngineCame => texts.get("journal-engine-came").into_owned(),
        JournalLine::SyncElsewhere => texts.get("journal-sync-elsewhere").into_owned(),
        JournalLine::PublishedElsewhere(cards, variances) => texts.with(
            "journal-published-elsewhere",
            &[("cards", (*cards).into()), ("variances", (*variances).into())],
        ),
        JournalLine::CancelledElsewhere => texts.get("journal-cancelled-elsewhere").into_owned(),
        JournalLine::FailedElsewhere(code) => failed_elsewhere(code, look),
        JournalLine::Notice(notice) => progress::notice_line(notice, Reader { texts, offset }),
        JournalLine::StoreVerified => texts.get("journal-store-verified").into_owned(),
        JournalLine::Checked(who, code, verdict) => texts.with(
            "journal-checked",
            &[
                ("who", who.as_str().into()),
                ("code", code.as_str().into()),
                ("verdict", look.texts.verdict(*verdict).into()),
            ],
        ),
        JournalLine::Reconciled(cards, variances, unverified) => texts.with(
            "journal-reconciled",
            &[
                ("cards", (*cards).into()),
                ("variances", (*variances).into()),
                ("unverified", (*unverified).into()),
            ],
        ),
        JournalLine::ReconcileCancelled => texts.get("journal-reconcile-cancelled").into_owned(),
        JournalLine::Exported(file) => written_words(file, look),
        JournalLine::Filed(path) => file_words(path, look),
        JournalLine::ExportCancelled => texts.get("journal-export-cancelled").into_owned(),
        JournalLine::Failed(failure) => texts.with(
            "journal-failed",
            &[("message", failure.message.as_str().into()), ("code", failure.code.as_str().into())],
        ),
        JournalLine::Warned(words) => words.clone(),
        JournalLine::Earlier(it) => texts.with("journal-earlier", &[("what", it.message.as_str().into())]),
        JournalLine::Crashed(task, place) => crashed(*task, place.as_deref(), look),
    }
}

/// A task broke off.
pub(super) fn crashed(task: TaskKind, place: Option<&str>, look: &Look) -> String {
    let job = ("job", task_word(task, look).into());
    match place {
        Some(at) => look.texts.with("journal-crashed-at", &[job, ("at", at.into())]),
        None => look.texts.with("journal-crashed", &[job]),
    }
}

/// A sync of another process failed.
pub(super) fn failed_elsewhere(code: &str, look: &Look) -> String {
    look.texts.with("journal-failed-elsewhere", &[("code", code.into())])
}

fn task_word(task: TaskKind, look: &Look) -> String {
    let id = match task {
        TaskKind::Search => "job-search",
        TaskKind::Open => "job-open",
        TaskKind::Check => "job-check",
        TaskKind::Fields => "job-fields",
        TaskKind::RawAnswer => "job-raw-answer",
        TaskKind::DocumentTypes => "job-document-types",
        TaskKind::Portal => "job-portal",
        TaskKind::Reconcile => "job-reconcile",
        TaskKind::List => "job-list",
        TaskKind::Export => "job-export",
        TaskKind::Copy => "job-copy",
        TaskKind::Sync => "job-sync",
        TaskKind::Status => "job-status",
        TaskKind::Watch | TaskKind::WatchSettings => "job-watch",
        TaskKind::Verify => "job-verify",
        TaskKind::SetUp => "job-settings",
        TaskKind::Keep => "job-keep",
        TaskKind::Engine => "job-engine",
    };
    look.texts.get(id).into_owned()
}

/// What a file holds: to be held against what arrives.
pub(super) fn written_words(file: &Exported, look: &Look) -> String {
    let values = [
        ("rows", file.rows.into()),
        ("onec", file.onec.map_or_else(dash, |sum| look.money(sum)).into()),
        ("stored", look.money(file.stored).into()),
    ];
    look.texts.with("base-written", &values)
}

/// Where a file lies, its name first: what is cut is the way to it.
pub(super) fn file_words(path: &str, look: &Look) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    look.texts.with("base-file", &[("name", name.into()), ("folder", folder.into())])
}
