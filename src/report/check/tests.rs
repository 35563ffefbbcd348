use std::time::Duration;

use proptest::prelude::*;

use super::super::fixture::{self, ENGLISH, RUSSIAN, reader};
use super::*;
use crate::domain::reconcile::Compared;
use crate::domain::{CitySource, Coverage, DifferenceFigure, ReadUnder, Settings, Under};
use crate::text::Language;

const FRESH: Facts<'static> = Facts {
    age: Some(Duration::from_secs(4 * 3_600)),
    stale: false,
    problem: None,
    ids: Ids::Short,
    keys: None,
};

fn told(comparison: &Comparison, language: Language) -> String {
    check(comparison, &FRESH, reader(language))
}

fn block_of(comparison: &Comparison, language: Language) -> String {
    block(comparison, Texts::new(language))
}

#[test]
fn the_variance_at_the_end_is_beside_what_lies_before_the_window() {
    let mut it = fixture::before_window();
    let missing = fixture::roubles(7_000);
    it.purchases.onec = it.purchases.onec.map(|sum| sum + missing);
    it.total.onec = it.total.onec.map(|sum| sum + missing);
    it.verdict = Verdict::Variance;
    let said = variance(&it, Texts::new(ENGLISH));
    assert!(said.contains("7,000.00") && !said.contains("19,500.50"), "{said}");
}

#[test]
fn the_block_to_the_letter() {
    let expected = "\
[ИТОГИ] ОБЩАЯ СУММА ПОКУПОК:
   Начальный ввод (перенос): 232,360.00 руб
   Покупки за год: 132,694.00 руб
   ИТОГО: 365,054.00 руб ✅

[ИТОГИ] КОЛИЧЕСТВО БАЛЛОВ:
   Бонусные баллы: 4806 баллов ✅

[ИТОГИ] ГОРОД:
   Город: Симферополь ✅
";
    assert_eq!(block_of(&fixture::reconciled(), RUSSIAN), expected);
    let expected = "\
[TOTALS] PURCHASES:
   Opening balance (carried over): 232,360.00 RUB
   Purchases in the last year: 132,694.00 RUB
   TOTAL: 365,054.00 RUB ✅

[TOTALS] BONUS POINTS:
   Points: 4806 ✅

[TOTALS] CITY:
   City: Симферополь ✅
";
    assert_eq!(block_of(&fixture::reconciled(), ENGLISH), expected);
    assert!(told(&fixture::reconciled(), ENGLISH).contains(expected), "the command prints the block");
}

#[test]
fn the_window_has_its_plural() {
    let cases = [
        (0, "Покупки за всё время:", "Purchases over all time:"),
        (1, "Покупки за 1 день:", "Purchases in the last day:"),
        (3, "Покупки за 3 дня:", "Purchases in the last 3 days:"),
        (30, "Покупки за 30 дней:", "Purchases in the last 30 days:"),
        (111, "Покупки за 111 дней:", "Purchases in the last 111 days:"),
        (365, "Покупки за год:", "Purchases in the last year:"),
        (731, "Покупки за 731 день:", "Purchases in the last 731 days:"),
    ];
    for (days, russian, english) in cases {
        let mut it = fixture::reconciled();
        it.window.days = days;
        assert!(block_of(&it, RUSSIAN).contains(russian), "{days} in {}", block_of(&it, RUSSIAN));
        assert!(block_of(&it, ENGLISH).contains(english), "{days} in {}", block_of(&it, ENGLISH));
    }
}

#[test]
fn points_have_their_plural() {
    let cases = [
        (0, "0 баллов"),
        (100, "1 балл"),
        (200, "2 балла"),
        (500, "5 баллов"),
        (1_100, "11 баллов"),
        (2_100, "21 балл"),
        (150, "1.5 балла"),
        (-300, "-3 балла"),
        (123_400, "1234 балла"),
    ];
    for (hundredths, words) in cases {
        let mut it = fixture::reconciled();
        it.points.figure = fixture::both(Points::from_units(hundredths));
        let block = block_of(&it, RUSSIAN);
        assert!(block.contains(&format!("Бонусные баллы: {words} ✅\n")), "{words} in {block}");
    }
}

