//! The engine behind the dashboard: each question answered by it, its failures worded.

pub mod base_export;
mod copies;
pub mod memory;
mod settings;

pub use settings::SettingsWatch;

use std::collections::VecDeque;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use futures_util::future::BoxFuture;

use super::app::{
    Answer, Ask, By, Copied, CopyPlace, CustomerDetail, ExportFormat, Exported, Failure, FailureKind,
    FileOrder, Kept, ListPart, Listed, LiveCheck, PastRun, Portal, RawFields, ReconcileProgress, Reconciled,
    Request, SearchReply, SetUpWish, StoreStatus, TaskId, TaskReport, Wanted,
};
use super::runtime::{Backend, TaskContext};
use crate::domain::{CardId, Verdict};
use crate::engine::reconcile::{Options, Reconciliation, Watcher};
use crate::engine::{Engine, Pulse, Side, SyncOptions, Whom};
use crate::report::log;
use crate::report::problem::Scene;
use crate::report::{Reader, export};
use crate::sync::event::{Notice, Progress, SyncSummary};
use crate::sync::{Error, Observer, SyncMode};
use crate::text::{Problem, Texts};

/// A base that was reconciled, under the number the dashboard knows it by.
type Numbered = (TaskId, Arc<Reconciliation>);

/// What the dashboard asks, answered by the engine, with failures worded.
#[derive(Clone)]
pub struct Desk {
    engine: Arc<Engine>,
    texts: Texts,
    setting: DeskSetting,
    /// The bases that were reconciled last, the latest first.
    bases: Arc<Mutex<VecDeque<Numbered>>>,
}

/// What the engine does not know of whom it serves.
#[derive(Clone, Debug)]
pub struct DeskSetting {
    /// Whether 1C is the simulated one.
    pub is_demo: bool,
    /// Who makes the settings, where there are none.
    pub set_up: Option<Arc<dyn SetUp>>,
    /// The file that settings were read from, watched.
    pub settings: Option<SettingsWatch>,
    /// How many reconciled bases are kept: each terminal of an engine lists its own.
    pub bases: usize,
    /// The reader's offset from UTC at a moment.
    pub offset_at: fn(DateTime<Utc>) -> FixedOffset,
}

/// Who makes the first settings.
pub trait SetUp: std::fmt::Debug + Send + Sync {
    /// Tries what the form says, tells `task` how far that is, and writes it down once 1C lets in. Dropped, it leaves
    /// nothing.
    fn set_up(self: Arc<Self>, wish: SetUpWish, task: TaskContext)
    -> BoxFuture<'static, Result<(), Problem>>;
}

