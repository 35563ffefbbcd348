//! Reading a few cards from 1C just now, for a reconciliation line by line.

use std::collections::{HashMap, HashSet};

use super::bearers::Borne;
use super::control_totals::{self, BaseTotals, ControlTerms, after};
use super::period_reader::RegisterRow;
use super::position_reader::{Collected, SetReader};
use super::{Error, Reporter};
use crate::domain::PointsSums;
use crate::domain::reconcile::LiveSide;
use crate::domain::{
    Amount, Card, CardId, ControlTotals, Customer, DoubtfulRows, LocalTime, Movement, MovementKey, Owner,
    OwnerId, PointsBalance, Span, Turnover, Window,
};
use crate::odata::{Client, Filter, Lookup, Order, PageQuery, PointsRow, SalesRow, Set, ThinObject, Top};

/// What the store's generation was computed for: the live side is read on the same terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveTerms {
    /// The window of purchases.
    pub window: Window,
    /// The infobase's time that points are computed for.
    pub points_at: LocalTime,
}

/// What was read of some cards.
#[derive(Debug, Default)]
pub struct Read {
    /// Cards of the catalog.
    pub cards: HashMap<CardId, LiveSide>,
    /// Cards that rows name and the catalog does not have: the customer is nothing but their key.
    pub unlisted: HashMap<CardId, LiveSide>,
    /// Whether the bonus register was read.
    pub knows_points: bool,
    /// What of 1C's own sums the settings leave out.
    pub left_out: HashMap<CardId, LeftOut>,
}

/// Active rows of a card that the settings leave out: 1C's own sums hold them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut(Vec<(LocalTime, Amount)>);

impl LeftOut {
    /// Their sum in a stretch of periods, roubles.
    fn within(&self, span: Span) -> Amount {
        self.0.iter().filter(|(period, _)| span.contains(*period)).map(|(_, amount)| *amount).sum()
    }
}

/// Reads these cards with all their rows over all time, in batches, and 1C's own sums of each. Cards of which 1C has
/// no row either are missing from the answer.
pub async fn read(
    client: &Client,
    reporter: &Reporter,
    cards: &[CardId],
    terms: LiveTerms,
) -> Result<HashMap<CardId, LiveSide>, Error> {
    let Read { cards: mut sides, unlisted, left_out, .. } =
        read_rows(client, reporter, cards, Unfilterable::ReadAll).await?;
    sides.extend(unlisted);
    for card in cards {
        if let Some(side) = sides.get_mut(card) {
            let left_out = left_out.get(card).cloned().unwrap_or_default();
            side.points_at = Some(terms.points_at);
            side.control = control_totals(client, reporter, *card, terms, &left_out).await?;
            side.points_of_all = points_of_all(client, reporter, *card).await?;
        }
    }
    Ok(sides)
}

/// What is done where 1C cannot filter rows by card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfilterable {
    /// The whole register is read once: right for one customer.
    ReadAll,
    /// It is a failure: right where it would be read for every batch of cards.
    Fail,
}

/// Cards whose rows are asked for.
#[derive(Clone, Copy, Debug)]
struct RowsAsked<'a> {
    cards: &'a [CardId],
    /// Those of the catalog: what a register names besides may be keys of something else.
    listed: &'a HashSet<CardId>,
    unfilterable: Unfilterable,
}

/// Reads these cards with all their rows over all time, in batches, without 1C's own sums.
pub async fn read_rows(
    client: &Client,
    reporter: &Reporter,
    cards: &[CardId],
    unfilterable: Unfilterable,
) -> Result<Read, Error> {
    let reading = SetReader { client, reporter };
    let customers = customers(&reading, cards).await?;
    let listed: HashSet<CardId> = customers.iter().map(|(customer, _)| customer.card).collect();
    let asked = RowsAsked { cards, listed: &listed, unfilterable };
    let mut sales = by_card(reading.rows_of::<SalesRow>(Set::Sales, asked).await?, |row| row.movement.card);
    let points = match reading.rows_of::<PointsRow>(Set::Points, asked).await {
        Err(Error::Odata(error)) if error.is_gone_without() => None,
        // Points of somebody else's keys are unknown, as in a sync.
        Err(Error::NotByCard { .. }) => None,
        rows => Some(rows?),
    };
    let mut points = points.map(|rows| by_card(rows, |row| row.row.card));
    let (knows_points, left_out) = (points.is_some(), left_out(&mut sales.cards));
    let mut read = Read { knows_points, left_out, ..Read::default() };
    let mut side = |customer: Customer, is_listed| {
        let (sales, has_sales) = sales.take(customer.card);
        let bonus = points.as_mut().map(|points| points.take(customer.card));
        let has_rows = has_sales || bonus.as_ref().is_some_and(|(_, has_rows)| *has_rows);
        let side = side_of(customer, sales, bonus.map(|(rows, _)| rows));
        (LiveSide { is_listed, ..side }, has_rows)
    };
    for (customer, knows_town) in customers {
        let card = customer.card;
        let read_side = LiveSide { knows_town, ..side(customer, true).0 };
        read.cards.insert(card, read_side);
    }
    for &card in cards.iter().filter(|card| !read.cards.contains_key(card)) {
        if let (side, true) = side(Customer { card, ..Customer::default() }, false) {
            read.unlisted.insert(card, side);
        }
    }
    Ok(read)
}

