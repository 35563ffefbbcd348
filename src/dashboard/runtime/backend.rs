//! What the dashboard asks of the engine behind it.

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::dashboard::app::{Answer, Ask, Failure, TaskId, TaskReport};
use crate::sync::event::Notice;

/// The engine as the dashboard sees it.
pub trait Backend: Send + Sync + 'static {
    /// Answers a question. The call returns at once; the future is run as a task of its own. One that breaks (panics)
    /// is told to the user and changes nothing else.
    ///
    /// A sync, a reconciliation and the writing of a file tell `task` how they go. They end soon after it is cancelled,
    /// with what was there before untouched; whatever else is cancelled is dropped where it stands.
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>>;

    /// Whether a sync goes on without whoever asked for it: then who leaves only leaves.
    fn keeps_syncs(&self) -> bool {
        false
    }
}

/// A line for the journal, and the task that tells it.
pub(super) type Line = (TaskId, Notice);

/// The task that a question is answered in: whose answer it is, where to tell how it goes, whether it is still wanted.
#[derive(Clone, Debug)]
pub struct TaskContext {
    /// Its number.
    pub id: TaskId,
    /// Set when it is given up.
    pub cancel: CancellationToken,
    progress: watch::Sender<Option<TaskReport>>,
    notices: mpsc::Sender<Line>,
}

impl TaskContext {
    /// A task, and the receiver of its progress.
    pub fn new(
        id: TaskId,
        notices: mpsc::Sender<(TaskId, Notice)>,
    ) -> (Self, watch::Receiver<Option<TaskReport>>) {
        let (progress, receiver) = watch::channel(None);
        (Self { id, cancel: CancellationToken::new(), progress, notices }, receiver)
    }

    /// A task that nobody watches.
    pub fn unwatched() -> Self {
        Self::new(TaskId::default(), mpsc::channel(1).0).0
    }

    /// Tells how far it is: the latest word replaces the one before.
    pub fn progress(&self, report: TaskReport) {
        self.progress.send_replace(Some(report));
    }

    /// Tells a line for the journal without ever waiting: a full journal loses a line, not a row.
    pub fn notice(&self, notice: Notice) {
        let _ = self.notices.try_send((self.id, notice));
    }
}
