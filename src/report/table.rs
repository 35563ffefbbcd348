//! Columns that stay straight under Cyrillic, combining marks and wide characters.

use crate::text::{self, Shown};

/// Which edge of its column a cell keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells, each column as wide as its widest cell.
#[derive(Clone, Debug)]
pub(super) struct Table {
    aligns: Vec<Align>,
    rows: Vec<Vec<Shown>>,
    widest: usize,
}

impl Table {
    /// Spaces between two columns.
    const GAP: usize = 2;

    /// A table of so many columns.
    pub(super) fn new(aligns: impl Into<Vec<Align>>) -> Self {
        Self { aligns: aligns.into(), rows: Vec::new(), widest: usize::MAX }
    }

    /// The same with columns of words no wider than this: what is too wide is cut, and ends in `…`. For names and
    /// whatever else 1C decides the length of.
    pub(super) fn cut_at(self, widest: usize) -> Self {
        Self { widest, ..self }
    }

    /// Adds a row; whatever its cells hold is made harmless here.
    pub(super) fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let row = cells.into_iter().zip(&self.aligns).map(|(cell, align)| {
            let cell = Shown::new(cell.as_ref());
            if *align == Align::Left { cell.truncated(self.widest) } else { cell }
        });
        self.rows.push(row.collect());
    }

    /// Lines without spaces at their ends, each indented by `indent` and ended.
    pub(super) fn render(&self, indent: usize) -> String {
        let widths = self.widths();
        self.rows.iter().map(|row| self.line(row, &widths, indent)).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column| self.rows.iter().filter_map(|row| row.get(column)).map(Shown::width).max();
        (0..self.aligns.len()).map(|column| width(column).unwrap_or_default()).collect()
    }

    fn line(&self, row: &[Shown], widths: &[usize], indent: usize) -> String {
        let cells: Vec<_> = row
            .iter()
            .zip(widths.iter().zip(&self.aligns))
            .map(|(cell, (width, align))| pad(cell.as_str(), *width, *align))
            .collect();
        let line = cells.join(&" ".repeat(Self::GAP));
        format!("{}{}\n", " ".repeat(indent), line.trim_end())
    }
}

/// One line of cells in columns of these widths: what is too wide is cut where it is words, and pushes what follows
/// aside where it is a number.
pub(super) fn fixed<S: AsRef<str>>(columns: &[(usize, Align)], cells: impl IntoIterator<Item = S>) -> String {
    let cells: Vec<_> = cells
        .into_iter()
        .zip(columns)
        .map(|(cell, (width, align))| {
            let shown = Shown::new(cell.as_ref());
            let shown = if *align == Align::Left { shown.truncated(*width) } else { shown };
            pad(shown.as_str(), *width, *align)
        })
        .collect();
    format!("{}\n", cells.join(" ").trim_end())
}

fn pad(cell: &str, width: usize, align: Align) -> String {
    let room = " ".repeat(width.saturating_sub(text::width(cell)));
    match align {
        Align::Left => format!("{cell}{room}"),
        Align::Right => format!("{room}{cell}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_end_is_cut_to_its_column() {
        let mut table = Table::new([Align::Left, Align::Right]).cut_at(10);
        table.row(["x".repeat(1 << 20), "1".repeat(20)]);
        assert_eq!(table.render(0), format!("xxxxxxxxx…  {}\n", "1".repeat(20)));
    }

    #[test]
    fn columns_stay_straight_whatever_they_hold() {
        let mut table = Table::new([Align::Left, Align::Right, Align::Left]);
        table.row(["Имя", "Сумма", "x"]);
        table.row(["日本", "−1,00", "y"]);
        table.row(["и\u{306}ога\u{1b}", "10", ""]);
        assert_eq!(table.render(1), " Имя    Сумма  x\n 日本   −1,00  y\n и\u{306}ога␛     10\n");
    }
}
