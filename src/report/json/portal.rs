//! The last sync, before and after.

use serde::Serialize;

use super::{CardObject, money, our_time, points, print};
use crate::domain::Amount;
use crate::domain::portal::{Portal, Shift, Shifts};

/// One object: when, cards, the base, and the customer asked for.
pub fn portal(it: &Portal) -> String {
    let customer = it
        .customer
        .as_ref()
        .map(|(customer, shifts)| CustomerObject { card: customer.into(), shifts: shifts.into() });
    print(&PortalObject {
        before_at: it.before_at.map(our_time),
        after_at: our_time(it.after_at),
        cards: CardsObject { before: it.cards.0, after: it.cards.1, without_sums: it.without_sums },
        base: (&it.base).into(),
        customer,
    })
}

#[derive(Serialize)]
struct PortalObject<'a> {
    before_at: Option<String>,
    after_at: String,
    cards: CardsObject,
    base: ShiftsObject,
    customer: Option<CustomerObject<'a>>,
}

#[derive(Serialize)]
struct CardsObject {
    before: Option<u64>,
    after: u64,
    without_sums: u64,
}

#[derive(Serialize)]
struct CustomerObject<'a> {
    card: CardObject<'a>,
    #[serde(flatten)]
    shifts: ShiftsObject,
}

#[derive(Serialize)]
struct ShiftsObject {
    total: ShiftObject,
    opening_balance: ShiftObject,
    purchases: ShiftObject,
    points: ShiftObject,
    /// 1C's purchases before the window, which are no variance.
    before_window: Option<String>,
}

#[derive(Serialize)]
struct ShiftObject {
    before: Option<String>,
    after: Option<String>,
    onec: Option<String>,
    variance: Option<String>,
}

impl From<&Shifts> for ShiftsObject {
    fn from(it: &Shifts) -> Self {
        let part = |part: Shift<Amount>| shift(part, part.variance(), money);
        Self {
            total: shift(it.total, it.total_variance(), money),
            opening_balance: part(it.opening_balance),
            purchases: part(it.purchases),
            points: shift(it.points, it.points.variance(), points),
            before_window: it.earlier.map(money),
        }
    }
}

fn shift<T: Copy>(it: Shift<T>, variance: Option<T>, told: impl Fn(T) -> String) -> ShiftObject {
    ShiftObject {
        before: it.before.map(&told),
        after: it.after.map(&told),
        onec: it.onec.map(&told),
        variance: variance.map(&told),
    }
}
