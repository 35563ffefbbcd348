use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::Signal;

use crate::support::binary::{Invocation, Machine};

/// A machine whose password lies in a file, with files of every kind that nothing may be written over.
fn furnished() -> (Machine, Vec<PathBuf>) {
    let machine = Machine::with_onec();
    let password = machine.path("password");
    fs::write(&password, "demo\n").unwrap();
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
    let url = machine.onec_url();
    let file = password.display();
    let tokens = ["token", "read-token"].map(|name| machine.path(name));
    for token in &tokens {
        fs::write(token, "0123456789abcdef0123456789abcdef\n").unwrap();
        fs::set_permissions(token, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let [token, read_token] = tokens.each_ref().map(|path| path.display());
    machine.write_config(&format!(
        "[onec]\nurl = \"{url}\"\nuser = \"odata.user\"\npassword_file = \"{file}\"\nbackoff = \"1ms\"\n\
         [engine]\ntoken_file = \"{token}\"\nread_token_file = \"{read_token}\"\n"
    ));
    machine.run(["sync"]).ends_with(0);
    let state = machine.path("state/sverka/state.toml");
    fs::create_dir_all(state.parent().unwrap()).unwrap();
    fs::write(&state, "mouse = true\n").unwrap();
    let theme = machine.config().with_file_name("themes").join("amber.toml");
    fs::create_dir_all(theme.parent().unwrap()).unwrap();
    fs::write(&theme, "").unwrap();
    let turned_over = state.with_file_name("sverka.log.1");
    fs::write(&turned_over, "a line of the day before\n").unwrap();
    let mut own = vec![machine.store(), machine.config(), password, state, theme, turned_over];
    own.extend(tokens);
    (machine, own)
}

/// Every way in which a command is told to write somewhere.
fn writers(machine: &Machine, path: &Path) -> Vec<Invocation> {
    let path = path.to_str().unwrap();
    let commands: [&[&str]; 5] = [
        &["sync", "--metrics", path],
        &["reconcile", "--metrics", path],
        &["reconcile", "-o", path, "--force"],
        &["reconcile", "--format", "xlsx", "-o", path, "--force"],
        &["store", "backup", path, "--force"],
    ];
    commands.into_iter().map(|command| machine.sverka(command).in_english()).collect()
}

#[test]
fn d14_nothing_is_written_over_a_file_of_ours_whatever_name_leads_to_it() {
    let (machine, own) = furnished();
    for (number, file) in own.iter().enumerate() {
        let before = (fs::read(file).unwrap(), fs::metadata(file).unwrap().ino());
        let (link, twin) = (machine.path(&format!("link{number}")), machine.path(&format!("twin{number}")));
        symlink(file, &link).unwrap();
        fs::hard_link(file, &twin).unwrap();
        let asked = machine.onec(|onec| onec.log().total());
        for way in [file, &link, &twin] {
            for writer in writers(&machine, way) {
                writer.run().ends_with(2).tells(way.to_str().unwrap()).tells("What to do:");
            }
        }
        let after = (fs::read(file).unwrap(), fs::metadata(file).unwrap().ino());
        assert!(before == after, "{}", file.display());
        assert_eq!(fs::read_link(&link).unwrap(), *file);
        assert_eq!(machine.onec(|onec| onec.log().total()), asked, "it is refused before 1C is asked");
    }
    // A store that is yet to be made, and one under another name.
    let coming = machine.path("coming.redb");
    let file = coming.to_str().unwrap();
    machine.run(["sync", "--store", file, "--metrics", file]).ends_with(2);
    assert!(!coming.exists());
    fs::copy(machine.store(), &coming).unwrap();
    machine.run(["reconcile", "-o", file, "--force"]).ends_with(2);
    machine.run(["sync", "--metrics", file]).ends_with(2);
    assert!(fs::read(&coming).unwrap() == fs::read(machine.store()).unwrap());
}

#[test]
fn d14_metrics_replace_what_sverka_wrote_and_nothing_else() {
    let machine = Machine::synced();
    let notes = machine.path("notes.txt");
    for text in ["a shopping list", "# HELP node_load1 of somebody else", "\u{feff}# HELP sverka_"] {
        fs::write(&notes, text).unwrap();
        for command in ["sync", "reconcile"] {
            let run = machine.sverka([command, "--metrics", notes.to_str().unwrap()]).in_english().run();
            run.ends_with(2).tells("was not created by sverka").tells("What to do:");
        }
        assert_eq!(fs::read_to_string(&notes).unwrap(), text);
    }
    fs::write(&notes, "").unwrap();
    for _ in 0..2 {
        machine.run(["sync", "--metrics", notes.to_str().unwrap()]).ends_with(0);
        assert!(fs::read_to_string(&notes).unwrap().starts_with("# HELP sverka_"));
    }
}

#[test]
fn d14_devices_and_pipes_are_written_into_and_stay_what_they_are() {
    let machine = Machine::synced();
    let pipe = machine.path("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let file = pipe.to_str().unwrap();
    let commands: [(&[&str], &[u8]); 4] = [
        (&["sync", "--metrics", file], b"# HELP sverka_"),
        (&["reconcile", "--format", "csv", "-o", file], b"verdict,"),
        (&["reconcile", "--format", "xlsx", "-o", file], b"PK"),
        (&["reconcile", "--format", "json", "-o", file, "--force"], b"["),
    ];
    for (command, begin) in commands {
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut bytes = Vec::new();
                fs::File::open(pipe).unwrap().read_to_end(&mut bytes).unwrap();
                bytes
            }
        });
        machine.run(command).ends_with(0);
        assert!(reader.join().unwrap().starts_with(begin), "{command:?}");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
    machine.run(["store", "backup", file, "--force"]).ends_with(2);
    machine.run(["reconcile", "-o", "/dev/null"]).ends_with(0);
    machine.run(["sync", "--metrics", "/dev/null"]).ends_with(0);
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let run = machine.sverka(["reconcile", "-o", "/dev/full"]).in_english().run().ends_with(2);
    run.tells("/dev/full").tells("no space left");
    let run = machine.sverka(["sync", "--metrics", "/dev/full"]).in_english().run().ends_with(2);
    run.tells("were not written").tells("no space left");
    // What the shell opened is written into, behind what is there.
    fs::write(machine.path("log"), "before\n").unwrap();
    let line = "\"$@\" >> log";
    machine.shell(line, &["reconcile", "--format", "csv", "-o", "/dev/stdout"]).run().ends_with(0);
    assert!(fs::read_to_string(machine.path("log")).unwrap().starts_with("before\nverdict,"));
}

#[test]
fn d14_a_pipe_that_nobody_reads_is_waited_for_until_a_signal_or_not_for_long() {
    let machine = Machine::synced();
    let pipe = machine.path("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let asked = machine.onec(|onec| onec.log().total());
    let begin = || machine.sverka(["reconcile", "-o", pipe.to_str().unwrap()]).in_english().start();
    let patient = begin();
    for signal in [Signal::INT, Signal::TERM] {
        let run = begin();
        // It is waiting once it looks for its reader again and again.
        let open = PathBuf::from(format!("/proc/{}/wchan", run.pid()));
        while fs::read_to_string(&open).is_ok_and(|what| what.is_empty()) {}
        std::thread::sleep(std::time::Duration::from_millis(300));
        run.signal(signal);
        assert_eq!(run.end().ends_with(130).stdout, "");
    }
    patient.end().ends_with(2).tells("Nobody reads the pipe").tells("What to do:");
    assert_eq!(machine.onec(|onec| onec.log().total()), asked, "1C is not asked for what nobody reads");
}

#[test]
fn d14_a_link_is_kept_and_the_file_it_leads_to_is_replaced() {
    let machine = Machine::synced();
    fs::create_dir(machine.path("there")).unwrap();
    let (file, link) = (machine.path("there/base.csv"), machine.path("base.csv"));
    fs::write(&file, "old").unwrap();
    symlink("there/base.csv", &link).unwrap();
    machine.run(["reconcile", "-o", link.to_str().unwrap(), "--force"]).ends_with(0);
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("there/base.csv"));
    assert!(fs::read_to_string(&file).unwrap().starts_with("verdict,"));
    fs::remove_file(&file).unwrap();
    for writer in writers(&machine, &link) {
        writer.run().ends_with(2).tells("leads nowhere");
    }
    assert!(!file.exists());
}

/// What a workbook needs while it is made lies beside it: the folder for temporary files may be full, or not there.
#[test]
fn d1_an_export_needs_room_where_it_goes_and_nowhere_else() {
    let machine = Machine::synced();
    for (format, begin) in [("xlsx", b"PK"), ("csv", b"ve")] {
        let path = machine.path(&format!("base.{format}"));
        let run = machine.sverka(["reconcile", "-o", path.to_str().unwrap()]);
        run.env("TMPDIR", machine.path("nowhere")).run().ends_with(0);
        assert!(fs::read(&path).unwrap().starts_with(begin));
    }
    let to_pipe = machine.sverka(["reconcile", "--format", "xlsx"]).env("TMPDIR", machine.path("nowhere"));
    to_pipe.stdout(fs::File::create(machine.path("piped.xlsx")).unwrap()).run().ends_with(0);
    assert!(fs::read(machine.path("piped.xlsx")).unwrap().starts_with(b"PK"));
}

/// A limit on the size of files stands for a full disk: whatever is written, and whoever writes it, is told.
#[test]
fn d1_an_export_without_room_is_told_and_leaves_what_was_there() {
    let machine = Machine::synced();
    for format in ["xlsx", "csv", "json", "table"] {
        let path = machine.path(&format!("base.{format}"));
        let file = path.to_str().unwrap();
        let command = ["reconcile", "--format", format, "-o", file, "--force"];
        machine.run(command).ends_with(0);
        let before = fs::read(&path).unwrap();
        let mut failed = 0;
        for blocks in 0..before.len() as u64 / 512 {
            if blocks > 4 && !blocks.is_multiple_of(8) {
                continue;
            }
            let run = machine.shell(&format!("ulimit -f {blocks}; exec \"$@\""), &command).in_english().run();
            assert!(fs::read(&path).unwrap() == before || run.code == Some(0), "{format} {blocks}");
            if run.code == Some(0) {
                continue;
            }
            failed += 1;
            let run = run.ends_with(2).tells(file).tells("size limit is reached").tells("What to do:");
            assert!(!run.stderr.contains("panic"), "{}", run.stderr);
            assert!(!machine.path("state/sverka/last-crash.txt").exists(), "{format} {blocks}");
        }
        assert!(failed > 1, "{format}: {failed}");
    }
    let left = machine.files().into_iter().filter(|file| file.to_string_lossy().contains(".part"));
    assert_eq!(left.count(), 0);
}
