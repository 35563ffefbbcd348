//! The selected customer: what the store has of them, and how it compares with 1C.

use std::collections::BTreeMap;
use std::time::Duration;

use ratatui::layout::Size;

use crate::domain::reconcile::TotalVariance;
use crate::domain::reconcile::latest::Reach;
use crate::domain::{Against, CardId, Comparison, DifferenceKind, RecorderType, Verdict};
use crate::engine::{ComparedAt, Purchase, Query, RawField, RawFields, Sent, Set};
use crate::report::explain::Explanation;
use crate::sync::event::Notice;

use super::ask::{Ask, Failure, LiveCheck};
use super::cursor::{SelectionStep, scrolled};
use super::effect::{Effect, Timer};
use super::event::{CustomerDetail, Now};
use super::key::{Key, edit_line};
pub use super::terms::Section;

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

/// Whom a check is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedFor {
    /// Somebody asked: how it comes out is said.
    Someone,
    /// Nobody asked: what it finds is shown, and no more is said of it.
    Nobody,
}

/// The live check against 1C.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CheckState {
    /// None runs.
    #[default]
    Idle,
    /// One runs, since then.
    Running(CardId, Now, CheckedFor),
    /// The last one failed.
    Failed(CardId, Failure),
}

/// The fields of the customer shown: asked for on demand, gone with the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fields {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// 1C is being asked, since then.
    Asked(Now),
    /// As 1C sent them.
    Known(RawFields),
    /// They could not be read.
    Failed(Failure),
}

/// Whose field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The card's.
    Card,
    /// The owner's.
    Owner,
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
pub struct DetailPane {
    content: Content,
    wanted: Option<CardId>,
    resting: u64,
    section: Option<Section>,
    index: usize,
    top: usize,
    check: CheckState,
    /// What the check under way had to try again: the attempt, and why.
    tried: Option<Notice>,
    /// The latest wish while a check runs.
    next_check: Option<CardId>,
    /// What checks found since the store last changed.
    live: BTreeMap<CardId, LiveCheck>,
    fields: Fields,
    sought: Option<SoughtPurchases>,
}

/// What is looked for among the purchases of the customer shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoughtPurchases {
    /// As typed: words of the product, of the date, of the sum.
    pub text: String,
    /// The purchases that have them all, by their places.
    places: Vec<usize>,
}

/// Columns from which on both sides of what differs stand in columns of their own.
pub const TWO_SIDES: u16 = 66;

/// Checks remembered; beyond it all but the last are forgotten.
const REMEMBERED: usize = 1_000;

impl DetailPane {
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

    /// Lines that tell of the other cards of the owner: which, and what all together come to.
    pub(super) fn owner_lines(&self) -> u16 {
        let detail = self.detail().filter(|detail| detail.others.count > 0);
        detail.map_or(0, |detail| 1 + u16::from(detail.together().is_some()))
    }

    /// The live check.
    pub fn check(&self) -> &CheckState {
        &self.check
    }

    /// Whether a live check runs that somebody waits for.
    pub fn is_check_awaited(&self) -> bool {
        matches!(self.check, CheckState::Running(_, _, CheckedFor::Someone))
    }

    /// Whether 1C is being asked for something.
    pub fn is_asking(&self) -> bool {
        self.is_check_awaited() || matches!(self.fields, Fields::Asked(..))
    }

    /// What the last live check of a card found, since the store last changed.
    pub fn live_verdict(&self, card: CardId) -> Option<(Verdict, Option<TotalVariance>, ComparedAt)> {
        let comparison = &self.live.get(&card)?.comparison;
        let compared = ComparedAt { at: comparison.compared_at?, reach: Reach::of(comparison.against)? };
        Some((comparison.verdict, comparison.variance_of_total(), compared))
    }

    /// The requests that fetched 1C's side of the customer shown; none where no line was read.
    pub fn requests(&self) -> &[Sent] {
        let live = self.card().and_then(|card| self.live.get(&card));
        live.map(|live| live.requests.as_slice()).unwrap_or_default()
    }

    /// The requests that the comparison shown rests on line by line; none where it rests on sums.
    pub fn requests_of_lines(&self) -> &[Sent] {
        let is_live = self.detail().is_some_and(|detail| detail.comparison.against == Against::Live);
        if is_live { self.requests() } else { &[] }
    }

