//! Packaging: bags, boxes and the like, left out of lists and counts of goods, never out of a sum.

/// The configured words that make a product packaging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packaging {
    words: Vec<String>,
}

impl Packaging {
    /// Words to look for, in any case.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        Self { words: words.into_iter().map(|word| word.as_ref().to_lowercase()).collect() }
    }

    /// Whether a product of this name is packaging.
    pub fn contains(&self, product: &str) -> bool {
        let product = product.to_lowercase();
        self.words.iter().any(|word| product.contains(word.as_str()))
    }
}
