//! Where entries go: through `tracing` to a thread that writes the file, and to standard error.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};
use xxhash_rust::xxh3::xxh3_64;

use super::LogEntry;
use crate::config::{self, LogFormat, LogLevel};
use crate::files::{KeptFile, LogBound, LogFile, Refusal};
use crate::text::Texts;

/// Whose events are written: libraries name addresses, and whatever is in them.
const TARGET: &str = "sverka";
/// Lines that wait for the disk; more are dropped.
const WAITING: usize = 1024;
/// How long the end of the program waits for the disk.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of a MiB.
const MEBIBYTE: u64 = 1 << 20;

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

static SINK: OnceLock<LogSink> = OnceLock::new();

/// Where the lines of this process go.
#[derive(Debug)]
pub struct LogSink {
    /// The command.
    run: String,
    /// Tells the store from others.
    store: String,
    /// The phrases of whoever is told.
    texts: Texts,
    thread: Option<Mutex<LogThread>>,
    /// Why the file cannot be written, until it is told.
    trouble: Mutex<Option<(PathBuf, Refusal)>>,
}

#[derive(Debug)]
struct LogThread {
    lines: SyncSender<Option<Vec<u8>>>,
    ended: Receiver<()>,
}

/// What the log of a process needs to know.
#[derive(Clone, Debug)]
pub struct LogStart<'a> {
    /// Where, what, how.
    pub settings: &'a config::Log,
    /// Files that nothing is written over.
    pub kept: &'a [KeptFile],
    /// The command.
    pub run: String,
    /// The store it is about.
    pub store: &'a Path,
    /// The phrases of whoever is told.
    pub texts: Texts,
    /// Whether the lines go to standard error as well, in JSON.
    pub is_on_stderr: bool,
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
}

/// Begins the log of this process, once. A file that cannot be written is told by [`take_trouble`], and is no reason not to
/// go on.
pub fn begin(start: LogStart<'_>) {
    if SINK.get().is_some() {
        return;
    }
    let LogStart { settings, kept, run, store, texts, is_on_stderr, now } = start;
    let mut trouble = None;
    let opened = settings.file.as_deref().filter(|_| settings.level != LogLevel::Off).and_then(|path| {
        let bound = LogBound { size: u64::from(settings.size) * MEBIBYTE, files: settings.files };
        LogFile::open(path, bound, kept).map_err(|refusal| trouble = Some((path.to_owned(), refusal))).ok()
    });
    let thread = opened.map(|file| start_thread(file, settings.file.clone().unwrap_or_default()));
    let lines = thread.as_ref().map(|thread| thread.lines.clone());
    let (thread, trouble) = (thread.map(Mutex::new), Mutex::new(trouble));
    let sink = LogSink { run, store: tag(store), texts, thread, trouble };
    if SINK.set(sink).is_ok() {
        let file = lines.map(|lines| file_layer(lines, settings.format, now));
        let stderr = is_on_stderr.then(|| json(io::stderr, now));
        let layers: Vec<BoxedLayer> = file.into_iter().chain(stderr).collect();
        let only_ours = Targets::new().with_target(TARGET, filter(settings.level));
        // Refused where a test has set its own.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(layers).with(only_ours));
    }
}

/// Waits for what is still to be written, not for ever.
pub fn end() {
    let Some(thread) = SINK.get().and_then(|sink| sink.thread.as_ref()) else { return };
    let thread = thread.lock().unwrap_or_else(PoisonError::into_inner);
    if thread.lines.try_send(None).is_ok() {
        let _ = thread.ended.recv_timeout(PATIENCE);
    }
}

/// Why the file cannot be written, in words: said once.
pub fn take_trouble() -> Option<String> {
    let sink = SINK.get()?;
    let (path, refusal) = sink.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    Some(sink.texts.log_unwritable(&path, &refusal))
}

/// Writes lines of the file.
pub(super) fn file_layer(
    lines: SyncSender<Option<Vec<u8>>>,
    format: LogFormat,
    now: fn() -> DateTime<Utc>,
) -> BoxedLayer {
    let writer = move || LineSender(lines.clone());
    match format {
        LogFormat::Json => json(writer, now),
        LogFormat::Text => {
            let layer = fmt::layer().with_ansi(false).with_target(false).with_timer(Moment(now));
            layer.with_writer(writer).boxed()
        }
    }
}

fn json<W: Write + 'static>(
    writer: impl Fn() -> W + Send + Sync + 'static,
    now: fn() -> DateTime<Utc>,
) -> BoxedLayer {
    let layer = fmt::layer().json().flatten_event(true).with_target(false);
    let layer = layer.with_current_span(false).with_span_list(false).with_timer(Moment(now));
    layer.with_writer(writer).boxed()
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

/// What tells the store of this process from others in the log.
pub(super) fn store() -> &'static str {
    SINK.get().map_or("", |sink| sink.store.as_str())
}

/// What tells a store from others, and nothing of where it lies.
pub(super) fn tag(store: &Path) -> String {
    let whole = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
    format!("{:08x}", xxh3_64(whole.as_os_str().as_encoded_bytes()) >> 32)
}

/// Gives an entry to whoever listens.
pub(super) fn write(entry: &LogEntry) {
    let some = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    let (code, remedy) = (some(&entry.code), some(&entry.remedy));
    let (code, remedy, message) = (code.as_deref(), remedy.as_deref(), entry.message.as_str());
    let (run, store) = (SINK.get().map_or("", |sink| sink.run.as_str()), store());
    let pid = std::process::id();
    macro_rules! at {
        ($level:ident) => {
            tracing::event!(target: TARGET, Level::$level, code, remedy, store, run, pid, "{message}")
        };
    }
    match entry.level {
        LogLevel::Off => {}
        LogLevel::Error => at!(ERROR),
        LogLevel::Warn => at!(WARN),
        LogLevel::Info => at!(INFO),
        LogLevel::Debug => at!(DEBUG),
    }
}

fn start_thread(mut file: LogFile, path: PathBuf) -> LogThread {
    let (lines, waiting) = mpsc::sync_channel::<Option<Vec<u8>>>(WAITING);
    let (end, ended) = mpsc::channel();
    thread::spawn(move || write_lines(&mut file, &path, &waiting, &end));
    LogThread { lines, ended }
}

fn write_lines(file: &mut LogFile, path: &Path, waiting: &Receiver<Option<Vec<u8>>>, end: &Sender<()>) {
    let mut is_told = false;
    while let Ok(Some(line)) = waiting.recv() {
        match file.append(&line) {
            Err(refusal) if !is_told => {
                is_told = true;
                let Some(sink) = SINK.get() else { continue };
                *sink.trouble.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some((path.to_owned(), refusal));
            }
            _ => {}
        }
    }
    let _ = end.send(());
}

/// Hands whole lines to the thread, as `tracing` writes them.
struct LineSender(SyncSender<Option<Vec<u8>>>);

impl Write for LineSender {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.0.try_send(Some(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The moment of an event, in UTC to the thousandth.
struct Moment(fn() -> DateTime<Utc>);

impl FormatTime for Moment {
    fn format_time(&self, out: &mut Writer<'_>) -> std::fmt::Result {
        out.write_str(&self.0().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}
