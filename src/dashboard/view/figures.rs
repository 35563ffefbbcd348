//! 1C beside the store: a table where three figures stand side by side, else a block per figure that differs.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::CustomerDetail;
use crate::domain::bonus::Burning;
use crate::domain::{Amount, City, Comparison, Figure, Mark, Part, Points, PointsRule, Verdict};
use crate::report::check;
use crate::text::{self, Shown};

use super::columns::{Parts, left, right, width};
use super::look::Look;
use super::put;
use super::table::{ScreenTable, name_and_figure};

/// One line of the comparison.
struct FigureLine {
    label: String,
    short: String,
    onec: String,
    stored: String,
    variance: String,
    mark: Mark,
    /// The comparison that found it equal is older than it should be.
    is_old: bool,
}

fn span(entry: &FigureLine, look: &Look) -> Span<'static> {
    mark_of(entry.mark, entry.is_old, look)
}

/// The mark of a figure, grey where what found it equal is old.
pub(super) fn mark_of(mark: Mark, is_old: bool, look: &Look) -> Span<'static> {
    let verdict = match mark {
        Mark::Equal => Verdict::Reconciled,
        Mark::Differs => Verdict::Variance,
        Mark::Uncompared => Verdict::Unverified,
        Mark::Explained => Verdict::BeforeWindow,
    };
    let (mark, style) = look.verdict_of(verdict, is_old);
    Span::styled(mark, style)
}

/// Draws the comparison in the room there is.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    comparison: &Comparison,
    is_old: impl Fn(Part) -> bool,
    look: &Look,
) {
    let entries = entries(comparison, is_old, look);
    let columns = usize::from(area.width);
    let mut lines = ["dash-variance", "dash-variance-short"]
        .into_iter()
        .find_map(|variance| table(&entries, columns, variance, look))
        .unwrap_or_else(|| stacked(&entries, columns, look));
    lines.extend(disagreement(comparison, columns, look));
    for (row, line) in (0..).zip(lines) {
        put(frame, area, row, line);
    }
}

/// Columns between the points and what is said of those that burn, where there is room for them.
const GAP: usize = 3;

/// Draws the figures in a few lines, as the customer is told them: 1C's where 1C told them.
pub(super) fn draw_summary(
    frame: &mut Frame<'_>,
    area: Rect,
    detail: &CustomerDetail,
    is_old: impl Fn(Part) -> bool,
    look: &Look,
) {
    let (texts, comparison) = (look.texts, &detail.comparison);
    let total = comparison.total_of_all_time();
    let total_word = if comparison.total.onec.is_some() { "row-total-onec" } else { "row-total" };
    let points = comparison.points_shown();
    let city = comparison.city.onec.as_ref().or(comparison.city.stored.as_ref());
    let city = match city {
        None => dash(),
        Some(None) => texts.get("dash-no-city").into_owned(),
        Some(Some(city)) => Shown::new(&city.name).into_string(),
    };
    let columns = usize::from(area.width);
    let rubles = total.map_or_else(dash, |total| format!("{} ₽", look.money(total)));
    let rows = [
        (Part::Total, texts.get(total_word), rubles, None),
        (
            Part::Points,
            texts.get("row-points"),
            points.map_or_else(dash, |points| look.points(points)),
            detail.burning.first(),
        ),
        (Part::City, texts.get("row-city"), city, None),
    ];
    let name = rows.iter().map(|(_, name, ..)| width(name)).max().unwrap_or(0);
    let figure = rows.iter().take(2).map(|(.., figure, _)| width(figure)).max().unwrap_or(0);
    for (row, (part, word, shown, more)) in (0..).zip(rows) {
        let mut parts = Parts::default();
        let shown = if part == Part::City { shown } else { right(&shown, figure) };
        parts.push_spans(vec![
            mark_of(comparison.mark(part), is_old(part), look),
            Span::raw(format!(" {}  ", left(&word, name))),
            Span::styled(shown, look.theme.title),
        ]);
        // Mark, name and figure, each with what stands between it and the next.
        let room = columns.saturating_sub(2 + name + 2 + figure);
        let mut gap = GAP;
        if let Some(burn) = more {
            let words = burning_words(burn, detail.as_of.date(), room, look);
            gap = if width(&words) + GAP > room { 1 } else { GAP };
            parts.push(words, look.theme.dim);
        }
        put(frame, area, row, parts.fitted(columns, gap));
    }
    let made_of =
        disagreement(comparison, columns, look).unwrap_or_else(|| made_of(comparison, columns, look));
    put(frame, area, 3, made_of);
}

/// The points that burn next and when; a day without its year is one of this year.
fn burning_words(burn: &Burning, today: NaiveDate, columns: usize, look: &Look) -> String {
    let is_of_this_year = burn.date.year() == today.year();
    let day = if is_of_this_year { text::day } else { text::short_date };
    let values = [
        ("points", look.points(burn.points).into()),
        ("date", text::date(burn.date, look.language()).into()),
        ("day", day(burn.date, look.language()).into()),
    ];
    if width(&look.texts.with("summary-burning", &values)) + GAP <= columns {
        return look.texts.with("summary-burning", &values);
    }
    look.fitting(&["summary-burning-short", "summary-burning-least"], &values, columns.saturating_sub(1))
}

