use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::period::parse_local;
use crate::domain::{CardId, CitySource, Direction, MovementKind, NamesTrust, ProductId, Quantity};

use DifferenceKind as Kind;

mod doubts;
mod together;
mod witnesses;

fn time(text: &str) -> LocalTime {
    parse_local(text).unwrap().unwrap()
}

fn day(text: &str) -> LocalTime {
    time(&format!("{text}T12:00:00"))
}

fn roubles(roubles: i64) -> Amount {
    Amount::from_units(roubles * 100)
}

fn key(recorder: u128, recorder_type: &str, line: u64) -> MovementKey {
    let recorder_type = RecorderType(format!("StandardODATA.Document_{recorder_type}").into());
    MovementKey { recorder: RecorderId(Uuid::from_u128(recorder)), recorder_type, line }
}

fn opening(recorder: u128, date: &str, sum: i64) -> Movement {
    Movement {
        key: key(recorder, "ВводНачальныхОстатков", 1),
        kind: MovementKind::OpeningBalance,
        ..purchase(recorder, 1, date, sum)
    }
}

fn purchase(recorder: u128, line: u64, date: &str, sum: i64) -> Movement {
    Movement {
        card: CardId(Uuid::from_u128(1)),
        key: key(recorder, "ЧекККМ", line),
        kind: MovementKind::Purchase,
        period: day(date),
        amount: roubles(sum),
        quantity: Quantity::from_units(1_000),
        product: Some(ProductId(Uuid::from_u128(9))),
    }
}

fn bonus(recorder: u128, date: &str, accrued: i64, to_write_off: i64) -> BonusRow {
    BonusRow {
        card: CardId(Uuid::from_u128(1)),
        key: key(recorder, "ЧекККМ", 1),
        period: day(date),
        direction: Direction::Receipt,
        accrued: Points::from_units(accrued * 100),
        to_write_off: Points::from_units(to_write_off * 100),
    }
}

/// The window of the last 365 days before 2026-02-04, and the moment of the last sync.
fn terms() -> Terms {
    Terms {
        window: Window { days: 365, from: Some(time("2025-02-04T00:00:00")) },
        points_at: Some(time("2026-02-04T09:00:00")),
        rule: PointsRule::LastRecord,
        synced_at: DateTime::from_timestamp(1_770_000_000, 0),
        compared_at: DateTime::from_timestamp(1_770_000_060, 0),
        under: std::sync::Arc::default(),
        is_moment_doubtful: false,
    }
}

fn all_history() -> Terms {
    Terms { window: Window { days: 0, from: None }, ..terms() }
}

/// The shop's reference customer: carried over in 2023, two purchases and points in the window.
fn movements() -> Vec<Movement> {
    vec![
        opening(1, "2023-06-01", 232_360),
        purchase(2, 1, "2025-03-05", 100_000),
        purchase(2, 2, "2025-03-05", 32_694),
    ]
}

fn points() -> Vec<BonusRow> {
    vec![bonus(2, "2025-03-05", 4_806, 0), bonus(3, "2026-03-05", 0, 4_806)]
}

fn customer() -> Customer {
    let city = City { name: "Симферополь".into(), source: CitySource::MainDetailsLine3 };
    Customer { card: CardId(Uuid::from_u128(1)), city: Some(city), ..Customer::default() }
}

fn stored(
    movements: Vec<Movement>,
    bonus: Vec<BonusRow>,
    terms: &Terms,
    control: ControlTotals,
) -> StoredSide {
    let own = CardFigures::of(&movements, &bonus, terms.window.from, terms.points_at.unwrap());
    let figures = StoredFigures::of(own, control, terms.rule, DoubtfulRows::default());
    StoredSide { customer: customer(), movements, bonus, figures }
}

fn live(movements: Vec<Movement>, bonus: Vec<BonusRow>, terms: &Terms) -> LiveSide {
    let control = control_of(&movements, &bonus, terms);
    let (inactive, unreadable, points_at) = (Vec::new(), DoubtfulRows::default(), None);
    let (customer, bonus, is_listed) = (customer(), Some(bonus), true);
    LiveSide {
        customer,
        is_listed,
        movements,
        inactive,
        bonus,
        control,
        points_at,
        points_of_all: None,
        knows_town: true,
        unreadable,
    }
}

