//! All that one engine serves.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use chrono::{DateTime, SubsecRound, Utc};
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use super::reconciliations::{ReconcileJob, Reconciliations};
use super::reply::{Failed, status_of};
use super::syncs::{SyncJob, Syncs};
use crate::cli::clock::{SystemClock, offset_at};
use crate::cli::house::settings_print;
use crate::cli::place::file_of;
use crate::cli::session::Session;
use crate::dashboard::app::Failure;
use crate::dashboard::desk::{Desk, DeskSetting, kind_of, worded};
use crate::engine::{Clock, Error};
use crate::report::json::{self, api};
use crate::report::problem::Scene;
use crate::report::{EngineStatus, StatusReport};
use crate::text::{Problem, Texts};

/// Reconciliations of terminals that are kept.
const BASES: usize = 4;

/// What an engine serves, for as long as it runs.
pub(super) struct Served {
    /// The way to the engine, and its own language.
    pub(super) session: Arc<Session>,
    /// Events and the journal.
    pub(super) hub: Arc<Hub>,
    /// Syncs, one at a time.
    pub(super) syncs: Arc<Syncs>,
    /// The last reconciliation.
    pub(super) reconciliations: Reconciliations,
    /// What answers the dashboard's questions.
    pub(super) desk: Desk,
    /// Whether a terminal started it, for as long as it is needed.
    is_on_demand: bool,
    /// Set when it shall begin anew once nothing runs.
    pub(super) renewal: CancellationToken,
    started_at: DateTime<Utc>,
    next_sync: Mutex<Option<DateTime<Utc>>>,
}

impl Served {
    /// Over a session.
    pub(super) fn new(session: Session, is_on_demand: bool) -> Self {
        let now = SystemClock.now();
        let session = Arc::new(session);
        let hub = Arc::new(Hub::new(now));
        let setting = DeskSetting { is_demo: false, bases: BASES, set_up: None, settings: None, offset_at };
        let desk = Desk::new(Arc::clone(&session.engine), session.texts, setting);
        Self {
            syncs: Arc::new(Syncs::new(Arc::clone(&session), Arc::clone(&hub))),
            reconciliations: Reconciliations::new(Arc::clone(&session), Arc::clone(&hub)),
            session,
            hub,
            desk,
            is_on_demand,
            renewal: CancellationToken::new(),
            started_at: now.trunc_subsecs(0),
            next_sync: Mutex::default(),
        }
    }

    /// Whether a terminal started it, for as long as it is needed.
    pub(super) fn is_on_demand(&self) -> bool {
        self.is_on_demand
    }

    /// The sync of this number, as it stands in an address.
    pub(super) fn sync(&self, id: &str, texts: Texts) -> Result<Arc<SyncJob>, Failed> {
        id.parse().ok().and_then(|id| self.syncs.find(id)).ok_or_else(|| nothing(texts))
    }

    /// The same of a reconciliation.
    pub(super) fn reconciliation(&self, id: &str, texts: Texts) -> Result<Arc<ReconcileJob>, Failed> {
        id.parse().ok().and_then(|id| self.reconciliations.find(id)).ok_or_else(|| nothing(texts))
    }

    /// How it is itself.
    pub(super) fn engine_status(&self) -> EngineStatus {
        let config = self.session.engine.config();
        let terminals = self.hub.viewers();
        let uptime = (SystemClock.now() - self.started_at).num_seconds();
        EngineStatus {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            api: "v1".to_owned(),
            started_at: self.started_at,
            uptime_s: uptime.try_into().unwrap_or_default(),
            viewers: terminals.len() as u64,
            terminals,
            memory_bytes: memory_of_process(),
            on_demand: self.is_on_demand,
            syncing: self.syncs.running().is_some(),
            next_sync_at: self.next_sync(),
            store: file_of(&config.store).to_string_lossy().into_owned(),
            settings: settings_print(config),
        }
    }

    /// When the next sync begins by itself.
    pub(super) fn set_next_sync(&self, at: Option<DateTime<Utc>>) {
        let at = at.map(|at| at.trunc_subsecs(0));
        *self.next_sync.lock().unwrap_or_else(PoisonError::into_inner) = at;
        self.hub.stir();
    }

    /// When the next sync begins by itself, as far as that is planned.
    pub(super) fn next_sync(&self) -> Option<DateTime<Utc>> {
        *self.next_sync.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the store stands, with the sync at work here.
    pub(super) async fn status(&self) -> Result<StatusReport, Error> {
        let status = self.session.engine.status().await?;
        let report = self.session.status_report(status);
        let running = self.syncs.running().map(|sync| sync.running_status());
        let engine = Some(self.engine_status());
        let running = running.or(report.running);
        let left_off = report.left_off.filter(|_| running.is_none());
        let lock = self.session.engine.lock().await;
        Ok(StatusReport { left_off, running, engine, lock, ..report })
    }

    /// What a viewer has to know to go on.
    pub(super) async fn snapshot(&self) -> String {
        let status = match self.status().await {
            Ok(report) => json::status(&report),
            Err(error) => {
                let problem = self.problem(&error, self.session.texts);
                api::problem(&problem, status_of(&error).as_u16())
            }
        };
        let sync = self.syncs.running().map(|sync| sync.object(self.session.texts));
        api::snapshot(&status, sync.as_deref())
    }

    /// A failure of the engine in words.
    pub(super) fn problem(&self, error: &Error, texts: Texts) -> Problem {
        Scene { texts, store: Some(&self.session.engine.config().store) }.of_sync(error)
    }

    /// The same for a terminal, with the kind of failure it is.
    pub(super) fn failure(&self, error: &Error, texts: Texts) -> Failure {
        Failure { kind: kind_of(error), ..worded(self.problem(error, texts)) }
    }

    /// The same as an answer.
    pub(super) fn failed(&self, error: &Error, texts: Texts) -> Failed {
        Failed::new(status_of(error), self.problem(error, texts))
    }
}

/// Bytes of memory that this process has, where the system tells.
fn memory_of_process() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
    kibibytes.parse::<u64>().ok()?.checked_mul(1024)
}

/// There is no such thing.
pub(super) fn nothing(texts: Texts) -> Failed {
    Failed::new(StatusCode::NOT_FOUND, texts.problem("api-not-found", &[]))
}
