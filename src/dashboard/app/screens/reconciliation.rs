//! The reconciliation of the whole base: what it came to, the cards in sight, and files of it.
//!
//! ```text
//! run -> progress -> found: the summary -> a part of the cards -> the page of one
//!                      ^________________________________|  another filter, another part: late answers are dropped
//! ```
//!
//! The base itself stays behind the runtime under the number of its reconciliation; a million cards are never here.

use chrono::{DateTime, Utc};
use ratatui::layout::{Position, Rect};

use crate::domain::reconcile::{Cause, Tally};
use crate::domain::{Amount, CardId, Comparison, DifferenceKind, Verdict};
use crate::engine::ListPart;
use crate::engine::reconcile::{Listed, Phase, Progress, Wanted};

use super::super::action::Action;
use super::super::ask::{Answer, Ask, Failure, FailureKind, TaskId, TaskKind, TaskReport};
use super::super::cursor::{SelectionStep, part_beyond, scrolled, turned};
use super::super::effect::Effect;
use super::super::event::Now;
use super::super::geometry::{shrunk, split_rows};
use super::super::journal::JournalLine;
use super::super::mask::hide_comparison;
use super::super::message::Passing;
use super::super::overlay::{Overlay, Question};
use super::super::terms::CopySubject;
pub use super::super::terms::{By, ExportFormat, Exported, FileOrder, Reconciled};
use super::{Around, FullScreen, Meaning, ScreenWish};

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
    /// Cards of which 1C's total is not known, or not to be believed, so that it has none of all; what sverka has of them.
    Untold(u64, Amount),
    /// 1C's own sums contradict its rows: which, and of how many cards, the summary says.
    Contradicted,
    /// The portal shows something else of some cards, or was not asked: what, the summary says.
    Portal,
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
pub struct ReconciliationScreen {
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

impl ReconciliationScreen {
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

    /// The causes with what each comes to, in the order in which they are told.
    pub fn causes(&self) -> Vec<(Cause, Tally)> {
        let causes = self.found.iter().flat_map(|found| &found.base.summary.causes);
        causes.map(|(cause, tally)| (*cause, *tally)).collect()
    }

    /// Whether the cards of this cause are listed.
    pub fn is_chosen(&self, cause: Cause) -> bool {
        self.wanted == self.wanted_of(cause)
    }

    /// The filter that leaves the cards of a cause: that of a verdict where it leaves the same.
    fn wanted_of(&self, cause: Cause) -> Wanted {
        let wanted = Wanted::Cause(cause);
        match cause {
            Cause::BeforeWindow if !self.filters().contains(&wanted) => {
                Wanted::Verdict(Verdict::BeforeWindow)
            }
            Cause::UnknownCard if !self.filters().contains(&wanted) => Wanted::Verdict(Verdict::UnknownCard),
            _ => wanted,
        }
    }

    /// The cause whose cards are listed.
    pub fn chosen(&self) -> Option<Cause> {
        self.causes().into_iter().map(|(cause, _)| cause).find(|cause| self.is_chosen(*cause))
    }

    /// The files that can be written: what is shown, then what else is worth having. One of nobody is none.
    pub fn orders(&self) -> Vec<FileOrder> {
        let Some(of) = self.found.as_ref().map(|found| found.id) else { return Vec::new() };
        let other = match self.wanted {
            Wanted::All => Wanted::Verdict(Verdict::Variance),
            _ => Wanted::All,
        };
        let order = |wanted| ExportFormat::ALL.map(|format| FileOrder { of, format, wanted });
        let has_cards =
            |wanted: &Wanted| self.found.as_ref().is_some_and(|found| wanted.cards(&found.base.summary) > 0);
        [self.wanted, other].into_iter().filter(has_cards).flat_map(order).collect()
    }