/// What 1C's virtual tables and a second reading of opening balances say of these rows.
fn control_of(rows: &[Movement], bonus: &[BonusRow], terms: &Terms) -> ControlTotals {
    let is_opening = |row: &&Movement| row.kind == MovementKind::OpeningBalance;
    let is_before = |row: &&Movement| terms.window.from.is_some_and(|from| row.period < from);
    let sum = |rows: Vec<&Movement>| Some(rows.into_iter().map(|row| row.amount).sum());
    let matured = bonus.iter().filter(|row| Some(row.period) <= terms.points_at);
    ControlTotals {
        turnover_all: sum(rows.iter().collect()),
        turnover_window: sum(rows.iter().filter(|row| !is_before(row)).collect()),
        opening_balance: sum(rows.iter().filter(is_opening).collect()),
        opening_before_window: sum(rows.iter().filter(is_opening).filter(is_before).collect()),
        register_balance: Some(matured.map(|row| row.accrued - row.to_write_off).sum()),
    }
}

fn kinds(comparison: &Comparison) -> Vec<Kind> {
    comparison.differences.iter().map(|difference| difference.kind).collect()
}

/// Reconciles what is stored with 1C's rows, live.
fn check(own: Vec<Movement>, theirs: Vec<Movement>) -> Comparison {
    let terms = terms();
    let stored = stored(own, points(), &terms, ControlTotals::default());
    against_live(Some(&stored), Some(&live(theirs, points(), &terms)), &terms).unwrap()
}

fn shown<T: std::fmt::Display + Copy + std::ops::Sub<Output = T>>(figure: &Figure<T>) -> [String; 3] {
    [figure.onec, figure.stored, figure.variance()]
        .map(|side| side.map_or("-".into(), |side| side.to_string()))
}

#[test]
fn a_customer_who_is_stored_whole_is_reconciled() {
    let comparison = check(movements(), movements());
    assert_eq!(comparison.verdict, Verdict::Reconciled);
    assert_eq!(shown(&comparison.opening_balance), ["232360.00", "232360.00", "0.00"]);
    assert_eq!(shown(&comparison.purchases), ["132694.00", "132694.00", "0.00"]);
    assert_eq!(shown(&comparison.total), ["365054.00", "365054.00", "0.00"]);
    assert_eq!(shown(&comparison.points.figure), ["4806", "4806", "0"]);
    assert_eq!(comparison.before_window, Some(Amount::ZERO));
    assert_eq!((comparison.purchase_lines, comparison.city_differs()), (2, Some(false)));
    assert_eq!((comparison.against, comparison.differences), (Against::Live, vec![]));
}

#[test]
fn control_totals_alone_reconcile_the_sums_and_leave_the_rest_uncompared() {
    let terms = terms();
    let control = control_of(&movements(), &points(), &terms);
    let stored = stored(movements(), points(), &terms, control);
    let comparison = against_control_totals(&stored, &terms);
    assert_eq!((comparison.verdict, stored.figures.verdict), (Verdict::Reconciled, Verdict::Reconciled));
    assert_eq!(shown(&comparison.opening_balance), ["232360.00", "232360.00", "0.00"]);
    assert_eq!(shown(&comparison.purchases), ["132694.00", "132694.00", "0.00"]);
    assert_eq!(shown(&comparison.total), ["365054.00", "365054.00", "0.00"]);
    assert_eq!(shown(&comparison.points.figure), ["-", "4806", "-"]);
    assert_eq!(comparison.points.register_balance_onec, Some(Points::from_units(480_600)));
    assert_eq!((comparison.city.onec, comparison.differences), (None, vec![]));
}

#[test]
fn a_line_that_1c_has_and_the_store_lacks_is_missing() {
    let comparison = check(movements()[..2].to_vec(), movements());
    assert_eq!(comparison.verdict, Verdict::Variance);
    assert_eq!(shown(&comparison.purchases), ["132694.00", "100000.00", "-32694.00"]);
    let expected = Difference::of_figures(Kind::MissingLine, Some(roubles(32_694)), None);
    assert_eq!(comparison.differences, [expected.at(&key(2, "ЧекККМ", 2), day("2025-03-05"))]);
}

#[test]
fn the_earliest_line_says_since_when_a_card_differs() {
    assert_eq!(check(movements(), movements()).since(), None);
    let without = |line: usize| {
        let mut rows = movements();
        rows.remove(line);
        rows
    };
    assert_eq!(check(without(0), movements()).since(), Some(movements()[0].period));
    assert_eq!(check(without(2), movements()).since(), Some(movements()[2].period));
    let none = check(Vec::new(), movements());
    assert_eq!((none.differences.len(), none.since()), (3, Some(movements()[0].period)));
}

#[test]
fn an_opening_balance_the_store_lacks_is_missing_whatever_its_period() {
    let comparison = check(movements()[1..].to_vec(), movements());
    assert_eq!(
        (comparison.verdict, kinds(&comparison)),
        (Verdict::Variance, vec![Kind::MissingOpeningBalance])
    );
    assert_eq!(shown(&comparison.opening_balance), ["232360.00", "0.00", "-232360.00"]);
    assert_eq!(shown(&comparison.total), ["365054.00", "132694.00", "-232360.00"]);
    assert_eq!(comparison.before_window, Some(Amount::ZERO), "an opening balance is no purchase");
}

