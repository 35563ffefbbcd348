//! Each route is asked, and each answer is held against `/openapi.json`: the description is of what is there.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Engine, TOKEN, address_of, answer_of, ask, bare, with_tokens};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, RUNTIME};

/// What is wrong with a value by a schema of the description; as much of JSON Schema as that uses.
fn faults(value: &Value, schema: &Value, all: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.strip_prefix('#').unwrap();
        return faults(value, all.pointer(pointer).unwrap_or_else(|| panic!("no {name}")), all, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let each: Vec<_> = any.iter().map(|schema| faults(value, schema, all, at)).collect();
        return if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() };
    }
    let mut found = Vec::new();
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    };
    if !types.is_empty() && !types.iter().any(|kind| is(kind)) {
        found.push(format!("{at} is {value}, not {types:?}"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        found.push(format!("{at} is {value}, none of {words:?}"));
    }
    if let (Some(properties), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                found.push(format!("{at} has no {name}"));
            }
        }
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => found.extend(faults(value, schema, all, &format!("{at}.{name}"))),
                None => found.push(format!("{at}.{name} is not described")),
            }
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        let each = values.iter().enumerate();
        found.extend(each.flat_map(|(number, value)| faults(value, items, all, &format!("{at}[{number}]"))));
    }
    found
}

/// A client that knows the description, and notes what it asked.
struct Knowing<'a> {
    engine: &'a Engine,
    description: Value,
    asked: BTreeSet<(String, String)>,
}

