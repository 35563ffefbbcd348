//! Over real sockets: what a server can do to a reply, and what becomes of it.

use std::net::SocketAddr;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::super::super::error::TlsFault;
use super::*;

const CANARY: &str = "пароль-canary";
const PATIENT: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_millis(80);

/// What the server does with one connection, after the request came.
enum Act {
    /// Sends this and closes.
    Send(&'static [u8]),
    /// Sends this and resets the connection.
    Reset(&'static [u8]),
    /// Sends this and says nothing more.
    Silence(&'static [u8]),
    /// Sends the head, then a byte now and then.
    Drip,
    /// Sends a body that never ends.
    Endless,
}

/// A server that does its acts in turn, one per connection, and tells what it was asked.
async fn server(acts: Vec<Act>) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let mut asked = Vec::new();
        for act in acts {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked.push(request(&mut stream).await);
            perform(act, stream).await;
        }
        asked
    });
    (address, task)
}

async fn request(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// The client may hang up at any moment: then there is nothing more to do.
async fn perform(act: Act, mut stream: TcpStream) {
    match act {
        Act::Send(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Reset(bytes) => {
            let _ = stream.write_all(bytes).await;
            // The bytes must be on their way before the reset overtakes them.
            let _ = stream.flush().await;
            let _ = stream.set_zero_linger();
        }
        Act::Silence(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.read_u8().await;
        }
        Act::Drip => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        Act::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            while stream.write_all(b"4\r\nxxxx\r\n").await.is_ok() {}
        }
    }
}

fn settings(url: String) -> ConnectionSettings {
    ConnectionSettings {
        url,
        user: "Администратор".into(),
        password: SecretString::from(CANARY),
        timezone: chrono_tz::Europe::Simferopol,
        page_size: 1000,
        in_flight: 2,
        connect_timeout: PATIENT,
        read_timeout: PATIENT,
        patience: Duration::from_secs(10),
        retries: 5,
        backoff: Duration::from_secs(1),
        ca_file: None,
        proxy: None,
        accept_invalid_certificates: false,
    }
}

fn ask(url: String) -> HttpRequest {
    HttpRequest { url, accept: "application/json", silence: PATIENT, deadline: PATIENT, body_cap: 1 << 20 }
}

async fn fetch(act: Act) -> Result<HttpReply, TransportError> {
    fetch_within(act, |_| {}).await
}

async fn fetch_within(act: Act, bounds: impl FnOnce(&mut HttpRequest)) -> Result<HttpReply, TransportError> {
    let (address, server) = server(vec![act]).await;
    let url = format!("http://{address}/base");
    let mut request = ask(url.clone());
    bounds(&mut request);
    let reply = HttpTransport::new(&settings(url)).unwrap().get(request).await;
    server.abort();
    reply
}

#[tokio::test]
async fn what_cannot_be_unpacked_is_asked_for_plainly_from_then_on() {
    let broken = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08";
    let plain = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let (address, asked) = server(vec![Act::Send(broken), Act::Send(plain)]).await;
    let url = format!("http://{address}/");
    let transport = HttpTransport::new(&settings(url.clone())).unwrap();
    assert_eq!(transport.get(ask(url.clone())).await, Err(TransportError::Cut));
    let reply = transport.get(ask(url)).await.unwrap();
    assert_eq!((reply.received(), reply.packed), (2, None));
    let asked = asked.await.unwrap();
    let said: Vec<_> = asked.iter().map(|head| head.to_lowercase()).collect();
    assert!(said[0].contains("accept-encoding: gzip\r\n"), "{said:?}");
    assert!(said[1].contains("accept-encoding: identity\r\n"), "{said:?}");
}

#[tokio::test]
async fn a_whole_reply_is_handed_on_whatever_its_status() {
    let bytes = b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 3\r\n\r\nabc";
    let reply = fetch(Act::Send(bytes)).await.unwrap();
    assert_eq!((reply.status, &*reply.body, reply.retry_after.as_deref()), (503, &b"abc"[..], Some("7")));
    assert_eq!(reply.date.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
}

#[tokio::test]
async fn credentials_go_first_in_utf8_and_nothing_else_does() {
    let (address, server) = server(vec![Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]).await;
    let url = format!("http://{address}/base");
    HttpTransport::new(&settings(url.clone())).unwrap().get(ask(url)).await.unwrap();
    let asked = server.await.unwrap().remove(0);
    let lower = asked.to_ascii_lowercase();
    assert!(asked.starts_with("GET /base HTTP/1.1\r\n"));
    let expected = STANDARD.encode(format!("Администратор:{CANARY}"));
    assert!(asked.contains(&format!("Basic {expected}")), "{asked}");
    assert!(lower.contains("accept: application/json\r\n"));
    assert!(!lower.contains("referer") && !lower.contains("cookie"));
}

#[tokio::test]
async fn n7_a_reply_that_ends_early_is_cut() {
    for act in [
        Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"value\":["),
        Act::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"),
        Act::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"),
    ] {
        let error = fetch(act).await.unwrap_err();
        assert!(matches!(error, TransportError::Cut | TransportError::Closed), "{error:?}");
    }
    let by_length = fetch(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")).await;
    assert_eq!(by_length, Err(TransportError::Cut));
}

#[tokio::test]
async fn n9_a_connection_closed_before_the_reply_is_told_apart() {
    for act in [Act::Send(b""), Act::Reset(b"")] {
        assert_eq!(fetch(act).await, Err(TransportError::Closed));
    }
}

#[tokio::test]
async fn n4_n5_a_silence_ends_the_request_before_and_inside_the_body() {
    let soon = |request: &mut HttpRequest| request.silence = SOON;
    let inside = Act::Silence(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    assert_eq!(fetch_within(inside, soon).await, Err(TransportError::Silent(SOON)));

    let (address, server) = server(vec![Act::Silence(b"")]).await;
    let url = format!("http://{address}/base");
    let settings = ConnectionSettings { connect_timeout: SOON, ..settings(url.clone()) };
    let request = HttpRequest { silence: SOON, ..ask(url) };
    let reply = HttpTransport::new(&settings).unwrap().get(request).await;
    assert_eq!(reply, Err(TransportError::Silent(SOON)));
    server.abort();
}

#[tokio::test]
async fn n6_a_drip_of_bytes_ends_by_the_deadline() {
    let reply = fetch_within(Act::Drip, |request| request.deadline = SOON).await;
    assert_eq!(reply, Err(TransportError::Deadline(SOON)));
}

#[tokio::test]
async fn b2_no_body_is_larger_than_taken() {
    let reply = fetch_within(Act::Endless, |request| request.body_cap = 1000).await;
    assert_eq!(reply, Err(TransportError::TooLarge(1000)));
    let promised = Act::Silence(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc");
    assert_eq!(fetch(promised).await, Err(TransportError::TooLarge(1 << 20)));
}

#[tokio::test]
async fn h11_a_redirect_is_a_reply_and_not_a_way() {
    let bytes =
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login?secret=1\r\nContent-Length: 0\r\n\r\n";
    let reply = fetch(Act::Send(bytes)).await.unwrap();
    assert_eq!((reply.status, reply.location.as_deref()), (302, Some("http://127.0.0.1:1/login?secret=1")));
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let head: &'static [u8] = Box::leak(
        format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(2 << 20)).into_bytes().into_boxed_slice(),
    );
    let error = fetch(Act::Send(head)).await.unwrap_err();
    assert!(matches!(&error, TransportError::Other(text) if !text.contains("127.0.0.1")), "{error:?}");
}

#[tokio::test]
async fn n1_n2_no_connection_is_told_apart_from_no_name() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/base", free.local_addr().unwrap());
    drop(free);
    let reply = HttpTransport::new(&settings(url.clone())).unwrap().get(ask(url)).await;
    assert_eq!(reply, Err(TransportError::Refused));

    // Longer than a label may be: no server of names is asked.
    let url = format!("http://{}.example/base", "a".repeat(64));
    let reply = HttpTransport::new(&settings(url.clone())).unwrap().get(ask(url)).await;
    assert_eq!(reply, Err(TransportError::Name));
}

/// The wall clock of a machine that can be put to sleep.
#[derive(Clone, Default)]
struct Sleeper(Arc<std::sync::atomic::AtomicU64>);

impl Sleeper {
    fn sleep(&self, seconds: u64) {
        self.0.fetch_add(seconds, std::sync::atomic::Ordering::SeqCst);
    }

    fn transport(&self, settings: &ConnectionSettings) -> HttpTransport {
        let slept = Arc::clone(&self.0);
        let began = SystemTime::UNIX_EPOCH + Duration::from_secs(1_770_000_000);
        let started = std::time::Instant::now();
        let wall = move || {
            let slept = Duration::from_secs(slept.load(std::sync::atomic::Ordering::SeqCst));
            began + started.elapsed() + slept
        };
        HttpTransport::with_wall_clock(settings, in_one_go, wall).unwrap()
    }
}

/// A server whose connections stay open; tells the number of the connection each request came by.
async fn open_server() -> (SocketAddr, JoinHandle<()>, tokio::sync::mpsc::UnboundedReceiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        for connection in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let sender = sender.clone();
            tokio::spawn(async move {
                while !request(&mut stream).await.is_empty() {
                    sender.send(connection).unwrap();
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
                }
            });
        }
    });
    (address, task, receiver)
}

