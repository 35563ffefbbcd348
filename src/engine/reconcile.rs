//! Reconciling the whole base.
//!
//! ```text
//! Engine::reconcile ──▶ BaseSide: sums and opening balances, a few requests ──▶ every card compared, one pass
//!        │                                                                        │
//!        │              rows of the worst (or of all, live) in batches ◀──────────┘
//!        ▼
//! Reconciliation: the summary, where every card stands, worst first
//!        │
//!        └──▶ Engine::reconciled_part, Engine::each_reconciled: the cards themselves, drawn from the store
//! ```
//!
//! What is kept is a few dozen bytes a card, and the cards whose rows were read and differ: a million cards are
//! listed without ever being in memory together.

mod lines;
mod watch;

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

pub(super) use watch::telling;
pub use watch::{Phase, Progress, Unwatched, Watcher};

use self::lines::Outcome;
use self::watch::Watch;
use super::detail::Comparing;
use super::third_column::{PortalSides, total_before};
use super::truth::Truths;
use super::{Engine, ListPart, blocking, terms};
use crate::domain::reconcile::latest::CardChoice;
use crate::domain::reconcile::{self, Cause, LiveSide, Standing, StoredSide, Summary, Terms};
use crate::domain::settings::Under;
use crate::domain::third_column::{PortalOutcome, PortalSummary};
use crate::domain::{BonusRow, CardId, Comparison, Customer, LocalTime, Points, Verdict};
use crate::odata::Client;
use crate::store::{self, Generation, Snapshot, StoredCard};
use crate::sync::base_side::{Asking, BaseSide, CardsWithRows, KnownBase};
use crate::sync::live;
use crate::sync::{Error, Reporter, refuse_another_base};

/// Cards whose rows are read unless told otherwise.
pub const WORST: usize = 1_000;

/// A store that is published to so often while it is compared is left alone.
const ATTEMPTS: u32 = 3;

/// Requests beside those for rows: 1C's sums and opening balances.
const FEW: u64 = 12;

/// Requests that comparing so many cards line by line takes, about.
pub fn requests_of_all(cards: u64) -> u64 {
    lines::requests_of_rows(cards).saturating_add(FEW)
}

/// How a base is reconciled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Compare every card line by line, not only those whose sums differ.
    pub live: bool,
    /// Read the rows of so many of the worst cards, so that causes are named to the line.
    pub worst: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { live: false, worst: WORST }
    }
}

/// What the cards were compared with.
#[derive(Clone, Debug)]
enum Basis {
    /// 1C's sums and opening balances.
    Told(Arc<BaseSide>),
    /// Their rows; of the townless 1C did not tell if there is a town, the unread could not be read any more when it failed.
    Rows { knows_points: bool, townless: BTreeSet<CardId>, unread: BTreeSet<CardId> },
    /// Nothing: 1C did not answer.
    Nothing,
}

/// A base that was reconciled: what it comes to, and where every card stands. The cards themselves are drawn from
/// the store by [`Engine::reconciled_part`] and [`Engine::each_reconciled`].
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// What all cards come to.
    pub summary: Summary,
    /// Where every card stands, the worst first.
    pub order: Vec<Standing>,
    /// When and how all were compared.
    pub terms: Terms,
    /// Whether every card was compared line by line.
    pub is_live: bool,
    /// 1C told its turnovers: without them no total is compared by sums.
    pub knows_turnovers: bool,
    /// Cards that differ by sums and whose rows were not read.
    pub unread: u64,
    /// Cards that were sold to while 1C was asked.
    pub moving: u64,
    /// Requests sent.
    pub requests: u64,
    /// Why 1C could not be asked to the end: what is said then stands on what it told before.
    pub failure: Option<Arc<Error>>,
    generation: u64,
    basis: Basis,
    /// Cards that are told by more than the basis: their rows were read, all of them or, where all are read, of those that
    /// are not simply equal; or another comparison of them is newer.
    read: HashMap<CardId, Comparison>,
    /// What the portal shows, where it was asked.
    portal: Option<Arc<PortalSides>>,
    /// All comparisons, as they were when the cards were last told by the newest of them.
    truths: Option<Arc<Truths>>,
}