    /// What limits what was found, the gravest first.
    pub fn notes(&self) -> Vec<Note> {
        let Some(ReconciledBase { base, is_outdated, .. }) = &self.found else { return Vec::new() };
        let uncompared = base.summary.total.uncompared;
        let (untold, is_of_nothing) = (base.summary.total.unknown(), base.summary.is_of_nothing());
        let absolute = base.summary.absolute_variance;
        let notes = [
            is_outdated.then_some(Note::Outdated),
            base.failure.as_ref().map(|_| Note::Failed),
            (!base.terms.under.others.is_empty()).then_some(Note::OtherSettings),
            (!base.knows_turnovers && base.failure.is_none()).then_some(Note::NoTurnovers),
            (base.unread > 0).then_some(Note::Unread(base.unread)),
            (base.moving > 0).then_some(Note::Moving(base.moving)),
            (!base.summary.contradicted.is_empty()).then_some(Note::Contradicted),
            base.summary.portal.as_ref().filter(|outcome| !outcome.is_equal()).map(|_| Note::Portal),
            (!is_of_nothing && untold > 0).then_some(Note::Untold(untold, uncompared)),
            (is_of_nothing && !uncompared.is_zero()).then_some(Note::Uncompared(uncompared)),
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

    /// How it divides its room.
    pub fn parts(&self, room: Rect) -> BaseParts {
        BaseParts::of(shrunk(room), self)
    }

    // A run.

    /// Starts one; `None` while one is under way.
    pub(in super::super) fn start(&mut self, by: By, now: Now) -> Option<Effect> {
        if self.run.is_some() {
            return None;
        }
        self.failed = None;
        let first = Progress { phase: Phase::Sums, ..Progress::default() };
        self.run = Some(Run { by, since: now, steps: vec![first] });
        Some(Effect::ask(Ask::Reconcile(by)))
    }

    /// Takes where it stands; `None` where that is nothing new.
    fn progressed(&mut self, progress: Progress) -> Option<()> {
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

    /// Takes what it found. The selection stays with its card.
    fn ended(&mut self, id: TaskId, base: Reconciled) -> Vec<ScreenWish> {
        let (summary, failure) = (&base.summary, base.failure.clone());
        let counts = (summary.cards, summary.variances, summary.unverified);
        self.run = None;
        self.found = Some(ReconciledBase { id, base, is_outdated: false });
        self.file = None;
        if !self.filters().contains(&self.wanted) {
            self.wanted = Wanted::All;
        }
        let said = Passing::Reconciled(counts.0, counts.1, counts.2);
        let mut wishes: Vec<ScreenWish> = self.ask_anew().map(ScreenWish::Do).into_iter().collect();
        wishes.push(ScreenWish::Note(JournalLine::Reconciled(counts.0, counts.1, counts.2)));
        wishes.push(failure.map_or(ScreenWish::Say(said), ScreenWish::Fail));
        wishes
    }

    /// The store was published to: the cards are not those that were compared.
    fn outdate(&mut self) {
        if let Some(found) = &mut self.found {
            found.is_outdated = true;
            self.asked = None;
        }
    }

    /// The same, and none of its cards is waited for.
    fn outdated(&mut self) -> Vec<ScreenWish> {
        self.outdate();
        vec![ScreenWish::Forget(TaskKind::List)]
    }

    // The list.

    /// Lists those the next filter lets pass.
    fn keep_next(&mut self) -> Option<Vec<Effect>> {
        self.keep(turned(&self.filters(), self.wanted))
    }

    /// Lists the cards of the cause in this place of the chart; of one that is chosen, all cards again.
    fn keep_cause(&mut self, place: usize) -> Option<Vec<Effect>> {
        let (cause, _) = *self.causes().get(place)?;
        self.keep(if self.is_chosen(cause) { Wanted::All } else { self.wanted_of(cause) })
    }

    /// Lists all cards again; `None` where no cause was chosen.
    fn unchoose(&mut self) -> Option<Vec<Effect>> {
        self.chosen()?;
        self.keep(Wanted::All)
    }

    /// Lists those this filter lets pass. The selection stays with its card where that is among them. `None` where
    /// there is nothing to filter any more.
    pub(in super::super) fn keep(&mut self, wanted: Wanted) -> Option<Vec<Effect>> {
        if self.found.as_ref().is_none_or(|found| found.is_outdated) {
            return None;
        }
        self.wanted = wanted;
        Some(self.ask_anew().into_iter().collect())
    }

    /// Selects a line.
    fn select(&mut self, line: usize) {
        self.index = line.min(self.listed.total.saturating_sub(1));
    }

    /// Takes a part.
    fn listed(&mut self, mut listed: Listed) {
        let Some(asked) = self.asked.take() else { return };
        if let Some((found, summary)) = self.found.as_mut().zip(listed.summary.take()) {
            found.base.summary = *summary;
        }
        let is_new = self.answered.is_none_or(|(wanted, _)| wanted != asked.wanted);
        if is_new || asked.part.around.is_some() {
            self.index = listed.at.unwrap_or(0);
        }
        self.index = self.index.min(listed.total.saturating_sub(1));
        self.answered = Some((asked.wanted, asked.part));
        self.listed = listed;
    }

    /// Listing failed. Asked for once more it would fail once more.
    fn list_broke(&mut self) {
        if let Some(asked) = self.asked.take() {
            self.answered = Some((asked.wanted, asked.part));
        }
    }

    /// Scrolls so that the selected line is among the `height` visible ones, and asks for cards where those at hand
    /// come to an end.
    fn scroll_into_view(&mut self, height: usize) -> Option<Effect> {
        self.top = scrolled(self.top, self.index, height, self.listed.total);
        if self.asked.is_some() || self.listed.rows.is_empty() {
            return None;
        }
        let at_hand = self.listed.from..self.listed.from.saturating_add(self.listed.rows.len());
        let part = part_beyond((self.top, height, self.listed.total), at_hand, (WINDOW, MARGIN))?;
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
    pub(in super::super) fn write(&mut self, order: FileOrder) -> Option<Effect> {
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
    fn wrote(&mut self, done: u64) -> Option<()> {
        let writing = self.writing.as_mut().filter(|writing| writing.done != done)?;
        writing.done = done;
        Some(())
    }

    /// It is whole, or will not be: it could not be written, or was given up.
    fn written(&mut self, file: Option<Exported>) {
        (self.writing, self.file) = (None, file);
    }

    // What keys mean.

    /// Starts anew; where there was no sync yet the screen says so, and there is nothing to compare.
    fn run_again(&mut self, around: Around) -> Option<Vec<ScreenWish>> {
        if around.is_empty {
            return None;
        }
        Some(vec![ScreenWish::Do(self.start(By::Sums, around.now)?), ScreenWish::PutAway])
    }

    /// Into the selected card; where nothing was found yet, that is what is wanted.
    fn open(&mut self, around: Around) -> Option<Vec<ScreenWish>> {
        if self.found.is_none() {
            return self.run_again(around);
        }
        Some(vec![ScreenWish::Read(self.subject()?)])
    }

    /// To the customer among the others.
    fn go_to(&self, card: CardId) -> ScreenWish {
        let Some(row) = self.card(card).filter(|row| is_stored(row)) else {
            return ScreenWish::Say(Passing::NobodyStored);
        };
        let is_of_now = self.found.as_ref().is_some_and(|found| !found.is_outdated);
        ScreenWish::GoTo(card, is_of_now.then(|| Box::new(row.clone())))
    }

    /// Gives up the reconciliation under way, else the file being written.
    fn give_up(&mut self) -> Vec<ScreenWish> {
        let (kind, line) = if self.run.take().is_some() {
            (TaskKind::Reconcile, JournalLine::ReconcileCancelled)
        } else {
            self.written(None);
            (TaskKind::Export, JournalLine::ExportCancelled)
        };
        vec![ScreenWish::Note(line), ScreenWish::Cancel(kind)]
    }

    /// Offers the files that can be written.
    fn offer(&self) -> Option<Vec<ScreenWish>> {
        let is_outdated = self.found.as_ref()?.is_outdated;
        if is_outdated || self.writing.is_some() {
            return None;
        }
        let has_files = !self.orders().is_empty();
        let offer = if has_files {
            ScreenWish::LayOver(Overlay::Export(0))
        } else {
            ScreenWish::Say(Passing::NothingToWrite)
        };
        Some(vec![offer])
    }

    /// A file of its cards is whole.
    fn exported(&mut self, file: Exported) -> Vec<ScreenWish> {
        self.written(Some(file.clone()));
        let lines = [JournalLine::Filed(file.path.clone()), JournalLine::Exported(file)];
        lines.map(ScreenWish::Note).into_iter().chain([ScreenWish::Say(Passing::Exported)]).collect()
    }
}

impl FullScreen for ReconciliationScreen {
    fn act(&mut self, action: Action, around: Around) -> Meaning {
        use Action as A;
        let card = match (around.over, around.page) {
            (Some(Overlay::Page(_)), Some(CopySubject::Reconciled(card))) => Some(card),
            _ => None,
        };
        let is_on_top = around.over.is_none();
        if action == A::Back
            && is_on_top
            && let Some(effects) = self.unchoose()
        {
            return Meaning::Wishes(effects.into_iter().map(ScreenWish::Do).collect());
        }
        match (action, card) {
            (A::Open, Some(card)) => Meaning::Wishes(vec![self.go_to(card)]),
            (A::Explain, Some(card)) => {
                Meaning::Wishes(vec![ScreenWish::Read(CopySubject::Reconciled(card))])
            }
            (A::Check, Some(_)) => Meaning::Nothing,
            (A::Open | A::Explain, None) if is_on_top => self.open(around).into(),
            (A::Filter, None) if is_on_top => {
                self.keep_next().map(|it| it.into_iter().map(ScreenWish::Do).collect()).into()
            }
            (A::Cause(place), None) if is_on_top => {
                let effects = self.keep_cause(usize::from(place));
                effects.map(|it| it.into_iter().map(ScreenWish::Do).collect()).into()
            }
            (A::Check, None) if is_on_top => self.run_again(around).into(),
            (A::Save, None) if is_on_top => self.offer().into(),
            (A::CancelSync, None) if is_on_top && self.is_busy() => Meaning::Wishes(self.give_up()),
            _ if action.is_of_customers() => Meaning::Nothing,
            _ => Meaning::Usual,
        }
    }

    fn step(&mut self, step: SelectionStep, _room: Rect) {
        self.select(step.from(self.index, self.listed.total));
    }

    fn lines(&self, room: Rect) -> usize {
        self.parts(room).lines()
    }

    fn click(&mut self, at: Position, room: Rect) -> Option<Vec<ScreenWish>> {
        let parts = self.parts(room);
        if let Some(place) = parts.cause(at) {
            return Some(self.keep_cause(place)?.into_iter().map(ScreenWish::Do).collect());
        }
        self.select(self.top.saturating_add(parts.line(at)?));
        Some(Vec::new())
    }

    fn settle(&mut self, room: Rect) -> Option<Effect> {
        self.scroll_into_view(self.parts(room).lines())
    }

    fn subject(&self) -> Option<CopySubject> {
        self.selected().map(|row| CopySubject::Reconciled(row.customer.card))
    }

    fn owns(&self, kind: TaskKind) -> bool {
        matches!(kind, TaskKind::Reconcile | TaskKind::List | TaskKind::Export)
    }

    fn reported(&mut self, report: &TaskReport) -> Option<()> {
        match report {
            TaskReport::Reconcile(progress) => self.progressed(*progress),
            TaskReport::Export(done) => self.wrote(*done),
            _ => None,
        }
    }

    fn answered(
        &mut self,
        (id, kind): (TaskId, TaskKind),
        answer: Answer,
        _around: Around,
    ) -> Option<Vec<ScreenWish>> {
        Some(match (kind, answer) {
            (TaskKind::Reconcile, Answer::Reconciled(base)) => self.ended(id, *base),
            (TaskKind::List, Answer::Listed(listed)) => {
                self.listed(listed);
                vec![ScreenWish::Reword]
            }
            (TaskKind::Export, Answer::Exported(file)) => self.exported(file),
            _ => return None,
        })
    }

    fn failed(&mut self, kind: TaskKind, failure: Option<Failure>) -> Vec<ScreenWish> {
        let is_changed = failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::StoreChanged);
        let mut wishes = Vec::new();
        match kind {
            TaskKind::Reconcile => {
                self.run = None;
                self.failed = failure.clone().or(self.failed.take());
            }
            TaskKind::List if is_changed => {
                self.outdate();
                return vec![ScreenWish::Reword];
            }
            TaskKind::List => self.list_broke(),
            _ => {
                self.written(None);
                if is_changed {
                    wishes = self.outdated();
                }
            }
        }
        wishes.extend(failure.map(ScreenWish::Fail));
        wishes
    }

    fn published(&mut self, synced_at: Option<DateTime<Utc>>, _: Around) -> Vec<ScreenWish> {
        // A publication may be noticed only after what it brought was compared.
        let is_of_it = |found: &ReconciledBase| found.base.terms.synced_at == synced_at;
        if synced_at.is_some() && self.found.as_ref().is_some_and(is_of_it) {
            return Vec::new();
        }
        self.outdated()
    }

    fn compared(&mut self) -> Vec<ScreenWish> {
        self.ask_anew().map(ScreenWish::Do).into_iter().collect()
    }

    fn leaving(&self) -> Option<Question> {
        self.is_busy().then_some(Question::QuitBase)
    }

    fn hide(&mut self, hidden: fn(&str) -> String) {
        self.listed.rows.iter_mut().for_each(|row| hide_comparison(row, hidden));
    }
}

/// Whether the store has this customer: rows of an unknown card, and cards that are in 1C only, open nobody.
pub fn is_stored(row: &Comparison) -> bool {
    let is_nobody = |kind| matches!(kind, DifferenceKind::MissingCard | DifferenceKind::UnknownCard);
    !row.differences.iter().any(|difference| is_nobody(difference.kind))
}

// Where it stands.

/// How the reconciliation of the base divides its room, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseParts {
    /// How much of the summary there is.
    pub head: BaseHead,
    /// The summary.
    pub summary: Rect,
    /// What of it shows the causes, one a line; nothing where there is no room for them.
    pub causes: Rect,
    /// How many of them: where not all have a line, the last one tells so.
    pub bars: usize,
    /// The cards, their heading in the first line but where there is no room for it.
    pub table: Rect,
}

/// How much of the summary of a base there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseHead {
    /// Cards by verdict, in one line.
    Line,
    /// Verdicts, the sums in a line, and what is most pressing.
    Short,
    /// How and when, verdicts, the sums in a line, remarks, a bar per cause.
    Middle,
    /// How and when, verdicts, a table of the sums with a bar per cause beside it, remarks.
    Full,
}

impl BaseParts {
    /// Lines of the table of sums, and of causes beside it at most.
    const SUMS: u16 = 4;
    const CAUSES: u16 = 8;
    /// Lines that the cards keep beside many causes, their heading included.
    const CARDS: u16 = 8;
    /// Remarks at most.
    pub const REMARKS: u16 = 5;

    fn of(area: Rect, screen: &ReconciliationScreen) -> Self {
        let head = match (area.width, area.height) {
            (_, 0..6) => BaseHead::Line,
            (_, 6..14) | (0..50, _) => BaseHead::Short,
            (100.., 26..) => BaseHead::Full,
            _ => BaseHead::Middle,
        };
        let causes = Self::causes_height(head, area, screen);
        let (summary, table) = split_rows(area, Self::height(head, causes, screen));
        let from = match head {
            BaseHead::Full => summary.y + 2,
            _ => summary.bottom().saturating_sub(causes),
        };
        let causes = Rect { y: from, height: causes, ..summary }.intersection(summary);
        let all = screen.causes().len();
        let lines = usize::from(causes.height);
        let bars = if all > lines { lines.saturating_sub(1) } else { all };
        Self { head, summary, causes, bars, table }
    }

    /// Lines of the causes: as many as there are, and leave room for the cards.
    fn causes_height(head: BaseHead, area: Rect, screen: &ReconciliationScreen) -> u16 {
        let causes = count(screen.causes().len());
        let remarks = count(screen.remarks()).min(3);
        match head {
            BaseHead::Line | BaseHead::Short => 0,
            BaseHead::Middle => causes.min(area.height.saturating_sub(3 + remarks + Self::CARDS).max(2)),
            BaseHead::Full => causes.min(Self::CAUSES),
        }
    }

    fn height(head: BaseHead, causes: u16, screen: &ReconciliationScreen) -> u16 {
        let remarks = count(screen.remarks());
        match head {
            BaseHead::Line => 1,
            BaseHead::Short => 2 + remarks.min(1),
            BaseHead::Middle => 3 + remarks.min(3) + causes,
            BaseHead::Full => 2 + causes.max(Self::SUMS) + remarks.min(Self::REMARKS),
        }
    }

    /// Lines of the heading.
    pub fn heading(&self) -> u16 {
        u16::from(self.head != BaseHead::Line)
    }

    /// Visible cards.
    pub fn lines(&self) -> usize {
        usize::from(self.table.height.saturating_sub(self.heading()))
    }

    /// The cause at this place of the screen.
    pub fn cause(&self, at: Position) -> Option<usize> {
        let place = usize::from(at.y.checked_sub(self.causes.y)?);
        (self.causes.contains(at) && place < self.bars).then_some(place)
    }

    /// The visible card at this place of the screen.
    pub fn line(&self, at: Position) -> Option<usize> {
        let line = at.y.checked_sub(self.table.y + self.heading())?;
        self.table.contains(at).then_some(usize::from(line))
    }
}

fn count(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