#[tokio::test]
async fn n12_connections_from_before_a_sleep_are_not_used_after_it() {
    let (address, server, mut asked) = open_server().await;
    let url = format!("http://{address}/base");
    let sleeper = Sleeper::default();
    let transport = sleeper.transport(&settings(url.clone()));
    let mut connection = async || {
        transport.get(ask(url.clone())).await.unwrap();
        asked.recv().await.unwrap()
    };
    assert_eq!((connection().await, connection().await), (0, 0), "awake, it is kept");
    sleeper.sleep(3_600);
    assert_eq!((connection().await, connection().await), (1, 1));
    server.abort();
}

/// The other end is long gone and does not say so: the patience of the request, which the sleep did not use up,
/// is not waited out.
#[tokio::test]
async fn n12_a_request_under_way_ends_when_the_machine_wakes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/base", listener.local_addr().unwrap());
    let sleeper = Sleeper::default();
    let transport = sleeper.transport(&settings(url.clone()));
    let (reply, ()) = tokio::join!(transport.get(ask(url)), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        sleeper.sleep(3_600);
        // What is left to happen are timers.
        tokio::time::pause();
        let _ = stream.read_u8().await;
    });
    assert_eq!(reply, Err(TransportError::Closed));
}

#[tokio::test]
async fn t5_a_plain_server_behind_https_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/base", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let settings = ConnectionSettings { accept_invalid_certificates: true, ..settings(url.clone()) };
    let reply = HttpTransport::new(&settings).unwrap().get(ask(url)).await;
    assert_eq!(reply, Err(TransportError::Tls(TlsFault::NotTls)));
    server.await.unwrap();
}

