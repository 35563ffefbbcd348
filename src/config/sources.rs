//! What settings are made of.

use std::path::PathBuf;

use super::places::{Environment, Places};

/// All that settings are made of, already read.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The configuration file, where there is one.
    pub file: Option<SourceFile>,
    /// The environment.
    pub environment: Environment,
    /// What the command line says.
    pub overrides: Overrides,
    /// The platform's folders; `None` where there is no home, which matters only if the store is placed nowhere.
    pub places: Option<Places>,
}

/// A configuration file as read.
#[derive(Clone)]
pub struct SourceFile {
    /// Where it is; relative paths in it start from its folder.
    pub path: PathBuf,
    /// Its contents, which may hold a password.
    pub text: String,
    /// Whether every user of the machine can read it.
    pub readable_by_others: bool,
    /// Whether another user than its owner and root can change it.
    pub writable_by_others: bool,
}

impl std::fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What options of the command line replace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--store`.
    pub store: Option<PathBuf>,
    /// `--days`.
    pub days: Option<u32>,
    /// `--limit`.
    pub limit: Option<u64>,
    /// `--log-level`.
    pub log_level: Option<String>,
    /// `--log-format`.
    pub log_format: Option<String>,
    /// `--socket`.
    pub socket: Option<PathBuf>,
    /// `--listen`.
    pub listen: Option<String>,
}
