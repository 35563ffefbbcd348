//! The first line: which base, how things stand with it, how old the figures are.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::dashboard::app::sync::State;
use crate::dashboard::app::{Model, Now, StoreStatus};
use crate::sync::event::Outcome;
use crate::text::{self, Shown};

use super::columns::{Parts, width};
use super::look::Look;
use super::mirror;
use super::put;
use super::stages::{SHOWN, time_words};

/// Columns of the base's name with its marks.
const BASE: usize = 40;

/// Columns between two parts.
const GAP: usize = 3;

/// Columns from which the base stands before its state: in fewer the state is what there is room for.
const BASE_FIRST: u16 = 60;
/// Columns under which the state is worded in short.
const NARROW: u16 = 30;
/// The mark of figures that are old.
const STALE: &str = "≈";

/// Draws the header; what matters least is left out first.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let mut parts = Parts::default();
    let (mark, word, style) = state(model, look, area.width);
    let is_base_first = area.width >= BASE_FIRST;
    let used = if is_base_first { push_base(&mut parts, model, area.width, look) } else { 0 };
    let room = usize::from(area.width).saturating_sub(2 + used + 2 + width(&word) + 3);
    parts.push_spans(vec![Span::styled(format!("{mark} "), style), Span::styled(word, style)]);
    push_time(&mut parts, model, look, room);
    if let viewers @ 2.. = model.house.viewers().len() {
        parts.push(look.texts.with("status-viewers", &[("n", viewers.into())]), look.theme.dim);
    }
    if model.journal.unseen_errors() > 0 {
        let errors = look.texts.with("status-errors", &[("n", model.journal.unseen_errors().into())]);
        parts.push(format!("● {errors}"), look.theme.bad);
    }
    if !is_base_first {
        push_base(&mut parts, model, area.width, look);
    }
    if let Some(status) = &model.status {
        push_status(&mut parts, model, status, mark == STALE, look);
    }
    let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let columns = usize::from(padded.width);
    push_viewers(&mut parts, columns, model, look);
    push_address(&mut parts, columns, model, look);
    put(frame, padded, 0, parts.fitted(columns, GAP));
}

/// Which base it is; the columns it takes.
fn push_base(parts: &mut Parts<'_>, model: &Model, columns: u16, look: &Look) -> usize {
    let base = model.status.as_ref().map(|status| Shown::new(&status.base)).unwrap_or_default();
    let base = base.truncated(usize::from(columns / 4).min(BASE));
    if base.is_empty() {
        return 0;
    }
    parts.push(base.as_str(), look.theme.title);
    base.width() + GAP
}

/// Age and counts. That the figures are old is worded once: here, or as the state of the whole.
fn push_status(parts: &mut Parts<'_>, model: &Model, status: &StoreStatus, is_said: bool, look: &Look) {
    if model.is_synced() {
        let age = text::age(model.age(), look.language());
        if model.is_stale() {
            let id = if is_said { "status-fresh" } else { "status-stale" };
            let stale = look.texts.with(id, &[("age", age.into())]);
            parts.push(format!("{STALE} {stale}"), look.theme.warning);
        } else {
            parts.push(look.texts.with("status-fresh", &[("age", age.into())]), Style::new());
        }
        parts.push(look.texts.with("status-cards", &[("n", status.cards.into())]), Style::new());
        let variances = status.variances;
        let style = if variances > 0 { look.theme.bad } else { Style::new() };
        parts.push(look.texts.with("status-variances", &[("n", variances.into())]), style);
    }
    if status.before_window > 0 {
        let before = look.texts.with("status-before-window", &[("n", status.before_window.into())]);
        parts.push(format!("‹ {before}"), look.theme.warning);
    }
    if status.unlisted > 0 {
        let unlisted = look.texts.with("status-unlisted", &[("n", status.unlisted.into())]);
        parts.push(unlisted, look.theme.bad);
    }
    if status.unverified > 0 {
        let unverified = look.texts.with("status-unverified", &[("n", status.unverified.into())]);
        parts.push(unverified, look.theme.warning);
    }
    if !status.findings.is_empty() {
        let findings = look.texts.with("status-findings", &[("n", status.findings.len().into())]);
        parts.push(format!("! {findings}"), look.theme.warning);
    }
    if let Some((words, style)) = mirror::short(status, look) {
        parts.push(words, style);
    }
}

/// The names of all who are attached, where there is room for them.
fn push_viewers(parts: &mut Parts<'_>, columns: usize, model: &Model, look: &Look) {
    let names: Vec<_> = model.house.viewers().iter().map(|name| Shown::new(name).into_string()).collect();
    let room = columns.saturating_sub(parts.clone().fitted(columns, GAP).width() + GAP);
    let names = names.join(", ");
    if model.house.viewers().len() > 1 && width(&names) <= room {
        parts.push(names, look.theme.dim);
    }
}

