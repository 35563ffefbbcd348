//! Ways of asking that are refused, forgotten or answered with less.

use super::super::super::faults::{ErrorBody, Fault, Shape, Treatment, Way};
use super::*;

/// A request that makes use of a way, and of as few others as possible.
fn example(way: Way) -> String {
    let turnovers = |arguments: &str| format!("/{SALES}/Turnovers({arguments})");
    match way {
        Way::Root => "/".into(),
        Way::Metadata => "/$metadata".into(),
        Way::Cards => format!("/{CARDS}"),
        Way::Owners => format!("/{OWNERS}"),
        Way::Products => "/Catalog_Номенклатура".into(),
        Way::Sales | Way::RecordSets => format!("/{SALES}"),
        Way::Points => format!("/{BONUS_ROWS}"),
        Way::Documents => "/Document_ЧекККМ".into(),
        Way::Item => format!("/{CARDS}(guid'aaaaaaaa-0000-4000-8000-000000000001')"),
        Way::Tables | Way::TablesSales | Way::Turnovers | Way::TablesUnbounded | Way::TablesLong => {
            turnovers("")
        }
        Way::TablesPoints | Way::Balance => format!("/{BONUSES}/Balance"),
        Way::BalanceAndTurnovers => format!("/{BONUSES}/BalanceAndTurnovers"),
        Way::TablesDimensions => turnovers("Dimensions='ДисконтнаяКарта'"),
        Way::TablesCondition => {
            turnovers("Condition='ДисконтнаяКарта_Key eq guid''00000000-0000-0000-0000-000000000000'''")
        }
        Way::TablesPeriod => turnovers("StartPeriod=datetime'2026-01-01T00:00:00'"),
        Way::TablesBase => format!("/{SALES}/Turnovers?$select=СуммаTurnover"),
        Way::NoMetadata => format!("/{CARDS}?$format=application/json;odata=nometadata"),
        Way::Select => format!("/{CARDS}?$select=Code"),
        Way::Field => format!("/{CARDS}?$select=Нет"),
        Way::Expand => format!("/{CARDS}?$expand=ВладелецКарты"),
        Way::OrderBy => format!("/{CARDS}?$orderby=Code"),
        Way::Skip => format!("/{CARDS}?$skip=3"),
        Way::Top => format!("/{CARDS}?$top=3"),
        Way::InlineCount => format!("/{CARDS}?$inlinecount=allpages"),
        Way::Count => format!("/{CARDS}/$count"),
        Way::Filter => format!("/{CARDS}?$filter=Code eq '000000005'"),
        Way::FilterPeriod => format!("/{SALE_ROWS}?$filter=Period ge datetime'2025-09-01T00:00:00'"),
        Way::FilterCard => {
            format!("/{BONUS_ROWS}?$filter=БонуснаяКарта_Key ne guid'00000000-0000-0000-0000-000000000000'")
        }
        Way::FilterKey => format!("/{CARDS}?$filter=Ref_Key gt guid'00000000-0000-0000-0000-000000000000'"),
        Way::FilterRecorder => format!(
            "/{SALE_ROWS}?$filter=Recorder ne cast(guid'00000000-0000-0000-0000-000000000000','Document_ЧекККМ')"
        ),
        Way::FilterType => format!("/{SALE_ROWS}?$filter=Recorder_Type eq 'StandardODATA.Document_ЧекККМ'"),
        Way::FilterActive => format!("/{SALE_ROWS}?$filter=Active eq true"),
        Way::FilterOr => format!("/{CARDS}?$filter=Code eq '000000005' or Code eq '000000006'"),
        Way::FilterNot => format!("/{CARDS}?$filter=not (Code eq '000000005')"),
    }
}

#[test]
fn every_way_is_refused_in_every_shape() {
    for way in Way::ALL {
        let target = example(*way);
        for shape in Shape::SEEN {
            let mut client = Client::with_faults(Faults::default().refuse(*way, *shape));
            let reply = client.get(&target);
            assert_eq!(reply.status, shape.status, "{} in {shape}", way.name());
            if let ErrorBody::Code(code) = shape.body {
                assert_eq!(client.refused(&target), (shape.status, code.to_string()), "{}", way.name());
            }
            assert!(client.simulator.log().treated(Treatment::Refuse, *way) > 0);
        }
    }
}

