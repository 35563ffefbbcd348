//! What tasks tell and answer. One that nobody waits for any more is dropped here, whatever it was for; a task that
//! broke off ends its question like every other answer does.

use crate::domain::{Customer, Verdict};
use crate::sync::event::{Notice, Outcome, Progress, StageState, SyncSummary};

use super::super::ask::{Answer, Ask, Failure, FailureKind, StoreStatus, TaskId, TaskKind, TaskReport};
use super::super::effect::Effect;
use super::super::journal::JournalLine;
use super::super::model::{FirstSync, Model, Passing};
use super::super::overlay::{Overlay, Question};
use super::super::page::CopyPlace;
use super::super::sync::Ended;
use super::{
    Change, elsewhere, fail, go_on, grant, house, look_at_opened, mark, page, plan_retry, plan_sync, say,
    set_up,
};

/// A task told how it goes.
pub(super) fn reported(model: &mut Model, id: TaskId, report: TaskReport) -> Change {
    let kind = model.tasks.kind(id)?;
    match report {
        TaskReport::Sync(progress) => progressed(model, *progress),
        TaskReport::SetUp(step) => set_up::advanced(model, step),
        TaskReport::House(news) => house::told(model, news),
        TaskReport::Notice(notice) => {
            if kind == TaskKind::Check {
                if !model.detail.is_check_awaited() {
                    return None;
                }
                model.detail.tried(&notice);
            }
            model.journal.push(model.now, JournalLine::Notice(notice));
            Some(Vec::new())
        }
        report => model.screens.owner(kind)?.reported(&report).map(|()| Vec::new()),
    }
}

/// A task ended.
pub(super) fn answered(model: &mut Model, id: TaskId, result: Result<Answer, Failure>) -> Change {
    let kind = model.tasks.close(id)?;
    match result {
        Ok(answer) => taken(model, (id, kind), answer),
        Err(failure) if failure.kind == FailureKind::Crashed => {
            let place = Some(failure.message).filter(|place| !place.is_empty());
            Some(crashed(model, kind, place))
        }
        Err(failure) => Some(failed(model, kind, failure)),
    }
}

fn taken(model: &mut Model, (id, kind): (TaskId, TaskKind), answer: Answer) -> Change {
    let around = model.around();
    if matches!(&answer, Answer::Reconciled(base) if base.failure.is_none()) {
        model.journal.onec_answered();
    }
    if let Some(screen) = model.screens.owner(kind) {
        let wishes = screen.answered((id, kind), answer, around);
        return Some(match wishes {
            Some(wishes) if kind == TaskKind::Reconcile => {
                // Every card was compared: the list, the customer and the counts say what was found.
                let follow = [elsewhere::all_compared(model), vec![Effect::ask(Ask::Status)]].concat();
                [grant(model, wishes), follow].concat()
            }
            Some(wishes) => grant(model, wishes),
            None => crashed(model, kind, None),
        });
    }
    Some(match (kind, answer) {
        (TaskKind::Search, Answer::Found(reply)) => {
            model.search.found(reply);
            mark(model);
            go_on(model)
        }
        (TaskKind::Open, Answer::Opened(detail)) => {
            model.detail.opened(Ok(detail));
            let effects = go_on(model);
            effects.into_iter().chain(look_at_opened(model)).collect()
        }
        (TaskKind::Check, Answer::Checked(live)) => {
            let (customer, verdict) = (live.comparison.customer.clone(), live.comparison.verdict);
            let is_awaited = model.detail.is_check_awaited();
            let mut effects = model.detail.checked(Ok(live), model.now);
            model.background.answered(model.now);
            model.journal.onec_answered();
            mark(model);
            if is_awaited {
                effects.push(checked(model, customer, verdict));
            }
            effects.extend(look_at_opened(model));
            let follow = [elsewhere::compared(model), vec![Effect::ask(Ask::Status)]].concat();
            [effects, page::reworded(model), follow].concat()
        }
        (TaskKind::Fields, Answer::Fields(fields)) => {
            model.detail.fields_read(Ok(fields));
            Vec::new()
        }
        (TaskKind::RawAnswer, Answer::RawAnswer(answer)) => page::raw_answer_read(model, Ok(answer)),
        (TaskKind::DocumentTypes, Answer::DocumentTypes(found)) => {
            page::document_types_read(model, Ok(found))
        }
        (TaskKind::Copy, Answer::Copied(copied)) => {
            let is_by_terminal = copied.as_ref().is_some_and(|it| !matches!(it.place, CopyPlace::File(_)));
            model.copies += usize::from(is_by_terminal);
            vec![say(model, page::copied(copied))]
        }
        (TaskKind::Sync, Answer::Synced(summary)) => synced(model, Ok(*summary)),
        (TaskKind::Status, Answer::Status(status)) => return loaded(model, *status),
        (TaskKind::Watch, Answer::Watched(pulse)) => return elsewhere::noticed(model, pulse),
        (TaskKind::WatchSettings, Answer::Told(words)) => {
            model.journal.push(model.now, JournalLine::Warned(words.clone()));
            vec![say(model, Passing::Settings(words)), Effect::ask(Ask::WatchSettings)]
        }
        (TaskKind::Verify, Answer::Done) => {
            model.is_store_damaged = false;
            model.journal.push(model.now, JournalLine::StoreVerified);
            Vec::new()
        }
        (TaskKind::SetUp, Answer::Done) => vec![Effect::BeginAnew],
        (TaskKind::Keep | TaskKind::Engine, Answer::Done) => Vec::new(),
        // The answer to another question is none.
        _ => crashed(model, kind, None),
    })
}