impl Knowing<'_> {
    /// Asks, and holds the answer against the description.
    #[track_caller]
    fn ask(&mut self, method: &str, route: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.engine.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
        let request = request.body(body.map(|body| body.to_string()).unwrap_or_default());
        let (status, kind, text) = RUNTIME.block_on(async {
            let response = super::send(request).await;
            let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
            let status = response.status().as_u16();
            (status, kind.split(';').next().unwrap().to_owned(), response.text().await.unwrap())
        });
        let operation = &self.description["paths"][route][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {route} is not described");
        let responses = &operation["responses"];
        let response = responses.get(status.to_string()).unwrap_or(&responses["default"]);
        let schema = &response["content"][&kind]["schema"];
        assert!(schema.is_object(), "{method} {path}: {status} {kind} is not described: {text}");
        let answer = if kind.ends_with("json") { serde_json::from_str(&text).unwrap() } else { json!(text) };
        let faults = faults(&answer, schema, &self.description, "it");
        assert!(faults.is_empty(), "{method} {path}: {faults:#?}\n{answer}");
        self.asked.insert((method.to_lowercase(), route.to_owned()));
        (status, answer)
    }

    #[track_caller]
    fn get(&mut self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path.split('?').next().unwrap(), path, None);
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

/// Streams, and what ends an engine: they have tests of their own.
const ELSEWHERE: [&str; 6] = [
    "/api/v1/engine/restart",
    "/api/v1/events",
    "/api/v1/house/reconciliations",
    "/api/v1/house/reconciliations/{id}/file",
    "/api/v1/house/syncs/{id}",
    "/api/v1/house/watch",
];

#[test]
fn every_route_is_described_and_every_answer_fits_its_description() {
    let (machine, engine) = Engine::synced();
    let description = engine.get("/openapi.json");
    let mut api = Knowing { engine: &engine, description, asked: BTreeSet::new() };
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/api/v1/engine", "/api/v1/status"] {
        api.get(path);
    }
    let status = api.get("/api/v1/status");
    assert_eq!((&status["generation"], &status["engine"]["pid"]), (&json!(1), &json!(engine.running.pid())));
    let found = api.get("/api/v1/customers?q=%D1%86%D0%B0%D1%80%D1%8C%D0%BA%D0%BE%D0%B2&limit=5");
    assert_eq!(found["total"], 1);
    let all = api.get("/api/v1/customers?sort=-total&from=3&limit=4&keep=all");
    assert_eq!((all["cards"].as_array().unwrap().len(), &all["total"]), (4, &json!(30)));
    let customers = "/api/v1/customers/{key}";
    let key = found["cards"][0]["key"].as_str().unwrap().to_owned();
    let (_, card) = api.ask("GET", customers, &format!("/api/v1/customers/{key}"), None);
    assert_eq!(card["total"]["onec"], "365054.00");
    for (path, status) in [("5c5a3bb2-0001-11ee-8f2c-0000000fffff", 404), ("nobody", 400)] {
        assert_eq!(api.ask("GET", customers, &format!("/api/v1/customers/{path}"), None).0, status);
    }
    let (status, checked) =
        api.ask("POST", "/api/v1/checks", &format!("/api/v1/checks?phone={REFERENCE_PHONE}"), None);
    assert_eq!((status, &checked[0]["against"]), (200, &json!("live")));
    for wrong in ["?phone=1&card=2", "?q=", "?who=me", ""] {
        assert_eq!(api.ask("POST", "/api/v1/checks", &format!("/api/v1/checks{wrong}"), None).0, 400);
    }
    let wish = json!({"mode": "delta"});
    let (status, begun) = api.ask("POST", "/api/v1/syncs", "/api/v1/syncs", Some(wish));
    assert_eq!((status, &begun["mode"]), (202, &json!("delta")));
    let id = begun["id"].clone();
    engine.end_of_sync(&id);
    let (_, sync) = api.ask("GET", "/api/v1/syncs/{id}", &format!("/api/v1/syncs/{id}"), None);
    assert_eq!((&sync["state"], &sync["result"]["generation"]), (&json!("published"), &json!(2)));
    assert_eq!(api.get("/api/v1/syncs").as_array().unwrap().len(), 1);
    assert_eq!(api.ask("DELETE", "/api/v1/syncs/{id}", &format!("/api/v1/syncs/{id}"), None).0, 202);
    assert_eq!(api.ask("GET", "/api/v1/syncs/{id}", "/api/v1/syncs/77", None).0, 404);
    assert_eq!(api.ask("POST", "/api/v1/syncs", "/api/v1/syncs?mode=half", None).0, 400);
    assert_eq!(api.ask("POST", "/api/v1/syncs", "/api/v1/syncs", Some(json!({"daze": 3}))).0, 400);
    let with_body =
        api.ask("POST", "/api/v1/syncs", "/api/v1/syncs?mode=half", Some(json!({"mode": "full"})));
    assert_eq!(with_body.0, 400, "a mistake in the address is told though there is a body");
    reconciliations(&mut api);
    house(&mut api);
    let journal = api.get("/api/v1/journal?limit=200");
    assert!(journal.as_array().unwrap().len() > 2, "{journal}");
    let described = api.description["paths"].as_object().unwrap().clone();
    let all: BTreeSet<_> = described
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
        })
        .filter(|(_, path)| !ELSEWHERE.contains(&path.as_str()))
        .collect();
    assert_eq!(all, api.asked, "streams have tests of their own");
    assert!(!machine.path("data/sverka/sverka.lock.txt").exists());
    engine.end();
}

fn reconciliations(api: &mut Knowing<'_>) {
    let route = "/api/v1/reconciliations/{id}";
    let (status, begun) = api.ask("POST", "/api/v1/reconciliations", "/api/v1/reconciliations", None);
    assert_eq!(status, 202);
    let path = format!("/api/v1/reconciliations/{}", begun["id"]);
    api.engine.until(&path, |it| it["state"] == "done");
    let (_, done) = api.ask("GET", route, &path, None);
    assert_eq!(done["summary"]["variances"], 0, "{done}");
    let cards = "/api/v1/reconciliations/{id}/cards";
    let (_, listed) = api.ask("GET", cards, &format!("{path}/cards?verdict=reconciled&limit=3"), None);
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(api.ask("GET", cards, &format!("{path}/cards?verdict=fine"), None).0, 400);
    exports(api, &begun["id"]);
    assert_eq!(api.ask("DELETE", route, &path, None).0, 202);
}

