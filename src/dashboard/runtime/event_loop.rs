//! The loop: wait for what comes first, hand it to the state, obey, draw.

use std::collections::VecDeque;
use std::future::pending;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event as Input;
use futures_util::stream::{Stream, StreamExt};
use tokio::time::{Instant, sleep_until};

use crate::dashboard::app::{
    Answer, Ask, Copied, CopyPlace, CopySubject, Effect, Event, Form, Haste, Kept, Model, Now, Point,
    Pointer, Target, TaskId, update,
};
use crate::dashboard::view::{self, Look, Recorder, title};

use super::Exit;
use super::backend::Backend;
use super::clipboard;
use super::input::translate;
use super::screen::TerminalScreen;
use super::signs::{SignSettings, Signs};
use super::tasks::Tasks;
use super::terminal::{self, Signal, Signals};

/// How long waiting events may keep a frame from being drawn.
const PATIENCE: Duration = Duration::from_millis(50);

/// Least time between frames in a window that the terminal says nobody types in: another one has the keyboard.
const UNWATCHED_FRAME: Duration = Duration::from_secs(2);

/// The state, its screen, and all that is under way.
pub(super) struct EventLoop<W: Write> {
    model: Model,
    look: Look,
    screen: TerminalScreen<W>,
    tasks: Tasks,
    pace: Pace,
    recorder: Recorder,
    /// Whether copies go through tmux.
    in_tmux: bool,
    signs: Signs,
}

/// When to draw and when to look at the clock.
struct Pace {
    interval: Duration,
    /// Whether the window has the keyboard, as far as the terminal tells.
    is_watched: bool,
    drawn: Instant,
    due: Option<Instant>,
    ticked: Instant,
}

impl Pace {
    /// Least time between two frames that nobody asked for.
    fn interval(&self) -> Duration {
        if self.is_watched { self.interval } else { self.interval.max(UNWATCHED_FRAME) }
    }

    /// The window got the keyboard, or lost it: who comes back sees how things stand.
    fn watched(&mut self, is_watched: bool) {
        self.is_watched = is_watched;
        if is_watched && self.due.is_some() {
            self.want(Haste::Now);
        }
    }

    /// A change wants to be seen.
    fn want(&mut self, haste: Haste) {
        let at = match haste {
            Haste::Now => Instant::now(),
            Haste::Soon => self.drawn + self.interval(),
        };
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Waits until a frame is due; for ever where nothing changed.
    async fn frame(&self) {
        match self.due {
            None => pending().await,
            Some(due) if due <= Instant::now() => {}
            Some(due) => sleep_until(due).await,
        }
    }

    fn is_overdue(&self) -> bool {
        self.due.is_some_and(|due| due + PATIENCE <= Instant::now())
    }
}

/// What the loop woke up for.
enum Wake {
    Happened(Box<Event>),
    Signal(Signal),
    /// The window got the keyboard, or lost it.
    Watched(bool),
    Frame,
    /// The terminal has no more to say.
    Gone(Option<io::Error>),
    /// Something that concerns nobody.
    Nothing,
}

fn happened(event: Event) -> Wake {
    Wake::Happened(Box::new(event))
}

impl<W: Write> EventLoop<W> {
    pub(super) fn new(
        backend: Arc<dyn Backend>,
        model: Model,
        look: Look,
        screen: TerminalScreen<W>,
        interval: Duration,
    ) -> Self {
        let now = Instant::now();
        let pace = Pace { interval, is_watched: true, drawn: now, due: Some(now), ticked: now };
        let recorder = Recorder::after(&model);
        Self {
            model,
            look,
            screen,
            tasks: Tasks::new(backend),
            pace,
            recorder,
            in_tmux: false,
            signs: Signs::default(),
        }
    }

    /// Copies go through tmux, which the dashboard runs in.
    pub(super) fn in_tmux(self, in_tmux: bool) -> Self {
        Self { in_tmux, ..self }
    }

    /// Signs beside the screen are shown.
    pub(super) fn with_signs(self, settings: SignSettings) -> Self {
        Self { signs: Signs::new(settings), ..self }
    }

    /// Runs until the user leaves or a signal ends it. The first frame comes before anything is asked for.
    pub(super) async fn run(
        &mut self,
        mut input: impl Stream<Item = io::Result<Input>> + Unpin,
        mut signals: Signals,
        now: impl Fn() -> Now,
    ) -> io::Result<Exit> {
        self.draw()?;
        let mut next = Some(Event::Started);
        loop {
            if let Some(event) = next.take()
                && let ControlFlow::Break(exit) = self.handle(event, &now, &mut signals).await?
            {
                return Ok(exit);
            }
            if self.pace.is_overdue() {
                self.draw()?;
            }
            match self.wait(&mut input, &mut signals).await {
                Wake::Frame => self.draw()?,
                Wake::Signal(Signal::End) | Wake::Gone(None) => return Ok(Exit::Interrupted),
                Wake::Gone(Some(error)) => return Err(error),
                Wake::Signal(Signal::Continued) => {
                    terminal::take_again()?;
                    self.signs.forget();
                    next = Some(Event::Resumed);
                }
                Wake::Watched(is_watched) => self.pace.watched(is_watched),
                Wake::Happened(event) => next = Some(self.aimed(*event)),
                Wake::Nothing => {}
            }
        }
    }

