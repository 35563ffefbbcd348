//! What a sync changed, as the shop's people write it down: before, after, 1C, difference. What they call the
//! portal is the store.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Amount, Customer, Figure, Points};

/// One figure before and after the last sync, beside 1C's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift<T> {
    /// In the generation before; `None` where there is none.
    pub before: Option<T>,
    /// In the one published; `None` where it is not known.
    pub after: Option<T>,
    /// 1C's own sum, taken by the sync; `None` where 1C gave none.
    pub onec: Option<T>,
}

impl<T: Copy> Shift<T> {
    /// 1C beside the store as it is published.
    fn sides(&self) -> Figure<T> {
        Figure { onec: self.onec, stored: self.after }
    }
}

impl<T: Copy + std::ops::Sub<Output = T>> Shift<T> {
    /// Store minus 1C; `None` where a side is unknown.
    pub fn variance(&self) -> Option<T> {
        self.sides().variance()
    }
}

/// What one customer, or all of them together, have before and after the last sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shifts {
    /// Opening balances.
    pub opening_balance: Shift<Amount>,
    /// Purchases of the window.
    pub purchases: Shift<Amount>,
    /// Both.
    pub total: Shift<Amount>,
    /// Points by the chosen rule.
    pub points: Shift<Points>,
    /// Purchases that 1C has from before the window, which are not kept; `None` where they are not known.
    pub earlier: Option<Amount>,
}

impl Shifts {
    /// The variance of the total beside what lies before the window, which is none; `None` where 1C's side is not known, and
    /// where it is not known how much of what differs lies there. Roubles, store minus 1C.
    pub fn total_variance(&self) -> Option<Amount> {
        self.total.sides().variance_beside(self.earlier)
    }
}

/// The last sync, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portal {
    /// When the generation before was read; `None` where there is none.
    pub before_at: Option<DateTime<Utc>>,
    /// When the one published was read.
    pub after_at: DateTime<Utc>,
    /// Cards before and after.
    pub cards: (Option<u64>, u64),
    /// Cards for which 1C gave no sum: with one of these 1C's side of the base is unknown.
    pub without_sums: u64,
    /// All cards of the catalog together.
    pub base: Shifts,
    /// The customer asked for.
    pub customer: Option<(Customer, Shifts)>,
}
