//! Purchases by month: a small chart, with the highest month in figures, for those who cannot see bars.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::dashboard::app::CustomerDetail;
use crate::domain::Amount;
use crate::domain::totals::MonthSum;
use crate::text::Shown;

use super::columns::width;
use super::look::Look;
use super::put;

/// Columns of a month where it has a label: its bar, and a space.
const MONTH: usize = 3;
/// Heights a bar of one line may have.
const STEPS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Draws the chart in the lines there are: one, or a block of bars with their months.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, detail: &CustomerDetail, look: &Look) {
    let columns = usize::from(area.width);
    if area.height == 0 || columns == 0 {
        return;
    }
    if area.height < 3 {
        return put(frame, area, 0, line(&detail.months, columns, look));
    }
    let months = last(&detail.months, columns / MONTH);
    let rows = area.height - 2;
    for row in 0..rows {
        put(frame, area, row, bars(months, rows - 1 - row, rows, look));
    }
    let labels: String = months.iter().map(label).collect();
    put(frame, area, rows, Span::styled(labels, look.theme.dim));
    put(frame, area, rows + 1, Span::styled(caption(months, columns, look), look.theme.dim));
}

/// A month's number, as wide as its bar.
fn label(month: &MonthSum) -> String {
    format!("{:02} ", month.month)
}

/// Bars and the caption in one line; the caption gives way first.
fn line(months: &[MonthSum], columns: usize, look: &Look) -> Line<'static> {
    let caption = caption(months, columns, look);
    let room = columns.saturating_sub(width(&caption) + 1);
    let months = last(months, room.min(18));
    let top = top(months);
    let bars: String = months.iter().map(|month| STEPS[step(month.amount, top, 8)]).collect();
    Line::from(vec![
        Span::styled(bars, look.theme.busy),
        Span::raw(" "),
        Span::styled(caption, look.theme.dim),
    ])
}

/// One row of a block of bars, counted from the lowest.
fn bars(months: &[MonthSum], row: u16, rows: u16, look: &Look) -> Line<'static> {
    let top = top(months);
    let filled = |month: &MonthSum| {
        let height = step(month.amount, top, usize::from(rows) * 8);
        STEPS[height.saturating_sub(usize::from(row) * 8).min(8)].repeat(MONTH - 1) + " "
    };
    let line: String = months.iter().map(filled).collect();
    Line::from(Span::styled(line, look.theme.busy))
}

/// Rows of bars for figures of a run, the highest row first: a figure shows as soon as there was anything.
pub(super) fn of_rates(figures: &[u64], rows: usize) -> Vec<String> {
    let top = scale(figures.iter().copied().max().unwrap_or(0));
    let height = |figure: u64| {
        let steps = u128::from(figure) * (rows as u128 * 8) / u128::from(top);
        usize::try_from(steps).unwrap_or(rows * 8).max(usize::from(figure > 0))
    };
    let row = |row: usize| {
        figures.iter().map(|figure| STEPS[height(*figure).saturating_sub(row * 8).min(8)]).collect()
    };
    (0..rows).rev().map(row).collect()
}

/// The end of a scale that holds this: a round figure, so that one that grows does not draw all bars anew.
fn scale(most: u64) -> u64 {
    const TENTHS: [u64; 9] = [10, 12, 15, 20, 25, 30, 40, 60, 80];
    let mut step = 1_u64;
    loop {
        let tops = TENTHS.into_iter().map(|tenths| step.saturating_mul(tenths));
        if let Some(top) = tops.into_iter().find(|top| *top >= most) {
            return top;
        }
        step = step.saturating_mul(10);
    }
}

/// The highest month in figures.
fn caption(months: &[MonthSum], columns: usize, look: &Look) -> String {
    let Some(best) = months.iter().max_by_key(|month| month.amount) else { return String::new() };
    let month = format!("{:02}.{}", best.month, best.year);
    let values = [("month", month.into()), ("sum", look.money(best.amount).into())];
    let whole = look.texts.with("chart-best", &values);
    let short = look.texts.with("chart-best-short", &values);
    let fits = |text: &String| width(text) + 6 <= columns;
    [whole, short].into_iter().find(fits).map(|text| Shown::new(&text).into_string()).unwrap_or_default()
}

fn last(months: &[MonthSum], most: usize) -> &[MonthSum] {
    &months[months.len().saturating_sub(most)..]
}

fn top(months: &[MonthSum]) -> i64 {
    months.iter().map(|month| units(month.amount)).max().unwrap_or(0)
}

/// The height of a bar, of so many steps; a month with purchases shows at least one, returns none.
fn step(amount: Amount, top: i64, steps: usize) -> usize {
    let units = units(amount);
    if units <= 0 || top <= 0 {
        return 0;
    }
    let height = i128::from(units) * i128::try_from(steps).unwrap_or(8) / i128::from(top);
    usize::try_from(height).unwrap_or(0).max(1)
}

fn units(amount: Amount) -> i64 {
    amount.to_units().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_of_rates_shows_whatever_was_and_ends_at_a_round_figure() {
        assert_eq!(of_rates(&[0, 1, 50, 100], 2), ["   █", " ▁██"]);
        assert_eq!(of_rates(&[], 2), ["", ""]);
        for most in [0, 1, 9, 99, 2_980, u64::MAX - 1, u64::MAX] {
            let top = scale(most);
            assert!(top >= most && (most < 100 || top / 2 <= most), "{most}: {top}");
        }
    }

    #[test]
    fn bars_grow_with_their_sums_and_none_is_lost() {
        let roubles = |roubles: i64| Amount::from_units(roubles * 100);
        assert_eq!(step(roubles(800), 80_000, 8), 8);
        assert_eq!(step(roubles(400), 80_000, 8), 4);
        assert_eq!(step(roubles(1), 80_000, 8), 1, "a small sum is still there");
        assert_eq!(step(roubles(-400), 80_000, 8), 0);
        assert_eq!(step(roubles(0), 0, 8), 0);
        assert_eq!(step(Amount::from_units(i64::MAX), i64::MAX, 24), 24);
    }
}
