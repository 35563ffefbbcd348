//! The screen: draws the state, changes nothing, looks nothing up, adds nothing up.
//!
//! ```text
//!  ✓ Сходится  Демо  данные 5 мин назад  карт 312  расхождений 0
//! ┌ Этапы ──────────────────────────────┐┌ Журнал ──────────────────────┐
//! │ ✓ Карты     ██████████ 100 %  312   ││ 14:02:07 ✓ Опубликовано      │
//! └─────────────────────────────────────┘└──────────────────────────────┘
//!  Поиск: царьк▏                                        1 из 312 · 0,4 мс
//! ┌ Клиенты ────────────────────────────┐┌ Царькова Анна ───────────────┐
//! │›✓ Царькова Анна  79788451364        ││ Итого  365 054,00 365 054,00 │
//! └──────────────────────────────── 1/1 ┘└──────────────────────────────┘
//!  F1 Помощь  F3 Поиск  F4 Проверить  F5 Сверить  F6 Журнал  F8 Выход
//! ```
//!
//! Meaning never rests on colour alone: every state has a mark and a word. Sums and codes are never cut.
//! Foreign text passes through [`crate::text::Shown`] before it is drawn.

mod ascii;
mod chart;
mod columns;
mod detail;
mod figures;
mod first_run;
mod first_sync;
mod footer;
mod header;
mod journal;
mod look;
mod mirror;
mod overlay;
mod owner_cards;
mod page;
pub mod plain;
mod pointed;
mod reconciliation;
mod results;
mod search;
mod sections;
mod stages;
mod table;
mod theme;
pub mod title;
pub mod words;

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use crate::config::Symbols;
use crate::dashboard::app::layout::{Borders, Layout, LayoutForm};
use crate::dashboard::app::model::Focus;
use crate::dashboard::app::privacy;
use crate::dashboard::app::{Model, Screen};

use columns::width;
pub use journal::Recorder;

pub use look::Look;
pub use pointed::chosen;
pub use theme::Palette;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, model: &Model, look: &Look) {
    let look = &look.of(model);
    let area = frame.area();
    frame.buffer_mut().set_style(area, look.theme.base);
    if model.looks.is_masked {
        draw_panes(frame, &privacy::masked(model), look);
    } else {
        draw_panes(frame, model, look);
    }
    if model.house.lost_at().is_some() {
        dim(frame, look);
    }
    if look.symbols == Symbols::Ascii {
        ascii::lay_over(frame.buffer_mut());
    }
}

/// What is shown under the first line is how things were when the engine was lost.
fn dim(frame: &mut Frame<'_>, look: &Look) {
    let area = frame.area();
    let rows = area.height.saturating_sub(2);
    let below = Rect { y: area.y + 1.min(area.height), height: rows, ..area };
    frame.buffer_mut().set_style(below.intersection(area), look.theme.dim);
}

fn draw_panes(frame: &mut Frame<'_>, model: &Model, look: &Look) {
    let layout = Layout::of(model);
    let layout = &layout;
    header::draw(frame, layout.header, model, look);
    if let Some(first_run) = &model.first_run {
        first_run::draw(frame, layout, first_run, model, look);
        return overlay::draw(frame, layout, model, look);
    }
    if model.is_first_sync() && layout.form != LayoutForm::State {
        first_sync::draw(frame, layout, model, look);
    } else {
        stages::draw(frame, layout, model, look);
    }
    if layout.form != LayoutForm::State {
        journal::draw(frame, layout, model, look);
        search::draw(frame, layout.search, model, look);
        results::draw(frame, layout, model, look);
        detail::draw(frame, layout, model, look);
        footer::draw_message(frame, layout.message, model, look);
        footer::draw(frame, layout.footer, model, look);
    }
    draw_screen(frame, layout, model.screens.under(), model, look);
    draw_screen(frame, layout, model.screens.shown(), model, look);
    overlay::draw(frame, layout, model, look);
}

