//! Single values out of their JSON text. `None` means "cannot be read as that".

use std::borrow::Cow;

use uuid::Uuid;

use crate::domain::LocalTime;
use crate::domain::period::parse_local;

/// A value's JSON text, or nothing where the field is missing. `null` is as good as missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::odata) struct Value<'de>(pub(super) Option<&'de str>);

impl<'de> Value<'de> {
    /// Text: a string, or a number or flag as printed.
    pub(in crate::odata) fn text(self) -> Option<Cow<'de, str>> {
        let json = self.present()?;
        match json.as_bytes().first()? {
            b'"' => Some(unquoted(json)),
            b'{' | b'[' => None,
            _ => Some(Cow::Borrowed(json)),
        }
    }

    /// Text, where there is any.
    pub(in crate::odata) fn filled_text(self) -> Option<String> {
        self.text().filter(|text| !text.trim().is_empty()).map(Cow::into_owned)
    }

    /// The lexeme of a number: bare, or in a string as 1C prints 64-bit integers.
    pub(in crate::odata) fn number(self) -> Option<Cow<'de, str>> {
        let json = self.present()?;
        match json.as_bytes().first()? {
            b'"' => Some(unquoted(json)).filter(|text| !text.trim().is_empty()),
            b'-' | b'0'..=b'9' => Some(Cow::Borrowed(json)),
            _ => None,
        }
    }

    /// A whole number not below zero.
    pub(in crate::odata) fn whole(self) -> Option<u64> {
        self.number()?.trim().parse().ok()
    }

    pub(in crate::odata) fn flag(self) -> Option<bool> {
        match self.text()?.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A key; the empty reference is one.
    pub(in crate::odata) fn key(self) -> Option<Uuid> {
        let text = self.text()?;
        Uuid::try_parse_ascii(text.as_bytes()).ok()
    }

    /// A reference that is there and not empty.
    pub(in crate::odata) fn reference(self) -> Option<Uuid> {
        self.key().filter(|key| !key.is_nil())
    }

    /// A local time; the empty date is none.
    pub(in crate::odata) fn time(self) -> Option<LocalTime> {
        parse_local(&self.text()?).ok().flatten()
    }

    /// An object or array, as JSON text.
    pub(in crate::odata) fn structure(self) -> Option<&'de str> {
        self.present().filter(|json| json.starts_with(['{', '[']))
    }

    /// Whether the field is missing from the row altogether.
    pub(in crate::odata) fn is_absent(self) -> bool {
        self.0.is_none()
    }

    fn present(self) -> Option<&'de str> {
        self.0.filter(|json| *json != "null")
    }
}

/// The contents of a JSON string that the parser has already found well-formed.
fn unquoted(json: &str) -> Cow<'_, str> {
    let inner = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    Cow::Owned(unescaped(inner))
}

/// Half a surrogate pair, which 1C leaves where it cuts a text by length, becomes the replacement mark:
/// a cut name must not cost the page.
fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut after = escape.chars();
        match after.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let (c, length) = code_point(escape);
                out.push(c);
                rest = escape.get(length..).unwrap_or_default();
                continue;
            }
            Some(other) => out.push(other),
            None => {}
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// The character of `uXXXX` or of a pair `uXXXX\uXXXX`, and how many bytes it takes.
fn code_point(escape: &str) -> (char, usize) {
    const MARK: char = char::REPLACEMENT_CHARACTER;
    let unit = |at: usize| escape.get(at..at + 4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
    let Some(first) = unit(1) else { return (MARK, escape.len().min(5)) };
    let second = escape.get(5..7).filter(|sign| *sign == "\\u").and_then(|_| unit(7));
    let decoded = |units: &[u16]| char::decode_utf16(units.iter().copied()).next();
    if let Some(second) = second
        && let Some(Ok(c)) = decoded(&[first, second])
        && c.len_utf16() == 2
    {
        return (c, 11);
    }
    (decoded(&[first]).and_then(Result::ok).unwrap_or(MARK), 5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(json: &str) -> Value<'_> {
        Value(Some(json))
    }

    #[test]
    fn text_is_what_can_be_read() {
        for (json, wanted) in [
            (r#""Царькова""#, Some("Царькова")),
            (r#""a\"b\\c\/d""#, Some("a\"b\\c/d")),
            (r#""1\n2\r\t\b\f3""#, Some("1\n2\r\t\u{8}\u{c}3")),
            (r#""\u0416\u0436""#, Some("Жж")),
            (r#""\ud83d\ude00!""#, Some("😀!")),
            (r#""cut \ud83d""#, Some("cut \u{fffd}")),
            (r#""\ude00\ud83d""#, Some("\u{fffd}\u{fffd}")),
            (r#""\ud83d\u0416""#, Some("\u{fffd}Ж")),
            (r#""""#, Some("")),
            ("17", Some("17")),
            ("null", None),
            ("[]", None),
            ("{}", None),
        ] {
            assert_eq!(of(json).text().as_deref(), wanted, "{json}");
        }
        assert_eq!(Value(None).text(), None);
    }

    #[test]
    fn numbers_come_bare_or_in_strings() {
        for (json, wanted) in [
            ("1499.5", Some("1499.5")),
            (r#""4""#, Some("4")),
            ("-1e-2", Some("-1e-2")),
            ("true", None),
            (r#""""#, None),
            ("null", None),
        ] {
            assert_eq!(of(json).number().as_deref(), wanted, "{json}");
        }
        for (json, wanted) in
            [("3", Some(3)), (r#""3""#, Some(3)), ("-3", None), ("3.5", None), (r#""three""#, None)]
        {
            assert_eq!(of(json).whole(), wanted, "{json}");
        }
    }

    #[test]
    fn empty_references_are_nothing() {
        assert_eq!(of(r#""00000000-0000-0000-0000-000000000000""#).reference(), None);
        assert_eq!(of(r#""""#).key(), None);
        assert!(of(r#""aaaaaaaa-0000-4000-8000-000000000001""#).reference().is_some());
    }

    proptest! {
        #[test]
        fn any_string_survives_the_wire(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(of(&json).text().unwrap(), text);
        }

        #[test]
        fn nothing_foreign_panics(inner: String) {
            let json = format!("\"{inner}\"");
            let _ = of(&json).text();
        }
    }
}
