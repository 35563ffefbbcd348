//! The dashboard: its state and every decision, how it is drawn, and the loop that carries out what was decided.
//!
//! `app` knows neither terminal nor engine at work, `view` reads the state and decides nothing, `runtime` obeys, and
//! `desk` asks the engine.

pub mod app;
pub mod desk;
pub mod keys;
pub mod runtime;
pub mod view;
