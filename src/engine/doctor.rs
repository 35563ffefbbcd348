//! Checks everything a sync needs, one thing after another, and says what it found.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::{Engine, MirrorError, StoreHolder};
use crate::domain::period::clocks_differ;
use crate::domain::{Amount, Card, LocalTime, Owner, TypesInUse, Window};
use crate::odata::{
    self, Capability, Client, Filter, FromRow, Learned, Measure, PageQuery, PointsRow, Product, SalesRow,
    Set, Top,
};
use crate::store;
use crate::sync::event::{Notice, Progress, Subject};
use crate::sync::recorder_types_seen::{self, TypesFound};
use crate::sync::{BaseTotals, Error, Observer, Reporter, Unobserved, live, refuse_another_base};

mod databases;
mod usual;
mod ways;

pub use usual::NamedOtherwise;

/// Requests that all this may take.
const PLANNED: u64 = 100;

/// Longest wait for a name to resolve.
const NAME_TIMEOUT: Duration = Duration::from_secs(10);
/// A certificate that ends sooner is warned of.
const CERTIFICATE_NOTICE: TimeDelta = TimeDelta::days(14);

/// What is checked, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Settings.
    Config,
    /// The way to the password.
    Secret,
    /// Resolution of the server's name.
    Name,
    /// The server's certificate, where the way is secure.
    Certificate,
    /// Whether 1C answers.
    Connection,
    /// Whether it accepts login and password.
    Credentials,
    /// Which sets it publishes.
    Sets,
    /// Which fields the sets have.
    Fields,
    /// Which ways of asking it offers.
    Ways,
    /// Whether it tells its own sums.
    VirtualTables,
    /// Which types of document write the register of sales, beside what the settings take them for.
    RecorderTypes,
    /// This machine's clock beside the server's.
    Clock,
    /// The infobase's zone.
    TimeZone,
    /// The store.
    Store,
    /// Whether the store can be written to.
    Lock,
    /// The database of the mirror, where there is one.
    Mirror,
    /// The portal's database, where there is one.
    Portal,
}

