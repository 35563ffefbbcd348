//! Building the next generation aside.

use chrono::{DateTime, Utc};

use super::{Changes, Counts, Error, Product, Publication, Published};
use crate::domain::{BonusRow, CardId, Customer, Movement, StoredFigures};

/// The next generation while it is read. Dropped without publishing, it leaves nothing visible.
#[derive(Debug)]
pub struct Staging {}

/// What a card that was not read brings from the generation before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// When its rows were read from 1C.
    pub read_at: DateTime<Utc>,
    /// Its figures then.
    pub figures: StoredFigures,
}

/// The staged rows of one card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Movements, by key.
    pub movements: Vec<Movement>,
    /// Bonus rows, by key.
    pub bonus: Vec<BonusRow>,
    /// Set where the card was not read by this sync but carried over.
    pub carried: Option<Carried>,
}

impl Staging {
    /// Takes customers; a card taken before is replaced.
    pub fn put_customers(&mut self, customers: &[Customer]) -> Result<(), Error> {
        todo!()
    }

    /// Takes products; one taken before is replaced.
    pub fn put_products(&mut self, products: &[Product]) -> Result<(), Error> {
        todo!()
    }

    /// Takes movements, in any order; one of the same card and key is replaced.
    pub fn put_movements(&mut self, movements: &[Movement]) -> Result<(), Error> {
        todo!()
    }

    /// Takes bonus rows, in any order; one of the same card and key is replaced.
    pub fn put_bonus_rows(&mut self, rows: &[BonusRow]) -> Result<(), Error> {
        todo!()
    }

    /// Drops the staged movements that `unwanted` tells, and says how many: a window that is read again.
    pub fn remove_movements(&mut self, unwanted: impl FnMut(&Movement) -> bool) -> Result<u64, Error> {
        todo!()
    }

    /// Drops the staged bonus rows that `unwanted` tells, and says how many.
    pub fn remove_bonus_rows(&mut self, unwanted: impl FnMut(&BonusRow) -> bool) -> Result<u64, Error> {
        todo!()
    }

    /// Copies the published cards that `keep` tells, with all their rows, their figures and their age; says
    /// how many. Products are copied with them.
    pub fn carry_over(&mut self, keep: impl FnMut(CardId) -> bool) -> Result<u64, Error> {
        todo!()
    }

    /// Shows every card by key with its staged rows; those without a customer are unknown cards.
    pub fn visit(&mut self, visit: impl FnMut(CardId, Option<&Customer>, &Rows)) -> Result<(), Error> {
        todo!()
    }

    /// Merges what was staged, reckons every known card's figures by `figures`, and compares with what is
    /// published.
    pub fn settle(self, figures: impl FnMut(&Customer, &Rows) -> StoredFigures) -> Result<Settled, Error> {
        todo!()
    }
}

/// The next generation, complete: it can be looked at, published or reopened.
#[derive(Debug)]
pub struct Settled {}

impl Settled {
    /// What it holds.
    pub fn counts(&self) -> &Counts {
        todo!()
    }

    /// What publishing it would change.
    pub fn changes(&self) -> &Changes {
        todo!()
    }

    /// Back to staging, with all rows kept: some of it has to be read again.
    pub fn reopen(self) -> Staging {
        todo!()
    }

    /// Makes it the current generation, in one transaction, and records its run.
    pub fn publish(self, publication: Publication) -> Result<Published, Error> {
        todo!()
    }
}
