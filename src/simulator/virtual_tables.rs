//! Balances and turnovers: the second way to every figure, reckoned from the register's active rows at one moment.

mod register;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

use self::register::{Definition, Part, Resource};
use super::books::{Bonus, Books, KeyId, Register, Row, Sale};
use super::errors::Refusal;
use super::faults::{Draw, FaultKind, Faults};
use super::filter::Expr;
use super::options::Options;
use super::published;
use super::route::named_arguments;
use super::table::{Column, Edm, Table, Target};
use super::value::{Decimal, Value, parse_date};

/// Which virtual table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Balance,
    Turnovers,
    BalanceAndTurnovers,
}

const FUNCTIONS: [(&str, Function); 3] = [
    ("Balance", Function::Balance),
    ("Turnovers", Function::Turnovers),
    ("BalanceAndTurnovers", Function::BalanceAndTurnovers),
];

impl Function {
    fn of_name(name: &str) -> Option<Self> {
        FUNCTIONS.into_iter().find(|(known, _)| *known == name).map(|(_, function)| function)
    }

    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Balance => &["Period", "Condition", "Dimensions"],
            Self::Turnovers | Self::BalanceAndTurnovers => {
                &["StartPeriod", "EndPeriod", "Condition", "Dimensions"]
            }
        }
    }
}

/// A virtual table as `$metadata` declares it.
pub(super) struct Schema {
    pub(super) register: &'static str,
    pub(super) function: &'static str,
    pub(super) parameters: &'static [&'static str],
    pub(super) columns: Vec<Column>,
}

impl Schema {
    /// The name of the type of its rows: in the singular.
    pub(super) fn result(&self) -> String {
        format!("{}_{}", self.register, self.function.trim_end_matches('s'))
    }
}

/// Every virtual table there is.
pub(super) fn schemas() -> Vec<Schema> {
    let sales = FUNCTIONS.iter().filter_map(|(name, function)| register::SALES.schema(name, *function));
    sales
        .chain(FUNCTIONS.iter().filter_map(|(name, function)| register::BONUSES.schema(name, *function)))
        .collect()
}

/// How a virtual table is asked for.
pub(super) struct Call<'a> {
    pub(super) register: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
    pub(super) options: &'a Options,
}

/// What of a virtual table's parameters is given.
pub(super) struct Asked {
    pub(super) dimensions: bool,
    pub(super) condition: bool,
    pub(super) period: bool,
    from: Option<NaiveDateTime>,
    to: Option<NaiveDateTime>,
}

impl Asked {
    /// The days asked for, up to now where there is no end; none without a beginning.
    pub(super) fn days(&self, now: NaiveDateTime) -> Option<i64> {
        self.from.map(|from| (self.to.unwrap_or(now) - from).num_days())
    }
}

/// Looks at the parameters of a call; none where they cannot be read.
pub(super) fn asked(call: &Call<'_>) -> Option<Asked> {
    let function = Function::of_name(call.name)?;
    let arguments = Arguments::read(function, call).ok()?;
    let given = |name| arguments.get(name).is_some();
    let date = |name| arguments.date(name).ok().flatten();
    Some(Asked {
        dimensions: given("Dimensions"),
        condition: given("Condition"),
        period: ["Period", "StartPeriod", "EndPeriod"].into_iter().any(given),
        from: date("StartPeriod"),
        to: date("EndPeriod"),
    })
}

/// What may be wrong with the totals.
pub(super) struct Tampering<'a> {
    pub(super) faults: &'a Faults,
    pub(super) seed: u64,
    /// Parameters that are read and forgotten.
    pub(super) forgotten: Vec<&'static str>,
}

