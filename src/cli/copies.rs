//! Files for what was copied: personal data, so for their owner only.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Names tried for one copy before giving up.
const TRIES: u32 = 1_000;

/// Where copies lie: beside the store.
pub(super) fn folder(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new("")).join("copies")
}

/// Puts a text into a new file named like `name`; one that is there already is left alone.
pub(super) fn save(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..=TRIES {
        let name = if number == 1 { format!("{stem}.{kind}") } else { format!("{stem}-{number}.{kind}") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn copies_are_for_their_owner_and_never_overwrite() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(&home.path().join("sverka.redb"));
        let first = save(&folder, "карта.txt", "один").unwrap();
        let second = save(&folder, "карта.txt", "два").unwrap();
        assert_eq!(std::fs::read_to_string(&first).unwrap(), "один");
        assert_eq!(second.file_name().unwrap().to_str(), Some("карта-2.txt"));
        for (path, mode) in [(&folder, 0o700), (&first, 0o600), (&second, 0o600)] {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{path:?}");
        }
    }
}
