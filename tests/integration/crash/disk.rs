use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Resource, Rlimit, Signal, geteuid, prlimit};
use serde_json::Value;
use sverka_simulator::{FaultKind, Faults, Rate};

use super::assert_published;
use crate::support::binary::{Invocation, Machine, Run, SVERKA};

/// The words of both languages: what happened, to what, what to do.
fn assert_told(machine: &Machine, command: impl Fn() -> Invocation, russian: &str, english: &str) {
    let path = machine.store().display().to_string();
    command().run().ends_with(4).tells(russian).tells(&path).tells("Что делать:");
    command().in_english().run().ends_with(4).tells(english).tells(&path).tells("What to do:");
}

/// A limit on the size of files is met like a full disk; the signal that comes with it must not kill.
#[test]
fn d1_a_file_that_may_not_grow_ends_the_sync_and_keeps_the_generation() {
    let machine = Machine::synced();
    let size = fs::metadata(machine.store()).unwrap().len() / 512;
    let limited = |blocks: u64| machine.shell(&format!("ulimit -f {blocks}; exec \"$@\""), &["sync"]);
    let mut failed = 0;
    for blocks in [0, 1, size / 2, size, size + 8, size + 64, size * 3 / 2] {
        let run = limited(blocks).in_english().run();
        if run.code == Some(4) {
            failed += 1;
            run.tells("No space left").tells("Free some space");
            assert_published(&machine, 1);
        } else {
            // The file had room enough after all.
            assert_eq!(run.code, Some(0), "{run:?}");
            break;
        }
    }
    assert!(failed > 2, "{failed} limits were met");
    assert_told(&machine, || limited(1), "кончилось место", "No space left");
    machine.run(["sync"]).ends_with(0);
}

#[test]
fn d1_without_room_for_a_store_none_is_left_behind() {
    let machine = Machine::with_onec();
    for blocks in [0, 1, 100] {
        let limited = || machine.shell(&format!("ulimit -f {blocks}; exec \"$@\""), &["sync"]);
        limited().in_english().run().ends_with(4).tells("No space left");
    }
    machine.run(["sync"]).ends_with(0);
    assert_published(&machine, 1);
}

/// A mount namespace, as root or as a user who may have one. Where there is none a test runs with what stands in for
/// a disk of its own, and says so; a machine that checks changes must have it.
fn can_mount() -> bool {
    let probe = "unshare -rm mount -t tmpfs none /tmp";
    let can =
        std::process::Command::new("sh").args(["-c", probe]).output().is_ok_and(|run| run.status.success());
    assert!(
        can || std::env::var_os("CI").is_none(),
        "this machine mounts nothing for us: allow user namespaces"
    );
    if !can {
        eprintln!("This machine mounts nothing for us: limits and rights stand in for a disk.");
    }
    can
}

/// A sync whose store may not be written to beyond so many bytes from its middle on: there is room when it begins, and
/// none later.
fn limited_in_the_middle(machine: &Machine, limit: u64) -> Run {
    let asked = machine.onec(|onec| onec.log().total());
    machine.break_onec(Faults::default().add(FaultKind::Slow, Rate::number(100)));
    let sync = machine.sverka(["sync"]).in_english().start();
    machine.wait_for_requests(asked + IN_THE_MIDDLE);
    machine.onec(|onec| {
        let pid = Pid::from_raw(sync.pid().try_into().unwrap());
        let limit = Rlimit { current: Some(limit), maximum: Some(limit) };
        prlimit(pid, Resource::Fsize, limit).unwrap();
        onec.set_faults(Faults::default());
    });
    sync.end()
}

#[test]
fn d1_a_limit_that_comes_in_the_middle_ends_the_sync_and_keeps_the_generation() {
    let machine = Machine::synced();
    limited_in_the_middle(&machine, 4096).ends_with(4).tells("No space left").tells("Free some space");
    assert_published(&machine, 1);
    machine.run(["sync"]).ends_with(0);
    assert_published(&machine, 2);
}

