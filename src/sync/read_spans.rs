//! Which stretches of a register are read in one request each.

use chrono::TimeDelta;

use crate::domain::LocalTime;
use crate::domain::period::Span;

/// Share of a page, in percent, that a planned stretch is meant to fill where no stretch is read on from its middle:
/// rows are never spread evenly.
const FILL_PERCENT: u64 = 70;

/// Pages of a stretch that is read on from page to page: all but its last are full.
const PAGES_OF_STRETCH: u64 = 16;

/// How far ahead scheduled rows are looked for when stretches are planned; beyond lies one open stretch.
const FUTURE_DAYS: i64 = 370;

/// How the register of sales is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingWay {
    /// By stretches of period.
    ByPeriod,
    /// By card: there are few, and each comes whole.
    ByCard,
    /// All of it: 1C cannot filter.
    Whole,
}

/// How a register is cut into stretches.
#[derive(Clone, Copy, Debug)]
pub struct StretchTerms {
    /// Rows of a page.
    pub page_size: u32,
    /// Requests at once.
    pub in_flight: usize,
    /// Whether 1C sorts by period, so that a page is complete up to its last moment.
    pub is_ordered: bool,
}

/// Splits everything from `from` on into stretches, `expected` rows in all: of many pages each where they are read on from
/// page to page, else such that should fit a page.
///
/// The first begins at `from` itself, which may be open; `oldest` tells where rows begin in that case.
/// The last is open: future rows belong. Stretches that prove overfull are split while they are read.
pub fn spans(
    from: Option<LocalTime>,
    oldest: Option<LocalTime>,
    until: LocalTime,
    expected: u64,
    terms: StretchTerms,
) -> Vec<Span> {
    let Some(start) = from.or(oldest) else {
        return vec![Span { from, to: None }];
    };
    let pieces = pieces(expected, terms);
    let step = (until - start).num_seconds() / pieces;
    if step < 1 {
        return vec![Span { from, to: None }];
    }
    let edge = |piece: i64| start + TimeDelta::seconds(step * piece);
    (0..pieces)
        .map(|piece| Span {
            from: if piece == 0 { from } else { Some(edge(piece)) },
            to: (piece + 1 < pieces).then(|| edge(piece + 1)),
        })
        .collect()
}

/// The moment up to which stretches are planned for a register with scheduled rows.
pub fn horizon(now: LocalTime) -> LocalTime {
    now.checked_add_signed(TimeDelta::days(FUTURE_DAYS)).unwrap_or(now)
}

/// Requests that reading so many rows by position takes: the pages, and the one that may be found to be the last.
pub fn pages(rows: u64, page_size: u32) -> u64 {
    rows.div_ceil(u64::from(page_size).max(1)) + 1
}

/// Requests a register of this size will need at most, as far as can be foretold: pages that are no fuller than a planned
/// stretch, each counted, half of them split once.
pub fn requests(expected: u64, page_size: u32) -> u64 {
    filled(expected, page_size) * 3
}

/// Pages that are filled as far as rows are spread unevenly.
fn filled(expected: u64, page_size: u32) -> u64 {
    let room = (u64::from(page_size) * FILL_PERCENT / 100).max(1);
    expected.div_ceil(room).max(1)
}

fn pieces(expected: u64, terms: StretchTerms) -> i64 {
    let pages = expected.div_ceil(u64::from(terms.page_size).max(1));
    let pieces = if terms.is_ordered {
        pages.div_ceil(PAGES_OF_STRETCH).max(pages.min(terms.in_flight as u64)).max(1)
    } else {
        filled(expected, terms.page_size)
    };
    i64::try_from(pieces).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> LocalTime {
        NaiveDate::from_ymd_opt(y, m, d).unwrap().into()
    }

    fn terms(page_size: u32, is_ordered: bool) -> StretchTerms {
        StretchTerms { page_size, in_flight: 4, is_ordered }
    }

    #[test]
    fn a_small_register_is_one_request() {
        let from = Some(day(2025, 1, 1));
        for is_ordered in [true, false] {
            let spans = spans(from, None, day(2026, 1, 1), 700, terms(1000, is_ordered));
            assert_eq!(spans, [Span { from, to: None }]);
        }
    }

    #[test]
    fn without_any_row_there_is_still_one_open_stretch() {
        let spans = spans(None, None, day(2026, 1, 1), 0, terms(1000, true));
        assert_eq!(spans, [Span { from: None, to: None }]);
    }

    #[test]
    fn eighteen_thousand_lines_need_few_stretches() {
        let of = |rows, is_ordered| {
            spans(Some(day(2025, 1, 1)), None, day(2026, 1, 1), rows, terms(1000, is_ordered)).len()
        };
        assert_eq!(of(18_000, false), 26);
        assert_eq!(of(18_000, true), 4, "one for each request at once");
        assert_eq!(of(2_000, true), 2, "none of less than a page");
        assert_eq!(of(1_000_000, true), 63);
    }

    #[test]
    fn one_row_more_than_fits_makes_two_stretches_and_more_pieces_than_seconds_make_one() {
        let (from, until) = (day(2025, 1, 1), day(2026, 1, 1));
        let middle = from + (until - from) / 2;
        assert_eq!(
            spans(Some(from), None, until, 701, terms(1000, false)),
            [Span::between(from, middle), Span::since(middle)]
        );
        let two = from + TimeDelta::seconds(2);
        assert_eq!(spans(Some(from), None, two, 701, terms(1000, false)).len(), 2, "a second each");
        assert_eq!(spans(Some(from), None, two, 1401, terms(1000, false)), [Span::since(from)]);
    }

    #[test]
    fn what_may_be_the_last_page_is_followed_by_one_request_more() {
        for (rows, requests) in [(0, 1), (1, 2), (1000, 2), (1001, 3)] {
            assert_eq!(pages(rows, 1000), requests, "{rows}");
        }
    }

    proptest! {
        #[test]
        fn stretches_cover_everything_once(
            open in any::<bool>(),
            days in 0_i64..5_000,
            expected in 0_u64..100_000,
            page_size in 1_u32..5_000,
            is_ordered in any::<bool>(),
        ) {
            let start = day(2015, 3, 1);
            let (from, oldest) = if open { (None, Some(start)) } else { (Some(start), None) };
            let spans = spans(from, oldest, start + TimeDelta::days(days), expected, terms(page_size, is_ordered));
            prop_assert_eq!(spans[0].from, from);
            prop_assert_eq!(spans[spans.len() - 1].to, None);
            for pair in spans.windows(2) {
                prop_assert!(pair[0].to.is_some());
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!(pair[0].from < pair[0].to);
            }
        }
    }
}
