use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use rustix::process::Signal;

use super::Engine;
use crate::support::binary::Machine;

#[test]
fn of_engines_that_start_at_one_instant_one_is_left() {
    one_is_left_of(4, 5);
}

/// As often as two people may press a key at once in years.
#[test]
#[ignore = "takes half a minute"]
fn of_two_engines_one_is_left_a_hundred_times() {
    one_is_left_of(2, 100);
}

fn one_is_left_of(number: usize, rounds: usize) {
    let machine = Machine::synced();
    for round in 0..rounds {
        let start = |_| machine.sverka(["engine"]).in_english().start();
        let engines: Vec<_> = (0..number).map(start).collect();
        let mut left = Vec::new();
        for mut engine in engines {
            engine.wait_for_words("engine");
            if engine.told().contains("The engine is ready") {
                left.push(engine);
            } else {
                drop(engine.end().ends_with(4).tells("engine-running"));
            }
        }
        assert_eq!(left.len(), 1, "round {round}");
        UnixStream::connect(machine.store().with_extension("sock")).expect("the one that is left answers");
        let engine = left.pop().unwrap();
        engine.signal(Signal::INT);
        engine.end().ends_with(0);
    }
}

#[test]
fn what_a_killed_engine_left_is_in_nobodys_way() {
    let (machine, engine) = Engine::synced();
    let mode =
        |name: &str| fs::metadata(machine.store().with_extension(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("sock"), mode("engine")), (0o600, 0o600));
    engine.running.signal(Signal::KILL);
    let socket = engine.socket.clone();
    assert_eq!(engine.running.end().code, None);
    assert!(socket.exists(), "nobody took it away");
    machine.run(["search", "царьков"]).ends_with(0).prints("Царькова");
    machine.run(["sync", "--delta"]).ends_with(0);
    Engine::start(&machine).end();
}

#[test]
fn what_is_no_socket_is_never_replaced() {
    let machine = Machine::synced();
    let path = machine.path("data/sverka/sverka.sock");
    fs::write(&path, "mine").unwrap();
    machine.sverka(["engine"]).in_english().run().ends_with(4).tells("engine-socket");
    machine.run(["search", "царьков"]).ends_with(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let elsewhere = machine.path("e.sock");
    let mut engine = machine.sverka(["engine", "--socket", elsewhere.to_str().unwrap()]).in_english().start();
    engine.wait_for_words("The engine is ready");
    UnixStream::connect(&elsewhere).unwrap();
    engine.signal(Signal::TERM);
    engine.end().ends_with(0);
}
