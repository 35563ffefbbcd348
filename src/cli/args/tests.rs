use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::*;
use crate::text::{Language, Texts};

fn parse(line: &[&str]) -> Result<Cli, ErrorKind> {
    let line = std::iter::once("sverka").chain(line.iter().copied());
    Cli::try_parse_from(line).map_err(|error| {
        let code = if error.use_stderr() { 2 } else { 0 };
        assert_eq!(error.exit_code(), code, "{error}");
        error.kind()
    })
}

fn command(line: &[&str]) -> Command {
    parse(line).unwrap().command.unwrap()
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_comes_the_dashboard() {
    assert_eq!(parse(&[]).unwrap(), Cli { global: Global::default(), command: None });
}

#[test]
fn global_options_go_before_and_after_the_command() {
    let global = Global {
        config: Some("c.toml".into()),
        store: Some("s.redb".into()),
        plain: true,
        json: true,
        ..Global::default()
    };
    let before = ["--config", "c.toml", "--store", "s.redb", "--plain", "--json", "status"];
    let after = ["status", "--json", "--plain", "--store=s.redb", "--config=c.toml"];
    for line in [&before[..], &after[..]] {
        assert_eq!(
            parse(line).unwrap(),
            Cli { global: global.clone(), command: Some(Command::Status(StatusArgs::default())) }
        );
    }
    assert_eq!(parse(&["--store", "s.redb"]).unwrap().global.store, Some("s.redb".into()), "dashboard");
}

#[test]
fn commands_with_their_options() {
    let shop = Shop { customers: 300, seed: 1 };
    let simulate = Simulate { port: 0, shop, lines: None, now: None, latency: 0, faults: Vec::new() };
    let cases: [(&[&str], Command); 16] = [
        (&["demo"], Command::Demo(Demo { shop, headless: false })),
        (
            &["demo", "--customers", "5000", "--seed", "42", "--headless"],
            Command::Demo(Demo { shop: Shop { customers: 5000, seed: 42 }, headless: true }),
        ),
        (&["sync"], Command::Sync(SyncArgs::default())),
        (
            &["sync", "--days", "0", "--limit", "10", "--accept-base", "--rebuild"],
            Command::Sync(SyncArgs {
                days: Some(0),
                limit: Some(10),
                accept_base: true,
                rebuild: true,
                ..SyncArgs::default()
            }),
        ),
        (
            &["sync", "--delta", "--metrics", "sverka.prom"],
            Command::Sync(SyncArgs {
                delta: true,
                metrics: MetricsOption { metrics: Some("sverka.prom".into()) },
                ..SyncArgs::default()
            }),
        ),
        (&["search", "a"], Command::Search(Search { words: vec!["a".into()], limit: 50 })),
        (&["search", "a", "--limit", "7"], Command::Search(Search { words: vec!["a".into()], limit: 7 })),
        (&["status"], Command::Status(StatusArgs::default())),
        (&["status", "--strict"], Command::Status(StatusArgs { strict: true })),
        (&["store", "check"], Command::Store(StoreCommand::Check)),
        (&["store", "compact"], Command::Store(StoreCommand::Compact)),
        (&["doctor"], Command::Doctor),
        (&["init"], Command::Init),
        (&["simulate"], Command::Simulate(simulate.clone())),
        (
            &["simulate", "--port", "8080", "--lines", "100000", "--now", "2026-02-04", "--latency", "50"],
            Command::Simulate(Simulate {
                port: 8080,
                latency: 50,
                lines: Some(100_000),
                now: NaiveDate::from_ymd_opt(2026, 2, 4),
                ..simulate.clone()
            }),
        ),
        (
            &["simulate", "--fault", "status-503=0.1", "--fault", "stall=1/10"],
            Command::Simulate(Simulate {
                faults: vec!["status-503=0.1".into(), "stall=1/10".into()],
                ..simulate
            }),
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(command(line), expected, "{line:?}");
    }
}

#[test]
fn a_customer_is_named_in_one_of_three_ways() {
    let cases: [(&[&str], Whom); 6] = [
        (&["check", "--phone", "+7 (978) 845-13-64"], Whom::Phone("+7 (978) 845-13-64".into())),
        (&["check", "--card=000371"], Whom::Card("000371".into())),
        (&["check", "Царькова"], Whom::Query("Царькова".into())),
        (&["check", "Царькова", "Анна", "--offline"], Whom::Query("Царькова Анна".into())),
        (&["check", "--offline", "Царькова Анна"], Whom::Query("Царькова Анна".into())),
        (&["check", "--", "-13"], Whom::Query("-13".into())),
    ];
    for (line, whom) in cases {
        let Command::Check(check) = command(line) else { panic!("{line:?} is no check") };
        assert_eq!(check.whom(), whom, "{line:?}");
        assert_eq!(check.offline, line.contains(&"--offline"), "{line:?}");
    }
}

#[test]
fn words_of_a_search_make_one_query() {
    for (line, query) in [
        (&["search", "иванов", "пётр"][..], "иванов пётр"),
        (&["search", "--limit", "3", "8 978"][..], "8 978"),
        (&["search", ""][..], ""),
    ] {
        let Command::Search(search) = command(line) else { panic!("{line:?} is no search") };
        assert_eq!(search.query(), query, "{line:?}");
    }
}

#[test]
fn wrong_usage_is_refused() {
    let cases: [(&[&str], ErrorKind); 27] = [
        (&["--nonsense"], ErrorKind::UnknownArgument),
        (&["nonsense"], ErrorKind::InvalidSubcommand),
        (&["reconcile", "--force"], ErrorKind::MissingRequiredArgument),
        (&["reconcile", "--format", "pdf"], ErrorKind::InvalidValue),
        (&["reconcile", "--fail-over", "-1"], ErrorKind::UnknownArgument),
        (&["reconcile", "--fail-over=-1"], ErrorKind::ValueValidation),
        (&["reconcile", "--fail-over", "0.001"], ErrorKind::ValueValidation),
        (&["check"], ErrorKind::MissingRequiredArgument),
        (&["check", "--offline"], ErrorKind::MissingRequiredArgument),
        (&["check", "--phone", "1", "--card", "2"], ErrorKind::ArgumentConflict),
        (&["check", "--phone", "1", "query"], ErrorKind::ArgumentConflict),
        (&["check", "query", "--card", "2"], ErrorKind::ArgumentConflict),
        (&["check", "--phone", "1", "--phone", "2"], ErrorKind::ArgumentConflict),
        (&["check", "--phone", ""], ErrorKind::InvalidValue),
        (&["check", ""], ErrorKind::InvalidValue),
        (&["check", "--phone"], ErrorKind::InvalidValue),
        (&["search"], ErrorKind::MissingRequiredArgument),
        (&["search", "a", "--limit=-1"], ErrorKind::ValueValidation),
        (&["sync", "--days", "year"], ErrorKind::ValueValidation),
        (&["sync", "--days", "1.5"], ErrorKind::ValueValidation),
        (&["sync", "--headless"], ErrorKind::UnknownArgument),
        (&["demo", "--customers=-5"], ErrorKind::ValueValidation),
        (&["simulate", "--port", "70000"], ErrorKind::ValueValidation),
        (&["simulate", "--now", "04.02.2026"], ErrorKind::ValueValidation),
        (&["simulate", "--latency", "60001"], ErrorKind::ValueValidation),
        (&["simulate", "--fault", "stall"], ErrorKind::ValueValidation),
        (&["status", "extra"], ErrorKind::UnknownArgument),
    ];
    for (line, kind) in cases {
        assert_eq!(parse(line).unwrap_err(), kind, "{line:?}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    for (line, kind) in [
        (&["--help"][..], ErrorKind::DisplayHelp),
        (&["-h"][..], ErrorKind::DisplayHelp),
        (&["check", "--help"][..], ErrorKind::DisplayHelp),
        (&["--version"][..], ErrorKind::DisplayVersion),
    ] {
        assert_eq!(parse(line).unwrap_err(), kind, "{line:?}");
    }
}

#[test]
fn the_format_is_told_or_read_off_the_files_name() {
    let cases: [(&[&str], Option<FormatArg>); 9] = [
        (&["reconcile"], Some(FormatArg::Table)),
        (&["reconcile", "--format", "csv"], Some(FormatArg::Csv)),
        (&["reconcile", "-o", "base.XLSX"], Some(FormatArg::Xlsx)),
        (&["reconcile", "-o", "base.json"], Some(FormatArg::Json)),
        (&["reconcile", "-o", "base.txt"], Some(FormatArg::Table)),
        (&["reconcile", "-o", "base.csv", "--format", "json"], Some(FormatArg::Json)),
        (&["reconcile", "--json"], Some(FormatArg::Json)),
        (&["reconcile", "--json", "-o", "base.csv"], Some(FormatArg::Json)),
        (&["reconcile", "--json", "--format", "csv"], None),
    ];
    for (line, format) in cases {
        let Command::Reconcile(reconcile) = command(line) else { panic!("{line:?}") };
        let json = parse(line).unwrap().global.json;
        assert_eq!(reconcile.format(json), format, "{line:?}");
    }
}

/// What the program answers to a command line, in words.
fn told(line: &[&str], language: Language) -> String {
    let texts = Texts::new(language);
    let words = std::iter::once("sverka").chain(line.iter().copied());
    let error = read(words, texts).unwrap_err();
    if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return mistake_words(&error, texts);
    }
    error.to_string()
}

/// Words of more than one Latin letter that are no names: of a command, an option, a value, a product or a setting.
fn strangers(text: &str) -> Vec<String> {
    const NAMES: &str = "sverka check reconcile doctor backup store search status sync demo init simulate compact \
        restore json csv xlsx table ascii bom excel odata prometheus textfile collector stall error warn info debug off text \
        service install remove completions man engine tcp bash zsh fish systemd root mirror postgresql";
    let is_latin = |word: &str| word.chars().filter(char::is_ascii_alphabetic).count() > 1;
    let known: Vec<&str> = NAMES.split_whitespace().collect();
    text.split(|c: char| c.is_whitespace() || "«»()[]<>=,;:".contains(c))
        .map(|word| word.trim_matches(|c: char| c != '-' && !c.is_alphanumeric()))
        .filter(|word| is_latin(word) && !word.starts_with('-'))
        .filter(|word| !known.contains(&word.to_lowercase().as_str()))
        .map(str::to_owned)
        .collect()
}

/// The words of every command that there is.
fn commands_of(command: &clap::Command, path: &[String]) -> Vec<Vec<String>> {
    let mut all = vec![path.to_vec()];
    for sub in command.get_subcommands() {
        let path: Vec<_> = path.iter().cloned().chain([sub.get_name().to_owned()]).collect();
        all.extend(commands_of(sub, &path));
    }
    all
}

#[test]
fn the_help_of_every_command_is_in_the_users_language() {
    let commands = commands_of(&Cli::command(), &[]);
    assert!(commands.len() >= 15, "{commands:?}");
    for path in &commands {
        for flag in ["-h", "--help"] {
            let line: Vec<_> = path.iter().map(String::as_str).chain([flag]).collect();
            let russian = told(&line, Language::Russian);
            assert_eq!(strangers(&russian), Vec::<String>::new(), "{line:?}\n{russian}");
            assert!(russian.contains("Использование: sverka"), "{russian}");
            let english = told(&line, Language::English);
            assert!(english.contains("Usage: sverka"), "{english}");
            assert!(!english.chars().any(|c| ('а'..='я').contains(&c)), "{english}");
        }
    }
    let root = told(&["--help"], Language::Russian);
    for word in
        ["Команды:", "Параметры всех команд:", "[ПАРАМЕТРЫ] [КОМАНДА]", "Коды завершения:", "  130  прервано"]
    {
        assert!(root.contains(word), "{word} in\n{root}");
    }
    let search = told(&["search", "--help"], Language::Russian);
    assert!(search.contains("[по умолчанию: 50]") && search.contains("Аргументы:"), "{search}");
}

#[test]
fn wrong_usage_is_told_in_the_users_language_with_what_was_typed_and_what_is_meant() {
    let cases: [(&[&str], &[&str]); 22] = [
        (&["--delta", "sync"], &["«--delta»", "похоже на sync --delta"]),
        (&["--nonsense"], &["лишний или неизвестный параметр «--nonsense»"]),
        (&["synk"], &["нет команды «synk»", "похоже на sync"]),
        (
            &["sync", "--dayz", "3"],
            &["«--dayz»", "похоже на --days", "Использование: sverka sync [ПАРАМЕТРЫ]"],
        ),
        (&["sync", "--days"], &["не указано значение: --days <ЧИСЛО>"]),
        (&["sync", "--days", "year"], &["неверное значение «year»: --days <ЧИСЛО>", "целое число от 0 до 4"]),
        (&["sync", "--delta", "--limit", "3"], &["«--delta» нельзя указать вместе с «--limit <ЧИСЛО>»"]),
        (&["reconcile", "--force"], &["не указано обязательное: --output <ФАЙЛ>"]),
        (&["reconcile", "--format", "pdf"], &["«pdf»: --format <ФОРМАТ>. Варианты: table, csv, json, xlsx"]),
        (&["reconcile", "--fail-over=-1"], &["«-1»", "сумма в рублях, например 100 или 99.50"]),
        (&["reconcile", "--worst", "x"], &["целое число не меньше 0"]),
        (&["check"], &["не указано обязательное: <--phone <ТЕЛЕФОН>|--card <КОД>|ЗАПРОС>"]),
        (&["check", "--phone", "1", "--card", "2"], &["нельзя указать вместе с"]),
        (&["check", "--phone", "1", "--phone", "2"], &["можно указать только один раз"]),
        (&["check", ""], &["не указано значение"]),
        (&["search"], &["не указано обязательное: <ЗАПРОС>"]),
        (&["search", "-13"], &["«-1»", "поставьте перед ним --"]),
        (&["simulate", "--port", "70000"], &["целое число от 0 до 65"]),
        (&["simulate", "--now", "04.02.2026"], &["«04.02.2026»: --now <ДАТА>", "ГГГГ-ММ-ДД"]),
        (&["simulate", "--now", ""], &["ДАТА"]),
        (&["simulate", "--latency", "60001"], &["целое число от 0 до 60"]),
        (&["simulate", "--fault", "stall"], &["вид и доля, например status-503=0.1"]),
    ];
    let typed = ["--nonsense", "synk", "--dayz", "year", "pdf", "stall", "status-503", "0.1", "x"];
    for (line, expected) in cases {
        let words = told(line, Language::Russian);
        for part in expected {
            assert!(words.contains(part), "{line:?}: {part} in\n{words}");
        }
        let strange: Vec<_> =
            strangers(&words).into_iter().filter(|it| !typed.contains(&it.as_str())).collect();
        assert!(strange.is_empty(), "{line:?}: {strange:?}\n{words}");
        let english = told(line, Language::English);
        assert!(!english.chars().any(|c| ('а'..='я').contains(&c)), "{english}");
        assert!(english.starts_with("Error: "), "{english}");
    }
}

#[test]
fn a_group_of_commands_without_one_shows_its_help() {
    let words = told(&["store"], Language::Russian);
    assert!(words.contains("Использование: sverka store") && words.contains("Команды:"), "{words}");
    assert_eq!(strangers(&words), Vec::<String>::new());
}

#[test]
fn what_was_typed_is_harmless_where_it_is_quoted() {
    let words = told(&["sync", "--days", "\u{1b}]0;x\u{7}"], Language::Russian);
    assert!(!words.contains('\u{1b}') && !words.contains('\u{7}'), "{words:?}");
}
