//! What 1C tells of the whole base without its rows: its own sums and the set of opening balances.
//!
//! The number of requests does not grow with the length of history: two turnovers, the balances, the opening
//! balances by page, and the first turnover once more. A card whose total is not the same in both was sold to
//! meanwhile: what was asked of it at different moments does not fit together, and is not told.

use std::collections::BTreeSet;

use super::control::{self, Control, Terms as Asked};
use super::event::Notice;
use super::live::Terms;
use super::skip::{Collected, Reading};
use super::types::SetApart;
use super::{Error, Reporter};
use crate::domain::reconcile::{Gaps, OpeningLine, ToldSide, WhyNot};
use crate::domain::{CardId, Points, RecorderRole, Span};
use crate::odata::{Client, Filter, Order, PageQuery, Set, ThinObject, ThinSale};

/// 1C's side of the whole base, without rows.
#[derive(Clone, Debug, Default)]
pub struct Told {
    control: Control,
    opening: Option<Opening>,
    /// Cards with an opening balance that could not be read.
    unreadable: BTreeSet<CardId>,
    /// Cards whose total changed while 1C was asked.
    moving: BTreeSet<CardId>,
    /// All cards of the catalog, by key; `None` where they were not looked at.
    listed: Option<Vec<CardId>>,
}

/// Opening balances by card: each line, and the card it belongs to.
#[derive(Clone, Debug, Default)]
struct Opening {
    cards: Vec<CardId>,
    lines: Vec<OpeningLine>,
}

impl Opening {
    fn of(&self, card: CardId) -> &[OpeningLine] {
        let from = self.cards.partition_point(|other| *other < card);
        let to = self.cards.partition_point(|other| *other <= card);
        self.lines.get(from..to).unwrap_or_default()
    }
}

/// What is being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// 1C's own sums.
    Sums,
    /// The opening balances.
    OpeningBalances,
    /// The cards of the catalog.
    Cards,
}

impl Told {
    /// Asks for the sums and the opening balances. What 1C does not publish is missing, and told as a notice.
    ///
    /// Points are asked for where `points` says so. `begin` is told what is asked for next.
    pub async fn ask(
        client: &Client,
        reporter: &Reporter,
        terms: Terms,
        points: bool,
        begin: impl Fn(Asking),
    ) -> Result<Self, Error> {
        let reading = Reading { client, reporter };
        begin(Asking::Sums);
        let asked = Asked { window: terms.window, points_at: terms.points_at, turnovers: true, points };
        let control = Control::fetch(&reading, asked).await?;
        begin(Asking::OpeningBalances);
        let rows = set_apart(&reading).await?;
        begin(Asking::Sums);
        let moving = match &control.turnover_all {
            Some(_) => {
                let mut again = control.clone();
                again.turnover_all = control::turnovers(&reading, Span::ALL).await?;
                control.cards_told_otherwise(&again)
            }
            None => BTreeSet::new(),
        };
        Ok(Self { control, moving, ..Self::default() }.with_set_apart(rows, terms))
    }

    fn with_set_apart(self, rows: Collected<ThinSale>, terms: Terms) -> Self {
        let rejected: Vec<_> = rows.rejected.into_values().map(|row| row.card).collect();
        let unreadable = rejected.iter().copied().flatten().collect();
        let control = self.control.with_set_apart(rows.rows.values(), rejected, terms.window);
        let is_opening = |row: &ThinSale| row.active && row.role == RecorderRole::OpeningBalance;
        let opening = rows.rows.into_values().filter(is_opening);
        let mut opening: Vec<_> = opening
            .map(|row| (row.card, OpeningLine { key: row.key, period: row.period, amount: row.amount }))
            .collect();
        opening.sort_by_key(|(card, _)| *card);
        let (cards, lines) = opening.into_iter().unzip();
        Self { control, opening: Some(Opening { cards, lines }), unreadable, ..self }
    }

    /// Looks at the catalog of cards: whether it holds as many as the store, and where it does not, which.
    pub async fn look_at_cards(
        &mut self,
        client: &Client,
        reporter: &Reporter,
        stored: u64,
    ) -> Result<(), Error> {
        if client.count(Set::Cards, &Filter::none()).await? == stored {
            return Ok(());
        }
        // Folders are counted too, where the catalog has them.
        match client.count(Set::Cards, &Filter::none().without_folders()).await {
            Ok(cards) if cards == stored => Ok(()),
            Err(error) if !error.is_filter_refused() => Err(error.into()),
            _ => self.list_cards(client, reporter).await,
        }
    }

