use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::{
    Against, LiveSide, OpeningLine, StoredSide, Terms, ToldSide, against_control_totals, against_live,
    against_nothing, against_told, of_unknown_card, only_in_onec, standing_variance, standing_verdict,
    unknown_card_against_live,
};
use super::*;
use crate::domain::settings::{Asked, ReadUnder, RecorderTypeRows, Setting, Settings};
use crate::domain::{
    Amount, BonusRow, CardFigures, CardId, City, CitySource, Customer, Direction, LocalTime, Movement,
    MovementKey, MovementKind, NamesTrust, Points, PointsRule, Quantity, RecorderId, RecorderRole,
    RecorderType, StoredFigures, Verdict, Window, period::parse_local,
};

const CARD: CardId = CardId(Uuid::from_u128(1));

fn time(text: &str) -> LocalTime {
    parse_local(text).unwrap().unwrap()
}

/// Few sums, so that sides are often equal.
fn amount() -> impl Strategy<Value = Amount> {
    (-2_i64..3).prop_map(|roubles| Amount::from_units(roubles * 100))
}

fn any_control() -> impl Strategy<Value = ControlTotals> {
    let sum = || prop::option::weighted(0.8, amount());
    let points = prop::option::of((-2_i64..3).prop_map(|points| Points::from_units(points * 100)));
    (sum(), sum(), sum(), sum(), points).prop_map(|(all, window, opening, before, balance)| ControlTotals {
        turnover_all: all,
        turnover_window: window,
        opening_balance: opening,
        opening_before_window: before,
        register_balance: balance,
    })
}

fn any_movements() -> impl Strategy<Value = Vec<Movement>> {
    let row = (0_usize..3, 0_usize..3, amount());
    prop::collection::btree_map(0_u128..4, row, 0..4).prop_map(|rows| {
        let movement = |(recorder, (kind, day, amount)): (u128, (usize, usize, Amount))| {
            let kinds = [MovementKind::OpeningBalance, MovementKind::Purchase, MovementKind::Purchase];
            let types: [&str; 3] = ["Ввод", "Чек", "Отчет"];
            let recorder_type = RecorderType(types[kind].into());
            let days = ["2024-05-01T00:00:00", "2025-02-04T00:00:00", "2025-05-01T00:00:00"];
            Movement {
                card: CARD,
                key: MovementKey { recorder: RecorderId(Uuid::from_u128(recorder)), recorder_type, line: 1 },
                kind: kinds[kind],
                period: time(days[day]),
                amount,
                quantity: Quantity::ZERO,
                product: None,
            }
        };
        rows.into_iter().map(movement).collect()
    })
}

fn any_bonus() -> impl Strategy<Value = Vec<BonusRow>> {
    prop::collection::vec(-1_i64..2, 0..2).prop_map(|rows| {
        let row = |(recorder, points): (u128, i64)| BonusRow {
            card: CARD,
            key: MovementKey {
                recorder: RecorderId(Uuid::from_u128(recorder)),
                recorder_type: RecorderType("Чек".into()),
                line: 1,
            },
            period: time("2025-05-01T00:00:00"),
            direction: Direction::Receipt,
            accrued: Points::from_units(points * 100),
            to_write_off: Points::ZERO,
        };
        (0_u128..).zip(rows).map(row).collect()
    })
}

fn any_city() -> impl Strategy<Value = Option<City>> {
    let names = prop_oneof![Just("Ялта"), Just("Судак")];
    prop::option::of(names.prop_map(|name| City { name: name.into(), source: CitySource::ContactInfo }))
}

fn any_under() -> impl Strategy<Value = Under> {
    let asked = (any::<bool>(), any::<bool>(), any::<bool>());
    let asked = prop::option::of(asked.prop_map(|(turnovers, opening, balances)| Asked {
        turnovers,
        opening,
        balances,
    }));
    let types = prop::collection::vec(prop_oneof![Just("Ввод"), Just("ВводОстатков"), Just("Чек")], 0..3);
    let read = (asked, types, any::<bool>(), prop::bool::weighted(0.2));
    (prop::option::of(read), 0_u32..3).prop_map(|(read, change)| {
        let read = read.map(|(asked, types, are_types_complete, is_mixed)| ReadUnder {
            asked,
            recorder_types: types.into_iter().map(recorded_by).collect(),
            are_types_complete,
            is_mixed,
            ..ReadUnder::default()
        });
        let today = match change {
            0 => Settings::default(),
            1 => Settings { opening_balance: vec!["Ввод".into()], ..Settings::default() },
            _ => Settings { days: 30, ..Settings::default() },
        };
        Under::of(read, &today)
    })
}

