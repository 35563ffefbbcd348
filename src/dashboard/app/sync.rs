//! The sync as the screen follows it.

use std::time::Duration;

use crate::report::progress::coarse;
use crate::sync::event::{Outcome, Progress, StageState, SyncSummary};

use super::ask::Failure;
use super::event::Now;
use super::speeds::Speeds;

/// Whether a sync runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// None runs.
    #[default]
    Idle,
    /// One runs.
    Running,
    /// One runs and was asked to stop.
    Stopping,
}

/// How the last sync of this session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Now,
    /// How.
    pub result: Result<SyncSummary, Failure>,
}

/// The sync as the screen follows it.
#[derive(Clone, Debug, Default)]
pub struct SyncPane {
    /// Whether one runs.
    pub state: State,
    /// When the running one began.
    pub started_at: Option<Now>,
    /// Somebody else began it, in the engine.
    pub is_others: bool,
    /// The latest progress that is shown: of the running sync, else of the last one. Running numbers move once a second.
    pub progress: Progress,
    /// How long the whole still takes, about, as it is shown; `None` where there is no ground to tell.
    pub left: Option<Duration>,
    /// The latest that was told, and when.
    told: Option<(Progress, Now)>,
    /// How the last one ended.
    pub last: Option<Ended>,
    /// The generation it published.
    pub published: Option<u64>,
    /// It ended, and the store was not asked since: the run that it tells of next is this one.
    pub is_run_untold: bool,
    /// Number of the timer that starts the next one.
    pub timer: u64,
    /// When the next one starts by itself, as planned.
    pub next_at: Option<Now>,
    /// When the next one starts by itself because 1C could not be reached.
    pub retry_at: Option<Now>,
    /// How often in a row 1C could not be reached.
    pub failures: u32,
    /// Since when it cannot be reached.
    pub offline_since: Option<Now>,
    /// Rows a second over the run.
    pub speeds: Speeds,
}

/// A sync that takes longer is not watched to its end.
const LONG: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// That one ended well is worth a line for so long.
const NEWS: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// Between two looks at running numbers.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the pause before a repeat is, from the first one on.
const PAUSES: [u64; 4] = [30, 60, 120, 300];

impl SyncPane {
    /// A new one begins.
    pub fn start(&mut self, now: Now) {
        let Self { last, published, timer, failures, offline_since, .. } = std::mem::take(self);
        *self = Self {
            state: State::Running,
            started_at: Some(now),
            last,
            published,
            timer: timer + 1,
            failures,
            offline_since,
            ..Self::default()
        };
    }

    /// One is followed that somebody else began.
    pub fn follow(&mut self, started_at: Now) {
        self.start(started_at);
        self.is_others = true;
    }

    /// Takes progress; whether it is worth a look: something else is done than before, or a second has passed.
    pub fn advance(&mut self, progress: Progress, now: Now) -> bool {
        let is_news = is_news(&self.progress, &progress);
        self.told = Some((progress, now));
        self.show(now, is_news)
    }

    /// Time goes by; whether the numbers move.
    pub fn tick(&mut self, now: Now) -> bool {
        self.is_running() && self.show(now, false)
    }

    fn show(&mut self, now: Now, is_news: bool) -> bool {
        let Some((told, at)) = &self.told else { return false };
        let passed = now.signed_duration_since(*at).to_std().unwrap_or_default();
        let progress = told.clone().after(passed);
        let since = progress.elapsed.abs_diff(self.progress.elapsed);
        if !is_news && since < LOOK_EVERY {
            return false;
        }
        if since >= LOOK_EVERY {
            self.speeds.push(progress.rate(), since.as_secs());
        }
        self.left = progress.left().map(|left| steadied(self.left, coarse(left)));
        self.progress = progress;
        true
    }

    /// 1C could not be reached: how long to wait before the next try.
    pub fn wait_for_onec(&mut self, now: Now) -> Duration {
        let place = usize::try_from(self.failures).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
        let pause = Duration::from_secs(PAUSES[place]);
        self.failures = self.failures.saturating_add(1);
        self.offline_since.get_or_insert(now);
        self.retry_at = Some(now + pause);
        pause
    }

