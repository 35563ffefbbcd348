//! The privacy mask: the same dashboard with dots instead of personal data, for whoever takes a picture of it.
//!
//! The personal fields of a customer and what was typed are hidden; sums, documents and states are not.

use super::model::Model;

/// A copy of the state with nothing personal in it.
pub fn masked(model: &Model) -> Model {
    let mut model = model.clone();
    model.search.hide(hidden);
    model.detail.hide(hidden);
    model.raw.iter_mut().for_each(|raw| raw.hide(hidden));
    model.recent.hide(hidden);
    model.journal.hide(hidden);
    model.message.iter_mut().for_each(|message| message.hide(hidden));
    model.screens.all().into_iter().for_each(|screen| screen.hide(hidden));
    model
}

/// Every letter and digit as a dot: the shape stays, the content goes.
fn hidden(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { '•' } else { c }).collect()
}
