//! `sverka reconcile`: compares the whole base with 1C and writes it out.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use indicatif::ProgressDrawTarget;
use tokio::task::block_in_place;
use tokio_util::sync::CancellationToken;

use crate::cli::args::{self, Global};
use crate::cli::attach::{Attached, Lost, problem_of};
use crate::cli::clock;
use crate::cli::house::{FileWish, ReconcileWish};
use crate::cli::metrics::MetricsFile;
use crate::cli::session::{EarlyEnd, Session, exit_code};
use crate::cli::{ExitCode, console};
use crate::dashboard::app::{Answer, ExportFormat, Failure, TaskReport};
use crate::dashboard::desk::base_export;
use crate::domain::reconcile::{Standing, Summary};
use crate::engine::Error;
use crate::engine::event::Notice;
use crate::engine::reconcile::{Options, Phase, Progress, Reconciliation, Watcher};
use crate::files::{Draft, Place, Refusal, Replace, Wish, Writing, folder_of};
use crate::report::Reader;
use crate::report::export::Format;
use crate::report::log::LogEntry;
use crate::report::progress::Reconciling;
use crate::report::reconcile::{Head, Written, written};
use crate::text::{Problem, Texts, Value};

pub(super) async fn run(
    global: &Global,
    options: &args::Reconcile,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_onec(global, &args::SyncArgs::default()).await?;
    let format = format(&session, options)?;
    refuse_one_file_for_two(&session, options)?;
    // Before 1C is asked for anything: nobody waits for minutes to learn that a file is in the way.
    let place = block_in_place(|| Out::choose(&session, options)).map_err(|refusal| {
        // Whoever ended the wait for the reader of a pipe knows why it ended.
        let is_over = interrupted.is_cancelled();
        if is_over { EarlyEnd(ExitCode::Interrupted) } else { refused(&session, options, &refusal) }
    })?;
    let metrics = MetricsFile::of(options.metrics.metrics.as_deref(), &session)?;
    let watcher = Arc::new(Telling::new(session.texts));
    let how = Options { live: options.live, worst: options.worst };
    let began = Instant::now();
    let engine = Attached::find(&session.engine, session.texts, global).await;
    let reconciled = match engine {
        Some(engine) => by_engine(engine, how, &watcher, interrupted).await,
        None => by_itself(&session, how, &watcher, interrupted).await,
    };
    watcher.finish();
    let told = reconciled.as_ref().ok().map(|it| (&it.head, it.requests));
    let left = metrics.after_reconcile(&session, began.elapsed(), told).await;
    let reconciled = reconciled.map_err(|failed| failed.told(session.texts))?;
    write_out(&session, options, format, place, &reconciled.base, interrupted).await?;
    if let Some((problem, _)) = &reconciled.failure {
        console::problem(problem, session.texts);
    }
    session.tell_remark();
    let under = &reconciled.head.terms.under;
    for finding in under.findings() {
        console::finding(&finding, session.texts);
    }
    // Names that nothing bears prove nothing, whatever was compared by them.
    let doubted = if under.are_names_in_doubt() { ExitCode::Difference } else { ExitCode::Done };
    let found = verdict_code(&reconciled.head.summary, options).worst_of(doubted).worst_of(left);
    Ok(found.worst_of(reconciled.failure.map(|(_, code)| code).unwrap_or_default()))
}

/// A base that was reconciled: what it comes to, and where its cards are.
struct Found {
    base: Base,
    head: Head,
    requests: u64,
    /// Why 1C could not be asked to the end.
    failure: Option<(Problem, ExitCode)>,
}

/// Where the cards of a reconciliation are.
enum Base {
    Here(Arc<Reconciliation>),
    /// In the engine, under this number.
    There(Box<Attached>, u64),
}

/// Why nothing was found.
enum NotFound {
    /// Whoever pressed the key knows why.
    Interrupted,
    Failed(Problem, ExitCode),
    /// The engine went away.
    Lost,
}

impl NotFound {
    fn told(self, texts: Texts) -> EarlyEnd {
        match self {
            Self::Interrupted => EarlyEnd(ExitCode::Interrupted),
            Self::Failed(problem, code) => {
                console::problem(&problem, texts);
                EarlyEnd(code)
            }
            Self::Lost => {
                console::problem(&texts.problem("engine-gone", &[]), texts);
                EarlyEnd(ExitCode::OneC)
            }
        }
    }
}

async fn by_itself(
    session: &Session,
    how: Options,
    watcher: &Arc<Telling>,
    interrupted: &CancellationToken,
) -> Result<Found, NotFound> {
    let done = session.engine.reconcile(how, Arc::clone(watcher) as _, interrupted).await;
    let done = done.map_err(|error| match error {
        Error::Cancelled => NotFound::Interrupted,
        error => NotFound::Failed(session.problem(&error), exit_code(&error)),
    })?;
    Ok(Found {
        head: base_export::head(&done, done.order.len() as u64),
        requests: done.requests,
        failure: done.failure.as_deref().map(|error| (session.problem(error), exit_code(error))),
        base: Base::Here(Arc::new(done)),
    })
}

