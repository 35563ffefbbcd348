//! What a user of sverka sees of a case: asked through the library as the commands ask it, over real HTTP, and read in
//! the form that is promised to programs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use redb::backends::InMemoryBackend;
use serde_json::Value as Json;
use sverka::config::Config;
use sverka::domain::CardId;
use sverka::engine::doctor::CheckOutcome as Finding;
use sverka::engine::{Clock, Engine, Home, Side, SyncOptions, Whom};
use sverka::odata::HttpTransport;
use sverka::report::json;
use sverka::store::Store;
use sverka::sync::event::{Notice, Outcome, Progress};
use sverka::sync::{Observer, SyncMode};
use sverka::text::Language;
use tokio_util::sync::CancellationToken;

use crate::asked::ROOT;
use crate::books::{CARD_COUNT, card_key, who};
use crate::http::Server;
use crate::onec::{OneC, ZONE};

/// The moment all cases live at, on the infobase's wall.
pub fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 2, 4).unwrap().and_hms_opt(15, 30, 0).unwrap()
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        now().and_utc() - TimeDelta::hours(ZONE)
    }
}

/// Keeps what a sync told, but for what every sync tells.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Observer for Listener {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        let told = format!("{notice:?}");
        let usual = ["StageStarted", "StageDone", "Retrying", "ChangedUnderneath"];
        if !usual.iter().any(|kind| told.starts_with(kind)) {
            self.0.lock().unwrap().push(told);
        }
    }
}

/// How a sync went, and what the store then says.
#[derive(Debug)]
pub struct Seen {
    pub published: bool,
    /// The word for why it failed.
    pub error: Option<String>,
    /// What was told beside the usual.
    pub told: Vec<String>,
    /// Requests the sync sent.
    pub requests: usize,
    /// What `check --offline --json` says of each card.
    pub stored: BTreeMap<u32, Json>,
    /// What `check --json` says of the customers spoken of; and why 1C could not be asked.
    pub live: BTreeMap<u32, (Json, Option<String>)>,
    pub doctor: Doctor,
}

/// What `doctor` says.
#[derive(Clone, Debug, Default)]
pub struct Doctor {
    pub failed: Vec<String>,
    pub warned: Vec<String>,
}

/// sverka beside a server.
pub struct Desk {
    pub onec: Arc<OneC>,
    config: Config,
    store: Store,
    _server: Server,
}

impl Desk {
    pub async fn open(onec: OneC, settings: fn(&mut Config)) -> Self {
        let onec = Arc::new(onec);
        let answering = Arc::clone(&onec);
        let server = Server::start(Arc::new(move |target: &str| answering.answer(target))).await.unwrap();
        let url = format!("http://{}{ROOT}", server.address());
        let mut config = Config::demo(&url, "nowhere.redb".into(), Language::English);
        config.onec.page_size = 25;
        config.onec.backoff = Duration::from_millis(1);
        config.sync.second_look_after = Duration::from_millis(1);
        settings(&mut config);
        Self { onec, config, store: Store::with_backend(InMemoryBackend::new()).unwrap(), _server: server }
    }

    fn engine(&self) -> Engine {
        let transport = Arc::new(HttpTransport::new(&self.config.onec).unwrap());
        Engine::new(self.config.clone(), Arc::new(Stopped), transport, Home::Held(self.store.clone()))
    }

    /// A sync of a server that behaves, so that there is something to lose.
    pub async fn begin(&self) {
        let cancel = CancellationToken::new();
        let listener = Arc::new(Listener::default());
        let finished = self.engine().sync(SyncOptions::default(), listener, &cancel).await.unwrap();
        assert_eq!(finished.summary.outcome, Outcome::Published, "the first sync: {:?}", finished.error);
    }

    /// Asks doctor, syncs, and looks at what the store and 1C then say.
    pub async fn look(&self, mode: SyncMode) -> Seen {
        let doctor = self.doctor().await;
        let engine = self.engine();
        let listener = Arc::new(Listener::default());
        let before = self.onec.requests();
        let options = SyncOptions { mode, ..SyncOptions::default() };
        let watching = Arc::clone(&listener) as Arc<dyn Observer>;
        let finished = engine.sync(options, watching, &CancellationToken::new()).await.unwrap();
        let requests = self.onec.requests() - before;
        let published = finished.summary.outcome == Outcome::Published;
        let mut seen = Seen {
            published,
            error: finished.error.map(|error| format!("{}: {error}", error.code())),
            told: listener.0.lock().unwrap().clone(),
            requests,
            stored: BTreeMap::new(),
            live: BTreeMap::new(),
            doctor,
        };
        if published || finished.summary.generation.is_some() {
            for number in 0..CARD_COUNT {
                let (shown, _) = check(&engine, number, Side::ControlTotals).await;
                seen.stored.extend(shown.map(|shown| (number, shown)));
            }
            for number in who::ASKED {
                let (shown, failure) = check(&engine, number, Side::Live).await;
                seen.live.extend(shown.map(|shown| (number, (shown, failure))));
            }
        }
        seen
    }

    async fn doctor(&self) -> Doctor {
        let mut findings = Vec::new();
        self.engine().doctor(&mut |finding| findings.push(finding)).await;
        let mut doctor = Doctor::default();
        for finding in findings {
            match finding.outcome {
                Finding::Ok(_) => {}
                Finding::Warning(_) | Finding::Skipped => doctor.warned.push(format!("{:?}", finding.check)),
                Finding::Missing(_) | Finding::Failed(_) | Finding::Refused(_) => {
                    doctor.failed.push(format!("{:?} {:?}", finding.check, finding.outcome));
                }
            }
        }
        doctor
    }
}

/// What is shown of one card, where it is shown; and why 1C could not be asked.
async fn check(engine: &Engine, number: u32, side: Side) -> (Option<Json>, Option<String>) {
    match engine.check(&Whom::Key(CardId(card_key(number))), side).await {
        Ok(checked) => {
            let shown = serde_json::from_str::<Json>(&json::check(&checked.comparisons)).unwrap();
            (shown.get(0).cloned(), checked.failure.map(|error| error.to_string()))
        }
        Err(error) => (None, Some(error.to_string())),
    }
}
