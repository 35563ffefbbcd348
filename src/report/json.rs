//! What programs read. Names, order and formats of the fields are a contract: change them with a new version only.
//!
//! Money is a string with two decimals, points a plain decimal string, an unknown figure `null`; 1C's dates carry
//! no zone, our own times are UTC with `Z`. Control and direction characters are escaped, so that a value shown in
//! a terminal cannot steer it and parsed back is what 1C said.

pub mod api;
mod mirror;
mod portal;
mod third_column;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

pub use mirror::{mirror_dropped, mirrored};
pub use portal::portal;

use super::explain::Explanation;
use super::{
    Attention, CheckStatus, DoctorCheck, EngineStatus, FoundCustomer, MirrorStatus, RunningStatus,
    SearchReport, StatusReport,
};
use crate::domain::field::EXPORTED;
use crate::domain::reconcile::{Means, PointsComparison, Reason, WhyNot};
use crate::domain::{
    Amount, City, Comparison, Customer, CustomerField, Difference, DifferenceFigure, FieldKind, FieldValue,
    Figure, Finding, LocalTime, Part, Points, Settings, Under,
};
use crate::odata::Sent;
use crate::store::{Compacted, CopySummary, Examined, Pages, Run, StoreHolder};
use crate::sync::event::{DeltaSummary, LinesAndAmount, Outcome, Progress, Stage};
use crate::sync::recorder_types_seen::TypeSeen;
use crate::sync::{Finished, LeftOff};
use crate::text::{Problem, escape_json};

/// `check --json`: an array with an object per card, on one line.
pub fn check(comparisons: &[Comparison]) -> String {
    print(&comparisons.iter().map(CheckObject::from).collect::<Vec<_>>())
}

/// Why one customer differs: the object of `check`, the first difference again, and the requests it rests on.
pub fn explain(it: &Explanation<'_>) -> String {
    print(&ExplainObject {
        check: it.comparison.into(),
        first_difference: it.first().map(DifferenceObject::from),
        requests: it.requests.iter().map(RequestObject::from).collect(),
    })
}

/// One object of that array.
pub fn card(comparison: &Comparison) -> String {
    print(&CheckObject::from(comparison))
}

/// A progress line of `sync --json`.
pub fn progress(progress: &Progress) -> String {
    let stage = progress.stage.unwrap_or(Stage::Preparing);
    let gauge = progress.of(stage);
    print(&ProgressLine {
        event: "progress",
        stage: stage.name(),
        done: gauge.done,
        total: gauge.total,
        overall: progress.overall,
        credited: gauge.credited,
        rate: progress.rate(),
        elapsed: JsonSeconds(progress.elapsed),
        left: progress.left().map(JsonSeconds),
    })
}

/// The last line of `sync --json`.
pub fn finished(finished: &Finished, error: Option<&Problem>) -> String {
    let Finished { summary, delta, .. } = finished;
    let took = |stage: Stage| JsonSeconds(summary.stages[stage as usize]);
    print(&FinishedLine {
        event: "finished",
        outcome: outcome(summary.outcome),
        generation: summary.generation,
        cards: summary.cards,
        opening_balances: summary.opening_balances.into(),
        purchases: summary.purchases.into(),
        points: LinesObject { lines: summary.points_lines },
        created: summary.created,
        changed: summary.changed,
        removed: summary.removed,
        skipped: summary.skipped,
        retries: summary.retries,
        requests: summary.requests,
        bytes: summary.bytes,
        seconds: SecondsObject {
            cards: took(Stage::Cards),
            opening_balances: took(Stage::OpeningBalances),
            purchases: took(Stage::Purchases),
            points: took(Stage::Points),
            total: JsonSeconds(summary.elapsed),
        },
        variances: summary.variances,
        before_window: summary.before_window,
        unverified: summary.unverified,
        findings: &summary.findings,
        error: error.map(ProblemObject::from),
        delta: delta.as_ref().map(DeltaObject::from),
    })
}

