//! What each command does: ask the engine, print the report, name the exit code.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::args::{Cli, Command, Global};
use super::console;
use super::session::{Ended, Session, exit_code, usage};
use super::{ExitCode, args, demo, desk, narration::Narration, signals};
use crate::config::{self, Environment, Language};
use crate::domain::Verdict;
use crate::engine::{Checked, Found, Side, Status, SyncOptions, Whom};
use crate::report::check::Facts;
use crate::report::{self, json, summary};
use crate::sync::Finished;
use crate::sync::event::Outcome;
use crate::text::Texts;

mod doctor;
mod simulate;

/// Runs a command to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let interrupted = match signals::interruption() {
        Ok(token) => token,
        Err(error) => {
            console::tell(&error.to_string());
            return ExitCode::Usage;
        }
    };
    match dispatch(cli, &interrupted).await {
        Ok(code) | Err(Ended(code)) => code,
    }
}

async fn dispatch(cli: Cli, interrupted: &CancellationToken) -> Result<ExitCode, Ended> {
    let global = &cli.global;
    match cli.command {
        None => dashboard(global).await,
        Some(Command::Demo(demo)) => demo::run(global, &demo, interrupted).await,
        Some(Command::Sync(options)) => sync(global, options, interrupted).await,
        Some(Command::Check(options)) => or_interrupted(check(global, &options), interrupted).await,
        Some(Command::Search(options)) => or_interrupted(search(global, &options), interrupted).await,
        Some(Command::Status) => or_interrupted(status(global), interrupted).await,
        Some(Command::Doctor) => or_interrupted(doctor::run(global), interrupted).await,
        Some(Command::Simulate(options)) => simulate::run(options, interrupted).await,
        Some(Command::Init) => init(global),
    }
}

/// A command that only reads may be dropped at any point.
async fn or_interrupted(
    command: impl Future<Output = Result<ExitCode, Ended>>,
    interrupted: &CancellationToken,
) -> Result<ExitCode, Ended> {
    tokio::select! {
        biased;
        () = interrupted.cancelled() => Err(Ended(ExitCode::Interrupted)),
        result = command => result,
    }
}

async fn dashboard(global: &Global) -> Result<ExitCode, Ended> {
    let session = Session::with_onec(global, &args::Sync::default()).await?;
    desk::run(&session, false).await
}

async fn sync(
    global: &Global,
    options: args::Sync,
    interrupted: &CancellationToken,
) -> Result<ExitCode, Ended> {
    let session = Session::with_onec(global, &options).await?;
    let finished = narrated_sync(&session, options.accept_base, interrupted).await?;
    Ok(told(&session, &finished))
}

/// Syncs with narration; an error only where the sync could not begin.
pub(super) async fn narrated_sync(
    session: &Session,
    accept_base: bool,
    interrupted: &CancellationToken,
) -> Result<Finished, Ended> {
    let (narration, teller) = Narration::start(session.texts, session.json);
    let options = SyncOptions { accept_base };
    let finished = session.engine.sync(options, Arc::new(narration), interrupted).await;
    // The narration ends with the sync that held it; what it still has to say comes before the summary.
    let _ = teller.await;
    finished.map_err(|error| session.ended_by(&error))
}

/// Tells how a sync ended.
fn told(session: &Session, finished: &Finished) -> ExitCode {
    let problem = finished.error.as_ref().map(|error| session.problem(error));
    console::tell(&summary::sync(&finished.summary, problem.as_ref(), session.texts));
    if session.json {
        console::print(&json::finished(&finished.summary, problem.as_ref()));
    }
    match (finished.summary.outcome, &finished.error) {
        (Outcome::Published, _) => ExitCode::Done,
        (Outcome::Cancelled, _) => ExitCode::Interrupted,
        (Outcome::Failed, error) => error.as_ref().map_or(ExitCode::OneC, exit_code),
    }
}

async fn check(global: &Global, options: &args::Check) -> Result<ExitCode, Ended> {
    let session = if options.offline {
        Session::with_store(global)?
    } else {
        Session::with_onec(global, &args::Sync::default()).await?
    };
    let whom = match options.whom() {
        args::Whom::Phone(phone) => Whom::Phone(phone),
        args::Whom::Card(card) => Whom::Card(card),
        args::Whom::Query(query) => Whom::Query(query),
    };
    let side = if options.offline { Side::ControlTotals } else { Side::Live };
    check_and_tell(&session, &whom, side).await
}

