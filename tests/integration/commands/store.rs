use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustix::process::Signal;
use serde_json::{Value, json};
use sverka::store::{Access, Store, StoreHolder};
use sverka_simulator::{FaultKind, Faults};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

/// Commands that read the store, and what `search` prints.
fn assert_readable(machine: &Machine) {
    machine.run(["search", "царьков"]).ends_with(0).prints("Царькова");
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!(status["generation"], 1);
    machine.run(["check", "--offline", "--phone", REFERENCE_PHONE]).ends_with(0);
    machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(0);
}

#[test]
fn p7_a_store_held_by_another_process_can_be_read_but_not_written() {
    let machine = Machine::synced();
    let holder = StoreHolder {
        pid: 4_000_001,
        host: "till-7".into(),
        since: DateTime::<Utc>::UNIX_EPOCH,
        command: String::new(),
    };
    let held = Store::open(&machine.store(), Access::Write(holder)).unwrap();
    let run = machine.sverka(["sync"]).in_english().run().ends_with(4);
    assert_eq!(run.stdout, "");
    run.tells("4000001").tells("till-7").tells("What to do:");
    assert_readable(&machine);
    drop(held);
    assert_readable(&machine);
    machine.run(["sync"]).ends_with(0);
}

#[test]
fn p7_a_running_sync_keeps_a_second_one_out_and_is_named() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut first = machine.sverka(["sync"]).in_english().start();
    first.wait_for_words("Preparing…");
    let pid = first.pid().to_string();
    let second = machine.sverka(["sync", "--json"]).in_english().run().ends_with(4).tells(&pid);
    let said = second.json_lines();
    assert!(said.iter().all(|line| line["outcome"] != "published"), "{said:?}");
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["generation"], status["running"].is_object()), (&json!(1), true));
    let doctor = machine.sverka(["doctor", "--json"]).env("SVERKA_ONEC__READ_TIMEOUT", "1ms").run();
    let doctor = doctor.json();
    let lock = doctor.as_array().unwrap().iter().find(|check| check["check"] == "lock").unwrap();
    assert!(lock["status"] == "warning" && lock["detail"].as_str().unwrap().contains(&pid), "{lock}");
    machine.break_onec(Faults::default());
    assert_readable(&machine);
    first.signal(Signal::INT);
    first.end().ends_with(130);
    assert_eq!(machine.run(["status", "--json"]).json()["running"], Value::Null);
}

#[test]
fn before_the_first_sync_there_is_nothing_to_search() {
    let machine = Machine::with_onec();
    for command in [&["search", "a"][..], &["check", "--offline", "--phone", REFERENCE_PHONE]] {
        let run = machine.sverka(command).in_english().run().ends_with(4).tells("sverka sync");
        assert_eq!(run.stdout, "", "{command:?}");
    }
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    for field in ["generation", "synced_at", "age_s", "cards", "movements", "variances", "running"] {
        assert_eq!(status[field], Value::Null, "{field}");
    }
    assert_eq!(status["last_syncs"], json!([]));
    machine.sverka(["status"]).in_english().run().ends_with(0).prints("sverka sync");
    assert!(!machine.store().exists(), "reading makes no store");
}

/// A first sync that failed leaves a store with a run and no generation.
#[test]
fn after_a_failed_first_sync_there_is_nothing_to_search_either() {
    let mut machine = Machine::with_onec();
    machine.set_password("wrong");
    machine.run(["sync"]).ends_with(3);
    machine.run(["search", "a"]).ends_with(4);
    machine.run(["check", "--offline", "--phone", REFERENCE_PHONE]).ends_with(4);
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["generation"], &status["cards"]), (&Value::Null, &Value::Null));
    assert_eq!(status["last_syncs"][0]["outcome"], "failed");
}

