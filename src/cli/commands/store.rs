//! `sverka store`: looking after the store's file; and the way back where it is damaged.

use std::time::Instant;

use crate::cli::ExitCode;
use crate::cli::args::{Global, Store};
use crate::cli::console;
use crate::cli::session::{Ended, Session};
use crate::report::{json, summary};

pub(super) async fn run(global: &Global, command: Store) -> Result<ExitCode, Ended> {
    let session = Session::with_store(global)?;
    match command {
        Store::Check => check(&session).await,
        Store::Compact => compact(&session).await,
    }
}

async fn check(session: &Session) -> Result<ExitCode, Ended> {
    let started = Instant::now();
    let examined = session.engine.examine_store().await.map_err(|error| session.ended_by(&error))?;
    let (path, took) = (&session.engine.config().store, started.elapsed());
    console::print(&if session.json {
        json::examined(path, &examined, took)
    } else {
        summary::examined(path, &examined, took, session.texts)
    });
    Ok(ExitCode::Done)
}

async fn compact(session: &Session) -> Result<ExitCode, Ended> {
    let compacted = session.engine.compact_store().await.map_err(|error| session.ended_by(&error))?;
    let path = &session.engine.config().store;
    console::print(&if session.json {
        json::compacted(path, compacted)
    } else {
        summary::compacted(path, compacted, session.texts)
    });
    Ok(ExitCode::Done)
}

/// Makes room for a new store where the old one cannot be used.
pub(super) async fn set_aside(session: &Session) -> Result<(), Ended> {
    let aside = session.engine.set_store_aside().await.map_err(|error| session.ended_by(&error))?;
    let words = match &aside {
        Some(aside) => session.texts.with("store-set-aside", &[("path", aside.display().to_string().into())]),
        None => session.texts.get("store-not-set-aside").into_owned(),
    };
    console::tell(&words);
    Ok(())
}
