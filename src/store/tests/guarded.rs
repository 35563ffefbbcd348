//! What others do to the file, to its note and to its name while it is in use.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::files::{for_writing, holder};
use super::support::{customer, figures, listed, movement, publication, publish, sync};
use crate::store::{Access, Error, Store, noted_writer};

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sverka.redb");
    (folder, path)
}

/// Puts other bytes into the very same file, as `cp` does.
fn write_over(path: &Path, bytes: &[u8]) {
    let number = fs::metadata(path).unwrap().ino();
    fs::write(path, bytes).unwrap();
    assert_eq!(fs::metadata(path).unwrap().ino(), number);
}

#[test]
fn d10_nothing_is_written_into_a_file_that_another_program_wrote_over() {
    for moment in 0..4 {
        let (_folder, path) = place();
        sync(&for_writing(&path).unwrap(), &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
        let backup = fs::read(&path).unwrap();
        sync(&for_writing(&path).unwrap(), &[customer(1, "Анна")], &[movement(1, 1, 1, 200)]);
        let store = for_writing(&path).unwrap();
        let ended = (|| {
            let over = |now| (moment == now).then(|| write_over(&path, &backup));
            over(0);
            let mut staging = store.stage()?;
            over(1);
            staging.put_customers(&listed(&[customer(2, "Борис")]))?;
            staging.checkpoint(b"half of it")?;
            over(2);
            let settled = staging.settle(figures)?;
            over(3);
            settled.publish(publication())
        })();
        assert!(matches!(ended, Err(Error::Replaced)), "{moment}: {ended:?}");
        assert!(matches!(store.record_run(&super::run()), Err(Error::Replaced | Error::Reopen)), "{moment}");
        drop(store);
        assert!(fs::read(&path).unwrap() == backup, "{moment}: what was put there is whole");
        let there = Store::open(&path, Access::Read).unwrap();
        assert_eq!(there.snapshot().unwrap().generation().unwrap().id, 1);
        there.verify().unwrap();
    }
}

#[test]
fn d10_what_was_published_is_read_back_from_the_disk() {
    let (_folder, path) = place();
    let store = for_writing(&path).unwrap();
    let people: Vec<_> = (0..500).map(|number| customer(number, "Анна Царькова")).collect();
    let published = sync(&store, &people, &[]);
    store.read_back(&published.generation, None).unwrap();
    let other = crate::store::Generation { id: 9, ..published.generation.clone() };
    assert!(matches!(store.read_back(&other, None), Err(Error::Replaced)), "another generation lies there");
    let mut bytes = fs::read(&path).unwrap();
    let name = "Царькова".as_bytes();
    let places: Vec<_> =
        (320..bytes.len() - name.len()).filter(|at| bytes[*at..].starts_with(name)).collect();
    for at in places {
        bytes[at + 1] ^= 1;
    }
    write_over(&path, &bytes);
    // This handle still has what it wrote in memory; the disk decides.
    assert!(store.verify().is_ok());
    assert!(matches!(store.read_back(&published.generation, None), Err(Error::Damaged { .. })));
    fs::remove_file(&path).unwrap();
    assert!(matches!(store.read_back(&published.generation, None), Err(Error::Replaced)));
}

#[test]
fn p8_the_note_of_the_holder_touches_nothing_that_is_not_a_note() {
    let (folder, path) = place();
    let (note, victim) = (folder.path().join("sverka.lock.txt"), folder.path().join("victim"));
    let pipe = || mknodat(CWD, &note, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let ways: [(&str, &dyn Fn()); 5] = [
        ("a link", &|| symlink(&victim, &note).unwrap()),
        ("another name of a file", &|| fs::hard_link(&victim, &note).unwrap()),
        ("a pipe nobody reads", &pipe),
        ("a folder", &|| fs::create_dir(&note).unwrap()),
        ("somebody's file", &|| fs::write(&note, "a shopping list").unwrap()),
    ];
    for (name, lay) in ways {
        fs::write(&victim, "precious").unwrap();
        lay();
        let before = fs::symlink_metadata(&note).unwrap();
        let store = for_writing(&path).unwrap();
        assert_eq!(noted_writer(&path), None, "{name}");
        drop(store);
        let after = fs::symlink_metadata(&note).unwrap();
        assert_eq!((before.ino(), before.mode()), (after.ino(), after.mode()), "{name}");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious", "{name}");
        fs::remove_file(&note).or_else(|_| fs::remove_dir(&note)).unwrap();
    }
    // A note that was left is taken over, whoever wrote it.
    fs::write(&note, "pid 1\nsince 2025-01-01T00:00:00+00:00\nhost till\n").unwrap();
    let store = for_writing(&path).unwrap();
    assert_eq!(noted_writer(&path), Some(holder()));
    assert_eq!(fs::metadata(&note).unwrap().permissions().mode() & 0o777, 0o600);
    drop(store);
    assert!(!note.exists());
}

#[test]
fn a_store_behind_a_link_is_the_file_it_leads_to() {
    let (folder, link) = place();
    fs::create_dir(folder.path().join("disk")).unwrap();
    let file = folder.path().join("disk/real.redb");
    symlink("disk/real.redb", &link).unwrap();
    for access in [Access::Read, Access::Write(holder())] {
        assert!(matches!(Store::open(&link, access), Err(Error::LinkToNothing)));
    }
    assert!(!file.exists(), "a link to nothing becomes no store by itself");
    assert!(matches!(Store::set_aside(&link, holder()), Ok(None)), "it does where that is asked for");
    sync(&for_writing(&link).unwrap(), &[customer(1, "Анна")], &[]);
    let reader = for_writing(&file).unwrap();
    assert_eq!(noted_writer(&link), Some(holder()), "by either name the same holder is told");
    drop(reader);
    let whole = fs::read(&file).unwrap();
    write_over(&file, &whole[..whole.len() / 2]);
    let aside = Store::set_aside(&link, holder()).unwrap().unwrap();
    assert_eq!(aside.parent(), file.parent());
    assert_eq!(fs::metadata(&aside).unwrap().len(), whole.len() as u64 / 2);
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("disk/real.redb"), "the link stays");
    sync(&for_writing(&link).unwrap(), &[customer(2, "Борис")], &[]);
    assert_eq!(Store::examine(&file, holder()).unwrap().generation, Some(1));
    fs::remove_dir_all(folder.path().join("disk")).unwrap();
    assert!(
        matches!(Store::set_aside(&link, holder()), Err(Error::LinkToNothing)),
        "a disk that is not there"
    );
}

#[test]
fn what_a_killed_run_left_beside_the_store_is_removed_by_the_next_writer() {
    let (folder, path) = place();
    let left = [".sverka-1-0.part", ".sverka-77-3.part", "sverka.redb.77.tmp"];
    for name in left {
        fs::write(folder.path().join(name), "half").unwrap();
    }
    let store = for_writing(&path).unwrap();
    publish(store.stage().unwrap());
    for name in left {
        assert!(!folder.path().join(name).exists(), "{name}");
    }
}
