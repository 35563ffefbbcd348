//! The gauges of a sync: a block with a line per stage, or a strip of one line.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::{Action, Failure, Now, StoreStatus};
use crate::domain::Verdict;
use crate::domain::period::age;
use crate::engine::OtherWriter;
use crate::sync::event::{Outcome, Stage, StageProgress, StageState, SyncSummary};
use crate::text::{self, Shown};

use super::columns::{Parts, bar, left, right, width};
use super::look::Look;
use super::{block, pane, put};

/// The stages that read rows, and the proof; the others are told in the line under them.
const SHOWN: [Stage; 5] =
    [Stage::Cards, Stage::OpeningBalances, Stage::Purchases, Stage::Points, Stage::ControlTotals];

/// The line under the gauges.
const LAST: u16 = 6;

/// Draws the gauges in the room there is.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.stages;
    if area.height > 1 {
        draw_block(frame, layout, model, look);
    } else if area.height == 1 {
        let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        put(frame, padded, 0, strip(model, look, usize::from(padded.width)));
    }
}

fn draw_block(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let title = Span::styled(format!(" {} ", look.texts.get("pane-stages")), look.theme.title);
    let area = pane(frame, layout, layout.stages, block(title, false, look));
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let columns = usize::from(area.width);
    put(frame, area, 0, overall(model, look, columns));
    if !model.sync.is_known() {
        return draw_standing(frame, area, model, look);
    }
    let names = SHOWN.map(|stage| width(&look.stage(stage)));
    let name = names.into_iter().max().unwrap_or(0);
    for (row, stage) in (1..).zip(SHOWN) {
        put(frame, area, row, gauge(stage, model.sync.progress.of(stage), name, look, columns));
    }
    put(frame, area, LAST, below(model, look, columns));
}

/// What the store holds, where this session has not synced yet.
fn draw_standing(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let Some(status) = model.status.as_ref().filter(|status| status.synced_at.is_some()) else { return };
    let texts = look.texts;
    let apart = status.variances + status.before_window + status.unverified;
    let reconciled = status.cards.saturating_sub(apart);
    let counts = [
        (Verdict::Reconciled, reconciled, "status-reconciled"),
        (Verdict::BeforeWindow, status.before_window, "status-before-window"),
        (Verdict::Variance, status.variances, "status-variances"),
        (Verdict::Unverified, status.unverified, "status-unverified"),
    ];
    let worth_a_line =
        counts.into_iter().filter(|(verdict, count, _)| *verdict == Verdict::Reconciled || *count > 0);
    for (row, (verdict, count, id)) in (1..).zip(worth_a_line) {
        let words = texts.with(id, &[("n", text::count(count, look.language()).into())]);
        let (mark, style) = look.verdict(verdict);
        put(frame, area, row, Line::from(vec![Span::styled(mark, style), Span::raw(format!(" {words}"))]));
    }
    let shown = |action| model.key(action).into();
    let hint =
        texts.with("dash-standing-keys", &[("sync", shown(Action::Sync)), ("view", shown(Action::View))]);
    put(frame, area, LAST, Span::styled(hint, look.theme.dim));
}

/// What runs now, or how the last sync ended.
fn overall(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if !model.sync.is_running() {
        return idle(model, look, columns);
    }
    let progress = &model.sync.progress;
    let (language, texts) = (look.language(), look.texts);
    let mut parts = Parts::default();
    parts.push_spans(bar_spans(progress.overall, 24, look));
    parts.push(right(&text::percent(progress.overall, language), 5), look.theme.title);
    let elapsed = text::duration(whole_seconds(progress.elapsed), language);
    parts.push(texts.with("dash-elapsed", &[("time", elapsed.into())]), Style::new());
    parts.push(text::bytes(progress.bytes, language), look.theme.dim);
    parts.push(texts.with("dash-requests", &[("n", progress.requests.into())]), look.theme.dim);
    parts.fitted(columns, 2)
}