/// `search --json`.
pub fn search(report: &SearchReport) -> String {
    print(&SearchObject {
        query: &report.query,
        read_as: report.read_as.as_ref().map(|it| ReadAsObject { query: &it.query, by: it.by }),
        total: report.total,
        took_ms: u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX),
        cards: report.found.iter().map(FoundObject::from).collect(),
    })
}

/// `status --json`.
pub fn status(report: &StatusReport) -> String {
    let published = report.published.as_ref();
    print(&StatusObject {
        store: report.store.to_string_lossy().into_owned(),
        generation: published.map(|it| it.generation),
        synced_at: published.map(|it| our_time(it.synced_at)),
        age_s: published.and_then(|it| it.age).map(|age| age.as_secs()),
        cards: published.map(|it| it.cards),
        carried: published.map(|it| it.carried),
        oldest_read_at: published.map(|it| our_time(it.oldest_read_at)),
        movements: published.map(|it| it.movements),
        variances: published.map(|it| it.variances),
        proof: published.map(|it| it.proof.name()),
        unverified: published.map(|it| it.unverified),
        stale: published.map(|it| it.stale),
        full_at: published.and_then(|it| it.full_at).map(our_time),
        deltas: published.map(|it| it.deltas),
        attention: report.attention().into_iter().map(Attention::name).collect(),
        findings: &report.findings,
        other_settings: report.under.others.iter().map(|setting| setting.name()).collect(),
        left_off: report.left_off.as_ref().map(LeftOffObject::from),
        running: report.running.as_ref().map(RunningObject::from),
        lock: report.lock.as_ref().map(LockObject::from),
        checked: CheckedObject {
            cards: report.checked.cards,
            at: report.checked.newest.map(our_time),
            unlisted: report.checked.unlisted,
        },
        last_syncs: report.last_syncs.iter().map(RunObject::from).collect(),
        engine: report.engine.as_ref(),
        mirror: report.mirror.as_ref().map(MirrorStatusObject::from),
    })
}

/// `doctor --json`.
pub fn doctor(checks: &[DoctorCheck]) -> String {
    print(&checks.iter().map(DoctorObject::from).collect::<Vec<_>>())
}

/// `store check --json`.
pub fn examined(store: &Path, examined: &Examined, took: Duration) -> String {
    print(&ExaminedObject {
        store: store.to_string_lossy().into_owned(),
        generation: examined.generation,
        rows: examined.verified.rows,
        row_bytes: examined.verified.bytes,
        file_bytes: examined.file_bytes,
        pages: match examined.pages {
            Pages::Compared => "compared",
            Pages::Busy => "busy",
            Pages::ReadOnly => "read_only",
        },
        seconds: JsonSeconds(took),
    })
}

/// `store compact --json`.
pub fn compacted(store: &Path, compacted: Compacted) -> String {
    print(&CompactedObject {
        store: store.to_string_lossy().into_owned(),
        before: compacted.before,
        after: compacted.after,
    })
}

/// `store backup --json` and `store restore --json`: `file` is the copy.
pub fn copied(
    store: &Path,
    file: &Path,
    copied: &CopySummary,
    age: Option<Duration>,
    aside: Option<&Path>,
) -> String {
    let path = |path: &Path| path.to_string_lossy().into_owned();
    print(&CopiedObject {
        store: path(store),
        file: path(file),
        generation: copied.generation.id,
        synced_at: our_time(copied.generation.synced_at),
        age_s: age.map(|age| age.as_secs()),
        cards: copied.generation.counts.cards,
        rows: copied.verified.rows,
        bytes: copied.file_bytes,
        aside: aside.map(path),
    })
}

fn print(value: &impl Serialize) -> String {
    // Only a map with keys that are no strings could fail, and there is no map here.
    serde_json::to_string(value).map_or_else(|_| "null".to_owned(), |json| escape_json(&json))
}

