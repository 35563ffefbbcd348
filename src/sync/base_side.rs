//! What 1C tells of the whole base without its rows: its own sums and the set of opening balances.
//!
//! The number of requests does not grow with the length of history: two turnovers, the balances, the opening
//! balances by page, the types of document beyond those of every day, and the first turnover once more. A card whose
//! total is not the same in both was sold to meanwhile: what was asked of it at different moments does not fit
//! together, and is not told.

use std::collections::BTreeSet;

pub use super::control_totals::CardsWithRows;
use super::control_totals::{BaseTotals, ControlTerms, points_of};
use super::event::Notice;
use super::live::LiveTerms;
use super::position_reader::{Collected, SetReader};
use super::recorder_types::{MOST_ROWS, SetApart, TypesTold, Unnamed, spans_of_types};
use super::{Error, Reporter};
use crate::domain::reconcile::{Gaps, OpeningLine, ToldSide, WhyNot};
use crate::domain::recorder_types::wrote_all_once;
use crate::domain::{CardId, LocalTime, PointsSums, RecorderRole, RecorderType, TypesInUse};
use crate::odata::{Client, Filter, Order, PageQuery, Set, ThinObject, ThinSale};

/// 1C's side of the whole base, without rows.
#[derive(Clone, Debug, Default)]
pub struct BaseSide {
    control: BaseTotals,
    opening: Option<Opening>,
    /// Cards with an opening balance that could not be read.
    unreadable: BTreeSet<CardId>,
    /// Cards whose total changed while 1C was asked.
    moving: BTreeSet<CardId>,
    /// All cards of the catalog, by key; `None` where they were not looked at.
    listed: Option<Vec<CardId>>,
    /// The types of document there are.
    types: TypesInUse,
    /// Cards whose opening balances may be among what is taken for purchases.
    unnamed: Unnamed,
}

/// What is stored, as far as it decides what is asked and what is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBase {
    /// Opening balances: where there are some, none at all are no answer.
    pub opening_balances: u64,
    /// Purchases: where there are rows of sales, turnovers of nobody are no answer.
    pub purchases: u64,
    /// Bonus rows: where there are some, balances of nobody are no answer.
    pub bonus_rows: u64,
    /// Points are asked for.
    pub has_points: bool,
    /// Types of document that nobody need ask for again.
    pub everyday_types: Vec<RecorderType>,
    /// The moment, on the infobase's wall clock.
    pub now: LocalTime,
}

/// So often what the settings set apart is read anew where a document is entered under another type meanwhile.
const READINGS: u32 = 3;

/// What the settings set apart, and the types there are.
struct SetApartTold {
    /// `None` where 1C has rows of a type and does not find them.
    rows: Option<Collected<ThinSale>>,
    types: TypesInUse,
    unnamed: Unnamed,
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

impl BaseSide {
    /// Asks for the sums and the opening balances. What 1C does not publish is missing, and told as a notice.
    ///
    /// A document may have been entered under a type that the last sync did not meet, so types beyond the everyday
    /// ones are learned anew. `begin` is told what is asked for next.
    pub async fn ask(
        client: &Client,
        reporter: &Reporter,
        terms: LiveTerms,
        known: &KnownBase,
        begin: impl Fn(Asking),
    ) -> Result<Self, Error> {
        let reading = SetReader { client, reporter };
        begin(Asking::Sums);
        let (window, points_at) = (terms.window, terms.points_at);
        let asked = ControlTerms { window, points_at, turnovers: true, points: known.has_points };
        let mut control = BaseTotals::fetch(&reading, asked).await?;
        if known.bonus_rows > 0 && control.has_no_points() {
            control = control.without_balances();
        }
        begin(Asking::OpeningBalances);
        let apart = set_apart_and_types(&reading, known).await?;
        let has_sales = known.opening_balances + known.purchases > 0 || !apart.types.types.is_empty();
        if has_sales && control.has_no_turnovers() {
            control = control.without_turnovers();
        }
        begin(Asking::Sums);
        let of_sales = ControlTerms { points: false, ..asked };
        let again = control.fetch_again(&reading, of_sales).await?;
        let moving = control.cards_sold_to(&again);
        let SetApartTold { rows, types, unnamed } = apart;
        let is_hidden = |rows: &Collected<ThinSale>| {
            control.hide_rows(&types.types) || (known.opening_balances > 0 && rows.rows.is_empty())
        };
        let rows = rows.filter(|rows| !is_hidden(rows));
        let told = Self { control, moving, types, unnamed, ..Self::default() };
        Ok(match rows {
            Some(rows) => told.with_set_apart(rows, terms),
            None => told,
        })
    }

    /// Holds 1C's sums against what is stored: a table that leaves out cards that have something says nothing of those
    /// it does not mention.
    #[must_use]
    pub fn beside(self, stored: &CardsWithRows) -> Self {
        Self { control: self.control.beside(stored), ..self }
    }

    /// The types of document there are, by what the settings take them for.
    pub fn types(&self) -> &TypesInUse {
        &self.types
    }

    fn with_set_apart(self, rows: Collected<ThinSale>, terms: LiveTerms) -> Self {
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

    /// Looks at the catalog of cards: whether it holds as many as the store, and where it does not, which. As many are
    /// not the same: nothing is said of any card then.
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
        let cards = SetReader { client, reporter }.counted::<ThinObject>(&query).await?;
        let mut listed: Vec<_> = cards.rows.into_values().map(|card| CardId(card.key)).collect();
        listed.sort_unstable();
        self.listed = Some(listed);
        Ok(())
    }

