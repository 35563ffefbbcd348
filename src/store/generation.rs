//! What is told of a generation and of the runs that made them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Error;
use super::Remarks;
use super::codec::{Decoder, Encoder, seal, unseal};
use super::error::damaged;
use super::record::{push_lines, take_lines};
use super::rows::Lines;
use crate::domain::{Amount, CardId, LocalTime, PointsRule, ReadUnder, Window};

/// What a generation holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cards.
    pub cards: u64,
    /// Cards that were not read by this sync but taken over from the generation before.
    pub carried: u64,
    /// Opening balances, those of unknown cards included.
    pub opening_balances: Lines,
    /// Purchases, those of unknown cards included.
    pub purchases: Lines,
    /// Bonus rows, those of unknown cards included.
    pub bonus_rows: u64,
    /// Products.
    pub products: u64,
    /// Movements of unknown and empty cards.
    pub unknown: Lines,
    /// Cards whose figures are 1C's own.
    pub reconciled: u64,
    /// Cards with purchases before the window.
    pub before_window: u64,
    /// Cards with a variance.
    pub variances: u64,
    /// Cards compared with nothing.
    pub unverified: u64,
}

/// What a generation that was read again and found whole consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Rows of all kinds.
    pub rows: u64,
    /// Bytes of their keys and records.
    pub bytes: u64,
}

/// What vouches for a generation as a whole, beside what each card was compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Proof {
    /// 1C's own totals of all cards were taken twice around the last rows read: the two were equal, and equal
    /// to the rows. So all of it was true in 1C at one moment of that sync (I3).
    Confirmed,
    /// 1C was not asked twice, or publishes no totals: rows of different moments may stand side by side.
    #[default]
    Unconfirmed,
}

impl Proof {
    /// Its stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// How a generation and those before it were read: what a delta may build on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeltaBasis {
    /// When everything was last read.
    pub full_at: DateTime<Utc>,
    /// Deltas since then.
    pub deltas: u32,
    /// Tells apart the names and parts of 1C that were read.
    pub names: u64,
}

/// The manifest of a published generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Number, from 1, always growing.
    pub id: u64,
    /// When it was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// The purchases kept.
    pub window: Window,
    /// The infobase's time that points were reckoned for; `None` where 1C does not publish them, so that
    /// they are unknown and the rows of an earlier generation were kept.
    pub points_at: Option<LocalTime>,
    /// The rule of points.
    pub rule: PointsRule,
    /// What vouches for it.
    pub proof: Proof,
    /// How it was read; `None` where no delta can build on it: a part of the cards was read, or version 2 of
    /// the format, which kept none, wrote it.
    pub basis: Option<DeltaBasis>,
    /// What it holds.
    pub counts: Counts,
    /// Digest of all rows as read from 1C: equal for equal rows, whatever their order of arrival.
    pub digest: u128,
    /// Digest of the figures reckoned from them.
    pub figures_digest: u128,
}

/// The base a store came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// Address without credentials.
    pub address: String,
    /// Some of its cards: the base is known by these, not by its address.
    pub sample: Vec<CardId>,
}

/// What is said of a generation when it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// When it was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// The purchases kept.
    pub window: Window,
    /// The infobase's time that points were reckoned for; `None` where 1C does not publish them, so that
    /// they are unknown and the rows of an earlier generation were kept.
    pub points_at: Option<LocalTime>,
    /// The rule of points.
    pub rule: PointsRule,
    /// What vouches for it.
    pub proof: Proof,
    /// How it was read; `None` where no delta can build on it.
    pub basis: Option<DeltaBasis>,
    /// The base it came from.
    pub base: Base,
    /// The settings it was read under, and what 1C answered.
    pub read_under: ReadUnder,
    /// What was found out beside.
    pub remarks: Remarks,
    /// The run that made it; its counts are filled in.
    pub run: Run,
}

/// How a generation was read, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadRecord {
    generation: u64,
    read: ReadUnder,
}

impl ReadRecord {
    pub(super) fn encode(generation: u64, read: &ReadUnder) -> Vec<u8> {
        let record = Self { generation, read: read.clone() };
        // Only a map with keys that are no strings could fail, and there is none.
        seal(serde_json::to_vec(&record).unwrap_or_default())
    }

    /// What is kept of this generation; nothing where it is another's, or of a shape this version does not know.
    pub(super) fn decode(bytes: &[u8], generation: u64) -> Result<Option<ReadUnder>, Error> {
        let record: Option<Self> = serde_json::from_slice(unseal(bytes)?).ok();
        Ok(record.filter(|record| record.generation == generation).map(|record| record.read))
    }
}

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The manifest.
    pub generation: Generation,
    /// What changed since the generation before.
    pub changes: Changes,
}