#[derive(Serialize)]
struct CheckObject<'a> {
    card: CardObject<'a>,
    window: WindowObject,
    against: &'static str,
    compared_at: Option<String>,
    synced_at: Option<String>,
    opening_balance: FigureObject,
    purchases: PurchasesObject,
    total: FigureObject,
    before_window: BeforeWindowObject,
    points: PointsObject,
    city: CityObject<'a>,
    differences: Vec<DifferenceObject<'a>>,
    verdict: &'static str,
    proof: ProofObject<'a>,
    /// Only where a portal was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<third_column::PortalFiguresObject>,
}

/// With what each figure was compared, and under which settings.
#[derive(Serialize)]
struct ProofObject<'a> {
    opening_balance: ComparedObject,
    purchases: ComparedObject,
    total: ComparedObject,
    points: ComparedObject,
    city: ComparedObject,
    card: ComparedObject,
    settings: UnderObject<'a>,
}

#[derive(Serialize)]
struct ComparedObject {
    compared: bool,
    with: Option<&'static str>,
    why_not: Option<&'static str>,
    at: Option<String>,
}

#[derive(Serialize)]
struct UnderObject<'a> {
    /// Those the generation was read under; `null` where nothing tells.
    stored: Option<SettingsObject<'a>>,
    /// Those of today.
    today: Option<SettingsObject<'a>>,
    /// The keys of those that are others today.
    other_today: Vec<&'static str>,
    /// Some cards were carried over from before they were others.
    mixed: bool,
    opening_names_in_doubt: bool,
    recorder_types: Vec<RecorderTypeObject<'a>>,
}

#[derive(Serialize)]
struct SettingsObject<'a> {
    opening_balance: &'a [String],
    purchase_recorders: &'a [String],
    ignored_recorders: &'a [String],
    names: &'a BTreeMap<String, String>,
    days: u32,
    points_rule: &'static str,
}

#[derive(Serialize)]
struct RecorderTypeObject<'a> {
    recorder_type: &'a str,
    rows: Option<u64>,
    role: &'static str,
}

#[derive(Serialize)]
struct ExplainObject<'a> {
    #[serde(flatten)]
    check: CheckObject<'a>,
    first_difference: Option<DifferenceObject<'a>>,
    requests: Vec<RequestObject<'a>>,
}

#[derive(Serialize)]
struct RequestObject<'a> {
    method: &'static str,
    /// Path and query as sent; the host is left out.
    address: &'a str,
    rows: u64,
}

#[derive(Serialize)]
struct CardObject<'a> {
    key: String,
    /// Key of the counterparty who holds it: cards of one person share it.
    owner: Option<String>,
    #[serde(flatten)]
    fields: FieldsObject<'a>,
}

/// What there is of a customer's fields, each under its name. A town brings the rule that found it.
struct FieldsObject<'a>(&'a Customer);

impl Serialize for FieldsObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        for field in EXPORTED {
            let value = self.0.get(field);
            match (field.kind(), &value) {
                (FieldKind::Flag, _) => fields.serialize_entry(field.name(), &value.is_some())?,
                // Every card has a code, be it an empty one.
                (_, None) if field == CustomerField::Code => fields.serialize_entry(field.name(), "")?,
                (_, value) => fields.serialize_entry(field.name(), &value.as_ref().map(FieldValue::plain))?,
            }
            if field.kind() == FieldKind::Town {
                let source = match value {
                    Some(FieldValue::Town(source, _)) => Some(source.name()),
                    _ => None,
                };
                fields.serialize_entry(&format!("{}_source", field.name()), &source)?;
            }
        }
        fields.end()
    }
}

#[derive(Serialize)]
struct WindowObject {
    days: u32,
    from: Option<String>,
}

#[derive(Serialize)]
struct FigureObject {
    onec: Option<String>,
    stored: Option<String>,
    variance: Option<String>,
}

#[derive(Serialize)]
struct PurchasesObject {
    onec: Option<String>,
    stored: Option<String>,
    variance: Option<String>,
    lines: u64,
}

#[derive(Serialize)]
struct BeforeWindowObject {
    onec: Option<String>,
}

#[derive(Serialize)]
struct PointsObject {
    onec: Option<String>,
    stored: Option<String>,
    variance: Option<String>,
    rule: &'static str,
    last_record: Option<String>,
    register_balance: Option<String>,
    register_balance_onec: Option<String>,
}

