//! From a state and an event to a new state and what is to be done: every decision of the dashboard.

mod answers;
mod page;
mod reconcile;

use std::time::Duration;

use ratatui::layout::Position;

use crate::config::Theme;

use super::action::Action;
use super::ask::{Ask, Failure, TaskKind};
use super::choices::choices;
use super::cursor::{SelectionStep, turned};
use super::detail::Room;
use super::effect::{Effect, Haste, Timer};
use super::event::{Event, Now, Point, Pointer};
use super::journal::JournalLine;
use super::keymap::{Context, Key};
use super::layout::Layout;
use super::model::{Focus, Message, Model, Passing};
use super::overlay::{Overlay, Question};
use super::page::{Cell, Form};
use super::sync::State;

/// How long a passing message stays.
const PASSING: Duration = Duration::from_secs(4);

/// What an event leads to; `None` where it changes nothing that can be seen.
type Change = Option<Vec<Effect>>;

/// Takes an event that happened at `now`. A change that can be seen asks for a drawing.
pub fn update(model: &mut Model, now: Now, event: Event) -> Vec<Effect> {
    model.now = now;
    let haste = haste(&event);
    let Some(mut effects) = handle(model, event) else { return Vec::new() };
    model.tasks.number(&mut effects);
    let mut settled = settle(model);
    model.tasks.number(&mut settled);
    effects.extend(settled);
    effects.push(Effect::Draw(haste));
    effects
}

fn haste(event: &Event) -> Haste {
    match event {
        Event::Reported(..) | Event::Ticked => Haste::Soon,
        _ => Haste::Now,
    }
}

fn handle(model: &mut Model, event: Event) -> Change {
    match event {
        Event::Started => Some(start(model)),
        Event::Key(key) => press(model, key),
        Event::Pasted(text) => paste(model, &text),
        Event::Resized(size) => {
            model.size = size;
            Some(page::reworded(model))
        }
        Event::Resumed => Some(vec![Effect::Redraw]),
        Event::Pointed(pointer) => point(model, pointer),
        Event::Waited(timer) => waited(model, timer),
        Event::Ticked => Some(Vec::new()),
        Event::Worded(subject, text) => page::worded(model, subject, text),
        Event::Reported(id, report) => answers::reported(model, id, report),
        Event::Answered(id, result) => answers::answered(model, id, result),
    }
}

/// What holds after every event: the selected lines are visible, the detail follows the customer selected.
fn settle(model: &mut Model) -> Vec<Effect> {
    let lines = Layout::of(model).result_lines();
    let mut effects: Vec<Effect> = model.search.scroll_into_view(lines).into_iter().collect();
    // The detail waits with a row that is on its way.
    if !model.search.is_selection_awaited()
        && let Some(followed) = model.detail.follow(model.search.selected_card())
    {
        // What was asked of the customer before concerns nobody any more.
        model.tasks.forget(TaskKind::Open);
        model.tasks.forget(TaskKind::Fields);
        effects.extend(followed);
    }
    let layout = Layout::of(model);
    let lines = layout.base_parts(&model.base).lines();
    effects.extend(model.base.scroll_into_view(lines));
    let (_, list) = layout.detail_list(&model.detail);
    let section = model.detail.section(layout.detail_parts().room);
    model.detail.scroll_into_view(section, usize::from(list.height));
    effects
}

/// The list shows what checks found since the store last changed.
fn mark(model: &mut Model) {
    let detail = &model.detail;
    model.search.mark(|card| detail.live_verdict(card));
}

fn start(model: &mut Model) -> Vec<Effect> {
    if model.first_run.is_some() {
        return Vec::new();
    }
    let mut effects = vec![Effect::ask(Ask::Status)];
    if model.looks.has_mouse {
        effects.push(Effect::Mouse(true));
    }
    effects.extend(model.search.refresh());
    if model.settings.sync_at_start {
        effects.extend(start_sync(model));
    } else {
        effects.extend(plan_sync(model));
    }
    effects
}

fn waited(model: &mut Model, timer: Timer) -> Change {
    match timer {
        Timer::Search(id) => model.search.waited(id),
        Timer::Open(id) => model.detail.rested(id),
        Timer::Sync(id) if id == model.sync.timer && !model.sync.is_running() => Some(start_sync(model)),
        Timer::Message(id) if id == model.message_timer => {
            model.message.take_if(|message| matches!(message, Message::Passing(_)))?;
            Some(Vec::new())
        }
        Timer::Sync(_) | Timer::Message(_) => None,
    }
}

