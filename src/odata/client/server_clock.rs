//! The server's clock, as its replies tell it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// The last `Date` received, and when.
#[derive(Debug, Default)]
pub(super) struct ServerClock(Mutex<Option<(DateTime<Utc>, Instant)>>);

impl ServerClock {
    /// Notes the `Date` of a reply that came just now; one that cannot be read says nothing.
    pub(super) fn note(&self, date: Option<&str>) {
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date.trim()).ok());
        if let Some(date) = date {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date.to_utc(), Instant::now()));
        }
    }

    /// What it says now.
    pub(super) fn now(&self) -> Option<DateTime<Utc>> {
        let (date, received) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        date.checked_add_signed(TimeDelta::from_std(received.elapsed()).ok()?)
    }
}