#[derive(Serialize)]
struct CityObject<'a> {
    onec: Option<&'a str>,
    stored: Option<&'a str>,
    variance: Option<bool>,
}

#[derive(Serialize)]
struct DifferenceObject<'a> {
    kind: &'static str,
    period: Option<String>,
    recorder: Option<String>,
    recorder_type: Option<&'a str>,
    line: Option<u64>,
    onec: Option<String>,
    stored: Option<String>,
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct ProgressLine {
    event: &'static str,
    stage: &'static str,
    done: u64,
    total: Option<u64>,
    overall: u8,
    credited: u64,
    rate: u64,
    elapsed: JsonSeconds,
    left: Option<JsonSeconds>,
}

#[derive(Serialize)]
struct FinishedLine<'a> {
    event: &'static str,
    outcome: &'static str,
    generation: Option<u64>,
    cards: u64,
    opening_balances: SumObject,
    purchases: SumObject,
    points: LinesObject,
    created: u64,
    changed: u64,
    removed: u64,
    skipped: u64,
    retries: u64,
    requests: u64,
    bytes: u64,
    seconds: SecondsObject,
    variances: u64,
    before_window: u64,
    unverified: u64,
    findings: &'a [Finding],
    error: Option<ProblemObject<'a>>,
    delta: Option<DeltaObject>,
}

#[derive(Serialize)]
struct DeltaObject {
    cards_listed: u64,
    cards_reread: u64,
    rows_reread: u64,
    rows_by_turn: u64,
    within_deltas: u32,
    full_at: String,
    blind: bool,
}

impl From<&DeltaSummary> for DeltaObject {
    fn from(it: &DeltaSummary) -> Self {
        Self {
            cards_listed: it.listed,
            cards_reread: it.cards,
            rows_reread: it.rows,
            rows_by_turn: it.turned,
            within_deltas: DeltaSummary::BOUND,
            full_at: our_time(it.full_at),
            blind: it.is_blind,
        }
    }
}

#[derive(Serialize)]
struct SumObject {
    lines: u64,
    amount: String,
}

#[derive(Serialize)]
struct LinesObject {
    lines: Option<u64>,
}

#[derive(Serialize)]
struct SecondsObject {
    cards: JsonSeconds,
    opening_balances: JsonSeconds,
    purchases: JsonSeconds,
    points: JsonSeconds,
    total: JsonSeconds,
}

#[derive(Serialize)]
struct ProblemObject<'a> {
    code: &'a str,
    message: &'a str,
    remedy: &'a str,
    help: String,
}

#[derive(Serialize)]
struct SearchObject<'a> {
    query: &'a str,
    /// What was asked instead, where nobody is found by the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<ReadAsObject<'a>>,
    total: u64,
    took_ms: u64,
    cards: Vec<FoundObject<'a>>,
}

#[derive(Serialize)]
struct ReadAsObject<'a> {
    query: &'a str,
    by: &'static str,
}

#[derive(Serialize)]
struct FoundObject<'a> {
    #[serde(flatten)]
    card: CardObject<'a>,
    total: Option<String>,
    total_onec: Option<String>,
    points: Option<String>,
    matched: &'a [&'static str],
    #[serde(flatten)]
    more: MoreFieldsObject<'a>,
    verdict: &'static str,
    variance: Option<String>,
}

/// The fields that other output leaves out, so that here are all there are.
struct MoreFieldsObject<'a>(&'a Customer);

impl Serialize for MoreFieldsObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        for field in CustomerField::ALL.iter().filter(|field| !EXPORTED.contains(field)) {
            let value = self.0.get(*field);
            match field.kind() {
                FieldKind::Flag => fields.serialize_entry(field.name(), &value.is_some())?,
                _ => fields.serialize_entry(field.name(), &value.as_ref().map(FieldValue::plain))?,
            }
        }
        fields.end()
    }
}