// Keys.

fn press(model: &mut Model, key: Key) -> Change {
    let context = model.context();
    match model.settings.keys.action(key, context) {
        Some(action) => act(model, action),
        None if context == Context::Field => model.search.edit(key, model.settings.debounce),
        None => None,
    }
}

fn paste(model: &mut Model, text: &str) -> Change {
    if matches!(model.context(), Context::Question | Context::FirstRun) {
        return None;
    }
    model.overlays.clear();
    model.focus = Focus::Search;
    Some(model.search.paste(text))
}

fn act(model: &mut Model, action: Action) -> Change {
    if let Some(answer) = reconcile::act(model, action) {
        return answer;
    }
    match action {
        Action::Reconcile => Some(reconcile::toggle(model)),
        Action::Help => Some(toggle(model, Overlay::Help(0))),
        Action::Journal => {
            model.journal.see();
            Some(toggle(model, Overlay::Journal(0)))
        }
        Action::Find => Some(focus(model, Focus::Search)),
        Action::OlderQuery => model.search.older(),
        Action::NewerQuery => model.search.newer(),
        Action::View => Some(toggle(model, Overlay::View(0))),
        Action::Sort => Some(model.search.sort_by_next()),
        Action::TurnRound => Some(model.search.turn_round()),
        Action::SortBy(column) => Some(model.search.sort_by(column)),
        Action::Filter => Some(model.search.keep_next()),
        Action::City => model.search.toggle_city(),
        Action::Mask => {
            model.looks.is_masked = !model.looks.is_masked;
            Some(page::reworded(model))
        }
        Action::Theme => {
            model.looks.theme = turned(&Theme::ALL, model.looks.theme);
            Some(vec![say(model, Passing::Theme(model.looks.theme))])
        }
        Action::Mouse => Some(toggle_mouse(model)),
        Action::WriteSettings => model.first_run.as_ref().map(|_| vec![Effect::ask(Ask::WriteSettings)]),
        Action::Demo => model.first_run.as_ref().map(|_| vec![Effect::Demo]),
        Action::Check => Some(check(model)),
        Action::Explain => Some(page::explain(model)),
        Action::Portal => Some(page::portal(model)),
        Action::Copy => Some(page::copy(model, Form::Text)),
        Action::CopyJson => Some(page::copy(model, Form::Json)),
        Action::Save => Some(page::save(model)),
        Action::Pick => Some(page::pick(model)),
        Action::Sync if model.sync.is_running() => cancel_sync(model),
        Action::Sync => Some(start_sync(model)),
        Action::CancelSync => cancel_sync(model),
        Action::NextSection => Some(turn(model, super::detail::DetailPane::next_section)),
        Action::PreviousSection => Some(turn(model, super::detail::DetailPane::previous_section)),
        Action::Quit => Some(quit(model)),
        Action::End => Some(vec![Effect::Quit]),
        Action::NextPane => Some(focus(model, next(model.focus))),
        Action::PreviousPane => Some(focus(model, next(next(model.focus)))),
        Action::Up => step(model, SelectionStep::Up(1)),
        Action::Down => step(model, SelectionStep::Down(1)),
        Action::PageUp => step(model, SelectionStep::Up(page(model))),
        Action::PageDown => step(model, SelectionStep::Down(page(model))),
        Action::First => step(model, SelectionStep::First),
        Action::Last => step(model, SelectionStep::Last),
        Action::Open => open(model),
        Action::Back => back(model),
        Action::Redraw => Some(vec![Effect::Redraw]),
        Action::Suspend => Some(vec![Effect::Suspend]),
        Action::Yes => answer(model),
        Action::No => model.overlays.pop().map(|_| Vec::new()),
    }
}

fn toggle(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    let is_open = model
        .overlays
        .last()
        .is_some_and(|top| std::mem::discriminant(top) == std::mem::discriminant(&overlay));
    lift(model);
    if !is_open {
        model.overlays.push(overlay);
    }
    Vec::new()
}

/// Takes away what lies over the panes, and over the reconciled base where that is shown.
fn lift(model: &mut Model) {
    model.overlays.retain(|overlay| matches!(overlay, Overlay::Base));
}

