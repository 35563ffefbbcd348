//! What costs time, measured through the public interface: `cargo bench --bench speed`, or with `search` after it a part.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use divan::Bencher;
use divan::counter::ItemsCount;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use sverka::config::{Config, Theme};
use sverka::dashboard::app::{
    self, Answer, Ask, Effect, Event, FirstSync, Keymap, Model, ModelSettings, Timer,
};
use sverka::dashboard::view::{self, Look};
use sverka::engine::{Clock, Engine, Home, SyncOptions};
use sverka::odata::{
    BoxFuture, Client, HttpReply, HttpRequest, Names, PageQuery, SalesRow, Set, Top, Transport,
    TransportError,
};
use sverka::sync::Observer;
use sverka::sync::event::{Notice, Outcome, Progress};
use sverka::text::Language;
use sverka_simulator::{Request, Scenario, Simulator};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

const HOST: &str = "http://onec";
const ROOT: &str = "http://onec/trade/odata/standard.odata";
/// Customers of the base that is searched and shown.
const MANY: usize = 20_000;
/// Customers and lines of the base that is synced again and again.
const SOME: (usize, usize) = (1_000, 20_000);
/// Rows of the page that is decoded.
const ROWS: u32 = 1_000;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

fn main() {
    divan::main();
}

/// 1C in this process. It keeps its last answer.
struct Onec {
    simulator: Mutex<Simulator>,
    last: Mutex<HttpReply>,
}

impl Onec {
    fn of(customers: usize, lines: usize) -> Arc<Self> {
        let scenario = Scenario::new(customers, 7, noon().date()).with_lines(lines);
        Arc::new(Self { simulator: Mutex::new(Simulator::new(scenario)), last: Mutex::default() })
    }
}

impl Transport for Onec {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        let account = format!("Basic {}", STANDARD.encode("odata.user:demo"));
        let asked =
            Request::get(request.url.strip_prefix(HOST).unwrap()).with_header("Authorization", &account);
        let reply = self.simulator.lock().unwrap().handle(&asked, noon());
        let reply = HttpReply { status: reply.status, body: reply.body, ..HttpReply::default() };
        *self.last.lock().unwrap() = reply.clone();
        Box::pin(std::future::ready(Ok(reply)))
    }
}

/// Answers everything with the same reply.
struct Canned(HttpReply);

impl Transport for Canned {
    fn get(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// Noon of the day all of it happens on, by the infobase's clock.
fn noon() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 2, 4).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap()
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        noon().and_utc() - chrono::TimeDelta::hours(3)
    }
}

/// Nobody looks on.
struct Nobody;

impl Observer for Nobody {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, _: Notice) {}
}

/// An engine over this 1C, and a store that goes with the folder.
struct Shop {
    engine: Engine,
    _folder: TempDir,
}

impl Shop {
    fn over(onec: &Arc<Onec>) -> Self {
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("sverka.redb");
        let config = Config::demo(ROOT, store.clone(), Language::Russian);
        let transport = Arc::clone(onec) as Arc<dyn Transport>;
        Self { engine: Engine::new(config, Arc::new(Stopped), transport, Home::file(store)), _folder: folder }
    }

    fn sync(&self) {
        let cancel = CancellationToken::new();
        let run = self.engine.sync(SyncOptions::default(), Arc::new(Nobody), &cancel);
        assert_eq!(RUNTIME.block_on(run).unwrap().summary.outcome, Outcome::Published);
    }
}

/// A base that was synced once.
static SYNCED: LazyLock<Shop> = LazyLock::new(|| {
    let shop = Shop::over(&Onec::of(MANY, MANY));
    shop.sync();
    shop
});

/// A page of the register of sales, from its bytes to rows.
#[divan::bench]
fn decode_a_page(bencher: Bencher) {
    let (customers, lines) = SOME;
    let (config, onec) =
        (Config::demo(ROOT, "nowhere".into(), Language::Russian), Onec::of(customers, lines));
    let client = |transport| Client::new(&config.onec, &Names::default(), transport, 7);
    let query = PageQuery::of(Set::Sales).top(Top::Rows(ROWS));
    let read = |client: &Client| RUNTIME.block_on(client.page::<SalesRow>(&query)).unwrap().rows.len();
    assert_eq!(read(&client(Arc::clone(&onec) as _)), 1_000);
    let page = onec.last.lock().unwrap().clone();
    let client = client(Arc::new(Canned(page)));
    bencher.counter(ItemsCount::new(ROWS)).bench(|| read(&client.new_run()));
}

/// A full sync: read, merged, settled against 1C's sums, proven and published.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn merge_and_settle_a_generation(bencher: Bencher) {
    let (customers, lines) = SOME;
    let onec = Onec::of(customers, lines);
    bencher.counter(ItemsCount::new(lines)).with_inputs(|| Shop::over(&onec)).bench_values(|shop| {
        shop.sync();
        shop
    });
}

/// A query in a base whose index is built: a name, a beginning, digits, a slip of the layout, nothing to be found.
#[divan::bench(args = ["иванова", "ан", "9788", "bdfyjd", "ъъъ"])]
fn search_a_base(bencher: Bencher, query: &str) {
    RUNTIME.block_on(SYNCED.engine.search("", 1)).unwrap();
    bencher.bench(|| RUNTIME.block_on(SYNCED.engine.search(query, 50)).unwrap());
}

/// The dashboard with a list and an open customer, drawn anew.
#[divan::bench(args = [(80, 24), (200, 60)])]
fn draw_a_frame(bencher: Bencher, size: (u16, u16)) {
    let model = dashboard(Size { width: size.0, height: size.1 });
    let look = Look::new(Language::Russian);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    bencher.bench_local(|| {
        terminal.clear().unwrap();
        terminal.draw(|frame| view::draw(frame, &model, &look)).unwrap();
    });
}

/// The dashboard after its first questions were answered from the base.
fn dashboard(size: Size) -> Model {
    let now = Stopped.now().with_timezone(&FixedOffset::east_opt(3 * 3_600).unwrap());
    let settings = ModelSettings {
        debounce: std::time::Duration::ZERO,
        every: None,
        quiet: None,
        first_sync: FirstSync::Awaited,
        warnings: Vec::new(),
        checks_opened: false,
        keys: Keymap::default(),
        theme: Theme::Night,
    };
    let mut model = Model::new(settings, size, now);
    let mut effects = VecDeque::from(app::update(&mut model, now, Event::Started));
    while let Some(effect) = effects.pop_front() {
        let event = match effect {
            Effect::Wait(timer @ (Timer::Search(_) | Timer::Open(_)), _) => Event::Waited(timer),
            Effect::Ask(id, ask) => match answer(ask) {
                Some(answer) => Event::Answered(id, Ok(answer)),
                None => continue,
            },
            _ => continue,
        };
        effects.extend(app::update(&mut model, now, event));
    }
    assert!(model.detail.card().is_some(), "a customer is open");
    model
}

fn answer(ask: Ask) -> Option<Answer> {
    let engine = &SYNCED.engine;
    match ask {
        Ask::Search(request) => Some(Answer::Found(RUNTIME.block_on(engine.list(request)).unwrap())),
        Ask::Open(card) => {
            let detail = RUNTIME.block_on(engine.detail(card)).unwrap().unwrap();
            Some(Answer::Opened(Box::new(detail)))
        }
        _ => None,
    }
}
