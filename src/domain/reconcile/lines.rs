//! Line by line: rows of the store beside rows of 1C, told apart by the register's own key.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Difference, DifferenceKind, LiveSide, OpeningLine, Reason};
use crate::domain::{
    Amount, BonusRow, LocalTime, Movement, MovementKey, MovementKind, Points, RecorderType, Window,
};

/// What two registers' rows have in common here.
trait ComparedRow {
    fn key(&self) -> &MovementKey;
    fn period(&self) -> LocalTime;
    /// What differs, with the figures to show for the line.
    fn difference(kind: DifferenceKind, onec: Option<&Self>, stored: Option<&Self>) -> Difference;
    /// What the same line of 1C has otherwise.
    fn change(&self, onec: &Self) -> Option<Reason>;
}

impl ComparedRow for Movement {
    fn key(&self) -> &MovementKey {
        &self.key
    }

    fn period(&self) -> LocalTime {
        self.period
    }

    fn difference(kind: DifferenceKind, onec: Option<&Self>, stored: Option<&Self>) -> Difference {
        let amount = |row: &Self| row.amount;
        Difference::of_figures(kind, onec.map(amount), stored.map(amount))
    }

    fn change(&self, onec: &Self) -> Option<Reason> {
        if self.kind != onec.kind {
            Some(Reason::Kind)
        } else if self.amount != onec.amount {
            Some(Reason::Amount)
        } else if self.period != onec.period {
            Some(Reason::Period)
        } else {
            ((self.product, self.quantity) != (onec.product, onec.quantity)).then_some(Reason::Product)
        }
    }
}

impl ComparedRow for BonusRow {
    fn key(&self) -> &MovementKey {
        &self.key
    }

    fn period(&self) -> LocalTime {
        self.period
    }

    fn difference(kind: DifferenceKind, onec: Option<&Self>, stored: Option<&Self>) -> Difference {
        Difference::of_figures(kind, onec.map(BonusRow::change), stored.map(BonusRow::change))
    }

    fn change(&self, onec: &Self) -> Option<Reason> {
        let points = |row: &Self| -> (_, Points, Points) { (row.direction, row.accrued, row.to_write_off) };
        if points(self) == points(onec) {
            (self.period != onec.period).then_some(Reason::Period)
        } else {
            Some(Reason::Amount)
        }
    }
}

/// What became of one line between the store and 1C.
enum Fate<'a, R> {
    Missing(&'a R),
    Extra(&'a R),
    Changed { stored: &'a R, onec: &'a R, reason: Reason },
}

impl<R: ComparedRow> Fate<'_, R> {
    fn difference(&self, kind: DifferenceKind) -> Difference {
        let (line, onec, stored) = match self {
            Self::Missing(onec) => (onec, Some(*onec), None),
            Self::Extra(stored) => (stored, None, Some(*stored)),
            Self::Changed { stored, onec, .. } => (onec, Some(*onec), Some(*stored)),
        };
        R::difference(kind, onec, stored).at(line.key(), line.period())
    }
}

/// The lines that are not the same on both sides, in no particular order.
fn fates<'a, R: ComparedRow>(
    stored: impl Iterator<Item = &'a R>,
    onec: impl Iterator<Item = &'a R>,
) -> Vec<Fate<'a, R>> {
    let mut unmatched: BTreeMap<&MovementKey, &R> = onec.map(|row| (row.key(), row)).collect();
    let fate = |stored: &'a R| match unmatched.remove(stored.key()) {
        None => Some(Fate::Extra(stored)),
        Some(onec) => stored.change(onec).map(|reason| Fate::Changed { stored, onec, reason }),
    };
    let mut fates: Vec<_> = stored.filter_map(fate).collect();
    fates.extend(unmatched.into_values().map(Fate::Missing));
    fates
}

/// Whether a store of this window keeps the movement.
fn is_kept(movement: &Movement, window: Window) -> bool {
    movement.kind == MovementKind::OpeningBalance || window.contains(movement.period)
}

/// What of 1C's movements is not in the window.
pub(super) fn before_window(movements: &[Movement], window: Window) -> Amount {
    movements.iter().filter(|movement| !is_kept(movement, window)).map(|movement| movement.amount).sum()
}

/// Movements that differ, and one entry for all of 1C's that lie before the window.
///
/// A stored line that 1C has moved to a date before the window is a changed line, not one of those.
pub(super) fn of_movements(stored: &[Movement], live: &LiveSide, window: Window) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut before = Amount::ZERO;
    for fate in fates(stored.iter().filter(|row| is_kept(row, window)), live.movements.iter()) {
        match fate {
            Fate::Missing(onec) if !is_kept(onec, window) => before += onec.amount,
            fate => differences.push(of_movement(&fate, live)),
        }
    }
    sort(&mut differences);
    // What could not be read may lie there, too.
    if !before.is_zero() && !live.unreadable.sales {
        differences.push(Difference::of_figures(DifferenceKind::BeforeWindow, Some(before), None));
    }
    differences
}

fn of_movement(fate: &Fate<'_, Movement>, live: &LiveSide) -> Difference {
    match fate {
        Fate::Missing(onec) => fate.difference(match onec.kind {
            MovementKind::OpeningBalance => DifferenceKind::MissingOpeningBalance,
            MovementKind::Purchase => DifferenceKind::MissingLine,
        }),
        Fate::Extra(stored) => {
            let reason = if live.inactive.contains(&stored.key) {
                Reason::Inactive
            } else if live.unreadable.sales {
                Reason::Unreadable
            } else {
                Reason::Gone
            };
            fate.difference(DifferenceKind::ExtraLine).because(reason)
        }
        // What 1C carries over and the store took for a purchase is an opening balance the store lacks.
        Fate::Changed { reason: Reason::Kind, onec, .. } if onec.kind == MovementKind::OpeningBalance => {
            fate.difference(DifferenceKind::MissingOpeningBalance).because(Reason::Kind)
        }
        Fate::Changed { reason, .. } => fate.difference(DifferenceKind::ChangedLine).because(*reason),
    }
}

