//! Foreign text made harmless: what a name in 1C contains must never steer a terminal.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for a character that must not reach a screen and has no picture of its own.
const UNSHOWABLE: char = '\u{FFFD}';
/// Carries a mark that has nothing to sit on.
const DOTTED_CIRCLE: char = '\u{25CC}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
/// Marks kept on one character: more than any language stacks, fewer than it takes to cover the line above.
const MARKS_ON_ONE: usize = 4;

/// Text that may be shown anywhere: control characters, direction overrides, invisible characters and stacks of
/// marks have been replaced by something visible.
///
/// Made where data enters; a screen, a report and a journal take nothing else from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown(Box<str>);

impl Shown {
    /// Makes `text` harmless. Doing it twice changes nothing more.
    pub fn new(text: &str) -> Self {
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Self(text.into());
        }
        let mut out = String::with_capacity(text.len());
        let mut marks = 0;
        let mut before = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            if c == '\r' && next == Some('\n') {
                continue;
            }
            match fate(c, before, next) {
                SignFate::Mark if marks == MARKS_ON_ONE => {}
                SignFate::Mark => {
                    if out.is_empty() {
                        out.push(DOTTED_CIRCLE);
                    }
                    out.push(c);
                    marks += 1;
                }
                SignFate::Become(c) => {
                    out.push(c);
                    marks = 0;
                }
            }
            before = Some(c);
        }
        Self(out.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0.into()
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns it takes on a terminal.
    pub fn width(&self) -> usize {
        width(&self.0)
    }

    /// At most `width` columns of it; what is cut ends in `…`, and no mark is torn from its letter.
    #[must_use]
    pub fn truncated(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let Some(room) = width.checked_sub(1) else { return Self::default() };
        let mut end = 0;
        let mut used = 0;
        for cluster in clusters(&self.0) {
            used += self::width(cluster);
            if used > room {
                break;
            }
            end += cluster.len();
        }
        Self(format!("{}…", self.0.get(..end).unwrap_or_default()).into())
    }
}

/// Columns a text takes on a terminal: those of its grapheme clusters one by one, as a screen is drawn. Measured as a
/// whole, some texts (a joined emoji before a lone Hangul vowel) come out narrower.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

/// Escapes what a JSON text may legally carry and a terminal should not get: DEL, C1, direction controls,
/// invisible characters, Unicode line breaks. Parsed back it is the same value.
pub fn escape_json(json: &str) -> String {
    use fmt::Write;

    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // JSON's own control characters are escaped already; those left lie between the tokens.
        if c >= '\u{7F}' && is_forbidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

enum SignFate {
    /// Takes no column of its own and belongs to what stands before it.
    Mark,
    Become(char),
}

fn fate(c: char, before: Option<char>, next: Option<char>) -> SignFate {
    match c {
        '\t' => SignFate::Become(' '),
        '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => SignFate::Become('␊'),
        '\0'..='\u{1F}' => SignFate::Become(control_picture(c)),
        '\u{7F}' => SignFate::Become('␡'),
        '\u{AD}' => SignFate::Become('-'),
        ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
            if before.is_some_and(is_pictographic) && next.is_some_and(is_pictographic) {
                SignFate::Mark
            } else {
                SignFate::Become(UNSHOWABLE)
            }
        }
        _ if is_forbidden(c) => SignFate::Become(UNSHOWABLE),
        _ if is_mark(c) => SignFate::Mark,
        _ => SignFate::Become(c),
    }
}

/// Unicode has a picture for every control character, in the same order.
fn control_picture(c: char) -> char {
    char::from_u32(0x2400 + u32::from(c)).unwrap_or(UNSHOWABLE)
}

/// What must not reach a sink as it is. Joiners are judged by their neighbours instead.
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'             // DEL and C1
        | '\u{AD}'                        // soft hyphen
        | '\u{34F}'                       // combining grapheme joiner
        | '\u{61C}'                       // Arabic letter mark
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers: blank letters
        | '\u{180E}' | '\u{200B}' | '\u{FEFF}'              // zero-width spaces
        | '\u{200E}' | '\u{200F}'         // direction marks
        | '\u{2028}' | '\u{2029}'         // line and paragraph separators
        | '\u{202A}'..='\u{202E}'         // direction embeddings and overrides
        | '\u{2060}'..='\u{206F}'         // word joiner, isolates, deprecated format characters
        | '\u{FFF9}'..='\u{FFFB}'         // interlinear annotation
        | '\u{E0000}'..='\u{E007F}'       // tags: invisible ASCII
    )
}

fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// Joiners are legitimate inside an emoji; between letters they only hide a difference.
fn is_pictographic(c: char) -> bool {
    c >= '\u{2190}' && !is_forbidden(c)
}

