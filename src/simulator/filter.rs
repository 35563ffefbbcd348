//! `$filter`: read with the names of one table, then asked of its rows.
//!
//! ```text
//! or     = and *( "or" and )          not     = *"not" compare
//! and    = not *( "and" not )         compare = operand [ ( eq | ne | gt | ge | lt | le ) operand ]
//! operand = "(" or ")" | literal | function "(" operand *( "," operand ) ")" | field [ "/" field ]
//! ```

mod lexer;

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, Timelike};
use uuid::Uuid;

use self::lexer::{Token, tokens};
use super::books::DocumentKind;
use super::errors::Refusal;
use super::table::{Column, Edm, Table, Target, find_column};
use super::value::{Decimal, Value, parse_date};

/// Deeper nesting than this is taken for an attack on the stack.
const DEEPEST: usize = 40;

/// The names and operators of a filter; none where it cannot be read.
pub(super) fn words(text: &str) -> Vec<String> {
    let word = |token| match token {
        Token::Word(word) => Some(word),
        _ => None,
    };
    tokens(text).unwrap_or_default().into_iter().filter_map(word).collect()
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Comparison {
    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            _ => return None,
        })
    }

    /// Whether it holds for values in this order; values that do not compare are merely not equal.
    fn holds(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else { return self == Self::Ne };
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
        }
    }
}

/// The functions served here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    SubstringOf,
    StartsWith,
    EndsWith,
    Like,
    IsOf,
    Cast,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

impl Function {
    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "substringof" => Self::SubstringOf,
            "startswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            "like" => Self::Like,
            "isof" => Self::IsOf,
            "cast" => Self::Cast,
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            _ => return None,
        })
    }

    /// What it takes, and what it gives.
    const fn signature(self) -> (&'static [Class], Class) {
        match self {
            Self::SubstringOf | Self::StartsWith | Self::EndsWith | Self::Like => {
                (&[Class::Text, Class::Text], Class::Bool)
            }
            Self::IsOf => (&[Class::Composite, Class::Text], Class::Bool),
            Self::Cast => (&[Class::Guid, Class::Text], Class::Composite),
            Self::Year | Self::Month | Self::Day | Self::Hour | Self::Minute | Self::Second => {
                (&[Class::Date], Class::Number)
            }
        }
    }
}

/// What may be compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Guid,
    Text,
    Unlimited,
    Date,
    Number,
    Bool,
    Composite,
    Section,
}

impl Class {
    const fn of(edm: Edm) -> Self {
        match edm {
            Edm::Guid => Self::Guid,
            Edm::Text => Self::Text,
            Edm::Unlimited => Self::Unlimited,
            Edm::Date => Self::Date,
            Edm::Double | Edm::Int64 => Self::Number,
            Edm::Bool => Self::Bool,
            Edm::Composite => Self::Composite,
            Edm::Section => Self::Section,
        }
    }

    /// A composite field compares with anything, if only to differ; an unlimited string with nothing.
    fn compares_with(self, other: Self) -> bool {
        let never = |class| matches!(class, Self::Unlimited | Self::Section);
        !never(self)
            && !never(other)
            && (self == other || self == Self::Composite || other == Self::Composite)
    }

    /// Searching inside a string of unlimited length is allowed.
    fn serves_as(self, wanted: Self) -> bool {
        self == wanted || (self == Self::Unlimited && wanted == Self::Text)
    }
}

/// A field of a row, or of what a reference of the row leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) column: usize,
    onward: Option<(Target, usize)>,
    edm: Edm,
}

impl Path {
    /// Finds the field that a name or `Link/Name` means.
    pub(super) fn parse(table: &dyn Table, text: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::unknown_segment(text);
        let Some((link, name)) = text.split_once('/') else {
            let column = find_column(table, text).ok_or_else(unknown)?;
            return Ok(Self { column, onward: None, edm: table.column(column).edm });
        };
        let leads = |column: &usize| table.column(*column).link() == Some(link);
        let column = (0..table.width()).find(leads).ok_or_else(unknown)?;
        let target = table.column(column).target.ok_or_else(unknown)?;
        let (inner, found): (usize, Column) = target.column(name).ok_or_else(unknown)?;
        Ok(Self { column, onward: Some((target, inner)), edm: found.edm })
    }

