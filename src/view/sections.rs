//! The lists under a customer: what differs, purchases, bonus rows, sums by type of document.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::detail::Section;
use crate::app::{CustomerDetail, Purchase, RecorderSum};
use crate::domain::{
    Amount, BonusRow, Difference, DifferenceKind, Direction, MovementKind, Points, Quantity,
};
use crate::text::{self, Shown};

use super::columns::{left, right, width};
use super::look::Look;
use super::put;

/// Columns from which on the two sides of a difference are named.
const NAMED_SIDES: usize = 60;

/// Draws the visible lines of a section.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    section: Section,
    detail: &CustomerDetail,
    top: usize,
    look: &Look,
) {
    let columns = usize::from(area.width);
    let height = usize::from(area.height);
    let lines = match section {
        Section::Comparison => {
            lines(&detail.comparison.differences, top, height, |row| difference(row, columns, look))
        }
        Section::Purchases => lines(&detail.purchases, top, height, |row| purchase(row, columns, look)),
        Section::Bonus => lines(&detail.bonus, top, height, |row| bonus(row, columns, look)),
        Section::Documents => lines(&detail.recorders, top, height, |row| recorder(row, columns, look)),
    };
    if lines.is_empty() {
        let empty = Shown::new(&look.texts.get(empty(section))).truncated(columns);
        put(frame, area, 0, Span::styled(empty.into_string(), look.theme.dim));
    }
    for (row, line) in (0..).zip(lines) {
        put(frame, area, row, line);
    }
}

/// The lines of a window of rows; the window stays inside the rows.
fn lines<T>(rows: &[T], top: usize, height: usize, line: impl Fn(&T) -> Line<'static>) -> Vec<Line<'static>> {
    let top = top.min(rows.len().saturating_sub(height));
    rows.iter().skip(top).take(height).map(line).collect()
}

fn empty(section: Section) -> &'static str {
    match section {
        Section::Comparison => "detail-no-differences",
        Section::Purchases => "detail-no-purchases",
        Section::Bonus => "detail-no-bonus",
        Section::Documents => "dash-no-documents",
    }
}

/// A name at the left, a figure at the right that is never cut.
fn name_and_figure(name: &str, figure: &str, columns: usize, style: Style) -> Line<'static> {
    let name = left(name, columns.saturating_sub(width(figure) + 1));
    Line::from(Span::styled(format!("{name} {figure}"), style))
}

fn purchase(row: &Purchase, columns: usize, look: &Look) -> Line<'static> {
    let movement = &row.movement;
    let texts = look.texts;
    let product = match (movement.kind, &row.product) {
        (MovementKind::OpeningBalance, _) => texts.get("row-opening-balance").into_owned(),
        (_, Some(product)) => Shown::new(&product.name).into_string(),
        (_, None) => texts.get("detail-product-none").into_owned(),
    };
    let one = Quantity::from_units(1_000);
    let quantity = if movement.quantity.is_zero() || movement.quantity == one {
        String::new()
    } else {
        format!(" × {}", text::quantity(movement.quantity, look.language()))
    };
    let (note, style) = if row.is_packaging {
        (format!(" ({})", texts.get("mark-packaging")), look.theme.dim)
    } else {
        (String::new(), Style::new())
    };
    let name = format!("{}  {product}{quantity}{note}", look.day(movement.period));
    name_and_figure(&name, &look.money(movement.amount), columns, style)
}

fn bonus(row: &BonusRow, columns: usize, look: &Look) -> Line<'static> {
    let texts = look.texts;
    let direction = texts.get(match row.direction {
        Direction::Receipt => "mark-receipt",
        Direction::Expense => "mark-expense",
    });
    let accrued = texts.with("dash-bonus-accrued", &[("n", look.points(row.accrued).into())]);
    let name = format!("{}  {direction}  {accrued}", look.day(row.period));
    let figure = texts.with("dash-bonus-write-off", &[("n", look.points(row.to_write_off).into())]);
    name_and_figure(&name, &figure, columns, Style::new())
}

fn recorder(row: &RecorderSum, columns: usize, look: &Look) -> Line<'static> {
    let full = Shown::new(&row.recorder_type.0).into_string();
    let name = full.rsplit_once("Document_").map_or(full.as_str(), |(_, name)| name);
    let count = look.texts.with("dash-lines", &[("n", row.lines.into())]);
    let figure = format!("{count} {}", right(&look.money(row.amount), 14));
    name_and_figure(name, &figure, columns, Style::new())
}

fn difference(row: &Difference, columns: usize, look: &Look) -> Line<'static> {
    let texts = look.texts;
    let mut name = texts.difference(row.kind).into_owned();
    if let Some(period) = row.period {
        name = format!("{}  {name}", look.day(period));
    }
    if let Some(line) = row.line {
        name = format!("{name}, {}", texts.with("dash-line-number", &[("n", line.into())]));
    }
    let side = |side: &Option<String>| {
        side.as_deref().map_or_else(|| "—".to_owned(), |text| figure(row.kind, text, look))
    };
    let (onec, stored) = (side(&row.onec), side(&row.stored));
    let sides = if columns < NAMED_SIDES {
        format!("{onec} / {stored}")
    } else {
        texts.with("dash-sides", &[("onec", onec.into()), ("stored", stored.into())])
    };
    let style = match row.kind {
        DifferenceKind::DoubledSale | DifferenceKind::BeforeWindow => look.theme.warning,
        _ => Style::new(),
    };
    name_and_figure(&name, &sides, columns, style)
}

/// A side of a difference: sums as sums are shown, all else as it is.
fn figure(kind: DifferenceKind, text: &str, look: &Look) -> String {
    let shown = match kind {
        DifferenceKind::City => None,
        DifferenceKind::Points => Points::parse(text).ok().map(|points| look.points(points)),
        _ => Amount::parse(text).ok().map(|amount| look.money(amount)),
    };
    shown.unwrap_or_else(|| Shown::new(text).into_string())
}
