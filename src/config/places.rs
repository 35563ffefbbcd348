//! What the system tells: the environment, and where configuration and data belong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use etcetera::BaseStrategy;
use secrecy::zeroize::Zeroize;

use super::error::ConfigError;
use super::{Language, Symbols, Theme};

/// The environment variables that matter here. An empty one counts as absent, as containers set them.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the process's environment: our own variables, the portal's, and those about language, colour and places.
    pub fn of_process() -> Result<Self, ConfigError> {
        let ours = |name: &str| {
            let is_own = name.starts_with("SVERKA_") || name.starts_with("ONEC_API_");
            is_own || OTHERS.contains(&name) || IGNORED.contains(&name)
        };
        let mut variables = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|name| ours(name)) else { continue };
            if IGNORED.contains(&name) {
                variables.insert(name.to_owned(), value.to_string_lossy().into_owned());
                continue;
            }
            let value =
                value.into_string().map_err(|_| ConfigError::NotUnicode { variable: name.to_owned() })?;
            variables.insert(name.to_owned(), value);
        }
        Ok(Self(variables))
    }

    /// The value of a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All variables that are not empty, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

const OTHERS: [&str; 9] = [
    "LC_ALL",
    "LC_MESSAGES",
    "LC_CTYPE",
    "LANG",
    "NO_COLOR",
    "COLORTERM",
    "TERM",
    "HOME",
    "CREDENTIALS_DIRECTORY",
];

/// Variables that are told of, and do not count.
const IGNORED: [&str; 8] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Some of the values are secrets.
impl Drop for Environment {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Names only: a value may be a secret.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where the platform wants things to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration: `…/sverka/config.toml`.
    pub config: PathBuf,
    /// The store: `…/sverka/sverka.redb`.
    pub store: PathBuf,
    /// The dashboard's small state: `…/sverka/state.toml`.
    pub state: PathBuf,
    /// What happened: `…/sverka/sverka.log`.
    pub log: PathBuf,
}

impl Places {
    /// The platform's folders; an error where there is no home.
    pub fn of_platform() -> Result<Self, ConfigError> {
        let folders = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
        let state = folders.state_dir().unwrap_or_else(|| folders.data_dir());
        Ok(Self {
            log: state.join("sverka").join("sverka.log"),
            state: state.join("sverka").join("state.toml"),
            config: folders.config_dir().join("sverka").join("config.toml"),
            store: folders.data_dir().join("sverka").join("sverka.redb"),
        })
    }
}

/// Where a panic leaves its report: `…/sverka/last-crash.txt`, among what the platform keeps of a program's own doings.
pub fn crash_report() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    Some(folder.join("sverka").join("last-crash.txt"))
}

/// English where the locale begins with `en`, else Russian. The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that
/// names a language decides; `C` and `POSIX` name none.
pub fn language_of(environment: &Environment) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| environment.get(name))
        .find(|locale| !matches!(locale.split('.').next(), Some("C" | "POSIX")));
    match locale {
        Some(locale) if locale.starts_with("en") => Language::English,
        _ => Language::Russian,
    }
}

/// No colours where `NO_COLOR` is set.
pub fn theme_of(environment: &Environment) -> Theme {
    if environment.get("NO_COLOR").is_some() { Theme::Monochrome } else { Theme::Terminal }
}

/// ASCII where the locale names another character set than UTF-8, and on terminals known for few glyphs. A
/// locale that names none at all says nothing of the terminal.
pub fn symbols_of(environment: &Environment) -> Symbols {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.get(name));
    let is_utf8 = locale.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let has_few_glyphs = matches!(environment.get("TERM"), Some("linux" | "dumb" | "vt100" | "vt220"));
    if is_utf8 && !has_few_glyphs { Symbols::Unicode } else { Symbols::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_chooses_the_language() {
        let cases = [
            ("nothing set", &[][..], Language::Russian),
            ("english", &[("LANG", "en_US.UTF-8")], Language::English),
            ("bare english", &[("LC_MESSAGES", "en")], Language::English),
            ("russian", &[("LANG", "ru_RU.UTF-8")], Language::Russian),
            ("german", &[("LANG", "de_DE.UTF-8")], Language::Russian),
            ("the first decides", &[("LC_ALL", "ru_RU.UTF-8"), ("LANG", "en_US.UTF-8")], Language::Russian),
            ("C is no language", &[("LC_ALL", "C.UTF-8"), ("LANG", "en_GB.UTF-8")], Language::English),
            ("empty is unset", &[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")], Language::English),
        ];
        for (name, variables, expected) in cases {
            assert_eq!(language_of(&variables.iter().copied().collect()), expected, "{name}");
        }
    }

    #[test]
    fn no_color_takes_the_colours_away() {
        assert_eq!(theme_of(&Environment::default()), Theme::Terminal);
        assert_eq!(theme_of(&[("NO_COLOR", "1")].into_iter().collect()), Theme::Monochrome);
        assert_eq!(theme_of(&[("NO_COLOR", "")].into_iter().collect()), Theme::Terminal);
    }

    #[test]
    fn few_glyphs_make_ascii() {
        for (name, variables, expected) in [
            ("nothing set", &[][..], Symbols::Unicode),
            ("utf-8", &[("LANG", "ru_RU.UTF-8"), ("TERM", "xterm-256color")], Symbols::Unicode),
            ("utf8", &[("LC_ALL", "C.utf8")], Symbols::Unicode),
            ("koi8", &[("LANG", "ru_RU.KOI8-R")], Symbols::Ascii),
            ("no character set", &[("LC_ALL", "C"), ("LANG", "ru_RU.UTF-8")], Symbols::Ascii),
            ("the console", &[("LANG", "ru_RU.UTF-8"), ("TERM", "linux")], Symbols::Ascii),
        ] {
            assert_eq!(symbols_of(&variables.iter().copied().collect()), expected, "{name}");
        }
    }

    #[test]
    fn an_environment_shows_no_values() {
        let environment: Environment = [("SVERKA_ONEC__PASSWORD", "tiger-42")].into_iter().collect();
        assert!(!format!("{environment:?}").contains("tiger"));
    }
}
