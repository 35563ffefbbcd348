//! The entity sets this program reads.

use serde::{Deserialize, Serialize};

/// The entity sets this program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Set {
    /// Catalog of discount cards.
    Cards,
    /// Catalog of owners.
    Owners,
    /// Catalog of products.
    Products,
    /// Rows of the register of sales by discount card.
    Sales,
    /// Rows of the register of bonus points.
    Points,
}

impl Set {
    /// All sets.
    pub const ALL: [Self; 5] = [Self::Cards, Self::Owners, Self::Products, Self::Sales, Self::Points];

    /// Our own word for it, for developers and machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Owners => "owners",
            Self::Products => "products",
            Self::Sales => "sales",
            Self::Points => "points",
        }
    }

    /// Whether its rows are movements of a register rather than items of a catalog.
    pub fn is_register(self) -> bool {
        matches!(self, Self::Sales | Self::Points)
    }
}
