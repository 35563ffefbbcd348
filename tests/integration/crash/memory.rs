//! What the memory holds is left nowhere: neither in a core file nor to another process.

use std::fs;

use rustix::process::Signal;

use crate::support::binary::Machine;
use sverka_simulator::{FaultKind, Faults};

/// A sync that waits for 1C, and what the system says of it.
#[cfg(target_os = "linux")]
#[test]
fn s5_no_image_of_the_memory_is_left_behind() {
    let machine = Machine::with_onec();
    machine.break_onec(Faults::always(FaultKind::Stall));
    // Whoever starts it allows a core of any size.
    let running = machine.shell("ulimit -c unlimited 2>/dev/null; exec \"$@\"", &["sync"]).start();
    machine.wait_for_requests(1);
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.pid())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let values: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"], "{core}");
    running.signal(Signal::ABORT);
    let run = running.end();
    assert_eq!(run.code, None, "it was killed by the signal");
    // A program that is handed every core gets one whatever the limit says: only a memory closed to others has none.
    assert!(!run.dumped_core);
    let cores = machine
        .files()
        .into_iter()
        .filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("core")));
    assert_eq!(cores.count(), 0);
}
