//! One request at a time through address, transport, decoding and retry.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::jobs::{
    Balances, Count, InlineCount, Item, Job, Pages, PointsTurnovers, RawItem, Services, Turnovers,
};
use self::run::Run;
use self::server_clock::ServerClock;
use self::turns::{Turn, Turns};
use super::address::{Dialect, LONGEST};
use super::error::{Error, Unreachable};
use super::foreign;
use super::query::{Filter, MAX_KEYS, PageQuery, Set, Top};
use super::retry::{self, History, Next, Policy};
use super::rows::decode::Layout;
use super::rows::{FromRow, Page, PointsBalance, RawField, ThinObject, ThinSale, Totals, Turnover};
use super::transport::{Certificate, HttpReply, HttpRequest, Transport, TransportError};
use super::wire::refusal;
use crate::config::{Names, OneC, Redactor};
use crate::domain::{Card, CardId, LocalTime, Owner, Span};

mod adapt;
mod jobs;
mod run;
mod server_clock;
mod turns;

/// Asks 1C. Cheap to clone; clones share everything.
///
/// Belongs to one run: the budget of repeats, the page size, the latch after refused credentials and
/// what was learned of 1C's dialect are the run's. [`Client::new_run`] begins another.
#[derive(Clone)]
pub struct Client {
    base: Arc<Base>,
    run: Arc<Run>,
    observer: Option<Arc<Observer>>,
    recorder: Option<Arc<Recorder>>,
}

type Observer = dyn Fn(&Trouble) + Send + Sync;
type Recorder = dyn Fn(Sent) + Send + Sync;

