//! The kinds of request: how each is addressed, and how its reply is read.

use std::marker::PhantomData;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use uuid::Uuid;

use super::super::address::{
    Address, Dialect, condition, dimension, filter_text, moment, order_text, select, set_path, virtual_table,
};
use super::super::capability::{Dimensions, VirtualTable};
use super::super::error::Error;
use super::super::foreign::names_word;
use super::super::page_size::Weight;
use super::super::query::{Filter, Order, PageQuery, Set, Top};
use super::super::rows::decode::{Layout, plain_layout};
use super::super::rows::page::{Read, read, read_single};
use super::super::rows::{FromRow, Page, RawField};
use super::super::wire::{Slots, Value, body_text, collection, malformed, single};
use super::{About, SharedBase};
use crate::domain::{
    Amount, CardId, LocalTime, Points, PointsBalance, Quantity, Span, Summand, TableRow, TotalsByCard,
    Turnover,
};
use crate::odata::Names;

/// Most bytes of a page: a thousand owners with all their sections are a few MiB, and a server that
/// ignores `$select` or `$top` may send many times that.
const PAGE_CAP: usize = 64 << 20;
/// Most bytes of a virtual table: a row of a hundred and twenty bytes for each of two million cards.
const TABLE_CAP: usize = 256 << 20;
/// Most bytes of a count: one number, or a page that refuses it.
const COUNT_CAP: usize = 1 << 20;
/// A virtual table is computed before its first byte comes, over the whole history if need be.
const TABLE_PATIENCE: u32 = 3;

/// The bounds of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) accept: &'static str,
    /// How many times the usual silence it may take.
    pub(super) patience: u32,
    pub(super) body_cap: usize,
}

pub(super) const PAGE: Bounds = Bounds { accept: "application/json", patience: 1, body_cap: PAGE_CAP };
/// A set that cannot be read by position comes whole.
const WHOLE: Bounds = Bounds { accept: "application/json", patience: TABLE_PATIENCE, body_cap: TABLE_CAP };
const TABLE: Bounds = Bounds { accept: "application/json", patience: TABLE_PATIENCE, body_cap: TABLE_CAP };
pub(super) const COUNT: Bounds =
    Bounds { accept: "text/plain, application/json;q=0.9", patience: 1, body_cap: COUNT_CAP };

impl Bounds {
    /// Where it cannot be said how many rows are wanted, any question may bring the whole set.
    pub(super) fn in_dialect(self, dialect: &Dialect) -> Self {
        if !dialect.topless {
            return self;
        }
        let (patience, body_cap) = (self.patience.max(WHOLE.patience), self.body_cap.max(WHOLE.body_cap));
        Self { patience, body_cap, ..self }
    }
}

pub(super) trait RequestKind {
    /// What its reply becomes.
    type Output;

    fn set(&self) -> Option<Set>;

    /// The name, in 1C, of what is asked for: for messages.
    fn what(&self, names: &Names) -> String;

    fn address(&self, base: &SharedBase, dialect: &Dialect, top: Option<u32>) -> Address;

    /// What the reply to a good request says, and how many rows it had.
    fn read(&self, body: &[u8], names: &Names, top: Option<u32>) -> Result<(Self::Output, u64), Error>;

    /// How many rows it asks for.
    fn top(&self) -> Top {
        Top::All
    }

    /// How much its rows are, as far as fields can be named.
    fn weight(&self) -> Weight {
        Weight::Whole
    }

    /// The fields it names, where it names any.
    fn layout(&self) -> Option<&Layout> {
        None
    }

    /// What it asks about the set.
    fn about(&self) -> About {
        About::Rows
    }

    /// Whether it asks for a field in other ways than for its value: filters by it.
    fn asks_of(&self, _field: &str, _dialect: &Dialect) -> bool {
        false
    }

    /// Whether the way of asking may be what is refused: then it is taken apart before the run is ended for it.
    fn is_doubtful(&self) -> bool {
        true
    }

    /// Whether it only tries a way of asking: fewer tries are enough.
    fn is_probe(&self) -> bool {
        false
    }

