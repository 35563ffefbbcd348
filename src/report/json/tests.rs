use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;

use super::super::fixture::{self, HOSTILE, points, roubles, utc};
use super::super::{CheckStatus, CheckedStatus, PublishedStatus, ReadAs};
use super::*;
use crate::domain::{RecorderRole, RecorderType, Verdict};
use crate::store::{Delta, Proof, StoreHolder};
use crate::sync::event::{StageProgress, StageState, SyncSummary};

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn the_reference_customer_byte_by_byte() {
    let expected = concat!(
        r#"[{"card":{"key":"7a5e1f0c-51c1-11ee-8c1a-00155d01c802","owner":null,"code":"000371","phone":"79788451364","#,
        r#""name":"Царькова","city":"Симферополь","city_source":"main-details-line-3","email":null,"birthday":null,"marked_for_deletion":false,"invalid_card":false},"#,
        r#""window":{"days":365,"from":"2025-02-04T00:00:00"},"#,
        r#""against":"live","compared_at":"2026-02-04T09:00:03Z","synced_at":"2026-02-04T05:00:03Z","#,
        r#""opening_balance":{"onec":"232360.00","stored":"232360.00","variance":"0.00"},"#,
        r#""purchases":{"onec":"132694.00","stored":"132694.00","variance":"0.00","lines":14},"#,
        r#""total":{"onec":"365054.00","stored":"365054.00","variance":"0.00"},"#,
        r#""before_window":{"onec":"0.00"},"#,
        r#""points":{"onec":"4806","stored":"4806","variance":"0","rule":"last-record","last_record":"4806","#,
        r#""register_balance":"4806","register_balance_onec":"4806"},"#,
        r#""city":{"onec":"Симферополь","stored":"Симферополь","variance":false},"#,
        r#""differences":[],"verdict":"reconciled","#,
        r#""proof":{"opening_balance":{"compared":true,"with":"rows","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""purchases":{"compared":true,"with":"rows","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""total":{"compared":true,"with":"rows","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""points":{"compared":true,"with":"rows","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""city":{"compared":true,"with":"catalog","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""card":{"compared":true,"with":"catalog","why_not":null,"at":"2026-02-04T09:00:03Z"},"#,
        r#""settings":{"stored":null,"today":null,"other_today":[],"mixed":false,"opening_names_in_doubt":false,"#,
        r#""recorder_types":[]}}}]"#,
    );
    assert_eq!(check(&[fixture::reconciled()]), expected);
}

#[test]
fn nobody_is_an_empty_array() {
    assert_eq!(check(&[]), "[]");
}

