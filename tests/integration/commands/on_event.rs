//! The command of `sync.on_event`: what it hears, and what not.

use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults, Rate};

use crate::support::binary::Machine;

/// A machine whose command writes down what it hears, a line each time.
fn listening(machine: &Machine) {
    let heard = machine.path("heard");
    let command = format!("(cat; echo \\\" $SVERKA_EVENT $SVERKA_CODE\\\") >> {}", heard.display());
    machine.configure(&format!("[sync]\non_event = \"{command}\"\n"));
}

/// The lines: facts, and what stood in the environment.
fn heard(machine: &Machine) -> Vec<(Value, String)> {
    let text = std::fs::read_to_string(machine.path("heard")).unwrap_or_default();
    let line = |line: &str| {
        let (facts, variables) = line.rsplit_once("} ").unwrap();
        (serde_json::from_str(&format!("{facts}}}")).unwrap(), variables.trim().to_owned())
    };
    text.lines().map(line).collect()
}

#[test]
fn a_failed_sync_is_told_and_a_good_one_is_not() {
    let mut machine = Machine::with_onec();
    listening(&machine);
    machine.run(["sync"]).ends_with(0);
    assert_eq!(heard(&machine), []);
    machine.stop_onec();
    machine.sverka(["sync"]).env("SVERKA_ONEC__RETRIES", "0").run().ends_with(3);
    let told = heard(&machine);
    let [(facts, variables)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(variables, "failure onec-unreachable-refused");
    assert_eq!((&facts["event"], &facts["code"]), (&json!("failure"), &json!("onec-unreachable-refused")));
    assert_eq!((&facts["generation"], &facts["stale"]), (&json!(1), &json!(false)));
    assert!(facts["age_s"].is_u64() && facts["synced_at"].is_string());
}

#[test]
fn old_data_are_told_beside_the_failure() {
    let mut machine = Machine::synced();
    listening(&machine);
    machine.stop_onec();
    let run =
        machine.sverka(["sync"]).env("SVERKA_ONEC__RETRIES", "0").env("SVERKA_SYNC__STALE_AFTER", "1ms");
    run.run().ends_with(3);
    let events: Vec<_> = heard(&machine).into_iter().map(|(facts, _)| facts["event"].clone()).collect();
    assert_eq!(events, [json!("failure"), json!("stale")]);
}

#[test]
fn a_variance_is_told_with_its_number() {
    let machine = Machine::with_onec();
    listening(&machine);
    machine.break_onec(Faults::default().add(FaultKind::WrongTotals, Rate::one_in(5)));
    machine.run(["sync"]).ends_with(0);
    let told = heard(&machine);
    let [(facts, _)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&facts["event"], &facts["code"]), (&json!("variance"), &Value::Null));
    assert!(facts["variances"].as_u64().unwrap() > 0);
}

#[test]
fn a_command_that_fails_is_told_and_changes_nothing() {
    let mut machine = Machine::synced();
    machine.configure("[sync]\non_event = \"exit 7\"\n");
    machine.stop_onec();
    let run = machine.sverka(["sync"]).env("SVERKA_ONEC__RETRIES", "0").in_english().run();
    run.ends_with(3).tells("The command of sync.on_event ended with status 7");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_change_names_no_command() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::with_onec();
    listening(&machine);
    let mut mode = std::fs::metadata(machine.config()).unwrap().permissions();
    mode.set_mode(0o666);
    std::fs::set_permissions(machine.config(), mode).unwrap();
    machine.run(["sync"]).ends_with(2).tells("sync.on_event");
}