    /// Whether it tells of the server rather than of a way of asking.
    fn is_witness(&self) -> bool {
        false
    }

    /// Whether it asks for a virtual table.
    fn is_table(&self) -> bool {
        false
    }

    /// Whether it would rather fail than not name its fields.
    fn must_select(&self) -> bool {
        false
    }

    /// Whether less of it is asked for where it takes too long.
    fn is_divisible(&self) -> bool {
        false
    }

    /// How long and how large it may be.
    fn bounds(&self) -> Bounds {
        PAGE
    }
}

/// The name of a set as 1C's administrators know it: a register without the suffix of its rows.
pub(super) fn known_as(set: Set, names: &Names) -> String {
    match set {
        Set::Sales => names.sales.clone(),
        Set::Points => names.points.clone(),
        _ => set_path(set, names),
    }
}

fn in_json(address: Address) -> Address {
    address.with("$format", "json")
}

/// Without the links that stand beside every reference, which are more than half of a page, where this base does.
fn in_bare_json(address: Address, dialect: &Dialect) -> Address {
    if dialect.described { in_json(address) } else { address.with("$format", BARE_JSON) }
}

const BARE_JSON: &str = "application/json;odata=nometadata";

/// A page of a set.
pub(super) struct PageRequest<'a, R> {
    query: &'a PageQuery,
    names: &'a Names,
    layout: Layout,
    row: PhantomData<fn() -> R>,
}

impl<'a, R: FromRow> PageRequest<'a, R> {
    pub(super) fn new(names: &'a Names, query: &'a PageQuery) -> Self {
        Self { query, names, layout: Layout::of::<R>(query.set, names), row: PhantomData }
    }
}

impl<R: FromRow> RequestKind for PageRequest<'_, R> {
    type Output = Read<R>;

    fn set(&self) -> Option<Set> {
        Some(self.query.set)
    }

    fn what(&self, names: &Names) -> String {
        known_as(self.query.set, names)
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, top: Option<u32>) -> Address {
        let query = self.query;
        let skip = if query.skip == 0 { String::new() } else { query.skip.to_string() };
        in_bare_json(Address::of(&base.root, &set_path(query.set, &base.names)), dialect)
            .with("$filter", &filter_text(&query.filter, query.set, &base.names))
            .with("$orderby", order_text(query.order, query.set, dialect))
            .with("$skip", &skip)
            .with_top(top, dialect)
            .with("$select", &select(&self.layout, dialect))
    }

    fn read(&self, body: &[u8], names: &Names, top: Option<u32>) -> Result<(Self::Output, u64), Error> {
        let text = json_text(body, Some(self.query.set))?;
        let mut found = read::<R>(text, &self.layout, names, self.query)?;
        found.page.asked = top;
        found.page.bytes = body.len() as u64;
        let rows = found.page.received();
        Ok((found, rows))
    }

    fn top(&self) -> Top {
        self.query.top
    }

    fn weight(&self) -> Weight {
        R::WEIGHT
    }

    fn asks_of(&self, field: &str, dialect: &Dialect) -> bool {
        let query = self.query;
        let asked = order_text(query.order, query.set, dialect).to_owned();
        names_word(&asked, field) || names_word(&filter_text(&query.filter, query.set, self.names), field)
    }

    fn bounds(&self) -> Bounds {
        let is_whole = self.query.top == Top::All && self.query.filter.keys.is_empty();
        if is_whole { WHOLE } else { PAGE }
    }

    fn layout(&self) -> Option<&Layout> {
        Some(&self.layout)
    }
}

/// The count that comes beside a row.
pub(super) struct InlineCount<'a, R>(pub(super) PageRequest<'a, R>);

