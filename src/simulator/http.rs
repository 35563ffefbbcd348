//! The face on the wire: hyper on loopback, one task per connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use chrono::NaiveDateTime;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Interval;

use super::exchange::{Delivery, Reply, Request};
use super::service::{BASE_PATH, Simulator};

mod packing;

type Clock = dyn Fn() -> NaiveDateTime + Send + Sync;

/// A simulated 1C listening on loopback; it stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    simulator: Arc<Mutex<Simulator>>,
    flights: Arc<Flights>,
    accepting: AbortHandle,
}

impl Server {
    /// Listens on 127.0.0.1 at this port, or at a free one for port 0; the clock tells 1C's local time.
    pub async fn start(
        simulator: Simulator,
        port: u16,
        clock: impl Fn() -> NaiveDateTime + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let simulator = Arc::new(Mutex::new(simulator));
        let flights = Arc::new(Flights::default());
        let host =
            Host { simulator: Arc::clone(&simulator), flights: Arc::clone(&flights), clock: Arc::new(clock) };
        let accepting = tokio::spawn(accept(listener, host)).abort_handle();
        Ok(Self { address, simulator, flights, accepting })
    }

    /// The address of the service root, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address)
    }

    /// Looks at the simulator, or changes it, between two requests.
    pub fn with_simulator<R>(&self, act: impl FnOnce(&mut Simulator) -> R) -> R {
        act(&mut lock(&self.simulator))
    }

    /// The greatest number of requests ever in flight at once.
    pub fn most_in_flight(&self) -> usize {
        self.flights.most.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A panic while answering one request must not take the witness of all the others away.
fn lock(simulator: &Mutex<Simulator>) -> MutexGuard<'_, Simulator> {
    simulator.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything a connection needs.
#[derive(Clone)]
struct Host {
    simulator: Arc<Mutex<Simulator>>,
    flights: Arc<Flights>,
    clock: Arc<Clock>,
}

/// Takes connections until it is aborted; the connections end with it.
async fn accept(listener: TcpListener, host: Host) {
    let mut connections = JoinSet::new();
    loop {
        // A refused connection is the client's affair; the next one is waited for.
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, host.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, host: Host) {
    let answer = service_fn(move |request| answer(request, host.clone()));
    // Broken connections are our daily work: their errors say nothing new.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    host: Host,
) -> Result<hyper::Response<ReplyBody>, ConnectionClosed> {
    let flight = Flights::enter(&host.flights);
    let request = received(&request);
    let work = tokio::task::spawn_blocking(move || {
        let (reply, latency) = {
            let mut simulator = lock(&host.simulator);
            (simulator.handle(&request, (host.clock)()), simulator.latency())
        };
        (if packing::is_asked_for(&request) { packing::packed(reply) } else { reply }, latency)
    });
    let (reply, latency) = work.await.map_err(|_| ConnectionClosed)?;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    match reply.delivery {
        Delivery::CloseBefore => return Err(ConnectionClosed),
        Delivery::StallBefore => std::future::pending::<()>().await,
        Delivery::Slow(wait) => tokio::time::sleep(wait).await,
        _ => {}
    }
    response(reply, flight)
}

fn received(request: &hyper::Request<Incoming>) -> Request {
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Request {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
    }
}

fn response(reply: Reply, flight: Flight) -> Result<hyper::Response<ReplyBody>, ConnectionClosed> {
    let Reply { status, headers, body, delivery } = reply;
    let (sent, ending) = match delivery {
        Delivery::CutAfter(sent) => (sent.min(body.len()), Ending::Cut { announced: false }),
        Delivery::StallAfter(sent) => (sent.min(body.len()), Ending::Stall),
        Delivery::Endless => (body.len(), Ending::Never),
        Delivery::Unannounced => (body.len(), Ending::Unannounced),
        _ => (body.len(), Ending::Proper),
    };
    let mut builder = hyper::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    if matches!(ending, Ending::Cut { .. } | Ending::Stall) {
        builder = builder.header(hyper::header::CONTENT_LENGTH, body.len());
    }
    if ending == Ending::Unannounced {
        // In the old version of HTTP nothing but the end of the connection tells the end of the body.
        builder = builder.version(hyper::Version::HTTP_10);
    }
    let rest = body.slice(..sent);
    let drip = match delivery {
        Delivery::Drip(wait) => Some(tokio::time::interval(wait)),
        _ => None,
    };
    builder.body(ReplyBody { rest, ending, drip, _flight: flight }).map_err(|_| ConnectionClosed)
}

/// The connection is to be closed without more words.
#[derive(Debug, thiserror::Error)]
#[error("the simulated 1C closes the connection")]
struct ConnectionClosed;

/// What comes after the bytes that are sent.
#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Proper,
    Cut { announced: bool },
    Stall,
    Never,
    Unannounced,
}

/// A piece of a body that never ends.
const SPACES: Bytes = Bytes::from_static(&[b' '; 1 << 16]);

/// The body of a reply, as far as it is delivered; the request is in flight as long as it lives.
struct ReplyBody {
    rest: Bytes,
    ending: Ending,
    /// Ticks once for every byte.
    drip: Option<Interval>,
    _flight: Flight,
}

impl ReplyBody {
    /// What is sent next of the bytes that are left; not before it is due.
    fn next_piece(&mut self, context: &mut Context<'_>) -> Poll<Bytes> {
        match &mut self.drip {
            None => Poll::Ready(std::mem::take(&mut self.rest)),
            Some(drip) => drip.poll_tick(context).map(|_| self.rest.split_to(1)),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = ConnectionClosed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionClosed>>> {
        if !self.rest.is_empty() {
            return self.next_piece(context).map(|piece| Some(Ok(Frame::data(piece))));
        }
        match &mut self.ending {
            Ending::Proper | Ending::Unannounced => Poll::Ready(None),
            Ending::Never => Poll::Ready(Some(Ok(Frame::data(SPACES)))),
            Ending::Stall => Poll::Pending,
            Ending::Cut { announced: true } => Poll::Ready(Some(Err(ConnectionClosed))),
            Ending::Cut { announced } => {
                // One more round lets hyper send what it has before it hears of the end.
                *announced = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.ending == Ending::Proper
    }

    fn size_hint(&self) -> SizeHint {
        match self.ending {
            Ending::Proper => SizeHint::with_exact(self.rest.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

/// How many requests are being answered, and how many ever were at once.
#[derive(Debug, Default)]
struct Flights {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Flights {
    fn enter(flights: &Arc<Self>) -> Flight {
        let now = flights.now.fetch_add(1, Ordering::SeqCst) + 1;
        flights.most.fetch_max(now, Ordering::SeqCst);
        Flight(Arc::clone(flights))
    }
}

/// One request being answered.
struct Flight(Arc<Flights>);

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
