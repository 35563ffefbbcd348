//! One world: a whole shop, its 1C, its network, its disk and its clocks, from one seed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use secrecy::SecretString;
use sverka::config::Config;
use sverka::domain::{CardId, PointsRule, Verdict};
use sverka::engine::{Engine, Home, Side, SyncOptions, Whom};
use sverka::store::{Proof, Store};
use sverka::sync::event::{Notice, Outcome, Progress};
use sverka::sync::{Error, Finished, Observer, SyncMode};
use sverka::text::Language;
use sverka_simulator::{DocumentKind, FaultKind, Rate, Scenario, Simulator};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::auditor::{self, Span, Stored};
use super::chance::Chance;
use super::clock::WorldClock;
use super::disk::{Disk, Mishap};
use super::life::{self, Life};
use super::oracle;
use super::secrets::Canary;
use super::tally::Tally;
use super::trace::Trace;
use super::wire::{Event, Parts, ROOT, Rates, Weather, Wire};

/// Nothing a quiet base is asked for may take more repeats than this for each request planned.
const SPARE_REQUESTS: u64 = 50;

/// A world.
pub struct World {
    pub wire: Wire,
    pub clock: WorldClock,
    pub config: Config,
    pub chance: Chance,
    pub trace: Trace,
    pub tally: Tally,
    pub canary: Canary,
    disk: Disk,
    /// Open while the process runs.
    running: Option<Running>,
    /// What was acknowledged last: number and digest.
    acknowledged: Option<(u64, u128)>,
    /// The state of the books when the first attempt began that may be gone on with.
    attempts_from: Option<usize>,
    /// The same of the last full sync: rows of a delta may be as old as that.
    full_from: usize,
}

/// The process: the engine over its open store.
struct Running {
    engine: Engine,
    store: Store,
}

/// What a world is made of, drawn from its seed or set by a test.
#[derive(Clone, Debug)]
pub struct Setting {
    pub customers: usize,
    pub lines: usize,
    pub page_size: u32,
    pub in_flight: usize,
    pub days: u32,
    pub rule: PointsRule,
    /// What this base always does.
    pub temper: Rates,
    pub began_at: NaiveDateTime,
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    Finished(Box<Finished>),
    Refused(Error),
    Died,
}

impl Setting {
    pub fn drawn(chance: &mut Chance) -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(chance.below(700));
        let late = chance.one_in(3);
        let seconds = if late { 86_400 - 1 - chance.below(240) } else { chance.below(86_400) };
        Self {
            customers: *chance.pick(&[2, 5, 12, 25, 42]).unwrap(),
            lines: *chance.pick(&[20, 60, 120, 240]).unwrap(),
            page_size: *chance.pick(&[7, 25, 40, 100, 1000]).unwrap(),
            in_flight: *chance.pick(&[1, 2, 4]).unwrap(),
            days: *chance.pick(&[0, 1, 30, 365, 365, 365, 900]).unwrap(),
            rule: if chance.one_in(3) { PointsRule::RegisterBalance } else { PointsRule::LastRecord },
            temper: temper(chance),
            began_at: day.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds.cast_signed()),
        }
    }

    /// A small, plain shop on the day all tests live on.
    pub fn plain() -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 2, 4).unwrap();
        Self {
            customers: 12,
            lines: 80,
            page_size: 25,
            in_flight: 2,
            days: 365,
            rule: PointsRule::LastRecord,
            temper: Rates::new(),
            began_at: day.and_hms_opt(15, 30, 0).unwrap(),
        }
    }
}

/// Where a server sends more than is asked for, nobody can ask for less than it carries.
const NO_PAGES: [FaultKind; 3] =
    [FaultKind::TopIgnored, FaultKind::FilterIgnored, FaultKind::InlinecountUnlimited];

