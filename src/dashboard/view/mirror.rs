//! The mirror: its gauge while it is published to, and how it stands.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::StoreStatus;
use crate::dashboard::app::model::Model;
use crate::engine::MirrorStanding;
use crate::report::mirror::fault_words;
use crate::sync::event::{MirrorGauge, StageState};
use crate::text::{self, Problem, Shown};

use super::look::Look;

/// Columns of the gauge.
const GAUGE: usize = 10;

/// How far it is: cards and products, or that it is being proven.
pub(super) fn gauge(it: MirrorGauge, look: &Look) -> Vec<Span<'static>> {
    let count = |rows| text::count(rows, look.language());
    let mut spans = vec![
        look.stage_mark(StageState::Running),
        Span::raw(format!(" {} ", look.texts.get("dash-mirror-gauge"))),
    ];
    spans.extend(look.bar(it.percent(), GAUGE));
    let words = if it.is_proving() {
        look.texts.get("dash-mirror-proving").into_owned()
    } else {
        let values = [("done", count(it.done).into()), ("total", count(it.total).into())];
        look.texts.with("stage-rows-of", &values)
    };
    spans.push(Span::styled(format!(" {words}"), look.theme.dim));
    spans
}

/// The word of the header while it is published to.
pub(super) fn running(it: MirrorGauge, look: &Look, is_narrow: bool) -> String {
    if is_narrow {
        return look.texts.get("dash-mirror-gauge").into_owned();
    }
    format!("{} {}", look.texts.get("dash-state-mirror"), text::percent(it.percent(), look.language()))
}

/// How it stands, for the header.
pub(super) fn short(status: &StoreStatus, look: &Look) -> Option<(String, Style)> {
    let it = status.mirror.as_ref()?;
    let behind = it.behind.unwrap_or_default();
    let (id, style) = match (&it.fault, it.generation) {
        (Some(_), Some(_)) if !it.verified => ("dash-mirror-differs", look.theme.bad),
        (Some(_), _) => ("dash-mirror-failed", look.theme.bad),
        (None, None) => ("dash-mirror-never", look.theme.warning),
        (None, Some(_)) if behind > 0 => ("dash-mirror-behind", look.theme.warning),
        (None, Some(_)) => ("dash-mirror-current", Style::new()),
    };
    Some((look.texts.with(id, &[("behind", behind.into())]), style))
}

/// How it stands, in a line: what it shows, or what is wrong and what to do.
pub(super) fn line(status: &StoreStatus, look: &Look, columns: usize) -> Option<Line<'static>> {
    let it = status.mirror.as_ref()?;
    let title = look.texts.get("mirror-status");
    let shows = shown(it, look);
    let (mark, words, style) = match &it.fault {
        Some(fault) => {
            let Problem { message, remedy, .. } = fault_words(fault, look.texts);
            ("✗", format!("{message} {remedy}"), look.theme.bad)
        }
        None if it.verified && it.behind.unwrap_or_default() == 0 => {
            ("✓", format!("{title}: {shows}"), look.theme.good)
        }
        None => ("≈", format!("{title}: {shows}"), look.theme.warning),
    };
    let words = Shown::new(&words).truncated(columns.saturating_sub(2)).into_string();
    Some(Line::from(vec![Span::styled(mark, style), Span::raw(format!(" {words}"))]))
}

/// What is wrong with it, where something is.
pub(super) fn trouble(model: &Model, look: &Look, columns: usize) -> Option<Line<'static>> {
    let status = model.status.as_ref()?;
    status.mirror.as_ref()?.fault.as_ref()?;
    line(status, look, columns)
}

fn shown(it: &MirrorStanding, look: &Look) -> String {
    let Some(generation) = it.generation else { return look.texts.get("mirror-status-never").into_owned() };
    let behind = it.behind.unwrap_or_default();
    let id = if behind > 0 { "dash-mirror-shows-behind" } else { "dash-mirror-shows" };
    look.texts.with(id, &[("generation", generation.into()), ("behind", behind.into())])
}
