//! The sync: stages, windows, reading sets that move, and what is told of it.

pub mod event;
