//! Going on from a sync that was cut off: what was staged is believed as far as 1C confirms it now.
//!
//! Cards and owners: by a thin pass that sees the same versions. Opening balances: by the thin pass of the
//! proof. Stretches of purchases and bonus rows: by their count now, and by 1C's totals in the proof.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;
use uuid::Uuid;

use super::ledger::{Ledger, asked_of};
use super::{Job, Start, joined, sample_of};
use crate::domain::period::lies_in;
use crate::domain::{Card, CardId, DoubtfulRows, MovementKind, ProductId, Span};
use crate::odata::{self, RowMark, Set};
use crate::store::{self, Store};
use crate::sync::Error;
use crate::sync::checkpoint::{Catalogs, CheckpointNote, Done, LeftOff, ResumeTerms, believable};
use crate::sync::control_totals;
use crate::sync::event::{Notice, Progress};
use crate::sync::read_spans::ReadingWay;

/// Time between two checkpoints inside a stage.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(3);

/// How long the last write of a sync that was stopped may take.
const LAST_WRITE: Duration = Duration::from_secs(10);

/// Pause before asking for the turn again.
const BETWEEN_TURNS: Duration = Duration::from_millis(20);

/// A staging area, and the note of the attempt that was cut off with it.
#[derive(Debug)]
pub(super) struct Staged {
    staging: store::Staging,
    left: Option<Vec<u8>>,
}

impl Job {
    /// Begins to stage: where an earlier attempt was cut off, if one was.
    pub(super) async fn staged(&self, start: Start) -> Result<Staged, Error> {
        if start == Start::WhereItWasCutOff
            && let Some((staging, note)) = self.in_turn(Store::resume).await?
        {
            return Ok(Staged { staging, left: Some(note) });
        }
        Ok(Staged { staging: self.in_turn(Store::stage).await?, left: None })
    }

    /// The ledger of a sync that was cut off, where it may be gone on with; else of a new one.
    pub(super) async fn ledger(&self, start: Staged) -> Result<Ledger<'_>, Error> {
        let terms = self.note_terms().await?;
        let new = CheckpointNote::new(terms.clone(), self.started_at);
        let Staged { staging, left: Some(left) } = start else {
            return Ok(Ledger::new(self, start.staging, new));
        };
        let (now, within) = (self.started_at, self.settings.resume_within);
        let fit = CheckpointNote::decode(&left)
            .filter(|note| self.settings.limit == 0 && note.is_fit(&terms, now, within));
        if let Some(note) = fit {
            let began_at = note.began_at;
            let mut ledger = Ledger::new(self, staging, CheckpointNote::new(terms, began_at));
            if ledger.take_over(note).await? {
                self.reporter.notice(Notice::GoingOn(began_at));
                return Ok(ledger);
            }
            ledger.finish().await?;
        } else {
            drop(staging);
        }
        Ok(Ledger::new(self, self.in_turn(Store::stage).await?, new))
    }

    /// Waits for its turn to stage: a sync that was stopped a moment ago keeps its own until its last write is done.
    pub(super) async fn in_turn<R: Send + 'static>(
        &self,
        begin: fn(&Store) -> Result<R, store::Error>,
    ) -> Result<R, Error> {
        let started = Instant::now();
        loop {
            let store = self.store.clone();
            match joined(tokio::task::spawn_blocking(move || begin(&store)).await) {
                Err(Error::Store(store::Error::Staging)) if started.elapsed() < LAST_WRITE => {
                    tokio::time::sleep(BETWEEN_TURNS).await;
                }
                done => return done,
            }
        }
    }

    /// Drops what an attempt that went wrong has staged: the next one begins anew.
    pub(super) async fn drop_staged(&self) {
        let store = self.store.clone();
        // What cannot be dropped now is dropped by the next attempt that finds it unfit.
        let _ = tokio::task::spawn_blocking(move || store.stage().map(drop)).await;
    }

    pub(super) async fn note_terms(&self) -> Result<ResumeTerms, Error> {
        let settings = &self.settings;
        let after = self.generation().await?;
        Ok(ResumeTerms::new(&settings.address, self.window, settings.rule, settings.names, after))
    }
}

