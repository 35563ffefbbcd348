//! Documents entered anew under another type: the same sums and periods, and other figures.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use sverka::domain::{Comparison, Mark, Part};
use sverka::engine::reconcile::{Options, Unwatched};
use sverka::sync::SyncMode;
use sverka_simulator::{Books, DocumentKind};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::changes::small;
use crate::support::local_now;
use crate::support::office::Office;
use crate::support::proven::{assert_nothing_false_is_proven, assert_proven_twice};

/// The documents of a kind whose rows all lie where `is_meant` says.
fn documents(books: &Books, kind: DocumentKind, is_meant: impl Fn(NaiveDateTime) -> bool) -> Vec<Uuid> {
    let mut meant = BTreeSet::new();
    let mut others = BTreeSet::new();
    for row in books.sales().filter(|row| row.kind == kind && row.row.active) {
        if is_meant(row.row.period) {
            meant.insert(row.recorder)
        } else {
            others.insert(row.recorder)
        };
    }
    meant.difference(&others).copied().collect()
}

/// Moves the rows of some documents of opening balances into the window.
fn date_some_openings_into_the_window(books: &mut Books, period: NaiveDateTime) {
    let rows: Vec<_> = books.sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect();
    for row in rows.into_iter().step_by(3) {
        assert!(books.change_sale(row.recorder, row.line, |line| line.period = period));
    }
}

fn reenter(office: &Office, document: Uuid, kind: DocumentKind) -> Uuid {
    let mut anew = None;
    office.change(|books| anew = books.reenter(document, kind));
    anew.expect("it records rows")
}

const FAR_BACK: TimeDelta = TimeDelta::days(100);

#[tokio::test]
async fn an_opening_balance_entered_anew_as_something_else_is_never_proven_as_it_was() {
    use DocumentKind::{Receipt, RegisterCorrection, RetailReport, SalesCorrection};
    let windows = [(365, false), (365, true), (0, false), (60, false)];
    let kinds = [RegisterCorrection, Receipt, SalesCorrection, RetailReport];
    for (number, (days, is_in_window)) in windows.into_iter().enumerate() {
        for kind in kinds.into_iter().cycle().skip(number).take(2) {
            let mut office = small();
            office.config.sync.days = days;
            let inside = local_now() - FAR_BACK;
            if is_in_window {
                office.change(|books| date_some_openings_into_the_window(books, inside));
            }
            office.sync().await;
            let found = documents(&office.books(), DocumentKind::OpeningBalances, |_| true);
            let what = format!("{days} days, in the window: {is_in_window}, as {kind:?}");
            assert!(!found.is_empty(), "{what}");
            let anew = reenter(&office, found[found.len() / 2], kind);
            assert_proven_twice(&office, &what).await;
            reenter(&office, anew, DocumentKind::OpeningBalances);
            assert_proven_twice(&office, &format!("{what}, and back")).await;
        }
    }
}

#[tokio::test]
async fn a_purchase_entered_anew_as_an_opening_balance_is_never_proven_as_it_was() {
    for days in [365, 0, 60] {
        for age in [40, 500] {
            let mut office = small();
            office.config.sync.days = days;
            office.sync().await;
            let before = local_now() - TimeDelta::days(age);
            let found = documents(&office.books(), DocumentKind::Receipt, |period| period < before);
            let Some(document) = found.first().copied() else { continue };
            let what = format!("{days} days, {age} days old");
            let anew = reenter(&office, document, DocumentKind::OpeningBalances);
            assert_proven_twice(&office, &what).await;
            reenter(&office, anew, DocumentKind::Receipt);
            assert_proven_twice(&office, &format!("{what}, and back")).await;
        }
    }
}

