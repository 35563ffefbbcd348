//! What the house's own terminals ask: the dashboard's questions as they are, syncs and checks with all that commands tell.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use chrono::FixedOffset;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::body::body_of;
use super::caller::Caller;
use super::door::{Comer, Right};
use super::events::{BEAT, STILL_HERE, answer, event};
use super::exports;
use super::hub::Viewer;
use super::reply::{Failed, Reply, busy, forbidden, json, unclear};
use super::served::{Served, nothing};
use super::syncs::{NoTurn, Starter, SyncJob, exit_of};
use crate::cli::attach::problem_of;
use crate::cli::house::{Begun, CheckEnd, CheckWish, FileWish, ReconcileWish, SyncEnd, SyncWish, Watching};
use crate::cli::session::exit_code;
use crate::dashboard::app::{Answer, Ask, By, Failure, FailureKind, TaskId, TaskReport};
use crate::dashboard::desk::{told_of, worded};
use crate::dashboard::runtime::{Backend, TaskContext};
use crate::engine::event::Notice;
use crate::engine::reconcile::Options;
use crate::engine::{Error, Side};
use crate::report::Reader;
use crate::text::Texts;

/// Lines that may wait for whoever asked.
const WAITING: usize = 256;

/// Numbers of questions: a reconciliation is listed by that of its own.
static TASKS: AtomicU64 = AtomicU64::new(1);

/// A question of the dashboard. Whoever takes `text/event-stream` is told how it goes as well.
pub(super) async fn ask(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    Extension(right): Extension<Right>,
    Extension(comer): Extension<Comer>,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let ask: Ask = body_of(body, texts).await?.ok_or_else(|| unclear("body", texts))?;
    if right < Right::Full && !is_reading(&ask) {
        return Err(forbidden(texts));
    }
    let is_of_terminal = matches!(ask, Ask::SetUp(_) | Ask::Keep(_) | Ask::WatchSettings | Ask::Engine);
    if is_of_terminal || matches!(ask, Ask::Sync | Ask::Follow(_)) {
        // The state of a terminal is its own, and syncs have an address where whoever leaves ends none.
        return Err(unclear("ask", texts));
    }
    let id = TaskId(TASKS.fetch_add(1, Ordering::Relaxed));
    let (notices, lines) = mpsc::channel(WAITING);
    let (task, progress) = TaskContext::new(id, notices);
    let guard = task.cancel.clone().drop_guard();
    let is_told = headers.get(ACCEPT).is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
    let is_long = ask.kind().is_long();
    let work = tokio::spawn(served.desk.in_language(texts).ask(ask, task));
    let mut asked = Asked { work, is_long };
    let mut response = if is_told {
        let viewer = served.hub.viewer(Caller::of(comer, &headers));
        told(FollowedAsk { asked, progress, lines, over: served.hub.over.clone(), _kept: (guard, viewer) })
    } else {
        let answered = (&mut asked.work).await.map_err(|_| crashed()).flatten();
        json(in_json(&answered.map_err(|failure| failed(failure, texts))?))
    };
    response.headers_mut().insert("sverka-task", HeaderValue::from(id.0));
    Ok(response)
}

/// Whether a question only reads what is stored.
fn is_reading(ask: &Ask) -> bool {
    match ask {
        Ask::Search(_) | Ask::Open(_) | Ask::Portal(_) | Ask::List { .. } | Ask::Status | Ask::Watch(_) => {
            true
        }
        Ask::Check(_)
        | Ask::Fields(_)
        | Ask::RawAnswer(_)
        | Ask::DocumentTypes
        | Ask::Reconcile(_)
        | Ask::Export(_)
        | Ask::Save { .. }
        | Ask::Sync
        | Ask::Follow(_)
        | Ask::Engine
        | Ask::WatchSettings
        | Ask::Verify
        | Ask::SetUp(_)
        | Ask::Keep(_) => false,
    }
}

fn crashed() -> Failure {
    Failure::crashed(None)
}

fn failed(failure: Failure, texts: Texts) -> Failed {
    let status = match failure.kind {
        FailureKind::Passing => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::StoreChanged | FailureKind::Elsewhere => StatusCode::CONFLICT,
        FailureKind::Damage | FailureKind::Crashed => StatusCode::INTERNAL_SERVER_ERROR,
        FailureKind::Told => StatusCode::BAD_GATEWAY,
    };
    let mut problem = texts.problem("own-mistake", &[("place", "".into()), ("report", "".into())]);
    if !matches!(failure.kind, FailureKind::Crashed) {
        problem = problem_of(failure);
    }
    Failed::new(status, problem)
}

