//! The store: one redb file that holds what the last syncs published.
//!
//! A generation is a set of tables. A sync fills the tables of `next` beside those of `current`, and one
//! transaction renames both: a reader sees the old generation or the new one, never a mixture.
//!
//! ```text
//! Store::stage ──> Staging ──settle──> Settled ──publish──> current   (what was current: previous)
//!                     ^                   │
//!                     ├──────reopen───────┘      dropped on the way: current is untouched
//! Store::resume ──────┤                          from the last Staging::checkpoint
//! Store::stage_over_current                      begins with all that is published
//! ```
//!
//! A delta that changes little writes into the tables of `current`, in one transaction as well, and the tables of the
//! figures anew: then `previous` has the figures of the generation before, and no rows.
//!
//! Everything here blocks: call it where blocking is allowed.

mod backup;
mod checkpoint;
mod checks;
mod codec;
mod digest;
mod error;
mod file;
#[cfg(any(test, fuzzing))]
#[path = "../tests/fuzz/harness/record.rs"]
pub(crate) mod fuzzing;
mod generation;
mod migration;
mod mirror_note;
mod note;
mod pass;
mod patch;
mod record;
mod remarks;
mod rows;
mod schema;
mod segment;
mod settled;
mod snapshot;
mod staging;
mod upkeep;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::{
    ConcurrencyMode, Database, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable,
    WriteTransaction,
};

pub use backup::{BackupStep, CopySummary, NotCopied, Restored};
pub use checks::{CheckFile, ChecksRemark, FileStamp, KeptRow};
pub use error::Error;
pub use file::{has_room, network_file_system, refuse_unwritable};
pub use generation::{
    Base, Changes, Counts, Delta, DeltaBasis, Generation, Proof, Publication, Published, Run, RunOutcome,
    Verified,
};
pub use mirror_note::{MirrorFault, MirrorNote};
pub use note::StoreHolder;
pub use remarks::Remarks;
pub use rows::{CardRows, Carried, Lines, ListedCustomer, Origin, StoredProduct, UnknownCard};
pub use settled::Settled;
pub use snapshot::{AllFigures, Customers, Snapshot, StoredCard};
pub use staging::Staging;
pub use upkeep::{Compacted, Examined, Pages};

use crate::files::Identity;
use error::caught;
use error::damaged;
use file::Seal;
use generation::PublishedHead;
use patch::Patch;
use schema::{
    FIRST_VERSION, META, META_CURRENT, META_LESSONS, META_VERSION, RECORDER_TYPES, RUNS, RowKind, VERSION,
};

/// What a store is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading beside whoever writes. The store must exist.
    Read,
    /// Reading and writing; one process at a time. Who we are is told to those who come second.
    Write(StoreHolder),
}

/// Who noted beside this store that they write to it. The lock alone decides; this is for messages.
pub fn noted_writer(path: &Path) -> Option<StoreHolder> {
    note::read(&file::resolve(path).ok()?)
}

/// Notes beside the store how far its writer, this process, is: a stage and percent of the whole. For others to tell of.
pub fn note_progress(path: &Path, stage: u8, overall: u8) {
    if let Ok(real) = file::resolve(path) {
        note::write_progress(&real, stage, overall);
    }
}

/// How far whoever writes to this store said to be.
pub fn noted_progress(path: &Path) -> Option<(u8, u8)> {
    note::read_progress(&file::resolve(path).ok()?)
}

/// The files beside a store that belong to it.
pub fn notes_of(path: &Path) -> Vec<PathBuf> {
    let real = file::resolve(path).unwrap_or_else(|_| path.to_owned());
    vec![note::path_of(&real), checks::path_of(&real), mirror_note::path_of(&real)]
}

/// How the mirror of this store stood when it was last written to.
pub fn noted_mirror(path: &Path) -> Option<MirrorNote> {
    mirror_note::read(&file::resolve(path).ok()?)
}

/// Notes how the mirror of this store stands; `None`: there is none.
pub fn note_mirror(path: &Path, note: Option<&MirrorNote>) {
    let Ok(real) = file::resolve(path) else { return };
    match note {
        Some(note) => mirror_note::write(&real, note),
        None => mirror_note::remove(&real),
    }
}

/// What tells whether that note was written to.
pub fn mirror_note_stamp(path: &Path) -> Option<FileStamp> {
    FileStamp::of(&mirror_note::path_of(&file::resolve(path).ok()?))
}

/// An open store. Cheap to clone; the file is released with the last clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Open>);

#[derive(Debug)]
struct Open {
    /// Gone only while the store is closed.
    database: Option<Handle>,
    file: Option<(PathBuf, Identity)>,
    is_staging: AtomicBool,
}

enum Handle {
    /// With the seal of its file, where it is one.
    Write(Database, Option<Seal>),
    Read(ReadOnlyDatabase),
}

