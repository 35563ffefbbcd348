//! What the fuzzers run: a function of any bytes per border where foreign bytes enter.
//!
//! Compiled for tests and for `cargo fuzz` (`--cfg fuzzing`) only; the program has none of it.
//!
//! ```text
//! tests/fuzz/corpus/<target>/* ──▶ tests: the stable loop, mutations from a seed, in every `cargo test`
//!                              └─▶ tests/fuzz: the same function under libFuzzer, guided by coverage
//! ```
//!
//! A target panics where the code under it breaks a promise: each carries an oracle that shares no code
//! with what it judges. An input that made one panic is kept in the corpus under a name that says what
//! it found, so that both loops begin with it ever after.

mod json;
mod keys;
mod money;
mod page;
mod refusal;
mod search;
mod settings;
mod shown;

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod tests;

pub use crate::cli::server::fuzzing::request;
pub use crate::store::fuzzing::record;
pub use keys::keys;
pub use money::money;
pub use page::page;
pub use refusal::refusal;
pub use search::search;
pub use settings::settings;
pub use shown::shown;

/// Any bytes as text, what is no UTF-8 replaced.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What must not reach a sink as it is, said again: control characters, direction controls, line and
/// paragraph separators, the byte order mark, zero-width spaces, invisible tags. Joiners depend on their
/// neighbours and are judged by [`shown`] alone.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || ('\u{2028}'..='\u{202E}').contains(&c)
        || ('\u{2060}'..='\u{206F}').contains(&c)
        || ('\u{E0000}'..='\u{E007F}').contains(&c)
        || ['\u{61C}', '\u{200B}', '\u{200E}', '\u{200F}', '\u{FEFF}'].contains(&c)
}

/// Holds a text that goes to a sink to the rule above.
fn assert_harmless(what: &str, text: &str) {
    let found = text.chars().find(|c| is_forbidden(*c));
    assert!(found.is_none(), "{what} holds {found:?}");
}
