//! Signals that end the program in an orderly way.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::files::end_waits;

/// Whether the terminal went away.
static HUNG_UP: AtomicBool = AtomicBool::new(false);

/// Whether what ended this process was that its terminal went away.
pub(super) fn is_hung_up() -> bool {
    HUNG_UP.load(Ordering::Relaxed)
}

/// A token that is cancelled by the first SIGINT, SIGTERM, SIGHUP or SIGQUIT.
pub(super) fn interruption() -> io::Result<CancellationToken> {
    let token = CancellationToken::new();
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()] {
        let mut signals = signal(kind)?;
        let token = token.clone();
        tokio::spawn(async move {
            if signals.recv().await.is_some() {
                HUNG_UP.fetch_or(kind == SignalKind::hangup(), Ordering::Relaxed);
                end_waits();
                token.cancel();
            }
        });
    }
    Ok(token)
}

/// A file that reaches the limit of this process kills it, unless the signal is caught: then the write fails, and
/// the failure is told. (A reader that goes away is told as a failure already: SIGPIPE is ignored from the start.)
pub(super) fn outlive_file_limits() -> io::Result<()> {
    signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map(drop)
}
