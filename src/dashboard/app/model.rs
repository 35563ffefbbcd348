//! The state of the whole dashboard.

use std::time::Duration;

use chrono_tz::Tz;
use ratatui::layout::Size;

use crate::config::Theme;
use crate::domain::period::age;
use crate::domain::quiet::QuietHours;
use crate::engine::reconcile::requests_of_all;
use crate::engine::{OtherWriter, TypesFound};
use crate::report::log::LogEntry;

use super::action::Action;
use super::ask::{Failure, OpenTasks, StoreStatus};
use super::background::BackgroundChecks;
use super::event::Now;
use super::first_run::FirstRun;
use super::journal::{Journal, JournalLine};
use super::key::Key;
use super::keymap::{Context, Keymap};
use super::looks::{Kept, Looks};
pub use super::message::{Message, Passing};
use super::overlay::Overlay;
use super::page::{Last, PageWords, RawPage};
use super::recent::RecentCustomers;
use super::screens::{Around, Screen, Screens};
use super::views::Views;
use super::{detail, elsewhere, house, search, sync};

/// What stays the same while the dashboard runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSettings {
    /// Pause after the last letter before a search starts.
    pub debounce: Duration,
    /// Whether whoever is opened is compared with 1C by itself.
    pub checks_opened: bool,
    /// How often a sync starts by itself; `None`: only when asked.
    pub every: Option<Duration>,
    /// Hours of 1C in which none does, and its zone.
    pub quiet: Option<(QuietHours, Tz)>,
    /// What becomes of the first sync.
    pub first_sync: FirstSync,
    /// The keys in force.
    pub keys: Keymap,
    /// The colours to begin with.
    pub theme: Theme,
    /// What is to be said of the settings, in words: the journal begins with it.
    pub warnings: Vec<String>,
}

/// What becomes of the first sync of a store that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstSync {
    /// It is asked for when it is wanted.
    #[default]
    Awaited,
    /// The dashboard asks whether to begin it.
    Offered,
    /// It begins with the dashboard.
    Begun,
}

/// Which pane the keyboard talks to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The search field: support staff type at once.
    #[default]
    Search,
    /// The list of customers.
    Results,
    /// The selected customer.
    Detail,
}

impl Focus {
    /// The pane after this one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Search => Self::Results,
            Self::Results => Self::Detail,
            Self::Detail => Self::Search,
        }
    }
}

/// The state of the whole dashboard.
#[derive(Clone, Debug)]
pub struct Model {
    /// The moment of the last event.
    pub now: Now,
    /// Size of the screen.
    pub size: Size,
    /// What stays the same.
    pub settings: ModelSettings,
    /// Where the keyboard is.
    pub focus: Focus,
    /// The search field and its list.
    pub search: search::SearchPane,
    /// Which columns of it are hidden, and its saved views.
    pub views: Views,
    /// What was asked for of a list that is on its way: done once that is there.
    pub awaiting: Vec<Action>,
    /// The selected customer.
    pub detail: detail::DetailPane,
    /// The customers looked at last.
    pub recent: RecentCustomers,
    /// Checks that nobody asked for.
    pub background: BackgroundChecks,
    /// The sync.
    pub sync: sync::SyncPane,
    /// What other processes do.
    pub elsewhere: elsewhere::Elsewhere,
    /// The engine of the store.
    pub house: house::House,
    /// The tasks whose answers are waited for.
    pub tasks: OpenTasks,
    /// What happened.
    pub journal: Journal,
    /// What fills the screen.
    pub screens: Screens,
    /// What lies over that.
    pub overlay: Option<Overlay>,
    /// What is typed to find a command; `None` where letters are commands themselves.
    pub typed: Option<String>,
    /// What the page that lies over it says.
    pub page: Option<PageWords>,
    /// The request somebody asked about last, and how 1C answers it.
    pub raw: Option<Box<RawPage>>,
    /// Which document is what, as 1C said last; `None` until it did.
    pub document_types: Option<Result<Box<TypesFound>, Failure>>,
    /// What was copied last.
    pub copied: Option<Last>,
    /// How often something was handed to the terminal: how that works is said once.
    pub copies: usize,
    /// What is said above the footer.
    pub message: Option<Message>,
    /// Number of the timer that puts the message away.
    pub message_timer: u64,
    /// How the store stands; `None` until it was asked.
    pub status: Option<StoreStatus>,
    /// The store was found to hold other rows than were published.
    pub is_store_damaged: bool,
    /// How things look.
    pub looks: Looks,
    /// Set where there are no settings yet.
    pub first_run: Option<FirstRun>,
}

