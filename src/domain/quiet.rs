//! Hours in which nothing begins by itself.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::period::local_time;

/// How a time of day is written.
const TIME: &str = "%H:%M";

/// Hours of every day, over midnight where they end before they begin: the first moment inside, the end outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: NaiveTime,
    to: NaiveTime,
}

/// Not written as `23:00-06:00`, or without any time between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHours;

impl FromStr for QuietHours {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let (from, to) = text.split_once(['-', '–']).ok_or(NoHours)?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), TIME).map_err(|_| NoHours);
        let (from, to) = (time(from)?, time(to)?);
        if from == to { Err(NoHours) } else { Ok(Self { from, to }) }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format(TIME), self.to.format(TIME))
    }
}

impl QuietHours {
    /// How long it stays quiet from this moment on, by the clock of a zone.
    pub fn left_from(&self, moment: DateTime<Utc>, zone: Tz) -> Duration {
        self.left(local_time(moment, zone).time())
    }

    /// How long it stays quiet from this time of day on: nothing outside of the hours.
    pub fn left(&self, at: NaiveTime) -> Duration {
        let is_inside = if self.from < self.to {
            (self.from..self.to).contains(&at)
        } else {
            at >= self.from || at < self.to
        };
        // A difference of times of day is that of one day: one over midnight lacks a day.
        let left = self.to.signed_duration_since(at);
        let left = if left < chrono::TimeDelta::zero() { left + chrono::TimeDelta::days(1) } else { left };
        if is_inside { left.to_std().unwrap_or_default() } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hours: u32, minutes: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hours, minutes, 0).expect("a time of day")
    }

    #[test]
    fn hours_are_read_as_they_are_written() {
        for text in ["23:00-06:00", "00:00-05:30"] {
            assert_eq!(text.parse().map(|hours: QuietHours| hours.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(" 23:00 – 06:00 ".parse::<QuietHours>(), "23:00-06:00".parse());
        for wrong in ["", "23:00", "23-06", "24:00-06:00", "06:00-06:00", "23:00-06:00-07:00", "a-b"] {
            assert_eq!(wrong.parse::<QuietHours>(), Err(NoHours), "{wrong}");
        }
    }

    #[test]
    fn they_last_over_midnight() {
        let hours: QuietHours = "23:00-06:00".parse().expect("hours");
        for (time, minutes) in [
            (at(22, 59), 0),
            (at(23, 0), 420),
            (at(0, 0), 360),
            (at(5, 59), 1),
            (at(6, 0), 0),
            (at(12, 0), 0),
        ] {
            assert_eq!(hours.left(time), Duration::from_secs(minutes * 60), "{time}");
        }
    }

    #[test]
    fn hours_of_one_day_are_of_that_day() {
        let hours: QuietHours = "12:00-14:00".parse().expect("hours");
        for (time, minutes) in
            [(at(11, 59), 0), (at(12, 0), 120), (at(13, 59), 1), (at(14, 0), 0), (at(23, 0), 0)]
        {
            assert_eq!(hours.left(time), Duration::from_secs(minutes * 60), "{time}");
        }
    }

    proptest! {
        #[test]
        fn when_they_are_over_they_are_over(from in 0u32..1440, long in 1u32..1440, now in 0u32..86_400) {
            let of = |minutes: u32| at(minutes / 60 % 24, minutes % 60);
            let hours = QuietHours { from: of(from), to: of((from + long) % 1440) };
            let now = NaiveTime::from_num_seconds_from_midnight_opt(now, 0).expect("a time of day");
            let end = now.overflowing_add_signed(chrono::TimeDelta::from_std(hours.left(now)).expect("short")).0;
            prop_assert_eq!(hours.left(end), Duration::ZERO);
        }
    }
}