/// What was asked could not be done. What was shown before stays, and the same may be asked again.
fn failed(model: &mut Model, kind: TaskKind, failure: Failure) -> Vec<Effect> {
    if let Some(screen) = model.screens.owner(kind) {
        let wishes = screen.failed(kind, Some(failure));
        return grant(model, wishes);
    }
    match kind {
        TaskKind::Search => {
            model.search.broke();
            model.awaiting.clear();
        }
        TaskKind::Open => {
            model.detail.opened(Err(failure));
            return go_on(model);
        }
        TaskKind::Fields => {
            model.detail.fields_read(Err(failure));
            return Vec::new();
        }
        TaskKind::RawAnswer => return page::raw_answer_read(model, Err(failure)),
        TaskKind::DocumentTypes => return page::document_types_read(model, Err(failure)),
        TaskKind::Check => {
            let is_awaited = model.detail.is_check_awaited();
            let effects = model.detail.checked(Err(failure.clone()), model.now);
            model.background.failed(failure.kind, model.now);
            mark(model);
            if is_awaited {
                fail(model, failure);
            }
            return [effects, page::reworded(model)].concat();
        }
        TaskKind::Sync => return synced(model, Err(failure)),
        TaskKind::Verify => model.is_store_damaged = failure.kind == FailureKind::Damage,
        TaskKind::SetUp => return set_up::failed(model, failure),
        _ => {}
    }
    fail(model, failure);
    Vec::new()
}

/// A task broke off: its pane stops waiting, the journal keeps the place.
fn crashed(model: &mut Model, kind: TaskKind, place: Option<String>) -> Vec<Effect> {
    model.journal.push(model.now, JournalLine::Crashed(kind, place.clone()));
    if let Some(screen) = model.screens.owner(kind) {
        let wishes = screen.failed(kind, None);
        return grant(model, wishes);
    }
    match kind {
        TaskKind::Search => {
            model.search.broke();
            model.awaiting.clear();
        }
        TaskKind::Open => {
            model.detail.open_broke();
            model.awaiting.clear();
        }
        TaskKind::Check => model.detail.check_broke(),
        TaskKind::Fields => model.detail.fields_broke(),
        TaskKind::SetUp => return set_up::failed(model, Failure::crashed(place)),
        TaskKind::RawAnswer => return page::raw_answer_broke(model),
        TaskKind::Sync => {
            model.sync.end(StageState::Failed, model.now);
            settle_question(model);
            return plan_sync(model).into_iter().collect();
        }
        _ => {}
    }
    Vec::new()
}

// The sync.

fn progressed(model: &mut Model, progress: Progress) -> Change {
    if !model.sync.is_running() || model.sync.progress == progress {
        return None;
    }
    model.sync.advance(progress, model.now).then(Vec::new)
}

