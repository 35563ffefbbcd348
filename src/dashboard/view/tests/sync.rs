//! How far a sync is, at every size and in every state.

use std::time::Duration;

use super::*;
use crate::dashboard::app::{PastRun, StoreStatus, update};
use crate::sync::LeftOff;
use crate::sync::event::{Progress, Stage, StageState};

/// A first sync in the middle of the purchases.
fn first_sync(width: u16, height: u16) -> Model {
    let mut model = fixture::empty(width, height);
    press(&mut model, Code::F(5));
    for notice in fixture::notices() {
        fixture::told(&mut model, TaskReport::Notice(notice));
    }
    for second in 1..=43 {
        let elapsed = Duration::from_secs(second);
        let rate = [400, 1_900, 2_600, 2_800, 2_704][usize::try_from(second / 9).unwrap()];
        let pace = Some(ReadingPace::steady(rate + second % 3 * 90, elapsed));
        fixture::told(
            &mut model,
            TaskReport::Sync(Box::new(Progress { elapsed, pace, ..fixture::progress() })),
        );
    }
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    model
}

fn waiting(mut model: Model) -> Model {
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::retrying())));
    model
}

fn repeated(mut model: Model) -> Model {
    let last_repeat = fixture::retrying().last_repeat;
    let elapsed = Duration::from_secs(60);
    let pace = Some(ReadingPace::steady(2_704, elapsed));
    let progress = Progress { elapsed, pace, last_repeat, ..fixture::progress() };
    fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
    model
}

fn ended(mut model: Model, outcome: Outcome) -> Model {
    fixture::synced(&mut model, Ok(fixture::summary(outcome)));
    model.message = None;
    model
}

fn idle(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    let took = [200, 190, 0, 205, 220, 480, 90, 200].map(Duration::from_secs);
    let outcomes = [(1, Outcome::Cancelled), (2, Outcome::Failed)];
    let run = |(at, took)| {
        let outcome = outcomes.iter().find(|(of, _)| *of == at).map_or(Outcome::Published, |(_, it)| *it);
        PastRun { took, outcome }
    };
    let runs = took.into_iter().enumerate().map(run).collect();
    fixture::standing(&mut model, StoreStatus { runs, ..fixture::status() });
    model
}

/// Started again after a first sync was stopped in the middle of the purchases.
fn left_off(width: u16, height: u16) -> Model {
    let mut model = fixture::empty(width, height);
    let at = fixture::synced_at();
    let left_off = Some(LeftOff { stage: Stage::Purchases, overall: 64, at });
    fixture::standing(&mut model, StoreStatus { left_off, ..fixture::empty_status() });
    model
}

/// Somebody was looked for, found, checked line by line with 1C, and all agrees.
fn agreeing(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    let effects = feed(&mut model, Event::Pasted("79788451364".to_owned()));
    settle(&mut model, effects);
    press(&mut model, Code::F(4));
    let card = model.detail.card().expect("somebody");
    let live = Answer::Checked(Box::new(fixture::live(card)));
    let effects = fixture::end(&mut model, TaskKind::Check, Ok(live));
    let of_list = |effect: &Effect| !matches!(effect, Effect::Ask(_, Ask::Status));
    settle(&mut model, effects.into_iter().filter(of_list).collect());
    model
}

