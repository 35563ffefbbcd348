//! Checks that nobody asked for: whoever is opened is compared with 1C, so that points and town are known without a key.
//! 1C is not to feel it: one at a time, so many a minute, none while a sync reads, and none for a while where one failed.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::ask::FailureKind;
use super::event::Now;

/// Checks in any minute.
const A_MINUTE: usize = 20;
/// How long nothing is asked of a 1C that did not answer.
const REST: TimeDelta = TimeDelta::minutes(1);

/// What checks in the background have done lately.
#[derive(Clone, Debug, Default)]
pub struct BackgroundChecks {
    /// When each of the last minute began.
    begun: VecDeque<Now>,
    /// 1C did not answer then.
    unanswered: Option<Now>,
    /// 1C refused: it would refuse again, and might lock the account.
    is_refused: bool,
}

impl BackgroundChecks {
    /// Whether one may begin.
    pub(super) fn may(&self, now: Now) -> bool {
        let has_room =
            self.begun.iter().filter(|begun| now - **begun < TimeDelta::minutes(1)).count() < A_MINUTE;
        let is_resting = self.unanswered.is_some_and(|at| now - at < REST);
        has_room && !is_resting && !self.is_refused
    }

    /// One begins.
    pub(super) fn begin(&mut self, now: Now) {
        if self.begun.len() == A_MINUTE {
            self.begun.pop_front();
        }
        self.begun.push_back(now);
    }

    /// 1C answered whatever was asked of it.
    pub(super) fn answered(&mut self) {
        (self.unanswered, self.is_refused) = (None, false);
    }

    /// One failed.
    pub(super) fn failed(&mut self, kind: FailureKind, now: Now) {
        match kind {
            FailureKind::Passing | FailureKind::Elsewhere => self.unanswered = Some(now),
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
        checks.answered();
        assert!(checks.may(at(100_000)));
    }
}
