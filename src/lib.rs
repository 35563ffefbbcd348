//! sverka

pub mod simulator;
