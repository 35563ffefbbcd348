//! The file: finding, creating, opening and guarding it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use redb::backends::FileBackend;
use redb::{Builder, ConcurrencyMode, Database, DatabaseError, ReadOnlyDatabase};

use super::Error;

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

/// The process that has the store open for writing. Told in messages, never relied on: the lock decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The host it runs on.
    pub host: String,
    /// When it opened the store.
    pub since: DateTime<Utc>,
}

impl Holder {
    pub(super) fn to_note(&self) -> String {
        let Self { pid, host, since } = self;
        format!("pid {pid}\nsince {}\nhost {host}\n", since.to_rfc3339())
    }

    pub(super) fn from_note(note: &str) -> Option<Self> {
        let mut lines = note.lines();
        let mut line = |name: &str| lines.next()?.strip_prefix(name);
        Some(Self {
            pid: line("pid ")?.parse().ok()?,
            since: DateTime::parse_from_rfc3339(line("since ")?).ok()?.to_utc(),
            host: line("host ")?.into(),
        })
    }
}

/// redb with every option we rely on said aloud. Several processes share a file: one writes, others read.
pub(super) fn builder(mode: ConcurrencyMode) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE).set_concurrency_mode(mode).set_check_integrity_on_open(false);
    builder
}

/// Opens the store for reading beside whoever writes.
pub(super) fn open_for_reading(path: &Path) -> Result<ReadOnlyDatabase, Error> {
    examine(path)?;
    let builder = builder(ConcurrencyMode::SingleWriter);
    for _ in 1..READ_ATTEMPTS {
        match builder.open_read_only(path) {
            Err(DatabaseError::RepairAborted) => repair(&builder, path)?,
            opened => return Ok(opened?),
        }
    }
    Ok(builder.open_read_only(path)?)
}

/// After a writer was killed, only opening for writing makes the file readable again.
fn repair(builder: &Builder, path: &Path) -> Result<(), Error> {
    match builder.open(path) {
        Ok(database) => Ok(database.close()?),
        Err(DatabaseError::DatabaseAlreadyOpen) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Opens the store for writing; `lay_out` fills a new one.
pub(super) fn open_for_writing(
    path: &Path,
    holder: &Holder,
    lay_out: impl FnOnce(&Database) -> Result<(), Error>,
) -> Result<Database, Error> {
    match examine(path) {
        Err(Error::NotFound) => create(path, holder, lay_out)?,
        examined => examined?,
    }
    match builder(ConcurrencyMode::SingleWriter).open(path) {
        Err(DatabaseError::DatabaseAlreadyOpen) => Err(Error::AlreadyOpen { holder: read_note(path) }),
        opened => Ok(opened?),
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

/// Creates the store: aside, complete and on the disk before it gets its name. A power cut leaves no file
/// there or a whole one, and a file that appears there meanwhile is left alone.
fn create(
    path: &Path,
    holder: &Holder,
    lay_out: impl FnOnce(&Database) -> Result<(), Error>,
) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_folder(folder)?;
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
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) if !path.try_exists()? => Ok(fs::rename(aside, path)?),
        Err(error) => Err(error.into()),
    }
}

fn create_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
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

/// Which file lies at a path: another one has another identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(path)?;
        Ok(Self { device: metadata.dev(), number: metadata.ino() })
    }

    /// Elsewhere an open file cannot be removed or replaced.
    #[cfg(not(unix))]
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        fs::metadata(path)?;
        Ok(Self { device: 0, number: 0 })
    }
}

/// The note beside the store that says who writes.
fn note_path(path: &Path) -> PathBuf {
    path.with_extension("lock.txt")
}

/// Leaves the note. Nothing depends on it, not even opening.
pub(super) fn write_note(path: &Path, holder: &Holder) {
    let mut options = OpenOptions::new();
    let file = owner_only(options.write(true).create(true).truncate(true)).open(note_path(path));
    let _ = file.and_then(|mut file| file.write_all(holder.to_note().as_bytes()));
}

pub(super) fn remove_note(path: &Path) {
    let _ = fs::remove_file(note_path(path));
}

pub(super) fn read_note(path: &Path) -> Option<Holder> {
    Holder::from_note(&fs::read_to_string(note_path(path)).ok()?)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