impl Store {
    /// Opens the store, or creates it when it is opened for writing and does not exist.
    pub fn open(path: &Path, access: Access) -> Result<Self, Error> {
        let path = &file::resolve(path)?;
        let opened = Self::open_file(path, access);
        // Who holds the lock that was waited for in vain is told, as far as it is known.
        opened.map_err(|error| match error {
            Error::AlreadyOpen { holder: None } => Error::AlreadyOpen { holder: note::read(path) },
            Error::Held { holder: None } => Error::Held { holder: note::read(path) },
            other => other,
        })
    }

    fn open_file(path: &Path, access: Access) -> Result<Self, Error> {
        caught(|| match access {
            Access::Read => Self::checked(Handle::Read(file::open_for_reading(path)?), Some(path)),
            Access::Write(holder) => {
                // Opening for writing marks the file: what is no store of ours is refused before.
                match file::look(path) {
                    Ok(Some(database)) => drop(Self::checked(Handle::Read(database), Some(path))?),
                    Ok(None) | Err(Error::NotFound) => {}
                    Err(error) => return Err(error),
                }
                let (database, seal) = file::open_for_writing(path, &holder, lay_out)?;
                let store = Self::checked(Handle::Write(database, Some(seal)), Some(path))?;
                store.bring_up_to_date()?;
                note::write(path, &holder);
                Ok(store)
            }
        })
    }

    /// Opens a store kept by `backend`, which nobody else can see; one that is empty becomes a store.
    pub fn with_backend(backend: impl redb::StorageBackend) -> Result<Self, Error> {
        caught(|| {
            let is_new = backend.len()? == 0;
            let database = file::builder(ConcurrencyMode::ExclusiveWriter).create_with_backend(backend)?;
            if is_new {
                lay_out(&database)?;
            }
            let store = Self::checked(Handle::Write(database, None), None)?;
            store.bring_up_to_date()?;
            Ok(store)
        })
    }

    fn checked(database: Handle, path: Option<&Path>) -> Result<Self, Error> {
        let file = path.map(|path| Ok::<_, Error>((path.to_owned(), file::identity(path)?))).transpose()?;
        let store =
            Self(Arc::new(Open { database: Some(database), file, is_staging: AtomicBool::new(false) }));
        check_version(&store.begin_read()?)?;
        Ok(store)
    }

    /// Whoever writes brings a store of an earlier version up to date first; whoever reads need not.
    fn bring_up_to_date(&self) -> Result<(), Error> {
        match check_version(&self.begin_read()?)? {
            VERSION => Ok(()),
            earlier => {
                let write = self.begin_write()?;
                migration::migrate(&write, earlier)?;
                Ok(write.commit()?)
            }
        }
    }