/// One stage: name, gauge, share, rows, speed, time left, what went wrong.
fn gauge(stage: Stage, at: &StageProgress, name: usize, look: &Look, columns: usize) -> Line<'static> {
    let language = look.language();
    let is_waiting = at.state == StageState::Waiting;
    let style = if is_waiting { look.theme.dim } else { Style::new() };
    let mut parts = Parts::default();
    parts.push_spans(vec![
        look.stage_mark(at.state),
        Span::styled(format!(" {}", left(&look.stage(stage), name)), style),
    ]);
    parts.push_spans(bar_spans(at.percent(), 10, look));
    parts.push(right(&text::percent(at.percent(), language), 5), style);
    if is_waiting {
        return parts.fitted(columns, 1);
    }
    if has_rows(at) {
        parts.push(rows(at, look), Style::new());
    }
    push_pace(&mut parts, at, look);
    parts.fitted(columns, 1)
}

/// Whether the stage has rows to tell of: the proof asks for sums.
fn has_rows(at: &StageProgress) -> bool {
    at.done > 0 || at.total.is_some()
}

/// Rows done, of those expected where that is known.
fn rows(at: &StageProgress, look: &Look) -> String {
    let done = text::count(at.done, look.language());
    match at.total {
        Some(total) if total != at.done => format!("{done} / {}", text::count(total, look.language())),
        _ => done,
    }
}

fn push_pace(parts: &mut Parts<'_>, at: &StageProgress, look: &Look) {
    let (language, texts) = (look.language(), look.texts);
    if at.retries > 0 {
        parts.push(texts.with("stage-retries", &[("n", at.retries.into())]), look.theme.warning);
    }
    if at.rejected > 0 {
        parts.push(texts.with("stage-rejected", &[("n", at.rejected.into())]), look.theme.bad);
    }
    let is_running = matches!(at.state, StageState::Running | StageState::Retrying);
    if is_running && at.rate() > 0 {
        parts.push(texts.with("stage-rate", &[("rate", at.rate().into())]), look.theme.dim);
    }
    if let Some(left) = at.left().filter(|_| is_running) {
        let time = text::duration(whole_seconds(left), language);
        parts.push(texts.with("stage-left", &[("time", time.into())]), look.theme.dim);
    }
}

/// Columns of the speed under the gauges, and in the strip.
const WIDE_SPARK: usize = 40;
const SHORT_SPARK: usize = 12;

/// The speed so far, and the stage at work where it has no gauge of its own.
fn below(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let mut parts = Parts::default();
    if let Some(stage) = model.sync.progress.stage.filter(|stage| !SHOWN.contains(stage))
        && model.sync.is_running()
    {
        let name = Span::raw(format!(" {}", look.stage(stage)));
        parts.push_spans(vec![look.stage_mark(StageState::Running), name]);
    }
    if let Some(Err(failure)) = model.sync.last.as_ref().map(|last| &last.result)
        && model.sync.retry_at.is_some()
    {
        // Why it waits; what it waits for stands above.
        let message = Shown::new(&failure.message).truncated(columns.saturating_sub(2));
        parts.push(format!("✗ {message}"), look.theme.bad);
        return parts.fitted(columns, 2);
    }
    push_speed(&mut parts, model, look, WIDE_SPARK.min(columns / 2));
    parts.fitted(columns, 2)
}

/// The speed of the last seconds as bars, and its latest figure.
fn push_speed(parts: &mut Parts<'_>, model: &Model, look: &Look, columns: usize) {
    let speeds = &model.sync.speeds;
    if speeds.len() < 2 {
        return;
    }
    let latest = speeds.back().copied().unwrap_or_default();
    let from = speeds.len().saturating_sub(columns);
    let bars = Span::styled(spark(speeds.iter().skip(from).copied()), look.theme.busy);
    let rate = look.texts.with("stage-rate", &[("rate", latest.into())]);
    parts.push_spans(vec![bars, Span::raw(format!(" {rate}"))]);
}

/// The speed of the last seconds where its figure is told already.
fn push_bars(parts: &mut Parts<'_>, model: &Model, look: &Look) {
    let speeds = &model.sync.speeds;
    let from = speeds.len().saturating_sub(SHORT_SPARK);
    if speeds.len() >= 2 {
        parts.push(spark(speeds.iter().skip(from).copied()), look.theme.busy);
    }
}

