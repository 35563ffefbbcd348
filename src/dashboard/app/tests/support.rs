//! What support staff do between two calls: go back to whom they had, look for a purchase.

use chrono::TimeDelta;

use super::super::detail::Section;
use super::super::fixture::{self, feed, now, press, settle};
use super::super::key::Mods;
use super::super::{Code, CopySubject, Effect, Event, Focus, Key, Model, Overlay, update};
use super::typed;

fn ctrl(model: &mut Model, letter: char) -> Vec<Effect> {
    feed(model, Event::Key(Key { code: Code::Char(letter), mods: Mods::Ctrl }))
}

/// Looks for somebody and looks at them.
fn call(model: &mut Model, query: &str) {
    press(model, Code::Esc);
    press(model, Code::Esc);
    let effects = typed(model, query);
    settle(model, effects);
    let later = now() + TimeDelta::minutes(1);
    update(model, later, Event::Ticked);
}

#[test]
fn the_last_customers_are_a_key_away() {
    let mut model = fixture::loaded(80, 24);
    let names =
        |model: &Model| model.recent.others().map(|customer| customer.name.clone()).collect::<Vec<_>>();
    assert!(names(&model).is_empty(), "whoever stands first was not looked for");
    let rows = fixture::rows();
    let (first, second) = (&rows[0].customer, &rows[1].customer);
    for query in [&first.barcode, &second.barcode] {
        call(&mut model, query);
        press(&mut model, Code::Enter);
        fixture::alt(&mut model, 'y');
    }
    for key in ['r', 'к'] {
        ctrl(&mut model, key);
        assert_eq!(model.overlay, Some(Overlay::Recent(0)));
        assert_eq!(names(&model), [first.name.as_str()]);
        press(&mut model, Code::Esc);
    }
    ctrl(&mut model, 'r');
    let effects = press(&mut model, Code::Enter);
    settle(&mut model, effects);
    assert_eq!((model.detail.card(), model.focus), (Some(first.card), Focus::Detail));
    assert_eq!(names(&model), [second.name.as_str()], "one goes back and forth");
}

#[test]
fn purchases_are_searched_by_product_day_and_sum() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Enter);
    let all: Vec<String> = model
        .detail
        .purchases()
        .iter()
        .filter_map(|purchase| purchase.product.as_ref().map(|product| product.name.clone()))
        .collect();
    let product = all.last().expect("a purchase").clone();
    ctrl(&mut model, 'f');
    assert_eq!(model.detail.chosen(), Some(Section::Purchases));
    typed(&mut model, &product.to_uppercase());
    let found = model.detail.purchases();
    assert!(!found.is_empty() && found.len() < model.detail.detail().map_or(0, |it| it.purchases.len()));
    assert!(found.iter().all(|it| it.product.as_ref().is_some_and(|it| it.name.contains(&product))));
    let place = model.detail.place(Section::Purchases);
    assert_ne!(place, 0, "lines keep their places");
    let effects = press(&mut model, Code::Enter);
    let card = model.detail.card().expect("a customer");
    assert_eq!(effects, [Effect::Word(CopySubject::Line(card, Section::Purchases, place))]);
    press(&mut model, Code::Esc);
    typed(&mut model, "нет такой");
    assert!(model.detail.purchases().is_empty());
    assert_eq!(model.search.input().value(), "", "nothing of it reaches the search");
    press(&mut model, Code::Esc);
    assert!(model.detail.sought().is_none() && model.focus == Focus::Detail);
    typed(&mut model, "ив");
    assert_eq!((model.focus, model.search.input().value()), (Focus::Search, "ив"));
}

#[test]
fn what_was_looked_for_goes_with_the_customer_and_the_section() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Enter);
    ctrl(&mut model, 'f');
    typed(&mut model, "9");
    press(&mut model, Code::F(7));
    assert!(model.detail.sought().is_none());
    ctrl(&mut model, 'f');
    typed(&mut model, "9");
    call(&mut model, "");
    let effects = press(&mut model, Code::Down);
    settle(&mut model, effects);
    assert!(model.detail.sought().is_none());
}
