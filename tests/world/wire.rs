//! The way to 1C, and 1C at its end: every request waits its own virtual time, and anything may happen to it
//! or to the books between any two of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sverka::odata::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use sverka_simulator::{Books, Delivery, FaultKind, Faults, Rate, Reply, Request, Simulator};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::chance::Chance;
use super::clock::WorldClock;
use super::disk::Disk;
use super::history::History;
use super::life::Life;
use super::tally::Tally;
use super::trace::Trace;

/// The host of every world.
pub const ROOT: &str = "http://onec.test:8080/trade/odata/standard.odata";
const HOST: &str = "http://onec.test:8080";
/// Servers take no longer addresses.
const LONGEST: usize = 2_000;

/// What is wrong in one round, beside what is always so.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    /// What the simulated 1C does by itself.
    pub faults: Rates,
    /// Percent of requests that something happens to on their way.
    pub bad_way: u64,
    /// Percent of requests before, and after, which the books change.
    pub life: u64,
    /// What happens at the n-th request of the round.
    pub events: BTreeMap<u64, Event>,
}

/// Something that happens once, at some request.
#[derive(Clone, Debug)]
pub enum Event {
    /// So many percent of documents, and half as many of the cards, vanish.
    MassDeletion(u64),
    /// The password no longer fits.
    Credentials,
    /// 1C no longer has what it had: from now on these faults too.
    Drift(FaultKind),
    /// Nothing gets through for so many seconds.
    Dead(u64),
    /// 1C lets nobody in for so many seconds.
    Maintenance(u64),
    /// The process dies with this request under way.
    Kill,
    /// The user cancels.
    Cancel,
    /// This machine's clock is set.
    SetClock(i64),
    /// Somebody changes the books.
    Change(Act),
    /// This happens to the request itself: the name of a mishap.
    Way(&'static str),
}

/// A change of the books.
#[derive(Clone)]
pub struct Act(Arc<dyn Fn(&mut Books) + Send + Sync>);

impl Act {
    pub fn new(act: impl Fn(&mut Books) + Send + Sync + 'static) -> Self {
        Self(Arc::new(act))
    }
}

impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Act")
    }
}

/// The way to 1C. Cheap to clone.
#[derive(Clone)]
pub struct Wire(Arc<Mutex<Inner>>);

/// What is at the other end of the wire, and what was seen of it.
pub struct Inner {
    pub onec: Simulator,
    /// Another base that may stand behind the same address.
    pub other: Option<Simulator>,
    pub is_other: bool,
    pub history: History,
    pub life: Life,
    pub weather: Weather,
    /// What this base always does: the peculiarities of its configuration and platform.
    pub temper: Rates,
    pub password: String,
    pub sent_password: String,
    pub seen: Seen,
    chance: Chance,
    clock: WorldClock,
    disk: Disk,
    death: Arc<Notify>,
    cancel: CancellationToken,
    trace: Trace,
    tally: Tally,
    dead_until: Duration,
    closed_until: Duration,
    /// Nothing happens on the way but that answers are late.
    pub only_late: bool,
    /// What happens to the request at hand, whatever chance says.
    forced: Option<Mishap>,
    /// Moments at which something happens already: no two things happen at once.
    taken: BTreeSet<u128>,
}

/// What one run was seen to do.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Requests sent.
    pub requests: u64,
    /// Requests of which nothing came back, or something broken: what repeats are for.
    pub failures: u64,
    /// The run was told that its credentials are refused.
    pub unauthorized: bool,
    /// Looked into: what was answered before is refused by now.
    is_locked_out: bool,
    /// Requests sent since, and those that were answered before.
    looks: HashSet<u64>,
    sent: HashMap<u64, String>,
    answered: HashSet<String>,
    pub in_flight: usize,
    pub most_in_flight: usize,
    /// Somebody changed the books while the run read them.
    pub changes: u64,
}

