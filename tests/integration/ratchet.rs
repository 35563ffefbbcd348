//! How tangled the code is, as a number that may only fall: circles between files, arrows between modules, types of one
//! name in several files, snapshots. `cargo test --test integration ratchet -- --nocapture` prints them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// Circles between files that are not parent and child.
const MOST_CIRCLES: usize = 0;
/// Arrows between the modules of the map.
const MOST_ARROWS: usize = 40;
/// Types whose name stands in two files or more, in a hundred.
const MOST_NAMESAKES_PERCENT: usize = 5;
/// Files of snapshots.
const MOST_SNAPSHOTS: usize = 150;

type Name = Vec<String>;

/// A file as the compiler sees it, its tests left out.
#[derive(Debug, Default)]
struct Source {
    declared: BTreeSet<String>,
    types: BTreeSet<String>,
    /// Paths it names, as they are written.
    paths: Vec<Name>,
    /// What it hands on under its own name.
    handed_on: BTreeMap<String, Name>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
            found.extend(files(&path, kind));
        } else if path.extension().is_some_and(|extension| extension == kind) {
            found.push(path);
        }
    }
    found
}

/// All files of the library by the path of their module.
fn sources() -> BTreeMap<Name, Source> {
    let src = root().join("src");
    let of = |path: PathBuf| {
        let inside = path.strip_prefix(&src).unwrap().with_extension("");
        let module: Name = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let is_other = |part: &String| {
            matches!(part.as_str(), "lib" | "main" | "postgres" | "simulator" | "tests" | "fixture")
        };
        (!module.iter().any(is_other)).then(|| (module, Source::read(&path)))
    };
    files(&src, "rs").into_iter().filter_map(of).collect()
}

impl Source {
    fn read(path: &Path) -> Self {
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        let mut source = Self::default();
        source.visit_file(&file);
        source
    }

    fn declare(&mut self, name: &syn::Ident) {
        self.declared.insert(name.to_string());
    }

    fn declare_type(&mut self, name: &syn::Ident) {
        self.declare(name);
        self.types.insert(name.to_string());
    }

    fn take_use(&mut self, before: &[String], tree: &syn::UseTree, is_handed_on: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.take_use(&with(&path.ident), &path.tree, is_handed_on),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.take_use(before, tree, is_handed_on));
            }
            syn::UseTree::Name(name) => self.take_path(with(&name.ident), &name.ident, is_handed_on),
            syn::UseTree::Rename(name) => self.take_path(with(&name.ident), &name.rename, is_handed_on),
            syn::UseTree::Glob(_) => self.paths.push(before.to_vec()),
        }
    }

    fn take_path(&mut self, path: Name, name: &syn::Ident, is_handed_on: bool) {
        if is_handed_on {
            self.handed_on.insert(name.to_string(), path.clone());
        }
        self.paths.push(path);
    }
}

fn is_of_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|it| {
        it.path().is_ident("cfg") && it.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Mod(it) if is_of_tests(&it.attrs) => return,
            syn::Item::Impl(it) if is_of_tests(&it.attrs) => return,
            syn::Item::Fn(it) if is_of_tests(&it.attrs) => return,
            syn::Item::Use(it) if is_of_tests(&it.attrs) => return,
            syn::Item::Use(it) => self.take_use(&[], &it.tree, !matches!(it.vis, syn::Visibility::Inherited)),
            syn::Item::Struct(it) => self.declare_type(&it.ident),
            syn::Item::Enum(it) => self.declare_type(&it.ident),
            syn::Item::Trait(it) => self.declare_type(&it.ident),
            syn::Item::Type(it) => self.declare_type(&it.ident),
            syn::Item::Fn(it) => self.declare(&it.sig.ident),
            syn::Item::Const(it) => self.declare(&it.ident),
            syn::Item::Static(it) => self.declare(&it.ident),
            _ => {}
        }
        syn::visit::visit_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Name = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if matches!(names[0].as_str(), "crate" | "super") {
            self.paths.push(names);
        }
        syn::visit::visit_path(self, path);
    }
}

/// A path from the root of the crate, as it is written in a module; none of another crate's.
fn absolute(sources: &BTreeMap<Name, Source>, module: &[String], path: &[String]) -> Option<Name> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let (from, rest) = match path.first()?.as_str() {
        "crate" => (&module[..0], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => (&module[..module.len().checked_sub(ups)?], &path[ups..]),
        child if sources.contains_key(&[module, &[child.to_owned()]].concat()) => (module, path),
        _ => return None,
    };
    Some([from, rest].concat())
}

/// The file in which what a path names stands, through whatever hands it on.
fn home(sources: &BTreeMap<Name, Source>, path: &[String], depth: u32) -> Option<Name> {
    let (module, rest) = (1..=path.len())
        .rev()
        .map(|at| path.split_at(at))
        .find(|(module, _)| sources.contains_key(*module))?;
    let source = &sources[module];
    let handed_on = rest.first().filter(|name| !source.declared.contains(*name) && depth < 8);
    let further = handed_on.and_then(|name| source.handed_on.get(name));
    let further = further.and_then(|path| absolute(sources, module, path));
    let further = further.and_then(|path| home(sources, &[&path, &rest[1..]].concat(), depth + 1));
    Some(further.unwrap_or_else(|| module.to_vec()))
}

