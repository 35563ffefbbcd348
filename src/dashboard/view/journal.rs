//! The journal: beside the stages where there is room, else laid over the panes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::journal::{Entry, Grade, JournalLine};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::{Exported, TaskKind};
use crate::report::progress;
use crate::sync::event::Outcome;
use crate::text::Shown;

use super::look::Look;
use super::{block, pane, put};

/// Draws the journal beside the stages.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    if layout.journal.is_empty() {
        return;
    }
    let title = Span::styled(format!(" {} ", look.texts.get("pane-journal")), look.theme.title);
    let area = pane(frame, layout, layout.journal, block(title, false, look));
    draw_lines(frame, area, 0, model, look);
}

/// Draws the lines from the `top`th newest on, newest first.
pub(super) fn draw_lines(frame: &mut Frame<'_>, area: Rect, top: usize, model: &Model, look: &Look) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(1), ..area };
    if model.journal.is_empty() {
        put(frame, area, 0, Span::styled(look.texts.get("journal-empty"), look.theme.dim));
    }
    let entries = model.journal.newest_first().skip(top).take(usize::from(area.height));
    for (row, entry) in (0..).zip(entries) {
        put(frame, area, row, line(entry, look, usize::from(area.width)));
    }
}

fn line(entry: &Entry, look: &Look, columns: usize) -> Line<'static> {
    let (mark, style) = match entry.line.grade() {
        Grade::Plain => (" ", Style::new()),
        Grade::Warning => ("!", look.theme.warning),
        Grade::Error => ("✗", look.theme.bad),
    };
    let time = entry.at.format("%H:%M:%S").to_string();
    let words = Shown::new(&words(&entry.line, look)).truncated(columns.saturating_sub(11));
    Line::from(vec![
        Span::styled(format!("{time} "), look.theme.dim),
        Span::styled(format!("{mark} {words}"), style),
    ])
}

/// An entry in words.
pub(super) fn words(line: &JournalLine, look: &Look) -> String {
    let texts = look.texts;
    match line {
        JournalLine::SyncStarted => texts.get("journal-sync-started").into_owned(),
        JournalLine::SyncEnded(Outcome::Published, cards, variances) => texts.with(
            "journal-sync-published",
            &[("cards", (*cards).into()), ("variances", (*variances).into())],
        ),
        JournalLine::SyncEnded(Outcome::Cancelled, ..) => texts.get("journal-sync-cancelled").into_owned(),
        JournalLine::SyncEnded(Outcome::Failed, ..) => texts.get("journal-sync-failed").into_owned(),
        JournalLine::SyncElsewhere => texts.get("journal-sync-elsewhere").into_owned(),
        JournalLine::PublishedElsewhere(cards, variances) => texts.with(
            "journal-published-elsewhere",
            &[("cards", (*cards).into()), ("variances", (*variances).into())],
        ),
        JournalLine::CancelledElsewhere => texts.get("journal-cancelled-elsewhere").into_owned(),
        JournalLine::FailedElsewhere(code) => failed_elsewhere(code, look),
        JournalLine::Notice(notice) => progress::notice_line(notice, look.texts),
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
        JournalLine::Crashed(task, place) => {
            let job = task_word(*task, look).into();
            match place {
                Some(at) => texts.with("journal-crashed-at", &[("job", job), ("at", at.as_str().into())]),
                None => texts.with("journal-crashed", &[("job", job)]),
            }
        }
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
        TaskKind::Settings => "job-settings",
        TaskKind::Keep => "job-keep",
    };
    look.texts.get(id).into_owned()
}

/// What a file holds: to be held against what arrives.
pub(super) fn written_words(file: &Exported, look: &Look) -> String {
    let values = [
        ("rows", file.rows.into()),
        ("onec", look.money(file.onec).into()),
        ("stored", look.money(file.stored).into()),
    ];
    look.texts.with("base-written", &values)
}

/// Where a file lies, its name first: what is cut is the way to it.
pub(super) fn file_words(path: &str, look: &Look) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    look.texts.with("base-file", &[("name", name.into()), ("folder", folder.into())])
}
