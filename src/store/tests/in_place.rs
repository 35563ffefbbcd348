//! What is published in place is what is published by writing all of it anew.

use std::cell::Cell;
use std::fmt::Write;

use proptest::prelude::*;

use super::memory;
use super::support::{
    Chance, Disk, bonus, card, customer, figures, listed, movement, opening, publication, publish, sync,
};
use crate::domain::{BonusRow, Customer, Movement};
use crate::store::{CardRows, Published, Staging, Store, StoredProduct};

/// What a delta does to what is published.
#[derive(Clone, Debug)]
enum Deed {
    Sell(Vec<Movement>),
    /// Takes the lines back that leave this remainder divided by five, and reads most of them again.
    ReadAgain(u64),
    Unsell(u64),
    Forget(u64),
    Carry(Movement),
    Accrue(BonusRow),
    Burn(u64),
    List(u64, &'static str),
    Unlist(u64),
    Name(u64),
    /// Writes what was gathered.
    Look,
}

fn deed() -> impl Strategy<Value = Deed> {
    let row = || (0..7_u64, 0..12_u64, 1..4_u64, 0..4_i64);
    let sold = row().prop_map(|(card, line, recorder, kopecks)| movement(card, line, recorder, kopecks));
    prop_oneof![
        3 => prop::collection::vec(sold, 1..6).prop_map(Deed::Sell),
        2 => (0..5_u64).prop_map(Deed::ReadAgain),
        1 => (0..12_u64).prop_map(Deed::Unsell),
        1 => (0..7_u64).prop_map(Deed::Forget),
        1 => row().prop_map(|(card, line, _, kopecks)| Deed::Carry(opening(card, line, kopecks))),
        2 => row().prop_map(|(card, line, _, points)| Deed::Accrue(bonus(card, line, points))),
        1 => (0..12_u64).prop_map(Deed::Burn),
        2 => (0..7_u64, prop_oneof![Just("Анна"), Just("Вера")]).prop_map(|(it, name)| Deed::List(it, name)),
        1 => (0..7_u64).prop_map(Deed::Unlist),
        1 => (0..3_u64).prop_map(Deed::Name),
        1 => Just(Deed::Look),
    ]
}

impl Deed {
    fn act(&self, staging: &mut Staging) {
        match self {
            Self::Sell(rows) => staging.put_movements(rows).unwrap(),
            Self::ReadAgain(turn) => {
                let again = Cell::new(Vec::new());
                staging
                    .remove_movements(|row| {
                        let is_due = row.key.line % 5 == *turn;
                        if is_due {
                            again.set([again.take(), vec![row.clone()]].concat());
                        }
                        is_due
                    })
                    .unwrap();
                staging.put_movements(&again.take()).unwrap();
            }
            Self::Unsell(line) => _ = staging.remove_movements(|row| row.key.line == *line).unwrap(),
            Self::Forget(number) => {
                let cards = std::collections::BTreeSet::from([card(*number), card(number + 2)]);
                staging.remove_movements_of(&cards, |row| row.key.line % 2 == 0).unwrap();
                staging.remove_bonus_rows_of(&cards).unwrap();
            }
            Self::Carry(row) => staging.put_movements(std::slice::from_ref(row)).unwrap(),
            Self::Accrue(row) => staging.put_bonus_rows(std::slice::from_ref(row)).unwrap(),
            Self::Burn(line) => _ = staging.remove_bonus_rows(|row| row.key.line == *line).unwrap(),
            Self::List(number, name) => {
                staging.put_customers(&listed(&[customer(*number, name)])).unwrap();
            }
            Self::Unlist(number) => {
                _ = staging.remove_customers(|customer| customer.card == card(*number)).unwrap();
            }
            Self::Name(number) => {
                let id = crate::domain::ProductId(super::support::id(*number));
                let product = StoredProduct { id, name: "Кольцо".into(), article: String::new() };
                staging.put_products(&[product]).unwrap();
            }
            Self::Look => staging.visit(|_, _, _| {}).unwrap(),
        }
    }
}

/// Publishes in place, by the figures of the last visit.
fn publish_in_place(mut staging: Staging) -> Published {
    let mut own = Vec::new();
    staging
        .visit(|card, customer, rows| {
            let rows =
                CardRows { movements: rows.movements.clone(), bonus: rows.bonus.clone(), carried: None };
            own.extend(customer.map(|customer| (card, figures(customer, &rows))));
        })
        .unwrap();
    assert!(staging.changes_little().unwrap());
    let of = |customer: &Customer| own.iter().find(|(card, _)| *card == customer.card).unwrap().1;
    staging.settle_in_place(of).unwrap().publish(publication()).unwrap()
}

/// All that a store shows of what is published.
fn shown(store: &Store) -> String {
    let snapshot = store.snapshot().unwrap();
    let mut all = format!("{:?}", snapshot.unknown_cards().unwrap());
    for number in 0..7 {
        let card = card(number);
        let (customer, figures) = (snapshot.customer(card).unwrap(), snapshot.figures(card).unwrap());
        let (rows, bonus) = (snapshot.movements(card).unwrap(), snapshot.bonus_rows(card).unwrap());
        write!(all, "{customer:?} {figures:?} {rows:?} {bonus:?}").unwrap();
    }
    all
}

fn first() -> Store {
    let store = memory();
    let rows: Vec<_> = (0..12).map(|line| movement(line % 7, line, 1 + line % 3, 100)).collect();
    sync(&store, &[0, 1, 2, 3].map(|number| customer(number, "Пётр")), &rows);
    store
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_published_in_place_is_what_is_written_anew(
        deltas in prop::collection::vec(prop::collection::vec(deed(), 0..8), 1..4),
    ) {
        let (one, other) = (first(), first());
        for deeds in &deltas {
            let [mut staging, mut anew] = [&one, &other].map(|store| store.stage_over_current().unwrap());
            for deed in deeds {
                deed.act(&mut staging);
                deed.act(&mut anew);
            }
            let (in_place, anew) = (publish_in_place(staging), publish(anew));
            prop_assert_eq!(in_place, anew);
            prop_assert_eq!(shown(&one), shown(&other));
            one.verify().unwrap();
            one.snapshot().unwrap().verify_lists().unwrap();
            let before = [&one, &other].map(|store| {
                let snapshot = store.snapshot().unwrap();
                let figures: Vec<_> = snapshot.all_figures_before().unwrap().map(Result::unwrap).collect();
                (snapshot.generation_before().unwrap(), figures)
            });
            prop_assert_eq!(&before[0], &before[1]);
        }
    }
}

#[test]
fn a_staging_that_nobody_looked_at_since_it_changed_is_not_settled_in_place() {
    let store = first();
    let mut staging = store.stage_over_current().unwrap();
    assert!(!staging.changes_little().unwrap(), "nobody looked");
    staging.visit(|_, _, _| {}).unwrap();
    assert!(staging.changes_little().unwrap());
    staging.put_movements(&[movement(1, 1, 1, 7)]).unwrap();
    assert!(!staging.changes_little().unwrap(), "a row came");
    staging.visit(|_, _, _| {}).unwrap();
    staging.remove_bonus_rows(|_| true).unwrap();
    staging.remove_products(|_| true).unwrap();
    assert!(staging.changes_little().unwrap(), "nothing of a card was changed");
    staging.remove_customers(|customer| customer.card == card(1)).unwrap();
    assert!(!staging.changes_little().unwrap(), "a card went");
    drop(staging);
    let mut staging = store.stage().unwrap();
    staging.visit(|_, _, _| {}).unwrap();
    assert!(!staging.changes_little().unwrap(), "all is new");
}

#[test]
fn a_power_cut_in_a_publication_in_place_leaves_the_generation_before_or_this_one() {
    let mut published = 0;
    for at in 0.. {
        let disk = Disk::default();
        let store = Store::with_backend(disk.clone()).unwrap();
        let rows: Vec<_> = (0..60).map(|line| movement(line % 7, line, 1, 100)).collect();
        let first = sync(&store, &[0, 1, 2, 3].map(|number| customer(number, "Пётр")), &rows).generation;
        let mut staging = store.stage_over_current().unwrap();
        staging.put_movements(&[movement(1, 1, 1, 900), movement(5, 77, 1, 5)]).unwrap();
        staging.remove_movements(|row| row.key.line == 3).unwrap();
        staging.visit(|_, _, _| {}).unwrap();
        let rows = CardRows::default();
        let settled = staging.settle_in_place(|customer| figures(customer, &rows)).unwrap();
        disk.fail_after(at);
        let done = settled.publish(publication());
        drop(store);
        let store = Store::with_backend(disk.after_torn_power_cut(&mut Chance::of(at))).unwrap();
        let now = store.snapshot().unwrap().generation().cloned();
        store.verify().unwrap();
        match done {
            Ok(second) => {
                assert_eq!(now, Some(second.generation));
                published += 1;
            }
            // What was not acknowledged may have come to be.
            Err(_) => assert!(now.as_ref().is_some_and(|now| now.id == 2 || *now == first), "{now:?}"),
        }
        if published > 0 {
            assert!(at > 3, "{at}");
            return;
        }
    }
}
