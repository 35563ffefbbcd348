//! Sync, search, status and doctor in words.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use super::check::EXPLAINED;
use super::document_types;
use super::mirror::fault_words;
pub use super::problem::problem;
use super::progress::{delta_line, stage_name};
use super::proof;
use super::table::{Align, Table};
use super::{
    Attention, CheckStatus, CheckedStatus, DoctorCheck, EngineStatus, FoundCustomer, MirrorStatus,
    PublishedStatus, Reader, RunningStatus, SearchReport, StatusReport, UNKNOWN, display_name, freshness,
    known, our_time,
};
use crate::domain::Finding;
use crate::store::{BackupStep, Compacted, CopySummary, Examined, Pages, Proof, Restored, Run, StoreHolder};
use crate::sync::event::{LinesAndAmount, Outcome, Stage, SyncSummary};
use crate::sync::{Finished, LeftOff};
use crate::text::{self, Problem, Shown, Texts, Value};

/// The end of a sync: how it ended, what the store holds, what changed, how long it took, what to do next.
pub fn sync(finished: &Finished, error: Option<&Problem>, reader: Reader) -> String {
    let texts = reader.texts;
    let summary = &finished.summary;
    let error = error.map(|error| problem(error, texts)).unwrap_or_default();
    let ended = format!("{}\n{error}", ended(summary, texts));
    let next = match summary.outcome {
        Outcome::Published => format!("{}\n{}", holds(summary, texts), next(summary, texts)),
        Outcome::Failed | Outcome::Cancelled => String::new(),
    };
    let delta = finished.delta.map(|delta| delta_line(&delta, reader) + "\n").unwrap_or_default();
    let work = format!("{}\n{}\n{delta}", changes(summary, texts), traffic(summary, texts));
    [ended, times(summary, texts), work, next]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn ended(it: &SyncSummary, texts: Texts) -> String {
    let time = ("time", text::duration(it.elapsed, texts.language()).into());
    let Some(generation) = it.generation else {
        return match it.outcome {
            Outcome::Cancelled => texts.with("report-sync-cancelled-empty", &[time]),
            Outcome::Failed | Outcome::Published => texts.with("report-sync-failed-empty", &[time]),
        };
    };
    let values = [time, ("generation", generation.into())];
    match it.outcome {
        Outcome::Published => texts.with("report-sync-published", &values),
        Outcome::Failed => texts.with("report-sync-failed", &values),
        Outcome::Cancelled => texts.with("report-sync-cancelled", &values),
    }
}

fn holds(it: &SyncSummary, texts: Texts) -> String {
    let count = |number| text::count(number, texts.language());
    let sum = |lines: LinesAndAmount| text::money(lines.amount, texts.language());
    let mut table = Table::new([Align::Left, Align::Right, Align::Right]);
    table.row([texts.get("report-cards").as_ref(), &count(it.cards)]);
    let opening = it.opening_balances;
    table.row([texts.get("report-opening-balances").as_ref(), &count(opening.lines), &sum(opening)]);
    table.row([texts.get("report-purchases").as_ref(), &count(it.purchases.lines), &sum(it.purchases)]);
    table.row([texts.get("report-points").as_ref(), &known(it.points_lines.map(count))]);
    format!("{}\n{}", texts.get("report-sync-holds"), table.render(2))
}

fn changes(it: &SyncSummary, texts: Texts) -> String {
    let values = [
        ("created", it.created.into()),
        ("changed", it.changed.into()),
        ("removed", it.removed.into()),
        ("skipped", it.skipped.into()),
    ];
    texts.with("report-sync-changes", &values)
}

fn traffic(it: &SyncSummary, texts: Texts) -> String {
    let values = [
        ("requests", it.requests.into()),
        ("retries", it.retries.into()),
        ("bytes", text::bytes(it.bytes, texts.language()).into()),
    ];
    texts.with("report-sync-traffic", &values)
}

/// Stages that took no time worth a line are left out.
fn times(it: &SyncSummary, texts: Texts) -> String {
    let mut table = Table::new([Align::Left, Align::Right]);
    for (stage, took) in Stage::ALL.into_iter().zip(it.stages).filter(|(_, took)| took.as_secs() > 0) {
        table.row([stage_name(stage, texts), text::duration(took, texts.language())]);
    }
    let rows = table.render(2);
    if rows.is_empty() { rows } else { format!("{}\n{rows}", texts.get("report-sync-times")) }
}

/// Variances, what is unverified, what was skipped: each with what to do about it.
fn next(it: &SyncSummary, texts: Texts) -> String {
    let mut lines = Vec::new();
    if it.variances > 0 {
        lines.push(format!("❌ {}", texts.with("report-sync-variances", &[("n", it.variances.into())])));
    }
    if it.unverified > 0 {
        lines.push(format!("▫ {}", texts.with("report-sync-unverified", &[("n", it.unverified.into())])));
    }
    if it.skipped > 0 {
        lines.push(format!("▫ {}", texts.get("report-sync-skipped")));
    }
    if lines.is_empty() && it.findings.is_empty() {
        let words = if it.is_partial { "report-sync-agrees-in-part" } else { "report-sync-agrees" };
        lines.push(format!("✅ {}", texts.get(words)));
    }
    if it.before_window > 0 {
        let values = [("n", it.before_window.into())];
        lines.push(format!("{EXPLAINED} {}", texts.with("report-sync-before-window", &values)));
    }
    lines.join("\n") + "\n" + &findings(&it.findings, texts)
}

/// Columns of a name in a table: more is for those who open the customer.
const WIDEST: usize = 60;

/// What a search found, as a table; a cut and another reading of the query are announced.
pub fn search(report: &SearchReport, texts: Texts) -> String {
    let read_as = report.read_as.as_ref().map(|read| {
        let query = [("query", (&read.query).into())];
        format!("{}\n", texts.named_with("answered-by", read.by, &query))
    });
    let body = if report.total == 0 {
        format!("{}\n", texts.with("report-search-nothing", &[("query", (&report.query).into())]))
    } else {
        format!("{}\n{}\n", found(&report.found, texts), found_count(report, texts))
    };
    read_as.unwrap_or_default() + &body
}

fn found(found: &[FoundCustomer], texts: Texts) -> String {
    let mut table =
        Table::new([Align::Left, Align::Left, Align::Left, Align::Left, Align::Right, Align::Right])
            .cut_at(WIDEST);
    table.row([
        texts.get("column-code"),
        texts.get("column-name"),
        texts.get("column-phone"),
        texts.get("column-city"),
        texts.get("column-total"),
        texts.get("column-points"),
    ]);
    for it in found {
        let customer = &it.customer;
        table.row([
            customer.code.as_str(),
            &display_name(customer, texts),
            customer.phone.as_deref().unwrap_or(UNKNOWN),
            customer.city.as_ref().map_or(UNKNOWN, |city| &city.name),
            &known(it.total_shown().map(|total| text::money(total, texts.language()))),
            &known(it.points.map(|points| text::points(points, texts.language()))),
        ]);
    }
    table.render(0)
}

fn found_count(report: &SearchReport, texts: Texts) -> String {
    let took = u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX);
    let found = texts.with("report-search-found", &[("total", report.total.into()), ("ms", took.into())]);
    let shown = u64::try_from(report.found.len()).unwrap_or(u64::MAX);
    if shown >= report.total {
        return found;
    }
    let values = [("shown", shown.into()), ("total", report.total.into())];
    format!("{found}\n{}", texts.with("report-search-cut", &values))
}

