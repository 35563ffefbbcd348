//! Standard output and standard error of a command.

use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::fstat;

use super::args;
use super::clock::SystemClock;
use crate::cli::clock;
use crate::config::{self, Environment, LogLevel};
use crate::domain::Finding;
use crate::engine::Clock;
use crate::engine::event::Notice;
use crate::files::KeptFile;
use crate::report::log::{self, LogEntry, LogStart};
use crate::report::summary;
use crate::text::{Language, Problem, Texts};

/// Prints a result to standard output. A reader that went away (`sverka search | head`) is no failure; a result that
/// is lost on a full disk is one.
pub(super) fn print(text: &str) -> io::Result<()> {
    lasting(write_line(&mut io::stdout().lock(), text))
}

/// What became of a write to standard output.
pub(super) fn lasting(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Whether standard error takes the lines of the log alone.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on standard error takes the lines of the log alone, which are JSON.
pub(super) fn tell_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

/// Whether it does.
pub(super) fn tells_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// The phrases before any settings are read.
pub(super) fn texts_of_process() -> Texts {
    let known = Environment::of_process();
    Texts::new(known.map_or_else(|_| Language::default(), |known| config::language_of(&known)))
}

/// Begins the log of this process, where it is not begun.
pub(super) fn begin_log(settings: &config::Log, store: &Path, kept: &[KeptFile], texts: Texts) {
    let (run, is_on_stderr) = (args::words_of_process(), tells_json());
    log::begin(LogStart { settings, kept, run, store, texts, is_on_stderr, now: || SystemClock.now() });
}

/// Tells something on standard error, and the log.
pub(super) fn tell(text: &str) {
    tell_as(&LogEntry::new(LogLevel::Info, text), text);
}

/// Tells what should not stay so.
pub(super) fn warn(text: &str) {
    tell_as(&LogEntry::new(LogLevel::Warn, text), text);
}

/// Tells a problem, and what to do about it; as the log has it.
pub(super) fn problem(problem: &Problem, texts: Texts) -> LogEntry {
    let entry = LogEntry::of_problem(LogLevel::Error, problem);
    tell_as(&entry, &summary::problem(problem, texts));
    entry
}

/// Tells what a sync found to be mended.
pub(super) fn finding(finding: &Finding, texts: Texts) {
    let entry = LogEntry::of_notice(&Notice::Found(finding.clone()), clock::reader(texts));
    tell_as(&entry, &summary::problem(&texts.finding(finding), texts));
}

/// Tells what the log says in words of its own.
pub(super) fn tell_as(entry: &LogEntry, text: &str) {
    if tells_json() {
        // Before there are settings: then there is no file yet.
        begin_log(&config::Log::default(), Path::new(""), &[], texts_of_process());
    }
    entry.write();
    if !tells_json() {
        // Nobody is left to tell if this fails.
        let _ = write_line(&mut io::stderr().lock(), text);
    }
}

/// Whether somebody watches the narration on a terminal.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether results and narration go to the same terminal, pipe or file.
pub(super) fn is_one_place() -> bool {
    let place = |fd: BorrowedFd<'_>| fstat(fd).ok().map(|it| (it.st_dev, it.st_ino));
    let (out, err) = (io::stdout(), io::stderr());
    place(out.as_fd()).is_some_and(|out| Some(out) == place(err.as_fd()))
}

fn write_line(out: &mut impl Write, text: &str) -> io::Result<()> {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write!(out, "{text}{end}").and_then(|()| out.flush())
}

/// Whether somebody sits at both ends: a terminal to read from and to draw on.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