/// Which cards of a reconciliation are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wanted {
    /// All.
    #[default]
    All,
    /// Those that came out so.
    Verdict(Verdict),
    /// Those on which this was found.
    Cause(Cause),
}

impl Wanted {
    /// Whether this card is.
    pub fn has(self, card: &Standing) -> bool {
        match self {
            Self::All => true,
            Self::Verdict(verdict) => card.verdict == verdict,
            Self::Cause(cause) => card.causes.has(cause),
        }
    }

    /// How many there are.
    pub fn cards(self, of: &Summary) -> u64 {
        match self {
            Self::All => of.cards,
            Self::Verdict(Verdict::Reconciled) => of.reconciled,
            Self::Verdict(Verdict::BeforeWindow) => of.before_window,
            Self::Verdict(Verdict::Variance) => of.variances,
            Self::Verdict(Verdict::Unverified) => of.unverified,
            Self::Verdict(Verdict::UnknownCard) => of.unknown_cards,
            Self::Cause(cause) => of.causes.get(&cause).map_or(0, |tally| tally.cards),
        }
    }
}

/// A part of the cards that are wanted of a reconciliation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Position of the first row.
    pub from: usize,
    /// The cards.
    pub rows: Vec<Comparison>,
    /// Cards that are wanted.
    pub total: usize,
    /// Where the card is that the part was to be taken around.
    pub at: Option<usize>,
    /// What all cards come to by now, where somebody tells.
    pub summary: Option<Box<Summary>>,
}

/// What one reconciliation works with.
pub(super) struct Work<'a> {
    client: Client,
    reporter: Arc<Reporter>,
    watch: Arc<Watch>,
    cancel: &'a CancellationToken,
    options: Options,
    generation: Generation,
    terms: Terms,
    /// The moment, on the infobase's wall clock.
    now: LocalTime,
}

