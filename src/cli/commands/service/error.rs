//! Why the service is neither installed nor removed.

use std::path::PathBuf;

use super::plan::{SETTINGS, STORE};
use crate::text::{Problem, Texts, Value};

/// Why nothing was done, or not all.
#[derive(Debug)]
pub(super) enum ServiceError {
    /// The system is run by another program.
    NoSystemd,
    /// The user has no manager of services in this session.
    NoUserManager,
    /// Only root may; this command would be it.
    NoRights,
    /// A unit of this name was written by somebody else.
    Foreign(PathBuf),
    /// The administrator has forbidden a service of this name.
    Masked(PathBuf),
    /// The unit came with a package.
    Packaged(PathBuf),
    /// The service could not reach the program: its folder is hidden from it.
    ProgramHidden(PathBuf),
    /// The name of the program cannot stand in a unit.
    ProgramName(PathBuf),
    /// A store was named, and the system's service has a place of its own for it.
    StoreNamed,
    /// Nobody is there to be asked.
    Unconfirmed,
    /// A command failed, or could not be run.
    Command {
        /// The command.
        command: String,
        /// What it said.
        why: String,
    },
}

impl ServiceError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSystemd => "service-no-systemd",
            Self::NoUserManager => "service-no-user-manager",
            Self::NoRights => "service-no-rights",
            Self::Foreign(_) => "service-foreign",
            Self::Masked(_) => "service-masked",
            Self::Packaged(_) => "service-packaged",
            Self::ProgramHidden(_) => "service-program-hidden",
            Self::ProgramName(_) => "service-program-name",
            Self::StoreNamed => "service-store",
            Self::Unconfirmed => "service-unconfirmed",
            Self::Command { .. } => "service-command",
        }
    }

    /// What happened and what to do.
    pub(super) fn problem(&self, texts: Texts) -> Problem {
        let values: Vec<(&'static str, Value<'_>)> = match self {
            Self::StoreNamed => vec![("place", STORE.into()), ("settings", SETTINGS.into())],
            Self::NoSystemd | Self::NoUserManager | Self::NoRights | Self::Unconfirmed => Vec::new(),
            Self::Foreign(path)
            | Self::Masked(path)
            | Self::Packaged(path)
            | Self::ProgramHidden(path)
            | Self::ProgramName(path) => vec![("path", path.as_path().into())],
            Self::Command { command, why } => vec![("command", command.into()), ("why", why.into())],
        };
        texts.problem(self.code(), &values)
    }
}