    /// True for a field of the row itself.
    pub(super) const fn is_direct(&self) -> bool {
        self.onward.is_none()
    }

    /// True for what can be put in order.
    pub(super) const fn is_sortable(&self) -> bool {
        !matches!(self.edm, Edm::Unlimited | Edm::Section)
    }

    pub(super) fn value<'a>(&self, table: &'a dyn Table, row: usize) -> Value<'a> {
        let value = table.value(row, self.column);
        match (self.onward, value) {
            (None, value) => value,
            (Some((target, inner)), Value::Guid(key)) => table.linked(target, key, inner),
            (Some(_), _) => Value::Null,
        }
    }
}

/// A filter, or a part of one.
pub(super) enum Expr {
    Literal(Value<'static>),
    Field(Path),
    Call(Function, Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

impl Expr {
    /// Reads a filter for the rows of a table.
    pub(super) fn parse(text: &str, table: &dyn Table) -> Result<Self, Refusal> {
        let mut parser = Parser { table, tokens: tokens(text)?, at: 0, depth: 0 };
        let expr = parser.or()?;
        if parser.at < parser.tokens.len() || expr.class() != Class::Bool {
            return Err(bad_filter());
        }
        Ok(expr)
    }

    fn class(&self) -> Class {
        match self {
            Self::Literal(value) => match value {
                Value::Guid(_) => Class::Guid,
                Value::Date(_) => Class::Date,
                Value::Number(_) | Value::Whole(_) => Class::Number,
                Value::Bool(_) => Class::Bool,
                Value::Reference(..) => Class::Composite,
                Value::Text(_) | Value::Json(_) | Value::Rows(_) | Value::Null => Class::Text,
            },
            Self::Field(path) => Class::of(path.edm),
            Self::Call(function, _) => function.signature().1,
            Self::Compare(..) | Self::And(_) | Self::Or(_) | Self::Not(_) => Class::Bool,
        }
    }

    /// Calls `visit` with every field the filter names.
    pub(super) fn each_field(&self, visit: &mut dyn FnMut(Path)) {
        match self {
            Self::Literal(_) => {}
            Self::Field(path) => visit(*path),
            Self::Call(_, parts) | Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.each_field(visit);
                }
            }
            Self::Compare(_, one, other) => {
                one.each_field(visit);
                other.each_field(visit);
            }
            Self::Not(inner) => inner.each_field(visit),
        }
    }

    /// Calls `visit` with the names of its fields, with `isof`, `or` and `not`.
    pub(super) fn each_word(&self, table: &dyn Table, visit: &mut dyn FnMut(&str)) {
        self.each_field(&mut |path| visit(table.column(path.column).name));
        self.each_operator(visit);
    }

    fn each_operator(&self, visit: &mut dyn FnMut(&str)) {
        let parts = match self {
            Self::Literal(_) | Self::Field(_) => return,
            Self::Call(function, parts) => {
                if *function == Function::IsOf {
                    visit("isof");
                }
                parts
            }
            Self::And(parts) => parts,
            Self::Or(parts) => {
                visit("or");
                parts
            }
            Self::Not(inner) => {
                visit("not");
                return inner.each_operator(visit);
            }
            Self::Compare(_, one, other) => {
                one.each_operator(visit);
                return other.each_operator(visit);
            }
        };
        for part in parts {
            part.each_operator(visit);
        }
    }

    /// Whether it compares `Ref_Key` by order, and not merely for equality.
    pub(super) fn ranges_over_keys(&self, table: &dyn Table) -> bool {
        match self {
            Self::Compare(comparison, field, _) if !matches!(comparison, Comparison::Eq | Comparison::Ne) => {
                matches!(&**field, Self::Field(path) if table.column(path.column).name == "Ref_Key")
            }
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.ranges_over_keys(table)),
            Self::Not(inner) => inner.ranges_over_keys(table),
            _ => false,
        }
    }

