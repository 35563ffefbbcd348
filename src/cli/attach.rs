//! Asking the engine of the store, where one runs: what would have to wait for it, or would not see what it is at.
//!
//! Where none runs, or one by other settings or of another version, everything goes as it always did.

use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::args::Global;
use super::house::{Begun, CheckEnd, CheckWish, SyncEnd, SyncWish, is_same_base, settings_print};
use super::place::{file_of, socket_of};
use super::session::Session;
use super::signals::is_hung_up;
use crate::config::Config;
use crate::dashboard::app::{Answer, Ask, Failure, TaskReport};
use crate::engine::{Found, Observer, Request};
use crate::report::EngineStatus;
use crate::text::{Language, Problem, Texts};

/// How long the engine may take to say that it is there: it is on this machine.
const HELLO: Duration = Duration::from_secs(2);
/// Bytes of one event, of a sync with a thousand lines at most.
const LONGEST: usize = 8 << 20;

/// The way to a running engine.
pub(super) struct Attached {
    client: Client,
    language: &'static str,
    /// How it is.
    pub(super) engine: EngineStatus,
}

/// The engine went away, or answers what nobody understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost;

/// How a sync went for whoever followed it.
pub(super) enum Followed {
    /// To its end.
    Ended(Box<SyncEnd>),
    /// The terminal went away, or somebody else's sync was left: it goes on.
    Left,
}

impl Attached {
    /// The engine of this session's store, if it works by the same settings and is the same program.
    pub(super) async fn find(session: &Session, global: &Global) -> Option<Self> {
        let settings = settings_print(session.engine.config());
        Self::find_by(session, global, |other| other == settings).await
    }

    /// The same for a sync, which says itself how much it reads.
    pub(super) async fn find_for_sync(session: &Session, global: &Global) -> Option<Self> {
        let settings = settings_print(session.engine.config());
        Self::find_by(session, global, |other| is_same_base(other, &settings)).await
    }

    async fn find_by(session: &Session, global: &Global, is_ours: impl Fn(&str) -> bool) -> Option<Self> {
        let found = Self::look(session.engine.config(), session.texts, global).await?;
        let is_same_program = found.engine.version == env!("CARGO_PKG_VERSION");
        (is_same_program && is_ours(&found.engine.settings)).then_some(found)
    }

    /// The engine of this store, whatever it works by.
    pub(super) async fn look(config: &Config, texts: Texts, global: &Global) -> Option<Self> {
        if global.no_engine {
            return None;
        }
        let client = client(config)?;
        let hello = timeout(HELLO, client.get(url("/api/v1/engine")).send()).await.ok()?.ok()?;
        let engine: EngineStatus = read(hello, LONGEST).await.ok()?;
        let is_of_store = engine.store == file_of(&config.store).to_string_lossy();
        let language = match texts.language() {
            Language::Russian => "ru",
            Language::English => "en",
        };
        is_of_store.then_some(Self { client, language, engine })
    }

    /// What the engine finds of customers.
    pub(super) async fn list(&self, request: Request) -> Result<Found, Lost> {
        let answer: Answer = self.ask("/api/v1/ask", &Ask::Search(request)).await?;
        match answer {
            Answer::Found(found) => Ok(found),
            _ => Err(Lost),
        }
    }

    /// A check by the engine.
    pub(super) async fn check(&self, wish: &CheckWish) -> Result<CheckEnd, Lost> {
        self.ask("/api/v1/house/checks", wish).await
    }

    /// Has the engine sync, and tells how it goes. Interrupted, it is cancelled, unless somebody else began it or the
    /// terminal is gone.
    pub(super) async fn sync(
        &self,
        wish: SyncWish,
        observer: Arc<dyn Observer>,
        interrupted: &CancellationToken,
    ) -> Result<Followed, Lost> {
        let begun: Begun = self.ask("/api/v1/house/syncs", &wish).await?;
        let followed = self.request(Method::GET, &format!("/api/v1/house/syncs/{}", begun.id));
        let mut events = EventStream::new(followed.send().await.map_err(|_| Lost)?);
        let mut is_cancelled = false;
        loop {
            let event = tokio::select! {
                biased;
                () = interrupted.cancelled(), if !is_cancelled => {
                    if begun.joined || is_hung_up() {
                        return Ok(Followed::Left);
                    }
                    is_cancelled = true;
                    let cancel = self.request(Method::DELETE, &format!("/api/v1/syncs/{}", begun.id));
                    cancel.send().await.map_err(|_| Lost)?;
                    continue;
                }
                event = events.next() => event.ok_or(Lost)?,
            };
            match event.kind.as_str() {
                "report" => match serde_json::from_str(&event.data).map_err(|_| Lost)? {
                    TaskReport::Sync(progress) => observer.progress(&progress),
                    TaskReport::Notice(notice) => observer.notice(notice),
                    _ => {}
                },
                "end" => {
                    let end = serde_json::from_str(&event.data).map_err(|_| Lost)?;
                    return Ok(Followed::Ended(Box::new(end)));
                }
                _ => {}
            }
        }
    }

