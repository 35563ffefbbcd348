//! What can be chosen of the list in the overlay of the view: one flat list, the current ones marked.

use super::effect::Effect;
use super::event::{Column, Keep};
use super::model::Model;

/// One thing to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Who is shown.
    Keep(Keep),
    /// The order.
    Sort(Column),
    /// Every town.
    AnyCity,
    /// One town, by its place among those of the answer.
    City(usize),
}

/// All choices there are now.
pub fn choices(model: &Model) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Keep::ALL.map(Choice::Keep).into();
    choices.extend(Column::ALL.map(Choice::Sort));
    choices.push(Choice::AnyCity);
    choices.extend((0..model.search.reply().cities.len()).map(Choice::City));
    choices
}

impl Choice {
    /// Whether this is how it stands.
    pub fn is_current(self, model: &Model) -> bool {
        let (order, filter) = (model.search.order(), model.search.filter());
        match self {
            Self::Keep(keep) => filter.keep == keep,
            Self::Sort(column) => order.by == column,
            Self::AnyCity => filter.city.is_none(),
            Self::City(place) => {
                let city = model.search.reply().cities.get(place);
                city.is_some_and(|city| filter.city.as_ref() == Some(&city.name))
            }
        }
    }

    /// Chooses it.
    pub(super) fn choose(self, model: &mut Model) -> Vec<Effect> {
        match self {
            Self::Keep(keep) => model.search.keep(keep),
            Self::Sort(column) => model.search.sort_by(column),
            Self::AnyCity => model.search.keep_city(None),
            Self::City(place) => {
                let city = model.search.reply().cities.get(place).map(|city| city.name.clone());
                model.search.keep_city(city)
            }
        }
    }
}