#[tokio::test]
async fn s5_secrets_stay_out_of_every_word() {
    let encoded = STANDARD.encode(format!("Администратор:{CANARY}"));
    let url = "http://127.0.0.1:1/base?$filter=79788451364".to_owned();
    let transport = HttpTransport::new(&settings(url.clone())).unwrap();
    let error = transport.get(ask(url.clone())).await.unwrap_err();
    let header = credentials(&settings(url)).unwrap();
    let words = format!("{transport:?} {error} {error:?} {header:?}");
    assert!(!words.contains(CANARY) && !words.contains(&encoded), "{words}");
    assert!(!words.contains("79788451364"), "{words}");
}

#[test]
fn a_file_of_authorities_must_hold_some() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let of = |path: &std::path::Path| {
        let https = settings("https://127.0.0.1:1/base".into());
        HttpTransport::new(&ConnectionSettings { ca_file: Some(path.to_owned()), ..https }).err()
    };
    assert!(matches!(of(&path), Some(Error::Settings(text)) if text.contains("ca.pem")));
    std::fs::write(&path, "no certificate").unwrap();
    assert!(matches!(of(&path), Some(Error::Settings(text)) if text.contains("PEM")));
    std::fs::write(&path, AUTHORITY).unwrap();
    assert_eq!(of(&path), None);
    assert!(
        matches!(of(std::path::Path::new("/dev/zero")), Some(Error::Settings(text)) if text.contains("large"))
    );
}

/// Runs one of the tests below in a process that sees no certificates of authorities.
fn without_authorities(test: &str) {
    let own = std::env::current_exe().unwrap();
    let path = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let output = std::process::Command::new(own)
        .args(["--ignored", "--exact", &path])
        .env("SSL_CERT_FILE", "/nonexistent/certificates.pem")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn a_machine_without_authorities_speaks_plain_http() {
    without_authorities("plain_http_asks_no_authorities");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn plain_http_asks_no_authorities() {
    assert!(HttpTransport::new(&settings("http://127.0.0.1:1/base".into())).is_ok());
}

#[test]
fn a_machine_without_authorities_is_told_so_by_https() {
    let https = ClientBuilder::new();
    assert_eq!(believing(https, Vec::new(), Vec::new()).err(), Some(Error::NoCertificates));
}

#[test]
fn t1_authorities_of_the_environment_do_not_count() {
    without_authorities("https_goes_by_the_systems_authorities");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn https_goes_by_the_systems_authorities() {
    let https = settings("https://127.0.0.1:1/base".into());
    let has_none = roots::of_system().is_empty();
    assert_eq!(HttpTransport::new(&https).err(), has_none.then_some(Error::NoCertificates));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, AUTHORITY).unwrap();
    assert!(
        HttpTransport::new(&ConnectionSettings { ca_file: Some(path), ..https.clone() }).is_ok(),
        "one's own are enough"
    );
    assert!(HttpTransport::new(&ConnectionSettings { accept_invalid_certificates: true, ..https }).is_ok());
}

/// A certificate of an authority that signed nothing; its key was thrown away.
const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBiTCCAS+gAwIBAgIUXGvPJhTGZk/RNvKVDuZYlk51juIwCgYIKoZIzj0EAwIw\n\
GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIyMTgxNTIyWhgPMjEy\n\
NjEwMjkxODE1MjJaMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI\n\
zj0CAQYIKoZIzj0DAQcDQgAESVM+0+sa5zlrYw+Q88ZpNdOYgPOizPuiOBXppEFZ\n\
pQNZOddl7qdObipxIsI61JZOrKvhW42C10vxVTB/DcP4FaNTMFEwHQYDVR0OBBYE\n\
FEnSe0QymqwetGNkSqJM/LFhTxTAMB8GA1UdIwQYMBaAFEnSe0QymqwetGNkSqJM\n\
/LFhTxTAMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJKQ/L0n\n\
By8czTd5IXHXkpZXkMdr06mbsSl3UIQ7wzFtAiAa19uWejmoT+hw2K8A4Fs8/CkR\n\
dTr8yizorhIunvZzcQ==\n\
-----END CERTIFICATE-----\n\
";
