//! How fast a sync reads, over the last seconds, and how long what is left takes at that: rules without a clock.
//!
//! Rows come in bursts, a page at a time, so the rate goes from one arrival to another one: a steady 1C has a steady
//! rate, whatever moment it is looked at. What an earlier attempt read is no arrival.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The rate is that of so many seconds.
const WINDOW: Duration = Duration::from_secs(10);
/// A slow 1C sends less in that time: so many arrivals are kept however old they are.
const FEWEST: usize = 4;
/// Arrivals so close to each other are one.
const APART: Duration = Duration::from_millis(100);
/// Nothing is foretold from less than this.
const GROUND: Duration = Duration::from_secs(3);

/// When rows arrived.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Time since the start, and all rows until then.
    window: VecDeque<(Duration, u64)>,
    rows: u64,
}

impl Arrivals {
    /// So many rows arrived at this time since the start.
    pub(super) fn add(&mut self, at: Duration, rows: u64) {
        self.rows = self.rows.saturating_add(rows);
        match self.window.back_mut() {
            Some((last, until)) if at.saturating_sub(*last) < APART => *until = self.rows,
            _ => self.window.push_back((at, self.rows)),
        }
        let is_old = |(then, _): &(Duration, u64)| at.saturating_sub(*then) > WINDOW;
        while self.window.len() > FEWEST && self.window.get(1).is_some_and(is_old) {
            self.window.pop_front();
        }
    }

    /// The pace by the arrivals so far; `None` while they tell none.
    pub(super) fn pace(&self) -> Option<ReadingPace> {
        let (&(first, before), &(last, until)) = (self.window.front()?, self.window.back()?);
        let arrivals = u32::try_from(self.window.len()).ok()?;
        let rows = until.saturating_sub(before);
        (arrivals > 1 && rows > 0).then_some(ReadingPace {
            rows,
            over: last.saturating_sub(first),
            last,
            arrivals,
        })
    }
}

/// How fast rows arrived lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingPace {
    /// Rows between the first arrival and the last one.
    rows: u64,
    /// Time between them.
    over: Duration,
    /// When the last one was, since the start.
    last: Duration,
    arrivals: u32,
}

impl ReadingPace {
    /// So many rows a second for ten seconds until now.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn steady(rate: u64, elapsed: Duration) -> Self {
        Self { rows: rate.saturating_mul(10), over: WINDOW, last: elapsed, arrivals: 11 }
    }

    /// Rows a second, as it looks after so much time since the start: where nothing comes for long, ever fewer.
    pub fn rate(&self, elapsed: Duration) -> u64 {
        if self.is_lost(elapsed) {
            return 0;
        }
        let millis = self.stretched(elapsed).as_millis().max(1);
        u64::try_from(u128::from(self.rows) * 1_000 / millis).unwrap_or(u64::MAX)
    }

    /// How long so many rows take from then on; `None` where there is no ground to tell.
    pub(super) fn time_for(&self, rows: u64, elapsed: Duration) -> Option<Duration> {
        if self.arrivals < 3 || self.over < GROUND || self.is_lost(elapsed) {
            return None;
        }
        let nanos =
            self.stretched(elapsed).as_nanos().saturating_mul(u128::from(rows)) / u128::from(self.rows);
        let all = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        // A part of it has passed since the last arrival.
        Some(all.saturating_sub(self.quiet(elapsed).min(self.usual_quiet())))
    }

    /// Since when nothing came, where that is longer than it mostly is.
    pub(super) fn silence(&self, elapsed: Duration) -> Option<Duration> {
        let quiet = self.quiet(elapsed);
        (quiet > WINDOW.max(self.usual_quiet().saturating_mul(2))).then_some(quiet)
    }

    fn quiet(&self, elapsed: Duration) -> Duration {
        elapsed.saturating_sub(self.last)
    }

    /// A pause as long as two between arrivals is none.
    fn usual_quiet(&self) -> Duration {
        self.over.saturating_mul(2) / self.arrivals.saturating_sub(1).max(1)
    }

    fn stretched(&self, elapsed: Duration) -> Duration {
        self.over.saturating_add(self.quiet(elapsed).saturating_sub(self.usual_quiet()))
    }

    fn is_lost(&self, elapsed: Duration) -> bool {
        self.quiet(elapsed) > WINDOW.saturating_add(self.usual_quiet())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Pages of so many rows, one every so many milliseconds.
    fn steady(pages: u64, rows: u64, every: u64) -> Arrivals {
        let mut arrivals = Arrivals::default();
        (1..=pages).for_each(|page| arrivals.add(Duration::from_millis(page * every), rows));
        arrivals
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds_and_fades_with_silence() {
        let mut arrivals = steady(60, 100, 1_000);
        (61..=90).for_each(|second| arrivals.add(seconds(second), 500));
        let pace = arrivals.pace().unwrap();
        assert_eq!(pace.rate(seconds(90)), 500, "what was a minute ago is no rate of now");
        assert_eq!(pace.rate(seconds(91)), 500, "between two pages nothing is wrong");
        assert!(pace.rate(seconds(97)) < 400);
        assert_eq!(pace.rate(seconds(200)), 0);
        assert_eq!(pace.time_for(1_000, seconds(200)), None);
    }

    #[test]
    fn nothing_is_foretold_without_ground() {
        assert_eq!(Arrivals::default().pace(), None);
        assert_eq!(steady(1, 1_000, 20_000).pace(), None, "one page tells no rate");
        assert_eq!(
            steady(20, 10, 100).pace().unwrap().time_for(5, seconds(2)),
            None,
            "two seconds are too few"
        );
        assert!(
            steady(4, 10, 60_000).pace().unwrap().time_for(5, seconds(240)).is_some(),
            "a slow one is told"
        );
    }

    proptest! {
        #[test]
        fn at_a_steady_rate_the_time_left_never_grows_and_comes_true(
            rows in 1_u64..5_000, every in 100_u64..20_000, pages in 40_u64..80,
        ) {
            let mut arrivals = Arrivals::default();
            let mut before = None;
            for tick in 1..=pages * 4 {
                let now = Duration::from_millis(tick * every / 4);
                if tick % 4 == 0 {
                    arrivals.add(now, rows);
                }
                let rest = (pages - tick / 4) * rows;
                let Some(left) = arrivals.pace().and_then(|pace| pace.time_for(rest, now)) else { continue };
                let end = Duration::from_millis(pages * every);
                prop_assert!(before.is_none_or(|before| left <= before), "{before:?} {left:?}");
                let off = (now + left).abs_diff(end);
                prop_assert!(off <= Duration::from_millis(every) + seconds(1), "{off:?} off at {now:?}");
                before = Some(left);
            }
            prop_assert!(before.is_some_and(|left| left <= seconds(1)), "{before:?}");
        }
    }

    /// A pause between two pages is none; one that is much longer than those before is.
    #[test]
    fn a_silence_is_told_once_it_is_longer_than_usual() {
        let steady = ReadingPace { rows: 100, over: seconds(10), last: seconds(20), arrivals: 11 };
        let slow = ReadingPace { arrivals: 2, ..steady };
        for (pace, elapsed, silence) in [
            (steady, 20, None),
            (steady, 30, None),
            (steady, 31, Some(11)),
            (slow, 50, None),
            (slow, 61, Some(41)),
        ] {
            assert_eq!(pace.silence(seconds(elapsed)), silence.map(seconds), "{pace:?} at {elapsed}");
        }
    }
}
