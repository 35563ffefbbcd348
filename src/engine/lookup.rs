//! Finding customers in the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::list::{CityCount, Column, Gathered, Request, SortSheet};
use super::truth::ComparedAt;
use crate::domain::reconcile::latest::{CardChoice, Judgement};
use crate::domain::reconcile::{Terms, TotalVariance};
use crate::domain::{Amount, CardId, Customer, CustomerField, Points, Settings, Verdict, phone};
use crate::search::{Index, IndexBuilder, Reading, SearchEntry, Selection};
use crate::store::{Error, Snapshot};

/// Whom somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// The cards of a phone; the last ten digits are compared.
    Phone(String),
    /// The card of this code, else of this bar code.
    Card(String),
    /// What the search finds.
    Query(String),
    /// The card with this key.
    Key(CardId),
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The part asked for.
    pub rows: Vec<Row>,
    /// Position of the first of them in the whole list.
    pub from: usize,
    /// Position of the card the part was to be taken around; `None` where it is not in the list.
    pub at: Option<usize>,
    /// How long the whole list is.
    pub total: usize,
    /// How many the query finds, filter or not.
    pub matching: usize,
    /// How long it took.
    pub took: Duration,
    /// What the query was read as, where nobody is found by what was typed.
    pub read_as: Option<Reading>,
    /// All towns there are, by name.
    pub cities: Arc<[CityCount]>,
}

/// One found customer, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Who.
    pub customer: Customer,
    /// Opening balance + purchases, roubles; `None` for a card without figures.
    pub total: Option<Amount>,
    /// By the rule of the generation; `None` where 1C does not publish points.
    pub points: Option<Points>,
    /// What the total differs by, by the newest comparison; `None` where 1C's is not known.
    pub variance: Option<TotalVariance>,
    /// By the newest comparison.
    pub verdict: Verdict,
    /// The comparison that says so; `None` for a card without figures.
    pub compared: Option<ComparedAt>,
    /// The fields the query was found in.
    pub matched: Vec<CustomerField>,
}

impl Row {
    /// What the total differs by, purchases before the window aside: they are no variance. Roubles, store minus 1C.
    pub fn variance_shown(&self) -> Option<Amount> {
        self.variance.map(TotalVariance::beside_earlier)
    }

    /// The total as 1C has it, where that is known; else as it is stored. Roubles.
    pub fn total_shown(&self) -> Option<Amount> {
        Some(self.total? - self.variance.unwrap_or_default().all)
    }
}

/// The index over all customers of a snapshot, and what lists of them are sorted and filtered by, if they are
/// those that were published.
pub(super) fn index(snapshot: &Snapshot, today: &Settings) -> Result<(Index, SortSheet), Error> {
    snapshot.verify_lists()?;
    let mut builder = IndexBuilder::default();
    let mut gathered = Gathered::default();
    for customer in snapshot.customers()? {
        let customer = customer?;
        builder.push(&SearchEntry::from(&customer));
        gathered.take(&customer);
    }
    let index = builder.finish();
    let sheet = SortSheet::of(snapshot, &index, gathered, today)?;
    Ok((index, sheet))
}

/// The part of a list asked for, with what lists show of its customers.
pub(super) fn list(
    snapshot: &Snapshot,
    index: &Index,
    sheet: &SortSheet,
    request: &Request,
) -> Result<Found, Error> {
    let started = Instant::now();
    let selection = selected(index, sheet, request);
    let total = selection.total;
    let at = request.part.around.and_then(|card| sheet.record(card));
    let at = at.and_then(|wanted| selection.records.iter().position(|record| *record == wanted));
    let positions = request.part.positions(at, total);
    let from = positions.start;
    let part = selection.records.get(positions).unwrap_or_default();
    let hits = index.hits(part, &selection);
    let took = started.elapsed();
    let mut rows = Vec::with_capacity(hits.len());
    for hit in hits {
        rows.extend(row(snapshot, hit.card, hit.matched, sheet)?);
    }
    let matching = selection.matching;
    Ok(Found { rows, from, at, total, matching, took, read_as: selection.read_as, cities: sheet.cities() })
}

