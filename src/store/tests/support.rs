//! Rows to store, and a disk that fails as it is told.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::domain::{
    Amount, BonusRow, CardFigures, CardId, City, CitySource, ControlTotals, Customer, Direction,
    DoubtfulRows, LocalTime, Movement, MovementKey, MovementKind, OwnerId, Points, PointsRule, ProductId,
    Quantity, RecorderId, RecorderType, StoredFigures, Verdict, Window,
};
use crate::store::{
    Base, CardRows, Delta, DeltaBasis, ListedCustomer, Origin, Proof, Publication, Published, Remarks, Run,
    RunOutcome, Staging, Store,
};

pub(super) fn id(number: u64) -> Uuid {
    Uuid::from_u128(number.into())
}

pub(super) fn card(number: u64) -> CardId {
    CardId(id(number))
}

pub(super) fn amount(kopecks: i64) -> Amount {
    Amount::from_units(kopecks)
}

pub(super) fn time(days: i64) -> LocalTime {
    LocalTime::from(NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()) + TimeDelta::days(days)
}

pub(super) fn customer(number: u64, name: &str) -> Customer {
    Customer {
        card: card(number),
        owner: Some(OwnerId(card(number).0)),
        code: format!("{number:09}"),
        barcode: format!("7978{number:07}"),
        phone: Some(format!("7978{number:07}")),
        name: name.into(),
        city: Some(City { name: "Симферополь".into(), source: CitySource::MainDetailsLine3 }),
        ..Customer::default()
    }
}

fn key(recorder: u64, line: u64, recorder_type: &str) -> MovementKey {
    MovementKey {
        recorder: RecorderId(id(recorder)),
        recorder_type: RecorderType(recorder_type.into()),
        line,
    }
}

/// A purchase; its document is one of several types.
pub(super) fn movement(card_number: u64, line: u64, recorder: u64, kopecks: i64) -> Movement {
    Movement {
        card: card(card_number),
        key: key(recorder, line, if recorder.is_multiple_of(2) { "Возврат" } else { "ЧекККМ" }),
        kind: MovementKind::Purchase,
        period: time(line.cast_signed()),
        amount: amount(kopecks),
        quantity: Quantity::from_units(1000),
        product: Some(ProductId(id(5))),
    }
}

pub(super) fn opening(card_number: u64, line: u64, kopecks: i64) -> Movement {
    Movement {
        key: key(0, line, "ВводНачальныхОстатков"),
        kind: MovementKind::OpeningBalance,
        product: None,
        ..movement(card_number, line, 0, kopecks)
    }
}

pub(super) fn bonus(card_number: u64, line: u64, points: i64) -> BonusRow {
    BonusRow {
        card: card(card_number),
        key: key(3, line, "НачислениеБонусов"),
        period: time(line.cast_signed()),
        direction: Direction::Receipt,
        accrued: Points::from_units(points * 100),
        to_write_off: Points::from_units(points),
    }
}

/// Customers, each of a card and an owner of their own.
pub(super) fn listed(customers: &[Customer]) -> Vec<ListedCustomer> {
    let listed = |customer: &Customer| ListedCustomer {
        customer: customer.clone(),
        origin: Some(Origin {
            card_version: "AAAAAAAAAAA=".into(),
            owner: Some(OwnerId(customer.card.0)),
            owner_version: Some("AAAAAAAAAAE=".into()),
        }),
    };
    customers.iter().map(listed).collect()
}

/// Figures good enough for the store, which keeps and does not judge them.
pub(super) fn figures(_: &Customer, rows: &CardRows) -> StoredFigures {
    let of_kind = |kind| rows.movements.iter().filter(move |row| row.kind == kind);
    let own = CardFigures {
        opening_balance: of_kind(MovementKind::OpeningBalance).map(|row| row.amount).sum(),
        purchases: of_kind(MovementKind::Purchase).map(|row| row.amount).sum(),
        purchase_lines: of_kind(MovementKind::Purchase).count() as u64,
        ..CardFigures::default()
    };
    let control = ControlTotals { turnover_all: Some(own.purchases), ..ControlTotals::default() };
    StoredFigures {
        own,
        control,
        verdict: Verdict::Reconciled,
        unreadable: DoubtfulRows::default(),
        contradicted: DoubtfulRows::default(),
    }
}

pub(super) fn run() -> Run {
    Run {
        started_at: DateTime::<Utc>::UNIX_EPOCH,
        took: std::time::Duration::from_millis(1500),
        outcome: RunOutcome::Failed,
        generation: None,
        cards: 0,
        movements: 0,
        changes: Delta::default(),
        variances: 0,
        unverified: 0,
        rejected: 1,
        requests: 40,
        retries: 2,
        bytes: 1 << 20,
        error: None,
    }
}

pub(super) fn publication() -> Publication {
    Publication {
        read_under: crate::domain::ReadUnder::default(),
        synced_at: DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000),
        window: Window { days: 365, from: Some(time(0)) },
        points_at: Some(time(365)),
        rule: PointsRule::LastRecord,
        proof: Proof::Confirmed,
        basis: Some(DeltaBasis { full_at: DateTime::<Utc>::UNIX_EPOCH, deltas: 3, names: u64::MAX }),
        base: Base { address: "1c.example.ru/base".into(), sample: vec![card(1), card(2)] },
        remarks: Remarks::default(),
        run: run(),
    }
}

