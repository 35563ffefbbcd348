//! Each test runs the binary on a machine of its own and looks at what its user gets: the exit code, the result
//! on standard output, the narration on standard error, and what lies on the disk afterwards.

/// Copies of the store, and the way back.
mod backup;
/// A secret that must be found nowhere.
mod canary;
/// The demo without a screen.
mod demo;
/// A server that repeats whatever it was sent.
mod echo;
/// What 1C's foreign text may do to a terminal: nothing.
mod hostile;
/// The log.
mod log;
/// Figures for Prometheus.
mod metrics;
/// The command that is told of events.
mod on_event;
/// Results that nobody can read.
mod output;
/// Where files may be written, and where not.
mod places;
/// The whole base: formats, files, exit codes.
mod reconcile;
/// What is told in JSON, beside what was told before.
mod recorded;
/// The service of systemd, pages of the manual, completions.
mod service;
/// Settings, secrets, `init` and `doctor`.
mod settings;
/// Signals, and readers that go away.
mod signals;
/// The simulated 1C on its own.
mod simulate;
/// The store: held, damaged, not there yet.
mod store;

use serde_json::{Value, json};
use sverka_simulator::{Books, DocumentKind, FaultKind, Faults, Posted, SaleLine, Trap};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

/// A purchase of the reference customer.
fn purchase(books: &Books) -> Posted<SaleLine> {
    let is_hers = |sale: &Posted<SaleLine>| {
        sale.row.card == books.reference() && sale.kind != DocumentKind::OpeningBalances
    };
    books.sales().find(is_hers).unwrap()
}

/// The code of the card that carries a trap.
fn code_of(machine: &Machine, trap: Trap) -> String {
    machine.onec(|onec| {
        let books = onec.books();
        books.card(books.trap(trap).unwrap()).unwrap().code.clone()
    })
}

/// Kopecks as `--json` writes roubles.
fn roubles(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", kopecks.abs() / 100, kopecks.abs() % 100)
}

/// The only object of an array.
#[track_caller]
fn only(array: &Value) -> &Value {
    let objects = array.as_array().unwrap();
    assert_eq!(objects.len(), 1, "{array}");
    &objects[0]
}

#[test]
fn a_sync_narrates_on_standard_error_and_ends_with_zero() {
    let machine = Machine::with_onec();
    let run = machine.sverka(["sync"]).in_english().run().ends_with(0);
    assert_eq!(run.stdout, "", "a sync has no result to print");
    run.tells("rows read").tells("data version 1 is written").tells("no variance");
}

#[test]
fn a_sync_in_json_prints_progress_and_then_its_summary() {
    let machine = Machine::with_onec();
    let run = machine.run(["sync", "--json"]).ends_with(0);
    let lines = run.json_lines();
    let (finished, progress) = lines.split_last().unwrap();
    assert!(!progress.is_empty());
    let mut overall = 0;
    for line in progress {
        assert_eq!(line["event"], "progress");
        assert!(line["stage"].is_string() && line["done"].is_u64(), "{line}");
        assert!(line["total"].is_u64() || line["total"].is_null(), "{line}");
        let now = line["overall"].as_u64().unwrap();
        assert!(overall <= now && now <= 100, "{overall}, then {line}");
        overall = now;
    }
    assert_eq!(overall, 100);
    assert_eq!(finished["event"], "finished");
    assert_eq!(finished["outcome"], "published");
    assert_eq!(finished["generation"], 1);
    assert_eq!(finished["error"], Value::Null);
    let (cards, requests) = machine.onec(|onec| (onec.books().counts().cards, onec.log().total()));
    assert_eq!(finished["cards"], cards);
    assert_eq!(finished["requests"], requests);
    let lines = |part: &str| finished[part]["lines"].as_u64().unwrap();
    assert_eq!(finished["created"], lines("opening_balances") + lines("purchases"));
    assert!(lines("points") > 0);
    assert!(finished["purchases"]["amount"].as_str().unwrap().contains('.'));
    for part in ["cards", "opening_balances", "purchases", "points", "total"] {
        assert!(finished["seconds"][part].is_number(), "{part}");
    }
    for part in ["changed", "removed", "skipped", "retries", "variances", "unverified"] {
        assert_eq!(finished[part], 0, "{part}");
    }
}

