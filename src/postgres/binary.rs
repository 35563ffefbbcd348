//! Values as `COPY BINARY` has them, and as the database sends them back: byte by byte the same, so that what stands there
//! can be told from what was written.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

/// What `COPY BINARY` begins with.
pub(crate) const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub(crate) const TRAILER: [u8; 2] = [0xff, 0xff];

/// The fields of a row, one behind another, each with its length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    bytes: Vec<u8>,
    count: i16,
}

impl Fields {
    /// A field as it is; `None` is NULL.
    pub(crate) fn raw(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        self.count += 1;
        match bytes {
            Some(bytes) => {
                self.bytes.extend_from_slice(&length(bytes).to_be_bytes());
                self.bytes.extend_from_slice(bytes);
            }
            None => self.bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
        self
    }

    /// Text. The one letter no PostgreSQL takes is shown as one that cannot be.
    pub(crate) fn text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) if text.contains('\0') => self.raw(Some(text.replace('\0', "\u{fffd}").as_bytes())),
            text => self.raw(text.map(str::as_bytes)),
        }
    }

    pub(crate) fn uuid(&mut self, key: Option<Uuid>) -> &mut Self {
        self.raw(key.as_ref().map(|key| key.as_bytes().as_slice()))
    }

    pub(crate) fn flag(&mut self, flag: bool) -> &mut Self {
        self.raw(Some(&[u8::from(flag)]))
    }

    pub(crate) fn whole(&mut self, number: i64) -> &mut Self {
        self.raw(Some(&number.to_be_bytes()))
    }

    /// A decimal with so many places.
    pub(crate) fn decimal(&mut self, number: Option<Decimal>, scale: u32) -> &mut Self {
        match number {
            Some(number) => self.raw(Some(&numeric(number, scale))),
            None => self.raw(None),
        }
    }

    pub(crate) fn moment(&mut self, moment: NaiveDateTime) -> &mut Self {
        let since = moment.and_utc().timestamp_micros() - EPOCH_MICROS;
        self.raw(Some(&since.to_be_bytes()))
    }

    pub(crate) fn day(&mut self, day: Option<NaiveDate>) -> &mut Self {
        let since = day.map(|day| i32::try_from((day - EPOCH).num_days()).unwrap_or(i32::MAX));
        match since {
            Some(days) => self.raw(Some(&days.to_be_bytes())),
            None => self.raw(None),
        }
    }

    /// Tells the row among all rows of all tables.
    pub(crate) fn digest(&self, table: u8) -> u128 {
        let mut seeded = Vec::with_capacity(self.bytes.len() + 1);
        seeded.push(table);
        seeded.extend_from_slice(&self.bytes);
        xxh3_128(&seeded)
    }

    /// The row as `COPY BINARY` has it.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(&self.bytes);
    }
}

fn length(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

/// 2000-01-01, where PostgreSQL begins to count.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// `numeric` as the server sends it: digits to the base of 10 000 without zeros at either end.
fn numeric(number: Decimal, scale: u32) -> Vec<u8> {
    let mut exact = number;
    exact.rescale(scale);
    let is_negative = exact.mantissa() < 0;
    // Whole digits of four places stand behind the point.
    let behind = scale.div_ceil(4);
    let mut rest = exact.mantissa().unsigned_abs() * 10_u128.pow(behind * 4 - scale);
    let mut digits = Vec::with_capacity(8);
    while rest > 0 {
        digits.push(u16::try_from(rest % 10_000).unwrap_or(0));
        rest /= 10_000;
    }
    let places = i16::try_from(digits.len()).unwrap_or(0);
    let weight = if digits.is_empty() { 0 } else { places - 1 - i16::try_from(behind).unwrap_or(0) };
    let idle = digits.iter().take_while(|digit| **digit == 0).count();
    let digits: Vec<_> = digits.into_iter().skip(idle).rev().collect();
    let mut out = Vec::with_capacity(8 + digits.len() * 2);
    out.extend_from_slice(&u16::try_from(digits.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&(if is_negative { 0x4000_u16 } else { 0 }).to_be_bytes());
    out.extend_from_slice(&u16::try_from(scale).unwrap_or(0).to_be_bytes());
    for digit in digits {
        out.extend_from_slice(&digit.to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_server_sends_them() {
        for (number, scale, expected) in [
            ("0", 2, &[0, 0, 0, 2][..]),
            ("132694.00", 2, &[2, 1, 0, 2, 13, 2694]),
            ("-0.10", 2, &[1, 0xffff, 0x4000, 2, 1000]),
            ("10000", 2, &[1, 1, 0, 2, 1]),
            ("0.01", 2, &[1, 0xffff, 0, 2, 100]),
            ("1.005", 3, &[2, 0, 0, 3, 1, 50]),
        ] {
            let number: Decimal = number.parse().unwrap_or_default();
            let expected: Vec<u8> = expected.iter().flat_map(|part: &u16| part.to_be_bytes()).collect();
            assert_eq!(numeric(number, scale), expected, "{number}");
        }
    }

    #[test]
    fn days_and_moments_count_from_2000() {
        let mut fields = Fields::default();
        let day = EPOCH.succ_opt();
        fields.day(day).moment(EPOCH.and_hms_opt(0, 0, 1).unwrap_or_default()).text(Some("a\0b")).day(None);
        let mut expected = vec![0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8];
        expected.extend_from_slice(&1_000_000_i64.to_be_bytes());
        expected.extend_from_slice(&[0, 0, 0, 5, b'a', 0xef, 0xbf, 0xbd, b'b', 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(fields.bytes, expected);
        assert_eq!(fields.count, 4);
    }
}
