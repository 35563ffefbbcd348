//! A query as it is understood.

use std::ops::Range;

use memchr::memmem;

use super::fold::{Traced, fold};

/// Nobody types more; what was pasted is cut.
const LONGEST: usize = 256;

/// Nor more words.
const MOST_WORDS: usize = 16;

/// Digits of a Russian phone with its country code.
const PHONE: usize = 11;

/// A query: words that must all match, each in any field. One of digits, spaces and `+-()` alone is a single
/// fragment of a phone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<Word>,
}

/// One word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As typed, folded.
    pub(super) text: String,
    /// Its digits, where it has nothing but those and a phone's punctuation.
    pub(super) digits: Option<String>,
}

impl Word {
    fn new(text: &str) -> Self {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_fragment = !digits.is_empty() && text.chars().all(is_of_phone);
        Self { text: fold(text), digits: is_fragment.then_some(digits) }
    }

    /// How a phone begins that begins with these digits: a leading 8 stands for 7.
    pub(super) fn beginning(&self) -> Option<String> {
        let after_eight = self.digits.as_ref()?.strip_prefix('8')?;
        Some(format!("7{after_eight}"))
    }
}

/// A phone as it is compared: with 7 in front, whether it was written with 8, 7 or nothing.
pub(super) fn canonical_phone(digits: &str) -> String {
    match (digits.len(), digits.strip_prefix('8')) {
        (PHONE, Some(national)) => format!("7{national}"),
        (length, _) if length + 1 == PHONE => format!("7{digits}"),
        _ => digits.to_owned(),
    }
}

fn is_of_phone(c: char) -> bool {
    c.is_ascii_digit() || c.is_whitespace() || "+-()".contains(c)
}

/// What of a query is looked at: all that anybody types.
pub(super) fn looked_at(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

impl Query {
    /// Reads a query.
    pub fn new(text: &str) -> Self {
        let text = looked_at(text).trim();
        let whole = Word::new(text);
        if whole.digits.is_some() {
            return Self { words: vec![whole] };
        }
        Self { words: text.split_whitespace().take(MOST_WORDS).map(Word::new).collect() }
    }

    /// Whether nothing is asked: everybody matches.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether all its words stand in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let text = fold(text);
        self.words.iter().all(|word| text.contains(&word.text))
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }
}

/// Where a text matches, as ranges of bytes of the text itself: ascending, apart, on the bounds of letters.
pub fn matches(text: &str, query: &Query) -> Vec<Range<usize>> {
    let traced = Traced::new(text);
    let mut ranges: Vec<_> = query.words.iter().flat_map(|word| word_matches(text, &traced, word)).collect();
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    ranges
}

fn word_matches(text: &str, traced: &Traced, word: &Word) -> Vec<Range<usize>> {
    let found = memmem::find_iter(traced.folded.as_bytes(), &word.text);
    let mut ranges: Vec<_> = found.map(|at| traced.origin(at..at + word.text.len())).collect();
    if let Some(digits) = &word.digits {
        ranges.extend(phones(text).flat_map(|phone| phone.matches(digits, word.beginning().as_deref())));
    }
    ranges
}

/// Digits of a text with nothing but a phone's punctuation between them.
struct Phone {
    digits: String,
    /// Where each digit stands in the text.
    places: Vec<usize>,
}

fn phones(text: &str) -> impl Iterator<Item = Phone> {
    let stretches = text.split_inclusive(|c| !is_of_phone(c));
    let mut offset = 0;
    stretches.map(move |stretch| {
        let start = offset;
        offset += stretch.len();
        let digits = stretch.char_indices().filter(|(_, c)| c.is_ascii_digit());
        let (places, digits) = digits.map(|(at, digit)| (start + at, digit)).unzip();
        Phone { digits, places }
    })
}

impl Phone {
    fn matches(&self, digits: &str, beginning: Option<&str>) -> Vec<Range<usize>> {
        let mut ranges: Vec<_> = memmem::find_iter(self.digits.as_bytes(), digits)
            .filter_map(|at| self.range(at, digits.len()))
            .collect();
        let canonical = canonical_phone(&self.digits);
        if let Some(beginning) = beginning.filter(|beginning| canonical.starts_with(beginning)) {
            let unwritten = canonical.len() - self.digits.len();
            ranges.extend(self.range(0, beginning.len() - unwritten));
        }
        ranges
    }

    fn range(&self, first: usize, count: usize) -> Option<Range<usize>> {
        let last = (first + count).checked_sub(1)?;
        Some(*self.places.get(first)?..self.places.get(last)? + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, query: &str) -> Vec<String> {
        matches(text, &Query::new(query)).into_iter().map(|range| text[range].to_owned()).collect()
    }

    #[test]
    fn matches_are_marked_in_the_text_as_it_is_shown() {
        for (case, text, query, expected) in [
            ("case", "Царькова Анна", "цАРЬ", &["Царь"][..]),
            ("yo", "Королёв", "королев", &["Королёв"]),
            ("decomposed", "Королe\u{308}в Андреи\u{306}", "андрей", &["Андреи\u{306}"]),
            ("every word", "Царькова Анна", "анна царь", &["Царь", "Анна"]),
            ("every place", "Анна Аннова", "анн", &["Анн", "Анн"]),
            ("overlapping words are one", "Царькова", "царь арьк", &["Царьк"]),
            ("phone with punctuation", "+7 (978) 845-13-64", "978845", &["978) 845"]),
            ("phone typed with 8", "+7 (978) 845-13-64", "8978", &["7 (978"]),
            ("phone typed with 8, kept without", "978 845-13-64", "8978", &["978"]),
            ("phone typed with punctuation", "79788451364", "978-845", &["978845"]),
            ("digits of a text are no phone", "a1b2", "12", &[]),
            ("nothing asked", "Анна", "  ", &[]),
            ("nothing found", "Анна", "пётр", &[]),
            ("plain characters", "a.c abc", "a.c", &["a.c"]),
        ] {
            assert_eq!(marked(text, query), expected, "{case}");
        }
    }

    #[test]
    fn u7_a_query_longer_than_anyone_types_is_cut() {
        let query = Query::new(&"ж".repeat(1 << 20));
        assert_eq!(query.words()[0].text.chars().count(), LONGEST);
        assert_eq!(Query::new(&"ж ".repeat(1 << 20)).words().len(), MOST_WORDS);
    }

    proptest! {
        #[test]
        fn ranges_hold_what_was_asked(text in "\\PC{0,24}", from in 0..24_usize, length in 1..6_usize) {
            let word: String = text.chars().skip(from).take(length).filter(|c| !c.is_whitespace()).collect();
            let query = Query::new(&word);
            let ranges = matches(&text, &query);
            prop_assert!(ranges.is_sorted_by(|a, b| a.end < b.start));
            for range in ranges {
                let slice = text.get(range).unwrap();
                let folded = Traced::new(slice).folded;
                let digits: String = slice.chars().filter(char::is_ascii_digit).collect();
                let is_phone = |wanted: &String| digits.contains(wanted) || digits.ends_with(&wanted[1..]);
                let holds = |word: &Word| {
                    folded.contains(&word.text) || word.digits.as_ref().is_some_and(is_phone)
                };
                let held = query.words().iter().any(holds);
                prop_assert!(held);
            }
        }

        #[test]
        fn no_query_panics(text: String, query: String) {
            matches(&text, &Query::new(&query));
        }
    }
}
