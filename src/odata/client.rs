//! One request at a time through address, transport, decoding and retry.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::raw::RawAnswer;

use self::admission::{Answered, Refused};
use self::doubt::{Answers, MOST_DOUBTS};
use self::jobs::{
    Bounds, Count, InlineCount, ItemRequest, PageRequest, RawItem, RequestKind, Services, known_as,
};
use self::run::ClientRun;
use self::server_clock::ServerClock;
use self::turns::{Permit, Turns};
use super::address::{Counting, Dialect, LONGEST};
use super::capability::Capability;
use super::error::{Error, Unreachable};
use super::foreign;
use super::page_size::Weight;
use super::query::{Filter, MAX_KEYS, Order, PageQuery, Set, Top};
use super::retry::{self, Next, Policy, RequestHistory};
use super::rows::decode::Layout;
use super::rows::{FromRow, Page, PointsRow, RawField, ThinObject, ThinSale};
use super::transport::{Certificate, HttpReply, HttpRequest, Transport, TransportError};
use super::wire::refusal;
use crate::domain::{Card, CardId, LocalTime, Owner, RecorderType, TypesInUse, fingerprint};
use crate::odata::{ConnectionSettings, Names, Redactor};

mod adapt;
mod admission;
mod doubt;
mod jobs;
mod lessons;
mod raw;
mod run;
mod server_clock;
mod tables;
mod turns;

/// Asks 1C. Cheap to clone; clones share everything.
///
/// Belongs to one run: the budget of repeats, the page size, the latch after refused credentials and
/// what was learned of 1C's dialect are the run's. [`Client::new_run`] begins another.
#[derive(Clone)]
pub struct Client {
    base: Arc<SharedBase>,
    run: Arc<ClientRun>,
    observer: Option<Arc<TroubleObserver>>,
    recorder: Option<Arc<SentRecorder>>,
}

type TroubleObserver = dyn Fn(&Trouble) + Send + Sync;
type SentRecorder = dyn Fn(Sent) + Send + Sync;

/// What all runs against one base share.
struct SharedBase {
    root: String,
    host: String,
    names: Names,
    transport: Arc<dyn Transport>,
    policy: Policy,
    page_size: u32,
    silence: Duration,
    turns: Arc<Turns>,
    clock: Arc<ServerClock>,
    redactor: Redactor,
}

impl SharedBase {
    /// The same base under other names: the limit of requests at once and the server's clock are shared.
    fn with_names(&self, names: Names) -> Self {
        Self {
            root: self.root.clone(),
            host: self.host.clone(),
            names,
            transport: Arc::clone(&self.transport),
            policy: self.policy,
            page_size: self.page_size,
            silence: self.silence,
            turns: Arc::clone(&self.turns),
            clock: Arc::clone(&self.clock),
            redactor: self.redactor.clone(),
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.base.host)
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
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
    /// Requests planned so far.
    pub planned: u64,
}

/// A request as it was sent and answered: what figures rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// What it concerned.
    pub set: Option<Set>,
    /// What was asked about it.
    pub about: About,
    /// Path and query as sent, percent-encoded. Host and credentials are no part of it.
    pub address: String,
    /// Rows of the reply.
    pub rows: u64,
}

/// What a request asks about a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum About {
    /// Its rows or items.
    Rows,
    /// How many there are.
    Count,
    /// 1C's own sums of it.
    Totals,
}

/// What the client does about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The same again, after a wait.
    Retry,
    /// Fewer rows at once, after a wait: the new page size.
    Shrink(u32),
    /// The same without fields this base does not have: their names.
    WithoutFields(Vec<String>),
    /// The same with the register's key spelled for a single kind of recorder.
    SoleRecorder,
    /// The same without this way of asking, which 1C does not offer.
    Without(Capability),
    /// The same figure, asked for in another form.
    OtherForm,
}

/// A failure the client goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was asked for.
    pub set: Option<Set>,
    /// The same as 1C calls it; empty where it is no set.
    pub path: String,
    /// Which try failed, from 1.
    pub attempt: u32,
    /// Which repeat of the same comes next, from 1, and how many there are at most.
    pub repeat: (u32, u32),
    /// What went wrong.
    pub error: Error,
    /// What is done about it.
    pub measure: Measure,
    /// The wait before it.
    pub wait: Duration,
}

impl Client {
    /// A client by the settings. The seed makes the jitter of the waits.
    pub fn new(
        settings: &ConnectionSettings,
        names: &Names,
        transport: Arc<dyn Transport>,
        jitter_seed: u64,
    ) -> Self {
        let base = SharedBase {
            root: settings.url.trim_end_matches('/').to_owned(),
            host: host_of(&settings.url),
            names: names.clone(),
            transport,
            policy: Policy {
                retries: settings.retries,
                backoff: settings.backoff,
                is_probe: false,
                patience: Duration::MAX,
            },
            page_size: settings.page_size,
            silence: settings.read_timeout,
            turns: Arc::new(Turns::new(settings.in_flight)),
            clock: Arc::default(),
            redactor: Redactor::of(settings),
        };
        let run = ClientRun::new(base.page_size, jitter_seed);
        Self { base: Arc::new(base), run: Arc::new(run), observer: None, recorder: None }
    }

