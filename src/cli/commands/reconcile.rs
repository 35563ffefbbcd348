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
use crate::cli::metrics::MetricsFile;
use crate::cli::session::{EarlyEnd, Session, exit_code};
use crate::cli::{ExitCode, console};
use crate::dashboard::desk::base_export;
use crate::domain::Verdict;
use crate::domain::reconcile::{Standing, Summary};
use crate::engine::Error;
use crate::engine::event::Notice;
use crate::engine::reconcile::{Options, Phase, Progress, Reconciliation, Watcher};
use crate::files::{Draft, Place, Refusal, Replace, Wish, Writing, folder_of};
use crate::report::export::Format;
use crate::report::log::LogEntry;
use crate::report::progress::Reconciling;
use crate::report::reconcile::written;
use crate::text::{Texts, Value};

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
    let reconciled = session.engine.reconcile(how, Arc::clone(&watcher) as _, interrupted).await;
    watcher.finish();
    let told = reconciled.as_ref().ok().map(|it| (base_export::head(it, it.order.len() as u64), it.requests));
    let told = told.as_ref().map(|(head, requests)| (head, *requests));
    metrics.after_reconcile(&session, began.elapsed(), told).await;
    let reconciled = Arc::new(reconciled.map_err(|error| match error {
        // Whoever pressed the key knows why.
        Error::Cancelled => EarlyEnd(ExitCode::Interrupted),
        error => session.ended_by(&error),
    })?);
    write_out(&session, options, format, place, &reconciled, interrupted).await?;
    if let Some(error) = &reconciled.failure {
        console::problem(&session.problem(error), session.texts);
    }
    session.tell_remark();
    let under = &reconciled.terms.under;
    for finding in under.findings() {
        console::finding(&finding, session.texts);
    }
    // Names that nothing bears prove nothing, whatever was compared by them.
    let doubted = if under.are_names_in_doubt() { ExitCode::Difference } else { ExitCode::Done };
    let found = verdict_code(&reconciled.summary, options).worst_of(doubted);
    Ok(found.worst_of(reconciled.failure.as_deref().map(exit_code).unwrap_or_default()))
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
    reconciled: &Arc<Reconciliation>,
    interrupted: &CancellationToken,
) -> Result<(), EarlyEnd> {
    let listing = Listing::of(options);
    let wanted = move |standing: &Standing| listing.has(standing.verdict);
    let tell = |_| ControlFlow::Continue(());
    let is_standard = matches!(out, Out::Standard(_));
    let writing =
        base_export::write(&session.engine, reconciled, wanted, format, session.reader(), (out, &work), tell);
    let written = tokio::select! {
        biased;
        () = interrupted.cancelled() => return Err(EarlyEnd(ExitCode::Interrupted)),
        written = writing => written.map_err(|error| session.ended_by(&error))?,
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

/// Which cards are listed: all, or those that the exit code tells of.
#[derive(Clone, Copy)]
struct Listing {
    only_variances: bool,
    strict: bool,
}

impl Listing {
    fn of(options: &args::Reconcile) -> Self {
        Self { only_variances: options.only_variances, strict: options.strict }
    }

    fn has(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Variance => true,
            Verdict::BeforeWindow | Verdict::Unverified => !self.only_variances || self.strict,
            Verdict::Reconciled | Verdict::UnknownCard => !self.only_variances,
        }
    }
}

/// Tells a running reconciliation on standard error.
struct Telling {
    narrator: Option<Mutex<Reconciling<io::Stderr>>>,
    texts: Texts,
}

impl Telling {
    fn new(texts: Texts) -> Self {
        let terminal = console::is_watched().then(ProgressDrawTarget::stderr);
        let narrator = || Mutex::new(Reconciling::new(io::stderr(), terminal, texts));
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
        LogEntry::of_notice(&notice, self.texts).write();
        self.with(|it| it.notice(&notice));
    }
}
