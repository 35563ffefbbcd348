//! Copies of a store, and the way back.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use redb::{ReadableDatabase, TableHandle};
use tempfile::TempDir;

use super::files::{for_writing, holder, plant_version};
use super::support::{bonus, customer, listed, movement, opening, publish, sync};
use crate::files::{KeptFile, Place, Refusal, Replace, What, Wish};
use crate::store::{Access, BackupStep, Error, NotCopied, Store, file};

struct Shop {
    folder: TempDir,
    store: PathBuf,
}

impl Shop {
    /// A store with two generations, the later of which has rows of every kind.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("sverka.redb");
        let open = for_writing(&store).unwrap();
        sync(&open, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
        let mut staging = open.stage().unwrap();
        staging.put_customers(&listed(&[customer(1, "Анна"), customer(2, "Борис")])).unwrap();
        staging.put_movements(&[movement(1, 1, 1, 100), opening(2, 1, 300), movement(9, 1, 2, -50)]).unwrap();
        staging.put_bonus_rows(&[bonus(1, 1, 7)]).unwrap();
        publish(staging);
        open.record_run(&super::run()).unwrap();
        drop(open);
        Self { folder, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn place(&self, name: &str, replace: Replace) -> Result<Place, Refusal> {
        let kept = [KeptFile { what: What::Store, path: self.store.clone() }];
        Place::find(&Wish { path: &self.path(name), replace, mode: 0o600, kept: &kept })
    }

    fn back_up(&self, name: &str) -> PathBuf {
        Store::back_up(&self.store, &self.place(name, Replace::Nothing).unwrap(), |_| ()).unwrap();
        self.path(name)
    }

    fn restore(&self, from: &Path) -> Result<crate::store::Restored, NotCopied> {
        Store::restore(&self.store, from, holder(), |_| ())
    }
}

fn tables(path: &Path) -> Vec<String> {
    let database = file::look(path).unwrap().unwrap();
    let read = database.begin_read().unwrap();
    let mut names: Vec<_> = read.list_tables().unwrap().map(|table| table.name().to_owned()).collect();
    names.sort();
    names
}

fn manifest(path: &Path) -> crate::store::Generation {
    Store::open(path, Access::Read).unwrap().snapshot().unwrap().generation().unwrap().clone()
}

#[test]
fn a_copy_taken_while_a_sync_runs_holds_what_is_published_and_nothing_else() {
    let shop = Shop::new();
    let writer = for_writing(&shop.store).unwrap();
    let mut staging = writer.stage().unwrap();
    staging.put_customers(&listed(&[customer(3, "Вера")])).unwrap();
    staging.checkpoint(b"half of it").unwrap();
    let steps = RefCell::new(Vec::new());
    let place = shop.place("copy.redb", Replace::Nothing).unwrap();
    let copied = Store::back_up(&shop.store, &place, |step| steps.borrow_mut().push(step)).unwrap();
    assert_eq!(
        steps.into_inner(),
        [BackupStep::Copying { generation: 2, cards: 2 }, BackupStep::ReadingAgain]
    );
    let copy = shop.path("copy.redb");
    let (mut told, here) = (manifest(&shop.store), manifest(&copy));
    assert!(told.basis.is_some() && here.basis.is_none(), "no delta builds on a copy");
    told.basis = None;
    assert_eq!((&here, &copied.generation), (&told, &told));
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    // Every table that is there for good is in the copy, whichever version of the program added it.
    let mut lasting = tables(&shop.store);
    lasting.retain(|name| !name.starts_with("next.") && !name.starts_with("previous."));
    assert_eq!(tables(&copy), lasting);
    let runs = |path: &Path| Store::open(path, Access::Read).unwrap().runs().unwrap();
    assert_eq!(runs(&copy), runs(&shop.store));
    assert_eq!(Store::examine(&copy, holder()).unwrap().verified, copied.verified);
    drop(staging);
}

#[test]
fn a_copy_is_never_put_over_what_is_no_copy() {
    let shop = Shop::new();
    let first = shop.back_up("copy.redb");
    let bytes = fs::read(&first).unwrap();
    fs::write(shop.path("list"), "a shopping list").unwrap();
    fs::hard_link(&shop.store, shop.path("twin.redb")).unwrap();
    assert!(matches!(shop.place("copy.redb", Replace::Nothing), Err(Refusal::Exists)));
    for own in ["sverka.redb", "twin.redb"] {
        assert!(matches!(shop.place(own, Replace::AnotherStore), Err(Refusal::Own(What::Store))), "{own}");
    }
    let place = shop.place("list", Replace::AnotherStore).unwrap();
    let refused = Store::back_up(&shop.store, &place, |_| ());
    assert!(matches!(refused, Err(NotCopied::Place(Refusal::Foreign))));
    assert_eq!(fs::read_to_string(shop.path("list")).unwrap(), "a shopping list");
    sync(&for_writing(&shop.store).unwrap(), &[customer(1, "Анна")], &[]);
    let place = shop.place("copy.redb", Replace::AnotherStore).unwrap();
    Store::back_up(&shop.store, &place, |_| ()).unwrap();
    assert!(fs::read(&first).unwrap() != bytes && manifest(&first).id == 3);
}

#[test]
fn what_is_restored_is_the_copy_under_a_number_nobody_had() {
    let shop = Shop::new();
    let copy = shop.back_up("copy.redb");
    let bytes = fs::read(&copy).unwrap();
    let people: Vec<_> = (1..9).map(|number| customer(number, "Анна")).collect();
    for _ in 0..3 {
        sync(&for_writing(&shop.store).unwrap(), &people, &[]);
    }
    let newest = manifest(&shop.store);
    let restored = shop.restore(&copy).unwrap();
    assert!(fs::read(&copy).unwrap() == bytes, "the copy is left as it is");
    let aside = restored.aside.unwrap();
    assert_eq!(manifest(&aside), newest, "and what was there is whole");
    for_writing(&aside).unwrap().verify().unwrap();
    let newest = fs::read(&aside).unwrap();
    let (here, copied) = (manifest(&shop.store), manifest(&copy));
    assert_eq!((here.id, here.digest, here.basis), (6, copied.digest, None));
    let store = for_writing(&shop.store).unwrap();
    let base = |store: &Store| store.snapshot().unwrap().base().cloned();
    assert_eq!(base(&store), base(&Store::open(&copy, Access::Read).unwrap()));
    sync(&store, &people, &[]);
    assert_eq!(manifest(&shop.store).id, 7);
    drop(store);
    // Where nothing is, and where what is there cannot be used.
    for damage in [None, Some(&newest[..newest.len() / 2])] {
        fs::remove_file(&shop.store).unwrap();
        if let Some(bytes) = damage {
            fs::write(&shop.store, bytes).unwrap();
        }
        let restored = shop.restore(&copy).unwrap();
        assert_eq!(restored.aside.is_some(), damage.is_some());
        assert_eq!(manifest(&shop.store).digest, copied.digest);
    }
}

#[test]
fn what_cannot_be_restored_is_refused_and_nothing_touched() {
    let shop = Shop::new();
    let good = fs::read(shop.back_up("copy.redb")).unwrap();
    let bad = |name: &str, bytes: &[u8]| {
        fs::write(shop.path(name), bytes).unwrap();
        shop.path(name)
    };
    let mut rotten = good.clone();
    let at = rotten.windows(10).rposition(|part| part == "Борис".as_bytes()).unwrap();
    rotten[at + 1] ^= 1;
    let newer = bad("newer", &good);
    plant_version(&newer, 9);
    fs::create_dir(shop.path("folder")).unwrap();
    // What `cp` makes of a store that is open.
    let open = for_writing(&shop.path("copy.redb")).unwrap();
    let torn = bad("torn", &fs::read(shop.path("copy.redb")).unwrap());
    drop(open);
    let before = fs::read(&shop.store).unwrap();
    let cases = [
        (bad("rotten", &rotten), "damaged"),
        (bad("short", &good[..good.len() / 2]), "damaged"),
        (torn, "damaged"),
        (newer, "newer"),
        (bad("empty", b""), "foreign"),
        (bad("list", b"a shopping list"), "foreign"),
        (shop.path("folder"), "foreign"),
        (shop.path("nowhere"), "nothing"),
    ];
    for (path, kind) in cases {
        let bytes = fs::read(&path).ok();
        let told = match shop.restore(&path) {
            Err(NotCopied::Copy(Error::Damaged { .. })) => "damaged",
            Err(NotCopied::Copy(Error::Newer { .. })) => "newer",
            Err(NotCopied::Copy(Error::Foreign { .. })) => "foreign",
            Err(NotCopied::Copy(Error::NotFound)) => "nothing",
            other => panic!("{path:?}: {other:?}"),
        };
        assert_eq!(told, kind, "{path:?}");
        assert_eq!(fs::read(&path).ok(), bytes);
        assert!(fs::read(&shop.store).unwrap() == before);
    }
    fs::hard_link(&shop.store, shop.path("twin")).unwrap();
    for own in [shop.store.clone(), shop.path("twin")] {
        assert!(matches!(shop.restore(&own), Err(NotCopied::Place(Refusal::Own(What::Store)))), "{own:?}");
    }
    fs::remove_file(shop.path("twin")).unwrap();
    let writer = for_writing(&shop.store).unwrap();
    let refused = shop.restore(&shop.path("copy.redb"));
    assert!(matches!(refused, Err(NotCopied::Store(Error::AlreadyOpen { .. }))), "{refused:?}");
    drop(writer);
    let left = fs::read_dir(shop.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let odd: Vec<_> = left.filter(|name| name.to_string_lossy().contains("aside")).collect();
    assert!(odd.is_empty(), "{odd:?}");
}
