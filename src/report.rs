//! Headless output: what commands print, for people and for machines.
//!
//! Everything here is a function from values to text, or a thin writer around one; nobody looks at a clock, a
//! terminal or the store. Text from 1C passes through [`Shown`] on its way to people and through
//! [`escape_json`](crate::text::escape_json) on its way to machines.
//!
//! ```text
//! check     one customer in words: the block the shop knows, the table, what differs, what to do next
//! explain   why a customer differs: from the total down to the first line, and the request that fetched it
//! portal    the last sync, before and after, beside 1C
//! reconcile the whole base in words
//! export    the whole base in the formats other programs read
//! summary   sync, search, status and doctor in words
//! progress  a running sync: a bar, lines or JSON lines
//! json      what programs read: names, order and formats are a contract
//! table     columns that stay straight under Cyrillic and wide characters
//! ```

pub mod answer;
pub mod check;
pub mod document_types;
pub mod explain;
pub mod export;
pub mod json;
pub mod log;
pub mod metrics;
pub mod mirror;
pub mod portal;
pub mod problem;
pub mod progress;
pub mod proof;
pub mod reconcile;
mod settings;
pub mod summary;
mod table;
pub mod third_column;

#[cfg(test)]
mod fixture;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{Amount, Customer, CustomerField, Finding, Points, Under, Verdict};
use crate::store::{MirrorFault, Proof, Run, StoreHolder};
use crate::sync::LeftOff;
use crate::sync::event::{Outcome, Stage};
use crate::sync::recorder_types_seen::TypeSeen;
use crate::text::{self, Language, Shown, Texts};

/// Stands for what is not known: never a zero.
const UNKNOWN: &str = "—";

fn known(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Who reads: the language, and the offset our own times are shown in.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// The phrases.
    pub texts: Texts,
    /// The reader's offset from UTC.
    pub offset: FixedOffset,
}

impl Reader {
    fn language(self) -> Language {
        self.texts.language()
    }
}

/// What a search found, cut to what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchReport {
    /// The query as typed.
    pub query: String,
    /// How it was read where it found nobody as typed.
    pub read_as: Option<ReadAs>,
    /// All that match, shown or not.
    pub total: u64,
    /// How long the search took.
    pub took: Duration,
    /// Those shown, best first.
    pub found: Vec<FoundCustomer>,
}

/// Another text that a query was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// What was asked instead.
    pub query: String,
    /// Why, by its name in machine-readable output: `layout`, `letters`, `typo`.
    pub by: &'static str,
}

/// One customer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCustomer {
    /// The customer.
    pub customer: Customer,
    /// Opening balance + purchases as stored; `None` where they are not known.
    pub total: Option<Amount>,
    /// Points as stored, by the chosen rule; `None` where they are not known.
    pub points: Option<Points>,
    /// The fields that matched, by their names in machine-readable output: `phone`, `name`, `email`, `city`, `code`.
    pub matched: Vec<&'static str>,
    /// How the card was found to stand.
    pub verdict: Verdict,
    /// The stored total minus 1C's; `None` where nothing was compared.
    pub variance: Option<Amount>,
}

impl FoundCustomer {
    /// The total as 1C has it; `None` where it was compared with nothing. Roubles.
    pub fn total_onec(&self) -> Option<Amount> {
        Some(self.total? - self.variance?)
    }

    /// The same; where it is not known, as it is stored. Roubles.
    pub fn total_shown(&self) -> Option<Amount> {
        self.total_onec().or(self.total)
    }
}

/// What a store holds and how fresh it is. Unknown before the first sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusReport {
    /// The store's file.
    pub store: PathBuf,
    /// What is published; `None` before the first sync.
    pub published: Option<PublishedStatus>,
    /// What the last sync that published found to be mended.
    pub findings: Vec<Finding>,
    /// How far a sync came that was stopped on its way, where the next one goes on from there.
    pub left_off: Option<LeftOff>,
    /// A sync at work right now.
    pub running: Option<RunningStatus>,
    /// The last syncs, the latest first.
    pub last_syncs: Vec<Run>,
    /// The settings the store was read under, beside those of today.
    pub under: Under,
    /// What was compared since, by checks and reconciliations.
    pub checked: CheckedStatus,
    /// The engine of the store, where one runs.
    pub engine: Option<EngineStatus>,
    /// How the mirror stands; `None` where there is none.
    pub mirror: Option<MirrorStatus>,
    /// Who holds the lock of the store right now.
    pub lock: Option<StoreHolder>,
}

