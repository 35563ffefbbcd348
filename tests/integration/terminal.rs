//! The dashboard as its user has it: keys go into a pseudo-terminal, the screen is read cell by cell, and every
//! way out leaves the terminal as it was.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use sverka_simulator::{FaultKind, Faults, Rate};
use vt100::{Color, Screen};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, steers};
use crate::support::pseudo_terminal::{
    BACKSPACE_ALL, CTRL_C, CTRL_Z, DOWN, ENTER, ESC, F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F12,
    PseudoTerminal, TAB, alt,
};

const USUAL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (140, 40);

/// The demo, its first sync published and the customers listed.
fn demo(size: (u16, u16)) -> PseudoTerminal {
    let machine = Machine::bare();
    let terminal = PseudoTerminal::start(&machine, &["demo"], size, &[]);
    terminal.wait_for(&["Готово за", "Сходится за 365 дней", "Найдено: 300"]);
    terminal.keep(machine)
}

/// The dashboard over a machine that synced before.
fn dashboard(machine: &Machine) -> PseudoTerminal {
    let terminal = PseudoTerminal::start(machine, &[], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    terminal
}

#[test]
fn the_demo_syncs_finds_opens_and_checks() {
    for size in [USUAL, WIDE] {
        let mut terminal = demo(size);
        terminal.press("царьков");
        terminal.wait_for(&["Поиск: царьков", "Найдено: 1", "Царькова Марина"]);
        terminal.press(BACKSPACE_ALL);
        terminal.wait_for(&["Найдено: 300"]);
        terminal.press("wfhmrjd");
        terminal.wait_for(&["Поиск: wfhmrjd", "прочитано как «царьков»", "Найдено: 1", "Царькова Марина"]);
        terminal.press(BACKSPACE_ALL);
        terminal.wait_for(&["Найдено: 300"]);
        terminal.press("8451364");
        terminal.wait_for(&["Поиск: 8451364", "Найдено: 1", REFERENCE_PHONE]);

        terminal.press(ENTER);
        terminal.wait_for(&["✓ Итого", "365 054,00", "не сверено: баллы, город", "Сравнено с итогами 1С"]);
        terminal.press(F4);
        terminal.wait_for(&["Сравнено с 1С построчно", "✓ Итого", "365 054,00", "✓ Баллы", "4 806"]);

        // In Russian a letter is named with the one that lies there under the other layout.
        terminal.wait_for(&["Alt+O/Щ Ответ", "F8 Выход", "F1 Всё"]);
        terminal.press(F1);
        // Of its keys those that act here: a letter would begin a search.
        terminal.wait_for(&["Клавиши", "показать клавиши", "F4                сверить клиента"]);
        terminal.press(ESC);
        terminal.wait_for_no("показать клавиши");
        terminal.press(F6);
        terminal.wait_for(&["Журнал", "Царькова Марина Викторовна, карта 000000001: сверено"]);
        terminal.press(F6);
        terminal.wait_for(&["Сравнено с 1С построчно"]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// The demo with the reference customer open and the keyboard in the detail.
fn open_customer(size: (u16, u16)) -> PseudoTerminal {
    let mut terminal = demo(size);
    terminal.press("8451364");
    terminal.wait_for(&["Найдено: 1", REFERENCE_PHONE]);
    terminal.press(ENTER);
    terminal.wait_for(&["✓ Итого", "365 054,00"]);
    terminal
}

/// From the total to the request that fetched it; the words on the screen are the words that are copied.
#[test]
fn a_check_is_explained_and_copied() {
    for (size, [explain, copy, json]) in [(USUAL, ["e", "y", "J"]), (WIDE, ["у", "н", "О"])] {
        let mut terminal = open_customer(size);
        terminal.press(&alt(explain));
        terminal.wait_for(&["Разбор расхождения", "Построчной сверки с 1С не было"]);
        terminal.press(F4);
        terminal.wait_for(&["Разбор расхождения", "Сравнено с 1С, построчно", "GET /", "365 054,00"]);
        terminal.press(copy);
        let copied = terminal.take_clipboard();
        terminal.wait_for(&["Скопировано", "OSC 52", "Y/Н — в файл"]);
        assert!(copied.contains("365 054,00".replace(' ', "\u{a0}").as_str()), "{copied}");
        assert!(copied.contains("GET /") && copied.contains("$filter="), "{copied}");
        // The command that repeats a request names the host, or it could not; who asks is for its user to fill in.
        assert!(copied.contains("curl -u LOGIN 'http://127.0.0.1"), "{copied}");
        for secret in ["odata.user", "demo:", "Authorization"] {
            assert!(!copied.contains(secret), "{secret} in {copied}");
        }
        terminal.press(json);
        let object: Value = serde_json::from_str(&terminal.take_clipboard()).unwrap();
        assert_eq!((&object["verdict"], &object["against"]), (&json!("reconciled"), &json!("live")));
        assert_eq!(object["requests"][0]["method"], "GET");
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// What the seed's customer has to show, ticked, once 1C was asked about her: nobody pressed a key for it.
fn wait_for_ticks(terminal: &PseudoTerminal) {
    for figure in [["✓ ", "365 054,00 ₽"], ["✓ Баллы", "4 806"], ["✓ Город", "Симферополь"]]
    {
        terminal.wait_for_line_with(&figure);
    }
}

#[test]
fn whoever_is_opened_is_ticked_in_every_figure_without_a_key() {
    let machine = Machine::synced();
    for (text, open) in [("царьков", ENTER), ("wfhmrjd", ENTER), ("8451364", ENTER), ("царьков", "")]
    {
        let mut terminal = dashboard(&machine);
        terminal.press(text);
        terminal.wait_for(&[&format!("Поиск: {text} "), "Найдено: 1", "Царькова Марина", "365 054,00"]);
        terminal.press(open);
        wait_for_ticks(&terminal);
        terminal.wait_for(&["Сходится с 1С до копейки", "Сравнено с 1С построчно"]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// The demo does so, too, in either shape of the screen.
#[test]
fn the_demo_ticks_the_customer_of_the_seed_without_a_key() {
    for (size, text) in [(USUAL, "wfhmrjd"), (WIDE, "царьков")] {
        let mut terminal = demo(size);
        terminal.press(text);
        terminal.wait_for(&["Найдено: 1", "Царькова Марина"]);
        terminal.press(ENTER);
        wait_for_ticks(&terminal);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// How long whoever is looked for waits for the ticks: within two seconds of the last letter.
#[test]
#[ignore = "a measurement, not a test"]
#[expect(clippy::print_stdout, reason = "whoever runs it wants to see the times")]
fn what_the_ticks_of_an_opened_customer_take() {
    let machine = Machine::synced();
    for text in ["царьков", "wfhmrjd", "8451364", "царьков", "wfhmrjd"] {
        let mut terminal = dashboard(&machine);
        let typed = Instant::now();
        terminal.press(&format!("{text}{ENTER}"));
        wait_for_ticks(&terminal);
        let waited = typed.elapsed();
        println!("{text}: {waited:?} from the last letter to every figure ticked");
        assert!(waited < Duration::from_secs(2), "{waited:?}");
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// One after the other: the explanation, the request it names, what 1C answers to that, and back.
#[test]
fn how_1c_answers_is_read_on_demand_and_repeats_no_secret() {
    for (size, [explain, raw, copy]) in [(USUAL, ["e", "a", "y"]), (WIDE, ["у", "ф", "н"])] {
        let mut terminal = open_customer(size);
        terminal.press(&alt(explain));
        terminal.wait_for(&["Разбор расхождения"]);
        terminal.press(F4);
        terminal.wait_for(&["Сравнено с 1С, построчно", "GET /"]);
        terminal.press(raw);
        terminal.wait_for(&["Ответ 1С как есть", "Ответ 1С сейчас", "\"value\""]);
        terminal.press(copy);
        let copied = terminal.take_clipboard();
        assert!(copied.contains("GET /") && copied.contains("\"Ref_Key\""), "{copied}");
        for secret in ["odata.user", "demo:", "Authorization"] {
            assert!(!copied.contains(secret), "{secret} in {copied}");
        }
        terminal.press(ESC);
        terminal.wait_for(&["Разбор расхождения", "GET /"]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// The cards of the shop's one owner of several.
fn cards_of_one_owner(machine: &Machine) -> [String; 2] {
    let found = machine.run(["search", "", "--limit", "100", "--json"]).ends_with(0).json();
    let cards = found["cards"].as_array().unwrap();
    let is_pair = |one: &Value, other: &Value| one["owner"].is_string() && one["owner"] == other["owner"];
    let pairs =
        cards.iter().enumerate().flat_map(|(at, one)| cards[at + 1..].iter().map(move |it| (one, it)));
    let (one, other) = pairs.into_iter().find(|(one, other)| is_pair(one, other)).unwrap();
    [one, other].map(|card| card["code"].as_str().unwrap().to_owned())
}

#[test]
fn the_cards_of_one_owner_are_told_listed_and_left() {
    let machine = Machine::synced();
    let [one, other] = cards_of_one_owner(&machine);
    for key in ["l", "д"] {
        let mut terminal = dashboard(&machine);
        terminal.press(&one);
        terminal.wait_for_line_with(&["ещё 1 карта", &other]);
        terminal.wait_for(&["Сумма 2 карт"]);
        terminal.press(&alt(key));
        terminal.wait_for(&["карты владельца", "2 из 30"]);
        terminal.press(DOWN);
        terminal.wait_for_line_with(&["ещё 1 карта", &one]);
        terminal.press(ESC);
        terminal.wait_for(&[&format!("Поиск: {one}"), "Найдено: 1"]);
        terminal.wait_for_line_with(&["ещё 1 карта", &other]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

#[test]
fn a_customer_a_figure_and_a_line_can_be_copied() {
    let mut terminal = open_customer(USUAL);
    terminal.press(&alt("y"));
    let customer = terminal.take_clipboard();
    assert!(customer.contains("ИТОГО: 365,054.00 руб ✅"), "{customer}");
    terminal.press(&alt("d"));
    terminal.wait_for(&["Что скопировать", REFERENCE_PHONE]);
    terminal.press(ENTER);
    assert_eq!(terminal.take_clipboard(), REFERENCE_PHONE);
    terminal.press(ENTER);
    terminal.wait_for(&["Строка целиком", "Сумма"]);
    terminal.press("y");
    assert!(terminal.take_clipboard().contains("Сумма: "));
    terminal.press(F8);
    terminal.end().well(0);
}

/// The file is for its owner alone, and says the same.
#[test]
fn what_was_copied_can_be_saved() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press("8451364");
    terminal.wait_for(&["Найдено: 1"]);
    terminal.press(ENTER);
    terminal.wait_for(&["365 054,00"]);
    terminal.press(&alt("н"));
    let copied = terminal.take_clipboard();
    terminal.wait_for(&["Скопировано"]);
    terminal.press(&alt("ц"));
    terminal.wait_for(&["Записано в файл", "customer-000000001.txt"]);
    terminal.press(F8);
    terminal.end().well(0);
    let saved: Vec<_> =
        machine.files().into_iter().filter(|path| path.ends_with("customer-000000001.txt")).collect();
    let [path] = &saved[..] else { panic!("{saved:?}") };
    assert_eq!(std::fs::read_to_string(path).unwrap(), copied);
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn raw_fields_are_read_on_demand_and_never_offered_for_copying() {
    let mut terminal = open_customer(WIDE);
    for _ in 0..3 {
        terminal.press(F7);
    }
    terminal.wait_for(&["[Поля 1С]", "Enter — прочитать поля"]);
    terminal.press(ENTER);
    terminal.wait_for(&["Карта · Code", "Владелец · Description"]);
    terminal.press(ENTER);
    terminal.wait_for(&["Строка целиком", "Карта · "]);
    terminal.press("y");
    terminal.wait_for(&["Здесь нечего копировать"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn the_last_sync_is_shown_before_and_after() {
    let mut terminal = open_customer(USUAL);
    terminal.press(F9);
    terminal.wait_for(&["Стало 365 054,00; 1С 365 054,00; расхождение 0,00", "Вся база"]);
    terminal.press(ESC);
    terminal.wait_for_no("Вся база");
    terminal.press(F5);
    terminal.wait_for(&["Готово за", "~0"]);
    terminal.press(F9);
    terminal.wait_for(&["Было в портале 365 054,00 → стало 365 054,00; 1С 365 054,00;", "расхождение 0,00"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn in_lines_the_same_is_told_without_steering_anything() {
    let machine = Machine::bare();
    let mut terminal = PseudoTerminal::start(&machine, &["demo", "--plain"], USUAL, &[]);
    terminal.wait_for_line("Синхронизация завершена");
    terminal.press("8451364\r");
    terminal.wait_for_line("1. Царькова");
    terminal.press("1\r");
    terminal.wait_for_line("ИТОГО: 365,054.00 руб");
    terminal.press("к\r");
    terminal.wait_for_line("Сверено построчно");
    terminal.press("q\r");
    let ended = terminal.end().plainly(0);
    let said = String::from_utf8_lossy(&ended.bytes);
    assert!(!said.contains('\x1b'), "{said}");
}

#[test]
fn u4_a_paste_is_text_and_no_command() {
    let mut terminal = demo(USUAL);
    terminal.press(TAB);
    terminal.press("\x1b[200~царьк\nq\x1b[201~");
    terminal.wait_for(&["Поиск: царьк q", "Найдено: 0"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn u2_no_size_of_the_window_breaks_the_dashboard() {
    let mut terminal = demo(USUAL);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1"]);
    for (columns, rows) in [(20, 5), (1, 1), (200, 3), (2, 60), (40, 10), (1, 1), WIDE, USUAL] {
        terminal.resize(columns, rows);
    }
    terminal.wait_for(&["Поиск: царьков", "Найдено: 1", "✓ Итого", "365 054,00", "F8 Выход"]);
    terminal.resize(20, 5);
    terminal.wait_for(&["Сходится за 365"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn u1_every_key_that_quits_leaves_the_terminal_as_it_was() {
    for keys in [&[F8][..], &[F10], &[CTRL_C], &[TAB, F8], &[TAB, TAB, F10], &[F6, F8]] {
        let mut terminal = demo(USUAL);
        for key in keys {
            terminal.press(key);
        }
        terminal.end().well(0);
    }
}

/// The next caller's phone or name, typed wherever the last one was left, is searched for and never obeyed.
#[test]
fn whatever_is_typed_among_the_customers_is_searched_for() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press("qй");
    terminal.wait_for(&["Поиск: qй", "Найдено: 0"]);
    for (way, text) in [
        (&[TAB][..], "79781000419"),
        (&[TAB, TAB], "чайкина"),
        (&[F3, TAB, TAB], "xfqrbyf"),
        (&[F4, TAB], "y17"),
        (&[F6, F6, TAB], "д42"),
    ] {
        for key in way {
            terminal.press(key);
        }
        terminal.press(text);
        terminal.wait_for(&[&format!("Поиск: {text} "), "F8 Выход"]);
    }
    terminal.press(F8);
    terminal.end().well(0);
    let kept: Vec<_> = machine.files().into_iter().filter(|path| path.ends_with("state.toml")).collect();
    for path in kept {
        let state = std::fs::read_to_string(path).unwrap();
        assert!(!state.contains("order"), "{state}");
    }
}

/// `q` and its twin leave what lies over the customers, not the program, or are looked for there; nothing behind it is copied or changed.
#[test]
fn what_lies_over_the_customers_has_the_keyboard() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press("8451364");
    terminal.wait_for(&["Найдено: 1", "365 054,00"]);
    for (over, title) in [
        (F1, "Клавиши"),
        (F2, "Кого показывать"),
        (F6, "Журнал"),
        (F9, "Вся база"),
        (F12, "Сверка всей базы"),
    ] {
        for leave in ["q", "й"] {
            terminal.press(over);
            terminal.wait_for(&[title]);
            terminal.press("cсzя5");
            // In the journal letters look for a line; Esc leaves it.
            terminal.press(if over == F6 { ESC } else { leave });
            terminal.wait_for(&["Поиск: 8451364", "Найдено: 1", "365 054,00", "F8 Выход"]);
        }
    }
    terminal.press(F8);
    terminal.end().well(0);
}

/// F4 right after the last letter is about whom that finds, and says so.
#[test]
fn a_check_asked_for_while_the_list_is_on_its_way_is_of_whom_it_finds() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.wait_for(&["Найдено: 30"]);
    terminal.press(&format!("царькова{F4}"));
    terminal.wait_for(&["Царькова", "сверено"]);
    terminal.press(F6);
    terminal.wait_for_line_with(&["Царькова", "карта 000000001"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn u1_every_signal_that_ends_it_leaves_the_terminal_as_it_was() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let terminal = demo(USUAL);
        terminal.signal(signal);
        terminal.end().well(130);
    }
}

/// A connection that breaks takes the terminal away; the program must not live on and spin.
#[test]
fn u3_a_closed_window_ends_it() {
    assert_eq!(demo(USUAL).close_window(), Some(130));
    // The cursor is hidden here, and there is nobody left to show it to.
    let mut terminal = demo(USUAL);
    terminal.press(F12);
    terminal.wait_for(&["┌ Сверка всей базы"]);
    assert_eq!(terminal.close_window(), Some(130));
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = dashboard(&machine);
    terminal.press(F5);
    terminal.wait_for(&["Подготовка"]);
    assert_eq!(terminal.close_window(), Some(130));
    assert_eq!(machine.run(["status", "--json"]).ends_with(0).json()["running"], Value::Null);
}

#[test]
fn the_demo_takes_its_store_away_with_it() {
    for quit in [F8, CTRL_C] {
        let machine = Machine::bare();
        let mut terminal = PseudoTerminal::start(&machine, &["demo"], USUAL, &[]);
        terminal.wait_for(&["Готово за"]);
        assert!(!machine.files().is_empty());
        terminal.press(quit);
        terminal.end().well(0);
        assert_eq!(machine.files(), Vec::<std::path::PathBuf>::new());
    }
}

/// Where no shell watches, nobody would ever continue it.
#[test]
fn a_stop_without_a_shell_only_draws_anew() {
    let mut terminal = demo(USUAL);
    let drawn = terminal.frames();
    terminal.press(CTRL_Z);
    terminal.wait_for_frame_after(drawn);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn quitting_while_a_sync_runs_asks_first() {
    for (yes, no) in [("y", "n"), ("д", "н")] {
        let machine = Machine::synced();
        machine.break_onec(Faults::always(FaultKind::Stall));
        let mut terminal = dashboard(&machine);
        terminal.press(F5);
        terminal.wait_for(&["Подготовка"]);
        terminal.press(F8);
        terminal.wait_for(&["Синхронизация остановится", "Выйти?"]);
        terminal.press(no);
        terminal.wait_for_no("Выйти?");
        terminal.press(F8);
        terminal.wait_for(&["Выйти?"]);
        terminal.press(yes);
        terminal.end().well(0);
        let status = machine.run(["status", "--json"]).ends_with(0).json();
        assert_eq!((&status["generation"], &status["running"]), (&json!(1), &Value::Null));
        assert_eq!(status["last_syncs"][0]["outcome"], "cancelled");
    }
}

#[test]
fn p2_a_signal_during_a_sync_of_a_silent_1c_ends_both() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = dashboard(&machine);
    terminal.press(F5);
    terminal.wait_for(&["Подготовка"]);
    terminal.wait_for(&["1С молчит", "запрос: что опубликовано", "ждём до 3"]);
    terminal.signal(Signal::TERM);
    terminal.end().well(130);
    assert_eq!(machine.run(["status", "--json"]).ends_with(0).json()["generation"], 1);
}

#[test]
fn a_sync_from_the_dashboard_shows_what_changed() {
    let machine = Machine::synced();
    // In a narrow terminal the bound of a delta takes the room as soon as it is known.
    let mut terminal = PseudoTerminal::start(&machine, &[], WIDE, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    terminal.press(F5);
    terminal.wait_for(&["Готово за", "~0"]);
    terminal.press(F8);
    terminal.end().well(0);
    assert_eq!(machine.run(["status", "--json"]).ends_with(0).json()["generation"], 2);
}

#[test]
fn a_failed_check_says_why_and_keeps_the_figures() {
    let mut machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1", "365 054,00"]);
    machine.stop_onec();
    terminal.press(F4);
    terminal.wait_for(&["не принимает соединение", "365 054,00"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn d6_a_row_that_rotted_where_no_list_shows_it_is_told_on_the_screen() {
    let machine = Machine::synced();
    // The name of a product: customers and their figures are whole.
    machine.let_rot("Серьги");
    let mut terminal = dashboard(&machine);
    terminal.wait_for(&["Хранилище повреждено", "sync --rebuild"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn before_the_first_sync_the_dashboard_says_what_to_do() {
    let machine = Machine::with_onec();
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["данных ещё нет", "F5"]);
    terminal.press(F5);
    terminal.wait_for(&["Готово за", "Сходится за 365 дней"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// The gauges of a first sync have the screen until there is a list; what they say holds, and a pause is no failure.
#[test]
fn a_first_sync_of_a_slow_1c_tells_how_far_it_is_and_how_long_it_takes() {
    let slow = || Faults::default().add(FaultKind::Slow, Rate::number(200));
    let machine = Machine::with_shop(300, 3_000);
    machine.configure("page_size = 50\n");
    machine.break_onec(slow());
    let patient = [("SVERKA_ONEC__BACKOFF", "4s")];
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &patient);
    terminal.wait_for(&["Клиентов ещё нет", "F5"]);
    terminal.press(F5);
    terminal.wait_for(&[
        "Первая синхронизация",
        "этап 1/5",
        "прошло",
        "Карты и владельцы",
        " из ",
        "F5 Стоп",
    ]);
    terminal.wait_for(&["10–40 %", "42–50 %", "55–85 %", "90–98 %", "98–100 %", "продолжится с этого места"]);
    terminal.wait_for(&["ост. ~", "пик", "запросов:", "получено"]);
    let is_calm = |terminal: &PseudoTerminal| {
        let seen = terminal.screen(Screen::contents);
        assert!(!seen.contains("Клиентов ещё нет") && !seen.contains('✗'), "{seen}");
    };
    is_calm(&terminal);
    terminal.wait_for(&["этап 3/5"]);
    machine.break_onec(slow().add(FaultKind::Status503, Rate::ALWAYS));
    terminal.wait_for(&["повтор 1 из", "через", "1С занята (ответ 503)", "прошло"]);
    is_calm(&terminal);
    terminal.press(F5);
    terminal.wait_for(&["Остановить синхронизацию?"]);
    terminal.press("д");
    terminal.wait_for(&["Синхронизация на паузе", "■ Пауза с", "F5 — продолжить"]);
    terminal.wait_until("no mark of failure", |screen| !screen.contents().contains('✗'));
    terminal.press(F8);
    terminal.end().well(0);
    // Whoever comes back is told how far it came, and goes on with it.
    let status = machine.run(["status"]).ends_with(0).stdout;
    assert!(status.contains("Не закончена") && !status.contains("Ещё не синхронизировано"), "{status}");
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["Синхронизация на паузе", "рервана", " %", "F5 — продолжить"]);
    machine.break_onec(Faults::default());
    terminal.press(F5);
    terminal.wait_for(&["Готово за", "Найдено: 300"]);
    terminal.press(F6);
    terminal.wait_for(&["Продолжаю прерванную синхронизацию"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn while_1c_is_away_the_next_try_is_counted_down_and_can_be_given_up() {
    let mut machine = Machine::synced();
    machine.stop_onec();
    let mut terminal = dashboard(&machine);
    terminal.press(F5);
    terminal.wait_for(&["1С недоступна", "Следующая попытка через", "не принимает соединение"]);
    terminal.press(ESC);
    terminal.wait_for_no("Esc — убрать");
    terminal.press(TAB);
    terminal.wait_for(&["Ответ"]);
    terminal.press(&alt("ч"));
    terminal.wait_for_no("Следующая попытка");
    terminal.wait_for(&["F5 — повторить"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// A machine with a 1C that takes this password, and no settings.
fn without_settings(password: &str) -> Machine {
    let machine = Machine::with_onec();
    machine.accept_password(password);
    std::fs::remove_file(machine.config()).unwrap();
    machine
}

/// The first start asks for address, login and password, tries them, writes them down for their owner alone, and goes on
/// into the dashboard. Nothing of it shows a password.
#[test]
fn the_first_start_tries_what_is_typed_and_writes_it_down_once_1c_lets_in() {
    let russian = ["Настроек ещё нет", "Адрес 1С", "Начать первую синхронизацию?", "Готово за"];
    let english = ["No settings yet", "1C address", "Begin the first sync?", "Done in"];
    for (size, language, [none, address, question, done]) in
        [(USUAL, "ru_RU.UTF-8", russian), ((60, 15), "en_US.UTF-8", english)]
    {
        let machine = without_settings("tiger-42");
        let mut terminal = PseudoTerminal::start(&machine, &[], size, &[("LANG", language)]);
        terminal.wait_for(&[none, address, "Esc"]);
        terminal.press(&format!("{}{ENTER}odata.user{ENTER}lion-17{ENTER}", machine.onec_url()));
        terminal.wait_for(&["✗", "[onec-unauthorized]", "→", "•••••••", "Esc"]);
        assert!(!machine.config().exists());
        terminal.press(&format!("{BACKSPACE_ALL}tiger-42{ENTER}"));
        terminal.wait_for(&[question]);
        let settings = std::fs::read_to_string(machine.config()).unwrap();
        let table: toml::Table = settings.parse().unwrap();
        assert_eq!(table["onec"]["url"].as_str(), Some(machine.onec_url().as_str()));
        assert_eq!(table["onec"]["user"].as_str(), Some("odata.user"));
        assert_eq!(table["onec"]["password"].as_str(), Some("tiger-42"));
        assert!(table["onec"]["names"]["opening_balance"].is_array(), "{settings}");
        assert_eq!(std::fs::metadata(machine.config()).unwrap().permissions().mode() & 0o777, 0o600);
        terminal.press(ENTER);
        terminal.wait_for(&[done]);
        terminal.press(F8);
        let ended = terminal.end().well(0);
        let said = String::from_utf8_lossy(&ended.bytes);
        assert!(!said.contains("tiger") && !said.contains("lion"), "{said}");
        machine.run(["status", "--json"]).ends_with(0);
    }
}

/// Whoever leaves the form has written nothing; letters that are commands elsewhere are text in it.
#[test]
fn the_first_start_can_be_left_with_nothing_written_and_leads_to_the_demo() {
    let machine = Machine::bare();
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["Настроек ещё нет", "config/sverka/config.toml", "F7 Демо"]);
    terminal.press("qdй");
    terminal.wait_for(&["Адрес 1С  qdй"]);
    terminal.press(&format!("{ENTER}anna{ENTER}tiger-42{ENTER}"));
    terminal.wait_for(&["✗", "[config-address]", "Это не адрес службы OData", "→"]);
    terminal.press(ESC);
    terminal.end().well(0);
    assert!(!machine.config().exists());
    assert_eq!(machine.files(), Vec::<std::path::PathBuf>::new());

    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["Настроек ещё нет"]);
    terminal.press(F7);
    terminal.wait_for(&["Готово за", "Найдено: 300"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// A file that does not say enough is its owner's to fill in.
#[test]
fn settings_that_are_incomplete_are_told_and_left_alone() {
    let machine = Machine::bare();
    machine.run(["init"]).ends_with(0);
    let before = std::fs::read_to_string(machine.config()).unwrap();
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["onec.url", "config/sverka/config.toml", "F7 Демо", "F8 Выход"]);
    terminal.press(ENTER);
    terminal.press("d");
    terminal.wait_for(&["Готово за", "Найдено: 300"]);
    terminal.press(F8);
    terminal.end().well(0);
    assert_eq!(std::fs::read_to_string(machine.config()).unwrap(), before);
}

#[test]
fn the_list_is_sorted_filtered_and_left_as_it_was_found_again() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press(TAB);
    terminal.press(&alt("4"));
    terminal.wait_for(&["Итого↓"]);
    terminal.press(&alt("4"));
    terminal.wait_for(&["Итого↑"]);
    terminal.press(&alt("а"));
    terminal.wait_for(&["с расхождением", "Найдено: 0 из 30", "Под фильтр никто не подходит"]);
    terminal.press(&alt("f").repeat(3));
    terminal.wait_for(&["Найдено: 30"]);
    terminal.press(F8);
    terminal.end().well(0);

    let state = machine.path("state/sverka/state.toml");
    assert!(std::fs::read_to_string(&state).unwrap().contains("sort = \"total\""));
    let mut terminal = dashboard(&machine);
    terminal.wait_for(&["Итого↑"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn the_mouse_selects_once_it_is_let_in_and_is_given_back() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press(TAB);
    terminal.press(&alt("m"));
    terminal.wait_for(&["Мышь включена", "1–"]);
    // The wheel down over the list: three lines on.
    terminal.press("\x1b[<65;10;10M");
    terminal.wait_until("a selection further down", |screen| {
        let (rows, columns) = screen.size();
        let is_selected =
            |row: u16| (0..columns).any(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse));
        (0..rows).find(|row| is_selected(*row)).is_some_and(|row| row >= 8)
    });
    // What has a name does what it says: the first key of the footer checks, its place is the last line.
    terminal.press("\x1b[<0;3;24M");
    terminal.wait_for(&["Сравнено с 1С построчно"]);
    terminal.press(F8);
    let ended = terminal.end().well(0);
    let said = String::from_utf8_lossy(&ended.bytes).into_owned();
    assert!(said.rfind("\x1b[?1000h") < said.rfind("\x1b[?1000l"), "the mouse is the terminal's again");
}

/// What a terminal tells of its window is no text.
#[test]
fn a_window_that_loses_the_keyboard_and_gets_it_back_types_nothing() {
    let mut terminal = demo(USUAL);
    terminal.press("\x1b[O");
    terminal.press("царь");
    terminal.press("\x1b[Iков");
    terminal.wait_for(&["Поиск: царьков", "Найдено: 1"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// Over a slow line an Esc and the key after it arrive in one piece.
#[test]
fn a_key_right_after_an_escape_is_no_text() {
    let mut terminal = demo(USUAL);
    terminal.press("царьков");
    terminal.wait_for(&["Поиск: царьков", "Найдено: 1"]);
    terminal.press(&format!("{ESC}{F6}"));
    terminal.wait_for(&["Журнал", "Сходится за 365 дней"]);
    terminal.press(&format!("{ESC}{F1}"));
    terminal.wait_for(&["показать клавиши"]);
    terminal.press(&format!("{ESC}{F8}"));
    terminal.end().well(0);
}

#[test]
fn dots_hide_what_is_personal_and_ascii_draws_what_is_left() {
    let machine = Machine::synced();
    let mut terminal = PseudoTerminal::start(&machine, &["--ascii"], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30", "+-"]);
    terminal.press("царьков");
    terminal.wait_for(&["Царькова Марина", REFERENCE_PHONE]);
    terminal.press(TAB);
    terminal.press(&alt("p"));
    terminal.wait_for(&["***********", "365 054,00"]);
    let shown = terminal.screen(Screen::contents);
    assert!(!shown.contains("арьков") && !shown.contains(REFERENCE_PHONE), "{shown}");
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn the_queries_of_a_session_come_back() {
    let mut terminal = demo(USUAL);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1"]);
    terminal.press(ESC);
    terminal.wait_for(&["Найдено: 300"]);
    terminal.press("\x10");
    terminal.wait_for(&["Поиск: царьков", "Найдено: 1"]);
    terminal.press(F8);
    terminal.end().well(0);
}

fn characters(screen: &Screen) -> Vec<char> {
    let (rows, columns) = screen.size();
    let cells = (0..rows).flat_map(|row| (0..columns).filter_map(move |column| screen.cell(row, column)));
    cells.flat_map(|cell| cell.contents().chars().collect::<Vec<_>>()).collect()
}

/// Wide, combining and joined characters take the columns that the terminal gives them: frames and figures stay straight.
#[test]
fn u2_wide_and_combining_names_keep_the_columns_straight() {
    let names = [
        "東京太郎 山田花子",
        "Жо\u{308}рж Андре\u{301}й",
        "👩\u{200d}🔧 Мария 🎉",
        "한국어 이름",
        "Ｆｕｌｌ Ｗｉｄｔｈ",
    ];
    let machine = Machine::with_onec();
    machine.onec(|onec| {
        let books = onec.books_mut();
        let owners: Vec<_> = books.card_list().into_iter().map(|card| card.owner).collect();
        for (owner, name) in owners.into_iter().filter(|owner| !owner.is_nil()).zip(names) {
            assert!(books.change_owner(owner, |owner| owner.name = format!("Ая {name}")));
        }
    });
    machine.run(["sync"]).ends_with(0);
    for size in [USUAL, WIDE] {
        let mut terminal = PseudoTerminal::start(&machine, &[], size, &[]);
        terminal.wait_for(&["Найдено: 30", "Ая "]);
        terminal.press("ая");
        terminal.wait_for(&["Поиск: ая"]);
        for _ in names {
            terminal.press(DOWN);
            terminal.wait_for_no("Читаю:");
            let seen = terminal.screen(|screen| {
                let (rows, columns) = screen.size();
                let cell = |row, column: u16| {
                    screen.cell(row, column).map(|cell| cell.contents().to_owned()).unwrap_or_default()
                };
                let edge = |row: &u16| (0..columns).find(|column| cell(*row, *column) == "┐").zip(Some(*row));
                let (edge, top) = (0..rows).find_map(|row| edge(&row)).expect("a pane");
                let inside = top + 1..rows - 2;
                inside
                    .flat_map(|row| {
                        [edge, edge + 1, columns - 1].map(|column| (row, column, cell(row, column)))
                    })
                    .filter(|(_, _, symbol)| !["│", "┘", "└"].contains(&symbol.as_str()))
                    .collect::<Vec<_>>()
            });
            assert_eq!(seen, Vec::new(), "{}", terminal.screen(Screen::contents));
        }
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// Whatever a name holds, the terminal gets frames and nothing else: `Ended::well` looks at every byte.
#[test]
fn u5_hostile_names_steer_nothing() {
    for size in [USUAL, WIDE] {
        let mut terminal = demo(size);
        terminal.press("злая");
        terminal.wait_for(&["Найдено: 1", "Злая␛[31m␛]0;взлом␇"]);
        terminal.press(ENTER);
        terminal.wait_for(&["Сравнено"]);
        terminal.press(F4);
        terminal.wait_for(&["Сравнено с 1С построчно"]);
        let wrong: Vec<char> = terminal.screen(characters).into_iter().filter(|c| steers(*c)).collect();
        assert_eq!(wrong, Vec::<char>::new());
        terminal.press(F3);
        terminal.press(BACKSPACE_ALL);
        terminal.wait_for(&["Найдено: 300"]);
        terminal.press("ялта");
        terminal.wait_for(&["Поиск: ялта"]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

fn colours(screen: &Screen) -> bool {
    let (rows, columns) = screen.size();
    let mut cells = (0..rows).flat_map(|row| (0..columns).filter_map(move |column| screen.cell(row, column)));
    cells.any(|cell| cell.fgcolor() != Color::Default || cell.bgcolor() != Color::Default)
}

/// The selected customer is the only line in reverse.
fn selection(screen: &Screen) -> bool {
    let (rows, columns) = screen.size();
    let mut cells = (0..rows).flat_map(|row| (0..columns).filter_map(move |column| screen.cell(row, column)));
    cells.any(vt100::Cell::inverse)
}

#[test]
fn u2_without_colours_the_selection_still_shows() {
    for (variables, coloured) in [(&[][..], true), (&[("NO_COLOR", "1")], false)] {
        let machine = Machine::bare();
        let mut terminal = PseudoTerminal::start(&machine, &["demo"], WIDE, variables);
        terminal.wait_for(&["Готово за", "Найдено: 300"]);
        terminal.wait_until("a selection", selection);
        assert_eq!(terminal.screen(colours), coloured);
        terminal.press(F8);
        let ended = terminal.end().well(0);
        if !coloured {
            assert_eq!(ended.colours(), Vec::<String>::new());
        }
    }
}

/// A theme out of a file has as many colours as the terminal, and none where there are to be none; a mistake in it is told
/// with its line by every command.
#[test]
fn a_theme_of_a_file_colours_the_dashboard_and_no_color_wins() {
    let machine = Machine::synced();
    machine.configure("[ui]\ntheme = \"amber\"\n");
    let theme = machine.path("config/sverka/themes/amber.toml");
    std::fs::create_dir_all(theme.parent().unwrap()).unwrap();
    std::fs::write(&theme, "ground = \"#1c1b19\"\ntext = \"#e0d8c0\"\n").unwrap();
    let (of_24_bits, of_256) = ("48;2;28;27;25", "48;5;234");
    let cases = [
        (&[("COLORTERM", "truecolor")][..], true, false),
        (&[], false, true),
        (&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")], false, false),
    ];
    for (variables, has_24_bits, has_256) in cases {
        let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, variables);
        terminal.wait_for(&["Найдено: 30", "F8 Выход"]);
        terminal.press(F8);
        let ended = terminal.end().well(0);
        let said = String::from_utf8_lossy(&ended.bytes);
        assert_eq!(
            (said.contains(of_24_bits), said.contains(of_256)),
            (has_24_bits, has_256),
            "{variables:?}"
        );
    }
    std::fs::write(&theme, "text = \"#e0d8c0\"\ngrond = \"#1c1b19\"\n").unwrap();
    let told = machine.run(["status"]).ends_with(2);
    let told =
        told.tells("[config-theme-role-nearest]").tells("amber.toml, строка 2, столбец 1").tells("ground");
    told.is_harmless();
    std::fs::remove_file(&theme).unwrap();
    machine.run(["status"]).ends_with(2).tells("[config-theme-missing]").tells("themes/amber.toml");
}

/// The causes of the base are bars; a digit lists the cards of one and says so, Esc lists all again.
#[test]
fn a_cause_of_the_base_filters_its_cards() {
    let mut terminal = demo(USUAL);
    terminal.press(F12);
    terminal.wait_for(&["Enter Сверить всю базу", "Esc Назад"]);
    terminal.press(ENTER);
    terminal.wait_for(&["░", "более ранние покупки", "Причина"]);
    terminal.press("1");
    terminal.wait_for(&["›1", "Сверка всей базы ·", "Esc Все карты"]);
    terminal.press(ESC);
    terminal.wait_for_no("Esc Все карты");
    terminal.wait_for(&["Enter Разбор", "Esc Назад"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn the_dashboard_speaks_english_where_the_locale_does() {
    let machine = Machine::bare();
    let mut terminal = PseudoTerminal::start(&machine, &["demo"], USUAL, &[("LANG", "en_US.UTF-8")]);
    terminal.wait_for(&["Matches for the last 365 days", "Found: 300", "F8 Quit"]);
    terminal.press("wfhmrjd");
    terminal.wait_for(&["Search: wfhmrjd", "read as “царьков”", "365,054.00", "Matches 1C to the kopeck"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn a_sync_in_a_terminal_draws_a_bar_and_takes_it_away() {
    let machine = Machine::with_onec();
    let terminal = PseudoTerminal::start(&machine, &["sync"], USUAL, &[]);
    terminal.end().plainly(0);

    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = PseudoTerminal::start(&machine, &["sync"], USUAL, &[]);
    terminal.wait_for(&["Подготовка"]);
    terminal.press(CTRL_C);
    terminal.end().plainly(130);
}

/// What is wrong is read to its last word on the usual screen, found, copied, and still there the next time.
#[test]
fn an_error_is_read_in_full_and_the_journal_outlives_the_dashboard() {
    let machine = Machine::synced();
    let nobody = "http://127.0.0.1:1/trade/odata/standard.odata";
    machine.configure_at(nobody, "retries = 1\n[ui]\ncheck_opened = false\n");
    let mut terminal = dashboard(&machine);
    terminal.press(F5);
    terminal.wait_for(&["[onec-unreachable-refused]"]);
    terminal.press(F6);
    terminal.wait_for(&["Журнал", "Enter — целиком"]);
    terminal.press(ENTER);
    let code = "docs/errors.md#onec-unreachable-refused";
    terminal.wait_for(&["ошибка", "127.0.0.1:1 не принимает соединение", "Что делать", code, "к списку"]);
    terminal.press("y");
    assert!(terminal.take_clipboard().contains(code));
    terminal.press(ESC);
    terminal.wait_for(&["Enter — целиком"]);
    terminal.press("повтор");
    terminal.wait_for(&["Журнал: повтор"]);
    terminal.press(ENTER);
    terminal.wait_for(&["предупреждение", "повтор 1 из", code]);
    terminal.press(ESC);
    terminal.wait_for(&["Enter — целиком"]);
    terminal.press(ESC);
    terminal.wait_for_no("Enter — целиком");
    terminal.press(F8);
    terminal.end().well(0);

    let mut terminal = dashboard(&machine);
    terminal.press(F6);
    terminal.press("соединение");
    terminal.wait_for(&["Журнал: соединение", "Ранее: "]);
    terminal.press(ENTER);
    terminal.wait_for(&["Прошлый запуск: sverka", code]);
    terminal.press(ESC);
    terminal.wait_for(&["Enter — целиком"]);
    terminal.press(F8);
    terminal.end().well(0);
}
