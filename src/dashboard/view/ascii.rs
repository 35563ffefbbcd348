//! ASCII in place of frames, bars and marks, laid over a finished frame: no pane has to know of it.
//!
//! Letters stay: a terminal that shows no boxes may well show Cyrillic. Every mark keeps a sign of its own,
//! for meaning rests on them.

use ratatui::buffer::Buffer;

/// Replaces every symbol that needs more than ASCII and letters.
pub(super) fn lay_over(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let mut symbol = cell.symbol().chars();
        if let (Some(c), None) = (symbol.next(), symbol.next())
            && let Some(plain) = plain(c)
        {
            cell.set_char(plain);
        }
    }
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        '─' | '━' | '—' | '–' | '−' | '▃' | '▄' => '-',
        '│' | '┃' => '|',
        '\u{2500}'..='\u{257f}' | '✓' => '+',
        '█' | '▓' | '▰' => '#',
        '■' => '/',
        '░' | '▒' | '▱' | '·' | '▁' => '.',
        '▂' => ':',
        '▅' => '=',
        '▇' => '%',
        '✗' | '×' => 'x',
        '▶' | '›' | '→' => '>',
        '‹' | '←' => '<',
        '↻' => '@',
        '≈' | '…' => '~',
        '≠' => '!',
        '≡' => '&',
        '▆' | '●' | '•' => '*',
        '○' => 'o',
        '↑' => '^',
        '↓' => 'v',
        '«' | '»' | '“' | '”' | '„' => '"',
        '’' | '‘' => '\'',
        '\u{a0}' | '\u{202f}' => ' ',
        '№' => 'N',
        // Pictures of controls in foreign text.
        '\u{2400}'..='\u{2426}' => '?',
        '₽' => 'R',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn frames_bars_and_marks_need_no_more_than_ascii() {
        let text = "┌─ ✓ Итого 1\u{a0}204,00 − ▂▇ … ┐";
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, text, Style::new());
        lay_over(&mut buffer);
        let shown: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(shown.trim_end(), "+- + Итого 1 204,00 - :% ~ +");
    }

    #[test]
    fn every_mark_keeps_a_sign_of_its_own() {
        let marks = ['✓', '✗', '‹', '▶', '↻', '■', '≈', '≡'];
        for (at, one) in marks.iter().enumerate() {
            assert!(marks[at + 1..].iter().all(|other| plain(*other) != plain(*one)), "{one}");
        }
    }
}
