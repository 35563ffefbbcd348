//! What the store keeps, and what lies in a staging: values alone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{Amount, BonusRow, CardId, Customer, Movement, OwnerId, ProductId, StoredFigures};

/// A product, as far as the store keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProduct {
    /// Its key.
    pub id: ProductId,
    /// `Description`.
    pub name: String,
    /// `Артикул`; empty where there is none.
    pub article: String,
}

/// A customer, and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedCustomer {
    /// The customer.
    pub customer: Customer,
    /// The objects of 1C it was joined of; `None` in stores that version 2 of the format or an earlier one wrote.
    pub origin: Option<Origin>,
}

/// The objects of 1C that make a customer, and their versions: by these a later sync sees what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `DataVersion` of the card: good for equality only.
    pub card_version: String,
    /// The owner the card names.
    pub owner: Option<OwnerId>,
    /// `DataVersion` of the owner; `None` where the catalog has no such owner.
    pub owner_version: Option<String>,
}

impl Origin {
    /// The owner; a key that is empty is nobody's.
    pub(super) fn holder(&self) -> Option<OwnerId> {
        self.owner.filter(|owner| !owner.is_empty())
    }
}

/// Lines and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Lines.
    pub lines: u64,
    /// Their sum, roubles.
    pub amount: Amount,
}

impl Lines {
    pub(super) fn add(&mut self, more: Self) {
        self.lines += more.lines;
        self.amount += more.amount;
    }
}

/// A card that movements name and no catalog has: empty, or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnknownCard {
    /// Its key.
    pub card: CardId,
    /// Its opening balances.
    pub opening_balances: Lines,
    /// Its purchases.
    pub purchases: Lines,
    /// Its bonus rows.
    pub bonus_rows: u64,
}

/// What a card that was not read brings from the generation before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// When its rows were read from 1C.
    pub read_at: DateTime<Utc>,
    /// Its figures then.
    pub figures: StoredFigures,
}

/// The staged rows of one card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardRows {
    /// Movements, by key.
    pub movements: Vec<Movement>,
    /// Bonus rows, by key.
    pub bonus: Vec<BonusRow>,
    /// Set where the card was not read by this sync but carried over.
    pub carried: Option<Carried>,
}
