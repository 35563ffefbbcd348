//! The lists under a customer: what differs, purchases, bonus rows, sums by type of document.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use crate::dashboard::app::detail::{Fields, Holder, Section, TWO_SIDES};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::Focus;
use crate::dashboard::app::{CustomerDetail, Model, Purchase, RawField, RecorderSum};
use crate::domain::{
    Amount, BonusRow, Difference, DifferenceFigure, DifferenceKind, Direction, LocalTime, MovementKind,
    Points, Quantity,
};
use crate::text::{self, Shown};

use super::chart;
use super::columns::{Parts, left, right, width};
use super::figures::dash;
use super::look::Look;
use super::table::{draw_lines, name_and_figure};
use super::words::holder_word;

/// Columns from which on the two sides of a difference are named.
const NAMED_SIDES: usize = 60;

/// Draws what stands above the list of a section, and its visible lines.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    layout: &Layout,
    section: Section,
    detail: &CustomerDetail,
    model: &Model,
    look: &Look,
) {
    let (head, area) = layout.detail_list(&model.detail);
    draw_head(frame, head, section, detail, model, look);
    let columns = usize::from(area.width);
    let height = usize::from(area.height);
    let top = model.detail.top();
    let lines = match section {
        Section::Comparison => {
            let beside = SideColumns::of(&detail.comparison.differences, columns, look);
            lines(&beside.rows, top, height, |row| row.line(&beside, look))
        }
        Section::Purchases => {
            let (articles, listed) = (articles(&detail.purchases, columns), model.detail.purchases());
            lines(&listed, top, height, |row| purchase(row, articles, columns, look))
        }
        Section::Bonus => lines(&detail.bonus, top, height, |row| bonus(row, detail.as_of, columns, look)),
        Section::Documents => lines(&detail.recorders, top, height, |row| {
            recorder(row, model.detail.doubled(&row.recorder_type), columns, look)
        }),
        Section::Fields => {
            let shown = top..model.detail.lines(section).min(top + height);
            shown.filter_map(|line| model.detail.field(line)).map(|it| field(it, columns, look)).collect()
        }
    };
    if lines.is_empty() {
        draw_empty(frame, area, section, model, look);
    }
    let selected = model.detail.index().checked_sub(top).filter(|_| model.focus == Focus::Detail);
    draw_lines(frame, area, lines, selected, look.theme.selected);
}

/// What is said in place of a list, with the next step where there is one.
fn draw_empty(frame: &mut Frame<'_>, area: Rect, section: Section, model: &Model, look: &Look) {
    let (words, style) = match (section, model.detail.fields()) {
        (Section::Fields, Fields::NotAsked) => (look.texts.get("fields-ask").into_owned(), Style::new()),
        (Section::Fields, Fields::Asked(since)) => {
            let elapsed = model.now.signed_duration_since(since).to_std().unwrap_or_default();
            let time = text::duration(Duration::from_secs(elapsed.as_secs()), look.language());
            let words = look.texts.with("fields-asked", &[("time", time.into())]);
            (format!("▶ {words}"), look.theme.busy)
        }
        (Section::Fields, Fields::Failed(failure)) => {
            let words = format!("✗ {} {}", failure.message, failure.remedy);
            (Shown::new(&words).into_string(), look.theme.bad)
        }
        _ if model.detail.sought().is_some() => {
            (look.texts.get("detail-no-such-purchases").into_owned(), look.theme.dim)
        }
        _ => (look.texts.get(empty(section)).into_owned(), look.theme.dim),
    };
    let words = Paragraph::new(words).style(style).wrap(Wrap { trim: true });
    frame.render_widget(words, area.intersection(frame.area()));
}

fn draw_head(
    frame: &mut Frame<'_>,
    area: Rect,
    section: Section,
    detail: &CustomerDetail,
    model: &Model,
    look: &Look,
) {
    let columns = usize::from(area.width);
    match section {
        Section::Comparison => {
            let heading = SideColumns::of(&detail.comparison.differences, columns, look).heading(look);
            draw_lines(frame, area, heading, None, Style::new());
        }
        Section::Purchases => chart::draw(frame, area, detail, look),
        Section::Bonus => draw_lines(frame, area, points_head(detail, columns, look), None, Style::new()),
        Section::Documents if area.height > 0 => {
            let doubled = detail.recorders.iter().map(|sum| model.detail.doubled(&sum.recorder_type));
            let words = look.texts.with("documents-doubled", &[("n", doubled.sum::<usize>().into())]);
            let words = Paragraph::new(format!("≡ {words}")).style(look.theme.warning);
            frame.render_widget(words.wrap(Wrap { trim: true }), area.intersection(frame.area()));
        }
        _ => {}
    }
}

