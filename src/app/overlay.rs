//! What lies over the panes: the last of a stack has the keyboard.

/// One thing over the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys; the first line shown.
    Help(usize),
    /// The journal; how many lines up from its newest.
    Journal(usize),
    /// What is read at leisure; the first line shown.
    Page(usize),
    /// What to copy; the line chosen.
    Pick(usize),
    /// A question.
    Ask(Question),
}

/// What is asked before something that cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Leave, although a sync runs?
    Quit,
    /// Stop the running sync?
    CancelSync,
}
