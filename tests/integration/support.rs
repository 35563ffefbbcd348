//! A shop: the simulated 1C on a loopback port, and an engine with a store of its own.

pub mod binary;
pub mod certificates;
pub mod changes;
pub mod leak;
pub mod office;
pub mod proven;
pub mod pseudo_terminal;
pub mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sverka::config::Config;
use sverka::domain::{Amount, CardId, Comparison, Points};
use sverka::engine::{Checked, Clock, Engine, Home, Side, SyncOptions, Whom};
use sverka::odata::HttpTransport;
use sverka::store::{Snapshot, Store};
use sverka::sync::event::{Notice, Outcome, Progress};
use sverka::sync::{Finished, Observer};
use sverka::text::Language;
use sverka_simulator::{Books, Faults, Figures, Scenario, Server, Simulator};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The phone of the customer whose figures are known in advance.
pub const REFERENCE_PHONE: &str = "79788451364";

/// The day all tests live on.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 4).unwrap()
}

/// The moment all tests live at, on the infobase's wall clock.
pub fn local_now() -> NaiveDateTime {
    today().and_hms_opt(15, 30, 0).unwrap()
}

/// A clock that stands still: at [`local_now`] in Simferopol, which is three hours ahead of UTC.
pub struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        local_now().and_utc() - Duration::from_secs(3 * 3600)
    }
}

/// A clock that stands still where it is set.
pub struct Set(pub DateTime<Utc>);

impl Clock for Set {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// What a sync told while it ran.
#[derive(Default)]
pub struct Witness {
    pub progress: Mutex<Vec<Progress>>,
    pub notices: Mutex<Vec<Notice>>,
}

impl Observer for Witness {
    fn progress(&self, progress: &Progress) {
        self.progress.lock().unwrap().push(progress.clone());
    }

    fn notice(&self, notice: Notice) {
        self.notices.lock().unwrap().push(notice);
    }
}

/// A simulated 1C with an engine beside it.
pub struct Shop {
    pub server: Server,
    pub config: Config,
    _folder: TempDir,
}

impl Shop {
    /// A shop of so many customers with so many sales lines.
    pub async fn open(customers: usize, lines: usize, seed: u64) -> Self {
        Self::of(Scenario::new(customers, seed, today()).with_lines(lines)).await
    }

    pub async fn of(scenario: Scenario) -> Self {
        let server = Server::start(Simulator::new(scenario), 0, local_now).await.unwrap();
        let folder = TempDir::new().unwrap();
        let mut config = Config::demo(&server.url(), folder.path().join("sverka.redb"), Language::English);
        config.onec.backoff = Duration::from_millis(1);
        config.onec.read_timeout = Duration::from_millis(500);
        config.sync.second_look_after = Duration::from_millis(1);
        Self { server, config, _folder: folder }
    }

    pub fn with_faults(self, faults: Faults) -> Self {
        self.server.with_simulator(|onec| onec.set_faults(faults));
        self
    }

    /// An engine by the shop's present settings; the store is on disk, so engines share it.
    pub fn engine(&self) -> Engine {
        let transport = Arc::new(HttpTransport::new(&self.config.onec).unwrap());
        let home = Home::file(&self.config.store);
        Engine::new(self.config.clone(), Arc::new(Stopped), transport, home)
    }

    /// A full sync that is expected to publish.
    pub async fn sync(&self) -> Finished {
        let finished = self.try_sync().await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
        finished
    }

    /// A full sync, however it ends.
    pub async fn try_sync(&self) -> Finished {
        self.watched_sync(Arc::new(Witness::default())).await
    }

    pub async fn watched_sync(&self, witness: Arc<Witness>) -> Finished {
        let cancel = CancellationToken::new();
        self.engine().sync(SyncOptions::default(), witness, &cancel).await.unwrap()
    }

    /// What is published.
    pub fn snapshot(&self) -> Snapshot {
        Store::open(&self.config.store, sverka::store::Access::Read).unwrap().snapshot().unwrap()
    }

    pub async fn check(&self, whom: Whom) -> Checked {
        self.engine().check(&whom, Side::Live).await.unwrap()
    }

    /// The reference customer, compared with 1C now.
    pub async fn reference(&self) -> Comparison {
        let checked = self.check(Whom::Phone(REFERENCE_PHONE.into())).await;
        assert!(checked.failure.is_none(), "{:?}", checked.failure);
        assert_eq!(checked.comparisons.len(), 1);
        checked.comparisons.into_iter().next().unwrap()
    }

    /// The figures of every stored card.
    pub fn stored(&self) -> HashMap<CardId, Audited> {
        stored_figures(&self.snapshot())
    }

    /// The same figures as the simulated 1C's own books have them.
    pub fn audited(&self) -> HashMap<CardId, Audited> {
        let from = self.snapshot().generation().unwrap().window.from.unwrap_or(NaiveDateTime::MIN);
        self.server.with_simulator(|onec| audited_figures(onec.books(), from, local_now()))
    }

    /// The store has exactly the cards and figures of the books.
    pub fn assert_books_agree(&self) {
        let (stored, audited) = (self.stored(), self.audited());
        assert_eq!(stored.len(), audited.len(), "cards");
        for (card, figures) in &audited {
            assert_eq!(stored.get(card), Some(figures), "card {card}");
        }
    }
}

/// The figures of every card of a snapshot.
pub fn stored_figures(snapshot: &Snapshot) -> HashMap<CardId, Audited> {
    let figures = snapshot.all_figures().unwrap().map(Result::unwrap);
    figures
        .map(|(card, figures)| {
            let own = figures.own;
            let audited = Audited {
                opening: own.opening_balance,
                purchases: own.purchases,
                lines: own.purchase_lines,
                last_record: own.points.last_record,
                balance: own.points.register_balance,
            };
            (card, audited)
        })
        .collect()
}

/// The figures of every card as the books have them, purchases from a moment on, points at another.
pub fn audited_figures(books: &Books, from: NaiveDateTime, now: NaiveDateTime) -> HashMap<CardId, Audited> {
    let figures = books.all_figures(from, now);
    let of = |card| figures.get(card).copied().unwrap_or_default();
    books.card_list().iter().map(|card| (CardId(card.key), Audited::of(of(&card.key)))).collect()
}

/// The figures of a card, comparable across the two worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audited {
    pub opening: Amount,
    pub purchases: Amount,
    pub lines: u64,
    pub last_record: Points,
    pub balance: Points,
}

impl Audited {
    fn of(figures: Figures) -> Self {
        Self {
            opening: Amount::from_units(figures.opening),
            purchases: Amount::from_units(figures.purchases_in_window),
            lines: figures.purchase_lines as u64,
            last_record: Points::from_units(figures.points_last_record),
            balance: Points::from_units(figures.points_balance),
        }
    }
}