fn focus(model: &mut Model, focus: Focus) -> Vec<Effect> {
    if model.focus == Focus::Search && focus != Focus::Search {
        model.search.remember();
    }
    model.overlays.clear();
    model.focus = focus;
    Vec::new()
}

fn next(focus: Focus) -> Focus {
    match focus {
        Focus::Search => Focus::Results,
        Focus::Results => Focus::Detail,
        Focus::Detail => Focus::Search,
    }
}

fn open(model: &mut Model) -> Change {
    match model.overlays.last() {
        None if model.focus == Focus::Detail => return Some(page::line(model)),
        None => {}
        Some(Overlay::View(line)) => {
            let choice = *choices(model).get(*line)?;
            return Some(choice.choose(model));
        }
        Some(Overlay::Help(line)) => {
            let action = model.settings.keys.help().get(*line)?.action;
            lift(model);
            return act(model, action);
        }
        Some(&Overlay::Export(line)) => {
            model.overlays.pop();
            let order = *model.base.orders().get(line)?;
            return Some(reconcile::write(model, order));
        }
        Some(&Overlay::Pick(line)) => {
            model.overlays.pop();
            return Some(page::picked(model, line));
        }
        Some(_) => {
            model.overlays.pop();
            return Some(Vec::new());
        }
    }
    model.search.selected()?;
    Some(focus(model, Focus::Detail))
}

/// Out of what was entered last; with nothing left to leave, a running sync is asked about.
fn back(model: &mut Model) -> Change {
    if model.overlays.pop().is_some() {
        return Some(Vec::new());
    }
    // What is said in passing goes by itself and must not cost a key.
    if matches!(model.message.take(), Some(Message::Failed(_))) {
        return Some(Vec::new());
    }
    match model.focus {
        Focus::Results | Focus::Detail => Some(focus(model, Focus::Search)),
        Focus::Search if !model.search.input().value().is_empty() => Some(model.search.clear()),
        Focus::Search => cancel_sync(model),
    }
}

fn turn(model: &mut Model, by: fn(&mut super::detail::DetailPane, Room)) -> Vec<Effect> {
    let room = Layout::of(model).detail_parts().room;
    by(&mut model.detail, room);
    Vec::new()
}

fn page(model: &Model) -> usize {
    let layout = Layout::of(model);
    let lines = match (model.overlays.last(), model.focus) {
        (Some(Overlay::Base), _) => layout.base_parts(&model.base).lines(),
        (Some(_), _) => layout.overlay_lines(),
        (None, Focus::Detail) => usize::from(layout.detail_list(&model.detail).1.height),
        (None, _) => layout.result_lines(),
    };
    lines.saturating_sub(1).max(1)
}

fn step(model: &mut Model, step: SelectionStep) -> Change {
    let layout = Layout::of(model);
    let height = layout.overlay_lines();
    let choices = choices(model).len();
    let lines = model.settings.keys.help().len();
    match (model.overlays.last_mut(), model.focus) {
        (Some(Overlay::Help(line)), _) => *line = step.from(*line, lines),
        (Some(Overlay::View(line)), _) => *line = step.from(*line, choices),
        (Some(Overlay::Journal(top)), _) => {
            *top = step.from(*top, model.journal.len().saturating_sub(height) + 1);
        }
        (Some(Overlay::Page(top)), _) => {
            let columns = usize::from(layout.page().width);
            let lines = model.page.as_ref().map_or(0, |page| page.lines(columns).len());
            *top = step.from(*top, lines.saturating_sub(height) + 1);
        }
        (Some(Overlay::Pick(line)), _) => {
            let cells = model.detail.detail().map_or(0, |detail| Cell::of(&detail.comparison).len());
            *line = step.from(*line, cells);
        }
        (Some(Overlay::Base), _) => model.base.step(step),
        (Some(Overlay::Export(line)), _) => *line = step.from(*line, model.base.orders().len()),
        (Some(Overlay::Ask(_)), _) => return None,
        (None, Focus::Detail) => {
            let section = model.detail.section(layout.detail_parts().room);
            model.detail.step(step, section);
        }
        (None, Focus::Search | Focus::Results) => model.search.step(step),
    }
    Some(Vec::new())
}

// The mouse.

/// Lines the wheel moves by.
const NOTCH: usize = 3;

