use std::path::Path;

use super::super::fixture::{self, ENGLISH, RUSSIAN, assert_harmless, reader, roubles};
use super::*;
use crate::domain::{CardId, Customer, Difference, Figure, PointsRule, Window};
use crate::text::Language;

fn base() -> Vec<Comparison> {
    let mut unknown = fixture::variance();
    unknown.customer = Customer {
        card: CardId("0a5e1f0c-51c1-11ee-8c1a-00155d01c802".parse().unwrap()),
        ..Customer::default()
    };
    let sum = Some(roubles(1_500));
    unknown.differences = vec![Difference::of_figures(DifferenceKind::UnknownCard, sum, sum)];
    let mut empty = unknown.clone();
    empty.customer.card = CardId::EMPTY;
    vec![
        fixture::variance(),
        fixture::missing_card(),
        unknown,
        empty,
        fixture::unreachable(),
        fixture::before_window(),
        fixture::reconciled(),
    ]
}

fn head_of(base: &[Comparison]) -> Head {
    let mut summary = Summary::default();
    summary.extend(base);
    Head {
        summary,
        terms: Terms {
            window: Window { days: 365, from: None },
            points_at: None,
            rule: PointsRule::LastRecord,
            synced_at: Some(fixture::utc(4, 5)),
            compared_at: Some(fixture::utc(4, 9)),
            under: std::sync::Arc::default(),
            is_moment_doubtful: false,
        },
        is_live: false,
        knows_turnovers: true,
        has_failed: false,
        unread: 0,
        moving: 0,
        rows: 1,
    }
}

fn told(base: &[Comparison], language: Language) -> String {
    let reader = reader(language);
    let head = head_of(base);
    let rows: String = base.iter().map(|card| row(card, reader.texts)).collect();
    let mut written = Written::default();
    for card in base {
        written.add(card);
    }
    format!(
        "{}{rows}\n{}\n{}\n",
        self::head(&head, reader),
        remedies(&head.summary, reader.texts),
        self::written(&written, Some(Path::new("/tmp/base.csv")), reader.texts)
    )
}

#[test]
fn the_table_in_russian() {
    insta::assert_snapshot!(told(&base(), RUSSIAN));
}

#[test]
fn the_table_in_english() {
    insta::assert_snapshot!(told(&base(), ENGLISH));
}

#[test]
fn a_line_of_the_table_fits_eighty_columns() {
    use unicode_width::UnicodeWidthStr;
    for language in [RUSSIAN, ENGLISH] {
        for card in base() {
            let texts = reader(language).texts;
            let line = row(&card, texts);
            assert!(line.lines().next().unwrap().width() <= 80, "{line}");
        }
        assert!(columns(reader(language).texts).trim_end().width() <= 80);
    }
}

#[test]
fn u6_the_table_never_steers_a_terminal() {
    for language in [RUSSIAN, ENGLISH] {
        assert_harmless(&told(&[fixture::hostile()], language));
    }
}

#[test]
fn a_card_with_many_lines_says_how_many_are_left_out() {
    let mut card = fixture::variance();
    let line = card.differences[0].clone();
    card.differences = vec![line; 13];
    let shown = row(&card, reader(ENGLISH).texts);
    assert!(shown.contains("and 3 more"), "{shown}");
}

#[test]
fn what_limits_the_result_is_said() {
    let base = base();
    let plain = head_of(&base);
    let shown = |head: Head| self::head(&head, reader(ENGLISH));
    assert!(
        shown(Head { knows_turnovers: false, ..plain.clone() }).contains("does not publish the turnovers")
    );
    assert!(shown(Head { unread: 7, ..plain.clone() }).contains("not read: 7"));
    assert!(shown(Head { moving: 3, ..plain.clone() }).contains("comparison: 3"));
    assert!(shown(plain).contains("there is nothing to compare with in 1C, totals of sverka 365,054.00 RUB"));
}

#[test]
fn a_base_without_a_line_to_show_has_no_columns() {
    let base = [fixture::reconciled()];
    let head = Head { rows: 0, ..head_of(&base) };
    assert!(!self::head(&head, reader(ENGLISH)).contains("Phone"));
    assert_eq!(remedies(&head.summary, reader(ENGLISH).texts), "");
}

#[test]
fn sums_are_of_what_was_handed_out() {
    let mut written = Written::default();
    let mut half = fixture::reconciled();
    half.total = Figure { onec: None, stored: Some(roubles(1)) };
    written.add(&fixture::reconciled());
    let told = (written.rows, written.onec.of_all(), written.stored);
    assert_eq!(told, (1, Some(roubles(365_054)), roubles(365_054)));
    written.add(&half);
    let told = (written.rows, written.onec.of_all(), written.stored);
    assert_eq!(told, (2, None, roubles(365_055)), "of the others alone it is nobody's");
}
