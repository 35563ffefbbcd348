//! Into which stretches of periods a register's proof is divided, and which of them it is this sync's turn
//! to confirm.
//!
//! Sums over a whole window stay equal while rows move inside it: the evening's shift close is such a move.
//! Sums over its months do not.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use crate::domain::{LocalTime, Span};

/// The last so many days are confirmed by every sync, with the future: there most of the changes are.
const FRESH_DAYS: i64 = 35;

/// The syncs within which every stretch is confirmed once.
const ROUND: usize = 7;

/// Older stretches confirmed by every sync, should there be as many: a year's window is confirmed whole.
const AT_LEAST: usize = 12;

/// Calendar months from `from` on, then everything from tomorrow on. Where all history is kept, they begin with the
/// month of `oldest`, and all before it is a stretch of its own: into it a row may have moved. Together they are
/// exactly the window.
pub(super) fn months(from: Option<LocalTime>, oldest: Option<LocalTime>, now: LocalTime) -> Vec<Span> {
    let tomorrow = tomorrow(now);
    let mut spans = Vec::new();
    let mut start = from;
    let mut edge = match from {
        Some(from) => next_month(from),
        None => oldest.and_then(start_of_month),
    };
    while let Some(end) = edge.filter(|edge| *edge < tomorrow) {
        spans.push(Span { from: start, to: Some(end) });
        start = Some(end);
        edge = next_month(end);
    }
    if start.is_none_or(|start| start < tomorrow) {
        spans.push(Span { from: start, to: Some(tomorrow) });
        start = Some(tomorrow);
    }
    spans.push(Span { from: start, to: None });
    spans
}

/// Where what is to come begins.
pub(super) fn tomorrow(now: LocalTime) -> LocalTime {
    LocalTime::from(now.date().checked_add_days(Days::new(1)).unwrap_or(now.date()))
}

/// The stretches that the sync after generation `generation` confirms: what is fresh, what was `taken` over
/// from an earlier attempt, and of the rest so many, in turn, that each is confirmed by every seventh sync at
/// the latest.
pub(super) fn due(stretches: &[Span], taken: &[Span], now: LocalTime, generation: u64) -> Vec<Span> {
    let fresh = now - TimeDelta::days(FRESH_DAYS);
    let is_due = |span: &&Span| {
        span.to.is_none_or(|to| to > fresh) || taken.iter().any(|taken| overlap(**span, *taken))
    };
    let (due, rest): (Vec<Span>, Vec<Span>) = stretches.iter().partition(is_due);
    let share = rest.len().div_ceil(ROUND).max(rest.len().min(AT_LEAST));
    let turn = usize::try_from(generation % (rest.len().max(1) as u64)).unwrap_or_default();
    let start = (turn * share).checked_rem(rest.len()).unwrap_or_default();
    rest.iter().cycle().skip(start).take(share).copied().chain(due).collect()
}

/// Whether a moment lies in both.
pub(super) fn overlap(one: Span, other: Span) -> bool {
    let begins_before_end = |one: Span, other: Span| match (one.from, other.to) {
        (Some(from), Some(to)) => from < to,
        _ => true,
    };
    begins_before_end(one, other) && begins_before_end(other, one)
}

/// Both halves of a stretch longer than a day, divided at a midnight.
pub(super) fn halves(span: Span) -> Option<[Span; 2]> {
    let (from, to) = (span.from?, span.to?);
    let days = (to.date() - from.date()).num_days();
    let middle = LocalTime::from(from.date() + TimeDelta::days((days + 1) / 2));
    (days > 1).then(|| [Span::between(from, middle), Span::between(middle, to)])
}

pub(super) fn start_of_month(moment: LocalTime) -> Option<LocalTime> {
    NaiveDate::from_ymd_opt(moment.year(), moment.month(), 1).map(LocalTime::from)
}

