//! The one writer to the staging area: batch after batch, each where blocking is allowed, while the network
//! goes on.
//!
//! Every batch is a short task of its own: nothing blocks between batches, so that a runtime whose clock is
//! paused moves on while 1C is waited for.

use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Error;
use crate::domain::{BonusRow, Movement, MovementKind};
use crate::store::{self, ListedCustomer, Staging, StoredProduct};

/// Rows of one kind, ready for the store.
#[derive(Debug)]
pub(super) enum Batch {
    Customers(Vec<ListedCustomer>),
    Products(Vec<StoredProduct>),
    Movements(Vec<Movement>),
    BonusRows(Vec<BonusRow>),
    /// Purchases staged so far are read again in another way.
    ForgetPurchases,
    /// Bonus rows staged so far are read again in another way.
    ForgetBonusRows,
}

/// Takes batches one at a time: a batch is handed over when the one before is written.
#[derive(Debug)]
pub(super) struct Writer(Mutex<Lane>);

/// Where the staging area is.
#[derive(Debug)]
enum Lane {
    /// Here, waiting for a batch.
    Idle(Box<Staging>),
    /// With the batch being written.
    Writing(JoinHandle<Result<Staging, store::Error>>),
    /// Lost with the batch that failed.
    Failed(Error),
}

impl Writer {
    /// A writer to this staging area.
    pub(super) fn start(staging: Staging) -> Self {
        Self(Mutex::new(Lane::Idle(Box::new(staging))))
    }

    /// Hands a batch over; waits while the one before is being written. A failure is told by [`Self::finish`].
    pub(super) async fn put(&self, batch: Batch) {
        let mut lane = self.0.lock().await;
        lane.rest().await;
        lane.begin(batch);
    }

    /// Whether a batch before the last one failed: nothing more is taken.
    pub(super) fn has_failed(&self) -> bool {
        self.0.try_lock().is_ok_and(|lane| matches!(*lane, Lane::Failed(_)))
    }

    /// Waits for what was handed over to be written.
    pub(super) async fn finish(self) -> Result<Staging, Error> {
        match self.0.into_inner() {
            Lane::Idle(staging) => Ok(*staging),
            Lane::Writing(task) => joined(task.await),
            Lane::Failed(error) => Err(error),
        }
    }
}

impl Lane {
    /// Waits for the batch at work. Dropped on the way, it leaves the batch where it is.
    async fn rest(&mut self) {
        if let Self::Writing(task) = self {
            *self = joined(task.await).map_or_else(Self::Failed, |staging| Self::Idle(Box::new(staging)));
        }
    }

    /// Begins to write a batch, where the staging area is at hand.
    fn begin(&mut self, batch: Batch) {
        let lost = Self::Failed(Error::Internal("the staging area is lost".into()));
        *self = match std::mem::replace(self, lost) {
            Self::Idle(staging) => Self::Writing(spawn_blocking(move || written(*staging, batch))),
            other => other,
        };
    }
}

/// The result of a blocking task; a panic in it is a failure like any other.
pub(super) fn joined<T, E: Into<Error>>(
    result: Result<Result<T, E>, tokio::task::JoinError>,
) -> Result<T, Error> {
    result?.map_err(Into::into)
}

fn written(mut staging: Staging, batch: Batch) -> Result<Staging, store::Error> {
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
    Ok(staging)
}
