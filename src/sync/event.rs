//! What a running sync tells: equal for the dashboard, the headless command and the tests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use super::pace::ReadingPace;
pub use super::sudden_loss::{Loss, Subject};
pub use super::sync_mode::WhyFull;
use crate::domain::{Finding, LocalTime};
use crate::odata::{self, RowFault};
pub use crate::store::{Lines as LinesAndAmount, MirrorFault, RunOutcome as Outcome};

/// What a delta read, beside the last days and the part of history whose turn it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeltaSummary {
    /// When everything was last read.
    pub full_at: DateTime<Utc>,
    /// Cards and owners that are new or changed.
    pub listed: u64,
    /// Cards of which rows were read again because 1C's sums differ.
    pub cards: u64,
    /// Rows read again for them.
    pub rows: u64,
    /// Rows of the last days, of the future and of the part of history whose turn it was.
    pub turned: u64,
    /// 1C tells no totals: what is older than those days is seen when its turn comes.
    pub is_blind: bool,
}

impl DeltaSummary {
    pub(super) fn since(full_at: DateTime<Utc>) -> Self {
        Self { full_at, listed: 0, cards: 0, rows: 0, turned: 0, is_blind: false }
    }

    /// Edits that change no sum are in the store after so many deltas at the latest.
    pub const BOUND: u32 = super::reread_schedule::BOUND;
}

/// The stages of a full sync, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// Asking 1C what it publishes and how much there is.
    Preparing,
    /// Discount cards, then their owners.
    Cards,
    /// Opening balances, which no period limits.
    OpeningBalances,
    /// Purchases of the window, then the names of products.
    Purchases,
    /// Bonus points.
    Points,
    /// 1C's own sums.
    ControlTotals,
    /// The one atomic publication.
    Publishing,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 7] = [
        Self::Preparing,
        Self::Cards,
        Self::OpeningBalances,
        Self::Purchases,
        Self::Points,
        Self::ControlTotals,
        Self::Publishing,
    ];

    /// The stage's share of the overall progress, in percent: where it begins and where it ends.
    pub fn share(self) -> (u8, u8) {
        match self {
            Self::Preparing => (0, 10),
            Self::Cards => (10, 40),
            Self::OpeningBalances => (42, 50),
            Self::Purchases => (55, 85),
            Self::Points => (90, 98),
            Self::ControlTotals => (98, 99),
            Self::Publishing => (99, 100),
        }
    }

    /// The stage's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Cards => "cards",
            Self::OpeningBalances => "opening_balances",
            Self::Purchases => "purchases",
            Self::Points => "points",
            Self::ControlTotals => "control_totals",
            Self::Publishing => "publishing",
        }
    }
}

/// Where one stage stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StageState {
    /// Not begun.
    #[default]
    Waiting,
    /// At work.
    Running,
    /// At work, and a request is being repeated.
    Retrying,
    /// Ended well.
    Done,
    /// Stopped on the way, to be gone on with.
    Paused,
    /// Ended badly.
    Failed,
}

/// One stage's gauge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageProgress {
    /// Where it stands.
    pub state: StageState,
    /// Rows done, those that an earlier attempt had read among them.
    pub done: u64,
    /// All rows that will be read, by 1C's count; `None` while unknown. It never grows.
    pub total: Option<u64>,
    /// Rows done that an earlier attempt had read.
    pub credited: u64,
    /// Rows read a second time, thinly, to see whether they are still the same.
    pub confirmed: u64,
    /// All rows that will be read so.
    pub to_confirm: u64,
    /// Requests repeated so far in this stage.
    pub retries: u64,
    /// Rows that could not be read so far.
    pub rejected: u64,
    /// How long the stage has taken so far.
    pub elapsed: Duration,
}

impl StageProgress {
    /// 0 to 100; a stage of unknown length shows nothing until it is done.
    pub fn percent(&self) -> u8 {
        match (self.state, self.total) {
            (StageState::Done, _) => 100,
            (_, Some(total)) if total > 0 => {
                let all = u128::from(total) + u128::from(self.to_confirm);
                let rest = self.rest().map_or(all, u128::from);
                u8::try_from(all.saturating_sub(rest) * 100 / all).map_or(99, |it| it.min(99))
            }
            _ => 0,
        }
    }

    /// Rows that are still to come, to be read or confirmed; `None` while it is not known how many there are.
    pub fn rest(&self) -> Option<u64> {
        if self.state == StageState::Done {
            return Some(0);
        }
        let to_read = self.total?.saturating_sub(self.done);
        Some(to_read.saturating_add(self.to_confirm.saturating_sub(self.confirmed)))
    }

    /// Whether it is at work.
    pub fn is_at_work(&self) -> bool {
        matches!(self.state, StageState::Running | StageState::Retrying)
    }
}

/// A request that failed and is sent again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// Which repeat of it comes next, from 1.
    pub number: u32,
    /// How many there are at most.
    pub of: u32,
    /// The pause before it.
    pub wait: Duration,
}

