//! The reconciliation of the whole base: what keys mean there, and what comes of it.

use crate::domain::CardId;

use super::super::action::Action;
use super::super::effect::Effect;
use super::super::event::Failure;
use super::super::journal::Line;
use super::super::model::{Focus, Message, Model, Passing};
use super::super::overlay::Overlay;
use super::super::page::Subject;
use super::super::reconcile::{By, ExportId, Exported, ListId, Order, ReconcileId, Reconciled, is_stored};
use super::{Answer, fail, focus, mark, page, say};

use crate::engine::reconcile::{Listed, Progress};

/// Shows it; a second time closes it.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let was_on_top = matches!(model.overlays.last(), Some(Overlay::Base));
    model.overlays.clear();
    if !was_on_top {
        model.overlays.push(Overlay::Base);
    }
    Vec::new()
}

/// What an action means where the base, or one of its cards, has the keyboard; `None` where it means what it always
/// does. What is about the list underneath, which nobody sees, means nothing.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Answer> {
    let card = match (model.overlays.last()?, model.page.as_ref().map(|page| page.subject)) {
        (Overlay::Base, _) => None,
        (Overlay::Page(_), Some(Subject::Reconciled(card))) => Some(card),
        _ => return None,
    };
    match (action, card) {
        (Action::Open, Some(card)) => Some(Some(go_to(model, card))),
        (Action::Explain, Some(_)) => Some(Some(page::closed(model))),
        (Action::Open | Action::Explain, None) => Some(open(model)),
        (Action::Filter, None) => Some(model.base.keep_next()),
        (Action::Check, None) => Some(start(model, By::Sums)),
        (Action::Save, None) => Some(offer(model)),
        (Action::CancelSync, None) if model.base.is_busy() => Some(Some(stop(model))),
        (
            Action::Filter
            | Action::Check
            | Action::City
            | Action::Sort
            | Action::TurnRound
            | Action::SortBy(_)
            | Action::Pick
            | Action::NextSection
            | Action::PreviousSection,
            _,
        ) => Some(None),
        _ => None,
    }
}

/// Into the selected card; where nothing was found yet, that is what is wanted.
fn open(model: &mut Model) -> Answer {
    if model.base.found().is_none() {
        return start(model, By::Sums);
    }
    let card = model.base.selected()?.customer.card;
    Some(page::turn_over(model, Subject::Reconciled(card)))
}

/// To the customer among the others.
fn go_to(model: &mut Model, card: CardId) -> Vec<Effect> {
    let Some(row) = model.base.card(card).filter(|row| is_stored(row)).cloned() else {
        return vec![say(model, Passing::NobodyStored)];
    };
    if !model.base.found().is_some_and(|found| found.is_outdated) {
        model.detail.learn(row);
        mark(model);
    }
    model.page = None;
    let mut effects = focus(model, Focus::Detail);
    effects.extend(model.search.seek(card));
    effects
}

/// Starts a reconciliation, one at a time.
pub(super) fn start(model: &mut Model, by: By) -> Answer {
    let effect = model.base.start(by, model.now)?;
    model.message.take_if(|message| matches!(message, Message::Failed(_)));
    Some(vec![effect])
}

/// Gives up the reconciliation under way, else the file being written.
fn stop(model: &mut Model) -> Vec<Effect> {
    let (effect, line) = match model.base.stop() {
        Some(effect) => (Some(effect), Line::ReconcileCancelled),
        None => (model.base.stop_writing(), Line::ExportCancelled),
    };
    model.journal.push(model.now, line);
    effect.into_iter().collect()
}

/// Offers the files that can be written.
fn offer(model: &mut Model) -> Answer {
    let is_outdated = model.base.found()?.is_outdated;
    if is_outdated || model.base.writing().is_some() {
        return None;
    }
    model.overlays.push(Overlay::Export(0));
    Some(Vec::new())
}

/// Writes the file chosen.
pub(super) fn write(model: &mut Model, order: Order) -> Vec<Effect> {
    model.base.write(order).into_iter().collect()
}

pub(super) fn progressed(model: &mut Model, id: ReconcileId, progress: Progress) -> Answer {
    model.base.progressed(id, progress).map(|()| Vec::new())
}

pub(super) fn ended(model: &mut Model, id: ReconcileId, result: Result<Box<Reconciled>, Failure>) -> Answer {
    let told = result.as_ref().map(|base| (base.summary.clone(), base.failure.clone())).map_err(Clone::clone);
    let mut effects = model.base.ended(id, result.map(|base| *base))?;
    match told {
        Ok((summary, failure)) => {
            let (cards, variances) = (summary.cards, summary.variances);
            model.journal.push(model.now, Line::Reconciled(cards, variances, summary.unverified));
            match failure {
                Some(failure) => fail(model, failure),
                None => effects.push(say(model, Passing::Reconciled(cards, variances, summary.unverified))),
            }
        }
        Err(failure) => fail(model, failure),
    }
    Some(effects)
}

pub(super) fn listed(model: &mut Model, id: ListId, result: Result<Listed, Failure>) -> Answer {
    match model.base.listed(id, result)? {
        Ok(()) => Some(page::reworded(model)),
        Err(failure) => {
            fail(model, failure);
            Some(Vec::new())
        }
    }
}

pub(super) fn wrote(model: &mut Model, id: ExportId, rows: u64) -> Answer {
    model.base.wrote(id, rows).map(|()| Vec::new())
}

pub(super) fn exported(model: &mut Model, id: ExportId, result: Result<Exported, Failure>) -> Answer {
    model.base.written(id, result.as_ref().ok().cloned())?;
    match result {
        Ok(exported) => {
            model.journal.push(model.now, Line::Filed(exported.path.clone()));
            model.journal.push(model.now, Line::Exported(exported));
            Some(vec![say(model, Passing::Exported)])
        }
        Err(failure) => {
            if failure.is_store_changed() {
                model.base.outdate();
            }
            fail(model, failure);
            Some(Vec::new())
        }
    }
}
