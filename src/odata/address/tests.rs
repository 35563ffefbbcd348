use proptest::prelude::*;

use super::super::rows::SalesRow;
use super::*;
use crate::domain::period::{Span, parse_local};
use crate::domain::{Card, CardId, Owner, OwnerId, RecorderId};

const ROOT: &str = "http://host/base/odata/standard.odata";

fn key(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(text: &str) -> LocalTime {
    parse_local(text).unwrap().unwrap()
}

fn text_of(filter: &Filter, set: Set) -> String {
    filter_text(filter, set, &Names::default())
}

#[test]
fn a_space_is_never_a_plus() {
    let address = Address::of(ROOT, "Catalog_Карты").with("$filter", "Code eq 'a+b & c'");
    assert_eq!(
        address.checked().unwrap(),
        "http://host/base/odata/standard.odata/Catalog_%D0%9A%D0%B0%D1%80%D1%82%D1%8B\
         ?$filter=Code%20eq%20%27a%2Bb%20%26%20c%27"
    );
}

#[test]
fn options_without_a_value_are_left_out() {
    let address = Address::of(ROOT, "X").with("$format", "json").with("$filter", "").with("$top", "1");
    assert_eq!(address.checked().unwrap(), format!("{ROOT}/X?$format=json&$top=1"));
}

#[test]
fn an_address_too_long_is_not_sent() {
    let long = Address::of(ROOT, "X").with("$filter", &"ж".repeat(400));
    assert!(matches!(long.checked(), Err(Error::AddressTooLong { length }) if length > LONGEST));
}

#[test]
fn filters_are_written_as_1c_reads_them() {
    let span = |from: Option<&str>, to: Option<&str>| Span { from: from.map(at), to: to.map(at) };
    let ones = "00000000-0000-0000-0000-000000000001";
    let recorder = |name: &str| Filter::none().of_recorder(RecorderId(key(1)), RecorderType(name.into()));
    for (name, filter, set, wanted) in [
        ("nothing", Filter::none(), Set::Sales, String::new()),
        ("active", Filter::none().active(), Set::Sales, "Active eq true".into()),
        (
            "a window",
            Filter::none().active().within(span(Some("2025-01-01T00:00:00"), Some("2025-02-01T00:00:00"))),
            Set::Sales,
            "Active eq true and Period ge datetime'2025-01-01T00:00:00' \
             and Period lt datetime'2025-02-01T00:00:00'"
                .into(),
        ),
        (
            "an open window",
            Filter::none().within(span(Some("2025-01-01T00:00:00"), None)),
            Set::Points,
            "Period ge datetime'2025-01-01T00:00:00'".into(),
        ),
        (
            "opening balances",
            Filter::none().set_apart(OpeningForm::Equals),
            Set::Sales,
            "Recorder_Type eq 'StandardODATA.Document_ВводНачальныхОстатков'".into(),
        ),
        (
            "opening balances by a part",
            Filter::none().set_apart(OpeningForm::Contains),
            Set::Sales,
            "substringof('ВводНачальныхОстатков',Recorder_Type)".into(),
        ),
        (
            "a recorder",
            recorder("StandardODATA.Document_X"),
            Set::Sales,
            format!("Recorder eq cast(guid'{ones}','Document_X')"),
        ),
        ("a sole recorder", recorder(""), Set::Sales, format!("Recorder_Key eq guid'{ones}'")),
        (
            "a card of sales",
            Filter::none().of_cards([CardId(key(1))]),
            Set::Sales,
            format!("ДисконтнаяКарта_Key eq guid'{ones}'"),
        ),
        (
            "cards of points",
            Filter::none().of_cards([CardId(key(1)), CardId(key(1))]),
            Set::Points,
            format!("(БонуснаяКарта_Key eq guid'{ones}' or БонуснаяКарта_Key eq guid'{ones}')"),
        ),
        ("a key", Filter::none().with_keys([key(1)]), Set::Owners, format!("Ref_Key eq guid'{ones}'")),
        (
            "a phone",
            Filter::none().looking_for(Lookup::Phone("9788451364".into())),
            Set::Cards,
            "substringof('9788451364',КодКартыШтрихкод)".into(),
        ),
        (
            "an owner's phone",
            Filter::none().looking_for(Lookup::Phone("978".into())),
            Set::Owners,
            "substringof('978',НомерТелефонаДляПоиска)".into(),
        ),
        (
            "a code with a quote",
            Filter::none().looking_for(Lookup::Code("o'x".into())),
            Set::Cards,
            "(Code eq 'o''x' or КодКартыШтрихкод eq 'o''x')".into(),
        ),
        (
            "an owner",
            Filter::none().looking_for(Lookup::Owner(OwnerId(key(1)))),
            Set::Cards,
            format!("ВладелецКарты_Key eq guid'{ones}'"),
        ),
    ] {
        assert_eq!(text_of(&filter, set), wanted, "{name}");
    }
}

#[test]
fn parts_of_opening_balances_may_be_whole_types() {
    let names =
        Names { opening_balance: vec!["A".into(), "StandardODATA.Document_B".into()], ..Names::default() };
    assert_eq!(
        filter_text(&Filter::none().set_apart(OpeningForm::Equals), Set::Sales, &names),
        "(Recorder_Type eq 'StandardODATA.Document_A' or Recorder_Type eq 'StandardODATA.Document_B')"
    );
}

#[test]
fn virtual_tables_are_called_with_doubled_quotes_inside() {
    let arguments = [
        ("StartPeriod", moment(at("2025-01-01T00:00:00"))),
        ("Condition", condition("Карта_Key", key(1))),
        ("Dimensions", "'Карта'".to_owned()),
    ];
    assert_eq!(
        virtual_table("R", "Turnovers", &arguments),
        "R/Turnovers(StartPeriod=datetime'2025-01-01T00:00:00',\
         Condition='Карта_Key eq guid''00000000-0000-0000-0000-000000000001''',Dimensions='Карта')"
    );
}

#[test]
fn a_dimension_is_named_without_its_suffix_first() {
    assert_eq!(dimension("ДисконтнаяКарта_Key", &Dialect::default()), Some("ДисконтнаяКарта"));
    let other = Dialect { dimensions: Dimensions::ByKey, ..Dialect::default() };
    assert_eq!(dimension("ДисконтнаяКарта_Key", &other), Some("ДисконтнаяКарта_Key"));
    let nameless = Dialect { dimensions: Dimensions::Unnamed, ..Dialect::default() };
    assert_eq!(dimension("ДисконтнаяКарта_Key", &nameless), None);
}

#[test]
fn only_the_fields_used_are_asked_for() {
    let sales = Layout::of::<SalesRow>(Set::Sales, &Names::default());
    let shared = "Recorder,Recorder_Type,LineNumber,Period,Active,ДисконтнаяКарта_Key,Сумма,Количество,Номенклатура_Key";
    assert_eq!(select(&sales, &Dialect::default()), shared);
    let sole =
        Dialect { sole_recorder: true, without: vec!["Количество".into()], ..Dialect::default() };
    assert_eq!(
        select(&sales, &sole),
        "Recorder_Key,LineNumber,Period,Active,ДисконтнаяКарта_Key,Сумма,Номенклатура_Key"
    );
    assert_eq!(select(&sales, &Dialect { unselective: true, ..Dialect::default() }), "");
}

#[test]
fn identity_documents_are_never_named() {
    for layout in [
        Layout::of::<Owner>(Set::Owners, &Names::default()),
        Layout::of::<Card>(Set::Cards, &Names::default()),
    ] {
        assert!(!select(&layout, &Dialect::default()).contains("Документ"));
    }
}

#[test]
fn every_order_is_total() {
    let sole = Dialect { sole_recorder: true, ..Dialect::default() };
    for (order, set, dialect, wanted) in [
        (Order::None, Set::Sales, &Dialect::default(), ""),
        (Order::Key, Set::Cards, &Dialect::default(), "Ref_Key"),
        (Order::Key, Set::Sales, &Dialect::default(), "Recorder,LineNumber"),
        (Order::Period, Set::Points, &Dialect::default(), "Period,Recorder,LineNumber"),
        (Order::Period, Set::Points, &sole, "Period,Recorder_Key,LineNumber"),
    ] {
        assert_eq!(order_text(order, set, dialect), wanted);
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_read_back(value in "\\PC*") {
        let address = Address::of("", "").with("$filter", &value);
        let sent = address.0.strip_prefix("/?$filter=").unwrap_or_default();
        prop_assert!(!sent.contains([' ', '+', '&', '#', '\'', '"']));
        prop_assert_eq!(decoded(sent), value);
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}
