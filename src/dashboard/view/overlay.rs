//! What lies over the panes: the keys, the journal, a question.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::choices::{Choice, choices};
use crate::dashboard::app::footer::commands;
use crate::dashboard::app::keymap::{Bound, Scope};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Model;
use crate::dashboard::app::page::Cell;
use crate::dashboard::app::search::scrolled;
use crate::dashboard::app::{Action, By, Overlay, Question};
use crate::domain::{Customer, CustomerField, Verdict};
use crate::text::Shown;

use super::columns::{Parts, left, width};
use super::look::{Look, both_letters, key_name};
use super::table::{draw_lines, place};
use super::words::{cell_text, cell_word};
use super::{framed, journal, page, put, put_wrapped, reconciliation, results, tint};

/// Columns of what is typed to find a command.
const MOST_TYPED: usize = 40;

/// Draws the overlay that has the keyboard.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.overlay.intersection(frame.area());
    let Some(overlay) = model.overlay.filter(|_| !area.is_empty()) else { return };
    if let (Overlay::Page(top), Some(words)) = (overlay, &model.page) {
        return page::draw(frame, layout.overlay, words, top, model, look);
    }
    let said = |id| Line::from(format!(" {} ", look.texts.get(id)));
    let (title, hint) = match overlay {
        Overlay::Help(_) => ("pane-help", legend(look, usize::from(area.width.saturating_sub(4)))),
        Overlay::View(_) => ("pane-view", said("dash-choose")),
        Overlay::Journal => {
            ("pane-journal", journal::hint(model, look, usize::from(area.width.saturating_sub(2))))
        }
        Overlay::Pick(_) => ("pane-pick", said("pick-hint")),
        Overlay::Recent(_) => ("pane-recent", said("recent-hint")),
        Overlay::Export(_) => ("pane-export", whose_data(usize::from(area.width), model, look)),
        Overlay::Ask(Question::Quit | Question::QuitIdle | Question::QuitBase) => {
            ("ask-quit-title", Line::default())
        }
        Overlay::Ask(Question::CancelSync) => ("ask-cancel-sync-title", Line::default()),
        Overlay::Ask(Question::FirstSync) => ("ask-first-sync-title", Line::default()),
        Overlay::Page(_) => return,
    };
    let title = match (overlay, &model.typed) {
        (Overlay::Help(_), Some(typed)) => {
            let typed = Shown::new(typed).truncated(MOST_TYPED);
            format!("{}: {typed}▏", look.texts.get("pane-palette")).into()
        }
        (Overlay::Journal, _) => journal::title(model, look).into(),
        _ => look.texts.get(title),
    };
    let inside = framed(frame, area, &title, lines_seen(layout, model, look), hint, look);
    match overlay {
        Overlay::Help(line) => draw_help(frame, inside, line, model, look),
        Overlay::View(line) => draw_view(frame, inside, line, model, look),
        Overlay::Journal => {
            let lines = journal::lines(model, look, usize::from(inside.width.saturating_sub(2)));
            draw_menu(frame, inside, model.journal.chosen(), lines, look);
        }
        Overlay::Pick(line) => draw_pick(frame, inside, line, model, look),
        Overlay::Recent(line) => draw_recent(frame, inside, line, model, look),
        Overlay::Export(line) => draw_export(frame, inside, line, model, look),
        Overlay::Ask(question) => draw_question(frame, inside, question, model, look),
        Overlay::Page(_) => {}
    }
}

/// Which lines are seen of how many, where not all of them are.
fn lines_seen(layout: &Layout, model: &Model, look: &Look) -> Line<'static> {
    let height = layout.overlay_lines();
    let (top, lines) = match model.overlay {
        Some(Overlay::Journal) => centred(model.journal.chosen(), model.journal.listed().count(), height),
        Some(Overlay::Help(line)) => centred(line, commands(model).len(), height),
        Some(Overlay::View(line)) => centred(line, choices(model).len(), height),
        Some(Overlay::Export(line)) => centred(line, model.screens.reconciliation.orders().len(), height),
        _ => (0, 0),
    };
    place(top, height, lines, look)
}

/// The first line of a list whose cursor stays near the middle, and how many lines it has.
fn centred(selected: usize, lines: usize, height: usize) -> (usize, usize) {
    (selected.saturating_sub(height / 2).min(lines.saturating_sub(height)), lines)
}

/// The figures and names of the customer shown, one of them chosen.
fn draw_pick(frame: &mut Frame<'_>, area: Rect, chosen: usize, model: &Model, look: &Look) {
    let Some(detail) = model.detail.detail() else { return };
    let cells = Cell::of(&detail.comparison);
    let words = cells.iter().map(|cell| width(&look.texts.get(cell_word(*cell))));
    let label = words.max().unwrap_or(0);
    let top = scrolled(0, chosen, usize::from(area.height), cells.len());
    let line = |cell: &Cell| {
        let value = cell_text(&detail.comparison, *cell, look).unwrap_or_default();
        Line::from(format!(" {}  {value}", left(&look.texts.get(cell_word(*cell)), label)))
    };
    draw_lines(frame, area, cells.iter().skip(top).map(line), chosen.checked_sub(top), look.theme.selected);
}

