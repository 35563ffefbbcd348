//! Where the panes stand: geometry alone, the same for scrolling and for drawing.
//!
//! ```text
//! 140x40, a sync runs (else a strip)          80x24                         under 80: one pane
//! header                                      header                        header
//! +stages----------------++journal--------+   strip                         strip
//! +----------------------++---------------+   search                        search
//! search                                      +results---++detail------+    +the pane in focus-+
//! +results------------++detail------------+   |          ||            |    |                  |
//! +-------------------++------------------+   +----------++------------+    +------------------+
//! message, footer                             message, footer               message, footer
//!
//! 160 columns and more: lines of the customer have a      60x40: list above, customer below
//! pane of their own
//! +results--++detail--++lines---------+                   +results-----------------+
//! |         ||        ||              |                   +detail------------------+
//! +---------++--------++--------------+                   +------------------------+
//! ```
//! Under 60 columns no borders; under 10 lines a header, the field and one customer; under 20x4 the state alone.

use ratatui::layout::{Margin, Position, Rect, Size};

use super::action::Screen;
use super::ask::Failure;
use super::detail::{self, Room, Section};
use super::geometry::{centered, shrunk, split_rows};
use super::model::{Focus, Message, Model};
use super::overlay::Overlay;
use super::page::{CopySubject, PageWords};
use crate::text;

/// How much of the dashboard there is room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayoutForm {
    /// State and progress.
    #[default]
    State,
    /// Header, field, and the selected customer in a line.
    Line,
    /// One pane at a time.
    Single,
    /// The detail under the list.
    Stacked,
    /// List and detail side by side.
    Double,
    /// Beside them the lines of the customer.
    Triple,
}

/// Whether panes have borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Borders {
    /// They have.
    Drawn,
    /// No room for them.
    #[default]
    None,
}

/// Where everything stands. What is absent has no area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// How much there is.
    pub form: LayoutForm,
    /// Whether panes have borders.
    pub borders: Borders,
    /// Base, state, freshness.
    pub header: Rect,
    /// Gauges of the stages: a block, or a strip of one line.
    pub stages: Rect,
    /// Journal beside the stages.
    pub journal: Rect,
    /// Search field.
    pub search: Rect,
    /// List of customers.
    pub results: Rect,
    /// Selected customer.
    pub detail: Rect,
    /// Their lines, where these have a pane of their own.
    pub lines: Rect,
    /// Whether the customer's figures stand beside those of 1C in a table: where they differ, or where that was chosen.
    /// Else they are told in a few lines.
    pub is_compared: bool,
    /// Lines that tell of the other cards of the customer's owner.
    pub owner_lines: u16,
    /// What is said.
    pub message: Rect,
    /// Keys.
    pub footer: Rect,
    /// What there is for a screen beside the customers, and for what lies over it.
    pub room: Rect,
    /// What of it the screen shown takes.
    pub screen: Rect,
    /// What lies over the panes.
    pub overlay: Rect,
}

/// Least width of the detail beside the list.
const DETAIL: u16 = 46;
/// Least width of the customer between the list and their lines.
const CUSTOMER: u16 = 56;
/// Columns that lines have a use for.
const LINES: u16 = 100;
/// Width from which on lines have a pane of their own.
const TRIPLE: u16 = 160;
/// Height from which on a narrow screen has room for list and customer.
const STACKED: u16 = 30;
/// Height under which what is said leaves the panes as they are.
const LOW: u16 = 20;
/// Height of the block of stages, borders included.
const STAGES: u16 = 9;
/// Height of a first sync where there is room for the journal under it.
const FIRST_SYNC: u16 = 22;

impl Layout {
    /// Where everything stands for this state.
    pub fn of(model: &Model) -> Self {
        let Size { width, height } = model.size;
        let form = form(width, height);
        let borders = if width >= 60 && form != LayoutForm::Line { Borders::Drawn } else { Borders::None };
        let mut rows = FreeRows { width, top: 0, bottom: height };
        let header = rows.top(1);
        let whole = Rect::new(0, 0, width, height);
        let is_compared = model.detail.section(Room::Tall) == Section::Comparison;
        let owner_lines = model.detail.owner_lines();
        let mut layout = Self { form, borders, header, is_compared, owner_lines, ..Self::default() };
        layout.lay_over(model, whole);
        if form == LayoutForm::State {
            layout.stages = rows.top(1);
            return layout;
        }
        layout.footer = rows.bottom(1);
        // Where there is little room what is said takes the line of the last sync, and nothing of what it is about is covered.
        let is_strip =
            height < LOW && model.is_uncovered() && !model.is_first_sync() && form != LayoutForm::Line;
        layout.message = rows.bottom(if is_strip { 0 } else { message_height(model, height) });
        if height > 12 {
            // What is said and the keys stay in sight under what lies over the panes.
            let bottom = layout.message.y;
            layout.lay_over(model, Rect { y: 1, height: bottom.saturating_sub(1), ..whole });
        }
        if model.is_first_sync() {
            let is_tall = rows.bottom >= rows.top + FIRST_SYNC + 6;
            layout.stages = rows.top(if is_tall { FIRST_SYNC } else { u16::MAX });
            layout.journal = rows.rest();
            return layout;
        }
        match form {
            LayoutForm::Double | LayoutForm::Triple if height >= 30 && has_gauges(model) => {
                layout.split_top(rows.top(STAGES));
            }
            LayoutForm::Line => {}
            _ => layout.stages = rows.top(1),
        }
        if is_strip && message_height(model, height) > 0 {
            layout.message = std::mem::take(&mut layout.stages);
        }
        layout.search = rows.top(1);
        layout.split_panes(model.focus, rows.rest());
        layout
    }

