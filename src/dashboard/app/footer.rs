//! The footer: the keys that act where one is, the most useful first.
//!
//! What is named here does something when it is pressed: a test presses it in every place.

use super::action::{Action, Screen};
use super::key::{Code, Key};
use super::keymap::Bound;
use super::layout::Layout;
use super::model::{Focus, Model};
use super::overlay::Overlay;
use super::page::CopySubject;

/// A key of the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FooterKey {
    /// What it means.
    pub action: Action,
    /// The text id of its word.
    pub word: &'static str,
    /// Whether it stays where not all have room.
    pub stays: Stay,
}

/// What stays of the footer where not all have room: the more so the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stay {
    /// It goes.
    No,
    /// The way to all keys.
    AllKeys,
    /// The way out.
    WayOut,
}

/// An action, its word, and whether it acts here.
type FooterLine = (Action, &'static str, bool);

/// The keys that act in this place.
pub fn footer(model: &Model) -> Vec<FooterKey> {
    let lines = if model.first_run.is_some() && model.overlay.is_none() {
        of_first_run(model)
    } else if let Some(overlay) = model.overlay {
        of_overlay(overlay, model)
    } else {
        of_screen(model)
    };
    let acting = lines.into_iter().filter(|(_, _, acts)| *acts);
    acting.map(|(action, word, _)| FooterKey { action, word, stays: stay(action) }).collect()
}

fn stay(action: Action) -> Stay {
    match action {
        Action::Quit | Action::Back | Action::Yes | Action::No => Stay::WayOut,
        Action::Help => Stay::AllKeys,
        _ => Stay::No,
    }
}

/// The commands that are listed: all, or those that were typed; first those of the place that they are asked for in.
pub fn commands(model: &Model) -> Vec<Bound> {
    let mut commands = model.settings.keys.help(model.typed.as_deref().unwrap_or_default());
    let here: Vec<_> = of_screen(model).into_iter().filter(|(_, _, acts)| *acts).collect();
    let place = |action| here.iter().position(|(it, _, _)| *it == action);
    commands.sort_by_key(|bound| place(bound.action).unwrap_or(here.len()));
    if model.screens.shown() == Screen::Customers {
        // What writes there is the beginning of a search.
        for bound in &mut commands {
            let (written, others): (Vec<_>, Vec<_>) = bound.keys.iter().copied().partition(writes);
            bound.keys = if others.is_empty() { written } else { others };
        }
    } else {
        // There a key means what the footer calls it.
        for bound in &mut commands {
            bound.help = place(bound.action).map_or(bound.help, |at| here[at].1);
        }
    }
    commands
}

/// Whether a key writes among the customers, under either layout.
fn writes(key: &Key) -> bool {
    let is_space = *key == Key::plain(Code::Char(' '));
    is_space || key.is_letter() || key.cyrillic().is_some_and(|twin| twin.is_letter())
}

fn of_screen(model: &Model) -> Vec<FooterLine> {
    match model.screens.shown() {
        Screen::Customers if model.is_first_sync() => of_first_sync(model),
        Screen::Customers => of_customers(model),
        Screen::Reconciliation => of_base(model),
        Screen::BeforeAfter => of_before_after(),
    }
}

fn of_first_run(model: &Model) -> Vec<FooterLine> {
    let form = model.first_run.as_ref().and_then(|it| it.form());
    let Some(form) = form else {
        return vec![(Action::Demo, "key-demo", true), (Action::Quit, "key-quit", true)];
    };
    let is_trying = form.trial().is_some();
    let empty = form.first_empty();
    vec![
        (Action::Open, "key-set-up", !is_trying && empty.is_none()),
        (Action::Open, "key-next-field", !is_trying && empty.is_some_and(|field| field != form.at())),
        (Action::NextPane, "key-next-field", !is_trying && (empty.is_none() || empty == Some(form.at()))),
        (Action::Demo, "key-demo", !is_trying),
        (Action::Back, if is_trying { "key-give-up" } else { "key-quit" }, true),
    ]
}

fn of_first_sync(model: &Model) -> Vec<FooterLine> {
    vec![
        (Action::Engine, "key-engine", model.house.is_wanting()),
        (Action::Sync, sync_word(model), true),
        (Action::Journal, "key-journal", true),
        (Action::Quit, "key-quit", true),
        (Action::Help, "key-help", true),
    ]
}

/// While a sync runs its key stops it.
fn sync_word(model: &Model) -> &'static str {
    if model.sync.is_running() { "key-stop" } else { "key-sync" }
}

