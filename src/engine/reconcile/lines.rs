//! Reading the rows of many cards, batch by batch.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::{Work, side_of, stored_card, survivable};
use crate::domain::reconcile::{self, LiveSide, StoredSide};
use crate::domain::{CardId, Comparison};
use crate::engine::Engine;
use crate::engine::truth::MadeWith;
use crate::odata::{MAX_KEYS, Set};
use crate::store::{KeptRow, StoredCard};
use crate::sync::base_side::BaseSide;
use crate::sync::event::{Notice, Stage};
use crate::sync::live::Unfilterable;
use crate::sync::{Error, live};

/// Requests that a batch takes as a rule: a page and a count of each set, in two parts where the address
/// holds no more keys.
const REQUESTS_OF_A_BATCH: u64 = 14;

/// Requests that reading the rows of so many cards takes as a rule.
pub(super) fn requests_of_rows(cards: u64) -> u64 {
    cards.div_ceil(MAX_KEYS as u64).saturating_mul(REQUESTS_OF_A_BATCH)
}

/// One card whose rows were read.
pub(super) struct Outcome {
    pub(super) card: CardId,
    pub(super) stored: Option<StoredCard>,
    /// `None` where neither side has the card any more.
    pub(super) by_rows: Option<Comparison>,
    /// The stored side it was made with.
    pub(super) made_with: MadeWith,
}

/// Comparisons that wait to be kept, at most about.
const KEPT_AT_ONCE: usize = 2_000;

impl Outcome {
    fn kept(&self) -> Option<KeptRow> {
        self.made_with.kept(self.by_rows.as_ref()?)
    }
}

