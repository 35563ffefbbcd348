//! Fitting text into columns: padding, cutting names, dropping whole parts rather than cutting sums.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::text::Shown;
pub(super) use crate::text::width;

/// The text at the left of exactly `columns` columns, cut with an ellipsis where it is longer.
pub(super) fn left(text: &str, columns: usize) -> String {
    let text = Shown::new(text).truncated(columns);
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// The text at the right of exactly `columns` columns.
pub(super) fn right(text: &str, columns: usize) -> String {
    let text = Shown::new(text).truncated(columns);
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Parts of a line, the most important first.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts<'a> {
    parts: Vec<Vec<Span<'a>>>,
}

impl<'a> Parts<'a> {
    /// Adds a part of one style.
    pub(super) fn push(&mut self, text: impl Into<String>, style: Style) {
        self.parts.push(vec![Span::styled(text.into(), style)]);
    }

    /// Adds a part of several spans.
    pub(super) fn push_spans(&mut self, spans: Vec<Span<'a>>) {
        self.parts.push(spans);
    }

    /// As many parts as fit into `columns`, from the first on, `gap` columns between them.
    pub(super) fn fitted(self, columns: usize, gap: usize) -> Line<'a> {
        let mut line = Line::default();
        let mut used = 0;
        for part in self.parts {
            let wide: usize = part.iter().map(Span::width).sum();
            let before = if used == 0 { 0 } else { gap };
            if used + before + wide > columns && used > 0 {
                break;
            }
            line.push_span(Span::raw(" ".repeat(before)));
            line.spans.extend(part);
            used += before + wide;
        }
        line
    }
}

/// A bar of `columns` cells, filled by `percent`.
pub(super) fn bar(percent: u8, columns: usize) -> (String, String) {
    let filled = columns * usize::from(percent.min(100)) / 100;
    ("█".repeat(filled), "░".repeat(columns - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_takes_exactly_its_columns() {
        let cases = [
            ("Анна", 6, "Анна  ", "  Анна"),
            ("Анна", 4, "Анна", "Анна"),
            ("Анна", 3, "Ан…", "Ан…"),
            ("東京", 3, "東…", "東…"),
            ("", 2, "  ", "  "),
            ("Анна", 0, "", ""),
        ];
        for (text, columns, at_left, at_right) in cases {
            assert_eq!(left(text, columns), at_left, "{text} in {columns}");
            assert_eq!(right(text, columns), at_right, "{text} in {columns}");
        }
    }

    #[test]
    fn parts_are_dropped_whole_from_the_end() {
        let mut parts = Parts::default();
        for word in ["один", "два", "три"] {
            parts.push(word, Style::new());
        }
        let fitted = |columns| parts.clone().fitted(columns, 2).to_string();
        assert_eq!(fitted(14), "один  два  три");
        assert_eq!(fitted(13), "один  два");
        assert_eq!(fitted(5), "один");
    }

    #[test]
    fn a_bar_is_full_at_a_hundred_only() {
        assert_eq!(bar(0, 10).0, "");
        assert_eq!(bar(99, 10).0.chars().count(), 9);
        assert_eq!(bar(100, 10), ("█".repeat(10), String::new()));
    }
}
