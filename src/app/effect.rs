//! What is to be done, as plain data: the runtime obeys.

use std::time::Duration;

use crate::domain::CardId;

use super::event::{CheckId, FieldsId, OpenId, Part, PortalId, Request, SearchId, Wanted};
use super::page::{Form, Subject, Target};
use super::reconcile::{By, ExportId, ListId, Order, ReconcileId};

/// One thing to do outside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Draw the state.
    Draw(Haste),
    /// Come back with [`super::Event::Waited`] after this long.
    Wait(Timer, Duration),
    /// List customers; the number returns with the answer.
    Search(SearchId, Request),
    /// Read a customer from the store.
    Open(OpenId, CardId),
    /// Check a customer against 1C.
    Check(CheckId, CardId),
    /// Ask 1C for a customer's fields.
    ReadFields(FieldsId, CardId),
    /// Read what the last sync changed, for the base and for a customer.
    LoadPortal(PortalId, Option<CardId>),
    /// Put something into words, for a page.
    Word(Subject),
    /// Put something into words and hand them over.
    Copy(Subject, Form, Target),
    /// Compare the whole base with 1C. One at a time.
    Reconcile(ReconcileId, By),
    /// Give the reconciliation under way up.
    CancelReconcile,
    /// Read a part of the cards of a reconciliation.
    ListReconciled(ListId, ReconcileId, Wanted, Part),
    /// Write cards of a reconciliation into a file. One at a time.
    Export(ExportId, Order),
    /// Give the file being written up.
    CancelExport,
    /// Start a sync.
    StartSync,
    /// Ask the running sync to stop.
    CancelSync,
    /// Ask how the store stands.
    LoadStatus,
    /// Read all that is stored again and hold it against what was published.
    VerifyStore,
    /// Forget what the terminal shows and draw all of it.
    Redraw,
    /// Hand the terminal to the shell until the user comes back.
    Suspend,
    /// Let the mouse act here, or leave it to the terminal.
    Mouse(bool),
    /// Write the commented settings.
    WriteSettings,
    /// End the dashboard and show the demo.
    Demo,
    /// End the dashboard.
    Quit,
}

/// How soon a change must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Haste {
    /// Within the frame interval: numbers that run.
    Soon,
    /// With the next frame: an answer to what the user did.
    Now,
}

/// What is waited for. A number makes a timer that was overtaken recognisable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The pause after a letter.
    Search(u64),
    /// The pause before the selected customer is read.
    Open(u64),
    /// The time between two syncs.
    Sync(u64),
    /// How long a passing message stays.
    Message(u64),
}
