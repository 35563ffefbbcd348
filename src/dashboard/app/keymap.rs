//! The keys in force: the usual ones, with what the settings put in their place.

pub use super::action::Scope;
use super::action::{Action, TABLE};
use super::key::{Key, Mods, has_all};
use crate::config::usual_keys;

/// What the keyboard is talking to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The search field: letters are text.
    Field,
    /// The list of customers, or one of them: letters begin a search.
    Customers,
    /// What lies over them, or takes their place: letters are commands.
    Lines,
    /// The field of what lies over them: letters are text.
    Filter,
    /// A question: only answers count.
    Question,
    /// The first run, before there are settings.
    FirstRun,
    /// The form that makes them.
    Form,
}

impl Scope {
    /// Whether two scopes share a place.
    fn meets(self, other: Self) -> bool {
        use Context as C;
        [C::Field, C::Customers, C::Lines, C::Filter, C::Question, C::FirstRun, C::Form]
            .into_iter()
            .any(|at| self.holds(at) && other.holds(at))
    }

    /// The key as it is understood there: an answer by its letter, a command by its place.
    fn understood(self, key: Key) -> Key {
        if self == Self::Question { key.lettered() } else { key.latin() }
    }

    /// Whether it is of the time before there are settings.
    fn is_of_first_run(self) -> bool {
        matches!(self, Self::FirstRun | Self::Form)
    }

    /// Whether a binding of this scope holds there.
    pub fn holds(self, context: Context) -> bool {
        match self {
            Self::Always => true,
            Self::Everywhere => !matches!(context, Context::Question | Context::FirstRun | Context::Form),
            Self::FirstRun => context == Context::FirstRun,
            Self::Form => context == Context::Form,
            Self::Commands => matches!(context, Context::Customers | Context::Lines),
            Self::Letters => context == Context::Lines,
            Self::Field => context == Context::Field,
            Self::Question => context == Context::Question,
        }
    }
}

/// The keys in force, in the order of the help.
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
    /// Its line in the help, in the reader's language: what is typed is looked for in it.
    words: String,
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
        Self::of(&[])
    }
}

impl Keymap {
    /// The usual keys, but others for some actions, which are named as [`names`] says.
    pub fn with<'a>(
        wishes: impl IntoIterator<Item = (&'static str, &'a [String])>,
    ) -> Result<Self, Conflict> {
        let mut changed = Vec::new();
        for (name, written) in wishes {
            let keys: Result<Vec<Key>, Conflict> = written.iter().map(|key| wished(name, key)).collect();
            changed.push((name, keys?));
        }
        let keymap = Self::of(&changed);
        let conflict = changed.into_iter().find_map(|(name, _)| keymap.conflict(name));
        conflict.map_or(Ok(keymap), Err)
    }

    fn of(wishes: &[(&str, Vec<Key>)]) -> Self {
        let parsed = |keys: &[&str]| keys.iter().filter_map(|key| Key::parse(key)).collect::<Vec<Key>>();
        let mut bounds = Vec::new();
        for &(action, scope, fixed, help) in TABLE {
            let name = name_of(help);
            let usual = || usual_keys().find(|(key, _)| *key == name).map_or(&[][..], |(_, keys)| keys);
            let wish = wishes.iter().rfind(|(wished, _)| *wished == name).map(|(_, keys)| keys.clone());
            let mut bound = |keys: Vec<Key>, scope| {
                bounds.push(Bound { action, keys, scope, help, words: String::new() });
            };
            if !fixed.is_empty() {
                let keys = fixed.iter().filter_map(|key| Key::written(key));
                bound(keys.map(|key| scope.understood(key)).collect(), scope);
                continue;
            }
            // Keys that edit text are commands only where nobody writes, those that begin one only where nobody could.
            let keys = wish.unwrap_or_else(|| parsed(usual()));
            let (letters, keys): (Vec<_>, Vec<_>) = keys.into_iter().partition(Key::is_letter);
            let (editing, others) = keys.into_iter().partition(Key::is_of_text);
            bound(others, scope);
            bound(editing, Scope::Commands);
            bound(letters, Scope::Letters);
        }
        bounds.retain(|bound| !bound.keys.is_empty());
        Self(bounds)
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
        // «б» is text, though a comma is in its place.
        if context == Context::Customers && key.is_letter() {
            return None;
        }
        let means = |bound: &Bound| bound.keys.contains(&bound.scope.understood(key));
        let is_it = |bound: &&Bound| bound.scope.holds(context) && means(bound);
        self.0.iter().find(is_it).map(|bound| bound.action)
    }

    /// The same, each worded by its text id.
    #[must_use]
    pub fn worded(mut self, word: impl Fn(&str) -> String) -> Self {
        for bound in &mut self.0 {
            bound.words = word(bound.help);
        }
        self
    }

    /// The help: one line per action with all its keys. The first run tells its keys itself. Only lines that have all
    /// that was typed, be it under the other layout.
    pub fn help(&self, typed: &str) -> Vec<Bound> {
        let mut lines: Vec<Bound> = Vec::new();
        for bound in self.0.iter().filter(|bound| !bound.scope.is_of_first_run()) {
            match lines.iter_mut().find(|line| line.help == bound.help) {
                Some(line) => line.keys.extend(&bound.keys),
                None => lines.push(bound.clone()),
            }
        }
        lines.retain(|line| line.is_meant(typed));
        lines
    }

    /// The key to show for an action there, a letter where one is enough; `None` where the settings took all away.
    pub fn shown(&self, action: Action, context: Context) -> Option<Key> {
        let bounds = || self.0.iter().filter(|bound| bound.action == action);
        let letter = || bounds().find(|bound| bound.scope == Scope::Letters && context == Context::Lines);
        let is_short = |bound: &&Bound| bound.keys.iter().all(|key| key.mods == Mods::None);
        let first = bounds().find(|bound| bound.scope.holds(context)).or_else(|| bounds().next());
        first.filter(is_short).or_else(letter).or(first).and_then(|bound| bound.keys.first()).copied()
    }
}