/// What the store holds, how fresh it is, and the last syncs.
pub fn status(report: &StatusReport, reader: Reader) -> String {
    let texts = reader.texts;
    let mut table = Table::new([Align::Left, Align::Left]);
    table.row([texts.get("report-label-stored").as_ref(), &report.store.to_string_lossy()]);
    if let Some(published) = &report.published {
        published_rows(published, &mut table, reader);
    }
    checked_rows(&report.checked, &mut table, texts);
    if let Some(left) = &report.left_off {
        table.row([texts.get("report-status-left-off").as_ref(), &left_off_words(left, reader)]);
    }
    if let Some(running) = &report.running {
        table.row([texts.get("report-status-running").as_ref(), &running_words(*running, texts)]);
    }
    if let Some(engine) = &report.engine {
        table.row([texts.get("report-status-engine").as_ref(), &engine_words(engine, reader)]);
    }
    if let Some(mirror) = &report.mirror {
        table.row([texts.get("mirror-status").as_ref(), &mirror_words(mirror, reader)]);
    }
    if report.published.is_some() && (!report.under.others.is_empty() || report.under.is_other()) {
        let words =
            texts.with("report-status-read-under", &[("settings", proof::others(&report.under).into())]);
        table.row([texts.get("report-status-settings").as_ref(), &words]);
    }
    let attention = report.attention();
    if !attention.is_empty() && report.published.is_some() {
        let findings = [("n", report.findings.len().into())];
        let found = || Cow::Owned(texts.with("report-attention-findings", &findings));
        let found = (!report.findings.is_empty()).then(found);
        let words = attention.into_iter().filter_map(|it| attention_words(it, texts)).chain(found);
        let words: Vec<_> = words.collect();
        table.row([texts.get("report-status-attention").as_ref(), &words.join(", ")]);
    }
    let is_never = report.published.is_none() && report.left_off.is_none();
    let never = is_never.then(|| format!("{}\n", texts.get("report-status-never")));
    let fault = report.mirror.as_ref().and_then(|it| it.fault.as_ref()).map(|it| fault_words(it, texts));
    let found =
        findings(&report.findings, texts) + &fault.map(|it| to_be_mended(&it, texts)).unwrap_or_default();
    table.render(0) + &never.unwrap_or_default() + &found + &last_syncs(&report.last_syncs, reader)
}

