//! Asking the engine of the store, where one runs: what would have to wait for it, or would not see what it is at.
//!
//! Where none runs, or one by other settings or of another version, everything goes as it always did.

use std::io::IsTerminal;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::args::Global;
use super::house::{
    Begun, CheckEnd, CheckWish, FileWish, ReconcileWish, SyncEnd, SyncWish, is_same_base, settings_print,
};
use super::place::{file_of, socket_of};
use super::signals::is_hung_up;
use crate::config::Config;
use crate::dashboard::app::{Answer, Ask, Failure, TaskReport};
use crate::engine::{Engine, Found, Observer, Request};
use crate::report::EngineStatus;
use crate::report::reconcile::Written;
use crate::text::{Language, Problem, Texts};

/// How long the engine may take to say that it is there: it is on this machine.
const HELLO: Duration = Duration::from_secs(2);
/// Bytes of one event: a sync with a thousand lines, a customer with hundreds of thousands.
const LONGEST: usize = 256 << 20;

/// The way to a running engine.
pub(super) struct Attached {
    client: Client,
    language: &'static str,
    /// What is told of this terminal.
    terminal: String,
    /// How it is.
    pub(super) engine: EngineStatus,
}

/// The engine went away, or answers what nobody understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost;

/// What runs beside a store.
pub(super) enum Neighbour {
    /// An engine by the same settings, and the same program.
    Ours(Attached),
    /// Another one.
    Other(Attached),
}

/// How a sync went for whoever followed it.
pub(super) enum Followed {
    /// To its end.
    Ended(Box<SyncEnd>),
    /// The terminal went away, or somebody else's sync was left: it goes on.
    Left,
}

/// What becomes of a sync whose follower is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interrupted {
    /// It is cancelled, unless somebody else began it or the terminal is gone.
    CancelsOwn,
    /// It is cancelled.
    Cancels,
}

impl Attached {
    /// The engine of this store, if it works by the same settings and is the same program.
    pub(super) async fn find(engine: &Engine, texts: Texts, global: &Global) -> Option<Self> {
        match Self::neighbour(engine.config(), texts, global).await? {
            Neighbour::Ours(found) => Some(found),
            Neighbour::Other(_) => None,
        }
    }

    /// The same for a sync, which says itself how much it reads.
    pub(super) async fn find_for_sync(engine: &Engine, texts: Texts, global: &Global) -> Option<Self> {
        let settings = settings_print(engine.config());
        let found = Self::look(engine.config(), texts, global).await?;
        (found.is_same_program() && is_same_base(&found.engine.settings, &settings)).then_some(found)
    }

    /// The engine of this store, and whether it is ours.
    pub(super) async fn neighbour(config: &Config, texts: Texts, global: &Global) -> Option<Neighbour> {
        let found = Self::look(config, texts, global).await?;
        let is_ours = found.is_same_program() && found.engine.settings == settings_print(config);
        Some(if is_ours { Neighbour::Ours(found) } else { Neighbour::Other(found) })
    }

