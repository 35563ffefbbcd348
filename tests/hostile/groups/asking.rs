//! Ways of asking: each has a plain fallback, and a refusal of whatever shape leads to it.

use super::{refused_asking, refused_at_first, refused_so};
use crate::case::{Case, Money, Must, Points, all_come_out};
use crate::refusal::Refusal;
use crate::ways::{
    ANY_COUNT, ARTICLE, BARE, BY_ACTIVE, BY_CARD, BY_KEY, BY_PART_OF_TYPE, BY_PERIOD, BY_TYPE,
    BY_TYPE_ITSELF, CONTACTS, COUNT, DETAILS, EMAIL, FILTER, FULL_NAME, INLINE_COUNT, ITEM, LONGER_THAN_700,
    LONGER_THAN_1000, ORDER, QUANTITY, SELECT, SEVERAL, SKIP, TOP, VERSION,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known);
const RIGHT: Must = Must::be(Money::Right, Points::Known);

pub(super) fn cases() -> Vec<Case> {
    [fields_and_order(), counts_and_filters(), limits()].into_iter().flatten().collect()
}

fn fields_and_order() -> Vec<Case> {
    let parts = [
        refused_asking(SELECT, 0, 10, PROVEN),
        refused_asking(FULL_NAME, 9, 6, PROVEN),
        refused_asking(DETAILS, 10, 2, PROVEN),
        refused_asking(EMAIL, 14, 2, PROVEN),
        refused_asking(CONTACTS, 18, 2, PROVEN),
        refused_asking(ARTICLE, 20, 6, PROVEN),
        refused_asking(QUANTITY, 9, 3, PROVEN),
        refused_asking(VERSION, 26, 3, PROVEN),
        refused_asking(ORDER, 8, 10, PROVEN),
        refused_asking(SKIP, 16, 10, PROVEN),
        refused_asking(BARE, 4, 4, PROVEN),
    ];
    parts.into_iter().flatten().collect()
}

fn counts_and_filters() -> Vec<Case> {
    let parts = [
        refused_at_first(COUNT, 2, 10, PROVEN),
        refused_asking(INLINE_COUNT, 12, 2, PROVEN),
        refused_at_first(ANY_COUNT, 20, 6, RIGHT),
        refused_asking(FILTER, 6, 8, PROVEN),
        refused_asking(BY_PERIOD, 12, 8, PROVEN),
        refused_asking(BY_CARD, 22, 6, PROVEN),
        refused_asking(BY_KEY, 30, 6, PROVEN),
        refused_asking(BY_TYPE, 6, 8, PROVEN),
        refused_asking(BY_TYPE_ITSELF, 16, 4, PROVEN),
        refused_asking(BY_PART_OF_TYPE, 24, 2, PROVEN),
        refused_asking(BY_ACTIVE, 28, 6, PROVEN),
        refused_asking(ITEM, 5, 2, PROVEN),
    ];
    parts.into_iter().flatten().collect()
}

/// Even the plainest question says how many rows are wanted; and servers take addresses of so many bytes.
fn limits() -> Vec<Case> {
    let shapes = [
        Refusal::Code(400, Some(14)),
        Refusal::Code(400, Some(6)),
        Refusal::Page(400),
        Refusal::Words(501),
        Refusal::Page(414),
        Refusal::Code(500, Some(-1)),
    ];
    let tops = shapes.into_iter().map(|shape| refused_so(TOP, shape, PROVEN));
    // Sums of a stretch need an address as long as that: without them nothing older is explained.
    let lengths = [(LONGER_THAN_1000, PROVEN), (LONGER_THAN_700, RIGHT)].into_iter();
    let lengths = lengths.flat_map(|(way, must)| {
        [Refusal::Page(414), Refusal::IisTooLong].map(|shape| refused_so(way, shape, must))
    });
    let several = [Refusal::Page(414), Refusal::IisTooLong].map(|shape| refused_so(SEVERAL, shape, PROVEN));
    tops.chain(lengths).chain(several).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_rows_and_of_addresses_are_kept_to() {
    all_come_out(limits()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_orders_and_places_that_are_refused_are_done_without() {
    all_come_out(fields_and_order()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_and_filters_that_are_refused_are_done_without() {
    all_come_out(counts_and_filters()).await;
}
