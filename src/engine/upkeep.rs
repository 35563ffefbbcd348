//! Looking after the store: whether it is whole, room given back, the way back from damage.

use std::path::PathBuf;
use std::time::Duration;

use super::{Engine, blocking};
use crate::files::Place;
use crate::store::{self, BackupStep, Compacted, CopySummary, Examined, NotCopied, Restored};
use crate::sync::Error;

/// Pauses before a store on a failing disk is opened again. After the last, the failure is told.
const REOPENINGS: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900)];

impl Engine {
    /// Looks at the whole store.
    pub async fn examine_store(&self) -> Result<Examined, Error> {
        let (home, now) = (self.home.clone(), self.clock.now());
        blocking(move || home.examine(now)).await
    }

    /// Gives back the room the store does not need.
    pub async fn compact_store(&self) -> Result<Compacted, Error> {
        let (home, now) = (self.home.clone(), self.clock.now());
        blocking(move || home.compact(now)).await
    }

    /// Copies what is published into a place, while others read and write; `tell` hears of each step.
    pub async fn back_up_store(
        &self,
        place: Place,
        tell: impl Fn(BackupStep) + Send + 'static,
    ) -> Result<CopySummary, NotCopied> {
        let home = self.home.clone();
        copying(move || home.back_up(&place, tell)).await
    }

    /// Puts a copy in the place of the store, which is set aside; `tell` hears of each step.
    pub async fn restore_store(
        &self,
        from: PathBuf,
        tell: impl Fn(BackupStep) + Send + 'static,
    ) -> Result<Restored, NotCopied> {
        let (home, now) = (self.home.clone(), self.clock.now());
        copying(move || home.restore(&from, now, tell)).await
    }

    /// Puts a store that is damaged or of a version not known here aside, and says where. `None` where there is
    /// none, or where it is whole.
    pub async fn set_store_aside(&self) -> Result<Option<PathBuf>, Error> {
        let (home, now) = (self.home.clone(), self.clock.now());
        blocking(move || home.set_aside(now)).await
    }

    /// Reads all rows of the published generation again before anything is proved by them: once per
    /// generation, for they do not change.
    ///
    /// # Errors
    /// Damage, where they are not what was published; what the disk said, where they cannot be read.
    pub async fn verify_store(&self) -> Result<(), Error> {
        let known = *self.verified.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let home = self.home.clone();
        let verified = reopening(move || {
            let home = home.clone();
            blocking(move || {
                let store = home.reader()?;
                let there = store.snapshot()?.generation().map(|generation| generation.id);
                if there != known {
                    store.verify()?;
                }
                Ok(there)
            })
        })
        .await?;
        *self.verified.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = verified;
        Ok(())
    }
}

/// Runs what copies where blocking is allowed.
async fn copying<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, NotCopied> + Send + 'static,
) -> Result<R, NotCopied> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|broken| Err(NotCopied::Store(store::Error::Io(std::io::Error::other(broken)))))
}

/// Tries again, a few times, what a disk refused: the handle is dead, and the disk may not be.
pub(super) async fn reopening<R, F: Future<Output = Result<R, Error>>>(
    attempt: impl Fn() -> F,
) -> Result<R, Error> {
    for pause in REOPENINGS {
        match attempt().await {
            Err(Error::Store(error)) if is_worth_reopening(&error) => tokio::time::sleep(pause).await,
            ended => return ended,
        }
    }
    attempt().await
}

/// Whether another handle may do better: not where the disk is full or the file is gone.
fn is_worth_reopening(error: &store::Error) -> bool {
    matches!(error, store::Error::Io(_) | store::Error::Reopen)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;

    use super::*;

    async fn tries(fail: usize, error: fn() -> store::Error) -> (usize, Result<(), Error>) {
        let tries = Cell::new(0);
        let result = reopening(async || {
            tries.set(tries.get() + 1);
            if tries.get() > fail { Ok(()) } else { Err(error().into()) }
        });
        let result = result.await;
        (tries.get(), result)
    }

    #[tokio::test(start_paused = true)]
    async fn d2_a_disk_that_fails_is_asked_three_times_more() {
        let failure = || store::Error::Io(io::Error::other("the disk failed"));
        assert!(matches!(tries(3, failure).await, (4, Ok(()))));
        assert!(matches!(tries(4, failure).await, (4, Err(Error::Store(store::Error::Io(_))))));
        assert!(matches!(tries(1, || store::Error::Damaged { what: "words".into() }).await, (1, Err(_))));
    }
}
