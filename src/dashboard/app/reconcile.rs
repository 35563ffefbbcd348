//! The reconciliation of the whole base: what it came to, the cards in sight, and files of it.
//!
//! ```text
//! run -> progress -> found: the summary -> a part of the cards -> the page of one
//!                      ^________________________________|  another filter, another part: late answers are dropped
//! ```
//!
//! The base itself stays behind the runtime under the number of its reconciliation; a million cards are never here.

use crate::domain::reconcile::Cause;
use crate::domain::{Amount, CardId, Comparison, DifferenceKind, Verdict};
use crate::engine::ListPart;
use crate::engine::reconcile::{Listed, Phase, Progress, Wanted};

use super::ask::{Ask, Failure, FailureKind, TaskId};
use super::cursor::{SelectionStep, scrolled, turned};
use super::effect::Effect;
use super::event::Now;
pub use super::terms::{By, ExportFormat, Exported, FileOrder, Reconciled};

/// Cards at hand: some screens full around the selection.
const WINDOW: usize = 160;
/// How near to the edge of the cards at hand others are asked for.
const MARGIN: usize = 30;
/// Steps of a run that are remembered: one that begins anew again and again tells the last.
const STEPS: usize = 16;

/// A reconciliation under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How it compares.
    pub by: By,
    /// Since when.
    pub since: Now,
    /// What was done so far, a step each, the one at work last.
    pub steps: Vec<Progress>,
}

/// What the last reconciliation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciledBase {
    /// The task that found it: what is asked of it is asked under this number.
    pub id: TaskId,
    /// What it came to.
    pub base: Reconciled,
    /// The store was published to since: its cards are not those any more.
    pub is_outdated: bool,
}

/// A file being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileBeingWritten {
    /// As what.
    pub format: ExportFormat,
    /// Cards written.
    pub done: u64,
    /// Of so many.
    pub total: u64,
}

/// What limits what was found, or has to be known to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The store was published to since.
    Outdated,
    /// 1C did not answer to the end.
    Failed,
    /// The store was read under other settings than those of today, under which 1C was asked.
    OtherSettings,
    /// 1C publishes no turnovers.
    NoTurnovers,
    /// Cards that differ and whose rows were not read.
    Unread(u64),
    /// Cards that were sold to meanwhile.
    Moving(u64),
    /// Stored totals that were compared with nothing.
    Uncompared(Amount),
    /// Σ of the variances without their signs.
    Absolute(Amount),
}

/// A part asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AskedPart {
    wanted: Wanted,
    part: ListPart,
}

/// The reconciliation of the whole base.
#[derive(Clone, Debug, Default)]
pub struct ReconciliationPane {
    run: Option<Run>,
    found: Option<ReconciledBase>,
    failed: Option<Failure>,
    wanted: Wanted,
    asked: Option<AskedPart>,
    answered: Option<(Wanted, ListPart)>,
    listed: Listed,
    index: usize,
    top: usize,
    writing: Option<FileBeingWritten>,
    file: Option<Exported>,
}

impl ReconciliationPane {
    /// The reconciliation under way.
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// What the last one found, also while the next is under way.
    pub fn found(&self) -> Option<&ReconciledBase> {
        self.found.as_ref()
    }

    /// Why the last one found nothing.
    pub fn failed(&self) -> Option<&Failure> {
        self.failed.as_ref()
    }

    /// The file being written.
    pub fn writing(&self) -> Option<&FileBeingWritten> {
        self.writing.as_ref()
    }

    /// The file written last of what was found.
    pub fn file(&self) -> Option<&Exported> {
        self.file.as_ref()
    }

    /// Whether anything is under way.
    pub fn is_busy(&self) -> bool {
        self.run.is_some() || self.writing.is_some()
    }

    /// Which cards are listed.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// Cards that differ from 1C as it was when the base was reconciled; `None` where that tells nothing of now.
    pub fn variances(&self) -> Option<u64> {
        let found = self.found.as_ref().filter(|found| !found.is_outdated && found.base.failure.is_none())?;
        Some(found.base.summary.variances)
    }

    /// Cards listed; `None` until it is known for the filter.
    pub fn total(&self) -> Option<usize> {
        let (wanted, _) = self.answered?;
        (wanted == self.wanted).then_some(self.listed.total)
    }

    /// The selected line.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The first line shown.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The card of a line, where it is at hand.
    pub fn row(&self, line: usize) -> Option<&Comparison> {
        self.listed.rows.get(line.checked_sub(self.listed.from)?)
    }

    /// The selected card, where it is at hand.
    pub fn selected(&self) -> Option<&Comparison> {
        self.row(self.index)
    }

    /// A card, where it is at hand.
    pub fn card(&self, card: CardId) -> Option<&Comparison> {
        self.listed.rows.iter().find(|row| row.customer.card == card)
    }

