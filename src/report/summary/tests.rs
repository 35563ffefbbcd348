use std::time::Duration;

use super::super::ReadAs;
use super::super::fixture::{self, ENGLISH, HOSTILE, RUSSIAN, points, reader, roubles, utc};
use super::*;
use crate::domain::Amount;
use crate::store::Delta;
use crate::sync::event::DeltaSummary;

fn published() -> SyncSummary {
    SyncSummary {
        outcome: Outcome::Published,
        generation: Some(7),
        cards: 1_312,
        opening_balances: LinesAndAmount { lines: 150, amount: roubles(1_232_360) },
        purchases: LinesAndAmount { lines: 6_640, amount: Amount::from_units(987_654_321) },
        points_lines: Some(620),
        created: 6_790,
        changed: 2,
        removed: 1,
        skipped: 0,
        retries: 4,
        requests: 58,
        bytes: 3_250_000,
        stages: [800, 4_000, 1_500, 61_000, 900, 0, 30].map(Duration::from_millis),
        elapsed: Duration::from_millis(68_230),
        variances: 0,
        before_window: 0,
        unverified: 0,
        is_partial: false,
        findings: Vec::new(),
    }
}

fn ended(summary: &SyncSummary) -> Finished {
    Finished { summary: summary.clone(), error: None, delta: None }
}

#[test]
fn a_delta_says_what_it_read_and_when_the_rest_appears() {
    let delta =
        DeltaSummary { full_at: utc(1, 3), listed: 2, cards: 10, rows: 1_234, turned: 612, is_blind: false };
    let finished = Finished { delta: Some(delta), ..ended(&published()) };
    let texts = [RUSSIAN, ENGLISH].map(|language| sync(&finished, None, reader(language)));
    insta::assert_snapshot!("sync_delta", texts.join("\n---\n"));
}

fn unpublished(outcome: Outcome, generation: Option<u64>) -> SyncSummary {
    SyncSummary { outcome, generation, ..published() }
}

#[test]
fn a_sync_ends_with_a_summary() {
    let told = SyncSummary { variances: 2, before_window: 4, unverified: 1, skipped: 3, ..published() };
    let failed = unpublished(Outcome::Failed, Some(6));
    let error = Problem {
        code: "unauthorized",
        message: "1C refused".into(),
        remedy: "mend it".into(),
        said: String::new(),
    };
    insta::assert_snapshot!("sync_ru", sync(&ended(&published()), None, reader(RUSSIAN)));
    insta::assert_snapshot!("sync_en", sync(&ended(&told), None, reader(ENGLISH)));
    insta::assert_snapshot!("sync_failed_en", sync(&ended(&failed), Some(&error), reader(ENGLISH)));
}

#[test]
fn what_stays_after_a_sync_that_published_nothing_is_said() {
    let cases = [
        (
            unpublished(Outcome::Failed, None),
            "Sync failed after 1\u{a0}min\u{a0}8\u{a0}s. The store is still empty.",
        ),
        (unpublished(Outcome::Cancelled, None), "Sync interrupted after"),
        (unpublished(Outcome::Cancelled, Some(6)), "nothing was changed. The store keeps data version 6."),
    ];
    for (summary, words) in cases {
        let text = sync(&ended(&summary), None, reader(ENGLISH));
        assert!(text.contains(words), "{text}");
        assert!(!text.contains("Contents"), "nothing new to count: {text}");
    }
}

#[test]
fn agreement_is_claimed_only_without_any_doubt() {
    let agrees = |summary: &SyncSummary| sync(&ended(summary), None, reader(ENGLISH)).contains('✅');
    assert!(agrees(&published()));
    assert!(!agrees(&SyncSummary { variances: 1, ..published() }));
    assert!(!agrees(&SyncSummary { unverified: 1, ..published() }));
    assert!(!agrees(&SyncSummary { skipped: 1, ..published() }));
    assert!(!agrees(&unpublished(Outcome::Failed, Some(1))));
}

