//! The figures of one card, and 1C's own answers for them.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{
    Amount, BonusRow, LocalTime, Movement, MovementKind, Points, PointsFigures, RecorderType, Window,
};

/// What the rows of one card add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardFigures {
    /// Σ of opening balances, roubles.
    pub opening_balance: Amount,
    /// Σ of opening balances whose period lies in the window: what 1C's turnover of the window holds besides purchases.
    pub opening_in_window: Amount,
    /// Σ of purchases kept, roubles.
    pub purchases: Amount,
    /// Number of purchase lines, packaging included.
    pub purchase_lines: u64,
    /// Points by both rules.
    pub points: PointsFigures,
}

impl CardFigures {
    /// Whether 1C's own turnover of the window is not what the rows of it add up to.
    pub fn turnover_window_differs(&self, told: &ControlTotals) -> bool {
        told.turnover_window.is_some_and(|sum| sum != self.turnover_window())
    }

    /// Adds up one card's rows, in any order.
    ///
    /// Purchases before `window_from`, the first moment of the window, are not of the window and not counted;
    /// `now` is the infobase's time. Sums cannot overflow: a decimal holds 2^33 rows of the greatest amount.
    pub fn of(
        movements: &[Movement],
        bonus: &[BonusRow],
        window_from: Option<LocalTime>,
        now: LocalTime,
    ) -> Self {
        let mut figures = Self { points: PointsFigures::of(bonus, now), ..Self::default() };
        for movement in movements {
            figures.add(movement, window_from.is_none_or(|from| movement.period >= from));
        }
        figures
    }

    fn add(&mut self, movement: &Movement, in_window: bool) {
        match (movement.kind, in_window) {
            (MovementKind::OpeningBalance, true) => {
                self.opening_balance += movement.amount;
                self.opening_in_window += movement.amount;
            }
            (MovementKind::OpeningBalance, false) => self.opening_balance += movement.amount,
            (MovementKind::Purchase, true) => {
                self.purchases += movement.amount;
                self.purchase_lines += 1;
            }
            (MovementKind::Purchase, false) => {}
        }
    }

    /// Whether these rows, all that are kept of the card, add up to what does not depend on a window or on the
    /// time of day.
    pub fn is_of(&self, movements: &[Movement], bonus: &[BonusRow]) -> bool {
        let sums = Self::of(movements, bonus, None, LocalTime::MIN);
        let lasting =
            |it: &Self| (it.opening_balance, it.purchases, it.purchase_lines, it.points.last_record);
        lasting(self) == lasting(&sums)
    }

    /// Whether every sum is one that a single row of 1C could hold: 1C's own sums are read as such, and larger ones
    /// cannot be compared.
    pub fn is_in_range(&self) -> bool {
        let sums = [self.opening_balance, self.purchases, self.total(), self.turnover_window()];
        let points = [self.points.last_record, self.points.register_balance];
        sums.iter().all(|sum| sum.to_units().is_ok()) && points.iter().all(|sum| sum.to_units().is_ok())
    }

    /// Opening balance + purchases.
    pub fn total(&self) -> Amount {
        self.opening_balance + self.purchases
    }

    /// What 1C's turnover from the window's start on must be: purchases, and opening balances that lie in it.
    pub fn turnover_window(&self) -> Amount {
        self.purchases + self.opening_in_window
    }
}

/// What one type of recorder adds up to for a card: a sale that two types carry shows here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecorderSum {
    /// The type.
    pub recorder_type: RecorderType,
    /// What its rows are.
    pub kind: MovementKind,
    /// Rows.
    pub lines: u64,
    /// Their sum, roubles.
    pub amount: Amount,
}

/// A card's movements summed up by kind and by the type of document that wrote them.
pub fn by_recorder_type(movements: &[Movement]) -> Vec<RecorderSum> {
    let mut sums: BTreeMap<(MovementKind, &RecorderType), (u64, Amount)> = BTreeMap::new();
    for movement in movements {
        let (lines, amount) = sums.entry((movement.kind, &movement.key.recorder_type)).or_default();
        *lines += 1;
        *amount += movement.amount;
    }
    let sums = sums.into_iter();
    sums.map(|((kind, of), (lines, amount))| RecorderSum { recorder_type: of.clone(), kind, lines, amount })
        .collect()
}

