use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sverka::domain::{Finding, PointsRule, Verdict, Window};
use sverka::engine::Clock as _;
use sverka::store::Generation;
use sverka::sync::event::{Notice, Outcome, Subject};
use sverka::sync::{Finished, SyncMode};

use crate::support::office::Office;
use crate::support::{Stopped, Witness, audited_figures, local_now, stored_figures, today};

/// The server's clock and this machine's, each off by so much.
fn set(office: &mut Office, ours: TimeDelta, server: TimeDelta) {
    office.now = Stopped.now() + ours;
    office.set_server(Stopped.now() + server);
}

fn generation(office: &Office) -> Generation {
    office.store.snapshot().unwrap().generation().unwrap().clone()
}

fn findings(office: &Office) -> Vec<Finding> {
    office.store.snapshot().unwrap().remarks().findings.clone()
}

/// Every row of the true window is there, and what is proven is what 1C has.
fn nothing_is_lost_or_wrong(office: &Office, case: &str) {
    let (published, books) = (office.published(), office.books());
    for (key, row) in office.rows_of(&books).sales {
        assert_eq!(published.sales.get(&key), Some(&row), "{case}");
    }
    let snapshot = office.store.snapshot().unwrap();
    let from = generation(office).window.from.unwrap();
    let audited = audited_figures(&books, from, local_now());
    let stored = stored_figures(&snapshot);
    for figures in snapshot.all_figures().unwrap() {
        let (card, figures) = figures.unwrap();
        let (own, theirs) = (stored[&card], audited[&card]);
        assert_eq!(figures.verdict != Verdict::Unverified, figures.control.turnover_all.is_some(), "{case}");
        let sums = (own.opening, own.purchases, own.last_record);
        assert_eq!(sums, (theirs.opening, theirs.purchases, theirs.last_record), "{case}");
        if figures.control.register_balance.is_some() {
            assert_eq!(own.balance, theirs.balance, "{case}: points shown as proven");
        }
    }
}

/// One clock is right, and nobody knows which.
#[tokio::test]
async fn k2_clocks_years_apart_lose_no_row_and_prove_nothing_wrong() {
    let (day, right) = (TimeDelta::days(1), TimeDelta::zero());
    for days in [2, 366, 3_650] {
        for (ours, server) in
            [(day * days, right), (-day * days, right), (right, day * days), (right, -day * days)]
        {
            let case = format!("ours {} days, the server's {} days off", ours.num_days(), server.num_days());
            let mut office = Office::open(30, 300, 1);
            office.config.points = PointsRule::RegisterBalance;
            office.sync().await;
            let before = office.published();
            set(&mut office, ours, server);
            for mode in [SyncMode::Delta, SyncMode::Full] {
                office.sync_as(mode).await;
                nothing_is_lost_or_wrong(&office, &case);
                assert!(
                    before.sales.iter().all(|(key, row)| office.published().sales.get(key) == Some(row)),
                    "{case}"
                );
                let told =
                    Finding::ClocksDiffer { ours: Stopped.now() + ours, server: Stopped.now() + server };
                let mut found = findings(&office);
                if let Some(Finding::ClocksDiffer { ours, server }) = found.first_mut() {
                    // The clocks were read some milliseconds later than they were set.
                    *ours = whole_minute(*ours);
                    *server = whole_minute(*server);
                }
                assert_eq!(found, [told], "{case}");
            }
        }
    }
}

fn whole_minute(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment
        - TimeDelta::seconds(moment.timestamp().rem_euclid(60))
        - TimeDelta::nanoseconds(moment.timestamp_subsec_nanos().into())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn k2_whichever_clock_is_wrong_by_whatever_nothing_is_lost(hours in -87_600_i64..87_600, is_ours: bool, is_delta: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut office = Office::open(20, 160, 2);
            office.config.points = PointsRule::RegisterBalance;
            office.sync().await;
            let off = TimeDelta::hours(hours);
            let (ours, server) = if is_ours { (off, TimeDelta::zero()) } else { (TimeDelta::zero(), off) };
            set(&mut office, ours, server);
            office.sync_as(if is_delta { SyncMode::Delta } else { SyncMode::Full }).await;
            // Within a day the server is believed, and its day is the window's.
            if hours.abs() > 24 || is_ours {
                nothing_is_lost_or_wrong(&office, &format!("{hours} hours, ours: {is_ours}"));
            }
        });
    }
}

