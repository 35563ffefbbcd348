//! Values that events, effects, questions and panes have in common.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use secrecy::zeroize::Zeroize;
use serde::{Deserialize, Serialize};

use super::event::{ListOrder, Wanted};
use super::views::Views;
use crate::config::Theme;
use crate::domain::field::COPIED;
use crate::domain::reconcile::{Summary, Terms};
use crate::domain::{Amount, CardId, Comparison, CustomerField};

/// The moment of an event on the user's own clock, with its offset.
pub type Now = DateTime<FixedOffset>;

/// Number of a task: what it is asked, tells and answers carries it. No two tasks of a session share one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskId(pub u64);

/// Something failed, already worded in the user's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind it is.
    pub kind: FailureKind,
    /// Short name for talking about it, such as `onec-unauthorized`.
    pub code: String,
    /// What happened, and to what.
    pub message: String,
    /// What to do next; may be empty.
    pub remedy: String,
    /// What of the message is not ours: nobody writes it down.
    pub said: String,
}

impl Failure {
    /// The task panicked, there where it is known, or was stopped before it answered.
    pub fn crashed(place: Option<String>) -> Self {
        let message = place.unwrap_or_default();
        Self { kind: FailureKind::Crashed, message, ..Self::default() }
    }
}

/// What kind of failure it is, as far as that decides what happens next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// It was told, and is worded.
    #[default]
    Told,
    /// 1C could not be reached, or had no time: nobody has to do anything but try again.
    Passing,
    /// The store holds something else than was published.
    Damage,
    /// The store was published to since its cards were compared.
    StoreChanged,
    /// Another process syncs: there is nothing to be done but to wait.
    Elsewhere,
    /// The task broke off: a fault of ours. The message is the place, where it is known.
    Crashed,
}

/// What the form of the first start says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpWish {
    /// The address of 1C.
    pub url: String,
    /// The login.
    pub user: String,
    /// The password; empty where the environment gives one.
    pub password: TypedPassword,
}

/// A password as it was typed: nothing prints it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TypedPassword(String);

impl TypedPassword {
    /// Takes it over.
    pub fn new(password: &str) -> Self {
        Self(password.to_owned())
    }

    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TypedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedPassword(…)")
    }
}

impl Drop for TypedPassword {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// How far 1C has been asked about what the form says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetUpStep {
    /// Whether it lets in.
    #[default]
    Entering,
    /// It did; which documents write its sales.
    Types,
}

/// What is waited for. A number makes a timer that was overtaken recognisable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The pause after a letter.
    Search(u64),
    /// The pause before the selected customer is read.
    Open(u64),
    /// The pause before the customer shown is compared with 1C by itself.
    Background(u64),
    /// The time between two syncs.
    Sync(u64),
    /// How long a passing message stays.
    Message(u64),
}

/// A part of what is known of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Section {
    /// The comparison, and what differs.
    Comparison,
    /// Purchases and opening balances.
    Purchases,
    /// Rows of the bonus register.
    Bonus,
    /// Sums by type of document.
    Documents,
    /// Fields as 1C has them now, asked for on demand.
    Fields,
}

impl Section {
    /// All sections in order.
    pub const ALL: [Self; 5] =
        [Self::Comparison, Self::Purchases, Self::Bonus, Self::Documents, Self::Fields];

    /// The name it is kept under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comparison => "comparison",
            Self::Purchases => "purchases",
            Self::Bonus => "points",
            Self::Documents => "documents",
            Self::Fields => "fields",
        }
    }

    pub(super) fn turned(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// What is to be put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopySubject {
    /// A customer and how they compare.
    Customer(CardId),
    /// Why a customer differs: from the total down to the first line.
    Explanation(CardId),
    /// What the customer is told on the phone, in a sentence.
    Answer(CardId),
    /// A line of a section, by its number.
    Line(CardId, Section, usize),
    /// One figure or name of a customer.
    Cell(CardId, Cell),
    /// A card of the reconciled base: why it differs and what to do.
    Reconciled(CardId),
    /// The last sync, before and after.
    Portal,
    /// Which document is what in the register of sales.
    DocumentTypes,
    /// How 1C answers the request that was asked about last.
    RawAnswer,
    /// A line of the journal, by its number, in full.
    Entry(u64),
    /// The lines of the journal that are listed.
    Journal,
}

