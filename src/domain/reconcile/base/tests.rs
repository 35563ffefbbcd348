use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::period::parse_local;
use crate::domain::reconcile::{
    Gaps, OpeningLine, Reason, StoredSide, Terms, ToldSide, against_told, of_unknown_card, only_in_onec,
};
use crate::domain::{
    CardFigures, ControlTotals, Customer, DifferenceKind, DoubtfulRows, LocalTime, Movement, MovementKey,
    MovementKind, PointsRule, Quantity, RecorderId, RecorderType, StoredFigures, Window,
};

fn time(text: &str) -> LocalTime {
    parse_local(&format!("{text}T12:00:00")).unwrap().unwrap()
}

fn roubles(roubles: i64) -> Amount {
    Amount::from_units(roubles * 100)
}

fn card(number: u128) -> CardId {
    CardId(Uuid::from_u128(number))
}

fn key(recorder: u128) -> MovementKey {
    let recorder_type = RecorderType("StandardODATA.Document_ВводНачальныхОстатков".into());
    MovementKey { recorder: RecorderId(Uuid::from_u128(recorder)), recorder_type, line: 1 }
}

fn movement(recorder: u128, kind: MovementKind, date: &str, sum: i64) -> Movement {
    let receipt = || RecorderType("StandardODATA.Document_ЧекККМ".into());
    let recorder_type = if kind == Purchase { receipt() } else { key(recorder).recorder_type };
    Movement {
        card: card(1),
        key: MovementKey { recorder_type, ..key(recorder) },
        kind,
        period: time(date),
        amount: roubles(sum),
        quantity: Quantity::ZERO,
        product: None,
    }
}

fn line(recorder: u128, date: &str, sum: i64) -> OpeningLine {
    OpeningLine { key: key(recorder), period: time(date), amount: roubles(sum) }
}

fn terms() -> Terms {
    Terms {
        window: Window { days: 365, from: Some(time("2025-02-04")) },
        points_at: Some(time("2026-02-04")),
        rule: PointsRule::LastRecord,
        synced_at: None,
        compared_at: None,
        under: std::sync::Arc::default(),
        is_moment_doubtful: false,
    }
}

fn stored(movements: Vec<Movement>) -> StoredSide {
    let own = CardFigures::of(&movements, &[], terms().window.from, time("2026-02-04"));
    StoredSide {
        customer: Customer { card: card(1), ..Customer::default() },
        movements,
        bonus: Vec::new(),
        figures: StoredFigures::of(
            own,
            ControlTotals::default(),
            PointsRule::LastRecord,
            DoubtfulRows::default(),
        ),
    }
}

/// What 1C tells of a card with these opening balances and purchases of the window and before.
fn told(opening: &[OpeningLine], purchases: i64, before: i64) -> ToldSide<'_> {
    let window = terms().window;
    let sum = |lines: &mut dyn Iterator<Item = &OpeningLine>| lines.map(|line| line.amount).sum::<Amount>();
    let all = sum(&mut opening.iter());
    let earlier = sum(&mut opening.iter().filter(|line| !window.contains(line.period)));
    let control = ControlTotals {
        turnover_all: Some(all + roubles(purchases + before)),
        turnover_window: Some(all - earlier + roubles(purchases)),
        opening_balance: Some(all),
        opening_before_window: Some(earlier),
        register_balance: None,
    };
    ToldSide { control, opening: Some(opening), is_listed: None, gaps: Gaps::default() }
}

/// What is told of a difference.
type Told = (DifferenceKind, Option<Reason>);

fn kinds(card: &Comparison) -> Vec<Told> {
    card.differences.iter().map(|difference| (difference.kind, difference.reason)).collect()
}

use DifferenceKind as Kind;
use MovementKind::{OpeningBalance, Purchase};

#[test]
fn opening_balances_are_compared_line_by_line() {
    let onec = [line(1, "2023-06-30", 100)];
    let cases: [(&str, Vec<Movement>, &[Told]); 5] = [
        ("equal", vec![movement(1, OpeningBalance, "2023-06-30", 100)], &[]),
        ("missing", vec![], &[(Kind::MissingOpeningBalance, None)]),
        (
            "another amount",
            vec![movement(1, OpeningBalance, "2023-06-30", 99)],
            &[(Kind::ChangedLine, Some(Reason::Amount))],
        ),
        (
            "another date",
            vec![movement(1, OpeningBalance, "2023-07-01", 100)],
            &[(Kind::ChangedLine, Some(Reason::Period))],
        ),
        (
            "one too many",
            vec![
                movement(1, OpeningBalance, "2023-06-30", 100),
                movement(2, OpeningBalance, "2023-06-30", 5),
            ],
            &[(Kind::ExtraLine, None)],
        ),
    ];
    for (what, movements, expected) in cases {
        let compared = against_told(&stored(movements), &told(&onec, 0, 0), &terms());
        assert_eq!(kinds(&compared), expected, "{what}");
        let verdict = if expected.is_empty() { Verdict::Reconciled } else { Verdict::Variance };
        assert_eq!(compared.verdict, verdict, "{what}");
    }
}

