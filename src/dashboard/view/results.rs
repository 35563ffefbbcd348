//! The customers found: mark, name, phone, town, total, points, variance, code. What does not fit is dropped from the
//! right end; a sum or a code is never cut.

use ratatui::Frame;
use ratatui::layout::{Alignment, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::layout::{Layout, LayoutForm};
use crate::dashboard::app::model::{Focus, Model};
use crate::dashboard::app::{Action, Column, Keep, ListOrder, Row, SavedView};
use crate::domain::field::SEARCHED;
use crate::domain::{Amount, CustomerField, FieldKind};
use crate::engine::Query;
use crate::text::{self, Shown};

use super::columns::left;
use super::look::Look;
use super::table::{
    Ink, LEAD, ScreenTable, SeenRows, TableColumn, TableRow, name_and_figure, position, side,
};
use super::{block, has_focus, pane, put, put_wrapped};

/// Widest column of names.
const NAME: usize = 36;
/// Columns of a window under which the total comes before phone and town.
const SMALL: u16 = 60;
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
    let mut frame_block = block(title, is_focused, look);
    if !model.search.reply().rows.is_empty() {
        let position = position(model.search.top(), layout.result_lines(), model.search.reply().total, look);
        frame_block =
            frame_block.title_bottom(Line::from(format!(" {position} ")).alignment(Alignment::Right));
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
    let (rows, table) = table_of(area, height, model, look);
    // Nothing can be found in a hidden text.
    let query = if model.looks.is_masked { Query::default() } else { Query::new(search.answered_query()) };
    let is_elsewhere = model.focus == Focus::Detail;
    let style = if is_elsewhere { look.theme.unfocused_selection } else { look.theme.selected };
    let selected = search.index().checked_sub(search.top());
    table.draw(frame, area, &SeenRows { rows, selected, style, has_heading: true, query }, look);
}

/// The rows that are seen, and the columns they take.
fn table_of(area: Rect, height: usize, model: &Model, look: &Look) -> (Vec<Option<TableRow>>, ScreenTable) {
    let search = &model.search;
    let lines = search.top()..search.top().saturating_add(height).min(search.reply().total);
    let rows: Vec<_> = lines.map(|line| search.row(line).map(|row| table_row(row, model, look))).collect();
    let room = usize::from(area.width);
    let columns = table_columns(&rows, room, model, look);
    let table = ScreenTable::fitted(columns, room.saturating_sub(LEAD), (room / 3).clamp(14, 26));
    (rows, table)
}

/// The column whose head is at a place.
pub(super) fn column_at(layout: &Layout, at: Position, model: &Model, look: &Look) -> Option<Column> {
    let area = layout.inside(layout.results);
    let is_head = area.contains(at) && at.y == area.y;
    if !is_head || layout.form == LayoutForm::Line || model.search.reply().rows.is_empty() {
        return None;
    }
    let (_, table) = table_of(area, usize::from(area.height.saturating_sub(1)), model, look);
    columns().nth(table.column_at(usize::from(at.x - area.x))?)
}

fn draw_empty(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let never_synced = model.status.as_ref().is_some_and(|status| status.synced_at.is_none());
    let left_off = model.status.as_ref().and_then(|status| status.left_off);
    let is_coming = model.sync.is_running() || model.elsewhere.sync().is_some();
    let is_filtered = model.search.reply().matching > 0;
    let id = match (model.search.is_answered(), never_synced) {
        (false, _) => "detail-loading",
        (true, true) if is_coming => "search-nothing-yet",
        (true, true) if left_off.is_some() => "search-nothing-left-off",
        (true, true) => "search-nothing-stored",
        (true, false) if is_filtered => "search-nothing-left",
        (true, false) => "search-nothing",
    };
    let shown = |action| look.key(action, model).into();
    let percent = text::percent(left_off.map_or(0, |left| left.overall), look.language());
    let values = [("sync", shown(Action::Sync)), ("view", shown(Action::View)), ("percent", percent.into())];
    put_wrapped(frame, area, 1, &look.texts.with(id, &values));
}

/// Who the list is about, where a filter leaves somebody out.
pub(super) fn filter_words(model: &Model, look: &Look) -> Option<String> {
    let filter = model.search.filter();
    let keep = (filter.keep != Keep::All).then(|| look.texts.get(keep_word(filter.keep)).into_owned());
    let city = filter.city.as_ref().map(|city| Shown::new(city).truncated(16).into_string());
    let owner = filter.owner.map(|_| look.texts.get("view-owner-cards").into_owned());
    let words: Vec<String> = owner.into_iter().chain(keep).chain(city).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// A saved view in words: who is listed, and in which order.
pub(super) fn view_words(view: &SavedView, look: &Look) -> String {
    let keep = look.texts.get(keep_word(view.keep)).into_owned();
    let city = view.city.as_ref().map(|city| Shown::new(city).truncated(16).into_string());
    let order = format!("{}{}", look.texts.get(column_word(view.order.by)), turned(view.order));
    [Some(keep), city, Some(order)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Which way round an order is, behind its word. The best match is always first.
pub(super) fn turned(order: ListOrder) -> &'static str {
    match (order.by, order.descending) {
        (Column::Match, _) => "",
        (_, false) => " ↑",
        (_, true) => " ↓",
    }
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
    let columns = usize::from(area.width);
    let (mark, style) = mark(row, model, look);
    let cell = |column| cell(row, column, look);
    let total = cell(Column::Total);
    let line = name_and_figure(&cell(NAME_COLUMN), &total, columns.saturating_sub(2), Style::new());
    let mark = Span::styled(format!("{mark} "), style);
    put(frame, area, 0, [vec![mark], line.spans].concat());
    let [phone, city] = [CustomerField::Phone, CustomerField::City].map(|field| cell(Column::Field(field)));
    put(frame, area, 1, Span::raw(left(&format!("  {phone}  {city}"), columns)));
}

/// The columns: what finds nobody in a line has none.
fn columns() -> impl Iterator<Item = Column> {
    Column::ALL.into_iter().filter(|column| *column != Column::Match)
}

fn cell(row: &Row, column: Column, look: &Look) -> String {
    let cell = match column {
        Column::Match => None,
        NAME_COLUMN => {
            let name = look.texts.field(&row.customer, CustomerField::Name);
            name.or_else(|| Some(look.texts.get("detail-name-none").into_owned()))
        }
        Column::Field(field) => look.texts.field(&row.customer, field),
        Column::Total => row.total_shown().map(|total| look.money(total)),
        Column::Points => row.points.map(|points| look.points(points)),
        Column::Variance => row.variance_shown().map(|variance| variance_word(variance, look)),
    };
    cell.unwrap_or_default()
}

/// Mark and style of the newest comparison.
fn mark(row: &Row, model: &Model, look: &Look) -> (&'static str, Style) {
    look.verdict_of(row.verdict, model.is_old(row.compared.map(|compared| compared.at)))
}

fn table_row(row: &Row, model: &Model, look: &Look) -> TableRow {
    let mark = mark(row, model, look);
    let ink = |column| match column {
        NAME_COLUMN => Ink::Searched,
        Column::Field(field) if SEARCHED.contains(&field) => Ink::Searched,
        Column::Variance if row.variance_shown().is_some_and(|variance| !variance.is_zero()) => {
            Ink::Styled(mark.1)
        }
        _ => Ink::Plain,
    };
    // 1C calls the card out of use.
    let is_dim = row.customer.flags().next().is_some();
    TableRow {
        mark,
        cells: columns().map(|column| (cell(row, column, look), ink(column))).collect(),
        style: if is_dim { look.theme.dim } else { Style::new() },
    }
}

fn variance_word(variance: Amount, look: &Look) -> String {
    if variance.is_zero() { "=".to_owned() } else { look.money(variance) }
}

/// They are taken from the left. The column the list is sorted or filtered by comes before all others: nobody sorts by
/// what is not seen.
fn table_columns(rows: &[Option<TableRow>], room: usize, model: &Model, look: &Look) -> Vec<TableColumn> {
    let asked = asked_for(model);
    let column = |(at, column): (usize, Column)| {
        let most = match column {
            NAME_COLUMN => NAME,
            Column::Field(CustomerField::Phone) => 18,
            Column::Field(CustomerField::City) => (room / 6).clamp(8, 16),
            _ => usize::MAX,
        };
        let is_empty = rows.iter().flatten().all(|row| row.cells[at].0.is_empty());
        let is_absent = !model.views.shows(column) || (is_empty && may_be_missing(column));
        // In a window of one small pane the total is what nobody can do without.
        let is_vital = column == Column::Total && model.size.width < SMALL;
        let is_asked = is_vital || asked.contains(&column);
        let style = if model.search.order().by == column { look.theme.title } else { look.theme.dim };
        let it = TableColumn::of(heading_word(column, model, look), rows, at, most);
        TableColumn {
            title_style: style,
            align: side(matches!(column, Column::Total | Column::Points | Column::Variance)),
            rank: usize::from(!is_asked),
            // Points and what follows may come only where no name is cut for them.
            spares_first: at > 3 && !is_asked,
            is_last_resort: !is_asked,
            // Some configurations of 1C have no such field.
            width: if is_absent && !is_asked { 0 } else { it.width },
            ..it
        }
    };
    columns().enumerate().map(column).collect()
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
