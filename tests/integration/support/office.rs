//! The simulated 1C without a network in between, and somebody who works in it while it is read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use redb::backends::InMemoryBackend;
use sverka::config::{Config, Language};
use sverka::domain::{Amount, CardId, LocalTime, MovementKind, Points, Window};
use sverka::engine::{Engine, Home, SyncOptions};
use sverka::odata::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use sverka::simulator::{Books, DocumentKind, Faults, Request, Scenario, Simulator};
use sverka::store::Store;
use sverka::sync::event::Outcome;
use sverka::sync::{Finished, Observer};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Stopped, Witness, local_now};

/// What somebody does right before a request is answered; the number counts from one.
type Hand = Box<dyn FnMut(u64, &mut Simulator) -> Deed + Send>;

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is answered.
    Answer,
    /// It never reaches 1C: the connection is refused.
    Refuse,
}

/// A simulated 1C that answers in this process.
pub struct Desk {
    pub onec: Mutex<Simulator>,
    hand: Mutex<Hand>,
    asked: Mutex<Vec<String>>,
}

impl Desk {
    /// What was asked for so far, without the service root.
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
            let mut onec = self.onec.lock().unwrap();
            let number = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(request.url.replace("http://onec", ""));
                asked.len() as u64
            };
            if self.hand.lock().unwrap()(number, &mut onec) == Deed::Refuse {
                return Err(TransportError::Refused);
            }
            let account = format!("Basic {}", STANDARD.encode("odata.user:demo"));
            let target = request.url.strip_prefix("http://onec").unwrap();
            let asked = Request::get(target).with_header("Authorization", &account);
            let reply = onec.handle(&asked, local_now());
            Ok(HttpReply { status: reply.status, body: reply.body, ..HttpReply::default() })
        })
    }
}

/// A shop whose 1C and store are in this process.
pub struct Office {
    pub desk: Arc<Desk>,
    pub config: Config,
    pub store: Store,
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
            hand: Mutex::new(Box::new(|_, _| Deed::Answer)),
            asked: Mutex::default(),
        };
        let store = Store::with_backend(InMemoryBackend::new()).unwrap();
        Self { desk: Arc::new(desk), config, store }
    }

    /// Somebody does this before every request from now on, which are counted anew.
    pub fn meddle(&self, hand: impl FnMut(u64, &mut Simulator) -> Deed + Send + 'static) {
        self.desk.asked.lock().unwrap().clear();
        *self.desk.hand.lock().unwrap() = Box::new(hand);
    }

    /// Nobody does anything from now on, and requests are counted anew.
    pub fn rest(&self) {
        self.meddle(|_, _| Deed::Answer);
    }

    /// Somebody changes the books right before request number `at`.
    pub fn change_before(&self, at: u64, change: impl FnOnce(&mut Books) + Send + 'static) {
        let mut change = Some(change);
        self.meddle(move |number, onec| {
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
        Engine::new(self.config.clone(), Arc::new(Stopped), transport, Home::Held(self.store.clone()))
    }

    pub async fn try_sync(&self) -> Finished {
        self.watched_sync(Arc::new(Witness::default())).await
    }

    pub async fn watched_sync(&self, observer: Arc<dyn Observer>) -> Finished {
        let cancel = CancellationToken::new();
        self.engine().sync(SyncOptions::default(), observer, &cancel).await.unwrap()
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

    /// Digest of what is published.
    pub fn digest(&self) -> u128 {
        self.store.snapshot().unwrap().generation().unwrap().digest
    }
}

/// Rows by recorder and line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub sales: BTreeMap<(Uuid, u64), (CardId, LocalTime, Amount, bool)>,
    pub bonuses: BTreeMap<(Uuid, u64), (CardId, LocalTime, Points, Points)>,
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
