//! The ledger: what the simulated 1C knows, how it may change, and what it adds up to.
//!
//! Money is kept in whole kopecks, points in hundredths, quantities in thousandths. Rows of a register are kept in the
//! order in which they are served (`Period`, recorder, line), catalogs in the order of their keys, so that a window, a
//! page and a count are found without reading the rest. A change costs one pass over the register it touches.

mod audit;
mod catalog;
mod deeds;
mod documents;
mod register;
mod shift;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

pub use self::audit::{CardEntry, Figures, RowCounts};
pub use self::catalog::{Card, Contact, ContactKind, Owner, Product};
pub(super) use self::catalog::{Catalog, server_order};
use self::documents::DocumentId;
pub(super) use self::documents::Documents;
pub use self::documents::{Document, DocumentKind};
pub(super) use self::register::{Bonus, KeyId, Keys, RecordSet, Register, Row, Sale};
pub use self::register::{BonusLine, Movement, Posted, SaleLine};
use super::generate::Trap;
use super::prng::Prng;

/// Everything the simulated 1C knows.
#[derive(Clone, Debug)]
pub struct Books {
    pub(super) cards: Catalog<Card>,
    pub(super) owners: Catalog<Owner>,
    pub(super) products: Catalog<Product>,
    pub(super) documents: Documents,
    pub(super) sales: Register<Sale>,
    pub(super) bonuses: Register<Bonus>,
    pub(super) keys: Keys,
    pub(super) reference: Uuid,
    pub(super) traps: BTreeMap<Trap, Uuid>,
    new_keys: Prng,
}

impl Books {
    /// Books with nothing in them.
    pub(super) fn empty(seed: u64) -> Self {
        Self {
            cards: Catalog::default(),
            owners: Catalog::default(),
            products: Catalog::default(),
            documents: Documents::default(),
            sales: Register::default(),
            bonuses: Register::default(),
            keys: Keys::default(),
            reference: Uuid::nil(),
            traps: BTreeMap::new(),
            new_keys: Prng::stream(seed, "keys of what is added later"),
        }
    }

    /// The card of the reference customer.
    pub const fn reference(&self) -> Uuid {
        self.reference
    }

    /// The card that carries a trap; none where there were too few customers for all of them.
    pub fn trap(&self, trap: Trap) -> Option<Uuid> {
        self.traps.get(&trap).copied()
    }

    /// One card.
    pub fn card(&self, key: Uuid) -> Option<&Card> {
        self.cards.get(key)
    }

    /// One counterparty.
    pub fn owner(&self, key: Uuid) -> Option<&Owner> {
        self.owners.get(key)
    }

    /// One product or folder of products.
    pub fn product(&self, key: Uuid) -> Option<&Product> {
        self.products.get(key)
    }

    /// One document.
    pub fn document(&self, key: Uuid) -> Option<&Document> {
        self.documents.id(key).map(|id| self.documents.get(id))
    }

