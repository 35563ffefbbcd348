//! Settings by the path of their key: which there are, and which an unknown one was meant to be.

use super::setting::{Setting, Takes};
use super::table::{SECTIONS, SETTINGS};

/// The setting of this path.
pub(super) fn find(path: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.path == path)
}

/// The ways to the password. At most one of them per layer.
pub(super) fn secrets() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().filter(|setting| matches!(setting.takes, Takes::Secret)).map(|setting| setting.path)
}

/// The ways to the password of each database beside 1C. At most one of each per layer, as above.
pub(super) const SECRETS_OF_DATABASES: [[&str; 4]; 2] = [
    ["mirror.password_credential", "mirror.password_file", "mirror.password_command", "mirror.password"],
    ["portal.password_credential", "portal.password_file", "portal.password_command", "portal.password"],
];

/// The actions of the dashboard that have keys in the settings, each with its usual ones.
pub fn usual_keys() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    SETTINGS.iter().filter_map(|setting| match setting.takes {
        Takes::Keys(keys) => Some((setting.section_and_name().1, keys)),
        _ => None,
    })
}

/// Whether keys lie below this path.
pub(super) fn is_section(path: &str) -> bool {
    SECTIONS.iter().any(|(section, _)| *section == path)
}

/// The known path most like an unknown one; `None` where nothing is like it.
pub(super) fn nearest(unknown: &str) -> Option<&'static str> {
    // A key put into the wrong section is nearer than any misspelling.
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let paths = || SETTINGS.iter().map(|setting| setting.path);
    paths().find(|path| last(path) == last(unknown)).or_else(|| most_like(unknown, paths()))
}

/// The known section most like an unknown one.
pub(super) fn nearest_section(unknown: &str) -> Option<&'static str> {
    most_like(unknown, SECTIONS.iter().map(|(section, _)| *section))
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
    fn the_sections_are_those_of_the_settings() {
        for setting in SETTINGS {
            let (section, _) = setting.section_and_name();
            assert!(is_section(section), "{section}");
        }
        for (section, _) in SECTIONS {
            assert!(SETTINGS.iter().any(|setting| setting.section_and_name().0 == section), "{section}");
        }
    }

    #[test]
    fn no_setting_is_listed_twice() {
        for setting in SETTINGS {
            assert_eq!(SETTINGS.iter().filter(|it| it.path == setting.path).count(), 1, "{}", setting.path);
        }
    }
}
