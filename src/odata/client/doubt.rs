//! Finding out what is refused: a request that 1C refuses, in whatever shape, is taken apart, and each part is tried
//! alone in its simplest form.
//!
//! ```text
//! refused ──▶ the set plainly ──refused──▶ another set plainly ──refused──▶ the server is ill: the failure itself
//!                  │ answered                     └──answered──▶ this set is not offered
//!                  ▼
//!        filter, order, skip, select, no metadata: each alone ──refused──▶ that way is not offered: its fallback
//!                  │ all answered
//!                  └──▶ the same again: it was bad luck; after the second time two at once
//! ```

use std::time::Duration;

use super::super::address::Dialect;
use super::super::capability::Capability;
use super::super::error::Error;
use super::super::query::{Filter, Order, PageQuery, Set};
use super::super::rows::decode::{Layout, Need, RowField};
use super::adapt::without_field;
use super::jobs::{Probe, RequestKind, Services};
use super::{Client, Measure};

/// Most times one request is taken apart: each time something is learned, or the end is near.
pub(super) const MOST_DOUBTS: u32 = 8;

/// How a set answers the plainest question there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// As it was asked.
    Plainly,
    /// Now that something was learned.
    Otherwise,
}

/// Requests that one way of asking may take to be tried, with its repeats.
pub(super) const REQUESTS_OF_PROBE: u64 = 3;

impl Client {
    /// Finds out what of a page is refused, and learns it; an error where nothing can be done about it here.
    pub(super) async fn doubt(
        &self,
        query: &PageQuery,
        layout: &Layout,
        error: &Error,
        time: u32,
    ) -> Result<(), Error> {
        if self.answers(query.set).await? == Answers::Otherwise {
            return Ok(());
        }
        let has_learned = self.doubt_filter(query.set, &query.filter, error).await?
            | self.doubt_order(query.set, query.order, error).await?
            | self.doubt_skip(query, error).await?
            | self.doubt_select(query.set, layout, error).await?;
        if has_learned || self.doubt_bareness(query.set, error).await? || time == 0 {
            return Ok(());
        }
        self.doubt_pairs(query, layout, error).await
    }

    /// Whether a set answers the plainest question there is; else whether it alone does not.
    pub(super) async fn answers(&self, set: Set) -> Result<Answers, Error> {
        self.plan(2 * REQUESTS_OF_PROBE);
        let Err(error) = self.ask(&Probe::of(set)).await else { return Ok(Answers::Plainly) };
        if !error.is_refusal() {
            return Err(error);
        }
        if error.is_lasting() && self.is_top_refused(set, &error).await? {
            return Ok(Answers::Otherwise);
        }
        let other = if set == Set::Cards { None } else { Some(Set::Cards) };
        let witness = match other {
            Some(other) => self.ask(&Probe::witness(other)).await.map(drop),
            None => self.ask(&Services { is_witness: true }).await.map(drop),
        };
        match witness {
            Ok(()) if !error.is_lasting() && self.is_top_refused(set, &error).await? => {
                Ok(Answers::Otherwise)
            }
            Ok(()) => Err(self.not_offered(set, error)),
            Err(worse) if !worse.is_refusal() => Err(worse),
            Err(_) => Err(error),
        }
    }

    /// Whether a set answers where nobody says how many rows are wanted: then that is learned. Where there is no such
    /// set, or no right to it, that is not what is refused.
    async fn is_top_refused(&self, set: Set, error: &Error) -> Result<bool, Error> {
        if error.is_not_published() || error.is_rights() || self.dialect(Some(set)).topless {
            return Ok(false);
        }
        if !self.is_offered(&Probe { topless: Some(true), ..Probe::of(set) }).await? {
            return Ok(false);
        }
        Ok(self.forgo(set, Capability::Top, error))
    }

    /// A refusal of a whole set by a server that is well. What has a variant of its own keeps it.
    pub(super) fn not_offered(&self, set: Set, error: Error) -> Error {
        if error.is_not_published() || error.is_rights() {
            return error;
        }
        let what = Probe::of(set).what(&self.base.names);
        Error::NotOffered { set: Some(set), what, by: Box::new(error) }
    }

