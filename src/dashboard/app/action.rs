//! What a user can ask for, and the one table of keys: what each means, where, and what help says of it.
//!
//! Commands go by the place of a key, not by the letter on it: under the Russian layout `й` is where
//! `q` is, so both quit. Answers go by the letter: who writes `н` means «нет», though `y` is there. Text typed into the
//! search field is never touched by this. The help is drawn from the same table, and the keys that the footer names.

use super::event::Column;

/// A wish, whatever key it came from. `TABLE` says which keys mean it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Show the keys.
    Help,
    /// Type which command is meant.
    Palette,
    /// Go to the search field.
    Find,
    /// Choose among the customers looked at last.
    Recent,
    /// Look for a purchase of the customer shown.
    FindLine,
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
    /// List the cards of the selected customer's owner, or what was listed before.
    OwnerCards,
    /// Show dots instead of personal data, or the data again.
    Mask,
    /// Take the next theme.
    Theme,
    /// Let the mouse act here, or leave it to the terminal.
    Mouse,
    /// Leave for the demo.
    Demo,
    /// List the cards of the cause in this place of the chart, or all again.
    Cause(u8),
    /// Check the open customer against 1C now.
    Check,
    /// Start a sync; ask whether to stop the one that runs.
    Sync,
    /// Ask whether to stop the running sync.
    CancelSync,
    /// Show a screen; leave it where it is shown.
    Show(Screen),
    /// Show which document is what.
    DocumentTypes,
    /// Have an engine again.
    Engine,
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
    /// Show how 1C answers the request that figures or fields rest on.
    RawAnswer,
    /// Copy what the customer is told on the phone.
    Answer,
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

impl Action {
    /// Whether it is about the customer that is shown.
    pub(super) fn is_of_detail(self) -> bool {
        matches!(
            self,
            Self::Explain
                | Self::Show(Screen::BeforeAfter)
                | Self::Answer
                | Self::Copy
                | Self::CopyJson
                | Self::Save
                | Self::Pick
                | Self::FindLine
                | Self::OwnerCards
                | Self::RawAnswer
        )
    }

    /// Whether it is about somebody of the list, whoever is selected there.
    pub(super) fn is_of_list(self) -> bool {
        matches!(self, Self::Check | Self::City | Self::Open) || self.is_step()
    }

    /// Whether it moves what is selected, or scrolls.
    fn is_step(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown | Self::First | Self::Last)
    }

    /// Whether it moves in what lies over a screen, takes something from it, or opens or closes one.
    pub(super) fn is_of_overlays(self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::Back
                | Self::Copy
                | Self::CopyJson
                | Self::Save
                | Self::Pick
                | Self::Explain
                | Self::RawAnswer
                | Self::Help
                | Self::Palette
                | Self::View
                | Self::Journal
                | Self::Recent
        ) || self.is_step()
    }

    /// Whether it is about the customers' list or detail: of a list that nobody sees it means nothing.
    pub(super) fn is_of_customers(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::City
                | Self::Sort
                | Self::TurnRound
                | Self::SortBy(_)
                | Self::OwnerCards
                | Self::Pick
                | Self::FindLine
                | Self::NextSection
                | Self::PreviousSection
        )
    }
}

/// What fills the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Screen {
    /// The search field, the list, the customer selected.
    #[default]
    Customers,
    /// The reconciliation of the whole base.
    Reconciliation,
    /// The last sync, before and after.
    BeforeAfter,
}

impl Screen {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Customers, Self::Reconciliation, Self::BeforeAfter];

    /// Whether what is under it is seen round it, and is what it is left for.
    pub fn leaves_a_rim(self) -> bool {
        self == Self::BeforeAfter
    }
}

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere but in a question.
    Everywhere,
    /// Outside the search field.
    Commands,
    /// Where letters are commands: in what lies over the customers or takes their place. Elsewhere a letter begins a
    /// search.
    Letters,
    /// In the search field.
    Field,
    /// In a question.
    Question,
    /// Before there are settings.
    FirstRun,
    /// In the form that makes them, where letters are text.
    Form,
    /// Without any exception.
    Always,
}

/// What is meant, where, by which keys, the text of its line in the help.
type TableLine = (Action, Scope, &'static [&'static str], &'static str);

/// The usual keys stand beside the settings, which may put others in their place.
const USUAL: &[&str] = &[];

