//! What lies over the panes: the keys, the journal, a question.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};

use crate::dashboard::app::choices::{Choice, choices};
use crate::dashboard::app::detail::Section;
use crate::dashboard::app::keymap::{self, Help, Scope};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::page::Cell;
use crate::dashboard::app::search::scrolled;
use crate::dashboard::app::{Action, By, Column, CopySubject, Overlay, Question};
use crate::domain::Verdict;
use crate::text::Shown;

use super::columns::{Parts, left, width};
use super::footer::key_name;
use super::look::Look;
use super::sections::fitting;
use super::words::{cell_text, cell_word};
use super::{detail, journal, put, put_wrapped, reconcile, results, tint};

/// Draws the overlay that has the keyboard.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.overlay.intersection(frame.area());
    // The base is no overlay among others: it lies under them.
    let is_drawn = |overlay: &&Overlay| !matches!(overlay, Overlay::Base) && !area.is_empty();
    let Some(overlay) = model.overlays.last().filter(is_drawn) else { return };
    let title = look.texts.get(match overlay {
        Overlay::Help(_) => "pane-help",
        Overlay::View(_) => "pane-view",
        Overlay::Journal(_) => "pane-journal",
        Overlay::Page(_) => page_word(model),
        Overlay::Pick(_) => "pane-pick",
        Overlay::Export(_) => "pane-export",
        Overlay::Base => "pane-reconcile",
        Overlay::Ask(_) => "dash-question",
    });
    let hint = match overlay {
        Overlay::Ask(_) | Overlay::Base => Line::default(),
        Overlay::Export(_) => Line::from(format!(" {} ", look.texts.get("export-hint"))),
        Overlay::Journal(_) => Line::from(format!(" {} ", look.texts.get("dash-close"))),
        Overlay::Page(_) => page_hint(model, look, usize::from(area.width.saturating_sub(2))),
        Overlay::Pick(_) => Line::from(format!(" {} ", look.texts.get("pick-hint"))),
        Overlay::View(_) => Line::from(format!(" {} ", look.texts.get("dash-choose"))),
        Overlay::Help(_) => legend(look, usize::from(area.width.saturating_sub(4))),
    };
    let block = Block::bordered()
        .border_style(look.theme.focused)
        .title(Span::styled(format!(" {title} "), look.theme.title))
        .title_top(place(layout, model, look).alignment(Alignment::Right))
        .title_bottom(hint);
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.theme.base);
    frame.render_widget(block, area);
    match overlay {
        Overlay::Help(line) => draw_help(frame, inside, *line, model, look),
        Overlay::View(line) => draw_view(frame, inside, *line, model, look),
        Overlay::Journal(top) => journal::draw_lines(frame, inside, *top, model, look),
        Overlay::Page(top) => draw_page(frame, layout, *top, model, look),
        Overlay::Pick(line) => draw_pick(frame, inside, *line, model, look),
        Overlay::Export(line) => draw_export(frame, inside, *line, model, look),
        Overlay::Base => {}
        Overlay::Ask(question) => draw_question(frame, inside, *question, look),
    }
}

/// Which lines are seen of how many, where not all of them are.
fn place(layout: &Layout, model: &Model, look: &Look) -> Line<'static> {
    let height = layout.overlay_lines();
    let (top, lines) = match model.overlays.last() {
        Some(Overlay::Page(top)) => (*top, page_lines(layout, model)),
        Some(Overlay::Journal(top)) => (*top, model.journal.len()),
        Some(Overlay::Help(line)) => centred(*line, model.settings.keys.help().len(), height),
        Some(Overlay::View(line)) => centred(*line, choices(model).len(), height),
        Some(Overlay::Export(line)) => centred(*line, model.base.orders().len(), height),
        _ => (0, 0),
    };
    if lines <= height {
        return Line::default();
    }
    let top = top.min(lines - height);
    let values = [
        ("from", look.count(top + 1).into()),
        ("to", look.count(top + height).into()),
        ("of", look.count(lines).into()),
    ];
    Line::from(format!(" {} ", look.texts.with("dash-position", &values)))
}

fn page_lines(layout: &Layout, model: &Model) -> usize {
    let columns = usize::from(layout.page().width);
    model.page.as_ref().map_or(0, |page| page.lines(columns).len())
}

/// The first line of a list whose cursor stays near the middle, and how many lines it has.
fn centred(selected: usize, lines: usize, height: usize) -> (usize, usize) {
    (selected.saturating_sub(height / 2).min(lines.saturating_sub(height)), lines)
}

fn page_word(model: &Model) -> &'static str {
    match model.page.as_ref().map(|page| page.subject) {
        Some(CopySubject::Explanation(_) | CopySubject::Reconciled(_)) => "pane-explain",
        Some(CopySubject::Portal) => "pane-portal",
        _ => "pane-line",
    }
}