fn found() -> FoundCustomer {
    let customer = fixture::reconciled().customer;
    FoundCustomer {
        customer,
        total: Some(roubles(365_054)),
        points: Some(points(4806)),
        matched: vec!["phone"],
        verdict: crate::domain::Verdict::Reconciled,
        variance: None,
    }
}

fn search_report(total: u64, found: Vec<FoundCustomer>) -> SearchReport {
    SearchReport { query: "845".into(), read_as: None, total, took: Duration::from_millis(4), found }
}

#[test]
fn a_search_is_a_table_and_a_cut_is_announced() {
    let deleted =
        crate::domain::Customer { code: "9".into(), marked_for_deletion: true, ..Default::default() };
    let deleted = FoundCustomer {
        customer: deleted,
        total: Some(roubles(-5)),
        points: Some(points(0)),
        matched: Vec::new(),
        ..found()
    };
    let report = search_report(312, vec![found(), deleted]);
    insta::assert_snapshot!("search_ru", search(&report, Texts::new(RUSSIAN)));
    insta::assert_snapshot!("search_en", search(&report, Texts::new(ENGLISH)));
    let whole = search(&search_report(1, vec![found()]), Texts::new(ENGLISH));
    assert!(!whole.contains("Showing"), "{whole}");
}

#[test]
fn a_query_read_in_the_other_layout_is_said() {
    let report = SearchReport {
        query: "wfhmrjd".into(),
        read_as: Some(ReadAs { query: "царьков".into(), by: "layout" }),
        ..search_report(1, vec![found()])
    };
    let text = search(&report, Texts::new(RUSSIAN));
    assert!(text.starts_with("Прочитано в другой раскладке: «царьков»\n"), "{text}");
    let nothing =
        search(&SearchReport { query: HOSTILE.into(), ..search_report(0, Vec::new()) }, Texts::new(RUSSIAN));
    assert!(nothing.starts_with("По запросу «␛"), "{nothing}");
    fixture::assert_harmless(&nothing);
}

fn run(outcome: Outcome, error: Option<&str>) -> Run {
    Run {
        started_at: utc(4, 4),
        took: Duration::from_secs(61),
        outcome,
        generation: Some(7),
        cards: 1_312,
        movements: 6_790,
        changes: Delta { created: 10, changed: 2, removed: 1 },
        rejected: 0,
        requests: 40,
        retries: 3,
        bytes: 5_000,
        variances: 1,
        unverified: 0,
        error: error.map(str::to_owned),
    }
}

#[test]
fn status_tells_freshness_and_the_last_syncs() {
    let report = StatusReport {
        mirror: None,
        checked: CheckedStatus::default(),
        store: "/data/sverka.redb".into(),
        published: Some(PublishedStatus {
            generation: 7,
            synced_at: utc(4, 5),
            carried: 1_300,
            oldest_read_at: utc(2, 5),
            age: Some(Duration::from_secs(2 * 86_400)),
            stale: true,
            proof: Proof::Unconfirmed,
            full_at: Some(utc(1, 3)),
            deltas: 9,
            cards: 1_312,
            movements: 6_790,
            variances: 1,
            unverified: 2,
            findings: 1,
        }),
        findings: vec![Finding::OutOfRange { cards: 1, example: "000371".into() }],
        left_off: None,
        running: Some(RunningStatus { stage: Some(Stage::Purchases), overall: Some(62) }),
        last_syncs: vec![
            run(Outcome::Published, None),
            run(Outcome::Failed, Some("unreachable")),
            run(Outcome::Cancelled, None),
        ],
        under: crate::domain::Under::default(),
        engine: None,
        lock: None,
    };
    insta::assert_snapshot!("status_ru", status(&report, reader(RUSSIAN)));
    insta::assert_snapshot!("status_en", status(&report, reader(ENGLISH)));
}

