//! From a state and an event to a new state and what is to be done: every decision of the dashboard.

mod answers;
mod customers;
mod elsewhere;
mod house;
mod page;
mod set_up;

use std::time::Duration;

use ratatui::layout::Position;

use crate::config::Theme;

use super::action::Action;
use super::ask::{Ask, Failure, TaskKind};
use super::choices::choices;
use super::cursor::{SelectionStep, turned};
use super::effect::{Effect, Haste, Timer};
use super::event::{Chosen, Event, Now, Point, Pointer};
use super::footer;
use super::journal::JournalLine;
use super::key::{Key, edit_line};
use super::keymap::Context;
use super::layout::Layout;
use super::model::{FirstSync, Focus, Message, Model, Passing};
use super::overlay::{Overlay, Question};
use super::page::{Cell, Form, PageWords};
use super::screens::{Meaning, Screen, ScreenWish};
use super::sync::State;

/// Wishes that wait for a list; more are a key that is held down.
const MOST_AWAITING: usize = 64;

/// How long a customer is looked at before they are compared with 1C by themselves.
const LINGERING: Duration = Duration::from_millis(300);

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
        Event::Chosen(chosen) => choose(model, chosen),
        Event::Waited(timer) => waited(model, timer),
        Event::Ticked => {
            let is_shown = model.sync.tick(model.now);
            // While one runs the next numbers draw the rest as well.
            (is_shown || !model.sync.is_followed()).then(Vec::new)
        }
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
        model.tasks.forget(TaskKind::RawAnswer);
        model.raw = None;
        effects.extend(followed);
    }
    note_looked_at(model);
    let layout = Layout::of(model);
    effects.extend(model.screens.all().into_iter().filter_map(|screen| screen.settle(layout.room)));
    let (_, list) = layout.detail_list(&model.detail);
    let section = model.detail.section(layout.detail_parts().room);
    model.detail.scroll_into_view(section, usize::from(list.height));
    effects
}

/// Who is on the screen because somebody looked for them: whoever is first among all was not looked for.
fn note_looked_at(model: &mut Model) {
    let is_meant = model.focus == Focus::Detail || model.search.is_about_somebody();
    let detail = model.detail.detail().filter(|_| is_meant);
    model.recent.show(detail.map(|detail| &detail.comparison.customer), model.now);
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
    let mut effects = vec![Ask::Status, Ask::Watch(None), Ask::WatchSettings]
        .into_iter()
        .map(Effect::ask)
        .collect::<Vec<_>>();
    if model.looks.has_mouse {
        effects.push(Effect::Mouse(true));
    }
    effects.extend(model.search.refresh());
    if model.settings.first_sync == FirstSync::Begun {
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
        Timer::Background(selection) => check_quietly(model, selection),
        // An engine has a schedule of its own.
        Timer::Sync(_) if model.house.is_attached() && model.sync.retry_at.is_none() => None,
        Timer::Sync(id) if id == model.sync.timer && !model.sync.is_running() => Some(begin_sync(model)),
        Timer::Message(id) if id == model.message_timer => {
            model.message.take_if(|message| matches!(message, Message::Passing(_)))?;
            Some(Vec::new())
        }
        Timer::Sync(_) | Timer::Message(_) => None,
    }
}

// Keys.

fn press(model: &mut Model, key: Key) -> Change {
    let context = match model.context() {
        Context::Form => return set_up::press(model, key),
        // No name and no phone begins with a colon.
        Context::Field if key == Key::char(':') && model.search.input().value().is_empty() => {
            Context::Customers
        }
        context => context,
    };
    let is_covered = context == Context::Lines && model.overlay.is_some();
    match model.settings.keys.action(key, context) {
        // What lies over all is what a letter is meant for, and what somebody means to leave first.
        Some(Action::Quit) if key.is_letter() && context == Context::Lines => back(model),
        Some(action) if key.is_letter() && is_covered && !action.is_of_overlays() => None,
        Some(action) => act(model, action),
        None if context == Context::Field => {
            model.awaiting.clear();
            model.search.edit(key, model.settings.debounce)
        }
        None if context == Context::Customers => search_for(model, key),
        None if context == Context::Filter && model.overlay.is_none() => {
            model.detail.edit_sought(key).map(|()| Vec::new())
        }
        None if context == Context::Filter => find_command(model, key),
        None => None,
    }
}

