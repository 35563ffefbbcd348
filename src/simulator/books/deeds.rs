//! What people do to books that a client must not be fooled by: documents entered anew under another type, sales
//! recorded twice, twins of one GUID, registers kept by something else than the card.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDateTime};
use uuid::Uuid;

use super::super::faults::{Draw, FaultKind, Faults};
use super::super::prng::Prng;
use super::{BonusLine, Books, DocumentKind, Posted, SaleLine};

/// Beyond what any client's sum of kopecks holds once there are two of them.
const HUGE: i64 = i64::MAX / 2 + 1;

/// How far ahead future documents are dated, in days.
const YEARS_AHEAD: u64 = 3 * 365;

impl Books {
    /// Enters a document anew under another type: the old one stays, not posted, and a new one records the same rows.
    /// The new document's key is returned; none if there is no such document, or it records nothing.
    pub fn reenter(&mut self, document: Uuid, kind: DocumentKind) -> Option<Uuid> {
        let date = self.document(document)?.date;
        let (sales, bonuses) = self.recorded(document);
        if sales.is_empty() && bonuses.is_empty() {
            return None;
        }
        self.unpost(document);
        Some(self.post(kind, date, sales, bonuses))
    }

    /// Makes and posts a document of another type under the GUID of this one, with the same rows. False if there is no
    /// such document, or its twin is there already.
    pub fn add_twin(&mut self, document: Uuid, kind: DocumentKind) -> bool {
        let Some(date) = self.document(document).map(|header| header.date) else { return false };
        if self.documents.id_of(document, kind).is_some() {
            return false;
        }
        let (sales, bonuses) = self.recorded(document);
        let id = self.documents.add(document, kind, date);
        self.record(id, sales, bonuses);
        true
    }

    /// Records the sales of a document once more, in a report of the shift at this moment. None if it has none.
    pub fn repeat_in_report(&mut self, document: Uuid, at: NaiveDateTime) -> Option<Uuid> {
        let sales = self.recorded(document).0;
        let again: Vec<SaleLine> = sales.into_iter().map(|line| SaleLine { period: at, ..line }).collect();
        (!again.is_empty()).then(|| self.post(DocumentKind::RetailReport, at, again, Vec::new()))
    }

    /// Keeps the points register by owners: every row bears the key of the card's owner where it bore the card's.
    pub fn keep_points_by_owner(&mut self) {
        let recorders: BTreeSet<Uuid> = self.bonuses().map(|row| row.recorder).collect();
        for recorder in recorders {
            let (sales, bonuses) = self.recorded(recorder);
            let owner_of = |card| self.card(card).map_or(card, |card| card.owner);
            let bonuses =
                bonuses.into_iter().map(|row| BonusLine { card: owner_of(row.card), ..row }).collect();
            self.repost(recorder, sales, bonuses);
        }
    }

    /// What a document records in both registers, by line.
    fn recorded(&self, document: Uuid) -> (Vec<SaleLine>, Vec<BonusLine>) {
        let Some(id) = self.documents.id(document) else { return Default::default() };
        let sales = self.sales.of(id).into_iter().map(|row| self.keys.unpack_sale(row)).collect();
        let bonuses = self.bonuses.of(id).into_iter().map(|row| self.keys.unpack_bonus(row)).collect();
        (sales, bonuses)
    }

    /// The documents of one kind that record sales, in the order of their oldest rows.
    fn recorders(&self, kind: DocumentKind) -> Vec<Uuid> {
        let mut seen = BTreeSet::new();
        let rows = self.sales().filter(|row: &Posted<SaleLine>| row.kind == kind);
        rows.map(|row| row.recorder).filter(|recorder| seen.insert(*recorder)).collect()
    }

    /// Enters one document of opening balances anew under another type.
    pub(in super::super) fn reenter_an_opening(&mut self, chance: u64) {
        const OTHER: [DocumentKind; 4] = [
            DocumentKind::RegisterCorrection,
            DocumentKind::SalesCorrection,
            DocumentKind::StockOpening,
            DocumentKind::RetailReport,
        ];
        let mut chance = Prng::new(chance);
        let openings = self.recorders(DocumentKind::OpeningBalances);
        if let Some(opening) = openings.get(chance.index(openings.len())) {
            self.reenter(*opening, *chance.pick(&OTHER));
        }
    }

    /// Lets the faults that are set in the books have happened.
    pub(in super::super) fn suffer(&mut self, faults: &Faults, seed: u64) {
        let struck = |books: &Self, kind, of| {
            let hit = |key: &Uuid| faults.fires(kind, Draw::of_thing(seed, key.as_bytes()));
            books.recorders(of).into_iter().filter(hit).collect::<Vec<Uuid>>()
        };
        for opening in struck(self, FaultKind::OpeningCorrections, DocumentKind::OpeningBalances) {
            self.reenter(opening, DocumentKind::RegisterCorrection);
        }
        for receipt in struck(self, FaultKind::TwinRows, DocumentKind::Receipt) {
            self.add_twin(receipt, DocumentKind::ReceiptReturn);
        }
        for receipt in struck(self, FaultKind::DoubledSales, DocumentKind::Receipt) {
            let closed = self.document(receipt).map(|header| header.date.date().and_hms_opt(23, 0, 0));
            self.repeat_in_report(receipt, closed.flatten().unwrap_or_default());
        }
        for receipt in struck(self, FaultKind::FutureRows, DocumentKind::Receipt) {
            let (sales, bonuses) = self.recorded(receipt);
            let later = |line: SaleLine| SaleLine { period: line.period + Days::new(YEARS_AHEAD), ..line };
            self.repost(receipt, sales.into_iter().map(later).collect(), bonuses);
        }
        for receipt in struck(self, FaultKind::HugeSums, DocumentKind::Receipt) {
            let (mut sales, bonuses) = self.recorded(receipt);
            let line = sales.first().map(|line| SaleLine { amount: HUGE, ..line.clone() });
            sales.extend(line.iter().cloned().chain(line.clone()));
            self.repost(receipt, sales, bonuses);
        }
        if faults.fires(FaultKind::PointsByOwner, Draw::of_thing(seed, b"points")) {
            self.keep_points_by_owner();
        }
    }
}

#[cfg(test)]
mod tests;
