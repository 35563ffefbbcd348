//! The search field: what is typed, and what was found.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::Model;
use crate::dashboard::app::model::Focus;
use crate::engine::Reading;
use crate::text::{self, Shown};

use super::columns::{left, width};
use super::look::Look;
use super::{has_focus, put};

/// Least room for the typed text before the count gives way.
const FIELD: usize = 16;

/// Draws the field, and at its right what came of it.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width);
    let label = format!(" {}: ", look.texts.get("pane-search"));
    let room = columns.saturating_sub(width(&label) + 1);
    let outcome = outcome(model, room, look);
    let field = if outcome.is_empty() { room } else { room.saturating_sub(width(&outcome) + 2) };
    draw_field(frame, area, &label, field, model, look);
    let at = area.width.saturating_sub(columns_of(width(&outcome) + 1));
    let beside = Rect { x: area.x + at, width: area.width - at, ..area };
    put(frame, beside, 0, Span::styled(outcome, look.theme.dim));
}

fn draw_field(frame: &mut Frame<'_>, area: Rect, label: &str, field: usize, model: &Model, look: &Look) {
    let is_focused = has_focus(model, Focus::Search);
    let input = model.search.input();
    let scroll = input.visual_scroll(field.saturating_sub(1));
    let label_style = if is_focused { look.theme.focused } else { look.theme.dim };
    let text = if input.value().is_empty() {
        Span::styled(left(&look.texts.get("search-hint"), field), look.theme.dim)
    } else {
        Span::styled(left(&visible(input.value(), scroll), field), Style::new())
    };
    put(frame, area, 0, Line::from(vec![Span::styled(label.to_owned(), label_style), text]));
    if is_focused {
        let column = width(label) + input.visual_cursor().saturating_sub(scroll);
        let x = area.x + columns_of(column).min(area.width - 1);
        frame.set_cursor_position(Position { x, y: area.y });
    }
}

/// What of the typed text stands right of the first `scroll` columns.
pub(super) fn visible(typed: &str, scroll: usize) -> String {
    let mut used = 0;
    let rest = typed.chars().skip_while(|c| {
        let is_before = used < scroll;
        used += width(c.encode_utf8(&mut [0; 4]));
        is_before
    });
    Shown::new(&rest.collect::<String>()).into_string()
}

/// How the answer shown was read, count and time: in as many of these words as there is room for. That a query was
/// read in another layout is said longest.
fn outcome(model: &Model, room: usize, look: &Look) -> String {
    if !model.search.is_answered() {
        return String::new();
    }
    let (reply, texts) = (model.search.reply(), look.texts);
    let time = milliseconds(reply.took.as_micros(), look);
    let count = if reply.matching == reply.total {
        texts.with("search-found", &[("n", reply.total.into())])
    } else {
        let values = [("n", look.count(reply.total).into()), ("of", look.count(reply.matching).into())];
        texts.with("search-kept", &values)
    };
    let read_as = reply.read_as.as_ref().filter(|_| !model.search.is_behind());
    let words = match read_as {
        None => vec![format!("{count} · {time}"), count],
        Some(Reading { text, by }) => {
            let query = Shown::new(text).truncated(24);
            let read = texts.named_with("read-by", by.name(), &[("query", (&query).into())]);
            vec![
                format!("{read} · {count} · {time}"),
                format!("{read} · {count}"),
                read,
                format!("→ «{query}»"),
            ]
        }
    };
    words.into_iter().find(|words| width(words) + 2 + FIELD <= room).unwrap_or_default()
}

/// Milliseconds, with a tenth under ten.
fn milliseconds(micros: u128, look: &Look) -> String {
    let tenths = i64::try_from(micros / 100).unwrap_or(i64::MAX);
    let number = if tenths < 100 {
        text::quantity(crate::domain::Quantity::from_units(tenths * 100), look.language())
    } else {
        text::count(u64::try_from(tenths / 10).unwrap_or(0), look.language())
    };
    look.texts.with("dash-milliseconds", &[("n", number.into())])
}

fn columns_of(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
