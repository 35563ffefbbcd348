mod base;
mod elsewhere;
mod footer;
mod haste;
mod house;
mod journal_lines;
mod owner_cards;
mod pages;
mod support;
mod tasks;
mod views;

use std::time::Duration;

use proptest::prelude::*;
use ratatui::layout::Size;

use super::detail::{CheckState, CheckedFor, Content, Section};
use super::fixture::{self, alt, card, feed, is_asked, now, only_asks, press, settle};
use super::journal::{self, CAPACITY, Grade};
use super::key::Mods;
use super::model::{Message, Passing};
use super::*;
use crate::domain::Verdict;
use crate::sync::event::{Notice, Outcome, Progress, Stage, StageState};

fn typed(model: &mut Model, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|c| press(model, Code::Char(c))).collect()
}

fn searches(effects: &[Effect]) -> Vec<&str> {
    let mut queries = Vec::new();
    for effect in effects {
        if let Effect::Ask(_, Ask::Search(request)) = effect {
            queries.push(request.query.as_str());
        }
    }
    queries
}

fn timer(effects: &[Effect]) -> Timer {
    let timer = |effect: &Effect| match effect {
        Effect::Wait(timer, _) => Some(*timer),
        _ => None,
    };
    effects.iter().rev().find_map(timer).expect("a timer")
}

// Starting.

#[test]
fn d6_what_a_sync_published_is_read_again_once_and_damage_stays_said() {
    let mut model = fixture::fresh(80, 24);
    let status = |id| StoreStatus { generation: Some(id), ..fixture::status() };
    assert_eq!(fixture::standing(&mut model, StoreStatus { generation: None, ..status(1) }), []);
    assert!(is_asked(&fixture::standing(&mut model, status(1)), &Ask::Verify));
    assert_eq!(fixture::standing(&mut model, StoreStatus { cards: 7, ..status(1) }), []);
    let damage = Failure { kind: FailureKind::Damage, code: "store-damaged".into(), ..fixture::failure() };
    fixture::end(&mut model, TaskKind::Verify, Err(damage.clone()));
    assert!(model.is_store_damaged);
    assert_eq!(model.message, Some(Message::Failed(damage)));
    assert!(is_asked(&fixture::standing(&mut model, status(2)), &Ask::Verify));
    assert!(model.is_store_damaged, "until it was read again");
    fixture::end(&mut model, TaskKind::Verify, Err(fixture::failure()));
    assert!(!model.is_store_damaged, "a disk that could not be read is another thing");
}

#[test]
fn the_start_asks_for_status_and_everybody() {
    let mut model = fixture::fresh(80, 24);
    let effects = feed(&mut model, Event::Started);
    let part = ListPart { from: 0, limit: 200, around: None };
    let everybody = Request { part, ..Request::default() };
    assert_eq!(
        only_asks(&effects),
        [Ask::Status, Ask::Watch(None), Ask::WatchSettings, Ask::Search(everybody)]
    );
    assert_eq!(model.focus, Focus::Search);
}

#[test]
fn the_demo_starts_to_sync_by_itself() {
    let mut model = fixture::fresh(80, 24);
    model.settings.first_sync = FirstSync::Begun;
    assert!(is_asked(&feed(&mut model, Event::Started), &Ask::Sync));
}

#[test]
fn k3_a_sync_by_the_clock_follows_the_start_and_every_end() {
    let mut model = fixture::fresh(80, 24);
    let every = Duration::from_secs(14_400);
    model.settings.every = Some(every);
    let first = timer(&feed(&mut model, Event::Started));
    assert!(is_asked(&feed(&mut model, Event::Waited(first)), &Ask::Sync));
    let rights = Failure { kind: FailureKind::Told, code: "onec-rights".to_owned(), ..fixture::failure() };
    let effects = fixture::synced(&mut model, Err(rights));
    let second = effects.iter().find(|effect| matches!(effect, Effect::Wait(Timer::Sync(_), _)));
    assert!(second.is_some_and(|effect| matches!(effect, Effect::Wait(_, time) if *time == every)));
    assert_eq!(feed(&mut model, Event::Waited(first)), [], "the timer before was overtaken");
}

#[test]
fn while_1c_cannot_be_reached_it_is_tried_again_ever_more_seldom() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    let mut pauses = Vec::new();
    for _ in 0..6 {
        let effects = fixture::synced(&mut model, Err(fixture::failure()));
        let wait = effects.iter().find_map(|effect| match effect {
            Effect::Wait(timer @ Timer::Sync(_), pause) => Some((*timer, *pause)),
            _ => None,
        });
        let (timer, pause) = wait.expect("a next try");
        pauses.push(pause.as_secs());
        assert!(is_asked(&feed(&mut model, Event::Waited(timer)), &Ask::Sync));
    }
    assert_eq!(pauses, [30, 60, 120, 300, 300, 300]);
    assert_eq!(model.sync.offline_since, Some(now()));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert_eq!((model.sync.offline_since, model.sync.failures), (None, 0));
}

#[test]
fn a_planned_try_is_given_up_without_a_question() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    let planned = timer(&fixture::synced(&mut model, Err(fixture::failure())));
    press(&mut model, Code::Tab);
    alt(&mut model, 'x');
    assert!(model.is_uncovered());
    assert_eq!(model.sync.retry_at, None);
    assert_eq!(feed(&mut model, Event::Waited(planned)), []);
}

#[test]
fn running_numbers_move_once_a_second_and_the_speed_with_them() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    let mut shown = Vec::new();
    for tenths in 0..=40_u64 {
        let elapsed = Duration::from_millis(tenths * 100);
        let pace = Some(crate::sync::event::ReadingPace::steady(500, elapsed));
        let mut progress = Progress { elapsed, pace, ..Progress::default() };
        progress.stages[Stage::Cards as usize].done = tenths * 50;
        fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
        shown.push(model.sync.progress.of(Stage::Cards).done);
    }
    shown.dedup();
    assert_eq!(shown, [0, 500, 1_000, 1_500, 2_000]);
    assert_eq!(model.sync.speeds.over_run(40), [500, 500, 500, 500]);
}

#[test]
fn what_is_news_is_shown_at_once() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::retrying())));
    assert!(model.sync.progress.last_repeat.is_some());
    assert_eq!(model.sync.progress.of(Stage::Purchases).state, StageState::Retrying);
}

/// 1C says nothing: the clock goes on, the next try comes nearer, and what was foretold loses its ground.
#[test]
fn time_goes_by_while_nothing_is_told() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    let told = model.sync.progress.clone();
    assert!(told.left().is_some());
    for seconds in [1, 5, 60] {
        update(&mut model, now() + chrono::TimeDelta::seconds(seconds), Event::Ticked);
        let passed = Duration::from_secs(seconds.unsigned_abs());
        assert_eq!(model.sync.progress.elapsed, told.elapsed + passed);
        assert_eq!(
            model.sync.progress.of(Stage::Purchases).elapsed,
            told.of(Stage::Purchases).elapsed + passed
        );
    }
    assert_eq!((model.sync.progress.left(), model.sync.progress.rate()), (None, 0));
}

