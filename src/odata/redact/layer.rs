//! What a text says once it is decoded, with the place every decoded byte comes from.

use std::ops::Range;

use super::codepage::CodePage;

/// Fewest characters of base64 that are looked into: shorter ones hide nothing that is kept.
const BASE64_RUN: usize = 4;
/// Fewest characters of base32 that are.
const BASE32_RUN: usize = 8;
/// Fewest bytes in hexadecimal that are.
const HEX_RUN: usize = 3;
/// Fewest numbers of characters that are.
const CODES_RUN: usize = 3;
/// What may stand between two numbers of one list: `, `, `, 0x`, `)||CHR(`.
const CODES_GAP: usize = 10;
/// No escape is longer than this.
const LONGEST_ESCAPE: usize = 12;

/// Takes an escape off the front: what it stands for, and how long it was.
type Escape = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

/// Letters that stand for so many bits each.
#[derive(Clone, Copy)]
struct Alphabet {
    bits: usize,
    /// So many letters are whole bytes.
    group: usize,
    /// What a letter stands for.
    value: fn(u8) -> Option<u8>,
}

/// Standard, and that for addresses.
const BASE64: Alphabet = Alphabet { bits: 6, group: 4, value: sextet };
/// The usual one, and the one that keeps the order of numbers.
const BASE32: [Alphabet; 2] =
    [Alphabet { bits: 5, group: 8, value: quintet }, Alphabet { bits: 5, group: 8, value: ordered_quintet }];

/// What a layer was made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LayerKind {
    /// Words: what stands around something belongs to it.
    Text,
    /// Runs of letters that were taken for encoded bytes: nearly all of it is noise.
    Runs,
}

/// Bytes, and where in the original text each of them stands. An empty place parts runs.
pub(super) struct DecodedLayer {
    pub(super) kind: LayerKind,
    pub(super) bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

/// The bytes are the secret's, or may be.
impl Drop for DecodedLayer {
    fn drop(&mut self) {
        secrecy::zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}

impl DecodedLayer {
    pub(super) fn of(text: &str) -> Self {
        let places = (0..text.len()).map(|at| at..at + 1).collect();
        Self { kind: LayerKind::Text, bytes: text.as_bytes().to_vec(), places }
    }

    /// Where in the original a stretch of this layer stands.
    pub(super) fn place(&self, stretch: Range<usize>) -> Range<usize> {
        let places = self.places.get(stretch).unwrap_or_default();
        let places = || places.iter().filter(|place| !place.is_empty());
        let from = places().map(|place| place.start).min().unwrap_or_default();
        from..places().map(|place| place.end).max().unwrap_or_default()
    }

    /// Whether a run, or the whole, ends here.
    pub(super) fn ends_at(&self, at: usize) -> bool {
        self.places.get(at).is_none_or(Range::is_empty)
    }

    /// Whether a run, or the whole, begins here.
    pub(super) fn begins_at(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.ends_at(before))
    }

    /// All that this may be an encoding of.
    pub(super) fn decoded(&self) -> Vec<Self> {
        let escapes: [Escape; 5] = [percent, form, quoted_printable, entity, backslash];
        let unescaped = escapes.into_iter().map(|read| self.unescaped(read));
        let pages = CodePage::ALL.into_iter().map(|page| self.misread(page));
        // What was encoded with something before it comes out whole by one of a group's offsets.
        let base64 = self.unpacked(BASE64, BASE64_RUN);
        let base32 = BASE32.into_iter().flat_map(|letters| self.unpacked(letters, BASE32_RUN));
        let hex = (0..2).map(|offset| self.hex(offset));
        let codes = [10, 16].into_iter().flat_map(|radix| self.codes(radix));
        let wide = [u16::from_le_bytes as fn([u8; 2]) -> u16, u16::from_be_bytes];
        let wide = wide.into_iter().flat_map(|of| [0, 1].map(|offset| self.wide(of, offset)));
        unescaped
            .chain([self.bare()])
            .chain(wide)
            .chain(pages)
            .chain(base64)
            .chain(base32)
            .chain(hex)
            .chain(codes)
            .flatten()
            .collect()
    }

    fn empty(kind: LayerKind) -> Self {
        Self { kind, bytes: Vec::new(), places: Vec::new() }
    }

    fn push(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.push(byte);
        self.places.push(place);
    }

    /// The end of a run.
    fn part(&mut self) {
        if !self.ends_at(self.bytes.len().wrapping_sub(1)) {
            self.push(0, 0..0);
        }
    }

