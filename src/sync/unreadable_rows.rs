//! How many rows of a set could be read: where many cannot, it is a form or a field that nobody foresaw, and what is
//! left is no picture of the base.

use std::collections::BTreeMap;

use super::Error;
use crate::odata::{Page, RejectedRow, RowFault, Set};

/// So many of a hundred are too many…
const PERCENT: u64 = 20;

/// …where they are at least so many; fewer have to be more than half of all.
const LEAST: u64 = 50;

/// Rows of one set, as far as they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ReadTally {
    good: u64,
    rejected: u64,
    /// What is wrong with how many of the rejected ones, by field and fault.
    faults: BTreeMap<(String, RowFault), u64>,
    example: Option<String>,
}

impl ReadTally {
    pub(super) fn add_good(&mut self, rows: u64) {
        self.good += rows;
    }

    pub(super) fn reject(&mut self, row: &RejectedRow) {
        self.rejected += 1;
        *self.faults.entry((row.field.clone(), row.fault)).or_default() += 1;
        self.example.get_or_insert_with(|| row.key.clone());
    }

    /// Adds rejected rows of an earlier attempt.
    pub(super) fn take_over(&mut self, rejected: u64) {
        self.rejected += rejected;
    }

    /// Refuses to publish what was read. `stored` rows are built on unread.
    pub(super) fn refuse_many(&self, set: Set, stored: u64) -> Result<(), Error> {
        let read = self.good + self.rejected;
        if !is_many(self.rejected, read, read.max(stored)) {
            return Ok(());
        }
        let mut faults: Vec<_> =
            self.faults.iter().map(|((field, fault), rows)| (field.clone(), *fault, *rows)).collect();
        faults.sort_by_key(|(_, _, rows)| std::cmp::Reverse(*rows));
        Err(Error::Unreadable {
            set,
            field: faults.first().map(|(field, ..)| field.clone()).unwrap_or_default(),
            rejected: self.rejected,
            rows: read,
            faults,
            example: self.example.clone().unwrap_or_default(),
        })
    }
}

/// Refuses a set by a part of it that was read, as a sync refuses all of it.
pub fn refuse_unreadable<R>(set: Set, part: &Page<R>) -> Result<(), Error> {
    let mut tally = ReadTally::default();
    tally.add_good(part.rows.len() as u64);
    part.rejected.iter().for_each(|row| tally.reject(row));
    tally.refuse_many(set, 0)
}

/// Whether so many rejected rows are too many of those read, or of all there are.
fn is_many(rejected: u64, read: u64, all: u64) -> bool {
    let is_share = u128::from(rejected) * 100 >= u128::from(read) * u128::from(PERCENT);
    (rejected >= LEAST && is_share) || u128::from(rejected) * 2 > u128::from(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn more_than_half_is_many_and_a_fifth_of_fifty() {
        for (case, rejected, read, all, expected) in [
            ("none", 0, 0, 0, false),
            ("one of one", 1, 1, 1, true),
            ("half", 5, 10, 10, false),
            ("one more than half", 6, 10, 10, true),
            ("a fifth, and few", 49, 245, 245, false),
            ("a fifth of 250", 50, 250, 250, true),
            ("less than a fifth", 50, 251, 251, false),
            ("all that a delta read, of a large store", 49, 49, 5_000, false),
            ("the same, and fifty", 50, 50, 5_000, true),
        ] {
            assert_eq!(is_many(rejected, read, all), expected, "{case}");
        }
    }

    proptest! {
        #[test]
        fn one_more_rejected_is_never_fewer(rejected in 0_u64..5_000, good in 0_u64..5_000) {
            let (now, then) = (rejected + good, rejected + 1 + good);
            prop_assert!(!is_many(rejected, now, now) || is_many(rejected + 1, then, then));
            prop_assert!(!is_many(rejected, now, now) || is_many(rejected + 1, now.max(rejected + 1), now.max(rejected + 1)));
        }
    }
}
