//! A staging over what is published becomes the next generation where it lies: what changed is written, the rest stays.
//!
//! ```text
//! staged over the published rows ──looked up by key──▶ what really differs ──one transaction──▶ the published tables
//! the last visit of all cards ─────▶ counts, unknown cards                     the figures, written whole
//! ```
//!
//! Nothing of it is seen before the transaction of [`super::super::Settled::publish`]. The rows of the generation before
//! are no longer there afterwards; its figures are, for whoever compares with them.

use redb::{ReadTransaction, WriteTransaction};

use super::super::digest::Digest;
use super::super::error::{ask, caught, caught_around, damaged};
use super::super::pass::{ComparePass, Passed};
use super::super::patch::Patch;
use super::super::record::{self, card_key, decode_customer};
use super::super::schema::{self, RowKind};
use super::super::segment::{Merge, Segment};
use super::super::settled::{Merged, Reckoned, Settled};
use super::super::snapshot;
use super::super::walk::CountTally;
use super::super::{Error, UnknownCard};
use super::{Staging, drop_previous};
use crate::domain::{Customer, StoredFigures};

/// What the last visit of all cards counted, as long as nothing of them was changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct Visited {
    pub(super) tally: CountTally,
    pub(super) unknown: Vec<UnknownCard>,
}

/// Of so many published rows, at the most, one may be staged: where more are, all rows are written anew.
const SHARE: u64 = 2;

/// Where so few rows are staged, their share is no matter.
const FEW: u64 = 1_000;

impl Staging {
    /// Whether this is a staging over what is published that changes little of it, and all cards were visited since
    /// anything of them was changed.
    pub fn changes_little(&self) -> Result<bool, Error> {
        if self.visited.is_none() || !self.is_over_current() {
            return Ok(false);
        }
        caught(|| {
            let read = self.store().begin_read()?;
            let has_digest =
                snapshot::head(&read.open_table(schema::META)?, schema::VERSION)?.lists.is_some();
            let (mut staged, mut published) = (0, 0);
            for kind in RowKind::SOURCE {
                staged += self.staged_of(kind).map(|segment| segment.rows).sum::<u64>();
                published += rows_of(&read, &kind.current())?;
            }
            Ok(has_digest && staged <= published / SHARE + FEW)
        })
    }

    /// Finds what changes of the published rows, and reckons every known card's figures by `figures`; see
    /// [`Self::changes_little`]. The published rows were all read once since this staging began, and are what was
    /// published, or this is damage.
    pub fn settle_in_place(
        mut self,
        mut figures: impl FnMut(&Customer) -> StoredFigures,
    ) -> Result<Settled, Error> {
        self.write_gathered()?;
        let Some(visited) = self.visited.take() else {
            return Err(damaged("nobody looked at what is staged"));
        };
        let outside = std::cell::Cell::new(false);
        let (merged, reckoned, patches) = caught_around(&outside, || {
            drop_previous(self.store())?;
            let (patches, mut merged) = self.patches()?;
            let store = self.store().clone();
            let (read, write) = (store.begin_read()?, store.begin_write()?);
            merged.take(RowKind::Carried, &self.merge_kind(RowKind::Carried, &read, &write)?);
            let figures = |customer: &Customer| ask(&outside, || figures(customer));
            let reckoned = self.reckon_visited(&visited, figures, (&read, &write))?;
            self.put_record(&write, None)?;
            write.commit()?;
            Ok((merged, reckoned, patches))
        })?;
        Ok(Settled::new(self, merged, reckoned).in_place(patches))
    }

    fn is_over_current(&self) -> bool {
        RowKind::SOURCE
            .iter()
            .all(|kind| self.segments[*kind as usize].list.first().is_some_and(|oldest| !oldest.is_staged()))
    }

    fn staged_of(&self, kind: RowKind) -> impl Iterator<Item = &Segment> {
        self.segments[kind as usize].list.iter().filter(|segment| segment.is_staged())
    }

