//! An engine of another version: it is said, not asked, and begins anew by a key.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread::JoinHandle;

use serde_json::json;

use super::Engine;
use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{F6, F8, PseudoTerminal, alt};

/// Answers as an engine of a version to come would, until it is to begin anew; what it was asked.
fn newer(machine: &Machine) -> (PathBuf, JoinHandle<Vec<String>>) {
    let socket = machine.store().with_extension("sock");
    let hello = json!({
        "pid": std::process::id(), "version": "9.9.9", "api": "v1", "started_at": "2026-02-04T04:00:00Z",
        "uptime_s": 7, "viewers": 0, "syncing": false, "next_sync_at": null, "settings": "of-a-newer-kind",
        "store": machine.store().canonicalize().unwrap(), "what_is_not_known_yet": {"a": 1},
    });
    let listener = UnixListener::bind(&socket).unwrap();
    let place = socket.clone();
    let serving = std::thread::spawn(move || {
        let mut asked = Vec::new();
        loop {
            let (mut peer, _) = listener.accept().unwrap();
            let line = request_of(&peer);
            let is_last = line == "POST /api/v1/engine/restart";
            let (status, body) = match line.as_str() {
                "GET /api/v1/engine" => ("200 OK", hello.to_string()),
                _ if is_last => ("202 Accepted", hello.to_string()),
                _ => ("404 Not Found", "{}".to_owned()),
            };
            asked.push(line);
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // Whoever asked may be gone.
            let _ = peer.write_all((head + &body).as_bytes());
            if is_last {
                fs::remove_file(&place).unwrap();
                return asked;
            }
        }
    });
    (socket, serving)
}

/// The method and the path of a request, all of whose head is read.
fn request_of(peer: &UnixStream) -> String {
    let mut lines = BufReader::new(peer).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let _ = lines.find(String::is_empty);
    first.rsplit_once(' ').map(|(request, _)| request.to_owned()).unwrap_or_default()
}

#[test]
fn an_engine_of_another_version_is_told_of_not_asked_and_begun_anew_by_a_key() {
    let machine = Machine::synced();
    let (socket, serving) = newer(&machine);
    machine.run(["search", "царьков"]).ends_with(0).prints("Царькова");
    machine.run(["sync", "--delta"]).ends_with(0);
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["engine"]["version"], &status["engine"]["api"]), (&json!("9.9.9"), &json!("v1")));
    machine.sverka(["status"]).in_english().run().ends_with(0).prints("version 9.9.9");
    let mut terminal = PseudoTerminal::start(&machine, &[], (140, 40), &[("LANG", "en_US.UTF-8")]);
    terminal.wait_for(&["9.9.9"]);
    terminal.press(&alt("g"));
    let asked = serving.join().unwrap();
    assert!(!socket.exists());
    let (last, others) = asked.split_last().unwrap();
    assert_eq!(last, "POST /api/v1/engine/restart");
    assert!(others.iter().all(|asked| asked == "GET /api/v1/engine"), "it is asked nothing else: {asked:?}");
    // The one that comes after it is of this version.
    let engine = Engine::start(&machine);
    engine.until("/api/v1/engine", |it| it["viewers"] == 1);
    terminal.press(F6);
    terminal.wait_for(&["The engine is there again"]);
    terminal.press(F6);
    terminal.press(F8);
    terminal.end().well(0);
    engine.end();
}