/// Rows that are new, differ or vanished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Not in the generation before.
    pub created: u64,
    /// In both, with other contents.
    pub changed: u64,
    /// In the generation before only.
    pub removed: u64,
}

/// What changed since the generation before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Cards.
    pub cards: Delta,
    /// Movements.
    pub movements: Delta,
    /// Bonus rows.
    pub bonus_rows: Delta,
    /// Sum of the movements removed, each by its absolute value, roubles.
    pub removed_amount: Amount,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RunOutcome {
    /// A new generation is visible.
    Published,
    /// The last generation stays.
    Failed,
    /// Stopped by the user; the last generation stays.
    Cancelled,
}

/// One run of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: RunOutcome,
    /// The generation it published; publishing fills it in.
    pub generation: Option<u64>,
    /// Cards of that generation; publishing fills it in.
    pub cards: u64,
    /// Movements of that generation; publishing fills it in.
    pub movements: u64,
    /// Changes of movements; publishing fills it in.
    pub changes: Delta,
    /// Cards with a variance; publishing fills it in.
    pub variances: u64,
    /// Cards compared with nothing; publishing fills it in.
    pub unverified: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Requests sent, repeats included.
    pub requests: u64,
    /// Requests repeated.
    pub retries: u64,
    /// Bytes received.
    pub bytes: u64,
    /// Code of the error that ended it.
    pub error: Option<String>,
}

/// What is published: one record that is always there, so that its loss is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PublishedHead {
    pub(super) generation: Option<Generation>,
    pub(super) base: Option<Base>,
    /// Digest of what lists show, customers and their figures: lists are read more often than whole
    /// generations, and by those who cannot wait for one. Version 1 kept none.
    pub(super) lists: Option<u128>,
}

impl PublishedHead {
    pub(super) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut encoder = Encoder::default();
        encoder
            .option(self.generation.as_ref(), |encoder, generation| generation.encode(encoder))
            .option(self.base.as_ref(), |encoder, base| base.encode(encoder))
            .option(self.lists, Encoder::u128);
        encoder.finish(CardId::EMPTY).map(seal)
    }

    /// A head as this version of the format or an earlier one wrote it.
    pub(super) fn decode(bytes: &[u8], version: u32) -> Result<Self, Error> {
        let mut decoder = Decoder::new(unseal(bytes)?);
        let head = Self {
            generation: decoder.option(|decoder| Generation::decode(decoder, version))?,
            base: decoder.option(Base::decode)?,
            lists: if version < 2 { None } else { decoder.option(Decoder::u128)? },
        };
        decoder.finish()?;
        Ok(head)
    }
}

impl Generation {
    fn encode<'e>(&self, encoder: &'e mut Encoder) -> &'e mut Encoder {
        encoder
            .unsigned(self.id)
            .moment(self.synced_at)
            .unsigned(self.window.days.into())
            .option(self.window.from, Encoder::local_time)
            .option(self.points_at, Encoder::local_time)
            .byte(match self.rule {
                PointsRule::LastRecord => 0,
                PointsRule::RegisterBalance => 1,
            })
            .u128(self.digest)
            .u128(self.figures_digest);
        self.counts.encode(encoder);
        encoder.byte(match self.proof {
            Proof::Unconfirmed => 0,
            Proof::Confirmed => 1,
        });
        encoder.option(self.basis, |encoder, basis| {
            encoder.moment(basis.full_at).unsigned(basis.deltas.into()).unsigned(basis.names)
        })
    }

    fn decode(decoder: &mut Decoder<'_>, version: u32) -> Result<Self, Error> {
        Ok(Self {
            id: decoder.unsigned()?,
            synced_at: decoder.moment()?,
            window: Window {
                days: u32::try_from(decoder.unsigned()?).map_err(|_| damaged("a window is too long"))?,
                from: decoder.option(Decoder::local_time)?,
            },
            points_at: decoder.option(Decoder::local_time)?,
            rule: match decoder.byte()? {
                0 => PointsRule::LastRecord,
                1 => PointsRule::RegisterBalance,
                _ => return Err(damaged("no known rule of points")),
            },
            digest: decoder.u128()?,
            figures_digest: decoder.u128()?,
            counts: Counts::decode(decoder)?,
            // Before version 2 nobody asked 1C twice.
            proof: if version < 2 { Proof::Unconfirmed } else { take_proof(decoder)? },
            // Before version 3 there were no deltas.
            basis: if version < 3 { None } else { decoder.option(DeltaBasis::decode)? },
        })
    }
}

