//! What several commands do: sync with narration, check and print.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::narration::Narration;
use super::session::{EarlyEnd, Session, exit_code, output_lost};
use super::{ExitCode, console};
use crate::config::LogLevel;
use crate::domain::{Comparison, Verdict};
use crate::engine::event::{Notice, Progress};
use crate::engine::{Checked, Side, SyncOptions, Whom};
use crate::engine::{Finished, Observer};
use crate::report::check::Facts;
use crate::report::log::{self, LogEntry};
use crate::report::{self, json, summary};
use crate::text::{Problem, Texts};

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

/// Tells how a sync ended. What 1C said of it is told, and not written down.
pub(super) fn tell_sync(session: &Session, finished: &Finished) -> Option<Problem> {
    let problem = finished.error.as_ref().map(|error| session.problem(error));
    if let Some(problem) = &problem {
        LogEntry::of_problem(LogLevel::Error, problem).write();
    }
    let logged = LogEntry::new(LogLevel::Info, &summary::sync(finished, None, session.texts));
    console::tell_as(&logged, &summary::sync(finished, problem.as_ref(), session.texts));
    problem
}

/// Reconciles customers and prints each.
pub(super) async fn check_and_tell(session: &Session, whom: &Whom, side: Side) -> Result<ExitCode, EarlyEnd> {
    let checked = session.engine.check_told(whom, side, Arc::new(LoggedTries(session.texts))).await;
    let checked = checked.map_err(|error| session.ended_by(&error))?;
    let problem = checked.failure.as_ref().map(|error| session.problem(error));
    checked.comparisons.iter().for_each(|it| log_check(it, session.texts));
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
    // The report says why 1C could not be asked; who reads both outputs in one place need not read it twice.
    let is_told = !session.json && !checked.comparisons.is_empty() && console::is_one_place();
    match &problem {
        Some(problem) if is_told && !console::tells_json() => {
            LogEntry::of_problem(LogLevel::Error, problem).write();
        }
        Some(problem) => console::problem(problem, session.texts),
        None => {}
    }
    tell_how_many(session, &checked, side);
    for code in &checked.phone_moved {
        console::tell(&report::check::phone_moved(code, session.texts));
    }
    session.tell_remark();
    let under = checked.comparisons.first().map(|comparison| &comparison.under);
    for finding in under.map(|under| under.findings()).unwrap_or_default() {
        console::finding(&finding, session.texts);
    }
    Ok(verdict_code(&checked))
}

/// What a check has to try again is written down.
struct LoggedTries(Texts);

impl Observer for LoggedTries {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        if matches!(notice, Notice::Retrying(..)) {
            LogEntry::of_notice(&notice, self.0).write();
        }
    }
}

/// Whom it was about, only the end of their card's code is written down.
fn log_check(it: &Comparison, texts: Texts) {
    let level = if it.verdict == Verdict::Variance { LogLevel::Warn } else { LogLevel::Info };
    LogEntry::new(level, &log::checked(&it.customer.code, it.verdict, texts)).write();
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
