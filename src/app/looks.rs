//! How the user wants things to look, and what of it is kept from one start to the next.

use crate::config::Theme;

use super::detail::Section;
use super::event::ListOrder;

/// How things look now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// The colours.
    pub theme: Theme,
    /// Dots stand for personal data.
    pub is_masked: bool,
    /// The mouse acts here; else it is the terminal's, for selecting and copying.
    pub has_mouse: bool,
}

/// The small state that outlives the dashboard. Nothing personal is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The colours chosen on the screen, where any were.
    pub theme: Option<Theme>,
    /// The order of the list.
    pub order: ListOrder,
    /// Whether the mouse acts here.
    pub has_mouse: bool,
    /// The section of the customer that was chosen, where one was.
    pub section: Option<Section>,
}