/// What a sync found to be mended, each with what to do about it.
fn findings(findings: &[Finding], texts: Texts) -> String {
    findings
        .iter()
        .fold(String::new(), |lines, finding| lines + &to_be_mended(&texts.finding(finding), texts))
}

fn to_be_mended(problem: &Problem, texts: Texts) -> String {
    let Problem { code, message, remedy, .. } = problem;
    let remedy = texts.with("report-remedy", &[("remedy", remedy.into())]);
    format!("! {message} [{code}]\n  {remedy}\n")
}

/// What the mirror shows.
fn mirror_words(it: &MirrorStatus, reader: Reader) -> String {
    let texts = reader.texts;
    let Some(generation) = it.generation else {
        let id = if it.fault.is_some() { "mirror-status-empty" } else { "mirror-status-never" };
        return texts.get(id).into_owned();
    };
    let at = it.published_at.map(|at| our_time(at, reader)).unwrap_or_default();
    let behind = it.behind.unwrap_or_default();
    let values = [("generation", generation.into()), ("behind", behind.into()), ("at", at.into())];
    let id = match () {
        () if !it.verified => "mirror-status-differs",
        () if behind > 0 => "mirror-status-behind",
        () => "mirror-status-current",
    };
    texts.with(id, &values)
}

/// Findings have lines of their own.
fn attention_words(it: Attention, texts: Texts) -> Option<Cow<'static, str>> {
    Some(texts.get(match it {
        Attention::NeverSynced => "report-status-never",
        Attention::Stale => "report-attention-stale",
        Attention::Clock => "report-attention-clock",
        Attention::LastSyncFailed => "report-attention-last-sync-failed",
        Attention::Variances => "report-attention-variances",
        Attention::OtherSettings => "report-attention-other-settings",
        Attention::Unverified => "report-attention-unverified",
        Attention::Mirror => "report-attention-mirror",
        Attention::Found(_) => return None,
    }))
}

