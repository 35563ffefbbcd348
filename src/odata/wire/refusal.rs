//! What a server says instead of rows: five shapes of refusal, and what each means.

use serde::Deserialize;

use super::super::error::Error;
use super::super::foreign::{charset, neutral};
use super::super::query::Set;
use super::super::retry::retry_after;
use super::super::transport::HttpReply;
use super::trimmed;
use crate::odata::{Redactor, beginning};

pub(in crate::odata) mod pages;

/// The words of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::odata) struct Said {
    /// In which shape.
    pub(in crate::odata) shape: Shape,
    pub(in crate::odata) code: Option<i32>,
    /// The words, neutralised.
    pub(in crate::odata) text: String,
}

/// How a refusal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::odata) enum Shape {
    /// `odata.error` in JSON, or `m:error` in XML: the `OData` interface itself speaks.
    OData,
    /// `#exception` in JSON: the platform speaks before the interface is reached.
    Exception,
    Page,
    /// Anything else, or nothing.
    Plain,
}

/// What was asked for: names the refusal.
#[derive(Clone, Copy, Debug)]
pub(in crate::odata) struct Asked<'a> {
    /// The set, where it is one of ours.
    pub(in crate::odata) set: Option<Set>,
    /// Its name in 1C.
    pub(in crate::odata) what: &'a str,
    /// Bytes of the address asked.
    pub(in crate::odata) length: usize,
    /// Knows what the server may not make us repeat.
    pub(in crate::odata) redactor: &'a Redactor,
    /// What the reply calls itself: it may name the encoding of a page.
    pub(in crate::odata) content_type: Option<&'a str>,
}

impl Asked<'_> {
    /// The words of a body that is a refusal; `None` where it is none.
    pub(in crate::odata) fn read(&self, body: &[u8]) -> Option<Said> {
        self.read_text(&charset::text(body, self.content_type))
    }

    fn read_text(&self, text: &str) -> Option<Said> {
        let text = trimmed(text);
        match text.as_bytes().first()? {
            b'{' => self.of_json(text),
            b'<' if is_feed(text) => None,
            b'<' => Some(self.of_xml(text).unwrap_or_else(|| self.of_page(text))),
            _ => None,
        }
    }

    fn said(&self, shape: Shape, code: Option<i32>, text: &str) -> Said {
        Said { shape, code, text: neutral(text, self.redactor) }
    }

    /// A web page by its title: with what it says below, where it is 1C's own, else with its maker, where that is certain.
    fn of_page(&self, page: &str) -> Said {
        let title = page_title(page);
        let said = self.said(Shape::Page, None, &title);
        if pages::of_title(&said.text) == Some(pages::Page::Platform) {
            return self.said(Shape::Page, None, &with_contents(&title, page));
        }
        Said { text: pages::marked(&said.text, pages::maker(page)), ..said }
    }

    fn of_json(&self, text: &str) -> Option<Said> {
        let json: Json = serde_json::from_str(text).ok()?;
        if let Some(error) = json.error {
            return Some(self.said(Shape::OData, code_of(&error.code), message_of(&error.message)));
        }
        json.exception?;
        let details = json.details.as_ref().map(Exception::innermost).unwrap_or_default();
        Some(self.said(Shape::Exception, None, details))
    }

    /// The `OData` error in XML, where JSON was not negotiated.
    fn of_xml(&self, text: &str) -> Option<Said> {
        let error = between(text, "<m:error", "</m:error>")?;
        let code = between(error, "<m:code", "</m:code>").and_then(|code| code.trim().parse().ok());
        let message = between(error, "<m:message", "</m:message>").unwrap_or_default();
        Some(self.said(Shape::OData, code, &unescaped(message)))
    }

    /// A redirect's target, without query and fragment, and without what stands before an `@`: wherever a
    /// client would look for the host, credentials lie there.
    fn target(&self, location: &str) -> String {
        let masked = self.redactor.masked(location);
        let bare = masked.split(['?', '#']).next().unwrap_or_default();
        let parts = bare.split_inclusive(['/', '\\']).filter_map(|part| part.rsplit('@').next());
        let address = parts.collect::<String>();
        // What is asked of the service does not belong into the settings.
        let root = address.find(SERVICE).and_then(|at| address.get(..at + SERVICE.len()));
        neutral(root.unwrap_or(&address), self.redactor)
    }
}

/// Where the service of a publication lies.
const SERVICE: &str = "/odata/standard.odata";

/// 1C's codes that decide something. Source: the vendor's table of `OData` errors.
mod code {
    pub(super) const TYPE_NOT_FOUND: i32 = 8;
    pub(super) const INSTANCE_NOT_FOUND: i32 = 9;
    pub(super) const RIGHTS: i32 = 20;
}

