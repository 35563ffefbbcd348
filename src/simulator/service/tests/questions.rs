//! What other people's clients ask.

use super::*;

fn ask(target: &str) -> Vec<Value> {
    Client::new().rows(target)
}

fn refused(target: &str) -> (u16, String) {
    Client::new().refused(target)
}

fn texts(rows: &[Value], field: &str) -> Vec<String> {
    strings(rows, field)
}

#[test]
fn references_are_expanded_and_empty_ones_are_null() {
    let rows = ask(&format!("/{CARDS}?$expand=ВладелецКарты"));
    let mut nulls = 0;
    for row in &rows {
        let owner = &row["ВладелецКарты"];
        if owner.is_null() {
            nulls += 1;
        } else {
            assert_eq!(owner["Ref_Key"], row["ВладелецКарты_Key"]);
            assert!(owner["КонтактнаяИнформация"].is_array(), "the whole item");
        }
    }
    assert!(nulls > 0 && nulls < rows.len(), "{nulls} of {}", rows.len());
}

#[test]
fn what_is_expanded_is_what_is_selected() {
    let row = |query: &str| {
        ask(&format!("/{CARDS}?$top=1&$filter=ВладелецКарты/Description ne ''&{query}"))[0].clone()
    };
    let narrow = row("$select=Code,ВладелецКарты/Description,ВладелецКарты/Code&$expand=ВладелецКарты");
    let owner = narrow["ВладелецКарты"].as_object().expect("an owner");
    let mut fields: Vec<&str> = owner.keys().map(String::as_str).filter(|name| !name.contains('@')).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["Code", "Description"]);
    assert!(row("$select=Code&$expand=ВладелецКарты").get("ВладелецКарты").is_none());
    assert!(row("$select=*&$expand=ВладелецКарты")["ВладелецКарты"]["ИНН"].is_string());
    assert!(row("$select=ВладелецКарты&$expand=ВладелецКарты")["ВладелецКарты"]["ИНН"].is_string());
    let deep = row("$expand=ВладелецКарты/ГоловнойКонтрагент");
    assert_eq!(deep["ВладелецКарты"]["ГоловнойКонтрагент"]["Ref_Key"], deep["ВладелецКарты_Key"]);
}

#[test]
fn sections_and_single_items_are_not_expanded() {
    let card = ask(&format!("/{CARDS}?$top=1"))[0]["Ref_Key"].as_str().expect("a key").to_owned();
    assert_eq!(refused(&format!("/{CARDS}(guid'{card}')?$expand=ВладелецКарты")), (501, "0".into()));
    assert_eq!(refused(&format!("/{OWNERS}?$expand=КонтактнаяИнформация")), (501, "0".into()));
    assert_eq!(refused(&format!("/{CARDS}?$expand=Нет")), (400, "6".into()));
    assert_eq!(refused(&format!("/{CARDS}?$expand=Code")), (400, "6".into()));
}

#[test]
fn a_recorder_is_expanded_to_its_document() {
    let rows = ask(&format!("/{SALE_ROWS}?$top=20&$expand=Recorder,Номенклатура"));
    for row in &rows {
        assert_eq!(row["Recorder_Expanded"]["Ref_Key"], row["Recorder"]);
    }
    assert!(rows.iter().any(|row| row["Номенклатура"]["Description"].is_string()));
}

#[test]
fn presentations_come_when_they_are_asked_for() {
    let card = &ask(&format!(
        "/{CARDS}?$top=1&$filter=ВладелецКарты/Description ne ''&$select=Presentation,Description,\
         ВладелецКарты____Presentation,КартаНедействительна____Presentation"
    ))[0];
    assert_eq!(card["Presentation"], card["Description"]);
    assert!(card["ВладелецКарты____Presentation"].as_str().is_some_and(|name| !name.is_empty()));
    assert_eq!(card["КартаНедействительна____Presentation"], "Нет");

    let sale = &ask(&format!("/{SALE_ROWS}?$top=1&$select=*,*____Presentation"))[0];
    assert!(sale["Сумма"].is_number());
    let recorder = sale["Recorder____Presentation"].as_str().expect("a title");
    assert!(recorder.contains(" НФНФ-") && recorder.contains(" от "), "{recorder}");
    assert!(sale.get("ДисконтнаяКарта____Presentation").is_some());
    assert!(ask(&format!("/{SALE_ROWS}?$top=1"))[0].get("Recorder____Presentation").is_none());
    assert_eq!(refused(&format!("/{CARDS}?$select=Нет____Presentation")), (400, "6".into()));
    assert_eq!(
        refused(&format!("/{OWNERS}?$select=КонтактнаяИнформация____Presentation")),
        (400, "6".into())
    );
}

