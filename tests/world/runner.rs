//! Lives worlds, two at a time, and says how those that failed are lived again.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::{env, thread};

use super::tally::Tally;
use super::trace::Trace;
use super::world::{self, Setting, World};

/// Worlds lived at the same time.
const THREADS: usize = 2;
/// Lines of the trace shown of a world that failed, and worlds shown.
const SHOWN_LINES: usize = 120;
const SHOWN_WORLDS: usize = 3;
/// Letters shown of every failure.
const SHOWN_LETTERS: usize = 300;
/// The thread of what blocks.
const DISK_THREAD: &str = "disk";

/// How one world went.
pub struct Outcome {
    pub trace: Trace,
    pub tally: Tally,
    pub failure: Option<String>,
}

/// How many worlds went.
pub struct Report {
    pub worlds: u64,
    pub tally: Tally,
    pub failures: Vec<String>,
}

/// Lives the world of a seed.
pub fn lived(seed: u64) -> Outcome {
    keep_quiet();
    let (trace, tally) = (Trace::default(), Tally::default());
    let failure = failure_of(|| in_virtual_time(world::live(seed, &trace, &tally)));
    Outcome { trace, tally, failure }
}

/// Runs a future on one thread whose clock is paused; what blocks has one more thread.
pub fn in_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .max_blocking_threads(1)
        .thread_name(DISK_THREAD)
        .build()
        .unwrap();
    runtime.block_on(future)
}

thread_local! {
    /// What this thread last panicked with while it lived a world.
    static LAST_WORDS: RefCell<Option<String>> = const { RefCell::new(None) };
    static LIVES: Cell<bool> = const { Cell::new(false) };
}

/// Panics of worlds are gathered, not printed; those of redb over a dead disk are expected.
fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_disk = thread::current().name() == Some(DISK_THREAD);
            if LIVES.get() {
                LAST_WORDS.set(Some(panic.to_string()));
            } else if !is_disk {
                usual(panic);
            }
        }));
    });
}

/// The message of a panic.
pub fn failure_of(live: impl FnOnce()) -> Option<String> {
    keep_quiet();
    LIVES.set(true);
    let result = catch_unwind(AssertUnwindSafe(live));
    LIVES.set(false);
    result.err().map(|_| LAST_WORDS.take().unwrap_or_default())
}

/// Lives one world of a test's own making; what happened in it is told where the test fails.
pub fn case(setting: Setting, test: impl AsyncFnOnce(&mut World)) {
    keep_quiet();
    let (trace, tally) = (Trace::default(), Tally::default());
    let failure = failure_of(|| {
        in_virtual_time(async {
            let mut world = World::new(1, setting, &trace, &tally);
            test(&mut world).await;
        });
    });
    if let Some(failure) = failure {
        panic!("{}\n{failure}", trace.tail(SHOWN_LINES));
    }
}

/// Lives with as many seeds as a variable of the environment says, or so many; says how many.
pub fn each_seed(variable: &str, usually: u64, live: impl Fn(u64) + Sync) -> u64 {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    let count = number(variable).unwrap_or(usually);
    let first = number("SVERKA_FIRST_SEED").unwrap_or(1);
    let next = AtomicU64::new(first);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    live(seed);
                }
            });
        }
    });
    count
}

/// Lives so many cases of a test as a variable says, or so many; those that fail are told with what happened in them.
pub fn cases(variable: &str, usually: u64, test: &str, live: impl Fn(u64, &Trace) + Sync) -> u64 {
    let failures = Mutex::new(Vec::new());
    let count = each_seed(variable, usually, |seed| {
        let trace = Trace::default();
        if let Some(failure) = failure_of(|| live(seed, &trace)) {
            let is_alone = env::var(variable).as_deref() == Ok("1");
            let lines: Vec<String> =
                trace.lines().into_iter().filter(|line| is_alone || is_of_a_case(line)).collect();
            let again = format!("{variable}=1 SVERKA_FIRST_SEED={seed} cargo test --test world {test}");
            let told = format!("{}\n{failure}\nagain: {again}", lines.join("\n"));
            let failed = Failed { seed, short: shortened(&failure), told };
            failures.lock().unwrap_or_else(PoisonError::into_inner).push(failed);
        }
    });
    let told = all_told(failures.into_inner().unwrap_or_else(PoisonError::into_inner), count, "cases");
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    count
}

/// Whether a line tells what a case is and does, and is none of its requests.
fn is_of_a_case(line: &str) -> bool {
    ["CASE", "SETTINGS", "FAULTS", "CLOCK", "DOCTOR", "SYNC", "LOOK", "REFUSED"]
        .iter()
        .any(|word| line.contains(word))
}

/// Lives as many worlds as the environment says, or so many.
pub fn worlds(usually: u64) -> Report {
    let (tally, failures) = (Tally::default(), Mutex::new(Vec::new()));
    let count = each_seed("SVERKA_WORLDS", usually, |seed| {
        let outcome = lived(seed);
        tally.merge(&outcome.tally);
        if let Some(failure) = &outcome.failure {
            let failed =
                Failed { seed, short: shortened(failure), told: told(seed, failure, &outcome.trace) };
            failures.lock().unwrap_or_else(PoisonError::into_inner).push(failed);
        }
    });
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    Report { worlds: count, tally, failures: all_told(failures, count, "worlds") }
}

/// A world or a case that failed.
struct Failed {
    seed: u64,
    short: String,
    told: String,
}

fn shortened(failure: &str) -> String {
    failure.chars().take(SHOWN_LETTERS).collect()
}

/// The first failures at length, and all of them in short; nothing where there is none.
fn all_told(mut failures: Vec<Failed>, count: u64, what: &str) -> Vec<String> {
    failures.sort_by_key(|failed| failed.seed);
    let mut told: Vec<String> =
        failures.iter().map(|failed| failed.told.clone()).take(SHOWN_WORLDS).collect();
    if !failures.is_empty() {
        let short: Vec<_> = failures.iter().map(|it| format!("{}: {}", it.seed, it.short)).collect();
        told.push(format!("{} of {count} {what} failed:\n{}", short.len(), short.join("\n")));
    }
    told
}

/// Whether a single world is looked at: then all of it is shown.
fn is_alone() -> bool {
    env::var("SVERKA_WORLDS").as_deref() == Ok("1")
}

fn told(seed: u64, failure: &str, trace: &Trace) -> String {
    format!(
        "{}\n\nThe last requests:\n{}\nworld {seed}: {failure}\nagain: SVERKA_WORLDS=1 SVERKA_FIRST_SEED={seed} cargo test --test world every_world\n",
        trace.in_short(),
        trace.tail(if is_alone() { usize::MAX } else { SHOWN_LINES })
    )
}
