//! The store as its callers see it: on memory, on failing disks, and in files.

mod backup;
mod checks;
mod crash;
mod files;
mod guarded;
mod in_place;
mod migration;
mod model;
mod power;
mod resume;
mod rot;
mod support;

use chrono::{DateTime, TimeDelta, Utc};
use redb::TableHandle;

use super::*;
use crate::domain::finding::DataPart;
use crate::domain::settings::{Asked, ReadUnder, Settings};
use crate::domain::{CardId, Finding, ProductId, Verdict};
use support::{
    Disk, amount, bonus, card, customer, figures, listed, movement, opening, publication, publish, run, sync,
};

fn memory() -> Store {
    Store::with_backend(Disk::default()).unwrap()
}

#[test]
fn before_the_first_sync_there_is_nothing() {
    let store = memory();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.generation(), None);
    assert_eq!(snapshot.base(), None);
    assert_eq!(snapshot.customer(card(1)).unwrap(), None);
    assert_eq!(snapshot.customers().unwrap().count(), 0);
    assert_eq!(snapshot.movements(card(1)).unwrap(), []);
    store.verify().unwrap();
}

#[test]
fn what_was_published_is_read_back() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    let customers = [customer(1, "Царькова Анна"), customer(2, "Королёв Пётр")];
    let movements = [opening(1, 7, 23_236_000), movement(1, 8, 1, 10_050), movement(2, 8, 2, -3_000)];
    let products =
        [StoredProduct {
            id: ProductId(support::id(5)), name: "Браслет".into(), article: "Б-1".into()
        }];
    staging.put_customers(&listed(&customers)).unwrap();
    staging.put_movements(&movements).unwrap();
    staging.put_bonus_rows(&[bonus(1, 9, 4806)]).unwrap();
    staging.put_products(&products).unwrap();
    let published = publish(staging);

    let generation = &published.generation;
    assert_eq!(generation.id, 1);
    assert_eq!(generation.counts.cards, 2);
    assert_eq!(generation.counts.opening_balances, Lines { lines: 1, amount: amount(23_236_000) });
    assert_eq!(generation.counts.purchases, Lines { lines: 2, amount: amount(7_050) });
    assert_eq!((generation.counts.bonus_rows, generation.counts.products), (1, 1));
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.generation(), Some(generation));
    assert_eq!(snapshot.base(), Some(&publication().base));
    assert_eq!(snapshot.customer(card(2)).unwrap().as_ref(), Some(&customers[1]));
    let all: Result<Vec<_>, _> = snapshot.customers().unwrap().collect();
    assert_eq!(all.unwrap(), customers);
    assert_eq!(snapshot.movements(card(1)).unwrap(), movements[..2]);
    assert_eq!(snapshot.bonus_rows(card(1)).unwrap(), [bonus(1, 9, 4806)]);
    assert_eq!(snapshot.read_at(card(1)).unwrap(), Some(publication().synced_at));
    let found = snapshot.products(&[products[0].id, ProductId::EMPTY]).unwrap();
    assert_eq!(found.into_values().collect::<Vec<_>>(), products);
    let side = snapshot.stored_side(card(1)).unwrap().unwrap();
    assert_eq!((side.customer, side.movements.len(), side.bonus.len()), (customers[0].clone(), 2, 1));
    assert_eq!(side.figures.own.purchases, amount(10_050));
    assert_eq!(snapshot.all_figures().unwrap().count(), 2);
    store.verify().unwrap();
}

#[test]
fn a_reader_keeps_the_generation_it_began_with() {
    let store = memory();
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    let before = store.snapshot().unwrap();
    sync(&store, &[customer(1, "Анна П.")], &[movement(1, 1, 1, 200)]);
    assert_eq!(before.customer(card(1)).unwrap().unwrap().name, "Анна");
    assert_eq!(before.movements(card(1)).unwrap()[0].amount, amount(100));
    let after = store.snapshot().unwrap();
    assert_eq!(after.customer(card(1)).unwrap().unwrap().name, "Анна П.");
    assert_eq!(after.movements(card(1)).unwrap()[0].amount, amount(200));
    assert_eq!(after.generation().unwrap().id, 2);
}