    /// What changes of each table, and what the tables hold then.
    fn patches(&self) -> Result<(Vec<Patch>, Merged), Error> {
        let read = self.store().begin_read()?;
        let head = snapshot::head(&read.open_table(schema::META)?, schema::VERSION)?;
        let (Some(generation), Some(lists)) = (head.generation, head.lists) else {
            return Err(damaged("nothing is published that rows could be staged over"));
        };
        let (mut found, mut customers, mut patches) = (Digest::default(), Digest::default(), Vec::new());
        let mut merged = Merged::default();
        for kind in RowKind::SOURCE {
            let pass = ComparePass { kind, read: &read, types: &self.types };
            let before = match self.passed[kind as usize] {
                Some(digest) => digest,
                None => pass.digest()?,
            };
            found = found.plus(before);
            if kind == RowKind::Customers {
                customers = before;
            }
            let (patch, passed) = self.patch(kind, before, &read)?;
            merged.take(kind, &passed);
            patches.push(patch);
        }
        let figures = ComparePass { kind: RowKind::Figures, read: &read, types: &self.types }.digest()?;
        if found.0 == generation.digest && customers.plus(figures).0 == lists {
            Ok((patches, merged))
        } else {
            Err(damaged("the rows are not those of the manifest"))
        }
    }

    /// What changes of a table whose rows have the digest `before`.
    fn patch(&self, kind: RowKind, before: Digest, read: &ReadTransaction) -> Result<(Patch, Passed), Error> {
        let published = read.open_table(schema::rows(&kind.current()))?;
        let staged: Vec<&Segment> = self.staged_of(kind).collect();
        let mut rows = Merge::over(read, &staged)?.with_taken_back();
        let mut patch = Patch { kind, rows: Vec::new() };
        let mut passed =
            Passed { rows: rows_of(read, &kind.current())?, digest: before, ..Passed::default() };
        while let Some(row) = rows.next()? {
            let (key, new) = (row.key(), row.record());
            let new = (!row.is_taken_back()).then_some(new);
            let old = published.get(key)?;
            let old = old.as_ref().map(redb::AccessGuard::value);
            if old == new {
                continue;
            }
            self.note_change((kind, key), old, new, &mut passed)?;
            patch.rows.push((key.to_vec(), new.map(<[u8]>::to_vec)));
        }
        Ok((patch, passed))
    }

    fn note_change(
        &self,
        (kind, key): (RowKind, &[u8]),
        old: Option<&[u8]>,
        new: Option<&[u8]>,
        passed: &mut Passed,
    ) -> Result<(), Error> {
        if let Some(old) = old {
            passed.digest.take_out(kind, key, old, &self.types)?;
            passed.rows -= 1;
        }
        if let Some(new) = new {
            passed.digest.add(kind, key, new, &self.types)?;
            passed.rows += 1;
        }
        passed.count((kind, key), old, new, &self.types)
    }

    /// Writes the figures of all known cards, and what there is of unknown ones.
    fn reckon_visited(
        &mut self,
        visited: &Visited,
        mut figures: impl FnMut(&Customer) -> StoredFigures,
        (read, write): (&ReadTransaction, &WriteTransaction),
    ) -> Result<Reckoned, Error> {
        let mut reckoned = Reckoned { tally: visited.tally, ..Reckoned::default() };
        let (known, unknown) = self.name_figures(write)?;
        let mut known = write.open_table(schema::rows(&known))?;
        let mut unknown = write.open_table(schema::rows(&unknown))?;
        for card in &visited.unknown {
            reckoned.put_unknown(card, &mut unknown, &self.types)?;
        }
        let mut end = known.upper_bound_mut(std::ops::Bound::<&[u8]>::Unbounded)?;
        let mut customers = Merge::over(read, &self.segments[RowKind::Customers as usize].list)?;
        while let Some(row) = customers.next()? {
            let customer = decode_customer(row.key(), row.record())?;
            let figures = figures(&customer);
            reckoned.tally.figures(&figures);
            let (key, record) = (card_key(customer.card), record::encode_figures(customer.card, &figures)?);
            reckoned.figures_digest.add(RowKind::Figures, &key, &record, &self.types)?;
            end.insert_before(key.as_slice(), record.as_slice())?;
        }
        end.close()?;
        Ok(reckoned)
    }
}

fn rows_of(read: &ReadTransaction, table: &str) -> Result<u64, Error> {
    use redb::ReadableTableMetadata;
    Ok(read.open_table(schema::rows(table))?.len()?)
}
