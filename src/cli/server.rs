//! The engine as a process: it syncs one store, by itself and when it is asked, and answers whoever attaches.
//!
//! ```text
//! connection ──▶ door: who may, Host ──▶ routes ──▶ engine, report ──▶ what commands print as JSON
//!   (limits)                               ├──▶ syncs: one at a time ──▶ hub ──▶ events, journal
//!                                          └──▶ desk: the dashboard's own questions
//! ```
//! A lock beside the store decides that there is one engine of it, never the socket: that outlives a process that was
//! killed.

mod body;
mod caller;
mod connection;
mod door;
mod events;
mod exports;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod house;
mod hub;
mod idle;
mod paced;
mod reconciliations;
mod reply;
mod routes;
mod schedule;
mod seat;
mod served;
mod syncs;
mod tls;

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::ExitCode;
use super::clock::SystemClock;
use super::console;
use super::serving;
use super::session::{EarlyEnd, Session};
use crate::config::LogLevel;
use crate::engine::Clock;
use crate::report::log::{self, LogEntry};
use crate::text::{Problem, Texts};

use connection::Reception;
use door::Door;
use seat::Seat;
use served::Served;
use tls::Tls;

/// How long answers under way may take once the engine ends.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Runs the engine until it is told to end.
pub(super) async fn run(
    session: Session,
    is_on_demand: bool,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    let texts = session.texts;
    let refused = |problem: Problem| {
        console::problem(&problem, texts);
        EarlyEnd(ExitCode::Store)
    };
    let door =
        Door::by(&session.engine.config().engine, texts).map_err(|problem| misset(&problem, &session))?;
    let tls =
        Tls::by(&session.engine.config().engine, texts).map_err(|problem| misset(&problem, &session))?;
    let old = tls.as_ref().and_then(|tls| tls.warning(SystemClock.now()));
    for warning in Door::warnings(&session.engine.config().engine, texts).into_iter().chain(old) {
        console::warn(&warning);
    }
    let seat = Seat::take(session.engine.config(), texts).map_err(refused)?;
    let tcp = listen(&session).await.map_err(|problem| misset(&problem, &session))?;
    let listening = tcp.as_ref().and_then(|tcp| tcp.local_addr().ok());
    let address = listening.map(|it| format!("{}://{it}", if tls.is_some() { "https" } else { "http" }));
    let served = Arc::new(Served::new(session, is_on_demand));
    let said = tell_beginning(&served, &seat, address.as_deref());
    let over = served.hub.over.clone();
    let door = Arc::new(door.listening_at(listening));
    let reception = Reception { served: Arc::clone(&served), door, over: over.clone() };
    let socket = seat.listener().map_err(|error| refused(seat::unusable(&error, seat.path(), texts)))?;
    let sockets = tokio::spawn(reception.clone().take(socket));
    let tcp = tcp.map(|tcp| reception.take_by_tcp(tcp, tls));
    let schedule = tokio::spawn(schedule::run(Arc::clone(&served)));
    let unneeded = interrupted.child_token();
    let ends = tokio::spawn(end_by_itself(Arc::clone(&served), unneeded.clone()));
    serving::until_interrupted(&said, &unneeded, texts).await;
    ends.abort();
    schedule.abort();
    // A sync that was cut off leaves its checkpoint first.
    served.syncs.end().await;
    served.reconciliations.cancel();
    over.cancel();
    let _ = tokio::time::timeout(LAST_ANSWERS, sockets).await;
    if let Some(tcp) = tcp {
        let _ = tokio::time::timeout(LAST_ANSWERS, tcp).await;
    }
    drop(seat);
    served.hub.note(&LogEntry::new(LogLevel::Info, &texts.get("engine-ended")));
    if served.renewal.is_cancelled() && !interrupted.is_cancelled() {
        return Err(begun_anew(texts));
    }
    Ok(ExitCode::Done)
}

/// Ends an engine that nobody needs, or that is to begin anew.
async fn end_by_itself(served: Arc<Served>, end: CancellationToken) {
    let linger = served.session.engine.config().engine.linger;
    let unneeded = async {
        if !served.is_on_demand() {
            std::future::pending::<()>().await;
        }
        idle::unneeded(&served, linger).await;
        served.hub.is_idle.store(true, Ordering::Relaxed);
    };
    tokio::select! {
        () = unneeded => {}
        () = async { served.renewal.cancelled().await; idle::at_rest(&served).await } => {}
    }
    end.cancel();
}

/// The same process with the program that is there now, by the settings that are there now. Only what went wrong comes back.
fn begun_anew(texts: Texts) -> EarlyEnd {
    log::end();
    let error = match std::env::current_exe() {
        // Where it was replaced the system marks the one that runs.
        Ok(program) => {
            let name = program.to_string_lossy();
            let program = name.strip_suffix(" (deleted)").map_or(program.clone(), PathBuf::from);
            Command::new(program).args(std::env::args_os().skip(1)).exec()
        }
        Err(error) => error,
    };
    console::tell(&texts.system(error.kind()));
    EarlyEnd(ExitCode::Store)
}

/// The settings of the engine are at fault.
fn misset(problem: &Problem, session: &Session) -> EarlyEnd {
    console::problem(problem, session.texts);
    EarlyEnd(ExitCode::Usage)
}

async fn listen(session: &Session) -> Result<Option<TcpListener>, Problem> {
    let Some(address) = session.engine.config().engine.listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let values =
            [("address", address.to_string().into()), ("why", session.texts.system(error.kind()).into())];
        session.texts.problem("engine-listen", &values)
    })?;
    Ok(Some(listener))
}

/// Says where it answers, and how that was said.
fn tell_beginning(served: &Served, seat: &Seat, address: Option<&str>) -> String {
    let texts = served.session.texts;
    let socket = ("socket", seat.path().into());
    let words = match address {
        None => texts.with("engine-ready", &[socket]),
        Some(address) => texts.with("engine-ready-tcp", &[socket, ("address", address.into())]),
    };
    let entry = LogEntry::new(LogLevel::Info, &words);
    served.hub.keep(&entry);
    console::tell_as(&entry, &words);
    words
}