impl Model {
    /// The state before anything happened.
    pub fn new(settings: ModelSettings, size: Size, now: Now) -> Self {
        let looks = Looks { theme: settings.theme, ..Looks::default() };
        let mut journal = Journal::default();
        settings.warnings.iter().for_each(|words| journal.push(now, JournalLine::Warned(words.clone())));
        Self {
            now,
            size,
            looks,
            first_run: None,
            settings,
            focus: Focus::default(),
            search: search::SearchPane::default(),
            views: Views::default(),
            awaiting: Vec::new(),
            detail: detail::DetailPane::default(),
            recent: RecentCustomers::default(),
            background: BackgroundChecks::default(),
            sync: sync::SyncPane::default(),
            elsewhere: elsewhere::Elsewhere::default(),
            house: house::House::default(),
            tasks: OpenTasks::default(),
            journal,
            screens: Screens::default(),
            overlay: None,
            typed: None,
            page: None,
            raw: None,
            document_types: None,
            copied: None,
            copies: 0,
            message: None,
            message_timer: 0,
            status: None,
            is_store_damaged: false,
        }
    }

    /// How often the screen changes by itself: by the second while something is timed, else ages by the minute.
    pub fn tick(&self) -> Duration {
        let is_asking = self.detail.is_asking() || self.screens.reconciliation.run().is_some();
        let is_elsewhere = self.elsewhere.sync().is_some();
        let form = self.first_run.as_ref().and_then(FirstRun::form);
        let is_trying = form.is_some_and(|form| form.trial().is_some());
        let is_asking = is_asking || is_trying || self.house.lost_at().is_some();
        let is_timed = self.sync.is_running() || self.sync.retry_at.is_some() || is_asking || is_elsewhere;
        Duration::from_secs(if is_timed { 1 } else { 60 })
    }

    /// The state as it was left the last time.
    #[must_use]
    pub fn restored(mut self, kept: &Kept) -> Self {
        self.search.restore(kept.order);
        self.detail.restore(kept.section);
        self.looks.has_mouse = kept.has_mouse;
        self.views = kept.views.clone();
        self.looks.theme = kept.theme.unwrap_or(self.looks.theme);
        self
    }

    /// The journal begins with what earlier runs left in the log.
    #[must_use]
    pub fn after(mut self, earlier: Vec<LogEntry>) -> Self {
        self.journal.restore(self.now, earlier);
        self
    }

    /// What of the state is worth keeping.
    pub fn kept(&self) -> Kept {
        let theme = self.looks.theme;
        Kept {
            theme: (theme != self.settings.theme).then_some(theme),
            order: self.search.order(),
            has_mouse: self.looks.has_mouse,
            section: self.detail.chosen(),
            views: self.views.clone(),
        }
    }

    /// The key to name for an action, by the keys in force; `None` where it has none.
    pub fn key_of(&self, action: Action) -> Option<Key> {
        if matches!(action, Action::Yes | Action::No) {
            // An answer that is the same in every language.
            let bound = self.settings.keys.bindings().iter().find(|bound| bound.action == action);
            return bound.and_then(|bound| bound.keys.last()).copied();
        }
        let context = match self.context() {
            context if self.is_uncovered() => context,
            context @ (Context::Filter | Context::Question) => context,
            _ => Context::Lines,
        };
        self.settings.keys.shown(action, context)
    }

    /// Shows the customers with nothing over them.
    pub fn uncover(&mut self) {
        self.overlay = None;
        self.screens.show(Screen::Customers);
    }

    /// Whether the customers are shown with nothing over them.
    pub fn is_uncovered(&self) -> bool {
        self.overlay.is_none() && self.screens.shown() == Screen::Customers
    }

    /// Whether whom an action is about is there: the list answers what was typed, the customer selected is shown, and
    /// nothing that was asked for before still waits.
    pub(super) fn is_ready_for(&self, action: Action) -> bool {
        let is_of_customers = action.is_of_list() || action.is_of_detail();
        if !is_of_customers || !self.is_uncovered() {
            return true;
        }
        let is_shown = !action.is_of_detail() || self.detail.is_settled();
        self.awaiting.is_empty() && self.search.is_shown() && is_shown
    }

