use std::fs;
use std::io::Read;

use rustix::pipe::fcntl_setpipe_size;
use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults};

use super::assert_published;
use crate::support::binary::{Machine, SVERKA};
use crate::support::pseudo_terminal::{F5, F8, PseudoTerminal};

const USUAL: (u16, u16) = (80, 24);

fn status(machine: &Machine) -> Value {
    machine.run(["status", "--json"]).ends_with(0).json()
}

/// Stopped by somebody and continued: goes on as if nothing had been.
#[test]
fn p3_a_sync_that_was_stopped_goes_on() {
    let machine = Machine::synced();
    let sync = machine.onec(|_| {
        // Nothing is answered as long as this holds the simulated 1C.
        let mut sync = machine.sverka(["sync"]).in_english().start();
        sync.wait_for_words("Preparing…");
        sync.signal(Signal::STOP);
        sync
    });
    assert_eq!(status(&machine)["generation"], 1, "others read meanwhile");
    sync.signal(Signal::CONT);
    sync.end().ends_with(0);
    assert_published(&machine, 2);
}

/// What was drawn is gone when somebody else had the terminal: it is taken again and drawn anew.
#[test]
fn p3_a_dashboard_that_was_stopped_takes_its_terminal_again() {
    let machine = Machine::synced();
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    terminal.signal(Signal::STOP);
    terminal.make_sane();
    let drawn = terminal.frames();
    terminal.signal(Signal::CONT);
    terminal.wait_for_frame_after(drawn);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn p7_beside_a_dashboard_that_syncs_others_read_and_are_told_who_writes() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut first = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    first.wait_for(&["Найдено: 30"]);
    first.press(F5);
    first.wait_for(&["Подготовка"]);
    let pid = first.pid().to_string();
    assert!(status(&machine)["running"].is_object());
    machine.sverka(["sync"]).in_english().run().ends_with(4).tells(&pid).tells("What to do:");

    let mut second = PseudoTerminal::start(&machine, &[], (160, 40), &[]);
    second.wait_for(&["Найдено: 30", "Баллы"]);
    second.press(F5);
    second.wait_for(&[&pid]);
    second.press(F8);
    second.end().well(0);

    first.signal(Signal::TERM);
    first.end().well(130);
    assert_eq!((&status(&machine)["generation"], &status(&machine)["running"]), (&json!(1), &Value::Null));
}

fn host() -> String {
    let name =
        fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| fs::read_to_string("/etc/hostname"));
    name.map_or_else(|_| "localhost".into(), |name| name.trim().to_owned())
}

/// A container that starts anew counts its processes from one: the number in a note that was left may be anybody's.
#[test]
fn p8_a_note_that_was_left_is_only_words() {
    let machine = Machine::synced();
    let note = machine.store().with_extension("lock.txt");
    for (pid, host) in [(std::process::id(), host()), (4_000_001, host()), (1, "till-7".into())] {
        fs::write(&note, format!("pid {pid}\nsince 2026-02-04T12:30:00+00:00\nhost {host}\n")).unwrap();
        assert_eq!(status(&machine)["running"], Value::Null, "{pid} on {host}");
    }
    machine.run(["sync"]).ends_with(0);
    assert!(!note.exists());
    for garbage in [&b""[..], b"pid", b"\xff\xfe", b"pid x\nsince y\nhost z\n"] {
        fs::write(&note, garbage).unwrap();
        assert_eq!(status(&machine)["running"], Value::Null);
    }
    machine.run(["sync"]).ends_with(0);
    assert_published(&machine, 3);
}

/// `sverka sync --json | less`, on a machine with one core: nobody reads what is told, and the pipe is full.
#[test]
fn p10_a_sync_never_waits_for_whoever_reads_its_progress() {
    let machine = Machine::with_onec();
    let (mut reader, writer) = std::io::pipe().unwrap();
    fcntl_setpipe_size(&writer, 4096).unwrap();
    let full = vec![b'\n'; 4096];
    std::io::Write::write_all(&mut &writer, &full).unwrap();
    let sync = machine.program("taskset", ["-c", "0", SVERKA, "sync", "--json"]).stdout(writer).start();
    machine.wait_for_generation(1);
    let mut said = String::new();
    reader.read_to_string(&mut said).unwrap();
    sync.end().ends_with(0);
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(last["outcome"], "published");
}
