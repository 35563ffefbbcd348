//! The engine of the store came, went, or began something.

use super::super::ask::Ask;
use super::super::effect::Effect;
use super::super::house::{Attachment, FIRST, HouseNews};
use super::super::journal::JournalLine;
use super::super::model::{Model, Passing};
use super::{Change, elsewhere, say};

/// It stands otherwise with the engine.
pub(super) fn told(model: &mut Model, news: HouseNews) -> Change {
    let before = model.house.take(news.clone(), model.now)?;
    Some(match news {
        HouseNews::Attached(it) => attached(model, &before, &it),
        HouseNews::Alone(Some(words)) => noted(model, words),
        // Once, however often it is looked for.
        HouseNews::Lost(words, _) if !matches!(before, HouseNews::Lost(..)) => noted(model, words),
        HouseNews::Alone(None) | HouseNews::Lost(..) => Vec::new(),
        HouseNews::Other(words) => {
            model.journal.push(model.now, JournalLine::Warned(words.clone()));
            vec![say(model, Passing::Settings(words))]
        }
    })
}

/// Nobody has to do anything: the journal has it.
fn noted(model: &mut Model, words: String) -> Vec<Effect> {
    model.journal.push(model.now, JournalLine::Warned(words));
    Vec::new()
}

fn attached(model: &mut Model, before: &HouseNews, it: &Attachment) -> Vec<Effect> {
    let mut effects = match before {
        // The first questions wait for it by themselves.
        HouseNews::Alone(None) if it.number <= FIRST => Vec::new(),
        HouseNews::Attached(before) if before.number == it.number => Vec::new(),
        HouseNews::Alone(_) | HouseNews::Other(_) => {
            model.journal.push(model.now, JournalLine::EngineCame);
            let said = say(model, Passing::EngineCame);
            [elsewhere::reread(model, None), vec![Effect::ask(Ask::Status), said]].concat()
        }
        _ => {
            model.journal.push(model.now, JournalLine::EngineBack);
            [elsewhere::reread(model, None), vec![Effect::ask(Ask::Status)]].concat()
        }
    };
    if let Some(sync) = it.sync.filter(|_| !model.sync.is_running()) {
        model.sync.follow(sync.started_at.with_timezone(&model.now.timezone()));
        model.message = None;
        model.journal.push(model.now, JournalLine::SyncStarted);
        effects.push(Effect::ask(Ask::Follow(sync.id)));
    }
    effects
}

/// Wants an engine again.
pub(super) fn want(model: &Model) -> Change {
    model.house.is_wanting().then(|| vec![Effect::ask(Ask::Engine)])
}
