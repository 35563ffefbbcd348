//! `sverka service`, with a systemd that only writes down what it is asked; and what a service tells systemd.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use crate::support::binary::{DEADLINE, Invocation, Machine, SVERKA};
use crate::support::pseudo_terminal::PseudoTerminal;

const SYSTEMD: &str = "#!/bin/sh\necho \"${0##*/} $*\" >> \"$HOME/asked\"\n[ -z \"$BROKEN\" ] || { echo \"$BROKEN\" >&2; exit 1; }\n";

/// A machine with settings, on which systemd runs the user's services.
fn machine() -> Machine {
    let machine = Machine::bare();
    machine.configure_at("http://127.0.0.1:9/odata/standard.odata", "");
    with_systemd(machine)
}

fn with_systemd(machine: Machine) -> Machine {
    fs::create_dir_all(machine.path("run/systemd")).unwrap();
    fs::create_dir(machine.path("bin")).unwrap();
    for program in ["systemctl", "loginctl"] {
        let path = machine.path("bin").join(program);
        fs::write(&path, SYSTEMD).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    machine
}

/// The service of the user of this machine.
fn service(machine: &Machine, arguments: &[&str]) -> Invocation {
    let mut path = OsString::from(machine.path("bin"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let run = machine.sverka(["service"].iter().chain(arguments)).in_english();
    run.env("PATH", path).env("XDG_RUNTIME_DIR", machine.path("run"))
}

fn unit(machine: &Machine) -> PathBuf {
    machine.path("config/systemd/user/sverka.service")
}

/// What systemd was asked since the last look.
fn asked(machine: &Machine) -> Vec<String> {
    let path = machine.path("home/asked");
    let asked = fs::read_to_string(&path).unwrap_or_default();
    let _ = fs::remove_file(path);
    asked.lines().map(str::to_owned).collect()
}

#[test]
fn a_service_is_shown_installed_written_again_and_removed() {
    let machine = machine();
    let started = [
        "systemctl --user daemon-reload",
        "systemctl --user enable sverka.service",
        "systemctl --user restart sverka.service",
        "loginctl enable-linger",
    ];
    for _ in 0..2 {
        let run = service(&machine, &["install", "--user", "--yes"]).run().ends_with(0);
        let run = run.tells("This will be done:").tells("The service runs");
        for step in started {
            assert!(run.stderr.contains(step), "{step} in\n{}", run.stderr);
        }
        assert_eq!(asked(&machine), started);
        let text = fs::read_to_string(unit(&machine)).unwrap();
        assert!(text.contains(&format!("\nExecStart={SVERKA} engine\n")), "{text}");
        assert_eq!(fs::metadata(unit(&machine)).unwrap().permissions().mode() & 0o777, 0o644);
    }
    service(&machine, &["remove", "--user", "--yes"]).run().ends_with(0).tells("stopped and removed");
    assert_eq!(asked(&machine), ["systemctl --user disable --now sverka.service", started[0]]);
    assert!(!unit(&machine).exists());
    assert!(machine.config().exists(), "the settings stay");
    service(&machine, &["remove", "--user", "--yes"]).run().ends_with(0).tells("nothing to remove");
    assert_eq!(asked(&machine), [""; 0]);
}

#[test]
fn other_settings_and_another_store_go_into_the_unit() {
    let machine = machine();
    let settings = machine.path("other.toml");
    fs::rename(machine.config(), &settings).unwrap();
    let arguments = ["install", "--user", "--dry-run", "--config", "other.toml", "--store", "s.redb"];
    let run = service(&machine, &arguments).run().ends_with(0);
    let store = machine.path("s.redb");
    let start =
        format!("\nExecStart={SVERKA} --config {} --store {} engine\n", settings.display(), store.display());
    assert!(run.stdout.contains(&start), "{}", run.stdout);
    assert!(!unit(&machine).exists() && asked(&machine).is_empty(), "it is only shown");
}

#[test]
fn what_is_not_ours_stays_as_it_is() {
    let machine = machine();
    fs::create_dir_all(unit(&machine).parent().unwrap()).unwrap();
    let refused = |code: &str| {
        for act in ["install", "remove"] {
            service(&machine, &[act, "--user", "--yes"]).run().ends_with(2).tells(code);
        }
        assert_eq!(asked(&machine), [""; 0]);
    };
    for foreign in ["[Service]\nExecStart=/bin/true\n", ""] {
        fs::write(unit(&machine), foreign).unwrap();
        refused("[service-foreign]");
        assert_eq!(fs::read_to_string(unit(&machine)).unwrap(), foreign);
        fs::remove_file(unit(&machine)).unwrap();
    }
    symlink("/dev/null", unit(&machine)).unwrap();
    refused("[service-masked]");
    assert_eq!(fs::read_link(unit(&machine)).unwrap(), Path::new("/dev/null"));
}

#[test]
fn nothing_is_done_that_nobody_agreed_to_or_that_cannot_work() {
    let machine = machine();
    service(&machine, &["install", "--user"])
        .run()
        .ends_with(2)
        .tells("[service-unconfirmed]")
        .tells("--dry-run");
    let nobody = service(&machine, &["install", "--user", "--yes"]).env("XDG_RUNTIME_DIR", "").run();
    nobody.ends_with(2).tells("[service-no-user-manager]").tells("ssh");
    // A service sees nothing of this environment.
    fs::remove_file(machine.config()).unwrap();
    let run = service(&machine, &["install", "--user", "--yes"])
        .env("SVERKA_ONEC__URL", "http://a/odata/standard.odata");
    run.run().ends_with(2).tells("[config-missing]");
    assert!(!unit(&machine).exists() && asked(&machine).is_empty());
}

#[test]
fn what_systemd_refuses_is_told_in_its_own_words() {
    let machine = machine();
    let run = service(&machine, &["install", "--user", "--yes"])
        .env("BROKEN", "Failed to connect to bus\u{1b}[2J")
        .run();
    let run = run.ends_with(2).tells("[service-command]").tells("systemctl --user daemon-reload");
    assert!(run.stderr.contains("Failed to connect to bus␛[2J"), "{}", run.stderr);
    assert_eq!(asked(&machine), ["systemctl --user daemon-reload"], "nothing after it");
}

#[test]
fn whoever_sits_there_is_asked_and_may_decline() {
    let machine = machine();
    let (path, runtime) = (machine.path("bin"), machine.path("run"));
    let path = format!("{}:/usr/bin:/bin", path.display());
    let more = [("PATH", path.as_str()), ("XDG_RUNTIME_DIR", runtime.to_str().unwrap())];
    let answered = |answer: &str| {
        let mut terminal =
            PseudoTerminal::start(&machine, &["service", "install", "--user"], (120, 30), &more);
        terminal.wait_for(&["systemctl --user restart sverka.service", "Выполнить? [д/Н]"]);
        terminal.press(answer);
        terminal.end()
    };
    for no in ["\r", "нет\r"] {
        answered(no).plainly(130);
        assert!(!unit(&machine).exists() && asked(&machine).is_empty());
    }
    answered("да\r").plainly(0);
    assert!(unit(&machine).exists() && asked(&machine).len() == 4);
}

/// The service of the system: shown only, for the tests may run on somebody's machine.
#[test]
fn the_service_of_the_system_is_refused_where_it_cannot_be() {
    let machine = machine();
    if !Path::new("/run/systemd/system").exists() {
        for act in ["install", "remove"] {
            service(&machine, &[act, "--yes"]).run().ends_with(2).tells("[service-no-systemd]").tells("cron");
        }
    }
    let is_usual =
        !Path::new("/etc/sverka").exists() && !Path::new("/usr/lib/systemd/system/sverka.service").exists();
    let is_hidden = ["/home", "/root", "/tmp", "/var/tmp"].iter().any(|it| Path::new(SVERKA).starts_with(it));
    let run = service(&machine, &["install", "--dry-run"]).run();
    if is_hidden {
        run.ends_with(2).tells("[service-program-hidden]").tells("/usr/local/bin");
    } else if is_usual {
        let run = run.ends_with(0);
        for part in [
            "write   /etc/sverka/password (mode 0600)",
            "ProtectSystem=strict",
            "systemctl enable sverka.service",
        ] {
            assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
        }
        assert!(!run.stdout.contains("demo"), "the password");
    }
}

/// A service that is asked to end, after systemd heard that it is there and lives.
#[test]
fn a_service_tells_systemd_that_it_is_ready_that_it_lives_and_that_it_stops() {
    let machine = Machine::bare();
    let socket = machine.path("notify");
    let systemd = UnixDatagram::bind(&socket).unwrap();
    systemd.set_read_timeout(Some(DEADLINE)).unwrap();
    let heard = || {
        let mut buffer = [0; 4096];
        let length = systemd.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    };
    let run = machine.sverka(["simulate", "--customers", "40"]).env("NOTIFY_SOCKET", &socket);
    let running = run.env("WATCHDOG_USEC", "40000").start();
    let ready = heard();
    assert!(ready.starts_with("READY=1\nSTATUS=http://127.0.0.1:"), "{ready}");
    for _ in 0..3 {
        assert_eq!(heard(), "WATCHDOG=1");
    }
    running.signal(Signal::TERM);
    let last = std::iter::repeat_with(heard).find(|it| it != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    running.end().ends_with(0);
}

#[test]
fn a_systemd_that_does_not_hear_is_told_of_and_stops_nothing() {
    let machine = Machine::bare();
    let mut running = machine
        .sverka(["simulate", "--customers", "40"])
        .env("NOTIFY_SOCKET", "vsock:2:1")
        .in_english()
        .start();
    running.wait_for_words("systemd was not told");
    running.signal(Signal::TERM);
    running.end().ends_with(0);
}

#[test]
fn pages_of_the_manual_and_completions_come_from_the_program() {
    let machine = Machine::bare();
    machine.run(["man"]).ends_with(0).prints(".TH sverka 1");
    fs::create_dir(machine.path("man")).unwrap();
    for _ in 0..2 {
        machine
            .sverka(["man", "man"])
            .in_english()
            .run()
            .ends_with(0)
            .tells("pages of the manual are written");
    }
    assert!(fs::read_to_string(machine.path("man/sverka-reconcile.1")).unwrap().contains("only"));
    fs::write(machine.path("man/sverka.1"), "another program's").unwrap();
    machine.run(["man", "man"]).ends_with(2).tells("[place-foreign]");
    machine.run(["man", "nowhere"]).ends_with(2);
    for (shell, word) in
        [("bash", "complete -F _sverka"), ("zsh", "#compdef sverka"), ("fish", "complete -c sverka")]
    {
        machine.run(["completions", shell]).ends_with(0).prints(word);
    }
    machine.run(["completions", "powershell"]).ends_with(2);
}
