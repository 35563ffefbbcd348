//! Reconciling one card by hand: thirty lines that share nothing with the programme's own reckoning.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};

use sverka::domain::{CardId, Comparison, Movement, Verdict};
use sverka_simulator::{Books, DocumentKind, Posted, SaleLine};

use super::auditor::{Stored, bonus_of, movement_of};
use super::history::{Key, is_kept};

type Sale = Posted<SaleLine>;

/// What a live check of a stored card must say: opening balance, purchases and total of both sides, what lies
/// before the window, and the verdict. `named` is whether a document bore the settings' name of opening balances when
/// the store was read: where none did, what lies before the window may be one under another name.
pub fn expected(books: &Books, stored: &Stored, card: CardId, named: bool) -> (Vec<Option<i64>>, Verdict) {
    let from = stored.window_from();
    let known = books.card(card.0).is_some();
    // Rows stay in 1C when their card leaves the catalog: that is what 1C says then.
    let rows: Vec<_> = books.sales().filter(|row| row.row.card == card.0 && row.row.active).collect();
    let is_opening = |kind: DocumentKind| kind == DocumentKind::OpeningBalances;
    let sum = |wanted: &dyn Fn(&Sale) -> bool| -> i64 {
        rows.iter().filter(|row| wanted(row)).map(|row| row.row.amount).sum()
    };
    let opening = sum(&|row| is_opening(row.kind));
    let purchases = sum(&|row| !is_opening(row.kind) && is_kept(row, from));
    let before = sum(&|row| !is_kept(row, from));
    let own: Vec<_> = stored.movements.values().filter(|row| row.card == card).collect();
    let own_sum = |opening: bool| -> i64 {
        let of_kind = own.iter().filter(|row| row.key.recorder_type.0.contains("ВводНачальных") == opening);
        of_kind.map(|row| row.amount.to_units().unwrap()).sum()
    };
    let theirs: BTreeMap<Key, _> = rows
        .iter()
        .filter(|row| is_kept(row, from))
        .map(|row| ((row.recorder, row.line), movement_of(row)))
        .collect();
    let ours: BTreeMap<Key, _> = own
        .iter()
        .map(|row| ((row.key.recorder.0, u32::try_from(row.key.line).unwrap()), (*row).clone()))
        .collect();
    let their_bonus: BTreeMap<Key, _> = books
        .bonuses()
        .filter(|row| row.row.card == card.0 && row.row.active)
        .map(|row| ((row.recorder, row.line), bonus_of(&row)))
        .collect();
    let our_bonus: BTreeMap<Key, _> = stored.bonuses_of(card);
    let points_differ = stored.generation.points_at.is_some() && their_bonus != our_bonus;
    let verdict = if !known || theirs != ours || points_differ {
        Verdict::Variance
    } else if !named {
        Verdict::Unverified
    } else if before != 0 {
        Verdict::BeforeWindow
    } else {
        Verdict::Reconciled
    };
    // What is an opening balance and what a purchase only a name that is borne tells.
    let told = |sum: i64| Some(sum).filter(|_| named);
    // Nothing on either side proves nothing of a card that is gone: 1C's column is empty beside it.
    let is_gone = !known && rows.is_empty();
    let beside = |theirs: Option<i64>, own: i64| theirs.filter(|theirs| !is_gone || *theirs != own);
    let (own_opening, own_purchases) = (own_sum(true), own_sum(false));
    let own_total = own_opening + own_purchases;
    let figures = vec![
        beside(told(opening), own_opening),
        Some(own_opening),
        beside(told(purchases), own_purchases),
        Some(own_purchases),
        beside(Some(opening + purchases + before), own_total),
        Some(own_total),
        Some(before),
    ];
    (figures, verdict)
}

/// Whether 1C's sums can prove a base: some card's sales come to something (an empty answer proves nothing), and a
/// document bears the settings' name of opening balances (else nothing tells them from purchases).
pub fn can_be_proven(books: &Books) -> bool {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for row in books.sales().filter(|row| row.row.active) {
        *sums.entry(row.row.card).or_default() += row.row.amount;
    }
    is_named(books) && sums.values().any(|sum| *sum != 0)
}

/// Whether as much was returned before the window as half of what was carried over: sums tell no more then whether an
/// opening balance counts twice.
pub fn has_returned_half(books: &Books, card: CardId, from: Option<NaiveDateTime>) -> bool {
    let Some(from) = from else { return false };
    let is_older = |row: &Sale| row.row.card == card.0 && row.row.active && row.row.period < from;
    let (mut opening, mut others) = (0, 0);
    for row in books.sales().filter(is_older) {
        let sum = if row.kind == DocumentKind::OpeningBalances { &mut opening } else { &mut others };
        *sum += row.row.amount;
    }
    opening > 0 && 2 * others <= -opening
}

/// Kinds of document that are not named as opening balances and look like them: by their name, or because they wrote all
/// they did within a month, more than two months ago.
pub fn suspects(books: &Books, now: NaiveDateTime) -> Vec<DocumentKind> {
    let month = TimeDelta::days(31);
    let is_once = |kind: DocumentKind| {
        let periods: Vec<_> = books
            .sales()
            .filter(|row| row.row.active && row.kind == kind)
            .map(|row| row.row.period)
            .collect();
        let span = periods.iter().min().zip(periods.iter().max());
        let by_name = kind == DocumentKind::RegisterCorrection;
        span.is_some_and(|(first, last)| by_name || (*last - *first < month && now - *first > month + month))
    };
    DocumentKind::ALL
        .iter()
        .copied()
        .filter(|kind| *kind != DocumentKind::OpeningBalances && is_once(*kind))
        .collect()
}

/// Whether a card has rows of these kinds of document.
pub fn has_rows_of(books: &Books, card: CardId, kinds: &[DocumentKind]) -> bool {
    books.sales().any(|row| row.row.card == card.0 && row.row.active && kinds.contains(&row.kind))
}

/// Whether it has such rows in the store.
pub fn was_suspected(stored: &Stored, card: CardId, kinds: &[DocumentKind]) -> bool {
    let is_suspect = |row: &Movement| kinds.iter().any(|kind| *row.key.recorder_type.0 == *kind.type_name());
    stored.movements.values().any(|row| row.card == card && is_suspect(row))
}

/// Whether a document bears the settings' name of opening balances.
pub fn is_named(books: &Books) -> bool {
    books.sales().any(|row| row.kind == DocumentKind::OpeningBalances && row.row.active)
}

/// The same of what the programme said.
pub fn said(comparison: &Comparison) -> (Vec<Option<i64>>, Verdict) {
    let units = |amount: Option<sverka::domain::Amount>| amount.map(|amount| amount.to_units().unwrap());
    let figures = [
        comparison.opening_balance.onec,
        comparison.opening_balance.stored,
        comparison.purchases.onec,
        comparison.purchases.stored,
        comparison.total.onec,
        comparison.total.stored,
        comparison.before_window,
    ];
    (figures.into_iter().map(units).collect(), comparison.verdict)
}
