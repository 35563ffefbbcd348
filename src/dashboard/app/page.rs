//! What is read at leisure: an explanation, a line in full, the last sync before and after. The same words
//! can be copied.
//!
//! ```text
//! Action -> Effect::Word -> the runtime words it -> Event::Worded -> Page -> frame
//! Action -> Effect::Copy -> the runtime words it, hands it over -> Event::Copied -> message
//! ```

use ratatui::layout::{Rect, Size};
use unicode_segmentation::UnicodeSegmentation;

use super::ask::Failure;
use super::cursor::SelectionStep;
use super::geometry::{centered, shrunk};
use crate::engine::{RawAnswer, Sent};
use crate::text;

pub use super::terms::{Cell, Copied, CopyPlace, CopySubject, Form, Target};

/// Least lines of a page.
const LEAST: usize = 4;

/// What was copied last: the same may be wanted in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    /// What.
    pub subject: CopySubject,
    /// For whom.
    pub form: Form,
}

/// The words on the page; the overlay says where it is scrolled to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageWords {
    /// What they are about.
    pub subject: CopySubject,
    /// The words; `None` while they are fetched.
    pub text: Option<String>,
}

/// A request somebody asked about, and how 1C answers it: gone with the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPage {
    /// The request.
    pub sent: Sent,
    /// The page it was asked about on, which it leads back to.
    pub from: Option<CopySubject>,
    /// Whether it reads a customer's fields: what is read of them on demand leaves the screen for nowhere.
    pub is_of_fields: bool,
    /// How 1C answers; `None` until it did.
    pub answer: Option<Result<Box<RawAnswer>, Failure>>,
}

impl RawPage {
    /// Hides what is personal: all of the answer may be.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        if let Some(Ok(answer)) = &mut self.answer {
            answer.text = hidden(&answer.text);
        }
    }
}

impl PageWords {
    /// Lines of the page in so many columns.
    pub fn lines(&self, columns: usize) -> Vec<&str> {
        self.text.as_deref().map(|text| wrapped(text, columns)).unwrap_or_default()
    }

    /// Where it stands: as wide as is good to read, and no higher than its words.
    pub(super) fn area(&self, screen: Rect) -> Rect {
        let width = if screen.width > 64 { (screen.width - 4).min(110) } else { screen.width };
        let lines = self.lines(usize::from(width.saturating_sub(4))).len();
        let height = u16::try_from(lines.max(LEAST)).unwrap_or(u16::MAX).saturating_add(2);
        centered(screen, width, height.min(40))
    }

    /// Columns and lines for its words where it stands.
    pub fn room(area: Rect) -> Size {
        let inside = shrunk(area);
        Size { width: inside.width.saturating_sub(2), height: inside.height }
    }

    /// The first line shown after a step.
    pub(super) fn scrolled(&self, top: usize, step: SelectionStep, area: Rect) -> usize {
        let room = Self::room(area);
        let lines = self.lines(usize::from(room.width)).len();
        step.from(top, lines.saturating_sub(usize::from(room.height)) + 1)
    }
}

/// The lines of a text in so many columns: broken at spaces where there are some. Sums hold hard spaces, so
/// none is broken while it fits at all.
pub fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while is_wider(rest, columns) {
            let (head, tail) = broken(rest, columns);
            lines.push(head);
            rest = tail;
        }
        // What is left may be nothing: the last character alone was too wide.
        if !rest.is_empty() || line.is_empty() {
            lines.push(rest);
        }
    }
    lines
}

/// Whether a line takes more columns, found out without measuring all of a long one.
fn is_wider(line: &str, columns: usize) -> bool {
    let mut used = 0;
    line.graphemes(true).any(|cluster| {
        used += text::width(cluster);
        used > columns
    })
}

/// As much of a line as fits, and what is left of it.
fn broken(line: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    let mut fits = 0;
    let mut space = None;
    for (at, cluster) in line.grapheme_indices(true) {
        used += text::width(cluster);
        if used > columns && fits > 0 {
            break;
        }
        if cluster == " " && !line[..at].trim_start().is_empty() {
            space = Some(at);
        }
        fits = at + cluster.len();
    }
    let at = match space {
        Some(at) if line[fits..].starts_with(' ') => at.max(fits),
        // A word longer than half a line, such as an address, is broken rather than left a line of its own.
        Some(at) if text::width(&line[..at]) * 2 >= columns => at,
        Some(at) if !has_long_word(&line[at..], columns) => at,
        Some(_) | None => fits,
    };
    let (head, tail) = line.split_at(at);
    (head, tail.strip_prefix(' ').unwrap_or(tail))
}

/// Whether what follows begins with a word longer than half a line.
fn has_long_word(rest: &str, columns: usize) -> bool {
    rest.split_whitespace().next().is_some_and(|word| text::width(word) * 2 > columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_lose_nothing() {
        assert_eq!(wrapped("кольцо «Аврора»", 40), ["кольцо «Аврора»"]);
        assert_eq!(wrapped("кольцо «Аврора» 585", 15), ["кольцо «Аврора»", "585"]);
        assert_eq!(wrapped("кольцо «Аврора» 585", 9), ["кольцо", "«Аврора»", "585"]);
        assert_eq!(wrapped("кольцо", 4), ["коль", "цо"]);
        assert_eq!(wrapped("  1\u{a0}200,00 и 3", 10), ["  1\u{a0}200,00", "и 3"]);
        assert_eq!(wrapped("а\n\nб", 1), ["а", "", "б"]);
        assert_eq!(
            wrapped("東京", 1),
            ["東", "京"],
            "a wide character in too narrow a column is still there"
        );
        assert_eq!(wrapped("", 5), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn no_character_but_spaces_is_lost(text in "[ а-яa-z0-9東]{0,60}", columns in 1usize..20) {
            let bare = |text: &str| text.replace(' ', "");
            let lines = wrapped(&text, columns);
            proptest::prop_assert_eq!(bare(&lines.concat()), bare(&text));
            proptest::prop_assert!(lines.iter().all(|line| text::width(line) <= columns.max(2)));
        }
    }
}
