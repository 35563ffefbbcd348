//! Pages and copies: which words are wanted, and what becomes of them.

use super::super::ask::{Ask, Failure, TaskId};
use super::super::detail::{Fields, Room, Section};
use super::super::effect::Effect;
use super::super::layout::Layout;
use super::super::model::{Message, Model, Passing};
use super::super::overlay::Overlay;
use super::super::page::{Cell, Copied, CopySubject, Form, Last, PageWords, RawPage, Target};
use super::{Change, say, toggle};
use crate::engine::{RawAnswer, TypesFound};

/// Explains the customer shown; a second time closes it.
pub(super) fn explain(model: &mut Model) -> Vec<Effect> {
    match model.detail.card() {
        Some(card) => turn_over(model, CopySubject::Explanation(card)),
        None => vec![say(model, Passing::NothingToCheck)],
    }
}

/// Shows which document is what, and asks 1C for it anew; a second time closes it.
pub(super) fn document_types(model: &mut Model) -> Vec<Effect> {
    let effects = turn_over(model, CopySubject::DocumentTypes);
    let is_open = !effects.is_empty();
    effects.into_iter().chain(is_open.then(|| Effect::ask(Ask::DocumentTypes))).collect()
}

/// Takes what 1C said of its documents.
pub(super) fn document_types_read(model: &mut Model, found: Result<Box<TypesFound>, Failure>) -> Vec<Effect> {
    model.document_types = Some(found);
    reworded(model)
}

/// Shows how 1C answers the request that what is shown rests on, and asks for it now; a second time leads back.
pub(super) fn raw_answer(model: &mut Model) -> Vec<Effect> {
    if is_raw_answer(model) {
        return match behind_raw_answer(model) {
            Some(subject) => turn_over(model, subject),
            None => closed(model),
        };
    }
    let Some(raw) = request_shown(model) else {
        let room = Layout::of(model).detail_parts().room;
        let is_fields = model.overlay.is_none() && model.detail.section(room) == Section::Fields;
        return vec![say(model, if is_fields { Passing::NoFields } else { Passing::NoRequest })];
    };
    let ask = Effect::ask(Ask::RawAnswer(raw.sent.clone()));
    model.raw = Some(Box::new(raw));
    turn_over(model, CopySubject::RawAnswer).into_iter().chain([ask]).collect()
}

/// The request that the page, or the line, that is shown rests on.
fn request_shown(model: &Model) -> Option<RawPage> {
    let is_page = matches!(model.overlay, Some(Overlay::Page(_)));
    let from = model.page.as_ref().filter(|_| is_page).map(|page| page.subject);
    let room = Layout::of(model).detail_parts().room;
    let card = model.detail.card()?;
    let subject = match (from, model.detail.section(room)) {
        (None, Section::Fields) => CopySubject::Line(card, Section::Fields, model.detail.index()),
        (None, _) => CopySubject::Explanation(card),
        (Some(page), _) => page,
    };
    let sent = match subject {
        CopySubject::Explanation(_) => model.detail.request_of_first()?,
        CopySubject::Line(_, Section::Fields, line) => {
            let (holder, _) = model.detail.field(line)?;
            model.detail.request_of_fields(holder)?
        }
        _ => return None,
    };
    let is_of_fields = matches!(subject, CopySubject::Line(..));
    Some(RawPage { sent: sent.clone(), from, is_of_fields, answer: None })
}

fn is_raw_answer(model: &Model) -> bool {
    let is_it = |page: &PageWords| page.subject == CopySubject::RawAnswer;
    matches!(model.overlay, Some(Overlay::Page(_))) && model.page.as_ref().is_some_and(is_it)
}

/// What an answer of 1C that is read leads back to, where it was asked for on a page.
pub(super) fn behind_raw_answer(model: &Model) -> Option<CopySubject> {
    model.raw.as_ref().filter(|_| is_raw_answer(model))?.from
}

/// Takes how 1C answers.
pub(super) fn raw_answer_read(model: &mut Model, answer: Result<Box<RawAnswer>, Failure>) -> Vec<Effect> {
    let Some(raw) = &mut model.raw else { return Vec::new() };
    raw.answer = Some(answer);
    reworded(model)
}

/// Asking 1C broke off.
pub(super) fn raw_answer_broke(model: &mut Model) -> Vec<Effect> {
    model.raw = None;
    if is_raw_answer(model) { closed(model) } else { Vec::new() }
}

/// Enter in the detail: the line with the cursor in full.
pub(super) fn line(model: &mut Model) -> Vec<Effect> {
    let room = Layout::of(model).detail_parts().room;
    let section = model.detail.section(room);
    let Some(card) = model.detail.card() else { return Vec::new() };
    let has_lines = model.detail.lines(section) > 0 && (room == Room::Tall || section != Section::Comparison);
    match section {
        _ if has_lines => turn_over(model, CopySubject::Line(card, section, model.detail.place(section))),
        Section::Comparison => explain(model),
        Section::Fields if !matches!(model.detail.fields(), Fields::Known(_)) => {
            model.detail.ask_fields(model.now)
        }
        _ => Vec::new(),
    }
}

