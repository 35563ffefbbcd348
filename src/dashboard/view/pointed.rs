//! What a click means: the keys of the footer, the heads of the list, the names of the customer's sections act by what is
//! drawn, so that no other place has to know where they stand.

use ratatui::layout::Position;

use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::{Chosen, Model, privacy};

use super::look::Look;
use super::{detail, footer, results};

/// What is drawn there and has a name; `None` where a click means the place itself.
pub fn chosen(model: &Model, look: &Look, at: Position) -> Option<Chosen> {
    let look = &look.of(model);
    // Columns are as wide as what is shown in them.
    let shown = model.looks.is_masked.then(|| privacy::masked(model));
    let model = shown.as_ref().unwrap_or(model);
    let layout = &Layout::of(model);
    if layout.footer.contains(at) {
        return footer::key_at(layout.footer, at, model, look).map(Chosen::Key);
    }
    if !model.is_uncovered() {
        return None;
    }
    let column = || results::column_at(layout, at, model, look).map(Chosen::Column);
    let section = || detail::section_at(layout, at, model, look).map(Chosen::Section);
    column().or_else(section)
}
