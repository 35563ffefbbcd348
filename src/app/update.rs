//! From a state and an event to a new state and what is to be done: every decision of the dashboard.

mod page;
mod reconcile;

use std::time::Duration;

use ratatui::layout::Position;

use crate::config::Theme;
use crate::sync::event::{Notice, Outcome, Progress, StageState, Summary};

use super::action::Action;
use super::choices::choices;
use super::detail::Room;
use super::effect::{Effect, Haste, Timer};
use super::event::{Event, Failure, Job, Now, Point, Pointer, Status};
use super::first_run;
use super::journal::Line;
use super::keymap::{Context, Key};
use super::layout::Layout;
use super::model::{Focus, Message, Model, Passing};
use super::overlay::{Overlay, Question};
use super::page::{Cell, Form};
use super::search::{Step, turned};
use super::sync::{Ended, State};

/// How long a passing message stays.
const PASSING: Duration = Duration::from_secs(4);

/// What an event leads to; `None` where it changes nothing that can be seen.
type Answer = Option<Vec<Effect>>;

/// Takes an event that happened at `now`. A change that can be seen asks for a drawing.
pub fn update(model: &mut Model, now: Now, event: Event) -> Vec<Effect> {
    model.now = now;
    let haste = haste(&event);
    let Some(mut effects) = handle(model, event) else { return Vec::new() };
    effects.extend(settle(model));
    effects.push(Effect::Draw(haste));
    effects
}

fn haste(event: &Event) -> Haste {
    match event {
        Event::Progressed(_)
        | Event::ReconcileProgressed(..)
        | Event::ExportProgressed(..)
        | Event::Noticed(_)
        | Event::Ticked => Haste::Soon,
        _ => Haste::Now,
    }
}

fn handle(model: &mut Model, event: Event) -> Answer {
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
        Event::Written(result) => written(model, result),
        Event::Waited(timer) => waited(model, timer),
        Event::Ticked => Some(Vec::new()),
        Event::Found(id, Ok(reply)) => {
            model.search.found(id, reply)?;
            mark(model);
            Some(Vec::new())
        }
        Event::Found(id, Err(failure)) => {
            model.search.broke(id)?;
            fail(model, failure);
            Some(Vec::new())
        }
        Event::Opened(id, card, result) => model.detail.opened(id, card, result).map(|()| Vec::new()),
        Event::Checked(id, card, result) => {
            let found = result.as_ref().map(|live| &live.comparison);
            let word = found.map(|found| (found.customer.code.clone(), found.verdict));
            let word = word.map_err(Clone::clone);
            let effects = model.detail.checked(id, card, result, model.now)?;
            mark(model);
            Some([effects, checked(model, word), page::reworded(model)].concat())
        }
        Event::FieldsRead(id, _, result) => model.detail.fields_read(id, result).map(|()| Vec::new()),
        Event::PortalLoaded(id, result) => page::portal_loaded(model, id, result),
        Event::Worded(subject, text) => page::worded(model, subject, text),
        Event::Copied(result) => Some(page::copied(model, result)),
        Event::ReconcileProgressed(id, progress) => reconcile::progressed(model, id, progress),
        Event::Reconciled(id, result) => reconcile::ended(model, id, result),
        Event::ReconciledListed(id, result) => reconcile::listed(model, id, result),
        Event::ExportProgressed(id, rows) => reconcile::wrote(model, id, rows),
        Event::Exported(id, result) => reconcile::exported(model, id, result),
        Event::Progressed(progress) => progressed(model, progress),
        Event::Noticed(notice) => Some(noticed(model, notice)),
        Event::Synced(result) => Some(synced(model, result)),
        Event::Loaded(status) => loaded(model, status),
        Event::Verified(result) => Some(verified(model, result)),
        Event::Crashed(job, place) => Some(crashed(model, job, place)),
    }
}