#[tokio::test]
async fn k2_a_finding_stays_until_the_clocks_are_mended() {
    let mut office = Office::open(20, 160, 1);
    set(&mut office, TimeDelta::zero(), TimeDelta::days(730));
    let witness = Arc::new(Witness::default());
    let finished = office.watched(SyncMode::Full, witness.clone()).await;
    let [Finding::ClocksDiffer { .. }] = &finished.summary.findings[..] else {
        panic!("{:?}", finished.summary)
    };
    let is_told = |it: &&Notice| matches!(it, Notice::Found(Finding::ClocksDiffer { .. }));
    assert_eq!(witness.notices.lock().unwrap().iter().filter(is_told).count(), 1);
    let status = office.engine().status().await.unwrap();
    assert!(matches!(status.findings[..], [Finding::ClocksDiffer { .. }]));
    office.sync_as(SyncMode::Delta).await;
    assert_eq!(findings(&office).len(), 1, "still so");
    office.set_server(office.now);
    office.sync_as(SyncMode::Delta).await;
    assert_eq!(findings(&office), []);
}

/// A delta that gives way to a full sync reckons with the clocks twice.
#[tokio::test]
async fn k2_the_window_moves_once_however_often_the_clocks_are_looked_at() {
    let mut office = Office::open(20, 160, 1);
    set(&mut office, TimeDelta::zero(), TimeDelta::hours(-20));
    let Finished { summary, delta, .. } = office.watched(SyncMode::Delta, Arc::new(Witness::default())).await;
    assert_eq!((summary.outcome, delta), (Outcome::Published, None));
    let from = |office: &Office| generation(office).window.from.unwrap().date();
    assert_eq!(from(&office), today() - TimeDelta::days(366));
    // Now the window of the last generation begins later than that of the sync: everything is read after all.
    set(&mut office, TimeDelta::zero(), TimeDelta::hours(-23));
    office.now -= TimeDelta::days(1);
    office.set_server(office.now - TimeDelta::hours(20));
    let finished = office.watched(SyncMode::Delta, Arc::new(Witness::default())).await;
    assert_eq!((finished.summary.outcome, finished.delta), (Outcome::Published, None));
    assert_eq!(from(&office), today() - TimeDelta::days(367));
}

#[tokio::test]
async fn k2_a_date_that_is_none_or_old_changes_nothing() {
    let now = Stopped.now().to_rfc2822();
    let month_ago = (Stopped.now() - TimeDelta::days(30)).to_rfc2822();
    let month = (30 * 86_400).to_string();
    let never_set = "Thu, 01 Jan 1970 00:00:17 GMT";
    let cases: Vec<Vec<(&str, Option<&str>)>> = vec![
        vec![("yesterday", None)],
        vec![("", None)],
        vec![(never_set, None)],
        vec![("Wed, 04 Feb 99999 12:30:00 GMT", None)],
        vec![(&now, Some("-5")), (&now, Some("99999999999999999999")), (&now, Some("soon"))],
        vec![(&month_ago, Some(&month))],
        vec![(&month_ago, None), (&now, None)],
    ];
    for dates in cases {
        let office = Office::open(20, 160, 1);
        office.set_dates(dates.clone());
        office.sync().await;
        assert_eq!(findings(&office), [], "{dates:?}");
        assert_eq!(generation(&office).window, Window::ending(today(), 365), "{dates:?}");
        assert_eq!(office.published(), office.rows_of(&office.books()), "{dates:?}");
    }
}

/// The generation before was read by a clock that was far behind. What the window then leaves at a jump vanishes
/// like anything else: after a second look, and with a word.
#[tokio::test]
async fn r13_rows_lost_because_the_window_jumped_are_a_sudden_loss() {
    for behind in [200, 300] {
        let mut office = Office::open(60, 1_500, 3);
        set(&mut office, TimeDelta::zero(), -TimeDelta::days(behind));
        office.sync().await;
        let many = office.published().sales.len();
        set(&mut office, TimeDelta::zero(), TimeDelta::zero());
        let witness = Arc::new(Witness::default());
        let summary = office.watched_sync(witness.clone()).await.summary;
        assert_eq!(summary.outcome, Outcome::Published);
        let told = witness.notices.lock().unwrap();
        let losses = told.iter().filter_map(|notice| match notice {
            Notice::SuddenLoss(loss, _) => Some(loss),
            _ => None,
        });
        let purchases = losses.filter(|loss| loss.subject == Subject::Purchases).count();
        let lost = many - office.published().sales.len();
        assert_eq!(purchases > 0, lost * 5 >= many && lost >= 50, "{lost} of {many}");
        assert!(purchases > 0, "{behind}: the case needs a loss, {lost} of {many}");
        assert_eq!(office.published(), office.rows_of(&office.books()));
    }
}

