use proptest::prelude::*;

use super::super::error::Error;
use super::super::query::{Filter, Order, PageQuery, Set};
use super::super::rows::decode::{Decode, Layout};
use super::super::rows::page::{Read, read};
use super::super::rows::{Page, PointsRow, Product, RowFault, RowMark, SalesRow, ThinObject, ThinSale};
use crate::domain::period::{Span, parse_local};
use crate::domain::{
    Amount, Card, CardId, CitySource, Direction, FieldValue, MovementKind, Owner, OwnerId, Points, ProductId,
    Quantity,
};
use crate::odata::Names;

const CARD: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OWNER: &str = "bbbbbbbb-0000-4000-8000-000000000001";
const RECORDER: &str = "cccccccc-0000-4000-8000-000000000001";
const PRODUCT: &str = "dddddddd-0000-4000-8000-000000000001";

fn id(text: &str) -> uuid::Uuid {
    text.parse().unwrap()
}

fn sale(fields: &str) -> String {
    format!(
        r#"{{"Recorder":"{RECORDER}","Period":"2025-03-05T21:00:07","LineNumber":"3","Active":true,
        "ДисконтнаяКарта_Key":"{CARD}","Номенклатура_Key":"{PRODUCT}","Количество":1,"Сумма":1499.5,"Скидка":0,
        "Recorder_Type":"StandardODATA.Document_ОтчетОРозничныхПродажах",
        "Номенклатура@navigationLinkUrl":"R(Recorder='x')/Номенклатура"{fields}}}"#
    )
}