/// How to close the page, and what can be done with it.
fn page_hint(model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if let Some(CopySubject::Explanation(card)) = model.page.as_ref().map(|page| page.subject)
        && let Some((words, style)) = detail::check_line(card, model, look)
    {
        return Line::from(Span::styled(format!(" {words} "), style));
    }
    let ids = match model.page.as_ref().map(|page| page.subject) {
        Some(CopySubject::Explanation(_)) => ["page-hint-explain", "page-hint", "dash-close"],
        Some(CopySubject::Reconciled(_)) => {
            ["page-hint-reconciled", "page-hint-reconciled-short", "dash-close"]
        }
        Some(CopySubject::Line(_, Section::Fields, _)) => ["dash-close"; 3],
        _ => ["page-hint", "page-hint", "dash-close"],
    };
    let key = |action| model.key(action).into();
    let values = [
        ("copy", key(Action::Copy)),
        ("json", key(Action::CopyJson)),
        ("save", key(Action::Save)),
        ("check", key(Action::Check)),
    ];
    Line::from(format!(" {} ", fitting(&ids, &values, columns.saturating_sub(2), look)))
}

/// The words of a page from the `top`th line on. A line that begins with a mark has the mark's colour.
fn draw_page(frame: &mut Frame<'_>, layout: &Layout, top: usize, model: &Model, look: &Look) {
    let size = layout.page();
    let area =
        Rect { x: layout.overlay.x + 2, y: layout.overlay.y + 1, width: size.width, height: size.height };
    let Some(page) = model.page.as_ref().filter(|page| page.text.is_some()) else {
        return put(frame, area, 0, Span::styled(look.texts.get("detail-loading"), look.theme.dim));
    };
    let lines = page.lines(usize::from(size.width));
    let top = top.min(lines.len().saturating_sub(usize::from(size.height)));
    for (row, line) in (0..size.height).zip(lines.into_iter().skip(top)) {
        // Words from 1C were made harmless where they were put together; here no exception is made.
        let line = Shown::new(line).into_string();
        let style = page_style(&line, look);
        put(frame, area, row, Span::styled(line, style));
    }
}

fn page_style(line: &str, look: &Look) -> Style {
    match line.chars().next() {
        Some('✗' | '❌') => look.theme.bad,
        Some('✓' | '✅') => look.theme.good,
        Some('‹' | '?' | '≠') => look.theme.warning,
        _ => Style::new(),
    }
}

/// The figures and names of the customer shown, one of them chosen.
fn draw_pick(frame: &mut Frame<'_>, area: Rect, chosen: usize, model: &Model, look: &Look) {
    let Some(detail) = model.detail.detail() else { return };
    let cells = Cell::of(&detail.comparison);
    let words = cells.iter().map(|cell| width(&look.texts.get(cell_word(*cell))));
    let label = words.max().unwrap_or(0);
    let top = scrolled(0, chosen, usize::from(area.height), cells.len());
    let lines = cells.iter().enumerate().skip(top);
    for (row, (line, cell)) in (0..area.height).zip(lines) {
        let value = cell_text(&detail.comparison, *cell, look).unwrap_or_default();
        let word = left(&look.texts.get(cell_word(*cell)), label);
        put(frame, area, row, Span::raw(format!(" {word}  {value}")));
        if line == chosen {
            tint(frame, area, row, look.theme.selected);
        }
    }
}

fn draw_question(frame: &mut Frame<'_>, area: Rect, question: Question, look: &Look) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let ask = look.texts.get(match question {
        Question::Quit => "ask-quit",
        Question::QuitBase => "ask-quit-base",
        Question::CancelSync => "ask-cancel-sync",
    });
    put_wrapped(frame, area, 0, &ask);
    let answers = keymap::TABLE.iter().filter(|binding| binding.scope == Scope::Question);
    let mut line = Line::default();
    for binding in answers {
        let help = Help { action: binding.action, text: binding.help, keys: binding.keys.to_vec() };
        line.push_span(Span::styled(keys(&help), look.theme.key));
        line.push_span(Span::raw(format!(" — {}   ", look.texts.get(binding.help))));
    }
    put(frame, area, area.height.saturating_sub(1), line);
}

/// How to close the help, and what the marks mean.
fn legend(look: &Look, columns: usize) -> Line<'static> {
    let mut parts = Parts::default();
    parts.push(format!(" {}", look.texts.get("dash-choose")), Style::new());
    for verdict in [Verdict::Reconciled, Verdict::Variance, Verdict::BeforeWindow, Verdict::Unverified] {
        let (mark, style) = look.verdict(verdict);
        let word = Span::raw(format!(" {}", look.texts.verdict(verdict)));
        parts.push_spans(vec![Span::styled(mark, style), word]);
    }
    let mut line = parts.fitted(columns, 2);
    line.push_span(" ");
    line
}

