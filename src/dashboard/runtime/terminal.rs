//! Entering and leaving the terminal, and the signals that come with it.
//!
//! Whoever entered restores: on every return, on an error, and from the hook when the screen's own code
//! panics. A panic in a task leaves the terminal alone; its owner is told instead.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, tcgetattr, tcsetattr};
use tokio::signal::unix::{self, SignalKind};

use super::signs::{self, SignSettings};

/// Whether the terminal is ours now.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether the mouse acts here.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Whether the window's title is ours to give back.
static HAS_TITLE: AtomicBool = AtomicBool::new(false);
/// Whether progress may be shown that has to be taken away.
static HAS_PROGRESS: AtomicBool = AtomicBool::new(false);

/// Clicks and the wheel, in the notation without a limit of columns. Movements are not asked for: they would
/// come in hundreds over a slow line.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// Where the last panic of a task happened, until its owner asks.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

thread_local! {
    /// Whether this thread is inside the event loop, not inside a task.
    static IN_LOOP: Cell<bool> = const { Cell::new(false) };
}

/// The terminal, entered; restored when dropped.
pub(super) struct Entered(());

impl Drop for Entered {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal over: raw mode, alternate screen, bracketed paste, no cursor.
pub(super) fn enter(signs: SignSettings) -> io::Result<Entered> {
    install_hook();
    HAS_TITLE.store(signs.has_title, Ordering::SeqCst);
    HAS_PROGRESS.store(signs.has_progress, Ordering::SeqCst);
    mend()?;
    ENTERED.store(true, Ordering::SeqCst);
    let entered = Entered(());
    take_over()?;
    Ok(entered)
}

/// Nobody restores the terminal after a program that was killed, and whoever comes next would take what it left for
/// the terminal's own settings. So a raw terminal is made usable before its settings are remembered.
fn mend() -> io::Result<()> {
    let stdin = io::stdin();
    let mut settings = tcgetattr(&stdin)?;
    let line_by_line = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
    if settings.local_modes.intersects(line_by_line) || settings.output_modes.contains(OutputModes::OPOST) {
        return Ok(());
    }
    settings.local_modes |= line_by_line;
    settings.output_modes |= OutputModes::OPOST;
    settings.input_modes |= InputModes::ICRNL | InputModes::IXON;
    Ok(tcsetattr(&stdin, OptionalActions::Now, &settings)?)
}

fn take_over() -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, Hide)?;
    if HAS_TITLE.load(Ordering::SeqCst) {
        execute!(io::stdout(), Print(signs::KEEP_TITLE))?;
    }
    if MOUSE.load(Ordering::SeqCst) { execute!(io::stdout(), Print(MOUSE_ON)) } else { Ok(()) }
}

/// Lets the mouse act here, or gives it back to the terminal.
pub(super) fn mouse(is_on: bool) -> io::Result<()> {
    MOUSE.store(is_on, Ordering::SeqCst);
    execute!(io::stdout(), Print(if is_on { MOUSE_ON } else { MOUSE_OFF }))
}

/// Gives the terminal back as it was. Does nothing the second time, and goes on past every failure: a
/// terminal that is half gone is restored as far as it can be.
fn restore() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), EndSynchronizedUpdate);
        if MOUSE.load(Ordering::SeqCst) {
            let _ = execute!(io::stdout(), Print(MOUSE_OFF));
        }
        if HAS_PROGRESS.load(Ordering::SeqCst) {
            let _ = execute!(io::stdout(), Print(signs::NO_PROGRESS));
        }
        if HAS_TITLE.load(Ordering::SeqCst) {
            let _ = execute!(io::stdout(), Print(signs::GIVE_TITLE_BACK));
        }
        let _ = execute!(io::stdout(), DisableFocusChange, DisableBracketedPaste, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// Hands the terminal to the shell and comes back when the shell lets us.
///
/// Where no shell watches (the window runs nothing else) the kernel ignores the stop, and we are back at once.
pub(super) async fn suspend(signals: &mut Signals) -> io::Result<()> {
    restore();
    stop()?;
    // The stop may reach another thread a moment later: the terminal is not taken back before the
    // continuation arrives, or has had time to.
    let _ = tokio::time::timeout(Duration::from_millis(100), signals.continued.recv()).await;
    take_over()
}

/// Takes the terminal again after somebody else stopped and continued us.
pub(super) fn take_again() -> io::Result<()> {
    restore();
    take_over()
}

fn stop() -> io::Result<()> {
    use rustix::process::{Signal, kill_current_process_group};
    // The whole group, as the terminal itself would: whoever started us waits in it, too.
    Ok(kill_current_process_group(Signal::TSTP)?)
}

/// Where the last panic of a task happened.
pub(super) fn last_panic() -> Option<String> {
    LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Runs the event loop so that a panic inside it is known as the screen's own.
pub(super) async fn watched<F: Future>(event_loop: F) -> F::Output {
    let mut event_loop = pin!(event_loop);
    poll_fn(|context| {
        let _inside = Inside::new();
        event_loop.as_mut().poll(context)
    })
    .await
}

struct Inside(bool);

impl Inside {
    fn new() -> Self {
        Self(IN_LOOP.replace(true))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        IN_LOOP.set(self.0);
    }
}

/// A panic while the terminal is ours: our own restores it, a task's leaves it alone and its place is kept for its
/// owner. Either is reported by the hook from before, which says nothing of a task's.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if ENTERED.load(Ordering::SeqCst) && !IN_LOOP.get() {
                // The place alone: a message may quote a customer.
                let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
                *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
            } else {
                restore();
            }
            before(panic);
        }));
    });
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// End in an orderly way.
    End,
    /// We were stopped by somebody else and run again.
    Continued,
}

/// The signals that concern the dashboard.
pub(super) struct Signals {
    interrupted: unix::Signal,
    terminated: unix::Signal,
    hung_up: unix::Signal,
    quit: unix::Signal,
    continued: unix::Signal,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupted: unix::signal(SignalKind::interrupt())?,
            terminated: unix::signal(SignalKind::terminate())?,
            hung_up: unix::signal(SignalKind::hangup())?,
            quit: unix::signal(SignalKind::quit())?,
            continued: unix::signal(SignalKind::from_raw(CONTINUE))?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupted.recv() => Signal::End,
            _ = self.terminated.recv() => Signal::End,
            _ = self.hung_up.recv() => Signal::End,
            _ = self.quit.recv() => Signal::End,
            _ = self.continued.recv() => Signal::Continued,
        }
    }
}

const CONTINUE: i32 = rustix::process::Signal::CONT.as_raw();
