//! The commented configuration that `sverka init` writes.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;

use super::Config;
use super::error::ConfigError;
use super::setting::{Setting, list, quoted};
use super::table::{SECTIONS, SETTINGS};
use crate::files::{Draft, folder_of, make_folder};

/// What stands before the first section.
const HEAD: &str = "\
# sverka: settings. `sverka init` puts this file where sverka looks for it.
#
# Every key is here with its default; a line beginning with `# key =` shows one that is not set by default.
# Each can also be given by the environment: SVERKA_ONEC__URL for `url` in [onec], SVERKA_ONEC__NAMES__CARDS
# for `cards` in [onec.names], lists separated by commas. The environment beats this file, options of the
# command line beat both.
#
# Spans of time: \"150ms\", \"10s\", \"30m\", \"4h\", \"1d\", \"6h30m\". Relative paths start from this file's folder.
";

/// Columns of the longest line; a longer list is broken.
const WIDTH: usize = 120;

/// Every setting with its default and what it does, as the table of settings has it.
pub fn example() -> String {
    written(&mut Config::default()).to_string()
}

/// These settings as a file: the address, the login and the password too, where they are set.
pub fn written(config: &mut Config) -> Zeroizing<String> {
    let mut text = Zeroizing::new(HEAD.to_owned());
    let mut section = "";
    for setting in SETTINGS {
        let (of, name) = setting.section_and_name();
        if of != section {
            section = of;
            let about = SECTIONS.iter().find(|(name, _)| *name == of).map_or("", |(_, about)| about);
            text.extend(["\n", &commented(about), "[", of, "]\n"]);
        } else if !setting.about.is_empty() {
            text.push('\n');
        }
        text.push_str(&commented(setting.about));
        let (mark, value) = match value(setting, config) {
            Some(value) => ("", value),
            // An address that is nobody's must not be asked.
            None => ("# ", Zeroizing::new(setting.sample())),
        };
        text.push_str(&line_of(&format!("{mark}{name}"), &value));
    }
    text
}

fn value(setting: &Setting, config: &mut Config) -> Option<Zeroizing<String>> {
    let password = config.onec.password.expose_secret();
    if setting.path == "onec.password" && !password.is_empty() {
        return Some(Zeroizing::new(quoted(password)));
    }
    setting.value(config).map(Zeroizing::new)
}

fn commented(about: &str) -> String {
    about.lines().flat_map(|line| ["# ", line.trim_start(), "\n"]).collect()
}

/// A line of the file; a list that is too long for one takes several.
fn line_of(name: &str, value: &str) -> String {
    let line = format!("{name} = {value}\n");
    let list = match value.parse() {
        Ok(toml::Value::Array(list)) if line.chars().count() > WIDTH => list,
        _ => return line,
    };
    let mut text = format!("{name} = [");
    let mut column = WIDTH;
    for word in list.iter().map(toml::Value::to_string) {
        let length = word.chars().count() + 2;
        let is_full = column + length > WIDTH;
        text.extend([if is_full { "\n    " } else { " " }, &word, ","]);
        column = if is_full { 4 + length } else { column + length };
    }
    text + "\n]\n"
}

/// Whether there is a file already that `init` would leave as it is.
pub fn refuse_existing(path: &Path) -> Result<(), ConfigError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(ConfigError::Exists { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}

/// Writes these settings to `path` for the owner's eyes only, folders included, with everything explained as in
/// [`example`]; an existing file stays as it is.
pub fn init(path: &Path, mut config: Config) -> Result<(), ConfigError> {
    write_new(path, &written(&mut config)).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if fs::symlink_metadata(path).is_ok() => {
            ConfigError::Exists { path: path.to_owned() }
        }
        kind => ConfigError::Unwritable { path: path.to_owned(), kind },
    })
}

