//! 1C's own sums: the second way to every figure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Error;
use super::event::Notice;
use super::position_reader::SetReader;
use crate::domain::settings::Asked;
use crate::domain::{
    Amount, CardFigures, CardId, ControlTotals, LocalTime, PointsBalance, PointsSums, RecorderRole, Span,
    Summand, TotalsByCard, Turnover, Window,
};
use crate::odata::{self, Client, Order, PageQuery, Set, ThinSale, Top};
use crate::store::CardRows;

/// A table of 1C's, where it tells it.
pub(super) type ToldTable<T> = Option<Arc<TotalsByCard<T>>>;

/// What 1C answered when asked for the sums of the whole base. A table that is not published is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseTotals {
    pub(super) turnover_all: ToldTable<Turnover>,
    pub(super) turnover_window: ToldTable<Turnover>,
    /// Points by the rows up to the moment asked for.
    pub(super) balance: ToldTable<PointsBalance>,
    /// Points by all rows, those of the future too.
    pub(super) balance_of_all: ToldTable<PointsBalance>,
    /// What the settings set apart, by card; nothing of a card of which a row could not be read.
    apart: Option<HashMap<CardId, Option<SetApartSums>>>,
}

/// What the sums are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ControlTerms {
    pub(super) window: Window,
    pub(super) points_at: LocalTime,
    pub(super) turnovers: bool,
    pub(super) points: bool,
}

/// The cards there are, and those that have something by rows that were read, whatever 1C's sums say.
#[derive(Clone, Debug, Default)]
pub struct CardsWithRows {
    /// Every card there is.
    pub(super) cards: Vec<CardId>,
    /// Sales that do not come to zero.
    pub(super) sales: Vec<CardId>,
    /// Sales of the window that do not.
    pub(super) sales_of_window: Vec<CardId>,
    /// Points that do not.
    pub(super) points: Vec<CardId>,
}

impl CardsWithRows {
    /// Those of the store, by its figures. Fails as reading them does.
    pub fn of<E>(figures: impl Iterator<Item = Result<(CardId, CardFigures), E>>) -> Result<Self, E> {
        let mut cards = Self::default();
        for figures in figures {
            let (card, own) = figures?;
            cards.cards.push(card);
            cards.sales.extend((!own.total().is_zero()).then_some(card));
            cards.sales_of_window.extend((!own.turnover_window().is_zero()).then_some(card));
            cards.points.extend((!own.points.register_balance.is_zero()).then_some(card));
        }
        Ok(cards)
    }
}

/// What the settings set apart of a card's sales, as the second reading has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SetApartSums {
    opening: Amount,
    opening_before_window: Amount,
    ignored: Amount,
    ignored_in_window: Amount,
}

impl SetApartSums {
    fn add(&mut self, row: &ThinSale, window: Window) {
        let in_window = window.contains(row.period);
        match row.role {
            RecorderRole::OpeningBalance => {
                self.opening += row.amount;
                self.opening_before_window += if in_window { Amount::ZERO } else { row.amount };
            }
            RecorderRole::Ignored => {
                self.ignored += row.amount;
                self.ignored_in_window += if in_window { row.amount } else { Amount::ZERO };
            }
            RecorderRole::Purchase => {}
        }
    }
}

impl BaseTotals {
    pub(super) async fn fetch(reading: &SetReader<'_>, terms: ControlTerms) -> Result<Self, Error> {
        let mut control = Self::default();
        if terms.turnovers {
            control.turnover_all = of_stretch(reading, Span::ALL).await?;
            control.turnover_window = match (terms.window.from, &control.turnover_all) {
                (Some(from), Some(_)) => of_stretch(reading, Span::since(from)).await?,
                _ => control.turnover_all.clone(),
            };
        }
        if terms.points {
            control.balance = balances(reading, Some(after(terms.points_at))).await?;
            control.balance_of_all = match control.balance {
                Some(_) => balances(reading, None).await?,
                None => None,
            };
        }
        Ok(control)
    }

