//! Whether this process is about to end: then nobody waits for anything any more.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Signals come to the process as a whole, and so does the end of its waits.
static ENDING: AtomicBool = AtomicBool::new(false);
/// Wakes whoever waits for that.
static WOKEN: Notify = Notify::const_new();

/// Ends every wait of this process, for a lock or for the reader of a pipe.
pub fn end_waits() {
    ENDING.store(true, Ordering::Release);
    WOKEN.notify_waiters();
}

/// Whether waits are over.
pub fn is_ending() -> bool {
    ENDING.load(Ordering::Acquire)
}

/// Ends when this process is about to: for whoever waits for something that hears no signal, such as a command.
pub async fn ending() {
    // What is notified from here on is not missed.
    let woken = WOKEN.notified();
    if !is_ending() {
        woken.await;
    }
}
