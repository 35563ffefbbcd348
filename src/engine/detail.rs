//! All that is stored of one customer, as the dashboard shows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::terms;
use super::truth::{self, AlsoCompared, CardTruth};
pub use crate::domain::bonus::{Burning, Flow};
use crate::domain::bonus::{burning, flow};
use crate::domain::packaging::Packaging;
use crate::domain::reconcile::latest::KeptCheck;
use crate::domain::reconcile::{CardsTogether, StoredSide, Terms, against_control_totals};
use crate::domain::settings::Settings;
pub use crate::domain::totals::{MonthSum, RecorderSum};
use crate::domain::totals::{by_month, by_recorder_type};
use crate::domain::{BonusRow, CardId, Comparison, LocalTime, Movement, Part};
use crate::store::{Error, Snapshot, StoredProduct};

/// Months told of, at most.
const MONTHS: u32 = 36;

/// Other cards of an owner that are shown, at most: whoever has more is no person.
const MOST_OTHERS: usize = 20;

/// A stored movement with its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// The movement.
    pub movement: Movement,
    /// Its product, where it is known.
    pub product: Option<StoredProduct>,
    /// Packaging: not counted among the goods, always part of the sum.
    pub is_packaging: bool,
}

/// All that is stored of one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// 1C beside the store, by the newest comparison of each figure.
    pub comparison: Comparison,
    /// The other comparison that some figures rest on.
    pub also: Option<AlsoCompared>,
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
    /// The other cards of the same owner.
    pub others: OtherCards,
    /// The infobase's time at which what is to come was told from what was.
    pub as_of: LocalTime,
}

impl Detail {
    /// When a figure was compared last.
    pub fn compared_at(&self, part: Part) -> Option<DateTime<Utc>> {
        truth::compared_at(&self.comparison, self.also.as_ref(), part)
    }

    /// All cards of the owner together; `None` where this is the only one, or not all of them are at hand.
    pub fn together(&self) -> Option<CardsTogether> {
        let others = &self.others;
        let is_whole = others.count > 0 && others.count == others.cards.len();
        let cards = others.cards.iter().map(|other| &other.comparison).chain([&self.comparison]);
        is_whole.then(|| CardsTogether::of(cards))
    }

    /// When a figure was compared last on that card of the owner where this is longest ago; `None` where it was not on one of
    /// them.
    pub fn together_compared_at(&self, part: Part) -> Option<DateTime<Utc>> {
        let others = self.others.cards.iter().map(|other| other.compared_at(part));
        others.chain([self.compared_at(part)]).min().flatten()
    }
}

/// The other cards of a card's owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCards {
    /// How they compare, in the order of their names and codes; of very many only the first.
    pub cards: Vec<CardTruth>,
    /// How many there are.
    pub count: usize,
}

/// What it takes to compare stored cards.
pub(super) struct Comparing<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// What is kept of comparisons made beside the syncs.
    pub(super) kept: &'a dyn Fn(CardId) -> Vec<KeptCheck>,
    pub(super) today: &'a Settings,
}

impl Comparing<'_> {
    /// How a stored card compares, with its rows; `None` where it is not stored.
    pub(super) fn of(&self, card: CardId) -> Result<Option<(StoredSide, CardTruth)>, Error> {
        let Self { snapshot, kept, today } = self;
        let (Some(terms), Some(side)) = (terms::terms_of(snapshot, today)?, snapshot.stored_side(card)?)
        else {
            return Ok(None);
        };
        if !side.figures.own.is_of(&side.movements, &side.bonus) {
            return Err(Error::Damaged { what: "the rows of a card do not add up to its figures".into() });
        }
        // A card that was carried over was told of by an earlier sync.
        let terms = Terms { compared_at: snapshot.read_at(card)?.or(terms.compared_at), ..terms };
        let by_sync = against_control_totals(&side, &terms);
        let truth = truth::of_card(snapshot, &side, by_sync, kept(card), &terms)?;
        Ok(Some((side, truth)))
    }

    fn others(&self, cards: &[CardId]) -> Result<OtherCards, Error> {
        let shown = cards.iter().take(MOST_OTHERS).map(|card| self.of(*card));
        let shown: Vec<_> = shown.collect::<Result<_, _>>()?;
        let missing = shown.iter().filter(|other| other.is_none()).count();
        let cards_shown = shown.into_iter().flatten().map(|(_, truth)| truth).collect();
        Ok(OtherCards { cards: cards_shown, count: cards.len() - missing })
    }
}