    /// The layer with its escapes resolved; `None` where there are none. `read` takes an escape off the front and
    /// says how long it was.
    fn unescaped(&self, read: Escape) -> Option<Self> {
        let mut layer = Self::empty(self.kind);
        let (mut at, mut found) = (0, false);
        while let Some(&byte) = self.bytes.get(at) {
            let ahead = self.bytes.get(at..self.bytes.len().min(at + LONGEST_ESCAPE)).unwrap_or_default();
            if let Some((decoded, length)) = read(ahead) {
                let place = self.place(at..at + length);
                for byte in decoded {
                    layer.push(byte, place.clone());
                }
                found = true;
                at += length;
            } else {
                layer.push(byte, self.places.get(at).cloned().unwrap_or_default());
                at += 1;
            }
        }
        found.then_some(layer)
    }

    /// Without spaces, line ends, and characters nobody sees; `None` where there are none. Where runs are parted
    /// stays.
    fn bare(&self) -> Option<Self> {
        let mut is_dropped: Vec<bool> =
            self.bytes.iter().map(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()).collect();
        for (at, c) in std::str::from_utf8(&self.bytes).unwrap_or_default().char_indices() {
            if c.is_whitespace() || c.is_control() || is_hidden(c) {
                is_dropped.get_mut(at..at + c.len_utf8()).unwrap_or_default().fill(true);
            }
        }
        let mut layer = Self::empty(self.kind);
        for ((byte, place), is_dropped) in self.bytes.iter().zip(&self.places).zip(is_dropped) {
            if !is_dropped || place.is_empty() {
                layer.push(*byte, place.clone());
            }
        }
        (layer.bytes.len() < self.bytes.len()).then_some(layer)
    }

    /// The characters of UTF-16, run by run, behind an even or an odd number of other bytes; `None` where nothing looks
    /// like it.
    fn wide(&self, of: fn([u8; 2]) -> u16, offset: usize) -> Option<Self> {
        if !self.bytes.contains(&0) {
            return None;
        }
        let mut layer = Self::empty(self.kind);
        for run in self.runs(|_| true, 2) {
            for from in run.skip(offset).step_by(2) {
                let pair = self.bytes.get(from..from + 2).and_then(|pair| pair.try_into().ok());
                let unit = pair.map(of).filter(|_| !self.ends_at(from + 1));
                for byte in unit.and_then(|unit| utf8(unit.into())).unwrap_or_default() {
                    layer.push(byte, self.place(from..from + 2));
                }
            }
            layer.part();
        }
        (!layer.bytes.is_empty()).then_some(layer)
    }

    /// The bytes that were read in a wrong encoding; `None` where all is ASCII. What stood around them and was read
    /// in the right one is no text any more, and parts them.
    fn misread(&self, page: CodePage) -> Option<Self> {
        if self.bytes.is_ascii() {
            return None;
        }
        let mut layer = Self::empty(self.kind);
        let mut from = 0;
        for chunk in self.bytes.utf8_chunks() {
            for (at, c) in chunk.valid().char_indices() {
                match page.encode(c) {
                    Some(byte) => layer.push(byte, self.place(from + at..from + at + c.len_utf8())),
                    None => layer.part(),
                }
            }
            if !chunk.invalid().is_empty() {
                layer.part();
            }
            from += chunk.valid().len() + chunk.invalid().len();
        }
        (!layer.bytes.is_empty()).then_some(layer)
    }

    /// Runs of letters of an alphabet, each from every offset of a group on.
    fn unpacked(&self, letters: Alphabet, least: usize) -> impl Iterator<Item = Option<Self>> {
        let runs = self.runs(|byte| (letters.value)(byte).is_some(), least);
        (0..letters.group).map(move |offset| {
            let mut layer = Self::empty(LayerKind::Runs);
            for run in &runs {
                let run: Vec<usize> = run.clone().skip(offset).collect();
                for group in run.chunks(letters.group) {
                    self.unpack(letters, group, &mut layer);
                }
                layer.part();
            }
            (!layer.bytes.is_empty()).then_some(layer)
        })
    }

    /// The whole bytes that up to a group of letters stand for.
    fn unpack(&self, letters: Alphabet, group: &[usize], layer: &mut Self) {
        let value = |at: &usize| self.bytes.get(*at).copied().and_then(letters.value).map(u64::from);
        let whole = group.iter().fold(0, |sum, at| sum << letters.bits | value(at).unwrap_or_default());
        let bits = group.len() * letters.bits;
        for byte in 0..bits / 8 {
            let [.., last] = (whole >> (bits - 8 * (byte + 1))).to_be_bytes();
            let place = match group.get(byte * 8 / letters.bits..=(byte * 8 + 7) / letters.bits) {
                Some([first, .., last]) => self.place(*first..last + 1),
                _ => 0..0,
            };
            layer.push(last, place);
        }
    }

