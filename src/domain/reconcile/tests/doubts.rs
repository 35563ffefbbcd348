//! What is not believed though figures agree, and what is known though others are in doubt.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::latest::{Judgement, PartMarks};
use super::*;
use crate::domain::reconcile::OpeningLine;
use crate::domain::{NamesInDoubt, Under};

fn under(trust: NamesTrust) -> Terms {
    let mut doubts = NamesInDoubt::default();
    match trust {
        NamesTrust::TooBroad => doubts.caught.push(RecorderType("Document_ЧекККМ".into())),
        NamesTrust::Unborne => doubts.unborne.push("Ввод".into()),
        NamesTrust::Typeless => doubts.untold.push("Ввод".into()),
        _ => {}
    }
    Terms { under: Arc::new(Under { trust, doubts, ..Under::default() }), ..terms() }
}

/// The same rows on both sides, 1C's with one of 1 500 before the window where asked for.
fn live_under(trust: NamesTrust, has_older: bool) -> Comparison {
    live_with_older(trust, has_older.then_some("ЧекККМ"))
}

/// The same with a row before the window, written by a document of this type.
fn live_with_older(trust: NamesTrust, older: Option<&str>) -> Comparison {
    let terms = under(trust);
    let mut theirs = movements();
    theirs
        .extend(older.map(|older| Movement { key: key(5, older, 1), ..purchase(5, 1, "2024-05-01", 1_500) }));
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    against_live(Some(&stored), Some(&live(theirs, points(), &terms)), &terms).unwrap()
}

/// Compares the reference customer under some terms with what `change` makes of 1C's side.
fn live_with(terms: &Terms, change: impl FnOnce(&mut StoredSide, &mut LiveSide)) -> Comparison {
    let mut stored = stored(movements(), points(), terms, ControlTotals::default());
    let mut live = live(movements(), points(), terms);
    change(&mut stored, &mut live);
    against_live(Some(&stored), Some(&live), terms).unwrap()
}

const IN_DOUBT: Compared = Compared::Not(WhyNot::NamesInDoubt);

#[test]
fn rows_prove_opening_balances_only_by_names_that_can_be_trusted() {
    use NamesTrust::{Nameless, Suspected, TooBroad, Trusted, Typeless, Unborne, Untold};
    for (trust, has_older, is_proven, verdict) in [
        (Trusted, false, true, Verdict::Reconciled),
        (Trusted, true, true, Verdict::BeforeWindow),
        (Suspected, true, true, Verdict::BeforeWindow),
        (Untold, false, true, Verdict::Reconciled),
        (Untold, true, false, Verdict::Unverified),
        (Nameless, false, false, Verdict::Unverified),
        (Nameless, true, false, Verdict::Unverified),
        (TooBroad, false, false, Verdict::Unverified),
        (TooBroad, true, false, Verdict::Unverified),
        (Unborne, false, false, Verdict::Unverified),
        (Unborne, true, false, Verdict::Unverified),
        (Typeless, true, false, Verdict::Unverified),
    ] {
        let it = live_under(trust, has_older);
        for part in [Part::OpeningBalance, Part::Purchases] {
            assert_eq!(it.mark(part) == Mark::Equal, is_proven, "{trust:?} {has_older} {part:?}");
            assert_eq!(it.coverage.of(part) == IN_DOUBT, !is_proven, "{trust:?} {has_older} {part:?}");
        }
        assert_eq!(it.verdict, verdict, "{trust:?} {has_older}");
        assert_eq!(it.mark(Part::Total) == Mark::Uncompared, trust == Nameless, "{trust:?} {has_older}");
        assert_eq!(
            it.is_hit_by_names(),
            matches!(trust, TooBroad | Typeless | Unborne),
            "{trust:?} {has_older}"
        );
        assert!(
            it.differences.iter().all(|it| it.kind != Kind::MissingOpeningBalance),
            "{trust:?} {has_older}"
        );
        assert!(it.before_window.is_some(), "{trust:?} {has_older}");
    }
}

#[test]
fn what_differs_under_names_in_doubt_is_known_to_differ() {
    let terms = under(NamesTrust::Unborne);
    let it = live_with(&terms, |stored, _| {
        stored.movements.pop();
    });
    assert_eq!((it.mark(Part::Purchases), it.mark(Part::OpeningBalance)), (Mark::Differs, Mark::Uncompared));
}

/// Which rows are left out is not known where they come without the type of their document: 1C's sum holds them too.
#[test]
fn without_types_no_sum_proves_a_total_that_leaves_some_out() {
    let terms = under(NamesTrust::Nameless);
    let control = control_of(&movements(), &points(), &terms);
    let it = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
    for part in Part::OF_TOTAL {
        assert_eq!(it.coverage.of(part), IN_DOUBT, "{part:?}");
    }
    assert_eq!((it.verdict, it.total.onec), (Verdict::Unverified, None));
}

