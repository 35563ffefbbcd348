//! `--metrics FILE`: figures for Prometheus' textfile collector, left where it looks for them.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::ExitCode;
use super::clock::SystemClock;
use super::commands::status_report;
use super::console;
use super::session::{Ended, Session};
use crate::engine::Clock;
use crate::report::reconcile::Head;
use crate::report::{PublishedStatus, metrics, summary};
use crate::sync::Finished;
use crate::text::Texts;

/// What the names of files begin with that are not yet in place: the collector reads `*.prom` alone.
const UNFINISHED: &str = ".sverka-metrics-";

/// Everybody may read: the collector is another user as a rule, and no figure is a customer's.
#[cfg(unix)]
const MODE: u32 = 0o644;

/// Where figures are left, if anywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct MetricsFile<'a>(Option<&'a Path>);

impl<'a> MetricsFile<'a> {
    /// The place asked for. One that cannot hold a file is refused before anything is done.
    pub(super) fn of(path: Option<&'a Path>, texts: Texts) -> Result<Self, Ended> {
        if let Some(path) = path
            && (path.is_dir() || !folder_of(path).is_dir())
        {
            let problem = texts.problem("metrics-place", &[("path", path.into())]);
            console::tell(&summary::problem(&problem, texts));
            return Err(Ended(ExitCode::Usage));
        }
        Ok(Self(path))
    }

    /// Leaves the figures of a sync, however it ended. Figures that cannot be left are told and change no exit
    /// code: what the sync published is published.
    pub(super) async fn after_sync(self, session: &Session, finished: Option<&Finished>) {
        let Some(path) = self.0 else { return };
        let text = metrics::sync(&metrics::SyncRun {
            at: SystemClock.now(),
            finished,
            published: published(session).await.as_ref(),
            stale_after: Some(session.engine.config().sync.stale_after),
        });
        leave(session, path, &text);
    }

    /// Leaves the figures of a reconciliation, however it ended.
    pub(super) async fn after_reconcile(
        self,
        session: &Session,
        took: Duration,
        reconciled: Option<(&Head, u64)>,
    ) {
        let Some(path) = self.0 else { return };
        let text = metrics::reconcile(&metrics::ReconcileRun {
            at: SystemClock.now(),
            took,
            reconciled: reconciled.map(|(head, _)| head),
            requests: reconciled.map_or(0, |(_, requests)| requests),
            published: published(session).await.as_ref(),
            stale_after: Some(session.engine.config().sync.stale_after),
        });
        leave(session, path, &text);
    }
}

async fn published(session: &Session) -> Option<PublishedStatus> {
    let status = session.engine.status().await.ok()?;
    status_report(session, status).published
}

fn leave(session: &Session, path: &Path, text: &str) {
    if let Err(error) = replace(path, text) {
        let values = [("path", path.into()), ("why", error.to_string().into())];
        let problem = session.texts.problem("metrics-not-left", &values);
        console::tell(&summary::problem(&problem, session.texts));
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts a file in the place of another, or of none, as a whole: whoever reads sees the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(MODE))?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