/// The error a reply with a bad status stands for.
pub(in crate::odata) fn of_status(reply: &HttpReply, asked: Asked<'_>) -> Error {
    let text = charset::text(&reply.body, asked.content_type);
    let said = asked.read_text(&text).unwrap_or_else(|| asked.said(Shape::Plain, None, first_words(&text)));
    let status = reply.status;
    if status >= 400 && (wants_licence(&said.text) || wants_licence(first_words(&text))) {
        return Error::NoLicence;
    }
    if status >= 400 && bars_sessions(&said.text) {
        return Error::Maintenance { text: said.text };
    }
    match status {
        300..=399 => Error::Redirected { to: asked.target(reply.location.as_deref().unwrap_or_default()) },
        401 if said.code == Some(code::RIGHTS) => Error::Rights { set: asked.set, text: said.text },
        401 => unauthorized(reply, asked),
        403 if said.shape == Shape::Exception => Error::Maintenance { text: said.text },
        403 => Error::Rights { set: asked.set, text: said.text },
        404 if is_too_long(&said) => Error::AddressRefused { length: asked.length },
        404 => of_404(said, asked),
        414 => Error::AddressRefused { length: asked.length },
        400 if speaks_of_tls(&text, &said) => Error::NotHttp,
        413 => Error::TooLarge,
        408 | 429 | 502 | 503 | 504 => busy(reply),
        // A guard that does not like the question calls it not acceptable; 1C that is busy says no more than that.
        406 if said.shape != Shape::OData && pages::of_title(&said.text) != Some(pages::Page::Proxy) => {
            busy(reply)
        }
        500.. if status != 501 && status != 505 => Error::ServerError { status, text: said.text },
        400.. => Error::BadRequest { status, code: said.code, text: said.text },
        _ => Error::UnexpectedStatus { status },
    }
}

/// What a reply with a bad status says, in words.
pub(in crate::odata) fn words(reply: &HttpReply, asked: Asked<'_>) -> String {
    asked.read(&reply.body).map(|said| said.text).unwrap_or_default()
}

/// The error of a reply with status 200 that could not be read: what its content says, where it says
/// something, else the reader's own complaint.
pub(in crate::odata) fn of_body(error: Error, body: &[u8], asked: Asked<'_>) -> Error {
    if !matches!(error, Error::Malformed { .. } | Error::Cut) {
        return error;
    }
    asked.read(body).map_or(error, |said| of_content(said, asked))
}

/// The error a refusal with status 200 stands for: decided by its code and shape.
fn of_content(said: Said, asked: Asked<'_>) -> Error {
    match (said.shape, said.code) {
        _ if wants_licence(&said.text) => Error::NoLicence,
        // The platform's own page: 1C it is, and it crashed.
        (Shape::Page, _) if is_platforms(&said.text) => Error::ServerError { status: 200, text: said.text },
        (Shape::Page | Shape::Plain, _) => Error::NotOneC { title: said.text },
        (Shape::Exception, _) => Error::Maintenance { text: said.text },
        (Shape::OData, Some(code::RIGHTS)) => Error::Rights { set: asked.set, text: said.text },
        (Shape::OData, Some(code::TYPE_NOT_FOUND | code::INSTANCE_NOT_FOUND)) => of_404(said, asked),
        (Shape::OData, Some(-1) | None) => Error::ServerError { status: 200, text: said.text },
        (Shape::OData, code) => Error::BadRequest { status: 200, code, text: said.text },
    }
}

fn of_404(said: Said, asked: Asked<'_>) -> Error {
    match (said.shape, said.code) {
        (Shape::OData, Some(code::TYPE_NOT_FOUND)) => {
            Error::NotPublished { set: asked.set, what: asked.what.to_owned() }
        }
        (Shape::OData, code) => Error::BadRequest { status: 404, code, text: said.text },
        _ => Error::WrongAddress { status: 404, text: said.text },
    }
}

/// Whether a page is one of the platform's own.
fn is_platforms(title: &str) -> bool {
    title.contains("1C:Enterprise") || pages::of_title(title) == Some(pages::Page::Platform)
}

/// IIS says "not found" of an address that is too long, and tells only by the number after the dot.
fn is_too_long(said: &Said) -> bool {
    said.shape == Shape::Page && ["404.14", "404.15"].iter().any(|code| said.text.contains(code))
}

/// Whether a web server complains that plain HTTP came to its port for TLS: nginx does in the title, Apache in
/// the text.
fn speaks_of_tls(page: &str, said: &Said) -> bool {
    said.shape == Shape::Page && first_words(page).contains("plain HTTP")
}

