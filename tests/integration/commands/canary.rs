//! A secret that must be found nowhere: every command runs with it, and everything they leave behind is searched
//! for each of its parts.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sverka::simulator::{FaultKind, Faults};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Invocation, Machine, Run, USER};

/// No six characters of it occur anywhere by themselves.
pub(super) const CANARY: &str = "Zq7vXw9KdЖRm4%Tn8+Uj2/Hy";
/// A part this long is too much.
const PART: usize = 6;

/// All parts of the secret as it stands, of its base64 alone and behind the login, and of its percent form.
fn parts() -> BTreeSet<Vec<u8>> {
    let percent: String = CANARY
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    // What of the pair's base64 depends on the secret alone.
    let pair = STANDARD.encode(format!("{USER}:{CANARY}"));
    let own = &pair[(USER.len() + 1).div_ceil(3) * 4..];
    let whole =
        [CANARY.to_owned(), STANDARD_NO_PAD.encode(CANARY), own.trim_end_matches('=').to_owned(), percent];
    let parts = |text: &String| -> Vec<Vec<u8>> {
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        starts.windows(PART + 1).map(|part| text.as_bytes()[part[0]..part[PART]].to_owned()).collect()
    };
    whole.iter().flat_map(parts).collect()
}

/// The first part of the secret found in some bytes.
fn found(bytes: &[u8]) -> Option<String> {
    let parts = parts();
    let lengths: BTreeSet<usize> = parts.iter().map(Vec::len).collect();
    let windows = lengths.iter().flat_map(|length| bytes.windows(*length));
    windows.filter(|window| parts.contains(*window)).map(|part| String::from_utf8_lossy(part).into()).next()
}

#[track_caller]
pub(super) fn assert_absent(place: &str, bytes: &[u8]) {
    if let Some(part) = found(bytes) {
        panic!("{part:?} of the secret in {place}");
    }
}

/// The canary itself must be noticed, or its silence says nothing.
#[test]
fn i14_a_secret_that_leaks_would_be_found() {
    let pair = STANDARD.encode(format!("{USER}:{CANARY}"));
    for leak in [&CANARY[2..9], &pair, &STANDARD.encode(CANARY)[4..12], "x%2BUj2%2FHyx"] {
        assert!(found(format!("…{leak}…").as_bytes()).is_some(), "{leak}");
    }
    for harmless in [USER, &STANDARD.encode(format!("{USER}:")), "Zq7vX", "password"] {
        assert_eq!(found(harmless.as_bytes()), None, "{harmless}");
    }
}

/// The ways in, each with the settings it needs.
enum Way {
    Given,
    File,
    Command,
    Credential,
    Variable,
    Token,
}

impl Way {
    const ALL: [Self; 6] =
        [Self::Given, Self::File, Self::Command, Self::Credential, Self::Variable, Self::Token];