fn side_of(customer: Customer, sales: OfCard<SalesRow>, points: Option<OfCard<PointsRow>>) -> LiveSide {
    let (movements, inactive, rejected_sales) = active_and_not(sales);
    let rejected_points = points.as_ref().is_some_and(|points| points.rejected);
    let bonus =
        points.map(|points| points.rows.into_iter().filter(|row| row.active).map(|row| row.row).collect());
    let unreadable = DoubtfulRows { sales: rejected_sales, points: rejected_points };
    let control = ControlTotals::default();
    let (is_listed, knows_town, points_at, points_of_all) = (true, true, None, None);
    LiveSide {
        customer,
        is_listed,
        knows_town,
        movements,
        inactive,
        bonus,
        control,
        points_at,
        points_of_all,
        unreadable,
    }
}

/// Looks cards up in 1C by phone or code, for customers the store does not have.
pub async fn find(client: &Client, reporter: &Reporter, lookup: Lookup) -> Result<Vec<CardId>, Error> {
    let query = PageQuery::of(Set::Cards).order(Order::Key).filter(Filter::none().looking_for(lookup));
    let reading = SetReader { client, reporter };
    let cards = match reading.counted::<Card>(&query).await {
        Err(Error::Odata(error)) if error.is_filter_refused() => reading.catalog::<Card>(Set::Cards).await?.0,
        cards => cards?,
    };
    let is_meant = |card: &Card| client.matches(&query.filter, card);
    let mut found: Vec<CardId> = cards.rows.into_values().filter(is_meant).map(|card| card.id).collect();
    found.sort_unstable();
    Ok(found)
}

/// The customers of these cards as 1C has them now, and whether it tells of each if there is a town.
async fn customers(reading: &SetReader<'_>, cards: &[CardId]) -> Result<Vec<(Customer, bool)>, Error> {
    let keys: Vec<_> = cards.iter().map(|card| card.0).collect();
    let cards: Vec<Card> = reading.items::<Card>(Set::Cards, &keys).await?.rows.into_values().collect();
    let mut owners: Vec<_> = cards.iter().filter_map(|card| card.owner).map(|owner| owner.0).collect();
    owners.sort_unstable();
    owners.dedup();
    let owners: HashMap<OwnerId, Owner> =
        reading.items::<Owner>(Set::Owners, &owners).await?.rows.into_values().map(|o| (o.id, o)).collect();
    let owner_of = |card: &Card| card.owner.and_then(|owner| owners.get(&owner));
    let customer = |card: &Card| {
        let owner = owner_of(card);
        (Customer::join(card, owner), card.knows_town(owner))
    };
    Ok(cards.iter().map(customer).collect())
}

/// Sales are compared by stretches as long as this.
const A_MONTH: chrono::TimeDelta = chrono::TimeDelta::days(30);

/// Which sums 1C tells: asked for as a sync does, all of them and those of a month, by card and of the whole base.
pub async fn tells_sums(client: &Client, reporter: &Reporter, terms: LiveTerms) -> Result<BaseTotals, Error> {
    let reading = SetReader { client, reporter };
    let (window, points_at) = (terms.window, terms.points_at);
    let asked = ControlTerms { window, points_at, turnovers: true, points: true };
    let mut told = BaseTotals::fetch(&reading, asked).await?;
    if told.learn_of_periods(client, (true, true)).await? {
        told = told.fetch_again(&reading, asked).await?;
    }
    let to = LocalTime::from(terms.points_at.date());
    let month = Span::between(to - A_MONTH, to);
    if told.knows_turnovers() {
        control_totals::of_stretch::<Turnover>(&reading, month).await?;
        control_totals::of_base::<Turnover>(&reading, month).await?;
    }
    if told.knows_balances() {
        control_totals::of_base::<PointsBalance>(&reading, month).await?;
    }
    Ok(told)
}

