//! `sverka reconcile`: compares the whole base with 1C and writes it out.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use indicatif::ProgressDrawTarget;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use crate::cli::args::{self, Global};
use crate::cli::metrics::MetricsFile;
use crate::cli::session::{Ended, Session, exit_code};
use crate::cli::{ExitCode, base, console};
use crate::domain::Verdict;
use crate::domain::reconcile::{Standing, Summary};
use crate::engine::reconcile::{Options, Phase, Progress, Reconciliation, Watcher};
use crate::report::export::Format;
use crate::report::progress::Reconciling;
use crate::report::reconcile::written;
use crate::report::summary;
use crate::sync::Error;
use crate::sync::event::Notice;
use crate::text::Texts;

pub(super) async fn run(
    global: &Global,
    options: &args::Reconcile,
    interrupted: &CancellationToken,
) -> Result<ExitCode, Ended> {
    let session = Session::with_onec(global, &args::Sync::default()).await?;
    let format = format(&session, options)?;
    // Before 1C is asked for anything: nobody waits for minutes to learn that a file is in the way.
    let place = Place::choose(options).map_err(|error| refused(&session, options, &error))?;
    let metrics = MetricsFile::of(options.metrics.metrics.as_deref(), session.texts)?;
    let watcher = Arc::new(Telling::new(session.texts));
    let how = Options { live: options.live, worst: options.worst };
    let began = Instant::now();
    let reconciled = session.engine.reconcile(how, Arc::clone(&watcher) as _, interrupted).await;
    watcher.finish();
    let told = reconciled.as_ref().ok().map(|it| (base::head(it, it.order.len() as u64), it.requests));
    let told = told.as_ref().map(|(head, requests)| (head, *requests));
    metrics.after_reconcile(&session, began.elapsed(), told).await;
    let reconciled = Arc::new(reconciled.map_err(|error| match error {
        // Whoever pressed the key knows why.
        Error::Cancelled => Ended(ExitCode::Interrupted),
        error => session.ended_by(&error),
    })?);
    write_out(&session, options, format, place, &reconciled, interrupted).await?;
    if let Some(error) = &reconciled.failure {
        console::tell(&summary::problem(&session.problem(error), session.texts));
    }
    let under = &reconciled.terms.under;
    for finding in under.findings() {
        console::tell(&summary::problem(&session.texts.finding(&finding), session.texts));
    }
    // Names that nothing bears prove nothing, whatever was compared by them.
    let doubted = if under.are_names_in_doubt() { ExitCode::Difference } else { ExitCode::Done };
    let found = verdict_code(&reconciled.summary, options).worst_of(doubted);
    Ok(found.worst_of(reconciled.failure.as_ref().map(exit_code).unwrap_or_default()))
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

fn format(session: &Session, options: &args::Reconcile) -> Result<Format, Ended> {
    let is_terminal = options.output.is_none() && io::stdout().is_terminal();
    match options.format(session.json) {
        Some(args::Format::Table) => Ok(Format::Table),
        Some(args::Format::Csv) => Ok(Format::Csv { bom: options.bom }),
        Some(args::Format::Json) => Ok(Format::Json),
        Some(args::Format::Xlsx) if is_terminal => Err(usage(session, "export-terminal")),
        Some(args::Format::Xlsx) => Ok(Format::Xlsx),
        None => Err(usage(session, "export-two-formats")),
    }
}

fn usage(session: &Session, code: &'static str) -> Ended {
    console::tell(&summary::problem(&session.texts.problem(code, &[]), session.texts));
    Ended(ExitCode::Usage)
}

fn refused(session: &Session, options: &args::Reconcile, error: &io::Error) -> Ended {
    let path = options.output.as_deref().unwrap_or(Path::new("-"));
    console::tell(&summary::problem(&session.texts.unwritable(path, error), session.texts));
    Ended(ExitCode::Usage)
}

/// Where the result goes.
enum Place {
    /// Standard output.
    Output,
    /// A file that gets its name once it is whole.
    File { draft: NamedTempFile, path: PathBuf, force: bool },
}

impl Place {
    /// A file is made beside its place, for its owner only: until it is whole, nothing of it is seen there.
    fn choose(options: &args::Reconcile) -> io::Result<Self> {
        let Some(path) = options.output.clone().filter(|path| path.as_os_str() != "-") else {
            return Ok(Self::Output);
        };
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) if !options.force => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let draft = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self::File { draft, path, force: options.force })
    }
}

/// Where rows are written while they come.
enum Out {
    Standard(BufWriter<io::Stdout>),
    Draft(BufWriter<File>),
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Draft(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Draft(out) => out.flush(),
        }
    }
}

async fn write_out(
    session: &Session,
    options: &args::Reconcile,
    format: Format,
    place: Place,
    reconciled: &Arc<Reconciliation>,
    interrupted: &CancellationToken,
) -> Result<(), Ended> {
    let unwritten = |error: &io::Error| could_not_write(session, options, error);
    let out = match &place {
        Place::Output => Out::Standard(BufWriter::new(io::stdout())),
        Place::File { draft, .. } => {
            let file = draft.as_file().try_clone().map_err(|error| unwritten(&error))?;
            Out::Draft(BufWriter::new(file))
        }
    };
    let listing = Listing::of(options);
    let wanted = move |standing: &Standing| listing.has(standing.verdict);
    let tell = |_| ControlFlow::Continue(());
    let writing = base::write(&session.engine, reconciled, wanted, format, session.reader(), out, tell);
    let written = tokio::select! {
        biased;
        () = interrupted.cancelled() => return Err(Ended(ExitCode::Interrupted)),
        written = writing => written.map_err(|error| session.ended_by(&error))?,
    };
    let written = match written {
        Ok(written) => written,
        // A reader that went away (`sverka reconcile | head`) is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && matches!(place, Place::Output) => {
            return Ok(());
        }
        Err(error) => return Err(unwritten(&error)),
    };
    keep(place).map_err(|error| unwritten(&error))?;
    let path = options.output.as_deref().filter(|path| path.as_os_str() != "-");
    console::tell(&self::written(&written, path, session.texts));
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

/// Gives a whole file its name.
fn keep(place: Place) -> io::Result<()> {
    let Place::File { draft, path, force } = place else { return Ok(()) };
    draft.as_file().sync_all()?;
    if force {
        draft.persist(path)?
    } else {
        draft.persist_noclobber(path)?
    };
    Ok(())
}

fn could_not_write(session: &Session, options: &args::Reconcile, error: &io::Error) -> Ended {
    if options.output.is_some() {
        return refused(session, options, error);
    }
    console::tell(&summary::problem(&session.texts.no_output(error), session.texts));
    Ended(ExitCode::Usage)
}

/// Tells a running reconciliation on standard error.
struct Telling {
    narrator: Mutex<Reconciling<io::Stderr>>,
    texts: Texts,
}

impl Telling {
    fn new(texts: Texts) -> Self {
        let terminal = console::is_watched().then(ProgressDrawTarget::stderr);
        Self { narrator: Mutex::new(Reconciling::new(io::stderr(), terminal, texts)), texts }
    }

    fn with(&self, tell: impl FnOnce(&mut Reconciling<io::Stderr>)) {
        tell(&mut self.narrator.lock().unwrap_or_else(PoisonError::into_inner));
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
        self.with(|it| it.notice(&notice));
    }
}
