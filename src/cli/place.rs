//! Where the engine of a store is found.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;

/// Its socket: where the settings say, else beside the store and called like it.
pub(super) fn socket_of(config: &Config) -> PathBuf {
    config.engine.socket.clone().unwrap_or_else(|| file_of(&config.store).with_extension("sock"))
}

/// The lock that an engine of this store holds as long as it lives.
pub(super) fn lock_of(store: &Path) -> PathBuf {
    file_of(store).with_extension("engine")
}

/// The process that holds the lock of an engine, as it noted there itself: only where it has the file open still. Looking
/// takes no lock, which could be in the way of one that begins.
pub(super) fn holder_of(store: &Path) -> Option<u32> {
    let lock = lock_of(store);
    let pid: u32 = fs::read_to_string(&lock).ok()?.parse().ok()?;
    let mut open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    open.any(|file| fs::read_link(file.path()).is_ok_and(|path| path == lock)).then_some(pid)
}

/// The file that a path leads to: whoever comes by a link means the same store.
pub(super) fn file_of(store: &Path) -> PathBuf {
    store.canonicalize().or_else(|_| std::path::absolute(store)).unwrap_or_else(|_| store.to_owned())
}
