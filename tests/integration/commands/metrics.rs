use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use chrono::DateTime;
use rust_decimal::Decimal;
use sverka_simulator::{FaultKind, Faults};

use super::purchase;
use crate::support::binary::Machine;

/// Metrics by name and labels, read as strictly as Prometheus reads them.
fn metrics(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "the last line ends");
    let (mut helped, mut typed) = (BTreeSet::new(), BTreeSet::new());
    let mut figures = BTreeMap::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').expect("a help has words");
            assert!(helped.insert(name) && !words.is_empty(), "one help each: {line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a type has a name");
            assert!(helped.contains(name) && typed.insert(name) && kind == "gauge", "{line}");
        } else {
            let (series, figure) = line.rsplit_once(' ').expect("a figure has a name");
            let name = series.split_once('{').map_or(series, |(name, labels)| {
                let labels = labels.strip_suffix('}').expect("labels end");
                let (label, value) = labels.split_once('=').expect("a label has a value");
                assert!(label.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
                assert!(value.starts_with('"') && value.ends_with('"') && value.len() > 2, "{line}");
                name
            });
            assert!(name.starts_with("sverka_") && typed.contains(name), "{line}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
            assert!(figure.parse::<Decimal>().is_ok(), "no figure: {line}");
            assert!(figures.insert(series.to_owned(), figure.to_owned()).is_none(), "twice: {line}");
        }
    }
    assert_eq!(helped, typed);
    figures
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Files beside this one whose names begin alike.
fn unfinished(path: &Path) -> usize {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| name.to_string_lossy().starts_with(".sverka-")).count()
}

#[test]
fn one_file_for_two_things_is_refused_before_anything_is_asked() {
    let machine = Machine::with_onec();
    let path = machine.path("both.prom");
    let file = path.to_str().unwrap();
    let roundabout = format!("{}/./both.prom", path.parent().unwrap().display());
    for metrics in [file, &roundabout] {
        let run = machine.run(["reconcile", "-o", file, "--format", "csv", "--metrics", metrics]);
        run.ends_with(2).tells("--metrics");
        assert!(!path.exists());
    }
}

#[test]
fn a_sync_leaves_what_monitoring_asks_for() {
    let machine = Machine::with_onec();
    let path = machine.path("sverka.prom");
    let file = path.to_str().unwrap();
    machine.run(["sync", "--metrics", file]).ends_with(0);
    let told = metrics(&path);
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert!(told["sverka_sync_last_run_success"] == "1" && told["sverka_sync_last_run_delta"] == "0");
    assert!(told["sverka_store_confirmed"] == "1" && told["sverka_store_variances"] == "0");
    assert!(told["sverka_store_unverified"] == "0" && told["sverka_stale_after_seconds"] == "86400.000");
    assert_eq!(told["sverka_store_generation"], status["generation"].to_string());
    assert_eq!(told["sverka_store_rows{kind=\"cards\"}"], status["cards"].to_string());
    assert_eq!(told["sverka_store_rows{kind=\"movements\"}"], status["movements"].to_string());
    let synced_at = DateTime::parse_from_rfc3339(status["synced_at"].as_str().unwrap()).unwrap();
    assert_eq!(told["sverka_store_synced_timestamp_seconds"], synced_at.timestamp().to_string());
    assert!(told["sverka_sync_last_run_timestamp_seconds"] >= told["sverka_store_synced_timestamp_seconds"]);
    for stage in
        ["preparing", "cards", "opening_balances", "purchases", "points", "control_totals", "publishing"]
    {
        assert!(
            told.contains_key(&format!("sverka_sync_last_run_stage_duration_seconds{{stage=\"{stage}\"}}"))
        );
    }
    for name in ["requests", "retries", "received_bytes", "skipped_rows", "duration_seconds"] {
        assert!(told.contains_key(&format!("sverka_sync_last_run_{name}")), "{name}");
    }
    assert_eq!((mode(&path), unfinished(&path)), (0o644, 0), "the collector is another user");
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("7978") && text.is_ascii(), "no customer stands in it");
}

#[test]
fn a_delta_says_that_it_is_one() {
    let machine = Machine::synced();
    let path = machine.path("sverka.prom");
    let run = machine.sverka(["sync", "--delta", "--metrics", path.to_str().unwrap()]).in_english().run();
    run.ends_with(0).tells("Changes: ").tells("within 30 delta syncs");
    let told = metrics(&path);
    assert!(told["sverka_sync_last_run_delta"] == "1");
    assert!(
        told["sverka_store_full_sync_timestamp_seconds"] <= told["sverka_store_synced_timestamp_seconds"]
    );
    let last = machine.run(["sync", "--delta", "--json"]).ends_with(0).json_lines();
    let delta = &last.last().unwrap()["delta"];
    assert_eq!((&delta["within_deltas"], &delta["blind"]), (&30.into(), &false.into()));
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["deltas"], &status["full_at"]), (&2.into(), &delta["full_at"]));
}

