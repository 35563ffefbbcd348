//! The dashboard attached to the engine of its store: what it asks is asked there, what happens there it is told. Where there
//! is none, and none can be started, it works alone.
//!
//! ```text
//! drive: connect ─▶ attend ─▶ lost ─▶ come back … ──▶ link: whom to ask
//!                                               └────▶ news: what the dashboard is told, by its `Watch`
//! ```

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use super::ExitCode;
use super::args::Global;
use super::attach::{Attached, Followed, Interrupted, Lost, Neighbour};
use super::house::{Begun, SyncWish, Watching, WishedMode};
use super::on_demand;
use crate::dashboard::app::house::{Attachment, FIRST, HouseNews};
use crate::dashboard::app::{Answer, Ask, Failure, FileOrder, TaskId, TaskReport};
use crate::dashboard::desk::{Desk, worded};
use crate::dashboard::runtime::{Backend, TaskContext};
use crate::engine::event::{Notice, Outcome, Progress};
use crate::engine::{Engine, Observer};
use crate::text::Texts;

/// How long an engine may take to answer that was started.
const START: Duration = Duration::from_secs(5);
/// Between two looks whether it does.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long another engine may take that was first: the one started here has ended for it.
const OTHER: Duration = Duration::from_millis(300);
/// Times that an engine is started in a row: each may meet another one that is about to end.
const TRIES: usize = 3;
/// Longer than this a living engine says nothing to nobody.
const SILENCE: Duration = Duration::from_secs(40);
/// Pauses before a lost engine is looked for again: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// Between two looks of a terminal that is alone whether somebody else started an engine: without a socket it costs a look
/// at one file.
const LOOK_FOR_OTHERS: Duration = Duration::from_secs(1);

/// The engine behind the dashboard, wherever it is.
#[derive(Clone)]
pub(super) struct RemoteDesk(Arc<Way>);

/// Whom to ask.
#[derive(Clone, Default)]
enum Link {
    /// It is not known yet.
    #[default]
    Unknown,
    /// This process itself.
    Alone,
    /// The engine.
    Attached(Arc<Attached>),
    /// Nobody: the engine is gone.
    Lost,
}

/// What was found beside the store.
enum FoundEngine {
    Ours(Attached),
    Other(Attached),
    /// None; why none could be started, where one was to be.
    None(Option<String>),
}

/// How an attachment ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parting {
    /// The engine ended because nobody needed it, just as this terminal came.
    Idle,
    /// It is gone.
    Gone,
}

struct Way {
    desk: Desk,
    engine: Arc<Engine>,
    texts: Texts,
    global: Global,
    link: watch::Sender<Link>,
    news: watch::Sender<HouseNews>,
    /// Somebody wants an engine.
    wanted: Notify,
    has_begun: AtomicBool,
    attachments: AtomicU64,
    /// How many long tasks this process works on by itself.
    at_work: watch::Sender<usize>,
    /// The last sync that was followed to its end: whatever still tells of it is late.
    ended: AtomicU64,
    /// The base as it was reconciled last: its number here, and in the engine.
    base: Mutex<Option<(TaskId, u64)>>,
}

impl RemoteDesk {
    /// Over a desk that answers where there is no engine.
    pub(super) fn new(desk: Desk, engine: Arc<Engine>, texts: Texts, global: &Global) -> Self {
        Self(Arc::new(Way {
            desk,
            engine,
            texts,
            global: global.clone(),
            link: watch::channel(Link::Unknown).0,
            news: watch::channel(HouseNews::default()).0,
            wanted: Notify::new(),
            has_begun: AtomicBool::new(false),
            attachments: AtomicU64::new(0),
            at_work: watch::channel(0).0,
            ended: AtomicU64::new(0),
            base: Mutex::default(),
        }))
    }

    /// Whether a sync of the engine goes on whatever becomes of this terminal.
    pub(super) fn leaves_sync(&self) -> bool {
        let is_attached = matches!(*self.0.link.borrow(), Link::Attached(_));
        let news = self.0.news.borrow();
        is_attached && matches!(&*news, HouseNews::Attached(it) if it.sync.is_some())
    }
}

