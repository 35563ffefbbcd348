//! The third column: what the shop's portal shows of a customer, beside 1C and the store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Amount, Points};

/// What the portal shows of one card. Nothing where it shows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSide {
    /// Opening balance, roubles.
    pub opening_balance: Option<Amount>,
    /// Purchases, roubles.
    pub purchases: Option<Amount>,
    /// Total, roubles.
    pub total: Option<Amount>,
    /// Points.
    pub points: Option<Points>,
    /// Town.
    pub city: Option<String>,
    /// How many rows the portal has of the customer.
    pub rows: u32,
}

/// Why the portal shows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortalCause {
    /// It does not have the customer.
    MissingCustomer,
    /// It has the customer more than once, or each purchase twice.
    Doubled,
    /// Its total lacks what was carried over.
    MissingOpeningBalance,
    /// It shows what was true a sync ago.
    Lag,
    /// Its total differs for another reason.
    Total,
    /// Its points differ.
    Points,
    /// Its town differs.
    City,
}

impl PortalCause {
    /// Its code, for programs.
    pub fn code(self) -> String {
        format!("portal-{}", self.name())
    }

    /// Whether it is about roubles.
    const fn is_of_totals(self) -> bool {
        !matches!(self, Self::MissingCustomer | Self::Points | Self::City)
    }
}

/// What a customer should see: 1C's figures where they are known, else the store's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalTruth {
    /// Opening balance, roubles.
    pub opening_balance: Option<Amount>,
    /// Purchases, roubles.
    pub purchases: Option<Amount>,
    /// Total, roubles.
    pub total: Option<Amount>,
    /// Points.
    pub points: Option<Points>,
    /// Town.
    pub city: Option<String>,
    /// The total of the generation before, roubles.
    pub total_before: Option<Amount>,
}

impl PortalSide {
    /// Together with what it shows under another key of the same customer.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        Self {
            opening_balance: other.opening_balance.or(self.opening_balance),
            purchases: other.purchases.or(self.purchases),
            total: other.total.or(self.total),
            points: other.points.or(self.points),
            city: other.city.clone().or(self.city),
            rows: self.rows + other.rows,
        }
    }
}

/// The portal beside what a customer should see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalColumn {
    /// What it shows.
    pub side: PortalSide,
    /// What it should.
    pub truth: PortalTruth,
}

impl PortalColumn {
    /// The portal's total minus the true one, roubles: what it lacks is negative.
    pub fn variance(&self) -> Option<Amount> {
        Some(self.side.total? - self.truth.total?)
    }

    /// Why it shows something else; nothing where it does not.
    pub fn causes(&self) -> Vec<PortalCause> {
        let Self { side, truth } = self;
        if side.rows == 0 {
            return vec![PortalCause::MissingCustomer];
        }
        let doubled = (side.rows > 1).then_some(PortalCause::Doubled);
        let total = if doubled.is_some() { None } else { self.cause_of_total() };
        let points = differs(side.points.as_ref(), truth.points.as_ref()).then_some(PortalCause::Points);
        let city = differs(side.city.as_ref(), truth.city.as_ref()).then_some(PortalCause::City);
        [doubled, total, points, city].into_iter().flatten().collect()
    }

    fn cause_of_total(&self) -> Option<PortalCause> {
        let truth = &self.truth;
        let (own, told) = (self.side.total?, truth.total?);
        if own == told {
            return None;
        }
        let lacks = |sum: Option<Amount>| sum.is_some_and(|sum| !sum.is_zero() && own + sum == told);
        Some(match truth {
            _ if lacks(truth.opening_balance) => PortalCause::MissingOpeningBalance,
            _ if truth.purchases.is_some_and(|sum| !sum.is_zero() && own == told + sum) => {
                PortalCause::Doubled
            }
            _ if own == told + told => PortalCause::Doubled,
            _ if truth.total_before == Some(own) => PortalCause::Lag,
            _ => PortalCause::Total,
        })
    }
}