#[test]
fn a_sync_that_fails_says_so_and_what_is_stored_still() {
    let machine = Machine::synced();
    let path = machine.path("sverka.prom");
    machine.break_onec(Faults::always(FaultKind::Status500));
    machine.run(["sync", "--metrics", path.to_str().unwrap()]).ends_with(3);
    let told = metrics(&path);
    assert!(told["sverka_sync_last_run_success"] == "0" && told["sverka_store_generation"] == "1");
    assert!(told["sverka_sync_last_run_retries"] != "0");
}

#[test]
fn metrics_are_replaced_as_a_whole() {
    let machine = Machine::synced();
    let path = machine.path("sverka.prom");
    let old = "# HELP sverka_old Figures of yesterday.\n";
    fs::write(&path, old).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let before = fs::metadata(&path).unwrap().ino();
    let mut reader = File::open(&path).unwrap();
    machine.run(["sync", "--metrics", path.to_str().unwrap()]).ends_with(0);
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(read, old, "whoever reads them reads them to their end");
    assert_ne!(fs::metadata(&path).unwrap().ino(), before);
    assert_eq!((mode(&path), unfinished(&path)), (0o644, 0));
    metrics(&path);
}

#[test]
fn metrics_without_a_place_are_refused_before_anything_is_asked() {
    let machine = Machine::with_onec();
    let folder = machine.path("nowhere").join("sverka.prom");
    let taken = machine.temporary();
    for place in [folder.to_str().unwrap(), taken.to_str().unwrap()] {
        let run = machine.sverka(["sync", "--metrics", place]).in_english().run().ends_with(2);
        run.tells("metrics file cannot be created").tells("What to do:");
    }
    assert_eq!(machine.onec(|onec| onec.log().total()), 0);
    machine.run(["sync", "--delta", "--limit", "5"]).ends_with(2);
}

#[test]
fn metrics_that_cannot_be_left_are_a_failure_and_the_sync_is_published() {
    let machine = Machine::with_onec();
    // Without a name of its own no file can take its place; a full device takes nothing.
    for (generation, place) in ["/proc/sverka.prom", "/dev/full"].into_iter().enumerate() {
        let run = machine.sverka(["sync", "--metrics", place]).in_english().run().ends_with(2);
        run.tells(&format!("data version {} is written", generation + 1)).tells("were not written");
        machine
            .sverka(["reconcile", "--metrics", place])
            .in_english()
            .run()
            .ends_with(2)
            .tells("were not written");
    }
}

#[test]
fn a_reconciliation_leaves_what_it_found() {
    let machine = Machine::synced();
    let path = machine.path("sverka-reconcile.prom");
    let file = path.to_str().unwrap();
    machine.run(["reconcile", "--metrics", file]).ends_with(0);
    let told = metrics(&path);
    assert!(told["sverka_reconcile_last_run_success"] == "1" && told["sverka_reconcile_live"] == "0");
    assert!(told["sverka_reconcile_variance_roubles"] == "0.00");
    assert!(told["sverka_reconcile_cards{verdict=\"variance\"}"] == "0");
    assert!(told["sverka_reconcile_cards{verdict=\"reconciled\"}"] != "0");
    assert!(told["sverka_reconcile_last_run_requests"] != "0" && told["sverka_store_generation"] == "1");
    assert_eq!((mode(&path), unfinished(&path)), (0o644, 0));

    machine.onec(|onec| {
        let sale = purchase(onec.books());
        assert!(onec.books_mut().change_sale(sale.recorder, sale.line, |row| row.amount += 150));
    });
    machine.run(["reconcile", "--metrics", file]).ends_with(1);
    let told = metrics(&path);
    assert!(told["sverka_reconcile_variance_roubles"] == "1.50");
    assert!(told["sverka_reconcile_cards{verdict=\"variance\"}"] == "1");
    assert!(told["sverka_reconcile_cause_cards{cause=\"changed-lines\"}"] == "1");
    assert!(!fs::read_to_string(&path).unwrap().contains("7978"), "no customer stands in it");

    machine.break_onec(Faults::always(FaultKind::Status500));
    machine.run(["reconcile", "--metrics", file]).ends_with(3);
    assert!(metrics(&path)["sverka_reconcile_last_run_success"] == "0");
    machine.run(["reconcile", "--metrics", "/nowhere/sverka.prom"]).ends_with(2);
}