/// A question under way, with what is told of it. Dropped, it is given up.
struct FollowedAsk {
    asked: Asked,
    progress: watch::Receiver<Option<TaskReport>>,
    lines: mpsc::Receiver<(TaskId, Notice)>,
    over: CancellationToken,
    _kept: (DropGuard, Viewer),
}

/// The work on a question. Nobody waits for it any more when this is dropped: what is long ends in order, all else where it
/// stands.
struct Asked {
    work: tokio::task::JoinHandle<Result<Answer, Failure>>,
    is_long: bool,
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.is_long {
            self.work.abort();
        }
    }
}

fn told(asking: FollowedAsk) -> Response {
    answer(stream::unfold(Some(asking), |asking| async move {
        let mut asking = asking?;
        let (text, is_last) = asking.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), (!is_last).then_some(asking)))
    }))
}

impl FollowedAsk {
    async fn next(&mut self) -> Option<(String, bool)> {
        tokio::select! {
            biased;
            () = self.over.cancelled() => None,
            Some((_, line)) = self.lines.recv() => {
                Some((event(None, "report", &in_json(&TaskReport::Notice(line))), false))
            }
            Ok(()) = self.progress.changed() => {
                let report = self.progress.borrow_and_update().clone();
                let text = report.map(|report| event(None, "report", &in_json(&report)));
                Some((text.unwrap_or_default(), false))
            }
            answered = &mut self.asked.work => {
                let answered = answered.map_err(|_| crashed()).flatten();
                let kind = if answered.is_ok() { "answer" } else { "failure" };
                let text = match &answered {
                    Ok(answer) => in_json(answer),
                    Err(failure) => in_json(failure),
                };
                Some((event(None, kind, &text), true))
            }
        }
    }
}

/// Begins a sync for a terminal.
pub(super) async fn begin(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    body: Body,
) -> Reply {
    let wish: SyncWish = body_of(body, texts).await?.unwrap_or_default();
    let (sync, joined) = served.syncs.start(wish, Starter::Api).map_err(|NoTurn| busy(texts))?;
    Ok(json(in_json(&Begun { id: sync.id, joined })))
}

/// Tells a sync to a terminal, to its end.
pub(super) async fn follow(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    Extension(comer): Extension<Comer>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Reply {
    let sync = served.sync(&id, texts)?;
    let mut changes = sync.changes();
    // What it told before is new to whoever comes now.
    changes.mark_changed();
    let follower = Follower {
        changes,
        sync,
        texts,
        heard: 0,
        over: served.hub.over.clone(),
        _viewer: served.hub.viewer(Caller::of(comer, &headers)),
    };
    Ok(answer(stream::unfold(Some(follower), |follower| async move {
        let mut follower = follower?;
        let (text, is_last) = follower.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), (!is_last).then_some(follower)))
    })))
}

/// A terminal that follows a sync: every line of it, and the latest word on how far it is.
struct Follower {
    sync: Arc<SyncJob>,
    changes: watch::Receiver<u64>,
    texts: Texts,
    heard: usize,
    over: CancellationToken,
    _viewer: Viewer,
}

impl Follower {
    async fn next(&mut self) -> Option<(String, bool)> {
        let report = |report: &TaskReport| event(None, "report", &in_json(report));
        tokio::select! {
            biased;
            // The end of a sync comes before that of the engine.
            changed = self.changes.changed() => changed.ok()?,
            () = self.over.cancelled() => return None,
        }
        let news = self.sync.news(self.heard);
        self.heard += news.notices.len();
        let lines: String = news.notices.into_iter().map(|line| report(&TaskReport::Notice(line))).collect();
        let told = lines + &report(&TaskReport::Sync(Box::new(news.progress)));
        let Some(end) = news.end else { return Some((told, false)) };
        let finished = (*end).as_ref().ok();
        let end = SyncEnd {
            summary: finished.map(|finished| Box::new(finished.summary.clone())),
            delta: finished.and_then(|finished| finished.delta),
            failure: self.sync.failure(&end, self.texts),
            exit: exit_of(&end).number(),
        };
        Some((told + &event(None, "end", &in_json(&end)), true))
    }
}