#[test]
fn an_unknown_figure_is_null_and_never_equal() {
    let it = &parse(&check(&[fixture::unreachable()]))[0];
    assert_eq!(it["against"], "none");
    assert_eq!(it["compared_at"], Value::Null);
    assert_eq!(it["verdict"], "unverified");
    for figure in ["opening_balance", "purchases", "total", "points", "city"] {
        assert_eq!(it[figure]["onec"], Value::Null, "{figure}");
        assert_eq!(it[figure]["variance"], Value::Null, "{figure}");
        assert!(it[figure]["stored"].is_string(), "{figure}");
    }
    assert_eq!(it["before_window"], parse(r#"{"onec":null}"#));
}

#[test]
fn all_history_has_no_first_moment() {
    let mut it = fixture::reconciled();
    it.window = crate::domain::Window { days: 0, from: None };
    assert_eq!(parse(&check(&[it]))[0]["window"], parse(r#"{"days":0,"from":null}"#));
}

#[test]
fn differences_go_down_to_the_line() {
    let it = &parse(&check(&[fixture::variance()]))[0];
    assert_eq!(it["purchases"]["variance"], "-1200.00");
    assert_eq!(it["points"]["variance"], "1.5");
    assert_eq!(it["city"]["variance"], true);
    let line = r#"{"kind":"extra-line","period":"2025-12-31T18:00:00",
        "recorder":"0d3c5b1e-88aa-11ee-8c1a-00155d01c802","recorder_type":"StandardODATA.Document_ЧекККМ",
        "line":1,"onec":null,"stored":"300.00","reason":"inactive"}"#;
    assert_eq!(it["differences"][1], parse(line));
    let town = r#"{"kind":"city","period":null,"recorder":null,"recorder_type":null,"line":null,
        "onec":"Симферополь","stored":"Ялта","reason":null}"#;
    assert_eq!(it["differences"][3]["reason"], "own-sum");
    assert_eq!(it["differences"][5], parse(town));
}

#[test]
fn sides_are_plain_numbers_of_either_kind() {
    for (difference, onec, stored) in [
        (fixture::own_sum(roubles(4_806), -roubles(0)), "4806.00", "0.00"),
        (fixture::own_sum(points(4_806), -points(0)), "4806", "0"),
        (fixture::own_sum(Points::from_units(480_750), Points::from_units(-50)), "4807.5", "-0.5"),
        (fixture::own_sum("4806", "Ялта"), "4806", "Ялта"),
    ] {
        let it = Comparison { differences: vec![difference], ..fixture::variance() };
        let it = &parse(&check(&[it]))[0]["differences"][0];
        assert_eq!((it["onec"].as_str(), it["stored"].as_str()), (Some(onec), Some(stored)));
    }
}

#[test]
fn a_zero_never_has_a_sign() {
    assert_eq!(money(-Amount::ZERO), "0.00");
    assert_eq!(super::points(-Points::ZERO), "0");
}

#[test]
fn foreign_text_is_escaped_and_stays_exact() {
    let json = check(&[fixture::hostile()]);
    fixture::assert_harmless(&json);
    assert!(!json.contains('\n'), "one line");
    let it = &parse(&json)[0];
    for field in ["code", "phone", "name", "city", "email"] {
        assert_eq!(it["card"][field], HOSTILE, "{field}");
    }
    assert_eq!(it["differences"][0]["recorder_type"], HOSTILE);
}

#[test]
fn a_progress_line_byte_by_byte() {
    let mut it = Progress { stage: Some(Stage::Purchases), overall: 61, ..Progress::default() };
    it.elapsed = Duration::from_millis(12_500);
    it.stages[Stage::Purchases as usize] = StageProgress {
        state: StageState::Running,
        done: 1_400,
        total: Some(6_640),
        credited: 400,
        ..StageProgress::default()
    };
    let known = r#"{"event":"progress","stage":"purchases","done":1400,"total":6640,"overall":61,"credited":400,"rate":0,"elapsed":12.500,"left":null}"#;
    assert_eq!(progress(&it), known);
    let early = r#"{"event":"progress","stage":"preparing","done":0,"total":null,"overall":0,"credited":0,"rate":0,"elapsed":0.000,"left":null}"#;
    assert_eq!(progress(&Progress::default()), early);
}

fn ended(summary: SyncSummary) -> Finished {
    Finished { summary, error: None, delta: None }
}

fn summary() -> SyncSummary {
    let mut stages = [Duration::ZERO; 7];
    stages[Stage::Cards as usize] = Duration::from_millis(1_250);
    stages[Stage::Purchases as usize] = Duration::from_micros(4_350_999);
    SyncSummary {
        outcome: Outcome::Published,
        generation: Some(7),
        cards: 312,
        opening_balances: LinesAndAmount { lines: 150, amount: roubles(1_232_360) },
        purchases: LinesAndAmount { lines: 6640, amount: Amount::from_units(-5) },
        points_lines: Some(620),
        created: 6790,
        changed: 2,
        removed: 1,
        skipped: 3,
        retries: 4,
        requests: 58,
        bytes: 3_200_000,
        stages,
        elapsed: Duration::from_secs(61),
        variances: 0,
        before_window: 0,
        unverified: 5,
        is_partial: false,
        findings: Vec::new(),
    }
}

#[test]
fn the_last_line_of_a_sync_byte_by_byte() {
    let expected = concat!(
        r#"{"event":"finished","outcome":"published","generation":7,"cards":312,"#,
        r#""opening_balances":{"lines":150,"amount":"1232360.00"},"purchases":{"lines":6640,"amount":"-0.05"},"#,
        r#""points":{"lines":620},"created":6790,"changed":2,"removed":1,"skipped":3,"retries":4,"#,
        r#""requests":58,"bytes":3200000,"seconds":{"cards":1.250,"opening_balances":0.000,"#,
        r#""purchases":4.350,"points":0.000,"total":61.000},"variances":0,"before_window":0,"unverified":5,"findings":[],"#,
        r#""error":null,"delta":null}"#,
    );
    assert_eq!(finished(&ended(summary()), None), expected);
}

#[test]
fn the_last_line_of_a_delta_says_what_was_read_and_when_the_rest_appears() {
    let delta =
        DeltaSummary { full_at: utc(1, 3), listed: 2, cards: 10, rows: 34, turned: 612, is_blind: false };
    let it = parse(&finished(&Finished { delta: Some(delta), ..ended(summary()) }, None));
    let expected = concat!(
        r#"{"cards_listed":2,"cards_reread":10,"rows_reread":34,"rows_by_turn":612,"within_deltas":30,"#,
        r#""full_at":"2026-02-01T03:00:03Z","blind":false}"#,
    );
    assert_eq!(it["delta"], parse(expected));
}

#[test]
fn a_failed_sync_says_why_and_what_to_do() {
    let error =
        Problem { code: "unauthorized", message: "no".into(), remedy: HOSTILE.into(), said: String::new() };
    let it = SyncSummary { outcome: Outcome::Failed, generation: None, ..summary() };
    let json = finished(&ended(it), Some(&error));
    fixture::assert_harmless(&json);
    let it = parse(&json);
    assert_eq!(it["outcome"], "failed");
    assert_eq!(it["generation"], Value::Null);
    assert_eq!(it["error"]["code"], "unauthorized");
    assert_eq!(it["error"]["remedy"], HOSTILE);
}

#[test]
fn a_search_byte_by_byte() {
    let found = FoundCustomer {
        customer: fixture::reconciled().customer,
        total: Some(roubles(365_054)),
        points: Some(points(4806)),
        matched: vec!["phone", "name"],
        verdict: Verdict::Variance,
        variance: Some(-roubles(1_200)),
    };
    let report = SearchReport {
        query: "845 13".into(),
        read_as: Some(ReadAs { query: "845".into(), by: "typo" }),
        total: 312,
        took: Duration::from_micros(4_900),
        found: vec![found],
    };
    let expected = concat!(
        r#"{"query":"845 13","read_as":{"query":"845","by":"typo"},"total":312,"took_ms":4,"cards":[{"#,
        r#""key":"7a5e1f0c-51c1-11ee-8c1a-00155d01c802","owner":null,"code":"000371","phone":"79788451364","#,
        r#""name":"Царькова","city":"Симферополь","city_source":"main-details-line-3","email":null,"birthday":null,"marked_for_deletion":false,"invalid_card":false,"#,
        r#""total":"365054.00","total_onec":"366254.00","points":"4806","matched":["phone","name"],"barcode":"79788451364","verdict":"variance","variance":"-1200.00"}]}"#,
    );
    assert_eq!(search(&report), expected);
}

#[test]
fn missing_values_of_a_card_are_null() {
    let found = FoundCustomer {
        customer: Customer { code: "1".into(), ..Customer::default() },
        total: Some(Amount::ZERO),
        points: None,
        matched: Vec::new(),
        verdict: Verdict::Unverified,
        variance: None,
    };
    let json = print(&FoundObject::from(&found));
    let expected = concat!(
        r#"{"key":"00000000-0000-0000-0000-000000000000","owner":null,"code":"1","phone":null,"name":null,"city":null,"#,
        r#""city_source":null,"email":null,"birthday":null,"marked_for_deletion":false,"invalid_card":false,"total":"0.00","total_onec":null,"points":null,"matched":[],"barcode":null,"verdict":"unverified","variance":null}"#,
    );
    assert_eq!(json, expected);
}

#[test]
fn status_before_the_first_sync_is_all_null() {
    let report = StatusReport { store: "/data/sverka.redb".into(), ..StatusReport::default() };
    let expected = concat!(
        r#"{"store":"/data/sverka.redb","generation":null,"synced_at":null,"age_s":null,"cards":null,"#,
        r#""carried":null,"oldest_read_at":null,"movements":null,"variances":null,"proof":null,"unverified":null,"stale":null,"full_at":null,"deltas":null,"#,
        r#""attention":["never-synced"],"findings":[],"other_settings":[],"left_off":null,"running":null,"lock":null,"#,
        r#""checked":{"cards":0,"at":null,"unlisted":0},"last_syncs":[]}"#,
    );
    assert_eq!(status(&report), expected);
}

#[test]
fn status_of_a_store_that_is_being_synced() {
    let report = StatusReport {
        mirror: None,
        checked: CheckedStatus { cards: 2, newest: Some(utc(4, 5)), age: None, unlisted: 1 },
        store: "s.redb".into(),
        published: Some(PublishedStatus {
            generation: 7,
            synced_at: utc(4, 5),
            carried: 0,
            oldest_read_at: utc(4, 5),
            age: Some(Duration::from_secs(14_400)),
            stale: false,
            proof: Proof::Confirmed,
            full_at: Some(utc(1, 3)),
            deltas: 9,
            cards: 312,
            movements: 6790,
            variances: 1,
            unverified: 0,
            findings: 0,
        }),
        findings: vec![Finding::OutOfRange { cards: 1, example: "000371".into() }],
        left_off: Some(LeftOff { stage: Stage::Purchases, overall: 64, at: utc(4, 4) }),
        running: Some(RunningStatus { stage: Some(Stage::OpeningBalances), overall: Some(44) }),
        lock: Some(StoreHolder {
            pid: 4711,
            host: "shop".to_owned(),
            since: utc(4, 5),
            command: "sverka sync".to_owned(),
        }),
        last_syncs: vec![Run {
            started_at: utc(4, 4),
            took: Duration::from_millis(61_500),
            outcome: Outcome::Cancelled,
            generation: None,
            cards: 0,
            movements: 0,
            changes: Delta::default(),
            rejected: 2,
            requests: 40,
            retries: 3,
            bytes: 5_000,
            variances: 0,
            unverified: 0,
            error: Some("unreachable".into()),
        }],
        under: crate::domain::Under::default(),
        engine: None,
    };
    let expected = concat!(
        r#"{"store":"s.redb","generation":7,"synced_at":"2026-02-04T05:00:03Z","age_s":14400,"cards":312,"#,
        r#""carried":0,"oldest_read_at":"2026-02-04T05:00:03Z","movements":6790,"variances":1,"proof":"confirmed","unverified":0,"stale":false,"#,
        r#""full_at":"2026-02-01T03:00:03Z","deltas":9,"attention":["variances","out-of-range"],"#,
        r#""findings":[{"kind":"out-of-range","cards":1,"example":"000371"}],"#,
        r#""other_settings":[],"#,
        r#""left_off":{"stage":"purchases","overall":64,"at":"2026-02-04T04:00:03Z"},"#,
        r#""running":{"stage":"opening_balances","overall":44},"#,
        r#""lock":{"pid":4711,"command":"sverka sync","since":"2026-02-04T05:00:03Z","host":"shop"},"#,
        r#""checked":{"cards":2,"at":"2026-02-04T05:00:03Z","unlisted":1},"#,
        r#""last_syncs":[{"started_at":"2026-02-04T04:00:03Z","seconds":61.500,"outcome":"cancelled","#,
        r#""generation":null,"cards":0,"movements":0,"created":0,"changed":0,"removed":0,"skipped":2,"#,
        r#""retries":3,"variances":0,"unverified":0,"error":"unreachable"}]}"#,
    );
    assert_eq!(status(&report), expected);
}

#[test]
fn the_doctor_byte_by_byte() {
    let check = |status, remedy: Option<&str>| DoctorCheck {
        check: "tls",
        title: "TLS".into(),
        status,
        detail: "seen".into(),
        remedy: remedy.map(str::to_owned),
        code: None,
        types: None,
    };
    let of_types = |amount, rows, role| TypeSeen {
        recorder_type: RecorderType("StandardODATA.Document_ЧекККМ".into()),
        rows,
        amount,
        role,
        wrote_once: false,
    };
    let types = vec![
        of_types(Some(Amount::from_units(-150)), Some(3), RecorderRole::OpeningBalance),
        of_types(None, None, RecorderRole::Purchase),
    ];
    let checks = [
        check(CheckStatus::Ok, None),
        check(CheckStatus::Warning, Some("mend")),
        DoctorCheck { code: Some("onec-busy"), ..check(CheckStatus::Failed, Some("mend")) },
        DoctorCheck { types: Some(types), ..check(CheckStatus::Ok, None) },
    ];
    let expected = concat!(
        r#"[{"check":"tls","status":"ok","detail":"seen","remedy":null},"#,
        r#"{"check":"tls","status":"warning","detail":"seen","remedy":"mend"},"#,
        r#"{"check":"tls","status":"failed","detail":"seen","remedy":"mend","code":"onec-busy","#,
        r#""help":"docs/errors.md#onec-busy"},"#,
        r#"{"check":"tls","status":"ok","detail":"seen","remedy":null,"types":["#,
        r#"{"recorder_type":"StandardODATA.Document_ЧекККМ","rows":3,"amount":"-1.50","role":"opening-balance"},"#,
        r#"{"recorder_type":"StandardODATA.Document_ЧекККМ","rows":null,"amount":null,"role":"purchase"}]}]"#,
    );
    assert_eq!(doctor(&checks), expected);
}

proptest! {
    #[test]
    fn u6_any_name_survives_json_exactly_and_harmlessly(name in "\\PC*|.+|[\u{0}-\u{20}\u{7f}-\u{a0}\u{200b}-\u{206f}]+") {
        let mut it = fixture::reconciled();
        it.customer.name.clone_from(&name);
        let json = check(&[it]);
        fixture::assert_harmless(&json);
        let expected = if name.is_empty() { Value::Null } else { name.into() };
        prop_assert_eq!(&parse(&json)[0]["card"]["name"], &expected);
    }
}
