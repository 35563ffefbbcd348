//! What somebody should hear of after a sync, though nobody looks at a screen: the command of `sync.on_event`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::event::{Notice, Outcome};
use super::{Engine, Error, Finished, Observer, Status};
use crate::config::{self, CommandFault};
use crate::store;

/// How long the command may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Occasion {
    /// A sync published nothing.
    Failure,
    /// It published, and cards differ from 1C.
    Variance,
    /// It published nothing, and what is shown is older than it may be.
    Stale,
}

/// What the command is told. Nothing of a customer is among it, and no text of the server's.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Facts<'a> {
    event: Occasion,
    address: &'a str,
    /// Code of the error that ended the sync.
    code: Option<&'a str>,
    /// What is published.
    generation: Option<u64>,
    synced_at: Option<DateTime<Utc>>,
    age_s: Option<u64>,
    stale: bool,
    cards: Option<u64>,
    variances: Option<u64>,
    unverified: Option<u64>,
}

/// Runs the command, where there is one, once for everything that is to be told of a sync that ended so. That it could
/// not be run is told to whoever watches, and changes nothing else.
pub(super) async fn tell(engine: &Engine, ended: &Result<Finished, Error>, observer: &dyn Observer) {
    let Some(command) = &engine.config.sync.on_event else { return };
    let Some(end) = end_of(ended) else { return };
    let code = end.err();
    let Ok(status) = engine.status().await else { return };
    for occasion in occasions(code, &status) {
        let facts = Facts::of(occasion, code, &status);
        let json = serde_json::to_string(&facts).unwrap_or_default();
        match config::tell_command(command, &facts.variables(), &json, DEADLINE).await {
            Ok(()) => {}
            // Whoever stopped it knows.
            Err(CommandFault::Ended) => return,
            Err(fault) => observer.notice(Notice::CommandFailed(end_status(fault))),
        }
    }
}

fn end_status(fault: CommandFault) -> Option<i32> {
    if let CommandFault::Status(status) = fault { status } else { None }
}

/// How a sync ended: with a publication, or by an error of this code. `None` of one that nobody needs to hear of: it was
/// stopped by somebody, or another process was at it.
fn end_of(ended: &Result<Finished, Error>) -> Option<Result<(), &'static str>> {
    match ended {
        Err(Error::Cancelled | Error::Store(store::Error::Held { .. })) => None,
        Err(error) => Some(Err(error.code())),
        Ok(finished) => match finished.summary.outcome {
            Outcome::Published => Some(Ok(())),
            Outcome::Cancelled => None,
            Outcome::Failed => Some(Err(finished.error.as_ref().map_or("sync-internal", Error::code))),
        },
    }
}

fn occasions(code: Option<&str>, status: &Status) -> Vec<Occasion> {
    let differs = status.counts().is_some_and(|counts| counts.variances > 0);
    match code {
        Some(_) if status.is_stale => vec![Occasion::Failure, Occasion::Stale],
        Some(_) => vec![Occasion::Failure],
        None if differs => vec![Occasion::Variance],
        None => Vec::new(),
    }
}

impl<'a> Facts<'a> {
    fn of(event: Occasion, code: Option<&'a str>, status: &'a Status) -> Self {
        let counts = status.counts();
        Self {
            event,
            address: &status.address,
            code,
            generation: status.generation.as_ref().map(|it| it.id),
            synced_at: status.generation.as_ref().map(|it| it.synced_at),
            age_s: status.age.map(|age| age.as_secs()),
            stale: status.is_stale,
            cards: counts.map(|it| it.cards),
            variances: counts.map(|it| it.variances),
            unverified: counts.map(|it| it.unverified),
        }
    }

    /// The same as variables, those that are known.
    fn variables(&self) -> Vec<(String, String)> {
        let object = serde_json::to_value(self).ok();
        let fields = object.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten();
        let known = fields.filter(|(_, value)| !value.is_null());
        known.map(|(name, value)| (format!("SVERKA_{}", name.to_uppercase()), plain(value))).collect()
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
