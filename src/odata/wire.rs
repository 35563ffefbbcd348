//! From the bytes of a reply to rows: by the configured names, without a tree per row.
//!
//! The parser walks the body once and keeps, for every row, the JSON text of the fields asked for, by
//! slot; everything else is skipped unread. What a slot's text means is the row's own business.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::Error;
use super::layout::{Layout, RowField, SLOTS};
use super::set::Set;

pub(super) mod refusal;
mod value;

pub(super) use value::Value;

/// The fields of one row, by slot of its layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots<'de>([Value<'de>; SLOTS]);

impl<'de> Slots<'de> {
    pub(super) fn get(&self, slot: usize) -> Value<'de> {
        self.0.get(slot).copied().unwrap_or_default()
    }

    /// The values in the first slots.
    pub(super) fn values<const N: usize>(&self) -> [Value<'de>; N] {
        const { assert!(N <= SLOTS) };
        std::array::from_fn(|slot| self.get(slot))
    }
}

/// What a collection brought beside its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    /// `odata.count`, where asked for: the rows that match in all.
    pub(super) count: Option<u64>,
}

/// The text of a body: valid UTF-8 without byte order mark and surrounding space.
pub(super) fn body_text(body: &[u8], set: Option<Set>) -> Result<&str, Error> {
    let text = std::str::from_utf8(body)
        .map_err(|error| malformed(set, format!("invalid UTF-8 at byte {}", error.valid_up_to())))?;
    Ok(trimmed(text))
}

/// Without byte order mark and surrounding space.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_matches([' ', '\t', '\r', '\n'])
}

/// Reads a collection, row by row. `take` may refuse a row, which refuses the page.
pub(super) fn collection<'de>(
    text: &'de str,
    layout: &Layout,
    set: Option<Set>,
    mut take: impl FnMut(Slots<'de>) -> Result<(), Error>,
) -> Result<Envelope, Error> {
    let problem = WireProblem::default();
    let mut envelope = Envelope::default();
    let (mut found, mut counted) = (false, false);
    let seed = EnvelopeSeed {
        layout,
        problem: &problem,
        envelope: &mut envelope,
        take: &mut take,
        found: &mut found,
        counted: &mut counted,
    };
    parse(text, seed, &problem, set)?;
    if found { Ok(envelope) } else { Err(malformed(set, "no collection in the reply".into())) }
}

pub(super) fn single<'de>(text: &'de str, layout: &Layout, set: Option<Set>) -> Result<Slots<'de>, Error> {
    let problem = WireProblem::default();
    parse(text, RowSeed { layout, problem: &problem, before: &mut Vec::new() }, &problem, set)
}

fn parse<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    seed: S,
    problem: &WireProblem,
    set: Option<Set>,
) -> Result<S::Value, Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    seed.deserialize(&mut json)
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| problem.0.take().unwrap_or_else(|| of_parser(&error, text, set)))
}

/// A parser's complaint, without the contents its text may quote.
fn of_parser(error: &serde_json::Error, text: &str, set: Option<Set>) -> Error {
    if error.is_eof() || is_cut_number(text) {
        return Error::Cut;
    }
    let kind = if error.is_syntax() { "no JSON" } else { "JSON of another shape" };
    malformed(set, format!("{kind} at line {} column {}", error.line(), error.column()))
}

/// Whether a text ends inside a number, which the parser takes for a wrong one rather than for the end.
fn is_cut_number(text: &str) -> bool {
    text.ends_with(['.', 'e', 'E', '+', '-'])
}

pub(super) fn malformed(set: Option<Set>, what: String) -> Error {
    Error::Malformed { set, what }
}

/// Our own complaint, carried past the parser, whose errors are only texts.
#[derive(Default)]
struct WireProblem(Cell<Option<Error>>);

impl WireProblem {
    fn raise<E: serde::de::Error>(&self, error: Error) -> E {
        self.0.set(Some(error));
        E::custom("refused")
    }
}

