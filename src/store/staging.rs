//! Building the next generation aside.

use std::cell::Cell;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use redb::{ReadTransaction, ReadableTable, TableHandle, WriteTransaction};

use super::checkpoint::Checkpoint;
use super::digest::Digest;
use super::error::{ask, caught, caught_around};
use super::record::{
    self, RecorderTypes, card_of, decode_bonus, decode_carried, decode_customer, decode_figures,
    decode_movement, decode_product,
};
use super::schema::{self, META, META_PREVIOUS, META_STAGED, RECORDER_TYPES, RowKind, STAGED};
use super::segment::{Gathered, Merge, Segment, Segments};
use super::walk::{Walk, WalkedCard};
use super::{CardRows, Carried, Error, ListedCustomer, Store, StoredProduct, snapshot};
use crate::domain::{BonusRow, CardId, Customer, LocalTime, Movement, MovementKind, ProductId};

mod in_place;
mod settle;

use in_place::Visited;

/// The next generation while it is read. Dropped without publishing, it leaves nothing visible.
#[derive(Debug)]
pub struct Staging {
    /// Nobody else stages while this one does.
    turn: StagingTurn,
    types: RecorderTypes,
    /// Recorder types that are in the file.
    types_written: usize,
    gathered: [Gathered; RowKind::READ.len()],
    segments: [Segments; RowKind::READ.len()],
    /// The tables of the figures and of the unknown cards, once they were reckoned.
    figures: Option<String>,
    unknown: Option<String>,
    next_segment: u32,
    /// The note of the last checkpoint, as long as nothing was written after it.
    note: Option<Vec<u8>>,
    /// What the last visit counted, as long as nothing of the cards was changed since.
    visited: Option<Visited>,
    /// Digests of published tables that were read whole since the staging over them began.
    passed: [Option<Digest>; RowKind::READ.len()],
}

/// The right to stage: one at a time.
#[derive(Debug)]
struct StagingTurn(Store);

impl StagingTurn {
    fn take(store: &Store) -> Result<Self, Error> {
        if store.begin_staging() { Ok(Self(store.clone())) } else { Err(Error::Staging) }
    }
}

impl Drop for StagingTurn {
    fn drop(&mut self) {
        self.0.end_staging();
    }
}

impl Staging {
    pub(super) fn begin(store: &Store) -> Result<Self, Error> {
        let turn = StagingTurn::take(store)?;
        let types = caught(|| {
            drop_leftovers(store, &[])?;
            snapshot::recorder_types(&store.begin_read()?)
        })?;
        Ok(Self::with(turn, types, Checkpoint::default(), None))
    }

    /// Begins with all that is published: what is neither replaced nor removed stays as it is. Those rows are
    /// not copied before [`Self::settle`]; a staging of this kind is never gone on with.
    pub(super) fn over_current(store: &Store) -> Result<Self, Error> {
        let mut staging = Self::begin(store)?;
        for kind in RowKind::SOURCE {
            staging.segments[kind as usize].list.push(Segment::published(kind));
        }
        Ok(staging)
    }