impl Bound {
    /// Whether its line, or the name of one of its keys, has every word that was typed.
    fn is_meant(&self, typed: &str) -> bool {
        let words = self.words.to_lowercase();
        let keys: Vec<String> = self.keys.iter().map(|key| key.to_string().to_lowercase()).collect();
        has_all(typed, |word| words.contains(word) || keys.iter().any(|key| key.contains(word)))
    }

    /// Whether the settings may give it other keys. Answers, the first run and the way out stay as they are.
    fn is_changeable(&self) -> bool {
        self.scope != Scope::Question
            && !self.scope.is_of_first_run()
            && !matches!(self.action, Action::End | Action::SortBy(_) | Action::Cause(_))
    }
}

/// The names that the settings know actions by, in the order of the table.
pub fn names() -> Vec<String> {
    TABLE.iter().filter(|line| line.2.is_empty()).map(|line| name_of(line.3)).collect()
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

#[cfg(test)]
mod tests {
    use super::super::key::Code;
    use super::*;

    fn keymap(wishes: &[(&'static str, &[&str])]) -> Result<Keymap, Conflict> {
        let wishes: Vec<(&'static str, Vec<String>)> = wishes
            .iter()
            .map(|(name, keys)| (*name, keys.iter().map(|key| (*key).to_owned()).collect()))
            .collect();
        Keymap::with(wishes.iter().map(|(name, keys)| (*name, keys.as_slice())))
    }

    #[test]
    fn an_action_takes_the_keys_it_is_given_and_loses_its_own() {
        let keymap = keymap(&[("check", &["F11", "z"])]).expect("no conflict");
        let of = |text, context| keymap.action(Key::parse(text).expect("a key"), context);
        assert_eq!(of("F11", Context::Field), Some(Action::Check));
        assert_eq!(of("z", Context::Lines), Some(Action::Check));
        assert_eq!(of("я", Context::Lines), Some(Action::Check), "under the Russian layout, too");
        assert_eq!(of("z", Context::Field), None, "letters stay text in the field");
        assert_eq!(of("F4", Context::Customers), None);
        assert_eq!(keymap.shown(Action::Check, Context::Field), Some(Key::plain(Code::F(11))));
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
        assert_eq!(of("check", &["Alt+4"]), Conflict::Taken("check", "Alt+4".into(), "sort_by".into()));
    }
}
