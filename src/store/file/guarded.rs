//! The file as redb sees it: waits for locks end, and a file that somebody else wrote to is not written to.

use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

use super::super::Error;
use super::super::error::Obstacle;
use super::HEADER;
use crate::files::is_ending;

/// How long a lock is waited for: compacting a large store takes seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses between two tries: short at first, as most locks are held for less than a millisecond.
const SHORTEST: Duration = Duration::from_micros(200);
const LONGEST: Duration = Duration::from_millis(20);

/// The header as it was written last: every commit changes it.
#[derive(Clone, Debug)]
pub(in crate::store) struct Seal(Arc<Sealed>);

#[derive(Debug)]
struct Sealed {
    file: File,
    /// `None` until the store is open for writing: others write to it before.
    header: Mutex<Option<Vec<u8>>>,
}

impl Seal {
    fn of(file: File) -> Self {
        Self(Arc::new(Sealed { file, header: Mutex::new(None) }))
    }

    /// From now on nobody else may write.
    pub(super) fn set(&self) -> Result<(), Error> {
        let header = self.read()?;
        *self.0.header.lock().unwrap_or_else(PoisonError::into_inner) = Some(header);
        Ok(())
    }

    /// Whether the header still is the one that was written last: a file copied over the store, into the same
    /// file, is another program's.
    pub(in crate::store) fn check(&self) -> io::Result<()> {
        self.holds(self.0.header.lock().unwrap_or_else(PoisonError::into_inner).as_deref())
    }

    fn holds(&self, expected: Option<&[u8]>) -> io::Result<()> {
        match expected {
            Some(expected) if self.read()? != expected => Err(Obstacle::Overwritten.error()),
            _ => Ok(()),
        }
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut header = vec![0; HEADER];
        let mut read = 0;
        while let Some(rest) = header.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match self.0.file.read_at(rest, read as u64) {
                Ok(0) => break,
                Ok(bytes) => read += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        header.truncate(read);
        Ok(header)
    }

    /// Writes a part of the header, where it is still ours.
    fn write(&self, offset: u64, data: &[u8], write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let mut header = self.0.header.lock().unwrap_or_else(PoisonError::into_inner);
        self.holds(header.as_deref())?;
        write()?;
        if let (Some(header), Ok(offset)) = (header.as_mut(), usize::try_from(offset)) {
            header.iter_mut().skip(offset).zip(data).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }
}

/// redb's own access to a file, with an end to every wait.
#[derive(Debug)]
pub(in crate::store) struct Guarded {
    inner: FileBackend,
    seal: Seal,
}

impl Guarded {
    /// For reading.
    pub(super) fn reading(path: &Path) -> Result<Self, Error> {
        Self::over(File::open(path)?)
    }

    /// For writing.
    pub(super) fn writing(path: &Path) -> Result<Self, Error> {
        Self::over(OpenOptions::new().read(true).write(true).open(path)?)
    }

    /// Over a file that is open.
    pub(super) fn over(file: File) -> Result<Self, Error> {
        let seal = Seal::of(file.try_clone()?);
        Ok(Self { inner: FileBackend::new(file)?, seal })
    }

    pub(super) fn seal(&self) -> Seal {
        self.seal.clone()
    }
}

/// Tries until the lock is there, the patience spent or the process about to end.
fn wait(mut attempt: impl FnMut() -> Result<bool, BackendError>) -> Result<(), BackendError> {
    let (mut waited, mut pause) = (Duration::ZERO, SHORTEST);
    while !attempt()? {
        if waited >= PATIENCE || is_ending() {
            return Err(BackendError::Io(Obstacle::Held.error()));
        }
        thread::sleep(pause);
        waited += pause;
        pause = (pause * 2).min(LONGEST);
    }
    Ok(())
}

impl StorageBackend for Guarded {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.seal.check()?;
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if offset < HEADER as u64 {
            return self.seal.write(offset, data, || self.inner.write(offset, data));
        }
        // Not a page either, also of those that closing writes.
        self.seal.check()?;
        self.inner.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        wait(|| self.inner.try_lock_range(start, end))
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        wait(|| self.inner.try_lock_shared_range(start, end))
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}
