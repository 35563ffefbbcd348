//! What happened, line by line: the last few hundred lines.

use std::collections::VecDeque;

use crate::domain::Verdict;
use crate::sync::event::{Notice, Outcome, WhyFull};

use super::ask::{Failure, TaskKind};
use super::event::Now;
use super::terms::Exported;

/// Lines kept; the oldest go first.
pub const CAPACITY: usize = 500;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Good to know.
    Plain,
    /// Unusual, and dealt with.
    Warning,
    /// Somebody has to act.
    Error,
}

/// One line, worded by the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalLine {
    /// A sync began.
    SyncStarted,
    /// A sync ended: how, cards, variances.
    SyncEnded(Outcome, u64, u64),
    /// Another process began to sync.
    SyncElsewhere,
    /// Another process published: cards, variances.
    PublishedElsewhere(u64, u64),
    /// A sync of another process was stopped.
    CancelledElsewhere,
    /// A sync of another process failed: the code of the error.
    FailedElsewhere(String),
    /// The running sync told something.
    Notice(Notice),
    /// All that is stored was read again, and is what was published.
    StoreVerified,
    /// A customer was checked: name, code of the card, verdict.
    Checked(String, String, Verdict),
    /// The base was reconciled: cards, variances, unverified.
    Reconciled(u64, u64, u64),
    /// The reconciliation of the base was given up.
    ReconcileCancelled,
    /// A file of the base is whole.
    Exported(Exported),
    /// Where it lies.
    Filed(String),
    /// A file of the base was given up.
    ExportCancelled,
    /// Something failed.
    Failed(Failure),
    /// A task broke; where, if it is known.
    Crashed(TaskKind, Option<String>),
    /// Something in the settings works and should not stay so: in words already.
    Warned(String),
}

impl JournalLine {
    /// How much it matters.
    pub fn grade(&self) -> Grade {
        match self {
            Self::Failed(_)
            | Self::Crashed(..)
            | Self::FailedElsewhere(_)
            | Self::SyncEnded(Outcome::Failed, ..) => Grade::Error,
            Self::Notice(notice) if is_routine(notice) => Grade::Plain,
            Self::Notice(_) | Self::Warned(_) | Self::Checked(.., Verdict::Variance) => Grade::Warning,
            Self::SyncStarted
            | Self::SyncElsewhere
            | Self::PublishedElsewhere(_, 0)
            | Self::SyncEnded(Outcome::Published, _, 0)
            | Self::Checked(..)
            | Self::StoreVerified
            | Self::Reconciled(_, 0, 0)
            | Self::Exported(_)
            | Self::Filed(_) => Grade::Plain,
            Self::PublishedElsewhere(..) | Self::CancelledElsewhere => Grade::Warning,
            Self::SyncEnded(..) | Self::Reconciled(..) | Self::ReconcileCancelled | Self::ExportCancelled => {
                Grade::Warning
            }
        }
    }
}

/// Whether this happens while all is well.
fn is_routine(notice: &Notice) -> bool {
    matches!(
        notice,
        Notice::StageStarted(_)
            | Notice::StageDone(..)
            | Notice::Delta(_)
            | Notice::FullInstead(WhyFull::NoBasis | WhyFull::Due)
    )
}

/// A line and its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Now,
    /// What.
    pub line: JournalLine,
}

/// The lines, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    unseen_errors: usize,
    pushed: u64,
}

impl Journal {
    /// Adds a line.
    pub fn push(&mut self, at: Now, line: JournalLine) {
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.unseen_errors += usize::from(line.grade() == Grade::Error);
        self.pushed += 1;
        self.entries.push_back(Entry { at, line });
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        for entry in &mut self.entries {
            if let JournalLine::Checked(who, code, _) = &mut entry.line {
                (*who, *code) = (hidden(who), hidden(code));
            }
        }
    }

    /// The lines, newest first.
    pub fn newest_first(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    /// Lines ever added, those that went included.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Lines kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing happened yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Errors since the journal was last looked at.
    pub fn unseen_errors(&self) -> usize {
        self.unseen_errors
    }

    /// The journal is looked at.
    pub fn see(&mut self) {
        self.unseen_errors = 0;
    }
}