/// A bar of eight heights for each figure, the greatest at full height.
fn spark(figures: impl Iterator<Item = u64> + Clone) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = figures.clone().max().unwrap_or(0).max(1);
    let bar = |figure: u64| {
        let height = u128::from(figure) * 7 / u128::from(most);
        BARS[usize::try_from(height).unwrap_or(7).min(7)]
    };
    figures.map(bar).collect()
}

fn strip(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if !model.sync.is_running() {
        return idle(model, look, columns);
    }
    let progress = &model.sync.progress;
    let mut parts = Parts::default();
    let mut gauge = bar_spans(progress.overall, 10, look);
    gauge.push(Span::raw(format!(" {}", text::percent(progress.overall, look.language()))));
    parts.push_spans(gauge);
    let at_work = progress.stage.map(|stage| (stage, progress.of(stage)));
    if let Some((stage, at)) = at_work {
        let rows = if has_rows(at) { format!(" {}", rows(at, look)) } else { String::new() };
        parts.push_spans(vec![
            look.stage_mark(at.state),
            Span::raw(format!(" {}", look.stage(stage))),
            Span::raw(rows),
        ]);
        push_pace(&mut parts, at, look);
        push_bars(&mut parts, model, look);
    }
    for stage in SHOWN.into_iter().filter(|stage| Some(*stage) != progress.stage) {
        let state = progress.of(stage).state;
        parts.push_spans(vec![
            look.stage_mark(state),
            Span::styled(format!(" {}", look.stage(stage)), look.theme.dim),
        ]);
    }
    parts.fitted(columns, 2)
}

/// When the next try comes, how the last sync ended, or that there was none.
fn idle(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let mut parts = Parts::default();
    if let Some(writer) = model.elsewhere.writer() {
        push_elsewhere(&mut parts, writer, model, look);
        return parts.fitted(columns, 2);
    }
    match (model.sync.retry_at, &model.sync.last, &model.status) {
        (Some(at), ..) => push_retry(&mut parts, at, model, look, columns),
        (None, Some(last), _) => push_ended(&mut parts, &last.result, model, look, columns),
        (None, None, Some(status)) => push_stored(&mut parts, status, model, look),
        (None, None, None) => parts.push(look.texts.get("detail-loading"), look.theme.dim),
    }
    parts.fitted(columns, 2)
}

/// Another process that writes to the store: what it does, who it is, how far, how long.
fn push_elsewhere(parts: &mut Parts<'_>, writer: &OtherWriter, model: &Model, look: &Look) {
    let (language, texts) = (look.language(), look.texts);
    if !writer.is_sync() {
        let words = texts.with("dash-store-elsewhere", &[("pid", writer.pid.to_string().into())]);
        return parts.push(format!("▶ {words}"), look.theme.busy);
    }
    parts.push(format!("▶ {}", texts.get("dash-sync-elsewhere")), look.theme.busy);
    if let Some(progress) = writer.progress {
        parts.push(text::percent(progress.overall, language), look.theme.title);
        parts.push(look.stage(progress.stage), Style::new());
    }
    if let Some(elapsed) = age(model.now.to_utc(), writer.since) {
        let time = text::duration(whole_seconds(elapsed), language);
        parts.push(texts.with("dash-elapsed", &[("time", time.into())]), Style::new());
    }
    let command = Shown::new(&writer.command).truncated(40);
    parts.push(format!("{} {command}", writer.pid), look.theme.dim);
}

/// A phrase with the key that starts a sync.
fn with_sync_key(id: &'static str, model: &Model, look: &Look) -> String {
    look.texts.with(id, &[("key", model.key(Action::Sync).into())])
}

fn push_retry(parts: &mut Parts<'_>, at: Now, model: &Model, look: &Look, columns: usize) {
    let left = at.signed_duration_since(model.now).to_std().unwrap_or_default();
    let time = text::duration(whole_seconds(left), look.language());
    let ids = ["dash-retry-in", "dash-retry-in-short"];
    let words = look.fitting(&ids, &[("time", time.into())], columns.saturating_sub(2));
    parts.push(format!("↻ {words}"), look.theme.warning);
    let shown = |action| model.key(action).into();
    let values = [("now", shown(Action::Sync)), ("never", shown(Action::CancelSync))];
    parts.push(look.texts.with("dash-retry-keys", &values), look.theme.dim);
}