fn toggle_mouse(model: &mut Model) -> Vec<Effect> {
    model.looks.has_mouse = !model.looks.has_mouse;
    let has_mouse = model.looks.has_mouse;
    vec![Effect::Mouse(has_mouse), say(model, Passing::Mouse(has_mouse))]
}

/// A click selects, the wheel scrolls what is under it.
fn point(model: &mut Model, pointer: Pointer) -> Change {
    let layout = Layout::of(model);
    let by = match pointer.act {
        Point::Click => return click(model, &layout, pointer.at),
        Point::WheelUp => SelectionStep::Up(NOTCH),
        Point::WheelDown => SelectionStep::Down(NOTCH),
    };
    let before = model.focus;
    if model.overlays.is_empty() {
        model.focus = if layout.detail.contains(pointer.at) { Focus::Detail } else { Focus::Results };
    }
    let answer = step(model, by);
    model.focus = before;
    answer
}

fn click(model: &mut Model, layout: &Layout, at: Position) -> Change {
    if model.overlays.last() == Some(&Overlay::Base) {
        let line = model.base.top().saturating_add(layout.base_parts(&model.base).line(at)?);
        model.base.select(line);
        return Some(Vec::new());
    }
    if !model.overlays.is_empty() {
        return None;
    }
    if layout.search.contains(at) {
        return Some(focus(model, Focus::Search));
    }
    if layout.detail.contains(at) {
        return Some(focus(model, Focus::Detail));
    }
    let line = model.search.top().saturating_add(layout.result_line(at)?);
    let effects = focus(model, Focus::Results);
    if line < model.search.reply().total {
        model.search.select(line);
    }
    Some(effects)
}

// Questions.

fn quit(model: &mut Model) -> Vec<Effect> {
    match (model.sync.is_running(), model.base.is_busy()) {
        (true, _) => ask(model, Question::Quit),
        (false, true) => ask(model, Question::QuitBase),
        (false, false) => vec![Effect::Quit],
    }
}

/// Asks before a running sync is stopped; a try that is only planned is given up at once.
fn cancel_sync(model: &mut Model) -> Change {
    if !model.sync.is_running() && model.sync.retry_at.is_some() {
        return Some(plan_sync(model).into_iter().collect());
    }
    (model.sync.state == State::Running).then(|| ask(model, Question::CancelSync))
}

fn ask(model: &mut Model, question: Question) -> Vec<Effect> {
    lift(model);
    model.overlays.push(Overlay::Ask(question));
    Vec::new()
}

fn answer(model: &mut Model) -> Change {
    let Some(Overlay::Ask(question)) = model.overlays.pop() else { return None };
    Some(match question {
        Question::Quit | Question::QuitBase => vec![Effect::Quit],
        Question::CancelSync if model.sync.state == State::Running => {
            model.sync.state = State::Stopping;
            model.tasks.of(TaskKind::Sync).map(Effect::Cancel).into_iter().collect()
        }
        Question::CancelSync => Vec::new(),
    })
}

// The sync.

fn start_sync(model: &mut Model) -> Vec<Effect> {
    if model.sync.is_running() {
        return Vec::new();
    }
    model.sync.start();
    model.message = None;
    model.journal.push(model.now, JournalLine::SyncStarted);
    vec![Effect::ask(Ask::Sync)]
}

/// The next try by itself, because 1C could not be reached.
fn plan_retry(model: &mut Model) -> Effect {
    model.sync.timer += 1;
    let pause = model.sync.wait_for_onec(model.now);
    Effect::Wait(Timer::Sync(model.sync.timer), pause)
}

/// The next sync by itself, so long after the last.
fn plan_sync(model: &mut Model) -> Option<Effect> {
    model.sync.stop_waiting();
    model.sync.timer += 1;
    let every = model.settings.every?;
    Some(Effect::Wait(Timer::Sync(model.sync.timer), every))
}

// The check.

fn check(model: &mut Model) -> Vec<Effect> {
    match model.detail.ask_check(model.now) {
        Some(effects) => effects,
        None => vec![say(model, Passing::NothingToCheck)],
    }
}

// What is said.

fn say(model: &mut Model, passing: Passing) -> Effect {
    model.message = Some(Message::Passing(passing));
    model.message_timer += 1;
    Effect::Wait(Timer::Message(model.message_timer), PASSING)
}

fn fail(model: &mut Model, failure: Failure) {
    model.journal.push(model.now, JournalLine::Failed(failure.clone()));
    model.message = Some(Message::Failed(failure));
}
