//! Files for what was copied: personal data, so for their owner only.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::files::{Draft, make_folder};

/// Names tried for one copy before giving up.
const TRIES: u32 = 1_000;

/// Where copies lie: beside the store.
pub(super) fn folder(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new("")).join("copies")
}

/// Puts a text into a new file named like `name`; one that is there already is left alone.
pub(super) fn save(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, "txt"));
    let draft = draft(folder)?;
    draft.file().write_all(text.as_bytes())?;
    keep(draft, folder, stem, kind)
}

/// A file that is not there until it is kept.
pub(super) fn draft(folder: &Path) -> io::Result<Draft> {
    make_folder(folder)?;
    Draft::in_folder(folder, 0o600)
}

/// Gives a draft that is whole a name of its own beside the other copies.
pub(super) fn keep(mut draft: Draft, folder: &Path, stem: &str, kind: &str) -> io::Result<PathBuf> {
    for path in names(folder, stem, kind) {
        match draft.keep_new(&path) {
            Ok(()) => return Ok(path),
            Err((error, kept)) if error.kind() == io::ErrorKind::AlreadyExists => draft = kept,
            Err((error, _)) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn names(folder: &Path, stem: &str, kind: &str) -> impl Iterator<Item = PathBuf> {
    (1..=TRIES).map(move |number| match number {
        1 => folder.join(format!("{stem}.{kind}")),
        _ => folder.join(format!("{stem}-{number}.{kind}")),
    })
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

    #[test]
    fn a_draft_is_seen_by_nobody_until_it_is_kept_and_then_overwrites_nothing() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(&home.path().join("sverka.redb"));
        let named = |at: &Path| std::fs::read_dir(at).unwrap().count();
        drop(draft(&folder).unwrap());
        assert_eq!(named(&folder), 0, "what is not kept is gone");
        let first = keep(draft(&folder).unwrap(), &folder, "base", "csv").unwrap();
        let second = keep(draft(&folder).unwrap(), &folder, "base", "csv").unwrap();
        assert_eq!((first.ends_with("base.csv"), second.ends_with("base-2.csv")), (true, true));
        assert_eq!(std::fs::metadata(&second).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(named(&folder), 2);
    }
}