    /// Reads the keys of all cards of the catalog.
    pub async fn list_cards(&mut self, client: &Client, reporter: &Reporter) -> Result<(), Error> {
        let query = PageQuery::of(Set::Cards).order(Order::Key);
        let cards = Reading { client, reporter }.counted::<ThinObject>(&query).await?;
        let mut listed: Vec<_> = cards.rows.into_values().map(|card| CardId(card.key)).collect();
        listed.sort_unstable();
        self.listed = Some(listed);
        Ok(())
    }

    /// What is told of one card.
    pub fn of(&self, card: CardId) -> ToldSide<'_> {
        let is_listed = self.listed.as_ref().map(|listed| listed.binary_search(&card).is_ok());
        let mut control = self.control.of(card);
        let gaps = self.gaps(card);
        let is_readable = !self.unreadable.contains(&card);
        if self.moving.contains(&card) {
            control.turnover_all = None;
        }
        if !is_readable {
            control.opening_balance = None;
            control.opening_before_window = None;
        }
        let opening = self.opening.as_ref().filter(|_| is_readable);
        ToldSide { control, opening: opening.map(|opening| opening.of(card)), is_listed, gaps }
    }

    /// Why what is not told of a card is not.
    fn gaps(&self, card: CardId) -> Gaps {
        let of = |is_told: bool, otherwise| if is_told { WhyNot::UnreadableRow } else { otherwise };
        let turnovers = if self.is_moving(card) {
            WhyNot::Moving
        } else {
            of(self.control.knows_turnovers(), WhyNot::NotPublished)
        };
        Gaps {
            turnovers,
            opening: of(self.opening.is_some(), WhyNot::FilterRefused),
            balance: of(self.control.knows_balances(), WhyNot::NotPublished),
        }
    }

    /// Whether this card was sold to while 1C was asked.
    pub fn is_moving(&self, card: CardId) -> bool {
        self.moving.contains(&card)
    }

    /// The balance of points by all rows of a card, those of the future too, where 1C tells it.
    pub fn points_of_all_rows(&self, card: CardId) -> Option<Points> {
        self.control.balance_of_all.as_ref()?.of(card).map(|(balance, _)| balance)
    }

    /// Every card any answer mentions, by key.
    pub fn cards(&self) -> Vec<CardId> {
        let mut cards: Vec<CardId> = self.listed.iter().flatten().copied().collect();
        for table in [&self.control.turnover_all, &self.control.turnover_window].into_iter().flatten() {
            cards.extend(table.sums().iter().map(|(card, _)| *card));
        }
        for table in [&self.control.balance, &self.control.balance_of_all].into_iter().flatten() {
            cards.extend(table.sums().iter().map(|(card, _)| *card));
        }
        cards.extend(self.opening.iter().flat_map(|opening| &opening.cards));
        cards.sort_unstable();
        cards.dedup();
        cards
    }

    /// Whether 1C told its turnovers: without them no total is compared.
    pub fn knows_turnovers(&self) -> bool {
        self.control.knows_turnovers()
    }

    /// Cards that were sold to while 1C was asked.
    pub fn moving(&self) -> u64 {
        self.moving.len() as u64
    }
}

/// What the settings set apart, counted; read with all the rest of the register where 1C cannot filter it.
async fn set_apart(reading: &Reading<'_>) -> Result<Collected<ThinSale>, Error> {
    let query = match reading.set_apart().await? {
        Some((SetApart::Nothing, _)) => return Ok(Collected::new()),
        Some((SetApart::Asked(query), rows)) => {
            reading.reporter.expect(rows);
            query
        }
        None => {
            reading.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
            return everything(reading).await;
        }
    };
    match reading.counted::<ThinSale>(&query).await {
        // 1C counts as asked, and then does not filter.
        Err(Error::Odata(error)) if error.is_filter_refused() => {
            reading.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
            everything(reading).await
        }
        rows => rows,
    }
}

async fn everything(reading: &Reading<'_>) -> Result<Collected<ThinSale>, Error> {
    reading.counted(&PageQuery::of(Set::Sales).order(Order::Period)).await
}
