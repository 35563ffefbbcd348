//! The dashboard as lines: the same state and the same events, for logs, dumb terminals and screen readers.
//!
//! ```text
//! line of input -> keys of the dashboard -> update -> effects -> tasks -> events -> lines of output
//! ```

use std::collections::VecDeque;
use std::future::pending;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ratatui::layout::Size;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::dashboard::app::key::latin;
use crate::dashboard::app::{Code, Effect, Event, Focus, Key, Model, Now, Timer, update};
use crate::dashboard::view::plain::PlainTeller;
use crate::dashboard::view::{self, Look, Recorder};

use super::Exit;
use super::backend::Backend;
use super::tasks::Tasks;
use super::terminal::{Signal, Signals};

/// The page that lines are wrapped to nowhere: as wide as the widest table.
const PAGE: Size = Size { width: 120, height: 60 };
/// Lines of input waiting to be obeyed.
const WAITING: usize = 64;
/// Least time between two looks at the progress of a sync.
const PROGRESS: Duration = Duration::from_millis(200);
/// Digits of a line that names a customer of the list; more are a fragment of a phone.
const NUMBER: usize = 2;

/// What a line of input asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PlainCommand {
    /// Keys of the dashboard, outside the search field.
    Keys(Vec<Key>),
    /// Show the customer of this number in the list.
    Open(usize),
    /// Search.
    Find(String),
    /// Tell how the store stands.
    Standing,
    /// Name the commands.
    Help,
    /// Leave.
    Quit,
}

/// A letter alone is a command, under either layout; a short number names a customer; the rest is searched.
fn command(line: &str) -> PlainCommand {
    let line = line.trim();
    let mut characters = line.chars();
    match (characters.next(), characters.next()) {
        (None, _) => PlainCommand::Standing,
        (Some('?'), None) => PlainCommand::Help,
        (Some(c), None) if !c.is_ascii_digit() => letter(c, line),
        _ => match line.parse() {
            Ok(number) if line.len() <= NUMBER => PlainCommand::Open(number),
            _ => PlainCommand::Find(line.trim_start_matches('/').to_owned()),
        },
    }
}

fn letter(c: char, line: &str) -> PlainCommand {
    match latin(c).to_ascii_lowercase() {
        's' => PlainCommand::Keys(vec![Key::plain(Code::F(5))]),
        'x' => PlainCommand::Keys(vec![Key::char('x'), Key::char('y')]),
        'r' => PlainCommand::Keys(vec![Key::plain(Code::F(4))]),
        'e' => PlainCommand::Keys(vec![Key::char('e')]),
        'b' => PlainCommand::Keys(vec![Key::plain(Code::F(9))]),
        'i' => PlainCommand::Standing,
        'h' => PlainCommand::Help,
        'q' => PlainCommand::Quit,
        _ => PlainCommand::Find(line.to_owned()),
    }
}

/// Lines of input, and who writes them.
pub(super) struct Lines {
    lines: mpsc::Receiver<String>,
    /// A script does not read an answer before it asks for more: its next line waits. A person may leave meanwhile.
    is_script: bool,
}

/// Lines of standard input, read on a thread of their own.
pub(super) fn listen() -> Lines {
    let (sender, lines) = mpsc::channel(WAITING);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    Lines { lines, is_script: !io::stdin().is_terminal() }
}

/// The state, and whoever tells of it.
pub(super) struct Plain<W: Write> {
    model: Model,
    look: Look,
    teller: PlainTeller<W>,
    tasks: Tasks,
    recorder: Recorder,
    /// Timers that run until what was typed is asked for.
    resting: usize,
}

enum PlainWake {
    Happened(Box<Event>),
    Line(Option<String>),
    Ended,
}

impl<W: Write> Plain<W> {
    pub(super) fn new(backend: Arc<dyn Backend>, model: Model, look: Look, out: W) -> Self {
        let model = Model { size: PAGE, focus: Focus::Results, ..model };
        let teller = PlainTeller::new(out, look.clone());
        let recorder = Recorder::after(&model);
        Self { model, look, teller, tasks: Tasks::new(backend), recorder, resting: 0 }
    }

    /// Runs until the user leaves, a signal ends it, or nothing is left to be done and nobody to ask for more.
    pub(super) async fn run(
        &mut self,
        mut input: Lines,
        mut signals: Signals,
        now: impl Fn() -> Now,
    ) -> io::Result<Exit> {
        self.handle(Event::Started, &now)?;
        let mut is_listening = true;
        while is_listening || self.has_work() {
            match self.wait(&mut input, is_listening, &mut signals).await {
                PlainWake::Ended => return Ok(Exit::Interrupted),
                PlainWake::Line(None) => is_listening = false,
                PlainWake::Line(Some(line)) => {
                    if command(&line) == PlainCommand::Quit {
                        break;
                    }
                    self.obey(command(&line), &now)?;
                }
                PlainWake::Happened(event) => self.handle(*event, &now)?,
            }
        }
        Ok(Exit::Quit)
    }

