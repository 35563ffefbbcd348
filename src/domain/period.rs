//! Local time of the infobase and the window of purchases.

use std::time::Duration;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The first day of 1C's calendar, whose midnight is its empty date.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("the calendar begins with this day");

/// A moment as 1C writes it: local wall time of the infobase, without a zone. Kept and compared as such.
pub type LocalTime = NaiveDateTime;

/// The purchases to keep: the last `days` days, from 00:00 of the first one, without an upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Length in days; 0 means all history.
    pub days: u32,
    /// First moment kept; `None` for all history.
    pub from: Option<LocalTime>,
}

impl Window {
    /// The window that holds on `today`, a date in the infobase's zone.
    ///
    /// Reckoned in dates, never through UTC: midnight is midnight on the wall, whatever the clocks did since.
    /// A window longer than 1C's calendar begins with that calendar.
    pub fn ending(today: NaiveDate, days: u32) -> Self {
        let first = today.checked_sub_days(Days::new(days.into())).unwrap_or(FIRST_DAY).max(FIRST_DAY);
        Self { days, from: (days > 0).then(|| first.into()) }
    }

    /// The stretch of periods it is.
    pub fn span(&self) -> Span {
        Span { from: self.from, to: None }
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

impl Span {
    /// All periods.
    pub const ALL: Self = Self { from: None, to: None };

    /// From one moment until just before another.
    pub fn between(from: LocalTime, to: LocalTime) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// From a moment on, without an end.
    pub fn since(from: LocalTime) -> Self {
        Self { from: Some(from), to: None }
    }

    /// All that lies before a moment.
    pub fn before(to: LocalTime) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// Whether a period lies inside.
    pub fn contains(&self, period: LocalTime) -> bool {
        self.from.is_none_or(|from| period >= from) && self.to.is_none_or(|to| period < to)
    }

    /// Both halves, cut at a whole second; `None` for an open span and for one of a single second or less.
    pub fn halves(&self) -> Option<(Self, Self)> {
        let (from, to) = (self.from?, self.to?);
        let half = (to - from).num_seconds() / 2;
        let middle = from + TimeDelta::try_seconds(half).filter(|half| *half > TimeDelta::zero())?;
        Some((Self::between(from, middle), Self::between(middle, to)))
    }

    /// Consecutive pieces, equal to a second, that together are exactly this span.
    ///
    /// A span of fewer seconds than `pieces` is cut into its seconds; an open one stays whole; an empty one
    /// has no pieces.
    pub fn pieces(&self, pieces: u32) -> Vec<Self> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return vec![*self] };
        if from >= to {
            return Vec::new();
        }
        let seconds = (to - from).num_seconds();
        let pieces = i64::from(pieces).min(seconds).max(1);
        // In two parts, because seconds × pieces may not fit: the whole share, and what is left spread evenly.
        let (share, left) = (seconds / pieces, seconds % pieces);
        let cut = |piece: i64| from + TimeDelta::seconds(share * piece + left * piece / pieces);
        let end = |piece: i64| if piece == pieces { to } else { cut(piece) };
        (0..pieces).map(|piece| Self::between(cut(piece), end(piece + 1))).collect()
    }
}

/// A text that is no date as 1C writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a date of the form YYYY-MM-DDThh:mm:ss")]
pub struct DateError;

/// Whether a period lies in any of these.
pub fn lies_in(spans: &[Span], period: LocalTime) -> bool {
    spans.iter().any(|span| span.contains(period))
}

/// A moment without what its second has begun.
pub fn whole_second(moment: LocalTime) -> LocalTime {
    moment.with_nanosecond(0).unwrap_or(moment)
}

/// 1C's empty date, any moment of `0001-01-01`, means "no date".
pub fn is_empty_date(time: LocalTime) -> bool {
    time.date() <= FIRST_DAY
}