#[test]
fn what_is_not_asked_for_is_not_refused() {
    let mut client = Client::with_faults(
        Way::ALL
            .iter()
            .filter(|way| **way != Way::Cards && **way != Way::Top)
            .fold(Faults::default(), |faults, way| faults.refuse(*way, Shape::code(400, 14))),
    );
    assert_eq!(client.rows(&format!("/{CARDS}?$top=5")).len(), 5);
}

/// All rows of a set, as they come without any fault.
fn all(target: &str) -> Vec<Value> {
    Client::new().rows(target)
}

#[test]
fn a_forgotten_option_changes_nothing() {
    let plain = all(&format!("/{CARDS}"));
    let count = plain.len();
    for way in [Way::Select, Way::Skip, Way::Top, Way::OrderBy, Way::InlineCount, Way::Filter, Way::FilterKey]
    {
        let mut client = Client::with_faults(Faults::default().treat(Treatment::Ignore, way, Rate::ALWAYS));
        let answer = client.json(&example(way));
        assert_eq!(answer["value"].as_array().map(Vec::len), Some(count), "{}", way.name());
        assert_eq!(answer["value"], Value::Array(plain.clone()), "{}", way.name());
        assert_eq!(answer["odata.count"], Value::Null, "{}", way.name());
    }
    let mut client =
        Client::with_faults(Faults::default().treat(Treatment::Ignore, Way::Count, Rate::ALWAYS));
    assert_eq!(client.rows(&example(Way::Count)).len(), count, "rows where a number was asked for");
}

#[test]
fn one_forgotten_condition_leaves_the_others() {
    let faults = Faults::default().treat(Treatment::Ignore, Way::FilterType, Rate::ALWAYS);
    let mut client = Client::with_faults(faults);
    let both = "Active eq true and Recorder_Type eq 'StandardODATA.Document_ВводНачальныхОстатков'";
    let got = client.rows(&format!("/{SALE_ROWS}?$filter={both}"));
    let active = all(&format!("/{SALE_ROWS}?$filter=Active eq true"));
    assert_eq!(got, active);
}

#[test]
fn less_is_answered_in_pages_and_counts_alike_and_always_the_same() {
    for way in
        [Way::FilterPeriod, Way::FilterActive, Way::FilterType, Way::FilterOr, Way::Filter, Way::FilterKey]
    {
        let target = example(way);
        let whole = all(&target).len();
        let faults = Faults::default().treat(Treatment::Shorten, way, Rate::percent(40));
        let mut client = Client::with_faults(faults);
        let less = client.rows(&target);
        assert!(less.len() < whole || whole < 4, "{}: {} of {whole}", way.name(), less.len());
        assert!(!less.is_empty() || whole < 4, "{}", way.name());
        let (set, filter) = target.split_once('?').expect("a filter");
        assert_eq!(client.count(&format!("{set}/$count?{filter}")), less.len(), "{}", way.name());
        assert_eq!(client.rows(&target), less);
        let none = Faults::default().treat(Treatment::Empty, way, Rate::ALWAYS);
        assert!(Client::with_faults(none).rows(&target).is_empty(), "{}", way.name());
    }
}

