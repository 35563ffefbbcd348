//! All that can happen to the dashboard, and the values that come with it.

use ratatui::layout::{Position, Size};

pub use crate::domain::portal::Portal;
pub use crate::engine::{
    CityCount, Column, Detail as CustomerDetail, Found as SearchReply, Keep, ListFilter, ListOrder, ListPart,
    Purchase, RawField, RawFields, RecorderSum, Request, Row, Sent,
};

pub use crate::engine::reconcile::{Listed, Phase, Progress as ReconcileProgress, Wanted};

use super::ask::{Answer, Failure, TaskId, TaskReport};
use super::detail::Section;
use super::effect::Timer;
use super::key::Key;
use super::page::CopySubject;
pub use super::terms::Now;

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The dashboard stands: time to ask for what it shows.
    Started,
    /// A key was pressed.
    Key(Key),
    /// The mouse did something, where it acts here.
    Pointed(Pointer),
    /// Something that is drawn was clicked.
    Chosen(Chosen),
    /// Text was pasted.
    Pasted(String),
    /// The screen has this size now.
    Resized(Size),
    /// The user is back from the shell.
    Resumed,
    /// A timer ran out.
    Waited(Timer),
    /// Time went by.
    Ticked,
    /// Something was put into words; `None` where there is nothing to say of it any more.
    Worded(CopySubject, Option<String>),
    /// A task is on its way.
    Reported(TaskId, TaskReport),
    /// A task ended, however it ended.
    Answered(TaskId, Result<Answer, Failure>),
}

/// Something the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// Where.
    pub at: Position,
    /// What.
    pub act: Point,
}

/// What a click means by what is drawn there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A key of the footer.
    Key(Key),
    /// The head of a column of the list.
    Column(Column),
    /// The name of a section of the customer.
    Section(Section),
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The left button went down.
    Click,
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
}