#[test]
fn a_staging_that_is_dropped_leaves_nothing() {
    let store = memory();
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(2, "Пётр")])).unwrap();
    staging.put_movements(&[movement(2, 1, 2, 900)]).unwrap();
    let settled = staging.settle(figures).unwrap();
    drop(settled);
    assert_eq!(store.snapshot().unwrap().customers().unwrap().count(), 1);
    let published = sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    assert_eq!(published.changes, Changes::default());
    assert_eq!(published.generation.counts.cards, 1);
}

#[test]
fn one_stages_at_a_time() {
    let store = memory();
    let staging = store.stage().unwrap();
    assert!(matches!(store.stage(), Err(Error::Staging)));
    let settled = staging.settle(figures).unwrap();
    assert!(matches!(store.stage(), Err(Error::Staging)));
    drop(settled);
    store.stage().unwrap();
}

#[test]
fn the_digest_depends_on_the_rows_and_not_on_the_way_they_came() {
    let rows: Vec<_> = (1..40).map(|line| movement(line % 7, line, 1 + line % 3, 100)).collect();
    let people: Vec<_> = (0..7).map(|number| customer(number, "Анна")).collect();
    let one = sync(&memory(), &people, &rows);

    let store = memory();
    let mut staging = store.stage().unwrap();
    for row in rows.iter().rev() {
        staging.put_movements(std::slice::from_ref(row)).unwrap();
        staging.visit(|_, _, _| ()).unwrap();
    }
    staging.put_movements(&rows[3..20]).unwrap();
    staging.put_customers(&listed(&people)).unwrap();
    let other = publish(staging);
    assert_eq!(one.generation.digest, other.generation.digest);
    assert_eq!(one.generation.figures_digest, other.generation.figures_digest);

    let mut changed = rows;
    changed[5].amount = amount(101);
    assert_ne!(sync(&store, &people, &changed).generation.digest, one.generation.digest);
}

#[test]
fn changes_are_counted_against_the_generation_before() {
    let store = memory();
    let people = [customer(1, "Анна"), customer(2, "Пётр")];
    let first =
        sync(&store, &people, &[movement(1, 1, 1, 100), movement(1, 2, 1, 200), movement(2, 3, 1, -300)]);
    assert_eq!(first.changes.movements, Delta { created: 3, changed: 0, removed: 0 });
    let second = sync(&store, &people[..1], &[movement(1, 2, 1, 250), movement(1, 4, 1, 50)]);
    assert_eq!(second.changes.movements, Delta { created: 1, changed: 1, removed: 2 });
    assert_eq!(second.changes.removed_amount, amount(400));
    assert_eq!(second.changes.cards, Delta { created: 0, changed: 0, removed: 1 });
    let runs = store.runs().unwrap();
    assert_eq!(runs[0].changes, second.changes.movements);
    assert_eq!((runs[0].generation, runs[0].movements), (Some(2), 2));
}

#[test]
fn the_last_row_of_a_key_counts_and_rows_can_be_taken_back() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    staging.put_movements(&[movement(1, 1, 1, 100), movement(1, 2, 1, 200), movement(1, 1, 1, 150)]).unwrap();
    staging.put_bonus_rows(&[bonus(1, 1, 5), bonus(1, 2, 6)]).unwrap();
    let removed = staging.remove_movements(|row| row.key.line == 2).unwrap();
    assert_eq!(removed, 1);
    assert_eq!(staging.remove_movements(|row| row.key.line == 2).unwrap(), 0);
    staging.put_movements(&[movement(1, 3, 1, 300)]).unwrap();
    assert_eq!(staging.remove_bonus_rows(|row| row.key.line == 1).unwrap(), 1);
    publish(staging);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.movements(card(1)).unwrap(), [movement(1, 1, 1, 150), movement(1, 3, 1, 300)]);
    assert_eq!(snapshot.bonus_rows(card(1)).unwrap(), [bonus(1, 2, 6)]);
    store.verify().unwrap();
}

