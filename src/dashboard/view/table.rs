//! Tables: which columns have room, how wide they are, and the line of each row; the row selected, and which rows are seen.
//!
//! The first column has what the others leave it. Where not all have room they are taken in the order of their ranks; a
//! figure is never cut, its column goes as a whole. ASCII is laid over all that is drawn, tables among it.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::engine::{Query, matches};

use super::columns::{left, right, width};
use super::look::Look;
use super::{put, tint};

/// Columns of a row before its first cell: pointer, mark, space.
pub(super) const LEAD: usize = 3;

/// A column, and how it fares where not all have room.
#[derive(Clone, Debug, Default)]
pub(super) struct TableColumn {
    pub(super) title: String,
    pub(super) title_style: Style,
    /// Its title and its widest cell; nothing where it is not there at all.
    pub(super) width: usize,
    pub(super) align: Alignment,
    /// Whose turn it is: the least comes first.
    pub(super) rank: usize,
    /// It comes only where nothing of the first column is cut for it.
    pub(super) spares_first: bool,
    /// Where it has no room, those after it are not tried.
    pub(super) is_last_resort: bool,
    /// It takes what the first column does not need.
    pub(super) grows: bool,
}

impl TableColumn {
    /// No wider than `most`.
    pub(super) fn of(title: String, rows: &[Option<TableRow>], at: usize, most: usize) -> Self {
        let cells = rows.iter().flatten().filter_map(|row| row.cells.get(at)).map(|(text, _)| width(text));
        let width = cells.chain([width(&title)]).max().unwrap_or(0).min(most);
        Self { title, width, ..Self::default() }
    }
}

/// Figures stand at the right.
pub(super) fn side(is_figure: bool) -> Alignment {
    if is_figure { Alignment::Right } else { Alignment::Left }
}

/// How a cell is painted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    /// As its row.
    Plain,
    /// So.
    Styled(Style),
    /// With what the query found in it made visible.
    Searched,
}

/// A row's texts, harmless, with the mark before them.
#[derive(Clone, Debug)]
pub(super) struct TableRow {
    pub(super) mark: (&'static str, Style),
    pub(super) cells: Vec<(String, Ink)>,
    /// The style of the whole row, where it is not selected.
    pub(super) style: Style,
}

/// The rows that are seen of a list, and the one selected among them.
#[derive(Clone, Debug)]
pub(super) struct SeenRows {
    /// A row that is not there is on its way: a list is never shorter than it says.
    pub(super) rows: Vec<Option<TableRow>>,
    pub(super) selected: Option<usize>,
    /// The style of the one selected.
    pub(super) style: Style,
    pub(super) has_heading: bool,
    pub(super) query: Query,
}

/// Columns with the widths they have.
#[derive(Clone, Debug)]
pub(super) struct ScreenTable {
    columns: Vec<TableColumn>,
    gap: usize,
}

impl ScreenTable {
    /// As many columns as have room beside `least` of the first.
    pub(super) fn fitted(mut columns: Vec<TableColumn>, room: usize, least: usize) -> Self {
        let least = least.min(room);
        let most = columns.first().map_or(0, |first| first.width);
        let mut free = room - least;
        let mut order: Vec<usize> = (1..columns.len()).collect();
        order.sort_by_key(|at| columns[*at].rank);
        let mut is_over = false;
        for at in order {
            let column = &mut columns[at];
            let kept = if column.spares_first { most.saturating_sub(least) } else { 0 };
            if column.width == 0 {
                continue;
            }
            if is_over || column.width + 1 + kept > free {
                is_over |= column.is_last_resort;
                column.width = 0;
            } else {
                free -= column.width + 1;
            }
        }
        let room = least + free;
        let growing = columns.iter_mut().skip(1).find(|column| column.grows && column.width > 0);
        let first = if growing.is_some() { room.min(most) } else { room };
        if let Some(column) = growing {
            column.width += room - first;
        }
        if let Some(column) = columns.first_mut() {
            column.width = first;
        }
        Self { columns, gap: 1 }
    }

    /// A name, then figures, of these widths.
    pub(super) fn of_figures(widths: &[usize], gap: usize) -> Self {
        let column = |(at, width)| TableColumn { width, align: side(at > 0), ..TableColumn::default() };
        Self { columns: widths.iter().copied().enumerate().map(column).collect(), gap }
    }

    /// The cells of a line, each as wide as its column.
    fn padded<'a>(&self, cells: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = String> {
        let pad = |(column, text): (&TableColumn, &str)| {
            let pad = if column.align == Alignment::Right { right } else { left };
            pad(text, column.width)
        };
        self.columns.iter().zip(cells).map(pad)
    }

