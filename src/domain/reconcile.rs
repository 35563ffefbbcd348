//! Reconciliation: 1C on one side, the store on the other, the variance (store minus 1C) between.

mod base;
mod causes;
mod coverage;
pub mod latest;
mod lines;
mod live;
mod stored;
mod together;
mod totals;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

pub use self::base::{Sides, Standing, SumOfCards, Summary, Tally};
pub use self::causes::{Cause, Causes};
pub use self::coverage::{Compared, Coverage, DoubtfulRows, Gaps, Mark, Means, Part, WhyNot};
pub use self::live::against_live;
pub use self::stored::StoredFigures;
pub use self::together::CardsTogether;
use self::totals::TotalsComparison;
use super::third_column::PortalColumn;
use super::{
    Amount, BonusRow, CardFigures, CardId, City, ControlTotals, Customer, LocalTime, Movement, MovementKey,
    MovementKind, NamesTrust, Points, PointsRule, PointsSums, RecorderId, RecorderType, Under, Window,
};

/// What the store was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Against {
    /// The card's rows read from 1C just now, line by line.
    Live,
    /// 1C's own sums, taken by the last sync.
    ControlTotals,
    /// Nothing: 1C could not be asked.
    None,
}

/// The outcome for one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// All that makes the total was compared, opening balances, purchases and the total itself, and nothing differs.
    Reconciled,
    /// Nothing differs but purchases before the window, which the store does not keep.
    BeforeWindow,
    /// A compared figure differs.
    Variance,
    /// A part of the total was compared with nothing, or not under the settings of today.
    #[default]
    Unverified,
    /// Rows of a card that no catalog has, or of the empty one, that differ in nothing: equal sums reconcile no
    /// customer. Those that differ are a variance, those that were compared with nothing are unverified.
    UnknownCard,
}

/// One figure on both sides. `None` is unknown, never zero; carried away it is left out, for a town that is known not to
/// be there is `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Figure<T> {
    /// 1C's.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub onec: Option<T>,
    /// The store's.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub stored: Option<T>,
}

fn known<'de, T: Deserialize<'de>, D: Deserializer<'de>>(side: D) -> Result<Option<T>, D::Error> {
    T::deserialize(side).map(Some)
}

impl<T: Copy + std::ops::Sub<Output = T>> Figure<T> {
    /// Store minus 1C, so that "missing in the store" is negative; `None` where a side is unknown.
    pub fn variance(&self) -> Option<T> {
        Some(self.stored? - self.onec?)
    }
}

/// What a stored total differs by from 1C's, and how much of that is no variance. Roubles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TotalVariance {
    /// Store minus 1C.
    pub all: Amount,
    /// 1C's purchases before the window, which the store does not keep: none where they are not known.
    pub earlier: Amount,
}

impl TotalVariance {
    /// Where nothing lies before the window.
    pub const fn without_earlier(all: Amount) -> Self {
        Self { all, earlier: Amount::ZERO }
    }

    /// What differs beside earlier purchases, store minus 1C.
    pub fn beside_earlier(self) -> Amount {
        self.all + self.earlier
    }
}

impl Figure<Amount> {
    /// The variance of a total beside what lies before the window, which is none; `None` where one side is not known, and
    /// where it is not known how much of what differs lies there. Roubles, store minus 1C.
    pub fn variance_beside(&self, earlier: Option<Amount>) -> Option<Amount> {
        let variance = self.variance()?;
        let is_equal = || variance.is_zero().then_some(Amount::ZERO);
        Some(variance + earlier.or_else(is_equal)?)
    }
}

impl<T> Figure<T> {
    /// The store's side alone.
    pub fn stored(stored: T) -> Self {
        Self { onec: None, stored: Some(stored) }
    }

    /// Both sides, each made into something else.
    pub fn map<U>(self, of: impl Fn(T) -> U) -> Figure<U> {
        Figure { onec: self.onec.map(&of), stored: self.stored.map(of) }
    }