#[test]
fn a_cause_has_the_roubles_of_its_differences_and_earlier_purchases_have_none() {
    let onec = [line(1, "2023-06-30", 100)];
    let missing = against_told(&stored(vec![]), &told(&onec, 0, 50), &terms());
    let changed = against_told(
        &stored(vec![movement(1, OpeningBalance, "2023-06-30", 97)]),
        &told(&onec, 0, 0),
        &terms(),
    );
    let mut summary = Summary::default();
    summary.extend([&missing, &missing, &changed]);
    let of = |summary: &Summary, cause| summary.causes.get(&cause).map(|tally| (tally.cards, tally.money));
    assert_eq!(of(&summary, Cause::MissingOpeningBalance), Some((2, roubles(-200))));
    assert_eq!(of(&summary, Cause::ChangedLines), Some((1, roubles(-3))));
    assert_eq!(of(&summary, Cause::BeforeWindow), Some((2, Amount::ZERO)));
    summary.replace(&missing, &changed);
    assert_eq!(of(&summary, Cause::MissingOpeningBalance), Some((1, roubles(-100))));
    assert_eq!(of(&summary, Cause::ChangedLines), Some((2, roubles(-6))));
}

#[test]
fn an_opening_balance_kept_as_a_purchase_is_missing_and_explains_the_purchases() {
    let onec = [line(1, "2025-06-30", 100)];
    let as_purchase = Movement { key: key(1), ..movement(1, Purchase, "2025-06-30", 100) };
    let kept = vec![as_purchase, movement(2, Purchase, "2025-07-01", 7)];
    let compared = against_told(&stored(kept.clone()), &told(&onec, 7, 0), &terms());
    assert_eq!(kinds(&compared), [(Kind::MissingOpeningBalance, Some(Reason::Kind))]);
    assert_eq!(compared.money_variance(), Some(Amount::ZERO), "the total is right, its parts are not");
    let compared = against_told(&stored(kept), &told(&onec, 8, 0), &terms());
    assert_eq!(
        kinds(&compared),
        [(Kind::MissingOpeningBalance, Some(Reason::Kind)), (Kind::Unexplained, None)]
    );
}

#[test]
fn purchases_before_the_window_are_no_money_that_is_missing() {
    let own = stored(vec![movement(1, OpeningBalance, "2023-06-30", 100)]);
    let onec = [line(1, "2023-06-30", 100)];
    let compared = against_told(&own, &told(&onec, 0, 777), &terms());
    assert_eq!((compared.verdict, compared.money_variance()), (Verdict::BeforeWindow, Some(Amount::ZERO)));
    assert_eq!(compared.total.variance(), Some(roubles(-777)));
    assert_eq!(Standing::of(&compared).money, roubles(777));
}

#[test]
fn a_card_of_one_side_says_which() {
    let nothing = [];
    let gone = ToldSide { is_listed: Some(false), ..told(&nothing, 0, 0) };
    let extra = against_told(&stored(Vec::new()), &gone, &terms());
    assert_eq!((extra.verdict, kinds(&extra)), (Verdict::Variance, vec![(Kind::ExtraCard, None)]));
    let new = only_in_onec(Customer::default(), &told(&nothing, 5, 0), &terms());
    assert_eq!((new.verdict, kinds(&new)), (Verdict::Variance, vec![(Kind::MissingCard, None)]));
    assert_eq!(new.total.variance(), Some(roubles(-5)));
    let rows = ToldSide { is_listed: Some(false), ..told(&nothing, 5, 0) };
    let unknown = only_in_onec(Customer::default(), &rows, &terms());
    assert_eq!(kinds(&unknown)[0], (Kind::UnknownCard, None));
    assert_eq!(unknown.verdict, Verdict::Variance);
}

#[test]
fn rows_of_an_unknown_card_are_remarked_and_no_variance() {
    let own = StoredSide::of_unknown_card(
        CardId::EMPTY,
        vec![movement(1, Purchase, "2025-06-30", 9)],
        Vec::new(),
        &terms(),
    );
    let compared = of_unknown_card(&own, &told(&[], 9, 0), &terms());
    assert_eq!((compared.verdict, kinds(&compared)), (Verdict::UnknownCard, vec![(Kind::UnknownCard, None)]));
    let line = &compared.differences[0];
    let nine = roubles(9);
    assert_eq!(line.figure.money(), Some(Figure { onec: None, stored: Some(nine) }));
    assert_eq!(line.line, Some(1), "its document can be found");
    let many = StoredSide { movements: vec![own.movements[0].clone(); 101], ..own };
    let compared = of_unknown_card(&many, &told(&[], 9, 0), &terms());
    assert_eq!(compared.differences.len(), 1, "of many, the sum alone");
    assert_eq!(compared.differences[0].figure.money().unwrap().onec, Some(nine));
}