/// The same by the engine that runs. Interrupted, it gives it up.
async fn by_engine(
    engine: Attached,
    how: Options,
    watcher: &Arc<Telling>,
    interrupted: &CancellationToken,
) -> Result<Found, NotFound> {
    let tell = |report| match report {
        TaskReport::Reconcile(progress) => watcher.progress(progress),
        TaskReport::Notice(notice) => watcher.notice(notice),
        _ => {}
    };
    let wish = ReconcileWish { live: how.live, worst: how.worst };
    let end = tokio::select! {
        biased;
        () = interrupted.cancelled() => return Err(NotFound::Interrupted),
        end = engine.reconcile(wish, tell) => end,
    };
    let (number, answer) = end.map_err(|Lost| NotFound::Lost)?;
    let worded = |failure: Failure| {
        let code = if failure.code.starts_with("store-") { ExitCode::Store } else { ExitCode::OneC };
        (problem_of(failure), code)
    };
    let done = match answer {
        Ok(Answer::Reconciled(done)) => *done,
        Ok(_) => return Err(NotFound::Lost),
        Err(failure) => {
            let (problem, code) = worded(failure);
            return Err(NotFound::Failed(problem, code));
        }
    };
    let head = Head {
        rows: done.summary.cards,
        summary: done.summary,
        terms: done.terms,
        is_live: how.live,
        knows_turnovers: done.knows_turnovers,
        has_failed: done.failure.is_some(),
        unread: done.unread,
        moving: done.moving,
    };
    let (requests, failure) = (done.requests, done.failure.map(worded));
    Ok(Found { base: Base::There(Box::new(engine), number), head, requests, failure })
}

/// What the shell is told of what was found.
fn verdict_code(it: &Summary, options: &args::Reconcile) -> ExitCode {
    let has_variance = match options.fail_over {
        Some(sum) => it.absolute_variance > sum,
        None => it.variances > 0,
    };
    let is_strict = options.strict && (it.before_window > 0 || it.unverified > 0);
    if has_variance || is_strict { ExitCode::Difference } else { ExitCode::Done }
}

fn format(session: &Session, options: &args::Reconcile) -> Result<Format, EarlyEnd> {
    let is_terminal = options.output.is_none() && io::stdout().is_terminal();
    match options.format(session.json) {
        Some(args::FormatArg::Table) => Ok(Format::Table),
        Some(args::FormatArg::Csv) => Ok(Format::Csv { bom: options.bom }),
        Some(args::FormatArg::Json) => Ok(Format::Json),
        Some(args::FormatArg::Xlsx) if is_terminal => Err(usage(session, "export-terminal", &[])),
        Some(args::FormatArg::Xlsx) => Ok(Format::Xlsx),
        None => Err(usage(session, "export-two-formats", &[])),
    }
}

/// The second would replace the first, or be refused by it when all is done.
fn refuse_one_file_for_two(session: &Session, options: &args::Reconcile) -> Result<(), EarlyEnd> {
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let (output, metrics) = (options.output.as_deref(), options.metrics.metrics.as_deref());
    let is_same = output.and_then(absolute).is_some_and(|it| metrics.and_then(absolute) == Some(it));
    match output.filter(|_| is_same) {
        None => Ok(()),
        Some(path) => Err(usage(session, "export-and-metrics", &[("path", path.into())])),
    }
}

fn usage(session: &Session, code: &'static str, values: &[(&'static str, Value<'_>)]) -> EarlyEnd {
    console::problem(&session.texts.problem(code, values), session.texts);
    EarlyEnd(ExitCode::Usage)
}

fn refused(session: &Session, options: &args::Reconcile, refusal: &Refusal) -> EarlyEnd {
    let problem = match (output(options), refusal) {
        (Some(path), refusal) => session.texts.refused(path, refusal),
        (None, Refusal::Io(error)) => session.texts.no_output(error),
        (None, refusal) => session.texts.refused(Path::new("-"), refusal),
    };
    console::problem(&problem, session.texts);
    EarlyEnd(ExitCode::Usage)
}

/// Where rows are written while they come.
enum Out {
    Standard(BufWriter<io::Stdout>),
    /// A place that was looked at: a file there is whole or not at all.
    Place(Box<Writing>),
}

impl Out {
    /// The place asked for, ready to be written to.
    fn choose(session: &Session, options: &args::Reconcile) -> Result<(Self, PathBuf), Refusal> {
        let work = work_folder(&session.engine.config().store);
        let Some(path) = output(options) else {
            return Ok((Self::Standard(BufWriter::new(io::stdout())), work));
        };
        let replace = if options.force { Replace::Foreign } else { Replace::Nothing };
        let place = Place::find(&Wish { path, replace, mode: 0o600, kept: &session.kept })?;
        let work = place.folder().map_or(work, Path::to_owned);
        Ok((Self::Place(Box::new(place.begin()?)), work))
    }

    /// All is written.
    fn finish(self) -> Result<(), Refusal> {
        match self {
            Self::Standard(mut out) => Ok(out.flush()?),
            Self::Place(writing) => writing.finish(),
        }
    }
}