/// Draws what takes the place of the customers, or a part of it.
fn draw_screen(frame: &mut Frame<'_>, layout: &Layout, screen: Screen, model: &Model, look: &Look) {
    match screen {
        Screen::Customers => {}
        Screen::Reconciliation => reconciliation::draw(frame, layout, model, look),
        Screen::BeforeAfter => {
            let it = &model.screens.before_after;
            page::draw(frame, layout.screen, it.words(), it.top(), model, look);
        }
    }
}

/// A pane's frame with its title, and the area inside.
fn pane(frame: &mut Frame<'_>, layout: &Layout, area: Rect, block: Block<'_>) -> Rect {
    let area = area.intersection(frame.area());
    if layout.borders == Borders::Drawn && !area.is_empty() {
        frame.render_widget(block, area);
    }
    layout.inside(area)
}

/// A bordered block in the style of its focus.
fn block<'a>(title: impl Into<Line<'a>>, is_focused: bool, look: &Look) -> Block<'a> {
    let style = if is_focused { look.theme.focused } else { look.theme.border };
    Block::bordered().border_style(style).title(title.into())
}

/// A frame over what lies there, and the area inside.
fn framed<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    place: Line<'a>,
    hint: Line<'a>,
    look: &Look,
) -> Rect {
    let block = Block::bordered()
        .border_style(look.theme.focused)
        .title(Span::styled(format!(" {title} "), look.theme.title))
        .title_top(place.alignment(Alignment::Right))
        .title_bottom(hint);
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.theme.base);
    frame.render_widget(block, area);
    inside
}

/// Whether a pane has the keyboard: it is in focus and nothing lies over it.
fn has_focus(model: &Model, focus: Focus) -> bool {
    model.focus == focus && model.is_uncovered()
}

/// Draws one line at a row of an area; rows outside are left out.
fn put<'a>(frame: &mut Frame<'_>, area: Rect, row: u16, line: impl Into<Line<'a>>) {
    let at = Rect { y: area.y.saturating_add(row), height: 1, ..area };
    if row < area.height {
        let at = at.intersection(frame.area());
        let line = line.into();
        // As a widget a line moves on by the width of whole spans, which is not always that of what it drew.
        frame.buffer_mut().set_line(at.x, at.y, &line, at.width);
        if line.width() > usize::from(at.width) && width(line.to_string().trim_end()) > usize::from(at.width)
        {
            mark_cut(frame, at);
        }
    }
}

/// Puts the mark of a cut at the end of a line.
fn mark_cut(frame: &mut Frame<'_>, line: Rect) {
    let Some(last) = line.right().checked_sub(1).filter(|_| line.width > 0) else { return };
    let buffer = frame.buffer_mut();
    let before = last.checked_sub(1).filter(|before| *before >= line.x);
    let wide = before.filter(|before| width(buffer[(*before, line.y)].symbol()) > 1);
    buffer[(last, line.y)].set_symbol(if wide.is_some() { " " } else { "…" });
    if let Some(before) = wide {
        buffer[(before, line.y)].set_symbol("…");
    }
}

/// Draws our own words over as many rows as they need.
fn put_wrapped(frame: &mut Frame<'_>, area: Rect, row: u16, text: &str) {
    let row = row.min(area.height);
    let at = Rect { y: area.y + row, height: area.height - row, ..area };
    let words = Paragraph::new(text.to_owned()).wrap(Wrap { trim: true });
    frame.render_widget(words, at.intersection(frame.area()));
}

/// Lays a style over one row of an area.
fn tint(frame: &mut Frame<'_>, area: Rect, row: u16, style: Style) {
    let at = Rect { y: area.y.saturating_add(row), height: 1, ..area };
    if row < area.height {
        let at = at.intersection(frame.area());
        frame.buffer_mut().set_style(at, style);
    }
}

#[cfg(test)]
mod tests;
