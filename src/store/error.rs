//! Why the store cannot do what it was asked.

use std::io;

use thiserror::Error as ThisError;

use super::Holder;
use crate::domain::CardId;

/// Why the store cannot do what it was asked. Whatever it is, nothing was overwritten.
#[derive(Debug, ThisError)]
pub enum Error {
    /// There is no store yet.
    #[error("no store yet")]
    NotFound,
    /// What lies there is not a store of ours.
    #[error("not a store: {what}")]
    Foreign {
        /// What it is instead.
        what: &'static str,
    },
    /// Written by a newer version of the program.
    #[error("written by a newer version (format {found}, known up to {known})")]
    Newer {
        /// Its format.
        found: u32,
        /// The latest format known here.
        known: u32,
    },
    /// Its contents cannot be trusted.
    #[error("damaged: {what}")]
    Damaged {
        /// What was noticed.
        what: String,
    },
    /// Another process has it open for writing.
    #[error("already open for writing")]
    AlreadyOpen {
        /// Who, where that is known.
        holder: Option<Holder>,
    },
    /// The next generation is being staged already.
    #[error("the next generation is being staged already")]
    Staging,
    /// Opened for reading only.
    #[error("opened for reading only")]
    ReadOnly,
    /// Another file lies where the store was opened.
    #[error("the file was removed or replaced while it was open")]
    Replaced,
    /// No right to read or write there.
    #[error("permission denied")]
    Permission(#[source] io::Error),
    /// No space left.
    #[error("no space left")]
    Full(#[source] io::Error),
    /// Any other failure of the disk.
    #[error("input or output failed")]
    Io(#[source] io::Error),
    /// An earlier failure of the disk made this handle useless.
    #[error("an earlier failure closed the store: open it again")]
    Reopen,
    /// A value the store cannot keep exactly.
    #[error("{what} of card {card} is out of range")]
    Range {
        /// Which value.
        what: &'static str,
        /// Whose.
        card: CardId,
    },
    /// More distinct recorder types than any 1C has.
    #[error("too many recorder types")]
    RecorderTypes,
}
