//! An engine that a terminal started ends when nobody needs it any more.

use std::time::Duration;

use tokio::time::timeout;

use super::served::Served;

/// How long whoever started it may take to attach.
const FIRST: Duration = Duration::from_secs(10);

/// Waits until nobody needs the engine, and nobody has for so long.
pub(super) async fn unneeded(served: &Served, linger: Duration) {
    let mut stirs = served.hub.stirs();
    let mut pause = linger.max(FIRST);
    loop {
        stirs.borrow_and_update();
        if is_needed(served) {
            pause = linger;
            let _ = stirs.changed().await;
        } else if timeout(pause, stirs.changed()).await.is_err() {
            return;
        }
    }
}

/// Waits until nothing runs.
pub(super) async fn at_rest(served: &Served) {
    let mut stirs = served.hub.stirs();
    while is_at_work(served) {
        let _ = stirs.changed().await;
    }
}

fn is_needed(served: &Served) -> bool {
    let is_scheduled = served.session.engine.config().sync.every.is_some();
    is_scheduled || !served.hub.viewers().is_empty() || is_at_work(served)
}

fn is_at_work(served: &Served) -> bool {
    served.syncs.are_under_way() || served.reconciliations.is_running()
}