    /// Leaves the store's side alone, where there is one.
    fn leave_alone(&mut self) {
        if self.stored.is_some() {
            self.onec = None;
        }
    }
}

impl<T: PartialEq> Figure<T> {
    /// Whether both sides are known and are not the same.
    pub fn differs(&self) -> bool {
        matches!((&self.onec, &self.stored), (Some(onec), Some(stored)) if onec != stored)
    }

    /// Whether both sides are known and are the same.
    pub fn agrees(&self) -> bool {
        matches!((&self.onec, &self.stored), (Some(onec), Some(stored)) if onec == stored)
    }
}

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// Rows of a card that no catalog has, or of the empty card: a remark that changes no verdict.
    UnknownCard,
    /// Sums differ and no line was read that would explain it.
    Unexplained,
}

impl DifferenceKind {
    /// Whether it makes the verdict a variance; the others only say what the figures leave out or may count twice.
    pub fn is_variance(self) -> bool {
        !matches!(self, Self::BeforeWindow | Self::DoubledSale | Self::UnknownCard)
    }
}

/// The figures of a difference: of one kind, whatever differs. `None`: there is none on that side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DifferenceFigure {
    /// Roubles.
    Money(Figure<Amount>),
    /// Points. Of a bonus row, what it does to the balance.
    Points(Figure<Points>),
    /// The names of towns.
    Town(Figure<String>),
}

impl DifferenceFigure {
    /// Roubles; `None` where it is about something else.
    pub fn money(&self) -> Option<Figure<Amount>> {
        match self {
            Self::Money(figure) => Some(*figure),
            Self::Points(_) | Self::Town(_) => None,
        }
    }
}

impl From<Figure<Amount>> for DifferenceFigure {
    fn from(figure: Figure<Amount>) -> Self {
        Self::Money(figure)
    }
}

impl From<Figure<Points>> for DifferenceFigure {
    fn from(figure: Figure<Points>) -> Self {
        Self::Points(figure)
    }
}

impl From<Figure<&str>> for DifferenceFigure {
    fn from(figure: Figure<&str>) -> Self {
        Self::Town(figure.map(str::to_owned))
    }
}

/// One thing that differs, down to the line where lines were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Both sides. Of a sum of 1C that is not what 1C's rows add up to, the store's is what they do.
    pub figure: DifferenceFigure,
    /// Why, where more can be said.
    pub reason: Option<Reason>,
}

impl Difference {
    /// A difference of figures that belong to no line.
    pub(crate) fn of_figures<T>(kind: DifferenceKind, onec: Option<T>, stored: Option<T>) -> Self
    where
        DifferenceFigure: From<Figure<T>>,
    {
        let figure = Figure { onec, stored }.into();
        Self { kind, period: None, recorder: None, recorder_type: None, line: None, figure, reason: None }
    }

    fn at(self, key: &MovementKey, period: LocalTime) -> Self {
        Self {
            period: Some(period),
            recorder: Some(key.recorder),
            recorder_type: Some(key.recorder_type.clone()),
            line: Some(key.line),
            ..self
        }
    }

    fn because(self, reason: Reason) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// What more can be said of a difference. Worded for the user by `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// 1C's own sum is not what 1C's rows add up to.
    OwnSum,
    /// No document of this base bears a name the settings give to opening balances.
    Unnamed,
    /// Not all rows of the card could be read: those may explain it.
    Unreadable,
}

/// Points on both sides and by both rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsComparison {
    /// The figure of the chosen rule.
    pub figure: Figure<Points>,
    /// The rule chosen.
    pub rule: PointsRule,
    /// The store's figure by [`PointsRule::LastRecord`].
    pub last_record: Option<Points>,
    /// The store's figure by [`PointsRule::RegisterBalance`].
    pub register_balance: Option<Points>,
    /// 1C's own `Balance` where it is published, else what 1C's rows give where they were read just now.
    pub register_balance_onec: Option<Points>,
}

