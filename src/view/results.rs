//! The customers found: mark, name, phone, town, total, points, code. What does not fit is dropped from the
//! right end; a sum or a code is never cut.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::Row;
use crate::app::layout::{Form, Layout};
use crate::app::model::{Focus, Model};
use crate::app::search::LAST_LIMIT;
use crate::text::Shown;

use super::columns::{left, right, width};
use super::look::Look;
use super::{block, has_focus, pane, put, put_wrapped, tint};

/// Widest column of names.
const NAME: usize = 36;

/// Draws the list, or the selected customer alone where there is one line.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    if layout.results.is_empty() {
        return;
    }
    let is_focused = has_focus(model, Focus::Results);
    let title = Span::styled(format!(" {} ", look.texts.get("pane-customers")), look.theme.title);
    let position = Line::from(format!(" {} ", position(layout, model, look))).alignment(Alignment::Right);
    let mut frame_block = block(title, is_focused, look);
    if !model.search.reply().rows.is_empty() {
        frame_block = frame_block.title_bottom(position);
    }
    let area = pane(frame, layout, layout.results, frame_block);
    match layout.form {
        Form::Line => draw_selected(frame, area, model, look),
        _ => draw_list(frame, area, model, look),
    }
}

fn draw_list(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let rows = &model.search.reply().rows;
    if rows.is_empty() {
        return draw_empty(frame, area, model, look);
    }
    let height = usize::from(area.height.saturating_sub(1));
    let visible: Vec<Cells> =
        rows.iter().skip(model.search.top()).take(height).map(|row| cells(row, look)).collect();
    let columns = Columns::fit(&visible, usize::from(area.width), look);
    put(frame, area, 0, Span::styled(columns.heading(look), look.theme.dim));
    for (row, (index, cells)) in (1..).zip((model.search.top()..).zip(&visible)) {
        put(frame, area, row, columns.line(cells, index == model.search.index()));
        tint(frame, area, row, row_style(model, index, cells, look));
    }
}

fn row_style(model: &Model, index: usize, cells: &Cells, look: &Look) -> Style {
    let is_selected = index == model.search.index();
    match (is_selected, model.focus) {
        (true, Focus::Detail) => look.theme.unfocused_selection,
        (true, _) => look.theme.selected,
        (false, _) if cells.is_deleted => look.theme.dim,
        (false, _) => Style::new(),
    }
}

fn draw_empty(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let never_synced = model.status.as_ref().is_some_and(|status| status.synced_at.is_none());
    let id = match (model.search.is_answered(), never_synced) {
        (false, _) => "detail-loading",
        (true, true) => "search-nothing-stored",
        (true, false) => "search-nothing",
    };
    put_wrapped(frame, area, 1, &look.texts.get(id));
}

/// Which lines are shown of how many; a list that is cut says so.
fn position(layout: &Layout, model: &Model, look: &Look) -> String {
    let (reply, top) = (model.search.reply(), model.search.top());
    let last = (top + layout.result_lines()).min(reply.rows.len());
    let values = [
        ("from", look.count(top + 1).into()),
        ("to", look.count(last).into()),
        ("of", look.count(reply.total).into()),
        ("kept", look.count(reply.rows.len()).into()),
    ];
    if reply.rows.len() >= LAST_LIMIT && reply.total > reply.rows.len() {
        return look.texts.with("dash-position-cut", &values);
    }
    look.texts.with("dash-position", &values[..3])
}

/// The selected customer in as much of a line as there is.
fn draw_selected(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let Some(row) = model.search.selected() else { return draw_empty(frame, area, model, look) };
    let cells = cells(row, look);
    let columns = usize::from(area.width);
    let (mark, style) = look.verdict(row.verdict);
    let name = columns.saturating_sub(3 + width(&cells.total));
    let line = vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(left(&cells.name, name)),
        Span::raw(format!(" {}", cells.total)),
    ];
    put(frame, area, 0, Line::from(line));
    put(frame, area, 1, Span::raw(format!("  {}  {}", cells.phone, cells.city)));
}

