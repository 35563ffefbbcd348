//! The file: finding, creating and locking it.

use chrono::{DateTime, Utc};

/// The process that has the store open for writing. Told in messages, never relied on: the lock decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The host it runs on.
    pub host: String,
    /// When it opened the store.
    pub since: DateTime<Utc>,
}
