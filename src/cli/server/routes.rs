//! The routes, and what each answers.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;

use super::body::body_of;
use super::door::{Comer, Door, Right};
use super::reply::{self, Failed, Reply, busy, forbidden, json, status_of, texts_for, unclear};
use super::served::{Served, nothing};
use super::syncs::{NoTurn, Starter};
use super::{caller::Caller, events, exports, house};
use crate::cli::acts::search_report;
use crate::cli::house::{SyncWish, WishedMode};
use crate::dashboard::app::ExportFormat;
use crate::domain::{CardId, OwnerId, Verdict};
use crate::engine::reconcile::{Options, WORST, Wanted};
use crate::engine::{Column, Keep, ListFilter, ListOrder, ListPart, Side, Whom};
use crate::report::Reader;
use crate::report::json::{self as print, api};
use crate::report::log;
use crate::report::metrics::{self, Exposition};
use crate::text::Texts;

/// Rows of one answer, and how many where nobody says.
const MOST: usize = 1_000;
const USUAL: usize = 50;

/// What is told of the API to programs that make clients.
const OPENAPI: &str = include_str!("openapi.json");

/// The words of whoever asks, put there by the guard.
type TextsOfRequest = Extension<Texts>;
type Shared = State<Arc<Served>>;

/// Everything that is answered, behind the door.
pub(super) fn all(served: Arc<Served>, door: Arc<Door>) -> Router {
    let guarded = GuardedBy { served: Arc::clone(&served), door };
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics_text))
        .route("/openapi.json", get(async || json(OPENAPI.to_owned())))
        .route("/api/v1/engine", get(engine))
        .route("/api/v1/engine/restart", post(restart))
        .route("/api/v1/status", get(status))
        .route("/api/v1/customers", get(customers))
        .route("/api/v1/customers/{key}", get(customer))
        .route("/api/v1/checks", post(check))
        .route("/api/v1/syncs", get(syncs).post(start_sync))
        .route("/api/v1/syncs/{id}", get(sync).delete(cancel_sync))
        .route("/api/v1/reconciliations", post(start_reconciliation))
        .route("/api/v1/reconciliations/{id}", get(reconciliation).delete(cancel_reconciliation))
        .route("/api/v1/reconciliations/{id}/cards", get(reconciled_cards))
        .route("/api/v1/exports/{id}", get(export))
        .route("/api/v1/journal", get(journal))
        .route("/api/v1/events", get(listen))
        .route("/api/v1/ask", post(house::ask))
        .route("/api/v1/house/syncs", post(house::begin))
        .route("/api/v1/house/syncs/{id}", get(house::follow))
        .route("/api/v1/house/checks", post(house::check))
        .route("/api/v1/house/reconciliations", post(house::reconcile))
        .route("/api/v1/house/reconciliations/{id}/file", post(house::reconciled_file))
        .route("/api/v1/house/watch", get(house::watch))
        // As the shop's portal calls it.
        .route("/api/admin/onec/customers/sync/full", post(start_full_sync))
        .fallback(async |Extension(texts): TextsOfRequest| nothing(texts))
        .method_not_allowed_fallback(async |Extension(texts): TextsOfRequest| {
            Failed::new(StatusCode::METHOD_NOT_ALLOWED, texts.problem("api-method", &[]))
        })
        .layer(middleware::from_fn_with_state(guarded, guard))
        .with_state(served)
}

#[derive(Clone)]
struct GuardedBy {
    served: Arc<Served>,
    door: Arc<Door>,
}

/// Lets in who may, and says in what language the answer is.
async fn guard(State(of): State<GuardedBy>, mut request: Request, next: Next) -> Response {
    let texts = texts_for(request.headers(), of.served.session.texts);
    // Whether it lives is no secret, and whoever watches that has no token.
    let is_open = request.uri().path() == "/healthz" && request.method() == Method::GET;
    let comer = request.extensions().get::<Comer>().copied().unwrap_or(Comer::Tcp);
    let right = match of.door.right_of(comer, request.uri(), request.headers(), texts) {
        Ok(right) => right,
        Err(failed) if is_open && failed.status != StatusCode::MISDIRECTED_REQUEST => Right::Read,
        Err(failed) => return failed.into_response(),
    };
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_question = request.uri().path() == "/api/v1/ask";
    if right < Right::Full && !is_reading && !is_question {
        return forbidden(texts).into_response();
    }
    request.extensions_mut().insert(texts);
    request.extensions_mut().insert(right);
    next.run(request).await
}

async fn healthz() -> Response {
    reply::text(StatusCode::OK, "ok\n".to_owned())
}

