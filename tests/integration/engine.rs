//! The engine as its users have it: the real binary, asked over its socket and by TCP by a client that shares no code with it.

/// Every route, against its own description.
mod api;
/// Commands beside an engine: the same output, and a sync that outlives its terminal.
mod attached;
/// Dashboards that are attached.
mod dashboards;
/// Events: who comes back, and who never reads.
mod events;
/// Whoever should not be here, and whoever does not speak HTTP.
mod hostile;
/// An engine of another version.
mod other;
/// One engine of a store, whatever a dead one left.
mod seat;
/// TLS at its port.
mod tls;

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use rustix::process::Signal;
use serde_json::Value;
use tokio::time::timeout;

use crate::support::binary::{DEADLINE, Machine, RUNTIME, Running};

/// 128 bits and more.
const TOKEN: &str = "8f1c0d5b7a39e2465f90b1d2c3a4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6";
const READ_TOKEN: &str = "00112233445566778899aabbccddeeff";

/// A running engine, and the way to it.
struct Engine {
    running: Running,
    socket: PathBuf,
    client: Client,
}

impl Engine {
    /// Starts one and waits until it answers.
    fn start(machine: &Machine) -> Self {
        Self::start_with(machine, &[])
    }

    fn start_with(machine: &Machine, options: &[&str]) -> Self {
        let mut running = machine.sverka([&["engine"], options].concat()).in_english().start();
        running.wait_for_words("The engine is ready");
        let socket = machine.store().with_extension("sock");
        let client = bare().unix_socket(socket.clone()).build().unwrap();
        Self { running, socket, client }
    }

    /// A machine that synced, and its engine.
    fn synced() -> (Machine, Self) {
        let machine = Machine::synced();
        let engine = Self::start(&machine);
        (machine, engine)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://localhost{path}"))
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = ask(self.request(Method::GET, path));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn post(&self, path: &str) -> (u16, Value) {
        ask(self.request(Method::POST, path))
    }

    /// How a sync ended.
    fn end_of_sync(&self, id: &Value) -> Value {
        self.until(&format!("/api/v1/syncs/{id}"), |sync| {
            !matches!(sync["state"].as_str(), Some("waiting" | "running"))
        })
    }

    /// Asks until the answer is this.
    fn until(&self, path: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let asked = async {
            loop {
                let answer = answer_of(self.request(Method::GET, path)).await.1;
                if is_it(&answer) {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        RUNTIME.block_on(async { timeout(DEADLINE, asked).await }).expect("it comes to that")
    }

    /// Ends it in order.
    fn end(self) -> crate::support::binary::Run {
        self.running.signal(Signal::TERM);
        let run = self.running.end().ends_with(0);
        assert!(!self.socket.exists(), "an engine that ended leaves no socket");
        run
    }
}

/// A client that believes no certificate and needs none.
fn bare() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().http1_only().tls_certs_only([])
}

async fn send(request: RequestBuilder) -> Response {
    timeout(DEADLINE, request.send()).await.expect("an answer").expect("an answer")
}

async fn answer_of(request: RequestBuilder) -> (u16, Value) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn ask(request: RequestBuilder) -> (u16, Value) {
    RUNTIME.block_on(answer_of(request))
}

/// A machine whose settings give the engine both tokens.
fn with_tokens() -> Machine {
    let machine = Machine::synced();
    let settings = tokens_of(&machine);
    machine.configure(&settings);
    machine
}

/// Both tokens, and the settings that name them.
fn tokens_of(machine: &Machine) -> String {
    std::fs::write(machine.path("token"), format!("{TOKEN}\n")).unwrap();
    std::fs::write(machine.path("read-token"), READ_TOKEN).unwrap();
    let path = |name: &str| machine.path(name).display().to_string();
    format!(
        "[engine]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"{}\"\nread_token_file = \"{}\"\n",
        path("token"),
        path("read-token")
    )
}

/// Where the engine of such a machine listens.
fn address_of(engine: &Engine) -> String {
    let told = engine.running.told();
    let (_, rest) = told.split_once("://").expect("an address");
    rest.split(|c: char| !c.is_ascii_digit() && !".:".contains(c))
        .next()
        .unwrap()
        .trim_end_matches('.')
        .to_owned()
}
