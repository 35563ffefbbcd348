//! Processes that hold a lock and do not let go.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Instant;

use rustix::process::Signal;

use super::assert_published;
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{DEADLINE, Machine, Running};

/// Whether somebody holds the header of this file alone, as whoever compacts does.
fn is_held(store: &Path) -> bool {
    let number = format!(":{} ", fs::metadata(store).unwrap().ino());
    let locks = fs::read_to_string("/proc/locks").expect("a system that tells who locks what");
    locks.lines().any(|line| line.contains(&number) && line.contains(" WRITE ") && line.ends_with(" 0 319"))
}

/// A `store compact` that was stopped while it held the whole store.
fn stopped(machine: &Machine) -> Running {
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < DEADLINE, "it was never caught");
        let mut compact = machine.sverka(["store", "compact"]).start();
        while !compact.has_ended() {
            if is_held(&machine.store()) {
                compact.signal(Signal::STOP);
                if is_held(&machine.store()) && machine.store().with_extension("lock.txt").exists() {
                    return compact;
                }
                compact.signal(Signal::CONT);
            }
        }
    }
}

#[test]
fn p7_whoever_waits_for_a_holder_that_was_stopped_is_told_who_it_is() {
    let machine = Machine::with_customers(1_000);
    machine.run(["sync"]).ends_with(0);
    let holder = stopped(&machine);
    let pid = holder.pid().to_string();
    let copy = machine.path("copy.redb");
    let commands: [&[&str]; 8] = [
        &["status"],
        &["search", "царьков"],
        &["check", "--offline", "--phone", REFERENCE_PHONE],
        &["store", "check"],
        &["store", "compact"],
        &["store", "backup", copy.to_str().unwrap()],
        &["reconcile"],
        &["sync"],
    ];
    let waiting: Vec<_> = commands.map(|command| machine.sverka(command).in_english().start()).into();
    for run in waiting {
        let run = run.end().ends_with(4);
        run.tells(&pid).tells("sverka store compact").tells("since").tells("What to do:");
    }
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for command in [&["sync"][..], &["status"], &["store", "compact"]] {
            let began = Instant::now();
            let run = machine.sverka(command).start();
            // Long enough for it to come to the lock, and far from the end of its patience.
            std::thread::sleep(std::time::Duration::from_millis(400));
            run.signal(signal);
            run.end().ends_with(130);
            assert!(began.elapsed().as_secs() < 5, "{command:?} outlived {signal:?}");
        }
    }
    holder.signal(Signal::CONT);
    holder.end().ends_with(0);
    machine.run(["sync"]).ends_with(0);
    assert_published(&machine, 2);
}

/// A dashboard goes on beside whoever holds the store, says who it is, and can be left.
#[test]
fn p7_a_dashboard_in_lines_beside_a_holder_that_was_stopped_goes_on_and_can_be_left() {
    let machine = Machine::with_customers(1_000);
    machine.run(["sync"]).ends_with(0);
    let holder = stopped(&machine);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut dashboard =
        machine.program("sh", ["-c", "exec \"$@\" <&0", "sh", crate::support::binary::SVERKA, "--plain"]);
    dashboard = dashboard.in_english().stdin(reader);
    let dashboard = dashboard.start();
    writer.write_all("царьков\n".as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    dashboard.signal(Signal::TERM);
    assert_eq!(dashboard.end().code, Some(130));
    holder.signal(Signal::CONT);
    holder.end().ends_with(0);
}
