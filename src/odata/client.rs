//! One request at a time through address, transport, decoding and retry.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::error::Error;
use super::query::{Filter, PageQuery, Set};
use super::rows::{FromRow, Page, RawField};
use super::transport::Transport;
use crate::config::{Names, OneC};
use crate::domain::{Amount, CardId, LocalTime, Points};

/// Asks 1C. Cheap to clone; clones share everything.
///
/// Belongs to one run: the budget of repeats, the page size and the latch after refused credentials
/// are the run's. [`Client::new_run`] begins another.
#[derive(Clone)]
pub struct Client {
    shared: Arc<dyn Transport>,
}

/// What a run has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests sent, repeats included.
    pub requests: u64,
    /// Of these, repeats.
    pub retries: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
}

/// What the client does about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The same again, after a wait.
    Retry,
    /// Fewer rows at once, after a wait: the new page size.
    Shrink(u32),
    /// The same without a field this base does not have: its name.
    WithoutField(String),
    /// The same without naming fields.
    WithoutSelect,
}

/// A failure the client goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was asked for.
    pub set: Option<Set>,
    /// Which try failed, from 1.
    pub attempt: u32,
    /// What went wrong.
    pub error: Error,
    /// What is done about it.
    pub measure: Measure,
    /// The wait before it.
    pub wait: Duration,
}

impl Client {
    /// A client by the settings. The seed makes the jitter of the waits.
    pub fn new(settings: &OneC, names: &Names, transport: Arc<dyn Transport>, jitter_seed: u64) -> Self {
        todo!("{settings:?} {names:?} {jitter_seed} {}", Arc::strong_count(&transport))
    }

    /// A client for the next run: a fresh budget, page size, latch and count, the same limit of requests
    /// at once, and what was learned of the base.
    pub fn new_run(&self) -> Self {
        todo!()
    }

    /// The same client, telling of every failure it goes on from.
    pub fn with_observer(self, observer: impl Fn(&Trouble) + Send + Sync + 'static) -> Self {
        todo!("{:p}", &raw const observer)
    }

    /// Adds to the requests planned: the budget of repeats grows with them.
    pub fn plan(&self, requests: u64) {
        todo!("{requests}")
    }

    /// What the run has cost so far.
    pub fn stats(&self) -> Stats {
        todo!()
    }

    /// The page size of the moment.
    pub fn page_size(&self) -> u32 {
        todo!()
    }

    /// How many keys or cards fit into the filter of this query beside what is there; at most
    /// [`MAX_KEYS`](super::MAX_KEYS).
    pub fn room<R: FromRow>(&self, query: &PageQuery) -> usize {
        todo!("{query:?}")
    }

    /// Fetches one page: repeating, shrinking, decoding and checking inside.
    pub async fn page<R: FromRow>(&self, query: &PageQuery) -> Result<Page<R>, Error> {
        todo!("{query:?}")
    }

    /// Counts the rows that match.
    pub async fn count(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        todo!("{set:?} {filter:?}")
    }

    /// Fetches the items of a catalog with these keys, in as few requests as their number and the length
    /// of addresses allow. Items 1C does not have are missing from the answer.
    pub async fn by_keys<R: FromRow>(&self, set: Set, keys: &[Uuid]) -> Result<Page<R>, Error> {
        todo!("{set:?} {keys:?}")
    }

    /// Fetches one item of a catalog by its key; `None` where 1C has none.
    pub async fn by_key<R: FromRow>(&self, set: Set, key: Uuid) -> Result<Option<R>, Error> {
        todo!("{set:?} {key:?}")
    }

    /// Fetches the fields this program reads of one item, as they are.
    pub async fn raw_fields(&self, set: Set, key: Uuid) -> Result<Option<Vec<RawField>>, Error> {
        todo!("{set:?} {key:?}")
    }

    /// 1C's own sums of sales by card, from a moment on or over all time; one request.
    pub async fn turnovers(
        &self,
        from: Option<LocalTime>,
        card: Option<CardId>,
    ) -> Result<Vec<(CardId, Amount)>, Error> {
        todo!("{from:?} {card:?}")
    }

    /// 1C's own balances of points by card before the moment `at`; one request.
    pub async fn balances(&self, at: LocalTime, card: Option<CardId>) -> Result<Vec<(CardId, Points)>, Error> {
        todo!("{at:?} {card:?}")
    }

    /// Names of the sets the base publishes.
    pub async fn published_sets(&self) -> Result<Vec<String>, Error> {
        todo!()
    }

    /// Whether a row matches a filter: for reading unfiltered where 1C refuses the filter.
    pub fn matches<R: FromRow>(&self, filter: &Filter, row: &R) -> bool {
        todo!("{filter:?} {:p}", &raw const *row)
    }
}
