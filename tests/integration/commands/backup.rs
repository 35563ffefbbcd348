use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::json;
use sverka::store::{Access, Store};
use sverka_simulator::{DocumentKind, FaultKind, Faults};

use super::purchase;
use crate::support::binary::Machine;
use crate::support::{REFERENCE_PHONE, audited_figures, stored_figures};

/// What is stored equals 1C's books as they are now.
#[track_caller]
fn assert_as_in_onec(machine: &Machine) {
    let store = Store::open(&machine.store(), Access::Read).unwrap();
    store.verify().unwrap();
    let snapshot = store.snapshot().unwrap();
    let generation = snapshot.generation().unwrap();
    let (from, points_at) = (generation.window.from.unwrap(), generation.points_at.unwrap());
    let audited = machine.onec(|onec| audited_figures(onec.books(), from, points_at));
    assert_eq!(stored_figures(&snapshot), audited);
}

/// Two purchases of some months ago change their products: no sum of 1C's totals tells of it.
fn edit_silently(machine: &Machine) {
    machine.onec(|onec| {
        let first = purchase(onec.books());
        let newest = onec.books().sales().map(|sale| sale.row.period).max().unwrap();
        let is_old = |period| newest - period > chrono::TimeDelta::days(90);
        let found: Vec<_> = onec
            .books()
            .sales()
            .filter(|sale| sale.kind != DocumentKind::OpeningBalances && is_old(sale.row.period))
            .filter(|sale| newest - sale.row.period < chrono::TimeDelta::days(300))
            .take(2)
            .collect();
        let [one, other] = found.as_slice() else { panic!("two purchases of that time") };
        let (one, other) = (one.clone(), other.clone());
        let (here, there) = (one.row.product, first.row.product);
        assert!(onec.books_mut().change_sale(one.recorder, one.line, |row| row.product = there));
        assert!(onec.books_mut().change_sale(other.recorder, other.line, |row| row.product = here));
    });
}

fn digest(machine: &Machine) -> u128 {
    let store = Store::open(&machine.store(), Access::Read).unwrap();
    store.snapshot().unwrap().generation().unwrap().digest
}

#[test]
fn d16_a_store_is_copied_while_a_sync_runs_and_restored_under_a_new_number() {
    let machine = Machine::synced();
    let copy = machine.path("copies of ours/monday.redb");
    fs::create_dir(copy.parent().unwrap()).unwrap();
    let file = copy.to_str().unwrap();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut sync = machine.sverka(["sync"]).in_english().start();
    sync.wait_for_words("Preparing…");
    let run = machine.run(["store", "backup", file, "--json"]).ends_with(0);
    let told = run.json();
    assert_eq!((&told["generation"], &told["aside"]), (&json!(1), &json!(null)));
    assert_eq!(told["bytes"], fs::metadata(&copy).unwrap().len());
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    machine.sverka(["store", "restore", file]).in_english().run().ends_with(4).tells("sverka sync");
    drop(sync);
    machine.break_onec(Faults::default());
    machine.run(["store", "check", "--store", file]).ends_with(0);
    machine.run(["check", "--offline", "--phone", REFERENCE_PHONE, "--store", file]).ends_with(0);
    machine.run(["store", "backup", file]).ends_with(2);
    machine.run(["store", "backup", file, "--force"]).ends_with(0).prints("версия данных 1");

    edit_silently(&machine);
    let before = digest(&machine);
    machine.run(["sync"]).ends_with(0);
    let now = digest(&machine);
    assert_ne!(before, now, "a full sync sees what changed");
    let told = machine.run(["store", "restore", file, "--json"]).ends_with(0).json();
    assert_eq!((&told["generation"], &told["cards"]), (&json!(3), &json!(30)));
    let aside =
        machine.run(["status", "--json", "--store", told["aside"].as_str().unwrap()]).ends_with(0).json();
    assert_eq!(aside["generation"], 2, "what was there is whole");
    assert_eq!(digest(&machine), before);
    // It went back in time: what 1C did since then and moved no sum, a delta would not see.
    let last = machine.run(["sync", "--delta", "--json"]).ends_with(0).json_lines().pop().unwrap();
    assert_eq!((&last["generation"], &last["delta"]), (&json!(4), &json!(null)), "everything is read");
    assert_eq!(digest(&machine), now);
    assert_as_in_onec(&machine);
    machine.run(["sync", "--delta"]).ends_with(0);
    assert_eq!(digest(&machine), now);
}

/// The disk behind the link is not there: nothing is restored in its place, as nothing is synced there.
#[test]
fn d16_no_store_is_restored_through_a_link_that_leads_nowhere() {
    let machine = Machine::synced();
    let copy = machine.path("copy.redb");
    let file = copy.to_str().unwrap();
    machine.run(["store", "backup", file]).ends_with(0);
    let (link, target) = (machine.path("link.redb"), machine.path("disk/real.redb"));
    symlink("disk/real.redb", &link).unwrap();
    for has_folder in [false, true] {
        if has_folder {
            fs::create_dir(target.parent().unwrap()).unwrap();
        }
        let restore = ["store", "restore", file, "--store", link.to_str().unwrap()];
        machine.sverka(restore).in_english().run().ends_with(4).tells("link");
        assert!(!target.exists() && fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(target.parent().unwrap().exists(), has_folder);
    }
    fs::copy(&copy, &target).unwrap();
    machine.run(["store", "restore", file, "--store", link.to_str().unwrap()]).ends_with(0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn d16_what_is_no_copy_is_refused_and_nothing_touched() {
    let machine = Machine::synced();
    let copy = machine.path("copy.redb");
    machine.run(["store", "backup", copy.to_str().unwrap()]).ends_with(0);
    let before = fs::read(machine.store()).unwrap();
    let good = fs::read(&copy).unwrap();
    let mut rotten = good.clone();
    let name = "Царькова".as_bytes();
    let places: Vec<_> = (0..good.len() - name.len()).filter(|at| good[*at..].starts_with(name)).collect();
    for at in places {
        rotten[at + 1] ^= 1;
    }
    for (name, bytes) in
        [("rotten", &rotten[..]), ("short", &good[..good.len() / 2]), ("list", b"milk, bread")]
    {
        let path = machine.path(name);
        fs::write(&path, bytes).unwrap();
        let run = machine.sverka(["store", "restore", path.to_str().unwrap()]).in_english().run();
        run.ends_with(4)
            .tells("cannot be restored")
            .tells(path.to_str().unwrap())
            .tells("The store is unchanged");
        assert!(fs::read(&path).unwrap() == bytes, "{name}");
    }
    machine.run(["store", "restore", machine.path("nowhere").to_str().unwrap()]).ends_with(4);
    machine.run(["store", "restore", machine.store().to_str().unwrap()]).ends_with(2);
    assert!(fs::read(machine.store()).unwrap() == before);
    // The copy of another base is restored as what it is: the next sync says whose it is.
    let other = Machine::with_another_base();
    other.run(["store", "restore", copy.to_str().unwrap()]).ends_with(0);
    other.run(["sync"]).ends_with(3);
    // Without a store there is nothing to copy; on a disk without room no copy is left.
    let bare = Machine::with_onec();
    bare.run(["store", "backup", bare.path("copy.redb").to_str().unwrap()]).ends_with(4);
    let full = machine.path("full.redb");
    let command = ["store", "backup", full.to_str().unwrap()];
    let run = machine.shell("ulimit -f 100; exec \"$@\"", &command).in_english().run().ends_with(2);
    run.tells(full.to_str().unwrap()).tells("What to do:");
    assert!(!full.exists());
}
