//! What the dashboard asks of the engine behind it.

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::reconcile::Order;
use crate::app::{
    By, CustomerDetail, Exported, Failure, Kept, Listed, LiveCheck, Part, Portal, RawFields, ReconcileId,
    ReconcileProgress, Reconciled, Request, SearchReply, Status, Wanted,
};
use crate::domain::CardId;
use crate::sync::event::{Notice, Progress, Summary};

/// The engine as the dashboard sees it. Each call returns at once; the future is run as a task of its own.
/// A future that breaks (panics) is told to the user and changes nothing else.
pub trait Backend: Send + Sync + 'static {
    /// A part of the customers that a query and a filter leave.
    fn search(&self, request: Request) -> BoxFuture<'static, Result<SearchReply, Failure>>;

    /// All that is stored of a customer, compared with 1C's control totals of the last sync.
    fn open(&self, card: CardId) -> BoxFuture<'static, Result<CustomerDetail, Failure>>;

    /// The customer compared with their rows read from 1C now.
    fn check(&self, card: CardId) -> BoxFuture<'static, Result<LiveCheck, Failure>>;

    /// The customer's fields as 1C has them now.
    fn fields(&self, card: CardId) -> BoxFuture<'static, Result<RawFields, Failure>>;

    /// The last sync, before and after, for the base and for a customer; `None` before the first sync.
    fn portal(&self, card: Option<CardId>) -> BoxFuture<'static, Result<Option<Portal>, Failure>>;

    /// Puts a text into a file of its own, named like `name`, that nobody else may read. Its path.
    fn save(&self, name: String, text: String) -> BoxFuture<'static, Result<String, Failure>>;

    /// Compares the whole base with 1C; ends soon after `cancel`. What was found is kept under its number until the
    /// next one ends well.
    fn reconcile(
        &self,
        id: ReconcileId,
        by: By,
        watch: ReconcileWatch,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Reconciled, Failure>>;

    /// A part of the cards of the reconciliation kept under this number.
    fn reconciled(
        &self,
        id: ReconcileId,
        wanted: Wanted,
        part: Part,
    ) -> BoxFuture<'static, Result<Listed, Failure>>;

    /// Writes cards of a reconciliation into a new file that nobody else may read, and tells how many are written.
    /// A file that is not whole is left nowhere; soon after `cancel` it is given up.
    fn export(
        &self,
        order: Order,
        written: watch::Sender<u64>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Exported, Failure>>;

    /// One sync; ends soon after `cancel` with what was published before untouched. Called again only after
    /// the last one ended.
    fn sync(
        &self,
        watch: SyncWatch,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Summary, Failure>>;

    /// Writes the commented settings, where there are none.
    fn write_settings(&self) -> BoxFuture<'static, Result<(), Failure>>;

    /// Keeps the small state of the dashboard for the next time. Called once, at the end.
    fn keep(&self, kept: &Kept);

    /// Reads all that is stored again; a failure where it is not what was published.
    fn verify(&self) -> BoxFuture<'static, Result<(), Failure>>;

    /// How the store stands.
    fn status(&self) -> BoxFuture<'static, Status>;
}

/// Where a running reconciliation tells how it goes.
#[derive(Clone, Debug)]
pub struct ReconcileWatch {
    /// Overwritten, never queued.
    pub progress: watch::Sender<ReconcileProgress>,
    /// Lines for the journal.
    pub notices: mpsc::Sender<Notice>,
}

/// Where a running sync tells how it goes.
#[derive(Clone, Debug)]
pub struct SyncWatch {
    /// Overwritten, never queued.
    pub progress: watch::Sender<Progress>,
    /// Lines for the journal; bounded, so a sender may have to wait.
    pub notices: mpsc::Sender<Notice>,
}
