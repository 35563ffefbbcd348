//! Checks that nobody asked for: whoever is opened is compared with 1C, so that points and town are known without a key.
//! 1C is not to feel it: one at a time, so many a minute, none while a sync reads, and none for a while where one failed or
//! was a burden.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::ask::FailureKind;
use super::event::Now;

/// Checks in any minute.
const A_MINUTE: usize = 20;
/// How long nothing is asked of a 1C that did not answer.
const REST: TimeDelta = TimeDelta::minutes(1);

/// A check that takes 1C longer than this is a burden: it may have read a whole register for want of a filter by card.
const BURDEN: TimeDelta = TimeDelta::seconds(3);
/// So many times as long as a burden took nothing is asked after it.
const RELIEF: i32 = 20;

/// What checks in the background have done lately.
#[derive(Clone, Debug, Default)]
pub struct BackgroundChecks {
    /// When each of the last minute began.
    begun: VecDeque<Now>,
    /// Since when one runs.
    running_since: Option<Now>,
    /// Nothing is asked before.
    resting_until: Option<Now>,
    /// 1C refused: it would refuse again, and might lock the account.
    is_refused: bool,
}

impl BackgroundChecks {
    /// Whether one may begin.
    pub(super) fn may(&self, now: Now) -> bool {
        let has_room =
            self.begun.iter().filter(|begun| now - **begun < TimeDelta::minutes(1)).count() < A_MINUTE;
        let is_resting = self.resting_until.is_some_and(|until| now < until);
        has_room && !is_resting && !self.is_refused
    }

    /// One begins.
    pub(super) fn begin(&mut self, now: Now) {
        if self.begun.len() == A_MINUTE {
            self.begun.pop_front();
        }
        self.begun.push_back(now);
        self.running_since = Some(now);
    }

    /// Somebody asks for a check: how long that takes is not told from one that runs and is given up for it.
    pub(super) fn asked_for(&mut self) {
        self.running_since = None;
    }

    /// 1C answered a check, of the background or not.
    pub(super) fn answered(&mut self, now: Now) {
        let took = self.running_since.take().map(|begun| now - begun).filter(|took| *took > BURDEN);
        self.resting_until = took.map(|took| now + took * RELIEF);
        self.is_refused = false;
    }

    /// One failed.
    pub(super) fn failed(&mut self, kind: FailureKind, now: Now) {
        self.running_since = None;
        match kind {
            FailureKind::Passing | FailureKind::Elsewhere => self.resting_until = Some(now + REST),
            FailureKind::Told | FailureKind::Damage | FailureKind::StoreChanged | FailureKind::Crashed => {
                self.is_refused = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::app::fixture;

    #[test]
    fn so_many_a_minute_and_none_for_a_while_after_a_failure() {
        let at = |seconds| fixture::now() + TimeDelta::seconds(seconds);
        let mut checks = BackgroundChecks::default();
        for second in 0..20 {
            assert!(checks.may(at(second)));
            checks.begin(at(second));
        }
        assert!(!checks.may(at(59)));
        assert!(checks.may(at(60)), "the first is a minute ago");

        checks.failed(FailureKind::Passing, at(60));
        assert!(!checks.may(at(119)));
        assert!(checks.may(at(120)));
        checks.failed(FailureKind::Told, at(120));
        assert!(!checks.may(at(100_000)), "what was refused would be refused again");
        checks.answered(at(100_000));
        assert!(checks.may(at(100_000)));
    }

    #[test]
    fn what_was_a_burden_is_not_asked_again_soon() {
        let at = |seconds| fixture::now() + TimeDelta::seconds(seconds);
        for (took, rest) in [(0, 0), (3, 0), (4, 80), (30, 600)] {
            let mut checks = BackgroundChecks::default();
            checks.begin(at(0));
            checks.answered(at(took));
            assert!(checks.may(at(took + rest)), "{took}");
            assert!(rest == 0 || !checks.may(at(took + rest - 1)), "{took}");
            // A check that somebody asked for says nothing of those of the background.
            checks.begin(at(took + rest));
            checks.asked_for();
            checks.answered(at(took + 1000));
            assert!(checks.may(at(took + 1000)));
        }
    }
}
