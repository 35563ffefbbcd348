//! What the engine's API answers beside what commands print: failures, syncs with their numbers, reconciliations, the
//! journal. Everything else it answers is the object of a command.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{money, our_time, print};
use crate::config::LogLevel;
use crate::domain::reconcile::Summary;
use crate::report::EngineStatus;
use crate::report::log::LogEntry;
use crate::text::Problem;

/// A failure as RFC 9457 has it, with the code that commands use.
pub fn problem(problem: &Problem, status: u16) -> String {
    print(&ProblemDetails {
        kind: problem.help(),
        title: &problem.message,
        status,
        detail: &problem.remedy,
        code: problem.code,
    })
}

/// A sync of this engine.
#[derive(Clone, Debug)]
pub struct SyncFacts<'a> {
    /// Its number.
    pub id: u64,
    /// `waiting`, `running`, `published`, `failed` or `cancelled`.
    pub state: &'static str,
    /// `full` or `delta`.
    pub mode: &'static str,
    /// Who began it: `api` or `schedule`.
    pub by: &'static str,
    /// Days of purchases and cards: 0 is all.
    pub bounds: (Option<u32>, Option<u64>),
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// The line of `sync --json` that tells how far it is.
    pub progress: Option<String>,
    /// The last line of `sync --json`.
    pub result: Option<String>,
    /// Why it could not begin.
    pub problem: Option<&'a Problem>,
}

/// One sync.
pub fn sync(facts: &SyncFacts<'_>) -> String {
    print(&SyncObject::from(facts))
}

/// All syncs of this engine, the latest first.
pub fn syncs(facts: &[SyncFacts<'_>]) -> String {
    print(&facts.iter().map(SyncObject::from).collect::<Vec<_>>())
}

/// The engine itself.
pub fn engine(status: &EngineStatus) -> String {
    print(status)
}

/// Lines of the journal as the log has them in JSON.
pub fn journal(entries: &[LogEntry]) -> String {
    print(&entries.iter().map(EntryObject::from).collect::<Vec<_>>())
}

/// One of them.
pub fn entry(entry: &LogEntry) -> String {
    print(&EntryObject::from(entry))
}

/// What a viewer has to know to go on: how the store stands, and the sync at work.
pub fn snapshot(status: &str, sync: Option<&str>) -> String {
    print(&SnapshotObject { status: raw(status), sync: sync.and_then(raw) })
}

/// How far a sync is, with its number.
pub fn progressed(id: u64, progress: &str) -> String {
    print(&ProgressedObject { id, progress: raw(progress) })
}

/// A reconciliation of this engine.
#[derive(Clone, Debug)]
pub struct ReconcileFacts<'a> {
    /// Its number.
    pub id: u64,
    /// `running`, `done`, `failed` or `cancelled`.
    pub state: &'static str,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Cards or requests done, and of how many, where that is known.
    pub progress: (u64, Option<u64>),
    /// What it comes to.
    pub summary: Option<&'a Summary>,
    /// Why 1C could not be asked, or not to the end.
    pub problem: Option<&'a Problem>,
}

/// One reconciliation.
pub fn reconciliation(facts: &ReconcileFacts<'_>) -> String {
    print(&ReconcileObject {
        id: facts.id,
        state: facts.state,
        started_at: our_time(facts.started_at),
        done: facts.progress.0,
        total: facts.progress.1,
        summary: facts.summary.map(SummaryObject::from),
        error: facts.problem.map(super::ProblemObject::from),
        cards: format!("/api/v1/reconciliations/{}/cards", facts.id),
    })
}

#[derive(Serialize)]
struct ProblemDetails<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct SyncObject<'a> {
    id: u64,
    state: &'static str,
    mode: &'static str,
    by: &'static str,
    days: Option<u32>,
    limit: Option<u64>,
    asked_at: String,
    started_at: Option<String>,
    progress: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
    error: Option<super::ProblemObject<'a>>,
    /// Where to look how far it is, and where that is told by itself.
    watch: String,
    events: &'static str,
}

impl<'a> From<&SyncFacts<'a>> for SyncObject<'a> {
    fn from(it: &SyncFacts<'a>) -> Self {
        Self {
            id: it.id,
            state: it.state,
            mode: it.mode,
            by: it.by,
            days: it.bounds.0,
            limit: it.bounds.1,
            asked_at: our_time(it.asked_at),
            started_at: it.started_at.map(our_time),
            progress: it.progress.as_deref().and_then(raw),
            result: it.result.as_deref().and_then(raw),
            error: it.problem.map(super::ProblemObject::from),
            watch: format!("/api/v1/syncs/{}", it.id),
            events: "/api/v1/events",
        }
    }
}

#[derive(Serialize)]
struct EntryObject<'a> {
    timestamp: String,
    level: &'static str,
    message: &'a str,
    code: &'a str,
    remedy: &'a str,
    run: &'a str,
    pid: u32,
}

impl<'a> From<&'a LogEntry> for EntryObject<'a> {
    fn from(it: &'a LogEntry) -> Self {
        let level = match it.level {
            LogLevel::Error => "ERROR",
            LogLevel::Warn => "WARN",
            LogLevel::Info => "INFO",
            LogLevel::Debug | LogLevel::Off => "DEBUG",
        };
        let LogEntry { message, code, remedy, run, .. } = it;
        Self { timestamp: our_time(it.at), level, message, code, remedy, run, pid: it.pid }
    }
}

#[derive(Serialize)]
struct SnapshotObject {
    status: Option<Box<RawValue>>,
    sync: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct ProgressedObject {
    id: u64,
    progress: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct ReconcileObject<'a> {
    id: u64,
    state: &'static str,
    started_at: String,
    done: u64,
    total: Option<u64>,
    summary: Option<SummaryObject>,
    error: Option<super::ProblemObject<'a>>,
    cards: String,
}

#[derive(Serialize)]
struct SummaryObject {
    cards: u64,
    reconciled: u64,
    before_window: u64,
    variances: u64,
    unverified: u64,
    unknown_cards: u64,
    absolute_variance: String,
}

impl From<&Summary> for SummaryObject {
    fn from(it: &Summary) -> Self {
        Self {
            cards: it.cards,
            reconciled: it.reconciled,
            before_window: it.before_window,
            variances: it.variances,
            unverified: it.unverified,
            unknown_cards: it.unknown_cards,
            absolute_variance: money(it.absolute_variance),
        }
    }
}

/// JSON that was written already, as it is.
fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.to_owned()).ok()
}
