//! What terminals of the house and the engine tell each other beside what everybody may read: values of this program, by
//! serde, between equal versions only.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::dashboard::app::ExportFormat;
use crate::dashboard::app::Failure;
use crate::dashboard::app::house::UnderWay;
use crate::domain::{Comparison, Verdict, fingerprint};
use crate::engine::SyncMode;
use crate::engine::event::{DeltaSummary, SyncSummary};

/// A sync as it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SyncWish {
    /// Everything, or what changed.
    pub(super) mode: WishedMode,
    /// Days of purchases to keep; 0 is all history.
    pub(super) days: Option<u32>,
    /// Cards to read; 0 is all.
    pub(super) limit: Option<u64>,
    /// Take the store over to another base.
    pub(super) accept_base: bool,
}

/// Everything, or what changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum WishedMode {
    /// Everything.
    #[default]
    Full,
    /// What changed.
    Delta,
}

impl WishedMode {
    /// The same for the engine.
    pub(super) fn mode(self) -> SyncMode {
        match self {
            Self::Full => SyncMode::Full,
            Self::Delta => SyncMode::Delta,
        }
    }

    /// Its name for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Delta => "delta",
        }
    }
}

/// A sync that was begun, as far as a terminal has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    /// Its number.
    pub(super) id: u64,
    /// Whether it was under way already.
    pub(super) joined: bool,
}

/// How a sync ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SyncEnd {
    /// What it did; `None` where it could not begin.
    pub(super) summary: Option<Box<SyncSummary>>,
    /// What a delta read.
    pub(super) delta: Option<DeltaSummary>,
    /// Why it failed, worded for whoever asked.
    pub(super) failure: Option<Failure>,
    /// What the shell is told of the failure.
    pub(super) exit: u8,
}

/// What a terminal that watches is told whenever it is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watching {
    /// Who is attached.
    pub(super) viewers: Vec<String>,
    /// The sync at work.
    pub(super) sync: Option<UnderWay>,
    /// When the next one begins by itself.
    #[serde(default)]
    pub(super) next_sync_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Whom to check, and beside what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CheckWish {
    /// Whom.
    pub(super) whom: crate::engine::Whom,
    /// Whether 1C is left alone.
    pub(super) offline: bool,
}

/// How the base is to be reconciled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReconcileWish {
    /// Every customer line by line.
    pub(super) live: bool,
    /// Read the lines of so many of the worst.
    pub(super) worst: usize,
}

/// What a file of a reconciled base is to hold, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileWish {
    /// How.
    pub(super) format: ExportFormat,
    /// Only variances; with `strict` those that it counts as well.
    pub(super) only_variances: bool,
    /// What purchases before the window and the unverified are counted as.
    pub(super) strict: bool,
    /// Seconds that the reader's clock is ahead of UTC.
    pub(super) offset_s: i32,
}

impl FileWish {
    /// Whether a card that came out so is listed.
    pub(super) fn has(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Variance => true,
            Verdict::BeforeWindow | Verdict::Unverified => !self.only_variances || self.strict,
            Verdict::Reconciled | Verdict::UnknownCard => !self.only_variances,
        }
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CheckEnd {
    /// The cards.
    pub(super) comparisons: Vec<Comparison>,
    /// How many there are.
    pub(super) total: usize,
    /// Codes of cards that have another phone by now.
    pub(super) phone_moved: Vec<String>,
    /// The code of why the portal could not be asked.
    pub(super) portal_not_asked: Option<String>,
    /// Why 1C could not be asked.
    pub(super) failure: Option<Failure>,
    /// What the shell is told of that.
    pub(super) exit: u8,
    /// Whether it got as far as comparing anything.
    pub(super) could_begin: bool,
}

/// Another text for settings that mean something else of the base, then days and limit: who goes by others does not ask
/// this engine.
pub(super) fn settings_print(config: &Config) -> String {
    let Config { onec, names, points, sync, .. } = config;
    let print = fingerprint(&(&onec.url, &onec.user, names, points));
    format!("{print:016x}.{}.{}", sync.days, sync.limit)
}

/// Whether two of them are of the same base, whatever is read of it: a sync says that itself.
pub(super) fn is_same_base(one: &str, other: &str) -> bool {
    one.split('.').next() == other.split('.').next()
}