/// One customer of a snapshot at a moment of the infobase, beside the other cards of the same owner; `None` where it is not
/// stored.
///
/// # Errors
/// Besides what the store says: damage, where the rows do not add up to the figures the list shows.
pub(super) fn of(
    comparing: &Comparing<'_>,
    card: CardId,
    others: &[CardId],
    packaging: &Packaging,
    as_of: LocalTime,
) -> Result<Option<Detail>, Error> {
    let Some((side, truth)) = comparing.of(card)? else { return Ok(None) };
    let (CardTruth { comparison, also }, others) = (truth, comparing.others(others)?);
    let recorders = by_recorder_type(&side.movements);
    let months = by_month(&side.movements, MONTHS);
    let (flow, burning) = (flow(&side.bonus, as_of), burning(&side.bonus, as_of));
    let (mut movements, mut bonus) = (side.movements, side.bonus);
    movements.sort_by(|a, b| b.period.cmp(&a.period).then_with(|| a.key.cmp(&b.key)));
    bonus.sort_by(|a, b| b.period.cmp(&a.period).then_with(|| a.key.cmp(&b.key)));
    let wanted: Vec<_> = movements.iter().filter_map(|movement| movement.product).collect();
    let products = comparing.snapshot.products(&wanted)?;
    let purchases = movements.into_iter().map(|movement| {
        let product = movement.product.and_then(|id| products.get(&id)).cloned();
        let is_packaging = product.as_ref().is_some_and(|product| packaging.contains(&product.name));
        Purchase { movement, product, is_packaging }
    });
    let purchases = purchases.collect();
    Ok(Some(Detail { comparison, also, purchases, bonus, recorders, months, flow, burning, others, as_of }))
}

#[cfg(test)]
mod tests {
    use redb::backends::InMemoryBackend;

    use super::*;
    use crate::domain::{
        Amount, CardFigures, ControlTotals, Customer, DoubtfulRows, MovementKey, MovementKind, PointsRule,
        Quantity, RecorderId, RecorderType, StoredFigures, Window, period::parse_local,
    };
    use crate::store::{Base, Delta, ListedCustomer, Proof, Publication, Remarks, Run, RunOutcome, Store};

    const CARD: CardId = CardId(uuid::Uuid::from_u128(7));

    fn customer() -> Customer {
        Customer {
            card: CARD,
            code: "000000007".into(),
            barcode: "79788451364".into(),
            name: "Царькова".into(),
            ..Customer::default()
        }
    }

    fn purchase(kopecks: i64) -> Movement {
        Movement {
            card: CARD,
            key: MovementKey {
                recorder: RecorderId(uuid::Uuid::from_u128(1)),
                recorder_type: RecorderType("StandardODATA.Document_ЧекККМ".into()),
                line: 1,
            },
            kind: MovementKind::Purchase,
            period: parse_local("2026-02-04T12:00:00").unwrap().unwrap(),
            amount: Amount::from_units(kopecks),
            quantity: Quantity::from_units(1_000),
            product: None,
        }
    }

    fn publication() -> Publication {
        let run = Run {
            started_at: DateTime::<Utc>::UNIX_EPOCH,
            took: std::time::Duration::ZERO,
            outcome: RunOutcome::Published,
            generation: None,
            cards: 0,
            movements: 0,
            changes: Delta::default(),
            variances: 0,
            unverified: 0,
            rejected: 0,
            requests: 0,
            retries: 0,
            bytes: 0,
            error: None,
        };
        Publication {
            synced_at: DateTime::<Utc>::UNIX_EPOCH,
            window: Window { days: 0, from: None },
            points_at: None,
            rule: PointsRule::LastRecord,
            proof: Proof::Unconfirmed,
            basis: None,
            base: Base { address: "1c.example.ru/base".into(), sample: vec![CARD] },
            read_under: crate::domain::ReadUnder::default(),
            remarks: Remarks::default(),
            run,
        }
    }

    /// The detail of a card whose list says `figures`, and whose row says another sum.
    fn detail_of(stored: &Movement, figures: CardFigures) -> Result<Option<Detail>, Error> {
        let store = Store::with_backend(InMemoryBackend::new()).unwrap();
        let mut staging = store.stage().unwrap();
        staging.put_customers(&[ListedCustomer { customer: customer(), origin: None }]).unwrap();
        staging.put_movements(std::slice::from_ref(stored)).unwrap();
        let figures = StoredFigures::of(
            figures,
            ControlTotals::default(),
            PointsRule::LastRecord,
            DoubtfulRows::default(),
        );
        staging.settle(|_, _| figures).unwrap().publish(publication()).unwrap();
        let as_of = parse_local("2026-02-04T12:00:00").unwrap().unwrap();
        let snapshot = store.snapshot().unwrap();
        let comparing = Comparing { snapshot: &snapshot, kept: &|_| Vec::new(), today: &Settings::default() };
        of(&comparing, CARD, &[], &Packaging::default(), as_of)
    }

    #[test]
    fn d6_a_card_whose_rows_do_not_add_up_to_its_figures_is_damaged() {
        let row = purchase(13_269_400);
        let figures = CardFigures::of(std::slice::from_ref(&row), &[], None, row.period);
        assert_eq!(detail_of(&row, figures).unwrap().unwrap().purchases.len(), 1);
        assert!(detail_of(&purchase(13_269_401), figures).unwrap_err().is_damage());
    }
}
