//! Why the store cannot do what it was asked.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use thiserror::Error as ThisError;

use super::StoreHolder;
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
        holder: Option<StoreHolder>,
    },
    /// Another process holds it as a whole, and does not let go.
    #[error("held by another process")]
    Held {
        /// Who, where that is known.
        holder: Option<StoreHolder>,
    },
    /// A link lies in its place and leads to nothing.
    #[error("the link leads nowhere")]
    LinkToNothing,
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
    /// Too little space for the next generation; nothing was written.
    #[error("{free} bytes are free, {needed} are needed")]
    NoRoom {
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// Another process reads it at the moment, and what was asked allows no reader.
    #[error("another process reads it")]
    InUse,
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
        /// Whose; empty for a sum over all cards.
        card: CardId,
    },
    /// More distinct recorder types than any 1C has.
    #[error("too many recorder types")]
    RecorderTypes,
}

impl Error {
    /// Whether this handle is of no more use: drop it, open the store again, and what was published is there.
    pub fn needs_reopening(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Io(_) | Self::Reopen | Self::Replaced)
    }

    /// Whether what is stored cannot be trusted: set it aside and sync anew.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// A word for this failure: stable, for programs, and the name of its phrases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "store-not-found",
            Self::Foreign { .. } => "store-foreign",
            Self::Newer { .. } => "store-newer",
            Self::Damaged { .. } => "store-damaged",
            Self::AlreadyOpen { holder: None } => "store-already-open",
            Self::AlreadyOpen { holder: Some(_) } => "store-already-open-holder",
            Self::Held { holder: None } => "store-held",
            Self::Held { holder: Some(_) } => "store-held-holder",
            Self::LinkToNothing => "store-link-to-nothing",
            Self::Staging => "store-staging",
            Self::ReadOnly => "store-read-only",
            Self::Replaced => "store-replaced",
            Self::Permission(_) => "store-permission",
            Self::Full(_) => "store-full",
            Self::NoRoom { .. } => "store-no-room",
            Self::InUse => "store-in-use",
            Self::Io(_) => "store-io",
            Self::Reopen => "store-reopen",
            Self::Range { .. } => "store-range",
            Self::RecorderTypes => "store-recorder-types",
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as RowKind;
        match Obstacle::behind(&error) {
            Some(Obstacle::Held) => return Self::Held { holder: None },
            Some(Obstacle::Overwritten) => return Self::Replaced,
            None => {}
        }
        match error.kind() {
            RowKind::NotFound => Self::NotFound,
            RowKind::PermissionDenied | RowKind::ReadOnlyFilesystem => Self::Permission(error),
            RowKind::StorageFull | RowKind::QuotaExceeded | RowKind::FileTooLarge => Self::Full(error),
            RowKind::UnexpectedEof | RowKind::InvalidData => damaged(&error.to_string()),
            _ => Self::Io(error),
        }
    }
}

impl From<redb::Error> for Error {
    fn from(error: redb::Error) -> Self {
        use redb::Error as Redb;
        match error {
            Redb::Io(error) => error.into(),
            Redb::TransactionInProgress => Self::InUse,
            Redb::DatabaseAlreadyOpen | Redb::LockProtocolMismatch => Self::AlreadyOpen { holder: None },
            Redb::UpgradeRequired(_) => Self::Foreign { what: "a redb file of an older format" },
            Redb::PreviousIo | Redb::DatabaseClosed | Redb::LockPoisoned(_) | Redb::TransactionPoisoned => {
                Self::Reopen
            }
            other => damaged(&other.to_string()),
        }
    }
}

macro_rules! from_redb {
    ($($name:ident),*) => {
        $(impl From<redb::$name> for Error {
            fn from(error: redb::$name) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

from_redb!(
    CommitError,
    CompactionError,
    CursorError,
    DatabaseError,
    StorageError,
    TableError,
    TransactionError
);

/// Runs `work`. redb trusts a file that was closed cleanly: where its bytes have changed since, it may
/// panic instead of failing, and that is damage.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    caught_around(&Cell::new(false), work)
}

/// Like [`caught`], where `work` calls a closure of somebody else's and says so in `outside`: a panic out
/// of that one is no damage and goes on.
pub(super) fn caught_around<T>(
    outside: &Cell<bool>,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(panic) if outside.get() => resume_unwind(panic),
        Err(_) => Err(damaged("the storage engine panicked")),
    }
}

/// Calls a closure of somebody else's within [`caught_around`], and says so while it runs.
pub(super) fn ask<T>(outside: &Cell<bool>, closure: impl FnOnce() -> T) -> T {
    outside.set(true);
    let answer = closure();
    outside.set(false);
    answer
}

/// What is said through redb, and understood behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub(in crate::store) enum Obstacle {
    /// Somebody holds a lock, and does not let go.
    #[error("another process holds the store")]
    Held,
    /// The file's header is not the one that was written last.
    #[error("another program wrote to the file")]
    Overwritten,
}

impl Obstacle {
    pub(super) fn error(self) -> io::Error {
        io::Error::other(self)
    }

    /// What a failure of the disk really is.
    pub(in crate::store) fn behind(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

pub(super) fn damaged(what: &str) -> Error {
    Error::Damaged { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_engine_is_damage() {
        let result: Result<(), _> = caught(|| panic!("entered unreachable code"));
        assert!(result.unwrap_err().is_damage());
    }

    #[test]
    #[should_panic(expected = "the caller's own")]
    fn a_panic_of_the_caller_goes_on() {
        let outside = Cell::new(false);
        let _: Result<(), Error> = caught_around(&outside, || {
            outside.set(true);
            panic!("the caller's own");
        });
    }

    #[test]
    fn failures_of_the_disk_are_told_apart() {
        use io::ErrorKind as RowKind;
        let of = |kind: RowKind| Error::from(io::Error::from(kind));
        assert!(matches!(of(RowKind::StorageFull), Error::Full(_)));
        assert!(matches!(of(RowKind::ReadOnlyFilesystem), Error::Permission(_)));
        assert!(matches!(of(RowKind::UnexpectedEof), Error::Damaged { .. }));
        assert!(matches!(of(RowKind::NotFound), Error::NotFound));
        assert!(matches!(of(RowKind::Other), Error::Io(_)));
    }
}
