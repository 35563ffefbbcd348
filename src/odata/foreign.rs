//! Words of the server, made harmless: they end in messages, journals and terminals.

/// Most characters of a foreign text that are kept.
const LONGEST: usize = 300;

/// The text on one line, without control and direction characters, cut to a bearable length.
pub(super) fn neutral(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let gap = usize::from(length > 0);
        for c in std::iter::repeat_n(' ', gap).chain(word.chars().filter(|&c| !is_hidden(c))) {
            if length == LONGEST {
                out.push('…');
                return out;
            }
            out.push(c);
            length += 1;
        }
    }
    out
}

/// Characters that are not seen but change how the rest is: directions, joiners, the byte order mark.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_gone() {
        for (name, text, wanted) in [
            ("plain words stay", "Сущность не найдена", "Сущность не найдена"),
            ("lines become one", "первая\r\n  вторая\n", "первая вторая"),
            ("escape sequences lose their escape", "a\u{1b}[31mb\u{7}", "a [31mb"),
            ("directions are dropped", "a\u{202e}b\u{2066}c\u{feff}", "abc"),
            ("c1 controls part words", "a\u{9b}b", "a b"),
        ] {
            assert_eq!(neutral(text), wanted, "{name}");
        }
    }

    #[test]
    fn a_long_text_is_cut_with_a_mark() {
        let cut = neutral(&"ж".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
        assert!(!neutral(&"ж".repeat(LONGEST)).ends_with('…'));
    }
}