/// The same files that the command writes.
fn exports(api: &mut Knowing<'_>, id: &Value) {
    let route = "/api/v1/exports/{id}";
    let path = |query: &str| format!("/api/v1/exports/{id}{query}");
    let (status, csv) = api.ask("GET", route, &path(""), None);
    let csv = csv.as_str().unwrap().to_owned();
    let cards = "/api/v1/reconciliations/{id}/cards";
    let (_, all) = api.ask("GET", cards, &format!("/api/v1/reconciliations/{id}/cards?limit=1000"), None);
    assert_eq!((status, csv.lines().skip(1).count()), (200, all.as_array().unwrap().len()), "{csv}");
    let (_, bom) = api.ask("GET", route, &path("?format=csv&bom=true"), None);
    assert_eq!(bom.as_str().unwrap().strip_prefix('\u{feff}'), Some(csv.as_str()));
    let (_, none) = api.ask("GET", route, &path("?format=json&verdict=variance"), None);
    assert_eq!(none, json!([]));
    let (status, workbook) = api.ask("GET", route, &path("?format=xlsx"), None);
    assert!(status == 200 && workbook.as_str().unwrap().starts_with("PK"));
    for (wrong, status) in [("?format=txt", 400), ("?format=json&bom=true", 400), ("?verdict=fine", 400)] {
        assert_eq!(api.ask("GET", route, &path(wrong), None).0, status, "{wrong}");
    }
    assert_eq!(api.ask("GET", route, "/api/v1/exports/77", None).0, 404);
}

fn house(api: &mut Knowing<'_>) {
    let ask = "/api/v1/ask";
    let (status, answer) = api.ask("POST", ask, ask, Some(json!("Status")));
    assert_eq!((status, &answer["Status"]["cards"]), (200, &json!(30)));
    for refused in [json!("Sync"), json!("WatchSettings"), json!("Nonsense"), json!({"Search": 1})] {
        assert_eq!(api.ask("POST", ask, ask, Some(refused)).0, 400);
    }
    let checks = "/api/v1/house/checks";
    let wish = json!({"whom": {"Phone": REFERENCE_PHONE}, "offline": true});
    assert_eq!(api.ask("POST", checks, checks, Some(wish)).1["total"], 1);
    let (_, begun) =
        api.ask("POST", "/api/v1/house/syncs", "/api/v1/house/syncs", Some(json!({"mode": "delta"})));
    api.engine.end_of_sync(&begun["id"]);
    let portal = "/api/admin/onec/customers/sync/full";
    let (_, begun) = api.ask("POST", portal, &format!("{portal}?limit=5&days=30"), None);
    api.engine.end_of_sync(&begun["id"]);
}

#[test]
fn the_portals_own_call_begins_a_sync_that_is_watched_to_its_end() {
    let machine = with_tokens();
    let engine = Engine::start(&machine);
    let address = address_of(&engine);
    let client = bare().build().unwrap();
    let url = format!("http://{address}/api/admin/onec/customers/sync/full?limit=1000&days=365");
    let call = || client.post(&url).header("Authorization", format!("Bearer {TOKEN}"));
    let (status, begun) = ask(call());
    assert_eq!((status, &begun["mode"]), (202, &json!("full")));
    assert_eq!((&begun["limit"], &begun["days"]), (&json!(1000), &json!(365)));
    let watch = begun["watch"].as_str().unwrap();
    let watched = async {
        loop {
            let request = client.get(format!("http://{address}{watch}"));
            let (status, sync) = answer_of(request.header("Authorization", format!("Bearer {TOKEN}"))).await;
            assert_eq!(status, 200);
            if sync["state"] == "published" {
                return sync;
            }
        }
    };
    assert_eq!(RUNTIME.block_on(watched)["result"]["cards"], 30);
    engine.end();
}

/// Nothing was ever synced: the schedule begins at once, and tells when it goes on.
#[test]
fn what_is_scheduled_is_synced_without_anybody() {
    let machine = Machine::with_onec();
    machine.configure("[sync]\nevery = \"1h\"\n");
    let engine = Engine::start(&machine);
    engine.until("/api/v1/engine", |it| it["next_sync_at"].is_string() && it["syncing"] == false);
    let sync = engine.until("/api/v1/syncs", |it| it[0]["state"] == "published");
    assert_eq!((&sync[0]["by"], &sync[0]["result"]["generation"]), (&json!("schedule"), &json!(1)));
    engine.until("/api/v1/engine", |it| it["next_sync_at"].is_string());
    engine.end();
}
