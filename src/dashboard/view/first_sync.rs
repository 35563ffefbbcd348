//! A first sync fills the screen: until there is somebody to look up, how far it is, how fast, and how long it still takes
//! is all there is to see.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::engine::OtherWriter;
use crate::report::progress::what_happened;
use crate::sync::event::{Progress, Stage, StageProgress, StageState};
use crate::text::{self, Shown};

use super::columns::{Parts, left, right, width};
use super::look::Look;
use super::stages::{
    SHOWN, foreign_stages, idle, pending, received, rows, share, spark, speed, time_words, unlisted_stage,
    whole, whole_seconds,
};
use super::{block, pane, put};

/// Columns from which the gauge of the whole and its time share a line, and those of the time at its longest: words that
/// grow and shrink must not move the gauge every second.
const WIDE: usize = 70;
const TIMES: usize = 40;
/// Columns of the share of the whole.
const PERCENT: usize = 6;
/// Most lines of the chart.
const CHART: usize = 5;
/// Columns of a gauge that is worth drawing, of a time, and of a share.
const GAUGE: usize = 6;
const TIME: usize = 12;
const SHARE: usize = 9;
/// Columns beside the gauge of a stage of another process.
const FOREIGN: usize = 34;

/// Draws it in the room there is; what matters least is left out first.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let title = Span::styled(format!(" {} ", look.texts.get("pane-stages")), look.theme.title);
    let area = pane(frame, layout, layout.stages, block(title, false, look));
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    for (row, line) in (0..).zip(lines(model, look, usize::from(area.width), usize::from(area.height))) {
        put(frame, area, row, line);
    }
}

/// A sync of another process: the same gauges, as far as it tells how far it is; whose it is, and what comes of it.
fn foreign(
    writer: &OtherWriter,
    model: &Model,
    look: &Look,
    (columns, height): (usize, usize),
) -> Vec<Line<'static>> {
    let overall = writer.progress.map_or(0, |progress| progress.overall);
    let room = columns.saturating_sub(PERCENT).max(1);
    let mut lines = vec![idle(model, look, columns), Line::from(whole(overall, room, look))];
    let stages = foreign_stages(writer, columns.saturating_sub(FOREIGN).clamp(GAUGE, 60), look);
    if height >= lines.len() + stages.len() + 4 {
        lines.push(Line::default());
        lines.extend(stages);
        lines.push(Line::default());
    }
    let note = look.texts.get("dash-foreign");
    lines.push(Line::styled(Shown::new(&note).truncated(columns).into_string(), look.theme.dim));
    lines
}

fn lines(model: &Model, look: &Look, columns: usize, height: usize) -> Vec<Line<'static>> {
    if let Some(writer) = model.foreign_sync() {
        return foreign(writer, model, look, (columns, height));
    }
    let mut lines = head(model, look, columns);
    if height < lines.len() + SHOWN.len() + 1 {
        let at_work = SHOWN.into_iter().find(|stage| Some(*stage) == model.sync.progress.stage);
        lines.extend(at_work.map(|stage| stages(&[stage], model, look, columns)).unwrap_or_default());
        lines.extend(traffic(model, look, columns, false));
        return lines;
    }
    // What is left beside these goes to the chart, what may be done, the air between and the last trouble, in turn.
    let spare = height - lines.len() - SHOWN.len() - 1;
    let (has_note, airs, is_tall) = (spare >= 2, spare.saturating_sub(2).min(3), spare >= 6);
    let others = usize::from(has_note) + airs + usize::from(is_tall);
    let chart_height = spare.saturating_sub(others).min(CHART);
    let air = |lines: &mut Vec<_>, least| lines.extend((airs >= least).then(Line::default));
    air(&mut lines, 1);
    lines.extend(stages(&SHOWN, model, look, columns));
    air(&mut lines, 2);
    lines.extend(chart(model, look, columns, chart_height));
    lines.extend(traffic(model, look, columns, is_tall));
    air(&mut lines, 3);
    if has_note && model.sync.is_running() {
        let note = look.texts.get(if model.house.is_attached() {
            "dash-may-close-engine"
        } else {
            "dash-may-close"
        });
        lines.push(Line::styled(Shown::new(&note).truncated(columns).into_string(), look.theme.dim));
    }
    lines
}

/// The whole, and how long it takes; where none runs, how the last one ended before.
fn head(model: &Model, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let progress = &model.sync.progress;
    let is_running = model.sync.is_running();
    let time = time_words(model, look, columns).filter(|_| is_running).unwrap_or_default();
    let is_beside = columns >= WIDE && is_running;
    let room = columns.saturating_sub(PERCENT + if is_beside { TIMES } else { 0 });
    let mut gauge = Line::from(whole(progress.overall, room.max(1), look));
    if is_beside {
        gauge.push_span(Span::raw(format!("  {time}")));
        return vec![gauge];
    }
    let words = if is_running { Line::raw(time) } else { idle(model, look, columns) };
    vec![words, gauge]
}

