//! How a request reaches the server: a seam, and its implementation over HTTP.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;

use super::error::TlsFault;

mod certificate;
mod http;

pub use certificate::Certificate;
pub use http::HttpTransport;

/// A future that can be kept in a struct.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests. There is no other method than `GET`, so nothing can be changed in 1C by mistake.
pub trait Transport: Send + Sync {
    /// Fetches a whole reply, body included, within the request's bounds. Credentials are the
    /// transport's own affair; redirects are replies.
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>>;

    /// The certificate of the server that replied last, where there is one.
    fn certificate(&self) -> Option<Certificate> {
        None
    }
}

/// A request, without credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The whole address, percent-encoded.
    pub url: String,
    /// Value of `Accept`.
    pub accept: &'static str,
    /// Longest silence, before and inside the reply.
    pub silence: Duration,
    /// Longest time for the whole reply: a drip of bytes never ends a silence.
    pub deadline: Duration,
    /// Most bytes of body.
    pub body_cap: usize,
}

/// A reply, whatever its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` as sent.
    pub retry_after: Option<String>,
    /// `Location` as sent.
    pub location: Option<String>,
    /// `Date` as sent: the server's clock.
    pub date: Option<String>,
    /// `Age` as sent: for how many seconds a cache has kept the reply.
    pub age: Option<String>,
    /// What the server calls itself: `Server` and `X-Powered-By` as sent.
    pub platform: Option<String>,
    /// `WWW-Authenticate` as sent, each: the logins the server takes.
    pub challenges: Vec<String>,
    /// `Content-Type` as sent: it may name the encoding of a page.
    pub content_type: Option<String>,
    /// The whole body.
    pub body: Bytes,
    /// Bytes of the body as it came, where it came packed.
    pub packed: Option<usize>,
}

impl HttpReply {
    /// Bytes of the body as it came.
    pub fn received(&self) -> usize {
        self.packed.unwrap_or(self.body.len())
    }
}

/// Why there is no whole reply.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The name does not resolve.
    #[error("the name does not resolve")]
    Name,
    /// No connection: refused, unreachable.
    #[error("no connection")]
    Refused,
    /// No connection in time.
    #[error("no connection in time")]
    ConnectTimeout,
    /// The connection was closed while it was being made secure.
    #[error("closed while it was being made secure")]
    Handshake,
    /// No byte for so long.
    #[error("silent for {} s", .0.as_secs())]
    Silent(Duration),
    /// The whole reply took longer than so long.
    #[error("not whole after {} s", .0.as_secs())]
    Deadline(Duration),
    /// An idle connection was closed under the request: nothing of the reply came.
    #[error("closed before the reply")]
    Closed,
    /// What came is no HTTP.
    #[error("the server does not speak HTTP here")]
    NotHttp,
    /// The body ended before it was whole.
    #[error("the body was cut off")]
    Cut,
    /// More body than taken.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// No secure connection.
    #[error("no secure connection: {0}")]
    Tls(TlsFault),
    /// Anything else, without addresses.
    #[error("{0}")]
    Other(String),
}
