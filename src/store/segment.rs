//! Staged rows: gathered in memory, written sorted, merged when they are read.
//!
//! Rows arrive by period and lie by card, so that every page of arrivals is spread over the whole table.
//! Written as they come they would touch each page of it again and again. Instead they are gathered until
//! there are many, and written in order as a table of their own, a segment; reading merges the segments.

use std::ops::Bound;

use redb::{AccessGuard, Range, ReadTransaction, ReadableTable, WriteTransaction};

use super::Error;
use super::digest::Digest;
use super::record::{KeyedRecord, RecorderTypes};
use super::schema::{RowKind, STAGED, rows};

/// Bytes gathered before they are written as a segment: some 400,000 movements.
const GATHERED: usize = 32 << 20;

/// A row without a record takes back an earlier one of its key.
const TAKEN_BACK: &[u8] = &[];

/// A table of staged rows, and what was written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) name: String,
    /// Its rows, those that take back others included.
    pub(super) rows: u64,
    pub(super) digest: Digest,
}

impl AsRef<str> for Segment {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl Segment {
    /// One without a row so far.
    fn new(name: &str) -> Self {
        Self { name: name.into(), rows: 0, digest: Digest::default() }
    }

    /// The published table of a kind, as the oldest of what is staged. What it holds is its manifest's to say.
    pub(super) fn published(kind: RowKind) -> Self {
        Self::new(&kind.current())
    }

    /// Whether the table belongs to the staging, and goes with it.
    pub(super) fn is_staged(&self) -> bool {
        self.name.starts_with(STAGED)
    }

    fn add(&mut self, kind: RowKind, key: &[u8], record: &[u8], types: &RecorderTypes) -> Result<(), Error> {
        self.rows += 1;
        self.digest.add(kind, key, record, types)
    }

    /// Whether the table still holds what was written there.
    pub(super) fn is_whole(
        &self,
        kind: RowKind,
        read: &ReadTransaction,
        types: &RecorderTypes,
    ) -> Result<bool, Error> {
        let mut found = Self::new(&self.name);
        for row in read.open_table(rows(&self.name))?.iter()? {
            let (key, record) = row?;
            found.add(kind, key.value(), record.value(), types)?;
        }
        Ok(found == *self)
    }
}

/// Rows gathered in memory.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    bytes: Vec<u8>,
    rows: Vec<Slot>,
    takes_back: bool,
}

/// Where a row lies among the bytes: its key, and its record behind it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    key: usize,
    record: usize,
    end: usize,
}

impl Gathered {
    pub(super) fn push(&mut self, (key, record): &KeyedRecord) {
        self.push_parts(key, record);
    }

    pub(super) fn push_parts(&mut self, key: &[u8], record: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(record);
        self.rows.push(Slot { key: start, record: start + key.len(), end: self.bytes.len() });
    }

    pub(super) fn take_back(&mut self, key: &[u8]) {
        self.takes_back = true;
        self.push_parts(key, TAKEN_BACK);
    }

    pub(super) fn takes_back(&self) -> bool {
        self.takes_back
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= GATHERED
    }

    /// Writes all as a table of this name, and forgets them. Of several rows of one key the last counts.
    pub(super) fn write(
        &mut self,
        kind: RowKind,
        write: &WriteTransaction,
        name: &str,
        types: &RecorderTypes,
    ) -> Result<Segment, Error> {
        let Self { bytes, rows: slots, .. } = std::mem::take(self);
        let key = |slot: &Slot| &bytes[slot.key..slot.record];
        let mut slots = slots;
        slots.sort_by(|a, b| key(a).cmp(key(b)));
        let mut table = write.open_table(rows(name))?;
        let mut end = table.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
        let mut segment = Segment::new(name);
        for same in slots.chunk_by(|a, b| key(a) == key(b)) {
            if let Some(last) = same.last() {
                let record = &bytes[last.record..last.end];
                end.insert_before(key(last), record)?;
                segment.add(kind, key(last), record, types)?;
            }
        }
        end.close()?;
        Ok(segment)
    }
}

