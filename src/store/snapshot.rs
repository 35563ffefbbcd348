//! Reading what is published.

use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use super::{Base, Error, Generation, Product, UnknownCard};
use crate::domain::reconcile::StoredSide;
use crate::domain::{BonusRow, CardId, Customer, Movement, ProductId, StoredFigures};

/// One generation as it was published, whatever is published meanwhile.
///
/// It holds a read transaction, and while one is held no page of the file can be used again: take it for
/// one query and drop it. It cannot be sent to another thread, so that no task keeps it across an await.
#[derive(Debug)]
pub struct Snapshot {
    not_send: PhantomData<*const ()>,
}

/// All customers, by key.
pub struct Customers<'a>(PhantomData<&'a ()>);

impl Iterator for Customers<'_> {
    type Item = Result<Customer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        todo!()
    }
}

/// The figures of all cards, by key.
pub struct AllFigures<'a>(PhantomData<&'a ()>);

impl Iterator for AllFigures<'_> {
    type Item = Result<(CardId, StoredFigures), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        todo!()
    }
}

impl Snapshot {
    /// The manifest; `None` before the first sync.
    pub fn generation(&self) -> Option<&Generation> {
        todo!()
    }

    /// The base the store came from; `None` before the first sync.
    pub fn base(&self) -> Option<&Base> {
        todo!()
    }

    /// One customer.
    pub fn customer(&self, card: CardId) -> Result<Option<Customer>, Error> {
        todo!()
    }

    /// All customers, by key.
    pub fn customers(&self) -> Result<Customers<'_>, Error> {
        todo!()
    }

    /// The figures of one card.
    pub fn figures(&self, card: CardId) -> Result<Option<StoredFigures>, Error> {
        todo!()
    }

    /// The figures of all cards, by key.
    pub fn all_figures(&self) -> Result<AllFigures<'_>, Error> {
        todo!()
    }

    /// The movements of a card, known or not, by key.
    pub fn movements(&self, card: CardId) -> Result<Vec<Movement>, Error> {
        todo!()
    }

    /// The bonus rows of a card, known or not, by key.
    pub fn bonus_rows(&self, card: CardId) -> Result<Vec<BonusRow>, Error> {
        todo!()
    }

    /// One card with all that is compared; `None` where the card or its figures are not stored.
    pub fn stored_side(&self, card: CardId) -> Result<Option<StoredSide>, Error> {
        todo!()
    }

    /// Those of the products asked for that are known.
    pub fn products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, Error> {
        todo!()
    }

    /// When a card's rows were read from 1C: earlier than the generation where it was carried over.
    pub fn read_at(&self, card: CardId) -> Result<Option<DateTime<Utc>>, Error> {
        todo!()
    }

    /// Cards that movements name and the catalog lacks, by key.
    pub fn unknown_cards(&self) -> Result<Vec<UnknownCard>, Error> {
        todo!()
    }
}
