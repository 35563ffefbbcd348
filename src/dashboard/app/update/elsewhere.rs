//! What other processes do to the store: the screen follows by itself.

use chrono::{DateTime, Utc};

use crate::engine::{LastRun, Pulse, RunOutcome};

use super::super::ask::{Ask, TaskKind};
use super::super::effect::Effect;
use super::super::elsewhere::Noticed;
use super::super::journal::JournalLine;
use super::super::model::{Model, Passing};
use super::super::screens::FullScreen;
use super::{Change, grant, page, plan_sync, say};

/// Something was noticed. Whoever watches goes on.
pub(super) fn noticed(model: &mut Model, pulse: Pulse) -> Change {
    let watch = Effect::ask(Ask::Watch(Some(pulse.clone())));
    let noticed = model.elsewhere.take(pulse)?;
    let has = |it| noticed.contains(&it);
    if has(Noticed::Began) {
        model.journal.push(model.now, JournalLine::SyncElsewhere);
    }
    // A sync of our own tells what it does.
    let is_foreign = !model.sync.is_running();
    let mut effects = vec![watch];
    if has(Noticed::Checked) || has(Noticed::Ended) || (has(Noticed::Stored) && is_foreign) {
        effects.push(Effect::ask(Ask::Status));
    }
    if has(Noticed::Checked) && is_foreign {
        effects.extend(compared(model));
    }
    Some(effects)
}

/// Every card was compared: the list and the customer shown are asked for again.
pub(super) fn all_compared(model: &mut Model) -> Vec<Effect> {
    let mut effects = model.search.refresh();
    effects.extend(model.detail.reread());
    effects
}

/// Some card was compared: the list of the whole base is asked for again as well.
pub(super) fn compared(model: &mut Model) -> Vec<Effect> {
    let mut effects = all_compared(model);
    let wishes = model.screens.all().into_iter().flat_map(FullScreen::compared).collect();
    effects.extend(grant(model, wishes));
    effects
}

/// Another process published: all that is shown is read again.
pub(super) fn published(model: &mut Model) -> Vec<Effect> {
    let cards = model.status.as_ref().map_or((0, 0), |status| (status.cards, status.variances));
    model.journal.push(model.now, JournalLine::PublishedElsewhere(cards.0, cards.1));
    let mut effects = Vec::new();
    if !model.sync.is_running() {
        // What a sync of this session said of 1C and of the data is over.
        model.sync.last = None;
        effects.extend(plan_sync(model));
    }
    let synced_at = model.status.as_ref().and_then(|status| status.synced_at);
    effects.extend(reread(model, synced_at));
    effects.push(say(model, Passing::PublishedElsewhere(cards.0, cards.1)));
    effects
}

/// What is published is read again, wherever it is shown; `synced_at` tells it, where that is known.
pub(super) fn reread(model: &mut Model, synced_at: Option<DateTime<Utc>>) -> Vec<Effect> {
    let mut effects = model.search.refresh();
    model.tasks.forget(TaskKind::Check);
    effects.extend(model.detail.refresh());
    effects.extend(page::reworded(model));
    let around = model.around();
    let wishes = model.screens.all().into_iter().flat_map(|screen| screen.published(synced_at, around));
    let wishes = wishes.collect();
    effects.extend(grant(model, wishes));
    effects
}

/// A sync of another process ended and published nothing.
pub(super) fn ended(model: &mut Model, run: Option<LastRun>) -> Vec<Effect> {
    let Some(run) = run else { return Vec::new() };
    let code = run.error.unwrap_or_default();
    match run.outcome {
        RunOutcome::Published => Vec::new(),
        RunOutcome::Cancelled => {
            model.journal.push(model.now, JournalLine::CancelledElsewhere);
            vec![say(model, Passing::CancelledElsewhere)]
        }
        RunOutcome::Failed => {
            model.journal.push(model.now, JournalLine::FailedElsewhere(code.clone()));
            vec![say(model, Passing::FailedElsewhere(code))]
        }
    }
}
