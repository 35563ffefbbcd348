//! The terminal's events as the state's own.

use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use crossterm::event::{
    self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use futures_util::Stream;
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use tokio::sync::mpsc;

use crate::dashboard::app::{Code, Event, Key, Mods, Point, Pointer};

/// Events waiting for the loop: a paste is one event, and nobody types faster.
const WAITING: usize = 256;

/// What the terminal sends, read on threads of their own: once the terminal is gone crossterm reads without
/// end and never returns, and it must not hold up the loop that has to leave. A second thread, which sleeps
/// in the kernel, notices that: not everybody who loses a terminal is sent SIGHUP.
///
/// One pair of threads serves the process: a second reader would share the keys with the first. Who listens after
/// somebody else takes over where they left off.
pub(super) fn listen() -> Listener {
    let kept = LISTENED.lock().unwrap_or_else(PoisonError::into_inner).take();
    Listener(Some(kept.unwrap_or_else(start)))
}

type Events = mpsc::Receiver<io::Result<event::Event>>;

/// What the threads send, while nobody listens.
static LISTENED: Mutex<Option<Events>> = Mutex::new(None);

fn start() -> Events {
    let (sender, receiver) = mpsc::channel(WAITING);
    let watcher = sender.clone();
    thread::spawn(move || while sender.blocking_send(event::read()).is_ok() {});
    thread::spawn(move || {
        await_hang_up();
        let _ = watcher.blocking_send(Err(Errno::IO.into()));
    });
    receiver
}

/// The events of the terminal, for one listener at a time.
pub(super) struct Listener(Option<Events>);

impl Stream for Listener {
    type Item = io::Result<event::Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().map_or(Poll::Ready(None), |events| events.poll_recv(context))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        *LISTENED.lock().unwrap_or_else(PoisonError::into_inner) = self.0.take();
    }
}

/// Sleeps until the terminal is gone.
fn await_hang_up() {
    let stdin = io::stdin();
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    loop {
        let mut terminal = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut terminal, None) {
            Err(Errno::INTR) => {}
            Ok(_) if !terminal[0].revents().intersects(gone) => {}
            _ => return,
        }
    }
}

/// What the state has to know of a terminal event, if anything.
pub(crate) fn translate(event: event::Event) -> Option<Event> {
    match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Event::Key),
        event::Event::Paste(text) => Some(Event::Pasted(text)),
        event::Event::Mouse(mouse) => translate_mouse(mouse).map(Event::Pointed),
        event::Event::Resize(width, height) => Some(Event::Resized(Size { width, height })),
        _ => None,
    }
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::F(number) => Code::F(number),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key { code, mods: mods(key.modifiers) })
}

fn translate_mouse(mouse: MouseEvent) -> Option<Pointer> {
    let act = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Point::Click,
        MouseEventKind::ScrollUp => Point::WheelUp,
        MouseEventKind::ScrollDown => Point::WheelDown,
        _ => return None,
    };
    Some(Pointer { at: Position { x: mouse.column, y: mouse.row }, act })
}

/// Alt wins where both are held: a layout's third level arrives so, and must not become a chord.
fn mods(modifiers: KeyModifiers) -> Mods {
    if modifiers.contains(KeyModifiers::ALT) {
        Mods::Alt
    } else if modifiers.contains(KeyModifiers::CONTROL) {
        Mods::Ctrl
    } else {
        Mods::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Event> {
        translate(event::Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn keys_keep_what_is_held_down_but_shift() {
        let cases = [
            (KeyCode::Char('с'), KeyModifiers::CONTROL, Key::ctrl('с')),
            (KeyCode::Char('Ж'), KeyModifiers::SHIFT, Key::char('Ж')),
            (KeyCode::F(5), KeyModifiers::NONE, Key::plain(Code::F(5))),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Key::plain(Code::BackTab)),
        ];
        for (code, modifiers, expected) in cases {
            assert_eq!(key(code, modifiers), Some(Event::Key(expected)));
        }
    }

    #[test]
    fn a_released_key_and_the_mouse_say_nothing() {
        let released = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(translate(event::Event::Key(released)), None);
        assert_eq!(translate(event::Event::FocusLost), None);
    }
}