/// Takes the rows out that the settings leave out.
fn left_out(sales: &mut HashMap<CardId, OfCard<SalesRow>>) -> HashMap<CardId, LeftOut> {
    let of_card = |rows: &mut OfCard<SalesRow>| {
        let (left_out, kept) = std::mem::take(&mut rows.rows).into_iter().partition(|row| row.is_ignored);
        rows.rows = kept;
        let left_out: Vec<SalesRow> = left_out;
        let active = left_out.into_iter().filter(|row| row.active);
        LeftOut(active.map(|row| (row.movement.period, row.movement.amount)).collect())
    };
    sales.iter_mut().map(|(card, rows)| (*card, of_card(rows))).collect()
}

/// 1C's own sums of one card, without the rows of it that the settings leave out.
pub async fn control_totals(
    client: &Client,
    reporter: &Reporter,
    card: CardId,
    terms: LiveTerms,
    left_out: &LeftOut,
) -> Result<ControlTotals, Error> {
    let reading = &SetReader { client, reporter };
    let all = control_totals::turnovers_of(reading, Span::ALL, card).await?;
    let window = match (terms.window.from, &all) {
        (Some(from), Some(_)) => control_totals::turnovers_of(reading, Span::since(from), card).await?,
        _ => all.clone(),
    };
    let balance = control_totals::balance_of(reading, Some(after(terms.points_at)), card).await?;
    Ok(ControlTotals {
        turnover_all: all.and_then(|table| table.of(card)).map(|sum| sum.main - left_out.within(Span::ALL)),
        turnover_window: window
            .and_then(|table| table.of(card))
            .map(|sum| sum.main - left_out.within(terms.window.span())),
        register_balance: balance.and_then(|table| table.of(card)).map(|sum| sum.main),
        ..ControlTotals::default()
    })
}

/// What all rows of a card's points come to by 1C's own balance, those of the future too; `None` where it does not tell.
pub async fn points_of_all(
    client: &Client,
    reporter: &Reporter,
    card: CardId,
) -> Result<Option<PointsSums>, Error> {
    let table = control_totals::balance_of(&SetReader { client, reporter }, None, card).await?;
    Ok(table.and_then(|table| control_totals::points_of(&table, card)))
}

/// Rows of one register by card.
#[derive(Debug)]
struct ByCard<R> {
    cards: HashMap<CardId, OfCard<R>>,
    /// A row could not be read, nor whose it is: it may be anybody's.
    has_nobodys: bool,
}

impl<R> ByCard<R> {
    /// Takes the rows of a card, where there are any.
    fn take(&mut self, card: CardId) -> (OfCard<R>, bool) {
        let rows = self.cards.remove(&card);
        let has_rows = rows.is_some();
        let mut rows = rows.unwrap_or_default();
        rows.rejected |= self.has_nobodys;
        (rows, has_rows)
    }
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

fn by_card<R>(collected: Vec<Collected<R>>, card_of: impl Fn(&R) -> CardId) -> ByCard<R> {
    let mut cards: HashMap<CardId, OfCard<R>> = HashMap::new();
    let mut has_nobodys = false;
    for collected in collected {
        for row in collected.rows.into_values() {
            cards.entry(card_of(&row)).or_default().rows.push(row);
        }
        for row in collected.rejected.into_values() {
            match row.card {
                Some(card) => cards.entry(card).or_default().rejected = true,
                None => has_nobodys = true,
            }
        }
    }
    ByCard { cards, has_nobodys }
}

fn active_and_not(sales: OfCard<SalesRow>) -> (Vec<Movement>, Vec<MovementKey>, bool) {
    let (active, inactive): (Vec<_>, Vec<_>) = sales.rows.into_iter().partition(|row| row.active);
    let movements = active.into_iter().map(|row| row.movement).collect();
    (movements, inactive.into_iter().map(|row| row.movement.key).collect(), sales.rejected)
}

impl SetReader<'_> {
    /// Fails where the keys of a register, of a sample of its rows, are no cards: what a filter by card finds in it then,
    /// nothing, is everybody's.
    async fn refuse_strangers<R: RegisterRow>(&self, set: Set) -> Result<(), Error> {
        let borne = Borne::sampled::<R>(self.client, &PageQuery::of(set)).await?;
        let is_nobodys = if set == Set::Points { borne.is_by_nobody() } else { borne.is_sales_of_nobody() };
        if !is_nobodys || self.bears_cards::<R>(set).await? {
            return Ok(());
        }
        self.client.note_cardless(set);
        Err(self.not_by_card(set, borne.unknown))
    }