impl PointsComparison {
    /// The store's side alone.
    fn stored(figures: &StoredFigures, terms: &Terms) -> Self {
        let own = terms.points_at.filter(|_| !figures.unreadable.points).map(|_| figures.own.points);
        Self {
            figure: Figure { onec: None, stored: own.map(|own| own.by(terms.rule)) },
            rule: terms.rule,
            last_record: own.map(|own| own.last_record),
            register_balance: own.map(|own| own.register_balance),
            register_balance_onec: None,
        }
    }

    fn beside(self, onec: Option<Points>) -> Self {
        Self { figure: Figure { onec, ..self.figure }, ..self }
    }
}

/// One customer, 1C beside the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// 1C's sum over all time beside the store's opening balance + purchases of the window: what lies before the
    /// window is the store's variance here, because the customer sees it in 1C.
    pub total: Figure<Amount>,
    /// 1C's purchases before the window.
    pub before_window: Option<Amount>,
    /// Points.
    pub points: PointsComparison,
    /// Towns.
    pub city: Figure<Option<City>>,
    /// What was compared, figure by figure.
    pub coverage: Coverage,
    /// The settings the generation was read under, beside those of today.
    pub under: Arc<Under>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The outcome.
    pub verdict: Verdict,
    /// What the portal shows, where it was asked.
    #[serde(default)]
    pub portal: Option<Box<PortalColumn>>,
}

impl LiveSide {
    /// Whether its rows of points are not what 1C says that all of them come to.
    pub fn has_other_points_of_all(&self) -> bool {
        let rows = self.bonus.as_deref().filter(|_| !self.unreadable.points);
        self.points_of_all.zip(rows).is_some_and(|(told, rows)| told.contradict(rows))
    }

    /// Whether there is nothing of this card: no catalog has it, and no row.
    pub(super) fn is_gone(&self) -> bool {
        !self.is_listed && self.movements.is_empty()
    }

    /// 1C's side of a card that no catalog has and of which there is no row any more; of bonus rows only where they
    /// were read.
    pub fn of_unknown_card(card: CardId, knows_points: bool) -> Self {
        Self {
            customer: Customer { card, ..Customer::default() },
            is_listed: false,
            knows_town: false,
            movements: Vec::new(),
            inactive: Vec::new(),
            bonus: knows_points.then(Vec::new),
            control: ControlTotals::default(),
            points_at: None,
            points_of_all: None,
            unreadable: DoubtfulRows::default(),
        }
    }

    /// 1C's side of a listed card whose rows were read and compared one by one, found whole and equal in all, and not
    /// kept since: what 1C said of them is what the store has.
    ///
    /// The store may still have purchases of before the window, that of an earlier sync: nobody compared these.
    pub fn found_equal(stored: &StoredSide, window: Window, knows_points: bool) -> Self {
        let is_compared =
            |row: &&Movement| row.kind == MovementKind::OpeningBalance || window.contains(row.period);
        Self {
            is_listed: true,
            knows_town: true,
            customer: stored.customer.clone(),
            movements: stored.movements.iter().filter(is_compared).cloned().collect(),
            inactive: Vec::new(),
            bonus: knows_points.then(|| stored.bonus.clone()),
            control: ControlTotals::default(),
            points_at: None,
            points_of_all: None,
            unreadable: DoubtfulRows::default(),
        }
    }
}

impl Comparison {
    /// Whether the towns differ; `None` where a side is unknown. The rule that found a town does not matter.
    pub fn city_differs(&self) -> Option<bool> {
        Some(town(self.city.onec.as_ref()?.as_ref()) != town(self.city.stored.as_ref()?.as_ref()))
    }

    /// Whether 1C's own sums of the card are not what its rows come to: mostly somebody bought something in between.
    pub fn has_own_sum_apart(&self) -> bool {
        self.differences.iter().any(|of| of.reason == Some(Reason::OwnSum))
    }