impl Engine {
    /// Compares every card with 1C.
    ///
    /// By 1C's sums and the set of opening balances, in a number of requests that does not grow with the length of
    /// history; then the rows of the worst cards, or of all where the options say so. Nothing is said of a store
    /// whose rows are not those that were published.
    pub async fn reconcile(
        &self,
        options: Options,
        watcher: Arc<dyn Watcher>,
        cancel: &CancellationToken,
    ) -> Result<Reconciliation, Error> {
        let watch = Arc::new(Watch::new(watcher));
        let work = async {
            let beside = async {
                let reconciled = self.reconcile_what_is_published(options, &watch, cancel).await?;
                Ok(self.base_beside_portal(reconciled).await)
            };
            tokio::join!(beside, self.verify_store())
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::Cancelled),
            ended = work => match ended {
                (_, Err(Error::Store(error))) if error.is_damage() => Err(error.into()),
                (reconciled, _) => reconciled,
            },
        }
    }

    /// Counts in what the portal shows of all cards, where there is one. That it cannot be asked, or that the store is published
    /// to meanwhile, spoils nothing else.
    async fn base_beside_portal(&self, mut done: Reconciliation) -> Reconciliation {
        let not_asked = |code: &str| Some(PortalOutcome::NotAsked(code.to_owned()));
        match self.ask_portal(None).await {
            Ok(None) => return done,
            Ok(Some(sides)) => done.portal = Some(Arc::new(sides)),
            Err(error) => {
                done.summary.portal = not_asked(error.code());
                return done;
            }
        }
        let counted = |sum: &mut PortalSummary, it: &Comparison| {
            it.portal.iter().for_each(|column| sum.add(column));
            ControlFlow::Continue(())
        };
        let of = Arc::new(done);
        let sum = self.each_reconciled(Arc::clone(&of), |_| true, PortalSummary::default(), counted).await;
        let mut done = Arc::unwrap_or_clone(of);
        match sum {
            Ok(sum) => done.summary.portal = Some(PortalOutcome::Shown(sum)),
            Err(error) => {
                done.portal = None;
                done.summary.portal = not_asked(error.code());
            }
        }
        done
    }

    /// A part of the cards that are wanted, in the order of the reconciliation. A store that was published to since is
    /// refused: its rows are not those that were compared.
    pub async fn reconciled_part(
        &self,
        of: Arc<Reconciliation>,
        wanted: Wanted,
        part: ListPart,
    ) -> Result<Listed, Error> {
        self.read(move |snapshot| {
            of.is_still_of(snapshot).then(|| of.part(snapshot, wanted, part)).transpose()
        })
        .await?
        .ok_or(Error::StoreChanged)
    }

    /// The same reconciliation with every card as the newest of its comparisons tells it, whoever made that: what lists and
    /// the customer say. `None` where it says so already, and of a store that was published to since.
    pub async fn by_newest(&self, of: Arc<Reconciliation>) -> Result<Option<Reconciliation>, Error> {
        let (today, checks, file) = (self.meaning(), Arc::clone(&self.checks), self.check_file());
        let newest = self.read(move |snapshot| {
            let terms = terms::terms_of(snapshot, &today)?.filter(|_| of.is_still_of(snapshot));
            let Some(terms) = terms else { return Ok(None) };
            let truths = checks.truths(file.as_ref(), snapshot, &terms)?;
            let kept = |card| checks.of(file.as_ref(), card);
            of.told_by(truths, &Comparing { snapshot, kept: &kept, today: &today })
        });
        newest.await
    }

    /// Hands over the cards of a reconciliation one by one, in its order, those that are wanted; gives the sink back.
    /// Ends early where `take` says so. A store that was published to since is refused before the first card.
    pub async fn each_reconciled<S: Send + 'static>(
        &self,
        of: Arc<Reconciliation>,
        wanted: impl Fn(&Standing) -> bool + Send + 'static,
        mut sink: S,
        take: impl Fn(&mut S, &Comparison) -> ControlFlow<()> + Send + 'static,
    ) -> Result<S, Error> {
        let home = self.home.clone();
        let handed = blocking(move || {
            let snapshot = home.reader()?.snapshot()?;
            if !of.is_still_of(&snapshot) {
                return Ok(None);
            }
            for standing in of.order.iter().filter(|standing| wanted(standing)) {
                if take(&mut sink, &of.row_beside_portal(&snapshot, standing)?).is_break() {
                    break;
                }
            }
            Ok(Some(sink))
        });
        handed.await?.ok_or(Error::StoreChanged)
    }

    /// A sync may publish meanwhile: then what was asked of 1C is older than the store, and is asked again.
    async fn reconcile_what_is_published(
        &self,
        options: Options,
        watch: &Arc<Watch>,
        cancel: &CancellationToken,
    ) -> Result<Reconciliation, Error> {
        for _ in 1..ATTEMPTS {
            match self.work(options, watch, cancel).await?.reconcile(self).await {
                Err(Error::StoreChanged) => {}
                ended => return ended,
            }
        }
        self.work(options, watch, cancel).await?.reconcile(self).await
    }

    async fn work<'a>(
        &self,
        options: Options,
        watch: &Arc<Watch>,
        cancel: &'a CancellationToken,
    ) -> Result<Work<'a>, Error> {
        let today = self.meaning();
        let (generation, terms) = self
            .read(move |snapshot| {
                let terms = terms::terms_of(snapshot, &today)?;
                snapshot.generation().cloned().zip(terms).ok_or(store::Error::NotFound)
            })
            .await?;
        let terms = Terms { compared_at: Some(self.clock.now()), ..terms };
        let reporter = Arc::new(Reporter::new(Arc::clone(watch) as _));
        let client = self.informed(&self.client_of_today(&terms.under)).await;
        let client = watch::telling(client, Arc::clone(&reporter));
        let now = self.local(self.clock.now());
        Ok(Work { client, reporter, watch: Arc::clone(watch), cancel, options, generation, terms, now })
    }
}

