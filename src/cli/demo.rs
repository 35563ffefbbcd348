//! The demo: the built-in simulated 1C on a loopback port, and a store of its own in a temporary folder.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use super::acts::{check_and_tell, narrated_sync, tell_sync};
use super::args::{Demo, Global, Shop, SyncArgs};
use super::clock::SystemClock;
use super::console;
use super::session::{self, EarlyEnd, Session, exit_code};
use super::{ExitCode, dashboard};
use crate::config::ConnectionSettings;
use crate::config::{
    Config, Environment, Symbols, Ui, colours_of, language_of, on_ground, symbols_of, theme_of,
};
use crate::domain::LocalTime;
use crate::domain::period::local_time;
use crate::engine::{Clock, Side, SyncOptions, Whom};
use sverka_simulator::{Faults, Scenario, Server, Simulator};

/// The customer whose figures the demo proves.
const REFERENCE_PHONE: &str = "79788451364";

/// What the simulated 1C is like.
pub(super) struct Invented {
    pub(super) shop: Shop,
    /// Rows of its sales, at least; as many as its customers make where absent.
    pub(super) lines: Option<u64>,
    /// The date of its clock, whose time of day goes on as usual; today where absent.
    pub(super) today: Option<NaiveDate>,
    pub(super) faults: Faults,
    /// How long every answer waits.
    pub(super) latency: Duration,
}

impl Invented {
    pub(super) fn of(shop: Shop) -> Self {
        Self { shop, lines: None, today: None, faults: Faults::default(), latency: Duration::ZERO }
    }
}

/// A simulated 1C that runs until it is dropped.
pub(super) struct Shopkeeper {
    pub(super) server: Server,
    /// The date its data are made for.
    pub(super) today: NaiveDate,
}

impl Shopkeeper {
    /// Opens the shop on a loopback port.
    pub(super) async fn open(invented: Invented, port: u16) -> std::io::Result<Self> {
        let Invented { shop, lines, today, faults, latency } = invented;
        let zone = ConnectionSettings::default().timezone;
        let real = wall_clock(zone);
        let today = today.unwrap_or_else(|| real.date());
        let shift: TimeDelta = today - real.date();
        let customers = usize::try_from(shop.customers).unwrap_or(usize::MAX);
        let mut scenario = Scenario::new(customers, shop.seed, today);
        if let Some(lines) = lines {
            scenario = scenario.with_lines(usize::try_from(lines).unwrap_or(usize::MAX));
        }
        let invent = move || Simulator::new(scenario).with_faults(faults).with_latency(latency);
        let simulator = tokio::task::spawn_blocking(invent).await?;
        let server = Server::start(simulator, port, move || wall_clock(zone) + shift).await?;
        Ok(Self { server, today })
    }
}

fn wall_clock(zone: Tz) -> LocalTime {
    local_time(SystemClock.now(), zone)
}

/// Runs the demo, with or without a screen.
pub(super) async fn run(
    global: &Global,
    demo: &Demo,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    let folder =
        tempfile::Builder::new().prefix("sverka-demo-").tempdir().map_err(|error| unusable(&error))?;
    let shop = Shopkeeper::open(Invented::of(demo.shop), 0).await;
    let shop = shop.map_err(|error| unusable(&error))?;
    let environment = Environment::of_process().unwrap_or_default();
    let language = language_of(&environment);
    let mut config = Config::demo(&shop.server.url(), folder.path().join("sverka.redb"), language);
    (config.ui.theme, config.ui.colours) =
        (on_ground(theme_of(&environment), &environment), colours_of(&environment));
    config.ui.symbols = if global.ascii { Symbols::Ascii } else { symbols_of(&environment) };
    if global.config.is_some() {
        take_looks(&mut config, global)?;
    }
    let session = Session::over(config, global)?;
    if demo.headless {
        headless(&session, interrupted).await
    } else {
        Box::pin(dashboard::run(&session, dashboard::Show::demo(global))).await.map(dashboard::Left::code)
    }
}

/// Whoever names a file wants to see what it makes of the screen; of 1C and of a store it says nothing here.
fn take_looks(config: &mut Config, global: &Global) -> Result<(), EarlyEnd> {
    let asked = session::draft(global, &SyncArgs::default())?.config;
    config.ui = Ui { state: None, ..asked.ui };
    config.keys = asked.keys;
    Ok(())
}

async fn headless(session: &Session, interrupted: &CancellationToken) -> Result<ExitCode, EarlyEnd> {
    let (finished, told) = narrated_sync(&session.for_people(), SyncOptions::default(), interrupted).await?;
    told?;
    tell_sync(session, &finished);
    if let Some(error) = &finished.error {
        return Err(EarlyEnd(exit_code(error)));
    }
    check_and_tell(session, None, &Whom::Phone(REFERENCE_PHONE.into()), Side::Live).await
}

fn unusable(error: &std::io::Error) -> EarlyEnd {
    console::tell(&error.to_string());
    EarlyEnd(ExitCode::Store)
}
