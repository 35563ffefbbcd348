//! `--metrics FILE`: figures for Prometheus' textfile collector, left where it looks for them.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::ExitCode;
use super::clock::SystemClock;
use super::console;
use super::session::{EarlyEnd, Session};
use crate::engine::Clock;
use crate::engine::Finished;
use crate::files::{Place, Refusal, Replace, Wish};
use crate::report::reconcile::Head;
use crate::report::{PublishedStatus, metrics};

/// What a file of ours begins with: no other one is replaced.
const OURS: Replace = Replace::BeginsWith("# HELP sverka_");

/// Everybody may read: the collector is another user as a rule, and no figure is a customer's.
const MODE: u32 = 0o644;

/// Where figures are left, if anywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct MetricsFile<'a>(Option<&'a Path>);

impl<'a> MetricsFile<'a> {
    /// The place asked for. One that cannot take the figures is refused before anything is done.
    pub(super) fn of(path: Option<&'a Path>, session: &Session) -> Result<Self, EarlyEnd> {
        if let Some(path) = path
            && let Err(refusal) = Place::find(&wish(session, path))
        {
            let problem = match refusal {
                Refusal::Io(_) => session.texts.problem("metrics-place", &[("path", path.into())]),
                other => session.texts.refused(path, &other),
            };
            console::problem(&problem, session.texts);
            return Err(EarlyEnd(ExitCode::Usage));
        }
        Ok(Self(path))
    }

    /// Leaves the figures of a sync, however it ended. Figures that cannot be left are a failure, though what the sync
    /// published is published: whoever watches by them would go on looking at those of before.
    pub(super) async fn after_sync(self, session: &Session, finished: Option<&Finished>) -> ExitCode {
        let Some(path) = self.0 else { return ExitCode::Done };
        let report = session.engine.status().await.ok().map(|status| session.status_report(status));
        let text = metrics::sync(&metrics::SyncRun {
            mirror: report.as_ref().and_then(|it| it.mirror.as_ref()),
            at: SystemClock.now(),
            finished,
            published: report.as_ref().and_then(|it| it.published.as_ref()),
            stale_after: Some(session.engine.config().sync.stale_after),
        });
        leave(session, path, &text)
    }

    /// Leaves the figures of a reconciliation, however it ended.
    pub(super) async fn after_reconcile(
        self,
        session: &Session,
        took: Duration,
        reconciled: Option<(&Head, u64)>,
    ) -> ExitCode {
        let Some(path) = self.0 else { return ExitCode::Done };
        let text = metrics::reconcile(&metrics::ReconcileRun {
            at: SystemClock.now(),
            took,
            reconciled: reconciled.map(|(head, _)| head),
            requests: reconciled.map_or(0, |(_, requests)| requests),
            published: published(session).await.as_ref(),
            stale_after: Some(session.engine.config().sync.stale_after),
        });
        leave(session, path, &text)
    }
}

async fn published(session: &Session) -> Option<PublishedStatus> {
    let status = session.engine.status().await.ok()?;
    session.status_report(status).published
}

/// Puts the figures in the place of others, or of none, as a whole: whoever reads sees the old ones or the new ones.
fn leave(session: &Session, path: &Path, text: &str) -> ExitCode {
    let left = tokio::task::block_in_place(|| {
        let mut writing = Place::find(&wish(session, path))?.begin()?;
        writing.write_all(text.as_bytes())?;
        writing.finish()
    });
    let problem = match left {
        Ok(()) => return ExitCode::Done,
        Err(Refusal::Io(error)) => {
            let why = session.texts.writing(&error);
            session.texts.problem("metrics-not-left", &[("path", path.into()), ("why", why.into())])
        }
        Err(refusal) => session.texts.refused(path, &refusal),
    };
    console::problem(&problem, session.texts);
    ExitCode::Usage
}

fn wish<'a>(session: &'a Session, path: &'a Path) -> Wish<'a> {
    Wish { path, replace: OURS, mode: MODE, kept: &session.kept }
}