    /// What a screen sees of the rest.
    pub(super) fn around(&self) -> Around {
        let page = self.page.as_ref().map(|page| page.subject);
        Around {
            is_empty: self.is_empty(),
            now: self.now,
            shown: self.screens.shown(),
            customer: self.detail.card(),
            over: self.overlay,
            page,
        }
    }

    /// What the keyboard talks to.
    pub fn context(&self) -> Context {
        match (self.overlay, self.focus) {
            (None, _) if self.first_run.as_ref().is_some_and(|it| it.form().is_some()) => Context::Form,
            (None, _) if self.first_run.is_some() => Context::FirstRun,
            (Some(Overlay::Ask(_)), _) => Context::Question,
            (_, Focus::Search) if self.is_uncovered() => Context::Field,
            (Some(Overlay::Help(_)), _) if self.typed.is_some() => Context::Filter,
            (Some(Overlay::Journal), _) => Context::Filter,
            (_, Focus::Detail) if self.is_uncovered() && self.detail.sought().is_some() => Context::Filter,
            _ if self.is_uncovered() => Context::Customers,
            _ => Context::Lines,
        }
    }

    /// Requests that comparing every card of the base line by line takes, about.
    pub fn requests_of_all(&self) -> u64 {
        let found = self.screens.reconciliation.found().map(|found| found.base.summary.cards);
        let stored = || self.status.as_ref().map_or(0, |status| status.cards);
        requests_of_all(found.unwrap_or_else(stored))
    }

    /// How long no sync begins by itself from now on.
    pub(super) fn quiet_left(&self) -> Duration {
        let left = |(hours, zone): (QuietHours, Tz)| hours.left_from(self.now.to_utc(), zone);
        self.settings.quiet.map_or(Duration::ZERO, left)
    }

    /// When the next sync begins by itself, here or in the engine, as far as that is planned. In quiet hours at their end.
    pub fn next_sync(&self) -> Option<Now> {
        if self.house.is_attached() {
            return self.house.next_sync().map(|at| at.with_timezone(&self.now.timezone()));
        }
        let at = self.sync.next_at?;
        let left = |(hours, zone): (QuietHours, Tz)| hours.left_from(at.to_utc(), zone);
        let left = self.settings.quiet.map_or(Duration::ZERO, left);
        at.checked_add_signed(chrono::TimeDelta::from_std(left).ok()?)
    }

    /// Whether it is known that nothing was ever synced.
    pub fn is_empty(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.synced_at.is_none())
    }

    /// Whether anything was ever synced.
    pub fn is_synced(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.synced_at.is_some())
    }

    /// Whether a sync is all there is to look at: it runs, or was to, and there is nobody to list yet.
    pub fn is_first_sync(&self) -> bool {
        let is_empty = self.status.as_ref().is_some_and(|status| status.synced_at.is_none());
        let is_any = self.sync.is_known() || self.elsewhere.sync().is_some();
        is_empty && is_any && self.search.reply().rows.is_empty() && self.first_run.is_none()
    }

    /// Another process that syncs, where it is what there is to look at: this one does not.
    pub fn foreign_sync(&self) -> Option<&OtherWriter> {
        self.elsewhere.sync().filter(|_| !self.sync.is_running())
    }

    /// Age of the stored figures; `None` before the first sync, and where they lie ahead of the clock.
    pub fn age(&self) -> Option<Duration> {
        let status = self.status.as_ref()?;
        age(self.now.to_utc(), status.oldest_read_at.or(status.synced_at)?)
    }

    /// Whether a comparison of this moment is older than figures should be: what it found equal may be so no more.
    pub fn is_old(&self, at: Option<chrono::DateTime<chrono::Utc>>) -> bool {
        let stale_after = self.status.as_ref().map_or(Duration::ZERO, |status| status.stale_after);
        let age = at.and_then(|at| age(self.now.to_utc(), at));
        !stale_after.is_zero() && age.is_none_or(|age| age > stale_after)
    }

    /// Whether the stored figures are older than they should be. Where their age is unknown, nobody can say that
    /// they are not.
    pub fn is_stale(&self) -> bool {
        let stale_after = self.status.as_ref().map_or(Duration::ZERO, |status| status.stale_after);
        match self.age() {
            Some(age) => !stale_after.is_zero() && age > stale_after,
            None => self.is_synced(),
        }
    }
}