    /// Since when the sides differ: the earliest of the lines that do, in 1C's local time; `None` where no line says.
    pub fn since(&self) -> Option<LocalTime> {
        let is_variance = |it: &&Difference| it.kind != DifferenceKind::DoubledSale;
        self.differences.iter().filter(is_variance).filter_map(|it| it.period).min()
    }

    /// The total of all time: 1C's, else the store's with what lies before the window; `None` where neither is known.
    /// Roubles.
    pub fn total_of_all_time(&self) -> Option<Amount> {
        let stored = || Some(self.total.stored? + self.before_window.unwrap_or_default());
        self.total.onec.or_else(stored)
    }

    /// 1C's purchases before the window: none where the window is all of time; `None` where they are not known.
    pub fn earlier_purchases(&self) -> Option<Amount> {
        earlier(self.before_window, &self.window)
    }

    /// The points as 1C has them, else as they are stored; `None` where neither is known.
    pub fn points_shown(&self) -> Option<Points> {
        self.points.figure.onec.or(self.points.figure.stored)
    }

    /// The variance of the total beside what lies before the window, which is none; `None` where one side is not
    /// known, and where it is not known how much of what differs lies there. Roubles, store minus 1C.
    pub fn total_variance(&self) -> Option<Amount> {
        self.total.variance_beside(self.earlier_purchases())
    }

    /// What is told of the total: what it differs by beside what lies before the window, all of it where that is not known;
    /// `None` where one side is not. Roubles, store minus 1C.
    pub fn variance_told(&self) -> Option<Amount> {
        self.total_variance().or_else(|| self.total.variance())
    }

    /// What the total differs by, all of it, and how much of that lies before the window; `None` where one side is not known.
    pub fn variance_of_total(&self) -> Option<TotalVariance> {
        let earlier = self.earlier_purchases().unwrap_or_default();
        Some(TotalVariance { all: self.total.variance()?, earlier })
    }

    /// The same by what makes the total, where that was compared; `None` where nothing was
    /// compared. Roubles, store minus 1C.
    pub fn money_variance(&self) -> Option<Amount> {
        let parts = self.opening_balance.variance().zip(self.purchases.variance());
        parts.map(|(opening, purchases)| opening + purchases).or_else(|| self.total_variance())
    }
}

/// What lies before a window, of what was told of it: nothing where the window is all of time.
fn earlier(before_window: Option<Amount>, window: &Window) -> Option<Amount> {
    before_window.or_else(|| window.from.is_none().then_some(Amount::ZERO))
}

/// Whether a total differs by exactly what lies before the window, which the store does not keep, and what makes it agrees.
fn is_explained(
    opening_balance: &Figure<Amount>,
    purchases: &Figure<Amount>,
    total: &Figure<Amount>,
    before_window: Option<Amount>,
) -> bool {
    let before = before_window.filter(|sum| !sum.is_zero());
    let parts_agree = !opening_balance.differs() && purchases.agrees();
    parts_agree && before.is_some_and(|before| total.variance() == Some(-before))
}

fn town(city: Option<&City>) -> Option<&str> {
    city.map(|city| city.name.as_str())
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

impl StoredSide {
    /// The rows of a card that no catalog has: the customer is nothing but their key.
    pub fn of_unknown_card(
        card: CardId,
        movements: Vec<Movement>,
        bonus: Vec<BonusRow>,
        terms: &Terms,
    ) -> Self {
        let own = CardFigures::of(&movements, &bonus, terms.window.from, terms.points_at.unwrap_or_default());
        let figures = StoredFigures::of(own, ControlTotals::default(), terms.rule, DoubtfulRows::default());
        let customer = Customer { card, ..Customer::default() };
        Self { customer, movements, bonus, figures }
    }
}

/// An opening balance as 1C has it now: enough to find it in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLine {
    /// Its key in the register.
    pub key: MovementKey,
    /// The moment it counts at.
    pub period: LocalTime,
    /// Roubles.
    pub amount: Amount,
}

