//! Power cuts and failing disks in number: a programme by a seed, on a disk that loses, tears and reorders
//! what was not synced, each cut followed by opening and reading everything. What is there must be what was
//! there when the power went, or what was just being committed.
//!
//! `SVERKA_POWER_CUTS=10000 cargo test --lib power_cuts` runs a longer one; a failure names its seed.

use super::migration::VERSION_1;
use super::support::{Chance, Disk, amount, customer, figures, movement, power_cuts, publication, run};
use crate::domain::{Customer, Movement};
use crate::store::{Error, Snapshot, Staging, Store};

const CUSTOMERS: u64 = 12;
/// Windows of a sync; a checkpoint after each.
const PARTS: u64 = 3;
const LINES_OF_PART: u64 = 8;
/// Cuts in the life of one disk.
const CUTS_OF_WORLD: u64 = 10;

/// What a store may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    /// The generation, and the kopecks of each of its rows; 0 for those of an old store.
    published: Option<(u64, i64)>,
    /// The kopecks of each staged row, and the parts staged.
    staged: Option<(i64, u64)>,
}

fn people() -> Vec<Customer> {
    (0..CUSTOMERS).map(|number| customer(number, "Анна")).collect()
}

fn part(kopecks: i64, part: u64) -> Vec<Movement> {
    let lines = part * LINES_OF_PART..(part + 1) * LINES_OF_PART;
    lines.map(|line| movement(line % CUSTOMERS, line, 1 + line % 2, kopecks)).collect()
}

fn note(kopecks: i64, parts: u64) -> Vec<u8> {
    format!("{kopecks} {parts}").into_bytes()
}

fn noted(note: &[u8]) -> (i64, u64) {
    let text = std::str::from_utf8(note).unwrap();
    let (kopecks, parts) = text.split_once(' ').unwrap();
    (kopecks.parse().unwrap(), parts.parse().unwrap())
}

/// What goes wrong in a world.
#[derive(Clone, Copy, Debug)]
enum Fault {
    PowerCut,
    FailsOnce,
    FillsUp,
}

/// A disk, what happens to it, and what it may hold by now.
struct World {
    chance: Chance,
    disk: Disk,
    fault: Fault,
    held: Held,
    /// What a commit under way would make of it.
    coming: Held,
    last_kopecks: i64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let fault = [Fault::PowerCut, Fault::PowerCut, Fault::FailsOnce, Fault::FillsUp]
            [usize::try_from(chance.below(4)).unwrap()];
        let (disk, published) = if chance.one_in(5) {
            (Disk::with(VERSION_1.to_vec()), Some((2, 0)))
        } else {
            (created(&mut chance), None)
        };
        let held = Held { published, staged: None };
        Self { chance, disk, fault, held, coming: held, last_kopecks: 0 }
    }

    /// Lives until the next fault, and through it.
    fn suffer(&mut self) {
        self.break_after(400);
        // A failure that comes while the store is closed is told to nobody.
        if let Some(error) = (0..20).find_map(|_| self.live().err()) {
            assert!(error.needs_reopening(), "{error:?}");
        }
        self.lose_power();
        // The next fault may come while what the first left is put right.
        for _ in 0..self.chance.below(3) {
            self.break_after(40);
            match self.look() {
                Ok(()) => {}
                Err(error) => assert!(error.needs_reopening(), "{error:?}"),
            }
            self.lose_power();
        }
        self.look().unwrap();
    }

    fn break_after(&mut self, most: u64) {
        let count = self.chance.below(most);
        match self.fault {
            Fault::PowerCut => self.disk.fail_after(count),
            Fault::FailsOnce => self.disk.fail_once(count),
            Fault::FillsUp => self.disk.fill_up(count),
        }
    }

    fn lose_power(&mut self) {
        match self.fault {
            Fault::PowerCut => self.disk = self.disk.after_torn_power_cut(&mut self.chance),
            Fault::FailsOnce | Fault::FillsUp => self.disk.heal(),
        }
    }

    /// A process: it opens the store and works until it closes it.
    fn live(&mut self) -> Result<(), Error> {
        let mut store = Store::with_backend(self.disk.clone())?;
        for _ in 0..1 + self.chance.below(4) {
            match self.chance.below(8) {
                0 => store.record_run(&run())?,
                1 => store.compact_pages()?,
                2 | 3 => self.resume(&store)?,
                _ => self.sync(&store)?,
            }
        }
        Ok(())
    }

    fn sync(&mut self, store: &Store) -> Result<(), Error> {
        self.coming.staged = None;
        let mut staging = store.stage()?;
        self.held = self.coming;
        self.last_kopecks += 1;
        staging.put_customers(&people())?;
        self.read_and_publish(staging, self.last_kopecks, 0)
    }

    fn resume(&mut self, store: &Store) -> Result<(), Error> {
        match store.resume()? {
            None => {
                assert_eq!(self.held.staged, None);
                self.sync(store)
            }
            Some((staging, note)) => {
                let (kopecks, parts) = noted(&note);
                assert_eq!(self.held.staged, Some((kopecks, parts)));
                self.read_and_publish(staging, kopecks, parts)
            }
        }
    }

    fn read_and_publish(&mut self, mut staging: Staging, kopecks: i64, from: u64) -> Result<(), Error> {
        for number in from..PARTS {
            staging.put_movements(&part(kopecks, number))?;
            self.coming.staged = Some((kopecks, number + 1));
            staging.checkpoint(&note(kopecks, number + 1))?;
            self.held = self.coming;
            if self.chance.one_in(5) {
                return Ok(());
            }
        }
        let settled = staging.settle(figures)?;
        let generation = self.held.published.map_or(0, |(generation, _)| generation) + 1;
        self.coming = Held { published: Some((generation, kopecks)), staged: None };
        settled.publish(publication())?;
        self.held = self.coming;
        Ok(())
    }

    /// Opens the store and reads all of it. From then on it holds what was found.
    fn look(&mut self) -> Result<(), Error> {
        let store = Store::with_backend(self.disk.clone())?;
        store.verify()?;
        let published = published(&store.snapshot()?)?;
        let staged = match store.resume()? {
            None => None,
            Some((mut staging, note)) => {
                let (kopecks, parts) = noted(&note);
                assert_eq!(staged(&mut staging)?, staged_rows(kopecks, parts));
                Some((kopecks, parts))
            }
        };
        let found = Held { published, staged };
        assert!(found == self.held || found == self.coming, "{found:?}, not {:?}", [self.held, self.coming]);
        (self.held, self.coming) = (found, found);
        Ok(())
    }
}