/// All a wire is made of.
pub struct Parts {
    pub onec: Simulator,
    pub other: Option<Simulator>,
    pub life: Life,
    pub temper: Rates,
    pub password: String,
    pub chance: Chance,
    pub clock: WorldClock,
    pub disk: Disk,
    pub trace: Trace,
    pub tally: Tally,
}

/// What becomes of a request that was served.
struct Answer {
    back: Duration,
    result: Result<HttpReply, TransportError>,
}

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    Before(&'static str),
    After(&'static str),
    Tampered(&'static str),
}

impl Mishap {
    const fn kind(self) -> &'static str {
        match self {
            Self::Before(kind) | Self::After(kind) | Self::Tampered(kind) => kind,
        }
    }
}

const MISHAPS: &[Mishap] = &[
    Mishap::Before("way/refused"),
    Mishap::Before("way/connect-timeout"),
    Mishap::Before("way/name"),
    Mishap::Before("way/closed"),
    Mishap::After("way/lost-reply"),
    Mishap::After("way/drip"),
    Mishap::After("way/too-large"),
    Mishap::Tampered("way/cut-on-valid-json"),
    Mishap::Tampered("way/cut-without-length"),
    Mishap::Tampered("way/late"),
    Mishap::Tampered("way/late"),
    Mishap::Tampered("way/late"),
];

impl Wire {
    pub fn new(parts: Parts) -> Self {
        let Parts { onec, other, life, temper, password, chance, clock, disk, trace, tally } = parts;
        let mut history = History::default();
        history.record(onec.books(), "the beginning");
        Self(Arc::new(Mutex::new(Inner {
            onec,
            other,
            is_other: false,
            history,
            life,
            weather: Weather::default(),
            temper,
            sent_password: password.clone(),
            password,
            seen: Seen::default(),
            chance,
            clock,
            disk,
            death: Arc::default(),
            cancel: CancellationToken::new(),
            trace,
            tally,
            dead_until: Duration::ZERO,
            closed_until: Duration::ZERO,
            only_late: false,
            forced: None,
            taken: BTreeSet::new(),
        })))
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a run: on this disk, to be ended by this death or that cancellation.
    pub fn begin(&self, weather: Weather, disk: &Disk, death: &Arc<Notify>, cancel: &CancellationToken) {
        let mut inner = self.inner();
        let faults = merged(&inner.temper, &weather.faults);
        inner.onec.set_faults(faults);
        inner.weather = weather;
        inner.disk = disk.clone();
        inner.death = Arc::clone(death);
        inner.cancel = cancel.clone();
        inner.seen = Seen::default();
    }

    /// Ends a run: the weather clears, the password fits again.
    pub fn end(&self) {
        let mut inner = self.inner();
        inner.weather = Weather::default();
        let temper = merged(&inner.temper, &Rates::new());
        inner.onec.set_faults(temper);
        let password = inner.password.clone();
        inner.sent_password = password;
        (inner.dead_until, inner.closed_until) = (Duration::ZERO, Duration::ZERO);
    }

    /// Changes the books by hand.
    pub fn with_books<T>(&self, cause: &str, change: impl FnOnce(&mut Books) -> T) -> T {
        let mut inner = self.inner();
        let result = change(inner.onec.books_mut());
        inner.remember(cause);
        result
    }
}

/// Kinds of faults of the simulated 1C with their rates.
pub type Rates = Vec<(FaultKind, Rate)>;

/// Both, the later counting where both name a kind.
fn merged(one: &Rates, other: &Rates) -> Faults {
    one.iter().chain(other).fold(Faults::default(), |all, (kind, rate)| all.add(*kind, *rate))
}

impl Transport for Wire {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let (number, there) = self.inner().depart(&request);
            let _under_way = UnderWay(self);
            tokio::time::sleep(there).await;
            let killed = self.inner().happen(number);
            if killed {
                return std::future::pending().await;
            }
            let Answer { back, result } = self.inner().serve(&request, number);
            tokio::time::sleep(back).await;
            self.inner().arrive(number, &result);
            result
        })
    }
}