/// The line of the settings that takes documents whose types contain these for opening balances.
pub fn opening_balance_line(names: &[String]) -> String {
    format!("opening_balance = {}", list(names))
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    make_folder(folder)?;
    let draft = Draft::in_folder(folder, 0o600)?;
    draft.file().write_all(text.as_bytes())?;
    draft.keep_new(path).map_err(|(error, _)| error)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use proptest::prelude::*;

    use super::super::setting::{Setting, Takes};
    use super::*;

    /// The page of settings, in the repository.
    const PAGE: &str = "docs/configuration.md";
    const FILE: &str = "config.toml.example";

    fn path(of: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
    }

    fn read(of: &str) -> String {
        fs::read_to_string(path(of)).expect("a file of the repository")
    }

    /// What the page says is the default.
    fn default_of(setting: &Setting) -> String {
        let value = setting.value(&mut Config::default()).unwrap_or_default();
        if value.is_empty() { value } else { format!("`{}`", value.trim_matches('"')) }
    }

    /// A line of the page: settings that belong together.
    fn line_of_page(group: &[Setting]) -> String {
        let lines: Vec<_> = group.first().expect("a setting").about.lines().map(str::trim).collect();
        let about = lines.join(" ");
        let first = about.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let key = |(at, setting): (usize, &Setting)| {
            let name = if at == 0 { setting.path } else { setting.section_and_name().1 };
            format!("`{name}`")
        };
        let keys: Vec<_> = group.iter().enumerate().map(key).collect();
        let defaults: Vec<_> = group.iter().map(default_of).filter(|it| !it.is_empty()).collect();
        format!("| {} | {} | {first} |\n", keys.join(", "), defaults.join(", "))
    }

    /// The table of the page. The keys of the dashboard have a page of their own.
    fn table_of_page() -> String {
        let shown: Vec<_> = SETTINGS.split(|setting| matches!(setting.takes, Takes::Keys(_))).collect();
        let groups = shown.into_iter().flat_map(|it| it.chunk_by(|_, next| next.about.is_empty()));
        let rows: String = groups.map(line_of_page).collect();
        let keys = "| `keys.*` | as in [dashboard.md](dashboard.md) | Keys of the dashboard |\n";
        format!("| key | default | what |\n| --- | --- | --- |\n{rows}{keys}")
    }

    /// The page with its table made anew.
    fn page() -> String {
        let old = read(PAGE);
        let start = old.find("| key | default |").expect("a table");
        let (before, rest) = old.split_at(start);
        let after = rest.find("\n\n").map_or("", |end| &rest[end + 1..]);
        format!("{before}{}{after}", table_of_page())
    }

    #[test]
    fn the_example_and_the_page_say_what_the_table_of_settings_says() {
        const AGAIN: &str = "write it: cargo test --lib the_table_of_settings_is_written -- --ignored";
        assert!(read(FILE) == example(), "{FILE} says something else; {AGAIN}");
        assert!(read(PAGE) == page(), "{PAGE} says something else; {AGAIN}");
    }

    #[test]
    #[ignore = "writes config.toml.example and the table of docs/configuration.md"]
    fn the_table_of_settings_is_written() {
        fs::write(path(FILE), example()).expect("written");
        fs::write(path(PAGE), page()).expect("written");
    }

    #[test]
    fn every_setting_is_explained_and_none_too_wide() {
        for setting in SETTINGS.iter().filter(|setting| !matches!(setting.takes, Takes::Keys(_))) {
            let mut group = SETTINGS.iter().take_while(|other| other.path != setting.path);
            assert!(!setting.about.is_empty() || group.any(|it| !it.about.is_empty()), "{}", setting.path);
        }
        for line in example().lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_names_are_read_as_they_were_written(names in prop::collection::vec("[a-zЯ\"\\\\\\[\\], ]{1,12}", 0..20)) {
            let mut config = Config::default();
            config.names.opening_balance.clone_from(&names);
            let text = written(&mut config);
            let table: toml::Table = text.as_str().parse().expect("TOML");
            let read = table["onec"]["names"]["opening_balance"].as_array().expect("a list");
            let read: Vec<_> = read.iter().filter_map(|name| name.as_str()).collect();
            prop_assert_eq!(read, names);
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("exists").permissions().mode() & 0o777
    }

    #[test]
    fn init_writes_for_the_owner_only_and_never_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sverka").join("config.toml");
        assert_eq!(init(&path, Config::default()), Ok(()));
        assert_eq!(fs::read_to_string(&path).expect("written"), example());
        assert_eq!((mode(path.parent().expect("a folder")), mode(&path)), (0o700, 0o600));

        fs::write(&path, "mine").expect("changed");
        assert_eq!(init(&path, Config::default()), Err(ConfigError::Exists { path: path.clone() }));
        assert_eq!(fs::read_to_string(&path).expect("still there"), "mine");
    }

    #[test]
    fn init_says_where_it_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let error = init(&file.join("config.toml"), Config::default()).expect_err("a file is no folder");
        assert!(matches!(error, ConfigError::Unwritable { .. }), "{error:?}");
    }
}
