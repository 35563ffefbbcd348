//! `$filter`: read with the names of one table, then asked of its rows.
//!
//! ```text
//! or     = and *( "or" and )          not     = *"not" compare
//! and    = not *( "and" not )         compare = sum [ ( eq | ne | gt | ge | lt | le ) sum ]
//! sum    = term *( ( add | sub ) term )          term = operand *( ( mul | div ) operand )
//! operand = "-" operand | "(" or ")" | literal | function "(" or *( "," or ) ")" | field [ "/" field ]
//!         | section "/" ( any | all ) "(" [ variable ":" or ] ")"
//! ```

mod arithmetic;
mod functions;
mod lexer;
mod parser;

use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) use self::arithmetic::Operation;
pub(super) use self::functions::Function;
use self::lexer::{Token, tokens};
use self::parser::Parser;
use super::errors::Refusal;
use super::table::{Column, Edm, Table, Target, find_column};
use super::value::Value;

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

    /// The class of a plain type of `OData`.
    fn of_edm(name: &str) -> Option<Self> {
        Some(match name {
            "Edm.Guid" => Self::Guid,
            "Edm.String" => Self::Text,
            "Edm.DateTime" => Self::Date,
            "Edm.Double" | "Edm.Decimal" | "Edm.Int16" | "Edm.Int32" | "Edm.Int64" => Self::Number,
            "Edm.Boolean" => Self::Bool,
            _ => return None,
        })
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
    Calculate(Operation, Box<Expr>, Box<Expr>),
    /// Whether any row of a section, or every one, passes; without a condition, whether there are rows.
    Lambda {
        section: usize,
        every: bool,
        condition: Option<Box<Expr>>,
    },
    Compare(Comparison, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

impl Expr {
    /// Reads a filter for the rows of a table.
    pub(super) fn parse(text: &str, table: &dyn Table) -> Result<Self, Refusal> {
        let expr = Parser::new(table, tokens(text)?).whole()?;
        if expr.class() == Class::Bool { Ok(expr) } else { Err(bad_filter()) }
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
            Self::Call(function, _) => function.result(),
            Self::Calculate(..) => Class::Number,
            Self::Lambda { .. } | Self::Compare(..) | Self::And(_) | Self::Or(_) | Self::Not(_) => {
                Class::Bool
            }
        }
    }

    /// Calls `visit` with every field the filter names.
    pub(super) fn each_field(&self, visit: &mut dyn FnMut(Path)) {
        match self {
            // The fields of a lambda are those of another table.
            Self::Literal(_) | Self::Lambda { .. } => {}
            Self::Field(path) => visit(*path),
            Self::Call(_, parts) | Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.each_field(visit);
                }
            }
            Self::Compare(_, one, other) | Self::Calculate(_, one, other) => {
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
            Self::Literal(_) | Self::Field(_) | Self::Lambda { .. } => return,
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
            Self::Compare(_, one, other) | Self::Calculate(_, one, other) => {
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
            Self::Lambda { section, every, condition } => {
                let Value::Rows(rows) = table.value(row, *section) else { return *every };
                let passes =
                    |row| condition.as_ref().is_none_or(|condition| condition.test(rows.as_ref(), row));
                if *every { (0..rows.len()).all(passes) } else { (0..rows.len()).any(passes) }
            }
            Self::Literal(_) | Self::Field(_) | Self::Call(..) | Self::Calculate(..) => {
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
                function.call(&values)
            }
            Self::Calculate(operation, one, other) => {
                operation.apply(&one.value(table, row), &other.value(table, row))
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

#[cfg(test)]
mod tests;
