//! What other processes do to the store: the screen follows by itself.

use chrono::TimeDelta;

use super::super::fixture::{self, card, feed, is_asked, now, press, settle};
use super::super::journal::JournalLine;
use super::super::model::{Message, Passing};
use super::super::*;
use crate::domain::reconcile::TotalVariance;
use crate::domain::reconcile::latest::Reach;
use crate::domain::{Amount, Verdict};
use crate::engine::{ComparedAt, LastRun, OtherWriter, Pulse, RunOutcome};
use crate::sync::event::Outcome;

fn pulse(stored: u64) -> Pulse {
    Pulse { stored: Some(stored), ..Pulse::default() }
}

fn writer(command: &str) -> OtherWriter {
    OtherWriter { pid: 4_242, since: fixture::synced_at(), command: command.into(), progress: None }
}

fn syncing(stored: u64) -> Pulse {
    Pulse { writer: Some(writer("sverka sync")), ..pulse(stored) }
}

/// Something is seen of the store; what is asked then, but for the next look.
#[track_caller]
fn seen(model: &mut Model, pulse: Pulse) -> Vec<Effect> {
    let mut effects = fixture::end(model, TaskKind::Watch, Ok(Answer::Watched(pulse.clone())));
    assert!(is_asked(&effects, &Ask::Watch(Some(pulse))), "whoever watches goes on: {effects:?}");
    effects.retain(|effect| !matches!(effect, Effect::Ask(_, Ask::Watch(_))));
    effects
}

/// A dashboard over the shop that has looked at the store.
fn watching() -> Model {
    let mut model = fixture::loaded(140, 40);
    seen(&mut model, pulse(1));
    model
}

#[test]
fn whoever_starts_has_asked_for_all() {
    let mut model = fixture::fresh(140, 40);
    feed(&mut model, Event::Started);
    assert_eq!(seen(&mut model, pulse(1)), []);
    let mut model = fixture::fresh(140, 40);
    feed(&mut model, Event::Started);
    assert_eq!(seen(&mut model, syncing(1)), []);
    assert!(model.elsewhere.sync().is_some(), "and sees who syncs");
}

fn ran(outcome: RunOutcome, error: Option<&str>) -> LastRun {
    let error = error.map(str::to_owned);
    LastRun { started_at: fixture::synced_at(), outcome, error }
}

fn journal(model: &Model) -> Option<&JournalLine> {
    model.journal.newest_first().next().map(|entry| &entry.line)
}

#[test]
fn nothing_is_drawn_and_nothing_asked_while_nothing_happens() {
    let mut model = watching();
    let id = model.tasks.open(TaskKind::Watch);
    let same = Event::Answered(id, Ok(Answer::Watched(pulse(1))));
    assert_eq!(update(&mut model, now(), same), []);
}

#[test]
fn what_another_process_publishes_is_shown_by_itself() {
    let mut model = watching();
    let failed = Err(Failure { kind: FailureKind::Passing, ..fixture::failure() });
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, failed);
    assert!(model.sync.last.is_some() && model.sync.retry_at.is_some());
    let effects = seen(&mut model, syncing(1));
    assert_eq!(effects, []);
    assert_eq!(journal(&model), Some(&JournalLine::SyncElsewhere));
    assert!(model.elsewhere.sync().is_some());

    assert!(is_asked(&seen(&mut model, syncing(2)), &Ask::Status));
    let published = StoreStatus { generation: Some(8), cards: 309, variances: 2, ..fixture::status() };
    let effects = fixture::standing(&mut model, published);
    let asks = |wanted: fn(&Ask) -> bool| {
        effects.iter().any(|effect| matches!(effect, Effect::Ask(_, ask) if wanted(ask)))
    };
    assert!(asks(|ask| matches!(ask, Ask::Search(_))) && asks(|ask| matches!(ask, Ask::Open(_))));
    assert!(asks(|ask| *ask == Ask::Verify));
    assert_eq!(journal(&model), Some(&JournalLine::PublishedElsewhere(309, 2)));
    assert_eq!(model.message, Some(Message::Passing(Passing::PublishedElsewhere(309, 2))));
    assert!(model.sync.last.is_none() && model.sync.retry_at.is_none(), "what failed before is over");

    seen(&mut model, pulse(3));
    assert!(model.elsewhere.sync().is_none());
}

#[test]
fn what_this_process_published_is_not_told_twice() {
    let mut model = watching();
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    let published = StoreStatus { generation: Some(8), ..fixture::status() };
    let effects = fixture::standing(&mut model, published);
    assert_eq!(fixture::only_asks(&effects), [Ask::Verify]);
}

#[test]
fn a_sync_of_another_process_that_fails_or_is_stopped_is_told() {
    let failed = Some("onec-unauthorized");
    for (run, told) in [
        (Some(ran(RunOutcome::Failed, failed)), Some(Passing::FailedElsewhere("onec-unauthorized".into()))),
        (Some(ran(RunOutcome::Cancelled, None)), Some(Passing::CancelledElsewhere)),
        (None, None),
    ] {
        let mut model = watching();
        seen(&mut model, syncing(1));
        assert!(is_asked(&seen(&mut model, pulse(2)), &Ask::Status));
        fixture::standing(&mut model, StoreStatus { last_run: run, ..fixture::status() });
        assert_eq!(model.message, told.map(Message::Passing));
    }
}