#[test]
fn what_is_settled_can_be_reopened_and_settled_again() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    staging.put_movements(&[movement(1, 1, 1, 100), movement(1, 2, 1, 200)]).unwrap();
    let settled = staging.settle(figures).unwrap();
    assert_eq!(settled.counts().purchases, Lines { lines: 2, amount: amount(300) });
    let mut staging = settled.reopen();
    staging.remove_movements(|row| row.key.line == 1).unwrap();
    staging.put_movements(&[movement(1, 3, 1, 50)]).unwrap();
    let published = publish(staging);
    assert_eq!(published.generation.counts.purchases, Lines { lines: 2, amount: amount(250) });
    assert_eq!(store.snapshot().unwrap().figures(card(1)).unwrap().unwrap().own.purchases, amount(250));
    store.verify().unwrap();
}

#[test]
fn every_card_is_visited_with_its_rows_and_unknown_ones_apart() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(2, "Пётр"), customer(3, "Без покупок")])).unwrap();
    let rows = [movement(0, 1, 1, 10), opening(0, 2, 20), movement(2, 3, 1, 30), movement(4, 4, 1, 40)];
    staging.put_movements(&rows).unwrap();
    staging.put_bonus_rows(&[bonus(4, 5, 1)]).unwrap();
    let mut visited = Vec::new();
    staging
        .visit(|card, customer, rows| {
            visited.push((card, customer.is_some(), rows.movements.len(), rows.bonus.len()));
        })
        .unwrap();
    assert_eq!(
        visited,
        [(card(0), false, 2, 0), (card(2), true, 1, 0), (card(3), true, 0, 0), (card(4), false, 1, 1)]
    );
    let published = publish(staging);
    assert_eq!(published.generation.counts.unknown, Lines { lines: 3, amount: amount(70) });
    assert_eq!(published.generation.counts.cards, 2);
    let snapshot = store.snapshot().unwrap();
    let unknown = snapshot.unknown_cards().unwrap();
    assert_eq!(unknown.iter().map(|unknown| unknown.card).collect::<Vec<_>>(), [card(0), card(4)]);
    assert_eq!(unknown[0].opening_balances, Lines { lines: 1, amount: amount(20) });
    assert_eq!(unknown[1].bonus_rows, 1);
    assert_eq!(snapshot.movements(CardId::EMPTY).unwrap().len(), 2);
    assert_eq!(snapshot.stored_side(card(4)).unwrap(), None);
    store.verify().unwrap();
}

#[test]
fn cards_that_were_not_read_are_carried_over_with_their_age() {
    let store = memory();
    let people = [customer(1, "Анна"), customer(2, "Пётр")];
    sync(&store, &people, &[movement(1, 1, 1, 100), movement(2, 2, 1, 200), movement(9, 3, 1, 1)]);
    for later in [1, 2] {
        let mut staging = store.stage().unwrap();
        staging.put_customers(&listed(&people[..1])).unwrap();
        staging.put_movements(&[movement(1, 1, 1, 150)]).unwrap();
        assert_eq!(staging.carry_over(|card| card != support::card(1)).unwrap(), 1);
        let settled = staging
            .settle(|customer, rows| match rows.carried {
                Some(carried) => carried.figures,
                None => figures(customer, rows),
            })
            .unwrap();
        let synced_at = publication().synced_at + TimeDelta::days(later);
        settled.publish(Publication { synced_at, ..publication() }).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(snapshot.read_at(card(1)).unwrap(), Some(synced_at));
        assert_eq!(snapshot.read_at(card(2)).unwrap(), Some(publication().synced_at));
        assert_eq!(snapshot.figures(card(2)).unwrap().unwrap().own.purchases, amount(200));
        assert_eq!(snapshot.movements(card(9)).unwrap(), [movement(9, 3, 1, 1)]);
        assert_eq!(snapshot.generation().unwrap().counts.carried, 1);
        store.verify().unwrap();
    }
}

#[test]
fn remarks_belong_to_the_generation_they_were_published_with() {
    let store = memory();
    assert_eq!(store.snapshot().unwrap().remarks(), &Remarks::default());
    let findings = vec![Finding::OutOfRange { cards: 2, example: "000371".into() }, Finding::Other];
    let absent = [(DataPart::Points, "AccumulationRegister_X".to_owned())];
    let remarks = Remarks { findings, absent: Some(absent.into()) };
    let settled = store.stage().unwrap().settle(figures).unwrap();
    settled.publish(Publication { remarks: remarks.clone(), ..publication() }).unwrap();
    assert_eq!(store.snapshot().unwrap().remarks(), &remarks);
    publish(store.stage().unwrap());
    assert_eq!(store.snapshot().unwrap().remarks(), &Remarks::default());
}