    /// A client for the next run against the same base: everything afresh but the limit of requests at
    /// once, which both share. Without an observer and without a recorder.
    #[must_use]
    pub fn new_run(&self) -> Self {
        self.base.turns.restore();
        let run = ClientRun::new(self.base.page_size, self.run.jitter());
        Self { base: Arc::clone(&self.base), run: Arc::new(run), observer: None, recorder: None }
    }

    /// The same client, telling of every failure it goes on from.
    #[must_use]
    pub fn with_observer(self, observer: impl Fn(&Trouble) + Send + Sync + 'static) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self }
    }

    /// The same client, telling of every request that was answered well.
    #[must_use]
    pub fn with_recorder(self, recorder: impl Fn(Sent) + Send + Sync + 'static) -> Self {
        Self { recorder: Some(Arc::new(recorder)), ..self }
    }

    /// The same client for the same base, reading other names.
    #[must_use]
    pub fn with_names(&self, names: Names) -> Self {
        let base = self.base.with_names(names);
        Self { base: Arc::new(base), ..self.clone() }
    }

    /// The same client, asking everything once.
    fn without_repeats(&self) -> Self {
        self.with_policy(Policy { retries: 0, ..self.base.policy })
    }

    fn with_policy(&self, policy: Policy) -> Self {
        let base = SharedBase { policy, ..self.base.with_names(self.base.names.clone()) };
        Self { base: Arc::new(base), ..self.clone() }
    }

