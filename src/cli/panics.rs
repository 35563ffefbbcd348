//! What is left of a panic: a report for the developers and, where it ends the program, words for the user.
//!
//! Neither holds what the panic said: that may quote a customer or a secret. The place and the way there say as
//! much to those who mend it.

use std::backtrace::Backtrace;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::thread;

use super::clock::SystemClock;
use super::console;
use crate::config::{self, Environment};
use crate::engine::Clock;
use crate::files::{self, Place, Replace, Wish};
use crate::text::{Language, Texts};

/// Takes charge of panics. One of the calling thread ends the program, and the user is told; one of a task is told by
/// the task's owner.
pub fn watch() {
    let main = thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        // What a library says where the disk refuses is told as the disk's failure.
        if files::is_expected() {
            return;
        }
        let place = place(panic);
        let written = config::crash_report().filter(|path| write_report(path, &place).is_ok());
        if thread::current().id() == main {
            tell(&place, written.as_deref());
        }
    }));
}

fn place(panic: &PanicHookInfo<'_>) -> String {
    panic.location().map_or_else(|| "?".into(), |at| format!("{}:{}:{}", at.file(), at.line(), at.column()))
}

/// The last one alone is kept: a program that breaks every minute must not fill the disk.
fn write_report(path: &Path, place: &str) -> io::Result<()> {
    files::make_folder(files::folder_of(path))?;
    let wish = Wish { path, replace: Replace::BeginsWith("sverka "), mode: 0o600, kept: &[] };
    let mut file = Place::find(&wish)?.begin()?;
    file.write_all(report(place).as_bytes())?;
    Ok(file.finish()?)
}

fn report(place: &str) -> String {
    let thread = thread::current();
    format!(
        "sverka {}\n{} {}\n{}\npanic at {place}\nthread {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        SystemClock.now().to_rfc3339(),
        thread.name().unwrap_or("?"),
        Backtrace::force_capture(),
    )
}

fn tell(place: &str, report: Option<&Path>) {
    let environment = Environment::of_process();
    let texts =
        Texts::new(environment.map_or_else(|_| Language::default(), |known| config::language_of(&known)));
    let report = report.map_or_else(|| place.to_owned(), |path| path.display().to_string());
    let problem = texts.problem("own-mistake", &[("place", place.into()), ("report", report.into())]);
    console::problem(&problem, texts);
}