#[test]
fn a_sync_is_not_begun_while_another_process_syncs_and_that_is_no_failure() {
    let mut model = watching();
    seen(&mut model, syncing(1));
    let effects = press(&mut model, Code::F(5));
    assert!(!is_asked(&effects, &Ask::Sync), "{effects:?}");
    assert_eq!(model.message, Some(Message::Passing(Passing::SyncElsewhere)));

    // Both began at once.
    let mut model = watching();
    press(&mut model, Code::F(5));
    let held = Failure { kind: FailureKind::Elsewhere, ..fixture::failure() };
    fixture::synced(&mut model, Err(held));
    assert_eq!(model.message, Some(Message::Passing(Passing::SyncElsewhere)));
    assert!(!model.sync.is_running() && model.sync.last.is_none());
    assert_eq!(model.journal.unseen_errors(), 0);
}

#[test]
fn whoever_looks_after_the_store_does_not_sync() {
    for (command, is_sync) in
        [("sverka sync", true), ("sverka", true), ("", true), ("sverka store compact", false)]
    {
        assert_eq!(writer(command).is_sync(), is_sync, "{command}");
    }
}

#[test]
fn what_another_process_compared_is_asked_for() {
    let mut model = watching();
    let effects = seen(&mut model, Pulse { checked: Some(1), ..pulse(1) });
    let opened = model.detail.card().unwrap();
    assert!(is_asked(&effects, &Ask::Status) && is_asked(&effects, &Ask::Open(opened)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Ask(_, Ask::Search(_)))));
}

#[test]
fn a_check_is_shown_in_the_list_and_the_counts_at_once() {
    let mut model = watching();
    press(&mut model, Code::F(4));
    let mut live = fixture::live(card(1));
    live.comparison.verdict = Verdict::Variance;
    live.comparison.total.stored = live.comparison.total.onec.map(|sum| sum - fixture::roubles(310));
    let effects = fixture::end(&mut model, TaskKind::Check, Ok(Answer::Checked(Box::new(live))));
    let row = model.search.row(0).unwrap();
    assert_eq!(
        (row.verdict, row.variance),
        (Verdict::Variance, Some(TotalVariance::without_earlier(Amount::from_units(-31_000))))
    );
    assert!(is_asked(&effects, &Ask::Status), "the header's counts");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Ask(_, Ask::Search(_)))),
        "filter and order"
    );
}

/// A row that was compared by somebody else since keeps what that found.
#[test]
fn an_older_check_of_this_process_marks_nothing() {
    let mut model = watching();
    press(&mut model, Code::F(4));
    fixture::end(&mut model, TaskKind::Check, Ok(Answer::Checked(Box::new(fixture::live(card(1))))));
    let newer = ComparedAt { at: now().to_utc() + TimeDelta::minutes(1), reach: Reach::Rows };
    let mut reply = fixture::reply(&Request::default());
    reply.rows[0].verdict = Verdict::Variance;
    reply.rows[0].compared = Some(newer);
    fixture::end(&mut model, TaskKind::Search, Ok(Answer::Found(reply)));
    assert_eq!(model.search.row(0).unwrap().verdict, Verdict::Variance);
}

#[test]
fn ticks_come_by_the_second_while_another_process_syncs() {
    let mut model = watching();
    let idle = model.tick();
    seen(&mut model, syncing(1));
    assert!(model.tick() < idle);
    let effects = seen(&mut model, pulse(1));
    settle(&mut model, effects);
    assert_eq!(model.tick(), idle);
    feed(&mut model, Event::Ticked);
}

/// The base may be compared with what another process published before that is noticed here.
#[test]
fn what_was_compared_since_a_publication_is_not_outdated_by_hearing_of_it() {
    for (later, is_outdated) in [(0, false), (60, true)] {
        let mut model = watching();
        let effects = press(&mut model, Code::F(12));
        settle(&mut model, effects);
        press(&mut model, Code::Enter);
        let base = Box::new(fixture::reconciled());
        let synced_at = base.terms.synced_at.map(|at| at + TimeDelta::seconds(later));
        fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(base)));
        fixture::standing(&mut model, StoreStatus { generation: Some(8), synced_at, ..fixture::status() });
        let found = model.screens.reconciliation.found().expect("a base");
        assert_eq!(found.is_outdated, is_outdated, "read {later} s later");
    }
}

#[test]
fn a_change_of_the_settings_is_said_and_kept_and_the_file_watched_on() {
    let mut model = fixture::loaded(80, 24);
    let words = "Файл настроек изменился: sync.days.".to_owned();
    let effects = fixture::end(&mut model, TaskKind::WatchSettings, Ok(Answer::Told(words.clone())));
    assert!(is_asked(&effects, &Ask::WatchSettings));
    assert_eq!(model.message, Some(Message::Passing(Passing::Settings(words.clone()))));
    assert!(model.journal.newest_first().any(|entry| entry.line == JournalLine::Warned(words.clone())));
}
