//! The sync as the screen follows it.

use std::collections::VecDeque;
use std::time::Duration;

use crate::sync::event::{Progress, StageState, SyncSummary};

use super::ask::Failure;
use super::event::Now;

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
    /// The latest progress: of the running sync, else of the last one.
    pub progress: Progress,
    /// How the last one ended.
    pub last: Option<Ended>,
    /// The generation it published.
    pub published: Option<u64>,
    /// It ended, and the store was not asked since: the run that it tells of next is this one.
    pub is_run_untold: bool,
    /// Number of the timer that starts the next one.
    pub timer: u64,
    /// When the next one starts by itself because 1C could not be reached.
    pub retry_at: Option<Now>,
    /// How often in a row 1C could not be reached.
    pub failures: u32,
    /// Since when it cannot be reached.
    pub offline_since: Option<Now>,
    /// Rows a second, the latest last: one figure for every second of the running sync.
    pub speeds: VecDeque<u64>,
    /// Where the last of them was taken: time since the start, rows of all stages.
    taken: (Duration, u64),
}

/// A sync that takes longer is not watched to its end.
const LONG: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// Seconds of speed kept.
const SPEEDS: usize = 240;
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

    /// Takes progress, and once a second its speed.
    pub fn advance(&mut self, progress: Progress) {
        let rows = progress.stages.iter().fold(0, |rows: u64, stage| rows.saturating_add(stage.done));
        let (elapsed, before) = self.taken;
        let millis = progress.elapsed.saturating_sub(elapsed).as_millis();
        if millis >= 1_000 {
            let speed = u128::from(rows.saturating_sub(before)) * 1_000 / millis;
            if self.speeds.len() == SPEEDS {
                self.speeds.pop_front();
            }
            self.speeds.push_back(u64::try_from(speed).unwrap_or(u64::MAX));
            self.taken = (progress.elapsed, rows);
        }
        self.progress = progress;
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
    pub fn end(&mut self, outcome: StageState) {
        self.state = State::Idle;
        for stage in &mut self.progress.stages {
            if matches!(stage.state, StageState::Running | StageState::Retrying) {
                stage.state = outcome;
            }
        }
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
}
