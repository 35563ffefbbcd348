//! `$filter`, `$orderby`, `$skip`, `$top` and the count, over one table.
//!
//! Rows that stand in their natural order (`Period` in registers, `Ref_Key` in catalogs) are found by bisection where
//! the filter bounds that order, so a window of a million rows costs what the window holds.

use std::cmp::Ordering;
use std::ops::Range;

use super::errors::Refusal;
use super::filter::{Comparison, Expr, Path};
use super::table::Table;
use super::value::Value;

/// Which way a key is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// What is asked of a table.
#[derive(Default)]
pub(super) struct Query {
    pub(super) filter: Option<Expr>,
    pub(super) order: Vec<(Path, Direction)>,
    pub(super) skip: usize,
    pub(super) top: Option<usize>,
    /// Whether the number of all matching rows is wanted.
    pub(super) counted: bool,
}

/// The rows of an answer, by their places in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) rows: Vec<usize>,
    pub(super) total: Option<usize>,
}

/// Reads `$orderby`. A `+` before a direction makes 1C miss it.
pub(super) fn parse_order(text: &str, table: &dyn Table) -> Result<Vec<(Path, Direction)>, Refusal> {
    let keys = text.split(',').map(|key| {
        let key = key.split('+').next().unwrap_or_default();
        let mut words = key.split_whitespace();
        let name = words.next().ok_or_else(|| Refusal::bad_option("$orderby"))?;
        let direction = match (words.next(), words.next()) {
            (None | Some("asc"), None) => Direction::Ascending,
            (Some("desc"), None) => Direction::Descending,
            _ => return Err(Refusal::bad_option("$orderby")),
        };
        let path = Path::parse(table, name)?;
        if path.is_sortable() { Ok((path, direction)) } else { Err(Refusal::incomparable()) }
    });
    keys.collect()
}

/// Turns the first key of an order around; without an order, the natural one.
pub(super) fn turn_around(order: &mut [(Path, Direction)]) {
    if let Some((_, direction)) = order.first_mut() {
        *direction = direction.reversed();
    }
}

/// How many rows match.
pub(super) fn count(table: &dyn Table, filter: Option<&Expr>) -> usize {
    let found = candidates(table, filter);
    match filter {
        Some(filter) if !found.exact => found.rows().filter(|row| filter.test(table, *row)).count(),
        _ => found.len(),
    }
}

/// The rows asked for, in order.
pub(super) fn run(table: &dyn Table, query: &Query) -> Page {
    let total = query.counted.then(|| count(table, query.filter.as_ref()));
    let found = candidates(table, query.filter.as_ref());
    let residual = query.filter.as_ref().filter(|_| !found.exact);
    let passes = |row: &usize| residual.is_none_or(|filter| filter.test(table, *row));
    let top = query.top.unwrap_or(usize::MAX);
    let rows = match natural(table, &query.order) {
        Some(direction) if residual.is_none() => found.slice(direction, query.skip, top),
        Some(Direction::Ascending) => found.rows().filter(passes).skip(query.skip).take(top).collect(),
        Some(Direction::Descending) => found.rows().rev().filter(passes).skip(query.skip).take(top).collect(),
        None => {
            let sorted = sort(table, &query.order, found.rows().filter(passes));
            sorted.into_iter().skip(query.skip).take(top).collect()
        }
    };
    Page { rows, total }
}

/// The direction in which the rows as they stand satisfy an order; none where they must be sorted.
fn natural(table: &dyn Table, order: &[(Path, Direction)]) -> Option<Direction> {
    let Some((_, direction)) = order.first() else { return Some(Direction::Ascending) };
    let fits = |((path, way), column): (&(Path, Direction), &usize)| {
        path.is_direct() && path.column == *column && way == direction
    };
    let natural = order.len() <= table.order().len() && order.iter().zip(table.order()).all(fits);
    natural.then_some(*direction)
}

