//! The file: finding, creating, opening and guarding it.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use redb::backends::FileBackend;
use redb::{Builder, ConcurrencyMode, Database, DatabaseError, ReadOnlyDatabase};

use super::{Error, StoreHolder, note};
use crate::files::{self, Identity, folder_of, make_folder};

mod guarded;

pub(super) use guarded::Seal;

use guarded::Guarded;

/// Pages kept in memory. redb's default, a gigabyte, is filled by a repair.
const CACHE: usize = 64 << 20;

/// Opening for reading is tried again this often where a writer died and another one repairs.
const READ_ATTEMPTS: usize = 3;

/// What every redb file begins with.
const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";
/// Length of redb's header.
const HEADER: usize = 320;
/// Where its two commit slots keep their version.
const SLOT_VERSIONS: [usize; 2] = [64, 192];
/// The version of redb's format written here.
const REDB_VERSION: u8 = 3;

/// redb with every option we rely on said aloud. Several processes share a file: one writes, others read.
///
/// Whoever opens for writing compares the checksum of every page first: redb trusts its own bookkeeping, and
/// where that rotted, a commit may overwrite what is published, or panic while it panics and so abort.
pub(super) fn builder(mode: ConcurrencyMode) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE).set_concurrency_mode(mode).set_check_integrity_on_open(true);
    builder
}

/// Opens a store for reading if that takes no writing: `None` where a writer was killed.
pub(super) fn look(path: &Path) -> Result<Option<ReadOnlyDatabase>, Error> {
    examine(path)?;
    match builder(ConcurrencyMode::SingleWriter).open_read_only_with_backend(Guarded::reading(path)?) {
        Err(DatabaseError::RepairAborted) => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

/// Opens the store for reading beside whoever writes.
pub(super) fn open_for_reading(path: &Path) -> Result<ReadOnlyDatabase, Error> {
    examine(path)?;
    let builder = builder(ConcurrencyMode::SingleWriter);
    for _ in 1..READ_ATTEMPTS {
        match builder.open_read_only_with_backend(Guarded::reading(path)?) {
            Err(DatabaseError::RepairAborted) => repair(&builder, path)?,
            opened => return Ok(opened?),
        }
    }
    Ok(builder.open_read_only_with_backend(Guarded::reading(path)?)?)
}

/// After a writer was killed, only opening for writing makes the file readable again.
fn repair(builder: &Builder, path: &Path) -> Result<(), Error> {
    match builder.create_with_backend(Guarded::writing(path)?) {
        Ok(database) => Ok(database.close()?),
        Err(DatabaseError::DatabaseAlreadyOpen) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Opens the store for writing; `lay_out` fills a new one.
pub(super) fn open_for_writing(
    path: &Path,
    holder: &StoreHolder,
    lay_out: impl FnOnce(&Database) -> Result<(), Error>,
) -> Result<(Database, Seal), Error> {
    match examine(path) {
        Err(Error::NotFound) => create_once(path, holder, lay_out)?,
        examined => examined?,
    }
    let backend = Guarded::writing(path)?;
    let seal = backend.seal();
    match builder(ConcurrencyMode::SingleWriter).create_with_backend(backend) {
        Err(DatabaseError::DatabaseAlreadyOpen) => Err(Error::AlreadyOpen { holder: note::read(path) }),
        opened => {
            let database = opened?;
            seal.set()?;
            sweep(path);
            files::sweep(folder_of(path));
            Ok((database, seal))
        }
    }
}

/// The file a path leads to. A link to nothing is no store, and none is made by way of it.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Error> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::LinkToNothing),
            resolved => Ok(resolved?),
        },
        _ => Ok(path.to_owned()),
    }
}

/// Where the links of a path lead, also to what is not there; `None` where it is no link.
pub(super) fn link_target(path: &Path) -> Option<PathBuf> {
    /// As many as the system follows.
    const LINKS: usize = 40;
    let mut target = path.to_owned();
    for followed in 0..LINKS {
        match fs::read_link(&target) {
            Ok(to) => target = folder_of(&target).join(to),
            Err(_) => return (followed > 0).then_some(target),
        }
    }
    None
}

/// Removes what creations that were killed left beside the store. Whoever still makes one beside a store that is
/// there and held by us makes it in vain.
fn sweep(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(OsStr::to_str)) else {
        return;
    };
    let is_left = |entry: &DirEntry| {
        let entry = entry.file_name();
        let between = entry.to_str().and_then(|entry| entry.strip_prefix(name)?.strip_suffix(".tmp"));
        between.and_then(|pid| pid.strip_prefix('.')).is_some_and(|pid| pid.parse::<u32>().is_ok())
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_left) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Tells a store from everything else without touching it, as far as the first bytes can tell.
fn examine(path: &Path) -> Result<(), Error> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Error::Foreign { what: "a folder" });
    }
    if !metadata.is_file() {
        return Err(Error::Foreign { what: "no regular file" });
    }
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    examine_header(&header)
}