    /// What is told of one card.
    pub fn of(&self, card: CardId) -> ToldSide<'_> {
        let is_listed = self.listed.as_ref().map(|listed| listed.binary_search(&card).is_ok());
        let mut control = self.control.of(card);
        let gaps = self.why_not_told(card);
        let is_readable = !self.unreadable.contains(&card);
        let is_unnamed = self.unnamed.has(card);
        if self.moving.contains(&card) {
            control.turnover_all = None;
        }
        if !is_readable || is_unnamed {
            control.opening_balance = None;
            control.opening_before_window = None;
        }
        let opening = self.opening.as_ref().filter(|_| is_readable && !is_unnamed);
        ToldSide { control, opening: opening.map(|opening| opening.of(card)), is_listed, gaps }
    }

    /// Why what is not told of a card is not.
    fn why_not_told(&self, card: CardId) -> Gaps {
        let of = |is_told: bool, otherwise| if is_told { WhyNot::UnreadableRow } else { otherwise };
        let of_sums = |is_told: bool| {
            if is_told && self.control.is_left_out(card) {
                WhyNot::PassedOver
            } else {
                of(is_told, WhyNot::NotPublished)
            }
        };
        let turnovers =
            if self.is_moving(card) { WhyNot::Moving } else { of_sums(self.control.knows_turnovers()) };
        Gaps {
            turnovers,
            opening: if self.unnamed.has(card) {
                WhyNot::NamesInDoubt
            } else {
                of(self.opening.is_some(), WhyNot::FilterRefused)
            },
            balance: of_sums(self.control.knows_balances()),
        }
    }

    /// Whether this card was sold to while 1C was asked.
    pub fn is_moving(&self, card: CardId) -> bool {
        self.moving.contains(&card)
    }

    /// What all rows of a card's points come to, those of the future too, where 1C tells it.
    pub fn points_of_all_rows(&self, card: CardId) -> Option<PointsSums> {
        points_of(self.control.balance_of_all.as_ref()?, card)
    }

    /// Every card any answer mentions, by key.
    pub fn cards(&self) -> Vec<CardId> {
        let mut cards: Vec<CardId> = self.listed.iter().flatten().copied().collect();
        for table in [&self.control.turnover_all, &self.control.turnover_window].into_iter().flatten() {
            cards.extend(table.cards());
        }
        for table in [&self.control.balance, &self.control.balance_of_all].into_iter().flatten() {
            cards.extend(table.cards());
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

/// What the settings set apart, and the types of document there are: read anew where one of these is set apart and
/// was not among the rows.
async fn set_apart_and_types(reading: &SetReader<'_>, known: &KnownBase) -> Result<SetApartTold, Error> {
    let (client, everyday) = (reading.client, &known.everyday_types);
    let mut query = match reading.set_apart().await? {
        Some((SetApart::Nothing, _)) => None,
        Some((SetApart::Asked(query), rows)) => {
            reading.reporter.expect(rows);
            Some(query)
        }
        None => return everything(reading, known).await,
    };
    let mut types = TypesInUse::default();
    for _ in 0..READINGS {
        let rows = match &query {
            None => Collected::new(),
            Some(query) => match reading.counted::<ThinSale>(query).await {
                // 1C counts as asked, and then does not filter.
                Err(Error::Odata(error)) if error.is_filter_refused() => {
                    return everything(reading, known).await;
                }
                rows => rows?,
            },
        };
        let met = rows.types();
        let asked = met.iter().chain(everyday).cloned().collect();
        let TypesTold { types: there_are, is_complete } = reading.types_beyond(asked, MOST_ROWS).await?;
        let once = types_that_wrote_once(reading, &there_are, known).await?;
        types = TypesInUse { is_complete, ..client.types_in_use(&there_are, &once) };
        let set_apart = types.set_apart();
        if set_apart.iter().all(|it| met.contains(it)) {
            if let Some(query) = &query
                && reading.finds_all_by_type(&there_are, &query.filter, rows.received()).await? == Some(false)
            {
                return everything(reading, known).await;
            }
            let unnamed = reading.unnamed(&types).await?;
            return Ok(SetApartTold { rows: Some(rows), types, unnamed });
        }
        let filter = Filter::none().active().of_types(set_apart);
        query = Some(PageQuery::of(Set::Sales).filter(filter).order(Order::Key));
    }
    Ok(SetApartTold { rows: None, types, unnamed: Unnamed::Anybody })
}

/// Types that no sync has met, or that were no purchases of every day then, and that wrote once.
async fn types_that_wrote_once(
    reading: &SetReader<'_>,
    there_are: &BTreeSet<RecorderType>,
    known: &KnownBase,
) -> Result<BTreeSet<RecorderType>, Error> {
    let types = reading.client.types_in_use(there_are, &BTreeSet::new());
    let new = types.everyday().filter(|it| !known.everyday_types.contains(it)).cloned();
    reading.types_that_wrote_once(new.collect::<Vec<_>>(), known.now).await
}

/// The whole register, where 1C cannot filter it: all types there are, are among its rows.
async fn everything(reading: &SetReader<'_>, known: &KnownBase) -> Result<SetApartTold, Error> {
    reading.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
    let rows = reading.counted::<ThinSale>(&PageQuery::of(Set::Sales).order(Order::Period)).await?;
    let mut once = spans_of_types(rows.rows.values());
    once.retain(|it, span| !known.everyday_types.contains(it) && wrote_all_once(*span, known.now));
    let once = once.into_keys().collect();
    let types = TypesInUse { is_complete: true, ..reading.client.types_in_use(&rows.types(), &once) };
    let unnamed = Unnamed::among(&rows, &types.suspects().cloned().collect());
    Ok(SetApartTold { rows: Some(rows), types, unnamed })
}
