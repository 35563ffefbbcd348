//! The comparisons kept beside a store: what checks and reconciliations found since its last sync.
//!
//! A file of its own, so that a check can keep what it found while a sync holds the store. It is opened for one write and
//! closed again. Losing it loses nothing but what 1C can be asked for once more: what is damaged or not ours is put
//! aside, and a new one is begun.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::codec::{Decoder, Encoder, seal, unseal};
use super::error::{caught, damaged};
use super::record::{city_source_code, decode_city_source, decode_verdict, verdict_code};
use super::{Error, StoreHolder, file};
use crate::domain::reconcile::latest::{KeptCheck, PartMarks, Reach};
use crate::domain::reconcile::{Compared, Means, WhyNot};
use crate::domain::{CardId, City, Coverage, Difference, Mark, Part};
use crate::files::Identity;

/// Comparisons by card and reach.
const CHECKS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("checks");
/// What is true of the whole file.
const META: TableDefinition<'static, &str, u32> = TableDefinition::new("meta");
const META_VERSION: &str = "version";
/// Version of the records. There is no way from one to another: a file of another is begun anew.
const VERSION: u32 = 1;

/// How long another process that writes is waited for: it has a few records to write.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Bytes of the differences of one card, at most: of more the figures tell.
const MOST_BYTES: usize = 64 << 10;

/// What changes whenever a file is written to: asked for without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileStamp {
    identity: Identity,
    len: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    /// That of a file; `None` where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self { identity: Identity::of(&file), len: file.len(), modified: file.modified().ok() })
    }
}

/// What is to be said once of the file of comparisons.
#[derive(Debug)]
pub enum ChecksRemark {
    /// It was damaged, or none of ours: it lies here now, and a new one was begun.
    SetAside(PathBuf),
    /// It cannot be used: what is compared is remembered only as long as this process runs.
    Unusable(Error),
}

/// A comparison that is kept, and of which card.
pub type KeptRow = (CardId, KeptCheck);

/// Where they lie.
#[derive(Clone, Debug)]
pub struct CheckFile {
    path: PathBuf,
}

impl CheckFile {
    /// Beside a store.
    pub fn beside(store: &Path) -> Self {
        let store = file::resolve(store).unwrap_or_else(|_| store.to_owned());
        Self { path: path_of(&store) }
    }

    /// What tells whether it was written to.
    pub fn stamp(&self) -> Option<FileStamp> {
        FileStamp::of(&self.path)
    }

    /// All that is kept, by card. Nothing where there is no file.
    pub fn all(&self) -> Result<Vec<KeptRow>, Error> {
        self.read(|table| table.iter()?.map(|row| decode_row(&row?)).collect())
    }

    /// What is kept of one card.
    pub fn of(&self, card: CardId) -> Result<Vec<KeptCheck>, Error> {
        self.read(|table| {
            let kept = Reach::ALL.into_iter().map(|reach| {
                let found = table.get(key(card, reach).as_slice())?;
                found.map(|record| decode(record.value())).transpose()
            });
            kept.filter_map(Result::transpose).collect()
        })
    }

    /// Keeps comparisons: of two of the same card and reach the newer one, whichever comes first. Says where a file lies
    /// now that was damaged, or none of ours.
    pub fn keep(&self, rows: &[KeptRow], holder: &StoreHolder) -> Result<Option<PathBuf>, Error> {
        self.write(holder, |table| {
            for (card, check) in rows {
                for reach in Reach::ALL {
                    drop_of_future(table, &key(*card, reach), holder.since)?;
                }
                let key = key(*card, check.reach);
                let known = table.get(key.as_slice())?.map(|record| decode(record.value())).transpose()?;
                if known.is_none_or(|known| check.is_newer_than(&known)) {
                    table.insert(key.as_slice(), encode(*card, check)?.as_slice())?;
                }
            }
            Ok(())
        })
    }