/// Lines of the block that carry a mark, and no other.
fn marked_lines(comparison: &Comparison) -> Vec<String> {
    let is_marked =
        |line: &&str| [EQUAL, DIFFERS, EXPLAINED, UNCOMPARED].iter().any(|mark| line.contains(mark));
    block_of(comparison, RUSSIAN).lines().filter(is_marked).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_mark_says_equal_only_where_both_sides_are_known() {
    let cases: [(&str, Comparison, &[&str]); 6] = [
        (
            "variance",
            fixture::variance(),
            &[
                "Покупки за год: 131,494.00 руб ❌ (расхождение -1,200.00)",
                "ИТОГО: 363,854.00 руб ❌ (расхождение -1,200.00)",
                "Бонусные баллы: 4807.5 балла ❌ (расхождение +1.5)",
                "Город: Ялта ❌ (в 1С: Симферополь)",
            ],
        ),
        (
            "before the window",
            fixture::before_window(),
            &[
                "ИТОГО: 365,054.00 руб ‹ (в 1С +12,500.50: более ранние покупки)",
                "Бонусные баллы: 4806 баллов ✅",
                "Город: Симферополь ✅",
            ],
        ),
        (
            "control totals",
            fixture::offline(),
            &[
                "ИТОГО: 365,054.00 руб ✅",
                "Бонусные баллы: 4806 баллов ▫ (не сверено: в итогах 1С этого нет)",
                "Город: Симферополь ▫ (не сверено: в итогах 1С этого нет)",
            ],
        ),
        (
            "nothing",
            fixture::unreachable(),
            &[
                "ИТОГО: 365,054.00 руб ▫ (не сверено: 1С не ответила)",
                "Бонусные баллы: 4806 баллов ▫ (не сверено: 1С не ответила)",
                "Город: Симферополь ▫ (не сверено: 1С не ответила)",
            ],
        ),
        (
            "a card the store lacks",
            fixture::missing_card(),
            &[
                "Начальный ввод (перенос): 0.00 руб ❌ (расхождение -232,360.00)",
                "Покупки за год: 0.00 руб ❌ (расхождение -132,694.00)",
                "ИТОГО: 0.00 руб ❌ (расхождение -365,054.00)",
                "Бонусные баллы: 0 баллов ❌ (расхождение -4806)",
                "Город: Симферополь ❌ (в sverka нет)",
            ],
        ),
        (
            "an empty store",
            fixture::empty_store(),
            &[
                "ИТОГО: 365,054.00 руб ▫ (не сверено: данных в sverka ещё нет)",
                "Бонусные баллы: 4806 баллов ▫ (не сверено: данных в sverka ещё нет)",
                "Город: Симферополь ▫ (не сверено: данных в sverka ещё нет)",
            ],
        ),
    ];
    for (name, comparison, lines) in cases {
        assert_eq!(marked_lines(&comparison), lines, "{name}");
    }
}

#[test]
fn a_town_that_nobody_gives_is_equal_and_unknown_is_not() {
    let mut it = fixture::reconciled();
    it.city = fixture::both(None);
    assert!(block_of(&it, RUSSIAN).contains("Город: не указан ✅"));
    it.city.onec = None;
    assert!(block_of(&it, RUSSIAN).contains("Город: не указан ▫"));
}

#[test]
fn the_same_town_by_another_rule_is_equal() {
    let mut it = fixture::reconciled();
    it.city.stored =
        Some(Some(City { name: "Симферополь".into(), source: CitySource::ContactInfo }));
    assert!(block_of(&it, RUSSIAN).contains("Город: Симферополь ✅"));
}

#[test]
fn whole_reports_in_both_languages() {
    let cases = [
        ("reconciled", fixture::reconciled()),
        ("variance", fixture::variance()),
        ("before_window", fixture::before_window()),
        ("offline", fixture::offline()),
        ("unreachable", fixture::unreachable()),
        ("missing_card", fixture::missing_card()),
        ("empty_store", fixture::empty_store()),
    ];
    for (name, comparison) in cases {
        for (tag, language) in [("ru", RUSSIAN), ("en", ENGLISH)] {
            insta::assert_snapshot!(format!("{name}_{tag}"), told(&comparison, language));
        }
    }
}

#[test]
fn an_answer_that_never_came_is_explained() {
    let problem = Problem {
        code: "unreachable",
        message: "нет связи".into(),
        remedy: "проверьте адрес".into(),
        said: String::new(),
    };
    let facts = Facts { problem: Some(&problem), ..FRESH };
    let text = check(&fixture::unreachable(), &facts, reader(RUSSIAN));
    assert!(text.ends_with("Ошибка: нет связи [unreachable]\nЧто делать: проверьте адрес\n"), "{text}");
}

#[test]
fn stale_data_is_called_stale_and_an_empty_store_empty() {
    let facts = Facts { stale: true, ..FRESH };
    assert!(check(&fixture::reconciled(), &facts, reader(ENGLISH)).contains("4\u{a0}h ago: stale"));
    let empty = check(&fixture::empty_store(), &Facts::default(), reader(ENGLISH));
    assert!(empty.contains("no data"), "{empty}");
    assert!(empty.contains("Run the first sync: `sverka sync`."), "{empty}");
}

#[test]
fn recorder_types_have_short_names() {
    let cases = [
        ("StandardODATA.Document_ЧекККМ", "ЧекККМ"),
        ("StandardODATA.Document_Ввод_Остатков", "Ввод_Остатков"),
        ("Document_ЧекККМ", "ЧекККМ"),
        ("ЧекККМ", "ЧекККМ"),
        ("", ""),
        ("a.b_\u{1b}", "␛"),
    ];
    for (name, short) in cases {
        assert_eq!(short_name(name), short);
    }
}

#[test]
fn figures_of_differences_are_shown_in_the_readers_notation() {
    let money = |kopecks| Figure::stored(Amount::from_units(kopecks)).into();
    let points = |hundredths| Figure::stored(Points::from_units(hundredths)).into();
    let town = |name| Figure::stored(name).into();
    let cases: [(DifferenceFigure, &str); 7] = [
        (money(36_505_400), "365,054.00"),
        (money(480_600), "4,806.00"),
        (points(480_600), "4,806"),
        (points(-480_600), "−4,806"),
        (points(480_750), "4,807.5"),
        (town("1500.00"), "1500.00"),
        (town("?\u{1b}"), "?␛"),
    ];
    for (figure, shown) in cases {
        let sides = Texts::new(ENGLISH).sides(&figure);
        assert_eq!((sides.onec, sides.stored.as_deref()), (None, Some(shown)), "{figure:?}");
    }
}

#[test]
fn an_own_sum_says_whether_it_is_of_roubles_or_of_points() {
    let (money, points) = (Amount::from_units(480_600), Points::from_units(480_600));
    let why = "1C's own total is not the sum of its lines";
    let told = |it: &Difference| entry(it, Ids::Full, Texts::new(ENGLISH));
    assert_eq!(
        told(&fixture::own_sum(money, Amount::ZERO)),
        format!("  the sums differ and no line explains why ({why}): total 4,806.00, rows 0.00\n")
    );
    assert_eq!(
        told(&fixture::own_sum(points, Points::ZERO)),
        format!("  the points differ and no line explains why ({why}): total 4,806, rows 0\n")
    );
}

#[test]
fn lines_are_added_up_and_a_side_that_lacks_one_counts_nothing_there() {
    let line = |onec: Option<i64>, stored: Option<i64>| {
        let figure = Figure { onec, stored }.map(Amount::from_units);
        Difference::of_figures(DifferenceKind::ChangedLine, figure.onec, figure.stored)
    };
    let (changed, gone) = (line(Some(10_000), Some(25)), line(None, Some(50)));
    let sum = |lines: &[&Difference]| sum_of_lines(lines, Texts::new(ENGLISH));
    assert_eq!(sum(&[&changed]), None, "one line says it itself");
    let told = sum(&[&changed, &gone]).unwrap();
    assert!(["100.00", "0.75", "−99.25"].iter().all(|figure| told.contains(figure)), "{told}");
}

#[test]
fn foreign_text_never_steers_a_terminal() {
    for language in [RUSSIAN, ENGLISH] {
        let text = told(&fixture::hostile(), language);
        fixture::assert_harmless(&text);
        let lines = told(&fixture::variance(), language).lines().count();
        assert_eq!(text.lines().count(), lines, "no line more: {text}");
    }
}

#[test]
fn rows_that_could_not_be_read_are_the_cause_where_the_total_was_compared() {
    let mut it = fixture::reconciled();
    it.verdict = Verdict::Unverified;
    assert!(told(&it, ENGLISH).contains("▫ Not verified: some rows of 1C could not be read."));
    it.against = Against::ControlTotals;
    it.total.onec = None;
    it.coverage.total = Compared::Not(WhyNot::NotPublished);
    assert!(told(&it, ENGLISH).contains("▫ Not verified: 1C gave the sync no control totals for this card."));
}

#[test]
fn what_was_not_compared_bears_no_tick_and_says_why() {
    let mut it = fixture::offline();
    it.verdict = Verdict::Unverified;
    it.opening_balance.onec = None;
    it.coverage.opening_balance = Compared::Not(WhyNot::FilterRefused);
    let text = told(&it, ENGLISH);
    assert!(text.contains("232,360.00 RUB ▫ (not verified: 1C does not filter these rows)"), "{text}");
    assert!(text.contains("TOTAL: 365,054.00 RUB ✅"), "{text}");
    assert!(text.contains("▫ Not fully verified: 1C does not filter these rows."), "{text}");

    let mut it = fixture::offline();
    it.verdict = Verdict::Unverified;
    it.coverage = Coverage::nothing(WhyNot::OtherSettings);
    let stored = Settings { opening_balance: vec!["Ввод\u{1b}".into()], ..Settings::default() };
    let read = ReadUnder { settings: stored, ..ReadUnder::default() };
    it.under = Under::of(Some(read), &Settings::default()).into();
    let text = told(&it, RUSSIAN);
    fixture::assert_harmless(&text);
    assert!(!text.contains('✅'), "{text}");
    assert!(text.contains("при других настройках (onec.names.opening_balance)"), "{text}");
    assert!(text.contains("начальный ввод — документы: Ввод␛; не учитываются: никакие"), "{text}");
}

/// A remedy is one for what is wrong: who has asked 1C already is not told to, and no sync mends a name.
#[test]
fn the_remedy_fits_what_was_compared_and_what_is_in_doubt() {
    let in_doubt = Compared::Not(WhyNot::NamesInDoubt);
    for against in [Against::Live, Against::ControlTotals] {
        for verdict in [Verdict::Unverified, Verdict::Variance] {
            let mut it = fixture::reconciled();
            (it.against, it.verdict) = (against, verdict);
            it.opening_balance.onec = None;
            it.coverage.opening_balance = in_doubt;
            let text = told(&it, ENGLISH);
            assert!(text.contains("Correct `opening_balance` in [onec.names]"), "{text}");
            assert!(!text.contains("--offline") && !text.contains("disappears"), "{text}");
        }
    }
    for why in [WhyNot::Moving, WhyNot::NotPublished, WhyNot::FilterRefused] {
        let mut it = fixture::reconciled();
        (it.against, it.verdict) = (Against::Live, Verdict::Unverified);
        it.coverage.total = Compared::Not(why);
        let text = told(&it, ENGLISH);
        assert!(text.contains("Check again in a minute.") && !text.contains("--offline"), "{text}");
    }
    let mut it = fixture::variance();
    it.differences = vec![Difference::of_figures(
        DifferenceKind::MissingOpeningBalance,
        Some(crate::domain::Amount::ZERO),
        None,
    )];
    let text = told(&it, ENGLISH);
    assert!(text.contains("check `opening_balance` in [onec.names]"), "{text}");
}

#[test]
fn the_other_rule_gives_the_figure_when_it_is_chosen() {
    let mut it = fixture::variance();
    it.points.rule = PointsRule::RegisterBalance;
    let text = told(&it, ENGLISH);
    assert!(
        text.contains("Points are taken as the register's balance: 4,806. The last record: 4,807.5."),
        "{text}"
    );
}

#[test]
fn a_customer_without_a_name_is_called_by_the_phone_and_marked_when_deleted() {
    let mut it = fixture::reconciled();
    it.customer.name = " ".into();
    it.customer.marked_for_deletion = true;
    let text = told(&it, ENGLISH);
    assert!(text.starts_with("Customer        79788451364 (card marked for deletion)\n"), "{text}");
}

#[test]
fn what_was_not_found_or_not_shown_is_said() {
    let texts = Texts::new(ENGLISH);
    assert_eq!(
        nobody(texts),
        "Nobody found, neither in sverka nor in 1C. Try a part of the name, the last digits of the phone or the card number.\n"
    );
    assert_eq!(
        nobody_stored(texts),
        "Nobody found. Try a part of the name, the last digits of the phone or the card number.\n"
    );
    assert_eq!(cut(20, 1_312, texts), "Cards shown: 20 of 1,312. Narrow the query down.\n");
}

proptest! {
    #[test]
    fn u6_no_name_and_no_town_steers_a_terminal(name in any::<String>(), town in any::<String>()) {
        let mut it = fixture::variance();
        it.customer.name = name;
        it.city.stored = Some(Some(City { name: town, source: CitySource::AddressStreet }));
        fixture::assert_harmless(&told(&it, RUSSIAN));
    }
}

#[test]
fn people_are_told_the_first_digits_of_a_documents_key_and_copies_have_all_of_it() {
    const KEY: &str = "0d3c5b1e-88aa-11ee-8c1a-00155d01c802";
    let it = fixture::variance();
    for (ids, told) in [(Ids::Short, "ЧекККМ 0d3c5b1e…, "), (Ids::Full, KEY)] {
        let text = check(&it, &Facts { ids, ..FRESH }, fixture::reader(RUSSIAN));
        assert!(text.contains(told), "{told} in {text}");
        assert_eq!(text.contains(KEY), ids == Ids::Full, "{text}");
    }
}