#[test]
fn a_sum_that_is_not_known_leaves_a_card_unverified() {
    let own = stored(vec![movement(1, Purchase, "2025-06-30", 9)]);
    let nothing = ToldSide::default();
    let compared = against_told(&own, &nothing, &terms());
    assert_eq!((compared.verdict, compared.total.onec), (Verdict::Unverified, None));
    let mut summary = Summary::default();
    summary.add(&compared);
    assert_eq!((summary.total.stored(), summary.total.uncompared), (roubles(9), roubles(9)));
    let unknown = (summary.total.onec(), summary.total.variance(), summary.total_variance());
    assert_eq!(unknown, (None, None, None), "1C's figure of the others is nobody's");
    assert_eq!(summary.earlier_purchases(), None);
    assert!(summary.is_of_nothing());
}

/// A comparison of a card with these purchases on either side.
fn compared(number: u128, stored_sum: i64, onec: i64, before: i64) -> Comparison {
    let own = stored(vec![movement(1, Purchase, "2025-06-30", stored_sum)]);
    let mut compared = against_told(&own, &told(&[], onec, before), &terms());
    compared.customer.card = card(number);
    compared
}

#[test]
fn the_worst_come_first() {
    let unverified = {
        let own = stored(vec![movement(1, Purchase, "2025-06-30", 9)]);
        let mut compared = against_told(&own, &ToldSide::default(), &terms());
        compared.customer.card = card(7);
        compared
    };
    let base = [
        compared(6, 5, 5, 0),
        compared(5, 5, 5, 0),
        compared(4, 5, 5, 1_000_000),
        compared(3, 5, 4, 0),
        compared(2, 5, 100, 0),
        compared(1, 5, 4, 0),
        unverified,
    ];
    let mut order: Vec<_> = base.iter().map(Standing::of).collect();
    order.sort();
    let cards: Vec<_> = order.iter().map(|standing| standing.card).collect();
    assert_eq!(cards, [2, 1, 3, 7, 4, 5, 6].map(card));
}

#[test]
fn variances_that_cancel_out_are_told_without_their_signs() {
    let mut summary = Summary::default();
    summary.add(&compared(1, 10, 5, 0));
    summary.add(&compared(2, 5, 10, 0));
    summary.add(&compared(3, 5, 5, 777));
    assert_eq!(summary.absolute_variance, roubles(10));
    assert_eq!(summary.purchases.variance(), Some(Amount::ZERO));
    assert_eq!(summary.total.variance(), Some(roubles(-777)));
    assert_eq!((summary.variances, summary.before_window, summary.cards), (2, 1, 3));
    assert_eq!(
        summary.causes[&Cause::Unexplained],
        Tally { cards: 2, differences: 2, ..summary.causes[&Cause::Unexplained] }
    );
}

#[test]
fn a_base_adds_up_each_figure_of_all_its_cards() {
    let lines = [line(1, "2023-06-30", 100)];
    let rows =
        || vec![movement(1, OpeningBalance, "2023-06-30", 100), movement(2, Purchase, "2025-06-30", 7)];
    let mut summary = Summary::default();
    for _ in 0..2 {
        summary.add(&against_told(&stored(rows()), &told(&lines, 7, 0), &terms()));
    }
    let figures = [summary.opening_balance, summary.purchases, summary.total];
    assert_eq!(figures.map(|it| it.stored()), [200, 14, 214].map(roubles));
    assert_eq!(figures.map(|it| it.onec()), [200, 14, 214].map(roubles).map(Some));
}

/// Which of 1C's own sums contradict its rows is counted by figure, and given back where a card is counted anew.
#[test]
fn sums_that_1c_contradicts_are_counted_by_figure() {
    let sound = compared(1, 10, 10, 0);
    let mut doubtful = compared(2, 5, 5, 0);
    doubtful.coverage.tell(Part::Purchases, Compared::Not(WhyNot::OwnSum));
    doubtful.coverage.tell(Part::Points, Compared::Not(WhyNot::OwnSum));
    let mut summary = Summary::default();
    summary.extend([&sound, &doubtful, &doubtful]);
    let counted = |parts: &[(Part, u64)]| parts.iter().copied().collect::<BTreeMap<_, _>>();
    assert_eq!(summary.contradicted, counted(&[(Part::Purchases, 2), (Part::Points, 2)]));
    summary.replace(&doubtful, &sound);
    assert_eq!(summary.contradicted, counted(&[(Part::Purchases, 1), (Part::Points, 1)]));
    summary.replace(&doubtful, &sound);
    assert_eq!(summary.contradicted, counted(&[]));
}

