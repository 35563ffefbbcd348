//! One pass over the rows of a kind: their digest, and on the way copying them and comparing with the
//! generation before.

use std::ops::Bound;

use redb::{ReadTransaction, WriteTransaction};

use super::digest::Digest;
use super::error::damaged;
use super::record::{CARD, RecorderTypes, decode_movement, is_same_customer};
use super::schema::{RowKind, rows};
use super::segment::{Merge, StoredRow};
use super::{Delta, Error};
use crate::domain::Amount;

/// What is known of the rows that passed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passed {
    pub(super) rows: u64,
    /// Their keys and records.
    pub(super) bytes: u64,
    pub(super) digest: Digest,
    pub(super) delta: Delta,
    pub(super) removed_amount: Amount,
}

impl Passed {
    /// Counts how a row differs from what lay there before.
    pub(super) fn count(
        &mut self,
        (kind, key): (RowKind, &[u8]),
        old: Option<&[u8]>,
        new: Option<&[u8]>,
        types: &RecorderTypes,
    ) -> Result<(), Error> {
        match (old, new) {
            (Some(old), None) => {
                self.delta.removed += 1;
                if kind == RowKind::Movements {
                    let amount = decode_movement(key, old, types)?.amount;
                    self.removed_amount += amount.max(-amount);
                }
            }
            (None, Some(_)) => self.delta.created += 1,
            (Some(old), Some(new)) => {
                let is_same = old == new || (kind == RowKind::Customers && is_same_customer(key, old, new)?);
                self.delta.changed += u64::from(!is_same);
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// A pass to be made.
pub(super) struct ComparePass<'a> {
    pub(super) kind: RowKind,
    pub(super) read: &'a ReadTransaction,
    pub(super) types: &'a RecorderTypes,
}

impl ComparePass<'_> {
    /// Digests the rows of the current generation.
    pub(super) fn digest(&self) -> Result<Digest, Error> {
        Ok(self.each(&[self.kind.current()], |_| Ok(()))?.digest)
    }

    /// Does the same. What is looked up must be found where it lies: a damaged
    /// page inside the tree leads astray only those who look for a key, not those who read all.
    pub(super) fn verify(&self) -> Result<Passed, Error> {
        let table = self.read.open_table(rows(&self.kind.current()))?;
        let mut last = [0; CARD];
        let mut is_first = true;
        self.each(&[self.kind.current()], |row| {
            let start = *row.key().first_chunk().ok_or_else(|| damaged("a key is cut short"))?;
            if is_first || start != last {
                let found = table.range::<&[u8]>(&start[..]..)?.next().transpose()?;
                if found.is_none_or(|(key, _)| key.value() != row.key()) {
                    return Err(damaged("a row is not found where it lies"));
                }
            }
            (last, is_first) = (start, false);
            Ok(())
        })
    }

    /// Digests the rows of these tables and compares them with the current generation.
    pub(super) fn compare(&self, tables: &[impl AsRef<str>]) -> Result<Passed, Error> {
        let mut old = OldRows::new(self)?;
        let passed = self.each(tables, |row| old.pass(row))?;
        old.finish(passed)
    }

    /// Does the same, and copies the rows to a table of this name.
    pub(super) fn copy(
        &self,
        tables: &[impl AsRef<str>],
        write: &WriteTransaction,
        target: &str,
    ) -> Result<Passed, Error> {
        let mut old = OldRows::new(self)?;
        let mut table = write.open_table(rows(target))?;
        let mut end = table.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
        let passed = self.each(tables, |row| {
            end.insert_before(row.key(), row.record())?;
            old.pass(row)
        })?;
        end.close()?;
        old.finish(passed)
    }

    fn each(
        &self,
        tables: &[impl AsRef<str>],
        mut each: impl FnMut(&StoredRow) -> Result<(), Error>,
    ) -> Result<Passed, Error> {
        let mut merge = Merge::over(self.read, tables)?;
        let mut passed = Passed::default();
        while let Some(row) = merge.next()? {
            passed.digest.add(self.kind, row.key(), row.record(), self.types)?;
            each(&row)?;
            passed.rows += 1;
            passed.bytes += (row.key().len() + row.record().len()) as u64;
        }
        Ok(passed)
    }
}

/// The rows of the current generation, walked in step with those of the next.
struct OldRows<'a> {
    kind: RowKind,
    rows: Merge,
    head: Option<StoredRow>,
    types: &'a RecorderTypes,
    counted: Passed,
}

impl<'a> OldRows<'a> {
    fn new(pass: &ComparePass<'a>) -> Result<Self, Error> {
        let mut rows = Merge::over(pass.read, &[pass.kind.current()])?;
        let head = rows.next()?;
        Ok(Self { kind: pass.kind, rows, head, types: pass.types, counted: Passed::default() })
    }

    fn pass(&mut self, new: &StoredRow) -> Result<(), Error> {
        self.remove_until(|old| old.key() >= new.key())?;
        let old = self.head.as_ref().filter(|old| old.key() == new.key());
        let (before, is_met) = (old.map(StoredRow::record), old.is_some());
        self.counted.count((self.kind, new.key()), before, Some(new.record()), self.types)?;
        if is_met {
            self.head = self.rows.next()?;
        }
        Ok(())
    }

    fn remove_until(&mut self, reached: impl Fn(&StoredRow) -> bool) -> Result<(), Error> {
        while let Some(old) = self.head.take_if(|old| !reached(old)) {
            self.counted.count((self.kind, old.key()), Some(old.record()), None, self.types)?;
            self.head = self.rows.next()?;
        }
        Ok(())
    }

    fn finish(mut self, passed: Passed) -> Result<Passed, Error> {
        self.remove_until(|_| false)?;
        let Passed { delta, removed_amount, .. } = self.counted;
        Ok(Passed { delta, removed_amount, ..passed })
    }
}
