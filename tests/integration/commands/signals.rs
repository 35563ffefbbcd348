use std::io::{BufRead, BufReader};

use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, Running, SVERKA};

/// A sync that waits for 1C, which says nothing any more.
fn stalled(machine: &Machine, arguments: &[&str]) -> Running {
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut sync = machine.sverka(arguments).in_english().start();
    sync.wait_for_words("Preparing…");
    sync
}

#[test]
fn p2_a_signal_ends_a_sync_and_the_last_generation_stays() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let machine = Machine::synced();
        let sync = stalled(&machine, &["sync", "--json"]);
        sync.signal(signal);
        let run = sync.end().ends_with(130).tells("interrupted");
        let finished = run.json_lines().pop().unwrap();
        assert_eq!((&finished["outcome"], &finished["generation"]), (&json!("cancelled"), &json!(1)));
        let status = machine.run(["status", "--json"]).ends_with(0).json();
        assert_eq!((&status["generation"], &status["running"]), (&json!(1), &Value::Null));
        assert_eq!(status["last_syncs"][0]["outcome"], "cancelled");
        machine.run(["check", "--offline", "--phone", REFERENCE_PHONE]).ends_with(0);
        machine.break_onec(Faults::default());
        machine.run(["sync"]).ends_with(0);
    }
}

#[test]
fn p1_a_sync_killed_while_1c_is_silent_leaves_the_last_generation() {
    let machine = Machine::synced();
    let sync = stalled(&machine, &["sync"]);
    sync.signal(Signal::KILL);
    assert_eq!(sync.end().code, None);
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["generation"], &status["running"]), (&json!(1), &Value::Null));
    machine.run(["check", "--offline", "--phone", REFERENCE_PHONE]).ends_with(0);
    machine.break_onec(Faults::default());
    machine.run(["sync"]).ends_with(0);
}

#[test]
fn p2_a_signal_ends_a_check() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let asked = machine.onec(|onec| onec.log().total());
    let check = machine.sverka(["check", "--phone", REFERENCE_PHONE]).start();
    machine.wait_for_requests(asked + 1);
    check.signal(Signal::INT);
    assert_eq!(check.end().ends_with(130).stdout, "");
}

/// A pipe in place of a file that is read: nobody writes to it.
#[test]
fn p2_a_signal_ends_the_wait_for_a_pipe_that_nobody_writes_to() {
    let https = "url = \"https://127.0.0.1:9/base/odata/standard.odata\"";
    for what in ["config", "password_file", "ca_file"] {
        let machine = Machine::synced();
        let pipe = machine.path("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        let settings = std::fs::read_to_string(machine.config()).unwrap();
        let line = |name: &str| settings.lines().find(|line| line.starts_with(name)).unwrap();
        let key = format!("{what} = \"{}\"", pipe.display());
        let changed = match what {
            "password_file" => settings.replace(line("password"), &key),
            "ca_file" => settings.replace(line("url"), &format!("{https}\n{key}")),
            _ => settings.clone(),
        };
        machine.write_config(&changed);
        let config = if what == "config" { pipe.clone() } else { machine.config() };
        for signal in [Signal::INT, Signal::TERM] {
            let sync = machine.sverka(["--config", config.to_str().unwrap(), "sync"]).start();
            let _silent = Machine::writer_of(&pipe);
            sync.signal(signal);
            sync.end().ends_with(130);
        }
    }
}

/// What a writer says in parts is read whole: `<(…)` of a shell.
#[test]
fn a_pipe_is_as_good_as_a_file_of_settings() {
    let machine = Machine::synced();
    let line = format!("exec \"$0\" --config <(sleep 0.3; cat {}) status --json", machine.config().display());
    machine.program("bash", ["-c", &line, SVERKA]).run().ends_with(0);
    for endless in ["/dev/zero", "/dev/urandom"] {
        machine.run(["--config", endless, "status"]).ends_with(2);
    }
}

/// Commands that do not end: of the password, and of what happened.
#[test]
fn p2_a_signal_ends_a_command_of_the_settings_with_all_it_started() {
    let machine = Machine::synced();
    let settings = std::fs::read_to_string(machine.config()).unwrap();
    let password = settings.lines().find(|line| line.starts_with("password")).unwrap().to_owned();
    let waiting = |name: &str| {
        format!("touch {}; sleep 300; touch {}", machine.path(name).display(), machine.path("late").display())
    };
    let of_password = format!("password_command = \"{}\"", waiting("asked"));
    machine.write_config(&settings.replace(&password, &of_password));
    for signal in [Signal::INT, Signal::TERM] {
        let sync = machine.sverka(["sync"]).start();
        machine.wait_for_file("asked");
        sync.signal(signal);
        sync.end().ends_with(130);
        std::fs::remove_file(machine.path("asked")).unwrap();
    }
    machine.write_config(&format!("{settings}\n[sync]\non_event = \"{}\"\n", waiting("told")));
    machine.break_onec(Faults::always(FaultKind::RightsRefused));
    let sync = machine.sverka(["sync"]).env("SVERKA_ONEC__RETRIES", "0").start();
    machine.wait_for_file("told");
    sync.signal(Signal::TERM);
    sync.end().ends_with(130);
    assert!(!machine.path("late").exists());
}

/// `sverka search | true`: nobody reads any more when the result comes.
#[test]
fn p11_a_reader_that_went_away_is_no_failure() {
    let machine = Machine::synced();
    let commands: [&[&str]; 6] = [
        &["search", "", "--limit", "0"],
        &["search", "", "--json"],
        &["status"],
        &["check", "--phone", REFERENCE_PHONE],
        &["sync", "--json"],
        &["demo", "--headless"],
    ];
    for command in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = machine.sverka(command).stdout(writer).run().ends_with(0);
        assert!(!run.stderr.contains("panic"), "{}", run.stderr);
    }
    assert_eq!(machine.run(["status", "--json"]).json()["generation"], 2, "the sync published all the same");
}

#[test]
fn p11_a_listener_that_went_away_does_not_stop_a_sync() {
    let machine = Machine::with_onec();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = machine.sverka(["sync", "--json"]).stderr(writer).run().ends_with(0);
    assert_eq!(run.json_lines().pop().unwrap()["outcome"], "published");
}

/// `sverka search | head -1`, with more to say than a pipe holds.
#[test]
fn p11_a_reader_that_has_read_enough_may_go() {
    let machine = Machine::with_customers(2_000);
    machine.run(["sync"]).ends_with(0);
    let (reader, writer) = std::io::pipe().unwrap();
    let search = machine.sverka(["search", "", "--limit", "0"]).stdout(writer).start();
    let mut first = String::new();
    BufReader::new(reader).read_line(&mut first).unwrap();
    assert!(!first.is_empty());
    assert_eq!(search.end().ends_with(0).stderr, "");
}
