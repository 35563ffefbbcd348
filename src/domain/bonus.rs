//! Bonus points: rows of the bonus register and the two rules that make a figure of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

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

impl BonusRow {
    /// What the row does to the balance: ±(`Начислено` − `КСписанию`), plus for a receipt, minus for an expense.
    pub fn change(&self) -> Points {
        match self.direction {
            Direction::Receipt => self.accrued - self.to_write_off,
            Direction::Expense => self.to_write_off - self.accrued,
        }
    }

    /// What makes a row the last one: its period, then its document, then its line as a number.
    fn recency(&self) -> impl Ord {
        (self.period, self.key.recorder, self.key.line, &self.key.recorder_type)
    }
}

/// Points that a date in the future takes away or, where negative, brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burning {
    /// The day on the infobase's calendar.
    pub date: NaiveDate,
    /// How many points burn on it.
    pub points: Points,
}

/// What the rows after `now` will take away, by date; burns that later rows call off cancel out.
pub fn burning(rows: &[BonusRow], now: LocalTime) -> Vec<Burning> {
    let mut by_date = BTreeMap::<NaiveDate, Points>::new();
    for row in rows.iter().filter(|row| row.period > now) {
        *by_date.entry(row.period.date()).or_default() += -row.change();
    }
    let burns = by_date.into_iter().filter(|(_, points)| !points.is_zero());
    burns.map(|(date, points)| Burning { date, points }).collect()
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
        let last = rows.iter().max_by(|a, b| a.recency().cmp(&b.recency()));
        let matured = rows.iter().filter(|row| row.period <= now);
        Self {
            last_record: last.map_or(Points::ZERO, |row| row.to_write_off),
            register_balance: matured.map(BonusRow::change).sum(),
        }
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