/// An opening balance that is told twice is twice what 1C's sums hold before the window.
#[test]
fn opening_balances_that_sums_hold_half_of_prove_nothing() {
    let terms = under(NamesTrust::Trusted);
    for (left, why_not, verdict) in [
        (-232_360, Some(WhyNot::OpeningBeyondSums), Verdict::Unverified),
        (-116_180, Some(WhyNot::OpeningBeyondSums), Verdict::Unverified),
        (-116_179, Some(WhyNot::OlderRows), Verdict::BeforeWindow),
        (0, None, Verdict::Reconciled),
        (1, Some(WhyNot::OlderRows), Verdict::BeforeWindow),
    ] {
        let mut control = control_of(&movements(), &points(), &terms);
        control.turnover_all = Some(roubles(365_054 + left));
        let stored = stored(movements(), points(), &terms, control);
        let it = against_control_totals(&stored, &terms);
        assert_eq!(it.coverage.opening_balance.why_not(), why_not, "{left}");
        assert_eq!((it.verdict, standing_verdict(&stored.figures, &terms)), (verdict, verdict), "{left}");
    }
}

#[test]
fn by_sums_too_a_name_that_nobody_bears_leaves_out_what_lies_before_the_window() {
    let terms = under(NamesTrust::Unborne);
    for before in [0, 1_500] {
        let mut control = control_of(&movements(), &points(), &terms);
        control.turnover_all = Some(roubles(365_054 + before));
        let it = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
        assert_eq!(it.coverage.opening_balance, IN_DOUBT);
        assert_eq!(kinds(&it).contains(&Kind::MissingOpeningBalance), before > 0, "{before}");
    }
}

#[test]
fn purchases_of_a_document_that_may_carry_balances_over_prove_neither() {
    for recorder_type in ["StandardODATA.Document_ПереносДанных", ""] {
        let mut rows = movements();
        rows[1].key.recorder_type = RecorderType(recorder_type.into());
        let terms = terms();
        let control = control_of(&rows, &points(), &terms);
        let stored = stored(rows.clone(), points(), &terms, control);
        let told = against_control_totals(&stored, &terms);
        let live = against_live(Some(&stored), Some(&live(rows, points(), &terms)), &terms).unwrap();
        for it in [told, live] {
            let parts = (it.coverage.opening_balance, it.coverage.purchases);
            assert_eq!(parts, (IN_DOUBT, IN_DOUBT), "{recorder_type:?}");
            assert_eq!((it.verdict, it.mark(Part::Total)), (Verdict::Unverified, Mark::Equal));
        }
    }
}

#[test]
fn a_balance_of_1c_that_its_rows_contradict_proves_no_points() {
    let other = Some(Points::from_units(500_000));
    for (rule, differences) in [
        (PointsRule::LastRecord, vec![]),
        (
            PointsRule::RegisterBalance,
            vec![
                Difference::of_figures(Kind::Unexplained, other, Some(Points::from_units(480_600)))
                    .because(Reason::OwnSum),
            ],
        ),
    ] {
        let terms = Terms { rule, ..terms() };
        let it = live_with(&terms, |_, live| live.control.register_balance = other);
        assert_eq!(it.coverage.points, Compared::Not(WhyNot::OwnSum), "{rule:?}");
        assert_eq!(it.differences, differences, "{rule:?}");
        let before = live_with(&terms, |stored, _| stored.figures.control.register_balance = other);
        assert_eq!(before.coverage.points, Compared::Not(WhyNot::OwnSum), "of the last sync, {rule:?}");
        let unread = live_with(&terms, |_, live| {
            (live.control.register_balance, live.bonus) = (other, None);
        });
        assert_eq!(unread.differences, [], "rows that were not read contradict nothing, {rule:?}");
        let same = live_with(&terms, |stored, live| {
            stored.figures.control.register_balance = live.control.register_balance;
        });
        assert_eq!(same.mark(Part::Points), Mark::Equal, "{rule:?}");
    }
}

/// An amount with three decimal places is a row that cannot be read: 1C's sums hold it, and its totals are sound.
#[test]
fn rows_that_could_not_be_read_explain_what_differs() {
    let terms = terms();
    for (is_whole, reasons) in [
        (true, [Some(Reason::Gone), Some(Reason::OwnSum)]),
        (false, [Some(Reason::Unreadable), Some(Reason::Unreadable)]),
    ] {
        let it = live_with(&terms, |_, live| {
            live.movements.pop();
            live.control.turnover_all = Some(roubles(365_054));
            live.unreadable.sales = !is_whole;
        });
        let found: Vec<_> = it.differences.iter().map(|it| it.reason).collect();
        assert_eq!(found, reasons);
        assert_eq!(it.causes().contains_key(&Cause::UnreadableRows), !is_whole);
        assert_eq!(it.verdict, Verdict::Variance);
    }
}

