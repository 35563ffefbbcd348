//! Who else may read or write a file: what is run, or believed, must be its owner's alone to change.

use std::path::{Path, PathBuf};

use super::error::Warning;

/// Whether every user of the machine can read a file.
pub(super) fn is_readable_by_others(path: &Path) -> bool {
    system::mode(path).is_some_and(|mode| mode & 0o004 != 0)
}

/// Whether another user than its owner and root may change a file: by its own mode or owner, by being allowed to
/// put another in its place, or by doing so to what a link leads to.
pub(super) fn is_writable_by_others(path: &Path) -> bool {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folders = [path.parent(), real.parent()].into_iter().flatten();
    let folders = folders.flat_map(Path::ancestors).filter(|folder| !folder.as_os_str().is_empty());
    system::is_open(&real, system::PermissionKind::File)
        || folders.into_iter().any(|folder| system::is_open(folder, system::PermissionKind::Folder))
}

/// The program that a command of the shell starts, where it is named by a path. One that is found by `PATH` is where the
/// system keeps them, or where its user does.
pub(super) fn program_of(command: &str) -> Option<PathBuf> {
    let word = command.split_whitespace().next()?.trim_matches(['"', '\'']);
    let path = PathBuf::from(word);
    (word.contains('/') && path.is_file()).then_some(path)
}

/// What is to be said of a store that others may read or write: it holds personal data.
pub fn store_warning(store: &Path) -> Option<Warning> {
    // Whatever else lies there is no store, and not ours to lock others out of.
    let is_open = system::mode(store).is_some_and(|mode| mode & 0o066 != 0);
    if is_open && store.is_file() {
        return Some(Warning::StoreOpen { path: store.to_owned() });
    }
    let folder = store.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    let is_writable = system::is_open(folder, system::PermissionKind::Folder);
    is_writable.then(|| Warning::StoreFolderOpen { path: folder.to_owned() })
}

#[cfg(unix)]
mod system {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) enum PermissionKind {
        File,
        Folder,
    }

    /// In a folder with this bit nobody replaces the files of others.
    const STICKY: u32 = 0o1000;

    pub(super) fn mode(path: &Path) -> Option<u32> {
        std::fs::metadata(path).ok().map(|found| found.mode())
    }

    /// Whether others may change it. What is not there is nobody's; devices and pipes are the system's own affair.
    pub(super) fn is_open(path: &Path, kind: PermissionKind) -> bool {
        let Ok(found) = std::fs::metadata(path) else { return false };
        if kind == PermissionKind::File && !found.is_file() {
            return false;
        }
        let is_sticky = kind == PermissionKind::Folder && found.mode() & STICKY != 0;
        (found.mode() & 0o022 != 0 && !is_sticky) || is_of_another(&found)
    }

    fn is_of_another(found: &Metadata) -> bool {
        let owner = found.uid();
        owner != 0 && owner != rustix::process::geteuid().as_raw()
    }
}

/// Other systems keep files of a user's folder private by themselves.
#[cfg(not(unix))]
mod system {
    use std::path::Path;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) enum PermissionKind {
        File,
        Folder,
    }

    pub(super) fn mode(_path: &Path) -> Option<u32> {
        None
    }

    pub(super) fn is_open(_path: &Path, _kind: PermissionKind) -> bool {
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
    }

    #[test]
    fn s4_who_else_may_change_a_file_is_known() {
        let machine = tempfile::tempdir().expect("a folder");
        let folder = machine.path().join("sverka");
        fs::create_dir(&folder).expect("made");
        let file = folder.join("config.toml");
        let link = machine.path().join("link.toml");
        fs::write(&file, "").expect("written");
        symlink(&file, &link).expect("linked");
        for (of_folder, of_file, expected) in [
            (0o755, 0o600, false),
            (0o755, 0o644, false),
            (0o755, 0o660, true),
            (0o755, 0o602, true),
            (0o775, 0o600, true),
            (0o707, 0o600, true),
            (0o1777, 0o600, false),
            (0o1777, 0o666, true),
        ] {
            set(&folder, of_folder);
            set(&file, of_file);
            for path in [&file, &link] {
                assert_eq!(
                    is_writable_by_others(path),
                    expected,
                    "{of_folder:o} {of_file:o} {}",
                    path.display()
                );
            }
        }
        set(&folder, 0o700);
        set(&file, 0o600);
        set(machine.path(), 0o777);
        assert!(is_writable_by_others(&file), "whoever may replace the folder may replace the file");
    }

    #[test]
    fn s4_the_program_of_a_command_is_known_where_it_has_a_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("password");
        fs::write(&program, "#!/bin/sh\n").expect("written");
        let at = program.display();
        for command in [format!("{at}"), format!("  {at} --for 1c | head -1"), format!("\"{at}\" x")] {
            assert_eq!(program_of(&command), Some(program.clone()), "{command}");
        }
        for command in ["", "pass show 1c", "/nowhere/password", "X=1 pass"] {
            assert_eq!(program_of(command), None, "{command}");
        }
    }

    #[test]
    fn s4_a_file_of_another_user_is_theirs_to_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.toml");
        fs::write(&file, "").expect("written");
        // Only root can give a file away.
        if std::os::unix::fs::chown(&file, Some(12_345), None).is_ok() {
            assert!(is_writable_by_others(&file));
        }
    }

    #[test]
    fn s4_a_store_open_to_others_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("sverka.redb");
        assert_eq!(store_warning(&store), None);
        fs::write(&store, "").expect("written");
        let (open, folder_open) = (
            Warning::StoreOpen { path: store.clone() },
            Warning::StoreFolderOpen { path: folder.path().to_owned() },
        );
        for (of_folder, of_store, expected) in [
            (0o700, 0o600, None),
            (0o755, 0o600, None),
            (0o700, 0o640, Some(&open)),
            (0o700, 0o602, Some(&open)),
            (0o777, 0o666, Some(&open)),
            (0o777, 0o600, Some(&folder_open)),
            (0o1777, 0o600, None),
        ] {
            set(folder.path(), of_folder);
            set(&store, of_store);
            assert_eq!(store_warning(&store).as_ref(), expected, "{of_folder:o} {of_store:o}");
        }
        for no_store in [folder.path(), Path::new("/dev/null")] {
            assert!(
                !matches!(store_warning(no_store), Some(Warning::StoreOpen { .. })),
                "{}",
                no_store.display()
            );
        }
    }
}