impl Ledger<'_> {
    /// Takes over what an earlier attempt staged, as far as it may be believed; `false` where none of it may.
    async fn take_over(&mut self, note: CheckpointNote) -> Result<bool, Error> {
        if !self.is_same_base(&note.sample).await? || !self.has_totals().await? {
            return Ok(false);
        }
        let (cards, products) = self
            .staging
            .look(|staging| {
                let (mut cards, mut products) = (Vec::new(), HashSet::new());
                staging.visit(|card, customer, rows| {
                    cards.extend(customer.map(|_| card));
                    products.extend(rows.movements.iter().filter_map(|movement| movement.product));
                })?;
                Ok((cards, products))
            })
            .await?;
        self.facts.cards = cards.into_iter().collect();
        self.take_over_products(products, note.products);
        self.take_over_rejected(&note);
        self.taken.catalogs = note.catalogs;
        self.taken.opening = note.opening;
        self.taken.purchases = self.confirmed(Set::Sales, &note.purchases).await?;
        self.taken.points = self.confirmed(Set::Points, &note.points).await?;
        self.facts.is_taken_over = !self.taken.purchases.is_empty() || !self.taken.points.is_empty();
        self.forget_the_rest().await?;
        self.count_taken_over();
        Ok(true)
    }

    fn take_over_products(&mut self, products: HashSet<ProductId>, are_read: bool) {
        if are_read {
            self.products_read.clone_from(&products);
        }
        self.facts.products = products;
        self.note.products = are_read;
    }

    /// Rows taken over were read as well.
    fn count_taken_over(&mut self) {
        let of = |done: &[Done]| done.iter().map(|done| done.rows).sum::<u64>();
        let opening = if self.taken.opening { self.expected.opening } else { 0 };
        let taken = [(Set::Sales, of(&self.note.purchases) + opening), (Set::Points, of(&self.note.points))];
        for (set, rows) in taken {
            let rejected = self.facts.rejected.iter().filter(|(of, _)| *of == set).count() as u64;
            let tally = self.facts.read.entry(set).or_default();
            tally.add_good(rows.saturating_sub(rejected));
            tally.take_over(rejected);
        }
    }

    fn take_over_rejected(&mut self, note: &CheckpointNote) {
        let set_of = |name: &str| Set::ALL.into_iter().find(|set| set.name() == name);
        let rejected = note.rejected.iter().filter_map(|(set, object, recorder_type, line)| {
            let object = Uuid::from_u128(*object);
            Some((set_of(set)?, RowMark { object, recorder_type: *recorder_type, line: *line }))
        });
        self.facts.rejected.extend(rejected);
        // Of which register they were is not noted.
        let cards = note.distrusted.iter().map(|card| CardId(Uuid::from_u128(*card)));
        self.facts.distrusted.extend(cards.map(|card| (card, DoubtfulRows::BOTH)));
    }

    /// Whether most of these cards are known: an address may lead to another base by now.
    async fn is_same_base(&self, sample: &[u128]) -> Result<bool, Error> {
        let keys: Vec<Uuid> = sample.iter().copied().map(Uuid::from_u128).collect();
        let known = self.reading.client.by_keys::<Card>(Set::Cards, &keys).await?.rows.len();
        Ok(known * 2 >= keys.len())
    }

    /// Whether 1C tells its totals: nothing else can confirm what was read long ago.
    async fn has_totals(&self) -> Result<bool, Error> {
        Ok(self.has_turnovers().await? && self.has_balances().await?)
    }

    pub(super) async fn has_turnovers(&self) -> Result<bool, Error> {
        told(self.reading.client.turnovers(Span::ALL, Some(CardId::EMPTY)).await)
    }

    pub(super) async fn has_balances(&self) -> Result<bool, Error> {
        told(self.reading.client.balances(None, Some(CardId::EMPTY)).await)
    }

    /// The stretches of which 1C counts as many rows as were read.
    async fn confirmed(&mut self, set: Set, done: &[Done]) -> Result<Vec<Span>, Error> {
        let believable = believable(done, self.job.points_at);
        let client = self.reading.client;
        client.plan(believable.len() as u64);
        let count = |done: Done| async move {
            match client.count(set, &asked_of(set).within(done.span())).await {
                Err(error) if error.is_filter_refused() || error.is_gone_without() => Ok(None),
                counted => Ok::<_, Error>((counted? == done.rows).then_some(done)),
            }
        };
        let confirmed: Vec<Option<Done>> = stream::iter(believable.into_iter().map(count))
            .buffered(self.job.settings.in_flight.max(1))
            .try_collect()
            .await?;
        let confirmed: Vec<Done> = confirmed.into_iter().flatten().collect();
        let spans = confirmed.iter().map(Done::span).collect();
        match set {
            Set::Points => self.note.points = confirmed,
            _ => self.note.purchases = confirmed,
        }
        Ok(spans)
    }

    /// Drops the rows of stretches that are read again.
    async fn forget_the_rest(&mut self) -> Result<(), Error> {
        let (purchases, points) = (self.taken.purchases.clone(), self.taken.points.clone());
        self.staging
            .look(move |staging| {
                staging.remove_movements(|movement| {
                    movement.kind == MovementKind::Purchase && !lies_in(&purchases, movement.period)
                })?;
                staging.remove_bonus_rows(|row| !lies_in(&points, row.period))
            })
            .await?;
        Ok(())
    }

    /// Whether cards and owners were taken over and 1C shows the same versions still. Where they were not, those that
    /// an earlier attempt left are gone: some may be of cards that 1C has no longer.
    pub(super) async fn are_catalogs_as_before(&mut self) -> Result<bool, Error> {
        if let Some(before) = self.taken.catalogs.take() {
            let now = Catalogs {
                cards: self.reading.versions(Set::Cards).await?,
                owners: self.reading.versions(Set::Owners).await?,
            };
            if now == before {
                self.note.catalogs = Some(before);
                return Ok(true);
            }
            self.reading.changed_underneath(Set::Cards);
        }
        self.staging.look(|staging| staging.remove_customers(|_| true)).await?;
        Ok(false)
    }

    /// Whether opening balances were taken over, which the proof reads a second time.
    pub(super) async fn is_opening_taken(&mut self) -> Result<bool, Error> {
        if !self.taken.opening {
            return Ok(false);
        }
        self.set_apart_query().await?;
        self.note.opening = self.way() == ReadingWay::ByPeriod;
        if self.note.opening {
            self.job.reporter.credit(self.expected.opening);
            return Ok(true);
        }
        // 1C filters no more: all is read again.
        self.forget_stretches(Set::Sales);
        self.staging.look(|staging| staging.remove_movements(|_| true)).await?;
        Ok(false)
    }

    /// Takes for done the rows of the stretches that were taken over.
    pub(super) fn credit_stretches(&self, set: Set) {
        let (taken, done) = match set {
            Set::Points => (&self.taken.points, &self.note.points),
            _ => (&self.taken.purchases, &self.note.purchases),
        };
        let is_taken = |done: &&Done| taken.contains(&done.span());
        self.job.reporter.credit(done.iter().filter(is_taken).map(|done| done.rows).sum());
    }

    /// Nothing of this register is read by stretches any more.
    pub(super) fn forget_stretches(&mut self, set: Set) {
        let (taken, noted) = if set == Set::Points {
            (&mut self.taken.points, &mut self.note.points)
        } else {
            (&mut self.taken.purchases, &mut self.note.purchases)
        };
        taken.clear();
        noted.clear();
    }

    /// Makes last what was read, should enough time have passed.
    pub(super) async fn checkpoint_in_time(&mut self) -> Result<(), Error> {
        if self.noted_at.elapsed() >= CHECKPOINT_EVERY { self.checkpoint().await } else { Ok(()) }
    }

    /// Makes last what was read. A part of the cards is never gone on with, nor is a delta.
    pub(super) async fn checkpoint(&mut self) -> Result<(), Error> {
        let is_short = self.job.settings.limit > 0 || self.builds_on_published();
        if is_short || self.job.settings.resume_within.is_zero() {
            return Ok(());
        }
        self.note.sample = sample_of(&self.facts.cards).iter().map(|card| card.0.as_u128()).collect();
        let noted = |(set, mark): &(Set, RowMark)| {
            (set.name().to_owned(), mark.object.as_u128(), mark.recorder_type, mark.line)
        };
        self.note.rejected = self.facts.rejected.iter().map(noted).collect();
        self.note.distrusted = self.facts.distrusted.keys().map(|card| card.0.as_u128()).collect();
        self.note.reached = self.reached();
        if let Some(note) = self.note.encode() {
            self.staging.look(move |staging| staging.checkpoint(&note)).await?;
        }
        self.noted_at = Instant::now();
        Ok(())
    }
}

impl Ledger<'_> {
    /// How far all is that was read so far.
    fn reached(&self) -> Option<LeftOff> {
        let Progress { stage, overall, elapsed, .. } = self.job.reporter.progress();
        let at = self.job.started_at + elapsed;
        Some(LeftOff { stage: stage?, overall, at })
    }
}

fn told<T>(answer: Result<T, odata::Error>) -> Result<bool, Error> {
    match answer {
        Ok(_) => Ok(true),
        // Of one card they are not told, and of all they are.
        Err(error) if error.is_filter_refused() => Ok(true),
        Err(error) if control_totals::is_optional(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
