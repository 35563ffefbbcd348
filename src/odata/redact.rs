//! Secrets taken out of foreign text, whatever encoding a server, a proxy or a debug page repeats them in.
//!
//! ```text
//! text ─▶ layers: as it stands, and decoded (%D0 &#1046; \u0416 base64 hex UTF-16 misread pages), up to three deep
//!      ─▶ a secret found in any of them ─▶ the stretch of the text it stands for becomes •••
//! ```
//! What counts as found:
//! 1. the whole secret, anywhere; one of up to three characters only as a word of its own, lest a password `1` hide
//!    every number;
//! 2. [`PIECE`] characters of it in a row, unless they may be a word or a number of somebody else's;
//! 3. its first [`START`] characters where the text was cut.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use self::layer::{DecodedLayer, LayerKind};
use super::ConnectionSettings;

mod codepage;
mod layer;

pub use codepage::CodePage;
pub use layer::is_hidden;

/// Stands for a secret, however long it is.
const MASK: &str = "•••";
/// So many characters of a secret in a row are as bad as the whole.
const PIECE: usize = 6;
/// So many characters of its beginning are too many at the end of a text.
const START: usize = 4;
/// A secret of fewer characters is masked as a word of its own only.
const SHORT: usize = 4;
/// A password of fewer characters may well be somebody's name or number: customers' data are not masked for it.
const LEAST_IN_DATA: usize = 8;
/// How deep encodings may lie in one another.
const DEEPEST: usize = 3;
/// Most readings of one text that are looked into.
const MOST_LAYERS: usize = 1_200;
/// Bytes by which a secret is looked up.
const KEY: usize = 4;

/// Knows the secrets, and takes them out of foreign text. Shows nothing of them.
#[derive(Clone, Default)]
pub struct Redactor {
    forms: Vec<SecretForm>,
    /// The forms that begin or go on with these bytes, and where.
    index: HashMap<[u8; KEY], Vec<(usize, usize)>>,
    /// The first two bytes of every key: nearly all of a layer is noise, and is passed over by this alone.
    pairs: PairSet,
    /// What shows that customers' data repeat a secret.
    signs: Vec<Zeroizing<Vec<u8>>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// One way a secret may stand in bytes.
#[derive(Clone)]
struct SecretForm {
    bytes: Zeroizing<Vec<u8>>,
    /// How many whole characters end within so many bytes.
    ends: Vec<usize>,
    letters: Zeroizing<Vec<char>>,
    parts: SecretParts,
}

/// Whether parts of a secret are secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SecretParts {
    Secret,
    /// The part that is has a form of its own.
    Harmless,
}

impl Redactor {
    /// Knows the secrets by which 1C is asked: the password, login and password, and the token made of them.
    pub fn of(settings: &ConnectionSettings) -> Self {
        let password = settings.password.expose_secret();
        if password.is_empty() {
            return Self::default();
        }
        let pair = Zeroizing::new(format!("{}:{password}", settings.user));
        let token = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        let secrets = [
            (password, SecretParts::Secret),
            (pair.as_str(), SecretParts::Harmless),
            (token.trim_end_matches('='), SecretParts::Harmless),
        ];
        let mut redactor = Self::with(secrets);
        redactor.signs = signs(password, &pair);
        redactor
    }