/// Ready is who has something to show.
async fn readyz(State(served): Shared) -> Response {
    match served.session.engine.status().await {
        Ok(status) if status.generation.is_some() => reply::text(StatusCode::OK, "ready\n".to_owned()),
        _ => reply::text(StatusCode::SERVICE_UNAVAILABLE, "nothing is stored yet\n".to_owned()),
    }
}

async fn metrics_text(State(served): Shared) -> Response {
    let report = served.status().await.ok();
    let mut own = Exposition::default();
    let status = served.engine_status();
    own.gauge("sverka_engine_uptime_seconds", "Since when the engine runs.", status.uptime_s);
    own.gauge("sverka_engine_viewers", "Who is attached to the engine.", status.viewers);
    own.gauge("sverka_engine_syncing", "Whether a sync runs.", u8::from(status.syncing));
    let of_store = served.syncs.metrics(report.as_ref()).unwrap_or_else(|| {
        let mut store = Exposition::default();
        let stale_after = Some(served.session.engine.config().sync.stale_after);
        metrics::store(&mut store, report.as_ref().and_then(|it| it.published.as_ref()), stale_after);
        metrics::mirror(&mut store, report.as_ref().and_then(|it| it.mirror.as_ref()));
        store.into_text()
    });
    reply::text(StatusCode::OK, own.into_text() + &of_store)
}

async fn engine(State(served): Shared) -> Response {
    json(api::engine(&served.engine_status()))
}

/// It begins anew once nothing runs: by the program and the settings that are there then.
async fn restart(State(served): Shared) -> Response {
    served.renewal.cancel();
    reply::accepted(api::engine(&served.engine_status()), "/api/v1/engine")
}

async fn status(State(served): Shared, Extension(texts): TextsOfRequest) -> Reply {
    let report = served.status().await.map_err(|error| served.failed(&error, texts))?;
    Ok(json(print::status(&report)))
}

/// What a list of customers is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CustomersQuery {
    q: String,
    /// A column, with a minus in front for the other way round.
    sort: Option<String>,
    keep: Option<String>,
    city: Option<String>,
    owner: Option<String>,
    from: usize,
    limit: Option<usize>,
}

impl CustomersQuery {
    pub(super) fn request(self, texts: Texts) -> Result<crate::engine::Request, Failed> {
        let order = self.sort.as_deref().map_or(Some(ListOrder::default()), order_of);
        let keep = match self.keep.as_deref() {
            None => Some(Keep::All),
            Some(name) => Keep::ALL.into_iter().find(|keep| keep.name() == name),
        };
        let owner = self.owner.map(|owner| owner.parse().map(OwnerId)).transpose();
        Ok(crate::engine::Request {
            query: self.q,
            order: order.ok_or_else(|| unclear("sort", texts))?,
            filter: ListFilter {
                keep: keep.ok_or_else(|| unclear("keep", texts))?,
                city: self.city,
                owner: owner.map_err(|_| unclear("owner", texts))?,
            },
            part: part(self.from, self.limit),
        })
    }
}

/// A part that is never without end.
fn part(from: usize, limit: Option<usize>) -> ListPart {
    ListPart { from, limit: limit.unwrap_or(USUAL).clamp(1, MOST), around: None }
}

fn order_of(sort: &str) -> Option<ListOrder> {
    let (name, is_turned) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let column = Column::ALL.into_iter().find(|column| column.name() == name)?;
    Some(ListOrder { by: column, descending: is_turned })
}

async fn customers(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<CustomersQuery>,
) -> Reply {
    let request = asked(query, texts)?.request(texts)?;
    let query = request.query.clone();
    let found = served.session.engine.list(request).await.map_err(|error| served.failed(&error, texts))?;
    Ok(json(print::search(&search_report(query, found))))
}

async fn customer(State(served): Shared, Extension(texts): TextsOfRequest, Path(key): Path<String>) -> Reply {
    let card = key.parse().map(CardId).map_err(|_| unclear("key", texts))?;
    let detail = served.session.engine.detail(card).await.map_err(|error| served.failed(&error, texts))?;
    let detail = detail.ok_or_else(|| Failed::new(StatusCode::NOT_FOUND, texts.problem("card-gone", &[])))?;
    Ok(json(print::card(&detail.comparison)))
}

/// Whom to compare with 1C as it is now.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CheckQuery {
    phone: Option<String>,
    card: Option<String>,
    key: Option<String>,
    q: Option<String>,
    offline: bool,
}

