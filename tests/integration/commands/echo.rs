//! A server that repeats all it was sent, in every encoding and every place a debug page, a gateway or a careless
//! module may: nothing of it may be had from what the program says, shows or leaves. It shares no code with what it
//! is to catch.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::CommandFactory as _;
use rustix::process::Signal;
use sverka::cli::args::Cli;
use sverka::odata::{Client, ConnectionSettings, HttpTransport, Names};

use super::canary::{in_lines, tour, with};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, RUNTIME, Run, USER};
use crate::support::leak::{CANARY, ENCODINGS, Encode, assert_absent, assert_nothing_left, assert_unseen};
use crate::support::wire::{Act, Asked, Wire, reply_with, settings};

/// What was sent, and what it holds: the header, login and password, the password.
fn sent(asked: &Asked) -> Vec<String> {
    let Some(header) = asked.header("authorization") else { return vec!["nothing".into()] };
    let token = header.split(' ').nth(1).unwrap();
    let pair = String::from_utf8(STANDARD.decode(token).unwrap()).unwrap();
    let password = pair.split_once(':').unwrap().1.to_owned();
    vec![password, pair, header.to_owned()]
}

/// Everything sent in one encoding, in each of a reply's places.
fn repeated(asked: &Asked, shape: usize, encode: Encode) -> Vec<u8> {
    let told: Vec<String> = sent(asked).iter().map(|sent| encode(sent)).collect();
    let all = told.join(" ; ");
    let quoted = serde_json::to_string(&all).unwrap();
    let in_header: String = all.chars().filter(|c| ('\x20'..='\x7e').contains(c)).collect();
    let headers = [
        format!("X-Debug: {in_header}"),
        format!("WWW-Authenticate: Basic realm=\"{in_header}\""),
        format!("Retry-After: {in_header}"),
        format!(
            "Location: http://{}/{}?{}",
            asked.header("host").unwrap(),
            in_header.replace(' ', ""),
            in_header
        ),
        "Content-Type: text/html; charset=utf-8".into(),
    ];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let odata = format!(r#"{{"odata.error":{{"code":"14","message":{{"lang":"ru","value":{quoted}}}}}}}"#);
    let exception = format!(r##"{{"#exception":"x","exception":{{"descr":{quoted}}}}}"##);
    let page = format!("<html><title>{all}</title><body>{all}</body></html>");
    let rows = format!(r#"{{"value":[{{"name":{quoted},"url":{quoted}}}]}}"#);
    let (status, body) = match shape {
        0 => ("400 Bad Request", odata),
        1 => ("403 Forbidden", exception),
        2 => ("404 Not Found", page),
        3 => ("302 Found", page),
        4 => ("500 Internal Server Error", all.clone()),
        5 => ("200 OK", page),
        6 => ("200 OK", odata),
        7 => ("401 Unauthorized", odata.replace("\"14\"", "\"20\"")),
        8 => ("403 Forbidden", page),
        9 => ("502 Bad Gateway", page),
        _ => ("200 OK", rows),
    };
    let reply = reply_with(status, &headers, body);
    // A status line is foreign text as well.
    let reason = format!(" {in_header}\r\n");
    let end = reply.windows(2).position(|end| end == b"\r\n").unwrap();
    [&reply[..end], reason.as_bytes(), &reply[end + 2..]].concat()
}

const SHAPES: usize = 11;

/// Every shape in every encoding, by the client itself: words, `Debug` and names of sets.
#[test]
fn i14_s5_no_reply_that_repeats_a_secret_lets_it_out() {
    let turn = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&turn);
    let rule = move |asked: &Asked| {
        let number = counted.load(Ordering::SeqCst);
        Act::Send(repeated(asked, number % SHAPES, ENCODINGS[number / SHAPES].1))
    };
    let mut told = 0;
    RUNTIME.block_on(async {
        let wire = Wire::start(rule).await;
        let settings = ConnectionSettings {
            user: USER.into(),
            password: CANARY.into(),
            retries: 0,
            ..settings(wire.url())
        };
        for number in 0..SHAPES * ENCODINGS.len() {
            turn.store(number, Ordering::SeqCst);
            let transport = HttpTransport::new(&settings).unwrap();
            let client = Client::new(&settings, &Names::default(), Arc::new(transport), 7);
            let answer = client.published_sets().await;
            let place = format!("shape {}, {}", number % SHAPES, ENCODINGS[number / SHAPES].0);
            // In data a secret is looked for whole, and in one encoding at a time.
            if number % SHAPES == SHAPES - 1 && is_partial(ENCODINGS[number / SHAPES].0) {
                continue;
            }
            assert_absent(&place, format!("{answer:?}"));
            told += usize::from(format!("{answer:?}").contains("•••"));
            if let Err(error) = answer {
                assert_absent(&place, error.to_string());
            }
        }
    });
    assert!(told > SHAPES * ENCODINGS.len() / 2, "only {told} replies were repeated at all");
}

/// Whether an encoding leaves less than the whole secret, or lies in another.
fn is_partial(name: &str) -> bool {
    matches!(name, "cut" | "base64 twice" | "percent twice")
}

/// The server of the commands: another shape and encoding for every request.
fn echo() -> Wire {
    let turn = AtomicUsize::new(0);
    let rule = move |asked: &Asked| {
        let number = turn.fetch_add(1, Ordering::SeqCst);
        // 401 ends a run at once: the other shapes come more often.
        let shape = [0, 1, 2, 3, 4, 5, 6, 8, 9][number % 9];
        Act::Send(repeated(asked, shape, ENCODINGS[number * 5 % ENCODINGS.len()].1))
    };
    let _entered = RUNTIME.enter();
    RUNTIME.block_on(Wire::start(rule))
}

fn lead_to(machine: &Machine, wire: &Wire) {
    machine.write_config(&format!(
        "[onec]\nurl = \"{}\"\nuser = \"{USER}\"\npassword = '{CANARY}'\nbackoff = \"1ms\"\nretries = 1\n",
        wire.url()
    ));
}

/// The words that lead to each command, and the options it has of its own.
fn offered(command: &clap::Command, words: &[String], all: &mut Vec<(Vec<String>, Vec<String>)>) {
    for below in command.get_subcommands() {
        let words = [words, &[below.get_name().to_owned()]].concat();
        offered(below, &words, all);
    }
    let options = command.get_arguments().filter_map(|argument| argument.get_long());
    let options = options.map(|name| format!("--{name}")).collect();
    // What only leads to others is no command, but where nothing is said the dashboard is meant.
    if words.is_empty() || !command.has_subcommands() {
        all.push((words.to_vec(), options));
    }
}

/// Commands and options that were not run.
fn forgotten(ran: &[Vec<String>]) -> Vec<String> {
    let mut all = Vec::new();
    offered(&Cli::command(), &[], &mut all);
    let mut forgotten = Vec::new();
    for (words, options) in all {
        let runs: Vec<_> = ran.iter().filter(|run| run.starts_with(&words)).collect();
        let unused = options.iter().filter(|option| !runs.iter().any(|run| run.contains(option)));
        forgotten.extend(unused.map(|option| format!("{} {option}", words.join(" "))));
        if runs.is_empty() {
            forgotten.push(words.join(" "));
        }
    }
    forgotten
}

/// Every command with every option it has, but the dashboard and the simulator, which end when told to.
fn commands(machine: &Machine) -> Vec<Vec<String>> {
    let file = |name: &str| machine.path(&format!("out/{name}")).to_str().unwrap().to_owned();
    let (store, config) = (machine.store(), machine.config());
    let (store, config) = (store.to_str().unwrap(), config.to_str().unwrap());
    let (sync, base, copy) = (file("sync.prom"), file("base.prom"), file("copy.redb"));
    let manual = file("manual");
    let (csv, json, xlsx) = (file("base.csv"), file("base.json"), file("base.xlsx"));
    let commands: [&[&str]; 34] = [
        &["sync"],
        &["sync", "--delta", "--log-level", "debug", "--log-format", "json"],
        &["sync", "--metrics", &sync],
        &["sync", "--days", "30", "--limit", "3", "--accept-base"],
        &["sync", "--rebuild"],
        &["check", "--phone", REFERENCE_PHONE],
        &["check", "--phone", REFERENCE_PHONE, "--offline"],
        &["check", "--card", "000000001"],
        &["check", "царьков"],
        &["reconcile"],
        &["reconcile", "--live"],
        &["reconcile", "--format", "csv", "--output", &csv, "--force", "--bom"],
        &["reconcile", "-o", &json, "--force", "--live"],
        &["reconcile", "-o", &xlsx, "--force", "--worst", "3"],
        &["reconcile", "--only-variances", "--strict", "--fail-over", "1", "--metrics", &base],
        &["search", "ц", "--limit", "0"],
        &["status", "--strict"],
        &["doctor"],
        &["mirror"],
        &["mirror", "--repair"],
        &["mirror", "--drop"],
        &["store", "check"],
        &["store", "compact"],
        &["store", "backup", &copy, "--force"],
        &["store", "restore", &copy],
        &["init", "--config", &file("written.toml")],
        &["status", "--no-engine"],
        &["engine", "--listen", "127.0.0.1:0"],
        &["service", "install", "--user", "--dry-run"],
        &["service", "remove", "--user", "--dry-run"],
        &["completions", "bash"],
        &["man", &manual],
        &["demo", "--headless", "--customers", "5", "--seed", "2"],
        &["status", "--config", config, "--store", store, "--plain", "--ascii", "--low-bandwidth"],
    ];
    commands.map(|command| command.iter().map(|&word| word.to_owned()).collect()).to_vec()
}

/// The simulator has nothing of the settings, and is told to end.
fn simulated(machine: &Machine) -> (Vec<String>, Run) {
    let words = ["simulate", "--port", "0", "--customers", "5", "--lines", "50", "--seed", "2"];
    let words =
        [&words[..], &["--now", "2026-02-04", "--latency", "1", "--fault", "status-503=0.1"]].concat();
    let mut running = machine.sverka(&words).start();
    running.wait_for_line();
    running.signal(Signal::INT);
    (words.into_iter().map(str::to_owned).collect(), running.end())
}

/// The engine beside a server that repeats everything, told to end.
fn served(machine: &Machine) -> (Vec<String>, Run) {
    let socket = machine.path("engine.sock").to_str().unwrap().to_owned();
    let words = ["engine", "--on-demand", "--socket", &socket];
    let mut running = machine.sverka(words).in_english().start();
    running.wait_for_words("The engine is ready");
    running.signal(Signal::INT);
    (words.into_iter().map(str::to_owned).collect(), running.end())
}

/// What the environment says to `init`, which has no settings yet.
fn of_environment(wire: &Wire) -> [(&'static str, String); 2] {
    let token = STANDARD.encode(format!("{USER}:{CANARY}"));
    [("ONEC_API_URL", wire.url()), ("ONEC_API_TOKEN", token)]
}

/// A base that is stored, then a server that repeats everything: every command with every option, in words and in
/// JSON, and the dashboard on the screen and in lines.
#[test]
fn i14_s5_no_command_against_a_server_that_repeats_everything_lets_a_secret_out() {
    let machine = Machine::synced();
    let wire = echo();
    lead_to(&machine, &wire);
    fs::create_dir(machine.path("out")).unwrap();
    let variables = of_environment(&wire);
    let (simulation, run) = simulated(&machine);
    let (engine, ended) = served(&machine);
    let mut ran = vec![simulation, engine];
    let mut runs = vec![run, ended];
    for command in commands(&machine) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let variables = if words[0] == "init" { &variables[..] } else { &[] };
        // Another answer comes the second time, where anything is asked at all.
        let asks = !matches!(words[0], "search" | "status" | "store" | "demo");
        for more in [&[][..], &["--json"]] {
            for _ in 0..=usize::from(asks) {
                runs.push(with(&machine, &[&words, more].concat(), variables));
            }
        }
        ran.push([command, vec!["--json".to_owned()]].concat());
    }
    for known in ["store restore", "sync --rebuild", "reconcile --metrics", "init"] {
        assert!(forgotten(&[]).iter().any(|forgotten| forgotten == known), "{known}");
    }
    // These would change the machine that tests: `commands::service` runs them beside a systemctl of its own.
    let of_the_machine =
        |it: &String| ["service install --yes", "service remove --yes"].contains(&it.as_str());
    let forgotten: Vec<_> = forgotten(&ran).into_iter().filter(|it| !of_the_machine(it)).collect();
    assert_eq!(forgotten, Vec::<String>::new(), "commands and options that nobody ran here");
    runs.push(in_lines(&machine, &[]));
    assert_nothing_left(&machine, &runs);
    let said: String = runs.iter().flat_map(|run| [run.stdout.as_str(), &run.stderr]).collect();
    assert!(said.matches("•••").count() > 20, "the server's words are told, without the secret:\n{said}");
    for written in
        ["sync.prom", "base.prom", "base.csv", "base.json", "base.xlsx", "copy.redb", "written.toml"]
    {
        assert!(machine.path("out").join(written).exists(), "{written}");
    }

    let ended = tour(&machine, &[]);
    assert!(ended.screens().iter().any(|screen| screen.contains("•••")), "the server's words are shown");
    assert_unseen(&ended);
    // A store that cannot be read any more is set aside, and nothing comes in its place.
    machine.let_rot("Царьков");
    let run = with(&machine, &["sync", "--rebuild"], &[]).ends_with(3);
    assert_nothing_left(&machine, &[run]);
}

/// Names that hold the secret in every encoding.
fn repeating() -> Vec<String> {
    let pair = format!("{USER}:{CANARY}");
    let token = STANDARD.encode(&pair);
    // In data a secret is looked for whole, and in one encoding at a time.
    let encodings = ENCODINGS.iter().filter(|(name, _)| !is_partial(name));
    let encoded = encodings.flat_map(|(_, encode)| [CANARY, &pair].map(encode));
    encoded.chain([token.clone(), format!("Basic {token}")]).map(|text| format!("Иванова {text}")).collect()
}

/// Rows that repeat what was sent are stored without it, and shown without it everywhere.
#[test]
fn i14_s5_rows_that_repeat_a_secret_are_stored_without_it() {
    let machine = Machine::with_onec();
    machine.accept_password(CANARY);
    let texts = repeating();
    machine.onec(|onec| {
        let books = onec.books_mut();
        let cards: Vec<_> = books.card_list().iter().map(|card| (card.key, card.owner)).collect();
        let mut owners: Vec<_> = cards.iter().map(|(_, owner)| *owner).collect();
        owners.sort_unstable();
        owners.dedup();
        assert!(owners.len() >= texts.len(), "{} texts for {} owners", texts.len(), owners.len());
        for (owner, text) in owners.into_iter().zip(&texts) {
            books.change_owner(owner, |owner| owner.name.clone_from(text));
        }
        for (number, (card, _)) in cards.into_iter().enumerate() {
            books.change_card(card, |card| card.code = format!("К{number}"));
        }
    });
    machine.write_config(&format!(
        "[onec]\nurl = \"{}\"\nuser = \"{USER}\"\npassword = '{CANARY}'\nbackoff = \"1ms\"\n",
        machine.onec_url()
    ));
    let out = machine.path("base.json").to_str().unwrap().to_owned();
    let commands: [&[&str]; 7] = [
        &["sync"],
        &["search", "Иванова", "--limit", "0"],
        &["search", "Иванова", "--limit", "0", "--json"],
        &["check", "--card", "К1"],
        &["check", "--card", "К0", "--json"],
        &["reconcile", "--live"],
        &["reconcile", "--format", "json", "-o", &out],
    ];
    // One secret in a page would take the others with it.
    let alone = [("SVERKA_ONEC__PAGE_SIZE", "1".to_owned())];
    let runs: Vec<_> = commands.iter().map(|command| with(&machine, command, &alone)).collect();
    assert!(runs[1].stdout.contains("•••"), "{}{}", runs[0].stderr, runs[1].stdout);
    assert_nothing_left(&machine, &runs);
}