    /// The same client for somebody who waits: what fails in a run keeps them no longer than this in all.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        self.with_policy(Policy { patience, ..self.base.policy })
    }

    /// The names it reads by.
    pub fn names(&self) -> &Names {
        &self.base.names
    }

    /// What the settings take these types of document for, those in `once` having written within a month, long ago.
    pub fn types_in_use<'a>(
        &self,
        types: impl IntoIterator<Item = &'a RecorderType>,
        once: &BTreeSet<RecorderType>,
    ) -> TypesInUse {
        TypesInUse::of(types, once, self.base.names.recorder_names())
    }

    /// Whether the settings set rows of the sales apart by the type of their document.
    pub fn sets_apart(&self) -> bool {
        let Names { opening_balance, ignored_recorders, .. } = &self.base.names;
        !ignored_recorders.is_empty() || opening_balance.iter().any(|part| !part.is_empty())
    }

    /// Adds to the requests planned: the budget of repeats grows with them.
    pub fn plan(&self, requests: u64) {
        self.run.plan(requests);
    }

    /// What the run has cost so far.
    pub fn stats(&self) -> Stats {
        self.run.stats()
    }

    /// How long a request waits while nothing comes.
    pub fn patience(&self) -> Duration {
        self.base.silence
    }

    /// How 1C calls a set.
    pub fn name_of(&self, set: Set) -> String {
        known_as(set, &self.base.names)
    }

    /// What the server's clock says now; `None` before the first reply that told it.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.base.clock.now()
    }

    /// The certificate of the server that replied last, where the way is secure.
    pub fn certificate(&self) -> Option<Certificate> {
        self.base.transport.certificate()
    }

    /// The page size of the moment, of whole rows.
    pub fn page_size(&self) -> u32 {
        self.run.sizes().of(Weight::Whole).now()
    }

    /// The page size of the moment for such rows of a set.
    pub fn page_size_of<R: FromRow>(&self, set: Set) -> u32 {
        self.run.sizes().of(weight(R::WEIGHT, &self.dialect(Some(set)))).now()
    }

    /// How many keys or cards fit into the filter of this query beside what is there: at least one, at
    /// most [`MAX_KEYS`], and no more than the server is known to take.
    pub fn room<R: FromRow>(&self, query: &PageQuery) -> usize {
        let fits = |keys: usize| self.fits::<R>(&with_more_keys(query, keys));
        (1..=self.run.most_keys().min(MAX_KEYS)).rev().find(|&keys| fits(keys)).unwrap_or(1)
    }

    /// How many of these types, from the first on, fit into one filter of the register of sales: at least one.
    pub fn room_for_types(&self, types: &[RecorderType]) -> usize {
        let fits = |types: &[RecorderType]| {
            let filter = Filter::none().active().of_other_types(types);
            self.fits::<ThinSale>(&PageQuery::of(Set::Sales).filter(filter).order(Order::Period))
        };
        (1..=types.len()).rev().find(|&count| types.get(..count).is_some_and(fits)).unwrap_or(1)
    }

    /// Whether common servers take the address of this query.
    fn fits<R: FromRow>(&self, query: &PageQuery) -> bool {
        let job = PageRequest::<R>::new(&self.base.names, query);
        job.address(&self.base, &self.dialect(Some(query.set)), Some(u32::MAX)).length() <= LONGEST
    }

    /// Whether so many keys or cards in one filter were refused for the length of their address alone: fewer are to be
    /// asked for at once, as many as there is [`room`](Self::room) for now.
    pub fn takes_fewer<R: FromRow>(&self, error: &Error, asked: usize, query: &PageQuery) -> bool {
        error.is_address_refused() && self.room::<R>(query) < asked
    }

    /// Whether fewer keys go into a filter from now on, because the server calls the address too long.
    fn puts_fewer(&self, filter: &Filter, error: &Error) -> bool {
        let keys = keys_of(filter);
        let is_too_many = error.is_address_refused() && keys > 1;
        if is_too_many {
            self.run.take_at_most(keys / 2);
        }
        is_too_many
    }

    /// Fetches one page: repeating, shrinking, asking otherwise, decoding and checking inside.
    ///
    /// Where 1C does not offer the order, the rows come in none ([`Page::in_order`] is false); where it does not skip, a
    /// page further on is refused.
    pub async fn page<R: FromRow>(&self, query: &PageQuery) -> Result<Page<R>, Error> {
        match self.page_as_known(query).await {
            // Nothing is given up for what was learned another day.
            Err(error)
                if error.is_for_the_way()
                    && !self.takes_fewer::<R>(&error, keys_of(&query.filter), &bare(query))
                    && self.run.doubt_lessons(query.set) =>
            {
                self.page_as_known(query).await
            }
            answer => answer,
        }
    }

    /// The same, in the ways this base is known to offer.
    async fn page_as_known<R: FromRow>(&self, query: &PageQuery) -> Result<Page<R>, Error> {
        let set = query.set;
        for time in 0..MOST_DOUBTS {
            self.refuse_again(set, &query.filter)?;
            let dialect = self.dialect(Some(set));
            let (asked, is_ordered) = self.as_offered(query, &dialect)?;
            let job = PageRequest::<R>::new(&self.base.names, &asked);
            let error = match self.ask(&job).await {
                Ok(read) => {
                    self.learn_key(set, read.sole_recorder);
                    let in_order = read.page.in_order && is_ordered;
                    return Ok(Page { in_order, ..read.page });
                }
                Err(error) => self.of_filter(error, set, &query.filter),
            };
            // Inactive rows are left out here from now on.
            if error.is_filter_refused() && self.dialect(Some(set)).active_here && !dialect.active_here {
                continue;
            }
            if !error.is_refusal() || self.puts_fewer(&asked.filter, &error) {
                return Err(error);
            }
            if self.dialect(Some(set)) == dialect {
                let layout = Layout::of::<R>(set, &self.base.names);
                self.doubt(&asked, &layout, &error, time).await?;
            }
        }
        let by = Error::BadRequest { status: 0, code: None, text: String::new() };
        Err(self.not_offered(set, by))
    }

    /// The key's spelling shows in the rows.
    fn learn_key(&self, set: Set, sole_recorder: bool) {
        if sole_recorder && !self.dialect(Some(set)).sole_recorder {
            self.run.forgo(set, Capability::SharedKey, "", false);
            // Fields can be named again.
            self.run.regain(set, &Capability::Select);
        }
    }

    /// The query in the ways this base offers, and whether its order is among them.
    fn as_offered(&self, query: &PageQuery, dialect: &Dialect) -> Result<(PageQuery, bool), Error> {
        if query.skip > 0 && dialect.skipless {
            let text = self.run.forgone(query.set, &Capability::Skip).unwrap_or_default();
            let by = Error::BadRequest { status: 0, code: None, text };
            return Err(self.not_offered(query.set, by));
        }
        let mut asked = query.clone();
        asked.filter.active_only &= !dialect.active_here;
        let is_ordered = !dialect.unordered.contains(&query.order);
        if !is_ordered {
            asked.order = Order::None;
        }
        Ok((asked, is_ordered))
    }

    /// Whether a set may be read by position in this order, page by page; else it is read whole, in one request.
    pub fn reads_by_position(&self, set: Set, order: Order) -> bool {
        self.dialect(Some(set)).has_positions(order)
    }

    /// Notes that pages of a set begin with its first row wherever they should.
    pub fn cannot_skip(&self, set: Set) {
        self.forgo(set, Capability::Skip, &Error::Empty);
    }

    /// Notes that a filter's rows and their count never agree: neither is believed.
    pub fn cannot_filter(&self, set: Set, filter: &Filter) -> Error {
        let error = Error::FilterRefused { set, text: String::new() };
        self.forgo_filter(set, filter, &error);
        error
    }

    /// A filter by nothing but what counts is that alone; it is left out, others go on.
    fn forgo_filter(&self, set: Set, filter: &Filter, error: &Error) -> bool {
        let bare = Filter { active_only: false, ..filter.clone() };
        let what = if bare.is_none() { Capability::Active } else { Capability::Filter(filter.conditions()) };
        self.forgo(set, what, error)
    }

    /// The card a row belongs to, where it belongs to one.
    pub fn card_of<R: FromRow>(&self, row: &R) -> Option<CardId> {
        row.facts().card.filter(|card| !card.is_empty())
    }

    /// The moment a row counts at, where it has one.
    pub fn period_of<R: FromRow>(&self, row: &R) -> Option<LocalTime> {
        row.facts().period
    }

    /// Whether a filter that finds nothing in a register finds a row that is there. Where it does not, that is learned:
    /// of whichever condition alone does not.
    pub async fn finds<R: FromRow>(&self, set: Set, filter: &Filter) -> Result<bool, Error> {
        let page = self.page::<R>(&PageQuery::of(set).top(Top::Rows(1))).await?;
        let Some(facts) = page.rows.first().map(super::rows::decode::Decode::facts) else { return Ok(true) };
        if filter.active_only && facts.active == Some(false) {
            return Ok(true);
        }
        let known = filter.of_row(&facts);
        if self.is_found(set, &known).await? {
            return Ok(true);
        }
        if self.counts_nothing(set).await? || known.is_none() {
            return Ok(false);
        }
        let conditions = known.each_alone();
        let mut are_found = true;
        for condition in conditions.iter().filter(|_| conditions.len() > 1) {
            if !self.is_found(set, condition).await? {
                are_found = false;
                self.forgo_like(set, condition, filter);
            }
        }
        if are_found {
            self.forgo_like(set, &known, filter);
        }
        Ok(false)
    }

    /// Whether a filter by card that finds nothing in a register is a reason to look if it finds a row that is there,
    /// and if the register is kept by card at all: once in a run.
    pub fn is_nobody_doubtful(&self, set: Set) -> bool {
        !self.run.are_keys_tried(set)
    }

    /// Notes that it was looked.
    pub fn note_nobody_looked_at(&self, set: Set) {
        self.run.note_keys_tried(set);
    }

    /// Notes that a register is not kept by card: what a filter by card finds in it says nothing of that card.
    pub fn note_cardless(&self, set: Set) {
        self.run.note_cardless(set);
    }

    /// Whether that is known of a register.
    pub fn is_cardless(&self, set: Set) -> bool {
        self.run.is_cardless(set)
    }

    /// Whether a set is said to hold nothing that is known to have a row: then it is counted otherwise from now on.
    async fn counts_nothing(&self, set: Set) -> Result<bool, Error> {
        let mut has_learned = false;
        while self.count(set, &Filter::none()).await? == 0 {
            let plainly = self.counts_plainly(set);
            let what = if plainly { Capability::Count } else { Capability::InlineCount };
            if !self.forgo(set, what, &Error::Empty) {
                break;
            }
            has_learned = true;
        }
        Ok(has_learned)
    }

    /// Whether a filter that a row is known to match finds any. One that is refused is found out elsewhere.
    async fn is_found(&self, set: Set, known: &Filter) -> Result<bool, Error> {
        match self.count(set, known).await {
            Err(error) if error.is_filter_refused() => Ok(true),
            counted => Ok(counted? > 0),
        }
    }

    /// A condition that does not find what is there is not believed; of types, in none of its forms.
    fn forgo_like(&self, set: Set, known: &Filter, asked: &Filter) {
        self.cannot_filter(set, known);
        if known.types.is_some() {
            self.cannot_filter(set, asked);
            for form in Filter::other_forms_of_types() {
                self.cannot_filter(set, &form);
            }
        }
    }

    /// How many rows of a set matched a filter when they were counted last.
    pub fn last_count(&self, set: Set, filter: &Filter) -> Option<u64> {
        self.run.last_count(set, filter)
    }

    /// The same, once: what it was compared with is confirmed by no other count of that time.
    pub fn take_count(&self, set: Set, filter: &Filter) -> Option<u64> {
        self.run.take_count(set, filter)
    }

    /// Notes that no page holds more rows than these, however many are asked for.
    pub fn pages_hold(&self, rows: u64) {
        self.run.sizes().cap(rows);
    }

    /// Whether this set is counted by `/$count`.
    pub fn counts_plainly(&self, set: Set) -> bool {
        self.dialect(Some(set)).counting == Counting::Plainly
    }

    /// Notes that rows and `/$count` never agree: the count is had otherwise from now on.
    pub fn cannot_count(&self, set: Set) {
        self.forgo(set, Capability::Count, &Error::Empty);
    }

    /// Counts the rows that match: by `/$count`, beside a row where that is refused, or by reading them.
    pub async fn count(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        let mut refused: Option<Error> = None;
        loop {
            self.refuse_again(set, filter)?;
            let dialect = self.dialect(Some(set));
            let (query, _) = self.as_offered(&PageQuery::of(set).filter(filter.clone()), &dialect)?;
            let counted = match dialect.counting {
                Counting::Plainly => self.ask(&Count::new(&self.base.names, set, &query.filter)).await,
                Counting::Inline => self.count_inline(query.clone().top(Top::Rows(1))).await,
                Counting::Reading => self.count_by_reading(query.clone().top(Top::All)).await,
            };
            let error = match counted {
                Ok(counted) => {
                    self.run.counted(set, filter, counted);
                    return Ok(counted);
                }
                // What another day had taught may have been doubted meanwhile.
                Err(_) if self.dialect(Some(set)).counting < dialect.counting => continue,
                Err(error) if dialect.counting == Counting::Reading => return Err(error),
                Err(error) => self.of_filter(error, set, filter),
            };
            if !error.is_refusal() || self.puts_fewer(&query.filter, &error) {
                return Err(error);
            }
            if self.dialect(Some(set)) != dialect {
                continue;
            }
            if refused.is_none() && self.answers(set).await? == Answers::Otherwise {
                continue;
            }
            if self.doubt_filter(set, &query.filter, &error).await? {
                continue;
            }
            // A count beside rows names their fields.
            let is_beside = dialect.counting == Counting::Inline;
            if is_beside && self.doubt_select(set, &self.fields_counted(set), &error).await? {
                continue;
            }
            let what = if dialect.counting == Counting::Plainly {
                Capability::Count
            } else {
                Capability::InlineCount
            };
            self.forgo(set, what, &error);
            refused = Some(error);
        }
    }

    async fn count_inline(&self, query: PageQuery) -> Result<u64, Error> {
        let names = &self.base.names;
        match query.set {
            Set::Sales => self.ask(&InlineCount(PageRequest::<ThinSale>::new(names, &query))).await,
            Set::Points => self.ask(&InlineCount(PageRequest::<PointsRow>::new(names, &query))).await,
            // A whole card: a lookup by code or phone is held to its fields.
            Set::Cards => self.ask(&InlineCount(PageRequest::<Card>::new(names, &query))).await,
            Set::Owners | Set::Products => {
                self.ask(&InlineCount(PageRequest::<ThinObject>::new(names, &query))).await
            }
        }
    }

    /// The fields of the rows that are read to count them.
    fn fields_counted(&self, set: Set) -> Layout {
        let names = &self.base.names;
        match set {
            Set::Sales => Layout::of::<ThinSale>(set, names),
            Set::Points => Layout::of::<PointsRow>(set, names),
            Set::Cards => Layout::of::<Card>(set, names),
            Set::Owners | Set::Products => Layout::of::<ThinObject>(set, names),
        }
    }

    async fn count_by_reading(&self, query: PageQuery) -> Result<u64, Error> {
        Ok(match query.set {
            Set::Sales => self.page::<ThinSale>(&query).await?.received(),
            Set::Points => self.page::<PointsRow>(&query).await?.received(),
            Set::Cards => self.page::<Card>(&query).await?.received(),
            Set::Owners | Set::Products => self.page::<ThinObject>(&query).await?.received(),
        })
    }

    /// A kind of filter that was refused is refused again, without asking.
    fn refuse_again(&self, set: Set, filter: &Filter) -> Result<(), Error> {
        let is_refused = !filter.is_none() && self.dialect(Some(set)).refused.contains(&filter.conditions());
        if is_refused { Err(Error::FilterRefused { set, text: String::new() }) } else { Ok(()) }
    }

    /// Rows that do not match give a filter away.
    fn of_filter(&self, error: Error, set: Set, filter: &Filter) -> Error {
        if error.is_filter_refused() {
            self.forgo_filter(set, filter, &error);
        }
        error
    }

    /// Fetches the items of a catalog with these keys, in as few requests as their number and the length
    /// of addresses allow, in the order of the keys. Items 1C does not have are missing from the answer,
    /// which is one page.
    pub async fn by_keys<R: FromRow>(&self, set: Set, keys: &[Uuid]) -> Result<Page<R>, Error> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        let mut all = Page::empty();
        let query = PageQuery::of(set).top(Top::All);
        let mut left = keys.as_slice();
        while !left.is_empty() {
            let (keys, others) = left.split_at(self.room::<R>(&query).min(left.len()));
            match self.batch(set, keys).await {
                Err(error) if self.takes_fewer::<R>(&error, keys.len(), &query) => {}
                page => {
                    all.append(page?);
                    left = others;
                }
            }
        }
        Ok(all)
    }

    async fn batch<R: FromRow>(&self, set: Set, keys: &[Uuid]) -> Result<Page<R>, Error> {
        let filter = Filter::none().with_keys(keys);
        match self.page(&PageQuery::of(set).filter(filter.clone()).top(Top::All)).await {
            Err(error) if error.is_filter_refused() => {}
            page => {
                let page = page?;
                if !self.is_hidden::<R>(set, keys, &page).await? {
                    return Ok(page);
                }
                self.cannot_filter(set, &filter);
            }
        }
        self.plan(keys.len() as u64);
        let mut all = Page::empty();
        for &key in keys {
            match self.item(set, key).await {
                Ok(page) => page.into_iter().for_each(|page| all.append(page)),
                Err(error) if error.is_filter_refused() => return self.picked(set, &filter).await,
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// Whether an item that was not found by its key is there all the same: once in a run one of them is asked for
    /// alone, or one that is known by the filter. References to nothing are everyday matters.
    async fn is_hidden<R: FromRow>(&self, set: Set, keys: &[Uuid], found: &Page<R>) -> Result<bool, Error> {
        let is_found = |key: &Uuid| found.marks.iter().any(|mark| mark.object == *key);
        let Some(missing) = keys.iter().find(|key| !is_found(key) && !key.is_nil()) else { return Ok(false) };
        if self.run.are_keys_tried(set) {
            return Ok(false);
        }
        let is_hidden = self.is_hidden_item::<R>(set, *missing, found).await?;
        self.run.note_keys_tried(set);
        Ok(is_hidden)
    }

    async fn is_hidden_item<R: FromRow>(
        &self,
        set: Set,
        missing: Uuid,
        found: &Page<R>,
    ) -> Result<bool, Error> {
        self.plan(1);
        if !found.marks.is_empty() && !self.dialect(Some(set)).itemless {
            let answer =
                self.without_repeats().ask(&ItemRequest::<R>::new(&self.base.names, set, missing)).await;
            self.run.check()?;
            // What is refused or fails says nothing against the filter.
            return Ok(answer.is_ok());
        }
        // Where none was found, or no item comes alone, one that is known must be found.
        let known = self.page::<R>(&PageQuery::of(set).top(Top::Rows(1))).await?;
        let Some(known) = known.marks.first() else { return Ok(false) };
        Ok(!self.is_found(set, &Filter::none().with_keys([known.object])).await?)
    }

    /// The items wanted, out of the whole catalog: it cannot be asked otherwise.
    async fn picked<R: FromRow>(&self, set: Set, filter: &Filter) -> Result<Page<R>, Error> {
        let mut all: Page<R> = self.page(&PageQuery::of(set).top(Top::All)).await?;
        let is_wanted = |mark: &Uuid| filter.keys.contains(mark);
        all.rows.retain(|row| self.matches(filter, row));
        all.rejected.retain(|row| is_wanted(&row.mark.object));
        all.marks.retain(|mark| is_wanted(&mark.object));
        Ok(all)
    }

    /// Fetches one item of a catalog by its key; `None` where 1C has none, or a folder.
    pub async fn by_key<R: FromRow>(&self, set: Set, key: Uuid) -> Result<Option<R>, Error> {
        let page = match self.item(set, key).await {
            Err(error) if error.is_filter_refused() => {
                Some(self.picked(set, &Filter::none().with_keys([key])).await?)
            }
            page => page?,
        };
        Ok(page.and_then(|page| page.rows.into_iter().next()))
    }

    async fn item<R: FromRow>(&self, set: Set, key: Uuid) -> Result<Option<Page<R>>, Error> {
        let layout = Layout::of::<R>(set, &self.base.names);
        self.single(&ItemRequest::<R>::new(&self.base.names, set, key), set, &layout).await
    }

    /// Fetches the fields this program reads of one card or owner, as they are; `None` where 1C has none.
    /// Fields are always named, so that identity documents are never asked for.
    pub async fn raw_fields(&self, set: Set, key: Uuid) -> Result<Option<Vec<RawField>>, Error> {
        let layout = if set == Set::Owners {
            Layout::of::<Owner>(set, &self.base.names)
        } else {
            Layout::of::<Card>(set, &self.base.names)
        };
        self.single(&RawItem::new(&self.base.names, set, key, layout.clone()), set, &layout).await
    }

    /// One item; its key cannot be asked for where even that is refused, and a filter by it neither.
    async fn single<J: RequestKind>(
        &self,
        job: &J,
        set: Set,
        layout: &Layout,
    ) -> Result<Option<J::Output>, Error> {
        loop {
            let dialect = self.dialect(Some(set));
            if dialect.itemless {
                return Err(Error::FilterRefused { set, text: String::new() });
            }
            if dialect.unselective && job.must_select() {
                let text = self.run.forgone(set, &Capability::Select).unwrap_or_default();
                return Err(self.not_offered(set, Error::BadRequest { status: 0, code: None, text }));
            }
            let error = match self.ask(job).await {
                Ok(item) => return Ok(Some(item)),
                Err(error) if refusal::is_no_instance(&error) => return Ok(None),
                Err(error) if !error.is_refusal() => return Err(error),
                Err(error) => error,
            };
            if self.dialect(Some(set)) != dialect {
                continue;
            }
            if self.answers(set).await? == Answers::Otherwise {
                continue;
            }
            if !self.doubt_select(set, layout, &error).await? {
                self.forgo(set, Capability::Item, &error);
            }
        }
    }

    /// Names of the sets the base publishes.
    pub async fn published_sets(&self) -> Result<Vec<String>, Error> {
        self.ask(&Services::default()).await
    }

    /// Whether a row matches a filter: for reading unfiltered where 1C refuses the filter.
    pub fn matches<R: FromRow>(&self, filter: &Filter, row: &R) -> bool {
        filter.admits(&row.facts(), &self.base.names)
    }

    /// Sends a request until it succeeds or the rules of [`retry`] say stop.
    async fn ask<J: RequestKind>(&self, job: &J) -> Result<J::Output, Error> {
        let mut history = RequestHistory::default();
        let mut sent = 0;
        loop {
            let since = tokio::time::Instant::now();
            let dialect = self.dialect(job.set());
            let weight = weight(job.weight(), &dialect);
            let size = self.run.sizes().of(weight).now();
            let top = top_of(job.top(), size);
            sent += 1;
            let error = match self.once(job, &dialect, top).await {
                Ok((output, rows)) => {
                    self.run.succeeded();
                    if matches!(job.top(), Top::Page | Top::PageAndOne) {
                        self.run.sizes().of(weight).received(rows);
                    }
                    return Ok(output);
                }
                Err(error) => error,
            };
            self.run.check()?;
            history.spent = self.run.lost(since.elapsed());
            if self.adapted(job, &dialect, &error, sent) {
                continue;
            }
            self.recover(job, &error, &mut history, sent, (weight, size)).await?;
            self.run.repeated();
        }
    }

    /// Does what the rules say about a failure; an error where they say stop.
    async fn recover<J: RequestKind>(
        &self,
        job: &J,
        error: &Error,
        history: &mut RequestHistory,
        sent: u32,
        (weight, size): (Weight, u32),
    ) -> Result<(), Error> {
        history.failed(error);
        let policy = self.base.policy;
        let policy = if job.is_probe() { policy.of_probe() } else { policy };
        let next = retry::next(error, history, policy, self.run.jitter());
        let repeat = retry::repeat(error, history, policy);
        let retry = |measure, wait| self.tell_repeat(job.set(), (sent, repeat), error, measure, wait);
        if next == Next::Again {
            history.forgive();
            retry(Measure::Retry, Duration::ZERO);
            return Ok(());
        }
        // A base under maintenance is waited for by each request on its own, however many ask at once.
        let is_closed = matches!(error, Error::Maintenance { .. });
        let tells_of_server = !is_closed && (!job.is_probe() || job.is_witness());
        if !error.is_permanent() && tells_of_server && self.run.failed() {
            // What the server fails at may be the way it is asked, not all there is: that is found out first.
            if job.is_probe() || !job.is_doubtful() || !self.run.has_answered() {
                return Err(self.run.end(error));
            }
            return Err(Error::GaveUp { tries: sent, last: Box::new(error.clone()) });
        }
        match next {
            // Less is asked for by whoever asked, where that was no accident.
            Next::Shrink(_) if job.is_divisible() && history.is_heavy() => {
                return Err(Error::GaveUp { tries: sent, last: Box::new(error.clone()) });
            }
            Next::Shrink(wait) | Next::Otherwise(wait) if self.shrink(job.top(), weight, size) => {
                history.restart();
                self.run.charge(error)?;
                retry(Measure::Shrink(self.run.sizes().of(weight).now()), wait);
                self.pause(wait).await;
            }
            Next::Wait(wait) | Next::Shrink(wait)
                if job.is_divisible() || !matches!(error, Error::TooLarge) =>
            {
                self.run.charge(error)?;
                retry(Measure::Retry, wait);
                self.pause(wait).await;
            }
            _ if sent == 1 || error.is_permanent() => return Err(error.clone()),
            _ => return Err(Error::GaveUp { tries: sent, last: Box::new(error.clone()) }),
        }
        Ok(())
    }

    async fn pause(&self, wait: Duration) {
        self.run.lost(wait);
        tokio::time::sleep(wait).await;
    }

    fn shrink(&self, top: Top, weight: Weight, size: u32) -> bool {
        matches!(top, Top::Page | Top::PageAndOne) && self.run.sizes().of(weight).shrink(size)
    }

    /// One try: send, status, body, decode, check. The rows received come with the output.
    async fn once<J: RequestKind>(
        &self,
        job: &J,
        dialect: &Dialect,
        top: Option<u32>,
    ) -> Result<(J::Output, u64), Error> {
        self.run.check()?;
        let url = job.address(&self.base, dialect, top).checked()?;
        let bounds = job.bounds().in_dialect(dialect);
        let address = self.recorder.as_ref().map(|_| path_of(&url).to_owned());
        let request = self.request(url, bounds);
        let length = request.url.len();
        let sent = request.clone();
        let (mut reply, turn) = self.send(request).await?;
        self.run.received(reply.received());
        self.base.clock.note(reply.date.as_deref(), reply.age.as_deref());
        let what = job.what(&self.base.names);
        let content_type = reply.content_type.take();
        let (redactor, content_type) = (&self.base.redactor, content_type.as_deref());
        let asked = refusal::Asked { set: job.set(), what: &what, length, redactor, content_type };
        if reply.status != 200 {
            let (error, words) = (refusal::of_status(&reply, asked), refusal::words(&reply, asked));
            let refused = Refused { url: &sent.url, is_table: job.is_table() };
            let error = self.in_its_time(error, words, asked, refused).await;
            self.heed(&error, turn);
            return Err(error);
        }
        drop(turn);
        reply.body = foreign::without_secrets(reply.body, redactor);
        let (output, rows) = job
            .read(&reply.body, &self.base.names, top)
            .map_err(|error| refusal::of_body(error, &reply.body, asked))?;
        if let Some(set) = job.set() {
            self.run.note_answered(Answered { set, request: sent, bytes: reply.body.len() });
        }
        // Only who answers well is the platform: pages in between call themselves otherwise.
        let platform = fingerprint(reply.platform.as_deref().unwrap_or_default());
        self.run.answered_by(&format!("{platform:016x}"));
        if let (Some(recorder), Some(address)) = (&self.recorder, address) {
            recorder(Sent { set: job.set(), about: job.about(), address, rows });
        }
        Ok((output, rows))
    }

    /// A request within the bounds of its kind.
    fn request(&self, url: String, bounds: Bounds) -> HttpRequest {
        let silence = self.base.silence.saturating_mul(bounds.patience);
        HttpRequest {
            url,
            accept: bounds.accept,
            silence,
            deadline: silence.saturating_mul(DRIP_PATIENCE),
            body_cap: bounds.body_cap,
        }
    }

    /// What a refusal means for the requests to come.
    fn heed(&self, error: &Error, turn: Permit<'_>) {
        match error {
            error if error.is_refused_credentials() => self.run.credentials_refused(error),
            // No free session: those we hold are some of them.
            Error::Busy { status: 406, .. } | Error::NoLicence => self.base.turns.give_up(turn),
            _ => {}
        }
    }

    /// Waits for a turn, and sends unless the run ended meanwhile.
    async fn send(&self, request: HttpRequest) -> Result<(HttpReply, Permit<'_>), Error> {
        let turn = self.base.turns.take().await;
        self.run.wait_for_others().await;
        self.run.check()?;
        self.run.sent();
        self.assert_sendable(&request.url);
        let patience = self.base.policy.left_after(self.run.lost(Duration::ZERO));
        let reply = match tokio::time::timeout(patience, self.base.transport.get(request)).await {
            Ok(reply) => reply.map_err(|error| self.of_transport(error))?,
            Err(_) => return Err(Error::Timeout { after: patience }),
        };
        Ok((reply, turn))
    }

    /// Whatever is asked for, it is asked of the base configured, in an address no server on the way cuts off, and
    /// without `+`, which 1C takes for a plus.
    fn assert_sendable(&self, url: &str) {
        let below = url.strip_prefix(self.base.root.as_str());
        assert!(below.is_some_and(|below| below.starts_with('/')), "a request to another address");
        assert!(below.is_some_and(|below| !below.contains('+')), "a request with a bare plus");
        assert!(url.len() <= LONGEST, "a request with too long an address");
    }

    fn of_transport(&self, error: TransportError) -> Error {
        let host = || self.base.host.clone();
        match error {
            TransportError::Name => Error::Unreachable { host: host(), why: Unreachable::Name },
            TransportError::Refused => Error::Unreachable { host: host(), why: Unreachable::Refused },
            TransportError::Handshake => Error::Unreachable { host: host(), why: Unreachable::Handshake },
            TransportError::ConnectTimeout => Error::Unreachable { host: host(), why: Unreachable::Timeout },
            TransportError::Silent(after) | TransportError::Deadline(after) => Error::Timeout { after },
            TransportError::Closed => Error::Closed,
            TransportError::Cut => Error::Cut,
            TransportError::NotHttp => Error::NotHttp,
            TransportError::TooLarge(_) => Error::TooLarge,
            TransportError::Tls(fault) => Error::Tls { host: host(), fault },
            TransportError::Other(text) => Error::Network(text),
        }
    }

    fn tell(&self, set: Option<Set>, attempt: u32, error: &Error, measure: Measure, wait: Duration) {
        self.tell_repeat(set, (attempt, (1, 1)), error, measure, wait);
    }

    /// Tells of a try that failed, and which repeat follows.
    fn tell_repeat(
        &self,
        set: Option<Set>,
        (attempt, repeat): (u32, (u32, u32)),
        error: &Error,
        measure: Measure,
        wait: Duration,
    ) {
        if let Some(observer) = &self.observer {
            let path = set.map(|set| self.name_of(set)).unwrap_or_default();
            observer(&Trouble { set, path, attempt, repeat, error: error.clone(), measure, wait });
        }
    }

    fn dialect(&self, set: Option<Set>) -> Dialect {
        set.map(|set| self.run.dialect(set)).unwrap_or_default()
    }
}

/// The whole reply may take so many silences: a drip of bytes never ends a silence, yet must end.
const DRIP_PATIENCE: u32 = 5;

/// How much a row is: where fields cannot be named, all come whole.
fn weight(of: Weight, dialect: &Dialect) -> Weight {
    if dialect.unselective { Weight::Whole } else { of }
}

fn top_of(top: Top, size: u32) -> Option<u32> {
    match top {
        Top::Page => Some(size),
        Top::PageAndOne => Some(size.saturating_add(1)),
        Top::Rows(rows) => Some(rows),
        Top::All => None,
    }
}

fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

/// What stands behind the host: the part of an address that says what was asked for.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

/// How many keys or cards a filter lists.
fn keys_of(filter: &Filter) -> usize {
    filter.keys.len().max(filter.cards.len())
}

/// The query without the keys or cards it lists.
fn bare(query: &PageQuery) -> PageQuery {
    let filter = Filter { keys: Vec::new(), cards: Vec::new(), ..query.filter.clone() };
    PageQuery { filter, ..query.clone() }
}

/// The query with so many more keys of the kind its set is filtered by.
fn with_more_keys(query: &PageQuery, keys: usize) -> PageQuery {
    let mut query = query.clone();
    if query.set.is_register() {
        query.filter.cards.extend(std::iter::repeat_n(CardId::EMPTY, keys));
    } else {
        query.filter.keys.extend(std::iter::repeat_n(Uuid::nil(), keys));
    }
    query
}

#[cfg(test)]
mod tests;
