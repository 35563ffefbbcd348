//! The stable loop: every input of the corpus, then mutations of them from a printed seed.
//!
//! `SVERKA_FUZZ` is how many executions a target gets, `SVERKA_FUZZ_SEED` where the mutations begin. A
//! failure prints the input; put into the target's corpus under a telling name it is tried first ever after.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use super::mutate::{Random, made_up, mutated};

/// Executions of each target in every `cargo test`; a target whose executions are dear gets a part of them.
const EXECUTIONS: u64 = 1_000_000;
const SEED: u64 = 1;

fn setting(variable: &str, default: u64) -> u64 {
    let value = std::env::var(variable).ok();
    value.map_or(default, |value| value.parse().expect("a number"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}

/// The inputs kept, by name. What `cargo fuzz` adds by itself has a bare hash for a name and is left out.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder().join("corpus").join(target)).expect("a corpus");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some());
    paths.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        (name.unwrap_or_default(), fs::read(path).expect("an input"))
    };
    paths.into_iter().map(named).collect()
}

/// The tokens of a dictionary in libFuzzer's format: a string in quotes per line, bytes as `\xNN`.
fn dictionary(target: &str) -> Vec<Vec<u8>> {
    let path = folder().join("dict").join(format!("{target}.dict"));
    let text = fs::read_to_string(path).expect("a dictionary");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| token(line).expect("a token in quotes")).collect()
}

fn token(line: &str) -> Option<Vec<u8>> {
    let mut rest = line.split_once('"')?.1.strip_suffix('"')?.as_bytes();
    let mut token = Vec::new();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'\\', [b'x', high, low, more @ ..]) => {
                let hex = [*high, *low];
                token.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
                rest = more;
            }
            (b'\\', [escaped, more @ ..]) => {
                token.push(*escaped);
                rest = more;
            }
            _ => {
                token.push(*first);
                rest = after;
            }
        }
    }
    Some(token)
}

/// Runs a target over its corpus, then over mutations; one in `dearness` of the executions asked for.
fn fuzz(name: &str, dearness: u64, target: fn(&[u8])) {
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    for (file, input) in &corpus {
        execute(&format!("{name}, corpus file {file}"), target, input);
    }
    let inputs: Vec<_> = corpus.into_iter().map(|(_, input)| input).collect();
    let tokens = dictionary(name);
    let (executions, seed) =
        (setting("SVERKA_FUZZ", EXECUTIONS) / dearness, setting("SVERKA_FUZZ_SEED", SEED));
    #[expect(clippy::print_stdout, reason = "a test that fails shows what it ran")]
    {
        println!("{name}: {executions} executions from seed {seed}");
    }
    for number in 0..executions {
        // A seed of its own for each, so that a failure is repeated without those before it.
        let mut random = Random::new((seed << 32).wrapping_add(number));
        let input = &inputs[random.below(inputs.len())];
        let input = mutated(&mut random, input, &inputs, &tokens);
        execute(&format!("{name}, seed {seed}, execution {number}"), target, &input);
    }
}

fn execute(which: &str, target: fn(&[u8]), input: &[u8]) {
    let is_well = catch_unwind(|| target(input)).is_ok();
    assert!(is_well, "{which} fails on b\"{}\"", input.escape_ascii());
}

#[test]
fn b1_to_b9_pages_are_read_as_an_independent_reader_reads_them() {
    fuzz("page", 2, super::page);
}

#[test]
fn h12_refusals_are_worded_and_harmless() {
    fuzz("refusal", 1, super::refusal);
}

#[test]
fn b9_numbers_are_exact_or_refused() {
    fuzz("money", 1, super::money);
}

#[test]
fn i15_shown_text_is_harmless() {
    fuzz("shown", 2, super::shown);
}

#[test]
fn u7_searches_mark_whole_characters_and_count_right() {
    fuzz("search", 10, super::search);
}

#[test]
fn s1_settings_are_bounded_and_tell_no_password() {
    fuzz("settings", 10, super::settings);
}

#[test]
fn s9_any_bytes_get_nowhere_without_a_token() {
    fuzz("request", 100, super::request);
}

#[test]
fn d6_records_come_back_as_they_were_or_are_damage() {
    fuzz("record", 1, super::record);
}

#[test]
fn u2_no_events_break_the_dashboard() {
    fuzz("keys", 100, super::keys);
}

#[test]
fn b9_lexemes_of_up_to_twelve_digits_are_exact_or_refused() {
    let mut random = Random::new(setting("SVERKA_FUZZ_SEED", SEED));
    for _ in 0..setting("SVERKA_FUZZ", EXECUTIONS) {
        let lexeme = made_up(&mut random);
        execute("a lexeme", super::money, lexeme.as_bytes());
    }
}
