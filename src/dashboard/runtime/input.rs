//! The terminal's events as the state's own.

use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

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

/// How long a key is looked for that came with an Esc. It is there already, but is given out only where some time is left.
const TOGETHER: Duration = Duration::from_millis(25);

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
    thread::spawn(move || {
        let is_there = || event::poll(TOGETHER).unwrap_or(false);
        while read(event::read, is_there).into_iter().all(|event| sender.blocking_send(event).is_ok()) {}
    });
    thread::spawn(move || {
        await_hang_up();
        let _ = watcher.blocking_send(Err(Errno::IO.into()));
    });
    receiver
}

/// The next event; after an Esc what came with it, where that is a key. Of an Esc and a key in one piece crossterm takes the
/// beginning of the key for the end of the Esc, and the rest of the key for text.
fn read(
    mut next: impl FnMut() -> io::Result<event::Event>,
    mut is_there: impl FnMut() -> bool,
) -> Vec<io::Result<event::Event>> {
    let mut events = vec![next()];
    let is_esc = |event: &event::Event| event.as_key_event().is_some_and(|key| key == KeyCode::Esc.into());
    if !events[0].as_ref().is_ok_and(is_esc) {
        return events;
    }
    let mut text = String::new();
    while is_there() {
        let event = next();
        let c = event.as_ref().ok().and_then(typed);
        events.push(event);
        text.extend(c);
        match c.and_then(|_| sequence(&text)) {
            None => break,
            Some(Sequence::Begun) => {}
            Some(Sequence::Whole(key)) => {
                events.truncate(1);
                events.extend(key.map(|key| Ok(event::Event::Key(key))));
                break;
            }
        }
    }
    events
}

/// The letter that an event is.
fn typed(event: &event::Event) -> Option<char> {
    let key = event.as_key_press_event()?;
    let is_plain = KeyModifiers::SHIFT.contains(key.modifiers);
    key.code.as_char().filter(|_| is_plain)
}

/// What follows the Esc of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sequence {
    /// It may become one.
    Begun,
    /// It is one; of no key that is known here where there is none.
    Whole(Option<KeyEvent>),
}

/// What these letters after an Esc are; `None` where they are letters.
fn sequence(text: &str) -> Option<Sequence> {
    let (kind, rest) = text.split_at_checked(1)?;
    let last = rest.chars().next_back();
    match (kind, last) {
        ("[" | "O", None) | ("[", Some('0'..='9' | ';' | '<' | '?')) => Some(Sequence::Begun),
        ("O", Some(last)) => key_of_letter(last).map(|code| Sequence::Whole(Some(code.into()))),
        ("[", Some(last @ '@'..='~')) => {
            let numbers = rest.strip_suffix(last).unwrap_or_default().split(';');
            let numbers: Vec<u8> = numbers.filter_map(|number| number.parse().ok()).collect();
            let code = match last {
                '~' => numbers.first().and_then(|number| key_of_number(*number)),
                _ => key_of_letter(last),
            };
            Some(Sequence::Whole(code.map(|code| KeyEvent::new(code, held(numbers.get(1).copied())))))
        }
        _ => None,
    }
}

fn key_of_letter(letter: char) -> Option<KeyCode> {
    Some(match letter {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'F' => KeyCode::End,
        'H' => KeyCode::Home,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

fn key_of_number(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23 | 24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

/// What is held down beside a key, as terminals count it: one more than the sum of 1, 2 and 4.
fn held(number: Option<u8>) -> KeyModifiers {
    let bits = number.map_or(0, |number| number.saturating_sub(1));
    let held = [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)];
    held.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, held)| held).collect()
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

    /// What crossterm makes of an Esc and these letters in one piece.
    fn after_esc(letters: &str) -> Vec<event::Event> {
        let key = |code| event::Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
        let letters = letters.chars().map(KeyCode::Char);
        let mut events: std::collections::VecDeque<_> =
            std::iter::once(KeyCode::Esc).chain(letters).map(key).collect();
        let events = std::cell::RefCell::new(&mut events);
        let next = || Ok(events.borrow_mut().pop_front().expect("an event"));
        let mut read_all = Vec::new();
        while !events.borrow().is_empty() {
            let read = read(next, || !events.borrow().is_empty());
            read_all.extend(read.into_iter().map(|event| event.expect("an event")));
        }
        read_all
    }

    #[test]
    fn a_key_right_after_an_escape_is_that_key_and_no_text() {
        let esc = event::Event::Key(KeyCode::Esc.into());
        let cases = [
            ("[15~", KeyCode::F(5), KeyModifiers::NONE),
            ("[24~", KeyCode::F(12), KeyModifiers::NONE),
            ("OP", KeyCode::F(1), KeyModifiers::NONE),
            ("[A", KeyCode::Up, KeyModifiers::NONE),
            ("[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
            ("[3;3~", KeyCode::Delete, KeyModifiers::ALT),
            ("[Z", KeyCode::BackTab, KeyModifiers::NONE),
        ];
        for (letters, code, held) in cases {
            let key = event::Event::Key(KeyEvent::new(code, held));
            assert_eq!(after_esc(letters), [esc.clone(), key.clone()], "{letters}");
            let x = event::Event::Key(KeyCode::Char('x').into());
            assert_eq!(after_esc(&format!("{letters}x")), [esc.clone(), key, x], "{letters}x");
        }
        // Of a mouse, of a focus: nothing that anybody typed.
        for letters in ["[<0;10;10M", "[I", "[200~"] {
            assert_eq!(after_esc(letters), std::slice::from_ref(&esc), "{letters}");
        }
    }

    #[test]
    fn letters_after_an_escape_stay_letters() {
        for letters in ["анна", "O,", "[1 2", "[", "O", ""] {
            let typed: String = after_esc(letters).iter().skip(1).filter_map(typed).collect();
            assert_eq!(typed, letters);
        }
    }

    #[test]
    fn a_released_key_and_the_mouse_say_nothing() {
        let released = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(translate(event::Event::Key(released)), None);
        assert_eq!(translate(event::Event::FocusLost), None);
    }
}
