//! What other processes do, and how old a mark is, as it is drawn.

use ratatui::style::Modifier;

use super::*;
use crate::domain::reconcile::latest::Reach;
use crate::domain::third_column::{PortalColumn, PortalSide, PortalTruth};
use crate::domain::{Part, Verdict};
use crate::engine::{AlsoCompared, OtherWriter, Pulse, WriterProgress};
use crate::sync::event::Stage;

fn beside(width: u16, height: u16, command: &str) -> Model {
    let mut model = fixture::loaded(width, height);
    let progress = Some(WriterProgress { stage: Stage::Purchases, overall: 73 });
    let (since, command) = (fixture::synced_at(), command.to_owned());
    let writer = Some(OtherWriter { pid: 4_242, since, command, progress });
    let pulse = Pulse { writer, ..Pulse::default() };
    fixture::end(&mut model, TaskKind::Watch, Ok(Answer::Watched(pulse)));
    model
}

#[test]
fn a_sync_of_another_process_is_told_in_the_header_and_the_strip() {
    for (width, height) in [(80, 24), (140, 40), (60, 40)] {
        let screen = screen(&beside(width, height, "sverka sync"), Language::Russian);
        let mut lines = screen.lines();
        assert!(lines.next().unwrap_or_default().contains("▶ Синхронизация в другом процессе"), "{screen}");
        assert!(screen.contains("Идёт синхронизация в другом процессе"), "{screen}");
        assert!(screen.contains("73 %"), "{screen}");
    }
    let wide = screen(&beside(140, 40, "sverka sync"), Language::English);
    for words in ["▶ Another process is syncing", "73%", "Purchases", "4242 sverka sync"] {
        assert!(wide.contains(words), "{words}: {wide}");
    }
    let hostile = screen(&beside(200, 50, "sverka \u{1b}[31m\u{7}"), Language::Russian);
    assert!(!hostile.contains('\u{1b}') && !hostile.contains('\u{7}'), "{hostile}");
    let compacting = screen(&beside(140, 40, "sverka store compact"), Language::Russian);
    assert!(compacting.contains("Хранилище занято другим процессом (4242)"), "{compacting}");
    assert!(!compacting.contains("Синхронизация в другом процессе"), "{compacting}");
}

/// The style of the marks at the left of the list's rows and of the customer's figures.
fn marks(model: &Model, mark: &str) -> Vec<bool> {
    let terminal = drawn(model, Language::Russian);
    let buffer = terminal.backend().buffer();
    let cells = buffer.content().iter().filter(|cell| cell.symbol() == mark);
    cells.map(|cell| cell.modifier.contains(Modifier::DIM)).collect()
}

/// The marks of the header and of the list of counts are those of the store as a whole.
fn of_cards(model: &Model, mark: &str) -> Vec<bool> {
    let whole = marks(model, mark).len() - rows_of(model, mark);
    marks(model, mark).split_off(whole)
}

fn rows_of(model: &Model, mark: &str) -> usize {
    let screen = screen(model, Language::Russian);
    let after = screen.find("Клиенты").map_or("", |place| &screen[place..]);
    after.matches(mark).count()
}

#[test]
fn a_tick_is_green_where_it_is_fresh_and_grey_where_it_is_old() {
    let fresh = fixture::loaded(80, 24);
    // A card out of use is grey anyway.
    assert_eq!(of_cards(&fresh, "✓").iter().filter(|is_dim| **is_dim).count(), 1);
    let old = stale(80, 24);
    assert!(of_cards(&old, "✓").iter().all(|is_dim| *is_dim), "{:?}", of_cards(&old, "✓"));
    assert!(marks(&old, "✗").iter().all(|is_dim| !is_dim), "what differs still does");
    assert!(screen(&old, Language::Russian).contains("Сходилось с 1С; данные устарели"));

    // A check of this moment is fresh, however old the data are.
    let mut checked = stale(80, 24);
    press(&mut checked, Code::F(4));
    let live = fixture::live(fixture::card(1));
    let effects = fixture::end(&mut checked, TaskKind::Check, Ok(Answer::Checked(Box::new(live))));
    settle(
        &mut checked,
        effects.into_iter().filter(|it| !matches!(it, Effect::Ask(_, Ask::Status))).collect(),
    );
    checked.message = None;
    let told = screen(&checked, Language::Russian);
    assert!(told.contains("Сходится с 1С до копейки"), "{told}");
    assert!(of_cards(&checked, "✓").iter().any(|is_dim| !is_dim) && of_cards(&checked, "✓").contains(&true));
}

