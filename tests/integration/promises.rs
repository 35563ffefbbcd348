//! `docs/reliability.md` against the suite: no promise without a test, no test of a fault that is not told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../docs/reliability.md");

/// Letters the ids of faults and invariants begin with.
const FAMILIES: &str = "nthbrzkdpusi";

/// A line of one of the page's tables.
struct Promise {
    /// As a test's name begins: `d6` for D-6.
    id: String,
    is_most_dangerous: bool,
    tests: BTreeSet<String>,
}

fn promises() -> Vec<Promise> {
    PAGE.lines().filter_map(promise).collect()
}

fn promise(line: &str) -> Option<Promise> {
    let cells: Vec<_> = line.strip_prefix("| ")?.split(" | ").collect();
    let first = cells.first()?;
    let id = first.trim_start_matches("● ").replace('-', "").to_lowercase();
    is_id(&id).then(|| Promise {
        id,
        is_most_dangerous: first.starts_with('●'),
        tests: cells.last().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect(),
    })
}

fn is_id(word: &str) -> bool {
    let number = word.strip_prefix(|c| FAMILIES.contains(c)).unwrap_or_default();
    (1..=2).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit())
}

/// Every test of the tree.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = vec![root.join("src"), root.join("tests")];
    let mut names = BTreeSet::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            names.extend(tests_in(&fs::read_to_string(&path).unwrap()));
        }
    }
    names
}

/// The functions behind an attribute that makes a test of them, and those `proptest!` makes.
fn tests_in(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let function = line.trim_start_matches("async ").strip_prefix("fn ");
        if let Some(name) = function.filter(|_| std::mem::take(&mut is_test)) {
            names.push(name.split(['(', '<']).next().unwrap().to_owned());
        }
    }
    names
}

/// The faults a test shows: the ids its name begins with.
fn ids_of(test: &str) -> impl Iterator<Item = &str> {
    test.split('_').take_while(|word| is_id(word))
}

#[test]
fn every_promise_names_tests_that_exist() {
    let tests = tests();
    for Promise { id, tests: named, .. } in promises() {
        assert!(!named.is_empty(), "{id} is promised and shown by nothing");
        let missing: Vec<_> = named.difference(&tests).collect();
        assert!(missing.is_empty(), "{id}: {missing:?} do not exist");
    }
}

#[test]
fn every_test_of_a_fault_is_told() {
    let told: BTreeMap<_, _> = promises().into_iter().map(|promise| (promise.id, promise.tests)).collect();
    for test in tests() {
        for id in ids_of(&test) {
            let tests = told.get(id).unwrap_or_else(|| panic!("{test}: no such fault in the page"));
            assert!(tests.contains(&test), "{test} is not told of at {id}");
        }
    }
}

#[test]
fn the_most_dangerous_faults_have_a_test_of_their_own() {
    let most_dangerous: Vec<_> = promises().into_iter().filter(|promise| promise.is_most_dangerous).collect();
    assert!(most_dangerous.len() >= 50, "{}", most_dangerous.len());
    for Promise { id, tests, .. } in most_dangerous {
        assert!(
            tests.iter().any(|test| ids_of(test).any(|shown| shown == id)),
            "{id} has no test that carries its id"
        );
    }
}