impl<R: FromRow> RequestKind for InlineCount<'_, R> {
    type Output = u64;

    fn about(&self) -> About {
        About::Count
    }

    fn set(&self) -> Option<Set> {
        self.0.set()
    }

    fn what(&self, names: &Names) -> String {
        self.0.what(names)
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, top: Option<u32>) -> Address {
        // A count is no row, and may be taken for one more thing that describes them.
        let dialect = Dialect { described: true, ..dialect.clone() };
        self.0.address(base, &dialect, top).with("$inlinecount", "allpages")
    }

    fn read(&self, body: &[u8], names: &Names, _: Option<u32>) -> Result<(u64, u64), Error> {
        let set = self.set();
        let found = read::<R>(json_text(body, set)?, &self.0.layout, names, self.0.query)?;
        // A server that knows no such option answers with the row alone, however often it is asked.
        let unknown = || Error::BadRequest { status: 200, code: None, text: "no odata.count".into() };
        Ok((found.envelope.count.ok_or_else(unknown)?, found.page.received()))
    }

    fn top(&self) -> Top {
        self.0.top()
    }

    fn layout(&self) -> Option<&Layout> {
        self.0.layout()
    }

    fn asks_of(&self, field: &str, dialect: &Dialect) -> bool {
        self.0.asks_of(field, dialect)
    }
}

/// The count of a set, as a bare number.
pub(super) struct Count<'a> {
    set: Set,
    path: String,
    filter: &'a Filter,
}

impl<'a> Count<'a> {
    pub(super) fn new(names: &Names, set: Set, filter: &'a Filter) -> Self {
        Self { set, path: format!("{}/$count", set_path(set, names)), filter }
    }
}

impl RequestKind for Count<'_> {
    type Output = u64;

    fn about(&self) -> About {
        About::Count
    }

    fn set(&self) -> Option<Set> {
        Some(self.set)
    }

    fn what(&self, names: &Names) -> String {
        known_as(self.set, names)
    }

    fn address(&self, base: &SharedBase, _: &Dialect, _: Option<u32>) -> Address {
        Address::of(&base.root, &self.path).with("$filter", &filter_text(self.filter, self.set, &base.names))
    }

    fn read(&self, body: &[u8], _: &Names, _: Option<u32>) -> Result<(u64, u64), Error> {
        let text = body_text(body, self.set())?;
        if text.is_empty() {
            return Err(Error::Empty);
        }
        let count = text.trim_matches('"').parse();
        count.map(|count| (count, 0)).map_err(|_| malformed(self.set(), "the count is no number".into()))
    }

    fn bounds(&self) -> Bounds {
        COUNT
    }
}

/// One item of a catalog.
pub(super) struct ItemRequest<R> {
    key: Uuid,
    query: PageQuery,
    layout: Layout,
    row: PhantomData<fn() -> R>,
}

impl<R: FromRow> ItemRequest<R> {
    pub(super) fn new(names: &Names, set: Set, key: Uuid) -> Self {
        let query = PageQuery::of(set).filter(Filter::none().with_keys([key]));
        Self { key, query, layout: Layout::of::<R>(set, names), row: PhantomData }
    }
}

fn item_path(set: Set, key: Uuid, names: &Names) -> String {
    format!("{}(guid'{key}')", set_path(set, names))
}

impl<R: FromRow> RequestKind for ItemRequest<R> {
    type Output = Page<R>;

    fn set(&self) -> Option<Set> {
        Some(self.query.set)
    }

    fn what(&self, names: &Names) -> String {
        known_as(self.query.set, names)
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, _: Option<u32>) -> Address {
        in_json(Address::of(&base.root, &item_path(self.query.set, self.key, &base.names)))
            .with("$select", &select(&self.layout, dialect))
    }

    fn read(&self, body: &[u8], names: &Names, _: Option<u32>) -> Result<(Page<R>, u64), Error> {
        let text = json_text(body, Some(self.query.set))?;
        let mut found = read_single::<R>(text, &self.layout, names, &self.query)?;
        found.page.bytes = body.len() as u64;
        Ok((found.page, 1))
    }

    fn layout(&self) -> Option<&Layout> {
        Some(&self.layout)
    }
}

/// The fields of one item, as they are.
pub(super) struct RawItem {
    set: Set,
    path: String,
    layout: Layout,
}

impl RawItem {
    pub(super) fn new(names: &Names, set: Set, key: Uuid, layout: Layout) -> Self {
        Self { set, path: item_path(set, key, names), layout }
    }
}