#[test]
fn points_of_no_known_moment_are_unknown() {
    let known = terms();
    let mut stored = stored(movements(), points(), &known, ControlTotals::default());
    stored.figures.control.register_balance = None;
    let terms = Terms { points_at: None, ..known.clone() };
    let it = against_live(Some(&stored), Some(&live(movements(), points(), &known)), &terms).unwrap();
    assert_eq!((it.points.figure.onec, it.points.figure.stored), (None, None));
    assert_eq!(it.coverage.points, Compared::Not(WhyNot::PointsUnknown));
    assert_eq!(against_nothing(&stored, &terms).coverage.points, Compared::Not(WhyNot::PointsUnknown));
    assert_eq!(against_nothing(&stored, &known).coverage.points, Compared::Not(WhyNot::NotAsked));
}

#[test]
fn points_that_are_the_same_out_of_other_rows_are_so_by_chance() {
    let it = live_with(&terms(), |stored, _| stored.bonus.push(bonus(4, "2025-03-01", 10, 0)));
    assert!(!it.points.figure.differs());
    assert_eq!(it.coverage.points, Compared::Not(WhyNot::OtherRows));
}

#[test]
fn a_card_that_the_catalog_has_no_longer_has_no_town_to_differ_by() {
    let it = live_with(&terms(), |_, live| {
        (live.is_listed, live.customer.city) = (false, None);
    });
    assert_eq!(kinds(&it), [Kind::ExtraCard]);
}

#[test]
fn the_first_reason_not_to_compare_a_figure_stays() {
    let others = Under { others: vec![crate::domain::settings::Setting::Names], ..Under::default() };
    let terms = Terms { under: Arc::new(others), ..terms() };
    let control = control_of(&movements(), &points(), &terms);
    let it = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
    assert_eq!(it.coverage.points, Compared::Not(WhyNot::RowsAlone));
    assert_eq!(it.coverage.total, Compared::Not(WhyNot::OtherSettings));
}

/// Nothing but what lies before the window may explain a total that differs.
#[test]
fn older_purchases_explain_a_total_only_where_its_parts_agree() {
    let explained = live_under(NamesTrust::Trusted, true);
    assert_eq!(explained.mark(Part::Total), Mark::Explained);
    let mut purchases = explained.clone();
    purchases.purchases.onec = Some(roubles(1));
    let mut opening = explained.clone();
    opening.opening_balance.onec = Some(roubles(1));
    let mut unknown = explained.clone();
    unknown.purchases.onec = None;
    let mut otherwise = explained.clone();
    otherwise.before_window = Some(roubles(7));
    for it in [purchases, opening, unknown, otherwise] {
        assert_eq!(it.mark(Part::Total), Mark::Differs);
    }
    let mut points = explained;
    points.points.figure.onec = Some(Points::from_units(1));
    assert_eq!(points.mark(Part::Points), Mark::Differs, "it explains totals alone");
}

#[test]
fn a_variance_that_is_known_stands_whatever_is_in_doubt() {
    let known = terms();
    let control = control_of(&movements(), &points(), &known);
    let mut figures = stored(movements()[..2].to_vec(), points(), &known, control).figures;
    figures.unreadable = DoubtfulRows::BOTH;
    let variance = |of: &StoredFigures| standing_variance(of, &known).map(|variance| variance.all);
    assert_eq!(variance(&figures), Some(roubles(-32_694)));
    let mut equal = stored(movements(), points(), &known, control).figures;
    assert_eq!(variance(&equal), Some(Amount::ZERO));
    equal.unreadable = DoubtfulRows::BOTH;
    assert_eq!(variance(&equal), None);
}

#[test]
fn an_opening_balance_that_is_told_is_told_once() {
    // Dated into the window: by its line, or by the sum of the window.
    let terms = terms();
    let mut theirs = movements();
    theirs[0].period = day("2025-06-01");
    let control = control_of(&theirs, &points(), &terms);
    let line = OpeningLine { key: theirs[0].key.clone(), period: theirs[0].period, amount: theirs[0].amount };
    let own = stored(movements(), points(), &terms, ControlTotals::default());
    for (opening, wanted) in [(Some(&[line][..]), Kind::ChangedLine), (None, Kind::Unexplained)] {
        let told = ToldSide { control, opening, ..ToldSide::default() };
        assert_eq!(kinds(&against_told(&own, &told, &terms)), [wanted]);
    }
    // Of another sum, in the window: its turnover differs as well, by the same.
    let own = stored(vec![opening(1, "2025-06-01", 500)], vec![], &terms, ControlTotals::default());
    let control = control_of(&[opening(1, "2025-06-01", 600)], &[], &terms);
    let told = ToldSide { control, ..ToldSide::default() };
    assert_eq!(kinds(&against_told(&own, &told, &terms)), [Kind::Unexplained]);
}

