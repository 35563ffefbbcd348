//! A secret that must be found nowhere: every command runs with it, and everything they say, show and leave behind is
//! searched for it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sverka_simulator::{FaultKind, Faults};

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Invocation, Machine, Run, USER};
use crate::support::leak::{CANARY, assert_absent, assert_nothing_left, assert_unseen};
use crate::support::pseudo_terminal::{
    ENTER, ESC, Ended, F3, F4, F5, F6, F7, F8, F9, F12, PseudoTerminal, alt,
};

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

#[test]
fn i14_s5_no_command_lets_a_secret_out_however_it_came_in() {
    for way in Way::ALL {
        let machine = Machine::with_onec();
        machine.accept_password(CANARY);
        let variables = way.prepare(&machine);
        let file = |name: &str| machine.path(name).to_str().unwrap().to_owned();
        let (csv, xlsx, prom) = (file("base.csv"), file("base.xlsx"), file("sverka.prom"));
        let commands: [(&[&str], i32); 17] = [
            (&["doctor"], 0),
            (&["doctor", "--json"], 0),
            (&["sync"], 0),
            (&["sync", "--json"], 0),
            (&["check", "--phone", REFERENCE_PHONE], 0),
            (&["check", "--phone", REFERENCE_PHONE, "--json"], 0),
            (&["status", "--json"], 0),
            (&["search", "ц"], 0),
            (&["sync", "--delta", "--metrics", &prom], 0),
            (&["store", "check"], 0),
            (&["store", "backup", &file("copy.redb")], 0),
            (&["reconcile", "--json"], 0),
            (&["reconcile", "--live"], 0),
            (&["reconcile", "-o", &csv, "--metrics", &prom, "--force"], 0),
            (&["reconcile", "-o", &xlsx], 0),
            (&["sync", "--rebuild"], 0),
            (&["store", "restore", &file("copy.redb")], 0),
        ];
        let mut runs: Vec<_> = commands
            .iter()
            .map(|(command, code)| with(&machine, command, &variables).ends_with(*code))
            .collect();
        runs.push(in_lines(&machine, &variables).ends_with(0));
        assert_unseen(&tour(&machine, &variables));
        assert_nothing_left(&machine, &runs);
    }
}

/// A script writes all it asks for at once.
#[test]
fn lines_of_a_script_are_answered_one_after_another() {
    let machine = Machine::synced();
    let script = machine.shell("printf 'царьков\\n1\\n/zz\\nr\\nцарьков\\nr\\n' | \"$@\"", &["--plain"]);
    let told = script.in_english().run().ends_with(0).stdout;
    let mut rest = told.as_str();
    for words in ["Found: 1", "Customer ", "Found: 0", "Found: 1", "line by line"] {
        let (_, after) = rest.split_once(words).unwrap_or_else(|| panic!("no {words} in its turn: {told}"));
        rest = after;
    }
}

/// The dashboard in lines, with every command it knows.
pub(super) fn in_lines(machine: &Machine, variables: &[(&'static str, String)]) -> Run {
    let run = machine.shell("printf '?\\ni\\ns\\nцарьков\\n1\\nr\\ne\\nb\\nh\\n' | \"$@\"", &["--plain"]);
    variables.iter().fold(run, |run, (name, value)| run.env(name, value)).run()
}

/// Everything the dashboard shows, copies and writes, whatever 1C answers. What was copied is searched on the way.
pub(super) fn tour(machine: &Machine, variables: &[(&'static str, String)]) -> Ended {
    let mut more: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    more.push(("LANG", "en_US.UTF-8"));
    // The journal begins with how earlier syncs ended, which would be taken for the end of this one.
    let log = machine.path("state/sverka/sverka.log");
    if log.exists() {
        std::fs::rename(&log, log.with_extension("before")).unwrap();
    }
    let mut terminal = PseudoTerminal::start(machine, &[], (140, 40), &more);
    terminal.wait_for(&["Found: 30"]);
    terminal.press(F5);
    terminal.press(F6);
    wait_for_any(&terminal, &["Sync done", "Sync failed"]);
    terminal.press(F6);
    through_the_base(&mut terminal);
    through_a_customer(&mut terminal);
    terminal.press(F8);
    terminal.end()
}

fn through_the_base(terminal: &mut PseudoTerminal) {
    terminal.press(F12);
    terminal.wait_for(&["Enter: reconcile all now"]);
    terminal.press(ENTER);
    wait_for_any(terminal, &["Compared by", "Not verified"]);
    terminal.wait_for(&["›"]);
    terminal.press(ENTER);
    wait_for_reasons(terminal);
    copy(terminal, &["y", "J"]);
    terminal.press(ESC);
    terminal.wait_for_no("┌ Why");
    terminal.press("Y");
    terminal.wait_for(&["Write to a file"]);
    terminal.press(ENTER);
    terminal.wait_for(&["Rows written"]);
    terminal.press(F12);
    terminal.wait_for_no("┌ Reconcile all");
}

fn through_a_customer(terminal: &mut PseudoTerminal) {
    terminal.press(F3);
    terminal.press("8451364");
    terminal.wait_for(&["Found: 1", "365,054.00"]);
    terminal.press(ENTER);
    terminal.press(F4);
    wait_for_any(terminal, &["line by line", "The check failed"]);
    copy(terminal, &[&alt("y"), &alt("n")]);
    terminal.press(&alt("e"));
    wait_for_reasons(terminal);
    copy(terminal, &["y", "J"]);
    terminal.press("e");
    terminal.wait_for_no("┌ Why");
    terminal.press(F9);
    terminal.wait_for(&["Last sync: before and now"]);
    terminal.press(F9);
    terminal.wait_for_no("Last sync: before and now");
    terminal.press(&F7.repeat(3));
    terminal.wait_for(&["Enter — read the fields"]);
    terminal.press(ENTER);
    wait_for_any(terminal, &["Card · Code", "•••"]);
    terminal.press(&alt("w"));
    terminal.wait_for(&["Written to the file"]);
}

fn wait_for_any(terminal: &PseudoTerminal, words: &[&str]) {
    terminal.wait_until(&format!("any of {words:?}"), |screen| {
        let text = screen.contents();
        words.iter().any(|words| text.contains(words))
    });
}

/// Waits for the page that tells why, and for its words: they come a little later.
fn wait_for_reasons(terminal: &PseudoTerminal) {
    terminal.wait_until("the page with words", |screen| {
        let text = screen.contents();
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        let title: Vec<char> = "┌ Why".chars().collect();
        let place = |line: &Vec<char>| line.windows(title.len()).position(|letters| letters == title);
        let found = lines.iter().enumerate().find_map(|(row, line)| Some((row, place(line)?)));
        let below = found.and_then(|(row, at)| lines.get(row + 1)?.get(at + 1..at + 20));
        below.is_some_and(|letters| letters.iter().any(|letter| letter.is_alphanumeric()))
    });
}

/// Presses keys that copy, and searches what was copied.
fn copy(terminal: &mut PseudoTerminal, keys: &[&str]) {
    for key in keys {
        terminal.press(key);
        assert_absent("a copy", terminal.take_clipboard());
    }
}

/// The simulated 1C repeats nothing it was sent: `echo` has the server that does.
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

/// A name or a phone of so many characters occurs nowhere by chance.
const TELLING: usize = 6;

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
        names.chain(phones).filter(|text| text.trim().chars().count() >= TELLING).collect()
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
