//! Any sequence of events at the dashboard: keys as the terminal sends them, pastes, sizes, answers that
//! come late or to nobody, with hostile words in them.

use std::time::Duration;

use chrono::TimeDelta;
use crossterm::event as terminal;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::config::Symbols;
use crate::dashboard::app::fixture;
use crate::dashboard::app::{
    Answer, Ask, CityCount, CustomerDetail, Effect, Event, Failure, ListPart, Listed, LiveCheck, Model, Now,
    ReconcileProgress, Request, SearchReply, StoreStatus, TaskId, TaskKind, TaskReport, Timer, Wanted,
    update,
};
use crate::dashboard::runtime::translate;
use crate::dashboard::view::{Look, draw, words};
use crate::domain::CardId;
use crate::engine::{ReadBy, Reading};
use crate::odata::{self, RowFault};
use crate::sync::event::{LastRepeat, Notice, Outcome, Progress, Repeat, Stage, StageState};
use crate::text::Language;

/// Events looked at; frames cost the most.
const EVENTS: usize = 64;
/// The longest query the field takes, in characters.
const LONGEST_QUERY: usize = 1_000;

/// A size, then events.
pub fn keys(data: &[u8]) {
    let mut script = Script(data);
    let mut desk = Desk::new(&mut script);
    for _ in 0..EVENTS {
        let Some(event) = desk.next_event(&mut script) else { break };
        let is_resize = matches!(event, Event::Resized(_));
        desk.feed(event);
        if is_resize {
            frame(&desk.model, script.flag());
        }
    }
    frame(&desk.model, false);
}

/// Takes choices out of the bytes; behind their end every choice is the first.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    fn number(&mut self) -> u64 {
        let bytes = [(); 8].map(|()| self.byte());
        // Half of the numbers are small, like those that are given out.
        if bytes[0] & 1 == 0 { u64::from(bytes[0] / 2) } else { u64::from_le_bytes(bytes) }
    }

    fn text(&mut self) -> String {
        let length = usize::from(self.byte()).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        super::text(text)
    }

    fn size(&mut self) -> Size {
        // Mostly a terminal's size, at times none at all, at times a wall of screens.
        let (width, height) = (u16::from(self.byte()), u16::from(self.byte()));
        if self.byte() == 255 {
            Size { width: width * 16, height: height / 16 }
        } else {
            Size { width, height }
        }
    }
}

/// The state, the time, and what was asked for and not yet answered.
struct Desk {
    model: Model,
    now: Now,
    asked: Vec<Effect>,
}

impl Desk {
    fn new(script: &mut Script<'_>) -> Self {
        let now = fixture::now();
        Self { model: Model::new(fixture::settings(), script.size(), now), now, asked: Vec::new() }
    }

    fn feed(&mut self, event: Event) {
        let event = match event {
            Event::Answered(id, result) => Event::Answered(id, fixture::carried(&result)),
            Event::Reported(id, report) => Event::Reported(id, fixture::carried(&report)),
            event => event,
        };
        let effects = update(&mut self.model, self.now, event);
        for effect in &effects {
            if let Effect::Ask(_, ask) = effect {
                let _ = fixture::carried(ask);
            }
        }
        self.asked.extend(effects.into_iter().filter(|effect| !matches!(effect, Effect::Draw(_))));
        let keep = self.asked.len().saturating_sub(EVENTS);
        self.asked.drain(..keep);
        sound(&self.model);
    }

    fn next_event(&mut self, script: &mut Script<'_>) -> Option<Event> {
        if script.0.is_empty() {
            return None;
        }
        Some(match script.byte() % 24 {
            0..8 => translate(key(script)).unwrap_or(Event::Ticked),
            8 => translate(terminal::Event::Paste(script.text())).unwrap_or(Event::Ticked),
            9 => Event::Resized(script.size()),
            10..15 => self.answer(script),
            15 => {
                // The clock goes on, and at times back.
                let seconds = i64::try_from(script.number() % 1_000_000).unwrap_or(0) - 500;
                self.now += TimeDelta::seconds(seconds);
                Event::Ticked
            }
            16 => self.told(TaskKind::Sync, TaskReport::Sync(Box::new(progress(script))), script),
            17 => self.told(TaskKind::Sync, TaskReport::Notice(notice(script)), script),
            18 => {
                let fails = script.flag();
                let result = if fails { Err(failure(script)) } else { Ok(synced(script)) };
                Event::Answered(self.task(TaskKind::Sync, script), result)
            }
            19 => Event::Answered(self.task(TaskKind::Status, script), Ok(standing(script))),
            20 => {
                let kind = TaskKind::ALL[script.below(TaskKind::ALL.len())];
                let place = script.flag().then(|| script.text());
                Event::Answered(self.task(kind, script), Err(Failure::crashed(place)))
            }
            21 => Event::Waited(timer(script)),
            22 if script.flag() => Event::Resumed,
            22 => translate(pointed(script)).unwrap_or(Event::Ticked),
            _ => Event::Started,
        })
    }