    /// Looks at all that is kept, and keeps what `still` gives back; the rest is dropped.
    pub fn sift(
        &self,
        holder: &StoreHolder,
        still: impl Fn(CardId, KeptCheck) -> Result<Option<KeptCheck>, Error>,
    ) -> Result<Option<PathBuf>, Error> {
        if self.stamp().is_none() {
            return Ok(None);
        }
        self.write(holder, |table| {
            let rows: Result<Vec<_>, Error> = table.iter()?.map(|row| decode_row(&row?)).collect();
            for (card, check) in rows? {
                let (key, before) = (key(card, check.reach), check.clone());
                let is_of_future = check.at > holder.since;
                match if is_of_future { None } else { still(card, check)? } {
                    Some(now) if now == before => {}
                    Some(now) => _ = table.insert(key.as_slice(), encode(card, &now)?.as_slice())?,
                    None => _ = table.remove(key.as_slice())?,
                }
            }
            Ok(())
        })
    }

    fn read<T: Default>(
        &self,
        read: impl FnOnce(&redb::ReadOnlyTable<&'static [u8], &'static [u8]>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        caught(|| {
            let database = match file::open_for_reading(&self.path) {
                Err(Error::NotFound) => return Ok(T::default()),
                opened => opened?,
            };
            let transaction = database.begin_read()?;
            check_version(transaction.open_table(META)?.get(META_VERSION)?.map(|it| it.value()))?;
            read(&transaction.open_table(CHECKS)?)
        })
    }

    /// Writes; into a file begun anew where the one there cannot be used, which is put aside.
    fn write(
        &self,
        holder: &StoreHolder,
        write: impl Fn(&mut redb::Table<'_, &'static [u8], &'static [u8]>) -> Result<(), Error>,
    ) -> Result<Option<PathBuf>, Error> {
        // Opening for writing marks the file: what is none of ours is looked at before.
        let looked = self.read(|_| Ok(()));
        match looked.and_then(|()| self.write_once(holder, &write)) {
            Err(Error::Damaged { .. } | Error::Foreign { .. } | Error::Newer { .. }) => {
                let aside = file::set_aside(&self.path, holder.since)?;
                self.write_once(holder, &write).map(|()| Some(aside))
            }
            written => written.map(|()| None),
        }
    }

    fn write_once(
        &self,
        holder: &StoreHolder,
        write: impl Fn(&mut redb::Table<'_, &'static [u8], &'static [u8]>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        caught(|| {
            let database = self.open(holder)?;
            let transaction = super::begin_write(&database)?;
            {
                check_version(transaction.open_table(META)?.get(META_VERSION)?.map(|it| it.value()))?;
                write(&mut transaction.open_table(CHECKS)?)?;
            }
            transaction.commit()?;
            Ok(database.close()?)
        })
    }

    /// Opens it, and waits for whoever writes at the moment.
    fn open(&self, holder: &StoreHolder) -> Result<Database, Error> {
        let mut waited = Duration::ZERO;
        loop {
            match file::open_for_writing(&self.path, holder, lay_out) {
                Err(Error::AlreadyOpen { .. }) if waited < PATIENCE && !crate::files::is_ending() => {
                    thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                opened => return Ok(opened?.0),
            }
        }
    }
}

/// Drops what was kept while a clock was ahead: it would be the newest until that moment comes.
fn drop_of_future(
    table: &mut redb::Table<'_, &'static [u8], &'static [u8]>,
    key: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let known = table.get(key)?.map(|record| decode(record.value())).transpose()?;
    if known.is_some_and(|known| known.at > now) {
        table.remove(key)?;
    }
    Ok(())
}

/// Where the comparisons kept beside a store lie.
pub(super) fn path_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".checks");
    name.into()
}

fn lay_out(database: &Database) -> Result<(), Error> {
    let write = super::begin_write(database)?;
    write.open_table(META)?.insert(META_VERSION, VERSION)?;
    write.open_table(CHECKS)?;
    Ok(write.commit()?)
}

fn check_version(found: Option<u32>) -> Result<(), Error> {
    match found {
        Some(VERSION) => Ok(()),
        Some(found) => Err(Error::Newer { found, known: VERSION }),
        None => Err(Error::Foreign { what: "a redb file of another program" }),
    }
}

fn key(card: CardId, reach: Reach) -> Vec<u8> {
    let mut key = card.0.as_bytes().to_vec();
    key.push(reach as u8);
    key
}

type RawRow<'a> = (redb::AccessGuard<'a, &'static [u8]>, redb::AccessGuard<'a, &'static [u8]>);

fn decode_row((key, record): &RawRow<'_>) -> Result<KeptRow, Error> {
    let card = super::record::card_of(key.value())?;
    Ok((card, decode(record.value())?))
}

