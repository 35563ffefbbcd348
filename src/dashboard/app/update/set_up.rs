//! The form of the first start: what keys, pastes and answers mean in it.

use super::super::action::Action;
use super::super::ask::{Ask, Failure, TaskKind};
use super::super::effect::Effect;
use super::super::key::Key;
use super::super::keymap::Context;
use super::super::model::Model;
use super::super::set_up::SetUpForm;
use super::super::terms::SetUpStep;
use super::{Change, usual};

fn form(model: &mut Model) -> Option<&mut SetUpForm> {
    model.first_run.as_mut()?.form_mut()
}

/// A key: what is typed goes to the field that has the keyboard, and nowhere else.
pub(super) fn press(model: &mut Model, key: Key) -> Change {
    match model.settings.keys.action(key, Context::Form) {
        Some(Action::Open) => set_up(model),
        Some(Action::NextPane) => turn(model, 1),
        Some(Action::PreviousPane) => turn(model, 2),
        Some(Action::Back) => leave(model),
        Some(action) => usual(model, action),
        None => form(model)?.edit(key).map(|()| Vec::new()),
    }
}

/// A paste goes where letters go.
pub(super) fn paste(model: &mut Model, text: &str) -> Change {
    form(model)?.paste(text);
    Some(Vec::new())
}

fn turn(model: &mut Model, by: usize) -> Change {
    form(model)?.turn(by);
    Some(Vec::new())
}

/// Tries what the form says; where a field is empty, that has the keyboard.
fn set_up(model: &mut Model) -> Change {
    let now = model.now;
    let wish = form(model)?.begin(now);
    Some(wish.into_iter().map(|wish| Effect::ask(Ask::SetUp(wish))).collect())
}

/// Gives up the trial under way; without one the program is left, and nothing was written.
fn leave(model: &mut Model) -> Change {
    if form(model)?.end(None).is_none() {
        return Some(vec![Effect::Quit]);
    }
    Some(model.tasks.forget(TaskKind::SetUp).map(Effect::Cancel).into_iter().collect())
}

/// The trial tells how far it is.
pub(super) fn advanced(model: &mut Model, step: SetUpStep) -> Change {
    form(model)?.advance(step).map(|()| Vec::new())
}

/// The trial came to nothing: the form stays, to be mended.
pub(super) fn failed(model: &mut Model, failure: Failure) -> Vec<Effect> {
    form(model).and_then(|form| form.end(Some(failure)));
    Vec::new()
}
