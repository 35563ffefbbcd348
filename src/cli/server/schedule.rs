//! Syncs by themselves: so long after the last one as `sync.every` says, whoever ran that.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::served::Served;
use super::syncs::Starter;
use crate::cli::clock::SystemClock;
use crate::cli::house::{SyncWish, WishedMode};
use crate::engine::{Clock, Status};

/// Runs until it is stopped; at once where nothing is to happen by itself.
pub(super) async fn run(served: Arc<Served>) {
    let Some(every) = served.session.engine.config().sync.every else { return };
    let mut ends = served.syncs.ends();
    let last = served.session.engine.status().await.ok().and_then(|status| last_try(&status));
    let mut at = next(last, every, SystemClock.now());
    loop {
        served.set_next_sync(Some(at));
        let pause = (at - SystemClock.now()).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(pause) => {
                served.set_next_sync(None);
                let wish = SyncWish { mode: WishedMode::Delta, ..SyncWish::default() };
                if let Ok((sync, _)) = served.syncs.start(wish, Starter::Schedule) {
                    sync.ended().await;
                }
                ends.borrow_and_update();
            }
            _ = ends.changed() => {}
        }
        at = next(Some(SystemClock.now()), every, SystemClock.now());
    }
}

/// When anybody last tried to sync.
fn last_try(status: &Status) -> Option<DateTime<Utc>> {
    let published = status.generation.as_ref().map(|generation| generation.synced_at);
    status.runs.first().map(|run| run.started_at).max(published)
}

/// When the next one is due: at once where there was none, and never later than a whole pause from now, whatever clocks
/// say.
fn next(last: Option<DateTime<Utc>>, every: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX / 4);
    let latest = now.checked_add_signed(every).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let due = last.and_then(|last| last.checked_add_signed(every)).unwrap_or(now);
    due.clamp(now, latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_sync_is_due_so_long_after_the_last() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("a moment");
        let next = |last: Option<i64>| next(last.map(at), Duration::from_secs(100), at(1_000)).timestamp();
        assert_eq!(next(None), 1_000, "nothing was ever synced");
        assert_eq!(next(Some(950)), 1_050);
        assert_eq!(next(Some(10)), 1_000, "it is overdue");
        assert_eq!(next(Some(1_000_000)), 1_100, "the clock was set back");
    }
}