#[test]
fn a_line_that_1c_has_no_longer_is_extra_and_says_why() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    let mut live = live(movements()[..1].to_vec(), points(), &terms);
    live.inactive = vec![key(2, "ЧекККМ", 2)];
    let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
    assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Variance, vec![Kind::ExtraLine; 2]));
    let reasons: Vec<_> = comparison.differences.iter().map(|difference| difference.reason).collect();
    assert_eq!(reasons, [Some(Reason::Gone), Some(Reason::Inactive)]);
    assert_eq!(shown(&comparison.purchases), ["0.00", "132694.00", "132694.00"]);
}

#[test]
fn a_line_that_changed_says_what_of_it() {
    let whole = purchase(2, 1, "2025-03-05", 100);
    for (reason, theirs) in [
        (Reason::Amount, Movement { amount: roubles(101), ..whole.clone() }),
        (Reason::Period, Movement { period: day("2025-03-06"), ..whole.clone() }),
        (Reason::Product, Movement { product: None, ..whole.clone() }),
        (Reason::Product, Movement { quantity: Quantity::ZERO, ..whole.clone() }),
    ] {
        let comparison = check(vec![whole.clone()], vec![theirs]);
        assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Variance, vec![Kind::ChangedLine]));
        assert_eq!(comparison.differences[0].reason, Some(reason));
    }
}

#[test]
fn a_difference_of_one_kopeck_is_a_variance() {
    let mut own = movements();
    own[1].amount = own[1].amount - Amount::from_units(1);
    let comparison = check(own, movements());
    assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Variance, vec![Kind::ChangedLine]));
    assert_eq!(shown(&comparison.total), ["365054.00", "365053.99", "-0.01"]);
}

#[test]
fn lines_that_moved_to_another_document_are_told_though_all_sums_agree() {
    let mut theirs = movements();
    theirs[2].key = key(7, "ОтчетОРозничныхПродажах", 1);
    let comparison = check(movements(), theirs);
    assert_eq!(
        (comparison.verdict, kinds(&comparison)),
        (Verdict::Variance, vec![Kind::MissingLine, Kind::ExtraLine])
    );
    assert_eq!(shown(&comparison.total)[2], "0.00");
}

#[test]
fn purchases_before_the_window_are_told_as_one_sum_and_are_no_variance() {
    let mut theirs = movements();
    theirs.extend([purchase(5, 1, "2024-05-01", 1_000), purchase(6, 1, "2025-02-03", 500)]);
    let live = check(movements(), theirs.clone());
    let terms = terms();
    let control = control_of(&theirs, &points(), &terms);
    let totals = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
    for comparison in [live, totals] {
        assert_eq!(comparison.verdict, Verdict::BeforeWindow);
        assert_eq!(
            comparison.differences,
            [Difference::of_figures(Kind::BeforeWindow, Some(roubles(1_500)), None)]
        );
        assert_eq!(comparison.before_window, Some(roubles(1_500)));
        assert_eq!(shown(&comparison.purchases), ["132694.00", "132694.00", "0.00"]);
        assert_eq!(
            shown(&comparison.total),
            ["366554.00", "365054.00", "-1500.00"],
            "as the customer sees it in 1C"
        );
    }
}

#[test]
fn the_window_holds_its_first_second_and_the_future() {
    let mut theirs = movements();
    theirs.push(Movement { period: time("2025-02-04T00:00:00"), ..purchase(5, 1, "2025-01-01", 1) });
    theirs.push(Movement { period: time("2026-12-31T00:00:00"), ..purchase(6, 1, "2025-01-01", 1) });
    let comparison = check(movements(), theirs);
    assert_eq!(kinds(&comparison), [Kind::MissingLine; 2]);
}

#[test]
fn a_purchase_and_its_return_before_the_window_leave_nothing_to_tell() {
    let mut theirs = movements();
    theirs.extend([purchase(5, 1, "2024-05-01", 1_000), purchase(6, 1, "2024-05-02", -1_000)]);
    assert_eq!(check(movements(), theirs).verdict, Verdict::Reconciled);
}

#[test]
fn a_line_that_1c_moved_out_of_the_window_is_a_changed_line() {
    let mut theirs = movements();
    theirs[2].period = day("2024-03-05");
    let comparison = check(movements(), theirs);
    assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Variance, vec![Kind::ChangedLine]));
    assert_eq!(shown(&comparison.purchases), ["100000.00", "132694.00", "32694.00"]);
    assert_eq!(comparison.before_window, Some(roubles(32_694)));
}

