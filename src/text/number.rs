//! Numbers, money, dates and spans of time as each language writes them. No float comes near.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{Language, Texts};
use crate::domain::{Amount, LocalTime, Points, Quantity};

/// Keeps the parts of a number on one line.
const NO_BREAK_SPACE: char = '\u{A0}';
/// The real minus, as wide as a plus.
const MINUS: char = '\u{2212}';

/// Roubles with their kopecks: `232 360,00` or `232,360.00`.
pub fn money(amount: Amount, language: Language) -> String {
    group_text(&fixed(amount.decimal()), language)
}

/// Roubles without idle kopecks, as they are spoken: `365 054`, `132 694,50`.
pub fn short_money(amount: Amount, language: Language) -> String {
    let decimal = amount.decimal();
    if decimal.fract().is_zero() {
        group_text(&decimal.trunc().to_string(), language)
    } else {
        money(amount, language)
    }
}

/// A variance: always signed, but for nothing: `−1 200,00`, `+5,00`, `0,00`.
pub fn variance(amount: Amount, language: Language) -> String {
    signed(amount.decimal(), money(amount, language))
}

/// Roubles as the block of `check` prints them in either language: `232,360.00`.
pub fn block_money(amount: Amount) -> String {
    group_text(&fixed(amount.decimal()), Language::English).replace(MINUS, "-")
}

/// Points without idle zeros: `4 806`, `1,5`.
pub fn points(points: Points, language: Language) -> String {
    group_text(&points.to_string(), language)
}

/// A quantity of goods without idle zeros.
pub fn quantity(quantity: Quantity, language: Language) -> String {
    group_text(&quantity.to_string(), language)
}

/// A count: `128 904` or `128,904`.
pub fn count(number: u64, language: Language) -> String {
    group_text(&number.to_string(), language)
}

/// A share of a hundred: `62 %` or `62%`.
pub fn percent(share: u8, language: Language) -> String {
    match language {
        Language::Russian => format!("{share}{NO_BREAK_SPACE}%"),
        Language::English => format!("{share}%"),
    }
}

/// A day: `30.06.2023` or `2023-06-30`.
pub fn date(date: NaiveDate, language: Language) -> String {
    date.format(match language {
        Language::Russian => "%d.%m.%Y",
        Language::English => "%Y-%m-%d",
    })
    .to_string()
}

/// A date in as few columns as it takes with its year.
pub fn short_date(date: NaiveDate, language: Language) -> String {
    date.format(match language {
        Language::Russian => "%d.%m.%y",
        Language::English => "%Y-%m-%d",
    })
    .to_string()
}

/// A day of this year.
pub fn day(date: NaiveDate, language: Language) -> String {
    date.format(match language {
        Language::Russian => "%d.%m",
        Language::English => "%m-%d",
    })
    .to_string()
}

/// A moment of 1C's local time, to the minute.
pub fn local_time(time: LocalTime, language: Language) -> String {
    time.format(match language {
        Language::Russian => "%d.%m.%Y %H:%M",
        Language::English => "%Y-%m-%d %H:%M",
    })
    .to_string()
}

/// A moment of our own, in the reader's offset, to the second.
pub fn instant(time: DateTime<Utc>, offset: FixedOffset, language: Language) -> String {
    time.with_timezone(&offset)
        .format(match language {
            Language::Russian => "%d.%m.%Y %H:%M:%S",
            Language::English => "%Y-%m-%d %H:%M:%S",
        })
        .to_string()
}

