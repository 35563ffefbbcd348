//! The functions of `$filter`.

use std::borrow::Cow;

use chrono::{Datelike, Months, NaiveDateTime, TimeDelta, Timelike};

use super::super::books::DocumentKind;
use super::super::value::{Decimal, Value};
use super::Class;

macro_rules! functions {
    ($($variant:ident = $word:literal, $takes:expr, $needed:literal, $gives:ident;)+) => {
        /// The functions served here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in super::super) enum Function { $($variant,)+ }

        impl Function {
            pub(super) fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// What it takes, and how many of these are needed.
            pub(super) const fn takes(self) -> (&'static [Class], usize) {
                match self { $(Self::$variant => ($takes, $needed),)+ }
            }

            /// What it gives.
            pub(super) const fn result(self) -> Class {
                match self { $(Self::$variant => Class::$gives,)+ }
            }
        }
    };
}

const TEXTS: &[Class] = &[Class::Text, Class::Text];
const DATE: &[Class] = &[Class::Date];

functions! {
    SubstringOf = "substringof", TEXTS, 2, Bool;
    StartsWith = "startswith", TEXTS, 2, Bool;
    EndsWith = "endswith", TEXTS, 2, Bool;
    Like = "like", TEXTS, 2, Bool;
    Concat = "concat", TEXTS, 2, Text;
    Substring = "substring", &[Class::Text, Class::Number, Class::Number], 2, Text;
    Round = "round", &[Class::Number, Class::Number], 1, Number;
    IsOf = "isof", &[Class::Composite, Class::Text], 2, Bool;
    Cast = "cast", &[Class::Guid, Class::Text], 2, Composite;
    Year = "year", DATE, 1, Number;
    Quarter = "quarter", DATE, 1, Number;
    Month = "month", DATE, 1, Number;
    Day = "day", DATE, 1, Number;
    DayOfWeek = "dayofweek", DATE, 1, Number;
    DayOfYear = "dayofyear", DATE, 1, Number;
    Hour = "hour", DATE, 1, Number;
    Minute = "minute", DATE, 1, Number;
    Second = "second", DATE, 1, Number;
    DateAdd = "dateadd", &[Class::Date, Class::Text, Class::Number], 3, Date;
    DateDifference = "datedifference", &[Class::Date, Class::Date, Class::Text], 3, Number;
}

impl Function {
    pub(super) fn call<'a>(self, values: &[Value<'a>]) -> Value<'a> {
        match values {
            [Value::Text(one), Value::Text(other)] => self.of_texts(one, other),
            [Value::Reference(kind, _), Value::Text(name)] => {
                Value::Bool(DocumentKind::of_set(name) == Some(*kind))
            }
            [Value::Guid(key), Value::Text(name)] => {
                DocumentKind::of_set(name).map_or(Value::Null, |kind| Value::Reference(kind, *key))
            }
            [Value::Date(date)] => Value::Whole(self.of_date(*date)),
            [Value::Date(date), Value::Text(unit), number] => number
                .units(0)
                .and_then(|number| shifted(*date, unit, number))
                .map_or(Value::Null, Value::Date),
            [Value::Date(from), Value::Date(to), Value::Text(unit)] => {
                difference(*from, *to, unit).map_or(Value::Null, Value::Whole)
            }
            [Value::Text(text), start, rest @ ..] => substring(text, start, rest.first()),
            [number, rest @ ..] if self == Self::Round => rounded(number, rest.first()),
            _ => Value::Null,
        }
    }

    fn of_texts<'a>(self, one: &Cow<'a, str>, other: &Cow<'a, str>) -> Value<'a> {
        match self {
            Self::SubstringOf => Value::Bool(other.contains(one.as_ref())),
            Self::StartsWith => Value::Bool(one.starts_with(other.as_ref())),
            Self::EndsWith => Value::Bool(one.ends_with(other.as_ref())),
            Self::Like => Value::Bool(like(one, other)),
            Self::Concat => Value::text(format!("{one}{other}")),
            _ => Value::Null,
        }
    }

    fn of_date(self, date: NaiveDateTime) -> i64 {
        match self {
            Self::Year => i64::from(date.year()),
            Self::Quarter => i64::from(date.month0() / 3 + 1),
            Self::Month => i64::from(date.month()),
            Self::Day => i64::from(date.day()),
            Self::DayOfWeek => i64::from(date.weekday().number_from_monday()),
            Self::DayOfYear => i64::from(date.ordinal()),
            Self::Hour => i64::from(date.hour()),
            Self::Minute => i64::from(date.minute()),
            _ => i64::from(date.second()),
        }
    }
}

/// Characters count from one, as in 1C's own language.
fn substring<'a>(text: &str, start: &Value<'a>, length: Option<&Value<'a>>) -> Value<'a> {
    let count = |value: &Value<'_>| value.units(0).and_then(|number| usize::try_from(number).ok());
    let (start, length) = (count(start), length.map_or(Some(usize::MAX), count));
    let Some((start, length)) = start.zip(length) else { return Value::Null };
    Value::text(text.chars().skip(start.saturating_sub(1)).take(length).collect::<String>())
}

/// Half away from zero.
fn rounded<'a>(number: &Value<'a>, decimals: Option<&Value<'a>>) -> Value<'a> {
    const KEPT: u32 = 8;
    let decimals = decimals.map_or(Some(0), |decimals| decimals.units(0));
    let decimals =
        decimals.and_then(|decimals| u32::try_from(decimals).ok()).map(|decimals| decimals.min(KEPT));
    let Some((units, scale)) = number.units(KEPT).zip(decimals) else { return Value::Null };
    let unit = 10_i128.pow(KEPT - scale);
    let half = unit / 2 * units.signum();
    Value::Number(Decimal { units: (units + half) / unit, scale })
}

/// The seconds of a unit of fixed length.
fn seconds(unit: &str) -> Option<i64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        _ => return None,
    })
}

/// The months of a unit of the calendar.
fn months(unit: &str) -> Option<i64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "month" => 1,
        "quarter" => 3,
        "year" => 12,
        _ => return None,
    })
}

fn shifted(date: NaiveDateTime, unit: &str, number: i128) -> Option<NaiveDateTime> {
    let number = i64::try_from(number).ok()?;
    if let Some(months) = months(unit) {
        let months = months.checked_mul(number)?;
        let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        return if months < 0 { date.checked_sub_months(by) } else { date.checked_add_months(by) };
    }
    let by = TimeDelta::try_seconds(seconds(unit)?.checked_mul(number)?)?;
    date.checked_add_signed(by)
}

/// How many borders of a unit lie between two moments.
fn difference(from: NaiveDateTime, to: NaiveDateTime, unit: &str) -> Option<i64> {
    if let Some(months) = months(unit) {
        let count = |date: NaiveDateTime| (i64::from(date.year()) * 12 + i64::from(date.month0())) / months;
        return Some(count(to) - count(from));
    }
    let seconds = seconds(unit)?;
    let count = |date: NaiveDateTime| date.and_utc().timestamp().div_euclid(seconds);
    Some(count(to) - count(from))
}

/// SQL's LIKE with `%` for any characters and `_` for one.
pub(super) fn like(text: &str, pattern: &str) -> bool {
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
