//! The note beside the store that says who writes. Nothing depends on it: the lock decides.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::files::{Draft, folder_of};

/// No note is longer.
const LONGEST: u64 = 1 << 16;

/// The process that has the store open for writing. Told in messages, never relied on: the lock decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreHolder {
    /// Its process id.
    pub pid: u32,
    /// The host it runs on.
    pub host: String,
    /// When it opened the store.
    pub since: DateTime<Utc>,
    /// What it does: the words of its command, without what they were said of. Empty where that is not known.
    pub command: String,
}

impl StoreHolder {
    /// Its number, and what it does where that is known.
    pub fn told(&self) -> String {
        if self.command.is_empty() {
            self.pid.to_string()
        } else {
            format!("{} ({})", self.pid, self.command)
        }
    }

    pub(super) fn to_note(&self) -> String {
        let Self { pid, host, since, command } = self;
        let command = if command.is_empty() { String::new() } else { format!("command {command}\n") };
        format!("pid {pid}\nsince {}\nhost {host}\n{command}", since.to_rfc3339())
    }

    pub(super) fn from_note(note: &str) -> Option<Self> {
        let mut lines = note.lines();
        let mut line = |name: &str| lines.next()?.strip_prefix(name);
        Some(Self {
            pid: line("pid ")?.parse().ok()?,
            since: DateTime::parse_from_rfc3339(line("since ")?).ok()?.to_utc(),
            host: line("host ")?.into(),
            command: line("command ").unwrap_or_default().into(),
        })
    }
}

/// Where it lies.
pub(super) fn path_of(store: &Path) -> PathBuf {
    store.with_extension("lock.txt")
}

/// Leaves the note, in the place of another note or of none: what else lies there is none of ours.
pub(super) fn write(store: &Path, holder: &StoreHolder) {
    let path = path_of(store);
    if fs::symlink_metadata(&path).is_ok() && look(&path).is_none_or(|note| !is_note(&note)) {
        return;
    }
    let Ok(draft) = Draft::in_folder(folder_of(&path), 0o600) else { return };
    let _ = draft.file().write_all(holder.to_note().as_bytes()).and_then(|()| draft.replace(&path));
}

/// Adds to the note how far its holder is.
pub(super) fn write_progress(store: &Path, stage: u8, overall: u8) {
    let path = path_of(store);
    let Some(holder) = read(store).filter(|holder| holder.pid == std::process::id()) else { return };
    let Ok(draft) = Draft::in_folder(folder_of(&path), 0o600) else { return };
    let note = format!("{}stage {stage}\noverall {overall}\n", holder.to_note());
    let _ = draft.file().write_all(note.as_bytes()).and_then(|()| draft.replace(&path));
}

/// How far whoever writes said to be: a stage and percent of the whole.
pub(super) fn read_progress(store: &Path) -> Option<(u8, u8)> {
    let note = look(&path_of(store))?;
    let number = |name| note.lines().find_map(|line| line.strip_prefix(name))?.parse().ok();
    Some((number("stage ")?, number("overall ")?))
}

/// Takes the note back.
pub(super) fn remove(store: &Path) {
    let path = path_of(store);
    if look(&path).is_some_and(|note| is_note(&note)) {
        let _ = fs::remove_file(path);
    }
}

/// Who noted that they write.
pub(super) fn read(store: &Path) -> Option<StoreHolder> {
    StoreHolder::from_note(&look(&path_of(store))?)
}

fn is_note(text: &str) -> bool {
    text.is_empty() || text.starts_with("pid ")
}

/// The text of a regular file: no link is followed, no pipe waited for.
pub(super) fn look(path: &Path) -> Option<String> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, i32::try_from(flags.bits()).ok()?);
    }
    let file = options.open(path).ok()?;
    let mut text = String::new();
    file.metadata().ok()?.is_file().then_some(())?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}
