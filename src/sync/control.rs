//! 1C's own sums of one sync: the second way to every figure.

use std::collections::HashMap;

use super::Error;
use super::event::Notice;
use super::skip::Reading;
use crate::domain::{Amount, CardId, ControlTotals, LocalTime, Points, Window};
use crate::odata;

/// What 1C answered when asked for sums, by card. A table that is not published is `None`; a card that a
/// table does not mention has a sum of zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Control {
    turnover_all: Option<HashMap<CardId, Amount>>,
    turnover_window: Option<HashMap<CardId, Amount>>,
    balance: Option<HashMap<CardId, Points>>,
    opening: Option<HashMap<CardId, Opening>>,
}

/// Opening balances of a card, as the second reading has them.
#[derive(Clone, Copy, Debug, Default)]
struct Opening {
    all: Amount,
    before_window: Amount,
}

impl Control {
    /// Asks for all tables.
    pub(super) async fn fetch(reading: &Reading<'_>, window: Window, points_at: LocalTime) -> Result<Self, Error> {
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
            turnover_all: sum(self.turnover_all.as_ref(), card),
            turnover_window: sum(self.turnover_window.as_ref(), card),
            opening_balance: opening.map(|sums| sums.all),
            opening_before_window: opening.map(|sums| sums.before_window),
            register_balance: sum(self.balance.as_ref(), card),
        }
    }

    /// Whether 1C told its turnovers.
    pub(super) fn knows_turnovers(&self) -> bool {
        self.turnover_all.is_some()
    }

    /// Whether 1C's own balances say that nobody has points.
    pub(super) fn has_no_points(&self) -> bool {
        self.balance.as_ref().is_some_and(|sums| sums.values().all(|points| points.is_zero()))
    }
}

/// The moment to ask `Balance` for so that rows of the second `moment` still count: it excludes its own.
pub(super) fn after(moment: LocalTime) -> LocalTime {
    moment + chrono::TimeDelta::seconds(1)
}

/// Takes a table that may not be published, or that this account may not read: then there is nothing to
/// compare with, which is said, and is no failure.
pub(super) fn published<T>(
    reading: &Reading<'_>,
    answer: Result<Vec<(CardId, T)>, odata::Error>,
) -> Result<Option<HashMap<CardId, T>>, Error>
where
    T: Copy + Default + std::ops::AddAssign,
{
    match answer {
        Ok(rows) => Ok(Some(rows.into_iter().fold(HashMap::new(), |mut sums, (card, sum)| {
            *sums.entry(card).or_default() += sum;
            sums
        }))),
        Err(error) if error.is_not_published() || error.is_rights() => {
            reading.reporter.notice(Notice::NotPublished(error.to_string()));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn sum<T: Copy + Default>(table: Option<&HashMap<CardId, T>>, card: CardId) -> Option<T> {
    table.map(|sums| sums.get(&card).copied().unwrap_or_default())
}
