//! The dashboard's view of the whole base, driven in a real pseudo-terminal over a simulated 1C.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use sverka::domain::reconcile::Cause;
use sverka::domain::{CardId, Verdict};
use sverka::text::{Language, Texts};
use sverka_simulator::{Books, DocumentKind, FaultKind, Faults, Trap};
use uuid::Uuid;
use vt100::Screen;

use crate::reconcile::{PLANTS, changed_line, city};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{DOWN, END, ENTER, ESC, F2, F4, F6, F8, F12, PseudoTerminal};

const USUAL: (u16, u16) = (80, 24);
/// Room for every card of the machine, with its causes in full.
const WALL: (u16, u16) = (220, 60);

fn texts() -> Texts {
    Texts::new(Language::Russian)
}

fn cause(cause: Cause) -> String {
    texts().cause(cause).into_owned()
}

/// The dashboard with the view open, nothing asked yet.
fn opened(machine: &Machine, size: (u16, u16)) -> PseudoTerminal {
    let mut terminal = PseudoTerminal::start(machine, &[], size, &[]);
    terminal.wait_for(&["Найдено", "данные "]);
    terminal.press(F12);
    terminal.wait_for(&["Enter — сверить всю базу сейчас"]);
    terminal
}

fn reconciled(machine: &Machine, size: (u16, u16)) -> PseudoTerminal {
    let mut terminal = opened(machine, size);
    terminal.press(ENTER);
    terminal.wait_for(&["Сверено по итогам 1С"]);
    terminal
}

fn with_a_variance() -> Machine {
    let machine = Machine::synced();
    machine.onec(|onec| _ = changed_line(onec.books_mut()));
    machine
}

/// What a row of the view calls a card.
fn label(books: &Books, card: Uuid) -> String {
    match books.card(card) {
        Some(card) => card.code.clone(),
        None if card.is_nil() => "(без карты)".to_owned(),
        // A card that went is still in the store; one that never was has no name.
        None if books.reference() == card => REFERENCE_PHONE.to_owned(),
        None => "(неизвестная карта".to_owned(),
    }
}

/// What the view says is listed.
fn title(screen: &Screen) -> String {
    let text = screen.contents();
    text.lines().find(|line| line.contains("Сверка всей базы")).unwrap_or_default().to_owned()
}

/// The files of the base among the copies.
fn exported(machine: &Machine) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| path.to_string_lossy().contains("/copies/reconcile");
    machine.files().into_iter().filter(is_one).collect()
}

/// A line of CSV without the moment it was compared at.
fn timeless(line: &str) -> String {
    for against in [",live,", ",control-totals,"] {
        if let Some((before, after)) = line.split_once(against) {
            let rest = after.split_once(',').map_or("", |(_, rest)| rest);
            return format!("{before}{against}{rest}");
        }
    }
    line.to_owned()
}

