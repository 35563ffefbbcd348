use std::time::Duration;

use chrono::NaiveDate;

use super::super::faults::{FaultKind, Faults, Rate};
use super::super::generate::Scenario;
use super::*;

const CARDS: &str =
    "Catalog_%D0%94%D0%B8%D1%81%D0%BA%D0%BE%D0%BD%D1%82%D0%BD%D1%8B%D0%B5%D0%9A%D0%B0%D1%80%D1%82%D1%8B";

fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 2, 4).and_then(|date| date.and_hms_opt(12, 0, 0)).expect("a moment")
}

async fn server(faults: Faults) -> Server {
    let today = now().date();
    let simulator = Simulator::new(Scenario::new(40, 1, today)).with_faults(faults);
    Server::start(simulator, 0, now).await.expect("a free port")
}

/// A client that needs no certificates, for it never meets any.
fn client() -> reqwest::Client {
    // Another test may have been first: one provider is as good as another.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([]).no_proxy().build().expect("a client")
}

fn request(server: &Server, target: &str) -> reqwest::RequestBuilder {
    client().get(format!("{}{target}", server.url())).basic_auth("odata.user", Some("demo"))
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_page_travels_over_real_http() {
    let server = server(Faults::default()).await;
    let reply = request(&server, &format!("/{CARDS}?$format=json&$top=3")).send().await.expect("a reply");
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "application/json;charset=utf-8");
    assert_eq!(reply.headers()["dataserviceversion"], "3.0");
    let body: serde_json::Value =
        serde_json::from_slice(&reply.bytes().await.expect("a body")).expect("JSON");
    assert_eq!(body["value"].as_array().map(Vec::len), Some(3));
    let address = body["odata.metadata"].as_str().expect("an address");
    assert!(address.starts_with(&server.url()), "{address}");
    assert_eq!(server.most_in_flight(), 1);
}

#[tokio::test]
async fn a_stranger_gets_401() {
    let server = server(Faults::default()).await;
    let reply = client().get(server.url()).send().await.expect("a reply");
    assert_eq!(reply.status(), 401);
    assert!(reply.headers().contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_cut_body_is_an_error_after_a_good_status() {
    let server = server(Faults::default().add(FaultKind::PageLimit, Rate::number(2))).await;
    let mut reply =
        request(&server, &format!("/{CARDS}?$format=json&$top=3")).send().await.expect("a status");
    assert_eq!(reply.status(), 200);
    let first = reply.chunk().await.expect("a part").expect("some bytes");
    assert!(first.starts_with(b"{\n"));
    let rest = loop {
        match reply.chunk().await {
            Ok(Some(_)) => {}
            other => break other,
        }
    };
    assert!(rest.is_err(), "the body must not seem complete");
}

#[tokio::test]
async fn a_closed_connection_is_no_reply() {
    let server = server(Faults::always(FaultKind::Close)).await;
    assert!(request(&server, "/").send().await.is_err());
    assert_eq!(server.with_simulator(|simulator| simulator.log().fault(FaultKind::Close)), 1);
}

#[tokio::test]
async fn a_stall_lasts_until_the_client_goes_away() {
    let server = server(Faults::always(FaultKind::Stall)).await;
    let asking = tokio::spawn(request(&server, "/").send());
    until(|| server.with_simulator(|simulator| simulator.log().fault(FaultKind::Stall)) == 1).await;
    assert_eq!(server.flights.now.load(Ordering::SeqCst), 1);
    assert!(!asking.is_finished());
    asking.abort();
    until(|| server.flights.now.load(Ordering::SeqCst) == 0).await;
}

#[tokio::test]
async fn a_stall_inside_the_body_lasts_as_well() {
    let server = server(Faults::always(FaultKind::StallBody)).await;
    let reply = request(&server, &format!("/{CARDS}?$format=json")).send().await.expect("a status");
    assert_eq!(reply.status(), 200);
    assert_eq!(server.flights.now.load(Ordering::SeqCst), 1);
    drop(reply);
    until(|| server.flights.now.load(Ordering::SeqCst) == 0).await;
}

#[tokio::test]
async fn requests_at_once_are_counted() {
    let server = server(Faults::always(FaultKind::Stall)).await;
    let asking: Vec<_> = (0..3).map(|_| tokio::spawn(request(&server, "/").send())).collect();
    until(|| server.most_in_flight() == 3).await;
    asking.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_dropped_server_is_gone() {
    let server = server(Faults::always(FaultKind::Stall)).await;
    let url = server.url();
    let held = tokio::spawn(request(&server, "/").send());
    until(|| server.most_in_flight() == 1).await;
    drop(server);
    assert!(held.await.expect("no panic").is_err(), "the held connection ends with the server");
    assert!(client().get(url).send().await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn every_answer_waits_as_long_as_the_line_is() {
    let latency = Duration::from_millis(20);
    let simulator = Simulator::new(Scenario::new(3, 1, now().date())).with_latency(latency);
    let server = Server::start(simulator, 0, now).await.expect("a free port");
    let begun = tokio::time::Instant::now();
    for path in ["/?$format=json", "/nothing"] {
        request(&server, path).send().await.expect("a reply");
    }
    assert!(begun.elapsed() >= latency * 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_slow_reply_is_whole() {
    let server = server(Faults::default().add(FaultKind::Slow, Rate::number(1))).await;
    let reply =
        request(&server, "/?$format=json").timeout(Duration::from_secs(30)).send().await.expect("a reply");
    assert!(reply.text().await.expect("a body").ends_with("]\n}"));
}
