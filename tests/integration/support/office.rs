//! The simulated 1C without a network in between, and somebody who works in it while it is read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use redb::backends::InMemoryBackend;
use sverka::config::Config;
use sverka::domain::{Amount, CardId, LocalTime, MovementKind, Points, Window};
use sverka::engine::{Clock as _, Engine, Home, SyncOptions};
use sverka::odata::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use sverka::store::{Proof, Store};
use sverka::sync::event::Outcome;
use sverka::sync::{Finished, Observer, SyncMode};
use sverka::text::Language;
use sverka_simulator::{Books, DocumentKind, Faults, Request, Scenario, Simulator};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Set, Stopped, Witness, local_now};

/// What somebody does right before a request is answered, told by its number, from one, and its address in
/// clear.
type Hand = Box<dyn FnMut(u64, &str, &mut Simulator) -> Deed + Send>;

/// What becomes of a row on its way, told by the address asked for.
type Gateway = Box<dyn FnMut(&str, &mut serde_json::Value) + Send>;

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is answered.
    Answer,
    /// It never reaches 1C: the connection is refused.
    Refuse,
    /// 1C has nothing: no rows, and a count of zero.
    Nothing,
    /// 1C does not publish it.
    Missing,
    /// It is never answered.
    Hang,
    /// It is answered after so long; only where the clock is paused.
    Later(Duration),
}

/// A simulated 1C that answers in this process.
pub struct Desk {
    pub onec: Mutex<Simulator>,
    hand: Mutex<Hand>,
    asked: Mutex<Vec<String>>,
    /// Rows sent, by what was asked for.
    sent: Mutex<Vec<(String, u64)>>,
    /// `Date` and `Age` of the replies to come; the last ones stay.
    dates: Mutex<Vec<(Option<String>, Option<String>)>>,
    gateway: Mutex<Option<Gateway>>,
}

impl Desk {
    /// Rows sent in answer to requests of a kind.
    pub fn rows_where(&self, is_meant: impl Fn(&str) -> bool) -> u64 {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|(address, _)| is_meant(address)).map(|(_, rows)| rows).sum()
    }

    /// What was asked for so far, in clear.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn requests(&self) -> u64 {
        self.asked.lock().unwrap().len() as u64
    }
}

impl Transport for Desk {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            // No answer is there before it is waited for: whoever cancels is heard in between.
            tokio::task::yield_now().await;
            let deed = self.deed(&request);
            match deed {
                Deed::Answer => Ok(self.answer(&request)),
                Deed::Refuse => Err(TransportError::Refused),
                Deed::Nothing => Ok(nothing(&request)),
                Deed::Missing => Ok(missing()),
                Deed::Hang => std::future::pending().await,
                Deed::Later(wait) => {
                    tokio::time::advance(wait).await;
                    Ok(self.answer(&request))
                }
            }
        })
    }
}

impl Desk {
    fn deed(&self, request: &HttpRequest) -> Deed {
        let address = in_clear(&request.url);
        let number = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(address.clone());
            asked.len() as u64
        };
        self.hand.lock().unwrap()(number, &address, &mut self.onec.lock().unwrap())
    }

    fn answer(&self, request: &HttpRequest) -> HttpReply {
        let account = format!("Basic {}", STANDARD.encode("odata.user:demo"));
        let target = request.url.strip_prefix("http://onec").unwrap();
        let asked = Request::get(target).with_header("Authorization", &account);
        let reply = self.onec.lock().unwrap().handle(&asked, local_now());
        let mut body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let rows = body["value"].as_array().map_or(0, Vec::len);
        let address = in_clear(&request.url);
        let mut sent = reply.body;
        if let (Some(gateway), Some(rows)) = (
            &mut *self.gateway.lock().unwrap(),
            body.get_mut("value").and_then(serde_json::Value::as_array_mut),
        ) {
            for row in rows {
                gateway(&address, row);
            }
            sent = serde_json::to_vec(&body).unwrap().into();
        }
        self.sent.lock().unwrap().push((address, rows as u64));
        let (date, age) = self.dated();
        HttpReply { status: reply.status, body: sent, date, age, ..HttpReply::default() }
    }

    fn dated(&self) -> (Option<String>, Option<String>) {
        let mut dates = self.dates.lock().unwrap();
        if dates.len() > 1 { dates.remove(0) } else { dates.first().cloned().unwrap_or_default() }
    }
}

