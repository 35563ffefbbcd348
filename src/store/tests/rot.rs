//! Bytes that change by themselves, on real files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::files::holder;
use super::support::{Chance, customer, listed, movement, power_cuts, sync};
use crate::domain::{Customer, Movement};
use crate::store::error::damaged;
use crate::store::{Access, Error, Store};

/// Bytes redb writes as one.
const PAGE: usize = 4096;

fn people() -> Vec<Customer> {
    (0..20).map(|number| customer(number, "Анна")).collect()
}

fn rows(kopecks: i64) -> Vec<Movement> {
    (0..200).map(|line| movement(line % 20, line, 1, kopecks)).collect()
}

/// A store of two generations, closed, and as a kill leaves it.
fn whole_files() -> [Vec<u8>; 2] {
    let (_folder, path) = place();
    let store = Store::open(&path, Access::Write(holder())).unwrap();
    sync(&store, &people(), &rows(100));
    sync(&store, &people(), &rows(200));
    let killed = fs::read(&path).unwrap();
    drop(store);
    [fs::read(&path).unwrap(), killed]
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sverka.redb");
    (folder, path)
}

/// A way to look at a store: all it serves, in words.
type Look = fn(&Path) -> Result<String, Error>;

/// Changes a file as disks do, and says how.
fn rot(bytes: &mut [u8], kind: u64, chance: &mut Chance) -> String {
    let mut at = |unit: usize| usize::try_from(chance.below((bytes.len() / unit) as u64)).unwrap() * unit;
    match kind {
        0 | 1 => {
            let place = at(1);
            bytes[place] ^= 1 << (place % 8);
            format!("a bit flipped at {place}")
        }
        2 => {
            let place = at(512);
            bytes[place..place + 512].fill(0xa5);
            format!("garbage at {place}")
        }
        3 => {
            let place = at(PAGE);
            bytes[place..place + PAGE].fill(0);
            format!("a page of zeros at {place}")
        }
        _ => {
            let (one, other) = (at(PAGE), at(PAGE));
            let page = bytes[one..one + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, one);
            bytes[other..other + PAGE].copy_from_slice(&page);
            format!("pages at {one} and {other} swapped")
        }
    }
}

/// All that can be read, by those who verify first.
fn all_of(store: &Store) -> Result<String, Error> {
    store.verify()?;
    let snapshot = store.snapshot()?;
    snapshot.verify_lists()?;
    let mut all = format!("{:?} {:?} {:?}", snapshot.generation(), snapshot.base(), store.runs()?);
    for customer in snapshot.customers()? {
        write!(all, "{:?}", snapshot.stored_side(customer?.card)?).unwrap();
    }
    Ok(all)
}

/// What `read` makes of a file that rotted: what is expected, or damage. An abort would end this test.
fn noticed(
    path: &Path,
    told: &str,
    expected: &str,
    read: impl FnOnce(&Path) -> Result<String, Error>,
) -> bool {
    match read(path) {
        Ok(all) => {
            assert!(all == expected, "{told}: served");
            false
        }
        // A rotten header may look like no store at all.
        Err(Error::Damaged { .. } | Error::Foreign { .. } | Error::Newer { .. }) => true,
        Err(error) => panic!("{told}: {error:?}"),
    }
}

/// Lists are drawn up without looking at every row.
fn listing(path: &Path) -> Result<String, Error> {
    let store = Store::open(path, Access::Read)?;
    let snapshot = store.snapshot()?;
    snapshot.verify_lists()?;
    let mut all = String::new();
    for customer in snapshot.customers()? {
        let customer = customer?;
        // One that is not found where it lies is left out of a list; another one never stands for it.
        let Some(figures) = snapshot.figures(customer.card)? else { return Err(damaged("left out")) };
        write!(all, "{customer:?} {figures:?}").unwrap();
    }
    Ok(all)
}

fn reading(path: &Path) -> Result<String, Error> {
    all_of(&Store::open(path, Access::Read)?)
}

/// A sync over the rotten file: what it was built on is looked at first.
fn writing(path: &Path) -> Result<String, Error> {
    let store = Store::open(path, Access::Write(holder()))?;
    store.verify()?;
    let mut staging = store.stage()?;
    staging.put_customers(&listed(&people()))?;
    staging.carry_over(|card| card == super::card(7))?;
    staging.put_movements(&rows(300))?;
    staging.settle(super::figures)?.publish(super::publication())?;
    all_of(&store)
}

/// Every kind of rot, on a file that was closed and on one that was not.
fn rot_and_look(first_seed: u64, expected: &str, look: fn(&Path) -> Result<String, Error>) {
    let (_folder, path) = place();
    let files = whole_files();
    let (mut found, mut harmless) = (0, 0);
    for seed in first_seed..first_seed + (power_cuts() / 8).max(125) {
        let mut chance = Chance::of(seed);
        let mut bytes = files[usize::from(chance.one_in(3))].clone();
        let told = format!("seed {seed}: {}", rot(&mut bytes, seed % 5, &mut chance));
        fs::write(&path, &bytes).unwrap();
        if noticed(&path, &told, expected, look) { found += 1 } else { harmless += 1 }
    }
    assert!(found > 15 && harmless > 15, "{found} noticed, {harmless} where nothing is stored");
}

fn unharmed(look: fn(&Path) -> Result<String, Error>) -> String {
    let (_folder, path) = place();
    fs::write(&path, &whole_files()[0]).unwrap();
    look(&path).unwrap()
}

#[test]
fn d6_bytes_that_change_on_the_disk_are_never_served() {
    rot_and_look(1, &unharmed(reading), reading);
}

#[test]
fn d6_lists_are_drawn_up_of_what_was_published_or_not_at_all() {
    rot_and_look(2_000_001, &unharmed(listing), listing);
}

#[test]
fn d6_nothing_is_built_on_bytes_that_changed_on_the_disk() {
    rot_and_look(1_000_001, &unharmed(writing), writing);
}

#[test]
fn d6_whoever_writes_notices_what_nobody_reads() {
    let (_folder, path) = place();
    {
        let store = Store::open(&path, Access::Write(holder())).unwrap();
        sync(&store, &[customer(1, "Прежняя")], &rows(100));
        sync(&store, &people(), &rows(200));
    }
    // A row of the generation before: it is kept, and no query looks at it.
    let mut bytes = fs::read(&path).unwrap();
    let name = "Прежняя".as_bytes();
    let place = bytes.windows(name.len()).position(|bytes| bytes == name).unwrap();
    bytes[place + 1] ^= 1;
    fs::write(&path, &bytes).unwrap();
    reading(&path).unwrap();
    assert!(writing(&path).unwrap_err().is_damage());
    assert!(fs::read(&path).unwrap() == bytes, "and leaves the file as it is");
}

#[test]
fn d7_a_file_cut_short_is_damaged_and_one_that_grew_serves_nothing_wrong() {
    let (_folder, path) = place();
    let whole = &whole_files()[0];
    let looks: [Look; 2] = [reading, writing];
    let unharmed = looks.map(unharmed);
    let mut chance = Chance::of(3);
    for _ in 0..30 {
        let length = usize::try_from(chance.below(2 * whole.len() as u64)).unwrap().max(9);
        let mut bytes = whole.clone();
        bytes.resize(length, 0);
        for (look, expected) in looks.into_iter().zip(&unharmed) {
            fs::write(&path, &bytes).unwrap();
            let is_noticed = noticed(&path, &format!("{length} of {}", whole.len()), expected, look);
            assert!(is_noticed || length >= whole.len(), "{length} of {}", whole.len());
        }
    }
}
