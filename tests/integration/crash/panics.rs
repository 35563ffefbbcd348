//! Mistakes of our own cannot be ordered from the binary, or they would be mended. So the dashboard of the library runs
//! in a process and a terminal of its own over an engine that breaks at a word.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sverka::cli::SystemClock;
use sverka::config::{Symbols, Theme};
use sverka::dashboard::app::{self, Answer, Ask, Failure, Kept, Keymap, SearchReply};
use sverka::dashboard::runtime::{self, Backend, TaskContext};
use sverka::engine::Clock;
use sverka::text::Language;

use crate::support::binary::{Machine, RUNTIME};
use crate::support::pseudo_terminal::{F5, F6, F8, PseudoTerminal};

/// What a panic may say and nobody may read.
const CANARY: &str = "Царькова 79788451364 canary-password";

/// What makes the screen break when it is searched for.
const BREAKS_THE_SCREEN: &str = "сломайся";

/// An engine without data, whose sync breaks.
struct Broken;

impl Backend for Broken {
    fn ask(&self, ask: Ask, _: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        // This much runs in the screen's own thread.
        let breaks = matches!(&ask, Ask::Search(request) if request.query == BREAKS_THE_SCREEN);
        assert!(!breaks, "{CANARY}");
        match ask {
            Ask::Search(_) => async { Ok(Answer::Found(SearchReply::default())) }.boxed(),
            Ask::Status => async { Ok(Answer::Status(Box::default())) }.boxed(),
            Ask::Sync => async { panic!("{CANARY}") }.boxed(),
            _ => std::future::pending().boxed(),
        }
    }
}

/// Not a test by itself: what [`broken`] starts in a terminal.
#[test]
#[ignore = "the tests of this module run it in a terminal"]
fn the_dashboard_over_a_broken_engine() {
    sverka::cli::watch_panics();
    let app = app::ModelSettings {
        debounce: Duration::ZERO,
        every: None,
        quiet: None,
        checks_opened: false,
        first_sync: app::FirstSync::Awaited,
        keys: Keymap::default(),
        theme: Theme::Terminal,
        warnings: Vec::new(),
    };
    let settings = runtime::DashboardSettings {
        language: Language::Russian,
        frame_interval: Duration::ZERO,
        symbols: Symbols::Unicode,
        custom: None,
        colours: sverka::config::ColourDepth::True,
        in_tmux: false,
        signs: runtime::SignSettings::default(),
        app,
        kept: Kept::default(),
        earlier: Vec::new(),
        first_run: None,
    };
    let now = || SystemClock.now().fixed_offset();
    RUNTIME.block_on(runtime::run(Arc::new(Broken), settings, now)).unwrap();
}

fn broken(machine: &Machine) -> PseudoTerminal {
    let itself = std::env::current_exe().unwrap();
    let name = "crash::panics::the_dashboard_over_a_broken_engine";
    let arguments = ["--exact", name, "--ignored", "--nocapture", "--test-threads=1"];
    let terminal =
        PseudoTerminal::start_program(machine, itself.to_str().unwrap(), &arguments, (160, 24), &[]);
    terminal.wait_for(&["Поиск"]);
    terminal
}

/// What the report of the last panic says: the place and the way there, and nothing else.
#[track_caller]
fn assert_reported(machine: &Machine) {
    let path = machine.path("state/sverka/last-crash.txt");
    let report = fs::read_to_string(&path).unwrap();
    for part in [concat!("sverka ", env!("CARGO_PKG_VERSION")), "panic at tests/integration/crash/panics.rs:"]
    {
        assert!(report.contains(part), "no {part:?} in\n{report}");
    }
    assert_kept_secret(&report);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
}

#[track_caller]
fn assert_kept_secret(text: &str) {
    for word in CANARY.split(' ') {
        assert!(!text.contains(word), "{word:?} in\n{text}");
    }
}

#[test]
fn p4_a_task_that_panics_is_told_and_the_dashboard_goes_on() {
    let machine = Machine::bare();
    let mut terminal = broken(&machine);
    let told = "Внутренняя ошибка: синхронизация, tests/integration/crash/panics.rs:";
    for times in 1..=2 {
        terminal.press(F5);
        terminal.press(F6);
        terminal.wait_until("the panic in the journal", |screen| {
            screen.contents().matches(told).count() == times
        });
        terminal.press(F6);
    }
    assert_reported(&machine);
    terminal.press(F8);
    let ended = terminal.end();
    assert_kept_secret(&String::from_utf8_lossy(&ended.bytes));
    ended.well(0);
}

#[test]
fn p5_a_panic_of_the_screen_gives_the_terminal_back_and_leaves_a_report() {
    let machine = Machine::bare();
    let mut terminal = broken(&machine);
    terminal.press(BREAKS_THE_SCREEN);
    let ended = terminal.end();
    let said = String::from_utf8_lossy(&ended.bytes).into_owned();
    let after = said.rsplit("\x1b[?1049l").next().unwrap();
    assert!(after.contains("из-за собственной ошибки") && after.contains("last-crash.txt"), "{after}");
    assert_kept_secret(&said);
    assert_reported(&machine);
    // As the standard library has it for a panic.
    ended.well(101);
}