impl CheckQuery {
    pub(super) fn whom(&self, texts: Texts) -> Result<Whom, Failed> {
        match (&self.phone, &self.card, &self.key, &self.q) {
            (Some(phone), None, None, None) => Ok(Whom::Phone(phone.clone())),
            (None, Some(card), None, None) => Ok(Whom::Card(card.clone())),
            (None, None, Some(key), None) => {
                key.parse().map(|key| Whom::Key(CardId(key))).map_err(|_| unclear("key", texts))
            }
            (None, None, None, Some(query)) if !query.trim().is_empty() => Ok(Whom::Query(query.clone())),
            _ => Err(unclear("phone, card, key, q", texts)),
        }
    }
}

async fn check(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<CheckQuery>,
) -> Reply {
    let query = asked(query, texts)?;
    let side = if query.offline { Side::ControlTotals } else { Side::Live };
    let checked = served.session.engine.check(&query.whom(texts)?, side).await;
    let checked = checked.map_err(|error| served.failed(&error, texts))?;
    match &checked.failure {
        Some(error) => Err(Failed::new(status_of(error), served.problem(error, texts))),
        None => Ok(json(print::check(&checked.comparisons))),
    }
}

async fn syncs(State(served): Shared, Extension(texts): TextsOfRequest) -> Response {
    let objects: Vec<_> = served.syncs.all().iter().map(|sync| sync.object(texts)).collect();
    json(format!("[{}]", objects.join(",")))
}

async fn start_sync(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<SyncWish>,
    body: Body,
) -> Reply {
    // A mistake in the address is told though a body says more.
    let query = asked(query, texts)?;
    let wish = body_of(body, texts).await?.unwrap_or(query);
    begin_sync(&served, wish, texts)
}

/// As the portal has it: everything, with so many cards and days.
async fn start_full_sync(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<SyncWish>,
) -> Reply {
    begin_sync(&served, SyncWish { mode: WishedMode::Full, ..asked(query, texts)? }, texts)
}

fn begin_sync(served: &Arc<Served>, wish: SyncWish, texts: Texts) -> Reply {
    let (sync, _) = served.syncs.start(wish, Starter::Api).map_err(|NoTurn| busy(texts))?;
    Ok(reply::accepted(sync.object(texts), &format!("/api/v1/syncs/{}", sync.id)))
}

async fn sync(State(served): Shared, Extension(texts): TextsOfRequest, Path(id): Path<String>) -> Reply {
    let sync = served.sync(&id, texts)?;
    Ok(json(sync.object(texts)))
}

/// It ends in order soon: the answer tells how it stands at the moment.
async fn cancel_sync(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    Path(id): Path<String>,
) -> Reply {
    let sync = served.sync(&id, texts)?;
    sync.cancel.cancel();
    Ok(reply::accepted(sync.object(texts), &format!("/api/v1/syncs/{}", sync.id)))
}

/// How the base is reconciled.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReconcileQuery {
    live: bool,
    worst: Option<usize>,
}

async fn start_reconciliation(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<ReconcileQuery>,
) -> Reply {
    let query = asked(query, texts)?;
    let options = Options { live: query.live, worst: query.worst.unwrap_or(WORST) };
    let job = served.reconciliations.start(options);
    let place = format!("/api/v1/reconciliations/{}", job.id);
    Ok(reply::accepted(served.reconciliations.object(&job, texts), &place))
}

async fn reconciliation(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    Path(id): Path<String>,
) -> Reply {
    let job = served.reconciliation(&id, texts)?;
    Ok(json(served.reconciliations.object(&job, texts)))
}

async fn cancel_reconciliation(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    Path(id): Path<String>,
) -> Reply {
    let job = served.reconciliation(&id, texts)?;
    job.cancel.cancel();
    let place = format!("/api/v1/reconciliations/{}", job.id);
    Ok(reply::accepted(served.reconciliations.object(&job, texts), &place))
}

/// Which of the cards.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CardsQuery {
    verdict: Option<String>,
    from: usize,
    limit: Option<usize>,
}

async fn reconciled_cards(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    Path(id): Path<String>,
    query: ParsedQuery<CardsQuery>,
) -> Reply {
    let query = asked(query, texts)?;
    let wanted = wanted_of(query.verdict.as_deref(), texts)?;
    let job = served.reconciliation(&id, texts)?;
    let listed = served.reconciliations.cards(&job, wanted, part(query.from, query.limit)).await;
    let listed = listed.ok_or_else(|| nothing(texts))?;
    let listed = listed.map_err(|error| served.failed(&error, texts))?;
    Ok(json(print::check(&listed.rows)))
}

/// Which cards of a reconciliation, and how they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ExportQuery {
    format: Option<String>,
    verdict: Option<String>,
    bom: bool,
}