    /// Runs of hexadecimal digits, with or without a sign between the bytes.
    fn hex(&self, offset: usize) -> Option<Self> {
        let mut layer = Self::empty(LayerKind::Runs);
        let is_part = |byte: u8| byte.is_ascii_hexdigit() || b":- ".contains(&byte);
        for run in self.runs(is_part, HEX_RUN * 2) {
            let digit = |at: &usize| self.bytes.get(*at).is_some_and(u8::is_ascii_hexdigit);
            let digits: Vec<usize> = run.filter(digit).skip(offset).collect();
            for pair in digits.chunks_exact(2) {
                let [high, low] = pair else { continue };
                let value = |at: usize| self.bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                if let (Some(a), Some(b)) = (value(*high), value(*low)) {
                    layer.push(u8::try_from(a << 4 | b).unwrap_or_default(), self.place(*high..low + 1));
                }
            }
            layer.part();
        }
        (!layer.bytes.is_empty()).then_some(layer)
    }

    /// Lists of numbers, as programs print bytes and letters: `[1047, 1072]`, `{0xd0, 0x97}`, `U+0417 U+0430`,
    /// `CHR(72)||CHR(101)`. Once taken for bytes, once for characters.
    fn codes(&self, radix: u32) -> [Option<Self>; 2] {
        let is_digit = |byte: u8| char::from(byte).is_digit(radix);
        let (mut bytes, mut letters) = (Self::empty(LayerKind::Runs), Self::empty(LayerKind::Runs));
        let mut before = 0;
        // The nought of `0x` is no number of its own.
        let is_sign = |run: &Range<usize>| {
            self.bytes.get(run.start..=run.end).is_some_and(|sign| sign.eq_ignore_ascii_case(b"0x"))
        };
        for run in self.runs(is_digit, 1).into_iter().filter(|run| !is_sign(run)) {
            let digits = self.bytes.get(run.clone()).and_then(|digits| std::str::from_utf8(digits).ok());
            let code = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
            if run.start.saturating_sub(before) > CODES_GAP {
                bytes.part();
                letters.part();
            }
            before = run.end;
            if let Some(byte) = code.and_then(|code| u8::try_from(code).ok()) {
                bytes.push(byte, self.place(run.clone()));
            }
            for byte in code.and_then(utf8).unwrap_or_default() {
                letters.push(byte, self.place(run.clone()));
            }
        }
        [bytes, letters].map(|layer| (layer.bytes.len() >= CODES_RUN).then_some(layer))
    }

    /// The longest runs of bytes of a kind that are long enough.
    fn runs(&self, is_part: impl Fn(u8) -> bool, least: usize) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut from = 0;
        for at in 0..=self.bytes.len() {
            let belongs = self.bytes.get(at).is_some_and(|byte| is_part(*byte)) && !self.ends_at(at);
            if !belongs {
                if at - from >= least {
                    runs.push(from..at);
                }
                from = at + 1;
            }
        }
        runs
    }
}

/// The value of a digit of base64, of either alphabet.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The value of a digit of base32.
fn quintet(byte: u8) -> Option<u8> {
    match byte.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(letter - b'A'),
        digit @ b'2'..=b'7' => Some(digit - b'2' + 26),
        _ => None,
    }
}

/// The value of a digit of base32 in the order of its letters.
fn ordered_quintet(byte: u8) -> Option<u8> {
    match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        letter @ b'A'..=b'V' => Some(letter - b'A' + 10),
        _ => None,
    }
}

