use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults, Trap};
use zip::ZipArchive;

use super::{code_of, only, purchase};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

/// A machine whose 1C has a kopeck more than its store, on the reference customer.
fn with_a_variance() -> Machine {
    let machine = Machine::synced();
    machine.onec(|onec| {
        let sale = purchase(onec.books());
        assert!(onec.books_mut().change_sale(sale.recorder, sale.line, |row| row.amount += 1));
    });
    machine
}

fn cards(machine: &Machine) -> usize {
    machine.onec(|onec| onec.books().counts().cards)
}

#[test]
fn a_base_in_order_is_told_customer_by_customer() {
    let machine = Machine::synced();
    let run = machine.sverka(["reconcile"]).in_english().run().ends_with(0);
    let run = run.prints("The whole base against 1C by control totals").prints("Царькова Марина");
    let run = run.prints("Total").tells("Rows:").tells("comparing cards");
    assert!(!run.stdout.contains('❌'), "{}", run.stdout);
    run.is_harmless();
    machine.run(["reconcile"]).ends_with(0).prints("Сверка всей базы с 1С").tells("Контрольные итоги");
    let variances = machine.sverka(["reconcile", "--only-variances"]).in_english().run().ends_with(0);
    assert!(!variances.stdout.contains("Царькова"), "{}", variances.stdout);
}

#[test]
fn a_variance_comes_first_with_its_line_and_what_to_do() {
    let machine = with_a_variance();
    let run = machine.sverka(["reconcile", "--only-variances"]).in_english().run().ends_with(1);
    let first = run.stdout.lines().position(|line| line.contains('❌')).unwrap();
    let lines: Vec<_> = run.stdout.lines().skip(first).take(3).collect();
    assert!(lines[0].contains("Царькова") && lines[0].contains("−0.01"), "{lines:?}");
    assert!(lines[1].contains("line changed (different amount)"), "{lines:?}");
    run.prints("What to do:").prints("The documents were corrected in 1C");
}

#[test]
fn json_is_an_array_of_the_objects_of_check() {
    let machine = with_a_variance();
    let of_check = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1).json();
    for arguments in [&["reconcile", "--json"][..], &["reconcile", "--format", "json"]] {
        let base = machine.run(arguments).ends_with(1).json();
        let objects = base.as_array().unwrap();
        assert!(objects.len() >= cards(&machine));
        let strip = |object: &Value| {
            let mut object = object.clone();
            // Each was asked at a moment of its own.
            object["compared_at"] = Value::Null;
            for part in ["card", "city", "opening_balance", "points", "purchases", "total"] {
                object["proof"][part]["at"] = Value::Null;
            }
            object
        };
        assert_eq!(strip(&objects[0]), strip(only(&of_check)));
    }
    let variances = machine.run(["reconcile", "--json", "--only-variances"]).ends_with(1).json();
    assert!(variances.as_array().unwrap().iter().all(|object| object["verdict"] == "variance"));
    let strict = machine.run(["reconcile", "--json", "--only-variances", "--strict"]).ends_with(1).json();
    assert!(strict.as_array().unwrap().iter().any(|object| object["verdict"] == "before-window"));
}

#[test]
fn a_file_is_for_its_owner_whole_and_never_written_over_another() {
    let machine = Machine::synced();
    let path = machine.path("base.csv");
    let file = path.to_str().unwrap();
    let run = machine.sverka(["reconcile", "-o", file]).in_english().run().ends_with(0).tells("Written to");
    assert_eq!(run.stdout, "");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let csv = fs::read_to_string(&path).unwrap();
    assert!(csv.starts_with("verdict,key,"), "the ending names the format");
    assert!(csv.lines().count() > cards(&machine));
    fs::write(&path, "dear to somebody").unwrap();
    let asked = machine.onec(|onec| onec.log().total());
    machine.sverka(["reconcile", "-o", file]).in_english().run().ends_with(2).tells("--force");
    assert_eq!(machine.onec(|onec| onec.log().total()), asked, "refused before 1C was asked");
    assert_eq!(fs::read_to_string(&path).unwrap(), "dear to somebody");
    machine.run(["reconcile", "-o", file, "--force", "--bom"]).ends_with(0);
    assert!(fs::read_to_string(&path).unwrap().starts_with("\u{feff}verdict,"));
    let nowhere = machine.path("nowhere/base.csv");
    machine.run(["reconcile", "-o", nowhere.to_str().unwrap()]).ends_with(2);
}

#[test]
fn a_workbook_goes_to_a_file_or_a_pipe() {
    let machine = with_a_variance();
    let path = machine.path("base.xlsx");
    machine.run(["reconcile", "-o", path.to_str().unwrap()]).ends_with(1);
    let mut archive = ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet2.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(sheet.contains(REFERENCE_PHONE));
    let piped = machine.path("piped.xlsx");
    let out = fs::File::create(&piped).unwrap();
    machine.sverka(["reconcile", "--format", "xlsx"]).stdout(out).run().ends_with(1);
    assert!(ZipArchive::new(fs::File::open(&piped).unwrap()).is_ok());
    let left = fs::read_dir(machine.temporary()).unwrap().count();
    assert_eq!(left, 0, "nothing is left in the folder of temporary files");
}

