//! The engine of the store, as a dashboard that may be attached to one follows it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::terms::Now;

/// How it stands with the engine: the whole of it, whenever it is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HouseNews {
    /// None is asked: this terminal works alone. Why, in words, where one was wanted.
    Alone(Option<String>),
    /// One runs that is not asked, being of another version or by other settings: which, in words.
    Other(String),
    /// This terminal is attached to it.
    Attached(Attachment),
    /// It is gone: how, in words, and how long until it is looked for again.
    Lost(String, Duration),
}

impl Default for HouseNews {
    fn default() -> Self {
        Self::Alone(None)
    }
}

/// The number of the attachment of a terminal that found an engine as it began.
pub const FIRST: u64 = 1;

/// A terminal that is attached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Another number whenever it is attached anew: whatever happened between is not known.
    pub number: u64,
    /// Who is attached, this terminal among them.
    pub viewers: Vec<String>,
    /// The sync at work.
    pub sync: Option<UnderWay>,
    /// When the next one begins by itself.
    #[serde(default)]
    pub next_sync_at: Option<DateTime<Utc>>,
}

/// A sync at work in the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderWay {
    /// Its number.
    pub id: u64,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// What the screen knows of the engine.
#[derive(Clone, Debug, Default)]
pub struct House {
    news: HouseNews,
    lost_at: Option<Now>,
    retry_at: Option<Now>,
}

impl House {
    /// Takes how it stands now; what was known before, `None` where that is the same.
    pub(super) fn take(&mut self, news: HouseNews, now: Now) -> Option<HouseNews> {
        if self.news == news {
            return None;
        }
        if let HouseNews::Lost(_, pause) = &news {
            self.lost_at.get_or_insert(now);
            self.retry_at = TimeDelta::from_std(*pause).ok().and_then(|pause| now.checked_add_signed(pause));
        } else {
            (self.lost_at, self.retry_at) = (None, None);
        }
        Some(std::mem::replace(&mut self.news, news))
    }

    /// Whether the engine, there or gone, is whose syncs and whose schedule these are.
    pub fn is_attached(&self) -> bool {
        matches!(self.news, HouseNews::Attached(_) | HouseNews::Lost(..))
    }

    /// Since when it is gone.
    pub fn lost_at(&self) -> Option<Now> {
        self.lost_at
    }

    /// When it is looked for again.
    pub fn retry_at(&self) -> Option<Now> {
        self.retry_at
    }

    /// Who is attached, this terminal among them.
    pub fn viewers(&self) -> &[String] {
        match &self.news {
            HouseNews::Attached(it) => &it.viewers,
            _ => &[],
        }
    }

    /// When its next sync begins by itself.
    pub(super) fn next_sync(&self) -> Option<DateTime<Utc>> {
        match &self.news {
            HouseNews::Attached(it) => it.next_sync_at,
            _ => None,
        }
    }

    /// Whether there is one to be started, or to be begun anew.
    pub fn is_wanting(&self) -> bool {
        !matches!(self.news, HouseNews::Attached(_) | HouseNews::Alone(None))
    }
}
