//! Looking after a store: whether it is whole, whether it is larger than it need be, and the way back from
//! damage.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::checkpoint::Checkpoint;
use super::error::caught;
use super::generation::Verified;
use super::{Access, Error, Handle, Store, StoreHolder, file, snapshot};
use crate::files::folder_of;

/// Whether the pages of the file were looked at, beside the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pages {
    /// Every page was compared with its checksum.
    #[default]
    Compared,
    /// Another process writes to the store.
    Busy,
    /// There is no right to write there, which looking at pages takes.
    ReadOnly,
}

/// What was looked at, and found whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// The published generation; `None` before the first sync.
    pub generation: Option<u64>,
    /// Its rows.
    pub verified: Verified,
    /// The file's pages.
    pub pages: Pages,
    /// Length of the file.
    pub file_bytes: u64,
}

/// What compacting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Length of the file before.
    pub before: u64,
    /// Length of the file after.
    pub after: u64,
}

/// A file this many times as large as the rows of its generation, and this much larger, is larger than it need
/// be (I19): a generation beside it, one before it and the room between the rows come to less.
const LARGEST: (u64, u64) = (5, 16 << 20);

impl Verified {
    /// Whether a file of this length is larger than these rows need.
    pub fn outgrown_by(self, file_bytes: u64) -> bool {
        let (times, more) = LARGEST;
        file_bytes > self.bytes.saturating_mul(times).saturating_add(more)
    }
}

impl Store {
    /// Looks at the whole file: every page, every row of what is published, every row of what is staged.
    pub fn examine(path: &Path, holder: StoreHolder) -> Result<Examined, Error> {
        let reader = Self::open(path, Access::Read)?;
        let (store, pages) = match Self::open(path, Access::Write(holder)) {
            Ok(writer) => (writer, Pages::Compared),
            Err(Error::AlreadyOpen { .. }) => (reader, Pages::Busy),
            Err(Error::Permission(_)) => (reader, Pages::ReadOnly),
            Err(error) => return Err(error),
        };
        let verified = store.verify()?;
        if pages == Pages::Compared {
            store.examine_staged()?;
        }
        let generation = store.snapshot()?.generation().map(|generation| generation.id);
        Ok(Examined { generation, verified, pages, file_bytes: file_bytes(path)? })
    }

    fn examine_staged(&self) -> Result<(), Error> {
        caught(|| {
            let read = self.begin_read()?;
            Checkpoint::find(&read, &snapshot::recorder_types(&read)?).map(drop)
        })
    }

    /// Gives back what the file does not need. Nobody may read or write meanwhile; a power cut leaves the store
    /// as it was.
    pub fn compact(path: &Path, holder: StoreHolder) -> Result<Compacted, Error> {
        // Opening for writing would make a store where there is none.
        drop(Self::open(path, Access::Read)?);
        file::has_room_to_compact(path)?;
        let mut store = Self::open(path, Access::Write(holder))?;
        let before = file_bytes(path)?;
        store.compact_pages()?;
        drop(store);
        Ok(Compacted { before, after: file_bytes(path)? })
    }

    pub(super) fn compact_pages(&mut self) -> Result<(), Error> {
        let open = std::sync::Arc::get_mut(&mut self.0).ok_or(Error::InUse)?;
        let Some(Handle::Write(database, _)) = &mut open.database else { return Err(Error::ReadOnly) };
        caught(|| {
            while database.compact()? {}
            Ok(())
        })
    }

    /// Puts a store that cannot be used, damaged or of a version not known here, aside beside itself, so that
    /// the next sync makes a new one. One that is whole stays; what is no store of ours is never moved.
    ///
    /// A link stays, and leads to the new store: it is the file behind it that is set aside, in its own folder.
    pub fn set_aside(path: &Path, holder: StoreHolder) -> Result<Option<PathBuf>, Error> {
        let now: DateTime<Utc> = holder.since;
        let target = file::link_target(path);
        let real = target.as_deref().unwrap_or(path);
        if target.is_some() && !folder_of(real).is_dir() {
            return Err(Error::LinkToNothing);
        }
        let whole = Self::open_file(real, Access::Write(holder.clone())).and_then(|store| store.verify());
        match whole {
            Ok(_) | Err(Error::NotFound) => Ok(None),
            Err(Error::Damaged { .. } | Error::Newer { .. }) => {
                let aside = file::set_aside(real, now)?;
                if target.is_some() {
                    drop(Self::open_file(real, Access::Write(holder))?);
                }
                Ok(Some(aside))
            }
            Err(error) => Err(error),
        }
    }
}

fn file_bytes(path: &Path) -> Result<u64, Error> {
    Ok(std::fs::metadata(path)?.len())
}
