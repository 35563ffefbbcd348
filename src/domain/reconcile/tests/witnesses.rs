//! What is equal and yet proven by nobody.

use super::*;

/// The reference customer by sums, with what 1C tells changed.
fn by_sums(change: impl FnOnce(&mut ControlTotals)) -> Comparison {
    let terms = terms();
    let mut control = control_of(&movements(), &points(), &terms);
    change(&mut control);
    against_control_totals(&stored(movements(), points(), &terms, control), &terms)
}

#[test]
fn opening_balances_read_twice_by_the_same_names_need_1c_s_total_to_be_proven() {
    type Change = fn(&mut ControlTotals);
    let of = |change: Change| {
        let it = by_sums(change);
        assert!(it.opening_balance.stored.is_some());
        it.coverage.opening_balance
    };
    let cases: [(Change, Compared); 5] = [
        (|_| {}, Compared::With(Means::OpeningSet)),
        (|it| it.turnover_all = None, Compared::Not(WhyNot::NotAsked)),
        (|it| (it.turnover_all, it.turnover_window) = (None, None), Compared::Not(WhyNot::NotAsked)),
        (|it| it.turnover_all = Some(roubles(999_999)), Compared::Not(WhyNot::OlderRows)),
        (
            |it| {
                // Something was sold since: by sums, an opening balance in the window looks the same.
                it.turnover_all = it.turnover_all.map(|sum| sum + roubles(1));
                it.turnover_window = it.turnover_window.map(|sum| sum + roubles(1));
            },
            Compared::Not(WhyNot::SumDiffers),
        ),
    ];
    for (at, (change, compared)) in cases.into_iter().enumerate() {
        assert_eq!(of(change), compared, "case {at}");
    }
    let missing = by_sums(|it| it.opening_balance = Some(Amount::ZERO));
    assert_eq!(missing.mark(Part::OpeningBalance), Mark::Differs, "what differs is known to");
}

#[test]
fn nothing_on_either_side_proves_nothing_of_a_card_that_is_gone() {
    let terms = terms();
    let nothing = stored(vec![], vec![], &terms, ControlTotals::default());
    let gone = LiveSide::of_unknown_card(nothing.customer.card, true);
    for live in [None, Some(&gone)] {
        let it = against_live(Some(&nothing), live, &terms).unwrap();
        let marks = Part::OF_ROWS.map(|part| it.mark(part));
        assert_eq!(marks, [Mark::Uncompared; 4], "{live:?}");
        assert_eq!((it.mark(Part::Card), it.verdict), (Mark::Differs, Verdict::Variance));
    }
    let sold = stored(movements(), vec![], &terms, ControlTotals::default());
    let it = against_live(Some(&sold), Some(&gone), &terms).unwrap();
    assert_eq!(it.mark(Part::Total), Mark::Differs, "what differs is known to");
}

#[test]
fn rows_without_a_type_prove_no_total_where_some_types_are_left_out() {
    let terms_with = |ignored: &[&str]| {
        let ignored_recorders = ignored.iter().map(|name| (*name).to_owned()).collect();
        let today = crate::domain::Settings { ignored_recorders, ..crate::domain::Settings::default() };
        Terms { under: Arc::new(Under::of(None, &today)), ..terms() }
    };
    let nameless = |mut row: Movement| {
        row.key.recorder_type = RecorderType("".into());
        row
    };
    for (ignored, is_nameless, mark) in [
        (&[][..], true, Mark::Equal),
        (&["ЧекККМ"], false, Mark::Equal),
        (&["ЧекККМ"], true, Mark::Uncompared),
    ] {
        let terms = terms_with(ignored);
        let rows = vec![purchase(2, 1, "2025-03-05", 100)];
        let rows = if is_nameless { rows.into_iter().map(nameless).collect() } else { rows };
        let store = stored(rows.clone(), vec![], &terms, ControlTotals::default());
        let it = against_live(Some(&store), Some(&live(rows, vec![], &terms)), &terms).unwrap();
        assert_eq!(it.mark(Part::Total), mark, "{ignored:?}, without a type: {is_nameless}");
    }
}

#[test]
fn a_card_found_equal_is_told_without_purchases_that_nobody_compared() {
    let terms = terms();
    let older = purchase(7, 1, "2024-01-01", 1_501);
    let rows = [movements(), vec![older]].concat();
    let store = stored(rows, points(), &terms, ControlTotals::default());
    let found = LiveSide::found_equal(&store, terms.window, true);
    assert_eq!(found.movements, movements(), "an opening balance counts whenever it was");
    let it = against_live(Some(&store), Some(&found), &terms).unwrap();
    assert_eq!((it.verdict, it.before_window), (Verdict::Reconciled, Some(Amount::ZERO)));
}