struct EnvelopeSeed<'a, T> {
    layout: &'a Layout,
    problem: &'a WireProblem,
    envelope: &'a mut Envelope,
    take: &'a mut T,
    found: &'a mut bool,
    counted: &'a mut bool,
}

impl<'de, T: FnMut(Slots<'de>) -> Result<(), Error>> DeserializeSeed<'de> for EnvelopeSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: FnMut(Slots<'de>) -> Result<(), Error>> Visitor<'de> for EnvelopeSeed<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a collection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match &*key {
                "value" => {
                    if std::mem::replace(self.found, true) {
                        return Err(self
                            .problem
                            .raise(malformed(self.layout.set(), "two collections in one reply".into())));
                    }
                    map.next_value_seed(RowsSeed {
                        layout: self.layout,
                        problem: self.problem,
                        take: self.take,
                    })?;
                }
                "odata.count" => {
                    let count = map.next_value::<&RawValue>()?;
                    if std::mem::replace(self.counted, true) {
                        let what = "two counts in one reply".into();
                        return Err(self.problem.raise(malformed(self.layout.set(), what)));
                    }
                    self.envelope.count = Value(Some(count.get())).whole();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct RowsSeed<'a, T> {
    layout: &'a Layout,
    problem: &'a WireProblem,
    take: &'a mut T,
}

impl<'de, T: FnMut(Slots<'de>) -> Result<(), Error>> DeserializeSeed<'de> for RowsSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: FnMut(Slots<'de>) -> Result<(), Error>> Visitor<'de> for RowsSeed<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut before = Vec::new();
        while let Some(row) = rows.next_element_seed(RowSeed {
            layout: self.layout,
            problem: self.problem,
            before: &mut before,
        })? {
            (self.take)(row).map_err(|error| self.problem.raise::<A::Error>(error))?;
        }
        Ok(())
    }
}

/// One row. `before` holds which slot each position of the row before went to: rows of one reply have
/// their fields in the same order, so the first guess is nearly always right.
struct RowSeed<'a> {
    layout: &'a Layout,
    problem: &'a WireProblem,
    before: &'a mut Vec<Option<usize>>,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = Slots<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Slots<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = Slots<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut row: A) -> Result<Slots<'de>, A::Error> {
        let mut slots = Slots([Value::default(); SLOTS]);
        let mut position = 0;
        while let Some(slot) =
            row.next_key_seed(SlotSeed { layout: self.layout, before: self.before, position })?
        {
            position += 1;
            let Some(slot) = slot else {
                row.next_value::<IgnoredAny>()?;
                continue;
            };
            let json = row.next_value::<&RawValue>()?.get();
            match slots.0.get_mut(slot) {
                Some(Value(place @ None)) => *place = Some(json),
                _ => return Err(self.problem.raise(twice(self.layout, slot))),
            }
        }
        Ok(slots)
    }
}

fn twice(layout: &Layout, slot: usize) -> Error {
    let name = layout.fields().get(slot).map_or("", |field| field.name.as_str());
    malformed(layout.set(), format!("a row has {name} twice"))
}

/// A key of a row, as the slot it goes to.
struct SlotSeed<'a> {
    layout: &'a Layout,
    before: &'a mut Vec<Option<usize>>,
    position: usize,
}

impl SlotSeed<'_> {
    fn slot(self, key: &str) -> Option<usize> {
        let fields = self.layout.fields();
        let is = |field: &RowField| field.name == key;
        let guess = self.before.get(self.position).copied().flatten();
        if let Some(slot) = guess.filter(|&slot| fields.get(slot).is_some_and(is)) {
            return Some(slot);
        }
        let slot = fields.iter().position(is);
        match self.before.get_mut(self.position) {
            Some(place) => *place = slot,
            None => self.before.push(slot),
        }
        slot
    }
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for SlotSeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.slot(key))
    }
}

/// A key of the envelope.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = std::borrow::Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = std::borrow::Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(key.into())
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(key.to_owned().into())
    }
}

#[cfg(test)]
mod tests;