impl Backend for RemoteDesk {
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        let way = Arc::clone(&self.0);
        match ask {
            // What is of this terminal alone.
            Ask::SetUp(_) | Ask::Keep(_) | Ask::WatchSettings | Ask::Save { .. } => way.desk.ask(ask, task),
            Ask::Watch(known) => Box::pin(async move { way.watched(known, task).await }),
            Ask::Engine => {
                way.wanted.notify_one();
                way.desk.ask(Ask::Engine, task)
            }
            ask => Box::pin(async move { way.answered(ask, task).await }),
        }
    }

    fn keeps_syncs(&self) -> bool {
        matches!(*self.0.link.borrow(), Link::Attached(_) | Link::Lost)
    }
}

// Whom to ask.

impl Way {
    /// Looks for an engine from now on, if nobody does yet.
    fn begin(self: &Arc<Self>) {
        if !self.has_begun.swap(true, Ordering::Relaxed) {
            tokio::spawn(Arc::clone(self).drive());
        }
    }

    async fn drive(self: Arc<Self>) {
        let may_start = self.engine.config().engine.is_on_demand;
        let mut found = self.connect(may_start).await;
        loop {
            found = match found {
                FoundEngine::Ours(engine) => match self.attend(engine).await {
                    Parting::Idle if may_start => self.connect(true).await,
                    Parting::Idle | Parting::Gone => self.come_back().await,
                },
                FoundEngine::None(why) => {
                    self.stand(Link::Alone, HouseNews::Alone(why));
                    tokio::select! {
                        () = self.wanted.notified() => self.connect(true).await,
                        engine = self.appearance() => FoundEngine::Ours(engine),
                    }
                }
                FoundEngine::Other(engine) => {
                    self.stand(Link::Alone, HouseNews::Other(self.other_words(&engine)));
                    tokio::select! {
                        () = self.wanted.notified() => match engine.restart().await {
                            Ok(()) => self.come_back().await,
                            Err(Lost) => self.connect(false).await,
                        },
                        engine = self.appearance() => FoundEngine::Ours(engine),
                    }
                }
            }
        }
    }

    /// An engine that somebody started meanwhile, once this terminal is at nothing of its own.
    async fn appearance(&self) -> Attached {
        // Whoever was alone for a while is told that it is not any more.
        self.attachments.fetch_max(FIRST, Ordering::Relaxed);
        let mut at_work = self.at_work.subscribe();
        loop {
            sleep(LOOK_FOR_OTHERS).await;
            let _ = at_work.wait_for(|tasks| *tasks == 0).await;
            if let Some(FoundEngine::Ours(engine)) = self.look().await
                && *at_work.borrow() == 0
            {
                return engine;
            }
        }
    }

    fn stand(&self, link: Link, news: HouseNews) {
        self.news.send_replace(news);
        self.link.send_replace(link);
    }

    fn other_words(&self, other: &Attached) -> String {
        if other.is_same_program() {
            return self.texts.get("engine-other-settings").into_owned();
        }
        let versions =
            [("theirs", other.engine.version.as_str().into()), ("ours", env!("CARGO_PKG_VERSION").into())];
        self.texts.with("engine-other-version", &versions)
    }

    /// The engine that runs; where none does, one that is started, if that may be.
    async fn connect(&self, may_start: bool) -> FoundEngine {
        if let Some(found) = self.look().await {
            return found;
        }
        if !may_start || self.global.no_engine {
            return FoundEngine::None(None);
        }
        for _ in 0..TRIES {
            let mut started = match on_demand::start(&self.global) {
                Ok(started) => started,
                Err(error) => return self.not_started(&self.texts.system(error.kind())),
            };
            let mut until = Instant::now() + START;
            let mut code = None;
            while Instant::now() < until {
                if let Some(found) = self.look().await {
                    return found;
                }
                if code.is_none() && started.is_finished() {
                    code = (&mut started).await.ok().and_then(Result::ok).and_then(|status| status.code());
                    until = Instant::now() + OTHER;
                }
                sleep(LOOK_EVERY).await;
            }
            // Where another one was first, and ended since, the next try is the first again.
            if code != Some(i32::from(ExitCode::Store.number())) {
                break;
            }
        }
        self.not_started(&self.texts.get("engine-see-log"))
    }

