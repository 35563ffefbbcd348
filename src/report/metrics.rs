//! Figures for monitoring, in the text format of Prometheus.
//!
//! Counts, durations and moments, and what the variances of all come to: no name, phone or sum of a customer, so that
//! whoever collects them may be another user of the machine.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::reconcile::Head;
use super::{MirrorStatus, PublishedStatus};
use crate::domain::third_column::PortalOutcome;
use crate::store::Proof;
use crate::sync::Finished;
use crate::sync::event::{Outcome, Stage, SyncSummary};

/// Metrics being written, each a gauge: what stands now, or what the last run came to.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Adds a metric of one figure.
    pub fn gauge(&mut self, name: &str, help: &str, figure: impl Display) {
        self.head(name, help);
        self.line(format_args!("{name} {figure}"));
    }

    /// Adds a metric with a figure for each value of a label.
    pub fn gauges<D: Display>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        figures: impl IntoIterator<Item = (&'static str, D)>,
    ) {
        self.head(name, help);
        for (value, figure) in figures {
            self.line(format_args!("{name}{{{label}=\"{value}\"}} {figure}"));
        }
    }

    /// The text of all metrics.
    pub fn into_text(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} gauge"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{line}");
    }
}

/// A run of a sync, and what the store holds after it.
#[derive(Clone, Copy, Debug)]
pub struct SyncRun<'a> {
    /// How the mirror stands.
    pub mirror: Option<&'a MirrorStatus>,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// What it did; `None` where it could not begin.
    pub finished: Option<&'a Finished>,
    /// What is published.
    pub published: Option<&'a PublishedStatus>,
    /// Age at which that counts as stale.
    pub stale_after: Option<Duration>,
}

/// The metrics of `sync --metrics`.
pub fn sync(run: &SyncRun<'_>) -> String {
    let mut metrics = Exposition::default();
    let outcome = run.finished.map(|finished| finished.summary.outcome);
    metrics.gauge("sverka_sync_last_run_timestamp_seconds", "When the last sync ended.", run.at.timestamp());
    metrics.gauge(
        "sverka_sync_last_run_success",
        "Whether the last sync published.",
        u8::from(outcome == Some(Outcome::Published)),
    );
    if let Some(finished) = run.finished {
        of_run(&mut metrics, finished);
    }
    store(&mut metrics, run.published, run.stale_after);
    mirror(&mut metrics, run.mirror);
    metrics.into_text()
}

fn of_run(metrics: &mut Exposition, finished: &Finished) {
    let SyncSummary { stages, elapsed, requests, retries, bytes, skipped, .. } = finished.summary;
    let SyncSummary { created, changed, removed, .. } = finished.summary;
    metrics.gauge(
        "sverka_sync_last_run_delta",
        "Whether the last sync read only what changed.",
        u8::from(finished.delta.is_some()),
    );
    metrics.gauge("sverka_sync_last_run_duration_seconds", "How long the last sync took.", Seconds(elapsed));
    metrics.gauges(
        "sverka_sync_last_run_stage_duration_seconds",
        "How long each stage of the last sync took.",
        "stage",
        Stage::ALL.iter().zip(stages).map(|(stage, took)| (stage.name(), Seconds(took))),
    );
    metrics.gauge("sverka_sync_last_run_requests", "Requests sent, repeats included.", requests);
    metrics.gauge("sverka_sync_last_run_retries", "Requests repeated.", retries);
    metrics.gauge("sverka_sync_last_run_received_bytes", "Bytes received.", bytes);
    metrics.gauge("sverka_sync_last_run_skipped_rows", "Rows that could not be read.", skipped);
    metrics.gauges(
        "sverka_sync_last_run_changed_rows",
        "Sales lines that the last sync created, changed or removed.",
        "change",
        [("created", created), ("changed", changed), ("removed", removed)],
    );
}

/// A reconciliation of the base, and what the store holds.
#[derive(Clone, Copy, Debug)]
pub struct ReconcileRun<'a> {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// What it came to; `None` where it could not be done.
    pub reconciled: Option<&'a Head>,
    /// Requests sent.
    pub requests: u64,
    /// What is published.
    pub published: Option<&'a PublishedStatus>,
    /// Age at which that counts as stale.
    pub stale_after: Option<Duration>,
}

/// The metrics of `reconcile --metrics`.
pub fn reconcile(run: &ReconcileRun<'_>) -> String {
    let mut metrics = Exposition::default();
    metrics.gauge(
        "sverka_reconcile_last_run_timestamp_seconds",
        "When the last reconciliation ended.",
        run.at.timestamp(),
    );
    metrics.gauge(
        "sverka_reconcile_last_run_success",
        "Whether the last reconciliation compared everything it had to.",
        u8::from(run.reconciled.is_some_and(|it| !it.has_failed)),
    );
    metrics.gauge(
        "sverka_reconcile_last_run_duration_seconds",
        "How long the last reconciliation took.",
        Seconds(run.took),
    );
    if let Some(head) = run.reconciled {
        metrics.gauge("sverka_reconcile_last_run_requests", "Requests sent, repeats included.", run.requests);
        of_base(&mut metrics, head);
    }
    store(&mut metrics, run.published, run.stale_after);
    metrics.into_text()
}