#[test]
fn older_purchases_are_no_part_of_what_varies() {
    let mut summary = Summary::default();
    let differs = compared(1, 10, 5, 0);
    let mut older = compared(2, 5, 4, 777);
    summary.add(&differs);
    assert_eq!(older.verdict, Verdict::Variance);
    older.verdict = Verdict::Unverified;
    summary.add(&older);
    assert_eq!(summary.absolute_variance, roubles(5), "of what is no variance nothing is known to vary");
}

/// Of few sums, so that all verdicts are met.
fn any_comparison() -> impl Strategy<Value = Comparison> {
    (0..6, -2_i64..3, -2_i64..3, -1_i64..2).prop_map(|(kind, own, onec, before)| {
        let rows = || vec![movement(1, Purchase, "2025-06-30", own)];
        match kind {
            0 => against_told(&stored(rows()), &ToldSide::default(), &terms()),
            1 => {
                let unknown = StoredSide::of_unknown_card(CardId::EMPTY, rows(), Vec::new(), &terms());
                of_unknown_card(&unknown, &told(&[], onec, before), &terms())
            }
            _ => compared(1, own, onec, before),
        }
    })
}

#[test]
fn a_card_whose_balance_of_points_differs_is_looked_at_again() {
    let equal = compared(1, 5, 5, 0);
    let mut points = equal.clone();
    points.points.register_balance_onec = Some(crate::domain::Points::from_units(1));
    for (card, is_suspect) in [(&equal, false), (&points, true), (&compared(1, 5, 4, 0), true)] {
        assert_eq!(Standing::of(card).is_suspect, is_suspect, "{card:?}");
    }
}

proptest! {
    #[test]
    fn counting_a_card_anew_is_counting_it_alone(
        base in prop::collection::vec(any_comparison(), 1..8), now in any_comparison(),
    ) {
        let mut replaced = Summary::default();
        replaced.extend(&base);
        replaced.replace(&base[0], &now);
        let mut alone = Summary::default();
        alone.add(&now);
        alone.extend(&base[1..]);
        prop_assert_eq!(replaced, alone);
    }
}

proptest! {
    /// What is not known of one card is not known of all, whatever the store has of it: also nothing.
    #[test]
    fn what_is_not_known_of_one_card_is_not_known_of_the_base(
        known in prop::collection::vec((0_i64..900, 0_i64..900, 0_i64..9), 0..5), sum in 0_i64..2
    ) {
        let mut summary = Summary::default();
        let cards: Vec<_> =
            (1..).zip(&known).map(|(n, (stored, onec, before))| compared(n, *stored, *onec, *before)).collect();
        summary.extend(&cards);
        let sum_of = |of: fn(&(i64, i64, i64)) -> i64| roubles(known.iter().map(of).sum());
        prop_assert_eq!(summary.purchases.onec(), Some(sum_of(|it| it.1)));
        prop_assert_eq!(summary.total_variance(), Some(sum_of(|it| it.0 - it.1)));
        prop_assert_eq!(summary.earlier_purchases(), Some(sum_of(|it| it.2)));
        let own = stored(vec![movement(1, Purchase, "2025-06-30", sum)]);
        let untold = against_told(&own, &ToldSide::default(), &terms());
        let before = summary.clone();
        summary.add(&untold);
        for of in [summary.opening_balance, summary.purchases, summary.total] {
            prop_assert_eq!((of.onec(), of.variance()), (None, None));
        }
        prop_assert_eq!((summary.total_variance(), summary.earlier_purchases()), (None, None));
        // It is known again where the card is.
        let told = compared(99, sum, sum, 0);
        summary.replace(&untold, &told);
        let mut expected = before;
        expected.add(&told);
        prop_assert_eq!(summary, expected);
    }
}

/// Whatever was compared, was compared with something.
#[test]
fn a_base_of_which_any_card_was_compared_was_not_compared_with_nothing() {
    let compared = |reconciled, before_window, variances, unknown_cards| Summary {
        cards: 9,
        unverified: 3,
        reconciled,
        before_window,
        variances,
        unknown_cards,
        ..Summary::default()
    };
    assert!(compared(0, 0, 0, 0).is_of_nothing());
    for it in
        [(1, 0, 0, 0), (1, 1, 0, 0), (2, 1, 1, 0), (1, 0, 0, 1), (0, 1, 1, 0), (0, 0, 1, 1), (2, 0, 1, 1)]
    {
        assert!(!compared(it.0, it.1, it.2, it.3).is_of_nothing(), "{it:?}");
    }
}