/// Which file names something of which, but of its own parents and children.
fn arrows(sources: &BTreeMap<Name, Source>) -> BTreeMap<&Name, BTreeSet<Name>> {
    let is_kin = |one: &Name, other: &Name| one.starts_with(other) || other.starts_with(one);
    let mut arrows = BTreeMap::new();
    for (module, source) in sources {
        let paths = source.paths.iter().filter_map(|path| absolute(sources, module, path));
        let homes = paths.filter_map(|path| home(sources, &path, 0));
        arrows.insert(module, homes.filter(|home| !is_kin(home, module)).collect());
    }
    arrows
}

fn circles(sources: &BTreeMap<Name, Source>) -> Vec<String> {
    let arrows = arrows(sources);
    let reached = |from: &Name| {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(next) = waiting.pop() {
            waiting.extend(arrows[&next].iter().filter(|home| reached.insert((*home).clone())).cloned());
        }
        reached
    };
    let reached: BTreeMap<&Name, BTreeSet<Name>> =
        sources.keys().map(|module| (module, reached(module))).collect();
    let circle = |module: &Name| {
        let own = &reached[module];
        let members: Vec<String> = own
            .iter()
            .filter(|other| reached[other].contains(module))
            .map(|other| other.join("::"))
            .collect();
        (members.len() > 1).then(|| members.join(" "))
    };
    let circles: BTreeSet<String> = sources.keys().filter_map(circle).collect();
    circles.into_iter().collect()
}

/// Of a hundred types, how many have a name that stands in another file too; and those names.
fn namesakes(sources: &BTreeMap<Name, Source>) -> (usize, Vec<&String>) {
    let mut homes: BTreeMap<&String, usize> = BTreeMap::new();
    for name in sources.values().flat_map(|source| &source.types) {
        *homes.entry(name).or_default() += 1;
    }
    let all: usize = homes.values().sum();
    let of_several: usize = homes.values().filter(|files| **files > 1).sum();
    let names = homes.into_iter().filter(|(_, files)| *files > 1).map(|(name, _)| name).collect();
    ((of_several * 100).div_ceil(all), names)
}

/// The arrows of the table at the head of `lib.rs`.
fn arrows_of_the_map() -> usize {
    let lib = include_str!("../../src/lib.rs");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` |"));
    rows.map(|(_, rest)| rest.split('|').next().unwrap().matches('`').count() / 2).sum()
}

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are there to be read")]
fn the_code_gets_no_more_tangled() {
    let sources = sources();
    assert!(sources.len() > 200, "{} files are too few", sources.len());
    let circles = circles(&sources);
    let (percent, names) = namesakes(&sources);
    let snapshots = [root().join("src"), root().join("tests")].iter().map(|it| files(it, "snap").len()).sum();
    let measured = [
        ("circles between files", circles.len(), MOST_CIRCLES),
        ("arrows between modules", arrows_of_the_map(), MOST_ARROWS),
        ("types of one name in several files, percent", percent, MOST_NAMESAKES_PERCENT),
        ("snapshots", snapshots, MOST_SNAPSHOTS),
    ];
    for (what, now, most) in measured {
        println!("{what}: {now}, at most {most}");
    }
    for (what, now, most) in measured {
        assert!(now <= most, "{what}: {now}, and {most} are the most: {circles:#?} {names:?}");
    }
}

#[test]
fn a_circle_is_seen() {
    let source = |text: &str| {
        let mut source = Source::default();
        source.visit_file(&syn::parse_file(text).unwrap());
        source
    };
    let name = |text: &str| text.split("::").map(str::to_owned).collect::<Name>();
    let sources = |a: &str, b: &str| {
        BTreeMap::from([
            (name("top"), source("mod low; pub use self::low::Thing;")),
            (name("top::low"), source("pub struct Thing; #[cfg(test)] mod tests { use crate::a::A; }")),
            (name("a"), source(a)),
            (name("b"), source(b)),
        ])
    };
    let alone = sources("use crate::top::Thing; pub struct A;", "use super::a::A;");
    assert_eq!(circles(&alone), Vec::<String>::new());
    let both = sources("pub struct A(crate::b::B);", "use super::a::A; pub struct B;");
    assert_eq!(circles(&both), ["a b"]);
    let mut handed_on = sources("use crate::top::Thing; pub struct A;", "");
    handed_on.insert(name("top::low"), source("use crate::a::A; pub struct Thing;"));
    assert_eq!(circles(&handed_on), ["a top::low"], "through what hands it on");
    assert_eq!(namesakes(&both), (0, vec![]));
    assert_eq!(namesakes(&sources("struct Thing;", "")).1, ["Thing"]);
}