fn examine_header(header: &[u8]) -> Result<(), Error> {
    if header.is_empty() {
        return Err(Error::Foreign { what: "an empty file" });
    }
    if !header.starts_with(MAGIC) {
        return Err(Error::Foreign { what: "no redb file" });
    }
    // redb reports a newer format as damage, and so may damage look like a newer format: both slots decide.
    let newest = SLOT_VERSIONS.map(|slot| header.get(slot).copied().unwrap_or_default()).into_iter().min();
    match newest {
        Some(found) if found > REDB_VERSION => {
            Err(Error::Newer { found: found.into(), known: REDB_VERSION.into() })
        }
        _ => Ok(()),
    }
}

/// Makes a file where nobody was quicker: another's is as good.
fn create_once(
    path: &Path,
    holder: &StoreHolder,
    lay_out: impl FnOnce(&Database) -> Result<(), Error>,
) -> Result<(), Error> {
    /// Drafts are named after their process: of two threads one would link what the other has half written.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match examine(path) {
        Err(Error::NotFound) => match create(path, holder, lay_out) {
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => examine(path),
            // A folder that takes no files, as those of the system's own: there is nothing to be synced first.
            Err(Error::NotFound) => Err(Error::Permission(io::ErrorKind::NotFound.into())),
            created => created,
        },
        examined => examined,
    }
}

/// Creates the store: aside, complete and on the disk before it gets its name. A power cut leaves no file
/// there or a whole one, and a file that appears there meanwhile is left alone.
fn create(
    path: &Path,
    holder: &StoreHolder,
    lay_out: impl FnOnce(&Database) -> Result<(), Error>,
) -> Result<(), Error> {
    let folder = folder_of(path);
    make_folder(folder)?;
    let aside = with_suffix(path, &format!(".{}.tmp", holder.pid));
    let created = create_aside(&aside, lay_out).and_then(|()| put_in_place(&aside, path));
    let _ = fs::remove_file(&aside);
    created?;
    sync_folder(folder)
}

fn create_aside(aside: &Path, lay_out: impl FnOnce(&Database) -> Result<(), Error>) -> Result<(), Error> {
    let _ = fs::remove_file(aside);
    let file = owner_only(OpenOptions::new().read(true).write(true).create_new(true)).open(aside)?;
    let on_disk = file.try_clone()?;
    let database = builder(ConcurrencyMode::SingleWriter).create_with_backend(FileBackend::new(file)?)?;
    lay_out(&database)?;
    database.close()?;
    Ok(on_disk.sync_all()?)
}

/// Gives the file its name. A link fails where the name is taken; where there are no links, the name is
/// looked at first.
fn put_in_place(aside: &Path, path: &Path) -> Result<(), Error> {
    match fs::hard_link(aside, path) {
        Ok(()) => Ok(()),
        Err(_) if path.try_exists()? => Ok(()),
        Err(_) => Ok(fs::rename(aside, path)?),
    }
}

fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes the name last, where folders can be synced.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) { Ok(File::open(folder)?.sync_all()?) } else { Ok(()) }
}

/// Which file lies at a path.
pub(super) fn identity(path: &Path) -> Result<Identity, Error> {
    Ok(Identity::of(&fs::metadata(path)?))
}

/// Bytes that must be free before a sync begins, beside as many as the file has: redb doubles it as it grows.
const SPARE: u64 = 64 << 20;

/// Whether the disk can take the next generation, the first one too. Asked before anything is written; a disk that does
/// not tell is taken for large enough.
pub fn has_room(path: &Path) -> Result<(), Error> {
    let length = fs::metadata(path).map_or(0, |file| file.len());
    room_for(length.saturating_add(SPARE), free_space(nearest(path)))
}

/// Whether the disk can take what compacting writes before it gives back: pages move within the file.
pub(super) fn has_room_to_compact(path: &Path) -> Result<(), Error> {
    room_for(SPARE, free_space(path))
}

fn room_for(needed: u64, free: Option<u64>) -> Result<(), Error> {
    match free {
        Some(free) if free < needed => Err(Error::NoRoom { needed, free }),
        _ => Ok(()),
    }
}