    fn lay_over(&mut self, model: &Model, room: Rect) {
        self.room = room;
        self.screen = model.screens.current().map_or(Rect::ZERO, |screen| screen.area(room));
        self.overlay = overlay(model, room);
    }

    fn split_top(&mut self, area: Rect) {
        let stages = if area.width >= 120 { share(area.width, 60) } else { area.width };
        (self.stages, self.journal) = split(area, stages);
    }

    fn split_panes(&mut self, focus: Focus, area: Rect) {
        match (self.form, focus) {
            (LayoutForm::Double, _) => {
                let detail = DETAIL.max(share(area.width, 52));
                (self.results, self.detail) = split(area, area.width.saturating_sub(detail));
            }
            (LayoutForm::Triple, _) => {
                let customer = share(area.width, 27).clamp(CUSTOMER, 80);
                let list = area.width.saturating_sub(customer + LINES).max(share(area.width, 36));
                let (results, behind) = split(area, list);
                (self.results, (self.detail, self.lines)) = (results, split(behind, customer));
            }
            (LayoutForm::Stacked, _) => {
                let detail = area.height - area.height * 2 / 5;
                (self.results, self.detail) = split_rows(area, area.height - detail);
            }
            (LayoutForm::Single, Focus::Detail) => self.detail = area,
            _ => self.results = area,
        }
    }

    /// A pane's area inside its borders.
    pub fn inside(&self, pane: Rect) -> Rect {
        match self.borders {
            Borders::Drawn => shrunk(pane),
            Borders::None => pane,
        }
    }

    /// Visible lines of the list of customers, its heading not counted.
    pub fn result_lines(&self) -> usize {
        usize::from(self.inside(self.results).height.saturating_sub(1))
    }

    /// The visible line of the list of customers at this place of the screen.
    pub fn result_line(&self, at: Position) -> Option<usize> {
        let inside = self.inside(self.results);
        let line = usize::from(at.y.checked_sub(inside.y + 1)?);
        (inside.contains(at) && self.form != LayoutForm::Line).then_some(line)
    }

    /// How the detail divides its room.
    pub fn detail_parts(&self) -> DetailParts {
        let parts = DetailParts::of(self.inside_with_margin(self.detail), self.is_compared, self.owner_lines);
        if self.lines.is_empty() {
            return parts;
        }
        // What stood above the lines has the pane for itself: the figures are told, and compared under that.
        let pane = self.inside(self.detail);
        let verdict = Rect { height: parts.verdict.height + 1, ..parts.verdict }.intersection(pane);
        let height = if self.is_compared { 0 } else { DetailParts::FIGURES };
        let table = Rect { y: verdict.bottom() + 1, height, ..verdict }.intersection(pane);
        let (tabs, list) = split_rows(self.inside_with_margin(self.lines), 1);
        DetailParts { verdict, tabs, list, table, ..parts }
    }

    fn inside_with_margin(&self, pane: Rect) -> Rect {
        let inside = self.inside(pane);
        inside.inner(Margin { horizontal: u16::from(inside.width >= 54), vertical: 0 })
    }

    /// Whether the customer is at this place of the screen.
    pub fn is_of_detail(&self, at: Position) -> bool {
        self.detail.contains(at) || self.lines.contains(at)
    }

    /// What stands above the list of the section shown, and the list.
    pub fn detail_list(&self, pane: &detail::DetailPane) -> (Rect, Rect) {
        let parts = self.detail_parts();
        let section = pane.section(parts.room);
        split_rows(parts.list, pane.head(section, parts.list.as_size()))
    }

    /// Columns and lines of the page that says this.
    pub fn page(&self, subject: CopySubject) -> Size {
        PageWords::room(if subject == CopySubject::Portal { self.screen } else { self.overlay })
    }

    /// Visible lines of an overlay.
    pub fn overlay_lines(&self) -> usize {
        usize::from(shrunk(self.overlay).height)
    }
}

/// How the detail divides its room, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetailParts {
    /// Whether the figures stand above every section.
    pub room: Room,
    /// Who.
    pub customer: Rect,
    /// Which other cards their owner has, and what all of them come to.
    pub owner: Rect,
    /// 1C, store and variance; shares its area with the list where there is little room.
    pub figures: Rect,
    /// The verdict in words, and what it rests on.
    pub verdict: Rect,
    /// Names of the sections.
    pub tabs: Rect,
    /// Lines of the section.
    pub list: Rect,
    /// 1C, store and variance under what is told of them, where there is room for both.
    pub table: Rect,
}

