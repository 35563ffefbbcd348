//! Syncs of this engine: one at a time, whoever asks. They go on whoever leaves.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use crate::cli::ExitCode;
use crate::cli::acts::tell_end;
use crate::cli::clock;
use crate::cli::clock::SystemClock;
use crate::cli::console;
use crate::cli::house::SyncWish;
use crate::cli::session::{Session, exit_code};
use crate::dashboard::app::Failure;
use crate::dashboard::app::house::UnderWay;
use crate::dashboard::desk::{kind_of, worded};
use crate::engine::event::{Notice, Outcome, Progress, Stage};
use crate::engine::{Clock, Error, Finished, Observer, SyncOptions};
use crate::report::json::{self, api};
use crate::report::log::LogEntry;
use crate::report::problem::Scene;
use crate::report::{RunningStatus, metrics};
use crate::text::{Problem, Texts};

/// Syncs that are remembered.
const KEPT: usize = 50;
/// Syncs that may wait for their turn.
const WAITING: usize = 8;
/// Lines of one sync that are kept for whoever comes late.
const LINES: usize = 1_024;

/// Who began a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starter {
    /// Somebody who asked.
    Api,
    /// The schedule.
    Schedule,
}

/// So many wait already, or the engine is about to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoTurn;

/// All syncs of this engine.
pub(super) struct Syncs {
    session: Arc<Session>,
    hub: Arc<Hub>,
    /// Whose turn it is.
    turn: Arc<tokio::sync::Mutex<()>>,
    list: Mutex<SyncList>,
    /// Another number whenever one ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct SyncList {
    last: u64,
    syncs: VecDeque<Arc<SyncJob>>,
    is_over: bool,
}

/// One sync.
pub(super) struct SyncJob {
    /// Its number.
    pub(super) id: u64,
    /// What was asked for.
    wish: SyncWish,
    by: Starter,
    asked_at: DateTime<Utc>,
    /// Set when it shall end.
    pub(super) cancel: CancellationToken,
    state: Mutex<SyncState>,
    /// Another number whenever there is something new.
    changed: watch::Sender<u64>,
    store: std::path::PathBuf,
}

#[derive(Default)]
struct SyncState {
    started_at: Option<DateTime<Utc>>,
    progress: Progress,
    notices: Vec<Notice>,
    told: Option<(Option<Stage>, u8, u8)>,
    end: Option<SyncResult>,
}

/// How one ended.
type SyncResult = Arc<Result<Finished, Error>>;

/// What is new of a sync since somebody looked.
pub(super) struct News {
    /// Lines.
    pub(super) notices: Vec<Notice>,
    /// How far it is.
    pub(super) progress: Progress,
    /// How it ended, if it did.
    pub(super) end: Option<SyncResult>,
}

impl Syncs {
    /// None yet.
    pub(super) fn new(session: Arc<Session>, hub: Arc<Hub>) -> Self {
        Self { session, hub, turn: Arc::default(), list: Mutex::default(), ended: watch::channel(0).0 }
    }

    fn list(&self) -> MutexGuard<'_, SyncList> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a sync, or waits for the turn of one. Whoever asks for what is under way already gets that; the second
    /// value says so.
    pub(super) fn start(
        self: &Arc<Self>,
        wish: SyncWish,
        by: Starter,
    ) -> Result<(Arc<SyncJob>, bool), NoTurn> {
        let usual = &self.session.engine.config().sync;
        let (days, limit) = (wish.days.or(Some(usual.days)), wish.limit.or(Some(usual.limit)));
        let wish = SyncWish { days, limit, ..wish };
        let job = {
            let mut list = self.list();
            let under_way = list.syncs.iter().filter(|sync| !sync.has_ended());
            if let Some(same) =
                under_way.clone().find(|sync| sync.wish == wish && !sync.cancel.is_cancelled())
            {
                return Ok((Arc::clone(same), true));
            }
            if list.is_over || under_way.count() > WAITING {
                return Err(NoTurn);
            }
            list.last += 1;
            let store = self.session.engine.config().store.clone();
            let job = Arc::new(SyncJob::new(list.last, wish, by, store));
            list.syncs.push_front(Arc::clone(&job));
            let oldest = list.syncs.iter().rposition(|sync| sync.has_ended());
            if let Some(oldest) = oldest.filter(|_| list.syncs.len() > KEPT) {
                list.syncs.remove(oldest);
            }
            job
        };
        self.tell(&job);
        tokio::spawn(Arc::clone(self).run(Arc::clone(&job)));
        Ok((job, false))
    }