    /// Goes on from the last checkpoint. What was written after it is dropped: the rows and the note belong
    /// together. So is all of it where the disk no longer holds what was written.
    pub(super) fn resume(store: &Store) -> Result<Option<(Self, Vec<u8>)>, Error> {
        let turn = StagingTurn::take(store)?;
        let types = caught(|| snapshot::recorder_types(&store.begin_read()?))?;
        let checkpoint = match caught(|| Checkpoint::find(&store.begin_read()?, &types)) {
            Ok(Some(checkpoint)) => checkpoint,
            Ok(None) => return Ok(None),
            Err(error) if error.is_damage() => {
                caught(|| drop_leftovers(store, &[]))?;
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let kept: Vec<_> = checkpoint.segments.iter().flat_map(|kind| &kind.list).cloned().collect();
        caught(|| drop_leftovers(store, &kept))?;
        let note = checkpoint.note.clone();
        Ok(Some((Self::with(turn, types, checkpoint, Some(note.clone())), note)))
    }

    fn with(turn: StagingTurn, types: RecorderTypes, checkpoint: Checkpoint, note: Option<Vec<u8>>) -> Self {
        Self {
            turn,
            types_written: types.len(),
            types,
            gathered: Default::default(),
            segments: checkpoint.segments,
            figures: None,
            unknown: None,
            next_segment: checkpoint.next_segment,
            note,
            visited: None,
            passed: Default::default(),
        }
    }

    /// Makes all rows taken so far last, together with a note of how far they reach: after a kill,
    /// [`Store::resume`] finds the rows and the note of the last checkpoint, or of the one before if this one
    /// did not return.
    pub fn checkpoint(&mut self, note: &[u8]) -> Result<(), Error> {
        caught(|| self.write_segments(&self.waiting(), Some(note)))
    }

    /// Takes customers; a card taken before is replaced.
    pub fn put_customers(&mut self, customers: &[ListedCustomer]) -> Result<(), Error> {
        self.visited = None;
        for listed in customers {
            self.gathered[RowKind::Customers as usize].push(&record::encode_customer(listed)?);
        }
        self.write_if_full(RowKind::Customers)
    }

    /// Takes products; one taken before is replaced.
    pub fn put_products(&mut self, products: &[StoredProduct]) -> Result<(), Error> {
        for product in products {
            self.gathered[RowKind::Products as usize].push(&record::encode_product(product)?);
        }
        self.write_if_full(RowKind::Products)
    }

    /// Takes movements, in any order; one of the same card and key is replaced.
    pub fn put_movements(&mut self, movements: &[Movement]) -> Result<(), Error> {
        self.visited = None;
        for movement in movements {
            let row = record::encode_movement(movement, &mut self.types)?;
            self.gathered[RowKind::Movements as usize].push(&row);
        }
        self.write_if_full(RowKind::Movements)
    }

    /// Takes bonus rows, in any order; one of the same card and key is replaced.
    pub fn put_bonus_rows(&mut self, rows: &[BonusRow]) -> Result<(), Error> {
        self.visited = None;
        for row in rows {
            let row = record::encode_bonus(row, &mut self.types)?;
            self.gathered[RowKind::BonusRows as usize].push(&row);
        }
        self.write_if_full(RowKind::BonusRows)
    }

    /// Drops the staged customers that `unwanted` tells, and says how many: a catalog that is read again.
    pub fn remove_customers(&mut self, mut unwanted: impl FnMut(&Customer) -> bool) -> Result<u64, Error> {
        self.take_back(RowKind::Customers, |key, row, _| Ok(unwanted(&decode_customer(key, row)?)))
    }

    /// Drops the staged movements that `unwanted` tells, and says how many: a window that is read again.
    pub fn remove_movements(&mut self, mut unwanted: impl FnMut(&Movement) -> bool) -> Result<u64, Error> {
        self.take_back(RowKind::Movements, |key, row, types| Ok(unwanted(&decode_movement(key, row, types)?)))
    }

    /// The same, told by no more than what they are and when they count.
    pub fn remove_movements_at(
        &mut self,
        mut unwanted: impl FnMut(MovementKind, LocalTime) -> bool,
    ) -> Result<u64, Error> {
        self.take_back(RowKind::Movements, |_, row, _| {
            let (kind, period) = record::movement_at_a_glance(row)?;
            Ok(unwanted(kind, period))
        })
    }

    /// The same of these cards alone: nothing else is looked at.
    pub fn remove_movements_of(
        &mut self,
        cards: &BTreeSet<CardId>,
        mut unwanted: impl FnMut(&Movement) -> bool,
    ) -> Result<u64, Error> {
        self.take_back_of(RowKind::Movements, cards, |key, row, types| {
            Ok(unwanted(&decode_movement(key, row, types)?))
        })
    }

    /// Drops the staged bonus rows of these cards, and says how many.
    pub fn remove_bonus_rows_of(&mut self, cards: &BTreeSet<CardId>) -> Result<u64, Error> {
        self.take_back_of(RowKind::BonusRows, cards, |_, _, _| Ok(true))
    }

    /// Drops the staged products that `unwanted` tells, and says how many.
    pub fn remove_products(&mut self, mut unwanted: impl FnMut(ProductId) -> bool) -> Result<u64, Error> {
        self.take_back(RowKind::Products, |key, row, _| Ok(unwanted(decode_product(key, row)?.id)))
    }

    /// Drops the staged bonus rows that `unwanted` tells, and says how many.
    pub fn remove_bonus_rows(&mut self, mut unwanted: impl FnMut(&BonusRow) -> bool) -> Result<u64, Error> {
        self.take_back(RowKind::BonusRows, |key, row, types| Ok(unwanted(&decode_bonus(key, row, types)?)))
    }

    fn take_back(
        &mut self,
        kind: RowKind,
        mut unwanted: impl FnMut(&[u8], &[u8], &RecorderTypes) -> Result<bool, Error>,
    ) -> Result<u64, Error> {
        self.write_gathered()?;
        let outside = Cell::new(false);
        let list = &self.segments[kind as usize].list;
        // What is read for the first time tells whether it is what was published.
        let mut digest = list.iter().all(|segment| !segment.is_staged()).then(Digest::default);
        let count = caught_around(&outside, || {
            let read = self.store().begin_read()?;
            let mut rows = Merge::over(&read, &self.segments[kind as usize].list)?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                if let Some(digest) = &mut digest {
                    digest.add(kind, row.key(), row.record(), &self.types)?;
                }
                if ask(&outside, || unwanted(row.key(), row.record(), &self.types))? {
                    self.gathered[kind as usize].take_back(row.key());
                    count += 1;
                }
            }
            Ok(count)
        })?;
        let passed = &mut self.passed[kind as usize];
        *passed = passed.or(digest);
        if count > 0 && kind != RowKind::Products {
            self.visited = None;
        }
        Ok(count)
    }

    fn take_back_of(
        &mut self,
        kind: RowKind,
        cards: &BTreeSet<CardId>,
        mut unwanted: impl FnMut(&[u8], &[u8], &RecorderTypes) -> Result<bool, Error>,
    ) -> Result<u64, Error> {
        self.write_gathered()?;
        let outside = Cell::new(false);
        let count = caught_around(&outside, || {
            let read = self.store().begin_read()?;
            let mut count = 0;
            for card in cards {
                let of_card = record::card_key(*card);
                let list = &self.segments[kind as usize].list;
                let mut rows = Merge::of_all_starting_at(&read, list, &of_card)?;
                while let Some(row) = rows.next()?.filter(|row| row.key().starts_with(&of_card)) {
                    if ask(&outside, || unwanted(row.key(), row.record(), &self.types))? {
                        self.gathered[kind as usize].take_back(row.key());
                        count += 1;
                    }
                }
            }
            Ok(count)
        })?;
        if count > 0 {
            self.visited = None;
        }
        Ok(count)
    }

    /// Copies the published cards that `keep` tells, with all their rows, their figures and their age, and
    /// all products; says how many cards. Unknown cards are asked for too.
    pub fn carry_over(&mut self, mut keep: impl FnMut(CardId) -> bool) -> Result<u64, Error> {
        let snapshot = self.store().snapshot()?;
        let Some(generation) = snapshot.generation() else { return Ok(0) };
        let synced_at = generation.synced_at;
        let read = self.store().begin_read()?;
        self.copy_all(&read, RowKind::Products)?;
        let mut kept = 0;
        for kind in [RowKind::Customers, RowKind::Movements, RowKind::BonusRows] {
            let cards = self.copy_kept(&read, kind, &mut keep)?;
            kept += if kind == RowKind::Customers { cards } else { 0 };
        }
        self.copy_figures(&read, synced_at, &mut keep)?;
        Ok(kept)
    }

    fn copy_all(&mut self, read: &ReadTransaction, kind: RowKind) -> Result<(), Error> {
        caught(|| {
            let mut rows = Merge::over(read, &[kind.current()])?;
            while let Some(row) = rows.next()? {
                self.gathered[kind as usize].push_parts(row.key(), row.record());
                self.write_if_full(kind)?;
            }
            Ok(())
        })
    }

    /// Copies the rows of the cards to keep; says of how many cards.
    fn copy_kept(
        &mut self,
        read: &ReadTransaction,
        kind: RowKind,
        keep: &mut impl FnMut(CardId) -> bool,
    ) -> Result<u64, Error> {
        let outside = Cell::new(false);
        caught_around(&outside, || {
            let mut rows = Merge::over(read, &[kind.current()])?;
            let (mut last, mut count) = (None, 0);
            while let Some(row) = rows.next()? {
                let card = card_of(row.key())?;
                let kept = match last {
                    Some((same, kept)) if same == card => kept,
                    _ => {
                        let kept = ask(&outside, || keep(card));
                        count += u64::from(kept);
                        kept
                    }
                };
                last = Some((card, kept));
                if kept {
                    self.gathered[kind as usize].push_parts(row.key(), row.record());
                    self.write_if_full(kind)?;
                }
            }
            Ok(count)
        })
    }

    fn copy_figures(
        &mut self,
        read: &ReadTransaction,
        synced_at: DateTime<Utc>,
        keep: &mut impl FnMut(CardId) -> bool,
    ) -> Result<(), Error> {
        let outside = Cell::new(false);
        caught_around(&outside, || {
            let carried = read.open_table(schema::rows(&RowKind::Carried.current()))?;
            let mut rows = Merge::over(read, &[RowKind::Figures.current()])?;
            while let Some(row) = rows.next()? {
                let card = card_of(row.key())?;
                if !ask(&outside, || keep(card)) {
                    continue;
                }
                let earlier =
                    carried.get(row.key())?.map(|record| decode_carried(record.value())).transpose()?;
                let read_at = earlier.map_or(synced_at, |carried| carried.read_at);
                let carried = Carried { read_at, figures: decode_figures(row.record())? };
                self.gathered[RowKind::Carried as usize].push(&record::encode_carried(card, &carried)?);
                self.write_if_full(RowKind::Carried)?;
            }
            Ok(())
        })
    }

    /// Shows every card by key with its staged rows; those without a customer are unknown cards.
    pub fn visit(
        &mut self,
        mut visit: impl FnMut(CardId, Option<&Customer>, &CardRows),
    ) -> Result<(), Error> {
        self.write_gathered()?;
        let outside = Cell::new(false);
        let mut visited = Visited::default();
        caught_around(&outside, || {
            let read = self.store().begin_read()?;
            let mut walk = self.walk(&read)?;
            while let Some(walked) = walk.next()? {
                visited.unknown.extend(visited.tally.card(&walked));
                let WalkedCard { card, customer, rows } = walked;
                ask(&outside, || visit(card, customer.as_ref(), &rows));
            }
            Ok(())
        })?;
        self.visited = Some(visited);
        Ok(())
    }

    fn walk(&self, read: &ReadTransaction) -> Result<Walk<'_>, Error> {
        Walk::over(read, |kind| &self.segments[kind as usize].list, &self.types)
    }

