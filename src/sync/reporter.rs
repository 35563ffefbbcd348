//! Keeps the progress of a running sync and tells it to whoever listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::event::{Notice, Progress, Stage, StageState};
use crate::odata::{self, RejectedRow};

/// Whoever wants to know: the dashboard, the headless command, a test. Called from the sync's own tasks,
/// so it must not wait.
pub trait Observer: Send + Sync {
    /// The latest state; overwrites the one before.
    fn progress(&self, progress: &Progress);
    /// Something worth a line in the journal.
    fn notice(&self, notice: Notice);
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn progress(&self, _: &Progress) {}
    fn notice(&self, _: Notice) {}
}

/// The sync's side of the wall: counts, keeps the overall progress from running backwards, and tells.
pub struct Reporter {
    observer: Arc<dyn Observer>,
    started: Instant,
    state: Mutex<ReporterState>,
}

struct ReporterState {
    progress: Progress,
    stage_started: Instant,
}

impl Reporter {
    /// A reporter that has not begun any stage.
    pub fn new(observer: Arc<dyn Observer>) -> Self {
        let started = Instant::now();
        let state = ReporterState { progress: Progress::default(), stage_started: started };
        Self { observer, started, state: Mutex::new(state) }
    }

    /// Begins a stage.
    pub fn begin(&self, stage: Stage) {
        self.update(|state| {
            state.stage_started = Instant::now();
            state.progress.stage = Some(stage);
            state.progress.stages[stage as usize].state = StageState::Running;
        });
        self.observer.notice(Notice::StageStarted(stage));
    }

    /// Adds to the rows the stage expects, as 1C counts them.
    pub fn expect(&self, rows: u64) {
        self.in_stage(|stage| stage.total = Some(stage.total.unwrap_or(0) + rows));
    }

    /// Adds to the rows done.
    pub fn done(&self, rows: u64) {
        self.in_stage(|stage| {
            stage.done += rows;
            stage.state = StageState::Running;
        });
    }

    /// Takes rows back: what they belong to changed underneath and is read again.
    pub fn undone(&self, rows: u64) {
        self.in_stage(|stage| stage.done = stage.done.saturating_sub(rows));
    }

    /// Ends the stage at work.
    pub fn end(&self) {
        let ended = self.update(|state| {
            let stage = state.progress.stage?;
            let gauge = &mut state.progress.stages[stage as usize];
            gauge.state = StageState::Done;
            gauge.elapsed = state.stage_started.elapsed();
            Some((stage, gauge.done))
        });
        if let Some((stage, rows)) = ended {
            self.observer.notice(Notice::StageDone(stage, rows));
        }
    }

    /// Marks the stage at work as failed.
    pub fn fail(&self) {
        self.in_stage(|stage| stage.state = StageState::Failed);
    }

    /// A request is repeated.
    pub fn retrying(&self, attempt: u32, trouble: odata::Error) {
        self.in_stage(|stage| {
            stage.retries += 1;
            stage.state = StageState::Retrying;
        });
        self.observer.notice(Notice::Retrying(self.stage(), attempt, trouble));
    }

    /// Rows could not be read.
    pub fn rejected(&self, set: String, row: RejectedRow) {
        self.in_stage(|stage| stage.rejected += 1);
        self.observer.notice(Notice::Rejected { set, key: row.key, field: row.field, fault: row.fault });
    }

    /// Anything else worth a line.
    pub fn notice(&self, notice: Notice) {
        self.observer.notice(notice);
    }

    /// What the transport has done so far.
    pub fn traffic(&self, requests: u64, bytes: u64) {
        self.update(|state| {
            state.progress.requests = requests;
            state.progress.bytes = bytes;
        });
    }

    /// Publication is done: the one moment that shows 100 %.
    pub fn published(&self) {
        self.update(|state| state.progress.overall = 100);
    }

    /// The state as it stands.
    pub fn progress(&self) -> Progress {
        self.state().progress.clone()
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn stage(&self) -> Stage {
        self.state().progress.stage.unwrap_or(Stage::Preparing)
    }

    fn in_stage(&self, change: impl FnOnce(&mut super::event::StageProgress)) {
        self.update(|state| {
            if let Some(stage) = state.progress.stage {
                change(&mut state.progress.stages[stage as usize]);
            }
        });
    }

    fn update<R>(&self, change: impl FnOnce(&mut ReporterState) -> R) -> R {
        let mut state = self.state();
        let result = change(&mut state);
        let elapsed = state.stage_started.elapsed();
        if let Some(stage) = state.progress.stage {
            let gauge = &mut state.progress.stages[stage as usize];
            if matches!(gauge.state, StageState::Running | StageState::Retrying) {
                gauge.elapsed = elapsed;
            }
            let reached = overall(stage, gauge.percent());
            state.progress.overall = state.progress.overall.max(reached);
        }
        state.progress.elapsed = self.started.elapsed();
        // Told under the lock: two tasks must not tell their states in the wrong order.
        self.observer.progress(&state.progress);
        result
    }

    fn state(&self) -> MutexGuard<'_, ReporterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The overall percentage while `stage` stands at `percent`; 100 is kept for a publication that is done.
fn overall(stage: Stage, percent: u8) -> u8 {
    let (from, to) = stage.share();
    let part = u16::from(to - from) * u16::from(percent) / 100;
    (from + u8::try_from(part).unwrap_or(to - from)).min(99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_stages() {
        let cases = [
            (Stage::Cards, 0, 10),
            (Stage::Cards, 100, 40),
            (Stage::OpeningBalances, 0, 42),
            (Stage::OpeningBalances, 100, 50),
            (Stage::Purchases, 50, 70),
            (Stage::Points, 100, 98),
            (Stage::Publishing, 100, 99),
        ];
        for (stage, percent, expected) in cases {
            assert_eq!(overall(stage, percent), expected, "{stage:?} at {percent} %");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn i21_overall_never_runs_backwards_and_ends_at_100_only_when_published() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        let mut last = 0;
        for stage in Stage::ALL {
            reporter.begin(stage);
            reporter.expect(10);
            for _ in 0..10 {
                reporter.done(1);
                // A set that grew while it was read expects more: the gauge may step back, the whole may not.
                reporter.expect(1);
                let overall = reporter.progress().overall;
                assert!(overall >= last && overall < 100);
                last = overall;
            }
            reporter.end();
        }
        reporter.published();
        assert_eq!(reporter.progress().overall, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_shows_until_the_next_rows_arrive() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        reporter.begin(Stage::Cards);
        reporter.retrying(1, odata::Error::Cut);
        assert_eq!(reporter.progress().of(Stage::Cards).state, StageState::Retrying);
        reporter.done(1);
        assert_eq!(reporter.progress().of(Stage::Cards).state, StageState::Running);
        assert_eq!(reporter.progress().of(Stage::Cards).retries, 1);
    }
}