    /// Tries the filter alone. A filter that is not offered is the caller's to do without.
    pub(super) async fn doubt_filter(&self, set: Set, filter: &Filter, error: &Error) -> Result<bool, Error> {
        if filter.is_none() || self.is_offered(&Probe { filter: Some(filter), ..Probe::of(set) }).await? {
            return Ok(false);
        }
        let (bare, active) = (Filter { active_only: false, ..filter.clone() }, Filter::none().active());
        let is_of_active = filter.active_only
            && (bare.is_none()
                || (self.is_offered(&Probe { filter: Some(&bare), ..Probe::of(set) }).await?
                    && !self.is_offered(&Probe { filter: Some(&active), ..Probe::of(set) }).await?));
        if is_of_active {
            self.forgo(set, Capability::Active, error);
            return Ok(true);
        }
        self.forgo(set, Capability::Filter(filter.conditions()), error);
        Err(Error::FilterRefused { set, text: error.said().to_owned() })
    }

    async fn doubt_order(&self, set: Set, order: Order, error: &Error) -> Result<bool, Error> {
        if order == Order::None || self.is_offered(&Probe { order, ..Probe::of(set) }).await? {
            return Ok(false);
        }
        if self.is_sole(set, &Probe { order, ..Probe::of(set) }, error).await? {
            return Ok(true);
        }
        Ok(self.forgo(set, Capability::Order(order), error))
    }

    async fn doubt_skip(&self, query: &PageQuery, error: &Error) -> Result<bool, Error> {
        if query.skip == 0 || self.is_offered(&Probe { skip: 1, ..Probe::of(query.set) }).await? {
            return Ok(false);
        }
        Ok(self.forgo(query.set, Capability::Skip, error))
    }

    /// Tries whether a row comes without what describes it.
    pub(super) async fn doubt_bareness(&self, set: Set, error: &Error) -> Result<bool, Error> {
        let is_known = self.dialect(Some(set)).described;
        if is_known || self.is_offered(&Probe { bare: true, ..Probe::of(set) }).await? {
            return Ok(false);
        }
        Ok(self.forgo(set, Capability::NoMetadata, error))
    }

    /// Tries the fields: all of them, those a row cannot do without, and of the others halves of halves.
    pub(super) async fn doubt_select(&self, set: Set, layout: &Layout, error: &Error) -> Result<bool, Error> {
        let dialect = self.dialect(Some(set));
        if dialect.unselective {
            return Ok(false);
        }
        let (needed, others) = divided(layout, &dialect);
        let all = [needed.clone(), others.clone()].concat();
        if self.is_offered(&Probe { select: names(&all), ..Probe::of(set) }).await? {
            return Ok(false);
        }
        let probe = Probe { select: names(&needed), ..Probe::of(set) };
        if !self.is_offered(&probe).await? {
            if !dialect.sole_recorder {
                let sole = divided(layout, &Dialect { sole_recorder: true, ..dialect }).0;
                if self.is_sole(set, &Probe { select: names(&sole), ..Probe::of(set) }, error).await? {
                    return Ok(true);
                }
            }
            return Ok(self.forgo(set, Capability::Select, error));
        }
        let mut has_learned = false;
        let mut groups = vec![others];
        while let Some(group) = groups.pop() {
            if group.is_empty() || self.is_offered(&Probe { select: names(&group), ..Probe::of(set) }).await?
            {
                continue;
            }
            match &group[..] {
                [only] => {
                    let what = Capability::Field(only.name.clone());
                    has_learned |= self.run.forgo(set, what, error.said(), !error.is_lasting());
                    self.tell(Some(set), 1, error, without_field(only), Duration::ZERO);
                }
                group => {
                    let (one, other) = group.split_at(group.len() / 2);
                    groups.extend([other.to_vec(), one.to_vec()]);
                }
            }
        }
        Ok(has_learned || self.forgo(set, Capability::Select, error))
    }