    /// 1C was reached, or nobody waits for it any more.
    pub fn stop_waiting(&mut self) {
        (self.failures, self.offline_since, self.retry_at) = (0, None, None);
    }

    /// None runs any more; the stage that was at work came out so.
    pub fn end(&mut self, outcome: StageState, now: Now) {
        self.state = State::Idle;
        if let Some((told, at)) = self.told.take() {
            let passed = now.signed_duration_since(at).to_std().unwrap_or_default();
            self.progress = told.after(passed);
        }
        for stage in &mut self.progress.stages {
            if stage.is_at_work() {
                stage.state = outcome;
            }
        }
    }

    /// Whether the last one ended well so long ago that how the data stand is of more use than that.
    pub fn is_past(&self, now: Now) -> bool {
        let ended_well = |last: &Ended| last.result.as_ref().is_ok_and(|it| it.outcome == Outcome::Published);
        self.last.as_ref().is_some_and(|last| ended_well(last) && now - last.at >= NEWS)
    }

    /// Whether this session has a sync to tell of: one that runs, ended, or is to be tried again.
    pub fn is_known(&self) -> bool {
        self.is_running() || self.last.is_some() || self.retry_at.is_some()
    }

    /// Whether the running one took so long that whoever started it may look elsewhere.
    pub(super) fn is_long(&self, now: Now) -> bool {
        self.started_at.is_some_and(|started| now - started >= LONG)
    }

    /// Whether one runs, asked to stop or not.
    pub fn is_running(&self) -> bool {
        self.state != State::Idle
    }

    /// Whether one runs that has told something: its numbers are drawn once a second.
    pub(super) fn is_followed(&self) -> bool {
        self.is_running() && self.told.is_some()
    }

    /// Whether the last one was stopped, to be gone on with.
    pub fn is_paused(&self) -> bool {
        let result = self.last.as_ref().map(|last| &last.result);
        !self.is_running()
            && result.is_some_and(|it| it.as_ref().is_ok_and(|it| it.outcome == Outcome::Cancelled))
    }
}

/// What is foretold wavers with the rate: it grows where it grows by more than a step.
fn steadied(shown: Option<Duration>, left: Duration) -> Duration {
    shown.filter(|shown| left > *shown && left <= coarse(*shown + Duration::from_secs(1))).unwrap_or(left)
}

/// Whether more than numbers changed.
fn is_news(before: &Progress, now: &Progress) -> bool {
    let states = |progress: &Progress| progress.stages.map(|stage| stage.state);
    before.stage != now.stage
        || states(before) != states(now)
        || before.last_repeat != now.last_repeat
        || before.mirror.is_some() != now.mirror.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1C was silent until it was stopped: the time went by all the same.
    #[test]
    fn a_stage_that_is_stopped_keeps_the_time_it_has_taken() {
        use crate::sync::event::Stage;

        let mut pane = SyncPane::default();
        let now = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        pane.start(now);
        let mut progress = Progress { stage: Some(Stage::Points), ..Progress::default() };
        progress.stages[Stage::Points as usize].state = StageState::Running;
        pane.advance(progress, now);
        pane.end(StageState::Paused, now + chrono::TimeDelta::seconds(42));
        let stage = pane.progress.of(Stage::Points);
        assert_eq!((stage.state, stage.elapsed), (StageState::Paused, Duration::from_secs(42)));
        assert_eq!(pane.progress.elapsed, Duration::from_secs(42));
    }

    #[test]
    fn what_is_foretold_does_not_waver() {
        let cases = [
            (None, 120, 120),
            (Some(110), 120, 110),
            (Some(110), 130, 130),
            (Some(110), 100, 100),
            (Some(60), 70, 60),
            (Some(55), 60, 55),
        ];
        for (shown, left, told) in cases {
            let seconds = Duration::from_secs;
            assert_eq!(steadied(shown.map(seconds), seconds(left)), seconds(told), "{shown:?}, then {left}");
        }
    }
}
