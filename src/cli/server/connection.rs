//! Connections: how many there are, how long each may take, and what of theirs is read.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use super::door::{Comer, Door};
use super::hub::Hub;
use super::paced::Paced;
use super::routes;
use super::served::Served;
use super::tls::Tls;

/// Connections at the same time, by the socket and by TCP each. More are closed at once: nobody hangs.
const MOST: usize = 128;
/// How long the head of a request may take, and how long nobody may ask anything.
const HEAD: Duration = Duration::from_secs(10);
/// How long a viewer may take nothing of what is sent.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes and lines of the head of a request.
const HEAD_BYTES: usize = 16 << 10;
const HEAD_LINES: usize = 64;
/// Pause where the system has no more descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// What an answer under way may still take when the engine ends.
const LAST: Duration = Duration::from_secs(1);

/// Where connections come from.
pub(super) trait ComingFrom: Send + Sync {
    /// What they are made of.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next one, once what comes before its first request is over, and who it is.
    fn accept(&self) -> impl Future<Output = io::Result<(OpeningStream<Self::Stream>, Comer)>> + Send;
}

/// A connection that may have to be agreed upon first. That may take as long as the head of a request, and nobody else
/// waits for it.
pub(super) type OpeningStream<S> = BoxFuture<'static, io::Result<S>>;

impl ComingFrom for UnixListener {
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<(OpeningStream<UnixStream>, Comer)> {
        let (stream, _) = self.accept().await?;
        let user = stream.peer_cred().ok().map(|peer| peer.uid());
        Ok((Box::pin(ready(Ok(stream))), Comer::Socket(user)))
    }
}

impl ComingFrom for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(OpeningStream<TcpStream>, Comer)> {
        let (stream, _) = self.accept().await?;
        let _ = stream.set_nodelay(true);
        Ok((Box::pin(ready(Ok(stream))), Comer::Tcp))
    }
}

/// A port at which nothing but TLS is spoken.
pub(super) struct SecurePort {
    /// The port.
    pub(super) tcp: TcpListener,
    /// What is shown there.
    pub(super) tls: Arc<Tls>,
    /// Where it is told that another certificate is shown.
    pub(super) hub: Arc<Hub>,
}

impl ComingFrom for SecurePort {
    type Stream = TlsStream<TcpStream>;

    async fn accept(&self) -> io::Result<(OpeningStream<Self::Stream>, Comer)> {
        let (stream, _) = self.tcp.accept().await?;
        let _ = stream.set_nodelay(true);
        let (tls, hub) = (Arc::clone(&self.tls), Arc::clone(&self.hub));
        Ok((Box::pin(async move { tls.secured(stream, &hub).await }), Comer::Tls))
    }
}

/// What every connection needs.
#[derive(Clone)]
pub(super) struct Reception {
    /// What is served.
    pub(super) served: Arc<Served>,
    /// Who may.
    pub(super) door: Arc<Door>,
    /// Set when the engine ends.
    pub(super) over: CancellationToken,
}

impl Reception {
    /// Takes those that come by TCP, by TLS where there is a certificate.
    pub(super) fn take_by_tcp(self, tcp: TcpListener, tls: Option<Tls>) -> JoinHandle<()> {
        match tls {
            None => tokio::spawn(self.take(tcp)),
            Some(tls) => {
                let hub = Arc::clone(&self.served.hub);
                tokio::spawn(self.take(SecurePort { tcp, tls: Arc::new(tls), hub }))
            }
        }
    }

    /// Takes connections until the engine ends.
    pub(super) async fn take(self, place: impl ComingFrom) {
        let app = routes::all(Arc::clone(&self.served), Arc::clone(&self.door));
        let mut open = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = self.over.cancelled() => break,
                Some(_) = open.join_next() => continue,
                accepted = place.accept() => accepted,
            };
            match accepted {
                Ok((opening, comer)) if open.len() < MOST => {
                    open.spawn(receive(opening, comer, app.clone(), self.over.clone()));
                }
                Ok(_) => {}
                Err(_) => sleep(PAUSE).await,
            }
        }
        while open.join_next().await.is_some() {}
    }
}

/// Opens one connection and answers it.
async fn receive<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    opening: OpeningStream<S>,
    comer: Comer,
    app: Router,
    over: CancellationToken,
) {
    let opened = tokio::select! {
        () = over.cancelled() => return,
        opened = timeout(HEAD, opening) => opened,
    };
    if let Ok(Ok(stream)) = opened {
        converse(stream, comer, app, over).await;
    }
}

/// Answers one connection to its end. What is wrong with it ends it alone.
pub(super) async fn converse<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
    comer: Comer,
    app: Router,
    over: CancellationToken,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(comer);
        let mut app = app.clone();
        async move { Ok::<_, Infallible>(app.call(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(HEAD_LINES).max_buf_size(HEAD_BYTES);
    let stream = TokioIo::new(Paced::new(stream, PATIENCE));
    let mut connection = pin!(http.serve_connection(stream, service));
    tokio::select! {
        _ = connection.as_mut() => {}
        () = over.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(LAST, connection).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;

    /// What is answered to these bytes, and after how long the connection ends.
    async fn answered(bytes: &[u8]) -> (String, Duration) {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        let app = Router::new().route("/", get(async || "well"));
        let began = Instant::now();
        let talk = tokio::spawn(converse(ours, Comer::Tcp, app, CancellationToken::new()));
        theirs.write_all(bytes).await.expect("taken");
        let mut answer = Vec::new();
        theirs.read_to_end(&mut answer).await.expect("ended");
        talk.await.expect("in order");
        (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn s9_who_says_half_or_nothing_is_waited_for_ten_seconds() {
        for half in [&b""[..], b"G", b"GET / HTTP/1.1\r\nHost: local"] {
            let (answer, after) = answered(half).await;
            assert!(!answer.contains("well"), "{answer}");
            assert!(after >= HEAD && after < HEAD * 2, "{after:?}");
        }
        let (answer, after) = answered(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("well"), "{answer}");
        assert!(after < HEAD * 2, "who asks nothing more is let go: {after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn s9_who_agrees_upon_nothing_is_waited_for_ten_seconds() {
        let opening: OpeningStream<tokio::io::DuplexStream> = Box::pin(std::future::pending());
        let began = Instant::now();
        receive(opening, Comer::Tls, Router::new(), CancellationToken::new()).await;
        assert_eq!(began.elapsed(), HEAD);
        let opening: OpeningStream<tokio::io::DuplexStream> = Box::pin(std::future::pending());
        let over = CancellationToken::new();
        over.cancel();
        receive(opening, Comer::Tls, Router::new(), over).await;
        assert_eq!(began.elapsed(), HEAD, "an engine that ends waits for nobody");
    }
}
