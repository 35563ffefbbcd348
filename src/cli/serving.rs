//! A command that serves until it is interrupted, as a service or at a terminal.

use std::io;

use tokio_util::sync::CancellationToken;

use super::console;
use crate::engine::ServiceManager;
use crate::text::Texts;

/// Serves until the interruption. Whoever runs this process as a service hears that it is ready, what it does, that it
/// lives, and that it stops.
pub(super) async fn until_interrupted(status: &str, interrupted: &CancellationToken, texts: Texts) {
    let manager = ServiceManager::of_process().unwrap_or_else(|error| {
        tell_untold(&error, texts);
        ServiceManager::default()
    });
    manager.ready(status).unwrap_or_else(|error| tell_untold(&error, texts));
    tokio::select! {
        () = interrupted.cancelled() => {}
        () = manager.beat() => {}
    }
    // Whoever asked for the end needs no telling of it.
    let _ = manager.stopping();
}

/// Without this word the service would be taken for one that does not start.
fn tell_untold(error: &io::Error, texts: Texts) {
    console::warn(&texts.with("service-untold", &[("why", texts.system(error.kind()).into())]));
}
