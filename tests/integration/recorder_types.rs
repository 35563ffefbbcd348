//! Which document is what: the types there are, what the settings take them for, and the line that fits.

use std::collections::BTreeMap;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use sverka::domain::recorder_types::RecorderNames;
use sverka::domain::{Amount, Finding, RecorderRole};
use sverka::engine::TypesFound;
use sverka::engine::doctor::{Check, CheckOutcome, Fact};
use sverka::sync::event::Outcome as Ended;
use sverka_simulator::{Books, DocumentKind, FaultKind, Faults, Rate, Shape, Treatment, Way};

use crate::support::binary::Machine;
use crate::support::changes::small;
use crate::support::office::Office;

const OPENING: &str = "ВводНачальныхОстатков";
const CORRECTION: &str = "КорректировкаРегистров";

/// Active rows of the register of sales by type: how many, and kopecks.
fn by_type(books: &Books) -> BTreeMap<String, (u64, i64)> {
    let mut types = BTreeMap::<_, (u64, i64)>::new();
    for row in books.sales().filter(|row| row.row.active) {
        let (rows, sum) = types.entry(row.kind.type_name().to_owned()).or_default();
        (*rows, *sum) = (*rows + 1, *sum + row.row.amount);
    }
    types
}

fn names(settings: &str) -> String {
    format!("[onec.names]\n{settings}\n")
}

/// The check of types in `doctor --json`.
fn check_of_types(machine: &Machine, code: i32) -> Value {
    let checks = machine.run(["doctor", "--json"]).ends_with(code).json();
    let checks = checks.as_array().unwrap();
    let at = |name: &str| checks.iter().position(|it| it["check"] == name).unwrap();
    assert_eq!(at("recorder-types"), at("virtual-tables") + 1);
    assert!(checks.iter().all(|it| it.get("types").is_some() == (it["check"] == "recorder-types")));
    checks[at("recorder-types")].clone()
}

fn reenter_an_opening(machine: &Machine, kind: DocumentKind) {
    machine.onec(|onec| {
        let opening = onec.books().sales().find(|row| row.kind == DocumentKind::OpeningBalances).unwrap();
        onec.books_mut().reenter(opening.recorder, kind).unwrap();
    });
}

#[test]
fn doctor_tells_every_type_with_its_rows_its_sum_and_what_it_is_taken_for() {
    let machine = Machine::with_onec();
    for (settings, ignored) in [("", ""), ("ignored_recorders = [\"ОтчетОРозничныхПродажах\"]", "Отчет")]
    {
        machine.configure(&names(settings));
        let check = check_of_types(&machine, 0);
        assert_eq!((&check["status"], &check["remedy"]), (&json!("ok"), &Value::Null), "{check}");
        let types = machine.onec(|onec| by_type(onec.books()));
        let role = |name: &str| match name {
            name if name.contains(OPENING) => "opening-balance",
            name if !ignored.is_empty() && name.contains(ignored) => "ignored",
            _ => "purchase",
        };
        let expected: Vec<_> = types
            .iter()
            .map(|(name, (rows, sum))| {
                json!({"recorder_type": name, "rows": rows, "amount": Amount::from_units(*sum).to_string(),
                    "role": role(name)})
            })
            .collect();
        assert_eq!(check["types"], Value::from(expected));
    }
    let told = machine.sverka(["doctor"]).in_english().run().ends_with(0);
    told.prints("Types of document").prints("ЧекККМ").prints("opening balance").prints("not counted");
}

#[test]
fn doctor_holds_the_names_against_the_types_and_proposes_the_line() {
    type Harm = fn(&Machine);
    let none: Harm = |_| ();
    let correct: Harm = |machine| reenter_an_opening(machine, DocumentKind::RegisterCorrection);
    let move_all: Harm = |machine| {
        machine.onec(|onec| {
            let all: Vec<_> =
                onec.books().sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect();
            for row in all {
                onec.books_mut().reenter(row.recorder, DocumentKind::SalesInvoice);
            }
        });
    };
    let refuse: Harm = |machine| {
        machine.break_onec(Faults::default().refuse(Way::FilterType, Shape::code(400, 14)));
    };
    let untyped: Harm = |machine| machine.break_onec(Faults::always(FaultKind::UntypedRows));
    let usual = format!("opening_balance = [\"{OPENING}\"]");
    let both = format!("opening_balance = [\"{OPENING}\", \"{CORRECTION}\"]");
    let cases: [(&str, &str, Harm, i32, &str, &str); 10] = [
        ("the default", "", none, 0, "ok", ""),
        ("other letter case", "opening_balance = [\"вводначальныхостатков\"]", none, 1, "failed", &usual),
        ("of another configuration", "opening_balance = [\"ВводОстатков\"]", none, 1, "failed", &usual),
        ("one of two", "opening_balance = [\"ВводНачальных\", \"Перенос\"]", none, 1, "failed", &usual),
        ("none named", "opening_balance = []", none, 0, "warning", &usual),
        ("another type that looks like one", "", correct, 0, "warning", &both),
        ("no name that looks like one", "", move_all, 1, "failed", "purchase_recorders"),
        ("no filter by type, few rows", "", refuse, 0, "ok", ""),
        ("no filter by type, wrong name", "opening_balance = [\"X\"]", refuse, 1, "failed", &usual),
        ("rows without a type", "", untyped, 0, "warning", "sverka check"),
    ];
    for (what, settings, harm, code, status, remedy) in cases {
        let machine = Machine::with_onec();
        machine.configure(&names(settings));
        harm(&machine);
        let check = check_of_types(&machine, code);
        assert_eq!(check["status"], status, "{what}: {check}");
        match remedy {
            "" => assert_eq!(check["remedy"], Value::Null, "{what}"),
            line => assert!(check["remedy"].as_str().unwrap().contains(line), "{what}: {check}"),
        }
    }
}