/// A span of time by its two largest units: `3 мин 20 с`, `5 h`; under ten seconds to a tenth.
pub fn duration(span: Duration, language: Language) -> String {
    let texts = Texts::new(language);
    if span < Duration::from_secs(10) {
        return tenths_of_seconds(span, texts);
    }
    let seconds = span.as_secs();
    let (days, hours, minutes, seconds) =
        (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let units = [
        (days, texts.with("unit-days", &[("n", days.into())])),
        (hours, texts.with("unit-hours", &[("n", hours.into())])),
        (minutes, texts.with("unit-minutes", &[("n", minutes.into())])),
        (seconds, texts.with("unit-seconds", &[("n", seconds.to_string().into())])),
    ];
    let largest = units.iter().position(|(n, _)| *n > 0).unwrap_or(3);
    let shown: Vec<_> =
        units.iter().skip(largest).take(2).filter(|(n, _)| *n > 0).map(|(_, words)| words.as_str()).collect();
    shown.join(&NO_BREAK_SPACE.to_string())
}

/// How long ago, by its largest unit: `5 мин назад`; `только что` under five seconds. Nothing is what lies ahead.
pub fn age(span: impl Into<Option<Duration>>, language: Language) -> String {
    let texts = Texts::new(language);
    let Some(span) = span.into() else { return texts.get("age-ahead").into_owned() };
    match span.as_secs() {
        0..5 => texts.get("age-now").into_owned(),
        seconds @ 5..60 => texts.with("age-seconds", &[("n", seconds.into())]),
        seconds @ 60..3_600 => texts.with("age-minutes", &[("n", (seconds / 60).into())]),
        seconds @ 3_600..172_800 => texts.with("age-hours", &[("n", (seconds / 3_600).into())]),
        seconds => texts.with("age-days", &[("n", (seconds / 86_400).into())]),
    }
}

/// A size, to a tenth of the unit that fits: `1,2 МБ`. A kilobyte is 1000 bytes.
pub fn bytes(size: u64, language: Language) -> String {
    let texts = Texts::new(language);
    let tenths = |unit: u64| Decimal::new(i64::try_from(size / (unit / 10)).unwrap_or(i64::MAX), 1);
    let in_units = |unit: u64| group_text(&tenths(unit).normalize().to_string(), language).into();
    match size {
        0..1_000 => texts.with("unit-bytes", &[("n", size.into())]),
        1_000..1_000_000 => texts.with("unit-kilobytes", &[("n", in_units(1_000))]),
        1_000_000..1_000_000_000 => texts.with("unit-megabytes", &[("n", in_units(1_000_000))]),
        _ => texts.with("unit-gigabytes", &[("n", in_units(1_000_000_000))]),
    }
}

/// Puts a plain decimal (`-1234.5`) into the language's marks: thousands apart, its own comma, a real minus.
pub(super) fn group_text(plain: &str, language: Language) -> String {
    let (thousands, point) = match language {
        Language::Russian => (NO_BREAK_SPACE, ','),
        Language::English => (',', '.'),
    };
    let (sign, digits) = plain.strip_prefix('-').map_or((None, plain), |digits| (Some(MINUS), digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out: String = sign.into_iter().collect();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(thousands);
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

fn fixed(number: Decimal) -> String {
    // A zero may carry a sign; no reader wants to see it.
    if number.is_zero() { "0.00".to_owned() } else { format!("{number:.2}") }
}

fn signed(number: Decimal, shown: String) -> String {
    if number.is_zero() || number.is_sign_negative() { shown } else { format!("+{shown}") }
}

fn tenths_of_seconds(span: Duration, texts: Texts) -> String {
    let tenths = i64::try_from(span.as_millis() / 100).unwrap_or(i64::MAX);
    let number = group_text(&Decimal::new(tenths, 1).normalize().to_string(), texts.language());
    texts.with("unit-seconds", &[("n", number.into())])
}

#[cfg(test)]
mod tests {
    use Language::{English, Russian};

    use super::*;

    /// Shows non-breaking spaces as `_`, so that a table can be read.
    fn readable(text: &str) -> String {
        text.replace(NO_BREAK_SPACE, "_")
    }

    #[test]
    fn money_in_each_language_and_in_the_block() {
        let cases = [
            (23_236_000, "232_360,00", "232,360.00", "232,360.00"),
            (0, "0,00", "0.00", "0.00"),
            (5, "0,05", "0.05", "0.05"),
            (-120_000, "−1_200,00", "−1,200.00", "-1,200.00"),
            (99_999, "999,99", "999.99", "999.99"),
            (123_456_789_012, "1_234_567_890,12", "1,234,567,890.12", "1,234,567,890.12"),
        ];
        for (kopecks, russian, english, block) in cases {
            let amount = Amount::from_units(kopecks);
            assert_eq!(readable(&money(amount, Russian)), russian);
            assert_eq!(money(amount, English), english);
            assert_eq!(block_money(amount), block);
        }
    }

    #[test]
    fn a_variance_is_signed_unless_it_is_nothing() {
        let shown = |kopecks| readable(&variance(Amount::from_units(kopecks), Russian));
        assert_eq!(shown(-120_000), "−1_200,00");
        assert_eq!(shown(500), "+5,00");
        assert_eq!(shown(0), "0,00");
        assert_eq!(variance(-Amount::ZERO, Russian), "0,00");
    }

    #[test]
    fn points_and_quantities_show_no_idle_zeros() {
        assert_eq!(readable(&points(Points::from_units(480_600), Russian)), "4_806");
        assert_eq!(points(Points::from_units(150), Russian), "1,5");
        assert_eq!(points(Points::from_units(-480_600), English), "−4,806");
        assert_eq!(quantity(Quantity::from_units(1_250), Russian), "1,25");
    }

    #[test]
    fn spans_show_their_two_largest_units() {
        let cases = [
            (0, "0_с", "0_s"),
            (300, "0,3_с", "0.3_s"),
            (9_940, "9,9_с", "9.9_s"),
            (10_000, "10_с", "10_s"),
            (200_000, "3_мин_20_с", "3_min_20_s"),
            (180_000, "3_мин", "3_min"),
            (3_600_000, "1_ч", "1_h"),
            (3_661_000, "1_ч_1_мин", "1_h_1_min"),
            (3_601_000, "1_ч", "1_h"),
            (90_000_000, "1_д_1_ч", "1_d_1_h"),
        ];
        for (millis, russian, english) in cases {
            let span = Duration::from_millis(millis);
            assert_eq!(readable(&duration(span, Russian)), russian);
            assert_eq!(readable(&duration(span, English)), english);
        }
    }

    #[test]
    fn ages_show_their_largest_unit() {
        let cases = [
            (0, "только что", "just now"),
            (5, "5_с назад", "5_s ago"),
            (359, "5_мин назад", "5_min ago"),
            (7_200, "2_ч назад", "2_h ago"),
            (172_800, "2_дня назад", "2_days ago"),
            (5 * 86_400, "5_дней назад", "5_days ago"),
            (21 * 86_400, "21_день назад", "21_days ago"),
        ];
        for (seconds, russian, english) in cases {
            let span = Duration::from_secs(seconds);
            assert_eq!(readable(&age(span, Russian)), russian);
            assert_eq!(readable(&age(span, English)), english);
        }
    }

    #[test]
    fn sizes_are_cut_to_a_tenth() {
        let cases = [
            (0, "0_Б", "0_B"),
            (999, "999_Б", "999_B"),
            (1_000, "1_кБ", "1_kB"),
            (1_250_000, "1,2_МБ", "1.2_MB"),
            (u64::MAX, "18_446_744_073,7_ГБ", "18,446,744,073.7_GB"),
        ];
        for (size, russian, english) in cases {
            assert_eq!(readable(&bytes(size, Russian)), russian);
            assert_eq!(readable(&bytes(size, English)), english);
        }
    }

    #[test]
    fn days_and_moments() {
        let day = NaiveDate::from_ymd_opt(2023, 6, 30).expect("a day");
        let moment = day.and_hms_opt(21, 5, 9).expect("a moment");
        let offset = FixedOffset::east_opt(3 * 3_600).expect("an offset");
        assert_eq!(date(day, Russian), "30.06.2023");
        assert_eq!(date(day, English), "2023-06-30");
        assert_eq!(local_time(moment, Russian), "30.06.2023 21:05");
        assert_eq!(instant(moment.and_utc(), offset, Russian), "01.07.2023 00:05:09");
        assert_eq!(instant(moment.and_utc(), offset, English), "2023-07-01 00:05:09");
    }

    #[test]
    fn counts_and_shares() {
        assert_eq!(readable(&count(128_904, Russian)), "128_904");
        assert_eq!(count(128_904, English), "128,904");
        assert_eq!(readable(&percent(62, Russian)), "62_%");
        assert_eq!(percent(62, English), "62%");
    }
}
