//! Values as 1C has them, and records made of them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;

use chrono::NaiveDateTime;
use serde_json::Value as Json;
use uuid::Uuid;

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// Kopecks, or hundredths of anything.
    Hundredths(i64),
    /// A whole number that 1C sends as a string.
    Whole(u64),
    /// Yes or no.
    Flag(bool),
    /// A reference.
    Key(Uuid),
    /// A moment on the infobase's wall.
    Time(NaiveDateTime),
    /// JSON as it stands here: what no 1C would send.
    Raw(String),
}

impl Value {
    /// As it goes over the wire.
    pub fn json(&self) -> String {
        match self {
            Self::Text(text) => Json::from(text.as_str()).to_string(),
            Self::Hundredths(units) => decimal(*units),
            Self::Whole(number) => format!("\"{number}\""),
            Self::Flag(flag) => flag.to_string(),
            Self::Key(key) => format!("\"{key}\""),
            Self::Time(time) => format!("\"{}\"", time.format("%Y-%m-%dT%H:%M:%S")),
            Self::Raw(json) => json.clone(),
        }
    }

    /// How two values of one kind stand; nothing where they cannot be compared.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            (Self::Hundredths(one), Self::Hundredths(other)) => Some(one.cmp(other)),
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(other)),
            (Self::Whole(one), Self::Hundredths(other)) => {
                Some(i64::try_from(*one).ok()?.saturating_mul(100).cmp(other))
            }
            (Self::Flag(one), Self::Flag(other)) => Some(one.cmp(other)),
            (Self::Key(one), Self::Key(other)) => Some(one.cmp(other)),
            (Self::Time(one), Self::Time(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

/// Hundredths as 1C writes numbers: without zeros at the end.
pub fn decimal(units: i64) -> String {
    let (sign, units) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    match (units / 100, units % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, part) if part % 10 == 0 => format!("{sign}{whole}.{}", part / 10),
        (whole, part) => format!("{sign}{whole}.{part:02}"),
    }
}

/// A row of a register or an item of a catalog: its fields in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(pub Vec<(Cow<'static, str>, Value)>);

impl Record {
    /// The same with one more field.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: Value) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a field.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: Value) {
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Removes a field.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The twin of a composite field, which tells its type.
    pub fn twin(&self, name: &str) -> Option<&Value> {
        let is_twin = |known: &str| known.strip_suffix("_Type") == Some(name);
        self.0.iter().find(|(known, _)| is_twin(known)).map(|(_, value)| value)
    }

    /// The reference in a field; the empty one where it has none.
    pub fn key(&self, name: &str) -> Uuid {
        match self.get(name) {
            Some(Value::Key(key)) => *key,
            _ => Uuid::nil(),
        }
    }

    /// The number in a field; 0 where it has none.
    pub fn hundredths(&self, name: &str) -> i64 {
        match self.get(name) {
            Some(Value::Hundredths(units)) => *units,
            _ => 0,
        }
    }

    /// As it goes over the wire.
    pub fn json(&self) -> String {
        let mut text = String::from("{");
        for (place, (name, value)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}\"{name}\":{}", value.json());
        }
        text + "}"
    }
}
