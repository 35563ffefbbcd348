//! The text of a page, in whatever encoding the server wrote it.

use std::borrow::Cow;

use crate::odata::CodePage;

/// A page says its own encoding within so many bytes.
const HEAD: usize = 1024;

/// The encodings pages come in.
#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
    Of(CodePage),
}

/// The text of a body: by its byte order mark; as UTF-8 where it is valid; by what the header, then the page itself
/// calls its encoding; as `windows-1251` where that makes Russian of it.
pub(in crate::odata) fn text<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let utf16 = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(of)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match body {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    match (content_type.and_then(charset_in), std::str::from_utf8(body)) {
        (Some(Charset::Utf16(of)), _) => utf16(body, of),
        (Some(Charset::Of(page)), Err(_)) => Cow::Owned(page.decode(body)),
        (_, Ok(text)) => Cow::Borrowed(text),
        (_, Err(_)) => match said_inside(body) {
            Some(Charset::Of(page)) => Cow::Owned(page.decode(body)),
            _ if is_russian(body) => Cow::Owned(CodePage::Windows1251.decode(body)),
            _ => String::from_utf8_lossy(body),
        },
    }
}

/// What stands behind `charset=`.
fn charset_in(text: &str) -> Option<Charset> {
    let lower = text.to_ascii_lowercase();
    let behind = ["charset=", "encoding="].iter().find_map(|sign| Some(lower.split_once(sign)?.1))?;
    let name = behind.trim_start_matches(['"', '\'', ' ']);
    let name = name.split(['"', '\'', ';', '>', '/', '?', ' ']).next()?;
    match name {
        "utf-8" | "utf8" => Some(Charset::Utf8),
        "utf-16" | "utf-16le" | "unicode" => Some(Charset::Utf16(u16::from_le_bytes)),
        "utf-16be" => Some(Charset::Utf16(u16::from_be_bytes)),
        other => CodePage::named(other).map(Charset::Of),
    }
}

fn said_inside(body: &[u8]) -> Option<Charset> {
    charset_in(&String::from_utf8_lossy(body.get(..HEAD).unwrap_or(body)))
}

/// Whether bytes that are no UTF-8 are letters of Russian in `windows-1251`, nearly all of them.
fn is_russian(body: &[u8]) -> bool {
    let beyond = body.iter().filter(|byte| !byte.is_ascii()).count();
    let letters = body.iter().filter(|byte| matches!(byte, 0xc0..=0xff | 0xa8 | 0xb8)).count();
    letters * 5 >= beyond * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<title>Ошибка 1С:Предприятия 8</title>";

    fn in_page(page: CodePage, text: &str) -> Vec<u8> {
        let byte = |c: char| (0..=255).find(|byte| page.decode(&[*byte]).starts_with(c));
        text.chars().filter_map(byte).collect()
    }

    fn in_utf16(of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        TEXT.encode_utf16().flat_map(of).collect()
    }

    #[test]
    fn a_page_is_read_in_the_encoding_it_is_written_in() {
        let cp1251 = in_page(CodePage::Windows1251, TEXT);
        let koi8 = in_page(CodePage::Koi8R, TEXT);
        let meta = |charset: &str| {
            let head = format!("<meta http-equiv=Content-Type content=\"text/html; charset={charset}\">");
            in_page(CodePage::named(charset).unwrap(), &format!("{head}{TEXT}"))
        };
        let marked = [&[0xff, 0xfe][..], &in_utf16(u16::to_le_bytes)].concat();
        for (name, body, content_type) in [
            ("UTF-8", TEXT.as_bytes().to_vec(), None),
            ("UTF-8, called otherwise", TEXT.as_bytes().to_vec(), Some("text/html; charset=windows-1251")),
            ("by the header", cp1251.clone(), Some("text/html; Charset=\"Windows-1251\"")),
            ("by its letters", cp1251.clone(), Some("text/html")),
            ("by its letters, though called UTF-8", cp1251, Some("text/html; charset=utf-8")),
            ("by the page", meta("windows-1251"), None),
            ("KOI8-R by the header", koi8, Some("text/html;charset=koi8-r")),
            ("KOI8-R by the page", meta("koi8-r"), None),
            ("UTF-16 by its mark", marked, None),
            ("UTF-16 by the header", in_utf16(u16::to_le_bytes), Some("text/html; charset=utf-16")),
            ("UTF-16 the other way", in_utf16(u16::to_be_bytes), Some("text/html; charset=utf-16be")),
        ] {
            assert!(text(&body, content_type).ends_with(TEXT), "{name}: {}", text(&body, content_type));
        }
        assert_eq!(text(b"a\xff\x01\x98b", None), "a\u{fffd}\u{1}\u{fffd}b");
    }
}
