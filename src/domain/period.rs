//! Local time of the infobase and the window of purchases.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// A moment as 1C writes it: local wall time of the infobase, without a zone. Kept and compared as such.
pub type LocalTime = NaiveDateTime;

/// The purchases to keep: the last `days` days, from 00:00 of the first one, without an upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Length in days; 0 means all history.
    pub days: u32,
    /// First moment kept; `None` for all history.
    pub from: Option<LocalTime>,
}

impl Window {
    /// The window that holds on `today`, a date in the infobase's zone.
    pub fn ending(today: NaiveDate, days: u32) -> Self {
        todo!("{today} {days}")
    }

    /// Whether a movement of this period is kept.
    pub fn contains(&self, period: LocalTime) -> bool {
        self.from.is_none_or(|from| period >= from)
    }
}

/// What the infobase's clock on the wall shows at `now`.
pub fn local_time(now: DateTime<Utc>, zone: Tz) -> LocalTime {
    now.with_timezone(&zone).naive_local()
}

/// A half-open stretch of periods, `from` included, `to` excluded; an absent end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First moment inside.
    pub from: Option<LocalTime>,
    /// First moment after it.
    pub to: Option<LocalTime>,
}

/// 1C's empty date means "no date".
pub fn is_empty_date(time: LocalTime) -> bool {
    time <= NaiveDate::from_ymd_opt(1, 1, 1).map_or(LocalTime::MIN, Into::into) + TimeDelta::days(1)
}
