//! Keeps the progress of a running sync and tells it to whoever listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::event::{LastRepeat, Notice, Progress, Repeat, Stage, StageProgress, StageState};
use super::pace::Arrivals;
use crate::odata::{self, RejectedRow};

/// Whoever wants to know: the dashboard, the headless command, a test. Called from the sync's own tasks,
/// so it must not wait.
pub trait Observer: Send + Sync {
    /// The latest state; overwrites the one before.
    fn progress(&self, progress: &Progress);
    /// Something worth a line in the journal.
    fn notice(&self, notice: Notice);
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn progress(&self, _: &Progress) {}
    fn notice(&self, _: Notice) {}
}

/// Requests sent and bytes received so far.
type Meter = dyn Fn() -> (u64, u64) + Send + Sync;

/// What a stage will read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageWork {
    /// Rows.
    pub rows: u64,
    /// Rows read a second time, thinly, to confirm them.
    pub to_confirm: u64,
}

impl std::ops::Add for StageWork {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let Self { rows, to_confirm } = other;
        Self { rows: self.rows.saturating_add(rows), to_confirm: self.to_confirm.saturating_add(to_confirm) }
    }
}

/// The sync's side of the wall: counts, keeps the overall progress from running backwards, and tells.
///
/// What a stage promises to read is told before it begins or as it does, and only ever becomes less: who reads more than
/// was promised reads on without a promise.
pub struct Reporter {
    observer: Arc<dyn Observer>,
    meter: Option<Box<Meter>>,
    started: Instant,
    state: Mutex<ReporterState>,
}

struct ReporterState {
    progress: Progress,
    stage_started: Instant,
    arrivals: Arrivals,
}

/// Between two looks at what came from 1C.
const LOOK_EVERY: Duration = Duration::from_secs(2);

impl Reporter {
    /// A reporter that has not begun any stage.
    pub fn new(observer: Arc<dyn Observer>) -> Self {
        let started = Instant::now();
        let (progress, arrivals) = (Progress::default(), Arrivals::default());
        let state = ReporterState { progress, stage_started: started, arrivals };
        Self { observer, meter: None, started, state: Mutex::new(state) }
    }

    /// The same, that tells with everything else how many requests were sent and bytes received.
    #[must_use]
    pub fn metered(self, meter: impl Fn() -> (u64, u64) + Send + Sync + 'static) -> Self {
        Self { meter: Some(Box::new(meter)), ..self }
    }