    /// Whether it is of this version.
    pub(super) fn is_same_program(&self) -> bool {
        self.engine.version == env!("CARGO_PKG_VERSION")
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
        is_of_store.then(|| Self { client, language, terminal: terminal_of_process(), engine })
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

    /// Has the engine sync.
    pub(super) async fn begin(&self, wish: &SyncWish) -> Result<Begun, Lost> {
        self.ask("/api/v1/house/syncs", wish).await
    }

    /// Tells how a sync of the engine goes, to its end.
    pub(super) async fn follow(
        &self,
        begun: Begun,
        observer: Arc<dyn Observer>,
        interrupted: &CancellationToken,
        then: Interrupted,
    ) -> Result<Followed, Lost> {
        let followed = self.request(Method::GET, &format!("/api/v1/house/syncs/{}", begun.id));
        let mut events = EventStream::of(followed).await?;
        let mut is_cancelled = false;
        loop {
            let event = tokio::select! {
                biased;
                () = interrupted.cancelled(), if !is_cancelled => {
                    if then == Interrupted::CancelsOwn && (begun.joined || is_hung_up()) {
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

    /// A question of the dashboard, with what is told meanwhile; the number it has in the engine beside its end.
    pub(super) async fn put(
        &self,
        ask: &Ask,
        tell: impl Fn(TaskReport),
    ) -> Result<(u64, Result<Answer, Failure>), Lost> {
        self.put_at("/api/v1/ask", ask, tell).await
    }

    /// Has the base reconciled.
    pub(super) async fn reconcile(
        &self,
        wish: ReconcileWish,
        tell: impl Fn(TaskReport),
    ) -> Result<(u64, Result<Answer, Failure>), Lost> {
        self.put_at("/api/v1/house/reconciliations", &wish, tell).await
    }

    /// A file of the base that was reconciled under a number: what came of it, and the bytes that are to be read.
    pub(super) async fn file_of(
        &self,
        number: u64,
        wish: &FileWish,
    ) -> Result<Result<(Written, Response), Failure>, Lost> {
        let body = serde_json::to_vec(wish).map_err(|_| Lost)?;
        let path = format!("/api/v1/house/reconciliations/{number}/file");
        let response = self.request(Method::POST, &path).body(body).send().await.map_err(|_| Lost)?;
        if !response.status().is_success() {
            return Ok(Err(refusal(response).await?));
        }
        let written = response.headers().get("sverka-written").and_then(|it| it.to_str().ok());
        let written = written.and_then(|it| serde_json::from_str(it).ok()).ok_or(Lost)?;
        Ok(Ok((written, response)))
    }

    async fn put_at(
        &self,
        path: &str,
        body: &impl Serialize,
        tell: impl Fn(TaskReport),
    ) -> Result<(u64, Result<Answer, Failure>), Lost> {
        let body = serde_json::to_vec(body).map_err(|_| Lost)?;
        let request = self.request(Method::POST, path).body(body);
        let response = request.header("accept", "text/event-stream").send().await.map_err(|_| Lost)?;
        if !response.status().is_success() {
            return Ok((0, Err(refusal(response).await?)));
        }
        let number = response.headers().get("sverka-task").and_then(|it| it.to_str().ok()?.parse().ok());
        let mut events = EventStream::new(response);
        loop {
            let event = events.next().await.ok_or(Lost)?;
            let number = number.unwrap_or_default();
            match event.kind.as_str() {
                "report" => tell(serde_json::from_str(&event.data).map_err(|_| Lost)?),
                "answer" => {
                    return Ok((number, Ok(serde_json::from_str(&event.data).map_err(|_| Lost)?)));
                }
                "failure" => {
                    return Ok((number, Err(serde_json::from_str(&event.data).map_err(|_| Lost)?)));
                }
                _ => {}
            }
        }
    }

    /// What this terminal is told of the engine from here on.
    pub(super) async fn watch(&self) -> Result<EventStream, Lost> {
        EventStream::of(self.request(Method::GET, "/api/v1/house/watch")).await
    }

    /// Has the engine begin anew once nothing runs.
    pub(super) async fn restart(&self) -> Result<(), Lost> {
        let answer = self.request(Method::POST, "/api/v1/engine/restart").send().await.map_err(|_| Lost)?;
        if answer.status().is_success() { Ok(()) } else { Err(Lost) }
    }

    async fn ask<R: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<R, Lost> {
        let body = serde_json::to_vec(body).map_err(|_| Lost)?;
        let request = self.request(Method::POST, path).body(body);
        read(request.send().await.map_err(|_| Lost)?, usize::MAX).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, url(path)).header("accept-language", self.language);
        request.header("sverka-terminal", &self.terminal)
    }
}

/// The terminal of this process, where it has one, and its number.
fn terminal_of_process() -> String {
    let device = std::fs::read_link("/proc/self/fd/0").ok().filter(|_| std::io::stdin().is_terminal());
    let device = device.as_deref().and_then(|path| path.to_str()?.strip_prefix("/dev/"));
    format!("{} {}", device.unwrap_or_default(), std::process::id())
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

/// Why the engine refused, as it worded that.
async fn refusal(response: Response) -> Result<Failure, Lost> {
    #[derive(Deserialize)]
    struct Refusal {
        code: String,
        title: String,
        detail: String,
    }
    let body = timeout(HELLO, response.bytes()).await.map_err(|_| Lost)?.map_err(|_| Lost)?;
    let Refusal { code, title, detail } = serde_json::from_slice(&body).map_err(|_| Lost)?;
    Ok(Failure { code, message: title, remedy: detail, ..Failure::default() })
}

/// A failure that the engine worded.
pub(super) fn problem_of(failure: Failure) -> Problem {
    let Failure { code, message, remedy, said, .. } = failure;
    Problem::worded_elsewhere(&code, message, remedy, said)
}

/// An event of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StreamEvent {
    /// Its name; empty where it is a sign of life.
    pub(super) kind: String,
    /// What it says.
    pub(super) data: String,
}

/// The events of an answer, one after the other.
pub(super) struct EventStream {
    response: Response,
    text: EventText,
}

impl EventStream {
    fn new(response: Response) -> Self {
        Self { response, text: EventText::default() }
    }

    /// Those that a request is answered with.
    async fn of(request: RequestBuilder) -> Result<Self, Lost> {
        let response = request.send().await.map_err(|_| Lost)?;
        if response.status().is_success() { Ok(Self::new(response)) } else { Err(Lost) }
    }

    /// The next one; `None` where the stream ended.
    pub(super) async fn next(&mut self) -> Option<StreamEvent> {
        loop {
            if let Some(event) = self.text.taken() {
                return Some(event);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.bytes.extend_from_slice(&chunk);
            if self.text.bytes.len() > LONGEST {
                return None;
            }
        }
    }
}

/// What came so far, and how much of it holds no end of an event.
#[derive(Default)]
struct EventText {
    bytes: Vec<u8>,
    looked_at: usize,
}

impl EventText {
    /// Takes the first whole event out of it.
    fn taken(&mut self) -> Option<StreamEvent> {
        let Some(end) = memchr::memmem::find(&self.bytes[self.looked_at..], b"\n\n") else {
            self.looked_at = self.bytes.len().saturating_sub(1);
            return None;
        };
        let block: Vec<u8> = self.bytes.drain(..self.looked_at + end + 2).collect();
        self.looked_at = 0;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_one_by_one_however_they_come() {
        let whole =
            b": still here\n\nid: a-1\nevent: report\ndata: {\"a\":1}\n\nevent: end\ndata: 2\n\nevent: cut";
        for size in 1..whole.len() {
            let (mut text, mut events) = (EventText::default(), Vec::new());
            for chunk in whole.chunks(size) {
                text.bytes.extend_from_slice(chunk);
                events.extend(std::iter::from_fn(|| text.taken()));
            }
            let told: Vec<_> = events.iter().map(|it| (it.kind.as_str(), it.data.as_str())).collect();
            assert_eq!(told, [("", ""), ("report", "{\"a\":1}"), ("end", "2")], "in pieces of {size}");
        }
    }
}