    /// The number of a task under way, or any.
    fn task(&self, kind: TaskKind, script: &mut Script<'_>) -> TaskId {
        self.model.tasks.of(kind).unwrap_or_else(|| TaskId(script.number()))
    }

    fn told(&self, kind: TaskKind, report: TaskReport, script: &mut Script<'_>) -> Event {
        Event::Reported(self.task(kind, script), report)
    }

    /// Answers something that was asked, or nobody's question.
    fn answer(&mut self, script: &mut Script<'_>) -> Event {
        let nobody = (!self.asked.is_empty()).then(|| script.below(self.asked.len()));
        let Some(effect) = nobody.map(|at| self.asked.remove(at)) else {
            return Event::Answered(self.task(TaskKind::Status, script), Ok(standing(script)));
        };
        match effect {
            Effect::Wait(timer, _) => Event::Waited(timer),
            Effect::Word(subject) => {
                let look = Look::new(Language::Russian);
                Event::Worded(subject, words::page(&self.model, &look, subject))
            }
            Effect::Ask(id, ask) => answered(script, id, &ask),
            Effect::Copy(id, ..) => Event::Answered(id, Err(failure(script))),
            Effect::Cancel(id) => Event::Answered(id, Ok(synced(script))),
            _ => Event::Answered(self.task(TaskKind::Status, script), Ok(standing(script))),
        }
    }
}

/// What comes of a question: at times it fails, at times it is only on its way.
fn answered(script: &mut Script<'_>, id: TaskId, ask: &Ask) -> Event {
    if script.below(8) == 0 || matches!(ask, Ask::Fields(_) | Ask::SetUp(_)) {
        return Event::Answered(id, Err(failure(script)));
    }
    let done = |script: &mut Script<'_>| script.flag().then(|| script.number());
    let report = match ask {
        Ask::Sync => Some(TaskReport::Sync(Box::new(progress(script)))),
        Ask::Export(_) => done(script).map(TaskReport::Export),
        Ask::Reconcile(_) => done(script)
            .map(|done| TaskReport::Reconcile(ReconcileProgress { done, ..ReconcileProgress::default() })),
        _ => None,
    };
    if let Some(report) = report {
        return Event::Reported(id, report);
    }
    let answer = match ask {
        Ask::Search(request) => Answer::Found(found(script, request)),
        Ask::Open(card) => Answer::Opened(Box::new(detail(script, *card))),
        Ask::Check(card) => {
            let comparison = detail(script, *card).comparison;
            Answer::Checked(Box::new(LiveCheck { comparison, requests: Vec::new() }))
        }
        Ask::Portal(_) => Answer::Portal(None),
        Ask::List { wanted, part, .. } => Answer::Listed(listed(script, *wanted, *part)),
        Ask::Status => standing(script),
        ask => fixture::answer(ask),
    };
    Event::Answered(id, Ok(answer))
}

/// What holds after every event.
fn sound(model: &Model) {
    let total = model.search.reply().total;
    assert!(model.search.index() < total.max(1), "the selected line is none");
    assert!(model.search.top() <= model.search.index(), "the selected line is above the list");
    assert!(model.search.input().value().chars().count() <= LONGEST_QUERY, "the query grows without end");
    let base = &model.screens.reconciliation;
    assert!(base.total().is_none_or(|total| base.index() < total.max(1)), "the selected card is none");
    assert!(base.top() <= base.index(), "the selected card is above the list");
    assert!(!model.screens.under().leaves_a_rim(), "screens pile up");
    assert!(model.age().is_none_or(|age| age >= Duration::ZERO), "figures from the future");
}

