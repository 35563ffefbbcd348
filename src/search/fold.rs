//! Folding: what counts as the same text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The mark that makes ё of е.
const DIAERESIS: char = '\u{308}';

/// A text as it is compared: lower case, composed, ё as е. Spaces and punctuation stay.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// Folds a text onto the end of another.
pub(super) fn fold_into(folded: &mut String, text: &str) {
    if text.chars().all(is_plain) {
        folded.extend(text.chars().map(fold_plain));
    } else {
        folded.extend(without_diaeresis(text.nfd().flat_map(char::to_lowercase).map(one_sigma)).nfc());
    }
}

/// Letters that fold one by one, whatever stands beside them: nearly all there are.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, 'А'..='я' | 'Ё' | 'ё')
}

fn fold_plain(c: char) -> char {
    match c {
        'А'..='Я' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        'Ё' | 'ё' => 'е',
        _ => c.to_ascii_lowercase(),
    }
}

/// The sigma at the end of a word is the same letter.
fn one_sigma(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

/// Drops the diaeresis of every decomposed ё.
fn without_diaeresis(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut on_ye = false;
    text.filter(move |c| {
        let is_mark = canonical_combining_class(*c) != 0;
        on_ye = if is_mark { on_ye } else { *c == 'е' };
        !(on_ye && *c == DIAERESIS)
    })
}

/// A folded text that remembers where its parts come from.
#[derive(Debug)]
pub(super) struct Traced {
    /// The folded text.
    pub(super) folded: String,
    /// Of each cluster: where it begins folded, and where it lies in the text.
    clusters: Vec<(usize, Range<usize>)>,
}

impl Traced {
    pub(super) fn new(text: &str) -> Self {
        let mut traced = Self { folded: String::with_capacity(text.len()), clusters: Vec::new() };
        for cluster in clusters(text) {
            traced.clusters.push((traced.folded.len(), cluster.clone()));
            traced.folded.push_str(&fold(&text[cluster]));
        }
        traced
    }

    /// What of the text became this part of the folded one: whole clusters.
    pub(super) fn origin(&self, folded: Range<usize>) -> Range<usize> {
        let first = self.clusters.partition_point(|(start, _)| *start <= folded.start).saturating_sub(1);
        let behind = self.clusters.partition_point(|(start, _)| *start < folded.end).max(first + 1);
        let parts = self.clusters.get(first..behind).unwrap_or_default();
        let start = parts.first().map_or(0, |(_, range)| range.start);
        let end = parts.last().map_or(start, |(_, range)| range.end);
        start..end
    }
}

/// A letter with the marks that follow it, as ranges of bytes.
fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = text.char_indices().filter(|(at, c)| *at == 0 || canonical_combining_class(*c) == 0);
    let mut starts = starts.map(|(at, _)| at).peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        Some(start..starts.peek().copied().unwrap_or(text.len()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_counts_as_the_same() {
        for (case, one, other) in [
            ("case", "ЦАРЬКОВА Анна", "царькова анна"),
            ("yo", "Королёв Артём", "королев артем"),
            ("yo, capital", "ЁЛКИНА", "елкина"),
            ("yo, decomposed", "Короле\u{308}в", "королев"),
            ("short i, decomposed", "Андреи\u{306}", "андрей"),
            ("capital and decomposed", "И\u{306}ОД", "йод"),
            ("e-mail", "Anna@Mail.RU", "anna@mail.ru"),
            ("sigma", "ΟΔΟΣ", "οδοσ"),
        ] {
            assert_eq!(fold(one), fold(other), "{case}");
        }
    }

    #[test]
    fn what_stays_apart() {
        for (one, other) in [("й", "и"), ("ъ", "ь"), ("a", "а"), ("анна", "ан на")] {
            assert_ne!(fold(one), fold(other));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text: String) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn composed_and_decomposed_are_one(text in "[а-яА-ЯёЁйЙa-zéÉ0-9 .-]{0,20}") {
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
            prop_assert_eq!(fold(&text.nfc().collect::<String>()), fold(&text));
        }

        #[test]
        fn the_short_way_agrees_with_the_long_one(text in "[а-яА-ЯёЁйЙa-zA-Z0-9 .@-]{0,20}") {
            let long: String =
                without_diaeresis(text.nfd().flat_map(char::to_lowercase).map(one_sigma)).nfc().collect();
            prop_assert_eq!(fold(&text), long);
        }
    }
}