    async fn run(self: Arc<Self>, job: Arc<SyncJob>) {
        let turn = tokio::select! {
            biased;
            () = job.cancel.cancelled() => None,
            turn = self.turn.lock() => Some(turn),
        };
        let ended = match &turn {
            None => Err(Error::Cancelled),
            Some(_) => self.synced(&job).await,
        };
        let told = self.tell_end(&ended);
        let end = Arc::new(ended);
        job.end(&end);
        drop(turn);
        self.hub.keep(&told);
        self.tell(&job);
        self.ended.send_modify(|ended| *ended += 1);
    }

    async fn synced(&self, job: &Arc<SyncJob>) -> Result<Finished, Error> {
        job.begin();
        self.tell(job);
        let SyncWish { mode, days, limit, accept_base } = job.wish;
        let options = SyncOptions { mode: mode.mode(), accept_base, days, limit };
        let telling =
            SyncTeller { job: Arc::clone(job), hub: Arc::clone(&self.hub), texts: self.session.texts };
        self.session.engine.sync(options, Arc::new(telling), &job.cancel).await
    }

    /// Tells how one ended; as the log has it, so that the journal has it as well.
    fn tell_end(&self, ended: &Result<Finished, Error>) -> LogEntry {
        let problem_of = |error| self.session.problem(error);
        match ended {
            Ok(finished) => {
                tell_end(&self.session, finished, finished.error.as_ref().map(problem_of).as_ref())
            }
            Err(error) => console::problem(&problem_of(error), self.session.texts),
        }
    }

    fn tell(&self, job: &SyncJob) {
        self.hub.publish("sync", job.object(self.session.texts));
    }

    /// All of them, the latest first.
    pub(super) fn all(&self) -> Vec<Arc<SyncJob>> {
        self.list().syncs.iter().cloned().collect()
    }

    /// One of them.
    pub(super) fn find(&self, id: u64) -> Option<Arc<SyncJob>> {
        self.list().syncs.iter().find(|sync| sync.id == id).cloned()
    }

    /// Whether any has not ended.
    pub(super) fn are_under_way(&self) -> bool {
        self.list().syncs.iter().any(|sync| !sync.has_ended())
    }

    /// The one at work.
    pub(super) fn running(&self) -> Option<Arc<SyncJob>> {
        self.list().syncs.iter().find(|sync| sync.is_running()).cloned()
    }

    /// Tells whoever waits that one ended.
    pub(super) fn ends(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }

    /// Figures of the last one that ended, for Prometheus.
    pub(super) fn metrics(&self, report: Option<&crate::report::StatusReport>) -> Option<String> {
        let last = self.all().into_iter().find_map(|sync| sync.state().end.clone())?;
        let finished = (*last).as_ref().ok();
        let stale_after = Some(self.session.engine.config().sync.stale_after);
        let published = report.and_then(|it| it.published.as_ref());
        let mirror = report.and_then(|it| it.mirror.as_ref());
        let run = metrics::SyncRun { mirror, at: SystemClock.now(), finished, published, stale_after };
        Some(metrics::sync(&run))
    }

    /// Ends what runs in order, and takes no more.
    pub(super) async fn end(&self) {
        let all = {
            let mut list = self.list();
            list.is_over = true;
            list.syncs.clone()
        };
        for sync in &all {
            sync.cancel.cancel();
        }
        for sync in &all {
            sync.ended().await;
        }
    }
}

impl SyncJob {
    fn new(id: u64, wish: SyncWish, by: Starter, store: std::path::PathBuf) -> Self {
        let (cancel, state, changed) = (CancellationToken::new(), Mutex::default(), watch::channel(0).0);
        Self { id, wish, by, asked_at: SystemClock.now(), cancel, state, changed, store }
    }