/// Lists the commands; a second time closes the list.
fn list_commands(model: &mut Model, typed: Option<String>) -> Vec<Effect> {
    model.typed = typed;
    toggle(model, Overlay::Help(0))
}

/// What is typed leaves the commands, or the lines of the journal, that have it.
fn find_command(model: &mut Model, key: Key) -> Change {
    if model.overlay == Some(Overlay::Journal) {
        edit_line(&mut model.journal.view.typed, key)?;
    } else {
        edit_line(model.typed.as_mut()?, key)?;
        model.overlay = Some(Overlay::Help(0));
    }
    Some(Vec::new())
}

/// Text is never a command: wherever it is typed it begins the next search, and what edits text goes on with the last.
fn search_for(model: &mut Model, key: Key) -> Change {
    if !key.is_of_text() {
        return None;
    }
    let debounce = model.settings.debounce;
    let edited =
        if key.is_written() { model.search.begin(key, debounce) } else { model.search.edit(key, debounce) };
    model.awaiting.clear();
    Some([focus(model, Focus::Search), edited.unwrap_or_default()].concat())
}

fn paste(model: &mut Model, text: &str) -> Change {
    match model.context() {
        Context::Form => return set_up::paste(model, text),
        Context::Question | Context::FirstRun => return None,
        _ => {}
    }
    model.uncover();
    model.awaiting.clear();
    model.focus = Focus::Search;
    Some(model.search.paste(text))
}

/// Does what is asked for; what is about somebody who is on their way, once they are there: whoever is still shown is
/// not meant. What is asked for after that waits its turn.
fn act(model: &mut Model, action: Action) -> Change {
    if model.overlay.is_some_and(|overlay| overlay.keeps(action)) {
        return None;
    }
    if action == Action::Filter && model.overlay == Some(Overlay::Journal) {
        model.journal.turn();
        return Some(Vec::new());
    }
    if !model.is_ready_for(action) {
        return Some(await_list(model, action));
    }
    if action.is_of_detail() || action == Action::Check {
        model.recent.mean();
    }
    let around = model.around();
    match model.screens.current_mut().map(|screen| screen.act(action, around)) {
        None => customers::act(model, action).unwrap_or_else(|| usual(model, action)),
        Some(Meaning::Usual) => usual(model, action),
        Some(Meaning::Nothing) => None,
        Some(Meaning::Wishes(wishes)) => Some(grant(model, wishes)),
    }
}

/// Keeps a wish until whom it is about is there, and asks for them at once.
fn await_list(model: &mut Model, action: Action) -> Vec<Effect> {
    let is_first = model.awaiting.is_empty();
    if model.awaiting.len() < MOST_AWAITING {
        model.awaiting.push(action);
    }
    if !is_first {
        return Vec::new();
    }
    if model.search.is_shown() { model.detail.hasten() } else { model.search.hasten() }
}

/// Does what was asked for while the list or the customer was on its way.
fn go_on(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for action in std::mem::take(&mut model.awaiting) {
        effects.extend(settle(model));
        effects.extend(act(model, action).unwrap_or_default());
    }
    effects
}

