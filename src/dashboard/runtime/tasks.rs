//! The tasks at work: each answers one question, and its end is an event, however it ends.
//!
//! ```text
//! Effect::Ask ─▶ Backend::ask ─▶ a task ─▶ Event::Reported … ─▶ Event::Answered
//! Effect::Cancel ─────────────────▲
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, select_all};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio::task::{self, AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::backend::{Backend, Line, TaskContext};
use super::{clipboard, terminal};
use crate::dashboard::app::{
    Answer, Ask, Copied, CopyPlace, Effect, Event, Failure, TaskId, TaskKind, TaskReport, Timer,
};

/// Lines for the journal that may wait to be read; a task that talks faster loses some.
const NOTICES: usize = 256;
/// How long a sync may take to stop when the dashboard ends.
const GRACE: Duration = Duration::from_secs(5);

type TaskEnd = Result<Answer, Failure>;

/// The tasks at work, and the timers.
pub(super) struct Tasks {
    backend: Arc<dyn Backend>,
    set: JoinSet<TaskEnd>,
    running: BTreeMap<TaskId, Running>,
    timers: FuturesUnordered<BoxFuture<'static, Timer>>,
    notices: (mpsc::Sender<Line>, mpsc::Receiver<Line>),
    /// What is known and not yet told, in its order.
    waiting: VecDeque<Event>,
}

/// A task at work.
struct Running {
    kind: TaskKind,
    abort: AbortHandle,
    cancel: CancellationToken,
    progress: watch::Receiver<Option<TaskReport>>,
}

impl Running {
    fn cancel(&self) {
        self.cancel.cancel();
        if !self.kind.is_long() {
            self.abort.abort();
        }
    }
}

impl Tasks {
    pub(super) fn new(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            set: JoinSet::new(),
            running: BTreeMap::new(),
            timers: FuturesUnordered::new(),
            notices: mpsc::channel(NOTICES),
            waiting: VecDeque::new(),
        }
    }

    /// Obeys what is about tasks and timers: all else is for whoever shows the dashboard.
    pub(super) fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::Wait(timer, time) => self.timers.push(sleep(time).map(move |()| timer).boxed()),
            Effect::Ask(id, ask) => self.ask(id, ask),
            Effect::Cancel(id) => {
                if let Some(task) = self.running.get(&id) {
                    task.cancel();
                }
            }
            Effect::Draw(_)
            | Effect::Word(_)
            | Effect::Copy(..)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Mouse(_)
            | Effect::Call
            | Effect::Demo
            | Effect::BeginAnew
            | Effect::Quit => {}
        }
    }

    /// Asks the engine.
    pub(super) fn ask(&mut self, id: TaskId, ask: Ask) {
        let kind = ask.kind();
        self.spawn(id, kind, |backend, task| backend.ask(ask, task));
    }

    /// Hands a text to tmux; into a file where tmux does not take it.
    pub(super) fn copy_into_tmux(&mut self, id: TaskId, name: String, text: String) {
        self.spawn(id, TaskKind::Copy, |backend, task| {
            let backend = Arc::clone(backend);
            let copied = async move {
                let characters = text.chars().count();
                match clipboard::into_tmux(&text).await {
                    Ok(()) => Ok(Answer::Copied(Some(Copied { characters, place: CopyPlace::Tmux }))),
                    Err(_) => backend.ask(Ask::Save { name, text }, task).await,
                }
            };
            copied.boxed()
        });
    }

    /// Starts a task. Whatever it overtakes is of no use to anyone.
    fn spawn(
        &mut self,
        id: TaskId,
        kind: TaskKind,
        task: impl FnOnce(&Arc<dyn Backend>, TaskContext) -> BoxFuture<'static, TaskEnd>,
    ) {
        if kind.is_overtaken() {
            self.running.values().filter(|task| task.kind == kind).for_each(Running::cancel);
        }
        let (context, progress) = TaskContext::new(id, self.notices.0.clone());
        let cancel = context.cancel.clone();
        let abort = self.set.spawn(task(&self.backend, context));
        self.running.insert(id, Running { kind, abort, cancel, progress });
    }

    /// Whether anything is under way.
    pub(super) fn are_running(&self) -> bool {
        self.running.values().any(|it| !it.kind.is_idle()) || !self.waiting.is_empty()
    }

    /// Whether a question is under way that somebody waits at the screen for, or its answer.
    pub(super) fn are_answering(&self) -> bool {
        let is_brief =
            |it: &Running| !(it.kind.is_long() || it.kind.is_idle() || it.kind == TaskKind::Verify);
        self.running.values().any(is_brief) || !self.waiting.is_empty()
    }

    /// What happens next: a task ends, tells a line, or moves on, which is looked at from `progress_at` on; a timer
    /// runs out.
    pub(super) async fn next(&mut self, progress_at: Instant) -> Event {
        if let Some(event) = self.waiting.pop_front() {
            return event;
        }
        let Self { set, running, timers, notices, .. } = self;
        tokio::select! {
            biased;
            (task, result) = ended(set) => self.end(task, result),
            Some((id, notice)) = notices.1.recv() => Event::Reported(id, TaskReport::Notice(notice)),
            (id, report) = progressed(running, progress_at) => Event::Reported(id, report),
            Some(timer) = timers.next() => Event::Waited(timer),
        }
    }

    /// The end of a task, after what it said before: the end must not overtake that.
    fn end(&mut self, task: task::Id, result: TaskEnd) -> Event {
        while let Ok((id, notice)) = self.notices.1.try_recv() {
            self.waiting.push_back(Event::Reported(id, TaskReport::Notice(notice)));
        }
        let id = number_of(&self.running, task);
        let task = self.running.remove(&id);
        let last = task.and_then(|task| task.progress.borrow().clone());
        self.waiting.extend(last.map(|report| Event::Reported(id, report)));
        let end = Event::Answered(id, result);
        match self.waiting.pop_front() {
            Some(first) => {
                self.waiting.push_back(end);
                first
            }
            None => end,
        }
    }

    /// Asks what is long to stop, and gives a sync time to; all else is dropped.
    pub(super) async fn wind_down(&mut self) {
        if self.backend.keeps_syncs() {
            self.running.retain(|_, task| {
                let is_left = task.kind == TaskKind::Sync;
                if is_left {
                    task.abort.abort();
                }
                !is_left
            });
        }
        self.running.values().filter(|task| task.kind.is_long()).for_each(Running::cancel);
        let Self { set, running, .. } = self;
        let sync_ended = async {
            while running.values().any(|task| task.kind == TaskKind::Sync) {
                let (task, _) = ended(set).await;
                running.remove(&number_of(running, task));
            }
        };
        let _ = tokio::time::timeout(GRACE, sync_ended).await;
        self.set.abort_all();
    }
}

