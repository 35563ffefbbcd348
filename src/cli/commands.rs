//! What each command does: ask the engine, print the report, name the exit code.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::acts::{
    AttachedEnd, attached_sync, check_and_tell, narrated_sync, search_report, tell_end, tell_sync,
};
use super::args::{Cli, Command, Global};
use super::attach::Attached;
use super::console;
use super::house::{SyncWish, WishedMode};
use super::metrics::MetricsFile;
use super::session::{EarlyEnd, Session, exit_code};
use super::{ExitCode, args, dashboard, demo, server, session, signals};
use crate::config;
use crate::dashboard::app::FirstRun;
use crate::dashboard::app::first_run::Step;
use crate::dashboard::app::set_up::SetUpForm;
use crate::engine::event::Outcome;
use crate::engine::{Finished, SyncMode};
use crate::engine::{ListPart, Request, Side, SyncOptions, Whom};
use crate::report::{self, json, log, summary};

mod completions;
mod doctor;
mod init;
mod man;
mod mirror;
mod reconcile;
mod service;
mod set_up;
mod simulate;
mod store;

use set_up::FirstSettings;

/// Runs a command to its end.
pub(super) async fn run(cli: Cli) -> ExitCode {
    let interrupted = match signals::outlive_file_limits().and_then(|()| signals::interruption()) {
        Ok(token) => token,
        Err(error) => {
            console::tell(&error.to_string());
            return ExitCode::Usage;
        }
    };
    if cli.tells_json() {
        console::tell_json();
    }
    let code = match Box::pin(dispatch(cli, &interrupted)).await {
        Ok(code) | Err(EarlyEnd(code)) => code,
    };
    log::end();
    session::tell_log_trouble();
    code
}

async fn dispatch(cli: Cli, interrupted: &CancellationToken) -> Result<ExitCode, EarlyEnd> {
    let global = &cli.global;
    match cli.command {
        None => Box::pin(dashboard(global, interrupted)).await,
        Some(Command::Demo(demo)) => Box::pin(demo::run(global, &demo, interrupted)).await,
        Some(Command::Sync(options)) => sync(global, options, interrupted).await,
        Some(Command::Check(options)) => Box::pin(or_interrupted(check(global, &options), interrupted)).await,
        Some(Command::Reconcile(options)) => reconcile::run(global, &options, interrupted).await,
        Some(Command::Search(options)) => or_interrupted(search(global, &options), interrupted).await,
        Some(Command::Mirror(options)) => {
            Box::pin(or_interrupted(mirror::run(global, options), interrupted)).await
        }
        Some(Command::Store(command)) => or_interrupted(store::run(global, command), interrupted).await,
        Some(Command::Status(options)) => or_interrupted(status(global, options), interrupted).await,
        Some(Command::Doctor) => Box::pin(or_interrupted(doctor::run(global), interrupted)).await,
        Some(Command::Engine(options)) => {
            if options.on_demand {
                // Whoever leads a session, or a job of a shell, stays where they are.
                let _ = rustix::process::setsid();
            }
            let session = Session::of_engine(global, &options).await?;
            Box::pin(server::run(session, options.on_demand, interrupted)).await
        }
        Some(Command::Simulate(options)) => simulate::run(options, interrupted).await,
        Some(Command::Init) => Box::pin(or_interrupted(init::run(global), interrupted)).await,
        Some(Command::Service(command)) => {
            Box::pin(or_interrupted(service::run(global, command), interrupted)).await
        }
        Some(Command::Completions(options)) => completions::run(options),
        Some(Command::Man(options)) => man::run(&options),
    }
}

/// A command that only reads may be dropped at any point.
async fn or_interrupted(
    command: impl Future<Output = Result<ExitCode, EarlyEnd>>,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    tokio::select! {
        biased;
        () = interrupted.cancelled() => Err(EarlyEnd(ExitCode::Interrupted)),
        result = command => result,
    }
}

async fn dashboard(global: &Global, interrupted: &CancellationToken) -> Result<ExitCode, EarlyEnd> {
    let Some(first_run) = first_run(global)? else {
        let session = Session::with_onec(global, &args::SyncArgs::default()).await?;
        return Box::pin(dashboard::run(&session, dashboard::Show::usual(global)))
            .await
            .map(dashboard::Left::code);
    };
    let session = Session::before_settings(global)?;
    let settings = Arc::new(FirstSettings::at(PathBuf::from(&first_run.path), global, session.texts));
    let show = dashboard::Show::first_run(global, first_run, Arc::clone(&settings) as _);
    match Box::pin(dashboard::run(&session, show)).await? {
        dashboard::Left::For(code) => Ok(code),
        dashboard::Left::ForDemo => {
            session::begin_no_log();
            Box::pin(demo::run(global, &args::Demo::default(), interrupted)).await
        }
        dashboard::Left::ForSettings => Box::pin(begin_anew(global, &settings)).await,
    }
}

/// The dashboard over settings that were made just now.
async fn begin_anew(global: &Global, settings: &FirstSettings) -> Result<ExitCode, EarlyEnd> {
    let mut session = Session::with_onec(global, &args::SyncArgs::default()).await?;
    session.warnings.extend(settings.take_told());
    Box::pin(dashboard::run(&session, dashboard::Show::begun(global))).await.map(dashboard::Left::code)
}

