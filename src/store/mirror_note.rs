//! The note beside the store that says how its mirror stands. Nothing depends on it: the mirror itself is asked before anything
//! is written there. It spares whoever asks for the state of things a question over the network.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::note::look;
use crate::files::{Draft, folder_of};

/// What a note begins with: nothing else is written over.
const BEGIN: &str = "{\"mirror\":";

/// Why a mirror was not brought up to date, or differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorFault {
    /// Its code.
    pub code: String,
    /// What its words say, by name.
    pub values: Vec<(String, String)>,
}

impl MirrorFault {
    /// A fault of this code.
    pub fn new(code: &str, values: Vec<(&'static str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { code: code.to_owned(), values }
    }
}

/// How the mirror stood when this program last wrote there, or tried to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorNote {
    /// Which one: that of other settings is another.
    pub mirror: String,
    /// The generation it shows.
    pub generation: Option<u64>,
    /// When that was published there.
    pub published_at: Option<DateTime<Utc>>,
    /// Whether its own sums were those of the store.
    pub verified: bool,
    /// When it was last tried.
    pub tried_at: Option<DateTime<Utc>>,
    /// Why it is not what is published, or differs.
    pub fault: Option<MirrorFault>,
}

/// Where it lies.
pub(super) fn path_of(store: &Path) -> PathBuf {
    store.with_extension("mirror.json")
}

/// What is noted.
pub(super) fn read(store: &Path) -> Option<MirrorNote> {
    serde_json::from_str(&look(&path_of(store))?).ok()
}

/// Leaves the note, in the place of another note or of none.
pub(super) fn write(store: &Path, note: &MirrorNote) {
    let path = path_of(store);
    if is_of_others(&path) {
        return;
    }
    let (Ok(draft), Ok(text)) = (Draft::in_folder(folder_of(&path), 0o600), serde_json::to_string(note))
    else {
        return;
    };
    let _ = draft.file().write_all(text.as_bytes()).and_then(|()| draft.replace(&path));
}

/// Takes the note back: there is no mirror any more.
pub(super) fn remove(store: &Path) {
    let path = path_of(store);
    if !is_of_others(&path) {
        let _ = fs::remove_file(path);
    }
}

fn is_of_others(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok() && look(path).is_none_or(|text| !text.starts_with(BEGIN))
}
