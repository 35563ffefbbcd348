use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::FaultKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::only;
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{DEADLINE, Machine, RUNTIME};

/// What a bare GET of an address is answered.
fn get(url: &str, account: Option<&str>) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let authorization = account
        .map(|account| format!("Authorization: Basic {}\r\n", STANDARD.encode(account)))
        .unwrap_or_default();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n{authorization}Connection: close\r\n\r\n");
    let exchange = async {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    };
    RUNTIME.block_on(async { timeout(DEADLINE, exchange).await }).unwrap()
}

#[test]
fn the_simulated_1c_announces_itself_and_answers_until_interrupted() {
    for signal in [Signal::INT, Signal::TERM] {
        let machine = Machine::bare();
        let mut simulator =
            machine.sverka(["simulate", "--seed", "7", "--customers", "40", "--now", "2026-02-04"]).start();
        let announced: Value = serde_json::from_str(&simulator.wait_for_line()).unwrap();
        assert_eq!(announced["user"], "odata.user");
        assert_eq!(announced["password"], "demo");
        assert_eq!(announced["seed"], 7);
        assert_eq!(announced["now"], "2026-02-04");
        let url = announced["url"].as_str().unwrap();
        assert!(url.ends_with("/odata/standard.odata"), "{url}");
        let count = format!(
            "{url}/Catalog_%D0%94%D0%B8%D1%81%D0%BA%D0%BE%D0%BD%D1%82%D0%BD%D1%8B%D0%B5%D0%9A%D0%B0%D1%80%D1%82%D1%8B/$count"
        );
        assert!(get(&count, None).starts_with("HTTP/1.1 401"));
        assert!(get(&count, Some("odata.user:wrong")).starts_with("HTTP/1.1 401"));
        let answer = get(&count, Some("odata.user:demo"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("40"), "{answer}");
        simulator.signal(signal);
        let run = simulator.end().ends_with(0);
        assert_eq!(run.stdout.lines().count(), 1);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_simulated_1c_serves_a_whole_sync() {
    let machine = Machine::bare();
    let mut simulator = machine.sverka(["simulate"]).start();
    let announced: Value = serde_json::from_str(&simulator.wait_for_line()).unwrap();
    let text = |key: &str| announced[key].as_str().unwrap();
    let ask = |arguments: &[&str]| {
        let sverka = machine.sverka(arguments).env("SVERKA_ONEC__URL", text("url"));
        sverka.env("SVERKA_ONEC__USER", text("user")).env("SVERKA_ONEC__PASSWORD", text("password")).run()
    };
    ask(&["sync"]).ends_with(0);
    let found = ask(&["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(0).json();
    assert_eq!(only(&found)["total"]["onec"], "365054.00");
    simulator.signal(Signal::TERM);
    simulator.end().ends_with(0);
}

#[test]
fn faults_of_the_simulated_1c_reach_its_clients() {
    let machine = Machine::bare();
    let mut simulator =
        machine.sverka(["simulate", "--fault", "virtual-tables-missing=1", "--fault", "slow=1"]).start();
    let announced: Value = serde_json::from_str(&simulator.wait_for_line()).unwrap();
    let sync = machine.sverka(["sync", "--json"]).env("SVERKA_ONEC__URL", announced["url"].as_str().unwrap());
    let run =
        sync.env("SVERKA_ONEC__USER", "odata.user").env("SVERKA_ONEC__PASSWORD", "demo").run().ends_with(0);
    let finished = run.json_lines().pop().unwrap();
    assert_eq!((&finished["unverified"], &finished["outcome"]), (&finished["cards"], &json!("published")));
    simulator.signal(Signal::TERM);
    simulator.end().ends_with(0);
}

#[test]
fn an_unknown_fault_is_answered_with_the_known_ones() {
    let machine = Machine::bare();
    let run = machine.run(["simulate", "--fault", "earthquake=1"]).ends_with(2);
    assert_eq!(run.stdout, "");
    for kind in FaultKind::ALL {
        assert!(run.stderr.contains(kind.name()), "{kind} is not named");
    }
    for fault in ["stall", "stall=", "stall=often", "stall=2"] {
        machine.run(["simulate", "--fault", fault]).ends_with(2);
    }
}