/// A line of the shell that runs the binary where the data folder is a disk of its own of so many kilobytes, with the
/// store copied to it; what it holds at the end is copied back. `run` leaves the exit code in `$code`.
fn on_disk_of(machine: &Machine, kilobytes: u64, run: &str, arguments: &[&str]) -> Invocation {
    let line = format!(
        "set -e
        cp -a \"$XDG_DATA_HOME\" kept
        mount -t tmpfs -o size={kilobytes}k,mode=700 none \"$XDG_DATA_HOME\"
        cp -a kept/. \"$XDG_DATA_HOME\"
        code=0
        {run}
        rm -rf kept \"$XDG_DATA_HOME/rest\"
        cp -a \"$XDG_DATA_HOME\" kept
        umount \"$XDG_DATA_HOME\"
        cp -a kept/. \"$XDG_DATA_HOME\"
        rm -rf kept
        exit $code"
    );
    machine.program("unshare", [&["-rm", "sh", "-c", &line, "sh", SVERKA], arguments].concat()).in_english()
}

/// More than a sync asks for before it begins.
const ROOMY: u64 = 128 << 10;

#[test]
fn d1_without_room_for_the_next_generation_nothing_is_begun() {
    let machine = Machine::synced();
    if !can_mount() {
        let blocks = fs::metadata(machine.store()).unwrap().len() / 512;
        let run = machine.shell(&format!("ulimit -f {blocks}; exec \"$@\""), &["sync"]).in_english().run();
        run.ends_with(4).tells("No space left");
        return assert_published(&machine, 1);
    }
    let size = fs::metadata(machine.store()).unwrap().len() / 1024;
    let run = on_disk_of(&machine, size + 512, "\"$@\" || code=$?", &["sync"]).run();
    let path = machine.store().display().to_string();
    run.ends_with(4).tells("Too little free space").tells(&path).tells("What to do:");
    let doctor = on_disk_of(&machine, size + 512, "\"$@\" || code=$?", &["doctor"]).run();
    doctor.ends_with(1).prints("Too little free space");
    assert_published(&machine, 1);
}

/// There was room enough when the sync began; somebody else takes all but a few kilobytes of it.
#[test]
fn d1_a_disk_that_fills_up_ends_the_sync_and_keeps_the_generation() {
    let machine = Machine::synced();
    if !can_mount() {
        limited_in_the_middle(&machine, 4096).ends_with(4).tells("No space left");
        return assert_published(&machine, 1);
    }
    let mut failed = 0;
    for left in [0, 4, 16, 64, 256] {
        let fill = format!(
            "\"$@\" & sync=$!
            while [ ! -e go ]; do sleep 0.01; done
            head -c {ROOMY}k /dev/zero > \"$XDG_DATA_HOME/rest\" 2>/dev/null || true
            truncate -s -{left}k \"$XDG_DATA_HOME/rest\"
            touch filled
            wait $sync || code=$?
            rm go filled"
        );
        let sync = on_disk_of(&machine, ROOMY, &fill, &["sync"]);
        let run = with_a_fault_at(&machine, IN_THE_MIDDLE, sync, || {
            fs::write(machine.path("go"), "").unwrap();
            machine.wait_for_file("filled");
        });
        if run.code == Some(0) {
            break;
        }
        run.ends_with(4).tells("No space left").tells("Free some space");
        failed += 1;
        assert_published(&machine, 1);
    }
    assert!(failed > 0, "no disk was full");
    machine.run(["sync"]).ends_with(0);
}

#[test]
fn d9_a_read_only_disk_can_be_read_and_is_named_when_written_to() {
    let machine = Machine::synced();
    let path = machine.store().display().to_string();
    if !can_mount() {
        to_nobody(&machine);
        set_mode(&machine.store(), 0o400);
        bound(&machine, &["search", "царьков"])().run().ends_with(0).prints("Царькова");
        bound(&machine, &["sync"])().in_english().run().ends_with(4).tells("No permission").tells(&path);
        return assert_published(&machine, 1);
    }
    let read_only = |arguments: &[&str]| {
        let run = "mount -o remount,ro \"$XDG_DATA_HOME\"; \"$@\" || code=$?; mount -o remount,rw \"$XDG_DATA_HOME\"";
        on_disk_of(&machine, ROOMY, run, arguments).run()
    };
    read_only(&["status", "--json"]).ends_with(0).prints("\"generation\":1");
    read_only(&["search", "царьков"]).ends_with(0).prints("Царькова");
    let sync = read_only(&["sync"]).ends_with(4);
    sync.tells("No permission").tells(&path).tells("read-only").tells("What to do:");
    assert_published(&machine, 1);
}

