//! Stores in files: creating, sharing, and whatever else may lie there.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use redb::{Database, TableDefinition};
use tempfile::TempDir;

use super::support::{customer, figures, listed, movement, publication, publish, sync};
use crate::store::{Access, Error, Pages, Store, StoreHolder};

pub(super) fn holder() -> StoreHolder {
    let since = DateTime::<Utc>::UNIX_EPOCH;
    StoreHolder { pid: 4242, host: "till".into(), since, command: "sverka sync".into() }
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/sverka.redb");
    (folder, path)
}

pub(super) fn for_writing(path: &Path) -> Result<Store, Error> {
    Store::open(path, Access::Write(holder()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Lets the store say that it is of this version.
pub(super) fn plant_version(path: &Path, version: u32) {
    let database = Database::open(path).unwrap();
    let write = database.begin_write().unwrap();
    let meta = TableDefinition::<&str, &[u8]>::new("meta");
    write.open_table(meta).unwrap().insert("version", version.to_le_bytes().as_slice()).unwrap();
    write.commit().unwrap();
}

#[test]
fn a_store_is_created_and_found_again() {
    let (_folder, path) = place();
    sync(&for_writing(&path).unwrap(), &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    assert_eq!(names(path.parent().unwrap()), ["sverka.redb"]);
    let store = Store::open(&path, Access::Read).unwrap();
    assert_eq!(store.snapshot().unwrap().generation().unwrap().id, 1);
    store.verify().unwrap();
}

#[cfg(unix)]
#[test]
fn d13_only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = place();
    let _store = for_writing(&path).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("lock.txt")), 0o600);
}

#[test]
fn one_writes_and_others_read_and_follow() {
    let (_folder, path) = place();
    let writer = for_writing(&path).unwrap();
    let reader = Store::open(&path, Access::Read).unwrap();
    assert_eq!(reader.snapshot().unwrap().generation(), None);
    sync(&writer, &[customer(1, "Анна")], &[]);
    assert_eq!(reader.snapshot().unwrap().generation().unwrap().id, 1);
    assert!(matches!(reader.stage(), Err(Error::ReadOnly)));
    assert!(matches!(reader.record_run(&super::run()), Err(Error::ReadOnly)));
}

#[test]
fn who_comes_second_to_write_is_told_who_came_first() {
    let (_folder, path) = place();
    let first = for_writing(&path).unwrap();
    match for_writing(&path) {
        Err(Error::AlreadyOpen { holder: told }) => assert_eq!(told, Some(holder())),
        other => panic!("{other:?}"),
    }
    drop(first);
    for_writing(&path).unwrap();
}

#[test]
fn d7_what_is_no_store_is_named_and_left_alone() {
    let (_folder, path) = place();
    let folder = path.parent().unwrap();
    fs::create_dir_all(folder.join("folder")).unwrap();
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(folder.join("text"), "a shopping list").unwrap();
    let other = Database::create(folder.join("other")).unwrap();
    let write = other.begin_write().unwrap();
    write.open_table(TableDefinition::<u64, u64>::new("t")).unwrap();
    write.commit().unwrap();
    drop(other);
    let before = names(folder);
    let theirs = fs::read(folder.join("other")).unwrap();
    for (name, expected) in [
        ("folder", "a folder"),
        ("empty", "an empty file"),
        ("text", "no redb file"),
        ("other", "a redb file of another program"),
    ] {
        for access in [Access::Read, Access::Write(holder())] {
            match Store::open(&folder.join(name), access) {
                Err(Error::Foreign { what }) => assert_eq!(what, expected),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    assert_eq!(fs::read_to_string(folder.join("text")).unwrap(), "a shopping list");
    assert!(fs::read(folder.join("other")).unwrap() == theirs, "no byte of theirs changed");
    assert_eq!(names(folder), before);
}

#[test]
fn reading_creates_nothing() {
    let (folder, path) = place();
    assert!(matches!(Store::open(&path, Access::Read), Err(Error::NotFound)));
    assert!(names(folder.path()).is_empty());
}

/// The system's own folders deny with the error of a missing file: nobody is told to sync first.
#[cfg(target_os = "linux")]
#[test]
fn d13_a_folder_that_takes_no_files_is_told_as_one() {
    for path in ["/proc/store.redb", "/proc/self/store.redb"] {
        assert!(matches!(for_writing(Path::new(path)), Err(Error::Permission(_))), "{path}");
    }
}

#[test]
fn d8_a_newer_format_is_told_from_damage() {
    let (_folder, path) = place();
    drop(for_writing(&path).unwrap());
    plant_version(&path, 9);
    assert!(matches!(for_writing(&path), Err(Error::Newer { found: 9, known: 4 })));

    let mut bytes = fs::read(&path).unwrap();
    [bytes[64], bytes[192]] = [4, 4];
    fs::write(&path, bytes).unwrap();
    assert!(matches!(for_writing(&path), Err(Error::Newer { found: 4, known: 3 })));
}

#[test]
fn d7_a_file_cut_short_is_damaged() {
    let (_folder, path) = place();
    sync(&for_writing(&path).unwrap(), &[customer(1, "Анна")], &[]);
    let bytes = fs::read(&path).unwrap();
    for length in [9, 319, 320, 4096, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = for_writing(&path).unwrap_err();
        assert!(error.is_damage(), "{length}: {error:?}");
    }
}

#[cfg(unix)]
#[test]
fn d10_nothing_is_published_into_a_file_that_was_replaced() {
    let (_folder, path) = place();
    let store = for_writing(&path).unwrap();
    let settled = store.stage().unwrap().settle(figures).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(settled.publish(publication()), Err(Error::Replaced)));
}

#[test]
fn d13_a_store_put_aside_is_for_its_owner_and_overwrites_nothing() {
    let (_folder, path) = place();
    sync(&for_writing(&path).unwrap(), &[customer(1, "Анна")], &[]);
    assert!(matches!(Store::set_aside(&path, holder()), Ok(None)), "one that is whole stays");
    let whole = fs::read(&path).unwrap();
    let damaged = &whole[..whole.len() / 2];
    let mut asides = Vec::new();
    for _ in 0..3 {
        fs::write(&path, damaged).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        asides.push(Store::set_aside(&path, holder()).unwrap().unwrap());
        assert!(!path.exists());
    }
    let named: Vec<_> = asides.iter().map(|aside| aside.file_name().unwrap().to_str().unwrap()).collect();
    let first = "sverka.redb.aside-19700101T000000Z";
    assert_eq!(named, [first, &format!("{first}-2"), &format!("{first}-3")]);
    for aside in asides {
        assert!(fs::read(&aside).unwrap() == damaged);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&aside).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    assert!(matches!(Store::set_aside(&path, holder()), Ok(None)), "and so does one that is not there");
    fs::write(&path, "a shopping list").unwrap();
    assert!(matches!(Store::set_aside(&path, holder()), Err(Error::Foreign { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a shopping list");
}

/// A checkpoint that outlived its rows would pass for damage.
#[test]
fn what_was_published_from_a_checkpoint_is_sound() {
    let (_folder, path) = place();
    let store = for_writing(&path).unwrap();
    let mut staging = store.stage().unwrap();
    staging.put_customers(&listed(&[customer(1, "Анна")])).unwrap();
    staging.put_movements(&[movement(1, 1, 1, 100)]).unwrap();
    staging.checkpoint(b"all of it").unwrap();
    publish(staging);
    drop(store);
    assert_eq!(Store::examine(&path, holder()).unwrap().generation, Some(1));
    assert!(for_writing(&path).unwrap().resume().unwrap().is_none());
}

#[test]
fn d12_compacting_gives_room_back_and_waits_for_nobody() {
    let (_folder, path) = place();
    let store = for_writing(&path).unwrap();
    let people: Vec<_> = (0..2_000).map(|number| customer(number, "Анна")).collect();
    sync(&store, &people, &[]);
    sync(&store, &people[..10], &[]);
    sync(&store, &people[..10], &[]);
    assert!(matches!(Store::compact(&path, holder()), Err(Error::AlreadyOpen { .. })));
    drop(store);
    let compacted = Store::compact(&path, holder()).unwrap();
    assert!(compacted.after < compacted.before / 2, "{compacted:?}");
    assert_eq!(fs::metadata(&path).unwrap().len(), compacted.after);
    let examined = Store::examine(&path, holder()).unwrap();
    assert_eq!((examined.generation, examined.pages), (Some(3), Pages::Compared));
    assert_eq!(examined.file_bytes, compacted.after);
    assert!(examined.verified.rows >= 20 && !examined.verified.outgrown_by(compacted.after));
    assert!(examined.verified.outgrown_by(examined.verified.bytes * 5 + (16 << 20) + 1));
}

#[test]
fn after_a_writer_was_killed_readers_repair_and_read() {
    let (_folder, path) = place();
    let store = for_writing(&path).unwrap();
    sync(&store, &[customer(1, "Анна")], &[]);
    // What a kill leaves: the file as it is while it is open.
    let killed = path.with_file_name("killed.redb");
    fs::copy(&path, &killed).unwrap();
    let reader = Store::open(&killed, Access::Read).unwrap();
    assert_eq!(reader.snapshot().unwrap().generation().unwrap().id, 1);
}
