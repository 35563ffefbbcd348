//! TLS at the engine's port, by a client that knows its authority alone.

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use reqwest::{Certificate, Client};
use serde_json::{Value, json};

use super::{Engine, READ_TOKEN, TOKEN, address_of, answer_of, ask, bare, tokens_of};
use crate::support::binary::{DEADLINE, Machine, RUNTIME};
use crate::support::certificates::{Authority, valid};

const HERE: &[&str] = &["127.0.0.1", "sverka.example.com"];

/// A machine whose engine has a certificate of this authority.
fn with_certificate(authority: &Authority) -> Machine {
    let machine = Machine::synced();
    show(&machine, &authority.issue(HERE, |_| ()));
    machine.configure(&settings(&machine));
    machine
}

fn settings(machine: &Machine) -> String {
    let path = |name: &str| machine.path(name).display().to_string();
    format!(
        "{}certificate_file = \"{}\"\nkey_file = \"{}\"\n",
        tokens_of(machine),
        path("engine.pem"),
        path("engine.key")
    )
}

/// Puts a certificate and its key where the settings say.
fn show(machine: &Machine, (certificate, key): &(String, String)) {
    fs::write(machine.path("engine.pem"), certificate).unwrap();
    fs::write(machine.path("engine.key"), key).unwrap();
    fs::set_permissions(machine.path("engine.key"), Permissions::from_mode(0o600)).unwrap();
}

/// A client that believes this authority and nobody else.
fn client(authority: &Authority) -> Client {
    let pem = fs::read(authority.file()).unwrap();
    bare().tls_certs_only([Certificate::from_pem(&pem).unwrap()]).build().unwrap()
}

/// Asks with a token, where there is one.
fn asked(client: &Client, address: &str, token: Option<&str>) -> (u16, Value) {
    let request = client.get(format!("https://{address}/api/v1/customers?limit=1"));
    ask(match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    })
}

#[test]
fn s9_over_tls_it_answers_as_without_and_nothing_else_is_spoken_there() {
    let authority = Authority::new("Контора");
    let machine = with_certificate(&authority);
    let engine = Engine::start(&machine);
    let address = address_of(&engine);
    assert!(engine.running.told().contains("https://"), "{}", engine.running.told());
    let ours = client(&authority);
    for token in [TOKEN, READ_TOKEN] {
        assert_eq!(asked(&ours, &address, Some(token)).1["total"], 30);
    }
    for token in [None, Some("wrong")] {
        assert_eq!(asked(&ours, &address, token).0, 401);
    }
    let named = ours.get(format!("https://{address}/healthz")).header("Host", "sverka.example.com");
    assert_eq!(ask(named).0, 200, "the certificate says which names are its own");
    let strangers = client(&Authority::new("Чужая контора"));
    let refused = RUNTIME.block_on(strangers.get(format!("https://{address}/healthz")).send());
    assert!(refused.unwrap_err().is_connect(), "who does not believe it says nothing");
    let plain = bare().build().unwrap().get(format!("http://{address}/api/v1/status")).bearer_auth(TOKEN);
    let (status, problem) = ask(plain);
    assert_eq!((status, &problem["code"]), (400, &json!("api-tls")));
    hostile(&address);
    assert_eq!(asked(&ours, &address, Some(TOKEN)).1["total"], 30);
    let key = fs::read_to_string(machine.path("engine.key")).unwrap();
    let run = engine.end();
    let log = fs::read_to_string(machine.path("state/sverka/sverka.log")).unwrap();
    for line in key.lines() {
        assert!([&run.stdout, &run.stderr, &log].iter().all(|told| !told.contains(line)));
    }
}

/// What begins like TLS and is none, or only half of it, ends alone; whoever says nothing hangs alone.
fn hostile(address: &str) {
    let hello = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
    let kinds: [&[u8]; 6] =
        [b"", b"\0\xff\xfe garbage", &hello, &vec![22; 70_000], &[22, 3, 3, 255, 255, 1], b"GET / HTT"];
    for bytes in kinds {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        // It may be closed before all is sent.
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(answer.len() < 1_000, "{bytes:?}");
    }
    let half: Vec<_> = (0..40)
        .map(|length| {
            let mut socket = TcpStream::connect(address).unwrap();
            socket.write_all(&hello[..length % hello.len()]).unwrap();
            socket
        })
        .collect();
    drop(half);
}