/// Gives the machine to somebody whom rights bind: root is bound by none.
fn to_nobody(machine: &Machine) {
    const NOBODY: u32 = 65_534;
    fn give(path: &Path) {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                give(&entry.unwrap().path());
            }
        }
    }
    if geteuid().is_root() {
        give(&machine.path(""));
    }
}

/// Whoever runs the binary in these tests is really bound: else they would show nothing.
fn assert_bound(machine: &Machine) {
    let closed = machine.path("closed");
    fs::write(&closed, "").unwrap();
    to_nobody(machine);
    set_mode(&closed, 0o000);
    let look = ["test", "!", "-r", closed.to_str().unwrap()];
    let run = if geteuid().is_root() {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        machine.program("setpriv", [&nobody[..], &look].concat())
    } else {
        machine.program(look[0], &look[1..])
    };
    run.run().ends_with(0);
    fs::remove_file(closed).unwrap();
}

/// The binary run by somebody whom rights bind.
fn bound<'a>(machine: &'a Machine, arguments: &'a [&'a str]) -> impl Fn() -> Invocation + 'a {
    move || {
        if geteuid().is_root() {
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", SVERKA];
            machine.program("setpriv", [&nobody, arguments].concat())
        } else {
            machine.sverka(arguments)
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn d9_missing_rights_are_told_with_the_path() {
    let machine = Machine::synced();
    assert_bound(&machine);
    let folder = machine.store().parent().unwrap().to_owned();
    let no_rights = |arguments: &[&str]| {
        assert_told(&machine, bound(&machine, arguments), "Нет прав", "No permission");
    };

    set_mode(&machine.store(), 0o000);
    no_rights(&["status"]);
    no_rights(&["search", "a"]);
    no_rights(&["sync"]);

    set_mode(&machine.store(), 0o400);
    bound(&machine, &["search", "царьков"])().run().ends_with(0).prints("Царькова");
    no_rights(&["sync"]);
    bound(&machine, &["doctor"])().in_english().run().ends_with(1).prints("No permission");

    set_mode(&machine.store(), 0o600);
    set_mode(&folder, 0o000);
    no_rights(&["status"]);
    no_rights(&["sync"]);

    // Nothing but the file itself is needed to go on: the note beside it is a courtesy.
    set_mode(&folder, 0o500);
    bound(&machine, &["doctor"])().run().ends_with(0);
    bound(&machine, &["sync"])().run().ends_with(0);
    set_mode(&folder, 0o700);
    assert_published(&machine, 2);
}

#[test]
fn d9_a_folder_that_cannot_be_made_is_told_with_the_path() {
    let machine = Machine::with_onec();
    fs::create_dir(machine.path("data")).unwrap();
    assert_bound(&machine);
    set_mode(&machine.path("data"), 0o500);
    assert_told(&machine, bound(&machine, &["sync"]), "Нет прав", "No permission");
    bound(&machine, &["doctor"])().run().ends_with(1);
    set_mode(&machine.path("data"), 0o700);
    fs::write(machine.path("data/sverka"), "a file in the folder's place").unwrap();
    let path = machine.store().display().to_string();
    let run = machine.sverka(["sync"]).in_english().run().ends_with(4);
    run.tells(&path).tells("What to do:");
    machine.run(["doctor"]).ends_with(1);
    assert_eq!(fs::read_to_string(machine.path("data/sverka")).unwrap(), "a file in the folder's place");
}

/// All that lies below a folder, with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = vec![(folder.to_owned(), fs::metadata(folder).unwrap().mode() & 0o777)];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(modes(&path));
        } else {
            let mode = fs::metadata(&path).unwrap().mode() & 0o777;
            found.push((path, mode));
        }
    }
    found
}

fn assert_private(folder: &Path) {
    for (path, mode) in modes(folder) {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}: {mode:o}", path.display());
    }
}

