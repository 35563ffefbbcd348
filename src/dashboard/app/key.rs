//! A key without a terminal around it: how it is written, and where it lies on a keyboard.

use crate::engine::{american, russian};

/// A key without a terminal around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character as the layout gives it, shift applied.
    Char(char),
    /// F1, F2, ...
    F(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift+Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// What is held down with a key. Shift is part of the character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mods {
    /// Nothing.
    #[default]
    None,
    /// Control.
    Ctrl,
    /// Alt.
    Alt,
}

/// A key with what is held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// What is held.
    pub mods: Mods,
}

impl Key {
    /// A key on its own.
    pub const fn plain(code: Code) -> Self {
        Self { code, mods: Mods::None }
    }

    /// A character on its own.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Control and a character.
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), mods: Mods::Ctrl }
    }

    /// The same key as a Latin layout would name it. A chord's letter loses its case: terminals differ in it.
    #[must_use]
    pub fn latin(self) -> Self {
        let code = match (self.code, self.mods) {
            (Code::Char(c), Mods::None) => Code::Char(latin(c)),
            (Code::Char(c), _) => Code::Char(latin(c).to_ascii_lowercase()),
            (code, _) => code,
        };
        Self { code, ..self }
    }

    /// A key by the letter that is written on it, in either case.
    pub(super) fn lettered(self) -> Self {
        match self.code {
            Code::Char(c) => Self { code: Code::Char(c.to_lowercase().next().unwrap_or(c)), ..self },
            _ => self,
        }
    }

    /// The same key as the Russian layout names it, where that differs.
    pub fn cyrillic(self) -> Option<Self> {
        match self.code {
            Code::Char(c) => Some(Self { code: Code::Char(cyrillic(c)?), ..self }),
            _ => None,
        }
    }
}
/// The character a Latin layout has where the Russian one has `c`; any other character is itself.
pub fn latin(c: char) -> char {
    let lower = c.to_lowercase().next().unwrap_or(c);
    match american(lower) {
        Some(latin) if lower == c => latin,
        Some(latin) => latin.to_ascii_uppercase(),
        None => c,
    }
}

/// The character the Russian layout has where a Latin one has `c`; `None` where it is no letter of it.
pub(super) fn cyrillic(c: char) -> Option<char> {
    let cyrillic = russian(c.to_ascii_lowercase()).filter(|it| it.is_lowercase())?;
    if c.is_ascii_uppercase() { cyrillic.to_uppercase().next() } else { Some(cyrillic) }
}

/// Whether something has every word that was typed, be it under the other layout.
pub(super) fn has_all(typed: &str, has: impl Fn(&str) -> bool) -> bool {
    typed.to_lowercase().split_whitespace().all(|word| {
        let otherwise: String = word.chars().map(latin).collect();
        let twin: String = word.chars().map(|c| cyrillic(c).unwrap_or(c)).collect();
        [word, otherwise.as_str(), twin.as_str()].into_iter().any(&has)
    })
}

/// Keys with a name, as settings and screens write them.
const NAMES: [(&str, Code); 15] = [
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Shift+Tab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Del", Code::Delete),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("Space", Code::Char(' ')),
];

impl Key {
    /// Reads a key as settings write it: `F8`, `q`, `й`, `Ctrl+L`, `Alt+Up`, `Shift+Tab`, `Space`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::written(text).map(Self::latin)
    }

    /// The same by the letter that is written, wherever that key lies.
    pub(super) fn written(text: &str) -> Option<Self> {
        let (mods, name) = match text.split_once('+') {
            Some((chord, name)) if !name.is_empty() && chord.eq_ignore_ascii_case("ctrl") => {
                (Mods::Ctrl, name)
            }
            Some((chord, name)) if !name.is_empty() && chord.eq_ignore_ascii_case("alt") => (Mods::Alt, name),
            _ => (Mods::None, text),
        };
        Some(Self { code: code(name)?, mods })
    }

    /// Whether it is a letter or a digit: what names, phones and cards begin with.
    pub(super) fn is_letter(&self) -> bool {
        self.mods == Mods::None && matches!(self.code, Code::Char(c) if c.is_alphanumeric())
    }

    /// Whether it is a character that can be written.
    pub(super) fn is_written(&self) -> bool {
        self.mods == Mods::None && matches!(self.code, Code::Char(_))
    }

    /// Whether it writes or edits where text is typed.
    pub(super) fn is_of_text(&self) -> bool {
        use Code as C;
        let is_text = matches!(
            self.code,
            C::Char(_) | C::Backspace | C::Delete | C::Left | C::Right | C::Home | C::End
        );
        self.mods == Mods::None && is_text
    }
}

/// Edits a line at its end; `None` where the key means nothing there.
pub(super) fn edit_line(line: &mut String, key: Key) -> Option<()> {
    match key.code {
        Code::Char(c) if key.is_written() && line.chars().count() < LONGEST_LINE => line.push(c),
        Code::Backspace => _ = line.pop(),
        _ => return None,
    }
    Some(())
}

/// Characters of a line; nobody types more.
const LONGEST_LINE: usize = 200;

fn code(name: &str) -> Option<Code> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(Code::Char(letter));
    }
    let named = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let number = || name.strip_prefix(['F', 'f'])?.parse().ok().filter(|number| (1..=12).contains(number));
    named.map(|(_, code)| *code).or_else(|| number().map(Code::F))
}

impl std::fmt::Display for Mods {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "",
            Self::Ctrl => "Ctrl+",
            Self::Alt => "Alt+",
        })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.mods)?;
        match (self.code, NAMES.iter().find(|(_, code)| *code == self.code)) {
            (_, Some((name, _))) => f.write_str(name),
            (Code::F(number), _) => write!(f, "F{number}"),
            (Code::Char(c), _) if self.mods != Mods::None => write!(f, "{}", c.to_uppercase()),
            (Code::Char(c), _) => write!(f, "{c}"),
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_they_are_shown() {
        for text in ["F8", "q", "G", "Ctrl+L", "Alt+Up", "Shift+Tab", "Space", "PgDn", "?"] {
            assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Key::parse("й"), Some(Key::char('q')), "by place");
        assert_eq!(Key::parse("ctrl+д"), Some(Key::ctrl('l')));
        for text in ["", "F0", "F13", "Hyper+q", "Ctrl+", "qq"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_is_the_same_under_either_layout_with_and_without_shift() {
        for (russian, latin_there) in [('й', 'q'), ('Й', 'Q'), ('б', ','), ('Б', ','), ('ё', '`'), ('7', '7')]
        {
            assert_eq!(latin(russian), latin_there, "{russian}");
        }
        for (key, twin) in [('q', Some('й')), ('Q', Some('Й')), (',', Some('б')), ('<', None), ('7', None)]
        {
            assert_eq!(Key::char(key).cyrillic(), twin.map(Key::char), "{key}");
        }
    }
}
