//! The search field and the customers it finds.
//!
//! ```text
//! letter -> timer -> asked -> found        typing back to what was asked last asks nothing,
//!     ^________________________|           a paste does not wait, a late answer is dropped
//! ```

use std::time::Duration;

use tui_input::{Input, InputRequest};

use crate::domain::{CardId, Verdict};

use super::effect::{Effect, Timer};
use super::event::{Row, SearchId, SearchReply};
use super::keymap::{Code, Key, Mods};

/// Longest query, in characters.
pub const QUERY_CAP: usize = 1_000;
/// Rows asked for at first.
const FIRST_LIMIT: usize = 200;
/// Rows asked for at most: beyond it a narrower query helps more.
pub const LAST_LIMIT: usize = 5_000;
/// How near to the last row more are asked for.
const MARGIN: usize = 20;

/// A question under way, or the one whose answer is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    id: SearchId,
    query: String,
    limit: usize,
}

/// A move of the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many lines up.
    Up(usize),
    /// So many lines down.
    Down(usize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Step {
    /// Where it leads from `index` among `len` lines.
    pub fn from(self, index: usize, len: usize) -> usize {
        let last = len.saturating_sub(1);
        match self {
            Self::Up(lines) => index.saturating_sub(lines),
            Self::Down(lines) => index.saturating_add(lines).min(last),
            Self::First => 0,
            Self::Last => last,
        }
    }
}

/// The search field and the list under it.
#[derive(Clone, Debug, Default)]
pub struct Pane {
    input: Input,
    timer: u64,
    last: SearchId,
    asked: Option<Asked>,
    answered: Option<Asked>,
    reply: SearchReply,
    index: usize,
    top: usize,
    picked: bool,
}

impl Pane {
    /// The text and where its cursor is.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// What is shown, the answer to an older query while a newer one is under way.
    pub fn reply(&self) -> &SearchReply {
        &self.reply
    }

    /// Whether anything was answered yet.
    pub fn is_answered(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether the list answers an older query than the field's.
    pub fn is_behind(&self) -> bool {
        self.answered.as_ref().is_none_or(|answered| answered.query != self.input.value())
    }

    /// The selected line.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The first line shown.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Row> {
        self.reply.rows.get(self.index)
    }

    /// The selected card.
    pub fn selected_card(&self) -> Option<CardId> {
        self.selected().map(|row| row.customer.card)
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

    /// Takes pasted text into the field, without what is no text, and asks at once.
    pub fn paste(&mut self, text: &str) -> Vec<Effect> {
        let room = QUERY_CAP.saturating_sub(self.input.value().chars().count());
        for c in clean(text).take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
        self.timer += 1;
        self.ask_anew()
    }

    /// Empties the field and asks at once.
    pub fn clear(&mut self) -> Vec<Effect> {
        self.input.reset();
        self.timer += 1;
        self.ask_anew()
    }

    /// The pause after a letter is over.
    pub fn waited(&mut self, timer: u64) -> Option<Vec<Effect>> {
        (timer == self.timer).then(|| self.ask_anew())
    }

    /// Asks the same again: what is searched changed underneath.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let limit = self.answered.as_ref().map_or(FIRST_LIMIT, |answered| answered.limit);
        vec![self.ask(limit)]
    }

    /// Takes an answer; `None` for one that a later question overtook.
    pub fn found(&mut self, id: SearchId, reply: SearchReply) -> Option<()> {
        let asked = self.asked.take_if(|asked| asked.id == id)?;
        let kept = self.selected_card().filter(|_| self.picked || self.is_same_query(&asked));
        let index = kept.and_then(|card| reply.rows.iter().position(|row| row.customer.card == card));
        self.picked &= index.is_some();
        self.index = index.unwrap_or(0);
        self.reply = reply;
        self.answered = Some(asked);
        Some(())
    }

    /// Marks the rows whose customers were checked since they were stored.
    pub fn mark(&mut self, checked: impl Fn(CardId) -> Option<Verdict>) {
        for row in &mut self.reply.rows {
            row.verdict = checked(row.customer.card).unwrap_or(row.verdict);
        }
    }

    /// The search failed: the rows shown stay, and the same may be asked again. `None` for an overtaken one.
    pub fn broke(&mut self, id: SearchId) -> Option<()> {
        self.asked.take_if(|asked| asked.id == id).map(|_| ())
    }

    /// Moves the selection, and asks for more rows where it nears the end of those at hand.
    pub fn step(&mut self, step: Step) -> Vec<Effect> {
        self.index = step.from(self.index, self.reply.rows.len());
        self.picked = true;
        self.more().into_iter().collect()
    }

    /// Scrolls so that the selected line is among the `height` visible ones.
    pub fn scroll_into_view(&mut self, height: usize) {
        self.top = scrolled(self.top, self.index, height, self.reply.rows.len());
    }

    fn is_same_query(&self, asked: &Asked) -> bool {
        self.answered.as_ref().is_some_and(|answered| answered.query == asked.query)
    }

    fn edited(&mut self, debounce: Duration) -> Vec<Effect> {
        self.timer += 1;
        if self.is_asked() { Vec::new() } else { vec![Effect::Wait(Timer::Search(self.timer), debounce)] }
    }

    /// Whether the field's text is what was asked last.
    fn is_asked(&self) -> bool {
        let latest = self.asked.as_ref().or(self.answered.as_ref());
        latest.is_some_and(|latest| latest.query == self.input.value())
    }

    fn ask_anew(&mut self) -> Vec<Effect> {
        if self.is_asked() { Vec::new() } else { vec![self.ask(FIRST_LIMIT)] }
    }

    fn ask(&mut self, limit: usize) -> Effect {
        self.last.0 += 1;
        let asked = Asked { id: self.last, query: self.input.value().to_owned(), limit };
        let effect = Effect::Search { id: asked.id, query: asked.query.clone(), limit };
        self.asked = Some(asked);
        effect
    }

    fn more(&mut self) -> Option<Effect> {
        let at_hand = self.reply.rows.len();
        let limit = self.answered.as_ref()?.limit;
        let wanted = self.asked.is_none()
            && !self.is_behind()
            && at_hand < self.reply.total
            && limit < LAST_LIMIT
            && self.index + MARGIN >= at_hand;
        wanted.then(|| self.ask((limit * 4).min(LAST_LIMIT)))
    }
}

/// The first of `height` lines to show so that `index` is among them, moving as little as possible.
pub fn scrolled(top: usize, index: usize, height: usize, len: usize) -> usize {
    let height = height.max(1);
    let lowest = (index + 1).saturating_sub(height);
    top.clamp(lowest, index.max(lowest)).min(len.saturating_sub(height))
}

/// Line ends and tabs become spaces; whatever else steers a terminal is dropped.
fn clean(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control())
}