#[tokio::test]
async fn a_sale_entered_anew_under_a_type_that_is_left_out_is_never_proven_as_it_was() {
    for days in [365, 0, 60] {
        let mut office = small();
        office.config.sync.days = days;
        office.config.names.ignored_recorders = vec!["РасходнаяНакладная".into()];
        office.sync().await;
        let old = local_now() - TimeDelta::days(45);
        let found = documents(&office.books(), DocumentKind::Receipt, |period| period < old);
        let mut anew = Vec::new();
        for document in found.iter().rev().take(3) {
            anew.push(reenter(&office, *document, DocumentKind::SalesInvoice));
        }
        assert_proven_twice(&office, &format!("{days} days, left out")).await;
        for (document, kind) in anew.into_iter().zip([
            DocumentKind::Receipt,
            DocumentKind::OpeningBalances,
            DocumentKind::RetailReport,
        ]) {
            reenter(&office, document, kind);
        }
        assert_proven_twice(&office, &format!("{days} days, back again")).await;
    }
}

/// Entered anew while a delta asks: whatever it publishes is not called proven against the books as they are then.
#[tokio::test]
async fn a_document_entered_anew_while_a_delta_reads_is_found_by_the_next() {
    let quiet = small();
    quiet.sync().await;
    quiet.rest();
    quiet.sync_as(SyncMode::Delta).await;
    let requests = quiet.desk.requests();
    for at in (1..=requests).step_by(11) {
        let office = small();
        office.sync().await;
        office.change_before(at, |books| {
            let found = documents(books, DocumentKind::OpeningBalances, |_| true);
            books.reenter(found[found.len() / 2], DocumentKind::SalesCorrection).expect("it records rows");
        });
        office.sync_as(SyncMode::Delta).await;
        office.rest();
        office.sync_as(SyncMode::Delta).await;
        assert_nothing_false_is_proven(&office, &format!("before request {at} of {requests}")).await;
    }
}

async fn reconciled_by_sums(office: &Office) -> Vec<Comparison> {
    let (engine, options) = (office.engine(), Options { live: false, worst: 0 });
    let reconciled = engine.reconcile(options, Arc::new(Unwatched), &CancellationToken::new()).await.unwrap();
    let take = |shown: &mut Vec<Comparison>, it: &Comparison| {
        shown.push(it.clone());
        ControlFlow::Continue(())
    };
    engine.each_reconciled(Arc::new(reconciled), |_| true, Vec::new(), take).await.unwrap()
}

/// By sums nothing differs where a sale is entered anew as a document that carries totals over: of a type that no sync
/// has met, it is learned by the reconciliation itself.
#[tokio::test]
async fn a_type_that_came_after_the_sync_puts_its_cards_in_doubt_by_sums() {
    use DocumentKind::{DiscountOpening, RecordCorrection, RegisterCorrection, StockOpening};
    for (kind, days) in
        [(RegisterCorrection, 365), (RecordCorrection, 0), (StockOpening, 60), (DiscountOpening, 365)]
    {
        let mut office = small();
        office.config.sync.days = days;
        office.sync().await;
        let old = local_now() - TimeDelta::days(40);
        let found = documents(&office.books(), DocumentKind::Receipt, |period| period > old);
        let anew = reenter(&office, found[0], kind);
        let books = office.books();
        let card = books.sales().find(|row| row.recorder == anew).unwrap().row.card;
        let shown = reconciled_by_sums(&office).await;
        let it = shown.iter().find(|it| it.customer.card.0 == card).unwrap();
        for part in [Part::OpeningBalance, Part::Purchases] {
            assert_ne!(it.mark(part), Mark::Equal, "{kind:?}, {days} days: {part:?}: {it:#?}");
        }
        assert_eq!(it.opening_balance.onec, None, "{kind:?}, {days} days: 1C did not say so");
        let is_proven = |it: &&Comparison| it.mark(Part::OpeningBalance) == Mark::Equal;
        assert!(
            days == 60 || shown.iter().any(|it| is_proven(&it)),
            "{kind:?}: others are as proven as before"
        );
    }
}
