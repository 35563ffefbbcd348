//! A secret that must be found nowhere, the ways in which it may leak, and the one search for all of them. It shares
//! no code with what it is to catch.

#![allow(clippy::format_collect, reason = "a few characters each")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zip::ZipArchive;

use super::binary::{Machine, Run, USER};
use super::pseudo_terminal::Ended;

/// No six characters of it occur anywhere by themselves.
pub const CANARY: &str = "Zq7vXw9KdЖRm4%Tn8+Uj2/Hy";

/// So many characters in a row are too much: of the secret itself, its base64 and its percent form.
const PART: usize = 6;
/// So many of any encoding: by then two characters of the secret or more are told.
const ENCODED_PART: usize = 14;

pub type Encode = fn(&str) -> String;

fn each<T>(items: impl IntoIterator<Item = T>, of: fn(T) -> String) -> String {
    items.into_iter().map(of).collect()
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn small_percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") }
}

/// Russian letters have the same order in `windows-1251` as in Unicode.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte =
        |c: char| u8::try_from(u32::from(c)).unwrap_or_else(|_| u8::try_from(u32::from(c) - 0x350).unwrap());
    text.chars().map(byte).collect()
}

/// What a debug page, a gateway or a careless module makes of a text.
pub const ENCODINGS: &[(&str, Encode)] = &[
    ("plain", |text| text.into()),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 without padding", |text| STANDARD_NO_PAD.encode(text)),
    ("base64 for addresses", |text| URL_SAFE_NO_PAD.encode(text)),
    ("base64 of windows-1251", |text| STANDARD.encode(windows_1251(text))),
    ("percent", |text| each(text.bytes(), percent)),
    ("percent in small letters", |text| each(text.bytes(), small_percent)),
    ("percent of windows-1251", |text| each(windows_1251(text), percent)),
    ("entities", |text| each(text.chars(), |c| format!("&#{};", u32::from(c)))),
    ("entities in hexadecimal", |text| each(text.chars(), |c| format!("&#x{:X};", u32::from(c)))),
    ("JSON", |text| each(text.encode_utf16(), |unit| format!("\\u{unit:04X}"))),
    ("hexadecimal", |text| each(text.bytes(), |byte| format!("{byte:02x}"))),
    ("misread", |text| each(text.bytes(), |byte| char::from(byte).to_string())),
    ("base64 twice", |text| STANDARD.encode(STANDARD.encode(text))),
    ("percent twice", |text| each(each(text.bytes(), percent).bytes(), percent)),
    ("cut", |text| text.chars().take(9).collect()),
];

/// What is sent to a server: the password, login and password, the header made of them.
fn sent(password: &str) -> [String; 3] {
    let pair = format!("{USER}:{password}");
    let header = format!("Basic {}", STANDARD.encode(&pair));
    [password.to_owned(), pair, header]
}

/// Everything that tells the secret, with what it is called and how long a part of it is too much.
fn forms() -> Vec<(&'static str, String, usize)> {
    let mut forms = Vec::new();
    for (name, encode) in ENCODINGS {
        for (secret, other) in sent(CANARY).iter().zip(sent("\u{7f}")) {
            let (encoded, other) = (encode(secret), encode(&other));
            // The login is no secret, nor is how it is encoded.
            let same = encoded.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
            let own: String = encoded.chars().skip(same).collect();
            let part = match *name {
                "plain" | "base64" | "percent" => PART,
                _ => ENCODED_PART,
            };
            let own = own.trim_end_matches('=');
            forms.push((*name, own.to_owned(), part));
            // A search folds, and so does many a file system.
            forms.extend(
                [own.to_lowercase(), own.to_uppercase()].map(|case| (*name, case, part.max(PART + 2))),
            );
        }
    }
    forms
}

/// Bytes by which parts are looked up.
const START: usize = 4;

/// All parts that are too much.
struct Parts {
    /// By their first bytes, with the name of the encoding.
    by_start: HashMap<[u8; START], Vec<(Vec<u8>, &'static str)>>,
    /// Whether one begins with these two bytes: that alone passes over most places of a file.
    begins: Vec<bool>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let mut seen = BTreeSet::new();
    let mut parts = Parts { by_start: HashMap::new(), begins: vec![false; 1 << 16] };
    for (name, text, length) in forms() {
        let characters: Vec<char> = text.chars().collect();
        for part in characters.windows(length) {
            let part = part.iter().collect::<String>().into_bytes();
            if seen.insert(part.clone()) {
                parts.begins[pair(&part)] = true;
                let start = part[..START].try_into().unwrap();
                parts.by_start.entry(start).or_default().push((part, name));
            }
        }
    }
    parts
});

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// The first part of the secret found in some bytes, and its encoding.
pub fn found(bytes: &[u8]) -> Option<(String, &'static str)> {
    let starts = bytes.windows(START).enumerate().filter(|(_, start)| PARTS.begins[pair(start)]);
    starts.into_iter().find_map(|(at, start)| {
        let parts = PARTS.by_start.get(start)?;
        let (part, name) = parts.iter().find(|(part, _)| bytes[at..].starts_with(part))?;
        Some((String::from_utf8_lossy(part).into_owned(), *name))
    })
}

