//! Stores of earlier versions, as those versions left them.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::files::{for_writing, plant_version};
use super::support::{Disk, customer, movement, publish, sync};
use crate::domain::Customer;
use crate::store::{Access, Delta, Error, Generation, ListedCustomer, Proof, Store};

/// Two syncs of five customers by the last program that wrote version 1.
pub(super) const VERSION_1: &[u8] = include_bytes!("../../../tests/stores/version-1.redb");

/// The same by the last program that wrote version 2.
const VERSION_2: &[u8] = include_bytes!("../../../tests/stores/version-2.redb");

/// The same by the last program that wrote version 3: the second sync was a delta.
const VERSION_3: &[u8] = include_bytes!("../../../tests/stores/version-3.redb");

fn place(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sverka.redb");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// What version 1 said of itself when it was asked.
fn assert_holds_what_it_held(store: &Store) -> Generation {
    let snapshot = store.snapshot().unwrap();
    let generation = snapshot.generation().unwrap().clone();
    assert_eq!(snapshot.read_under().unwrap(), None, "nothing tells under which settings it was read");
    assert_eq!((generation.id, generation.counts.cards), (2, 5));
    assert_eq!(generation.counts.opening_balances.lines + generation.counts.purchases.lines, 24);
    assert_eq!(generation.proof, Proof::Unconfirmed);
    assert_eq!(store.runs().unwrap().len(), 2);
    let customers: Result<Vec<_>, _> = snapshot.customers().unwrap().collect();
    assert!(customers.unwrap().iter().any(|customer| customer.name == "Белова Татьяна Евгеньевна"));
    assert_eq!(store.verify().unwrap().rows, 5 + 24 + snapshot_rows(store));
    generation
}

/// Rows beside customers and movements.
fn snapshot_rows(store: &Store) -> u64 {
    let snapshot = store.snapshot().unwrap();
    let counts = snapshot.generation().unwrap().counts;
    let figures = snapshot.all_figures().unwrap().count() as u64;
    let unknown = snapshot.unknown_cards().unwrap().len() as u64;
    counts.bonus_rows + counts.products + counts.carried + figures + unknown
}

#[test]
fn d8_a_store_of_version_1_is_read_as_it_is() {
    let (_folder, path) = place(VERSION_1);
    assert_holds_what_it_held(&Store::open(&path, Access::Read).unwrap());
    assert!(fs::read(&path).unwrap() == VERSION_1, "whoever reads changes nothing");
}

#[test]
fn d8_a_store_of_version_1_is_brought_up_to_date_by_whoever_writes() {
    let (_folder, path) = place(VERSION_1);
    let store = for_writing(&path).unwrap();
    let before = assert_holds_what_it_held(&store);
    let after = sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]).generation;
    assert_eq!((after.id, after.proof), (3, Proof::Confirmed));
    assert_ne!(after.digest, before.digest);
    drop(store);
    plant_version(&path, 5);
    assert!(matches!(Store::open(&path, Access::Read), Err(Error::Newer { found: 5, known: 4 })));
}

#[test]
fn d8_a_store_of_version_2_keeps_its_proof_and_is_no_basis_of_a_delta() {
    let (_folder, path) = place(VERSION_2);
    let held = |store: &Store| {
        let generation = store.snapshot().unwrap().generation().unwrap().clone();
        assert_eq!((generation.id, generation.counts.cards, generation.proof), (2, 5, Proof::Confirmed));
        assert_eq!(generation.basis, None);
        let snapshot = store.snapshot().unwrap();
        assert!(snapshot.origins().unwrap().iter().all(|(_, origin)| origin.is_none()));
        let customers: Result<Vec<_>, _> = snapshot.customers().unwrap().collect();
        assert!(customers.unwrap().iter().any(|customer| customer.name.starts_with("Царькова")));
        store.verify().unwrap();
    };
    held(&Store::open(&path, Access::Read).unwrap());
    assert!(fs::read(&path).unwrap() == VERSION_2, "whoever reads changes nothing");
    let store = for_writing(&path).unwrap();
    held(&store);
    sync(&store, &[customer(1, "Анна")], &[]);
    let snapshot = store.snapshot().unwrap();
    assert!(snapshot.generation().unwrap().basis.is_some());
    assert!(snapshot.origins().unwrap()[0].1.is_some());
}

#[test]
fn d8_a_store_of_version_3_is_read_and_its_customers_are_no_others_in_new_records() {
    let (_folder, path) = place(VERSION_3);
    let held = |store: &Store| {
        let snapshot = store.snapshot().unwrap();
        let generation = snapshot.generation().unwrap().clone();
        assert_eq!((generation.id, generation.counts.cards, generation.proof), (2, 5, Proof::Confirmed));
        assert_eq!(generation.basis.map(|basis| basis.deltas), Some(1));
        store.verify().unwrap();
        snapshot.customers().unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    let customers = held(&Store::open(&path, Access::Read).unwrap());
    assert!(fs::read(&path).unwrap() == VERSION_3, "whoever reads changes nothing");
    assert_eq!(customers.iter().filter(|customer| customer.email.is_some()).count(), 2);
    let store = for_writing(&path).unwrap();
    assert_eq!(held(&store), customers);
    let mut staging = store.stage().unwrap();
    let origins = store.snapshot().unwrap().origins().unwrap();
    let of = |customer: &Customer| origins.iter().find(|(card, _)| *card == customer.card).unwrap().1.clone();
    let listed = customers.iter().map(|it| ListedCustomer { customer: it.clone(), origin: of(it) });
    staging.put_customers(&listed.collect::<Vec<_>>()).unwrap();
    assert_eq!(publish(staging).changes.cards, Delta::default());
    let published = store.snapshot().unwrap().customers().unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(published, customers);
}

#[test]
fn d4_a_power_cut_during_the_migration_leaves_the_old_store_or_the_new_one() {
    let needed = {
        let disk = Disk::with(VERSION_1.to_vec());
        drop(Store::with_backend(disk.clone()).unwrap());
        disk.operations()
    };
    assert!(needed > 10, "{needed}");
    for count in 0..needed {
        for mut kept in [0b01_u8, 0b10, 0b1011, 0b1111_1111, 0] {
            let disk = Disk::with(VERSION_1.to_vec());
            disk.fail_after(count);
            let _ = Store::with_backend(disk.clone());
            let cut = disk.after_power_cut(|| {
                kept = kept.rotate_left(1);
                kept & 1 == 1
            });
            assert_holds_what_it_held(&Store::with_backend(cut).unwrap());
        }
    }
}
