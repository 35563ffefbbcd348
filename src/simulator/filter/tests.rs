use proptest::prelude::*;

use super::super::books::Books;
use super::super::generate::Scenario;
use super::super::query;
use super::super::table;
use super::*;

fn books() -> Books {
    Scenario::new(40, 3, chrono::NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date")).books()
}

/// The codes of the cards that pass.
fn found(filter: &str) -> Result<Vec<String>, Refusal> {
    let books = books();
    let cards = table::cards(&books);
    let filter = Expr::parse(filter, cards.as_ref())?;
    let code = find_column(cards.as_ref(), "Code").expect("a column");
    let passing = (0..cards.len()).filter(|row| filter.test(cards.as_ref(), *row));
    let mut codes: Vec<String> = passing
        .map(|row| match cards.value(row, code) {
            Value::Text(text) => text.trim_start_matches('0').to_owned(),
            _ => String::new(),
        })
        .collect();
    codes.sort();
    Ok(codes)
}

#[test]
fn operators_bind_as_they_should() {
    let cases: [(&str, &[&str]); 9] = [
        ("Code eq '000000001'", &["1"]),
        ("Code eq '000000001' or Code eq '000000002' and Code eq '000000003'", &["1"]),
        ("(Code eq '000000001' or Code eq '000000002') and Code ne '000000001'", &["2"]),
        ("not (Code gt '000000001')", &["1"]),
        ("not not Code le '000000002'", &["1", "2"]),
        ("Code lt '000000003' and DeletionMark eq false", &["1", "2"]),
        ("КодКартыШтрихкод eq '79788451364'", &["1"]),
        ("substringof('8845136', КодКартыШтрихкод) eq true", &["1"]),
        ("startswith(Code, '00000000') and endswith(Code,'7')", &["7"]),
    ];
    for (filter, codes) in cases {
        assert_eq!(found(filter).expect(filter), codes, "{filter}");
    }
}

#[test]
fn a_pattern_matches_like_sql() {
    for (text, pattern, matches) in [
        ("Царькова", "Царь%", true),
        ("Царькова", "%ков_", true),
        ("Царькова", "Царь", false),
        ("", "%", true),
        ("", "_", false),
        ("аб", "%%б%", true),
    ] {
        assert_eq!(functions::like(text, pattern), matches, "{text} {pattern}");
    }
}

#[test]
fn a_quote_is_written_twice() {
    assert_eq!(found("Code eq 'it''s'").expect("a filter"), Vec::<String>::new());
    assert_eq!(found("Code eq 'it's'").map_err(|refusal| refusal.code), Err(14));
}

#[test]
fn nonsense_is_refused_by_its_kind() {
    let code = |filter: &str| found(filter).map(|_| ()).map_err(|refusal| (refusal.status, refusal.code));
    for filter in ["", "Code", "Code eq", "(Code eq '1'", "Code eq '1')", "Code eq '1' Code", "true and Code"]
    {
        assert_eq!(code(filter), Err((400, 14)), "{filter}");
    }
    assert_eq!(code("Code add 1 eq 2"), Err((500, -1)));
    assert_eq!(code("Code add eq"), Err((400, 6)));
    assert_eq!(code("1 add"), Err((400, 14)));
    assert_eq!(code("contains(Code,'1')"), Err((400, 21)));
    assert_eq!(code("substringof('1')"), Err((400, 21)));
    assert_eq!(code("substringof('1', DeletionMark)"), Err((500, -1)));
    assert_eq!(code("Ref_Key eq guid'{11111111-1111-1111-1111-111111111111}'"), Err((400, 1)));
    assert_eq!(code("Code eq 12x"), Err((400, 1)));
    assert_eq!(code(&format!("{}true{}", "(".repeat(5000), ")".repeat(5000))), Err((400, 14)));
    assert_eq!(code(&"year(".repeat(5000)), Err((400, 14)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in "[ ()',a-zA-ZА-я0-9_/.+:-]{0,40}|.{0,30}") {
        let books = Books::empty(1);
        let _ = Expr::parse(&text, table::cards(&books).as_ref());
    }
}

#[test]
fn bisection_finds_what_a_scan_finds() {
    let books = books();
    let rows = table::sale_rows(&books);
    let moment = |row: usize| match rows.value(row * rows.len() / 8, 1) {
        Value::Date(date) => date.format("datetime'%Y-%m-%dT%H:%M:%S'").to_string(),
        _ => String::new(),
    };
    let (a, b, c) = (moment(2), moment(4), moment(6));
    for text in [
        format!("Period ge {a} and Period lt {b}"),
        format!("Period gt {a} and Period le {c} and Active eq true"),
        format!("Period eq {b} or Period eq {a}"),
        format!("(Period lt {a} or Period ge {b}) and Period ne {c}"),
        format!("not (Period lt {a})"),
        format!("Period lt {a} and Period gt {b}"),
    ] {
        let filter = Expr::parse(&text, rows.as_ref()).expect("a filter");
        let scanned = (0..rows.len()).filter(|row| filter.test(rows.as_ref(), *row)).count();
        assert_eq!(query::count(rows.as_ref(), Some(&filter)), scanned, "{text}");
    }
}