impl RequestKind for RawItem {
    type Output = Vec<RawField>;

    fn set(&self) -> Option<Set> {
        Some(self.set)
    }

    fn what(&self, names: &Names) -> String {
        known_as(self.set, names)
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, _: Option<u32>) -> Address {
        let dialect = Dialect { unselective: false, ..dialect.clone() };
        in_json(Address::of(&base.root, &self.path)).with("$select", &select(&self.layout, &dialect))
    }

    fn read(&self, body: &[u8], _: &Names, _: Option<u32>) -> Result<(Vec<RawField>, u64), Error> {
        let slots = single(json_text(body, Some(self.set))?, &self.layout, Some(self.set))?;
        if slots.get(0).reference().is_none() {
            return Err(malformed(Some(self.set), "the item has no key".into()));
        }
        let fields = self.layout.fields().iter().enumerate().filter_map(|(slot, field)| {
            let value = slots.get(slot);
            let text = value.text().map(std::borrow::Cow::into_owned);
            let value = text.or_else(|| value.structure().map(str::to_owned))?;
            Some(RawField { name: field.name.clone(), value })
        });
        Ok((fields.collect(), 1))
    }

    fn layout(&self) -> Option<&Layout> {
        Some(&self.layout)
    }

    fn must_select(&self) -> bool {
        true
    }
}

/// A stretch before any row.
const A_DAY: Span = Span {
    from: Some(LocalTime::new(NaiveDate::from_ymd_opt(1999, 1, 1).expect("a date"), NaiveTime::MIN)),
    to: Some(LocalTime::new(NaiveDate::from_ymd_opt(1999, 1, 2).expect("a date"), NaiveTime::MIN)),
};

/// What time a virtual table is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TableTime {
    /// A stretch of periods.
    Within(Span),
    /// All before a moment, or all there is.
    Before(Option<LocalTime>),
}

/// 1C's sums by card, out of a virtual table.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableRequest<T> {
    pub(super) table: VirtualTable,
    pub(super) card: Option<CardId>,
    time: TableTime,
    /// Tried rather than known.
    form: Option<Dimensions>,
    /// All cards in one row.
    is_of_base: bool,
    of: PhantomData<T>,
}

impl TableRequest<Turnover> {
    pub(super) fn turnovers(span: Span, card: Option<CardId>) -> Self {
        Self::new(VirtualTable::Sales, TableTime::Within(span), card)
    }
}

impl TableRequest<PointsBalance> {
    pub(super) fn balances(at: Option<LocalTime>, card: Option<CardId>) -> Self {
        Self::new(VirtualTable::Balance, TableTime::Before(at), card)
    }

    pub(super) fn points_turnovers(span: Span) -> Self {
        Self::new(VirtualTable::Points, TableTime::Within(span), None)
    }
}

impl<T> TableRequest<T> {
    fn new(table: VirtualTable, time: TableTime, card: Option<CardId>) -> Self {
        Self { table, card, time, form: None, is_of_base: false, of: PhantomData }
    }

    /// The same of the whole base in one row.
    pub(super) fn of_base(self) -> Self {
        Self { is_of_base: true, ..self }
    }

    /// Over which stretch, where it goes by one.
    pub(super) fn span(&self) -> Option<Span> {
        match self.time {
            TableTime::Within(span) => Some(span),
            TableTime::Before(_) => None,
        }
    }

    /// The same over a stretch that costs next to nothing.
    pub(super) fn of_a_day(&self) -> Self {
        let time = match self.time {
            TableTime::Within(_) => TableTime::Within(A_DAY),
            TableTime::Before(_) => TableTime::Before(A_DAY.from),
        };
        Self { form: self.form, ..Self::new(self.table, time, None) }
    }

    /// The same without any bound of time.
    pub(super) fn boundless(&self) -> Self {
        let time = match self.time {
            TableTime::Within(_) => TableTime::Within(Span::ALL),
            TableTime::Before(_) => TableTime::Before(None),
        };
        Self { form: self.form, ..Self::new(self.table, time, None) }
    }

