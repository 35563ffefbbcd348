//! `kill -9` over the whole life of a sync. The seed draws the moment, and the machine's load moves it: timing
//! chooses the moment and never the verdict, which is the same at every one.
//!
//! `SVERKA_KILLS` is how many, `SVERKA_FIRST_SEED` the first seed. A failure names its seed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use rustix::process::Signal;
use serde_json::Value;
use sverka::domain::CardId;
use sverka::store::{Access, Error, Snapshot, Store, StoreHolder};
use sverka_simulator::{Books, DocumentKind};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::support::binary::{DEADLINE, Machine, Running};
use crate::support::{Audited, audited_figures, stored_figures};

/// Kills where nobody asks for more.
const KILLS: u64 = 40;
const CUSTOMERS: usize = 60;
const LINES: usize = 1_500;

pub fn of_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

/// Chance, the same for the same seed.
pub struct Chance {
    seed: u64,
    draws: u64,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self { seed, draws: 0 }
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draws += 1;
        xxh3_64_with_seed(&self.draws.to_le_bytes(), self.seed).checked_rem(end).unwrap_or_default()
    }

    pub fn time_below(&mut self, end: Duration) -> Duration {
        Duration::from_micros(self.below(end.as_micros().try_into().unwrap()))
    }
}

/// How a sync that nothing disturbs lives.
#[derive(Clone, Copy, Debug, Default)]
struct Life {
    /// Until the first request: starting, opening or creating the store.
    start: Duration,
    requests: u64,
    /// Between two requests, on the average.
    step: Duration,
    /// From the last request to its end: reckoning, publishing, closing.
    publishing: Duration,
}

/// When to kill: so long after so many requests.
#[derive(Clone, Copy, Debug)]
struct Moment {
    requests: u64,
    later: Duration,
}

impl Moment {
    /// A quarter before 1C is asked, a quarter while it is, the half while the generation is published.
    fn draw(chance: &mut Chance, life: &Life) -> Self {
        match chance.below(4) {
            0 => Self { requests: 0, later: chance.time_below(life.start) },
            1 => Self { requests: 1 + chance.below(life.requests), later: chance.time_below(life.step) },
            _ => Self { requests: life.requests, later: chance.time_below(life.publishing) },
        }
    }
}

/// What was found after a kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Found {
    Nothing,
    Before,
    After,
}

/// A shop between two syncs: what was published, and what the next sync publishes.
struct Shop {
    machine: Machine,
    /// The generation before, with the books it was read from; none before the first sync.
    before: Option<(u64, Books)>,
    life: Life,
}

impl Shop {
    fn new() -> Self {
        Self { machine: Machine::with_shop(CUSTOMERS, LINES), before: None, life: Life::default() }
    }

    /// A sync that nothing disturbs: publishes, and shows how one lives.
    fn publish(&mut self) {
        let before = self.asked();
        let began = Instant::now();
        let mut sync = self.machine.sverka(["sync"]).start();
        let (mut start, mut last, mut requests) = (None, began, 0);
        while !sync.has_ended() {
            let now = self.asked() - before;
            if now > requests {
                (requests, last) = (now, Instant::now());
                start.get_or_insert(began.elapsed());
            }
            assert!(began.elapsed() < DEADLINE, "the sync does not end");
            thread::sleep(Duration::from_micros(200));
        }
        let publishing = last.elapsed();
        sync.end().ends_with(0);
        let step = (last - began) / u32::try_from(requests).unwrap();
        self.life = Life { start: start.unwrap(), requests, step, publishing };
        self.settle();
    }

    /// Takes what is published now for the generation before.
    fn settle(&mut self) {
        let id = generation_of(&self.machine);
        self.before = Some((id.unwrap(), self.books()));
    }

    fn books(&self) -> Books {
        self.machine.onec(|onec| onec.books().clone())
    }

    fn asked(&self) -> u64 {
        self.machine.onec(|onec| onec.log().total())
    }

    /// A day of trade: edits, a line gone, a new receipt, so that the two generations differ in rows and sums.
    fn trade(&self, chance: &mut Chance) {
        self.machine.onec(|onec| {
            let books = onec.books_mut();
            let sales: Vec<_> =
                books.sales().filter(|sale| sale.kind != DocumentKind::OpeningBalances).collect();
            for _ in 0..5 {
                let sale = &sales[usize::try_from(chance.below(sales.len() as u64)).unwrap()];
                books.change_sale(sale.recorder, sale.line, |row| row.amount += 101);
            }
            let sale = &sales[usize::try_from(chance.below(sales.len() as u64)).unwrap()];
            books.delete_sale(sale.recorder, sale.line);
            books.post(DocumentKind::Receipt, sale.row.period, vec![sale.row.clone()], Vec::new());
        });
    }

    /// Starts a command and kills it at a moment. Whether it lived so long.
    fn kill(&self, arguments: &[&str], moment: Moment) -> bool {
        let goal = self.asked() + moment.requests;
        let mut victim = self.machine.sverka(arguments).start();
        let began = Instant::now();
        while self.asked() < goal && !victim.has_ended() {
            assert!(began.elapsed() < DEADLINE, "neither {goal} requests nor an end");
            thread::sleep(Duration::from_micros(100));
        }
        thread::sleep(moment.later);
        kill(victim)
    }

