//! What several commands do: sync with narration, check and print.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;

use super::attach::{Attached, Followed, Interrupted, Lost, problem_of};
use super::house::{CheckEnd, CheckWish, SyncWish};
use super::narration::Narration;
use super::place::{holder_of, socket_of};
use super::session::{EarlyEnd, Session, exit_code, output_lost};
use super::{ExitCode, console};
use crate::cli::clock;
use crate::config::LogLevel;
use crate::domain::{Comparison, Verdict};
use crate::engine::event::{Notice, Outcome, Progress, SyncSummary};
use crate::engine::{Checked, Found, Side, SyncOptions, Whom};
use crate::engine::{Error, Finished, Observer};
use crate::report::check::Facts;
use crate::report::log::{self, LogEntry};
use crate::report::{self, json, summary, third_column};
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
    Ok((finished, lines_of(told, session)))
}

/// Whether what was to be read on standard output meanwhile got there.
fn lines_of(told: Result<io::Result<()>, JoinError>, session: &Session) -> Result<(), EarlyEnd> {
    match told {
        Ok(Err(error)) => Err(output_lost(&error, session.texts)),
        _ => Ok(()),
    }
}

/// How a sync of the engine ended.
pub(super) struct AttachedEnd {
    /// What it did.
    pub(super) finished: Finished,
    /// Why it failed.
    pub(super) problem: Option<Problem>,
    /// What the shell is told.
    pub(super) code: ExitCode,
    /// Whether what was to be read on standard output meanwhile got there.
    pub(super) lines: Result<(), EarlyEnd>,
}

/// The same sync by the engine that runs, which goes on whatever becomes of this terminal.
pub(super) async fn attached_sync(
    session: &Session,
    engine: &Attached,
    wish: SyncWish,
    interrupted: &CancellationToken,
) -> Result<AttachedEnd, EarlyEnd> {
    let (narration, teller) = Narration::start(session);
    let followed = async {
        let begun = engine.begin(&wish).await?;
        engine.follow(begun, Arc::new(narration), interrupted, Interrupted::CancelsOwn).await
    };
    let followed = followed.await;
    let lines = lines_of(teller.await, session);
    let end = match followed {
        Ok(Followed::Ended(end)) => end,
        Ok(Followed::Left) => {
            console::tell(&session.texts.get("engine-sync-goes-on"));
            return Err(EarlyEnd(ExitCode::Interrupted));
        }
        // Whoever ended it meant what it was at as well.
        Err(Lost) if has_ended_in_order(session).await => {
            let summary = SyncSummary::only(Outcome::Cancelled);
            let finished = Finished { summary, error: None, delta: None };
            let problem = Some(session.problem(&Error::Cancelled));
            return Ok(AttachedEnd { finished, problem, code: ExitCode::Interrupted, lines });
        }
        Err(Lost) => {
            console::problem(&session.texts.problem("engine-lost", &[]), session.texts);
            return Err(EarlyEnd(ExitCode::OneC));
        }
    };
    let (code, problem) = (ExitCode::of_number(end.exit), end.failure.map(problem_of));
    let Some(summary) = end.summary else {
        if let Some(problem) = &problem {
            console::problem(problem, session.texts);
        }
        return Err(EarlyEnd(code));
    };
    let finished = Finished { summary: *summary, error: None, delta: end.delta };
    Ok(AttachedEnd { finished, problem, code, lines })
}