    /// Whether a row passes.
    pub(super) fn test(&self, table: &dyn Table, row: usize) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.test(table, row)),
            Self::Or(parts) => parts.iter().any(|part| part.test(table, row)),
            Self::Not(inner) => !inner.test(table, row),
            Self::Compare(comparison, one, other) => {
                comparison.holds(one.value(table, row).compare(&other.value(table, row)))
            }
            Self::Literal(_) | Self::Field(_) | Self::Call(..) => {
                matches!(self.value(table, row), Value::Bool(true))
            }
        }
    }

    fn value<'a>(&'a self, table: &'a dyn Table, row: usize) -> Value<'a> {
        match self {
            Self::Literal(value) => borrowed(value),
            Self::Field(path) => path.value(table, row),
            Self::Call(function, arguments) => {
                let values: Vec<Value<'a>> = arguments.iter().map(|part| part.value(table, row)).collect();
                call(*function, &values)
            }
            _ => Value::Bool(self.test(table, row)),
        }
    }
}

fn bad_filter() -> Refusal {
    Refusal::bad_option("$filter")
}

fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Guid(key) => Value::Guid(*key),
        Value::Date(date) => Value::Date(*date),
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        Value::Number(number) => Value::Number(*number),
        Value::Whole(whole) => Value::Whole(*whole),
        Value::Bool(truth) => Value::Bool(*truth),
        Value::Reference(kind, key) => Value::Reference(*kind, *key),
        Value::Json(text) => Value::Json(text),
        Value::Rows(_) | Value::Null => Value::Null,
    }
}

fn call<'a>(function: Function, values: &[Value<'a>]) -> Value<'a> {
    match (function, values) {
        (Function::SubstringOf, [Value::Text(part), Value::Text(text)]) => {
            Value::Bool(text.contains(part.as_ref()))
        }
        (Function::StartsWith, [Value::Text(text), Value::Text(part)]) => {
            Value::Bool(text.starts_with(part.as_ref()))
        }
        (Function::EndsWith, [Value::Text(text), Value::Text(part)]) => {
            Value::Bool(text.ends_with(part.as_ref()))
        }
        (Function::Like, [Value::Text(text), Value::Text(pattern)]) => Value::Bool(like(text, pattern)),
        (Function::IsOf, [Value::Reference(kind, _), Value::Text(name)]) => {
            Value::Bool(DocumentKind::of_set(name) == Some(*kind))
        }
        (Function::Cast, [Value::Guid(key), Value::Text(name)]) => {
            DocumentKind::of_set(name).map_or(Value::Null, |kind| Value::Reference(kind, *key))
        }
        (_, [Value::Date(date)]) => Value::Whole(match function {
            Function::Year => i64::from(date.year()),
            Function::Month => i64::from(date.month()),
            Function::Day => i64::from(date.day()),
            Function::Hour => i64::from(date.hour()),
            Function::Minute => i64::from(date.minute()),
            _ => i64::from(date.second()),
        }),
        _ => Value::Null,
    }
}

/// SQL's LIKE with `%` for any characters and `_` for one.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    // reached[n]: the pattern so far matches the first n characters.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for symbol in pattern {
        let mut next = vec![false; text.len() + 1];
        for end in 0..=text.len() {
            next[end] = match symbol {
                '%' => reached[end] || (end > 0 && next[end - 1]),
                '_' => end > 0 && reached[end - 1],
                _ => end > 0 && reached[end - 1] && text[end - 1] == symbol,
            };
        }
        reached = next;
    }
    reached[text.len()]
}

