//! Commands given while the list is on its way are about whom it will show, never about whom it still shows.

use super::super::fixture::{self, feed, only_asks, press};
use super::super::key::Mods;
use super::super::model::{Message, Passing};
use super::super::*;
use super::typed;
use crate::domain::CardId;

/// Whom commands were about: questions and texts to word, in their order.
fn meant(effects: &[Effect]) -> Vec<CardId> {
    let card = |effect: &Effect| match effect {
        Effect::Ask(_, Ask::Check(card) | Ask::Portal(Some(card))) => Some(*card),
        Effect::Word(CopySubject::Explanation(card)) | Effect::Copy(_, CopySubject::Customer(card), ..) => {
            Some(*card)
        }
        _ => None,
    };
    effects.iter().filter_map(card).collect()
}

/// A dashboard that shows the last of all customers, so that any other list begins with somebody else.
fn last_selected() -> Model {
    let mut model = fixture::loaded(80, 24);
    for _ in 0..model.search.reply().total {
        let effects = press(&mut model, Code::Down);
        fixture::settle(&mut model, effects);
    }
    model
}

/// Presses keys at once after a query, lets the list come, and tells whom the keys were about.
fn in_haste(query: &str, keys: &[Key]) -> (Model, Vec<CardId>) {
    let mut model = last_selected();
    let mut effects = typed(&mut model, query);
    for key in keys {
        effects.extend(feed(&mut model, Event::Key(*key)));
    }
    let before = meant(&effects);
    assert_eq!(before, [], "nothing is about whom the list still shows");
    let mut waiting = effects;
    let mut later = Vec::new();
    while let Some(effect) = waiting.pop() {
        if let Effect::Ask(id, ask @ (Ask::Search(_) | Ask::Open(_))) = effect {
            let more = feed(&mut model, Event::Answered(id, Ok(fixture::answer(&ask))));
            later.extend(more.clone());
            waiting.extend(more);
        }
    }
    (model, meant(&later))
}

#[test]
fn what_is_asked_for_right_after_typing_is_about_whom_that_finds() {
    use Code::{Down, Enter, F, Tab};
    let of = Key::plain;
    let alt = |letter| Key { code: Code::Char(letter), mods: Mods::Alt };
    let found = |query: &str| -> Vec<CardId> {
        fixture::reply(&fixture::request(query)).rows.iter().map(|row| row.customer.card).collect()
    };
    let shown = last_selected().search.selected_card();
    let query = "в";
    let cards = found(query);
    assert!(cards.len() > 2 && Some(cards[0]) != shown, "{cards:?}");
    for (keys, place) in [
        (&[of(F(4))][..], 0),
        (&[of(F(9))], 0),
        (&[of(Down), of(F(4))], 1),
        (&[of(Down), of(Down), of(F(9))], 2),
        (&[alt('e')], 0),
        (&[alt('у')], 0),
        (&[of(Tab), alt('y')], 0),
        (&[of(Enter), of(F(4))], 0),
    ] {
        let (_, about) = in_haste(query, keys);
        assert_eq!(about, [cards[place]], "{keys:?}");
    }
}

#[test]
fn a_wish_is_given_up_by_who_goes_on_typing_and_where_nobody_is_found() {
    let mut model = fixture::loaded(80, 24);
    typed(&mut model, "ова");
    press(&mut model, Code::F(4));
    let effects = typed(&mut model, "з");
    assert_eq!(model.awaiting, []);
    fixture::settle(&mut model, effects);
    assert_eq!(model.tasks.of(TaskKind::Check), None);
    let (model, about) = in_haste("никого нет", &[Key::plain(Code::F(4))]);
    assert_eq!((about, model.message), (vec![], Some(Message::Passing(Passing::NothingToCheck))));
}

#[test]
fn a_list_that_does_not_come_leaves_nothing_waiting() {
    let mut model = fixture::loaded(80, 24);
    typed(&mut model, "ова");
    press(&mut model, Code::F(4));
    fixture::end(&mut model, TaskKind::Search, Err(fixture::failure()));
    assert_eq!(model.awaiting, []);
    let asked = only_asks(&press(&mut model, Code::F(4)));
    assert!(matches!(asked[..], [Ask::Search(_)]), "the same is asked again: {asked:?}");
}