fn of_customers(model: &Model) -> Vec<FooterLine> {
    let detail = &model.detail;
    let is_open = detail.card().is_some();
    let is_somebody = model.search.selected().is_some();
    let is_in_list = model.focus != Focus::Detail;
    let is_line_sought = detail.sought().is_some() && !is_in_list;
    let back = if is_line_sought { "key-all-lines" } else { "key-give-up" };
    vec![
        (Action::Engine, "key-engine", model.house.is_wanting()),
        (Action::Back, back, is_line_sought || detail.is_check_awaited()),
        (Action::Check, "key-check", is_open && !detail.is_check_awaited()),
        (Action::Answer, "key-answer", is_open),
        (Action::Explain, "key-explain", is_open),
        (Action::Sync, sync_word(model), true),
        (Action::Find, "key-find", model.focus != Focus::Search),
        (Action::NextSection, "key-section", is_open && !is_in_list),
        (Action::View, "key-view", true),
        (Action::Show(Screen::Reconciliation), "key-reconcile", true),
        (Action::Journal, "key-journal", true),
        (Action::Copy, "key-copy", is_open),
        (Action::Open, "key-open", is_in_list && is_somebody),
        (Action::Quit, "key-quit", true),
        (Action::Help, "key-help", true),
    ]
}

fn of_base(model: &Model) -> Vec<FooterLine> {
    let base = &model.screens.reconciliation;
    let found = base.found();
    let is_current = found.is_some_and(|found| !found.is_outdated);
    let is_card = base.selected().is_some();
    let is_idle = base.run().is_none();
    let back = if is_current && base.chosen().is_some() { "key-all-cards" } else { "key-back" };
    vec![
        (Action::Open, "key-start", found.is_none() && is_idle && !model.is_empty()),
        (Action::Sync, sync_word(model), model.is_empty()),
        (Action::Open, "key-explain", is_card),
        (Action::Cause(0), "key-cause", is_current && causes_drawn(model) > 0),
        (Action::CancelSync, "key-stop", base.is_busy()),
        (Action::Filter, "key-filter", is_current),
        (Action::Check, "key-again", found.is_some() && is_idle),
        (Action::Save, "key-save", is_current && base.writing().is_none()),
        (Action::View, "key-view", !model.is_empty()),
        (Action::Copy, "key-copy", is_card),
        (Action::Back, back, true),
        (Action::Help, "key-help", true),
    ]
}

/// Causes that have a line of their own on the screen.
pub fn causes_drawn(model: &Model) -> usize {
    model.screens.reconciliation.parts(Layout::of(model).room).bars
}

fn of_before_after() -> Vec<FooterLine> {
    vec![
        (Action::Copy, "key-copy", true),
        (Action::CopyJson, "key-json", true),
        (Action::Save, "key-save", true),
        (Action::Back, "key-back", true),
        (Action::Help, "key-help", true),
    ]
}

fn of_overlay(overlay: Overlay, model: &Model) -> Vec<FooterLine> {
    let chosen = |word, acts| vec![(Action::Open, word, acts), (Action::Back, "key-back", true)];
    match overlay {
        Overlay::Help(_) => {
            let is_typed = model.typed.is_some();
            let mut lines = chosen("key-do", !commands(model).is_empty());
            lines.insert(1, (Action::Find, "key-find", !is_typed));
            lines
        }
        Overlay::View(_) => chosen("key-choose", true),
        Overlay::Pick(_) => chosen("key-copy", true),
        Overlay::Recent(_) => chosen("key-open", model.recent.others().next().is_some()),
        Overlay::Export(_) => chosen("key-save", !model.screens.reconciliation.orders().is_empty()),
        Overlay::Journal => of_journal(model),
        Overlay::Page(_) => of_page(model),
        Overlay::Ask(_) => vec![(Action::Yes, "key-yes", true), (Action::No, "key-no", true)],
    }
}

fn of_journal(model: &Model) -> Vec<FooterLine> {
    vec![
        (Action::Open, "key-whole", model.journal.listed().next().is_some()),
        (Action::Filter, "key-weight", true),
        (Action::Copy, "key-copy", true),
        (Action::Save, "key-save", true),
        (Action::Back, "key-back", true),
    ]
}

/// What is of the customer leads on to them, what is of 1C's own fields is copied nowhere.
fn of_page(model: &Model) -> Vec<FooterLine> {
    use super::detail::Section;
    let subject = model.page.as_ref().map(|page| page.subject);
    let is_raw = subject == Some(CopySubject::RawAnswer);
    let is_of_fields = is_raw && model.raw.as_ref().is_some_and(|raw| raw.is_of_fields);
    let is_copied =
        !matches!(subject, None | Some(CopySubject::Line(_, Section::Fields, _))) && !is_of_fields;
    let is_checked = matches!(subject, Some(CopySubject::Explanation(_)));
    let is_of_base = matches!(subject, Some(CopySubject::Reconciled(_)));
    let can_check = is_checked && !model.detail.is_check_awaited();
    vec![
        (Action::Open, "key-customer", is_of_base),
        (Action::Check, "key-check", can_check),
        (Action::Copy, "key-copy", is_copied),
        (Action::CopyJson, "key-json", is_copied && subject.is_some_and(CopySubject::has_json)),
        (Action::Save, "key-save", is_copied),
        (Action::Back, "key-back", true),
    ]
}