    /// Asks once more for the tables that are here. One that 1C does not tell any more is missing then.
    pub(super) async fn fetch_again(
        &self,
        reading: &SetReader<'_>,
        terms: ControlTerms,
    ) -> Result<Self, Error> {
        let turnovers = terms.turnovers && self.turnover_all.is_some();
        let points = terms.points && self.balance.is_some();
        Self::fetch(reading, ControlTerms { turnovers, points, ..terms }).await
    }

    /// Whether 1C turns out to heed no period in these tables, where it answered for one as for all time: then what was
    /// told of a period is not to be had.
    pub(super) async fn learn_of_periods(
        &self,
        client: &Client,
        (sales, points): (bool, bool),
    ) -> Result<bool, Error> {
        let mut is_learned = false;
        if sales && is_told_alike(self.turnover_window.as_ref(), self.turnover_all.as_ref()) {
            is_learned |= !client.heeds_period(odata::VirtualTable::Sales).await?;
        }
        if points && is_told_alike(self.balance.as_ref(), self.balance_of_all.as_ref()) {
            is_learned |= !client.heeds_period(odata::VirtualTable::Balance).await?;
        }
        Ok(is_learned)
    }

    /// Adds what the settings set apart, as it was read a second time. A row of it that could not be read leaves its
    /// card unknown; where even its card is unknown, all.
    pub(super) fn with_set_apart<'a>(
        self,
        rows: impl IntoIterator<Item = &'a ThinSale>,
        unreadable: impl IntoIterator<Item = Option<CardId>>,
        window: Window,
    ) -> Self {
        let unreadable: Option<HashSet<CardId>> = unreadable.into_iter().collect();
        let Some(unreadable) = unreadable else { return Self { apart: None, ..self } };
        let mut apart: HashMap<CardId, Option<SetApartSums>> =
            unreadable.into_iter().map(|card| (card, None)).collect();
        for row in rows.into_iter().filter(|row| row.active) {
            if let Some(sums) = apart.entry(row.card).or_insert_with(|| Some(SetApartSums::default())) {
                sums.add(row, window);
            }
        }
        Self { apart: Some(apart), ..self }
    }

    /// Holds each table against the cards that have something by rows, and by what else 1C told.
    pub(super) fn beside(self, rows: &CardsWithRows) -> Self {
        let apart = self.apart.iter().flatten();
        let apart =
            apart.filter(|(_, sums)| sums.is_some_and(|sums| !(sums.opening + sums.ignored).is_zero()));
        let in_window = self.turnover_window.iter().flat_map(|table| table.cards());
        let sales = rows.sales.iter().chain(apart.map(|(card, _)| card)).copied().chain(in_window);
        Self {
            turnover_all: self.turnover_all.as_ref().map(|table| table.beside(sales)),
            turnover_window: self
                .turnover_window
                .as_ref()
                .map(|table| table.beside(rows.sales_of_window.iter().copied())),
            balance: self.balance.as_ref().map(|table| {
                // Points that are kept by somebody else than cards say nothing of cards.
                let is_of_cards =
                    table.sums().is_empty() || rows.cards.iter().any(|card| table.has_sum(*card));
                let has_points = if is_of_cards { &rows.points } else { &rows.cards };
                table.beside(has_points.iter().copied())
            }),
            ..self
        }
    }

    /// The sums of one card: turnovers without what the settings leave out.
    pub(super) fn of(&self, card: CardId) -> ControlTotals {
        let apart = self.apart.as_ref();
        let apart = apart.and_then(|rows| rows.get(&card).copied().unwrap_or(Some(SetApartSums::default())));
        // Of a card with a row that could not be read nothing is judged by sums.
        let known = apart.unwrap_or_default();
        let turnover = |table: &ToldTable<Turnover>| table.as_ref()?.of(card).map(|sum| sum.main);
        ControlTotals {
            turnover_all: turnover(&self.turnover_all)
                .filter(|_| !self.is_passed_over(card))
                .map(|sum| sum - known.ignored),
            turnover_window: turnover(&self.turnover_window).map(|sum| sum - known.ignored_in_window),
            opening_balance: apart.map(|sums| sums.opening),
            opening_before_window: apart.map(|sums| sums.opening_before_window),
            register_balance: self.balance.as_ref().and_then(|table| table.of(card)).map(|sum| sum.main),
        }
    }

    /// Whether 1C's turnovers over all time say nothing of a card that has some in the window: that is not zero, that is
    /// unknown.
    fn is_passed_over(&self, card: CardId) -> bool {
        let tables = self.turnover_all.as_ref().zip(self.turnover_window.as_ref());
        tables.is_some_and(|(all, window)| window.has_sum(card) && !all.mentions(card))
    }

    /// Whether a table that leaves cards out does not mention this one.
    pub(super) fn is_left_out(&self, card: CardId) -> bool {
        let sales = [&self.turnover_all, &self.turnover_window].into_iter().flatten();
        sales.into_iter().any(|table| table.leaves_out(card))
            || self.balance.as_ref().is_some_and(|table| table.leaves_out(card))
            || self.is_passed_over(card)
    }

    /// On how many cards two answers differ.
    pub(super) fn cards_differing(&self, other: &Self) -> usize {
        self.cards_told_otherwise(other).len()
    }

    /// The cards that were sold to between two answers.
    pub(super) fn cards_sold_to(&self, other: &Self) -> BTreeSet<CardId> {
        let mut cards = differing(self.turnover_all.clone(), other.turnover_all.clone());
        cards.extend(differing(self.turnover_window.clone(), other.turnover_window.clone()));
        cards
    }

    /// The cards on which two answers differ.
    pub(super) fn cards_told_otherwise(&self, other: &Self) -> BTreeSet<CardId> {
        let mut cards = self.cards_sold_to(other);
        cards.extend(differing(self.balance.clone(), other.balance.clone()));
        cards.extend(differing(self.balance_of_all.clone(), other.balance_of_all.clone()));
        cards
    }

    /// What all cards come to by 1C's turnovers over all time; unknown where that of one is.
    pub fn turnover_of_all(&self) -> Option<Amount> {
        let table = self.turnover_all.as_ref().filter(|table| table.unreadable().is_empty())?;
        Some(table.sums().iter().map(|(_, sum)| sum.main).sum())
    }

    /// How many cards have a turnover in the window, or over all time where none has.
    pub(super) fn buyers(&self) -> usize {
        let tables = [&self.turnover_window, &self.turnover_all].into_iter().flatten();
        tables.map(|table| table.sums().len()).find(|cards| *cards > 0).unwrap_or_default()
    }

    /// The same without 1C's turnovers, whose answer says nothing.
    pub(super) fn without_turnovers(self) -> Self {
        Self { turnover_all: None, turnover_window: None, ..self }
    }

    /// The same without what the settings set apart: 1C's rows say nothing where its sums hold some and it shows none.
    pub(super) fn without_set_apart(self) -> Self {
        Self { apart: None, ..self }
    }

    /// Whether 1C's rows are hidden: its sums hold sales, and of no type of document did it show a row.
    pub(super) fn hide_rows<T>(&self, types_shown: impl IntoIterator<Item = T>) -> bool {
        types_shown.into_iter().next().is_none() && self.has_turnovers()
    }

    fn has_turnovers(&self) -> bool {
        [&self.turnover_all, &self.turnover_window].into_iter().flatten().any(|table| !table.is_empty())
    }

    /// The same without its balances of points.
    pub(super) fn without_balances(self) -> Self {
        Self { balance: None, balance_of_all: None, ..self }
    }

    /// Whether 1C told its turnovers.
    pub fn knows_turnovers(&self) -> bool {
        self.turnover_window.is_some()
    }

    /// Whether 1C's own sums say that nobody ever bought anything.
    pub(super) fn has_no_turnovers(&self) -> bool {
        self.turnover_all.as_ref().is_some_and(|table| table.is_empty())
    }

    /// Whether they say that nobody bought anything in the window, and that somebody did before it.
    pub(super) fn has_none_in_window(&self) -> bool {
        let is_none = self.turnover_window.as_ref().is_some_and(|table| table.is_empty());
        is_none && self.turnover_all.is_some() && !self.has_no_turnovers()
    }

    /// Which answers of 1C are here.
    pub(super) fn asked(&self) -> Asked {
        let (turnovers, opening, balances) =
            (self.knows_turnovers(), self.apart.is_some(), self.knows_balances());
        Asked { turnovers, opening, balances }
    }

    /// Whether 1C told its balances of points.
    pub fn knows_balances(&self) -> bool {
        self.balance.is_some()
    }

    /// Whether 1C's own balances say that nobody has points.
    pub(super) fn has_no_points(&self) -> bool {
        let tables = [&self.balance, &self.balance_of_all];
        tables.into_iter().all(|table| table.as_ref().is_some_and(|table| table.is_empty()))
    }
}