#[test]
fn a_sync_that_was_stopped_is_paused_and_not_failed() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Cancelled)));
    assert_eq!(model.sync.progress.of(Stage::Purchases).state, StageState::Paused);
    assert!(model.sync.is_paused());
    press(&mut model, Code::F(5));
    assert!(!model.sync.is_paused());
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Failed)));
    assert_eq!(model.sync.progress.of(Stage::Purchases).state, StageState::Failed);
    assert!(!model.sync.is_paused());
}

#[test]
fn a_first_sync_has_the_screen_until_there_is_somebody_to_list() {
    let mut model = fixture::empty(80, 24);
    assert!(!model.is_first_sync(), "none was begun");
    press(&mut model, Code::F(5));
    assert!(model.is_first_sync());
    let layout = Layout::of(&model);
    assert_eq!((layout.stages.height, layout.results.height, layout.search.height), (22, 0, 0));
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Cancelled)));
    assert!(model.is_first_sync(), "it is gone on with from here");
    settle(&mut model, effects);
    assert!(!model.is_first_sync());
    assert!(Layout::of(&model).results.height > 0);
}

// The mouse.

fn pointed(x: u16, y: u16, act: Point) -> Event {
    Event::Pointed(Pointer { at: ratatui::layout::Position { x, y }, act })
}

#[test]
fn the_mouse_is_off_until_it_is_asked_for() {
    let mut model = fixture::loaded(80, 24);
    assert!(!model.looks.has_mouse);
    press(&mut model, Code::Tab);
    assert!(alt(&mut model, 'ь').contains(&Effect::Mouse(true)));
    assert!(alt(&mut model, 'm').contains(&Effect::Mouse(false)));
}

#[test]
fn a_click_selects_and_the_wheel_moves_what_is_under_it() {
    let mut model = fixture::loaded(80, 24);
    let inside = Layout::of(&model).inside(Layout::of(&model).results);
    feed(&mut model, pointed(inside.x + 4, inside.y + 3, Point::Click));
    assert_eq!((model.search.index(), model.focus), (2, Focus::Results));
    feed(&mut model, pointed(inside.x + 4, inside.y + 3, Point::WheelDown));
    assert_eq!(model.search.index(), 5);
    feed(&mut model, pointed(inside.x + 4, inside.bottom() - 1, Point::Click));
    assert_eq!(model.search.index(), 5, "nobody is there");
    let detail = Layout::of(&model).detail;
    feed(&mut model, pointed(detail.x + 2, detail.y + 2, Point::Click));
    assert_eq!(model.focus, Focus::Detail);
}

// The first run.

fn form() -> Model {
    fixture::with_form(80, 24)
}

/// What the form would have tried.
fn tried(effects: &[Effect]) -> SetUpWish {
    match &only_asks(effects)[..] {
        [Ask::SetUp(wish)] => wish.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn before_there_are_settings_only_the_form_and_the_ways_out_act() {
    let mut model = form();
    assert_eq!(feed(&mut model, Event::Started), [], "there is nobody to ask");
    for code in [Code::F(1), Code::F(5), Code::F(12), Code::PageUp] {
        assert_eq!(press(&mut model, code), [], "{code:?}");
    }
    assert!(model.overlay.is_none() && model.screens.shown() == Screen::Customers);
    assert_eq!(press(&mut model, Code::F(7)), [Effect::Demo]);
    for code in [Code::Esc, Code::F(8), Code::F(10)] {
        assert_eq!(press(&mut model, code), [Effect::Quit], "{code:?}");
    }
}

#[test]
fn what_is_typed_into_the_form_goes_to_its_fields_and_is_tried_once_all_are_filled() {
    let mut model = form();
    typed(&mut model, "http://1c/б/odata/standard.odata");
    assert_eq!(only_asks(&press(&mut model, Code::Enter)), [], "the login is empty");
    typed(&mut model, "qdi1:");
    press(&mut model, Code::Tab);
    feed(&mut model, Event::Pasted(" tiger\n42 ".to_owned()));
    press(&mut model, Code::Tab);
    press(&mut model, Code::Up);
    press(&mut model, Code::Backspace);
    typed(&mut model, "й");
    let wish = tried(&press(&mut model, Code::Enter));
    assert_eq!((wish.url.as_str(), wish.user.as_str()), ("http://1c/б/odata/standard.odata", "qdi1:"));
    assert_eq!(wish.password.expose(), "tiger 4й");
    assert_eq!(only_asks(&press(&mut model, Code::Enter)), [], "it is under way");
    assert_eq!(typed(&mut model, "x"), [], "and what is tried stays as it is");
    assert_eq!(model.search.input().value(), "");
    for shown in [format!("{model:?}"), format!("{wish:?}")] {
        assert!(!shown.contains("tiger"), "{shown}");
    }
}

#[test]
fn a_trial_that_fails_leaves_the_form_to_be_mended_and_one_that_does_not_begins_anew() {
    let mut model = form();
    typed(&mut model, "http://1c/odata/standard.odata\u{0}");
    for text in ["anna", "tiger"] {
        press(&mut model, Code::Down);
        typed(&mut model, text);
    }
    tried(&press(&mut model, Code::Enter));
    fixture::end(&mut model, TaskKind::SetUp, Err(fixture::failure()));
    let of = |model: &Model| model.first_run.as_ref().and_then(FirstRun::form).expect("a form").clone();
    assert_eq!(of(&model).failed(), Some(&fixture::failure()));
    typed(&mut model, "-42");
    assert_eq!(tried(&press(&mut model, Code::Enter)).password.expose(), "tiger-42");
    assert_eq!(of(&model).failed(), None);
    let cancelled = press(&mut model, Code::Esc);
    assert!(matches!(cancelled[..], [Effect::Cancel(_)]), "{cancelled:?}");
    tried(&press(&mut model, Code::Enter));
    assert_eq!(fixture::end(&mut model, TaskKind::SetUp, Ok(Answer::Done)), [Effect::BeginAnew]);
}

#[test]
fn a_password_of_the_environment_needs_none_in_the_form() {
    let known = set_up::SetUpForm::knowing("http://1c/odata/standard.odata", "", true);
    assert_eq!(known.at(), set_up::FormField::User);
    let step = first_run::Step::Form(Box::new(known));
    let first_run = FirstRun { missing: "onec.user".to_owned(), path: "config.toml".to_owned(), step };
    let mut model = Model { first_run: Some(first_run), ..fixture::fresh(80, 24) };
    typed(&mut model, "anna");
    assert_eq!(tried(&press(&mut model, Code::Enter)).password.expose(), "");
}

#[test]
fn the_first_sync_is_offered_over_settings_that_were_made_and_only_where_there_was_none() {
    for (synced_at, answer, is_offered) in
        [(None, Code::Enter, true), (None, Code::Esc, true), (Some(fixture::synced_at()), Code::Enter, false)]
    {
        let mut model = fixture::fresh(80, 24);
        model.settings.first_sync = FirstSync::Offered;
        feed(&mut model, Event::Started);
        let status = StoreStatus { synced_at, ..StoreStatus::default() };
        fixture::end(&mut model, TaskKind::Status, Ok(Answer::Status(Box::new(status))));
        assert_eq!(model.overlay == Some(Overlay::Ask(Question::FirstSync)), is_offered);
        if is_offered {
            let begun = only_asks(&press(&mut model, answer)) == [Ask::Sync];
            assert_eq!((begun, model.overlay), (answer == Code::Enter, None));
        }
    }
}

// What is kept.

#[test]
fn order_section_theme_and_mouse_outlive_the_dashboard() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Tab);
    for key in ['4', 't', 'm', 'p'] {
        alt(&mut model, key);
    }
    press(&mut model, Code::F(7));
    let kept = model.kept();
    assert!(kept.section.is_some());
    let again = fixture::fresh(80, 24).restored(&kept);
    assert_eq!(again.search.order(), ListOrder { by: Column::Total, descending: true });
    assert_eq!(again.looks, Looks { is_masked: false, ..model.looks });
    assert_eq!(again.kept(), kept);
}