/// One row's texts, harmless.
struct Cells {
    mark: (&'static str, Style),
    name: String,
    phone: String,
    city: String,
    total: String,
    points: String,
    code: String,
    is_deleted: bool,
}

fn cells(row: &Row, look: &Look) -> Cells {
    let customer = &row.customer;
    let shown = |text: &str| Shown::new(text).into_string();
    let phone = customer.phone.as_deref().unwrap_or(&customer.barcode);
    Cells {
        mark: look.verdict(row.verdict),
        name: if customer.name.is_empty() {
            look.texts.get("detail-name-none").into_owned()
        } else {
            shown(&customer.name)
        },
        phone: shown(phone),
        city: customer.city.as_ref().map(|city| shown(&city.name)).unwrap_or_default(),
        total: row.total.map(|total| look.money(total)).unwrap_or_default(),
        points: row.points.map(|points| look.points(points)).unwrap_or_default(),
        code: shown(&customer.code),
        is_deleted: customer.marked_for_deletion,
    }
}

/// Widths of the columns that fit; zero for one that was dropped.
struct Columns {
    name: usize,
    phone: usize,
    city: usize,
    total: usize,
    points: usize,
    code: usize,
}

impl Columns {
    /// Takes columns from the left while the name keeps its least width; what is left over widens the name.
    fn fit(rows: &[Cells], columns: usize, look: &Look) -> Self {
        let widest = |cell: fn(&Cells) -> &str, heading: &'static str, most: usize| {
            let heading = width(&look.texts.get(heading));
            rows.iter().map(|row| width(cell(row))).chain([heading]).max().unwrap_or(0).min(most)
        };
        let wanted = [
            widest(|row| &row.phone, "column-phone", 18),
            widest(|row| &row.city, "column-city", (columns / 6).clamp(8, 16)),
            widest(|row| &row.total, "column-total", usize::MAX),
            widest(|row| &row.points, "column-points", usize::MAX),
            widest(|row| &row.code, "column-code", usize::MAX),
        ];
        let names = widest(|row| &row.name, "column-name", NAME);
        let least = (columns / 3).clamp(14, 26);
        let mut free = columns.saturating_sub(3 + least);
        let mut taken = [0; 5];
        for (at, wanted) in wanted.into_iter().enumerate() {
            // Points and code may come only where no name is cut for them.
            let kept = if at < 3 { 0 } else { names.saturating_sub(least) };
            if wanted + 1 + kept > free {
                break;
            }
            (taken[at], free) = (wanted, free - wanted - 1);
        }
        let [phone, city, total, points, code] = taken;
        Self { name: names.clamp(least, least + free), phone, city, total, points, code }
    }

    fn heading(&self, look: &Look) -> String {
        let word = |id| look.texts.get(id);
        self.join(
            "   ",
            &word("column-name"),
            [
                &word("column-phone"),
                &word("column-city"),
                &word("column-total"),
                &word("column-points"),
                &word("column-code"),
            ],
        )
    }

    fn line(&self, cells: &Cells, is_selected: bool) -> Line<'static> {
        let (mark, style) = cells.mark;
        let rest = self.join(
            " ",
            &cells.name,
            [&cells.phone, &cells.city, &cells.total, &cells.points, &cells.code],
        );
        let pointer = if is_selected { "›" } else { " " };
        Line::from(vec![Span::raw(pointer), Span::styled(mark, style), Span::raw(rest)])
    }

    fn join(&self, before: &str, name: &str, others: [&str; 5]) -> String {
        let mut line = format!("{before}{}", left(name, self.name));
        let [phone, city, total, points, code] = others;
        let columns = [
            (self.phone, left(phone, self.phone)),
            (self.city, left(city, self.city)),
            (self.total, right(total, self.total)),
            (self.points, right(points, self.points)),
            (self.code, left(code, self.code)),
        ];
        for (_, cell) in columns.iter().filter(|(taken, _)| *taken > 0) {
            line.push(' ');
            line.push_str(cell);
        }
        line
    }
}
