//! What commands answer in JSON stays: fields may come, none goes, and none says anything else.
//!
//! ```text
//! SVERKA_RECORD=answers.json cargo test --test integration what_commands_answer_in_json   # of the program as it is
//! ```

use std::{env, fs};

use serde_json::{Map, Value, json};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

/// Answers of the version before the dashboard's questions and the customer's fields were tables. Since then one changed: rows
/// of a type of document that a sync does not count are unknown, where they were told as none.
const RECORDED: &str = include_str!("recorded.json");

/// Whatever stands there: it is another in every run, or where the code asks otherwise.
const ANY: &str = "*";

/// Figures that are another in every run.
const PASSING: [&str; 6] = ["bytes", "pages", "requests", "row_bytes", "size", "free"];

/// What is another in every run, masked: moments, ways, times.
fn masked(key: &str, value: Value) -> Value {
    // A day anywhere in a text, such as 2026-11-29.
    let is_moment = |text: &str| {
        let shape = |it: &[u8]| {
            let digits = [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|at| it[*at].is_ascii_digit());
            digits && it[4] == b'-' && it[7] == b'-'
        };
        text.as_bytes().windows(10).any(shape)
    };
    match value {
        _ if key == "seconds" || key == "age_s" || key.ends_with("_seconds") => ANY.into(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key.clone(), masked(&key, value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| masked(key, item)).collect()),
        Value::String(text) if is_moment(&text) || text.contains('/') => ANY.into(),
        Value::Number(_) if PASSING.contains(&key) => ANY.into(),
        other => other,
    }
}

/// Where an answer lacks what was recorded, or says otherwise.
fn lost(at: &str, recorded: &Value, now: &Value, found: &mut Vec<String>) {
    match (recorded, now) {
        (Value::String(any), _) if any == ANY => {}
        (Value::Object(fields), Value::Object(today)) => {
            for (key, value) in fields {
                let at = format!("{at}.{key}");
                match today.get(key) {
                    Some(now) => lost(&at, value, now, found),
                    None => found.push(format!("{at} is gone")),
                }
            }
        }
        (Value::Array(items), Value::Array(today)) if items.len() == today.len() => {
            for (place, (item, now)) in items.iter().zip(today).enumerate() {
                lost(&format!("{at}[{place}]"), item, now, found);
            }
        }
        _ if recorded != now => found.push(format!("{at}: {recorded} before, {now} now")),
        _ => {}
    }
}

fn answers() -> Value {
    let machine = Machine::with_onec();
    let copy = machine.path("copy.redb").to_str().unwrap().to_owned();
    let commands: [(&str, &[&str]); 12] = [
        ("sync", &["sync", "--json"]),
        ("delta", &["sync", "--delta", "--json"]),
        ("status", &["status", "--json"]),
        ("search", &["search", REFERENCE_PHONE, "--json"]),
        // Before any check: of a card that was compared by rows since, it tells that.
        ("reconcile", &["reconcile", "--json"]),
        ("check", &["check", "--phone", REFERENCE_PHONE, "--json"]),
        ("check offline", &["check", "--offline", "--phone", REFERENCE_PHONE, "--json"]),
        ("doctor", &["doctor", "--json"]),
        ("store check", &["store", "check", "--json"]),
        ("store backup", &["store", "backup", &copy, "--json"]),
        ("store restore", &["store", "restore", &copy, "--json"]),
        ("store compact", &["store", "compact", "--json"]),
    ];
    let mut answers = Map::new();
    for (name, command) in commands {
        let run = machine.sverka(command.iter().copied()).in_english().run();
        // A sync tells how far it is, line by line; the last one is its end.
        let last = || run.stdout.lines().last().and_then(|line| serde_json::from_str(line).ok());
        let answer: Value = serde_json::from_str(&run.stdout).ok().or_else(last).unwrap_or_default();
        answers.insert(name.into(), masked("", json!({ "exit": run.code, "answer": answer })));
    }
    Value::Object(answers)
}

#[test]
fn what_commands_answer_in_json_is_what_they_answered_before() {
    let now = answers();
    if let Some(path) = env::var_os("SVERKA_RECORD") {
        return fs::write(path, serde_json::to_string_pretty(&now).unwrap()).unwrap();
    }
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let mut found = Vec::new();
    lost("", &recorded, &now, &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_answer_that_lost_something_is_told() {
    let differs = |recorded: Value, now: Value| {
        let mut found = Vec::new();
        lost("", &recorded, &now, &mut found);
        !found.is_empty()
    };
    assert!(!differs(json!({"a": 1}), json!({"a": 1, "b": 2})), "fields may come");
    assert!(differs(json!({"a": 1}), json!({})));
    assert!(differs(json!({"a": {"b": 1}}), json!({"a": {"b": "1"}})));
    assert!(differs(json!([1]), json!([1, 2])));
    assert!(differs(json!({"a": ANY}), json!({})), "whatever it says, it is there");
}