    /// A line as one text.
    pub(super) fn text<'a>(&self, cells: impl IntoIterator<Item = &'a str>) -> String {
        self.padded(cells).collect::<Vec<_>>().join(&" ".repeat(self.gap))
    }

    /// The places of the columns that are seen.
    fn seen(&self) -> impl Iterator<Item = (usize, &TableColumn)> {
        self.columns.iter().enumerate().filter(|(at, column)| *at == 0 || column.width > 0)
    }

    /// The place of the column that has something at a column of the screen.
    pub(super) fn column_at(&self, x: usize) -> Option<usize> {
        let mut end = 0;
        let mut seen = self.seen().map(|(at, column)| {
            end += if at == 0 { LEAD } else { self.gap } + column.width;
            (at, end)
        });
        seen.find(|(_, end)| x < *end).map(|(at, _)| at)
    }

    fn heading(&self) -> Line<'static> {
        let titles: Vec<String> =
            self.padded(self.columns.iter().map(|column| column.title.as_str())).collect();
        let title = |(at, column): (usize, &TableColumn)| {
            let gap = " ".repeat(if at == 0 { LEAD } else { self.gap });
            Span::styled(format!("{gap}{}", titles[at]), column.title_style)
        };
        self.seen().map(title).collect()
    }

    fn line(&self, row: &TableRow, pointer: &'static str, query: &Query, look: &Look) -> Line<'static> {
        let (mark, style) = row.mark;
        let mut line = vec![Span::raw(pointer), Span::styled(mark, style)];
        let texts: Vec<String> = self.padded(row.cells.iter().map(|(text, _)| text.as_str())).collect();
        for (at, _) in self.seen() {
            let (Some(text), Some((_, ink))) = (texts.get(at).cloned(), row.cells.get(at)) else { continue };
            line.push(Span::raw(" ".repeat(self.gap)));
            match ink {
                Ink::Plain => line.push(Span::raw(text)),
                Ink::Styled(style) => line.push(Span::styled(text, *style)),
                Ink::Searched => line.extend(marked(&text, query, look)),
            }
        }
        Line::from(line)
    }

    /// Draws the rows that are seen, below a heading where there is room for one.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, seen: &SeenRows, look: &Look) {
        let top = u16::from(seen.has_heading);
        if seen.has_heading {
            put(frame, area, 0, self.heading());
        }
        let area = Rect { y: area.y.saturating_add(top), height: area.height.saturating_sub(top), ..area };
        for (at, row) in (0..).zip(&seen.rows) {
            let is_selected = seen.selected == Some(usize::from(at));
            let pointer = if is_selected { "›" } else { " " };
            let (line, style) = match row {
                Some(row) => (self.line(row, pointer, &seen.query, look), row.style),
                None => (Line::styled(format!("{pointer} …"), look.theme.dim), Style::new()),
            };
            put(frame, area, at, line);
            tint(frame, area, at, if is_selected { seen.style } else { style });
        }
    }
}

/// A text with what the query found in it made visible, by the folding that found it.
fn marked(text: &str, query: &Query, look: &Look) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut from = 0;
    for found in matches(text, query) {
        let (before, hit) = (text.get(from..found.start), text.get(found.clone()));
        spans.extend(before.map(|before| Span::raw(before.to_owned())));
        spans.extend(hit.map(|hit| Span::styled(hit.to_owned(), look.theme.found)));
        from = found.end;
    }
    spans.extend(text.get(from..).map(|rest| Span::raw(rest.to_owned())));
    spans
}

/// Draws lines below each other, the one selected over its whole width.
pub(super) fn draw_lines<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    lines: impl IntoIterator<Item = Line<'a>>,
    selected: Option<usize>,
    style: Style,
) {
    for (row, line) in (0..area.height).zip(lines) {
        put(frame, area, row, line);
        if selected == Some(usize::from(row)) {
            tint(frame, area, row, style);
        }
    }
}

/// A name at the left, a figure at the right that is never cut.
pub(super) fn name_and_figure(name: &str, figure: &str, columns: usize, style: Style) -> Line<'static> {
    let name = left(name, columns.saturating_sub(width(figure) + 1));
    Line::from(Span::styled(format!("{name} {figure}"), style))
}

/// Which rows are seen of how many.
pub(super) fn position(top: usize, height: usize, total: usize, look: &Look) -> String {
    let values = [
        ("from", look.count(top + 1).into()),
        ("to", look.count(top.saturating_add(height).min(total)).into()),
        ("of", look.count(total).into()),
    ];
    look.texts.with("dash-position", &values)
}

/// The same for what lies over the panes; nothing where all of it is seen.
pub(super) fn place(top: usize, height: usize, lines: usize, look: &Look) -> Line<'static> {
    if lines <= height {
        return Line::default();
    }
    Line::from(format!(" {} ", position(top.min(lines - height), height, lines, look)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(width: usize, rank: usize) -> TableColumn {
        TableColumn { width, rank, ..TableColumn::default() }
    }

    fn widths(columns: &[TableColumn], room: usize) -> Vec<usize> {
        let table = ScreenTable::fitted(columns.to_vec(), room, 6);
        table.columns.iter().map(|column| column.width).collect()
    }

    #[test]
    fn columns_go_whole_by_their_ranks_and_the_first_has_what_they_leave() {
        let columns = [column(10, 0), column(4, 2), column(5, 1)];
        for (room, expected) in [
            (40, [29, 4, 5]),
            (17, [6, 4, 5]),
            (16, [10, 0, 5]),
            (12, [6, 0, 5]),
            (11, [6, 4, 0]),
            (6, [6, 0, 0]),
            (3, [3, 0, 0]),
            (0, [0, 0, 0]),
        ] {
            assert_eq!(widths(&columns, room), expected, "{room} columns");
        }
    }

    #[test]
    fn a_column_may_spare_the_first_grow_be_absent_or_end_the_line() {
        let sparing = TableColumn { spares_first: true, ..column(4, 1) };
        assert_eq!(widths(&[column(10, 0), sparing.clone()], 14), [14, 0]);
        assert_eq!(widths(&[column(10, 0), sparing], 15), [10, 4]);
        let growing = TableColumn { grows: true, ..column(4, 1) };
        assert_eq!(widths(&[column(10, 0), growing], 30), [10, 19]);
        assert_eq!(widths(&[column(10, 0), column(0, 1)], 30), [30, 0]);
        let last = TableColumn { is_last_resort: true, ..column(40, 1) };
        assert_eq!(widths(&[column(10, 0), last, column(4, 2)], 30), [30, 0, 0]);
    }
}