// Searching.

#[test]
fn a_letter_waits_and_the_last_timer_asks() {
    let mut model = fixture::loaded(80, 24);
    let effects = typed(&mut model, "ан");
    assert_eq!(searches(&effects), [""; 0]);
    let [first, second] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(feed(&mut model, Event::Waited(timer(std::slice::from_ref(first)))), []);
    let asked = feed(&mut model, Event::Waited(timer(std::slice::from_ref(second))));
    assert_eq!(searches(&asked), ["ан"]);
}

#[test]
fn typing_back_to_what_was_asked_asks_nothing() {
    let mut model = fixture::loaded(80, 24);
    let letter = timer(&press(&mut model, Code::Char('а')));
    assert_eq!(press(&mut model, Code::Backspace), []);
    assert_eq!(feed(&mut model, Event::Waited(letter)), []);
}

#[test]
fn a_paste_goes_to_the_field_cleaned_and_asks_at_once() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Tab);
    let effects = feed(&mut model, Event::Pasted("  анна\r\n\u{1b}[31m\tяна \u{7}".to_owned()));
    assert_eq!(searches(&effects), ["анна  [31m яна "]);
    assert_eq!(model.focus, Focus::Search);
}

#[test]
fn a_query_never_grows_beyond_its_cap() {
    let mut model = fixture::loaded(80, 24);
    feed(&mut model, Event::Pasted("я".repeat(10_000_000)));
    press(&mut model, Code::Char('я'));
    assert_eq!(model.search.input().value().chars().count(), search::QUERY_CAP);
}

#[test]
fn a_late_answer_never_replaces_a_newer_one() {
    let mut model = fixture::loaded(80, 24);
    let mut ask = |text: &str| {
        let effects = feed(&mut model, Event::Pasted(text.to_owned()));
        let Some(Effect::Ask(id, Ask::Search(_))) = effects.last() else { panic!("{effects:?}") };
        *id
    };
    let (first, second) = (ask("а"), ask("нна"));
    let found = |id, query| Event::Answered(id, Ok(Answer::Found(fixture::reply(&fixture::request(query)))));
    feed(&mut model, found(second, "анна"));
    let late = update(&mut model, now(), found(first, "а"));
    assert_eq!(late, [], "nothing is drawn either");
    assert_eq!(model.search.reply(), &fixture::reply(&fixture::request("анна")));
}

#[test]
fn old_rows_stay_while_a_search_runs_or_after_it_failed() {
    let mut model = fixture::loaded(80, 24);
    let effects = feed(&mut model, Event::Pasted("анна".to_owned()));
    assert_eq!(model.search.reply().rows.len(), 8);
    assert!(model.search.is_behind());
    let Some(Effect::Ask(id, Ask::Search(_))) = effects.first() else { panic!("{effects:?}") };
    feed(&mut model, Event::Answered(*id, Err(fixture::failure())));
    assert_eq!(model.search.reply().rows.len(), 8);
    assert!(matches!(model.message, Some(Message::Failed(_))));
    assert_eq!(searches(&feed(&mut model, Event::Pasted(String::new()))), ["анна"], "it may be asked again");
}

#[test]
fn a_picked_customer_stays_selected_and_an_unpicked_one_gives_way_to_the_best() {
    let mut model = fixture::loaded(80, 24);
    let effects = feed(&mut model, Event::Pasted("нна".to_owned()));
    settle(&mut model, effects);
    assert_eq!(model.search.selected_card(), Some(card(1)), "the best");
    press(&mut model, Code::Down);
    assert_eq!(model.search.selected_card(), Some(card(8)));
    let effects = press(&mut model, Code::Esc);
    settle(&mut model, effects);
    assert_eq!((model.search.index(), model.search.selected_card()), (7, Some(card(8))));
}

/// A list so long that only a part of it is at hand.
fn long(model: &mut Model) {
    feed(model, Event::Started);
    let reply = part_of_a_thousand(0, 200);
    fixture::end(model, TaskKind::Search, Ok(Answer::Found(reply)));
}

fn part_of_a_thousand(from: usize, limit: usize) -> SearchReply {
    let row = |number: usize| {
        let mut row = fixture::rows()[0].clone();
        row.customer.card = card(number as u128 + 1);
        row
    };
    let rows = (from..from + limit).map(row).collect();
    SearchReply { rows, from, total: 1_000, matching: 1_000, ..SearchReply::default() }
}

fn asked(effects: &[Effect]) -> Vec<Request> {
    let request = |effect: &Effect| match effect {
        Effect::Ask(_, Ask::Search(request)) => Some(request.clone()),
        _ => None,
    };
    effects.iter().filter_map(request).collect()
}

#[test]
fn the_end_of_a_long_list_is_one_key_away() {
    let mut model = fixture::fresh(80, 24);
    long(&mut model);
    press(&mut model, Code::Tab);
    let effects = press(&mut model, Code::End);
    assert_eq!((model.search.index(), model.search.selected_card()), (999, None));
    let [Request { part, .. }] = &asked(&effects)[..] else { panic!("{effects:?}") };
    assert!(part.from < 980 && part.from + part.limit >= 1_000, "{part:?}");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Wait(Timer::Open(_), _))), "not known yet");
    let effects = fixture::end(&mut model, TaskKind::Search, Ok(Answer::Found(part_of_a_thousand(800, 200))));
    assert_eq!((model.search.index(), model.search.selected_card()), (999, Some(card(1_000))));
    assert!(matches!(effects[..], [Effect::Wait(Timer::Open(_), _)]), "{effects:?}");
}

#[test]
fn a_list_shorter_than_it_says_is_not_asked_for_without_end() {
    let mut model = fixture::fresh(80, 24);
    feed(&mut model, Event::Started);
    let reply = SearchReply { total: 1_000, ..fixture::reply(&fixture::request("")) };
    assert_eq!(asked(&fixture::end(&mut model, TaskKind::Search, Ok(Answer::Found(reply)))), []);
}