fn of_base(metrics: &mut Exposition, head: &Head) {
    let it = &head.summary;
    metrics.gauge(
        "sverka_reconcile_live",
        "Whether every card was compared line by line.",
        u8::from(head.is_live),
    );
    metrics.gauges(
        "sverka_reconcile_cards",
        "Cards by how they compare with 1C.",
        "verdict",
        [
            ("reconciled", it.reconciled),
            ("before_window", it.before_window),
            ("variance", it.variances),
            ("unverified", it.unverified),
            ("unknown_card", it.unknown_cards),
        ],
    );
    metrics.gauges(
        "sverka_reconcile_cause_cards",
        "Cards by why they differ.",
        "cause",
        it.causes.iter().map(|(cause, tally)| (cause.name(), tally.cards)),
    );
    metrics.gauge(
        "sverka_reconcile_variance_roubles",
        "What the variances of all cards come to, without their signs.",
        it.absolute_variance,
    );
    if let Some(portal) = it.portal.as_ref().and_then(PortalOutcome::shown) {
        metrics.gauge("sverka_reconcile_portal_cards", "Cards that the portal was asked for.", portal.cards);
        metrics.gauge(
            "sverka_reconcile_portal_equal_cards",
            "Cards of which the portal shows what 1C says.",
            portal.equal,
        );
        metrics.gauges(
            "sverka_reconcile_portal_cause_cards",
            "Cards by why the portal shows something else.",
            "cause",
            portal.causes.iter().map(|(cause, tally)| (cause.name(), tally.cards)),
        );
    }
    metrics.gauge(
        "sverka_reconcile_unread_cards",
        "Cards that differ and whose rows were not read.",
        head.unread,
    );
}

/// What the store holds and how fresh it is; nothing of it before the first sync.
pub fn store(metrics: &mut Exposition, published: Option<&PublishedStatus>, stale_after: Option<Duration>) {
    if let Some(after) = stale_after {
        metrics.gauge(
            "sverka_stale_after_seconds",
            "Age at which the store is called stale.",
            Seconds(after),
        );
    }
    let Some(it) = published else { return };
    metrics.gauge("sverka_store_generation", "Number of the published generation.", it.generation);
    metrics.gauge(
        "sverka_store_synced_timestamp_seconds",
        "When the published generation was read from 1C.",
        it.synced_at.timestamp(),
    );
    metrics.gauge(
        "sverka_store_oldest_read_timestamp_seconds",
        "When the rows were read that were read longest ago: earlier where a sync left cards out.",
        it.oldest_read_at.timestamp(),
    );
    if let Some(full_at) = it.full_at {
        metrics.gauge(
            "sverka_store_full_sync_timestamp_seconds",
            "When everything was last read from 1C.",
            full_at.timestamp(),
        );
    }
    metrics.gauge(
        "sverka_store_stale",
        "Whether the published generation is older than that, or dated ahead of this machine's clock.",
        u8::from(it.stale),
    );
    metrics.gauge(
        "sverka_store_confirmed",
        "Whether 1C's totals, asked for twice, equal the published generation.",
        u8::from(it.proof == Proof::Confirmed),
    );
    metrics.gauges(
        "sverka_store_rows",
        "Rows of the published generation.",
        "kind",
        [("cards", it.cards), ("movements", it.movements)],
    );
    metrics.gauge("sverka_store_variances", "Cards whose figures differ from 1C's own sums.", it.variances);
    metrics.gauge("sverka_store_unverified", "Cards that were compared with nothing.", it.unverified);
    metrics.gauge("sverka_store_findings", "What the last sync found to be mended.", it.findings);
}

/// How the mirror stands; nothing where there is none.
pub fn mirror(metrics: &mut Exposition, mirror: Option<&MirrorStatus>) {
    let Some(it) = mirror else { return };
    metrics.gauge(
        "sverka_mirror_current",
        "Whether the mirror shows what is published, and was proven.",
        u8::from(it.state() == "current"),
    );
    metrics.gauge(
        "sverka_mirror_last_run_success",
        "Whether the mirror could be brought up to date when it was last tried, and was proven.",
        u8::from(it.fault.is_none()),
    );
    metrics.gauge(
        "sverka_mirror_verified",
        "Whether the mirror's own sums were those of the store.",
        u8::from(it.verified),
    );
    if let Some(generation) = it.generation {
        metrics.gauge(
            "sverka_mirror_generation",
            "Number of the generation that the mirror shows.",
            generation,
        );
    }
    if let Some(behind) = it.behind {
        metrics.gauge(
            "sverka_mirror_behind_generations",
            "By how many generations the mirror is behind.",
            behind,
        );
    }
    if let Some(at) = it.published_at {
        metrics.gauge(
            "sverka_mirror_published_timestamp_seconds",
            "When that generation was published to the mirror.",
            at.timestamp(),
        );
    }
}

/// A duration in seconds, to the millisecond.
pub struct Seconds(pub Duration);

impl Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0.as_secs(), self.0.subsec_millis())
    }
}
