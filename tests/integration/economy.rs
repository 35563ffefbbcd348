//! What the dashboard costs: bytes sent, time from a key to its frame, idle processor time. Measured in a
//! pseudo-terminal, by hand, with a release build:
//!
//! ```sh
//! SVERKA_CUSTOMERS=100000 cargo test --release --test integration what_the_dashboard_costs -- --ignored --nocapture
//! ```

#![expect(clippy::print_stdout, reason = "what is measured is printed")]

use std::time::{Duration, Instant};

use sverka_simulator::{FaultKind, Faults, Rate};

use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{CTRL_C, DOWN, F5, F8, PseudoTerminal, TAB};

const BACKSPACE: &str = "\x7f";
/// How long nothing happens.
const IDLE: Duration = Duration::from_secs(30);
/// Most keys measured.
const KEYS: usize = 400;

#[test]
#[ignore = "a measurement, not a test"]
fn what_the_dashboard_costs() {
    let customers = std::env::var("SVERKA_CUSTOMERS").ok().and_then(|number| number.parse().ok());
    let customers = customers.unwrap_or(100_000);
    let machine = Machine::with_customers(customers);
    let started = Instant::now();
    machine.run(["sync"]).ends_with(0);
    println!("{customers} customers, first sync without a screen: {:?}", started.elapsed());
    for size in [(80, 24), (140, 40)] {
        println!("--- {}x{}", size.0, size.1);
        measure(&machine, size);
    }
}

/// What a first sync of a slow 1C sends a second, by size and line.
#[test]
#[ignore = "a measurement, not a test"]
fn what_a_slow_sync_costs() {
    for (size, arguments) in [((80, 24), &[][..]), ((80, 24), &["--low-bandwidth"]), ((140, 40), &[])] {
        let machine = Machine::with_shop(2_000, 20_000);
        machine.configure("page_size = 100\n");
        machine.break_onec(Faults::default().add(FaultKind::Slow, Rate::number(500)));
        for which in ["a first sync", "a later one"] {
            let mut terminal = PseudoTerminal::start(&machine, arguments, size, &[]);
            terminal.wait_for(&["F5"]);
            terminal.press(F5);
            terminal.wait_for(&["этап 1/5"]);
            let (from, frames) = (terminal.received(), terminal.frames());
            std::thread::sleep(IDLE);
            let (bytes, drawn) = (terminal.received() - from, terminal.frames() - frames);
            let a_second = bytes as u64 / IDLE.as_secs();
            println!(
                "{which}, {size:?} {arguments:?}: {a_second} bytes a second, {drawn} frames in {IDLE:?}"
            );
            terminal.press(CTRL_C);
            terminal.end().well(0);
            machine.break_onec(Faults::default());
            machine.run(["sync"]).ends_with(0);
            machine.break_onec(Faults::default().add(FaultKind::Slow, Rate::number(500)));
        }
    }
}

fn measure(machine: &Machine, size: (u16, u16)) {
    let started = Instant::now();
    let mut terminal = PseudoTerminal::start(machine, &[], size, &[]);
    terminal.wait_for_frame_after(0);
    println!("start to first frame: {:?}, {} bytes", started.elapsed(), terminal.received());
    terminal.wait_for(&["Найдено", "Баллы"]);
    println!("start to a ready search: {:?}, {} bytes", started.elapsed(), terminal.received());

    idle(&terminal, "before a sync");
    let (from, frames, began) = (terminal.received(), terminal.frames(), Instant::now());
    terminal.press(F5);
    terminal.wait_for(&["%"]);
    let mut times = typed(&mut terminal);
    times.sort_unstable();
    let part = |hundredths: usize| times.get(times.len() * hundredths / 100).copied().unwrap_or_default();
    println!("key to frame during the sync: {} keys, p50 {:?}, p99 {:?}", times.len(), part(50), part(99));
    terminal.wait_for(&["Готово за"]);
    let (bytes, drawn) = (terminal.received() - from, terminal.frames() - frames);
    println!("the sync: {:?}, {bytes} bytes in {drawn} frames", began.elapsed());

    terminal.press(TAB);
    idle(&terminal, "after it");
    let from = terminal.received();
    terminal.press(DOWN);
    std::thread::sleep(Duration::from_secs(1));
    println!("one line down, and the customer there: {} bytes", terminal.received() - from);
    terminal.press(F8);
    terminal.end().well(0);
}

/// Types and takes back while a sync runs; how long each key took to be seen.
fn typed(terminal: &mut PseudoTerminal) -> Vec<Duration> {
    let mut times = Vec::new();
    while times.len() < KEYS && !terminal.screen(|screen| screen.contents().contains("Готово за")) {
        for (key, seen) in [("1", "Поиск: 1"), (BACKSPACE, "Поиск: телефон")] {
            let pressed = Instant::now();
            terminal.press(key);
            terminal.wait_for(&[seen]);
            times.push(pressed.elapsed());
        }
    }
    times
}

/// Bytes sent and processor time used while nothing happens. The age of the figures is told anew once a minute.
fn idle(terminal: &PseudoTerminal, when: &str) {
    std::thread::sleep(Duration::from_secs(6));
    let (bytes, frames, ticks) = (terminal.received(), terminal.frames(), terminal.processor_ticks());
    std::thread::sleep(IDLE);
    println!(
        "idle {when}, {IDLE:?}: {} bytes, {} frames, {} hundredths of a second of processor",
        terminal.received() - bytes,
        terminal.frames() - frames,
        terminal.processor_ticks() - ticks,
    );
}