fn next_month(moment: LocalTime) -> Option<LocalTime> {
    let (year, month) = (moment.year(), moment.month());
    let (year, month) = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).map(LocalTime::from)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::period::parse_local;

    fn time(text: &str) -> LocalTime {
        parse_local(text).unwrap().unwrap()
    }

    fn any_time() -> impl Strategy<Value = LocalTime> {
        // From 1990 to 2060.
        (631_152_000_i64..2_840_140_800)
            .prop_map(|second| chrono::DateTime::from_timestamp(second, 0).unwrap().naive_utc())
    }

    #[test]
    fn a_window_is_divided_at_calendar_months_and_at_tomorrow() {
        let spans = months(Some(time("2025-12-20T00:00:00")), None, time("2026-02-04T15:30:00"));
        let edges =
            ["2025-12-20T00:00:00", "2026-01-01T00:00:00", "2026-02-01T00:00:00", "2026-02-05T00:00:00"]
                .map(time);
        assert_eq!(
            spans,
            [
                Span::between(edges[0], edges[1]),
                Span::between(edges[1], edges[2]),
                Span::between(edges[2], edges[3]),
                Span::since(edges[3]),
            ]
        );
    }

    #[test]
    fn all_history_begins_open() {
        let spans = months(None, Some(time("2026-01-15T10:00:00")), time("2026-02-04T15:30:00"));
        assert_eq!(spans.first(), Some(&Span::before(time("2026-01-01T00:00:00"))), "nothing is staged here");
        assert_eq!(spans.len(), 4);
        let nothing = months(None, None, time("2026-02-04T15:30:00"));
        assert_eq!(
            nothing,
            [Span::before(time("2026-02-05T00:00:00")), Span::since(time("2026-02-05T00:00:00"))]
        );
    }

    #[test]
    fn the_year_that_is_usual_is_confirmed_whole_by_every_sync() {
        let now = time("2026-02-04T15:30:00");
        let year = months(Some(time("2025-02-04T00:00:00")), None, now);
        for generation in 0..20 {
            assert_eq!(due(&year, &[], now, generation).len(), year.len());
        }
    }

    #[test]
    fn what_was_taken_over_is_confirmed_whatever_its_turn() {
        let now = time("2026-02-04T15:30:00");
        let decades = months(None, Some(time("1996-02-04T00:00:00")), now);
        let taken = Span::between(time("2001-03-05T00:00:00"), time("2001-05-01T00:00:00"));
        for generation in 0..20 {
            let due = due(&decades, &[taken], now, generation);
            let is_confirmed = |day: &str| due.iter().any(|span| span.contains(time(day)));
            assert!(is_confirmed("2001-03-06T00:00:00") && is_confirmed("2001-04-30T00:00:00"));
            assert!(due.len() < decades.len() / 4, "{}", due.len());
        }
    }

    #[test]
    fn a_stretch_that_ended_when_the_last_days_began_waits_for_its_turn() {
        let fresh = time("2026-02-01T00:00:00");
        let now = fresh + TimeDelta::days(FRESH_DAYS);
        let decades = months(None, Some(time("1996-02-04T00:00:00")), now);
        let january = Span::between(time("2026-01-01T00:00:00"), fresh);
        let is_due = |generation: &u64| due(&decades, &[], now, *generation).contains(&january);
        let times = (0..20).filter(is_due).count();
        assert!((1..20).contains(&times), "{times}");
    }

    #[test]
    fn a_half_is_never_cut_inside_a_day() {
        let week = Span::between(time("2026-02-01T00:00:00"), time("2026-02-08T00:00:00"));
        let middle = time("2026-02-05T00:00:00");
        assert_eq!(
            halves(week),
            Some([Span::between(week.from.unwrap(), middle), Span::between(middle, week.to.unwrap())])
        );
        for (from, to) in
            [("2026-02-01T00:00:00", "2026-02-02T00:00:00"), ("2026-02-01T10:00:00", "2026-02-02T09:00:00")]
        {
            assert_eq!(halves(Span::between(time(from), time(to))), None);
        }
        assert_eq!(halves(Span::ALL), None);
    }

    proptest! {
        #[test]
        fn stretches_are_the_window_without_gap_or_overlap(
            from in any_time(), oldest in any_time(), open: bool, now in any_time(),
        ) {
            let from = (!open).then_some(from);
            let spans = months(from, Some(oldest), now);
            prop_assert_eq!(spans[0].from, from);
            prop_assert_eq!(spans[spans.len() - 1].to, None);
            for pair in spans.windows(2) {
                prop_assert!(pair[0].to.is_some());
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!(pair[0].from < pair[0].to);
            }
        }

        #[test]
        fn seven_syncs_in_a_row_confirm_every_stretch(
            oldest in any_time(), now in any_time(), first in 0_u64..1_000_000,
        ) {
            let spans = months(None, Some(oldest), now);
            let mut confirmed = HashSet::new();
            for generation in first..first + 7 {
                let due = due(&spans, &[], now, generation);
                let starts: HashSet<_> = due.iter().map(|span| span.from).collect();
                prop_assert_eq!(starts.len(), due.len(), "none twice");
                prop_assert!(spans.iter().filter(|span| span.to.is_none_or(|to| to > now)).all(|span| due.contains(span)));
                confirmed.extend(starts);
            }
            prop_assert_eq!(confirmed.len(), spans.len());
        }

        #[test]
        fn halves_are_the_stretch(from in any_time(), length in 1_i64..40_000_000) {
            let span = Span::between(from, from + TimeDelta::seconds(length));
            if let Some([first, second]) = halves(span) {
                prop_assert_eq!((first.from, first.to, second.to), (span.from, second.from, span.to));
                prop_assert!(first.from < first.to && second.from < second.to);
            }
        }
    }
}
