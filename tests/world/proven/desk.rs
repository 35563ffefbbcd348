//! 1C at the end of a short way, and somebody who changes the books before every so many requests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sverka::odata::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use sverka_simulator::{Books, Delivery, Reply, Request, Simulator};

use super::drawn;
use super::truth::Instant;
use crate::chance::Chance;
use crate::clock::WorldClock;
use crate::life::Life;
use crate::trace::Trace;
use crate::wire::readable;

/// The address of this 1C: one that needs no name server.
pub const ROOT: &str = "http://127.0.0.1:8080/trade/odata/standard.odata";
const HOST: &str = "http://127.0.0.1:8080";

/// 1C, and everything its books ever were. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Mutex<Inner>>);

pub struct Inner {
    pub onec: Simulator,
    /// Percent of requests before which the books change.
    pub busy: u64,
    life: Life,
    chance: Chance,
    clock: WorldClock,
    trace: Trace,
    instants: Vec<Arc<Instant>>,
}

impl Desk {
    pub fn new(onec: Simulator, life: Life, chance: Chance, clock: WorldClock, trace: Trace) -> Self {
        let instants = vec![Arc::new(Instant::of(onec.books(), clock.onec()))];
        Self(Arc::new(Mutex::new(Inner { onec, busy: 0, life, chance, clock, trace, instants })))
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The number of the present instant.
    pub fn now(&self) -> usize {
        self.instants.len() - 1
    }

    /// The instants from one on.
    pub fn since(&self, from: usize) -> Vec<Arc<Instant>> {
        self.instants[from..].to_vec()
    }

    /// The books as they are now become an instant, where they were not the last one.
    pub fn remember(&mut self) {
        let instant = Instant::of(self.onec.books(), self.clock.onec());
        if self.instants.last().is_none_or(|last| **last != instant) {
            self.instants.push(Arc::new(instant));
        }
    }

    /// Somebody does something.
    pub fn live_on(&mut self) {
        let now = self.clock.onec();
        let books: &mut Books = self.onec.books_mut();
        let deed = if self.chance.one_in(4) {
            drawn::reenter(&mut self.chance, books, now)
        } else {
            self.life.go_on(books, now).map(str::to_owned)
        };
        if deed.as_deref() == Some("life/edit-owner") {
            move_house(books);
        }
        self.say(&deed.unwrap_or_default());
        self.remember();
    }

    fn answer(&mut self, request: &HttpRequest) -> (Duration, Result<HttpReply, TransportError>) {
        if self.chance.percent(self.busy) {
            self.live_on();
        }
        let target = request.url.strip_prefix(HOST).unwrap();
        let asked = Request::get(target)
            .with_header("Host", "127.0.0.1:8080")
            .with_header("Accept", request.accept)
            .with_header("Authorization", &format!("Basic {}", STANDARD.encode("odata.user:demo")));
        let reply = self.onec.handle(&asked, self.clock.onec());
        self.remember();
        self.say(&format!("{} {} bytes: {}", reply.status, reply.body.len(), readable(&request.url)));
        arrived(reply, request)
    }

    pub fn say(&self, line: &str) {
        self.trace.line(self.clock.elapsed(), line);
    }
}

impl Transport for Desk {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let (wait, result) = self.inner().answer(&request);
            tokio::time::sleep(wait).await;
            result
        })
    }
}

/// A reply as its delivery lets it arrive, and after how long.
fn arrived(reply: Reply, request: &HttpRequest) -> (Duration, Result<HttpReply, TransportError>) {
    let soon = Duration::from_millis(1);
    let header = |wanted: &str| {
        let found = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.clone())
    };
    match reply.delivery {
        Delivery::Drip(_) => return (request.deadline, Err(TransportError::Deadline(request.deadline))),
        Delivery::Endless => return (soon, Err(TransportError::TooLarge(request.body_cap))),
        Delivery::CutAfter(_) => return (soon, Err(TransportError::Cut)),
        Delivery::CloseBefore => return (soon, Err(TransportError::Closed)),
        Delivery::StallBefore | Delivery::StallAfter(_) => {
            return (request.silence, Err(TransportError::Silent(request.silence)));
        }
        Delivery::Whole | Delivery::Unannounced | Delivery::Slow(_) => {}
    }
    let arrived = HttpReply {
        status: reply.status,
        retry_after: header("Retry-After"),
        location: header("Location"),
        date: header("Date"),
        age: header("Age"),
        platform: header("Server"),
        content_type: header("Content-Type"),
        challenges: Vec::new(),
        body: reply.body,
        packed: None,
    };
    (soon, Ok(arrived))
}

/// Whoever has another name lives in another town.
fn move_house(books: &mut Books) {
    for owner in books.card_list().into_iter().map(|card| card.owner) {
        let name = books.owner(owner).map(|owner| owner.name.clone()).unwrap_or_default();
        let details = format!("{name}\nкарта магазина\nГород {name}");
        if name.starts_with("Иванова Ольга")
            && books.owner(owner).is_some_and(|it| it.main_details != details)
        {
            books.change_owner(owner, |owner| owner.main_details = details);
        }
    }
}