#[test]
fn the_list_is_sorted_by_any_column_and_turned_round() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Tab);
    let order = |effects: &[Effect]| asked(effects).pop().map(|request| request.order);
    let by_total = ListOrder { by: Column::Total, descending: true };
    let effects = alt(&mut model, '4');
    assert_eq!(order(&effects), Some(by_total));
    settle(&mut model, effects);
    assert_eq!(model.search.selected_card(), Some(card(3)), "the greatest first");
    let effects = alt(&mut model, '4');
    assert_eq!(order(&effects), Some(ListOrder { descending: false, ..by_total }));
    let effects = alt(&mut model, 'ы');
    assert_eq!(order(&effects), Some(ListOrder { by: Column::Points, descending: true }));
    assert_eq!(order(&alt(&mut model, '0')), Some(ListOrder::default()));
    assert_eq!(alt(&mut model, 'r'), [], "the best match is always first");
}

#[test]
fn filters_say_how_many_they_leave_out() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Tab);
    let effects = alt(&mut model, 'f');
    settle(&mut model, effects);
    let reply = model.search.reply();
    assert_eq!((reply.total, reply.matching), (1, 8));
    assert_eq!(model.search.selected_card(), Some(card(3)));
    for _ in 0..3 {
        let effects = alt(&mut model, 'а');
        settle(&mut model, effects);
    }
    assert_eq!(model.search.reply().total, 8, "round to all");
}

#[test]
fn one_key_shows_the_town_of_the_selected_customer_and_every_town_again() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Tab);
    let effects = alt(&mut model, 'c');
    settle(&mut model, effects);
    assert_eq!(model.search.filter().city.as_deref(), Some("Симферополь"));
    assert_eq!(model.search.reply().total, 1);
    let effects = alt(&mut model, 'с');
    settle(&mut model, effects);
    assert_eq!(model.search.reply().total, 8);
}

#[test]
fn the_overlay_of_the_view_chooses_without_letters() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(2));
    press(&mut model, Code::Down);
    let effects = press(&mut model, Code::Enter);
    assert_eq!(asked(&effects)[0].filter.keep, Keep::Variances);
    settle(&mut model, effects);
    assert!(matches!(model.overlay, Some(Overlay::View(1))), "it stays for the next choice");
    // The towns stand before the columns.
    press(&mut model, Code::End);
    for _ in super::views::columns() {
        press(&mut model, Code::Up);
    }
    let effects = press(&mut model, Code::Enter);
    assert_eq!(asked(&effects)[0].filter.city.as_deref(), Some("Ялта"));
}

#[test]
fn a_line_of_the_help_does_what_it_says() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(1));
    let line = super::footer::commands(&model)
        .iter()
        .position(|help| help.action == Action::Journal)
        .expect("a line");
    for _ in 0..line {
        press(&mut model, Code::Down);
    }
    press(&mut model, Code::Enter);
    assert!(matches!(model.overlay, Some(Overlay::Journal)));
}

#[test]
fn queries_that_led_somewhere_come_back() {
    let mut model = fixture::loaded(80, 24);
    let effects = feed(&mut model, Event::Pasted("анна".to_owned()));
    settle(&mut model, effects);
    press(&mut model, Code::Enter);
    press(&mut model, Code::Esc);
    let effects = press(&mut model, Code::Esc);
    settle(&mut model, effects);
    assert_eq!(model.search.input().value(), "");
    let effects = feed(&mut model, Event::Key(Key { code: Code::Up, mods: Mods::Alt }));
    assert_eq!(searches(&effects), ["анна"], "at once");
    feed(&mut model, Event::Key(Key { code: Code::Down, mods: Mods::Alt }));
    assert_eq!(model.search.input().value(), "");
}

#[test]
fn chords_edit_the_field_under_either_layout() {
    for chord in ['w', 'ц'] {
        let mut model = fixture::loaded(80, 24);
        feed(&mut model, Event::Pasted("анна ялта".to_owned()));
        feed(&mut model, Event::Key(Key::ctrl(chord)));
        assert_eq!(model.search.input().value(), "анна ");
    }
}

// The selected customer.

#[test]
fn the_detail_follows_the_selection_once_it_rests() {
    let mut model = fixture::loaded(80, 24);
    assert_eq!(model.detail.card(), Some(card(1)));
    let passed = timer(&press(&mut model, Code::Down));
    let rested = timer(&press(&mut model, Code::Down));
    assert_eq!(feed(&mut model, Event::Waited(passed)), []);
    let effects = feed(&mut model, Event::Waited(rested));
    assert_eq!(only_asks(&effects), [Ask::Open(card(3))]);
    assert_eq!(model.detail.card(), Some(card(1)), "the one before stays until then");
    settle(&mut model, effects);
    assert_eq!(model.detail.card(), Some(card(3)));
}

#[test]
fn a_customer_read_too_late_is_dropped() {
    let mut model = fixture::loaded(80, 24);
    let rested = timer(&press(&mut model, Code::Down));
    let effects = feed(&mut model, Event::Waited(rested));
    let [Effect::Ask(id, Ask::Open(opened))] = effects[..] else { panic!("{effects:?}") };
    press(&mut model, Code::Down);
    feed(&mut model, Event::Answered(id, Ok(Answer::Opened(Box::new(fixture::detail(opened))))));
    assert_eq!(model.detail.card(), Some(card(1)));
}

#[test]
fn enter_goes_into_the_detail_and_escape_back_to_the_field() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Enter);
    assert_eq!(model.focus, Focus::Detail);
    press(&mut model, Code::Esc);
    assert_eq!(model.focus, Focus::Search);
}

#[test]
fn sections_turn_round_and_a_variance_opens_with_what_differs() {
    let mut model = fixture::loaded(80, 24);
    let room = detail::Room::Tall;
    let mut seen = vec![model.detail.section(room)];
    for _ in Section::ALL {
        press(&mut model, Code::F(7));
        seen.push(model.detail.section(room));
    }
    let [.., last] = seen[..] else { panic!("{seen:?}") };
    assert_eq!(seen[0], Section::Purchases);
    assert_eq!(last, Section::Purchases);
    let mut model = fixture::loaded(80, 24);
    for _ in 0..2 {
        let effects = press(&mut model, Code::Down);
        settle(&mut model, effects);
    }
    assert_eq!(model.detail.section(room), Section::Comparison);
}

/// Answers a search: there is nobody.
fn nobody_found(model: &mut Model, effects: &[Effect]) {
    let search = |effect: &Effect| match effect {
        Effect::Ask(id, Ask::Search(_)) => Some(*id),
        _ => None,
    };
    if let Some(id) = effects.iter().find_map(search) {
        feed(model, Event::Answered(id, Ok(Answer::Found(SearchReply::default()))));
    }
}

// The check.