/// How a mirror stands beside what is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorStatus {
    /// The generation it shows; `None` where nothing was written there yet.
    pub generation: Option<u64>,
    /// When that was published there.
    pub published_at: Option<DateTime<Utc>>,
    /// Whether the database's own sums were those of the store.
    pub verified: bool,
    /// By how many generations it is behind.
    pub behind: Option<u64>,
    /// Why it is not what is published, or differs.
    pub fault: Option<MirrorFault>,
}

impl MirrorStatus {
    /// In a word, for programs.
    pub fn state(&self) -> &'static str {
        match (self.generation, &self.fault) {
            (_, Some(fault)) if fault.code == mirror::DIFFERS => "differs",
            (_, Some(_)) => "failed",
            (None, None) => "never",
            (Some(_), None) if self.behind.is_none_or(|behind| behind > 0) => "behind",
            (Some(_), None) => "current",
        }
    }
}

/// An engine at work, as it tells of itself. Its names are a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStatus {
    /// Its process.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// The version of its API.
    pub api: String,
    /// Since when it runs.
    pub started_at: DateTime<Utc>,
    /// The same in seconds.
    pub uptime_s: u64,
    /// Who is attached: open streams of events.
    pub viewers: u64,
    /// Whether a sync runs.
    pub syncing: bool,
    /// When the next sync begins by itself; `None` where nothing is scheduled.
    pub next_sync_at: Option<DateTime<Utc>>,
    /// The file of its store.
    pub store: String,
    /// Another number for settings that mean something else: of the base, its names and the rule of points.
    pub settings: String,
    /// Who is attached, as `user@terminal`.
    #[serde(default)]
    pub terminals: Vec<String>,
    /// Bytes of memory it has, where the system tells.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Whether a terminal started it, so that it ends when nobody needs it.
    #[serde(default)]
    pub on_demand: bool,
}

/// What checks and reconciliations compared beside the last sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckedStatus {
    /// Cards whose comparison still says something.
    pub cards: u64,
    /// When the last of them was made.
    pub newest: Option<DateTime<Utc>>,
    /// How long ago that was; `None` where it lies ahead of this machine's clock.
    pub age: Option<Duration>,
    /// Cards that differ and that no list shows: 1C has them and the store lacks them, or they are nobody's.
    pub unlisted: u64,
}

/// What somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Nothing was ever published.
    NeverSynced,
    /// The data are older than the settings allow.
    Stale,
    /// The data are dated ahead of this machine's clock.
    Clock,
    /// The last sync failed.
    LastSyncFailed,
    /// Cards differ from 1C.
    Variances,
    /// The store was read under settings that mean something else than those of today.
    OtherSettings,
    /// Cards were compared with nothing.
    Unverified,
    /// The mirror is not what is published.
    Mirror,
    /// A sync found something to be mended: its code.
    Found(&'static str),
}

impl Attention {
    /// Stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::NeverSynced => "never-synced",
            Self::Stale => "stale",
            Self::Clock => "clock",
            Self::LastSyncFailed => "last-sync-failed",
            Self::Variances => "variances",
            Self::OtherSettings => "other-settings",
            Self::Unverified => "unverified",
            Self::Mirror => "mirror",
            Self::Found(code) => code,
        }
    }
}

impl StatusReport {
    /// The kinds of findings, each once.
    fn found(&self) -> impl Iterator<Item = Attention> {
        let codes: BTreeSet<_> = self.findings.iter().map(Finding::code).collect();
        codes.into_iter().map(Attention::Found)
    }