    /// The store opens for reading and for writing, is what one of the two generations was read from, and says so.
    fn assert_whole(&self, chance: &mut Chance) -> Found {
        let path = self.machine.store();
        let writes_first = chance.below(2) == 0;
        if writes_first && path.exists() {
            drop(Store::open(&path, Access::Write(nobody())).unwrap());
        }
        let found = match Store::open(&path, Access::Read) {
            Err(Error::NotFound) if self.before.is_none() => Found::Nothing,
            store => self.assert_legal(&store.unwrap()),
        };
        if path.exists() {
            drop(Store::open(&path, Access::Write(nobody())).unwrap());
        }
        let status = self.machine.run(["status", "--json"]).ends_with(0);
        assert!(!status.stderr.contains("panicked"), "{}", status.stderr);
        let status = status.json();
        assert_eq!(status["generation"].as_u64(), generation_of(&self.machine), "{status}");
        assert_eq!(status["running"], Value::Null, "nobody writes any more");
        found
    }

    fn assert_legal(&self, store: &Store) -> Found {
        let snapshot = store.snapshot().unwrap();
        let Some(generation) = snapshot.generation() else {
            assert!(self.before.is_none(), "the published generation is gone");
            return Found::Nothing;
        };
        store.verify().unwrap();
        let (found, books) = match &self.before {
            Some((id, books)) if *id == generation.id => (Found::Before, books.clone()),
            before => {
                let next = before.as_ref().map_or(0, |(id, _)| *id) + 1;
                assert_eq!(generation.id, next, "neither the generation before nor the next one");
                (Found::After, self.books())
            }
        };
        assert_eq!(stored_figures(&snapshot), figures(&books, &snapshot), "{found:?}");
        found
    }

    /// Started once more the sync publishes what 1C has now, and leaves nothing beside the store.
    fn assert_recovers(&mut self) {
        self.machine.run(["sync"]).ends_with(0);
        let store = Store::open(&self.machine.store(), Access::Read).unwrap();
        store.verify().unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(stored_figures(&snapshot), figures(&self.books(), &snapshot));
        let folder = self.machine.store().parent().unwrap().to_owned();
        let files = self.machine.files().into_iter().filter(|file| file.starts_with(&folder));
        assert_eq!(files.collect::<Vec<_>>(), [self.machine.store()], "files beside the store");
        self.settle();
    }
}

fn nobody() -> StoreHolder {
    let since = chrono::DateTime::UNIX_EPOCH;
    StoreHolder { pid: std::process::id(), host: "tests".into(), since, command: String::new() }
}

/// Kills a run. Whether it was still alive: one that ended before must have ended well.
pub fn kill(mut victim: Running) -> bool {
    if !victim.has_ended() {
        victim.signal(Signal::KILL);
    }
    let run = victim.end();
    assert!(matches!(run.code, None | Some(0)), "{run:?}");
    run.code.is_none()
}

fn generation_of(machine: &Machine) -> Option<u64> {
    match Store::open(&machine.store(), Access::Read) {
        Err(Error::NotFound) => None,
        store => store.unwrap().snapshot().unwrap().generation().map(|generation| generation.id),
    }
}

/// The figures of the books for the window and the moment a generation was reckoned for.
fn figures(books: &Books, snapshot: &Snapshot) -> HashMap<CardId, Audited> {
    let generation = snapshot.generation().unwrap();
    let from = generation.window.from.unwrap_or(NaiveDateTime::MIN);
    audited_figures(books, from, generation.points_at.unwrap())
}

/// What came of the kills.
#[derive(Debug, Default)]
struct Tally {
    killed: u64,
    found: HashMap<Found, u64>,
}

impl Tally {
    fn count(&mut self, was_killed: bool, found: Found) {
        self.killed += u64::from(was_killed);
        *self.found.entry(found).or_default() += 1;
    }
}

/// Says which seed failed.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("failed: SVERKA_FIRST_SEED={} SVERKA_KILLS=1", self.0);
        }
    }
}

fn seeds(count: u64) -> impl Iterator<Item = (Chance, Named)> {
    let first = of_environment("SVERKA_FIRST_SEED", 1);
    (first..first + count).map(|seed| (Chance::new(seed), Named(seed)))
}

#[test]
fn p1_a_sync_killed_at_any_moment_leaves_one_whole_generation_and_goes_on() {
    let mut shop = Shop::new();
    shop.publish();
    let mut tally = Tally::default();
    for (mut chance, _named) in seeds(of_environment("SVERKA_KILLS", KILLS)) {
        shop.trade(&mut chance);
        let moment = Moment::draw(&mut chance, &shop.life);
        let was_killed = shop.kill(&["sync"], moment);
        let found = shop.assert_whole(&mut chance);
        tally.count(was_killed, found);
        if found == Found::After {
            shop.settle();
        }
        // The next one may be killed in a sync that goes on from what this one left.
        if chance.below(2) == 0 {
            shop.assert_recovers();
        }
    }
    shop.assert_recovers();
    println!("{tally:?}, {:?}", shop.life);
}