#[test]
fn only_a_purchase_of_the_window_is_kept_as_one() {
    let lines = |rows: &[Movement]| -> Vec<OpeningLine> {
        let line =
            |row: &Movement| OpeningLine { key: row.key.clone(), period: row.period, amount: row.amount };
        rows.iter().map(line).collect()
    };
    let as_purchase = |date| Movement { kind: MovementKind::Purchase, ..opening(1, date, 100) };
    for (row, kept) in
        [(as_purchase("2025-06-01"), 100), (as_purchase("2024-06-01"), 0), (opening(1, "2025-06-01", 100), 0)]
    {
        let found =
            lines::of_opening(std::slice::from_ref(&row), &lines(std::slice::from_ref(&row)), terms().window);
        assert_eq!(found.kept_as_purchases, roubles(kept), "{row:?}");
    }
}

#[test]
fn what_lies_before_the_window_is_not_doubled() {
    let report = key(7, "ОтчетОРозничныхПродажах", 1);
    for (date, doubled) in [("2025-03-05", 1), ("2024-03-05", 0)] {
        let rows = [purchase(2, 1, date, 100), Movement { key: report.clone(), ..purchase(7, 1, date, 100) }];
        assert_eq!(
            lines::doubled_sales(&rows, terms().window, lines::LineSide::Store).len(),
            doubled,
            "{date}"
        );
    }
}

#[test]
fn of_lines_that_may_stand_twice_the_earliest_are_told_in_whatever_order_they_come() {
    let report = Movement {
        key: key(7, "ОтчетОРозничныхПродажах", 1), ..purchase(7, 1, "2025-03-05", 7)
    };
    let rows = [purchase(2, 2, "2025-03-05", 7), report, purchase(2, 1, "2025-03-05", 7)];
    let told = lines::doubled_sales(&rows, terms().window, lines::LineSide::Store);
    let doubled = Difference::of_figures(Kind::DoubledSale, None, Some(roubles(7)));
    assert_eq!(told, [doubled.at(&key(2, "ЧекККМ", 1), day("2025-03-05"))]);
}

#[test]
fn an_unknown_card_has_no_town_whatever_either_side_has() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    let it = unknown_card_against_live(&stored, &live(movements(), points(), &terms), &terms);
    assert_eq!((it.city.onec, it.city.stored), (None, None));
}

#[test]
fn where_nothing_was_stored_no_sum_is_compared() {
    let terms = Terms { synced_at: None, ..terms() };
    let it = against_live(None, Some(&live(movements(), points(), &terms)), &terms).unwrap();
    for part in Part::OF_TOTAL {
        assert_eq!(it.coverage.of(part), Compared::Not(WhyNot::NothingStored), "{part:?}");
    }
}

/// 1C's column never holds what we infer: what no name accounts for is an opening balance where its document says so.
#[test]
fn what_a_name_that_nobody_bears_leaves_out_is_missing_where_its_document_carries_balances_over() {
    for (trust, document, told, silent) in [
        (NamesTrust::Trusted, "ВводОстатков", Kind::BeforeWindow, Kind::MissingOpeningBalance),
        (NamesTrust::Unborne, "ВводОстатков", Kind::MissingOpeningBalance, Kind::BeforeWindow),
        (NamesTrust::Unborne, "ЧекККМ", Kind::BeforeWindow, Kind::MissingOpeningBalance),
        (NamesTrust::Unborne, "", Kind::BeforeWindow, Kind::MissingOpeningBalance),
        (NamesTrust::Typeless, "ВводОстатков", Kind::BeforeWindow, Kind::MissingOpeningBalance),
    ] {
        let it = live_with_older(trust, Some(document));
        let kinds = kinds(&it);
        assert!(kinds.contains(&told) && !kinds.contains(&silent), "{trust:?} {document}: {kinds:?}");
        let is_missing = told == Kind::MissingOpeningBalance;
        assert_eq!(it.verdict == Verdict::Variance, is_missing, "{trust:?} {document}");
        assert_eq!(
            it.before_window,
            Some(roubles(if is_missing { 0 } else { 1_500 })),
            "{trust:?} {document}"
        );
        let missing = it.differences.iter().find(|it| it.kind == Kind::MissingOpeningBalance);
        let wanted =
            Difference::of_figures(Kind::MissingOpeningBalance, Some(roubles(1_500)), Some(roubles(232_360)));
        assert_eq!(missing, is_missing.then(|| wanted.because(Reason::Unnamed)).as_ref());
    }
}