#[test]
fn a_second_sync_tells_what_changed() {
    let machine = Machine::synced();
    machine.onec(|onec| {
        let sale = purchase(onec.books());
        onec.books_mut().change_sale(sale.recorder, sale.line, |row| row.amount += 100);
    });
    let run = machine.run(["sync", "--json"]).ends_with(0);
    let finished = run.json_lines().pop().unwrap();
    assert_eq!((&finished["generation"], &finished["changed"]), (&json!(2), &json!(1)));
    assert_eq!((&finished["created"], &finished["removed"]), (&json!(0), &json!(0)));
}

#[test]
fn options_of_a_sync_beat_the_settings() {
    let machine = Machine::with_onec();
    machine.configure("[sync]\ndays = 365\n");
    let run = machine.run(["sync", "--days", "30", "--limit", "5", "--json"]).ends_with(0);
    assert_eq!(run.json_lines().last().unwrap()["cards"], 5);
    let check = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]);
    assert_eq!(only(&check.json())["window"]["days"], 30);
}

#[test]
fn status_tells_what_the_store_holds() {
    let machine = Machine::synced();
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!(status["store"], machine.store().to_str().unwrap());
    assert_eq!(status["generation"], 1);
    assert_eq!(status["variances"], 0);
    assert_eq!(status["running"], Value::Null);
    assert!(status["age_s"].is_u64() && status["movements"].as_u64().unwrap() > 0);
    assert!(status["synced_at"].as_str().unwrap().ends_with('Z'));
    let cards = machine.onec(|onec| onec.books().counts().cards);
    assert_eq!(status["cards"], cards);
    let last = only(&status["last_syncs"]);
    assert_eq!((&last["outcome"], &last["error"]), (&json!("published"), &Value::Null));
    let shown = machine.sverka(["status"]).in_english().run().ends_with(0).prints("Data version");
    assert_eq!(shown.stderr, "");
}

#[test]
fn status_guards_where_it_is_asked_to() {
    let machine = Machine::with_onec();
    let never = machine.run(["status", "--strict", "--json"]).ends_with(1).json();
    assert_eq!(never["attention"], json!(["never-synced"]));
    machine.run(["status"]).ends_with(0);
    machine.run(["sync"]).ends_with(0);
    let well = machine.run(["status", "--strict", "--json"]).ends_with(0).json();
    assert_eq!(well["attention"], json!([]));
    machine.break_onec(Faults::always(FaultKind::Status500));
    machine.run(["sync"]).ends_with(3);
    machine.configure("[sync]\nstale_after = \"1ms\"\n");
    let ill = machine.run(["status", "--strict", "--json"]).ends_with(1).json();
    assert_eq!(ill["attention"], json!(["last-sync-failed", "stale"]));
    let words = machine.sverka(["status"]).in_english().run().ends_with(0);
    words.prints("Needs attention").prints("the last sync failed, the data are stale");
}

#[test]
fn a_search_finds_by_name_layout_and_phone() {
    let machine = Machine::synced();
    for (query, matched) in [
        ("царьков", "name"),
        ("ЦАРЬКОВА марина", "name"),
        ("wfhmrjd", "name"),
        ("8 (978) 845-13-64", "phone"),
    ] {
        let run = machine.run(["search", query, "--json"]).ends_with(0);
        assert_eq!(run.stderr, "", "{query}");
        let found = run.json();
        assert_eq!((&found["query"], &found["total"]), (&json!(query), &json!(1)), "{query}");
        assert!(found["took_ms"].is_u64());
        let card = only(&found["cards"]);
        assert_eq!(card["phone"], REFERENCE_PHONE, "{query}");
        assert_eq!(card["name"], "Царькова Марина Викторовна");
        assert_eq!(card["city"], "Симферополь");
        assert_eq!(card["city_source"], "main-details-line-3");
        assert_eq!(card["email"], "tsarkova@example.ru");
        assert_eq!((&card["total"], &card["points"]), (&json!("365054.00"), &json!("4806")));
        assert!(card["matched"].as_array().unwrap().contains(&json!(matched)), "{query}: {card}");
    }
    let shown = machine.run(["search", "wfhmrjd"]).ends_with(0);
    shown.prints("царьков").prints("365 054,00".replace(' ', "\u{a0}").as_str());
}