/// The customers looked at last: name, phone, town, card.
fn draw_recent(frame: &mut Frame<'_>, area: Rect, chosen: usize, model: &Model, look: &Look) {
    let customers: Vec<_> = model.recent.others().collect();
    if customers.is_empty() {
        put_wrapped(frame, area, 0, &look.texts.get("recent-nobody"));
        return;
    }
    let label = usize::from(area.width) / 2;
    let line = |customer: &&Customer| {
        let fields = [CustomerField::Phone, CustomerField::City, CustomerField::Code];
        let told = fields.into_iter().filter_map(|field| look.texts.field_in_line(customer, field));
        let name = left(&Shown::new(&customer.name).into_string(), label);
        Line::from(format!(" {name} {}", told.collect::<Vec<_>>().join(" · ")))
    };
    draw_lines(frame, area, customers.iter().map(line), Some(chosen), look.theme.selected);
}

fn draw_question(frame: &mut Frame<'_>, area: Rect, question: Question, model: &Model, look: &Look) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let ask = look.texts.get(match question {
        Question::Quit => "ask-quit",
        Question::QuitIdle => "ask-quit-idle",
        Question::QuitBase => "ask-quit-base",
        Question::CancelSync => "ask-cancel-sync",
        Question::FirstSync => "ask-first-sync",
    });
    put_wrapped(frame, area, 0, &ask);
    let bindings = model.settings.keys.bindings();
    let answer = |bound: &Bound| {
        let word = format!(" — {}   ", look.texts.get(bound.help));
        [Span::styled(keys(bound), look.theme.key), Span::raw(word)]
    };
    let answers = bindings.iter().filter(|bound| bound.scope == Scope::Question);
    let line: Line<'_> = answers.flat_map(answer).collect();
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
    let lines = commands(model);
    if lines.is_empty() {
        put_wrapped(frame, area, 0, &look.texts.get("palette-nothing"));
        return;
    }
    let names: Vec<String> = lines.iter().map(keys).collect();
    let keys_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
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
        Choice::View(place) => {
            let view = model.views.saved().get(place).cloned().unwrap_or_default();
            ("view-saved", results::view_words(&view, look))
        }
        Choice::SaveView if model.views.has(&model.search.view()) => {
            ("view-saved", texts.get("view-forget").into_owned())
        }
        Choice::SaveView => ("view-saved", texts.get("view-save").into_owned()),
        Choice::Column(column) => ("view-columns", texts.get(results::column_word(column)).into_owned()),
        Choice::AnyCity => ("column-city", texts.get("view-any-city").into_owned()),
        Choice::City(place) => {
            let city = model.search.reply().cities.get(place);
            let words = city.map(|city| (Shown::new(&city.name).truncated(24).into_string(), city.cards));
            let (name, cards) = words.unwrap_or_default();
            ("column-city", format!("{name}  {}", look.count(cards)))
        }
        Choice::Wanted(wanted) => ("view-show", reconciliation::wanted_line(wanted, model, look)),
        Choice::Reconcile(By::Sums) => ("view-again", texts.get("base-again-sums").into_owned()),
        Choice::Reconcile(By::Lines) => {
            let values = [("n", model.requests_of_all().into())];
            ("view-again", texts.with("base-again-lines", &values))
        }
    };
    let order = model.search.order();
    let turned = match choice {
        Choice::Sort(column) if column == order.by => results::turned(order),
        _ => "",
    };
    let is_current = choice.is_current(model);
    let (mark, style) = if is_current { ("●", look.theme.title) } else { ("·", Style::new()) };
    Line::from(vec![
        Span::styled(left(&texts.get(group), 10), look.theme.dim),
        Span::styled(format!("{mark} {word}{turned}"), style),
    ])
}

/// What the file will hold, which the dots on the screen do not hide.
fn whose_data(columns: usize, model: &Model, look: &Look) -> Line<'static> {
    let (ids, style) = if model.looks.is_masked {
        (["export-masked", "export-masked-short"], look.theme.warning)
    } else {
        (["export-hint-personal", "export-hint"], Style::new())
    };
    let words = look.fitting(&ids, &[], columns.saturating_sub(4));
    Line::styled(format!(" {words} "), style)
}

/// The files that can be written, each with the cards it would hold.
fn draw_export(frame: &mut Frame<'_>, area: Rect, selected: usize, model: &Model, look: &Look) {
    let orders = model.screens.reconciliation.orders();
    let lines: Vec<[String; 2]> =
        orders.into_iter().map(|order| reconciliation::order_line(order, model, look)).collect();
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
    let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    draw_lines(frame, padded, lines.into_iter().skip(top), None, Style::new());
    let row = u16::try_from(selected.saturating_sub(top)).unwrap_or(u16::MAX);
    tint(frame, area, row, look.theme.selected);
}

fn help_line(name: &str, help: &Bound, keys_width: usize, look: &Look) -> Line<'static> {
    Line::from(vec![
        Span::styled(left(name, keys_width), look.theme.key),
        Span::styled(format!("  {}", look.texts.get(help.help)), Style::new()),
    ])
}

/// All keys of a line, letters of commands with their Russian twin: `F8, F10, q/й`.
fn keys(help: &Bound) -> String {
    if let (Action::SortBy(_) | Action::Cause(_), [first, .., last]) = (help.action, &help.keys[..]) {
        return format!("{}–{}", key_name(*first), key_name(*last));
    }
    let names: Vec<String> = help
        .keys
        .iter()
        .map(|key| if help.scope == Scope::Question { key_name(*key) } else { both_letters(*key) })
        .collect();
    names.join(", ")
}
