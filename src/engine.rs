//! What the program can do, behind every face: sync, check, search, status.
//!
//! The commands and the dashboard ask the same [`Engine`]. It owns the way to 1C, the way to the store and
//! the search index; it knows no screen, no key and no phrase.

mod check;
mod detail;
pub mod doctor;
mod fields;
mod home;
mod list;
mod lookup;
mod mirror;
mod occasion;
mod portal;
mod pulse;
pub mod reconcile;
mod service_manager;
mod terms;
mod third_column;
mod truth;
mod upkeep;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

pub use check::{Checked, Side};
pub use detail::{Burning, Detail, Flow, MonthSum, OtherCards, Purchase, RecorderSum};
pub use fields::{RawField, RawFields};
pub use home::{Home, StoreHolder};
pub use list::{CityCount, Column, Keep, ListFilter, ListOrder, ListPart, Request};
pub use lookup::{Found, Row, Whom};
pub use mirror::{MirrorError, MirrorStanding, Mirrored};
pub use portal::{Portal, Shift, Shifts};
pub use pulse::{OtherWriter, Pulse, WriterProgress};
pub use service_manager::ServiceManager;
pub use truth::{AlsoCompared, CardTruth, ComparedAt};

pub use crate::odata::{
    About, BoxFuture, HttpReply, HttpRequest, HttpTransport, Learned, RawAnswer, Sent, Set, Transport,
    TransportError,
};
pub use crate::search::layout::{american, russian};
pub use crate::search::{Query, ReadBy, Reading, query::matches};
pub use crate::store::{BackupStep, ChecksRemark, MirrorFault, NotCopied, RunOutcome, notes_of};
pub use crate::sync::recorder_types_seen::{TypeSeen, TypesFound};
pub use crate::sync::{Error, Finished, Observer, SyncMode, event};

use crate::config::Config;
use crate::domain::period::{age, local_time};
use crate::domain::{CardId, Finding, LocalTime, Under, fingerprint};
use crate::odata::{Client, Names};
use crate::search::Index;
use crate::store::{self, Counts, Generation, Run, Snapshot};
use crate::sync::{Job, LeftOff, SyncSettings};

/// Tells the time: handed in, so that tests can stop it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// How one sync differs from what the settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// Everything, or what changed.
    pub mode: SyncMode,
    /// Take the store over to another base.
    pub accept_base: bool,
    /// Days of purchases to keep, where they are not those of the settings; 0 is all history.
    pub days: Option<u32>,
    /// Cards to read, where they are not those of the settings; 0 is all.
    pub limit: Option<u64>,
}

/// How the store stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Address of the base, without credentials.
    pub address: String,
    /// What is published; `None` before the first sync.
    pub generation: Option<Generation>,
    /// When the rows were read that were read longest ago: a sync of some cards carries the others over.
    pub oldest_read_at: Option<DateTime<Utc>>,
    /// The age of those; `None` where it seems to be of the future, too.
    pub age: Option<Duration>,
    /// Whether it is older than the settings allow.
    pub is_stale: bool,
    /// What the last sync that published found to be mended.
    pub findings: Vec<Finding>,
    /// The last runs, the latest first.
    pub runs: Vec<Run>,
    /// How far a full sync came that was stopped on its way, where the next one goes on from there.
    pub left_off: Option<LeftOff>,
    /// Who is writing to the store at the moment, if another process is.
    pub writer: Option<OtherWriter>,
    /// The settings it was read under, beside those of today.
    pub under: Under,
    /// What the comparisons made since come to.
    pub checked: CheckedSince,
    /// How the mirror stands; `None` where there is none.
    pub mirror: Option<MirrorStanding>,
}

/// What was compared beside the last sync: by checks and reconciliations, of whatever process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckedSince {
    /// Cards whose comparison still says something.
    pub cards: u64,
    /// When the last of them was made.
    pub newest: Option<DateTime<Utc>>,
    /// Cards that differ and that no list shows: 1C has them and the store lacks them, or they are nobody's.
    pub unlisted: u64,
    /// How the cards stand with them; `None` before the first sync.
    counts: Option<Counts>,
}

impl Status {
    /// How the cards stand today, by the newest comparison of each: those that were equal under settings that are others
    /// now are proven no more.
    pub fn counts(&self) -> Option<Counts> {
        self.checked.counts
    }
}

