//! Finding customers in the store.

use std::time::{Duration, Instant};

use crate::domain::{Amount, CardId, Customer, Points, PointsRule, Verdict, phone};
use crate::search::{Entry, Field, Index, IndexBuilder};
use crate::store::{Error, Snapshot};

/// Whom somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best, at most as many as asked for.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: usize,
    /// How long it took.
    pub took: Duration,
    /// What the query was read as, where the keyboard layout had to be corrected.
    pub read_as: Option<String>,
}

/// One found customer, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who.
    pub customer: Customer,
    /// Opening balance + purchases, roubles; `None` for a card without figures.
    pub total: Option<Amount>,
    /// By the rule of the generation; `None` where 1C does not publish points.
    pub points: Option<Points>,
    /// Of the last sync.
    pub verdict: Verdict,
    /// The fields the query was found in.
    pub matched: Vec<Field>,
}

/// The index over all customers of a snapshot, if they are those that were published.
pub(super) fn index(snapshot: &Snapshot) -> Result<Index, Error> {
    snapshot.verify_lists()?;
    let mut builder = IndexBuilder::default();
    for customer in snapshot.customers()? {
        builder.push(Entry::from(&customer?));
    }
    Ok(builder.finish())
}

/// The customers a query finds, with what lists show of them. A limit of 0 is none.
pub(super) fn found(snapshot: &Snapshot, index: &Index, query: &str, limit: usize) -> Result<Found, Error> {
    let started = Instant::now();
    let hits = index.search(query, if limit == 0 { usize::MAX } else { limit });
    let took = started.elapsed();
    let rule = snapshot.generation().filter(|generation| generation.points_at.is_some());
    let rule = rule.map(|generation| generation.rule);
    let mut rows = Vec::with_capacity(hits.hits.len());
    for hit in hits.hits {
        rows.extend(row(snapshot, hit.card, hit.matched, rule)?);
    }
    Ok(Found { rows, total: hits.total, took, read_as: hits.read_as })
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
            return Ok((hits.hits.into_iter().map(|hit| hit.card).collect(), hits.total));
        }
    };
    let total = cards.len();
    Ok((cards.into_iter().take(most).collect(), total))
}

fn row(
    snapshot: &Snapshot,
    card: CardId,
    matched: Vec<Field>,
    rule: Option<PointsRule>,
) -> Result<Option<Row>, Error> {
    let Some(customer) = snapshot.customer(card)? else { return Ok(None) };
    let figures = snapshot.figures(card)?;
    Ok(Some(Row {
        customer,
        total: figures.map(|figures| figures.own.total()),
        points: figures.zip(rule).map(|(figures, rule)| figures.own.points.by(rule)),
        verdict: figures.map(|figures| figures.verdict).unwrap_or_default(),
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