#[test]
fn status_before_the_first_sync_says_what_to_do() {
    let report = StatusReport { store: "s.redb".into(), ..StatusReport::default() };
    let expected = "Store  s.redb\nNothing synced yet: run `sverka sync`.\n";
    assert_eq!(status(&report, reader(ENGLISH)), expected);
}

#[test]
fn status_tells_how_far_a_sync_came_that_was_stopped() {
    let left_off = Some(LeftOff { stage: Stage::Purchases, overall: 64, at: utc(4, 5) });
    let report = StatusReport { store: "s.redb".into(), left_off, ..StatusReport::default() };
    let told = status(&report, reader(RUSSIAN)).replace('\u{a0}', " ");
    let words =
        "прервана 04.02.2026 08:00:03, этап «Покупки», пройдено 64 %; `sverka sync` продолжит с этого места";
    assert!(told.contains(words), "{told}");
    assert!(!told.contains("Ещё не синхронизировано"), "{told}");
    let told = status(&report, reader(ENGLISH)).replace('\u{a0}', " ");
    assert!(told.contains("Unfinished sync") && told.contains("at 64% in “Purchases”"), "{told}");
}

/// What `doctor` prints in all, line by line.
fn doctor(checks: &[DoctorCheck], texts: Texts) -> String {
    let width = checks.iter().map(|check| check.title.chars().count()).max().unwrap_or_default();
    let lines: String = checks.iter().map(|check| doctor_line(check, width, texts)).collect();
    lines + &diagnosis(checks, texts)
}

fn finding(status: CheckStatus, remedy: Option<&str>) -> DoctorCheck {
    let title = "Имя узла".to_owned();
    let remedy = remedy.map(str::to_owned);
    DoctorCheck {
        check: "name-resolution",
        title,
        status,
        detail: "1c.example.ru".into(),
        remedy,
        code: None,
        types: None,
    }
}

#[test]
fn the_doctor_names_a_remedy_below_what_fails() {
    let checks = [
        finding(CheckStatus::Ok, None),
        finding(CheckStatus::Warning, Some("посмотрите")),
        finding(CheckStatus::Failed, Some("исправьте")),
    ];
    let expected = "\
✓  Имя узла  1c.example.ru
!  Имя узла  1c.example.ru
   → посмотрите
✗  Имя узла  1c.example.ru
   → исправьте

Синхронизация невозможна; проблем: 1.
";
    assert_eq!(doctor(&checks, Texts::new(RUSSIAN)), expected);
    assert!(doctor(&checks[..2], Texts::new(ENGLISH)).ends_with("A sync is possible; warnings: 1.\n"));
    assert!(
        doctor(&checks[..1], Texts::new(ENGLISH)).ends_with("Everything needed for a sync is in order.\n")
    );
}

#[test]
fn u6_foreign_text_never_steers_a_terminal() {
    let customer = fixture::hostile_customer();
    let hostile = FoundCustomer { customer, ..found() };
    let error = Problem { code: "x", message: HOSTILE.into(), remedy: HOSTILE.into(), said: String::new() };
    let status_report = StatusReport {
        store: HOSTILE.into(),
        last_syncs: vec![run(Outcome::Failed, Some(HOSTILE))],
        ..StatusReport::default()
    };
    let check = DoctorCheck {
        title: HOSTILE.into(),
        detail: HOSTILE.into(),
        ..finding(CheckStatus::Failed, Some(HOSTILE))
    };
    let read_as = SearchReport {
        read_as: Some(ReadAs { query: HOSTILE.into(), by: "typo" }),
        ..search_report(1, vec![hostile])
    };
    for language in [RUSSIAN, ENGLISH] {
        let texts = Texts::new(language);
        let outputs = [
            problem(&error, texts),
            search(&read_as, texts),
            status(&status_report, reader(language)),
            doctor(std::slice::from_ref(&check), texts),
        ];
        for output in &outputs {
            fixture::assert_harmless(output);
        }
    }
}