#[test]
fn a_search_says_when_it_cuts_and_when_it_finds_nothing() {
    let machine = Machine::synced();
    let cards = machine.onec(|onec| onec.books().counts().cards);
    let found = machine.run(["search", "", "--limit", "3", "--json"]).ends_with(0).json();
    assert_eq!(found["total"], cards);
    assert_eq!(found["cards"].as_array().unwrap().len(), 3);
    let all = machine.run(["search", "", "--limit", "0", "--json"]).ends_with(0).json();
    assert_eq!(all["cards"].as_array().unwrap().len(), cards);
    let cut = machine.sverka(["search", "", "--limit", "3"]).in_english().run().ends_with(0);
    cut.prints(&format!("Shown 3 of {cards}"));
    let none = machine.sverka(["search", "qqqqq"]).in_english().run().ends_with(0);
    none.prints("Nobody found");
    let none = machine.run(["search", "qqqqq", "--json"]).ends_with(0).json();
    assert_eq!((&none["total"], &none["cards"]), (&json!(0), &json!([])));
}

/// What `check --json` says of the reference customer, times and keys aside.
#[track_caller]
fn assert_reference(object: &Value, against: &str) {
    let figure = |sum: &str| json!({"onec": sum, "stored": sum, "variance": "0.00"});
    assert_eq!(object["opening_balance"], figure("232360.00"));
    let purchases = &object["purchases"];
    assert_eq!((&purchases["onec"], &purchases["stored"]), (&json!("132694.00"), &json!("132694.00")));
    assert_eq!((&purchases["variance"], &purchases["lines"]), (&json!("0.00"), &json!(14)));
    assert_eq!(object["total"], figure("365054.00"));
    assert_eq!(object["before_window"], json!({"onec": "0.00"}));
    assert_eq!(object["against"], against);
    assert_eq!(object["differences"], json!([]));
    assert_eq!(object["verdict"], "reconciled");
    assert_eq!(object["window"]["days"], 365);
    assert_eq!(object["points"]["stored"], "4806");
    assert_eq!(object["points"]["rule"], "last-record");
    assert_eq!(object["points"]["last_record"], "4806");
    assert_eq!(object["points"]["register_balance"], "4806");
    assert_eq!(object["card"]["phone"], REFERENCE_PHONE);
    assert_eq!(object["city"]["stored"], "Симферополь");
}

#[test]
fn a_check_finds_the_customer_by_phone_card_and_query() {
    let machine = Machine::synced();
    let code = machine.onec(|onec| onec.books().card(onec.books().reference()).unwrap().code.clone());
    let ways: [&[&str]; 6] = [
        &["--phone", REFERENCE_PHONE],
        &["--phone", "8 978 845-13-64"],
        &["--card", &code],
        &["--card", REFERENCE_PHONE],
        &["царькова", "марина"],
        &["wfhmrjd"],
    ];
    for way in ways {
        let run = machine.run([&["check", "--json"], way].concat()).ends_with(0);
        assert_eq!(run.stderr, "", "{way:?}");
        let found = run.json();
        let object = only(&found);
        assert_reference(object, "live");
        assert_eq!(object["points"]["onec"], "4806");
        assert_eq!(object["points"]["register_balance_onec"], "4806");
        assert_eq!(
            object["city"],
            json!({"onec": "Симферополь", "stored": "Симферополь", "variance": false})
        );
        assert!(object["compared_at"].is_string() && object["synced_at"].is_string());
    }
}