impl Work<'_> {
    /// Reads the rows of these cards, as many in one request as its address holds, and hands each card over. What 1C
    /// fails at is given back: the cards left are those that were not handed over. What was compared is kept, whatever
    /// comes of the rest.
    pub(super) async fn each_read(
        &self,
        engine: &Engine,
        told: &Arc<BaseSide>,
        cards: &[CardId],
        take: impl FnMut(Outcome) + Send,
    ) -> Result<Option<Error>, Error> {
        let mut kept = Vec::new();
        let read = self.each_batch(engine, told, cards, (take, &mut kept)).await;
        engine.keep_checks(kept).await;
        read
    }

    async fn each_batch(
        &self,
        engine: &Engine,
        told: &Arc<BaseSide>,
        cards: &[CardId],
        (mut take, kept): (impl FnMut(Outcome) + Send, &mut Vec<KeptRow>),
    ) -> Result<Option<Error>, Error> {
        if cards.is_empty() {
            return Ok(None);
        }
        self.reporter.begin(Stage::Purchases);
        let total = cards.len() as u64;
        self.watch.read(0, total);
        self.client.plan(requests_of_rows(total));
        // Owned: borrowed parts would keep the whole from being run as a task of its own.
        let batches: Vec<_> = cards.chunks(MAX_KEYS).map(<[CardId]>::to_vec).collect();
        let batches = batches.into_iter().map(|batch| self.batch(engine, told, batch, Unfilterable::Fail));
        let mut batches = stream::iter(batches).buffered(engine.config.onec.in_flight.max(1));
        let mut done = 0;
        while let Some(batch) = batches.next().await {
            let outcomes = match batch {
                Ok(outcomes) => outcomes,
                Err(Error::Odata(error)) if error.is_filter_refused() => {
                    drop(batches);
                    let left = cards.get(done_cards(done)..).unwrap_or_default();
                    return self.read_at_once(engine, told, left, (take, kept)).await;
                }
                Err(error) => return survivable(error).map(Some),
            };
            done += outcomes.len() as u64;
            kept.extend(outcomes.iter().filter_map(Outcome::kept));
            outcomes.into_iter().for_each(&mut take);
            if kept.len() >= KEPT_AT_ONCE {
                engine.keep_checks(std::mem::take(kept)).await;
            }
            self.watch.read(done, total);
        }
        Ok(None)
    }

    /// 1C does not filter by card: the registers are read once, whole, for all the cards that are left.
    async fn read_at_once(
        &self,
        engine: &Engine,
        told: &BaseSide,
        cards: &[CardId],
        (take, kept): (impl FnMut(Outcome) + Send, &mut Vec<KeptRow>),
    ) -> Result<Option<Error>, Error> {
        self.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
        match self.batch(engine, told, cards.to_vec(), Unfilterable::ReadAll).await {
            Ok(outcomes) => {
                kept.extend(outcomes.iter().filter_map(Outcome::kept));
                outcomes.into_iter().for_each(take);
                Ok(None)
            }
            Err(error) => survivable(error).map(Some),
        }
    }

    async fn batch(
        &self,
        engine: &Engine,
        told: &BaseSide,
        batch: Vec<CardId>,
        unfilterable: Unfilterable,
    ) -> Result<Vec<Outcome>, Error> {
        let (id, cards) = (self.generation.id, batch.clone());
        let terms = self.terms.clone();
        let stored = engine
            .read(move |snapshot| {
                if snapshot.generation().is_none_or(|generation| generation.id != id) {
                    return Ok(None);
                }
                let side = |card: &CardId| {
                    Ok((stored_card(snapshot, *card)?, MadeWith::of(snapshot, *card, &terms)?))
                };
                cards.iter().map(side).collect::<Result<Vec<_>, _>>().map(Some)
            })
            .await?
            .ok_or(Error::StoreChanged)?;
        let mut read = live::read_rows(&self.client, &self.reporter, &batch, unfilterable).await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for (card, (stored, made_with)) in batch.into_iter().zip(stored) {
            let live = read.cards.remove(&card).or(read.unlisted.remove(&card));
            let sides = LineSides {
                stored: stored.clone(),
                is_gone: live.is_none(),
                live: live.unwrap_or_else(|| LiveSide::of_unknown_card(card, read.knows_points)),
            };
            let left_out = read.left_out.remove(&card).unwrap_or_default();
            let by_rows = self.compared(card, sides, told, &left_out).await?;
            outcomes.push(Outcome { card, stored, by_rows, made_with });
        }
        Ok(outcomes)
    }

    /// One card beside its rows. Where 1C's own sums, asked before, are not what the rows add up to, or were not the same
    /// twice, they are asked for once more: mostly somebody bought something in between.
    async fn compared(
        &self,
        card: CardId,
        mut sides: LineSides,
        told: &BaseSide,
        left_out: &live::LeftOut,
    ) -> Result<Option<Comparison>, Error> {
        sides.live.control = told.of(card).control;
        sides.live.points_of_all = told.points_of_all_rows(card);
        if sides.live.has_other_points_of_all() {
            // Mostly somebody earned some in between.
            sides.live.points_of_all = live::points_of_all(&self.client, &self.reporter, card).await?;
        }
        let first = sides.compare(card, &self.terms);
        if !told.is_moving(card) && !first.as_ref().is_some_and(Comparison::has_own_sum_apart) {
            return Ok(first);
        }
        let terms = self.live_terms();
        let control = live::control_totals(&self.client, &self.reporter, card, terms, left_out);
        sides.live.control = control.await?;
        Ok(sides.compare(card, &self.terms))
    }
}

/// How many cards were handed over: every batch but the last is whole.
fn done_cards(done: u64) -> usize {
    usize::try_from(done).unwrap_or(usize::MAX)
}

/// Both sides of a card.
struct LineSides {
    stored: Option<StoredCard>,
    live: LiveSide,
    /// Whether 1C has nothing of it, neither in the catalog nor a row.
    is_gone: bool,
}

impl LineSides {
    fn compare(&self, card: CardId, terms: &reconcile::Terms) -> Option<Comparison> {
        match &self.stored {
            Some(StoredCard::Known(side)) => reconcile::against_live(Some(side), Some(&self.live), terms),
            // A card that was unknown and is none any more: the store lacks it.
            _ if self.live.is_listed => reconcile::against_live(None, Some(&self.live), terms),
            None if self.is_gone => None,
            stored => {
                let side = match stored {
                    Some(stored) => side_of(stored.clone(), terms),
                    None => StoredSide::of_unknown_card(card, Vec::new(), Vec::new(), terms),
                };
                Some(reconcile::unknown_card_against_live(&side, &self.live, terms))
            }
        }
    }
}
