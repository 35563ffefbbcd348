//! Whether this process is about to end: then nobody waits for anything any more.

use std::sync::atomic::{AtomicBool, Ordering};

/// Signals come to the process as a whole, and so does the end of its waits.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Ends every wait of this process, for a lock or for the reader of a pipe.
pub fn end_waits() {
    ENDING.store(true, Ordering::Release);
}

/// Whether waits are over.
pub fn is_ending() -> bool {
    ENDING.load(Ordering::Acquire)
}