fn started_check(effects: &[Effect]) -> (TaskId, crate::domain::CardId) {
    let [Effect::Ask(id, Ask::Check(card))] = effects else { panic!("{effects:?}") };
    (*id, *card)
}

#[test]
fn a_check_replaces_the_comparison_and_says_how_it_came_out() {
    let mut model = fixture::loaded(80, 24);
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    assert!(matches!(model.detail.check(), CheckState::Running(..)));
    let mut live = fixture::live(checked);
    live.comparison.verdict = Verdict::Variance;
    let name = live.comparison.customer.name.clone();
    feed(&mut model, Event::Answered(id, Ok(Answer::Checked(Box::new(live)))));
    assert_eq!(model.detail.check(), &CheckState::Idle);
    assert_eq!(model.detail.detail().expect("a customer").comparison.verdict, Verdict::Variance);
    assert_eq!(model.message, Some(Message::Passing(Passing::Checked(name, Verdict::Variance))));
}

#[test]
fn one_check_at_a_time_and_the_latest_wish_waits() {
    let mut model = fixture::loaded(80, 24);
    let (id, _) = started_check(&press(&mut model, Code::F(4)));
    let effects = press(&mut model, Code::Down);
    settle(&mut model, effects);
    assert_eq!(press(&mut model, Code::F(4)), []);
    let effects = feed(&mut model, Event::Answered(id, Err(fixture::failure())));
    assert!(is_asked(&effects, &Ask::Check(card(2))));
    assert_eq!(model.detail.card(), Some(card(2)));
}

/// A check started with the arrow key still warm was answered, told in the journal, and seen nowhere.
#[test]
fn an_answer_that_overtakes_its_customer_waits_for_them() {
    let mut model = fixture::loaded(80, 24);
    let reading = press(&mut model, Code::Down);
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    assert_eq!(checked, card(2));
    let mut live = fixture::live(checked);
    live.comparison.verdict = Verdict::BeforeWindow;
    feed(&mut model, Event::Answered(id, Ok(Answer::Checked(Box::new(live.clone())))));
    assert_eq!(model.detail.card(), Some(card(1)), "the customer before is still shown");
    settle(&mut model, reading);
    assert_eq!(model.detail.detail().expect("a customer").comparison, live.comparison);
}

#[test]
fn an_answer_against_a_generation_that_is_gone_is_dropped() {
    let mut model = fixture::loaded(80, 24);
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    let live = Box::new(fixture::live(checked));
    assert_eq!(update(&mut model, now(), Event::Answered(id, Ok(Answer::Checked(live)))), []);
}

/// Whoever is opened is compared with 1C once they are looked at, and not a word is said of it.
#[test]
fn whoever_is_opened_is_compared_with_1c_by_themselves() {
    let mut model = fixture::loaded(80, 24);
    model.settings.checks_opened = true;
    let opened = press(&mut model, Code::Down);
    let rested = feed(&mut model, Event::Waited(timer(&opened)));
    let [Ask::Open(second)] = only_asks(&rested)[..] else { panic!("{rested:?}") };
    let detail = Ok(fixture::answer(&Ask::Open(second)));
    let lingering = timer(&fixture::end(&mut model, TaskKind::Open, detail));
    let asked = feed(&mut model, Event::Waited(lingering));
    assert_eq!(only_asks(&asked), [Ask::Check(second)]);
    assert_eq!(model.detail.check(), &CheckState::Running(second, now(), CheckedFor::Nobody));
    // Who is not looked at any more is not asked for; whoever comes next waits until this one is answered.
    for _ in 0..2 {
        let effects = press(&mut model, Code::Down);
        let rested = feed(&mut model, Event::Waited(timer(&effects)));
        let [Ask::Open(next)] = only_asks(&rested)[..] else { panic!("{rested:?}") };
        let effects = fixture::end(&mut model, TaskKind::Open, Ok(fixture::answer(&Ask::Open(next))));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Wait(Timer::Background(_), _))));
    }
    assert_eq!(feed(&mut model, Event::Waited(lingering)), []);
    let fourth = model.detail.card().expect("a customer");
    let effects = fixture::end(&mut model, TaskKind::Check, Ok(fixture::answer(&Ask::Check(second))));
    assert_eq!(model.message, None);
    assert_eq!(only_asks(&feed(&mut model, Event::Waited(timer(&effects)))), [Ask::Check(fourth)]);
    // Whoever asks for what is under way is told how it comes out.
    assert_eq!(only_asks(&press(&mut model, Code::F(4))), []);
    let effects = fixture::end(&mut model, TaskKind::Check, Ok(fixture::answer(&Ask::Check(fourth))));
    assert!(matches!(model.message, Some(Message::Passing(Passing::Checked(..)))), "{effects:?}");
}

#[test]
fn nothing_is_compared_by_itself_while_a_sync_runs_or_1c_does_not_answer() {
    let opened = |model: &mut Model| {
        let effects = press(model, Code::Down);
        let rested = feed(model, Event::Waited(timer(&effects)));
        let [Ask::Open(card)] = only_asks(&rested)[..] else { panic!("{rested:?}") };
        fixture::end(model, TaskKind::Open, Ok(fixture::answer(&Ask::Open(card))))
    };
    let is_planned =
        |effects: &[Effect]| effects.iter().any(|it| matches!(it, Effect::Wait(Timer::Background(_), _)));
    let mut model = fixture::loaded(80, 24);
    assert!(!is_planned(&opened(&mut model)), "not where the settings say so");
    model.settings.checks_opened = true;
    press(&mut model, Code::F(5));
    assert!(!is_planned(&opened(&mut model)), "not beside a sync");
    let mut model = fixture::loaded(80, 24);
    model.settings.checks_opened = true;
    let effects = opened(&mut model);
    feed(&mut model, Event::Waited(timer(&effects)));
    fixture::end(&mut model, TaskKind::Check, Err(fixture::failure()));
    assert_eq!((model.detail.check(), &model.message), (&CheckState::Idle, &None), "quiet on failure");
    assert!(!is_planned(&opened(&mut model)), "a 1C that does not answer is left alone");
}

#[test]
fn there_may_be_nobody_to_check() {
    let mut model = fixture::fresh(80, 24);
    let effects = press(&mut model, Code::F(4));
    nobody_found(&mut model, &effects);
    assert_eq!(model.message, Some(Message::Passing(Passing::NothingToCheck)));
}

// The sync.

#[test]
fn a_published_sync_refreshes_all_that_is_shown() {
    let mut model = fixture::loaded(80, 24);
    assert_eq!(only_asks(&press(&mut model, Code::F(5))), [Ask::Sync]);
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert!(is_asked(&effects, &Ask::Status));
    assert_eq!(searches(&effects), [""]);
    assert!(is_asked(&effects, &Ask::Open(card(1))));
    assert!(!model.sync.is_running());
}