/// How the cards stand by their sync alone.
fn counts_of_sync(generation: &Generation, under: &Under) -> Counts {
    let counts = generation.counts;
    if !under.is_other() {
        return counts;
    }
    let unverified = counts.unverified + counts.reconciled + counts.before_window;
    Counts { reconciled: 0, before_window: 0, unverified, ..counts }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LastRun {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Code of the error that ended it.
    pub error: Option<String>,
}

impl From<&Run> for LastRun {
    fn from(run: &Run) -> Self {
        Self { started_at: run.started_at, outcome: run.outcome, error: run.error.clone() }
    }
}

/// Does the work. Shared by whoever asks.
pub struct Engine {
    config: Config,
    clock: Arc<dyn Clock>,
    client: Client,
    home: Home,
    index: IndexCache,
    /// What was compared beside the syncs.
    checks: Arc<truth::Checks>,
    /// The generation whose rows were read again and found whole.
    verified: Mutex<Option<u64>>,
}

/// The index over what is published, and how often one was built.
#[derive(Default)]
struct IndexCache {
    latest: Arc<tokio::sync::Mutex<Option<Indexed>>>,
    builds: Arc<AtomicU64>,
}

/// The index of one generation.
#[derive(Clone)]
struct Indexed {
    generation: u64,
    index: Arc<Index>,
    /// By the syncs alone.
    of_sync: Arc<list::SortSheet>,
    /// By the newest comparison of each card.
    sheet: Arc<list::SortSheet>,
}

impl Engine {
    /// An engine by the settings, over a transport and a place for the store.
    pub fn new(config: Config, clock: Arc<dyn Clock>, transport: Arc<dyn Transport>, home: Home) -> Self {
        let seed = clock.now().timestamp_micros().unsigned_abs();
        let client = Client::new(&config.onec, &config.names, transport, seed);
        let (index, checks) = (IndexCache::default(), Arc::default());
        Self { config, clock, client, home, index, checks, verified: Mutex::new(None) }
    }

    /// The time by its clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The settings it works by.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Syncs everything, as much as the settings' limit says, or what changed, and publishes it as one generation.
    pub async fn sync(
        &self,
        options: SyncOptions,
        observer: Arc<dyn Observer>,
        cancel: &CancellationToken,
    ) -> Result<Finished, Error> {
        let observer = Arc::new(mirror::Latest::new(observer));
        let ended = self.synced(options, Arc::clone(&observer) as _, cancel).await;
        occasion::tell(self, &ended, observer.as_ref()).await;
        self.mirror_after(&ended, &observer, cancel).await;
        ended
    }

    async fn synced(
        &self,
        options: SyncOptions,
        observer: Arc<dyn Observer>,
        cancel: &CancellationToken,
    ) -> Result<Finished, Error> {
        let home = self.home.clone();
        let now = self.clock.now();
        let mode = options.mode;
        let doubted = match mode {
            SyncMode::Full => BTreeSet::new(),
            SyncMode::Delta => self.shown_by_rows_to_differ().await,
        };
        let writer = move || match mode {
            SyncMode::Full => home.writer_of_whole(now),
            // What a delta builds on is looked at as it is read.
            SyncMode::Delta => home.writer(now),
        };
        let store = blocking(writer).await.map_err(|error| match error {
            // Whoever ends the wait for a lock knows why it ended.
            Error::Store(store::Error::Held { .. }) if cancel.is_cancelled() => Error::Cancelled,
            error => error,
        })?;
        let days = options.days.unwrap_or(self.config.sync.days);
        let settings = SyncSettings {
            days,
            limit: options.limit.unwrap_or(self.config.sync.limit),
            mode: options.mode,
            recent: self.config.sync.recent,
            full_every: self.config.sync.full_every,
            in_flight: self.config.onec.in_flight,
            rule: self.config.points,
            accept_base: options.accept_base,
            address: self.config.onec.url.clone(),
            second_look_after: self.config.sync.second_look_after,
            resume_within: self.config.sync.resume_within,
            doubted: doubted.clone(),
            names: fingerprint(&self.config.names),
            meaning: crate::domain::Settings { days, ..self.meaning() },
        };
        let observer = Arc::new(pulse::Noting::new(observer, self.home.clone()));
        let job = Job::new(&self.client, store, settings, now, self.local(now), observer);
        let finished = job.run(cancel).await;
        if finished.summary.outcome == event::Outcome::Published {
            self.sift_checks(truth::ReadAgain { cards: doubted, since: now }).await;
        }
        Ok(finished)
    }

    /// How fresh the store is and what it holds.
    pub async fn status(&self) -> Result<Status, Error> {
        let standing = || {
            let (home, today) = (self.home.clone(), self.meaning());
            let (file, checks) = (self.check_file(), Arc::clone(&self.checks));
            blocking(move || {
                let writer = home.writer_elsewhere();
                match home.reader() {
                    Ok(store) => {
                        let snapshot = store.snapshot()?;
                        let under = terms::under(&snapshot, &today)?;
                        let checked = checked_since(&snapshot, &today, (file.as_ref(), &checks))?;
                        let findings = snapshot.remarks().findings.clone();
                        let read = (snapshot.generation().cloned(), snapshot.oldest_read_at()?);
                        // What is left of a sync costs nobody the rest.
                        let left = store.left_off().ok().flatten();
                        Ok((read, (under, findings, checked), (store.runs()?, left), writer))
                    }
                    Err(store::Error::NotFound) => {
                        Ok(((None, None), Default::default(), Default::default(), writer))
                    }
                    Err(error) => Err(error),
                }
            })
        };
        let (read, (under, findings, checked), (runs, left), writer) = upkeep::reopening(standing).await?;
        let (generation, oldest_read_at) = read;
        let mirror = self.mirror_standing(generation.as_ref().map(|it| it.id));
        Ok(Status {
            address: self.config.onec.url.clone(),
            generation,
            oldest_read_at,
            age: oldest_read_at.and_then(|moment| self.age(moment)),
            is_stale: oldest_read_at.is_some_and(|moment| self.is_stale(moment)),
            findings,
            runs,
            left_off: left.and_then(|note| LeftOff::of(&note, self.now(), self.config.sync.resume_within)),
            writer,
            under,
            checked,
            mirror,
        })
    }

    /// The best customers for a query, at most so many of them; a limit of 0 is none.
    pub async fn search(&self, query: &str, limit: usize) -> Result<Found, Error> {
        let part = ListPart { limit, ..ListPart::default() };
        self.list(Request { query: query.to_owned(), part, ..Request::default() }).await
    }

    /// A part of the customers that a query and a filter leave, in the order asked for.
    pub async fn list(&self, request: Request) -> Result<Found, Error> {
        let Indexed { index, sheet, .. } = self.index().await?;
        self.read(move |snapshot| lookup::list(snapshot, &index, &sheet, &request)).await
    }

    /// All that is stored of one customer, compared with the last sync's control totals, beside the owner's other cards.
    pub async fn detail(&self, card: CardId) -> Result<Option<Detail>, Error> {
        let packaging = self.config.sync.packaging.clone();
        let (as_of, today) = (self.local(self.clock.now()), self.meaning());
        let (file, checks) = (self.check_file(), Arc::clone(&self.checks));
        // Where there is no index nobody knows of other cards; this one is told all the same.
        let sheet = self.index().await.ok().map(|indexed| (indexed.index, indexed.sheet));
        self.read(move |snapshot| {
            let kept = |card| checks.of(file.as_ref(), card);
            let comparing = detail::Comparing { snapshot, kept: &kept, today: &today };
            let others = match &sheet {
                Some((index, sheet)) => lookup::others_of(snapshot, index, sheet, card)?,
                None => Vec::new(),
            };
            detail::of(&comparing, card, &others, &packaging, as_of)
        })
        .await
    }

    /// What the settings of today make figures of.
    fn meaning(&self) -> crate::domain::Settings {
        let Config { onec, names, sync, points, .. } = &self.config;
        crate::domain::Settings {
            address: fingerprint(onec.url.trim_end_matches('/')),
            names: fingerprint(names),
            named: names.unusual(),
            opening_balance: names.opening_balance.clone(),
            purchase_recorders: names.purchase_recorders.clone(),
            ignored_recorders: names.ignored_recorders.clone(),
            days: sync.days,
            points_rule: *points,
        }
    }

    /// Age of something; `None` where it lies ahead: clocks are set back.
    pub fn age(&self, moment: DateTime<Utc>) -> Option<Duration> {
        age(self.clock.now(), moment)
    }

    /// Whether data of this moment are older than the settings allow. Where their age is unknown, nobody can say
    /// that they are not.
    pub fn is_stale(&self, moment: DateTime<Utc>) -> bool {
        self.age(moment).is_none_or(|age| age > self.config.sync.stale_after)
    }

    /// A client for one run that asks as this base is known to want it.
    async fn informed(&self, client: &Client) -> Client {
        let (client, home) = (client.new_run(), self.home.clone());
        let kept = blocking(move || home.reader()?.lessons()).await.ok().flatten();
        client.remember(kept.as_deref(), self.clock.now());
        client
    }

    /// Runs a query on what is published. The read transaction ends with it.
    async fn read<R: Send + 'static>(
        &self,
        query: impl Fn(&Snapshot) -> Result<R, store::Error> + Send + Sync + 'static,
    ) -> Result<R, Error> {
        let query = Arc::new(query);
        upkeep::reopening(|| {
            let (home, query) = (self.home.clone(), Arc::clone(&query));
            blocking(move || query(&home.reader()?.snapshot()?))
        })
        .await
    }

    /// How many indexes were built: one for every generation that was searched.
    pub fn index_builds(&self) -> u64 {
        self.index.builds.load(Ordering::Relaxed)
    }

    /// The index over what is published now, built once per generation. A store that a failed first sync left
    /// without a generation is as good as none.
    ///
    /// Whoever comes while it is being built waits for it. The thread that builds holds the lock, not the search that
    /// began it: a search that is given up must not make the next one begin anew.
    async fn index(&self) -> Result<Indexed, Error> {
        let latest = Mutex::new(Arc::clone(&self.index.latest).lock_owned().await);
        let (today, builds) = (self.meaning(), Arc::clone(&self.index.builds));
        let (file, checks) = (self.check_file(), Arc::clone(&self.checks));
        self.read(move |snapshot| {
            let generation = snapshot.generation().ok_or(store::Error::NotFound)?.id;
            let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
            let known = latest.take().filter(|known| known.generation == generation);
            let build = || {
                builds.fetch_add(1, Ordering::Relaxed);
                let (index, sheet) = lookup::index(snapshot, &today)?;
                let (index, sheet) = (Arc::new(index), Arc::new(sheet));
                Ok::<_, store::Error>(Indexed { generation, index, of_sync: Arc::clone(&sheet), sheet })
            };
            let mut indexed = known.map_or_else(build, Ok)?;
            if let Some(terms) = indexed.of_sync.terms() {
                let truths = checks.truths(file.as_ref(), snapshot, terms)?;
                if !indexed.sheet.is_by(&truths) {
                    indexed.sheet = Arc::new(indexed.of_sync.by(truths));
                }
            }
            Ok(latest.insert(indexed).clone())
        })
        .await
    }

    /// The client that asks what a store that was read so is compared with.
    fn client_of_today(&self, under: &Under) -> Client {
        client_of_today(&self.config, &self.client, under)
    }

    /// The same moment on the infobase's wall clock.
    fn local(&self, now: DateTime<Utc>) -> LocalTime {
        local_time(now, self.config.onec.timezone)
    }
}

