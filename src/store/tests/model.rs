//! The store beside a map that does the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::support::{Disk, card, customer, figures, movement, publication};
use crate::domain::{CardId, Movement};
use crate::store::{Delta, Staging, Store};

/// What a sync may do.
#[derive(Clone, Debug)]
enum Step {
    Put(Vec<Movement>),
    /// Takes back the lines that leave this remainder divided by three.
    Remove(u64),
    /// Writes what was gathered as a segment.
    Visit,
    SettleAndReopen,
    Publish,
    Abandon,
    Checkpoint,
    /// Drops the staging, as a kill would, and goes on from its last checkpoint.
    Resume,
}

type Map = BTreeMap<(CardId, u64), Movement>;

fn step() -> impl Strategy<Value = Step> {
    let row =
        (0..4_u64, 0..8_u64, 0..3_i64).prop_map(|(card, line, kopecks)| movement(card, line, 1, kopecks));
    prop_oneof![
        4 => prop::collection::vec(row, 0..12).prop_map(Step::Put),
        1 => (0..3_u64).prop_map(Step::Remove),
        2 => Just(Step::Visit),
        1 => Just(Step::SettleAndReopen),
        2 => Just(Step::Publish),
        1 => Just(Step::Abandon),
        2 => Just(Step::Checkpoint),
        2 => Just(Step::Resume),
    ]
}

fn delta(old: &Map, new: &Map) -> Delta {
    let count = |rows: &Map, other: &Map| rows.keys().filter(|key| !other.contains_key(key)).count() as u64;
    let changed = new.iter().filter(|(key, row)| old.get(key).is_some_and(|old| old != *row)).count();
    Delta { created: count(new, old), changed: changed as u64, removed: count(old, new) }
}

fn begin(store: &Store) -> Staging {
    let mut staging = store.stage().unwrap();
    staging.put_customers(&(0..3).map(|number| customer(number, "Анна")).collect::<Vec<_>>()).unwrap();
    staging
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_store_does_what_a_map_does(steps in prop::collection::vec(step(), 1..20)) {
        let store = Store::with_backend(Disk::default()).unwrap();
        let (mut published, mut staged) = (Map::new(), Map::new());
        // What the last checkpoint holds, and its note; and whether rows were written since.
        let (mut checkpoint, mut is_whole): (Option<(Map, u8)>, bool) = (None, true);
        let mut staging = begin(&store);
        for (number, step) in (0..).zip(steps) {
            is_whole &= !matches!(step, Step::Put(_) | Step::Remove(_));
            match step {
                Step::Put(rows) => {
                    staging.put_movements(&rows).unwrap();
                    staged.extend(rows.into_iter().map(|row| ((row.card, row.key.line), row)));
                }
                Step::Remove(remainder) => {
                    let removed = staging.remove_movements(|row| row.key.line % 3 == remainder).unwrap();
                    let before = staged.len();
                    staged.retain(|(_, line), _| line % 3 != remainder);
                    prop_assert_eq!(removed, (before - staged.len()) as u64);
                }
                Step::Visit => {
                    let mut seen = Vec::new();
                    staging.visit(|_, _, rows| seen.extend(rows.movements.clone())).unwrap();
                    prop_assert_eq!(seen, staged.values().cloned().collect::<Vec<_>>());
                }
                Step::SettleAndReopen => {
                    staging = staging.settle(figures).unwrap().reopen();
                    checkpoint.take_if(|_| !is_whole);
                }
                Step::Checkpoint => {
                    staging.checkpoint(&[number]).unwrap();
                    (checkpoint, is_whole) = (Some((staged.clone(), number)), true);
                }
                Step::Resume => {
                    drop(staging);
                    (staging, staged, is_whole) = match (store.resume().unwrap(), &checkpoint) {
                        (None, None) => (begin(&store), Map::new(), false),
                        (Some((resumed, note)), Some((rows, expected))) => {
                            prop_assert_eq!(&note, &[*expected]);
                            (resumed, rows.clone(), true)
                        }
                        (resumed, expected) => panic!("{resumed:?} where {expected:?} was left"),
                    };
                }
                Step::Publish => {
                    let changes = staging.settle(figures).unwrap().publish(publication()).unwrap().changes;
                    prop_assert_eq!(changes.movements, delta(&published, &staged));
                    published = std::mem::take(&mut staged);
                    checkpoint = None;
                    staging = begin(&store);
                }
                Step::Abandon => {
                    drop(staging);
                    staged.clear();
                    checkpoint = None;
                    staging = begin(&store);
                }
            }
            store.verify().unwrap();
            let snapshot = store.snapshot().unwrap();
            let stored = (0..4).flat_map(|number| snapshot.movements(card(number)).unwrap());
            prop_assert_eq!(stored.collect::<Vec<_>>(), published.values().cloned().collect::<Vec<_>>());
        }
    }
}
