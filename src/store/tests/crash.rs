//! Failing disks, power cuts and bytes that change by themselves.

use proptest::prelude::*;

use super::support::{Disk, amount, card, customer, figures, movement, publication, sync};
use crate::domain::{Customer, Movement};
use crate::store::{Error, Published, Store};

fn people() -> Vec<Customer> {
    (0..20).map(|number| customer(number, "Анна")).collect()
}

fn rows(kopecks: i64) -> Vec<Movement> {
    (0..60).map(|line| movement(line % 20, line, 1, kopecks)).collect()
}

/// A store on which generation 1, rows of one rouble, is published.
fn first_generation() -> Disk {
    let disk = Disk::default();
    sync(&Store::with_backend(disk.clone()).unwrap(), &people(), &rows(100));
    disk
}

fn second_sync(disk: &Disk) -> Result<Published, Error> {
    let store = Store::with_backend(disk.clone())?;
    let mut staging = store.stage()?;
    staging.put_customers(&people())?;
    staging.put_movements(&rows(200))?;
    staging.settle(figures)?.publish(publication())
}

/// Opens what is left and reads all of it: the generation there, whole.
fn generation_left(disk: Disk) -> u64 {
    let store = Store::with_backend(disk).unwrap();
    store.verify().unwrap();
    let snapshot = store.snapshot().unwrap();
    let generation = snapshot.generation().unwrap().id;
    let roubles = i64::try_from(generation).unwrap() * 100;
    for number in 0..20 {
        let rows = snapshot.movements(card(number)).unwrap();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.amount == amount(roubles)));
        assert_eq!(snapshot.figures(card(number)).unwrap().unwrap().own.purchases, amount(3 * roubles));
    }
    generation
}

#[test]
fn d2_a_disk_that_fails_at_any_operation_leaves_a_whole_generation() {
    let needed = {
        let disk = Disk::with(first_generation().bytes());
        second_sync(&disk).unwrap();
        disk.operations()
    };
    let mut left = [0, 0];
    for count in 0..needed {
        let disk = Disk::with(first_generation().bytes());
        disk.fail_after(count);
        let result = second_sync(&disk);
        let generation = generation_left(Disk::with(disk.bytes()));
        assert!(result.is_err() || generation == 2, "what was acknowledged is there");
        left[usize::try_from(generation).unwrap() - 1] += 1;
    }
    assert!(left[0] > 0, "{left:?}");
}

#[test]
fn d2_a_failing_disk_asks_for_reopening_and_is_not_called_damage() {
    let disk = first_generation();
    let store = Store::with_backend(disk.clone()).unwrap();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&people()).unwrap();
    disk.fail_after(0);
    let error = staging.settle(figures).unwrap_err();
    assert!(error.needs_reopening() && !error.is_damage(), "{error:?}");
    assert!(store.record_run(&super::run()).unwrap_err().needs_reopening());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn i5_a_power_cut_leaves_a_whole_generation(at: prop::sample::Index, kept in prop::collection::vec(any::<bool>(), 1..40)) {
        let disk = Disk::with(first_generation().bytes());
        let unharmed = Disk::with(disk.bytes());
        second_sync(&unharmed).unwrap();
        disk.fail_after(at.index(usize::try_from(unharmed.operations()).unwrap()) as u64);
        let result = second_sync(&disk);
        let mut kept = kept.into_iter().cycle();
        let generation = generation_left(disk.after_power_cut(|| kept.next().unwrap_or_default()));
        prop_assert!(result.is_err() || generation == 2);
    }
}
