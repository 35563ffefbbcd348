//! The third column: what the shop's portal shows of a customer, beside 1C and the store.

use super::{Amount, Comparison, Points};

/// What the portal shows of one card. Nothing where it shows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
}

/// What a customer should see: 1C's figures where they are known, else the store's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

impl PortalTruth {
    /// Of what was compared; `total_before` is the store's a generation ago.
    pub fn of(it: &Comparison, total_before: Option<Amount>) -> Self {
        let city = it.city.onec.clone().flatten().or_else(|| it.city.stored.clone().flatten());
        Self {
            opening_balance: it.opening_balance.onec.or(it.opening_balance.stored),
            purchases: it.purchases.onec.or(it.purchases.stored),
            total: it.total.onec.or(it.total.stored),
            points: it.points_shown(),
            city: city.map(|city| city.name),
            total_before,
        }
    }
}

impl PortalSide {
    /// The portal's total minus the true one, roubles: what it lacks is negative.
    pub fn variance(&self, truth: &PortalTruth) -> Option<Amount> {
        Some(self.total? - truth.total?)
    }

    /// Why it shows something else; nothing where it does not.
    pub fn causes(&self, truth: &PortalTruth) -> Vec<PortalCause> {
        if self.rows == 0 {
            return vec![PortalCause::MissingCustomer];
        }
        let doubled = (self.rows > 1).then_some(PortalCause::Doubled);
        let total = if doubled.is_some() { None } else { self.cause_of_total(truth) };
        let points = differs(self.points.as_ref(), truth.points.as_ref()).then_some(PortalCause::Points);
        let city = differs(self.city.as_ref(), truth.city.as_ref()).then_some(PortalCause::City);
        [doubled, total, points, city].into_iter().flatten().collect()
    }

    fn cause_of_total(&self, truth: &PortalTruth) -> Option<PortalCause> {
        let (own, told) = (self.total?, truth.total?);
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
            assert_eq!(side.causes(&truth), expected, "{side:?}");
        }
        assert_eq!(side(132_694).variance(&truth), Some(Amount::from_units(-23_236_000)));
    }
}