/// What one cause comes to in the whole base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalTally {
    /// Customers it was found on.
    pub cards: u64,
    /// What the portal's totals of those that have one lack or have too much, roubles.
    pub variance: Amount,
}

/// What the portal shows of all customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSummary {
    /// Customers who were looked for.
    pub cards: u64,
    /// Of whom it shows what it should.
    pub equal: u64,
    /// Why it shows something else of the others; one customer may have several causes.
    pub causes: BTreeMap<PortalCause, PortalTally>,
}

impl PortalSummary {
    /// Counts a customer in.
    pub fn add(&mut self, column: &PortalColumn) {
        let causes = column.causes();
        self.cards += 1;
        self.equal += u64::from(causes.is_empty());
        for cause in causes {
            let tally = self.causes.entry(cause).or_default();
            tally.cards += 1;
            tally.variance += column.variance().filter(|_| cause.is_of_totals()).unwrap_or_default();
        }
    }
}

/// The portal beside the whole base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortalOutcome {
    /// It was asked.
    Shown(PortalSummary),
    /// It could not be; the code of why.
    NotAsked(String),
}

impl PortalOutcome {
    /// Whether it shows of all customers what it should.
    pub fn is_equal(&self) -> bool {
        self.shown().is_some_and(|it| it.causes.is_empty())
    }

    /// What it shows, where it was asked.
    pub const fn shown(&self) -> Option<&PortalSummary> {
        match self {
            Self::Shown(summary) => Some(summary),
            Self::NotAsked(_) => None,
        }
    }
}

/// Whether both are known and are not the same.
fn differs<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roubles(roubles: i64) -> Amount {
        Amount::from_units(roubles * 100)
    }

    #[test]
    fn why_the_portal_shows_something_else_is_told_by_what_it_shows() {
        let truth = PortalTruth {
            opening_balance: Some(roubles(232_360)),
            purchases: Some(roubles(132_694)),
            total: Some(roubles(365_054)),
            points: Some(Points::from_units(480_600)),
            city: Some("Симферополь".into()),
            total_before: Some(roubles(360_000)),
        };
        let side = |total| PortalSide { total: Some(roubles(total)), rows: 1, ..PortalSide::default() };
        for (side, expected) in [
            (side(365_054), vec![]),
            (side(132_694), vec![PortalCause::MissingOpeningBalance]),
            (side(360_000), vec![PortalCause::Lag]),
            (side(365_054 + 132_694), vec![PortalCause::Doubled]),
            (side(730_108), vec![PortalCause::Doubled]),
            (PortalSide { rows: 2, ..side(1) }, vec![PortalCause::Doubled]),
            (PortalSide::default(), vec![PortalCause::MissingCustomer]),
            (side(1), vec![PortalCause::Total]),
            (
                PortalSide { points: Some(Points::ZERO), city: Some("Ялта".into()), ..side(365_054) },
                vec![PortalCause::Points, PortalCause::City],
            ),
        ] {
            let column = PortalColumn { side, truth: truth.clone() };
            assert_eq!(column.causes(), expected, "{column:?}");
        }
        let short = PortalColumn { side: side(132_694), truth };
        assert_eq!(short.variance(), Some(Amount::from_units(-23_236_000)));
        let mut summary = PortalSummary::default();
        summary.add(&short);
        summary.add(&PortalColumn { side: PortalSide::default(), truth: short.truth.clone() });
        summary.add(&PortalColumn { side: side(365_054), truth: short.truth });
        assert_eq!((summary.cards, summary.equal), (3, 1));
        let lacking = PortalTally { cards: 1, variance: Amount::from_units(-23_236_000) };
        let missing = PortalTally { cards: 1, variance: Amount::ZERO };
        let causes = [(PortalCause::MissingCustomer, missing), (PortalCause::MissingOpeningBalance, lacking)];
        assert_eq!(summary.causes, causes.into());
    }
}
