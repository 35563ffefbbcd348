//! The server's clock, as its replies tell it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// So long a `Date` counts beside later ones. A clock that was put right since shows its new time.
const KEPT: Duration = Duration::from_secs(600);

/// A `Date` received, and when.
type ReceivedDate = (DateTime<Utc>, Instant);

/// What the replies of the last minutes tell at most: one out of a cache is old, and none is of the future.
#[derive(Debug, Default)]
pub(super) struct ServerClock(Mutex<Option<ReceivedDate>>);

impl ServerClock {
    /// Notes the `Date` of a reply that came just now; one that cannot be read says nothing. A cache that kept
    /// the reply says for how many seconds.
    pub(super) fn note(&self, date: Option<&str>, age: Option<&str>) {
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date.trim()).ok());
        let cached = age.and_then(|age| age.trim().parse().ok()).and_then(TimeDelta::try_seconds);
        let told = date.and_then(|date| date.to_utc().checked_add_signed(cached.unwrap_or_default()));
        if let Some(told) = told {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let earlier = known.filter(|(_, received)| received.elapsed() < KEPT).and_then(now);
            if earlier.is_none_or(|earlier| told >= earlier) {
                *known = Some((told, Instant::now()));
            }
        }
    }

    /// What it says now.
    pub(super) fn now(&self) -> Option<DateTime<Utc>> {
        (*self.0.lock().unwrap_or_else(PoisonError::into_inner)).and_then(now)
    }
}

fn now((date, received): ReceivedDate) -> Option<DateTime<Utc>> {
    date.checked_add_signed(TimeDelta::from_std(received.elapsed()).ok()?)
}