fn recorded_by(name: &str) -> RecorderTypeRows {
    let recorder_type = RecorderType(format!("StandardODATA.Document_{name}").into());
    RecorderTypeRows { recorder_type, rows: Some(1), role: RecorderRole::Purchase, wrote_once: false }
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rule = prop_oneof![Just(PointsRule::LastRecord), Just(PointsRule::RegisterBalance)];
    let from = prop::option::weighted(0.8, Just(time("2025-02-04T00:00:00")));
    (rule, from, prop::bool::weighted(0.8), prop::bool::weighted(0.9), any_under()).prop_map(
        |(rule, from, knows_points, was_synced, under)| Terms {
            window: Window { days: from.map_or(0, |_| 365), from },
            points_at: knows_points.then(|| time("2026-02-04T00:00:00")),
            rule,
            synced_at: was_synced.then(chrono::DateTime::default),
            compared_at: None,
            under: Arc::new(under),
            is_moment_doubtful: false,
        },
    )
}

fn customer(city: Option<City>) -> Customer {
    Customer { card: CARD, city, ..Customer::default() }
}

prop_compose! {
    fn any_unreadable()(
        sales in prop::bool::weighted(0.1), points in prop::bool::weighted(0.1),
    ) -> DoubtfulRows {
        DoubtfulRows { sales, points }
    }
}

prop_compose! {
    fn any_stored(terms: Terms)(
        movements in any_movements(), bonus in any_bonus(), city in any_city(), control in any_control(),
        unreadable in any_unreadable(),
    ) -> StoredSide {
        let at = terms.points_at.unwrap_or_default();
        let own = CardFigures::of(&movements, &bonus, terms.window.from, at);
        let control = control.for_window(&terms.window);
        let figures = StoredFigures::of(own, control, terms.rule, unreadable);
        StoredSide { customer: customer(city), movements, bonus, figures }
    }
}

prop_compose! {
    fn any_live()(
        movements in any_movements(), bonus in prop::option::weighted(0.8, any_bonus()), city in any_city(),
        is_listed in prop::bool::weighted(0.8), unreadable in any_unreadable(),
    ) -> LiveSide {
        let (control, customer) = (ControlTotals::default(), customer(city));
        let (inactive, points_at) = (vec![], None);
        LiveSide { customer, is_listed, movements, inactive, bonus, control, points_at, points_of_all: None, knows_town: true, unreadable }
    }
}

/// The same rows on both sides, or others.
fn any_sides() -> impl Strategy<Value = (Terms, StoredSide, LiveSide)> {
    any_terms().prop_flat_map(|terms| {
        let stored = any_stored(terms.clone());
        (Just(terms), stored, any_live(), any::<bool>()).prop_map(|(terms, stored, live, is_same)| {
            let live = if is_same {
                LiveSide { movements: stored.movements.clone(), customer: stored.customer.clone(), ..live }
            } else {
                live
            };
            (terms, stored, live)
        })
    })
}

fn figures_of(it: &Comparison) -> [(Part, Option<bool>); 5] {
    let same = |onec: Option<String>, stored: Option<String>| Some(onec? == stored?);
    let money = |figure: &Figure<Amount>| {
        same(figure.onec.map(|it| it.to_string()), figure.stored.map(|it| it.to_string()))
    };
    let points = &it.points.figure;
    let town = |side: &Option<Option<City>>| {
        side.as_ref().map(|city| format!("{:?}", city.as_ref().map(|it| &it.name)))
    };
    [
        (Part::OpeningBalance, money(&it.opening_balance)),
        (Part::Purchases, money(&it.purchases)),
        (Part::Total, money(&it.total)),
        (Part::Points, same(points.onec.map(|it| it.to_string()), points.stored.map(|it| it.to_string()))),
        (Part::City, same(town(&it.city.onec), town(&it.city.stored))),
    ]
}

