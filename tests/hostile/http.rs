//! As much HTTP as a client of 1C needs: one request after another on a connection, each answered whole.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// What is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn new(status: u16, kind: &str, body: &str) -> Self {
        Self { status, headers: vec![("Content-Type", kind.to_owned())], body: body.as_bytes().to_vec() }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

/// Answers a request by its target: path and query as sent.
pub type Answers = dyn Fn(&str) -> Reply + Send + Sync;

/// A listening server on loopback; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    accepting: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    pub async fn start(answers: Arc<Answers>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, answers)).abort_handle();
        Ok(Self { address, accepting })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept(listener: TcpListener, answers: Arc<Answers>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        // The client hangs up whenever it likes.
        connections.spawn(serve(stream, Arc::clone(&answers)));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Answers>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    while stream.read_buf(&mut received).await? > 0 {
        // A client that waits for each reply has sent nothing behind the head.
        if received.ends_with(b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received);
            let target = head.split(' ').nth(1).unwrap_or_default();
            let is_read = head.starts_with("GET ");
            let reply = if is_read { answers(target) } else { Reply::new(405, "text/plain", "") };
            stream.write_all(&reply.bytes()).await?;
            received.clear();
        }
    }
    Ok(())
}
