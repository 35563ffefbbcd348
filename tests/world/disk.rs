//! A disk in memory that remembers what was not synced, and fails as it is told.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chance::{Chance, mix};

/// What happens at a drawn operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// No space left, from now on or this once; half of the write may land.
    Full { lasting: bool },
    /// Input or output fails, from now on or this once; half of the write may land.
    Failing { lasting: bool },
    /// The power goes, or the process is killed: nothing works any more.
    Dead,
}

/// The disk. Cheap to clone: clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// What was done since the last sync, in order.
    since: Vec<Change>,
    operations: u64,
    plan: Option<(u64, Mishap)>,
    happened: Option<Mishap>,
    /// Over all operations: the same world does the same.
    hash: u64,
    on_death: Option<Arc<tokio::sync::Notify>>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// Disks write whole sectors, or none.
const SECTOR: usize = 512;

impl Disk {
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { now: bytes.clone(), synced: bytes, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans a mishap at the `nth` operation from now. Who waits for `death` is told of a death.
    pub fn plan(&self, nth: u64, mishap: Mishap, death: &Arc<tokio::sync::Notify>) {
        let mut state = self.state();
        state.plan = Some((state.operations + nth, mishap));
        state.happened = None;
        state.on_death = Some(Arc::clone(death));
    }

    /// Everything fails from now on.
    pub fn die(&self) {
        let mut state = self.state();
        state.plan = None;
        state.happened = Some(Mishap::Dead);
    }

    pub fn is_dead(&self) -> bool {
        self.state().happened == Some(Mishap::Dead)
    }

    /// What happened of what was planned. The disk works again, but for a death.
    pub fn mend(&self) -> Option<Mishap> {
        let mut state = self.state();
        state.plan = None;
        let happened = state.happened;
        if happened != Some(Mishap::Dead) {
            state.happened = None;
        }
        happened
    }

    pub fn len(&self) -> usize {
        self.state().now.len()
    }

    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    pub fn hash(&self) -> u64 {
        self.state().hash
    }

    /// All bytes as they stand, those not synced included: what a killed process leaves.
    pub fn bytes(&self) -> Vec<u8> {
        self.state().now.clone()
    }

    /// What a power cut leaves: what was synced, and of what came later any part in any order, writes torn
    /// at sectors.
    pub fn after_power_cut(&self, chance: &mut Chance) -> Vec<u8> {
        let state = self.state();
        let mut bytes = state.synced.clone();
        // A cache that had time to write much, or little.
        let kept = [0, 10, 50, 90, 100][chance.index(5)];
        for change in &state.since {
            match change {
                Change::Length(_) if chance.percent(kept) => change.apply(&mut bytes),
                Change::Length(_) => {}
                Change::Write(start, written) => tear(&mut bytes, *start, written, kept, chance),
            }
        }
        bytes
    }
}

/// Applies those sectors of a write that reached the disk.
fn tear(bytes: &mut Vec<u8>, start: usize, written: &[u8], kept: u64, chance: &mut Chance) {
    let torn = chance.one_in(3);
    let whole = chance.percent(kept);
    for (number, sector) in written.chunks(SECTOR).enumerate() {
        if if torn { chance.percent(kept) } else { whole } {
            put(bytes, start + number * SECTOR, sector);
        }
    }
}

fn put(bytes: &mut Vec<u8>, start: usize, written: &[u8]) {
    let end = start + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(written);
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Write(start, written) => put(bytes, *start, written),
        }
    }
}

impl State {
    /// Counts an operation; an error where it is one that fails.
    fn operate(&mut self, kind: u64, at: u64, length: u64) -> io::Result<()> {
        if self.happened != Some(Mishap::Dead) {
            self.operations += 1;
            self.hash = mix(self.hash, mix(mix(kind, at), length));
        }
        if let Some((nth, mishap)) = self.plan
            && self.operations >= nth
        {
            self.plan = None;
            self.happened = Some(mishap);
            if mishap == Mishap::Dead
                && let Some(death) = &self.on_death
            {
                death.notify_one();
            }
            return Err(error_of(mishap));
        }
        match self.happened {
            Some(
                mishap @ (Mishap::Dead | Mishap::Full { lasting: true } | Mishap::Failing { lasting: true }),
            ) => Err(error_of(mishap)),
            _ => Ok(()),
        }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.since.push(change);
    }
}

fn error_of(mishap: Mishap) -> io::Error {
    match mishap {
        Mishap::Full { .. } => io::Error::from(io::ErrorKind::StorageFull),
        Mishap::Failing { .. } | Mishap::Dead => io::Error::other("the disk failed"),
    }
}

impl redb::StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.state();
        state.operate(1, offset, out.len() as u64)?;
        let start = usize::try_from(offset).unwrap();
        let there = state.now.get(start..start + out.len());
        out.copy_from_slice(there.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state();
        state.operate(2, 0, len)?;
        state.change(Change::Length(usize::try_from(len).unwrap()));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        state.operate(3, 0, 0)?;
        for change in std::mem::take(&mut state.since) {
            change.apply(&mut state.synced);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let start = usize::try_from(offset).unwrap();
        if let Err(error) = state.operate(4, offset, data.len() as u64) {
            if state.plan.is_none() && state.happened != Some(Mishap::Dead) {
                // Half of it landed.
                state.change(Change::Write(start, data[..data.len() / 2].to_vec()));
            }
            return Err(error);
        }
        state.change(Change::Write(start, data.to_vec()));
        Ok(())
    }
}