/// A row as it lies in its table.
pub(super) struct StoredRow {
    key: AccessGuard<'static, &'static [u8]>,
    record: AccessGuard<'static, &'static [u8]>,
}

impl StoredRow {
    pub(super) fn key(&self) -> &[u8] {
        self.key.value()
    }

    pub(super) fn record(&self) -> &[u8] {
        self.record.value()
    }

    pub(super) fn is_taken_back(&self) -> bool {
        self.record() == TAKEN_BACK
    }
}

/// The rows of several tables in the order of their keys; of one key, that of the last table.
pub(super) struct Merge {
    tables: Vec<SegmentRows>,
    shows_taken_back: bool,
}

/// The rows of one table, and the one that is next.
struct SegmentRows {
    rows: Range<'static, &'static [u8], &'static [u8]>,
    head: Option<StoredRow>,
}

impl SegmentRows {
    /// The next row; the one behind it is next then.
    fn advance(&mut self) -> Result<Option<StoredRow>, Error> {
        let next = self.rows.next().transpose()?.map(|(key, record)| StoredRow { key, record });
        Ok(std::mem::replace(&mut self.head, next))
    }

    fn key(&self) -> Option<&[u8]> {
        self.head.as_ref().map(StoredRow::key)
    }
}

impl Merge {
    /// Over the tables of these names, the oldest first.
    pub(super) fn over<S: AsRef<str>>(read: &ReadTransaction, names: &[S]) -> Result<Self, Error> {
        Self::from(read, names, Bound::Unbounded)
    }

    /// Over the rows of one table whose keys begin with `prefix`, and what follows them.
    pub(super) fn starting_at(read: &ReadTransaction, name: &str, prefix: &[u8]) -> Result<Self, Error> {
        Self::from(read, &[name], Bound::Included(prefix))
    }

    /// Over the rows of these tables whose keys begin with `prefix`, and what follows them.
    pub(super) fn of_all_starting_at<S: AsRef<str>>(
        read: &ReadTransaction,
        names: &[S],
        prefix: &[u8],
    ) -> Result<Self, Error> {
        Self::from(read, names, Bound::Included(prefix))
    }

    fn from<S: AsRef<str>>(read: &ReadTransaction, names: &[S], start: Bound<&[u8]>) -> Result<Self, Error> {
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            let table = read.open_table(rows(name.as_ref()))?;
            let mut table =
                SegmentRows { rows: table.range::<&[u8]>((start, Bound::Unbounded))?, head: None };
            table.advance()?;
            tables.push(table);
        }
        Ok(Self { tables, shows_taken_back: false })
    }

    /// The same, with the rows that were taken back.
    pub(super) fn with_taken_back(self) -> Self {
        Self { shows_taken_back: true, ..self }
    }

    /// The next row that was not taken back, unless those are shown as well.
    pub(super) fn next(&mut self) -> Result<Option<StoredRow>, Error> {
        while let Some(row) = self.take_least()? {
            if self.shows_taken_back || !row.is_taken_back() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The row of the least key, of the last table that has one; those of the others are passed over. The tables are few.
    fn take_least(&mut self) -> Result<Option<StoredRow>, Error> {
        if let [only] = self.tables.as_mut_slice() {
            return only.advance();
        }
        let mut least: Option<(usize, &[u8])> = None;
        for (place, table) in self.tables.iter().enumerate() {
            let Some(key) = table.key() else { continue };
            if least.is_none_or(|(_, known)| key <= known) {
                least = Some((place, key));
            }
        }
        let Some((place, _)) = least else { return Ok(None) };
        let (older, rest) = self.tables.split_at_mut(place);
        let Some(row) = rest.first_mut().map(SegmentRows::advance).transpose()?.flatten() else {
            return Ok(None);
        };
        for table in older.iter_mut().filter(|table| table.key() == Some(row.key())) {
            table.advance()?;
        }
        Ok(Some(row))
    }
}

/// The tables staged of one kind, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    pub(super) list: Vec<Segment>,
    pub(super) take_back: bool,
}
