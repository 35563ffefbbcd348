//! The selected customer: what the store has of them, and how it compares with 1C.

use std::time::Duration;

use crate::domain::{CardId, Comparison, DifferenceKind, Verdict};

use super::effect::{Effect, Timer};
use super::event::{CheckId, CustomerDetail, Failure, Now, OpenId};

/// How long a selection must rest before its customer is read: a held arrow key reads nothing on its way.
const REST: Duration = Duration::from_millis(40);

/// What the pane shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// No customer is selected.
    #[default]
    Nothing,
    /// The first one is being read.
    Loading,
    /// A customer; the one before while the next is being read.
    Open(Box<CustomerDetail>),
    /// The customer could not be read.
    Failed(Failure),
}

/// A part of what is known of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// The comparison, and what differs.
    Comparison,
    /// Purchases and opening balances.
    Purchases,
    /// Rows of the bonus register.
    Bonus,
    /// Sums by type of document.
    Documents,
}

impl Section {
    /// All sections in order.
    pub const ALL: [Self; 4] = [Self::Comparison, Self::Purchases, Self::Bonus, Self::Documents];

    fn turned(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// The live check against 1C.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// None runs.
    #[default]
    Idle,
    /// One runs, since then.
    Running(CheckId, CardId, Now),
    /// The last one failed.
    Failed(CardId, Failure),
}

/// How much room the pane has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// The figures stand above every section.
    Tall,
    /// The figures are a section of their own.
    Short,
}

/// The selected customer.
#[derive(Clone, Debug, Default)]
pub struct Pane {
    content: Content,
    wanted: Option<CardId>,
    opening: OpenId,
    resting: u64,
    section: Option<Section>,
    top: usize,
    check: Check,
    last_check: CheckId,
    /// The latest wish while a check runs.
    next_check: Option<CardId>,
    /// What a check found of the customer wanted before the store's side of them was read.
    early: Option<Box<Comparison>>,
}

impl Pane {
    /// What is shown.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The customer shown.
    pub fn detail(&self) -> Option<&CustomerDetail> {
        match &self.content {
            Content::Open(detail) => Some(detail),
            _ => None,
        }
    }

    /// The card shown.
    pub fn card(&self) -> Option<CardId> {
        self.detail().map(|detail| detail.comparison.customer.card)
    }

    /// The live check.
    pub fn check(&self) -> &Check {
        &self.check
    }

    /// Whether a live check runs.
    pub fn is_checking(&self) -> bool {
        matches!(self.check, Check::Running(..))
    }

    /// The first line shown of the section.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The section shown: the one chosen, else the one that tells most.
    pub fn section(&self, room: Room) -> Section {
        self.section.unwrap_or_else(|| match (room, self.detail()) {
            (Room::Short, _) => Section::Comparison,
            (Room::Tall, Some(detail)) if detail.comparison.verdict == Verdict::Variance => {
                Section::Comparison
            }
            (Room::Tall, _) => Section::Purchases,
        })
    }

    /// Lines of a section.
    pub fn lines(&self, section: Section) -> usize {
        self.detail().map_or(0, |detail| match section {
            Section::Comparison => detail.comparison.differences.len(),
            Section::Purchases => detail.purchases.len(),
            Section::Bonus => detail.bonus.len(),
            Section::Documents => detail.recorders.len(),
        })
    }

    /// Follows the selection; nothing where it shows that card, or is about to.
    pub fn follow(&mut self, card: Option<CardId>) -> Vec<Effect> {
        if self.wanted == card {
            return Vec::new();
        }
        self.wanted = card;
        self.early = None;
        self.resting += 1;
        if card.is_none() {
            self.content = Content::Nothing;
            return Vec::new();
        }
        if !matches!(self.content, Content::Open(_)) {
            self.content = Content::Loading;
        }
        vec![Effect::Wait(Timer::Open(self.resting), REST)]
    }

    /// The selection rested.
    pub fn rested(&mut self, timer: u64) -> Option<Vec<Effect>> {
        let card = self.wanted.filter(|_| timer == self.resting)?;
        Some(vec![self.open(card)])
    }

