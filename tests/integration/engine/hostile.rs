//! Our own server, treated as badly as others treat us: what is wrong with a connection ends it alone.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;

use reqwest::Method;
use serde_json::json;

use super::{Engine, READ_TOKEN, TOKEN, address_of, ask, bare, with_tokens};
use crate::support::binary::{DEADLINE, Machine};

/// The first line of the answer to these bytes; nothing where the connection was closed. A request that is whole asks for
/// the end of its connection; of another one nothing follows, and who stops there need not be answered.
fn answered(engine: &Engine, bytes: &[u8], is_whole: bool) -> String {
    let mut socket = UnixStream::connect(&engine.socket).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let bytes = match bytes.strip_suffix(b"\r\n") {
        Some(head) if is_whole => [head, b"Connection: close\r\n\r\n"].concat(),
        _ => bytes.to_vec(),
    };
    // It may be closed before all is sent.
    let _ = socket.write_all(&bytes);
    if !is_whole {
        let _ = socket.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    match socket.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("{error}"),
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

fn is_alive(engine: &Engine) {
    assert_eq!(engine.get("/api/v1/customers?limit=1")["total"], 30);
}

#[test]
fn s9_what_is_no_request_ends_its_connection_alone() {
    let (_machine, engine) = Engine::synced();
    let long = "x".repeat(100_000);
    let many = "A: b\r\n".repeat(1_000);
    let cases: Vec<(Vec<u8>, &[&str])> = vec![
        (b"\0\xff\xfe\x01garbage\r\n\r\n".to_vec(), &["400", ""]),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &["400", ""]),
        (b"HELO example.com\r\n\r\n".to_vec(), &["400", ""]),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n".to_vec(), &["400", ""]),
        (format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes(), &["414", "431", "400", ""]),
        (format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n").into_bytes(), &["431", ""]),
        (format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n").into_bytes(), &["431", ""]),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), &["421"]),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n".to_vec(), &["421", "400"]),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec(), &["421"]),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &["421"]),
        (b"GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &["404"]),
        (b"GET /%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &["404", "400"]),
        (b"BREW /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &["405"]),
        (b"PUT /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &["405"]),
        (
            b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{\"half".to_vec(),
            &["400", ""],
        ),
        (
            b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n".to_vec(),
            &["400", ""],
        ),
        (
            b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"
                .to_vec(),
            &["400", ""],
        ),
    ];
    for (bytes, fitting) in cases {
        let line = answered(&engine, &bytes, !fitting.contains(&""));
        let status = line.split(' ').nth(1).unwrap_or_default();
        assert!(
            fitting.contains(&status),
            "{line:?} to {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(80)])
        );
    }
    let (status, problem) = ask(engine.request(Method::POST, "/api/v1/ask").body("[".repeat(70_000)));
    assert_eq!((status, &problem["code"]), (413, &json!("api-too-large")));
    let (status, problem) = ask(engine.request(Method::POST, "/api/v1/ask").body("[".repeat(60_000)));
    assert_eq!((status, &problem["code"]), (400, &json!("api-bad-request")), "deep nesting");
    is_alive(&engine);
    engine.end();
}

/// Half requests hang; nobody waits for them but themselves, and there are only so many.
#[test]
fn s9_half_requests_are_in_nobodys_way() {
    let (_machine, engine) = Engine::synced();
    let halves: Vec<_> = (0..40)
        .map(|number| {
            let mut socket = UnixStream::connect(&engine.socket).unwrap();
            let head = "POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{\"Sea";
            socket.write_all(&head.as_bytes()[..number * 2 % head.len()]).unwrap();
            socket
        })
        .collect();
    is_alive(&engine);
    let more: Vec<_> = (0..200).map(|_| UnixStream::connect(&engine.socket)).collect();
    drop((halves, more));
    engine.until("/api/v1/engine", |it| it["viewers"] == 0);
    is_alive(&engine);
    engine.end();
}

#[test]
fn s9_by_tcp_nobody_is_served_without_a_token_and_a_reader_only_reads() {
    let machine = with_tokens();
    let engine = Engine::start(&machine);
    let url = format!("http://{}", address_of(&engine));
    let client = bare().build().unwrap();
    let by = |method: Method, path: &str, token: Option<&str>| {
        let request = client.request(method, format!("{url}{path}"));
        ask(match token {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        })
    };
    let paths = ["/api/v1/status", "/api/v1/customers", "/metrics", "/openapi.json", "/readyz", "/nowhere"];
    for path in paths {
        for token in [None, Some(""), Some("wrong"), Some(&TOKEN[1..]), Some(&TOKEN[..63])] {
            let (status, problem) = by(Method::GET, path, token);
            assert_eq!((status, &problem["code"]), (401, &json!("api-unauthorized")), "{path}");
            assert!(!problem.to_string().contains(&TOKEN[..20]));
        }
    }
    assert_eq!(by(Method::GET, "/healthz", None).0, 200, "whether it lives is no secret");
    assert_eq!(by(Method::GET, "/api/v1/status", Some(TOKEN)).0, 200);
    assert_eq!(by(Method::GET, "/api/v1/status", Some(READ_TOKEN)).0, 200);
    for (method, path) in [
        (Method::POST, "/api/v1/syncs"),
        (Method::DELETE, "/api/v1/syncs/1"),
        (Method::POST, "/api/v1/checks?q=1"),
        (Method::POST, "/api/v1/reconciliations"),
        (Method::POST, "/api/admin/onec/customers/sync/full"),
    ] {
        assert_eq!(by(method, path, Some(READ_TOKEN)).0, 403, "{path}");
    }
    let question = |body: &'static str| {
        let request = client.post(format!("{url}/api/v1/ask")).bearer_auth(READ_TOKEN).body(body);
        ask(request).0
    };
    assert_eq!((question("\"Status\""), question("\"Verify\"")), (200, 403));
    let foreign = client.get(format!("{url}/healthz")).header("Host", "evil.example");
    assert_eq!(ask(foreign).1["code"], "api-host");
    assert_eq!(engine.get("/api/v1/syncs"), json!([]), "nothing was begun");
    let run = engine.end();
    let log = std::fs::read_to_string(machine.path("state/sverka/sverka.log")).unwrap();
    for told in [&run.stdout, &run.stderr, &log] {
        assert!(!told.contains(TOKEN) && !told.contains(READ_TOKEN));
    }
}

#[test]
fn s9_an_engine_that_everybody_could_reach_does_not_begin() {
    let machine = Machine::synced();
    std::fs::write(machine.path("token"), "secret").unwrap();
    let weak = format!("[engine]\ntoken_file = \"{}\"\n", machine.path("token").display());
    let cases = [
        ("", "0.0.0.0:0", "engine-open"),
        ("", "127.0.0.1:0", "engine-token-missing"),
        ("", "everywhere", "config-wrong-value"),
        (weak.as_str(), "127.0.0.1:0", "engine-token-weak"),
        ("[engine]\ntoken_file = \"nowhere\"\n", "127.0.0.1:0", "engine-token]"),
        ("[engine]\ngroup = \"no such group\"\n", "", "engine-group"),
    ];
    for (settings, listen, code) in cases {
        machine.configure(settings);
        let options: &[&str] = if listen.is_empty() { &["engine"] } else { &["engine", "--listen", listen] };
        let run = machine.run(options).tells(code);
        assert!(matches!(run.code, Some(2 | 4)), "{code}: {:?}", run.code);
    }
}