/// What holds of every comparison, whatever it was made of.
fn hold(it: &Comparison) -> Result<(), TestCaseError> {
    for (part, same) in figures_of(it) {
        let compared = it.coverage.of(part);
        // Compared only where both sides are known.
        prop_assert!(compared.means().is_none() || same.is_some(), "{part:?} {it:?}");
        // Beside a figure of the store that was compared with nothing 1C's column is empty.
        prop_assert!(compared.means().is_some() || same.is_none(), "{part:?} {it:?}");
        // Shown as equal only where compared and equal.
        let is_equal = compared.means().is_some() && same == Some(true);
        prop_assert_eq!(it.mark(part) == Mark::Equal, is_equal, "{:?} {:?}", part, it);
        // What differs is never hidden.
        if compared.means().is_some() && same == Some(false) {
            prop_assert!(matches!(it.mark(part), Mark::Differs | Mark::Explained), "{part:?} {it:?}");
        }
    }
    match it.verdict {
        Verdict::Reconciled => {
            for part in Part::OF_TOTAL {
                prop_assert_eq!(it.mark(part), Mark::Equal, "{:?} {:?}", part, it);
            }
            for part in Part::ALL {
                prop_assert!(it.mark(part) != Mark::Differs, "{part:?} {it:?}");
            }
        }
        Verdict::BeforeWindow => {
            prop_assert!(it.coverage.has_total_and_older(), "{it:?}");
            // By sums, what is older may be opening balances as well as purchases.
            let is_older = it.coverage.opening_balance == Compared::Not(WhyNot::OlderRows);
            prop_assert!(it.mark(Part::OpeningBalance) == Mark::Equal || is_older, "{it:?}");
            prop_assert!(!it.opening_balance.differs(), "{it:?}");
            prop_assert_eq!(it.mark(Part::Purchases), Mark::Equal);
            prop_assert_eq!(it.mark(Part::Total), Mark::Explained);
        }
        Verdict::Variance | Verdict::Unverified | Verdict::UnknownCard => {}
    }
    Ok(())
}

proptest! {
    #[test]
    fn i7_what_is_shown_as_equal_was_compared_and_is_whatever_the_sides_know((terms, stored, live) in any_sides()) {
        let offline = against_control_totals(&stored, &terms);
        hold(&offline)?;
        hold(&against_nothing(&stored, &terms))?;
        for sides in [(Some(&stored), Some(&live)), (None, Some(&live)), (Some(&stored), None)] {
            if let Some(it) = against_live(sides.0, sides.1, &terms) {
                prop_assert_eq!(it.against, Against::Live);
                hold(&it)?;
            }
        }
        let unknown = unknown_card_against_live(&stored, &live, &terms);
        hold(&unknown)?;
        prop_assert!(!matches!(unknown.verdict, Verdict::Reconciled | Verdict::BeforeWindow));
        prop_assert!(unknown.verdict != Verdict::UnknownCard || unknown.coverage.has_total());
        // A list says no more than the detail.
        let listed = standing_verdict(&stored.figures, &terms);
        prop_assert!(listed != Verdict::Reconciled || offline.verdict == Verdict::Reconciled, "{offline:?}");
        prop_assert!(listed != Verdict::BeforeWindow || offline.verdict == Verdict::BeforeWindow, "{offline:?}");
        let is_zero = standing_variance(&stored.figures, &terms).is_some_and(|it| it.all.is_zero());
        prop_assert_eq!(is_zero, offline.mark(Part::Total) == Mark::Equal);
    }

    #[test]
    fn what_1c_tells_is_what_stands_in_its_column(
        (terms, stored) in any_terms().prop_flat_map(|terms| (Just(terms.clone()), any_stored(terms))),
        control in any_control(), is_listed in any::<Option<bool>>(), opening in prop::option::of(any_movements()),
    ) {
        let lines: Option<Vec<_>> = opening.map(|rows| {
            let line = |row: Movement| OpeningLine { key: row.key, period: row.period, amount: row.amount };
            rows.into_iter().map(line).collect()
        });
        let told = ToldSide { control, opening: lines.as_deref(), is_listed, gaps: Gaps::default() };
        let mut known = control.for_window(&terms.window);
        let sums = known.turnover_all.zip(known.turnover_window.zip(known.opening_before_window));
        let has_nothing_left = sums.is_some_and(|(all, (window, before))| (all - window - before).is_zero());
        // Names in doubt divide none of 1C's sums.
        let trust = terms.under.trust;
        if trust == NamesTrust::Unborne || (trust != NamesTrust::Trusted && !has_nothing_left) {
            (known.opening_balance, known.opening_before_window) = (None, None);
        }
        let all = [
            against_told(&stored, &told, &terms),
            of_unknown_card(&stored, &told, &terms),
            only_in_onec(customer(None), &told, &terms),
        ];
        for it in &all {
            hold(it)?;
            let parts = known.turnover_window.zip(known.opening_balance.zip(known.opening_before_window));
            let purchases = parts.map(|(window, (all, before))| window - (all - before));
            let told = [
                (Part::OpeningBalance, it.opening_balance.onec, known.opening_balance),
                (Part::Purchases, it.purchases.onec, purchases),
                (Part::Total, it.total.onec, known.turnover_all),
            ];
            for (part, shown, told) in told {
                let told = told.filter(|_| it.coverage.of(part).means().is_some());
                prop_assert_eq!(shown, told, "{:?} {:?}", part, it);
            }
            prop_assert_eq!(it.city.onec.as_ref(), None, "no sum tells a town");
            prop_assert_eq!(it.coverage.card.means().is_some(), is_listed.is_some() && it.coverage.card != Compared::Not(WhyNot::NoCard));
        }
        prop_assert!(!matches!(all[1].verdict, Verdict::Reconciled | Verdict::BeforeWindow));
    }
}

