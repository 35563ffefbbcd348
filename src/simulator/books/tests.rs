use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::super::generate::Scenario;
use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date")
}

fn books() -> Books {
    Scenario::new(3, 5, today()).books()
}

fn line(card: Uuid, days: i64, amount: i64) -> SaleLine {
    SaleLine {
        period: today().and_hms_opt(10, 0, 0).expect("a moment") + TimeDelta::days(days),
        active: true,
        card,
        owner: Uuid::nil(),
        product: Uuid::nil(),
        quantity: 1000,
        amount,
        discount: 0,
    }
}

/// One change, its targets given by number among what there is.
#[derive(Clone, Debug)]
enum Change {
    Post(Vec<i64>),
    Unpost(usize),
    Repost(usize, Vec<i64>),
    Close(usize),
    Amount(usize, i64),
    Redate(usize, i64),
    Toggle(usize),
    Delete(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let amounts = || prop::collection::vec(-1000_i64..1000, 0..4);
    let target = || 0..100_usize;
    prop_oneof![
        amounts().prop_map(Change::Post),
        target().prop_map(Change::Unpost),
        (target(), amounts()).prop_map(|(target, amounts)| Change::Repost(target, amounts)),
        target().prop_map(Change::Close),
        (target(), -1000_i64..1000).prop_map(|(target, amount)| Change::Amount(target, amount)),
        (target(), -900_i64..100).prop_map(|(target, days)| Change::Redate(target, days)),
        target().prop_map(Change::Toggle),
        target().prop_map(Change::Delete),
    ]
}

/// What the sales register should hold, kept without any cleverness.
type Model = BTreeMap<(Uuid, u32), SaleLine>;

fn as_model(books: &Books) -> Model {
    books.sales().map(|posted| ((posted.recorder, posted.line), posted.row)).collect()
}

fn put(model: &mut Model, document: Uuid, lines: &[SaleLine]) {
    model.retain(|(recorder, _), _| *recorder != document);
    model.extend((1..).zip(lines).map(|(number, line)| ((document, number), line.clone())));
}

fn make(books: &mut Books, model: &mut Model, change: Change) {
    let card = books.reference();
    let lines = |amounts: &[i64]| -> Vec<SaleLine> {
        (0..).zip(amounts).map(|(days, amount)| line(card, -days, *amount)).collect()
    };
    let documents: Vec<Uuid> = books.documents().map(|document| document.key).collect();
    let document = |number: usize| documents[number % documents.len()];
    let keys: Vec<(Uuid, u32)> = model.keys().copied().collect();
    let row = |number: usize| keys.get(number % keys.len().max(1)).copied().unwrap_or_default();
    match change {
        Change::Post(amounts) => {
            let date = today().and_time(chrono::NaiveTime::MIN);
            let key = books.post(DocumentKind::Receipt, date, lines(&amounts), Vec::new());
            put(model, key, &lines(&amounts));
        }
        Change::Unpost(number) => {
            books.unpost(document(number));
            put(model, document(number), &[]);
        }
        Change::Repost(number, amounts) => {
            books.repost(document(number), lines(&amounts), Vec::new());
            put(model, document(number), &lines(&amounts));
        }
        Change::Close(number) => {
            let at = today().and_hms_opt(22, 0, 0).expect("a moment");
            let moved = model.iter().filter(|((recorder, _), _)| *recorder == document(number));
            let moved: Vec<SaleLine> =
                moved.map(|(_, line)| SaleLine { period: at, ..line.clone() }).collect();
            let report = books.close_shift(&[document(number)], at);
            put(model, document(number), &[]);
            put(model, report, &moved);
        }
        Change::Amount(number, amount) => {
            edit(books, model, row(number), |line| line.amount = amount);
        }
        Change::Redate(number, days) => {
            edit(books, model, row(number), |line| line.period += TimeDelta::days(days));
        }
        Change::Toggle(number) => edit(books, model, row(number), |line| line.active = !line.active),
        Change::Delete(number) => {
            let (recorder, line) = row(number);
            assert_eq!(books.delete_sale(recorder, line), model.remove(&(recorder, line)).is_some());
        }
    }
}

fn edit(books: &mut Books, model: &mut Model, key: (Uuid, u32), change: impl Fn(&mut SaleLine)) {
    let known = model.get_mut(&key).map(&change).is_some();
    assert_eq!(books.change_sale(key.0, key.1, change), known);
}

/// The rows stand in the order served, and the record sets hold each of them once.
fn check_order(books: &Books) {
    let place = |posted: &Posted<SaleLine>| {
        (posted.row.period, posted.kind, server_order(posted.recorder), posted.line)
    };
    let places: Vec<_> = books.sales().map(|posted| place(&posted)).collect();
    assert!(places.is_sorted());
    let sets = books.sales.record_sets();
    let grouped: usize = sets.sets().iter().map(|set| sets.rows(set, books.sales.rows()).len()).sum();
    assert_eq!(grouped, places.len());
    for set in sets.sets() {
        let rows = sets.rows(set, books.sales.rows());
        assert!(rows.iter().all(|row| row.recorder == set.recorder) && rows.is_sorted_by_key(|row| row.line));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn changes_leave_what_a_plain_list_would_hold(changes in prop::collection::vec(change(), 1..20)) {
        let mut books = books();
        let mut model = as_model(&books);
        for change in changes {
            make(&mut books, &mut model, change);
            // The record sets are worked out here and must not outlive the next change.
            check_order(&books);
        }
        prop_assert_eq!(as_model(&books), model);
    }
}

#[test]
fn posting_counts_versions_and_sums() {
    let mut books = books();
    let card = books.reference();
    let date = today().and_time(chrono::NaiveTime::MIN);
    let key =
        books.post(DocumentKind::Receipt, date, vec![line(card, 0, 100), line(card, 0, 250)], Vec::new());
    let header = |books: &Books| books.document(key).expect("the document").clone();
    assert_eq!((header(&books).amount, header(&books).version, header(&books).card), (350, 1, card));
    assert!(books.unpost(key));
    assert_eq!((header(&books).posted, header(&books).version), (false, 2));
    assert!(!books.unpost(Uuid::nil()));
}

#[test]
fn closing_a_shift_changes_no_sum() {
    let mut books = books();
    let card = books.reference();
    let now = today().and_hms_opt(23, 0, 0).expect("a moment");
    let window = now - TimeDelta::days(365);
    let before = books.figures(card, window, now);
    let receipts: Vec<Uuid> = books
        .documents()
        .filter(|document| document.kind == DocumentKind::Receipt)
        .map(|receipt| receipt.key)
        .collect();
    let report = books.close_shift(&receipts, now);
    let after = books.figures(card, window, now);
    assert_eq!((before.opening, before.purchases_in_window + before.before_window), {
        (after.opening, after.purchases_in_window + after.before_window)
    });
    assert_eq!(books.document(report).map(|document| document.kind), Some(DocumentKind::RetailReport));
    let elsewhere = books.sales().filter(|posted| posted.kind == DocumentKind::Receipt).count();
    assert_eq!(elsewhere, 0);
}

#[test]
fn bonus_rows_change_in_place() {
    let mut books = books();
    let now = today().and_hms_opt(12, 0, 0).expect("a moment");
    let card = books.reference();
    let last =
        books.bonuses().filter(|posted| posted.row.card == card).max_by_key(|posted| posted.row.period);
    let last = last.expect("she has points");
    assert!(books.change_bonus(last.recorder, last.line, |row| row.active = false));
    assert_ne!(books.figures(card, now, now).points_last_record, 480_600);
    assert!(books.delete_bonus(last.recorder, last.line) && !books.delete_bonus(last.recorder, last.line));
}

#[test]
fn cards_come_and_go() {
    let mut books = books();
    let key = books.new_key();
    books.add_card(Card { key, code: "new".into(), ..Card::default() });
    assert!(books.change_card(key, |card| card.phone = "1".into()));
    assert_eq!(books.card(key).map(|card| (card.version, card.phone.as_str())), Some((1, "1")));
    assert_eq!(books.counts().cards, 4);
    assert!(books.remove_card(key) && books.card(key).is_none());
}