impl Work<'_> {
    async fn reconcile(mut self, engine: &Engine) -> Result<Reconciliation, Error> {
        self.reporter.begin(watch::stage(Asking::Sums));
        self.refuse_another_base(engine).await?;
        let (told, failure) = match self.ask(engine).await {
            Ok(told) => (Some(Arc::new(told)), None),
            Err(error) => (None, Some(survivable(error)?)),
        };
        if let Some(told) = &told {
            self.terms.under = Arc::new(Under::clone(&self.terms.under).with_types(told.types()));
        }
        let mut done = match &told {
            Some(told) if self.options.live => {
                let by_rows = self.by_rows(engine, told).await?;
                by_newest(engine, by_rows).await?
            }
            Some(told) => {
                let by_sums = self.by_sums(engine, Basis::Told(Arc::clone(told))).await?;
                // What rows have shown and no sum can is read once more.
                let by_sums = by_newest(engine, by_sums).await?;
                self.explained(engine, by_sums, told).await?
            }
            None => self.by_sums(engine, Basis::Nothing).await?,
        };
        done.order.sort_unstable();
        let is_unread = |it: &&Standing| it.is_suspect && !done.read.contains_key(&it.card);
        if !done.is_live {
            done.unread = done.order.iter().filter(is_unread).count() as u64;
        }
        done.knows_turnovers = told.as_ref().is_some_and(|told| told.knows_turnovers());
        done.moving = told.as_ref().map_or(0, |told| told.moving());
        done.requests = self.client.stats().requests;
        done.failure = done.failure.or(failure.map(Arc::new));
        Ok(done)
    }

    /// A store is compared with the base it came from, or with none: everything would differ.
    async fn refuse_another_base(&self, engine: &Engine) -> Result<(), Error> {
        let base = engine.read(|snapshot| Ok(snapshot.base().cloned())).await?;
        let Some(base) = base.filter(|base| !base.sample.is_empty()) else { return Ok(()) };
        match refuse_another_base(&self.client, &base).await {
            Err(error @ Error::AnotherBase { .. }) => Err(error),
            // 1C that does not answer says so again when it is asked for sums.
            _ => Ok(()),
        }
    }

    async fn ask(&self, engine: &Engine) -> Result<BaseSide, Error> {
        let (client, reporter) = (&self.client, &self.reporter);
        let begin = |asking| reporter.begin(watch::stage(asking));
        let mut told = BaseSide::ask(client, reporter, self.live_terms(), &self.known(), begin).await?;
        reporter.begin(watch::stage(Asking::Cards));
        if self.options.live {
            told.list_cards(client, reporter).await?;
        } else {
            told.look_at_cards(client, reporter, self.generation.counts.cards).await?;
        }
        let stored = engine.read(|snapshot| {
            CardsWithRows::of(
                snapshot.all_figures()?.map(|row| row.map(|(card, figures)| (card, figures.own))),
            )
        });
        Ok(told.beside(&stored.await?))
    }

    fn known(&self) -> KnownBase {
        let counts = &self.generation.counts;
        KnownBase {
            opening_balances: counts.opening_balances.lines,
            purchases: counts.purchases.lines,
            bonus_rows: counts.bonus_rows,
            has_points: self.generation.points_at.is_some(),
            everyday_types: self.terms.under.everyday_types(),
            now: self.now,
        }
    }

    fn live_terms(&self) -> live::LiveTerms {
        live::LiveTerms { window: self.terms.window, points_at: self.terms.points_at.unwrap_or_default() }
    }

    /// Compares every card of either side in one pass over the store.
    async fn by_sums(&self, engine: &Engine, basis: Basis) -> Result<Reconciliation, Error> {
        let onec = match &basis {
            Basis::Told(told) => Arc::new(told.cards()),
            _ => Arc::default(),
        };
        let cards = self.generation.counts.cards;
        let (terms, id) = (self.terms.clone(), self.generation.id);
        let (watch, cancel) = (Arc::clone(&self.watch), self.cancel.clone());
        let compared = {
            let (basis, keeping) = (basis.clone(), engine.keeping());
            move |snapshot: &Snapshot| {
                if snapshot.generation().is_none_or(|generation| generation.id != id) {
                    return Ok(None);
                }
                let (mut summary, mut order) = (Summary::default(), Vec::new());
                let mut keeper = keeping.of(snapshot, &terms);
                each_of_either(snapshot, &onec, |card, stored| {
                    let is_suspect = basis.is_suspect(card, stored.as_ref());
                    if let Some(comparison) = basis.compare(card, stored, &terms) {
                        summary.add(&comparison);
                        keeper.keep(&comparison);
                        let standing = Standing::of(&comparison);
                        order.push(Standing { is_suspect: standing.is_suspect || is_suspect, ..standing });
                    }
                    watch.compared(order.len() as u64, cards);
                    if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                })?;
                keeper.finish()?;
                Ok(Some((summary, order)))
            }
        };
        let (summary, order) = engine.read(compared).await?.ok_or(Error::StoreChanged)?;
        Ok(self.reconciliation(summary, order, basis))
    }

    /// Reads the rows of the worst cards: what was known of them by sums is replaced.
    async fn explained(
        &self,
        engine: &Engine,
        mut by_sums: Reconciliation,
        told: &Arc<BaseSide>,
    ) -> Result<Reconciliation, Error> {
        by_sums.order.sort_unstable();
        let suspects = by_sums.order.iter().filter(|standing| standing.is_suspect);
        let worst: Vec<_> = suspects.take(self.options.worst).map(|standing| standing.card).collect();
        let mut now = HashMap::new();
        let failure = self
            .each_read(engine, told, &worst, |Outcome { card, stored, by_rows, .. }| {
                let before = by_sums.read.remove(&card);
                let before = before.or_else(|| by_sums.basis.compare(card, stored, &self.terms));
                if let (Some(before), Some(by_rows)) = (before, by_rows) {
                    by_sums.summary.replace(&before, &by_rows);
                    now.insert(card, by_rows);
                }
            })
            .await?;
        for standing in &mut by_sums.order {
            if let Some(comparison) = now.get(&standing.card) {
                *standing = Standing::of(comparison);
            }
        }
        by_sums.read.extend(now);
        Ok(Reconciliation { failure: failure.map(Arc::new), ..by_sums })
    }

    /// Compares every card of either side line by line.
    async fn by_rows(&self, engine: &Engine, told: &Arc<BaseSide>) -> Result<Reconciliation, Error> {
        let id = self.generation.id;
        let onec = told.cards();
        let stored = engine
            .read(move |snapshot| {
                if snapshot.generation().is_none_or(|generation| generation.id != id) {
                    return Ok(None);
                }
                let known = snapshot.all_figures()?.map(|row| row.map(|(card, _)| card));
                let unknown = snapshot.unknown_cards()?.into_iter().map(|unknown| Ok(unknown.card));
                known.chain(unknown).collect::<Result<Vec<_>, store::Error>>().map(Some)
            })
            .await?;
        let mut cards: Vec<_> = stored.ok_or(Error::StoreChanged)?;
        cards.extend(onec);
        cards.sort_unstable();
        cards.dedup();
        let (mut summary, mut order, mut read) = (Summary::default(), Vec::new(), HashMap::new());
        let mut unread: BTreeSet<_> = cards.iter().copied().collect();
        let (mut knows_points, mut townless) = (true, BTreeSet::new());
        let failure = self
            .each_read(engine, told, &cards, |Outcome { card, stored, by_rows, .. }| {
                unread.remove(&card);
                let Some(comparison) = by_rows else { return };
                summary.add(&comparison);
                let standing = Standing::of(&comparison);
                order.push(standing);
                townless.extend(comparison.city.onec.is_none().then_some(card));
                knows_points &= comparison.points.figure.onec.is_some() || self.terms.points_at.is_none();
                if comparison.verdict != Verdict::Reconciled || stored.is_none() || standing.is_suspect {
                    read.insert(card, comparison);
                }
            })
            .await?;
        let basis = Basis::Rows { knows_points, townless, unread: unread.clone() };
        let left: Vec<_> = unread.into_iter().collect();
        let (terms, of) = (self.terms.clone(), basis.clone());
        let (rest, places) = engine
            .read(move |snapshot| {
                let (mut rest, mut places) = (Vec::new(), Vec::new());
                for card in &left {
                    if let Some(comparison) = of.compare(*card, stored_card(snapshot, *card)?, &terms) {
                        places.push(Standing::of(&comparison));
                        rest.push(comparison);
                    }
                }
                Ok((rest, places))
            })
            .await?;
        summary.extend(&rest);
        order.extend(places);
        Ok(Reconciliation {
            failure: failure.map(Arc::new),
            read,
            ..self.reconciliation(summary, order, basis)
        })
    }

    fn reconciliation(&self, summary: Summary, order: Vec<Standing>, basis: Basis) -> Reconciliation {
        Reconciliation {
            summary,
            order,
            terms: self.terms.clone(),
            is_live: matches!(basis, Basis::Rows { .. }),
            knows_turnovers: false,
            unread: 0,
            moving: 0,
            requests: 0,
            failure: None,
            generation: self.generation.id,
            basis,
            read: HashMap::new(),
            portal: None,
            truths: None,
        }
    }
}