/// Whether two answers, to two questions, tell the same of somebody.
fn is_told_alike<T: Summand>(
    of_period: Option<&Arc<TotalsByCard<T>>>,
    of_all: Option<&Arc<TotalsByCard<T>>>,
) -> bool {
    let answers = of_period.zip(of_all);
    answers.is_some_and(|(part, all)| !Arc::ptr_eq(part, all) && !all.is_empty() && part == all)
}

fn differing<T: Summand>(one: ToldTable<T>, other: ToldTable<T>) -> BTreeSet<CardId> {
    one.unwrap_or_default().differing(&other.unwrap_or_default())
}

/// The turnovers of one card, out of those of all where 1C does not tell them of one.
pub(super) async fn turnovers_of(
    reading: &SetReader<'_>,
    span: Span,
    card: CardId,
) -> Result<ToldTable<Turnover>, Error> {
    match reading.client.turnovers(span, Some(card)).await {
        Err(error) if error.is_filter_refused() => of_stretch(reading, span).await,
        answer => published(reading, answer),
    }
}

/// What all rows of a card's points come to by a balance of all of them.
pub(super) fn points_of(table: &TotalsByCard<PointsBalance>, card: CardId) -> Option<PointsSums> {
    let sum = table.of(card)?;
    Some(PointsSums { change: sum.main, accrued: table.is_sided().then_some(sum.side) })
}

