//! What of the list somebody chose to see: columns they hid, and views they saved.

use serde::{Deserialize, Serialize};

use super::event::{Column, Keep, ListFilter, ListOrder};
use crate::domain::CustomerField;

/// So many views are kept.
pub const MOST_VIEWS: usize = 9;

/// Columns that can be hidden: all but the name, without which a line is nobody.
pub fn columns() -> impl Iterator<Item = Column> {
    let fixed = [Column::Match, Column::Field(CustomerField::Name)];
    Column::ALL.into_iter().filter(move |column| !fixed.contains(column))
}

/// An order with a filter, to come back to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The order.
    pub order: ListOrder,
    /// Who is shown.
    pub keep: Keep,
    /// Of which town, where of one.
    pub city: Option<String>,
}

impl SavedView {
    /// The view of a list in this order, with this filter.
    pub fn of(order: ListOrder, filter: &ListFilter) -> Self {
        Self { order, keep: filter.keep, city: filter.city.clone() }
    }
}

/// Hidden columns and saved views.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    hidden: Vec<Column>,
    saved: Vec<SavedView>,
}

impl Views {
    /// Those that were kept: no more than there may be, and no column hidden that nobody could have hidden.
    pub fn kept(
        hidden: impl IntoIterator<Item = Column>,
        saved: impl IntoIterator<Item = SavedView>,
    ) -> Self {
        let hidden = hidden.into_iter().filter(|column| columns().any(|known| known == *column));
        Self { hidden: hidden.collect(), saved: saved.into_iter().take(MOST_VIEWS).collect() }
    }

    /// Columns nobody wants to see.
    pub fn hidden(&self) -> impl Iterator<Item = Column> {
        self.hidden.iter().copied()
    }

    /// Whether a column is to be seen, where there is room.
    pub fn shows(&self, column: Column) -> bool {
        !self.hidden.contains(&column)
    }

    /// The views, the oldest first.
    pub fn saved(&self) -> &[SavedView] {
        &self.saved
    }

    /// Whether this view is saved.
    pub fn has(&self, view: &SavedView) -> bool {
        self.saved.contains(view)
    }

    /// Whether one more has room.
    pub fn has_room(&self) -> bool {
        self.saved.len() < MOST_VIEWS
    }

    /// Hides a column, or shows it again.
    pub(super) fn toggle(&mut self, column: Column) {
        let before = self.hidden.len();
        self.hidden.retain(|hidden| *hidden != column);
        if self.hidden.len() == before {
            self.hidden.push(column);
        }
    }

    /// Saves a view, or forgets it where it is saved.
    pub(super) fn toggle_saved(&mut self, view: SavedView) {
        let before = self.saved.len();
        self.saved.retain(|saved| *saved != view);
        if self.saved.len() == before && self.has_room() {
            self.saved.push(view);
        }
    }
}
