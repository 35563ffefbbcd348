//! The customers found: mark, name, phone, town, total, points, variance, code. What does not fit is dropped from the
//! right end; a sum or a code is never cut.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::layout::{Layout, LayoutForm};
use crate::dashboard::app::model::{Focus, Model};
use crate::dashboard::app::{Action, Column, Keep, Row};
use crate::domain::field::SEARCHED;
use crate::domain::{Amount, CustomerField, FieldKind};
use crate::engine::{Query, matches};
use crate::text::Shown;

use super::columns::{left, right, width};
use super::look::Look;
use super::{block, has_focus, pane, put, put_wrapped, tint};

/// Widest column of names.
const NAME: usize = 36;
/// What it is called where an order is told.
const NAME_COLUMN: Column = Column::Field(CustomerField::Name);

/// Draws the list, or the selected customer alone where there is one line.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    if layout.results.is_empty() {
        return;
    }
    let is_focused = has_focus(model, Focus::Results);
    let filter = filter_words(model, look).map(|words| format!("· {words} ")).unwrap_or_default();
    let title = Line::from(vec![
        Span::styled(format!(" {} ", look.texts.get("pane-customers")), look.theme.title),
        Span::styled(filter, look.theme.warning),
    ]);
    let position = Line::from(format!(" {} ", position(layout, model, look))).alignment(Alignment::Right);
    let mut frame_block = block(title, is_focused, look);
    if !model.search.reply().rows.is_empty() {
        frame_block = frame_block.title_bottom(position);
    }
    let area = pane(frame, layout, layout.results, frame_block);
    match layout.form {
        LayoutForm::Line => draw_selected(frame, area, model, look),
        _ => draw_list(frame, area, model, look),
    }
}

fn draw_list(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let (search, height) = (&model.search, usize::from(area.height.saturating_sub(1)));
    if search.reply().rows.is_empty() {
        return draw_empty(frame, area, model, look);
    }
    let lines = search.top()..search.top().saturating_add(height).min(search.reply().total);
    let visible: Vec<Option<ResultCells>> =
        lines.map(|line| search.row(line).map(|row| cells(row, look))).collect();
    let columns = ResultColumns::fit(&visible, model, usize::from(area.width), look);
    // Nothing can be found in a hidden text.
    let query = if model.looks.is_masked { Query::default() } else { Query::new(search.answered_query()) };
    put(frame, area, 0, columns.heading(model, look));
    for (row, (cells, index)) in (1..).zip(visible.iter().zip(search.top()..)) {
        let is_selected = index == search.index();
        let line = match cells {
            Some(cells) => columns.line(cells, is_selected, &query, look),
            // On its way: a list is never shorter than it says.
            None => Line::styled(if is_selected { "› …" } else { "  …" }, look.theme.dim),
        };
        put(frame, area, row, line);
        let is_dim = cells.as_ref().is_some_and(|cells| cells.is_dim);
        tint(frame, area, row, row_style(model, is_selected, is_dim, look));
    }
}

fn row_style(model: &Model, is_selected: bool, is_dim: bool, look: &Look) -> Style {
    match (is_selected, model.focus) {
        (true, Focus::Detail) => look.theme.unfocused_selection,
        (true, _) => look.theme.selected,
        (false, _) if is_dim => look.theme.dim,
        (false, _) => Style::new(),
    }
}

fn draw_empty(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let never_synced = model.status.as_ref().is_some_and(|status| status.synced_at.is_none());
    let is_filtered = model.search.reply().matching > 0;
    let id = match (model.search.is_answered(), never_synced) {
        (false, _) => "detail-loading",
        (true, true) => "search-nothing-stored",
        (true, false) if is_filtered => "search-nothing-left",
        (true, false) => "search-nothing",
    };
    let shown = |action| model.settings.keys.shown(action).into();
    let values = [("sync", shown(Action::Sync)), ("view", shown(Action::View))];
    put_wrapped(frame, area, 1, &look.texts.with(id, &values));
}

/// Which lines are shown of how many.
fn position(layout: &Layout, model: &Model, look: &Look) -> String {
    let (total, top) = (model.search.reply().total, model.search.top());
    let last = top.saturating_add(layout.result_lines()).min(total);
    let values = [
        ("from", look.count(top + 1).into()),
        ("to", look.count(last).into()),
        ("of", look.count(total).into()),
    ];
    look.texts.with("dash-position", &values)
}

