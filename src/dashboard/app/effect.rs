//! What is to be done, as plain data: the runtime obeys.

use std::time::Duration;

use super::ask::{Ask, OpenTasks, TaskId, TaskKind};
use super::page::{CopySubject, Form, Target};
pub use super::terms::Timer;

/// One thing to do outside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Draw the state.
    Draw(Haste),
    /// Come back with [`super::Event::Waited`] after this long.
    Wait(Timer, Duration),
    /// Start a task. [`super::update()`] gives it its number; what makes the effect leaves it at nothing.
    Ask(TaskId, Ask),
    /// Give a task up: a long one ends in order and still answers.
    Cancel(TaskId),
    /// Put something into words, for a page.
    Word(CopySubject),
    /// Put something into words and hand them over: a task as well, whose answer is where they went.
    Copy(TaskId, CopySubject, Form, Target),
    /// Forget what the terminal shows and draw all of it.
    Redraw,
    /// Hand the terminal to the shell until the user comes back.
    Suspend,
    /// Let the mouse act here, or leave it to the terminal.
    Mouse(bool),
    /// Call for whoever looks elsewhere.
    Call,
    /// End the dashboard and show the demo.
    Demo,
    /// End the dashboard and begin anew over the settings that were made.
    BeginAnew,
    /// End the dashboard.
    Quit,
}

impl Effect {
    /// Starts a task, not numbered yet.
    pub(super) fn ask(ask: Ask) -> Self {
        Self::Ask(TaskId::default(), ask)
    }
}

/// How soon a change must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Haste {
    /// Within the frame interval: numbers that run.
    Soon,
    /// With the next frame: an answer to what the user did.
    Now,
}

impl OpenTasks {
    /// Gives the tasks that are asked for their numbers. What they overtake is not waited for any more.
    pub(super) fn number(&mut self, effects: &mut [Effect]) {
        for effect in effects {
            match effect {
                Effect::Ask(id, ask) => *id = self.open(ask.kind()),
                Effect::Copy(id, ..) => *id = self.open(TaskKind::Copy),
                _ => {}
            }
        }
    }
}