/// The balance of one card, out of those of all where 1C does not tell it of one.
pub(super) async fn balance_of(
    reading: &SetReader<'_>,
    at: Option<LocalTime>,
    card: CardId,
) -> Result<ToldTable<PointsBalance>, Error> {
    match reading.client.balances(at, Some(card)).await {
        Err(error) if error.is_filter_refused() => balances(reading, at).await,
        answer => published(reading, answer),
    }
}

/// A sum whose table goes by stretches of periods.
pub(super) trait OfStretch: Summand {
    const TABLE: odata::VirtualTable;

    /// Whether cards are judged by it. Otherwise it only hints, and is gone without where one stretch is not told.
    const IS_JUDGED: bool;

    fn ask(
        client: &Client,
        span: Span,
    ) -> impl Future<Output = Result<TotalsByCard<Self>, odata::Error>> + Send;

    /// The same of all cards together; `None` where 1C does not add them up so.
    fn ask_of_base(
        client: &Client,
        span: Span,
    ) -> impl Future<Output = Result<Option<TotalsByCard<Self>>, odata::Error>> + Send;

    /// Whether what is staged of all cards together is what 1C adds up to, of which the settings set these rows apart.
    fn is_as_told(self, told: &TotalsByCard<Self>, apart: &[ThinSale], span: Span) -> bool;

    /// The figures of what is stored of a card, by period.
    fn of_rows(rows: &CardRows) -> impl Iterator<Item = (LocalTime, Self)>;

    /// The table without what the settings leave out, of this stretch.
    fn without_ignored(table: Arc<TotalsByCard<Self>>, _: &[ThinSale], _: Span) -> Arc<TotalsByCard<Self>> {
        table
    }
}

