//! A problem in words: what happened to what, and what to do next.

use super::{Shown, Texts, Value};

/// A failure as users see it, on a screen, in a line or as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable, for programs: `unauthorized`.
    pub code: &'static str,
    /// What happened, and to what.
    pub message: String,
    /// What to do next.
    pub remedy: String,
}

/// Columns of a quotation: enough for a sentence of 1C, too few for a page.
const LONGEST_QUOTE: usize = 300;

impl Problem {
    /// Adds a sentence to what happened.
    pub fn add(&mut self, sentence: &str) {
        if !sentence.is_empty() {
            self.message.push(' ');
            self.message.push_str(sentence);
        }
    }
}

impl Texts {
    /// Words the problem `code` by the phrases `error-CODE` and `remedy-CODE`; both may use all `values`.
    ///
    /// A value `said` that is not empty holds the words of the other side, and is added as such.
    pub fn problem(self, code: &'static str, values: &[(&'static str, Value<'_>)]) -> Problem {
        let arguments = super::arguments(values);
        let phrase = |kind: &str| self.format(&format!("{kind}-{code}"), Some(&arguments)).into_owned();
        let mut problem = Problem { code, message: phrase("error"), remedy: phrase("remedy") };
        if let Some((_, Value::Text(said))) = values.iter().find(|(name, _)| *name == "said") {
            problem.add(&self.quote("problem-said", said));
        }
        problem
    }

    /// What somebody else said, as a sentence; nothing where nothing was said.
    pub(super) fn quote(self, id: &'static str, said: &str) -> String {
        match said.trim() {
            "" => String::new(),
            said => self.with(id, &[("text", Shown::new(said).truncated(LONGEST_QUOTE).into())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn words_of_the_other_side_are_quoted_if_there_are_any() {
        let texts = Texts::new(Language::English);
        let worded = |said: &str| texts.problem("onec-maintenance", &[("said", said.into())]).message;
        let bare = "1C lets nobody in for now: maintenance or an update.";
        assert_eq!(worded("  "), bare);
        assert_eq!(worded("Update\u{1b}[2J"), format!("{bare} The server said: “Update␛[2J”."));
        assert!(worded(&"x".repeat(5_000)).chars().count() < 400, "a page is no quotation");
    }
}