    /// Settings that go this way, and the variables of every run.
    fn prepare(&self, machine: &Machine) -> Vec<(&'static str, String)> {
        let folder = machine.path("secrets");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("onec");
        fs::write(&path, format!("{CANARY}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let quoted = |path: &Path| format!("{:?}", path.to_str().unwrap());
        let (line, variables) = match self {
            Self::Given => (format!("password = \"{CANARY}\""), Vec::new()),
            Self::File => (format!("password_file = {}", quoted(&path)), Vec::new()),
            Self::Command => {
                let command = format!("ps -ef >&2; env >&2; cat '{}'", path.display());
                (format!("password_command = {command:?}"), Vec::new())
            }
            Self::Credential => {
                let folder = folder.to_str().unwrap().to_owned();
                ("password_credential = \"onec\"".into(), vec![("CREDENTIALS_DIRECTORY", folder)])
            }
            Self::Variable => (String::new(), vec![("SVERKA_ONEC__PASSWORD", CANARY.into())]),
            Self::Token => {
                (String::new(), vec![("ONEC_API_TOKEN", STANDARD.encode(format!("{USER}:{CANARY}")))])
            }
        };
        let url = machine.onec_url();
        machine.write_config(&format!(
            "[onec]\nurl = \"{url}\"\nuser = \"{USER}\"\nbackoff = \"1ms\"\n{line}\n"
        ));
        variables
    }
}

pub(super) fn with(machine: &Machine, arguments: &[&str], variables: &[(&'static str, String)]) -> Run {
    let run = machine.sverka(arguments).in_english().env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
    variables.iter().fold(run, |run: Invocation, (name, value)| run.env(name, value)).run()
}

/// Everything the machine holds but what was put there by hand.
pub(super) fn assert_nothing_left(machine: &Machine, runs: &[Run]) {
    for run in runs {
        assert_absent("standard output", run.stdout.as_bytes());
        assert_absent("standard error", run.stderr.as_bytes());
    }
    let files = machine.files();
    let left = files.iter().filter(|file| !file.starts_with(machine.path("secrets")));
    for file in left {
        assert_absent(&file.display().to_string(), &fs::read(file).unwrap());
    }
}

#[test]
fn i14_s5_no_command_lets_a_secret_out_however_it_came_in() {
    for way in Way::ALL {
        let machine = Machine::with_onec();
        machine.accept_password(CANARY);
        let variables = way.prepare(&machine);
        let commands: [(&[&str], i32); 10] = [
            (&["doctor"], 0),
            (&["doctor", "--json"], 0),
            (&["sync"], 0),
            (&["sync", "--json"], 0),
            (&["check", "--phone", REFERENCE_PHONE], 0),
            (&["check", "--phone", REFERENCE_PHONE, "--json"], 0),
            (&["status", "--json"], 0),
            (&["search", "ц"], 0),
            (&["sync", "--delta"], 0),
            (&["store", "check"], 0),
        ];
        let runs: Vec<_> = commands
            .iter()
            .map(|(command, code)| with(&machine, command, &variables).ends_with(*code))
            .collect();
        assert_nothing_left(&machine, &runs);
    }
}

#[test]
fn i14_s5_no_failure_lets_a_secret_out() {
    let faults = [
        FaultKind::Status500,
        FaultKind::Html200,
        FaultKind::Error200,
        FaultKind::Maintenance,
        FaultKind::RightsRefused,
        FaultKind::Redirect,
        FaultKind::CutBody,
        FaultKind::Close,
        FaultKind::InvalidUtf8,
    ];
    let mut machine = Machine::with_onec();
    let variables = Way::Given.prepare(&machine);
    let mut runs = vec![with(&machine, &["sync"], &variables).ends_with(3)];
    machine.accept_password(CANARY);
    for kind in faults {
        machine.break_onec(Faults::always(kind));
        runs.push(with(&machine, &["sync", "--json"], &variables).ends_with(3));
        runs.push(with(&machine, &["doctor"], &variables).ends_with(1));
    }
    machine.stop_onec();
    runs.push(with(&machine, &["check", "--phone", REFERENCE_PHONE], &variables).ends_with(3));
    // Settings that are wrong around the secret.
    for spoilt in
        ["pasword_file = 1\n", "timeout = \"soon\"\n", "password_file = \"x\"\n", "user = 7\n", "\"\n"]
    {
        let settings = format!("[onec]\npassword = \"{CANARY}\"\n{spoilt}");
        machine.write_config(&settings);
        runs.push(with(&machine, &["sync"], &[]).ends_with(2));
    }
    let in_address = format!("http://{USER}:{CANARY}@127.0.0.1:1/odata/standard.odata");
    for line in [format!("url = {in_address:?}"), format!("proxy = {in_address:?}")] {
        machine.write_config(&format!("[onec]\n{line}\n"));
        runs.push(with(&machine, &["sync"], &[]).ends_with(2));
    }
    for secret in [format!("{CANARY}\n{CANARY}"), format!("{CANARY}\u{1b}")] {
        machine.write_config("[onec]\nurl = \"http://127.0.0.1:1/odata/standard.odata\"\nuser = \"u\"\n");
        runs.push(with(&machine, &["sync"], &[("SVERKA_ONEC__PASSWORD", secret)]).ends_with(2));
        let token = format!("{}!", STANDARD.encode(CANARY));
        runs.push(with(&machine, &["sync"], &[("ONEC_API_TOKEN", token)]).ends_with(2));
    }
    assert_nothing_left(&machine, &runs);
}

/// What the command that prints the password is told itself: neither our environment's secrets nor, of course, the
/// password by its arguments.
#[test]
fn s3_s5_the_command_gets_no_secret_of_ours() {
    let machine = Machine::with_onec();
    machine.accept_password(CANARY);
    Way::File.prepare(&machine);
    let witness = machine.path("witness");
    let secret = machine.path("secrets/onec");
    let command = format!(
        "tr '\\0' '\\n' < /proc/self/environ > '{witness}'; tr '\\0' ' ' < /proc/$$/cmdline >> '{witness}'; \
         tr '\\0' ' ' < /proc/$PPID/cmdline >> '{witness}'; cat '{secret}'",
        witness = witness.display(),
        secret = secret.display(),
    );
    let sync = machine
        .sverka(["sync"])
        .env("SVERKA_ONEC__PASSWORD_COMMAND", &command)
        .env("ONEC_API_TOKEN", STANDARD.encode(format!("{USER}:{CANARY}")));
    sync.run().ends_with(0);
    let told = fs::read(&witness).unwrap();
    assert!(String::from_utf8_lossy(&told).contains("sverka sync"), "the witness saw the program");
    assert_absent("the command's own environment and the process list", &told);
}

/// Names and phones are the customers' own: nobody reads them in a log.
#[test]
fn s6_no_log_of_a_sync_tells_who_the_customers_are() {
    let machine = Machine::with_onec();
    machine.break_onec(Faults::always(FaultKind::BrokenRows));
    let runs = [
        machine.run(["sync"]),
        machine.run(["sync", "--json"]),
        machine.run(["doctor", "--json"]),
        machine.run(["status", "--json"]),
    ];
    let people: Vec<String> = machine.onec(|onec| {
        let books = onec.books();
        let cards = books.card_list();
        let owners = cards.iter().filter_map(|card| books.owner(card.owner));
        let names = owners.map(|owner| owner.name.clone());
        let phones = cards.iter().map(|card| card.phone.clone());
        names.chain(phones).filter(|text| text.trim().chars().count() >= PART).collect()
    });
    assert!(people.len() > 30 && people.iter().any(|text| text == REFERENCE_PHONE));
    for run in &runs {
        for person in &people {
            assert!(
                !run.stdout.contains(person) && !run.stderr.contains(person),
                "{person}:\n{}",
                run.stderr
            );
        }
    }
}

#[test]
fn s4_a_secret_file_open_to_everybody_is_warned_of() {
    let machine = Machine::with_onec();
    machine.accept_password(CANARY);
    Way::File.prepare(&machine);
    let secret = machine.path("secrets/onec");
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).unwrap();
        let run = machine.sverka(["sync"]).in_english().run().ends_with(0);
        assert_eq!(run.stderr.contains("chmod 600"), warned, "{mode:o}: {}", run.stderr);
    }
}

/// Memory is bounded by what is kept of a page and a card, not by how much 1C has: a sync of many thousand lines
/// fits where one of a few does.
#[test]
fn s7_a_sync_fits_into_little_memory() {
    let machine = Machine::with_customers(2_000);
    let sverka = env!("CARGO_BIN_EXE_sverka");
    let run = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -d {MEMORY_KIB} && exec '{sverka}' sync"))
        .env_clear()
        .envs(machine.environment())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// Of this the store's cache alone is 64 MiB.
const MEMORY_KIB: u32 = 256 << 10;
