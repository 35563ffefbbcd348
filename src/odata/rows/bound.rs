//! How long a text of 1C may be: a name of megabytes would go into the store, the index and every table.
//!
//! What is cut says so and by how much: `Царькова…(+29999000)`.

use xxhash_rust::xxh3::xxh3_128;

use crate::domain::{Card, Owner};

/// Characters of a name, an address, a description.
pub(super) const TEXT: usize = 1_000;
/// Characters of a code, a phone, an article, and of the name of a document's type.
pub(super) const CODE: usize = 150;

/// The text as far as it is taken.
pub(super) fn bounded(text: String, most: usize) -> String {
    // A character takes a byte at least: most texts need not be counted.
    if text.len() <= most {
        return text;
    }
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let (taken, cut) = text.split_at(end);
    format!("{taken}…(+{})", cut.chars().count())
}

/// A version is good for equality only: a digest of a long one is as good, and a part of it would not be.
pub(super) fn version(text: String) -> String {
    if text.len() <= CODE { text } else { format!("xxh3:{:032x}", xxh3_128(text.as_bytes())) }
}

pub(super) fn card(card: Card) -> Card {
    Card {
        code: bounded(card.code, CODE),
        barcode: bounded(card.barcode, CODE),
        description: bounded(card.description, TEXT),
        version: version(card.version),
        ..card
    }
}

pub(super) fn owner(owner: Owner) -> Owner {
    Owner {
        name: owner.name.map(|name| bounded(name, TEXT)),
        phone: owner.phone.map(|phone| bounded(phone, CODE)),
        email: owner.email.map(|email| bounded(email, TEXT)),
        city: owner.city.map(|mut city| {
            city.name = bounded(city.name, TEXT);
            city
        }),
        version: version(owner.version),
        ..owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b5_a_text_is_cut_at_its_bound_and_says_by_how_much() {
        for (letters, wanted) in [(0, 0), (TEXT - 1, TEXT - 1), (TEXT, TEXT)] {
            assert_eq!(bounded("ж".repeat(letters), TEXT), "ж".repeat(wanted));
        }
        assert_eq!(bounded("ж".repeat(TEXT + 1), TEXT), "ж".repeat(TEXT) + "…(+1)");
        assert_eq!(bounded("😀".repeat(1 << 20), CODE), "😀".repeat(CODE) + "…(+1048426)");
    }

    #[test]
    fn versions_that_differ_far_behind_still_differ() {
        let long = |end: &str| version("A".repeat(1 << 20) + end);
        assert_eq!(version("AAAAAQAAAAE=".into()), "AAAAAQAAAAE=");
        assert_eq!(long("x"), long("x"));
        assert_ne!(long("x"), long("y"));
        assert!(long("x").len() < CODE);
    }
}
