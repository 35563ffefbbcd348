//! The one thread that writes to the staging area, fed through a bounded channel.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Error;
use crate::domain::{BonusRow, Customer, Movement, MovementKind};
use crate::store::{self, Product, Staging};

/// Batches waiting to be written: enough to keep the network busy, few enough to keep memory flat.
const WAITING_BATCHES: usize = 8;

/// Rows of one kind, ready for the store.
#[derive(Debug)]
pub(super) enum Batch {
    Customers(Vec<Customer>),
    Products(Vec<Product>),
    Movements(Vec<Movement>),
    BonusRows(Vec<BonusRow>),
    /// Purchases staged so far are read again in another way.
    ForgetPurchases,
    /// Bonus rows staged so far are read again in another way.
    ForgetBonusRows,
}

/// Takes batches while the network goes on; the store blocks on a thread of its own.
#[derive(Debug)]
pub(super) struct Writer {
    batches: mpsc::Sender<Batch>,
    thread: JoinHandle<Result<Staging, store::Error>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(staging: Staging) -> Self {
        let (batches, incoming) = mpsc::channel(WAITING_BATCHES);
        let thread = tokio::task::spawn_blocking(move || write_all(staging, incoming));
        Self { batches, thread }
    }

    /// Hands a batch over; waits while the thread is behind. A failed thread is told by [`Self::finish`].
    pub(super) async fn put(&self, batch: Batch) {
        let _ = self.batches.send(batch).await;
    }

    /// Whether the thread has given up.
    pub(super) fn has_failed(&self) -> bool {
        self.batches.is_closed()
    }

    /// Waits for what was handed over to be written.
    pub(super) async fn finish(self) -> Result<Staging, Error> {
        drop(self.batches);
        joined(self.thread.await)
    }
}

/// The result of a blocking task; a panic in it is a failure like any other.
pub(super) fn joined<T, E: Into<Error>>(
    result: Result<Result<T, E>, tokio::task::JoinError>,
) -> Result<T, Error> {
    result?.map_err(Into::into)
}

fn write_all(mut staging: Staging, mut incoming: mpsc::Receiver<Batch>) -> Result<Staging, store::Error> {
    while let Some(batch) = incoming.blocking_recv() {
        match batch {
            Batch::Customers(rows) => staging.put_customers(&rows)?,
            Batch::Products(rows) => staging.put_products(&rows)?,
            Batch::Movements(rows) => staging.put_movements(&rows)?,
            Batch::BonusRows(rows) => staging.put_bonus_rows(&rows)?,
            Batch::ForgetPurchases => {
                staging.remove_movements(|movement| movement.kind == MovementKind::Purchase)?;
            }
            Batch::ForgetBonusRows => {
                staging.remove_bonus_rows(|_| true)?;
            }
        }
    }
    Ok(staging)
}
