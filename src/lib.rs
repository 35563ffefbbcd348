//! sverka: syncs a shop's customers from 1C:Enterprise and proves that what is stored equals what 1C says.
//!
//! # Module map
//! A module may import only from those below it; a test holds the table to the code.

//! sverka

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod odata;
pub mod report;
pub mod runtime;
pub mod search;
pub mod simulator;
pub mod store;
pub mod sync;
pub mod text;
pub mod view;