fn published_rows(it: &PublishedStatus, table: &mut Table, reader: Reader) {
    let texts = reader.texts;
    let count = |number| text::count(number, texts.language());
    table.row([texts.get("report-status-generation").as_ref(), &count(it.generation)]);
    let read = freshness(it.oldest_read_at, it.age, it.stale, reader);
    if it.carried > 0 {
        table.row([texts.get("report-status-synced").as_ref(), &our_time(it.synced_at, reader)]);
        let values = [("n", count(it.carried).into()), ("of", count(it.cards).into()), ("read", read.into())];
        let words = texts.with("report-status-carried-of", &values);
        table.row([texts.get("report-status-carried").as_ref(), &words]);
    } else {
        table.row([texts.get("report-status-synced").as_ref(), &read]);
    }
    let proof = texts.get(match it.proof {
        Proof::Confirmed => "report-status-confirmed",
        Proof::Unconfirmed => "report-status-unconfirmed",
    });
    table.row([texts.get("report-status-proof").as_ref(), proof.as_ref()]);
    if let Some(full_at) = it.full_at {
        let values = [("at", our_time(full_at, reader).into()), ("deltas", it.deltas.into())];
        table.row([texts.get("report-status-full").as_ref(), &texts.with("report-status-full-at", &values)]);
    }
    table.row([texts.get("report-cards").as_ref(), &count(it.cards)]);
    table.row([texts.get("report-status-movements").as_ref(), &count(it.movements)]);
    table.row([texts.get("report-status-variances").as_ref(), &count(it.variances)]);
    table.row([texts.get("report-status-unverified").as_ref(), &count(it.unverified)]);
}

/// What was compared since, where anything was.
fn checked_rows(it: &CheckedStatus, table: &mut Table, texts: Texts) {
    if it.cards > 0 {
        let values = [("n", it.cards.into()), ("age", text::age(it.age, texts.language()).into())];
        let words = texts.with("report-status-checked-at", &values);
        table.row([texts.get("report-status-checked").as_ref(), &words]);
    }
    if it.unlisted > 0 {
        let cards = text::count(it.unlisted, texts.language());
        table.row([texts.get("report-status-unlisted").as_ref(), &cards]);
    }
}

/// A running engine, as status and doctor tell of it.
pub fn engine_words(it: &EngineStatus, reader: Reader) -> String {
    let texts = reader.texts;
    let uptime = text::duration(Duration::from_secs(it.uptime_s), texts.language());
    let values = [
        ("pid", it.pid.to_string().into()),
        ("version", it.version.as_str().into()),
        ("uptime", uptime.into()),
        ("viewers", it.viewers.into()),
    ];
    let mut parts = vec![texts.with("engine-told", &values)];
    if !it.terminals.is_empty() {
        let names: Vec<_> = it.terminals.iter().map(|name| Shown::new(name).into_string()).collect();
        parts.push(texts.with("engine-told-terminals", &[("names", names.join(", ").into())]));
    }
    if let Some(bytes) = it.memory_bytes {
        parts
            .push(texts.with("engine-told-memory", &[("size", text::bytes(bytes, texts.language()).into())]));
    }
    if let Some(next) = it.next_sync_at {
        parts.push(texts.with("engine-told-next", &[("next", our_time(next, reader).into())]));
    }
    if it.on_demand {
        parts.push(texts.get("engine-told-on-demand").into_owned());
    }
    parts.join(", ")
}

/// Who holds the lock of the store, as doctor tells of it.
pub fn lock_words(it: &StoreHolder, reader: Reader) -> String {
    let process = Shown::new(&it.told()).into_string();
    let values = [("process", process.into()), ("since", our_time(it.since, reader).into())];
    reader.texts.with("engine-told-lock", &values)
}

