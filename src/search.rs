//! Search: who is meant by what was typed.
//!
//! [`fold`] says which texts count as the same, [`query`] what was asked, [`index`] answers. Everything is
//! derived from values that are handed in; nothing here reads the store.

pub mod fold;
pub mod index;
pub mod layout;
pub mod query;
mod words;

pub use index::{Hit, Hits, Index, IndexBuilder, ReadBy, Reading, SearchEntry, Selection};
pub use query::Query;
