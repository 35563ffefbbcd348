//! What a run shares between its requests: the budget, the page size, the latch, the count.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{RwLock, RwLockWriteGuard};

use super::super::address::Dialect;
use super::super::capability::{Capability, Learned, VirtualTable, Width};
use super::super::error::Error;
use super::super::page_size::PageSizes;
use super::super::query::{Filter, Set};
use super::super::retry::Jitter;
use super::super::transport::HttpRequest;
use super::Stats;
use super::admission::Answered;

/// Repeats a run may use beside one for every request planned.
const SPARE_REPEATS: u64 = 50;
/// Failures in a row that end a run: the server is not coming back while we wait.
const FAILURES_IN_A_ROW: u32 = 10;

/// What is known of the base.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) learned: Vec<Learned>,
    /// What the server called itself.
    pub(super) platform: Option<String>,
    /// When the run began.
    pub(super) now: Option<DateTime<Utc>>,
    /// The longest stretches that tables answered in this run.
    widest: HashMap<VirtualTable, Width>,
    /// Whether it is not what is kept any more.
    pub(super) is_changed: bool,
}

impl Memory {
    fn find(&self, set: Set, what: &Capability) -> Option<&Learned> {
        self.learned.iter().find(|learned| learned.set == set && learned.what == *what)
    }

    fn find_mut(&mut self, set: Set, what: &Capability) -> Option<&mut Learned> {
        self.learned.iter_mut().find(|learned| learned.set == set && learned.what == *what)
    }
}

/// The state of one run.
#[derive(Debug)]
pub(super) struct ClientRun {
    sizes: Mutex<PageSizes>,
    jitter: Mutex<Jitter>,
    memory: Mutex<Memory>,
    planned: AtomicU64,
    in_a_row: AtomicU32,
    requests: AtomicU64,
    retries: AtomicU64,
    charged: AtomicU64,
    bytes: AtomicU64,
    answered: AtomicU64,
    /// How long requests that failed were waited for, and paused after.
    lost: Mutex<Duration>,
    /// Items and rows by set and filter, as 1C counted them last.
    counts: Mutex<HashMap<(Set, u64), u64>>,
    /// Sets whose filter by key, or by card, was held against what it did not find.
    tried_keys: Mutex<HashSet<Set>>,
    /// Registers that are not kept by card.
    cardless: Mutex<HashSet<Set>>,
    /// Most keys in one filter that the server is known to take.
    most_keys: AtomicUsize,
    /// Of each set the request with the smallest answer.
    answers: Mutex<HashMap<Set, Answered>>,
    /// Held while it is found out whether the account is still let in.
    gate: RwLock<()>,
    /// Why nothing more is sent. Set once, never taken back.
    over: OnceLock<Error>,
}

impl ClientRun {
    pub(super) fn new(page_size: u32, seed: u64) -> Self {
        Self {
            sizes: Mutex::new(PageSizes::new(page_size)),
            jitter: Mutex::new(Jitter::new(seed)),
            memory: Mutex::default(),
            planned: AtomicU64::default(),
            in_a_row: AtomicU32::default(),
            requests: AtomicU64::default(),
            retries: AtomicU64::default(),
            charged: AtomicU64::default(),
            bytes: AtomicU64::default(),
            answered: AtomicU64::default(),
            lost: Mutex::default(),
            counts: Mutex::default(),
            tried_keys: Mutex::default(),
            cardless: Mutex::default(),
            most_keys: AtomicUsize::new(usize::MAX),
            answers: Mutex::default(),
            gate: RwLock::default(),
            over: OnceLock::new(),
        }
    }

    /// Adds to the time that failures cost, and tells what it comes to.
    pub(super) fn lost(&self, more: Duration) -> Duration {
        let mut lost = lock(&self.lost);
        *lost = lost.saturating_add(more);
        *lost
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

    pub(super) fn sizes(&self) -> MutexGuard<'_, PageSizes> {
        lock(&self.sizes)
    }

    pub(super) fn jitter(&self) -> u64 {
        lock(&self.jitter).draw()
    }

