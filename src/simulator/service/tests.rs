use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;
use uuid::Uuid;

use super::super::books::{DocumentKind, SaleLine};
use super::super::faults::Rate;
use super::super::generate::Trap;
use super::*;

mod questions;
mod ways;

const CARDS: &str = "Catalog_ДисконтныеКарты";
const OWNERS: &str = "Catalog_Контрагенты";
const SALES: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам";
const SALE_ROWS: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам_RecordType";
const BONUSES: &str = "AccumulationRegister_БонусныеБаллы";
const BONUS_ROWS: &str = "AccumulationRegister_БонусныеБаллы_RecordType";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date")
}

fn now() -> NaiveDateTime {
    today().and_time(NaiveTime::from_hms_opt(12, 0, 0).expect("noon"))
}

/// A client of a simulator in the same thread.
struct Client {
    simulator: Simulator,
}

impl Client {
    fn new() -> Self {
        Self::with_faults(Faults::default())
    }

    fn with_faults(faults: Faults) -> Self {
        Self { simulator: Simulator::new(Scenario::new(60, 7, today())).with_faults(faults) }
    }

    /// Asks for a target below the service root; everything but letters and signs of the query is encoded.
    fn get(&mut self, target: &str) -> Reply {
        let request = request(&format!("{BASE_PATH}{target}"));
        self.simulator.handle(&request.with_header("Accept", "application/json"), now())
    }

    fn json(&mut self, target: &str) -> Value {
        let reply = self.get(target);
        assert_eq!(reply.status, 200, "{target}: {}", reply.text());
        serde_json::from_slice(&reply.body).expect("JSON")
    }

    fn rows(&mut self, target: &str) -> Vec<Value> {
        self.json(target)["value"].as_array().expect("rows").clone()
    }

    fn count(&mut self, target: &str) -> usize {
        self.get(target).text().parse().expect("a number")
    }

    /// Status, and the code of the error.
    fn refused(&mut self, target: &str) -> (u16, String) {
        let reply = self.get(target);
        let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        (reply.status, json["odata.error"]["code"].as_str().unwrap_or("no code").to_owned())
    }

    fn books(&self) -> &Books {
        self.simulator.books()
    }

    fn trap(&self, trap: Trap) -> Uuid {
        self.books().trap(trap).expect("sixty customers hold every trap")
    }
}

