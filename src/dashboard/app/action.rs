//! What a user can ask for.

use super::event::Column;

/// A wish, whatever key it came from. [`super::keymap::TABLE`] says which keys mean it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Show the keys.
    Help,
    /// Go to the search field.
    Find,
    /// Take the query before.
    OlderQuery,
    /// Take the query after.
    NewerQuery,
    /// Choose what the list shows, its order, and how things look.
    View,
    /// Put the list in the order of the next column.
    Sort,
    /// Turn the order round.
    TurnRound,
    /// Put the list in the order of this column; once more turns it round.
    SortBy(Column),
    /// Show those the next filter lets pass.
    Filter,
    /// Show only the town of the selected customer, or every town again.
    City,
    /// Show dots instead of personal data, or the data again.
    Mask,
    /// Take the next theme.
    Theme,
    /// Let the mouse act here, or leave it to the terminal.
    Mouse,
    /// Write the commented settings.
    WriteSettings,
    /// Leave for the demo.
    Demo,
    /// Check the open customer against 1C now.
    Check,
    /// Start a sync; ask whether to stop the one that runs.
    Sync,
    /// Ask whether to stop the running sync.
    CancelSync,
    /// Show the reconciliation of the whole base.
    Reconcile,
    /// Show the journal.
    Journal,
    /// Show the next section of the detail.
    NextSection,
    /// Show the section before.
    PreviousSection,
    /// Leave; asks while a sync runs.
    Quit,
    /// Leave at once, whatever runs.
    End,
    /// Explain the open customer's figures, down to the first line that differs.
    Explain,
    /// Show the last sync, before and after.
    Portal,
    /// Copy what is shown, in words.
    Copy,
    /// Copy what is shown, as JSON.
    CopyJson,
    /// Put into a file what was copied last, else what is shown.
    Save,
    /// Choose one figure or name to copy.
    Pick,
    /// Move on to the next pane.
    NextPane,
    /// Move back to the pane before.
    PreviousPane,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// Into the detail of the selected customer.
    Open,
    /// Out of what was entered last.
    Back,
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back to the shell until `fg`.
    Suspend,
    /// Agree to a question.
    Yes,
    /// Refuse.
    No,
}