#[test]
fn rows_that_a_longer_window_left_in_the_store_do_not_count() {
    let mut own = movements();
    own.push(purchase(5, 1, "2024-05-01", 1_000));
    let comparison = check(own.clone(), own);
    assert_eq!(comparison.verdict, Verdict::BeforeWindow);
    assert_eq!((shown(&comparison.total)[1].as_str(), comparison.purchase_lines), ("365054.00", 2));
}

#[test]
fn points_that_differ_are_told_by_figure_and_by_row() {
    let terms = terms();
    let stored = stored(movements(), points()[..1].to_vec(), &terms, ControlTotals::default());
    let comparison = against_live(Some(&stored), Some(&live(movements(), points(), &terms)), &terms).unwrap();
    assert_eq!(comparison.verdict, Verdict::Variance);
    assert_eq!(shown(&comparison.points.figure), ["4806", "0", "-4806"]);
    let row = Difference::of_figures(Kind::Points, Some(Points::from_units(-480_600)), None);
    assert_eq!(
        comparison.differences,
        [
            Difference::of_figures(Kind::Points, Some(Points::from_units(480_600)), Some(Points::ZERO)),
            row.at(&key(3, "ЧекККМ", 1), day("2026-03-05")),
        ]
    );
}

#[test]
fn a_bonus_row_that_differs_is_told_though_the_chosen_figure_agrees() {
    let terms = terms();
    let mut own = points();
    own[0].accrued = Points::from_units(100);
    own.push(bonus(4, "2025-05-05", 10, 0));
    let stored = stored(movements(), own, &terms, ControlTotals::default());
    let comparison = against_live(Some(&stored), Some(&live(movements(), points(), &terms)), &terms).unwrap();
    assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Variance, vec![Kind::Points; 2]));
    let reasons: Vec<_> = comparison.differences.iter().map(|difference| difference.reason).collect();
    assert_eq!(reasons, [Some(Reason::Amount), Some(Reason::Gone)]);
}

#[test]
fn both_sides_points_are_reckoned_at_one_moment() {
    let terms = Terms { rule: PointsRule::RegisterBalance, ..terms() };
    let mut stored = stored(movements(), points(), &terms, ControlTotals::default());
    // The sync took its figures after the points burnt.
    stored.figures.own = CardFigures::of(&movements(), &points(), terms.window.from, day("2026-04-01"));
    let comparison = against_live(Some(&stored), Some(&live(movements(), points(), &terms)), &terms).unwrap();
    assert_eq!(comparison.verdict, Verdict::Reconciled);
    assert_eq!(shown(&comparison.points.figure), ["4806", "4806", "0"]);
}

#[test]
fn the_registers_balance_is_compared_by_totals_where_it_is_the_rule() {
    for (rule, verdict, onec) in [
        (PointsRule::LastRecord, Verdict::Reconciled, "-"),
        (PointsRule::RegisterBalance, Verdict::Variance, "4806"),
    ] {
        let terms = Terms { rule, ..terms() };
        let control = control_of(&movements(), &points(), &terms);
        let stored = stored(movements(), vec![], &terms, control);
        let comparison = against_control_totals(&stored, &terms);
        assert_eq!((comparison.verdict, stored.figures.verdict), (verdict, verdict), "{rule:?}");
        assert_eq!(shown(&comparison.points.figure)[0], onec);
    }
}

#[test]
fn a_town_that_differs_is_a_variance_and_the_rule_that_found_it_is_not() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    for (city, verdict, difference) in [
        (Some(("Симферополь", CitySource::ContactInfo)), Verdict::Reconciled, vec![]),
        (Some(("Ялта", CitySource::MainDetailsLine3)), Verdict::Variance, vec![Kind::City]),
        (None, Verdict::Variance, vec![Kind::City]),
    ] {
        let mut live = live(movements(), points(), &terms);
        live.customer.city = city.map(|(name, source)| City { name: name.into(), source });
        let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
        assert_eq!((comparison.verdict, kinds(&comparison)), (verdict, difference), "{city:?}");
        assert_eq!(comparison.city_differs(), Some(verdict == Verdict::Variance));
    }
}

#[test]
fn a_card_that_one_side_lacks_has_nothing_there() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    let live = live(movements(), points(), &terms);
    let missing = against_live(None, Some(&live), &terms).unwrap();
    assert_eq!(
        missing.differences,
        [Difference::of_figures(Kind::MissingCard, Some(roubles(365_054)), None)]
    );
    assert_eq!(shown(&missing.total), ["365054.00", "0.00", "-365054.00"]);
    let extra = against_live(Some(&stored), None, &terms).unwrap();
    assert_eq!(extra.differences, [Difference::of_figures(Kind::ExtraCard, None, Some(roubles(365_054)))]);
    assert_eq!(shown(&extra.total), ["0.00", "365054.00", "365054.00"]);
    for comparison in [missing, extra] {
        assert_eq!((comparison.verdict, comparison.city_differs()), (Verdict::Variance, None));
    }
    assert_eq!(against_live(None, None, &terms), None);
}