/// Reads tokens by the grammar above.
struct Parser<'t> {
    table: &'t dyn Table,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.takes(&Token::Word(word.to_owned()))
    }

    fn or(&mut self) -> Result<Expr, Refusal> {
        let mut parts = vec![self.and()?];
        while self.takes_word("or") {
            parts.push(self.and()?);
        }
        joined(parts, Expr::Or)
    }

    fn and(&mut self) -> Result<Expr, Refusal> {
        let mut parts = vec![self.not()?];
        while self.takes_word("and") {
            parts.push(self.not()?);
        }
        joined(parts, Expr::And)
    }

    fn not(&mut self) -> Result<Expr, Refusal> {
        let mut negated = false;
        let mut negations = 0;
        while self.takes_word("not") {
            negated = !negated;
            negations += 1;
        }
        let expr = self.compare()?;
        if negations > 0 && expr.class() != Class::Bool {
            return Err(bad_filter());
        }
        Ok(if negated { Expr::Not(Box::new(expr)) } else { expr })
    }

    fn compare(&mut self) -> Result<Expr, Refusal> {
        let one = self.operand()?;
        let comparison = match self.tokens.get(self.at) {
            Some(Token::Word(word)) => Comparison::of_word(word),
            _ => None,
        };
        let Some(comparison) = comparison else { return Ok(one) };
        self.at += 1;
        let other = self.operand()?;
        if !one.class().compares_with(other.class()) {
            return Err(Refusal::incomparable());
        }
        Ok(Expr::Compare(comparison, Box::new(one), Box::new(other)))
    }

    /// Brackets and functions nest through here, and only so deep.
    fn operand(&mut self) -> Result<Expr, Refusal> {
        self.depth += 1;
        let operand = if self.depth > DEEPEST { Err(bad_filter()) } else { self.unbounded_operand() };
        self.depth -= 1;
        operand
    }

    fn unbounded_operand(&mut self) -> Result<Expr, Refusal> {
        match self.next().ok_or_else(bad_filter)? {
            Token::Open => self.group(),
            Token::Text(text) => Ok(Expr::Literal(Value::text(text))),
            Token::Number(text) => number(&text),
            Token::Typed(kind, text) => typed(&kind, &text),
            Token::Word(word) if word == "true" || word == "false" => {
                Ok(Expr::Literal(Value::Bool(word == "true")))
            }
            Token::Word(word) if self.tokens.get(self.at) == Some(&Token::Open) => self.function(&word),
            Token::Word(word) => Path::parse(self.table, &word).map(Expr::Field),
            Token::Close | Token::Comma => Err(bad_filter()),
        }
    }

    fn group(&mut self) -> Result<Expr, Refusal> {
        let inner = self.or()?;
        if self.takes(&Token::Close) { Ok(inner) } else { Err(bad_filter()) }
    }

    fn function(&mut self, word: &str) -> Result<Expr, Refusal> {
        let function = Function::of_word(word).ok_or_else(|| Refusal::unknown_function(word))?;
        self.at += 1;
        let mut arguments = vec![self.operand()?];
        while self.takes(&Token::Comma) {
            arguments.push(self.operand()?);
        }
        if !self.takes(&Token::Close) {
            return Err(bad_filter());
        }
        let wanted = function.signature().0;
        if arguments.len() != wanted.len() {
            return Err(Refusal::unknown_function(word));
        }
        // A bad type of an argument is an internal error to 1C, not a bad request.
        let fits = arguments.iter().zip(wanted).all(|(argument, class)| argument.class().serves_as(*class));
        if fits { Ok(Expr::Call(function, arguments)) } else { Err(Refusal::incomparable()) }
    }
}

/// One part stands for itself; several must all be conditions.
fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Result<Expr, Refusal> {
    if parts.len() == 1 {
        return parts.pop().ok_or_else(bad_filter);
    }
    let conditions = parts.iter().all(|part| part.class() == Class::Bool);
    if conditions { Ok(join(parts)) } else { Err(bad_filter()) }
}

fn number(text: &str) -> Result<Expr, Refusal> {
    let number = Decimal::parse(text).ok_or_else(|| Refusal::bad_literal(text, "Edm.Double"))?;
    Ok(Expr::Literal(Value::Number(number)))
}

fn typed(kind: &str, text: &str) -> Result<Expr, Refusal> {
    let value = match kind {
        "guid" => {
            // Only the usual spelling: the parser would take others that 1C does not know.
            let key = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
            Value::Guid(key.ok_or_else(|| Refusal::bad_literal(text, "Edm.Guid"))?)
        }
        "datetime" => {
            Value::Date(parse_date(text).ok_or_else(|| Refusal::bad_literal(text, "Edm.DateTime"))?)
        }
        _ => return Err(bad_filter()),
    };
    Ok(Expr::Literal(value))
}

#[cfg(test)]
mod tests;