/// What a base is like for ever. Layers hide each other's faults: every third world has no virtual tables.
fn temper(chance: &mut Chance) -> Rates {
    let mut temper = Rates::new();
    if chance.one_in(3) {
        temper.push((FaultKind::VirtualTablesMissing, Rate::ALWAYS));
    }
    let oddities = [
        FaultKind::FiltersRefused,
        FaultKind::FiltersRejected,
        FaultKind::FilterIgnored,
        FaultKind::OrderIgnored,
        FaultKind::TopIgnored,
        FaultKind::CountRefused,
        FaultKind::InlinecountUnlimited,
        FaultKind::ProductsMissing,
        FaultKind::PointsMissing,
        FaultKind::FieldsMissing,
        FaultKind::PlusIgnored,
    ];
    if chance.one_in(3) {
        temper.push((*chance.pick(&oddities).unwrap(), Rate::ALWAYS));
    }
    let spellings = [
        FaultKind::Bom,
        FaultKind::Nulls,
        FaultKind::NumbersAsStrings,
        FaultKind::ExponentNumbers,
        FaultKind::LongNumbers,
        FaultKind::DecimalComma,
        FaultKind::DatesWithOffset,
        FaultKind::RandomFieldOrder,
        FaultKind::UnknownFields,
    ];
    for spelling in spellings {
        if chance.one_in(6) {
            temper.push((spelling, Rate::percent(50)));
        }
    }
    let pages = temper.iter().all(|(kind, _)| !NO_PAGES.contains(kind));
    if pages && chance.one_in(5) {
        temper.push((FaultKind::PageLimit, Rate::number(30)));
    }
    if chance.one_in(8) {
        temper.push((FaultKind::Slow, Rate::number(200)));
    }
    if chance.one_in(8) {
        let kind = *chance.pick(&[FaultKind::ClockAhead, FaultKind::ClockBehind]).unwrap();
        temper.push((kind, Rate::number(25)));
    }
    temper
}

impl World {
    /// The world of a seed and a setting, inside a runtime whose clock is paused.
    #[expect(clippy::needless_pass_by_value, reason = "a world is made of its setting")]
    pub fn new(seed: u64, setting: Setting, trace: &Trace, tally: &Tally) -> Self {
        let clock = WorldClock::at(setting.began_at);
        let mut chance = Chance::of(seed, "world");
        let canary = Canary::drawn(&mut chance);
        let today = setting.began_at.date();
        let scenario = Scenario::new(setting.customers, seed, today).with_lines(setting.lines);
        let account = |onec: Simulator| onec.with_account("odata.user", canary.password());
        let window_from = today - Days::new(setting.days.into());
        let disk = Disk::default();
        let wire = Wire::new(Parts {
            onec: account(Simulator::new(scenario)),
            other: Some(account(Simulator::new(Scenario::new(5, !seed, today).with_lines(20)))),
            life: Life::new(Chance::of(seed, "life"), window_from.and_time(NaiveTime::MIN)),
            temper: setting.temper.clone(),
            password: canary.password().to_owned(),
            chance: Chance::of(seed, "wire"),
            clock: clock.clone(),
            disk: disk.clone(),
            trace: trace.clone(),
            tally: tally.clone(),
        });
        let mut config = Config::demo(ROOT, "/nowhere/sverka.redb".into(), Language::English);
        config.onec.password = SecretString::from(canary.password());
        config.onec.page_size = setting.page_size;
        config.onec.in_flight = setting.in_flight;
        config.onec.read_timeout = Duration::from_secs(30);
        config.sync.days = setting.days;
        config.points = setting.rule;
        trace.line(Duration::ZERO, &format!("seed {seed}: {setting:?}"));
        let mut world = Self {
            wire,
            clock,
            config,
            chance,
            trace: trace.clone(),
            tally: tally.clone(),
            canary,
            disk,
            running: None,
            acknowledged: None,
            attempts_from: None,
            full_from: 0,
        };
        world.start(Vec::new());
        world
    }

    /// Starts the process over what is on the disk.
    pub fn start(&mut self, bytes: Vec<u8>) {
        self.running = None;
        self.disk = Disk::of(bytes);
        let store = Store::with_backend(self.disk.clone())
            .unwrap_or_else(|error| panic!("I17: the store cannot be opened: {error:?}"));
        let home = Home::Held(store.clone());
        let transport = Arc::new(self.wire.clone());
        let engine = Engine::new(self.config.clone(), Arc::new(self.clock.clone()), transport, home);
        self.running = Some(Running { engine, store });
        self.say("the process starts");
    }

    /// The engine of the running process.
    pub fn engine(&self) -> &Engine {
        &self.running.as_ref().expect("the process runs").engine
    }

    /// What is published.
    pub fn stored(&self) -> Option<Stored> {
        Stored::read(&self.running.as_ref().expect("the process runs").store)
    }

    pub fn state(&self) -> usize {
        self.wire.inner().history.now()
    }

    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// One sync in this weather; whatever becomes of it is audited.
    pub async fn sync(&mut self, weather: Weather, mishap: Option<(u64, Mishap)>) -> Ending {
        self.sync_with(weather, mishap, SyncOptions::default()).await
    }