/// The number is somebody else's by now, and the store does not know it.
#[test]
fn a_check_by_a_phone_that_changed_hands_says_so() {
    let machine = Machine::synced();
    let code = machine.onec(|onec| {
        let books = onec.books_mut();
        let (card, owner) = (books.reference(), books.card(books.reference()).unwrap().owner);
        books.change_card(card, |card| card.phone = "79990000001".into());
        books.change_owner(owner, |owner| owner.phone = "79990000001".into());
        books.card(card).unwrap().code.clone()
    });
    let run = machine.sverka(["check", "--phone", REFERENCE_PHONE]).in_english().run().ends_with(0);
    let told = format!("Card {code} has another phone in 1C now");
    assert!(run.stderr.contains(&told), "{}", run.stderr);
    let by_card = machine.sverka(["check", "--card", &code]).in_english().run().ends_with(0);
    assert!(!by_card.stderr.contains("another phone"));
}

/// The figures that a proof names, each with what it says of it.
fn proven(object: &Value) -> Vec<(&'static str, Value)> {
    let figures = ["opening_balance", "purchases", "total", "points", "city", "card"];
    figures.map(|figure| (figure, object["proof"][figure].clone())).into()
}

#[test]
fn a_check_says_of_each_figure_what_proves_it() {
    let machine = Machine::synced();
    let check = |more: &[&str]| {
        let found = machine.run([&["check", "--phone", REFERENCE_PHONE, "--json"], more].concat());
        only(&found.ends_with(0).json()).clone()
    };
    let live = check(&[]);
    for (figure, proof) in proven(&live) {
        let with = if ["city", "card"].contains(&figure) { "catalog" } else { "rows" };
        let expected = json!({"compared": true, "with": with, "why_not": null, "at": live["compared_at"]});
        assert_eq!(proof, expected, "{figure}");
    }
    let settings = &live["proof"]["settings"];
    let kept = json!({
        "opening_balance": ["ВводНачальныхОстатков"], "purchase_recorders": [], "ignored_recorders": [],
        "names": {}, "days": 365, "points_rule": "last-record",
    });
    assert_eq!((&settings["stored"], &settings["today"]), (&kept, &kept));
    assert_eq!(settings["other_today"], json!([]));

    let offline = check(&["--offline"]);
    let told: Vec<_> =
        proven(&offline).into_iter().map(|(_, it)| [it["with"].clone(), it["why_not"].clone()]).collect();
    let expected = json!([
        ["opening-set", null],
        ["turnovers-window", null],
        ["turnovers", null],
        [null, "rows-alone"],
        [null, "rows-alone"],
        [null, "not-asked"],
    ]);
    assert_eq!(json!(told), expected);
    assert_eq!(offline["proof"]["total"]["at"], offline["synced_at"]);
    let words = machine.sverka(["check", "--offline", "--phone", REFERENCE_PHONE]).in_english().run();
    let words = words.ends_with(0);
    words.prints("Confirmed by:").prints("opening balance: a second reading of opening balances");
}