/// What an action means on every screen.
fn usual(model: &mut Model, action: Action) -> Change {
    match action {
        Action::Show(screen) => Some(show(model, screen)),
        Action::Help => Some(list_commands(model, None)),
        Action::Palette => Some(list_commands(model, Some(String::new()))),
        Action::Find if matches!(model.overlay, Some(Overlay::Help(_))) => {
            model.typed = Some(String::new());
            Some(Vec::new())
        }
        Action::Journal => {
            model.journal.see();
            Some(toggle(model, Overlay::Journal))
        }
        Action::View => Some(view(model)),
        Action::Mask => {
            model.looks.is_masked = !model.looks.is_masked;
            Some(page::reworded(model))
        }
        Action::Theme => {
            // One out of a file is there where the settings name it.
            let has_file = model.settings.theme == Theme::Custom;
            let themes = if has_file { &Theme::ALL[..] } else { &Theme::BUILT_IN };
            model.looks.theme = turned(themes, model.looks.theme);
            Some(vec![say(model, Passing::Theme(model.looks.theme))])
        }
        Action::Mouse => Some(toggle_mouse(model)),
        Action::Demo => model.first_run.as_ref().map(|_| vec![Effect::Demo]),
        Action::Check => Some(check(model)),
        Action::Explain => Some(page::explain(model)),
        Action::RawAnswer => Some(page::raw_answer(model)),
        Action::Answer => Some(page::answer(model)),
        Action::DocumentTypes => Some(page::document_types(model)),
        Action::Recent => Some(toggle(model, Overlay::Recent(0))),
        Action::Copy => Some(page::copy(model, Form::Text)),
        Action::CopyJson => Some(page::copy(model, Form::Json)),
        Action::Save => Some(page::save(model)),
        Action::Pick => Some(page::pick(model)),
        Action::Sync if model.sync.is_running() => cancel_sync(model),
        Action::Sync => Some(start_sync(model)),
        Action::CancelSync => cancel_sync(model),
        Action::Engine => house::want(model),
        Action::Quit => Some(quit(model)),
        Action::End => Some(vec![Effect::Quit]),
        Action::Find => Some(focus(model, Focus::Search)),
        Action::NextPane => Some(focus(model, model.focus.next())),
        Action::PreviousPane => Some(focus(model, model.focus.next().next())),
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
        Action::No => model.overlay.take().map(|_| Vec::new()),
        // What is about the customers means nothing elsewhere.
        _ => None,
    }
}

// Screens, and what lies over them.

/// Shows a screen; a second time leaves it.
fn show(model: &mut Model, screen: Screen) -> Vec<Effect> {
    let was_on_top = model.overlay.is_none() && model.screens.shown() == screen;
    model.overlay = None;
    if was_on_top {
        model.screens.leave();
        return Vec::new();
    }
    model.screens.show(screen);
    let around = model.around();
    let wishes = model.screens.current_mut().map(|screen| screen.entered(around));
    grant(model, wishes.unwrap_or_default())
}

/// Does what a screen wants.
fn grant(model: &mut Model, wishes: Vec<ScreenWish>) -> Vec<Effect> {
    wishes.into_iter().flat_map(|wish| granted(model, wish)).collect()
}

fn granted(model: &mut Model, wish: ScreenWish) -> Vec<Effect> {
    match wish {
        ScreenWish::Do(effect) => return vec![effect],
        ScreenWish::Cancel(kind) => {
            return model.tasks.forget(kind).map(Effect::Cancel).into_iter().collect();
        }
        ScreenWish::Forget(kind) => _ = model.tasks.forget(kind),
        ScreenWish::Note(line) => model.journal.push(model.now, line),
        ScreenWish::Say(passing) => return vec![say(model, passing)],
        ScreenWish::Fail(failure) => fail(model, failure),
        ScreenWish::PutAway => _ = model.message.take_if(|message| matches!(message, Message::Failed(_))),
        ScreenWish::LayOver(overlay) => return toggle(model, overlay),
        ScreenWish::Read(subject) => return page::turn_over(model, subject),
        ScreenWish::Reword => return page::reworded(model),
        ScreenWish::GoTo(card, found) => {
            if let Some(found) = found {
                model.detail.learn(*found);
                mark(model);
            }
            model.page = None;
            return [focus(model, Focus::Detail), model.search.seek(card)].concat();
        }
        ScreenWish::Leave(screen) if model.screens.shown() == screen => _ = model.screens.leave(),
        ScreenWish::Leave(_) => {}
    }
    Vec::new()
}

fn toggle(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    let is_same = |top: Overlay| std::mem::discriminant(&top) == std::mem::discriminant(&overlay);
    let was_open = model.overlay.is_some_and(is_same);
    model.overlay = (!was_open).then_some(overlay);
    Vec::new()
}

/// What can be chosen of the list; of what is seen round a screen, that is left for it.
fn view(model: &mut Model) -> Vec<Effect> {
    if model.screens.shown().leaves_a_rim() {
        model.screens.leave();
    }
    toggle(model, Overlay::View(0))
}

fn focus(model: &mut Model, focus: Focus) -> Vec<Effect> {
    if model.focus == Focus::Search && focus != Focus::Search {
        model.search.remember();
    }
    model.uncover();
    model.focus = focus;
    Vec::new()
}