/// The address, where there is room for all of it: a part of it leads nowhere.
fn push_address(parts: &mut Parts<'_>, columns: usize, model: &Model, look: &Look) {
    let used = parts.clone().fitted(columns, GAP).width();
    let room = columns.saturating_sub(used + GAP);
    let address = model.status.as_ref().map(|status| Shown::new(&status.address));
    if let Some(address) = address.filter(|address| !address.is_empty() && address.width() <= room) {
        parts.push(address.as_str(), look.theme.dim);
    }
}

/// Mark, word and style of the whole.
pub(super) fn state(model: &Model, look: &Look, columns: u16) -> (&'static str, String, Style) {
    let theme = &look.theme;
    let word = |id| look.texts.get(id).into_owned();
    if model.first_run.is_some() {
        return ("·", word("dash-state-no-settings"), theme.warning);
    }
    if let Some(since) = model.house.lost_at() {
        if columns < NARROW {
            return ("✗", word("dash-state-engine-lost-short"), theme.bad);
        }
        let time = text::duration(elapsed(model, since), look.language());
        return ("✗", look.texts.with("dash-state-engine-lost", &[("time", time.into())]), theme.bad);
    }
    match model.sync.state {
        State::Running => return ("▶", running(model, look, columns), theme.busy),
        State::Stopping => return ("■", word("status-stopping"), theme.warning),
        State::Idle => {}
    }
    if model.elsewhere.sync().is_some() {
        let id = if columns < NARROW { "dash-state-elsewhere-short" } else { "dash-state-elsewhere" };
        return ("▶", word(id), theme.busy);
    }
    if model.is_store_damaged {
        return ("✗", word("dash-state-damaged"), theme.bad);
    }
    let Some(status) = &model.status else { return ("·", word("detail-loading"), theme.dim) };
    if let Some(since) = model.sync.offline_since {
        if columns < NARROW {
            return ("✗", word("dash-state-offline-short"), theme.bad);
        }
        let time = text::duration(elapsed(model, since), look.language());
        return ("✗", look.texts.with("dash-state-offline", &[("time", time.into())]), theme.bad);
    }
    if model.sync.is_paused() {
        return ("■", word("dash-state-paused"), theme.warning);
    }
    if has_failed(model) {
        return ("✗", word("dash-state-failed"), theme.bad);
    }
    match status {
        StoreStatus { synced_at: None, left_off: Some(_), .. } => {
            ("■", word("dash-state-paused"), theme.warning)
        }
        StoreStatus { synced_at: None, .. } => ("·", word("status-never"), theme.warning),
        _ if status.variances > 0 || status.unlisted > 0 => ("✗", word("dash-state-variances"), theme.bad),
        StoreStatus { unverified: 1.., .. } => ("?", word("dash-state-unverified"), theme.warning),
        _ if model.is_stale() => (STALE, word("dash-state-stale"), theme.warning),
        StoreStatus { findings, .. } if !findings.is_empty() => {
            ("!", word("dash-state-findings"), theme.warning)
        }
        StoreStatus { before_window: 1.., days, .. } => {
            ("✓", look.texts.with("dash-state-in-window", &[("days", (*days).into())]), theme.good)
        }
        _ => ("✓", word("dash-state-reconciled"), theme.good),
    }
}

/// The sync's word with its share, and where there is room which stage of those listed it is at.
fn running(model: &Model, look: &Look, columns: u16) -> String {
    let progress = &model.sync.progress;
    if let Some(gauge) = progress.mirror {
        return mirror::running(gauge, look, columns < NARROW);
    }
    if progress.stage.is_none() && progress.requests == 0 {
        return look.texts.get("dash-state-connecting").into_owned();
    }
    let percent = ("percent", text::percent(progress.overall, look.language()).into());
    if columns < NARROW {
        return look.texts.with("dash-state-running", &[percent]);
    }
    let listed = SHOWN.iter().position(|stage| Some(*stage) == progress.stage);
    let numbers = listed.map(|at| [("n", (at + 1).into()), ("of", SHOWN.len().into())]);
    match (numbers, model.is_first_sync()) {
        (Some([n, of]), true) => look.texts.with("dash-state-first-stage", &[n, of]),
        (None, true) => look.texts.get("dash-state-first").into_owned(),
        (Some([n, of]), false) => look.texts.with("dash-state-stage", &[n, of, percent]),
        (None, false) => look.texts.with("dash-state-running-whole", &[percent]),
    }
}

/// How long the sync has taken and still takes. A first one tells it below.
fn push_time(parts: &mut Parts<'_>, model: &Model, look: &Look, columns: usize) {
    let is_told_below = model.is_first_sync() && model.size.width >= 20;
    let is_told_here = model.sync.is_running() && model.sync.progress.requests > 0 && !is_told_below;
    if let Some(words) = time_words(model, look, columns).filter(|_| is_told_here) {
        parts.push(words, Style::new());
    }
}

fn elapsed(model: &Model, since: Now) -> Duration {
    let elapsed = model.now.signed_duration_since(since).to_std().unwrap_or_default();
    Duration::from_secs(elapsed.as_secs())
}

pub(super) fn has_failed(model: &Model) -> bool {
    model.sync.last.as_ref().is_some_and(|last| match &last.result {
        Ok(summary) => summary.outcome == Outcome::Failed,
        Err(_) => true,
    })
}
