use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::*;

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
    let simulate = Simulate { port: 0, shop, lines: None, now: None, faults: Vec::new() };
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
            &["simulate", "--port", "8080", "--lines", "100000", "--now", "2026-02-04"],
            Command::Simulate(Simulate {
                port: 8080,
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
    let cases: [(&[&str], ErrorKind); 26] = [
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