    pub async fn sync_with(
        &mut self,
        weather: Weather,
        mishap: Option<(u64, Mishap)>,
        options: SyncOptions,
    ) -> Ending {
        let quiet = weather.life == 0 && weather.bad_way == 0 && weather.events.is_empty();
        let (death, cancel) = (Arc::<Notify>::default(), CancellationToken::new());
        self.wire.begin(weather, &self.disk, &death, &cancel);
        if let Some((nth, mishap)) = mishap {
            self.disk.plan(nth, mishap, &death);
        }
        let from = self.state();
        let day = self.clock.onec().date();
        let witness = Arc::new(Witness::default());
        let observer: Arc<dyn Observer> = Arc::clone(&witness) as _;
        let ending = tokio::select! {
            biased;
            () = death.notified() => Ending::Died,
            result = self.engine().sync(options, observer, &cancel) => match result {
                Ok(finished) => Ending::Finished(Box::new(finished)),
                Err(error) => Ending::Refused(error),
            },
        };
        // Whether the death or the failures that follow from it are seen first is chance.
        let ending = if self.disk.is_dead() { Ending::Died } else { ending };
        if self.clock.onec().date() != day {
            self.tally.fired("clock/midnight");
        }
        // What was handed to other threads ends before any time passes.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let rows_from = *self.attempts_from.get_or_insert(from);
        let span = Span { from, to: self.state(), rows_from };
        self.say(&format!("the sync ends: {}; the file has {} bytes", told(&ending), self.disk.len()));
        self.trace.stir(self.disk.hash());
        witness.audit(&ending);
        self.audit_requests(&ending, quiet);
        self.wire.end();
        self.go_on_from(&ending, span).await;
        ending
    }

    /// Restarts the process where it must be, and audits what it then shows.
    async fn go_on_from(&mut self, ending: &Ending, span: Span) {
        match ending {
            Ending::Died => {
                self.restart_from_the_dead().await;
                self.audit_after_failure(span);
            }
            Ending::Finished(finished) => {
                self.audit_words(finished.error.as_ref());
                let is_our_mistake = matches!(finished.error, Some(Error::Internal(_)));
                assert!(!is_our_mistake, "whatever 1C and the disk do, we do right: {:?}", finished.error);
                self.canary.is_not_in(&format!("{finished:?}"));
                let published = finished.summary.outcome == Outcome::Published;
                if published {
                    self.audit_publication(span);
                } else {
                    self.audit_unchanged();
                }
                self.mend(span).await;
            }
            Ending::Refused(error) => {
                self.audit_words(Some(error));
                self.mend(span).await;
            }
        }
    }

    /// After a failure of the disk the process is started again over the same disk, which works now. Whether
    /// a commit whose last sync failed took place is known then only.
    async fn mend(&mut self, span: Span) {
        let Some(mishap) = self.disk.mend() else { return };
        self.say(&format!("the disk did fail: {mishap:?}"));
        self.tally.fired(match mishap {
            Mishap::Full { lasting: true } => "disk/full",
            Mishap::Full { lasting: false } => "disk/full-once",
            Mishap::Failing { lasting: true } => "disk/failing",
            Mishap::Failing { lasting: false } => "disk/failing-once",
            Mishap::Dead => "process/killed-at-disk",
        });
        self.stop().await;
        self.start(self.disk.bytes());
        self.audit_after_failure(span);
    }