#[test]
fn virtual_tables_answer_with_less_or_for_another_question() {
    let whole = all(&format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')")).len();
    let under = |treatment, way, rate, target: &str| {
        Client::with_faults(Faults::default().treat(treatment, way, rate)).rows(target)
    };
    let by_card = format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')");
    let less = under(Treatment::Shorten, Way::Turnovers, Rate::percent(40), &by_card).len();
    assert!(0 < less && less < whole, "{less} of {whole}");
    assert!(under(Treatment::Empty, Way::TablesSales, Rate::ALWAYS, &by_card).is_empty());

    let late =
        format!("/{SALES}/Turnovers(StartPeriod=datetime'2026-02-01T00:00:00',Dimensions='ДисконтнаяКарта')");
    assert!(all(&late).len() < whole);
    assert_eq!(under(Treatment::Ignore, Way::TablesPeriod, Rate::ALWAYS, &late).len(), whole);
    assert!(under(Treatment::Ignore, Way::TablesDimensions, Rate::ALWAYS, &by_card).len() > whole);
    let condition = example(Way::TablesCondition);
    assert!(
        under(Treatment::Ignore, Way::TablesCondition, Rate::ALWAYS, &condition).len()
            > all(&condition).len()
    );
}

#[test]
fn turnovers_over_a_long_time_outlast_the_proxy() {
    let faults = Faults::default().add(FaultKind::TableDays, Rate::number(92));
    let mut client = Client::with_faults(faults.clone());
    let turnovers = |arguments: &str| format!("/{SALES}/Turnovers({arguments})");
    let period = |from: &str, to: &str| {
        turnovers(&format!("StartPeriod=datetime'{from}T00:00:00',EndPeriod=datetime'{to}T00:00:00'"))
    };
    let mut status = |target: &str| client.get(target).status;
    assert_eq!(status(&turnovers("")), 504);
    assert_eq!(status(&turnovers("EndPeriod=datetime'2020-01-01T00:00:00'")), 504);
    assert_eq!(status(&turnovers("StartPeriod=datetime'2025-06-01T00:00:00'")), 504);
    assert_eq!(status(&turnovers("StartPeriod=datetime'2025-12-01T00:00:00'")), 200);
    assert_eq!(status(&period("2025-01-01", "2025-03-31")), 200);
    assert_eq!(status(&period("2025-01-01", "2025-04-30")), 504);
    assert_eq!(status(&example(Way::TablesCondition)), 200, "one card is quick");
    assert_eq!(status(&format!("/{BONUSES}/Balance")), 200, "balances are kept");
    let mut slow = Client::with_faults(faults.refuse(Way::TablesLong, Shape::code(500, -1)));
    assert_eq!(slow.refused(&turnovers("")), (500, "-1".into()));
}

#[test]
fn a_base_lacks_fields_and_sets_by_name() {
    let faults = ["without-fields=Скидка,ВладелецКарты_Key", "without-sets=Catalog_Номенклатура"];
    let faults: Faults = faults.iter().map(|text| text.parse::<Fault>().expect("a fault")).collect();
    let mut client = Client::with_faults(faults.refuse(Way::Field, Shape::code(500, 6)));
    assert_eq!(client.refused(&format!("/{SALE_ROWS}?$select=Скидка")), (500, "6".into()));
    assert_eq!(client.refused(&format!("/{SALE_ROWS}?$filter=Скидка gt 0")), (400, "6".into()));
    assert!(client.rows(&format!("/{SALE_ROWS}?$top=1"))[0].get("Скидка").is_none());
    assert!(!client.rows(&format!("/{SALE_ROWS}?$select=Сумма&$top=1")).is_empty());
    assert_eq!(client.refused("/Catalog_Номенклатура"), (404, "8".into()));
    let metadata = client.get("/$metadata").text();
    assert!(!metadata.contains("Скидка") && !metadata.contains("EntitySet Name=\"Catalog_Номенклатура\""));
}

#[test]
fn registers_of_one_recorder_have_its_key() {
    let mut client = Client::with_faults(Faults::always(FaultKind::RecorderKey));
    let row = client.rows(&format!("/{SALE_ROWS}?$top=1"))[0].clone();
    assert!(row.get("Recorder").is_none() && row.get("Recorder_Type").is_none());
    let key = row["Recorder_Key"].as_str().expect("a key");
    let same = client.rows(&format!("/{SALE_ROWS}?$filter=Recorder_Key eq guid'{key}'"));
    assert!(same.contains(&row));
    assert_eq!(client.refused(&format!("/{SALE_ROWS}?$select=Recorder_Type")), (400, "6".into()));
    let ordered =
        client.rows(&format!("/{SALE_ROWS}?$orderby=Period,Recorder_Key,LineNumber&$select=Period"));
    let periods = strings(&ordered, "Period");
    assert!(periods.is_sorted());
}

#[test]
fn rows_lose_their_type_dates_gain_a_zone_and_numbers_a_comma() {
    let mut client = Client::with_faults(Faults::default().add(FaultKind::UntypedRows, Rate::percent(50)));
    let rows = client.rows(&format!("/{SALE_ROWS}"));
    let untyped = rows.iter().filter(|row| row.get("Recorder_Type").is_none()).count();
    assert!(0 < untyped && untyped < rows.len(), "{untyped}");
    assert_eq!(client.rows(&format!("/{SALE_ROWS}")), rows, "the same rows every time");

    let mut client = Client::with_faults(
        Faults::always(FaultKind::DatesWithOffset).add(FaultKind::DecimalComma, Rate::ALWAYS),
    );
    let row =
        client.rows(&format!("/{SALE_ROWS}?$filter=Сумма eq 0.01 or Сумма gt 100.01&$top=1"))[0].clone();
    assert!(row["Period"].as_str().is_some_and(|date| date.ends_with("+03:00")));
    assert!(row["Сумма"].as_str().is_some_and(|number| !number.contains('.')));
}

#[test]
fn the_points_leave_after_so_many_requests() {
    let mut client = Client::with_faults(Faults::default().add(FaultKind::PointsLeave, Rate::number(2)));
    let ask = format!("/{BONUS_ROWS}?$top=1");
    let statuses: Vec<u16> = (0..4).map(|_| client.get(&ask).status).collect();
    assert_eq!(statuses, [200, 200, 404, 404]);
    assert_eq!(client.get(&format!("/{BONUSES}/Balance")).status, 404);
    assert!(!strings(&client.rows("/"), "name").contains(&BONUS_ROWS.to_owned()));
}

#[test]
fn opening_balances_are_entered_anew_while_they_are_read() {
    let mut client = Client::with_faults(Faults::always(FaultKind::ReenteredOpenings));
    let before: Vec<_> = client.books().sales().map(|sale| (sale.row.period, sale.row.amount)).collect();
    let types = |client: &mut Client| {
        let rows = client.rows(&format!("/{SALE_ROWS}"));
        strings(&rows, "Recorder_Type")
    };
    for _ in 0..5 {
        types(&mut client);
    }
    assert!(!types(&mut client).contains(&DocumentKind::OpeningBalances.type_name().to_owned()));
    let mut after: Vec<_> = client.books().sales().map(|sale| (sale.row.period, sale.row.amount)).collect();
    let mut before = before;
    before.sort_unstable();
    after.sort_unstable();
    assert_eq!(before, after);
}

#[test]
fn a_clock_is_behind_by_years() {
    let faults: Faults = ["clock-ahead=-10y".parse::<Fault>().expect("a fault")].into_iter().collect();
    let reply = Client::with_faults(faults).get("/");
    let date = reply.headers.iter().find(|(name, _)| name == "Date").expect("a date");
    assert!(date.1.contains(" 2016 "), "{}", date.1);
}

#[test]
fn twins_can_be_told_by_their_type_alone() {
    let mut client = Client::with_faults(Faults::always(FaultKind::TwinRows));
    let twin = client.books().sales().find(|sale| sale.kind == DocumentKind::ReceiptReturn).expect("a twin");
    for kind in [DocumentKind::ReceiptReturn, DocumentKind::Receipt] {
        let key = format!(
            "Recorder='{}', Recorder_Type='{}', LineNumber={}",
            twin.recorder,
            kind.type_name(),
            twin.line
        );
        let row = client.json(&format!("/{SALE_ROWS}({key})"));
        assert_eq!(row["Recorder_Type"], kind.type_name());
    }
    let document = client.json(&format!("/Document_ЧекККМВозврат(guid'{}')", twin.recorder));
    assert_eq!(document["Ref_Key"], twin.recorder.to_string());
}
