use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Imports = BTreeMap<String, BTreeSet<String>>;

/// All sources of the library with the module each belongs to, tests left out.
fn sources() -> Vec<(String, PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let is_test = |path: &Path| {
        path.components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "fixture.rs")))
    };
    paths.retain(|path| !is_test(path));
    let named = paths.into_iter().filter_map(|path| {
        let inside = path.strip_prefix(&root).unwrap();
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let source = fs::read_to_string(&path).unwrap();
        let shipped = source.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
        // Packages of their own.
        (!matches!(module.as_str(), "lib" | "main" | "postgres" | "simulator"))
            .then_some((module, path, shipped))
    });
    named.collect()
}

/// The names after `crate::` in a source.
fn crate_paths(source: &str) -> BTreeSet<String> {
    let name =
        |text: &str| -> String { text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect() };
    let mut names = BTreeSet::new();
    for rest in source.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                names.extend(list.split('}').next().unwrap().split(',').map(|part| name(part.trim())));
            }
            None => {
                names.insert(name(rest));
            }
        }
    }
    names
}

fn imports_of_the_code() -> Imports {
    let mut imports = Imports::new();
    for (module, _, source) in sources() {
        let mut others = crate_paths(&source);
        others.remove(&module);
        others.retain(|name| !name.is_empty());
        imports.entry(module).or_default().extend(others);
    }
    imports
}

/// The table at the head of `lib.rs`.
fn imports_of_the_map() -> Imports {
    let lib = include_str!("../../src/lib.rs");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.map(|row| {
        let (module, rest) = row.split_once("` |").unwrap();
        let names = rest.split('|').next().unwrap().split('`').skip(1).step_by(2);
        (module.to_owned(), names.map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn the_module_map_is_the_code() {
    assert_eq!(imports_of_the_map(), imports_of_the_code());
}

#[test]
fn imports_run_down_the_map_only() {
    let lib = include_str!("../../src/lib.rs");
    let order: Vec<_> =
        lib.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next()).collect();
    let place = |module: &str| order.iter().position(|name| *name == module).unwrap();
    for (module, imports) in imports_of_the_map() {
        for import in imports {
            assert!(place(&module) < place(&import), "{module} imports {import} from above");
        }
    }
}

#[test]
fn i20_no_float_where_money_passes() {
    const MONEY: [&str; 6] = ["domain", "odata", "store", "sync", "engine", "report"];
    for (module, path, source) in sources() {
        if !MONEY.contains(&module.as_str()) {
            continue;
        }
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let words = || line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            assert!(!words().any(|word| matches!(word, "f32" | "f64")), "{}: {line}", path.display());
        }
    }
}

#[test]
fn names_of_1c_stand_only_where_1c_is_spoken() {
    // Doc comments name the Russian word once; code outside the client, its settings and the simulator does not.
    for (module, path, source) in sources() {
        if matches!(module.as_str(), "odata" | "config") {
            continue;
        }
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for word in ["_Key", "Catalog_", "AccumulationRegister_", "Контрагент", "Начислено", "КСписанию"]
            {
                assert!(!line.contains(word), "{}: {line}", path.display());
            }
        }
    }
}
