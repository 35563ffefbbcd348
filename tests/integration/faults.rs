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

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_bad_days_at_least_nineteen_publish_and_every_one_is_right() {
    let mut published = 0;
    for seed in 1..=20 {
        published += u32::from(survives(seed, Faults::moderate()).await);
    }
    assert!(published >= 19, "{published} of 20");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_days_without_filters_and_virtual_tables_are_right_as_well() {
    let mut published = 0;
    for seed in 1..=20 {
        let faults = Faults::moderate()
            .add(FaultKind::FiltersRefused, Rate::ALWAYS)
            .add(FaultKind::VirtualTablesMissing, Rate::ALWAYS);
        published += u32::from(survives(seed, faults).await);
    }
    assert!(published >= 19, "{published} of 20");
}
