//! Ways of asking: each has a plain fallback, and a refusal of whatever shape leads to it.

use super::refused;
use crate::case::{Case, Money, Must, Points, all_come_out};
use crate::ways::{
    ANY_COUNT, ARTICLE, BY_ACTIVE, BY_CARD, BY_KEY, BY_PART_OF_TYPE, BY_PERIOD, BY_TYPE, BY_TYPE_ITSELF,
    CONTACTS, COUNT, DETAILS, EMAIL, FILTER, FULL_NAME, INLINE_COUNT, ITEM, ORDER, QUANTITY, SELECT, SKIP,
    VERSION,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known);
const RIGHT: Must = Must::be(Money::Right, Points::Known);

pub(super) fn cases() -> Vec<Case> {
    [fields_and_order(), counts_and_filters()].into_iter().flatten().collect()
}

fn fields_and_order() -> Vec<Case> {
    let parts = [
        refused(SELECT, 0, 10, PROVEN),
        refused(FULL_NAME, 9, 6, PROVEN),
        refused(DETAILS, 10, 2, PROVEN),
        refused(EMAIL, 14, 2, PROVEN),
        refused(CONTACTS, 18, 2, PROVEN),
        refused(ARTICLE, 20, 6, PROVEN),
        refused(QUANTITY, 9, 3, PROVEN),
        refused(VERSION, 26, 3, PROVEN),
        refused(ORDER, 8, 10, PROVEN),
        refused(SKIP, 16, 10, PROVEN),
    ];
    parts.into_iter().flatten().collect()
}

fn counts_and_filters() -> Vec<Case> {
    let parts = [
        refused(COUNT, 2, 10, PROVEN),
        refused(INLINE_COUNT, 12, 2, PROVEN),
        refused(ANY_COUNT, 20, 6, RIGHT),
        refused(FILTER, 6, 8, PROVEN),
        refused(BY_PERIOD, 12, 8, PROVEN),
        refused(BY_CARD, 22, 6, PROVEN),
        refused(BY_KEY, 30, 6, PROVEN),
        refused(BY_TYPE, 6, 8, PROVEN),
        refused(BY_TYPE_ITSELF, 16, 4, PROVEN),
        refused(BY_PART_OF_TYPE, 24, 2, PROVEN),
        refused(BY_ACTIVE, 28, 6, PROVEN),
        refused(ITEM, 5, 2, PROVEN),
    ];
    parts.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_orders_and_places_that_are_refused_are_done_without() {
    all_come_out(fields_and_order()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_and_filters_that_are_refused_are_done_without() {
    all_come_out(counts_and_filters()).await;
}
