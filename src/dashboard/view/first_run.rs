//! The first run: what sverka is, what is missing, and how to go on.
//!
//! ```text
//! · Настроек ещё нет
//!
//!  sverka ещё не знает вашу 1С. Заполните три поля: …
//!
//!  ›Адрес 1С  http://server/trade/odata/standard.odata▏
//!   Логин     odata.user
//!   Пароль    ••••••
//!
//!  ✗ 1С не приняла логин или пароль. [onec-unauthorized]
//!  → …
//!  Enter Проверить и записать  Tab Следующее поле  F7 Демо  Esc Выход
//! ```

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use tui_input::Input;

use crate::dashboard::app::first_run::{FirstRun, Step};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::page::wrapped;
use crate::dashboard::app::set_up::{FormField, FormTrial, SetUpForm};
use crate::dashboard::app::{Failure, FailureKind, Model, SetUpStep, TaskKind};
use crate::text::{self, Shown};

use super::columns::{left, width};
use super::look::Look;
use super::search::visible;
use super::{footer, journal, put};

/// Widest lines: longer ones are hard to read.
const WIDEST: u16 = 92;
/// Lines of the form and the blank ones round it.
const FIELDS: u16 = 5;
/// Lines that what came of it needs at least.
const OUTCOME: u16 = 3;

/// Draws what the first run has to say.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, first_run: &FirstRun, model: &Model, look: &Look) {
    let screen = frame.area();
    let margin = if screen.width >= 60 { 3 } else { 1 };
    let top = layout.header.bottom() + u16::from(screen.height >= 12);
    let height = screen.height.saturating_sub(top + layout.footer.height);
    let width = screen.width.saturating_sub(2 * margin).min(WIDEST);
    let area = Rect::new(margin.min(screen.width), top, width, height).intersection(screen);
    match &first_run.step {
        Step::Form(form) => draw_form(frame, area, form, (first_run, model), look),
        Step::Incomplete => {
            let words = Paragraph::new(incomplete(first_run, look)).wrap(Wrap { trim: true });
            frame.render_widget(words, area);
        }
    }
    footer::draw(frame, layout.footer, model, look);
}

/// Draws paragraphs, each over as many rows as it needs; the rows they took.
fn draw_words(frame: &mut Frame<'_>, area: Rect, paragraphs: &[(String, Style)]) -> u16 {
    let columns = usize::from(area.width.max(1));
    let lines = paragraphs.iter().flat_map(|(words, style)| {
        wrapped(words, columns).into_iter().map(|line| Span::styled(line.to_owned(), *style))
    });
    let mut taken = 0;
    for line in lines.take(usize::from(area.height)) {
        put(frame, area, taken, line);
        taken += 1;
    }
    taken
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

fn incomplete(first_run: &FirstRun, look: &Look) -> Vec<Line<'static>> {
    let texts = look.texts;
    let values = [("path", path(first_run).into()), ("missing", first_run.missing.as_str().into())];
    let say = |id| Line::raw(texts.with(id, &values));
    let mut lines = vec![Line::styled(texts.get("first-run-title"), look.theme.title), Line::default()];
    lines.extend([say("first-run-incomplete"), Line::default(), say("first-run-edit"), Line::default()]);
    lines.extend([say("first-run-demo"), Line::default(), say("first-run-doctor")]);
    lines
}

fn path(first_run: &FirstRun) -> String {
    Shown::new(&first_run.path).into_string()
}

// The form.

fn draw_form(
    frame: &mut Frame<'_>,
    area: Rect,
    form: &SetUpForm,
    (first_run, model): (&FirstRun, &Model),
    look: &Look,
) {
    let mut area = area;
    let intro = look.texts.with("first-run-form", &[("path", path(first_run).into())]);
    let rows = wrapped(&intro, usize::from(area.width.max(1))).len();
    let has_room = usize::from(area.height) >= rows + usize::from(FIELDS + OUTCOME);
    if has_room {
        let taken = draw_words(frame, area, &[(intro, Style::new())]);
        area = below(area, taken + 1);
    }
    draw_fields(frame, area, form, model, look);
    area = below(area, if has_room { FIELDS - 1 } else { FIELDS - 2 });
    let taken = draw_words(frame, area, &outcome(form, model, look));
    let more = below(area, taken + 1);
    if form.failed().is_none() && form.trial().is_none() && more.height >= OUTCOME {
        draw_words(frame, more, &[(look.texts.get("first-run-others").into_owned(), look.theme.dim)]);
    }
}

