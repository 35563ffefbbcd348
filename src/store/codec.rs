//! Values to bytes and back: compact, exact, and safe to read whatever the bytes are.
//!
//! Integers are variable-length, seven bits a byte; negative ones are folded onto odd numbers first. Texts
//! carry their length in front. Money and points are kopecks and hundredths, quantities thousandths.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64;

use super::Error;
use super::error::damaged;
use crate::domain::{Amount, CardId, LocalTime, NumberError, Points, Quantity};

/// 2000-01-01T00:00:00, in seconds: today's moments take a byte less counted from here.
const EPOCH: i64 = 946_684_800;

/// The longest a variable-length `u64` gets.
const LONGEST: u32 = 10;

/// The longest a variable-length `u128` gets.
const LONGEST_WIDE: u32 = 19;

/// Writes values one after another.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    bytes: Vec<u8>,
    out_of_range: Option<&'static str>,
}

impl Encoder {
    /// One that takes so many bytes before it has to grow.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), out_of_range: None }
    }

    pub(super) fn byte(&mut self, value: u8) -> &mut Self {
        self.bytes.push(value);
        self
    }

    pub(super) fn unsigned(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push(low_byte(value) | 0x80);
            value >>= 7;
        }
        self.bytes.push(low_byte(value));
        self
    }

    pub(super) fn signed(&mut self, value: i64) -> &mut Self {
        self.unsigned(((value << 1) ^ (value >> 63)).cast_unsigned())
    }

    /// The bytes of [`Encoder::signed`] where the number fits there.
    pub(super) fn wide(&mut self, value: i128) -> &mut Self {
        let mut folded = ((value << 1) ^ (value >> 127)).cast_unsigned();
        while folded >= 0x80 {
            self.bytes.push(folded.to_le_bytes()[0] | 0x80);
            folded >>= 7;
        }
        self.byte(folded.to_le_bytes()[0])
    }

    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.blob(value.as_bytes())
    }

    /// Bytes behind their length.
    pub(super) fn blob(&mut self, value: &[u8]) -> &mut Self {
        self.unsigned(value.len() as u64).bytes(value)
    }

    /// Bytes as they are, without their length.
    pub(super) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(value);
        self
    }

    pub(super) fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub(super) fn u128(&mut self, value: u128) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(super) fn moment(&mut self, value: DateTime<Utc>) -> &mut Self {
        self.signed(value.timestamp().saturating_sub(EPOCH)).unsigned(value.timestamp_subsec_nanos().into())
    }

    pub(super) fn local_time(&mut self, value: LocalTime) -> &mut Self {
        self.moment(value.and_utc())
    }

    pub(super) fn amount(&mut self, value: Amount) -> &mut Self {
        self.units(value.to_units(), "an amount")
    }

    pub(super) fn points(&mut self, value: Points) -> &mut Self {
        self.units(value.to_units(), "a number of points")
    }

    /// A sum of amounts, which may be larger than any of them can be.
    pub(super) fn sum(&mut self, value: Amount) -> &mut Self {
        self.wide(value.to_wide_units())
    }

    /// A sum of points.
    pub(super) fn sum_of_points(&mut self, value: Points) -> &mut Self {
        self.wide(value.to_wide_units())
    }

    pub(super) fn quantity(&mut self, value: Quantity) -> &mut Self {
        self.units(value.to_units(), "a quantity")
    }

    fn units(&mut self, units: Result<i64, NumberError>, what: &'static str) -> &mut Self {
        if units.is_err() {
            self.out_of_range = Some(what);
        }
        self.signed(units.unwrap_or_default())
    }

    pub(super) fn option<T>(
        &mut self,
        value: Option<T>,
        encode: impl FnOnce(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        match value {
            None => self.byte(0),
            Some(value) => encode(self.byte(1), value),
        }
    }

    /// The bytes, unless a number was too large; `card` is whose it was, empty for a sum over many.
    pub(super) fn finish(&mut self, card: CardId) -> Result<Vec<u8>, Error> {
        let bytes = std::mem::take(&mut self.bytes);
        match self.out_of_range.take() {
            None => Ok(bytes),
            Some(what) => Err(Error::Range { what, card }),
        }
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| damaged("a text is not UTF-8"))
}

fn low_byte(value: u64) -> u8 {
    value.to_le_bytes()[0]
}

