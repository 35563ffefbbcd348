//! The one table of keys: what each means, where, and what help says of it.
//!
//! Commands go by the place of a key, not by the letter on it: under the Russian layout `й` is where
//! `q` is, so both quit. Text typed into the search field is never touched by this. The footer and the
//! help are drawn from the same table.

use super::action::Action;
use super::event::Column;

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

    /// The same key as the Russian layout names it, where that differs.
    pub fn cyrillic(self) -> Option<Self> {
        match self.code {
            Code::Char(c) => Some(Self { code: Code::Char(cyrillic(c)?), ..self }),
            _ => None,
        }
    }
}

/// Keys of both layouts by place: the Russian letter, then what a Latin layout has there.
const PLACES: [(char, char); 33] = [
    ('й', 'q'),
    ('ц', 'w'),
    ('у', 'e'),
    ('к', 'r'),
    ('е', 't'),
    ('н', 'y'),
    ('г', 'u'),
    ('ш', 'i'),
    ('щ', 'o'),
    ('з', 'p'),
    ('х', '['),
    ('ъ', ']'),
    ('ф', 'a'),
    ('ы', 's'),
    ('в', 'd'),
    ('а', 'f'),
    ('п', 'g'),
    ('р', 'h'),
    ('о', 'j'),
    ('л', 'k'),
    ('д', 'l'),
    ('ж', ';'),
    ('э', '\''),
    ('я', 'z'),
    ('ч', 'x'),
    ('с', 'c'),
    ('м', 'v'),
    ('и', 'b'),
    ('т', 'n'),
    ('ь', 'm'),
    ('б', ','),
    ('ю', '.'),
    ('ё', '`'),
];

/// The character a Latin layout has where the Russian one has `c`; any other character is itself.
pub fn latin(c: char) -> char {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let Some(&(_, latin)) = PLACES.iter().find(|(cyrillic, _)| *cyrillic == lower) else { return c };
    if lower == c { latin } else { latin.to_ascii_uppercase() }
}

fn cyrillic(c: char) -> Option<char> {
    let lower = c.to_ascii_lowercase();
    let &(cyrillic, _) = PLACES.iter().find(|(_, latin)| *latin == lower)?;
    if lower == c { Some(cyrillic) } else { cyrillic.to_uppercase().next() }
}

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere but in a question.
    Everywhere,
    /// Where letters are commands: outside the search field.
    Commands,
    /// In the search field.
    Field,
    /// In a question.
    Question,
    /// Without any exception.
    Always,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it means.
    pub action: Action,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// Where it holds.
    pub scope: Scope,
    /// Text id of its line in the help.
    pub help: &'static str,
    /// Text id of its word in the footer, where it has one.
    pub footer: Option<&'static str>,
}

const fn f(number: u8) -> Key {
    Key::plain(Code::F(number))
}

const fn alt(code: Code) -> Key {
    Key { code, mods: Mods::Alt }
}

const fn bind(action: Action, scope: Scope, keys: &'static [Key], help: &'static str) -> Binding {
    Binding { action, keys, scope, help, footer: None }
}

impl Binding {
    const fn footer(mut self, id: &'static str) -> Self {
        self.footer = Some(id);
        self
    }
}