fn draw_fields(frame: &mut Frame<'_>, area: Rect, form: &SetUpForm, model: &Model, look: &Look) {
    let words = FormField::ALL.map(|field| look.texts.get(field_word(field)).into_owned());
    let label = words.iter().map(|word| width(word)).max().unwrap_or(0);
    for ((row, field), word) in (0..).zip(FormField::ALL).zip(words) {
        let is_current = field == form.at();
        let (pointer, style) = if is_current { ("›", look.theme.focused) } else { (" ", look.theme.dim) };
        let lead = format!("{pointer}{}  ", left(&word, label));
        let room = usize::from(area.width).saturating_sub(width(&lead) + 1);
        let input = shown(form.text(field), field);
        // What is left again is read from its beginning.
        let scroll = if is_current { input.visual_scroll(room.saturating_sub(1)) } else { 0 };
        let typed = left(&visible(input.value(), scroll), room);
        let line = vec![Span::styled(lead.clone(), style), Span::raw(typed)];
        put(frame, area, row, Line::from(line));
        let at = width(&lead) + input.visual_cursor().saturating_sub(scroll);
        let is_typed = is_current && form.trial().is_none() && model.overlay.is_none();
        if is_typed && row < area.height {
            let x = area.x + u16::try_from(at).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
            frame.set_cursor_position(Position { x, y: area.y + row });
        }
    }
}

/// A password is dots, as many as it has letters.
fn shown(input: &Input, field: FormField) -> Input {
    match field {
        FormField::Address | FormField::User => input.clone(),
        FormField::Password => {
            let dots = "•".repeat(input.value().chars().count());
            Input::new(dots).with_cursor(input.cursor())
        }
    }
}

fn field_word(field: FormField) -> &'static str {
    match field {
        FormField::Address => "first-run-address",
        FormField::User => "first-run-user",
        FormField::Password => "first-run-password",
    }
}

/// How the trial goes, why it came to nothing, or what the field wants.
fn outcome(form: &SetUpForm, model: &Model, look: &Look) -> Vec<(String, Style)> {
    match (form.trial(), form.failed()) {
        (Some(trial), _) => vec![(trial_words(trial, model, look), look.theme.busy)],
        (None, Some(failure)) => failure_lines(failure, look),
        (None, None) => vec![(look.texts.get(field_hint(form)).into_owned(), look.theme.dim)],
    }
}

fn field_hint(form: &SetUpForm) -> &'static str {
    match form.at() {
        FormField::Address => "first-run-address-hint",
        FormField::User => "first-run-user-hint",
        FormField::Password if form.is_password_given() => "first-run-password-given",
        FormField::Password => "first-run-password-hint",
    }
}

fn trial_words(trial: FormTrial, model: &Model, look: &Look) -> String {
    let elapsed = model.now.signed_duration_since(trial.since).num_seconds().max(0);
    let elapsed = std::time::Duration::from_secs(elapsed.unsigned_abs());
    let time = [("time", text::duration(elapsed, look.language()).into())];
    let id = match trial.step {
        SetUpStep::Entering => "first-run-entering",
        SetUpStep::Types => "first-run-types",
    };
    format!("▶ {}", look.texts.with(id, &time))
}

fn failure_lines(failure: &Failure, look: &Look) -> Vec<(String, Style)> {
    if failure.kind == FailureKind::Crashed {
        let place = Some(failure.message.as_str()).filter(|place| !place.is_empty());
        let words = journal::crashed(TaskKind::SetUp, place, look);
        return vec![(format!("✗ {words}"), look.theme.bad)];
    }
    let shown = |words: &str| Shown::new(words).into_string();
    let mut lines =
        vec![(format!("✗ {} [{}]", shown(&failure.message), shown(&failure.code)), look.theme.bad)];
    if !failure.remedy.is_empty() {
        lines.push((format!("→ {}", shown(&failure.remedy)), Style::new()));
    }
    lines
}
