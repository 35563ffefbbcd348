//! The cards of one owner: listed alone, and left for what was listed before.

use super::super::fixture::{of_one_owner, settle_with};
use super::super::model::Focus;
use super::*;
use crate::domain::CardId;
use crate::engine::ListFilter;

/// The shop where two cards are of one owner, after this was typed.
fn shop(query: &str) -> Model {
    let mut model = fixture::fresh(140, 40);
    let effects = feed(&mut model, Event::Started);
    settle_with(&mut model, effects, of_one_owner);
    for c in query.chars() {
        key(&mut model, Key::char(c));
    }
    model
}

fn key(model: &mut Model, key: Key) {
    let effects = feed(model, Event::Key(key));
    settle_with(model, effects, of_one_owner);
}

fn alt(model: &mut Model, letter: char) {
    key(model, Key { code: Code::Char(letter), mods: Mods::Alt });
}

fn plain(model: &mut Model, code: Code) {
    key(model, Key::plain(code));
}

/// The cards listed, and the one selected.
fn listed(model: &Model) -> (Vec<CardId>, Option<CardId>) {
    let rows = model.search.reply().rows.iter().map(|row| row.customer.card);
    (rows.collect(), model.search.selected_card())
}

fn both() -> Vec<CardId> {
    vec![fixture::card(1), fixture::card(7)]
}

#[test]
fn the_cards_of_an_owner_are_listed_and_esc_leads_back_to_what_was_typed() {
    for letter in ['l', 'д'] {
        let mut model = shop("царьков");
        let before = (listed(&model), model.search.input().value().to_owned());
        assert_eq!(before.0, (vec![fixture::card(1)], Some(fixture::card(1))));
        alt(&mut model, letter);
        assert_eq!(listed(&model), (both(), Some(fixture::card(1))), "the one it was asked for is selected");
        plain(&mut model, Code::Down);
        assert_eq!(model.detail.card(), Some(fixture::card(7)), "the next one is shown");
        plain(&mut model, Code::Esc);
        assert_eq!((listed(&model), model.search.input().value().to_owned()), before);
        plain(&mut model, Code::Esc);
        assert_eq!(model.search.input().value(), "", "Esc means again what it meant before");
    }
}

#[test]
fn the_same_key_and_a_filter_lead_back_as_well() {
    let mut model = shop("");
    alt(&mut model, 'c');
    assert_eq!(listed(&model).0, [fixture::card(1)]);
    alt(&mut model, 'l');
    assert_eq!(listed(&model).0, both(), "the town of the list is no town of the owner");
    alt(&mut model, 'l');
    assert_eq!(listed(&model).0, [fixture::card(1)]);
    assert_eq!(model.search.filter().city.as_deref(), Some("Симферополь"));
}

#[test]
fn whoever_types_looks_among_all_again() {
    for way in ["field", "list", "paste", "history"] {
        let mut model = shop("анна");
        alt(&mut model, 'l');
        match way {
            "field" => key(&mut model, Key::char('з')),
            "list" => {
                plain(&mut model, Code::Tab);
                key(&mut model, Key::char('з'));
            }
            "paste" => {
                let effects = feed(&mut model, Event::Pasted("зера".to_owned()));
                settle_with(&mut model, effects, of_one_owner);
            }
            _ => key(&mut model, Key { code: Code::Up, mods: Mods::Alt }),
        }
        assert_eq!(model.search.filter(), &ListFilter::default(), "{way}");
        assert!(!model.search.input().value().is_empty(), "{way}");
        assert!(model.search.reply().matching < 8, "{way}");
    }
}

#[test]
fn a_card_without_another_says_so_and_stays() {
    let mut model = shop("зера");
    let before = listed(&model);
    alt(&mut model, 'l');
    assert_eq!(model.message, Some(Message::Passing(Passing::NoOtherCards)));
    assert_eq!(listed(&model), before);
}

#[test]
fn out_of_the_detail_of_one_pane_the_list_is_shown() {
    let mut model = shop("царьков");
    model.size = Size { width: 70, height: 20 };
    plain(&mut model, Code::Enter);
    assert_eq!(model.focus, Focus::Detail);
    alt(&mut model, 'l');
    assert_eq!((model.focus, listed(&model).0), (Focus::Results, both()));
    plain(&mut model, Code::Enter);
    plain(&mut model, Code::Esc);
    assert_eq!(listed(&model).0, both(), "out of a card, the others are still listed");
    plain(&mut model, Code::Esc);
    assert_eq!(model.search.input().value(), "царьков");
}

#[test]
fn behind_the_mask_the_numbers_of_other_cards_are_dots() {
    let model = shop("царьков");
    let code = |model: &Model| {
        let detail = model.detail.detail().expect("a customer");
        detail.others.cards[0].comparison.customer.code.clone()
    };
    assert_eq!(code(&model), "005237");
    assert_eq!(code(&privacy::masked(&model)), "••••••");
}
