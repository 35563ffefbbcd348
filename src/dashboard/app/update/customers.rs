//! The customers: what keys and the mouse mean in the search field, in the list, and in the detail.

use ratatui::layout::Position;

use super::super::action::Action;
use super::super::cursor::SelectionStep;
use super::super::effect::Effect;
use super::super::layout::Layout;
use super::super::model::{Focus, Model, Passing};
use super::{Change, focus, page, say};

/// What an action means where the customers are shown, be it under something else; `None` where it means what it
/// does everywhere.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Change> {
    let room = || Layout::of(model).detail_parts().room;
    Some(match action {
        Action::OlderQuery => model.search.older(),
        Action::NewerQuery => model.search.newer(),
        Action::Sort => Some(model.search.sort_by_next()),
        Action::TurnRound => Some(model.search.turn_round()),
        Action::SortBy(column) => Some(model.search.sort_by(column)),
        Action::Filter => Some(model.search.keep_next()),
        Action::City => model.search.toggle_city(),
        Action::OwnerCards => Some(owner_cards(model)),
        Action::NextSection => {
            let room = room();
            model.detail.next_section(room);
            Some(Vec::new())
        }
        Action::PreviousSection => {
            let room = room();
            model.detail.previous_section(room);
            Some(Vec::new())
        }
        Action::FindLine => {
            model.detail.card()?;
            model.detail.seek();
            Some(focus(model, Focus::Detail))
        }
        Action::Open if model.overlay.is_none() => open(model),
        _ => return None,
    })
}

/// Lists the cards of the owner of whoever is shown; a second time what was listed before.
fn owner_cards(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = model.search.widen() {
        return effects;
    }
    let detail = model.detail.detail().filter(|detail| detail.others.count > 0);
    let Some(owner) = detail.and_then(|detail| detail.comparison.customer.owner) else {
        return vec![say(model, Passing::NoOtherCards)];
    };
    let effects = model.search.keep_owner(owner);
    // Where one pane is shown, it is the list.
    if model.focus == Focus::Detail {
        return [focus(model, Focus::Results), effects].concat();
    }
    effects
}

/// From the list into the detail, from there into a line.
fn open(model: &mut Model) -> Change {
    if model.focus == Focus::Detail {
        return Some(page::line(model));
    }
    model.search.selected()?;
    Some(focus(model, Focus::Detail))
}

/// Lines of a page that is turned.
pub(super) fn lines(model: &Model, layout: &Layout) -> usize {
    match model.focus {
        Focus::Detail => usize::from(layout.detail_list(&model.detail).1.height),
        Focus::Search | Focus::Results => layout.result_lines(),
    }
}

pub(super) fn step(model: &mut Model, step: SelectionStep, layout: &Layout) {
    match model.focus {
        Focus::Detail => {
            let section = model.detail.section(layout.detail_parts().room);
            model.detail.step(step, section);
        }
        Focus::Search | Focus::Results => model.search.step(step),
    }
}

pub(super) fn click(model: &mut Model, layout: &Layout, at: Position) -> Change {
    if layout.search.contains(at) {
        return Some(focus(model, Focus::Search));
    }
    if layout.is_of_detail(at) {
        return Some(focus(model, Focus::Detail));
    }
    let line = model.search.top().saturating_add(layout.result_line(at)?);
    let effects = focus(model, Focus::Results);
    if line < model.search.reply().total {
        model.search.select(line);
    }
    Some(effects)
}
