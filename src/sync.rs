//! The sync: whole sets read from a 1C that goes on working, and published as one generation.
//!
//! ```text
//! read_spans ──▶ engine ──▶ catalog_reader, period_reader, position_reader ──▶ staging_writer ──▶ staging
//!                  │        (read whole, counted, confirmed)                                       │
//!                  ├──▶ control_totals (1C's own sums) ──▶ figures of every card ◀─────────────────┘
//!                  └──▶ reporter ──▶ Observer: dashboard, headless command, tests
//! ```

mod base_identity;
pub mod base_side;
mod bearers;
mod catalog_reader;
mod checkpoint;
mod compare;
mod control_totals;
mod differences;
mod duplicate_keys;
mod engine;
mod error;
pub mod event;
pub mod live;
mod pace;
mod period_reader;
mod position_reader;
mod proof_spans;
pub mod read_spans;
mod recorder_types;
pub mod recorder_types_seen;
mod reporter;
mod reread_schedule;
mod staging_handle;
mod staging_writer;
mod sudden_loss;
mod sums_by_month;
mod sync_mode;
mod unreadable_rows;

pub use base_identity::refuse_another_base;
pub use bearers::{Borne, sample};
pub use checkpoint::LeftOff;
pub use control_totals::BaseTotals;
pub use engine::{Finished, Job, SyncSettings};
pub use error::Error;
pub use reporter::{Observer, Reporter, Unobserved};
pub use sync_mode::SyncMode;
pub use unreadable_rows::refuse_unreadable;
