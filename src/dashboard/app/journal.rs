//! What happened, line by line: the last few hundred lines, those of earlier runs first.

use std::collections::VecDeque;

use crate::config::LogLevel;
use crate::domain::Verdict;
use crate::report::log::{LogEntry, level_of};
use crate::sync::event::{Notice, Outcome};

use super::ask::{Failure, TaskKind};
use super::cursor::{SelectionStep, turned};
use super::event::Now;
use super::key::has_all;
use super::terms::Exported;

/// Lines kept; the oldest go first.
pub const CAPACITY: usize = 500;

/// Lines of earlier runs that it begins with.
pub const EARLIER: usize = 200;

/// How much a line matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Good to know.
    #[default]
    Plain,
    /// Unusual, and dealt with.
    Warning,
    /// Somebody has to act.
    Error,
}

impl Grade {
    const ALL: [Self; 3] = [Self::Plain, Self::Warning, Self::Error];

    fn of(level: LogLevel) -> Self {
        match level {
            LogLevel::Off | LogLevel::Error => Self::Error,
            LogLevel::Warn => Self::Warning,
            LogLevel::Info | LogLevel::Debug => Self::Plain,
        }
    }
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
    /// The engine is there again.
    EngineBack,
    /// This terminal worked alone, and is attached to an engine now.
    EngineCame,
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
    /// What an earlier run, or another process, left in the log.
    Earlier(Box<LogEntry>),
}

impl JournalLine {
    /// How much it matters.
    pub fn grade(&self) -> Grade {
        match self {
            Self::Failed(_)
            | Self::Crashed(..)
            | Self::FailedElsewhere(_)
            | Self::SyncEnded(Outcome::Failed, ..) => Grade::Error,
            Self::Notice(notice) => Grade::of(level_of(notice)),
            Self::Earlier(entry) => Grade::of(entry.level),
            Self::Warned(_) | Self::Checked(.., Verdict::Variance) => Grade::Warning,
            Self::SyncStarted
            | Self::SyncElsewhere
            | Self::EngineBack
            | Self::EngineCame
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

impl JournalLine {
    /// Whether it is an error of asking 1C.
    fn is_of_onec(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.code.starts_with("onec-"),
            Self::FailedElsewhere(code) => code.starts_with("onec-"),
            Self::SyncEnded(Outcome::Failed, ..) => true,
            _ => false,
        }
    }
}

/// A line and its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number: no two lines of a session share one.
    pub number: u64,
    /// When.
    pub at: Now,
    /// What.
    pub line: JournalLine,
    /// The same in words, in small letters, where it was worded: what is typed is looked for in it.
    words: String,
}

/// The lines, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    unseen_errors: usize,
    /// Those among them that say that 1C could not be asked.
    unseen_of_onec: usize,
    /// Lines of earlier runs.
    earlier: u64,
    pushed: u64,
    /// Which of them are listed.
    pub view: JournalView,
}

/// Which lines are listed, and which of them is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalView {
    /// What is typed: lines that have it.
    pub typed: String,
    /// How much a line has to matter.
    pub least: Grade,
    /// The line chosen, by its number; `None`: the newest, whichever that is.
    chosen: Option<u64>,
}

impl Journal {
    /// Adds a line.
    pub fn push(&mut self, at: Now, line: JournalLine) {
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.unseen_errors += usize::from(line.grade() == Grade::Error);
        self.unseen_of_onec += usize::from(line.is_of_onec());
        let number = self.next_number();
        self.pushed += 1;
        self.entries.push_back(Entry { number, at, line, words: String::new() });
    }

    /// Puts what earlier runs left before everything, while nothing has happened but warnings. They are nobody's news.
    pub fn restore(&mut self, now: Now, earlier: Vec<LogEntry>) {
        let lines = std::mem::take(&mut self.entries);
        self.earlier = 0;
        for (number, entry) in (0..).zip(earlier) {
            let (at, words) = (entry.at.with_timezone(now.offset()), searched(&entry));
            self.entries.push_back(Entry { number, at, line: JournalLine::Earlier(Box::new(entry)), words });
            self.earlier = number + 1;
        }
        let earlier = self.earlier;
        self.entries.extend((earlier..).zip(lines).map(|(number, entry)| Entry { number, ..entry }));
    }

    /// Puts an entry into words, for the search.
    pub fn word(&mut self, number: u64, words: &str) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            entry.words = words.to_lowercase();
        }
    }

    /// The line of this number, while it is kept.
    pub fn entry(&self, number: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.number == number)
    }

    /// The lines that are listed, newest first.
    pub fn listed(&self) -> impl Iterator<Item = &Entry> {
        let view = &self.view;
        let is_listed = move |entry: &&Entry| {
            entry.line.grade() >= view.least && has_all(&view.typed, |word| entry.words.contains(word))
        };
        self.newest_first().filter(is_listed)
    }

    /// Which of the lines listed is chosen.
    pub fn chosen(&self) -> usize {
        let chosen = self.view.chosen;
        chosen.and_then(|number| self.listed().position(|entry| entry.number <= number)).unwrap_or(0)
    }

    /// The number of the line chosen.
    pub(super) fn chosen_number(&self) -> Option<u64> {
        self.listed().nth(self.chosen()).map(|entry| entry.number)
    }

    /// Moves the choice.
    pub(super) fn step(&mut self, step: SelectionStep) {
        let line = step.from(self.chosen(), self.listed().count());
        let chosen = self.listed().nth(line).map(|entry| entry.number);
        self.view.chosen = chosen.filter(|_| line > 0);
    }

    /// Lists all, or what matters more.
    pub(super) fn turn(&mut self) {
        self.view.least = turned(&Grade::ALL, self.view.least);
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        for entry in &mut self.entries {
            if let JournalLine::Checked(who, code, _) = &mut entry.line {
                (*who, *code) = (hidden(who), hidden(code));
            }
        }
        self.view.typed = hidden(&self.view.typed);
    }

    /// The lines, newest first.
    pub fn newest_first(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    /// The number of the line that is added next.
    pub fn next_number(&self) -> u64 {
        self.earlier + self.pushed
    }

    /// Lines ever added, those that went included, those of earlier runs not.
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

    /// 1C was asked and answered to the end: that it did not before is no news any more.
    pub(super) fn onec_answered(&mut self) {
        self.unseen_errors -= self.unseen_of_onec;
        self.unseen_of_onec = 0;
    }

    /// The journal is looked at, from its newest line on.
    pub fn see(&mut self) {
        (self.unseen_errors, self.unseen_of_onec) = (0, 0);
        self.view = JournalView { least: self.view.least, ..JournalView::default() };
    }
}

fn searched(entry: &LogEntry) -> String {
    format!("{} {} {}", entry.message, entry.code, entry.remedy).to_lowercase()
}
