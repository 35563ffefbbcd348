//! The two languages against each other, and the phrases against the source that asks for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::*;
use crate::config::{Theme, TomlFault};
use crate::domain::reconcile::{Cause, Means, Reason, WhyNot};
use crate::domain::third_column::PortalCause;
use crate::domain::{CitySource, DataPart, DifferenceKind, Part, PointsRule, RecorderRole, Verdict};
use crate::odata::{RowFault, Set};
use crate::search::ReadBy;
use crate::sync::event::{Stage, Subject};

const SOURCES: [(Language, &str); 2] =
    [(Language::Russian, include_str!("ru.ftl")), (Language::English, include_str!("en.ftl"))];

/// Ids of a language with the names of the values each phrase uses.
fn phrases(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut phrases = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            assert!(!matches!(entry, Entry::Term(_) | Entry::Junk { .. }), "{entry:?}");
            continue;
        };
        let mut names = BTreeSet::new();
        collect(message.value.as_ref().expect("a phrase has words"), &mut names);
        let twice = phrases.insert(message.id.name.to_owned(), names);
        assert!(twice.is_none(), "{} is there twice", message.id.name);
    }
    phrases
}

fn collect(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let selector = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    collect(&variant.value, names);
                }
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = selector {
            names.insert(id.name.to_owned());
        }
    }
}

#[test]
fn both_languages_have_the_same_phrases_with_the_same_values() {
    let [russian, english] = SOURCES.map(|(_, source)| phrases(source));
    let keys = |phrases: &BTreeMap<String, _>| phrases.keys().cloned().collect::<BTreeSet<_>>();
    let apart: Vec<_> = keys(&russian).symmetric_difference(&keys(&english)).cloned().collect();
    assert!(apart.is_empty(), "in one language only: {apart:?}");
    for (id, names) in &russian {
        assert_eq!(names, &english[id], "{id}");
    }
}

#[test]
fn every_phrase_formats_with_numbers_and_with_words() {
    for (language, source) in SOURCES {
        let texts = Texts::new(language);
        for (id, names) in phrases(source) {
            for value in [FluentValue::from(0_u64), FluentValue::from(21_u64), FluentValue::from("слово")]
            {
                let arguments: FluentArgs<'_> =
                    names.iter().map(|name| (name.as_str(), value.clone())).collect();
                // A missing value or a broken reference fails the assertion inside.
                assert!(!texts.format(&id, Some(&arguments)).trim().is_empty(), "{id}");
            }
        }
    }
}

#[test]
fn i16_every_error_has_a_remedy_and_every_remedy_its_error() {
    let all = phrases(SOURCES[0].1);
    let codes = |kind| -> BTreeSet<_> { all.keys().filter_map(|id| id.strip_prefix(kind)).collect() };
    assert_eq!(codes("error-"), codes("remedy-"));
}

#[test]
fn russian_plurals_have_three_forms() {
    let texts = Texts::new(Language::Russian);
    let shown = |n: u64| texts.with("status-cards", &[("n", n.into())]);
    let cases = [
        (1, "1 карта"),
        (2, "2 карты"),
        (5, "5 карт"),
        (11, "11 карт"),
        (21, "21 карта"),
        (22, "22 карты"),
        (112, "112 карт"),
        (128_904, "128\u{a0}904 карты"),
    ];
    for (n, expected) in cases {
        assert_eq!(shown(n), expected);
    }
    assert_eq!(Texts::new(Language::English).with("status-cards", &[("n", 1_u64.into())]), "1 card");
}

#[test]
fn u6_foreign_text_is_harmless_inside_a_phrase() {
    let texts = Texts::new(Language::English);
    let phrase = texts.with("read-by-layout", &[("query", "a\u{1b}]0;x\u{7}\u{202e}".into())]);
    assert_eq!(phrase, "read as “a␛]0;x␇�”");
}

#[test]
fn phrases_may_be_asked_for_from_any_thread() {
    fn shared<T: Send + Sync + Copy>(_: T) {}
    shared(Texts::new(Language::Russian));
}

/// Every source file that may speak to users, with its text. The simulated 1C speaks to programs.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("simulator") {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// What of a source ships: tests stand at its end or in a file of their own.
fn shipped((path, source): &(PathBuf, String)) -> Option<&str> {
    if path.ends_with("tests.rs") { None } else { source.split("mod tests").next() }
}