fn encode(card: CardId, check: &KeptCheck) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::default();
    encoder
        .moment(check.at)
        .byte(check.reach as u8)
        .bytes(&check.stamp.to_le_bytes())
        .bytes(&check.holds.to_le_bytes())
        .u128(check.side)
        .byte(verdict_code(check.verdict));
    for sum in [check.opening_balance, check.purchases, check.total, check.before_window, check.variance] {
        encoder.option(sum, Encoder::sum);
    }
    encoder.option(check.points, Encoder::sum_of_points).option(check.balance, Encoder::sum_of_points);
    encoder.option(check.city.as_ref(), |encoder, city| {
        encoder.option(city.as_ref(), |encoder, city| {
            encoder.byte(city_source_code(city.source)).text(&city.name)
        })
    });
    for part in Part::ALL {
        encoder.byte(compared_code(check.coverage.of(part))).byte(check.marks.get(part) as u8);
    }
    encoder.blob(&encode_differences(&check.differences));
    encoder.finish(card).map(seal)
}

fn decode(record: &[u8]) -> Result<KeptCheck, Error> {
    let mut decoder = Decoder::new(unseal(record)?);
    let at = decoder.moment()?;
    let reach = listed(&Reach::ALL, decoder.byte()?)?;
    let [stamp, holds] = [decoder.array()?, decoder.array()?].map(u64::from_le_bytes);
    let side = decoder.u128()?;
    let verdict = decode_verdict(&mut decoder)?;
    let mut sum = || decoder.option(Decoder::sum);
    let [opening_balance, purchases, total, before_window, variance] =
        [sum()?, sum()?, sum()?, sum()?, sum()?];
    let points = decoder.option(Decoder::sum_of_points)?;
    let balance = decoder.option(Decoder::sum_of_points)?;
    let city = decoder.option(|decoder| decoder.option(decode_city))?;
    let (mut coverage, mut marks) = (Coverage::default(), [Mark::Uncompared; Part::ALL.len()]);
    for part in Part::ALL {
        coverage.tell(part, decode_compared(decoder.byte()?)?);
        marks[part as usize] = listed(&Mark::ALL, decoder.byte()?)?;
    }
    let differences = decode_differences(decoder.blob()?)?;
    decoder.finish()?;
    let marks = PartMarks::told(|part| marks[part as usize]);
    Ok(KeptCheck {
        at,
        reach,
        stamp,
        holds,
        side,
        verdict,
        opening_balance,
        purchases,
        total,
        before_window,
        variance,
        points,
        balance,
        city,
        coverage,
        marks,
        differences,
    })
}

fn decode_city(decoder: &mut Decoder<'_>) -> Result<City, Error> {
    Ok(City { source: decode_city_source(decoder)?, name: decoder.text()?.into() })
}

/// As JSON, which has all kinds of figures; nothing of more than can be kept.
fn encode_differences(differences: &[Difference]) -> Vec<u8> {
    if differences.is_empty() {
        return Vec::new();
    }
    // Only a map with keys that are no strings could fail, and there is none.
    let encoded = serde_json::to_vec(differences).unwrap_or_default();
    if encoded.len() <= MOST_BYTES {
        encoded
    } else {
        encode_differences(&differences[..differences.len() / 2])
    }
}

fn decode_differences(bytes: &[u8]) -> Result<Vec<Difference>, Error> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_slice(bytes).map_err(|_| damaged("differences that cannot be read"))
}

/// Reasons lie behind the means.
fn compared_code(compared: Compared) -> u8 {
    let place = match compared {
        Compared::With(means) => means as usize,
        Compared::Not(why_not) => Means::ALL.len() + why_not as usize,
    };
    u8::try_from(place).unwrap_or(u8::MAX)
}

fn decode_compared(code: u8) -> Result<Compared, Error> {
    let place = usize::from(code);
    match (Means::ALL.get(place), place.checked_sub(Means::ALL.len())) {
        (Some(means), _) => Ok(Compared::With(*means)),
        (None, Some(place)) => {
            let reason = WhyNot::ALL.get(place).ok_or_else(|| damaged("no known reason"))?;
            Ok(Compared::Not(*reason))
        }
        (None, None) => Err(damaged("no known means")),
    }
}

fn listed<T: Copy>(all: &[T], code: u8) -> Result<T, Error> {
    all.get(usize::from(code)).copied().ok_or_else(|| damaged("a code that is not listed"))
}