/// All records of the list in its order, as far as the part reaches.
fn selected(index: &Index, sheet: &SortSheet, request: &Request) -> Selection {
    let Request { query, order, filter, part } = request;
    let keeps = sheet.keeps(filter);
    if order.by == Column::Match {
        let reach = part.from.saturating_add(part.limit);
        // The place of a card is known only once all before it are in order.
        let is_whole = part.limit == 0 || part.around.is_some();
        return index.best(query, if is_whole { usize::MAX } else { reach }, &keeps);
    }
    let mut selection = index.all(query, &keeps);
    sheet.sort(&mut selection.records, *order, index);
    selection
}

/// The cards asked for, and how many there are where only `most` of them are named.
pub(super) fn cards(
    snapshot: &Snapshot,
    index: &Index,
    whom: &Whom,
    most: usize,
) -> Result<(Vec<CardId>, usize), Error> {
    let cards = match whom {
        Whom::Key(card) => vec![*card],
        Whom::Phone(phone) => of_phone(snapshot, phone)?,
        Whom::Card(code) => of_code(snapshot, code)?,
        Whom::Query(query) => {
            let hits = index.search(query, most);
            // Nobody is asked about by a guess.
            if hits.read_as.is_some_and(|reading| !reading.by.is_certain()) {
                return Ok((Vec::new(), 0));
            }
            return Ok((hits.hits.into_iter().map(|hit| hit.card).collect(), hits.total));
        }
    };
    let total = cards.len();
    Ok((cards.into_iter().take(most).collect(), total))
}

/// The other cards of a card's owner, in the order of the index.
pub(super) fn others_of(
    snapshot: &Snapshot,
    index: &Index,
    sheet: &SortSheet,
    card: CardId,
) -> Result<Vec<CardId>, Error> {
    let Some(owner) = snapshot.customer(card)?.and_then(|customer| customer.owner) else {
        return Ok(Vec::new());
    };
    let cards = sheet.records_of(owner).filter_map(|record| index.cards().get(record).copied());
    Ok(cards.filter(|other| *other != card).collect())
}

fn row(
    snapshot: &Snapshot,
    card: CardId,
    matched: Vec<CustomerField>,
    sheet: &SortSheet,
) -> Result<Option<Row>, Error> {
    let terms = sheet.terms();
    let Some(customer) = snapshot.customer(card)? else { return Ok(None) };
    let figures = snapshot.figures(card)?;
    let known = terms.zip(figures);
    let points = |(terms, figures): (&Terms, crate::domain::StoredFigures)| {
        terms.points_at.and_then(|_| figures.points(terms.rule))
    };
    let choice = match (sheet.choice(card), known) {
        (Some(choice), _) => Some(*choice),
        (None, Some((terms, figures))) => {
            let at = snapshot.read_at(card)?.unwrap_or_default();
            CardChoice::among([&Judgement::of_sync(&figures, terms, at)])
        }
        (None, None) => None,
    };
    Ok(Some(Row {
        customer,
        total: figures.map(|figures| figures.own.total()),
        points: known.and_then(points),
        variance: choice.and_then(|choice| choice.variance),
        verdict: choice.map(|choice| choice.verdict).unwrap_or_default(),
        compared: choice.map(|choice| ComparedAt { at: choice.at, reach: choice.by }),
        matched,
    }))
}

fn of_phone(snapshot: &Snapshot, wanted: &str) -> Result<Vec<CardId>, Error> {
    let wanted = phone::digits(wanted);
    let is_wanted = |customer: &Customer| {
        let phones = [customer.phone.as_deref().unwrap_or_default(), &customer.barcode];
        phones.into_iter().any(|phone| phone::same_phone(phone, &wanted))
    };
    matching(snapshot, is_wanted)
}

fn of_code(snapshot: &Snapshot, wanted: &str) -> Result<Vec<CardId>, Error> {
    let wanted = wanted.trim();
    let by_code = matching(snapshot, |customer| customer.code == wanted)?;
    if by_code.is_empty() { matching(snapshot, |customer| customer.barcode == wanted) } else { Ok(by_code) }
}

fn matching(snapshot: &Snapshot, wanted: impl Fn(&Customer) -> bool) -> Result<Vec<CardId>, Error> {
    let mut cards = Vec::new();
    for customer in snapshot.customers()? {
        let customer = customer?;
        if wanted(&customer) {
            cards.push(customer.card);
        }
    }
    Ok(cards)
}