/// Accrued and spent; what burns and when; the figure by either rule.
fn points_head(detail: &CustomerDetail, columns: usize, look: &Look) -> Vec<Line<'static>> {
    let texts = look.texts;
    let flow = [
        ("accrued", look.points(detail.flow.accrued).into()),
        ("spent", look.points(detail.flow.spent).into()),
    ];
    let flow = look.fitting(&["points-flow", "points-flow-short"], &flow, columns);
    let points = &detail.comparison.points;
    let known = |figure: Option<Points>| figure.map_or_else(dash, |it| look.points(it));
    let rules =
        [("last", known(points.last_record).into()), ("balance", known(points.register_balance).into())];
    let rules = look.fitting(&["points-rules", "points-rules-short"], &rules, columns);
    let mut burning = Parts::default();
    if detail.burning.is_empty() {
        burning.push(texts.get("points-burn-none"), look.theme.dim);
    } else {
        burning.push(texts.get("points-burn"), look.theme.warning);
        for burn in &detail.burning {
            let day = text::date(burn.date, look.language());
            let sum = look.points(burn.points);
            burning.push(format!("{day} — {sum}"), Style::new());
        }
    }
    vec![Line::from(flow), burning.fitted(columns, 2), Line::from(Span::styled(rules, look.theme.dim))]
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
        Section::Fields => "fields-none",
    }
}

/// Columns of the articles; zero where there is no room for them.
fn articles(rows: &[Purchase], columns: usize) -> usize {
    let article = |row: &Purchase| row.product.as_ref().map_or(0, |product| width(&product.article));
    let widest = rows.iter().map(article).max().unwrap_or(0);
    if widest > 0 && columns >= 60 + widest { widest } else { 0 }
}

fn purchase(row: &Purchase, articles: usize, columns: usize, look: &Look) -> Line<'static> {
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
    let article = row.product.as_ref().map(|product| product.article.as_str()).unwrap_or_default();
    let article = if articles > 0 { format!("{}  ", left(article, articles)) } else { String::new() };
    let name = format!("{}  {article}{product}{quantity}{note}", look.day(movement.period));
    name_and_figure(&name, &look.money(movement.amount), columns, style)
}

/// A row of points; what is to come is marked and dim.
fn bonus(row: &BonusRow, as_of: LocalTime, columns: usize, look: &Look) -> Line<'static> {
    let texts = look.texts;
    let direction = texts.get(match row.direction {
        Direction::Receipt => "mark-receipt",
        Direction::Expense => "mark-expense",
    });
    let is_future = row.period > as_of;
    let (mark, style) = if is_future { ("→ ", look.theme.dim) } else { ("", Style::new()) };
    let accrued = texts.with("dash-bonus-accrued", &[("n", look.points(row.accrued).into())]);
    let name = format!("{mark}{}  {direction}", look.day(row.period));
    let figure = texts.with("dash-bonus-write-off", &[("n", look.points(row.to_write_off).into())]);
    // No figure is cut: where both words do not fit, the sign says what the first figure is.
    if width(&name) + width(&accrued) + width(&figure) + 4 <= columns {
        return name_and_figure(&format!("{name}  {accrued}"), &figure, columns, style);
    }
    let accrued =
        if row.accrued.is_zero() { String::new() } else { format!("+{}  ", look.points(row.accrued)) };
    name_and_figure(&name, &format!("{accrued}{figure}"), columns, style)
}

fn recorder(row: &RecorderSum, doubled: usize, columns: usize, look: &Look) -> Line<'static> {
    let full = Shown::new(&row.recorder_type.0).into_string();
    let name = full.rsplit_once("Document_").map_or(full.as_str(), |(_, name)| name);
    let count = look.texts.with("dash-lines", &[("n", row.lines.into())]);
    let figure = format!("{count} {}", right(&look.money(row.amount), 14));
    if doubled == 0 {
        return name_and_figure(name, &figure, columns, Style::new());
    }
    let mark = look.texts.with("documents-doubled-mark", &[("n", doubled.into())]);
    name_and_figure(&format!("≡ {name} ({mark})"), &figure, columns, look.theme.warning)
}

