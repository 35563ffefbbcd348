//! A problem in words: what happened to what, and what to do next.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::{Texts, Value};

/// A failure as users see it, on a screen, in a line or as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable, for programs: `unauthorized`.
    pub code: &'static str,
    /// What happened, and to what.
    pub message: String,
    /// What to do next.
    pub remedy: String,
    /// What of the message 1C or another server said: it may quote anything. Empty where it is all our own.
    pub said: String,
}

impl Problem {
    /// Where more is said of it: the section of the page of errors.
    pub fn help(&self) -> String {
        Self::help_on(self.code)
    }

    /// The same of a code alone.
    pub fn help_on(code: &str) -> String {
        format!("docs/errors.md#{code}")
    }

    /// A problem that another process of this program worded.
    pub fn worded_elsewhere(code: &str, message: String, remedy: String, said: String) -> Self {
        Self { code: lasting(code), message, remedy, said }
    }

    /// Adds a sentence to what happened.
    pub fn add(&mut self, sentence: &str) {
        self.message.push(' ');
        self.message.push_str(sentence);
    }
}

/// A code for as long as the program lives: there are few, and each is kept once.
fn lasting(code: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(code) = known.get(code) {
        return code;
    }
    let code: &'static str = Box::leak(code.to_owned().into_boxed_str());
    known.insert(code);
    code
}

impl Texts {
    /// Words the problem `code` by the phrases `error-CODE` and `remedy-CODE`; both may use all `values`.
    pub fn problem(self, code: &'static str, values: &[(&'static str, Value<'_>)]) -> Problem {
        let arguments = super::arguments(values);
        let phrase = |kind: &str| self.format(&format!("{kind}-{code}"), Some(&arguments)).into_owned();
        Problem { code, message: phrase("error"), remedy: phrase("remedy"), said: String::new() }
    }
}