    /// Ends the process and starts it again, by the settings as they are now.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start(self.disk.bytes());
    }

    /// Dies at one operation of a sync, and again at one of those that open the store after it.
    pub async fn die_twice(&mut self, first: u64, second: u64) {
        let death = Arc::<Notify>::default();
        self.disk.plan(first, Mishap::Dead, &death);
        let cancel = CancellationToken::new();
        self.wire.begin(Weather::default(), &self.disk, &death, &cancel);
        let from = self.state();
        let _ = self.engine().sync(SyncOptions::default(), Arc::new(Witness::default()), &cancel).await;
        self.stop().await;
        let once = Disk::of(self.disk.after_power_cut(&mut self.chance));
        once.plan(second, Mishap::Dead, &death);
        drop(Store::with_backend(once.clone()));
        let bytes = once.after_power_cut(&mut self.chance);
        self.start(bytes);
        self.audit_after_failure(Span { from, to: self.state(), rows_from: from });
    }

    /// Ends the process as its user does.
    async fn stop(&mut self) {
        self.running = None;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    /// The process is gone, or the whole machine; it starts over what is left.
    async fn restart_from_the_dead(&mut self) {
        self.disk.die();
        self.stop().await;
        let power = self.chance.one_in(2);
        let bytes = if power {
            self.tally.fired("disk/power-cut");
            self.disk.after_power_cut(&mut self.chance)
        } else {
            self.tally.fired("process/killed-at-disk");
            self.disk.bytes()
        };
        self.say(if power { "the power is back" } else { "the killed process is started again" });
        self.tally.fired("process/restarted");
        self.start(bytes);
    }

    /// An acknowledged generation is still there; an unacknowledged one is there whole, or not. (I4)
    fn audit_after_failure(&mut self, span: Span) {
        let found = self.stored();
        let id = found.as_ref().map(|stored| stored.generation.id);
        let before = self.acknowledged.map(|(id, _)| id);
        if id == before {
            self.audit_unchanged();
        } else {
            let next = before.unwrap_or(0) + 1;
            assert_eq!(id, Some(next), "I4: acknowledged was {before:?}");
            self.audit_publication(span);
        }
    }

    /// A delta keeps rows of the deltas before it, back to the last full sync.
    fn of_generation(&mut self, stored: &Stored, span: Span) -> Span {
        if stored.is_delta() {
            self.tally.fired("sync/delta");
            return Span { rows_from: self.full_from, ..span };
        }
        self.full_from = span.rows_from;
        span
    }

    /// What is published is true, whole, and the next in line. (I1, I2, I3, I6, I7, I8)
    fn audit_publication(&mut self, span: Span) {
        let stored = self.stored().expect("I4: what was published is there");
        let span = self.of_generation(&stored, span);
        let before = self.acknowledged.map_or(0, |(id, _)| id);
        assert_eq!(stored.generation.id, before + 1, "I2: generations are counted one by one");
        self.acknowledged = Some((stored.generation.id, stored.generation.digest));
        self.attempts_from = None;
        auditor::nothing_compared_is_unverified(&stored);
        let inner = self.wire.inner();
        auditor::nothing_is_doubled(&stored);
        auditor::figures_are_those_of_the_rows(&stored);
        auditor::rows_are_the_books(&stored, &inner.history, span);
        auditor::verified_is_true_of_one_instant(&stored, &inner.history, span);
        drop(inner);
        let verdict = if stored.is_verified_whole() { "published/verified" } else { "published/unverified" };
        self.tally.add(verdict, 1);
        self.say(verdict);
        self.audit_size(&stored);
    }

    /// A sync that was dropped has left what was there before, or its own generation, whole. (I4) Says whether it has
    /// published; `from` is the state it began on.
    pub fn audit_dropped(&mut self, from: usize) -> bool {
        let before = self.acknowledged;
        self.audit_after_failure(Span { from, to: self.state(), rows_from: from });
        self.acknowledged != before
    }

    /// Nothing visible has changed. (I5)
    pub fn audit_unchanged(&self) {
        let found = self.stored().map(|stored| (stored.generation.id, stored.generation.digest));
        assert_eq!(found, self.acknowledged, "I5: a sync that published nothing changed what is shown");
    }

    /// The file stays within its bound. (I19)
    fn audit_size(&self, stored: &Stored) {
        let rows = stored.movements.len() + stored.bonuses.len() + stored.customers.len();
        let bound = 5 * 200 * rows + (16 << 20);
        assert!(self.disk.len() <= bound, "I19: {} bytes for {rows} rows", self.disk.len());
    }

    /// Requests stay within their budget. (I13, I23)
    fn audit_requests(&self, ending: &Ending, quiet: bool) {
        let seen = self.wire.inner().seen.clone();
        let allowed = self.config.onec.in_flight;
        assert!(seen.most_in_flight <= allowed, "I23: {} requests at once", seen.most_in_flight);
        if let Ending::Finished(finished) = ending {
            assert_eq!(finished.summary.requests, seen.requests, "I13: requests are counted truly");
        }
        if quiet {
            self.tally.add("requests/quiet", seen.requests);
            self.tally.add("rounds/quiet", 1);
        }
        let planned = self.planned();
        let most = 2 * planned + SPARE_REQUESTS + if quiet { 0 } else { 6 * planned };
        assert!(seen.requests <= most, "I13: {} requests where {planned} were planned", seen.requests);
    }

    /// Requests that a sync of these books needs where nothing goes wrong, generously.
    fn planned(&self) -> u64 {
        let inner = self.wire.inner();
        let counts = inner.onec.books().counts();
        // Pages shrink to 25 rows at the least, and stretches are filled to a part of a page.
        let page = u64::from(self.config.onec.page_size.min(30));
        let pages = |rows: usize| (rows as u64 * 2).div_ceil(page) + 1;
        let catalogs = 3 * (pages(counts.cards) + pages(counts.owners) + pages(counts.products));
        let one_by_one = counts.cards + counts.owners + counts.products;
        catalogs + 4 * (pages(counts.sales) * 2 + pages(counts.bonuses)) + one_by_one as u64 + 40
    }

    /// Every failure is told: what happened, and what to do; and tells nothing else. (I14, I16)
    fn audit_words(&self, error: Option<&Error>) {
        let Some(error) = error else { return };
        for language in [Language::Russian, Language::English] {
            let texts = sverka::text::Texts::new(language);
            let problem = sverka::report::problem::Scene { texts, store: None }.of_sync(error);
            assert!(!problem.code.is_empty(), "I16: a failure without a code: {error:?}");
            assert!(!problem.message.is_empty(), "I16: a failure without words: {error:?}");
            assert!(!problem.remedy.is_empty(), "I16: a failure without a remedy: {error:?}");
            for text in [&problem.message, &problem.remedy] {
                assert!(!text.starts_with("error-") && !text.starts_with("remedy-"), "I16: {text}");
            }
            self.canary.is_not_in(&format!("{problem:?}"));
        }
        self.canary.is_not_in(&format!("{error:?} {error}"));
    }

    pub fn say(&self, line: &str) {
        self.trace.line(self.clock.elapsed(), line);
    }

    /// A sync of a base where nothing moves and nothing fails: it publishes. (I9)
    pub async fn quiet_sync(&mut self) -> Box<Finished> {
        let mut ending = self.sync(Weather::default(), None).await;
        if is_refused_with(&ending, |error| matches!(error, Error::EmptyAnswer { .. })) {
            self.fill_what_is_empty();
            ending = self.sync(Weather::default(), None).await;
        }
        if is_refused_with(&ending, |error| matches!(error, Error::AnotherBase { .. })) {
            // More than half of the cards known by name are gone: somebody has to say that this is right.
            self.fill_what_is_empty();
            let options = SyncOptions { accept_base: true, ..SyncOptions::default() };
            ending = self.sync_with(Weather::default(), None, options).await;
        }
        match ending {
            Ending::Finished(finished) if finished.summary.outcome == Outcome::Published => finished,
            other => panic!("I9: a quiet sync of a quiet base: {}", told(&other)),
        }
    }

    /// Without totals nothing proves that a base which has nothing of a kind any more is right: sverka waits
    /// until there is something again. Where there are totals they say that it is empty, and nothing is needed. (R12)
    fn fill_what_is_empty(&mut self) {
        let is_suspected = !self.suspects().is_empty();
        let is_proven = self.publishes_totals() && !is_suspected;
        if is_proven {
            return;
        }
        let now = self.clock.onec();
        self.wire.with_books("something of everything", |books| life::add_something(books, now));
    }

    /// Two quiet syncs: all is identical, and nothing changes. (I9, I10, I19)
    pub async fn audit_quietly(&mut self) {
        for _ in 0..3 {
            self.quiet_sync().await;
        }
        let stored = self.stored().unwrap();
        {
            let inner = self.wire.inner();
            auditor::all_is_identical(&stored, inner.onec.books(), inner.history.last());
        }
        let size = self.disk.len();
        let fourth = self.quiet_sync().await.summary;
        let again = self.stored().unwrap();
        assert_eq!((fourth.created, fourth.changed, fourth.removed), (0, 0, 0), "I10: nothing changed");
        assert_eq!(again.generation.digest, stored.generation.digest, "I10: the same digest");
        assert_eq!(again.figures, stored.figures, "I10: the same figures");
        self.audit_verdicts(&again);
        if self.disk.len() > size {
            self.audit_flatness().await;
        }
    }

    /// A file may grow once more, as checkpoints fall otherwise than before, and then stays as it is. (I10, I19)
    async fn audit_flatness(&mut self) {
        let mut sizes = Vec::new();
        for _ in 0..6 {
            self.quiet_sync().await;
            sizes.push(self.disk.len());
        }
        assert_eq!(sizes.iter().min(), sizes.iter().max(), "I10: the file grows with every sync");
    }

    /// A quiet base with virtual tables is verified, one without is not. (I7, I9)
    fn audit_verdicts(&self, stored: &Stored) {
        let (is_bare, is_provable, suspects) = {
            let inner = self.wire.inner();
            let books = inner.onec.books();
            let is_bare = !books.sales().any(|row| row.row.active);
            (is_bare, oracle::can_be_proven(books), oracle::suspects(books, self.clock.onec()))
        };
        // Where nobody ever bought anything there is nothing to prove or to doubt.
        if is_bare {
            return;
        }
        if !suspects.is_empty() {
            let is_sure = |card: &CardId| stored.is_verified(*card);
            let suspected =
                |card: &&CardId| oracle::has_rows_of(self.wire.inner().onec.books(), **card, &suspects);
            let sure: Vec<_> = stored.figures.keys().filter(suspected).filter(|card| is_sure(card)).collect();
            assert!(sure.is_empty(), "I7: rows of a document that looks like an opening balance: {sure:?}");
            return;
        }
        let published = self.publishes_totals() && is_provable;
        let from = stored.generation.window.from;
        let has_returned_half = |card| oracle::has_returned_half(self.wire.inner().onec.books(), card, from);
        let (doubtful, certain): (Vec<CardId>, Vec<CardId>) =
            stored.figures.keys().copied().partition(|card| has_returned_half(*card));
        let sure: Vec<_> = doubtful.iter().filter(|card| stored.is_verified(**card)).collect();
        assert!(sure.is_empty(), "I7: what was returned and what counts twice look the same: {sure:?}");
        let unverified: Vec<_> = certain.into_iter().filter(|card| !stored.is_verified(*card)).collect();
        let is_whole = stored.generation.proof == Proof::Confirmed && unverified.is_empty();
        assert_eq!(is_whole, published, "I7, I9: {:?}, {unverified:?}", stored.generation);
    }

    fn suspects(&self) -> Vec<DocumentKind> {
        oracle::suspects(self.wire.inner().onec.books(), self.clock.onec())
    }

    /// The kinds of document that have written sales that count.
    fn kinds(&self) -> Vec<DocumentKind> {
        let inner = self.wire.inner();
        inner.onec.books().sales().filter(|row| row.row.active).map(|row| row.kind).collect()
    }

    fn publishes_totals(&self) -> bool {
        !self.wire.inner().temper.iter().any(|(kind, _)| *kind == FaultKind::VirtualTablesMissing)
    }

    /// Live checks of some cards, after some changes, against thirty lines of our own. (I24)
    pub async fn audit_checks(&mut self) {
        let stored = self.stored().unwrap();
        let (is_bare, named) = {
            let inner = self.wire.inner();
            let books = inner.onec.books();
            (!books.sales().any(|row| row.row.active), oracle::is_named(books))
        };
        // Names cannot be judged where there are no documents to bear them.
        if is_bare {
            return;
        }
        // A check goes by what the sync suspected, and by what it is told of types of document that are new: of one that
        // the sync knew, and that wrote once by what was changed since, it learns with the next sync.
        let mut suspects = self.suspects();
        let known = self.kinds();
        suspects.push(DocumentKind::RegisterCorrection);
        let mut life = Life::new(Chance::of(self.chance.word(), "after the sync"), self.clock.onec());
        for _ in 0..self.chance.below(6) {
            let now = self.clock.onec();
            self.wire.with_books("after the sync", |books| life.go_on(books, now));
        }
        suspects.extend(self.suspects().into_iter().filter(|kind| !known.contains(kind)));
        let cards: Vec<CardId> = stored.customers.keys().copied().collect();
        for _ in 0..3 {
            let card = *self.chance.pick(&cards).unwrap();
            let checked = self.engine().check(&Whom::Key(card), Side::Live).await.unwrap();
            assert!(checked.failure.is_none(), "I24: {:?}", checked.failure);
            let comparison = &checked.comparisons[0];
            let inner = self.wire.inner();
            let is_suspected = oracle::has_rows_of(inner.onec.books(), card, &suspects)
                || oracle::was_suspected(&stored, card, &suspects);
            if is_suspected {
                assert_ne!(comparison.verdict, Verdict::Reconciled, "I24: {card}: {comparison:#?}");
                continue;
            }
            let expected = oracle::expected(inner.onec.books(), &stored, card, named);
            drop(inner);
            if !named && expected.1 == Verdict::Variance {
                assert_eq!(comparison.verdict, Verdict::Variance, "I24: {card}: {comparison:#?}");
                continue;
            }
            assert_eq!(oracle::said(comparison), expected, "I24: {card}: {:#?}", comparison.differences);
        }
    }

    /// The secret is in no byte of the store. (I14)
    pub fn audit_secrets(&self) {
        self.canary.is_not_in_bytes(&self.disk.bytes());
        self.canary.is_not_in(&format!("{:?}", self.config));
        self.trace.lines().iter().for_each(|line| self.canary.is_not_in(line));
    }

    /// What is stored is, table by table, what a full sync into an empty store makes of these books.
    pub async fn audit_as_if_read_whole(&mut self) {
        let stored = self.stored().unwrap();
        let store = Store::with_backend(Disk::default()).unwrap();
        let home = Home::Held(store.clone());
        let transport = Arc::new(self.wire.clone());
        let engine = Engine::new(self.config.clone(), Arc::new(self.clock.clone()), transport, home);
        let (death, cancel) = (Arc::<Notify>::default(), CancellationToken::new());
        self.wire.begin(Weather::default(), &self.disk, &death, &cancel);
        let finished =
            engine.sync(SyncOptions::default(), Arc::new(Witness::default()), &cancel).await.unwrap();
        self.wire.end();
        assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
        let whole = Stored::read(&store).unwrap();
        assert_eq!(stored.generation.window, whole.generation.window);
        assert_eq!(stored.movements, whole.movements, "rows of a delta");
        assert_eq!(stored.figures, whole.figures, "figures of a delta");
        assert_eq!(stored.generation.digest, whole.generation.digest, "a delta is what a full sync makes");
    }

    /// The same books read otherwise give the same generation. (I11)
    pub async fn audit_other_reading(&mut self, page_size: u32, in_flight: usize) {
        let stored = self.stored().unwrap();
        self.config.onec.page_size = page_size;
        self.config.onec.in_flight = in_flight;
        self.stop().await;
        self.start(Vec::new());
        (self.acknowledged, self.attempts_from, self.full_from) = (None, None, 0);
        self.quiet_sync().await;
        let other = self.stored().unwrap();
        if other.window_from() != stored.window_from() {
            return;
        }
        assert_eq!(other.generation.digest, stored.generation.digest, "I11: pages of {page_size}");
    }
}