    pub(super) fn store(&self) -> &Store {
        &self.turn.0
    }

    /// The table that holds all rows of a kind, once they are settled.
    pub(super) fn table(&self, kind: RowKind) -> Option<&str> {
        match kind {
            RowKind::Figures => self.figures.as_deref(),
            RowKind::Unknown => self.unknown.as_deref(),
            read => self.segments[read as usize].list.first().map(AsRef::as_ref),
        }
    }

    /// Drops the staged tables of a kind: what they held is written elsewhere.
    pub(super) fn drop_segments(&self, kind: RowKind, write: &WriteTransaction) -> Result<(), Error> {
        for segment in self.segments[kind as usize].list.iter().filter(|segment| segment.is_staged()) {
            write.delete_table(schema::rows(&segment.name))?;
        }
        Ok(())
    }

    fn name_segment(&mut self, kind: RowKind) -> String {
        self.next_segment += 1;
        kind.staged(self.next_segment)
    }

    fn write_if_full(&mut self, kind: RowKind) -> Result<(), Error> {
        if self.gathered[kind as usize].is_full() {
            caught(|| self.write_segments(&[kind], None))
        } else {
            Ok(())
        }
    }

    fn write_gathered(&mut self) -> Result<(), Error> {
        let waiting = self.waiting();
        if waiting.is_empty() { Ok(()) } else { caught(|| self.write_segments(&waiting, None)) }
    }

