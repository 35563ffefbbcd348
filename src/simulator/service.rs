//! The simulated 1C itself: requests in, replies out, no clock and no sockets.
//!
//! ```text
//! web server   a `+` in the path, too long a query, another path: its own pages
//! account      401 without the right password
//! faults       a transient failure instead of an answer
//! service      path and options to rows, rows to JSON or Atom
//! faults       what arrives of the body
//! ```

mod answer;
mod asked;

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{NaiveDateTime, TimeDelta};

use self::answer::Answering;
use super::books::Books;
use super::errors::{self, Refusal, html_page};
use super::exchange::{Delivery, Reply, Request};
use super::faults::{Draw, FaultKind, Faults};
use super::generate::Scenario;
use super::log::RequestLog;
use super::options::{LONGEST_QUERY, Options, Representation, percent_decode};
use super::prng::mix_bytes;

/// Where the simulated base is published, and its `OData` interface below it.
pub(super) const BASE_PATH: &str = "/trade/odata/standard.odata";

/// The simulated shop stands in Simferopol, three hours ahead of UTC all year round.
const ZONE: TimeDelta = TimeDelta::hours(3);
/// The wait before each byte of a drip.
const DRIP: Duration = Duration::from_millis(300);
/// How deep brackets are nested.
const NESTING: usize = 100_000;

/// A simulated 1C: the books, the account, the faults and the memory of what was asked.
#[derive(Debug)]
pub struct Simulator {
    books: Books,
    faults: Faults,
    /// How long every answer waits.
    latency: Duration,
    /// `user:password`.
    account: String,
    log: RequestLog,
    seed: u64,
    /// How often each request was seen.
    seen: HashMap<u64, u64>,
}

impl Simulator {
    /// The shop of a scenario, without faults, for user `odata.user` with password `demo`.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            books: scenario.books(),
            faults: Faults::default(),
            latency: Duration::ZERO,
            account: "odata.user:demo".to_owned(),
            log: RequestLog::default(),
            seed: scenario.seed,
            seen: HashMap::new(),
        }
    }

    /// The same with faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.set_faults(faults);
        self
    }

    /// The same on a line so long that every answer waits for it, whatever else becomes of it.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// How long every answer waits.
    pub(super) const fn latency(&self) -> Duration {
        self.latency
    }

    /// The same with another account.
    #[must_use]
    pub fn with_account(mut self, user: &str, password: &str) -> Self {
        self.account = format!("{user}:{password}");
        self
    }

    /// Changes what goes wrong from now on. Faults of the books happen at once, and are not taken back.
    pub fn set_faults(&mut self, faults: Faults) {
        self.books.suffer(&faults.of_books_beyond(&self.faults), self.seed);
        self.faults = faults;
    }

    /// What the simulated 1C knows.
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// What the simulated 1C knows, to be changed under the reader's feet.
    pub const fn books_mut(&mut self) -> &mut Books {
        &mut self.books
    }

    /// What was asked and answered so far.
    pub const fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Answers one request at one moment of 1C's local time. The answer follows from state, request and moment alone.
    pub fn handle(&mut self, request: &Request, now: NaiveDateTime) -> Reply {
        self.log.asked(request);
        let reply = self.admit(request).unwrap_or_else(|path| self.serve(request, &path, now));
        let reply = self.dated(reply, now);
        self.log.answered(reply.status);
        reply
    }

    /// The web server's part: its own reply, or (as `Err`) the decoded path below the service root.
    fn admit(&self, request: &Request) -> Result<Reply, String> {
        if request.query.len() > LONGEST_QUERY {
            return Ok(html_page(404, "404.15 - Query string too long"));
        }
        let decoded = if request.path.contains('+') { None } else { percent_decode(&request.path) };
        let below = decoded.as_deref().and_then(|path| path.strip_prefix(BASE_PATH));
        match below {
            Some(path) if path.is_empty() || path.starts_with('/') => {
                if self.knows(request) {
                    Err(path.to_owned())
                } else {
                    Ok(errors::unauthorized())
                }
            }
            _ => Ok(html_page(404, "404 - File or directory not found.")),
        }
    }

    /// Whether the request carries the account's name and password, as UTF-8.
    fn knows(&self, request: &Request) -> bool {
        let given = request.header("authorization").and_then(|value| value.split_once(' '));
        let basic = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
        let decoded = basic.and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok());
        decoded.is_some_and(|account| account == self.account.as_bytes())
    }

    fn serve(&mut self, request: &Request, path: &str, now: NaiveDateTime) -> Reply {
        let draw = self.draw(request);
        if self.fires(FaultKind::ShiftingRows, draw) {
            self.books.shift(draw.word(FaultKind::ShiftingRows as u64), now);
        }
        if self.fires(FaultKind::ReenteredOpenings, draw) {
            self.books.reenter_an_opening(draw.word(FaultKind::ReenteredOpenings as u64));
        }
        let transient = self.faults.transient(draw);
        if let Some(kind) = transient {
            self.log.fired(kind);
        }
        let reply = match transient.and_then(|kind| failure(kind, request, draw)) {
            Some(reply) => reply,
            None => self.answer(request, path, draw, now),
        };
        self.deliver(reply, transient, draw)
    }

    /// The draw of this request, which counts how often it came.
    fn draw(&mut self, request: &Request) -> Draw {
        let target = mix_bytes(mix_bytes(0, request.path.as_bytes()), request.query.as_bytes());
        let seen = self.seen.entry(target).or_default();
        *seen += 1;
        Draw::of_request(self.seed, &request.path, &request.query, *seen)
    }

    fn fires(&mut self, kind: FaultKind, draw: Draw) -> bool {
        let fires = self.faults.fires(kind, draw);
        if fires {
            self.log.fired(kind);
        }
        fires
    }

    fn answer(&mut self, request: &Request, path: &str, draw: Draw, now: NaiveDateTime) -> Reply {
        let options = match Options::parse(&request.query) {
            Ok(options) => options,
            Err(refusal) => return refusal.reply(Representation::wanted(&Options::default(), request)),
        };
        let representation = Representation::wanted(&options, request);
        if request.method != "GET" {
            return Refusal::forbidden_method().reply(representation).with_header("Allow", "GET");
        }
        let host = request.header("host").unwrap_or("localhost");
        let answering = Answering {
            books: &self.books,
            faults: &self.faults,
            seed: self.seed,
            draw,
            now,
            log: &mut self.log,
            options: &options,
            representation,
            root: format!("http://{host}{BASE_PATH}"),
        };
        answering.answer(path).unwrap_or_else(|refusal| refusal.reply(representation))
    }

    /// The clock of the web server: 1C's local time in UTC, or as wrong as a fault wants it.
    fn dated(&mut self, reply: Reply, now: NaiveDateTime) -> Reply {
        let ahead = self.minutes(FaultKind::ClockAhead) - self.minutes(FaultKind::ClockBehind);
        let utc = now.checked_sub_signed(ZONE);
        let moment = utc.and_then(|utc| utc.checked_add_signed(ahead)).unwrap_or(now);
        reply.with_header("Date", moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    fn minutes(&mut self, kind: FaultKind) -> TimeDelta {
        let minutes = self.faults.number(kind).inspect(|_| self.log.fired(kind)).unwrap_or_default();
        TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX).min(i64::MAX / 200_000))
    }

    /// Decides how much of a reply arrives.
    fn deliver(&mut self, mut reply: Reply, transient: Option<FaultKind>, draw: Draw) -> Reply {
        if self.fires(FaultKind::Bom, draw) {
            reply.body = Bytes::from(["\u{feff}".as_bytes(), &reply.body].concat());
        }
        let cut = draw.index(FaultKind::CutBody, reply.body.len()).unwrap_or_default();
        match transient {
            Some(FaultKind::CutBody) => reply.delivery = Delivery::CutAfter(cut),
            Some(FaultKind::StallBody) => reply.delivery = Delivery::StallAfter(cut),
            Some(FaultKind::Stall) => reply.delivery = Delivery::StallBefore,
            Some(FaultKind::Close) => reply.delivery = Delivery::CloseBefore,
            Some(FaultKind::DripBody) => reply.delivery = Delivery::Drip(DRIP),
            Some(FaultKind::EndlessBody) => reply.delivery = Delivery::Endless,
            Some(FaultKind::InvalidUtf8) => reply.body = with_bad_byte(&reply.body),
            _ => {}
        }
        if let (Some(millis), Delivery::Whole) = (self.faults.number(FaultKind::Slow), reply.delivery) {
            self.log.fired(FaultKind::Slow);
            reply.delivery = Delivery::Slow(Duration::from_millis(millis));
        }
        reply
    }
}

