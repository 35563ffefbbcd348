//! A server that repeats all it was sent, in every encoding and every place a debug page, a gateway or a careless
//! module may: nothing of it may be had from what the program says, shows or leaves. It shares no code with what it
//! is to catch.

#![allow(clippy::format_collect, reason = "a few characters each")]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sverka::config::{Names, OneC};
use sverka::odata::{Client, HttpTransport};

use super::canary::{CANARY, assert_absent, assert_nothing_left, with};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, RUNTIME, USER};
use crate::support::pseudo_terminal::{CTRL_C, F4, F5, F6, PseudoTerminal};
use crate::support::wire::{Act, Asked, Wire, reply_with, settings};

type Encode = fn(&str) -> String;

fn each(bytes: impl IntoIterator<Item = u8>, of: fn(u8) -> String) -> String {
    bytes.into_iter().map(of).collect()
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn small_percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") }
}

/// Russian letters have the same order in `windows-1251` as in Unicode.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte =
        |c: char| u8::try_from(u32::from(c)).unwrap_or_else(|_| u8::try_from(u32::from(c) - 0x350).unwrap());
    text.chars().map(byte).collect()
}

const ENCODINGS: &[(&str, Encode)] = &[
    ("plain", |text| text.into()),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 without padding", |text| STANDARD_NO_PAD.encode(text)),
    ("base64 for addresses", |text| URL_SAFE_NO_PAD.encode(text)),
    ("base64 of windows-1251", |text| STANDARD.encode(windows_1251(text))),
    ("percent", |text| each(text.bytes(), percent)),
    ("percent in small letters", |text| each(text.bytes(), small_percent)),
    ("percent of windows-1251", |text| each(windows_1251(text), percent)),
    ("entities", |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect()),
    ("entities in hexadecimal", |text| text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect()),
    ("JSON", |text| text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect()),
    ("hexadecimal", |text| each(text.bytes(), |byte| format!("{byte:02x}"))),
    ("misread", |text| each(text.bytes(), |byte| char::from(byte).to_string())),
    ("base64 twice", |text| STANDARD.encode(STANDARD.encode(text))),
    ("percent twice", |text| each(each(text.bytes(), percent).bytes(), percent)),
    ("cut", |text| text.chars().take(9).collect()),
];

/// So many characters of an encoded secret in a row are nobody else's.
const PART: usize = 14;

/// Neither the secret nor a part of it, in any of the encodings.
#[track_caller]
fn assert_silent(place: &str, text: &str) {
    assert_absent(place, text.as_bytes());
    for (name, encode) in ENCODINGS {
        let encoded: Vec<char> = encode(CANARY).chars().collect();
        let mut parts = encoded.windows(PART).map(|part| part.iter().collect::<String>());
        assert!(!parts.any(|part| text.contains(&part)), "{name} of the secret in {place}: {text}");
    }
}

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
        let settings =
            OneC { user: USER.into(), password: CANARY.into(), retries: 0, ..settings(wire.url()) };
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
            assert_silent(&place, &format!("{answer:?}"));
            told += usize::from(format!("{answer:?}").contains("•••"));
            if let Err(error) = answer {
                assert_silent(&place, &error.to_string());
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

/// A base that is stored, then a server that repeats everything: every command, in words and in JSON, and the
/// dashboard.
#[test]
fn i14_s5_no_command_against_a_server_that_repeats_everything_lets_a_secret_out() {
    let machine = Machine::synced();
    let wire = echo();
    lead_to(&machine, &wire);
    let (phone, out) = (REFERENCE_PHONE, machine.path("out"));
    fs::create_dir(&out).unwrap();
    let file = |name: &str| out.join(name).to_str().unwrap().to_owned();
    let (metrics, csv) = (file("sync.prom"), file("base.csv"));
    let commands: [&[&str]; 13] = [
        &["sync"],
        &["sync", "--delta"],
        &["sync", "--metrics", &metrics],
        &["check", "--phone", phone],
        &["check", "--phone", phone, "--offline"],
        &["reconcile"],
        &["reconcile", "--live"],
        &["reconcile", "--format", "csv", "-o", &csv, "--force"],
        &["search", "ц"],
        &["status", "--strict"],
        &["doctor"],
        &["store", "check"],
        &["store", "compact"],
    ];
    let mut runs = Vec::new();
    for command in commands {
        for more in [&[][..], &["--json"]] {
            for _ in 0..2 {
                runs.push(with(&machine, &[command, more].concat(), &[]));
            }
        }
    }
    runs.push(machine.shell("printf 's\\nцарьков\\n1\\nr\\ne\\nb\\n' | \"$@\"", &["--plain"]).run());
    assert_nothing_left(&machine, &runs);
    for run in &runs {
        assert_silent("standard output", &run.stdout);
        assert_silent("standard error", &run.stderr);
    }
    let said: String = runs.iter().map(|run| format!("{}{}", run.stdout, run.stderr)).collect();
    assert!(said.matches("•••").count() > 20, "the server's words are told, without the secret:\n{said}");

    let mut terminal = PseudoTerminal::start(&machine, &[], (140, 40), &[("LANG", "en_US.UTF-8")]);
    terminal.wait_for(&["30 found"]);
    for key in [F5, F6] {
        terminal.press(key);
    }
    terminal.wait_for(&["•••"]);
    for key in [F6, F4, CTRL_C] {
        terminal.press(key);
    }
    let ended = terminal.end();
    assert_absent("the screen", &ended.bytes);
    assert_nothing_left(&machine, &[]);
}

/// Rows that repeat what was sent are stored without it, and shown without it everywhere.
#[test]
fn i14_s5_rows_that_repeat_a_secret_are_stored_without_it() {
    let machine = Machine::with_onec();
    machine.accept_password(CANARY);
    let pair = format!("{USER}:{CANARY}");
    let token = STANDARD.encode(&pair);
    machine.onec(|onec| {
        let books = onec.books_mut();
        let cards: Vec<_> = books.card_list().iter().map(|card| (card.key, card.owner)).collect();
        for ((card, owner), (number, (name, encode))) in
            cards.into_iter().zip(ENCODINGS.iter().enumerate().cycle())
        {
            // In data a secret is looked for whole, and in one encoding at a time.
            if is_partial(name) || *name == "JSON" {
                continue;
            }
            let secret = [CANARY, &pair][number % 2];
            let text = format!("Иванова {} {token}", encode(secret));
            books.change_owner(owner, |owner| owner.name.clone_from(&text));
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
    let runs: Vec<_> = commands.iter().map(|command| with(&machine, command, &[])).collect();
    assert!(runs[1].stdout.contains("•••"), "{}{}", runs[0].stderr, runs[1].stdout);
    assert_nothing_left(&machine, &runs);
}