/// Every command refuses what lies in the store's place, says so in both languages, and leaves it alone.
fn assert_refused(machine: &Machine, what: &str, (russian, english): (&str, &str)) {
    let before = fs::read(machine.store()).unwrap();
    let path = machine.store().display().to_string();
    let commands: [&[&str]; 5] = [
        &["sync"],
        &["status"],
        &["search", "a"],
        &["check", "--offline", "--phone", REFERENCE_PHONE],
        &["check", "--phone", REFERENCE_PHONE],
    ];
    for command in commands {
        let run = machine.sverka(command).in_english().run().ends_with(4);
        assert_eq!(run.stdout, "", "{what}: {command:?}");
        assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
        run.tells(english).tells(&path).tells("What to do:");
        machine.run(command).ends_with(4).tells(russian).tells(&path).tells("Что делать:");
        assert!(fs::read(machine.store()).unwrap() == before, "{what}: {command:?} changed the file");
    }
}

#[test]
fn d7_a_file_that_is_no_store_is_refused_and_left_alone() {
    let machine = Machine::with_onec();
    fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    let long_text = "не хранилище\n".repeat(10_000);
    for (what, bytes) in [("text", long_text.as_bytes()), ("nothing", b""), ("zeros", &[0; 8192])] {
        fs::write(machine.store(), bytes).unwrap();
        assert_refused(&machine, what, FOREIGN);
    }
    fs::remove_file(machine.store()).unwrap();
    foreign_database(&machine.store());
    assert_refused(&machine, "a database of another program", FOREIGN);
}

const FOREIGN: (&str, &str) = ("не хранилище sverka", "is not a sverka store");
const DAMAGED: (&str, &str) = ("повреждено", "is damaged");
const NEWER: (&str, &str) = ("более новой версией", "by a newer version");

#[test]
fn d7_a_folder_in_the_stores_place_is_refused_and_left_alone() {
    let machine = Machine::with_onec();
    fs::create_dir_all(machine.store()).unwrap();
    fs::write(machine.store().join("theirs"), "theirs").unwrap();
    for command in [&["sync"][..], &["status"], &["search", "a"]] {
        machine.sverka(command).in_english().run().ends_with(4).tells(FOREIGN.1).tells("What to do:");
        machine.run(command).ends_with(4).tells(FOREIGN.0).tells("Что делать:");
    }
    assert_eq!(fs::read_to_string(machine.store().join("theirs")).unwrap(), "theirs");
}

fn foreign_database(path: &Path) {
    let database = redb::Database::create(path).unwrap();
    let write = database.begin_write().unwrap();
    let table: redb::TableDefinition<'_, u64, u64> = redb::TableDefinition::new("theirs");
    write.open_table(table).unwrap().insert(1, 2).unwrap();
    write.commit().unwrap();
}

#[test]
fn d7_a_damaged_store_is_refused_and_left_alone() {
    let machine = Machine::synced();
    let whole = fs::read(machine.store()).unwrap();
    let cases = [
        ("truncated to half", whole[..whole.len() / 2].to_vec()),
        ("truncated to its header", whole[..512].to_vec()),
        ("cut inside the header", whole[..100].to_vec()),
    ];
    for (what, bytes) in cases {
        fs::write(machine.store(), bytes).unwrap();
        assert_refused(&machine, what, DAMAGED);
    }
    fs::write(machine.store(), [&[b'x'; 64][..], &whole[64..]].concat()).unwrap();
    assert_refused(&machine, "its beginning overwritten", FOREIGN);
    // Nothing tells these versions from later ones; the way back is the same for both.
    fs::write(machine.store(), [&whole[..64], &[0xa5; 256], &whole[320..]].concat()).unwrap();
    assert_refused(&machine, "both commit slots overwritten", NEWER);
    fs::write(machine.store(), whole).unwrap();
    assert_readable(&machine);
}

#[test]
fn a_store_that_is_set_aside_is_made_anew() {
    let machine = Machine::synced();
    fs::rename(machine.store(), machine.path("aside")).unwrap();
    machine.run(["search", "a"]).ends_with(4);
    machine.run(["sync"]).ends_with(0);
    assert_readable(&machine);
}