#[test]
fn a_hundred_lines_of_an_unknown_card_are_told_and_of_more_their_sum() {
    let terms = terms();
    for (lines, told) in [(0, 1), (1, 1), (100, 100), (101, 1)] {
        let rows = (0..lines).map(|line| purchase(2, line, "2025-03-05", 1)).collect();
        let stored = stored(rows, vec![], &terms, ControlTotals::default());
        let it = unknown_card_against_nothing(&stored, &terms);
        let unknown = it.differences.iter().filter(|it| it.kind == Kind::UnknownCard);
        assert_eq!(unknown.count(), told, "{lines}");
    }
}

#[test]
fn figures_are_of_the_kind_that_differs() {
    let it = live_with(&terms(), |stored, live| {
        stored.movements.pop();
        live.bonus = Some(vec![bonus(2, "2025-03-05", 7, 0)]);
        live.customer.city = None;
        live.control.turnover_all = Some(roubles(1));
    });
    let kind = |it: &Difference| match &it.figure {
        DifferenceFigure::Money(_) => "money",
        DifferenceFigure::Points(_) => "points",
        DifferenceFigure::Town(_) => "town",
    };
    let told: BTreeSet<_> = it.differences.iter().map(|of| (Cause::of(of).name(), kind(of))).collect();
    let causes = [("city", "town"), ("missing-lines", "money"), ("own-sum", "money"), ("points", "points")];
    assert_eq!(told, causes.into());
    let counted: Vec<_> = it.causes().into_iter().map(|(cause, times)| (cause.name(), times)).collect();
    let points = it.differences.iter().filter(|of| of.kind == Kind::Points).count() as u64;
    assert_eq!(counted, [("missing-lines", 1), ("own-sum", 1), ("points", points), ("city", 1)]);
}

proptest! {
    /// Whatever agrees, and by whatever means: where some sum of 1C contradicts the rows, no figure made of them is equal.
    /// What differs is known to all the same.
    #[test]
    fn what_some_sum_contradicts_is_nowhere_equal(
        (own, theirs) in any_sides(), bonus in any_bonus(), terms in any_terms(), sales: bool, of_points: bool,
    ) {
        let contradicted = DoubtfulRows { sales, points: of_points };
        let control = control_of(&theirs, &bonus, &terms);
        let plain = stored(own, bonus.clone(), &terms, control);
        let doubted = StoredSide { figures: plain.figures.contradicted(contradicted), ..plain.clone() };
        let live = live(theirs, bonus, &terms);
        let looks = |side: &StoredSide| {
            let of_list = Judgement::of_sync(&side.figures, &terms, DateTime::UNIX_EPOCH);
            let totals = against_control_totals(side, &terms);
            let live = against_live(Some(side), Some(&live), &terms).unwrap();
            let shown = [&totals, &live].map(|it| (it.verdict, PartMarks::of(it)));
            [(of_list.verdict, of_list.marks), shown[0], shown[1]]
        };
        for ((_, before), (verdict, marks)) in looks(&plain).into_iter().zip(looks(&doubted)) {
            for part in Part::ALL {
                let is_doubted = contradicted.parts().any(|it| it == part);
                let expected = match before.get(part) {
                    Mark::Equal | Mark::Explained if is_doubted => Mark::Uncompared,
                    mark => mark,
                };
                prop_assert_eq!(marks.get(part), expected, "{:?}", part);
            }
            prop_assert!(!sales || matches!(verdict, Verdict::Variance | Verdict::Unverified), "{:?}", verdict);
        }
        let outline = outline(&doubted.figures, &terms);
        prop_assert!(!sales || !outline.total.agrees() && !outline.purchases.agrees());
        prop_assert!(!of_points || !outline.points.agrees());
        prop_assert!(!sales || standing_variance(&doubted.figures, &terms).is_none_or(|it| !it.all.is_zero()));
    }
}