fn push_ended(
    parts: &mut Parts<'_>,
    result: &Result<SyncSummary, Failure>,
    model: &Model,
    look: &Look,
    columns: usize,
) {
    match result {
        Ok(summary) => {
            push_summary(parts, summary, model, look);
            if summary.outcome != Outcome::Published {
                parts.push(with_sync_key("dash-go-on", model, look), look.theme.dim);
            }
        }
        Err(failure) => {
            let again = with_sync_key("dash-again", model, look);
            let room = columns.saturating_sub(4 + width(&again));
            parts.push(format!("✗ {}", Shown::new(&failure.message).truncated(room)), look.theme.bad);
            parts.push(again, look.theme.dim);
        }
    }
}

/// What the store holds from before this session.
fn push_stored(parts: &mut Parts<'_>, status: &StoreStatus, model: &Model, look: &Look) {
    let Some(at) = status.synced_at else {
        return parts.push(with_sync_key("dash-first-sync", model, look), Style::new());
    };
    let at = look.moment(at, model.now);
    parts.push(look.texts.with("dash-last-synced", &[("at", at.into())]), Style::new());
    if model.is_stale() {
        parts.push(with_sync_key("dash-refresh", model, look), look.theme.warning);
    }
    push_full_at(parts, model, look);
    parts.push(look.texts.with("dash-movements", &[("n", status.movements.into())]), look.theme.dim);
}

/// After deltas: when everything was last read.
fn push_full_at(parts: &mut Parts<'_>, model: &Model, look: &Look) {
    let status = model.status.as_ref().filter(|status| status.deltas > 0);
    if let Some(full_at) = status.and_then(|status| status.full_at) {
        let at = look.moment(full_at, model.now);
        parts.push(look.texts.with("dash-full-at", &[("at", at.into())]), look.theme.dim);
    }
}

/// A sync that was stopped waits to be gone on with.
fn paused(model: &Model, look: &Look) -> String {
    let at = model.sync.last.as_ref().map_or(model.now, |last| last.at);
    let percent = text::percent(model.sync.progress.overall, look.language());
    let values = [("at", look.moment(at.to_utc(), model.now).into()), ("percent", percent.into())];
    look.texts.with("dash-paused", &values)
}

fn push_summary(parts: &mut Parts<'_>, summary: &SyncSummary, model: &Model, look: &Look) {
    let texts = look.texts;
    let took = text::duration(summary.elapsed, look.language());
    let (mark, line, style) = match summary.outcome {
        Outcome::Published => ("✓", texts.with("dash-done", &[("time", took.into())]), look.theme.good),
        Outcome::Failed => ("✗", texts.get("journal-sync-failed").into_owned(), look.theme.bad),
        Outcome::Cancelled => ("■", paused(model, look), look.theme.warning),
    };
    parts.push(format!("{mark} {line}"), style);
    if summary.outcome != Outcome::Published {
        return;
    }
    parts.push(
        texts.with(
            "dash-changes",
            &[
                ("created", text::count(summary.created, look.language()).into()),
                ("changed", text::count(summary.changed, look.language()).into()),
                ("removed", text::count(summary.removed, look.language()).into()),
            ],
        ),
        Style::new(),
    );
    push_full_at(parts, model, look);
    if summary.skipped > 0 {
        parts.push(texts.with("stage-rejected", &[("n", summary.skipped.into())]), look.theme.bad);
    }
    if summary.retries > 0 {
        parts.push(texts.with("stage-retries", &[("n", summary.retries.into())]), look.theme.warning);
    }
    parts.push(texts.with("dash-requests", &[("n", summary.requests.into())]), look.theme.dim);
    parts.push(text::bytes(summary.bytes, look.language()), look.theme.dim);
}

fn bar_spans(percent: u8, columns: usize, look: &Look) -> Vec<Span<'static>> {
    let (filled, empty) = bar(percent, columns);
    vec![Span::styled(filled, look.theme.busy), Span::styled(empty, look.theme.dim)]
}

/// Tenths of a running time would flicker.
fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_speed_is_a_full_bar() {
        assert_eq!(spark([0, 7, 14].into_iter()), "▁▄█");
        assert_eq!(spark([0, 0].into_iter()), "▁▁");
    }
}
