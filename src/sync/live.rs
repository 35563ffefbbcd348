//! Reading a few cards from 1C just now, for a reconciliation line by line.

use std::collections::HashMap;

use super::control::{after, published};
use super::register::RegisterRow;
use super::skip::{Collected, Reading};
use super::{Error, Reporter};
use crate::domain::reconcile::LiveSide;
use crate::domain::{
    Card, CardId, ControlTotals, Customer, LocalTime, Movement, MovementKey, Owner, OwnerId, Span, Window,
};
use crate::odata::{Client, Filter, Lookup, Order, PageQuery, PointsRow, SalesRow, Set};

/// What the store's generation was reckoned for: the live side is read on the same terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The window of purchases.
    pub window: Window,
    /// The infobase's time that points are reckoned for.
    pub points_at: LocalTime,
}

/// Reads these cards with all their rows over all time, in batches. Cards that 1C does not have are
/// missing from the answer.
pub async fn read(
    client: &Client,
    reporter: &Reporter,
    cards: &[CardId],
    terms: Terms,
) -> Result<HashMap<CardId, LiveSide>, Error> {
    let reading = Reading { client, reporter };
    let customers = customers(&reading, cards).await?;
    let mut sales = by_card(reading.rows_of::<SalesRow>(Set::Sales, cards).await?, |row| row.movement.card);
    let points = match reading.rows_of::<PointsRow>(Set::Points, cards).await {
        Err(Error::Odata(error)) if error.is_not_published() || error.is_rights() => None,
        rows => Some(rows?),
    };
    let mut points = points.map(|rows| by_card(rows, |row| row.row.card));
    let mut sides = HashMap::new();
    for customer in customers {
        let card = customer.card;
        let (movements, inactive, rejected_sales) = active_and_not(sales.remove(&card).unwrap_or_default());
        let points = points.as_mut().map(|points| points.remove(&card).unwrap_or_default());
        let rejected_points = points.as_ref().is_some_and(|points| points.rejected);
        let bonus = points
            .map(|points| points.rows.into_iter().filter(|row| row.active).map(|row| row.row).collect());
        let control = control(&reading, card, terms).await?;
        let has_rejected_rows = rejected_sales || rejected_points;
        let side = LiveSide { customer, movements, inactive, bonus, control, has_rejected_rows };
        sides.insert(card, side);
    }
    Ok(sides)
}

/// Looks cards up in 1C by phone or code, for customers the store does not have.
pub async fn find(client: &Client, reporter: &Reporter, lookup: Lookup) -> Result<Vec<CardId>, Error> {
    let query = PageQuery::of(Set::Cards).order(Order::Key).filter(Filter::none().looking_for(lookup));
    let cards = Reading { client, reporter }.counted::<Card>(&query).await?;
    let mut found: Vec<CardId> = cards.rows.into_values().map(|card| card.id).collect();
    found.sort_unstable();
    Ok(found)
}

async fn customers(reading: &Reading<'_>, cards: &[CardId]) -> Result<Vec<Customer>, Error> {
    let keys: Vec<_> = cards.iter().map(|card| card.0).collect();
    let cards: Vec<Card> = reading.items::<Card>(Set::Cards, &keys).await?.rows.into_values().collect();
    let mut owners: Vec<_> = cards.iter().filter_map(|card| card.owner).map(|owner| owner.0).collect();
    owners.sort_unstable();
    owners.dedup();
    let owners: HashMap<OwnerId, Owner> =
        reading.items::<Owner>(Set::Owners, &owners).await?.rows.into_values().map(|o| (o.id, o)).collect();
    let owner_of = |card: &Card| card.owner.and_then(|owner| owners.get(&owner));
    Ok(cards.iter().map(|card| Customer::join(card, owner_of(card))).collect())
}

async fn control(reading: &Reading<'_>, card: CardId, terms: Terms) -> Result<ControlTotals, Error> {
    let of_card = Some(card);
    let all = published(reading, reading.client.turnovers(Span::ALL, of_card).await)?;
    let window = match (terms.window.from, &all) {
        (Some(from), Some(_)) => {
            published(reading, reading.client.turnovers(Span::since(from), of_card).await)?
        }
        _ => all.clone(),
    };
    let balance = published(reading, reading.client.balances(after(terms.points_at), of_card).await)?;
    Ok(ControlTotals {
        turnover_all: all.and_then(|table| table.of(card)),
        turnover_window: window.and_then(|table| table.of(card)),
        register_balance: balance.and_then(|table| table.of(card)),
        ..ControlTotals::default()
    })
}

/// The rows of one card.
#[derive(Debug)]
struct OfCard<R> {
    rows: Vec<R>,
    rejected: bool,
}

impl<R> Default for OfCard<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), rejected: false }
    }
}

fn by_card<R>(collected: Vec<Collected<R>>, card_of: impl Fn(&R) -> CardId) -> HashMap<CardId, OfCard<R>> {
    let mut cards: HashMap<CardId, OfCard<R>> = HashMap::new();
    for collected in collected {
        for row in collected.rows.into_values() {
            cards.entry(card_of(&row)).or_default().rows.push(row);
        }
        for card in collected.rejected.into_values().filter_map(|row| row.card) {
            cards.entry(card).or_default().rejected = true;
        }
    }
    cards
}

fn active_and_not(sales: OfCard<SalesRow>) -> (Vec<Movement>, Vec<MovementKey>, bool) {
    let (active, inactive): (Vec<_>, Vec<_>) = sales.rows.into_iter().partition(|row| row.active);
    let movements = active.into_iter().map(|row| row.movement).collect();
    (movements, inactive.into_iter().map(|row| row.movement.key).collect(), sales.rejected)
}

impl Reading<'_> {
    /// All rows of these cards over all time, inactive ones too, in as few requests as addresses allow;
    /// the whole register where 1C cannot filter.
    async fn rows_of<R: RegisterRow>(&self, set: Set, cards: &[CardId]) -> Result<Vec<Collected<R>>, Error> {
        let query = PageQuery::of(set).order(Order::Period);
        let room = self.client.room::<R>(&query).max(1);
        let mut collected = Vec::new();
        for batch in cards.chunks(room) {
            let filter = Filter::none().of_cards(batch);
            match self.counted::<R>(&query.clone().filter(filter)).await {
                Ok(rows) => collected.push(rows),
                Err(Error::Odata(error)) if error.is_filter_refused() => {
                    return Ok(vec![self.unfiltered::<R>(set).await?]);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(collected)
    }
}