/// Opening balances beside those 1C has now.
#[derive(Debug, Default)]
pub(super) struct OpeningFound {
    pub(super) differences: Vec<Difference>,
    /// What of 1C's opening balances the store has among its purchases of the window.
    pub(super) kept_as_purchases: Amount,
}

/// Opening balances that differ, line by line.
pub(super) fn of_opening(stored: &[Movement], onec: &[OpeningLine], window: Window) -> OpeningFound {
    let mut found = OpeningFound::default();
    let mut unmatched: BTreeMap<&MovementKey, &OpeningLine> =
        onec.iter().map(|line| (&line.key, line)).collect();
    for own in stored {
        match (own.kind, unmatched.get(&own.key)) {
            (MovementKind::OpeningBalance, None) => {
                let extra = DifferenceKind::ExtraLine;
                let difference = Difference::of_figures(extra, None, Some(own.amount));
                found.differences.push(difference.at(&own.key, own.period));
            }
            (MovementKind::Purchase, None) => {}
            (kind, Some(line)) => {
                found.differences.extend(opening_change(kind, own, line));
                if kind == MovementKind::Purchase && window.contains(own.period) {
                    found.kept_as_purchases += own.amount;
                }
                unmatched.remove(&own.key);
            }
        }
    }
    found.differences.extend(unmatched.into_values().map(|line| {
        let missing = DifferenceKind::MissingOpeningBalance;
        Difference::of_figures(missing, Some(line.amount), None).at(&line.key, line.period)
    }));
    sort(&mut found.differences);
    found
}

fn opening_change(kind: MovementKind, own: &Movement, onec: &OpeningLine) -> Option<Difference> {
    let (kind, reason) = if kind == MovementKind::Purchase {
        (DifferenceKind::MissingOpeningBalance, Reason::Kind)
    } else if own.amount != onec.amount {
        (DifferenceKind::ChangedLine, Reason::Amount)
    } else if own.period != onec.period {
        (DifferenceKind::ChangedLine, Reason::Period)
    } else {
        return None;
    };
    let difference = Difference::of_figures(kind, Some(onec.amount), Some(own.amount));
    Some(difference.at(&onec.key, onec.period).because(reason))
}

/// Bonus rows that differ, each with what it does to the balance.
pub(super) fn of_bonus(stored: &[BonusRow], onec: &[BonusRow], are_all_read: bool) -> Vec<Difference> {
    let of_row = |fate: &Fate<'_, BonusRow>| {
        let difference = fate.difference(DifferenceKind::Points);
        match fate {
            Fate::Missing(_) => difference,
            Fate::Extra(_) if are_all_read => difference.because(Reason::Gone),
            Fate::Extra(_) => difference.because(Reason::Unreadable),
            Fate::Changed { reason, .. } => difference.because(*reason),
        }
    };
    let mut differences: Vec<_> = fates(stored.iter(), onec.iter()).iter().map(of_row).collect();
    sort(&mut differences);
    differences
}

/// By kind, then by time, then by key: an order that does not depend on the order of rows.
fn sort(differences: &mut [Difference]) {
    differences.sort_by(|a, b| {
        let key = |of: &'_ Difference| (of.kind, of.period, of.recorder, of.line);
        key(a).cmp(&key(b)).then_with(|| a.recorder_type.cmp(&b.recorder_type))
    });
}

/// Whose lines are looked at.
#[derive(Clone, Copy)]
pub(super) enum LineSide {
    Store,
    OneC,
}

/// Sales that may stand twice: lines of one day and sum under two recorder types.
///
/// Of `n` lines under one type and `m` under another, the lesser number may be doubled: each pair is told once, by
/// its line under the type that comes later in the alphabet. Only purchases of the window are looked at.
pub(super) fn doubled_sales(movements: &[Movement], window: Window, side: LineSide) -> Vec<Difference> {
    let mut groups = BTreeMap::<(NaiveDate, Amount), BTreeMap<&RecorderType, Vec<&Movement>>>::new();
    let purchases = movements.iter().filter(|row| row.kind == MovementKind::Purchase && is_kept(row, window));
    for row in purchases.filter(|row| !row.amount.is_zero()) {
        let by_type = groups.entry((row.period.date(), row.amount)).or_default();
        by_type.entry(&row.key.recorder_type).or_default().push(row);
    }
    let doubles = groups.into_values().flat_map(|by_type| doubles(by_type.into_values().collect()));
    doubles.map(|row| doubled_sale(row, side)).collect()
}

/// The later line of each pair among lines grouped by recorder type.
fn doubles(mut by_type: Vec<Vec<&Movement>>) -> Vec<&Movement> {
    for rows in &mut by_type {
        rows.sort_by_key(|row| (row.period, &row.key));
    }
    let mut doubles = Vec::new();
    for (at, later) in by_type.iter().enumerate() {
        for earlier in by_type.iter().take(at) {
            doubles.extend(later.iter().take(earlier.len()).copied());
        }
    }
    doubles
}

fn doubled_sale(row: &Movement, side: LineSide) -> Difference {
    let (onec, stored) = match side {
        LineSide::Store => (None, Some(row.amount)),
        LineSide::OneC => (Some(row.amount), None),
    };
    Difference::of_figures(DifferenceKind::DoubledSale, onec, stored).at(&row.key, row.period)
}