/// Draws the state at its own size: no cell holds what steers a terminal.
fn frame(model: &Model, in_english: bool) {
    let Size { width, height } = model.size;
    let language = if in_english { Language::English } else { Language::Russian };
    let symbols = if in_english { Symbols::Ascii } else { Symbols::Unicode };
    let look = Look::new(language).with_symbols(symbols);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    terminal.draw(|frame| draw(frame, model, &look)).expect("a frame");
    harmless(terminal.backend().buffer());
}

fn harmless(buffer: &Buffer) {
    for cell in buffer.content() {
        super::assert_harmless("a cell", cell.symbol());
    }
}

fn key(script: &mut Script<'_>) -> terminal::Event {
    use terminal::KeyCode;
    const NAMED: [KeyCode; 20] = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Insert,
        KeyCode::Null,
        KeyCode::CapsLock,
        KeyCode::Pause,
        KeyCode::Menu,
        KeyCode::KeypadBegin,
    ];
    let code = match script.byte() {
        byte @ 0..20 => NAMED[usize::from(byte)],
        byte @ 20..36 => KeyCode::F(byte - 20),
        255 => KeyCode::Char(
            char::from_u32(u32::try_from(script.number() % 0x11_0000).unwrap_or(0)).unwrap_or('�'),
        ),
        byte @ 128..255 => KeyCode::Char(char::from_u32(0x400 + u32::from(byte) - 128).unwrap_or('ж')),
        byte => KeyCode::Char(char::from(byte)),
    };
    let modifiers = terminal::KeyModifiers::from_bits_truncate(if script.flag() { script.byte() } else { 0 });
    terminal::Event::Key(terminal::KeyEvent::new(code, modifiers))
}

fn pointed(script: &mut Script<'_>) -> terminal::Event {
    use terminal::{MouseButton, MouseEventKind as Kind};
    let kinds = [Kind::Down(MouseButton::Left), Kind::ScrollUp, Kind::ScrollDown, Kind::Moved];
    let kind = kinds[script.below(kinds.len())];
    let (column, row) = (u16::from(script.byte()), u16::from(script.byte()));
    terminal::Event::Mouse(terminal::MouseEvent {
        kind,
        column,
        row,
        modifiers: terminal::KeyModifiers::NONE,
    })
}

fn failure(script: &mut Script<'_>) -> Failure {
    let (message, remedy) = (script.text(), script.text());
    Failure { code: "onec-busy".to_owned(), message, remedy, ..Failure::default() }
}

/// Rows of the shop with foreign words in place of some.
fn found(script: &mut Script<'_>, request: &Request) -> SearchReply {
    let mut rows = fixture::rows();
    rows.truncate(script.below(rows.len() + 1).min(request.part.limit));
    if let Some(row) = rows.first_mut() {
        let customer = &mut row.customer;
        customer.name = script.text();
        customer.code = script.text();
        customer.phone = Some(script.text());
        customer.email = script.flag().then(|| script.text());
        if let Some(city) = &mut customer.city {
            city.name = script.text();
        }
        row.total = script.flag().then(|| crate::domain::Amount::from_units(script.number().cast_signed()));
        let sum = |script: &mut Script<'_>| crate::domain::Amount::from_units(script.number().cast_signed());
        row.variance = script
            .flag()
            .then(|| crate::domain::reconcile::TotalVariance { all: sum(script), earlier: sum(script) });
        row.points = script.flag().then(|| crate::domain::Points::from_units(script.number().cast_signed()));
    }
    let total = rows.len() + script.below(3) * 10_000;
    let read_as = script.flag().then(|| Reading { text: script.text(), by: ReadBy::Typo });
    let cities = [CityCount { name: script.text(), cards: script.below(9) }].into();
    let from = if script.flag() { request.part.from } else { script.below(9) };
    let at = script.flag().then(|| script.below(total));
    let took = Duration::from_micros(script.number());
    SearchReply { rows, from, at, total, matching: total, took, read_as, cities }
}

/// Cards of a reconciled base with foreign words in place of some, and wherever they are said to stand.
fn listed(script: &mut Script<'_>, wanted: Wanted, part: ListPart) -> Listed {
    let mut listed = fixture::listed(wanted, part);
    if let Some(row) = listed.rows.first_mut() {
        row.customer.name = script.text();
        row.customer.code = script.text();
        row.customer.phone = Some(script.text());
        row.total.onec =
            script.flag().then(|| crate::domain::Amount::from_units(script.number().cast_signed()));
    }
    listed.total += script.below(3) * 10_000;
    listed.from = if script.flag() { part.from } else { script.below(9) };
    listed.at = script.flag().then(|| script.below(listed.total));
    listed
}