/// Who the list is about, where a filter leaves somebody out.
pub(super) fn filter_words(model: &Model, look: &Look) -> Option<String> {
    let filter = model.search.filter();
    let keep = (filter.keep != Keep::All).then(|| look.texts.get(keep_word(filter.keep)).into_owned());
    let city = filter.city.as_ref().map(|city| Shown::new(city).truncated(16).into_string());
    let words: Vec<String> = keep.into_iter().chain(city).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// The word of a filter.
pub(super) fn keep_word(keep: Keep) -> &'static str {
    match keep {
        Keep::All => "view-all",
        Keep::Variances => "view-variances",
        Keep::Unverified => "view-unverified",
        Keep::WithPoints => "view-with-points",
    }
}

/// The word of a column.
pub(super) fn column_word(column: Column) -> &'static str {
    match column {
        Column::Match => "view-match",
        Column::Field(field) => field.word(),
        Column::Total => "column-total",
        Column::Points => "column-points",
        Column::Variance => "dash-variance",
    }
}

/// The selected customer in as much of a line as there is.
fn draw_selected(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let Some(row) = model.search.selected() else { return draw_empty(frame, area, model, look) };
    let cells = cells(row, look);
    let columns = usize::from(area.width);
    let (mark, style) = look.verdict(row.verdict);
    let [phone, city] =
        [CustomerField::Phone, CustomerField::City].map(|field| cells.of(Column::Field(field)));
    let total = cells.of(Column::Total);
    let name = columns.saturating_sub(3 + width(total));
    let line = vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(left(&cells.name, name)),
        Span::raw(format!(" {total}")),
    ];
    put(frame, area, 0, Line::from(line));
    put(frame, area, 1, Span::raw(left(&format!("  {phone}  {city}"), columns)));
}

/// How many columns there are beside the mark and the name.
const OTHERS: usize = Column::ALL.len() - 2;

/// The columns after the name, in the order they are dropped from the right.
const COLUMNS: [Column; OTHERS] = {
    let mut columns = [Column::Match; OTHERS];
    let mut at = 0;
    while at < OTHERS {
        columns[at] = Column::ALL[at + 2];
        at += 1;
    }
    columns
};

/// One row's texts, harmless.
struct ResultCells {
    mark: (&'static str, Style),
    name: String,
    /// In the order of [`COLUMNS`].
    others: [String; OTHERS],
    differs: bool,
    /// Whether 1C calls the card out of use.
    is_dim: bool,
}

impl ResultCells {
    fn of(&self, column: Column) -> &str {
        COLUMNS.iter().position(|other| *other == column).map_or("", |at| &self.others[at])
    }
}

fn cells(row: &Row, look: &Look) -> ResultCells {
    let customer = &row.customer;
    let field = |field| look.texts.field(customer, field);
    let name = field(CustomerField::Name).unwrap_or_else(|| look.texts.get("detail-name-none").into_owned());
    let cell = |column| match column {
        Column::Match => None,
        Column::Field(of) => field(of),
        Column::Total => row.total.map(|total| look.money(total)),
        Column::Points => row.points.map(|points| look.points(points)),
        Column::Variance => row.variance.map(|variance| variance_word(variance, look)),
    };
    ResultCells {
        mark: look.verdict(row.verdict),
        name,
        others: COLUMNS.map(|column| cell(column).unwrap_or_default()),
        differs: row.variance.is_some_and(|variance| !variance.is_zero()),
        is_dim: customer.flags().next().is_some(),
    }
}

fn variance_word(variance: Amount, look: &Look) -> String {
    if variance.is_zero() { "=".to_owned() } else { look.money(variance) }
}

/// Widths of the columns that fit; zero for one that was dropped.
struct ResultColumns {
    name: usize,
    others: [usize; OTHERS],
}

impl ResultColumns {
    /// Takes columns from the left while the name keeps its least width; what is left over widens the name.
    /// The column the list is sorted or filtered by comes before all others: nobody sorts by what is not seen.
    fn fit(rows: &[Option<ResultCells>], model: &Model, columns: usize, look: &Look) -> Self {
        let widest = |cell: &dyn Fn(&ResultCells) -> usize, column: Column, most: usize| {
            let heading = width(&heading_word(column, model, look));
            rows.iter().flatten().map(cell).chain([heading]).max().unwrap_or(0).min(most)
        };
        let most = |column| match column {
            Column::Field(CustomerField::Phone) => 18,
            Column::Field(CustomerField::City) => (columns / 6).clamp(8, 16),
            _ => usize::MAX,
        };
        let wanted: Vec<usize> = (0..)
            .zip(COLUMNS)
            .map(|(at, column)| widest(&|cells| width(&cells.others[at]), column, most(column)))
            .collect();
        let names = widest(&|cells| width(&cells.name), NAME_COLUMN, NAME);
        let least = (columns / 3).clamp(14, 26);
        let mut free = columns.saturating_sub(3 + least);
        let mut taken = [0; OTHERS];
        for at in precedence(model) {
            let is_empty = rows.iter().flatten().all(|cells| cells.others[at].is_empty());
            // Some configurations of 1C have no such field.
            if is_empty && may_be_missing(COLUMNS[at]) && !asked_for(model).contains(&COLUMNS[at]) {
                continue;
            }
            // Points and what follows may come only where no name is cut for them.
            let is_asked_for = asked_for(model).contains(&COLUMNS[at]);
            let kept = if at < 3 || is_asked_for { 0 } else { names.saturating_sub(least) };
            if wanted[at] + 1 + kept > free {
                if is_asked_for {
                    continue;
                }
                break;
            }
            (taken[at], free) = (wanted[at], free - wanted[at] - 1);
        }
        // What is left over goes to the names, so that figures stand at the border.
        Self { name: least + free, others: taken }
    }