/// What was appended hides nothing, so reading goes on; writing would go by a length that is wrong.
#[test]
fn d7_an_extended_store_can_be_read_but_not_written() {
    let machine = Machine::synced();
    let extended = [&fs::read(machine.store()).unwrap()[..], &[0x5a; 10_000]].concat();
    fs::write(machine.store(), &extended).unwrap();
    let path = machine.store().display().to_string();
    machine
        .sverka(["sync"])
        .in_english()
        .run()
        .ends_with(4)
        .tells(DAMAGED.1)
        .tells(&path)
        .tells("What to do:");
    machine.run(["sync"]).ends_with(4).tells(DAMAGED.0).tells("Что делать:");
    assert_readable(&machine);
    assert!(fs::read(machine.store()).unwrap() == extended, "it was not touched");
}

/// redb calls a newer format damaged; whoever believes that throws good data away.
#[test]
fn d8_a_store_of_a_newer_version_is_told_from_a_damaged_one_and_left_alone() {
    let machine = Machine::synced();
    let whole = fs::read(machine.store()).unwrap();
    let mut newer = whole.clone();
    // The version of redb's format, in both commit slots.
    (newer[64], newer[192]) = (200, 200);
    fs::write(machine.store(), newer).unwrap();
    assert_refused(&machine, "a newer format", NEWER);
    fs::write(machine.store(), whole).unwrap();
    assert_readable(&machine);
}
/// Changes a letter of the reference customer's name.
fn let_a_name_rot(machine: &Machine) -> Vec<u8> {
    machine.let_rot("Царькова")
}

/// What lies beside the store under a name of its own.
fn set_aside(machine: &Machine) -> Vec<PathBuf> {
    let entries = fs::read_dir(machine.store().parent().unwrap()).unwrap();
    let is_aside = |path: &PathBuf| path.to_string_lossy().contains(".aside-");
    entries.map(|entry| entry.unwrap().path()).filter(is_aside).collect()
}

#[test]
fn a_store_that_is_whole_is_told_to_be() {
    let machine = Machine::synced();
    let check = machine.run(["store", "check", "--json"]).ends_with(0).json();
    assert_eq!((&check["generation"], &check["pages"]), (&json!(1), &json!("compared")));
    assert!(check["rows"].as_u64().unwrap() > 100 && check["seconds"].is_number(), "{check}");
    assert_eq!(check["file_bytes"], fs::metadata(machine.store()).unwrap().len());
    let run = machine.sverka(["store", "check"]).in_english().run().ends_with(0);
    run.prints("The store is intact").prints("compared with their checksums");
    machine.run(["store", "check"]).ends_with(0).prints("Хранилище исправно");
    let status = machine.run(["status", "--json"]).json();
    assert!(["confirmed", "unconfirmed"].contains(&status["proof"].as_str().unwrap()), "{status}");
}

#[test]
fn a_store_that_is_being_written_to_is_checked_as_far_as_can_be() {
    let machine = Machine::synced();
    let holder = StoreHolder {
        pid: 1,
        host: "till-7".into(),
        since: DateTime::<Utc>::UNIX_EPOCH,
        command: String::new(),
    };
    let held = Store::open(&machine.store(), Access::Write(holder)).unwrap();
    let check = machine.run(["store", "check", "--json"]).ends_with(0).json();
    assert_eq!((&check["generation"], &check["pages"]), (&json!(1), &json!("busy")));
    machine.sverka(["store", "compact"]).in_english().run().ends_with(4).tells("till-7");
    drop(held);
    let compacted = machine.run(["store", "compact", "--json"]).ends_with(0).json();
    assert!(compacted["after"].as_u64() <= compacted["before"].as_u64(), "{compacted}");
    assert_eq!(compacted["after"], fs::metadata(machine.store()).unwrap().len());
    machine.sverka(["store", "compact"]).in_english().run().ends_with(0).prints("before,");
    assert_readable(&machine);
}