    /// How a set wants to be asked.
    pub(super) fn dialect(&self, set: Set) -> Dialect {
        Dialect::of(set, &lock(&self.memory).learned)
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.memory)
    }

    /// Notes that a way of asking is not offered; `false` where that is known.
    pub(super) fn forgo(&self, set: Set, what: Capability, said: &str, is_fleeting: bool) -> bool {
        let mut memory = lock(&self.memory);
        if memory.find(set, &what).is_some() {
            return false;
        }
        let since = memory.now;
        memory.learned.push(Learned { set, what, since, said: said.to_owned(), is_fleeting });
        memory.is_changed = true;
        true
    }

    /// Forgets what earlier runs learned of a set; `false` where there was nothing.
    pub(super) fn doubt_lessons(&self, set: Set) -> bool {
        let mut memory = lock(&self.memory);
        let (now, before) = (memory.now, memory.learned.len());
        let stays = |it: &Learned| it.set != set || it.since == now || it.what == Capability::SharedKey;
        memory.learned.retain(stays);
        let is_changed = memory.learned.len() < before;
        memory.is_changed |= is_changed;
        is_changed
    }

    /// Notes that a way of asking is offered after all.
    pub(super) fn regain(&self, set: Set, what: &Capability) {
        let mut memory = lock(&self.memory);
        memory.learned.retain(|learned| learned.set != set || learned.what != *what);
        memory.is_changed = true;
    }

    /// Notes how long a stretch a table answered.
    pub(super) fn answered_stretch(&self, table: VirtualTable, width: Width) {
        let mut memory = lock(&self.memory);
        let widest = memory.widest.entry(table).or_insert(width);
        *widest = width.max(*widest);
    }

    /// Whether a table answered as long a stretch in this run: then another of that length failed by accident.
    pub(super) fn has_answered_stretch(&self, table: VirtualTable, width: Width) -> bool {
        lock(&self.memory).widest.get(&table).is_some_and(|widest| *widest >= width)
    }

    /// Notes that a way that was tried again is still not offered.
    pub(super) fn confirm(&self, learned: &Learned) {
        let mut memory = lock(&self.memory);
        let now = memory.now;
        if let Some(known) = memory.find_mut(learned.set, &learned.what) {
            known.since = now;
            memory.is_changed = true;
        }
    }

    /// What 1C said when it refused this way, where it did.
    pub(super) fn forgone(&self, set: Set, what: &Capability) -> Option<String> {
        lock(&self.memory).find(set, what).map(|learned| learned.said.clone())
    }

    /// What answered calls itself: a platform that changed may have learned as well.
    pub(super) fn answered_by(&self, platform: &str) {
        let mut memory = lock(&self.memory);
        if memory.platform.as_deref() == Some(platform) {
            return;
        }
        if memory.platform.replace(platform.to_owned()).is_some() {
            memory.learned.clear();
        }
        memory.is_changed = true;
    }

    /// Whether anything was answered well in this run.
    pub(super) fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed) > 0
    }

    /// Notes how many rows of a set match a filter.
    pub(super) fn counted(&self, set: Set, filter: &Filter, rows: u64) {
        lock(&self.counts).insert((set, filter.print()), rows);
    }

    /// How many matched when they were counted last.
    pub(super) fn last_count(&self, set: Set, filter: &Filter) -> Option<u64> {
        lock(&self.counts).get(&(set, filter.print())).copied()
    }

    /// The same, and forgets it.
    pub(super) fn take_count(&self, set: Set, filter: &Filter) -> Option<u64> {
        lock(&self.counts).remove(&(set, filter.print()))
    }

    /// Whether it was looked, after a key of a catalog or a card of a register was not found, if its filter finds what
    /// is there.
    pub(super) fn are_keys_tried(&self, set: Set) -> bool {
        lock(&self.tried_keys).contains(&set)
    }

    /// Notes that this look is over: one that failed on the way has said nothing.
    pub(super) fn note_keys_tried(&self, set: Set) {
        lock(&self.tried_keys).insert(set);
    }

    /// Notes that the keys of a register are no cards.
    pub(super) fn note_cardless(&self, set: Set) {
        lock(&self.cardless).insert(set);
    }

    /// Whether the keys of a register are known to be no cards.
    pub(super) fn is_cardless(&self, set: Set) -> bool {
        lock(&self.cardless).contains(&set)
    }

    /// Most keys in one filter that the server is known to take.
    pub(super) fn most_keys(&self) -> usize {
        self.most_keys.load(Ordering::Relaxed)
    }

    /// Notes that the server takes no more keys than these in one filter.
    pub(super) fn take_at_most(&self, keys: usize) {
        self.most_keys.fetch_min(keys.max(1), Ordering::Relaxed);
    }

    /// Notes a request that was answered well: of each set the one that costs least is kept.
    pub(super) fn note_answered(&self, answered: Answered) {
        let mut answers = lock(&self.answers);
        if answers.get(&answered.set).is_none_or(|known| answered.bytes < known.bytes) {
            answers.insert(answered.set, answered);
        }
    }

    /// A request that was answered well in this run: of another set than this where there is one, and never this
    /// address.
    pub(super) fn answered_before(&self, refused: Option<Set>, url: &str) -> Option<HttpRequest> {
        let answers = lock(&self.answers);
        let known = answers.values().filter(|it| it.request.url != url);
        let known = known.min_by_key(|it| (Some(it.set) == refused, it.bytes));
        known.map(|it| it.request.clone())
    }

    /// Lets nobody send until the guard is gone; waits for whoever holds it.
    pub(super) async fn hold_others(&self) -> RwLockWriteGuard<'_, ()> {
        self.gate.write().await
    }

    /// Waits while others are held.
    pub(super) async fn wait_for_others(&self) {
        drop(self.gate.read().await);
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
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// Nothing more is sent: the account would be locked.
    pub(super) fn credentials_refused(&self, error: &Error) {
        let _ = self.over.set(error.clone());
    }

    /// A failure that may pass: whether it was one too many in a row.
    pub(super) fn failed(&self) -> bool {
        self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES_IN_A_ROW
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

    /// Ends the run: nothing more is sent.
    pub(super) fn end(&self, error: &Error) -> Error {
        self.over.get_or_init(|| Error::BudgetSpent { last: Box::new(error.clone()) }).clone()
    }
}

/// A lock whose value is whole between any two statements: a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
