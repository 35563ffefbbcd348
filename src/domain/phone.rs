//! Phones in every notation.

/// The digits of a text.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
}

/// The phone on a card's bar code: its digits where there are 10 or 11 of them.
pub fn of_barcode(barcode: &str) -> Option<String> {
    todo!("{barcode}")
}

/// The last ten digits, by which two notations of one phone are the same; `None` with fewer.
pub fn national(digits: &str) -> Option<&str> {
    todo!("{digits}")
}
