//! The commented configuration that `sverka init` writes.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::Path;

use super::error::ConfigError;
use crate::files::{Draft, folder_of};

/// Every key with its default and what it means.
pub const EXAMPLE: &str = include_str!("../../config.toml.example");

/// Whether there is a file already that `init` would leave as it is.
pub fn refuse_existing(path: &Path) -> Result<(), ConfigError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(ConfigError::Exists { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}

/// Writes [`EXAMPLE`] to `path` for the owner's eyes only, folders included; an existing file stays as it is. With
/// these names of opening balances in place of the usual ones, where they are given.
pub fn init(path: &Path, opening_balance: Option<&[String]>) -> Result<(), ConfigError> {
    write_new(path, &with_opening_balance(opening_balance)).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if fs::symlink_metadata(path).is_ok() => {
            ConfigError::Exists { path: path.to_owned() }
        }
        kind => ConfigError::Unwritable { path: path.to_owned(), kind },
    })
}

/// [`EXAMPLE`] with its line of opening balances replaced.
fn with_opening_balance(names: Option<&[String]>) -> String {
    let Some(names) = names else { return EXAMPLE.to_owned() };
    let line = |line: &str| {
        if line.starts_with("opening_balance = ") {
            opening_balance_line(names) + "\n"
        } else {
            line.to_owned()
        }
    };
    EXAMPLE.split_inclusive('\n').map(line).collect()
}

/// The line of the settings that takes documents whose types contain these for opening balances.
pub fn opening_balance_line(names: &[String]) -> String {
    let quoted = names.iter().map(|name| format!("\"{}\"", escaped(name)));
    format!("opening_balance = [{}]", quoted.collect::<Vec<_>>().join(", "))
}

/// A name between quotes, as TOML wants it: it came from 1C.
fn escaped(name: &str) -> String {
    let escape = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
        letter => letter.to_string(),
    };
    name.chars().map(escape).collect()
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    folder_for_owner().create(folder)?;
    let draft = Draft::in_folder(folder, 0o600)?;
    draft.file().write_all(text.as_bytes())?;
    draft.keep_new(path).map_err(|(error, _)| error)
}

fn folder_for_owner() -> DirBuilder {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("exists").permissions().mode() & 0o777
    }

    #[test]
    fn init_writes_for_the_owner_only_and_never_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sverka").join("config.toml");
        assert_eq!(init(&path, None), Ok(()));
        assert_eq!(fs::read_to_string(&path).expect("written"), EXAMPLE);
        assert_eq!((mode(path.parent().expect("a folder")), mode(&path)), (0o700, 0o600));

        fs::write(&path, "mine").expect("changed");
        assert_eq!(init(&path, None), Err(ConfigError::Exists { path: path.clone() }));
        assert_eq!(fs::read_to_string(&path).expect("still there"), "mine");
    }

    #[test]
    fn init_says_where_it_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let error = init(&file.join("config.toml"), None).expect_err("a file is no folder");
        assert!(matches!(error, ConfigError::Unwritable { .. }), "{error:?}");
    }
}
