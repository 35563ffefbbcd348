//! The server's clock: it may be off, be missing or say anything, and no row of the window is lost by it.

use chrono::TimeDelta;
use sverka::sync::SyncMode;

use crate::case::{Case, Ends, Money, Must, Points, Told, all_come_out};
use crate::onec::Clock;

const PROVEN: Must = Must::be(Money::Proven, Points::Known);
const NOTHING_LOST: Must =
    Must { ends: Ends::Either, ..Must::be(Money::Right, Points::Known) }.telling(Told::Something);

/// Minutes a clock may be off without anybody having to be asked.
const LITTLE: [i64; 6] = [5, -5, 120, -120, 23 * 60, -23 * 60];
/// Days nobody can believe.
const MUCH: [i64; 10] = [2, -2, 40, -40, 365, -365, 731, -731, 3_653, -3_653];
const WORDS: [&str; 5] = [
    "yesterday",
    "",
    "Wed, 99 Foo 9999 99:99:99 GMT",
    "2026-02-04T12:30:00Z",
    "Thu, 01 Jan 1970 00:00:00 GMT",
];

pub(super) fn cases() -> Vec<Case> {
    [first(), later()].into_iter().flatten().collect()
}

fn first() -> Vec<Case> {
    let mut cases = Vec::new();
    for minutes in LITTLE {
        let clock = Clock::Off(TimeDelta::minutes(minutes));
        cases.push(
            Case::new(format!("a clock {minutes} minutes ahead"), PROVEN, Vec::new()).with_clock(clock),
        );
    }
    for days in MUCH {
        let clock = Clock::Off(TimeDelta::days(days));
        cases.push(
            Case::new(format!("a clock {days} days ahead"), NOTHING_LOST, Vec::new()).with_clock(clock),
        );
    }
    cases.push(Case::new("no clock", PROVEN, Vec::new()).with_clock(Clock::Missing));
    for words in WORDS {
        let must = Must { ends: Ends::Either, ..PROVEN };
        cases.push(
            Case::new(format!("a clock that says {words:?}"), must, Vec::new())
                .with_clock(Clock::Words(words)),
        );
    }
    cases
}

fn later() -> Vec<Case> {
    let mut cases = Vec::new();
    for (days, mode) in MUCH
        .into_iter()
        .zip([SyncMode::Full, SyncMode::Full, SyncMode::Delta, SyncMode::Delta].into_iter().cycle())
    {
        let case = Case::new(
            format!("a clock put {days} days ahead before a {mode:?} sync"),
            NOTHING_LOST,
            Vec::new(),
        );
        cases.push(case.with_clock(Clock::Off(TimeDelta::days(days))).after_a_good_one(mode));
    }
    cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_clock_of_a_server_takes_rows_out_of_the_window() {
    all_come_out(first()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_clock_that_jumps_between_two_syncs_loses_what_was_stored() {
    all_come_out(later()).await;
}
