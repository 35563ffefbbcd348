use futures_util::StreamExt as _;
use futures_util::future::ready;
use futures_util::stream;
use sverka::sync::event::Outcome;
use sverka_simulator::{FaultKind, Faults, Rate};

use crate::support::{Audited, Shop};
use std::collections::HashMap;
use sverka::domain::CardId;

/// Syncs a shop at these faults: exact figures, or a failure with the last generation kept.
async fn survives(seed: u64, faults: Faults) -> bool {
    let shop = Shop::open(60, 700, seed).await;
    shop.sync().await;
    let before = shop.stored();
    disturb(&shop);
    let shop = shop.with_faults(faults);
    let finished = shop.try_sync().await;
    if finished.summary.outcome == Outcome::Published {
        shop.assert_books_agree();
        return true;
    }
    let error = finished.error.expect("a failed sync says why");
    assert!(!error.to_string().is_empty());
    let kept: HashMap<CardId, Audited> = shop.stored();
    assert_eq!(kept, before, "seed {seed}: {error}");
    false
}

/// What happens in a shop between two syncs.
fn disturb(shop: &Shop) {
    shop.server.with_simulator(|onec| {
        let books = onec.books_mut();
        let recorders: Vec<_> = books.documents().map(|document| document.key).collect();
        for recorder in recorders.into_iter().step_by(11) {
            books.unpost(recorder);
        }
    });
}

/// On how many days of twenty a shop with these faults publishes; several days at once, for they wait more than they work.
async fn published_of_twenty(faults: impl Fn() -> Faults) -> usize {
    let days = stream::iter(1..=20).map(|seed| survives(seed, faults()));
    days.buffer_unordered(5).filter(|published| ready(*published)).count().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_bad_days_at_least_nineteen_publish_and_every_one_is_right() {
    let published = published_of_twenty(Faults::moderate).await;
    assert!(published >= 19, "{published} of 20");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_days_without_filters_and_virtual_tables_are_right_as_well() {
    let published = published_of_twenty(|| {
        Faults::moderate()
            .add(FaultKind::FiltersRefused, Rate::ALWAYS)
            .add(FaultKind::VirtualTablesMissing, Rate::ALWAYS)
    });
    let published = published.await;
    assert!(published >= 19, "{published} of 20");
}