#[derive(Serialize)]
struct ExaminedObject {
    store: String,
    generation: Option<u64>,
    rows: u64,
    row_bytes: u64,
    file_bytes: u64,
    pages: &'static str,
    seconds: JsonSeconds,
}

#[derive(Serialize)]
struct CopiedObject {
    store: String,
    file: String,
    generation: u64,
    synced_at: String,
    age_s: Option<u64>,
    cards: u64,
    rows: u64,
    bytes: u64,
    aside: Option<String>,
}

#[derive(Serialize)]
struct CompactedObject {
    store: String,
    before: u64,
    after: u64,
}

#[derive(Serialize)]
struct StatusObject<'a> {
    store: String,
    generation: Option<u64>,
    synced_at: Option<String>,
    age_s: Option<u64>,
    cards: Option<u64>,
    carried: Option<u64>,
    oldest_read_at: Option<String>,
    movements: Option<u64>,
    variances: Option<u64>,
    proof: Option<&'static str>,
    unverified: Option<u64>,
    stale: Option<bool>,
    full_at: Option<String>,
    deltas: Option<u32>,
    attention: Vec<&'static str>,
    findings: &'a [Finding],
    other_settings: Vec<&'static str>,
    left_off: Option<LeftOffObject>,
    running: Option<RunningObject>,
    lock: Option<LockObject<'a>>,
    checked: CheckedObject,
    last_syncs: Vec<RunObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'a EngineStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mirror: Option<MirrorStatusObject<'a>>,
}

#[derive(Serialize)]
struct MirrorStatusObject<'a> {
    state: &'static str,
    generation: Option<u64>,
    published_at: Option<String>,
    verified: bool,
    behind: Option<u64>,
    error: Option<&'a str>,
}

impl<'a> From<&'a MirrorStatus> for MirrorStatusObject<'a> {
    fn from(it: &'a MirrorStatus) -> Self {
        Self {
            state: it.state(),
            generation: it.generation,
            published_at: it.published_at.map(our_time),
            verified: it.verified,
            behind: it.behind,
            error: it.fault.as_ref().map(|fault| fault.code.as_str()),
        }
    }
}

#[derive(Serialize)]
struct CheckedObject {
    cards: u64,
    at: Option<String>,
    unlisted: u64,
}

#[derive(Serialize)]
struct LeftOffObject {
    stage: &'static str,
    overall: u8,
    at: String,
}

#[derive(Serialize)]
struct RunningObject {
    stage: Option<&'static str>,
    overall: Option<u8>,
}

/// Who holds the lock of the store.
#[derive(Serialize)]
struct LockObject<'a> {
    pid: u32,
    command: &'a str,
    since: String,
    host: &'a str,
}

impl<'a> From<&'a StoreHolder> for LockObject<'a> {
    fn from(it: &'a StoreHolder) -> Self {
        Self { pid: it.pid, command: &it.command, since: our_time(it.since), host: &it.host }
    }
}

#[derive(Serialize)]
struct RunObject<'a> {
    started_at: String,
    seconds: JsonSeconds,
    outcome: &'static str,
    generation: Option<u64>,
    cards: u64,
    movements: u64,
    created: u64,
    changed: u64,
    removed: u64,
    skipped: u64,
    retries: u64,
    variances: u64,
    unverified: u64,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct DoctorObject<'a> {
    check: &'static str,
    status: &'static str,
    detail: &'a str,
    remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<Vec<TypeObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

#[derive(Serialize)]
struct TypeObject<'a> {
    recorder_type: &'a str,
    rows: Option<u64>,
    amount: Option<String>,
    role: &'static str,
}

impl<'a> From<&'a TypeSeen> for TypeObject<'a> {
    fn from(it: &'a TypeSeen) -> Self {
        Self {
            recorder_type: &it.recorder_type.0,
            rows: it.rows,
            amount: it.amount.map(money),
            role: it.role.name(),
        }
    }
}