fn told_of(control: ControlTotals) -> (StoredSide, Terms) {
    let own = CardFigures::default();
    let figures = StoredFigures::of(own, control, PointsRule::LastRecord, DoubtfulRows::default());
    let stored = StoredSide { customer: customer(None), movements: vec![], bonus: vec![], figures };
    let terms = Terms {
        window: Window { days: 365, from: Some(time("2025-02-04T00:00:00")) },
        points_at: Some(time("2026-02-04T00:00:00")),
        rule: PointsRule::LastRecord,
        synced_at: None,
        compared_at: None,
        under: Arc::default(),
        is_moment_doubtful: false,
    };
    (stored, terms)
}

fn zeros() -> ControlTotals {
    ControlTotals {
        turnover_all: Some(Amount::ZERO),
        turnover_window: Some(Amount::ZERO),
        opening_balance: Some(Amount::ZERO),
        opening_before_window: Some(Amount::ZERO),
        register_balance: Some(Points::ZERO),
    }
}

#[test]
fn every_means_and_every_reason_is_documented() {
    let page = include_str!("../../../../docs/figures.md");
    let means = [
        Means::Rows,
        Means::Turnovers,
        Means::TurnoversOfWindow,
        Means::Balance,
        Means::OpeningSet,
        Means::Catalog,
    ];
    let names = means.map(Means::name).into_iter().chain(WhyNot::ALL.map(WhyNot::name));
    for name in names {
        assert_eq!(page.matches(&format!("\n| `{name}` | ")).count(), 1, "{name}");
    }
}