/// Reads a date as 1C writes it, `2025-03-01T14:05:09`; nothing where it is empty.
///
/// 1. 1C counts whole seconds: a fraction of one is read over.
/// 2. 1C's dates have no zone. Where something between put an offset behind, `+03:00`, the time before it is still
///    the infobase's own: an offset says where it is that time. A `Z` is put behind such times by programs that
///    know no zone, and says nothing either; 1C's own sums by period would show a day that it moved.
/// 3. The empty date and the empty text are no date.
/// 4. A space may stand for the `T`.
pub fn parse_local(text: &str) -> Result<Option<LocalTime>, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let time = written_time(text).ok_or(DateError)?;
    Ok(Some(time).filter(|time| !is_empty_date(*time)))
}

fn written_time(text: &str) -> Option<LocalTime> {
    let (moment, rest) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b' ', h1, h2, b':', n1, n2, b':', s1, s2] =
        moment.as_bytes()
    else {
        return None;
    };
    let year = i32::try_from(decimal([y1, y2, y3, y4])?).ok().filter(|year| *year > 0)?;
    let date = NaiveDate::from_ymd_opt(year, decimal([m1, m2])?, decimal([d1, d2])?)?;
    let time = NaiveTime::from_hms_opt(decimal([h1, h2])?, decimal([n1, n2])?, decimal([s1, s2])?)?;
    is_idle_ending(rest).then(|| date.and_time(time))
}