/// The body with a byte in its middle that is no UTF-8.
fn with_bad_byte(body: &Bytes) -> Bytes {
    let mut bytes = body.to_vec();
    if let Some(byte) = bytes.len().checked_div(2).and_then(|middle| bytes.get_mut(middle)) {
        *byte = 0xff;
    }
    bytes.into()
}

/// JSON that only a parser of its own stack takes to heart.
fn nested() -> Reply {
    let body = format!("{{\"value\": {}{}}}", "[".repeat(NESTING), "]".repeat(NESTING));
    Reply::new(200, "application/json;charset=utf-8", body)
}

/// What a transient fault answers instead of the answer; none where the answer is made and lost on its way.
fn failure(kind: FaultKind, request: &Request, draw: Draw) -> Option<Reply> {
    let soon = || (draw.word(429) % 2).to_string();
    Some(match kind {
        FaultKind::Status500 => Refusal::locked().reply(Representation::wanted(&Options::default(), request)),
        FaultKind::Status502 => html_page(502, "502 - Web server received an invalid response."),
        FaultKind::Status503 if draw.word(503).is_multiple_of(2) => {
            html_page(503, "Service Unavailable").with_header("Retry-After", soon())
        }
        FaultKind::Status503 => html_page(503, "Service Unavailable"),
        FaultKind::Status504 => html_page(504, "504 Gateway Time-out"),
        FaultKind::Status429 => html_page(429, "429 Too Many Requests").with_header("Retry-After", soon()),
        FaultKind::Status408 => html_page(408, "408 Request Time-out"),
        FaultKind::Html200 => html_page(200, "1C:Enterprise 8 application error"),
        FaultKind::Error200 => {
            let mut reply = Refusal::locked().reply(Representation::Json(super::options::Metadata::Minimal));
            reply.status = 200;
            reply
        }
        FaultKind::EmptyBody => Reply::new(200, "application/json;charset=utf-8", ""),
        FaultKind::NoSession => Reply::new(406, "text/plain", ""),
        FaultKind::DeepNesting => nested(),
        FaultKind::Maintenance => errors::maintenance(&request.path),
        FaultKind::RightsRefused => {
            Refusal::no_rights().reply(Representation::wanted(&Options::default(), request))
        }
        FaultKind::Redirect => html_page(302, "Object moved")
            .with_header("Location", "https://login.example.invalid/openid?from=odata"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
