//! Words to be read at leisure, in a frame over what they are about.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::detail::Section;
use crate::dashboard::app::page::PageWords;
use crate::dashboard::app::{Action, CopySubject, Model};
use crate::text::Shown;

use super::look::Look;
use super::table::place;
use super::{detail, framed, put};

/// Draws a page from the `top`th line of its words on. A line that begins with a mark has the mark's colour.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    page: &PageWords,
    top: usize,
    model: &Model,
    look: &Look,
) {
    let (room, area) = (PageWords::room(area), area.intersection(frame.area()));
    let lines = page.lines(usize::from(room.width));
    let title = look.texts.get(match page.subject {
        CopySubject::Explanation(_) | CopySubject::Reconciled(_) => "pane-explain",
        CopySubject::Portal => "pane-portal",
        CopySubject::DocumentTypes => "pane-document-types",
        CopySubject::RawAnswer => "pane-raw-answer",
        CopySubject::Entry(_) => "pane-journal",
        _ => "pane-line",
    });
    let place = place(top, usize::from(room.height), lines.len(), look);
    let hint = hint(page.subject, model, look, usize::from(area.width.saturating_sub(2)));
    framed(frame, area, &title, place, hint, look);
    let area = Rect { x: area.x + 2, y: area.y + 1, width: room.width, height: room.height };
    if page.text.is_none() {
        return put(frame, area, 0, Span::styled(look.texts.get("detail-loading"), look.theme.dim));
    }
    let top = top.min(lines.len().saturating_sub(usize::from(room.height)));
    for (row, line) in (0..room.height).zip(lines.into_iter().skip(top)) {
        // Words from 1C were made harmless where they were put together; here no exception is made.
        let line = Shown::new(line).into_string();
        let style = style(&line, look);
        put(frame, area, row, Span::styled(line, style));
    }
}

/// How to close the page, and what can be done with it.
fn hint(subject: CopySubject, model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if let CopySubject::Explanation(card) = subject
        && let Some((words, style)) = detail::check_line(card, model, look)
    {
        return Line::from(Span::styled(format!(" {words} "), style));
    }
    let is_of_fields = model.raw.as_ref().is_some_and(|raw| raw.is_of_fields);
    let ids: &[_] = match subject {
        CopySubject::Explanation(_) => {
            &["page-hint-explain-raw", "page-hint-explain", "page-hint", "dash-close"]
        }
        CopySubject::Reconciled(_) => &["page-hint-reconciled", "page-hint-reconciled-short", "dash-close"],
        CopySubject::Line(_, Section::Fields, _) => &["page-hint-fields", "dash-close"],
        CopySubject::RawAnswer if is_of_fields => &["dash-close"],
        CopySubject::Entry(_) => &["page-hint-entry", "page-hint-entry-short", "dash-close"],
        _ => &["page-hint", "dash-close"],
    };
    let key = |action| look.key(action, model).into();
    let values = [
        ("copy", key(Action::Copy)),
        ("json", key(Action::CopyJson)),
        ("save", key(Action::Save)),
        ("check", key(Action::Check)),
        ("raw", key(Action::RawAnswer)),
    ];
    Line::from(format!(" {} ", look.fitting(ids, &values, columns.saturating_sub(2))))
}

fn style(line: &str, look: &Look) -> Style {
    match line.chars().next() {
        Some('✗' | '❌') => look.theme.bad,
        Some('✓' | '✅') => look.theme.good,
        Some('‹' | '?' | '≠') => look.theme.warning,
        _ => Style::new(),
    }
}
