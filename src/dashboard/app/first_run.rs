//! The first run: there are no settings yet, and the screen says what to do about it.

use super::ask::Failure;

/// What the first run knows, and how far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstRun {
    /// The setting that is missing first, such as `onec.url`.
    pub missing: String,
    /// Where the settings are, or would be written.
    pub path: String,
    /// How far it came.
    pub step: Step,
}

/// How far the first run came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is no file: it may be written.
    NoFile,
    /// There is a file, and something is missing in it.
    Incomplete,
    /// The file was written just now and has to be filled in.
    Written,
    /// It could not be written.
    Failed(Failure),
}
