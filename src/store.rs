//! The store: one redb file that holds what the last syncs published.
//!
//! A generation is a set of tables. A sync fills the tables of `next` beside those of `current`, and one
//! transaction renames both: a reader sees the old generation or the new one, never a mixture.
//!
//! ```text
//! Store::stage ──> Staging ──settle──> Settled ──publish──> current   (what was current: previous)
//!                     ^                   │
//!                     └──────reopen───────┘      dropped on the way: current is untouched
//! ```
//!
//! Everything here blocks: call it where blocking is allowed.

mod codec;
mod error;
mod file;
mod generation;
mod schema;
mod segment;
mod snapshot;
mod staging;

use std::path::Path;

pub use error::Error;
pub use file::Holder;
pub use generation::{
    Base, Changes, Counts, Delta, Generation, Lines, Product, Publication, Published, Run, RunOutcome,
    UnknownCard,
};
pub use snapshot::{AllFigures, Customers, Snapshot};
pub use staging::{Carried, Rows, Settled, Staging};

/// What a store is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading beside whoever writes. The store must exist.
    Read,
    /// Reading and writing; one process at a time. Who we are is told to those who come second.
    Write(Holder),
}

/// An open store. Cheap to clone; the file is released with the last clone.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens the store, or creates it when it is opened for writing and does not exist.
    pub fn open(path: &Path, access: Access) -> Result<Self, Error> {
        todo!()
    }

    /// Opens a store kept by `backend`, which nobody else can see; one that is empty becomes a store.
    pub fn with_backend(backend: impl redb::StorageBackend) -> Result<Self, Error> {
        todo!()
    }

    /// What is published now.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        todo!()
    }

    /// Begins the next generation. One at a time; what an earlier one left behind is dropped.
    pub fn stage(&self) -> Result<Staging, Error> {
        todo!()
    }

    /// Keeps a run that published nothing. The last 100 runs are kept.
    pub fn record_run(&self, run: &Run) -> Result<(), Error> {
        todo!()
    }

    /// The runs kept, the latest first.
    pub fn runs(&self) -> Result<Vec<Run>, Error> {
        todo!()
    }

    /// Reads every row of the published generation again and compares with its manifest.
    pub fn verify(&self) -> Result<(), Error> {
        todo!()
    }
}