    /// Knows these secrets.
    pub fn knowing<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        Self::with(secrets.into_iter().map(|secret| (secret, SecretParts::Secret)))
    }

    fn with<'a>(secrets: impl IntoIterator<Item = (&'a str, SecretParts)>) -> Self {
        let mut forms: Vec<SecretForm> = Vec::new();
        for (secret, parts) in secrets.into_iter().filter(|(secret, _)| !secret.is_empty()) {
            // Where other letters are escaped, a change of case reaches the Latin ones alone.
            let cases = [
                secret.to_owned(),
                secret.to_lowercase(),
                secret.to_uppercase(),
                secret.to_ascii_lowercase(),
                secret.to_ascii_uppercase(),
            ];
            for case in cases {
                for form in SecretForm::all(&Zeroizing::new(case), parts) {
                    if !forms.iter().any(|known| known.bytes == form.bytes) {
                        forms.push(form);
                    }
                }
            }
        }
        let mut index: HashMap<[u8; KEY], Vec<(usize, usize)>> = HashMap::new();
        let mut pairs = PairSet::default();
        for (number, form) in forms.iter().enumerate() {
            for (at, key) in form.bytes.array_windows_of_key().enumerate() {
                pairs.insert(&key);
                index.entry(key).or_default().push((number, at));
            }
        }
        Self { forms, index, pairs, signs: Vec::new() }
    }

    /// What stands for a secret.
    pub fn mask(&self) -> &'static str {
        MASK
    }

    /// The text without any secret in any encoding.
    pub fn masked(&self, text: &str) -> String {
        if self.forms.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        let mut hidden = vec![false; text.len()];
        for place in user_info(text) {
            hide(&mut hidden, place);
        }
        self.look_into(DecodedLayer::of(text), &mut hidden);
        without(text, &hidden)
    }

    /// Whether customers' data hold a secret that cannot be a word or a number of theirs.
    pub fn is_repeated_in(&self, data: &[u8]) -> bool {
        self.signs.iter().any(|sign| memmem::find(data, sign).is_some())
    }

    /// Every reading of a text, the less decoded ones first.
    fn look_into(&self, text: DecodedLayer, hidden: &mut [bool]) {
        let mut seen = HashSet::from([digest(&text)]);
        let mut layers = vec![text];
        for depth in 0..=DEEPEST {
            let mut deeper = Vec::new();
            for layer in &layers {
                self.find(layer, hidden);
                if depth < DEEPEST {
                    let fresh = layer.decoded().into_iter().filter(|layer| seen.insert(digest(layer)));
                    deeper.extend(fresh.take(MOST_LAYERS.saturating_sub(deeper.len())));
                }
            }
            layers = deeper;
        }
    }

    /// Hides what of the text stands for a secret in this layer.
    fn find(&self, layer: &DecodedLayer, hidden: &mut [bool]) {
        for (at, window) in layer.bytes.windows(KEY).enumerate().filter(|(_, key)| self.pairs.contains(key)) {
            let Ok(key) = <[u8; KEY]>::try_from(window) else { continue };
            for &(number, from) in self.index.get(&key).into_iter().flatten() {
                let Some(form) = self.forms.get(number) else { continue };
                let length = form.common(from, layer.bytes.get(at..).unwrap_or_default());
                if form.is_told(from, length, layer, at) {
                    hide(hidden, layer.place(at..at + length));
                }
            }
        }
        for form in self.forms.iter().filter(|form| form.bytes.len() < KEY || form.is_short()) {
            for at in memmem::find_iter(&layer.bytes, form.bytes.as_slice()) {
                if is_word(layer, at..at + form.bytes.len()) {
                    hide(hidden, layer.place(at..at + form.bytes.len()));
                }
            }
        }
    }
}

/// A set of pairs of bytes.
#[derive(Clone, Default)]
struct PairSet {
    bits: Vec<u64>,
}

impl PairSet {
    fn insert(&mut self, bytes: &[u8]) {
        self.bits.resize(1 << 10, 0);
        let (word, bit) = Self::place(bytes);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether bytes begin with a pair of the set.
    fn contains(&self, bytes: &[u8]) -> bool {
        let (word, bit) = Self::place(bytes);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The word and the bit of the first two bytes.
    fn place(bytes: &[u8]) -> (usize, u64) {
        let pair = bytes.first_chunk().map_or(0, |pair| usize::from(u16::from_le_bytes(*pair)));
        (pair >> 6, 1 << (pair & 63))
    }
}

/// All windows of the length by which secrets are looked up.
trait KeyWindows {
    fn array_windows_of_key(&self) -> impl Iterator<Item = [u8; KEY]>;
}

impl KeyWindows for Zeroizing<Vec<u8>> {
    fn array_windows_of_key(&self) -> impl Iterator<Item = [u8; KEY]> {
        self.windows(KEY).filter_map(|window| window.try_into().ok())
    }
}

impl SecretForm {
    /// A secret in every encoding of characters.
    fn all(secret: &str, parts: SecretParts) -> Vec<Self> {
        let utf16 = |bytes: fn(u16) -> [u8; 2]| {
            let of = |c: char| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| bytes(*unit)).collect();
            Some(Self::new(secret, parts, of))
        };
        let utf8 = Self::new(secret, parts, |c| c.to_string().into_bytes());
        let pages = CodePage::ALL.into_iter().filter_map(|page| {
            page.bytes(secret)?;
            Some(Self::new(secret, parts, |c| page.encode(c).into_iter().collect()))
        });
        let wide = [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)];
        std::iter::once(utf8).chain(pages).chain(wide.into_iter().flatten()).collect()
    }