/// Enter in the journal: the line with the cursor in full.
pub(super) fn entry(model: &mut Model) -> Change {
    let number = model.journal.chosen_number()?;
    Some(turn_over(model, CopySubject::Entry(number)))
}

/// Whether a line of the journal is read in full.
pub(super) fn is_of_journal(model: &Model) -> bool {
    let is_entry = |page: &PageWords| matches!(page.subject, CopySubject::Entry(_));
    matches!(model.overlay, Some(Overlay::Page(_))) && model.page.as_ref().is_some_and(is_entry)
}

/// From a line in full back to the list it is in.
pub(super) fn back_to_journal(model: &mut Model) -> Vec<Effect> {
    (model.page, model.overlay) = (None, Some(Overlay::Journal));
    Vec::new()
}

/// Opens a page; closes it where it is open.
pub(super) fn turn_over(model: &mut Model, subject: CopySubject) -> Vec<Effect> {
    let is_on_top = matches!(model.overlay, Some(Overlay::Page(_)));
    if is_on_top && model.page.as_ref().is_some_and(|page| page.subject == subject) {
        return closed(model);
    }
    model.overlay = Some(Overlay::Page(0));
    model.page = Some(PageWords { subject, text: None });
    vec![Effect::Word(subject)]
}

/// Closes the page.
fn closed(model: &mut Model) -> Vec<Effect> {
    model.overlay.take_if(|overlay| matches!(overlay, Overlay::Page(_)));
    model.page = None;
    Vec::new()
}

/// What is read: in a page that lies over the screen, and on the screen itself.
fn read(model: &mut Model) -> impl Iterator<Item = &mut PageWords> {
    let is_over = matches!(model.overlay, Some(Overlay::Page(_)));
    let over = model.page.as_mut().filter(|_| is_over);
    over.into_iter().chain(model.screens.current_mut().and_then(|screen| screen.page()))
}

/// What is read may have changed, or its room.
pub(super) fn reworded(model: &mut Model) -> Vec<Effect> {
    let known = read(model).filter(|page| page.text.is_some());
    known.map(|page| Effect::Word(page.subject)).collect()
}

/// Takes the words of what is read; `None` for those of something else.
pub(super) fn worded(model: &mut Model, subject: CopySubject, text: Option<String>) -> Change {
    let page = read(model).find(|page| page.subject == subject)?;
    if text.is_none() {
        return Some(closed(model));
    }
    page.text = text;
    Some(Vec::new())
}

/// Copies what the customer shown is told on the phone.
pub(super) fn answer(model: &mut Model) -> Vec<Effect> {
    match model.detail.card() {
        Some(card) => {
            let last = Last { subject: CopySubject::Answer(card), form: Form::Text };
            hand_over(model, last, Target::Clipboard)
        }
        None => vec![say(model, Passing::NothingToCopy)],
    }
}

/// Copies what is shown.
pub(super) fn copy(model: &mut Model, form: Form) -> Vec<Effect> {
    match subject(model) {
        Some(subject) if form == Form::Json && !subject.has_json() => vec![say(model, Passing::NoJson)],
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

/// What the keyboard talks to: the page that is open, else what the screen has, else the customer shown.
fn subject(model: &Model) -> Option<CopySubject> {
    match (model.overlay, model.screens.current()) {
        (Some(Overlay::Page(_)), _) => {
            model.page.as_ref().filter(|page| page.text.is_some()).map(|page| page.subject)
        }
        (Some(Overlay::Pick(line)), _) => cell(model, line),
        (Some(Overlay::Journal), _) => Some(CopySubject::Journal),
        (None | Some(Overlay::Export(_)), Some(screen)) => screen.subject(),
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
    let is_kept_here = match last.subject {
        CopySubject::Line(_, Section::Fields, _) => true,
        CopySubject::RawAnswer => model.raw.as_ref().is_none_or(|raw| raw.is_of_fields),
        _ => false,
    };
    if is_kept_here {
        return vec![say(model, Passing::NothingToCopy)];
    }
    model.copied = Some(last);
    vec![Effect::Copy(TaskId::default(), last.subject, last.form, target)]
}

/// Offers the figures and names of the customer shown; a second time closes it.
pub(super) fn pick(model: &mut Model) -> Vec<Effect> {
    if cell(model, 0).is_none() {
        model.overlay = None;
        return vec![say(model, Passing::NothingToCopy)];
    }
    toggle(model, Overlay::Pick(0))
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