#[test]
fn before_the_first_sync_1cs_figures_stand_alone() {
    let terms = Terms { synced_at: None, ..terms() };
    let comparison = against_live(None, Some(&live(movements(), points(), &terms)), &terms).unwrap();
    assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Unverified, vec![]));
    assert_eq!(shown(&comparison.total), ["365054.00", "-", "-"]);
    assert_eq!(shown(&comparison.points.figure), ["4806", "-", "-"]);
}

#[test]
fn rows_that_are_not_what_1cs_own_sum_says_are_not_reconciled() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    let mut live = live(movements(), points(), &terms);
    live.control.turnover_all = Some(roubles(365_055));
    live.control.turnover_window = Some(roubles(132_695));
    let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
    assert_eq!(comparison.verdict, Verdict::Variance);
    let difference =
        Difference::of_figures(Kind::Unexplained, Some(roubles(365_055)), Some(roubles(365_054)));
    assert_eq!(comparison.differences, [difference.because(Reason::OwnSum)]);
}

#[test]
fn without_virtual_tables_rows_still_prove_rows() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, ControlTotals::default());
    let mut live = live(movements(), points(), &terms);
    live.control = ControlTotals::default();
    let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
    assert_eq!(comparison.verdict, Verdict::Reconciled);
    assert_eq!(comparison.points.register_balance_onec, Some(Points::from_units(480_600)));
    assert_eq!(against_control_totals(&stored, &terms).verdict, Verdict::Unverified);
}

#[test]
fn a_rejected_row_leaves_a_card_unverified_unless_it_varies() {
    let terms = terms();
    let control = control_of(&movements(), &points(), &terms);
    let judged = |own: Vec<Movement>, mut theirs: Vec<Movement>| {
        let figures = CardFigures::of(&own, &[], terms.window.from, terms.points_at.unwrap());
        let by_totals = verdict(&figures, &control, terms.rule, NamesTrust::Trusted, DoubtfulRows::BOTH);
        theirs.push(purchase(8, 1, "2024-01-01", 5));
        let mut live = live(theirs, vec![], &terms);
        live.unreadable = DoubtfulRows::BOTH;
        let stored = stored(own, vec![], &terms, control);
        (by_totals, against_live(Some(&stored), Some(&live), &terms).unwrap().verdict)
    };
    assert_eq!(judged(movements(), movements()), (Verdict::Unverified, Verdict::Unverified));
    assert_eq!(judged(movements()[..2].to_vec(), movements()), (Verdict::Variance, Verdict::Variance));
}

#[test]
fn rows_read_whole_now_prove_what_the_last_sync_could_not_read() {
    let terms = terms();
    let mut stored = stored(movements(), points(), &terms, ControlTotals::default());
    stored.figures.unreadable = DoubtfulRows::BOTH;
    let comparison = against_live(Some(&stored), Some(&live(movements(), points(), &terms)), &terms).unwrap();
    assert_eq!(comparison.verdict, Verdict::Reconciled);
}

#[test]
fn i7_compared_with_nothing_a_card_is_unverified() {
    let terms = terms();
    let stored = stored(movements(), points(), &terms, control_of(&movements(), &points(), &terms));
    let comparison = against_nothing(&stored, &terms);
    assert_eq!((comparison.verdict, comparison.against), (Verdict::Unverified, Against::None));
    assert_eq!(shown(&comparison.total), ["-", "365054.00", "-"]);
    assert_eq!((comparison.before_window, comparison.city_differs()), (None, None));
}

/// What the stored reference customer comes to when 1C's own sums say this.
fn by_totals(change: impl FnOnce(&mut ControlTotals)) -> Comparison {
    let terms = terms();
    let mut control = control_of(&movements(), &points(), &terms);
    change(&mut control);
    let stored = stored(movements(), points(), &terms, control);
    let comparison = against_control_totals(&stored, &terms);
    assert_eq!(comparison.verdict, stored.figures.verdict, "the stored verdict is the one shown");
    comparison
}

#[test]
fn sums_that_were_not_asked_leave_a_card_unverified() {
    for (unknown, change) in [
        ("all", (|control| *control = ControlTotals::default()) as fn(&mut ControlTotals)),
        ("all time", |control| control.turnover_all = None),
        ("window", |control| control.turnover_window = None),
    ] {
        let comparison = by_totals(change);
        assert_eq!((comparison.verdict, kinds(&comparison)), (Verdict::Unverified, vec![]), "{unknown}");
    }
}