    /// What is published now.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Snapshot::new(self.clone())
    }

    /// Begins the next generation. One at a time; what an earlier one left behind is dropped.
    pub fn stage(&self) -> Result<Staging, Error> {
        self.has_room()?;
        Staging::begin(self)
    }

    /// Begins the next generation with all that is published: see [`Staging`]. What an earlier staging left
    /// behind is dropped.
    pub fn stage_over_current(&self) -> Result<Staging, Error> {
        self.has_room()?;
        Staging::over_current(self)
    }

    /// Goes on with the generation whose staging was cut off: the rows of its last checkpoint, and the note
    /// left with them. `None` where there is none, or where the disk no longer holds what was written: then
    /// what is left of it is dropped.
    pub fn resume(&self) -> Result<Option<(Staging, Vec<u8>)>, Error> {
        self.has_room()?;
        Staging::resume(self)
    }

    /// The note of the staging that was cut off; `None` where there is none. Its rows are looked at by
    /// [`Self::resume`].
    pub fn left_off(&self) -> Result<Option<Vec<u8>>, Error> {
        caught(|| checkpoint::Checkpoint::note_of(&self.begin_read()?))
    }

    /// Keeps a run that published nothing. The last 100 runs are kept.
    pub fn record_run(&self, run: &Run) -> Result<(), Error> {
        caught(|| {
            let write = self.begin_write()?;
            settled::add_run(&write, run)?;
            Ok(write.commit()?)
        })
    }

    /// The runs kept, the latest first.
    pub fn runs(&self) -> Result<Vec<Run>, Error> {
        caught(|| {
            let runs = self.begin_read()?.open_table(RUNS)?;
            runs.iter()?.rev().map(|run| Run::decode(run?.1.value())).collect()
        })
    }

    /// What was kept of how the base wants to be asked.
    pub fn lessons(&self) -> Result<Option<Vec<u8>>, Error> {
        caught(|| Ok(self.begin_read()?.open_table(META)?.get(META_LESSONS)?.map(|it| it.value().to_vec())))
    }

    /// Keeps how the base wants to be asked.
    pub fn keep_lessons(&self, lessons: &[u8]) -> Result<(), Error> {
        caught(|| {
            self.still_in_place()?;
            let write = self.begin_write()?;
            write.open_table(META)?.insert(META_LESSONS, lessons)?;
            Ok(write.commit()?)
        })
    }

    /// Reads every row of the published generation again and compares with its manifest: redb serves a byte
    /// that changed on the disk as it is.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.snapshot()?.verify()
    }

    /// Whether the disk can take another generation, where the file still is the one that was opened.
    fn has_room(&self) -> Result<(), Error> {
        self.still_in_place()?;
        self.0.file.as_ref().map_or(Ok(()), |(path, _)| file::has_room(path))
    }

    fn begin_read(&self) -> Result<ReadTransaction, Error> {
        match &self.0.database {
            Some(Handle::Write(database, _)) => Ok(database.begin_read()?),
            Some(Handle::Read(database)) => Ok(database.begin_read()?),
            None => Err(Error::Reopen),
        }
    }

    /// Every transaction keeps what makes opening after a kill take milliseconds, whatever the size.
    fn begin_write(&self) -> Result<WriteTransaction, Error> {
        let Some(Handle::Write(database, seal)) = &self.0.database else { return Err(Error::ReadOnly) };
        seal.as_ref().map_or(Ok(()), Seal::check)?;
        begin_write(database)
    }

    /// Reads what was published back through a handle of its own: what the disk has is what counts, not what this
    /// process believes to have written.
    fn read_back(&self, published: &Generation, patches: Option<&[Patch]>) -> Result<(), Error> {
        let Some((path, identity)) = &self.0.file else { return Ok(()) };
        self.still_in_place()?;
        let fresh = Self::open_file(path, Access::Read)?;
        if fresh.0.file.as_ref().is_none_or(|(_, opened)| opened != identity) {
            return Err(Error::Replaced);
        }
        let snapshot = fresh.snapshot()?;
        if snapshot.generation() != Some(published) {
            return Err(Error::Replaced);
        }
        match patches {
            None => drop(snapshot.verify()?),
            // What was not written again was looked at before.
            Some(patches) => snapshot.verify_patches(patches)?,
        }
        self.still_in_place()
    }

    /// Whether the file is still the one that was opened: what is published into a ghost is lost.
    fn still_in_place(&self) -> Result<(), Error> {
        let Some((path, identity)) = &self.0.file else { return Ok(()) };
        match file::identity(path) {
            Ok(there) if there == *identity => Ok(()),
            Ok(_) | Err(Error::NotFound) => Err(Error::Replaced),
            Err(error) => Err(error),
        }
    }

    fn begin_staging(&self) -> bool {
        !self.0.is_staging.swap(true, Ordering::AcqRel)
    }

    fn end_staging(&self) {
        self.0.is_staging.store(false, Ordering::Release);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let (Some(Handle::Write(..)), Some((path, _))) = (&self.database, &self.file) {
            note::remove(path);
        }
        // Closing a damaged file panics like reading it; what was committed is on the disk already.
        let database = self.database.take();
        let _ = caught(|| {
            drop(database);
            Ok(())
        });
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Write(..) => "Write",
            Self::Read(_) => "Read",
        })
    }
}

fn begin_write(database: &Database) -> Result<WriteTransaction, Error> {
    let mut write = database.begin_write()?;
    write.set_quick_repair(true);
    Ok(write)
}

/// Generation zero: all tables, without a row.
fn lay_out(database: &Database) -> Result<(), Error> {
    let write = begin_write(database)?;
    {
        let mut meta = write.open_table(META)?;
        meta.insert(META_VERSION, VERSION.to_le_bytes().as_slice())?;
        meta.insert(META_CURRENT, PublishedHead::default().encode()?.as_slice())?;
    }
    write.open_table(RECORDER_TYPES)?;
    write.open_table(RUNS)?;
    for kind in RowKind::ALL {
        write.open_table(schema::rows(&kind.current()))?;
    }
    Ok(write.commit()?)
}

/// The version of the store, if it is one that is known here.
fn check_version(read: &ReadTransaction) -> Result<u32, Error> {
    let meta = match read.open_table(META) {
        Err(redb::TableError::TableDoesNotExist(_)) => {
            return Err(Error::Foreign { what: "a redb file of another program" });
        }
        meta => meta?,
    };
    let version = meta.get(META_VERSION)?.and_then(|version| version.value().try_into().ok());
    match version.map(u32::from_le_bytes) {
        Some(known @ FIRST_VERSION..=VERSION) => Ok(known),
        Some(found) if found > VERSION => Err(Error::Newer { found, known: VERSION }),
        _ => Err(damaged("the format's version cannot be read")),
    }
}

#[cfg(test)]
mod tests;