impl<'a> From<&'a Comparison> for CheckObject<'a> {
    fn from(it: &'a Comparison) -> Self {
        let purchases = FigureObject::from(&it.purchases);
        Self {
            card: (&it.customer).into(),
            window: WindowObject { days: it.window.days, from: it.window.from.map(onec_time) },
            against: it.against.name(),
            compared_at: it.compared_at.map(our_time),
            synced_at: it.synced_at.map(our_time),
            opening_balance: (&it.opening_balance).into(),
            purchases: PurchasesObject {
                onec: purchases.onec,
                stored: purchases.stored,
                variance: purchases.variance,
                lines: it.purchase_lines,
            },
            total: (&it.total).into(),
            before_window: BeforeWindowObject { onec: it.before_window.map(money) },
            points: (&it.points).into(),
            city: CityObject {
                onec: town(it.city.onec.as_ref()),
                stored: town(it.city.stored.as_ref()),
                variance: it.city_differs(),
            },
            differences: it.differences.iter().map(DifferenceObject::from).collect(),
            verdict: it.verdict.name(),
            proof: ProofObject::of(it),
            portal: it.portal.as_deref().map(Into::into),
        }
    }
}

impl<'a> ProofObject<'a> {
    fn of(it: &'a Comparison) -> Self {
        let of = |part| {
            let compared = it.coverage.of(part);
            let at = compared.means().and(it.compared_at.or(it.synced_at));
            ComparedObject {
                compared: compared.means().is_some(),
                with: compared.means().map(Means::name),
                why_not: compared.why_not().map(WhyNot::name),
                at: at.map(our_time),
            }
        };
        Self {
            opening_balance: of(Part::OpeningBalance),
            purchases: of(Part::Purchases),
            total: of(Part::Total),
            points: of(Part::Points),
            city: of(Part::City),
            card: of(Part::Card),
            settings: (&*it.under).into(),
        }
    }
}

impl<'a> From<&'a Under> for UnderObject<'a> {
    fn from(it: &'a Under) -> Self {
        let read = it.read.as_ref();
        let types = read.map(|read| read.recorder_types.as_slice()).unwrap_or_default();
        Self {
            stored: read.map(|read| (&read.settings).into()),
            today: it.today.as_ref().map(SettingsObject::from),
            other_today: it.others.iter().map(|setting| setting.name()).collect(),
            mixed: read.is_some_and(|read| read.is_mixed),
            opening_names_in_doubt: it.are_names_in_doubt(),
            recorder_types: types
                .iter()
                .map(|of| RecorderTypeObject {
                    recorder_type: &of.recorder_type.0,
                    rows: of.rows,
                    role: of.role.name(),
                })
                .collect(),
        }
    }
}

impl<'a> From<&'a Settings> for SettingsObject<'a> {
    fn from(it: &'a Settings) -> Self {
        Self {
            opening_balance: &it.opening_balance,
            purchase_recorders: &it.purchase_recorders,
            ignored_recorders: &it.ignored_recorders,
            names: &it.named,
            days: it.days,
            points_rule: it.points_rule.name(),
        }
    }
}

impl<'a> From<&'a Customer> for CardObject<'a> {
    fn from(it: &'a Customer) -> Self {
        let owner = it.owner.map(|owner| owner.to_string());
        Self { key: it.card.to_string(), owner, fields: FieldsObject(it) }
    }
}

impl From<&Figure<Amount>> for FigureObject {
    fn from(it: &Figure<Amount>) -> Self {
        Self { onec: it.onec.map(money), stored: it.stored.map(money), variance: it.variance().map(money) }
    }
}

impl From<&PointsComparison> for PointsObject {
    fn from(it: &PointsComparison) -> Self {
        Self {
            onec: it.figure.onec.map(points),
            stored: it.figure.stored.map(points),
            variance: it.figure.variance().map(points),
            rule: it.rule.name(),
            last_record: it.last_record.map(points),
            register_balance: it.register_balance.map(points),
            register_balance_onec: it.register_balance_onec.map(points),
        }
    }
}

