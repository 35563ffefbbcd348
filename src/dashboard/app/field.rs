//! What keys and pastes do to a line that is typed.

use tui_input::InputRequest;

use super::key::{Code, Key, Mods};

/// Line ends and tabs become spaces; whatever else steers a terminal is dropped.
pub(super) fn clean(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control())
}

/// What a key does to the text. Chords go by place, characters as they are.
pub(super) fn request(key: Key) -> Option<InputRequest> {
    use InputRequest as R;
    Some(match (key.mods, key.code) {
        (Mods::None, Code::Char(c)) if !c.is_control() => R::InsertChar(c),
        (Mods::None, Code::Backspace) => R::DeletePrevChar,
        (Mods::None, Code::Delete) => R::DeleteNextChar,
        (Mods::None, Code::Left) => R::GoToPrevChar,
        (Mods::None, Code::Right) => R::GoToNextChar,
        (Mods::None, Code::Home) => R::GoToStart,
        (Mods::None, Code::End) => R::GoToEnd,
        (Mods::Ctrl | Mods::Alt, Code::Left) => R::GoToPrevWord,
        (Mods::Ctrl | Mods::Alt, Code::Right) => R::GoToNextWord,
        (Mods::Ctrl | Mods::Alt, Code::Backspace) => R::DeletePrevWord,
        (Mods::Ctrl, _) => match key.latin().code {
            Code::Char('a') => R::GoToStart,
            Code::Char('e') => R::GoToEnd,
            Code::Char('b') => R::GoToPrevChar,
            Code::Char('f') => R::GoToNextChar,
            Code::Char('h') => R::DeletePrevChar,
            Code::Char('d') => R::DeleteNextChar,
            Code::Char('w') => R::DeletePrevWord,
            Code::Char('u') => R::DeleteLine,
            Code::Char('k') => R::DeleteTillEnd,
            Code::Char('y') => R::Yank,
            _ => return None,
        },
        _ => return None,
    })
}