    pub(super) fn is_boundless(&self) -> bool {
        self.time == self.boundless().time
    }

    /// The same, trying another spelling of its dimension.
    pub(super) fn spelled(self, form: Dimensions) -> Self {
        Self { form: Some(form), ..self }
    }
}

impl<T: TableFigure> RequestKind for TableRequest<T> {
    type Output = TotalsByCard<T>;

    fn about(&self) -> About {
        if self.table == VirtualTable::Points { About::Rows } else { About::Totals }
    }

    fn set(&self) -> Option<Set> {
        Some(self.table.set())
    }

    fn what(&self, names: &Names) -> String {
        format!("{}/{}", known_as(self.table.set(), names), self.table.name())
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, _: Option<u32>) -> Address {
        let (names, set) = (&base.names, self.table.set());
        let card_field = names.card_of(set);
        let mut arguments = match self.time {
            TableTime::Within(span) => stretch(span),
            TableTime::Before(at) => at.map(|at| ("Period", moment(at))).into_iter().collect(),
        };
        arguments.extend(self.card.map(|card| ("Condition", condition(card_field, card.0))));
        let dimensions = self.form.unwrap_or(dialect.dimensions);
        let dimension = dimension(card_field, &Dialect { dimensions, ..dialect.clone() });
        let dimension = dimension.filter(|_| !self.is_of_base);
        arguments.extend(dimension.map(|name| ("Dimensions", format!("'{name}'"))));
        let path = virtual_table(&known_as(set, names), self.table.name(), &arguments);
        let address = in_bare_json(Address::of(&base.root, &path), dialect);
        // What is not selected is not grouped by.
        if self.is_of_base {
            address.with("$select", &T::resources(names, self.table).join(","))
        } else {
            address
        }
    }

    fn read(&self, body: &[u8], names: &Names, _: Option<u32>) -> Result<(Self::Output, u64), Error> {
        let card = (!self.is_of_base).then(|| names.card_of(self.table.set()));
        let (set, resources) = (self.table.set(), T::resources(names, self.table));
        table_of(body, set, card, resources)
    }

    fn bounds(&self) -> Bounds {
        TABLE
    }

    fn is_probe(&self) -> bool {
        self.time == self.of_a_day().time
    }

    fn is_table(&self) -> bool {
        true
    }

    fn is_divisible(&self) -> bool {
        self.span().is_some() && self.card.is_none()
    }
}

/// What a virtual table tells of a card: two resources of its register.
pub(super) trait TableFigure: Summand {
    type Main: Summand;
    type Side: Summand;

    /// How many of the resources must be there.
    const NEEDED: usize;

    /// The fields of its resources.
    fn resources(names: &Names, table: VirtualTable) -> [String; 2];

