//! Columns that are hidden, and views that are saved.

use super::super::choices::{Choice, choices};
use super::super::fixture::{self, press};
use super::super::views::columns;
use super::super::{Code, Column, Effect, Keep, Model, Overlay};

/// The place of a choice in the view, by a test.
fn place_of(model: &Model, is: impl Fn(&Choice) -> bool) -> usize {
    choices(model).iter().position(is).expect("a choice")
}

fn choose(model: &mut Model, is: impl Fn(&Choice) -> bool) -> Vec<Effect> {
    press(model, Code::F(2));
    let place = place_of(model, is);
    model.overlay = Some(Overlay::View(place));
    let effects = press(model, Code::Enter);
    model.overlay = None;
    effects
}

#[test]
fn a_saved_view_brings_order_filter_and_town_back_at_once() {
    let mut model = fixture::loaded(140, 40);
    model.search.keep(Keep::Variances);
    model.search.keep_city(Some("Симферополь".into()));
    model.search.sort(Column::Total.order());
    let view = model.search.view();
    choose(&mut model, |choice| *choice == Choice::SaveView);
    assert_eq!(model.views.saved(), std::slice::from_ref(&view));
    model.search.keep(Keep::All);
    model.search.keep_city(None);
    model.search.sort(Column::Match.order());
    let effects = choose(&mut model, |choice| *choice == Choice::View(0));
    assert_eq!(model.search.view(), view);
    assert!(!effects.is_empty(), "the list is asked for anew");
    let again = fixture::fresh(80, 24).restored(&model.kept());
    assert_eq!(again.views, model.views, "it outlives the dashboard");
    choose(&mut model, |choice| *choice == Choice::SaveView);
    assert_eq!(model.views.saved(), [], "chosen again, it is forgotten");
}

#[test]
fn no_more_views_are_saved_than_have_a_place() {
    let mut model = fixture::loaded(140, 40);
    for town in 0..20 {
        model.search.keep_city(Some(format!("Town {town}")));
        if choices(&model).contains(&Choice::SaveView) {
            choose(&mut model, |choice| *choice == Choice::SaveView);
        }
    }
    assert_eq!(model.views.saved().len(), 9);
    assert!(!choices(&model).contains(&Choice::SaveView));
}

#[test]
fn any_column_but_the_name_can_be_hidden_and_shown() {
    let mut model = fixture::loaded(140, 40);
    let columns: Vec<_> = columns().collect();
    assert_eq!(columns.len(), Column::ALL.len() - 2);
    for column in columns {
        choose(&mut model, |choice| *choice == Choice::Column(column));
        assert!(!model.views.shows(column));
        choose(&mut model, |choice| *choice == Choice::Column(column));
        assert!(model.views.shows(column));
    }
}
