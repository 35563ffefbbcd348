//! Going on from where a staging was cut off.

use proptest::prelude::*;
use redb::{ReadableTable, TableHandle};

use super::support::{Disk, amount, bonus, card, customer, figures, movement, publication, publish, sync};
use crate::store::schema::rows;
use crate::store::{Error, Staging, Store};

fn staged_amounts(staging: &mut Staging) -> Vec<i64> {
    let mut amounts = Vec::new();
    staging
        .visit(|_, _, rows| {
            amounts.extend(rows.movements.iter().filter_map(|row| row.amount.to_units().ok()))
        })
        .unwrap();
    amounts
}

#[test]
fn where_nothing_was_staged_there_is_nothing_to_resume() {
    let store = super::memory();
    assert!(store.resume().unwrap().is_none());
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    assert!(store.resume().unwrap().is_none());
    // Rows without a checkpoint are nothing to go on from either.
    let mut staging = store.stage().unwrap();
    staging.put_movements(&[movement(1, 1, 1, 100)]).unwrap();
    staging.visit(|_, _, _| ()).unwrap();
    assert!(matches!(store.resume(), Err(Error::Staging)));
    drop(staging);
    assert!(store.resume().unwrap().is_none());
}

#[test]
fn a_checkpoint_outlives_the_process_with_its_rows_of_every_kind() {
    let disk = Disk::default();
    {
        let store = Store::with_backend(disk.clone()).unwrap();
        sync(&store, &[customer(1, "Анна"), customer(2, "Пётр")], &[movement(2, 9, 1, 5)]);
        let mut staging = store.stage().unwrap();
        staging.put_customers(&[customer(1, "Анна П.")]).unwrap();
        staging.put_movements(&[movement(1, 1, 1, 100), movement(1, 2, 2, 200)]).unwrap();
        staging.put_bonus_rows(&[bonus(1, 1, 5)]).unwrap();
        staging.carry_over(|card| card == super::card(2)).unwrap();
        staging.checkpoint("окно 1".as_bytes()).unwrap();
        staging.remove_movements(|row| row.key.line == 1).unwrap();
        staging.put_movements(&[movement(1, 3, 4, 300)]).unwrap();
        staging.visit(|_, _, _| ()).unwrap();
    }
    let store = Store::with_backend(disk).unwrap();
    let (mut staging, note) = store.resume().unwrap().unwrap();
    assert_eq!(note, "окно 1".as_bytes());
    assert_eq!(staged_amounts(&mut staging), [100, 200, 5]);
    let published = publish(staging);
    assert_eq!((published.generation.counts.cards, published.generation.counts.carried), (2, 1));
    assert_eq!(store.snapshot().unwrap().bonus_rows(card(1)).unwrap(), [bonus(1, 1, 5)]);
    store.verify().unwrap();
    assert!(store.resume().unwrap().is_none(), "what was published is no longer staged");
}

#[test]
fn rows_and_note_belong_together_through_settling() {
    let store = super::memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&[customer(1, "Анна")]).unwrap();
    for line in 1..4 {
        staging.put_movements(&[movement(1, line, 1, 100)]).unwrap();
        staging.checkpoint(b"all").unwrap();
    }
    drop(staging.settle(figures).unwrap());
    let (mut staging, note) = store.resume().unwrap().unwrap();
    assert_eq!(note, b"all");
    assert_eq!(staged_amounts(&mut staging), [100, 100, 100]);
    // Settling merges what no note tells of with what one does: there is no going back to it.
    staging.put_movements(&[movement(1, 9, 1, 900)]).unwrap();
    drop(staging.settle(figures).unwrap());
    assert!(store.resume().unwrap().is_none());
}

#[test]
fn beginning_anew_drops_the_checkpoint() {
    let store = super::memory();
    let mut staging = store.stage().unwrap();
    staging.put_movements(&[movement(1, 1, 1, 100)]).unwrap();
    staging.checkpoint(b"1").unwrap();
    drop(staging);
    drop(store.stage().unwrap());
    assert!(store.resume().unwrap().is_none());
}

/// Changes a staged row as nobody but a fault would: redb's own checksums go with it.
fn plant(disk: &Disk) {
    let database = redb::Database::builder().create_with_backend(disk.clone()).unwrap();
    let write = database.begin_write().unwrap();
    let staged = write.list_tables().unwrap().find(|table| table.name().starts_with("next.movements"));
    let name = staged.unwrap().name().to_owned();
    {
        let mut table = write.open_table(rows(&name)).unwrap();
        let (key, mut record) = {
            let (key, record) = table.first().unwrap().unwrap();
            (key.value().to_vec(), record.value().to_vec())
        };
        *record.last_mut().unwrap() ^= 1;
        table.insert(key.as_slice(), record.as_slice()).unwrap();
    }
    write.commit().unwrap();
}

#[test]
fn d6_staged_rows_that_are_not_those_written_are_not_gone_on_from() {
    let disk = Disk::default();
    let store = Store::with_backend(disk.clone()).unwrap();
    sync(&store, &[customer(1, "Анна")], &[]);
    let mut staging = store.stage().unwrap();
    let rows: Vec<_> = (0..40).map(|line| movement(7, line, 1, 100)).collect();
    staging.put_movements(&rows).unwrap();
    staging.checkpoint(b"1").unwrap();
    drop((staging, store));
    plant(&disk);
    let store = Store::with_backend(disk).unwrap();
    assert!(store.resume().unwrap().is_none());
    assert_eq!(store.snapshot().unwrap().customers().unwrap().count(), 1);
    sync(&store, &[customer(1, "Анна")], &rows);
    store.verify().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn d3_a_power_cut_leaves_the_last_checkpoint_or_the_one_that_was_under_way(
        at: prop::sample::Index,
        kept in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        let stage = |disk: &Disk, acknowledged: &mut u8| {
            let store = Store::with_backend(disk.clone())?;
            let mut staging = store.stage()?;
            staging.put_customers(&[customer(1, "Анна")])?;
            for number in 1..6_u8 {
                staging.put_movements(&[movement(1, number.into(), 1, number.into())])?;
                staging.checkpoint(&[number])?;
                *acknowledged = number;
            }
            staging.settle(figures)?.publish(publication()).map(drop)
        };
        let begin = Disk::default();
        sync(&Store::with_backend(begin.clone()).unwrap(), &[customer(1, "Анна")], &[movement(1, 99, 1, 99)]);
        let unharmed = Disk::with(begin.bytes());
        stage(&unharmed, &mut 0).unwrap();
        let disk = Disk::with(begin.bytes());
        disk.fail_after(at.index(usize::try_from(unharmed.operations()).unwrap()) as u64);
        let mut acknowledged = 0;
        let finished = stage(&disk, &mut acknowledged).is_ok();

        let mut kept = kept.into_iter().cycle();
        let store = Store::with_backend(disk.after_power_cut(|| kept.next().unwrap_or_default())).unwrap();
        store.verify().unwrap();
        match store.resume().unwrap() {
            Some((mut staging, note)) => {
                prop_assert!(!finished && note[0] >= acknowledged && note[0] <= acknowledged + 1);
                let expected: Vec<_> = (1..=i64::from(note[0])).collect();
                prop_assert_eq!(staged_amounts(&mut staging), expected);
                prop_assert_eq!(publish(staging).generation.id, 2);
            }
            None => {
                let rows = store.snapshot().unwrap().movements(card(1)).unwrap();
                let is_published = rows.len() == 5;
                prop_assert!(is_published || rows[0].amount == amount(99));
                prop_assert!(is_published || acknowledged == 0);
            }
        }
        store.verify().unwrap();
    }
}
