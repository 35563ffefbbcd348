//! The first run: there are no settings yet, and the screen has what it takes to make them.

use super::set_up::SetUpForm;

/// What the first run knows, and what is to be done.
#[derive(Clone, Debug)]
pub struct FirstRun {
    /// The setting that is missing first, such as `onec.url`.
    pub missing: String,
    /// Where the settings are, or will be written.
    pub path: String,
    /// What is to be done.
    pub step: Step,
}

/// What is to be done about settings that are not there.
#[derive(Clone, Debug)]
pub enum Step {
    /// There is no file: what it has to say is asked for, tried and written.
    Form(Box<SetUpForm>),
    /// There is a file, and something is missing in it.
    Incomplete,
}

impl FirstRun {
    /// The form, where there is one.
    pub fn form(&self) -> Option<&SetUpForm> {
        match &self.step {
            Step::Form(form) => Some(form),
            Step::Incomplete => None,
        }
    }

    /// The same, to be changed.
    pub(super) fn form_mut(&mut self) -> Option<&mut SetUpForm> {
        match &mut self.step {
            Step::Form(form) => Some(form),
            Step::Incomplete => None,
        }
    }
}