#[test]
fn sums_that_agree_do_not_reconcile_a_card_whose_opening_balances_were_not_read_again() {
    let comparison =
        by_totals(|control| (control.opening_balance, control.opening_before_window) = (None, None));
    assert_eq!(comparison.verdict, Verdict::Unverified, "a total may agree while its parts do not");
    assert_eq!(comparison.mark(Part::Total), Mark::Equal, "it was compared, and it is");
    assert_eq!(comparison.mark(Part::OpeningBalance), Mark::Uncompared);
    assert_eq!(shown(&comparison.opening_balance), ["-", "232360.00", "-"]);
    assert_eq!(
        (shown(&comparison.purchases), comparison.before_window),
        (["-", "132694.00", "-"].map(String::from), None)
    );
}

#[test]
fn a_total_that_differs_by_who_knows_what_is_unverified() {
    let comparison = by_totals(|control| {
        (control.opening_balance, control.opening_before_window) = (None, None);
        control.turnover_all = Some(roubles(400_000));
    });
    assert_eq!((comparison.verdict, comparison.before_window), (Verdict::Unverified, None));
}

#[test]
fn the_turnover_of_the_window_tells_a_lost_purchase() {
    let comparison = by_totals(|control| {
        control.turnover_window = Some(roubles(132_700));
        control.turnover_all = Some(roubles(365_060));
    });
    assert_eq!(comparison.verdict, Verdict::Variance);
    assert_eq!(
        comparison.differences,
        [Difference::of_figures(Kind::Unexplained, Some(roubles(132_700)), Some(roubles(132_694)))]
    );
}

#[test]
fn the_second_reading_tells_an_opening_balance_that_was_lost_or_changed() {
    let changed = by_totals(|control| {
        (control.opening_balance, control.opening_before_window) = (Some(roubles(1)), Some(roubles(1)));
        control.turnover_all = Some(roubles(132_695));
    });
    assert_eq!((changed.verdict, kinds(&changed)), (Verdict::Variance, vec![Kind::Unexplained]));

    let terms = terms();
    let control = control_of(&movements(), &points(), &terms);
    let lost = stored(movements()[1..].to_vec(), points(), &terms, control);
    let lost = against_control_totals(&lost, &terms);
    assert_eq!((lost.verdict, kinds(&lost)), (Verdict::Variance, vec![Kind::MissingOpeningBalance]));
    assert_eq!(shown(&lost.total), ["365054.00", "132694.00", "-232360.00"]);
}

#[test]
fn an_opening_balance_in_the_window_is_no_purchase() {
    let terms = terms();
    let rows = vec![opening(1, "2025-06-01", 500), purchase(2, 1, "2025-06-02", 100)];
    let control = control_of(&rows, &[], &terms);
    assert_eq!(control.turnover_window, Some(roubles(600)));
    let comparison = against_control_totals(&stored(rows, vec![], &terms, control), &terms);
    assert_eq!(comparison.verdict, Verdict::Reconciled);
    assert_eq!(shown(&comparison.purchases), ["100.00", "100.00", "0.00"]);
}

#[test]
fn an_opening_balance_that_moved_into_the_window_shows_in_its_turnover() {
    let terms = terms();
    let own = vec![opening(1, "2023-06-01", 500), purchase(2, 1, "2025-06-02", 100)];
    let theirs = vec![opening(1, "2025-06-01", 500), purchase(2, 1, "2025-06-02", 100)];
    let control = control_of(&theirs, &[], &terms);
    let comparison = against_control_totals(&stored(own, vec![], &terms, control), &terms);
    assert_eq!(comparison.verdict, Verdict::Variance);
    assert_eq!(
        comparison.differences,
        [Difference::of_figures(Kind::Unexplained, Some(roubles(600)), Some(roubles(100)))]
    );
}

#[test]
fn a_window_of_all_history_needs_one_turnover_and_has_nothing_before_it() {
    let terms = all_history();
    let mut control = control_of(&movements(), &points(), &terms);
    (control.turnover_window, control.opening_before_window) = (None, None);
    let comparison = against_control_totals(&stored(movements(), points(), &terms, control), &terms);
    assert_eq!((comparison.verdict, comparison.before_window), (Verdict::Reconciled, Some(Amount::ZERO)));
    assert_eq!(shown(&comparison.purchases), ["132694.00", "132694.00", "0.00"]);
}

#[test]
fn a_card_without_rows_is_reconciled_with_sums_of_zero_alone() {
    let terms = terms();
    let zero = control_of(&[], &[], &terms);
    assert_eq!(stored(vec![], vec![], &terms, zero).figures.verdict, Verdict::Reconciled);
    let unknown = ControlTotals::default();
    assert_eq!(stored(vec![], vec![], &terms, unknown).figures.verdict, Verdict::Unverified);
}

