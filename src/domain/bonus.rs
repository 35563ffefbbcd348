//! Bonus points: rows of the bonus register and the two rules that make a figure of them.

use super::{CardId, LocalTime, MovementKey, Points};

/// Whether a row of a balance register adds or takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// `Receipt`: adds.
    Receipt,
    /// `Expense`: takes away.
    Expense,
}

/// One active row of the bonus register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusRow {
    /// The card it belongs to.
    pub card: CardId,
    /// Its key in the register.
    pub key: MovementKey,
    /// The moment it counts at, in 1C's local time; scheduled burns lie in the future.
    pub period: LocalTime,
    /// Sign of the row.
    pub direction: Direction,
    /// `Начислено`: points accrued; negative for manual write-offs.
    pub accrued: Points,
    /// `КСписанию`: points to be written off.
    pub to_write_off: Points,
}

/// Which of the two rules gives *the* figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PointsRule {
    /// `КСписанию` of the row with the greatest period, future ones included: how the shop's portal does it.
    #[default]
    LastRecord,
    /// Σ ±(`Начислено` − `КСписанию`) over rows up to now: what 1C's own screen shows.
    RegisterBalance,
}

/// Both figures of one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointsFigures {
    /// By [`PointsRule::LastRecord`]; zero without rows.
    pub last_record: Points,
    /// By [`PointsRule::RegisterBalance`]; zero without rows.
    pub register_balance: Points,
}

impl PointsFigures {
    /// Reckons both figures from a card's rows, in any order, at the moment `now` of the infobase.
    pub fn of(rows: &[BonusRow], now: LocalTime) -> Self {
        todo!("{rows:?} {now}")
    }

    /// The figure the chosen rule gives.
    pub fn by(&self, rule: PointsRule) -> Points {
        match rule {
            PointsRule::LastRecord => self.last_record,
            PointsRule::RegisterBalance => self.register_balance,
        }
    }

    /// Whether the two rules disagree: information for the reader, not a variance.
    pub fn disagree(&self) -> bool {
        self.last_record != self.register_balance
    }
}
