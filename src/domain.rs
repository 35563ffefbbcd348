//! The rules of cards, movements, points, totals and variances.
//!
//! Nothing here knows 1C's field names, the store's tables or the screen; nothing reads a clock or a
//! network. What the words mean is said once, in the type that carries the word.

use std::hash::{DefaultHasher, Hash, Hasher};

pub mod address;
pub mod amount;
pub mod bonus;
pub mod customer;
pub mod field;
pub mod finding;
pub mod movement;
mod names;
pub mod packaging;
pub mod period;
pub mod phone;
pub mod portal;
pub mod quiet;
pub mod reconcile;
pub mod recorder_types;
pub mod settings;
pub mod third_column;
pub mod totals;
mod totals_by_card;

pub use amount::{Amount, NumberError, Points, Quantity};
pub use bonus::{BonusRow, Direction, PointsFigures, PointsRule, PointsSums};
pub use customer::{Card, Owner, OwnerFacts};
pub use field::{City, CitySource, Customer, CustomerField, FieldKind, FieldValue, PersonalDate};
pub use finding::{DataPart, Finding};
pub use movement::{Movement, MovementKey, MovementKind, RecorderType};
pub use period::{LocalTime, Span, Window};
pub use reconcile::{
    Against, Comparison, Coverage, Difference, DifferenceFigure, DifferenceKind, DoubtfulRows, Figure, Mark,
    Part, StoredFigures, Verdict,
};
pub use recorder_types::{NamesInDoubt, NamesTrust, RecorderRole, TypeInUse, TypesInUse};
pub use settings::{ReadUnder, Settings, Under};
pub use totals::{CardFigures, ControlTotals};
pub use totals_by_card::{PointsBalance, Summand, TableRow, Total, TotalsByCard, Turnover};

/// A number for what must be the same: another release of this program may give another one, and begins anew.
pub fn fingerprint<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// 1C's empty reference: all zeros.
            pub const EMPTY: Self = Self(uuid::Uuid::nil());

            /// Whether this is 1C's empty reference.
            pub fn is_empty(self) -> bool {
                self.0.is_nil()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

key! {
    /// Key of a discount card (`Ref_Key` of the catalog of cards). The bonus card is the same object.
    CardId
}
key! {
    /// Key of a card's owner, a counterparty.
    OwnerId
}
key! {
    /// Key of a product.
    ProductId
}
key! {
    /// Key of the document that wrote a movement.
    RecorderId
}
