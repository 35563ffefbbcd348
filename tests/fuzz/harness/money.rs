//! Numbers as 1C prints them: exact or refused, held to digits written out by hand.

use crate::domain::{Amount, NumberError, Points, Quantity};

/// What a number must become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// So many whole units.
    Units(i64),
    /// A number too large to keep.
    Range,
    /// A number between two units.
    Fraction,
    /// No number.
    NoNumber,
}

/// Any text as an amount, as points and as a quantity; what is taken is printed and read back.
pub fn money(data: &[u8]) {
    let text = super::text(data);
    judge(&text, Amount::SCALE, &Amount::parse(&text).and_then(Amount::to_units));
    judge(&text, Points::SCALE, &Points::parse(&text).and_then(Points::to_units));
    judge(&text, Quantity::SCALE, &Quantity::parse(&text).and_then(Quantity::to_units));
    let spelt = in_json(&text).map_or(Verdict::NoNumber, |text| verdict(&text, Amount::SCALE));
    assert_eq!(verdict_of(&Amount::parse_written(&text).and_then(Amount::to_units)), spelt, "as written");
    if let Ok(amount) = Amount::parse(&text) {
        assert_eq!(Amount::parse(&amount.to_string()), Ok(amount), "parse does not undo print");
    }
    if let Ok(quantity) = Quantity::parse(&text) {
        assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity), "parse does not undo print");
    }
}

fn judge(text: &str, scale: u32, read: &Result<i64, NumberError>) {
    assert_eq!(verdict_of(read), verdict(text.trim(), scale), "at {scale} places");
}

fn verdict_of(read: &Result<i64, NumberError>) -> Verdict {
    match read {
        Ok(units) => Verdict::Units(*units),
        Err(NumberError::Range) => Verdict::Range,
        Err(NumberError::Fraction(_)) => Verdict::Fraction,
        Err(NumberError::Syntax) => Verdict::NoNumber,
    }
}

/// Spells a number of 1C's forms as JSON does, walking over its characters; nothing where that could be wrong.
pub(super) fn in_json(text: &str) -> Option<String> {
    const SPACES: [char; 2] = ['\u{a0}', '\u{202f}'];
    let text = text.trim();
    let is_odd = |c: char| matches!(c, ',' | '+') || SPACES.contains(&c);
    if !text.contains(is_odd) || text.contains(['e', 'E']) {
        return Some(text.to_owned());
    }
    let (mut spelt, mut groups, mut space, mut after) = (String::new(), vec![0_usize], None, None);
    for (place, c) in text.chars().enumerate() {
        match (c, &mut after) {
            ('-', _) if place == 0 => spelt.push('-'),
            ('+', _) if place == 0 => {}
            ('0'..='9', Some((_, places))) => *places += 1,
            ('0'..='9', None) => *groups.last_mut()? += 1,
            (',' | '.', None) => after = Some((c, 0_usize)),
            (c, None) if SPACES.contains(&c) && space.is_none_or(|known| known == c) => {
                space = Some(c);
                groups.push(0);
            }
            _ => return None,
        }
        if c.is_ascii_digit() || matches!(c, ',' | '.') {
            spelt.push(if c == ',' { '.' } else { c });
        }
    }
    let is_lone = groups.len() == 1;
    let is_grouped = (1..=3).contains(&groups[0]) && groups.iter().skip(1).all(|length| *length == 3);
    let leads_with_zero = spelt.trim_start_matches('-').starts_with('0');
    let may_be_thousands = is_lone && is_grouped && after == Some((',', 3)) && !leads_with_zero;
    let is_whole = groups[0] > 0 && after.is_none_or(|(_, places)| places > 0);
    (is_whole && (is_lone || is_grouped) && !may_be_thousands).then_some(spelt)
}

/// Reads a number by writing all its digits out: without arithmetic on them, and without a width.
pub(super) fn verdict(text: &str, scale: u32) -> Verdict {
    let Some((negative, digits, point)) = written(text) else { return Verdict::NoNumber };
    let significant = digits.trim_matches('0').len();
    if significant == 0 {
        return Verdict::Units(0);
    }
    // Beyond these places nothing can be told apart any more: it is far too large, or next to nothing.
    let Ok(point) = i64::try_from((point + i128::from(scale)).clamp(-100, 1_000_000)) else {
        return Verdict::Range;
    };
    let (whole, fraction) = at_point(&digits, point);
    let is_double = (15..=17).contains(&significant);
    let is_whole = fraction.trim_end_matches('0').is_empty() || (is_double && is_noise_above(&fraction));
    let units = if is_whole {
        whole
    } else if is_double && is_noise_below(&fraction) {
        successor(&whole)
    } else {
        return Verdict::Fraction;
    };
    in_range(negative, units.trim_start_matches('0'))
}

/// Sign, digits, and behind how many of them the point stands; `None` where JSON has no such number.
/// Idle zeros in front are let pass.
fn written(text: &str) -> Option<(bool, String, i128)> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = match mantissa.find('.') {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    if !all_digits(whole) || fraction.is_some_and(|fraction| !all_digits(fraction)) {
        return None;
    }
    let digits = format!("{whole}{}", fraction.unwrap_or_default());
    Some((negative, digits, i128::try_from(whole.len()).ok()? + exponent))
}

/// An exponent; one of more than thirty digits is as good as that of thirty nines.
fn exponent(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !all_digits(digits) {
        return None;
    }
    let size = digits.trim_start_matches('0');
    let size: i128 = if size.len() > 30 { 10_i128.pow(30) } else { format!("0{size}").parse().ok()? };
    Some(if negative { -size } else { size })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits before the point and behind it, zeros written where there are none.
fn at_point(digits: &str, point: i64) -> (String, String) {
    let Ok(point) = usize::try_from(point) else {
        let zeros = "0".repeat(usize::try_from(point.unsigned_abs()).unwrap_or(0));
        return ("0".to_owned(), format!("{zeros}{digits}"));
    };
    match digits.split_at_checked(point) {
        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
        // More zeros than any number kept has digits say the same as all of them.
        None => (format!("{digits}{}", "0".repeat((point - digits.len()).min(100))), String::new()),
    }
}

/// At most a millionth above the unit.
fn is_noise_above(fraction: &str) -> bool {
    let fraction = format!("{fraction:0<6}");
    let (millionths, rest) = fraction.split_at(6);
    millionths == "000000" || (millionths == "000001" && rest.bytes().all(|digit| digit == b'0'))
}

/// At most a millionth below the next unit.
fn is_noise_below(fraction: &str) -> bool {
    fraction.starts_with("999999")
}

/// The next number.
fn successor(whole: &str) -> String {
    let kept = whole.trim_end_matches('9');
    let nines = whole.len() - kept.len();
    let (front, last) = kept.split_at(kept.len().saturating_sub(1));
    let next = match last.bytes().next() {
        Some(digit) => char::from(digit + 1),
        None => '1',
    };
    format!("{front}{next}{}", "0".repeat(nines))
}

fn in_range(negative: bool, units: &str) -> Verdict {
    if units.len() > 19 {
        return Verdict::Range;
    }
    let units: i128 = format!("0{units}").parse().unwrap_or_default();
    i64::try_from(if negative { -units } else { units }).map_or(Verdict::Range, Verdict::Units)
}
