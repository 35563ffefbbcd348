use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

use super::Engine;
use crate::support::binary::DEADLINE;

/// A stream of events, read by hand.
struct Stream {
    socket: UnixStream,
    text: String,
}

impl Stream {
    fn open(engine: &Engine, last: &str) -> Self {
        let mut socket = UnixStream::connect(&engine.socket).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        let last = if last.is_empty() { String::new() } else { format!("Last-Event-ID: {last}\r\n") };
        let head = format!("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n{last}\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        Self { socket, text: String::new() }
    }

    /// The next event: its id, its name, what it says.
    fn next(&mut self) -> (String, String, Value) {
        loop {
            if let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                rest.clone_into(&mut self.text);
                let part =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
                if let Ok(data) = serde_json::from_str(part("data: ")) {
                    return (part("id: ").to_owned(), part("event: ").to_owned(), data);
                }
                continue;
            }
            let mut bytes = [0; 4096];
            let length = self.socket.read(&mut bytes).unwrap();
            assert!(length > 0, "the stream ended: {}", self.text);
            // Chunks of HTTP begin with a length, in lines that are none of an event.
            self.text += &String::from_utf8_lossy(&bytes[..length]);
        }
    }

    /// Reads until a sync is told to have ended.
    fn until_published(&mut self) -> Vec<(String, String)> {
        let mut heard = Vec::new();
        loop {
            let (id, name, data) = self.next();
            heard.push((id, name.clone()));
            if name == "sync" && data["state"] == "published" {
                return heard;
            }
        }
    }
}

#[test]
fn who_comes_back_hears_what_was_missed_and_who_is_new_how_things_stand() {
    let (_machine, engine) = Engine::synced();
    let mut stream = Stream::open(&engine, "");
    let (first, name, data) = stream.next();
    assert_eq!((name.as_str(), &data["status"]["generation"]), ("snapshot", &json!(1)));
    engine.post("/api/v1/syncs?mode=full");
    let heard = stream.until_published();
    let names: std::collections::BTreeSet<_> = heard.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["notice", "progress", "sync"].into());
    drop(stream);
    let mut back = Stream::open(&engine, &first);
    assert_eq!(back.until_published(), heard, "all of it, in order, once");
    let mut middle = Stream::open(&engine, &heard[heard.len() / 2].0);
    assert_eq!(middle.until_published(), heard[heard.len() / 2 + 1..]);
    for forgotten in ["abc-1", "nonsense"] {
        assert_eq!(Stream::open(&engine, forgotten).next().1, "snapshot");
    }
    let journal = engine.get("/api/v1/journal");
    assert!(!journal.as_array().unwrap().is_empty());
    engine.end();
}

/// Fifty that look on, of whom five never read: the others hear all of it, a search is as fast as it was, and the engine
/// ends in time.
#[test]
fn who_never_reads_costs_nobody_anything() {
    let (_machine, engine) = Engine::synced();
    let memory = |engine: &Engine| engine.get("/api/v1/engine")["memory_bytes"].as_u64().unwrap_or_default();
    let before = memory(&engine);
    let mut streams: Vec<_> = (0..50).map(|_| Stream::open(&engine, "")).collect();
    engine.until("/api/v1/engine", |it| it["viewers"] == 50);
    let reading = streams.split_off(5);
    let readers =
        reading.into_iter().map(|mut stream| std::thread::spawn(move || stream.until_published().len()));
    let readers: Vec<_> = readers.collect();
    let (_, begun) = engine.post("/api/v1/syncs");
    engine.end_of_sync(&begun["id"]);
    let heard: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    assert!(heard.iter().all(|events| *events > 3), "{heard:?}");
    assert_eq!(engine.get("/api/v1/customers?limit=1")["total"], 30);
    let more = memory(&engine).saturating_sub(before);
    assert!(more < 64 << 20, "{more} bytes more than without them");
    engine.end();
}
