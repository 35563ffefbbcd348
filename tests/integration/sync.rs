use std::sync::Arc;

use chrono::TimeDelta;
use sverka::domain::reconcile::{Compared, Coverage, WhyNot};
use sverka::domain::{Amount, CardId, Verdict};
use sverka::engine::{Clock, Engine, Home, Side, SyncOptions, Whom};
use sverka::odata::HttpTransport;
use sverka::store::Proof;
use sverka::sync::Error;
use sverka::sync::event::{Notice, Outcome, Stage};
use sverka_simulator::{FaultKind, Faults, Trap};
use tokio_util::sync::CancellationToken;

use crate::support::{Set, Shop, Stopped, Witness};

fn roubles(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_has_the_figures_of_the_books() {
    let shop = Shop::open(120, 2_000, 1).await;
    let finished = shop.sync().await;
    shop.assert_books_agree();
    assert_eq!(finished.summary.skipped, 0);
    assert_eq!(finished.summary.variances, 0);
}

/// The bug this project exists for: a portal that fetched a year of purchases lost what was carried over
/// from the old system, and showed 132 694 where 1C showed 365 054.
#[tokio::test(flavor = "multi_thread")]
async fn a_short_window_keeps_the_opening_balance_whole() {
    let mut shop = Shop::open(60, 600, 1).await;
    for days in [365, 30, 1] {
        shop.config.sync.days = days;
        shop.sync().await;
        let reference = shop.reference().await;
        assert_eq!(reference.opening_balance.stored, Some(roubles("232360")), "{days} days");
        assert_eq!(reference.opening_balance.variance(), Some(Amount::ZERO), "{days} days");
        shop.assert_books_agree();
    }
}

/// The first form of the question knows whole types only: it finds nothing then, and the second is asked.
#[tokio::test(flavor = "multi_thread")]
async fn opening_balances_are_found_by_a_part_of_their_type() {
    let mut shop = Shop::open(60, 600, 1).await;
    shop.config.names.opening_balance = vec!["НачальныхОстатков".into()];
    let summary = shop.sync().await.summary;
    assert_eq!((summary.variances, summary.unverified), (0, 0));
    assert_eq!(shop.reference().await.opening_balance.stored, Some(roubles("232360")));
    shop.assert_books_agree();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_customer_is_reconciled_to_the_kopeck() {
    let shop = Shop::open(60, 600, 1).await;
    shop.sync().await;
    let reference = shop.reference().await;
    assert_eq!(reference.opening_balance.stored, Some(roubles("232360.00")));
    assert_eq!(reference.purchases.stored, Some(roubles("132694.00")));
    assert_eq!(reference.purchase_lines, 14);
    assert_eq!(reference.total.stored, Some(roubles("365054.00")));
    assert_eq!(reference.total.variance(), Some(Amount::ZERO));
    assert_eq!(reference.points.figure.stored.unwrap().to_string(), "4806");
    assert_eq!(reference.points.figure.onec.unwrap().to_string(), "4806");
    assert_eq!(reference.city.stored.unwrap().unwrap().name, "Симферополь");
    assert_eq!(reference.verdict, Verdict::Reconciled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_all_history_keeps_everything() {
    let mut shop = Shop::open(80, 1_500, 2).await;
    shop.config.sync.days = 0;
    shop.sync().await;
    shop.assert_books_agree();
    assert_eq!(shop.snapshot().generation().unwrap().counts.before_window, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_thousand_cards_take_fewer_than_two_hundred_requests() {
    let shop = Shop::open(3_000, 18_000, 3).await;
    let finished = shop.sync().await;
    shop.assert_books_agree();
    assert!(finished.summary.requests < 200, "{} requests", finished.summary.requests);
    assert!(shop.server.most_in_flight() <= shop.config.onec.in_flight);
    shop.server.with_simulator(|onec| {
        assert_eq!(onec.log().total(), finished.summary.requests);
        assert_eq!(onec.log().method("GET"), onec.log().total(), "nothing but GET");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sync_of_an_unchanged_base_changes_nothing() {
    let shop = Shop::open(80, 900, 4).await;
    let first = shop.sync().await.summary;
    assert_eq!(first.created, first.opening_balances.lines + first.purchases.lines);
    let digest = shop.snapshot().generation().unwrap().digest;
    let second = shop.sync().await.summary;
    assert_eq!((second.created, second.changed, second.removed), (0, 0, 0));
    assert_eq!(second.generation, Some(2));
    assert_eq!(shop.snapshot().generation().unwrap().digest, digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_size_changes_nothing() {
    let mut digests = Vec::new();
    for page_size in [30, 250, 1_000, 5_000] {
        let mut shop = Shop::open(150, 2_500, 5).await;
        shop.config.onec.page_size = page_size;
        shop.sync().await;
        digests.push(shop.snapshot().generation().unwrap().digest);
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanished_from_1c_vanishes_from_the_store() {
    let shop = Shop::open(80, 900, 6).await;
    shop.sync().await;
    let gone = shop.server.with_simulator(|onec| {
        let books = onec.books_mut();
        let recorders: Vec<_> = books.documents().map(|document| document.key).collect();
        let unposted = recorders.into_iter().step_by(7).filter(|key| books.unpost(*key)).count();
        let card = books.trap(Trap::ControlCharactersInName).unwrap();
        assert!(books.remove_card(card));
        assert!(unposted > 0);
        card
    });
    let summary = shop.sync().await.summary;
    assert!(summary.removed > 0);
    assert!(shop.snapshot().customer(CardId(gone)).unwrap().is_none());
    shop.assert_books_agree();
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_of_every_kind_are_kept() {
    let shop = Shop::open(80, 900, 7).await;
    shop.sync().await;
    let snapshot = shop.snapshot();
    let customer = |trap| {
        let card = shop.server.with_simulator(|onec| onec.books().trap(trap)).unwrap();
        snapshot.customer(CardId(card)).unwrap().unwrap()
    };
    assert_eq!(customer(Trap::NoPhone).barcode, "");
    assert!(!customer(Trap::NoOwner).name.is_empty(), "named by the card itself");
    assert!(customer(Trap::DeletedCard).marked_for_deletion);
    let phone = customer(Trap::SharedPhone).phone.unwrap();
    let sharing = shop.check(Whom::Phone(phone)).await.comparisons;
    assert_eq!(sharing.len(), 2, "two cards of one phone");
    let unknown = snapshot.unknown_cards().unwrap();
    assert_eq!(unknown.len(), 2, "an unknown card and the empty one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_never_removes_what_it_did_not_read() {
    let mut shop = Shop::open(80, 900, 8).await;
    shop.sync().await;
    let before = shop.stored();
    shop.config.sync.limit = 10;
    let summary = shop.sync().await.summary;
    assert_eq!(summary.cards, before.len() as u64);
    assert_eq!(summary.removed, 0);
    assert_eq!(shop.stored(), before);
    assert_eq!(shop.snapshot().generation().unwrap().proof, Proof::Unconfirmed, "most cards were not read");
}

/// A full sync at midday of that many days from now.
async fn synced_after(shop: &Shop, days: i64) {
    let at = Stopped.now() + TimeDelta::days(days);
    let transport = Arc::new(HttpTransport::new(&shop.config.onec).unwrap());
    let engine =
        Engine::new(shop.config.clone(), Arc::new(Set(at)), transport, Home::file(&shop.config.store));
    let cancel = CancellationToken::new();
    let finished = engine.sync(SyncOptions::default(), Arc::new(Witness::default()), &cancel).await.unwrap();
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
}

/// What is carried over is as old as it was, and the store is as old as what is oldest in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_makes_nothing_fresh_that_it_did_not_read() {
    let mut shop = Shop::open(40, 400, 8).await;
    synced_after(&shop, 0).await;
    let whole_at = shop.snapshot().generation().unwrap().synced_at;
    for (days, limit) in [(1, 5), (2, 10)] {
        shop.config.sync.limit = limit;
        synced_after(&shop, days).await;
        let snapshot = shop.snapshot();
        let (generation, oldest) = (snapshot.generation().unwrap(), snapshot.oldest_read_at().unwrap());
        assert!(generation.counts.carried > 0 && generation.synced_at > whole_at);
        assert_eq!(oldest, Some(whole_at), "{limit}");
    }
    shop.config.sync.limit = 0;
    synced_after(&shop, 3).await;
    let snapshot = shop.snapshot();
    assert_eq!(snapshot.oldest_read_at().unwrap(), Some(snapshot.generation().unwrap().synced_at));
}

/// What 1C said of another window says nothing of this one, and blames nobody. Nor are rows kept that have left it.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_under_another_window_leaves_what_it_did_not_read_uncompared() {
    let mut shop = Shop::open(40, 400, 8).await;
    synced_after(&shop, 0).await;
    (shop.config.sync.limit, shop.config.sync.days) = (5, 30);
    synced_after(&shop, 1).await;
    let engine = shop.engine();
    let mut carried = 0;
    for (card, _) in shop.stored() {
        let comparison = engine.detail(card).await.unwrap().unwrap().comparison;
        if comparison.compared_at < comparison.synced_at {
            carried += 1;
            let Coverage { purchases, total, .. } = comparison.coverage;
            let carried_over = Compared::Not(WhyNot::CarriedOver);
            assert_eq!((purchases, total), (carried_over, carried_over));
            assert_eq!(comparison.verdict, Verdict::Unverified);
            assert!(comparison.differences.iter().all(|it| !it.kind.is_variance()));
        }
    }
    assert_eq!(carried, 35);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_an_empty_store_reads_that_many_cards() {
    let mut shop = Shop::open(80, 900, 8).await;
    shop.config.sync.limit = 25;
    let summary = shop.sync().await.summary;
    assert_eq!(summary.cards, 25);
    let audited = shop.audited();
    for (card, figures) in shop.stored() {
        assert_eq!(audited.get(&card), Some(&figures), "card {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i21_progress_never_runs_backwards_and_ends_at_a_hundred() {
    let shop = Shop::open(200, 3_000, 9).await;
    let witness = Arc::new(Witness::default());
    shop.watched_sync(Arc::clone(&witness)).await;
    let progress = witness.progress.lock().unwrap();
    assert!(progress.windows(2).all(|pair| pair[0].overall <= pair[1].overall));
    assert_eq!(progress.last().unwrap().overall, 100);
    let begun: Vec<_> = witness.notices.lock().unwrap().iter().filter_map(started).collect();
    assert_eq!(begun, Stage::ALL);
    for stage in [Stage::Cards, Stage::OpeningBalances, Stage::Purchases, Stage::Points] {
        let gauge = progress.last().unwrap().of(stage).to_owned();
        assert_eq!(Some(gauge.done), gauge.total, "{stage:?}");
    }
}

fn started(notice: &Notice) -> Option<Stage> {
    match notice {
        Notice::StageStarted(stage) => Some(*stage),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_sync_leaves_the_last_generation() {
    let shop = Shop::open(200, 3_000, 10).await;
    shop.sync().await;
    let before = shop.stored();
    let cancel = CancellationToken::new();
    let observer = Arc::new(CancelAt { stage: Stage::Points, cancel: cancel.clone() });
    shop.server.with_simulator(|onec| {
        let recorder = onec.books().documents().next().unwrap().key;
        onec.books_mut().unpost(recorder);
    });
    let finished = shop.engine().sync(SyncOptions::default(), observer, &cancel).await.unwrap();
    assert_eq!(finished.summary.outcome, Outcome::Cancelled);
    assert_eq!(finished.summary.generation, Some(1));
    assert_eq!(shop.stored(), before);
    shop.sync().await;
    shop.assert_books_agree();
}

/// Pulls the plug when a stage begins.
struct CancelAt {
    stage: Stage,
    cancel: CancellationToken,
}

impl sverka::sync::Observer for CancelAt {
    fn progress(&self, _: &sverka::sync::event::Progress) {}

    fn notice(&self, notice: Notice) {
        if started(&notice) == Some(self.stage) {
            self.cancel.cancel();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_base_behind_the_address_is_refused_unless_accepted() {
    let shop = Shop::open(60, 600, 11).await;
    shop.sync().await;
    let other = Shop::open(60, 600, 12).await;
    let mut moved = Shop::open(60, 600, 11).await;
    moved.config.store.clone_from(&shop.config.store);
    moved.sync().await;
    let mut foreign = other;
    foreign.config.store.clone_from(&shop.config.store);
    let refused = foreign.try_sync().await;
    assert!(matches!(refused.error, Some(Error::AnotherBase { .. })), "{:?}", refused.error);
    // Beside another base every customer looks deleted: none of them is compared.
    let somebody = foreign.stored().into_keys().next().unwrap();
    let checked = foreign.engine().check(&Whom::Key(somebody), Side::Live).await.unwrap();
    assert!(matches!(checked.failure, Some(Error::AnotherBase { .. })), "{:?}", checked.failure);
    assert_eq!(checked.comparisons[0].verdict, Verdict::Unverified);
    let cancel = CancellationToken::new();
    let options = SyncOptions { accept_base: true, ..SyncOptions::default() };
    let accepted = foreign.engine().sync(options, Arc::new(Witness::default()), &cancel).await.unwrap();
    assert_eq!(accepted.summary.outcome, Outcome::Published);
    foreign.assert_books_agree();
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_without_virtual_tables_a_base_is_published_unverified() {
    let shop = Shop::open(60, 600, 13).await.with_faults(Faults::always(FaultKind::VirtualTablesMissing));
    let summary = shop.sync().await.summary;
    shop.assert_books_agree();
    assert_eq!(summary.unverified, summary.cards);
}

#[tokio::test(flavor = "multi_thread")]
async fn points_that_are_not_published_are_unknown_and_their_rows_stay() {
    let shop = Shop::open(60, 600, 14).await;
    shop.sync().await;
    let rows = shop.snapshot().generation().unwrap().counts.bonus_rows;
    let shop = shop.with_faults(Faults::always(FaultKind::PointsMissing));
    shop.sync().await;
    assert_eq!(shop.snapshot().generation().unwrap().counts.bonus_rows, rows);
    let reference = shop.reference().await;
    assert_eq!(reference.points.figure.stored, None, "unknown, not zero");
    assert_eq!(reference.points.figure.onec, None);
    assert_eq!(reference.verdict, Verdict::Reconciled, "points change no verdict while they are unknown");
    let found = shop.engine().search("царьков", 1).await.unwrap();
    assert_eq!(found.rows[0].points, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_of_a_generation_is_built_once_however_many_searches_wait_for_it() {
    let shop = Shop::open(300, 3_000, 11).await;
    let engine = Arc::new(shop.engine());
    for generation in 1..=2 {
        shop.sync().await;
        // Every letter gives the search before it up; what that began is not lost.
        for _ in 0..10 {
            let engine = Arc::clone(&engine);
            let letter = tokio::spawn(async move { engine.search("анна", 5).await.map(drop) });
            tokio::task::yield_now().await;
            letter.abort();
        }
        let searches = futures_util::future::join_all((0..10).map(|_| engine.search("анна", 5)));
        for found in searches.await {
            assert!(found.unwrap().total > 0);
        }
        assert_eq!(engine.index_builds(), generation);
    }
}