impl Repeat {
    /// The repeat that follows a failure.
    pub fn of(trouble: &odata::Trouble) -> Self {
        let (number, of) = trouble.repeat;
        Self { number, of, wait: trouble.wait }
    }
}

/// The last request that failed and was sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRepeat {
    /// Which it is, and when it is sent.
    pub repeat: Repeat,
    /// When the request failed, since the start.
    pub at: Duration,
    /// Why.
    pub error: odata::Error,
}

/// The latest state of a running sync. Overwritten, never queued: a slow listener skips, not stalls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The stage at work.
    pub stage: Option<Stage>,
    /// All stages, in the order of [`Stage::ALL`].
    pub stages: [StageProgress; 7],
    /// 0 to 100, never running backwards; 100 only after publishing.
    pub overall: u8,
    /// Requests sent so far.
    pub requests: u64,
    /// Bytes received so far.
    pub bytes: u64,
    /// Time since the start.
    pub elapsed: Duration,
    /// How fast rows arrived lately; `None` while nothing tells.
    pub pace: Option<ReadingPace>,
    /// When something last came from 1C, since the start.
    #[serde(default)]
    pub heard: Duration,
    /// How long a request waits while nothing comes; zero where that is not known.
    #[serde(default)]
    pub patience: Duration,
    /// The last request that failed and was sent again.
    pub last_repeat: Option<Box<LastRepeat>>,
    /// How far the mirror is, while what was published is brought there.
    #[serde(default)]
    pub mirror: Option<MirrorGauge>,
}

/// How far a mirror is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorGauge {
    /// Cards and products that were gone through.
    pub done: u64,
    /// All of them. Once all were, the database is asked for its own sums.
    pub total: u64,
}

impl MirrorGauge {
    /// 0 to 100: that of a whole is left to the proof.
    pub fn percent(self) -> u8 {
        let part = u128::from(self.done.min(self.total)) * 100 / u128::from(self.total.max(1));
        u8::try_from(part).unwrap_or(99).min(99)
    }

    /// Whether all was written and is being proven.
    pub fn is_proving(self) -> bool {
        self.total > 0 && self.done >= self.total
    }
}

/// That nothing comes from 1C for so long is worth a word.
const UNHEARD: Duration = Duration::from_secs(5);

impl Progress {
    /// The gauge of one stage.
    pub fn of(&self, stage: Stage) -> &StageProgress {
        &self.stages[stage as usize]
    }

    /// Rows a second, over the last seconds.
    pub fn rate(&self) -> u64 {
        self.pace.map_or(0, |pace| pace.rate(self.elapsed))
    }

    /// Requests repeated so far.
    pub fn retries(&self) -> u64 {
        self.stages.iter().map(|stage| stage.retries).sum()
    }

    /// How long no row has come where rows are read, if that is longer than it mostly is.
    pub fn rowless(&self) -> Option<Duration> {
        let at = self.of(self.stage?);
        self.pace.filter(|_| at.state == StageState::Running && at.rest().is_some())?.silence(self.elapsed)
    }

    /// How long nothing at all has come from 1C, which was asked, if that is longer than it mostly is.
    pub fn silence(&self) -> Option<Duration> {
        let stage = self.stage.filter(|stage| *stage < Stage::Publishing)?;
        let at = self.of(stage);
        let quiet = self.elapsed.saturating_sub(self.heard).min(at.elapsed);
        let is_long = quiet >= UNHEARD && at.state == StageState::Running;
        let is_usual = self.pace.is_some() && at.rest().is_some() && self.rowless().is_none();
        (is_long && !is_usual).then_some(quiet)
    }

    /// How long the stage at work still takes at the rate of the last seconds; `None` where there is no ground to tell.
    pub fn stage_left(&self) -> Option<Duration> {
        let at = self.of(self.stage?);
        let rest = at.rest().filter(|_| at.is_at_work())?;
        self.pace?.time_for(rest, self.elapsed)
    }

    /// How long the whole still takes: what all stages will read, at that rate, and as large a part of the whole for the
    /// proof and the publication as theirs is of the gauge. `None` where there is no ground to tell.
    pub fn left(&self) -> Option<Duration> {
        let is_counted = |stage: &Stage| (Stage::Cards..Stage::ControlTotals).contains(stage);
        let stage = self.stage.filter(|stage| is_counted(stage) && self.of(*stage).is_at_work())?;
        let to_come = Stage::ALL.into_iter().filter(|it| *it >= stage && *it < Stage::ControlTotals);
        let rests = to_come.map(|stage| self.of(stage).rest());
        let rows = rests.reduce(|sum, rest| Some(sum?.saturating_add(rest?)))??;
        let reading = self.pace?.time_for(rows, self.elapsed)?;
        let (end_of_reading, _) = Stage::ControlTotals.share();
        let rest = u32::from(100 - end_of_reading);
        Some(reading.saturating_add(self.elapsed.saturating_add(reading) / u32::from(end_of_reading) * rest))
    }

