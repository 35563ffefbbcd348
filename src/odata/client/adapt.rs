//! Asking otherwise: what a base does not understand is left out once and remembered.

use std::time::Duration;

use super::super::address::{Dialect, select};
use super::super::error::Error;
use super::super::rows::decode::{Field, Layout, Need};
use super::jobs::Job;
use super::{Client, Measure};

/// 1C's code for an address with a part it does not know: a field, a method.
pub(super) const BAD_PATH: i32 = 6;

impl Client {
    /// Whether the request may be sent again otherwise: with a dialect that was just learned, or that
    /// another request learned meanwhile.
    pub(super) fn adapted<J: Job>(&self, job: &J, used: &Dialect, error: &Error, sent: u32) -> bool {
        let Error::BadRequest { code: Some(BAD_PATH), text, .. } = error else { return false };
        let (Some(concerned), Some(layout)) = (job.set(), job.layout()) else { return false };
        if self.dialect(Some(concerned)) != *used {
            return true;
        }
        let Some((dialect, measure)) = otherwise(used, layout, text, job.must_select()) else { return false };
        self.run.learn(concerned, |known| *known = dialect);
        self.tell(Some(concerned), sent, error, measure, Duration::ZERO);
        true
    }
}

/// The next thing to leave out, from the least to the most: the field the words name, all fields that
/// other configurations lack, all names of fields, the usual spelling of a register's key.
fn otherwise(used: &Dialect, layout: &Layout, text: &str, must_select: bool) -> Option<(Dialect, Measure)> {
    let mut dialect = used.clone();
    let named = layout.fields().iter().find(|field| names_word(text, &field.name));
    let shares_key = layout.fields().iter().any(|field| field.need == Need::SharedKey);
    if shares_key && !used.sole_recorder && named.is_some_and(|field| field.need == Need::SharedKey) {
        dialect.sole_recorder = true;
        return Some((dialect, Measure::SoleRecorder));
    }
    let without = droppable(layout, used, named);
    if !without.is_empty() {
        let missed: Vec<_> = without.iter().filter(|name| is_wanted(layout, name)).cloned().collect();
        dialect.without.extend(without);
        // Rare fields belong to other configurations: nobody misses them here.
        let measure = if missed.is_empty() { Measure::OtherForm } else { Measure::WithoutFields(missed) };
        return Some((dialect, measure));
    }
    if !used.unselective && !must_select {
        dialect.unselective = true;
        return Some((dialect, Measure::WithoutSelect));
    }
    if shares_key && !used.sole_recorder {
        // No field was named, so it is the order that names one this register does not have.
        dialect.sole_recorder = true;
        dialect.unselective = false;
        return Some((dialect, Measure::SoleRecorder));
    }
    None
}

/// The field named, where the row can do without it and it was asked for; else all rare ones asked for.
fn droppable(layout: &Layout, used: &Dialect, named: Option<&Field>) -> Vec<String> {
    let selected = select(layout, used);
    let is_selected = |field: &&Field| selected.split(',').any(|name| name == field.name);
    let named = named.filter(|field| matches!(field.need, Need::Wanted | Need::Rare)).filter(is_selected);
    if let Some(field) = named {
        return vec![field.name.clone()];
    }
    let rare = layout.fields().iter().filter(|field| field.need == Need::Rare).filter(is_selected);
    rare.map(|field| field.name.clone()).collect()
}

fn is_wanted(layout: &Layout, name: &str) -> bool {
    layout.fields().iter().any(|field| field.name == name && field.need == Need::Wanted)
}

/// Whether a text has this word, whatever stands around it.
fn names_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