#[test]
fn where_there_is_no_store_there_is_none_to_look_after() {
    let machine = Machine::bare();
    for command in ["check", "compact"] {
        machine.sverka(["store", command]).in_english().run().ends_with(4).tells("sverka sync");
    }
    assert!(!machine.store().exists());
}

#[test]
fn d6_a_rotten_row_is_never_served_nor_built_on() {
    let machine = Machine::synced();
    let rotten = let_a_name_rot(&machine);
    let commands: [&[&str]; 6] = [
        &["store", "check"],
        &["search", "а"],
        &["check", "--offline", "--phone", REFERENCE_PHONE],
        &["check", "--phone", REFERENCE_PHONE],
        &["store", "compact"],
        &["sync"],
    ];
    for command in commands {
        let run = machine.sverka(command).in_english().run().ends_with(4).tells("sync --rebuild");
        assert_eq!(run.stdout, "", "{command:?}");
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(fs::read(machine.store()).unwrap() == rotten, "{command:?} changed the file");
    }
    machine.run(["store", "check"]).ends_with(4).tells("sync --rebuild").tells("повреждено");
    assert_eq!(set_aside(&machine), [] as [PathBuf; 0]);
}

#[test]
fn d6_a_damaged_store_is_set_aside_and_read_anew() {
    let machine = Machine::synced();
    let rotten = let_a_name_rot(&machine);
    fs::set_permissions(machine.store(), fs::Permissions::from_mode(0o644)).unwrap();
    let run = machine.sverka(["sync", "--rebuild"]).in_english().run().ends_with(0);
    let aside = set_aside(&machine);
    assert_eq!(aside.len(), 1, "{aside:?}");
    run.tells(aside[0].to_str().unwrap());
    assert!(fs::read(&aside[0]).unwrap() == rotten);
    assert_eq!(fs::metadata(&aside[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert_readable(&machine);
    machine.run(["store", "check"]).ends_with(0);
}

#[test]
fn d8_a_newer_store_is_set_aside_only_when_asked() {
    let machine = Machine::synced();
    let mut newer = fs::read(machine.store()).unwrap();
    (newer[64], newer[192]) = (200, 200);
    fs::write(machine.store(), &newer).unwrap();
    machine.run(["sync"]).ends_with(4).tells("sync --rebuild");
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert!(fs::read(&set_aside(&machine)[0]).unwrap() == newer);
    assert_readable(&machine);
}

#[test]
fn d7_what_is_no_store_is_never_set_aside() {
    let machine = Machine::with_onec();
    fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    fs::write(machine.store(), "a shopping list").unwrap();
    machine.sverka(["sync", "--rebuild"]).in_english().run().ends_with(4).tells("not touched");
    assert_eq!(fs::read_to_string(machine.store()).unwrap(), "a shopping list");
    assert_eq!(set_aside(&machine), [] as [PathBuf; 0]);
}

#[test]
fn a_store_that_is_whole_is_not_set_aside() {
    let machine = Machine::synced();
    machine.sverka(["sync", "--rebuild"]).in_english().run().ends_with(0).tells("stays in place");
    assert_eq!(set_aside(&machine), [] as [PathBuf; 0]);
    assert_eq!(machine.run(["status", "--json"]).json()["generation"], 2);
}

#[test]
fn d8_a_store_of_the_first_version_is_read_and_brought_up_to_date() {
    let machine = Machine::bare();
    fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    fs::write(machine.store(), include_bytes!("../../stores/version-1.redb")).unwrap();
    for _ in 0..2 {
        let status = machine.run(["status", "--json"]).ends_with(0).json();
        let told = ["generation", "cards", "movements", "proof"].map(|field| &status[field]);
        assert_eq!(told, [&json!(2), &json!(5), &json!(24), &json!("unconfirmed")]);
        machine.run(["search", "Белова"]).ends_with(0).prints("Татьяна");
        // Looking at pages takes writing, and whoever writes brings it up to date.
        machine.run(["store", "check"]).ends_with(0);
    }
}
