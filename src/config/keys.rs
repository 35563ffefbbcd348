//! The one table of keys: what the file, the environment and the example may contain.

use std::sync::LazyLock;

use super::error::ExpectedValue;
use super::layer::Raw;
use crate::odata::names::SETTABLE;

/// What a key takes, before its value is looked at more closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettingKind {
    Text,
    Number { least: u64, most: u64 },
    Flag,
    Words,
}

impl SettingKind {
    /// The number, where this takes numbers and allows it.
    pub(super) fn number(self, number: u64) -> Option<Raw> {
        match self {
            Self::Number { least, most } => (least..=most).contains(&number).then_some(Raw::Number(number)),
            Self::Text | Self::Flag | Self::Words => None,
        }
    }

    pub(super) fn expected(self) -> ExpectedValue {
        match self {
            Self::Text => ExpectedValue::Text,
            Self::Number { least, most } => ExpectedValue::WholeNumber(least, most),
            Self::Flag => ExpectedValue::Flag,
            Self::Words => ExpectedValue::Words,
        }
    }
}

/// One key: its path with sections, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SettingKey {
    pub(super) path: &'static str,
    pub(super) kind: SettingKind,
}

const fn text(path: &'static str) -> SettingKey {
    SettingKey { path, kind: SettingKind::Text }
}

const fn number(path: &'static str, least: u64, most: u64) -> SettingKey {
    SettingKey { path, kind: SettingKind::Number { least, most } }
}

const fn words(path: &'static str) -> SettingKey {
    SettingKey { path, kind: SettingKind::Words }
}

/// The ways to the password. At most one of them per layer.
pub(super) const SECRETS: [&str; 4] =
    ["onec.password", "onec.password_file", "onec.password_command", "onec.password_credential"];

/// Every key there is: those below, and the names of 1C.
pub(super) static KEYS: LazyLock<Vec<SettingKey>> = LazyLock::new(|| {
    let names = SETTABLE.iter().map(|name| text(name.path));
    OWN_KEYS.iter().copied().chain(names).collect()
});

const OWN_KEYS: &[SettingKey] = &[
    text("onec.url"),
    text("onec.user"),
    text("onec.password"),
    text("onec.password_file"),
    text("onec.password_command"),
    text("onec.password_credential"),
    text("onec.timezone"),
    number("onec.page_size", 1, 100_000),
    number("onec.in_flight", 1, 16),
    text("onec.connect_timeout"),
    text("onec.read_timeout"),
    number("onec.retries", 0, 20),
    text("onec.backoff"),
    text("onec.ca_file"),
    text("onec.proxy"),
    SettingKey { path: "onec.accept_invalid_certificates", kind: SettingKind::Flag },
    words("onec.names.opening_balance"),
    words("onec.names.ignored_recorders"),
    // A century is more history than any shop has, and keeps the window inside the calendar.
    number("sync.days", 0, 36_500),
    number("sync.limit", 0, u64::MAX),
    text("sync.every"),
    text("sync.full_every"),
    text("sync.recent"),
    text("sync.resume_within"),
    text("sync.stale_after"),
    text("sync.second_look_after"),
    words("sync.packaging"),
    text("points.rule"),
    text("store.path"),
    text("ui.language"),
    text("ui.debounce"),
    text("ui.theme"),
    text("ui.symbols"),
    words("keys.help"),
    words("keys.older_query"),
    words("keys.newer_query"),
    words("keys.find"),
    words("keys.view"),
    words("keys.filter"),
    words("keys.city"),
    words("keys.sort"),
    words("keys.turn_round"),
    words("keys.check"),
    words("keys.explain"),
    words("keys.portal"),
    words("keys.copy"),
    words("keys.copy_json"),
    words("keys.save"),
    words("keys.pick"),
    words("keys.sync"),
    words("keys.cancel"),
    words("keys.reconcile"),
    words("keys.journal"),
    words("keys.section"),
    words("keys.previous_section"),
    words("keys.quit"),
    words("keys.next_pane"),
    words("keys.previous_pane"),
    words("keys.up"),
    words("keys.down"),
    words("keys.page_up"),
    words("keys.page_down"),
    words("keys.first"),
    words("keys.last"),
    words("keys.open"),
    words("keys.back"),
    words("keys.redraw"),
    words("keys.suspend"),
    words("keys.mask"),
    words("keys.theme"),
    words("keys.mouse"),
];

/// The key of this path.
pub(super) fn find(path: &str) -> Option<&'static SettingKey> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether keys lie below this path.
pub(super) fn is_section(path: &str) -> bool {
    SECTIONS.contains(&path)
}

/// Every section, outer ones first.
const SECTIONS: [&str; 7] = ["onec", "onec.names", "sync", "points", "store", "ui", "keys"];

/// The known path most like an unknown one; `None` where nothing is like it.
pub(super) fn nearest(unknown: &str) -> Option<&'static str> {
    // A key put into the wrong section is nearer than any misspelling.
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let paths = || KEYS.iter().map(|key| key.path);
    paths().find(|path| last(path) == last(unknown)).or_else(|| most_like(unknown, paths()))
}

/// The known section most like an unknown one.
pub(super) fn nearest_section(unknown: &str) -> Option<&'static str> {
    most_like(unknown, SECTIONS.into_iter())
}

/// The candidate most like `word`, where it is like it at all.
pub(super) fn most_like<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 4);
    let lower = word.to_lowercase();
    candidates
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The environment variable of a key: `SVERKA_ONEC__NAMES__CARDS`.
pub fn variable(path: &str) -> String {
    format!("SVERKA_{}", path.to_uppercase().replace('.', "__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_one_a_person_would_name() {
        let cases = [
            ("a letter missing", "onec.usr", Some("onec.user")),
            ("letters swapped", "sync.dyas", Some("sync.days")),
            ("another section", "sync.timezone", Some("onec.timezone")),
            ("no section", "url", Some("onec.url")),
            ("a plural", "onec.name.cards", Some("onec.names.cards")),
            ("nothing like it", "kubernetes.replicas", None),
        ];
        for (name, unknown, expected) in cases {
            assert_eq!(nearest(unknown), expected, "{name}");
        }
    }

    #[test]
    fn the_sections_are_those_of_the_keys() {
        for key in KEYS.iter() {
            let (section, _) = key.path.rsplit_once('.').expect("a section");
            assert!(is_section(section), "{section}");
        }
        for section in SECTIONS {
            assert!(KEYS.iter().any(|key| key.path.starts_with(&format!("{section}."))), "{section}");
        }
    }

    #[test]
    fn no_key_is_listed_twice() {
        for key in KEYS.iter() {
            assert_eq!(KEYS.iter().filter(|other| other.path == key.path).count(), 1, "{}", key.path);
        }
    }
}
