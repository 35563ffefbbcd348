//! What a running reconciliation tells.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::odata::{Client, Measure};
use crate::sync::base_side::Asking;
use crate::sync::event::{self, Notice, Stage};
use crate::sync::{Observer, Reporter};

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// 1C is asked for its own sums.
    #[default]
    Sums,
    /// The opening balances are read.
    OpeningBalances,
    /// The cards of the catalog are counted, and read where their number differs.
    Cards,
    /// Every card is compared.
    Comparing,
    /// The rows of cards are read.
    Lines,
}

/// Where a reconciliation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How much of it is done: rows, or cards.
    pub done: u64,
    /// Of how much, where it is known.
    pub total: Option<u64>,
}

/// Whoever wants to know. Called from the reconciliation's own tasks, so it must not wait.
pub trait Watcher: Send + Sync {
    /// Where it stands now; overwrites what was told before.
    fn progress(&self, progress: Progress);
    /// Something worth a line.
    fn notice(&self, notice: Notice);
}

/// A watcher that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watcher for Unwatched {
    fn progress(&self, _: Progress) {}
    fn notice(&self, _: Notice) {}
}

/// Cards between two reports: comparing one takes microseconds.
const EVERY: u64 = 1_024;

/// Passes on to a watcher what concerns a reconciliation.
pub(super) struct Watch {
    watcher: Arc<dyn Watcher>,
    told: Mutex<Option<Progress>>,
}

impl Watch {
    pub(super) fn new(watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher, told: Mutex::default() }
    }

    /// So many cards are compared.
    pub(super) fn compared(&self, done: u64, total: u64) {
        if done % EVERY == 1 || done == total {
            self.tell(Progress { phase: Phase::Comparing, done, total: Some(total.max(done)) });
        }
    }

    /// The rows of so many cards are read.
    pub(super) fn read(&self, done: u64, total: u64) {
        self.tell(Progress { phase: Phase::Lines, done, total: Some(total) });
    }

    fn tell(&self, progress: Progress) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != Some(progress) {
            *told = Some(progress);
            self.watcher.progress(progress);
        }
    }
}

/// The stage of a sync that asks the same.
pub(super) fn stage(asking: Asking) -> Stage {
    match asking {
        Asking::Sums => Stage::ControlTotals,
        Asking::OpeningBalances => Stage::OpeningBalances,
        Asking::Cards => Stage::Cards,
    }
}

/// A client whose repeats are told.
pub(in super::super) fn telling(client: Client, reporter: Arc<Reporter>) -> Client {
    client.with_observer(move |trouble| {
        if matches!(trouble.measure, Measure::Retry | Measure::Shrink(_)) {
            reporter.retrying(trouble);
        }
    })
}

impl Observer for Watch {
    fn progress(&self, progress: &event::Progress) {
        let phase = match progress.stage {
            Some(Stage::ControlTotals) => Phase::Sums,
            Some(Stage::OpeningBalances) => Phase::OpeningBalances,
            Some(Stage::Cards) => Phase::Cards,
            // Rows are told by the card they belong to.
            _ => return,
        };
        let gauge = progress.stage.map(|stage| *progress.of(stage)).unwrap_or_default();
        self.tell(Progress { phase, done: gauge.done, total: gauge.total });
    }

    fn notice(&self, notice: Notice) {
        if !matches!(notice, Notice::StageStarted(_) | Notice::StageDone(..)) {
            self.watcher.notice(notice);
        }
    }
}
