//! Events for whoever is attached: a stream that begins with how things stand, or with what was missed.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::hub::{Hearing, HubEvent};
use super::reply::of_kind;
use super::served::Served;

/// A word is said at least so often, so that whoever is gone is noticed.
pub(super) const BEAT: Duration = Duration::from_secs(15);

/// A comment, which clients of such streams leave out.
pub(super) const STILL_HERE: &str = ": still here\n\n";

/// A stream of events from here on.
pub(super) fn stream_of(served: Arc<Served>, hearing: Hearing) -> Response {
    let listener = EventReader { served, hearing, waiting: VecDeque::new(), has_begun: false };
    answer(stream::unfold(listener, |mut listener| async move {
        let text = listener.next().await?;
        Some((Ok(Bytes::from(text)), listener))
    }))
}

/// An answer that never ends by itself.
pub(super) fn answer(
    stream: impl stream::Stream<Item = Result<Bytes, Infallible>> + Send + 'static,
) -> Response {
    of_kind(StatusCode::OK, "text/event-stream", Body::from_stream(stream))
}

/// An event as it is sent. What it says stands on one line.
pub(super) fn event(id: Option<&str>, kind: &str, data: &str) -> String {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("{id}event: {kind}\ndata: {data}\n\n")
}

/// Somebody who listens. What is to be sent is made when it can be sent: nothing piles up.
struct EventReader {
    served: Arc<Served>,
    hearing: Hearing,
    waiting: VecDeque<Arc<HubEvent>>,
    has_begun: bool,
}

impl EventReader {
    async fn next(&mut self) -> Option<String> {
        if !std::mem::replace(&mut self.has_begun, true) {
            match self.hearing.missed.take() {
                Some(missed) => self.waiting = missed.into(),
                None => return Some(self.snapshot().await),
            }
        }
        if let Some(event) = self.waiting.pop_front() {
            return Some(self.told(&event));
        }
        let over = self.served.hub.over.clone();
        let heard = tokio::select! {
            biased;
            () = over.cancelled() => return None,
            heard = timeout(BEAT, self.hearing.events.recv()) => heard,
        };
        match heard {
            Ok(Ok(event)) => Some(self.told(&event)),
            Ok(Err(RecvError::Lagged(_))) => {
                self.hearing.events = self.hearing.events.resubscribe();
                Some(self.snapshot().await)
            }
            Ok(Err(RecvError::Closed)) => None,
            Err(_) => Some(STILL_HERE.to_owned()),
        }
    }

    fn told(&self, it: &HubEvent) -> String {
        event(Some(&self.served.hub.id(it.number)), it.kind, &it.data)
    }

    async fn snapshot(&self) -> String {
        let id = self.served.hub.id(self.served.hub.last());
        event(Some(&id), "snapshot", &self.served.snapshot().await)
    }
}