#[test]
fn a_failed_sync_stays_said_until_it_is_put_away() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    let effects = fixture::synced(&mut model, Err(fixture::failure()));
    assert_eq!(searches(&effects), [""; 0], "what is shown did not change");
    assert_eq!(model.message, Some(Message::Failed(fixture::failure())));
    press(&mut model, Code::Esc);
    assert_eq!(model.message, None);
    assert_eq!(model.journal.unseen_errors(), 1);
    press(&mut model, Code::F(6));
    assert_eq!(model.journal.unseen_errors(), 0);
}

/// That 1C could not be asked is no news once it was.
#[test]
fn an_error_of_1c_is_over_once_1c_answered() {
    let mut model = fixture::loaded(80, 24);
    let fail = |model: &mut Model| {
        press(model, Code::F(5));
        fixture::synced(model, Err(fixture::failure()));
        assert_eq!(model.journal.unseen_errors(), 1);
    };
    fail(&mut model);
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    feed(&mut model, Event::Answered(id, Ok(Answer::Checked(Box::new(fixture::live(checked))))));
    assert_eq!(model.journal.unseen_errors(), 0);
    fail(&mut model);
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Cancelled)));
    assert_eq!(model.journal.unseen_errors(), 1, "a sync that was stopped proves nothing");
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert_eq!(model.journal.unseen_errors(), 0);
    let (id, _) = started_check(&press(&mut model, Code::F(4)));
    feed(&mut model, Event::Answered(id, Err(Failure::crashed(None))));
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert_eq!(model.journal.unseen_errors(), 1, "what broke here is news still");
}

#[test]
fn a_passing_message_goes_by_itself_but_not_a_newer_one() {
    let mut model = fixture::loaded(80, 24);
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    let live = Box::new(fixture::live(checked));
    let old = timer(&feed(&mut model, Event::Answered(id, Ok(Answer::Checked(live)))));
    press(&mut model, Code::F(5));
    let new = timer(&fixture::synced(&mut model, Ok(fixture::summary(Outcome::Cancelled))));
    feed(&mut model, Event::Waited(old));
    assert_eq!(model.message, Some(Message::Passing(Passing::Cancelled)));
    feed(&mut model, Event::Waited(new));
    assert_eq!(model.message, None);
}

#[test]
fn stopping_a_sync_is_asked_first() {
    let ways: [&[Key]; 3] = [
        &[Key::plain(Code::F(5))],
        &[Key::plain(Code::Esc)],
        &[Key { code: Code::Char('ч'), mods: Mods::Alt }],
    ];
    for way in ways {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::F(5));
        for key in way {
            feed(&mut model, Event::Key(*key));
        }
        assert_eq!(model.overlay, Some(Overlay::Ask(Question::CancelSync)), "{way:?}");
        let sync = model.tasks.of(TaskKind::Sync).expect("a sync");
        assert_eq!(press(&mut model, Code::Char('д')), [Effect::Cancel(sync)]);
        assert_eq!(model.sync.state, sync::State::Stopping);
    }
}

/// Whether to leave was asked, and is asked still; there is nothing left to be stopped.
#[test]
fn a_question_outlives_the_sync_it_was_asked_of_where_it_is_one_still() {
    for result in [Ok(fixture::summary(Outcome::Published)), Err(fixture::failure())] {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::F(5));
        press(&mut model, Code::F(8));
        fixture::synced(&mut model, result.clone());
        assert_eq!(model.overlay, Some(Overlay::Ask(Question::QuitIdle)));
        assert!(model.message.is_some(), "it is said how the sync ended");
        let mut leaving = model.clone();
        assert_eq!(press(&mut leaving, Code::Char('д')), [Effect::Quit]);
        assert_eq!(press(&mut model, Code::Char('н')), []);
        assert_eq!(model.overlay, None);

        press(&mut model, Code::F(5));
        press(&mut model, Code::F(5));
        assert_eq!(model.overlay, Some(Overlay::Ask(Question::CancelSync)));
        fixture::synced(&mut model, result);
        assert_eq!(model.overlay, None);
        assert!(model.message.is_some());
    }
}

#[test]
fn leaving_asks_only_while_a_sync_runs() {
    let mut model = fixture::loaded(80, 24);
    assert_eq!(press(&mut model, Code::F(8)), [Effect::Quit]);
    press(&mut model, Code::F(5));
    assert_eq!(press(&mut model, Code::F(8)), []);
    for refusal in [Code::Char('н'), Code::Char('n'), Code::Esc] {
        press(&mut model, refusal);
        assert!(model.is_uncovered());
        press(&mut model, Code::F(8));
    }
    assert_eq!(press(&mut model, Code::Char('y')), [Effect::Quit]);
}

#[test]
fn control_c_ends_whatever_is_open_under_either_layout() {
    for chord in ['c', 'с', 'С'] {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::F(5));
        press(&mut model, Code::F(8));
        assert_eq!(feed(&mut model, Event::Key(Key::ctrl(chord))), [Effect::Quit]);
    }
}

#[test]
fn a_question_goes_with_the_sync_it_is_about() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert!(model.is_uncovered());
}

#[test]
fn progress_is_drawn_soon_and_a_key_at_once() {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(5));
    let sync = model.tasks.of(TaskKind::Sync).expect("a sync");
    let progressed = || Event::Reported(sync, TaskReport::Sync(Box::new(fixture::progress())));
    let effects = update(&mut model, now(), progressed());
    assert_eq!(effects, [Effect::Draw(Haste::Soon)]);
    assert_eq!(update(&mut model, now(), progressed()), [], "nothing moved");
    let effects = update(&mut model, now(), Event::Key(Key::plain(Code::F(1))));
    assert_eq!(effects, [Effect::Draw(Haste::Now)]);
}

#[test]
fn p12_i22_a_task_that_broke_leaves_its_place_in_the_journal_and_nobody_waiting() {
    let mut model = fixture::loaded(80, 24);
    let (id, _) = started_check(&press(&mut model, Code::F(4)));
    press(&mut model, Code::F(5));
    feed(&mut model, Event::Answered(id, Err(Failure::crashed(Some("engine.rs:7".to_owned())))));
    fixture::end(&mut model, TaskKind::Sync, Err(Failure::crashed(None)));
    assert_eq!(model.detail.check(), &CheckState::Idle);
    assert!(!model.sync.is_running());
    assert_eq!(model.journal.unseen_errors(), 2);
}

// The journal.

#[test]
fn i23_the_journal_keeps_its_newest_lines() {
    let mut journal = journal::Journal::default();
    for line in 0..CAPACITY as u64 + 5 {
        journal.push(now(), journal::JournalLine::Notice(Notice::StageDone(Stage::Cards, line)));
    }
    assert_eq!(journal.len(), CAPACITY);
    let newest = &journal.newest_first().next().expect("a line").line;
    assert_eq!(newest, &journal::JournalLine::Notice(Notice::StageDone(Stage::Cards, CAPACITY as u64 + 4)));
    assert_eq!(newest.grade(), Grade::Plain);
}

// Keys.

