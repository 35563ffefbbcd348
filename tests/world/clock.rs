//! Two clocks over tokio's paused one: 1C's, which runs, and this machine's, which people set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use sverka::engine::Clock;
use tokio::time::Instant;

/// Simferopol is three hours ahead of UTC, all year round.
const ZONE: TimeDelta = TimeDelta::hours(3);

/// The time of a world. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorldClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// 1C's time when the world began.
    began_at: NaiveDateTime,
    began: Instant,
    /// Seconds by which this machine's clock is ahead of 1C's.
    ahead: AtomicI64,
}

impl WorldClock {
    /// Begins to run at this moment of 1C's local time.
    pub fn at(began_at: NaiveDateTime) -> Self {
        Self(Arc::new(Inner { began_at, began: Instant::now(), ahead: AtomicI64::new(0) }))
    }

    /// Virtual time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.0.began.elapsed()
    }

    /// What 1C's clock on the wall shows.
    pub fn onec(&self) -> NaiveDateTime {
        let passed = TimeDelta::from_std(self.elapsed()).unwrap();
        let now = self.0.began_at + passed;
        now - TimeDelta::nanoseconds(now.and_utc().timestamp_subsec_nanos().into())
    }

    /// Sets this machine's clock ahead of 1C's by so many seconds, or behind it.
    pub fn set_ahead(&self, seconds: i64) {
        self.0.ahead.store(seconds, Ordering::Relaxed);
    }

    /// How far this machine's clock is ahead.
    pub fn ahead(&self) -> i64 {
        self.0.ahead.load(Ordering::Relaxed)
    }
}

impl Clock for WorldClock {
    fn now(&self) -> DateTime<Utc> {
        (self.onec() - ZONE + TimeDelta::seconds(self.ahead())).and_utc()
    }
}