    /// The kinds of which rows are gathered.
    fn waiting(&self) -> Vec<RowKind> {
        RowKind::READ.into_iter().filter(|kind| !self.gathered[*kind as usize].is_empty()).collect()
    }

    /// Writes what was gathered of these kinds, the recorder types it names and, for a checkpoint, its record,
    /// in one transaction.
    fn write_segments(&mut self, kinds: &[RowKind], note: Option<&[u8]>) -> Result<(), Error> {
        let write = self.store().begin_write()?;
        for kind in kinds {
            let name = self.name_segment(*kind);
            let gathered = &mut self.gathered[*kind as usize];
            let segments = &mut self.segments[*kind as usize];
            segments.take_back |= gathered.takes_back();
            segments.list.push(gathered.write(*kind, &write, &name, &self.types)?);
        }
        {
            let mut table = write.open_table(RECORDER_TYPES)?;
            for (number, recorder_type) in self.types.since(self.types_written) {
                table.insert(number, &*recorder_type.0)?;
            }
        }
        if note.is_some() {
            self.put_record(&write, note)?;
        }
        write.commit()?;
        self.types_written = self.types.len();
        self.note = note.map(Into::into);
        Ok(())
    }

    /// Says what is staged and how far it reaches; without a note, that nothing is to be gone on from.
    fn put_record(&self, write: &WriteTransaction, note: Option<&[u8]>) -> Result<(), Error> {
        let mut meta = write.open_table(META)?;
        match note {
            None => drop(meta.remove(META_STAGED)?),
            Some(note) => {
                let checkpoint = Checkpoint {
                    next_segment: self.next_segment,
                    segments: self.segments.clone(),
                    note: note.into(),
                };
                meta.insert(META_STAGED, checkpoint.encode()?.as_slice())?;
            }
        }
        Ok(())
    }
}

