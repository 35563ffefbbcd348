//! The footer: what it names acts where it is named.

use super::super::fixture::{self, alt, feed, press, settle};
use super::super::footer::{FooterKey, Stay, commands, footer};
use super::super::*;
use super::nobody_found;
use crate::sync::event::Outcome;

fn pressed(model: &mut Model, codes: &[Code]) {
    for code in codes {
        let effects = press(model, *code);
        obey(model, effects);
    }
}

/// Answers what is asked, and words what is to be read.
fn obey(model: &mut Model, effects: Vec<Effect>) {
    let worded: Vec<_> = effects
        .iter()
        .filter_map(|effect| if let Effect::Word(subject) = effect { Some(*subject) } else { None })
        .collect();
    settle(model, effects);
    for subject in worded {
        feed(model, Event::Worded(subject, Some("строка\n".repeat(60))));
    }
}

type Place = (&'static str, Model);

fn after(what: &'static str, codes: &[Code]) -> Place {
    let mut model = fixture::loaded(80, 24);
    pressed(&mut model, codes);
    (what, model)
}

fn chord(what: &'static str, codes: &[Code], letter: char) -> Place {
    let (what, mut model) = after(what, codes);
    let effects = alt(&mut model, letter);
    obey(&mut model, effects);
    (what, model)
}

/// Every place there is. The cursor of a choice stands on what is not chosen yet.
fn places() -> Vec<Place> {
    use Code as C;
    let mut syncing = fixture::fresh(80, 24);
    feed(&mut syncing, Event::Started);
    fixture::standing(&mut syncing, StoreStatus::default());
    press(&mut syncing, C::F(5));
    let mut question = fixture::loaded(80, 24);
    pressed(&mut question, &[C::F(5), C::F(8)]);
    let mut outdated = after("", &[C::F(12), C::Enter]).1;
    let effects = fixture::synced(&mut outdated, Ok(fixture::summary(Outcome::Published)));
    obey(&mut outdated, effects);
    let mut trying = fixture::with_form(80, 24);
    for text in ["http://1c/odata/standard.odata", "anna", "tiger-42"] {
        feed(&mut trying, Event::Pasted(text.to_owned()));
        press(&mut trying, C::Tab);
    }
    let filled = trying.clone();
    press(&mut trying, C::Enter);
    let mut nobody = fixture::loaded(80, 24);
    let asked = feed(&mut nobody, Event::Pasted("ъъъ".to_owned()));
    nobody_found(&mut nobody, &asked);
    let mut checking = fixture::loaded(80, 24);
    press(&mut checking, C::F(4));
    let step = first_run::Step::Incomplete;
    let first_run = FirstRun { missing: "onec.url".to_owned(), path: "config.toml".to_owned(), step };
    let incomplete = Model { first_run: Some(first_run), ..fixture::fresh(80, 24) };
    let mut recent = after("", &[C::Enter]).1;
    alt(&mut recent, 'y');
    pressed(&mut recent, &[C::Esc, C::Down]);
    let mut nobody_before = fixture::loaded(80, 24);
    for model in [&mut recent, &mut nobody_before] {
        feed(model, Event::Key(Key::ctrl('r')));
    }
    let mut palette = fixture::loaded(80, 24);
    feed(&mut palette, Event::Key(Key::ctrl('k')));
    pressed(&mut palette, &[C::Down]);
    vec![
        ("settings that are incomplete", incomplete),
        ("the last customers", recent),
        ("no last customers", nobody_before),
        ("the palette", palette),
        after("the search field", &[]),
        after("the list", &[C::Tab]),
        after("the customer", &[C::Enter]),
        ("nobody", nobody),
        ("a check", checking),
        ("a first sync", syncing),
        ("a question", question),
        after("the keys", &[C::F(1), C::Down]),
        after("the view", &[C::F(2), C::Down]),
        after("the journal", &[C::F(6)]),
        after("a line of the journal", &[C::F(4), C::F(6), C::Enter]),
        after("before and after", &[C::F(9)]),
        chord("the explanation", &[C::Enter], 'e'),
        chord("what to copy", &[C::Enter], 'd'),
        chord("the documents", &[], 'v'),
        after("a line of the customer", &[C::Enter, C::Enter]),
        after("the base, not asked", &[C::F(12)]),
        after("the base", &[C::F(12), C::Enter]),
        after("a cause of the base", &[C::F(12), C::Enter, C::Char('1')]),
        after("a card of the base", &[C::F(12), C::Enter, C::Enter]),
        after("files of the base", &[C::F(12), C::Enter, C::Char('Y')]),
        after("the view of the base", &[C::F(12), C::Enter, C::F(2), C::Down]),
        ("an old base", outdated),
        ("the form", fixture::with_form(80, 24)),
        ("the form, filled in", filled),
        ("a trial", trying),
    ]
}

#[test]
fn every_key_of_the_footer_does_something_where_it_is_named() {
    for (place, model) in places() {
        let keys = footer(&model);
        assert!(keys.iter().any(|it| it.stays == Stay::WayOut), "{place} has no way out: {keys:?}");
        for FooterKey { action, word, .. } in keys {
            let key = model.key_of(action).unwrap_or_else(|| panic!("{place}: {action:?} has no key"));
            let mut pressed = model.clone();
            let effects = feed(&mut pressed, Event::Key(key));
            let is_changed = format!("{pressed:?}") != format!("{model:?}");
            assert!(is_changed || !effects.is_empty(), "{place}: {key} ({word}) does nothing");
        }
    }
}

/// Nothing is named twice, and nothing that is of another place.
#[test]
fn a_footer_names_each_key_once_and_what_is_of_its_place() {
    for (place, model) in places() {
        let keys: Vec<_> = footer(&model).iter().map(|it| model.key_of(it.action)).collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{place}: {key:?} twice");
        }
    }
    let of = |codes: &[Code]| {
        let (_, model) = after("", codes);
        footer(&model).into_iter().map(|it| it.action).collect::<Vec<_>>()
    };
    let is_of_customers = |actions: &[Action]| actions.contains(&Action::Answer);
    assert!(is_of_customers(&of(&[])));
    for codes in [&[Code::F(12)][..], &[Code::F(6)], &[Code::F(2)], &[Code::F(1)], &[Code::F(9)]] {
        assert!(!is_of_customers(&of(codes)) && of(codes).contains(&Action::Back), "{codes:?}");
    }
}

/// The help begins with what can be done where it was asked for.
#[test]
fn the_help_begins_with_the_keys_of_the_place() {
    for (place, codes, first) in [
        ("the customers", &[][..], Action::Check),
        ("the base", &[Code::F(12), Code::Enter], Action::Open),
        ("the base, not asked", &[Code::F(12)], Action::Open),
        ("before and after", &[Code::F(9)], Action::Copy),
    ] {
        let mut model = after(place, codes).1;
        let keys: Vec<_> = footer(&model).into_iter().map(|it| it.action).collect();
        pressed(&mut model, &[Code::F(1)]);
        let listed: Vec<_> = commands(&model).into_iter().map(|bound| bound.action).collect();
        assert_eq!(listed[0], first, "{place}");
        assert_eq!(listed[..keys.len()], keys, "{place}");
        let all = commands(&after("", &[Code::F(1)]).1).len();
        assert_eq!(listed.len(), all, "{place}: nothing is left out");
    }
}