    /// The same some time later, while nothing new was told.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Self {
        self.elapsed = self.elapsed.saturating_add(time);
        if let Some(stage) = self.stage.map(|stage| &mut self.stages[stage as usize])
            && stage.is_at_work()
        {
            stage.elapsed = stage.elapsed.saturating_add(time);
        }
        self
    }
}

/// Something worth a line in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// A stage began.
    StageStarted(Stage),
    /// A stage ended, with its rows.
    StageDone(Stage, u64),
    /// A request is repeated: stage, which repeat and when, what went wrong, and what was asked as 1C calls it; empty where
    /// that is no set.
    Retrying(Stage, Repeat, odata::Error, String),
    /// A row that could not be read.
    Rejected {
        /// Its entity set, as 1C calls it.
        set: String,
        /// Its key in words.
        key: String,
        /// The field, as 1C calls it.
        field: String,
        /// What is wrong with that.
        fault: RowFault,
    },
    /// 1C refuses this kind of filter: the whole register is read and filtered here.
    FilterRefused(String),
    /// 1C does not offer a way of asking: of which entity set, and which. It is asked otherwise.
    Otherwise(String, odata::Capability),
    /// A field is not published: which, with its set.
    NotPublished(String),
    /// A set or virtual table is gone without: it is not published, or this account may not read it.
    GoneWithout(odata::Error),
    /// The base has a new address: which, without credentials.
    NewAddress(String),
    /// A set changed while it was read and is read again: what.
    ChangedUnderneath(String),
    /// 1C's own totals contradict its rows, however often they are read: on how many cards.
    TotalsContradict(u64),
    /// A sync that was cut off is gone on with: when it began.
    GoingOn(DateTime<Utc>),
    /// Much vanished suddenly: 1C is looked at a second time after so long.
    SuddenLoss(Loss, Duration),
    /// Much vanished suddenly, and the second look found the same: it is published.
    LossTaken(Loss),
    /// What a delta that was published had read.
    Delta(DeltaSummary),
    /// A delta was asked for, and everything is read.
    FullInstead(WhyFull),
    /// 1C tells no totals: what changed before this moment is seen when its turn comes.
    DeltaIsBlind(LocalTime),
    /// The same of points alone.
    DeltaIsBlindToPoints(LocalTime),
    /// This machine's clock and the server's, which are far apart: the window goes by the server's.
    ClocksDiffer(DateTime<Utc>, DateTime<Utc>),
    /// What somebody should mend: kept with what is published, and told as long as syncs find it.
    Found(Finding),
    /// The command of `sync.on_event` ended with this status; `None`: it did not start, or did not end by itself.
    CommandFailed(Option<i32>),
    /// The mirror shows a generation: its number, how many of its cards and products changed. The database's own sums are
    /// those of the store.
    Mirrored(u64, u64),
    /// The mirror shows a generation, and the database's own sums differ: its number, and which.
    MirrorDiffers(u64, MirrorFault),
    /// The mirror was not brought up to date: why.
    MirrorFailed(MirrorFault),
}

/// What a sync did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncSummary {
    /// How it ended.
    pub outcome: Outcome,
    /// The generation visible now; `None` before the first.
    pub generation: Option<u64>,
    /// Cards of the new generation.
    pub cards: u64,
    /// Opening balances of the new generation.
    pub opening_balances: LinesAndAmount,
    /// Purchases of the new generation.
    pub purchases: LinesAndAmount,
    /// Bonus rows of the new generation; `None` where 1C did not tell them.
    pub points_lines: Option<u64>,
    /// Movements that are new.
    pub created: u64,
    /// Movements that changed.
    pub changed: u64,
    /// Movements that vanished.
    pub removed: u64,
    /// Rows that could not be read.
    pub skipped: u64,
    /// Requests repeated.
    pub retries: u64,
    /// Requests sent, repeats included.
    pub requests: u64,
    /// Bytes received.
    pub bytes: u64,
    /// How long each stage took, in the order of [`Stage::ALL`].
    pub stages: [Duration; 7],
    /// How long all took.
    pub elapsed: Duration,
    /// Cards whose figures differ from 1C's own sums.
    pub variances: u64,
    /// Cards that have purchases before the window in 1C, which nobody stores.
    pub before_window: u64,
    /// Cards compared with nothing.
    pub unverified: u64,
    /// Whether only some cards were read, as asked for: nothing is said of the others.
    pub is_partial: bool,
    /// What somebody should mend.
    pub findings: Vec<Finding>,
}

impl SyncSummary {
    /// Of a sync of which it is known how it ended, and nothing else.
    pub fn only(outcome: Outcome) -> Self {
        Self {
            outcome,
            generation: None,
            cards: 0,
            opening_balances: LinesAndAmount::default(),
            purchases: LinesAndAmount::default(),
            points_lines: None,
            created: 0,
            changed: 0,
            removed: 0,
            skipped: 0,
            retries: 0,
            requests: 0,
            bytes: 0,
            stages: [Duration::ZERO; 7],
            elapsed: Duration::ZERO,
            variances: 0,
            before_window: 0,
            unverified: 0,
            is_partial: false,
            findings: Vec::new(),
        }
    }
}
