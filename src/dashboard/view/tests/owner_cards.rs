//! The other cards of an owner below the name: each with its figures, and the sum of all.

use super::*;
use crate::dashboard::app::fixture::{of_one_owner, settle_with};
use crate::domain::{Mark, Part};

fn shop(width: u16, height: u16) -> Model {
    let mut model = fixture::fresh(width, height);
    let effects = feed(&mut model, Event::Started);
    settle_with(&mut model, effects, of_one_owner);
    model
}

/// The lines about the owner's cards.
fn lines(model: &Model, language: Language) -> Vec<String> {
    let is_about =
        |line: &&str| ["ещё 1", "Сумма", "1 more", "Sum of"].iter().any(|word| line.contains(word));
    let inside = |line: &str| line.rsplit('│').nth(1).unwrap_or(line).trim().to_owned();
    screen(model, language).lines().filter(is_about).map(inside).collect()
}

#[test]
fn other_cards_stand_below_the_name_with_the_sum_of_all() {
    assert_eq!(
        lines(&shop(140, 40), Language::Russian),
        [
            "ещё 1 карта:  ✓ 005237 44 200,00 · 581",
            "Сумма 2 карт:  ✓ 409 254,00 ₽  ✓ баллы 5 387  Alt+L/Д — список"
        ]
    );
    assert_eq!(
        lines(&shop(140, 40), Language::English),
        [
            "1 more card:  ✓ 005237 44,200.00 · 581",
            "Sum of 2 cards:  ✓ 409,254.00 ₽  ✓ points 5,387  Alt+L: list"
        ]
    );
    assert_eq!(
        lines(&shop(80, 24), Language::Russian),
        ["ещё 1 карта:  ✓ 005237 44 200,00 · 581", "Сумма 2 карт:  ✓ 409 254,00 ₽  ✓ баллы 5 387"]
    );
    assert_eq!(lines(&shop(64, 16), Language::Russian), [""; 0], "one pane, and it is the list");
    let alone = fixture::loaded(140, 40);
    assert_eq!(lines(&alone, Language::Russian), [""; 0]);
}

#[test]
fn where_there_is_a_line_for_the_customer_it_says_how_many_cards_more() {
    let mut model = shop(70, 16);
    press(&mut model, Code::Enter);
    let screen = screen(&model, Language::Russian);
    assert!(screen.contains("ещё 1 карта"), "{screen}");
    assert!(!screen.contains("Сумма 2"), "{screen}");
}

#[test]
fn the_sum_has_a_tick_only_where_every_card_has_one() {
    let mut model = shop(140, 40);
    let mut opened = model.detail.detail().expect("a customer").clone();
    opened.others.cards[0].comparison.points.figure.onec = None;
    let other = &mut opened.others.cards[0].comparison;
    *other = other.clone().covered();
    assert_eq!((other.mark(Part::Total), other.mark(Part::Points)), (Mark::Equal, Mark::Uncompared));
    fixture::end(&mut model, TaskKind::Open, Ok(Answer::Opened(Box::new(opened))));
    assert_eq!(
        lines(&model, Language::Russian)[1],
        "Сумма 2 карт:  ✓ 409 254,00 ₽  ? баллы 5 387  Alt+L/Д — список"
    );
}

#[test]
fn an_owner_of_very_many_cards_is_counted_and_not_added_up() {
    let mut model = shop(140, 40);
    let mut opened = model.detail.detail().expect("a customer").clone();
    opened.others.count = 1_240;
    fixture::end(&mut model, TaskKind::Open, Ok(Answer::Opened(Box::new(opened))));
    let screen = screen(&model, Language::Russian);
    assert!(screen.contains("ещё 1 240 карт") && !screen.contains("Сумма"), "{screen}");
}

#[test]
fn a_list_of_one_owner_says_that_it_is_one() {
    let mut model = shop(140, 40);
    let effects = fixture::alt(&mut model, 'l');
    settle_with(&mut model, effects, of_one_owner);
    for (language, words) in
        [(Language::Russian, "карты владельца"), (Language::English, "the owner's cards")]
    {
        let screen = screen(&model, language);
        assert!(screen.contains(words), "{screen}");
        assert!(screen.contains("2 из 8") || screen.contains("2 of 8"), "{screen}");
    }
}