    async fn ask<R: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<R, Lost> {
        let body = serde_json::to_vec(body).map_err(|_| Lost)?;
        let request = self.request(Method::POST, path).body(body);
        read(request.send().await.map_err(|_| Lost)?, usize::MAX).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, url(path)).header("accept-language", self.language)
    }
}

/// Whatever the name: the socket decides who is asked.
fn url(path: &str) -> String {
    format!("http://localhost{path}")
}

/// A client of the socket, where there is one that is ours, root's, or of a group that the settings name.
fn client(config: &Config) -> Option<Client> {
    let socket = socket_of(config);
    let there = std::fs::metadata(&socket).ok()?;
    let own = rustix::process::geteuid().as_raw();
    let is_trusted = there.uid() == own || there.uid() == 0 || config.engine.group.is_some();
    if !there.file_type().is_socket() || !is_trusted {
        return None;
    }
    // Nothing is encrypted here, and no list of authorities is read for it; without a provider the library does not begin.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().unix_socket(socket).no_proxy().http1_only().tls_certs_only([]);
    builder.redirect(reqwest::redirect::Policy::none()).build().ok()
}

/// The JSON of an answer that says all went well.
async fn read<R: DeserializeOwned>(mut response: Response, most: usize) -> Result<R, Lost> {
    if !response.status().is_success() {
        return Err(Lost);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Lost)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(Lost);
        }
    }
    serde_json::from_slice(&bytes).map_err(|_| Lost)
}

/// A failure that the engine worded.
pub(super) fn problem_of(failure: Failure) -> Problem {
    let Failure { code, message, remedy, said, .. } = failure;
    Problem::worded_elsewhere(&code, message, remedy, said)
}

/// An event of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
struct StreamEvent {
    kind: String,
    data: String,
}

/// The events of an answer, one after the other.
struct EventStream {
    response: Response,
    text: Vec<u8>,
}

impl EventStream {
    fn new(response: Response) -> Self {
        Self { response, text: Vec::new() }
    }

    /// The next one; `None` where the stream ended, or is none.
    async fn next(&mut self) -> Option<StreamEvent> {
        loop {
            if let Some(event) = taken(&mut self.text) {
                return Some(event);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.extend_from_slice(&chunk);
            if self.text.len() > LONGEST {
                return None;
            }
        }
    }
}

/// Takes the first whole event out of what came so far.
fn taken(text: &mut Vec<u8>) -> Option<StreamEvent> {
    let end = text.windows(2).position(|two| two == b"\n\n")?;
    let block: Vec<u8> = text.drain(..end + 2).collect();
    let mut event = StreamEvent::default();
    for line in String::from_utf8_lossy(&block).lines() {
        if let Some(kind) = line.strip_prefix("event: ") {
            kind.clone_into(&mut event.kind);
        } else if let Some(data) = line.strip_prefix("data: ") {
            data.clone_into(&mut event.data);
        }
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_one_by_one_however_they_come() {
        let whole =
            b": still here\n\nid: a-1\nevent: report\ndata: {\"a\":1}\n\nevent: end\ndata: 2\n\nevent: cut";
        for size in 1..whole.len() {
            let (mut text, mut events) = (Vec::new(), Vec::new());
            for chunk in whole.chunks(size) {
                text.extend_from_slice(chunk);
                events.extend(std::iter::from_fn(|| taken(&mut text)));
            }
            let told: Vec<_> = events.iter().map(|it| (it.kind.as_str(), it.data.as_str())).collect();
            assert_eq!(told, [("", ""), ("report", "{\"a\":1}"), ("end", "2")], "in pieces of {size}");
        }
    }
}
