//! The form of the first start: where 1C is and who asks, typed, tried, and written down once 1C lets in.
//!
//! ```text
//! typed -> Enter -> an empty field: there
//!                -> all filled: tried -> failed: said above the keys, the form stays
//!                                     -> written: the dashboard begins anew over the settings
//! ```

use std::fmt;

use tui_input::{Input, InputRequest};

use super::ask::Failure;
use super::event::Now;
use super::field::{clean, request};
use super::key::Key;
use super::terms::{SetUpStep, SetUpWish, TypedPassword};

/// Longest text of a field, in characters.
const LONGEST: usize = 1_000;

/// A field of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormField {
    /// The address of 1C.
    #[default]
    Address,
    /// The login.
    User,
    /// The password.
    Password,
}

impl FormField {
    /// All of them, from the top.
    pub const ALL: [Self; 3] = [Self::Address, Self::User, Self::Password];

    /// The field so many further down, round the end.
    fn turned(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// 1C is being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormTrial {
    /// Since when.
    pub since: Now,
    /// How far it is.
    pub step: SetUpStep,
}

/// The form, and what came of trying what it says.
#[derive(Clone, Default)]
pub struct SetUpForm {
    texts: [Input; 3],
    at: FormField,
    is_password_given: bool,
    trial: Option<FormTrial>,
    failed: Option<Failure>,
}

/// Nothing of what was typed: one of the fields is a password.
impl fmt::Debug for SetUpForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetUpForm").field("at", &self.at).field("trial", &self.trial).finish_non_exhaustive()
    }
}

impl SetUpForm {
    /// With what the environment says already; it may have a password, which needs none here.
    pub fn knowing(url: &str, user: &str, is_password_given: bool) -> Self {
        let texts = [Input::new(url.to_owned()), Input::new(user.to_owned()), Input::default()];
        let mut form = Self { texts, is_password_given, ..Self::default() };
        form.at = form.first_empty().unwrap_or_default();
        form
    }

    /// What is typed in a field.
    pub fn text(&self, field: FormField) -> &Input {
        &self.texts[field as usize]
    }

    /// The field that has the keyboard.
    pub fn at(&self) -> FormField {
        self.at
    }

    /// Whether the environment gives a password: the field may stay empty.
    pub fn is_password_given(&self) -> bool {
        self.is_password_given
    }

    /// The trial under way.
    pub fn trial(&self) -> Option<FormTrial> {
        self.trial
    }

    /// Why the last one came to nothing.
    pub fn failed(&self) -> Option<&Failure> {
        self.failed.as_ref()
    }

    /// The first field that is empty and must not be: Enter goes there before anything is tried.
    pub fn first_empty(&self) -> Option<FormField> {
        let is_needed = |field: &FormField| *field != FormField::Password || !self.is_password_given;
        FormField::ALL.into_iter().filter(is_needed).find(|field| self.text(*field).value().is_empty())
    }

    /// Goes so many fields further down.
    pub(super) fn turn(&mut self, by: usize) {
        self.at = self.at.turned(by);
    }

    /// Edits the field that has the keyboard; `None` where the key means nothing there, and while 1C is asked.
    pub(super) fn edit(&mut self, key: Key) -> Option<()> {
        self.handle(request(key)?)
    }

    /// Takes pasted text into the field that has the keyboard, without what is no text.
    pub(super) fn paste(&mut self, text: &str) {
        for c in clean(text) {
            self.handle(InputRequest::InsertChar(c));
        }
    }

    fn handle(&mut self, request: InputRequest) -> Option<()> {
        let text = &mut self.texts[self.at as usize];
        let is_full = text.value().chars().count() >= LONGEST;
        if self.trial.is_some() || is_full && matches!(request, InputRequest::InsertChar(_)) {
            return None;
        }
        text.handle(request).map(drop)
    }

    /// What is to be tried; `None` where it is under way, and where a field is empty, which then has the keyboard.
    pub(super) fn begin(&mut self, now: Now) -> Option<SetUpWish> {
        if self.trial.is_some() {
            return None;
        }
        if let Some(empty) = self.first_empty() {
            self.at = empty;
            return None;
        }
        self.trial = Some(FormTrial { since: now, step: SetUpStep::default() });
        self.failed = None;
        let [url, user, password] = FormField::ALL.map(|field| self.text(field).value());
        let (url, user) = (url.trim().to_owned(), user.trim().to_owned());
        Some(SetUpWish { url, user, password: TypedPassword::new(password) })
    }

    /// Takes how far the trial is; `None` where none is under way.
    pub(super) fn advance(&mut self, step: SetUpStep) -> Option<()> {
        self.trial.as_mut()?.step = step;
        Some(())
    }

    /// The trial is over; `None` where none was.
    pub(super) fn end(&mut self, failed: Option<Failure>) -> Option<()> {
        self.failed = failed;
        self.trial.take().map(drop)
    }
}