impl CopySubject {
    /// Whether programs have a use for it: it can be handed over as JSON.
    pub fn has_json(self) -> bool {
        matches!(self, Self::Customer(_) | Self::Explanation(_) | Self::Reconciled(_) | Self::Portal)
    }
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Words.
    Text,
    /// JSON.
    Json,
}

/// Where a copy goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The clipboard of whoever sits at the terminal.
    Clipboard,
    /// A file.
    File,
}

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Its characters.
    pub characters: usize,
    /// Where it went.
    pub place: CopyPlace,
}

/// How a base is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum By {
    /// By 1C's own sums, and line by line where those differ.
    Sums,
    /// Line by line, every card.
    Lines,
}

/// A base that was reconciled, without its cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// What all cards come to.
    pub summary: Summary,
    /// When and how all were compared.
    pub terms: Terms,
    /// How they were compared.
    pub by: By,
    /// 1C told its turnovers.
    pub knows_turnovers: bool,
    /// Cards that differ by sums and whose rows were not read.
    pub unread: u64,
    /// Cards that were sold to meanwhile.
    pub moving: u64,
    /// Requests sent.
    pub requests: u64,
    /// Why 1C could not be asked to the end.
    pub failure: Option<Failure>,
}

/// What a base is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExportFormat {
    /// For other programs.
    Csv,
    /// For a spreadsheet: with a byte order mark.
    CsvBom,
    /// A workbook.
    Xlsx,
    /// For programs, down to the line.
    Json,
    /// For people.
    Table,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Csv, Self::CsvBom, Self::Xlsx, Self::Json, Self::Table];
}

/// A file asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileOrder {
    /// Of which reconciliation.
    pub of: TaskId,
    /// As what.
    pub format: ExportFormat,
    /// Which cards.
    pub wanted: Wanted,
}

/// A file that was written, and what it has to come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Where it lies.
    pub path: String,
    /// Cards.
    pub rows: u64,
    /// Σ of 1C's totals; `None` where one of them is not known.
    pub onec: Option<Amount>,
    /// Σ of the store's.
    pub stored: Amount,
}

/// The small state that outlives the dashboard. Nothing personal is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The colours chosen on the screen, where any were.
    pub theme: Option<Theme>,
    /// The order of the list.
    pub order: ListOrder,
    /// Whether the mouse acts here.
    pub has_mouse: bool,
    /// The section of the customer that was chosen, where one was.
    pub section: Option<Section>,
    /// Hidden columns and saved views of the list.
    pub views: Views,
}

/// A figure or a field that is worth copying alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// A field of the customer.
    Field(CustomerField),
    /// The total, as the screen shows it: 1C's where it is known.
    Total,
    /// The points, likewise.
    Points,
    /// The total's variance, earlier purchases aside.
    Variance,
}

impl Cell {
    /// The cells this customer has, the most wanted first.
    pub fn of(comparison: &Comparison) -> Vec<Self> {
        let all = COPIED.into_iter().map(Self::Field).chain([Self::Total, Self::Points, Self::Variance]);
        all.filter(|cell| cell.is_in(comparison)).collect()
    }

    fn is_in(self, it: &Comparison) -> bool {
        match self {
            Self::Field(field) => it.customer.shown(field).is_some(),
            Self::Total => it.total_of_all_time().is_some(),
            Self::Points => it.points_shown().is_some(),
            Self::Variance => it.total_variance().is_some(),
        }
    }
}

/// Where a copy went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CopyPlace {
    /// To the terminal, which does not say whether it took it.
    Terminal,
    /// Into the buffer of tmux, and through it to the terminal.
    Tmux,
    /// Into this file.
    File(String),
}
