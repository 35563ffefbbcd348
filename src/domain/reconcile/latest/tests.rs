use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::period::parse_local;
use crate::domain::reconcile::{
    Compared, DoubtfulRows, LiveSide, Means, WhyNot, against_control_totals, against_live,
};
use crate::domain::{
    BonusRow, CardFigures, CardId, CitySource, ControlTotals, Customer, Direction, LocalTime, Movement,
    MovementKey, MovementKind, PointsRule, Quantity, RecorderId, RecorderType, Window,
};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn roubles(roubles: i64) -> Amount {
    Amount::from_units(roubles * 100)
}

/// All figures equal, seen as far as this reaches.
fn equal(reach: Reach, minute: i64) -> Judgement {
    let sees = |part| reach == Reach::Rows || !matches!(part, Part::Points | Part::City | Part::Card);
    let marks = PartMarks::told(|part| if sees(part) { Mark::Equal } else { Mark::Uncompared });
    Judgement {
        at: at(minute),
        reach,
        verdict: Verdict::Reconciled,
        marks,
        variance: Some(TotalVariance::default()),
    }
}

fn differing(reach: Reach, minute: i64, parts: &[Part]) -> Judgement {
    let of = equal(reach, minute);
    let marks =
        PartMarks::told(|part| if parts.contains(&part) { Mark::Differs } else { of.marks.get(part) });
    Judgement {
        verdict: Verdict::Variance,
        marks,
        variance: Some(TotalVariance::without_earlier(roubles(-310))),
        ..of
    }
}

fn unverified(reach: Reach, minute: i64) -> Judgement {
    let marks = PartMarks::told(|_| Mark::Uncompared);
    Judgement { verdict: Verdict::Unverified, marks, variance: None, ..equal(reach, minute) }
}

/// What is said, by what, and by what the town is told.
fn said(judgements: &[Judgement]) -> (Verdict, Reach, i64, Reach) {
    let choice = CardChoice::among(judgements).unwrap();
    let minute = choice.at.signed_duration_since(at(0)).num_minutes();
    (choice.verdict, choice.by, minute, choice.of(Part::City))
}

#[test]
fn of_several_comparisons_the_newest_that_can_tell_counts() {
    use Reach::{Rows, Sums};
    use Verdict::{Reconciled, Unverified, Variance};
    let money = [Part::Purchases, Part::Total];
    let cases = [
        ("the sync alone", vec![equal(Sums, 1)], (Reconciled, Sums, 1, Sums)),
        (
            "a newer check differs",
            vec![equal(Sums, 1), differing(Rows, 2, &money)],
            (Variance, Rows, 2, Rows),
        ),
        (
            "a newer check agrees",
            vec![differing(Sums, 1, &money), equal(Rows, 2)],
            (Reconciled, Rows, 2, Rows),
        ),
        ("a check before the sync", vec![equal(Rows, 1), equal(Sums, 2)], (Reconciled, Sums, 2, Rows)),
        ("sums differ since", vec![equal(Rows, 1), differing(Sums, 2, &money)], (Variance, Sums, 2, Rows)),
        (
            "sums, which may be behind, agree since",
            vec![differing(Rows, 1, &money), equal(Sums, 2)],
            (Variance, Rows, 1, Rows),
        ),
        (
            "no sum knows a town",
            vec![differing(Rows, 1, &[Part::City]), equal(Sums, 2)],
            (Variance, Rows, 1, Rows),
        ),
        ("nor points", vec![differing(Rows, 1, &[Part::Points]), equal(Sums, 2)], (Variance, Rows, 1, Rows)),
        (
            "nor lines that cancel out",
            vec![differing(Rows, 1, &[]), equal(Sums, 2)],
            (Variance, Rows, 1, Rows),
        ),
        ("sums that tell nothing", vec![equal(Rows, 1), unverified(Sums, 2)], (Reconciled, Rows, 1, Rows)),
        (
            "a newer check that tells nothing",
            vec![equal(Sums, 1), unverified(Rows, 2)],
            (Unverified, Rows, 2, Rows),
        ),
        ("of one moment", vec![equal(Sums, 1), differing(Rows, 1, &money)], (Variance, Rows, 1, Rows)),
        (
            "the newest sums",
            vec![equal(Sums, 1), differing(Sums, 3, &money), equal(Sums, 2)],
            (Variance, Sums, 3, Sums),
        ),
    ];
    for (case, judgements, expected) in cases {
        assert_eq!(said(&judgements), expected, "{case}");
    }
    assert_eq!(CardChoice::among([]), None);
}