#[test]
fn a_sale_under_two_recorder_types_is_a_warning_and_changes_no_verdict() {
    let mut rows = movements();
    let report = |line, date, sum| Movement {
        key: key(7, "ОтчетОРозничныхПродажах", line),
        ..purchase(7, line, date, sum)
    };
    rows.extend([
        report(1, "2025-03-05", 32_694),
        report(2, "2025-03-05", 32_694),
        report(3, "2025-03-06", 100_000),
        report(4, "2025-03-05", 0),
        purchase(2, 3, "2025-03-05", 0),
        purchase(2, 4, "2025-03-05", 32_694),
        purchase(2, 5, "2025-03-05", 32_694),
    ]);
    let comparison = check(rows.clone(), rows.clone());
    assert_eq!(comparison.verdict, Verdict::Reconciled);
    let doubled = |recorder, recorder_type, line| {
        let difference = Difference::of_figures(Kind::DoubledSale, None, Some(roubles(32_694)));
        difference.at(&key(recorder, recorder_type, line), day("2025-03-05"))
    };
    // Three lines under one type and two under the other: two pairs.
    assert_eq!(comparison.differences, [doubled(2, "ЧекККМ", 2), doubled(2, "ЧекККМ", 4)]);
    let terms = terms();
    let control = control_of(&rows, &points(), &terms);
    let stored = stored(rows, points(), &terms, control);
    let by_totals = against_control_totals(&stored, &terms);
    assert_eq!((by_totals.verdict, by_totals.differences), (Verdict::Reconciled, comparison.differences));
}

#[test]
fn opening_balances_and_equal_lines_of_one_type_are_not_doubled() {
    let rows = vec![
        opening(1, "2025-03-05", 100),
        purchase(2, 1, "2025-03-05", 100),
        purchase(2, 2, "2025-03-05", 100),
        Movement { key: key(3, "ЧекККМВозврат", 1), ..purchase(3, 1, "2025-03-05", -100) },
    ];
    assert_eq!(kinds(&check(rows.clone(), rows)), []);
}

/// Rows with unique keys, around the window's beginning, of few kinds and sums, so that they meet often.
fn any_movements() -> impl Strategy<Value = Vec<Movement>> {
    let row = (0_usize..3, -300_i64..300, -5_000_i64..5_000, 0_u128..2);
    prop::collection::btree_map((0_u128..5, 1_u64..6), row, 0..15).prop_map(|rows| {
        let movement = |((recorder, line), (kind, days, kopecks, product))| {
            let kinds = [MovementKind::OpeningBalance, MovementKind::Purchase, MovementKind::Purchase];
            let types = ["ВводНачальныхОстатков", "ЧекККМ", "ОтчетОРозничныхПродажах"];
            Movement {
                key: key(recorder, types[kind], line),
                kind: kinds[kind],
                period: day("2025-02-04") + chrono::TimeDelta::days(days),
                amount: Amount::from_units(kopecks),
                product: Some(ProductId(Uuid::from_u128(product))),
                ..purchase(recorder, line, "2025-02-04", 0)
            }
        };
        rows.into_iter().map(movement).collect()
    })
}

fn any_bonus() -> impl Strategy<Value = Vec<BonusRow>> {
    prop::collection::btree_map(1_u128..8, (-400_i64..400, -50_i64..50, -50_i64..50), 0..8).prop_map(|rows| {
        let row = |(recorder, (days, accrued, to_write_off))| {
            let row = bonus(recorder, "2026-02-04", accrued, to_write_off);
            BonusRow { period: row.period + chrono::TimeDelta::days(days), ..row }
        };
        rows.into_iter().map(row).collect()
    })
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rules = prop_oneof![Just(PointsRule::LastRecord), Just(PointsRule::RegisterBalance)];
    (rules, any::<bool>())
        .prop_map(|(rule, is_all)| Terms { rule, ..if is_all { all_history() } else { terms() } })
}

/// Both sides of a card, most of their rows in common: where not, 1C has another row or none.
fn any_sides() -> impl Strategy<Value = (Vec<Movement>, Vec<Movement>)> {
    let touched = prop::collection::btree_set((0_u128..5, 1_u64..6), 0..10);
    (any_movements(), any_movements(), touched).prop_map(|(own, other, touched)| {
        let is_touched = |row: &Movement| touched.contains(&(row.key.recorder.0.as_u128(), row.key.line));
        let mut theirs: Vec<_> = own.iter().filter(|row| !is_touched(row)).cloned().collect();
        theirs.extend(other.into_iter().filter(is_touched));
        (own, theirs)
    })
}

fn is_line(difference: &Difference) -> bool {
    matches!(
        difference.kind,
        Kind::MissingOpeningBalance | Kind::MissingLine | Kind::ExtraLine | Kind::ChangedLine
    )
}

