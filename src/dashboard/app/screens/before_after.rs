//! The last sync, before and after: words to read and to copy. What is under it is seen round it.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use super::super::action::{Action, Screen};
use super::super::ask::{Answer, Ask, Failure, TaskId, TaskKind};
use super::super::cursor::SelectionStep;
use super::super::effect::Effect;
use super::super::event::Portal;
use super::super::page::{CopySubject, PageWords};
use super::{Around, FullScreen, Meaning, ScreenWish};

/// The last sync, before and after.
#[derive(Clone, Debug)]
pub struct BeforeAfterScreen {
    portal: Option<Box<Portal>>,
    page: PageWords,
    top: usize,
}

impl Default for BeforeAfterScreen {
    fn default() -> Self {
        Self { portal: None, page: PageWords { subject: CopySubject::Portal, text: None }, top: 0 }
    }
}

impl BeforeAfterScreen {
    /// What was looked at last; `None` before anything was, and where there was no sync.
    pub fn portal(&self) -> Option<&Portal> {
        self.portal.as_deref()
    }

    /// It in words.
    pub fn words(&self) -> &PageWords {
        &self.page
    }

    /// The first line shown.
    pub fn top(&self) -> usize {
        self.top
    }
}

fn ask(around: Around) -> Vec<ScreenWish> {
    vec![ScreenWish::Do(Effect::ask(Ask::Portal(around.customer)))]
}

impl FullScreen for BeforeAfterScreen {
    fn area(&self, room: Rect) -> Rect {
        self.page.area(room)
    }

    fn entered(&mut self, around: Around) -> Vec<ScreenWish> {
        (self.page.text, self.top) = (None, 0);
        ask(around)
    }

    fn act(&mut self, action: Action, around: Around) -> Meaning {
        match action {
            Action::Open if around.over.is_none() => {
                Meaning::Wishes(vec![ScreenWish::Leave(Screen::BeforeAfter)])
            }
            Action::Pick => Meaning::Usual,
            _ if action.is_of_customers() => Meaning::Nothing,
            _ => Meaning::Usual,
        }
    }

    fn step(&mut self, step: SelectionStep, room: Rect) {
        self.top = self.page.scrolled(self.top, step, self.area(room));
    }

    fn lines(&self, room: Rect) -> usize {
        PageWords::room(self.area(room)).height.into()
    }

    fn subject(&self) -> Option<CopySubject> {
        self.page.text.as_ref().map(|_| self.page.subject)
    }

    fn page(&mut self) -> Option<&mut PageWords> {
        Some(&mut self.page)
    }

    fn owns(&self, kind: TaskKind) -> bool {
        kind == TaskKind::Portal
    }

    fn answered(
        &mut self,
        _task: (TaskId, TaskKind),
        answer: Answer,
        around: Around,
    ) -> Option<Vec<ScreenWish>> {
        let Answer::Portal(portal) = answer else { return None };
        self.portal = portal;
        let is_shown = around.shown == Screen::BeforeAfter;
        Some(is_shown.then_some(ScreenWish::Do(Effect::Word(self.page.subject))).into_iter().collect())
    }

    fn failed(&mut self, _kind: TaskKind, failure: Option<Failure>) -> Vec<ScreenWish> {
        failure.map(ScreenWish::Fail).into_iter().chain([ScreenWish::Leave(Screen::BeforeAfter)]).collect()
    }

    fn published(&mut self, _: Option<DateTime<Utc>>, around: Around) -> Vec<ScreenWish> {
        if around.shown == Screen::BeforeAfter { ask(around) } else { Vec::new() }
    }

    fn hide(&mut self, hidden: fn(&str) -> String) {
        if let Some((customer, _)) = self.portal.as_mut().and_then(|portal| portal.customer.as_mut()) {
            customer.hide(hidden);
        }
    }
}
