//! Staged rows that lie under two cards.
//!
//! A key is one row's in 1C. Where two cards have it, the row went from one to the other while it was read: a
//! document posted again numbers its lines anew, and no sum of either card need tell.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use chrono::NaiveDate;

use super::differences::{ComparedCards, Stretch};
use crate::domain::{CardId, LocalTime, Movement, MovementKind, Span, fingerprint};
use crate::store::{self, CardRows, Staging};

/// The keys met so far, eight bytes each: of a million rows one in a few hundred thousand bases has two keys
/// that look the same, and is looked at once more for nothing.
#[derive(Debug, Default)]
pub(super) struct MetKeys {
    purchases: Vec<u64>,
    openings: Vec<u64>,
    bonus: Vec<u64>,
}

/// The cards of rows that lie under two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DuplicateKeys {
    /// By the day of the purchase.
    purchases: BTreeMap<NaiveDate, BTreeSet<CardId>>,
    /// Of opening balances, by key.
    pub(super) openings: BTreeSet<CardId>,
    /// Of bonus rows, by key.
    pub(super) points: BTreeSet<CardId>,
}

impl MetKeys {
    /// Takes the rows of one card.
    pub(super) fn take(&mut self, rows: &CardRows) {
        self.purchases.extend(of_kind(rows, MovementKind::Purchase).map(|row| fingerprint(&row.key)));
        self.openings.extend(of_kind(rows, MovementKind::OpeningBalance).map(|row| fingerprint(&row.key)));
        self.bonus.extend(rows.bonus.iter().map(|row| fingerprint(&row.key)));
    }

    /// Looks the rows up whose keys were met twice.
    pub(super) fn finish(
        self,
        staging: &mut Staging,
        scope: &ComparedCards,
    ) -> Result<DuplicateKeys, store::Error> {
        let [purchases_twice, openings_twice, bonus_twice] =
            [self.purchases, self.openings, self.bonus].map(met_twice);
        let mut twice = DuplicateKeys::default();
        if [&purchases_twice, &openings_twice, &bonus_twice].into_iter().all(HashSet::is_empty) {
            return Ok(twice);
        }
        let (mut of_purchases, mut of_openings, mut of_bonus) =
            (Holders::default(), Holders::default(), Holders::default());
        staging.visit(|card, _, rows| {
            if scope.is_read(card) {
                let own = of_kind(rows, MovementKind::Purchase);
                let own = own.filter(|row| purchases_twice.contains(&fingerprint(&row.key)));
                of_purchases.extend(own.map(|row| (row.key.clone(), card, row.period)));
                let own = of_kind(rows, MovementKind::OpeningBalance);
                let own = own.filter(|row| openings_twice.contains(&fingerprint(&row.key)));
                of_openings.extend(own.map(|row| (row.key.clone(), card, row.period)));
                let own = rows.bonus.iter().filter(|row| bonus_twice.contains(&fingerprint(&row.key)));
                of_bonus.extend(own.map(|row| (row.key.clone(), card, row.period)));
            }
        })?;
        for (card, period) in of_purchases.shared() {
            twice.purchases.entry(period.date()).or_default().insert(card);
        }
        twice.openings.extend(of_openings.shared().map(|(card, _)| card));
        twice.points.extend(of_bonus.shared().map(|(card, _)| card));
        Ok(twice)
    }
}

impl DuplicateKeys {
    /// The days to read again.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch> {
        self.purchases.iter().filter_map(|(day, cards)| {
            let next = day.succ_opt()?;
            let span = Span::between(LocalTime::from(*day), LocalTime::from(next));
            Some(Stretch::doubled(span, cards))
        })
    }
}

/// Who holds each key.
#[derive(Debug)]
struct Holders<K>(HashMap<K, Vec<(CardId, LocalTime)>>);

impl<K> Default for Holders<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Holders<K> {
    fn extend(&mut self, rows: impl Iterator<Item = (K, CardId, LocalTime)>) {
        for (key, card, period) in rows {
            self.0.entry(key).or_default().push((card, period));
        }
    }

    fn shared(self) -> impl Iterator<Item = (CardId, LocalTime)> {
        self.0.into_values().filter(|holders| holders.len() > 1).flatten()
    }
}

fn of_kind(rows: &CardRows, kind: MovementKind) -> impl Iterator<Item = &Movement> {
    rows.movements.iter().filter(move |row| row.kind == kind)
}

fn met_twice(mut keys: Vec<u64>) -> HashSet<u64> {
    keys.sort_unstable();
    keys.windows(2).filter_map(|two| two.first().filter(|first| two.last() == Some(first))).copied().collect()
}