#[test]
fn every_action_has_a_key_that_works_under_the_russian_layout() {
    use keymap::{Context, Scope};
    let keymap = Keymap::default();
    let action = |key, context| keymap.action(key, context);
    for binding in keymap.bindings() {
        let context = match binding.scope {
            Scope::Question => Context::Question,
            Scope::FirstRun => Context::FirstRun,
            Scope::Commands => Context::Customers,
            Scope::Letters => Context::Lines,
            Scope::Form => Context::Form,
            Scope::Everywhere | Scope::Always | Scope::Field => Context::Field,
        };
        for key in &binding.keys {
            assert_eq!(action(*key, context), Some(binding.action), "{key:?}");
            let is_text = |twin: &Key| context == Context::Customers && twin.is_letter();
            let twin = key.cyrillic().filter(|twin| context != Context::Question && !is_text(twin));
            if let Some(twin) = twin {
                assert_eq!(action(twin, context), Some(binding.action), "{twin:?}");
            }
        }
        // Digits, the space bar and a colon can be typed under either layout.
        let is_everywhere = |key: &Key| matches!(key.code, Code::Char(' ' | ':' | '0'..='9'));
        let is_usable =
            |key: &Key| !matches!(key.code, Code::Char(_)) || key.cyrillic().is_some() || is_everywhere(key);
        assert!(
            binding.keys.iter().any(is_usable),
            "{:?} has no key under the Russian layout",
            binding.action
        );
    }
}

/// Whatever is typed under something that lies over all, nothing behind it changes, is copied, or ends.
#[test]
fn what_lies_over_the_customers_takes_all_letters() {
    let plain = [1, 2, 6].map(|number| Key::plain(Code::F(number)));
    let chords = ['e', 'd'].map(|letter| Key { code: Code::Char(letter), mods: Mods::Alt });
    for over in plain.into_iter().chain(chords) {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::Tab);
        let effects = feed(&mut model, Event::Key(over));
        settle(&mut model, effects);
        let overlay = model.overlay.expect("something lies over the list");
        let behind = |model: &Model| {
            let search = &model.search;
            (
                search.order(),
                search.filter().clone(),
                search.selected_card(),
                model.screens.shown(),
                model.looks,
            )
        };
        let before = behind(&model);
        for c in ('a'..='z').chain('A'..='Z').chain('а'..='я').chain('0'..='9') {
            model.overlay = Some(overlay);
            let effects = press(&mut model, Code::Char(c));
            assert_eq!(behind(&model), before, "{c} under {over:?}");
            let is_asked = effects.iter().any(|effect| matches!(effect, Effect::Ask(..)));
            assert!(!is_asked, "{c} under {over:?}");
            assert!(!effects.contains(&Effect::Quit), "{c} under {over:?}");
            let is_copied =
                effects.iter().any(|effect| matches!(effect, Effect::Copy(_, CopySubject::Customer(_), ..)));
            assert!(!is_copied, "{c} under {over:?}");
        }
        for q in ['q', 'й'] {
            model.overlay = Some(overlay);
            press(&mut model, Code::Char(q));
            // In the journal it is looked for.
            let left = Some(overlay).filter(|overlay| *overlay == Overlay::Journal);
            assert_eq!(model.overlay, left, "{q} under {over:?}");
        }
    }
}

/// «н» lies where `y` does, and «т» where `n` does.
#[test]
fn a_question_is_answered_by_the_letter_and_not_by_its_place() {
    use keymap::Context;
    let keymap = Keymap::default();
    let answer = |code| keymap.action(Key::plain(code), Context::Question);
    for (keys, meant) in [
        (&['д', 'Д', 'y', 'Y'][..], Some(Action::Yes)),
        (&['н', 'Н', 'n', 'N'], Some(Action::No)),
        (&['т', 'l', 'q', 'й', 'x', 'ч', '1'], None),
    ] {
        for key in keys {
            assert_eq!(answer(Code::Char(*key)), meant, "{key}");
        }
    }
    assert_eq!((answer(Code::Enter), answer(Code::Esc)), (Some(Action::Yes), Some(Action::No)));
}

#[test]
fn letters_are_text_wherever_they_are_typed() {
    let mut model = fixture::loaded(80, 24);
    assert_eq!(searches(&press(&mut model, Code::Char('q'))), [""; 0]);
    assert_eq!(model.search.input().value(), "q");
    for pane in [Focus::Results, Focus::Detail] {
        model.focus = pane;
        typed(&mut model, "чайкина 79781000419");
        assert_eq!(
            model.search.input().value(),
            "чайкина 79781000419",
            "the next caller, whoever came before"
        );
        assert_eq!(model.focus, Focus::Search);
    }
    model.focus = Focus::Results;
    press(&mut model, Code::Backspace);
    assert_eq!(model.search.input().value(), "чайкина 7978100041", "what edits text goes on with it");
}

#[test]
fn no_key_means_two_things_in_one_place() {
    use keymap::Context;
    let keymap = Keymap::default();
    let contexts = [Context::Field, Context::Customers, Context::Lines, Context::Question, Context::FirstRun];
    for (at, one) in keymap.bindings().iter().enumerate() {
        for other in &keymap.bindings()[at + 1..] {
            let shared = one.keys.iter().find(|key| other.keys.contains(key));
            let meet = contexts.into_iter().any(|at| one.scope.holds(at) && other.scope.holds(at));
            let is_clear = one.action == other.action || !meet;
            assert!(shared.is_none() || is_clear, "{shared:?}: {:?}, {:?}", one.action, other.action);
        }
    }
}

// Laws.

fn any_key() -> impl Strategy<Value = Key> {
    let named = prop::sample::select(vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
    ]);
    let code = prop_oneof![any::<char>().prop_map(Code::Char), (0_u8..13).prop_map(Code::F), named];
    let mods = prop::sample::select(vec![Mods::None, Mods::None, Mods::Ctrl, Mods::Alt]);
    (code, mods).prop_map(|(code, mods)| Key { code, mods })
}

fn any_reply() -> impl Strategy<Value = SearchReply> {
    prop_oneof![
        Just(SearchReply::default()),
        (0_usize..8, 0_usize..9_000).prop_map(|(rows, total)| {
            SearchReply { rows: fixture::rows().split_off(rows), total, ..SearchReply::default() }
        }),
    ]
}

fn any_subject() -> impl Strategy<Value = CopySubject> {
    prop_oneof![
        Just(CopySubject::Portal),
        (1_u128..10).prop_map(|number| CopySubject::Explanation(card(number))),
        ((1_u128..10), prop::sample::select(Section::ALL.to_vec()), 0_usize..9)
            .prop_map(|(number, section, line)| CopySubject::Line(card(number), section, line)),
    ]
}

