//! The tasks at work: each has a job, and its end is an event, however it ends.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::app::reconcile::Order;
use crate::app::{
    By, CheckId, Copied, Event, ExportId, Failure, FieldsId, Job, ListId, OpenId, Part, Place, PortalId,
    ReconcileId, ReconcileProgress, Request, SearchId, Wanted,
};
use crate::domain::CardId;
use crate::sync::event::{Notice, Progress};

use super::backend::{Backend, ReconcileWatch, SyncWatch};
use super::{clipboard, terminal};

/// Lines of the journal that may wait to be read; a sync that talks faster waits.
const NOTICES: usize = 256;
/// How long a sync may take to stop when the dashboard ends.
const GRACE: Duration = Duration::from_secs(5);

/// The tasks at work.
pub(super) struct Tasks {
    backend: Arc<dyn Backend>,
    running: JoinSet<Event>,
    jobs: HashMap<Id, Job>,
    search: Option<AbortHandle>,
    list: Option<AbortHandle>,
    sync: Option<Long<Progress>>,
    reconcile: Option<(ReconcileId, Long<ReconcileProgress>)>,
    export: Option<(ExportId, Long<u64>)>,
    notices: (mpsc::Sender<Notice>, mpsc::Receiver<Notice>),
}

/// Something that takes its time: it tells how it goes, and can be asked to stop.
struct Long<T> {
    cancel: CancellationToken,
    progress: watch::Receiver<T>,
}

impl<T: Default> Long<T> {
    fn new() -> (Self, watch::Sender<T>) {
        let (sender, progress) = watch::channel(T::default());
        (Self { cancel: CancellationToken::new(), progress }, sender)
    }
}

