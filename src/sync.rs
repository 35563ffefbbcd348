//! The sync: whole sets read from a 1C that goes on working, and published as one generation.
//!
//! ```text
//! plan ──▶ engine ──▶ catalog, register (read whole, counted, confirmed) ──▶ writer ──▶ staging
//!             │                                                                          │
//!             ├──▶ control (1C's own sums) ──▶ figures of every card ◀──────────────────┘
//!             └──▶ reporter ──▶ Observer: dashboard, headless command, tests
//! ```

mod brake;
mod catalog;
mod checkpoint;
mod compare;
mod control;
mod desk;
mod engine;
mod error;
pub mod event;
mod extent;
mod found;
mod identity;
pub mod live;
pub mod plan;
mod register;
mod reporter;
mod rotation;
mod skip;
mod stretches;
pub mod told;
mod twice;
mod types;
pub mod types_seen;
mod unreadable;
mod writer;

pub use control::BaseTotals;
pub use engine::{Finished, Job, SyncSettings};
pub use error::Error;
pub use extent::Extent;
pub use identity::refuse_another_base;
pub use reporter::{Observer, Reporter, Unobserved};
pub use unreadable::refuse_unreadable;