/// A new store. A file gets its name only once it is whole: what a power cut leaves before has none.
fn created(chance: &mut Chance) -> Disk {
    loop {
        let disk = Disk::default();
        if chance.one_in(2) {
            disk.fail_after(chance.below(30));
        }
        let created = Store::with_backend(disk.clone()).is_ok();
        let disk = disk.after_torn_power_cut(chance);
        if created {
            return disk;
        }
    }
}

/// The generation that is published, whole.
fn published(snapshot: &Snapshot) -> Result<Option<(u64, i64)>, Error> {
    let Some(generation) = snapshot.generation() else { return Ok(None) };
    if generation.counts.cards == 5 {
        return Ok(Some((generation.id, 0)));
    }
    let mut rows = Vec::new();
    for customer in people() {
        rows.extend(snapshot.movements(customer.card)?);
    }
    rows.sort_by_key(|row| row.key.line);
    let kopecks = rows[0].amount.to_units().unwrap();
    let expected: Vec<_> = (0..PARTS).flat_map(|number| part(kopecks, number)).collect();
    assert_eq!(rows, expected);
    let lines = i64::try_from(expected.len()).unwrap();
    assert_eq!(generation.counts.purchases.amount, amount(kopecks * lines));
    Ok(Some((generation.id, kopecks)))
}

fn staged(staging: &mut Staging) -> Result<Vec<Movement>, Error> {
    let mut rows = Vec::new();
    staging.visit(|_, _, card| rows.extend(card.movements.iter().cloned()))?;
    rows.sort_by_key(|row| row.key.line);
    Ok(rows)
}

fn staged_rows(kopecks: i64, parts: u64) -> Vec<Movement> {
    (0..parts).flat_map(|number| part(kopecks, number)).collect()
}

fn live_through(first_seed: u64) {
    for seed in first_seed..first_seed + power_cuts().div_ceil(CUTS_OF_WORLD) {
        let told = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..CUTS_OF_WORLD {
                world.suffer();
            }
        });
        assert!(told.is_ok(), "the power cuts of seed {seed} end badly, see above");
    }
}

#[test]
fn d3_d5_power_cuts_and_failing_disks_leave_what_was_there_or_what_was_coming() {
    live_through(1);
}
