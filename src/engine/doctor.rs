//! Checks everything a sync needs, one thing after another, and says what it found.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::{Engine, Holder};
use crate::domain::period::clocks_differ;
use crate::domain::{Card, CardId, LocalTime, Owner, Span};
use crate::odata::{self, Client, FromRow, Measure, PageQuery, PointsRow, Product, SalesRow, Set, Top};
use crate::store;
use crate::sync::Error;

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
    /// Whether it tells its own sums.
    VirtualTables,
    /// This machine's clock beside the server's.
    Clock,
    /// The infobase's zone.
    TimeZone,
    /// The store.
    Store,
    /// Whether the store can be written to.
    Lock,
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
    /// 1C tells its own sums.
    TablesPublished,
    /// It does not: which.
    TablesMissing(Vec<String>),
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
    LockHeld(Holder),
}

/// How a check came out.
#[derive(Debug)]
pub enum Outcome {
    /// All right.
    Ok(Fact),
    /// A sync can work, with less.
    Warning(Fact),
    /// A sync cannot work: what was found.
    Missing(Fact),
    /// A sync cannot work: what failed.
    Failed(Error),
    /// Not checked, as something before it failed.
    Skipped,
}

/// One check with its outcome.
#[derive(Debug)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub outcome: Outcome,
}

impl Engine {
    /// Checks all that a sync needs beside the settings themselves.
    pub async fn doctor(&self) -> Vec<Finding> {
        let mut findings = vec![finding(Check::Name, self.name().await)];
        findings.extend(self.onec().await);
        let now = self.local(self.clock.now());
        let zone = self.config.onec.timezone.to_string();
        let zone = Fact::LocalTime(zone, now, chrono_tz::IANA_TZDB_VERSION);
        findings.push(finding(Check::TimeZone, Outcome::Ok(zone)));
        findings.extend(self.store_findings().await);
        findings
    }

    async fn name(&self) -> Outcome {
        let Some((host, port)) = self.config.onec.host_and_port() else { return Outcome::Skipped };
        let lookup = tokio::net::lookup_host((host.clone(), port));
        let Ok(Ok(addresses)) = tokio::time::timeout(NAME_TIMEOUT, lookup).await else {
            let why = odata::Unreachable::Name;
            return Outcome::Failed(odata::Error::Unreachable { host, why }.into());
        };
        let mut addresses: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
        addresses.dedup();
        Outcome::Ok(Fact::Addresses(host, addresses))
    }

    async fn onec(&self) -> Vec<Finding> {
        let started = Instant::now();
        let client = self.client.new_run();
        let answer = client.published_sets().await;
        let mut findings: Vec<_> = self.certificate(&client, answer.as_ref().err()).into_iter().collect();
        match answer {
            Ok(sets) => findings.extend([
                finding(Check::Connection, Outcome::Ok(Fact::Answered(started.elapsed()))),
                finding(Check::Credentials, Outcome::Ok(Fact::Accepted(self.config.onec.user.clone()))),
                finding(Check::Sets, self.sets(&sets)),
                finding(Check::Fields, fields(&client).await),
                finding(Check::VirtualTables, self.tables(&client).await),
            ]),
            Err(error) => findings.extend(refused(error)),
        }
        findings.push(finding(Check::Clock, self.clock_beside(&client)));
        findings
    }

    /// Of the server's certificate, where there is one.
    fn certificate(&self, client: &Client, error: Option<&odata::Error>) -> Option<Finding> {
        let onec = &self.config.onec;
        if !onec.url.to_ascii_lowercase().starts_with("https://") {
            return None;
        }
        let outcome = match (error.filter(|error| is_of_tls(error)), client.certificate()) {
            (Some(error), _) => Outcome::Failed(error.clone().into()),
            (None, None) => Outcome::Skipped,
            (None, Some(_)) if onec.accept_invalid_certificates => {
                Outcome::Warning(Fact::CertificateUnchecked)
            }
            (None, Some(found)) if found.valid_until - self.clock.now() < CERTIFICATE_NOTICE => {
                Outcome::Warning(Fact::CertificateEnds(found.issuer, found.valid_until))
            }
            (None, Some(found)) => Outcome::Ok(Fact::Certificate(found.issuer, found.valid_until)),
        };
        Some(finding(Check::Certificate, outcome))
    }

    fn clock_beside(&self, client: &Client) -> Outcome {
        let ours = self.clock.now();
        match client.server_time() {
            None if client.stats().bytes == 0 => Outcome::Skipped,
            None => Outcome::Ok(Fact::ClockUnknown),
            Some(server) if clocks_differ(ours, server) => Outcome::Warning(Fact::ClocksDiffer(ours, server)),
            Some(server) => Outcome::Ok(Fact::ClocksAgree(server)),
        }
    }

    /// Which of the sets are published. Products and points can be gone without.
    fn sets(&self, published: &[String]) -> Outcome {
        let names = &self.config.names;
        let register = |name: &String| format!("{name}_RecordType");
        let needed = [names.cards.clone(), names.owners.clone(), register(&names.sales)];
        let wanted = [names.products.clone(), register(&names.points)];
        let is_missing = |name: &&String| !is_published(published, name);
        let missing: Vec<_> = needed.iter().filter(is_missing).cloned().collect();
        let missed: Vec<_> = wanted.iter().filter(is_missing).cloned().collect();
        match (missing.is_empty(), missed.is_empty()) {
            (false, _) => Outcome::Missing(Fact::SetsMissing([missing, missed].concat())),
            (true, false) => Outcome::Warning(Fact::SetsMissing(missed)),
            (true, true) => Outcome::Ok(Fact::SetsFound(needed.len() + wanted.len())),
        }
    }