/// A field of 1C's: whose, its name, as much of its value as fits.
fn field((holder, field): (Holder, &RawField), columns: usize, look: &Look) -> Line<'static> {
    let holder = look.texts.get(holder_word(holder));
    let label = left(&format!("{holder} · {}", Shown::new(&field.name)), (columns * 2 / 5).min(36));
    let value = Shown::new(&field.value).truncated(columns.saturating_sub(width(&label) + 1));
    Line::from(vec![Span::styled(label, look.theme.dim), Span::raw(format!(" {value}"))])
}

/// What differs, both sides opposite where there is room for both.
struct SideColumns {
    rows: Vec<DifferenceRow>,
    columns: usize,
    /// Widths of 1C's side, the store's, and the running difference; `None` where the sides stand in one.
    widths: Option<[usize; 3]>,
}

/// One thing that differs, in words.
struct DifferenceRow {
    name: String,
    /// 1C's side and the store's; a dash where it is absent.
    sides: [String; 2],
    /// Store minus 1C of all sums down to here; empty where it is no sum.
    running: String,
    style: Style,
}

impl SideColumns {
    fn of(differences: &[Difference], columns: usize, look: &Look) -> Self {
        let mut sum = Amount::ZERO;
        let rows: Vec<_> = differences.iter().map(|it| DifferenceRow::of(it, &mut sum, look)).collect();
        let widest =
            |text: fn(&DifferenceRow) -> &String| rows.iter().map(|row| width(text(row))).max().unwrap_or(0);
        let widths = [widest(|row| &row.sides[0]), widest(|row| &row.sides[1]), widest(|row| &row.running)];
        let is_wide = columns >= usize::from(TWO_SIDES);
        let heads = heads(look).map(|head| width(&head));
        let widths = [0, 1, 2].map(|side| widths[side].max(heads[side]));
        Self { rows, columns, widths: is_wide.then_some(widths) }
    }

    /// What the columns hold, where there are any.
    fn heading(&self, look: &Look) -> Option<Line<'static>> {
        let sides = self.in_columns(&heads(look))?;
        Some(name_and_figure("", &sides, self.columns, look.theme.dim))
    }

    fn in_columns(&self, texts: &[String; 3]) -> Option<String> {
        let widths = self.widths?;
        let columns: Vec<_> = widths.into_iter().zip(texts).map(|(width, text)| right(text, width)).collect();
        Some(columns.join("  "))
    }
}

/// What 1C's side, the store's, and the running difference are called.
fn heads(look: &Look) -> [String; 3] {
    ["side-onec", "side-stored", "side-running"].map(|id| look.texts.get(id).into_owned())
}

impl DifferenceRow {
    fn of(row: &Difference, sum: &mut Amount, look: &Look) -> Self {
        let texts = look.texts;
        let mut name = texts.difference(row).into_owned();
        if let Some(period) = row.period {
            name = format!("{}  {name}", look.day(period));
        }
        if let Some(line) = row.line {
            name = format!("{name}, {}", texts.with("dash-line-number", &[("n", line.into())]));
        }
        let sides = texts.sides(&row.figure);
        // What is no variance adds to none.
        let is_none = matches!(row.kind, DifferenceKind::DoubledSale | DifferenceKind::BeforeWindow);
        let running = match &row.figure {
            DifferenceFigure::Money(sides) if !is_none => {
                *sum = *sum + sides.stored.unwrap_or_default() - sides.onec.unwrap_or_default();
                text::variance(*sum, look.language())
            }
            _ => String::new(),
        };
        let style = if is_none { look.theme.warning } else { Style::new() };
        Self { name, sides: [sides.onec, sides.stored].map(|side| side.unwrap_or_else(dash)), running, style }
    }

    fn line(&self, beside: &SideColumns, look: &Look) -> Line<'static> {
        let [onec, stored] = &self.sides;
        let columns = [onec.clone(), stored.clone(), self.running.clone()];
        let sides = beside.in_columns(&columns).unwrap_or_else(|| {
            if beside.columns < NAMED_SIDES {
                format!("{onec} / {stored}")
            } else {
                look.texts.with("dash-sides", &[("onec", onec.into()), ("stored", stored.into())])
            }
        });
        name_and_figure(&self.name, &sides, beside.columns, self.style)
    }
}
