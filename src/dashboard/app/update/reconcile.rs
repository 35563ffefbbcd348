//! The reconciliation of the whole base: what keys mean there, and what comes of it.

use crate::domain::CardId;
use crate::engine::reconcile::Listed;

use super::super::action::Action;
use super::super::ask::{Failure, TaskId, TaskKind};
use super::super::effect::Effect;
use super::super::journal::JournalLine;
use super::super::model::{Focus, Model, Passing};
use super::super::overlay::Overlay;
use super::super::page::CopySubject;
use super::super::reconcile::{By, Exported, FileOrder, Reconciled, is_stored};
use super::{Change, fail, focus, mark, page, say};

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
pub(super) fn act(model: &mut Model, action: Action) -> Option<Change> {
    let card = match (model.overlays.last()?, model.page.as_ref().map(|page| page.subject)) {
        (Overlay::Base, _) => None,
        (Overlay::Page(_), Some(CopySubject::Reconciled(card))) => Some(card),
        _ => return None,
    };
    match (action, card) {
        (Action::Open, Some(card)) => Some(Some(go_to(model, card))),
        (Action::Explain, Some(_)) => Some(Some(page::closed(model))),
        (Action::Open | Action::Explain, None) => Some(open(model)),
        (Action::Filter, None) => Some(model.base.keep_next()),
        (Action::Check, None) => Some(model.reconcile(By::Sums)),
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
fn open(model: &mut Model) -> Change {
    if model.base.found().is_none() {
        return model.reconcile(By::Sums);
    }
    let card = model.base.selected()?.customer.card;
    Some(page::turn_over(model, CopySubject::Reconciled(card)))
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

/// Gives up the reconciliation under way, else the file being written.
fn stop(model: &mut Model) -> Vec<Effect> {
    let (kind, line) = if model.base.run().is_some() {
        model.base.stop();
        (TaskKind::Reconcile, JournalLine::ReconcileCancelled)
    } else {
        model.base.written(None);
        (TaskKind::Export, JournalLine::ExportCancelled)
    };
    model.journal.push(model.now, line);
    model.tasks.forget(kind).map(Effect::Cancel).into_iter().collect()
}

/// Offers the files that can be written.
fn offer(model: &mut Model) -> Change {
    let is_outdated = model.base.found()?.is_outdated;
    if is_outdated || model.base.writing().is_some() {
        return None;
    }
    model.overlays.push(Overlay::Export(0));
    Some(Vec::new())
}

/// Writes the file chosen.
pub(super) fn write(model: &mut Model, order: FileOrder) -> Vec<Effect> {
    model.base.write(order).into_iter().collect()
}

/// The base was reconciled.
pub(super) fn ended(model: &mut Model, id: TaskId, base: Reconciled) -> Vec<Effect> {
    let (summary, failure) = (base.summary.clone(), base.failure.clone());
    let (cards, variances, unverified) = (summary.cards, summary.variances, summary.unverified);
    let mut effects = model.base.ended(id, Ok(base));
    model.journal.push(model.now, JournalLine::Reconciled(cards, variances, unverified));
    match failure {
        Some(failure) => fail(model, failure),
        None => effects.push(say(model, Passing::Reconciled(cards, variances, unverified))),
    }
    effects
}

/// It could not be.
pub(super) fn failed(model: &mut Model, id: TaskId, failure: Failure) -> Vec<Effect> {
    let effects = model.base.ended(id, Err(failure.clone()));
    fail(model, failure);
    effects
}

/// A part of its cards.
pub(super) fn listed(model: &mut Model, result: Result<Listed, Failure>) -> Vec<Effect> {
    match model.base.listed(result) {
        Ok(()) => page::reworded(model),
        Err(failure) => {
            fail(model, failure);
            Vec::new()
        }
    }
}

/// A file of its cards is whole.
pub(super) fn exported(model: &mut Model, exported: Exported) -> Vec<Effect> {
    model.base.written(Some(exported.clone()));
    model.journal.push(model.now, JournalLine::Filed(exported.path.clone()));
    model.journal.push(model.now, JournalLine::Exported(exported));
    vec![say(model, Passing::Exported)]
}

/// The store was published to: the cards are not those that were compared, and none of them is waited for.
pub(super) fn outdate(model: &mut Model) {
    model.base.outdate();
    model.tasks.forget(TaskKind::List);
}
