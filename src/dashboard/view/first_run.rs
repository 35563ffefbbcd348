//! The first run: what sverka is, what is missing, and the three ways on.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use crate::dashboard::app::Model;
use crate::dashboard::app::first_run::{FirstRun, Step};
use crate::dashboard::app::layout::Layout;
use crate::text::Shown;

use super::footer;
use super::look::Look;

/// Widest lines: longer ones are hard to read.
const WIDEST: u16 = 92;

/// Draws what the first run has to say.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, first_run: &FirstRun, model: &Model, look: &Look) {
    let screen = frame.area();
    let margin = if screen.width >= 60 { 3 } else { 1 };
    let top = layout.header.bottom() + u16::from(screen.height >= 12);
    let height = screen.height.saturating_sub(top + layout.footer.height);
    let width = screen.width.saturating_sub(2 * margin).min(WIDEST);
    let area = Rect::new(margin.min(screen.width), top, width, height).intersection(screen);
    let words = Paragraph::new(lines(first_run, look)).wrap(Wrap { trim: true });
    frame.render_widget(words, area);
    footer::draw(frame, layout.footer, model, look);
}

fn lines(first_run: &FirstRun, look: &Look) -> Vec<Line<'static>> {
    let texts = look.texts;
    let values = [
        ("path", Shown::new(&first_run.path).as_str().to_owned().into()),
        ("missing", first_run.missing.as_str().into()),
    ];
    let say = |id| Line::raw(texts.with(id, &values));
    let mut lines = vec![Line::styled(texts.get("first-run-title"), look.theme.title), Line::default()];
    match &first_run.step {
        Step::NoFile => lines.extend([say("first-run-no-file"), Line::default(), say("first-run-write")]),
        Step::Incomplete => {
            lines.extend([say("first-run-incomplete"), Line::default(), say("first-run-edit")]);
        }
        Step::Written => {
            let written = texts.with("first-run-written", &values);
            lines.extend([Line::styled(format!("✓ {written}"), look.theme.good), Line::default()]);
            lines.push(say("first-run-edit"));
        }
        Step::Failed(failure) => {
            let message = Shown::new(&failure.message).into_string();
            lines.push(Line::styled(format!("✗ {message}"), look.theme.bad));
            lines.push(Line::raw(Shown::new(&failure.remedy).into_string()));
        }
    }
    lines.extend([Line::default(), say("first-run-demo"), Line::default(), say("first-run-doctor")]);
    lines
}