    /// What calls for attention, the gravest first.
    pub fn attention(&self) -> Vec<Attention> {
        let published = |holds: fn(&PublishedStatus) -> bool| self.published.as_ref().is_some_and(holds);
        let last_failed = self.last_syncs.first().is_some_and(|run| run.outcome == Outcome::Failed);
        [
            (Attention::NeverSynced, self.published.is_none()),
            (Attention::LastSyncFailed, last_failed),
            (Attention::Clock, published(|it| it.age.is_none())),
            (Attention::Stale, published(|it| it.stale)),
            (Attention::Variances, published(|it| it.variances > 0)),
            (Attention::OtherSettings, self.published.is_some() && self.under.is_other()),
            // Cards that were never looked at, or figures that 1C itself contradicts, are in no count of cards.
            (Attention::Unverified, published(|it| it.unverified > 0 || it.proof == Proof::Unconfirmed)),
            (Attention::Mirror, self.mirror.as_ref().is_some_and(|it| it.state() != "current")),
        ]
        .into_iter()
        .filter_map(|(attention, calls)| calls.then_some(attention))
        .chain(self.found())
        .collect()
    }
}

/// What is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedStatus {
    /// Number of the generation.
    pub generation: u64,
    /// When it was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// Cards that this sync did not read and took over from before.
    pub carried: u64,
    /// When the rows were read that were read longest ago: earlier where cards were carried over.
    pub oldest_read_at: DateTime<Utc>,
    /// How long ago that was; `None` where it lies ahead of this machine's clock.
    pub age: Option<Duration>,
    /// Whether that is longer than the configured freshness.
    pub stale: bool,
    /// What vouches for it as a whole.
    pub proof: Proof,
    /// When everything was last read; `None` where only a part of the cards was, or an earlier version wrote it.
    pub full_at: Option<DateTime<Utc>>,
    /// Deltas since then.
    pub deltas: u32,
    /// Cards.
    pub cards: u64,
    /// Movements: opening balances and purchases.
    pub movements: u64,
    /// Cards whose figures differ from 1C's, by the newest comparison of each.
    pub variances: u64,
    /// Cards compared with nothing.
    pub unverified: u64,
    /// How much the sync found to be mended.
    pub findings: u64,
}

/// A sync at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningStatus {
    /// The stage at work; `None` where another process syncs and does not say.
    pub stage: Option<Stage>,
    /// 0 to 100; `None` where another process syncs and does not say.
    pub overall: Option<u8>,
}

/// One line of `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorCheck {
    /// Stable name of the check, for programs: `name-resolution`.
    pub check: &'static str,
    /// The same in words.
    pub title: String,
    /// Its outcome.
    pub status: CheckStatus,
    /// What was found, in words.
    pub detail: String,
    /// What to do about it, where something is to be done.
    pub remedy: Option<String>,
    /// The code of the error that was met, where one was.
    pub code: Option<&'static str>,
    /// Types of document, where the check is of these.
    pub types: Option<Vec<TypeSeen>>,
}

/// Outcome of one check of `doctor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckStatus {
    /// As it should be.
    Ok,
    /// A sync works, but not as well as it could.
    Warning,
    /// A sync cannot work.
    Failed,
}

/// A customer as lists and headers name them: the name, else the phone, else the code; and what 1C marks the card as.
fn display_name(customer: &Customer, texts: Texts) -> String {
    let names =
        [CustomerField::Name, CustomerField::Phone, CustomerField::Code].map(|field| customer.text(field));
    let name = names.iter().find(|name| !name.trim().is_empty()).map_or("—", |name| name);
    let marks: Vec<_> = customer.flags().map(|flag| texts.get(flag.word())).collect();
    if marks.is_empty() {
        Shown::new(name).into_string()
    } else {
        texts.with("report-marked", &[("name", name.into()), ("marks", marks.join(", ").into())])
    }
}

/// When stored data were read, and how long ago.
fn freshness(synced_at: DateTime<Utc>, age: Option<Duration>, is_stale: bool, reader: Reader) -> String {
    let values =
        [("time", our_time(synced_at, reader).into()), ("age", text::age(age, reader.language()).into())];
    if is_stale {
        reader.texts.with("report-stored-stale", &values)
    } else {
        reader.texts.with("report-stored-at", &values)
    }
}

/// How wide the reader's page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Figures side by side.
    Wide,
    /// A line for each figure.
    Narrow,
}

/// A document's type and key as people name them, from what 1C calls it.
pub fn document(recorder_type: &str) -> String {
    check::short_name(recorder_type)
}

fn our_time(time: DateTime<Utc>, reader: Reader) -> String {
    text::instant(time, reader.offset, reader.language())
}
