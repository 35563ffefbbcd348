//! What other processes do to the store, noticed without opening it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::home::{Home, StoreHolder};
use super::{Engine, blocking};
use crate::domain::fingerprint;
use crate::store::{self, CheckFile, FileStamp};
use crate::sync::event::{Progress, Stage};
use crate::sync::{Observer, event};

/// What can be seen of the store from outside. Another one of it: something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// Another number whenever the store is written to; `None` where there is none.
    pub stored: Option<u64>,
    /// The same of the comparisons kept beside it.
    pub checked: Option<u64>,
    /// The same of what is noted of the mirror.
    #[serde(default)]
    pub mirrored: Option<u64>,
    /// Another process that writes to it.
    pub writer: Option<OtherWriter>,
}

/// Another process that writes to the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherWriter {
    /// Its number.
    pub pid: u32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The words of its command; empty where they are not known.
    pub command: String,
    /// How far it is, where it says so.
    pub progress: Option<WriterProgress>,
}

/// How far a sync of another process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterProgress {
    /// The stage at work.
    pub stage: Stage,
    /// Percent of the whole.
    pub overall: u8,
}

impl OtherWriter {
    /// Whether it syncs: others look after the store.
    pub fn is_sync(&self) -> bool {
        !self.command.split_whitespace().any(|word| word == "store")
    }
}

impl Home {
    /// What can be seen of the store from outside.
    fn pulse(&self) -> Pulse {
        let Some(path) = self.path() else { return Pulse::default() };
        let seen = |stamp: Option<FileStamp>| stamp.map(|stamp| fingerprint(&stamp));
        Pulse {
            stored: seen(FileStamp::of(path)),
            checked: seen(CheckFile::beside(path).stamp()),
            mirrored: seen(store::mirror_note_stamp(path)),
            writer: self.writer_elsewhere(),
        }
    }

    /// Another process that writes to the store, and how far it is.
    pub(super) fn writer_elsewhere(&self) -> Option<OtherWriter> {
        let holder = self.other_writer()?;
        let progress = self.path().and_then(store::noted_progress).and_then(|(stage, overall)| {
            let stage = Stage::ALL.get(usize::from(stage)).copied()?;
            Some(WriterProgress { stage, overall })
        });
        Some(OtherWriter { pid: holder.pid, since: holder.since, command: holder.command, progress })
    }
}

impl Engine {
    /// Who holds the lock of the store, this process among them; of another host nothing is known.
    pub async fn lock(&self) -> Option<StoreHolder> {
        let home = self.home.clone();
        blocking(move || Ok::<_, store::Error>(home.any_writer())).await.ok().flatten()
    }

    /// What can be seen of the store from outside, without opening it.
    pub async fn pulse(&self) -> Pulse {
        let home = self.home.clone();
        blocking(move || Ok::<_, store::Error>(home.pulse())).await.unwrap_or_default()
    }
}

/// Leaves how far a sync is beside the store, for other processes; passes everything on.
pub(super) struct Noting {
    observer: std::sync::Arc<dyn Observer>,
    home: Home,
    noted: std::sync::Mutex<Option<Noted>>,
}

/// What was noted last, and how long after the beginning.
type Noted = (std::time::Duration, u8, u8);

/// Seconds between two notes.
const BETWEEN: u64 = 1;

impl Noting {
    pub(super) fn new(observer: std::sync::Arc<dyn Observer>, home: Home) -> Self {
        Self { observer, home, noted: std::sync::Mutex::default() }
    }

    fn note(&self, progress: &Progress) {
        let (Some(path), Some(stage)) = (self.home.path(), progress.stage) else { return };
        let now = (progress.elapsed, stage as u8, progress.overall);
        let mut noted = self.noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_due = noted.is_none_or(|(elapsed, stage, overall)| {
            now.0.saturating_sub(elapsed).as_secs() >= BETWEEN && (stage, overall) != (now.1, now.2)
        });
        if is_due {
            *noted = Some(now);
            store::note_progress(path, now.1, now.2);
        }
    }
}

impl Observer for Noting {
    fn progress(&self, progress: &Progress) {
        self.note(progress);
        self.observer.progress(progress);
    }

    fn notice(&self, notice: event::Notice) {
        self.observer.notice(notice);
    }
}