/// A line a stage: mark, name, rows, gauge, time, its share of the whole.
fn stages(listed: &[Stage], model: &Model, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let progress = &model.sync.progress;
    let name = listed.iter().map(|stage| width(&look.stage(*stage))).max().unwrap_or(0);
    let told: Vec<String> = listed.iter().map(|stage| rows(progress.of(*stage), look)).collect();
    // As wide as the widest will be: what a stage reads is known before.
    let whole = |stage: &Stage| {
        let at = progress.of(*stage);
        let total = at.total.unwrap_or(at.done);
        width(&rows(
            &StageProgress { state: StageState::Running, done: total.saturating_sub(1), ..*at },
            look,
        ))
    };
    let rows = listed.iter().map(whole).chain(told.iter().map(|told| width(told))).max().unwrap_or(0);
    let mut spare = columns.saturating_sub(2 + name + 1 + rows);
    let mut take = |columns| {
        let has_room = spare >= columns;
        spare -= if has_room { columns } else { 0 };
        has_room
    };
    let (has_share, has_time) = (take(SHARE), take(TIME));
    let gauge = if spare > GAUGE { spare - 1 } else { 0 };
    let line = |(stage, told): (&Stage, &String)| {
        let at = progress.of(*stage);
        let style = if at.state == StageState::Waiting { look.theme.dim } else { Style::new() };
        let mut spans = vec![
            look.stage_mark(at.state),
            Span::styled(format!(" {} {}", left(&look.stage(*stage), name), left(told, rows)), style),
        ];
        if gauge > 0 {
            spans.push(Span::raw(" "));
            spans.extend(look.bar(at.percent(), gauge));
        }
        if has_time {
            spans.push(Span::styled(right(&taken(at, look), TIME), style));
        }
        if has_share {
            spans.push(Span::styled(right(&share(*stage, look), SHARE), look.theme.dim));
        }
        Line::from(spans)
    };
    listed.iter().zip(&told).map(line).collect()
}

/// How long a stage has taken; nothing of one that an earlier attempt read, or that was stopped before a second was over.
fn taken(at: &StageProgress, look: &Look) -> String {
    match at.state {
        StageState::Waiting => String::new(),
        _ if at.elapsed.is_zero() && !at.is_at_work() => String::new(),
        StageState::Paused | StageState::Failed if at.elapsed < Duration::from_secs(1) => String::new(),
        StageState::Done if at.elapsed < Duration::from_secs(10) => {
            text::duration(at.elapsed, look.language())
        }
        _ => text::duration(whole_seconds(at.elapsed), look.language()),
    }
}

/// How fast it was from the first second on: a line of bars, or several where there is room.
fn chart(model: &Model, look: &Look, columns: usize, height: usize) -> Vec<Line<'static>> {
    let words = speed(model, look);
    if height < 2 || width(&words) + 20 > columns {
        let room = columns.saturating_sub(width(&words) + 2);
        let mut parts = Parts::default();
        let figures = model.sync.speeds.over_run(room);
        if figures.len() > 1 && room > GAUGE {
            parts.push(spark(figures.into_iter()), look.theme.busy);
        }
        parts.push(words, Style::new());
        return vec![parts.fitted(columns, 2); height.min(1)];
    }
    let bars = super::chart::of_rates(&model.sync.speeds.over_run(columns), height - 1);
    let bars = bars.into_iter().map(|bars| Line::styled(bars, look.theme.busy));
    std::iter::once(Line::raw(words)).chain(bars).collect()
}

/// Requests and bytes, and the last trouble: beside them, or in a line of its own.
fn traffic(model: &Model, look: &Look, columns: usize, is_tall: bool) -> Vec<Line<'static>> {
    let progress = &model.sync.progress;
    let waiting = pending(progress, look, columns).filter(|_| model.sync.is_running());
    if let Some(words) = waiting.clone().filter(|_| !is_tall) {
        return vec![Line::from(words)];
    }
    let mut parts = Parts::default();
    let stage = unlisted_stage(model, look);
    if !stage.is_empty() {
        parts.push_spans(stage);
    }
    parts.push(look.texts.with("dash-requests", &[("n", progress.requests.into())]), look.theme.dim);
    parts.push(received(progress, look), look.theme.dim);
    let last = last_repeat(progress, look);
    let fitted = |words: &str, room| Shown::new(words).truncated(room).into_string();
    if is_tall {
        let last = last.map(|words| Span::styled(fitted(&words, columns), look.theme.warning));
        let trouble = waiting.or(last).map(Line::from).unwrap_or_default();
        return vec![parts.fitted(columns, 2), trouble];
    }
    if let Some(words) = last {
        let used = parts.clone().fitted(columns, 2).width() + 2;
        parts.push(fitted(&words, columns.saturating_sub(used)), look.theme.warning);
    }
    vec![parts.fitted(columns, 2)]
}

/// How many requests were repeated, when the last one, and why. Its age goes by tens of seconds.
fn last_repeat(progress: &Progress, look: &Look) -> Option<String> {
    let last = progress.last_repeat.as_ref()?;
    let age = progress.elapsed.saturating_sub(last.at).as_secs();
    let age = if age < 10 { age } else { age / 10 * 10 };
    let why = what_happened(&last.error, look.texts);
    let values = [
        ("n", progress.retries().into()),
        ("age", text::age(Duration::from_secs(age), look.language()).into()),
        ("why", why.trim_end_matches('.').into()),
    ];
    Some(look.texts.with("stage-last-retry", &values))
}
