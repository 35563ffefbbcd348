use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use uuid::Uuid;

use super::super::super::faults::{FaultKind, Faults, Rate};
use super::super::super::generate::Scenario;
use super::super::{Books, DocumentKind, Posted, SaleLine};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date")
}

fn books() -> Books {
    Scenario::new(60, 7, today()).books()
}

/// What each card's active sales add up to, by kind of document.
fn sums(books: &Books) -> BTreeMap<(Uuid, DocumentKind), i128> {
    let mut sums = BTreeMap::new();
    for sale in books.sales().filter(|sale| sale.row.active) {
        *sums.entry((sale.row.card, sale.kind)).or_default() += i128::from(sale.row.amount);
    }
    sums
}

fn periods(books: &Books) -> Vec<(NaiveDateTime, i64)> {
    let mut periods: Vec<_> = books.sales().map(|sale| (sale.row.period, sale.row.amount)).collect();
    periods.sort_unstable();
    periods
}

fn first_of(books: &Books, kind: DocumentKind) -> Posted<SaleLine> {
    books.sales().find(|sale| sale.kind == kind).expect("such a row")
}

#[test]
fn a_document_entered_anew_keeps_sums_and_periods_under_another_type() {
    let (before, mut after) = (books(), books());
    let opening = first_of(&before, DocumentKind::OpeningBalances).recorder;
    let anew = after.reenter(opening, DocumentKind::RegisterCorrection).expect("it records rows");
    assert_eq!(periods(&before), periods(&after));
    assert!(!after.document(opening).expect("it stays").posted);
    let header = after.document(anew).expect("the new one");
    assert_eq!((header.kind, header.posted), (DocumentKind::RegisterCorrection, true));
    assert!(after.sales().all(|sale| sale.recorder != opening));
    assert_eq!(after.reenter(opening, DocumentKind::Receipt), None, "it records nothing any more");
}

#[test]
fn twins_differ_in_nothing_but_the_type() {
    let mut books = books();
    let receipt = first_of(&books, DocumentKind::Receipt);
    assert!(books.add_twin(receipt.recorder, DocumentKind::ReceiptReturn));
    assert!(!books.add_twin(receipt.recorder, DocumentKind::ReceiptReturn), "only once");
    let twins: Vec<_> =
        books.sales().filter(|sale| sale.recorder == receipt.recorder && sale.line == receipt.line).collect();
    assert_eq!(twins.len(), 2);
    assert_eq!(twins[0].row, twins[1].row);
    assert_ne!(twins[0].kind, twins[1].kind);
}

#[test]
fn faults_of_the_books_happen_as_often_as_they_say() {
    let suffered = |kind, rate| {
        let mut suffering = books();
        suffering.suffer(&Faults::default().add(kind, rate), 7);
        suffering
    };
    let kinds = |books: &Books, kind| books.sales().filter(|sale| sale.kind == kind).count();
    let before = books();
    let openings = kinds(&before, DocumentKind::OpeningBalances);

    let corrected = suffered(FaultKind::OpeningCorrections, Rate::ALWAYS);
    assert_eq!(kinds(&corrected, DocumentKind::OpeningBalances), 0);
    assert_eq!(kinds(&corrected, DocumentKind::RegisterCorrection), openings);

    let doubled = suffered(FaultKind::DoubledSales, Rate::percent(30));
    let more = doubled.sales().count() - before.sales().count();
    assert!(more > 0 && more < kinds(&before, DocumentKind::Receipt), "{more}");

    let future = suffered(FaultKind::FutureRows, Rate::percent(30));
    let moved = future.sales().filter(|sale| sale.row.period.date() > today()).count();
    assert!(moved > 0 && moved < kinds(&before, DocumentKind::Receipt), "{moved}");

    let huge = suffered(FaultKind::HugeSums, Rate::percent(5));
    assert!(sums(&huge).values().any(|sum| i64::try_from(*sum).is_err()));
    assert!(sums(&huge).values().any(|sum| i64::try_from(*sum).is_ok()));

    assert_eq!(sums(&suffered(FaultKind::TwinRows, Rate::NEVER)), sums(&before));
}

#[test]
fn a_register_kept_by_owners_holds_no_card() {
    let mut books = books();
    let cards: Vec<Uuid> = books.card_list().iter().map(|card| card.key).collect();
    books.keep_points_by_owner();
    let held = books.bonuses().filter(|row| cards.contains(&row.row.card)).count();
    assert_eq!(held, 0);
    assert!(books.bonuses().any(|row| books.owner(row.row.card).is_some()));
}
