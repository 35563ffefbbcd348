//! What runs the dashboard: waits for whatever comes first, obeys the effects, owns the terminal and the clock.
//!
//! No decision is made here: [`crate::dashboard::app::update`] decides, [`crate::dashboard::view::draw`] draws. Every task has an
//! owner that receives its end, and no arm of the loop waits for a disk or a network.

mod backend;
mod clipboard;
mod event_loop;
mod input;
mod plain;
mod screen;
mod signs;
mod tasks;
mod terminal;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;
use rustix::io::Errno;
use thiserror::Error;

use crate::config::{ColourDepth, Symbols, ThemeFile};
use crate::dashboard::app::{self, Ask, FirstRun, Kept, Model, Now};
use crate::dashboard::view::Look;
use crate::report::log::LogEntry;
use crate::text::Language;

pub use backend::{Backend, TaskContext};
use event_loop::EventLoop;
pub use signs::{SignSettings, knows_progress};

#[cfg(any(test, fuzzing))]
pub(crate) use input::translate;
use screen::TerminalScreen;
use terminal::Signals;

/// How the dashboard is to look and behave.
#[derive(Clone, Debug)]
pub struct DashboardSettings {
    /// The language of the screen.
    pub language: Language,
    /// Least time between two frames that show running numbers: longer over a slow line.
    pub frame_interval: Duration,
    /// Whether it runs inside tmux.
    pub in_tmux: bool,
    /// What is shown outside the screen.
    pub signs: SignSettings,
    /// Its frames, marks and bars.
    pub symbols: Symbols,
    /// The theme out of a file, where the settings name one.
    pub custom: Option<ThemeFile>,
    /// How many colours the terminal has.
    pub colours: ColourDepth,
    /// What the state itself has to know.
    pub app: app::ModelSettings,
    /// What was kept of the last time.
    pub kept: Kept,
    /// What earlier runs left in the log.
    pub earlier: Vec<LogEntry>,
    /// Set where there are no settings yet.
    pub first_run: Option<FirstRun>,
}

/// How the dashboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The user left.
    Quit,
    /// The user wants to see the demo.
    Demo,
    /// There are settings now, to begin anew over.
    BegunAnew,
    /// A signal ended it.
    Interrupted,
}

/// Why there is no dashboard.
#[derive(Debug, Error)]
pub enum Error {
    /// Input or output is a file or a pipe.
    #[error("standard input and output must be a terminal")]
    NotATerminal,
    /// The terminal refused or vanished.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] io::Error),
}

/// Runs the dashboard until the user leaves or a signal comes. `now` is the user's clock.
///
/// The terminal is as before when this returns, fails or panics. A sync that runs is asked to stop and is
/// waited for; the next one goes on from its checkpoint.
pub async fn run(
    backend: Arc<dyn Backend>,
    settings: DashboardSettings,
    now: impl Fn() -> Now,
) -> Result<Exit, Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::NotATerminal);
    }
    let (width, height) = crossterm::terminal::size()?;
    let size = Size { width, height };
    let signals = Signals::new()?;
    // With NO_COLOR set crossterm would print resets that erase the reversed and bold text, too. Which colours
    // there are is the theme's to say.
    crossterm::style::force_color_output(true);
    let entered = terminal::enter(settings.signs)?;
    let input = input::listen();
    let screen = TerminalScreen::new(io::stdout(), size)?;
    let look = Look::new(settings.language)
        .with_symbols(settings.symbols)
        .with_colours(settings.custom.as_ref(), settings.colours);
    let model = Model::new(settings.app, size, now()).restored(&settings.kept).after(settings.earlier);
    let model = Model { first_run: settings.first_run, ..model };
    let mut event_loop = EventLoop::new(Arc::clone(&backend), model, look, screen, settings.frame_interval)
        .in_tmux(settings.in_tmux)
        .with_signs(settings.signs);
    let exit = terminal::watched(event_loop.run(input, signals, now)).await;
    drop(entered);
    event_loop.wind_down().await;
    if event_loop.kept() != settings.kept {
        // What cannot be kept is not worth a word to somebody who is leaving.
        let _ = backend.ask(Ask::Keep(event_loop.kept()), TaskContext::unwatched()).await;
    }
    match exit {
        Err(error) if is_gone(&error) => Ok(Exit::Interrupted),
        exit => Ok(exit?),
    }
}

/// Runs the same dashboard as lines on `out`, with lines of standard input for keys. What is said is what the
/// screen would show; no sequence is sent that steers a terminal.
pub async fn run_plain(
    backend: Arc<dyn Backend>,
    settings: DashboardSettings,
    now: impl Fn() -> Now,
    out: impl io::Write,
) -> Result<Exit, Error> {
    let signals = Signals::new()?;
    let look = Look::new(settings.language);
    let model = Model::new(settings.app, Size::ZERO, now());
    let mut plain = plain::Plain::new(backend, model, look, out);
    let exit = plain.run(plain::listen(), signals, now).await;
    plain.wind_down().await;
    match exit {
        // Whoever read the lines went away.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Quit),
        exit => Ok(exit?),
    }
}

/// Whether the terminal went away under us: a closed window or a lost line, which SIGHUP tells as well,
/// before or after.
fn is_gone(error: &io::Error) -> bool {
    let codes = [Errno::IO, Errno::NXIO, Errno::PIPE, Errno::BADF].map(Errno::raw_os_error);
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

#[cfg(test)]
mod tests;