    /// The filters that leave somebody, and those that everybody looks for.
    pub fn filters(&self) -> Vec<Wanted> {
        let mut filters = vec![Wanted::All, Wanted::Verdict(Verdict::Variance)];
        let Some(found) = &self.found else { return filters };
        let summary = &found.base.summary;
        let others = [Verdict::Unverified, Verdict::UnknownCard, Verdict::BeforeWindow].map(Wanted::Verdict);
        let causes = summary.causes.keys().copied().map(Wanted::Cause);
        // The same cards once more would be one more key to press.
        let is_twin = |it: &Wanted| {
            let twin = match it {
                Wanted::Cause(Cause::BeforeWindow) => summary.before_window,
                Wanted::Cause(Cause::UnknownCard) => summary.unknown_cards,
                _ => return false,
            };
            it.cards(summary) == twin
        };
        filters.extend(
            others.into_iter().chain(causes).filter(|it| it.cards(summary) > 0).filter(|it| !is_twin(it)),
        );
        filters
    }

    /// The files that can be written: what is shown, then what else is worth having.
    pub fn orders(&self) -> Vec<FileOrder> {
        let Some(of) = self.found.as_ref().map(|found| found.id) else { return Vec::new() };
        let other = match self.wanted {
            Wanted::All => Wanted::Verdict(Verdict::Variance),
            _ => Wanted::All,
        };
        let order = |wanted| ExportFormat::ALL.map(|format| FileOrder { of, format, wanted });
        [order(self.wanted), order(other)].concat()
    }

    /// What limits what was found, the gravest first.
    pub fn notes(&self) -> Vec<Note> {
        let Some(ReconciledBase { base, is_outdated, .. }) = &self.found else { return Vec::new() };
        let uncompared = base.summary.total.uncompared;
        let absolute = base.summary.absolute_variance;
        let notes = [
            is_outdated.then_some(Note::Outdated),
            base.failure.as_ref().map(|_| Note::Failed),
            (!base.terms.under.others.is_empty()).then_some(Note::OtherSettings),
            (!base.knows_turnovers && base.failure.is_none()).then_some(Note::NoTurnovers),
            (base.unread > 0).then_some(Note::Unread(base.unread)),
            (base.moving > 0).then_some(Note::Moving(base.moving)),
            (!uncompared.is_zero()).then_some(Note::Uncompared(uncompared)),
            (base.summary.variances > 0).then_some(Note::Absolute(absolute)),
        ];
        notes.into_iter().flatten().collect()
    }

    /// Lines that what is under way and what limits it would take.
    pub fn remarks(&self) -> usize {
        let is_told = [self.run.is_some(), self.writing.is_some(), self.failed.is_some()];
        // A file takes two: what it holds, and where it lies.
        let of_file = if self.file.is_some() { 2 } else { 0 };
        self.notes().len() + of_file + is_told.into_iter().filter(|is_told| *is_told).count()
    }

    // A run.

    /// Starts one; `None` while one is under way.
    pub(super) fn start(&mut self, by: By, now: Now) -> Option<Effect> {
        if self.run.is_some() {
            return None;
        }
        self.failed = None;
        let first = Progress { phase: Phase::Sums, ..Progress::default() };
        self.run = Some(Run { by, since: now, steps: vec![first] });
        Some(Effect::ask(Ask::Reconcile(by)))
    }

    /// None runs any more: it was given up, or broke. What was found before stays.
    pub(super) fn stop(&mut self) {
        self.run = None;
    }

    /// Takes where it stands; `None` where that is nothing new.
    pub(super) fn progressed(&mut self, progress: Progress) -> Option<()> {
        let run = self.run.as_mut()?;
        match run.steps.last_mut() {
            Some(last) if *last == progress => return None,
            Some(last) if last.phase == progress.phase => *last = progress,
            _ => {
                if run.steps.len() == STEPS {
                    run.steps.remove(0);
                }
                run.steps.push(progress);
            }
        }
        Some(())
    }

    /// Takes its end. The selection stays with its card.
    pub(super) fn ended(&mut self, id: TaskId, result: Result<Reconciled, Failure>) -> Vec<Effect> {
        self.run = None;
        match result {
            Ok(base) => {
                self.found = Some(ReconciledBase { id, base, is_outdated: false });
                self.file = None;
                if !self.filters().contains(&self.wanted) {
                    self.wanted = Wanted::All;
                }
                self.ask_anew().into_iter().collect()
            }
            Err(failure) => {
                self.failed = Some(failure);
                Vec::new()
            }
        }
    }

    /// The store was published to: the cards are not those that were compared.
    pub(super) fn outdate(&mut self) {
        if let Some(found) = &mut self.found {
            found.is_outdated = true;
            self.asked = None;
        }
    }

    // The list.

    /// Lists those the next filter lets pass.
    pub(super) fn keep_next(&mut self) -> Option<Vec<Effect>> {
        self.keep(turned(&self.filters(), self.wanted))
    }