/// How long an engine takes to end in order, and between two looks whether it has.
const ENDING: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Whether the engine that does not answer any more was told to end: then it takes its socket with it.
async fn has_ended_in_order(session: &Session) -> bool {
    let config = session.engine.config();
    let ended = async {
        while holder_of(&config.store).is_some() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let is_gone = tokio::time::timeout(ENDING, ended).await.is_ok();
    is_gone && !socket_of(config).exists()
}

/// Tells how a sync ended. What 1C said of it is told, and not written down.
pub(super) fn tell_sync(session: &Session, finished: &Finished) -> Option<Problem> {
    let problem = finished.error.as_ref().map(|error| session.problem(error));
    tell_end(session, finished, problem.as_ref());
    problem
}

/// The same where the problem is worded already; how it was written down.
pub(super) fn tell_end(session: &Session, finished: &Finished, problem: Option<&Problem>) -> LogEntry {
    if let Some(problem) = problem {
        LogEntry::of_problem(LogLevel::Error, problem).write();
    }
    let logged = LogEntry::new(LogLevel::Info, &summary::sync(finished, None, session.reader()));
    console::tell_as(&logged, &summary::sync(finished, problem, session.reader()));
    logged
}

/// Reconciles customers and prints each: by the engine that runs, else alone.
pub(super) async fn check_and_tell(
    session: &Session,
    engine: Option<&Attached>,
    whom: &Whom,
    side: Side,
) -> Result<ExitCode, EarlyEnd> {
    if let Some(engine) = engine {
        let wish = CheckWish { whom: whom.clone(), offline: side == Side::ControlTotals };
        if let Ok(end) = engine.check(&wish).await {
            let exit = ExitCode::of_number(end.exit);
            let problem = end.failure.clone().map(problem_of);
            if let Some(problem) = problem.as_ref().filter(|_| !end.could_begin) {
                console::problem(problem, session.texts);
                return Err(EarlyEnd(exit));
            }
            let CheckEnd { comparisons, total, phone_moved, portal_not_asked, .. } = end;
            let checked = Checked { comparisons, total, portal_not_asked, phone_moved, ..Checked::default() };
            return tell_check(session, &checked, problem.as_ref(), exit, side);
        }
    }
    let checked = session.engine.check_told(whom, side, Arc::new(LoggedTries(session.texts))).await;
    let checked = checked.map_err(|error| session.ended_by(&error))?;
    let problem = checked.failure.as_ref().map(|error| session.problem(error));
    let exit = checked.failure.as_ref().map(exit_code).unwrap_or_default();
    tell_check(session, &checked, problem.as_ref(), exit, side)
}

/// Prints what was compared. `exit` is what the shell is told of what went wrong.
fn tell_check(
    session: &Session,
    checked: &Checked,
    problem: Option<&Problem>,
    exit: ExitCode,
    side: Side,
) -> Result<ExitCode, EarlyEnd> {
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
            let facts = Facts { age, stale, problem, ..Facts::default() };
            session.print(&report::check::check(comparison, &facts, session.reader()))?;
            session.print(&third_column::text(comparison, session.reader()))?;
        }
    }
    // The report says why 1C could not be asked; who reads both outputs in one place need not read it twice.
    let is_told = !session.json && !checked.comparisons.is_empty() && console::is_one_place();
    match problem {
        Some(problem) if is_told && !console::tells_json() => {
            LogEntry::of_problem(LogLevel::Error, problem).write();
        }
        Some(problem) => _ = console::problem(problem, session.texts),
        None => {}
    }
    tell_how_many(session, checked, side);
    if let Some(code) = &checked.portal_not_asked {
        console::warn(&third_column::not_asked(code, session.texts));
    }
    for code in &checked.phone_moved {
        console::tell(&report::check::phone_moved(code, session.texts));
    }
    session.tell_remark();
    let under = checked.comparisons.first().map(|comparison| &comparison.under);
    for finding in under.map(|under| under.findings()).unwrap_or_default() {
        console::finding(&finding, session.texts);
    }
    Ok(verdict_code(checked).worst_of(exit))
}

/// What a check has to try again is written down.
struct LoggedTries(Texts);

impl Observer for LoggedTries {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        if matches!(notice, Notice::Retrying(..)) {
            LogEntry::of_notice(&notice, clock::reader(self.0)).write();
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
    codes.chain(nobody.then_some(ExitCode::Difference)).collect()
}

/// What is told of a search.
pub(super) fn search_report(query: String, found: Found) -> report::SearchReport {
    report::SearchReport {
        query,
        read_as: found.read_as.map(|it| report::ReadAs { by: it.by.name(), query: it.text }),
        total: found.total as u64,
        took: found.took,
        found: found
            .rows
            .into_iter()
            .map(|row| report::FoundCustomer {
                customer: row.customer,
                total: row.total,
                points: row.points,
                matched: row.matched.into_iter().map(crate::domain::CustomerField::name).collect(),
                verdict: row.verdict,
                variance: row.variance.map(|variance| variance.all),
            })
            .collect(),
    }
}
