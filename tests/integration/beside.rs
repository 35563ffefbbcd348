//! A dashboard beside other processes: what they sync, check and fail at is shown by itself.

use rustix::process::Signal;
use serde_json::json;
use sverka_simulator::{DocumentKind, FaultKind, Faults};
use vt100::Screen;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{ENTER, F5, F8, F12, PseudoTerminal, alt};

const WIDE: (u16, u16) = (140, 40);

/// The dashboard over a machine that synced before.
fn dashboard(machine: &Machine, size: (u16, u16)) -> PseudoTerminal {
    let terminal = PseudoTerminal::start(machine, &[], size, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    terminal
}

/// A purchase of the reference customer costs more in 1C.
fn change_sale(machine: &Machine) {
    machine.onec(|onec| {
        let books = onec.books_mut();
        let card = books.reference();
        let is_hers = |sale: &sverka_simulator::Posted<sverka_simulator::SaleLine>| {
            sale.row.card == card && sale.kind != DocumentKind::OpeningBalances
        };
        let sale = books.sales().find(is_hers).unwrap();
        assert!(books.change_sale(sale.recorder, sale.line, |row| row.amount += 31_000));
    });
}

/// The line of the list that names the customer.
fn line_of(screen: &Screen, name: &str) -> String {
    let contents = screen.contents();
    contents.lines().find(|line| line.contains(name) && line.contains('│')).unwrap_or_default().to_owned()
}

#[test]
fn what_another_process_syncs_is_shown_by_itself() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine, WIDE);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1", "365 054,00"]);
    change_sale(&machine);
    machine.run(["sync", "--delta"]).ends_with(0);
    terminal.wait_for(&["365 364,00", "Другой процесс обновил данные", "только что"]);
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn what_another_process_checks_is_shown_in_the_list_the_customer_and_the_header() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine, WIDE);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1", "Сравнено с итогами 1С", "расхождений: 0"]);
    change_sale(&machine);
    machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(1);
    terminal.wait_for(&[
        "Расходится: покупки, итог",
        "Сравнено с 1С построчно",
        "расхождений: 1",
        "Есть расхождения",
    ]);
    terminal.wait_until("the list says so", |screen| line_of(screen, "Царькова").contains('✗'));
    terminal.press(F8);
    terminal.end().well(0);
    // Another one that starts says the same, and so does the status.
    let terminal = dashboard(&machine, WIDE);
    terminal.wait_for(&["расхождений: 1", "Есть расхождения"]);
    drop(terminal);
    let status = machine.run(["status", "--json"]).ends_with(0).json();
    assert_eq!((&status["variances"], &status["checked"]["cards"]), (&json!(1), &json!(1)));
    machine.run(["status"]).ends_with(0).prints("Сверено отдельно");
}

/// The base is reconciled here, and its variance is found by the filter of the list.
#[test]
fn what_the_reconciliation_of_the_base_found_the_list_calls_so() {
    let machine = Machine::synced();
    change_sale(&machine);
    let mut terminal = dashboard(&machine, WIDE);
    terminal.press(F12);
    terminal.press(ENTER);
    terminal.wait_for(&["расхождений: 1", "Есть расхождения"]);
    terminal.press(F12);
    terminal.wait_for(&["Найдено: 30", "Клиент "]);
    terminal.press(&alt("f"));
    terminal.wait_for(&["Найдено: 1 из 30", "Царькова"]);
    terminal.wait_until("the mark", |screen| line_of(screen, "Царькова").contains('✗'));
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn a_sync_of_another_process_is_seen_and_f5_waits_for_it() {
    let machine = Machine::synced();
    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut terminal = dashboard(&machine, WIDE);
    let other = machine.sverka(["sync"]).start();
    terminal.wait_for(&[
        "Синхронизация в другом процессе",
        "Идёт синхронизация в другом процессе",
        "Подготовка",
    ]);
    terminal.press(F5);
    terminal.wait_for(&["Сейчас синхронизирует другой процесс"]);
    terminal.screen(|screen| assert!(!screen.contents().contains("ошибок:"), "{}", screen.contents()));
    other.signal(Signal::INT);
    other.end();
    terminal.wait_for(&["Синхронизация в другом процессе остановлена"]);
    terminal.wait_for_no("Идёт синхронизация в другом процессе");
    terminal.press(F8);
    terminal.end().well(0);
}

#[test]
fn a_sync_of_another_process_that_failed_is_told() {
    let mut machine = Machine::synced();
    let mut terminal = dashboard(&machine, WIDE);
    machine.configure("retries = 0\n");
    machine.stop_onec();
    machine.run(["sync"]).ends_with(3);
    terminal.wait_for(&["Синхронизация в другом процессе не удалась"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// The first store of all is made by another process.
#[test]
fn an_empty_dashboard_fills_when_another_process_has_synced() {
    let machine = Machine::with_onec();
    let mut terminal = PseudoTerminal::start(&machine, &[], WIDE, &[]);
    terminal.wait_for(&["данных ещё нет"]);
    machine.run(["sync"]).ends_with(0);
    terminal.wait_for(&["Сходится за 365 дней", "Найдено: 30"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// Whoever only watches sends nothing.
#[test]
fn an_idle_dashboard_sends_nothing_while_nothing_happens() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine, WIDE);
    terminal.wait_for(&["Найдено: 30"]);
    let mut before = terminal.received();
    let mut quiet = 0;
    // Frames of what is loaded may still come; three looks at the store without a byte are rest.
    for _ in 0..40 {
        std::thread::sleep(std::time::Duration::from_secs(1));
        let now = terminal.received();
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
        if quiet == 3 {
            break;
        }
    }
    assert_eq!(quiet, 3, "something is sent every second");
    terminal.press(F8);
    terminal.end().well(0);
}
