//! The dashboard without its terminal: what happened comes in, what is to be done comes out.
//!
//! [`update`] is a plain function from the state and an event to effects; the runtime obeys them and
//! sends back what came of it. Nothing here waits, opens, asks the time, chooses a colour or words a phrase.
//!
//! ```text
//! key -> keymap -> Action -> update -> Effect -> runtime starts a task -> Event -> update -> frame
//! ```

pub mod action;
pub mod ask;
pub mod background;
pub mod choices;
pub mod cursor;
pub mod detail;
pub mod effect;
pub mod elsewhere;
pub mod event;
mod field;
pub mod first_run;
#[cfg(any(test, fuzzing))]
pub(crate) mod fixture;
pub mod footer;
mod geometry;
pub mod history;
pub mod house;
pub mod journal;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod looks;
mod mask;
pub mod message;
pub mod model;
pub mod overlay;
pub mod page;
pub mod privacy;
pub mod recent;
pub mod screens;
pub mod search;
pub mod set_up;
pub mod speeds;
pub mod sync;
pub mod terms;
pub mod update;
pub mod views;

pub use action::{Action, Screen};
pub use ask::{
    Answer, Ask, Failure, FailureKind, LiveCheck, PastRun, StoreStatus, TaskId, TaskKind, TaskReport,
};
pub use effect::{Effect, Haste, Timer};
pub use event::{
    Chosen, CityCount, Column, CustomerDetail, Event, Keep, ListFilter, ListOrder, ListPart, Listed, Now,
    Phase, Point, Pointer, Portal, Purchase, RawField, RawFields, ReconcileProgress, RecorderSum, Request,
    Row, SearchReply, Sent, Wanted,
};
pub use first_run::FirstRun;
pub use key::{Code, Key, Mods};
pub use keymap::Keymap;
pub use layout::Layout;
pub use looks::{Kept, Looks};
pub use model::{FirstSync, Focus, Model, ModelSettings};
pub use overlay::{Overlay, Question};
pub use page::{Copied, CopyPlace, CopySubject, Form, Target};
pub use terms::{By, ExportFormat, Exported, FileOrder, Reconciled, SetUpStep, SetUpWish};
pub use update::update;
pub use views::{SavedView, Views};

#[cfg(test)]
mod tests;
