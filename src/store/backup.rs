//! A copy of what is published, taken beside whoever writes; and the way back from it.
//!
//! A copy is a store of its own, row by row and not byte by byte: what is being staged and the generation before are
//! not in it. It says of itself that no delta may build on it: what 1C changed since then, and then moved no sum, a
//! delta would not see.

use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{ConcurrencyMode, ReadTransaction, ReadableTable, TableHandle, WriteTransaction};
use thiserror::Error as ThisError;

use super::error::caught;
use super::error::damaged;
use super::generation::PublishedHead;
use super::schema::{
    self, META, META_CURRENT, META_PREVIOUS, META_STAGED, META_VERSION, PREVIOUS, RECORDER_TYPES, RUNS,
    STAGED, VERSION,
};
use super::{
    Access, Error, Generation, Handle, Store, StoreHolder, Verified, begin_write, check_version, file,
    snapshot,
};
use crate::files::{Draft, Place, Refusal, What, folder_of, make_folder};

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopySummary {
    /// The generation, as the copy has it.
    pub generation: Generation,
    /// Its rows, read again.
    pub verified: Verified,
    /// Length of the file.
    pub file_bytes: u64,
}

/// What a copy took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What is published now.
    pub copied: CopySummary,
    /// Where the store that was there lies now.
    pub aside: Option<PathBuf>,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupStep {
    /// The copy is read through before anything is done with it.
    Examining,
    /// The rows of this generation are copied.
    Copying {
        /// Its number.
        generation: u64,
        /// Its cards.
        cards: u64,
    },
    /// What was written is read again.
    ReadingAgain,
}