fn detail(script: &mut Script<'_>, card: CardId) -> CustomerDetail {
    let card = if card.0.is_nil() { fixture::card(1) } else { card };
    let mut detail = fixture::detail(card);
    detail.comparison.customer.name = script.text();
    detail.comparison.purchases.onec =
        script.flag().then(|| crate::domain::Amount::from_units(script.number().cast_signed()));
    if let Some(purchase) = detail.purchases.first_mut() {
        if let Some(product) = &mut purchase.product {
            product.name = script.text();
        }
        purchase.movement.amount = crate::domain::Amount::from_units(script.number().cast_signed());
    }
    if let Some(sum) = detail.recorders.first_mut() {
        sum.recorder_type = crate::domain::RecorderType(script.text().into());
    }
    if let Some(difference) = detail.comparison.differences.first_mut() {
        let towns = crate::domain::Figure { onec: Some(script.text()), stored: None };
        difference.figure = crate::domain::DifferenceFigure::Town(towns);
    }
    detail
}

fn progress(script: &mut Script<'_>) -> Progress {
    let states = [
        StageState::Waiting,
        StageState::Running,
        StageState::Retrying,
        StageState::Done,
        StageState::Paused,
        StageState::Failed,
    ];
    let mut progress = fixture::progress();
    progress.overall = script.byte();
    progress.bytes = script.number();
    progress.elapsed = Duration::from_secs(script.number());
    let stage = Stage::ALL[script.below(Stage::ALL.len())];
    progress.stage = script.flag().then_some(stage);
    let gauge = &mut progress.stages[stage as usize];
    gauge.state = states[script.below(states.len())];
    gauge.done = script.number();
    gauge.total = script.flag().then(|| script.number());
    gauge.elapsed = Duration::from_millis(script.number());
    gauge.confirmed = script.number();
    gauge.to_confirm = script.number();
    progress.last_repeat = script.flag().then(|| {
        let at = Duration::from_secs(script.number());
        let error = odata::Error::NotOneC { title: script.text() };
        Box::new(LastRepeat { repeat: repeat(script), at, error })
    });
    progress
}

fn repeat(script: &mut Script<'_>) -> Repeat {
    Repeat {
        number: u32::from(script.byte()),
        of: u32::from(script.byte()),
        wait: Duration::from_millis(script.number()),
    }
}

fn notice(script: &mut Script<'_>) -> Notice {
    let stage = Stage::ALL[script.below(Stage::ALL.len())];
    match script.below(8) {
        0 => Notice::StageStarted(stage),
        1 => Notice::StageDone(stage, script.number()),
        2 => Notice::Retrying(
            stage,
            repeat(script),
            odata::Error::NotOneC { title: script.text() },
            script.text(),
        ),
        3 => Notice::Rejected {
            set: script.text(),
            key: script.text(),
            field: script.text(),
            fault: RowFault::NotWhole,
        },
        4 => Notice::FilterRefused(script.text()),
        5 => Notice::NotPublished(script.text()),
        6 => Notice::NewAddress(script.text()),
        _ => Notice::ChangedUnderneath(script.text()),
    }
}

fn summary(script: &mut Script<'_>) -> crate::sync::event::SyncSummary {
    let outcomes = [Outcome::Published, Outcome::Failed, Outcome::Cancelled];
    let mut summary = fixture::summary(outcomes[script.below(3)]);
    summary.cards = script.number();
    summary.elapsed = Duration::from_secs(script.number());
    summary.variances = script.number();
    summary
}

fn status(script: &mut Script<'_>) -> StoreStatus {
    let mut status = fixture::status();
    status.base = script.text();
    status.address = script.text();
    status.cards = script.number();
    if script.flag() {
        status.synced_at = status.synced_at.map(|at| at + TimeDelta::days(i64::from(script.byte())));
    }
    status
}

fn synced(script: &mut Script<'_>) -> Answer {
    Answer::Synced(Box::new(summary(script)))
}

fn standing(script: &mut Script<'_>) -> Answer {
    Answer::Status(Box::new(status(script)))
}

fn timer(script: &mut Script<'_>) -> Timer {
    let number = script.number();
    match script.below(4) {
        0 => Timer::Search(number),
        1 => Timer::Open(number),
        2 => Timer::Sync(number),
        _ => Timer::Message(number),
    }
}