/// What was compared beside the last sync.
fn checked_since(
    snapshot: &Snapshot,
    today: &crate::domain::Settings,
    (file, checks): (Option<&store::CheckFile>, &truth::Checks),
) -> Result<CheckedSince, store::Error> {
    let (Some(terms), Some(generation)) = (terms::terms_of(snapshot, today)?, snapshot.generation()) else {
        return Ok(CheckedSince::default());
    };
    let truths = checks.truths(file, snapshot, &terms)?;
    Ok(CheckedSince {
        cards: truths.len(),
        newest: truths.newest(),
        unlisted: truths.unlisted(),
        counts: Some(truths.counts(counts_of_sync(generation, &terms.under))),
    })
}

/// The client that asks what the store is compared with, by what its last sync learned of the base. Settings that name
/// no opening balances, or not all, make a sync lose those that lie before the window: what proves a store must not make
/// the same mistake. So types of document that carry totals over, by their names, are opening balances to it.
fn client_of_today(config: &Config, client: &Client, under: &Under) -> Client {
    let mut names = config.names.clone();
    names.opening_balance.extend(under.doubts.suspects.iter().map(ToString::to_string));
    let is_told = under.read.as_ref().is_some_and(|read| !read.recorder_types.is_empty());
    if names.opening_balance.is_empty() && !is_told {
        names.opening_balance = Names::default().opening_balance;
    }
    client.with_names(names).new_run()
}

/// Runs what blocks where blocking is allowed.
async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, store::Error> + Send + 'static,
) -> Result<R, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(broken) => Err(broken.into()),
    }
}
