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
    /// Before there are settings.
    FirstRun,
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
    use Scope::{Always, Commands, Everywhere, Field, FirstRun, Question};
    &[
        bind(A::Help, Everywhere, &[f(1)], "help-help").footer("key-help"),
        bind(A::Help, Commands, &[Key::char('?'), Key::char(',')], "help-help"),
        bind(A::View, Everywhere, &[f(2)], "help-view").footer("key-view"),
        bind(A::View, Commands, &[Key::char('v')], "help-view"),
        bind(A::Find, Everywhere, &[f(3)], "help-find").footer("key-find"),
        bind(A::Find, Commands, &[Key::char('/'), Key::char('.')], "help-find"),
        bind(A::OlderQuery, Field, &[alt(Code::Up), Key::ctrl('p')], "help-older-query"),
        bind(A::NewerQuery, Field, &[alt(Code::Down), Key::ctrl('n')], "help-newer-query"),
        bind(A::Filter, Commands, &[Key::char('f')], "help-filter"),
        bind(A::City, Commands, &[Key::char('c')], "help-city"),
        bind(A::Sort, Commands, &[Key::char('s')], "help-sort"),
        bind(A::TurnRound, Commands, &[Key::char('S')], "help-turn-round"),
        bind(A::SortBy(Column::ALL[0]), Commands, &[Key::char('0')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[1]), Commands, &[Key::char('1')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[2]), Commands, &[Key::char('2')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[3]), Commands, &[Key::char('3')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[4]), Commands, &[Key::char('4')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[5]), Commands, &[Key::char('5')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[6]), Commands, &[Key::char('6')], "help-sort-by"),
        bind(A::SortBy(Column::ALL[7]), Commands, &[Key::char('7')], "help-sort-by"),
        bind(A::Check, Everywhere, &[f(4)], "help-check").footer("key-check"),
        bind(A::Check, Commands, &[Key::char('r')], "help-check"),
        bind(A::Explain, Commands, &[Key::char('e')], "help-explain").footer("key-explain"),
        bind(A::Portal, Everywhere, &[f(9)], "help-portal"),
        bind(A::Portal, Commands, &[Key::char('b')], "help-portal"),
        bind(A::Copy, Commands, &[Key::char('y')], "help-copy").footer("key-copy"),
        bind(A::CopyJson, Commands, &[Key::char('J')], "help-copy-json"),
        bind(A::Save, Commands, &[Key::char('Y')], "help-save"),
        bind(A::Pick, Commands, &[Key::char('C')], "help-pick"),
        bind(A::Sync, Everywhere, &[f(5)], "help-sync").footer("key-sync"),
        bind(A::CancelSync, Commands, &[Key::char('x')], "help-cancel"),
        bind(A::Reconcile, Everywhere, &[f(12)], "help-reconcile").footer("key-reconcile"),
        bind(A::Reconcile, Commands, &[Key::char('R')], "help-reconcile"),
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
        bind(A::Mask, Commands, &[Key::char('p')], "help-mask"),
        bind(A::Theme, Commands, &[Key::char('t')], "help-theme"),
        bind(A::Mouse, Commands, &[Key::char('m')], "help-mouse"),
        bind(A::WriteSettings, FirstRun, &[Key::plain(Code::Enter), Key::char('i')], "help-write-settings")
            .footer("key-write-settings"),
        bind(A::Demo, FirstRun, &[f(7), Key::char('d')], "help-demo").footer("key-demo"),
        bind(A::Quit, FirstRun, &[f(8), f(10), Key::char('q'), Key::plain(Code::Esc)], "help-quit")
            .footer("key-quit"),
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
    /// The first run, before there are settings.
    FirstRun,
}

impl Scope {
    /// Whether two scopes share a place.
    fn meets(self, other: Self) -> bool {
        use Context as C;
        [C::Field, C::Commands, C::Question, C::FirstRun]
            .into_iter()
            .any(|at| self.holds(at) && other.holds(at))
    }

    /// Whether a binding of this scope holds there.
    pub fn holds(self, context: Context) -> bool {
        match self {
            Self::Always => true,
            Self::Everywhere => matches!(context, Context::Field | Context::Commands),
            Self::FirstRun => context == Context::FirstRun,
            Self::Commands => context == Context::Commands,
            Self::Field => context == Context::Field,
            Self::Question => context == Context::Question,
        }
    }
}

/// The keys in force: those of [`TABLE`], with what the settings put in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap(Vec<Bound>);

