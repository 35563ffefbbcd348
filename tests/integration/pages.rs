use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page, by its path from the root.
fn pages() -> BTreeMap<PathBuf, String> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let paths = docs.chain(["README.md", "CHANGELOG.md"].map(|name| root().join(name)));
    paths
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The lines of a page that are no code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    page.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// What its links lead to.
fn links(page: &str) -> BTreeSet<String> {
    prose(page)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
        .map(str::to_owned)
        .collect()
}

/// The anchors of its headings, as readers of Markdown make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let of = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    prose(page)
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| of(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut followed = 0;
    for (path, page) in &pages {
        for link in links(page).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let target = target.canonicalize().unwrap_or_else(|_| panic!("{}: {link}", path.display()));
            let leads =
                anchor.is_empty() || pages.get(&target).is_some_and(|page| anchors(page).contains(anchor));
            assert!(leads, "{}: {link} has no such heading", path.display());
            followed += 1;
        }
    }
    assert!(followed > 30, "only {followed} links");
}

/// A page nobody is led to is read by nobody.
#[test]
fn the_first_page_leads_to_every_other_and_stays_short() {
    let pages = pages();
    let first = &pages[&root().join("README.md")];
    let led = links(first);
    for path in pages.keys().filter(|path| path.starts_with(root().join("docs"))) {
        let name = format!("docs/{}", path.file_name().unwrap().to_str().unwrap());
        assert!(led.contains(&name), "{name} is not in the README");
    }
    assert!(first.len() < 8_000 && first.lines().count() <= 120, "{} bytes", first.len());
}