/// A request that is under way, until it is answered or dropped.
struct UnderWay<'a>(&'a Wire);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.inner().seen.in_flight -= 1;
    }
}

impl Inner {
    /// Looks at a request that is sent; says its number and how long it travels.
    fn depart(&mut self, request: &HttpRequest) -> (u64, Duration) {
        if self.seen.unauthorized {
            // One look tells a login that is refused from a set that is: nothing new is asked, and nothing after it.
            assert!(!self.seen.is_locked_out, "I13: a request after a login that was looked into");
            assert!(self.seen.answered.contains(&request.url), "I13: after a 401 {}", readable(&request.url));
        }
        assert!(request.url.starts_with(ROOT), "I13: another host: {}", readable(&request.url));
        assert!(!request.url.contains('+'), "I13: a plus in the address: {}", readable(&request.url));
        assert!(request.url.len() <= LONGEST, "I13: an address of {} bytes", request.url.len());
        self.seen.requests += 1;
        self.seen.in_flight += 1;
        self.seen.most_in_flight = self.seen.most_in_flight.max(self.seen.in_flight);
        let number = self.seen.requests;
        self.seen.sent.insert(number, request.url.clone());
        if self.seen.unauthorized {
            self.seen.looks.insert(number);
        }
        self.say(&format!("-> {number} {}", readable(&request.url)));
        let travel = 1 + self.chance.below(40);
        (number, self.slot(Duration::from_millis(travel)))
    }

    /// What is planned for this request; whether the process dies of it.
    fn happen(&mut self, number: u64) -> bool {
        let Some(event) = self.weather.events.remove(&number) else { return false };
        self.say(&format!("at {number}: {event:?}"));
        let now = self.clock.elapsed();
        match event {
            Event::MassDeletion(percent) => {
                self.tally.fired("base/mass-deletion");
                self.life.lose(self.onec.books_mut(), percent);
                self.remember("base/mass-deletion");
            }
            Event::Credentials => {
                self.tally.fired("base/credentials-changed");
                self.sent_password = "an old one".into();
            }
            Event::Drift(kind) => {
                self.tally.fired(if kind == FaultKind::VirtualTablesMissing {
                    "base/virtual-tables-vanish"
                } else {
                    "base/schema-drift"
                });
                let faults = merged(&self.temper, &self.weather.faults);
                self.onec.set_faults(faults.add(kind, Rate::ALWAYS));
            }
            Event::Dead(seconds) => {
                self.tally.fired("way/dead-for-minutes");
                self.dead_until = now + Duration::from_secs(seconds);
            }
            Event::Maintenance(seconds) => {
                self.tally.fired("base/maintenance-for-minutes");
                self.closed_until = now + Duration::from_secs(seconds);
            }
            Event::Kill => {
                self.tally.fired("process/killed-at-request");
                self.disk.die();
                self.death.notify_one();
                return true;
            }
            Event::Cancel => {
                self.tally.fired("process/cancelled");
                self.cancel.cancel();
            }
            Event::SetClock(seconds) => {
                self.tally.fired(if seconds > 0 { "clock/forward" } else { "clock/back" });
                self.clock.set_ahead(seconds);
            }
            Event::Change(Act(act)) => {
                act(self.onec.books_mut());
                self.remember("an act");
            }
            Event::Way(kind) => self.forced = MISHAPS.iter().copied().find(|mishap| mishap.kind() == kind),
        }
        false
    }