fn request(target: &str) -> Request {
    let encoded: String = target.bytes().map(encoded).collect();
    Request::get(&encoded)
        .with_header("Host", "onec.test")
        .with_header("Authorization", &basic("odata.user", "demo"))
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii() && byte != b' ' { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn strings(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_stranger_is_sent_away() {
    let mut client = Client::new();
    for authorization in ["", "Basic !!!", "Bearer x", &basic("odata.user", "wrong")] {
        let request = Request::get(BASE_PATH).with_header("Authorization", authorization);
        let reply = client.simulator.handle(&request, now());
        assert_eq!(reply.status, 401);
        assert!(
            reply
                .headers
                .iter()
                .any(|(name, value)| name == "WWW-Authenticate" && value.contains("Basic realm"))
        );
    }
}

#[test]
fn an_account_may_be_cyrillic() {
    let mut simulator = Simulator::new(Scenario::new(1, 1, today())).with_account("Обмен", "пароль:1");
    let request = Request::get(BASE_PATH).with_header("authorization", &basic("Обмен", "пароль:1"));
    assert_eq!(simulator.handle(&request, now()).status, 200);
}

#[test]
fn the_web_server_answers_what_never_reaches_1c() {
    let mut client = Client::new();
    for target in
        ["/other/odata/standard.odata", "/trade/odata/standard.odata2", "/trade/odata/standard.odata/a+b"]
    {
        let reply = client.simulator.handle(&request(target), now());
        assert_eq!((reply.status, reply.text().contains("<html>")), (404, true), "{target}");
    }
    let long = format!("{BASE_PATH}/{CARDS}?$filter={}", "a".repeat(2048));
    assert!(client.simulator.handle(&request(&long), now()).text().contains("404.15"));
}

#[test]
fn only_get_is_allowed() {
    let mut client = Client::new();
    let mut request = request(&format!("{BASE_PATH}/{CARDS}?$format=json"));
    request.method = "POST".into();
    let reply = client.simulator.handle(&request, now());
    assert_eq!(reply.status, 405);
    assert!(reply.text().contains("\"code\": \"19\""));
    assert_eq!(client.simulator.log().method("POST"), 1);
}

#[test]
fn the_service_document_lists_what_is_published() {
    let mut client = Client::new();
    let names = strings(&client.rows("/"), "name");
    assert!(names.contains(&CARDS.to_owned()) && names.contains(&SALE_ROWS.to_owned()));
    let xml = client.simulator.handle(&request(BASE_PATH), now()).text();
    assert!(xml.contains("<workspace>") && xml.contains(CARDS));
}

#[test]
fn metadata_is_xml_whatever_is_asked() {
    let mut client = Client::new();
    let text = client.get("/$metadata?$format=json").text();
    for part in [
        "<EntityType Name=\"Catalog_ДисконтныеКарты\">",
        "<Property Name=\"Сумма\" Type=\"Edm.Double\" Nullable=\"true\"/>",
        "<PropertyRef Name=\"Recorder_Type\"/>",
        "<FunctionImport Name=\"Balance\"",
        "<EntitySet Name=\"Document_ЧекККМ\" EntityType=\"StandardODATA.Document_ЧекККМ\"/>",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn an_envelope_is_as_1c_writes_it() {
    let mut client = Client::new();
    let text = client.get(&format!("/{CARDS}?$top=1&$select=Code,Owner_Key&$inlinecount=allpages")).text();
    let start = "{\n\"odata.metadata\": \"http://onec.test/trade/odata/standard.odata/$metadata#Catalog_ДисконтныеКарты\",\n\
                 \"odata.count\": \"60\",\n\"value\": [{\n\"Code\": \"";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("\"Owner@navigationLinkUrl\": \"Catalog_ДисконтныеКарты(guid'"));
    let bare = client.get(&format!("/{CARDS}?$format=application/json;odata=nometadata&$top=1")).text();
    assert!(!bare.contains("odata.metadata") && !bare.contains("navigationLinkUrl"));
}

#[test]
fn fields_stand_in_the_order_of_1c() {
    let mut client = Client::new();
    let text = client.get(&format!("/{SALE_ROWS}?$top=1&$format=application/json;odata=nometadata")).text();
    let names = [
        "Recorder",
        "Period",
        "LineNumber",
        "Active",
        "ДисконтнаяКарта_Key",
        "Номенклатура_Key",
        "Характеристика_Key",
        "ВладелецКарты_Key",
        "Количество",
        "Сумма",
        "Скидка",
        "Recorder_Type",
    ];
    let places: Vec<usize> = names.iter().filter_map(|name| text.find(&format!("\"{name}\": "))).collect();
    assert!(places.len() == names.len() && places.is_sorted(), "{text}");
}

#[test]
fn int64_is_a_string_and_double_a_number() {
    let mut client = Client::new();
    let row = &client.rows(&format!("/{SALE_ROWS}?$top=1"))[0];
    assert!(row["LineNumber"].is_string() && row["Сумма"].is_number());
}

#[test]
fn a_link_stands_only_beside_a_reference_that_leads_somewhere() {
    let mut client = Client::new();
    let key = client.trap(Trap::NoOwner);
    let row = client.json(&format!("/{CARDS}(guid'{key}')"));
    assert_eq!(row["ВладелецКарты_Key"], "00000000-0000-0000-0000-000000000000");
    assert!(row.get("ВладелецКарты@navigationLinkUrl").is_none());
    assert!(
        row["odata.metadata"].as_str().is_some_and(|text| text.ends_with("Catalog_ДисконтныеКарты/@Element"))
    );
}

#[test]
fn atom_comes_to_those_who_do_not_ask_for_json() {
    let mut client = Client::new();
    let feed = client.get(&format!("/{CARDS}?$format=atom&$top=2&$inlinecount=allpages"));
    assert!(feed.headers[0].1.starts_with("application/atom+xml;type=feed"));
    assert!(feed.text().contains("<m:count>60</m:count>") && feed.text().matches("<entry>").count() == 2);
    let refused = client.get("/Catalog_Нет?$format=atom").text();
    assert!(refused.contains("<m:code>8</m:code>"));
}

#[test]
fn every_refusal_has_its_status_and_code() {
    let mut client = Client::new();
    let cases = [
        ("/Catalog_Нет", 404, "8"),
        (&format!("/{BONUSES}_Остатки"), 404, "8"),
        (&format!("/{CARDS}(guid'11111111-1111-1111-1111-111111111111')"), 404, "9"),
        (&format!("/{CARDS}?$select=Нет"), 400, "6"),
        (&format!("/{CARDS}?$orderby=Нет"), 400, "6"),
        (&format!("/{CARDS}?$filter=Нет eq 1"), 400, "6"),
        (&format!("/{SALES}/Balance()"), 400, "6"),
        (&format!("/{SALES}/Turnover()"), 400, "6"),
        (&format!("/{CARDS}/Turnovers()"), 400, "6"),
        (&format!("/{SALES}/Turnovers(Nonsense=1)"), 400, "6"),
        (&format!("/{SALE_ROWS}(LineNumber=1)"), 400, "7"),
        (&format!("/{CARDS}?$filter=Code eq"), 400, "14"),
        (&format!("/{CARDS}?$filter=Ref_Key eq guid'x'"), 400, "1"),
        (&format!("/{SALE_ROWS}?$filter=Period ge datetime'2025-13-01T00:00:00'"), 400, "1"),
        (&format!("/{SALE_ROWS}?$filter=Period ge 2025-01-01"), 400, "14"),
        (&format!("/{CARDS}?$expan=x"), 400, "0"),
        (&format!("/{CARDS}?$filter=length(Code) eq 9"), 400, "21"),
        (&format!("/{OWNERS}?$filter=ОсновныеСведения eq 'x'"), 500, "-1"),
        (&format!("/{OWNERS}?$orderby=Комментарий"), 500, "-1"),
        (&format!("/{CARDS}?$filter=Code eq 1"), 500, "-1"),
        (&format!("/{CARDS}?$filter=Code+eq+'1'"), 500, "-1"),
    ];
    for (target, status, code) in cases {
        assert_eq!(client.refused(target), (status, code.to_owned()), "{target}");
    }
}

#[test]
fn pages_of_any_size_make_the_same_whole() {
    let mut client = Client::new();
    let whole = client.rows(&format!("/{SALE_ROWS}"));
    assert_eq!(client.count(&format!("/{SALE_ROWS}/$count")), whole.len());
    for size in [1, 7, 100] {
        let pages = (0..whole.len()).step_by(size * 20).flat_map(|skip| {
            client.rows(&format!("/{SALE_ROWS}?$orderby=Period,Recorder,LineNumber&$top={size}&$skip={skip}"))
        });
        let expected: Vec<Value> =
            whole.chunks(size * 20).flat_map(|part| part[..size.min(part.len())].to_vec()).collect();
        assert_eq!(pages.collect::<Vec<Value>>(), expected);
    }
}

#[test]
fn keys_page_by_what_came_last() {
    let mut client = Client::new();
    let whole = strings(&client.rows(&format!("/{CARDS}?$orderby=Ref_Key")), "Ref_Key");
    let mut paged: Vec<String> = Vec::new();
    loop {
        let last = paged.last().map_or_else(|| Uuid::nil().to_string(), Clone::clone);
        let target =
            format!("/{CARDS}?$filter=Ref_Key gt guid'{last}'&$orderby=Ref_Key&$top=7&$select=Ref_Key");
        let page = strings(&client.rows(&target), "Ref_Key");
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    assert_eq!(paged.len(), 60);
}

#[test]
fn registers_come_oldest_first_and_windows_add_up() {
    let mut client = Client::new();
    let periods = strings(&client.rows(&format!("/{SALE_ROWS}")), "Period");
    assert!(periods.is_sorted());
    let middle = &periods[periods.len() / 2];
    let before = client.count(&format!("/{SALE_ROWS}/$count?$filter=Period lt datetime'{middle}'"));
    let after = client.count(&format!("/{SALE_ROWS}/$count?$filter=Period ge datetime'{middle}'"));
    assert_eq!(before + after, periods.len());
    let turned = strings(&client.rows(&format!("/{SALE_ROWS}?$orderby=Period desc&$top=3")), "Period");
    assert_eq!(turned, periods.iter().rev().take(3).cloned().collect::<Vec<String>>());
}

#[test]
fn a_filter_finds_what_a_scan_finds() {
    let mut client = Client::new();
    let card = client.books().reference();
    let all = client.rows(&format!("/{SALE_ROWS}"));
    let own = |row: &&Value| row["ДисконтнаяКарта_Key"] == card.to_string();
    let scanned: Vec<Value> = all.iter().filter(own).cloned().collect();
    assert_eq!(scanned.len(), 15);
    let filtered = client.rows(&format!("/{SALE_ROWS}?$filter=ДисконтнаяКарта_Key eq guid'{card}'"));
    assert_eq!(filtered, scanned);
    let through_link =
        client.rows(&format!("/{SALE_ROWS}?$filter=ДисконтнаяКарта/КодКартыШтрихкод eq '79788451364'"));
    assert_eq!(through_link, scanned);
}

#[test]
fn a_composite_field_wants_a_cast() {
    let mut client = Client::new();
    let row = client.rows(&format!("/{SALE_ROWS}?$filter=isof(Recorder,'Document_ЧекККМ')&$top=1")).remove(0);
    let recorder = row["Recorder"].as_str().expect("a key");
    assert_eq!(row["Recorder_Type"], "StandardODATA.Document_ЧекККМ");
    let found =
        |client: &mut Client, filter: &str| client.rows(&format!("/{SALE_ROWS}?$filter={filter}")).len();
    assert_eq!(found(&mut client, &format!("Recorder eq guid'{recorder}'")), 0);
    assert!(found(&mut client, &format!("Recorder eq cast(guid'{recorder}','Document_ЧекККМ')")) > 0);
    assert_eq!(
        found(&mut client, &format!("Recorder eq cast(guid'{recorder}','Document_ВводНачальныхОстатков')")),
        0
    );
}

#[test]
fn rows_and_record_sets_are_the_same() {
    let mut client = Client::new();
    let mut flat =
        strings(&client.rows(&format!("/{BONUS_ROWS}?$select=Recorder,LineNumber,Period")), "Recorder");
    let sets = client.rows(&format!("/{BONUSES}"));
    let mut nested: Vec<String> =
        sets.iter().flat_map(|set| strings(set["RecordSet"].as_array().expect("rows"), "Recorder")).collect();
    flat.sort();
    nested.sort();
    assert_eq!(flat, nested);
    assert_eq!(client.count(&format!("/{BONUSES}/$count")), sets.len());
}

#[test]
fn a_row_is_found_by_the_address_its_link_names() {
    let mut client = Client::new();
    let row = client.rows(&format!("/{SALE_ROWS}?$top=1&$skip=50")).remove(0);
    let link = row["ДисконтнаяКарта@navigationLinkUrl"].as_str().expect("a link").to_owned();
    let address = link.trim_end_matches("/ДисконтнаяКарта");
    assert_eq!(client.json(&format!("/{address}"))["Recorder"], row["Recorder"]);
    assert_eq!(client.json(&format!("/{link}"))["Ref_Key"], row["ДисконтнаяКарта_Key"]);
}

fn by_card(rows: &[Value], key: &str, figure: &str) -> std::collections::BTreeMap<Uuid, i64> {
    let kopecks = |row: &Value| {
        let text = row[figure].to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        format!("{whole}{fraction:0<2}").parse::<i64>().expect("kopecks")
    };
    rows.iter()
        .map(|row| (row[key].as_str().and_then(|key| key.parse().ok()).expect("a key"), kopecks(row)))
        .collect()
}

#[test]
fn turnovers_equal_the_ledgers_own_sums() {
    let mut client = Client::new();
    let totals = client.rows(&format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')"));
    let turnovers = by_card(&totals, "ДисконтнаяКарта_Key", "СуммаTurnover");
    let figures = client.books().all_figures(now(), now());
    for (card, figures) in figures {
        let own = figures.opening + figures.before_window + figures.purchases_in_window;
        assert_eq!(turnovers.get(&card).copied().unwrap_or_default(), own, "{card}");
    }
}

#[test]
fn balances_equal_the_ledgers_own_sums() {
    let mut client = Client::new();
    // The balance leaves out its own second, the ledger's rule takes it in.
    let period = (now() + chrono::TimeDelta::seconds(1)).format("%Y-%m-%dT%H:%M:%S");
    let totals =
        client.rows(&format!("/{BONUSES}/Balance(Period=datetime'{period}',Dimensions='БонуснаяКарта_Key')"));
    let accrued = by_card(&totals, "БонуснаяКарта_Key", "НачисленоBalance");
    let to_burn = by_card(&totals, "БонуснаяКарта_Key", "КСписаниюBalance");
    for (card, figures) in client.books().all_figures(now(), now()) {
        let figure = |of: &std::collections::BTreeMap<Uuid, i64>| of.get(&card).copied().unwrap_or_default();
        assert_eq!(figure(&accrued) - figure(&to_burn), figures.points_balance, "{card}");
    }
}

#[test]
fn a_balance_and_turnovers_make_the_next_balance() {
    let mut client = Client::new();
    let span = "StartPeriod=datetime'2025-06-01T00:00:00',EndPeriod=datetime'2025-12-31T23:59:59'";
    let rows = client.rows(&format!("/{BONUSES}/BalanceAndTurnovers({span})"));
    let figure = |name: &str| by_card(&rows, "БонуснаяКарта_Key", name);
    let (opening, turnover) = (figure("НачисленоOpeningBalance"), figure("НачисленоTurnover"));
    let closing = figure("НачисленоClosingBalance");
    assert!(closing.iter().all(|(card, closing)| opening[card] + turnover[card] == *closing));
    let next = client.rows(&format!("/{BONUSES}/Balance(Period=datetime'2026-01-01T00:00:00')"));
    let next = by_card(&next, "БонуснаяКарта_Key", "НачисленоBalance");
    assert!(closing.iter().all(|(card, closing)| next.get(card).copied().unwrap_or_default() == *closing));
}

#[test]
fn bounds_of_turnovers_are_inclusive() {
    let mut client = Client::new();
    let card = client.trap(Trap::WindowEdge);
    let mut sum = |from: &str, to: &str| {
        let target = format!(
            "/{SALES}/Turnovers(StartPeriod=datetime'{from}',EndPeriod=datetime'{to}',\
             Condition='ДисконтнаяКарта_Key eq guid''{card}''',Dimensions='ДисконтнаяКарта')"
        );
        let rows = client.rows(&target);
        by_card(&rows, "ДисконтнаяКарта_Key", "СуммаTurnover").get(&card).copied()
    };
    assert_eq!(sum("2025-02-04T00:00:00", "2025-02-04T00:00:00"), Some(100_100));
    assert_eq!(sum("2025-02-03T23:59:59", "2025-02-04T00:00:00"), Some(300_300));
    assert_eq!(sum("2025-02-04T00:00:01", "2025-03-04T00:00:00"), None);
}

#[test]
fn a_virtual_table_is_called_in_any_form() {
    let mut client = Client::new();
    let card = client.books().reference();
    let doubled = format!("Condition='ДисконтнаяКарта_Key eq guid''{card}'''");
    let single = format!("Condition='ДисконтнаяКарта_Key eq guid'{card}''");
    let dimensions = "Dimensions='ДисконтнаяКарта_Key'";
    let forms = [
        format!("/{SALES}/Turnovers({doubled},{dimensions})"),
        format!("/{SALES}/Turnovers({single}, {dimensions})"),
        format!("/{SALES}/Turnovers?{doubled}&{dimensions}"),
        format!("/{SALES}/Turnovers()?{single}&{dimensions}"),
        format!("/{SALES}/Turnovers({doubled})?$select=ДисконтнаяКарта_Key,СуммаTurnover"),
    ];
    for form in forms {
        let rows = client.rows(&form);
        assert_eq!(by_card(&rows, "ДисконтнаяКарта_Key", "СуммаTurnover")[&card], 36_505_400, "{form}");
        assert_eq!(rows.len(), 1);
    }
    assert_eq!(client.count(&format!("/{SALES}/Turnovers({doubled},{dimensions})/$count")), 1);
    assert_eq!(client.refused(&format!("/{SALES}/Turnovers(Condition='Сумма gt 1')")), (400, "6".into()));
    assert_eq!(client.refused(&format!("/{SALES}/Turnovers(Dimensions='Нет')")), (400, "6".into()));
}

#[test]
fn totals_can_be_filtered_sorted_and_paged() {
    let mut client = Client::new();
    let turnovers = format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')");
    let rows = client
        .rows(&format!("{turnovers}?$filter=СуммаTurnover gt 100000&$orderby=СуммаTurnover desc&$top=2"));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["ДисконтнаяКарта_Key"], client.trap(Trap::LargeAmount).to_string());
}

#[test]
fn control_characters_arrive_intact() {
    let mut client = Client::new();
    let card = client.trap(Trap::ControlCharactersInName);
    let owner = client.books().card(card).expect("the card").owner;
    let name = client.json(&format!("/{OWNERS}(guid'{owner}')"))["Description"].clone();
    assert_eq!(name, client.books().owner(owner).expect("the owner").name);
    assert!(name.as_str().is_some_and(|name| name.contains('\u{1b}') && name.contains('\u{202e}')));
}

#[test]
fn an_address_may_be_json_inside_json() {
    let mut client = Client::new();
    let card = client.trap(Trap::CityInJsonStreet);
    let owner = client.books().card(card).expect("the card").owner;
    let row = client.json(&format!("/{OWNERS}(guid'{owner}')"));
    assert_eq!(row["Состав"]["АдресРФ"]["Улица"], "Керчь");
}

#[test]
fn a_rerun_meets_the_same_faults_whatever_came_between() {
    let targets: Vec<String> = (0..40).map(|skip| format!("/{CARDS}?$top=1&$skip={skip}")).collect();
    let mut forwards = Client::with_faults(Faults::moderate());
    let mut backwards = Client::with_faults(Faults::moderate());
    let one: Vec<Reply> = targets.iter().map(|target| forwards.get(target)).collect();
    let mut other: Vec<Reply> = targets.iter().rev().map(|target| backwards.get(target)).collect();
    other.reverse();
    assert_eq!(one, other);
    assert!(one.iter().any(|reply| reply.status != 200) && one.iter().any(|reply| reply.status == 200));
}

#[test]
fn a_retry_draws_anew() {
    let mut client = Client::with_faults(Faults::default().add(FaultKind::Status503, Rate::one_in(2)));
    let statuses: Vec<u16> = (0..40).map(|_| client.get(&format!("/{CARDS}?$top=1")).status).collect();
    assert!(statuses.contains(&200) && statuses.contains(&503));
    let failed = statuses.iter().filter(|status| **status == 503).count() as u64;
    assert_eq!(client.simulator.log().fault(FaultKind::Status503), failed);
    assert_eq!(client.simulator.log().status(503), failed);
}

#[test]
fn each_transient_fault_has_its_look() {
    let look = |kind| {
        let reply = Client::with_faults(Faults::always(kind)).get(&format!("/{CARDS}?$top=1"));
        (reply.status, reply.delivery, reply.text())
    };
    let statuses = [
        (FaultKind::Status500, 500),
        (FaultKind::Status502, 502),
        (FaultKind::Status503, 503),
        (FaultKind::Status504, 504),
        (FaultKind::Status429, 429),
        (FaultKind::Status408, 408),
        (FaultKind::Maintenance, 403),
        (FaultKind::RightsRefused, 401),
        (FaultKind::Redirect, 302),
    ];
    for (kind, status) in statuses {
        assert_eq!(look(kind).0, status, "{kind}");
    }
    assert!(look(FaultKind::Html200).2.starts_with("<!DOCTYPE html>"));
    assert!(look(FaultKind::Error200).2.contains("odata.error"));
    assert!(look(FaultKind::EmptyBody).2.is_empty());
    assert!(matches!(look(FaultKind::CutBody).1, Delivery::CutAfter(_)));
    assert!(matches!(look(FaultKind::StallBody).1, Delivery::StallAfter(_)));
    assert_eq!(look(FaultKind::Stall).1, Delivery::StallBefore);
    assert_eq!(look(FaultKind::Close).1, Delivery::CloseBefore);
}

#[test]
fn faults_wait_for_the_right_password() {
    let mut client = Client::with_faults(Faults::always(FaultKind::Status500));
    assert_eq!(client.simulator.handle(&Request::get(BASE_PATH), now()).status, 401);
}

#[test]
fn a_long_page_is_cut_and_a_short_one_is_not() {
    let mut client = Client::with_faults(Faults::default().add(FaultKind::PageLimit, Rate::number(10)));
    assert!(matches!(client.get(&format!("/{CARDS}?$top=11")).delivery, Delivery::CutAfter(_)));
    assert_eq!(client.get(&format!("/{CARDS}?$top=10")).delivery, Delivery::Whole);
    let totals = client.get(&format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')"));
    assert_eq!(totals.delivery, Delivery::Whole, "virtual tables are not paged");
}

#[test]
fn switches_change_what_is_answered() {
    let client = |kind| Client::with_faults(Faults::always(kind));
    let page = format!("/{CARDS}?$top=5&$orderby=Ref_Key");
    let plain = Client::new().rows(&page);
    assert_eq!(client(FaultKind::RepeatedRows).rows(&page).len(), 6);
    assert_eq!(client(FaultKind::MissingRows).rows(&page).len(), 4);
    assert_eq!(client(FaultKind::EmptyPages).rows(&page).len(), 0);
    assert_eq!(client(FaultKind::TopIgnored).rows(&page).len(), 60);
    assert_eq!(client(FaultKind::WrongCount).count(&format!("/{CARDS}/$count")), 61);
    assert_eq!(
        client(FaultKind::InlinecountUnlimited).rows(&format!("{page}&$inlinecount=allpages")).len(),
        60
    );
    assert_ne!(client(FaultKind::OrderIgnored).rows(&page), plain);
    let filtered = format!("/{CARDS}?$filter=Code eq '000000001'");
    assert_eq!(client(FaultKind::FilterIgnored).rows(&filtered).len(), 60);
    assert_eq!(client(FaultKind::PlusIgnored).rows(&filtered.replace(' ', "+")).len(), 60);
    assert_eq!(client(FaultKind::FiltersRefused).refused(&filtered), (500, "-1".into()));
    assert_eq!(client(FaultKind::FiltersRejected).refused(&filtered), (400, "14".into()));
    assert_eq!(client(FaultKind::KeyOrderRefused).refused(&page), (400, "14".into()));
    assert_eq!(client(FaultKind::CountRefused).refused(&format!("/{CARDS}/$count")), (400, "6".into()));
    let fields = format!("/{OWNERS}?$select=Ref_Key,Состав");
    assert_eq!(client(FaultKind::FieldsMissing).refused(&fields), (400, "6".into()));
    assert!(client(FaultKind::FieldsMissing).rows(&format!("/{OWNERS}?$top=1"))[0].get("Состав").is_none());
    assert_eq!(client(FaultKind::OwnersMissing).refused(&format!("/{OWNERS}")), (404, "8".into()));
    assert_eq!(client(FaultKind::PointsMissing).refused(&format!("/{BONUS_ROWS}")), (404, "8".into()));
    assert_eq!(
        client(FaultKind::VirtualTablesMissing).refused(&format!("/{SALES}/Turnovers()")),
        (404, "8".into())
    );
}

#[test]
fn numbers_can_be_written_in_four_ways() {
    let sum = |faults| {
        let mut client = Client::with_faults(faults);
        let card = client.trap(Trap::WindowEdge);
        let target = format!(
            "/{SALE_ROWS}?$select=Сумма&$filter=ДисконтнаяКарта_Key eq guid'{card}' and Сумма eq 1001"
        );
        client
            .get(&target)
            .text()
            .rsplit_once("\"Сумма\": ")
            .expect("an amount")
            .1
            .trim_end_matches("\n}]\n}")
            .to_owned()
    };
    assert_eq!(sum(Faults::default()), "1001");
    assert_eq!(sum(Faults::always(FaultKind::NumbersAsStrings)), "\"1001\"");
    assert_eq!(sum(Faults::always(FaultKind::ExponentNumbers)), "100100e-2");
    assert_eq!(sum(Faults::always(FaultKind::LongNumbers)), "1.0010000000000000e3");
    assert_eq!(sum(Faults::always(FaultKind::BrokenRows)), "\"двенадцать\"");
}

#[test]
fn rows_can_take_other_liberties_and_stay_json() {
    let page = format!("/{CARDS}?$top=5");
    let plain = Client::new().rows(&page);
    let shuffled = Client::with_faults(Faults::always(FaultKind::RandomFieldOrder)).rows(&page);
    assert_eq!(plain, shuffled);
    let extended = Client::with_faults(Faults::always(FaultKind::UnknownFields)).rows(&page);
    assert!(extended[0].get("НовоеПоле0").is_some());
    let hollow = Client::with_faults(Faults::always(FaultKind::Nulls)).rows(&page);
    assert!(hollow.iter().all(|row| row["PredefinedDataName"].is_null() && !row["Ref_Key"].is_null()));
    let marked = Client::with_faults(Faults::always(FaultKind::Bom)).get(&format!("/{CARDS}/$count"));
    assert_eq!(marked.text(), "\u{feff}60");
}

#[test]
fn wrong_totals_stay_wrong_for_the_same_cards() {
    let target = format!("/{SALES}/Turnovers(Dimensions='ДисконтнаяКарта')");
    let rows = |faults| Client::with_faults(faults).rows(&target);
    let half = || Faults::default().add(FaultKind::WrongTotals, Rate::one_in(2));
    let (plain, one) = (rows(Faults::default()), rows(half()));
    let wrong = plain.iter().zip(&one).filter(|(plain, wrong)| plain != wrong).count();
    assert!((15..45).contains(&wrong), "{wrong}");
    assert_eq!(one, rows(half()));
}

#[test]
fn shifting_rows_shift_and_spare_the_reference_customer() {
    let mut client = Client::with_faults(Faults::always(FaultKind::ShiftingRows));
    let before = client.simulator.books().all_figures(now(), now());
    let card = client.books().reference();
    for skip in 0..200 {
        client.get(&format!("/{CARDS}?$top=1&$skip={skip}"));
    }
    let after = client.simulator.books().all_figures(now(), now());
    assert_ne!(before, after);
    assert_eq!(before[&card], after[&card]);
}

#[test]
fn the_log_bears_witness() {
    let mut client = Client::new();
    client.get(&format!("/{CARDS}?$top=1"));
    client.get("/Catalog_Нет");
    let log = client.simulator.log();
    assert_eq!((log.total(), log.method("GET"), log.set(CARDS), log.status(404)), (2, 2, 1, 1));
    assert!(
        log.lines().last().is_some_and(|line| line.starts_with("GET /trade/odata/standard.odata/Catalog_"))
    );
}

#[test]
fn what_changes_is_served_at_once() {
    let mut client = Client::new();
    let card = client.books().reference();
    let line = SaleLine {
        period: now(),
        active: true,
        card,
        owner: Uuid::nil(),
        product: Uuid::nil(),
        quantity: 1000,
        amount: 4_200,
        discount: 0,
    };
    let document = client.simulator.books_mut().post(DocumentKind::Receipt, now(), vec![line], Vec::new());
    let header = client.json(&format!("/Document_ЧекККМ(guid'{document}')"));
    assert_eq!((&header["СуммаДокумента"], &header["Posted"]), (&Value::from(42), &Value::from(true)));
    client.simulator.books_mut().unpost(document);
    let header = client.json(&format!("/Document_ЧекККМ(guid'{document}')"));
    assert_eq!(header["Posted"], false);
    assert_eq!(client.count(&format!("/{SALE_ROWS}/$count?$filter=ДисконтнаяКарта_Key eq guid'{card}'")), 15);
}