/// What 1C tells of one card without its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToldSide<'a> {
    /// Its own sums.
    pub control: ControlTotals,
    /// Its opening balances line by line; `None` where they were not read whole.
    pub opening: Option<&'a [OpeningLine]>,
    /// Whether the catalog of cards has it; `None` where it was not looked at.
    pub is_listed: Option<bool>,
    /// Why what is missing here is.
    pub gaps: Gaps,
}

/// 1C's side of one card, read just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSide {
    /// The customer as 1C has it now.
    pub customer: Customer,
    /// Whether the catalog has the card; else the customer is nothing but the key of its rows.
    pub is_listed: bool,
    /// Whether 1C told if there is a town: its owner was read, with a field that a town is found in.
    pub knows_town: bool,
    /// All active movements over all time.
    pub movements: Vec<Movement>,
    /// Keys of inactive movements, to tell "no longer active" from "gone".
    pub inactive: Vec<MovementKey>,
    /// All active bonus rows; `None` where 1C does not publish them.
    pub bonus: Option<Vec<BonusRow>>,
    /// 1C's own sums for the card, where published.
    pub control: ControlTotals,
    /// The infobase's time that its points are told for; `None` where it is the one both sides are reckoned for.
    pub points_at: Option<LocalTime>,
    /// What all its rows of points come to by 1C's own balance; `None` where it was not asked, or does not tell.
    pub points_of_all: Option<PointsSums>,
    /// Where rows of this card could not be read.
    pub unreadable: DoubtfulRows,
}

/// When and how a comparison is made: the same for every card of one generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The published generation's window.
    pub window: Window,
    /// The infobase's time that points are reckoned for on both sides; `None` where the generation could not
    /// read the bonus register, so that its points are unknown.
    pub points_at: Option<LocalTime>,
    /// The rule of points.
    pub rule: PointsRule,
    /// When the generation was read.
    pub synced_at: Option<DateTime<Utc>>,
    /// When the comparison was made.
    pub compared_at: Option<DateTime<Utc>>,
    /// The settings the generation was read under, beside those of today.
    pub under: Arc<Under>,
    /// Whether the clocks were days apart when the generation was read: of which moment its balances of points are,
    /// nobody knows.
    #[serde(default)]
    pub is_moment_doubtful: bool,
}

impl Terms {
    /// The figures that no moment was known for.
    fn parts_of_no_moment(&self) -> Option<Part> {
        (self.is_moment_doubtful && self.rule == PointsRule::RegisterBalance).then_some(Part::Points)
    }

    /// Whether the card was told of by an earlier sync, and carried over by the one that published.
    fn is_of_an_earlier_sync(&self) -> bool {
        self.compared_at < self.synced_at
    }

    /// The rule of points; `None` where the generation knows none.
    fn points_rule(&self) -> Option<PointsRule> {
        self.points_at.map(|_| self.rule)
    }
}

/// The verdict of one card by 1C's own sums alone.
pub fn verdict(
    figures: &CardFigures,
    control: &ControlTotals,
    rule: PointsRule,
    trust: NamesTrust,
    unreadable: DoubtfulRows,
) -> Verdict {
    let rule = Some(rule).filter(|_| !unreadable.points);
    let sums = TotalsComparison::of(figures, control, rule, trust);
    let coverage = sums.coverage(control, Gaps::default(), rule);
    judge(&sums.differences(None), &coverage, unreadable.sales)
}

/// The verdict that differences leave.
///
/// 1. A difference that is more than a remark is a variance.
/// 2. A row of sales that could not be read leaves the card unverified: it may be what makes the figures agree.
/// 3. Purchases before the window are told as such.
/// 4. Anything that makes the total and was compared with nothing leaves the card unverified: opening balances,
///    purchases, the total.
fn judge(differences: &[Difference], coverage: &Coverage, has_unreadable: bool) -> Verdict {
    let is_before_window = |difference: &Difference| difference.kind == DifferenceKind::BeforeWindow;
    if differences.iter().any(|difference| difference.kind.is_variance()) {
        Verdict::Variance
    } else if has_unreadable {
        Verdict::Unverified
    } else if differences.iter().any(is_before_window) && coverage.has_total_and_older() {
        Verdict::BeforeWindow
    } else if coverage.has_total() {
        Verdict::Reconciled
    } else {
        Verdict::Unverified
    }
}