impl OfStretch for Turnover {
    const TABLE: odata::VirtualTable = odata::VirtualTable::Sales;
    const IS_JUDGED: bool = true;

    async fn ask(client: &Client, span: Span) -> Result<TotalsByCard<Self>, odata::Error> {
        client.turnovers(span, None).await
    }

    async fn ask_of_base(client: &Client, span: Span) -> Result<Option<TotalsByCard<Self>>, odata::Error> {
        client.turnovers_of_base(span).await
    }

    fn is_as_told(self, told: &TotalsByCard<Self>, apart: &[ThinSale], span: Span) -> bool {
        let ignored = apart.iter().filter(|row| row.active && row.role == RecorderRole::Ignored);
        let ignored: Amount = ignored.filter(|row| span.contains(row.period)).map(|row| row.amount).sum();
        let is_sided = told.is_sided() && ignored.is_zero();
        told.in_all()
            .is_some_and(|sum| self.main == sum.main - ignored && (!is_sided || self.side == sum.side))
    }

    fn of_rows(rows: &CardRows) -> impl Iterator<Item = (LocalTime, Self)> {
        rows.movements.iter().map(|row| (row.period, Self { main: row.amount, side: row.quantity }))
    }

    /// The rows the settings leave out are in 1C's sums and in none of ours.
    fn without_ignored(
        table: Arc<TotalsByCard<Self>>,
        rows: &[ThinSale],
        span: Span,
    ) -> Arc<TotalsByCard<Self>> {
        let mut ignored: BTreeMap<CardId, Amount> = BTreeMap::new();
        let is_ignored = |row: &&ThinSale| row.active && row.role == RecorderRole::Ignored;
        for row in rows.iter().filter(is_ignored).filter(|row| span.contains(row.period)) {
            *ignored.entry(row.card).or_default() += row.amount;
        }
        if ignored.is_empty() { table } else { Arc::new(table.without(&ignored)) }
    }
}

impl OfStretch for PointsBalance {
    const TABLE: odata::VirtualTable = odata::VirtualTable::Points;
    const IS_JUDGED: bool = false;

    async fn ask(client: &Client, span: Span) -> Result<TotalsByCard<Self>, odata::Error> {
        client.points_turnovers(span).await
    }

    async fn ask_of_base(client: &Client, span: Span) -> Result<Option<TotalsByCard<Self>>, odata::Error> {
        client.points_turnovers_of_base(span).await
    }

    fn is_as_told(self, told: &TotalsByCard<Self>, _: &[ThinSale], _: Span) -> bool {
        told.in_all().is_some_and(|sum| self.main == sum.main && (!told.is_sided() || self.side == sum.side))
    }

    fn of_rows(rows: &CardRows) -> impl Iterator<Item = (LocalTime, Self)> {
        rows.bonus.iter().map(|row| (row.period, Self { main: row.change(), side: row.accrual() }))
    }
}

/// A table over a stretch, as a whole where 1C answers for so long a one, else added up from parts.
///
/// Parts are answered at different moments. So a table knows its parts: two answers are equal where every part is, and
/// parts that are the same before and after what is compared with them held still in between.
pub(super) async fn of_stretch<T: OfStretch>(
    reading: &SetReader<'_>,
    span: Span,
) -> Result<ToldTable<T>, Error> {
    let (client, kind) = (reading.client, T::TABLE);
    let mut waiting = vec![span];
    let mut parts: Vec<TotalsByCard<T>> = Vec::new();
    let mut oldest = None;
    while let Some(span) = waiting.pop() {
        let is_too_wide = client.is_too_wide(kind, span);
        if is_at_the_edge(client, span, is_too_wide) && has_no_rows(client, kind.set(), span).await? {
            parts.push(TotalsByCard::of_nothing());
            continue;
        }
        if !is_too_wide {
            match T::ask(client, span).await {
                Err(error) if error.is_too_wide() => {}
                answer => match published(reading, answer)? {
                    Some(table) => {
                        parts.push(Arc::unwrap_or_clone(table));
                        continue;
                    }
                    None => return Ok(None),
                },
            }
        }
        if oldest.is_none() && span.from.is_none() {
            oldest = Some(oldest_period(reading, kind.set()).await?);
        }
        let Some(shorter) = odata::narrower(span, oldest.flatten(), client.today()) else {
            reading.reporter.notice(Notice::GoneWithout(odata::Error::TooWide { what: kind.name().into() }));
            return Ok(None);
        };
        client.plan(2 * shorter.len() as u64);
        waiting.extend(shorter.into_iter().rev());
    }
    Ok(Some(Arc::new(TotalsByCard::of_parts(parts))))
}

