//! Dashboards attached to an engine: real terminals, one sync seen by all, and nothing that dies with a terminal.

use rustix::process::{Pid, Signal, test_kill_process};
use serde_json::json;
use sverka_simulator::{FaultKind, Faults};

use super::Engine;
use crate::support::binary::{DEADLINE, Machine};
use crate::support::pseudo_terminal::{CTRL_C, F5, F6, F8, PseudoTerminal, alt};

const SIZE: (u16, u16) = (140, 40);
const ON_DEMAND: [(&str, &str); 2] = [("SVERKA_ENGINE__ON_DEMAND", "true"), ("SVERKA_ENGINE__LINGER", "0ms")];
const ENGLISH: (&str, &str) = ("LANG", "en_US.UTF-8");

fn terminal(machine: &Machine) -> PseudoTerminal {
    PseudoTerminal::start(machine, &[], SIZE, &[ENGLISH])
}

/// A terminal that starts an engine where none runs.
fn starting(machine: &Machine) -> PseudoTerminal {
    PseudoTerminal::start(machine, &[], SIZE, &[ENGLISH, ON_DEMAND[0], ON_DEMAND[1]])
}

/// The engine of a machine as its status tells of it.
fn engine_of(machine: &Machine) -> serde_json::Value {
    machine.run(["status", "--json"]).ends_with(0).json()["engine"].clone()
}

fn pid_of(engine: &serde_json::Value) -> Pid {
    Pid::from_raw(engine["pid"].as_i64().expect("an engine").try_into().unwrap()).unwrap()
}

/// Waits until a process is gone.
#[track_caller]
fn wait_for_end(pid: Pid) {
    let until = std::time::Instant::now() + DEADLINE;
    while test_kill_process(pid).is_ok() && !is_zombie(pid) {
        assert!(std::time::Instant::now() < until, "the engine does not end");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Whoever started it may not have asked yet how it ended.
fn is_zombie(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    stat.rsplit(')').next().is_none_or(|rest| rest.trim_start().starts_with('Z'))
}

#[test]
fn a_sync_begun_in_one_terminal_is_seen_in_another_and_goes_on_whatever_becomes_of_the_first() {
    for leave in ["quit", "hang up", "kill", "close"] {
        let (machine, engine) = Engine::synced();
        let (mut first, mut second) = (terminal(&machine), terminal(&machine));
        first.wait_for(&["terminals: 2"]);
        second.wait_for(&["terminals: 2"]);
        machine.break_onec(Faults::always(FaultKind::Status503));
        first.press(F5);
        for terminal in [&first, &second] {
            terminal.wait_for_line_with(&["▶"]);
        }
        let sync = engine.until("/api/v1/syncs", |it| it[0]["state"] == "running");
        assert_eq!(sync.as_array().unwrap().len(), 1, "one sync: {sync}");
        match leave {
            "quit" => {
                first.press(F8);
                first.wait_for_output("goes on in the engine");
                first.end().well(0);
            }
            "hang up" => {
                first.signal(Signal::HUP);
                first.end().well(130);
            }
            "kill" => {
                first.signal(Signal::KILL);
                drop(first);
            }
            _ => assert_eq!(first.close_window(), Some(130)),
        }
        engine.until("/api/v1/engine", |it| it["viewers"] == 1);
        assert_eq!(engine.get("/api/v1/syncs/1")["state"], "running", "{leave}");
        machine.break_onec(Faults::default());

        assert_eq!(engine.end_of_sync(&json!(1))["state"], "published", "{leave}");
        second.wait_for_no("▶");
        // Whoever comes now sees what came of it, and it can be cancelled by anybody.
        let mut third = terminal(&machine);
        machine.break_onec(Faults::always(FaultKind::Status503));
        second.press(F5);
        third.wait_for_line_with(&["▶"]);
        third.press(F5);
        third.wait_for(&["What was read is kept"]);
        third.press("y");
        assert_eq!(engine.end_of_sync(&json!(2))["state"], "cancelled");
        second.wait_for(&["■"]);
        for mut terminal in [second, third] {
            terminal.press(CTRL_C);
            terminal.end().well(0);
        }
        engine.end();
    }
}

#[test]
fn a_lost_engine_leaves_the_last_state_and_its_age_and_another_one_is_started_by_a_key() {
    let (machine, engine) = Engine::synced();
    let mut terminal = starting(&machine);
    terminal.wait_for(&["Царьков"]);
    engine.until("/api/v1/engine", |it| it["viewers"] == 1);
    machine.break_onec(Faults::always(FaultKind::Status503));
    terminal.press(F5);
    engine.until("/api/v1/engine", |it| it["syncing"] == true);
    engine.running.signal(Signal::KILL);
    drop(engine);
    terminal.wait_for(&["Engine not answering for"]);
    terminal.wait_for(&["Царьков"]);
    let before = terminal.processor_ticks();
    terminal.wait_for(&["Engine not answering for 1 s"]);
    assert!(terminal.processor_ticks() - before < 50, "it spins");
    machine.break_onec(Faults::default());
    terminal.press(&alt("g"));
    terminal.wait_for_no("Engine not answering");
    let engine = engine_of(&machine);
    assert_eq!((&engine["on_demand"], &engine["viewers"]), (&json!(true), &json!(1)), "{engine}");
    terminal.wait_for(&["F5 tries again"]);
    terminal.press(F5);
    terminal.wait_for(&["Done in"]);
    terminal.press(F8);
    terminal.end().well(0);
    wait_for_end(pid_of(&engine));
    assert_eq!(engine_of(&machine), serde_json::Value::Null);
    machine.run(["store", "check"]).ends_with(0);
}

#[test]
fn a_dashboard_starts_an_engine_that_outlives_it_as_long_as_it_syncs() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Status503));
    let terminals = [starting(&machine), starting(&machine)];
    for terminal in &terminals {
        terminal.wait_for(&["terminals: 2"]);
    }
    let engine = engine_of(&machine);
    let pid = pid_of(&engine);
    let [mut first, second] = terminals;
    first.press(F5);
    second.wait_for_line_with(&["▶"]);
    first.signal(Signal::KILL);
    drop(first);
    assert_eq!(second.close_window(), Some(130));
    // Nobody looks, and it goes on; who comes again sees it.
    let mut again = starting(&machine);
    again.wait_for_line_with(&["▶"]);
    assert_eq!(pid_of(&engine_of(&machine)), pid);
    machine.break_onec(Faults::default());
    again.wait_for_no("▶");
    again.press(F8);
    again.end().well(0);
    wait_for_end(pid);
    assert!(!machine.store().with_extension("sock").exists());
}

