use std::io::Read;

use proptest::prelude::*;
use serde_json::Value;
use zip::ZipArchive;

use super::super::fixture::{self, ENGLISH, HOSTILE, RUSSIAN, assert_harmless, reader};
use super::csv::guarded;
use super::*;
use crate::domain::reconcile::{Summary, Terms};
use crate::domain::{City, CitySource, PointsRule, Window};
use crate::text::Language;

fn written(cards: &[Comparison], format: Format, language: Language) -> Vec<u8> {
    let mut summary = Summary::default();
    summary.extend(cards);
    let terms = Terms {
        window: Window { days: 365, from: None },
        points_at: None,
        rule: PointsRule::LastRecord,
        synced_at: Some(fixture::utc(4, 5)),
        compared_at: Some(fixture::utc(4, 9)),
        under: std::sync::Arc::default(),
        is_moment_doubtful: false,
    };
    let head = Head {
        summary,
        terms,
        is_live: true,
        knows_turnovers: true,
        has_failed: false,
        unread: 0,
        moving: 0,
        rows: 1,
    };
    let mut export =
        Export::begin(Vec::new(), format, head, reader(language), &std::env::temp_dir()).unwrap();
    for card in cards {
        export.row(card).unwrap();
    }
    let (out, written) = export.finish().unwrap();
    assert_eq!(written.rows, cards.len() as u64);
    out
}

fn text(cards: &[Comparison], format: Format) -> String {
    String::from_utf8(written(cards, format, ENGLISH)).unwrap()
}

const CSV: Format = Format::Csv { bom: false };

fn records(csv: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv_has_a_row_per_card_and_plain_numbers() {
    insta::assert_snapshot!(text(
        &[fixture::variance(), fixture::before_window(), fixture::unreachable()],
        CSV
    ));
    assert!(text(&[], Format::Csv { bom: true }).starts_with('\u{feff}'));
    assert!(text(&[], CSV).starts_with("verdict,key,code"));
}

#[test]
fn every_column_of_csv_is_documented_in_order() {
    let page = include_str!("../../../docs/reconcile.md");
    let documented: Vec<_> = page
        .lines()
        .skip_while(|line| !line.starts_with("### Columns of CSV"))
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let csv = text(&[], CSV);
    let columns: Vec<_> = csv.trim_end().split(',').collect();
    assert_eq!(documented, columns);
}

#[test]
fn json_is_the_array_of_check() {
    let cards = [fixture::variance(), fixture::reconciled()];
    let array: Value = serde_json::from_str(&text(&cards, Format::Json)).unwrap();
    let of_check: Value = serde_json::from_str(&json::check(&cards)).unwrap();
    assert_eq!(array, of_check);
    assert_eq!(text(&[], Format::Json), "[]\n");
}

/// What a cell of a name, a town, an e-mail may hold.
fn named(text: &str) -> Comparison {
    let mut card = fixture::reconciled();
    card.customer.name = text.into();
    card.customer.email = Some(text.into());
    card.customer.code = text.into();
    card.city.onec = Some(Some(City { name: text.into(), source: CitySource::ContactInfo }));
    card
}

#[test]
fn u6_a_spreadsheet_runs_no_cell_of_csv() {
    for formula in [
        "=cmd|' /C calc'!A0",
        "+7 978 845",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝1+1",
        "ООО;=1+1",
    ] {
        let csv = text(&[named(formula)], CSV);
        assert_harmless(&csv);
        let record = records(&csv).remove(0);
        for cell in record.iter().flat_map(|cell| cell.split(';')) {
            let first = cell.trim_start().chars().next().unwrap_or('x');
            let is_number = cell.parse::<rust_decimal::Decimal>().is_ok();
            assert!(is_number || !"=+-@＝＋－＠\t\r".contains(first), "{formula:?} became {cell:?}");
        }
    }
}

#[test]
fn u6_numbers_of_csv_stay_numbers() {
    let csv = text(&[fixture::variance()], CSV);
    let record = records(&csv).remove(0);
    assert!(record.contains(&"-1200.00".to_owned()), "{record:?}");
    assert_eq!(guarded("Царькова Анна-Мария"), "Царькова Анна-Мария");
}

#[test]
fn u6_no_way_out_but_json_carries_what_steers() {
    assert_harmless(&text(&[fixture::hostile()], CSV));
    assert_harmless(&text(&[fixture::hostile()], Format::Table));
    let json = text(&[fixture::hostile()], Format::Json);
    assert_harmless(&json);
    let array: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(array[0]["card"]["name"], HOSTILE, "exactly what 1C has");
    for (name, sheet) in sheets(&written(&[fixture::hostile()], Format::Xlsx, RUSSIAN)) {
        let shown: String = sheet.chars().filter(|c| *c != '\n' && *c != '\r').collect();
        assert!(!shown.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{name}");
    }
}

/// The sheets of a workbook as they lie in it.
fn sheets(book: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(io::Cursor::new(book)).unwrap();
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .filter(|name| name.starts_with("xl/worksheets/"))
        .collect();
    let of = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(of).collect()
}

fn sheet(book: &[u8], number: u32) -> String {
    let name = format!("xl/worksheets/sheet{number}.xml");
    sheets(book).into_iter().find(|(other, _)| *other == name).unwrap().1
}

#[test]
fn a_workbook_has_typed_cells_a_frozen_header_and_totals() {
    let book = written(&[fixture::variance(), fixture::reconciled()], Format::Xlsx, ENGLISH);
    let cards = sheet(&book, 2);
    assert!(cards.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#));
    assert!(
        cards.contains("<v>365054</v>") && cards.contains("<v>-1200</v>"),
        "numbers are numbers: {cards}"
    );
    assert!(cards.contains(">79788451364</t>"), "a phone is a text: {cards}");
    assert!(
        cards.contains(">Totals</t>") && cards.contains("<v>730108</v>") && cards.contains("<v>728908</v>")
    );
    let differences = sheet(&book, 3);
    assert!(differences.contains("line missing in sverka") && differences.contains("no longer active"));
    assert!(sheet(&book, 1).contains("<v>"));
}

#[test]
fn u6_a_workbook_has_no_formula() {
    let book =
        written(&[named("=HYPERLINK(\"http://x\")"), named("+1"), named("http://x")], Format::Xlsx, RUSSIAN);
    for (name, sheet) in sheets(&book) {
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{name}");
    }
    assert!(sheet(&book, 2).contains(">=HYPERLINK("), "a text stays what it is");
}

proptest! {
    #[test]
    fn u6_no_text_becomes_a_formula(name in any::<String>()) {
        let csv = text(&[named(&name)], CSV);
        let record = records(&csv).remove(0);
        for cell in record[4].split(';') {
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
}
