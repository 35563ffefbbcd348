//! Why a sync failed, a variant per decision a caller can take.

use thiserror::Error as ThisError;
use tokio::task::JoinError;

use super::event::Subject;
use crate::odata::{RowFault, Set};
use crate::{odata, store};

/// Why a sync published nothing. The last generation stays visible in every case.
#[derive(Debug, ThisError)]
pub enum Error {
    /// 1C could not be asked, or refused.
    #[error(transparent)]
    Odata(#[from] odata::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A set changed underneath at every attempt to read it whole.
    #[error("{what} changed at every one of {attempts} attempts to read it")]
    ChangedTooFast {
        /// Which set.
        what: &'static str,
        /// Attempts made.
        attempts: u32,
    },
    /// 1C counts other than it gives, every time the same, in every way it can be asked.
    #[error("1C counts {counted} {what} and gives {received}")]
    CountDiffers {
        /// Which set.
        what: &'static str,
        /// By its count.
        counted: u64,
        /// By its rows.
        received: u64,
    },
    /// 1C's own totals changed in every round of comparing with them.
    #[error("1C changed in every one of {rounds} rounds; the last one differed on {cards} cards")]
    NeverStill {
        /// Rounds made.
        rounds: u32,
        /// Cards on which the last round differed.
        cards: usize,
    },
    /// The address now leads to another base than the store came from.
    #[error("another base: {known} of {asked} sampled cards are known there")]
    AnotherBase {
        /// Sampled cards the base knows.
        known: usize,
        /// Cards sampled.
        asked: usize,
    },
    /// 1C answers with nothing where the store has rows: an empty answer never empties the store.
    #[error("1C has no {} where {stored} are stored", subject.name())]
    EmptyAnswer {
        /// Which rows.
        subject: Subject,
        /// How many are stored.
        stored: u64,
    },
    /// No row is of a document that the settings name as one of opening balances any more, and all rows there are, are of
    /// others: they were entered anew under another type, or not at all.
    #[error("no document is named {names:?} where {stored} of its rows are stored; there are {types:?}")]
    OpeningsElsewhere {
        /// How many rows of opening balances are stored.
        stored: u64,
        /// The names in the settings.
        names: Vec<String>,
        /// The types of document there are.
        types: Vec<String>,
    },
    /// Much vanished suddenly, and two looks at it disagree where 1C tells no totals.
    #[error("two looks at a sudden loss disagree: {before} before, {now} now")]
    LooksDiffer {
        /// How much is stored of what vanished.
        before: u64,
        /// How much the second look found.
        now: u64,
    },
    /// So many rows cannot be read that it is no accident of some of them.
    #[error("{rejected} of {rows} rows of {set:?} cannot be read: {field}")]
    Unreadable {
        /// Which set.
        set: Set,
        /// The field that most of them cannot be read for.
        field: String,
        /// How many.
        rejected: u64,
        /// Of so many that were read.
        rows: u64,
        /// What is wrong with them, and with how many: field, reason, rows.
        faults: Vec<(String, RowFault, u64)>,
        /// The key of one of them.
        example: String,
    },
    /// No row of the register of sales bears a card of the catalog: everybody would be shown to have bought nothing.
    #[error("no row of {name} bears a card, of {rows}")]
    NotByCard {
        /// How 1C calls the register.
        name: String,
        /// Rows that bear something else.
        rows: u64,
    },
    /// The store was published to while it was compared with 1C.
    #[error("the store changed while it was compared")]
    StoreChanged,
    /// Stopped by the user.
    #[error("cancelled")]
    Cancelled,
    /// A task of the sync panicked: a bug of ours.
    #[error("internal failure: {0}")]
    Internal(String),
}

/// What a panic said stays out of it: that may quote a customer. Its place stands in the report of the panic.
impl From<JoinError> for Error {
    fn from(error: JoinError) -> Self {
        Self::Internal(if error.is_panic() { "a task panicked" } else { "a task was stopped" }.into())
    }
}

impl Error {
    /// Whether another process writes to the store.
    pub fn is_held_elsewhere(&self) -> bool {
        matches!(self, Self::Store(store::Error::AlreadyOpen { .. }))
    }

    /// Whether there is no store yet, or nothing was published to it.
    pub fn is_nothing_stored(&self) -> bool {
        matches!(self, Self::Store(store::Error::NotFound))
    }

    /// Whether what was read may itself be to blame: then it is not gone on with.
    pub(super) fn is_doubtful(&self) -> bool {
        !matches!(self, Self::Odata(_) | Self::Store(_) | Self::Cancelled)
    }

    /// A word for the store's record of runs: the same that names this failure in machine-readable output.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Odata(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::ChangedTooFast { .. } => "sync-changed-too-fast",
            Self::CountDiffers { .. } => "sync-count-differs",
            Self::NeverStill { .. } => "sync-never-still",
            Self::AnotherBase { .. } => "sync-another-base",
            Self::EmptyAnswer { .. } => "sync-empty-answer",
            Self::OpeningsElsewhere { .. } => "sync-openings-elsewhere",
            Self::LooksDiffer { .. } => "sync-looks-differ",
            Self::Unreadable { .. } => "sync-unreadable",
            Self::NotByCard { .. } => "sales-not-by-card",
            Self::StoreChanged => "sync-store-changed",
            Self::Cancelled => "sync-cancelled",
            Self::Internal(_) => "sync-internal",
        }
    }
}
