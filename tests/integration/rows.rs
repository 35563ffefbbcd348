use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use sverka::odata::Set;
use sverka::simulator::Books;
use sverka::sync::event::Outcome;
use sverka::sync::{Error, Extent};

use crate::support::changes::receipts;
use crate::support::office::Office;
use crate::support::{Witness, audited_figures, local_now, stored_figures};

const SALES: &str = "ПродажиПоДисконтнымКартам";
const POINTS: &str = "БонусныеБаллы";

/// An amount as a form of 1C prints it.
fn printed(amount: &Value) -> Value {
    let text = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
    let (sign, text) = text.strip_prefix('-').map_or(("+", text.as_str()), |text| ("-", text));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    json!(format!("{sign}{grouped},{fraction}"))
}

/// Every card has the figures of the books.
fn assert_books_agree(office: &Office) {
    let snapshot = office.store.snapshot().unwrap();
    let from = snapshot.generation().unwrap().window.from.unwrap();
    let (stored, books) = (stored_figures(&snapshot), audited_figures(&office.books(), from, local_now()));
    for (card, figures) in &books {
        assert_eq!(stored.get(card), Some(figures), "card {card}");
    }
}

#[tokio::test]
async fn r18_forms_that_can_be_read_in_one_way_make_the_same_store() {
    let plain = Office::open(40, 400, 1);
    plain.sync().await;
    let office = Office::open(40, 400, 1);
    office.set_gateway(|_, row| {
        let Some(fields) = row.as_object_mut() else { return };
        for (name, value) in fields.iter_mut() {
            if name == "Period" {
                let period = value.as_str().unwrap().replace('T', " ");
                *value = json!(format!("{period}.25+03:00"));
            } else if name.starts_with("Сумма")
                || name.starts_with("Начислено")
                || name.starts_with("КСписанию")
            {
                *value = printed(value);
            }
        }
    });
    for extent in [Extent::Full, Extent::Delta] {
        let finished = office.sync_as(extent).await;
        assert_eq!((finished.summary.skipped, finished.summary.unverified), (0, 0));
        assert_eq!(office.digest(), plain.digest());
    }
}

/// Spoils a field of the first `share` of a hundred rows of a register.
fn spoil(office: &Office, register: &'static str, field: &'static str, value: Value, share: u128) {
    office.set_gateway(move |address, row| {
        let of_row = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let key = of_row("Recorder") + &of_row("LineNumber");
        let print = key.bytes().fold(7_u128, |print, byte| (print * 31 + u128::from(byte)) % 1_000_003);
        let is_meant = address.contains(&format!("{register}_RecordType?"));
        if is_meant && print % 100 < share && row.get(field).is_some() {
            row[field] = value.clone();
        }
    });
}

#[tokio::test]
async fn r18_many_rows_that_cannot_be_read_publish_nothing_and_name_the_field() {
    let cases = [
        (SALES, Set::Sales, "Period", json!("05.03.2025 21:00:07")),
        (SALES, Set::Sales, "Сумма", json!("1,500")),
        (SALES, Set::Sales, "Сумма", json!(0.001)),
        (SALES, Set::Sales, "Active", json!("maybe")),
        (POINTS, Set::Points, "КСписанию", json!("a lot")),
        (POINTS, Set::Points, "RecordType", json!("Both")),
    ];
    for (register, set, field, value) in cases {
        for (share, is_first) in [(100, true), (100, false), (35, true), (35, false)] {
            let case = format!("{field} {value} {share} {is_first}");
            let office = Office::open(60, 900, 1);
            if !is_first {
                office.sync().await;
            }
            let before = office.published();
            spoil(&office, register, field, value.clone(), share);
            let error = office.try_sync().await.error.unwrap_or_else(|| panic!("{case}: published"));
            let Error::Unreadable { set: of, field: named, rejected, rows, example, reasons } = &error else {
                panic!("{case}: {error}");
            };
            assert_eq!((*of, named.as_str()), (set, field), "{case}");
            assert!(*rejected >= 50 && rejected <= rows && example.contains(" line "), "{case}: {error}");
            assert_eq!(reasons.iter().map(|(.., rows)| rows).sum::<u64>(), *rejected, "{case}");
            assert_eq!(office.published(), before, "{case}");
            office.without_gateway();
            office.sync().await;
            assert_eq!(office.published(), office.rows_of(&office.books()), "{case}: nothing of it is left");
        }
    }
}

/// A few cost their cards the proof, and nobody else.
#[tokio::test]
async fn r18_a_few_rows_that_cannot_be_read_are_told_and_published_around() {
    let office = Office::open(60, 900, 1);
    spoil(&office, SALES, "Сумма", json!("much"), 3);
    let summary = office.sync().await.summary;
    assert!(
        summary.skipped > 0 && summary.unverified > 0 && summary.unverified < summary.cards,
        "{summary:?}"
    );
}

#[tokio::test]
async fn r18_a_delta_that_cannot_read_what_changed_publishes_nothing() {
    let office = Office::open(60, 900, 1);
    office.sync().await;
    let before = office.digest();
    office.change(|books| {
        for receipt in receipts(books).into_iter().take(80) {
            assert!(books.unpost(receipt));
        }
    });
    spoil(&office, SALES, "Period", json!("soon"), 100);
    let finished = office.watched(Extent::Delta, Arc::new(Witness::default())).await;
    assert_eq!(finished.summary.outcome, Outcome::Failed);
    assert_eq!(office.digest(), before);
}

/// Numbers the documents of every type anew, so that documents of two types have one key.
fn one_key_for_two(books: &Books) -> BTreeMap<String, String> {
    let mut by_type: BTreeMap<String, Vec<uuid::Uuid>> = BTreeMap::new();
    let sales = books.sales().map(|row| (row.kind, row.recorder));
    for (kind, recorder) in sales.chain(books.bonuses().map(|row| (row.kind, row.recorder))) {
        let of_type = by_type.entry(format!("{kind:?}")).or_default();
        if !of_type.contains(&recorder) {
            of_type.push(recorder);
        }
    }
    let numbered = by_type.into_values().flat_map(|recorders| recorders.into_iter().enumerate());
    numbered
        .map(|(n, recorder)| (recorder.to_string(), uuid::Uuid::from_u128(n as u128 + 1).to_string()))
        .collect()
}

#[tokio::test]
async fn r19_documents_of_two_types_with_one_key_are_two() {
    let mut office = Office::open(40, 500, 1);
    office.config.onec.page_size = 40;
    let map = one_key_for_two(&office.books());
    let mut met = std::collections::BTreeSet::new();
    let (total, kept) = (map.len(), map.values().collect::<std::collections::BTreeSet<_>>().len());
    assert!(kept < total, "the case needs documents of one key");
    office.set_gateway(move |_, row| {
        if let Some(known) = row["Recorder"].as_str().and_then(|recorder| map.get(recorder)) {
            met.insert(known.clone());
            row["Recorder"] = json!(known);
        }
    });
    let finished = office.sync().await;
    assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0));
    assert_books_agree(&office);
    let cut = office.stopped_sync(30).await;
    assert_eq!(cut.summary.outcome, Outcome::Cancelled);
    office.sync().await;
    assert_books_agree(&office);
    office.change(|books| {
        let receipt = receipts(books)[3];
        assert!(books.unpost(receipt));
    });
    for extent in [Extent::Delta, Extent::Full] {
        office.sync_as(extent).await;
        assert_books_agree(&office);
    }
}
