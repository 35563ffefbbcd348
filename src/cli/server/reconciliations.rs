//! Reconciliations of the whole base: one at a time, the last one kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use crate::cli::clock;
use crate::cli::clock::SystemClock;
use crate::cli::session::Session;
use crate::engine::event::Notice;
use crate::engine::reconcile::{Listed, Options, Progress, Reconciliation, Wanted, Watcher};
use crate::engine::{Clock, Error, ListPart};
use crate::report::json::api;
use crate::report::log::LogEntry;
use crate::report::problem::Scene;
use crate::text::Texts;

/// What there is of reconciliations.
pub(super) struct Reconciliations {
    session: Arc<Session>,
    hub: Arc<Hub>,
    last: Arc<Mutex<Option<Arc<ReconcileJob>>>>,
}

/// One reconciliation.
pub(super) struct ReconcileJob {
    /// Its number.
    pub(super) id: u64,
    /// Set when it shall end.
    pub(super) cancel: CancellationToken,
    started_at: DateTime<Utc>,
    state: Mutex<ReconcileState>,
}

#[derive(Default)]
struct ReconcileState {
    progress: (u64, Option<u64>),
    end: Option<Result<Arc<Reconciliation>, Arc<Error>>>,
}

impl Reconciliations {
    /// None yet.
    pub(super) fn new(session: Arc<Session>, hub: Arc<Hub>) -> Self {
        Self { session, hub, last: Arc::default() }
    }

    /// The last one, if this is its number.
    pub(super) fn find(&self, id: u64) -> Option<Arc<ReconcileJob>> {
        self.last().clone().filter(|job| job.id == id)
    }

    fn last(&self) -> MutexGuard<'_, Option<Arc<ReconcileJob>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one, in the place of the one before; or hands out the one that runs.
    pub(super) fn start(&self, options: Options) -> Arc<ReconcileJob> {
        let mut last = self.last();
        if let Some(running) = last.as_ref().filter(|job| job.state().end.is_none()) {
            return Arc::clone(running);
        }
        let id = last.as_ref().map_or(1, |job| job.id + 1);
        let job = Arc::new(ReconcileJob {
            id,
            cancel: CancellationToken::new(),
            started_at: SystemClock.now(),
            state: Mutex::default(),
        });
        *last = Some(Arc::clone(&job));
        drop(last);
        let (session, hub, begun) = (Arc::clone(&self.session), Arc::clone(&self.hub), Arc::clone(&job));
        let told = Arc::clone(&self.hub);
        tokio::spawn(async move {
            let watcher = Arc::new(ReconcileTeller { job: Arc::clone(&begun), hub, texts: session.texts });
            let ended = session.engine.reconcile(options, watcher, &begun.cancel).await;
            begun.state().end = Some(ended.map(Arc::new).map_err(Arc::new));
            told.stir();
        });
        job
    }

    /// Whether one runs.
    pub(super) fn is_running(&self) -> bool {
        self.last().as_ref().is_some_and(|job| job.state().end.is_none())
    }

    /// Ends the one that runs.
    pub(super) fn cancel(&self) {
        self.last().iter().for_each(|job| job.cancel.cancel());
    }

    /// The JSON of one.
    pub(super) fn object(&self, job: &ReconcileJob, texts: Texts) -> String {
        let state = job.state();
        let (name, done, error) = match &state.end {
            None => ("running", None, None),
            Some(Ok(done)) => ("done", Some(done), done.failure.as_deref()),
            Some(Err(error)) if matches!(**error, Error::Cancelled) => ("cancelled", None, Some(&**error)),
            Some(Err(error)) => ("failed", None, Some(&**error)),
        };
        let store = Some(&*self.session.engine.config().store);
        let problem = error.map(|error| Scene { texts, store }.of_sync(error));
        api::reconciliation(&api::ReconcileFacts {
            id: job.id,
            state: name,
            started_at: job.started_at,
            progress: state.progress,
            summary: done.map(|done| &done.summary),
            problem: problem.as_ref(),
        })
    }

    /// A part of its cards, as the newest of their comparisons tells them; `None` while it runs, and where it failed.
    pub(super) async fn cards(
        &self,
        job: &ReconcileJob,
        wanted: Wanted,
        part: ListPart,
    ) -> Option<Result<Listed, Error>> {
        match self.newest(job).await? {
            Ok(newest) => Some(self.session.engine.reconciled_part(newest, wanted, part).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// What came of it, as the newest of its comparisons tell it; `None` while it runs, and where it failed.
    pub(super) async fn newest(&self, job: &ReconcileJob) -> Option<Result<Arc<Reconciliation>, Error>> {
        let done = job.state().end.clone()?.ok()?;
        let newest = self.session.engine.by_newest(Arc::clone(&done)).await;
        Some(newest.map(|newest| newest.map_or(done, Arc::new)))
    }
}

impl ReconcileJob {
    fn state(&self) -> MutexGuard<'_, ReconcileState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells how it goes.
struct ReconcileTeller {
    job: Arc<ReconcileJob>,
    hub: Arc<Hub>,
    texts: Texts,
}

impl Watcher for ReconcileTeller {
    fn progress(&self, progress: Progress) {
        self.job.state().progress = (progress.done, progress.total);
    }

    fn notice(&self, notice: Notice) {
        self.hub.note(&LogEntry::of_notice(&notice, clock::reader(self.texts)));
    }
}