/// Whether 1C says that there is no item with this key.
pub(in crate::odata) fn is_no_instance(error: &Error) -> bool {
    matches!(error, Error::BadRequest { code: Some(code::INSTANCE_NOT_FOUND), .. })
}

/// Whether 1C says, in whichever shape, that all its licences are taken. That there is none at all is another matter.
fn wants_licence(words: &str) -> bool {
    let words = words.to_lowercase();
    ["свободной лицензии", "свободных лицензий", "free license", "free licence", "available license"]
        .iter()
        .any(|known| words.contains(known))
}

/// Whether 1C says, in whichever shape, that it lets nobody in at present.
fn bars_sessions(words: &str) -> bool {
    let words = words.to_lowercase();
    let is_barred = words.contains("начало сеанса") && words.contains("запрещен");
    is_barred || words.contains("монопольный режим") || words.contains("монопольная блокировка")
}

/// Login or password refused; or no password would do, where the server names nothing but logins by Windows.
fn unauthorized(reply: &HttpReply, asked: Asked<'_>) -> Error {
    let ways =
        reply.challenges.iter().filter_map(|it| it.split([' ', ',']).next()).filter(|it| !it.is_empty());
    let ways: Vec<_> = ways.collect();
    let is_of_windows = |way: &&str| WINDOWS_LOGINS.iter().any(|known| way.eq_ignore_ascii_case(known));
    if ways.is_empty() || !ways.iter().all(is_of_windows) {
        return Error::Unauthorized;
    }
    Error::WindowsLogin { offered: neutral(&ways.join(", "), asked.redactor) }
}

/// Ways of `WWW-Authenticate` that take no name and password as they are.
const WINDOWS_LOGINS: [&str; 3] = ["NTLM", "Negotiate", "Kerberos"];

fn busy(reply: &HttpReply) -> Error {
    let wait = reply.retry_after.as_deref().and_then(|value| retry_after(value, reply.date.as_deref()));
    Error::Busy { status: reply.status, retry_after: wait }
}

/// Enough of a body to say what it is.
fn first_words(text: &str) -> &str {
    beginning(text, 4096)
}

#[derive(Deserialize)]
struct Json {
    #[serde(rename = "odata.error")]
    error: Option<ODataError>,
    #[serde(rename = "#exception")]
    exception: Option<serde::de::IgnoredAny>,
    #[serde(rename = "exception")]
    details: Option<Exception>,
}

#[derive(Deserialize)]
struct ODataError {
    #[serde(default)]
    code: serde_json::Value,
    #[serde(default)]
    message: serde_json::Value,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(default)]
    descr: String,
    inner: Option<Box<Exception>>,
}

impl Exception {
    /// The innermost words: the outer ones only say that a request failed.
    fn innermost(&self) -> &str {
        let deeper = self.inner.as_deref().map(Self::innermost).unwrap_or_default();
        if deeper.is_empty() { &self.descr } else { deeper }
    }
}

/// Rows in XML, which nobody asked for: not a refusal, and not to be read.
fn is_feed(text: &str) -> bool {
    ["<feed", "<entry", "<workspace"].iter().any(|tag| text.contains(tag))
}

/// 1C prints its code as a string; a number is as good.
fn code_of(code: &serde_json::Value) -> Option<i32> {
    match code {
        serde_json::Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64().and_then(|code| i32::try_from(code).ok()),
    }
}

fn message_of(message: &serde_json::Value) -> &str {
    message.get("value").unwrap_or(message).as_str().unwrap_or_default()
}

/// Contents of the first element whose tag begins so, whatever its attributes.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(open)?;
    let (_, contents) = rest.split_once('>')?;
    Some(contents.split_once(close).map_or(contents, |(contents, _)| contents))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// The title of a web page, or its first words.
fn page_title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| between(page.get(at..)?, "<", "</"));
    match title.map(unescaped).filter(|title| !title.trim().is_empty()) {
        Some(title) => title,
        None => without_tags(page),
    }
}

/// A title with what stands in the page below it: the platform's own pages are all called the same, and say there what
/// happened.
fn with_contents(title: &str, page: &str) -> String {
    let body = page.split_once("<body").or_else(|| page.split_once("</title")).map_or("", |(_, body)| body);
    let in_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = in_line(title);
    let words = in_line(&without_tags(&format!("<{body}")));
    let rest = words.strip_prefix(&title).unwrap_or(&words).trim_start_matches([':', ' ']);
    if rest.is_empty() { title } else { format!("{}: {rest}", title.trim_end_matches(':')) }
}

fn without_tags(page: &str) -> String {
    let words = page.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text));
    unescaped(&words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests;
