//! How many requests go at once: as many as the settings say, fewer while 1C is short of sessions.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// The turns, shared by all runs against one base.
#[derive(Debug)]
pub(super) struct Turns {
    free: Semaphore,
    given_up: Mutex<Given>,
}

/// Turns in all, and how many of them are not used for now.
#[derive(Debug)]
struct Given {
    all: usize,
    up: usize,
}

impl Turns {
    pub(super) fn new(all: usize) -> Self {
        let all = all.max(1);
        Self { free: Semaphore::new(all), given_up: Mutex::new(Given { all, up: 0 }) }
    }

    /// Waits for a turn.
    pub(super) async fn take(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; were it, the request would only go unlimited.
        self.free.acquire().await.ok()
    }

    /// One fewer from now on; the last one stays.
    pub(super) fn give_one_up(&self) {
        let mut given = self.given();
        if given.up + 1 < given.all {
            given.up += self.free.forget_permits(1);
        }
    }

    /// All of them again: another run may find 1C at leisure.
    pub(super) fn restore(&self) {
        let mut given = self.given();
        self.free.add_permits(std::mem::take(&mut given.up));
    }

    /// A lock whose value is whole between any two statements: a panic elsewhere does not spoil it.
    fn given(&self) -> MutexGuard<'_, Given> {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
