//! sverka: syncs a shop's customers from 1C:Enterprise and proves that what is stored equals what 1C says.
//!
//! # Module map
//! A module may import only from those named beside it; a test holds this table to the code.
//!
//! | module | may import | belongs here |
//! | --- | --- | --- |
//! | `cli` | `config` `dashboard` `domain` `engine` `files` `report` `text` | arguments, wiring, exit codes, the system's clock |
//! | `dashboard` | `config` `domain` `engine` `files` `report` `sync` `text` | its state and every decision, drawing, the event loop, the terminal, asking the engine |
//! | `engine` | `config` `domain` `files` `odata` `search` `store` `sync` | what the program can do, behind every face |
//! | `report` | `config` `domain` `files` `odata` `store` `sync` `text` | what commands print, for people and for programs; every error in words |
//! | `config` | `domain` `files` `odata` `text` | settings from file, environment and options, checked |
//! | `sync` | `domain` `odata` `store` | stages, reading sets that move, what is told of it |
//! | `odata` | `domain` | 1C's dialect: requests out, rows and errors in, secrets masked |
//! | `store` | `domain` `files` | tables, codec, transactions, generations |
//! | `search` | `domain` | folding, the index, ranking |
//! | `text` | `domain` | languages, phrases, numbers and dates as shown, foreign text made harmless |
//! | `files` | | what is written: whole, never over what is not ours, found again when it was cut off |
//! | `domain` | | the rules of cards, movements, points, totals, variances |
//!
//! The built-in simulated 1C is a package of its own, `src/simulator`: it can share no code with the client, lest they
//! err alike. `cli` runs it, and the tests. What speaks to PostgreSQL is a package of its own as well, `src/postgres`: it is
//! given plain rows, and `engine` says which.
//!
//! # Flow
//! ```text
//! data          1C page ─▶ odata (as 1C sends it) ─▶ domain (typed, or rejected with a reason)
//!               ─▶ sync (whole, counted, confirmed) ─▶ store (one generation) ─▶ search (index)
//!               ─▶ engine (answers) ─▶ dashboard: app (state) ─▶ view (frame), or report (lines)
//! instructions  key ─▶ app::keymap ─▶ Action ─▶ app::update ─▶ Effect ─▶ runtime ─▶ task ─▶ Event ─▶ update
//! ```
//!
//! # Deliberately absent
//! - Any request to 1C but `GET`: [`odata::Transport`] knows nothing else.
//! - Floating-point numbers where money, points or quantities pass: `domain`, `odata`, `store`, `sync`,
//!   `engine` and `report` have none; a test looks.
//! - A clock inside rules: time is handed in by [`engine::Clock`] and by events.

pub mod cli;
pub mod config;
pub mod dashboard;
pub mod domain;
pub mod engine;
pub mod files;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
#[path = "../tests/fuzz/harness/mod.rs"]
pub mod fuzzing;
pub mod odata;
pub mod report;
pub mod search;
pub mod store;
pub mod sync;
pub mod text;
