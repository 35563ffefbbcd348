//! What a file of settings says, by hashes of its values: enough to tell which of them changed since, and nothing to be read
//! out of it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::error::ConfigError;
use super::layer::{self, Raw};

/// The settings of a file with a hash of each value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsPrint(BTreeMap<&'static str, u64>);

impl SettingsPrint {
    /// What this text of a file says.
    pub fn of(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let layer = layer::from_file(path, text)?;
        Ok(Self(layer.iter().map(|(key, entry)| (*key, hash(&entry.value))).collect()))
    }

    /// The settings that another text says otherwise, or one of the two not at all.
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        let keys = self.0.keys().chain(other.0.keys().filter(|key| !self.0.contains_key(*key)));
        let mut changed: Vec<_> = keys.filter(|key| self.0.get(*key) != other.0.get(*key)).copied().collect();
        changed.sort_unstable();
        changed
    }
}

fn hash(value: &Raw) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Raw::Text(text) => text.hash(&mut hasher),
        Raw::Number(number) => number.hash(&mut hasher),
        Raw::Flag(flag) => flag.hash(&mut hasher),
        Raw::Words(words) => words.hash(&mut hasher),
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(text: &str) -> SettingsPrint {
        SettingsPrint::of(Path::new("config.toml"), text).expect("settings")
    }

    #[test]
    fn what_changed_is_named_and_nothing_else() {
        let before =
            print("[sync]\ndays = 365\nlimit = 5\n[ui]\ntheme = \"night\"\n[onec]\npassword = \"a\"\n");
        let after =
            print("# new\n[sync]\nlimit = 5\ndays = 30\n[keys]\nfind = [\"F3\"]\n[onec]\npassword = \"b\"\n");
        assert_eq!(before.changed(&after), ["keys.find", "onec.password", "sync.days", "ui.theme"]);
        assert_eq!(after.changed(&before), before.changed(&after));
        assert!(before.changed(&before).is_empty());
        assert!(!format!("{before:?}").contains("night"), "no value can be read");
        assert!(SettingsPrint::of(Path::new("x"), "[sync\n").is_err());
    }
}
