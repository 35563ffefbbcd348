//! Which comparison of a card counts where there are several: the newest that can tell, figure by figure.
//!
//! ```text
//! the sync's own, by sums ─────┐
//! a reconciliation, by sums ───┼─▶ newest by sums ──┐
//! a check, line by line ───────┤                    ├─▶ CardChoice: figure by figure, and the verdict
//! a reconciliation, by rows ───┴─▶ newest by rows ──┘
//! ```
//!
//! 1. Of two of the same reach the newer counts.
//! 2. A comparison line by line that is newer counts in everything: it saw all that sums can see.
//! 3. Sums that are newer count in what they compared, and wherever they differ. What they cannot tell, points by the
//!    last record or the town, stays as the rows told it, with their age. So does what rows have shown to differ: 1C's
//!    sums may be behind its rows, and agree with a store that is behind them as well.
//! 4. A comparison with other rows of the store than those of today counts in nothing: see [`KeptCheck::applies`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Against, Comparison, Coverage, Difference, DifferenceKind, Mark, Part, StoredFigures, StoredSide, Terms,
    TotalVariance, Verdict, against_nothing, as_compared, beside_own_sync, is_explained, standing_variance,
    standing_verdict,
};
use crate::domain::{Amount, City, Points};

/// How far a comparison reaches, the weaker first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reach {
    /// By 1C's own sums.
    Sums,
    /// Line by line, with points and town.
    Rows,
}

impl Reach {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Sums, Self::Rows];

    /// How far a comparison with this reaches; `None` where it was with nothing.
    pub fn of(against: Against) -> Option<Self> {
        match against {
            Against::Live => Some(Self::Rows),
            Against::ControlTotals => Some(Self::Sums),
            Against::None => None,
        }
    }

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sums => "sums",
            Self::Rows => "rows",
        }
    }
}

/// How each figure fared, in the order of [`Part::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartMarks([Mark; Part::ALL.len()]);

impl PartMarks {
    /// Those of a comparison.
    pub fn of(comparison: &Comparison) -> Self {
        Self(Part::ALL.map(|part| comparison.mark(part)))
    }

    /// Those told by this.
    pub fn told(mark: impl Fn(Part) -> Mark) -> Self {
        Self(Part::ALL.map(mark))
    }

    /// How one figure fared.
    pub fn get(&self, part: Part) -> Mark {
        self.0[part as usize]
    }

    fn has(self, part: Part) -> bool {
        self.get(part) != Mark::Uncompared
    }
}

/// What one comparison came to: enough to choose among several, and for a line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How far it reached.
    pub reach: Reach,
    /// What it came to.
    pub verdict: Verdict,
    /// How each figure fared.
    pub marks: PartMarks,
    /// What the total differs by; `None` where 1C's is not known.
    pub variance: Option<TotalVariance>,
}

impl Judgement {
    /// The judgement of a sync on a stored card, as a list shows it.
    pub fn of_sync(figures: &StoredFigures, terms: &Terms, at: DateTime<Utc>) -> Self {
        Self {
            at,
            reach: Reach::Sums,
            verdict: standing_verdict(figures, terms),
            marks: marks_of_sync(figures, terms),
            variance: standing_variance(figures, terms),
        }
    }

    /// What two comparisons of one moment are told apart by: an order that does not depend on which came first.
    fn rank(&self) -> (DateTime<Utc>, Reach, u8, PartMarks, Option<TotalVariance>) {
        (self.at, self.reach, self.verdict as u8, self.marks, self.variance)
    }

    /// Whether this one replaces another of the same reach.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.rank() > other.rank()
    }
}

