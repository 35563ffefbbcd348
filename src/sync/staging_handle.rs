//! Who holds the staging: the writer while rows come, whoever looks through them in between.

use super::Error;
use super::staging_writer::{Batch, Writer, joined};
use crate::store::{self, Staging};

/// The staging of one sync. Rows are handed over one batch after another; between two batches all that was
/// handed over can be looked at and changed.
#[derive(Debug)]
pub(super) struct StagingHandle {
    /// Gone only once looking failed: the staging is lost then, and with it the sync.
    writer: Option<Writer>,
}

impl StagingHandle {
    pub(super) fn new(staging: Staging) -> Self {
        Self { writer: Some(Writer::start(staging)) }
    }

    /// Hands a batch over. A failure to write it is told by [`Self::finish`].
    pub(super) async fn put(&self, batch: Batch) {
        if let Some(writer) = &self.writer {
            writer.put(batch).await;
        }
    }

    /// Whether writing has failed: nothing more is taken.
    pub(super) fn has_failed(&self) -> bool {
        self.writer.as_ref().is_none_or(Writer::has_failed)
    }

    /// Looks at all that was handed over so far, or changes it.
    pub(super) async fn look<R: Send + 'static>(
        &mut self,
        look: impl FnOnce(&mut Staging) -> Result<R, store::Error> + Send + 'static,
    ) -> Result<R, Error> {
        let mut staging = self.take().await?;
        let looked = tokio::task::spawn_blocking(move || look(&mut staging).map(|seen| (seen, staging)));
        let (seen, staging) = joined(looked.await)?;
        self.writer = Some(Writer::start(staging));
        Ok(seen)
    }

    /// The staging with all that was handed over.
    pub(super) async fn finish(mut self) -> Result<Staging, Error> {
        self.take().await
    }

    async fn take(&mut self) -> Result<Staging, Error> {
        match self.writer.take() {
            Some(writer) => writer.finish().await,
            None => Err(Error::Internal("the staging was lost".into())),
        }
    }
}
