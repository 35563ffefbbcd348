//! sverka: syncs a shop's customers from 1C:Enterprise and proves that what is stored equals what 1C says.
//!
//! # Module map
//! A module may import only from those below it; a test holds the table to the code.

pub mod app;
pub mod config;
pub mod domain;
pub mod runtime;
pub mod sync;
pub mod text;
pub mod view;