/// Neither the secret nor a part of it, in any of the encodings.
#[track_caller]
pub fn assert_absent(place: &str, bytes: impl AsRef<[u8]>) {
    let bytes = bytes.as_ref();
    if let Some((part, encoding)) = found(bytes) {
        panic!("{encoding}: {part:?} of the secret in {place}:\n{}", String::from_utf8_lossy(bytes));
    }
}

/// The same of a file, its name and its bytes, and where it is a workbook, of what that unpacks to: what was found.
fn found_in_file(file: &Path) -> Option<String> {
    let place = file.display().to_string();
    let bytes = fs::read(file).unwrap();
    let in_parts = || unpacked(&bytes).into_iter().find_map(|part| found(&part));
    let (part, encoding) = found(place.as_bytes()).or_else(|| found(&bytes)).or_else(in_parts)?;
    Some(format!("{encoding}: {part:?} of the secret in the file {place}"))
}

fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Vec::new();
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let parts = archive.len();
    let part = |number| {
        let mut inside = Vec::new();
        archive.by_index(number).unwrap().read_to_end(&mut inside).unwrap();
        inside
    };
    (0..parts).map(part).collect()
}

/// Everything the machine holds but what was put there by hand.
fn found_in_files(machine: &Machine) -> Option<String> {
    let by_hand = machine.path("secrets");
    machine.files().iter().filter(|file| !file.starts_with(&by_hand)).find_map(|file| found_in_file(file))
}

/// Everything that runs said, and everything they left on the machine.
#[track_caller]
pub fn assert_nothing_left(machine: &Machine, runs: &[Run]) {
    for run in runs {
        assert_absent("standard output", &run.stdout);
        assert_absent("standard error", &run.stderr);
    }
    assert_eq!(found_in_files(machine), None);
}

/// All that a terminal received, and the screen as it was after every frame: only what changed is sent, so that the
/// bytes alone would hide a word drawn in two frames.
#[track_caller]
pub fn assert_unseen(ended: &Ended) {
    assert_absent("what the terminal received", &ended.bytes);
    ended.screens().iter().for_each(|screen| assert_absent("the screen", screen));
}

/// The canary itself must be noticed, or its silence says nothing.
#[test]
fn i14_a_secret_that_leaks_would_be_found() {
    let token = STANDARD.encode(format!("{USER}:{CANARY}"));
    for leak in [&CANARY[2..9], &token, &STANDARD.encode(CANARY)[4..12], "x%2BUj2%2FHyx", "zq7vxw9kdж"] {
        assert!(found(format!("…{leak}…").as_bytes()).is_some(), "{leak}");
    }
    for (name, encode) in ENCODINGS {
        let [password, pair, header] = sent(CANARY).map(|secret| encode(&secret));
        for text in [&password, &pair, &header] {
            if *name == "cut" && *text != password {
                continue;
            }
            let characters: Vec<char> = text.chars().collect();
            let end: String =
                characters[characters.len().saturating_sub(ENCODED_PART + 3)..].iter().collect();
            for leak in [text.as_str(), &end, &text.to_lowercase(), &text.to_uppercase()] {
                let bytes = [b"\x00\xff\xd0", leak.as_bytes(), b"\x96\x00"].concat();
                assert!(found(&bytes).is_some(), "{name}: {leak}");
            }
        }
        for harmless in sent("").map(|text| encode(&text)) {
            assert_eq!(found(harmless.as_bytes()), None, "{name}: {harmless}");
        }
    }
    for harmless in [USER, "Zq7vX", "password"] {
        assert_eq!(found(harmless.as_bytes()), None, "{harmless}");
    }
}

#[test]
fn i14_a_secret_that_leaks_into_a_file_or_its_name_would_be_found() {
    let machine = Machine::bare();
    let leak = STANDARD.encode(CANARY);
    assert_eq!(found_in_files(&machine), None);
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, leak.as_str()).unwrap();
    let packed = workbook.save_to_buffer().unwrap();
    assert_eq!(found(&packed), None, "what is packed shows nothing");
    let raw = [&[0; 4096], &leak.as_bytes()[3..20], &[0xff; 9]].concat();
    for (name, bytes) in [("a.xlsx", &packed), ("a.redb", &raw), ("Zq7vXw9K", &Vec::new())] {
        fs::write(machine.path(name), bytes).unwrap();
        let told = found_in_files(&machine);
        assert!(told.is_some_and(|told| told.contains(name)), "{name}");
        fs::remove_file(machine.path(name)).unwrap();
    }
}