/// How far a sync came that was stopped on its way.
fn left_off_words(it: &LeftOff, reader: Reader) -> String {
    let texts = reader.texts;
    let values = [
        ("at", our_time(it.at, reader).into()),
        ("stage", stage_name(it.stage, texts).into()),
        ("percent", text::percent(it.overall, texts.language()).into()),
    ];
    texts.with("report-status-left-off-at", &values)
}

fn running_words(it: RunningStatus, texts: Texts) -> String {
    let (Some(stage), Some(overall)) = (it.stage, it.overall) else {
        return texts.get("report-status-runs-now").into_owned();
    };
    let overall = text::percent(overall, texts.language());
    let values = [("stage", stage_name(stage, texts).into()), ("overall", overall.into())];
    texts.with("report-status-runs-at", &values)
}

fn last_syncs(runs: &[Run], reader: Reader) -> String {
    if runs.is_empty() {
        return String::new();
    }
    let texts = reader.texts;
    let mut table =
        Table::new([Align::Left, Align::Right, Align::Right, Align::Right, Align::Right, Align::Left]);
    table.row([
        texts.get("report-column-started"),
        texts.get("report-column-took"),
        texts.get("report-cards"),
        texts.get("report-status-movements"),
        texts.get("report-column-variances"),
        texts.get("report-column-outcome"),
    ]);
    for run in runs {
        table.row(run_row(run, reader));
    }
    format!("\n{}\n{}", texts.get("report-status-last"), table.render(2))
}

fn run_row(it: &Run, reader: Reader) -> [String; 6] {
    let count = |number| text::count(number, reader.language());
    let movements = [("+", it.changes.created), ("~", it.changes.changed), ("−", it.changes.removed)];
    [
        our_time(it.started_at, reader),
        text::duration(it.took, reader.language()),
        count(it.cards),
        movements.map(|(sign, number)| format!("{sign}{}", count(number))).join(" "),
        count(it.variances),
        outcome(it, reader.texts),
    ]
}

fn outcome(it: &Run, texts: Texts) -> String {
    match (it.outcome, &it.error) {
        (Outcome::Published, _) => texts.get("report-outcome-published").into_owned(),
        (Outcome::Cancelled, _) => texts.get("report-outcome-cancelled").into_owned(),
        (Outcome::Failed, None) => texts.get("report-outcome-failed").into_owned(),
        (Outcome::Failed, Some(code)) => texts.with("report-outcome-failed-code", &[("code", code.into())]),
    }
}

/// What a look at the whole store found.
pub fn examined(store: &Path, it: &Examined, took: Duration, texts: Texts) -> String {
    let language = texts.language();
    let mut table = Table::new([Align::Left, Align::Left]);
    table.row([texts.get("report-label-stored").as_ref(), &store.to_string_lossy()]);
    let generation = it.generation.map_or_else(|| UNKNOWN.into(), |number| text::count(number, language));
    table.row([texts.get("report-status-generation").as_ref(), &generation]);
    table.row([texts.get("store-check-rows").as_ref(), &text::count(it.verified.rows, language)]);
    let pages = texts.get(match it.pages {
        Pages::Compared => "store-check-pages-compared",
        Pages::Busy => "store-check-pages-busy",
        Pages::ReadOnly => "store-check-pages-read-only",
    });
    table.row([texts.get("store-check-pages").as_ref(), pages.as_ref()]);
    table.row([texts.get("store-check-file").as_ref(), &text::bytes(it.file_bytes, language)]);
    table.row([texts.get("store-check-took").as_ref(), &text::duration(took, language)]);
    let hint =
        if it.verified.outgrown_by(it.file_bytes) { "store-check-compact" } else { "store-check-whole" };
    format!("{}\n{}\n", table.render(0), texts.get(hint))
}