/// Until a first sync published there is no generation, and nothing is in its way.
#[test]
fn p1_a_first_sync_killed_at_any_moment_leaves_nothing_or_all() {
    let mut life = Shop::new();
    life.publish();
    let mut tally = Tally::default();
    for (mut chance, _named) in seeds(of_environment("SVERKA_KILLS", KILLS) / 4) {
        let mut shop = Shop::new();
        let moment = Moment::draw(&mut chance, &life.life);
        let was_killed = shop.kill(&["sync"], moment);
        tally.count(was_killed, shop.assert_whole(&mut chance));
        shop.assert_recovers();
    }
    println!("{tally:?}, {:?}", life.life);
}

/// Kills a command that takes `life` again and again; `check` looks at what it left.
fn kill_often(
    machine: &Machine,
    arguments: &[&str],
    life: Duration,
    seeds: u64,
    check: impl Fn(&mut Chance),
) {
    let mut killed = 0;
    for (mut chance, _named) in self::seeds(seeds) {
        let victim = machine.sverka(arguments).start();
        thread::sleep(chance.time_below(life));
        killed += u64::from(kill(victim));
        check(&mut chance);
    }
    println!("{arguments:?}: {killed} of {seeds} killed within {life:?}");
}

/// How long a command takes that nothing disturbs.
pub fn life_of(machine: &Machine, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    machine.run(arguments).ends_with(0);
    began.elapsed()
}

/// What is published, whatever the version of the format.
fn published(path: &Path) -> (u64, HashMap<CardId, Audited>) {
    let store = Store::open(path, Access::Read).unwrap();
    store.verify().unwrap();
    let snapshot = store.snapshot().unwrap();
    (snapshot.generation().unwrap().id, stored_figures(&snapshot))
}

#[test]
fn p1_a_migration_killed_at_any_moment_leaves_the_store_old_or_new() {
    let machine = Machine::with_onec();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/version-1.redb");
    fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    let plant = || fs::copy(&old, machine.store()).unwrap();
    plant();
    let before = published(&machine.store());
    let migrating = ["store", "check"];
    let life = life_of(&machine, &migrating);
    assert_eq!(published(&machine.store()), before);
    plant();
    kill_often(&machine, &migrating, life, of_environment("SVERKA_KILLS", KILLS) / 4, |chance| {
        assert_eq!(published(&machine.store()), before);
        assert_eq!(machine.run(["status", "--json"]).ends_with(0).json()["generation"], before.0);
        if chance.below(2) == 0 {
            machine.run(migrating).ends_with(0);
            assert_eq!(published(&machine.store()), before);
        }
        plant();
    });
}

#[test]
fn p1_compacting_killed_at_any_moment_leaves_what_was_published() {
    let machine = Machine::with_shop(CUSTOMERS, LINES);
    let grow = || machine.run(["sync"]).ends_with(0);
    grow();
    grow();
    let life = life_of(&machine, &["store", "compact"]);
    grow();
    kill_often(&machine, &["store", "compact"], life, of_environment("SVERKA_KILLS", KILLS) / 4, |chance| {
        super::assert_published(&machine, generation_of(&machine).unwrap());
        assert_eq!(generation_of(&machine), machine.run(["status", "--json"]).json()["generation"].as_u64());
        machine.run(["store", "check"]).ends_with(0);
        if chance.below(3) == 0 {
            grow();
        }
    });
    machine.run(["store", "compact"]).ends_with(0);
    machine.run(["store", "check"]).ends_with(0);
}

/// Whatever became of the rebuilding: the damaged file is still there under one of its names, and another try builds
/// the store anew.
#[test]
fn p1_rebuilding_killed_at_any_moment_loses_nothing_and_is_gone_on_with() {
    let machine = Machine::with_shop(CUSTOMERS, LINES);
    machine.run(["sync"]).ends_with(0);
    let whole = fs::read(machine.store()).unwrap();
    let damaged = &whole[..whole.len() / 2];
    let rebuild = ["sync", "--rebuild"];
    let folder = machine.store().parent().unwrap().to_owned();
    let plant = || {
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        fs::write(machine.store(), damaged).unwrap();
    };
    plant();
    let life = life_of(&machine, &rebuild);
    plant();
    kill_often(&machine, &rebuild, life, of_environment("SVERKA_KILLS", KILLS) / 4, |_| {
        let is_kept = |file: &PathBuf| fs::read(file).is_ok_and(|bytes| bytes == damaged);
        assert!(machine.files().iter().any(is_kept), "the damaged file is gone: {:?}", machine.files());
        match Store::open(&machine.store(), Access::Read) {
            Err(Error::NotFound) => {}
            Err(error) => assert!(error.is_damage() && is_kept(&machine.store()), "{error}"),
            Ok(store) => drop(store.verify().unwrap()),
        }
        machine.run(rebuild).ends_with(0);
        super::assert_published(&machine, generation_of(&machine).unwrap());
        assert!(machine.files().iter().any(is_kept));
        plant();
    });
}