    /// Whether the line before is still being answered.
    fn is_answering(&self) -> bool {
        self.resting > 0 || self.tasks.are_answering()
    }

    /// Whether something is under way, or will be by the clock.
    fn has_work(&self) -> bool {
        self.model.settings.every.is_some() || self.tasks.are_running()
    }

    async fn wait(&mut self, input: &mut Lines, is_listening: bool, signals: &mut Signals) -> PlainWake {
        let is_heard = is_listening && !(input.is_script && self.is_answering());
        let line = async { if is_heard { input.lines.recv().await } else { pending().await } };
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                Signal::End => PlainWake::Ended,
                Signal::Continued => PlainWake::Happened(Box::new(Event::Ticked)),
            },
            event = self.tasks.next(Instant::now() + PROGRESS) => PlainWake::Happened(Box::new(event)),
            line = line => PlainWake::Line(line),
        }
    }

    fn obey(&mut self, command: PlainCommand, now: &impl Fn() -> Now) -> io::Result<()> {
        self.model.uncover();
        self.model.focus = Focus::Results;
        match command {
            PlainCommand::Help => self.teller.commands(),
            PlainCommand::Standing => self.teller.standing(&self.model),
            PlainCommand::Quit => Ok(()),
            PlainCommand::Keys(keys) => {
                keys.into_iter().try_for_each(|key| self.handle(Event::Key(key), now))
            }
            PlainCommand::Open(number) => self.open(number, now),
            PlainCommand::Find(text) => self.find(text, now),
        }
    }

    fn find(&mut self, text: String, now: &impl Fn() -> Now) -> io::Result<()> {
        self.model.focus = Focus::Search;
        self.handle(Event::Key(Key::ctrl('u')), now)?;
        self.teller.expect_list();
        self.handle(Event::Pasted(text), now)?;
        self.model.focus = Focus::Results;
        if self.model.search.is_behind() { Ok(()) } else { self.teller.list(&self.model) }
    }

    fn open(&mut self, number: usize, now: &impl Fn() -> Now) -> io::Result<()> {
        if number == 0 || number > self.model.search.reply().rows.len() {
            return self.teller.no_such_customer();
        }
        self.handle(Event::Key(Key::plain(Code::Home)), now)?;
        for _ in 1..number {
            self.handle(Event::Key(Key::plain(Code::Down)), now)?;
        }
        self.teller.expect_customer();
        self.teller.customer(&self.model)
    }

    /// Hands an event to the state, obeys what it asks for, and tells what is new.
    fn handle(&mut self, event: Event, now: &impl Fn() -> Now) -> io::Result<()> {
        if let Event::Waited(Timer::Search(_) | Timer::Open(_)) = event {
            self.resting -= 1;
        }
        let mut waiting = VecDeque::from(update(&mut self.model, now(), event));
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::Wait(timer, _) => {
                    self.resting += usize::from(matches!(timer, Timer::Search(_) | Timer::Open(_)));
                    self.tasks.obey(effect);
                }
                Effect::Ask(..) | Effect::Cancel(_) => self.tasks.obey(effect),
                Effect::Word(subject) => {
                    let text = view::words::page(&self.model, &self.look, subject);
                    self.teller.page(text.as_deref())?;
                    self.model.uncover();
                }
                // Nothing is drawn, and what was told is there to be taken: nothing needs to be copied.
                Effect::Draw(_)
                | Effect::Copy(..)
                | Effect::Redraw
                | Effect::Mouse(_)
                | Effect::Call
                | Effect::Demo
                | Effect::BeginAnew
                | Effect::Suspend
                | Effect::Quit => {}
            }
        }
        self.recorder.record(&mut self.model, &self.look);
        self.teller.news(&self.model)
    }

    /// Ends what is under way, in an orderly manner.
    pub(super) async fn wind_down(&mut self) {
        self.tasks.wind_down().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_commands_under_either_layout_and_the_rest_is_searched() {
        let find = |text: &str| PlainCommand::Find(text.to_owned());
        let keys = |keys: &[Key]| PlainCommand::Keys(keys.to_vec());
        let cases = [
            ("s", keys(&[Key::plain(Code::F(5))])),
            ("ы", keys(&[Key::plain(Code::F(5))])),
            (" Q", PlainCommand::Quit),
            ("й", PlainCommand::Quit),
            ("", PlainCommand::Standing),
            ("?", PlainCommand::Help),
            ("1", PlainCommand::Open(1)),
            ("12", PlainCommand::Open(12)),
            ("4513", find("4513")),
            ("царьк", find("царьк")),
            ("/s", find("s")),
            ("z", find("z")),
        ];
        for (line, wanted) in cases {
            assert_eq!(command(line), wanted, "{line:?}");
        }
    }
}
