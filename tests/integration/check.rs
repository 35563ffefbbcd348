use sverka::domain::reconcile::{Against, Reason};
use sverka::domain::{Amount, CardId, Comparison, DifferenceKind, MovementKind, Verdict};
use sverka::engine::{Side, Whom};
use sverka_simulator::{Card, DocumentKind, FaultKind, Faults, Rate, Trap};
use uuid::Uuid;

use crate::support::changes::{day, sale};
use crate::support::office::{Deed, Office};
use crate::support::{REFERENCE_PHONE, Shop};

fn kinds(comparison: &Comparison) -> Vec<DifferenceKind> {
    comparison.differences.iter().map(|difference| difference.kind).collect()
}

/// A row of the reference customer in the simulated books: recorder, line, amount in kopecks.
fn reference_row(shop: &Shop, is_opening: bool) -> (Uuid, u32, i64) {
    shop.server.with_simulator(|onec| {
        let books = onec.books();
        let card = books.reference();
        let row = books
            .sales()
            .find(|sale| sale.row.card == card && (sale.kind == DocumentKind::OpeningBalances) == is_opening);
        let row = row.unwrap();
        (row.recorder, row.line, row.row.amount)
    })
}

/// A new card of 1C, with this bar code.
fn add_card(shop: &Shop, barcode: &str) -> Uuid {
    shop.server.with_simulator(|onec| {
        let books = onec.books_mut();
        let pattern = books.card(books.reference()).unwrap().clone();
        let card =
            Card { key: books.new_key(), phone: barcode.into(), code: format!("N{barcode}"), ..pattern };
        let key = card.key;
        books.add_card(card);
        key
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_vanished_from_1c_is_named() {
    let shop = Shop::open(60, 600, 21).await;
    shop.sync().await;
    let (recorder, line, amount) = reference_row(&shop, false);
    shop.server.with_simulator(|onec| assert!(onec.books_mut().delete_sale(recorder, line)));
    let reference = shop.reference().await;
    assert_eq!(reference.verdict, Verdict::Variance);
    assert_eq!(reference.total.variance(), Some(Amount::from_units(amount)), "the store has too much");
    let extra = &reference.differences[0];
    assert_eq!((extra.kind, extra.reason), (DifferenceKind::ExtraLine, Some(Reason::Gone)));
    assert_eq!((extra.recorder.unwrap().0, extra.line), (recorder, Some(u64::from(line))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_amount_and_an_inactive_line_are_told_apart() {
    let shop = Shop::open(60, 600, 22).await;
    shop.sync().await;
    let (recorder, line, _) = reference_row(&shop, false);
    shop.server.with_simulator(|onec| {
        assert!(onec.books_mut().change_sale(recorder, line, |row| row.amount += 1));
    });
    let changed = shop.reference().await;
    assert_eq!(kinds(&changed), [DifferenceKind::ChangedLine]);
    assert_eq!(changed.total.variance(), Some(Amount::from_units(-1)), "one kopeck too little");
    shop.server.with_simulator(|onec| {
        assert!(onec.books_mut().change_sale(recorder, line, |row| row.active = false));
    });
    let inactive = shop.reference().await;
    assert_eq!(kinds(&inactive), [DifferenceKind::ExtraLine]);
    assert_eq!(inactive.differences[0].reason, Some(Reason::Inactive));
}

/// The portal's own mistake, planted: a store that was synced without knowing opening balances.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_opening_balances_is_found_out() {
    let mut shop = Shop::open(60, 600, 23).await;
    shop.config.names.opening_balance = vec!["НетТакогоДокумента".into()];
    shop.sync().await;
    shop.config.names.opening_balance = vec!["ВводНачальныхОстатков".into()];
    let reference = shop.reference().await;
    assert_eq!(reference.verdict, Verdict::Variance);
    assert_eq!(kinds(&reference), [DifferenceKind::MissingOpeningBalance]);
    assert_eq!(reference.opening_balance.variance(), Some(Amount::from_units(-23_236_000)));
    assert_eq!(reference.purchases.variance(), Some(Amount::ZERO));
}

#[tokio::test(flavor = "multi_thread")]
async fn purchases_before_the_window_are_told_and_no_variance() {
    let shop = Shop::open(60, 600, 24).await;
    shop.sync().await;
    let card = shop.server.with_simulator(|onec| onec.books().trap(Trap::OldPurchase)).unwrap();
    let whom = Whom::Key(sverka::domain::CardId(card));
    for side in [Side::Live, Side::ControlTotals] {
        let checked = shop.engine().check(&whom, side).await.unwrap();
        let comparison = &checked.comparisons[0];
        assert_eq!(comparison.verdict, Verdict::BeforeWindow, "{side:?}");
        let before = comparison.before_window.unwrap();
        assert!(!before.is_zero());
        assert_eq!(comparison.total.variance(), Some(-before), "{side:?}: short by exactly that");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubled_sale_is_a_warning() {
    let shop = Shop::open(60, 600, 25).await;
    shop.sync().await;
    let card = shop.server.with_simulator(|onec| onec.books().trap(Trap::DoubledSale)).unwrap();
    let checked = shop.check(Whom::Key(sverka::domain::CardId(card))).await;
    let comparison = &checked.comparisons[0];
    assert!(kinds(comparison).contains(&DifferenceKind::DoubledSale));
    assert_ne!(comparison.verdict, Verdict::Variance);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_is_reconciled_live_right_after_a_sync() {
    let shop = Shop::open(60, 600, 26).await;
    shop.sync().await;
    for card in shop.stored().into_keys() {
        let checked = shop.check(Whom::Key(card)).await;
        let verdict = checked.comparisons[0].verdict;
        assert!(matches!(verdict, Verdict::Reconciled | Verdict::BeforeWindow), "{card}: {verdict:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_1c_cannot_filter_one_customer_is_checked_all_the_same() {
    let shop = Shop::open(60, 600, 27).await;
    shop.sync().await;
    let shop = shop.with_faults(Faults::always(FaultKind::FiltersRefused));
    assert_eq!(shop.reference().await.verdict, Verdict::Reconciled);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_1c_the_stored_figures_stand_alone() {
    let shop = Shop::open(60, 600, 28).await;
    shop.sync().await;
    let engine = shop.engine();
    drop(shop.server);
    let checked = engine.check(&Whom::Phone(REFERENCE_PHONE.into()), Side::Live).await.unwrap();
    assert!(checked.failure.is_some());
    let comparison = &checked.comparisons[0];
    assert_eq!(comparison.against, Against::None);
    assert_eq!(comparison.total.stored, Some(Amount::from_units(36_505_400)));
    assert_eq!((comparison.total.onec, comparison.verdict), (None, Verdict::Unverified));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_the_store_does_not_have_is_found_in_1c() {
    let shop = Shop::open(60, 600, 29).await;
    let before_any_sync = shop.check(Whom::Phone("8 (978) 845-13-64".into())).await;
    assert_eq!(before_any_sync.comparisons.len(), 1);
    assert_eq!(before_any_sync.comparisons[0].total.stored, None);
    assert_eq!(before_any_sync.comparisons[0].total.onec, Some(Amount::from_units(36_505_400)));
    shop.sync().await;
    let nobody = shop.check(Whom::Phone("70000000000".into())).await;
    assert!(nobody.comparisons.is_empty() && nobody.failure.is_none());
    // 1C finds digits anywhere in a bar code; only the phone itself is meant.
    let meant = add_card(&shop, "79780001122");
    add_card(&shop, "9780001122345");
    let found = shop.check(Whom::Phone("+7 978 000-11-22".into())).await.comparisons;
    let found: Vec<_> = found.into_iter().map(|comparison| comparison.customer.card.0).collect();
    assert_eq!(found, [meant]);
}

/// The store has none of this card's rows, and of the only one that 1C has nothing can be said.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_now_leaves_the_card_unverified() {
    let shop = Shop::open(60, 600, 31).await;
    let card = add_card(&shop, "79780001122");
    shop.server.with_simulator(|onec| {
        let long_ago = day(2015, 3, 1);
        onec.books_mut().post(DocumentKind::Receipt, long_ago, vec![sale(card, long_ago, 500)], Vec::new());
        onec.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    });
    shop.sync().await;
    let verdict = async || shop.check(Whom::Key(CardId(card))).await.comparisons[0].verdict;
    assert_eq!(verdict().await, Verdict::BeforeWindow);
    shop.server.with_simulator(|onec| {
        let faults = Faults::always(FaultKind::VirtualTablesMissing);
        onec.set_faults(faults.add(FaultKind::BrokenRows, Rate::ALWAYS));
    });
    assert_eq!(verdict().await, Verdict::Unverified);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_detail_knows_products_and_sums_by_recorder() {
    let shop = Shop::open(60, 600, 30).await;
    shop.sync().await;
    let card = shop.reference().await.customer.card;
    let detail = shop.engine().detail(card).await.unwrap().unwrap();
    let purchases: Vec<_> =
        detail.purchases.iter().filter(|row| row.movement.kind == MovementKind::Purchase).collect();
    assert_eq!(purchases.len(), 14);
    assert!(purchases.iter().all(|row| row.product.as_ref().is_some_and(|product| !product.name.is_empty())));
    assert!(purchases.iter().any(|row| row.is_packaging) && purchases.iter().any(|row| !row.is_packaging));
    assert!(detail.purchases.is_sorted_by(|a, b| a.movement.period >= b.movement.period));
    let sum: Amount = detail.recorders.iter().map(|sum| sum.amount).sum();
    assert_eq!(Some(sum), detail.comparison.total.stored);
}

/// A sale between the rows of a card and its sums makes 1C contradict itself until it is asked once more.
#[tokio::test]
async fn a_sale_while_a_card_is_checked_is_no_contradiction_of_1c() {
    let office = Office::open(30, 300, 1);
    office.sync().await;
    let card = office.books().reference();
    let mut is_sold = false;
    office.meddle(move |_, url, onec| {
        if url.contains("/Turnovers(") && !std::mem::replace(&mut is_sold, true) {
            let now = onec.books().sales().map(|it| it.row.period).max().unwrap();
            onec.books_mut().post(DocumentKind::Receipt, now, vec![sale(card, now, 900_000)], Vec::new());
        }
        Deed::Answer
    });
    let checked = office.engine().check(&Whom::Key(CardId(card)), Side::Live).await.unwrap();
    let differences = &checked.comparisons[0].differences;
    let kinds: Vec<_> = differences.iter().map(|it| (it.kind, it.reason)).collect();
    assert_eq!(kinds, [(DifferenceKind::MissingLine, None)]);
}