/// A number in hexadecimal of exactly these digits.
fn number(digits: Option<&[u8]>) -> Option<u32> {
    let text =
        std::str::from_utf8(digits?).ok().filter(|text| text.bytes().all(|c| c.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

fn byte_of(digits: Option<&[u8]>) -> Option<Vec<u8>> {
    number(digits).and_then(|byte| u8::try_from(byte).ok()).map(|byte| vec![byte])
}

fn utf8(number: u32) -> Option<Vec<u8>> {
    char::from_u32(number).map(|c| c.to_string().into_bytes())
}

/// `%D0`, and `%u0416` as scripts write it.
fn percent(ahead: &[u8]) -> Option<(Vec<u8>, usize)> {
    match ahead {
        [b'%', b'u' | b'U', ..] => unit(ahead, 2).map(|(c, length)| (c, length + 2)),
        [b'%', ..] => byte_of(ahead.get(1..3)).map(|byte| (byte, 3)),
        _ => None,
    }
}

/// The same where a plus stands for a space.
fn form(ahead: &[u8]) -> Option<(Vec<u8>, usize)> {
    if ahead.first() == Some(&b'+') { Some((vec![b' '], 1)) } else { percent(ahead) }
}

/// `=D0`
fn quoted_printable(ahead: &[u8]) -> Option<(Vec<u8>, usize)> {
    let ahead = ahead.strip_prefix(b"=")?;
    byte_of(ahead.get(..2)).map(|byte| (byte, 3))
}

/// `&#1046;`, `&#x416;`, `&amp;`, with or without the semicolon.
fn entity(ahead: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = ahead.strip_prefix(b"&")?;
    let (number, digits) = match rest {
        [b'#', b'x' | b'X', digits @ ..] => {
            let length = digits.iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
            (number(digits.get(..length)), 3 + length)
        }
        [b'#', digits @ ..] => {
            let length = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
            let text = digits.get(..length).and_then(|digits| std::str::from_utf8(digits).ok());
            (text.and_then(|text| text.parse().ok()), 2 + length)
        }
        _ => return named(rest),
    };
    let end = usize::from(ahead.get(digits) == Some(&b';'));
    Some((utf8(number?)?, digits + end))
}

fn named(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let length = rest.iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    let name = rest.get(..length).and_then(|name| std::str::from_utf8(name).ok())?;
    let c = entity_of(name)?;
    let end = usize::from(rest.get(length) == Some(&b';'));
    Some((c.to_string().into_bytes(), 1 + length + end))
}

/// The character of a name HTML knows: those of ASCII, of Latin-1 and of Russian.
fn entity_of(name: &str) -> Option<char> {
    if let Some((_, c)) = SIGNS.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    let place = |list: &str, name: &str| list.split(' ').position(|known| known == name);
    if let Some(at) = place(LATIN_1, name) {
        return char::from_u32(0xa0 + u32::try_from(at).ok()?);
    }
    let letter = name.strip_suffix("cy")?;
    let is_small = letter.starts_with(|c: char| c.is_ascii_lowercase());
    let letter = letter.to_ascii_uppercase();
    if letter == "IO" {
        return Some(if is_small { 'ё' } else { 'Ё' });
    }
    let at = u32::try_from(place(RUSSIAN, &letter)?).ok()?;
    char::from_u32(if is_small { 0x430 } else { 0x410 } + at)
}

const SIGNS: [(&str, char); 37] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("rcub", '}'),
    ("verbar", '|'),
];

/// In their order from U+00A0 on.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
    egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
    uacute ucirc uuml yacute thorn yuml";

/// In the order of the alphabet, without `cy` at their end.
const RUSSIAN: &str = "A B V G D IE ZH Z I J K L M N O P R S T U F KH TS CH SH SHCH HARD Y SOFT E YU YA";

/// `\u0416` and pairs of it, `\u{416}`, `\xD0`, `\/`, and the others of JSON and C.
fn backslash(ahead: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = ahead.strip_prefix(b"\\")?;
    match rest {
        [b'u', b'{', digits @ ..] => {
            let length = digits.iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
            let c = utf8(number(digits.get(..length))?)?;
            Some((c, length + 3 + usize::from(digits.get(length) == Some(&b'}'))))
        }
        [b'u' | b'U', ..] => unit(ahead, 2).map(|(c, length)| (c, length + 2)),
        [b'x' | b'X', ..] => byte_of(rest.get(1..3)).map(|byte| (byte, 4)),
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            let value = |digit: &u8| u32::from(digit - b'0');
            u8::try_from(value(a) << 6 | value(b) << 3 | value(c)).ok().map(|byte| (vec![byte], 4))
        }
        [b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((vec![b' '], 2)),
        [sign, ..] if sign.is_ascii_punctuation() => Some((vec![*sign], 2)),
        _ => None,
    }
}

/// The character of four digits from `at` on, or of a pair of them behind the same two signs; how many bytes that
/// took.
fn unit(ahead: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let units = |at: usize| number(ahead.get(at..at + 4)).and_then(|unit| u16::try_from(unit).ok());
    let first = units(at)?;
    if let Some(c) = utf8(u32::from(first)) {
        return Some((c, 4));
    }
    let second = ahead.get(at + 4..at + 6).filter(|sign| ahead.get(..2) == Some(*sign)).and(units(at + 6))?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c.to_string().into_bytes(), 10))
}

/// Characters that are not seen but change how the rest is: directions, joiners, the byte order mark.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}
