//! What several commands do: sync with narration, check and print.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::narration::Narration;
use super::session::{EarlyEnd, Session, exit_code, output_lost};
use super::{ExitCode, console};
use crate::domain::Verdict;
use crate::engine::Finished;
use crate::engine::{Checked, Side, SyncOptions, Whom};
use crate::report::check::Facts;
use crate::report::{self, json, summary};

/// Syncs with narration; an error only where the sync could not begin. Says as well whether what was to be read on
/// standard output meanwhile got there.
pub(super) async fn narrated_sync(
    session: &Session,
    options: SyncOptions,
    interrupted: &CancellationToken,
) -> Result<(Finished, Result<(), EarlyEnd>), EarlyEnd> {
    let (narration, teller) = Narration::start(session);
    let finished = session.engine.sync(options, Arc::new(narration), interrupted).await;
    // The narration ends with the sync that held it; what it still has to say comes before the summary.
    let told = teller.await;
    let finished = finished.map_err(|error| session.ended_by(&error))?;
    session.tell_remark();
    match told {
        Ok(Err(error)) => Ok((finished, Err(output_lost(&error, session.texts)))),
        _ => Ok((finished, Ok(()))),
    }
}

/// Reconciles customers and prints each.
pub(super) async fn check_and_tell(session: &Session, whom: &Whom, side: Side) -> Result<ExitCode, EarlyEnd> {
    let checked = session.engine.check(whom, side).await.map_err(|error| session.ended_by(&error))?;
    let problem = checked.failure.as_ref().map(|error| session.problem(error));
    if session.json {
        session.print(&json::check(&checked.comparisons))?;
    } else {
        for (number, comparison) in checked.comparisons.iter().enumerate() {
            if number > 0 {
                session.print("\n")?;
            }
            let age = comparison.synced_at.and_then(|moment| session.engine.age(moment));
            let stale = comparison.synced_at.is_some_and(|moment| session.engine.is_stale(moment));
            let facts = Facts { age, stale, problem: problem.as_ref(), ..Facts::default() };
            session.print(&report::check::check(comparison, &facts, session.reader()))?;
        }
    }
    // The report says why 1C could not be asked; who reads both outputs on one screen need not read it twice.
    let is_told = !session.json && !checked.comparisons.is_empty() && console::is_one_screen();
    if let Some(problem) = problem.as_ref().filter(|_| !is_told) {
        console::tell(&summary::problem(problem, session.texts));
    }
    tell_how_many(session, &checked, side);
    session.tell_remark();
    let under = checked.comparisons.first().map(|comparison| &comparison.under);
    for finding in under.map(|under| under.findings()).unwrap_or_default() {
        console::tell(&summary::problem(&session.texts.finding(&finding), session.texts));
    }
    Ok(verdict_code(&checked))
}

fn tell_how_many(session: &Session, checked: &Checked, side: Side) {
    let (shown, total) = (checked.comparisons.len(), checked.total);
    if shown == 0 {
        let words = match side {
            Side::Live => report::check::nobody(session.texts),
            Side::ControlTotals => report::check::nobody_stored(session.texts),
        };
        console::tell(&words);
    } else if shown < total {
        console::tell(&report::check::cut(shown, total, session.texts));
    }
}

fn verdict_code(checked: &Checked) -> ExitCode {
    let nobody = checked.comparisons.is_empty();
    let codes = checked.comparisons.iter().map(|comparison| match comparison.verdict {
        Verdict::Variance => ExitCode::Difference,
        // Names that nothing bears prove nothing, whatever was compared by them.
        _ if comparison.is_hit_by_names() => ExitCode::Difference,
        Verdict::Reconciled | Verdict::BeforeWindow | Verdict::Unverified | Verdict::UnknownCard => {
            ExitCode::Done
        }
    });
    codes
        .chain(nobody.then_some(ExitCode::Difference))
        .chain(checked.failure.as_ref().map(exit_code))
        .collect()
}
