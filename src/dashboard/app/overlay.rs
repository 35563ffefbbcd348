//! What lies over a screen, one at a time: it has the keyboard.

use super::action::Action;

/// What lies over a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys; the line the cursor is on. Picking a line does what its keys do.
    Help(usize),
    /// What the list shows and in which order; the line the cursor is on.
    View(usize),
    /// The journal, which knows the line the cursor is on.
    Journal,
    /// What is read at leisure; the first line shown.
    Page(usize),
    /// What to copy; the line chosen.
    Pick(usize),
    /// The customers looked at last; the line chosen.
    Recent(usize),
    /// The files that can be written of the reconciled base; the line chosen.
    Export(usize),
    /// A question.
    Ask(Question),
}

impl Overlay {
    /// Whether it keeps an action from what is hidden behind it. What a page says is of the customer it was opened for.
    pub(super) fn keeps(self, action: Action) -> bool {
        match action {
            Action::NextPane | Action::PreviousPane => true,
            Action::Check | Action::Explain | Action::Answer | Action::RawAnswer => {
                !matches!(self, Self::Page(_))
            }
            Action::Copy | Action::CopyJson | Action::Save => {
                !matches!(self, Self::Page(_) | Self::Pick(_) | Self::Export(_) | Self::Journal)
            }
            Action::Filter => self != Self::Journal,
            Action::Pick => !matches!(self, Self::Pick(_)),
            action => action.is_of_customers(),
        }
    }
}

/// What is asked before something that cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Leave, although a sync runs?
    Quit,
    /// Leave? The sync that ran when that was asked has ended meanwhile.
    QuitIdle,
    /// Leave, although the base is being reconciled, or a file of it written?
    QuitBase,
    /// Stop the running sync?
    CancelSync,
    /// Begin the first sync?
    FirstSync,
}
