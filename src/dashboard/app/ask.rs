//! What the dashboard asks of the engine behind it and what it is answered: plain values that serde can carry, each task
//! under a number.
//!
//! ```text
//! Ask ─▶ Effect::Ask(id, Ask) ─▶ a task ─▶ Event::Answered(id, Result<Answer, Failure>)
//!                                   └────▶ Event::Reported(id, TaskReport), as often as it likes before
//! ```
//!
//! [`OpenTasks`] knows which numbers are waited for. Whatever comes under another one is late, and is dropped there.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::portal::Portal;
use crate::domain::{CardId, Comparison, Finding};
use crate::engine::reconcile::{Listed, Progress as ReconcileProgress, Wanted};
use crate::engine::{
    Detail, Found, LastRun, ListPart, MirrorStanding, Pulse, RawAnswer, RawFields, Request, Sent, TypesFound,
};
use crate::sync::LeftOff;
use crate::sync::event::{Notice, Outcome, Progress, SyncSummary};

use super::house::HouseNews;
use super::terms::{By, Copied, Exported, FileOrder, Kept, Reconciled, SetUpStep, SetUpWish};
pub use super::terms::{Failure, FailureKind, TaskId};

/// A question that has one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// List customers.
    Search(Request),
    /// All that is stored of a customer, compared with 1C's control totals of the last sync.
    Open(CardId),
    /// Compare a customer with their rows read from 1C now.
    Check(CardId),
    /// A customer's fields as 1C has them now.
    Fields(CardId),
    /// How 1C answers a request that was sent before.
    RawAnswer(Sent),
    /// Which document is what in 1C's register of sales.
    DocumentTypes,
    /// What the last sync changed, for the base and for a customer.
    Portal(Option<CardId>),
    /// Compare the whole base with 1C. What was found is kept under the number of the task until the next one ends
    /// well.
    Reconcile(By),
    /// A part of the cards of a reconciliation.
    List {
        /// The task that reconciled.
        of: TaskId,
        /// Which cards.
        wanted: Wanted,
        /// Which part of them.
        part: ListPart,
    },
    /// Write cards of a reconciliation into a new file that nobody else may read. A file that is not whole is left
    /// nowhere.
    Export(FileOrder),
    /// Put a text into a file of its own, named like `name`, that nobody else may read.
    Save {
        /// What the file is called, unless there is one already.
        name: String,
        /// The text.
        text: String,
    },
    /// One sync. Asked again only after the last one ended.
    Sync,
    /// The sync of this number, which somebody else began in the engine: to its end.
    Follow(u64),
    /// How the store stands.
    Status,
    /// What other processes do to the store: answered as soon as it is not this any more, at once where nothing is known.
    /// Meanwhile it tells how it stands with the engine.
    Watch(Option<Pulse>),
    /// What changed in the file of settings: answered once something does.
    WatchSettings,
    /// Read all that is stored again: a failure where it is not what was published.
    Verify,
    /// Try what the form of the first start says, and write the settings once 1C lets in.
    SetUp(SetUpWish),
    /// Keep the small state of the dashboard for the next time.
    Keep(Kept),
    /// Have an engine again: start one where none runs, begin one anew that is of another version.
    Engine,
}

impl Ask {
    /// What the task is for.
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::Search(_) => TaskKind::Search,
            Self::Open(_) => TaskKind::Open,
            Self::Check(_) => TaskKind::Check,
            Self::Fields(_) => TaskKind::Fields,
            Self::RawAnswer(_) => TaskKind::RawAnswer,
            Self::DocumentTypes => TaskKind::DocumentTypes,
            Self::Portal(_) => TaskKind::Portal,
            Self::Reconcile(_) => TaskKind::Reconcile,
            Self::List { .. } => TaskKind::List,
            Self::Export(_) => TaskKind::Export,
            Self::Save { .. } => TaskKind::Copy,
            Self::Sync | Self::Follow(_) => TaskKind::Sync,
            Self::Status => TaskKind::Status,
            Self::Watch(_) => TaskKind::Watch,
            Self::WatchSettings => TaskKind::WatchSettings,
            Self::Verify => TaskKind::Verify,
            Self::SetUp(_) => TaskKind::SetUp,
            Self::Keep(_) => TaskKind::Keep,
            Self::Engine => TaskKind::Engine,
        }
    }
}

/// What a task is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// A search.
    Search,
    /// Reading a customer from the store.
    Open,
    /// Checking a customer against 1C.
    Check,
    /// Asking 1C for a customer's fields.
    Fields,
    /// Asking 1C how it answers a request.
    RawAnswer,
    /// Asking 1C which document is what.
    DocumentTypes,
    /// Looking at the last sync.
    Portal,
    /// Reconciling the base.
    Reconcile,
    /// Listing a part of its cards.
    List,
    /// Writing a file of them.
    Export,
    /// Copying.
    Copy,
    /// The sync.
    Sync,
    /// Asking how the store stands.
    Status,
    /// Watching what other processes do to the store.
    Watch,
    /// Watching the file of settings.
    WatchSettings,
    /// Reading all that is stored again.
    Verify,
    /// Making the settings.
    SetUp,
    /// Keeping the state of the dashboard.
    Keep,
    /// Having an engine again.
    Engine,
}

