//! Which types of document write the register of sales, and how what the settings set apart is asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use super::position_reader::{Collected, SetReader};
use crate::domain::recorder_types::{WITHIN, wrote_all_once, wrote_once};
use crate::domain::{CardId, LocalTime, RecorderRole, RecorderType, Span, TypesInUse};
use crate::odata::{self, Filter, OpeningForm, Order, Page, PageQuery, Set, ThinSale, Top};

/// Types beyond which the search for another one is given up: no register has so many.
const MOST_TYPES: usize = 64;

/// So often a filter by type that finds nothing is doubted: each time one of its conditions is given up.
const MOST_DOUBTS: u32 = 3;

/// Types that fit into one request beside what else its address holds.
const TYPES_AT_ONCE: usize = 5;

/// How what the settings set apart is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SetApart {
    Nothing,
    Asked(PageQuery),
}

/// Rows beyond which no single ones are looked at: twenty pages of the usual size.
pub(super) const MOST_ROWS: u64 = 20_000;

/// The first and the last period of rows.
pub(super) type PeriodSpan = (LocalTime, LocalTime);

/// Whose rows are taken for purchases though they may be opening balances, by the types of their documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// Of these cards.
    Of(BTreeSet<CardId>),
    /// Of any card: 1C does not tell.
    Anybody,
}

impl Default for Unnamed {
    fn default() -> Self {
        Self::Of(BTreeSet::new())
    }
}

impl Unnamed {
    pub(super) fn has(&self, card: CardId) -> bool {
        match self {
            Self::Of(cards) => cards.contains(&card),
            Self::Anybody => true,
        }
    }

    /// Of rows that were read, by documents of these types; those of which not even the card could be are anybody's.
    pub(super) fn among(rows: &Collected<ThinSale>, suspects: &BTreeSet<RecorderType>) -> Self {
        let are_meant = |row: &&ThinSale| {
            row.active && row.role == RecorderRole::Purchase && suspects.contains(&row.key.recorder_type)
        };
        let read = rows.rows.values().filter(are_meant).map(|row| Some(row.card));
        let rejected = rows.rejected.values().map(|row| row.card);
        read.chain(rejected).collect::<Option<_>>().map_or(Self::Anybody, Self::Of)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(cards), Self::Of(more)) => Self::Of(cards.into_iter().chain(more).collect()),
            _ => Self::Anybody,
        }
    }
}

/// The first and the last period of every type among rows that count.
pub(super) fn spans_of_types<'r>(
    rows: impl Iterator<Item = &'r ThinSale>,
) -> BTreeMap<RecorderType, PeriodSpan> {
    let mut spans: BTreeMap<RecorderType, PeriodSpan> = BTreeMap::new();
    for row in rows.filter(|row| row.active) {
        let span = spans.entry(row.key.recorder_type.clone()).or_insert((row.period, row.period));
        *span = (span.0.min(row.period), span.1.max(row.period));
    }
    spans
}

impl Collected<ThinSale> {
    /// Types of the documents that wrote the rows that count, those among them that cannot be read.
    pub(super) fn types(&self) -> BTreeSet<RecorderType> {
        let active = self.rows.values().filter(|row| row.active).map(|row| &row.key.recorder_type);
        let unreadable = self.rejected.values().filter_map(|row| row.recorder_type.as_ref());
        let types: BTreeSet<_> = active.chain(unreadable).collect();
        types.into_iter().cloned().collect()
    }
}

/// The types there are, as far as 1C tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypesTold {
    pub(super) types: BTreeSet<RecorderType>,
    /// Whether 1C said that there are no others.
    pub(super) is_complete: bool,
}

