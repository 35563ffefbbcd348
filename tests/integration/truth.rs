//! One truth for each card: whatever compared it last is what the list, its filter and order, the customer and the counts
//! say, in every process that looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use sverka::domain::reconcile::latest::Reach;
use sverka::domain::{Amount, CardId, Mark, Part, Verdict};
use sverka::engine::reconcile::{Options, Reconciliation, Unwatched, Wanted};
use sverka::engine::{
    Clock, Column, Detail, Engine, Found, Home, HttpTransport, Keep, ListFilter, ListPart, Request, Row,
    Side, SyncMode, SyncOptions, Whom,
};
use sverka::sync::Unobserved;
use sverka_simulator::{Card, DocumentKind};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{REFERENCE_PHONE, Shop, Stopped};

/// Another minute every time somebody looks.
#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> DateTime<Utc> {
        Stopped.now() + TimeDelta::seconds(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// A shop whose engines have one clock.
struct Shown {
    shop: Shop,
    clock: Arc<Ticking>,
}

impl Shown {
    async fn open(seed: u64) -> Self {
        let it = Self { shop: Shop::open(60, 600, seed).await, clock: Arc::default() };
        it.sync(SyncMode::Full).await;
        it
    }

    /// Another process.
    fn engine(&self) -> Engine {
        let transport = Arc::new(HttpTransport::new(&self.shop.config.onec).unwrap());
        let home = Home::file(&self.shop.config.store);
        Engine::new(self.shop.config.clone(), Arc::clone(&self.clock) as _, transport, home)
    }

    async fn sync(&self, mode: SyncMode) {
        let options = SyncOptions { mode, ..SyncOptions::default() };
        let finished =
            self.engine().sync(options, Arc::new(Unobserved), &CancellationToken::new()).await.unwrap();
        assert!(finished.error.is_none(), "{:?}", finished.error);
    }

    async fn check(&self) -> Verdict {
        let whom = Whom::Phone(REFERENCE_PHONE.into());
        let checked = self.engine().check(&whom, Side::Live).await.unwrap();
        assert!(checked.failure.is_none(), "{:?}", checked.failure);
        checked.comparisons[0].verdict
    }

    async fn reconcile(&self, live: bool) -> u64 {
        self.reconciled(Options { live, ..Options::default() }).await.summary.variances
    }

    async fn reconciled(&self, options: Options) -> Reconciliation {
        let none = CancellationToken::new();
        self.engine().reconcile(options, Arc::new(Unwatched), &none).await.unwrap()
    }

    /// The town of the reference customer's owner is another one in 1C.
    fn move_owner(&self) {
        self.shop.server.with_simulator(|onec| {
            let books = onec.books_mut();
            let card: Card = books.card(books.reference()).unwrap().clone();
            assert!(books.change_owner(card.owner, |owner| owner.main_details =
                "Царькова Марина\r\n+7\r\nКерчь, улица Мира, дом 1".into()));
        });
    }

    /// The reconciliation says of every listed card what the list says, and sums it up.
    async fn assert_listed_alike(&self, of: &Arc<Reconciliation>) {
        let cards = self.engine().reconciled_part(Arc::clone(of), Wanted::All, ListPart::default()).await;
        let list = self.list(Keep::All, Column::Variance).await;
        let verdict = |card| list.rows.iter().find(|row| row.customer.card == card).map(|row| row.verdict);
        let mut compared = 0;
        for row in cards.unwrap().rows {
            if let Some(verdict) = verdict(row.customer.card) {
                assert_eq!(row.verdict, verdict, "{}", row.customer.code);
                compared += 1;
            }
        }
        assert_eq!(compared, list.total);
        let listed = |of: Verdict| list.rows.iter().filter(|row| row.verdict == of).count() as u64;
        assert_eq!(of.summary.reconciled, listed(Verdict::Reconciled));
        assert_eq!(of.summary.before_window, listed(Verdict::BeforeWindow));
    }

    fn reference(&self) -> CardId {
        CardId(self.shop.server.with_simulator(|onec| onec.books().reference()))
    }

    /// A purchase of the reference customer costs so many kopecks more.
    fn change_sale(&self, by: i64) {
        self.shop.server.with_simulator(|onec| {
            let books = onec.books_mut();
            let card = books.reference();
            let of_card = |it: &sverka_simulator::Posted<sverka_simulator::SaleLine>| {
                it.row.card == card && it.kind != DocumentKind::OpeningBalances
            };
            let sale = books.sales().find(of_card).unwrap();
            assert!(books.change_sale(sale.recorder, sale.line, |row| row.amount += by));
        });
    }

    async fn list(&self, keep: Keep, by: Column) -> Found {
        let filter = ListFilter { keep, ..ListFilter::default() };
        let request = Request { filter, order: by.order(), ..Request::default() };
        self.engine().list(request).await.unwrap()
    }

    async fn row(&self) -> Row {
        self.engine().search(REFERENCE_PHONE, 1).await.unwrap().rows.remove(0)
    }

    async fn detail(&self) -> Detail {
        self.engine().detail(self.reference()).await.unwrap().unwrap()
    }

    async fn variances(&self) -> u64 {
        self.engine().status().await.unwrap().counts().unwrap().variances
    }

    /// Every face says the same of the reference customer, and by the same comparison.
    #[track_caller]
    fn assert_one_truth(&self, expected: (Verdict, Reach)) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let (row, detail) = (self.row().await, self.detail().await);
            let compared = row.compared.unwrap();
            assert_eq!((row.verdict, compared.reach), expected, "the list, {place}");
            let by = Reach::of(detail.comparison.against).unwrap();
            assert_eq!((detail.comparison.verdict, by), expected, "the customer, {place}");
            assert_eq!(detail.comparison.compared_at, Some(compared.at), "its age, {place}");
            let is_variance = expected.0 == Verdict::Variance;
            let kept = self.list(Keep::Variances, Column::Variance).await;
            let is_listed = kept.rows.iter().any(|row| row.customer.card == self.reference());
            assert_eq!(is_listed, is_variance, "the filter, {place}");
            assert_eq!(self.variances().await, kept.total as u64, "the counts, {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_compares_a_card_is_seen_on_every_face() {
    let shown = Shown::open(61).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
    assert_eq!(shown.detail().await.comparison.mark(Part::City), Mark::Uncompared);

    // A check, from another process.
    assert_eq!(shown.check().await, Verdict::Reconciled);
    shown.assert_one_truth((Verdict::Reconciled, Reach::Rows)).await;
    for part in [Part::Points, Part::City, Part::Total] {
        assert_eq!(shown.detail().await.comparison.mark(part), Mark::Equal, "{part:?}");
    }

    // 1C changes, and another check finds it.
    shown.change_sale(31_000);
    assert_eq!(shown.check().await, Verdict::Variance);
    shown.assert_one_truth((Verdict::Variance, Reach::Rows)).await;
    assert_eq!(shown.row().await.variance_shown(), Some(Amount::from_units(-31_000)));
    let worst = shown.list(Keep::All, Column::Variance).await.rows.remove(0);
    assert!(worst.variance_shown().is_some_and(|variance| !variance.is_zero()), "the order follows");
    assert_eq!(shown.detail().await.comparison.differences.len(), 1);

    // A sync reads the card anew: what was found before is void.
    shown.sync(SyncMode::Delta).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reconciliation_of_the_base_marks_every_card() {
    for live in [false, true] {
        let shown = Shown::open(62).await;
        shown.change_sale(31_000);
        let before = shown.variances().await;
        let found = shown.reconcile(live).await;
        assert_eq!(found, before + 1);
        assert_eq!(shown.variances().await, found, "live: {live}");
        shown.assert_one_truth((Verdict::Variance, Reach::Rows)).await;
        let status = shown.engine().status().await.unwrap();
        assert_eq!(status.checked.cards, status.counts().unwrap().cards);
        let by = if live { Reach::Rows } else { Reach::Sums };
        let rows = shown.list(Keep::All, Column::Variance).await.rows;
        assert!(rows.iter().any(|row| row.compared.is_some_and(|compared| compared.reach == by)));
        shown.change_sale(-31_000);
        assert_eq!(shown.reconcile(live).await, before);
        // What lines have shown is over by lines alone.
        shown.assert_one_truth((Verdict::Reconciled, Reach::Rows)).await;
    }
}

/// No sum tells a town: that it differs was found line by line, before the reconciliation or after it.
#[tokio::test(flavor = "multi_thread")]
async fn the_reconciliation_of_the_base_and_the_list_say_the_same_of_every_card() {
    let shown = Shown::open(67).await;
    shown.move_owner();
    assert_eq!(shown.check().await, Verdict::Variance);
    // Told by the rows it read once more, or, where it was not to read any, by those of the check.
    for worst in [Options::default().worst, 0] {
        let of = Arc::new(shown.reconciled(Options { worst, ..Options::default() }).await);
        assert_eq!(of.summary.variances, 1);
        shown.assert_listed_alike(&of).await;
        let again = shown.engine().by_newest(Arc::clone(&of)).await.unwrap();
        assert!(again.is_none_or(|again| again.summary == of.summary), "nothing was compared since");
    }

    // Compared since, by another process.
    let of = Arc::new(shown.reconciled(Options::default()).await);
    shown.change_sale(31_000);
    assert_eq!(shown.check().await, Verdict::Variance);
    let newest = Arc::new(shown.engine().by_newest(Arc::clone(&of)).await.unwrap().unwrap());
    shown.assert_listed_alike(&newest).await;
    let variance = |of: &Reconciliation| of.summary.total_variance();
    assert_eq!(variance(&newest), variance(&of).map(|sum| sum - Amount::from_units(31_000)));
    assert_eq!(newest.summary.causes.len(), of.summary.causes.len() + 1);
}

/// A town is in no sum: what a check found of it stays, whatever sums say later.
#[tokio::test(flavor = "multi_thread")]
async fn sums_never_hide_what_only_rows_can_show() {
    let shown = Shown::open(63).await;
    shown.move_owner();
    assert_eq!(shown.check().await, Verdict::Variance);
    shown.assert_one_truth((Verdict::Variance, Reach::Rows)).await;
    shown.reconcile(false).await;
    shown.assert_one_truth((Verdict::Variance, Reach::Rows)).await;
    assert_eq!(shown.detail().await.comparison.mark(Part::City), Mark::Differs);
    shown.sync(SyncMode::Full).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
}

/// Points and the town are known after a sync that brought nothing new of the card, with the age of the check.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_proven_by_rows_outlives_a_sync_that_brought_nothing_new() {
    let shown = Shown::open(64).await;
    shown.check().await;
    let checked_at = shown.row().await.compared.unwrap().at;
    shown.sync(SyncMode::Delta).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
    let detail = shown.detail().await;
    for part in [Part::Points, Part::City, Part::Total] {
        assert_eq!(detail.comparison.mark(part), Mark::Equal, "{part:?}");
    }
    let also = detail.also.as_ref().unwrap();
    assert_eq!((also.reach, also.at), (Reach::Rows, checked_at));
    assert_eq!(detail.compared_at(Part::City), Some(checked_at));
    assert!(detail.compared_at(Part::Total) > Some(checked_at));
}

/// 1C has a card that the store lacks: no list can show it, the status does.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_no_list_shows_is_told_of() {
    let shown = Shown::open(65).await;
    let added = shown.shop.server.with_simulator(|onec| {
        let books = onec.books_mut();
        let pattern = books.card(books.reference()).unwrap().clone();
        let card = Card { key: books.new_key(), phone: "79780000001".into(), code: "N1".into(), ..pattern };
        books.add_card(card.clone());
        card.key
    });
    assert_ne!(added, Uuid::nil());
    shown.reconcile(true).await;
    let unlisted = |status: sverka::engine::Status| status.checked.unlisted;
    assert_eq!(unlisted(shown.engine().status().await.unwrap()), 1);
    shown.sync(SyncMode::Full).await;
    assert_eq!(unlisted(shown.engine().status().await.unwrap()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_comparisons_that_is_damaged_is_said_once_and_begun_anew() {
    let shown = Shown::open(66).await;
    let path = shown.shop.config.store.with_file_name("sverka.redb.checks");
    shown.check().await;
    assert!(path.is_file());
    std::fs::write(&path, b"rot").unwrap();
    let engine = shown.engine();
    assert_eq!(engine.search(REFERENCE_PHONE, 1).await.unwrap().rows[0].verdict, Verdict::Reconciled);
    assert!(engine.take_remark().is_some());
    assert!(engine.take_remark().is_none());
    engine.check(&Whom::Phone(REFERENCE_PHONE.into()), Side::Live).await.unwrap();
    assert!(engine.take_remark().is_some(), "where it lies now");
    shown.assert_one_truth((Verdict::Reconciled, Reach::Rows)).await;
}

/// Lines that differ and move no sum are read by the next delta once anybody has seen them.
#[tokio::test(flavor = "multi_thread")]
async fn a_delta_reads_what_lines_have_shown_to_differ_whatever_the_sums_say() {
    let shown = Shown::open(67).await;
    shown.shop.server.with_simulator(|onec| {
        let books = onec.books_mut();
        let card = books.reference();
        let of_card = |kind: DocumentKind, row: &sverka_simulator::SaleLine| {
            row.card == card && kind != DocumentKind::OpeningBalances
        };
        let rows: Vec<_> = books.sales().filter(|it| of_card(it.kind, &it.row)).collect();
        let month = |row: &sverka_simulator::SaleLine| row.period.format("%Y-%m").to_string();
        let of_one_month = rows.iter().enumerate().find_map(|(at, one)| {
            rows[at + 1..].iter().find(|other| month(&other.row) == month(&one.row)).map(|other| (one, other))
        });
        let (one, other) = of_one_month.expect("two purchases of one month");
        assert!(books.change_sale(one.recorder, one.line, |row| row.amount += 100));
        assert!(books.change_sale(other.recorder, other.line, |row| row.amount -= 100));
    });
    shown.sync(SyncMode::Delta).await;
    assert_eq!(
        shown.check().await,
        Verdict::Variance,
        "the case needs lines that a delta by itself does not read"
    );
    shown.sync(SyncMode::Delta).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
    assert_eq!(shown.check().await, Verdict::Reconciled);
}

/// What was found to differ and is as it was is no difference after the next delta, though nothing is read that the store
/// has not.
#[tokio::test(flavor = "multi_thread")]
async fn a_delta_ends_a_difference_that_is_no_more() {
    let shown = Shown::open(68).await;
    shown.change_sale(31_000);
    assert_eq!(shown.check().await, Verdict::Variance);
    shown.change_sale(-31_000);
    shown.sync(SyncMode::Delta).await;
    shown.assert_one_truth((Verdict::Reconciled, Reach::Sums)).await;
}

/// What was compared while a clock was ahead is older than what is compared once it is right.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_a_clock_that_was_ahead_hides_no_later_one() {
    let five_years = 5 * 365 * 24 * 3_600;
    for is_synced in [true, false] {
        let shown = Shown::open(68).await;
        shown.clock.0.fetch_add(five_years, Ordering::Relaxed);
        assert_eq!(shown.check().await, Verdict::Reconciled);
        shown.clock.0.fetch_sub(five_years, Ordering::Relaxed);
        if is_synced {
            shown.sync(SyncMode::Full).await;
        }
        shown.change_sale(900_000);
        assert_eq!(shown.reconcile(false).await, 1, "{is_synced}");
        assert_eq!(shown.row().await.verdict, Verdict::Variance, "{is_synced}");
        assert_eq!(shown.variances().await, 1, "{is_synced}");
    }
}
