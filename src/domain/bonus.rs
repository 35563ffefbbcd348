//! Bonus points: rows of the bonus register and the two rules that make a figure of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{CardId, LocalTime, MovementKey, Points};

/// Whether a row of a balance register adds or takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// `Receipt`: adds.
    Receipt,
    /// `Expense`: takes away.
    Expense,
}

/// One active row of the bonus register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        self.signed(self.accrued - self.to_write_off)
    }

    /// What the row adds to the points accrued: ±`Начислено`.
    pub fn accrual(&self) -> Points {
        self.signed(self.accrued)
    }

    fn signed(&self, points: Points) -> Points {
        match self.direction {
            Direction::Receipt => points,
            Direction::Expense => -points,
        }
    }

    /// What makes a row the last one: its period, then its document, then its line as a number.
    fn recency(&self) -> impl Ord {
        (self.period, self.key.recorder, self.key.line, &self.key.recorder_type)
    }
}

/// Points that a date in the future takes away or, where negative, brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a balance came about by, up to a moment: it is the first less the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// What rows brought.
    pub accrued: Points,
    /// What rows took away: spent, burnt, written off by hand.
    pub spent: Points,
}

/// Adds up what rows up to `now` brought and took.
pub fn flow(rows: &[BonusRow], now: LocalTime) -> Flow {
    let mut flow = Flow::default();
    for change in rows.iter().filter(|row| row.period <= now).map(BonusRow::change) {
        if change > Points::ZERO {
            flow.accrued += change;
        } else {
            flow.spent += -change;
        }
    }
    flow
}

/// What all rows of a card come to, those of the future too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsSums {
    /// Σ [`BonusRow::change`].
    pub change: Points,
    /// Σ [`BonusRow::accrual`]; `None` where it is not told.
    pub accrued: Option<Points>,
}

impl PointsSums {
    /// Whether these rows come to something else. Where no row has anything accrued, its field is not published.
    pub fn contradict(&self, rows: &[BonusRow]) -> bool {
        let change: Points = rows.iter().map(BonusRow::change).sum();
        let accrued: Points = rows.iter().map(BonusRow::accrual).sum();
        let is_accrual_told = rows.is_empty() || rows.iter().any(|row| !row.accrued.is_zero());
        change != self.change || (is_accrual_told && self.accrued.is_some_and(|told| told != accrued))
    }
}