#[test]
fn the_other_comparison_is_named_where_a_figure_rests_on_it() {
    let choice = CardChoice::among(&[equal(Reach::Rows, 1), equal(Reach::Sums, 2)]).unwrap();
    assert_eq!(choice.also_at, Some(at(1)));
    assert_eq!(choice.also().collect::<Vec<_>>(), [Part::Points, Part::City, Part::Card]);
    let choice = CardChoice::among(&[equal(Reach::Sums, 1), equal(Reach::Rows, 2)]).unwrap();
    assert_eq!((choice.also_at, choice.also().count()), (None, 0));
}

fn any_judgement() -> impl Strategy<Value = Judgement> {
    let marks = prop::array::uniform6(select(&Mark::ALL[..]));
    let verdicts = [
        Verdict::Reconciled,
        Verdict::BeforeWindow,
        Verdict::Variance,
        Verdict::Unverified,
        Verdict::UnknownCard,
    ];
    let sum = || (-9_i64..9).prop_map(roubles);
    let variance = prop::option::of((sum(), sum()).prop_map(|(all, earlier)| TotalVariance { all, earlier }));
    (0_i64..6, select(&Reach::ALL[..]), select(verdicts.to_vec()), marks, variance).prop_map(
        |(minute, reach, verdict, marks, variance)| Judgement {
            at: at(minute),
            reach,
            verdict,
            marks: PartMarks(marks),
            variance,
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (judgements, turned) in prop::collection::vec(any_judgement(), 1..6)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        prop_assert_eq!(CardChoice::among(&judgements), CardChoice::among(&turned));
    }

    #[test]
    fn a_newer_one_of_equal_or_greater_reach_decides_alone(
        before in prop::collection::vec(any_judgement(), 0..5), last in any_judgement()
    ) {
        let last = Judgement { at: at(9), reach: Reach::Rows, ..last };
        let choice = CardChoice::among(before.iter().chain([&last])).unwrap();
        prop_assert_eq!((choice.verdict, choice.variance), (last.verdict, last.variance));
        prop_assert!(Part::ALL.into_iter().all(|part| choice.of(part) == Reach::Rows));
        let only: Vec<_> = before.iter().filter(|it| it.reach == Reach::Sums).copied().collect();
        let last = Judgement { reach: Reach::Sums, ..last };
        let choice = CardChoice::among(only.iter().chain([&last])).unwrap();
        prop_assert_eq!((choice.verdict, choice.at), (last.verdict, last.at));
    }

    #[test]
    fn a_weaker_one_never_beats_a_stronger_one_that_is_newer(
        rows in any_judgement(), weaker in prop::collection::vec(any_judgement(), 1..5)
    ) {
        let rows = Judgement { reach: Reach::Rows, at: at(9), ..rows };
        let weaker: Vec<_> = weaker.into_iter().map(|it| Judgement { reach: Reach::Sums, ..it }).collect();
        prop_assert_eq!(CardChoice::among(weaker.iter().chain([&rows])), CardChoice::among([&rows]));
    }

    #[test]
    fn what_no_one_compared_is_never_said_to_be_equal(judgements in prop::collection::vec(any_judgement(), 1..6)) {
        let choice = CardChoice::among(&judgements).unwrap();
        let told = judgements.iter().any(|it| it.at == choice.at && it.reach == choice.by && it.verdict == choice.verdict);
        prop_assert!(told, "every verdict is somebody's");
    }
}

const CARD: CardId = CardId(uuid::Uuid::from_u128(7));

fn day(text: &str) -> LocalTime {
    parse_local(&format!("{text}T12:00:00")).unwrap().unwrap()
}

fn key(number: u128, recorder_type: &str) -> MovementKey {
    let recorder_type = RecorderType(format!("StandardODATA.Document_{recorder_type}").into());
    MovementKey { recorder: RecorderId(uuid::Uuid::from_u128(number)), recorder_type, line: 1 }
}

fn purchase(number: u128, date: &str, kopecks: i64) -> Movement {
    Movement {
        card: CARD,
        key: key(number, "ЧекККМ"),
        kind: MovementKind::Purchase,
        period: day(date),
        amount: Amount::from_units(kopecks),
        quantity: Quantity::from_units(1_000),
        product: None,
    }
}

fn accrued(points: i64) -> BonusRow {
    BonusRow {
        card: CARD,
        key: key(90, "ЧекККМ"),
        period: day("2025-11-11"),
        direction: Direction::Receipt,
        accrued: Points::from_units(points),
        to_write_off: Points::ZERO,
    }
}

fn terms() -> Terms {
    Terms {
        window: Window { days: 365, from: Some(day("2025-02-04")) },
        points_at: Some(day("2026-02-04")),
        rule: PointsRule::LastRecord,
        synced_at: Some(at(0)),
        compared_at: Some(at(5)),
        under: std::sync::Arc::default(),
        is_moment_doubtful: false,
    }
}

fn town(name: &str) -> City {
    City { name: name.into(), source: CitySource::MainDetailsLine3 }
}

fn stored(movements: Vec<Movement>, bonus: Vec<BonusRow>) -> StoredSide {
    let terms = terms();
    let own = CardFigures::of(&movements, &bonus, terms.window.from, terms.points_at.unwrap());
    let control = ControlTotals {
        turnover_all: Some(own.total()),
        turnover_window: Some(own.turnover_window()),
        opening_balance: Some(own.opening_balance),
        opening_before_window: Some(own.opening_balance - own.opening_in_window),
        register_balance: Some(own.points.register_balance),
    };
    let figures = StoredFigures::of(own, control, terms.rule, DoubtfulRows::default());
    let customer =
        Customer { card: CARD, name: "Анна".into(), city: Some(town("Ялта")), ..Customer::default() };
    StoredSide { customer, movements, bonus, figures }
}

fn live(of: &StoredSide, city: &str) -> LiveSide {
    let customer = Customer { city: Some(town(city)), ..of.customer.clone() };
    LiveSide {
        customer,
        is_listed: true,
        movements: of.movements.clone(),
        inactive: Vec::new(),
        points_of_all: None,
        knows_town: true,
        bonus: Some(of.bonus.clone()),
        control: ControlTotals::default(),
        points_at: None,
        unreadable: DoubtfulRows::default(),
    }
}

proptest! {
    /// Nothing is lost on the way through what is kept.
    #[test]
    fn a_comparison_is_kept_whole(
        sums in prop::collection::vec((1_i64..90_000, prop::bool::ANY), 0..5),
        lost in prop::bool::ANY,
        moved in prop::bool::ANY,
        points in prop::option::of(0_i64..9_000),
    ) {
        let date = |is_old: bool| if is_old { "2024-05-05" } else { "2025-11-11" };
        let movements: Vec<_> = (1..).zip(&sums).map(|(n, (sum, old))| purchase(n, date(*old), *sum)).collect();
        let bonus = points.map(accrued);
        let inside: Vec<_> = movements.iter().filter(|row| terms().window.contains(row.period)).cloned().collect();
        let mut side = stored(inside, bonus.into_iter().collect());
        let mut live = live(&side, if moved { "Керчь" } else { "Ялта" });
        live.movements = movements;
        if lost {
            side.movements.pop();
            side = stored(side.movements, side.bonus);
        }
        let by_rows = against_live(Some(&side), Some(&live), &terms()).unwrap();
        let by_sums = Comparison { compared_at: Some(at(5)), ..against_control_totals(&side, &terms()) };
        for comparison in [by_rows, by_sums] {
            let kept = KeptCheck::of(&comparison, 1, 2).unwrap();
            let again = kept.beside(&side, &terms());
            prop_assert_eq!(kept.judgement().marks, PartMarks::of(&again));
            prop_assert_eq!(again, comparison);
        }
    }
}

#[test]
fn what_was_compared_with_nothing_is_not_kept() {
    let side = stored(vec![purchase(1, "2025-11-11", 100)], Vec::new());
    assert_eq!(KeptCheck::of(&against_nothing(&side, &terms()), 1, 2), None);
}

#[test]
fn a_stored_side_that_changed_voids_what_was_kept() {
    let side = stored(vec![purchase(1, "2025-11-11", 100)], Vec::new());
    let found = |city| {
        let comparison = against_live(Some(&side), Some(&live(&side, city)), &terms()).unwrap();
        KeptCheck::of(&comparison, 1, 2).unwrap()
    };
    let (equal, differs) = (found("Ялта"), found("Керчь"));
    let (same, other) = (2, 3);
    for (case, kept, stamp, side, read_at, applies) in [
        ("the same generation", &differs, 1, other, Some(at(0)), true),
        ("the same generation, by a clock that was set back", &differs, 1, other, Some(at(9)), true),
        ("another generation, the same rows", &equal, 7, same, Some(at(0)), true),
        ("another generation, other rows", &equal, 7, other, Some(at(0)), false),
        ("read once more, the same rows", &equal, 7, same, Some(at(9)), true),
        ("a difference, and not read since", &differs, 7, same, Some(at(0)), true),
        ("a difference, and read at that moment", &differs, 7, same, Some(at(5)), true),
        ("a difference, and read once more", &differs, 7, same, Some(at(9)), false),
        ("a card that is in no generation", &differs, 7, same, None, true),
    ] {
        assert_eq!(kept.applies(stamp, side, read_at), applies, "{case}");
    }
}

/// A list goes by judgements, the customer's screen by whole comparisons: both say the same.
#[test]
fn the_customer_says_what_the_list_says() {
    let side = stored(vec![purchase(1, "2025-11-11", 100)], Vec::new());
    let by_sums = |minute| {
        let terms = Terms { compared_at: Some(at(minute)), ..terms() };
        against_control_totals(&side, &terms)
    };
    let by_rows = |minute, city| {
        let terms = Terms { compared_at: Some(at(minute)), ..terms() };
        against_live(Some(&side), Some(&live(&side, city)), &terms).unwrap()
    };
    let kept = |of: &Comparison| KeptCheck::of(of, 1, 2).unwrap().judgement();
    for (sums, rows) in [
        (by_sums(1), by_rows(2, "Ялта")),
        (by_sums(1), by_rows(2, "Керчь")),
        (by_sums(2), by_rows(1, "Ялта")),
        (by_sums(2), by_rows(1, "Керчь")),
    ] {
        let choice = CardChoice::among(&[kept(&sums), kept(&rows)]).unwrap();
        let of_sync = Judgement::of_sync(&side.figures, &terms(), sums.compared_at.unwrap());
        assert_eq!(CardChoice::among(&[of_sync, kept(&rows)]).unwrap(), choice);
        let whole = together(&choice, sums, Some(rows.clone()));
        assert_eq!((whole.verdict, whole.compared_at), (choice.verdict, Some(choice.at)));
        assert_eq!(whole.mark(Part::City), rows.mark(Part::City));
        assert_eq!(whole.mark(Part::Points), Mark::Equal);
        assert_eq!(whole.mark(Part::Total), Mark::Equal);
        let expected = usize::from(rows.verdict == Verdict::Variance);
        assert_eq!(whole.differences.len(), expected, "{:?}", whole.differences);
        assert_eq!(
            whole.coverage.total,
            Compared::With(if choice.of(Part::Total) == Reach::Rows {
                Means::Rows
            } else {
                Means::Turnovers
            })
        );
        assert_ne!(whole.coverage.points, Compared::Not(WhyNot::RowsAlone));
    }
}

/// What lines have shown is over by lines alone: sums that agree since may be behind them, and know nothing of lines that
/// cancel out, nor of towns.
#[test]
fn lines_that_differed_stay_whatever_sums_agree_since() {
    use DifferenceKind::{ChangedLine, City};
    let side = stored(vec![purchase(1, "2025-11-11", 100), purchase(2, "2025-11-12", 300)], Vec::new());
    let sums = against_control_totals(&side, &Terms { compared_at: Some(at(9)), ..terms() });
    let kept = |of: &Comparison| KeptCheck::of(of, 1, 2).unwrap().judgement();
    let together_with = |amounts: [i64; 2], city| {
        let mut live = live(&side, city);
        live.movements = vec![purchase(1, "2025-11-11", amounts[0]), purchase(2, "2025-11-12", amounts[1])];
        let rows = against_live(Some(&side), Some(&live), &Terms { compared_at: Some(at(1)), ..terms() });
        let rows = rows.unwrap();
        let choice = CardChoice::among(&[kept(&sums), kept(&rows)]).unwrap();
        let whole = together(&choice, sums.clone(), Some(rows));
        let kinds: Vec<_> = whole.differences.iter().map(|it| it.kind).collect();
        (choice.by, whole.verdict, kinds)
    };
    for (case, amounts, city, expected) in [
        ("nothing differs", [100, 300], "Ялта", (Reach::Sums, Verdict::Reconciled, vec![])),
        (
            "lines that cancel out",
            [200, 200],
            "Ялта",
            (Reach::Rows, Verdict::Variance, vec![ChangedLine, ChangedLine]),
        ),
        ("a total that differed", [150, 300], "Ялта", (Reach::Rows, Verdict::Variance, vec![ChangedLine])),
        (
            "the same, and the town",
            [150, 300],
            "Керчь",
            (Reach::Rows, Verdict::Variance, vec![ChangedLine, City]),
        ),
        (
            "lines that cancel out, and the town",
            [200, 200],
            "Керчь",
            (Reach::Rows, Verdict::Variance, vec![ChangedLine, ChangedLine, City]),
        ),
    ] {
        assert_eq!(together_with(amounts, city), expected, "{case}");
    }
}

/// A sum of 1C's: as it is, not told, or another one.
#[derive(Clone, Copy, Debug)]
enum Said {
    Right,
    Nothing,
    Off(i64),
}

impl Said {
    fn of(self, right: Amount) -> Option<Amount> {
        match self {
            Self::Right => Some(right),
            Self::Nothing => None,
            Self::Off(kopecks) => Some(right + Amount::from_units(kopecks)),
        }
    }
}

fn said_any() -> impl Strategy<Value = Said> {
    prop_oneof![4 => Just(Said::Right), 1 => Just(Said::Nothing), 2 => (-3_i64..4).prop_map(Said::Off)]
}

/// A card with an opening balance, older purchases and later ones; the store has no older ones. 1C says of its sums
/// what it says.
fn any_side() -> impl Strategy<Value = (StoredSide, Vec<Movement>)> {
    any_side_by(terms().rule)
}

fn any_side_by(rule: PointsRule) -> impl Strategy<Value = (StoredSide, Vec<Movement>)> {
    let rows = prop::collection::vec((0_u8..3, 1_i64..90_000), 0..5);
    let said = prop::array::uniform5(said_any());
    (rows, said, prop::option::of(1_i64..9_000), [prop::bool::weighted(0.2), prop::bool::weighted(0.2)])
        .prop_map(move |(rows, said, points, [sales, of_points])| {
            let row = |(n, (kind, sum)): (u128, &(u8, i64))| match kind {
                0 => Movement {
                    kind: MovementKind::OpeningBalance,
                    key: key(n, "ВводНачальныхОстатков"),
                    ..purchase(n, "2023-06-30", *sum)
                },
                1 => purchase(n, "2024-05-05", *sum),
                _ => purchase(n, "2025-11-11", *sum),
            };
            let all: Vec<_> = (1..).zip(&rows).map(row).collect();
            let is_stored = |row: &&Movement| {
                row.kind == MovementKind::OpeningBalance || terms().window.contains(row.period)
            };
            let bonus = points.map(accrued);
            let mut side =
                stored(all.iter().filter(is_stored).cloned().collect(), bonus.into_iter().collect());
            let own = side.figures.own;
            let of_all = all.iter().map(|row| row.amount).sum();
            let control = ControlTotals {
                turnover_all: said[0].of(of_all),
                turnover_window: said[1].of(own.turnover_window()),
                opening_balance: said[2].of(own.opening_balance),
                opening_before_window: said[3].of(own.opening_balance - own.opening_in_window),
                register_balance: match said[4] {
                    Said::Right => Some(own.points.register_balance),
                    Said::Nothing => None,
                    Said::Off(points) => Some(own.points.register_balance + Points::from_units(points)),
                },
            };
            side.figures = StoredFigures::of(own, control, rule, DoubtfulRows { sales, points: of_points });
            (side, all)
        })
}

proptest! {
    #[test]
    fn the_list_says_of_any_sync_what_the_customer_says(
        ((side, _), rule) in select(&[PointsRule::RegisterBalance, PointsRule::LastRecord][..])
            .prop_flat_map(|rule| (any_side_by(rule), Just(rule)))
    ) {
        let terms = Terms { rule, ..terms() };
        let whole = Comparison { compared_at: Some(at(5)), ..against_control_totals(&side, &terms) };
        let listed = Judgement::of_sync(&side.figures, &terms, at(5));
        prop_assert_eq!(listed.verdict, whole.verdict);
        for part in Part::ALL {
            prop_assert_eq!(listed.marks.get(part), whole.mark(part), "{:?}", part);
        }
    }

    /// Each figure is that of the comparison that tells it, with its coverage, and no line is told that the chosen
    /// comparison refutes.
    #[test]
    fn two_comparisons_together_are_each_figure_as_it_was_chosen(
        (side, all) in any_side(),
        lost in prop::option::of(0_usize..5),
        moved in prop::bool::ANY,
        is_later in prop::bool::ANY,
    ) {
        let mut live = live(&side, if moved { "Керчь" } else { "Ялта" });
        live.movements = all;
        if let Some(lost) = lost.filter(|lost| *lost < live.movements.len()) {
            live.movements.remove(lost);
        }
        let under = |minute| Terms { compared_at: Some(at(minute)), ..terms() };
        let rows = against_live(Some(&side), Some(&live), &under(3)).unwrap();
        let sums = against_control_totals(&side, &under(if is_later { 5 } else { 2 }));
        let told: Vec<_> =
            [&sums, &rows].into_iter().filter_map(|it| Some(KeptCheck::of(it, 1, 2)?.judgement())).collect();
        let choice = CardChoice::among(&told).unwrap();
        let whole = together(&choice, sums.clone(), Some(rows.clone()));
        prop_assert_eq!((whole.verdict, whole.compared_at), (choice.verdict, Some(choice.at)));
        for part in Part::ALL {
            let of = if choice.of(part) == Reach::Sums { &sums } else { &rows };
            // What the other comparison knows of the parts may explain a total that differs, or speak against that.
            let differs = |mark: Mark| matches!(mark, Mark::Differs | Mark::Explained);
            let (told, alone) = (whole.mark(part), of.mark(part));
            let is_as_chosen = told == alone || (part == Part::Total && differs(told) && differs(alone));
            prop_assert!(is_as_chosen, "{:?}: {:?}, {:?}", part, told, alone);
        }
        let is_told_equal = |part: &Part| whole.mark(*part) == Mark::Equal;
        prop_assert!(whole.verdict != Verdict::Reconciled || Part::OF_TOTAL.iter().all(is_told_equal));
        let lines = |of: &Comparison| -> Vec<Difference> {
            of.differences.iter().filter(|it| part_of(it).is_none() && it.kind.is_variance()).cloned().collect()
        };
        let (told, of_rows, of_sums) = (lines(&whole), lines(&rows), lines(&sums));
        if choice.by == Reach::Sums {
            prop_assert_eq!(told, of_sums);
        } else if choice.also_at.is_none() {
            prop_assert_eq!(told, of_rows);
        } else if choice.verdict == Verdict::Variance {
            let has_changed = Part::OF_TOTAL.into_iter().any(|part| rows.mark(part) == Mark::Differs && choice.of(part) == Reach::Rows);
            let cancel_out = Part::OF_TOTAL.into_iter().all(|part| rows.mark(part) != Mark::Differs);
            if has_changed || cancel_out {
                prop_assert_eq!(told, [of_rows, of_sums].concat());
            }
        } else {
            prop_assert_eq!(told, of_sums);
        }
    }
}
