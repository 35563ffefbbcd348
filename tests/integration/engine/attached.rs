//! The table of commands, with an engine and without; and a sync that outlives whoever asked for it.

use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults};

use super::Engine;
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, Run};

/// What time alone changes.
const MOVING: [&str; 9] =
    ["took_ms", "age_s", "compared_at", "at", "synced_at", "elapsed", "rate", "left", "detail"];

/// What a run said, without what time alone changes and what there is of an engine: JSON to the letter, words but for
/// their numbers.
fn comparable(run: &Run) -> (Option<i32>, String, String) {
    let words = |text: &str| -> String {
        let lines = text.lines().filter(|line| !line.starts_with("Engine") && !line.contains(" Engine "));
        lines.map(|line| line.chars().filter(|c| !c.is_ascii_digit()).collect::<String>() + "\n").collect()
    };
    let out = match serde_json::from_str(&run.stdout) {
        Ok(value) => still(value).to_string(),
        Err(_) => words(&run.stdout),
    };
    (run.code, out, words(&run.stderr))
}

fn still(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(still).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(name, _)| !MOVING.contains(&name.as_str()));
            Value::Object(fields.map(|(name, value)| (name, still(value))).collect())
        }
        other => other,
    }
}

#[test]
fn every_command_says_the_same_with_an_engine_and_without() {
    let (machine, engine) = Engine::synced();
    let offline = ["check", "--offline", "--phone", REFERENCE_PHONE];
    let live = ["check", "--phone", REFERENCE_PHONE];
    let table: &[&[&str]] = &[
        &["search", "царьков"],
        &["search", "царьков", "--json"],
        &["search", "wfhmrjd", "--json"],
        &["search", "nobody at all"],
        &["search", "", "--limit", "3"],
        &offline,
        &[&offline[..], &["--json"]].concat(),
        &live,
        &[&live[..], &["--json"]].concat(),
        &["check", "nobody at all"],
        &["reconcile"],
        &["reconcile", "--only-variances", "--format", "csv", "--bom"],
        &["reconcile", "--live", "--worst", "3", "--json"],
        &["status", "--strict"],
        &["doctor"],
        &["sync", "--delta"],
        &["sync", "--days", "30", "--limit", "3"],
        &["sync"],
        &["store", "check"],
    ];
    for arguments in table {
        let run = |more: &[&str]| machine.sverka([arguments, more].concat()).in_english().run();
        let (with, without) = (run(&[]), run(&["--no-engine"]));
        if arguments[0] == "sync" {
            // How long stages take, and so which lines of progress there are, is never the same.
            assert_eq!(with.code, without.code);
            let end = |run: &Run| comparable(run).2.rsplit("ata version").next().map(str::to_owned);
            assert_eq!(end(&with), end(&without), "{arguments:?}");
        } else if arguments[0] == "reconcile" {
            // As often as it tells how far it is.
            let (with, without) = (comparable(&with), comparable(&without));
            assert_eq!((with.0, &with.1), (without.0, &without.1), "{arguments:?}");
            assert_eq!(with.2.lines().last(), without.2.lines().last(), "{arguments:?}");
        } else {
            assert_eq!(comparable(&with), comparable(&without), "{arguments:?}");
        }
    }
    // And they were asked of the engine.
    let syncs = engine.get("/api/v1/syncs");
    assert_eq!(syncs.as_array().unwrap().len(), 3, "{syncs}");
    engine.end();
}

#[test]
fn status_and_doctor_tell_of_the_engine_and_no_engine_is_asked_where_that_is_said() {
    let (machine, engine) = Engine::synced();
    let pid = engine.running.pid();
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["engine"]["pid"], &status["engine"]["viewers"]), (&json!(pid), &json!(0)));
    assert_eq!(status["engine"]["version"], env!("CARGO_PKG_VERSION"));
    let told = machine.sverka(["status"]).in_english().run().ends_with(0);
    told.prints(&format!("{pid}, version"));
    machine.run(["doctor"]).ends_with(0).prints(&format!("{pid}, версия"));
    let alone = machine.run(["status", "--json", "--no-engine"]).ends_with(0).json();
    assert_eq!(alone["engine"], Value::Null);
    engine.end();
    assert_eq!(machine.run(["status", "--json"]).ends_with(0).json()["engine"], Value::Null);
}