/// What all runs against one base share.
struct Base {
    root: String,
    host: String,
    names: Names,
    transport: Arc<dyn Transport>,
    policy: Policy,
    page_size: u32,
    silence: Duration,
    turns: Turns,
    clock: ServerClock,
    redactor: Redactor,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The same without naming fields.
    WithoutSelect,
    /// The same figure, asked for in another form.
    OtherForm,
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
        let base = Base {
            root: settings.url.trim_end_matches('/').to_owned(),
            host: host_of(&settings.url),
            names: names.clone(),
            transport,
            policy: Policy { retries: settings.retries, backoff: settings.backoff },
            page_size: settings.page_size,
            silence: settings.read_timeout,
            turns: Turns::new(settings.in_flight),
            clock: ServerClock::default(),
            redactor: Redactor::of(settings),
        };
        let run = Run::new(base.page_size, jitter_seed);
        Self { base: Arc::new(base), run: Arc::new(run), observer: None, recorder: None }
    }

    /// A client for the next run against the same base: everything afresh but the limit of requests at
    /// once, which both share. Without an observer and without a recorder.
    #[must_use]
    pub fn new_run(&self) -> Self {
        self.base.turns.restore();
        let run = Run::new(self.base.page_size, self.run.jitter());
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

    /// Adds to the requests planned: the budget of repeats grows with them.
    pub fn plan(&self, requests: u64) {
        self.run.plan(requests);
    }

    /// What the run has cost so far.
    pub fn stats(&self) -> Stats {
        self.run.stats()
    }

    /// What the server's clock says now; `None` before the first reply that told it.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.base.clock.now()
    }

    /// The certificate of the server that replied last, where the way is secure.
    pub fn certificate(&self) -> Option<Certificate> {
        self.base.transport.certificate()
    }

    /// The page size of the moment.
    pub fn page_size(&self) -> u32 {
        self.run.sizes().now()
    }

    /// How many keys or cards fit into the filter of this query beside what is there: at least one, at
    /// most [`MAX_KEYS`].
    pub fn room<R: FromRow>(&self, query: &PageQuery) -> usize {
        if self.dialect(Some(query.set)).one_by_one {
            return 1;
        }
        let fits = |keys: usize| {
            let probe = with_more_keys(query, keys);
            let job = Pages::<R>::new(&self.base.names, &probe);
            job.address(&self.base, &self.dialect(Some(query.set)), Some(u32::MAX)).length() <= LONGEST
        };
        (1..=MAX_KEYS).rev().find(|&keys| fits(keys)).unwrap_or(1)
    }

    /// Fetches one page: repeating, shrinking, decoding and checking inside.
    pub async fn page<R: FromRow>(&self, query: &PageQuery) -> Result<Page<R>, Error> {
        self.refuse_again(query.set, &query.filter)?;
        let read = self.ask(&Pages::<R>::new(&self.base.names, query)).await;
        let read = read.map_err(|error| self.of_filter(error, query.set, &query.filter))?;
        if read.sole_recorder && !self.dialect(Some(query.set)).sole_recorder {
            // The key's spelling is known now, so fields can be named again.
            self.run.learn(query.set, |dialect| {
                dialect.sole_recorder = true;
                dialect.unselective = false;
            });
        }
        Ok(read.page)
    }

    /// Counts the rows that match: by `/$count`, or beside a row where that is refused.
    pub async fn count(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        self.refuse_again(set, filter)?;
        if self.dialect(Some(set)).counts_inline {
            return self.count_inline(set, filter).await;
        }
        match self.ask(&Count::new(&self.base.names, set, filter)).await {
            Err(error) if is_refused_form(&error) => {
                self.tell(Some(set), 1, &error, Measure::OtherForm, Duration::ZERO);
                let count = self.count_inline(set, filter).await?;
                self.run.learn(set, |dialect| dialect.counts_inline = true);
                Ok(count)
            }
            // Bad luck rather than a refusal: the other form once, and nothing learned from it.
            Err(error @ Error::GaveUp { .. }) if !error.is_permanent() => {
                self.count_inline(set, filter).await
            }
            counted => counted,
        }
    }

    async fn count_inline(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        let query = PageQuery::of(set).filter(filter.clone()).top(Top::Rows(1));
        let counted = if set == Set::Sales {
            self.ask(&InlineCount(Pages::<ThinSale>::new(&self.base.names, &query))).await
        } else if set == Set::Points {
            self.ask(&InlineCount(Pages::<super::PointsRow>::new(&self.base.names, &query))).await
        } else if set == Set::Cards {
            // A whole card: a lookup by code or phone is held to its fields.
            self.ask(&InlineCount(Pages::<Card>::new(&self.base.names, &query))).await
        } else {
            self.ask(&InlineCount(Pages::<ThinObject>::new(&self.base.names, &query))).await
        };
        counted.map_err(|error| self.of_filter(error, set, filter))
    }

    /// A kind of filter that was refused in this run is refused again, without asking.
    fn refuse_again(&self, set: Set, filter: &Filter) -> Result<(), Error> {
        let is_refused = !filter.is_none() && self.dialect(Some(set)).refused.contains(&filter.conditions());
        if is_refused { Err(Error::FilterRefused { set, text: String::new() }) } else { Ok(()) }
    }

    /// A refusal of a filtered request is laid to the filter: without it 1C may well answer.
    fn of_filter(&self, error: Error, set: Set, filter: &Filter) -> Error {
        let refused = of_filter(error, set, filter);
        if refused.is_filter_refused() {
            self.run.learn(set, |dialect| dialect.refused.push(filter.conditions()));
        }
        refused
    }

    /// Fetches the items of a catalog with these keys, in as few requests as their number and the length
    /// of addresses allow, in the order of the keys. Items 1C does not have are missing from the answer,
    /// which is one page.
    pub async fn by_keys<R: FromRow>(&self, set: Set, keys: &[Uuid]) -> Result<Page<R>, Error> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        let mut all = Page::empty();
        let room = self.room::<R>(&PageQuery::of(set).top(Top::All));
        for keys in keys.chunks(room) {
            all.append(self.batch(set, keys).await?);
        }
        Ok(all)
    }

    async fn batch<R: FromRow>(&self, set: Set, keys: &[Uuid]) -> Result<Page<R>, Error> {
        if !self.dialect(Some(set)).one_by_one {
            let query = PageQuery::of(set).filter(Filter::none().with_keys(keys)).top(Top::All);
            match self.page(&query).await {
                Err(error) if error.is_filter_refused() => {
                    self.tell(Some(set), 1, &error, Measure::OtherForm, Duration::ZERO);
                    self.run.learn(set, |dialect| dialect.one_by_one = true);
                }
                page => return page,
            }
        }
        self.plan(keys.len() as u64);
        let mut all = Page::empty();
        for &key in keys {
            if let Some(page) = self.item(set, key).await? {
                all.append(page);
            }
        }
        Ok(all)
    }

    /// Fetches one item of a catalog by its key; `None` where 1C has none, or a folder.
    pub async fn by_key<R: FromRow>(&self, set: Set, key: Uuid) -> Result<Option<R>, Error> {
        Ok(self.item(set, key).await?.and_then(|page| page.rows.into_iter().next()))
    }

    async fn item<R: FromRow>(&self, set: Set, key: Uuid) -> Result<Option<Page<R>>, Error> {
        missing_is_none(self.ask(&Item::<R>::new(&self.base.names, set, key)).await)
    }

    /// Fetches the fields this program reads of one card or owner, as they are; `None` where 1C has none.
    /// Fields are always named, so that identity documents are never asked for.
    pub async fn raw_fields(&self, set: Set, key: Uuid) -> Result<Option<Vec<RawField>>, Error> {
        let layout = if set == Set::Owners {
            Layout::of::<Owner>(set, &self.base.names)
        } else {
            Layout::of::<Card>(set, &self.base.names)
        };
        missing_is_none(self.ask(&RawItem::new(&self.base.names, set, key, layout)).await)
    }

    /// 1C's own sums of sales by card over a stretch of periods; one request.
    pub async fn turnovers(&self, span: Span, card: Option<CardId>) -> Result<Totals<Turnover>, Error> {
        self.table(&Turnovers { span, card }).await
    }

    /// 1C's own balances of points by card before the moment `at`, or by all rows there are; one request.
    pub async fn balances(
        &self,
        at: impl Into<Option<LocalTime>>,
        card: Option<CardId>,
    ) -> Result<Totals<PointsBalance>, Error> {
        self.table(&Balances { at: at.into(), card }).await
    }

    /// 1C's own sums of bonus rows by card over a stretch of periods; one request.
    pub async fn points_turnovers(&self, span: Span) -> Result<Totals<PointsBalance>, Error> {
        self.table(&PointsTurnovers { span }).await
    }

    /// A virtual table, with the name of its dimension spelled the other way where the first is refused.
    async fn table<J: Job>(&self, job: &J) -> Result<J::Output, Error> {
        let refused = match self.ask(job).await {
            Err(error @ Error::BadRequest { .. }) => error,
            table => return table,
        };
        let Some(set) = job.set().filter(|_| !is_unknown_path(&refused)) else {
            return Err(unpublished_table(refused, job.set(), &job.what(&self.base.names)));
        };
        self.tell(Some(set), 1, &refused, Measure::OtherForm, Duration::ZERO);
        self.run.learn(set, |dialect| dialect.dimensions_by_key = !dialect.dimensions_by_key);
        self.ask(job).await.map_err(|error| unpublished_table(error, Some(set), &job.what(&self.base.names)))
    }

    /// Names of the sets the base publishes.
    pub async fn published_sets(&self) -> Result<Vec<String>, Error> {
        self.ask(&Services).await
    }

    /// Whether a row matches a filter: for reading unfiltered where 1C refuses the filter.
    pub fn matches<R: FromRow>(&self, filter: &Filter, row: &R) -> bool {
        filter.admits(&row.facts(), &self.base.names)
    }

    /// Sends a request until it succeeds or the rules of [`retry`] say stop.
    async fn ask<J: Job>(&self, job: &J) -> Result<J::Output, Error> {
        let mut history = History::default();
        let mut sent = 0;
        loop {
            let dialect = self.dialect(job.set());
            let size = self.page_size();
            let top = top_of(job.top(), size);
            sent += 1;
            let error = match self.once(job, &dialect, top).await {
                Ok((output, rows)) => {
                    self.run.succeeded();
                    if matches!(job.top(), Top::Page | Top::PageAndOne) {
                        self.run.sizes().received(rows);
                    }
                    return Ok(output);
                }
                Err(error) => error,
            };
            self.run.check()?;
            if self.adapted(job, &dialect, &error, sent) {
                continue;
            }
            self.recover(job, &error, &mut history, sent, size).await?;
            self.run.repeated();
        }
    }

    /// Does what the rules say about a failure; an error where they say stop.
    async fn recover<J: Job>(
        &self,
        job: &J,
        error: &Error,
        history: &mut History,
        sent: u32,
        size: u32,
    ) -> Result<(), Error> {
        let retry = |measure, wait| self.tell(job.set(), sent, error, measure, wait);
        history.failed(error);
        let next = retry::next(error, history, self.base.policy, self.run.jitter());
        if next == Next::Again {
            history.forgive();
            retry(Measure::Retry, Duration::ZERO);
            return Ok(());
        }
        // A filter the server fails at is not a server that is failing.
        let by_filter = matches!(error, Error::ServerError { .. }) && job.is_filtered();
        if !error.is_permanent() && !by_filter {
            self.run.failed(error)?;
        }
        match next {
            Next::Shrink(wait) | Next::Otherwise(wait) if self.shrink(job.top(), size) => {
                history.restart();
                self.run.charge(error)?;
                retry(Measure::Shrink(self.page_size()), wait);
                tokio::time::sleep(wait).await;
            }
            Next::Wait(wait) | Next::Shrink(wait) if !matches!(error, Error::TooLarge) => {
                self.run.charge(error)?;
                retry(Measure::Retry, wait);
                tokio::time::sleep(wait).await;
            }
            _ if sent == 1 || error.is_permanent() => return Err(error.clone()),
            _ => return Err(Error::GaveUp { tries: sent, last: Box::new(error.clone()) }),
        }
        Ok(())
    }

    fn shrink(&self, top: Top, size: u32) -> bool {
        matches!(top, Top::Page | Top::PageAndOne) && self.run.sizes().shrink(size)
    }

    /// One try: send, status, body, decode, check. The rows received come with the output.
    async fn once<J: Job>(
        &self,
        job: &J,
        dialect: &Dialect,
        top: Option<u32>,
    ) -> Result<(J::Output, u64), Error> {
        self.run.check()?;
        let url = job.address(&self.base, dialect, top).checked()?;
        let bounds = job.bounds();
        let address = self.recorder.as_ref().map(|_| path_of(&url).to_owned());
        let request = HttpRequest {
            url,
            accept: bounds.accept,
            silence: self.base.silence.saturating_mul(bounds.patience),
            deadline: self.base.silence.saturating_mul(bounds.patience).saturating_mul(DRIP_PATIENCE),
            body_cap: bounds.body_cap,
        };
        let length = request.url.len();
        let (mut reply, turn) = self.send(request).await?;
        self.run.received(reply.body.len());
        self.base.clock.note(reply.date.as_deref());
        let what = job.what(&self.base.names);
        let content_type = reply.content_type.take();
        let (redactor, content_type) = (&self.base.redactor, content_type.as_deref());
        let asked = refusal::Asked { set: job.set(), what: &what, length, redactor, content_type };
        if reply.status != 200 {
            let error = refusal::of_status(&reply, asked);
            self.heed(&error, turn);
            return Err(error);
        }
        drop(turn);
        reply.body = foreign::without_secrets(reply.body, redactor);
        let (output, rows) = job
            .read(&reply.body, &self.base.names, top)
            .map_err(|error| refusal::of_body(error, &reply.body, asked))?;
        if let (Some(recorder), Some(address)) = (&self.recorder, address) {
            recorder(Sent { set: job.set(), about: job.about(), address, rows });
        }
        Ok((output, rows))
    }

    /// What a refusal means for the requests to come.
    fn heed(&self, error: &Error, turn: Turn<'_>) {
        match error {
            Error::Unauthorized => self.run.credentials_refused(),
            // No free session: those we hold are some of them.
            Error::Busy { status: 406, .. } => self.base.turns.give_up(turn),
            _ => {}
        }
    }

    /// Waits for a turn, and sends unless the run ended meanwhile.
    async fn send(&self, request: HttpRequest) -> Result<(HttpReply, Turn<'_>), Error> {
        let turn = self.base.turns.take().await;
        self.run.check()?;
        self.run.sent();
        self.assert_sendable(&request.url);
        let reply = self.base.transport.get(request).await.map_err(|error| self.of_transport(error))?;
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
        if let Some(observer) = &self.observer {
            observer(&Trouble { set, attempt, error: error.clone(), measure, wait });
        }
    }

    fn dialect(&self, set: Option<Set>) -> Dialect {
        set.map(|set| self.run.dialect(set)).unwrap_or_default()
    }
}