/// Reads back what an [`Encoder`] wrote.
#[derive(Debug)]
pub(super) struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| damaged("a record is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.take(N)?.try_into().map_err(|_| damaged("a record is cut short"))
    }

    pub(super) fn byte(&mut self) -> Result<u8, Error> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn flag(&mut self) -> Result<bool, Error> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(damaged("neither yes nor no")),
        }
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for place in 0..LONGEST {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let shifted = bits << (7 * place);
            if shifted >> (7 * place) != bits {
                return Err(damaged("a number is too long"));
            }
            value |= shifted;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(damaged("a number is too long"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, Error> {
        let folded = self.unsigned()?;
        Ok((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }

    pub(super) fn wide(&mut self) -> Result<i128, Error> {
        let mut folded = 0_u128;
        for place in 0..LONGEST_WIDE {
            let byte = self.byte()?;
            let bits = u128::from(byte & 0x7f);
            let shifted = bits << (7 * place);
            if shifted >> (7 * place) != bits {
                return Err(damaged("a number is too long"));
            }
            folded |= shifted;
            if byte < 0x80 {
                return Ok((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed());
            }
        }
        Err(damaged("a number is too long"))
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Error> {
        text_of(self.blob()?)
    }

    /// All that is left, as a text.
    pub(super) fn rest(&mut self) -> Result<&'a str, Error> {
        text_of(std::mem::take(&mut self.0))
    }

    /// Bytes behind their length.
    pub(super) fn blob(&mut self) -> Result<&'a [u8], Error> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| damaged("a record is too long"))?;
        self.take(length)
    }

    pub(super) fn uuid(&mut self) -> Result<Uuid, Error> {
        Ok(Uuid::from_bytes(self.array()?))
    }

    pub(super) fn u128(&mut self) -> Result<u128, Error> {
        Ok(u128::from_le_bytes(self.array()?))
    }

    pub(super) fn moment(&mut self) -> Result<DateTime<Utc>, Error> {
        let (seconds, nanos) = (self.signed()?, self.unsigned()?);
        let seconds = seconds.checked_add(EPOCH);
        seconds
            .zip(u32::try_from(nanos).ok())
            .and_then(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos))
            .ok_or_else(|| damaged("a moment is out of range"))
    }

    pub(super) fn local_time(&mut self) -> Result<LocalTime, Error> {
        Ok(self.moment()?.naive_utc())
    }

    pub(super) fn amount(&mut self) -> Result<Amount, Error> {
        self.signed().map(Amount::from_units)
    }

    pub(super) fn points(&mut self) -> Result<Points, Error> {
        self.signed().map(Points::from_units)
    }

    pub(super) fn sum(&mut self) -> Result<Amount, Error> {
        Amount::from_wide_units(self.wide()?).ok_or_else(|| damaged("a sum is out of range"))
    }

    pub(super) fn sum_of_points(&mut self) -> Result<Points, Error> {
        Points::from_wide_units(self.wide()?).ok_or_else(|| damaged("a sum is out of range"))
    }

    pub(super) fn quantity(&mut self) -> Result<Quantity, Error> {
        self.signed().map(Quantity::from_units)
    }

    pub(super) fn option<T>(
        &mut self,
        decode: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self.byte()? {
            0 => Ok(None),
            1 => decode(self).map(Some),
            _ => Err(damaged("neither a value nor none")),
        }
    }

    /// Whether nothing is left: what a later version added is missing from the record of an earlier one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the record: anything left over means that it is not the record it was taken for.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(damaged("a record is too long")) }
    }
}

/// A record that guards itself: its hash behind it. Rows need none, their generation's digest guards them.
pub(super) fn seal(mut record: Vec<u8>) -> Vec<u8> {
    let hash = xxh3_64(&record).to_le_bytes();
    record.extend_from_slice(&hash);
    record
}

/// The record of which [`seal`] was made.
pub(super) fn unseal(sealed: &[u8]) -> Result<&[u8], Error> {
    match sealed.split_last_chunk() {
        Some((record, hash)) if u64::from_le_bytes(*hash) == xxh3_64(record) => Ok(record),
        _ => Err(damaged("a record is not what was written")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(unsigned: u64, signed: i64, text: String, wide: u128, uuid: [u8; 16]) {
            let mut encoder = Encoder::default();
            encoder.unsigned(unsigned).signed(signed).text(&text).u128(wide).uuid(Uuid::from_bytes(uuid));
            let bytes = encoder.finish(CardId::EMPTY).unwrap();
            let mut decoder = Decoder::new(&bytes);
            prop_assert_eq!(decoder.unsigned().unwrap(), unsigned);
            prop_assert_eq!(decoder.signed().unwrap(), signed);
            prop_assert_eq!(decoder.text().unwrap(), text);
            prop_assert_eq!(decoder.u128().unwrap(), wide);
            prop_assert_eq!(decoder.uuid().unwrap(), Uuid::from_bytes(uuid));
            prop_assert!(decoder.finish().is_ok());
        }

        #[test]
        fn a_sum_that_fits_a_row_has_the_bytes_of_one(units: i64, more: i64) {
            let bytes = |encode: fn(&mut Encoder, Amount) -> &mut Encoder, amount| {
                encode(&mut Encoder::default(), amount).finish(CardId::EMPTY).unwrap()
            };
            let (one, other) = (Amount::from_units(units), Amount::from_units(more));
            prop_assert_eq!(bytes(Encoder::sum, one), bytes(Encoder::amount, one));
            let sum = one + other + one;
            let encoded = bytes(Encoder::sum, sum);
            let mut decoder = Decoder::new(&encoded);
            prop_assert_eq!(decoder.sum().unwrap(), sum);
            prop_assert!(decoder.finish().is_ok());
        }

        #[test]
        fn any_bytes_are_a_sum_or_damage(bytes: Vec<u8>) {
            let _ = Decoder::new(&bytes).sum();
        }

        #[test]
        fn moments_keep_their_fractions(seconds in -62_135_596_800_i64..253_402_300_800, nanos in 0..1_000_000_000_u32) {
            let moment = DateTime::from_timestamp(seconds, nanos).unwrap();
            let bytes = Encoder::default().moment(moment).finish(CardId::EMPTY).unwrap();
            prop_assert_eq!(Decoder::new(&bytes).moment().unwrap(), moment);
        }
    }

    #[test]
    fn a_number_longer_than_any_is_damage() {
        for bytes in [&[0xff; 11][..], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2], &[0x80]] {
            assert!(matches!(Decoder::new(bytes).unsigned(), Err(Error::Damaged { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn r17_an_amount_past_the_range_is_refused_and_names_its_card() {
        let card = CardId(Uuid::from_u128(7));
        let huge = Amount::from_units(i64::MAX) + Amount::from_units(1);
        let result = Encoder::default().amount(huge).finish(card);
        assert!(matches!(result, Err(Error::Range { what: "an amount", card: whose }) if whose == card));
    }
}
