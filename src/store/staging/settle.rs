//! A staging becomes the next generation.

use std::cell::Cell;
use std::ops::Bound;

use redb::{ReadTransaction, WriteTransaction};

use super::super::error::{ask, caught, caught_around};
use super::super::pass::{ComparePass, Passed};
use super::super::record::{self, card_key};
use super::super::schema::{self, RowKind};
use super::super::segment::{Segment, Segments};
use super::super::settled::{Merged, Reckoned, Settled};
use super::super::{CardRows, Error};
use super::{Staging, drop_previous};
use crate::domain::{Customer, StoredFigures};

impl Staging {
    /// Merges what was staged, reckons every known card's figures by `figures`, and compares with what is
    /// published. The generation before that one makes room.
    pub fn settle(
        mut self,
        mut figures: impl FnMut(&Customer, &CardRows) -> StoredFigures,
    ) -> Result<Settled, Error> {
        self.write_gathered()?;
        caught(|| drop_previous(self.store()))?;
        let merged = caught(|| self.merge())?;
        let outside = Cell::new(false);
        let reckoned = caught_around(&outside, || {
            self.reckon(|customer, rows| ask(&outside, || figures(customer, rows)))
        })?;
        Ok(Settled::new(self, merged, reckoned))
    }

    /// Names the tables of the figures and of the unknown cards; those of an earlier reckoning go.
    pub(super) fn name_figures(&mut self, write: &WriteTransaction) -> Result<(String, String), Error> {
        let (known, unknown) = (self.name_segment(RowKind::Figures), self.name_segment(RowKind::Unknown));
        for earlier in [self.figures.replace(known.clone()), self.unknown.replace(unknown.clone())] {
            earlier.map(|earlier| write.delete_table(schema::rows(&earlier))).transpose()?;
        }
        Ok((known, unknown))
    }

    /// Makes one table of each kind's segments, comparing with what is published on the way.
    fn merge(&mut self) -> Result<Merged, Error> {
        let store = self.store().clone();
        let (read, write) = (store.begin_read()?, store.begin_write()?);
        let mut merged = Merged::default();
        for kind in RowKind::READ {
            let passed = self.merge_kind(kind, &read, &write)?;
            merged.take(kind, &passed);
        }
        self.put_record(&write, self.note.as_deref())?;
        write.commit()?;
        Ok(merged)
    }

    pub(super) fn merge_kind(
        &mut self,
        kind: RowKind,
        read: &ReadTransaction,
        write: &WriteTransaction,
    ) -> Result<Passed, Error> {
        let target = self.name_segment(kind);
        let Segments { list, take_back } = &mut self.segments[kind as usize];
        let pass = ComparePass { kind, read, types: &self.types };
        if list.len() == 1 && list.iter().all(Segment::is_staged) && !*take_back {
            return pass.compare(list);
        }
        let passed = pass.copy(list, write, &target)?;
        for segment in list.drain(..).filter(Segment::is_staged) {
            write.delete_table(schema::rows(&segment.name))?;
        }
        list.push(Segment { name: target, rows: passed.rows, digest: passed.digest });
        *take_back = false;
        Ok(passed)
    }

    /// Reckons the figures of all known cards, and what there is of unknown ones.
    fn reckon(
        &mut self,
        mut figures: impl FnMut(&Customer, &CardRows) -> StoredFigures,
    ) -> Result<Reckoned, Error> {
        let store = self.store().clone();
        let (read, write) = (store.begin_read()?, store.begin_write()?);
        let mut reckoned = Reckoned::default();
        let (known, unknown) = self.name_figures(&write)?;
        {
            let (mut known, mut unknown) =
                (write.open_table(schema::rows(&known))?, write.open_table(schema::rows(&unknown))?);
            let mut known = known.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
            let mut walk = self.walk(&read)?;
            while let Some(card) = walk.next()? {
                if let Some(card) = reckoned.tally.card(&card) {
                    reckoned.put_unknown(&card, &mut unknown, &self.types)?;
                }
                if let Some(customer) = &card.customer {
                    let figures = figures(customer, &card.rows);
                    reckoned.tally.figures(&figures);
                    let (key, record) = (card_key(card.card), record::encode_figures(card.card, &figures)?);
                    reckoned.figures_digest.add(RowKind::Figures, &key, &record, &self.types)?;
                    known.insert_before(key.as_slice(), record.as_slice())?;
                }
            }
            known.close()?;
        }
        write.commit()?;
        Ok(reckoned)
    }
}
