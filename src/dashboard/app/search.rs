//! The search field and the customers it finds.
//!
//! ```text
//! letter -> timer -> asked -> found        typing back to what was asked last asks nothing,
//!     ^________________________|           a paste does not wait, a late answer is dropped
//! ```

use std::time::Duration;

use tui_input::{Input, InputRequest};

use crate::domain::reconcile::TotalVariance;
use crate::domain::{CardId, OwnerId, Verdict};
use crate::engine::ComparedAt;

use super::ask::Ask;
use super::cursor::part_beyond;
pub(super) use super::cursor::turned;
pub use super::cursor::{SelectionStep, scrolled};
use super::effect::{Effect, Timer};
use super::event::{Column, Keep, ListFilter, ListOrder, ListPart, Request, Row, SearchReply};
use super::field::{clean, request};
use super::history::History;
use super::key::Key;
use super::mask::{hide_cities, hide_input, hide_row};
use super::views::SavedView;

/// Longest query, in characters.
pub const QUERY_CAP: usize = 1_000;
/// Rows at hand: some screens full around the selection, however long the list is.
const WINDOW: usize = 200;
/// How near to the edge of the rows at hand others are asked for.
const MARGIN: usize = 40;

/// The search field and the list under it.
#[derive(Clone, Debug, Default)]
pub struct SearchPane {
    input: Input,
    history: History,
    order: ListOrder,
    filter: ListFilter,
    timer: u64,
    /// What is asked and not yet answered.
    asked: Option<Request>,
    answered: Option<Request>,
    reply: SearchReply,
    index: usize,
    top: usize,
    picked: bool,
    /// Whom the list was asked to show, wherever they stand in it.
    sought: Option<CardId>,
    /// What was listed before the cards of one owner.
    earlier: Option<Box<EarlierList>>,
}

/// What a list is left for, and comes back to.
#[derive(Clone, Debug)]
struct EarlierList {
    query: String,
    filter: ListFilter,
    selected: Option<CardId>,
}

impl SearchPane {
    /// Takes the order of the last time, before anything is asked.
    pub(super) fn restore(&mut self, order: ListOrder) {
        self.order = order;
    }

    /// The text and where its cursor is.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// What is shown, the answer to an older question while a newer one is under way.
    pub fn reply(&self) -> &SearchReply {
        &self.reply
    }

    /// The query the list answers, as it was understood.
    pub fn answered_query(&self) -> &str {
        let typed = self.answered.as_ref().map_or("", |answered| &answered.query);
        self.reply.read_as.as_ref().map_or(typed, |reading| &reading.text)
    }

