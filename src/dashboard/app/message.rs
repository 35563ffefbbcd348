//! What is said above the footer.

use super::ask::Failure;
use super::page::{Copied, CopyPlace};
use crate::config::Theme;
use crate::domain::Verdict;
use crate::text;

/// A word above the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Stays until it is put away.
    Failed(Failure),
    /// Goes by itself.
    Passing(Passing),
}

impl Message {
    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        if let Self::Passing(Passing::Checked(who, _)) = self {
            *who = hidden(who);
        }
    }
}

/// What is said in passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passing {
    /// A sync was published: cards, variances.
    Published(u64, u64),
    /// A sync was stopped.
    Cancelled,
    /// Another process syncs: this one waits for it.
    SyncElsewhere,
    /// This terminal worked alone, and is attached to an engine now.
    EngineCame,
    /// Another process published: cards, variances.
    PublishedElsewhere(u64, u64),
    /// A sync of another process was stopped.
    CancelledElsewhere,
    /// A sync of another process failed: the code of the error.
    FailedElsewhere(String),
    /// A customer was checked: who, and how it came out.
    Checked(String, Verdict),
    /// There is nobody to check.
    NothingToCheck,
    /// Something was copied.
    Copied(Copied),
    /// The customer's owner has no other card.
    NoOtherCards,
    /// No request to 1C is known that this rests on.
    NoRequest,
    /// The customer's fields were not read yet, and no request with them.
    NoFields,
    /// There is nothing to copy here.
    NothingToCopy,
    /// There is no card to put into a file.
    NothingToWrite,
    /// What is shown is words, and nothing else.
    NoJson,
    /// The base was reconciled: cards, variances, unverified.
    Reconciled(u64, u64, u64),
    /// A file of the base is whole.
    Exported,
    /// The store has nobody of this card.
    NobodyStored,
    /// The file of settings changed: how, in words.
    Settings(String),
    /// The colours are these now.
    Theme(Theme),
    /// The mouse acts here now, or does not.
    Mouse(bool),
}

impl Passing {
    /// Lines it takes, about: longer words have two.
    pub(super) fn lines(&self, width: u16, handed_over: usize) -> u16 {
        let is_long = match self {
            // The way it goes, and what to do if it does not arrive, is said once.
            Self::Copied(copied) => {
                width < LONG && handed_over <= 1 && !matches!(copied.place, CopyPlace::File(_))
            }
            Self::Settings(words) => text::width(words) + 4 > usize::from(width),
            _ => false,
        };
        1 + u16::from(is_long)
    }
}

/// Columns that the longest of them take.
const LONG: u16 = 100;