pub(super) fn publish(staging: Staging) -> Published {
    staging.settle(figures).unwrap().publish(publication()).unwrap()
}

/// A whole sync.
pub(super) fn sync(store: &Store, customers: &[Customer], movements: &[Movement]) -> Published {
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(customers)).unwrap();
    staging.put_movements(movements).unwrap();
    publish(staging)
}

/// A disk in memory: it survives the store, remembers what was not synced, and fails on demand.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// What was done since the last sync.
    since: Vec<Change>,
    fault: Option<Fault>,
    operations: u64,
}

/// What goes wrong from which operation on.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Every operation fails, as after a power cut.
    Dead(u64),
    /// One fails; of a write, half lands.
    Once(u64),
    /// Nothing more can be written.
    Full(u64),
}

/// Bytes that a disk writes whole.
const SECTOR: usize = 512;

/// Chance by a seed, the same on every machine.
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `0..count`.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    /// Whether a chance of one in `count` came true.
    pub(super) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// How often the power is cut; a longer programme is asked for by the environment.
pub(super) fn power_cuts() -> u64 {
    let asked = std::env::var("SVERKA_POWER_CUTS").ok();
    asked.map_or(1_000, |cuts| cuts.parse().expect("SVERKA_POWER_CUTS is a number"))
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Write(start, written) => {
                let end = start + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*start..end].copy_from_slice(written);
            }
        }
    }
}

impl Disk {
    pub(super) fn with(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { now: bytes.clone(), synced: bytes, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn len(&self) -> usize {
        self.state().now.len()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.state().now.clone()
    }

    pub(super) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// From now on, `count` operations succeed and every one after them fails.
    pub(super) fn fail_after(&self, count: u64) {
        let mut state = self.state();
        state.fault = Some(Fault::Dead(state.operations + count));
    }

    /// Of the operations from now on, only number `count` fails.
    pub(super) fn fail_once(&self, count: u64) {
        let mut state = self.state();
        state.fault = Some(Fault::Once(state.operations + count + 1));
    }

    /// From now on, `count` operations succeed, and nothing can be written after them.
    pub(super) fn fill_up(&self, count: u64) {
        let mut state = self.state();
        state.fault = Some(Fault::Full(state.operations + count));
    }

    /// Nothing fails any more.
    pub(super) fn heal(&self) {
        self.state().fault = None;
    }

    /// What a power cut would leave: what was synced, and of the later writes those that `kept` tells.
    pub(super) fn after_power_cut(&self, mut kept: impl FnMut() -> bool) -> Self {
        let state = self.state();
        let mut bytes = state.synced.clone();
        for change in &state.since {
            if matches!(change, Change::Length(_)) || kept() {
                change.apply(&mut bytes);
            }
        }
        Self::with(bytes)
    }

    /// What a power cut would leave: of the writes since the last sync some are lost, and some are torn, each of
    /// their sectors for itself; a later one may be there where an earlier one is not.
    pub(super) fn after_torn_power_cut(&self, chance: &mut Chance) -> Self {
        let state = self.state();
        let mut bytes = state.synced.clone();
        for change in &state.since {
            match (change, chance.below(3)) {
                (Change::Length(_), _) | (_, 0) => change.apply(&mut bytes),
                (Change::Write(..), 1) => {}
                (Change::Write(start, written), _) => {
                    for (number, sector) in written.chunks(SECTOR).enumerate() {
                        if chance.one_in(2) {
                            Change::Write(start + number * SECTOR, sector.to_vec()).apply(&mut bytes);
                        }
                    }
                }
            }
        }
        Self::with(bytes)
    }
}

impl State {
    fn count(&mut self) -> io::Result<()> {
        self.operations += 1;
        match self.fault {
            Some(Fault::Dead(last)) if self.operations > last => Err(io::Error::other("the disk failed")),
            Some(Fault::Once(number)) if self.operations == number => {
                Err(io::Error::other("the disk failed"))
            }
            _ => Ok(()),
        }
    }

    fn change(&mut self, change: Change) -> io::Result<()> {
        let counted = self.count();
        if let (Err(_), Some(Fault::Once(_)), Change::Write(start, written)) = (&counted, self.fault, &change)
        {
            self.keep(Change::Write(*start, written[..written.len() / 2].to_vec()));
        }
        counted?;
        match self.fault {
            Some(Fault::Full(last)) if self.operations > last => Err(io::ErrorKind::StorageFull.into()),
            _ => {
                self.keep(change);
                Ok(())
            }
        }
    }

    fn keep(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.since.push(change);
    }
}

impl redb::StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.state();
        state.count()?;
        let start = usize::try_from(offset).unwrap();
        let there = state.now.get(start..start + out.len());
        out.copy_from_slice(there.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.state().change(Change::Length(usize::try_from(len).unwrap()))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        state.count()?;
        state.synced = state.now.clone();
        state.since.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.state().change(Change::Write(usize::try_from(offset).unwrap(), data.to_vec()))
    }
}
