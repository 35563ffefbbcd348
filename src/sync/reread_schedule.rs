//! Which part of history a delta reads again although no sum says so.
//!
//! A product, a name, a period changed within its month: such edits move no sum. So every delta reads some old
//! days again. The calendar is cut into slices of equal length that never move, whatever is read and when; each
//! slice has its turn.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::domain::{LocalTime, Span};

/// Deltas within which every day is read again once.
pub(super) const BOUND: u32 = 30;

/// Days of a slice: a year is some thirty of them, so that a delta reads one stretch of a year.
const SLICE_DAYS: i64 = 12;

/// The stretches between two moments whose turn it is in the delta of this number.
pub(super) fn due(from: LocalTime, to: LocalTime, turn: u32) -> Vec<Span> {
    let bound = i64::from(BOUND);
    let first = slice_of(from);
    let wait = (i64::from(turn) - first).rem_euclid(bound);
    (first + wait..=slice_of(to))
        .step_by(usize::try_from(bound).unwrap_or(1))
        .filter_map(|slice| {
            let start = start_of(slice)?.max(from);
            let end = start_of(slice + 1).map_or(to, |end| end.min(to));
            (start < end).then(|| Span::between(start, end))
        })
        .collect()
}

/// Whether it is a moment's turn in the delta of this number.
pub(super) fn is_due(moment: LocalTime, turn: u32) -> bool {
    (slice_of(moment) - i64::from(turn)).rem_euclid(i64::from(BOUND)) == 0
}

fn slice_of(moment: LocalTime) -> i64 {
    i64::from(moment.num_days_from_ce()).div_euclid(SLICE_DAYS)
}

fn start_of(slice: i64) -> Option<LocalTime> {
    let days = TimeDelta::try_days(slice.checked_mul(SLICE_DAYS)?)?;
    // The day before the calendar begins is its day zero.
    NaiveDate::from_num_days_from_ce_opt(0)?.checked_add_signed(days).map(LocalTime::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_time() -> impl Strategy<Value = LocalTime> {
        // From 1990 to 2060.
        (631_152_000_i64..2_840_140_800)
            .prop_map(|second| chrono::DateTime::from_timestamp(second, 0).unwrap().naive_utc())
    }

    proptest! {
        #[test]
        fn every_moment_has_its_turn_once_in_so_many_deltas(
            from in any_time(), days in 1_i64..9_000, place in 0_i64..9_000, turn in 0_u32..1_000,
        ) {
            let to = from + TimeDelta::days(days);
            let probe = from + TimeDelta::days(place % days);
            let turns = (turn..turn + BOUND)
                .filter(|turn| {
                    let is_inside = due(from, to, *turn).iter().any(|span| span.contains(probe));
                    assert_eq!(is_inside, is_due(probe, *turn));
                    is_inside
                })
                .count();
            prop_assert_eq!(turns, 1);
        }

        #[test]
        fn a_moment_has_the_same_turn_while_the_ends_move(
            from in any_time(), days in 40_i64..9_000, later in 0_i64..30, turn in 0_u32..1_000,
        ) {
            let (to, shift) = (from + TimeDelta::days(days), TimeDelta::days(later));
            let probe = from + shift + TimeDelta::days((days - later) / 2);
            let is_due = |spans: Vec<Span>| spans.iter().any(|span| span.contains(probe));
            prop_assert_eq!(is_due(due(from, to, turn)), is_due(due(from + shift, to + shift, turn)));
        }

        #[test]
        fn stretches_lie_inside_and_apart(from in any_time(), days in 0_i64..9_000, turn in 0_u32..60) {
            let to = from + TimeDelta::days(days);
            let spans = due(from, to, turn);
            for span in &spans {
                prop_assert!(from <= span.from.unwrap() && span.from < span.to && span.to.unwrap() <= to);
            }
            prop_assert!(spans.windows(2).all(|pair| pair[0].to <= pair[1].from));
        }
    }

    #[test]
    fn a_year_is_read_again_by_a_stretch_or_two_at_a_time() {
        let from = NaiveDate::from_ymd_opt(2025, 2, 4).unwrap().into();
        let to = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap().into();
        for turn in 0..BOUND {
            let spans = due(from, to, turn);
            assert!((1..=2).contains(&spans.len()), "{turn}: {spans:?}");
        }
    }
}
