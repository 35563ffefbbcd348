//! Search: the index over the stored customers, derived from values it is given.

pub mod fold;
pub mod index;

pub use fold::Query;
pub use index::{Entry, Field, Hit, Hits, Index, IndexBuilder};