impl Desk {
    /// Over an engine, in the language of these phrases.
    pub fn new(engine: Arc<Engine>, texts: Texts, setting: DeskSetting) -> Self {
        Self { engine, texts, setting, bases: Arc::default() }
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(&self, texts: Texts) -> Self {
        Self { texts, ..self.clone() }
    }

    fn failure(&self, error: &Error) -> Failure {
        let mut failure = Failure { kind: kind_of(error), ..worded(self.problem(error)) };
        if error.is_nothing_stored() {
            // Here a key does it, not a command.
            failure.remedy = self.texts.get("dash-remedy-first-sync").into_owned();
        }
        failure
    }

    fn problem(&self, error: &Error) -> Problem {
        Scene { texts: self.texts, store: Some(&self.engine.config().store) }.of_sync(error)
    }

    async fn answer(&self, ask: Ask, task: TaskContext) -> Result<Answer, Failure> {
        Ok(match ask {
            Ask::Search(request) => Answer::Found(self.found(request).await?),
            Ask::Open(card) => Answer::Opened(Box::new(self.stored(card).await?)),
            Ask::Check(card) => Answer::Checked(Box::new(self.checked(card, task).await?)),
            Ask::DocumentTypes => {
                let found = self.engine.document_types().await.map_err(|error| self.failure(&error))?;
                Answer::DocumentTypes(Box::new(found))
            }
            Ask::RawAnswer(sent) => {
                let answer = self.engine.raw_answer(&sent).await.map_err(|error| self.failure(&error))?;
                Answer::RawAnswer(Box::new(answer))
            }
            Ask::Fields(card) => Answer::Fields(self.raw_fields(card).await?),
            Ask::Portal(card) => Answer::Portal(self.before_and_after(card).await?.map(Box::new)),
            Ask::Reconcile(by) => Answer::Reconciled(Box::new(self.reconciled_base(by, task).await?)),
            Ask::List { of, wanted, part } => Answer::Listed(self.listed(of, wanted, part).await?),
            Ask::Export(order) => Answer::Exported(self.exported(order, task).await?),
            Ask::Save { name, text } => Answer::Copied(Some(self.saved(name, text).await?)),
            Ask::Sync => Answer::Synced(Box::new(self.synced(task).await?)),
            // Here nobody else has syncs, and there is no engine but this one.
            Ask::Follow(_) => return Err(worded(self.texts.problem("engine-lost", &[]))),
            Ask::Engine => Answer::Done,
            Ask::Status => Answer::Status(Box::new(self.standing().await)),
            Ask::Watch(known) => Answer::Watched(self.noticed(known.as_ref()).await),
            Ask::WatchSettings => Answer::Told(self.settings_changed().await),
            Ask::Verify => {
                self.engine.verify_store().await.map_err(|error| self.failure(&error))?;
                Answer::Done
            }
            Ask::SetUp(wish) => self.settings_made(wish, task).await?,
            Ask::Keep(kept) => self.kept(&kept),
        })
    }

    /// What changed in the file of settings, once something does.
    async fn settings_changed(&self) -> String {
        match &self.setting.settings {
            Some(watch) => watch.changed(self.texts).await,
            None => std::future::pending().await,
        }
    }

    /// What is seen of the store as soon as it is not what is known.
    async fn noticed(&self, known: Option<&Pulse>) -> Pulse {
        loop {
            let pulse = self.engine.pulse().await;
            if known != Some(&pulse) {
                return pulse;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What is to be said once of the comparisons beside the store, or of the log.
    fn remark(&self) -> Option<String> {
        let remark = self.engine.take_remark().map(|remark| self.texts.checks_remark(&remark));
        remark.or_else(log::take_trouble)
    }

    async fn stored(&self, card: CardId) -> Result<CustomerDetail, Failure> {
        let detail = self.engine.detail(card).await.map_err(|error| self.failure(&error))?;
        detail.ok_or_else(|| worded(self.texts.problem("card-gone", &[])))
    }

    async fn checked(&self, card: CardId, task: TaskContext) -> Result<LiveCheck, Failure> {
        let observer = Arc::new(Tried(task));
        let checked = self.engine.check_told(&Whom::Key(card), Side::Live, observer).await;
        let checked = checked.map_err(|error| self.failure(&error))?;
        match (checked.failure, checked.comparisons.into_iter().next()) {
            (Some(error), _) => Err(self.failure(&error)),
            (None, Some(comparison)) => Ok(LiveCheck { comparison, requests: checked.requests }),
            (None, None) => Err(worded(self.texts.problem("card-gone", &[]))),
        }
    }

    async fn raw_fields(&self, card: CardId) -> Result<RawFields, Failure> {
        let fields = self.engine.raw_fields(card).await.map_err(|error| self.failure(&error))?;
        fields.ok_or_else(|| worded(self.texts.problem("card-gone", &[])))
    }

    async fn before_and_after(&self, card: Option<CardId>) -> Result<Option<Portal>, Failure> {
        match self.engine.portal(card).await {
            Err(error) if error.is_nothing_stored() => Ok(None),
            portal => portal.map_err(|error| self.failure(&error)),
        }
    }

    async fn settings_made(&self, wish: SetUpWish, task: TaskContext) -> Result<Answer, Failure> {
        if let Some(maker) = &self.setting.set_up {
            Arc::clone(maker).set_up(wish, task).await.map_err(worded)?;
        }
        Ok(Answer::Done)
    }

    /// A disk that refuses costs the order of a list: not worth a word to somebody who is leaving.
    fn kept(&self, kept: &Kept) -> Answer {
        if let Some(path) = &self.engine.config().ui.state {
            let _ = memory::keep(path, kept);
        }
        Answer::Done
    }

    /// Copies lie beside the store, which nobody else may look into either.
    async fn saved(&self, name: String, text: String) -> Result<Copied, Failure> {
        let folder = copies::folder(&self.engine.config().store);
        let characters = text.chars().count();
        let path = aside(move || copies::save(&folder, &name, &text)).await;
        let path = path.map_err(|error| self.unwritable(&error))?.display().to_string();
        Ok(Copied { characters, place: CopyPlace::File(path) })
    }

    /// Copies could not be written.
    fn unwritable(&self, error: &io::Error) -> Failure {
        let folder = copies::folder(&self.engine.config().store);
        let why = self.texts.writing(error);
        let values = [("path", folder.as_path().into()), ("why", why.into())];
        worded(self.texts.problem("copy-unwritable", &values))
    }

    async fn reconciled_base(&self, by: By, task: TaskContext) -> Result<Reconciled, Failure> {
        let options = Options { live: by == By::Lines, ..Options::default() };
        let done = self.reconcile(options, task).await.map_err(|error| self.failure(&error))?;
        Ok(told_of(&done, by, |error| self.failure(error)))
    }

    /// Reconciles the base, and keeps what came of it under the number of the task.
    pub async fn reconcile(&self, options: Options, task: TaskContext) -> Result<Arc<Reconciliation>, Error> {
        let (id, cancel) = (task.id, task.cancel.clone());
        let done = Arc::new(self.engine.reconcile(options, Arc::new(Watched(task)), &cancel).await?);
        let mut bases = self.bases();
        bases.push_front((id, Arc::clone(&done)));
        bases.truncate(self.setting.bases.max(1));
        Ok(done)
    }

    fn bases(&self) -> MutexGuard<'_, VecDeque<Numbered>> {
        self.bases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reconciliation kept under this number.
    pub fn base_of(&self, id: TaskId) -> Option<Arc<Reconciliation>> {
        self.bases().iter().find(|(kept, _)| *kept == id).map(|(_, base)| Arc::clone(base))
    }

    async fn listed(&self, id: TaskId, wanted: Wanted, part: ListPart) -> Result<Listed, Failure> {
        let base = self.newest_base(id).await?;
        let summary = Some(Box::new(base.summary.clone()));
        let listed = self.engine.reconciled_part(base, wanted, part).await;
        listed.map(|listed| Listed { summary, ..listed }).map_err(|error| self.failure(&error))
    }

    /// The same with every card as the newest of its comparisons tells it: what lists and the customer say as well.
    async fn newest_base(&self, id: TaskId) -> Result<Arc<Reconciliation>, Failure> {
        let base = self.base_of(id).ok_or_else(|| self.failure(&Error::StoreChanged))?;
        let newest = self.engine.by_newest(Arc::clone(&base)).await;
        let Some(newest) = newest.map_err(|error| self.failure(&error))? else { return Ok(base) };
        let newest = Arc::new(newest);
        if let Some((_, kept)) = self.bases().iter_mut().find(|(kept, _)| *kept == id) {
            *kept = Arc::clone(&newest);
        }
        Ok(newest)
    }

    /// A file of the base beside the store, the same as `sverka reconcile` writes. It has no name until it is whole.
    async fn exported(&self, order: FileOrder, task: TaskContext) -> Result<Exported, Failure> {
        let of = self.newest_base(order.of).await?;
        let now = self.engine.now();
        let reader = Reader { texts: self.texts, offset: (self.setting.offset_at)(now) };
        let folder = copies::folder(&self.engine.config().store);
        let place = folder.clone();
        let opened = aside(move || {
            let draft = copies::draft(&place)?;
            let out = BufWriter::new(draft.file().try_clone()?);
            Ok((draft, out))
        });
        let (draft, out) = opened.await.map_err(|error| self.unwritable(&error))?;
        let (format, kind) = format_of(order.format);
        let cancel = task.cancel.clone();
        let tell = move |rows| {
            if rows % EVERY == 0 {
                task.progress(TaskReport::Export(rows));
            }
            if task.cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let wanted = move |standing: &_| order.wanted.has(standing);
        let done = base_export::write(&self.engine, &of, wanted, format, reader, (out, &folder), tell).await;
        let done = done.map_err(|error| self.failure(&error))?;
        if cancel.is_cancelled() {
            return Err(self.failure(&Error::Cancelled));
        }
        let (_, done) = done.map_err(|error| self.unwritable(&error))?;
        let time = now.with_timezone(&reader.offset).format("%Y%m%d-%H%M%S");
        let stem = format!("reconcile{}-{time}", part_of_name(order.wanted));
        let kept = aside(move || copies::keep(draft, &folder, &stem, kind)).await;
        let path = kept.map_err(|error| self.unwritable(&error))?.display().to_string();
        Ok(Exported { path, rows: done.rows, onec: done.onec.of_all(), stored: done.stored })
    }

    async fn found(&self, request: Request) -> Result<SearchReply, Failure> {
        match self.engine.list(request).await {
            Err(error) if error.is_nothing_stored() => Ok(SearchReply::default()),
            found => found.map_err(|error| self.failure(&error)),
        }
    }

    /// A delta between full syncs: which of both it is, is the engine's to decide.
    async fn synced(&self, task: TaskContext) -> Result<SyncSummary, Failure> {
        let journal = task.clone();
        let options = SyncOptions { mode: SyncMode::Delta, ..SyncOptions::default() };
        let finished = self.engine.sync(options, Arc::new(Watched(task)), &journal.cancel).await;
        let finished = finished.map_err(|error| self.failure(&error))?;
        if let Some(delta) = finished.delta {
            journal.notice(Notice::Delta(delta));
        }
        match &finished.error {
            Some(error) if !matches!(error, Error::Cancelled) => Err(self.failure(error)),
            _ => Ok(finished.summary),
        }
    }

    /// The name of the infobase: what stands before `/odata/` in the address. Marked where it is no real
    /// one, and where its certificate is not checked.
    fn base_name(&self) -> String {
        let onec = &self.engine.config().onec;
        let base = onec.url.split("/odata/").next().unwrap_or(&onec.url);
        let mut name = base.rsplit('/').next().unwrap_or(base).to_owned();
        if self.setting.is_demo {
            name = format!("{name} {}", self.texts.get("demo-mark"));
        }
        if onec.accept_invalid_certificates {
            // In front, where no long name cuts it off.
            name = format!("{} {name}", self.texts.get("insecure-mark"));
        }
        name
    }

    async fn standing(&self) -> StoreStatus {
        let config = self.engine.config();
        let status = StoreStatus {
            base: self.base_name(),
            address: config.onec.url.clone(),
            stale_after: config.sync.stale_after,
            ..StoreStatus::default()
        };
        let Ok(standing) = self.engine.status().await else { return status };
        let (counts, findings) = (standing.counts(), standing.findings);
        let latest = standing.runs.iter().take(RUNS);
        let runs = latest.map(|run| PastRun { took: run.took, outcome: run.outcome }).collect();
        let status = StoreStatus { runs, left_off: standing.left_off, mirror: standing.mirror, ..status };
        let (Some(counts), Some(generation)) = (counts, standing.generation) else {
            return StoreStatus { last_run: standing.runs.first().map(Into::into), ..status };
        };
        StoreStatus {
            generation: Some(generation.id),
            synced_at: Some(generation.synced_at),
            oldest_read_at: standing.oldest_read_at,
            full_at: generation.basis.map(|basis| basis.full_at),
            deltas: generation.basis.map_or(0, |basis| basis.deltas),
            days: generation.window.days,
            cards: counts.cards,
            movements: counts.opening_balances.lines + counts.purchases.lines,
            variances: counts.variances,
            unlisted: standing.checked.unlisted,
            last_run: standing.runs.first().map(Into::into),
            remark: self.remark(),
            before_window: counts.before_window,
            unverified: counts.unverified,
            findings,
            ..status
        }
    }
}

impl Backend for Desk {
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        let desk = self.clone();
        Box::pin(async move { desk.answer(ask, task).await })
    }
}

/// What is told of a reconciliation without its cards; failures in these words.
pub fn told_of(done: &Reconciliation, by: By, failure: impl Fn(&Error) -> Failure) -> Reconciled {
    Reconciled {
        summary: done.summary.clone(),
        terms: done.terms.clone(),
        by,
        knows_turnovers: done.knows_turnovers,
        unread: done.unread,
        moving: done.moving,
        requests: done.requests,
        failure: done.failure.as_deref().map(failure),
    }
}

/// Passes on what a sync, or a reconciliation, tells.
struct Watched(TaskContext);

impl Watcher for Watched {
    fn progress(&self, progress: ReconcileProgress) {
        self.0.progress(TaskReport::Reconcile(progress));
    }

    fn notice(&self, notice: Notice) {
        self.0.notice(notice);
    }
}

impl Observer for Watched {
    fn progress(&self, progress: &Progress) {
        self.0.progress(TaskReport::Sync(Box::new(progress.clone())));
    }

    fn notice(&self, notice: Notice) {
        self.0.notice(notice);
    }
}

/// A check tells what has to be tried again, and nothing else.
struct Tried(TaskContext);

impl Observer for Tried {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        if matches!(notice, Notice::Retrying(..)) {
            self.0.notice(notice);
        }
    }
}

/// Runs that are told.
const RUNS: usize = 20;

/// Between two looks at what other processes do to the store.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Cards of a file between two reports.
const EVERY: u64 = 256;

/// How a base is written, and the ending of its file.
pub fn format_of(format: ExportFormat) -> (export::Format, &'static str) {
    match format {
        ExportFormat::Csv => (export::Format::Csv { bom: false }, "csv"),
        ExportFormat::CsvBom => (export::Format::Csv { bom: true }, "csv"),
        ExportFormat::Xlsx => (export::Format::Xlsx, "xlsx"),
        ExportFormat::Json => (export::Format::Json, "json"),
        ExportFormat::Table => (export::Format::Table, "txt"),
    }
}

/// What of the base a file holds, for its name; nothing where it holds all.
fn part_of_name(wanted: Wanted) -> String {
    let name = match wanted {
        Wanted::All => return String::new(),
        Wanted::Verdict(Verdict::Variance) => "variances",
        Wanted::Verdict(Verdict::Unverified) => "unverified",
        Wanted::Verdict(Verdict::BeforeWindow) => "before-window",
        Wanted::Verdict(Verdict::Reconciled) => "reconciled",
        Wanted::Verdict(Verdict::UnknownCard) => "unknown-card",
        Wanted::Cause(cause) => cause.name(),
    };
    format!("-{name}")
}

/// Waits for a disk where nobody else has to.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panic| Err(io::Error::other(panic)))
}

/// What of a failure decides what happens next.
pub fn kind_of(error: &Error) -> FailureKind {
    match error {
        Error::Odata(error) if error.is_passing() => FailureKind::Passing,
        Error::Store(error) if error.is_damage() => FailureKind::Damage,
        Error::StoreChanged => FailureKind::StoreChanged,
        error if error.is_held_elsewhere() => FailureKind::Elsewhere,
        _ => FailureKind::Told,
    }
}

/// A problem as it is handed on to whoever asked.
pub fn worded(problem: Problem) -> Failure {
    let Problem { code, message, remedy, said } = problem;
    Failure { code: code.to_owned(), message, remedy, said, ..Failure::default() }
}
