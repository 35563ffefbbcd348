//! All that is stored of one customer, as the dashboard shows it.

pub use crate::domain::bonus::{Burning, Flow};
use crate::domain::bonus::{burning, flow};
use crate::domain::packaging::Packaging;
use crate::domain::reconcile::{Terms, against_control_totals};
pub use crate::domain::totals::{MonthSum, RecorderSum};
use crate::domain::totals::{by_month, by_recorder_type};
use crate::domain::{BonusRow, CardId, Comparison, LocalTime, Movement};
use crate::store::{Error, Generation, Product, Snapshot};

/// Months told of, at most.
const MONTHS: u32 = 36;

/// A stored movement with its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The movement.
    pub movement: Movement,
    /// Its product, where it is known.
    pub product: Option<Product>,
    /// Packaging: not counted among the goods, always part of the sum.
    pub is_packaging: bool,
}

/// All that is stored of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// 1C's control totals beside the store.
    pub comparison: Comparison,
    /// Movements, the latest first.
    pub purchases: Vec<Purchase>,
    /// Bonus rows, the latest first.
    pub bonus: Vec<BonusRow>,
    /// Sums by type of recorder.
    pub recorders: Vec<RecorderSum>,
    /// Sums of purchases by month, oldest first.
    pub months: Vec<MonthSum>,
    /// Points brought and taken up to `as_of`.
    pub flow: Flow,
    /// Points that will burn after it.
    pub burning: Vec<Burning>,
    /// The infobase's time at which what is to come was told from what was.
    pub as_of: LocalTime,
}

/// The terms of a published generation.
pub(super) fn terms(generation: &Generation) -> Terms {
    Terms {
        window: generation.window,
        points_at: generation.points_at,
        rule: generation.rule,
        synced_at: Some(generation.synced_at),
        compared_at: Some(generation.synced_at),
    }
}

/// One customer of a snapshot at a moment of the infobase; `None` where it is not stored.
pub(super) fn of(
    snapshot: &Snapshot,
    card: CardId,
    packaging: &Packaging,
    as_of: LocalTime,
) -> Result<Option<Detail>, Error> {
    let (Some(generation), Some(side)) = (snapshot.generation(), snapshot.stored_side(card)?) else {
        return Ok(None);
    };
    let comparison = against_control_totals(&side, &terms(generation));
    let recorders = by_recorder_type(&side.movements);
    let months = by_month(&side.movements, MONTHS);
    let (flow, burning) = (flow(&side.bonus, as_of), burning(&side.bonus, as_of));
    let (mut movements, mut bonus) = (side.movements, side.bonus);
    movements.sort_by(|a, b| b.period.cmp(&a.period).then_with(|| a.key.cmp(&b.key)));
    bonus.sort_by(|a, b| b.period.cmp(&a.period).then_with(|| a.key.cmp(&b.key)));
    let wanted: Vec<_> = movements.iter().filter_map(|movement| movement.product).collect();
    let products = snapshot.products(&wanted)?;
    let purchases = movements.into_iter().map(|movement| {
        let product = movement.product.and_then(|id| products.get(&id)).cloned();
        let is_packaging = product.as_ref().is_some_and(|product| packaging.contains(&product.name));
        Purchase { movement, product, is_packaging }
    });
    let purchases = purchases.collect();
    Ok(Some(Detail { comparison, purchases, bonus, recorders, months, flow, burning, as_of }))
}
