//! Where the store lives, and who may write to it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

pub use crate::store::Holder;
use crate::store::{self, Access, Error, Store};

/// Where the store lives. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Home {
    /// In a file, opened for every query and for every sync: whoever reads never keeps a writer out.
    File {
        /// Path of the file.
        path: PathBuf,
        /// Name of this host, told to those who find the store open.
        host: String,
    },
    /// In a store somebody else opened: in memory, or on a disk that fails.
    Held(Store),
}

impl Home {
    /// A store in a file of this host.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), host: host() }
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
            Self::File { path, host } => {
                let holder = Holder { pid: std::process::id(), host: host.clone(), since: now };
                Store::open(path, Access::Write(holder))
            }
            Self::Held(store) => Ok(store.clone()),
        }
    }
}

impl Home {
    /// Another process of this host that writes to the store right now.
    pub(super) fn other_writer(&self) -> Option<Holder> {
        let Self::File { path, host } = self else { return None };
        let another = |holder: &Holder| holder.pid != std::process::id() && holder.host == *host;
        store::noted_writer(path).filter(|holder| another(holder) && may_hold(holder.pid, path))
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