    /// Whether anything was answered yet.
    pub fn is_answered(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether the list answers an older query than the field's.
    pub fn is_behind(&self) -> bool {
        self.answered.as_ref().is_none_or(|answered| answered.query != self.input.value())
    }

    /// What the list is put in order by.
    pub fn order(&self) -> ListOrder {
        self.order
    }

    /// Who is left out of the list.
    pub fn filter(&self) -> &ListFilter {
        &self.filter
    }

    /// The order and the filter of the list, as they can be saved.
    pub fn view(&self) -> SavedView {
        SavedView::of(self.order, &self.filter)
    }

    /// The selected line, counted from the beginning of the list.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The first line shown.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The row of a line, where it is at hand.
    pub fn row(&self, line: usize) -> Option<&Row> {
        self.reply.rows.get(line.checked_sub(self.reply.from)?)
    }

    /// The selected row, where it is at hand.
    pub fn selected(&self) -> Option<&Row> {
        self.row(self.index)
    }

    /// The selected card.
    pub fn selected_card(&self) -> Option<CardId> {
        self.selected().map(|row| row.customer.card)
    }

    /// Whether whoever is selected was looked for.
    pub(super) fn is_about_somebody(&self) -> bool {
        self.picked || !self.input.value().is_empty()
    }

    /// Whether the selected row is still on its way.
    pub fn is_selection_awaited(&self) -> bool {
        !self.reply.rows.is_empty() && self.index < self.reply.total && self.selected().is_none()
    }

    /// Edits the field; `None` where the key means nothing there.
    pub fn edit(&mut self, key: Key, debounce: Duration) -> Option<Vec<Effect>> {
        let request = request(key)?;
        if matches!(request, InputRequest::InsertChar(_)) && self.input.value().chars().count() >= QUERY_CAP {
            return None;
        }
        let before = self.input.value().to_owned();
        self.input.handle(request)?;
        Some(if before == self.input.value() { Vec::new() } else { self.edited(debounce) })
    }

    /// Begins another query with this character.
    pub(super) fn begin(&mut self, key: Key, debounce: Duration) -> Option<Vec<Effect>> {
        self.remember();
        self.input.reset();
        self.edit(key, debounce)
    }

    /// Takes pasted text into the field, without what is no text, and asks at once.
    pub fn paste(&mut self, text: &str) -> Vec<Effect> {
        let room = QUERY_CAP.saturating_sub(self.input.value().chars().count());
        for c in clean(text).take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
        self.history.leave();
        self.leave_owner();
        self.timer += 1;
        self.ask_anew()
    }

    /// Empties the field and asks at once.
    pub fn clear(&mut self) -> Vec<Effect> {
        self.remember();
        self.input.reset();
        self.timer += 1;
        self.ask_anew()
    }

    /// Selects a card wherever it stands among all.
    pub(super) fn seek(&mut self, card: CardId) -> Vec<Effect> {
        self.remember();
        self.input.reset();
        self.timer += 1;
        (self.filter, self.earlier) = (ListFilter::default(), None);
        self.ask_around(Some(card))
    }

    /// Lists the cards of one owner, the selected one among them.
    pub(super) fn keep_owner(&mut self, owner: OwnerId) -> Vec<Effect> {
        self.remember();
        let (query, selected) = (self.input.value().to_owned(), self.selected_card());
        self.input.reset();
        self.timer += 1;
        let of_owner = ListFilter { owner: Some(owner), ..ListFilter::default() };
        let filter = std::mem::replace(&mut self.filter, of_owner);
        self.earlier = Some(Box::new(EarlierList { query, filter, selected }));
        self.ask_around(selected)
    }

    /// Lists what was listed before the cards of one owner; `None` where these are not listed.
    pub(super) fn widen(&mut self) -> Option<Vec<Effect>> {
        let EarlierList { query, filter, selected } = *self.earlier.take()?;
        self.input = Input::new(query);
        self.timer += 1;
        self.filter = filter;
        Some(self.ask_around(selected))
    }

    /// Whoever looks for somebody else means no owner any more.
    fn leave_owner(&mut self) {
        if let Some(earlier) = self.earlier.take() {
            self.filter = earlier.filter;
        }
    }

    fn ask_around(&mut self, card: Option<CardId>) -> Vec<Effect> {
        self.sought = card;
        vec![self.ask_part(ListPart { from: 0, limit: WINDOW, around: card })]
    }

    /// Keeps the query for later: it led to somebody, or is given up.
    pub fn remember(&mut self) {
        self.history.push(self.input.value());
    }

    /// Takes the query before the one in the field, and asks at once; `None` where there is none.
    pub fn older(&mut self) -> Option<Vec<Effect>> {
        let query = self.history.older(self.input.value())?;
        Some(self.take(query))
    }

    /// Takes the query after the one in the field.
    pub fn newer(&mut self) -> Option<Vec<Effect>> {
        let query = self.history.newer()?;
        Some(self.take(query))
    }

    fn take(&mut self, query: String) -> Vec<Effect> {
        self.input = Input::new(query);
        self.leave_owner();
        self.timer += 1;
        self.ask_anew()
    }

    /// Puts the list in the order of a column; once more turns it round.
    pub fn sort_by(&mut self, column: Column) -> Vec<Effect> {
        if self.order.by == column {
            return self.turn_round();
        }
        self.sort(column.order())
    }

    /// Puts the list in the order of the next column.
    pub fn sort_by_next(&mut self) -> Vec<Effect> {
        self.sort(turned(&Column::ALL, self.order.by).order())
    }

    /// Turns the order round. The best match is always first.
    pub fn turn_round(&mut self) -> Vec<Effect> {
        let ListOrder { by, descending } = self.order;
        if by == Column::Match { Vec::new() } else { self.sort(ListOrder { by, descending: !descending }) }
    }

    /// Puts the list in an order.
    pub fn sort(&mut self, order: ListOrder) -> Vec<Effect> {
        self.order = order;
        self.ask_anew()
    }

    /// Leaves out who the next filter does not let pass.
    pub fn keep_next(&mut self) -> Vec<Effect> {
        self.keep(turned(&Keep::ALL, self.filter.keep))
    }

    /// Leaves out who this filter does not let pass.
    pub fn keep(&mut self, keep: Keep) -> Vec<Effect> {
        self.filter.keep = keep;
        self.ask_anew()
    }

    /// Shows the list as a view has it: order, filter and town at once.
    pub(super) fn show_as(&mut self, view: SavedView) -> Vec<Effect> {
        self.order = view.order;
        self.filter = ListFilter { keep: view.keep, city: view.city, owner: None };
        self.earlier = None;
        self.ask_anew()
    }

    /// Shows one town only, or every one.
    pub fn keep_city(&mut self, city: Option<String>) -> Vec<Effect> {
        self.filter.city = city;
        self.ask_anew()
    }

    /// Shows only the town of the selected customer, or every town again; `None` where they have none.
    pub fn toggle_city(&mut self) -> Option<Vec<Effect>> {
        if self.filter.city.is_some() {
            return Some(self.keep_city(None));
        }
        let city = self.selected()?.customer.city.as_ref()?.name.clone();
        Some(self.keep_city(Some(city)))
    }

    /// The pause after a letter is over.
    pub fn waited(&mut self, timer: u64) -> Option<Vec<Effect>> {
        (timer == self.timer).then(|| self.ask_anew())
    }

    /// Asks the same again: what is searched changed underneath.
    pub fn refresh(&mut self) -> Vec<Effect> {
        vec![self.ask()]
    }

    /// Takes an answer.
    pub fn found(&mut self, reply: SearchReply) {
        let Some(asked) = self.asked.take() else { return };
        // Another part of the same list leaves the selection where it is.
        if asked.part.from == 0 || !self.is_part_of_shown(&asked) {
            self.follow(&asked, &reply);
        }
        self.index = self.index.min(reply.total.saturating_sub(1));
        self.reply = reply;
        self.answered = Some(asked);
    }

    /// The selection stays with its customer where that was picked, or the list is the same.
    fn follow(&mut self, request: &Request, reply: &SearchReply) {
        let sought = self.sought.take();
        self.picked |= sought.is_some();
        let is_kept = self.picked || self.is_part_of_shown(request);
        let kept = sought.or_else(|| self.selected_card().filter(|_| is_kept));
        let here = |card| reply.rows.iter().position(|row| row.customer.card == card);
        let index =
            kept.and_then(|card| here(card).map(|place| reply.from.saturating_add(place)).or(reply.at));
        self.picked &= index.is_some();
        self.index = index.unwrap_or(0);
    }

    /// Marks the rows whose customers were checked since they were asked for.
    pub fn mark(&mut self, checked: impl Fn(CardId) -> Option<(Verdict, Option<TotalVariance>, ComparedAt)>) {
        for row in &mut self.reply.rows {
            let Some((verdict, variance, compared)) = checked(row.customer.card) else { continue };
            if row.compared.is_none_or(|known| compared.at > known.at) {
                (row.verdict, row.variance, row.compared) = (verdict, variance, Some(compared));
            }
        }
    }

    /// The search failed: the rows shown stay, and the same may be asked again.
    pub fn broke(&mut self) {
        self.asked = None;
    }

    /// Moves the selection.
    pub fn step(&mut self, step: SelectionStep) {
        self.select(step.from(self.index, self.reply.total));
    }

    /// Selects a line.
    pub fn select(&mut self, line: usize) {
        self.index = line.min(self.reply.total.saturating_sub(1));
        self.picked = true;
    }

    /// Scrolls so that the selected line is among the `height` visible ones, and asks for rows where those at
    /// hand come to an end.
    pub fn scroll_into_view(&mut self, height: usize) -> Option<Effect> {
        self.top = scrolled(self.top, self.index, height, self.reply.total);
        if self.asked.is_some() || self.is_behind() || self.reply.rows.is_empty() {
            return None;
        }
        let at_hand = self.reply.from..self.reply.from.saturating_add(self.reply.rows.len());
        let part = part_beyond((self.top, height, self.reply.total), at_hand, (WINDOW, MARGIN))?;
        // A list that is shorter than it says would be asked for without end.
        let is_answered = self.answered.as_ref().is_some_and(|answered| answered.part == part);
        (!is_answered).then(|| self.ask_part(part))
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        self.input = hide_input(&self.input, hidden);
        self.reply.rows.iter_mut().for_each(|row| hide_row(row, hidden));
        self.reply.cities = hide_cities(&self.reply.cities, hidden);
        if let Some(reading) = &mut self.reply.read_as {
            reading.text = hidden(&reading.text);
        }
        self.filter.city = self.filter.city.take().map(|city| hidden(&city));
        // Nothing of a hidden text can be found in it.
        if let Some(answered) = &mut self.answered {
            self.input.value().clone_into(&mut answered.query);
        }
    }

    /// Asks for what is wanted without waiting for another letter.
    pub(super) fn hasten(&mut self) -> Vec<Effect> {
        self.timer += 1;
        self.ask_anew()
    }

    /// Whether the list shown answers what is wanted now.
    pub(super) fn is_shown(&self) -> bool {
        self.answered.as_ref().is_some_and(|answered| self.is_wanted(answered))
    }

    fn is_wanted(&self, request: &Request) -> bool {
        let Request { query, order, filter, part: _ } = request;
        query == self.input.value() && *order == self.order && *filter == self.filter
    }

    /// Whether a request differs from the one answered in nothing but its part.
    fn is_part_of_shown(&self, request: &Request) -> bool {
        self.answered.as_ref().is_some_and(|answered| {
            let Request { query, order, filter, part: _ } = answered;
            (query, order, filter) == (&request.query, &request.order, &request.filter)
        })
    }

    fn edited(&mut self, debounce: Duration) -> Vec<Effect> {
        self.history.leave();
        self.leave_owner();
        self.timer += 1;
        if self.is_asked() { Vec::new() } else { vec![Effect::Wait(Timer::Search(self.timer), debounce)] }
    }

    /// Whether what is wanted now is what was asked last.
    fn is_asked(&self) -> bool {
        let latest = self.asked.as_ref().or(self.answered.as_ref());
        latest.is_some_and(|latest| self.is_wanted(latest))
    }

    fn ask_anew(&mut self) -> Vec<Effect> {
        self.sought = None;
        if self.is_asked() { Vec::new() } else { vec![self.ask()] }
    }

    /// Asks for the beginning, or for where the selected customer is found again.
    fn ask(&mut self) -> Effect {
        let is_kept = self.picked || self.is_shown();
        let around = self.selected_card().filter(|_| is_kept && self.index > 0);
        self.ask_part(ListPart { from: 0, limit: WINDOW, around })
    }

    fn ask_part(&mut self, part: ListPart) -> Effect {
        let query = self.input.value().to_owned();
        let request = Request { query, order: self.order, filter: self.filter.clone(), part };
        self.asked = Some(request.clone());
        Effect::ask(Ask::Search(request))
    }
}
