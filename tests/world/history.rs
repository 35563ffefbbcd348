//! What the books were at every moment: the other side of what a sync may claim.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDateTime, TimeDelta};
use sverka::domain::Window;
use sverka_simulator::{BonusLine, Books, DocumentKind, Posted, SaleLine};
use uuid::Uuid;

/// A row's key in its register.
pub type Key = (Uuid, u32);

/// Rows by their keys.
pub type Rows<L> = Arc<BTreeMap<Key, Posted<L>>>;

/// What one card comes to in one month, opening balances apart: the finest sums that must be those of one
/// instant.
pub type Cells = BTreeMap<(Uuid, Cell), i64>;

/// A place among the sums of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Opening balances, by their month.
    Opening(i32),
    /// Purchases of the window, by their month.
    Purchases(i32),
    /// What bonus rows do to the balance, by their month.
    Points(i32),
}

/// The months since the beginning of our era.
pub fn month(period: NaiveDateTime) -> i32 {
    period.year() * 12 + i32::try_from(period.month0()).unwrap()
}

/// The stretches whose sums one sync confirms: of a year's window its months and all of the future; of a
/// longer window those that touch the last 35 days, the older ones by turns. A delta confirms all months, and of
/// opening balances what 1C's sums tell, which know no kinds: a month as a whole, and what lies before the window.
#[derive(Clone, Copy, Debug)]
pub struct Stretches {
    since: i32,
    tomorrow: NaiveDateTime,
    window_from: Option<NaiveDateTime>,
    is_delta: bool,
}

impl Stretches {
    pub fn confirmed(window: Window, now: NaiveDateTime, is_delta: bool) -> Self {
        let is_long = !is_delta && (window.days == 0 || window.days > 366);
        let since = if is_long { month(now - TimeDelta::days(35)) } else { i32::MIN };
        let tomorrow = (now.date() + Days::new(1)).into();
        Self { since, tomorrow, window_from: window.from, is_delta }
    }

    /// The place of a row among the sums of its card.
    pub fn cell(self, is_opening: bool, period: NaiveDateTime) -> Cell {
        let is_before = self.window_from.is_some_and(|from| period < from);
        match (self.is_delta, is_opening) {
            (true, _) if is_before => Cell::Opening(i32::MIN),
            (false, true) => Cell::Opening(month(period)),
            _ => Cell::Purchases(self.of(period)),
        }
    }

    /// The month of a moment. All the future is one, and so are all months that are confirmed by turns.
    fn of(self, period: NaiveDateTime) -> i32 {
        let month = month(period);
        if period >= self.tomorrow {
            i32::MAX
        } else if month >= self.since {
            month
        } else {
            i32::MIN
        }
    }
}

/// One state of the books.
#[derive(Clone, Debug)]
pub struct State {
    /// What made it so.
    pub cause: String,
    pub sales: Rows<SaleLine>,
    pub bonuses: Rows<BonusLine>,
}

/// All states there were.
#[derive(Debug, Default)]
pub struct History {
    states: Vec<State>,
}

impl History {
    /// Takes in the books, where their registers are not what they were.
    pub fn record(&mut self, books: &Books, cause: &str) {
        let sales: BTreeMap<Key, _> = books.sales().map(|row| ((row.recorder, row.line), row)).collect();
        let bonuses: BTreeMap<Key, _> = books.bonuses().map(|row| ((row.recorder, row.line), row)).collect();
        let last = self.states.last();
        let sales = shared(last.map(|state| &state.sales), sales);
        let bonuses = shared(last.map(|state| &state.bonuses), bonuses);
        let same = |state: &State| Arc::ptr_eq(&state.sales, &sales) && Arc::ptr_eq(&state.bonuses, &bonuses);
        if !last.is_some_and(same) {
            self.states.push(State { cause: cause.to_owned(), sales, bonuses });
        }
    }

    /// The number of the state that holds now.
    pub fn now(&self) -> usize {
        self.states.len() - 1
    }

    /// The states from number `from` to number `to`, both included.
    pub fn between(&self, from: usize, to: usize) -> &[State] {
        &self.states[from..=to]
    }

    pub fn last(&self) -> &State {
        self.states.last().expect("the books are taken in before anything else")
    }
}

/// The rows known already, where nothing changed.
fn shared<L: PartialEq>(known: Option<&Rows<L>>, rows: BTreeMap<Key, Posted<L>>) -> Rows<L> {
    match known {
        Some(known) if **known == rows => Arc::clone(known),
        _ => Arc::new(rows),
    }
}

impl State {
    /// The sums of sales that a store of this window keeps, by the stretches that are confirmed; opening
    /// balances are confirmed row by row. What comes to nothing is left out.
    pub fn sales_cells(&self, window_from: Option<NaiveDateTime>, stretches: Stretches) -> Cells {
        let mut cells = Cells::new();
        for row in self.sales.values().filter(|row| is_kept(row, window_from)) {
            let cell = stretches.cell(row.kind == DocumentKind::OpeningBalances, row.row.period);
            *cells.entry((row.row.card, cell)).or_default() += row.row.amount;
        }
        without_nothing(cells)
    }

    /// What opening balances before the window come to, and all sales there.
    pub fn before_window(&self, card: Uuid, window_from: Option<NaiveDateTime>) -> (i64, i64) {
        let of_card = self.sales.values().filter(|row| row.row.card == card && row.row.active);
        let before = of_card.filter(|row| window_from.is_some_and(|from| row.row.period < from));
        before.fold((0, 0), |(openings, all), row| {
            let is_opening = row.kind == DocumentKind::OpeningBalances;
            (openings + if is_opening { row.row.amount } else { 0 }, all + row.row.amount)
        })
    }

    /// The sums of points.
    pub fn points_cells(&self) -> Cells {
        let mut cells = Cells::new();
        for row in self.bonuses.values().filter(|row| row.row.active) {
            let line = &row.row;
            let change = line.movement.sign() * (line.accrued - line.to_burn);
            *cells.entry((line.card, Cell::Points(month(line.period)))).or_default() += change;
        }
        without_nothing(cells)
    }
}

/// Whether a store of this window keeps the row.
pub fn is_kept(row: &Posted<SaleLine>, window_from: Option<NaiveDateTime>) -> bool {
    let opening = row.kind == DocumentKind::OpeningBalances;
    row.row.active && (opening || window_from.is_none_or(|from| row.row.period >= from))
}

pub fn without_nothing(mut cells: Cells) -> Cells {
    cells.retain(|_, sum| *sum != 0);
    cells
}