fn is_refused_with(ending: &Ending, reason: impl Fn(&Error) -> bool) -> bool {
    matches!(ending, Ending::Finished(finished) if finished.error.as_ref().is_some_and(reason))
}

fn told(ending: &Ending) -> String {
    match ending {
        Ending::Finished(finished) => match &finished.error {
            Some(error) => format!("{:?}: {error}", finished.summary.outcome),
            None => format!("{:?}", finished.summary.outcome),
        },
        Ending::Refused(error) => format!("refused: {error}"),
        Ending::Died => "the process died".into(),
    }
}

/// What a sync told while it ran.
#[derive(Default)]
pub struct Witness {
    progress: Mutex<Vec<u8>>,
    pub notices: Mutex<Vec<Notice>>,
}

impl Observer for Witness {
    fn progress(&self, progress: &Progress) {
        self.progress.lock().unwrap().push(progress.overall);
    }

    fn notice(&self, notice: Notice) {
        self.notices.lock().unwrap().push(notice);
    }
}

impl Witness {
    /// Progress never runs backwards, and 100 is for what is published. (I21)
    fn audit(&self, ending: &Ending) {
        let progress = self.progress.lock().unwrap();
        assert!(progress.is_sorted(), "I21: progress runs backwards");
        let whole = progress.last() == Some(&100);
        match ending {
            Ending::Finished(finished) => {
                let published = finished.summary.outcome == Outcome::Published;
                assert_eq!(whole, published, "I21: {:?}", finished.summary.outcome);
                assert_eq!(finished.error.is_none(), published, "I21: an outcome and its error");
            }
            Ending::Refused(_) => assert!(!whole, "I21: refused at a hundred"),
            Ending::Died => {}
        }
    }
}