/// One card's money and points beside 1C's own sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Opening balances.
    pub opening_balance: Figure<Amount>,
    /// Purchases of the window.
    pub purchases: Figure<Amount>,
    /// Both.
    pub total: Figure<Amount>,
    /// Points by the chosen rule.
    pub points: Figure<Points>,
    /// 1C's purchases before the window; `None` where they are not known.
    pub earlier: Option<Amount>,
}

/// One card's stored figures beside the control totals of its own sync.
pub fn outline(figures: &StoredFigures, terms: &Terms) -> Outline {
    let (sums, coverage) = beside_own_sync(figures, terms);
    Outline {
        opening_balance: as_compared(sums.opening_balance, coverage.opening_balance),
        purchases: as_compared(sums.purchases, coverage.purchases),
        total: as_compared(sums.total, coverage.total),
        points: as_compared(sums.points, coverage.points),
        earlier: earlier(sums.before_window, &terms.window),
    }
}

/// A stored card beside the sums of its own sync, and what they cover.
fn beside_own_sync(figures: &StoredFigures, terms: &Terms) -> (TotalsComparison, Coverage) {
    let control = figures.control.for_window(&terms.window);
    let rule = figures.rule_of_points(terms);
    let sums = TotalsComparison::of(&figures.own, &control, rule, terms.under.trust);
    let mut coverage = sums.coverage(&control, Gaps::default(), rule);
    for part in figures.contradicted.parts().filter(|part| !sums.differs(*part)) {
        coverage.tell(part, Compared::Not(WhyNot::OwnSum));
    }
    (sums, coverage)
}

/// A figure that was compared; the store's side alone where it was not.
fn as_compared<T>(mut figure: Figure<T>, compared: Compared) -> Figure<T> {
    if compared.means().is_none() {
        figure.leave_alone();
    }
    figure
}

/// The verdict that a list shows of a stored card: that of its own sync, as far as it still holds.
///
/// Nothing is proven under settings that are others today, nor by a sync of an earlier version that compared less.
pub fn standing_verdict(figures: &StoredFigures, terms: &Terms) -> Verdict {
    let (_, coverage) = beside_own_sync(figures, terms);
    let covers = match figures.verdict {
        Verdict::BeforeWindow => coverage.has_total_and_older(),
        _ => coverage.has_total(),
    };
    match figures.verdict {
        Verdict::Reconciled | Verdict::BeforeWindow if terms.under.is_other() || !covers => {
            Verdict::Unverified
        }
        verdict => verdict,
    }
}

/// What the total differs by, as a list shows it; `None` where 1C gave none, and where nothing is called equal.
pub fn standing_variance(figures: &StoredFigures, terms: &Terms) -> Option<TotalVariance> {
    let all = figures.own.total() - figures.control.for_window(&terms.window).turnover_all?;
    if all.is_zero() {
        let is_doubtful = figures.unreadable.sales || figures.contradicted.sales || terms.under.is_other();
        return (!is_doubtful).then_some(TotalVariance::default());
    }
    let (sums, _) = beside_own_sync(figures, terms);
    Some(TotalVariance { all, earlier: earlier(sums.before_window, &terms.window).unwrap_or_default() })
}

