//! Tasks of every kind: each answered once, under its number; what is late is dropped, what broke off leaves nobody
//! waiting.

use super::super::fixture::{self, alt, feed, now, press, settle};
use super::super::journal::JournalLine;
use super::super::*;
use super::timer;
use crate::domain::Figure;
use crate::sync::event::Outcome;

/// The form, filled in.
fn first_run() -> Model {
    let mut model = fixture::with_form(80, 24);
    for text in ["http://1c/odata/standard.odata", "anna", "tiger-42"] {
        feed(&mut model, Event::Pasted(text.to_owned()));
        press(&mut model, Code::Tab);
    }
    model
}

fn pressed(model: &mut Model, codes: &[Code]) {
    for code in codes {
        let effects = press(model, *code);
        settle(model, effects);
    }
}

/// A dashboard in which the next step of [`ask`] asks a question of this kind.
fn ready(kind: TaskKind) -> Model {
    let mut model = match kind {
        TaskKind::SetUp => return first_run(),
        TaskKind::Status | TaskKind::Watch | TaskKind::WatchSettings | TaskKind::Verify => {
            return fixture::fresh(80, 24);
        }
        _ => fixture::loaded(80, 24),
    };
    match kind {
        TaskKind::Fields => pressed(&mut model, &[Code::Enter, Code::F(7), Code::F(7), Code::F(7)]),
        TaskKind::RawAnswer => {
            pressed(&mut model, &[Code::Enter, Code::F(7), Code::F(7), Code::F(7), Code::Enter]);
        }
        TaskKind::Copy => pressed(&mut model, &[Code::Enter]),
        TaskKind::Reconcile => pressed(&mut model, &[Code::F(12)]),
        TaskKind::List | TaskKind::Export => pressed(&mut model, &[Code::F(12), Code::Enter]),
        _ => {}
    }
    model
}

/// Asks it, as a user or the clock would; the `times`th time of its dashboard.
fn ask(model: &mut Model, kind: TaskKind, times: u64) -> TaskId {
    match kind {
        TaskKind::Search => drop(feed(model, Event::Pasted(format!("анна {times}")))),
        TaskKind::Open => {
            let rested = timer(&press(model, Code::Down));
            feed(model, Event::Waited(rested));
        }
        TaskKind::Check => drop(press(model, Code::F(4))),
        TaskKind::DocumentTypes => {
            press(model, Code::Esc);
            alt(model, 'v');
        }
        TaskKind::RawAnswer => drop(alt(model, 'a')),
        TaskKind::Portal => drop(press(model, Code::F(9))),
        TaskKind::Fields | TaskKind::Reconcile | TaskKind::SetUp => drop(press(model, Code::Enter)),
        TaskKind::List => drop(press(model, Code::Char('f'))),
        TaskKind::Export => {
            press(model, Code::Char('Y'));
            press(model, Code::Enter);
        }
        TaskKind::Copy => drop(alt(model, 'y')),
        TaskKind::Sync => drop(press(model, Code::F(5))),
        TaskKind::Status | TaskKind::WatchSettings => drop(feed(model, Event::Started)),
        TaskKind::Verify => {
            let status = StoreStatus { generation: Some(times), ..fixture::status() };
            fixture::standing(model, status);
        }
        TaskKind::Watch => {
            let pulse = crate::engine::Pulse { stored: Some(times), ..Default::default() };
            fixture::end(model, kind, Ok(Answer::Watched(pulse)));
        }
        TaskKind::Engine => {
            let gone = super::super::house::HouseNews::Lost(
                "Служба не отвечает.".to_owned(),
                std::time::Duration::ZERO,
            );
            drop(model.house.take(gone, now()));
            drop(alt(model, 'g'));
        }
        // Asked by the runtime, when the dashboard is left.
        TaskKind::Keep => _ = model.tasks.open(kind),
    }
    model.tasks.of(kind).unwrap_or_else(|| panic!("{kind:?} was not asked"))
}

/// All that could come under a number.
fn ends(kind: TaskKind) -> [Result<Answer, Failure>; 3] {
    [Ok(fixture::answer(&fixture::ask(kind))), Err(fixture::failure()), Err(Failure::crashed(None))]
}

#[track_caller]
fn assert_dropped(model: &mut Model, id: TaskId, kind: TaskKind) {
    let before = format!("{model:?}");
    for result in ends(kind) {
        assert_eq!(update(model, now(), Event::Answered(id, result)), [], "{kind:?}");
    }
    for report in [TaskReport::Export(7), TaskReport::Notice(fixture::notices().swap_remove(0))] {
        assert_eq!(update(model, now(), Event::Reported(id, report)), [], "{kind:?}");
    }
    assert_eq!(format!("{model:?}"), before, "{kind:?}");
}