impl<'a> From<&'a Difference> for DifferenceObject<'a> {
    fn from(it: &'a Difference) -> Self {
        let sides = match &it.figure {
            DifferenceFigure::Money(figure) => figure.map(money),
            DifferenceFigure::Points(figure) => figure.map(points),
            DifferenceFigure::Town(towns) => towns.clone(),
        };
        Self {
            kind: it.kind.name(),
            period: it.period.map(onec_time),
            recorder: it.recorder.map(|recorder| recorder.to_string()),
            recorder_type: it.recorder_type.as_ref().map(|recorder_type| recorder_type.0.as_ref()),
            line: it.line,
            onec: sides.onec,
            stored: sides.stored,
            reason: it.reason.map(Reason::name),
        }
    }
}

impl<'a> From<&'a Sent> for RequestObject<'a> {
    fn from(it: &'a Sent) -> Self {
        Self { method: "GET", address: &it.address, rows: it.rows }
    }
}

impl From<LinesAndAmount> for SumObject {
    fn from(it: LinesAndAmount) -> Self {
        Self { lines: it.lines, amount: money(it.amount) }
    }
}

impl<'a> From<&'a Problem> for ProblemObject<'a> {
    fn from(it: &'a Problem) -> Self {
        Self { code: it.code, message: &it.message, remedy: &it.remedy, help: it.help() }
    }
}

impl<'a> From<&'a FoundCustomer> for FoundObject<'a> {
    fn from(it: &'a FoundCustomer) -> Self {
        Self {
            card: (&it.customer).into(),
            total: it.total.map(money),
            total_onec: it.total_onec().map(money),
            points: it.points.map(points),
            matched: &it.matched,
            more: MoreFieldsObject(&it.customer),
            verdict: it.verdict.name(),
            variance: it.variance.map(money),
        }
    }
}

impl From<&LeftOff> for LeftOffObject {
    fn from(it: &LeftOff) -> Self {
        Self { stage: it.stage.name(), overall: it.overall, at: our_time(it.at) }
    }
}

impl From<&RunningStatus> for RunningObject {
    fn from(it: &RunningStatus) -> Self {
        Self { stage: it.stage.map(Stage::name), overall: it.overall }
    }
}

impl<'a> From<&'a Run> for RunObject<'a> {
    fn from(it: &'a Run) -> Self {
        Self {
            started_at: our_time(it.started_at),
            seconds: JsonSeconds(it.took),
            outcome: outcome(it.outcome),
            generation: it.generation,
            cards: it.cards,
            movements: it.movements,
            created: it.changes.created,
            changed: it.changes.changed,
            removed: it.changes.removed,
            skipped: it.rejected,
            retries: it.retries,
            variances: it.variances,
            unverified: it.unverified,
            error: it.error.as_deref(),
        }
    }
}

impl<'a> From<&'a DoctorCheck> for DoctorObject<'a> {
    fn from(it: &'a DoctorCheck) -> Self {
        let status = match it.status {
            CheckStatus::Ok => "ok",
            CheckStatus::Warning => "warning",
            CheckStatus::Failed => "failed",
        };
        let types = it.types.as_ref().map(|types| types.iter().map(TypeObject::from).collect());
        Self {
            check: it.check,
            status,
            detail: &it.detail,
            remedy: it.remedy.as_deref(),
            types,
            code: it.code,
            help: it.code.map(Problem::help_on),
        }
    }
}

/// The name of a town; neither an unknown one nor none has a name.
fn town(side: Option<&Option<City>>) -> Option<&str> {
    side?.as_ref().map(|city| city.name.as_str())
}

/// Seconds to a thousandth, written without a float on the way.
struct JsonSeconds(Duration);

impl Serialize for JsonSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = format!("{}.{:03}", self.0.as_secs(), self.0.subsec_millis());
        RawValue::from_string(number).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// Never `-0.00`: a decimal zero may carry a sign.
pub(super) fn money(amount: Amount) -> String {
    if amount.is_zero() { Amount::ZERO.to_string() } else { amount.to_string() }
}

pub(super) fn points(points: Points) -> String {
    if points.is_zero() { Points::ZERO.to_string() } else { points.to_string() }
}

pub(super) fn onec_time(time: LocalTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

pub(super) fn our_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Published => "published",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests;