/// Does what the line under the cursor says; where none does, what has the keyboard is closed.
fn open(model: &mut Model) -> Change {
    match model.overlay? {
        Overlay::View(line) => return Some(choices(model).get(line)?.choose(model)),
        Overlay::Help(line) => {
            let action = footer::commands(model).get(line)?.action;
            model.overlay = None;
            return act(model, action);
        }
        Overlay::Export(line) => {
            model.overlay = None;
            let order = *model.screens.reconciliation.orders().get(line)?;
            return Some(model.screens.reconciliation.write(order).into_iter().collect());
        }
        Overlay::Pick(line) => {
            model.overlay = None;
            return Some(page::picked(model, line));
        }
        Overlay::Recent(line) => {
            let card = model.recent.others().nth(line)?.card;
            return Some([focus(model, Focus::Detail), model.search.seek(card)].concat());
        }
        Overlay::Journal => return page::entry(model),
        Overlay::Page(_) => return back(model),
        Overlay::Ask(_) => model.overlay = None,
    }
    Some(Vec::new())
}

/// Out of what was entered last; with nothing left to leave, a running sync is asked about.
fn back(model: &mut Model) -> Change {
    model.awaiting.clear();
    if page::is_of_journal(model) {
        return Some(page::back_to_journal(model));
    }
    if let Some(subject) = page::behind_raw_answer(model) {
        return Some(page::turn_over(model, subject));
    }
    if model.overlay.take().is_some() || model.screens.leave().is_some() {
        return Some(Vec::new());
    }
    if model.detail.unseek().is_some() {
        return Some(Vec::new());
    }
    if model.detail.is_check_awaited() {
        return Some(give_up_check(model));
    }
    // What is said in passing goes by itself and must not cost a key.
    if matches!(model.message.take(), Some(Message::Failed(_))) {
        return Some(Vec::new());
    }
    if model.focus != Focus::Detail
        && let Some(effects) = model.search.widen()
    {
        return Some(effects);
    }
    match model.focus {
        Focus::Results | Focus::Detail => Some(focus(model, Focus::Search)),
        Focus::Search if !model.search.input().value().is_empty() => Some(model.search.clear()),
        Focus::Search => cancel_sync(model),
    }
}

fn page(model: &Model) -> usize {
    let layout = Layout::of(model);
    let lines = match (model.overlay, model.screens.current()) {
        (Some(_), _) => layout.overlay_lines(),
        (None, Some(screen)) => screen.lines(layout.room),
        (None, None) => customers::lines(model, &layout),
    };
    lines.saturating_sub(1).max(1)
}