    /// Whether the key of a register is spelled for a single kind of document: then it is learned.
    async fn is_sole(&self, set: Set, probe: &Probe<'_>, error: &Error) -> Result<bool, Error> {
        if !set.is_register() || self.dialect(Some(set)).sole_recorder {
            return Ok(false);
        }
        let probe = Probe { sole_recorder: true, ..probe.clone() };
        if !self.is_offered(&probe).await? {
            return Ok(false);
        }
        self.run.forgo(set, Capability::SharedKey, error.said(), false);
        self.tell(Some(set), 1, error, Measure::SoleRecorder, Duration::ZERO);
        Ok(true)
    }

    /// Each part is offered, and all together are refused again: two at once, and the least is gone without.
    async fn doubt_pairs(&self, query: &PageQuery, layout: &Layout, error: &Error) -> Result<(), Error> {
        let (set, filter, order) = (query.set, Some(&query.filter), query.order);
        let filter = filter.filter(|filter| !filter.is_none());
        let dialect = self.dialect(Some(set));
        let (needed, _) = divided(layout, &dialect);
        let select = if dialect.unselective { Vec::new() } else { names(&needed) };
        let pairs = [
            (Capability::Select, Probe { filter, select: select.clone(), ..Probe::of(set) }),
            (Capability::Select, Probe { order, select, ..Probe::of(set) }),
            (Capability::Order(order), Probe { filter, order, ..Probe::of(set) }),
            (Capability::Skip, Probe { order, skip: query.skip.min(1), ..Probe::of(set) }),
        ];
        for (what, probe) in pairs {
            let is_pair = probe.parts() > 1;
            if is_pair && !self.is_offered(&probe).await? && self.forgo(set, what, error) {
                return Ok(());
            }
        }
        // Whatever it is, it is in the request as a whole: the most of it goes.
        if !dialect.unselective && self.forgo(set, Capability::Select, error) {
            return Ok(());
        }
        if order != Order::None && self.forgo(set, Capability::Order(order), error) {
            return Ok(());
        }
        match filter {
            Some(filter) => {
                self.forgo(set, Capability::Filter(filter.conditions()), error);
                Err(Error::FilterRefused { set, text: error.said().to_owned() })
            }
            None => Err(error.clone()),
        }
    }

    /// Whether this way answers. A failure that says nothing of it is an error.
    pub(super) async fn is_offered(&self, probe: &Probe<'_>) -> Result<bool, Error> {
        self.plan(REQUESTS_OF_PROBE);
        match self.ask(probe).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_refusal() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Learns that a way is not offered, and says so; `false` where that was known.
    pub(super) fn forgo(&self, set: Set, what: Capability, error: &Error) -> bool {
        // What was refused has words; what is not heeded has none.
        let said = match (error.said(), error) {
            ("", Error::FilterRefused { .. } | Error::Empty) => String::new(),
            ("", error) => error.to_string(),
            (said, _) => said.to_owned(),
        };
        let is_fleeting = !said.is_empty() && !error.is_lasting();
        let is_new = self.run.forgo(set, what.clone(), &said, is_fleeting);
        if is_new {
            let measure = if what.is_spelling() { Measure::OtherForm } else { Measure::Without(what) };
            self.tell(Some(set), 1, error, measure, Duration::ZERO);
        }
        is_new
    }
}

/// The fields that a row cannot do without, and the others, as they are asked for now.
fn divided(layout: &Layout, dialect: &Dialect) -> (Vec<RowField>, Vec<RowField>) {
    let is_asked = |field: &&RowField| match field.need {
        Need::SharedKey => !dialect.sole_recorder,
        Need::SoleKey => dialect.sole_recorder,
        _ => !dialect.without.contains(&field.name),
    };
    let asked = layout.fields().iter().filter(is_asked).cloned();
    asked.partition(|field| !matches!(field.need, Need::Wanted | Need::Rare))
}

fn names(fields: &[RowField]) -> Vec<String> {
    fields.iter().map(|field| field.name.clone()).collect()
}