/// The end of the next task; never where none runs. One that panicked, or was stopped, ends with a failure.
async fn ended(set: &mut JoinSet<TaskEnd>) -> (task::Id, TaskEnd) {
    match set.join_next_with_id().await {
        None => pending().await,
        Some(Ok(ended)) => ended,
        Some(Err(error)) => {
            let place = error.is_panic().then(terminal::last_panic).flatten();
            (error.id(), Err(Failure::crashed(place)))
        }
    }
}

/// The number of a task. Nobody waits for the number of one that is not there.
fn number_of(running: &BTreeMap<TaskId, Running>, task: task::Id) -> TaskId {
    let found = running.iter().find(|(_, running)| running.abort.id() == task);
    found.map(|(id, _)| *id).unwrap_or_default()
}

/// The latest progress of a task that moved on; never where none tells any.
async fn progressed(running: &mut BTreeMap<TaskId, Running>, from: Instant) -> (TaskId, TaskReport) {
    let telling = running.iter_mut().filter(|(_, task)| task.kind.tells());
    let moves: Vec<_> = telling.map(|(id, task)| Box::pin(moved(*id, &mut task.progress))).collect();
    if moves.is_empty() {
        return pending().await;
    }
    sleep_until(from).await;
    select_all(moves).await.0
}

async fn moved(id: TaskId, progress: &mut watch::Receiver<Option<TaskReport>>) -> (TaskId, TaskReport) {
    while progress.changed().await.is_ok() {
        let latest = progress.borrow_and_update().clone();
        if let Some(report) = latest {
            return (id, report);
        }
    }
    // Whoever told it has let go of it: the end is on the way.
    pending().await
}