/// What 1C's total is made of, quietly: opening balance, purchases, and what lies before the window.
fn made_of(comparison: &Comparison, columns: usize, look: &Look) -> Line<'static> {
    let side = |figure: &Figure<Amount>| figure.onec.or(figure.stored);
    let terms = [
        ("summary-opening", side(&comparison.opening_balance)),
        ("summary-purchases", side(&comparison.purchases)),
        ("summary-before", comparison.before_window),
    ];
    let term = |(id, amount): (&'static str, Option<Amount>)| {
        let amount = amount.filter(|amount| !amount.is_zero())?;
        Some(look.texts.with(id, &[("sum", look.money(amount).into())]))
    };
    let sum = terms.into_iter().filter_map(term).collect::<Vec<_>>().join(" + ");
    let sum = Shown::new(&sum).truncated(columns.saturating_sub(2));
    Line::from(Span::styled(format!("  {sum}"), look.theme.dim))
}

/// The points by the rule that was not chosen, where the two rules disagree: information, not a variance.
fn disagreement(comparison: &Comparison, columns: usize, look: &Look) -> Option<Line<'static>> {
    let points = &comparison.points;
    let (other, rule) = match points.rule {
        PointsRule::LastRecord => (points.register_balance?, PointsRule::RegisterBalance),
        PointsRule::RegisterBalance => (points.last_record?, PointsRule::LastRecord),
    };
    if points.figure.stored? == other {
        return None;
    }
    let values = [("other", look.points(other).into()), ("rule", look.texts.points_rule(rule).into())];
    let words = Shown::new(&look.texts.with("points-disagree", &values)).truncated(columns.saturating_sub(2));
    Some(Line::from(Span::styled(format!("! {words}"), look.theme.warning)))
}

/// Opening balance, purchases, what lies before the window, total, points, town.
fn entries(comparison: &Comparison, is_old: impl Fn(Part) -> bool, look: &Look) -> Vec<FigureLine> {
    let texts = look.texts;
    let entry = |label: &'static str, short: &'static str| FigureLine {
        label: texts.get(label).into_owned(),
        short: texts.get(short).into_owned(),
        onec: String::new(),
        stored: String::new(),
        variance: String::new(),
        mark: Mark::Uncompared,
        is_old: false,
    };
    let marked = |label, short, part| FigureLine {
        mark: comparison.mark(part),
        is_old: is_old(part),
        ..entry(label, short)
    };
    let mut entries = vec![
        money(
            marked("row-opening-balance", "dash-opening-short", Part::OpeningBalance),
            &comparison.opening_balance,
            look,
        ),
        money(marked("row-purchases", "dash-purchases-short", Part::Purchases), &comparison.purchases, look),
    ];
    if let Some(before) = comparison.before_window.filter(|before| !before.is_zero()) {
        let onec = look.money(before);
        let label = check::earlier(comparison.window.from, texts);
        let empty = FigureLine { label, ..entry("row-before-window", "dash-before-window-short") };
        let is_old = is_old(Part::Total);
        entries.push(FigureLine {
            onec,
            stored: dash(),
            variance: dash(),
            mark: Mark::Explained,
            is_old,
            ..empty
        });
    }
    entries.push(total(marked("row-total", "dash-total-short", Part::Total), comparison, look));
    let of_points = marked("row-points", "dash-points-short", Part::Points);
    entries.push(points(of_points, &comparison.points.figure, look));
    entries.push(city(marked("row-city", "dash-city-short", Part::City), &comparison.city, look));
    entries
}

fn money(entry: FigureLine, figure: &Figure<Amount>, look: &Look) -> FigureLine {
    let shown = |side: Option<Amount>| side.map_or_else(dash, |amount| look.money(amount));
    let variance = figure.variance().map(|by| text::variance(by, look.language()));
    let (onec, stored) = (shown(figure.onec), shown(figure.stored));
    compared(FigureLine { onec, stored, ..entry }, variance)
}

/// Earlier purchases have a line of their own, and are no variance.
fn total(entry: FigureLine, comparison: &Comparison, look: &Look) -> FigureLine {
    let line = money(entry, &comparison.total, look);
    match comparison.total_variance() {
        Some(by) if line.mark == Mark::Explained && by.is_zero() => {
            FigureLine { variance: "=".into(), ..line }
        }
        Some(by) if line.mark == Mark::Differs => {
            FigureLine { variance: text::variance(by, look.language()), ..line }
        }
        _ => line,
    }
}