/// Of which moment a balance is nobody knows where the clocks are days apart; the last record is of no moment.
#[test]
fn a_balance_of_a_moment_that_nobody_knows_is_not_equal() {
    for (rule, compared) in [
        (PointsRule::RegisterBalance, Compared::Not(WhyNot::ClocksDiffer)),
        (PointsRule::LastRecord, Compared::With(Means::Rows)),
    ] {
        let terms = Terms { rule, is_moment_doubtful: true, ..terms() };
        let it = live_with(&terms, |_, _| ());
        assert_eq!((it.coverage.points, it.verdict), (compared, Verdict::Reconciled), "{rule:?}");
    }
    let terms = Terms { rule: PointsRule::RegisterBalance, is_moment_doubtful: true, ..terms() };
    let told = control_of(&movements(), &points(), &terms);
    for control in [told, ControlTotals { register_balance: None, ..told }] {
        let it = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
        assert_eq!(it.coverage.points, Compared::Not(WhyNot::ClocksDiffer));
    }
}

/// 1C's balance of all rows, those of the future too, contradicts rows that a balance of today does not.
#[test]
fn points_that_the_balance_of_all_rows_contradicts_are_not_equal() {
    let change: Points = points().iter().map(BonusRow::change).sum();
    let accrued: Points = points().iter().map(BonusRow::accrual).sum();
    let one = Points::from_units(100);
    for (told, is_proven) in [
        (PointsSums { change, accrued: Some(accrued) }, true),
        (PointsSums { change, accrued: None }, true),
        (PointsSums { change: change + one, accrued: None }, false),
        (PointsSums { change, accrued: Some(accrued + one) }, false),
    ] {
        let it = live_with(&terms(), |_, live| live.points_of_all = Some(told));
        assert_eq!(it.mark(Part::Points) == Mark::Equal, is_proven, "{told:?}");
        let is_told = it.coverage.points == Compared::Not(WhyNot::OwnSum);
        assert_eq!(is_told, !is_proven, "{told:?}");
    }
}

/// What could not be read may be what makes the figures agree; and what the rest of them comes to is no figure of 1C's.
#[test]
fn a_row_that_could_not_be_read_leaves_the_figures_of_its_register_unknown() {
    let own_sum = Some(roubles(7));
    for unreadable in [
        DoubtfulRows { sales: true, points: false },
        DoubtfulRows { sales: false, points: true },
        DoubtfulRows::BOTH,
    ] {
        let it = live_with(&terms(), |_, live| {
            live.unreadable = unreadable;
            if unreadable.sales {
                live.control.turnover_all = own_sum;
                live.movements.pop();
            }
        });
        let (is_of_sales, is_of_points) =
            (it.opening_balance.onec.is_none(), it.points.figure.onec.is_none());
        assert_eq!((is_of_sales, is_of_points), (unreadable.sales, unreadable.points));
        assert_eq!((it.purchases.onec.is_none(), it.before_window.is_none()), (is_of_sales, is_of_sales));
        if is_of_sales {
            assert_eq!(it.total.onec, own_sum, "1C's own sum is 1C's word");
        }
        for part in Part::OF_ROWS {
            let is_hit = if part == Part::Points { unreadable.points } else { unreadable.sales };
            let is_told = it.coverage.of(part) == Compared::Not(WhyNot::UnreadableRow);
            assert!(!is_hit || it.mark(part) != Mark::Equal, "{part:?} {unreadable:?}");
            let is_own_sum = part == Part::Total && it.mark(part) == Mark::Differs;
            assert_eq!(is_told, is_hit && !is_own_sum, "{part:?} {unreadable:?}");
        }
        let unknown = |figures: &StoredFigures| figures.points(PointsRule::LastRecord).is_none();
        let mut own = stored(movements(), points(), &terms(), ControlTotals::default()).figures;
        own.unreadable = unreadable;
        assert_eq!(unknown(&own), unreadable.points);
    }
}

/// Rows of a card that the catalog lacks tell no town, whatever they come with.
#[test]
fn a_card_that_is_not_listed_has_no_town_in_1c() {
    let comparison = live_with(&terms(), |_, live| live.is_listed = false);
    assert_eq!((comparison.mark(Part::City), comparison.city.onec), (Mark::Uncompared, None));
}

#[test]
fn beside_a_store_that_holds_nothing_no_figure_is_compared() {
    let terms = Terms { synced_at: None, ..terms() };
    let live = live(movements(), points(), &terms);
    let comparison = against_live(None, Some(&live), &terms).unwrap();
    for part in Part::ALL {
        assert_eq!(comparison.coverage.of(part), Compared::Not(WhyNot::NothingStored), "{part:?}");
    }
}

/// The store knows no points: rows of them in 1C are no difference.
#[test]
fn points_that_the_store_does_not_know_differ_in_nothing() {
    let terms = Terms { points_at: None, ..terms() };
    let figures = StoredFigures::of(
        CardFigures::of(&movements(), &[], terms.window.from, LocalTime::MIN),
        ControlTotals::default(),
        terms.rule,
        DoubtfulRows::default(),
    );
    let stored = StoredSide { customer: customer(), movements: movements(), bonus: Vec::new(), figures };
    let live = live(movements(), points(), &Terms { points_at: Some(day("2026-02-04")), ..terms.clone() });
    let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
    assert!(comparison.differences.iter().all(|it| it.kind != Kind::Points), "{:?}", comparison.differences);
}