    fn not_started(&self, why: &str) -> FoundEngine {
        FoundEngine::None(Some(self.texts.with("engine-not-started", &[("why", why.into())])))
    }

    async fn look(&self) -> Option<FoundEngine> {
        let found = Attached::neighbour(self.engine.config(), self.texts, &self.global).await?;
        Some(match found {
            Neighbour::Ours(engine) => FoundEngine::Ours(engine),
            Neighbour::Other(engine) => FoundEngine::Other(engine),
        })
    }

    /// Tells what the engine tells, until it is gone.
    async fn attend(&self, engine: Attached) -> Parting {
        let Ok(mut events) = engine.watch().await else { return Parting::Gone };
        let number = self.attachments.fetch_add(1, Ordering::Relaxed) + 1;
        self.ended.store(0, Ordering::Relaxed);
        let mut engine = Some(Arc::new(engine));
        while let Ok(Some(event)) = timeout(SILENCE, events.next()).await {
            match event.kind.as_str() {
                "house" => {
                    let Ok(Watching { viewers, sync, next_sync_at }) = serde_json::from_str(&event.data)
                    else {
                        break;
                    };
                    let sync = sync.filter(|it| it.id > self.ended.load(Ordering::Relaxed));
                    let attachment = Attachment { number, viewers, sync, next_sync_at };
                    self.news.send_replace(HouseNews::Attached(attachment));
                    if let Some(engine) = engine.take() {
                        self.link.send_replace(Link::Attached(engine));
                    }
                }
                "idle" => return Parting::Idle,
                _ => {}
            }
        }
        Parting::Gone
    }

    /// Looks for a lost engine, ever more seldom; starts one where somebody wants that.
    async fn come_back(&self) -> FoundEngine {
        let mut pause = FIRST_PAUSE;
        let words = self.texts.get("engine-gone").into_owned();
        loop {
            self.stand(Link::Lost, HouseNews::Lost(words.clone(), pause));
            let may_start = tokio::select! {
                () = self.wanted.notified() => true,
                () = sleep(pause) => false,
            };
            match self.connect(may_start).await {
                FoundEngine::None(None) => pause = (pause * 2).min(LONGEST_PAUSE),
                found => return found,
            }
        }
    }

    /// Whom to ask, once that is known.
    async fn whom(self: &Arc<Self>) -> Link {
        self.begin();
        let mut link = self.link.subscribe();
        let known = link.wait_for(|link| !matches!(link, Link::Unknown)).await;
        known.map_or(Link::Lost, |link| link.clone())
    }
}

// What is asked.

impl Way {
    async fn answered(self: Arc<Self>, ask: Ask, task: TaskContext) -> Result<Answer, Failure> {
        match self.whom().await {
            // What this terminal reconciled while it was alone nobody else has.
            _ if self.is_of_desk(&ask) => self.desk.ask(ask, task).await,
            Link::Attached(engine) => match ask {
                Ask::Sync => self.synced(&engine, None, task).await,
                Ask::Follow(id) => self.synced(&engine, Some(id), task).await,
                ask => self.put(&engine, ask, task).await,
            },
            Link::Lost => Err(self.gone()),
            Link::Alone | Link::Unknown => {
                let _work = ask.kind().is_long().then(|| AtWork::begun(&self.at_work));
                self.desk.ask(ask, task).await
            }
        }
    }

    fn gone(&self) -> Failure {
        worded(self.texts.problem("engine-gone", &[]))
    }

    /// A question of which the engine knows by itself how long it is.
    async fn put(&self, engine: &Attached, ask: Ask, task: TaskContext) -> Result<Answer, Failure> {
        let is_reconciliation = matches!(ask, Ask::Reconcile(_));
        let ask = self.by_its_numbers(ask);
        let tell = |report| match report {
            TaskReport::Notice(notice) => task.notice(notice),
            report => task.progress(report),
        };
        let put = tokio::select! {
            biased;
            // Who hangs up gives it up.
            () = task.cancel.cancelled() => return Err(worded(self.texts.problem("sync-cancelled", &[]))),
            put = engine.put(&ask, tell) => put,
        };
        let (number, end) = put.map_err(|Lost| self.gone())?;
        if is_reconciliation && end.is_ok() {
            *self.base.lock().unwrap_or_else(PoisonError::into_inner) = Some((task.id, number));
        }
        end
    }

