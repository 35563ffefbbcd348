//! Cards of one owner, added up.

use super::*;

/// A card of the same owner: one purchase, no points, compared or not.
fn other(sum: i64, is_compared: bool) -> Comparison {
    let (rows, terms) = (vec![purchase(7, 1, "2025-09-01", sum)], terms());
    let stored = stored(rows.clone(), Vec::new(), &terms, ControlTotals::default());
    if is_compared {
        return against_live(Some(&stored), Some(&live(rows, Vec::new(), &terms)), &terms).unwrap();
    }
    against_nothing(&stored, &terms)
}

#[test]
fn cards_of_one_owner_are_added_up_and_ticked_only_together() {
    let hers = check(movements(), movements());
    let sum = CardsTogether::of([&hers, &other(12_400, true)]);
    assert_eq!((sum.cards, sum.total, sum.total_mark), (2, Some(roubles(377_454)), Mark::Equal));
    assert_eq!((sum.points, sum.points_mark), (Some(Points::from_units(480_600)), Mark::Equal));

    let sum = CardsTogether::of([&hers, &other(12_400, true), &other(100, false)]);
    assert_eq!((sum.cards, sum.total, sum.total_mark), (3, Some(roubles(377_554)), Mark::Uncompared));

    let differing = check(movements()[..2].to_vec(), movements());
    let sum = CardsTogether::of([&differing, &other(12_400, true)]);
    assert_eq!(
        (sum.total, sum.total_mark),
        (Some(roubles(377_454)), Mark::Differs),
        "what 1C says is added up"
    );
    assert_eq!(CardsTogether::of([]).total_mark, Mark::Uncompared);
}

#[test]
fn what_is_not_known_of_one_card_is_not_known_of_the_sum() {
    let mut without_points = other(12_400, true);
    without_points.points.figure = Figure { onec: None, stored: None };
    let sum = CardsTogether::of([&check(movements(), movements()), &without_points]);
    assert_eq!((sum.total, sum.points), (Some(roubles(377_454)), None));
}