async fn types_found(office: &Office) -> (CheckOutcome, u64) {
    let mut asked = Vec::new();
    let mut found = None;
    office.rest();
    office
        .engine()
        .doctor(&mut |finding| {
            asked.push((finding.check, office.desk.requests()));
            if finding.check == Check::RecorderTypes {
                found = Some(finding.outcome);
            }
        })
        .await;
    let at = |check| asked.iter().find(|(it, _)| *it == check).unwrap().1;
    (found.unwrap(), at(Check::RecorderTypes) - at(Check::VirtualTables))
}

fn of(outcome: &CheckOutcome) -> Option<&TypesFound> {
    match outcome {
        CheckOutcome::Ok(Fact::RecorderTypes(found))
        | CheckOutcome::Warning(Fact::RecorderTypes(found))
        | CheckOutcome::Missing(Fact::RecorderTypes(found)) => Some(found),
        _ => None,
    }
}

#[tokio::test]
async fn the_look_at_types_costs_a_handful_of_requests() {
    let office = Office::open(45, 420, 1);
    let (outcome, requests) = types_found(&office).await;
    assert!(matches!(outcome, CheckOutcome::Ok(_)), "{outcome:?}");
    assert!(requests <= 15, "{requests}");
}

#[derive(Clone, Debug)]
enum Server {
    Behaves,
    Refuses(usize),
    Ignores,
    Untyped(u32),
    SoleRecorder,
}

fn server() -> impl Strategy<Value = Server> {
    prop_oneof![
        4 => Just(Server::Behaves),
        2 => (0..Shape::SEEN.len()).prop_map(Server::Refuses),
        1 => Just(Server::Ignores),
        1 => select(vec![1, 30, 100]).prop_map(Server::Untyped),
        1 => Just(Server::SoleRecorder),
    ]
}

fn faults(server: &Server) -> Faults {
    match *server {
        Server::Behaves => Faults::default(),
        Server::Refuses(shape) => Faults::default().refuse(Way::FilterType, Shape::SEEN[shape]),
        Server::Ignores => Faults::default().treat(Treatment::Ignore, Way::FilterType, Rate::ALWAYS),
        Server::Untyped(percent) => Faults::default().add(FaultKind::UntypedRows, Rate::percent(percent)),
        Server::SoleRecorder => Faults::always(FaultKind::RecorderKey),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 24, ..ProptestConfig::default() })]

    /// Whatever the types, the names and the server: where a sync finds fault with the names, doctor is not content,
    /// and what it says of rows and sums is what the books say.
    #[test]
    fn doctor_is_not_content_with_names_that_a_sync_finds_fault_with(
        moved in prop::collection::vec((any::<Index>(), select(DocumentKind::ALL)), 0..5),
        opening in select(vec![
            vec![OPENING], vec![], vec!["вводначальныхостатков"], vec![OPENING, CORRECTION], vec!["Остатков"],
            vec!["ЧекККМ"], vec![OPENING, "ПереносДанных"],
        ]),
        ignored in select(vec![vec![], vec!["ОтчетОРозничныхПродажах"], vec![OPENING], vec!["КорректировкаЗаписейРегистров"]]),
        server in server(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut office = small();
            let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            office.config.names.opening_balance = owned(&opening);
            office.config.names.ignored_recorders = owned(&ignored);
            office.change(|books| {
                for (row, kind) in &moved {
                    let rows: Vec<_> = books.sales().collect();
                    books.reenter(row.get(&rows).recorder, *kind);
                }
            });
            office.set_faults(faults(&server));
            let (outcome, _) = types_found(&office).await;
            let is_content = matches!(outcome, CheckOutcome::Ok(_));
            if let (Some(found), Server::Behaves) = (of(&outcome), &server) {
                let books = by_type(&office.books());
                prop_assert!(found.are_told && found.seen.types.len() == books.len(), "{outcome:?}");
                for it in &found.seen.types {
                    let (rows, sum) = books[&*it.recorder_type.0];
                    prop_assert_eq!((it.rows, it.amount), (Some(rows), Some(Amount::from_units(sum))));
                    let names = RecorderNames {
                        opening_balance: &owned(&opening),
                        purchases: &[],
                        ignored: &owned(&ignored),
                    };
                    let role = RecorderRole::of(&it.recorder_type.0, names);
                    prop_assert_eq!(it.role, role);
                }
            }
            office.rest();
            if office.try_sync().await.summary.outcome == Ended::Published {
                let findings = office.engine().status().await.unwrap().findings;
                let is_of_names = |it: &Finding| {
                    matches!(it, Finding::OpeningNamesUnborne { .. } | Finding::OpeningTypesUnnamed { .. })
                };
                let found = findings.iter().any(is_of_names);
                prop_assert!(!(found && is_content), "{findings:?}, and doctor: {outcome:?}");
            }
            Ok(())
        })?;
    }
}