impl Reconciliation {
    /// Whether these are the rows that were compared.
    fn is_still_of(&self, snapshot: &Snapshot) -> bool {
        snapshot.generation().is_some_and(|generation| generation.id == self.generation)
    }

    fn part(&self, snapshot: &Snapshot, wanted: Wanted, part: ListPart) -> Result<Listed, store::Error> {
        let of_wanted = || self.order.iter().filter(|standing| wanted.has(standing));
        let total = of_wanted().count();
        let at = part.around.and_then(|card| of_wanted().position(|standing| standing.card == card));
        let positions = part.positions(at, total);
        let standings = of_wanted().skip(positions.start).take(positions.len());
        let rows =
            standings.map(|standing| self.row_beside_portal(snapshot, standing)).collect::<Result<_, _>>()?;
        Ok(Listed { from: positions.start, rows, total, at, summary: None })
    }

    /// Every card by the newest of its comparisons; `None` where that is how it is told already. Of a base that was compared
    /// with nothing nothing is told.
    fn told_by(&self, truths: Arc<Truths>, comparing: &Comparing<'_>) -> Result<Option<Self>, store::Error> {
        let is_known = self.truths.as_ref().is_some_and(|known| Arc::ptr_eq(known, &truths));
        if is_known || matches!(self.basis, Basis::Nothing) {
            return Ok(None);
        }
        let mut it = self.clone();
        for standing in &mut it.order {
            if truths.of(standing.card).is_none_or(|choice| self.is_own(choice)) {
                continue;
            }
            let Some(truth) = comparing.of(standing.card)?.map(|(_, truth)| truth.comparison) else {
                continue;
            };
            let before = self.row(comparing.snapshot, standing)?;
            if truth != before {
                it.summary.replace(&before, &truth);
                *standing = Standing::of(&truth);
                it.read.insert(standing.card, truth);
            }
        }
        it.order.sort_unstable();
        it.truths = Some(truths);
        Ok(Some(it))
    }

