//! The one place there is for an engine of a store: a lock beside it, which ends with the process, and the socket.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::{Gid, OFlags, chown};

use crate::cli::place::{lock_of, socket_of};
use crate::config::Config;
use crate::files::{folder_of, make_folder};
use crate::text::{Problem, Texts};

/// No note of a process is longer.
const LONGEST: u64 = 64;

/// The seat of the engine, taken until it is left.
#[derive(Debug)]
pub(super) struct Seat {
    /// Held as long as this process lives.
    _lock: File,
    socket: UnixListener,
    path: PathBuf,
}

impl Seat {
    /// Takes it. Where another engine has it, says which; a socket that a dead engine left is replaced.
    pub(super) fn take(config: &Config, texts: Texts) -> Result<Self, Problem> {
        let lock = lock_of(&config.store);
        let held = make_folder(folder_of(&lock)).and_then(|()| locked(&lock));
        let held = held.map_err(|error| unusable(&error, &lock, texts))?;
        let Some(held) = held else {
            let values = [("store", config.store.as_path().into()), ("pid", noted(&lock).into())];
            return Err(texts.problem("engine-running", &values));
        };
        let path = socket_of(config);
        let group = group_of(config.engine.group.as_deref(), texts)?;
        let socket = bound(&path, group).map_err(|error| unusable(&error, &path, texts))?;
        Ok(Self { _lock: held, socket, path })
    }

    /// Where it is reached.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The socket, to be listened at.
    pub(super) fn listener(&self) -> io::Result<tokio::net::UnixListener> {
        let socket = self.socket.try_clone()?;
        socket.set_nonblocking(true)?;
        tokio::net::UnixListener::from_std(socket)
    }
}

/// Given up in order: the socket goes first, then the lock, whose file stays: whoever removed it could remove another's.
impl Drop for Seat {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Why a file of the engine cannot be used.
pub(super) fn unusable(error: &io::Error, path: &Path, texts: Texts) -> Problem {
    let why = match error.kind() {
        io::ErrorKind::AlreadyExists => texts.get("engine-socket-foreign").into_owned(),
        io::ErrorKind::InvalidInput => texts.get("engine-socket-long").into_owned(),
        kind => texts.system(kind),
    };
    texts.problem("engine-socket", &[("path", path.into()), ("why", why.into())])
}

/// The lock, with the number of this process in it; `None` where another one has it.
fn locked(path: &Path) -> io::Result<Option<File>> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.mode(0o600).custom_flags(flags).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    file.set_len(0)?;
    file.write_all(std::process::id().to_string().as_bytes())?;
    Ok(Some(file))
}

/// The number of the process that has the lock, as it noted it.
fn noted(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    match read {
        Ok(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => text,
        _ => "?".to_owned(),
    }
}

/// A socket for its owner, or a group, alone from the moment it has its name. What else lies there is left alone.
fn bound(path: &Path, group: Option<u32>) -> io::Result<UnixListener> {
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => return Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_folder(folder_of(path))?,
        Err(error) => return Err(error),
    }
    let unfinished = path.with_extension(format!("{}.part", std::process::id()));
    let _ = fs::remove_file(&unfinished);
    let finished = UnixListener::bind(&unfinished).and_then(|socket| {
        if let Some(group) = group {
            chown(&unfinished, None, Some(Gid::from_raw(group)))?;
        }
        let mode = if group.is_some() { 0o660 } else { 0o600 };
        fs::set_permissions(&unfinished, Permissions::from_mode(mode))?;
        fs::rename(&unfinished, path)?;
        Ok(socket)
    });
    finished.inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

/// The number of a group, by its name or as it is.
fn group_of(group: Option<&str>, texts: Texts) -> Result<Option<u32>, Problem> {
    let Some(group) = group else { return Ok(None) };
    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
    let known = groups.lines().find_map(|line| {
        let mut parts = line.split(':');
        let is_it = parts.next() == Some(group);
        parts.nth(1).filter(|_| is_it)?.parse().ok()
    });
    let number = known.or_else(|| group.parse().ok());
    number.map(Some).ok_or_else(|| texts.problem("engine-group", &[("group", group.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_that_want_the_seat_one_has_it_until_it_is_gone() {
        let home = tempfile::tempdir().expect("a folder");
        let lock = home.path().join("a.engine");
        let first = locked(&lock).expect("a lock").expect("free");
        assert!(locked(&lock).expect("a lock").is_none());
        assert_eq!(noted(&lock), std::process::id().to_string());
        drop(first);
        assert!(locked(&lock).expect("a lock").is_some());
    }

    #[test]
    fn a_socket_is_for_its_owner_alone_and_replaces_a_dead_one_only() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("a.sock");
        drop(bound(&path, None).expect("bound"));
        assert!(path.exists(), "a dead one is left");
        let _socket = bound(&path, None).expect("bound again");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let file = home.path().join("notes");
        fs::write(&file, "mine").expect("written");
        assert_eq!(bound(&file, None).expect_err("a file").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&file).expect("read"), "mine");
        let names = fs::read_dir(home.path()).expect("read").count();
        assert_eq!(names, 2, "nothing unfinished is left");
    }
}
