//! A file that is not there until it is whole.
//!
//! Where the file system can, it has no name while it is written, so that nothing is left of it whatever ends the
//! process. Elsewhere, and in the moment in which it takes another's place, its name says that it is ours and
//! unfinished, and a lock that ends with the process says whether somebody still writes it.

use std::fs::{self, DirBuilder, DirEntry, File, OpenOptions, TryLockError};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};

/// What the names of unfinished files begin and end with; between them stand two numbers.
const BEGIN: &str = ".sverka-";
const END: &str = ".part";

/// Names tried for one file before giving up.
const TRIES: u32 = 1_000;

/// Counts the files of this process.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A file that is not there until it is whole. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct Draft {
    file: File,
    /// Its name, where it has one already.
    name: Option<PathBuf>,
    folder: PathBuf,
}

impl Draft {
    /// An empty one in a folder, with the rights it shall have. What earlier runs left unfinished there is removed.
    pub fn in_folder(folder: &Path, mode: u32) -> io::Result<Self> {
        sweep(folder);
        match nameless(folder, mode) {
            Some(file) => Ok(Self { file, name: None, folder: folder.to_owned() }),
            None => Self::named(folder, mode),
        }
    }

    fn named(folder: &Path, mode: u32) -> io::Result<Self> {
        for _ in 0..TRIES {
            let name = folder.join(next_name());
            let mut options = OpenOptions::new();
            match options.read(true).write(true).create_new(true).mode(mode).open(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    let draft = Self { file, name: Some(name), folder: folder.to_owned() };
                    draft.set_mode(mode)?;
                    // Whoever swept the folder in between took it for left behind.
                    if draft.lock() && draft.is_there() {
                        return Ok(draft);
                    }
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same file opened anew, with locks and a place of its own.
    pub fn reopen(&self) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(self.name.clone().unwrap_or_else(|| self.descriptor()))
    }

    /// Gives it a name that nobody has: an error of its own kind where somebody has.
    pub fn keep_new(mut self, path: &Path) -> Result<(), (io::Error, Self)> {
        match self.file.sync_all().and_then(|()| self.link(path)) {
            Ok(()) => {
                self.forget_name();
                sync_folder(&self.folder).map_err(|error| (error, self))
            }
            Err(error) => Err((error, self)),
        }
    }

    /// Gives it a name in its folder, over what has that name now.
    pub fn replace(mut self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        for _ in 0..TRIES {
            if let Some(name) = &self.name {
                fs::rename(name, path)?;
                self.name = None;
                return sync_folder(&self.folder);
            }
            let name = self.folder.join(next_name());
            self.lock();
            match self.link(&name) {
                Ok(()) => self.name = Some(name),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// One more name for the file.
    fn link(&self, path: &Path) -> io::Result<()> {
        match &self.name {
            None => {
                let flags = AtFlags::SYMLINK_FOLLOW;
                Ok(rustix::fs::linkat(CWD, self.descriptor(), CWD, path, flags)?)
            }
            Some(name) => match fs::hard_link(name, path) {
                // There are no links on this file system: whoever is quicker than this look has bad luck.
                Err(error) if !matches!(error.kind(), io::ErrorKind::AlreadyExists) => {
                    if fs::symlink_metadata(path).is_ok() {
                        return Err(io::ErrorKind::AlreadyExists.into());
                    }
                    fs::rename(name, path)
                }
                linked => linked,
            },
        }
    }

    fn descriptor(&self) -> PathBuf {
        Path::new("/proc/self/fd").join(self.file.as_raw_fd().to_string())
    }

    /// Says that somebody writes it; `false` where somebody who sweeps was quicker. Where there are no locks, nobody
    /// can take it for left behind either.
    fn lock(&self) -> bool {
        !matches!(self.file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    fn is_there(&self) -> bool {
        let name = self.name.as_deref().map(fs::symlink_metadata);
        let (Some(Ok(there)), Ok(own)) = (name, self.file.metadata()) else { return false };
        (there.dev(), there.ino()) == (own.dev(), own.ino())
    }

    fn set_mode(&self, mode: u32) -> io::Result<()> {
        self.file.set_permissions(fs::Permissions::from_mode(mode))
    }

    fn forget_name(&mut self) {
        if let Some(name) = self.name.take() {
            let _ = fs::remove_file(name);
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.forget_name();
    }
}

/// A file without a name, where the system has that.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path, mode: u32) -> Option<File> {
    let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(folder, flags, Mode::from_raw_mode(mode)).ok()?);
    file.set_permissions(fs::Permissions::from_mode(mode)).ok()?;
    // It gets its name by way of /proc.
    let here = Path::new("/proc/self/fd").join(file.as_raw_fd().to_string());
    fs::metadata(here).is_ok().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path, _: u32) -> Option<File> {
    None
}

fn next_name() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{BEGIN}{}-{number}{END}", std::process::id())
}

/// Removes the unfinished files of processes that are gone.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_ours) {
        let _ = remove_if_left(&entry.path());
    }
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let numbers = name.to_str().and_then(|name| name.strip_prefix(BEGIN)?.strip_suffix(END));
    let numbers = numbers.and_then(|numbers| numbers.split_once('-'));
    numbers.is_some_and(|(pid, number)| pid.parse::<u32>().is_ok() && number.parse::<u32>().is_ok())
}

/// The lock decides, not the number in the name: that may be another's by now, or of another machine.
fn remove_if_left(path: &Path) -> io::Result<()> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() && file.try_lock().is_ok() {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// The folder a path lies in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder, with those it lies in, that nobody but its owner may look into; one that is there stays as it is.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a name last.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A draft as the file system allows, and one as every file system does.
    fn both_kinds(folder: &Path) -> impl Iterator<Item = Draft> {
        let folder = folder.to_owned();
        [true, false].into_iter().map(move |usual| {
            let draft = if usual { Draft::in_folder(&folder, 0o600) } else { Draft::named(&folder, 0o600) };
            draft.unwrap()
        })
    }

    #[test]
    fn a_draft_is_nowhere_until_it_is_kept_and_overwrites_only_where_it_shall() {
        let home = tempfile::tempdir().unwrap();
        both_kinds(home.path()).for_each(drop);
        assert_eq!(names(home.path()), [""; 0], "what is not kept is gone");
        for draft in both_kinds(home.path()) {
            draft.file().write_all(b"new").unwrap();
            let path = home.path().join("base.csv");
            fs::write(&path, "old").unwrap();
            let (error, draft) = draft.keep_new(&path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read_to_string(&path).unwrap(), "old");
            draft.replace(&path).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
            assert_eq!(names(home.path()), ["base.csv"]);
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        for (draft, name) in both_kinds(home.path()).zip(["first", "second"]) {
            draft.keep_new(&home.path().join(name)).map_err(|(error, _)| error).unwrap();
        }
        assert_eq!(names(home.path()), ["base.csv", "first", "second"]);
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let held = Draft::named(home.path(), 0o600).unwrap();
        let held_name = held.name.as_ref().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        for name in [".sverka-1-0.part", ".sverka-1.part", ".sverka-a-b.part", "notes.part", "a"] {
            fs::write(home.path().join(name), "somebody's").unwrap();
        }
        std::os::unix::fs::symlink(home.path().join("a"), home.path().join(".sverka-2-0.part")).unwrap();
        drop(Draft::in_folder(home.path(), 0o600).unwrap());
        let mut expected = vec![".sverka-1.part", ".sverka-2-0.part", ".sverka-a-b.part", "a", "notes.part"];
        expected.push(&held_name);
        expected.sort_unstable();
        assert_eq!(names(home.path()), expected);
    }
}