/// Purchases of one month, returns taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthSum {
    /// Its year.
    pub year: i32,
    /// Its number, from 1.
    pub month: u32,
    /// Their sum, roubles.
    pub amount: Amount,
}

/// Sums of purchases by month, oldest first: every month up to the latest purchase's, those without purchases
/// too, at most `most` of them.
pub fn by_month(movements: &[Movement], most: u32) -> Vec<MonthSum> {
    let number = |period: LocalTime| i64::from(period.year()) * 12 + i64::from(period.month0());
    let mut sums = BTreeMap::<i64, Amount>::new();
    for movement in movements.iter().filter(|movement| movement.kind == MovementKind::Purchase) {
        *sums.entry(number(movement.period)).or_default() += movement.amount;
    }
    let (Some((&first, _)), Some((&last, _))) = (sums.first_key_value(), sums.last_key_value()) else {
        return Vec::new();
    };
    let first = first.max(last - i64::from(most) + 1);
    let month = |number: i64| {
        let year = i32::try_from(number.div_euclid(12)).ok()?;
        let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
        Some(MonthSum { year, month, amount: sums.get(&number).copied().unwrap_or_default() })
    };
    (first..=last).filter_map(month).collect()
}

/// What 1C itself answers for one card when asked for sums. `None`: not asked or not published.
/// A card that 1C's answer does not mention has a total of zero, not none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlTotals {
    /// Turnover over all time, roubles.
    pub turnover_all: Option<Amount>,
    /// Turnover from the window's start on, roubles; equals `turnover_all` where the window is all history.
    pub turnover_window: Option<Amount>,
    /// Opening rows as read a second time: confirms what the window's turnover cannot tell apart.
    pub opening_balance: Option<Amount>,
    /// Opening rows before the window's start, from that second reading.
    pub opening_before_window: Option<Amount>,
    /// Balance of the bonus register at the moment the store's own was reckoned for.
    pub register_balance: Option<Points>,
}

impl ControlTotals {
    /// Whether 1C has more before the window than opening balances.
    pub fn has_more_before_window(&self) -> bool {
        let parts = || Some((self.turnover_all?, self.turnover_window?, self.opening_before_window?));
        parts().is_some_and(|(all, window, opening)| all != window + opening)
    }

