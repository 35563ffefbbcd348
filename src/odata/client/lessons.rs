//! What was learned of a base, kept from run to run, and tried again now and then.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::capability::{Capability, Dimensions, Learned, Lessons, VirtualTable, Width};
use super::super::error::Error;
use super::super::query::Set;
use super::Client;
use super::jobs::{Count, ItemRequest, Probe, TableRequest};
use crate::domain::period::Span;
use crate::domain::{Card, CardId, Owner, fingerprint};
use crate::odata::Product;
use crate::odata::query::Filter;

/// What was refused is tried again after so long.
const TRIED_AGAIN_AFTER: TimeDelta = TimeDelta::days(7);

/// A stretch that took too long is tried again after so long: it is dear to whoever answers.
const TOO_LONG_TRIED_AFTER: TimeDelta = TimeDelta::days(1);

/// So many ways are tried again in one run, the longest refused first.
const TRIED_AT_ONCE: usize = 2;

impl Client {
    /// Begins with what was kept of this base, should it be kept of this one. `now` is when the run begins.
    pub fn remember(&self, kept: Option<&[u8]>, now: DateTime<Utc>) {
        let lessons = kept.map(|kept| Lessons::decode(kept, &self.base.root, self.names_print()));
        let mut memory = self.run.memory();
        memory.now = Some(now);
        if let Some(lessons) = lessons.filter(|lessons| !lessons.platform.is_empty()) {
            memory.platform = Some(lessons.platform);
            memory.learned = lessons.learned;
        }
        memory.is_changed = false;
    }

    /// What is to be kept of this base; nothing where that is kept already.
    pub fn lessons(&self) -> Option<Vec<u8>> {
        let memory = self.run.memory();
        let platform = memory.platform.clone().filter(|_| memory.is_changed)?;
        Lessons::new(&self.base.root, self.names_print(), platform, memory.learned.clone()).encode()
    }

    /// The ways of asking that this base does not offer, as far as is known.
    pub fn learned(&self) -> Vec<Learned> {
        self.run.memory().learned.clone()
    }

    /// Tries again what was refused long ago, or failed in a way that passes, and one filter: three ways at most, a
    /// request each.
    pub async fn try_again(&self) -> Result<(), Error> {
        self.try_filters_again().await?;
        let client = self.without_repeats();
        for learned in self.due_again() {
            let answer = client.is_offered_again(&learned).await;
            self.run.check()?;
            if answer == Ok(true) {
                self.run.regain(learned.set, &learned.what);
            } else {
                self.run.confirm(&learned);
            }
        }
        Ok(())
    }