/// The whole reply may take so many silences: a drip of bytes never ends a silence, yet must end.
const DRIP_PATIENCE: u32 = 5;

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

/// A refusal of a filtered request is laid to the filter: without it 1C may well answer.
fn of_filter(error: Error, set: Set, filter: &Filter) -> Error {
    if filter.is_none() {
        return error;
    }
    match error.cause() {
        Error::BadRequest { text, .. } | Error::ServerError { text, .. }
            if !matches!(error, Error::BudgetSpent { .. }) =>
        {
            Error::FilterRefused { set, text: text.clone() }
        }
        _ => error,
    }
}

/// Whether a count may be had in another form.
fn is_refused_form(error: &Error) -> bool {
    let refused = matches!(
        error.cause(),
        Error::BadRequest { .. }
            | Error::ServerError { .. }
            | Error::WrongAddress { .. }
            | Error::Malformed { .. }
    );
    refused && !matches!(error, Error::BudgetSpent { .. })
}

fn is_unknown_path(error: &Error) -> bool {
    matches!(error.cause(), Error::BadRequest { code: Some(adapt::BAD_PATH), .. })
}

/// A virtual table whose name is not understood is one this register does not have.
fn unpublished_table(error: Error, set: Option<Set>, what: &str) -> Error {
    if is_unknown_path(&error) { Error::NotPublished { set, what: what.to_owned() } } else { error }
}

fn missing_is_none<T>(item: Result<T, Error>) -> Result<Option<T>, Error> {
    match item {
        Ok(item) => Ok(Some(item)),
        Err(error) if refusal::is_no_instance(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