/// A customer whom the portal shows something else: before anything is said of the comparison with 1C.
#[test]
fn what_the_portal_shows_stands_beside_the_comparison() {
    for (shown, words) in [
        (132_694, "Портал показывает 132 694,00: нет начального ввода. Сравнено с 1С"),
        (365_054, "портал показывает то же"),
    ] {
        let mut model = fixture::loaded(140, 40);
        press(&mut model, Code::F(4));
        let mut live = fixture::live(fixture::card(1));
        let side = PortalSide { total: Some(fixture::roubles(shown)), rows: 1, ..PortalSide::default() };
        let truth = PortalTruth {
            opening_balance: Some(fixture::roubles(232_360)),
            total: Some(fixture::roubles(365_054)),
            ..PortalTruth::default()
        };
        live.comparison.portal = Some(Box::new(PortalColumn { side, truth }));
        let effects = fixture::end(&mut model, TaskKind::Check, Ok(Answer::Checked(Box::new(live))));
        settle(&mut model, effects);
        let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
        let seen = seen.split_whitespace().filter(|it| *it != "│").collect::<Vec<_>>().join(" ");
        assert!(seen.contains(words), "{seen}");
    }
}

#[test]
fn what_rests_on_an_older_comparison_is_named_with_its_age() {
    let mut model = fixture::loaded(200, 50);
    let mut detail = fixture::detail(fixture::card(1));
    let at = fixture::synced_at() - chrono::TimeDelta::hours(3);
    let parts = vec![Part::Points, Part::City, Part::Card];
    detail.also = Some(AlsoCompared { at, reach: Reach::Rows, parts });
    assert_eq!(detail.comparison.verdict, Verdict::Reconciled);
    fixture::end(&mut model, TaskKind::Open, Ok(Answer::Opened(Box::new(detail))));
    let russian = screen(&model, Language::Russian);
    assert!(
        russian.contains("Сравнено с итогами 1С, 5 мин назад; построчно 3 ч")
            && russian.contains("│ назад: баллы, город"),
        "{russian}"
    );
    let english = screen(&model, Language::English);
    assert!(english.contains("points, city"), "{english}");
}

#[test]
fn who_is_attached_is_told_and_a_lost_engine_leaves_its_last_state_dimmed() {
    use crate::dashboard::app::house::{Attachment, HouseNews};
    let viewers = ["anna@pts/1", "ivan@pts/4"].map(str::to_owned).to_vec();
    let attached = HouseNews::Attached(Attachment { number: 1, viewers, ..Attachment::default() });
    let first = |model: &Model, language| {
        screen(model, language).lines().next().unwrap_or_default().replace('\u{a0}', " ")
    };
    for (size, has_names) in [((80, 24), false), ((140, 40), true)] {
        let mut model = fixture::loaded(size.0, size.1);
        fixture::told(&mut model, TaskReport::House(attached.clone()));
        let line = first(&model, Language::Russian);
        assert!(line.contains("терминалов: 2"), "{line}");
        assert_eq!(line.contains("anna@pts/1, ivan@pts/4"), has_names, "{line}");
        let before = screen(&model, Language::Russian);
        let gone = HouseNews::Lost("Движок не отвечает.".to_owned(), std::time::Duration::from_secs(4));
        fixture::told(&mut model, TaskReport::House(gone));
        let line = first(&model, Language::Russian);
        assert!(line.contains("✗ Движок не отвечает"), "{line}");
        assert!(first(&model, Language::English).contains("✗ Engine not answering for"), "{line}");
        let rest = |screen: &str| screen.lines().skip(3).take(15).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rest(&before), rest(&screen(&model, Language::Russian)), "the last state stays");
        assert!(screen(&model, Language::Russian).contains("Alt+G/П Движок"));
        let terminal = drawn(&model, Language::Russian);
        let buffer = terminal.backend().buffer();
        assert!(buffer[(10, 10)].modifier.contains(Modifier::DIM));
        assert!(!buffer[(10, size.1 - 1)].modifier.contains(Modifier::DIM), "the keys act");
    }
}

