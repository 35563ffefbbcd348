//! Phones in every notation.

/// Unicode's decimal digits come in runs of ten: where each run has its zero.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit of any script.
fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    let run = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(run.checked_sub(1)?)?;
    Some(code - zero).filter(|value| *value < 10)
}

/// Whether a character is a decimal digit of any script.
pub fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// The digits of a text, of whatever script, in ASCII.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(digit).filter_map(|value| char::from_digit(value, 10)).collect()
}

/// The phone on a card's bar code: its digits where there are 10 or 11 of them and no letters.
///
/// An EAN-13 has 13 and is no phone.
pub fn of_barcode(barcode: &str) -> Option<String> {
    if barcode.chars().any(char::is_alphabetic) {
        return None;
    }
    Some(digits(barcode)).filter(|phone| matches!(phone.len(), 10 | 11))
}

/// The first phone of a text that may hold several of them, or words beside it; digits only.
///
/// A phone ends where a letter, a comma or a semicolon follows it: `+7 978 845-13-64 доб. 5` has no 12 digits.
pub fn first(text: &str) -> Option<String> {
    let from_first_digit = text.chars().skip_while(|c| !is_digit(*c));
    let phone = from_first_digit.take_while(|c| !c.is_alphabetic() && !matches!(c, ',' | ';' | '\r' | '\n'));
    Some(digits(&phone.collect::<String>())).filter(|phone| !phone.is_empty())
}

/// The last ten digits, by which two notations of one phone are the same; `None` with fewer.
pub fn national(digits: &str) -> Option<&str> {
    digits.get(digits.len().checked_sub(10)?..)
}

/// Whether two texts are notations of one phone: the last ten digits of both are equal.
pub fn same_phone(a: &str, b: &str) -> bool {
    let (a, b) = (digits(a), digits(b));
    national(&a).is_some_and(|phone| national(&b) == Some(phone))
}

/// A phone as people write it: `+7 978 845-13-64` where it is a Russian number, else its digits.
pub fn pretty(phone: &str) -> String {
    let digits = digits(phone);
    match russian(&digits) {
        Some([area, three, two, last]) => format!("+7 {area} {three}-{two}-{last}"),
        None => digits,
    }
}

/// Area code and groups of a number in Russia's plan: eleven digits from 7 or 8, or ten without either.
fn russian(digits: &str) -> Option<[&str; 4]> {
    let national = match digits.len() {
        11 => digits.strip_prefix(['7', '8'])?,
        10 => digits,
        _ => return None,
    };
    // Area codes of Russia begin with these digits.
    national.starts_with(['3', '4', '8', '9']).then_some(())?;
    Some([national.get(..3)?, national.get(3..6)?, national.get(6..8)?, national.get(8..)?])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_script_has_ten_digits() {
        for zero in ZEROS {
            let of = |offset: u32| char::from_u32(zero + offset);
            for value in 0..10 {
                assert_eq!(of(value).and_then(digit), Some(value), "{zero:x}");
            }
            let is_next = ZEROS.contains(&(zero + 10));
            assert_eq!(of(10).is_some_and(is_digit), is_next, "{zero:x}");
        }
    }

    #[test]
    fn digits_are_taken_from_every_notation() {
        for text in [
            "+7 (978) 845-13-64",
            "7.978.845.13.64",
            "7\u{a0}978\u{2011}8451364",
            "٧٩٧٨٨٤٥١٣٦٤",
            "７９７８８４５１３６４",
            "𝟟𝟡𝟟𝟠𝟠𝟜𝟝𝟙𝟛𝟞𝟜",
        ] {
            assert_eq!(digits(text), "79788451364", "{text}");
        }
        assert_eq!(digits("½ ² Ⅷ 〇 ①"), "", "numerals that are no decimal digits");
    }

    #[test]
    fn a_bar_code_is_a_phone_where_it_has_ten_or_eleven_digits() {
        let phone = |digits: &str| Some(digits.to_owned());
        for (barcode, expected) in [
            ("79788451364", phone("79788451364")),
            ("+7 (978) 845-13-64", phone("79788451364")),
            ("9788451364", phone("9788451364")),
            ("4601234567893", None),
            ("978845136", None),
            ("K-9788451364", None),
            ("", None),
        ] {
            assert_eq!(of_barcode(barcode), expected, "{barcode}");
        }
    }

    #[test]
    fn the_first_phone_of_a_text_ends_where_words_go_on() {
        let phone = |digits: &str| Some(digits.to_owned());
        for (text, expected) in [
            ("8 978 845-13-64", phone("89788451364")),
            ("тел. +7 (978) 845-13-64, +7 978 000-00-00", phone("79788451364")),
            ("+7 978 845-13-64 доб. 5", phone("79788451364")),
            ("89788451364;89780000000", phone("89788451364")),
            ("нет", None),
            ("", None),
        ] {
            assert_eq!(first(text), expected, "{text}");
        }
    }

    #[test]
    fn two_notations_of_one_phone_are_the_same() {
        assert!(same_phone("+7 978 845-13-64", "89788451364"));
        assert!(same_phone("9788451364", "7 (978) 8451364"));
        assert!(!same_phone("9788451364", "9788451365"));
        assert!(!same_phone("8451364", "8451364"), "too short to be told apart");
        assert_eq!(national("79788451364"), Some("9788451364"));
        assert_eq!(national("978845136"), None);
        assert_eq!(national(""), None);
    }

    #[test]
    fn only_a_russian_number_is_grouped() {
        for (phone, shown) in [
            ("79788451364", "+7 978 845-13-64"),
            ("8 (978) 8451364", "+7 978 845-13-64"),
            ("9788451364", "+7 978 845-13-64"),
            ("3652541364", "+7 365 254-13-64"),
            ("380978845136", "380978845136"),
            ("0978845136", "0978845136"),
            ("541364", "541364"),
            ("", ""),
        ] {
            assert_eq!(pretty(phone), shown, "{phone}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_ascii_digits_alone(text in "\\PC{0,40}") {
            let found = digits(&text);
            prop_assert!(found.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert_eq!(digits(&found), found.clone());
            prop_assert!(first(&text).is_none_or(|phone| found.starts_with(&phone)));
            let _ = (of_barcode(&text), pretty(&text), national(&text), same_phone(&text, &found));
        }
    }
}