/// Scenes in one file: what of each screen tells of the sync.
fn joined(scenes: &[(&str, Model, Language, usize)]) -> String {
    let told = scenes.iter().map(|(name, model, language, lines)| {
        let size = format!("{}x{}", model.size.width, model.size.height);
        let lines: Vec<_> = screen(model, *language).lines().take(*lines).map(str::to_owned).collect();
        format!("{name} {size} {}\n{}", tag(*language), lines.join("\n"))
    });
    told.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn how_far_a_sync_is_in_every_size_and_state() {
    use Language::{English, Russian};
    let scenes = vec![
        ("first, runs", first_sync(80, 24), Russian, 24),
        ("first, runs", first_sync(80, 24), English, 24),
        ("first, waits", waiting(first_sync(80, 24)), Russian, 24),
        ("first, repeated", repeated(first_sync(80, 24)), Russian, 24),
        ("first, paused", ended(first_sync(80, 24), Outcome::Cancelled), Russian, 24),
        ("first, failed", ended(first_sync(80, 24), Outcome::Failed), Russian, 24),
        ("first, runs", first_sync(140, 40), Russian, 40),
        ("first, runs", first_sync(60, 15), Russian, 15),
        ("first, runs", first_sync(40, 10), Russian, 10),
        ("first, runs", first_sync(30, 6), Russian, 6),
        ("first, runs", first_sync(20, 5), Russian, 5),
        ("first, runs", first_sync(20, 3), Russian, 3),
        ("runs", syncing(80, 24), Russian, 2),
        ("waits", waiting(syncing(80, 24)), Russian, 2),
        ("waits", waiting(syncing(80, 24)), English, 2),
        ("waits", waiting(syncing(60, 15)), Russian, 2),
        ("waits", waiting(syncing(140, 40)), Russian, 10),
        ("paused", ended(syncing(80, 24), Outcome::Cancelled), Russian, 2),
        ("paused", ended(syncing(140, 40), Outcome::Cancelled), Russian, 2),
        ("stopped before", left_off(80, 24), Russian, 9),
        ("stopped before", left_off(80, 24), English, 9),
        ("stopped before", left_off(140, 40), Russian, 16),
        ("stopped before", left_off(40, 10), Russian, 10),
        ("found and agreeing", agreeing(140, 40), Russian, 40),
        ("found and agreeing", agreeing(200, 50), Russian, 50),
        ("idle", idle(80, 24), Russian, 2),
        ("idle", idle(80, 24), English, 2),
        ("idle", idle(140, 40), Russian, 2),
    ];
    insta::assert_snapshot!("sync_in_every_size_and_state", joined(&scenes));
}

/// Paused is not failed, and nobody is told to press F5 for what F5 would stop.
#[test]
fn nothing_on_the_screen_of_a_first_sync_misleads() {
    for (width, height) in [(140, 40), (80, 24), (60, 15), (40, 10), (30, 6)] {
        let running = screen(&first_sync(width, height), Language::Russian);
        assert!(!running.contains("Клиентов ещё нет") && !running.contains('✗'), "{running}");
        let paused = screen(&ended(first_sync(width, height), Outcome::Cancelled), Language::Russian);
        assert!(paused.contains('■') && !paused.contains('✗'), "{paused}");
    }
    for (width, height) in [(80, 24), (100, 30), (140, 40)] {
        let models: [fn(u16, u16) -> Model; 3] =
            [first_sync, syncing, |width, height| waiting(syncing(width, height))];
        for model in models.map(|model| Box::new(model(width, height))) {
            let seen = screen(&model, Language::Russian);
            assert!(seen.contains("прошло 43 с · ост. ~"), "the whole is timed at {width}: {seen}");
            assert!(seen.contains("этап 3/5"), "{seen}");
        }
    }
}

/// Whoever starts the dashboard again is not told that there was no sync.
#[test]
fn a_first_sync_that_was_stopped_is_told_after_a_restart() {
    for (width, height) in [(80, 24), (140, 40), (60, 40), (60, 15), (40, 10)] {
        let seen = screen(&left_off(width, height), Language::Russian).replace('\u{a0}', " ");
        assert!(!seen.contains("Синхронизации ещё не было"), "{seen}");
        assert!(seen.contains("13:57:07") && seen.contains("64 %"), "{seen}");
        assert!(seen.contains("F5 — продолжить"), "{seen}");
    }
    let mut model = fixture::empty(80, 24);
    let started_at = fixture::synced_at();
    let mut told = |outcome, error: Option<&str>| {
        let run = crate::engine::LastRun { started_at, outcome, error: error.map(str::to_owned) };
        let runs = vec![PastRun { took: Duration::from_secs(5), outcome }];
        let status = StoreStatus { last_run: Some(run), runs, ..fixture::empty_status() };
        fixture::standing(&mut model, status);
        screen(&model, Language::Russian).lines().nth(1).unwrap_or_default().replace('\u{a0}', " ")
    };
    let stopped = told(Outcome::Cancelled, None);
    assert!(stopped.contains("■ Первая синхронизация остановлена 13:57:12 в самом начале"), "{stopped}");
    let failed = told(Outcome::Failed, Some("onec-busy"));
    assert!(failed.contains("✗ Первая синхронизация не удалась 13:57:12 [onec-busy]"), "{failed}");
}

/// That a sync ended well is news for a minute; then the strip says how the data stand, and when the next one comes.
#[test]
fn the_strip_goes_back_to_how_the_data_stand() {
    for (width, height) in [(80, 24), (140, 40), (200, 50)] {
        let mut model = idle(width, height);
        model.settings.every = Some(Duration::from_secs(4 * 3_600));
        press(&mut model, Code::F(5));
        let status = model.status.clone().unwrap();
        fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
        fixture::standing(&mut model, StoreStatus { movements: 7, ..status });
        let seen = |model: &Model| screen(model, Language::Russian).replace('\u{a0}', " ");
        assert!(seen(&model).contains("Готово за"), "{}", seen(&model));
        let later = |seconds| fixture::now() + chrono::TimeDelta::seconds(seconds);
        update(&mut model, later(59), Event::Ticked);
        assert!(seen(&model).contains("Готово за"));
        update(&mut model, later(61), Event::Ticked);
        let strip = seen(&model).lines().nth(1).unwrap_or_default().to_owned();
        assert!(strip.contains("Данные от 13:57:07  синхронизации ▃▂█▄▃✗■▃  следующая 18:02"), "{strip}");
        model.settings.quiet = Some(("17:00-21:30".parse().unwrap(), chrono_tz::Europe::Simferopol));
        assert!(seen(&model).contains("следующая 21:30"), "{}", seen(&model));
    }
    let mut failed = idle(80, 24);
    press(&mut failed, Code::F(5));
    fixture::synced(&mut failed, Ok(fixture::summary(Outcome::Failed)));
    update(&mut failed, fixture::now() + chrono::TimeDelta::hours(3), Event::Ticked);
    assert!(
        screen(&failed, Language::Russian).contains("Синхронизация не удалась"),
        "what is to be mended stays"
    );
}

/// No bare rate of none: since when 1C is silent, what it was asked, and how long that is waited for.
#[test]
fn a_silent_1c_is_named_where_the_rate_stood() {
    for size in [(80, 24), (140, 40), (60, 15)] {
        for model in [first_sync(size.0, size.1), syncing(size.0, size.1)] {
            let mut model = Box::new(model);
            let elapsed = Duration::from_secs(70);
            let patience = Duration::from_secs(180);
            let heard = Duration::from_secs(43);
            let mut progress = Progress { elapsed, heard, patience, ..fixture::progress() };
            progress.stages[Stage::Purchases as usize].elapsed = Duration::from_secs(46);
            fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
            let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
            assert!(seen.contains("1С молчит 27 с") && seen.contains("покупки"), "{seen}");
            assert!(seen.contains("ждём до 3 мин") || size.0 < 80, "{seen}");
            assert!(!seen.contains(" 0 строк/с"), "{seen}");
        }
    }
    let mut model = first_sync(80, 24);
    model.sync.speeds = crate::dashboard::app::speeds::Speeds::default();
    model.sync.progress.pace = None;
    assert!(screen(&model, Language::Russian).contains("строк ещё не было"));
}

/// A time left needs ground: while all is counted, and while sums are compared, there is none.
#[test]
fn no_time_is_foretold_without_ground() {
    for (stage, pace) in [(Stage::Preparing, true), (Stage::ControlTotals, true), (Stage::Purchases, false)] {
        let mut model = syncing(80, 24);
        let elapsed = Duration::from_secs(45);
        let mut progress = Progress { stage: Some(stage), elapsed, ..fixture::progress() };
        progress.stages[stage as usize].state = StageState::Running;
        progress.pace = progress.pace.filter(|_| pace);
        fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
        let seen = screen(&model, Language::Russian);
        assert!(seen.contains("прошло 45 с") && !seen.contains("ост. "), "{stage:?}: {seen}");
    }
}

#[test]
fn what_is_drawn_in_ascii_keeps_its_signs() {
    let look = Look::new(Language::Russian).with_symbols(config::Symbols::Ascii);
    for (model, sign) in [
        (Box::new(ended(first_sync(80, 24), Outcome::Cancelled)), "/ Пауза"),
        (Box::new(waiting(first_sync(80, 24))), "@ повтор 2 из 5 через"),
        (Box::new(idle(80, 24)), "синхронизации -:#--x/-"),
    ] {
        let backend = TestBackend::new(80, 24);
        let mut terminal = Terminal::new(backend).unwrap();
        terminal.draw(|frame| draw(frame, &model, &look)).unwrap();
        let seen = terminal.backend().to_string().replace('\u{a0}', " ");
        assert!(seen.contains(sign), "{sign}: {seen}");
    }
}

/// The mirror has its own gauge while it is published to, in the block and in the strip, and its state afterwards.
#[test]
fn the_mirror_has_a_gauge_and_a_state() {
    use crate::dashboard::app::StoreStatus;
    use crate::engine::{MirrorFault, MirrorStanding};
    use crate::sync::event::MirrorGauge;
    let mut model = syncing(80, 24);
    let mirror = Some(MirrorGauge { done: 120, total: 312 });
    fixture::told(&mut model, TaskReport::Sync(Box::new(Progress { mirror, ..fixture::progress() })));
    let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
    for part in ["Обновляется зеркало 38", "Зеркало", "120"] {
        assert!(seen.contains(part), "{part}:\n{seen}");
    }
    insta::assert_snapshot!("mirror_running_80x24_ru", seen);
    let why = vec![("host", "db.example.ru".to_owned()), ("why", "timed out".to_owned())];
    let fault = Some(MirrorFault::new("mirror-unreachable", why));
    let shown =
        MirrorStanding { generation: Some(7), verified: true, behind: Some(0), ..MirrorStanding::default() };
    let behind = MirrorStanding { behind: Some(2), ..shown.clone() };
    let failed = MirrorStanding { fault, ..behind.clone() };
    for (standing, short) in
        [(shown, "зеркало ✓"), (behind, "зеркало: −2 верс."), (failed, "зеркало не обновлено")]
    {
        let mut model = fixture::loaded(200, 50);
        let status = StoreStatus { mirror: Some(standing), ..fixture::status() };
        fixture::standing(&mut model, status);
        let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
        assert!(seen.contains(short), "{short}:\n{seen}");
    }
}