/// The literals that look like ids: words with hyphens between.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    let is_id = |text: &&str| {
        text.contains('-')
            && text.split('-').all(|word| {
                !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            })
    };
    source.split('"').filter(is_id)
}

/// The ids and codes that a source asks for by name: the literal after `texts.get(` and its like.
fn asked(source: &str) -> impl Iterator<Item = (&'static str, &str)> {
    [(".get(", ""), (".with(", ""), (".problem(", "error-")].into_iter().flat_map(move |(call, prefix)| {
        source.match_indices(call).filter_map(move |(at, _)| {
            let before = source.get(..at)?.trim_end();
            let called_on_texts =
                ["texts", "self", "Texts::new(language)"].iter().any(|name| before.ends_with(name));
            let literal = source.get(at + call.len()..)?.trim_start().strip_prefix('"')?.split('"').next()?;
            called_on_texts.then_some((prefix, literal))
        })
    })
}

#[test]
fn every_phrase_asked_for_is_there() {
    let all = phrases(SOURCES[0].1);
    for (path, source) in sources() {
        for (prefix, id) in asked(&source) {
            let id = format!("{prefix}{id}");
            assert!(all.contains_key(&id), "{} asks for {id}", path.display());
        }
    }
}

/// A literal that begins like phrases do is one: `match`es lead to phrases too, and a slip there is as bad.
#[test]
fn every_literal_that_begins_like_a_phrase_is_one() {
    const FAMILIES: [&str; 34] = [
        "against",
        "age",
        "ask",
        "check",
        "column",
        "config",
        "dash",
        "detail",
        "difference",
        "doctor",
        "expected",
        "help",
        "job",
        "journal",
        "key",
        "mark",
        "notice",
        "onec",
        "pane",
        "passing",
        "place",
        "problem",
        "reason",
        "row",
        "search",
        "section",
        "stage",
        "store",
        "sync",
        "system",
        "unit",
        "verdict",
        "warning",
        "welcome",
    ];
    let all = phrases(SOURCES[0].1);
    let is_phrase = |id: &str| all.contains_key(id) || all.contains_key(&format!("error-{id}"));
    for file in sources() {
        for literal in shipped(&file).into_iter().flat_map(literals) {
            let is_ours = literal.split('-').next().is_some_and(|first| FAMILIES.contains(&first));
            assert!(!is_ours || is_phrase(literal), "{}: there is no phrase {literal}", file.0.display());
        }
    }
}

/// Names that the command line has, kept as long as those of the program.
fn kept(names: Vec<String>) -> Vec<&'static str> {
    names.into_iter().map(|name| &*name.leak()).collect()
}

/// The names of the values that phrases are called after, by family.
fn names() -> BTreeMap<&'static str, Vec<&'static str>> {
    fn of<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|it| name(*it)).collect()
    }
    // Its values hold more than a name.
    let ways = "select field shared-key no-metadata order skip top active filter item count inline-count dimensions condition period \
                all-time width base-sums table";
    let means = [
        Means::Rows,
        Means::Turnovers,
        Means::TurnoversOfWindow,
        Means::Balance,
        Means::OpeningSet,
        Means::Catalog,
    ];
    let losses = [
        Subject::Cards,
        Subject::OpeningBalances,
        Subject::Purchases,
        Subject::Points,
        Subject::Money,
        Subject::LatestPurchases,
    ];
    let causes = || of(&Cause::ALL, Cause::name);
    let [commands, options, taken] = crate::cli::args::names().map(kept);
    BTreeMap::from([
        ("command", commands),
        ("option", options),
        ("value", taken),
        ("toml", of(&TomlFault::ALL, TomlFault::name)),
        ("verdict", of(Verdict::ALL, Verdict::name)),
        ("difference", of(DifferenceKind::ALL, DifferenceKind::name)),
        ("reason", of(Reason::ALL, Reason::name)),
        ("unreadable", of(&RowFault::ALL, RowFault::name)),
        ("cause", causes()),
        ("cause-remedy", causes()),
        ("why-not", of(&WhyNot::ALL, WhyNot::name)),
        ("part", of(&Part::ALL, Part::name)),
        ("means", of(&means, Means::name)),
        ("role", of(RecorderRole::ALL, RecorderRole::name)),
        ("read-by", of(&ReadBy::ALL, ReadBy::name)),
        ("answered-by", of(&ReadBy::ALL, ReadBy::name)),
        ("portal-cause", of(PortalCause::ALL, PortalCause::name)),
        ("portal-cause-short", of(PortalCause::ALL, PortalCause::name)),
        ("points-rule", of(PointsRule::ALL, PointsRule::name)),
        ("city-source", of(CitySource::ALL, CitySource::name)),
        ("lost", of(DataPart::ALL, DataPart::name)),
        ("loss", of(&losses, Subject::name)),
        ("set", of(&Set::ALL, Set::name)),
        ("stage", of(&Stage::ALL, Stage::name)),
        ("asked", of(&Stage::ALL, Stage::name)),
        ("done", of(&Stage::ALL, Stage::name)),
        ("theme", of(&Theme::ALL, Theme::name)),
        ("way", ways.split(' ').collect()),
    ])
}