/// The weather of a round, and what happens to the disk in it.
fn drawn_weather(chance: &mut Chance, requests: u64, operations: u64) -> (Weather, Option<(u64, Mishap)>) {
    let life = *chance.pick(&[0, 0, 2, 10, 30]).unwrap();
    let bad_way = *chance.pick(&[0, 0, 2, 8]).unwrap();
    let mut weather = Weather { bad_way, life, ..Weather::default() };
    if chance.one_in(2) {
        for _ in 0..=chance.below(4) {
            let kind = *chance.pick(PASSING).unwrap();
            weather.faults.push((kind, Rate::percent(u32::try_from(1 + chance.below(6)).unwrap())));
        }
    }
    if chance.one_in(5) {
        weather.faults.push((FaultKind::ShiftingRows, Rate::percent(5)));
    }
    if chance.one_in(3) {
        let at = 1 + chance.below(requests);
        weather.events = BTreeMap::from([(at, drawn_event(chance))]);
    }
    let mishap = chance.one_in(3).then(|| {
        let lasting = chance.one_in(2);
        let kinds = [Mishap::Dead, Mishap::Dead, Mishap::Full { lasting }, Mishap::Failing { lasting }];
        (1 + chance.below(operations), *chance.pick(&kinds).unwrap())
    });
    (weather, mishap)
}