/// The table of all cards together over a stretch; `None` where 1C does not add them up so. What lies before any row is
/// asked for by card: some servers answer for no stretch without a beginning, and then a count of nothing is as good.
pub(super) async fn of_base<T: OfStretch>(
    reading: &SetReader<'_>,
    span: Span,
) -> Result<ToldTable<T>, Error> {
    if span.from.is_none() || reading.client.is_too_wide(T::TABLE, span) {
        return of_stretch(reading, span).await;
    }
    match T::ask_of_base(reading.client, span).await {
        Err(error) if error.is_gone_without() => Ok(None),
        told => Ok(told?.map(Arc::new)),
    }
}

/// Whether a part begins with time itself, or is all that is to come where 1C answers for no stretch without an end.
fn is_at_the_edge(client: &Client, span: Span, is_too_wide: bool) -> bool {
    let horizon = odata::horizon(client.today());
    match (span.from, span.to) {
        (None, Some(to)) => to < horizon,
        (Some(from), None) => is_too_wide && from >= horizon,
        _ => false,
    }
}

/// Whether there is nothing in a part at the edge of time: some servers answer for no stretch without a beginning or
/// without an end, and a count of nothing is as good as a sum of nothing.
async fn has_no_rows(client: &Client, set: Set, span: Span) -> Result<bool, Error> {
    match client.count(set, &odata::Filter::none().within(span)).await {
        Err(error) if error.is_filter_refused() || error.is_gone_without() => Ok(false),
        counted => Ok(counted? == 0),
    }
}

/// The period of the oldest row, as far as 1C orders: it only spares asking for empty years.
async fn oldest_period(reading: &SetReader<'_>, set: Set) -> Result<Option<LocalTime>, Error> {
    let query = PageQuery::of(set).order(Order::Period).top(Top::Rows(1));
    let client = reading.client;
    if set == Set::Points {
        let page = client.page::<odata::PointsRow>(&query).await?;
        return Ok(page.rows.first().filter(|_| page.in_order).map(|row| row.row.period));
    }
    let page = client.page::<odata::ThinSale>(&query).await?;
    Ok(page.rows.first().filter(|_| page.in_order).map(|row| row.period))
}

async fn balances(reading: &SetReader<'_>, at: Option<LocalTime>) -> Result<ToldTable<PointsBalance>, Error> {
    published(reading, reading.client.balances(at, None).await)
}

/// The moment to ask `Balance` for so that rows of the second `moment` still count: it excludes its own.
pub(super) fn after(moment: LocalTime) -> LocalTime {
    moment + chrono::TimeDelta::seconds(1)
}

