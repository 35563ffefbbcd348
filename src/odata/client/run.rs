//! What a run shares between its requests: the budget, the page size, the latch, the count.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::super::address::Dialect;
use super::super::error::Error;
use super::super::page_size::PageSize;
use super::super::query::Set;
use super::super::retry::Jitter;
use super::Stats;

/// Repeats a run may use beside one for every request planned.
const SPARE_REPEATS: u64 = 50;
/// Failures in a row that end a run: the server is not coming back while we wait.
const FAILURES_IN_A_ROW: u32 = 10;

/// The state of one run.
#[derive(Debug)]
pub(super) struct Run {
    sizes: Mutex<PageSize>,
    jitter: Mutex<Jitter>,
    dialects: Mutex<[Dialect; Set::ALL.len()]>,
    planned: AtomicU64,
    in_a_row: AtomicU32,
    requests: AtomicU64,
    retries: AtomicU64,
    charged: AtomicU64,
    bytes: AtomicU64,
    /// Why nothing more is sent. Set once, never taken back.
    over: OnceLock<Error>,
}

impl Run {
    pub(super) fn new(page_size: u32, seed: u64) -> Self {
        Self {
            sizes: Mutex::new(PageSize::new(page_size)),
            jitter: Mutex::new(Jitter::new(seed)),
            dialects: Mutex::default(),
            planned: AtomicU64::default(),
            in_a_row: AtomicU32::default(),
            requests: AtomicU64::default(),
            retries: AtomicU64::default(),
            charged: AtomicU64::default(),
            bytes: AtomicU64::default(),
            over: OnceLock::new(),
        }
    }

    pub(super) fn plan(&self, requests: u64) {
        self.planned.fetch_add(requests, Ordering::Relaxed);
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            requests: self.requests.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            planned: self.planned.load(Ordering::Relaxed),
        }
    }

    pub(super) fn sizes(&self) -> MutexGuard<'_, PageSize> {
        lock(&self.sizes)
    }

    pub(super) fn jitter(&self) -> u64 {
        lock(&self.jitter).draw()
    }

    /// What is known of how a set wants to be asked.
    pub(super) fn dialect(&self, set: Set) -> Dialect {
        lock(&self.dialects).get(set as usize).cloned().unwrap_or_default()
    }

    pub(super) fn learn(&self, set: Set, lesson: impl FnOnce(&mut Dialect)) {
        if let Some(dialect) = lock(&self.dialects).get_mut(set as usize) {
            lesson(dialect);
        }
    }

    /// Whether anything may still be sent.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.over.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    pub(super) fn sent(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn succeeded(&self) {
        self.in_a_row.store(0, Ordering::Relaxed);
    }

    /// Nothing more is sent: the account would be locked.
    pub(super) fn credentials_refused(&self) {
        let _ = self.over.set(Error::Unauthorized);
    }

    /// A failure that may pass. Ends the run where there were too many in a row.
    pub(super) fn failed(&self, error: &Error) -> Result<(), Error> {
        let failures = self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        if failures < FAILURES_IN_A_ROW { Ok(()) } else { Err(self.end(error)) }
    }

    /// Takes a repeat out of the budget. Ends the run where there is none left.
    pub(super) fn charge(&self, error: &Error) -> Result<(), Error> {
        let charged = self.charged.fetch_add(1, Ordering::Relaxed) + 1;
        if charged > SPARE_REPEATS + self.planned.load(Ordering::Relaxed) {
            return Err(self.end(error));
        }
        Ok(())
    }

    pub(super) fn repeated(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    fn end(&self, error: &Error) -> Error {
        self.over.get_or_init(|| Error::BudgetSpent { last: Box::new(error.clone()) }).clone()
    }
}

/// A lock whose value is whole between any two statements: a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