/// A file as `reconcile -o` makes it.
async fn export(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    Path(id): Path<String>,
    query: ParsedQuery<ExportQuery>,
) -> Reply {
    let query = asked(query, texts)?;
    let format = match (query.format.as_deref(), query.bom) {
        (None | Some("csv"), false) => ExportFormat::Csv,
        (None | Some("csv"), true) => ExportFormat::CsvBom,
        (Some("json"), false) => ExportFormat::Json,
        (Some("xlsx"), false) => ExportFormat::Xlsx,
        _ => return Err(unclear("format, bom", texts)),
    };
    let wanted = wanted_of(query.verdict.as_deref(), texts)?;
    let job = served.reconciliation(&id, texts)?;
    let done = served.reconciliations.newest(&job).await.ok_or_else(|| nothing(texts))?;
    let done = done.map_err(|error| served.failed(&error, texts))?;
    let reader = Reader { texts, ..served.session.reader() };
    exports::file_of(&served, &done, move |card| wanted.has(card), format, reader).await
}

fn wanted_of(verdict: Option<&str>, texts: Texts) -> Result<Wanted, Failed> {
    let Some(name) = verdict else { return Ok(Wanted::All) };
    let verdict = VERDICTS.into_iter().find(|verdict| verdict.name() == name);
    verdict.map(Wanted::Verdict).ok_or_else(|| unclear("verdict", texts))
}

const VERDICTS: [Verdict; 5] = [
    Verdict::Reconciled,
    Verdict::BeforeWindow,
    Verdict::Variance,
    Verdict::Unverified,
    Verdict::UnknownCard,
];

/// How much of the journal.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct JournalQuery {
    limit: Option<usize>,
}

/// What this engine noted, behind what other processes wrote into the log before.
async fn journal(
    State(served): Shared,
    Extension(texts): TextsOfRequest,
    query: ParsedQuery<JournalQuery>,
) -> Reply {
    let limit = asked(query, texts)?.limit.unwrap_or(USUAL).clamp(1, MOST);
    let own = served.hub.lines();
    let file = served.session.engine.config().log.file.clone();
    let earlier = tokio::task::spawn_blocking(move || file.map(|file| log::earlier(&file, limit)));
    let mut lines = earlier.await.ok().flatten().unwrap_or_default();
    lines.extend(own);
    lines.sort_by_key(|line| line.at);
    lines.drain(..lines.len().saturating_sub(limit));
    Ok(json(api::journal(&lines)))
}

async fn listen(State(served): Shared, Extension(comer): Extension<Comer>, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let hearing = served.hub.hear(last, Caller::of(comer, &headers));
    events::stream_of(served, hearing)
}

/// A query, or what is wrong with it.
type ParsedQuery<T> = Result<Query<T>, axum::extract::rejection::QueryRejection>;

fn asked<T>(query: ParsedQuery<T>, texts: Texts) -> Result<T, Failed> {
    query.map(|Query(query)| query).map_err(|error| unclear(&error.body_text(), texts))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let source = include_str!("routes.rs");
        let routes: BTreeSet<_> =
            source.split("\n        .route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let description: serde_json::Value = serde_json::from_str(OPENAPI).expect("JSON");
        let described = description["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
        assert!(routes.len() > 15);
        assert_eq!(routes, described);
    }

    #[test]
    fn every_order_is_described_and_nothing_else() {
        let description: serde_json::Value = serde_json::from_str(OPENAPI).expect("JSON");
        let parameters = description["paths"]["/api/v1/customers"]["get"]["parameters"].as_array();
        let mut sort = parameters.expect("some").iter().filter(|parameter| parameter["name"] == "sort");
        let described = sort.next().expect("an order")["schema"]["enum"].as_array().expect("words").clone();
        let all =
            Column::ALL.iter().flat_map(|column| [column.name().to_owned(), format!("-{}", column.name())]);
        assert_eq!(described, all.collect::<Vec<_>>());
    }

    #[test]
    fn an_order_is_a_column_with_or_without_a_minus() {
        let total = ListOrder { by: Column::Total, descending: true };
        assert_eq!(order_of("-total"), Some(total));
        assert_eq!(order_of("match"), Some(ListOrder::default()));
        for wrong in ["", "-", "--total", "Total", "sum"] {
            assert_eq!(order_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_part_is_never_without_end() {
        for (asked, given) in [(None, USUAL), (Some(0), 1), (Some(7), 7), (Some(usize::MAX), MOST)] {
            assert_eq!(part(3, asked).limit, given);
        }
    }
}