/// Where a format that has to put something aside does so while no file is written: beside the store, which nobody
/// else may look into either, else where temporary files go.
fn work_folder(store: &Path) -> PathBuf {
    let folder = folder_of(store);
    if Draft::in_folder(folder, 0o600).is_ok() { folder.to_owned() } else { std::env::temp_dir() }
}

/// The file asked for; `None` for standard output.
fn output(options: &args::Reconcile) -> Option<&Path> {
    options.output.as_deref().filter(|path| path.as_os_str() != "-")
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Place(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Place(out) => out.flush(),
        }
    }
}

async fn write_out(
    session: &Session,
    options: &args::Reconcile,
    format: Format,
    (out, work): (Out, PathBuf),
    base: &Base,
    interrupted: &CancellationToken,
) -> Result<(), EarlyEnd> {
    let wish = file_wish(options, format, session.reader());
    let is_standard = matches!(out, Out::Standard(_));
    let writing = async {
        match base {
            Base::Here(done) => {
                let wanted = move |standing: &Standing| wish.has(standing.verdict);
                let (engine, tell) = (&session.engine, |_| ControlFlow::Continue(()));
                let to = (out, work.as_path());
                let written = base_export::write(engine, done, wanted, format, session.reader(), to, tell);
                written.await.map_err(|error| session.ended_by(&error))
            }
            Base::There(engine, number) => fetched(session, engine, *number, &wish, out).await,
        }
    };
    let written = tokio::select! {
        biased;
        () = interrupted.cancelled() => return Err(EarlyEnd(ExitCode::Interrupted)),
        written = writing => written?,
    };
    let written = match written {
        Ok((out, written)) => block_in_place(|| out.finish()).map(|()| written),
        Err(error) => Err(error.into()),
    };
    let written = match written {
        Ok(written) => written,
        Err(_) if interrupted.is_cancelled() => return Err(EarlyEnd(ExitCode::Interrupted)),
        // A reader that went away (`sverka reconcile | head`) is no failure.
        Err(Refusal::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe && is_standard => return Ok(()),
        Err(refusal) => return Err(refused(session, options, &refusal)),
    };
    console::tell(&self::written(&written, output(options), session.texts));
    Ok(())
}

/// What is written: all cards, or those that the exit code tells of.
fn file_wish(options: &args::Reconcile, format: Format, reader: Reader) -> FileWish {
    FileWish {
        format: match format {
            Format::Csv { bom: false } => ExportFormat::Csv,
            Format::Csv { bom: true } => ExportFormat::CsvBom,
            Format::Xlsx => ExportFormat::Xlsx,
            Format::Json => ExportFormat::Json,
            Format::Table => ExportFormat::Table,
        },
        only_variances: options.only_variances,
        strict: options.strict,
        offset_s: reader.offset.local_minus_utc(),
    }
}

/// The file as the engine made it, written out as it comes.
async fn fetched(
    session: &Session,
    engine: &Attached,
    number: u64,
    wish: &FileWish,
    mut out: Out,
) -> Result<io::Result<(Out, Written)>, EarlyEnd> {
    let lost = |Lost| NotFound::Lost.told(session.texts);
    let (told, mut file) = match engine.file_of(number, wish).await.map_err(lost)? {
        Ok(file) => file,
        Err(failure) => {
            console::problem(&problem_of(failure), session.texts);
            return Err(EarlyEnd(ExitCode::Store));
        }
    };
    while let Some(chunk) = file.chunk().await.map_err(|_| lost(Lost))? {
        if let Err(error) = block_in_place(|| out.write_all(&chunk)) {
            return Ok(Err(error));
        }
    }
    Ok(Ok((out, told)))
}

/// Tells a running reconciliation on standard error.
struct Telling {
    narrator: Option<Mutex<Reconciling<io::Stderr>>>,
    texts: Texts,
}

impl Telling {
    fn new(texts: Texts) -> Self {
        let terminal = console::is_watched().then(ProgressDrawTarget::stderr);
        let narrator = || Mutex::new(Reconciling::new(io::stderr(), terminal, clock::reader(texts)));
        Self { narrator: (!console::tells_json()).then(narrator), texts }
    }

    fn with(&self, tell: impl FnOnce(&mut Reconciling<io::Stderr>)) {
        if let Some(narrator) = &self.narrator {
            tell(&mut narrator.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn finish(&self) {
        self.with(Reconciling::finish);
    }
}

impl Watcher for Telling {
    fn progress(&self, progress: Progress) {
        let what = self.texts.get(match progress.phase {
            Phase::Sums => "report-base-sums",
            Phase::OpeningBalances => "report-base-opening",
            Phase::Cards => "report-base-listing",
            Phase::Comparing => "report-base-comparing",
            Phase::Lines => "report-base-lines",
        });
        self.with(|it| it.progress(&what, progress.done, progress.total));
    }

    fn notice(&self, notice: Notice) {
        LogEntry::of_notice(&notice, clock::reader(self.texts)).write();
        self.with(|it| it.notice(&notice));
    }
}