    /// Whether a register has a row of any of the first cards of the catalog: a sample of its rows may be of cards that
    /// were deleted, all of them.
    async fn bears_cards<R: RegisterRow>(&self, set: Set) -> Result<bool, Error> {
        let room = self.client.room::<R>(&PageQuery::of(set));
        let first = PageQuery::of(Set::Cards).top(Top::Rows(u32::try_from(room).unwrap_or(1)));
        let cards = self.client.page::<ThinObject>(&first).await?;
        let cards: Vec<CardId> = cards.rows.iter().map(|card| CardId(card.key)).collect();
        if cards.is_empty() {
            return Ok(false);
        }
        match self.client.count(set, &Filter::none().of_cards(cards)).await {
            Err(error) if error.is_filter_refused() => Ok(false),
            counted => Ok(counted? > 0),
        }
    }

    fn not_by_card(&self, set: Set, rows: u64) -> Error {
        Error::NotByCard { name: self.client.name_of(set), rows }
    }

    /// All rows of these cards over all time, inactive ones too, in as few requests as addresses allow;
    /// where 1C cannot filter, as is said.
    async fn rows_of<R: RegisterRow>(
        &self,
        set: Set,
        RowsAsked { cards, listed, unfilterable }: RowsAsked<'_>,
    ) -> Result<Vec<Collected<R>>, Error> {
        let query = PageQuery::of(set).order(Order::Period);
        if self.client.is_cardless(set) {
            return Err(self.not_by_card(set, 0));
        }
        let mut collected = Vec::new();
        let mut left = cards;
        while !left.is_empty() {
            let (batch, others) = left.split_at(self.client.room::<R>(&query).clamp(1, left.len()));
            let filter = Filter::none().of_cards(batch);
            let rows = match self.counted::<R>(&query.clone().filter(filter.clone())).await {
                Err(Error::Odata(error))
                    if error.is_filter_refused() && unfilterable == Unfilterable::ReadAll =>
                {
                    None
                }
                Err(Error::Odata(error)) if self.client.takes_fewer::<R>(&error, batch.len(), &query) => {
                    continue;
                }
                rows => Some(rows?),
            };
            let Some(rows) = self.unless_missed(set, rows, &filter).await? else {
                return match unfilterable {
                    Unfilterable::Fail => Err(self.client.cannot_filter(set, &filter).into()),
                    Unfilterable::ReadAll => {
                        let rows = self.unfiltered::<R>(set).await?;
                        self.look_for_bearers(set, &rows, listed).await?;
                        Ok(vec![rows])
                    }
                };
            };
            self.look_for_bearers(set, &rows, listed).await?;
            collected.push(rows);
            left = others;
        }
        Ok(collected)
    }

    /// What a filter by card found, unless it does not find rows that are there.
    async fn unless_missed<R: RegisterRow>(
        &self,
        set: Set,
        rows: Option<Collected<R>>,
        filter: &Filter,
    ) -> Result<Option<Collected<R>>, Error> {
        let Some(rows) = rows else { return Ok(None) };
        if rows.received() > 0 || !self.client.is_nobody_doubtful(set) {
            return Ok(Some(rows));
        }
        Ok(self.client.finds::<R>(set, filter).await?.then_some(rows))
    }

    /// Once in a run it is a reason to look whether the register is kept by card at all that no card of the catalog has
    /// rows, however they were looked for.
    async fn look_for_bearers<R: RegisterRow>(
        &self,
        set: Set,
        rows: &Collected<R>,
        listed: &HashSet<CardId>,
    ) -> Result<(), Error> {
        let is_borne =
            rows.rows.values().any(|row| self.client.card_of(row).is_some_and(|card| listed.contains(&card)));
        if is_borne || !self.client.is_nobody_doubtful(set) {
            return Ok(());
        }
        self.refuse_strangers::<R>(set).await?;
        self.client.note_nobody_looked_at(set);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::{RejectedRow, RowFault, RowMark};

    fn rejected(number: u128, card: Option<CardId>) -> (RowMark, RejectedRow) {
        let mark = RowMark { object: uuid::Uuid::from_u128(number), recorder_type: 0, line: 1 };
        let (key, field, fault) = (String::new(), String::new(), RowFault::NotWhole);
        (mark, RejectedRow { mark, key, card, recorder_type: None, field, fault })
    }

    #[test]
    fn a_row_that_cannot_be_read_is_its_card_s_or_else_everybody_s() {
        let [card, other] = [1, 2].map(|number| CardId(uuid::Uuid::from_u128(number)));
        for (rows, of_both) in [
            (vec![rejected(1, Some(card))], (true, false)),
            (vec![rejected(1, None)], (true, true)),
            (vec![rejected(1, Some(card)), rejected(2, None)], (true, true)),
            (vec![], (false, false)),
        ] {
            let collected = Collected { rejected: rows.into_iter().collect(), ..Collected::<CardId>::new() };
            let mut rows = by_card(vec![Collected::new(), collected], |card| *card);
            assert_eq!((rows.take(card).0.rejected, rows.take(other).0.rejected), of_both);
        }
    }
}
