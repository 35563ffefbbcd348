//! Folding: what counts as the same text.

use std::ops::Range;

/// A query as it is understood: words that must all match, or one fragment of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {}

impl Query {
    /// Reads a query. What is longer than anyone types is cut.
    pub fn new(text: &str) -> Self {
        todo!("{text}")
    }
}

/// A text as it is compared: composed, lower case, ё as е.
pub fn fold(text: &str) -> String {
    todo!("{text}")
}

/// Where a text matches, as ranges of bytes of the text itself, ascending and apart.
pub fn matches(text: &str, query: &Query) -> Vec<Range<usize>> {
    todo!("{text} {query:?}")
}