    fn heading(&self, model: &Model, look: &Look) -> Line<'static> {
        let word = |column| {
            let style = if model.search.order().by == column { look.theme.title } else { look.theme.dim };
            (heading_word(column, model, look), style)
        };
        let (name, style) = word(NAME_COLUMN);
        let mut line = vec![Span::styled(format!("   {}", left(&name, self.name)), style)];
        for (at, column) in self.shown() {
            let (word, style) = word(column);
            line.push(Span::styled(format!(" {}", padded(column, &word, self.others[at])), style));
        }
        Line::from(line)
    }

    fn line(&self, cells: &ResultCells, is_selected: bool, query: &Query, look: &Look) -> Line<'static> {
        let (mark, style) = cells.mark;
        let pointer = if is_selected { "›" } else { " " };
        let mut line = vec![Span::raw(pointer), Span::styled(mark, style), Span::raw(" ")];
        line.extend(marked(&left(&cells.name, self.name), query, look));
        for (at, column) in self.shown() {
            let cell = padded(column, &cells.others[at], self.others[at]);
            line.push(Span::raw(" "));
            match column {
                Column::Field(field) if SEARCHED.contains(&field) => line.extend(marked(&cell, query, look)),
                Column::Variance if cells.differs => line.push(Span::styled(cell, style)),
                _ => line.push(Span::raw(cell)),
            }
        }
        Line::from(line)
    }

    fn shown(&self) -> impl Iterator<Item = (usize, Column)> {
        (0..).zip(COLUMNS).filter(|(at, _)| self.others[*at] > 0)
    }
}

fn may_be_missing(column: Column) -> bool {
    matches!(column, Column::Field(field) if field.kind() == FieldKind::Date)
}

/// The columns that the order and the filter are about.
fn asked_for(model: &Model) -> [Column; 2] {
    let by_filter = match model.search.filter().keep {
        Keep::Variances => Column::Variance,
        Keep::WithPoints => Column::Points,
        Keep::All | Keep::Unverified => NAME_COLUMN,
    };
    [model.search.order().by, by_filter]
}

/// The places of the columns, those asked for first.
fn precedence(model: &Model) -> impl Iterator<Item = usize> {
    let asked = asked_for(model);
    let is_asked = move |at: &usize| asked.contains(&COLUMNS[*at]);
    (0..OTHERS).filter(is_asked).chain((0..OTHERS).filter(move |at| !is_asked(at)))
}

/// The heading of a column; the one the list is sorted by says so.
fn heading_word(column: Column, model: &Model, look: &Look) -> String {
    let word = look.texts.get(column_word(column));
    let order = model.search.order();
    match (order.by == column, order.descending) {
        (false, _) => word.into_owned(),
        (true, false) => format!("{word}↑"),
        (true, true) => format!("{word}↓"),
    }
}

/// A cell in the columns it has: figures at the right.
fn padded(column: Column, text: &str, columns: usize) -> String {
    match column {
        Column::Total | Column::Points | Column::Variance => right(text, columns),
        _ => left(text, columns),
    }
}

/// A text with what the query found in it made visible, by the folding that found it.
fn marked(text: &str, query: &Query, look: &Look) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut from = 0;
    for found in matches(text, query) {
        let (before, hit) = (text.get(from..found.start), text.get(found.clone()));
        spans.extend(before.map(|before| Span::raw(before.to_owned())));
        spans.extend(hit.map(|hit| Span::styled(hit.to_owned(), look.theme.found)));
        from = found.end;
    }
    spans.extend(text.get(from..).map(|rest| Span::raw(rest.to_owned())));
    spans
}