#[test]
fn u6_an_exported_base_is_harmless() {
    let machine = Machine::synced();
    let code = code_of(&machine, Trap::ControlCharactersInName);
    let card = machine.onec(|onec| onec.books().trap(Trap::ControlCharactersInCity).unwrap());
    machine.onec(|onec| {
        let owner = onec.books().card(card).unwrap().owner;
        onec.books_mut().change_owner(owner, |owner| owner.name = "=1+1".into());
    });
    machine.run(["sync"]).ends_with(0);
    for format in ["table", "csv", "json"] {
        let run = machine.run(["reconcile", "--format", format]).ends_with(0);
        assert!(format == "table" || run.stdout.contains(&code), "{format}");
        run.is_harmless();
        if format == "csv" {
            run.prints(",'=1+1,");
        }
    }
}

#[test]
fn the_shell_is_told_as_much_as_it_asks_for() {
    let machine = with_a_variance();
    for (arguments, code) in [
        (&["--fail-over", "0"][..], 1),
        (&["--fail-over", "0.01"], 0),
        (&["--fail-over", "100"], 0),
        (&["--fail-over", "100", "--strict"], 1),
        (&["--strict"], 1),
        (&["--live"], 1),
        (&["--worst", "0"], 1),
    ] {
        machine.run([&["reconcile", "--only-variances"], arguments].concat()).ends_with(code);
    }
    let machine = Machine::synced();
    machine.run(["reconcile", "--live"]).ends_with(0);
    machine.run(["reconcile", "--strict"]).ends_with(1).prints("с более ранними покупками 1");
    machine.run(["reconcile", "--json", "--format", "csv"]).ends_with(2);
}

#[test]
fn without_a_store_or_1c_the_shell_is_told() {
    let machine = Machine::with_onec();
    let run = machine.sverka(["reconcile"]).in_english().run().ends_with(4).tells("sverka sync");
    assert_eq!(run.stdout, "");
    let mut machine = Machine::synced();
    machine.stop_onec();
    let run = machine.sverka(["reconcile"]).in_english().run().ends_with(3).tells("What to do");
    let run = run.prints("Not reconciled");
    assert!(!run.stdout.contains('✅'), "nothing was compared:\n{}", run.stdout);
    let base = machine.run(["reconcile", "--json"]).ends_with(3).json();
    let is_alone = |object: &Value| object["against"] == "none" && object["verdict"] == "unverified";
    assert!(base.as_array().unwrap().iter().all(is_alone));
    assert_eq!(base[0]["total"]["onec"], Value::Null);
}

#[test]
fn without_virtual_tables_the_base_is_unverified() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::VirtualTablesMissing));
    let run = machine.sverka(["reconcile"]).in_english().run().ends_with(0);
    let run = run.prints("does not publish the turnovers");
    assert!(!run.stdout.contains('✅'), "{}", run.stdout);
    machine.run(["reconcile", "--strict"]).ends_with(1);
    let live = machine.sverka(["reconcile", "--live"]).in_english().run().ends_with(0);
    live.prints("line by line").prints("✅");
}

#[test]
fn an_opening_balance_lost_by_the_settings_is_found() {
    let machine = Machine::with_onec();
    machine.configure("[onec.names]\nopening_balance = []\n");
    machine.run(["sync"]).ends_with(0);
    for settings in ["[onec.names]\nopening_balance = []\n", ""] {
        machine.configure(settings);
        let base = machine.run(["reconcile", "--json", "--only-variances"]).ends_with(1).json();
        let object =
            base.as_array().unwrap().iter().find(|object| object["card"]["phone"] == REFERENCE_PHONE);
        let object = object.unwrap();
        assert_eq!(
            object["opening_balance"],
            json!({"onec": "232360.00", "stored": "0.00", "variance": "-232360.00"})
        );
        assert_eq!(only(&object["differences"])["kind"], "missing-opening-balance");
    }
}

/// What lies in the folder of the export.
fn exported(machine: &Machine) -> Vec<PathBuf> {
    let folder = machine.path("exports");
    machine.files().into_iter().filter(|file| file.starts_with(&folder)).collect()
}

#[test]
fn p2_a_signal_ends_a_reconciliation_at_once_and_leaves_no_file() {
    let machine = Machine::synced();
    fs::create_dir(machine.path("exports")).unwrap();
    let path = machine.path("exports/base.csv");
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        machine.break_onec(Faults::always(FaultKind::Stall));
        let mut run = machine.sverka(["reconcile", "-o", path.to_str().unwrap()]).in_english().start();
        run.wait_for_words("1C's totals");
        run.signal(signal);
        let run = run.end();
        assert_eq!((run.code, run.stdout.as_str()), ((signal != Signal::KILL).then_some(130), ""));
        assert_eq!(exported(&machine), Vec::<PathBuf>::new());
        machine.break_onec(Faults::default());
    }
}

/// The same in the middle of the file: the reader of a pipe that takes a line and no more holds the writer there.
#[test]
fn p2_a_signal_ends_a_reconciliation_in_the_middle_of_its_file() {
    let machine = Machine::with_customers(2_000);
    machine.run(["sync"]).ends_with(0);
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        // One each: a child that another test is starting may hold the last one, and what is in it, a moment longer.
        let pipe = machine.path(&format!("pipe-{}", signal.as_raw()));
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let run = machine.sverka(["reconcile", "--format", "csv", "-o", pipe.to_str().unwrap()]).start();
        let mut reader = BufReader::new(File::open(&pipe).unwrap());
        let mut first = String::new();
        reader.read_line(&mut first).unwrap();
        assert!(first.starts_with("verdict,"));
        run.signal(signal);
        assert_eq!(run.end().code, (signal != Signal::KILL).then_some(130));
    }
}