#[test]
fn i7_under_other_settings_nothing_is_called_proven() {
    let machine = Machine::synced();
    let offline = ["check", "--offline", "--phone", REFERENCE_PHONE, "--json"];
    let at_sync = only(&machine.run(offline).ends_with(0).json()).clone();
    assert_eq!(at_sync["verdict"], "reconciled");
    let cases = [
        ("opening_balance = [\"Ввод\"]", "onec.names.opening_balance"),
        ("opening_balance = [\"ВводНачальныхОстатков\", \"Ввод\"]", "onec.names.opening_balance"),
        ("ignored_recorders = [\"ЧекККМ\"]", "onec.names.ignored_recorders"),
        ("owner_person = \"Имя\"", "onec.names"),
    ];
    for (setting, key) in cases {
        machine.configure(&format!("[onec.names]\n{setting}\n"));
        let found = only(&machine.run(offline).ends_with(0).json()).clone();
        assert_eq!(found["verdict"], "unverified", "{setting}");
        assert_eq!(found["total"]["stored"], at_sync["total"]["stored"], "{setting}");
        assert_eq!(found["total"]["onec"], Value::Null, "1C said that of other rows: {setting}");
        for figure in ["opening_balance", "purchases", "total"] {
            assert_eq!(found["proof"][figure]["why_not"], "other-settings", "{setting}: {figure}");
        }
        assert_eq!(found["proof"]["settings"]["other_today"], json!([key]), "{setting}");
        let status = machine.run(["status", "--json", "--strict"]).ends_with(1).json();
        assert_eq!(status["other_settings"], json!([key]), "{setting}");
        assert_eq!(status["unverified"], status["cards"], "{setting}");
        let words = machine.sverka(&offline[..4]).in_english().run().ends_with(0);
        assert!(!words.stdout.contains('✅'), "{setting}: {}", words.stdout);
        words.prints(key);
    }
    // 1C is asked under the settings of today: what is equal then is, and both are named.
    machine.configure("[onec.names]\nopening_balance = [\"Ввод\"]\n");
    let live = only(&machine.run([&offline[..1], &offline[2..]].concat()).ends_with(0).json()).clone();
    assert_eq!((&live["verdict"], &live["against"]), (&json!("reconciled"), &json!("live")));
    let settings = &live["proof"]["settings"];
    let named = [&settings["stored"]["opening_balance"], &settings["today"]["opening_balance"]];
    assert_eq!(named, [&json!(["ВводНачальныхОстатков"]), &json!(["Ввод"])]);
    // Another window is shown with every figure and changes none.
    machine.configure("[sync]\ndays = 30\n");
    let found = only(&machine.run(offline).ends_with(0).json()).clone();
    assert_eq!((&found["verdict"], &found["window"]["days"]), (&json!("reconciled"), &json!(365)));
    assert_eq!(found["proof"]["settings"]["other_today"], json!(["sync.days"]));
    machine.run(["sync"]).ends_with(0);
    let found = only(&machine.run(offline).ends_with(0).json()).clone();
    assert_eq!(found["proof"]["settings"]["other_today"], json!([]));
}

#[test]
fn a_check_offline_asks_1c_nothing() {
    let machine = Machine::synced();
    let asked = machine.onec(|onec| onec.log().total());
    let run = machine.run(["check", "--offline", "--phone", REFERENCE_PHONE, "--json"]).ends_with(0);
    assert_reference(only(&run.json()), "control-totals");
    assert_eq!(machine.onec(|onec| onec.log().total()), asked);
    let shown = machine.run(["check", "--offline", "--phone", REFERENCE_PHONE]).ends_with(0);
    shown.prints("ИТОГО: 365,054.00 руб ✅");
}

#[test]
fn a_check_keeps_the_phone_out_of_1cs_log() {
    let machine = Machine::synced();
    let before = machine.onec(|onec| onec.log().lines().count());
    machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(0);
    let lines: Vec<String> =
        machine.onec(|onec| onec.log().lines().skip(before).map(str::to_owned).collect());
    assert!(!lines.is_empty());
    assert!(lines.iter().all(|line| !line.contains("9788451364")), "{lines:?}");
}

#[test]
fn a_check_before_the_first_sync_reads_1c_alone() {
    let machine = Machine::with_onec();
    let run = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(0);
    let found = run.json();
    let object = only(&found);
    assert_eq!((&object["against"], &object["verdict"]), (&json!("live"), &json!("unverified")));
    assert_eq!(object["total"], json!({"onec": "365054.00", "stored": null, "variance": null}));
    assert_eq!(object["synced_at"], Value::Null);
}

#[test]
fn a_changed_line_in_1c_is_named() {
    let machine = Machine::synced();
    let sale = machine.onec(|onec| {
        let sale = purchase(onec.books());
        assert!(onec.books_mut().change_sale(sale.recorder, sale.line, |row| row.amount += 1));
        sale
    });
    let run = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1);
    let found = run.json();
    let object = only(&found);
    assert_eq!(object["verdict"], "variance");
    assert_eq!(object["purchases"]["variance"], "-0.01");
    assert_eq!(object["total"]["onec"], "365054.01");
    let difference = only(&object["differences"]);
    assert_eq!(difference["kind"], "changed-line");
    assert_eq!(difference["reason"], "amount");
    assert_eq!(difference["recorder"], sale.recorder.to_string());
    assert_eq!(difference["recorder_type"], sale.kind.type_name());
    assert_eq!(difference["line"], sale.line);
    assert_eq!(difference["period"], sale.row.period.format("%Y-%m-%dT%H:%M:%S").to_string());
    assert_eq!(difference["stored"], roubles(sale.row.amount));
    assert_eq!(difference["onec"], roubles(sale.row.amount + 1));
    let shown = machine.sverka(["check", "--phone", REFERENCE_PHONE]).in_english().run().ends_with(1);
    shown.prints("❌").prints("What differs:").prints("sverka sync");
}