/// Between two customers the pane names whom it waits for, and what it still shows is dimmed.
#[test]
fn figures_of_another_customer_than_the_marked_one_are_dimmed() {
    for size in [(80, 24), (140, 40), (200, 50)] {
        let mut model = fixture::loaded(size.0, size.1);
        press(&mut model, Code::Tab);
        let shown = |model: &Model| {
            let terminal = drawn(model, Language::Russian);
            let pane = crate::dashboard::app::Layout::of(model).detail;
            let buffer = terminal.backend().buffer().clone();
            let inside = (pane.x + 2..pane.right() - 2).map(move |x| buffer[(x, pane.y + 1)].clone());
            let written = inside.filter(|cell| cell.symbol() != " ").collect::<Vec<_>>();
            written.iter().all(|cell| cell.modifier.contains(Modifier::DIM))
        };
        assert!(!shown(&model));
        feed(&mut model, Event::Key(Key::plain(Code::Down)));
        let name = model.search.selected().unwrap().customer.name.clone();
        let seen = screen(&model, Language::Russian);
        assert!(seen.contains(&format!("Читаю: {}", name.split(' ').next().unwrap())), "{name}: {seen}");
        assert!(shown(&model), "{seen}");
    }
}

/// Over an empty base, over a first sync of one's own that was paused, and over data: gauges, stages, the whole, and whose.
#[test]
fn a_sync_of_another_process_looks_like_ones_own() {
    let foreign = |mut model: Model| {
        let progress = Some(WriterProgress { stage: Stage::Purchases, overall: 73 });
        let (since, command) = (fixture::synced_at(), "sverka sync".to_owned());
        let writer = Some(OtherWriter { pid: 4_242, since, command, progress });
        let pulse = Pulse { writer, ..Pulse::default() };
        fixture::end(&mut model, TaskKind::Watch, Ok(Answer::Watched(pulse)));
        model
    };
    for (width, height) in [(80, 24), (140, 40), (200, 50), (60, 40)] {
        let empty = fixture::empty(width, height);
        let mut paused = fixture::empty(width, height);
        press(&mut paused, Code::F(5));
        fixture::told(&mut paused, TaskReport::Sync(Box::new(fixture::progress())));
        fixture::synced(&mut paused, Ok(fixture::summary(Outcome::Cancelled)));
        for model in [empty, paused] {
            let seen = screen(&foreign(model), Language::Russian).replace('\u{a0}', " ");
            for part in [
                "другом процессе",
                "73 %",
                "✓ Карты и владельцы",
                "▶ Покупки",
                "55–85 %",
                "· Баллы",
                "появится здесь сам",
            ] {
                assert!(seen.contains(part), "{part} at {width}x{height}: {seen}");
            }
            assert!(!seen.contains("Пауза") && !seen.contains("Клиентов ещё нет"), "{seen}");
        }
        let seen = screen(&foreign(fixture::loaded(width, height)), Language::Russian);
        assert_eq!(seen.contains("▶ Покупки  "), width >= 140, "{seen}");
    }
    for (width, height) in [(40, 10), (20, 5)] {
        let seen = screen(&foreign(fixture::empty(width, height)), Language::Russian).replace('\u{a0}', " ");
        assert!(seen.contains("73 %") || seen.contains("Синхронизация"), "{seen}");
    }
}

/// What is vital stays in a small window: what is looked for, who was found, the total; and where one is among the lines.
#[test]
fn counts_and_what_is_vital_stay_in_small_windows() {
    let seen =
        |width, height| screen(&fixture::loaded(width, height), Language::Russian).replace('\u{a0}', " ");
    assert!(seen(80, 24).contains("1–8 из 8"), "{}", seen(80, 24));
    for (width, height) in [(40, 10), (20, 5)] {
        let mut model = fixture::loaded(width, height);
        let effects = feed(&mut model, Event::Pasted("79788451364".to_owned()));
        settle(&mut model, effects);
        let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
        assert!(seen.contains("7978845"), "what is looked for: {seen}");
        let total = model.search.selected().and_then(|row| row.total).expect("a total");
        let total = crate::text::money(total, Language::Russian).replace('\u{a0}', " ");
        assert!(seen.contains(&total), "{total}: {seen}");
    }
}