    /// Lets life go on, and answers.
    fn serve(&mut self, request: &HttpRequest, number: u64) -> Answer {
        self.live_on();
        let drawn = self.chance.percent(self.weather.bad_way).then(|| *self.chance.pick(MISHAPS).unwrap());
        let drawn = drawn.map(|mishap| if self.only_late { Mishap::Tampered("way/late") } else { mishap });
        let mishap = self.forced.take().or(drawn);
        let now = self.clock.elapsed();
        if now < self.dead_until {
            return self.lost(Mishap::Before("way/refused"), request);
        }
        if let Some(mishap @ Mishap::Before(_)) = mishap {
            return self.lost(mishap, request);
        }
        let reply = self.ask_onec(request, mishap, now < self.closed_until);
        self.live_on();
        self.say(&format!("   {number} answers {} with {} bytes", reply.status, reply.body.len()));
        match mishap {
            Some(mishap @ Mishap::After(_)) => self.lost(mishap, request),
            Some(Mishap::Tampered(kind @ "way/cut-without-length")) => {
                self.tally.fired(kind);
                let half = self.chance.index(reply.body.len());
                let mut answer = self.deliver(&reply, request);
                if let Ok(reply) = &mut answer.result {
                    reply.body = reply.body.slice(..half.min(reply.body.len()));
                }
                answer
            }
            Some(Mishap::Tampered(kind @ "way/late")) => {
                self.tally.fired(kind);
                let answer = self.deliver(&reply, request);
                let late = self.chance.below(u64::try_from(request.silence.as_millis()).unwrap());
                Answer { back: self.slot(answer.back + Duration::from_millis(late)), ..answer }
            }
            _ => self.deliver(&reply, request),
        }
    }

    fn ask_onec(&mut self, request: &HttpRequest, mishap: Option<Mishap>, closed: bool) -> Reply {
        let mut target = request.url.strip_prefix(HOST).unwrap().to_owned();
        if let Some(Mishap::Tampered(kind @ "way/cut-on-valid-json")) = mishap
            && let Some(shorter) = with_fewer_rows(&target, &mut self.chance)
        {
            self.tally.fired(kind);
            self.say("   a proxy answers with fewer rows");
            target = shorter;
        }
        let account = STANDARD.encode(format!("odata.user:{}", self.sent_password));
        let asked = Request::get(&target)
            .with_header("Host", "onec.test:8080")
            .with_header("Accept", request.accept)
            .with_header("Authorization", &format!("Basic {account}"));
        let now = self.clock.onec();
        let onec = if self.is_other { self.other.as_mut().unwrap() } else { &mut self.onec };
        let faults = closed.then(|| onec.set_faults(Faults::always(FaultKind::Maintenance)));
        let reply = onec.handle(&asked, now);
        if faults.is_some() {
            let usual = merged(&self.temper, &self.weather.faults);
            self.onec.set_faults(usual);
        }
        self.remember("simulated 1C");
        reply
    }

