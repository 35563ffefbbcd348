use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use spdx::{Expression, ParseMode};
use toml::de::{DeTable, DeValue};

/// The policy of `.ci/deny.toml`, which cargo-deny reads as well.
struct Policy {
    licences: Vec<String>,
    banned: Vec<String>,
    only_once: Vec<String>,
}

impl Policy {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/deny.toml");
        let text = fs::read_to_string(path).unwrap();
        let policy = DeTable::parse(&text).unwrap();
        let list = |section: &str, key: &str| -> Vec<DeValue<'_>> {
            let list = policy.get_ref()[section].get_ref().as_table().unwrap()[key].get_ref();
            list.as_array().unwrap().iter().map(|item| item.get_ref().clone()).collect()
        };
        let texts = |list: Vec<DeValue<'_>>| -> Vec<String> {
            list.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
        };
        let registries = texts(list("sources", "allow-registry"));
        assert_eq!(registries, ["https://github.com/rust-lang/crates.io-index"], "this test knows no other");
        assert!(list("sources", "allow-git").is_empty(), "nor any repository");
        let bans = list("bans", "deny");
        let (only_once, banned): (Vec<_>, Vec<_>) = bans
            .iter()
            .map(|ban| ban.as_table().unwrap())
            .partition(|ban| ban.contains_key("deny-multiple-versions"));
        let names = |bans: Vec<&DeTable<'_>>| {
            bans.iter().map(|ban| ban["crate"].get_ref().as_str().unwrap().to_owned()).collect()
        };
        Self {
            licences: texts(list("licenses", "allow")),
            banned: names(banned),
            only_once: names(only_once),
        }
    }

    /// What one package does against it.
    fn offence(&self, package: &Package) -> Option<String> {
        let Package { name, licence, source } = package;
        if self.banned.contains(name) {
            return Some(format!("{name} is banned"));
        }
        if let Some(source) = source {
            return Some(format!("{name} comes from {source}"));
        }
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("{name} has no readable licence: {licence:?}"));
        };
        let is_allowed = expression.evaluate(|wanted| self.licences.contains(&wanted.to_string()));
        (!is_allowed).then(|| format!("{name} is under {licence}"))
    }
}

/// The packages of this repository.
const OURS: [&str; 3] = ["sverka", "sverka-postgres", "sverka-simulator"];

/// What stands in the tree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    licence: String,
    /// Where it comes from, if not from crates.io.
    source: Option<String>,
}

impl Package {
    /// Reads a line of [`packages`]: `name v1.0.0 (source) (proc-macro)`, a tab, the licence, and perhaps ` (*)`.
    fn read(line: &str) -> Self {
        let (package, licence) = line.split_once('\t').unwrap();
        let mut notes = package.split(" (").skip(1).map(|note| note.trim_end_matches(')'));
        Self {
            name: package.split(' ').next().unwrap().to_owned(),
            licence: licence.trim_end_matches(" (*)").to_owned(),
            source: notes.find(|note| *note != "proc-macro").map(str::to_owned),
        }
    }
}

/// Every package any platform would build, with its licence, our own among them.
fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--locked", "--offline", "--all-features", "--target", "all"])
        .args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}\t{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.is_empty())
        .map(Package::read)
        .collect()
}

#[test]
fn every_dependency_keeps_to_the_policy() {
    let policy = Policy::read();
    let (own, others): (Vec<_>, Vec<_>) =
        packages().into_iter().partition(|package| OURS.contains(&package.name.as_str()));
    assert!(!own.is_empty() && others.len() > 100, "only {} packages", others.len());
    let offences: BTreeSet<_> = others.iter().filter_map(|package| policy.offence(package)).collect();
    assert_eq!(offences, BTreeSet::new());
}

#[test]
fn no_crate_that_must_be_one_is_there_twice() {
    let policy = Policy::read();
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    for name in &policy.only_once {
        assert_eq!(lock.matches(&format!("\nname = \"{name}\"\n")).count(), 1, "versions of {name}");
    }
}

#[test]
fn what_the_policy_forbids_is_noticed() {
    let policy = Policy::read();
    for (line, offends) in [
        ("serde v1.0.0\tMIT OR Apache-2.0", false),
        ("derive v1.0.0 (proc-macro)\tMIT/Apache-2.0 (*)", false),
        ("either v1.0.0\tGPL-2.0-only OR Apache-2.0", false),
        ("both v1.0.0\tMIT AND GPL-3.0-only", true),
        ("none v1.0.0\t", true),
        ("copyleft v1.0.0\tGPL-3.0-or-later", true),
        ("openssl-sys v0.9.0\tMIT", true),
        ("serde v1.0.0 (https://example.com/serde#0123abcd)\tMIT", true),
        ("serde v1.0.0 (proc-macro) (/somewhere/else)\tMIT", true),
        ("serde v1.0.0 (registry `other`)\tMIT", true),
    ] {
        assert_eq!(policy.offence(&Package::read(line)).is_some(), offends, "{line}");
    }
}
