//! Rows as this program reads them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64;

mod bound;
pub(super) mod decode;
pub(super) mod page;

use crate::domain::{
    Amount, BonusRow, CardId, LocalTime, Movement, MovementKey, ProductId, RecorderRole, RecorderType,
};

/// One page as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// Good rows in the order sent; a row sent twice is here twice.
    pub rows: Vec<R>,
    /// Rows that could not be read.
    pub rejected: Vec<RejectedRow>,
    /// Folders among them, which are no objects.
    pub folders: u64,
    /// What every row sent was, in the order sent: dropped and rejected ones too.
    pub marks: Vec<RowMark>,
    /// The `$top` finally sent; `None` where all were asked for. May be less than the size at first.
    pub asked: Option<u32>,
    /// Whether the rows came in the order asked for, as far as that can be told.
    pub in_order: bool,
    /// Bytes of the reply.
    pub bytes: u64,
}

impl<R> Page<R> {
    pub(super) fn empty() -> Self {
        Self {
            rows: Vec::new(),
            rejected: Vec::new(),
            folders: 0,
            marks: Vec::new(),
            asked: None,
            in_order: true,
            bytes: 0,
        }
    }

    /// Takes another page's rows and counts.
    pub(super) fn append(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.rejected.extend(other.rejected);
        self.folders += other.folders;
        self.marks.extend(other.marks);
        self.in_order &= other.in_order;
        self.bytes += other.bytes;
    }

    /// Rows as sent: with folders, ignored and rejected ones.
    pub fn received(&self) -> u64 {
        self.marks.len() as u64
    }

    /// Whether fewer rows came than were asked for, so that this is the end.
    pub fn is_last(&self) -> bool {
        self.asked.is_none_or(|asked| self.received() < u64::from(asked))
    }
}

/// Which row it was, for counting and for finding an overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowMark {
    /// Key of the item, or of the recorder.
    pub object: Uuid,
    /// Tells apart the types of recorders: documents of two types may have one key. 0 for none.
    pub recorder_type: u64,
    /// Line in the record set; 0 in catalogs.
    pub line: u64,
}

impl RowMark {
    /// The mark of an item of a catalog.
    pub fn of_item(object: Uuid) -> Self {
        Self { object, recorder_type: 0, line: 0 }
    }

    /// The mark of a movement.
    pub fn of(key: &MovementKey) -> Self {
        let recorder_type = type_mark(&key.recorder_type.0);
        Self { object: key.recorder.0, recorder_type, line: key.line }
    }

    /// Whether both are rows of one object.
    fn is_beside(&self, other: Self) -> bool {
        (self.object, self.recorder_type) == (other.object, other.recorder_type)
    }
}

/// A number instead of fifty letters in every row's mark: the same in every run.
fn type_mark(recorder_type: &str) -> u64 {
    if recorder_type.is_empty() { 0 } else { xxh3_64(recorder_type.as_bytes()) }
}

/// A row whose amount, period or active flag cannot be read: counted and shown, never silently left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its key.
    pub mark: RowMark,
    /// Its key in words.
    pub key: String,
    /// The card it belongs to, where that can be read.
    pub card: Option<CardId>,
    /// The type of the document that wrote it, where that is told.
    pub recorder_type: Option<RecorderType>,
    /// The field that cannot be read, as 1C names it.
    pub field: String,
    /// What is wrong with it.
    pub fault: RowFault,
}

/// What is wrong with a field of a row. Worded for the user by `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RowFault {
    /// No number, where one has to be.
    NoNumber,
    /// A number with more decimal places than money and points have, or one beyond all reason.
    NotWhole,
    /// A movement that is neither `Receipt` nor `Expense`.
    NoDirection,
    /// A type of document with a name that is too long for one.
    LongType,
    /// No moment of time.
    NoPeriod,
    /// Neither `true` nor `false`.
    NoFlag,
}

impl RowFault {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::NoNumber, Self::NotWhole, Self::NoDirection, Self::LongType, Self::NoPeriod, Self::NoFlag];

    /// Its stable name, which its phrase is named after.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoNumber => "no-number",
            Self::NotWhole => "not-whole",
            Self::NoDirection => "no-direction",
            Self::LongType => "long-type",
            Self::NoPeriod => "no-period",
            Self::NoFlag => "no-flag",
        }
    }
}

/// A row of the register of sales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRow {
    /// The movement.
    pub movement: Movement,
    /// Whether it counts.
    pub active: bool,
    /// Whether the settings leave its recorder out: 1C's own sums hold it, no figure of ours does.
    pub is_ignored: bool,
}

/// A row of the register of bonus points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsRow {
    /// The row.
    pub row: BonusRow,
    /// Whether it counts.
    pub active: bool,
}

/// A product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its key.
    pub id: ProductId,
    /// `Description`.
    pub name: String,
    /// `Артикул`.
    pub article: Option<String>,
    /// `DataVersion`: good for equality only.
    pub version: String,
}

/// An item of any catalog, thinly: enough to see whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThinObject {
    /// Its key.
    pub key: Uuid,
    /// `DataVersion`: good for equality only.
    pub version: String,
}

/// A row of the register of sales, thinly: enough to confirm opening balances, and to take out of 1C's sums what the
/// settings leave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThinSale {
    /// Its key.
    pub key: MovementKey,
    /// Its card.
    pub card: CardId,
    /// Its amount.
    pub amount: Amount,
    /// Its period.
    pub period: LocalTime,
    /// Whether it counts.
    pub active: bool,
    /// What its recorder is taken for.
    pub role: RecorderRole,
}

/// A field of an object as 1C sent it: foreign text, to be neutralised where it is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawField {
    /// Its name in 1C.
    pub name: String,
    /// Its value: strings bare, anything else as JSON.
    pub value: String,
}

/// Shows the name only: values are customers' data.
impl std::fmt::Debug for RawField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawField").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A kind of row that can be read from a page: [`Card`](crate::domain::Card), [`Owner`](crate::domain::Owner),
/// [`Product`], [`SalesRow`], [`PointsRow`], and thinly [`ThinObject`], [`ThinSale`].
pub trait FromRow: decode::Decode + Send + 'static {}

impl<R: decode::Decode + Send + 'static> FromRow for R {}