fn step(model: &mut Model, step: SelectionStep) -> Change {
    let layout = Layout::of(model);
    let Some(overlay) = model.overlay else {
        match model.screens.current_mut() {
            Some(screen) => screen.step(step, layout.room),
            None => customers::step(model, step, &layout),
        }
        return Some(Vec::new());
    };
    model.overlay = Some(match overlay {
        Overlay::Help(line) => Overlay::Help(step.from(line, footer::commands(model).len())),
        Overlay::View(line) => Overlay::View(step.from(line, choices(model).len())),
        Overlay::Journal => {
            model.journal.step(step);
            Overlay::Journal
        }
        Overlay::Page(top) => {
            let scrolled = |page: &PageWords| page.scrolled(top, step, layout.overlay);
            Overlay::Page(model.page.as_ref().map_or(0, scrolled))
        }
        Overlay::Pick(line) => {
            let cells = model.detail.detail().map_or(0, |detail| Cell::of(&detail.comparison).len());
            Overlay::Pick(step.from(line, cells))
        }
        Overlay::Export(line) => {
            Overlay::Export(step.from(line, model.screens.reconciliation.orders().len()))
        }
        Overlay::Recent(line) => Overlay::Recent(step.from(line, model.recent.others().count())),
        Overlay::Ask(_) => return None,
    });
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

/// Does what was clicked by its name.
fn choose(model: &mut Model, chosen: Chosen) -> Change {
    match chosen {
        Chosen::Key(key) => press(model, key),
        Chosen::Column(column) => act(model, Action::SortBy(column)),
        Chosen::Section(section) => {
            model.detail.choose(section);
            Some(focus(model, Focus::Detail))
        }
    }
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
    if model.is_uncovered() {
        model.focus = if layout.is_of_detail(pointer.at) { Focus::Detail } else { Focus::Results };
    }
    let answer = step(model, by);
    model.focus = before;
    answer
}

fn click(model: &mut Model, layout: &Layout, at: Position) -> Change {
    if model.overlay.is_some() {
        return None;
    }
    match model.screens.current_mut() {
        Some(screen) => {
            let wishes = screen.click(at, layout.room)?;
            Some(grant(model, wishes))
        }
        None => customers::click(model, layout, at),
    }
}

// Questions.

fn quit(model: &mut Model) -> Vec<Effect> {
    // A sync of the engine goes on whoever leaves.
    let is_own = model.sync.is_running() && !model.house.is_attached();
    let of_sync = is_own.then_some(Question::Quit);
    let of_screens = || model.screens.all().into_iter().find_map(|screen| screen.leaving());
    match of_sync.or_else(of_screens) {
        Some(question) => ask(model, question),
        None => vec![Effect::Quit],
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
    model.overlay = Some(Overlay::Ask(question));
    Vec::new()
}

fn answer(model: &mut Model) -> Change {
    let Some(Overlay::Ask(question)) = model.overlay.take() else { return None };
    Some(match question {
        Question::Quit | Question::QuitIdle | Question::QuitBase => vec![Effect::Quit],
        Question::CancelSync if model.sync.state == State::Running => {
            model.sync.state = State::Stopping;
            model.tasks.of(TaskKind::Sync).map(Effect::Cancel).into_iter().collect()
        }
        Question::CancelSync => Vec::new(),
        Question::FirstSync => start_sync(model),
    })
}

// The sync.

fn start_sync(model: &mut Model) -> Vec<Effect> {
    if model.sync.is_running() {
        return Vec::new();
    }
    if model.elsewhere.writer().is_some() {
        let next = plan_sync(model);
        return next.into_iter().chain([say(model, Passing::SyncElsewhere)]).collect();
    }
    model.sync.start(model.now);
    model.message = None;
    model.journal.push(model.now, JournalLine::SyncStarted);
    vec![Effect::ask(Ask::Sync)]
}

/// A sync by itself; in quiet hours at their end. What 1C could not be reached for was asked for before.
fn begin_sync(model: &mut Model) -> Vec<Effect> {
    let left = model.quiet_left();
    if left.is_zero() || model.sync.retry_at.is_some() {
        return start_sync(model);
    }
    model.sync.next_at =
        chrono::TimeDelta::from_std(left).ok().and_then(|it| model.now.checked_add_signed(it));
    vec![Effect::Wait(Timer::Sync(model.sync.timer), left)]
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
    model.sync.next_at = None;
    let every = model.settings.every.filter(|_| !model.house.is_attached())?;
    model.sync.next_at = model.now.checked_add_signed(chrono::TimeDelta::from_std(every).ok()?);
    Some(Effect::Wait(Timer::Sync(model.sync.timer), every))
}

// The check.

fn check(model: &mut Model) -> Vec<Effect> {
    model.background.asked_for();
    match model.detail.ask_check(model.now) {
        Some(effects) => effects,
        None => vec![say(model, Passing::NothingToCheck)],
    }
}

fn give_up_check(model: &mut Model) -> Vec<Effect> {
    model.detail.check_broke();
    model.tasks.forget(TaskKind::Check).map(Effect::Cancel).into_iter().collect()
}

/// Whoever is opened is compared with 1C once they are looked at for a moment.
fn look_at_opened(model: &Model) -> Option<Effect> {
    let selection = model.detail.uncompared().filter(|_| may_check_quietly(model))?;
    Some(Effect::Wait(Timer::Background(selection), LINGERING))
}

fn check_quietly(model: &mut Model, selection: u64) -> Change {
    if !may_check_quietly(model) {
        return None;
    }
    let check = model.detail.check_quietly(selection, model.now)?;
    model.background.begin(model.now);
    Some(vec![check])
}

fn may_check_quietly(model: &Model) -> bool {
    let is_reading = model.sync.is_running() || model.elsewhere.sync().is_some();
    model.settings.checks_opened && !is_reading && model.background.may(model.now)
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