fn draw_help(frame: &mut Frame<'_>, area: Rect, selected: usize, model: &Model, look: &Look) {
    let lines = model.settings.keys.help();
    let names: Vec<String> = lines.iter().map(keys).collect();
    let keys_width = names.iter().map(|name| super::columns::width(name)).max().unwrap_or(0);
    let lines = names.iter().zip(&lines).map(|(name, help)| help_line(name, help, keys_width, look));
    draw_menu(frame, area, selected, lines.collect(), look);
}

/// Who is shown and in which order, each group under its own heading.
fn draw_view(frame: &mut Frame<'_>, area: Rect, selected: usize, model: &Model, look: &Look) {
    let lines = choices(model).into_iter().map(|choice| choice_line(choice, model, look));
    draw_menu(frame, area, selected, lines.collect(), look);
}

fn choice_line(choice: Choice, model: &Model, look: &Look) -> Line<'static> {
    let texts = look.texts;
    let (group, word) = match choice {
        Choice::Keep(keep) => ("view-show", texts.get(results::keep_word(keep)).into_owned()),
        Choice::Sort(column) => ("view-order", texts.get(results::column_word(column)).into_owned()),
        Choice::AnyCity => ("column-city", texts.get("view-any-city").into_owned()),
        Choice::City(place) => {
            let city = model.search.reply().cities.get(place);
            let words = city.map(|city| (Shown::new(&city.name).truncated(24).into_string(), city.cards));
            let (name, cards) = words.unwrap_or_default();
            ("column-city", format!("{name}  {}", look.count(cards)))
        }
        Choice::Wanted(wanted) => ("view-show", reconcile::wanted_line(wanted, model, look)),
        Choice::Reconcile(By::Sums) => ("view-again", texts.get("base-again-sums").into_owned()),
        Choice::Reconcile(By::Lines) => {
            let values = [("n", model.requests_of_all().into())];
            ("view-again", texts.with("base-again-lines", &values))
        }
    };
    let order = model.search.order();
    let turned = match choice {
        Choice::Sort(column) if column == order.by && column != Column::Match => {
            if order.descending {
                " ↓"
            } else {
                " ↑"
            }
        }
        _ => "",
    };
    let is_current = choice.is_current(model);
    let (mark, style) = if is_current { ("●", look.theme.title) } else { ("·", Style::new()) };
    Line::from(vec![
        Span::styled(left(&texts.get(group), 10), look.theme.dim),
        Span::styled(format!("{mark} {word}{turned}"), style),
    ])
}

/// The files that can be written, each with the cards it would hold.
fn draw_export(frame: &mut Frame<'_>, area: Rect, selected: usize, model: &Model, look: &Look) {
    let orders = model.base.orders();
    let lines: Vec<[String; 2]> =
        orders.into_iter().map(|order| reconcile::order_line(order, model, look)).collect();
    let label = lines.iter().map(|[cards, _]| width(cards)).max().unwrap_or(0);
    let label = label.min(usize::from(area.width.saturating_sub(28)));
    let lines = lines.into_iter().map(|[cards, format]| {
        Line::from(vec![Span::styled(left(&cards, label), look.theme.dim), Span::raw(format!("  {format}"))])
    });
    draw_menu(frame, area, selected, lines.collect(), look);
}

/// A list with a cursor, which stays near the middle.
fn draw_menu(frame: &mut Frame<'_>, area: Rect, selected: usize, lines: Vec<Line<'static>>, look: &Look) {
    let (top, _) = centred(selected, lines.len(), usize::from(area.height));
    let area_of_lines = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    for (row, (line, at)) in (0..).zip(lines.into_iter().zip(0..).skip(top)) {
        put(frame, area_of_lines, row, line);
        if at == selected {
            tint(frame, area, row, look.theme.selected);
        }
    }
}

fn help_line(name: &str, help: &Help, keys_width: usize, look: &Look) -> Line<'static> {
    Line::from(vec![
        Span::styled(left(name, keys_width), look.theme.key),
        Span::styled(format!("  {}", look.texts.get(help.text)), Style::new()),
    ])
}

/// All keys of a line, letters with their Russian twin: `F8, F10, q/й`.
fn keys(help: &Help) -> String {
    if let (Action::SortBy(_), [first, .., last]) = (help.action, &help.keys[..]) {
        return format!("{}–{}", key_name(*first), key_name(*last));
    }
    let names: Vec<String> = help
        .keys
        .iter()
        .map(|key| match key.cyrillic() {
            Some(twin) => format!("{}/{}", key_name(*key), twin_name(&key_name(twin))),
            None => key_name(*key),
        })
        .collect();
    names.join(", ")
}

/// The twin without the chord, which stands before the first of the pair.
fn twin_name(name: &str) -> &str {
    name.rsplit_once('+').map_or(name, |(_, letter)| letter)
}
