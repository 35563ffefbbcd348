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

/// Leave to send one request. The semaphore is never closed; were it, requests would only go unlimited.
pub(super) type Permit<'a> = Option<SemaphorePermit<'a>>;

impl Turns {
    pub(super) fn new(all: usize) -> Self {
        let all = all.max(1);
        Self { free: Semaphore::new(all), given_up: Mutex::new(Given { all, up: 0 }) }
    }

    pub(super) async fn take(&self) -> Permit<'_> {
        self.free.acquire().await.ok()
    }

    /// This one is not used again, unless it is the last.
    pub(super) fn give_up(&self, turn: Permit<'_>) {
        let mut given = self.given();
        if given.up + 1 < given.all
            && let Some(turn) = turn
        {
            turn.forget();
            given.up += 1;
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
