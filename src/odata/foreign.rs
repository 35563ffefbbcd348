//! Words of the server, made harmless: they end in messages, journals and terminals.
//!
//! Whatever of a reply becomes text goes through [`neutral`], customers' data through [`without_secrets`]: a server
//! that repeats the password it was sent, in whatever encoding, tells it to nobody.

use bytes::Bytes;
use serde::de::IgnoredAny;

use crate::odata::{Redactor, beginning, is_hidden};

pub(super) mod charset;

/// Most characters of a foreign text that are kept.
const LONGEST: usize = 300;
/// Most bytes of a foreign text that are looked at: the longest that is kept, of any letters, and room for what is
/// dropped from it.
const LOOKED_AT: usize = 2 << 10;
/// Fewest bytes of a text that may hold a secret.
const LEAST: usize = 4;

/// The text on one line, without secrets, control and direction characters, cut to a bearable length.
///
/// Secrets go first, and again once nothing invisible parts their letters: what is cut is masked already.
pub(super) fn neutral(text: &str, redactor: &Redactor) -> String {
    let masked = redactor.masked(beginning(text, LOOKED_AT));
    let visible = one_line(&masked);
    cut(&if visible == masked { masked } else { redactor.masked(&visible) })
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let visible = words.map(|word| word.chars().filter(|&c| !is_hidden(c)).collect::<String>());
    visible.collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A reply in JSON whose texts repeat no secret. Only what cannot be a customer's name or number is looked for, and
/// a reply that has none of it stays as it is.
pub(super) fn without_secrets(body: Bytes, redactor: &Redactor) -> Bytes {
    if !redactor.is_repeated_in(&body) {
        return body;
    }
    let Ok(text) = std::str::from_utf8(&body) else { return body };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, string)) = rest.split_once('"') {
        let end = end_of_string(string);
        let (inside, after) = string.split_at_checked(end).unwrap_or((string, ""));
        out.push_str(before);
        out.push('"');
        out.push_str(&masked_string(inside, redactor));
        rest = after.strip_prefix('"').unwrap_or_default();
        if !after.is_empty() {
            out.push('"');
        }
    }
    out.push_str(rest);
    out.into()
}

/// Where a string of JSON ends.
fn end_of_string(string: &str) -> usize {
    let mut is_escaped = false;
    let end = string.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.unwrap_or(string.len())
}

/// A string of JSON without secrets, still one.
fn masked_string(inside: &str, redactor: &Redactor) -> String {
    if inside.len() < LEAST {
        return inside.to_owned();
    }
    let masked = redactor.masked(inside);
    let is_string = |text: &str| serde_json::from_str::<IgnoredAny>(&format!("\"{text}\"")).is_ok();
    // Half an escape is no escape: then nothing of the text is kept.
    if masked == inside || is_string(&masked) { masked } else { redactor.mask().to_owned() }
}

/// Whether a text has this word, whatever stands around it.
pub(super) fn names_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::ConnectionSettings;

    fn knowing(password: &str) -> Redactor {
        Redactor::of(&ConnectionSettings {
            user: "u".into(),
            password: password.into(),
            ..ConnectionSettings::default()
        })
    }

    fn plain(text: &str) -> String {
        neutral(text, &Redactor::default())
    }

    #[test]
    fn what_could_steer_a_terminal_is_gone() {
        for (name, text, wanted) in [
            ("plain words stay", "Сущность не найдена", "Сущность не найдена"),
            ("lines become one", "первая\r\n  вторая\n", "первая вторая"),
            ("escape sequences lose their escape", "a\u{1b}[31mb\u{7}", "a [31mb"),
            ("directions are dropped", "a\u{202e}b\u{2066}c\u{feff}", "abc"),
            ("c1 controls part words", "a\u{9b}b", "a b"),
        ] {
            assert_eq!(plain(text), wanted, "{name}");
        }
    }

    #[test]
    fn a_long_text_is_cut_with_a_mark() {
        let cut = plain(&"ж".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
        assert!(!plain(&"ж".repeat(LONGEST)).ends_with('…'));
        assert_eq!(plain(&"я".repeat(LOOKED_AT)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn s5_a_secret_is_masked_before_a_text_is_cut() {
        let redactor = knowing("Zq7vXw9Kd");
        for before in LONGEST - 12..LONGEST + 2 {
            let told = neutral(&format!("{} Zq7vXw9Kd", "x".repeat(before)), &redactor);
            assert!(!told.contains("Zq7v"), "{told}");
        }
        for before in LOOKED_AT - 12..LOOKED_AT + 2 {
            let told = neutral(&format!("{}Zq7vXw9Kd", " ".repeat(before)), &redactor);
            assert!(!told.contains("Zq7v"), "{told}");
        }
        let parted = neutral("Zq\u{200b}7v\u{2060}Xw9Kd Zq7v\u{1}Xw9Kd", &redactor);
        assert!(!parted.contains("7v") && !parted.contains("Xw"), "{parted}");
    }

    #[test]
    fn s5_data_repeat_no_secret_and_stay_what_they_are() {
        let redactor = knowing("n5abcdef7Ж");
        for (body, wanted) in [
            (r#"{"value":[{"a":"Анна","b":7}]}"#, r#"{"value":[{"a":"Анна","b":7}]}"#),
            (
                r#"{"value":[{"a":"x n5abcdef7Ж y","b":"\"q\""}]}"#,
                r#"{"value":[{"a":"x ••• y","b":"\"q\""}]}"#,
            ),
            (r#"{"a":"n5abcdef7\u0416","b":"\\","c":""}"#, r#"{"a":"•••","b":"\\","c":""}"#),
            (r#"{"a":"\n5abcdef7Ж"}"#, r#"{"a":"•••"}"#),
            // What is stored is the inner text: a row that repeats the secret as JSON escapes it.
            (
                r#"{"a":"\\u006e\\u0035\\u0061\\u0062\\u0063\\u0064\\u0065\\u0066\\u0037\\u0416"}"#,
                r#"{"a":"•••"}"#,
            ),
            (r#"{"a":"n5abcdef7\\u0416"}"#, r#"{"a":"•••"}"#),
            (r#"{"a":"n5abcdef7Ж"#, r#"{"a":"•••"#),
        ] {
            let told = without_secrets(Bytes::from(body), &redactor);
            assert_eq!(std::str::from_utf8(&told), Ok(wanted), "{body}");
        }
        let theirs = knowing("Марина");
        let body = Bytes::from(r#"{"value":[{"Description":"Марина"}]}"#);
        assert_eq!(without_secrets(body.clone(), &theirs), body, "a customer's name is no secret");
    }
}