/// An address without its percent signs.
fn in_clear(url: &str) -> String {
    let mut parts = url.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

fn nothing(request: &HttpRequest) -> HttpReply {
    let body = if request.url.contains("/$count") { "0" } else { r#"{"value":[]}"# };
    HttpReply { status: 200, body: body.into(), ..HttpReply::default() }
}

fn missing() -> HttpReply {
    let body = r#"{"odata.error":{"code":"8","message":{"lang":"ru","value":"Сущность не найдена"}}}"#;
    HttpReply { status: 404, body: body.into(), ..HttpReply::default() }
}

/// A shop whose 1C and store are in this process.
pub struct Office {
    pub desk: Arc<Desk>,
    pub config: Config,
    pub store: Store,
    /// What this machine's clock shows.
    pub now: DateTime<Utc>,
}

impl Office {
    pub fn open(customers: usize, lines: usize, seed: u64) -> Self {
        Self::of(Simulator::new(Scenario::new(customers, seed, super::today()).with_lines(lines)))
    }

    pub fn of(onec: Simulator) -> Self {
        let root = "http://onec/trade/odata/standard.odata";
        let mut config = Config::demo(root, "nowhere.redb".into(), Language::English);
        config.onec.backoff = Duration::from_millis(1);
        config.sync.second_look_after = Duration::from_millis(1);
        let desk = Desk {
            onec: Mutex::new(onec),
            hand: Mutex::new(Box::new(|_, _, _| Deed::Answer)),
            asked: Mutex::default(),
            sent: Mutex::default(),
            dates: Mutex::default(),
            gateway: Mutex::default(),
        };
        let store = Store::with_backend(InMemoryBackend::new()).unwrap();
        Self { desk: Arc::new(desk), config, store, now: Stopped.now() }
    }

    /// Somebody does this before every request from now on, which are counted anew.
    pub fn meddle(&self, hand: impl FnMut(u64, &str, &mut Simulator) -> Deed + Send + 'static) {
        self.desk.asked.lock().unwrap().clear();
        self.desk.sent.lock().unwrap().clear();
        *self.desk.hand.lock().unwrap() = Box::new(hand);
    }

    /// Something between 1C and us changes every row on its way from now on.
    pub fn set_gateway(&self, gateway: impl FnMut(&str, &mut serde_json::Value) + Send + 'static) {
        *self.desk.gateway.lock().unwrap() = Some(Box::new(gateway));
    }

    /// Nothing does any more.
    pub fn without_gateway(&self) {
        *self.desk.gateway.lock().unwrap() = None;
    }

    /// The server's clock from now on: what its replies bear, one after the other; the last one stays.
    pub fn set_dates<'a>(&self, dates: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) {
        let owned = |text: &str| Some(text.to_owned());
        let dates = dates.into_iter().map(|(date, age)| (owned(date), age.and_then(owned)));
        *self.desk.dates.lock().unwrap() = dates.collect();
    }

    /// The server's clock from now on.
    pub fn set_server(&self, now: DateTime<Utc>) {
        self.set_dates([(now.to_rfc2822().as_str(), None)]);
    }

    /// Nobody does anything from now on, and requests are counted anew.
    pub fn rest(&self) {
        self.meddle(|_, _, _| Deed::Answer);
    }

    /// Somebody changes the books right before request number `at`.
    pub fn change_before(&self, at: u64, change: impl FnOnce(&mut Books) + Send + 'static) {
        let mut change = Some(change);
        self.meddle(move |number, _, onec| {
            if number >= at
                && let Some(change) = change.take()
            {
                change(onec.books_mut());
            }
            Deed::Answer
        });
    }

    pub fn set_faults(&self, faults: Faults) {
        self.desk.onec.lock().unwrap().set_faults(faults);
    }

    pub fn books(&self) -> Books {
        self.desk.onec.lock().unwrap().books().clone()
    }

    pub fn change(&self, change: impl FnOnce(&mut Books)) {
        change(self.desk.onec.lock().unwrap().books_mut());
    }

    pub fn engine(&self) -> Engine {
        let transport: Arc<dyn Transport> = Arc::clone(&self.desk) as Arc<dyn Transport>;
        Engine::new(self.config.clone(), Arc::new(Set(self.now)), transport, Home::Held(self.store.clone()))
    }

    pub async fn try_sync(&self) -> Finished {
        self.watched_sync(Arc::new(Witness::default())).await
    }

    pub async fn watched_sync(&self, observer: Arc<dyn Observer>) -> Finished {
        self.watched(SyncMode::Full, observer).await
    }

    pub async fn watched(&self, mode: SyncMode, observer: Arc<dyn Observer>) -> Finished {
        let options = SyncOptions { mode, ..SyncOptions::default() };
        self.engine().sync(options, observer, &CancellationToken::new()).await.unwrap()
    }

    /// A sync that is expected to publish.
    pub async fn sync_as(&self, mode: SyncMode) -> Finished {
        let finished = self.watched(mode, Arc::new(Witness::default())).await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
        finished
    }

    /// A sync that is stopped right before request number `at`.
    pub async fn stopped_sync(&self, at: u64) -> Finished {
        let cancel = CancellationToken::new();
        let stop = cancel.clone();
        self.meddle(move |number, _, _| {
            if number < at {
                return Deed::Answer;
            }
            stop.cancel();
            Deed::Hang
        });
        let observer = Arc::new(Witness::default());
        let finished = self.engine().sync(SyncOptions::default(), observer, &cancel).await.unwrap();
        self.rest();
        finished
    }

    /// A sync that is expected to publish.
    pub async fn sync(&self) -> Finished {
        let finished = self.try_sync().await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
        finished
    }

    /// All rows that are published.
    pub fn published(&self) -> Rows {
        let snapshot = self.store.snapshot().unwrap();
        let mut rows = Rows::default();
        let known = snapshot.customers().unwrap().map(|customer| customer.unwrap().card);
        let unknown = snapshot.unknown_cards().unwrap().into_iter().map(|unknown| unknown.card);
        for card in known.chain(unknown) {
            for movement in snapshot.movements(card).unwrap() {
                let key = (movement.key.recorder.0, movement.key.line);
                let opening = movement.kind == MovementKind::OpeningBalance;
                let sale = (movement.card, movement.period, movement.amount, opening);
                assert!(rows.sales.insert(key, sale).is_none(), "a row stored under two cards");
            }
            for row in snapshot.bonus_rows(card).unwrap() {
                let key = (row.key.recorder.0, row.key.line);
                let bonus = (row.card, row.period, row.accrued, row.to_write_off);
                assert!(rows.bonuses.insert(key, bonus).is_none(), "a row stored under two cards");
            }
        }
        rows
    }

    /// The rows these books hold within the window of a sync.
    pub fn rows_of(&self, books: &Books) -> Rows {
        let window = Window::ending(super::today(), self.config.sync.days);
        let mut rows = Rows::default();
        for sale in books.sales().filter(|sale| sale.row.active) {
            let opening = sale.kind == DocumentKind::OpeningBalances;
            if opening || window.contains(sale.row.period) {
                let row =
                    (CardId(sale.row.card), sale.row.period, Amount::from_units(sale.row.amount), opening);
                rows.sales.insert((sale.recorder, u64::from(sale.line)), row);
            }
        }
        for bonus in books.bonuses().filter(|bonus| bonus.row.active) {
            let row = (
                CardId(bonus.row.card),
                bonus.row.period,
                Points::from_units(bonus.row.accrued),
                Points::from_units(bonus.row.to_burn),
            );
            rows.bonuses.insert((bonus.recorder, u64::from(bonus.line)), row);
        }
        rows
    }

    /// What vouches for what is published.
    pub fn proof(&self) -> Proof {
        self.store.snapshot().unwrap().generation().unwrap().proof
    }

    /// Digest of what is published.
    pub fn digest(&self) -> u128 {
        self.store.snapshot().unwrap().generation().unwrap().digest
    }
}

/// Rows by recorder and line.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Rows {
    pub sales: BTreeMap<(Uuid, u64), (CardId, LocalTime, Amount, bool)>,
    pub bonuses: BTreeMap<(Uuid, u64), (CardId, LocalTime, Points, Points)>,
}

/// Thousands of rows help nobody who reads what failed.
impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sales, {} bonus rows", self.sales.len(), self.bonuses.len())
    }
}

impl Rows {
    /// Sums by card and month, and of opening balances by card: what no sync may ever get wrong.
    pub fn sums(&self) -> BTreeMap<(CardId, String), Amount> {
        let mut sums: BTreeMap<(CardId, String), Amount> = BTreeMap::new();
        for (card, period, amount, opening) in self.sales.values() {
            let month = if *opening { "opening".into() } else { period.format("%Y-%m").to_string() };
            *sums.entry((*card, month)).or_default() += *amount;
        }
        sums.retain(|_, sum| !sum.is_zero());
        sums
    }
}

/// Rows that are the rows of one moment; or, where rows of two moments add up alike, their sums.
pub fn assert_one_of(published: &Rows, instants: &[Rows], what: &str) {
    let sums = |rows: &Rows| (rows.sums(), rows.bonuses.clone());
    assert!(
        instants.iter().any(|rows| rows == published || sums(rows) == sums(published)),
        "{what}: what is published was never in the books"
    );
}
