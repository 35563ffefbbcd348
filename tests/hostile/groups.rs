//! The groups of cases.

/// Ways of asking that are refused.
mod asking;
/// Clocks that differ.
mod clocks;
/// Servers that behave.
mod honest;
/// Servers that change between two syncs.
mod later;
/// Counts, sums and sets that are not those of the books.
mod lies;
/// Odd books.
mod odd;
/// Replies that come packed.
mod packing;
/// Comparisons beside servers that refuse, through the real binary.
mod reconcile;
/// Rows that are not those of the books.
mod rows;
/// Sets that a sync can do without, and those it cannot.
mod sets;
/// Settings that do not fit the base, through the real binary.
mod settings;
/// Options that are passed over, and answers with less than was asked for.
mod silences;
/// 1C's own sums.
mod totals;

use std::collections::BTreeSet;

use crate::case::{Case, Money, Must};
use crate::refusal::Refusal;
use crate::ways::{Way, refuses};

/// What is refused in so many shapes, others for each, and in those that are easily mistaken.
fn refused(way: Way, first: usize, shapes: usize, must: Must) -> Vec<Case> {
    refused_as(
        way,
        first,
        shapes,
        &[(Refusal::Page(414), must), (Refusal::Page(401), must), (NO_CODE, must)],
        must,
    )
}

/// The same of a way of asking that the first request of a check takes: by 401 the account is not let in at all then.
fn refused_asking(way: Way, first: usize, shapes: usize, must: Must) -> Vec<Case> {
    let of_sync = Must { money: Money::Kept, ..must };
    let mistaken = [(Refusal::Page(414), must), (Refusal::Page(401), of_sync), (NO_CODE, of_sync)];
    refused_as(way, first, shapes, &mistaken, must)
}

/// The same of a way of asking that the first request of all takes.
fn refused_at_first(way: Way, first: usize, shapes: usize, must: Must) -> Vec<Case> {
    refused_as(way, first, shapes, &[(Refusal::Page(414), must)], must)
}

/// 401 of the interface itself, which does not say why.
const NO_CODE: Refusal = Refusal::Code(401, None);

fn refused_as(way: Way, first: usize, shapes: usize, mistaken: &[(Refusal, Must)], must: Must) -> Vec<Case> {
    let drawn = Refusal::ALL.into_iter().cycle().skip(first % Refusal::ALL.len()).take(shapes);
    let drawn = drawn.filter(|it| !Refusal::MISTAKEN.contains(it)).map(|shape| (shape, must));
    drawn.chain(mistaken.iter().copied()).map(|(shape, must)| refused_so(way, shape, must)).collect()
}

/// A way of asking refused in one shape.
fn refused_so(way: Way, shape: Refusal, must: Must) -> Case {
    Case::new(format!("{} refused: {}", way.name, shape.name()), must, vec![refuses(way, shape)])
}

#[test]
fn there_are_enough_behaviours_and_each_has_a_name_of_its_own() {
    let cases = [
        asking::cases(),
        clocks::cases(),
        honest::cases(),
        later::cases(),
        lies::cases(),
        odd::cases(),
        packing::cases(),
        rows::cases(),
        sets::cases(),
        silences::cases(),
        totals::cases(),
    ];
    let names: Vec<_> = cases.into_iter().flatten().map(|case| case.name).collect();
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    assert!(names.len() >= 400, "{}", names.len());
}