fn sort(table: &dyn Table, order: &[(Path, Direction)], rows: impl Iterator<Item = usize>) -> Vec<usize> {
    let keys = |row: usize| order.iter().map(|(path, _)| path.value(table, row)).collect::<Vec<Value<'_>>>();
    let mut keyed: Vec<(Vec<Value<'_>>, usize)> = rows.map(|row| (keys(row), row)).collect();
    keyed.sort_by(|(one, _), (other, _)| {
        let compared = one.iter().zip(other).zip(order).map(|((one, other), (_, direction))| {
            let ordering = in_order(one, other);
            if *direction == Direction::Descending { ordering.reverse() } else { ordering }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// What a reference that leads nowhere would have comes before everything else.
fn in_order(one: &Value<'_>, other: &Value<'_>) -> Ordering {
    let is_there = |value: &Value<'_>| !matches!(value, Value::Null);
    is_there(one).cmp(&is_there(other)).then_with(|| one.compare(other).unwrap_or(Ordering::Equal))
}

/// Stretches of rows among which all matching ones are: in order, apart from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidates {
    stretches: Vec<Range<usize>>,
    /// Whether all of them match.
    exact: bool,
}

impl Candidates {
    fn len(&self) -> usize {
        self.stretches.iter().map(Range::len).sum()
    }

    fn rows(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.stretches.iter().flat_map(Clone::clone)
    }

    /// Some of the rows, without walking over the others.
    fn slice(&self, direction: Direction, skip: usize, top: usize) -> Vec<usize> {
        let from = skip.min(self.len());
        let to = from.saturating_add(top).min(self.len());
        (from..to)
            .filter_map(|place| match direction {
                Direction::Ascending => self.nth(place),
                Direction::Descending => self.nth(self.len() - 1 - place),
            })
            .collect()
    }

    fn nth(&self, mut place: usize) -> Option<usize> {
        for stretch in &self.stretches {
            if place < stretch.len() {
                return Some(stretch.start + place);
            }
            place -= stretch.len();
        }
        None
    }

    fn intersect(&self, other: &Self) -> Self {
        let meet = |one: &Range<usize>, two: &Range<usize>| one.start.max(two.start)..one.end.min(two.end);
        let pairs =
            self.stretches.iter().flat_map(|one| other.stretches.iter().map(move |two| meet(one, two)));
        let stretches = pairs.filter(|stretch| !stretch.is_empty()).collect();
        Self { stretches, exact: self.exact && other.exact }
    }

    fn unite(parts: Vec<Self>) -> Self {
        let exact = parts.iter().all(|part| part.exact);
        let mut all: Vec<Range<usize>> = parts.into_iter().flat_map(|part| part.stretches).collect();
        all.sort_by_key(|stretch| stretch.start);
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for stretch in all {
            match stretches.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => stretches.push(stretch),
            }
        }
        Self { stretches, exact }
    }
}

/// Where to look for the rows that match.
fn candidates(table: &dyn Table, filter: Option<&Expr>) -> Candidates {
    let everything = |exact| Candidates { stretches: std::iter::once(0..table.len()).collect(), exact };
    match filter {
        None => everything(true),
        Some(Expr::And(parts)) => {
            let narrowed = parts.iter().map(|part| candidates(table, Some(part)));
            narrowed.reduce(|all, part| all.intersect(&part)).unwrap_or_else(|| everything(true))
        }
        Some(Expr::Or(parts)) => {
            Candidates::unite(parts.iter().map(|part| candidates(table, Some(part))).collect())
        }
        Some(Expr::Compare(comparison, field, literal)) => {
            bounded(table, *comparison, field, literal).unwrap_or_else(|| everything(false))
        }
        Some(_) => everything(false),
    }
}

/// The rows that compare so with a literal, where the rows are ordered by the field compared.
fn bounded(table: &dyn Table, comparison: Comparison, field: &Expr, literal: &Expr) -> Option<Candidates> {
    let (Expr::Field(path), Expr::Literal(literal)) = (field, literal) else { return None };
    if !path.is_direct() || table.order().first() != Some(&path.column) {
        return None;
    }
    let before = |limit: Ordering| {
        partition(table.len(), |row| {
            table.value(row, path.column).compare(literal).is_some_and(|ordering| ordering < limit)
        })
    };
    // Rows less than the literal come before `low`, rows not greater before `high`.
    let (low, high) = (before(Ordering::Equal), before(Ordering::Greater));
    let stretch = match comparison {
        Comparison::Eq => low..high,
        Comparison::Ne => return None,
        Comparison::Gt => high..table.len(),
        Comparison::Ge => low..table.len(),
        Comparison::Lt => 0..low,
        Comparison::Le => 0..high,
    };
    Some(Candidates {
        stretches: std::iter::once(stretch).filter(|rows| !rows.is_empty()).collect(),
        exact: true,
    })
}

/// How many of the first rows satisfy a condition that none satisfies after one that does not.
fn partition(rows: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
