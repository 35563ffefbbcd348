use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};
use toml::de::{DeTable, DeValue};

/// The policy of `.ci/deny.toml`, which cargo-deny reads as well.
struct Policy {
    licences: Vec<String>,
    registries: Vec<String>,
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
        assert!(texts(list("sources", "allow-git")).is_empty(), "this test knows registries only");
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
            registries: texts(list("sources", "allow-registry")),
            banned: names(banned),
            only_once: names(only_once),
        }
    }

    /// What one package does against it.
    fn offence(&self, name: &str, licence: &str, source: &str) -> Option<String> {
        if self.banned.iter().any(|banned| banned == name) {
            return Some(format!("{name} is banned"));
        }
        if !self.registries.iter().any(|registry| source == format!("registry+{registry}")) {
            return Some(format!("{name} comes from {source:?}"));
        }
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("{name} has no readable licence: {licence:?}"));
        };
        let is_allowed = expression.evaluate(|wanted| self.licences.contains(&wanted.to_string()));
        (!is_allowed).then(|| format!("{name} is under {licence}"))
    }
}

/// Every package of the tree but our own, with its licence and source, for all platforms and features.
fn packages() -> Vec<(String, String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let others = packages.filter(|package| package["name"] != env!("CARGO_PKG_NAME"));
    others
        .map(|package| (text(&package["name"]), text(&package["license"]), text(&package["source"])))
        .collect()
}

#[test]
fn every_dependency_keeps_to_the_policy() {
    let policy = Policy::read();
    let packages = packages();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    let offences: Vec<_> =
        packages.iter().filter_map(|(name, licence, source)| policy.offence(name, licence, source)).collect();
    assert_eq!(offences, [""; 0]);
    let mut versions = BTreeMap::<&str, u32>::new();
    packages.iter().for_each(|(name, ..)| *versions.entry(name).or_default() += 1);
    for name in &policy.only_once {
        assert_eq!(versions.get(name.as_str()), Some(&1), "versions of {name}");
    }
}

#[test]
fn what_the_policy_forbids_is_noticed() {
    let policy = Policy::read();
    let index = format!("registry+{}", policy.registries[0]);
    for (name, licence, source, offends) in [
        ("serde", "MIT OR Apache-2.0", index.as_str(), false),
        ("old", "MIT/Apache-2.0", &index, false),
        ("either", "GPL-2.0-only OR Apache-2.0", &index, false),
        ("both", "MIT AND GPL-3.0-only", &index, true),
        ("none", "", &index, true),
        ("copyleft", "GPL-3.0-or-later", &index, true),
        ("openssl-sys", "MIT", &index, true),
        ("serde", "MIT", "git+https://example.com/serde", true),
        ("serde", "MIT", "", true),
    ] {
        assert_eq!(policy.offence(name, licence, source).is_some(), offends, "{name} {licence} {source}");
    }
}