    /// Whether a card is told by what was compared here, and by nothing else.
    fn is_own(&self, choice: &CardChoice) -> bool {
        choice.also_at.is_none() && Some(choice.at) == self.terms.compared_at.max(self.terms.synced_at)
    }

    /// One card, with what the portal shows where it was asked.
    fn row_beside_portal(
        &self,
        snapshot: &Snapshot,
        standing: &Standing,
    ) -> Result<Comparison, store::Error> {
        let mut row = self.row(snapshot, standing)?;
        if let Some(sides) = &self.portal {
            let before = total_before(snapshot, standing.card)?;
            row.portal = Some(Box::new(sides.beside(&row, before)));
        }
        Ok(row)
    }

    /// One card: as it was read, or compared once more in the way it was.
    fn row(&self, snapshot: &Snapshot, standing: &Standing) -> Result<Comparison, store::Error> {
        if let Some(read) = self.read.get(&standing.card) {
            return Ok(read.clone());
        }
        let stored = stored_card(snapshot, standing.card)?;
        let compared = self.basis.compare(standing.card, stored, &self.terms);
        // Whatever stood in the order was compared with the same rows in the same way.
        compared.ok_or_else(|| store::Error::Damaged { what: "a card that was compared is gone".into() })
    }
}

impl Basis {
    /// Compares a card of either side; `None` where neither has it.
    fn compare(&self, card: CardId, stored: Option<StoredCard>, terms: &Terms) -> Option<Comparison> {
        match self {
            Self::Told(told) => {
                let told = told.of(card);
                Some(match stored {
                    Some(StoredCard::Known(side)) => reconcile::against_told(&side, &told, terms),
                    Some(stored) => reconcile::of_unknown_card(&side_of(stored, terms), &told, terms),
                    None => {
                        let customer = Customer { card, ..Customer::default() };
                        reconcile::only_in_onec(customer, &told, terms)
                    }
                })
            }
            Self::Rows { knows_points, townless, unread } => {
                let stored = stored?;
                let is_unknown = matches!(stored, StoredCard::Unknown { .. });
                let side = side_of(stored, terms);
                if is_unknown {
                    // Those that were read are kept: what is left was not.
                    return Some(reconcile::unknown_card_against_nothing(&side, &not_compared(terms)));
                }
                if unread.contains(&card) {
                    return Some(reconcile::against_nothing(&side, &not_compared(terms)));
                }
                let knows_town = !townless.contains(&card);
                let live =
                    LiveSide { knows_town, ..LiveSide::found_equal(&side, terms.window, *knows_points) };
                reconcile::against_live(Some(&side), Some(&live), terms)
            }
            Self::Nothing => {
                let stored = stored?;
                let is_unknown = matches!(stored, StoredCard::Unknown { .. });
                let (side, terms) = (side_of(stored, terms), not_compared(terms));
                Some(if is_unknown {
                    reconcile::unknown_card_against_nothing(&side, &terms)
                } else {
                    reconcile::against_nothing(&side, &terms)
                })
            }
        }
    }