    /// Lists those this filter lets pass. The selection stays with its card where that is among them. `None` where
    /// there is nothing to filter any more.
    pub(super) fn keep(&mut self, wanted: Wanted) -> Option<Vec<Effect>> {
        if self.found.as_ref().is_none_or(|found| found.is_outdated) {
            return None;
        }
        self.wanted = wanted;
        Some(self.ask_anew().into_iter().collect())
    }

    /// Moves the selection.
    pub(super) fn step(&mut self, step: SelectionStep) {
        self.select(step.from(self.index, self.listed.total));
    }

    /// Selects a line.
    pub(super) fn select(&mut self, line: usize) {
        self.index = line.min(self.listed.total.saturating_sub(1));
    }

    /// Takes a part. A failure is given back: the cards shown stay.
    pub(super) fn listed(&mut self, result: Result<Listed, Failure>) -> Result<(), Failure> {
        let Some(asked) = self.asked.take() else { return Ok(()) };
        match result {
            Ok(listed) => {
                let is_new = self.answered.is_none_or(|(wanted, _)| wanted != asked.wanted);
                if is_new || asked.part.around.is_some() {
                    self.index = listed.at.unwrap_or(0);
                }
                self.index = self.index.min(listed.total.saturating_sub(1));
                self.answered = Some((asked.wanted, asked.part));
                self.listed = listed;
                Ok(())
            }
            Err(failure) if failure.kind == FailureKind::StoreChanged => {
                self.outdate();
                Ok(())
            }
            Err(failure) => {
                // Asked for once more it would fail once more.
                self.answered = Some((asked.wanted, asked.part));
                Err(failure)
            }
        }
    }

    /// Listing broke.
    pub(super) fn list_broke(&mut self) {
        if let Some(asked) = self.asked.take() {
            self.answered = Some((asked.wanted, asked.part));
        }
    }

    /// Scrolls so that the selected line is among the `height` visible ones, and asks for cards where those at hand
    /// come to an end.
    pub(super) fn scroll_into_view(&mut self, height: usize) -> Option<Effect> {
        self.top = scrolled(self.top, self.index, height, self.listed.total);
        if self.asked.is_some() || self.listed.rows.is_empty() {
            return None;
        }
        let end = self.top.saturating_add(height + MARGIN).min(self.listed.total);
        let wanted = self.top.saturating_sub(MARGIN)..end;
        let at_hand = self.listed.from..self.listed.from.saturating_add(self.listed.rows.len());
        if wanted.start >= at_hand.start && wanted.end <= at_hand.end {
            return None;
        }
        let limit = WINDOW.max(height + 2 * MARGIN);
        let from = self.top.saturating_add(height / 2).saturating_sub(limit / 2);
        let part = ListPart { from, limit, around: None };
        if self.answered == Some((self.wanted, part)) {
            return None;
        }
        self.ask(part)
    }

    /// Asks for where the selected card is found again, else for the beginning.
    fn ask_anew(&mut self) -> Option<Effect> {
        let around = self.selected().map(|row| row.customer.card).filter(|_| self.index > 0);
        self.ask(ListPart { from: 0, limit: WINDOW, around })
    }

    fn ask(&mut self, part: ListPart) -> Option<Effect> {
        let found = self.found.as_ref().filter(|found| !found.is_outdated)?;
        self.asked = Some(AskedPart { wanted: self.wanted, part });
        Some(Effect::ask(Ask::List { of: found.id, wanted: self.wanted, part }))
    }

    // Files.

    /// Starts to write a file; `None` while one is being written, or where there is nothing to write.
    pub(super) fn write(&mut self, order: FileOrder) -> Option<Effect> {
        let found = self.found.as_ref().filter(|found| found.id == order.of && !found.is_outdated)?;
        if self.writing.is_some() {
            return None;
        }
        let total = order.wanted.cards(&found.base.summary);
        self.file = None;
        self.writing = Some(FileBeingWritten { format: order.format, done: 0, total });
        Some(Effect::ask(Ask::Export(order)))
    }

    /// Takes how much of it is written; `None` where that is nothing new.
    pub(super) fn wrote(&mut self, done: u64) -> Option<()> {
        let writing = self.writing.as_mut().filter(|writing| writing.done != done)?;
        writing.done = done;
        Some(())
    }

    /// It is whole, or will not be: it could not be written, or was given up.
    pub(super) fn written(&mut self, file: Option<Exported>) {
        (self.writing, self.file) = (None, file);
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        for row in &mut self.listed.rows {
            super::mask::hide_comparison(row, hidden);
        }
    }
}

/// Whether the store has this customer: rows of an unknown card, and cards that are in 1C only, open nobody.
pub fn is_stored(row: &Comparison) -> bool {
    let is_nobody = |kind| matches!(kind, DifferenceKind::MissingCard | DifferenceKind::UnknownCard);
    !row.differences.iter().any(|difference| is_nobody(difference.kind))
}