/// A shop that went on selling while nobody synced: the window follows, and what it leaves is no loss.
#[tokio::test]
async fn r13_what_leaves_the_window_as_sales_go_on_is_no_loss() {
    let mut office = Office::open(60, 1_500, 3);
    let latest = office.books().sales().map(|sale| sale.row.period).max().unwrap();
    let pause = TimeDelta::days(200);
    set(&mut office, -pause, -pause);
    office.sync().await;
    let many = office.published().sales.len();
    let is_of_the_future = office.books().sales().any(|sale| sale.row.period > latest - pause);
    assert!(is_of_the_future, "the case needs later sales");
    set(&mut office, TimeDelta::zero(), TimeDelta::zero());
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert!(summary.removed * 5 >= many as u64, "the case needs a loss");
    let told = witness.notices.lock().unwrap();
    assert!(!told.iter().any(|notice| matches!(notice, Notice::SuddenLoss(..))));
    assert_eq!(findings(&office), []);
}

/// Two clocks that are wrong together agree with each other. The sales of 1C do not go along.
#[tokio::test]
async fn r13_two_clocks_wrong_together_are_found_out_by_the_sales() {
    for days in [200, 2 * 365] {
        let mut office = Office::open(60, 1_500, 3);
        office.sync().await;
        let ahead = TimeDelta::days(days);
        set(&mut office, ahead, ahead);
        let witness = Arc::new(Witness::default());
        let summary = office.watched_sync(witness.clone()).await.summary;
        assert_eq!(summary.outcome, Outcome::Published, "{days}");
        let is_of_purchases = |notice: &Notice| matches!(notice, Notice::SuddenLoss(loss, _) if loss.subject == Subject::Purchases);
        assert!(witness.notices.lock().unwrap().iter().any(is_of_purchases), "{days}");
        let is_told = |office: &Office| {
            findings(office).iter().any(|it| matches!(it, Finding::WindowJumped { lost, .. } if *lost > 0))
        };
        assert!(is_told(&office), "{days}");
        office.sync().await;
        assert!(is_told(&office), "{days}: as long as it is so");
        set(&mut office, TimeDelta::zero(), TimeDelta::zero());
        office.sync().await;
        assert_eq!(findings(&office), [], "{days}");
        assert_eq!(office.published(), office.rows_of(&office.books()), "{days}");
    }
}

#[tokio::test]
async fn k1_data_of_the_future_are_of_no_age_and_stale() {
    let mut office = Office::open(10, 60, 1);
    let far = TimeDelta::days(73 * 365);
    for (ahead, is_known) in [
        (TimeDelta::zero(), true),
        (TimeDelta::seconds(30), true),
        (TimeDelta::hours(1), false),
        (far, false),
    ] {
        office.now = Stopped.now() + ahead;
        office.sync().await;
        office.now = Stopped.now();
        let status = office.engine().status().await.unwrap();
        assert_eq!((status.age.is_some(), status.is_stale), (is_known, !is_known), "{ahead}");
        assert!(status.age.is_none_or(|age| age < Duration::from_secs(60)));
        let asked = office.watched(SyncMode::Delta, Arc::new(Witness::default())).await;
        let after = office.engine().status().await.unwrap();
        assert_eq!(
            (asked.summary.outcome, after.is_stale),
            (Outcome::Published, false),
            "{ahead}: read anew"
        );
    }
}

#[tokio::test]
async fn k1_an_attempt_of_the_future_is_not_gone_on_with() {
    let mut office = Office::open(60, 700, 1);
    office.now = Stopped.now() + TimeDelta::minutes(30);
    let cut = office.stopped_sync(40).await;
    assert_eq!(cut.summary.outcome, Outcome::Cancelled);
    office.now = Stopped.now();
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published);
    assert!(!witness.notices.lock().unwrap().iter().any(|it| matches!(it, Notice::GoingOn(_))));
}