    /// Whether it is about a base that was reconciled in this process.
    fn is_of_desk(&self, ask: &Ask) -> bool {
        let of = match ask {
            Ask::List { of, .. } => *of,
            Ask::Export(order) => order.of,
            _ => return false,
        };
        self.desk.base_of(of).is_some()
    }

    /// The same with the number by which the engine knows a reconciliation.
    fn by_its_numbers(&self, ask: Ask) -> Ask {
        let base = *self.base.lock().unwrap_or_else(PoisonError::into_inner);
        let its = |of| TaskId(base.filter(|(here, _)| *here == of).map_or(0, |(_, there)| there));
        match ask {
            Ask::List { of, wanted, part } => Ask::List { of: its(of), wanted, part },
            Ask::Export(order) => Ask::Export(FileOrder { of: its(order.of), ..order }),
            ask => ask,
        }
    }

    /// Begins a sync, or follows the one of this number.
    async fn synced(&self, engine: &Attached, id: Option<u64>, task: TaskContext) -> Result<Answer, Failure> {
        let lost = |Lost| worded(self.texts.problem("engine-lost", &[]));
        let begun = if let Some(id) = id {
            Begun { id, joined: true }
        } else {
            let wish = SyncWish { mode: WishedMode::Delta, ..SyncWish::default() };
            engine.begin(&wish).await.map_err(lost)?
        };
        let cancel = task.cancel.clone();
        let teller = Arc::new(Telling(task.clone()));
        let followed = engine.follow(begun, teller, &cancel, Interrupted::Cancels).await;
        let Followed::Ended(end) = followed.map_err(lost)? else { return Err(self.gone()) };
        self.ended.fetch_max(begun.id, Ordering::Relaxed);
        if let Some(delta) = end.delta {
            task.notice(Notice::Delta(delta));
        }
        match (end.summary, end.failure) {
            (Some(summary), _) if summary.outcome == Outcome::Cancelled => Ok(Answer::Synced(summary)),
            (_, Some(failure)) => Err(failure),
            (Some(summary), None) => Ok(Answer::Synced(summary)),
            (None, None) => Err(self.gone()),
        }
    }

    /// What other processes do to the store, and meanwhile how it stands with the engine.
    async fn watched(
        self: Arc<Self>,
        known: Option<crate::engine::Pulse>,
        task: TaskContext,
    ) -> Result<Answer, Failure> {
        let mut news = self.news.subscribe();
        news.mark_changed();
        let mut link = self.link.subscribe();
        loop {
            self.whom().await;
            let whom = link.borrow_and_update().clone();
            let seen = async {
                let ask = Ask::Watch(known.clone());
                match whom {
                    Link::Alone | Link::Unknown => self.desk.ask(ask, TaskContext::unwatched()).await.ok(),
                    Link::Attached(engine) => engine.put(&ask, |_| ()).await.ok()?.1.ok(),
                    Link::Lost => None,
                }
            };
            let seen = async {
                match seen.await {
                    Some(answer) => answer,
                    // It is gone, which is told otherwise.
                    None => std::future::pending().await,
                }
            };
            let mut seen = std::pin::pin!(seen);
            loop {
                tokio::select! {
                    biased;
                    Ok(()) = news.changed() => {
                        task.progress(TaskReport::House(news.borrow_and_update().clone()));
                    }
                    Ok(()) = link.changed() => break,
                    answer = &mut seen => return Ok(answer),
                }
            }
        }
    }
}

/// A long task of this process, as long as this lives.
struct AtWork(watch::Sender<usize>);

impl AtWork {
    fn begun(all: &watch::Sender<usize>) -> Self {
        all.send_modify(|tasks| *tasks += 1);
        Self(all.clone())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.send_modify(|tasks| *tasks -= 1);
    }
}

/// Passes on what a sync of the engine tells.
struct Telling(TaskContext);

impl Observer for Telling {
    fn progress(&self, progress: &Progress) {
        self.0.progress(TaskReport::Sync(Box::new(progress.clone())));
    }

    fn notice(&self, notice: Notice) {
        self.0.notice(notice);
    }
}