/// Rights are given when a file is made, never later: nobody can open it in between.
#[test]
fn d13_nobody_else_may_read_what_is_written_whatever_the_umask() {
    let machine = Machine::with_onec();
    let open_handed = |arguments: &[&str]| machine.shell("umask 000; exec \"$@\"", arguments).in_english();
    open_handed(&["sync"]).run().ends_with(0);
    assert_private(&machine.path("data/sverka"));

    machine.break_onec(Faults::always(FaultKind::Stall));
    let mut sync = open_handed(&["sync"]).start();
    sync.wait_for_words("Preparing…");
    // The store and the note of who writes.
    assert_eq!(modes(&machine.path("data/sverka")).len(), 3);
    assert_private(&machine.path("data/sverka"));
    sync.signal(Signal::KILL);
    sync.end();

    machine.break_onec(Faults::default());
    open_handed(&["sync"]).run().ends_with(0);
    fs::write(machine.store(), &fs::read(machine.store()).unwrap()[..5_000]).unwrap();
    set_mode(&machine.store(), 0o644);
    open_handed(&["sync", "--rebuild"]).run().ends_with(0);
    // The new store, and the damaged one beside it.
    assert_eq!(modes(&machine.path("data/sverka")).len(), 3);
    assert_private(&machine.path("data/sverka"));
}

/// So many requests of a sync are made when rows are staged already, and far from all.
const IN_THE_MIDDLE: u64 = 8;

/// Does something to a sync once it made so many requests, while it waits for the answer to the next.
fn with_a_fault_at(machine: &Machine, requests: u64, sync: Invocation, fault: impl FnOnce()) -> Run {
    machine.break_onec(Faults::default().add(FaultKind::Slow, Rate::number(100)));
    let asked = machine.onec(|onec| onec.log().total());
    let sync = sync.start();
    machine.wait_for_requests(asked + requests);
    machine.onec(|onec| {
        // Nothing is answered as long as this holds the simulated 1C.
        fault();
        onec.set_faults(Faults::default());
    });
    sync.end()
}

#[test]
fn d10_nothing_is_published_into_a_file_that_was_removed_replaced_or_written_over() {
    let machine = Machine::synced();
    let kept = fs::read(machine.store()).unwrap();
    let path = machine.store().display().to_string();
    for requests in [1, IN_THE_MIDDLE] {
        let sync = || machine.sverka(["sync", "--json"]).in_english();
        let run = with_a_fault_at(&machine, requests, sync(), || fs::remove_file(machine.store()).unwrap());
        let finished = run.json_lines().pop().unwrap();
        assert_eq!(finished["outcome"], "failed", "{finished}");
        run.ends_with(4).tells("deleted, replaced or overwritten").tells(&path).tells("What to do:");
        assert!(!machine.store().exists(), "nothing is made in its place");

        fs::write(machine.store(), &kept).unwrap();
        let run = with_a_fault_at(&machine, requests, sync(), || {
            fs::remove_file(machine.store()).unwrap();
            fs::write(machine.store(), "another file").unwrap();
        });
        run.ends_with(4).tells("deleted, replaced or overwritten");
        assert_eq!(fs::read_to_string(machine.store()).unwrap(), "another file", "it was left alone");
        fs::write(machine.store(), &kept).unwrap();

        // A backup copied over it: the same file with other contents.
        let run = with_a_fault_at(&machine, requests, sync(), || {
            let number = fs::metadata(machine.store()).unwrap().ino();
            fs::write(machine.store(), &kept).unwrap();
            assert_eq!(fs::metadata(machine.store()).unwrap().ino(), number);
        });
        run.ends_with(4).tells("deleted, replaced or overwritten");
        if requests == 1 {
            // Nothing was under way: what was put there is left as it is.
            assert!(fs::read(machine.store()).unwrap() == kept);
            assert_published(&machine, 1);
        }
        fs::write(machine.store(), &kept).unwrap();
    }
    machine.run(["sync"]).ends_with(0);
    assert_eq!(machine.run(["status", "--json"]).json()["running"], Value::Null);
    assert_published(&machine, 2);
}