/// Any answer, with what it is the answer to; at times to something else.
fn any_answer() -> impl Strategy<Value = (TaskKind, Answer)> {
    let listed = |total: usize, from: usize| Listed {
        from,
        total,
        ..fixture::listed(Wanted::All, ListPart::default())
    };
    let card = || (1_u128..10).prop_map(card);
    let of_shop = prop::sample::select(TaskKind::ALL.to_vec())
        .prop_map(|kind| (kind, fixture::answer(&fixture::ask(kind))));
    prop_oneof![
        8 => of_shop,
        4 => any_reply().prop_map(|reply| (TaskKind::Search, Answer::Found(reply))),
        4 => card().prop_map(|card| (TaskKind::Open, Answer::Opened(Box::new(fixture::detail(card))))),
        2 => card().prop_map(|card| (TaskKind::Check, Answer::Checked(Box::new(fixture::live(card))))),
        2 => (0_usize..9_000, 0_usize..99)
            .prop_map(move |(total, from)| (TaskKind::List, Answer::Listed(listed(total, from)))),
        1 => Just((TaskKind::Copy, Answer::Copied(None))),
        1 => prop::sample::select(TaskKind::ALL.to_vec()).prop_map(|kind| (kind, Answer::Done)),
    ]
}

/// The end of any task, well or badly.
fn any_end() -> impl Strategy<Value = (TaskKind, Result<Answer, Failure>)> {
    let failure = || prop::sample::select(vec![fixture::failure(), Failure::crashed(None)]);
    (any_answer(), prop::option::weighted(0.3, failure()))
        .prop_map(|((kind, answer), failure)| (kind, failure.map_or(Ok(answer), Err)))
}

fn any_report() -> impl Strategy<Value = TaskReport> {
    prop_oneof![
        Just(TaskReport::Sync(Box::new(fixture::progress()))),
        Just(TaskReport::Sync(Box::default())),
        any::<u64>().prop_map(|done| {
            TaskReport::Reconcile(ReconcileProgress { done, ..ReconcileProgress::default() })
        }),
        any::<u64>().prop_map(TaskReport::Export),
        prop::sample::select(fixture::notices()).prop_map(TaskReport::Notice),
    ]
}

/// Something that happens; tasks end and tell under the number they have, or under any.
#[derive(Clone, Debug)]
enum Happening {
    Event(Event),
    Ends(TaskKind, Result<Answer, Failure>),
    Tells(TaskKind, TaskReport),
}

impl Happening {
    fn event(self, model: &Model) -> Event {
        let id = |kind| model.tasks.of(kind).unwrap_or(TaskId(3));
        match self {
            Self::Event(event) => event,
            Self::Ends(kind, result) => Event::Answered(id(kind), result),
            Self::Tells(kind, report) => Event::Reported(id(kind), report),
        }
    }
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let long = prop::sample::select(vec![TaskKind::Sync, TaskKind::Reconcile, TaskKind::Export]);
    prop_oneof![
        24 => any_event().prop_map(Happening::Event),
        14 => any_end().prop_map(|(kind, result)| Happening::Ends(kind, result)),
        3 => (long, any_report()).prop_map(|(kind, report)| Happening::Tells(kind, report)),
    ]
}

/// Any event, ids that nobody gave out included.
fn any_event() -> impl Strategy<Value = Event> {
    let timer = prop_oneof![
        (0_u64..9).prop_map(Timer::Search),
        (0_u64..9).prop_map(Timer::Open),
        (0_u64..9).prop_map(Timer::Sync),
        (0_u64..9).prop_map(Timer::Message),
    ];
    prop_oneof![
        12 => any_key().prop_map(Event::Key),
        1 => any::<String>().prop_map(Event::Pasted),
        2 => (0_u16..200, 0_u16..60).prop_map(|(width, height)| Event::Resized(Size { width, height })),
        4 => timer.prop_map(Event::Waited),
        6 => ((0_u64..40).prop_map(TaskId), any_end())
            .prop_map(|(id, (_, result))| Event::Answered(id, result)),
        1 => ((0_u64..40).prop_map(TaskId), any_report()).prop_map(|(id, report)| Event::Reported(id, report)),
        2 => (any_subject(), prop::option::of("(.{0,200}\n){0,80}"))
            .prop_map(|(subject, text)| Event::Worded(subject, text)),
        1 => prop::sample::select(vec![Event::Started, Event::Resumed, Event::Ticked]),
    ]
}

proptest! {
    #[test]
    fn no_event_breaks_the_state(happenings in prop::collection::vec(any_happening(), 0..60)) {
        let mut model = fixture::fresh(80, 24);
        let mut last = TaskId::default();
        for happening in happenings {
            let event = happening.event(&model);
            for effect in feed(&mut model, event) {
                if let Effect::Ask(id, _) | Effect::Copy(id, ..) = effect {
                    prop_assert!(id > last, "{:?} is a number already", id);
                    last = id;
                }
            }
            let rows = model.search.reply().rows.len();
            prop_assert!(model.search.index() < model.search.reply().total.max(1));
            prop_assert!(model.search.top() <= model.search.index());
            prop_assert!(model.search.input().value().chars().count() <= search::QUERY_CAP);
            let base = &model.screens.reconciliation;
            prop_assert!(base.top() <= base.index());
            prop_assert!(base.total().is_none_or(|total| base.index() < total.max(1)));
            prop_assert!(!model.screens.under().leaves_a_rim(), "screens pile up");
            let section = model.detail.section(Layout::of(&model).detail_parts().room);
            prop_assert!(model.detail.index() < model.detail.lines(section).max(1));
            prop_assert!(model.detail.top() <= model.detail.index());
            prop_assert!(rows > 0 || model.detail.content() == &Content::Nothing);
        }
    }

    #[test]
    fn letters_and_digits_change_nothing_but_the_query(
        text in "[a-zA-Zа-яА-ЯёЁ0-9]{1,12}", pane in 0_usize..3, is_syncing in any::<bool>(),
    ) {
        let mut model = fixture::loaded(80, 24);
        if is_syncing {
            press(&mut model, Code::F(5));
        }
        model.focus = [Focus::Search, Focus::Results, Focus::Detail][pane];
        let state = |model: &Model| {
            let (search, looks) = (&model.search, model.looks);
            let chosen = (search.order(), search.filter().clone(), model.detail.chosen());
            (chosen, looks, model.sync.state, model.is_uncovered(), model.journal.len(), model.message.clone())
        };
        let before = state(&model);
        for c in text.chars() {
            for effect in press(&mut model, Code::Char(c)) {
                prop_assert!(matches!(effect, Effect::Wait(Timer::Search(_), _) | Effect::Draw(_)), "{:?}", effect);
            }
        }
        prop_assert_eq!(state(&model), before);
        prop_assert_eq!(model.search.input().value(), text);
    }

    #[test]
    fn the_selected_line_is_visible_after_the_least_move(
        top in 0_usize..50, index in 0_usize..50, height in 1_usize..20, more in 0_usize..50,
    ) {
        let len = index + 1 + more;
        let scrolled = search::scrolled(top, index, height, len);
        prop_assert!((scrolled..scrolled + height).contains(&index));
        prop_assert!(scrolled + height <= len.max(height));
        prop_assert_eq!(search::scrolled(scrolled, index, height, len), scrolled);
    }
}