/// A binding in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What it means.
    pub action: Action,
    /// The keys, the one to show first.
    pub keys: Vec<Key>,
    /// Where it holds.
    pub scope: Scope,
    /// Text id of its line in the help.
    pub help: &'static str,
    /// Text id of its word in the footer, where it has one.
    pub footer: Option<&'static str>,
}

impl From<&Binding> for Bound {
    fn from(binding: &Binding) -> Self {
        let Binding { action, keys, scope, help, footer } = *binding;
        Self { action, keys: keys.to_vec(), scope, help, footer }
    }
}

/// Why keys of the settings cannot be in force. Actions are named as the settings name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// No key is called so: the action, what was written.
    NoKey(&'static str, String),
    /// Nothing may take this key away from its meaning: the action, what was written.
    Reserved(&'static str, String),
    /// A key would mean two things: the action of the settings, the key, the other action.
    Taken(&'static str, String, String),
}

impl Default for Keymap {
    fn default() -> Self {
        Self(TABLE.iter().map(Bound::from).collect())
    }
}

impl Keymap {
    /// The table with other keys for some actions, which are named as [`names`] says.
    pub fn with<'a>(
        wishes: impl IntoIterator<Item = (&'static str, &'a [String])>,
    ) -> Result<Self, Conflict> {
        let mut keymap = Self::default();
        let mut changed = Vec::new();
        for (name, written) in wishes {
            let keys: Result<Vec<Key>, Conflict> = written.iter().map(|key| wished(name, key)).collect();
            keymap.replace(name, &keys?);
            changed.push(name);
        }
        match changed.into_iter().find_map(|name| keymap.conflict(name)) {
            Some(conflict) => Err(conflict),
            None => Ok(keymap),
        }
    }

    /// Gives an action these keys instead of its own, where it stood in the table.
    fn replace(&mut self, name: &str, keys: &[Key]) {
        let is_meant = |bound: &Bound| bound.is_changeable() && name_of(bound.help) == name;
        let Some(at) = self.0.iter().position(is_meant) else { return };
        let model = self.0[at].clone();
        self.0.retain(|bound| !is_meant(bound));
        // Keys that write or edit text are commands only where nobody writes.
        let (text, others): (Vec<Key>, Vec<Key>) = keys.iter().partition(|key| key.is_of_text());
        let usual = if model.scope == Scope::Commands { Scope::Everywhere } else { model.scope };
        let at_place = [(others, usual), (text, Scope::Commands)];
        let mut footer = model.footer;
        let bounds = at_place.into_iter().filter(|(keys, _)| !keys.is_empty()).map(|(keys, scope)| Bound {
            keys,
            scope,
            footer: footer.take(),
            ..model.clone()
        });
        let bounds: Vec<Bound> = bounds.collect();
        self.0.splice(at..at, bounds);
    }

    /// What of this action's keys means something else, too.
    fn conflict(&self, name: &'static str) -> Option<Conflict> {
        let mine = |bound: &&Bound| bound.is_changeable() && name_of(bound.help) == name;
        for bound in self.0.iter().filter(mine) {
            for other in self.0.iter().filter(|other| name_of(other.help) != name) {
                let shared = bound.keys.iter().find(|key| other.keys.contains(key));
                if let Some(key) = shared.filter(|_| bound.scope.meets(other.scope)) {
                    return Some(Conflict::Taken(name, key.to_string(), name_of(other.help)));
                }
            }
        }
        None
    }

    /// All bindings, in the order of the table.
    pub fn bindings(&self) -> &[Bound] {
        &self.0
    }

    /// What a key means there, under either layout.
    pub fn action(&self, key: Key, context: Context) -> Option<Action> {
        let key = key.latin();
        let is_it = |bound: &&Bound| bound.scope.holds(context) && bound.keys.contains(&key);
        self.0.iter().find(is_it).map(|bound| bound.action)
    }

    /// The help: one line per action, in the order of the table. The first run tells its keys itself.
    pub fn help(&self) -> Vec<Help> {
        let mut lines: Vec<Help> = Vec::new();
        for bound in self.0.iter().filter(|bound| bound.scope != Scope::FirstRun) {
            let Some(line) = lines.iter_mut().find(|line| line.text == bound.help) else {
                lines.push(Help { action: bound.action, text: bound.help, keys: bound.keys.clone() });
                continue;
            };
            line.keys.extend(&bound.keys);
        }
        lines
    }

    /// The key to show for an action; empty where the settings took all away.
    pub fn shown(&self, action: Action) -> String {
        let bound = self.0.iter().find(|bound| bound.action == action);
        bound.and_then(|bound| bound.keys.first()).map(ToString::to_string).unwrap_or_default()
    }
}

impl Bound {
    /// Whether the settings may give it other keys. Answers, the first run and the way out stay as they are.
    fn is_changeable(&self) -> bool {
        !matches!(self.scope, Scope::Question | Scope::FirstRun)
            && !matches!(self.action, Action::End | Action::SortBy(_))
    }
}

/// The names that the settings know actions by, in the order of the table.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for bound in Keymap::default().0.iter().filter(|bound| bound.is_changeable()) {
        let name = name_of(bound.help);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The name of an action in the settings: that of its help, written as settings are.
fn name_of(help: &str) -> String {
    help.trim_start_matches("help-").replace('-', "_")
}

fn wished(name: &'static str, written: &str) -> Result<Key, Conflict> {
    let key = Key::parse(written).ok_or_else(|| Conflict::NoKey(name, written.to_owned()))?;
    // Whatever else is set, this one ends the program.
    if key == Key::ctrl('c') { Err(Conflict::Reserved(name, written.to_owned())) } else { Ok(key) }
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
        let (mods, name) = match text.split_once('+') {
            Some((chord, name)) if !name.is_empty() && chord.eq_ignore_ascii_case("ctrl") => {
                (Mods::Ctrl, name)
            }
            Some((chord, name)) if !name.is_empty() && chord.eq_ignore_ascii_case("alt") => (Mods::Alt, name),
            _ => (Mods::None, text),
        };
        Some(Self { code: code(name)?, mods }.latin())
    }

    /// Whether it writes or edits where text is typed.
    fn is_of_text(&self) -> bool {
        use Code as C;
        let is_text = matches!(
            self.code,
            C::Char(_) | C::Backspace | C::Delete | C::Left | C::Right | C::Home | C::End
        );
        self.mods == Mods::None && is_text
    }
}