/// A check for a terminal, with all that the command tells.
pub(super) async fn check(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    body: Body,
) -> Reply {
    let wish: CheckWish = body_of(body, texts).await?.ok_or_else(|| unclear("body", texts))?;
    let side = if wish.offline { Side::ControlTotals } else { Side::Live };
    let checked = served.session.engine.check(&wish.whom, side).await;
    let end = match checked {
        Ok(checked) => CheckEnd {
            exit: checked.failure.as_ref().map(exit_code).unwrap_or_default().number(),
            failure: checked.failure.as_ref().map(|error| worded(served.problem(error, texts))),
            comparisons: checked.comparisons,
            total: checked.total,
            phone_moved: checked.phone_moved,
            portal_not_asked: checked.portal_not_asked,
            could_begin: true,
        },
        Err(error) => CheckEnd {
            exit: exit_code(&error).number(),
            failure: Some(worded(served.problem(&error, texts))),
            comparisons: Vec::new(),
            total: 0,
            phone_moved: Vec::new(),
            portal_not_asked: None,
            could_begin: false,
        },
    };
    Ok(json(in_json(&end)))
}

/// Reconciles the base for a command, and keeps what came of it under the number of the question.
pub(super) async fn reconcile(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    Extension(comer): Extension<Comer>,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let wish: ReconcileWish = body_of(body, texts).await?.ok_or_else(|| unclear("body", texts))?;
    let id = TaskId(TASKS.fetch_add(1, Ordering::Relaxed));
    let (notices, lines) = mpsc::channel(WAITING);
    let (task, progress) = TaskContext::new(id, notices);
    let guard = task.cancel.clone().drop_guard();
    let of = Arc::clone(&served);
    let work = tokio::spawn(async move {
        let options = Options { live: wish.live, worst: wish.worst };
        let by = if wish.live { By::Lines } else { By::Sums };
        let failure = |error: &Error| of.failure(error, texts);
        let done = of.desk.reconcile(options, task).await.map_err(|error| failure(&error))?;
        Ok(Answer::Reconciled(Box::new(told_of(&done, by, failure))))
    });
    let viewer = served.hub.viewer(Caller::of(comer, &headers));
    let (asked, over) = (Asked { work, is_long: true }, served.hub.over.clone());
    let mut response = told(FollowedAsk { asked, progress, lines, over, _kept: (guard, viewer) });
    response.headers_mut().insert("sverka-task", HeaderValue::from(id.0));
    Ok(response)
}

/// A file of the base that was reconciled under this number.
pub(super) async fn reconciled_file(
    State(served): State<Arc<Served>>,
    Extension(texts): Extension<Texts>,
    Path(id): Path<String>,
    body: Body,
) -> Reply {
    let wish: FileWish = body_of(body, texts).await?.ok_or_else(|| unclear("body", texts))?;
    let of = id.parse().ok().and_then(|id| served.desk.base_of(TaskId(id)));
    let of = of.ok_or_else(|| nothing(texts))?;
    let offset = FixedOffset::east_opt(wish.offset_s).ok_or_else(|| unclear("offset_s", texts))?;
    let reader = Reader { texts, offset };
    exports::file_of(&served, &of, move |card| wish.has(card.verdict), wish.format, reader).await
}

/// Tells a terminal who is attached and what runs, whenever that is another than before.
pub(super) async fn watch(
    State(served): State<Arc<Served>>,
    Extension(comer): Extension<Comer>,
    headers: HeaderMap,
) -> Response {
    let viewer = served.hub.viewer(Caller::of(comer, &headers));
    let watcher =
        HouseWatcher { stirs: served.hub.stirs(), served, told: None, is_over: false, _viewer: viewer };
    answer(stream::unfold(watcher, |mut watcher| async move {
        let text = watcher.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), watcher))
    }))
}

/// A terminal that watches.
struct HouseWatcher {
    served: Arc<Served>,
    stirs: watch::Receiver<u64>,
    told: Option<Watching>,
    is_over: bool,
    _viewer: Viewer,
}

impl HouseWatcher {
    async fn next(&mut self) -> Option<String> {
        let hub = Arc::clone(&self.served.hub);
        while !self.is_over {
            self.stirs.borrow_and_update();
            let sync = self.served.syncs.running().and_then(|sync| sync.under_way());
            let next_sync_at = self.served.next_sync();
            let now = Watching { viewers: hub.viewers(), sync, next_sync_at };
            if self.told.as_ref() != Some(&now) {
                let text = event(None, "house", &in_json(&now));
                self.told = Some(now);
                return Some(text);
            }
            tokio::select! {
                biased;
                () = hub.over.cancelled() => self.is_over = true,
                changed = tokio::time::timeout(BEAT, self.stirs.changed()) => match changed {
                    Err(_) => return Some(STILL_HERE.to_owned()),
                    Ok(changed) => changed.ok()?,
                },
            }
            if self.is_over && hub.is_idle.load(Ordering::Relaxed) {
                return Some(event(None, "idle", "{}"));
            }
        }
        None
    }
}

fn in_json(value: &impl Serialize) -> String {
    // Only a map with keys that are no strings could fail.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