    /// What the resources of a row say; `None` where that cannot be read.
    fn figure(resources: [Value<'_>; 2]) -> Option<(Self::Main, Option<Self::Side>)>;

    /// The table of these rows.
    fn table(rows: Vec<TableRow<Self::Main, Self::Side>>) -> TotalsByCard<Self>;
}

impl TableFigure for Turnover {
    type Main = Amount;
    type Side = Quantity;

    // Pieces are no figure of a customer's: a base that does not add them up is read without.
    const NEEDED: usize = 1;

    fn resources(names: &Names, _: VirtualTable) -> [String; 2] {
        [&names.sales_amount, &names.sales_quantity].map(|resource| format!("{resource}Turnover"))
    }

    fn figure([amount, quantity]: [Value<'_>; 2]) -> Option<(Amount, Option<Quantity>)> {
        let amount = Amount::parse_written(&amount.number()?).ok()?;
        let quantity = quantity.number().and_then(|lexeme| Quantity::parse_written(&lexeme).ok());
        Some((amount, quantity))
    }

    fn table(rows: Vec<TableRow<Amount, Quantity>>) -> TotalsByCard<Self> {
        TotalsByCard::of_rows(rows)
    }
}

impl TableFigure for PointsBalance {
    type Main = Points;
    type Side = Points;

    const NEEDED: usize = 2;

    fn resources(names: &Names, table: VirtualTable) -> [String; 2] {
        let part = if table == VirtualTable::Balance { "Balance" } else { "Turnover" };
        [&names.points_accrued, &names.points_to_write_off].map(|resource| format!("{resource}{part}"))
    }

    fn figure(resources: [Value<'_>; 2]) -> Option<(Points, Option<Points>)> {
        let [accrued, to_write_off] = resources.map(|value| Points::parse_written(&value.number()?).ok());
        let (accrued, to_write_off) = accrued.zip(to_write_off)?;
        Some((accrued - to_write_off, Some(accrued)))
    }

    fn table(rows: Vec<TableRow<Points, Points>>) -> TotalsByCard<Self> {
        TotalsByCard::of_rows(rows)
    }
}

/// Both bounds of turnovers count, and 1C knows whole seconds: the last of a stretch is the one before its end.
fn stretch(span: Span) -> Vec<(&'static str, String)> {
    let from = span.from.map(|from| ("StartPeriod", moment(from)));
    let last = |to: LocalTime| moment(to - TimeDelta::seconds(1));
    from.into_iter().chain(span.to.map(|to| ("EndPeriod", last(to)))).collect()
}

/// A virtual table as a figure per card, or of nobody's where it is not by card. Rows of one card are added up, should
/// the server group by more than was asked. The card and the first `needed` of the resources must be there.
fn table_of<T: TableFigure>(
    body: &[u8],
    set: Set,
    card: Option<&str>,
    resources: [String; 2],
) -> Result<(TotalsByCard<T>, u64), Error> {
    let needed = T::NEEDED + usize::from(card.is_some());
    let [main, side] = resources;
    let layout = match card {
        Some(card) => plain_layout(Some(set), [card.to_owned(), main, side]),
        None => plain_layout(Some(set), [main, side]),
    };
    let mut rows = Vec::new();
    collection(json_text(body, Some(set))?, &layout, Some(set), |slots| {
        check_fields(&layout, needed, set, &slots)?;
        rows.push(if card.is_some() {
            let [whose, main, side] = slots.values();
            (card_of(whose), T::figure([main, side]))
        } else {
            (CardId::EMPTY, T::figure(slots.values()))
        });
        Ok(())
    })?;
    let count = rows.len() as u64;
    Ok((T::table(rows), count))
}

fn card_of(value: Value<'_>) -> CardId {
    value.key().map(CardId).unwrap_or_default()
}

fn check_fields(layout: &Layout, needed: usize, set: Set, slots: &Slots<'_>) -> Result<(), Error> {
    let missing =
        layout.fields().iter().take(needed).enumerate().find(|(slot, _)| slots.get(*slot).is_absent());
    missing.map_or(Ok(()), |(_, field)| Err(Error::MissingField { set, field: field.name.clone() }))
}

/// The simplest question of a set: one row, and of the ways of asking the one that is tried.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one way that is tried, whatever the others are")]
pub(super) struct Probe<'a> {
    pub(super) set: Set,
    pub(super) filter: Option<&'a Filter>,
    pub(super) order: Order,
    pub(super) skip: u64,
    pub(super) select: Vec<String>,
    /// Tries the key's spelling for a single kind of document.
    pub(super) sole_recorder: bool,
    /// Tries it with or without saying how many rows are wanted, whatever is known.
    pub(super) topless: Option<bool>,
    /// Tries it without what describes its row.
    pub(super) bare: bool,
    /// Tries the count beside it.
    pub(super) counted: bool,
    /// Tells whether the server is well, where another set is refused.
    pub(super) is_witness: bool,
}

impl<'a> Probe<'a> {
    /// The plainest of all.
    pub(super) fn of(set: Set) -> Probe<'a> {
        Probe {
            set,
            filter: None,
            order: Order::None,
            skip: 0,
            select: Vec::new(),
            sole_recorder: false,
            topless: None,
            bare: false,
            counted: false,
            is_witness: false,
        }
    }

    /// The same, to tell whether it is the server that fails.
    pub(super) fn witness(set: Set) -> Probe<'a> {
        Probe { is_witness: true, ..Self::of(set) }
    }

    /// How many ways of asking it tries at once.
    pub(super) fn parts(&self) -> usize {
        let parts =
            [self.filter.is_some(), self.order != Order::None, self.skip > 0, !self.select.is_empty()];
        parts.into_iter().filter(|is_there| *is_there).count()
    }
}

impl RequestKind for Probe<'_> {
    type Output = u64;