fn code(name: &str) -> Option<Code> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(Code::Char(letter));
    }
    let named = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let number = || name.strip_prefix(['F', 'f'])?.parse().ok().filter(|number| (1..=12).contains(number));
    named.map(|(_, code)| *code).or_else(|| number().map(Code::F))
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.mods {
            Mods::None => "",
            Mods::Ctrl => "Ctrl+",
            Mods::Alt => "Alt+",
        })?;
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

    fn keymap(wishes: &[(&'static str, &[&str])]) -> Result<Keymap, Conflict> {
        let wishes: Vec<(&'static str, Vec<String>)> = wishes
            .iter()
            .map(|(name, keys)| (*name, keys.iter().map(|key| (*key).to_owned()).collect()))
            .collect();
        Keymap::with(wishes.iter().map(|(name, keys)| (*name, keys.as_slice())))
    }

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
    fn an_action_takes_the_keys_it_is_given_and_loses_its_own() {
        let keymap = keymap(&[("check", &["F11", "z"])]).expect("no conflict");
        let of = |text, context| keymap.action(Key::parse(text).expect("a key"), context);
        assert_eq!(of("F11", Context::Field), Some(Action::Check));
        assert_eq!(of("z", Context::Commands), Some(Action::Check));
        assert_eq!(of("я", Context::Commands), Some(Action::Check), "under the Russian layout, too");
        assert_eq!(of("z", Context::Field), None, "letters stay text in the field");
        assert_eq!(of("F4", Context::Commands), None);
        let footer = keymap.bindings().iter().find(|bound| bound.footer == Some("key-check"));
        assert_eq!(footer.map(|bound| bound.keys.clone()), Some(vec![Key::plain(Code::F(11))]));
    }

    #[test]
    fn two_actions_may_change_places() {
        let keymap = keymap(&[("check", &["F5"]), ("sync", &["F4"])]).expect("no conflict");
        assert_eq!(keymap.action(Key::plain(Code::F(5)), Context::Field), Some(Action::Check));
        assert_eq!(keymap.action(Key::plain(Code::F(4)), Context::Field), Some(Action::Sync));
    }

    #[test]
    fn conflicts_are_refused_by_name() {
        let of = |name, keys: &[&str]| keymap(&[(name, keys)]).expect_err("a conflict");
        assert_eq!(of("check", &["F8"]), Conflict::Taken("check", "F8".into(), "quit".into()));
        assert_eq!(of("check", &["й"]), Conflict::Taken("check", "q".into(), "quit".into()));
        assert_eq!(of("check", &["Ctrl+С"]), Conflict::Reserved("check", "Ctrl+С".into()));
        assert_eq!(of("check", &["F99"]), Conflict::NoKey("check", "F99".into()));
        assert_eq!(of("check", &["4"]), Conflict::Taken("check", "4".into(), "sort_by".into()));
    }
}