#[test]
fn lines_gone_from_1c_and_new_ones_are_named() {
    let machine = Machine::synced();
    let (gone, new) = machine.onec(|onec| {
        let gone = purchase(onec.books());
        let books = onec.books_mut();
        assert!(books.delete_sale(gone.recorder, gone.line));
        let row = SaleLine { amount: 12_345, ..gone.row.clone() };
        (gone, books.post(DocumentKind::Receipt, row.period, vec![row.clone()], Vec::new()))
    });
    let run = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1);
    let found = run.json();
    let differences = only(&found)["differences"].as_array().unwrap().clone();
    let of = |kind: &str| differences.iter().find(|difference| difference["kind"] == kind).unwrap();
    let extra = of("extra-line");
    assert_eq!(extra["recorder"], gone.recorder.to_string());
    assert_eq!((&extra["line"], &extra["reason"]), (&json!(gone.line), &json!("gone")));
    assert_eq!((&extra["onec"], &extra["stored"]), (&Value::Null, &json!(roubles(gone.row.amount))));
    let missing = of("missing-line");
    assert_eq!((&missing["recorder"], &missing["line"]), (&json!(new.to_string()), &json!(1)));
    assert_eq!((&missing["onec"], &missing["stored"]), (&json!("123.45"), &Value::Null));
    assert_eq!(differences.len(), 2);
}

#[test]
fn an_opening_balance_that_vanished_is_named() {
    let machine = Machine::synced();
    machine.onec(|onec| {
        let reference = onec.books().reference();
        let is_hers = |sale: &Posted<SaleLine>| {
            sale.row.card == reference && sale.kind == DocumentKind::OpeningBalances
        };
        let sale = onec.books().sales().find(is_hers).unwrap();
        assert!(onec.books_mut().delete_sale(sale.recorder, sale.line));
    });
    let run = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1);
    let found = run.json();
    let object = only(&found);
    assert_eq!(
        object["opening_balance"],
        json!({"onec": "0.00", "stored": "232360.00", "variance": "232360.00"})
    );
    assert_eq!(only(&object["differences"])["stored"], "232360.00");
}

#[test]
fn points_and_city_that_changed_are_variances() {
    let machine = Machine::synced();
    machine.onec(|onec| {
        let books = onec.books_mut();
        let reference = books.reference();
        let owner = books.card(reference).unwrap().owner;
        books.change_owner(owner, |owner| {
            owner.main_details = owner.main_details.replace("Симферополь", "Севастополь");
        });
        let last = books.bonuses().filter(|bonus| bonus.row.card == reference).last().unwrap();
        assert!(books.change_bonus(last.recorder, last.line, |row| row.to_burn += 100));
    });
    let run = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1);
    let found = run.json();
    let object = only(&found);
    assert_eq!(object["total"]["variance"], "0.00");
    assert_eq!(object["points"]["variance"], "-1");
    assert_eq!(object["city"], json!({"onec": "Севастополь", "stored": "Симферополь", "variance": true}));
    let kinds: Vec<_> = object["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| difference["kind"].clone())
        .collect();
    assert!(kinds.contains(&json!("city")) && kinds.contains(&json!("points")), "{kinds:?}");
}

#[test]
fn a_purchase_before_the_window_is_no_variance() {
    let machine = Machine::synced();
    let code = code_of(&machine, Trap::OldPurchase);
    let run = machine.run(["check", "--card", &code, "--json"]).ends_with(0);
    let found = run.json();
    let object = only(&found);
    assert_eq!(object["verdict"], "before-window");
    assert_eq!(object["before_window"]["onec"], "7777.00");
    assert_eq!(object["total"]["variance"], "-7777.00");
    let difference = only(&object["differences"]);
    assert_eq!((&difference["kind"], &difference["onec"]), (&json!("before-window"), &json!("7777.00")));
    let shown = machine.sverka(["check", "--card", &code]).in_english().run().ends_with(0);
    shown.prints("7,777.00").prints("increase `days` in [sync]");
}

