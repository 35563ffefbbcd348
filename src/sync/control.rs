//! 1C's own sums of one sync: the second way to every figure.

use std::collections::{HashMap, HashSet};
use std::ops::AddAssign;

use super::Error;
use super::event::Notice;
use super::skip::Reading;
use crate::domain::{Amount, CardId, ControlTotals, LocalTime, Points, Window};
use crate::odata::{self, Totals};

/// What 1C answered when asked for sums, by card. A table that is not published is `None`; a card that a
/// table does not mention has a sum of zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Control {
    turnover_all: Option<Table<Amount>>,
    turnover_window: Option<Table<Amount>>,
    balance: Option<Table<Points>>,
    opening: Option<HashMap<CardId, Opening>>,
}

/// A virtual table as 1C answered it.
#[derive(Clone, Debug, Default)]
pub(super) struct Table<T> {
    sums: HashMap<CardId, T>,
    unreadable: HashSet<CardId>,
}

impl<T: Copy + Default + AddAssign> Table<T> {
    /// A card's sum: zero where the table does not mention it, nothing where it could not be read.
    pub(super) fn of(&self, card: CardId) -> Option<T> {
        (!self.unreadable.contains(&card)).then(|| self.sums.get(&card).copied().unwrap_or_default())
    }
}

impl<T: Copy + Default + AddAssign> From<Totals<T>> for Table<T> {
    fn from(totals: Totals<T>) -> Self {
        let mut sums: HashMap<CardId, T> = HashMap::with_capacity(totals.figures.len());
        for (card, sum) in totals.figures {
            *sums.entry(card).or_default() += sum;
        }
        Self { sums, unreadable: totals.unreadable.into_iter().collect() }
    }
}

/// Opening balances of a card, as the second reading has them.
#[derive(Clone, Copy, Debug, Default)]
struct Opening {
    all: Amount,
    before_window: Amount,
}

impl Control {
    /// Asks for all tables.
    pub(super) async fn fetch(
        reading: &Reading<'_>,
        window: Window,
        points_at: LocalTime,
    ) -> Result<Self, Error> {
        let all = published(reading, reading.client.turnovers(None, None).await)?;
        let turnover_window = match (window.from, &all) {
            (Some(from), Some(_)) => published(reading, reading.client.turnovers(Some(from), None).await)?,
            _ => all.clone(),
        };
        let balance = published(reading, reading.client.balances(after(points_at), None).await)?;
        Ok(Self { turnover_all: all, turnover_window, balance, opening: None })
    }

    /// Adds the opening balances of the second reading.
    pub(super) fn with_opening(
        self,
        rows: impl IntoIterator<Item = (CardId, Amount, LocalTime)>,
        window: Window,
    ) -> Self {
        let mut opening: HashMap<CardId, Opening> = HashMap::new();
        for (card, amount, period) in rows {
            let sums = opening.entry(card).or_default();
            sums.all += amount;
            if !window.contains(period) {
                sums.before_window += amount;
            }
        }
        Self { opening: Some(opening), ..self }
    }

    /// The sums of one card.
    pub(super) fn of(&self, card: CardId) -> ControlTotals {
        let opening = self.opening.as_ref().map(|rows| rows.get(&card).copied().unwrap_or_default());
        ControlTotals {
            turnover_all: self.turnover_all.as_ref().and_then(|table| table.of(card)),
            turnover_window: self.turnover_window.as_ref().and_then(|table| table.of(card)),
            opening_balance: opening.map(|sums| sums.all),
            opening_before_window: opening.map(|sums| sums.before_window),
            register_balance: self.balance.as_ref().and_then(|table| table.of(card)),
        }
    }

    /// Whether 1C told its turnovers.
    pub(super) fn knows_turnovers(&self) -> bool {
        self.turnover_all.is_some()
    }

    /// Whether 1C's own balances say that nobody has points.
    pub(super) fn has_no_points(&self) -> bool {
        self.balance.as_ref().is_some_and(|table| {
            table.unreadable.is_empty() && table.sums.values().all(|points| points.is_zero())
        })
    }
}

/// The moment to ask `Balance` for so that rows of the second `moment` still count: it excludes its own.
pub(super) fn after(moment: LocalTime) -> LocalTime {
    moment + chrono::TimeDelta::seconds(1)
}

/// Takes a table that may not be published, or that this account may not read: then there is nothing to
/// compare with, which is said, and is no failure.
pub(super) fn published<T: Copy + Default + AddAssign>(
    reading: &Reading<'_>,
    answer: Result<Totals<T>, odata::Error>,
) -> Result<Option<Table<T>>, Error> {
    match answer {
        Ok(totals) => Ok(Some(totals.into())),
        Err(error) if error.is_not_published() || error.is_rights() => {
            reading.reporter.notice(Notice::GoneWithout(error));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
