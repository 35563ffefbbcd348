//! What fills the screen: the customers, or something that takes their place until it is left.
//!
//! A screen keeps its own state, says what an action means on it, and takes the answers to its own questions; what it
//! wants of the rest of the dashboard it says as a [`ScreenWish`]. The customers are what is there while no other is shown.
//! What lies over a screen is an [`Overlay`].

pub mod before_after;
pub mod reconciliation;

use chrono::{DateTime, Utc};
use ratatui::layout::{Position, Rect};

use crate::domain::{CardId, Comparison};

use super::action::Action;
pub use super::action::Screen;
use super::ask::{Answer, Failure, TaskId, TaskKind, TaskReport};
use super::cursor::SelectionStep;
use super::effect::Effect;
use super::event::Now;
use super::journal::JournalLine;
use super::message::Passing;
use super::overlay::{Overlay, Question};
use super::page::PageWords;
use super::terms::CopySubject;

pub use before_after::BeforeAfterScreen;
pub use reconciliation::ReconciliationScreen;

/// All screens beside the customers, and which of them is shown.
#[derive(Clone, Debug, Default)]
pub struct Screens {
    shown: Screen,
    /// What is shown once this one is left.
    under: Screen,
    /// The reconciliation of the whole base.
    pub reconciliation: ReconciliationScreen,
    /// The last sync, before and after.
    pub before_after: BeforeAfterScreen,
}

/// What a screen sees of the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// Whether it is known that nothing is stored: there is nothing to compare with 1C.
    pub(super) is_empty: bool,
    /// The moment.
    pub(super) now: Now,
    /// Which screen is shown.
    pub(super) shown: Screen,
    /// The customer whose detail is at hand.
    pub(super) customer: Option<CardId>,
    /// What lies over it.
    pub(super) over: Option<Overlay>,
    /// What the page over it is about.
    pub(super) page: Option<CopySubject>,
}

/// What a screen wants of the rest.
#[derive(Debug)]
pub(super) enum ScreenWish {
    /// Do this.
    Do(Effect),
    /// Give up what runs, or is asked.
    Cancel(TaskKind),
    /// Wait for it no more.
    Forget(TaskKind),
    /// Keep a line in the journal.
    Note(JournalLine),
    /// Say it in passing.
    Say(Passing),
    /// Say what failed.
    Fail(Failure),
    /// Put away what was said to have failed.
    PutAway,
    /// Lay this over it; take it away where it lies there.
    LayOver(Overlay),
    /// Read this at leisure; close it where it is open.
    Read(CopySubject),
    /// Word anew what is read.
    Reword,
    /// Leave for a customer among the others, with what was found of them since.
    GoTo(CardId, Option<Box<Comparison>>),
    /// Show what is under this screen.
    Leave(Screen),
}

/// What an action means on a screen.
#[derive(Debug)]
pub(super) enum Meaning {
    /// What it means everywhere.
    Usual,
    /// Nothing.
    Nothing,
    /// This.
    Wishes(Vec<ScreenWish>),
}

impl From<Option<Vec<ScreenWish>>> for Meaning {
    fn from(wishes: Option<Vec<ScreenWish>>) -> Self {
        wishes.map_or(Self::Nothing, Self::Wishes)
    }
}

/// What every screen has to say.
pub(super) trait FullScreen {
    /// The part of the room that it takes.
    fn area(&self, room: Rect) -> Rect {
        room
    }

    /// It is shown.
    fn entered(&mut self, _around: Around) -> Vec<ScreenWish> {
        Vec::new()
    }

    /// What an action means, be it under something else.
    fn act(&mut self, action: Action, around: Around) -> Meaning;

    /// Moves the selection, or scrolls.
    fn step(&mut self, step: SelectionStep, room: Rect);

    /// Lines of a page that is turned.
    fn lines(&self, room: Rect) -> usize;

    /// Takes a click; `None` where nothing is there.
    fn click(&mut self, _at: Position, _room: Rect) -> Option<Vec<ScreenWish>> {
        None
    }

    /// What holds after every event: what is selected is in sight.
    fn settle(&mut self, _room: Rect) -> Option<Effect> {
        None
    }

    /// What is copied.
    fn subject(&self) -> Option<CopySubject>;

    /// What of it is words to be read.
    fn page(&mut self) -> Option<&mut PageWords> {
        None
    }

    /// Whether a task is one of its questions.
    fn owns(&self, kind: TaskKind) -> bool;

    /// Takes what a task of its own tells; `None` where that is nothing new.
    fn reported(&mut self, _report: &TaskReport) -> Option<()> {
        None
    }

    /// Takes an answer; `None` where it answers another question.
    fn answered(
        &mut self,
        task: (TaskId, TaskKind),
        answer: Answer,
        around: Around,
    ) -> Option<Vec<ScreenWish>>;

    /// A question of its own failed; without a failure it broke off.
    fn failed(&mut self, kind: TaskKind, failure: Option<Failure>) -> Vec<ScreenWish>;

    /// The store was published to: what was read when, where that is known.
    fn published(&mut self, _synced_at: Option<DateTime<Utc>>, _around: Around) -> Vec<ScreenWish> {
        Vec::new()
    }

    /// Cards were compared.
    fn compared(&mut self) -> Vec<ScreenWish> {
        Vec::new()
    }

    /// What has to be asked before the dashboard is left: something is under way.
    fn leaving(&self) -> Option<Question> {
        None
    }

    /// Hides what is personal, for a picture of the screen.
    fn hide(&mut self, hidden: fn(&str) -> String);
}

impl Screens {
    /// All beside the customers.
    pub(super) fn all(&mut self) -> [&mut dyn FullScreen; 2] {
        [&mut self.reconciliation, &mut self.before_after]
    }

    /// The one shown; `None` where that is the customers.
    pub(super) fn current(&self) -> Option<&dyn FullScreen> {
        match self.shown {
            Screen::Customers => None,
            Screen::Reconciliation => Some(&self.reconciliation),
            Screen::BeforeAfter => Some(&self.before_after),
        }
    }

    /// The same, to be changed.
    pub(super) fn current_mut(&mut self) -> Option<&mut dyn FullScreen> {
        match self.shown {
            Screen::Customers => None,
            Screen::Reconciliation => Some(&mut self.reconciliation),
            Screen::BeforeAfter => Some(&mut self.before_after),
        }
    }

    /// Which is shown.
    pub fn shown(&self) -> Screen {
        self.shown
    }

    /// What is seen round the one shown.
    pub fn under(&self) -> Screen {
        self.under
    }

    /// Shows one.
    pub(super) fn show(&mut self, screen: Screen) {
        self.under = match (screen.leaves_a_rim(), self.shown.leaves_a_rim()) {
            (false, _) => Screen::Customers,
            (true, false) => self.shown,
            (true, true) => self.under,
        };
        self.shown = screen;
    }

    /// Leaves the one shown; `None` where that is the customers.
    pub(super) fn leave(&mut self) -> Option<()> {
        let is_left = self.shown != Screen::Customers;
        self.show(self.under);
        is_left.then_some(())
    }

    /// Whose question a task is.
    pub(super) fn owner(&mut self, kind: TaskKind) -> Option<&mut dyn FullScreen> {
        self.all().into_iter().find(|screen| screen.owns(kind))
    }
}