impl SetReader<'_> {
    /// How what the settings set apart is asked for, and how many rows it is by 1C's count: by type, or by a part of
    /// it; `None` where 1C filters by neither.
    pub(super) async fn set_apart(&self) -> Result<Option<(SetApart, u64)>, Error> {
        if !self.client.sets_apart() {
            return Ok(Some((SetApart::Nothing, 0)));
        }
        for _ in 0..MOST_DOUBTS {
            let empty = match self.set_apart_by_type().await? {
                Some((SetApart::Asked(query), 0)) => query,
                told => return Ok(told),
            };
            // Nothing is found by the settings' names: then something must be by the type of a row that is there.
            if self.client.finds::<ThinSale>(Set::Sales, &empty.filter).await? {
                return Ok(Some((SetApart::Asked(empty), 0)));
            }
        }
        Ok(None)
    }

    async fn set_apart_by_type(&self) -> Result<Option<(SetApart, u64)>, Error> {
        let mut empty = None;
        for form in [OpeningForm::Equals, OpeningForm::Contains] {
            let filter = Filter::none().active().set_apart(form);
            let query = PageQuery::of(Set::Sales).filter(filter).order(Order::Key);
            match self.client.count(Set::Sales, &query.filter).await {
                Ok(0) => empty = empty.or(Some((SetApart::Asked(query), 0))),
                Ok(rows) => return Ok(Some((SetApart::Asked(query), rows))),
                Err(error) if error.is_filter_refused() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(empty)
    }

    /// Learns the types of document in the register of sales beyond those known: a row of none of them is asked for
    /// until there is none. Every type is asked for by itself, never by the settings' names. Where the types are too
    /// many for one address, at most so many rows are read.
    pub(super) async fn types_beyond(
        &self,
        known: BTreeSet<RecorderType>,
        most_rows: u64,
    ) -> Result<TypesTold, Error> {
        let mut told = TypesTold { types: known, is_complete: false };
        while told.types.len() < MOST_TYPES {
            match self.row_of_another_type(&told.types, most_rows).await? {
                Another::Type(found) => {
                    told.types.insert(found);
                }
                Another::None => {
                    told.is_complete = true;
                    break;
                }
                Another::Untold => break,
            }
        }
        Ok(told)
    }

    /// Whose rows are taken for purchases though they may be opening balances: read thinly, where there are such types.
    pub(super) async fn unnamed(&self, types: &TypesInUse) -> Result<Unnamed, Error> {
        if !types.is_complete {
            return Ok(Unnamed::Anybody);
        }
        if types.has_nameless() {
            return Ok(Unnamed::Anybody);
        }
        let suspects: BTreeSet<_> = types.suspects().cloned().collect();
        let mut unnamed = Unnamed::default();
        for types in self.by_address(&suspects.iter().cloned().collect::<Vec<_>>()) {
            let query =
                PageQuery::of(Set::Sales).filter(Filter::none().active().of_types(types)).order(Order::Key);
            let counted = self.client.count(Set::Sales, &query.filter).await;
            if counted.as_ref().is_ok_and(|rows| *rows > MOST_ROWS) {
                return Ok(Unnamed::Anybody);
            }
            let rows = match counted {
                Ok(_) => self.counted::<ThinSale>(&query).await,
                Err(error) => Err(error.into()),
            };
            match rows {
                Err(Error::Odata(error)) if error.is_filter_refused() => return Ok(Unnamed::Anybody),
                rows => unnamed = unnamed.and(Unnamed::among(&rows?, &suspects)),
            }
        }
        Ok(unnamed)
    }

    /// Which of these types wrote all their rows within a month, long before `now`: two requests each, three where one
    /// did. Where 1C does not tell of one it is told by all rows of the register, as long as they are few; one of which
    /// nothing is known may have.
    pub(super) async fn types_that_wrote_once(
        &self,
        types: impl IntoIterator<Item = RecorderType>,
        now: LocalTime,
    ) -> Result<BTreeSet<RecorderType>, Error> {
        let (mut once, mut untold) = (BTreeSet::new(), Vec::new());
        for recorder_type in types {
            match self.wrote_once(&recorder_type, now).await {
                Ok(true) => _ = once.insert(recorder_type),
                Ok(false) => {}
                Err(error) if error.is_refusal() || error.is_filter_refused() => untold.push(recorder_type),
                Err(error) => return Err(error.into()),
            }
        }
        if !untold.is_empty() {
            let spans = self.spans_of_all().await?;
            let may_be = |it: &RecorderType| {
                spans.as_ref().is_none_or(|spans| spans.get(it).is_none_or(|span| wrote_all_once(*span, now)))
            };
            once.extend(untold.into_iter().filter(may_be));
        }
        Ok(once)
    }

    /// The first and the last period of every type, by all rows; `None` where these are too many, or change.
    async fn spans_of_all(&self) -> Result<Option<BTreeMap<RecorderType, PeriodSpan>>, Error> {
        let active = Filter::none().active();
        if self.client.count(Set::Sales, &active).await? > MOST_ROWS {
            return Ok(None);
        }
        let query = PageQuery::of(Set::Sales).filter(active).order(Order::Key);
        let rows = match self.counted::<ThinSale>(&query).await {
            Err(Error::Odata(error)) if !error.is_refusal() && !error.is_filter_refused() => {
                return Err(error.into());
            }
            Err(_) => return Ok(None),
            Ok(rows) => rows.rows,
        };
        Ok(Some(spans_of_types(rows.values())))
    }

    async fn wrote_once(&self, recorder_type: &RecorderType, now: LocalTime) -> Result<bool, odata::Error> {
        self.client.plan(2);
        let of_type = Filter::none().active().of_types([recorder_type.clone()]);
        let oldest = PageQuery::of(Set::Sales).filter(of_type.clone()).order(Order::Period).top(Top::Rows(1));
        let page = self.client.page::<ThinSale>(&oldest).await?;
        if !page.in_order {
            return self.wrote_once_by_rows(of_type, now).await;
        }
        let Some(oldest) = page.rows.first().map(|row| row.period) else { return Ok(false) };
        // Rows are held against what was asked for, a count cannot be.
        let any = async |span: Span| {
            let query = PageQuery::of(Set::Sales).filter(of_type.clone().within(span)).top(Top::Rows(1));
            let page = self.client.page::<ThinSale>(&query).await?;
            Ok::<_, odata::Error>(!page.rows.is_empty() || !page.rejected.is_empty())
        };
        if !wrote_once(oldest, any(Span::since(oldest + WITHIN)).await?, now) {
            return Ok(false);
        }
        // Some servers send whatever row they like first.
        if any(Span { from: None, to: Some(oldest) }).await? {
            return self.wrote_once_by_rows(of_type, now).await;
        }
        Ok(true)
    }

    /// The first of these types, as many as go into one address.
    pub(super) fn in_one_address<'t>(&self, types: &'t [RecorderType]) -> &'t [RecorderType] {
        let few = types.get(..TYPES_AT_ONCE).unwrap_or(types);
        few.get(..self.client.room_for_types(few)).unwrap_or(few)
    }

    /// All of them, in as many addresses as they need.
    pub(super) fn by_address<'t>(&self, mut types: &'t [RecorderType]) -> Vec<&'t [RecorderType]> {
        let mut parts = Vec::new();
        while !types.is_empty() {
            let (part, rest) = types.split_at(self.in_one_address(types).len().max(1));
            parts.push(part);
            types = rest;
        }
        parts
    }

    /// The same where 1C puts rows in no order: by all of them, as long as they are few. Documents of every day write many.
    async fn wrote_once_by_rows(&self, of_type: Filter, now: LocalTime) -> Result<bool, odata::Error> {
        if self.client.count(Set::Sales, &of_type).await? > MOST_ROWS {
            return Ok(false);
        }
        let rows = match self.counted::<ThinSale>(&PageQuery::of(Set::Sales).filter(of_type)).await {
            Err(Error::Odata(error)) => return Err(error),
            // Somebody writes them this minute.
            Err(_) => return Ok(false),
            Ok(rows) => rows.rows,
        };
        let periods = || rows.values().map(|row| row.period);
        let span = periods().min().zip(periods().max());
        Ok(span.is_some_and(|span| wrote_all_once(span, now)))
    }

    async fn row_of_another_type(
        &self,
        known: &BTreeSet<RecorderType>,
        most_rows: u64,
    ) -> Result<Another, Error> {
        let known: Vec<RecorderType> = known.iter().cloned().collect();
        if self.in_one_address(&known).len() < known.len() {
            return self.another_by_count(&known, most_rows).await;
        }
        let filter = Filter::none().active();
        let filter = if known.is_empty() { filter } else { filter.of_other_types(&*known) };
        let query = PageQuery::of(Set::Sales).filter(filter).top(Top::Rows(1));
        match self.client.page::<ThinSale>(&query).await {
            // What cannot be read of the row may not be its type.
            Ok(Page { rejected, .. }) if !rejected.is_empty() => {
                let told = rejected.into_iter().find_map(|row| row.recorder_type);
                Ok(told.filter(|it| !known.contains(it)).map_or(Another::Untold, Another::Type))
            }
            Ok(page) => Ok(page
                .rows
                .into_iter()
                .next()
                .map_or(Another::None, |row| Another::Type(row.key.recorder_type))),
            // The counts of those known may be all there are. Of one alone it could be a count of whatever there is.
            Err(error) if error.is_filter_refused() && known.len() > 1 => {
                self.another_by_count(&known, 0).await
            }
            Err(error) if error.is_filter_refused() => Ok(Another::Untold),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a filter by type finds all there is: what it set apart, so many rows, and those of all other types come to
    /// the whole register. Opening balances are found by such a filter alone, and no sum tells those left out from older
    /// purchases. `None` where 1C does not count by type.
    pub(super) async fn finds_all_by_type(
        &self,
        types: &BTreeSet<RecorderType>,
        filter: &Filter,
        rows: u64,
    ) -> Result<Option<bool>, Error> {
        let client = self.client;
        let apart = client.types_in_use(types, &BTreeSet::new()).set_apart();
        if client.room_for_types(&apart) < apart.len() {
            return Ok(None);
        }
        if apart.is_empty() {
            return self.are_types_all(types).await;
        }
        let others = Filter::none().active().of_other_types(apart);
        let all = async || client.count(Set::Sales, &Filter::none().active()).await;
        let rest = async || client.count(Set::Sales, &others).await;
        let rest_now = match rest().await {
            Err(error) if error.is_filter_refused() => return Ok(None),
            rest => rest?,
        };
        // Somebody may have sold since: then all three are asked for at once.
        let finds_all = all().await? == rest_now + rows
            || all().await? == rest().await? + client.count(Set::Sales, filter).await?;
        Ok(Some(finds_all))
    }

    /// The same where nothing is set apart: all types that were found may not be all there are. Asked twice, as somebody
    /// may sell meanwhile.
    async fn are_types_all(&self, types: &BTreeSet<RecorderType>) -> Result<Option<bool>, Error> {
        if types.is_empty() {
            return Ok(Some(true));
        }
        match self.are_all_of(types).await? {
            Some(false) => self.are_all_of(types).await,
            are_all => Ok(are_all),
        }
    }

    /// Whether there are rows, and those of these types, counted type by type, are all of them; `None` where 1C does not
    /// count by type.
    pub(super) async fn are_all_of(&self, types: &BTreeSet<RecorderType>) -> Result<Option<bool>, Error> {
        let types: Vec<RecorderType> = types.iter().cloned().collect();
        let all = self.client.count(Set::Sales, &Filter::none().active()).await?;
        let counted = self.count_by_type(&types).await?;
        Ok(counted.map(|(of_all, _)| all > 0 && of_all == all))
    }

    /// Where the types are too many for one address, or 1C does not ask for others: whether their rows, counted, are all
    /// there are.
    async fn another_by_count(&self, known: &[RecorderType], most_rows: u64) -> Result<Another, Error> {
        let Some((of_known, of_first)) = self.count_by_type(known).await? else { return Ok(Another::Untold) };
        let all = self.client.count(Set::Sales, &Filter::none().active()).await?;
        if all == of_known {
            return Ok(Another::None);
        }
        if all.saturating_sub(of_first) > most_rows {
            return Ok(Another::Untold);
        }
        self.another_by_reading(known).await
    }

    /// How many rows are of these types, and how many of them of the first that go into one address; `None` where 1C does
    /// not filter by type.
    async fn count_by_type(&self, types: &[RecorderType]) -> Result<Option<(u64, u64)>, Error> {
        let (mut of_all, mut of_first) = (0, None);
        for types in self.by_address(types) {
            match self.client.count(Set::Sales, &Filter::none().active().of_types(types)).await {
                Ok(rows) => {
                    of_all += rows;
                    of_first.get_or_insert(rows);
                }
                Err(error) if error.is_filter_refused() => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some((of_all, of_first.unwrap_or_default())))
    }

    /// Reads rows that are of none of the first types until one is of none at all.
    async fn another_by_reading(&self, known: &[RecorderType]) -> Result<Another, Error> {
        let first = self.in_one_address(known);
        let query = PageQuery::of(Set::Sales).filter(Filter::none().active().of_other_types(first));
        let rows = match self.counted::<ThinSale>(&query.order(Order::Key)).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => return Ok(Another::Untold),
            rows => rows?.rows,
        };
        let types = rows.into_values().map(|row| row.key.recorder_type);
        Ok(types.into_iter().find(|found| !known.contains(found)).map_or(Another::None, Another::Type))
    }
}

/// What was said to the question for a type not known yet.
enum Another {
    Type(RecorderType),
    None,
    /// 1C cannot be asked for it.
    Untold,
}