/// How the figures of a stored card fared by its sync's own sums.
fn marks_of_sync(figures: &StoredFigures, terms: &Terms) -> PartMarks {
    let (sums, coverage) = beside_own_sync(figures, terms);
    let opening = as_compared(sums.opening_balance, coverage.opening_balance);
    let purchases = as_compared(sums.purchases, coverage.purchases);
    let total = as_compared(sums.total, coverage.total);
    let is_explained = is_explained(&opening, &purchases, &total, sums.before_window);
    let points = as_compared(sums.points, coverage.points);
    let is_other = terms.under.is_other();
    let is_doubtful = figures.unreadable.sales || is_other;
    let mark = |differs: bool, agrees: bool, is_doubtful: bool| match (differs, agrees) {
        (true, _) => Mark::Differs,
        (_, true) if !is_doubtful => Mark::Equal,
        _ => Mark::Uncompared,
    };
    PartMarks::told(|part| match part {
        Part::OpeningBalance => mark(opening.differs(), opening.agrees(), is_doubtful),
        Part::Purchases => mark(purchases.differs(), purchases.agrees(), is_doubtful),
        Part::Total if is_explained && !is_doubtful => Mark::Explained,
        Part::Total => mark(total.differs() && !is_explained, total.agrees(), is_doubtful),
        Part::Points => mark(points.differs(), points.agrees(), figures.unreadable.points || is_other),
        Part::City | Part::Card => Mark::Uncompared,
    })
}

/// What is said of a card, and by which of its comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardChoice {
    /// The outcome.
    pub verdict: Verdict,
    /// The comparison that the verdict rests on.
    pub by: Reach,
    /// When that was made.
    pub at: DateTime<Utc>,
    /// What the total differs by; `None` where 1C's is not known.
    pub variance: Option<TotalVariance>,
    /// The comparison that tells each figure, in the order of [`Part::ALL`].
    parts: [Reach; Part::ALL.len()],
    /// When the other one was made, where some figure rests on it.
    pub also_at: Option<DateTime<Utc>>,
}

impl CardChoice {
    /// What to say of a card by its comparisons, in any order; `None` where there is none.
    pub fn among<'a>(judgements: impl IntoIterator<Item = &'a Judgement>) -> Option<Self> {
        let mut newest: [Option<&Judgement>; 2] = [None, None];
        for judgement in judgements {
            let known = &mut newest[judgement.reach as usize];
            if known.is_none_or(|known| judgement.is_newer_than(known)) {
                *known = Some(judgement);
            }
        }
        match newest {
            [None, None] => None,
            [Some(only), None] | [None, Some(only)] => Some(Self::alone(only)),
            [Some(sums), Some(rows)] if rows.at >= sums.at => Some(Self::alone(rows)),
            [Some(sums), Some(rows)] => Some(Self::of_both(sums, rows)),
        }
    }

    /// Which comparison tells a figure.
    pub fn of(&self, part: Part) -> Reach {
        self.parts[part as usize]
    }

    /// The figures that the other comparison tells.
    pub fn also(&self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(|part| self.of(*part) != self.by)
    }

    fn alone(it: &Judgement) -> Self {
        let Judgement { at, reach, verdict, variance, .. } = *it;
        Self { verdict, by: reach, at, variance, parts: [reach; Part::ALL.len()], also_at: None }
    }

    /// Sums, and rows that were compared before them.
    fn of_both(sums: &Judgement, rows: &Judgement) -> Self {
        let (verdict, by) = verdict_of_both(sums, rows);
        let parts =
            Part::ALL.map(|part| if is_told_by_sums(part, sums, rows) { Reach::Sums } else { Reach::Rows });
        let chosen = if by == Reach::Sums { sums } else { rows };
        let other = if by == Reach::Sums { rows } else { sums };
        let is_told_by_other = parts.iter().any(|reach| *reach != by);
        Self {
            verdict,
            by,
            at: chosen.at,
            variance: if parts[Part::Total as usize] == Reach::Sums { sums.variance } else { rows.variance },
            parts,
            also_at: is_told_by_other.then_some(other.at),
        }
    }
}

/// Whether sums that are newer tell a figure. What was proven of a total before it differed is over; what rows have shown
/// to differ is over by rows alone.
fn is_told_by_sums(part: Part, sums: &Judgement, rows: &Judgement) -> bool {
    let is_of_total = Part::OF_TOTAL.contains(&part);
    let is_shown_by_rows = rows.marks.get(part) == Mark::Differs && sums.marks.get(part) == Mark::Equal;
    (sums.marks.has(part) && !is_shown_by_rows) || (is_of_total && sums.verdict == Verdict::Variance)
}

