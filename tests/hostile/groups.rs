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

use crate::case::{Case, Must};
use crate::refusal::Refusal;
use crate::ways::{Way, refuses};

/// A way of asking refused in so many shapes, others for every way.
fn refused(way: Way, first: usize, shapes: usize, must: Must) -> Vec<Case> {
    let shapes = Refusal::ALL.into_iter().cycle().skip(first % Refusal::ALL.len()).take(shapes);
    shapes.map(|shape| refused_so(way, shape, must)).collect()
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