    /// The request that fetched the first difference; of a customer without one the first of all.
    pub(super) fn request_of_first(&self) -> Option<&Sent> {
        let (comparison, requests) = (&self.detail()?.comparison, self.requests_of_lines());
        Explanation { comparison, requests, product: None, root: "" }.told().into_iter().next()
    }

    /// The request that read the fields of the card, or of the owner.
    pub fn request_of_fields(&self, holder: Holder) -> Option<&Sent> {
        let Fields::Known(fields) = &self.fields else { return None };
        fields.request(match holder {
            Holder::Card => Set::Cards,
            Holder::Owner => Set::Owners,
        })
    }

    /// The customer's fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// A field by its line, the card's before the owner's.
    pub fn field(&self, line: usize) -> Option<(Holder, &RawField)> {
        let Fields::Known(fields) = &self.fields else { return None };
        let card = fields.card.iter().map(|field| (Holder::Card, field));
        card.chain(fields.owner.iter().map(|field| (Holder::Owner, field))).nth(line)
    }

    /// How many sales under a type of document stand under another one as well.
    pub fn doubled(&self, of: &RecorderType) -> usize {
        let differences = self.detail().map(|detail| detail.comparison.differences.as_slice());
        let doubled = differences.unwrap_or_default().iter().filter(|difference| {
            difference.kind == DifferenceKind::DoubledSale && difference.recorder_type.as_ref() == Some(of)
        });
        doubled.count()
    }

    /// The line that has the cursor.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The first line shown of the section.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The section that was chosen, where one was.
    pub fn chosen(&self) -> Option<Section> {
        self.section
    }