fn points(entry: FigureLine, figure: &Figure<Points>, look: &Look) -> FigureLine {
    let shown = |side: Option<Points>| side.map_or_else(dash, |points| look.points(points));
    let variance = figure.variance().map(|by| {
        let shown = look.points(by);
        if by > Points::ZERO { format!("+{shown}") } else { shown }
    });
    let (onec, stored) = (shown(figure.onec), shown(figure.stored));
    compared(FigureLine { onec, stored, ..entry }, variance)
}

fn city(entry: FigureLine, figure: &Figure<Option<City>>, look: &Look) -> FigureLine {
    let name = |side: &Option<Option<City>>| match side {
        None => dash(),
        Some(None) => look.texts.get("dash-no-city").into_owned(),
        Some(Some(city)) => Shown::new(&city.name).into_string(),
    };
    let differs = (entry.mark == Mark::Differs).then(|| "≠".to_owned());
    compared(FigureLine { onec: name(&figure.onec), stored: name(&figure.stored), ..entry }, differs)
}

fn compared(entry: FigureLine, variance: Option<String>) -> FigureLine {
    let variance = match entry.mark {
        Mark::Equal => "=".to_owned(),
        Mark::Uncompared => dash(),
        Mark::Differs | Mark::Explained => variance.unwrap_or_else(dash),
    };
    FigureLine { variance, ..entry }
}

/// Stands for an unknown figure: never a zero.
pub(super) fn dash() -> String {
    "—".to_owned()
}

/// Side by side; `None` where a sum would have to be cut.
fn table(entries: &[FigureLine], columns: usize, variance: &str, look: &Look) -> Option<Vec<Line<'static>>> {
    let texts = look.texts;
    let heads = [texts.get("column-onec"), texts.get("column-stored"), texts.get(variance)];
    // A town may be cut, a sum may not: towns take no part in the widths.
    let sums = entries.len().saturating_sub(1);
    let widest = |figure: fn(&FigureLine) -> &str, head: &str| {
        entries.iter().take(sums).map(|entry| width(figure(entry))).chain([width(head)]).max().unwrap_or(0)
    };
    let onec = widest(|entry| &entry.onec, &heads[0]);
    let stored = widest(|entry| &entry.stored, &heads[1]);
    let variance = widest(|entry| &entry.variance, &heads[2]);
    let free = columns.checked_sub(2 + onec + stored + variance + 3)?;
    let town = |figure: fn(&FigureLine) -> &str| entries.last().map_or(0, |entry| width(figure(entry)));
    let lack = town(|entry| &entry.onec)
        .saturating_sub(onec)
        .max(town(|entry| &entry.stored).saturating_sub(stored));
    let full = widest_label(entries, |entry| &entry.label) + (2 * lack).min(12);
    let label_of: fn(&FigureLine) -> &str =
        if free >= full { |entry| &entry.label } else { |entry| &entry.short };
    let label = widest_label(entries, label_of);
    // Wide panes leave room between the figures; a town makes use of it.
    let spare = free.checked_sub(label)?.min(12) / 2;
    let (onec, stored) = (onec + spare, stored + spare);
    let table = ScreenTable::of_figures(&[label, onec, stored, variance], 1);
    let heading = format!("  {}", table.text(["", &heads[0], &heads[1], &heads[2]]));
    let mut lines = vec![Line::from(Span::styled(heading, look.theme.dim))];
    lines.extend(entries.iter().map(|entry| {
        let figures = table.text([label_of(entry), &entry.onec, &entry.stored, &entry.variance]);
        Line::from(vec![span(entry, look), Span::raw(" "), Span::styled(figures, style(entry, look))])
    }));
    Some(lines)
}

fn widest_label(entries: &[FigureLine], label: fn(&FigureLine) -> &str) -> usize {
    entries.iter().map(|entry| width(label(entry))).max().unwrap_or(0)
}

/// One line where both sides are equal; else a line for each side and one for the variance.
fn stacked(entries: &[FigureLine], columns: usize, look: &Look) -> Vec<Line<'static>> {
    let texts = look.texts;
    let mut lines = Vec::new();
    for entry in entries {
        let line = |name: &str, figure: &str, mark: Span<'static>| {
            let text = name_and_figure(name, figure, columns.saturating_sub(2), Style::new());
            Line::from(vec![mark, Span::styled(format!(" {text}"), style(entry, look))])
        };
        if entry.mark == Mark::Equal {
            lines.push(line(&entry.short, &entry.stored, span(entry, look)));
            continue;
        }
        let onec = format!("{}, {}", entry.short, texts.get("column-onec"));
        lines.push(line(&onec, &entry.onec, span(entry, look)));
        lines.push(line(&texts.get("column-stored"), &entry.stored, Span::raw(" ")));
        if entry.mark != Mark::Uncompared {
            lines.push(line(&texts.get("dash-variance"), &entry.variance, Span::raw(" ")));
        }
    }
    lines
}

fn style(entry: &FigureLine, look: &Look) -> Style {
    if entry.mark == Mark::Differs { look.theme.bad } else { Style::new() }
}
