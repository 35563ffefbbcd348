//! Life going on while somebody reads: small changes drawn by chance.

use chrono::{NaiveDateTime, TimeDelta};
use uuid::Uuid;

use super::super::prng::Prng;
use super::{Books, Card, DocumentKind, SaleLine};

impl Books {
    /// Makes one small change. The reference customer's card, rows and documents never change.
    pub(in super::super) fn shift(&mut self, chance: u64, now: NaiveDateTime) {
        let mut chance = Prng::new(chance);
        match chance.below(8) {
            0 => self.sell_something(&mut chance, now),
            1 => self.with_receipt(&mut chance, |books, receipt| {
                books.unpost(receipt);
            }),
            2 => self.with_receipt(&mut chance, |books, receipt| {
                books.close_shift(&[receipt], now);
            }),
            3 => self.with_sale(&mut chance, |line| line.amount += 100),
            4 => self.with_sale(&mut chance, |line| line.active = !line.active),
            5 => self.with_sale(&mut chance, |line| line.period -= TimeDelta::days(1)),
            6 => self.take_in_card(&mut chance),
            _ => self.lose_card(&mut chance),
        }
    }

    fn any_card(&self, chance: &mut Prng) -> Option<Card> {
        let cards = self.cards.items();
        let card = cards.get(chance.index(cards.len()));
        card.filter(|card| card.key != self.reference).cloned()
    }

    /// A row of the sales register that is not the reference customer's: its recorder and line.
    fn any_sale(&self, chance: &mut Prng) -> Option<(Uuid, DocumentKind, u32)> {
        let rows = self.sales.rows();
        let row = rows.get(chance.index(rows.len()))?;
        let header = self.documents.get(row.recorder);
        let spared = self.keys.get(row.body.card) == self.reference;
        (!spared).then_some((header.key, header.kind, row.line))
    }

    fn sell_something(&mut self, chance: &mut Prng, now: NaiveDateTime) {
        let Some(card) = self.any_card(chance) else { return };
        let amount = chance.between(100, 1_000_000);
        let (product, discount) = (Uuid::nil(), 0);
        let line = SaleLine {
            period: now,
            active: true,
            card: card.key,
            owner: card.owner,
            product,
            quantity: 1000,
            amount,
            discount,
        };
        self.post(DocumentKind::Receipt, now, vec![line], Vec::new());
    }

    fn with_receipt(&mut self, chance: &mut Prng, act: impl FnOnce(&mut Self, Uuid)) {
        // Receipts hold one customer's lines; a report might hold the reference customer's as well.
        if let Some((recorder, DocumentKind::Receipt, _)) = self.any_sale(chance) {
            act(self, recorder);
        }
    }

    fn with_sale(&mut self, chance: &mut Prng, edit: impl FnOnce(&mut SaleLine)) {
        if let Some((recorder, _, line)) = self.any_sale(chance) {
            self.change_sale(recorder, line, edit);
        }
    }

    fn take_in_card(&mut self, chance: &mut Prng) {
        let Some(pattern) = self.any_card(chance) else { return };
        let key = self.new_key();
        let code = format!("{:09}", 500_000_000 + chance.below(400_000_000));
        self.add_card(Card { key, code, version: 0, ..pattern });
    }

    fn lose_card(&mut self, chance: &mut Prng) {
        let gone = self.any_card(chance).filter(|_| self.cards.items().len() > 2);
        if let Some(card) = gone {
            self.remove_card(card.key);
        }
    }
}
