//! The engine of the store, as a dashboard that is attached follows it.

use std::time::Duration;

use super::super::fixture::{self, alt, feed, is_asked, now, press, settle, told};
use super::super::house::{Attachment, HouseNews, UnderWay};
use super::super::journal::JournalLine;
use super::super::overlay::{Overlay, Question};
use super::super::sync::State;
use super::super::*;
use super::timer;
use crate::sync::event::Outcome;

fn attached(number: u64, sync: Option<u64>) -> TaskReport {
    let viewers = vec!["anna@pts/1".to_owned(), "ivan@pts/4".to_owned()];
    let sync = sync.map(|id| UnderWay { id, started_at: fixture::synced_at() });
    TaskReport::House(HouseNews::Attached(Attachment { number, viewers, sync, next_sync_at: None }))
}

fn lost(seconds: u64) -> TaskReport {
    TaskReport::House(HouseNews::Lost("Движок не отвечает.".to_owned(), Duration::from_secs(seconds)))
}

fn follower() -> Model {
    let mut model = fixture::loaded(140, 40);
    assert_eq!(told(&mut model, attached(1, None)), []);
    model
}

#[test]
fn a_sync_that_somebody_else_began_is_followed_and_told_like_any() {
    let mut model = follower();
    let effects = told(&mut model, attached(1, Some(7)));
    assert!(is_asked(&effects, &Ask::Follow(7)), "{effects:?}");
    assert_eq!(model.sync.state, State::Running);
    assert_eq!(model.sync.started_at, Some(fixture::synced_at().with_timezone(&now().timezone())));
    assert_eq!(told(&mut model, attached(1, Some(7))), [], "once");
    // It is stopped as one's own is.
    press(&mut model, Code::F(5));
    assert_eq!(model.overlay, Some(Overlay::Ask(Question::CancelSync)));
    let id = model.tasks.of(TaskKind::Sync).expect("it is followed");
    assert!(press(&mut model, Code::Char('y')).contains(&Effect::Cancel(id)));
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    settle(&mut model, effects);
    assert_eq!(model.sync.state, State::Idle);
}

#[test]
fn who_leaves_an_engine_that_syncs_is_asked_nothing() {
    let mut model = follower();
    told(&mut model, attached(1, Some(7)));
    assert_eq!(press(&mut model, Code::F(10)), [Effect::Quit]);
    let mut alone = fixture::loaded(140, 40);
    press(&mut alone, Code::F(5));
    assert_eq!(press(&mut alone, Code::F(10)), []);
    assert_eq!(alone.overlay, Some(Overlay::Ask(Question::Quit)));
}

#[test]
fn an_engine_has_the_schedule_and_whoever_began_a_sync_its_next_try() {
    let mut model = fixture::fresh(140, 40);
    model.settings.every = Some(Duration::from_secs(60));
    let planned = timer(&feed(&mut model, Event::Started));
    assert_eq!(told(&mut model, attached(1, None)), []);
    assert_eq!(feed(&mut model, Event::Waited(planned)), []);
    let unreachable = Failure { kind: FailureKind::Passing, ..fixture::failure() };
    told(&mut model, attached(1, Some(7)));
    fixture::synced(&mut model, Err(unreachable.clone()));
    assert_eq!(model.sync.retry_at, None, "who only followed it");
    press(&mut model, Code::F(5));
    let effects = fixture::synced(&mut model, Err(unreachable));
    assert!(model.sync.retry_at.is_some());
    assert!(is_asked(&feed(&mut model, Event::Waited(timer(&effects))), &Ask::Sync));
}

#[test]
fn a_lost_engine_is_told_once_and_all_is_read_again_when_it_is_back() {
    let mut model = follower();
    assert_eq!(alt(&mut model, 'g'), [], "it is there");
    assert_eq!(told(&mut model, lost(1)), []);
    let lines = |model: &Model| model.journal.newest_first().count();
    let before = lines(&model);
    assert_eq!(told(&mut model, lost(2)), []);
    assert_eq!(lines(&model), before);
    assert_eq!(model.house.lost_at(), Some(now()));
    assert_eq!(model.tick(), Duration::from_secs(1), "its time runs");
    assert!(is_asked(&alt(&mut model, 'g'), &Ask::Engine));
    let effects = told(&mut model, attached(2, None));
    assert!(is_asked(&effects, &Ask::Status), "{effects:?}");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Ask(_, Ask::Search(_)))), "{effects:?}");
    assert_eq!((model.house.lost_at(), model.house.viewers().len()), (None, 2));
    let latest = model.journal.newest_first().next().map(|entry| &entry.line);
    assert_eq!(latest, Some(&JournalLine::EngineBack));
    // It may have been gone in between without a word.
    assert!(is_asked(&told(&mut model, attached(3, None)), &Ask::Status));
}

#[test]
fn one_that_is_not_asked_is_told_of() {
    for news in [HouseNews::Other("Версия 9".to_owned()), HouseNews::Alone(Some("Версия 9".to_owned()))]
    {
        let mut model = fixture::loaded(140, 40);
        let is_other = matches!(news, HouseNews::Other(_));
        told(&mut model, TaskReport::House(news));
        let latest = model.journal.newest_first().next().map(|entry| &entry.line);
        assert_eq!(latest, Some(&JournalLine::Warned("Версия 9".to_owned())));
        assert_eq!(model.message.is_some(), is_other, "what needs nobody is said quietly");
        assert!(!model.house.is_attached() && model.house.is_wanting());
    }
}

#[test]
fn who_worked_alone_and_is_attached_later_is_told_and_reads_all_again() {
    let other = || HouseNews::Other("Версия 9".to_owned());
    for before in [None, Some(HouseNews::Alone(Some("Не удалось".to_owned()))), Some(other())] {
        let mut model = fixture::loaded(140, 40);
        if let Some(news) = before {
            drop(told(&mut model, TaskReport::House(news)));
        }
        let effects = told(&mut model, attached(2, Some(7)));
        assert!(is_asked(&effects, &Ask::Status) && is_asked(&effects, &Ask::Follow(7)), "{effects:?}");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Ask(_, Ask::Search(_)))), "{effects:?}");
        let lines: Vec<_> = model.journal.newest_first().map(|entry| entry.line.clone()).collect();
        assert!(lines.contains(&JournalLine::EngineCame), "{lines:?}");
        assert!(model.house.is_attached());
    }
    let mut at_once = fixture::loaded(140, 40);
    assert_eq!(told(&mut at_once, attached(1, None)), [], "who found it as it began hears nothing");
}