impl Check {
    /// All of them, in the order in which they are made.
    pub const ALL: [Self; 17] = [
        Self::Config,
        Self::Secret,
        Self::Name,
        Self::Certificate,
        Self::Connection,
        Self::Credentials,
        Self::Sets,
        Self::Fields,
        Self::Ways,
        Self::VirtualTables,
        Self::RecorderTypes,
        Self::Clock,
        Self::TimeZone,
        Self::Store,
        Self::Lock,
        Self::Mirror,
        Self::Portal,
    ];
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The host and its addresses.
    Addresses(String, Vec<String>),
    /// The server's certificate: its issuer and its end.
    Certificate(String, DateTime<Utc>),
    /// The certificate ends soon.
    CertificateEnds(String, DateTime<Utc>),
    /// Any certificate is believed.
    CertificateUnchecked,
    /// How long the answer took.
    Answered(Duration),
    /// The login was accepted.
    Accepted(String),
    /// All sets are published: how many.
    SetsFound(usize),
    /// Sets that are not published.
    SetsMissing(Vec<String>),
    /// All fields are there.
    FieldsFound,
    /// Fields that are not there.
    FieldsMissing(Vec<String>),
    /// Settings that name something else although what is usually meant is there too: what they name proves itself.
    UsualBeside(Vec<NamedOtherwise>),
    /// Every way of asking is offered.
    WaysOffered,
    /// Some are not: each has another in its place.
    WaysMissing(Vec<Learned>),
    /// What a sync goes without, and why.
    GoneWithout(odata::Error),
    /// 1C tells its own sums.
    TablesPublished,
    /// It does not: which.
    TablesMissing(Vec<String>),
    /// The types of document that write the register of sales, and what speaks against the settings' names.
    RecorderTypes(Box<TypesFound>),
    /// The clocks agree: the server's.
    ClocksAgree(DateTime<Utc>),
    /// They do not: this machine's, the server's.
    ClocksDiffer(DateTime<Utc>, DateTime<Utc>),
    /// The server does not tell its time.
    ClockUnknown,
    /// The zone, the time there, and the version of the database of zones.
    LocalTime(String, LocalTime, &'static str),
    /// The store: path, bytes, generation (0 before the first).
    StoreFound(PathBuf, u64, u64),
    /// No store yet: the first sync makes it.
    NoStore(PathBuf),
    /// The store lies on a network file system of this kind.
    StoreOnNetwork(PathBuf, &'static str),
    /// Nobody writes to the store.
    LockFree,
    /// Another process does.
    LockHeld(StoreHolder),
    /// The database of the mirror: what it calls itself, its kind, and the generation that is shown and proven there.
    MirrorFound(String, &'static str, Option<u64>),
    /// What is shown there was not proven: what the database calls itself, the generation.
    MirrorUnverified(String, u64),
    /// The portal answers so many queries, and its login may not write.
    PortalAnswers(usize),
    /// It answers, and its login might write.
    PortalMayWrite(usize),
    /// It does not answer a query, or with other columns than two: the key of its setting, and why.
    PortalQuery(&'static str, String),
}

/// How a check came out.
#[derive(Debug)]
pub enum CheckOutcome {
    /// All right.
    Ok(Fact),
    /// A sync can work, with less.
    Warning(Fact),
    /// A sync cannot work: what was found.
    Missing(Fact),
    /// A sync cannot work: what failed.
    Failed(Error),
    /// A sync works, and a database beside it does not.
    Refused(MirrorError),
    /// Not checked, as something before it failed.
    Skipped,
}

/// One check with its outcome.
#[derive(Debug)]
pub struct CheckResult {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub outcome: CheckOutcome,
}

impl CheckResult {
    /// Whether rows of the register of sales came, and could not be read.
    fn is_of_unreadable_sales(&self) -> bool {
        matches!(self.outcome, CheckOutcome::Failed(Error::Unreadable { set: Set::Sales, .. }))
    }
}

impl Engine {
    /// Checks all that a sync needs beside the settings themselves, in the order a sync needs it, and tells each
    /// finding as soon as it is known.
    pub async fn doctor(&self, tell: &mut (dyn FnMut(CheckResult) + Send)) {
        tell(finding(Check::Name, self.name().await));
        let strange = self.onec(tell).await;
        let now = self.local(self.clock.now());
        let zone = self.config.onec.timezone.to_string();
        let zone = Fact::LocalTime(zone, now, chrono_tz::IANA_TZDB_VERSION);
        tell(finding(Check::TimeZone, CheckOutcome::Ok(zone)));
        self.store_findings(strange).await.into_iter().for_each(&mut *tell);
        self.databases().await.into_iter().for_each(tell);
    }

    async fn name(&self) -> CheckOutcome {
        let Some((host, port)) = self.config.onec.host_and_port() else { return CheckOutcome::Skipped };
        let lookup = tokio::net::lookup_host((host.clone(), port));
        let Ok(Ok(addresses)) = tokio::time::timeout(NAME_TIMEOUT, lookup).await else {
            let why = odata::Unreachable::Name;
            return CheckOutcome::Failed(odata::Error::Unreachable { host, why }.into());
        };
        let mut addresses: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
        addresses.dedup();
        CheckOutcome::Ok(Fact::Addresses(host, addresses))
    }

    /// Everything about 1C; why the store is not of this base, where it is not.
    async fn onec(&self, tell: &mut (dyn FnMut(CheckResult) + Send)) -> Option<Error> {
        let mut strange = None;
        let started = Instant::now();
        // Nothing is known beforehand: what was learned by others is found out again.
        let client = self.client.new_run();
        client.remember(None, self.clock.now());
        // A whole sync is looked at, as it were: its repeats are planned as one's.
        client.plan(PLANNED);
        let answer = entered(&client).await;
        self.certificate(&client, answer.as_ref().err()).into_iter().for_each(&mut *tell);
        match answer {
            Ok((sets, unlisted)) => {
                tell(finding(Check::Connection, CheckOutcome::Ok(Fact::Answered(started.elapsed()))));
                tell(finding(
                    Check::Credentials,
                    CheckOutcome::Ok(Fact::Accepted(self.config.onec.user.clone())),
                ));
                let published = sets;
                let sets = unlisted.map_or_else(
                    || self.sets(&published),
                    |error| CheckOutcome::Warning(Fact::GoneWithout(error)),
                );
                let told = match &sets {
                    CheckOutcome::Missing(Fact::SetsMissing(names))
                    | CheckOutcome::Warning(Fact::SetsMissing(names)) => names.clone(),
                    _ => Vec::new(),
                };
                tell(finding(Check::Sets, sets));
                strange = self.another_base(&client).await;
                tell(finding(Check::Fields, fields(&client).await));
                let beside = usual::beside(&client, &published).await;
                if !beside.is_empty() {
                    tell(finding(Check::Fields, CheckOutcome::Warning(Fact::UsualBeside(beside))));
                }
                let ways = self.ways(&client, &told).await;
                let has_types = !ways.iter().any(CheckResult::is_of_unreadable_sales);
                ways.into_iter().for_each(&mut *tell);
                let (tables, total) = self.tables(&client).await;
                tables.into_iter().for_each(&mut *tell);
                let types =
                    if has_types { self.recorder_types(&client, total).await } else { CheckOutcome::Skipped };
                tell(finding(Check::RecorderTypes, types));
            }
            Err(error) => refused(error).into_iter().for_each(&mut *tell),
        }
        tell(finding(Check::Clock, self.clock_beside(&client)));
        strange
    }

    /// Whether the store, where there is one, came from another base. A failure of any other kind is told by others.
    pub(super) async fn another_base(&self, client: &Client) -> Option<Error> {
        let home = self.home.clone();
        let read = super::blocking(move || Ok(home.reader()?.snapshot()?.base().cloned()));
        let base = read.await.ok().flatten().filter(|base| !base.sample.is_empty())?;
        let refused = refuse_another_base(client, &base).await.err();
        refused.filter(|error| matches!(error, Error::AnotherBase { .. }))
    }

    /// Asks what a sync asks: what is refused on the way is learned as a sync learns it.
    async fn ways(&self, client: &Client, told: &[String]) -> Vec<CheckResult> {
        let window = Window::ending(self.local(self.clock.now()).date(), self.config.sync.days);
        let gone = match ways::ask(client, &Reporter::new(Arc::new(Unobserved)), window).await {
            Ok(gone) => gone,
            Err(error) => return vec![finding(Check::Ways, CheckOutcome::Failed(error))],
        };
        if let Some(error) = self.emptied(client).await {
            return vec![finding(Check::Ways, CheckOutcome::Failed(error))];
        }
        let is_told_elsewhere =
            |it: &Learned| it.what.is_spelling() || matches!(it.what, Capability::Field(_));
        let missing: Vec<_> =
            client.learned().into_iter().filter(|learned| !is_told_elsewhere(learned)).collect();
        // A register may be listed, and its rows be missing.
        let is_told = |error: &odata::Error| match error.cause() {
            odata::Error::NotPublished { what, .. } => {
                told.iter().any(|name| name.starts_with(what.as_str()))
            }
            _ => false,
        };
        let gone = gone.into_iter().filter(|error| !is_told(error)).map(Fact::GoneWithout);
        let missing = (!missing.is_empty()).then_some(Fact::WaysMissing(missing));
        warnings(Check::Ways, gone.chain(missing).collect(), Fact::WaysOffered)
    }

    /// A set that came empty where the store has something of it: a sync does not believe that.
    async fn emptied(&self, client: &Client) -> Option<Error> {
        let home = self.home.clone();
        let read = super::blocking(move || Ok(home.reader()?.snapshot()?.generation().cloned()));
        let counts = read.await.ok().flatten()?.counts;
        let sets = [
            (Set::Cards, Subject::Cards, counts.cards),
            (Set::Sales, Subject::Purchases, counts.opening_balances.lines + counts.purchases.lines),
            (Set::Points, Subject::Points, counts.bonus_rows),
        ];
        for (set, subject, stored) in sets.into_iter().filter(|(.., stored)| *stored > 0) {
            if client.count(set, &Filter::none()).await == Ok(0) {
                return Some(Error::EmptyAnswer { subject, stored });
            }
        }
        None
    }

    /// Of the server's certificate, where there is one.
    fn certificate(&self, client: &Client, error: Option<&odata::Error>) -> Option<CheckResult> {
        let onec = &self.config.onec;
        if !onec.url.to_ascii_lowercase().starts_with("https://") {
            return None;
        }
        let outcome = match (error.filter(|error| is_of_tls(error)), client.certificate()) {
            (Some(error), _) => CheckOutcome::Failed(error.clone().into()),
            (None, None) => CheckOutcome::Skipped,
            (None, Some(_)) if onec.accept_invalid_certificates => {
                CheckOutcome::Warning(Fact::CertificateUnchecked)
            }
            (None, Some(found)) if found.valid_until - self.clock.now() < CERTIFICATE_NOTICE => {
                CheckOutcome::Warning(Fact::CertificateEnds(found.issuer, found.valid_until))
            }
            (None, Some(found)) => CheckOutcome::Ok(Fact::Certificate(found.issuer, found.valid_until)),
        };
        Some(finding(Check::Certificate, outcome))
    }

    fn clock_beside(&self, client: &Client) -> CheckOutcome {
        let ours = self.clock.now();
        match client.server_time() {
            None if client.stats().bytes == 0 => CheckOutcome::Skipped,
            None => CheckOutcome::Ok(Fact::ClockUnknown),
            Some(server) if clocks_differ(ours, server) => {
                CheckOutcome::Warning(Fact::ClocksDiffer(ours, server))
            }
            Some(server) => CheckOutcome::Ok(Fact::ClocksAgree(server)),
        }
    }

    /// Which of the sets are published. Products and points can be gone without.
    fn sets(&self, published: &[String]) -> CheckOutcome {
        let names = &self.config.names;
        let register = |name: &String| format!("{name}_RecordType");
        let needed = [names.cards.clone(), names.owners.clone(), register(&names.sales)];
        let wanted = [names.products.clone(), register(&names.points)];
        let is_missing = |name: &&String| !is_published(published, name);
        let missing: Vec<_> = needed.iter().filter(is_missing).cloned().collect();
        let missed: Vec<_> = wanted.iter().filter(is_missing).cloned().collect();
        match (missing.is_empty(), missed.is_empty()) {
            (false, _) => CheckOutcome::Missing(Fact::SetsMissing([missing, missed].concat())),
            (true, false) => CheckOutcome::Warning(Fact::SetsMissing(missed)),
            (true, true) => CheckOutcome::Ok(Fact::SetsFound(needed.len() + wanted.len())),
        }
    }

    /// Asks for the sums as a sync does: in parts where 1C does not tell them at once. With what all sales come to.
    async fn tables(&self, client: &Client) -> (Vec<CheckResult>, Option<Amount>) {
        let local = self.local(self.clock.now());
        let terms =
            live::LiveTerms { window: Window::ending(local.date(), self.config.sync.days), points_at: local };
        let gone = Arc::new(Gone::default());
        let before = client.learned();
        match live::tells_sums(client, &Reporter::new(Arc::clone(&gone) as _), terms).await {
            Ok(told) => {
                let learned = client.learned().into_iter().filter(|it| !before.contains(it)).collect();
                (self.of_sums(&told, learned, gone.take()), told.turnover_of_all())
            }
            Err(error) => (vec![finding(Check::VirtualTables, CheckOutcome::Failed(error))], None),
        }
    }

    /// Sums that are not told; where all are, those of another kind that are gone without; and ways not offered.
    fn of_sums(&self, told: &BaseTotals, learned: Vec<Learned>, gone: Vec<odata::Error>) -> Vec<CheckResult> {
        let names = &self.config.names;
        let tables = [
            (told.knows_turnovers(), Set::Sales, &names.sales, "Turnovers"),
            (told.knows_balances(), Set::Points, &names.points, "Balance"),
        ];
        // A table that heeds no period is there.
        let heeds_none = |set| learned.iter().any(|it| it.set == set && it.what == Capability::Period);
        let missing: Vec<_> = tables
            .into_iter()
            .filter(|(is_told, set, ..)| !is_told && !heeds_none(*set))
            .map(|(.., register, table)| format!("{register}/{table}"))
            .collect();
        // One stretch that is too wide stands for the wider ones of its set.
        let mut widths = Vec::new();
        let ways: Vec<_> = learned
            .into_iter()
            .filter(|it| {
                !it.what.is_spelling() && !matches!(it.what, Capability::Field(_) | Capability::Table(_))
            })
            .filter(|it| {
                let is_width = matches!(it.what, Capability::Width(_));
                let is_told = is_width && widths.contains(&it.set);
                widths.extend(is_width.then_some(it.set));
                !is_told
            })
            .collect();
        let is_of_missing = |error: &odata::Error| {
            let name = error.refused_name().unwrap_or_default();
            missing.iter().any(|table| name.starts_with(table.as_str()))
        };
        let gone: Vec<_> =
            gone.into_iter().filter(|error| !is_of_missing(error)).map(Fact::GoneWithout).collect();
        let ways = (!ways.is_empty()).then_some(Fact::WaysMissing(ways));
        let missing = (!missing.is_empty()).then_some(Fact::TablesMissing(missing));
        warnings(
            Check::VirtualTables,
            missing.into_iter().chain(gone).chain(ways).collect(),
            Fact::TablesPublished,
        )
    }

    /// Which document is what. Names that no document bears prove themselves in every comparison: this look does not go
    /// by them.
    async fn recorder_types(&self, client: &Client, total: Option<Amount>) -> CheckOutcome {
        let reporter = Reporter::new(Arc::new(Unobserved));
        let seen =
            match recorder_types_seen::look(client, &reporter, total, self.local(self.clock.now())).await {
                Ok(seen) => seen,
                Err(error) => return CheckOutcome::Failed(error),
            };
        let found = TypesFound::of(seen, &self.config.names);
        let (is_wrong, is_well) = (found.doubts.are_wrong(), found.is_well());
        let found = Fact::RecorderTypes(Box::new(found));
        match (is_wrong, is_well) {
            (true, _) => CheckOutcome::Missing(found),
            (false, false) => CheckOutcome::Warning(found),
            (false, true) => CheckOutcome::Ok(found),
        }
    }

    /// Which document is what in the register of sales, with rows and sums.
    pub async fn document_types(&self) -> Result<TypesFound, Error> {
        let client = self.informed(&self.client).await;
        let (_, total) = self.tables(&client).await;
        let now = self.local(self.clock.now());
        let reporter = Reporter::new(Arc::new(Unobserved));
        let seen = recorder_types_seen::look(&client, &reporter, total, now).await?;
        Ok(TypesFound::of(seen, &self.config.names))
    }

    /// Whether 1C answers and lets in, asked as [`Self::doctor`] asks it, for whoever is about to write settings.
    pub async fn enter(&self) -> Result<(), Error> {
        let client = self.client.new_run();
        client.remember(None, self.clock.now());
        client.plan(PLANNED);
        entered(&client).await.map(drop).map_err(Error::from)
    }

    /// The types of document in the register of sales, by what the settings take them for, for whoever is about to write
    /// settings.
    pub async fn types_of_sales(&self) -> Result<TypesInUse, Error> {
        let client = self.client.new_run();
        client.remember(None, self.clock.now());
        client.plan(PLANNED);
        recorder_types_seen::names(
            &client,
            &Reporter::new(Arc::new(Unobserved)),
            self.local(self.clock.now()),
        )
        .await
    }

    async fn store_findings(&self, strange: Option<Error>) -> [CheckResult; 2] {
        let home = self.home.clone();
        let path = home.path().map(PathBuf::from).unwrap_or_default();
        let writer = home.other_writer();
        let read = super::blocking(move || {
            if let Some(path) = home.path() {
                store::refuse_unwritable(path)?;
                store::has_room(path)?;
            }
            let reader = home.reader()?;
            let generation = reader.snapshot()?.generation().map_or(0, |generation| generation.id);
            // A sync compares every page before it writes.
            reader.verify()?;
            let bytes = home.path().and_then(|path| path.metadata().ok()).map_or(0, |file| file.len());
            Ok((bytes, generation))
        });
        let store = match (read.await, store::network_file_system(&path)) {
            (Ok(_), _) if strange.is_some() => strange.map_or(CheckOutcome::Skipped, CheckOutcome::Failed),
            (Ok(_) | Err(Error::Store(store::Error::NotFound)), Some(kind)) => {
                CheckOutcome::Warning(Fact::StoreOnNetwork(path, kind))
            }
            (Ok((bytes, generation)), None) => CheckOutcome::Ok(Fact::StoreFound(path, bytes, generation)),
            (Err(Error::Store(store::Error::NotFound)), None) => CheckOutcome::Ok(Fact::NoStore(path)),
            (Err(error), _) => CheckOutcome::Failed(error),
        };
        let lock = match writer {
            Some(holder) => CheckOutcome::Warning(Fact::LockHeld(holder)),
            None => CheckOutcome::Ok(Fact::LockFree),
        };
        [finding(Check::Store, store), finding(Check::Lock, lock)]
    }
}

/// The sets that 1C publishes, if it lets in. With the error where it does not list them and answers all the same: a
/// sync never asks for the list.
async fn entered(client: &Client) -> Result<(Vec<String>, Option<odata::Error>), odata::Error> {
    let unlisted = match client.published_sets().await {
        Ok(sets) => return Ok((sets, None)),
        Err(error) => error,
    };
    let is_final = unlisted.is_refused_credentials() || is_of_tls(&unlisted);
    if is_final || client.count(Set::Cards, &Filter::none()).await.is_err() {
        return Err(unlisted);
    }
    Ok((Vec::new(), Some(unlisted)))
}

/// What a sync goes without, as it is told while it is asked for.
#[derive(Debug, Default)]
struct Gone(Mutex<Vec<odata::Error>>);

impl Gone {
    fn take(&self) -> Vec<odata::Error> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Gone {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        if let Notice::GoneWithout(error) = notice {
            let mut gone = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if !gone.contains(&error) {
                gone.push(error);
            }
        }
    }
}

/// A finding for everything that is missing, or one that nothing is.
fn warnings(check: Check, missing: Vec<Fact>, nothing: Fact) -> Vec<CheckResult> {
    if missing.is_empty() {
        return vec![finding(check, CheckOutcome::Ok(nothing))];
    }
    missing.into_iter().map(|fact| finding(check, CheckOutcome::Warning(fact))).collect()
}

fn finding(check: Check, outcome: CheckOutcome) -> CheckResult {
    CheckResult { check, outcome }
}

/// 1C did not answer as it should: everything after that stays unchecked.
fn refused(error: odata::Error) -> Vec<CheckResult> {
    let failed = match &error {
        error if error.is_refused_credentials() => Check::Credentials,
        error if is_of_tls(error) => Check::Certificate,
        _ => Check::Connection,
    };
    let mut error = Some(error);
    let checks = [
        Check::Connection,
        Check::Credentials,
        Check::Sets,
        Check::Fields,
        Check::Ways,
        Check::VirtualTables,
        Check::RecorderTypes,
    ];
    let of = |check| match error.take_if(|_| check == failed) {
        Some(error) => finding(check, CheckOutcome::Failed(error.into())),
        None => finding(check, CheckOutcome::Skipped),
    };
    checks.into_iter().map(of).collect()
}

fn is_of_tls(error: &odata::Error) -> bool {
    matches!(error.cause(), odata::Error::Tls { .. } | odata::Error::NoCertificates)
}

/// Whether a setting says what a field, told as `set.field`, is called: there is none for those of every base.
pub fn has_setting(field: &str) -> bool {
    !odata::is_standard_field(field.rsplit('.').next().unwrap_or(field))
}

/// Reads a row of every set: the client notes what it has to do without.
async fn fields(client: &Client) -> CheckOutcome {
    match missing_fields(client).await {
        Ok(missing) if missing.is_empty() => CheckOutcome::Ok(Fact::FieldsFound),
        Ok(missing) => CheckOutcome::Warning(Fact::FieldsMissing(missing)),
        Err(error) => CheckOutcome::Failed(error.into()),
    }
}

/// What rows come without, as `set.field`.
async fn missing_fields(client: &Client) -> Result<Vec<String>, odata::Error> {
    let without = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&without);
    let client = client.clone().with_observer(move |trouble| {
        if let (Measure::WithoutFields(fields), Some(set)) = (&trouble.measure, trouble.set) {
            let named = fields.iter().map(|field| format!("{}.{field}", set.name()));
            notes.lock().unwrap_or_else(PoisonError::into_inner).extend(named);
        }
    });
    let mut missing = Vec::new();
    for set in Set::ALL {
        match row_of(&client, set).await {
            Ok(()) => {}
            // A register named otherwise fails a sync; points and names of products are gone without.
            Err(error @ odata::Error::MissingField { .. }) if !error.is_gone_without() => return Err(error),
            Err(odata::Error::MissingField { set, field }) => missing.push(format!("{}.{field}", set.name())),
            // What is not published was told by the check before, what is refused is told by the next.
            Err(error) if error.is_gone_without() => {}
            Err(error) => return Err(error),
        }
    }
    let gone = std::mem::take(&mut *without.lock().unwrap_or_else(PoisonError::into_inner));
    Ok([gone, missing].concat())
}

async fn row_of(client: &Client, set: Set) -> Result<(), odata::Error> {
    match set {
        Set::Cards => row::<Card>(client, set).await,
        Set::Owners => row::<Owner>(client, set).await,
        Set::Products => row::<Product>(client, set).await,
        Set::Sales => row::<SalesRow>(client, set).await,
        Set::Points => row::<PointsRow>(client, set).await,
    }
}

async fn row<R: FromRow>(client: &Client, set: Set) -> Result<(), odata::Error> {
    client.page::<R>(&PageQuery::of(set).top(Top::Rows(1))).await.map(drop)
}

/// Whether a set is in the list; a register is listed with or without the suffix of its rows.
fn is_published(published: &[String], name: &str) -> bool {
    published.iter().any(|found| found == name || Some(found.as_str()) == name.strip_suffix("_RecordType"))
}