impl Tasks {
    pub(super) fn new(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            running: JoinSet::new(),
            jobs: HashMap::new(),
            search: None,
            list: None,
            sync: None,
            reconcile: None,
            export: None,
            notices: mpsc::channel(NOTICES),
        }
    }

    /// Searches; a search still under way is of no use to anyone.
    pub(super) fn search(&mut self, id: SearchId, request: Request) {
        if let Some(overtaken) = self.search.take() {
            overtaken.abort();
        }
        let found = self.backend.search(request);
        let task = async move { Event::Found(id, found.await) };
        self.search = Some(self.spawn(Job::Search(id), Box::pin(task)));
    }

    pub(super) fn open(&mut self, id: OpenId, card: CardId) {
        let opened = self.backend.open(card);
        let task = async move { Event::Opened(id, card, opened.await.map(Box::new)) };
        self.spawn(Job::Open(id), Box::pin(task));
    }

    pub(super) fn check(&mut self, id: CheckId, card: CardId) {
        let checked = self.backend.check(card);
        let task = async move { Event::Checked(id, card, checked.await.map(Box::new)) };
        self.spawn(Job::Check(id), Box::pin(task));
    }

    pub(super) fn fields(&mut self, id: FieldsId, card: CardId) {
        let fields = self.backend.fields(card);
        let task = async move { Event::FieldsRead(id, card, fields.await) };
        self.spawn(Job::Fields(id), Box::pin(task));
    }

    pub(super) fn portal(&mut self, id: PortalId, card: Option<CardId>) {
        let portal = self.backend.portal(card);
        let task = async move { Event::PortalLoaded(id, portal.await.map(|portal| portal.map(Box::new))) };
        self.spawn(Job::Portal(id), Box::pin(task));
    }

    /// Puts a text into a file.
    pub(super) fn save(&mut self, name: String, text: String) {
        let saved = saved(Arc::clone(&self.backend), name, text);
        self.spawn(Job::Copy, Box::pin(async move { Event::Copied(saved.await.map(Some)) }));
    }

    /// Hands a text to tmux; into a file where tmux does not take it.
    pub(super) fn copy_into_tmux(&mut self, name: String, text: String) {
        let backend = Arc::clone(&self.backend);
        let task = async move {
            let characters = text.chars().count();
            match clipboard::into_tmux(&text).await {
                Ok(()) => Event::Copied(Ok(Some(Copied { characters, place: Place::Tmux }))),
                Err(_) => Event::Copied(saved(backend, name, text).await.map(Some)),
            }
        };
        self.spawn(Job::Copy, Box::pin(task));
    }

    pub(super) fn write_settings(&mut self) {
        let written = self.backend.write_settings();
        self.spawn(Job::Settings, Box::pin(async move { Event::Written(written.await) }));
    }

    pub(super) fn status(&mut self) {
        let status = self.backend.status();
        self.spawn(Job::Status, Box::pin(async move { Event::Loaded(status.await) }));
    }

    pub(super) fn verify(&mut self) {
        let verified = self.backend.verify();
        self.spawn(Job::Verify, Box::pin(async move { Event::Verified(verified.await) }));
    }

    /// Compares the whole base; one that still winds down is asked to stop once more.
    pub(super) fn reconcile(&mut self, id: ReconcileId, by: By) {
        self.cancel_reconcile();
        let (long, progress) = Long::new();
        let watch = ReconcileWatch { progress, notices: self.notices.0.clone() };
        let reconciled = self.backend.reconcile(id, by, watch, long.cancel.clone());
        let task = async move { Event::Reconciled(id, reconciled.await.map(Box::new)) };
        self.spawn(Job::Reconcile(id), Box::pin(task));
        self.reconcile = Some((id, long));
    }

    pub(super) fn cancel_reconcile(&mut self) {
        if let Some((_, long)) = self.reconcile.take() {
            long.cancel.cancel();
        }
    }

    /// Lists cards of a reconciliation; a list still under way is of no use to anyone.
    pub(super) fn list(&mut self, id: ListId, of: ReconcileId, wanted: Wanted, part: Part) {
        if let Some(overtaken) = self.list.take() {
            overtaken.abort();
        }
        let listed = self.backend.reconciled(of, wanted, part);
        let task = async move { Event::ReconciledListed(id, listed.await) };
        self.list = Some(self.spawn(Job::List(id), Box::pin(task)));
    }

    /// Writes a file of a reconciliation.
    pub(super) fn export(&mut self, id: ExportId, order: Order) {
        self.cancel_export();
        let (long, written) = Long::new();
        let exported = self.backend.export(order, written, long.cancel.clone());
        self.spawn(Job::Export(id), Box::pin(async move { Event::Exported(id, exported.await) }));
        self.export = Some((id, long));
    }

    pub(super) fn cancel_export(&mut self) {
        if let Some((_, long)) = self.export.take() {
            long.cancel.cancel();
        }
    }

    pub(super) fn start_sync(&mut self) {
        let (long, progress) = Long::new();
        let watch = SyncWatch { progress, notices: self.notices.0.clone() };
        let synced = self.backend.sync(watch, long.cancel.clone());
        self.spawn(Job::Sync, Box::pin(async move { Event::Synced(synced.await) }));
        self.sync = Some(long);
    }

    pub(super) fn cancel_sync(&self) {
        if let Some(sync) = &self.sync {
            sync.cancel.cancel();
        }
    }

    /// Whether anything is under way.
    pub(super) fn are_running(&self) -> bool {
        !self.running.is_empty()
    }

    fn spawn(&mut self, job: Job, task: BoxFuture<'static, Event>) -> AbortHandle {
        let handle = self.running.spawn(task);
        self.jobs.insert(handle.id(), job);
        handle
    }

    /// What the tasks tell next: an end, a line, or progress, which is looked at from `progress_at` on.
    pub(super) async fn next(&mut self, progress_at: Instant) -> Event {
        let Self { running, jobs, sync, reconcile, export, notices, .. } = self;
        tokio::select! {
            biased;
            event = ended(running, jobs) => event,
            Some(notice) = notices.1.recv() => Event::Noticed(notice),
            progress = progressed(sync.as_mut(), progress_at) => Event::Progressed(progress),
            (id, progress) = numbered(reconcile.as_mut(), progress_at) => Event::ReconcileProgressed(id, progress),
            (id, written) = numbered(export.as_mut(), progress_at) => Event::ExportProgressed(id, written),
        }
    }

    /// What a sync said before its end: the end must not overtake it.
    pub(super) fn last_words(&mut self) -> Vec<Event> {
        let mut said: Vec<Event> = Vec::new();
        while let Ok(notice) = self.notices.1.try_recv() {
            said.push(Event::Noticed(notice));
        }
        if let Some(mut sync) = self.sync.take() {
            said.push(Event::Progressed(sync.progress.borrow_and_update().clone()));
        }
        said
    }

    /// Asks a running sync to stop and gives it time to; all else is dropped.
    pub(super) async fn wind_down(&mut self) {
        self.cancel_sync();
        self.cancel_reconcile();
        self.cancel_export();
        // A sync that waits for room among the notices must not wait for ever.
        self.notices.1.close();
        let Self { running, jobs, .. } = self;
        let sync_ended = async {
            while jobs.values().any(|job| *job == Job::Sync) {
                ended(running, jobs).await;
            }
        };
        let _ = tokio::time::timeout(GRACE, sync_ended).await;
        self.running.abort_all();
    }
}

async fn saved(backend: Arc<dyn Backend>, name: String, text: String) -> Result<Copied, Failure> {
    let characters = text.chars().count();
    let path = backend.save(name, text).await?;
    Ok(Copied { characters, place: Place::File(path) })
}

/// The end of the next task that was not overtaken; never where none runs.
async fn ended(running: &mut JoinSet<Event>, jobs: &mut HashMap<Id, Job>) -> Event {
    loop {
        match running.join_next_with_id().await {
            None => return pending().await,
            Some(Ok((id, event))) => {
                jobs.remove(&id);
                return event;
            }
            Some(Err(error)) => {
                let job = jobs.remove(&error.id()).filter(|_| error.is_panic());
                if let Some(job) = job {
                    return Event::Crashed(job, terminal::last_panic());
                }
            }
        }
    }
}

/// The latest progress, once it moved on; never where nothing runs.
async fn progressed<T: Clone>(long: Option<&mut Long<T>>, from: Instant) -> T {
    let Some(long) = long else { return pending().await };
    sleep_until(from).await;
    match long.progress.changed().await {
        Ok(()) => long.progress.borrow_and_update().clone(),
        // Whoever told it has let go of it: the end is on the way.
        Err(_) => pending().await,
    }
}

/// The same, with the number of what runs.
async fn numbered<I: Copy, T: Clone>(long: Option<&mut (I, Long<T>)>, from: Instant) -> (I, T) {
    let Some((id, long)) = long else { return pending().await };
    (*id, progressed(Some(long), from).await)
}
