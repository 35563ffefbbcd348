use std::fs::File;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;

/// Every write to it fails as on a full disk.
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// What nobody can read was not done: a script that keeps the output would take an empty file for an answer.
#[test]
fn p11_a_result_that_is_lost_is_a_failure() {
    let machine = Machine::synced();
    let copy = machine.path("copy.redb");
    let copy = copy.to_str().unwrap();
    let commands: [&[&str]; 26] = [
        &["--help"],
        &["--version"],
        &["store", "backup", "--help"],
        &["search", ""],
        &["search", "", "--json"],
        &["status"],
        &["status", "--json"],
        &["check", "--phone", REFERENCE_PHONE],
        &["check", "--phone", REFERENCE_PHONE, "--json"],
        &["check", "--offline", "--phone", REFERENCE_PHONE],
        &["store", "check"],
        &["store", "check", "--json"],
        &["store", "backup", copy],
        &["store", "backup", copy, "--force", "--json"],
        &["store", "restore", copy],
        &["store", "compact"],
        &["store", "compact", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["reconcile"],
        &["reconcile", "--json"],
        &["reconcile", "--format", "csv"],
        &["reconcile", "--format", "xlsx"],
        &["sync", "--json"],
        &["simulate"],
        &["demo", "--headless", "--customers", "10"],
    ];
    for command in commands {
        let run = machine.sverka(command).in_english().stdout(full()).run().ends_with(2);
        assert!(!run.stderr.contains("mistake of sverka's own"), "{command:?}: {}", run.stderr);
        run.tells("Cannot write the result").tells("no space left").tells("What to do:");
    }
    // Nothing was to be printed, so nothing is lost; and narration is no result.
    machine.sverka(["sync"]).stdout(full()).run().ends_with(0);
    machine.sverka(["status"]).stderr(full()).run().ends_with(0).prints("sverka.redb");
}

#[test]
fn p11_a_dashboard_in_lines_that_nobody_can_read_ends_with_a_word() {
    let machine = Machine::synced();
    let run = machine.sverka(["--plain"]).in_english().stdout(full()).run().ends_with(2);
    run.tells("What to do:");
}
