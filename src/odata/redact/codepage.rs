//! Encodings of one byte a character: what web servers and proxies write their pages in.

use std::collections::HashMap;
use std::sync::LazyLock;

/// An encoding of one byte a character; the lower half is ASCII in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// `windows-1251`.
    Windows1251,
    /// `windows-1252`, with the control characters of Latin-1 where it has nothing.
    Latin1,
    /// `KOI8-R`.
    Koi8R,
    /// The console's, `IBM866`.
    Ibm866,
}

impl CodePage {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Windows1251, Self::Latin1, Self::Koi8R, Self::Ibm866];

    /// The encoding a page or a header calls so.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "windows-1251" | "cp1251" | "cp-1251" | "win-1251" | "x-cp1251" => Some(Self::Windows1251),
            "windows-1252" | "iso-8859-1" | "latin1" | "cp1252" => Some(Self::Latin1),
            "koi8-r" | "koi8r" | "koi8" | "koi8-u" => Some(Self::Koi8R),
            "ibm866" | "cp866" | "866" => Some(Self::Ibm866),
            _ => None,
        }
    }

    /// The characters of some bytes.
    pub fn decode(self, bytes: &[u8]) -> String {
        let upper: Vec<char> = self.upper().chars().collect();
        let of = |byte: &u8| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(place) => upper.get(usize::from(place)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        bytes.iter().map(of).collect()
    }

    /// The byte of a character, where there is one.
    pub(super) fn encode(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return u8::try_from(c).ok();
        }
        if self == Self::Latin1
            && let Ok(byte) = u8::try_from(u32::from(c))
        {
            return Some(byte);
        }
        // A byte that means nothing in a page comes out of browsers as the control character of its number.
        let of_number = || u8::try_from(u32::from(c)).ok().filter(|byte| (0x80..0xa0).contains(byte));
        ENCODED.get(&(self, c)).copied().or_else(of_number)
    }

    /// The bytes of a text, where all of it has some.
    pub(super) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        text.chars().map(|c| self.encode(c)).collect()
    }

    /// What the bytes from 0x80 on stand for.
    fn upper(self) -> &'static str {
        match self {
            Self::Windows1251 => WINDOWS_1251,
            Self::Latin1 => LATIN_1,
            Self::Koi8R => KOI8_R,
            Self::Ibm866 => IBM_866,
        }
    }
}

/// The bytes from 0x80 on by what they stand for in each page; a character that stands for nothing has none.
static ENCODED: LazyLock<HashMap<(CodePage, char), u8>> = LazyLock::new(|| {
    let of = |page: CodePage| page.upper().chars().zip(0x80..=0xff).map(move |(c, byte)| ((page, c), byte));
    let known = CodePage::ALL.into_iter().flat_map(of);
    known.filter(|((_, c), _)| *c != char::REPLACEMENT_CHARACTER).collect()
});

const WINDOWS_1251: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{fffd}™љ›њќћџ\
     \u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї\
     АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
     абвгдежзийклмнопрстуфхцчшщъыьэюя";
const LATIN_1: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\
     \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
     ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
     àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const KOI8_R: &str = "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{a0}⌡°²·÷\
     ═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©\
     юабцдефгхийклмнопярстужвьызшэщчъ\
     ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";
const IBM_866: &str = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
     абвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
     рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{a0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_alike() {
        for page in CodePage::ALL {
            let text = page.decode(&(0..=255).collect::<Vec<u8>>());
            assert_eq!(text.chars().count(), 256, "{page:?}");
            for (byte, c) in (0..=255_u8).zip(text.chars()).filter(|(_, c)| *c != char::REPLACEMENT_CHARACTER)
            {
                assert_eq!(page.encode(c), Some(byte), "{page:?} {byte:x}");
            }
        }
        assert_eq!(CodePage::Windows1251.decode(b"\xce\xf8\xe8\xe1\xea\xe0"), "Ошибка");
        assert_eq!(CodePage::Koi8R.decode(b"\xef\xdb\xc9\xc2\xcb\xc1"), "Ошибка");
        assert_eq!(CodePage::Ibm866.decode(b"\x8e\xe8\xa8\xa1\xaa\xa0"), "Ошибка");
        assert_eq!(CodePage::Latin1.bytes("é\u{96}–"), Some(vec![0xe9, 0x96, 0x96]));
    }
}
