//! The digest of a set of rows.

use xxhash_rust::xxh3::xxh3_128;

use super::Error;
use super::codec::Encoder;
use super::record::{RecorderTypes, TYPE};
use super::schema::RowKind;
use crate::domain::CardId;

/// Sums up the hashes of rows, so that it tells the set and not the order. Equal rows give equal digests
/// in every store: recorder types count by their text, whatever number they have here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest(pub(super) u128);

impl Digest {
    pub(super) fn add(
        &mut self,
        kind: RowKind,
        key: &[u8],
        record: &[u8],
        types: &RecorderTypes,
    ) -> Result<(), Error> {
        self.0 = self.0.wrapping_add(of_row(kind, (key, record), types)?);
        Ok(())
    }

    /// The digest of the set without this row of it.
    pub(super) fn take_out(
        &mut self,
        kind: RowKind,
        key: &[u8],
        record: &[u8],
        types: &RecorderTypes,
    ) -> Result<(), Error> {
        self.0 = self.0.wrapping_sub(of_row(kind, (key, record), types)?);
        Ok(())
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

/// Bytes for the kind of a row, and for the type of its document.
const ROOM: usize = 128;

fn of_row(kind: RowKind, (key, record): (&[u8], &[u8]), types: &RecorderTypes) -> Result<u128, Error> {
    let mut row = Encoder::with_room(ROOM + key.len() + record.len());
    row.byte(kind as u8);
    match (kind, key.split_at_checked(TYPE.start)) {
        (RowKind::Movements | RowKind::BonusRows, Some((document, [high, low, line @ ..]))) => {
            let recorder_type = types.get(u16::from_be_bytes([*high, *low]))?;
            row.bytes(document).text(&recorder_type.0).bytes(line);
        }
        _ => _ = row.bytes(key),
    }
    let bytes = row.bytes(record).finish(CardId::EMPTY)?;
    Ok(xxh3_128(&bytes))
}