    /// Filters that were refused are tried again by every run, in one request for one of them: without any, every sync
    /// is a whole one. Those that were merely not heeded answer this as well, and stay.
    async fn try_filters_again(&self) -> Result<(), Error> {
        let refused = self.learned().into_iter().find(|it| is_filter(&it.what) && !it.said.is_empty());
        let Some(refused) = refused else { return Ok(()) };
        let filter = match &refused.what {
            Capability::Filter(conditions) => conditions.sample(),
            _ => Filter::none().active(),
        };
        let probe = Probe { filter: Some(&filter), ..Probe::of(refused.set) };
        match self.once(&probe, &self.dialect(Some(refused.set)), None).await {
            Ok(_) => {
                let mut memory = self.run.memory();
                memory.learned.retain(|it| !is_filter(&it.what) || it.said.is_empty());
                memory.is_changed = true;
                Ok(())
            }
            Err(error) if error.is_refusal() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn due_again(&self) -> Vec<Learned> {
        let memory = self.run.memory();
        let Some(now) = memory.now else { return Vec::new() };
        let is_due = |it: &&Learned| {
            let since = it.since.unwrap_or(DateTime::UNIX_EPOCH);
            // A clock that was set back makes nothing last for ever.
            it.what != Capability::SharedKey && (now - since).abs() >= lasts(it)
        };
        let mut due: Vec<_> = memory.learned.iter().filter(is_due).cloned().collect();
        due.sort_by_key(|it| it.since);
        due.truncate(TRIED_AT_ONCE);
        due
    }

    /// Whether a way that was refused answers now, in its simplest form.
    async fn is_offered_again(&self, learned: &Learned) -> Result<bool, Error> {
        let set = learned.set;
        let plain = Probe::of(set);
        match &learned.what {
            Capability::Select => {
                let key = if set.is_register() { "Period" } else { "Ref_Key" };
                self.is_offered(&Probe { select: vec![key.into()], ..plain }).await
            }
            Capability::Field(name) => self.is_offered(&Probe { select: vec![name.clone()], ..plain }).await,
            Capability::SharedKey => Ok(false),
            Capability::NoMetadata => self.is_offered(&Probe { bare: true, ..plain }).await,
            Capability::Order(order) => self.is_offered(&Probe { order: *order, ..plain }).await,
            Capability::Skip => self.is_offered(&Probe { skip: 1, ..plain }).await,
            Capability::Top => self.is_offered(&Probe { topless: Some(false), ..plain }).await,
            Capability::Active => {
                self.is_offered(&Probe { filter: Some(&Filter::none().active()), ..plain }).await
            }
            Capability::Filter(conditions) => {
                self.is_offered(&Probe { filter: Some(&conditions.sample()), ..plain }).await
            }
            Capability::Item => self.item_answers(set).await,
            Capability::Count => {
                let all = Filter::none();
                answered(self.ask(&Count::new(&self.base.names, set, &all)).await)
            }
            Capability::InlineCount => self.is_offered(&Probe { counted: true, ..plain }).await,
            Capability::Dimensions(form) => self.table_of(set, Some(*form)).await,
            Capability::Condition => {
                answered(self.ask(&TableRequest::turnovers(Span::ALL, Some(CardId::EMPTY))).await)
            }
            // Without it there is no sum at all.
            Capability::Width(Width::Day | Width::HalfMonth) => self.half_a_month_answers(set).await,
            // Whoever asks for so long a stretch finds out.
            Capability::Width(_) => Ok(true),
            Capability::AllTime => answered(self.ask(&TableRequest::balances(None, None)).await),
            Capability::BaseSums(VirtualTable::Points) => {
                answered(self.ask(&TableRequest::points_turnovers(Span::ALL).of_a_day().of_base()).await)
            }
            Capability::BaseSums(_) => {
                answered(self.ask(&TableRequest::turnovers(Span::ALL, None).of_a_day().of_base()).await)
            }
            Capability::Table(VirtualTable::Points) => {
                answered(self.ask(&TableRequest::points_turnovers(Span::ALL).of_a_day()).await)
            }
            Capability::Period | Capability::Table(VirtualTable::Sales | VirtualTable::Balance) => {
                self.table_of(set, None).await
            }
        }
    }

    async fn table_of(&self, set: Set, form: Option<Dimensions>) -> Result<bool, Error> {
        if set == Set::Points {
            return answered(self.ask(&TableRequest::balances(None, None).of_a_day()).await);
        }
        let plain = TableRequest::turnovers(Span::ALL, None).of_a_day();
        answered(self.ask(&form.map_or(plain, |form| plain.spelled(form))).await)
    }

    async fn half_a_month_answers(&self, set: Set) -> Result<bool, Error> {
        let Some(today) = self.today() else { return Ok(false) };
        let span = Span::between(today - TimeDelta::days(14), today + TimeDelta::days(1));
        if set == Set::Points {
            return answered(self.ask(&TableRequest::points_turnovers(span)).await);
        }
        answered(self.ask(&TableRequest::turnovers(span, None)).await)
    }

    /// Nobody has the empty key: that 1C says so is an answer.
    async fn item_answers(&self, set: Set) -> Result<bool, Error> {
        let (names, nobody) = (&self.base.names, uuid::Uuid::nil());
        let answer = match set {
            Set::Owners => self.ask(&ItemRequest::<Owner>::new(names, set, nobody)).await.map(drop),
            Set::Products => self.ask(&ItemRequest::<Product>::new(names, set, nobody)).await.map(drop),
            _ => self.ask(&ItemRequest::<Card>::new(names, set, nobody)).await.map(drop),
        };
        match answer {
            Err(error) if super::refusal::is_no_instance(&error) => Ok(true),
            answer => answered(answer),
        }
    }

    fn names_print(&self) -> u64 {
        fingerprint(&format!("{:?}", self.base.names))
    }
}

/// How long a lesson stands before it is tried again.
fn lasts(learned: &Learned) -> TimeDelta {
    match learned.what {
        // How long a stretch may be is a matter of the hour, in whatever shape it was refused.
        Capability::Width(Width::Day | Width::HalfMonth) => TimeDelta::zero(),
        Capability::Width(_) => TOO_LONG_TRIED_AFTER,
        _ if !learned.is_fleeting => TRIED_AGAIN_AFTER,
        // These are tried by every run, all at once.
        Capability::Filter(_) | Capability::Active => TRIED_AGAIN_AFTER,
        _ => TimeDelta::zero(),
    }
}

fn is_filter(what: &Capability) -> bool {
    matches!(what, Capability::Filter(_) | Capability::Active)
}

/// Whether there was an answer; an error where there is none to be had.
fn answered<T>(answer: Result<T, Error>) -> Result<bool, Error> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.is_refusal() => Ok(false),
        Err(error) => Err(error),
    }
}