/// Why there is no copy, or nothing was restored. Whatever it is, all is as it was.
#[derive(Debug, ThisError)]
pub enum NotCopied {
    /// The store.
    #[error("the store: {0}")]
    Store(#[source] Error),
    /// The copy.
    #[error("the copy: {0}")]
    Copy(#[source] Error),
    /// The place for the copy.
    #[error("the place: {0}")]
    Place(#[source] Refusal),
}

impl Store {
    /// Copies what is published into a place, while others read and write, and reads the copy again before it gets
    /// its name.
    pub fn back_up(path: &Path, place: &Place, tell: impl Fn(BackupStep)) -> Result<CopySummary, NotCopied> {
        let folder = place.folder().ok_or(NotCopied::Place(Refusal::NoFile))?;
        if place.path().try_exists().unwrap_or(true) && !is_store(place.path()) {
            return Err(NotCopied::Place(Refusal::Foreign));
        }
        let store = Self::open(path, Access::Read).map_err(NotCopied::Store)?;
        let draft = Draft::in_folder(folder, 0o600).map_err(|error| NotCopied::Place(error.into()))?;
        let copied = copy(&store, &draft, &tell, |_| ()).map_err(|error| match error {
            // The disk of the copy is full, not that of the store.
            error @ (Error::Full(_) | Error::Io(_) | Error::Permission(_)) => NotCopied::Copy(error),
            error => NotCopied::Store(error),
        })?;
        place.keep(draft).map_err(NotCopied::Place)?;
        Ok(copied)
    }

    /// Puts a copy in the place of the store, which is set aside. The copy is read through before, and left as it is.
    pub fn restore(
        path: &Path,
        from: &Path,
        holder: StoreHolder,
        tell: impl Fn(BackupStep),
    ) -> Result<Restored, NotCopied> {
        let target = file::link_target(path);
        let real = target.as_deref().unwrap_or(path);
        // Whoever opens a store does not make one by way of a link either: the disk behind it may be missing.
        if target.is_some() && !real.try_exists().map_err(|error| NotCopied::Store(error.into()))? {
            return Err(NotCopied::Store(Error::LinkToNothing));
        }
        let now = holder.since;
        let source = open_copy(from).map_err(NotCopied::Copy)?;
        if fs::metadata(real).is_ok() && file::identity(real).ok() == file::identity(from).ok() {
            return Err(NotCopied::Place(Refusal::Own(What::Store)));
        }
        tell(BackupStep::Examining);
        source.verify().map_err(NotCopied::Copy)?;
        let present = hold(real, holder).map_err(NotCopied::Store)?;
        let number = present.as_ref().map_or(Ok(0), number_of).map_err(NotCopied::Store)?;
        let restored = (|| {
            make_folder(folder_of(real))?;
            let draft = Draft::in_folder(folder_of(real), 0o600)?;
            // Whoever knows generations by their number must not take this one for another.
            let renumber = |it: &mut Generation| it.id = it.id.max(number) + 1;
            let copied = copy(&source, &draft, &tell, renumber)?;
            let aside =
                fs::symlink_metadata(real).is_ok().then(|| file::link_aside(real, now)).transpose()?;
            draft.replace(real)?;
            Ok(Restored { copied, aside })
        })();
        restored.map_err(NotCopied::Store)
    }
}

/// Whether there is a store of ours, of whatever version.
fn is_store(path: &Path) -> bool {
    let opened = file::look(path).and_then(|database| match database {
        Some(database) => Store::checked(Handle::Read(database), None).map(drop),
        None => Ok(()),
    });
    matches!(opened, Ok(()) | Err(Error::Newer { .. } | Error::Damaged { .. }))
}

/// Opens a copy without changing anything of it.
fn open_copy(path: &Path) -> Result<Store, Error> {
    caught(|| match file::look(path)? {
        Some(database) => Store::checked(Handle::Read(database), None),
        None => Err(damaged("the file was copied while it was being written to")),
    })
}

/// The store that is to be replaced, so that nobody else writes to it: `None` where there is none that can be used.
fn hold(path: &Path, holder: StoreHolder) -> Result<Option<Store>, Error> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    match Store::open_file(path, Access::Write(holder)) {
        Ok(store) => Ok(Some(store)),
        Err(Error::Damaged { .. } | Error::Newer { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn number_of(store: &Store) -> Result<u64, Error> {
    Ok(store.snapshot()?.generation().map_or(0, |generation| generation.id))
}

/// Makes a store of what is published in another one, and reads it again.
fn copy(
    from: &Store,
    draft: &Draft,
    tell: &impl Fn(BackupStep),
    alter: impl FnOnce(&mut Generation),
) -> Result<CopySummary, Error> {
    caught(|| {
        let read = from.begin_read()?;
        let version = check_version(&read)?;
        let mut head = snapshot::head(&read.open_table(META)?, version)?;
        let generation = head.generation.as_mut().ok_or(Error::NotFound)?;
        tell(BackupStep::Copying { generation: generation.id, cards: generation.counts.cards });
        generation.basis = None;
        alter(generation);
        let backend = FileBackend::new(draft.reopen()?)?;
        let database = file::builder(ConcurrencyMode::SingleWriter).create_with_backend(backend)?;
        let write = begin_write(&database)?;
        copy_tables(&read, &write, &head)?;
        write.commit()?;
        database.close()?;
        draft.file().sync_all()?;
        tell(BackupStep::ReadingAgain);
        let (found, verified) = read_again(draft)?;
        if found != head.generation {
            return Err(damaged("the copy is not what was written"));
        }
        let file_bytes = draft.file().metadata()?.len();
        Ok(CopySummary { generation: found.ok_or(Error::NotFound)?, verified, file_bytes })
    })
}

/// Every page and every row of the copy, through handles of their own; and what it says it holds.
fn read_again(draft: &Draft) -> Result<(Option<Generation>, Verified), Error> {
    // Opening for writing compares every page with its checksum.
    let pages = FileBackend::new(draft.reopen()?)?;
    file::builder(ConcurrencyMode::SingleWriter).create_with_backend(pages)?.close()?;
    draft.file().sync_all()?;
    let rows = FileBackend::new(draft.reopen()?)?;
    let database = file::builder(ConcurrencyMode::SingleWriter).open_read_only_with_backend(rows)?;
    let copy = Store::checked(Handle::Read(database), None)?;
    Ok((copy.snapshot()?.generation().cloned(), copy.verify()?))
}

/// Copies every table but those of the generations before and after.
fn copy_tables(read: &ReadTransaction, write: &WriteTransaction, head: &PublishedHead) -> Result<(), Error> {
    copy_meta(read, write, head)?;
    {
        let mut types = write.open_table(RECORDER_TYPES)?;
        for entry in read.open_table(RECORDER_TYPES)?.iter()? {
            let (number, name) = entry?;
            types.insert(number.value(), name.value())?;
        }
        let mut runs = write.open_table(RUNS)?;
        for entry in read.open_table(RUNS)?.iter()? {
            let (number, run) = entry?;
            runs.insert(number.value(), run.value())?;
        }
    }
    let others = [META.name(), RECORDER_TYPES.name(), RUNS.name()];
    for table in read.list_tables()? {
        let name = table.name();
        if others.contains(&name) || name.starts_with(STAGED) || name.starts_with(PREVIOUS) {
            continue;
        }
        let mut to = write.open_table(schema::rows(name))?;
        let mut end = to.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
        for entry in read.open_table(schema::rows(name))?.iter()? {
            let (key, record) = entry?;
            end.insert_before(key.value(), record.value())?;
        }
        end.close()?;
    }
    Ok(())
}

fn copy_meta(read: &ReadTransaction, write: &WriteTransaction, head: &PublishedHead) -> Result<(), Error> {
    let mut meta = write.open_table(META)?;
    for entry in read.open_table(META)?.iter()? {
        let (name, record) = entry?;
        if ![META_VERSION, META_CURRENT, META_PREVIOUS, META_STAGED].contains(&name.value()) {
            meta.insert(name.value(), record.value())?;
        }
    }
    meta.insert(META_VERSION, VERSION.to_le_bytes().as_slice())?;
    meta.insert(META_CURRENT, head.encode()?.as_slice())?;
    Ok(())
}
