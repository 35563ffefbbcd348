//! A balance of points that 1C contradicts: wherever it is told, points beside points, and roubles beside roubles.

use std::fs::File;
use std::io::Read;

use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults, Rate, Treatment, Way};
use zip::ZipArchive;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{ENTER, F4, F8, PseudoTerminal, alt};

const WIDE: (u16, u16) = (140, 50);

/// A base whose own balances of points lack every card's rows.
fn lost_balances() -> Faults {
    Faults::default().treat(Treatment::Shorten, Way::Balance, Rate::ALWAYS)
}

/// The same, and every turnover is a rouble too much: both kinds of own sums differ on one card.
fn wrong_sums() -> Faults {
    lost_balances().add(FaultKind::WrongTotals, Rate::ALWAYS)
}

/// A store that was synced before 1C went wrong.
fn machine(faults: Faults) -> Machine {
    let machine = Machine::with_onec();
    machine.configure("[points]\nrule = \"register-balance\"\n");
    machine.run(["sync"]).ends_with(0);
    machine.break_onec(faults);
    machine
}

/// A text as it is read, without its unbreakable spaces.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn own_sums_are_told_as_what_they_are() {
    let machine = machine(wrong_sums());
    let card = machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(1).json()[0].clone();
    let own_sums = card["differences"].as_array().unwrap().iter().filter(|it| it["reason"] == "own-sum");
    let sides: Vec<_> = own_sums.map(|it| (&it["kind"], &it["onec"], &it["stored"])).collect();
    let unexplained = json!("unexplained");
    assert_eq!(
        sides,
        [
            (&unexplained, &json!("365055.00"), &json!("365054.00")),
            (&unexplained, &json!("0"), &json!("4806"))
        ]
    );
    let text = plain(&machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(1).stdout);
    assert!(
        text.contains("суммы расходятся") && text.contains("итог 365 055,00, строки 365 054,00"),
        "{text}"
    );
    assert!(text.contains("баллы расходятся") && text.contains("итог 0, строки 4 806\n"), "{text}");
    assert!(!text.contains("4 806,00"), "{text}");
}

/// A cell of a sheet.
#[derive(Debug)]
struct Cell {
    column: String,
    row: u32,
    style: String,
    value: String,
}

/// The cells of a sheet that hold a number.
fn numbers(book: &mut ZipArchive<File>, sheet: u32) -> Vec<Cell> {
    let mut xml = String::new();
    let name = format!("xl/worksheets/sheet{sheet}.xml");
    book.by_name(&name).unwrap().read_to_string(&mut xml).unwrap();
    let number = |cell: &str| {
        let (place, rest) = cell.split_once('"')?;
        let (column, row) = place.split_at(place.find(|c: char| c.is_ascii_digit())?);
        let style = rest.strip_prefix(" s=\"")?.split('"').next()?;
        let value = rest.split("<v>").nth(1)?.split('<').next()?;
        let (column, style, value) = (column.to_owned(), style.to_owned(), value.to_owned());
        Some(Cell { column, row: row.parse().ok()?, style, value })
    };
    let cells = xml.split("</c>").filter_map(|cell| cell.split("<c r=\"").nth(1));
    cells.filter_map(number).collect()
}

/// The style of every number of a column that is this one.
fn styles<'a>(cells: &'a [Cell], column: &str, value: &str) -> Vec<&'a str> {
    let is_it = |cell: &&Cell| cell.row > 1 && cell.column == column && cell.value == value;
    cells.iter().filter(is_it).map(|cell| cell.style.as_str()).collect()
}

#[test]
fn a_workbook_has_points_as_points() {
    let machine = machine(wrong_sums());
    let path = machine.path("base.xlsx");
    machine.run(["reconcile", "--live", "-o", path.to_str().unwrap()]).ends_with(1);
    let mut book = ZipArchive::new(File::open(&path).unwrap()).unwrap();
    let (cards, differences) = (numbers(&mut book, 2), numbers(&mut book, 3));
    let money = styles(&cards, "Q", "365054");
    let points = styles(&cards, "U", "4806");
    assert!(!money.is_empty() && !points.is_empty() && money[0] != points[0], "{cards:?}");
    let (of_money, of_points) = (styles(&differences, "J", "365054"), styles(&differences, "J", "4806"));
    assert!(!of_money.is_empty() && of_money.iter().all(|style| *style == money[0]), "{differences:?}");
    assert!(!of_points.is_empty() && of_points.iter().all(|style| *style == points[0]), "{differences:?}");
}

/// The dashboard with the reference customer checked line by line.
fn checked(machine: &Machine) -> PseudoTerminal {
    let mut terminal = PseudoTerminal::start(machine, &[], WIDE, &[]);
    terminal.wait_for(&["Найдено: 30"]);
    terminal.press("8451364");
    terminal.wait_for(&["Найдено: 1", REFERENCE_PHONE]);
    terminal.press(ENTER);
    terminal.wait_for(&["365 054,00"]);
    terminal.press(F4);
    terminal.wait_for(&["Сравнено с 1С построчно"]);
    terminal
}

#[test]
fn the_dashboard_has_points_as_points() {
    let machine = machine(wrong_sums());
    let mut terminal = checked(&machine);
    terminal.wait_for(&["365 055,00  365 054,00", "        0       4 806"]);
    terminal.wait_for_no("4 806,00");
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn points_are_explained_by_the_requests_of_their_register() {
    let machine = machine(lost_balances());
    let mut terminal = checked(&machine);
    terminal.press(&alt("e"));
    terminal.wait_for(&["Разбор расхождения", "Первое, что отличается:"]);
    terminal.press("y");
    let copied = plain(&terminal.take_clipboard());
    assert!(copied.contains("итог 0, строки 4 806\n"), "{copied}");
    let requests: Vec<_> = copied.lines().filter(|line| line.trim_start().starts_with("GET ")).collect();
    assert!(requests.iter().all(|line| line.contains("AccumulationRegister_БонусныеБаллы")), "{copied}");
    for part in ["/Balance(", "_RecordType?"] {
        assert!(requests.iter().any(|line| line.contains(part)), "no {part} in {copied}");
    }
    terminal.press("J");
    let object: Value = serde_json::from_str(&terminal.take_clipboard()).unwrap();
    let first = &object["first_difference"];
    assert_eq!(
        (&first["reason"], &first["onec"], &first["stored"]),
        (&json!("own-sum"), &json!("0"), &json!("4806"))
    );
    terminal.press(F8);
    terminal.end().well(0);
}