/// Which of the two rules gives *the* figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::period::parse_local;
    use crate::domain::{RecorderId, RecorderType};

    fn time(text: &str) -> LocalTime {
        parse_local(text).unwrap().unwrap()
    }

    /// A row of document `recorder`: line, day, direction, accrued, to be written off.
    fn row(
        recorder: u128,
        line: u64,
        day: &str,
        direction: Direction,
        accrued: i64,
        to_write_off: i64,
    ) -> BonusRow {
        let recorder_type = RecorderType("StandardODATA.Document_ЧекККМ".into());
        BonusRow {
            card: CardId(Uuid::from_u128(1)),
            key: MovementKey { recorder: RecorderId(Uuid::from_u128(recorder)), recorder_type, line },
            period: time(&format!("{day}T00:00:00")),
            direction,
            accrued: Points::from_units(accrued * 100),
            to_write_off: Points::from_units(to_write_off * 100),
        }
    }

    use Direction::{Expense, Receipt};

    #[test]
    fn a_balance_is_what_came_less_what_went() {
        for spending in spendings() {
            let rows = two_sales(spending);
            let now = time("2025-06-01T00:00:00");
            let flow = flow(&rows, now);
            assert_eq!((flow.accrued, flow.spent), (Points::from_units(16_000), Points::from_units(10_000)));
            assert_eq!(flow.accrued - flow.spent, PointsFigures::of(&rows, now).register_balance);
        }
        assert_eq!(flow(&[], time("2025-06-01T00:00:00")), Flow::default());
        let of_now = row(0xa, 1, "2025-01-10", Receipt, 100, 0);
        assert_eq!(flow(std::slice::from_ref(&of_now), of_now.period).accrued, Points::from_units(10_000));
    }

    /// Sale A gives 100 points for a year; sale B gives 60 and spends A's 100, in one of two spellings.
    fn two_sales(spending: BonusRow) -> Vec<BonusRow> {
        vec![
            row(0xa, 1, "2025-01-10", Receipt, 100, 0),
            row(0xa, 2, "2026-01-10", Receipt, 0, 100),
            row(0xb, 1, "2025-03-05", Receipt, 60, 0),
            row(0xb, 2, "2026-03-05", Receipt, 0, 60),
            spending,
            row(0xb, 4, "2026-01-10", Expense, 0, 100),
        ]
    }

    fn spendings() -> [BonusRow; 2] {
        [row(0xb, 3, "2025-03-05", Expense, 100, 0), row(0xb, 3, "2025-03-05", Receipt, 0, 100)]
    }

    fn points(figure: Points) -> String {
        figure.to_string()
    }

    #[test]
    fn the_balance_follows_accrual_spending_and_burning_in_either_spelling() {
        for spending in spendings() {
            let rows = two_sales(spending);
            for (moment, expected) in [
                ("2025-01-09T23:59:59", "0"),
                ("2025-01-10T00:00:00", "100"),
                ("2025-03-04T12:00:00", "100"),
                ("2025-03-05T00:00:00", "60"),
                ("2026-01-10T00:00:00", "60"),
                ("2026-03-05T00:00:00", "0"),
                ("9999-01-01T00:00:00", "0"),
            ] {
                let figures = PointsFigures::of(&rows, time(moment));
                assert_eq!(points(figures.register_balance), expected, "{moment}");
            }
        }
    }

    #[test]
    fn the_last_record_is_the_one_of_the_greatest_period_though_it_lies_ahead() {
        for spending in spendings() {
            let figures = PointsFigures::of(&two_sales(spending), time("2025-06-01T00:00:00"));
            assert_eq!(points(figures.last_record), "60");
            assert_eq!(figures.by(PointsRule::LastRecord), figures.last_record);
            assert_eq!(figures.by(PointsRule::RegisterBalance), figures.register_balance);
            assert!(!figures.disagree());
        }
    }

    #[test]
    fn records_of_one_period_are_told_apart_by_document_then_by_line_as_a_number() {
        let rows = [
            row(0xa, 11, "2026-01-10", Receipt, 0, 1),
            row(0xb, 9, "2026-01-10", Receipt, 0, 2),
            row(0xb, 10, "2026-01-10", Receipt, 0, 3),
            row(0xc, 99, "2026-01-09", Receipt, 0, 4),
        ];
        assert_eq!(points(PointsFigures::of(&rows, time("2025-01-01T00:00:00")).last_record), "3");
    }

    #[test]
    fn negative_accruals_take_points_away() {
        let rows = [row(1, 1, "2025-01-10", Receipt, 100, 0), row(2, 1, "2025-02-10", Receipt, -30, 0)];
        let figures = PointsFigures::of(&rows, time("2025-03-01T00:00:00"));
        assert_eq!(
            (points(figures.register_balance), points(figures.last_record)),
            ("70".into(), "0".into())
        );
        assert!(figures.disagree());
    }

    #[test]
    fn a_card_without_rows_has_no_points() {
        assert_eq!(PointsFigures::of(&[], time("2025-03-01T00:00:00")), PointsFigures::default());
    }

    #[test]
    fn burns_that_were_called_off_are_not_told() {
        let [spending, _] = spendings();
        let burns = burning(&two_sales(spending), time("2025-06-01T00:00:00"));
        let expected =
            Burning { date: time("2026-03-05T00:00:00").date(), points: Points::from_units(6_000) };
        assert_eq!(burns, [expected]);
    }

    #[test]
    fn burns_of_one_day_are_one_and_stand_in_order() {
        let rows = [
            row(1, 2, "2026-05-01", Receipt, 0, 7),
            row(2, 2, "2026-03-05", Receipt, 0, 60),
            row(3, 2, "2026-03-05", Receipt, 0, 40),
            row(4, 2, "2025-03-05", Receipt, 0, 5),
        ];
        let burns = burning(&rows, time("2025-06-01T00:00:00"));
        let shown: Vec<_> = burns.iter().map(|burn| (burn.date.to_string(), points(burn.points))).collect();
        assert_eq!(shown, [("2026-03-05".into(), "100".into()), ("2026-05-01".into(), "7".into())]);
    }

    fn any_rows() -> impl Strategy<Value = Vec<BonusRow>> {
        let any_row = (0_u128..4, 0_u64..400, any::<bool>(), -500_i64..500, -500_i64..500);
        prop::collection::btree_map(0_u64..100, any_row, 0..20).prop_map(|rows| {
            let one = |(line, (recorder, day, expense, accrued, to_write_off))| {
                let direction = if expense { Expense } else { Receipt };
                let mut row = row(recorder, line, "2025-01-01", direction, accrued, to_write_off);
                row.period += chrono::TimeDelta::days(i64::try_from(day).unwrap());
                row
            };
            rows.into_iter().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_rows_changes_nothing(
            (rows, shuffled) in any_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        ) {
            let now = time("2025-07-01T00:00:00");
            prop_assert_eq!(PointsFigures::of(&rows, now), PointsFigures::of(&shuffled, now));
            prop_assert_eq!(burning(&rows, now), burning(&shuffled, now));
        }

        #[test]
        fn balance_less_what_will_burn_is_the_balance_at_the_end(rows in any_rows()) {
            let now = time("2025-07-01T00:00:00");
            let burnt: Points = burning(&rows, now).iter().map(|burn| burn.points).sum();
            let end = PointsFigures::of(&rows, time("9999-12-31T00:00:00")).register_balance;
            prop_assert_eq!(PointsFigures::of(&rows, now).register_balance - burnt, end);
        }
    }
}