/// The verdict of sums, and of rows that were compared before them.
fn verdict_of_both(sums: &Judgement, rows: &Judgement) -> (Verdict, Reach) {
    match (sums.verdict, rows.verdict) {
        (Verdict::Variance, _) => (sums.verdict, Reach::Sums),
        (_, Verdict::Variance) => (rows.verdict, Reach::Rows),
        (Verdict::Unverified, Verdict::Reconciled | Verdict::BeforeWindow) if !speaks_against(sums, rows) => {
            (rows.verdict, Reach::Rows)
        }
        _ => (sums.verdict, Reach::Sums),
    }
}

/// Whether sums, though they prove nothing, differ since where rows had found all of a total alike.
fn speaks_against(sums: &Judgement, rows: &Judgement) -> bool {
    Part::OF_TOTAL.into_iter().any(|part| match sums.marks.get(part) {
        Mark::Differs => true,
        Mark::Explained => rows.verdict != Verdict::BeforeWindow,
        Mark::Equal | Mark::Uncompared => false,
    })
}

/// 1C's side of a comparison and what was found, to be kept beside the store: the store's side is the store's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheck {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How far it reached.
    pub reach: Reach,
    /// Tells the generation it was made with, by all that this holds and by the settings.
    pub stamp: u64,
    /// Tells the last generation that was found to have the same stored side.
    pub holds: u64,
    /// Tells the stored side it was made with, by its rows.
    pub side: u128,
    /// The outcome.
    pub verdict: Verdict,
    /// Opening balances in 1C.
    pub opening_balance: Option<Amount>,
    /// Purchases of the window in 1C.
    pub purchases: Option<Amount>,
    /// 1C's sum over all time.
    pub total: Option<Amount>,
    /// 1C's purchases before the window.
    pub before_window: Option<Amount>,
    /// Total of the store minus 1C's.
    pub variance: Option<Amount>,
    /// Points in 1C.
    pub points: Option<Points>,
    /// 1C's balance of points.
    pub balance: Option<Points>,
    /// The town in 1C.
    pub city: Option<Option<City>>,
    /// What was compared.
    pub coverage: Coverage,
    /// How each figure fared.
    pub marks: PartMarks,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Differences kept of one card; of more the figures tell.
const MOST_DIFFERENCES: usize = 200;

impl KeptCheck {
    /// What is kept of a comparison; `None` where it was with nothing. `stamp` and `side` tell what it was made with.
    pub fn of(comparison: &Comparison, stamp: u64, side: u128) -> Option<Self> {
        Some(Self {
            at: comparison.compared_at?,
            reach: Reach::of(comparison.against)?,
            stamp,
            holds: stamp,
            side,
            verdict: comparison.verdict,
            opening_balance: comparison.opening_balance.onec,
            purchases: comparison.purchases.onec,
            total: comparison.total.onec,
            before_window: comparison.before_window,
            variance: comparison.total.variance(),
            points: comparison.points.figure.onec,
            balance: comparison.points.register_balance_onec,
            city: comparison.city.onec.clone(),
            coverage: comparison.coverage,
            marks: PartMarks::of(comparison),
            differences: comparison.differences.iter().take(MOST_DIFFERENCES).cloned().collect(),
        })
    }

    /// Whether it still says something of a stored side. Rows that are others now void it; and where the card was read
    /// from 1C once more since, what differed before is what the store had then.
    pub fn applies(&self, stamp: u64, side: u128, read_at: Option<DateTime<Utc>>) -> bool {
        let is_read_since = read_at.is_some_and(|read_at| read_at > self.at);
        let is_over = is_read_since && self.verdict == Verdict::Variance;
        self.stamp == stamp || self.holds == stamp || (self.side == side && !is_over)
    }