impl TaskKind {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Search,
        Self::Open,
        Self::Check,
        Self::Fields,
        Self::RawAnswer,
        Self::DocumentTypes,
        Self::Portal,
        Self::Reconcile,
        Self::List,
        Self::Export,
        Self::Copy,
        Self::Sync,
        Self::Status,
        Self::Watch,
        Self::WatchSettings,
        Self::Verify,
        Self::SetUp,
        Self::Keep,
        Self::Engine,
    ];

    /// Whether nobody waits for it: it ends when something happens, or never.
    pub fn is_idle(self) -> bool {
        matches!(self, Self::Watch | Self::WatchSettings)
    }

    /// Whether it reports on its way, and ends in order when it is asked to: others are dropped where they stand.
    pub fn is_long(self) -> bool {
        matches!(self, Self::Sync | Self::Reconcile | Self::Export)
    }

    /// Whether it tells something before its end that is worth a look.
    pub fn tells(self) -> bool {
        self.is_long() || self == Self::Watch
    }

    /// Whether a new one makes the answer to the one before useless. Of every copy its owner wants to know where it
    /// is.
    pub fn is_overtaken(self) -> bool {
        self != Self::Copy
    }
}

/// What a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The customers a search found.
    Found(Found),
    /// A customer as stored.
    Opened(Box<Detail>),
    /// A customer beside 1C as it is now.
    Checked(Box<LiveCheck>),
    /// A customer's fields.
    Fields(RawFields),
    /// How 1C answers a request.
    RawAnswer(Box<RawAnswer>),
    /// Which document is what.
    DocumentTypes(Box<TypesFound>),
    /// The last sync, before and after; `None` before the first.
    Portal(Option<Box<Portal>>),
    /// The base was reconciled.
    Reconciled(Box<Reconciled>),
    /// A part of its cards.
    Listed(Listed),
    /// A file of them is whole.
    Exported(Exported),
    /// Something was copied; `None` where there was nothing to copy.
    Copied(Option<Copied>),
    /// The sync ended.
    Synced(Box<SyncSummary>),
    /// How the store stands.
    Status(Box<StoreStatus>),
    /// What other processes do to it now.
    Watched(Pulse),
    /// Words for the user.
    Told(String),
    /// It is done, and there is no more to say.
    Done,
}

/// What a long task tells before it ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TaskReport {
    /// The sync moved on.
    Sync(Box<Progress>),
    /// The reconciliation of the base moved on.
    Reconcile(ReconcileProgress),
    /// So many cards of a file are written.
    Export(u64),
    /// Trying what the form says moved on.
    SetUp(SetUpStep),
    /// A line for the journal.
    Notice(Notice),
    /// How it stands with the engine is another than before.
    House(HouseNews),
}

/// What a live check found, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveCheck {
    /// 1C beside the store.
    pub comparison: Comparison,
    /// The requests that fetched 1C's side.
    pub requests: Vec<Sent>,
}

/// How the store stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreStatus {
    /// The base's name, for the header.
    pub base: String,
    /// The address without credentials.
    pub address: String,
    /// The visible generation; `None` before the first sync.
    pub generation: Option<u64>,
    /// When it was read from 1C.
    pub synced_at: Option<DateTime<Utc>>,
    /// When the rows were read that were read longest ago: a sync of some cards carries the others over.
    #[serde(default)]
    pub oldest_read_at: Option<DateTime<Utc>>,
    /// When everything was last read from 1C; `None` where only a part was.
    pub full_at: Option<DateTime<Utc>>,
    /// Deltas since then: what moves no sum may still be to come.
    pub deltas: u32,
    /// Days of purchases kept; zero is all history.
    pub days: u32,
    /// Cards kept.
    pub cards: u64,
    /// Movements kept.
    pub movements: u64,
    /// Cards that differ from 1C.
    pub variances: u64,
    /// Cards that equal 1C inside the window and have purchases before it.
    pub before_window: u64,
    /// Cards compared with nothing.
    pub unverified: u64,
    /// Cards that differ and that no list shows, as the last reconciliation found: 1C has them and the store lacks them, or
    /// they are nobody's.
    pub unlisted: u64,
    /// How far a full sync came that was stopped on its way, where the next one goes on from there.
    #[serde(default)]
    pub left_off: Option<LeftOff>,
    /// How the last run ended, whoever ran it.
    pub last_run: Option<LastRun>,
    /// The last runs, the latest first.
    pub runs: Vec<PastRun>,
    /// What is to be said once of what lies beside the store: in words.
    pub remark: Option<String>,
    /// What the sync found to be mended.
    pub findings: Vec<Finding>,
    /// Age at which figures are called stale; zero means never.
    pub stale_after: Duration,
    /// How the mirror stands; `None` where there is none.
    #[serde(default)]
    pub mirror: Option<MirrorStanding>,
}

/// A sync that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRun {
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
}

/// The tasks whose answers are waited for.
#[derive(Clone, Debug, Default)]
pub struct OpenTasks {
    last: TaskId,
    open: BTreeMap<TaskId, TaskKind>,
}

impl OpenTasks {
    /// Waits for a new task.
    pub(super) fn open(&mut self, kind: TaskKind) -> TaskId {
        if kind.is_overtaken() {
            self.forget(kind);
        }
        self.last.0 += 1;
        self.open.insert(self.last, kind);
        self.last
    }

    /// A task ended: what it was for, or `None` where nobody waits for it.
    pub(super) fn close(&mut self, id: TaskId) -> Option<TaskKind> {
        self.open.remove(&id)
    }

    /// Waits no more for tasks of a kind; the last of them.
    pub(super) fn forget(&mut self, kind: TaskKind) -> Option<TaskId> {
        let forgotten = self.of(kind);
        self.open.retain(|_, other| *other != kind);
        forgotten
    }

    /// What a task is for, while it is waited for.
    pub(super) fn kind(&self, id: TaskId) -> Option<TaskKind> {
        self.open.get(&id).copied()
    }

    /// The last task of a kind that is waited for.
    pub fn of(&self, kind: TaskKind) -> Option<TaskId> {
        self.open.iter().rfind(|(_, other)| **other == kind).map(|(id, _)| *id)
    }
}