/// Computes a virtual table.
pub(super) fn compute<'a>(
    books: &'a Books,
    call: &Call<'_>,
    tampering: &Tampering<'_>,
) -> Result<Totals<'a>, Refusal> {
    match call.register {
        published::SALES => totals(books, &books.sales, &register::SALES, call, tampering),
        published::BONUSES => totals(books, &books.bonuses, &register::BONUSES, call, tampering),
        other if published::SETS.contains(&other) => Err(Refusal::unknown_method()),
        other => Err(Refusal::unknown_set(other)),
    }
}

fn totals<'a, B>(
    books: &'a Books,
    register: &Register<B>,
    definition: &'static Definition<B>,
    call: &Call<'_>,
    tampering: &Tampering<'_>,
) -> Result<Totals<'a>, Refusal> {
    let function = Function::of_name(call.name).ok_or_else(Refusal::unknown_method)?;
    let parts = definition.parts(function).ok_or_else(Refusal::unknown_method)?;
    let arguments = Arguments::read(function, call)?.without(&tampering.forgotten);
    let dimensions = arguments.dimensions(definition)?;
    let table = (definition.table)(books);
    let condition = arguments.condition(table.as_ref(), definition)?;
    let span = arguments.span(function)?;
    let passes = |(place, row): &(usize, &Row<B>)| {
        row.active && condition.as_ref().is_none_or(|condition| condition.test(table.as_ref(), *place))
    };
    let counting = span.rows(register.rows()).filter(passes).map(|(_, row)| row);
    let groups = grouped(counting, span, definition, &dimensions);
    let key = |ids: Vec<Option<KeyId>>| {
        ids.into_iter().map(|id| id.map_or(Uuid::nil(), |id| books.keys.get(id))).collect::<Vec<Uuid>>()
    };
    let figured =
        groups.into_iter().map(|(ids, sums)| TotalsRow { keys: key(ids), figures: figures(&sums, parts) });
    // What comes to nothing is not listed.
    let mut rows: Vec<TotalsRow> =
        figured.filter(|row| row.figures.iter().any(|figure| *figure != 0)).collect();
    rows.sort_by(|one, other| one.keys.cmp(&other.keys));
    let tampered = rows.iter_mut().filter_map(|row| row.tamper(tampering).then_some(())).count() > 0;
    Ok(Totals { books, set: definition.set, columns: definition.columns(&dimensions, parts), rows, tampered })
}

/// What the rows of each combination of keys add up to, resource by resource.
fn grouped<'r, B: 'static>(
    rows: impl Iterator<Item = &'r Row<B>>,
    span: Span,
    definition: &Definition<B>,
    dimensions: &[usize],
) -> HashMap<Vec<Option<KeyId>>, Vec<Sums>> {
    let mut groups: HashMap<Vec<Option<KeyId>>, Vec<Sums>> = HashMap::new();
    for row in rows {
        let ids = dimensions.iter().map(|dimension| (definition.dimensions[*dimension].read)(row)).collect();
        let sums = groups.entry(ids).or_insert_with(|| vec![Sums::default(); definition.resources.len()]);
        for (sum, resource) in sums.iter_mut().zip(definition.resources) {
            sum.take((resource.read)(row), (definition.sign)(row), span.is_opening(row.period));
        }
    }
    groups
}

fn figures(sums: &[Sums], parts: &[Part]) -> Vec<i128> {
    sums.iter().flat_map(|sum| parts.iter().map(|part| sum.part(*part))).collect()
}

/// The parameters, from the brackets or from the query.
struct Arguments<'a> {
    given: Vec<(&'a str, &'a str)>,
    select: Option<&'a str>,
}

impl<'a> Arguments<'a> {
    fn read(function: Function, call: &Call<'a>) -> Result<Self, Refusal> {
        let names = function.parameters();
        let mut given = named_arguments(call.arguments, names).ok_or_else(Refusal::unknown_method)?;
        for name in names {
            given.extend(call.options.get(name).map(|value| (*name, value)));
        }
        Ok(Self { given, select: call.options.get("$select") })
    }

