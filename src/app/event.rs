//! All that can happen to the dashboard, and the values that come with it.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use ratatui::layout::{Position, Size};

use crate::domain::{CardId, Comparison, Finding};
use crate::sync::event::{Notice, Progress, Summary};

pub use crate::domain::portal::Portal;
pub use crate::engine::{
    CityCount, Column, Detail as CustomerDetail, Filter, Found as SearchReply, Keep, Order, Part, Purchase,
    RawField, RawFields, RecorderSum, Request, Row, Sent,
};

pub use crate::engine::reconcile::{Listed, Phase, Progress as ReconcileProgress, Wanted};

use super::effect::Timer;
use super::keymap::Key;
use super::page::{Copied, Subject};
use super::reconcile::{ExportId, Exported, ListId, ReconcileId, Reconciled};

/// The moment of an event on the user's own clock, with its offset.
pub type Now = DateTime<FixedOffset>;

/// Number of a search: a late answer is told by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchId(pub u64);

/// Number of an opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenId(pub u64);

/// Number of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId(pub u64);

/// Number of a reading of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldsId(pub u64);

/// Number of a look at the last sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortalId(pub u64);

/// What a live check found, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCheck {
    /// 1C beside the store.
    pub comparison: Comparison,
    /// The requests that fetched 1C's side.
    pub requests: Vec<Sent>,
}

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The dashboard stands: time to ask for what it shows.
    Started,
    /// A key was pressed.
    Key(Key),
    /// The mouse did something, where it acts here.
    Pointed(Pointer),
    /// The settings were written, or could not be.
    Written(Result<(), Failure>),
    /// Text was pasted.
    Pasted(String),
    /// The screen has this size now.
    Resized(Size),
    /// The user is back from the shell.
    Resumed,
    /// A timer ran out.
    Waited(Timer),
    /// Time went by.
    Ticked,
    /// A search was answered.
    Found(SearchId, Result<SearchReply, Failure>),
    /// A customer was read from the store.
    Opened(OpenId, CardId, Result<Box<CustomerDetail>, Failure>),
    /// A customer was checked against 1C.
    Checked(CheckId, CardId, Result<Box<LiveCheck>, Failure>),
    /// A customer's fields were read from 1C.
    FieldsRead(FieldsId, CardId, Result<RawFields, Failure>),
    /// The last sync, before and after; `None` before the first.
    PortalLoaded(PortalId, Result<Option<Box<Portal>>, Failure>),
    /// Something was put into words; `None` where there is nothing to say of it any more.
    Worded(Subject, Option<String>),
    /// Something was copied; `None` where there was nothing to copy.
    Copied(Result<Option<Copied>, Failure>),
    /// The reconciliation of the base moved on.
    ReconcileProgressed(ReconcileId, ReconcileProgress),
    /// The base was reconciled, or could not be.
    Reconciled(ReconcileId, Result<Box<Reconciled>, Failure>),
    /// A part of its cards.
    ReconciledListed(ListId, Result<Listed, Failure>),
    /// So many cards of a file are written.
    ExportProgressed(ExportId, u64),
    /// A file is whole, or could not be written.
    Exported(ExportId, Result<Exported, Failure>),
    /// The running sync moved on.
    Progressed(Progress),
    /// The running sync has something for the journal.
    Noticed(Notice),
    /// The sync ended.
    Synced(Result<Summary, Failure>),
    /// How the store stands.
    Loaded(Status),
    /// All that is stored was read again: it is what was published, or not.
    Verified(Result<(), Failure>),
    /// A task broke; where, if it is known. A fault of ours.
    Crashed(Job, Option<String>),
}

/// Something the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// Where.
    pub at: Position,
    /// What.
    pub act: Point,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The left button went down.
    Click,
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
}

/// What a task was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// A search.
    Search(SearchId),
    /// Reading a customer from the store.
    Open(OpenId),
    /// Checking a customer against 1C.
    Check(CheckId),
    /// Asking 1C for a customer's fields.
    Fields(FieldsId),
    /// Looking at the last sync.
    Portal(PortalId),
    /// Reconciling the base.
    Reconcile(ReconcileId),
    /// Listing a part of its cards.
    List(ListId),
    /// Writing a file of them.
    Export(ExportId),
    /// Copying.
    Copy,
    /// The sync.
    Sync,
    /// Asking how the store stands.
    Status,
    /// Reading all that is stored again.
    Verify,
    /// Writing the settings.
    Settings,
}

/// Something failed, already worded in the user's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// Short name for talking about it, such as `onec-unauthorized`.
    pub code: String,
    /// What happened, and to what.
    pub message: String,
    /// What to do next; may be empty.
    pub remedy: String,
}

impl Failure {
    /// Whether the store holds something else than was published.
    pub fn is_damage(&self) -> bool {
        self.code == "store-damaged"
    }

    /// Whether the store was published to since its cards were compared.
    pub fn is_store_changed(&self) -> bool {
        self.code == "sync-store-changed"
    }

    /// Whether 1C could not be reached, or had no time: nobody has to do anything but try again.
    pub fn is_passing(&self) -> bool {
        const CODES: [&str; 8] = [
            "onec-unreachable-name",
            "onec-unreachable-refused",
            "onec-unreachable-timeout",
            "onec-timeout",
            "onec-busy",
            "onec-closed",
            "onec-network",
            "onec-maintenance",
        ];
        CODES.contains(&self.code.as_str())
    }
}

/// How the store stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The base's name, for the header.
    pub base: String,
    /// The address without credentials.
    pub address: String,
    /// The visible generation; `None` before the first sync.
    pub generation: Option<u64>,
    /// When it was read from 1C.
    pub synced_at: Option<DateTime<Utc>>,
    /// When everything was last read from 1C; `None` where only a part was.
    pub full_at: Option<DateTime<Utc>>,
    /// Deltas since then: what moves no sum may still be to come.
    pub deltas: u32,
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
    /// What the sync found to be mended.
    pub findings: Vec<Finding>,
    /// Age at which figures are called stale; zero means never.
    pub stale_after: Duration,
}
