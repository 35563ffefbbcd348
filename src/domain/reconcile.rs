//! Reconciliation: 1C on one side, the store on the other, the variance (store minus 1C) between.

use chrono::{DateTime, Utc};

use super::{
    Amount, BonusRow, City, Customer, LocalTime, Movement, Points, PointsRule, RecorderId, RecorderType,
    StoredFigures, Window,
};

/// What the store was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Against {
    /// The card's rows read from 1C just now, line by line.
    Live,
    /// 1C's own sums, taken by the last sync.
    ControlTotals,
    /// Nothing: 1C could not be asked.
    None,
}

/// The outcome for one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Total and window were compared and nothing differs.
    Reconciled,
    /// Nothing differs but purchases before the window, which the store does not keep.
    BeforeWindow,
    /// A compared figure differs.
    Variance,
    /// Total or window was compared with nothing.
    #[default]
    Unverified,
}

/// One figure on both sides. `None` is unknown, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure<T> {
    /// 1C's.
    pub onec: Option<T>,
    /// The store's.
    pub stored: Option<T>,
}

impl<T: Copy + std::ops::Sub<Output = T>> Figure<T> {
    /// Store minus 1C, so that "missing in the store" is negative; `None` where a side is unknown.
    pub fn variance(&self) -> Option<T> {
        Some(self.stored? - self.onec?)
    }
}

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DifferenceKind {
    /// 1C has an opening balance the store lacks.
    MissingOpeningBalance,
    /// 1C has a line the store lacks.
    MissingLine,
    /// The store has a line that 1C has no longer, or no longer active.
    ExtraLine,
    /// Both have the line, with other contents.
    ChangedLine,
    /// 1C has purchases before the window: one entry, the sum.
    BeforeWindow,
    /// The card is in 1C only.
    MissingCard,
    /// The card is in the store only.
    ExtraCard,
    /// The same card, day and sum under two recorder types: a warning that changes no verdict.
    DoubledSale,
    /// The town differs.
    City,
    /// The points differ.
    Points,
    /// Sums differ and no line was read that would explain it.
    Unexplained,
}

/// One thing that differs, down to the line where lines were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub kind: DifferenceKind,
    /// The line's moment in 1C's local time.
    pub period: Option<LocalTime>,
    /// The line's document.
    pub recorder: Option<RecorderId>,
    /// The document's type.
    pub recorder_type: Option<RecorderType>,
    /// The line's number.
    pub line: Option<u64>,
    /// 1C's figure: a sum with two decimals, points, or a town.
    pub onec: Option<String>,
    /// The store's.
    pub stored: Option<String>,
    /// Why, where more can be said.
    pub reason: Option<Reason>,
}

/// What more can be said of a difference. Worded for the user by `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// 1C has the line no longer.
    Gone,
    /// 1C has the line, but no longer active.
    Inactive,
    /// The line's amount differs.
    Amount,
    /// The line's period differs.
    Period,
    /// The line's product or quantity differs.
    Product,
    /// The line was switched to another kind (opening balance or purchase).
    Kind,
}

/// Points on both sides and by both rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsComparison {
    /// The figure of the chosen rule.
    pub figure: Figure<Points>,
    /// The rule chosen.
    pub rule: PointsRule,
    /// The store's figure by [`PointsRule::LastRecord`].
    pub last_record: Option<Points>,
    /// The store's figure by [`PointsRule::RegisterBalance`].
    pub register_balance: Option<Points>,
    /// 1C's own `Balance`, where it is published.
    pub register_balance_onec: Option<Points>,
}

/// One customer, 1C beside the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Who: the store's side where it has the card, else 1C's.
    pub customer: Customer,
    /// The window of the published generation.
    pub window: Window,
    /// What the store was compared with.
    pub against: Against,
    /// When, in our own time.
    pub compared_at: Option<DateTime<Utc>>,
    /// When the stored generation was read.
    pub synced_at: Option<DateTime<Utc>>,
    /// Opening balances.
    pub opening_balance: Figure<Amount>,
    /// Purchases of the window.
    pub purchases: Figure<Amount>,
    /// Number of stored purchase lines, packaging included.
    pub purchase_lines: u64,
    /// Opening balance + purchases of the window.
    pub total: Figure<Amount>,
    /// What 1C has before the window and the store does not keep.
    pub before_window: Option<Amount>,
    /// Points.
    pub points: PointsComparison,
    /// Towns.
    pub city: Figure<Option<City>>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The outcome.
    pub verdict: Verdict,
}

/// The store's side of one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSide {
    /// The customer as stored.
    pub customer: Customer,
    /// Its movements, in any order.
    pub movements: Vec<Movement>,
    /// Its bonus rows, in any order.
    pub bonus: Vec<BonusRow>,
    /// Figures of the generation.
    pub figures: StoredFigures,
}

/// 1C's side of one card, read just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSide {
    /// The customer as 1C has it now.
    pub customer: Customer,
    /// All active movements over all time.
    pub movements: Vec<Movement>,
    /// Keys of inactive movements, to tell "no longer active" from "gone".
    pub inactive: Vec<super::MovementKey>,
    /// All active bonus rows.
    pub bonus: Vec<BonusRow>,
    /// 1C's own sums for the card, where published.
    pub control: super::ControlTotals,
    /// A row of this card could not be read.
    pub has_rejected_rows: bool,
}

/// When and how a comparison is made: the same for every card of one generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The published generation's window.
    pub window: Window,
    /// The infobase's time that points are reckoned for on both sides.
    pub points_at: LocalTime,
    /// The rule of points.
    pub rule: PointsRule,
    /// When the generation was read.
    pub synced_at: Option<DateTime<Utc>>,
    /// When the comparison was made.
    pub compared_at: Option<DateTime<Utc>>,
}

/// The verdict of one card by 1C's own sums alone.
pub fn verdict(
    figures: &super::CardFigures,
    control: &super::ControlTotals,
    has_rejected_rows: bool,
) -> Verdict {
    todo!("{figures:?} {control:?} {has_rejected_rows}")
}

/// Compares a stored card with the control totals of its own sync.
pub fn against_control_totals(stored: &StoredSide, terms: &Terms) -> Comparison {
    todo!("{stored:?} {terms:?}")
}

/// Compares a card with its rows read from 1C just now. Either side may lack the card altogether.
pub fn against_live(
    stored: Option<&StoredSide>,
    live: Option<&LiveSide>,
    terms: &Terms,
) -> Option<Comparison> {
    todo!("{stored:?} {live:?} {terms:?}")
}

/// The stored figures alone, compared with nothing.
pub fn against_nothing(stored: &StoredSide, terms: &Terms) -> Comparison {
    todo!("{stored:?} {terms:?}")
}