    /// Takes the section of the last time.
    pub(super) fn restore(&mut self, section: Option<Section>) {
        self.section = section;
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
            Section::Purchases => {
                self.sought.as_ref().map_or(detail.purchases.len(), |sought| sought.places.len())
            }
            Section::Bonus => detail.bonus.len(),
            Section::Documents => detail.recorders.len(),
            Section::Fields => match &self.fields {
                Fields::Known(fields) => fields.card.len() + fields.owner.len(),
                _ => 0,
            },
        })
    }

    /// What is looked for among the purchases.
    pub fn sought(&self) -> Option<&SoughtPurchases> {
        self.sought.as_ref()
    }

    /// The place among all of its kind of the line with the cursor.
    pub fn place(&self, section: Section) -> usize {
        let sought = self.sought.as_ref().filter(|_| section == Section::Purchases);
        sought.and_then(|sought| sought.places.get(self.index).copied()).unwrap_or(self.index)
    }

    /// The purchases listed.
    pub fn purchases(&self) -> Vec<&Purchase> {
        let all = self.detail().map(|detail| detail.purchases.as_slice()).unwrap_or_default();
        match &self.sought {
            Some(sought) => sought.places.iter().filter_map(|place| all.get(*place)).collect(),
            None => all.iter().collect(),
        }
    }

    /// Looks for a purchase.
    pub(super) fn seek(&mut self) {
        self.section = Some(Section::Purchases);
        self.sought.get_or_insert_default();
        self.find_sought();
    }

    /// Edits what is looked for; `None` where the key means nothing there.
    pub(super) fn edit_sought(&mut self, key: Key) -> Option<()> {
        edit_line(&mut self.sought.as_mut()?.text, key)?;
        self.find_sought();
        Some(())
    }

    /// Looks for nothing; `None` where nothing was looked for.
    pub(super) fn unseek(&mut self) -> Option<()> {
        self.sought.take().map(|_| ())
    }

    fn find_sought(&mut self) {
        let Some(mut sought) = self.sought.take() else { return };
        let query = Query::new(&sought.text);
        let all = self.detail().map(|detail| detail.purchases.as_slice()).unwrap_or_default();
        let found = all.iter().enumerate().filter(|(_, purchase)| query.is_in(&purchase_words(purchase)));
        sought.places = found.map(|(place, _)| place).collect();
        (self.sought, self.index) = (Some(sought), 0);
    }

    /// Lines above the list of a section that has so much room: a chart, sums, a remark, a heading.
    pub fn head(&self, section: Section, Size { width, height }: Size) -> u16 {
        let Some(detail) = self.detail() else { return 0 };
        match section {
            Section::Comparison if width >= TWO_SIDES && height > 3 => {
                u16::from(!detail.comparison.differences.is_empty())
            }
            Section::Purchases if detail.months.len() > 1 => match height {
                0..5 => 0,
                5..13 => 1,
                _ => 5,
            },
            Section::Bonus if !detail.bonus.is_empty() => (height / 2).min(3),
            Section::Documents if height > 3 => {
                let is_doubled = |sum: &super::event::RecorderSum| self.doubled(&sum.recorder_type) > 0;
                2 * u16::from(detail.recorders.iter().any(is_doubled))
            }
            _ => 0,
        }
    }

    /// Follows the selection; `None` where it shows that card, or is about to.
    pub fn follow(&mut self, card: Option<CardId>) -> Option<Vec<Effect>> {
        if self.wanted == card {
            return None;
        }
        self.wanted = card;
        self.fields = Fields::NotAsked;
        self.sought = None;
        self.resting += 1;
        if card.is_none() {
            self.content = Content::Nothing;
            return Some(Vec::new());
        }
        if !matches!(self.content, Content::Open(_)) {
            self.content = Content::Loading;
        }
        Some(vec![Effect::Wait(Timer::Open(self.resting), REST)])
    }

    /// The selection rested.
    pub fn rested(&mut self, timer: u64) -> Option<Vec<Effect>> {
        let card = self.wanted.filter(|_| timer == self.resting)?;
        Some(vec![Effect::ask(Ask::Open(card))])
    }

    /// Whether it shows who is selected, or that they cannot be shown.
    pub(super) fn is_settled(&self) -> bool {
        match &self.content {
            Content::Open(_) => self.card() == self.wanted,
            Content::Loading => false,
            Content::Nothing | Content::Failed(_) => true,
        }
    }

    /// Asks for who is selected without waiting for the selection to rest.
    pub(super) fn hasten(&mut self) -> Vec<Effect> {
        self.resting += 1;
        self.wanted.map(|card| Effect::ask(Ask::Open(card))).into_iter().collect()
    }

    /// Reads the same customer again: the store changed underneath. A check under way compares with
    /// figures that are gone, so whoever calls this waits for its answer no more.
    pub fn refresh(&mut self) -> Vec<Effect> {
        self.check = CheckState::Idle;
        self.next_check = None;
        self.live.clear();
        self.wanted.map(|card| Effect::ask(Ask::Open(card))).into_iter().collect()
    }

    /// Reads the same customer again: somebody compared cards. A check under way goes on.
    pub fn reread(&self) -> Option<Effect> {
        self.wanted.map(|card| Effect::ask(Ask::Open(card)))
    }

    /// Takes the customer asked for.
    pub fn opened(&mut self, result: Result<Box<CustomerDetail>, Failure>) {
        let Some(card) = self.wanted else { return };
        if self.card() != Some(card) {
            (self.index, self.top) = (0, 0);
        }
        self.content = match result {
            Ok(detail) => Content::Open(detail),
            Err(failure) => Content::Failed(failure),
        };
        self.show_live(card);
        if self.sought.is_some() {
            self.find_sought();
        }
    }

    /// Asks for a live check of the customer shown. While one runs, the latest wish waits.
    pub fn ask_check(&mut self, now: Now) -> Option<Vec<Effect>> {
        let card = self.wanted?;
        match &mut self.check {
            CheckState::Running(running, _, whose) if *running == card => *whose = CheckedFor::Someone,
            CheckState::Running(..) => self.next_check = Some(card),
            CheckState::Idle | CheckState::Failed(..) => {
                return Some(vec![self.start_check(card, now, CheckedFor::Someone)]);
            }
        }
        Some(Vec::new())
    }

    /// The number of the selection, where whoever is selected is shown and was not compared with 1C since the store
    /// last changed, nor is being compared.
    pub(super) fn uncompared(&self) -> Option<u64> {
        let card = self.card().filter(|card| self.wanted == Some(*card))?;
        let is_known = self.live.contains_key(&card) || self.check != CheckState::Idle;
        (!is_known).then_some(self.resting)
    }

    /// Starts a check that nobody asked for, of whom a selection is about.
    pub(super) fn check_quietly(&mut self, selection: u64, now: Now) -> Option<Effect> {
        let card = self.wanted.filter(|_| self.uncompared() == Some(selection))?;
        Some(self.start_check(card, now, CheckedFor::Nobody))
    }

    /// Takes the answer of a check, and starts the one that waits for it.
    pub fn checked(&mut self, result: Result<Box<LiveCheck>, Failure>, now: Now) -> Vec<Effect> {
        let CheckState::Running(card, _, whose) = std::mem::take(&mut self.check) else { return Vec::new() };
        match result {
            Ok(live) => {
                if self.live.len() >= REMEMBERED {
                    self.live.clear();
                }
                self.live.insert(card, *live);
                self.show_live(card);
            }
            Err(failure) if whose == CheckedFor::Someone => self.check = CheckState::Failed(card, failure),
            Err(_) => {}
        }
        let next = self.next_check.take();
        next.map(|card| self.start_check(card, now, CheckedFor::Someone)).into_iter().collect()
    }

    /// Takes what the reconciliation of the base read of a card, as if it had been checked alone.
    pub(super) fn learn(&mut self, comparison: Comparison) {
        let card = comparison.customer.card;
        if comparison.against == Against::Live && !self.live.contains_key(&card) {
            self.live.insert(card, LiveCheck { comparison, requests: Vec::new() });
            self.show_live(card);
        }
    }

    /// The check under way tries something again.
    pub(super) fn tried(&mut self, notice: &Notice) {
        self.tried = Some(notice.clone());
    }

    /// What the check under way had to try again.
    pub fn trial(&self) -> Option<&Notice> {
        self.tried.as_ref()
    }

    /// The check broke, or was given up.
    pub fn check_broke(&mut self) {
        (self.check, self.next_check) = (CheckState::Idle, None);
    }

    /// Reading the customer broke.
    pub fn open_broke(&mut self) {
        if self.content == Content::Loading {
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

    /// Moves the cursor among the lines of a section.
    pub fn step(&mut self, step: SelectionStep, section: Section) {
        let len = self.lines(section);
        self.index = step.from(self.index.min(len.saturating_sub(1)), len);
    }

    /// Scrolls so that the line with the cursor is among the `height` visible ones of a section.
    pub fn scroll_into_view(&mut self, section: Section, height: usize) {
        let len = self.lines(section);
        self.index = self.index.min(len.saturating_sub(1));
        self.top = scrolled(self.top, self.index, height, len);
    }

    /// Asks 1C for the fields of the customer shown, unless they are known or asked for.
    pub fn ask_fields(&mut self, now: Now) -> Vec<Effect> {
        let Some(card) = self.card() else { return Vec::new() };
        if matches!(self.fields, Fields::Asked(..) | Fields::Known(_)) {
            return Vec::new();
        }
        self.fields = Fields::Asked(now);
        vec![Effect::ask(Ask::Fields(card))]
    }

    /// Takes the fields of the customer shown.
    pub fn fields_read(&mut self, result: Result<RawFields, Failure>) {
        self.fields = result.map_or_else(Fields::Failed, Fields::Known);
    }

    /// Reading the fields broke.
    pub fn fields_broke(&mut self) {
        self.fields = Fields::NotAsked;
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        if let Fields::Known(fields) = &mut self.fields {
            fields
                .card
                .iter_mut()
                .chain(&mut fields.owner)
                .for_each(|field| field.value = hidden(&field.value));
        }
        let Content::Open(detail) = &mut self.content else { return };
        super::mask::hide_comparison(&mut detail.comparison, hidden);
        for other in &mut detail.others.cards {
            super::mask::hide_comparison(&mut other.comparison, hidden);
        }
    }

    /// Shows a section.
    pub(super) fn choose(&mut self, section: Section) {
        self.section = Some(section);
        self.sought = None;
        (self.index, self.top) = (0, 0);
    }

    fn start_check(&mut self, card: CardId, now: Now, whose: CheckedFor) -> Effect {
        self.tried = None;
        self.check = CheckState::Running(card, now, whose);
        Effect::ask(Ask::Check(card))
    }

    /// Shows what the last check of a card found where the card is shown.
    fn show_live(&mut self, card: CardId) {
        let (Content::Open(detail), Some(live)) = (&mut self.content, self.live.get(&card)) else { return };
        let is_newest = live.comparison.compared_at >= detail.comparison.compared_at;
        if detail.comparison.customer.card == card && is_newest {
            detail.comparison = live.comparison.clone();
            detail.also = None;
        }
    }
}
/// What a purchase is found by: its day as it is written by people and by machines, its product, its sum.
fn purchase_words(purchase: &Purchase) -> String {
    let (date, amount) = (purchase.movement.period.date(), purchase.movement.amount);
    let product = purchase.product.as_ref().map(|product| format!("{} {}", product.name, product.article));
    format!("{} {date} {amount} {}", date.format("%d.%m.%Y"), product.unwrap_or_default())
}
