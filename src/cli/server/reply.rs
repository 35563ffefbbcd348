//! Answers: JSON as commands print it, and failures as RFC 9457 has them, with the codes of commands.

use axum::body::Body;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::engine::Error;
use crate::report::json::api;
use crate::text::{Language, Problem, Texts};

/// What a handler answers.
pub(super) type Reply = Result<Response, Failed>;

/// A failure, worded for whoever asked.
#[derive(Debug)]
pub(super) struct Failed {
    /// What HTTP says of it.
    pub(super) status: StatusCode,
    /// What is told.
    pub(super) problem: Problem,
}

impl Failed {
    /// A failure of this status.
    pub(super) fn new(status: StatusCode, problem: Problem) -> Self {
        Self { status, problem }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let body = api::problem(&self.problem, self.status.as_u16());
        let mut response = of_kind(self.status, "application/problem+json", body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Whoever may only read asked for more.
pub(super) fn forbidden(texts: Texts) -> Failed {
    Failed::new(StatusCode::FORBIDDEN, texts.problem("api-forbidden", &[]))
}

/// What was asked for cannot be understood.
pub(super) fn unclear(what: &str, texts: Texts) -> Failed {
    Failed::new(StatusCode::BAD_REQUEST, texts.problem("api-bad-request", &[("what", what.into())]))
}

/// So many wait already that one more would wait for hours.
pub(super) fn busy(texts: Texts) -> Failed {
    Failed::new(StatusCode::TOO_MANY_REQUESTS, texts.problem("api-busy", &[]))
}

/// JSON that a command would print.
pub(super) fn json(body: String) -> Response {
    of_kind(StatusCode::OK, "application/json", body)
}

/// The same of something that was begun.
pub(super) fn accepted(body: String, place: &str) -> Response {
    let mut response = of_kind(StatusCode::ACCEPTED, "application/json", body);
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert("location", place);
    }
    response
}

/// Text for programs that read no JSON.
pub(super) fn text(status: StatusCode, body: String) -> Response {
    of_kind(status, "text/plain; version=0.0.4; charset=utf-8", body)
}

/// A body of a kind. It may hold customers: nobody on the way keeps it, and no browser guesses what it is.
pub(super) fn of_kind(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

/// What HTTP says of a failure of the engine.
pub(super) fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Odata(error) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
        error if error.is_nothing_stored() => StatusCode::NOT_FOUND,
        error if error.is_held_elsewhere() => StatusCode::CONFLICT,
        Error::StoreChanged | Error::Cancelled => StatusCode::CONFLICT,
        Error::Store(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_GATEWAY,
    }
}

/// The language that is asked for, else the engine's own.
pub(super) fn texts_for(headers: &HeaderMap, own: Texts) -> Texts {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match asked.trim_start().get(..2) {
        Some("ru") => Texts::new(Language::Russian),
        Some("en") => Texts::new(Language::English),
        _ => own,
    }
}