/// `init` where the environment says how to reach 1C, by the portal's variables or by ours.
fn init(machine: &Machine, url: &str, is_portal: bool) -> String {
    fs::remove_file(machine.config()).unwrap();
    let run = machine.sverka(["init"]).in_english();
    let run = if is_portal {
        run.env("ONEC_API_URL", url).env("ONEC_API_TOKEN", STANDARD.encode("odata.user:demo"))
    } else {
        run.env("SVERKA_ONEC__URL", url)
            .env("SVERKA_ONEC__USER", "odata.user")
            .env("SVERKA_ONEC__PASSWORD", "demo")
    };
    let run = run.run().ends_with(0);
    assert_eq!(run.stdout, "");
    let written = fs::read_to_string(machine.config()).unwrap();
    for secret in ["demo", &STANDARD.encode("odata.user:demo"), url] {
        assert!(!written.contains(secret), "{secret} was written");
    }
    run.stderr
}

/// The line of the file that counts.
fn line_of(machine: &Machine) -> String {
    let written = fs::read_to_string(machine.config()).unwrap();
    let mut lines = written.lines().filter(|line| line.starts_with("opening_balance = "));
    let line = lines.next().unwrap().to_owned();
    assert_eq!(lines.next(), None);
    let others = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with("opening_balance = ")).map(str::to_owned).collect()
    };
    assert_eq!(others(&written), others(&sverka::config::example()), "nothing else is another");
    line
}

#[test]
fn init_writes_the_line_that_fits_the_base() {
    let usual = format!("opening_balance = [\"{OPENING}\"]");
    let machine = Machine::with_onec();
    let url = machine.onec_url();
    for is_portal in [true, false] {
        assert!(init(&machine, &url, is_portal).contains("usual name"));
        assert_eq!(line_of(&machine), usual);
    }
    reenter_an_opening(&machine, DocumentKind::RegisterCorrection);
    let both = format!("opening_balance = [\"{OPENING}\", \"{CORRECTION}\"]");
    assert!(init(&machine, &url, true).contains(&both));
    assert_eq!(line_of(&machine), both);
    machine.onec(|onec| {
        let all: Vec<_> = onec.books().sales().collect();
        for row in all
            .into_iter()
            .filter(|row| row.kind.type_name().contains("вод") || row.kind.type_name().contains("Корр"))
        {
            onec.books_mut().reenter(row.recorder, DocumentKind::SalesInvoice);
        }
    });
    // What wrote once, long ago, may have carried them over: nobody says that none were.
    assert!(init(&machine, &url, false).contains("РасходнаяНакладная"));
    assert_eq!(line_of(&machine), usual);
    machine.onec(|onec| {
        let of_once: Vec<_> =
            onec.books().sales().filter(|row| row.kind == DocumentKind::SalesInvoice).collect();
        for row in of_once {
            onec.books_mut().unpost(row.recorder);
        }
    });
    assert!(init(&machine, &url, false).contains("carries balances over"));
    assert_eq!(line_of(&machine), "opening_balance = []");
}

#[test]
fn init_that_cannot_ask_writes_the_usual_line_and_names_doctor() {
    let usual = format!("opening_balance = [\"{OPENING}\"]");
    let machine = Machine::with_onec();
    let url = machine.onec_url();
    for faults in [
        Faults::always(FaultKind::Status503),
        Faults::always(FaultKind::UntypedRows),
        Faults::default().refuse(Way::FilterType, Shape::code(400, 14)),
    ] {
        machine.break_onec(faults.clone());
        let told = init(&machine, &url, true);
        assert_eq!(
            told.lines().filter(|line| line.contains("1C has not said")).count(),
            1,
            "{faults:?}: {told}"
        );
        assert!(told.contains("sverka doctor"), "{told}");
        assert_eq!(line_of(&machine), usual);
    }
    fs::remove_file(machine.config()).unwrap();
    let told = machine.sverka(["init"]).in_english().run().ends_with(0);
    told.tells("proposes the line");
    assert_eq!(line_of(&machine), usual);
    let before = machine.onec(|onec| onec.log().total());
    let again = machine.sverka(["init"]).in_english().env("ONEC_API_URL", &url);
    again.env("ONEC_API_TOKEN", STANDARD.encode("odata.user:demo")).run().ends_with(2).tells("left as it is");
    assert_eq!(machine.onec(|onec| onec.log().total()), before, "nothing is asked for a file that stays");
}