/// What compacting the store did.
pub fn compacted(store: &Path, it: Compacted, texts: Texts) -> String {
    let bytes = |bytes| text::bytes(bytes, texts.language());
    let values = [
        ("path", store.to_string_lossy().into()),
        ("before", bytes(it.before).into()),
        ("after", bytes(it.after).into()),
    ];
    texts.with("store-compacted", &values) + "\n"
}

/// What is being done while the store is copied.
pub fn copying(step: BackupStep, texts: Texts) -> String {
    match step {
        BackupStep::Examining => texts.get("store-backup-examining").into_owned(),
        BackupStep::Copying { generation, cards } => {
            let values = [("generation", generation.into()), ("cards", cards.into())];
            texts.with("store-backup-copying", &values)
        }
        BackupStep::ReadingAgain => texts.get("store-backup-again").into_owned(),
    }
}

/// What was copied into a file.
pub fn backed_up(file: &Path, copied: &CopySummary, age: Option<Duration>, reader: Reader) -> String {
    let mut values = copied_values(copied, age, reader);
    values.push(("path", file.to_string_lossy().into()));
    reader.texts.with("store-backed-up", &values) + "\n"
}

/// What was restored, and where the store that was there lies now.
pub fn restored(restored: &Restored, age: Option<Duration>, reader: Reader) -> String {
    let words = reader.texts.with("store-restored", &copied_values(&restored.copied, age, reader));
    let aside = restored.aside.as_ref().map(|path| {
        format!("{}\n", reader.texts.with("store-restored-aside", &[("path", path.to_string_lossy().into())]))
    });
    format!("{words}\n{}", aside.unwrap_or_default())
}

fn copied_values(
    copied: &CopySummary,
    age: Option<Duration>,
    reader: Reader,
) -> Vec<(&'static str, Value<'static>)> {
    let language = reader.language();
    vec![
        ("generation", copied.generation.id.into()),
        ("time", our_time(copied.generation.synced_at, reader).into()),
        ("age", text::age(age, language).into()),
        ("cards", copied.generation.counts.cards.into()),
        ("rows", copied.verified.rows.into()),
        ("bytes", text::bytes(copied.file_bytes, language).into()),
    ]
}

/// The line of a check, below it one for each type of document where it is of these, and a remedy where there is one.
/// Titles take so many characters.
pub fn doctor_line(check: &DoctorCheck, width: usize, texts: Texts) -> String {
    let code = check.code.map(|code| format!(" [{code}]")).unwrap_or_default();
    let detail = format!("{}{code}", text::Shown::new(&check.detail));
    let line =
        format!("{}  {:width$}  {detail}\n", mark(check.status), text::Shown::new(&check.title).to_string());
    let types = check.types.as_ref().map(|types| document_types::table(types, texts)).unwrap_or_default();
    let remedy = check.remedy.as_ref();
    let remedy = remedy.map(|remedy| format!("   → {}\n", text::Shown::new(remedy))).unwrap_or_default();
    line + &types + &remedy
}

fn mark(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Ok => "✓",
        CheckStatus::Warning => "!",
        CheckStatus::Failed => "✗",
    }
}

/// The outcome of all checks.
pub fn diagnosis(checks: &[DoctorCheck], texts: Texts) -> String {
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    let is_of_names = |it: &DoctorCheck| it.status != CheckStatus::Failed || it.types.is_some();
    let outcome = match (count(CheckStatus::Failed), count(CheckStatus::Warning)) {
        (1.., _) if checks.iter().all(is_of_names) => texts.get("report-doctor-names").into_owned(),
        (0, 0) => texts.get("report-doctor-well").into_owned(),
        (0, warnings) => texts.with("report-doctor-warnings", &[("n", warnings.into())]),
        (failures, _) => texts.with("report-doctor-failures", &[("n", failures.into())]),
    };
    format!("\n{outcome}\n")
}

#[cfg(test)]
mod tests;
