//! The commented configuration that `sverka init` writes.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::Path;

use super::error::ConfigError;
use crate::files::{Draft, folder_of};

/// Every key with its default and what it means.
pub const EXAMPLE: &str = include_str!("../../config.toml.example");

/// Writes [`EXAMPLE`] to `path` for the owner's eyes only, folders included; an existing file stays as it is.
pub fn init(path: &Path) -> Result<(), ConfigError> {
    write_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if fs::symlink_metadata(path).is_ok() => {
            ConfigError::Exists { path: path.to_owned() }
        }
        kind => ConfigError::Unwritable { path: path.to_owned(), kind },
    })
}

fn write_new(path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    folder_for_owner().create(folder)?;
    let draft = Draft::in_folder(folder, 0o600)?;
    draft.file().write_all(EXAMPLE.as_bytes())?;
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
        assert_eq!(init(&path), Ok(()));
        assert_eq!(fs::read_to_string(&path).expect("written"), EXAMPLE);
        assert_eq!((mode(path.parent().expect("a folder")), mode(&path)), (0o700, 0o600));

        fs::write(&path, "mine").expect("changed");
        assert_eq!(init(&path), Err(ConfigError::Exists { path: path.clone() }));
        assert_eq!(fs::read_to_string(&path).expect("still there"), "mine");
    }

    #[test]
    fn init_says_where_it_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let error = init(&file.join("config.toml")).expect_err("a file is no folder");
        assert!(matches!(error, ConfigError::Unwritable { .. }), "{error:?}");
    }
}
