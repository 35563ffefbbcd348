//! Movements of the register of sales by discount card.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Amount, CardId, LocalTime, ProductId, Quantity, RecorderId};

/// Type of a recorder as 1C spells it, such as `StandardODATA.Document_ЧекККМ`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecorderType(pub Arc<str>);

impl fmt::Display for RecorderType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Key of a movement: the document that wrote it and the line of its record set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MovementKey {
    /// The document.
    pub recorder: RecorderId,
    /// Its type.
    pub recorder_type: RecorderType,
    /// Line in the record set, from 1.
    pub line: u64,
}

/// What a movement is, told by the type of its recorder: see [`RecorderRole::of`](super::RecorderRole::of).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MovementKind {
    /// The total carried over from the old system; no period ever limits it.
    OpeningBalance,
    /// Any other movement; a return is a negative one.
    Purchase,
}

/// One row of the register of sales by discount card, an active one: `sync` keeps no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The card it belongs to; empty or unknown cards occur.
    pub card: CardId,
    /// Its key in the register.
    pub key: MovementKey,
    /// Opening balance or purchase.
    pub kind: MovementKind,
    /// The moment it counts at, in 1C's local time; may differ from the document's date.
    pub period: LocalTime,
    /// Roubles.
    pub amount: Amount,
    /// How much of the product; zero where 1C says nothing.
    pub quantity: Quantity,
    /// The product, where there is one.
    pub product: Option<ProductId>,
}
