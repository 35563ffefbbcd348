//! Syncs by themselves: so long after the last one as `sync.every` says, whoever ran that.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::served::Served;
use super::syncs::Starter;
use crate::cli::clock::SystemClock;
use crate::cli::house::{SyncWish, WishedMode};
use crate::domain::quiet::QuietHours;
use crate::engine::{Clock, Status};

/// Runs until it is stopped; at once where nothing is to happen by itself.
pub(super) async fn run(served: Arc<Served>) {
    let Some(every) = served.session.engine.config().sync.every else { return };
    let mut ends = served.syncs.ends();
    let last = served.session.engine.status().await.ok().and_then(|status| last_try(&status));
    let quiet = Quiet::of(&served);
    let mut at = quiet.after(next(last, every, SystemClock.now()));
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
        at = quiet.after(next(Some(SystemClock.now()), every, SystemClock.now()));
    }
}

/// When nothing begins, and by how much what begins is put off.
struct Quiet {
    hours: Option<QuietHours>,
    zone: Tz,
    jitter: Duration,
}

impl Quiet {
    fn of(served: &Served) -> Self {
        let config = served.session.engine.config();
        Self { hours: config.sync.quiet, zone: config.onec.timezone, jitter: config.sync.jitter }
    }

    /// The moment itself, or a later one that is allowed.
    fn after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let at = at + part_of(self.jitter, RandomState::new().hash_one(at));
        let left = self.hours.map_or(Duration::ZERO, |hours| hours.left_from(at, self.zone));
        at + left
    }
}

/// A part of a span by a number: of any number, one as probable as another.
fn part_of(span: Duration, number: u64) -> Duration {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(number.checked_rem(millis.saturating_add(1)).unwrap_or_default())
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
    fn what_would_begin_in_quiet_hours_begins_at_their_end_by_the_clock_of_1c() {
        let hours = "23:00-06:00".parse().ok();
        let quiet = Quiet { hours, zone: chrono_tz::Europe::Moscow, jitter: Duration::ZERO };
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        for (due, begun) in [
            ("2026-11-30T19:59:59Z", "2026-11-30T19:59:59Z"),
            ("2026-11-30T20:00:00Z", "2026-12-01T03:00:00Z"),
            ("2026-12-01T02:59:59Z", "2026-12-01T03:00:00Z"),
            ("2026-12-01T03:00:00Z", "2026-12-01T03:00:00Z"),
        ] {
            assert_eq!(quiet.after(at(due)), at(begun), "{due}");
        }
        let jittery = Quiet { hours: None, jitter: Duration::from_secs(60), ..quiet };
        let due = at("2026-11-30T12:00:00Z");
        for _ in 0..50 {
            assert!((due..=due + jittery.jitter).contains(&jittery.after(due)));
        }
        assert_eq!([0, 60_000, 60_001].map(|it| part_of(jittery.jitter, it).as_millis()), [0, 60_000, 0]);
    }

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
