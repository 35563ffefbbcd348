//! One request and one reply, as values: the core sees neither sockets nor hyper.

use std::time::Duration;

use bytes::Bytes;

/// A request as it came over the wire, nothing decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query without its question mark, still percent-encoded.
    pub query: String,
    /// Names and values of the headers, in the order received.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A GET of a target such as `/base/Set?$top=1`, with no headers yet.
    pub fn get(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: "GET".into(), path: path.into(), query: query.into(), headers: Vec::new() }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first header of this name, whatever its case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// What 1C answers, and how much of it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names and values of the headers; the length of the body is not among them.
    pub headers: Vec<(String, String)>,
    /// The whole body, even where not all of it is delivered.
    pub body: Bytes,
    /// How the body travels.
    pub delivery: Delivery,
}

impl Reply {
    /// A reply that arrives whole.
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), delivery: Delivery::Whole }
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How a reply travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// As it should.
    Whole,
    /// The length of the whole body is promised, so many bytes are sent, then the connection is closed.
    CutAfter(usize),
    /// The connection is closed without a word.
    CloseBefore,
    /// Nothing is ever sent; the connection is held until the client goes away.
    StallBefore,
    /// So many bytes are sent, then nothing; the connection is held until the client goes away.
    StallAfter(usize),
    /// Whole, after a wait.
    Slow(Duration),
    /// Whole, a byte at a time with such a wait before each.
    Drip(Duration),
    /// Whole, and then spaces without end.
    Endless,
    /// Whole, without a length: the end of the connection is the end of the body.
    Unannounced,
}