fn synced(model: &mut Model, result: Result<SyncSummary, Failure>) -> Vec<Effect> {
    if result.as_ref().is_err_and(|failure| failure.kind == FailureKind::Elsewhere) {
        return waits_for_another(model);
    }
    let was_long = model.sync.is_long(model.now);
    let outcome = match result.as_ref().map(|summary| summary.outcome) {
        Ok(Outcome::Published) => StageState::Done,
        Ok(Outcome::Cancelled) => StageState::Paused,
        Ok(Outcome::Failed) | Err(_) => StageState::Failed,
    };
    model.sync.end(outcome, model.now);
    settle_question(model);
    let is_unreachable = result.as_ref().is_err_and(|failure| failure.kind == FailureKind::Passing);
    // Whoever only followed it leaves the next try to whoever began it.
    let is_to_retry = is_unreachable && !model.sync.is_others;
    let next = if is_to_retry { Some(plan_retry(model)) } else { plan_sync(model) };
    let mut effects: Vec<Effect> = next.into_iter().collect();
    model.sync.is_run_untold = true;
    if was_long {
        effects.push(Effect::Call);
    }
    effects.push(Effect::ask(Ask::Status));
    match &result {
        Ok(summary) => {
            if summary.outcome == Outcome::Published {
                model.journal.onec_answered();
            }
            let line = JournalLine::SyncEnded(summary.outcome, summary.cards, summary.variances);
            model.journal.push(model.now, line);
            effects.extend(ended(model, summary));
        }
        Err(failure) => fail(model, failure.clone()),
    }
    model.sync.last = Some(Ended { at: model.now, result });
    effects
}

/// No sync runs any more: whether to stop it is no question, whether to leave is one still.
fn settle_question(model: &mut Model) {
    model.overlay = match model.overlay {
        Some(Overlay::Ask(Question::Quit)) => Some(Overlay::Ask(Question::QuitIdle)),
        Some(Overlay::Ask(Question::CancelSync | Question::FirstSync)) => None,
        other => other,
    };
}

/// Another process was first: that is no failure.
fn waits_for_another(model: &mut Model) -> Vec<Effect> {
    model.sync.end(StageState::Paused, model.now);
    settle_question(model);
    let next = plan_sync(model);
    next.into_iter().chain([say(model, Passing::SyncElsewhere)]).collect()
}

fn ended(model: &mut Model, summary: &SyncSummary) -> Vec<Effect> {
    match summary.outcome {
        Outcome::Published => {
            model.sync.published = summary.generation;
            let mut effects = elsewhere::reread(model, None);
            effects.push(say(model, Passing::Published(summary.cards, summary.variances)));
            effects
        }
        Outcome::Cancelled => vec![say(model, Passing::Cancelled)],
        Outcome::Failed => Vec::new(),
    }
}

// The store.

fn loaded(model: &mut Model, status: StoreStatus) -> Change {
    let is_own_run = std::mem::take(&mut model.sync.is_run_untold);
    if model.status.as_ref() == Some(&status) {
        return None;
    }
    let run = status.last_run.clone();
    if let Some(words) = &status.remark {
        model.journal.push(model.now, JournalLine::Warned(words.clone()));
    }
    if model.status.is_none() {
        // Those of a sync of this session are in the journal already.
        for finding in status.findings.clone() {
            model.journal.push(model.now, JournalLine::Notice(Notice::Found(finding)));
        }
    }
    offer_first_sync(model, &status);
    let before = model.status.replace(status);
    let generation = |status: &StoreStatus| status.generation;
    let now = model.status.as_ref().and_then(generation);
    let is_new = now.is_some() && now != before.as_ref().and_then(generation);
    let is_foreign = is_new && before.is_some() && now != model.sync.published;
    let mut effects = if is_new { vec![Effect::ask(Ask::Verify)] } else { Vec::new() };
    if is_foreign {
        effects.extend(elsewhere::published(model));
    } else if !is_own_run && before.is_some_and(|before| before.last_run != run) {
        effects.extend(elsewhere::ended(model, run));
    }
    Some(effects)
}

/// Whoever else is on the screen by now, it is said whose figures they are.
fn checked(model: &mut Model, customer: Customer, verdict: Verdict) -> Effect {
    let Customer { name, code, .. } = customer;
    let who = if name.is_empty() { code.clone() } else { name };
    model.journal.push(model.now, JournalLine::Checked(who.clone(), code, verdict));
    say(model, Passing::Checked(who, verdict))
}

/// Asks whether to begin the first sync, where nothing was ever synced and the settings were made just now.
fn offer_first_sync(model: &mut Model, status: &StoreStatus) {
    let is_new = model.status.is_none() && status.synced_at.is_none();
    if is_new && model.settings.first_sync == FirstSync::Offered && model.overlay.is_none() {
        model.overlay = Some(Overlay::Ask(Question::FirstSync));
    }
}
