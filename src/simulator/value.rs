//! Values of fields, as 1C compares and prints them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use uuid::Uuid;

use super::books::{DocumentKind, server_order};
use super::table::Table;

/// A decimal number: so many units of ten to the minus `scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    pub(super) units: i128,
    pub(super) scale: u32,
}

impl Decimal {
    pub(super) fn kopecks(units: i64) -> Self {
        Self { units: i128::from(units), scale: 2 }
    }

    pub(super) fn thousandths(units: i64) -> Self {
        Self { units: i128::from(units), scale: 3 }
    }

    /// Reads digits with an optional sign and an optional point; nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
            return None;
        }
        let units: i64 = format!("{whole}{fraction}").parse().ok()?;
        let units = i128::from(units);
        let scale = u32::try_from(fraction.len()).ok()?;
        Some(Self { units: if negative { -units } else { units }, scale })
    }

    /// As an integer of units of ten to the minus eighteen, which no number here exceeds.
    fn aligned(self) -> i128 {
        self.units.saturating_mul(10_i128.pow(18_u32.saturating_sub(self.scale)))
    }
}

/// As 1C prints numbers: no zeros at the end, no point without decimals.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(self.scale);
        let magnitude = self.units.unsigned_abs();
        let sign = if self.units < 0 { "-" } else { "" };
        let (whole, fraction) = (magnitude / unit, magnitude % unit);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:0width$}", width = self.scale as usize);
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// The value of one field.
pub(super) enum Value<'a> {
    /// Edm.Guid: a reference, nil for none.
    Guid(Uuid),
    /// Edm.DateTime.
    Date(NaiveDateTime),
    /// Edm.String.
    Text(Cow<'a, str>),
    /// Edm.Double.
    Number(Decimal),
    /// Edm.Int64.
    Whole(i64),
    /// Edm.Boolean.
    Bool(bool),
    /// A reference of composite type.
    Reference(DocumentKind, Uuid),
    /// A tabular section or a record set.
    Rows(Box<dyn Table + 'a>),
    /// JSON, to be sent as it is.
    Json(&'a str),
    /// The link led nowhere.
    Null,
}

impl<'a> Value<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// How two values compare; none where 1C finds them incomparable.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Guid(one), Self::Guid(two)) => Some(server_order(*one).cmp(&server_order(*two))),
            (Self::Date(one), Self::Date(two)) => Some(one.cmp(two)),
            (Self::Text(one), Self::Text(two)) => Some(one.cmp(two)),
            (Self::Bool(one), Self::Bool(two)) => Some(one.cmp(two)),
            (Self::Reference(kind, key), Self::Reference(other_kind, other_key)) => {
                Some((kind, server_order(*key)).cmp(&(other_kind, server_order(*other_key))))
            }
            _ => Some(self.number()?.cmp(&other.number()?)),
        }
    }

    /// A number as an integer of units with so many decimals; digits beyond them are lost.
    pub(super) fn units(&self, decimals: u32) -> Option<i128> {
        self.number().map(|aligned| aligned / 10_i128.pow(18_u32.saturating_sub(decimals)))
    }

    fn number(&self) -> Option<i128> {
        match self {
            Self::Number(number) => Some(number.aligned()),
            Self::Whole(whole) => Some(Decimal { units: i128::from(*whole), scale: 0 }.aligned()),
            _ => None,
        }
    }

    /// True for what means nothing: an empty text, the nil GUID, the empty date.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Guid(key) => key.is_nil(),
            Self::Date(date) => *date == empty_date(),
            Self::Text(text) => text.is_empty(),
            Self::Null => true,
            _ => false,
        }
    }
}

/// 1C's empty date, 0001-01-01T00:00:00.
pub(super) fn empty_date() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN)
}

/// Reads `YYYY-MM-DDTHH:MM:SS`, or a bare `YYYY-MM-DD` as its first second, and nothing else.
pub(super) fn parse_date(text: &str) -> Option<NaiveDateTime> {
    let bare = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|date| date.and_time(NaiveTime::MIN));
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok().or_else(bare)
}

/// Writes `YYYY-MM-DDTHH:MM:SS`; by hand, because a page has thousands of them.
pub(super) fn write_date(out: &mut String, date: NaiveDateTime) {
    write_digits(out, date.year().unsigned_abs(), 4);
    for (separator, number) in [
        ('-', date.month()),
        ('-', date.day()),
        ('T', date.hour()),
        (':', date.minute()),
        (':', date.second()),
    ] {
        out.push(separator);
        write_digits(out, number, 2);
    }
}

fn write_digits(out: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_1c_does() {
        let printed = |units, scale| Decimal { units, scale }.to_string();
        assert_eq!(printed(392, 2), "3.92");
        assert_eq!(printed(480_000, 2), "4800");
        assert_eq!(printed(0, 2), "0");
        assert_eq!(printed(-50, 2), "-0.5");
        assert_eq!(printed(-7, 3), "-0.007");
        assert_eq!(printed(999_999_999_999_999, 2), "9999999999999.99");
    }

    #[test]
    fn numbers_are_read_without_exponents() {
        let read = |text| Decimal::parse(text).map(|number| number.to_string());
        assert_eq!(read("12.50").as_deref(), Some("12.5"));
        assert_eq!(read("-3").as_deref(), Some("-3"));
        for bad in ["", "-", "1.", ".5", "1e3", "1,5", "+1", "99999999999999999999"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_compare_across_scales() {
        let number = |text| Value::Number(Decimal::parse(text).expect("a number"));
        assert_eq!(number("1.50").compare(&number("1.5")), Some(Ordering::Equal));
        assert_eq!(number("2").compare(&number("10.001")), Some(Ordering::Less));
        assert_eq!(Value::Whole(3).compare(&number("2.99")), Some(Ordering::Greater));
        assert_eq!(Value::text("2").compare(&number("2")), None);
    }

    #[test]
    fn dates_are_written_and_read_back() {
        for text in ["2025-03-01T14:05:09", "0001-01-01T00:00:00", "2024-02-29T23:59:59"] {
            let mut written = String::new();
            write_date(&mut written, parse_date(text).expect("a date"));
            assert_eq!(written, text);
        }
        assert_eq!(parse_date("2025-02-30T00:00:00"), None);
        assert_eq!(parse_date("2025-03-01"), parse_date("2025-03-01T00:00:00"));
    }
}