/// An engine with a sync that 1C does not answer, and a terminal that follows it.
fn stalled() -> (Machine, Engine, crate::support::binary::Running) {
    let (machine, engine) = Engine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = machine.sverka(["sync", "--json"]).in_english().start();
    terminal.wait_for_words("Preparing…");
    // That is said before the engine is asked.
    engine.until("/api/v1/engine", |it| it["viewers"] == 1 && it["syncing"] == true);
    (machine, engine, terminal)
}

#[test]
fn a_sync_outlives_its_terminal() {
    for signal in [Signal::HUP, Signal::KILL] {
        let (machine, engine, terminal) = stalled();
        terminal.signal(signal);
        let code = terminal.end().code;
        assert_eq!(code, (signal == Signal::HUP).then_some(130));
        // Who is gone is noticed, and the sync goes on.
        engine.until("/api/v1/engine", |it| it["viewers"] == 0);
        let sync = engine.get("/api/v1/syncs/1");
        assert_eq!(sync["state"], "running", "{sync}");
        let seen = machine.run(["status", "--json"]).ends_with(0).json();
        assert_eq!(seen["engine"]["syncing"], true);
        // Another terminal asks for the same, and follows what is under way.
        let follower = machine.sverka(["sync", "--json"]).start();
        engine.until("/api/v1/engine", |it| it["viewers"] == 1);
        assert_eq!(engine.get("/api/v1/syncs").as_array().unwrap().len(), 1);
        let (status, _) = super::ask(engine.request(reqwest::Method::DELETE, "/api/v1/syncs/1"));
        assert_eq!(status, 202);
        let end = follower.end().ends_with(130).json_lines().pop().unwrap();
        assert_eq!(end["outcome"], "cancelled");
        assert_eq!(engine.end_of_sync(&json!(1))["state"], "cancelled");
        engine.end();
    }
}

#[test]
fn an_engine_that_is_ended_while_a_terminal_only_prepares_ends_that_as_interrupted() {
    for _ in 0..3 {
        let (machine, engine) = Engine::synced();
        machine.break_onec(Faults::always(FaultKind::Stall));
        let mut terminal = machine.sverka(["sync"]).in_english().start();
        terminal.wait_for_words("Preparing…");
        engine.running.signal(Signal::TERM);
        terminal.end().ends_with(130);
        engine.running.end().ends_with(0);
    }
}

#[test]
fn who_began_a_sync_and_interrupts_it_ends_it() {
    let (_machine, engine, terminal) = stalled();
    terminal.signal(Signal::INT);
    let end = terminal.end().ends_with(130).json_lines().pop().unwrap();
    assert_eq!((&end["outcome"], &end["generation"]), (&json!("cancelled"), &json!(1)));
    assert_eq!(engine.end_of_sync(&json!(1))["state"], "cancelled");
    engine.end();
}

#[test]
fn an_engine_that_is_ended_ends_its_sync_in_order_and_one_that_is_killed_leaves_the_store_whole() {
    let (machine, engine, terminal) = stalled();
    engine.end();
    assert_eq!(terminal.end().ends_with(130).json_lines().pop().unwrap()["outcome"], "cancelled");
    machine.break_onec(Faults::default());
    machine.run(["sync"]).ends_with(0);
    let (machine, engine, terminal) = stalled();
    engine.running.signal(Signal::KILL);
    terminal.end().ends_with(3).tells("engine-lost");
    machine.break_onec(Faults::default());
    machine.run(["store", "check"]).ends_with(0);
    machine.run(["sync"]).ends_with(0);
}

#[test]
fn whoever_holds_the_lock_of_the_store_is_told() {
    let (machine, engine, terminal) = stalled();
    let pid = engine.running.pid();
    let of_command = machine.run(["status", "--json"]).ends_with(0).json()["lock"].clone();
    assert_eq!((&of_command["pid"], &of_command["command"]), (&json!(pid), &json!("sverka engine")));
    assert!(of_command["since"].is_string() && of_command["host"].is_string(), "{of_command}");
    assert_eq!(engine.get("/api/v1/status")["lock"], of_command, "it knows of itself");
    let mut doctor = machine.sverka(["doctor"]).in_english().start();
    doctor.wait_for_output(&format!("process {pid} (sverka engine) has been writing"));
    // 1C answers nobody.
    doctor.signal(Signal::KILL);
    assert_eq!(doctor.end().code, None);
    terminal.signal(Signal::INT);
    terminal.end().ends_with(130);
    engine.until("/api/v1/status", |it| it["lock"] == Value::Null);
    for status in [machine.run(["status", "--json"]).ends_with(0).json(), engine.get("/api/v1/status")] {
        assert_eq!(status["lock"], Value::Null);
    }
    engine.end();
}