/// A name that nobody bears: what a suspect brought is missing, and only the rest lies before the window.
#[test]
fn what_a_suspect_brought_is_told_once() {
    for (older, earlier, missing) in
        [("ВводОстатков", None, Some(roubles(1_500))), ("ЧекККМ", Some(roubles(1_500)), None)]
    {
        let comparison = live_with_older(NamesTrust::Unborne, Some(older));
        let told = |kind| {
            let of_kind: Vec<_> = comparison.differences.iter().filter(|it| it.kind == kind).collect();
            assert!(of_kind.len() <= 1, "{older}: {of_kind:?}");
            of_kind.first().and_then(|it| it.figure.money()?.onec)
        };
        assert_eq!(told(Kind::BeforeWindow), earlier, "{older}");
        assert_eq!(told(Kind::MissingOpeningBalance), missing, "{older}");
    }
}

/// Returns of before the window are older rows: where no opening balance is known, none is told twice.
#[test]
fn returns_before_the_window_are_no_opening_balance_told_twice() {
    let rows = vec![purchase(2, 1, "2025-03-05", 100)];
    let older = [rows.clone(), vec![purchase(3, 1, "2024-03-05", -40)]].concat();
    let control = control_of(&older, &[], &terms());
    let comparison = against_control_totals(&stored(rows, Vec::new(), &terms(), control), &terms());
    assert_eq!(comparison.coverage.opening_balance, Compared::Not(WhyNot::OlderRows));
}

/// 1C's own sum is not what its rows come to: one of the two leaves something out, and rows that agree prove nothing.
#[test]
fn rows_that_1c_s_own_sum_contradicts_prove_no_part_of_the_total() {
    let comparison = live_with(&terms(), |_, live| {
        let told = live.control.turnover_all.unwrap();
        live.control.turnover_all = Some(told + roubles(1));
    });
    for part in Part::OF_TOTAL {
        assert_eq!(comparison.coverage.of(part), Compared::Not(WhyNot::OwnSum), "{part:?}");
    }
    assert_eq!(comparison.mark(Part::City), Mark::Equal);
}

#[test]
fn opening_balances_that_the_store_lacks_are_told_in_the_order_of_time() {
    let line = |recorder, date| {
        let Movement { key, period, amount, .. } = opening(recorder, date, 100);
        OpeningLine { key, period, amount }
    };
    let onec = [line(1, "2023-08-01"), line(2, "2023-07-01"), line(3, "2023-06-01")];
    let stored = [opening(2, "2023-07-01", 100), opening(4, "2023-05-01", 7)];
    let found = super::super::lines::of_opening(&stored, &onec, terms().window);
    let told: Vec<_> = found.differences.iter().map(|it| (it.kind, it.period.unwrap())).collect();
    let missing = Kind::MissingOpeningBalance;
    let expected =
        [(missing, day("2023-06-01")), (missing, day("2023-08-01")), (Kind::ExtraLine, day("2023-05-01"))];
    assert_eq!(BTreeSet::from_iter(told.clone()), BTreeSet::from(expected));
    assert!(told.windows(2).all(|pair| pair[0] <= pair[1]), "{told:?}");
}

/// Of two lines under one type and one under another, the earlier of the two is its pair, in whatever order they come.
#[test]
fn the_earlier_line_is_the_one_that_may_be_doubled() {
    let early = Movement { period: time("2025-03-05T09:00:00"), ..purchase(2, 1, "2025-03-05", 100) };
    let late = Movement { period: time("2025-03-05T18:00:00"), ..purchase(3, 1, "2025-03-05", 100) };
    let report = Movement { key: key(9, "Отчет", 1), ..purchase(9, 1, "2025-03-05", 100) };
    for rows in [[&early, &late, &report], [&late, &early, &report], [&report, &late, &early]] {
        let rows: Vec<_> = rows.into_iter().cloned().collect();
        let found =
            super::super::lines::doubled_sales(&rows, terms().window, super::super::lines::LineSide::Store);
        let told: Vec<_> = found.iter().map(|it| it.recorder).collect();
        assert_eq!(told, [Some(early.key.recorder)]);
    }
}

