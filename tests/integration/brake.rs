use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sverka::engine::doctor::CheckOutcome;
use sverka::engine::reconcile::{Options, Unwatched};
use sverka::sync::event::{Loss, Notice, Outcome, Subject};
use sverka::sync::{Error, SyncMode};
use sverka_simulator::{DocumentKind, FaultKind, Faults};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::support::changes::{day, receipts};
use crate::support::office::{Deed, Office};
use crate::support::{Witness, local_now};

/// A shop large enough to lose much suddenly.
async fn shop() -> Office {
    let office = Office::open(120, 1_200, 3);
    office.sync().await;
    office.rest();
    office
}

fn unpost_a_third(office: &Office) {
    office.change(|books| {
        let purchases = books.sales().filter(|sale| sale.kind != DocumentKind::OpeningBalances);
        let documents: BTreeSet<_> = purchases.map(|sale| sale.recorder).collect();
        documents.iter().step_by(3).for_each(|document| assert!(books.unpost(*document)));
    });
}

/// Nobody has bought anything within the window.
fn unpost_all(office: &Office) {
    office.change(|books| {
        let sales: Vec<_> = books.sales().filter(|sale| sale.kind != DocumentKind::OpeningBalances).collect();
        for sale in sales {
            books.unpost(sale.recorder);
        }
    });
}

fn looked_twice(witness: &Witness) -> Vec<Loss> {
    let notices = witness.notices.lock().unwrap();
    notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::SuddenLoss(loss, _) => Some(*loss),
            _ => None,
        })
        .collect()
}

fn taken(witness: &Witness) -> Vec<Subject> {
    let notices = witness.notices.lock().unwrap();
    notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::LossTaken(loss) => Some(loss.subject),
            _ => None,
        })
        .collect()
}

/// The pages of sales asked for.
fn pages(asked: &[String]) -> Vec<&String> {
    asked.iter().filter(|url| url.contains("ПродажиПоДисконтнымКартам_RecordType?")).collect()
}

#[tokio::test]
async fn r13_a_sudden_loss_is_looked_at_twice_and_published_with_a_warning() {
    let office = shop().await;
    unpost_a_third(&office);
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published);
    let losses = looked_twice(&witness);
    let purchases = losses.iter().find(|loss| loss.subject == Subject::Purchases).unwrap();
    assert!(purchases.now < purchases.before && purchases.now > 0, "{purchases:?}");
    assert_eq!(taken(&witness), losses.iter().map(|loss| loss.subject).collect::<Vec<_>>());
    assert_eq!(office.published(), office.rows_of(&office.books()));
    assert_eq!(finished.summary.unverified, 0);
    let asked = office.desk.asked();
    let looks: Vec<_> = asked.split(|url| url.contains("Catalog_ДисконтныеКарты/$count")).skip(1).collect();
    let [first, second] = looks[..] else { panic!("looked {} times", looks.len()) };
    assert_eq!(pages(first), pages(second), "the second look takes nothing over from the first");
    assert!(!pages(first).is_empty());
}

#[tokio::test(start_paused = true)]
async fn r13_the_second_look_waits_as_long_as_was_settled() {
    let mut office = shop().await;
    office.config.sync.second_look_after = Duration::from_secs(30);
    unpost_a_third(&office);
    let started = Instant::now();
    office.sync().await;
    assert!(started.elapsed() >= Duration::from_secs(30));
}

#[tokio::test]
async fn r13_what_was_gone_for_a_moment_is_back_at_the_second_look() {
    let office = shop().await;
    let before = office.books();
    unpost_a_third(&office);
    let witness = Arc::new(Witness::default());
    let seen = Arc::clone(&witness);
    let mut whole = Some(before.clone());
    office.meddle(move |_, _, onec| {
        if !looked_twice(&seen).is_empty()
            && let Some(whole) = whole.take()
        {
            *onec.books_mut() = whole;
        }
        Deed::Answer
    });
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published);
    assert!(taken(&witness).is_empty(), "nothing to warn of");
    assert_eq!(office.published(), office.rows_of(&before));
}

#[tokio::test]
async fn r13_a_small_shop_loses_a_card_without_a_word() {
    let office = Office::open(5, 40, 3);
    office.sync().await;
    office.change(|books| {
        let card = books.card_list().into_iter().map(|card| card.key).find(|key| *key != books.reference());
        assert!(books.remove_card(card.unwrap()));
    });
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!((finished.summary.outcome, finished.summary.cards), (Outcome::Published, 4));
    assert!(looked_twice(&witness).is_empty());
}

#[tokio::test]
async fn r13_without_totals_two_equal_looks_are_published_unverified() {
    let office = shop().await;
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    unpost_a_third(&office);
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert_eq!((summary.outcome, summary.unverified), (Outcome::Published, summary.cards));
    assert!(taken(&witness).contains(&Subject::Purchases));
    assert_eq!(office.published(), office.rows_of(&office.books()));
}

#[tokio::test]
async fn r13_without_totals_two_looks_that_differ_publish_nothing() {
    let office = shop().await;
    let before = office.published();
    unpost_a_third(&office);
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    let witness = Arc::new(Witness::default());
    let seen = Arc::clone(&witness);
    let mut is_changed = false;
    office.meddle(move |_, _, onec| {
        if !is_changed && !looked_twice(&seen).is_empty() {
            is_changed = true;
            let receipt = receipts(onec.books())[0];
            assert!(onec.books_mut().unpost(receipt));
        }
        Deed::Answer
    });
    let error = office.watched_sync(witness).await.error.unwrap();
    assert!(matches!(error, Error::LooksDiffer { .. }), "{error}");
    assert_eq!(office.published(), before);
}