/// As an earlier version of this program leaves it, which writes none.
#[test]
fn remarks_of_an_earlier_generation_are_nobodys() {
    let store = memory();
    let remarks = Remarks { findings: vec![Finding::Other], ..Remarks::default() };
    let settled = store.stage().unwrap().settle(figures).unwrap();
    settled.publish(Publication { remarks, ..publication() }).unwrap();
    let kept = {
        let meta = store.begin_read().unwrap().open_table(META).unwrap();
        meta.get(schema::META_REMARKS).unwrap().unwrap().value().to_vec()
    };
    publish(store.stage().unwrap());
    let write = store.begin_write().unwrap();
    write.open_table(META).unwrap().insert(schema::META_REMARKS, kept.as_slice()).unwrap();
    write.commit().unwrap();
    assert_eq!(store.snapshot().unwrap().remarks(), &Remarks::default());
    store.verify().unwrap();
}

#[test]
fn how_a_generation_was_read_is_kept_with_it_and_with_no_other() {
    let store = memory();
    assert_eq!(store.snapshot().unwrap().read_under().unwrap(), None, "before the first sync");
    let read_under = ReadUnder {
        settings: Settings { days: 30, opening_balance: vec!["Ввод".into()], ..Settings::default() },
        asked: Some(Asked { turnovers: true, ..Asked::default() }),
        ..ReadUnder::default()
    };
    let publish_under = |read_under: &ReadUnder| {
        let mut staging = store.stage().unwrap();
        staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
        let settled = staging.settle(figures).unwrap();
        settled.publish(Publication { read_under: read_under.clone(), ..publication() }).unwrap();
    };
    publish_under(&read_under);
    let kept = || store.snapshot().unwrap().read_under();
    assert_eq!(kept().unwrap(), Some(read_under.clone()));
    let put = |record: &[u8]| {
        let write = store.begin_write().unwrap();
        write.open_table(META).unwrap().insert(schema::META_READ_UNDER, record).unwrap();
        write.commit().unwrap();
    };
    let of = |json: &str| codec::seal(json.as_bytes().to_vec());
    put(&of(r#"{"generation":7,"read":{}}"#));
    assert_eq!(kept().unwrap(), None, "a program that does not know the record published since");
    put(&of(r#"{"generation":1,"read":"later"}"#));
    assert_eq!(kept().unwrap(), None, "a shape of a later version");
    put(&of(r#"{"generation":1,"read":{"later":1}}"#));
    assert_eq!(kept().unwrap(), Some(ReadUnder::default()));
    put(b"{}");
    assert!(kept().unwrap_err().is_damage());
    assert!(store.verify().unwrap_err().is_damage(), "a check of the store finds it");
}

/// A product has no card: who carries cards over cannot tell which products they name, and keeps all.
#[test]
fn carried_cards_keep_the_names_of_their_products() {
    let store = memory();
    let product = |name: &str| StoredProduct {
        id: ProductId(support::id(5)),
        name: name.into(),
        article: "Б-1".into(),
    };
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    staging.put_products(&[product("Браслет")]).unwrap();
    publish(staging);
    let named =
        || store.snapshot().unwrap().products(&[product("").id]).unwrap().into_values().collect::<Vec<_>>();
    let mut staging = store.stage().unwrap();
    staging.carry_over(|_| true).unwrap();
    publish(staging);
    assert_eq!(named(), [product("Браслет")]);
}

#[test]
fn a_staging_over_what_is_published_keeps_what_is_neither_replaced_nor_removed() {
    let (store, other) = (memory(), memory());
    let people = [customer(1, "Анна"), customer(2, "Пётр"), customer(3, "Вера")];
    let rows = [movement(1, 1, 1, 100), movement(1, 2, 2, 200), movement(2, 3, 1, 300), opening(3, 4, 400)];
    let first = sync(&store, &people, &rows).generation;

    let unchanged = store.stage_over_current().unwrap().settle(figures).unwrap();
    assert_eq!((unchanged.digest(), *unchanged.changes()), (first.digest, Changes::default()));
    let second = unchanged.publish(publication()).unwrap().generation;
    assert_eq!((second.digest, second.figures_digest), (first.digest, first.figures_digest));

    let mut staging = store.stage_over_current().unwrap();
    staging.remove_movements(|movement| movement.period == rows[1].period).unwrap();
    staging.put_movements(&[movement(2, 3, 1, 350)]).unwrap();
    staging.remove_customers(|customer| customer.card == card(3)).unwrap();
    staging.put_customers(&listed(&[customer(2, "Пётр Иванович")])).unwrap();
    let third = publish(staging);
    let now = [movement(1, 1, 1, 100), movement(2, 3, 1, 350), opening(3, 4, 400)];
    let anew = sync(&other, &[customer(1, "Анна"), customer(2, "Пётр Иванович")], &now).generation;
    assert_eq!(
        (third.generation.digest, third.generation.figures_digest),
        (anew.digest, anew.figures_digest)
    );
    assert_eq!(third.generation.counts, anew.counts);
    assert_eq!(third.changes.movements, Delta { created: 0, changed: 1, removed: 1 });
    assert_eq!(third.changes.cards, Delta { created: 0, changed: 1, removed: 1 });
    store.verify().unwrap();
}

#[test]
fn a_staging_over_what_is_published_leaves_it_untouched_when_it_is_dropped_and_is_never_gone_on_with() {
    let store = memory();
    let first = sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]).generation;
    let mut staging = store.stage_over_current().unwrap();
    staging.remove_movements(|_| true).unwrap();
    staging.put_movements(&[movement(1, 2, 1, 900)]).unwrap();
    drop(staging.settle(figures).unwrap());
    assert_eq!(store.snapshot().unwrap().generation(), Some(&first));
    store.verify().unwrap();
    let mut staging = store.stage_over_current().unwrap();
    staging.put_movements(&[movement(1, 2, 1, 900)]).unwrap();
    staging.checkpoint(b"a note").unwrap();
    drop(staging);
    assert!(store.resume().unwrap().is_none());
    store.verify().unwrap();
}

#[test]
fn verdicts_are_counted() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    let people: Vec<_> = (0..10).map(|number| customer(number, "Анна")).collect();
    staging.put_customers(&listed(&people)).unwrap();
    let mut verdicts = [
        (Verdict::Reconciled, 1),
        (Verdict::BeforeWindow, 2),
        (Verdict::Variance, 3),
        (Verdict::Unverified, 4),
    ]
    .into_iter()
    .flat_map(|(verdict, times)| std::iter::repeat_n(verdict, times));
    let settled = staging
        .settle(|customer, rows| {
            let verdict = verdicts.next().unwrap();
            crate::domain::StoredFigures { verdict, ..figures(customer, rows) }
        })
        .unwrap();
    let Counts { reconciled, before_window, variances, unverified, .. } = *settled.counts();
    assert_eq!([reconciled, before_window, variances, unverified], [1, 2, 3, 4]);
}

#[test]
fn the_last_hundred_runs_are_kept() {
    let store = memory();
    for number in 0..130 {
        let failed = Run {
            started_at: DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(number),
            error: Some("onec-unreachable".into()),
            ..run()
        };
        store.record_run(&failed).unwrap();
    }
    let runs = store.runs().unwrap();
    assert_eq!(runs.len(), 100);
    assert_eq!(runs[0].started_at, DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(129));
    assert_eq!(runs[0].error.as_deref(), Some("onec-unreachable"));
}

/// 1,000 syncs in the long programme.
#[test]
fn d12_a_file_does_not_grow_by_syncing_what_did_not_change() {
    let disk = Disk::default();
    let store = Store::with_backend(disk.clone()).unwrap();
    let people: Vec<_> = (0..50).map(|number| customer(number, "Анна")).collect();
    let rows: Vec<_> = (0..500).map(|line| movement(line % 50, line, 1, 100)).collect();
    let digest = sync(&store, &people, &rows).generation.digest;
    let mut lengths = Vec::new();
    for _ in 0..(support::power_cuts() / 10).clamp(50, 1_000) {
        let published = sync(&store, &people, &rows);
        assert_eq!(published.changes, Changes::default(), "I10");
        assert_eq!(published.generation.digest, digest);
        // Whoever reads meanwhile keeps no page from being used again, for a query ends.
        assert_eq!(store.snapshot().unwrap().movements(card(1)).unwrap().len(), 10);
        lengths.push(disk.len());
    }
    assert_eq!(lengths[10..].iter().max(), lengths[..10].iter().max());
    assert!(!store.verify().unwrap().outgrown_by(disk.len() as u64), "I19");
}

/// A task that waits for something else cannot be holding one: it would not compile (I19).
#[test]
fn d12_no_read_transaction_is_held_across_a_wait() {
    trait Told<T> {
        fn told(&self) {}
    }
    impl<T> Told<u8> for Option<T> {}
    impl<T: Send> Told<u16> for Option<T> {}
    // Ambiguous, and so refused by the compiler, were a snapshot to become `Send`.
    None::<Snapshot>.told();
}

#[test]
fn i4_what_was_acknowledged_is_there_after_the_handle_is_gone() {
    let disk = Disk::default();
    for id in 1..4 {
        let store = Store::with_backend(disk.clone()).unwrap();
        assert_eq!(sync(&store, &[customer(1, "Анна")], &[]).generation.id, id);
        let cut = disk.after_power_cut(|| false);
        let left = Store::with_backend(cut).unwrap();
        assert_eq!(left.snapshot().unwrap().generation().unwrap().id, id);
    }
}

#[test]
#[should_panic(expected = "the tables are not those of the manifest")]
fn i1_what_is_published_is_what_was_walked() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    let settled = staging.settle(figures).unwrap();
    // What no caller can do: a row that came in after the rows were walked.
    let write = store.begin_write().unwrap();
    let table =
        write.list_tables().unwrap().find(|table| table.name().starts_with("next.customers")).unwrap();
    let name = table.name().to_owned();
    write.open_table(schema::rows(&name)).unwrap().insert(&[0xff; 16][..], &[0; 1][..]).unwrap();
    write.commit().unwrap();
    let _ = settled.publish(publication());
}

#[test]
fn i2_rows_of_another_generation_are_noticed() {
    let store = memory();
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 200)]);
    store.verify().unwrap();
    let write = store.begin_write().unwrap();
    let swap = |from: &str, to: &str| write.rename_table(schema::rows(from), schema::rows(to)).unwrap();
    swap("current.movements", "aside");
    swap("previous.movements", "current.movements");
    swap("aside", "previous.movements");
    write.commit().unwrap();
    assert!(store.verify().unwrap_err().is_damage());
}

