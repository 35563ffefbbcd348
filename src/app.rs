//! The dashboard without its terminal: what happened comes in, what is to be done comes out.
//!
//! [`update`] is a plain function from the state and an event to effects; the runtime obeys them and
//! sends back what came of it. Nothing here waits, opens, asks the time, chooses a colour or words a phrase.
//!
//! ```text
//! key -> keymap -> Action -> update -> Effect -> runtime starts a task -> Event -> update -> frame
//! ```

pub mod action;
pub mod detail;
pub mod effect;
pub mod event;
#[cfg(any(test, fuzzing))]
pub(crate) mod fixture;
pub mod journal;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod overlay;
pub mod page;
pub mod search;
pub mod sync;
pub mod update;

pub use action::Action;
pub use effect::{Effect, Haste, Timer};
pub use event::{
    CheckId, CustomerDetail, Event, Failure, FieldsId, Job, LiveCheck, Now, OpenId, Portal, PortalId,
    Purchase, RawField, RawFields, RecorderSum, Row, SearchId, SearchReply, Sent, Status,
};
pub use keymap::{Code, Key, Mods};
pub use layout::Layout;
pub use model::{Focus, Model, Settings};
pub use overlay::{Overlay, Question};
pub use page::{Copied, Form, Place, Subject, Target};
pub use update::update;

#[cfg(test)]
mod tests;