    fn without(mut self, forgotten: &[&str]) -> Self {
        self.given.retain(|(name, _)| !forgotten.contains(name));
        self
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn date(&self, name: &str) -> Result<Option<NaiveDateTime>, Refusal> {
        let read = |text: &str| {
            let inside = text.strip_prefix("datetime'").and_then(|rest| rest.strip_suffix('\''));
            let date = inside.and_then(parse_date);
            date.ok_or_else(|| Refusal::bad_literal(text, "Edm.DateTime"))
        };
        self.get(name).map(read).transpose()
    }

    fn span(&self, function: Function) -> Result<Span, Refusal> {
        Ok(match function {
            Function::Balance => {
                Span { opening: true, from: self.date("Period")?, to: None, only_opening: true }
            }
            Function::Turnovers | Function::BalanceAndTurnovers => Span {
                opening: function == Function::BalanceAndTurnovers,
                from: self.date("StartPeriod")?,
                to: self.date("EndPeriod")?,
                only_opening: false,
            },
        })
    }

    /// The places of the dimensions to group by: those named, else those selected, else all.
    fn dimensions<B>(&self, definition: &Definition<B>) -> Result<Vec<usize>, Refusal> {
        let all = || (0..definition.dimensions.len()).collect();
        if let Some(text) = self.get("Dimensions") {
            let list = unquoted(text).ok_or_else(Refusal::unknown_method)?;
            let named = list.split(',').map(str::trim).filter(|name| !name.is_empty());
            let found: Result<Vec<usize>, Refusal> = named
                .map(|name| definition.dimension(name).ok_or_else(|| Refusal::unknown_segment(name)))
                .collect();
            return found;
        }
        let selected = self.select.filter(|select| !select.contains('*'));
        Ok(selected.map_or_else(all, |select| {
            select.split(',').filter_map(|name| definition.dimension(name.trim())).collect()
        }))
    }

    /// The condition, which may name dimensions only.
    fn condition<B>(&self, table: &dyn Table, definition: &Definition<B>) -> Result<Option<Expr>, Refusal> {
        let Some(text) = self.get("Condition") else { return Ok(None) };
        let condition = unquoted(text).ok_or_else(Refusal::unknown_method)?;
        let condition = Expr::parse(&condition, table)?;
        let mut stranger = None;
        condition.each_field(&mut |path| {
            let name = table.column(path.column).name;
            if definition.dimension(name).is_none() {
                stranger = Some(name);
            }
        });
        stranger.map_or(Ok(Some(condition)), |name| Err(Refusal::unknown_segment(name)))
    }
}

/// The inside of a quoted parameter. Quotes inside are doubled as `OData` wants it, or single as the vendor shows it.
fn unquoted(text: &str) -> Option<String> {
    let inside = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inside.replace("''", "'"))
}

/// Which rows count, and as what.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// Whether rows before the start count as the opening balance.
    opening: bool,
    /// The start, included in the turnovers and excluded from the balance.
    from: Option<NaiveDateTime>,
    /// The end, included.
    to: Option<NaiveDateTime>,
    /// Whether nothing but the balance at the start is wanted; without a start, the balance of all there is.
    only_opening: bool,
}

impl Span {
    fn is_opening(self, period: NaiveDateTime) -> bool {
        self.only_opening || self.from.is_some_and(|from| period < from)
    }

    /// The rows that count, with their places; the register stands in the order of `Period`.
    fn rows<B>(self, rows: &[Row<B>]) -> impl Iterator<Item = (usize, &Row<B>)> {
        let before = |limit: NaiveDateTime| rows.partition_point(|row| row.period < limit);
        let start = if self.opening { 0 } else { self.from.map_or(0, before) };
        let end = match (self.only_opening, self.from, self.to) {
            (true, Some(moment), _) => before(moment),
            (false, _, Some(last)) => rows.partition_point(|row| row.period <= last),
            _ => rows.len(),
        };
        rows[..end].iter().enumerate().skip(start)
    }
}

/// What one resource of one group comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    opening: i128,
    receipt: i128,
    expense: i128,
}

