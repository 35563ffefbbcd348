//! Packaging: bags, boxes and the like, left out of lists and counts of goods, never out of a sum.

use unicode_normalization::UnicodeNormalization;

/// The configured words that make a product packaging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packaging {
    words: Vec<String>,
}

impl Packaging {
    /// Words to look for, in any case; empty ones look for nothing.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        let words = words.into_iter().map(|word| folded(word.as_ref().trim()));
        Self { words: words.filter(|word| !word.is_empty()).collect() }
    }

    /// The words, folded as they are looked for.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a product of this name is packaging: its name contains one of the words.
    pub fn contains(&self, product: &str) -> bool {
        let product = folded(product);
        self.words.iter().any(|word| product.contains(word.as_str()))
    }
}

/// Lower case, ё as е, composed and decomposed letters alike.
fn folded(text: &str) -> String {
    let lower = text.nfc().flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(word: &str, product: &str, expected: bool) {
        assert_eq!(Packaging::new([word]).contains(product), expected, "{word:?} in {product:?}");
    }

    #[test]
    fn a_product_that_names_a_configured_word_is_packaging() {
        check("пакет", "Пакет подарочный, малый", true);
        check("ПАКЕТ", "фирменный пакет", true);
        check("пакет", "Пакетик с бантом", true);
        check("box", "Gift Box M", true);
        check("пакет", "Серьги с топазом", false);
    }

    #[test]
    fn letters_that_look_alike_are_alike() {
        check("обертка", "Обёртка праздничная", true);
        check("обёртка", "обертка", true);
        check("чёхол", "Че\u{308}хол", true);
        check("линейный", "ЛИНЕИ\u{306}НЫЙ футляр", true);
    }

    #[test]
    fn an_empty_word_makes_nothing_packaging() {
        check("", "Кольцо", false);
        check("  ", "Кольцо с камнем", false);
        assert!(!Packaging::default().contains("Пакет"));
    }

    proptest! {
        #[test]
        fn the_case_of_a_name_changes_nothing(name in "[а-яА-ЯёЁa-zA-Z ]{0,20}") {
            let packaging = Packaging::new(["пакет", "чехол", "а"]);
            prop_assert_eq!(packaging.contains(&name), packaging.contains(&name.to_uppercase()));
        }
    }
}
