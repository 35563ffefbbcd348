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

use crate::app::{
    CheckId, Copied, Event, Failure, FieldsId, Job, OpenId, Place, PortalId, Request, SearchId,
};
use crate::domain::CardId;
use crate::sync::event::{Notice, Progress};

use super::backend::{Backend, SyncWatch};
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
    sync: Option<Sync>,
    notices: (mpsc::Sender<Notice>, mpsc::Receiver<Notice>),
}

/// The running sync.
struct Sync {
    cancel: CancellationToken,
    progress: watch::Receiver<Progress>,
}

impl Tasks {
    pub(super) fn new(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            running: JoinSet::new(),
            jobs: HashMap::new(),
            search: None,
            sync: None,
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

    pub(super) fn start_sync(&mut self) {
        let cancel = CancellationToken::new();
        let (sender, progress) = watch::channel(Progress::default());
        let watch = SyncWatch { progress: sender, notices: self.notices.0.clone() };
        let synced = self.backend.sync(watch, cancel.clone());
        self.spawn(Job::Sync, Box::pin(async move { Event::Synced(synced.await) }));
        self.sync = Some(Sync { cancel, progress });
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
        let Self { running, jobs, sync, notices, .. } = self;
        tokio::select! {
            biased;
            event = ended(running, jobs) => event,
            Some(notice) = notices.1.recv() => Event::Noticed(notice),
            progress = progressed(sync.as_mut(), progress_at) => Event::Progressed(progress),
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

/// The sync's latest progress, once it moved on; never where none runs.
async fn progressed(sync: Option<&mut Sync>, from: Instant) -> Progress {
    let Some(sync) = sync else { return pending().await };
    sleep_until(from).await;
    match sync.progress.changed().await {
        Ok(()) => sync.progress.borrow_and_update().clone(),
        // The sync has let go of it: its end is on the way.
        Err(_) => pending().await,
    }
}