/// What to tell somebody at a terminal who has not said yet how to reach 1C; without a terminal it is an error.
fn first_run(global: &Global) -> Result<Option<FirstRun>, EarlyEnd> {
    let draft = session::draft(global, &args::SyncArgs::default())?;
    let is_drawn = console::is_terminal() && !global.plain;
    let (Some(missing), true) = (draft.missing.first(), is_drawn) else { return Ok(None) };
    let Ok(path) = config::config_path(global.config.as_deref()) else { return Ok(None) };
    let step = match &draft.file {
        Some(_) => Step::Incomplete,
        None => Step::Form(Box::new(SetUpForm::knowing(
            &draft.config.onec.url,
            &draft.config.onec.user,
            draft.secret.is_some(),
        ))),
    };
    Ok(Some(FirstRun { missing: (*missing).to_owned(), path: path.display().to_string(), step }))
}

async fn sync(
    global: &Global,
    options: args::SyncArgs,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_onec(global, &options).await?;
    let metrics = MetricsFile::of(options.metrics.metrics.as_deref(), &session)?;
    if options.rebuild {
        store::set_aside(&session).await?;
    }
    let mode = if options.delta { SyncMode::Delta } else { SyncMode::Full };
    let wanted = SyncOptions { accept_base: options.accept_base, mode, ..SyncOptions::default() };
    let attached = Attached::find_for_sync(&session.engine, session.texts, global).await;
    if let Some(engine) = &attached {
        let sync = &session.engine.config().sync;
        let mode = if options.delta { WishedMode::Delta } else { WishedMode::Full };
        let (days, limit) = (Some(sync.days), Some(sync.limit));
        let wish = SyncWish { mode, days, limit, accept_base: options.accept_base };
        let ended = attached_sync(&session, engine, wish, interrupted).await;
        let left = metrics.after_sync(&session, ended.as_ref().ok().map(|end| &end.finished)).await;
        let AttachedEnd { finished, problem, code, lines } = ended?;
        tell_end(&session, &finished, problem.as_ref());
        if session.json {
            session.print(&json::finished(&finished, problem.as_ref()))?;
        }
        return lines.map(|()| code.worst_of(left));
    }
    let finished = narrated_sync(&session, wanted, interrupted).await;
    let left = metrics.after_sync(&session, finished.as_ref().ok().map(|(finished, _)| finished)).await;
    let (finished, lines) = finished?;
    let code = told(&session, &finished)?;
    lines?;
    // Whoever ended the wait for a lock knows why it ended.
    let is_wait_over = interrupted.is_cancelled() && code != ExitCode::Done;
    Ok(if is_wait_over { ExitCode::Interrupted } else { code.worst_of(left) })
}

/// Tells how a sync ended.
fn told(session: &Session, finished: &Finished) -> Result<ExitCode, EarlyEnd> {
    let problem = tell_sync(session, finished);
    if session.json {
        session.print(&json::finished(finished, problem.as_ref()))?;
    }
    Ok(match (finished.summary.outcome, &finished.error) {
        (Outcome::Published, _) => ExitCode::Done,
        (Outcome::Cancelled, _) => ExitCode::Interrupted,
        (Outcome::Failed, error) => error.as_ref().map_or(ExitCode::OneC, exit_code),
    })
}

async fn check(global: &Global, options: &args::CheckArgs) -> Result<ExitCode, EarlyEnd> {
    let session = if options.offline {
        Session::with_store(global)?
    } else {
        Session::with_onec(global, &args::SyncArgs::default()).await?
    };
    let whom = match options.whom() {
        args::Whom::Phone(phone) => Whom::Phone(phone),
        args::Whom::Card(card) => Whom::Card(card),
        args::Whom::Query(query) => Whom::Query(query),
    };
    let side = if options.offline { Side::ControlTotals } else { Side::Live };
    let engine = Attached::find(&session.engine, session.texts, global).await;
    check_and_tell(&session, engine.as_ref(), &whom, side).await
}

async fn search(global: &Global, options: &args::Search) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_store(global)?;
    let query = options.query();
    let part = ListPart { limit: options.limit, ..ListPart::default() };
    let request = Request { query: query.clone(), part, ..Request::default() };
    let by_engine = match Attached::find(&session.engine, session.texts, global).await {
        Some(engine) => engine.list(request.clone()).await.ok().filter(|found| found.total > 0),
        None => None,
    };
    let found = match by_engine {
        Some(found) => found,
        // What is to be said of a store without anything in it, or that is damaged, is said here.
        None => session.engine.list(request).await.map_err(|error| session.ended_by(&error))?,
    };
    let report = search_report(query, found);
    let text = if session.json { json::search(&report) } else { summary::search(&report, session.texts) };
    session.print(&text)?;
    Ok(ExitCode::Done)
}

async fn status(global: &Global, options: args::StatusArgs) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_store(global)?;
    let status = session.engine.status().await.map_err(|error| session.ended_by(&error))?;
    session.tell_remark();
    let engine = Attached::look(session.engine.config(), session.texts, global).await.map(|it| it.engine);
    let lock = session.engine.lock().await;
    let report = report::StatusReport { engine, lock, ..session.status_report(status) };
    let text = if session.json { json::status(&report) } else { summary::status(&report, session.reader()) };
    session.print(&text)?;
    let is_well = !options.strict || report.attention().is_empty();
    Ok(if is_well { ExitCode::Done } else { ExitCode::Difference })
}