/// All that keys can mean, in the order of the help.
pub(super) const TABLE: &[TableLine] = {
    use Action as A;
    use Scope::{Always, Everywhere, Field, FirstRun, Form, Letters, Question};
    &[
        (A::Help, Everywhere, USUAL, "help-help"),
        (A::Palette, Everywhere, USUAL, "help-palette"),
        (A::View, Everywhere, USUAL, "help-view"),
        (A::Find, Everywhere, USUAL, "help-find"),
        (A::Recent, Everywhere, USUAL, "help-recent"),
        (A::FindLine, Everywhere, USUAL, "help-find-line"),
        (A::OlderQuery, Field, USUAL, "help-older-query"),
        (A::NewerQuery, Field, USUAL, "help-newer-query"),
        (A::Filter, Everywhere, USUAL, "help-filter"),
        (A::Cause(0), Letters, &["1"], "help-cause"),
        (A::Cause(1), Letters, &["2"], "help-cause"),
        (A::Cause(2), Letters, &["3"], "help-cause"),
        (A::Cause(3), Letters, &["4"], "help-cause"),
        (A::Cause(4), Letters, &["5"], "help-cause"),
        (A::Cause(5), Letters, &["6"], "help-cause"),
        (A::Cause(6), Letters, &["7"], "help-cause"),
        (A::Cause(7), Letters, &["8"], "help-cause"),
        (A::Cause(8), Letters, &["9"], "help-cause"),
        (A::City, Everywhere, USUAL, "help-city"),
        (A::OwnerCards, Everywhere, USUAL, "help-owner-cards"),
        (A::Sort, Everywhere, USUAL, "help-sort"),
        (A::TurnRound, Everywhere, USUAL, "help-turn-round"),
        (A::SortBy(Column::ALL[0]), Everywhere, &["Alt+0"], "help-sort-by"),
        (A::SortBy(Column::ALL[1]), Everywhere, &["Alt+1"], "help-sort-by"),
        (A::SortBy(Column::ALL[2]), Everywhere, &["Alt+2"], "help-sort-by"),
        (A::SortBy(Column::ALL[3]), Everywhere, &["Alt+3"], "help-sort-by"),
        (A::SortBy(Column::ALL[4]), Everywhere, &["Alt+4"], "help-sort-by"),
        (A::SortBy(Column::ALL[5]), Everywhere, &["Alt+5"], "help-sort-by"),
        (A::SortBy(Column::ALL[6]), Everywhere, &["Alt+6"], "help-sort-by"),
        (A::SortBy(Column::ALL[7]), Everywhere, &["Alt+7"], "help-sort-by"),
        (A::Check, Everywhere, USUAL, "help-check"),
        (A::Explain, Everywhere, USUAL, "help-explain"),
        (A::RawAnswer, Everywhere, USUAL, "help-raw-answer"),
        (A::Show(Screen::BeforeAfter), Everywhere, USUAL, "help-portal"),
        (A::Answer, Everywhere, USUAL, "help-answer"),
        (A::Copy, Everywhere, USUAL, "help-copy"),
        (A::CopyJson, Everywhere, USUAL, "help-copy-json"),
        (A::Save, Everywhere, USUAL, "help-save"),
        (A::Pick, Everywhere, USUAL, "help-pick"),
        (A::Sync, Everywhere, USUAL, "help-sync"),
        (A::CancelSync, Everywhere, USUAL, "help-cancel"),
        (A::Show(Screen::Reconciliation), Everywhere, USUAL, "help-reconcile"),
        (A::DocumentTypes, Everywhere, USUAL, "help-document-types"),
        (A::Engine, Everywhere, USUAL, "help-engine"),
        (A::Journal, Everywhere, USUAL, "help-journal"),
        (A::NextSection, Everywhere, USUAL, "help-section"),
        (A::PreviousSection, Everywhere, USUAL, "help-previous-section"),
        (A::Quit, Everywhere, USUAL, "help-quit"),
        (A::End, Always, &["Ctrl+C"], "help-end"),
        (A::NextPane, Everywhere, USUAL, "help-next-pane"),
        (A::PreviousPane, Everywhere, USUAL, "help-previous-pane"),
        (A::Up, Everywhere, USUAL, "help-up"),
        (A::Down, Everywhere, USUAL, "help-down"),
        (A::PageUp, Everywhere, USUAL, "help-page-up"),
        (A::PageDown, Everywhere, USUAL, "help-page-down"),
        (A::First, Everywhere, USUAL, "help-first"),
        (A::Last, Everywhere, USUAL, "help-last"),
        (A::Open, Everywhere, USUAL, "help-open"),
        (A::Back, Everywhere, USUAL, "help-back"),
        (A::Redraw, Always, USUAL, "help-redraw"),
        (A::Suspend, Always, USUAL, "help-suspend"),
        (A::Mask, Everywhere, USUAL, "help-mask"),
        (A::Theme, Everywhere, USUAL, "help-theme"),
        (A::Mouse, Everywhere, USUAL, "help-mouse"),
        (A::Open, Form, &["Enter"], "help-set-up"),
        (A::NextPane, Form, &["Tab", "Down"], "help-next-field"),
        (A::PreviousPane, Form, &["Shift+Tab", "Up"], "help-previous-field"),
        (A::Demo, FirstRun, &["F7", "d"], "help-demo"),
        (A::Demo, Form, &["F7"], "help-demo"),
        (A::Back, Form, &["Esc"], "help-leave-form"),
        (A::Quit, FirstRun, &["F8", "F10", "q", "Esc"], "help-quit"),
        (A::Quit, Form, &["F8", "F10"], "help-quit"),
        (A::Yes, Question, &["д", "y", "Enter"], "help-yes"),
        (A::No, Question, &["н", "n", "Esc"], "help-no"),
    ]
};
