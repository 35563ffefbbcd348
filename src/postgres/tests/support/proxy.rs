//! A proxy that cuts a connection at a message of the client's: before it is passed on, or before it is answered.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never gets the message.
    Before,
    /// The server gets it, and nobody hears the answer.
    After,
}

#[derive(Debug)]
struct Plan {
    passed: AtomicU64,
    at: u64,
    cut: Cut,
    reached: Notify,
}

/// A proxy in a folder of its own.
#[derive(Debug)]
pub struct Proxy {
    folder: tempfile::TempDir,
    plan: Arc<Plan>,
}

impl Proxy {
    /// Cuts the connection at the message of this number, counted over all connections; 0 never.
    pub fn new(server: &Path, at: u64, cut: Cut) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = ".s.PGSQL.5432";
        let listener = UnixListener::bind(folder.path().join(name)).unwrap();
        let plan = Arc::new(Plan { passed: AtomicU64::new(0), at, cut, reached: Notify::new() });
        let (to, shared) = (server.join(name), Arc::clone(&plan));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, to.clone(), Arc::clone(&shared)));
            }
        });
        Self { folder, plan }
    }

    pub fn address(&self, database: &str) -> String {
        format!("host={} dbname={database} user=owner", self.folder.path().display())
    }

    /// Messages of the client that came by.
    pub fn passed(&self) -> u64 {
        self.plan.passed.load(Ordering::SeqCst)
    }

    /// Waits until the connection was cut.
    pub async fn reached(&self) {
        self.plan.reached.notified().await;
    }
}

async fn pass(client: UnixStream, to: PathBuf, plan: Arc<Plan>) {
    let Ok(server) = UnixStream::connect(to).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut is_begun = false;
    loop {
        let mut message = Vec::new();
        if is_begun {
            let Ok(kind) = from_client.read_u8().await else { break };
            message.push(kind);
        }
        let Ok(length) = from_client.read_u32().await else { break };
        message.extend_from_slice(&length.to_be_bytes());
        let start = message.len();
        message.resize(start + length as usize - 4, 0);
        if from_client.read_exact(&mut message[start..]).await.is_err() {
            break;
        }
        is_begun = true;
        let number = plan.passed.fetch_add(1, Ordering::SeqCst) + 1;
        if number == plan.at && plan.cut == Cut::After {
            // Nobody hears what the server says from here on.
            answers.abort();
        }
        if number == plan.at && plan.cut == Cut::Before {
            answers.abort();
            plan.reached.notify_one();
            return;
        }
        if to_server.write_all(&message).await.is_err() {
            break;
        }
        if number == plan.at {
            // As long as a server on the same machine takes to do what it was told.
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            plan.reached.notify_one();
            return;
        }
    }
    let _ = to_server.shutdown().await;
    let _ = answers.await;
}