#[test]
fn parts_of_a_section_are_selected_by_their_path() {
    let select = "Code,КонтактнаяИнформация/Тип,КонтактнаяИнформация/Представление";
    let rows = ask(&format!("/{OWNERS}?$select={select}&$filter=КонтактнаяИнформация/any()"));
    let first = rows[0]["КонтактнаяИнформация"][0].as_object().expect("a row").clone();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["Представление", "Тип"]);
    assert_eq!(refused(&format!("/{OWNERS}?$select=КонтактнаяИнформация/Нет")), (400, "6".into()));
    let plain = &ask(&format!("/{OWNERS}?$top=1&$select=**"))[0];
    assert!(plain.get("КонтактнаяИнформация").is_none() && plain.get("ИНН").is_some());
}

#[test]
fn lambdas_look_into_sections() {
    let owners = ask(&format!("/{OWNERS}"));
    let with = |wanted: &dyn Fn(&[Value]) -> bool| {
        let contacts = |row: &Value| row["КонтактнаяИнформация"].as_array().cloned().unwrap_or_default();
        let kept: Vec<Value> = owners.iter().filter(|row| wanted(&contacts(row))).cloned().collect();
        texts(&kept, "Ref_Key")
    };
    let asked = |filter: &str| texts(&ask(&format!("/{OWNERS}?$filter={filter}")), "Ref_Key");
    let is_address = |row: &Value| row["Тип"] == "Адрес";
    assert_eq!(
        asked("КонтактнаяИнформация/any(d: d/Тип eq 'Адрес')"),
        with(&|rows| rows.iter().any(is_address))
    );
    assert_eq!(
        asked("not (КонтактнаяИнформация/any(d:d/Тип eq 'Адрес')) and КонтактнаяИнформация/any()"),
        with(&|rows| !rows.is_empty() && !rows.iter().any(is_address))
    );
    assert_eq!(
        asked("КонтактнаяИнформация/all(r: r/LineNumber le 1 or startswith(r/Тип,'Адрес'))"),
        with(&|rows| rows.iter().all(|row| row["LineNumber"] == "1"
            || row["Тип"].as_str().is_some_and(|kind| kind.starts_with("Адрес"))))
    );
    let whole = ask(&format!("/{SALES}?$filter=RecordSet/any(r: r/Сумма gt 5000)"));
    assert!(!whole.is_empty());
    for set in &whole {
        let rows = set["RecordSet"].as_array().expect("rows");
        assert!(rows.iter().any(|row| row["Сумма"].as_f64().is_some_and(|sum| sum > 5000.0)));
    }
    for bad in ["КонтактнаяИнформация/any(d: Тип eq 'Адрес')", "Code/any(d: d/Тип eq 'Адрес')"]
    {
        assert_eq!(refused(&format!("/{OWNERS}?$filter={bad}")), (400, "21".into()), "{bad}");
    }
    assert_eq!(
        refused(&format!("/{OWNERS}?$filter=КонтактнаяИнформация/any(d: d/Нет eq 1)")),
        (400, "6".into())
    );
    assert_eq!(
        refused(&format!("/{OWNERS}?$filter=КонтактнаяИнформация/any(d d/Тип eq '1')")),
        (400, "14".into())
    );
}