#[test]
fn the_base_is_summed_up_filtered_explained_and_written_as_the_command_does() {
    let machine = with_a_variance();
    // What is compared by itself beside it is in the file of whoever was quicker.
    machine.configure("[ui]\ncheck_opened = false\n");
    let mut terminal = PseudoTerminal::start(&machine, &[], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30"]);
    terminal.press(F12);
    terminal.wait_for(&["Enter — сверить всю базу сейчас"]);
    terminal.press(ENTER);
    terminal.wait_for(&["Сверено по итогам 1С", "✗ 1   ? 0   ! 2", "Есть расхождения", "расхождений: 1"]);
    terminal.wait_for_line_with(&["›✗", REFERENCE_PHONE, "строки изменены"]);
    terminal.press("а");
    terminal.wait_for(&["Сверка всей базы · с расхождением", "1–1 из 1"]);
    terminal.press(ENTER);
    let remedy = texts().cause_remedy(Cause::ChangedLines).into_owned();
    let remedy = remedy.split(':').next().unwrap();
    terminal.wait_for(&[
        "Разбор расхождения",
        "строка изменилась (другая сумма)",
        remedy,
        "Enter — к клиенту",
    ]);
    terminal.press("н");
    let copied = terminal.take_clipboard();
    assert!(copied.contains(remedy) && copied.contains(REFERENCE_PHONE), "{copied}");
    terminal.press(ENTER);
    // What the base was found to be, not what the last sync knew of it.
    terminal.wait_for(&["Сравнено с 1С построчно", "✗ Покупки"]);
    terminal.press(F12);
    terminal.wait_for(&["Сверка всей базы · с расхождением", "1–1 из 1"]);
    terminal.press("Н");
    terminal.wait_for(&["Записать в файл", "CSV для Excel"]);
    terminal.press(&DOWN.repeat(5));
    terminal.press(ENTER);
    terminal.wait_for(&["Записано строк: "]);

    let [path] = &exported(&machine)[..] else { panic!("{:?}", exported(&machine)) };
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let by_command = machine.path("base.csv");
    let run = machine.run(["reconcile", "--format", "csv", "-o", by_command.to_str().unwrap()]).ends_with(1);
    let lines =
        |path: &PathBuf| -> Vec<String> { fs::read_to_string(path).unwrap().lines().map(timeless).collect() };
    assert_eq!(lines(path), lines(&by_command));
    let told = run.stderr.replace('\u{a0}', " ");
    let sums = told.split("Контрольные итоги: 1С ").nth(1).unwrap().trim_end().trim_end_matches('.');
    let (onec, stored) = sums.split_once(", sverka ").unwrap();
    let rows = format!("Записано строк: {}", lines(path).len() - 1);
    terminal.wait_for(&[&rows, &format!("Итоги: 1С {onec}, sverka {stored}")]);
    terminal.press(F6);
    terminal.wait_for(&["Журнал", &rows, "Файл reconcile-"]);
    terminal.press(ESC);
    terminal.wait_for_no("Журнал");
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn every_planted_cause_is_named_on_its_row() {
    for (_, change, found, verdict) in PLANTS {
        let machine = Machine::synced();
        let label = machine.onec(|onec| {
            let card = change(onec.books_mut());
            label(onec.books(), card)
        });
        let terminal = reconciled(&machine, WALL);
        let mark = if verdict == Verdict::Variance { "✗" } else { "‹" };
        terminal.wait_for_line_with(&[mark, &label, &cause(found)]);
        if verdict == Verdict::Variance {
            terminal.wait_for(&["✗ расхождение 1 "]);
        }
    }
}

#[test]
fn a_town_is_found_line_by_line_and_a_doubled_sale_either_way() {
    let machine = Machine::synced();
    machine.onec(|onec| _ = city(onec.books_mut()));
    let doubled = machine.onec(|onec| {
        let card = onec.books().trap(Trap::DoubledSale).unwrap();
        onec.books().card(card).unwrap().code.clone()
    });
    let mut terminal = reconciled(&machine, WALL);
    terminal.wait_for_line_with(&[&doubled, &cause(Cause::DoubledSale)]);
    terminal.press(F2);
    terminal.wait_for(&["все карты построчно: около "]);
    terminal.press(END);
    terminal.press(ENTER);
    terminal.wait_for(&["Сверено построчно"]);
    terminal.wait_for_line_with(&["✗", REFERENCE_PHONE, &cause(Cause::City)]);
    terminal.wait_for_line_with(&[&doubled, &cause(Cause::DoubledSale)]);
}

#[test]
fn a_store_without_opening_balances_shows_every_card_it_hits() {
    let machine = Machine::with_customers(60);
    machine.configure("[onec.names]\nopening_balance = []\n");
    machine.run(["sync"]).ends_with(0);
    let codes: BTreeSet<String> = machine.onec(|onec| {
        let books = onec.books();
        let opening = books.sales().filter(|sale| sale.kind == DocumentKind::OpeningBalances);
        let cards: BTreeSet<CardId> =
            opening.filter(|sale| sale.row.active).map(|sale| CardId(sale.row.card)).collect();
        cards.iter().map(|card| books.card(card.0).unwrap().code.clone()).collect()
    });
    assert!(codes.len() > 5);
    let mut terminal = reconciled(&machine, WALL);
    let words = cause(Cause::MissingOpeningBalance);
    for code in &codes {
        terminal.wait_for_line_with(&["✗", code, &words]);
    }
    terminal.press("f");
    terminal.wait_for(&["· с расхождением"]);
    loop {
        let before = terminal.screen(title);
        if before.contains(&words) {
            break;
        }
        terminal.press("f");
        terminal.wait_until("another filter", |screen| title(screen) != before);
    }
    terminal.wait_for(&[&format!("1–{0} из {0}", codes.len())]);
    for code in &codes {
        terminal.wait_for_line_with(&["✗", code, &words]);
    }
}

#[test]
fn a_base_that_was_synced_since_is_said_and_reconciled_again() {
    let machine = with_a_variance();
    let mut terminal = reconciled(&machine, USUAL);
    machine.run(["sync"]).ends_with(0);
    terminal.press("f");
    terminal.wait_for(&["После сверки прошла синхронизация"]);
    terminal.press(F4);
    terminal.wait_for_no("После сверки прошла синхронизация");
    terminal.wait_for(&["✗ 0   ? 0   ! 2", "Сверено по итогам 1С"]);
}

#[test]
fn a_1c_that_does_not_answer_is_waited_for_or_left_and_told() {
    let mut machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = opened(&machine, USUAL);
    terminal.press(ENTER);
    terminal.wait_for(&["Сверяю всю базу с 1С", "▶ итоги 1С", "Стоп", "Esc Назад"]);
    terminal.press("ч");
    terminal.wait_for(&["Enter — сверить всю базу сейчас"]);
    machine.break_onec(Faults::default());
    machine.stop_onec();
    terminal.press(ENTER);
    terminal.wait_for(&["Не сверено: 1С не ответила", "✗ 0   ? 32", "Часть запросов не удалась"]);
    terminal.press(F8);
    terminal.end().well(0);
}