    /// All documents, in the order they were made.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter()
    }

    /// A key nobody has yet.
    pub fn new_key(&mut self) -> Uuid {
        self.new_keys.guid()
    }

    /// Adds a card, or replaces the one of the same key.
    pub fn add_card(&mut self, card: Card) {
        self.cards.put(card);
    }

    /// Adds a counterparty, or replaces the one of the same key.
    pub fn add_owner(&mut self, owner: Owner) {
        self.owners.put(owner);
    }

    /// Deletes a card for good, without a trace; its rows in the registers stay. False if there was none.
    pub fn remove_card(&mut self, key: Uuid) -> bool {
        self.cards.remove(key)
    }

    /// Writes a card: its fields change, its version counts on. False if there is none.
    pub fn change_card(&mut self, key: Uuid, change: impl FnOnce(&mut Card)) -> bool {
        self.cards.change(key, change)
    }

    /// Writes a counterparty. False if there is none.
    pub fn change_owner(&mut self, key: Uuid, change: impl FnOnce(&mut Owner)) -> bool {
        self.owners.change(key, change)
    }

    /// Writes a product. False if there is none.
    pub fn change_product(&mut self, key: Uuid, change: impl FnOnce(&mut Product)) -> bool {
        self.products.change(key, change)
    }

    /// Makes and posts a document with these rows; line numbers count from one in each register.
    pub fn post(
        &mut self,
        kind: DocumentKind,
        date: NaiveDateTime,
        sales: Vec<SaleLine>,
        bonuses: Vec<BonusLine>,
    ) -> Uuid {
        let key = self.new_key();
        self.documents.add(key, kind, date);
        self.repost(key, sales, bonuses);
        key
    }

    /// Posts a document again: all its rows are replaced. False if there is no such document.
    pub fn repost(&mut self, document: Uuid, sales: Vec<SaleLine>, bonuses: Vec<BonusLine>) -> bool {
        let Some(id) = self.documents.id(document) else { return false };
        self.record(id, sales, bonuses);
        true
    }

    fn record(&mut self, id: DocumentId, sales: Vec<SaleLine>, bonuses: Vec<BonusLine>) {
        let amount = sales.iter().fold(0, |sum: i64, line| sum.saturating_add(line.amount));
        let card = sales.first().map_or(Uuid::nil(), |line| line.card);
        self.documents.write(id, |header| header.posted = true);
        self.documents.sum_up(id, amount, card);
        let sales = (1..).zip(sales).map(|(line, row)| self.keys.pack_sale(id, line, &row)).collect();
        let bonuses = (1..).zip(bonuses).map(|(line, row)| self.keys.pack_bonus(id, line, &row)).collect();
        self.sales.replace(&self.documents, id, sales);
        self.bonuses.replace(&self.documents, id, bonuses);
    }

    /// Takes a document's rows out of the registers; the document stays, not posted. False if there is none.
    pub fn unpost(&mut self, document: Uuid) -> bool {
        let Some(id) = self.documents.id(document) else { return false };
        self.documents.write(id, |header| header.posted = false);
        self.sales.replace(&self.documents, id, Vec::new());
        self.bonuses.replace(&self.documents, id, Vec::new());
        true
    }

    /// Closes a shift: the sales of these documents move to one new retail report, all at its moment, and the
    /// documents stay without sales. Amounts do not change; bonus rows stay where they are.
    pub fn close_shift(&mut self, receipts: &[Uuid], at: NaiveDateTime) -> Uuid {
        let mut moved = Vec::new();
        for receipt in receipts {
            let Some(id) = self.documents.id(*receipt) else { continue };
            moved.extend(
                self.sales
                    .of(id)
                    .into_iter()
                    .map(|row| SaleLine { period: at, ..self.keys.unpack_sale(row) }),
            );
            self.sales.replace(&self.documents, id, Vec::new());
            self.documents.write(id, |_| ());
        }
        self.post(DocumentKind::RetailReport, at, moved, Vec::new())
    }

    /// Changes one row of the sales register where it stands. False if there is none.
    pub fn change_sale(&mut self, recorder: Uuid, line: u32, change: impl FnOnce(&mut SaleLine)) -> bool {
        let Some(id) = self.documents.id(recorder) else { return false };
        let Some(row) = self.sales.find(id, line) else { return false };
        let mut unpacked = self.keys.unpack_sale(row);
        change(&mut unpacked);
        let packed = self.keys.pack_sale(id, line, &unpacked);
        self.sales.put(&self.documents, packed);
        true
    }

    /// Changes one row of the bonus register where it stands. False if there is none.
    pub fn change_bonus(&mut self, recorder: Uuid, line: u32, change: impl FnOnce(&mut BonusLine)) -> bool {
        let Some(id) = self.documents.id(recorder) else { return false };
        let Some(row) = self.bonuses.find(id, line) else { return false };
        let mut unpacked = self.keys.unpack_bonus(row);
        change(&mut unpacked);
        let packed = self.keys.pack_bonus(id, line, &unpacked);
        self.bonuses.put(&self.documents, packed);
        true
    }

    /// Deletes one row of the sales register; the other lines keep their numbers. False if there is none.
    pub fn delete_sale(&mut self, recorder: Uuid, line: u32) -> bool {
        self.documents.id(recorder).is_some_and(|id| self.sales.remove(id, line))
    }

    /// Deletes one row of the bonus register. False if there is none.
    pub fn delete_bonus(&mut self, recorder: Uuid, line: u32) -> bool {
        self.documents.id(recorder).is_some_and(|id| self.bonuses.remove(id, line))
    }
}

#[cfg(test)]
mod tests;