/// Takes a table that may not be published, or that this account may not read: then there is nothing to
/// compare with, which is said, and is no failure.
fn published<T>(
    reading: &SetReader<'_>,
    answer: Result<TotalsByCard<T>, odata::Error>,
) -> Result<ToldTable<T>, Error> {
    match answer {
        Ok(table) => Ok(Some(Arc::new(table))),
        Err(error) if is_optional(&error) => {
            reading.reporter.notice(Notice::GoneWithout(error));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Sums are 1C's second word, never its only one: refused in whatever way, or under another name, they are gone
/// without.
pub(super) fn is_optional(error: &odata::Error) -> bool {
    error.is_gone_without() || matches!(error.cause(), odata::Error::MissingField { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MovementKey, Points, RecorderId, RecorderType};

    #[test]
    fn an_opening_balance_that_cannot_be_read_is_unknown_and_no_other() {
        let [card, other, third] = [1, 2, 3].map(|number| CardId(uuid::Uuid::from_u128(number)));
        let (rouble, window) = (Amount::from_units(100), Window { days: 0, from: None });
        let opening = |unreadable| {
            let rows =
                [card, other].map(|card| thin(card, rouble, LocalTime::MIN, RecorderRole::OpeningBalance));
            let control = BaseTotals::default().with_set_apart(&rows, unreadable, window);
            [card, other, third].map(|card| control.of(card).opening_balance)
        };
        assert_eq!(opening(vec![]), [Some(rouble), Some(rouble), Some(Amount::ZERO)]);
        assert_eq!(opening(vec![Some(card)]), [None, Some(rouble), Some(Amount::ZERO)]);
        assert_eq!(opening(vec![Some(card), None]), [None; 3], "it may be anybody's");
    }

    fn thin(card: CardId, amount: Amount, period: LocalTime, role: RecorderRole) -> ThinSale {
        let recorder_type = RecorderType("StandardODATA.Document_X".into());
        let key = MovementKey { recorder: RecorderId::EMPTY, recorder_type, line: 1 };
        ThinSale { key, card, amount, period, active: true, role }
    }

    #[test]
    fn what_the_settings_leave_out_is_taken_out_of_1c_s_sums() {
        let card = CardId(uuid::Uuid::from_u128(1));
        let from = LocalTime::from(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        let early = from - chrono::TimeDelta::seconds(1);
        let window = Window { days: 30, from: Some(from) };
        let told = |kopecks: i64| {
            Some(Arc::new(TotalsByCard::of_rows([(card, Some((Amount::from_units(kopecks), None)))])))
        };
        let rows = [
            thin(card, Amount::from_units(10), from, RecorderRole::Ignored),
            thin(card, Amount::from_units(200), early, RecorderRole::Ignored),
            thin(card, Amount::from_units(3_000), early, RecorderRole::OpeningBalance),
            ThinSale { active: false, ..thin(card, Amount::from_units(7), from, RecorderRole::Ignored) },
        ];
        let control =
            BaseTotals { turnover_all: told(90_210), turnover_window: told(5_010), ..BaseTotals::default() };
        let sums = control.with_set_apart(&rows, [], window).of(card);
        let kopecks = |kopecks| Some(Amount::from_units(kopecks));
        assert_eq!((sums.turnover_all, sums.turnover_window), (kopecks(90_000), kopecks(5_000)));
        assert_eq!((sums.opening_balance, sums.opening_before_window), (kopecks(3_000), kopecks(3_000)));
        let table = OfStretch::without_ignored(told(5_010).unwrap(), &rows, Span::since(from));
        assert_eq!(table.of(card).map(|sum: Turnover| sum.main), kopecks(5_000));
    }

    #[test]
    fn a_card_that_one_table_passes_over_is_unknown_and_one_that_comes_to_nothing_is_not() {
        let [card, other] = [1, 2].map(|number| CardId(uuid::Uuid::from_u128(number)));
        let table = |figures: &[(CardId, i64)]| {
            let turnover = |kopecks| Some((Amount::from_units(kopecks), None));
            Some(Arc::new(TotalsByCard::of_rows(figures.iter().map(|(card, sum)| (*card, turnover(*sum))))))
        };
        let all = |turnover_all, turnover_window| {
            let control = BaseTotals { turnover_all, turnover_window, ..BaseTotals::default() };
            control.of(card).turnover_all.map(|sum| sum.to_units().unwrap())
        };
        let window = || table(&[(card, 300), (other, 300)]);
        assert_eq!(all(table(&[(other, 300)]), window()), None, "passed over");
        assert_eq!(all(table(&[(card, 0), (other, 300)]), window()), Some(0), "said to be nothing");
        assert_eq!(all(table(&[(card, 100), (card, -100)]), window()), Some(0), "in two lines");
        assert_eq!(
            all(table(&[(other, 300)]), table(&[(other, 300)])),
            Some(0),
            "there is nothing in either"
        );
    }

    fn cards<const N: usize>() -> [CardId; N] {
        std::array::from_fn(|number| CardId(uuid::Uuid::from_u128(number as u128 + 1)))
    }

    fn of_points(cards: &[CardId]) -> Arc<TotalsByCard<PointsBalance>> {
        Arc::new(TotalsByCard::of_rows(
            cards.iter().map(|card| (*card, Some((Points::from_units(100), None)))),
        ))
    }

    #[test]
    fn a_table_that_leaves_out_cards_with_rows_tells_nothing_of_those_it_does_not_mention() {
        let cards: [CardId; 4] = cards();
        let [bought, left_out, unsold, nobody] = cards;
        let turnovers = |of: &[CardId]| {
            let rows = of.iter().map(|card| (*card, Some((Amount::from_units(100), None))));
            Some(Arc::new(TotalsByCard::of_rows(rows)))
        };
        let told = || BaseTotals {
            turnover_all: turnovers(&[bought]),
            turnover_window: turnovers(&[bought]),
            balance: Some(of_points(&[bought])),
            ..BaseTotals::default()
        };
        let rows = |sales: &[CardId], points: &[CardId]| CardsWithRows {
            cards: cards.to_vec(),
            sales: sales.to_vec(),
            sales_of_window: Vec::new(),
            points: points.to_vec(),
        };
        let sums = |control: &BaseTotals, card| {
            let sums = control.of(card);
            let is_told = (sums.turnover_all.is_some(), sums.register_balance.is_some());
            assert_eq!(control.is_left_out(card), is_told != (true, true), "{card:?}");
            is_told
        };
        let whole = told().beside(&rows(&[bought], &[bought]));
        assert_eq!(cards.map(|card| sums(&whole, card)), [(true, true); 4], "zero where there is nothing");
        let partial = told().beside(&rows(&[bought, left_out], &[]));
        let of_all = [(true, true), (false, true), (false, true), (false, true)];
        assert_eq!(cards.map(|card| sums(&partial, card)), of_all, "nor of those who have nothing");
        let of_points = told().beside(&rows(&[], &[left_out]));
        assert_eq!(sums(&of_points, unsold), (true, false));
        // Opening balances that were read beside it are rows as well.
        let opening = [thin(left_out, Amount::from_units(7), LocalTime::MIN, RecorderRole::OpeningBalance)];
        let window = Window { days: 0, from: None };
        let apart = told().with_set_apart(&opening, [], window).beside(&rows(&[], &[]));
        assert_eq!(apart.of(nobody).turnover_all, None);
        // Those that cancel out are nothing that a table had to mention.
        let back = thin(left_out, Amount::from_units(-7), LocalTime::MIN, RecorderRole::OpeningBalance);
        let [gone] = opening;
        let apart = told().with_set_apart(&[gone, back], [], window).beside(&rows(&[], &[]));
        assert_eq!(apart.of(nobody).turnover_all, Some(Amount::ZERO));
        // One of very many came to nothing since.
        let many: Vec<CardId> = (10..300).map(|number| CardId(uuid::Uuid::from_u128(number))).collect();
        let large = BaseTotals { turnover_all: turnovers(&many), ..BaseTotals::default() };
        let large = large.beside(&rows(&[left_out], &[]));
        assert_eq!(large.of(left_out).turnover_all, Some(Amount::ZERO));
    }

    #[test]
    fn balances_of_others_than_cards_tell_nothing_of_cards() {
        let [card, other, owner]: [CardId; 3] = cards();
        let of = |told: &[CardId]| {
            let rows = CardsWithRows { cards: vec![card, other], ..CardsWithRows::default() };
            let control =
                BaseTotals { balance: Some(of_points(told)), ..BaseTotals::default() }.beside(&rows);
            control.of(card).register_balance.map(|points| points.to_units().unwrap())
        };
        assert_eq!(of(&[owner]), None);
        assert_eq!(of(&[other, owner]), Some(0));
        assert_eq!(of(&[]), Some(0), "nobody has any");
    }
}
