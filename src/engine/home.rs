//! Where the store lives, and who may write to it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::files::Place;
pub use crate::store::StoreHolder;
use crate::store::{
    self, Access, BackupStep, Compacted, CopySummary, Error, Examined, NotCopied, Restored, Store,
};

/// Where the store lives. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Home {
    /// In a file, opened for every query and for every sync: whoever reads never keeps a writer out.
    File {
        /// Path of the file.
        path: PathBuf,
        /// Name of this host, told to those who find the store open.
        host: String,
        /// The words of the command that runs, told to them as well.
        command: String,
    },
    /// In a store somebody else opened: in memory, or on a disk that fails.
    Held(Store),
}

impl Home {
    /// A store in a file of this host.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), host: host(), command: String::new() }
    }

    /// The same, held in the name of a command.
    #[must_use]
    pub fn told_as(self, command: impl Into<String>) -> Self {
        match self {
            Self::File { path, host, .. } => Self::File { path, host, command: command.into() },
            held @ Self::Held(_) => held,
        }
    }

    /// This process, as it is told to others.
    pub(super) fn holder(&self, now: DateTime<Utc>) -> StoreHolder {
        let (host, command) = match self {
            Self::File { host, command, .. } => (host.clone(), command.clone()),
            Self::Held(_) => <(String, String)>::default(),
        };
        StoreHolder { pid: std::process::id(), host, since: now, command }
    }

    /// The file, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Held(_) => None,
        }
    }

    /// Opens the store for reading.
    pub(super) fn reader(&self) -> Result<Store, Error> {
        match self {
            Self::File { path, .. } => Store::open(path, Access::Read),
            Self::Held(store) => Ok(store.clone()),
        }
    }

    /// Opens the store for writing, which one process at a time may; creates it where there is none.
    pub(super) fn writer(&self, now: DateTime<Utc>) -> Result<Store, Error> {
        match self {
            Self::File { path, .. } => Store::open(path, Access::Write(self.holder(now))),
            Self::Held(store) => Ok(store.clone()),
        }
    }

    /// Opens the store for writing and reads all of what is published again: nothing is compared with rows
    /// that changed on the disk, nothing carried over from them. A file that has outgrown its rows gives back
    /// what it can.
    pub(super) fn writer_of_whole(&self, now: DateTime<Utc>) -> Result<Store, Error> {
        let store = self.writer(now)?;
        let verified = store.verify()?;
        let Self::File { path, .. } = self else { return Ok(store) };
        if verified.rows == 0 || !verified.outgrown_by(path.metadata()?.len()) {
            return Ok(store);
        }
        drop(store);
        match Store::compact(path, self.holder(now)) {
            // Somebody reads, or there is no room to move in: it can wait.
            Ok(_) | Err(Error::InUse | Error::Held { .. } | Error::NoRoom { .. }) => self.writer(now),
            Err(error) => Err(error),
        }
    }

    pub(super) fn examine(&self, now: DateTime<Utc>) -> Result<Examined, Error> {
        match self {
            Self::File { path, .. } => Store::examine(path, self.holder(now)),
            Self::Held(store) => Ok(Examined { verified: store.verify()?, ..Examined::default() }),
        }
    }

    pub(super) fn compact(&self, now: DateTime<Utc>) -> Result<Compacted, Error> {
        match self {
            Self::File { path, .. } => Store::compact(path, self.holder(now)),
            Self::Held(_) => Err(Error::InUse),
        }
    }

    pub(super) fn back_up(&self, place: &Place, tell: impl Fn(BackupStep)) -> Result<CopySummary, NotCopied> {
        match self {
            Self::File { path, .. } => Store::back_up(path, place, tell),
            Self::Held(_) => Err(NotCopied::Store(Error::InUse)),
        }
    }

    pub(super) fn restore(
        &self,
        from: &Path,
        now: DateTime<Utc>,
        tell: impl Fn(BackupStep),
    ) -> Result<Restored, NotCopied> {
        match self {
            Self::File { path, .. } => Store::restore(path, from, self.holder(now), tell),
            Self::Held(_) => Err(NotCopied::Store(Error::InUse)),
        }
    }

    pub(super) fn set_aside(&self, now: DateTime<Utc>) -> Result<Option<PathBuf>, Error> {
        match (self, self.other_writer()) {
            (Self::Held(_), _) => Ok(None),
            (Self::File { .. }, Some(holder)) => Err(Error::AlreadyOpen { holder: Some(holder) }),
            (Self::File { path, .. }, None) => Store::set_aside(path, self.holder(now)),
        }
    }
}

impl Home {
    /// Another process of this host that writes to the store right now.
    pub(super) fn other_writer(&self) -> Option<StoreHolder> {
        self.any_writer().filter(|holder| holder.pid != std::process::id())
    }

    /// Whoever of this host writes to the store right now, this process among them.
    pub(super) fn any_writer(&self) -> Option<StoreHolder> {
        let Self::File { path, host, .. } = self else { return None };
        store::noted_writer(path).filter(|holder| holder.host == *host && may_hold(holder.pid, path))
    }
}

/// Whether the process may have the file open. A note outlives a killed process, and its number becomes another's.
/// Where the system does not tell what a process has open, the note is believed.
fn may_hold(pid: u32, path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let files = Path::new("/proc").join(pid.to_string()).join("fd");
    match std::fs::read_dir(files) {
        Ok(files) => {
            files.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|open| open == path))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => !Path::new("/proc/self").exists(),
        Err(_) => true,
    }
}

/// The name of this host, as the system tells it without asking the network.
fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .map_or_else(|_| "localhost".into(), |name| name.trim().to_owned())
}