    /// Waits for what comes first: the user before the tasks, drawing when nothing else waits.
    async fn wait(
        &mut self,
        input: &mut (impl Stream<Item = io::Result<Input>> + Unpin),
        signals: &mut Signals,
    ) -> Wake {
        let tick = self.pace.ticked + self.model.tick();
        let progress_at = self.pace.drawn + self.pace.interval();
        tokio::select! {
            biased;
            signal = signals.next() => Wake::Signal(signal),
            key = input.next() => match key {
                Some(Ok(Input::FocusGained)) => Wake::Watched(true),
                Some(Ok(Input::FocusLost)) => Wake::Watched(false),
                Some(Ok(event)) => translate(event).map_or(Wake::Nothing, happened),
                Some(Err(error)) => Wake::Gone(Some(error)),
                None => Wake::Gone(None),
            },
            event = self.tasks.next(progress_at) => happened(event),
            () = sleep_until(tick) => {
                self.pace.ticked = Instant::now();
                happened(Event::Ticked)
            }
            () = self.pace.frame() => Wake::Frame,
        }
    }

    /// A click on something that has a name is that.
    fn aimed(&self, event: Event) -> Event {
        match event {
            Event::Pointed(Pointer { at, act: Point::Click }) => {
                view::chosen(&self.model, &self.look, at).map_or(event, Event::Chosen)
            }
            event => event,
        }
    }

    /// Hands an event to the state and obeys what it asks for.
    async fn handle(
        &mut self,
        event: Event,
        now: &impl Fn() -> Now,
        signals: &mut Signals,
    ) -> io::Result<ControlFlow<Exit>> {
        if let Event::Resized(size) = event {
            self.screen.resize(size)?;
        }
        let mut waiting = VecDeque::from(update(&mut self.model, now(), event));
        self.recorder.record(&mut self.model, &self.look);
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::Draw(haste) => self.pace.want(haste),
                Effect::Wait(..) | Effect::Ask(..) | Effect::Cancel(_) => self.tasks.obey(effect),
                Effect::Word(subject) => {
                    let text = view::words::page(&self.model, &self.look, subject);
                    waiting.extend(update(&mut self.model, now(), Event::Worded(subject, text)));
                }
                Effect::Copy(id, subject, form, target) => {
                    if let Some(answer) = self.copy(id, (subject, form), target)? {
                        waiting.extend(update(&mut self.model, now(), Event::Answered(id, Ok(answer))));
                    }
                }
                Effect::Redraw => self.screen.clear()?,
                Effect::Suspend => self.suspend(signals).await?,
                Effect::Call => {
                    let call = self.signs.call(&title::title(&self.model, &self.look));
                    self.screen.send(&call)?;
                }
                Effect::Mouse(is_on) => terminal::mouse(is_on)?,
                Effect::Demo => return Ok(ControlFlow::Break(Exit::Demo)),
                Effect::BeginAnew => return Ok(ControlFlow::Break(Exit::BegunAnew)),
                Effect::Quit => return Ok(ControlFlow::Break(Exit::Quit)),
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Words something and hands it over; `None` where a task is still at it.
    fn copy(
        &mut self,
        id: TaskId,
        (subject, form): (CopySubject, Form),
        target: Target,
    ) -> io::Result<Option<Answer>> {
        let Some(copy) = view::words::copy(&self.model, &self.look, subject, form) else {
            return Ok(Some(Answer::Copied(None)));
        };
        let (name, text) = (copy.name, copy.text);
        if target == Target::File || text.len() > clipboard::MOST {
            self.tasks.ask(id, Ask::Save { name, text });
            return Ok(None);
        }
        if self.in_tmux {
            self.tasks.copy_into_tmux(id, name, text);
            return Ok(None);
        }
        self.screen.send(&clipboard::sequence(&text))?;
        let copied = Copied { characters: text.chars().count(), place: CopyPlace::Terminal };
        Ok(Some(Answer::Copied(Some(copied))))
    }

    async fn suspend(&mut self, signals: &mut Signals) -> io::Result<()> {
        terminal::suspend(signals).await?;
        self.signs.forget();
        self.pace.want(Haste::Now);
        self.screen.clear()
    }

    fn draw(&mut self) -> io::Result<()> {
        self.screen.draw(|frame| view::draw(frame, &self.model, &self.look))?;
        let signs = self.signs.shown(title::title(&self.model, &self.look), title::progress(&self.model));
        if !signs.is_empty() {
            self.screen.send(&signs)?;
        }
        self.pace.drawn = Instant::now();
        self.pace.due = None;
        Ok(())
    }

    /// What of the state is worth keeping.
    pub(super) fn kept(&self) -> Kept {
        self.model.kept()
    }

    /// Ends what is under way, in an orderly manner.
    pub(super) async fn wind_down(&mut self) {
        self.tasks.wind_down().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_window_without_the_keyboard_is_drawn_less_often_and_at_once_when_it_is_back() {
        let now = Instant::now();
        let interval = Duration::from_millis(100);
        let mut pace = Pace { interval, is_watched: true, drawn: now, due: None, ticked: now };
        pace.want(Haste::Soon);
        assert_eq!(pace.due, Some(now + interval));
        pace.due = None;
        pace.watched(false);
        pace.want(Haste::Soon);
        assert_eq!(pace.due, Some(now + UNWATCHED_FRAME));
        tokio::time::advance(interval).await;
        pace.watched(true);
        assert_eq!(pace.due, Some(now + interval));
        pace.due = None;
        pace.watched(true);
        assert_eq!(pace.due, None, "nothing changed meanwhile");
    }
}
