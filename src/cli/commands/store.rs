//! `sverka store`: looking after the store's file; and the way back where it is damaged.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::cli::ExitCode;
use crate::cli::args::{Global, StoreCommand};
use crate::cli::console;
use crate::cli::session::{EarlyEnd, Session};
use crate::engine::{BackupStep, NotCopied};
use crate::files::{Place, Replace, Wish};
use crate::report::problem::Scene;
use crate::report::{json, summary};

pub(super) async fn run(global: &Global, command: StoreCommand) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_store(global)?;
    match command {
        StoreCommand::Check => check(&session).await,
        StoreCommand::Compact => compact(&session).await,
        StoreCommand::Backup { file, force } => back_up(&session, &file, force).await,
        StoreCommand::Restore { file } => restore(&session, file).await,
    }
}

async fn back_up(session: &Session, file: &Path, force: bool) -> Result<ExitCode, EarlyEnd> {
    let replace = if force { Replace::AnotherStore } else { Replace::Nothing };
    let place = Place::find(&Wish { path: file, replace, mode: 0o600, kept: &session.kept })
        .map_err(|refusal| not_copied(session, file, &NotCopied::Place(refusal)))?;
    let copied = session.engine.back_up_store(place, narrated(session)).await;
    let copied = copied.map_err(|error| match &error {
        NotCopied::Copy(why) => {
            let why = Scene { texts: session.texts, store: Some(file) }.of_store(why).message;
            told(session, "backup-not-made", file, &why, ExitCode::Usage)
        }
        _ => not_copied(session, file, &error),
    })?;
    let age = session.engine.age(copied.generation.synced_at);
    session.print(&if session.json {
        json::copied(&session.engine.config().store, file, &copied, age, None)
    } else {
        summary::backed_up(file, &copied, age, session.reader())
    })?;
    Ok(ExitCode::Done)
}

async fn restore(session: &Session, file: PathBuf) -> Result<ExitCode, EarlyEnd> {
    let restored = session.engine.restore_store(file.clone(), narrated(session)).await;
    let restored = restored.map_err(|error| not_copied(session, &file, &error))?;
    let age = session.engine.age(restored.copied.generation.synced_at);
    session.print(&if session.json {
        let store = &session.engine.config().store;
        json::copied(store, &file, &restored.copied, age, restored.aside.as_deref())
    } else {
        summary::restored(&restored, age, session.reader())
    })?;
    tell_other_names(session, restored.aside.as_deref());
    Ok(ExitCode::Done)
}

/// Tells each step of a copy on standard error.
fn narrated(session: &Session) -> impl Fn(BackupStep) + Send + 'static {
    let texts = session.texts;
    move |step| console::tell(&summary::copying(step, texts))
}

/// Tells why there is no copy, or nothing was restored.
fn not_copied(session: &Session, file: &Path, error: &NotCopied) -> EarlyEnd {
    match error {
        NotCopied::Store(error) => {
            let store = &session.engine.config().store;
            let problem = Scene { texts: session.texts, store: Some(store) }.of_store(error);
            console::problem(&problem, session.texts);
            EarlyEnd(ExitCode::Store)
        }
        NotCopied::Copy(error) => {
            let why = Scene { texts: session.texts, store: Some(file) }.of_store(error).message;
            told(session, "backup-unusable", file, &why, ExitCode::Store)
        }
        NotCopied::Place(refusal) => {
            console::problem(&session.texts.refused(file, refusal), session.texts);
            EarlyEnd(ExitCode::Usage)
        }
    }
}

fn told(session: &Session, code: &'static str, file: &Path, why: &str, exit: ExitCode) -> EarlyEnd {
    let problem = session.texts.problem(code, &[("path", file.into()), ("why", why.into())]);
    console::problem(&problem, session.texts);
    EarlyEnd(exit)
}

async fn check(session: &Session) -> Result<ExitCode, EarlyEnd> {
    let started = Instant::now();
    let examined = session.engine.examine_store().await.map_err(|error| session.ended_by(&error))?;
    let (path, took) = (&session.engine.config().store, started.elapsed());
    session.print(&if session.json {
        json::examined(path, &examined, took)
    } else {
        summary::examined(path, &examined, took, session.texts)
    })?;
    Ok(ExitCode::Done)
}

async fn compact(session: &Session) -> Result<ExitCode, EarlyEnd> {
    let compacted = session.engine.compact_store().await.map_err(|error| session.ended_by(&error))?;
    let path = &session.engine.config().store;
    session.print(&if session.json {
        json::compacted(path, compacted)
    } else {
        summary::compacted(path, compacted, session.texts)
    })?;
    Ok(ExitCode::Done)
}

/// Makes room for a new store where the old one cannot be used.
pub(super) async fn set_aside(session: &Session) -> Result<(), EarlyEnd> {
    let aside = session.engine.set_store_aside().await.map_err(|error| session.ended_by(&error))?;
    let words = match &aside {
        Some(aside) => session.texts.with("store-set-aside", &[("path", aside.display().to_string().into())]),
        None => session.texts.get("store-not-set-aside").into_owned(),
    };
    console::tell(&words);
    tell_other_names(session, aside.as_deref());
    Ok(())
}

/// A file that was set aside under one of its names is there under the others still.
fn tell_other_names(session: &Session, aside: Option<&Path>) {
    let names = aside.and_then(|aside| aside.metadata().ok()).map_or(1, |aside| aside.nlink());
    if names > 1 {
        console::tell(&session.texts.with("store-other-names", &[("names", names.into())]));
    }
}
