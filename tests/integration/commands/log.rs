//! The log: what happened, for its owner alone, without anybody's data.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, RUNTIME, USER};
use crate::support::leak::{CANARY, assert_absent};
use crate::support::wire::{Act, Asked, Wire, reply_with};

fn log(machine: &Machine) -> String {
    fs::read_to_string(machine.path("state/sverka/sverka.log")).unwrap()
}

/// Everything that is somebody's: names word by word, phones, codes, addresses of mail.
fn personal(machine: &Machine) -> Vec<String> {
    const OURS: [&str; 9] =
        ["total", "total_onec", "points", "matched", "verdict", "variance", "key", "card", "owner"];
    let listed = machine.run(["search", "", "--limit", "0", "--json"]).ends_with(0).json();
    let cards = listed["cards"].as_array().unwrap();
    let fields = cards.iter().flat_map(|card| card.as_object().unwrap());
    let texts =
        fields.filter(|(name, _)| !OURS.contains(&name.as_str())).filter_map(|(_, text)| text.as_str());
    let words = texts.flat_map(|text| text.split_whitespace().chain([text]));
    let mut words: Vec<_> = words.filter(|word| word.chars().count() > 3).map(str::to_owned).collect();
    words.sort();
    words.dedup();
    assert!(words.len() > 50, "{words:?}");
    words
}

/// A reply that repeats all it was sent and knows more: a debug page, or a refusal of 1C's.
fn repeated(asked: &Asked, known: &str) -> Act {
    let sent = asked.header("authorization").unwrap_or_default();
    let token = sent.split(' ').nth(1).unwrap_or_default();
    let pair = String::from_utf8(STANDARD.decode(token).unwrap_or_default()).unwrap_or_default();
    let all = format!("{} {sent} {pair} {known}", asked.target());
    let all = serde_json::to_string(&all).unwrap();
    let odata = format!(r#"{{"odata.error":{{"code":"14","message":{{"lang":"ru","value":{all}}}}}}}"#);
    let page = format!("<html><title>{all}</title></html>");
    let (status, body) = match asked.number % 5 {
        0 => ("500 Internal Server Error", odata),
        1 => ("400 Bad Request", odata),
        2 => ("403 Forbidden", odata),
        3 => ("404 Not Found", page),
        _ => ("200 OK", page),
    };
    Act::Send(reply_with(status, &[], body))
}

#[test]
fn u6_nothing_personal_and_no_secret_is_in_the_log() {
    nothing_personal_is_in_the_log("text");
}

#[test]
fn u6_nothing_personal_and_no_secret_is_in_the_log_of_json() {
    nothing_personal_is_in_the_log("json");
}

fn nothing_personal_is_in_the_log(format: &str) {
    let mut machine = Machine::with_onec();
    machine.accept_password(CANARY);
    machine.set_password(CANARY);
    let settings = format!("[log]\nlevel = \"debug\"\nformat = \"{format}\"\n");
    machine.configure(&settings);
    machine.run(["sync"]).ends_with(0);
    machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(0);
    machine.run(["reconcile"]);
    let personal = personal(&machine);
    let known = personal.join(" ");
    let wire = RUNTIME.block_on(Wire::start(move |asked| repeated(asked, &known)));
    machine.configure_at(&wire.url(), &format!("retries = 1\n{settings}"));
    for _ in 0..5 {
        machine.run(["sync"]);
        machine.run(["check", "--phone", REFERENCE_PHONE]);
        machine.run(["reconcile", "--live"]);
        machine.run(["doctor"]);
        machine.sverka(["--plain"]).run();
    }
    let log = log(&machine);
    assert!(log.lines().count() > 60, "{log}");
    assert!(log.contains("onec-") && log.contains("…0001"), "{log}");
    assert_absent("the log", &log);
    for word in personal.iter().filter(|word| !is_said_by_us(word)) {
        assert!(!log.contains(word.as_str()), "{word:?} in {log}");
    }
    let path = machine.path("state/sverka/sverka.log");
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let json = log.lines().skip(1).filter(|line| line.starts_with('{')).count();
    assert_eq!(json > 0, format == "json");
}

/// Words that happen to be among ours.
fn is_said_by_us(word: &str) -> bool {
    word == USER
}

#[test]
fn what_happens_is_told_in_json_lines_where_that_is_wanted() {
    let machine = Machine::with_onec();
    let run = machine.run(["sync", "--log-format", "json", "--log-level", "debug"]).ends_with(0);
    let lines: Vec<Value> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 8, "{}", run.stderr);
    for line in &lines {
        for key in ["timestamp", "level", "message", "run"] {
            assert!(line[key].is_string(), "{line}");
        }
        assert_eq!(line["run"], "sverka sync");
    }
    assert!(lines.iter().any(|line| line["level"] == "DEBUG"));
    machine.configure_at("http://127.0.0.1:1/trade/odata/standard.odata", "retries = 1\n");
    let run = machine.run(["check", "--card", "000000001", "--log-format", "json"]).ends_with(3);
    let lines: Vec<Value> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failed = lines.iter().find(|line| line["level"] == "ERROR").expect(&run.stderr);
    assert_eq!(failed["code"], "onec-unreachable-refused");
    assert!(failed["remedy"].is_string());
    assert!(lines.iter().any(|line| line["level"] == "WARN" && line["code"] == failed["code"]), "{lines:?}");
    // A mistake in the settings is told in the same way, before there is a log.
    machine.write_config("[onec]\nurl = 7\n");
    let run = machine.run(["sync", "--log-format", "json"]).ends_with(2);
    assert!(run.stderr.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", run.stderr);
}

#[test]
fn a_log_that_cannot_be_written_is_told_once_and_stops_nothing() {
    let machine = Machine::with_onec();
    let diary = machine.path("diary.txt");
    fs::write(&diary, "mine\n").unwrap();
    let folder = machine.path("folder");
    fs::create_dir(&folder).unwrap();
    for path in [&diary, &folder, &machine.store(), &machine.config()] {
        machine.configure(&format!("[log]\nfile = {path:?}\n"));
        let run = machine.sverka(["sync"]).in_english().run().ends_with(0);
        assert_eq!(run.stderr.matches("The log cannot be written").count(), 1, "{path:?}: {}", run.stderr);
    }
    assert_eq!(fs::read_to_string(&diary).unwrap(), "mine\n");
    assert!(!machine.path("state/sverka/sverka.log").exists());
}

#[test]
fn where_nothing_is_wanted_nothing_is_written() {
    let machine = Machine::with_onec();
    machine.run(["sync", "--log-level", "off"]).ends_with(0);
    assert!(!machine.path("state/sverka/sverka.log").exists());
    machine.run(["sync", "--log-level", "error"]).ends_with(0);
    assert_eq!(log(&machine).lines().count(), 1, "but for the line that says whose it is");
    machine.run(["sync", "--log-level", "loud"]).ends_with(2);
}

#[test]
fn every_run_adds_to_the_log_and_a_result_never_replaces_it() {
    let machine = Machine::synced();
    let before = log(&machine);
    machine.run(["sync"]).ends_with(0);
    let after = log(&machine);
    assert!(after.starts_with(&before) && after.len() > before.len());
    let path = machine.path("state/sverka/sverka.log");
    let path = path.to_str().unwrap();
    machine.run(["reconcile", "--format", "csv", "-o", path, "--force"]).ends_with(2);
    machine.run(["sync", "--metrics", path]).ends_with(2);
    assert!(log(&machine).starts_with(&after));
}
