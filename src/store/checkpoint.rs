//! How far a staging has come: what is written so that another process can go on from there.

use redb::ReadTransaction;

use super::Error;
use super::codec::{Decoder, Encoder, seal, unseal};
use super::digest::Digest;
use super::error::damaged;
use super::record::RecorderTypes;
use super::schema::{META, META_STAGED, RowKind};
use super::segment::Segment;
use super::segment::Segments;
use crate::domain::CardId;

/// The tables that hold what was staged, and the note of whoever staged it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) next_segment: u32,
    pub(super) segments: [Segments; RowKind::READ.len()],
    pub(super) note: Vec<u8>,
}

impl Checkpoint {
    /// The last one, if there is one. Its rows are read again: without a manifest, nothing else would notice
    /// what changed on the disk.
    pub(super) fn find(read: &ReadTransaction, types: &RecorderTypes) -> Result<Option<Self>, Error> {
        let meta = read.open_table(META)?;
        let Some(record) = meta.get(META_STAGED)? else { return Ok(None) };
        let checkpoint = Self::decode(record.value())?;
        for (kind, segments) in RowKind::READ.into_iter().zip(&checkpoint.segments) {
            for segment in &segments.list {
                if !segment.is_whole(kind, read, types)? {
                    return Err(damaged("staged rows are not those that were written"));
                }
            }
        }
        Ok(Some(checkpoint))
    }

    /// The note of the last one alone.
    pub(super) fn note_of(read: &ReadTransaction) -> Result<Option<Vec<u8>>, Error> {
        let meta = read.open_table(META)?;
        let Some(record) = meta.get(META_STAGED)? else { return Ok(None) };
        Ok(Some(Self::decode(record.value())?.note))
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut encoder = Encoder::default();
        encoder.unsigned(self.next_segment.into());
        for Segments { list, take_back } in &self.segments {
            encoder.byte((*take_back).into()).unsigned(list.len() as u64);
            for segment in list {
                encoder.text(&segment.name).unsigned(segment.rows).u128(segment.digest.0);
            }
        }
        encoder.blob(&self.note).finish(CardId::EMPTY).map(seal)
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut decoder = Decoder::new(unseal(bytes)?);
        let number = decoder.unsigned()?;
        let mut checkpoint = Self {
            next_segment: u32::try_from(number).map_err(|_| damaged("too many segments"))?,
            ..Self::default()
        };
        for segments in &mut checkpoint.segments {
            segments.take_back = decoder.flag()?;
            let count = decoder.unsigned()?;
            segments.list = (0..count).map(|_| take_segment(&mut decoder)).collect::<Result<_, _>>()?;
        }
        checkpoint.note = decoder.blob()?.into();
        decoder.finish()?;
        Ok(checkpoint)
    }
}

fn take_segment(decoder: &mut Decoder<'_>) -> Result<Segment, Error> {
    Ok(Segment { name: decoder.text()?.into(), rows: decoder.unsigned()?, digest: Digest(decoder.u128()?) })
}