impl DetailParts {
    /// Lines of the table of figures: a heading, then opening balance, purchases, before the window,
    /// total, points, city.
    const FIGURES: u16 = 7;
    /// Lines that tell the figures where they agree: total, points, town, what the total is made of.
    const SUMMARY: u16 = 4;
    const VERDICT: u16 = 2;

    fn of(area: Rect, is_compared: bool, owner_lines: u16) -> Self {
        let mut rows = FreeRows { width: area.width, top: area.y, bottom: area.bottom() };
        let mut take = |height| Rect { x: area.x, ..rows.top(height) };
        if area.height >= 2 + Self::FIGURES + Self::VERDICT + 1 + 4 {
            let figures = if is_compared { Self::FIGURES } else { Self::SUMMARY };
            let (customer, owner, figures) = (take(2), take(owner_lines), take(figures));
            let (verdict, tabs, list) = (take(Self::VERDICT), take(1), take(u16::MAX));
            let table = Rect::ZERO;
            return Self { room: Room::Tall, customer, owner, figures, verdict, tabs, list, table };
        }
        let (customer, tabs, list) = (take(1), take(1), take(u16::MAX));
        let verdict_height = Self::VERDICT.min(list.height.saturating_sub(6));
        let (figures, verdict) = split_rows(list, list.height - verdict_height);
        let (owner, table) = (Rect::ZERO, Rect::ZERO);
        Self { room: Room::Short, customer, owner, figures, verdict, tabs, list, table }
    }
}

fn form(width: u16, height: u16) -> LayoutForm {
    match (width, height) {
        (0..20, _) | (_, 0..4) => LayoutForm::State,
        (_, 0..10) => LayoutForm::Line,
        (40..80, STACKED..) => LayoutForm::Stacked,
        (0..80, _) => LayoutForm::Single,
        (TRIPLE.., 20..) => LayoutForm::Triple,
        _ => LayoutForm::Double,
    }
}

/// Gauges are for a sync that runs, or waits to go on; of one that is over a line is enough.
fn has_gauges(model: &Model) -> bool {
    let is_read = model.sync.is_running() || model.foreign_sync().is_some();
    is_read || model.sync.retry_at.is_some() || !model.is_synced()
}

fn message_height(model: &Model, height: u16) -> u16 {
    match &model.message {
        Some(Message::Failed(failure)) if height >= LOW => failure_lines(failure, model.size.width),
        Some(Message::Passing(passing)) if height >= LOW => passing.lines(model.size.width, model.copies),
        Some(_) if height >= 6 => 1,
        _ => 0,
    }
}

/// Most lines of either what happened or what to do about it.
const MOST_SAID: usize = 3;
/// Columns of the words that say how a message is put away, with air.
const AWAY: usize = 18;

/// What happened with its code, wrapped, then what to do about it: its end matters most.
fn failure_lines(failure: &Failure, width: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(2));
    let lines = |text: &str, beside: usize| {
        let taken = text::width(text) + beside;
        taken.div_ceil(columns.saturating_sub(8).max(1)).clamp(1, MOST_SAID)
    };
    let said = lines(&failure.message, failure.code.len() + 5) + lines(&failure.remedy, 2 + AWAY);
    u16::try_from(said).unwrap_or(2)
}

fn overlay(model: &Model, room: Rect) -> Rect {
    let is_reconciliation = model.screens.shown() == Screen::Reconciliation;
    match model.overlay {
        None => Rect::ZERO,
        Some(Overlay::Ask(_)) => centered(room, 60, 6),
        Some(Overlay::Help(_)) => centered(room, 100, 40),
        Some(Overlay::View(_)) => centered(room, if is_reconciliation { 66 } else { 48 }, 40),
        Some(Overlay::Pick(_)) => centered(room, 60, 10),
        Some(Overlay::Recent(_)) => centered(room, 76, 12),
        Some(Overlay::Export(_)) => centered(room, 72, 12),
        Some(Overlay::Page(_)) => model.page.as_ref().map_or(Rect::ZERO, |page| page.area(room)),
        Some(Overlay::Journal) => centered(room, room.width.saturating_sub(4), 40),
    }
}

/// So many hundredths of a width, which may be that of a wall of screens.
fn share(width: u16, hundredths: u32) -> u16 {
    u16::try_from(u32::from(width) * hundredths / 100).unwrap_or(width)
}

fn split(area: Rect, left: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

/// Lines that are still free, taken from either end.
struct FreeRows {
    width: u16,
    top: u16,
    bottom: u16,
}

impl FreeRows {
    fn top(&mut self, height: u16) -> Rect {
        let height = height.min(self.bottom - self.top);
        let area = Rect::new(0, self.top, self.width, height);
        self.top += height;
        area
    }

    fn bottom(&mut self, height: u16) -> Rect {
        let height = height.min(self.bottom - self.top);
        self.bottom -= height;
        Rect::new(0, self.bottom, self.width, height)
    }

    fn rest(&mut self) -> Rect {
        self.top(u16::MAX)
    }
}
