//! What can be chosen of the list in the overlay of the view: one flat list, the current ones marked.

use super::effect::Effect;
use super::event::{Column, Keep, Wanted};
use super::model::{Message, Model};
use super::screens::Screen;
use super::terms::By;
use super::views;

/// One thing to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Who is shown.
    Keep(Keep),
    /// The order.
    Sort(Column),
    /// A saved view, by its place.
    View(usize),
    /// Save what is shown as a view, or forget that view.
    SaveView,
    /// Whether a column is seen.
    Column(Column),
    /// Every town.
    AnyCity,
    /// One town, by its place among those of the answer.
    City(usize),
    /// Which cards of the reconciled base are listed.
    Wanted(Wanted),
    /// Compare the base anew, in this way.
    Reconcile(By),
}

/// All choices there are now: those of the reconciled base where that is shown.
pub fn choices(model: &Model) -> Vec<Choice> {
    let base = &model.screens.reconciliation;
    if model.screens.shown() == Screen::Reconciliation {
        let again = if model.is_empty() { &[][..] } else { &[By::Sums, By::Lines] };
        let again = again.iter().copied().map(Choice::Reconcile);
        let filters = base.found().map(|_| base.filters()).unwrap_or_default();
        return filters.into_iter().map(Choice::Wanted).chain(again).collect();
    }
    let mut choices: Vec<Choice> = Keep::ALL.map(Choice::Keep).into();
    choices.extend(Column::ALL.map(Choice::Sort));
    choices.extend((0..model.views.saved().len()).map(Choice::View));
    if model.views.has_room() || model.views.has(&model.search.view()) {
        choices.push(Choice::SaveView);
    }
    choices.push(Choice::AnyCity);
    choices.extend((0..model.search.reply().cities.len()).map(Choice::City));
    choices.extend(views::columns().map(Choice::Column));
    choices
}

impl Choice {
    /// Whether this is how it stands.
    pub fn is_current(self, model: &Model) -> bool {
        let (order, filter) = (model.search.order(), model.search.filter());
        let base = &model.screens.reconciliation;
        match self {
            Self::Keep(keep) => filter.keep == keep,
            Self::Sort(column) => order.by == column,
            Self::View(place) => model.views.saved().get(place) == Some(&model.search.view()),
            Self::SaveView => false,
            Self::Column(column) => model.views.shows(column),
            Self::AnyCity => filter.city.is_none(),
            Self::City(place) => {
                let city = model.search.reply().cities.get(place);
                city.is_some_and(|city| filter.city.as_ref() == Some(&city.name))
            }
            Self::Wanted(wanted) => base.wanted() == wanted,
            Self::Reconcile(by) => base.found().is_some_and(|found| found.base.by == by),
        }
    }

    /// Chooses it.
    pub(super) fn choose(self, model: &mut Model) -> Vec<Effect> {
        match self {
            Self::Keep(keep) => model.search.keep(keep),
            Self::Sort(column) => model.search.sort_by(column),
            Self::View(place) => {
                let view = model.views.saved().get(place).cloned();
                view.map(|view| model.search.show_as(view)).unwrap_or_default()
            }
            Self::SaveView => {
                model.views.toggle_saved(model.search.view());
                Vec::new()
            }
            Self::Column(column) => {
                model.views.toggle(column);
                Vec::new()
            }
            Self::AnyCity => model.search.keep_city(None),
            Self::City(place) => {
                let city = model.search.reply().cities.get(place).map(|city| city.name.clone());
                model.search.keep_city(city)
            }
            Self::Wanted(wanted) => model.screens.reconciliation.keep(wanted).unwrap_or_default(),
            Self::Reconcile(by) => {
                model.overlay = None;
                let effect = model.screens.reconciliation.start(by, model.now);
                if effect.is_some() {
                    model.message.take_if(|message| matches!(message, Message::Failed(_)));
                }
                effect.into_iter().collect()
            }
        }
    }
}
