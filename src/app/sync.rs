//! The sync as the screen follows it.

use crate::sync::event::{Progress, StageState, Summary};

use super::event::{Failure, Now};

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
    pub result: Result<Summary, Failure>,
}

/// The sync as the screen follows it.
#[derive(Clone, Debug, Default)]
pub struct Pane {
    /// Whether one runs.
    pub state: State,
    /// The latest progress: of the running sync, else of the last one.
    pub progress: Progress,
    /// How the last one ended.
    pub last: Option<Ended>,
    /// Number of the timer that starts the next one.
    pub timer: u64,
}

impl Pane {
    /// None runs any more; the stage that was at work came out so.
    pub fn end(&mut self, outcome: StageState) {
        self.state = State::Idle;
        for stage in &mut self.progress.stages {
            if matches!(stage.state, StageState::Running | StageState::Retrying) {
                stage.state = outcome;
            }
        }
    }

    /// Whether one runs, asked to stop or not.
    pub fn is_running(&self) -> bool {
        self.state != State::Idle
    }
}