    fn new(secret: &str, parts: SecretParts, bytes_of: impl Fn(char) -> Vec<u8>) -> Self {
        let mut bytes = Zeroizing::new(Vec::new());
        let mut ends = vec![0];
        for (number, c) in secret.chars().enumerate() {
            let encoded = Zeroizing::new(bytes_of(c));
            ends.extend(std::iter::repeat_n(number, encoded.len().saturating_sub(1)));
            ends.push(number + 1);
            bytes.extend_from_slice(&encoded);
        }
        Self { bytes, ends, letters: Zeroizing::new(secret.chars().collect()), parts }
    }

    fn is_short(&self) -> bool {
        self.letters.len() < SHORT
    }

    /// How many bytes of it from a place on others begin with.
    fn common(&self, from: usize, others: &[u8]) -> usize {
        let own = self.bytes.get(from..).unwrap_or_default();
        own.iter().zip(others).take_while(|(own, other)| own == other).count()
    }

    /// Whether so much of it from a place on tells too much, where it stands in a layer.
    fn is_told(&self, from: usize, length: usize, layer: &DecodedLayer, at: usize) -> bool {
        if self.is_short() {
            return false;
        }
        if from == 0 && length == self.bytes.len() {
            return true;
        }
        if self.parts == SecretParts::Harmless {
            return false;
        }
        let end = |bytes: usize| self.ends.get(bytes).copied().unwrap_or_default();
        let piece = self.letters.get(end(from)..end(from + length)).unwrap_or_default();
        let is_piece = piece.len() >= PIECE && !may_be_a_word(piece);
        is_piece || (from == 0 && piece.len() >= START && is_cut(layer, at + length))
    }
}

/// Whether letters may be a word or a number that has nothing to do with the secret.
fn may_be_a_word(letters: &[char]) -> bool {
    let rest = letters.get(1..).unwrap_or_default();
    let all = |letters: &[char], is: fn(char) -> bool| letters.iter().all(|c| is(*c));
    all(letters, char::is_numeric)
        || (all(letters, char::is_alphabetic)
            && (all(rest, char::is_lowercase) || all(letters, char::is_uppercase)))
}

/// Whether a text was cut off here: it ends, or says so.
fn is_cut(layer: &DecodedLayer, at: usize) -> bool {
    let rest = layer.bytes.get(at..).unwrap_or_default();
    layer.ends_at(at) || rest.starts_with("…".as_bytes()) || rest.starts_with(b"...")
}

/// Whether a stretch is a word of its own; in a run of encoded bytes, the whole run.
fn is_word(layer: &DecodedLayer, stretch: Range<usize>) -> bool {
    let is_apart = |at: Option<usize>| {
        let byte = at.and_then(|at| layer.bytes.get(at));
        byte.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
    };
    match layer.kind {
        LayerKind::Text => is_apart(stretch.start.checked_sub(1)) && is_apart(Some(stretch.end)),
        LayerKind::Runs => layer.begins_at(stretch.start) && layer.ends_at(stretch.end),
    }
}

/// The first bytes of a text, at most so many, and no half of a character.
pub fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// What stands before the host of an address: `user:password` of `https://user:password@host`.
fn user_info(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, sign)| {
        let from = at + sign.len();
        let authority = text.get(from..)?.split(['/', '?', '#', '"', '\'', '<', '>']).next()?;
        let authority = authority.split(char::is_whitespace).next()?;
        authority.rfind('@').map(|length| from..from + length)
    })
}

fn hide(hidden: &mut [bool], place: Range<usize>) {
    hidden.get_mut(place).unwrap_or_default().fill(true);
}

/// The text with a mask for every stretch of which anything is hidden.
fn without(text: &str, hidden: &[bool]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_masked = false;
    for (at, c) in text.char_indices() {
        let is_hidden = hidden.get(at..at + c.len_utf8()).is_some_and(|bytes| bytes.contains(&true));
        if !is_hidden {
            out.push(c);
        } else if !is_masked {
            out.push_str(MASK);
        }
        is_masked = is_hidden;
    }
    out
}

fn digest(layer: &DecodedLayer) -> u64 {
    xxh3_64_with_seed(&layer.bytes, u64::from(layer.kind == LayerKind::Runs))
}

