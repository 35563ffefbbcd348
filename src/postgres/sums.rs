//! What rows come to: reckoned of those that are given, and asked of the database.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use rust_decimal::Decimal;

use crate::CardRows;

/// What all rows come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Cards of the catalog.
    pub cards: u64,
    /// Products.
    pub products: u64,
    /// Sums of the customers' figures, by name.
    pub customers: BTreeMap<&'static str, Decimal>,
    /// Cards by verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Movements by kind, year and month: lines and roubles.
    pub movements: BTreeMap<(String, i32, u32), (u64, Decimal)>,
    /// Bonus rows by year and month: lines, points accrued and to be written off.
    pub bonus: BTreeMap<(i32, u32), (u64, Decimal, Decimal)>,
}

/// The figures of customers that are added up.
pub(crate) const FIGURES: [&str; 5] = ["opening_balance", "purchases", "total", "points", "points_balance"];

/// A sum that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumDifference {
    /// Of what, such as `purchase 2025-03`.
    pub what: String,
    /// What was given.
    pub given: String,
    /// What the database says.
    pub found: String,
}

impl Sums {
    pub(crate) fn add_card(&mut self, card: &CardRows) {
        if let Some(customer) = &card.customer {
            self.cards += 1;
            let figures = [
                Some(customer.opening_balance),
                Some(customer.purchases),
                Some(customer.total),
                customer.points,
                customer.points_balance,
            ];
            for (name, figure) in FIGURES.into_iter().zip(figures) {
                *self.customers.entry(name).or_default() += figure.unwrap_or_default();
            }
            match self.verdicts.get_mut(&customer.verdict) {
                Some(cards) => *cards += 1,
                None => _ = self.verdicts.insert(customer.verdict.clone(), 1),
            }
        }
        for movement in &card.movements {
            let month = (movement.kind.to_owned(), movement.period.year(), movement.period.month());
            let sums = self.movements.entry(month).or_default();
            sums.0 += 1;
            sums.1 += movement.amount;
        }
        for row in &card.bonus {
            let sums = self.bonus.entry((row.period.year(), row.period.month())).or_default();
            sums.0 += 1;
            sums.1 += row.accrued;
            sums.2 += row.to_write_off;
        }
    }

    /// Lines of movements.
    pub fn lines(&self) -> u64 {
        self.movements.values().map(|(lines, _)| lines).sum()
    }

    /// Roubles of movements.
    pub fn amount(&self) -> Decimal {
        self.movements.values().map(|(_, amount)| *amount).sum()
    }

    /// Lines and roubles of the movements of a kind.
    pub fn of_kind(&self, kind: &str) -> (u64, Decimal) {
        let months = self.movements.iter().filter(|((of, ..), _)| of == kind);
        months.fold((0, Decimal::ZERO), |(lines, amount), (_, month)| (lines + month.0, amount + month.1))
    }

    /// Lines of bonus rows.
    pub fn bonus_lines(&self) -> u64 {
        self.bonus.values().map(|(lines, ..)| lines).sum()
    }

    /// What is not the same in the database.
    pub fn differences(&self, found: &Self) -> Vec<SumDifference> {
        let (given, found) = (self.told(), found.told());
        let names: std::collections::BTreeSet<_> = given.keys().chain(found.keys()).collect();
        let side = |told: &BTreeMap<String, String>, what: &String| {
            told.get(what).cloned().unwrap_or_else(|| "0".to_owned())
        };
        names
            .into_iter()
            .filter(|what| given.get(*what) != found.get(*what))
            .map(|what| SumDifference {
                what: what.clone(),
                given: side(&given, what),
                found: side(&found, what),
            })
            .collect()
    }

    /// Each sum by a name that tells it.
    fn told(&self) -> BTreeMap<String, String> {
        let plain = |sum: &Decimal| sum.normalize().to_string();
        let mut told = BTreeMap::from([
            ("cards".to_owned(), self.cards.to_string()),
            ("products".to_owned(), self.products.to_string()),
        ]);
        told.extend(self.customers.iter().map(|(name, sum)| (format!("customers {name}"), plain(sum))));
        told.extend(self.verdicts.iter().map(|(name, cards)| (format!("verdict {name}"), cards.to_string())));
        told.extend(self.movements.iter().map(|((kind, year, month), (lines, amount))| {
            (format!("{kind} {year:04}-{month:02}"), format!("{lines} / {}", plain(amount)))
        }));
        told.extend(self.bonus.iter().map(|((year, month), (lines, accrued, off))| {
            (format!("bonus {year:04}-{month:02}"), format!("{lines} / {} / {}", plain(accrued), plain(off)))
        }));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CustomerRow, MovementRow};

    #[test]
    fn a_kopeck_less_in_a_month_is_told() {
        let movement =
            MovementRow { kind: "purchase", amount: Decimal::new(1_00, 2), ..MovementRow::default() };
        let customer = CustomerRow { total: Decimal::new(1_00, 2), ..CustomerRow::default() };
        let card = CardRows { customer: Some(customer), movements: vec![movement], ..CardRows::default() };
        let mut given = Sums::default();
        given.add_card(&card);
        let mut found = given.clone();
        assert_eq!(given.differences(&found), []);
        for month in found.movements.values_mut() {
            month.1 -= Decimal::new(1, 2);
        }
        let what = "purchase 1970-01".to_owned();
        let expected = SumDifference { what, given: "1 / 1".into(), found: "1 / 0.99".into() };
        assert_eq!(given.differences(&found), [expected]);
        assert_eq!((given.lines(), given.of_kind("purchase")), (1, (1, Decimal::ONE)));
    }
}