    /// Reads the same customer again: the store changed underneath. A check under way compares with
    /// figures that are gone, so its answer is not waited for.
    pub fn refresh(&mut self) -> Vec<Effect> {
        self.check = Check::Idle;
        self.next_check = None;
        self.early = None;
        self.wanted.map(|card| self.open(card)).into_iter().collect()
    }

    /// Takes a customer; `None` where the selection went on meanwhile.
    pub fn opened(
        &mut self,
        id: OpenId,
        card: CardId,
        result: Result<Box<CustomerDetail>, Failure>,
    ) -> Option<()> {
        if id != self.opening || self.wanted != Some(card) {
            return None;
        }
        if self.card() != Some(card) {
            self.top = 0;
        }
        self.content = match result {
            Ok(detail) => Content::Open(detail),
            Err(failure) => Content::Failed(failure),
        };
        if let Some(early) = self.early.take() {
            self.replace(*early);
        }
        Some(())
    }

    /// Asks for a live check of the customer shown. While one runs, the latest wish waits.
    pub fn ask_check(&mut self, now: Now) -> Option<Vec<Effect>> {
        let card = self.wanted?;
        if self.is_checking() {
            self.next_check = Some(card);
            return Some(Vec::new());
        }
        Some(vec![self.start_check(card, now)])
    }

    /// Takes the answer of a check; `None` for one nobody waits for any more.
    pub fn checked(
        &mut self,
        id: CheckId,
        card: CardId,
        result: Result<Box<Comparison>, Failure>,
        now: Now,
    ) -> Option<Vec<Effect>> {
        self.end_check(id)?;
        match result {
            Ok(comparison) if self.card() == Some(card) => self.replace(*comparison),
            Ok(comparison) if self.wanted == Some(card) => self.early = Some(comparison),
            Ok(_) => {}
            Err(failure) => self.check = Check::Failed(card, failure),
        }
        Some(self.next_check.take().map(|card| self.start_check(card, now)).into_iter().collect())
    }

    /// The check broke.
    pub fn check_broke(&mut self, id: CheckId) {
        if self.end_check(id).is_some() {
            self.next_check = None;
        }
    }

    /// Reading the customer broke.
    pub fn open_broke(&mut self, id: OpenId) {
        if id == self.opening && self.content == Content::Loading {
            self.content = Content::Nothing;
        }
    }

    /// Shows the section after the one shown.
    pub fn next_section(&mut self, room: Room) {
        self.choose(self.section(room).turned(1));
    }

    /// Shows the section before the one shown.
    pub fn previous_section(&mut self, room: Room) {
        self.choose(self.section(room).turned(Section::ALL.len() - 1));
    }

    /// Scrolls the section; `height` lines of `len` are visible.
    pub fn scroll(&mut self, step: super::search::Step, height: usize, len: usize) {
        let last = len.saturating_sub(height);
        self.top = step.from(self.top.min(last), last + 1);
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        let Content::Open(detail) = &mut self.content else { return };
        let Comparison { customer, city, differences, .. } = &mut detail.comparison;
        super::privacy::hide_customer(customer, hidden);
        for city in [&mut city.onec, &mut city.stored].into_iter().flatten().flatten() {
            city.name = hidden(&city.name);
        }
        let towns = differences.iter_mut().filter(|difference| difference.kind == DifferenceKind::City);
        for side in towns.flat_map(|difference| [&mut difference.onec, &mut difference.stored]).flatten() {
            *side = hidden(side);
        }
    }

    fn choose(&mut self, section: Section) {
        self.section = Some(section);
        self.top = 0;
    }

    fn open(&mut self, card: CardId) -> Effect {
        self.opening.0 += 1;
        Effect::Open(self.opening, card)
    }

    fn start_check(&mut self, card: CardId, now: Now) -> Effect {
        self.last_check.0 += 1;
        self.check = Check::Running(self.last_check, card, now);
        Effect::Check(self.last_check, card)
    }

    fn end_check(&mut self, id: CheckId) -> Option<()> {
        let Check::Running(running, ..) = self.check else { return None };
        if running != id {
            return None;
        }
        self.check = Check::Idle;
        Some(())
    }

    fn replace(&mut self, comparison: Comparison) {
        if let Content::Open(detail) = &mut self.content {
            detail.comparison = comparison;
        }
    }
}