/// What a key does to the text. Chords go by place, characters as they are.
fn request(key: Key) -> Option<InputRequest> {
    use InputRequest as R;
    Some(match (key.mods, key.code) {
        (Mods::None, Code::Char(c)) if !c.is_control() => R::InsertChar(c),
        (Mods::None, Code::Backspace) => R::DeletePrevChar,
        (Mods::None, Code::Delete) => R::DeleteNextChar,
        (Mods::None, Code::Left) => R::GoToPrevChar,
        (Mods::None, Code::Right) => R::GoToNextChar,
        (Mods::None, Code::Home) => R::GoToStart,
        (Mods::None, Code::End) => R::GoToEnd,
        (Mods::Ctrl | Mods::Alt, Code::Left) => R::GoToPrevWord,
        (Mods::Ctrl | Mods::Alt, Code::Right) => R::GoToNextWord,
        (Mods::Ctrl | Mods::Alt, Code::Backspace) => R::DeletePrevWord,
        (Mods::Ctrl, _) => match key.latin().code {
            Code::Char('a') => R::GoToStart,
            Code::Char('e') => R::GoToEnd,
            Code::Char('b') => R::GoToPrevChar,
            Code::Char('f') => R::GoToNextChar,
            Code::Char('h') => R::DeletePrevChar,
            Code::Char('d') => R::DeleteNextChar,
            Code::Char('w') => R::DeletePrevWord,
            Code::Char('u') => R::DeleteLine,
            Code::Char('k') => R::DeleteTillEnd,
            Code::Char('y') => R::Yank,
            _ => return None,
        },
        _ => return None,
    })
}
