//! The ledger's own sums, worked out plainly from all its rows: what any other reckoning must agree with.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::{BonusLine, Books, DocumentKind, Posted, SaleLine};

/// What one card comes to. Money in kopecks, points in hundredths of a point; a sum stops at the largest number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Opening balances, whatever their period.
    pub opening: i64,
    /// Purchases from the window's start on, the future included.
    pub purchases_in_window: i64,
    /// Purchases before the window.
    pub before_window: i64,
    /// How many lines the purchases in the window are.
    pub purchase_lines: usize,
    /// `КСписанию` of the active bonus row with the greatest period, then recorder, then line.
    pub points_last_record: i64,
    /// What active bonus rows up to now add up to: accrued less to burn, receipts less expenses.
    pub points_balance: i64,
}

/// One card, as lists of cards show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardEntry {
    /// `Ref_Key`.
    pub key: Uuid,
    /// `Code`.
    pub code: String,
    /// `КодКартыШтрихкод`.
    pub phone: String,
    /// The counterparty; nil for none.
    pub owner: Uuid,
}

/// How much there is of everything, folders and inactive rows included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Cards.
    pub cards: usize,
    /// Counterparties.
    pub owners: usize,
    /// Products.
    pub products: usize,
    /// Documents.
    pub documents: usize,
    /// Rows of the sales register.
    pub sales: usize,
    /// Rows of the bonus register.
    pub bonuses: usize,
}

impl Books {
    /// All rows of the sales register, in the order served.
    pub fn sales(&self) -> impl Iterator<Item = Posted<SaleLine>> {
        self.sales.rows().iter().map(|row| {
            let header = self.documents.get(row.recorder);
            let (recorder, kind) = (header.key, header.kind);
            Posted { recorder, kind, line: row.line, row: self.keys.unpack_sale(row) }
        })
    }

    /// All rows of the bonus register, in the order served.
    pub fn bonuses(&self) -> impl Iterator<Item = Posted<BonusLine>> {
        self.bonuses.rows().iter().map(|row| {
            let header = self.documents.get(row.recorder);
            let (recorder, kind) = (header.key, header.kind);
            Posted { recorder, kind, line: row.line, row: self.keys.unpack_bonus(row) }
        })
    }

    /// The figures of one card, read from every row there is.
    pub fn figures(&self, card: Uuid, window_from: NaiveDateTime, now: NaiveDateTime) -> Figures {
        let mut figures = Figures::default();
        for sale in self.sales().filter(|sale| sale.row.card == card) {
            figures.take_sale(&sale, window_from);
        }
        let mut last = None;
        for bonus in self.bonuses().filter(|bonus| bonus.row.card == card) {
            figures.take_bonus(&bonus, now, &mut last);
        }
        figures
    }

    /// The figures of every card any row mentions, in one pass.
    pub fn all_figures(&self, window_from: NaiveDateTime, now: NaiveDateTime) -> BTreeMap<Uuid, Figures> {
        let mut all: BTreeMap<Uuid, (Figures, Option<Place>)> = BTreeMap::new();
        for sale in self.sales() {
            all.entry(sale.row.card).or_default().0.take_sale(&sale, window_from);
        }
        for bonus in self.bonuses() {
            let (figures, last) = all.entry(bonus.row.card).or_default();
            figures.take_bonus(&bonus, now, last);
        }
        all.into_iter().map(|(card, (figures, _))| (card, figures)).collect()
    }

    /// All cards, in the order served.
    pub fn card_list(&self) -> Vec<CardEntry> {
        let entry = |card: &super::Card| CardEntry {
            key: card.key,
            code: card.code.clone(),
            phone: card.phone.clone(),
            owner: card.owner,
        };
        self.cards.items().iter().map(entry).collect()
    }

    /// How much there is of everything.
    pub fn counts(&self) -> RowCounts {
        RowCounts {
            cards: self.cards.items().len(),
            owners: self.owners.items().len(),
            products: self.products.items().len(),
            documents: self.documents.iter().count(),
            sales: self.sales.rows().len(),
            bonuses: self.bonuses.rows().len(),
        }
    }
}

/// Where a bonus row stands among those of its card.
type Place = (NaiveDateTime, Uuid, u32);

impl Figures {
    fn take_sale(&mut self, sale: &Posted<SaleLine>, window_from: NaiveDateTime) {
        if !sale.row.active {
            return;
        }
        if sale.kind == DocumentKind::OpeningBalances {
            self.opening = self.opening.saturating_add(sale.row.amount);
        } else if sale.row.period < window_from {
            self.before_window = self.before_window.saturating_add(sale.row.amount);
        } else {
            self.purchases_in_window = self.purchases_in_window.saturating_add(sale.row.amount);
            self.purchase_lines += 1;
        }
    }

    fn take_bonus(&mut self, bonus: &Posted<BonusLine>, now: NaiveDateTime, last: &mut Option<Place>) {
        let row = &bonus.row;
        if !row.active {
            return;
        }
        if row.period <= now {
            self.points_balance += row.movement.sign() * (row.accrued - row.to_burn);
        }
        let place = (row.period, bonus.recorder, bonus.line);
        if last.is_none_or(|greatest| place > greatest) {
            *last = Some(place);
            self.points_last_record = row.to_burn;
        }
    }
}
