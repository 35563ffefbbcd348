//! A server that does to a connection whatever a test wants, byte by byte, alone or before the simulated 1C.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sverka::odata::ConnectionSettings;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// What the server does once a request has come.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends this and closes.
    Send(Vec<u8>),
    /// Sends this and waits for the next request on the same connection.
    SendAndKeep(Vec<u8>),
    /// Sends this and resets the connection.
    Reset(Vec<u8>),
    /// Sends this and says nothing more.
    Silence(Vec<u8>),
    /// Sends this once so many requests came in all.
    SendAfter(usize, Vec<u8>),
    /// Sends this, then a byte every so often.
    Drip(Vec<u8>, Duration),
    /// Sends this, then spaces without end.
    Endless(Vec<u8>),
    /// Hands the request on to the server behind.
    Forward,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Number of the connection, from 0.
    pub connection: usize,
    /// Number of the request, from 0.
    pub number: usize,
    /// Request line and headers.
    pub head: String,
}

impl Asked {
    /// Path and query, percent-encoded.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a header, where it was sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    }
}

type Rule = dyn Fn(&Asked) -> Act + Send + Sync;

/// A listening server; it stops when dropped.
pub struct Wire {
    address: SocketAddr,
    is_secure: bool,
    asked: Arc<Mutex<Vec<Asked>>>,
    count: watch::Receiver<usize>,
    accepting: AbortHandle,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Wire {
    /// A server that acts by a rule.
    pub async fn start(rule: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> Self {
        Self::build(None, None, rule).await
    }

    /// The same over TLS.
    pub async fn secure(tls: TlsAcceptor, rule: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> Self {
        Self::build(Some(tls), None, rule).await
    }

    /// The same before the server of this address, to which a rule may hand requests on.
    pub async fn before(
        behind: &str,
        tls: Option<TlsAcceptor>,
        rule: impl Fn(&Asked) -> Act + Send + Sync + 'static,
    ) -> Self {
        let authority = behind.split('/').nth(2).unwrap().parse().unwrap();
        Self::build(tls, Some(authority), rule).await
    }

    async fn build(
        tls: Option<TlsAcceptor>,
        behind: Option<SocketAddr>,
        rule: impl Fn(&Asked) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_secure = tls.is_some();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (counter, count) = watch::channel(0);
        let desk = Desk { rule: Arc::new(rule), behind, asked: Arc::clone(&asked), counter: counter.into() };
        let accepting = tokio::spawn(accept(listener, tls, desk)).abort_handle();
        Self { address, is_secure, asked, count, accepting }
    }

    /// The service root.
    pub fn url(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        format!("{scheme}://{}/trade/odata/standard.odata", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until so many requests came.
    pub async fn wait_for(&self, requests: usize) {
        self.count.clone().wait_for(|count| *count >= requests).await.unwrap();
    }
}

/// What every connection shares.
#[derive(Clone)]
struct Desk {
    rule: Arc<Rule>,
    behind: Option<SocketAddr>,
    asked: Arc<Mutex<Vec<Asked>>>,
    counter: Arc<watch::Sender<usize>>,
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, desk: Desk) {
    let mut connections = JoinSet::new();
    for connection in 0.. {
        let (stream, _) = listener.accept().await.unwrap();
        let (tls, desk) = (tls.clone(), desk.clone());
        connections.spawn(async move {
            // The client hangs up whenever it likes.
            let _ = match tls {
                None => desk.serve(stream, connection).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => desk.serve(stream, connection).await,
                    Err(error) => Err(error),
                },
            };
        });
        while connections.try_join_next().is_some() {}
    }
}

/// What a test does to a stream: a connection, plain or secure.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {
    /// Makes the end of the connection a reset.
    fn reset(&self) {}
}

impl Stream for TcpStream {
    fn reset(&self) {
        self.set_zero_linger().unwrap();
    }
}

impl Stream for tokio_rustls::server::TlsStream<TcpStream> {}

impl Desk {
    async fn serve(&self, mut stream: impl Stream, connection: usize) -> io::Result<()> {
        loop {
            let head = head(&mut stream).await?;
            let asked = self.note(connection, head);
            match (self.rule)(&asked) {
                Act::SendAndKeep(bytes) => stream.write_all(&bytes).await?,
                act => return self.perform(act, &asked, stream).await,
            }
        }
    }

    fn note(&self, connection: usize, head: String) -> Asked {
        let mut all = self.asked.lock().unwrap();
        let asked = Asked { connection, number: all.len(), head };
        all.push(asked.clone());
        self.counter.send_replace(all.len());
        asked
    }

    async fn perform(&self, act: Act, asked: &Asked, mut stream: impl Stream) -> io::Result<()> {
        match act {
            Act::Send(bytes) | Act::SendAndKeep(bytes) => {
                stream.write_all(&bytes).await?;
                stream.shutdown().await
            }
            Act::Reset(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                stream.reset();
                Ok(())
            }
            Act::Silence(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                stream.read_u8().await.map(drop)
            }
            Act::SendAfter(requests, bytes) => {
                let mut count = self.counter.subscribe();
                count.wait_for(|count| *count >= requests).await.map_err(io::Error::other)?;
                stream.write_all(&bytes).await?;
                stream.shutdown().await
            }
            Act::Drip(bytes, wait) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(b" ").await?;
                    tokio::time::sleep(wait).await;
                }
            }
            Act::Endless(bytes) => {
                stream.write_all(&bytes).await?;
                let spaces = vec![b' '; 1 << 16];
                loop {
                    stream.write_all(&spaces).await?;
                }
            }
            Act::Forward => self.forward(asked, stream).await,
        }
    }

    /// One request, one connection: the server behind closes it after its reply.
    async fn forward(&self, asked: &Asked, mut stream: impl Stream) -> io::Result<()> {
        let mut behind = TcpStream::connect(self.behind.unwrap()).await?;
        let head = asked.head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        behind.write_all(head.as_bytes()).await?;
        tokio::io::copy(&mut behind, &mut stream).await?;
        stream.shutdown().await
    }
}

async fn head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    // The first byte of TLS begins no request: a plain server answers it as it answers anything.
    while !head.ends_with(b"\r\n\r\n") && head != [0x16] {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// A reply with these headers, its length told.
pub fn reply_with(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = format!("Content-Length: {}", body.len());
    let status = format!("HTTP/1.1 {status}");
    let lines = [&[status.as_str()], headers, &[&length, "", ""]].concat();
    let head = lines.join("\r\n");
    [head.as_bytes(), body].concat()
}

/// A reply in JSON.
pub fn reply(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    reply_with(status, &["Content-Type: application/json;charset=utf-8"], body)
}

/// Settings that lead to a server: patient where waiting is not the point, quick to repeat.
pub fn settings(url: String) -> ConnectionSettings {
    ConnectionSettings {
        url,
        user: "odata.user".into(),
        password: "demo".to_owned().into(),
        backoff: Duration::from_millis(1),
        ..ConnectionSettings::default()
    }
}
