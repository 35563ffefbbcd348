//! Spans of time as people write them: `10s`, `150ms`, `4h`, `1d`, `6h30m`.

use std::time::Duration;

/// The units, the larger first, in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Longer spans are slips of the hand, and would overflow the clock they are added to.
const LONGEST: Duration = Duration::from_secs(3_650 * 86_400);

/// Reads numbers with units, the larger unit first, each once; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    let mut larger = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let after = rest.get(digits..)?;
        let letters = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
        let unit = after.get(..letters)?;
        let (_, millis) = *UNITS.iter().find(|(name, _)| *name == unit)?;
        if millis >= larger {
            return None;
        }
        larger = millis;
        sum = sum.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = after.get(letters..)?;
    }
    (larger != u64::MAX && sum <= LONGEST).then_some(sum)
}

/// A span as [`parse`] reads it, to the millisecond.
pub(super) fn shown(span: Duration) -> String {
    let mut rest = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, millis) in UNITS {
        if rest >= millis {
            text.extend([&(rest / millis).to_string(), unit]);
            rest %= millis;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_are_numbers_with_units() {
        let cases = [
            ("10s", Some(10_000)),
            ("150ms", Some(150)),
            ("4h", Some(14_400_000)),
            ("1d", Some(86_400_000)),
            ("6h30m", Some(23_400_000)),
            (" 2s ", Some(2_000)),
            ("0s", Some(0)),
            ("", None),
            ("10", None),
            ("s", None),
            ("10 s", None),
            ("1.5h", None),
            ("-1s", None),
            ("30m6h", None),
            ("1s1s", None),
            ("1w", None),
            ("10S", None),
            ("10с", None),
            ("99999999999999999999s", None),
            ("18446744073709551615d", None),
            ("4000d", None),
        ];
        for (text, millis) in cases {
            assert_eq!(parse(text), millis.map(Duration::from_millis), "{text:?}");
        }
    }

    #[test]
    fn a_span_is_shown_in_its_largest_units() {
        let cases = [(0, "0s"), (150, "150ms"), (180_000, "3m"), (23_400_000, "6h30m"), (604_800_000, "7d")];
        for (millis, text) in cases {
            assert_eq!(shown(Duration::from_millis(millis)), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_as_the_same_span(millis in 0_u64..=315_360_000_000) {
            let span = Duration::from_millis(millis);
            prop_assert_eq!(parse(&shown(span)), Some(span));
        }

        #[test]
        fn no_text_is_too_strange(text in "[0-9smhdс. -]{0,12}|.{0,8}") {
            let _ = parse(&text);
        }
    }
}
