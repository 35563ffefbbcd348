//! Names that decide both sides of a comparison: what is said where they are wrong, and where they leave rows out.

use serde_json::{Value, json};
use sverka_simulator::{DocumentKind, FaultKind, Faults};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

fn names(settings: &str) -> String {
    format!("[onec.names]\n{settings}\n")
}

/// The codes of what calls for attention.
fn attention(machine: &Machine, code: i32) -> Vec<String> {
    let status = machine.run(["status", "--strict", "--json"]).ends_with(code).json();
    let attention = status["attention"].as_array().unwrap().iter();
    attention.map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn check(machine: &Machine, more: &[&str], code: i32) -> Value {
    let arguments: Vec<&str> =
        ["check", "--phone", REFERENCE_PHONE, "--json"].iter().chain(more).copied().collect();
    machine.run(arguments).ends_with(code).json()[0].clone()
}

/// The seed's own error: a name that no document bears found nothing on both sides, and everything was green.
#[test]
fn a_name_that_no_document_bears_proves_nothing_and_is_told_everywhere() {
    let machine = Machine::with_onec();
    for name in [
        "вводначальныхостатков",
        "ВводНачальныхОстатковв",
        "ВводОстатковПоНакопительнымСкидкам",
        "StandardODATA.Document_ВводНачальныхОстатковТоваров",
        "X",
    ] {
        machine.configure(&names(&format!("opening_balance = [\"{name}\"]")));
        let synced = machine.run(["sync", "--rebuild"]).ends_with(0);
        synced.tells(name).tells("ВводНачальныхОстатков").tells("opening_balance");
        assert!(attention(&machine, 1).contains(&"opening-names-unborne".into()), "{name}");
        for side in [&[][..], &["--offline"]] {
            let card = check(&machine, side, 1);
            assert_eq!(card["verdict"], "variance", "{name} {side:?}");
            // Compared with rows of a type that looks like one, it differs; else it was compared with nothing.
            let is_compared = card["proof"]["opening_balance"]["compared"] == json!(true);
            let variance = card["opening_balance"]["variance"].as_str();
            assert!(!is_compared || variance == Some("-232360.00"), "{name} {side:?}: {card}");
            let differences = card["differences"].as_array().unwrap();
            let missing = |it: &&Value| it["kind"] == "missing-opening-balance" && it["onec"] == "232360.00";
            assert!(differences.iter().any(|it| missing(&it)), "{name} {side:?}: {differences:?}");
        }
        for command in [
            &["reconcile", "--only-variances"][..],
            &["status", "--strict"],
            &["check", "--phone", REFERENCE_PHONE],
            &["check", "--phone", REFERENCE_PHONE, "--offline"],
        ] {
            let run = machine.run(command.iter().copied()).ends_with(1);
            let told = [run.stdout, run.stderr].concat();
            for word in [name, "ЧекККМ", "ВводНачальныхОстатков"] {
                assert!(told.contains(word), "{command:?} tells nothing of {word}: {told}");
            }
        }
    }
    machine.configure("");
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert_eq!(check(&machine, &[], 0)["verdict"], "reconciled");
}

/// A right name is not called wrong because 1C does not tell who bears it, and no sum is made up of what it did not say.
#[test]
fn where_1c_tells_no_types_no_name_is_called_wrong_and_no_sum_is_made_up() {
    let machine = Machine::with_onec();
    machine.break_onec(Faults::always(FaultKind::UntypedRows));
    let synced = machine.run(["sync", "--rebuild"]).ends_with(0);
    assert!(!synced.tells("Recorder_Type").stderr.contains("Впишите в `opening_balance`"));
    let told = attention(&machine, 1);
    assert!(told.contains(&"types-untold".into()), "{told:?}");
    assert!(!told.contains(&"opening-names-unborne".into()), "{told:?}");
    for side in [&[][..], &["--offline"]] {
        let card = check(&machine, side, 1);
        assert_eq!(card["verdict"], "unverified", "{side:?}");
        let differences = card["differences"].as_array().unwrap();
        assert!(differences.iter().all(|it| it["kind"] == "before-window"), "{side:?}: {card}");
    }
    for arguments in [&["reconcile"][..], &["reconcile", "--worst", "0"]] {
        let printed = machine.run(arguments.iter().copied()).ends_with(1).stdout;
        let row = |word: &str| {
            let line =
                printed.lines().find(|line| line.starts_with(word)).unwrap_or_else(|| panic!("{printed}"));
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        for word in ["Начальный ввод", "Покупки"] {
            let row = row(word);
            assert_eq!(row.iter().filter(|it| *it == "—").count(), 2, "{arguments:?}: {row:?}");
        }
    }
}

/// A machine whose balances were carried over by a document whose name says nothing of it.
fn carried_over_by(kind: DocumentKind) -> Machine {
    let machine = Machine::with_onec();
    machine.onec(|onec| {
        let openings: Vec<_> =
            onec.books().sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect();
        for row in openings {
            onec.books_mut().reenter(row.recorder, kind);
        }
    });
    machine
}

/// Under these settings somebody is asked what a document is, and no face calls the opening balance equal.
#[track_caller]
fn is_asked_about(machine: &Machine, document: &str) {
    machine.run(["sync", "--rebuild"]).ends_with(0).tells(document).tells("purchase_recorders");
    assert!(attention(machine, 1).contains(&"opening-types-unnamed".into()));
    for (side, code) in [(&[][..], 1), (&["--offline"], 0)] {
        let card = check(machine, side, code);
        assert_ne!(card["verdict"], "reconciled", "{side:?}");
        let is_compared = card["proof"]["opening_balance"]["compared"] == json!(true);
        let variance = card["opening_balance"]["variance"].as_str();
        assert!(!is_compared || variance == Some("-232360.00"), "{side:?}: {card}");
    }
    machine.run(["reconcile"]).ends_with(1);
}

/// That a document wrote once, long ago, tells what its name does not.
#[test]
fn a_document_that_wrote_once_long_ago_is_asked_about_until_somebody_says_what_it_is() {
    const LOAD: &str = "РасходнаяНакладная";
    let machine = carried_over_by(DocumentKind::SalesInvoice);
    for days in [365, 30] {
        let configured = |line: &str| format!("[sync]\ndays = {days}\n{}", names(line));
        machine.configure(&configured("opening_balance = []"));
        is_asked_about(&machine, LOAD);
        let doctor = machine.run(["doctor", "--json"]).ends_with(0).json();
        let types = doctor.as_array().unwrap().iter().find(|it| it["check"] == "recorder-types");
        let (status, remedy) = (&types.unwrap()["status"], types.unwrap()["remedy"].as_str().unwrap());
        assert!(status == "warning" && remedy.contains("purchase_recorders"), "{types:?}");

        // Somebody looked at it in 1C: they are sales…
        let sold = format!("opening_balance = []\npurchase_recorders = [\"{LOAD}\"]");
        machine.configure(&configured(&sold));
        machine.run(["sync", "--rebuild"]).ends_with(0);
        assert_eq!(attention(&machine, 0), [""; 0]);
        assert_eq!(check(&machine, &[], 0)["proof"]["opening_balance"]["compared"], json!(true));
        // …or it did carry balances over.
        machine.configure(&configured(&format!("opening_balance = [\"{LOAD}\"]")));
        machine.run(["sync", "--rebuild"]).ends_with(0);
        assert_eq!(attention(&machine, 0), [""; 0]);
        let card = check(&machine, &[], 0);
        assert_eq!(card["opening_balance"]["onec"], json!("232360.00"));
        assert_eq!(card["proof"]["opening_balance"]["compared"], json!(true));
    }
}

/// Where 1C filters by nothing all rows come along, and tell the same.
#[test]
fn a_document_that_wrote_once_is_found_out_where_nothing_can_be_filtered() {
    let machine = carried_over_by(DocumentKind::SalesInvoice);
    machine.break_onec(Faults::always(FaultKind::FiltersRefused));
    // Before the window, and within it.
    for days in [365, 0] {
        machine.configure(&format!("[sync]\ndays = {days}\n{}", names("opening_balance = []")));
        is_asked_about(&machine, "РасходнаяНакладная");
    }
}

/// Under these settings a sync says what is wrong with a name, and no face calls the opening balance compared.
#[track_caller]
fn proves_nothing(machine: &Machine, finding: &str, word: &str, name: &str) {
    machine.run(["sync", "--rebuild"]).ends_with(0).tells(word).tells("opening_balance");
    assert!(attention(machine, 1).contains(&finding.into()), "{name}");
    for side in [&[][..], &["--offline"]] {
        let card = check(machine, side, 1);
        assert_ne!(card["verdict"], "reconciled", "{name} {side:?}");
        assert_eq!(card["proof"]["opening_balance"]["compared"], json!(false), "{name} {side:?}");
    }
    machine.run(["reconcile"]).ends_with(1);
    machine.run(["doctor"]).ends_with(1).prints(word);
}

/// What is named as opening balances and left out at once counts for nothing: that is told as a wrong name is.
#[test]
fn opening_balances_that_are_left_out_as_well_prove_nothing() {
    let machine = Machine::with_onec();
    for left_out in ["ВводНачальныхОстатков", "Document_ВводНачальныхОстатков"]
    {
        machine.configure(&names(&format!("ignored_recorders = [\"{left_out}\"]")));
        proves_nothing(&machine, "opening-names-left-out", "ignored_recorders", left_out);
    }
    // Part of a name may take one document in and leave another out.
    machine.configure(&names("opening_balance = [\"Ввод\"]\nignored_recorders = [\"ВводТоваров\"]"));
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert!(!attention(&machine, 1).contains(&"opening-names-left-out".into()));
}

/// A part of a name may fit documents of every day: then all of them would be opening balances, on both sides alike.
#[test]
fn a_name_that_fits_documents_of_every_day_proves_nothing() {
    let machine = Machine::with_onec();
    for broad in ["Document_", "StandardODATA", "К", "Чек"] {
        machine.configure(&names(&format!("opening_balance = [\"ВводНачальныхОстатков\", \"{broad}\"]")));
        proves_nothing(&machine, "opening-names-too-broad", "ЧекККМ", broad);
    }
    // Named in full it is somebody's decision.
    machine.configure(&names("opening_balance = [\"ВводНачальныхОстатков\", \"Document_ЧекККМ\"]"));
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert!(!attention(&machine, 0).contains(&"opening-names-too-broad".into()));
}

/// Cards that were never looked at are in no count of what is not verified.
#[test]
fn a_base_that_was_read_in_part_calls_for_attention() {
    let machine = Machine::with_onec();
    machine.run(["sync", "--limit", "5"]).ends_with(0);
    assert_eq!(attention(&machine, 1), ["unverified"]);
    machine.run(["sync"]).ends_with(0);
    assert_eq!(attention(&machine, 0), Vec::<String>::new());
}

/// With all history kept a wrong name changes no total: the parts of it are not proven all the same.
#[test]
fn a_wrong_name_over_all_history_leaves_the_parts_of_the_total_unproven() {
    let machine = Machine::with_onec();
    machine.configure("[sync]\ndays = 0\n[onec.names]\nopening_balance = [\"Перенос\"]\n");
    machine.run(["sync"]).ends_with(0);
    let card = check(&machine, &["--offline"], 1);
    assert_eq!(card["verdict"], "unverified");
    assert_eq!(card["opening_balance"]["onec"], Value::Null);
    assert_eq!(card["purchases"]["onec"], Value::Null);
    assert_eq!(card["total"]["variance"], "0.00");
    let live = check(&machine, &[], 1);
    assert_eq!(
        (&live["verdict"], &live["opening_balance"]["onec"]),
        (&json!("variance"), &json!("232360.00"))
    );
    machine.run(["reconcile"]).ends_with(1);
}

/// One of two names is right, or none is given: whose opening balances are not named is told.
#[test]
fn a_document_that_carries_balances_over_and_is_not_named_is_told() {
    let machine = Machine::with_onec();
    machine.configure(&names("opening_balance = []"));
    machine.run(["sync"]).ends_with(0).tells("ВводНачальныхОстатков");
    assert!(attention(&machine, 1).contains(&"opening-types-unnamed".into()));
    assert_eq!(check(&machine, &["--offline"], 0)["verdict"], "unverified");
    let live = check(&machine, &[], 1);
    assert_eq!(live["verdict"], "variance");
    machine.configure(&names("opening_balance = [\"ВводНачальных\", \"ВводНачальныхОстатков\"]"));
    machine.run(["sync"]).ends_with(0);
    assert_eq!(attention(&machine, 0), Vec::<String>::new());
    assert_eq!(check(&machine, &[], 0)["verdict"], "reconciled");
}

/// A document that is to be left out and that nobody bears leaves nothing out: it is told as a wrong opening balance is.
#[test]
fn a_document_to_leave_out_that_there_is_none_of_is_told() {
    let machine = Machine::with_onec();
    for name in ["чекккм", "ЧекККММ", "Document_Чек", "X"] {
        machine.configure(&names(&format!("ignored_recorders = [\"{name}\"]")));
        machine.run(["sync", "--rebuild"]).ends_with(0).tells(name).tells("ignored_recorders");
        assert_eq!(attention(&machine, 1), ["ignored-names-unborne"], "{name}");
        let doctor = machine.run(["doctor"]).ends_with(0);
        assert!(doctor.stdout.contains(name) && doctor.stdout.contains("ignored_recorders"));
    }
    machine.configure(&names("ignored_recorders = [\"ЧекККМ\"]"));
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert_eq!(attention(&machine, 0), Vec::<String>::new());
}

/// A set or a field that there is none of: told by every sync, as long as the setting names it.
#[test]
fn a_setting_that_names_nothing_is_told_by_every_sync() {
    let machine = Machine::with_onec();
    for line in [
        "owner_phone = \"ТелефонДляПоиска\"",
        "points = \"AccumulationRegister_Бонусы\"",
        "points_card = \"Карточка\"",
        "points_to_write_off = \"КСписаниюПозже\"",
        "products = \"Catalog_Товары\"",
    ] {
        machine.configure(&names(line));
        for _ in 0..2 {
            let sync = machine.run(["sync", "--rebuild"]).ends_with(0).tells(line);
            let are_points_unknown = line.starts_with("points");
            let of_points = sync.stderr.lines().rfind(|it| it.trim_start().starts_with("Баллы"));
            let is_dash = of_points.is_some_and(|it| it.trim_end().ends_with('—'));
            assert_eq!(is_dash, are_points_unknown, "{line}: {}", sync.stderr);
            assert!(attention(&machine, 1).contains(&"fields-unborne".into()), "{line}");
        }
    }
    machine.configure(&names(""));
    machine.run(["sync", "--rebuild"]).ends_with(0);
    assert_eq!(attention(&machine, 0), Vec::<String>::new());
}

/// A field that is the wrong one and exists proves itself: that the usual one stands beside it is all that tells.
#[test]
fn a_setting_that_passes_by_the_usual_name_is_told_by_doctor() {
    let machine = Machine::with_onec();
    for (line, usual) in [
        ("sales_amount = \"Скидка\"", "Сумма"),
        ("owner_phone = \"ТелефонДляПоиска\"", "НомерТелефонаДляПоиска"),
        ("products = \"Catalog_Товары\"", "Catalog_Номенклатура"),
    ] {
        machine.configure(&names(line));
        let doctor = machine.run(["doctor", "--json"]);
        let told: Vec<Value> = serde_json::from_str(&doctor.stdout).unwrap();
        let of_fields = told.iter().filter(|it| it["check"] == "fields" && it["status"] == "warning");
        let told =
            of_fields.filter_map(|it| it["detail"].as_str()).find(|it| it.contains(&format!("«{usual}»")));
        assert!(
            told.is_some_and(|it| it.contains(line.split(' ').next().unwrap())),
            "{line}: {}",
            doctor.stdout
        );
    }
    // Another configuration's names: what is usual elsewhere is not there.
    machine.break_onec(Faults::always(FaultKind::FieldsMissing));
    for line in ["", "owner_address = \"ФактическийАдрес\"", "owner_email = \"ЭлектроннаяПочта\""]
    {
        machine.configure(&names(line));
        assert!(!machine.run(["doctor"]).stdout.contains("обычное"), "{line}");
    }
}

/// Two types carry the same sale, and one is left out: 1C's own sums hold it all the same.
#[test]
fn rows_that_are_left_out_are_taken_out_of_1c_s_sums() {
    let machine = Machine::with_shop(60, 600);
    for (days, ignored) in [(365, "ОтчетОРозничныхПродажах"), (0, "Document_ЧекККМ"), (30, "ЧекККМ")]
    {
        machine.configure(&format!(
            "[sync]\ndays = {days}\n[onec.names]\nignored_recorders = [\"{ignored}\"]\n"
        ));
        let synced = machine.run(["sync", "--json"]).ends_with(0);
        let finished = synced.json_lines().pop().unwrap();
        assert_eq!((&finished["variances"], &finished["unverified"]), (&json!(0), &json!(0)), "{ignored}");
        let before = requests(&machine, &["sync", "--delta"]);
        let again = requests(&machine, &["sync", "--delta"]);
        assert!(again <= before, "no card is read again for ever: {before}, then {again}");
        for how in [&["reconcile", "--json"][..], &["reconcile", "--live", "--json"]] {
            let cards = machine.run(how.iter().copied()).ends_with(0).json();
            let verdicts = cards.as_array().unwrap().iter().map(|card| card["verdict"].as_str().unwrap());
            let wrong = verdicts.filter(|verdict| ["variance", "unverified"].contains(verdict)).count();
            assert_eq!(wrong, 0, "{ignored} {how:?}");
        }
        assert_ne!(check(&machine, &[], 0)["verdict"], "variance");
    }
}

fn requests(machine: &Machine, command: &[&str]) -> u64 {
    let arguments = command.iter().copied().chain(["--json"]);
    machine.run(arguments).ends_with(0).json_lines().pop().unwrap()["requests"].as_u64().unwrap()
}