fn body(rows: &[String]) -> String {
    format!(r#"{{"odata.metadata":"http://h/$metadata#X","value":[{}]}}"#, rows.join(","))
}

fn decode<R: Decode>(set: Set, text: &str) -> Result<Read<R>, Error> {
    decode_for(&PageQuery::of(set), &Names::default(), text)
}

fn decode_for<R: Decode>(query: &PageQuery, names: &Names, text: &str) -> Result<Read<R>, Error> {
    read::<R>(text, &Layout::of::<R>(query.set, names), names, query)
}

fn sales(rows: &[String]) -> Page<SalesRow> {
    decode(Set::Sales, &body(rows)).unwrap_or_else(|error| panic!("{error}")).page
}

fn replaced(from: &str, to: &str) -> String {
    let row = sale("");
    assert!(row.contains(from), "{from}");
    row.replace(from, to)
}

#[test]
fn a_sale_is_read_whole() {
    let page = sales(&[sale("")]);
    let SalesRow { movement, active, .. } = &page.rows[0];
    assert!(active);
    assert_eq!(movement.card, CardId(id(CARD)));
    assert_eq!(movement.key.recorder.0, id(RECORDER));
    assert_eq!(&*movement.key.recorder_type.0, "StandardODATA.Document_ОтчетОРозничныхПродажах");
    assert_eq!(movement.key.line, 3);
    assert_eq!(movement.kind, MovementKind::Purchase);
    assert_eq!(movement.period, parse_local("2025-03-05T21:00:07").unwrap().unwrap());
    assert_eq!(movement.amount, Amount::parse("1499.50").unwrap());
    assert_eq!(movement.quantity, Quantity::parse("1").unwrap());
    assert_eq!(movement.product, Some(ProductId(id(PRODUCT))));
    assert_eq!(page.marks, [RowMark::of(&movement.key)]);
}

#[test]
fn numbers_may_be_strings_and_strings_numbers() {
    for (from, to) in [
        (r#""Сумма":1499.5"#, r#""Сумма":"1499.5""#),
        (r#""Сумма":1499.5"#, r#""Сумма":1.4995e3"#),
        (r#""Сумма":1499.5"#, r#""Сумма":"1499,50""#),
        (r#""Сумма":1499.5"#, "\"Сумма\":\"+1\u{a0}499,50\""),
        (r#""Количество":1"#, r#""Количество":"1,0""#),
        ("2025-03-05T21:00:07", "2025-03-05 21:00:07.5+03:00"),
        (r#""LineNumber":"3""#, r#""LineNumber":3"#),
        (r#""Количество":1"#, r#""Количество":"1""#),
    ] {
        assert_eq!(sales(&[replaced(from, to)]), sales(&[sale("")]), "{to}");
    }
}

#[test]
fn b7_what_is_missing_or_empty_is_nothing() {
    for (from, to) in [
        (r#""Количество":1,"#, ""),
        (r#""Количество":1"#, r#""Количество":null"#),
        (r#""Количество":1"#, r#""Количество":"many""#),
    ] {
        assert_eq!(sales(&[replaced(from, to)]).rows[0].movement.quantity, Quantity::ZERO, "{to}");
    }
    for to in ["", "00000000-0000-0000-0000-000000000000", "no key"] {
        assert_eq!(sales(&[replaced(PRODUCT, to)]).rows[0].movement.product, None, "{to}");
        assert_eq!(sales(&[replaced(CARD, to)]).rows[0].movement.card, CardId::EMPTY, "{to}");
    }
}

#[test]
fn a_row_that_counts_but_cannot_be_read_is_rejected_and_told() {
    for (from, to, fault) in [
        (r#""Сумма":1499.5"#, r#""Сумма":"much""#, RowFault::NotWhole),
        (r#""Сумма":1499.5"#, r#""Сумма":"1,500""#, RowFault::NotWhole),
        (r#""Сумма":1499.5"#, r#""Сумма":0.001"#, RowFault::NotWhole),
        (r#""Сумма":1499.5"#, r#""Сумма":null"#, RowFault::NoNumber),
        (r#""Сумма":1499.5"#, r#""Сумма":[1]"#, RowFault::NoNumber),
        ("2025-03-05T21:00:07", "soon", RowFault::NoPeriod),
        ("2025-03-05T21:00:07", "0001-01-01T00:00:00", RowFault::NoPeriod),
        (r#""Active":true"#, r#""Active":"maybe""#, RowFault::NoFlag),
    ] {
        let page = sales(&[sale(""), replaced(from, to)]);
        assert_eq!(page.rows.len(), 1, "{to}");
        assert_eq!(page.received(), 2);
        let rejected = &page.rejected[0];
        assert_eq!(rejected.fault, fault, "{to}");
        assert_eq!(rejected.card, Some(CardId(id(CARD))));
        assert_eq!(rejected.key, format!("{RECORDER} line 3"));
    }
}

#[test]
fn a_flag_missing_from_one_row_rejects_it() {
    let page = sales(&[sale(""), replaced(r#""Active":true,"#, "")]);
    assert_eq!(page.rejected[0].fault, RowFault::NoFlag);
}

#[test]
fn a_field_missing_from_all_rows_is_named_wrongly() {
    let text = body(&[replaced(r#""Сумма":1499.5,"#, ""), replaced(r#""Сумма":1499.5,"#, "")]);
    let wanted = Error::MissingField { set: Set::Sales, field: "Сумма".into() };
    assert_eq!(decode::<SalesRow>(Set::Sales, &text).err(), Some(wanted));
}

#[test]
fn b8_a_row_without_its_key_refuses_the_page() {
    for (from, to) in [
        (RECORDER, ""),
        (RECORDER, "00000000-0000-0000-0000-000000000000"),
        (r#""LineNumber":"3","#, ""),
        (r#""LineNumber":"3""#, r#""LineNumber":"x""#),
    ] {
        let error = decode::<SalesRow>(Set::Sales, &body(&[sale(""), replaced(from, to)])).err();
        assert!(
            matches!(&error, Some(Error::Malformed { what, .. }) if what == "row 2 has no key"),
            "{error:?}"
        );
    }
}

#[test]
fn a_register_of_one_kind_of_document_has_another_key() {
    let row = sale("").replace("\"Recorder\":", "\"Recorder_Key\":").replace("Recorder_Type", "Скидка2");
    let found = decode::<SalesRow>(Set::Sales, &body(&[row])).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.sole_recorder);
    let key = &found.page.rows[0].movement.key;
    assert_eq!((key.recorder.0, &*key.recorder_type.0), (id(RECORDER), ""));
}

#[test]
fn opening_balances_and_ignored_recorders_are_told_by_type() {
    let names = Names { ignored_recorders: vec!["ЧекККМ".into()], ..Names::default() };
    let opening = sale("").replace("ОтчетОРозничныхПродажах", "ВводНачальныхОстатков");
    let ignored = sale("").replace("ОтчетОРозничныхПродажах", "ЧекККМ");
    let kept = sale("").replace("ОтчетОРозничныхПродажах", "ЧекККМВозврат");
    let page = decode_for::<SalesRow>(&PageQuery::of(Set::Sales), &names, &body(&[opening, ignored, kept]))
        .unwrap_or_else(|error| panic!("{error}"))
        .page;
    let kinds: Vec<_> = page.rows.iter().map(|row| (row.movement.kind, row.is_ignored)).collect();
    let purchase = MovementKind::Purchase;
    assert_eq!(kinds, [(MovementKind::OpeningBalance, false), (purchase, true), (purchase, false)]);
    assert_eq!(page.received(), 3);
}

#[test]
fn an_empty_part_of_a_type_makes_no_opening_balance() {
    let names = Names { opening_balance: vec![String::new()], ..Names::default() };
    let page = decode_for::<SalesRow>(&PageQuery::of(Set::Sales), &names, &body(&[sale("")]))
        .unwrap_or_else(|error| panic!("{error}"))
        .page;
    assert_eq!(page.rows[0].movement.kind, MovementKind::Purchase);
}

#[test]
fn a_points_row_has_a_sign() {
    let row = |kind: &str| {
        format!(
            r#"{{"Recorder":"{RECORDER}","Recorder_Type":"StandardODATA.Document_ЧекККМ","LineNumber":"2",
            "Period":"2026-03-05T00:00:00","Active":false,"RecordType":"{kind}","БонуснаяКарта_Key":"{CARD}",
            "Начислено":-5,"КСписанию":"60"}}"#
        )
    };
    let rows = [row("Receipt"), row("Expense"), row("Turnover")];
    let page = decode::<PointsRow>(Set::Points, &body(&rows)).unwrap_or_else(|error| panic!("{error}")).page;
    let [receipt, expense] = page.rows.as_slice() else { panic!("{page:?}") };
    assert_eq!((receipt.row.direction, expense.row.direction), (Direction::Receipt, Direction::Expense));
    assert_eq!(receipt.row.accrued, Points::parse("-5").unwrap());
    assert_eq!(receipt.row.to_write_off, Points::parse("60").unwrap());
    assert!(!receipt.active);
    assert_eq!(page.rejected[0].fault, RowFault::NoDirection);
}

#[test]
fn a_card_is_read_and_a_folder_is_none() {
    let card = format!(
        r#"{{"Ref_Key":"{CARD}","DataVersion":"AAAAAAAAAAA=","DeletionMark":true,"Code":"000000017",
        "Description":"Покупатель","ВладелецКарты_Key":"{OWNER}","КодКартыШтрихкод":"70000000000","Tags":[{{"a":[]}}]}}"#
    );
    let folder = format!(r#"{{"Ref_Key":"{OWNER}","IsFolder":true,"Description":"Папка"}}"#);
    let text = body(&[card, folder]);
    let page = decode::<Card>(Set::Cards, &text).unwrap_or_else(|error| panic!("{error}")).page;
    let wanted = Card {
        id: CardId(id(CARD)),
        owner: Some(OwnerId(id(OWNER))),
        code: "000000017".into(),
        barcode: "70000000000".into(),
        description: "Покупатель".into(),
        marked_for_deletion: true,
        invalid: false,
        version: "AAAAAAAAAAA=".into(),
    };
    assert_eq!((page.rows, page.folders), (vec![wanted], 1));
    assert_eq!(page.marks.len(), 2);
    let thin = decode::<ThinObject>(Set::Cards, &text).unwrap_or_else(|error| panic!("{error}")).page;
    assert_eq!(thin.rows, [ThinObject { key: id(CARD), version: "AAAAAAAAAAA=".into() }]);
}

#[test]
fn a_bare_card_is_a_card() {
    let text = body(&[format!(r#"{{"Ref_Key":"{CARD}","Code":null,"Description":{{}}}}"#)]);
    let page = decode::<Card>(Set::Cards, &text).unwrap_or_else(|error| panic!("{error}")).page;
    assert_eq!(page.rows, [Card { id: CardId(id(CARD)), ..Card::default() }]);
}

#[test]
fn a_product_has_a_name() {
    let text = body(&[format!(
        r#"{{"Ref_Key":"{PRODUCT}","Description":"Кольцо","Артикул":" ","IsFolder":false}}"#
    )]);
    let page = decode::<Product>(Set::Products, &text).unwrap_or_else(|error| panic!("{error}")).page;
    let wanted =
        Product {
            id: ProductId(id(PRODUCT)), name: "Кольцо".into(), article: None, version: String::new()
        };
    assert_eq!(page.rows, [wanted]);
}

#[test]
fn an_owner_is_gathered_from_fields_and_contacts() {
    let text = body(&[format!(
        r#"{{"Ref_Key":"{OWNER}","Description":"","НаименованиеПолное":"Царькова Анна","ОсновныеСведения":"Царькова\r\n79788451364\r\nСимферополь",
        "НомерТелефонаДляПоиска":"79788451364","АдресЭПДляПоиска":"",
        "КонтактнаяИнформация":[{{"LineNumber":"1","Тип":"АдресЭлектроннойПочты","АдресЭП":"a@b.ru"}},{{"Тип":null}},17]}}"#
    )]);
    let page = decode::<Owner>(Set::Owners, &text).unwrap_or_else(|error| panic!("{error}")).page;
    let owner = &page.rows[0];
    assert_eq!(owner.name.as_deref(), Some("Царькова Анна"));
    assert_eq!(owner.phone.as_deref(), Some("79788451364"));
    assert_eq!(owner.email.as_deref(), Some("a@b.ru"));
    let city = owner.city.as_ref().unwrap();
    assert_eq!((city.name.as_str(), city.source), ("Симферополь", CitySource::MainDetailsLine3));
}

#[test]
fn a_birthday_that_is_empty_missing_or_unreadable_is_none_and_costs_nothing_else() {
    for (told, expected) in [
        (r#","ДатаРождения":"1985-03-05T00:00:00""#, Some("1985-03-05")),
        (r#","ДатаРождения":"1985-03-05T23:30:00""#, Some("1985-03-05")),
        (r#","ДатаРождения":"0001-01-01T00:00:00""#, None),
        (r#","ДатаРождения":"0001-01-01T03:00:00""#, None),
        (r#","ДатаРождения":"вчера""#, None),
        (r#","ДатаРождения":"""#, None),
        (r#","ДатаРождения":null"#, None),
        (r#","ДатаРождения":{"a":1}"#, None),
        ("", None),
    ] {
        let text = body(&[format!(r#"{{"Ref_Key":"{OWNER}","Description":"Царькова"{told}}}"#)]);
        let page = decode::<Owner>(Set::Owners, &text).unwrap_or_else(|error| panic!("{told}: {error}")).page;
        let birthday = page.rows[0].birthday.map(|day| FieldValue::Date(day).plain().into_owned());
        assert_eq!(
            (page.rows[0].name.as_deref(), birthday.as_deref()),
            (Some("Царькова"), expected),
            "{told}"
        );
    }
}

#[test]
fn only_a_card_that_says_so_is_invalid() {
    for (told, expected) in
        [("true", true), (r#""true""#, true), ("false", false), ("null", false), ("17", false)]
    {
        let text = body(&[format!(r#"{{"Ref_Key":"{CARD}","Code":"1","КартаНедействительна":{told}}}"#)]);
        let page = decode::<Card>(Set::Cards, &text).unwrap_or_else(|error| panic!("{told}: {error}")).page;
        assert_eq!((page.rows[0].code.as_str(), page.rows[0].invalid), ("1", expected), "{told}");
    }
}

#[test]
fn a_thin_sale_confirms_an_opening_balance() {
    let page =
        decode::<ThinSale>(Set::Sales, &body(&[sale("")])).unwrap_or_else(|error| panic!("{error}")).page;
    assert_eq!(page.rows[0].amount, Amount::parse("1499.5").unwrap());
    assert_eq!(page.rows[0].card, CardId(id(CARD)));
}

#[test]
fn rows_are_held_to_the_filter() {
    let at = |text| parse_local(text).unwrap().unwrap();
    let inactive = replaced(r#""Active":true"#, r#""Active":false"#);
    let other = CardId(id(OWNER));
    for (name, filter, row, passes) in [
        ("active", Filter::none().active(), sale(""), true),
        ("inactive", Filter::none().active(), inactive, false),
        ("inside", Filter::none().within(Span::since(at("2025-03-05T21:00:07"))), sale(""), true),
        ("after", Filter::none().within(Span::before(at("2025-03-05T21:00:07"))), sale(""), false),
        ("its card", Filter::none().of_cards([other, CardId(id(CARD))]), sale(""), true),
        ("another card", Filter::none().of_cards([other]), sale(""), false),
        ("no opening balance", Filter::none().set_apart(super::super::OpeningForm::Equals), sale(""), false),
    ] {
        let query = PageQuery::of(Set::Sales).filter(filter);
        let read = decode_for::<SalesRow>(&query, &Names::default(), &body(&[row]));
        match read {
            Ok(_) => assert!(passes, "{name}"),
            Err(error) => assert!(!passes && error.is_filter_refused(), "{name}: {error}"),
        }
    }
}

#[test]
fn the_order_received_is_checked() {
    let row = |period: &str, line: u32| {
        replaced("2025-03-05T21:00:07", period)
            .replace(r#""LineNumber":"3""#, &format!(r#""LineNumber":"{line}""#))
    };
    let (early, late) = ("2025-01-01T00:00:00", "2025-01-02T00:00:00");
    for (rows, order, wanted) in [
        ([row(early, 2), row(late, 1)], Order::Period, true),
        ([row(late, 1), row(early, 2)], Order::Period, false),
        ([row(late, 2), row(late, 1)], Order::Period, false),
        ([row(late, 1), row(late, 2)], Order::Period, true),
        ([row(late, 1), row(early, 2)], Order::Key, true),
        ([row(late, 2), row(early, 1)], Order::Key, false),
        ([row(late, 2), row(early, 1)], Order::None, true),
    ] {
        let query = PageQuery::of(Set::Sales).order(order);
        let page = decode_for::<SalesRow>(&query, &Names::default(), &body(&rows))
            .unwrap_or_else(|error| panic!("{error}"))
            .page;
        assert_eq!(page.in_order, wanted, "{order:?}");
    }
}

#[test]
fn the_same_row_twice_is_two_rows_for_the_reader_to_tell() {
    let page = sales(&[sale(""), sale("")]);
    assert_eq!((page.rows.len(), page.marks[0]), (2, page.marks[1]));
}

#[test]
fn broken_replies_are_told_apart() {
    let whole = body(&[sale("")]);
    let what = |text: &str| match decode::<SalesRow>(Set::Sales, text).err() {
        Some(Error::Malformed { what, .. }) => what,
        other => format!("{other:?}"),
    };
    assert_eq!(what(r#"{"odata.metadata":"x"}"#), "no collection in the reply");
    assert!(what(&whole.replace(':', ";")).starts_with("no JSON at line 1 column "));
    let shape = what(r#"{"value":"Иванов Иван"}"#);
    assert!(shape.starts_with("JSON of another shape at line 1 column "), "{shape}");
}

/// What is wrong with a reply.
fn complaint(text: &str) -> String {
    match decode::<SalesRow>(Set::Sales, text).err() {
        Some(Error::Malformed { set: Some(Set::Sales), what }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn b1_a_reply_cut_anywhere_is_no_page() {
    let whole = body(&[sale(""), sale(r#","x":{"y":[1.5e3,"\u0416",null]}"#)]);
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        assert_eq!(decode::<SalesRow>(Set::Sales, &whole[..end]).err(), Some(Error::Cut), "cut at {end}");
    }
}

#[test]
fn b3_what_follows_the_reply_is_an_error() {
    let whole = body(&[sale("")]);
    for tail in ["x", "{}", ",", "]", "null", "\0", "\u{feff}"] {
        assert!(complaint(&format!("{whole} {tail}")).starts_with("no JSON at line 4 column "), "{tail:?}");
    }
}

#[test]
fn b4_bytes_that_are_no_text_name_set_and_place() {
    for (bytes, place) in [(&b"{\"\xff\"}"[..], 2), (b"{\"a\":\"\xd0\"}", 6), (b"\xf4\x90\x80\x80", 0)] {
        let what = format!("invalid UTF-8 at byte {place}");
        assert_eq!(super::body_text(bytes, Some(Set::Cards)), Err(super::malformed(Some(Set::Cards), what)));
    }
    for raw in ["a\tb", "a\0b", "a\nb", "a\u{1f}b"] {
        assert!(
            complaint(&body(&[sale(&format!(",\"x\":\"{raw}\""))])).starts_with("no JSON at line"),
            "{raw:?}"
        );
    }
}

#[test]
fn b4_half_a_pair_costs_a_mark_and_no_row() {
    let text = body(&[sale("").replace("ОтчетОРозничныхПродажах", r"cut \ud83d"), sale("")]);
    let page = decode::<SalesRow>(Set::Sales, &text).unwrap_or_else(|error| panic!("{error}")).page;
    assert_eq!(page.rows.len(), 2);
    assert!(page.rows[0].movement.key.recorder_type.0.ends_with("cut \u{fffd}"));
}

#[test]
fn b6_a_key_that_comes_twice_is_an_error() {
    assert_eq!(complaint(r#"{"value":[],"value":[]}"#), "two collections in one reply");
    assert_eq!(complaint(r#"{"odata.count":"1","value":[],"odata.count":"2"}"#), "two counts in one reply");
    for field in ["Сумма", "Recorder", "LineNumber", "Active"] {
        let row = sale(&format!(r#","{field}":1"#));
        assert_eq!(complaint(&body(&[sale(""), row])), format!("a row has {field} twice"));
    }
    // The same key in another spelling is the same key.
    assert_eq!(complaint(&body(&[sale(r#","\u0421умма":1"#)])), "a row has Сумма twice");
}

#[test]
fn b6_a_contact_that_says_two_things_says_nothing() {
    let contact = |rest: &str| {
        let text = format!(
            r#"{{"value":[{{"Ref_Key":"{OWNER}","КонтактнаяИнформация":[{{"Тип":"АдресЭлектроннойПочты","АдресЭП":"a@b.ru"{rest}}}]}}]}}"#
        );
        decode::<Owner>(Set::Owners, &text).unwrap_or_else(|error| panic!("{error}")).page.rows[0]
            .email
            .clone()
    };
    assert_eq!(contact("").as_deref(), Some("a@b.ru"));
    assert_eq!(contact(r#","АдресЭП":"other@b.ru""#), None);
}

#[test]
fn b7_fields_nobody_knows_change_nothing() {
    let known = sales(&[sale("")]);
    for more in [r#","Новое":1"#, r#","Новое":{"Сумма":5}"#, r#","Сумма ":7"#, r#","x":[[]],"y":null"#]
    {
        assert_eq!(sales(&[sale(more)]).rows, known.rows, "{more}");
    }
}

#[test]
fn b5_depth_and_length_do_no_harm() {
    let deep = format!(",\"x\":{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(sales(&[sale(&deep)]).rows.len(), 1);
    let long = format!(",\"x\":\"{}\",\"y\":{}", "ж".repeat(1_000_000), "9".repeat(100_000));
    assert_eq!(sales(&[sale(&long)]).rows.len(), 1);
    let amount = replaced("1499.5", &"9".repeat(100_000));
    assert_eq!(sales(&[amount, sale("")]).rejected.len(), 1);
}

#[test]
fn b3_bodies_begin_with_marks_and_spaces() {
    assert_eq!(super::body_text("\u{feff}\r\n {} \n".as_bytes(), None), Ok("{}"));
}

#[test]
fn the_count_comes_as_a_string_or_a_number() {
    for count in ["\"17\"", "17"] {
        let text = format!(r#"{{"odata.count":{count},"value":[]}}"#);
        let found = decode::<SalesRow>(Set::Sales, &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.envelope.count, Some(17));
    }
}

proptest! {
    #[test]
    fn fields_come_in_any_order(turns in prop::array::uniform5(0_usize..8)) {
        let fields = [
            format!(r#""Recorder":"{RECORDER}""#), r#""Recorder_Type":"T""#.into(), r#""LineNumber":"1""#.into(),
            r#""Period":"2025-03-05T21:00:07""#.into(), r#""Active":true"#.into(), r#""Сумма":5"#.into(),
            format!(r#""ДисконтнаяКарта_Key":"{CARD}""#), r#""Лишнее":{"a":1}"#.into(),
        ];
        let rotated = |by: usize| {
            let mut fields = fields.to_vec();
            let by = by % fields.len();
            fields.rotate_left(by);
            format!("{{{}}}", fields.join(","))
        };
        let rows: Vec<_> = turns.into_iter().map(rotated).collect();
        let page = sales(&rows);
        prop_assert_eq!(page.rows.len(), 5);
        prop_assert!(page.rows.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn nothing_foreign_panics(text: String) {
        let _ = decode::<SalesRow>(Set::Sales, &text);
    }
}
