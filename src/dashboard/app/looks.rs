//! How the user wants things to look, and what of it is kept from one start to the next.

use crate::config::Theme;

pub use super::terms::Kept;

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