/// Pieces that must stay whole: a character with its marks, characters held together by a joiner.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = 0;
        let mut joined = true;
        for (at, c) in rest.char_indices() {
            if at > 0 && !joined && !is_mark(c) {
                break;
            }
            joined = matches!(c, ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER);
            end = at + c.len_utf8();
        }
        let (cluster, after) = rest.split_at_checked(end)?;
        rest = after;
        (!cluster.is_empty()).then_some(cluster)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        Shown::new(text).into_string()
    }

    #[test]
    fn i15_what_could_steer_a_terminal_becomes_visible() {
        let cases = [
            ("plain text", "Царькова Анна", "Царькова Анна"),
            ("escape", "a\u{1b}[31mred", "a␛[31mred"),
            ("operating system command", "\u{1b}]52;c;eA==\u{7}", "␛]52;c;eA==␇"),
            ("nul", "a\0b", "a␀b"),
            ("delete", "a\u{7f}b", "a␡b"),
            ("one-byte CSI of C1", "a\u{9b}31m", "a�31m"),
            ("tab", "a\tb", "a b"),
            ("line feed", "a\nb", "a␊b"),
            ("both line ends make one", "a\r\nb", "a␊b"),
            ("carriage return alone", "a\rb", "a␍b"),
            ("line separator", "a\u{2028}b\u{2029}c", "a␊b␊c"),
            ("direction override", "a\u{202e}b", "a�b"),
            ("isolate", "a\u{2066}b\u{2069}", "a�b�"),
            ("direction marks", "\u{200e}\u{200f}\u{61c}", "���"),
            ("byte order mark", "\u{feff}a", "�a"),
            ("zero-width space", "a\u{200b}b", "a�b"),
            ("joiner between letters", "Ив\u{200d}ан", "Ив�ан"),
            ("joiner at the end", "👩\u{200d}", "👩�"),
            ("joiner inside an emoji", "👩\u{200d}🔧", "👩\u{200d}🔧"),
            ("invisible tags", "a\u{e0041}", "a�"),
            ("soft hyphen", "a\u{ad}b", "a-b"),
            ("a decomposed letter stays", "и\u{306}", "и\u{306}"),
            ("a mark without a letter", "\u{301}a", "◌\u{301}a"),
            (
                "a stack of marks is cut",
                "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}b",
                "a\u{301}\u{301}\u{301}\u{301}b",
            ),
            ("non-breaking space stays", "1\u{a0}200", "1\u{a0}200"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(shown(text), expected, "{name}");
        }
    }

    #[test]
    fn a_cut_is_announced_and_never_too_wide() {
        let cases = [
            ("fits", "Анна", 4, "Анна"),
            ("cut", "Царькова", 5, "Царь…"),
            ("nothing but the sign", "Царькова", 1, "…"),
            ("no room", "Царькова", 0, ""),
            ("a wide character does not fit by half", "日本語", 4, "日…"),
            ("a letter keeps its mark", "и\u{306}и\u{306}и\u{306}", 2, "и\u{306}…"),
            ("an emoji stays whole", "👩\u{200d}🔧👩\u{200d}🔧", 3, "👩\u{200d}🔧…"),
            ("no joiner is left joining nothing", "日\u{200c}日日", 4, "…"),
        ];
        for (name, text, width, expected) in cases {
            assert_eq!(Shown::new(text).truncated(width).as_str(), expected, "{name}");
        }
    }

    #[test]
    fn u6_json_for_a_terminal_holds_no_invisible_character() {
        assert_eq!(escape_json("\"a\u{202e}\u{9b}\u{7f}\u{feff}\""), r#""a\u202e\u009b\u007f\ufeff""#);
        assert_eq!(escape_json("\"\u{e0041}\""), r#""\udb40\udc41""#);
        assert_eq!(escape_json("{\n  \"имя\": \"Анна\"\n}"), "{\n  \"имя\": \"Анна\"\n}");
    }

    /// Text made mostly of what should not be there.
    fn nasty() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            any::<char>(),
            (0_u32..0x180).prop_filter_map("a character", char::from_u32),
            (0x0300_u32..0x0370).prop_filter_map("a character", char::from_u32),
            (0x2000_u32..0x2070).prop_filter_map("a character", char::from_u32),
            prop::sample::select(vec!['👩', '🔧', '\u{fe0f}', '\u{feff}', '\\', '"', 'и', '\u{306}']),
        ];
        prop::collection::vec(character, 0..40).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn i15_no_forbidden_character_survives(text in nasty()) {
            prop_assert!(!shown(&text).chars().any(is_forbidden));
        }

        #[test]
        fn doing_it_twice_changes_nothing_more(text in nasty()) {
            let once = shown(&text);
            prop_assert_eq!(shown(&once), once);
        }

        #[test]
        fn u7_marks_never_pile_up(text in nasty()) {
            let mut marks = 0;
            for c in shown(&text).chars() {
                marks = if is_mark(c) { marks + 1 } else { 0 };
                prop_assert!(marks <= MARKS_ON_ONE);
            }
        }

        #[test]
        fn a_cut_fits(text in nasty(), width in 0_usize..20) {
            let cut = Shown::new(&text).truncated(width);
            prop_assert!(cut.width() <= width);
            prop_assert_eq!(shown(cut.as_str()), cut.as_str());
        }

        #[test]
        fn u6_escaped_json_is_the_same_value(text in nasty()) {
            let json = serde_json::to_string(&text).expect("a string is JSON");
            let escaped = escape_json(&json);
            prop_assert!(!escaped.chars().any(is_forbidden));
            prop_assert_eq!(serde_json::from_str::<String>(&escaped).expect("still JSON"), text);
        }
    }
}
