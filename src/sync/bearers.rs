//! Whose rows a register has: where its keys are no cards, what is asked for by card is everybody's false zero.

use std::collections::BTreeSet;

use crate::domain::{Card, CardId, Finding};
use crate::odata::{self, Client, FromRow, MAX_KEYS, Page, PageQuery, Set, Top};
use crate::sync::Error;

/// Rows by which a register is judged.
const SAMPLE: u32 = 20;

/// How often a sample is asked for of a server that sends none of the rows it counts.
const ATTEMPTS: u32 = 3;

/// Fewer sales without a card of the catalog may be accidents of a new shop.
const FEW_SALES: u64 = 10;

/// Fewer cards that are in no catalog were deleted.
const FEW_CARDS: u64 = 10;
/// One in so many is many.
const MANY_CARDS: u64 = 4;

/// Whether a catalog lacks so many of those that are named that nobody deleted them by and by.
pub(super) fn are_many(lacking: u64, of: u64) -> bool {
    lacking >= FEW_CARDS && lacking * MANY_CARDS >= of
}

/// Rows of a register that bear a card, by whether the catalog has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Borne {
    /// Rows of cards that the catalog has.
    pub known: u64,
    /// Rows of something else.
    pub unknown: u64,
    /// Cards of the catalog that have rows.
    pub known_cards: u64,
    /// Keys of something else.
    pub unknown_cards: u64,
}

impl Borne {
    /// Of the first rows of a query.
    pub(super) async fn sampled<R: FromRow>(client: &Client, query: &PageQuery) -> Result<Self, Error> {
        let sample = sample::<R>(client, &query.clone().top(Top::Rows(SAMPLE))).await?;
        Ok(Self::of(client, &sample).await?)
    }

    /// Of a sample: 1C is asked for the cards. That one of them is known is enough to know.
    pub async fn of<R: FromRow>(client: &Client, sample: &Page<R>) -> Result<Self, odata::Error> {
        let cards: Vec<CardId> = sample.rows.iter().filter_map(|row| client.card_of(row)).collect();
        let keys: BTreeSet<_> = cards.iter().map(|card| card.0).collect();
        let keys: Vec<_> = keys.into_iter().take(MAX_KEYS).collect();
        let known = client.by_keys::<Card>(Set::Cards, &keys).await?.rows.len() as u64;
        Ok(Self { known, unknown: cards.len() as u64, ..Self::default() })
    }

    pub(super) fn add(&mut self, card: CardId, is_known: bool, rows: usize) {
        if card.is_empty() || rows == 0 {
            return;
        }
        let (of_rows, of_cards) = if is_known {
            (&mut self.known, &mut self.known_cards)
        } else {
            (&mut self.unknown, &mut self.unknown_cards)
        };
        *of_rows += rows as u64;
        *of_cards += 1;
    }

    /// Whether the catalog lacks so many that nobody deleted them by and by: they are not shown, or it is another one.
    pub(super) fn unlisted(self) -> Option<Finding> {
        let (cards, of) = (self.unknown_cards, self.known_cards + self.unknown_cards);
        are_many(cards, of).then_some(Finding::CardsUnlisted { cards, of })
    }

    /// Whether there are rows, and none of a card.
    pub fn is_by_nobody(self) -> bool {
        self.known == 0 && self.unknown > 0
    }

    /// The same of sales, where so many are no accidents.
    pub fn is_sales_of_nobody(self) -> bool {
        self.is_by_nobody() && self.unknown >= FEW_SALES
    }
}

/// The rows of a query that stand for all of theirs. Where none come they are held to the count: a page that came empty
/// by accident would make a set that holds something else, or cannot be read, one that has nothing.
pub async fn sample<R: FromRow>(client: &Client, query: &PageQuery) -> Result<Page<R>, Error> {
    let mut counted = 0;
    for _ in 0..ATTEMPTS {
        let page = client.page::<R>(query).await?;
        if page.received() > 0 {
            return Ok(page);
        }
        counted = client.count(query.set, &query.filter).await?;
        if counted == 0 {
            return Ok(page);
        }
    }
    Err(Error::CountDiffers { what: query.set.name(), counted, received: 0 })
}

/// Whether rows bear cards of the catalog, by register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bearers {
    pub(super) sales: Borne,
    pub(super) points: Borne,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_quarter_of_the_cards_is_no_accident_and_ten_are_many() {
        let found = |known: u128, unknown: u128| {
            let mut borne = Borne::default();
            (1..=known + unknown).for_each(|card| borne.add(CardId(Uuid::from_u128(card)), card <= known, 2));
            // Whose rows name nobody, and who has none, says nothing of the catalog.
            borne.add(CardId::EMPTY, false, 9);
            borne.add(CardId(Uuid::from_u128(9_999)), false, 0);
            borne.unlisted()
        };
        assert_eq!(found(27, 9), None, "few");
        assert_eq!(found(31, 10), None, "a part");
        assert_eq!(found(30, 10), Some(Finding::CardsUnlisted { cards: 10, of: 40 }));
        assert_eq!(found(0, 0), None);
    }
}