#[tokio::test]
async fn r12_an_empty_answer_that_1c_s_own_sums_contradict_purges_nothing() {
    for set in ["ПродажиПоДисконтнымКартам", "БонусныеБаллы", "ДисконтныеКарты"]
    {
        let office = shop().await;
        let before = office.published();
        let rows = format!("{set}_RecordType");
        let cards = format!("Catalog_{set}");
        office.meddle(move |_, url, _| {
            // The sample of cards by which the base is known is still found.
            let is_asked = url.contains(&rows) || (url.contains(&cards) && !url.contains("$filter"));
            let is_table = url.contains("/Turnovers(") || url.contains("/Balance(");
            if is_asked && !is_table { Deed::Nothing } else { Deed::Answer }
        });
        let finished = office.try_sync().await;
        let error = finished.error.unwrap_or_else(|| panic!("{set}: published"));
        assert!(matches!(error, Error::EmptyAnswer { .. }), "{set}: {error}");
        assert_eq!(office.published(), before, "{set}");
        let mut told = Vec::new();
        office.engine().doctor(&mut |it| told.push(it.outcome)).await;
        let is_told = |it: &CheckOutcome| matches!(it, CheckOutcome::Failed(Error::EmptyAnswer { .. }));
        assert!(told.iter().any(is_told), "{set}: doctor is green");
    }
}

/// A right that was taken empties rows, counts and balances alike: nobody's points become zero.
#[tokio::test]
async fn r12_points_that_are_empty_everywhere_are_unknown_until_they_are_back() {
    let office = shop().await;
    let before = office.published();
    let knows_points =
        |office: &Office| office.store.snapshot().unwrap().generation().unwrap().points_at.is_some();
    assert!(knows_points(&office));
    office.meddle(|_, url, _| if url.contains("БонусныеБаллы") { Deed::Nothing } else { Deed::Answer });
    for mode in [SyncMode::Full, SyncMode::Full, SyncMode::Delta] {
        let summary = office.watched(mode, Arc::new(Witness::default())).await.summary;
        assert_eq!(summary.outcome, Outcome::Published);
        assert_eq!(office.published(), before, "rows that were there stay");
        assert!(!knows_points(&office), "{mode:?}: and are unknown");
    }
    office.meddle(|_, _, _| Deed::Answer);
    office.sync().await;
    assert!(knows_points(&office));
}

/// Entered anew as something else to the last one: what there is, is said, and what there was stays.
#[tokio::test]
async fn r12_opening_balances_that_are_all_entered_anew_are_told_with_the_types_there_are() {
    use DocumentKind::{OpeningBalances, Receipt, RegisterCorrection, RetailReport};
    for (days, kind) in [(365, Receipt), (60, RetailReport), (365, RegisterCorrection)] {
        let mut office = Office::open(30, 300, 3);
        office.config.sync.days = days;
        office.sync().await;
        office.rest();
        let before = office.published();
        office.change(|books| {
            let openings = books.sales().filter(|sale| sale.kind == OpeningBalances);
            let openings: BTreeSet<_> = openings.map(|sale| sale.recorder).collect();
            for opening in &openings {
                assert!(books.reenter(*opening, kind).is_some());
            }
        });
        let error = office.try_sync().await.error.unwrap_or_else(|| panic!("{kind:?}: published"));
        let Error::OpeningsElsewhere { names, types, .. } = &error else { panic!("{kind:?}: {error}") };
        assert_eq!(names, &["ВводНачальныхОстатков"]);
        assert!(types.iter().any(|it| kind.set().ends_with(it.as_str())), "{types:?}");
        assert_eq!(office.published(), before);
        let (options, cancel) = (Options::default(), CancellationToken::new());
        let reconciled = office.engine().reconcile(options, Arc::new(Unwatched), &cancel).await.unwrap();
        assert!(reconciled.terms.under.are_names_in_doubt(), "{kind:?}: {:?}", reconciled.terms.under.doubts);
    }
}

#[tokio::test]
async fn r12_what_really_vanished_altogether_vanishes_after_a_second_look() {
    let office = shop().await;
    unpost_all(&office);
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert_eq!((summary.outcome, summary.purchases.lines), (Outcome::Published, 0));
    assert!(summary.opening_balances.lines > 0);
    assert!(taken(&witness).contains(&Subject::Purchases));
}

#[tokio::test]
async fn r12_without_totals_nothing_ever_vanishes_altogether() {
    let office = shop().await;
    let before = office.published();
    unpost_all(&office);
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    let error = office.try_sync().await.error.unwrap();
    assert!(matches!(error, Error::EmptyAnswer { subject: Subject::Purchases, .. }), "{error}");
    assert_eq!(office.published(), before);
}

#[tokio::test]
async fn r16_a_history_that_ends_earlier_than_before_is_published_with_a_warning() {
    let office = shop().await;
    let month_ago = day(2026, 1, 4);
    office.change(|books| {
        let late: Vec<_> = books.sales().filter(|sale| sale.row.period > month_ago).collect();
        assert!(late.iter().filter(|sale| sale.row.period <= local_now()).count() >= 10);
        for sale in late {
            books.unpost(sale.recorder);
        }
    });
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    assert!(taken(&witness).contains(&Subject::LatestPurchases));
    assert_eq!(office.published(), office.rows_of(&office.books()));
}

/// A shorter window, or a store that was not synced for long: what leaves the window is no loss.
#[tokio::test]
async fn what_leaves_the_window_is_no_loss() {
    let mut office = shop().await;
    office.config.sync.days = 30;
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert!(summary.removed > 100, "{}", summary.removed);
    assert!(looked_twice(&witness).is_empty());
}