    /// A reply as its delivery lets it arrive.
    fn deliver(&mut self, reply: &Reply, request: &HttpRequest) -> Answer {
        let silent = Err(TransportError::Silent(request.silence));
        let travel = Duration::from_millis(1 + self.chance.below(40));
        let (back, result) = match reply.delivery {
            Delivery::Whole | Delivery::Unannounced => (travel, Ok(())),
            Delivery::Drip(_) => (request.deadline, Err(TransportError::Deadline(request.deadline))),
            Delivery::Endless => (travel, Err(TransportError::TooLarge(request.body_cap))),
            Delivery::CutAfter(_) => (travel, Err(TransportError::Cut)),
            Delivery::CloseBefore => (travel, Err(TransportError::Closed)),
            Delivery::StallBefore | Delivery::StallAfter(_) => (travel + request.silence, silent),
            Delivery::Slow(wait) if wait >= request.silence => (travel + request.silence, silent),
            Delivery::Slow(wait) => (travel + wait, Ok(())),
        };
        let header = |wanted: &str| {
            let found = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.clone())
        };
        let fits = reply.body.len() <= request.body_cap;
        let result = result.and(if fits {
            Ok(HttpReply {
                status: reply.status,
                retry_after: header("Retry-After"),
                location: header("Location"),
                date: header("Date"),
                age: header("Age"),
                platform: header("Server"),
                content_type: header("Content-Type"),
                challenges: Vec::new(),
                body: reply.body.clone(),
                packed: None,
            })
        } else {
            Err(TransportError::TooLarge(request.body_cap))
        });
        Answer { back: self.slot(back), result }
    }

    fn lost(&mut self, mishap: Mishap, request: &HttpRequest) -> Answer {
        let kind = mishap.kind();
        self.tally.fired(kind);
        self.say(&format!("   {kind}"));
        let soon = Duration::from_millis(1 + self.chance.below(40));
        let (back, error) = match kind {
            "way/refused" => (soon, TransportError::Refused),
            "way/connect-timeout" => (Duration::from_secs(10), TransportError::ConnectTimeout),
            "way/name" => (soon, TransportError::Name),
            "way/closed" => (soon, TransportError::Closed),
            "way/lost-reply" => (soon + request.silence, TransportError::Silent(request.silence)),
            "way/drip" => (soon + request.deadline, TransportError::Deadline(request.deadline)),
            _ => (soon, TransportError::TooLarge(request.body_cap)),
        };
        Answer { back: self.slot(back), result: Err(error) }
    }

    fn arrive(&mut self, number: u64, result: &Result<HttpReply, TransportError>) {
        let is_good = result.as_ref().is_ok_and(|reply| reply.status == 200);
        self.seen.failures += u64::from(!is_good);
        let is_refused =
            result.as_ref().is_ok_and(|reply| reply.status == 401 && reply.body.starts_with(b"<!DOCTYPE"));
        self.seen.unauthorized |= is_refused;
        self.seen.is_locked_out |= is_refused && self.seen.looks.contains(&number);
        let sent = self.seen.sent.remove(&number);
        self.seen.answered.extend(sent.filter(|_| is_good));
        let what = match result {
            Ok(reply) => format!("{} {} bytes", reply.status, reply.body.len()),
            Err(error) => error.to_string(),
        };
        self.say(&format!("<- {number} {what}"));
    }

    /// Lets something happen in the shop, or not.
    fn live_on(&mut self) {
        if !self.chance.percent(self.weather.life) || self.is_other {
            return;
        }
        for _ in 0..=self.chance.below(3) {
            let now = self.clock.onec();
            if let Some(kind) = self.life.go_on(self.onec.books_mut(), now) {
                self.tally.fired(kind);
                self.seen.changes += 1;
                self.say(&format!("   {kind}"));
                self.remember(kind);
            }
        }
    }

    fn remember(&mut self, cause: &str) {
        self.history.record(self.onec.books(), cause);
    }

    /// The time from now to a moment at which nothing else happens, at least so far away.
    fn slot(&mut self, wanted: Duration) -> Duration {
        let now = self.clock.elapsed();
        let mut at = (now + wanted).as_millis() + 1;
        while !self.taken.insert(at) {
            at += 1;
        }
        self.taken = self.taken.split_off(&now.as_millis());
        Duration::from_millis(u64::try_from(at).unwrap()).checked_sub(now).unwrap_or_default()
    }

    fn say(&self, line: &str) {
        self.trace.line(self.clock.elapsed(), line);
    }
}

/// The same request for fewer rows: what a proxy that cuts a page on a whole row leaves of it.
fn with_fewer_rows(target: &str, chance: &mut Chance) -> Option<String> {
    let (head, rest) = target.split_once("$top=")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let top: u64 = digits.parse().ok()?;
    let fewer = chance.below(top);
    Some(format!("{head}$top={fewer}{}", &rest[digits.len()..]))
}

/// An address as people read it: decoded, without the root and the list of fields.
pub fn readable(url: &str) -> String {
    let short = url.split_once("/standard.odata").map_or(url, |(_, short)| short);
    let short = short.split("&$select=").next().unwrap();
    let mut bytes = Vec::with_capacity(short.len());
    let mut rest = short.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
