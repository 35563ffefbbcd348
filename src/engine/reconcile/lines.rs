//! Reading the rows of many cards, batch by batch.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::{Work, side_of, stored_card, survivable};
use crate::domain::reconcile::{self, LiveSide, Reason, StoredSide};
use crate::domain::{CardId, Comparison};
use crate::engine::Engine;
use crate::odata::{MAX_KEYS, Set};
use crate::store::StoredCard;
use crate::sync::event::{Notice, Stage};
use crate::sync::live::Unfilterable;
use crate::sync::told::BaseTotals;
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
}

impl Work<'_> {
    /// Reads the rows of these cards, as many in one request as its address holds, and hands each card over. What 1C
    /// fails at is given back: the cards left are those that were not handed over.
    pub(super) async fn each_read(
        &self,
        engine: &Engine,
        told: &Arc<BaseTotals>,
        cards: &[CardId],
        mut take: impl FnMut(Outcome) + Send,
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
                    return self.read_at_once(engine, told, left, take).await;
                }
                Err(error) => return survivable(error).map(Some),
            };
            done += outcomes.len() as u64;
            outcomes.into_iter().for_each(&mut take);
            self.watch.read(done, total);
        }
        Ok(None)
    }

    /// 1C does not filter by card: the registers are read once, whole, for all the cards that are left.
    async fn read_at_once(
        &self,
        engine: &Engine,
        told: &BaseTotals,
        cards: &[CardId],
        take: impl FnMut(Outcome) + Send,
    ) -> Result<Option<Error>, Error> {
        self.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
        match self.batch(engine, told, cards.to_vec(), Unfilterable::ReadAll).await {
            Ok(outcomes) => {
                outcomes.into_iter().for_each(take);
                Ok(None)
            }
            Err(error) => survivable(error).map(Some),
        }
    }

    async fn batch(
        &self,
        engine: &Engine,
        told: &BaseTotals,
        batch: Vec<CardId>,
        unfilterable: Unfilterable,
    ) -> Result<Vec<Outcome>, Error> {
        let (id, cards) = (self.generation.id, batch.clone());
        let stored = engine
            .read(move |snapshot| {
                if snapshot.generation().is_none_or(|generation| generation.id != id) {
                    return Ok(None);
                }
                cards.iter().map(|card| stored_card(snapshot, *card)).collect::<Result<Vec<_>, _>>().map(Some)
            })
            .await?
            .ok_or(Error::StoreChanged)?;
        let mut read = live::read_rows(&self.client, &self.reporter, &batch, unfilterable).await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for (card, stored) in batch.into_iter().zip(stored) {
            let onec = match (read.cards.remove(&card), read.unlisted.remove(&card)) {
                (Some(live), _) => OneC::Listed(live),
                (None, Some(live)) => OneC::Unlisted(live),
                (None, None) => OneC::Gone,
            };
            let left_out = read.left_out.remove(&card).unwrap_or_default();
            let read_of_card = (&left_out, read.knows_points);
            let by_rows = self.compared(card, stored.clone(), onec, told, read_of_card).await?;
            outcomes.push(Outcome { card, stored, by_rows });
        }
        Ok(outcomes)
    }

    /// One card beside its rows. Where 1C's own sums, asked before, are not what the rows add up to, they are asked
    /// for once more: mostly somebody bought something in between.
    async fn compared(
        &self,
        card: CardId,
        stored: Option<StoredCard>,
        onec: OneC,
        told: &BaseTotals,
        (left_out, knows_points): (&live::LeftOut, bool),
    ) -> Result<Option<Comparison>, Error> {
        let mut sides = LineSides { stored, onec, knows_points };
        sides.set_control(told.of(card).control);
        let first = sides.compare(card, &self.terms);
        let contradicts = |it: &Comparison| it.differences.iter().any(|of| of.reason == Some(Reason::OwnSum));
        if !first.as_ref().is_some_and(contradicts) {
            return Ok(first);
        }
        let terms = self.live_terms();
        let control = live::control_totals(&self.client, &self.reporter, card, terms, left_out);
        sides.set_control(control.await?);
        Ok(sides.compare(card, &self.terms))
    }
}

/// How many cards were handed over: every batch but the last is whole.
fn done_cards(done: u64) -> usize {
    usize::try_from(done).unwrap_or(usize::MAX)
}

/// What 1C has of a card.
enum OneC {
    Listed(LiveSide),
    /// Rows alone.
    Unlisted(LiveSide),
    Gone,
}

struct LineSides {
    stored: Option<StoredCard>,
    onec: OneC,
    /// Whether bonus rows were read.
    knows_points: bool,
}

impl LineSides {
    fn set_control(&mut self, control: crate::domain::ControlTotals) {
        if let OneC::Listed(live) | OneC::Unlisted(live) = &mut self.onec {
            live.control = control;
        }
    }

    fn compare(&self, card: CardId, terms: &reconcile::Terms) -> Option<Comparison> {
        match (&self.stored, &self.onec) {
            (Some(StoredCard::Known(side)), OneC::Listed(live) | OneC::Unlisted(live)) => {
                reconcile::against_live(Some(side.as_ref()), Some(live), terms)
            }
            (Some(StoredCard::Known(side)), OneC::Gone) => {
                let nothing = LiveSide::of_unknown_card(card, self.knows_points);
                reconcile::against_live(Some(side.as_ref()), Some(&nothing), terms)
            }
            // A card that was unknown and is none any more: the store lacks it.
            (_, OneC::Listed(live)) => reconcile::against_live(None, Some(live), terms),
            (stored, onec) => {
                let side = match stored {
                    Some(stored) => side_of(stored.clone(), terms),
                    None => StoredSide::of_unknown_card(card, Vec::new(), Vec::new(), terms),
                };
                match (stored, onec) {
                    (None, OneC::Gone) => None,
                    (_, OneC::Unlisted(live)) => {
                        Some(reconcile::unknown_card_against_live(&side, live, terms))
                    }
                    _ => {
                        let nothing = LiveSide::of_unknown_card(card, self.knows_points);
                        Some(reconcile::unknown_card_against_live(&side, &nothing, terms))
                    }
                }
            }
        }
    }
}