/// Σ of store minus 1C over the lines told, the sum before the window included.
fn told(comparison: &Comparison) -> Amount {
    let told = comparison.differences.iter().filter(|of| is_line(of) || of.kind == Kind::BeforeWindow);
    let money = told.map(|of| of.figure.money().unwrap());
    money.map(|of| of.stored.unwrap_or_default() - of.onec.unwrap_or_default()).sum()
}

/// Whether opening balances agree by sums, and bear no tick because of the other sums.
fn is_agreed_alone(of: &Comparison) -> bool {
    let why_not = of.coverage.opening_balance.why_not();
    matches!(why_not, Some(WhyNot::OlderRows | WhyNot::SumDiffers | WhyNot::OpeningBeyondSums))
}

proptest! {
    #[test]
    fn a_list_compared_with_itself_is_reconciled(rows in any_movements(), bonus in any_bonus(), terms in any_terms()) {
        let kept: Vec<_> =
            rows.into_iter().filter(|row| row.kind == MovementKind::OpeningBalance || terms.window.contains(row.period)).collect();
        let stored = stored(kept.clone(), bonus.clone(), &terms, control_of(&kept, &bonus, &terms));
        let live = live(kept, bonus, &terms);
        let comparison = against_live(Some(&stored), Some(&live), &terms).unwrap();
        prop_assert_eq!(comparison.verdict, Verdict::Reconciled);
        prop_assert!(kinds(&comparison).iter().all(|kind| *kind == Kind::DoubledSale));
        prop_assert_eq!(against_control_totals(&stored, &terms).verdict, Verdict::Reconciled);
        prop_assert_eq!(stored.figures.verdict, Verdict::Reconciled);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        ((own, theirs), turned) in any_sides().prop_flat_map(|(own, theirs)| {
            let turned = (Just(own.clone()).prop_shuffle(), Just(theirs.clone()).prop_shuffle());
            (Just((own, theirs)), turned)
        }),
        (bonus, turned_bonus) in any_bonus().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        terms in any_terms(),
    ) {
        let compare = |(own, theirs): (Vec<Movement>, Vec<Movement>), bonus: Vec<BonusRow>| {
            let stored = stored(own, bonus, &terms, ControlTotals::default());
            against_live(Some(&stored), Some(&live(theirs, vec![], &terms)), &terms).unwrap()
        };
        prop_assert_eq!(compare((own, theirs), bonus), compare(turned, turned_bonus));
    }

    #[test]
    fn the_lines_told_add_up_to_the_variance_of_the_total((own, theirs) in any_sides(), terms in any_terms()) {
        let stored = stored(own, vec![], &terms, ControlTotals::default());
        let comparison = against_live(Some(&stored), Some(&live(theirs, vec![], &terms)), &terms).unwrap();
        prop_assert_eq!(Some(told(&comparison)), comparison.total.variance());
    }

    #[test]
    fn opening_purchases_and_what_lies_before_make_up_the_total(
        (own, theirs) in any_sides(), terms in any_terms(),
    ) {
        let control = control_of(&theirs, &[], &terms);
        let stored = stored(own, vec![], &terms, control);
        let live = against_live(Some(&stored), Some(&live(theirs, vec![], &terms)), &terms).unwrap();
        let totals = against_control_totals(&stored, &terms);
        for of in [&live, &totals] {
            let agrees_alone = is_agreed_alone(of);
            let opening = of.opening_balance.variance().or(agrees_alone.then_some(Amount::ZERO));
            let parts = opening.unwrap() + of.purchases.variance().unwrap();
            prop_assert_eq!(of.total.variance(), Some(parts - of.before_window.unwrap()));
        }
        // Two ways to the same figures.
        prop_assert_eq!(live.total, totals.total);
        prop_assert_eq!(live.purchases, totals.purchases);
        let agrees_alone = is_agreed_alone(&totals);
        prop_assert_eq!(totals.opening_balance.onec, live.opening_balance.onec.filter(|_| !agrees_alone));
        prop_assert_eq!(live.before_window, totals.before_window);
        prop_assert_eq!(totals.verdict, stored.figures.verdict);
    }

    #[test]
    fn sums_that_vary_never_pass_for_reconciled((own, theirs) in any_sides(), terms in any_terms()) {
        let control = control_of(&theirs, &[], &terms);
        let stored = stored(own, vec![], &terms, control);
        let live = against_live(Some(&stored), Some(&live(theirs, vec![], &terms)), &terms).unwrap();
        for of in [live, against_control_totals(&stored, &terms)] {
            let varies = of.opening_balance.differs() || of.purchases.differs();
            prop_assert!(!varies || of.verdict == Verdict::Variance);
            prop_assert!(!of.total.differs() || of.verdict != Verdict::Reconciled);
        }
    }
}