/// Compares a stored card with the control totals of its own sync.
///
/// Towns are not compared, and points only by the register's balance: 1C's sums know no more. Under settings that
/// are others today nothing is called equal.
pub fn against_control_totals(stored: &StoredSide, terms: &Terms) -> Comparison {
    let mut gaps = Gaps::why_not_told_by_sync(&terms.under, stored.figures.unreadable);
    if terms.is_of_an_earlier_sync() {
        gaps = Gaps::all(WhyNot::CarriedOver);
    }
    if terms.is_moment_doubtful {
        gaps.balance = WhyNot::ClocksDiffer;
    }
    let told = ToldSide { control: stored.figures.control, gaps, ..ToldSide::default() };
    let mut comparison = against_told(stored, &told, terms);
    if terms.under.is_other() {
        comparison.doubt(&Part::ALL, WhyNot::OtherSettings);
        if comparison.verdict != Verdict::Variance {
            comparison.verdict = Verdict::Unverified;
        }
    }
    comparison
}

/// Compares a stored card with what 1C tells of it without its rows: sums, and opening balances line by line
/// where they were read.
pub fn against_told(stored: &StoredSide, told: &ToldSide<'_>, terms: &Terms) -> Comparison {
    let StoredFigures { own, unreadable, contradicted, .. } = &stored.figures;
    let control = told.control.for_window(&terms.window);
    let rule = stored.figures.rule_of_points(terms);
    let sums = TotalsComparison::of(own, &control, rule, terms.under.trust);
    let opening = told.opening.map(|onec| lines::of_opening(&stored.movements, onec, terms.window));
    let mut comparison = sums.comparison(stored, &control, told.gaps, terms);
    comparison.differences = sums.differences(opening);
    if let Some(is_listed) = told.is_listed {
        comparison.coverage.card = Compared::With(Means::Catalog);
        if !is_listed {
            let extra = DifferenceKind::ExtraCard;
            let extra = Difference::of_figures(extra, sums.total.onec, sums.total.stored);
            comparison.differences.insert(0, extra);
        }
    }
    comparison.doubt_each(unreadable.parts(), WhyNot::UnreadableRow);
    if unreadable.points {
        comparison.coverage.tell(Part::Points, Compared::Not(WhyNot::UnreadableRow));
    }
    let are_guessed =
        |lines: &[OpeningLine]| lines.iter().any(|it| terms.under.guesses(&it.key.recorder_type));
    if have_unnamed_openings(&stored.movements, &terms.under) || told.opening.is_some_and(are_guessed) {
        comparison.doubt(&[Part::OpeningBalance, Part::Purchases], WhyNot::NamesInDoubt);
    }
    comparison.doubt_each(contradicted.parts(), WhyNot::OwnSum);
    comparison.doubt_each(terms.parts_of_no_moment(), WhyNot::ClocksDiffer);
    comparison.verdict = judge(&comparison.differences, &comparison.coverage, unreadable.sales);
    let doubled = lines::doubled_sales(&stored.movements, terms.window, lines::LineSide::Store);
    comparison.differences.extend(doubled);
    comparison
}

/// Whether some rows are taken for purchases that may be opening balances by their documents, or the other way round.
fn have_unnamed_openings<'a>(rows: impl IntoIterator<Item = &'a Movement>, under: &Under) -> bool {
    rows.into_iter().any(|row| match row.kind {
        MovementKind::Purchase => under.may_miss(&row.key.recorder_type),
        MovementKind::OpeningBalance => under.guesses(&row.key.recorder_type),
    })
}

/// The same for rows of a card that no catalog has, or of the empty one: they are kept and compared, and remarked.
pub fn of_unknown_card(stored: &StoredSide, told: &ToldSide<'_>, terms: &Terms) -> Comparison {
    as_unknown_card(against_told(stored, &ToldSide { is_listed: None, ..*told }, terms), stored)
}

/// The same, line by line.
pub fn unknown_card_against_live(stored: &StoredSide, live: &LiveSide, terms: &Terms) -> Comparison {
    let live = LiveSide { is_listed: true, ..live.clone() };
    let compared = against_live(Some(stored), Some(&live), terms);
    as_unknown_card(compared.unwrap_or_else(|| against_nothing(stored, terms)), stored)
}