fn decimal<const N: usize>(digits: [&u8; N]) -> Option<u32> {
    digits
        .into_iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// What may follow the seconds: a fraction, then a `Z` or an offset.
fn is_idle_ending(text: &str) -> bool {
    let text = text.strip_suffix('Z').or_else(|| without_offset(text)).unwrap_or(text);
    let is_fraction = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.is_empty() || text.strip_prefix('.').is_some_and(is_fraction)
}

/// What stands before an offset that some place on earth has.
fn without_offset(text: &str) -> Option<&str> {
    let (before, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    let [_, h1, h2, b':', m1, m2] = offset.as_bytes() else { return None };
    (decimal([h1, h2])? <= LARGEST_OFFSET_HOURS && decimal([m1, m2])? < 60).then_some(before)
}

/// Clocks that are further apart cannot both be right; less is a slow network, or nobody's fault.
const LARGEST_SKEW: TimeDelta = TimeDelta::minutes(10);

/// A server's clock that is further off than this is not believed: a wrong zone makes hours, not days.
const LARGEST_BELIEVED_SKEW: TimeDelta = TimeDelta::days(1);

/// No 1C has told its rows over this interface before: a clock that shows an earlier time was never set.
const FIRST_BELIEVED_YEAR: i32 = 2013;

/// Kiritimati is so many hours ahead of Greenwich.
const LARGEST_OFFSET_HOURS: u32 = 14;

/// A moment of the past that seems to lie ahead by no more is a clock that was put right.
const LARGEST_CORRECTION: TimeDelta = TimeDelta::minutes(1);

/// Whether two clocks that were read at once are so far apart that one of them is wrong.
pub fn clocks_differ(ours: DateTime<Utc>, theirs: DateTime<Utc>) -> bool {
    (ours - theirs).abs() > LARGEST_SKEW
}

/// The moment a sync goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reckoning {
    /// By this machine's clock.
    Ours,
    /// By the server's: its rows go by it.
    Servers(DateTime<Utc>),
    /// By the earlier of two clocks of which one is wrong by days: a window that begins too early keeps more rows
    /// than it has to, one that begins too late loses some. What hangs on the moment itself is unproven.
    Earlier(DateTime<Utc>),
}

/// Decides between two clocks that were read at once.
pub fn reckoning(ours: DateTime<Utc>, server: Option<DateTime<Utc>>) -> Reckoning {
    match server.filter(|server| server.year() >= FIRST_BELIEVED_YEAR && clocks_differ(ours, *server)) {
        None => Reckoning::Ours,
        Some(server) if (ours - server).abs() <= LARGEST_BELIEVED_SKEW => Reckoning::Servers(server),
        Some(server) => Reckoning::Earlier(server.min(ours)),
    }
}

/// How old something is; `None` where it lies ahead, so that one of the clocks is wrong and nobody can tell.
pub fn age(now: DateTime<Utc>, moment: DateTime<Utc>) -> Option<Duration> {
    let age = now - moment;
    (age >= -LARGEST_CORRECTION).then(|| age.to_std().unwrap_or_default())
}

/// Writes a date as 1C does: `2025-03-01T14:05:09`.
pub fn format_local(time: LocalTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Timelike};
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> LocalTime {
        parse_local(text).unwrap().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_begins_at_midnight_so_many_days_ago() {
        for (today, days, from) in [
            ("2026-02-04", 365, "2025-02-04T00:00:00"),
            ("2025-03-01", 365, "2024-03-01T00:00:00"),
            ("2024-03-01", 366, "2023-03-01T00:00:00"),
            ("2024-03-01", 1, "2024-02-29T00:00:00"),
            ("2014-10-27", 2, "2014-10-25T00:00:00"),
            ("2026-01-01", 1, "2025-12-31T00:00:00"),
        ] {
            let window = Window::ending(date(today), days);
            assert_eq!((window.days, window.from), (days, Some(time(from))), "{days} days to {today}");
        }
    }

    #[test]
    fn no_days_are_all_history() {
        let window = Window::ending(date("2026-02-04"), 0);
        assert_eq!(window.from, None);
        assert!(window.contains(LocalTime::MIN) && window.contains(LocalTime::MAX));
    }

    #[test]
    fn a_window_longer_than_the_calendar_begins_with_it() {
        let first = date("0001-01-01").into();
        for days in [739_651, 1_000_000, u32::MAX] {
            assert_eq!(Window::ending(date("2026-02-04"), days).from, Some(first), "{days}");
        }
        assert_eq!(Window::ending(NaiveDate::MIN, 7).from, Some(first));
    }

    #[test]
    fn a_window_has_no_upper_end_and_holds_its_first_second() {
        let window = Window::ending(date("2026-02-04"), 365);
        assert!(window.contains(time("2025-02-04T00:00:00")));
        assert!(!window.contains(time("2025-02-03T23:59:59")));
        assert!(window.contains(time("9999-12-31T23:59:59")));
    }

    #[test]
    fn a_stretch_holds_its_first_moment_and_not_its_last() {
        let (from, to) = (time("2026-01-01T00:00:00"), time("2026-02-01T00:00:00"));
        let (before, last) = (time("2025-12-31T23:59:59"), time("2026-01-31T23:59:59"));
        for (span, expected) in [
            (Span::between(from, to), [false, true, true, false]),
            (Span::since(from), [false, true, true, true]),
            (Span::before(to), [true, true, true, false]),
            (Span::ALL, [true; 4]),
        ] {
            assert_eq!([before, from, last, to].map(|moment| span.contains(moment)), expected, "{span:?}");
        }
    }

    #[test]
    fn clocks_ten_minutes_apart_agree_and_a_second_more_is_told_whichever_is_ahead() {
        let noon = utc("2026-02-04T12:00:00Z");
        for (other, expected) in [
            ("2026-02-04T12:10:00Z", false),
            ("2026-02-04T11:50:00Z", false),
            ("2026-02-04T12:10:01Z", true),
            ("2026-02-04T11:49:59Z", true),
        ] {
            assert_eq!(clocks_differ(noon, utc(other)), expected, "{other}");
        }
    }

    #[test]
    fn a_server_is_believed_within_a_day_and_beyond_it_the_earlier_clock() {
        let ours = utc("2026-02-04T12:00:00Z");
        for (server, expected) in [
            (None, Reckoning::Ours),
            (Some("2026-02-04T12:10:00Z"), Reckoning::Ours),
            (Some("2026-02-05T12:00:00Z"), Reckoning::Servers(utc("2026-02-05T12:00:00Z"))),
            (Some("2026-02-03T12:00:00Z"), Reckoning::Servers(utc("2026-02-03T12:00:00Z"))),
            (Some("2026-02-05T12:00:01Z"), Reckoning::Earlier(ours)),
            (Some("2026-02-03T11:59:59Z"), Reckoning::Earlier(utc("2026-02-03T11:59:59Z"))),
            (Some("2013-01-01T00:00:00Z"), Reckoning::Earlier(utc("2013-01-01T00:00:00Z"))),
            (Some("2012-12-31T23:59:59Z"), Reckoning::Ours),
            (Some("9999-12-31T23:59:59Z"), Reckoning::Earlier(ours)),
        ] {
            assert_eq!(reckoning(ours, server.map(utc)), expected, "{server:?}");
        }
    }

    #[test]
    fn what_lies_ahead_has_no_age() {
        let now = utc("2026-02-04T12:00:00Z");
        for (moment, expected) in [
            ("2026-02-04T11:59:00Z", Some(60)),
            ("2026-02-04T12:00:00Z", Some(0)),
            ("2026-02-04T12:01:00Z", Some(0)),
            ("2026-02-04T12:01:01Z", None),
            ("2099-02-04T12:00:00Z", None),
        ] {
            assert_eq!(age(now, utc(moment)), expected.map(Duration::from_secs), "{moment}");
        }
    }

    #[test]
    fn z1_the_clock_on_the_wall_follows_the_zone() {
        for (zone, now, shown) in [
            (chrono_tz::Europe::Berlin, "2025-03-30T00:59:59Z", "2025-03-30T01:59:59"),
            (chrono_tz::Europe::Berlin, "2025-03-30T01:00:00Z", "2025-03-30T03:00:00"),
            (chrono_tz::Europe::Berlin, "2025-10-26T00:30:00Z", "2025-10-26T02:30:00"),
            (chrono_tz::Europe::Berlin, "2025-10-26T01:30:00Z", "2025-10-26T02:30:00"),
            (chrono_tz::Europe::Simferopol, "2014-03-29T23:59:59Z", "2014-03-30T01:59:59"),
            (chrono_tz::Europe::Simferopol, "2014-03-30T00:00:00Z", "2014-03-30T04:00:00"),
            (chrono_tz::Europe::Simferopol, "2014-10-25T22:00:00Z", "2014-10-26T01:00:00"),
            (chrono_tz::Europe::Simferopol, "2026-02-04T21:30:00Z", "2026-02-05T00:30:00"),
            (chrono_tz::Pacific::Apia, "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"),
            (chrono_tz::America::Havana, "2025-03-09T05:00:00Z", "2025-03-09T01:00:00"),
        ] {
            assert_eq!(local_time(utc(now), zone), time(shown), "{now} in {zone}");
        }
    }

    #[test]
    fn z2_the_window_begins_at_midnight_of_the_wall_in_every_zone() {
        let noon = utc("1990-01-01T12:00:00Z");
        for zone in TZ_VARIANTS {
            for day in (0..18_628).step_by(37) {
                let now = noon + TimeDelta::days(day);
                let today = local_time(now, zone).date();
                assert!((today - now.date_naive()).num_days().abs() <= 1, "{now} in {zone}");
                let from = Window::ending(today, 365).from.unwrap();
                assert_eq!((from.num_seconds_from_midnight(), (today - from.date()).num_days()), (0, 365));
            }
        }
    }

    #[test]
    fn z2_a_midnight_that_the_clocks_left_out_is_a_window_start_like_any_other() {
        let zone = chrono_tz::America::Havana;
        let midnight = time("2025-03-09T00:00:00");
        assert!(zone.from_local_datetime(&midnight).single().is_none(), "the case needs a gap");
        assert_eq!(Window::ending(date("2025-03-10"), 1).from, Some(midnight));
    }

    #[test]
    fn z4_a_date_of_1c_is_read_as_written() {
        for (text, expected) in [
            ("2025-03-01T14:05:09", "2025-03-01T14:05:09"),
            ("2024-02-29T00:00:00", "2024-02-29T00:00:00"),
            ("9999-12-31T23:59:59", "9999-12-31T23:59:59"),
            ("0001-01-02T00:00:00", "0001-01-02T00:00:00"),
            ("2025-03-01T14:05:09.9999999", "2025-03-01T14:05:09"),
            ("2025-03-01T14:05:09Z", "2025-03-01T14:05:09"),
            (" 2025-03-01T14:05:09.5Z ", "2025-03-01T14:05:09"),
            ("2025-03-01 14:05:09", "2025-03-01T14:05:09"),
            ("2025-03-01T14:05:09+03:00", "2025-03-01T14:05:09"),
            ("2025-03-01T14:05:09-11:30", "2025-03-01T14:05:09"),
            ("2025-03-01T23:59:59.250+14:00", "2025-03-01T23:59:59"),
            ("2025-03-01 00:00:00+00:00", "2025-03-01T00:00:00"),
        ] {
            let read = parse_local(text).unwrap().unwrap();
            assert_eq!(format_local(read), expected, "{text}");
        }
    }

    #[test]
    fn z4_an_empty_date_is_none() {
        for text in ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0001-01-01T23:59:59", "", "  "] {
            assert_eq!(parse_local(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn z4_what_is_no_date_of_1c_is_refused() {
        for text in [
            "2025-02-29T00:00:00",
            "2025-03-01T24:00:00",
            "2025-03-01T14:60:00",
            "2025-03-01T14:05:60",
            "2025-13-01T00:00:00",
            "0000-01-01T00:00:00",
            "2025-03-01",
            "2025-03-01  14:05:09",
            "2025-03-01\t14:05:09",
            "2025-03-01\u{a0}14:05:09",
            "2025-03-01t14:05:09",
            "2025-03-01T14:05",
            "2025-03-01T14:05+03:00",
            "2025-03-01T14:05:09+3:00",
            "2025-03-01T14:05:09+03",
            "2025-03-01T14:05:09+15:00",
            "2025-03-01T14:05:09+03:60",
            "2025-03-01T14:05:09Z+03:00",
            "2025-03-01T14:05:09+03:00Z",
            "2025-03-01T14:05:09.+03:00",
            "2025-03-01T14:05:09 +03:00",
            "2025-03-01T14:05:09+03:00+03:00",
            "2025-03-01T14:05:09 MSK",
            "2025-03-01T14:05:09.",
            "2025-03-01T14:05:09.5z",
            "+025-03-01T14:05:09",
            "01.03.2025 14:05:09",
            "2025-03-01T14:05:0٩",
            "datetime'2025-03-01T14:05:09'",
        ] {
            assert_eq!(parse_local(text), Err(DateError), "{text}");
        }
    }

    #[test]
    fn a_single_second_has_no_halves() {
        let start = time("2025-03-01T00:00:00");
        let of = |seconds| Span::between(start, start + TimeDelta::seconds(seconds)).halves();
        assert_eq!((of(0), of(1), of(-5)), (None, None, None));
        let (first, second) = of(3).unwrap();
        assert_eq!(first, Span::between(start, start + TimeDelta::seconds(1)));
        assert_eq!(second, Span::between(start + TimeDelta::seconds(1), start + TimeDelta::seconds(3)));
        assert_eq!(Span::since(start).halves(), None);
        assert_eq!(Span::before(start).halves(), None);
    }

    #[test]
    fn an_open_span_stays_whole_and_an_empty_one_has_no_pieces() {
        let start = time("2025-03-01T00:00:00");
        assert_eq!(Span::ALL.pieces(12), [Span::ALL]);
        assert_eq!(Span::since(start).pieces(12), [Span::since(start)]);
        assert_eq!(Span::between(start, start).pieces(12), []);
        assert_eq!(Span::between(start, start + TimeDelta::seconds(3)).pieces(12).len(), 3);
        let calendar = Span::between(LocalTime::MIN, LocalTime::MAX);
        assert_eq!(calendar.pieces(0), [calendar]);
    }

    /// Seconds since the year 1 that 1C's calendar has.
    fn any_time() -> impl Strategy<Value = LocalTime> {
        (0..315_537_897_600_i64).prop_map(|second| LocalTime::from(FIRST_DAY) + TimeDelta::seconds(second))
    }

    /// A span of at least so many seconds.
    fn any_span(least: i64) -> impl Strategy<Value = Span> {
        let length = prop_oneof![least..least + 10, least..10_000_000_000_i64];
        (any_time(), length).prop_map(|(from, length)| Span::between(from, from + TimeDelta::seconds(length)))
    }

    /// The span's own laws: consecutive, none empty, from its beginning to its end.
    fn make_up(pieces: &[Span], whole: Span) -> bool {
        pieces.first().is_some_and(|first| first.from == whole.from)
            && pieces.last().is_some_and(|last| last.to == whole.to)
            && pieces.windows(2).all(|pair| pair[0].to == pair[1].from)
            && pieces.iter().all(|piece| piece.from < piece.to)
    }

    proptest! {
        #[test]
        fn pieces_are_consecutive_equal_and_exactly_the_span(
            span in any_span(1), pieces in 0_u32..400, probe in any_time(),
        ) {
            let (from, to) = (span.from.unwrap(), span.to.unwrap());
            let cut = span.pieces(pieces);
            prop_assert!(make_up(&cut, span));
            prop_assert_eq!(i64::try_from(cut.len()).unwrap(), i64::from(pieces.max(1)).min((to - from).num_seconds()));
            let lengths = cut.iter().map(|piece| (piece.to.unwrap() - piece.from.unwrap()).num_seconds());
            let (least, most) = (lengths.clone().min().unwrap(), lengths.max().unwrap());
            prop_assert!(most - least <= 1);
            prop_assert_eq!(cut.iter().filter(|piece| piece.contains(probe)).count(), usize::from(span.contains(probe)));
        }

        #[test]
        fn halves_are_the_span_and_differ_by_a_second_at_most(span in any_span(2)) {
            let (first, second) = span.halves().unwrap();
            prop_assert!(make_up(&[first, second], span));
            let length = |span: Span| (span.to.unwrap() - span.from.unwrap()).num_seconds();
            prop_assert!((0..=1).contains(&(length(second) - length(first))));
        }

        #[test]
        fn what_is_written_is_read_back(time in any_time(), hours in 0_u32..15, minutes in 0_u32..60, is_east: bool) {
            prop_assume!(!is_empty_date(time));
            prop_assert_eq!(parse_local(&format_local(time)), Ok(Some(time)));
            let offset = format!("{}{hours:02}:{minutes:02}", if is_east { '+' } else { '-' });
            let written = time.format("%Y-%m-%d %H:%M:%S%.f").to_string() + &offset;
            prop_assert_eq!(parse_local(&written), Ok(Some(time)), "{}", written);
        }

        #[test]
        fn a_window_of_any_length_begins_within_the_calendar(today in any_time(), days: u32) {
            let from = Window::ending(today.date(), days).from;
            prop_assert_eq!(from.is_none(), days == 0);
            prop_assert!(from.is_none_or(|from| from.year() >= 1 && from <= today));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[-+0-9T:.Z ]{0,28}|\\PC{0,25}") {
            let _ = parse_local(&text);
        }
    }
}