/// What holds after every event: the selected lines are visible, the detail follows the customer selected.
fn settle(model: &mut Model) -> Vec<Effect> {
    let lines = Layout::of(model).result_lines();
    let mut effects: Vec<Effect> = model.search.scroll_into_view(lines).into_iter().collect();
    // The detail waits with a row that is on its way.
    if !model.search.is_selection_awaited() {
        effects.extend(model.detail.follow(model.search.selected_card()));
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
    let mut effects = vec![Effect::LoadStatus];
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

fn waited(model: &mut Model, timer: Timer) -> Answer {
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

fn press(model: &mut Model, key: Key) -> Answer {
    let context = model.context();
    match model.settings.keys.action(key, context) {
        Some(action) => act(model, action),
        None if context == Context::Field => model.search.edit(key, model.settings.debounce),
        None => None,
    }
}

fn paste(model: &mut Model, text: &str) -> Answer {
    if matches!(model.context(), Context::Question | Context::FirstRun) {
        return None;
    }
    model.overlays.clear();
    model.focus = Focus::Search;
    Some(model.search.paste(text))
}

/// Compares the base anew.
pub(super) fn reconcile_by(model: &mut Model, by: super::reconcile::By) -> Vec<Effect> {
    reconcile::start(model, by).unwrap_or_default()
}

fn act(model: &mut Model, action: Action) -> Answer {
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
        Action::WriteSettings => model.first_run.as_ref().map(|_| vec![Effect::WriteSettings]),
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
        Action::NextSection => Some(turn(model, super::detail::Pane::next_section)),
        Action::PreviousSection => Some(turn(model, super::detail::Pane::previous_section)),
        Action::Quit => Some(quit(model)),
        Action::End => Some(vec![Effect::Quit]),
        Action::NextPane => Some(focus(model, next(model.focus))),
        Action::PreviousPane => Some(focus(model, next(next(model.focus)))),
        Action::Up => step(model, Step::Up(1)),
        Action::Down => step(model, Step::Down(1)),
        Action::PageUp => step(model, Step::Up(page(model))),
        Action::PageDown => step(model, Step::Down(page(model))),
        Action::First => step(model, Step::First),
        Action::Last => step(model, Step::Last),
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

fn open(model: &mut Model) -> Answer {
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
fn back(model: &mut Model) -> Answer {
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

fn turn(model: &mut Model, by: fn(&mut super::detail::Pane, Room)) -> Vec<Effect> {
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

fn step(model: &mut Model, step: Step) -> Answer {
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
fn point(model: &mut Model, pointer: Pointer) -> Answer {
    let layout = Layout::of(model);
    let by = match pointer.act {
        Point::Click => return click(model, &layout, pointer.at),
        Point::WheelUp => Step::Up(NOTCH),
        Point::WheelDown => Step::Down(NOTCH),
    };
    let before = model.focus;
    if model.overlays.is_empty() {
        model.focus = if layout.detail.contains(pointer.at) { Focus::Detail } else { Focus::Results };
    }
    let answer = step(model, by);
    model.focus = before;
    answer
}

fn click(model: &mut Model, layout: &Layout, at: Position) -> Answer {
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

// The first run.

fn written(model: &mut Model, result: Result<(), Failure>) -> Answer {
    let first_run = model.first_run.as_mut()?;
    first_run.step = match result {
        Ok(()) => first_run::Step::Written,
        Err(failure) => first_run::Step::Failed(failure),
    };
    Some(Vec::new())
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
fn cancel_sync(model: &mut Model) -> Answer {
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

fn answer(model: &mut Model) -> Answer {
    let Some(Overlay::Ask(question)) = model.overlays.pop() else { return None };
    Some(match question {
        Question::Quit | Question::QuitBase => vec![Effect::Quit],
        Question::CancelSync if model.sync.state == State::Running => {
            model.sync.state = State::Stopping;
            vec![Effect::CancelSync]
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
    model.journal.push(model.now, Line::SyncStarted);
    vec![Effect::StartSync]
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

fn progressed(model: &mut Model, progress: Progress) -> Answer {
    if !model.sync.is_running() || model.sync.progress == progress {
        return None;
    }
    model.sync.advance(progress);
    Some(Vec::new())
}

fn noticed(model: &mut Model, notice: Notice) -> Vec<Effect> {
    model.journal.push(model.now, Line::Notice(notice));
    Vec::new()
}

fn synced(model: &mut Model, result: Result<Summary, Failure>) -> Vec<Effect> {
    let is_published = result.as_ref().is_ok_and(|summary| summary.outcome == Outcome::Published);
    model.sync.end(if is_published { StageState::Done } else { StageState::Failed });
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Ask(_)));
    let is_unreachable = result.as_ref().is_err_and(Failure::is_passing);
    let next = if is_unreachable { Some(plan_retry(model)) } else { plan_sync(model) };
    let mut effects: Vec<Effect> = next.into_iter().collect();
    effects.push(Effect::LoadStatus);
    match &result {
        Ok(summary) => {
            let line = Line::SyncEnded(summary.outcome, summary.cards, summary.variances);
            model.journal.push(model.now, line);
            effects.extend(ended(model, summary));
        }
        Err(failure) => fail(model, failure.clone()),
    }
    model.sync.last = Some(Ended { at: model.now, result });
    effects
}

fn ended(model: &mut Model, summary: &Summary) -> Vec<Effect> {
    match summary.outcome {
        Outcome::Published => {
            let mut effects = model.search.refresh();
            effects.extend(model.detail.refresh());
            model.base.outdate();
            effects.extend(page::refresh(model));
            effects.push(say(model, Passing::Published(summary.cards, summary.variances)));
            effects
        }
        Outcome::Cancelled => vec![say(model, Passing::Cancelled)],
        Outcome::Failed => Vec::new(),
    }
}

fn loaded(model: &mut Model, status: Status) -> Answer {
    if model.status.as_ref() == Some(&status) {
        return None;
    }
    if model.status.is_none() {
        // Those of a sync of this session are in the journal already.
        for finding in status.findings.clone() {
            model.journal.push(model.now, Line::Notice(Notice::Found(finding)));
        }
    }
    let before = model.status.replace(status);
    let generation = |status: &Status| status.generation;
    let now = model.status.as_ref().and_then(generation);
    let is_new = now.is_some() && now != before.as_ref().and_then(generation);
    Some(if is_new { vec![Effect::VerifyStore] } else { Vec::new() })
}

/// Nobody reads on from a store that is not what was published without being told.
fn verified(model: &mut Model, result: Result<(), Failure>) -> Vec<Effect> {
    model.is_store_damaged = result.as_ref().is_err_and(Failure::is_damage);
    match result {
        Ok(()) => model.journal.push(model.now, Line::StoreVerified),
        Err(failure) => fail(model, failure),
    }
    Vec::new()
}

// The check.

fn check(model: &mut Model) -> Vec<Effect> {
    match model.detail.ask_check(model.now) {
        Some(effects) => effects,
        None => vec![say(model, Passing::NothingToCheck)],
    }
}

fn checked(model: &mut Model, result: Result<(String, crate::domain::Verdict), Failure>) -> Vec<Effect> {
    match result {
        Ok((code, verdict)) => {
            model.journal.push(model.now, Line::Checked(code, verdict));
            vec![say(model, Passing::Checked(verdict))]
        }
        Err(failure) => {
            fail(model, failure);
            Vec::new()
        }
    }
}

// What is said.

fn say(model: &mut Model, passing: Passing) -> Effect {
    model.message = Some(Message::Passing(passing));
    model.message_timer += 1;
    Effect::Wait(Timer::Message(model.message_timer), PASSING)
}

fn fail(model: &mut Model, failure: Failure) {
    model.journal.push(model.now, Line::Failed(failure.clone()));
    model.message = Some(Message::Failed(failure));
}

/// A task broke: its pane stops waiting, the journal keeps the place.
fn crashed(model: &mut Model, job: Job, place: Option<String>) -> Vec<Effect> {
    model.journal.push(model.now, Line::Crashed(job, place));
    match job {
        Job::Search(id) => {
            model.search.broke(id);
        }
        Job::Open(id) => model.detail.open_broke(id),
        Job::Check(id) => model.detail.check_broke(id),
        Job::Fields(id) => model.detail.fields_broke(id),
        Job::Portal(_) => return page::closed(model),
        Job::Reconcile(id) => model.base.broke(id),
        Job::List(id) => model.base.list_broke(id),
        Job::Export(id) => _ = model.base.written(id, None),
        Job::Sync => {
            model.sync.end(StageState::Failed);
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Ask(_)));
            return plan_sync(model).into_iter().collect();
        }
        Job::Status | Job::Verify | Job::Copy | Job::Settings => {}
    }
    Vec::new()
}
