//! Pages and copies: which words are wanted, and what becomes of them.

use super::super::ask::{Ask, TaskId};
use super::super::detail::{Fields, Room, Section};
use super::super::effect::Effect;
use super::super::event::Portal;
use super::super::layout::Layout;
use super::super::model::{Message, Model, Passing};
use super::super::overlay::Overlay;
use super::super::page::{Cell, Copied, CopySubject, Form, Last, PageWords, Target};
use super::{Change, lift, say};

/// Explains the customer shown; a second time closes it.
pub(super) fn explain(model: &mut Model) -> Vec<Effect> {
    match model.detail.card() {
        Some(card) => turn_over(model, CopySubject::Explanation(card)),
        None => vec![say(model, Passing::NothingToCheck)],
    }
}

/// Shows the last sync, before and after; a second time closes it.
pub(super) fn portal(model: &mut Model) -> Vec<Effect> {
    let was_open = is_open(model, CopySubject::Portal);
    let effects = turn_over(model, CopySubject::Portal);
    if was_open { effects } else { vec![load_portal(model)] }
}

fn load_portal(model: &Model) -> Effect {
    Effect::ask(Ask::Portal(model.detail.card()))
}

/// Enter in the detail: the line with the cursor in full.
pub(super) fn line(model: &mut Model) -> Vec<Effect> {
    let room = Layout::of(model).detail_parts().room;
    let section = model.detail.section(room);
    let Some(card) = model.detail.card() else { return Vec::new() };
    let has_lines = model.detail.lines(section) > 0 && (room == Room::Tall || section != Section::Comparison);
    match section {
        _ if has_lines => turn_over(model, CopySubject::Line(card, section, model.detail.index())),
        Section::Comparison => explain(model),
        Section::Fields if !matches!(model.detail.fields(), Fields::Known(_)) => {
            model.detail.ask_fields(model.now)
        }
        _ => Vec::new(),
    }
}

fn is_open(model: &Model, subject: CopySubject) -> bool {
    let is_on_top = matches!(model.overlays.last(), Some(Overlay::Page(_)));
    is_on_top && model.page.as_ref().is_some_and(|page| page.subject == subject)
}

/// Opens a page; closes it where it is open.
pub(super) fn turn_over(model: &mut Model, subject: CopySubject) -> Vec<Effect> {
    if is_open(model, subject) {
        return closed(model);
    }
    lift(model);
    model.overlays.push(Overlay::Page(0));
    model.page = Some(PageWords { subject, text: None });
    if subject == CopySubject::Portal { Vec::new() } else { vec![Effect::Word(subject)] }
}

/// Closes the page.
pub(super) fn closed(model: &mut Model) -> Vec<Effect> {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Page(_)));
    model.page = None;
    Vec::new()
}

/// What a page says may have changed, or its room.
pub(super) fn reworded(model: &Model) -> Vec<Effect> {
    let is_shown = matches!(model.overlays.last(), Some(Overlay::Page(_)));
    let page = model.page.as_ref().filter(|page| is_shown && page.text.is_some());
    page.map(|page| Effect::Word(page.subject)).into_iter().collect()
}

/// The store changed underneath.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    if is_open(model, CopySubject::Portal) { vec![load_portal(model)] } else { reworded(model) }
}

pub(super) fn portal_loaded(model: &mut Model, portal: Option<Box<Portal>>) -> Vec<Effect> {
    model.portal = portal;
    if is_open(model, CopySubject::Portal) { vec![Effect::Word(CopySubject::Portal)] } else { Vec::new() }
}

/// Takes the words of the page that is open; `None` for those of another.
pub(super) fn worded(model: &mut Model, subject: CopySubject, text: Option<String>) -> Change {
    let page = model.page.as_mut().filter(|page| page.subject == subject)?;
    match text {
        Some(text) => page.text = Some(text),
        None => return Some(closed(model)),
    }
    Some(Vec::new())
}

/// Copies what is shown.
pub(super) fn copy(model: &mut Model, form: Form) -> Vec<Effect> {
    match subject(model) {
        Some(subject) => hand_over(model, Last { subject, form }, Target::Clipboard),
        None => vec![say(model, Passing::NothingToCopy)],
    }
}

/// Puts into a file what was copied last while that is still being told, else what is shown.
pub(super) fn save(model: &mut Model) -> Vec<Effect> {
    let is_told = matches!(&model.message, Some(Message::Passing(Passing::Copied(_))));
    let shown = subject(model).map(|subject| Last { subject, form: Form::Text });
    match model.copied.filter(|_| is_told).or(shown) {
        Some(last) => hand_over(model, last, Target::File),
        None => vec![say(model, Passing::NothingToCopy)],
    }
}

/// What the keyboard talks to: the page that is open, else the customer shown.
fn subject(model: &Model) -> Option<CopySubject> {
    match model.overlays.last() {
        Some(Overlay::Page(_)) => {
            model.page.as_ref().filter(|page| page.text.is_some()).map(|page| page.subject)
        }
        Some(Overlay::Pick(line)) => cell(model, *line),
        Some(Overlay::Base | Overlay::Export(_)) => {
            model.base.selected().map(|row| CopySubject::Reconciled(row.customer.card))
        }
        _ => model.detail.card().map(CopySubject::Customer),
    }
}

fn cell(model: &Model, line: usize) -> Option<CopySubject> {
    let comparison = &model.detail.detail()?.comparison;
    let cell = *Cell::of(comparison).get(line)?;
    Some(CopySubject::Cell(comparison.customer.card, cell))
}

fn hand_over(model: &mut Model, last: Last, target: Target) -> Vec<Effect> {
    // Fields are read when asked for and leave the screen for nowhere.
    if matches!(last.subject, CopySubject::Line(_, Section::Fields, _)) {
        return vec![say(model, Passing::NothingToCopy)];
    }
    model.copied = Some(last);
    vec![Effect::Copy(TaskId::default(), last.subject, last.form, target)]
}

/// Offers the figures and names of the customer shown; a second time closes it.
pub(super) fn pick(model: &mut Model) -> Vec<Effect> {
    let was_open = matches!(model.overlays.last(), Some(Overlay::Pick(_)));
    lift(model);
    if was_open {
        return Vec::new();
    }
    if cell(model, 0).is_none() {
        return vec![say(model, Passing::NothingToCopy)];
    }
    model.overlays.push(Overlay::Pick(0));
    Vec::new()
}

/// Copies the figure or name chosen.
pub(super) fn picked(model: &mut Model, line: usize) -> Vec<Effect> {
    match cell(model, line) {
        Some(subject) => hand_over(model, Last { subject, form: Form::Text }, Target::Clipboard),
        None => Vec::new(),
    }
}

/// What is said of a copy.
pub(super) fn copied(copied: Option<Copied>) -> Passing {
    copied.map_or(Passing::NothingToCopy, Passing::Copied)
}