/// Bytes free for us on the disk of this file.
#[cfg(unix)]
fn free_space(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<u64> {
    None
}

/// The path, or the nearest folder above it that is there.
fn nearest(path: &Path) -> &Path {
    path.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."))
}

/// Refuses a store that this user may read and not write, or could not make in its folder.
#[cfg(unix)]
pub fn refuse_unwritable(path: &Path) -> Result<(), Error> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let there = nearest(path);
    if there != path && !there.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
    }
    let needed = if there.is_dir() { Access::WRITE_OK | Access::EXEC_OK } else { Access::WRITE_OK };
    Ok(accessat(CWD, there, needed, AtFlags::EACCESS).map_err(io::Error::from)?)
}

#[cfg(not(unix))]
pub fn refuse_unwritable(_: &Path) -> Result<(), Error> {
    Ok(())
}

/// The kind of network file system a path lies on: locks may not hold there. `None` where it is none, or where
/// the system does not tell.
#[cfg(target_os = "linux")]
pub fn network_file_system(path: &Path) -> Option<&'static str> {
    let there = nearest(path);
    let kind = rustix::fs::statfs(there).ok()?.f_type;
    u32::try_from(kind & 0xffff_ffff).ok().and_then(network_kind)
}

#[cfg(not(target_os = "linux"))]
pub fn network_file_system(_: &Path) -> Option<&'static str> {
    None
}

/// The numbers are those of `statfs(2)`.
#[cfg(target_os = "linux")]
fn network_kind(number: u32) -> Option<&'static str> {
    match number {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("SMB"),
        0x0102_1997 => Some("9P"),
        0x00c3_6400 => Some("Ceph"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x7375_7245 => Some("Coda"),
        0x564c => Some("NCP"),
        // Whatever runs outside of the kernel, sshfs most often.
        0x6573_5546 => Some("FUSE"),
        _ => None,
    }
}

/// Puts a file aside beside itself, under a name that is not taken, and for the owner only.
pub(super) fn set_aside(path: &Path, now: DateTime<Utc>) -> Result<PathBuf, Error> {
    aside(path, now, move_to)
}

/// Gives a file the name beside itself under which it stays, so that another may take its own. Where there are no
/// links, it loses its own at once.
pub(super) fn link_aside(path: &Path, now: DateTime<Utc>) -> Result<PathBuf, Error> {
    aside(path, now, |path, to| match fs::hard_link(path, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(_) => move_to(path, to),
    })
}

fn aside(
    path: &Path,
    now: DateTime<Utc>,
    give: impl Fn(&Path, &Path) -> Result<bool, Error>,
) -> Result<PathBuf, Error> {
    let name = format!(".aside-{}", now.format("%Y%m%dT%H%M%SZ"));
    // A link is moved as it is: what it leads to is none of ours.
    if !fs::symlink_metadata(path)?.is_symlink() {
        close_to_others(path)?;
    }
    for number in 1..=MOST_ASIDE {
        let suffix = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        let aside = with_suffix(path, &suffix);
        if give(path, &aside)? {
            sync_folder(folder_of(path))?;
            return Ok(aside);
        }
    }
    Err(Error::Io(io::ErrorKind::AlreadyExists.into()))
}

/// Names tried for a file that is put aside.
const MOST_ASIDE: u32 = 100;

/// Gives a file another name; says `false` where that is taken. A link fails where it is; where there are no
/// links, the name is looked at first.
fn move_to(path: &Path, to: &Path) -> Result<bool, Error> {
    match fs::hard_link(path, to) {
        Ok(()) => fs::remove_file(path)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(_) if to.try_exists()? => return Ok(false),
        Err(_) => fs::rename(path, to)?,
    }
    Ok(true)
}

fn close_to_others(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    let _ = path;
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_room_is_asked_for_before_anything_is_written() {
        let rule = |needed, free| room_for(needed, free).is_ok();
        assert!(rule(100, None) && rule(100, Some(100)));
        assert!(matches!(room_for(100, Some(99)), Err(Error::NoRoom { needed: 100, free: 99 })));
        let here = tempfile::NamedTempFile::new().unwrap();
        assert!(!cfg!(unix) || free_space(here.path()).is_some_and(|free| free > 0));
        has_room(here.path()).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn d11_file_systems_of_the_network_are_known_by_their_numbers() {
        let (ext4, tmpfs, nfs) = (0xef53, 0x0102_1994, 0x6969);
        assert_eq!([ext4, tmpfs, nfs].map(network_kind), [None, None, Some("NFS")]);
        assert_eq!(network_file_system(Path::new("/proc/none/such")), None);
    }
}
