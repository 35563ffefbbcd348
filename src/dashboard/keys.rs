//! The keys that the settings ask for, as the dashboard understands them.

use crate::config::{ConfigError, KeyWish};
use crate::dashboard::app::Keymap;
use crate::dashboard::app::keymap::Conflict;

/// The keys in force; an error with its place where they cannot be.
pub fn keymap(wishes: &[KeyWish]) -> Result<Keymap, ConfigError> {
    let named = wishes.iter().map(|wish| (wish.action, wish.keys.as_slice()));
    Keymap::with(named).map_err(|conflict| worded(conflict, wishes))
}

fn worded(conflict: Conflict, wishes: &[KeyWish]) -> ConfigError {
    let (action, written, other) = match conflict {
        Conflict::NoKey(action, written) => {
            return ConfigError::NoKey { key: setting(action), written, at: place(action, wishes) };
        }
        Conflict::Reserved(action, written) => (action, written, String::new()),
        Conflict::Taken(action, written, other) => (action, written, setting(&other)),
    };
    ConfigError::KeyTaken { key: setting(action), written, other, at: place(action, wishes) }
}

fn setting(action: &str) -> String {
    format!("keys.{action}")
}

fn place(action: &str, wishes: &[KeyWish]) -> crate::config::SettingOrigin {
    let wish = wishes.iter().find(|wish| wish.action == action);
    wish.map_or(crate::config::SettingOrigin::Option("[keys]"), |wish| wish.at.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::{
        Config, Overrides, SettingOrigin, SourceFile, Sources, example as example_of_settings,
    };
    use crate::dashboard::app::keymap::names;

    fn wishes(file: &str) -> Vec<KeyWish> {
        let file = SourceFile {
            path: "config.toml".into(),
            text: file.to_owned(),
            readable_by_others: false,
            writable_by_others: false,
        };
        let environment = [("HOME", "/home/anna")].into_iter().collect();
        let overrides = Overrides { store: Some("sverka.redb".into()), ..Overrides::default() };
        let sources = Sources { file: Some(file), environment, overrides, places: None };
        Config::load(&sources).expect("settings that load").config.keys
    }

    /// The example with its section of keys switched on.
    fn example() -> Vec<KeyWish> {
        let text = example_of_settings();
        let lines = text.lines().skip_while(|line| *line != "[keys]");
        let lines: Vec<&str> = lines.map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
        wishes(&lines.join("\n"))
    }

    #[test]
    fn the_settings_know_every_action_by_name() {
        let known: BTreeSet<String> = names().into_iter().collect();
        let settings: BTreeSet<String> = example().iter().map(|wish| wish.action.to_owned()).collect();
        assert_eq!(settings, known);
    }

    #[test]
    fn the_example_says_the_keys_there_are() {
        let keymap = keymap(&example()).expect("no conflict");
        let shown = |keymap: &Keymap| -> Vec<String> {
            keymap.help("").iter().map(|help| format!("{} {:?}", help.help, help.keys)).collect()
        };
        assert_eq!(shown(&keymap), shown(&Keymap::default()));
    }

    #[test]
    fn a_conflict_is_refused_by_name_and_place() {
        let error = keymap(&wishes("[keys]\n\ncheck = [\"F8\"]\n")).expect_err("a conflict");
        let at = SettingOrigin::File { path: "config.toml".into(), line: 3, column: 9 };
        let taken = ConfigError::KeyTaken {
            key: "keys.check".into(),
            written: "F8".into(),
            other: "keys.quit".into(),
            at,
        };
        assert_eq!(error, taken);
    }
}