#[test]
fn s9_a_renewed_certificate_is_shown_without_a_restart() {
    let (first, second) = (Authority::new("Первая"), Authority::new("Вторая"));
    let machine = with_certificate(&first);
    let engine = Engine::start(&machine);
    let address = address_of(&engine);
    assert_eq!(asked(&client(&first), &address, Some(TOKEN)).0, 200);
    // While only one of both is replaced the old pair is shown.
    let renewed = second.issue(HERE, |_| ());
    fs::write(machine.path("engine.key"), renewed.1.clone() + "\n").unwrap();
    assert_eq!(asked(&client(&first), &address, Some(TOKEN)).0, 200);
    fs::write(machine.path("engine.pem"), renewed.0.clone() + "\n").unwrap();
    let knows_second = client(&second);
    let (status, _) = RUNTIME
        .block_on(answer_of(knows_second.get(format!("https://{address}/api/v1/status")).bearer_auth(TOKEN)));
    assert_eq!(status, 200);
    let journal = engine.get("/api/v1/journal?limit=200").to_string();
    assert!(journal.contains("engine-key") && journal.contains("another certificate"), "{journal}");
    engine.end();
}

#[test]
fn s9_what_is_wrong_with_certificate_and_key_is_told_at_the_start() {
    let authority = Authority::new("Контора");
    let machine = with_certificate(&authority);
    let well = authority.issue(HERE, |_| ());
    let other = authority.issue(HERE, |_| ());
    let locked = well.1.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let cases = [
        ((well.0.clone(), other.1.clone()), "engine-key", "does not belong"),
        ((well.0.clone(), locked), "engine-key", "passphrase"),
        ((well.0.clone(), "nothing".to_owned()), "engine-key", "no private key"),
        ((well.1.clone(), well.1.clone()), "engine-certificate", "no certificate"),
    ];
    for (pair, code, why) in cases {
        show(&machine, &pair);
        let run = machine.sverka(["engine"]).in_english().run().ends_with(2).tells(code);
        assert!(run.stderr.contains(why) && run.stderr.contains("_file in [engine]"), "{}", run.stderr);
        assert!(pair.1.lines().filter(|line| line.len() > 40).all(|line| !run.stderr.contains(line)));
    }
    show(&machine, &well);
    fs::remove_file(machine.path("engine.key")).unwrap();
    machine.sverka(["engine"]).in_english().run().ends_with(2).tells("engine-key");
    machine.configure(&format!("[engine]\nkey_file = \"{}\"\n", machine.path("engine.key").display()));
    machine.sverka(["engine"]).in_english().run().ends_with(2).tells("engine-tls-half");
}

/// The sync goes on whatever becomes of a certificate: clients refuse it, and it is said what to do.
#[test]
fn s9_an_old_certificate_and_an_open_key_are_warned_of_and_with_tls_any_address_will_do() {
    let authority = Authority::new("Контора");
    let machine = with_certificate(&authority);
    show(&machine, &authority.issue(HERE, valid(2020, 2021)));
    fs::set_permissions(machine.path("engine.key"), Permissions::from_mode(0o644)).unwrap();
    let engine = Engine::start_with(&machine, &["--listen", "0.0.0.0:0"]);
    let told = engine.running.told();
    assert!(told.contains("expired at 2021-01-01") && told.contains("Renew it"), "{told}");
    assert!(told.contains("engine.key") && told.contains("chmod 600"), "{told}");
    let address = address_of(&engine).replace("0.0.0.0", "127.0.0.1");
    let refused = RUNTIME.block_on(client(&authority).get(format!("https://{address}/healthz")).send());
    assert!(refused.unwrap_err().is_connect());
    engine.end();
}