/// One thing that was not compared, and what is said of it.
type Missing = (&'static str, fn(&mut ControlTotals), Part, WhyNot);

#[test]
fn whatever_is_missing_of_the_total_leaves_a_card_unverified_and_says_why() {
    let gaps =
        Gaps { turnovers: WhyNot::Moving, opening: WhyNot::FilterRefused, balance: WhyNot::NotPublished };
    let cases: [Missing; 5] = [
        ("all time", |it| it.turnover_all = None, Part::Total, WhyNot::Moving),
        ("the window", |it| it.turnover_window = None, Part::Purchases, WhyNot::Moving),
        ("opening balances", |it| it.opening_balance = None, Part::OpeningBalance, WhyNot::FilterRefused),
        ("those before", |it| it.opening_before_window = None, Part::Purchases, WhyNot::FilterRefused),
        ("nothing", |it| it.register_balance = None, Part::Points, WhyNot::RowsAlone),
    ];
    for (what, change, part, why_not) in cases {
        let mut control = zeros();
        change(&mut control);
        let (stored, terms) = told_of(control);
        let told = ToldSide { control, gaps, ..ToldSide::default() };
        let it = against_told(&stored, &told, &terms);
        assert_eq!(it.coverage.of(part), Compared::Not(why_not), "{what}");
        let verdict = if what == "nothing" { Verdict::Reconciled } else { Verdict::Unverified };
        assert_eq!((it.verdict, stored.figures.verdict), (verdict, verdict), "{what}");
    }
}

#[test]
fn why_a_sync_was_told_nothing_is_known_from_what_it_asked() {
    let asked = |turnovers, opening, balances| Some(Asked { turnovers, opening, balances });
    let cases = [
        (None, false, Gaps::default()),
        (
            asked(false, true, true),
            false,
            Gaps {
                turnovers: WhyNot::NotPublished,
                opening: WhyNot::UnreadableRow,
                balance: WhyNot::PassedOver,
            },
        ),
        (
            asked(true, false, false),
            false,
            Gaps { turnovers: WhyNot::PassedOver, opening: WhyNot::NotAsked, balance: WhyNot::NotPublished },
        ),
        (
            asked(true, true, true),
            true,
            Gaps { opening: WhyNot::NamesInDoubt, ..Gaps::all(WhyNot::PassedOver) },
        ),
    ];
    for (asked, are_names_in_doubt, gaps) in cases {
        let recorder_types = vec![recorded_by("Чек")];
        let read = ReadUnder { asked, recorder_types, are_types_complete: true, ..ReadUnder::default() };
        let named = if are_names_in_doubt { vec!["Ввод".to_owned()] } else { Vec::new() };
        let today = Settings { opening_balance: named, ..Settings::default() };
        let under = Under::of(Some(read), &today);
        assert_eq!(Gaps::why_not_told_by_sync(&under, DoubtfulRows::default()), gaps, "{asked:?}");
        // A row of the card that could not be read is reason enough.
        let unreadable = |why| if why == WhyNot::PassedOver { WhyNot::UnreadableRow } else { why };
        let (turnovers, balance) = (unreadable(gaps.turnovers), unreadable(gaps.balance));
        assert_eq!(
            Gaps::why_not_told_by_sync(&under, DoubtfulRows::BOTH),
            Gaps { turnovers, balance, ..gaps },
            "{asked:?}"
        );
    }
}

#[test]
fn under_other_settings_a_sync_proves_nothing_and_hides_no_variance() {
    let (mut stored, mut terms) = told_of(zeros());
    let today = Settings { opening_balance: vec!["Ввод".into()], ..Settings::default() };
    terms.under = Arc::new(Under::of(Some(ReadUnder::default()), &today));
    let it = against_control_totals(&stored, &terms);
    assert_eq!(
        (it.verdict, it.under.others.as_slice()),
        (Verdict::Unverified, [Setting::OpeningBalance].as_slice())
    );
    for part in Part::OF_TOTAL {
        assert_eq!(it.coverage.of(part), Compared::Not(WhyNot::OtherSettings), "{part:?}");
    }
    // What 1C tells today is compared under the settings of today.
    let told = ToldSide { control: zeros(), ..ToldSide::default() };
    assert_eq!(against_told(&stored, &told, &terms).verdict, Verdict::Reconciled);
    let lost = ControlTotals {
        turnover_all: Some(Amount::from_units(1)),
        turnover_window: Some(Amount::from_units(1)),
        ..zeros()
    };
    stored.figures =
        StoredFigures::of(CardFigures::default(), lost, PointsRule::LastRecord, DoubtfulRows::default());
    let it = against_control_totals(&stored, &terms);
    assert_eq!((it.verdict, it.mark(Part::Purchases)), (Verdict::Variance, Mark::Differs));
}

#[test]
fn a_card_gone_from_the_catalog_is_told_by_the_rows_that_stay() {
    let (_, terms) = told_of(zeros());
    let terms = Terms { synced_at: Some(chrono::DateTime::default()), ..terms };
    let row = Movement {
        card: CARD,
        key: MovementKey {
            recorder: RecorderId(Uuid::from_u128(1)),
            recorder_type: RecorderType("Чек".into()),
            line: 1,
        },
        kind: MovementKind::Purchase,
        period: time("2025-05-01T00:00:00"),
        amount: Amount::from_units(100),
        quantity: Quantity::ZERO,
        product: None,
    };
    let own = CardFigures::of(std::slice::from_ref(&row), &[], terms.window.from, LocalTime::MIN);
    let figures = StoredFigures::of(own, ControlTotals::default(), terms.rule, DoubtfulRows::default());
    let stored =
        StoredSide { customer: customer(None), movements: vec![row.clone()], bonus: vec![], figures };
    let gone = LiveSide { movements: vec![row], ..LiveSide::of_unknown_card(CARD, false) };
    let it = against_live(Some(&stored), Some(&gone), &terms).unwrap();
    assert_eq!(it.total.onec, Some(Amount::from_units(100)), "1C still has the row");
    assert_eq!((it.verdict, it.mark(Part::Card)), (Verdict::Variance, Mark::Differs));
    assert_eq!(it.points.figure.onec, None, "no bonus row was read: unknown, not zero");
    assert_eq!(it.coverage.points, Compared::Not(WhyNot::NotPublished));
}