    /// The same, where a window of all history makes one figure of two and leaves nothing before itself.
    #[must_use]
    pub fn for_window(self, window: &Window) -> Self {
        if window.from.is_some() {
            return self;
        }
        Self {
            turnover_all: self.turnover_all.or(self.turnover_window),
            turnover_window: self.turnover_window.or(self.turnover_all),
            opening_before_window: Some(Amount::ZERO),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::period::parse_local;
    use crate::domain::{CardId, MovementKey, Quantity, RecorderId};

    fn time(text: &str) -> LocalTime {
        parse_local(text).unwrap().unwrap()
    }

    fn movement(kind: MovementKind, recorder_type: &str, period: &str, kopecks: i64) -> Movement {
        let recorder_type = RecorderType(recorder_type.into());
        Movement {
            card: CardId::EMPTY,
            key: MovementKey { recorder: RecorderId(Uuid::from_u128(1)), recorder_type, line: 1 },
            kind,
            period: time(period),
            amount: Amount::from_units(kopecks),
            quantity: Quantity::ZERO,
            product: None,
        }
    }

    use MovementKind::{OpeningBalance, Purchase};

    const FROM: &str = "2025-02-04T00:00:00";

    #[test]
    fn a_card_adds_up_by_kind_and_window() {
        let rows = [
            movement(OpeningBalance, "Ввод", "2023-06-01T00:00:00", 10_000),
            movement(OpeningBalance, "Ввод", FROM, 2_000),
            movement(Purchase, "Чек", FROM, 300),
            movement(Purchase, "Чек", "2099-01-01T00:00:00", 40),
            movement(Purchase, "Чек", "2025-03-01T00:00:00", -5),
            movement(Purchase, "Чек", "2025-02-03T23:59:59", 999_999),
        ];
        let figures = CardFigures::of(&rows, &[], Some(time(FROM)), time(FROM));
        assert_eq!(figures.opening_balance, Amount::from_units(12_000));
        assert_eq!(figures.opening_in_window, Amount::from_units(2_000));
        assert_eq!((figures.purchases, figures.purchase_lines), (Amount::from_units(335), 3));
        assert_eq!(figures.total(), Amount::from_units(12_335));
        assert_eq!(figures.turnover_window(), Amount::from_units(2_335));

        let all = CardFigures::of(&rows, &[], None, time(FROM));
        assert_eq!((all.purchases, all.purchase_lines), (Amount::from_units(1_000_334), 4));
        assert_eq!(all.opening_in_window, all.opening_balance);
    }

    #[test]
    fn a_sum_that_no_row_could_hold_is_out_of_range_whichever_it_is() {
        let large = Amount::from_units(i64::MAX) + Amount::from_units(1);
        let points = PointsFigures {
            last_record: Points::from_units(i64::MAX) + Points::from_units(1),
            ..PointsFigures::default()
        };
        assert!(CardFigures::default().is_in_range());
        for out in [
            CardFigures { opening_balance: large, ..CardFigures::default() },
            CardFigures { purchases: large, ..CardFigures::default() },
            CardFigures { points, ..CardFigures::default() },
        ] {
            assert!(!out.is_in_range(), "{out:?}");
        }
    }

    #[test]
    fn months_without_purchases_stand_between_those_with_some() {
        let rows = [
            movement(OpeningBalance, "Ввод", "2023-06-01T00:00:00", 10_000),
            movement(Purchase, "Чек", "2025-11-30T23:59:59", 300),
            movement(Purchase, "Чек", "2026-02-01T00:00:00", 40),
            movement(Purchase, "Чек", "2026-02-28T00:00:00", -50),
        ];
        let month = |year, month, kopecks| MonthSum { year, month, amount: Amount::from_units(kopecks) };
        let all = [month(2025, 11, 300), month(2025, 12, 0), month(2026, 1, 0), month(2026, 2, -10)];
        assert_eq!(by_month(&rows, 36), all);
        assert_eq!(by_month(&rows, 2), all[2..]);
        assert_eq!(by_month(&rows[..1], 36), []);
    }

    #[test]
    fn lines_of_one_dime_add_up_exactly() {
        let rows = vec![movement(Purchase, "Чек", FROM, 10); 3_000];
        let figures = CardFigures::of(&rows, &[], None, time(FROM));
        assert_eq!((figures.total().to_string(), figures.purchase_lines), ("300.00".into(), 3_000));
    }

    #[test]
    fn a_card_without_rows_has_nothing() {
        assert_eq!(CardFigures::of(&[], &[], None, time(FROM)), CardFigures::default());
        assert_eq!(CardFigures::default().total(), Amount::ZERO);
    }

    #[test]
    fn turnovers_are_told_apart_by_recorder_type() {
        let rows = [
            movement(Purchase, "Чек", FROM, 100),
            movement(OpeningBalance, "Ввод", FROM, 7),
            movement(Purchase, "Чек", FROM, 100),
        ];
        let shown: Vec<_> = by_recorder_type(&rows)
            .into_iter()
            .map(|sum| (sum.recorder_type.to_string(), sum.lines, sum.amount.to_string()))
            .collect();
        assert_eq!(shown, [("Ввод".into(), 1, "0.07".into()), ("Чек".into(), 2, "2.00".into())]);
    }

    #[test]
    fn only_a_window_of_all_history_makes_one_turnover_of_two() {
        let control = ControlTotals { turnover_all: Some(Amount::from_units(5)), ..ControlTotals::default() };
        let limited = Window { days: 365, from: Some(time(FROM)) };
        assert_eq!(control.for_window(&limited), control);
        let all = control.for_window(&Window { days: 0, from: None });
        assert_eq!(
            (all.turnover_window, all.opening_before_window),
            (control.turnover_all, Some(Amount::ZERO))
        );
        assert_eq!(all.opening_balance, None);
    }
}