/// A document that wrote once may have sold: until somebody says, neither part of a total that holds its rows is proven, on
/// whichever side they are.
#[test]
fn what_a_document_that_wrote_once_brought_leaves_both_parts_unproven() {
    let once = |name: &str| Movement { key: key(5, name, 1), ..opening(5, "2024-05-01", 1_500) };
    for (name, is_proven) in [("АктВыполненныхРабот", false), ("ВводОстатков", true)]
    {
        let row = once(name);
        let doubts =
            NamesInDoubt { suspects: vec![row.key.recorder_type.clone()], ..NamesInDoubt::default() };
        let under = Under { trust: NamesTrust::Suspected, doubts, ..Under::default() };
        let terms = Terms { under: Arc::new(under), ..terms() };
        let theirs = [movements(), vec![row.clone()]].concat();
        let stored = stored(movements(), points(), &terms, ControlTotals::default());
        let by_rows = against_live(Some(&stored), Some(&live(theirs.clone(), points(), &terms)), &terms);
        let lines: Vec<_> = [&theirs[0], &row]
            .map(|it| OpeningLine { key: it.key.clone(), period: it.period, amount: it.amount })
            .into();
        let control = control_of(&theirs, &points(), &terms);
        let told = ToldSide { control, opening: Some(&lines), ..ToldSide::default() };
        for comparison in [by_rows.unwrap(), against_told(&stored, &told, &terms)] {
            assert_eq!(comparison.mark(Part::Purchases) == Mark::Equal, is_proven, "{name}");
            assert_eq!(comparison.mark(Part::OpeningBalance), Mark::Differs, "{name}");
            assert_eq!(comparison.verdict, Verdict::Variance, "{name}");
        }
    }
}

/// What differs beside earlier purchases: what these explain is no variance.
#[test]
fn earlier_purchases_are_taken_out_of_a_variance() {
    for (all, earlier, left) in [(-100, 100, 0), (-150, 100, -50), (30, 0, 30)] {
        let variance = TotalVariance { all: roubles(all), earlier: roubles(earlier) };
        assert_eq!(variance.beside_earlier(), roubles(left));
    }
}

/// A card that an earlier sync told of was passed over by nobody.
#[test]
fn what_is_missing_of_a_card_that_was_carried_over_was_not_asked_again() {
    let synced = terms().synced_at;
    let told = |at| {
        let terms = Terms { compared_at: at, ..terms() };
        let it = stored(movements(), points(), &terms, ControlTotals::default());
        against_control_totals(&it, &terms).coverage.total
    };
    let before = synced.map(|at| at - chrono::TimeDelta::seconds(1));
    assert_eq!(told(before), Compared::Not(WhyNot::CarriedOver));
    assert_ne!(told(synced), Compared::Not(WhyNot::CarriedOver));
}

#[test]
fn a_town_is_not_told_by_a_base_without_one_and_by_nobody_of_a_card_that_is_gone() {
    let town = |is_listed, knows_town| {
        live_with(&terms(), |_, live| (live.is_listed, live.knows_town) = (is_listed, knows_town))
            .coverage
            .city
    };
    assert_eq!(town(true, true), Compared::With(Means::Catalog));
    assert_eq!(town(true, false), Compared::Not(WhyNot::NotPublished));
    assert_eq!(town(false, true), Compared::Not(WhyNot::NoCard));
    assert_eq!(town(false, false), Compared::Not(WhyNot::NoCard));
}

/// Only what makes the total is what a verdict is about.
#[test]
fn sums_that_contradict_the_sales_leave_nothing_reconciled_and_those_of_points_do() {
    let terms = terms();
    let control = control_of(&movements(), &points(), &terms);
    let figures = stored(movements(), points(), &terms, control).figures;
    let judged = |sales, points| figures.contradicted(DoubtfulRows { sales, points }).verdict;
    assert_eq!(figures.verdict, Verdict::Reconciled);
    assert_eq!([judged(true, false), judged(true, true)], [Verdict::Unverified; 2]);
    assert_eq!([judged(false, true), judged(false, false)], [Verdict::Reconciled; 2]);
}

/// Where no row accrued anything its field is not published: a sum of it tells nothing then.
#[test]
fn a_sum_of_what_is_accrued_is_held_against_rows_that_accrue() {
    let nothing = PointsSums { change: Points::ZERO, accrued: Some(Points::from_units(1)) };
    assert!(nothing.contradict(&[]), "rows that are gone were left out");
    let written_off = bonus(1, "2025-03-01", 0, 5);
    let of_one = PointsSums { change: written_off.change(), ..nothing };
    assert!(!of_one.contradict(&[written_off]));
    let accrued = bonus(1, "2025-03-01", 7, 0);
    let of_other = PointsSums { change: accrued.change(), ..nothing };
    assert!(of_other.contradict(&[accrued]));
}