impl DeltaBasis {
    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self {
            full_at: decoder.moment()?,
            deltas: u32::try_from(decoder.unsigned()?).map_err(|_| damaged("too many deltas"))?,
            names: decoder.unsigned()?,
        })
    }
}

fn take_proof(decoder: &mut Decoder<'_>) -> Result<Proof, Error> {
    match decoder.byte()? {
        0 => Ok(Proof::Unconfirmed),
        1 => Ok(Proof::Confirmed),
        _ => Err(damaged("neither confirmed nor unconfirmed")),
    }
}

impl Counts {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.unsigned(self.cards).unsigned(self.carried).unsigned(self.bonus_rows).unsigned(self.products);
        for lines in [self.opening_balances, self.purchases, self.unknown] {
            push_lines(encoder, lines);
        }
        for verdict in [self.reconciled, self.before_window, self.variances, self.unverified] {
            encoder.unsigned(verdict);
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self {
            cards: decoder.unsigned()?,
            carried: decoder.unsigned()?,
            bonus_rows: decoder.unsigned()?,
            products: decoder.unsigned()?,
            opening_balances: take_lines(decoder)?,
            purchases: take_lines(decoder)?,
            unknown: take_lines(decoder)?,
            reconciled: decoder.unsigned()?,
            before_window: decoder.unsigned()?,
            variances: decoder.unsigned()?,
            unverified: decoder.unsigned()?,
        })
    }
}

impl Base {
    fn encode<'e>(&self, encoder: &'e mut Encoder) -> &'e mut Encoder {
        encoder.text(&self.address).unsigned(self.sample.len() as u64);
        self.sample.iter().fold(encoder, |encoder, card| encoder.uuid(card.0))
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, Error> {
        let address = decoder.text()?.into();
        let count = decoder.unsigned()?;
        let sample = (0..count).map(|_| decoder.uuid().map(CardId)).collect::<Result<_, _>>()?;
        Ok(Self { address, sample })
    }
}

impl Run {
    pub(super) fn encode(&self) -> Result<Vec<u8>, Error> {
        let Delta { created, changed, removed } = self.changes;
        Encoder::default()
            .moment(self.started_at)
            .unsigned(self.took.as_secs())
            .unsigned(self.took.subsec_nanos().into())
            .byte(match self.outcome {
                RunOutcome::Published => 0,
                RunOutcome::Failed => 1,
                RunOutcome::Cancelled => 2,
            })
            .option(self.generation, Encoder::unsigned)
            .unsigned(self.cards)
            .unsigned(self.movements)
            .unsigned(created)
            .unsigned(changed)
            .unsigned(removed)
            .unsigned(self.variances)
            .unsigned(self.unverified)
            .unsigned(self.rejected)
            .unsigned(self.requests)
            .unsigned(self.retries)
            .unsigned(self.bytes)
            .option(self.error.as_deref(), Encoder::text)
            .finish(CardId::EMPTY)
            .map(seal)
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut decoder = Decoder::new(unseal(bytes)?);
        let run = Self {
            started_at: decoder.moment()?,
            took: take_duration(&mut decoder)?,
            outcome: match decoder.byte()? {
                0 => RunOutcome::Published,
                1 => RunOutcome::Failed,
                2 => RunOutcome::Cancelled,
                _ => return Err(damaged("a run that ended in no known way")),
            },
            generation: decoder.option(Decoder::unsigned)?,
            cards: decoder.unsigned()?,
            movements: decoder.unsigned()?,
            changes: Delta {
                created: decoder.unsigned()?,
                changed: decoder.unsigned()?,
                removed: decoder.unsigned()?,
            },
            variances: decoder.unsigned()?,
            unverified: decoder.unsigned()?,
            rejected: decoder.unsigned()?,
            requests: decoder.unsigned()?,
            retries: decoder.unsigned()?,
            bytes: decoder.unsigned()?,
            error: decoder.option(Decoder::text)?.map(Into::into),
        };
        decoder.finish()?;
        Ok(run)
    }
}

fn take_duration(decoder: &mut Decoder<'_>) -> Result<Duration, Error> {
    let (seconds, nanos) = (decoder.unsigned()?, decoder.unsigned()?);
    match u32::try_from(nanos) {
        Ok(nanos) if nanos < 1_000_000_000 => Ok(Duration::new(seconds, nanos)),
        _ => Err(damaged("a duration is out of range")),
    }
}