#[test]
fn an_engine_by_other_settings_is_not_asked_and_begins_anew_by_a_key() {
    let (machine, engine) = Engine::synced();
    let before = engine.get("/api/v1/engine");
    machine.configure("[sync]\ndays = 30\n");
    let mut terminal = terminal(&machine);
    terminal.wait_for(&["runs by other settings"]);
    assert_eq!(engine.get("/api/v1/engine")["viewers"], 0);
    terminal.press(&alt("g"));
    let until = std::time::Instant::now() + DEADLINE;
    let after = loop {
        // In between it answers nobody.
        let engine = engine_of(&machine);
        if engine["viewers"] == 1 {
            break engine;
        }
        assert!(std::time::Instant::now() < until, "{engine}");
    };
    assert_eq!(after["pid"], before["pid"], "the same process");
    assert_ne!(after["settings"], before["settings"]);
    terminal.press(F8);
    terminal.end().well(0);
    engine.end();
}

#[test]
fn where_no_engine_can_be_started_the_dashboard_works_alone_and_says_so() {
    let machine = Machine::synced();
    std::fs::write(machine.store().with_extension("sock"), "mine").unwrap();
    let mut terminal = starting(&machine);
    terminal.wait_for(&["Царьков"]);
    terminal.press(F6);
    terminal.wait_for(&["No engine could be started"]);
    terminal.press(F6);
    terminal.press(F5);
    terminal.wait_for(&["Done in"]);
    terminal.press(F8);
    terminal.end().well(0);
    assert_eq!(engine_of(&machine), serde_json::Value::Null);
}

#[test]
fn who_began_alone_is_attached_once_an_engine_runs_and_its_own_sync_has_ended() {
    let machine = Machine::synced();
    let mut terminal = terminal(&machine);
    terminal.wait_for(&["Царьков"]);
    machine.break_onec(Faults::always(FaultKind::Status503));
    terminal.press(F5);
    terminal.wait_for_line_with(&["▶"]);
    let engine = Engine::start(&machine);
    assert_eq!(engine.get("/api/v1/engine")["viewers"], 0);
    machine.break_onec(Faults::default());
    engine.until("/api/v1/engine", |it| it["viewers"] == 1);
    assert_eq!(engine.get("/api/v1/status")["generation"], 2, "its own sync came first");
    assert_eq!(engine.get("/api/v1/syncs"), json!([]));
    terminal.press(F6);
    terminal.wait_for(&["attached to it"]);
    terminal.press(F6);
    // From here on it syncs there.
    terminal.press(F5);
    engine.until("/api/v1/syncs", |it| it[0]["state"] == "published");
    terminal.press(F8);
    terminal.end().well(0);
    engine.end();
}