/// The forms in which data can be searched quickly: the pair by its base64, whatever stands before it, and the
/// password itself where it cannot be anybody's name or number.
fn signs(password: &str, pair: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let letters: Zeroizing<Vec<char>> = Zeroizing::new(password.chars().collect());
    let mut signs = Vec::new();
    base64_signs(pair.as_bytes(), &mut signs);
    if letters.len() >= LEAST_IN_DATA && !may_be_a_word(&letters) {
        let texts = [
            vec![password.as_bytes().to_vec()],
            CodePage::ALL.into_iter().filter_map(|page| page.bytes(password)).collect(),
        ];
        for bytes in texts.concat().into_iter().map(Zeroizing::new) {
            base64_signs(&bytes, &mut signs);
            byte_signs(&bytes, &mut signs);
        }
        character_signs(&letters, &mut signs);
    }
    signs.sort_by(|one, other| one.as_slice().cmp(other.as_slice()));
    signs.dedup();
    signs
}

/// What base64 of anything that holds the bytes has in common, of both alphabets.
fn base64_signs(bytes: &[u8], signs: &mut Vec<Zeroizing<Vec<u8>>>) {
    for before in 0..3 {
        let padded = Zeroizing::new([&[0; 2][..before.min(2)], bytes].concat());
        let encoded = Zeroizing::new(STANDARD.encode(&padded));
        // The digits that depend on these bytes alone.
        let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        let Some(own) = encoded.get(from..to).filter(|own| own.len() >= PIECE) else { continue };
        signs.push(Zeroizing::new(own.as_bytes().to_vec()));
        signs.push(Zeroizing::new(own.replace('+', "-").replace('/', "_").into_bytes()));
        signs.push(Zeroizing::new(own.replace('/', "\\/").into_bytes()));
    }
}

/// The bytes as escapes of addresses, in hexadecimal, and misread as characters of one byte.
fn byte_signs(bytes: &[u8], signs: &mut Vec<Zeroizing<Vec<u8>>>) {
    let escaped = |sign: &str, is_plain: fn(&u8) -> bool, upper: bool| -> Zeroizing<Vec<u8>> {
        let of = |byte: &u8| match (is_plain(byte), upper) {
            (true, _) => char::from(*byte).to_string(),
            (false, true) => format!("{sign}{byte:02X}"),
            (false, false) => format!("{sign}{byte:02x}"),
        };
        Zeroizing::new(bytes.iter().map(of).collect::<String>().into_bytes())
    };
    for upper in [false, true] {
        signs.extend(["%", "\\x", ""].map(|sign| escaped(sign, |_| false, upper)));
        signs.extend(["%", "\\x"].map(|sign| escaped(sign, u8::is_ascii_alphanumeric, upper)));
    }
    let misread = CodePage::ALL.map(|page| Zeroizing::new(page.decode(bytes).into_bytes()));
    let latin1: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    signs.extend(misread.into_iter().chain([Zeroizing::new(latin1.into_bytes())]));
}

/// The characters as JSON and HTML escape them: all of them, or those that are no letters and digits of ASCII.
fn character_signs(letters: &[char], signs: &mut Vec<Zeroizing<Vec<u8>>>) {
    let json = |c: char, upper: bool| -> String {
        let unit = |unit: &u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        c.encode_utf16(&mut [0; 2]).iter().map(unit).collect()
    };
    let quoted = |c: char| match c {
        '"' | '\\' | '/' => format!("\\{c}"),
        other if other.is_ascii() => other.to_string(),
        other => json(other, false),
    };
    let html = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => other.to_string(),
    };
    let writings: [&dyn Fn(char) -> String; 12] = [
        &|c| json(c, false),
        &|c| json(c, true),
        // JSON within a text of JSON: the sign of the escape is escaped itself.
        &|c| format!("\\{}", json(c, false)),
        &|c| format!("\\{}", json(c, true)),
        &|c| if c.is_ascii() { c.to_string() } else { format!("\\{}", json(c, false)) },
        &|c| if c.is_ascii() { c.to_string() } else { format!("\\{}", json(c, true)) },
        &quoted,
        &|c| if c.is_ascii() { quoted(c) } else { json(c, true) },
        &|c| format!("&#{};", u32::from(c)),
        &|c| format!("&#x{:x};", u32::from(c)),
        &|c| format!("&#x{:X};", u32::from(c)),
        &html,
    ];
    for writing in writings {
        for only_special in [false, true] {
            let of = |c: &char| {
                if only_special && c.is_ascii_alphanumeric() { c.to_string() } else { writing(*c) }
            };
            signs.push(Zeroizing::new(letters.iter().map(of).collect::<String>().into_bytes()));
        }
    }
}

#[cfg(test)]
#[allow(clippy::format_collect, reason = "a few characters each")]
mod tests;