impl Sums {
    fn take(&mut self, amount: i64, sign: i64, opening: bool) {
        let (amount, sign) = (i128::from(amount), i128::from(sign));
        match (opening, sign) {
            (true, _) => self.opening += sign * amount,
            (false, 1) => self.receipt += amount,
            (false, _) => self.expense += amount,
        }
    }

    const fn part(self, part: Part) -> i128 {
        match part {
            Part::Balance | Part::Opening => self.opening,
            Part::Turnover => self.receipt - self.expense,
            Part::Receipt => self.receipt,
            Part::Expense => self.expense,
            Part::Closing => self.opening + self.receipt - self.expense,
        }
    }
}

/// One row of a virtual table.
#[derive(Clone, Debug)]
struct TotalsRow {
    keys: Vec<Uuid>,
    figures: Vec<i128>,
}

impl TotalsRow {
    /// Adds a rouble to the totals of so large a part of all keys.
    fn tamper(&mut self, tampering: &Tampering<'_>) -> bool {
        let Some(key) = self.keys.first() else { return false };
        let draw = Draw::of_thing(tampering.seed, key.as_bytes());
        let wrong = tampering.faults.fires(FaultKind::WrongTotals, draw);
        if wrong {
            self.figures.iter_mut().for_each(|figure| *figure += 100);
        }
        wrong
    }
}

/// A virtual table, computed.
pub(super) struct Totals<'a> {
    books: &'a Books,
    set: &'static str,
    columns: Vec<(Column, u32)>,
    rows: Vec<TotalsRow>,
    tampered: bool,
}

impl Totals<'_> {
    /// Leaves rows out, told by their keys.
    pub(super) fn keep(&mut self, is_kept: impl Fn(&[u8]) -> bool) {
        self.rows
            .retain(|row| is_kept(&row.keys.iter().flat_map(|key| *key.as_bytes()).collect::<Vec<u8>>()));
    }

    /// Whether a fault changed any of the figures.
    pub(super) const fn tampered(&self) -> bool {
        self.tampered
    }
}

impl Table for Totals<'_> {
    fn set(&self) -> &'static str {
        self.set
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, column: usize) -> Column {
        self.columns[column].0
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        let row = &self.rows[row];
        if let Some(key) = row.keys.get(column) {
            return Value::Guid(*key);
        }
        let units = row.figures[column - row.keys.len()];
        Value::Number(Decimal { units, scale: self.columns[column].1 })
    }

    fn order(&self) -> &'static [usize] {
        &[]
    }

    fn linked(&self, target: Target, key: Uuid, column: usize) -> Value<'_> {
        target.value(self.books, key, column)
    }

    fn section(&self, _column: usize) -> Option<Box<dyn Table + '_>> {
        None
    }
}

impl<B> Definition<B> {
    fn schema(&self, name: &'static str, function: Function) -> Option<Schema> {
        let dimensions: Vec<usize> = (0..self.dimensions.len()).collect();
        let columns = self.columns(&dimensions, self.parts(function)?);
        let columns = columns.into_iter().map(|(column, _)| column).collect();
        Some(Schema { register: self.set, function: name, parameters: function.parameters(), columns })
    }

    /// The columns of the answer, with the scale of those that are numbers.
    fn columns(&self, dimensions: &[usize], parts: &[Part]) -> Vec<(Column, u32)> {
        let keys = dimensions.iter().map(|dimension| {
            let dimension = &self.dimensions[*dimension];
            let column = Column::new(dimension.name, Edm::Guid);
            (Column { target: Some(dimension.target), ..column }, 0)
        });
        let figure = |resource: &Resource<B>, part: &Part| {
            (Column::new(resource.column(*part), Edm::Double), resource.scale)
        };
        let figures =
            self.resources.iter().flat_map(|resource| parts.iter().map(move |part| figure(resource, part)));
        keys.chain(figures).collect()
    }
}