#[test]
fn every_kind_of_task_is_answered_once_and_whatever_comes_later_is_dropped() {
    for kind in TaskKind::ALL {
        for result in ends(kind) {
            let mut model = ready(kind);
            assert_dropped(&mut model, TaskId(9_999), kind);
            let id = ask(&mut model, kind, 1);
            let effects = update(&mut model, now(), Event::Answered(id, result.clone()));
            assert!(!effects.is_empty(), "{kind:?} is waited for");
            assert_ne!(model.tasks.of(kind), Some(id), "{kind:?} {result:?}");
            assert_dropped(&mut model, id, kind);
        }
    }
}

#[test]
fn a_task_that_another_of_its_kind_overtook_is_dropped() {
    for kind in TaskKind::ALL {
        let mut model = ready(kind);
        let overtaken = ask(&mut model, kind, 1);
        let latest = model.tasks.open(kind);
        assert!(latest > overtaken);
        if kind == TaskKind::Copy {
            let result = Ok(fixture::answer(&fixture::ask(kind)));
            assert_ne!(
                update(&mut model, now(), Event::Answered(overtaken, result)),
                [],
                "each copy is told"
            );
        }
        assert_dropped(&mut model, overtaken, kind);
        assert_eq!(model.tasks.of(kind), Some(latest));
    }
}

#[test]
fn p12_i22_a_task_of_any_kind_that_breaks_off_is_told_and_may_be_asked_again() {
    for kind in TaskKind::ALL {
        let mut model = ready(kind);
        let id = ask(&mut model, kind, 1);
        let place = Some("engine.rs:7".to_owned());
        feed(&mut model, Event::Answered(id, Err(Failure::crashed(place.clone()))));
        let lines: Vec<_> = model.journal.newest_first().map(|entry| entry.line.clone()).collect();
        assert!(lines.contains(&JournalLine::Crashed(kind, place)), "{kind:?}: {lines:?}");
        assert_eq!(model.tasks.of(kind), None, "{kind:?}");
        assert!(
            !model.sync.is_running() && !model.screens.reconciliation.is_busy() && !model.detail.is_asking(),
            "{kind:?}"
        );
        let again = ask(&mut model, kind, 2);
        let answer = Ok(fixture::answer(&fixture::ask(kind)));
        assert_ne!(update(&mut model, now(), Event::Answered(again, answer)), [], "{kind:?}");
        let crashes =
            model.journal.newest_first().filter(|entry| matches!(entry.line, JournalLine::Crashed(..)));
        assert_eq!(crashes.count(), 1, "{kind:?}");
    }
}

#[test]
fn the_answer_to_another_question_is_none() {
    for kind in TaskKind::ALL {
        for other in TaskKind::ALL {
            let answer = fixture::answer(&fixture::ask(other));
            if answer == fixture::answer(&fixture::ask(kind)) {
                continue;
            }
            let mut model = ready(kind);
            let id = ask(&mut model, kind, 1);
            feed(&mut model, Event::Answered(id, Ok(answer)));
            let lines: Vec<_> = model.journal.newest_first().map(|entry| entry.line.clone()).collect();
            assert!(lines.contains(&JournalLine::Crashed(kind, None)), "{kind:?} answered as {other:?}");
        }
    }
}

/// They will cross a process border.
#[test]
fn what_is_asked_and_answered_is_plain_values() {
    for kind in TaskKind::ALL {
        let (id, ask) = fixture::carried(&(TaskId(1), fixture::ask(kind)));
        assert_eq!((id, ask.kind()), (TaskId(1), kind));
        let answer: Result<Answer, Failure> = Ok(fixture::answer(&ask));
        assert!(fixture::carried(&answer).is_ok());
    }
    assert!(fixture::carried(&Err::<Answer, _>(fixture::failure())).is_err());
    let mut reports: Vec<_> = fixture::notices().into_iter().map(TaskReport::Notice).collect();
    reports.push(TaskReport::Sync(Box::new(fixture::progress())));
    assert_eq!(fixture::carried(&reports), reports);
    let mut opened = fixture::detail(fixture::card(1));
    opened.comparison.city = Figure { onec: Some(None), stored: None };
    assert_eq!(fixture::carried(&opened), opened);
}

#[test]
fn the_end_of_a_long_sync_calls_for_whoever_looks_elsewhere() {
    for (minutes, calls) in [(0, false), (2, true)] {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::F(5));
        let later = fixture::now() + chrono::TimeDelta::minutes(minutes);
        let id = model.tasks.of(TaskKind::Sync).expect("a sync");
        let ended = Answer::Synced(Box::new(fixture::summary(Outcome::Published)));
        let effects = update(&mut model, later, Event::Answered(id, Ok(ended)));
        assert_eq!(effects.contains(&Effect::Call), calls, "{minutes} min");
    }
}