    async fn tables(&self, client: &Client) -> Outcome {
        let nobody = Some(CardId::EMPTY);
        let turnovers = client.turnovers(Span::ALL, nobody).await.map(drop);
        let balances = client.balances(self.local(self.clock.now()), nobody).await.map(drop);
        let names = &self.config.names;
        let tables = [(turnovers, &names.sales, "Turnovers"), (balances, &names.points, "Balance")];
        let mut missing = Vec::new();
        for (answer, register, table) in tables {
            match answer {
                Ok(()) => {}
                Err(error) if error.is_not_published() => missing.push(format!("{register}/{table}")),
                Err(error) => return Outcome::Failed(error.into()),
            }
        }
        if missing.is_empty() {
            Outcome::Ok(Fact::TablesPublished)
        } else {
            Outcome::Warning(Fact::TablesMissing(missing))
        }
    }

    async fn store_findings(&self) -> [Finding; 2] {
        let home = self.home.clone();
        let path = home.path().map(PathBuf::from).unwrap_or_default();
        let writer = home.other_writer();
        let read = super::blocking(move || {
            let generation = home.reader()?.snapshot()?.generation().map_or(0, |generation| generation.id);
            let bytes = home.path().and_then(|path| path.metadata().ok()).map_or(0, |file| file.len());
            Ok((bytes, generation))
        });
        let store = match (read.await, store::network_file_system(&path)) {
            (Ok(_) | Err(Error::Store(store::Error::NotFound)), Some(kind)) => {
                Outcome::Warning(Fact::StoreOnNetwork(path, kind))
            }
            (Ok((bytes, generation)), None) => Outcome::Ok(Fact::StoreFound(path, bytes, generation)),
            (Err(Error::Store(store::Error::NotFound)), None) => Outcome::Ok(Fact::NoStore(path)),
            (Err(error), _) => Outcome::Failed(error),
        };
        let lock = match writer {
            Some(holder) => Outcome::Warning(Fact::LockHeld(holder)),
            None => Outcome::Ok(Fact::LockFree),
        };
        [finding(Check::Store, store), finding(Check::Lock, lock)]
    }
}

fn finding(check: Check, outcome: Outcome) -> Finding {
    Finding { check, outcome }
}

/// 1C did not answer as it should: everything after that stays unchecked.
fn refused(error: odata::Error) -> Vec<Finding> {
    let failed = match &error {
        error if error.is_refused_credentials() => Check::Credentials,
        error if is_of_tls(error) => Check::Certificate,
        _ => Check::Connection,
    };
    let mut error = Some(error);
    let checks = [Check::Connection, Check::Credentials, Check::Sets, Check::Fields, Check::VirtualTables];
    let of = |check| match error.take_if(|_| check == failed) {
        Some(error) => finding(check, Outcome::Failed(error.into())),
        None => finding(check, Outcome::Skipped),
    };
    checks.into_iter().map(of).collect()
}

fn is_of_tls(error: &odata::Error) -> bool {
    matches!(error.cause(), odata::Error::Tls { .. } | odata::Error::NoCertificates)
}

/// Reads a row of every set: the client notes what it has to do without.
async fn fields(client: &Client) -> Outcome {
    let without = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&without);
    let client = client.clone().with_observer(move |trouble| {
        if let (Measure::WithoutFields(fields), Some(set)) = (&trouble.measure, trouble.set) {
            let named = fields.iter().map(|field| format!("{}.{field}", set.name()));
            notes.lock().unwrap_or_else(PoisonError::into_inner).extend(named);
        }
    });
    let looked = [
        row::<Card>(&client, Set::Cards).await,
        row::<Owner>(&client, Set::Owners).await,
        row::<Product>(&client, Set::Products).await,
        row::<SalesRow>(&client, Set::Sales).await,
        row::<PointsRow>(&client, Set::Points).await,
    ];
    let mut missing = std::mem::take(&mut *without.lock().unwrap_or_else(PoisonError::into_inner));
    for answer in looked {
        match answer {
            Ok(()) => {}
            // What is not published was told by the check before.
            Err(error) if error.is_not_published() => {}
            Err(odata::Error::MissingField { set, field }) => missing.push(format!("{}.{field}", set.name())),
            Err(error) => return Outcome::Failed(error.into()),
        }
    }
    if missing.is_empty() {
        Outcome::Ok(Fact::FieldsFound)
    } else {
        Outcome::Warning(Fact::FieldsMissing(missing))
    }
}

async fn row<R: FromRow>(client: &Client, set: Set) -> Result<(), odata::Error> {
    client.page::<R>(&PageQuery::of(set).top(Top::Rows(1))).await.map(drop)
}

/// Whether a set is in the list; a register is listed with or without the suffix of its rows.
fn is_published(published: &[String], name: &str) -> bool {
    published.iter().any(|found| found == name || Some(found.as_str()) == name.strip_suffix("_RecordType"))
}
