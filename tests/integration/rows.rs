use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use sverka::domain::reconcile::Cause;
use sverka::domain::{Amount, CardId, DataPart, Finding, Mark, Part, Verdict};
use sverka::engine::doctor::{Check, CheckOutcome};
use sverka::engine::reconcile::{Options, Unwatched};
use sverka::engine::{Side, Whom};
use sverka::odata::Set;
use sverka::sync::event::{Notice, Outcome};
use sverka::sync::{Error, SyncMode};
use sverka_simulator::{Books, DocumentKind, FaultKind, Faults};
use tokio_util::sync::CancellationToken;

use crate::support::changes::receipts;
use crate::support::office::{Deed, Office};
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
    for mode in [SyncMode::Full, SyncMode::Delta] {
        let finished = office.sync_as(mode).await;
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
            let Error::Unreadable { set: of, field: named, rejected, rows, example, faults } = &error else {
                panic!("{case}: {error}");
            };
            assert_eq!((*of, named.as_str()), (set, field), "{case}");
            assert!(*rejected >= 50 && rejected <= rows && example.contains(" line "), "{case}: {error}");
            assert_eq!(faults.iter().map(|(.., rows)| rows).sum::<u64>(), *rejected, "{case}");
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

/// Whoever is to mend it looks at these rows, and not at the totals of the register or the types of its documents.
#[tokio::test]
async fn r18_rows_that_cannot_be_read_are_what_is_to_be_mended() {
    let office = Office::open(60, 900, 1);
    spoil(&office, SALES, "Сумма", json!(0.001), 3);
    office.sync().await;
    let (options, cancel) = (Options::default(), CancellationToken::new());
    let reconciled = office.engine().reconcile(options, Arc::new(Unwatched), &cancel).await.unwrap();
    let causes = &reconciled.summary.causes;
    assert!(causes.contains_key(&Cause::UnreadableRows), "{causes:?}");
    assert!(!causes.contains_key(&Cause::OwnSum), "{causes:?}");

    spoil(&office, SALES, "Сумма", json!(0.001), 100);
    let mut found = HashMap::new();
    office.engine().doctor(&mut |it| _ = found.insert(it.check, it.outcome)).await;
    let ways = &found[&Check::Ways];
    assert!(matches!(ways, CheckOutcome::Failed(Error::Unreadable { set: Set::Sales, .. })), "{ways:?}");
    assert!(matches!(found[&Check::RecorderTypes], CheckOutcome::Skipped), "{found:?}");
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
    let finished = office.watched(SyncMode::Delta, Arc::new(Witness::default())).await;
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
    for mode in [SyncMode::Delta, SyncMode::Full] {
        office.sync_as(mode).await;
        assert_books_agree(&office);
    }
}

/// The table of sums, or the rows, of a register.
fn is_of(address: &str, register: &str) -> bool {
    address.contains(&format!("AccumulationRegister_{register}"))
}

#[tokio::test]
async fn r17_a_card_whose_sum_cannot_be_compared_costs_itself_alone() {
    let office = Office::open(30, 400, 1);
    let card = office.books().reference();
    let whose = card.to_string();
    office.set_gateway(move |address, row| {
        if is_of(address, SALES) && row["ДисконтнаяКарта_Key"] == json!(whose) {
            for (field, sum) in
                [("Сумма", "92233720368547758.07"), ("СуммаTurnover", "922337203685477580.70")]
            {
                if row.get(field).is_some() {
                    row[field] = json!(sum);
                }
            }
        }
    });
    for mode in [SyncMode::Full, SyncMode::Delta] {
        let witness = Arc::new(Witness::default());
        let summary = office.watched(mode, witness.clone()).await.summary;
        assert_eq!((summary.outcome, summary.unverified, summary.variances), (Outcome::Published, 1, 0));
        let [Finding::OutOfRange { cards: 1, example }] = &summary.findings[..] else {
            panic!("{summary:?}")
        };
        assert!(!example.is_empty());
        let told = witness.notices.lock().unwrap();
        assert!(told.iter().any(|it| matches!(it, Notice::Found(Finding::OutOfRange { .. }))));
        let snapshot = office.store.snapshot().unwrap();
        for figures in snapshot.all_figures().unwrap() {
            let (of, figures) = figures.unwrap();
            if of.0 == card {
                let largest = Amount::from_units(i64::MAX);
                assert!(figures.own.purchases > largest + largest, "{}", figures.own.purchases);
                assert_eq!((figures.verdict, figures.control.turnover_all), (Verdict::Unverified, None));
            } else {
                assert_ne!(figures.verdict, Verdict::Unverified);
            }
        }
        office.store.verify().unwrap();
    }
    office.without_gateway();
    assert_eq!(office.sync().await.summary.findings, []);
    assert_books_agree(&office);
}

/// The register names somebody else in the place of the card.
fn by_partner(office: &Office, register: &'static str, field: &'static str) {
    office.set_gateway(move |address, row| {
        if is_of(address, register)
            && let Some(card) = row[field].as_str().and_then(|card| card.parse::<uuid::Uuid>().ok())
            && !card.is_nil()
        {
            row[field] = json!(uuid::Uuid::from_u128(card.as_u128() ^ 0xfeed).to_string());
        }
    });
}

fn not_by_card(findings: &[Finding]) -> usize {
    findings.iter().filter(|it| matches!(it, Finding::NotByCard { part: DataPart::Points, .. })).count()
}

#[tokio::test]
async fn r20_points_that_are_not_kept_by_card_are_unknown_and_never_zero() {
    let office = Office::open(30, 400, 1);
    by_partner(&office, POINTS, "БонуснаяКарта_Key");
    for mode in [SyncMode::Full, SyncMode::Delta, SyncMode::Full] {
        let summary = office.sync_as(mode).await.summary;
        assert_eq!((not_by_card(&summary.findings), summary.variances), (1, 0), "{:?}", summary.findings);
        let snapshot = office.store.snapshot().unwrap();
        assert_eq!(snapshot.generation().unwrap().points_at, None);
        assert_eq!(not_by_card(&office.engine().status().await.unwrap().findings), 1);
        assert!(snapshot.all_figures().unwrap().all(|it| it.unwrap().1.control.register_balance.is_none()));
    }
    office.without_gateway();
    let summary = office.sync().await.summary;
    assert_eq!(not_by_card(&summary.findings), 0);
    assert!(office.store.snapshot().unwrap().generation().unwrap().points_at.is_some());
    assert_books_agree(&office);
}

#[tokio::test]
async fn r20_sales_that_are_not_kept_by_card_publish_nothing() {
    for is_first in [true, false] {
        for limit in [0, 5] {
            let mut office = Office::open(30, 400, 1);
            office.config.sync.limit = limit;
            if !is_first {
                office.sync().await;
            }
            let before = office.published();
            by_partner(&office, SALES, "ДисконтнаяКарта_Key");
            if limit > 0 {
                // Nobody's rows are those of a card that is asked for.
                office.meddle(|_, url, _| {
                    let is_filtered = url.contains("ДисконтнаяКарта_Key eq");
                    if is_filtered { Deed::Nothing } else { Deed::Answer }
                });
                office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
            }
            let error = office.try_sync().await.error.unwrap_or_else(|| panic!("{limit}: published"));
            assert!(matches!(error, Error::NotByCard { rows: 10.., .. }), "{limit}: {error}");
            assert_eq!(office.published(), before);
        }
    }
}

/// Some rows without a card of the catalog are everyday life.
#[tokio::test]
async fn r20_some_rows_of_unknown_cards_change_nothing() {
    let office = Office::open(30, 400, 1);
    office.set_gateway(|address, row| {
        let key = row["Recorder"].as_str().unwrap_or_default().to_owned();
        if is_of(address, POINTS) && key.starts_with(['0', '1', '2']) {
            row["БонуснаяКарта_Key"] = json!(uuid::Uuid::from_u128(7).to_string());
        }
    });
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    let summary = office.sync().await.summary;
    assert_eq!(not_by_card(&summary.findings), 0);
    assert!(office.store.snapshot().unwrap().generation().unwrap().points_at.is_some());
}

fn lost(findings: &[Finding]) -> Vec<(DataPart, u32)> {
    let lost = findings.iter().filter_map(|finding| match finding {
        Finding::PartLost { part, syncs, .. } => Some((*part, *syncs)),
        _ => None,
    });
    lost.collect()
}

#[tokio::test]
async fn r21_a_part_that_is_told_no_more_is_told_as_lost_until_it_is_back() {
    let cases = [
        (FaultKind::PointsMissing, vec![DataPart::Points]),
        (FaultKind::ProductsMissing, vec![DataPart::Products]),
        (FaultKind::VirtualTablesMissing, vec![DataPart::SalesTotals, DataPart::PointsTotals]),
    ];
    for (kind, parts) in cases {
        let of = |syncs| parts.iter().map(|part| (*part, syncs)).collect::<Vec<_>>();
        let office = Office::open(30, 400, 1);
        assert_eq!(lost(&office.sync().await.summary.findings), [], "{kind}");
        office.set_faults(Faults::always(kind));
        for (mode, syncs) in
            [(SyncMode::Delta, 1), (SyncMode::Full, 2), (SyncMode::Delta, 2), (SyncMode::Full, 3)]
        {
            let found = office.sync_as(mode).await.summary.findings;
            // A delta need not ask for the names of products.
            let is_unasked = kind == FaultKind::ProductsMissing;
            if !is_unasked {
                assert_eq!(lost(&found), of(syncs), "{kind}, {mode:?}");
                assert_eq!(lost(&office.engine().status().await.unwrap().findings), of(syncs), "{kind}");
            } else if mode == SyncMode::Full {
                assert_eq!(lost(&found).first().map(|(part, _)| *part), Some(DataPart::Products));
            }
        }
        office.set_faults(Faults::default());
        assert_eq!(lost(&office.sync().await.summary.findings), [], "{kind} is back");
    }
}

#[tokio::test]
async fn r21_what_a_base_never_had_is_no_loss_and_a_loss_is_accepted_in_the_end() {
    let office = Office::open(30, 400, 1);
    office.set_faults(Faults::always(FaultKind::PointsMissing));
    for _ in 0..2 {
        assert_eq!(lost(&office.sync().await.summary.findings), []);
    }
    office.set_faults(Faults::default());
    office.sync().await;
    office.set_faults(Faults::always(FaultKind::PointsMissing));
    for syncs in 1..=3 {
        assert_eq!(lost(&office.sync().await.summary.findings), [(DataPart::Points, syncs)]);
    }
    assert_eq!(lost(&office.sync().await.summary.findings), []);
}

#[tokio::test]
async fn r21_towns_and_addresses_that_nobody_has_any_more_are_lost() {
    let office = Office::open(60, 200, 1);
    office.sync().await;
    office.set_gateway(|address, row| {
        if address.contains("Catalog_Контрагенты")
            && let Some(fields) = row.as_object_mut()
        {
            fields.retain(|name, _| {
                matches!(name.as_str(), "Ref_Key" | "Description" | "DataVersion" | "IsFolder")
            });
        }
    });
    let found = lost(&office.sync().await.summary.findings);
    assert!(found.contains(&(DataPart::Cities, 1)) && found.contains(&(DataPart::Emails, 1)), "{found:?}");
    office.without_gateway();
    assert_eq!(lost(&office.sync().await.summary.findings), []);
}

#[tokio::test]
async fn r21_a_delta_says_of_sales_and_points_apart_what_1c_does_not_tell() {
    let office = Office::open(30, 400, 1);
    office.sync().await;
    office.meddle(|_, url, _| if url.contains("/Balance(") { Deed::Missing } else { Deed::Answer });
    let witness = Arc::new(Witness::default());
    let finished = office.watched(SyncMode::Delta, witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    assert!(!finished.delta.unwrap().is_blind);
    let told = witness.notices.lock().unwrap();
    assert!(!told.iter().any(|it| matches!(it, Notice::DeltaIsBlind(_))));
    assert!(told.iter().any(|it| matches!(it, Notice::DeltaIsBlindToPoints(_))));
    assert_eq!(lost(&finished.summary.findings), [(DataPart::PointsTotals, 1)]);
    assert_eq!(finished.summary.unverified, 0, "the sales are compared");
}

/// A document whose amount cannot be read is there, whatever its row is: no name is called borne by none for it, and it
/// did not vanish.
#[tokio::test]
async fn r18_an_opening_balance_that_cannot_be_read_is_an_opening_balance_all_the_same() {
    for is_first in [true, false] {
        for days in [365, 0] {
            let mut office = Office::open(30, 300, 3);
            office.config.sync.days = days;
            let kept = office.books().sales().find(|it| it.kind == DocumentKind::OpeningBalances).unwrap();
            office.change(|books| {
                let all: Vec<_> =
                    books.sales().filter(|it| it.kind == DocumentKind::OpeningBalances).collect();
                for other in all.iter().filter(|it| it.recorder != kept.recorder) {
                    books.unpost(other.recorder);
                }
            });
            if !is_first {
                office.sync().await;
            }
            office.set_gateway(|address, row| {
                let is_meant = row["Recorder_Type"].as_str().is_some_and(|it| it.contains("ВводНачальных"));
                if is_meant && address.contains(SALES) && row.get("Сумма").is_some() {
                    row["Сумма"] = Value::Null;
                }
            });
            let finished = office.try_sync().await;
            assert_eq!(
                finished.summary.outcome,
                Outcome::Published,
                "{is_first} {days}: {:?}",
                finished.error
            );
            let snapshot = office.store.snapshot().unwrap();
            let findings = &snapshot.remarks().findings;
            let are_named = |it: &Finding| matches!(it, Finding::OpeningNamesUnborne { .. });
            assert!(!findings.iter().any(are_named), "{is_first} {days}: {findings:?}");
            let of_card = Whom::Key(CardId(kept.row.card));
            let it = office.engine().check(&of_card, Side::Live).await.unwrap().comparisons.remove(0);
            assert_eq!((it.opening_balance.onec, it.purchases.onec), (None, None), "{is_first} {days}");
            assert_ne!(it.mark(Part::OpeningBalance), Mark::Equal);
            assert_eq!(it.mark(Part::Points), Mark::Equal, "points are of another register");
        }
    }
}