/// Faults of the simulated 1C that come and go.
const PASSING: &[FaultKind] = &[
    FaultKind::Status500,
    FaultKind::Status502,
    FaultKind::Status503,
    FaultKind::Status504,
    FaultKind::Status429,
    FaultKind::Status408,
    FaultKind::CutBody,
    FaultKind::StallBody,
    FaultKind::Stall,
    FaultKind::Close,
    FaultKind::Html200,
    FaultKind::Error200,
    FaultKind::EmptyBody,
    FaultKind::Maintenance,
    FaultKind::RightsRefused,
    FaultKind::Redirect,
    FaultKind::RepeatedRows,
    FaultKind::MissingRows,
    FaultKind::BrokenRows,
    FaultKind::WrongCount,
    FaultKind::WrongTotals,
    FaultKind::EmptyPages,
    FaultKind::DripBody,
    FaultKind::EndlessBody,
    FaultKind::InvalidUtf8,
    FaultKind::DeepNesting,
    FaultKind::NoSession,
    FaultKind::HalfPages,
    FaultKind::DuplicateKeys,
];

/// What a base may no longer understand, or no longer show, from one request to the next.
const DRIFTS: &[FaultKind] = &[
    FaultKind::FieldsMissing,
    FaultKind::OwnersMissing,
    FaultKind::FiltersRefused,
    FaultKind::KeyOrderRefused,
    FaultKind::PointsMissing,
    FaultKind::CountRefused,
];