/// Every key the dashboard knows. Keys of one action may stand in several lines, one per scope.
///
/// `.` and `,` are where `/` and `?` are under the Russian layout.
pub const TABLE: &[Binding] = {
    use Action as A;
    use Scope::{Always, Commands, Everywhere, Field, Question};
    &[
        bind(A::Help, Everywhere, &[f(1)], "help-help").footer("key-help"),
        bind(A::Help, Commands, &[Key::char('?'), Key::char(',')], "help-help"),
        bind(A::Find, Everywhere, &[f(3)], "help-find").footer("key-find"),
        bind(A::Find, Commands, &[Key::char('/'), Key::char('.')], "help-find"),
        bind(A::OlderQuery, Field, &[alt(Code::Up), Key::ctrl('p')], "help-older-query"),
        bind(A::NewerQuery, Field, &[alt(Code::Down), Key::ctrl('n')], "help-newer-query"),
        bind(A::View, Everywhere, &[f(2)], "help-view").footer("key-view"),
        bind(A::View, Commands, &[Key::char('v')], "help-view"),
        bind(A::Filter, Commands, &[Key::char('f')], "help-filter"),
        bind(A::City, Commands, &[Key::char('c')], "help-city"),
        bind(A::Sort, Commands, &[Key::char('s')], "help-sort"),
        bind(A::TurnRound, Commands, &[Key::char('S')], "help-turn-round"),
        bind(A::SortBy(Column::Match), Commands, &[Key::char('0')], "help-sort-by"),
        bind(A::SortBy(Column::Name), Commands, &[Key::char('1')], "help-sort-by"),
        bind(A::SortBy(Column::Phone), Commands, &[Key::char('2')], "help-sort-by"),
        bind(A::SortBy(Column::City), Commands, &[Key::char('3')], "help-sort-by"),
        bind(A::SortBy(Column::Total), Commands, &[Key::char('4')], "help-sort-by"),
        bind(A::SortBy(Column::Points), Commands, &[Key::char('5')], "help-sort-by"),
        bind(A::SortBy(Column::Variance), Commands, &[Key::char('6')], "help-sort-by"),
        bind(A::SortBy(Column::Code), Commands, &[Key::char('7')], "help-sort-by"),
        bind(A::Check, Everywhere, &[f(4)], "help-check").footer("key-check"),
        bind(A::Check, Commands, &[Key::char('r')], "help-check"),
        bind(A::Sync, Everywhere, &[f(5)], "help-sync").footer("key-sync"),
        bind(A::CancelSync, Commands, &[Key::char('x')], "help-cancel"),
        bind(A::Journal, Everywhere, &[f(6)], "help-journal").footer("key-journal"),
        bind(A::Journal, Commands, &[Key::char('L')], "help-journal"),
        bind(A::NextSection, Everywhere, &[f(7)], "help-section").footer("key-section"),
        bind(A::NextSection, Commands, &[Key::plain(Code::Right), Key::char('l')], "help-section"),
        bind(
            A::PreviousSection,
            Commands,
            &[Key::plain(Code::Left), Key::char('h')],
            "help-previous-section",
        ),
        bind(A::Quit, Everywhere, &[f(8), f(10)], "help-quit").footer("key-quit"),
        bind(A::Quit, Commands, &[Key::char('q')], "help-quit"),
        bind(A::End, Always, &[Key::ctrl('c')], "help-end"),
        bind(A::NextPane, Everywhere, &[Key::plain(Code::Tab)], "help-next-pane"),
        bind(A::PreviousPane, Everywhere, &[Key::plain(Code::BackTab)], "help-previous-pane"),
        bind(A::Up, Everywhere, &[Key::plain(Code::Up)], "help-up"),
        bind(A::Up, Commands, &[Key::char('k')], "help-up"),
        bind(A::Down, Everywhere, &[Key::plain(Code::Down)], "help-down"),
        bind(A::Down, Commands, &[Key::char('j')], "help-down"),
        bind(A::PageUp, Everywhere, &[Key::plain(Code::PageUp)], "help-page-up"),
        bind(A::PageDown, Everywhere, &[Key::plain(Code::PageDown)], "help-page-down"),
        bind(A::First, Commands, &[Key::plain(Code::Home), Key::char('g')], "help-first"),
        bind(A::Last, Commands, &[Key::plain(Code::End), Key::char('G')], "help-last"),
        bind(A::Open, Everywhere, &[Key::plain(Code::Enter)], "help-open"),
        bind(A::Open, Commands, &[Key::char(' ')], "help-open"),
        bind(A::Back, Everywhere, &[Key::plain(Code::Esc)], "help-back"),
        bind(A::Redraw, Always, &[Key::ctrl('l')], "help-redraw"),
        bind(A::Suspend, Always, &[Key::ctrl('z')], "help-suspend"),
        bind(A::Yes, Question, &[Key::char('y')], "help-yes"),
        bind(A::No, Question, &[Key::char('n'), Key::plain(Code::Esc)], "help-no"),
    ]
};

/// What the keyboard is talking to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The search field: letters are text.
    Field,
    /// A list or an overlay: letters are commands.
    Commands,
    /// A question: only answers count.
    Question,
}

impl Scope {
    fn holds(self, context: Context) -> bool {
        match self {
            Self::Always => true,
            Self::Everywhere => context != Context::Question,
            Self::Commands => context == Context::Commands,
            Self::Field => context == Context::Field,
            Self::Question => context == Context::Question,
        }
    }
}

/// What a key means there, under either layout.
pub fn action(key: Key, context: Context) -> Option<Action> {
    let key = key.latin();
    TABLE
        .iter()
        .find(|binding| binding.scope.holds(context) && binding.keys.contains(&key))
        .map(|binding| binding.action)
}

/// A line of the help: an action with its text id and all its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What it does, for whoever picks the line.
    pub action: Action,
    /// Text id of what it does.
    pub text: &'static str,
    /// Its keys, as the table has them.
    pub keys: Vec<Key>,
}

/// The help: one line per action, in the order of the table.
pub fn help() -> Vec<Help> {
    let mut lines: Vec<Help> = Vec::new();
    for binding in TABLE {
        match lines.iter_mut().find(|line| line.text == binding.help) {
            Some(line) => line.keys.extend(binding.keys),
            None => {
                lines.push(Help { action: binding.action, text: binding.help, keys: binding.keys.to_vec() })
            }
        }
    }
    lines
}