#[test]
fn r17_a_value_too_large_is_refused_by_name() {
    let mut row = movement(1, 1, 1, i64::MAX);
    row.amount += amount(1);
    let refused = memory().stage().unwrap().put_movements(&[row]);
    assert!(matches!(refused, Err(Error::Range { card: whose, .. }) if whose == card(1)));
}

#[test]
fn r17_a_sum_larger_than_any_row_is_kept_exactly() {
    let store = memory();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна"), customer(2, "Вера")])).unwrap();
    let rows = [
        movement(1, 1, 1, 5),
        movement(2, 1, 1, i64::MAX),
        movement(2, 2, 1, i64::MAX),
        movement(9, 3, 1, i64::MAX),
        movement(9, 4, 1, i64::MAX),
    ];
    staging.put_movements(&rows).unwrap();
    let published = publish(staging).generation;
    let largest = amount(i64::MAX);
    let snapshot = store.snapshot().unwrap();
    let purchases = |number| snapshot.figures(card(number)).unwrap().unwrap().own.purchases;
    assert_eq!((purchases(1), purchases(2)), (amount(5), largest + largest));
    assert_eq!(published.counts.purchases.amount, amount(5) + largest + largest + largest + largest);
    assert_eq!(snapshot.unknown_cards().unwrap()[0].purchases.amount, largest + largest);
    store.verify().unwrap();
}

#[test]
#[should_panic(expected = "the caller's own")]
fn a_panic_of_the_caller_is_not_taken_for_damage() {
    let mut staging = memory().stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    let _ = staging.settle(|_, _| panic!("the caller's own"));
}
