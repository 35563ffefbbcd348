use rustix::process::Signal;
use serde_json::json;

use crate::support::binary::{Machine, SVERKA};
use crate::support::pseudo_terminal::{BACKSPACE_ALL, CTRL_C, F8, PseudoTerminal, TAB};

const USUAL: (u16, u16) = (80, 24);

fn dashboard(machine: &Machine) -> PseudoTerminal {
    let terminal = PseudoTerminal::start(machine, &[], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    terminal
}

/// Signals that a program survives unless it does nothing about them, or that are nobody's business here.
#[test]
fn u1_signals_that_must_not_end_it_do_not() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    for signal in [Signal::XFSZ, Signal::PIPE, Signal::WINCH, Signal::CHILD] {
        terminal.signal(signal);
    }
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// Nobody can restore the terminal of a program that was killed but the next one: the dashboard leaves it usable,
/// however it found it.
#[test]
fn p6_the_dashboard_after_one_that_was_killed_leaves_the_terminal_usable() {
    for signal in [Signal::KILL, Signal::ABORT] {
        let machine = Machine::synced();
        // One terminal: the first is killed, the second is left with a key.
        let line = "\"$@\"; echo killed; exec \"$@\"";
        let mut terminal =
            PseudoTerminal::start_program(&machine, "sh", &["-c", line, "sh", SVERKA], USUAL, &[]);
        terminal.wait_for(&["Найдено: 30", "Баллы"]);
        terminal.signal_child(signal);
        terminal.wait_for_output("killed");
        let drawn = terminal.frames();
        terminal.wait_for_frame_after(drawn);
        terminal.press("царьков");
        terminal.wait_for(&["Найдено: 1"]);
        terminal.press(F8);
        terminal.end().well(0);
    }
}

/// A terminal that cannot place the cursor would show rubbish; everything else works there.
#[test]
fn u2_a_dumb_terminal_gets_a_word_and_no_screen() {
    let machine = Machine::synced();
    let terminal = PseudoTerminal::start(&machine, &[], USUAL, &[("TERM", "dumb"), ("LANG", "en_US.UTF-8")]);
    let ended = terminal.end();
    let said = String::from_utf8_lossy(&ended.bytes).into_owned();
    assert!(said.contains("TERM=dumb") && said.contains("What to do:") && !said.contains('\x1b'), "{said}");
    ended.plainly(2);
    for command in [&["status"][..], &["sync"]] {
        let terminal = PseudoTerminal::start(&machine, command, USUAL, &[("TERM", "dumb")]);
        let ended = terminal.end();
        assert!(!ended.bytes.contains(&b'\x1b'), "{}", String::from_utf8_lossy(&ended.bytes));
        ended.plainly(0);
    }
}

#[test]
fn u2_without_a_terminal_there_is_a_word_and_no_screen() {
    let machine = Machine::synced();
    let run = machine.sverka([] as [&str; 0]).in_english().run().ends_with(2);
    assert_eq!(run.stdout, "");
    run.tells("needs a terminal").tells("What to do:");
}

/// A window dragged by its corner: sizes come faster than frames are drawn, and some hold nothing.
#[test]
fn u2_a_storm_of_sizes_is_survived() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    for round in 0..200_u16 {
        terminal.resize_without_waiting(1 + round * 37 % 200, 1 + round * 11 % 60);
    }
    terminal.resize_without_waiting(1, 1);
    terminal.resize(100, 30);
    terminal.press("царьков");
    terminal.wait_for(&["Найдено: 1", "F8 Выход"]);
    terminal.press(F8);
    terminal.end().well(0);
}

/// A window is dragged while somebody types: both are there at once when the program looks, and neither may wait for
/// the next key.
#[test]
fn u2_keys_and_a_size_that_come_together_are_both_seen() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    for (query, found, columns) in [("царьков", "Поиск: царьков ", 140), ("а", "Поиск: царькова ", 80)]
    {
        terminal.signal(Signal::STOP);
        terminal.resize_without_waiting(columns, 24);
        terminal.press(query);
        terminal.signal(Signal::CONT);
        terminal.wait_until("keys and size", |screen| {
            let text = screen.contents();
            let longest = text.lines().map(|line| line.chars().count()).max();
            text.contains(found) && (longest > Some(80)) == (columns > 80)
        });
    }
    terminal.press(F8);
    terminal.end().well(0);
}

/// Not everybody who loses a terminal is sent SIGHUP: it must not live on and ask the terminal without end.
#[test]
fn u3_a_terminal_that_is_lost_without_a_signal_ends_it_too() {
    let machine = Machine::synced();
    // Asking without end costs more than five seconds of computing before the next frame notices.
    let line = "trap '' HUP; ulimit -t 5; setsid -w \"$@\"";
    let terminal = PseudoTerminal::start_program(&machine, "sh", &["-c", line, "sh", SVERKA], USUAL, &[]);
    terminal.wait_for(&["Найдено: 30", "Баллы"]);
    assert_eq!(terminal.close_window(), Some(130));
}

/// Ten megabytes by mistake, with all that would be a command were it typed.
#[test]
fn u4_a_paste_of_ten_megabytes_is_cut_and_commands_nothing() {
    let machine = Machine::synced();
    let mut terminal = dashboard(&machine);
    terminal.press(TAB);
    terminal.press("\x1b[200~");
    let chunk = "qй\r\n\x03\x1b[19~\x1b[21~\t".repeat(64 * 1024);
    let count = 10 * 1024 * 1024 / chunk.len() + 1;
    (0..count).for_each(|_| terminal.press(&chunk));
    terminal.press("\x1b[201~");
    terminal.wait_for(&["Найдено: 0"]);
    assert_eq!(machine.run(["status", "--json"]).json()["generation"], json!(1));
    terminal.press(BACKSPACE_ALL);
    terminal.wait_for(&["Найдено: 30"]);
    terminal.press(CTRL_C);
    terminal.end().well(0);
}