    fn state(&self) -> MutexGuard<'_, SyncState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut SyncState)) {
        change(&mut self.state());
        self.changed.send_modify(|changed| *changed += 1);
    }

    fn begin(&self) {
        self.change(|state| state.started_at = Some(SystemClock.now()));
    }

    fn end(&self, end: &SyncResult) {
        self.change(|state| state.end = Some(Arc::clone(end)));
    }

    fn has_ended(&self) -> bool {
        self.state().end.is_some()
    }

    fn is_running(&self) -> bool {
        let state = self.state();
        state.started_at.is_some() && state.end.is_none()
    }

    /// Waits for its end.
    pub(super) async fn ended(&self) {
        let mut changed = self.changed.subscribe();
        while !self.has_ended() && changed.changed().await.is_ok() {}
    }

    /// Hears that there is something new.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// What is new for somebody who heard so many lines.
    pub(super) fn news(&self, heard: usize) -> News {
        let state = self.state();
        let notices = state.notices.get(heard..).unwrap_or_default().to_vec();
        News { notices, progress: state.progress.clone(), end: state.end.clone() }
    }

    /// How far it is, for the status of the store.
    pub(super) fn running_status(&self) -> RunningStatus {
        let state = self.state();
        RunningStatus { stage: state.progress.stage, overall: Some(state.progress.overall) }
    }

    /// The same for whoever may follow it.
    pub(super) fn under_way(&self) -> Option<UnderWay> {
        let started_at = self.state().started_at?;
        Some(UnderWay { id: self.id, started_at })
    }

    /// Why it failed, in words, and what kind of failure that is.
    pub(super) fn failure(&self, end: &Result<Finished, Error>, texts: Texts) -> Option<Failure> {
        let error = end.as_ref().map_or_else(Some, |finished| finished.error.as_ref())?;
        let problem = Scene { texts, store: Some(&self.store) }.of_sync(error);
        Some(Failure { kind: kind_of(error), ..worded(problem) })
    }

    /// Why it failed, in words.
    pub(super) fn problem(&self, end: &Result<Finished, Error>, texts: Texts) -> Option<Problem> {
        let error = end.as_ref().map_or_else(Some, |finished| finished.error.as_ref())?;
        Some(Scene { texts, store: Some(&self.store) }.of_sync(error))
    }

    /// The JSON of it.
    pub(super) fn object(&self, texts: Texts) -> String {
        self.with_facts(texts, api::sync)
    }

    /// What is told of it.
    pub(super) fn with_facts<R>(&self, texts: Texts, tell: impl FnOnce(&api::SyncFacts<'_>) -> R) -> R {
        let (started_at, progress, end) = {
            let state = self.state();
            (state.started_at, state.progress.clone(), state.end.clone())
        };
        let problem = end.as_ref().and_then(|end| self.problem(end, texts));
        let finished = end.as_ref().and_then(|end| end.as_ref().as_ref().ok());
        tell(&api::SyncFacts {
            id: self.id,
            state: state_name(started_at.is_some(), end.as_deref()),
            mode: self.wish.mode.name(),
            by: match self.by {
                Starter::Api => "api",
                Starter::Schedule => "schedule",
            },
            bounds: (self.wish.days, self.wish.limit),
            asked_at: self.asked_at,
            started_at,
            progress: started_at.is_some().then(|| json::progress(&progress)),
            result: finished.map(|finished| json::finished(finished, problem.as_ref())),
            problem: problem.as_ref().filter(|_| finished.is_none()),
        })
    }
}

fn state_name(has_begun: bool, end: Option<&Result<Finished, Error>>) -> &'static str {
    match end {
        None if has_begun => "running",
        None => "waiting",
        Some(Err(Error::Cancelled)) => "cancelled",
        Some(Err(_)) => "failed",
        Some(Ok(finished)) => match finished.summary.outcome {
            Outcome::Published => "published",
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
        },
    }
}

/// What the shell is told of a sync.
pub(super) fn exit_of(end: &Result<Finished, Error>) -> ExitCode {
    match end {
        Err(error) => exit_code(error),
        Ok(finished) => match (finished.summary.outcome, &finished.error) {
            (Outcome::Published, _) => ExitCode::Done,
            (Outcome::Cancelled, _) => ExitCode::Interrupted,
            (Outcome::Failed, error) => error.as_ref().map_or(ExitCode::OneC, exit_code),
        },
    }
}

/// Tells the sync to whoever is attached, without ever holding it up.
struct SyncTeller {
    job: Arc<SyncJob>,
    hub: Arc<Hub>,
    texts: Texts,
}

impl Observer for SyncTeller {
    fn progress(&self, progress: &Progress) {
        let share = progress.stage.map_or(0, |stage| progress.of(stage).percent());
        let step = Some((progress.stage, share, progress.overall));
        let mut is_new = false;
        self.job.change(|state| {
            is_new = state.told != step;
            state.told = step;
            state.progress = progress.clone();
        });
        if is_new {
            self.hub.publish("progress", api::progressed(self.job.id, &json::progress(progress)));
        }
    }

    fn notice(&self, notice: Notice) {
        self.hub.note(&LogEntry::of_notice(&notice, clock::reader(self.texts)));
        self.job.change(|state| {
            if state.notices.len() < LINES {
                state.notices.push(notice);
            }
        });
    }
}