#[test]
fn nobody_is_an_empty_list_and_code_one() {
    let machine = Machine::synced();
    for side in [&["--offline"][..], &[]] {
        let run = machine.run([&["check", "--phone", "70000000000", "--json"], side].concat()).ends_with(1);
        assert_eq!(run.stdout, "[]\n", "{side:?}");
        let shown = machine.sverka([&["check", "--phone", "70000000000"], side].concat()).in_english().run();
        assert_eq!(shown.ends_with(1).tells("Nobody found").stdout, "", "{side:?}");
    }
}

#[test]
fn two_cards_of_one_phone_are_two_objects() {
    let machine = Machine::synced();
    let (phone, keys) = machine.onec(|onec| {
        let books = onec.books();
        let keys = [Trap::SharedPhone, Trap::SharedPhoneTwin].map(|trap| books.trap(trap).unwrap());
        (books.card(keys[0]).unwrap().phone.clone(), keys.map(|key| key.to_string()))
    });
    let run = machine.run(["check", "--phone", &phone, "--json"]).ends_with(0);
    let mut found: Vec<String> = run
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["card"]["key"].as_str().unwrap().to_owned())
        .collect();
    let mut keys = keys.to_vec();
    found.sort();
    keys.sort();
    assert_eq!(found, keys);
}

#[test]
fn a_check_of_too_many_says_that_it_is_cut() {
    let machine = Machine::synced();
    let run = machine.sverka(["check", "--offline", "79", "--json"]).in_english().run();
    let found = run.json();
    assert_eq!(found.as_array().unwrap().len(), 20);
    run.tells("Cards shown: 20 of");
}

#[test]
fn with_1c_gone_a_check_prints_what_is_stored() {
    let mut machine = Machine::synced();
    machine.stop_onec();
    let run = machine.sverka(["check", "--phone", REFERENCE_PHONE, "--json"]).in_english().run().ends_with(3);
    let found = run.json();
    let object = only(&found);
    assert_eq!((&object["against"], &object["verdict"]), (&json!("none"), &json!("unverified")));
    assert_eq!(object["total"], json!({"onec": null, "stored": "365054.00", "variance": null}));
    assert_eq!(object["compared_at"], Value::Null);
    run.tells("What to do:");
    let shown = machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(3);
    assert!(!shown.stdout.contains('✅'), "nothing was compared:\n{}", shown.stdout);
    shown.prints("365,054.00");
}

#[test]
fn with_1c_gone_a_sync_fails_and_the_store_keeps_its_generation() {
    let mut machine = Machine::synced();
    machine.stop_onec();
    let run = machine.run(["sync", "--json"]).ends_with(3);
    let finished = run.json_lines().pop().unwrap();
    assert_eq!((&finished["outcome"], &finished["generation"]), (&json!("failed"), &json!(1)));
    for part in ["code", "message", "remedy"] {
        assert!(!finished["error"][part].as_str().unwrap().is_empty(), "{part}");
    }
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!(status["generation"], 1);
    assert_eq!(status["last_syncs"][0]["outcome"], "failed");
    assert_eq!(status["last_syncs"][0]["error"], finished["error"]["code"]);
    machine.run(["search", "царьков"]).ends_with(0).prints("Царькова");
}

#[test]
fn wrong_usage_is_code_two() {
    let machine = Machine::synced();
    let wrong: [&[&str]; 8] = [
        &["check"],
        &["check", "--phone", "1", "--card", "2"],
        &["check", "--phone", ""],
        &["search"],
        &["sync", "--days", "-1"],
        &["sync", "--limit", "many"],
        &["simulate", "--now", "yesterday"],
        &["unknown"],
    ];
    for arguments in wrong {
        let run = machine.run(arguments).ends_with(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}