    fn set(&self) -> Option<Set> {
        Some(self.set)
    }

    fn what(&self, names: &Names) -> String {
        known_as(self.set, names)
    }

    fn address(&self, base: &SharedBase, dialect: &Dialect, _: Option<u32>) -> Address {
        let skip = if self.skip == 0 { String::new() } else { self.skip.to_string() };
        let sole_recorder = self.sole_recorder || dialect.sole_recorder;
        let topless = self.topless.unwrap_or(dialect.topless);
        let dialect = Dialect { sole_recorder, topless, ..dialect.clone() };
        let filter = self.filter.map(|filter| filter_text(filter, self.set, &base.names));
        let dialect = Dialect { described: !self.bare, ..dialect };
        in_bare_json(Address::of(&base.root, &set_path(self.set, &base.names)), &dialect)
            .with("$filter", &filter.unwrap_or_default())
            .with("$orderby", order_text(self.order, self.set, &dialect))
            .with("$skip", &skip)
            .with_top(Some(1), &dialect)
            .with("$select", &self.select.join(","))
            .with("$inlinecount", if self.counted { "allpages" } else { "" })
    }

    fn read(&self, body: &[u8], _: &Names, _: Option<u32>) -> Result<(u64, u64), Error> {
        let layout = plain_layout(Some(self.set), ["Ref_Key".to_owned()]);
        let mut rows = 0;
        let envelope = collection(json_text(body, Some(self.set))?, &layout, Some(self.set), |_| {
            rows += 1;
            Ok(())
        })?;
        if self.counted && envelope.count.is_none() {
            return Err(Error::BadRequest { status: 200, code: None, text: "no odata.count".into() });
        }
        Ok((rows, rows))
    }

    fn bounds(&self) -> Bounds {
        if self.topless == Some(true) { WHOLE } else { PAGE }
    }

    fn is_probe(&self) -> bool {
        true
    }

    fn is_witness(&self) -> bool {
        self.is_witness
    }
}

/// The names of the sets published.
#[derive(Default)]
pub(super) struct Services {
    /// Asked for to tell whether it is the server that fails.
    pub(super) is_witness: bool,
}

impl RequestKind for Services {
    type Output = Vec<String>;

    fn set(&self) -> Option<Set> {
        None
    }

    fn what(&self, _: &Names) -> String {
        "the service root".into()
    }

    fn address(&self, base: &SharedBase, _: &Dialect, _: Option<u32>) -> Address {
        in_json(Address::of(&base.root, ""))
    }

    fn is_doubtful(&self) -> bool {
        false
    }

    fn is_probe(&self) -> bool {
        self.is_witness
    }

    fn is_witness(&self) -> bool {
        self.is_witness
    }

    fn read(&self, body: &[u8], _: &Names, _: Option<u32>) -> Result<(Vec<String>, u64), Error> {
        let layout = plain_layout(None, ["name".to_owned(), "url".to_owned()]);
        let mut sets = Vec::new();
        collection(json_text(body, None)?, &layout, None, |slots| {
            let [name, url] = slots.values();
            sets.extend(url.filled_text().or_else(|| name.filled_text()));
            Ok(())
        })?;
        Ok((sets, 0))
    }
}

/// The text of a reply that should be JSON.
fn json_text(body: &[u8], set: Option<Set>) -> Result<&str, Error> {
    let text = body_text(body, set)?;
    match text.as_bytes().first() {
        None => Err(Error::Empty),
        Some(b'{') => Ok(text),
        Some(_) => Err(malformed(set, "the reply is no JSON object".into())),
    }
}