    /// Whether this one replaces another of the same card and reach.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        let rank = |it: &Self| (it.judgement().rank(), it.side, it.stamp);
        rank(self) > rank(other)
    }

    /// What it came to.
    pub fn judgement(&self) -> Judgement {
        let Self { at, reach, verdict, marks, .. } = *self;
        let earlier = self.before_window.unwrap_or_default();
        let variance = self.variance.map(|all| TotalVariance { all, earlier });
        Judgement { at, reach, verdict, marks, variance }
    }

    /// The comparison it was kept of, beside the stored side it was made with.
    pub fn beside(&self, stored: &StoredSide, terms: &Terms) -> Comparison {
        let mut comparison = Comparison {
            against: if self.reach == Reach::Rows { Against::Live } else { Against::ControlTotals },
            compared_at: Some(self.at),
            before_window: self.before_window,
            coverage: self.coverage,
            differences: self.differences.clone(),
            verdict: self.verdict,
            ..against_nothing(stored, terms)
        };
        comparison.opening_balance.onec = self.opening_balance;
        comparison.purchases.onec = self.purchases;
        comparison.total.onec = self.total;
        comparison.points.figure.onec = self.points;
        comparison.points.register_balance_onec = self.balance;
        comparison.city.onec.clone_from(&self.city);
        comparison
    }
}

/// A card as its comparisons tell it together.
///
/// `sums` and `rows` are the newest of their reach, both beside the same stored side.
pub fn together(choice: &CardChoice, sums: Comparison, rows: Option<Comparison>) -> Comparison {
    let Some(rows) = rows else { return sums };
    if choice.also_at.is_none() {
        return if choice.by == Reach::Sums { sums } else { rows };
    }
    let mut base = sums;
    for part in Part::ALL.into_iter().filter(|part| choice.of(*part) == Reach::Rows) {
        take_part(&mut base, &rows, part);
    }
    let stand = do_lines_stand(choice, &rows);
    let is_kept = |it: &&Difference| match part_of(it) {
        Some(part) => choice.of(part) == Reach::Rows,
        None => stand && it.kind.is_variance(),
    };
    let kept: Vec<_> = rows.differences.iter().filter(is_kept).cloned().collect();
    base.differences.splice(0..0, kept);
    base.verdict = choice.verdict;
    if choice.by == Reach::Rows {
        (base.against, base.compared_at) = (rows.against, rows.compared_at);
    }
    base
}

/// Whether lines of the total that differed still do, as far as is known: sums that differ since tell of figures
/// themselves.
fn do_lines_stand(choice: &CardChoice, rows: &Comparison) -> bool {
    let differing = || Part::OF_TOTAL.into_iter().filter(|part| rows.mark(*part) == Mark::Differs);
    let is_refuted = differing().next().is_some() && differing().all(|part| choice.of(part) == Reach::Sums);
    choice.by == Reach::Rows && choice.verdict == Verdict::Variance && !is_refuted
}

/// Takes one figure over as another comparison of the same stored side tells it.
fn take_part(to: &mut Comparison, from: &Comparison, part: Part) {
    match part {
        Part::OpeningBalance => {
            to.opening_balance = from.opening_balance;
            to.coverage.opening_balance = from.coverage.opening_balance;
        }
        Part::Purchases => {
            to.purchases = from.purchases;
            to.coverage.purchases = from.coverage.purchases;
        }
        Part::Total => {
            (to.total, to.before_window) = (from.total, from.before_window);
            to.coverage.total = from.coverage.total;
        }
        Part::Points => {
            (to.points, to.coverage.points) = (from.points, from.coverage.points);
        }
        Part::City => {
            to.city.clone_from(&from.city);
            to.coverage.city = from.coverage.city;
        }
        Part::Card => to.coverage.card = from.coverage.card,
    }
}

/// The figure a difference is about; `None` where it is about the total or its parts.
fn part_of(difference: &Difference) -> Option<Part> {
    match difference.kind {
        DifferenceKind::City => Some(Part::City),
        DifferenceKind::Points => Some(Part::Points),
        DifferenceKind::MissingCard | DifferenceKind::ExtraCard => Some(Part::Card),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