fn drawn_event(chance: &mut Chance) -> Event {
    match chance.below(11) {
        0 => Event::MassDeletion(30 + chance.below(60)),
        1 => Event::Credentials,
        2 => Event::Drift(*chance.pick(DRIFTS).unwrap()),
        3 => Event::Drift(FaultKind::VirtualTablesMissing),
        4 => Event::Dead(30 + chance.below(600)),
        5 => Event::Maintenance(30 + chance.below(900)),
        6 | 7 => Event::Kill,
        8 => Event::Cancel,
        9 => Event::SetClock(chance.between(60, 3 * 86_400)),
        _ => Event::SetClock(chance.between(-3 * 86_400, -60)),
    }
}

/// Lives through the whole world of a seed.
pub async fn live(seed: u64, trace: &Trace, tally: &Tally) {
    let setting = Setting::drawn(&mut Chance::of(seed, "setting"));
    let mut world = World::new(seed, setting, trace, tally);
    let (mut requests, mut operations) = (40, 60);
    for _ in 0..2 + world.chance.below(4) {
        world.pass_some_time().await;
        if world.chance.one_in(12) && world.acknowledged.is_some() {
            world.stand_before_another_base().await;
        }
        let before = world.disk.operations();
        let (weather, mishap) = drawn_weather(&mut world.chance, requests, operations);
        world.say(&format!("round: {weather:?}, {mishap:?}"));
        let mode = if world.chance.one_in(2) { SyncMode::Delta } else { SyncMode::Full };
        world.sync_with(weather, mishap, SyncOptions { mode, ..SyncOptions::default() }).await;
        requests = world.wire.inner().seen.requests.max(20);
        operations = world.disk.operations().saturating_sub(before).max(60);
    }
    world.clock.set_ahead(0);
    world.audit_quietly().await;
    if world.chance.one_in(4) {
        let page_size = *world.chance.pick(&[9, 33, 1000]).unwrap();
        world.audit_other_reading(page_size, 3).await;
    }
    world.audit_checks().await;
    world.audit_secrets();
    let log = world.wire.inner().onec.log().clone();
    for (kind, times) in log.faults() {
        tally.simulated(*kind, *times);
    }
}

impl World {
    /// Some hours in the shop.
    async fn pass_some_time(&mut self) {
        let hours = self.chance.below(9);
        tokio::time::sleep(Duration::from_secs(hours * 3_600)).await;
        let changes = self.chance.below(5);
        let mut life = Life::new(Chance::of(self.chance.word(), "between"), self.clock.onec());
        for _ in 0..changes {
            let now = self.clock.onec();
            if let Some(kind) = self.wire.with_books("between the rounds", |books| life.go_on(books, now)) {
                self.say(&format!("between the rounds: {kind}"));
            }
        }
    }

    /// Another base answers at the same address: nothing of it is taken over. (R15)
    async fn stand_before_another_base(&mut self) {
        self.say("another base stands behind the address");
        self.tally.fired("base/another-base");
        self.wire.inner().is_other = true;
        let ending = self.sync(Weather::default(), None).await;
        let refused = is_refused_with(&ending, |error| matches!(error, Error::AnotherBase { .. }));
        assert!(refused, "R15: another base: {ending:?}");
        self.wire.inner().is_other = false;
    }
}