    /// Whether more is known of a card than its figures tell: somebody bought something meanwhile, or its bonus rows,
    /// those of the future too, do not come to 1C's balance of all.
    fn is_suspect(&self, card: CardId, stored: Option<&StoredCard>) -> bool {
        let Self::Told(told) = self else { return false };
        let own =
            stored.map(StoredCard::bonus).unwrap_or_default().iter().map(BonusRow::change).sum::<Points>();
        told.is_moving(card) || told.points_of_all_rows(card).is_some_and(|points| points.change != own)
    }
}

async fn by_newest(engine: &Engine, of: Reconciliation) -> Result<Reconciliation, Error> {
    let of = Arc::new(of);
    let newest = engine.by_newest(Arc::clone(&of)).await?;
    Ok(newest.unwrap_or_else(|| Arc::unwrap_or_clone(of)))
}

fn not_compared(terms: &Terms) -> Terms {
    Terms { compared_at: None, ..terms.clone() }
}

/// A stored card as one side of a comparison.
fn side_of(stored: StoredCard, terms: &Terms) -> StoredSide {
    match stored {
        StoredCard::Known(side) => *side,
        StoredCard::Unknown { card, movements, bonus } => {
            StoredSide::of_unknown_card(card, movements, bonus, terms)
        }
    }
}

/// One card as it is stored; `None` where the store has neither the card nor rows of it.
fn stored_card(snapshot: &Snapshot, card: CardId) -> Result<Option<StoredCard>, store::Error> {
    if let Some(side) = snapshot.stored_side(card)? {
        return Ok(Some(StoredCard::Known(Box::new(side))));
    }
    let (movements, bonus) = (snapshot.movements(card)?, snapshot.bonus_rows(card)?);
    let has_rows = !movements.is_empty() || !bonus.is_empty();
    Ok(has_rows.then_some(StoredCard::Unknown { card, movements, bonus }))
}

/// Walks over the cards of the store and those 1C told, by key, each once.
fn each_of_either(
    snapshot: &Snapshot,
    onec: &[CardId],
    mut each: impl FnMut(CardId, Option<StoredCard>) -> ControlFlow<()>,
) -> Result<(), store::Error> {
    let mut onec = onec.iter().copied().peekable();
    let mut flow = ControlFlow::Continue(());
    snapshot.each_card(|stored| {
        let card = stored.card();
        while let Some(other) = onec.next_if(|other| flow.is_continue() && *other < card) {
            flow = each(other, None);
        }
        onec.next_if_eq(&card);
        if flow.is_continue() {
            flow = each(card, Some(stored));
        }
        flow
    })?;
    while let Some(other) = onec.next_if(|_| flow.is_continue()) {
        flow = each(other, None);
    }
    Ok(())
}

/// What 1C failed at is told beside what is known without it; anything else ends the reconciliation.
fn survivable(error: Error) -> Result<Error, Error> {
    match error {
        Error::Odata(_) | Error::ChangedTooFast { .. } => Ok(error),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::MAX_KEYS;

    #[test]
    fn a_base_costs_what_its_batches_cost() {
        let batch = requests_of_all(1) - FEW;
        for (cards, batches) in [(0, 0), (1, 1), (MAX_KEYS, 1), (MAX_KEYS + 1, 2), (10 * MAX_KEYS, 10)] {
            assert_eq!(requests_of_all(cards as u64), batches * batch + FEW, "{cards}");
        }
    }
}