#[test]
fn every_value_that_is_worded_by_its_name_has_its_phrase() {
    let all = phrases(SOURCES[0].1);
    for (family, names) in names() {
        for name in names {
            let id = words::named_id(family, name);
            assert!(all.contains_key(&id), "there is no phrase {id}");
        }
    }
}

#[test]
fn every_family_of_names_that_is_asked_for_is_known() {
    let known = names();
    let mut asked = BTreeSet::new();
    for (path, source) in sources() {
        let source = shipped(&(path, source.clone())).unwrap_or_default().to_owned();
        let families = source.split("named").skip(1).filter_map(|rest| {
            let rest = rest.strip_prefix("_with").unwrap_or(rest).strip_prefix('(')?.trim_start();
            rest.strip_prefix('"')?.split('"').next().map(str::to_owned)
        });
        asked.extend(families);
        let rows = source.lines().filter_map(|row| row.trim().strip_suffix("\";")?.rsplit_once("): \""));
        asked.extend(rows.map(|(_, family)| family.to_owned()));
    }
    assert_eq!(asked, known.into_keys().map(str::to_owned).collect());
}

#[test]
fn every_phrase_is_asked_for() {
    let sources = sources();
    let used: BTreeSet<_> = sources.iter().filter_map(shipped).flat_map(literals).collect();
    let families = names();
    let named =
        families.iter().flat_map(|(family, names)| names.iter().map(|it| words::named_id(family, it)));
    let named: BTreeSet<String> = named.collect();
    let is_used = |id: &str| {
        let code = id.strip_prefix("error-").or_else(|| id.strip_prefix("remedy-"));
        code.map_or(used.contains(id) || named.contains(id), |code| used.contains(code) || code == "other")
    };
    let all = phrases(SOURCES[0].1);
    let idle: Vec<_> = all.keys().filter(|id| !is_used(id)).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

/// The sections of the page of errors: code and words.
fn sections() -> BTreeMap<&'static str, &'static str> {
    let page = include_str!("../../docs/errors.md");
    page.split("\n### ").skip(1).filter_map(|section| section.split_once('\n')).collect()
}

#[test]
fn every_error_has_its_section_in_the_page_of_errors_and_every_section_its_error() {
    let all = phrases(SOURCES[0].1);
    let codes: BTreeSet<_> = all.keys().filter_map(|id| id.strip_prefix("error-")).collect();
    let told = sections();
    assert_eq!(codes, told.keys().copied().collect());
    let page = include_str!("../../docs/errors.md");
    assert_eq!(page.matches("\n### ").count(), codes.len(), "no section is there twice");
    for (code, words) in told {
        for part in ["Why: ", "Do: "] {
            assert_eq!(words.matches(&format!("\n{part}")).count(), 1, "{code}: {part}");
        }
        let happened = words.lines().next().unwrap_or_default();
        assert!(happened.ends_with('.'), "{code}: {happened}");
        let help =
            Problem { code, message: String::new(), remedy: String::new(), said: String::new() }.help();
        assert_eq!(help, format!("docs/errors.md#{code}"));
    }
}