    /// The same, that tells how long a request waits while nothing comes.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        self.state().progress.patience = patience;
        self
    }

    /// Tells now and then what was heard of 1C, rows or not, for as long as it is waited for.
    pub async fn listen(&self) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.update(|_| ());
        }
    }

    /// What a stage that is still to come will read. One that was there already is there once more.
    pub fn plan(&self, stage: Stage, work: StageWork) {
        self.update(|state| {
            let gauge = &mut state.progress.stages[stage as usize];
            let StageProgress { retries, rejected, .. } = *gauge;
            let (total, to_confirm) = (Some(work.rows), work.to_confirm);
            *gauge = StageProgress { total, to_confirm, retries, rejected, ..StageProgress::default() };
        });
    }

    /// Begins a stage.
    pub fn begin(&self, stage: Stage) {
        self.update(|state| {
            state.stage_started = Instant::now();
            state.progress.stage = Some(stage);
            let gauge = &mut state.progress.stages[stage as usize];
            if gauge.state != StageState::Waiting {
                let StageProgress { retries, rejected, .. } = *gauge;
                *gauge = StageProgress { retries, rejected, ..StageProgress::default() };
            }
            gauge.state = StageState::Running;
        });
        self.observer.notice(Notice::StageStarted(stage));
    }

    /// The rows the stage at work will read, as 1C counts them, unless it has promised some already.
    pub fn expect(&self, rows: u64) {
        self.in_stage(|stage| {
            stage.total.get_or_insert(rows);
        });
    }

    /// The stage at work has no more than this to read: what it promised beyond is taken back.
    pub fn no_more_than(&self, rest: StageWork) {
        self.in_stage(|stage| {
            let all = stage.done.saturating_add(rest.rows);
            stage.total = stage.total.map(|total| total.min(all));
            stage.to_confirm = stage.to_confirm.min(stage.confirmed.saturating_add(rest.to_confirm));
        });
    }

    /// The stage at work reads everything from the beginning: what it promised holds no more.
    pub fn begin_again(&self) {
        self.in_stage(|stage| {
            let StageProgress { state, retries, rejected, elapsed, .. } = *stage;
            *stage = StageProgress { state, retries, rejected, elapsed, ..StageProgress::default() };
        });
    }

    /// Adds to the rows done.
    pub fn done(&self, rows: u64) {
        self.arrived(rows, |stage| stage.done += rows);
    }

    /// Adds to the rows that were read a second time.
    pub fn confirmed(&self, rows: u64) {
        self.arrived(rows, |stage| stage.confirmed += rows);
    }

    /// Takes rows for done that an earlier attempt had read: they did not arrive now.
    pub fn credit(&self, rows: u64) {
        self.in_stage(|stage| {
            stage.done += rows;
            stage.credited += rows;
        });
    }

    fn arrived(&self, rows: u64, count: impl FnOnce(&mut StageProgress)) {
        let at = self.started.elapsed();
        self.update(|state| {
            let ReporterState { progress, arrivals, .. } = state;
            if let Some(stage) = progress.stage {
                let gauge = &mut progress.stages[stage as usize];
                count(gauge);
                gauge.state = StageState::Running;
            }
            if rows > 0 {
                progress.heard = at;
                arrivals.add(at, rows);
                progress.pace = arrivals.pace();
            }
        });
    }

    /// Takes rows back: what they belong to changed underneath and is read again.
    pub fn undone(&self, rows: u64) {
        self.in_stage(|stage| stage.done = stage.done.saturating_sub(rows));
    }

    /// Ends the stage at work.
    pub fn end(&self) {
        let ended = self.update(|state| {
            let stage = state.progress.stage?;
            let gauge = &mut state.progress.stages[stage as usize];
            gauge.state = StageState::Done;
            gauge.elapsed = state.stage_started.elapsed();
            Some((stage, gauge.done))
        });
        if let Some((stage, rows)) = ended {
            self.observer.notice(Notice::StageDone(stage, rows));
        }
    }

    /// Marks the stage at work as failed.
    pub fn fail(&self) {
        self.in_stage(|stage| stage.state = StageState::Failed);
    }

    /// Marks the stage at work as stopped, to be gone on with.
    pub fn pause(&self) {
        self.in_stage(|stage| stage.state = StageState::Paused);
    }

    /// A request is repeated.
    pub fn retrying(&self, trouble: &odata::Trouble) {
        let (repeat, error) = (Repeat::of(trouble), trouble.error.clone());
        let last = LastRepeat { repeat, at: self.started.elapsed(), error: error.clone() };
        self.update(|state| {
            state.progress.last_repeat = Some(Box::new(last));
            if let Some(stage) = state.progress.stage {
                let gauge = &mut state.progress.stages[stage as usize];
                gauge.retries += 1;
                gauge.state = StageState::Retrying;
            }
        });
        self.observer.notice(Notice::Retrying(self.stage(), repeat, error, trouble.path.clone()));
    }

    /// Rows could not be read.
    pub fn rejected(&self, set: String, row: RejectedRow) {
        self.in_stage(|stage| stage.rejected += 1);
        self.observer.notice(Notice::Rejected { set, key: row.key, field: row.field, fault: row.fault });
    }

    /// Anything else worth a line.
    pub fn notice(&self, notice: Notice) {
        self.observer.notice(notice);
    }

    /// Publication is done: the one moment that shows 100 %.
    pub fn published(&self) {
        self.update(|state| state.progress.overall = 100);
    }

    /// The state as it stands.
    pub fn progress(&self) -> Progress {
        self.state().progress.clone()
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn stage(&self) -> Stage {
        self.state().progress.stage.unwrap_or(Stage::Preparing)
    }

    fn in_stage(&self, change: impl FnOnce(&mut StageProgress)) {
        self.update(|state| {
            if let Some(stage) = state.progress.stage {
                change(&mut state.progress.stages[stage as usize]);
            }
        });
    }

    fn update<R>(&self, change: impl FnOnce(&mut ReporterState) -> R) -> R {
        let mut state = self.state();
        let result = change(&mut state);
        let elapsed = state.stage_started.elapsed();
        if let Some(stage) = state.progress.stage {
            let gauge = &mut state.progress.stages[stage as usize];
            if gauge.is_at_work() {
                gauge.elapsed = elapsed;
            }
            let reached = overall(stage, gauge.percent());
            state.progress.overall = state.progress.overall.max(reached);
        }
        state.progress.elapsed = self.started.elapsed();
        if let Some(meter) = &self.meter {
            let before = state.progress.bytes;
            (state.progress.requests, state.progress.bytes) = meter();
            if state.progress.bytes != before {
                state.progress.heard = state.progress.elapsed;
            }
        }
        // Told under the lock: two tasks must not tell their states in the wrong order.
        self.observer.progress(&state.progress);
        result
    }

    fn state(&self) -> MutexGuard<'_, ReporterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The overall percentage while `stage` stands at `percent`; 100 is kept for a publication that is done.
fn overall(stage: Stage, percent: u8) -> u8 {
    let (from, to) = stage.share();
    let part = u16::from(to - from) * u16::from(percent) / 100;
    (from + u8::try_from(part).unwrap_or(to - from)).min(99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_stages() {
        let cases = [
            (Stage::Cards, 0, 10),
            (Stage::Cards, 100, 40),
            (Stage::OpeningBalances, 0, 42),
            (Stage::OpeningBalances, 100, 50),
            (Stage::Purchases, 50, 70),
            (Stage::Points, 100, 98),
            (Stage::Publishing, 100, 99),
        ];
        for (stage, percent, expected) in cases {
            assert_eq!(overall(stage, percent), expected, "{stage:?} at {percent} %");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn i21_overall_never_runs_backwards_and_ends_at_100_only_when_published() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        let mut last = 0;
        for stage in Stage::ALL {
            reporter.begin(stage);
            reporter.expect(10);
            for _ in 0..10 {
                reporter.done(1);
                // A set that grew while it was read expects more: the gauge may step back, the whole may not.
                reporter.expect(1);
                let overall = reporter.progress().overall;
                assert!(overall >= last && overall < 100);
                last = overall;
            }
            reporter.end();
        }
        reporter.published();
        assert_eq!(reporter.progress().overall, 100);
    }

    const fn work(rows: u64, to_confirm: u64) -> StageWork {
        StageWork { rows, to_confirm }
    }

    #[tokio::test(start_paused = true)]
    async fn a_promise_only_becomes_less() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        reporter.plan(Stage::Cards, work(300, 300));
        reporter.begin(Stage::Cards);
        let at = || *reporter.progress().of(Stage::Cards);
        assert_eq!(
            (at().total, at().percent()),
            (Some(300), 0),
            "cards and owners are counted before it begins"
        );
        reporter.done(100);
        reporter.confirmed(100);
        assert_eq!(at().percent(), 33);
        reporter.no_more_than(work(50, 0));
        assert_eq!((at().total, at().to_confirm, at().rest()), (Some(150), 100, Some(50)));
        reporter.no_more_than(work(5_000, 5_000));
        assert_eq!((at().total, at().to_confirm), (Some(150), 100), "it never grows");
        reporter.expect(900);
        assert_eq!(at().total, Some(150));
        reporter.done(70);
        assert_eq!(
            (at().percent(), at().rest()),
            (99, Some(0)),
            "it reads more than it promised: done is another thing"
        );
        reporter.begin_again();
        assert_eq!((at().done, at().total, at().percent(), at().rest()), (0, None, 0, None));
        reporter.end();
        assert_eq!(at().percent(), 100);
    }

    /// What an earlier attempt read counts as done, and not into the rate: nobody is told of hours that are seconds.
    #[tokio::test(start_paused = true)]
    async fn what_was_read_before_is_credited_and_no_speed() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        reporter.plan(Stage::Points, work(6_020, 0));
        reporter.begin(Stage::Points);
        reporter.credit(6_000);
        let progress = reporter.progress();
        assert_eq!(progress.of(Stage::Points).percent(), 99);
        assert_eq!((progress.pace, progress.rate(), progress.left()), (None, 0, None));
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(1)).await;
            reporter.done(1);
        }
        let progress = reporter.progress();
        assert_eq!(progress.rate(), 1);
        assert_eq!(progress.stage_left(), Some(Duration::from_secs(10)));
    }

    /// Bytes are heard where no row is counted; where nothing comes it is told without a row.
    #[tokio::test(start_paused = true)]
    async fn what_is_heard_of_1c_is_told_while_it_is_silent() {
        let bytes = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let read = Arc::clone(&bytes);
        let order = std::sync::atomic::Ordering::Relaxed;
        let reporter = Reporter::new(Arc::new(Unobserved))
            .metered(move || (1, read.load(order)))
            .patient(Duration::from_secs(180));
        reporter.begin(Stage::Preparing);
        let listened = async |seconds| {
            let _ = tokio::time::timeout(Duration::from_secs(seconds), reporter.listen()).await;
            reporter.progress()
        };
        assert_eq!(listened(5).await.silence(), None);
        assert!(listened(4).await.silence() >= Some(Duration::from_secs(8)));
        bytes.store(10, order);
        let progress = listened(3).await;
        assert_eq!((progress.silence(), progress.patience.as_secs()), (None, 180));
        assert!(listened(60).await.silence() > Some(Duration::from_secs(50)));
        reporter.begin(Stage::Cards);
        assert_eq!(reporter.progress().silence(), None, "the next stage has only begun");
    }

    proptest::proptest! {
        /// At a steady rate the time left of the whole never grows, through all stages; and no stage promises more than
        /// it did when the first time left was shown.
        #[test]
        fn at_a_steady_rate_the_whole_never_takes_longer(
            pages in proptest::collection::vec(1_u64..40, 4),
            credited in proptest::collection::vec(0_u64..100_000, 4),
            rows in 1_u64..2_000,
            every in 100_u64..8_000,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            runtime.block_on(async {
                let reporter = Reporter::new(Arc::new(Unobserved));
                let stages = [Stage::Cards, Stage::OpeningBalances, Stage::Purchases, Stage::Points];
                for (at, stage) in stages.into_iter().enumerate() {
                    reporter.plan(stage, work(pages[at] * rows + credited[at], 0));
                }
                let (mut left, mut overall) = (None, 0);
                for (at, stage) in stages.into_iter().enumerate() {
                    reporter.begin(stage);
                    reporter.credit(credited[at]);
                    let total = reporter.progress().of(stage).total;
                    for _ in 0..pages[at] {
                        tokio::time::advance(Duration::from_millis(every)).await;
                        reporter.done(rows);
                        let now = reporter.progress();
                        // A millisecond is the clock's, not the rule's.
                        let slack = Duration::from_millis(5);
                        if let (Some(before), Some(after)) = (left, now.left()) {
                            assert!(after <= before + slack, "{before:?}, then {after:?}");
                        }
                        left = now.left().or(left);
                        assert!(now.overall >= overall && now.overall < 100);
                        overall = now.overall;
                        assert_eq!(now.of(stage).total, total);
                    }
                    reporter.end();
                }
            });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_shows_until_the_next_rows_arrive() {
        let reporter = Reporter::new(Arc::new(Unobserved));
        reporter.begin(Stage::Cards);
        reporter.retrying(&odata::Trouble {
            set: None,
            path: String::new(),
            attempt: 1,
            repeat: (1, 5),
            error: odata::Error::Cut,
            measure: odata::Measure::Retry,
            wait: Duration::from_secs(1),
        });
        assert_eq!(reporter.progress().of(Stage::Cards).state, StageState::Retrying);
        reporter.done(1);
        assert_eq!(reporter.progress().of(Stage::Cards).state, StageState::Running);
        assert_eq!(reporter.progress().of(Stage::Cards).retries, 1);
    }

    /// Keeps all it is told.
    #[derive(Default)]
    struct Kept {
        told: Mutex<Vec<Progress>>,
        notices: Mutex<Vec<Notice>>,
    }

    impl Observer for Kept {
        fn progress(&self, progress: &Progress) {
            self.told.lock().unwrap().push(progress.clone());
        }

        fn notice(&self, notice: Notice) {
            self.notices.lock().unwrap().push(notice);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_change_is_told_with_how_long_the_stage_takes() {
        let kept = Arc::new(Kept::default());
        let reporter = Reporter::new(Arc::clone(&kept) as Arc<dyn Observer>);
        let second = Duration::from_secs(1);
        reporter.begin(Stage::Cards);
        reporter.expect(7);
        // What was promised holds.
        reporter.expect(3);
        tokio::time::advance(second).await;
        reporter.done(4);
        tokio::time::advance(second).await;
        reporter.end();
        tokio::time::advance(second).await;
        reporter.begin(Stage::Purchases);
        let of_cards = |told: &Progress| {
            let gauge = told.of(Stage::Cards);
            (gauge.state, gauge.total, gauge.done, gauge.elapsed)
        };
        let told: Vec<_> = kept.told.lock().unwrap().iter().map(of_cards).collect();
        let (running, done, nothing) = (StageState::Running, StageState::Done, Duration::ZERO);
        assert_eq!(
            told,
            [
                (running, None, 0, nothing),
                (running, Some(7), 0, nothing),
                (running, Some(7), 0, nothing),
                (running, Some(7), 4, second),
                (done, Some(7), 4, 2 * second),
                (done, Some(7), 4, 2 * second),
            ]
        );
        let notices = [
            Notice::StageStarted(Stage::Cards),
            Notice::StageDone(Stage::Cards, 4),
            Notice::StageStarted(Stage::Purchases),
        ];
        assert_eq!(*kept.notices.lock().unwrap(), notices);
    }
}