/// The same, compared with nothing.
pub fn unknown_card_against_nothing(stored: &StoredSide, terms: &Terms) -> Comparison {
    as_unknown_card(against_nothing(stored, terms), stored)
}

/// Nobody has these rows: there is no town to compare and no card, and equal sums reconcile no customer.
fn as_unknown_card(mut comparison: Comparison, stored: &StoredSide) -> Comparison {
    comparison.city = Figure { onec: None, stored: None };
    comparison.leave_uncompared(Part::City, WhyNot::NoCard);
    comparison.leave_uncompared(Part::Card, WhyNot::NoCard);
    if matches!(comparison.verdict, Verdict::Reconciled | Verdict::BeforeWindow) {
        comparison.verdict = Verdict::UnknownCard;
    }
    let remark = unknown_card(&comparison, stored);
    comparison.differences.splice(0..0, remark);
    comparison
}

/// Lines by which the documents of an unknown card are found; of more, the sum is told.
const FEW_LINES: usize = 100;

fn unknown_card(it: &Comparison, stored: &StoredSide) -> Vec<Difference> {
    let kind = DifferenceKind::UnknownCard;
    if stored.movements.is_empty() || stored.movements.len() > FEW_LINES {
        return vec![Difference::of_figures(kind, it.total.onec, it.total.stored)];
    }
    let line = |row: &Movement| Difference::of_figures(kind, None, Some(row.amount)).at(&row.key, row.period);
    stored.movements.iter().map(line).collect()
}

/// A card the store lacks: it has nothing there, and that it is lacking is the difference.
///
/// Where the catalog does not have it either, these are rows of an unknown card that came after the sync.
pub fn only_in_onec(customer: Customer, told: &ToldSide<'_>, terms: &Terms) -> Comparison {
    let nothing =
        StoredSide { customer, ..StoredSide::of_unknown_card(CardId::EMPTY, vec![], vec![], terms) };
    if told.is_listed == Some(false) {
        return of_unknown_card(&nothing, told, terms);
    }
    let control = told.control.for_window(&terms.window);
    let sums = TotalsComparison::of(&nothing.figures.own, &control, terms.points_rule(), terms.under.trust);
    let missing = Difference::of_figures(DifferenceKind::MissingCard, sums.total.onec, None);
    let mut comparison = Comparison {
        differences: vec![missing],
        verdict: Verdict::Variance,
        city: Figure { onec: None, stored: None },
        ..sums.comparison(&nothing, &control, told.gaps, terms)
    };
    // Nothing on either side proves nothing of a customer whom one side does not have.
    comparison.doubt(&Part::OF_ROWS, WhyNot::NoCard);
    comparison.leave_uncompared(Part::City, WhyNot::NoCard);
    if told.is_listed.is_some() {
        comparison.coverage.card = Compared::With(Means::Catalog);
    }
    comparison
}

/// The stored figures alone, compared with nothing.
pub fn against_nothing(stored: &StoredSide, terms: &Terms) -> Comparison {
    let own = &stored.figures.own;
    let mut coverage = Coverage::nothing(WhyNot::NotAsked);
    if terms.points_at.is_none() {
        coverage.points = Compared::Not(WhyNot::PointsUnknown);
    }
    Comparison {
        customer: stored.customer.clone(),
        window: terms.window,
        against: Against::None,
        compared_at: terms.compared_at,
        synced_at: terms.synced_at,
        opening_balance: Figure::stored(own.opening_balance),
        purchases: Figure::stored(own.purchases),
        purchase_lines: own.purchase_lines,
        total: Figure::stored(own.total()),
        before_window: None,
        points: PointsComparison::stored(&stored.figures, terms),
        city: Figure::stored(stored.customer.city.clone()),
        coverage,
        under: Arc::clone(&terms.under),
        differences: lines::doubled_sales(&stored.movements, terms.window, lines::LineSide::Store),
        verdict: Verdict::Unverified,
        portal: None,
    }
}

#[cfg(test)]
mod tests;