#[test]
fn functions_and_sums_are_reckoned() {
    let all = ask(&format!("/{SALE_ROWS}")).len();
    let number = |filter: &str| ask(&format!("/{SALE_ROWS}?$filter={filter}")).len();
    let same = [
        ("quarter(Period) eq 1", "month(Period) le 3"),
        ("dayofweek(Period) eq 8 or dayofyear(Period) gt 366", "Active eq true and Active eq false"),
        (
            "dateadd(Period,'year',1) gt datetime'2026-06-01T00:00:00'",
            "Period gt datetime'2025-06-01T00:00:00'",
        ),
        (
            "dateadd(Period,'day',-1) lt datetime'2025-06-01T00:00:00'",
            "Period lt datetime'2025-06-02T00:00:00'",
        ),
        ("datedifference(Period,datetime'2026-01-01T00:00:00','year') eq 1", "year(Period) eq 2025"),
        ("Сумма add 1 gt 101", "Сумма gt 100"),
        ("Сумма sub Скидка mul 2 gt 0", "Сумма gt Скидка mul 2"),
        ("Сумма div 2 gt 50", "Сумма gt 100"),
        ("-Сумма lt -100", "Сумма gt 100"),
        ("round(Сумма) eq 100", "Сумма ge 99.5 and Сумма lt 100.5"),
        ("Сумма div 0 eq 1", "Сумма eq 0 and Сумма ne 0"),
        ("cast(Сумма,'Edm.Decimal') gt 100", "Сумма gt 100"),
        ("isof(Сумма,'Edm.String')", "Active eq true and Active eq false"),
        ("isof(Recorder,'Document_ЧекККМ')", "Recorder_Type eq 'StandardODATA.Document_ЧекККМ'"),
        ("startswith(concat(Recorder_Type,'!'),'Standard') and Active eq true", "Active eq true"),
        ("substring(Recorder_Type,15,8) eq 'Document'", "Active eq true or Active eq false"),
    ];
    for (asked, plainly) in same {
        let (one, other) = (number(asked), number(plainly));
        assert_eq!(one, other, "{asked}");
        assert!(other < all || asked.starts_with("substring") || asked.starts_with("startswith"), "{asked}");
    }
    for unknown in
        ["length(Recorder_Type) eq 1", "tolower(Recorder_Type) eq 'a'", "contains(Recorder_Type,'a')"]
    {
        assert_eq!(refused(&format!("/{SALE_ROWS}?$filter={unknown}")), (400, "21".into()), "{unknown}");
    }
    assert_eq!(refused(&format!("/{SALE_ROWS}?$filter=Период add 1 eq 2")), (400, "6".into()));
    assert_eq!(refused(&format!("/{SALE_ROWS}?$filter=Period add 1 eq 2")), (500, "-1".into()));
}

#[test]
fn rows_are_ordered_by_what_references_lead_to() {
    let rows = ask(&format!("/{CARDS}?$orderby=ВладелецКарты/Description desc,Code&$expand=ВладелецКарты"));
    let names: Vec<String> = rows
        .iter()
        .map(|row| row["ВладелецКарты"]["Description"].as_str().unwrap_or_default().to_owned())
        .collect();
    let given: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    assert!(given.is_sorted_by(|one, other| one >= other), "{given:?}");
}

#[test]
fn metadata_comes_in_as_much_detail_as_is_wanted() {
    let row = |format: &str| {
        let json = Client::new().json(&format!("/{CARDS}?$top=1&$format=application/json;odata={format}"));
        (json.get("odata.metadata").is_some(), json["value"][0].clone())
    };
    let (has_address, none) = row("nometadata");
    assert!(
        !has_address && none.get("odata.type").is_none() && none.get("Owner@navigationLinkUrl").is_none()
    );
    let (has_address, minimal) = row("minimalmetadata");
    assert!(
        has_address
            && minimal.get("odata.type").is_none()
            && minimal.get("Owner@navigationLinkUrl").is_some()
    );
    let (has_address, full) = row("fullmetadata");
    assert!(has_address);
    assert_eq!(full["odata.type"], format!("StandardODATA.{CARDS}"));
    assert!(full["odata.id"].as_str().is_some_and(|id| id.starts_with("http://") && id.contains("(guid'")));
}

#[test]
fn sessions_and_allowed_rows_are_asked_for_in_vain_and_without_harm() {
    let mut client = Client::new();
    for value in ["start", "finish", "nonsense"] {
        let request = request(&format!("{BASE_PATH}/{CARDS}?$top=1&allowedOnly=true&$format=json"));
        let reply = client.simulator.handle(&request.with_header("IBSession", value), now());
        assert_eq!(reply.status, 200);
    }
}

#[test]
fn atom_carries_links_and_what_they_lead_to() {
    let get = |target: &str| {
        let request =
            request(&format!("{BASE_PATH}/{CARDS}?$top=1&$filter=ВладелецКарты/Description ne ''{target}"));
        Client::new().simulator.handle(&request, now()).text()
    };
    let plain = get("");
    assert!(plain.contains("related/ВладелецКарты\"") && !plain.contains("<m:inline>"));
    let expanded = get("&$expand=ВладелецКарты");
    assert_eq!(expanded.matches("<entry").count(), 2);
    assert!(expanded.contains("<m:inline><entry>") && expanded.contains("<d:ИНН>"));
    assert!(get("&$select=ВладелецКарты____Presentation").contains("<d:ВладелецКарты____Presentation>"));
}
