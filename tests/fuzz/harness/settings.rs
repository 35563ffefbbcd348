//! Settings of any file and environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::config::{Config, ConfigDraft, ConfigError, Environment, Overrides, Places, SourceFile, Sources};

/// Parts the file from the environment, whose lines are `NAME=value`.
const BORDER: &str = "\n---\n";
/// Where everything lies that the input does not say.
const FILE: &str = "/etc/sverka/config.toml";

/// A file, and behind its border the environment.
pub fn settings(data: &[u8]) {
    let text = super::text(data);
    let (file, variables) = text.split_once(BORDER).unwrap_or((&text, ""));
    let variables: BTreeMap<&str, &str> = variables.lines().filter_map(|line| line.split_once('=')).collect();
    let sources = Sources {
        file: Some(SourceFile {
            path: FILE.into(),
            text: file.to_owned(),
            readable_by_others: false,
            writable_by_others: false,
        }),
        environment: variables.iter().map(|(name, value)| (*name, *value)).collect::<Environment>(),
        overrides: Overrides::default(),
        places: Some(Places {
            log: "/state/sverka/sverka.log".into(),
            config: FILE.into(),
            store: PathBuf::from("/var/lib/sverka/sverka.redb"),
            state: PathBuf::from("/var/lib/sverka/state.toml"),
        }),
    };
    let loaded = Config::load(&sources);
    let secrets = secrets(file, &variables);
    match &loaded {
        Ok(draft) => bounded(draft),
        Err(error) => placed(error, file),
    }
    let told = match &loaded {
        Ok(draft) => format!("{draft:?} {:?}", draft.warnings),
        Err(error) => format!("{error} {error:?}"),
    };
    for secret in secrets.iter().filter(|secret| is_told_once(&text, secret)) {
        assert!(!told.contains(secret.as_str()), "a password is told");
    }
    let again = Config::load(&sources);
    assert_eq!(format!("{loaded:?}"), format!("{again:?}"), "the same settings are read otherwise");
}

/// The passwords given, found by a reader of somebody else's; in a broken file, what stands where one would.
fn secrets(file: &str, variables: &BTreeMap<&str, &str>) -> Vec<String> {
    let in_file = || {
        let table = file.parse::<toml::Table>().ok()?;
        Some(table.get("onec")?.get("password")?.as_str()?.to_owned())
    };
    let lines = file.lines().filter_map(|line| line.trim_start().strip_prefix("password")?.split_once('='));
    // The path of a secret's file is no secret.
    let in_lines = lines.filter(|(key, _)| key.trim().is_empty());
    let in_lines = in_lines.map(|(_, value)| value.trim_matches([' ', '"', '\'']).to_owned());
    let in_environment = ["SVERKA_ONEC__PASSWORD", "ONEC_API_TOKEN"].map(|name| variables.get(name));
    let in_environment = in_environment.into_iter().flatten().map(|value| value.trim().to_owned());
    in_file().into_iter().chain(in_lines).chain(in_environment).collect()
}

/// Whether a text is long enough to be known again, and stands nowhere else in the input or in our own words.
fn is_told_once(input: &str, secret: &str) -> bool {
    const OURS: &str = "onec.password onec.password_file onec.password_command SVERKA_ONEC__PASSWORD \
        ONEC_API_TOKEN /etc/sverka/config.toml /var/lib/sverka/sverka.redb";
    let words = format!("{OURS} {:?}", Config::demo("", PathBuf::new(), crate::text::Language::English));
    secret.chars().count() >= 6 && input.matches(secret).count() == 1 && !words.contains(secret)
}

/// What was taken is within what the program can bear.
fn bounded(draft: &ConfigDraft) {
    let Config { onec, sync, .. } = &draft.config;
    assert!((1..=100_000).contains(&onec.page_size), "page_size {}", onec.page_size);
    assert!((1..=16).contains(&onec.in_flight), "in_flight {}", onec.in_flight);
    assert!(onec.retries <= 20, "retries {}", onec.retries);
    assert!(!onec.connect_timeout.is_zero() && !onec.read_timeout.is_zero(), "no time to answer");
    assert!(sync.days <= 36_500, "days {}", sync.days);
    assert!(sync.every.is_none_or(|every| !every.is_zero()), "syncs without a pause");
    assert!(
        onec.url.is_empty() || onec.url.to_lowercase().ends_with("/odata/standard.odata"),
        "{}",
        onec.url
    );
    let authority = onec.url.split("//").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    assert!(!authority.contains('@') && !onec.url.contains(['?', '#']), "{}", onec.url);
    assert!(!onec.user.contains(':'), "a login that Basic authentication cannot carry");
    assert!(draft.config.names.opening_balance.iter().all(|part| !part.is_empty()), "matches everything");
}

/// A complaint names a line that the file has.
fn placed(error: &ConfigError, file: &str) {
    let told = format!("{error}");
    let place = told.split(&format!("{FILE}:")).nth(1).and_then(|rest| rest.split(':').next());
    let line = place.and_then(|line| line.parse::<usize>().ok());
    assert!(line.is_none_or(|line| (1..=file.matches('\n').count() + 1).contains(&line)), "line {line:?}");
}