/// Drops the generation before the current one: four at once would double the file.
fn drop_previous(store: &Store) -> Result<(), Error> {
    let write = store.begin_write()?;
    for kind in RowKind::ALL {
        write.delete_table(schema::rows(&kind.previous()))?;
    }
    write.open_table(META)?.remove(META_PREVIOUS)?;
    write.commit()?;
    // redb gives freed pages out again from the commit after the one that freed them.
    Ok(store.begin_write()?.commit()?)
}

/// Drops the tables of a staging that was not published, but for those to keep, and its record if there are
/// none.
fn drop_leftovers(store: &Store, kept: &[Segment]) -> Result<(), Error> {
    let write = store.begin_write()?;
    let is_kept = |name: &str| kept.iter().any(|segment| segment.name == name);
    let staged = write.list_tables()?.filter(|table| table.name().starts_with(STAGED));
    let leftovers: Vec<_> = staged.filter(|table| !is_kept(table.name())).collect();
    let has_record = write.open_table(META)?.get(META_STAGED)?.is_some();
    if leftovers.is_empty() && (has_record != kept.is_empty()) {
        return Ok(write.abort()?);
    }
    for table in leftovers {
        write.delete_table(table)?;
    }
    if kept.is_empty() {
        write.open_table(META)?.remove(META_STAGED)?;
    }
    Ok(write.commit()?)
}