/// Reconciles customers and prints each.
pub(super) async fn check_and_tell(session: &Session, whom: &Whom, side: Side) -> Result<ExitCode, Ended> {
    let checked = session.engine.check(whom, side).await.map_err(|error| session.ended_by(&error))?;
    let problem = checked.failure.as_ref().map(|error| session.problem(error));
    if session.json {
        console::print(&json::check(&checked.comparisons));
    } else {
        for comparison in &checked.comparisons {
            let age = comparison.synced_at.map(|moment| session.engine.age(moment));
            let stale = age.is_some_and(|age| age > session.engine.config().sync.stale_after);
            let facts = Facts { age, stale, problem: problem.as_ref() };
            console::print(&report::check::check(comparison, &facts, session.reader()));
        }
    }
    if let Some(problem) = &problem {
        console::tell(&summary::problem(problem, session.texts));
    }
    tell_how_many(session, &checked, side);
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
        Verdict::Reconciled | Verdict::BeforeWindow | Verdict::Unverified => ExitCode::Done,
    });
    codes
        .chain(nobody.then_some(ExitCode::Difference))
        .chain(checked.failure.as_ref().map(exit_code))
        .collect()
}

async fn search(global: &Global, options: &args::Search) -> Result<ExitCode, Ended> {
    let session = Session::with_store(global)?;
    let query = options.query();
    let found =
        session.engine.search(&query, options.limit).await.map_err(|error| session.ended_by(&error))?;
    let report = search_report(query, found);
    let text = if session.json { json::search(&report) } else { summary::search(&report, session.texts) };
    console::print(&text);
    Ok(ExitCode::Done)
}

fn search_report(query: String, found: Found) -> report::SearchReport {
    report::SearchReport {
        query,
        read_as: found.read_as,
        total: found.total as u64,
        took: found.took,
        found: found
            .rows
            .into_iter()
            .map(|row| report::Found {
                customer: row.customer,
                total: row.total.unwrap_or_default(),
                points: row.points.unwrap_or_default(),
                matched: row.matched.into_iter().map(crate::search::Field::name).collect(),
            })
            .collect(),
    }
}

async fn status(global: &Global) -> Result<ExitCode, Ended> {
    let session = Session::with_store(global)?;
    let status = session.engine.status().await.map_err(|error| session.ended_by(&error))?;
    let report = status_report(&session, status);
    let text = if session.json { json::status(&report) } else { summary::status(&report, session.reader()) };
    console::print(&text);
    Ok(ExitCode::Done)
}

fn status_report(session: &Session, status: Status) -> report::StatusReport {
    let store = session.engine.config().store.clone();
    let published = status.generation.map(|generation| report::PublishedStatus {
        generation: generation.id,
        synced_at: generation.synced_at,
        age: status.age.unwrap_or_default(),
        stale: status.is_stale,
        cards: generation.counts.cards,
        movements: generation.counts.opening_balances.lines + generation.counts.purchases.lines,
        variances: generation.counts.variances,
        unverified: generation.counts.unverified,
    });
    let running = status.writer.map(|_| report::RunningStatus { stage: None, overall: None });
    let last_syncs = status.runs.into_iter().map(run_status).collect();
    report::StatusReport { store, published, running, last_syncs }
}

fn run_status(run: crate::store::Run) -> report::RunStatus {
    use crate::store::RunOutcome;
    report::RunStatus {
        started_at: run.started_at,
        took: run.took,
        outcome: match run.outcome {
            RunOutcome::Published => Outcome::Published,
            RunOutcome::Failed => Outcome::Failed,
            RunOutcome::Cancelled => Outcome::Cancelled,
        },
        generation: run.generation,
        cards: run.cards,
        movements: run.movements,
        created: run.changes.created,
        changed: run.changes.changed,
        removed: run.changes.removed,
        skipped: run.rejected,
        retries: run.retries,
        variances: run.variances,
        unverified: run.unverified,
        error: run.error,
    }
}

fn init(global: &Global) -> Result<ExitCode, Ended> {
    let environment =
        Environment::of_process().map_err(|error| usage(&error, Texts::new(Language::default())))?;
    let texts = Texts::new(config::language_of(&environment));
    let path = config::config_path(global.config.as_deref()).map_err(|error| usage(&error, texts))?;
    config::init(&path).map_err(|error| usage(&error, texts))?;
    console::tell(&texts.with("config-written", &[("path", path.display().to_string().into())]));
    Ok(ExitCode::Done)
}
