//! A delta: what is published, with all that 1C's sums show to have changed read again.
//!
//! ```text
//! what is published ──▶ catalogs, thinly ──▶ the last days, the future, a slice of history ──▶ proof
//!                        │ new, changed          │ read again, whatever the sums say              │ differs
//!                        └── read by key         └── replaced                                     └── read by card
//! ```
//!
//! 1. It is proven like a full sync: two equal answers of 1C around what is staged, by card and by month. So what
//!    it publishes has every sum of 1C's, whatever way it was read.
//! 2. Opening balances, and rows that are left out, are read thinly every time: a document entered again as one of
//!    another type moves no sum.
//! 3. What no sum tells is read again in turn: see [`rotation`].

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::stages::{ReadingWay, Stages, active, asked_of};
use crate::domain::{
    Card, CardId, LocalTime, MovementKind, OwnerId, ProductId, Span, StoredFigures, Verdict,
};
use crate::odata::{self, MAX_KEYS, PointsRow, SalesRow, Set, ThinObject};
use crate::store::{self, DeltaBasis, Origin, Snapshot};
use crate::sync::Error;
use crate::sync::compare::{StagedDifferences, Thin};
use crate::sync::event::{Notice, Stage};
use crate::sync::extent::WhyFull;
use crate::sync::rotation;
use crate::sync::skip::Collected;
use crate::sync::writer::joined;

/// Where 1C tells no totals, so many days are read again by every delta: there most of the changes are.
const BLIND_DAYS: TimeDelta = TimeDelta::days(35);

/// Cards read one by one whatever all of them would cost.
const FEW_CARDS: usize = 200;

/// A delta at work.
#[derive(Debug)]
pub(super) struct DeltaReading {
    basis: DeltaBasis,
    known: KnownCards,
    /// Hints that were followed: what still differs after that is no sign of a change.
    hinted: Option<u64>,
    /// Cards of which rows were read again.
    cards: HashSet<CardId>,
    done: DeltaSummary,
}

/// What a delta read, beside the last days and the part of history whose turn it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaSummary {
    /// When everything was last read.
    pub full_at: DateTime<Utc>,
    /// Cards and owners that are new or changed.
    pub listed: u64,
    /// Cards of which rows were read again because 1C's sums differ.
    pub cards: u64,
    /// Rows read again for them.
    pub rows: u64,
    /// Rows of the last days, of the future and of the part of history whose turn it was.
    pub turned: u64,
    /// 1C tells no totals: what is older than those days is seen when its turn comes.
    pub is_blind: bool,
}

impl DeltaSummary {
    /// Edits that change no sum are in the store after so many deltas at the latest.
    pub const BOUND: u32 = rotation::BOUND;
}

/// What the generation before knows of its cards.
#[derive(Debug, Default)]
struct KnownCards {
    has_points: bool,
    /// Cards that differed from 1C's sums although they were read.
    variances: HashSet<CardId>,
    /// Cards of which a row could not be read.
    rejected: BTreeSet<CardId>,
}

/// The oldest rows staged.
#[derive(Debug, Default)]
struct Edges {
    purchase: Option<LocalTime>,
    opening: Option<LocalTime>,
    bonus: Option<LocalTime>,
}

/// Which stretches a delta reads again.
#[derive(Debug, Default)]
struct Again {
    sales: Vec<Span>,
    /// Before the window, where opening balances alone are kept.
    opening: Vec<Span>,
    points: Vec<Span>,
}

impl Edges {
    fn oldest(&self) -> Option<LocalTime> {
        [self.purchase, self.opening].into_iter().flatten().min()
    }
}

impl DeltaReading {
    pub(super) fn new(basis: DeltaBasis) -> Self {
        let done =
            DeltaSummary { full_at: basis.full_at, listed: 0, cards: 0, rows: 0, turned: 0, is_blind: false };
        Self { basis, known: KnownCards::default(), hinted: None, cards: HashSet::new(), done }
    }

    /// What the next delta builds on.
    pub(super) fn next(&self) -> DeltaBasis {
        DeltaBasis { deltas: self.basis.deltas.saturating_add(1), ..self.basis }
    }

    pub(super) fn done(&self) -> DeltaSummary {
        self.done
    }

    pub(super) fn turned(&mut self, rows: u64) {
        self.done.turned += rows;
    }

    /// Cards that differ from 1C's sums now and did not when everything was read.
    pub(super) fn unexplained(&self, contradicted: &BTreeSet<CardId>) -> Option<WhyFull> {
        let new = contradicted.iter().filter(|card| !self.known.variances.contains(card)).count();
        (new > 0).then_some(WhyFull::Unexplained(new as u64))
    }

    /// Whether something hints at a change that was not looked at yet.
    pub(super) fn has_hints(&self, found: &StagedDifferences) -> bool {
        !found.hints.is_nothing() && self.hinted != Some(found.hints.print())
    }
}

impl KnownCards {
    fn of(snapshot: &Snapshot) -> Result<Self, store::Error> {
        let mut known = Self::default();
        let Some(generation) = snapshot.generation() else { return Ok(known) };
        known.has_points = generation.points_at.is_some();
        for figures in snapshot.all_figures()? {
            let (card, StoredFigures { verdict, has_rejected_rows, .. }) = figures?;
            known.variances.extend((verdict == Verdict::Variance).then_some(card));
            known.rejected.extend(has_rejected_rows.then_some(card));
        }
        Ok(known)
    }
}

impl Stages<'_> {
    /// Walks the stages of a delta.
    pub(super) async fn read_changes(&mut self) -> Result<(), Error> {
        self.know().await?;
        self.prepare().await?;
        let again = self.again().await?;
        self.forget(&again).await?;
        self.changed_catalogs().await?;
        self.turned_opening(again.opening).await?;
        self.turned_purchases(again.sales).await?;
        self.turned_points(again.points).await?;
        self.refuse_unreadable().await?;
        self.prove().await
    }

    async fn know(&mut self) -> Result<(), Error> {
        let store = self.job.store.clone();
        let known = joined(tokio::task::spawn_blocking(move || KnownCards::of(&store.snapshot()?)).await)?;
        if let Some(delta) = &mut self.delta {
            delta.known = known;
        }
        Ok(())
    }

    /// Decides what is read again whatever the sums say.
    async fn again(&mut self) -> Result<Again, Error> {
        let is_blind = !self.has_turnovers().await?;
        let is_blind_to_points = self.facts.has_points && !self.has_balances().await?;
        let edges = self.edges().await?;
        let (window, now) = (self.job.window, self.job.points_at);
        let recent = TimeDelta::from_std(self.job.settings.recent).unwrap_or(BLIND_DAYS);
        let since = |is_blind: bool| {
            let recent = if is_blind { recent.max(BLIND_DAYS) } else { recent };
            LocalTime::from(now.checked_sub_signed(recent).unwrap_or(now).date())
        };
        let (recent, recent_points) = (since(is_blind), since(is_blind_to_points));
        let Some(delta) = &mut self.delta else { return Ok(Again::default()) };
        delta.done.is_blind = is_blind;
        if is_blind {
            self.job.reporter.notice(Notice::DeltaIsBlind(recent));
        }
        if is_blind_to_points {
            self.job.reporter.notice(Notice::DeltaIsBlindToPoints(recent_points));
        }
        let turn = delta.basis.deltas;
        let due = |from: Option<LocalTime>, to: LocalTime| {
            from.map(|from| rotation::due(from, to, turn)).unwrap_or_default()
        };
        let first = window.from.map_or(recent, |from| from.max(recent));
        let fresh = [Span::since(first)];
        let opening_end = window.from.unwrap_or(LocalTime::MIN);
        Ok(Again {
            sales: due(window.from.or(edges.oldest()), recent).into_iter().chain(fresh).collect(),
            opening: due(edges.opening, opening_end),
            points: due(edges.bonus, recent_points).into_iter().chain([Span::since(recent_points)]).collect(),
        })
    }

    async fn edges(&mut self) -> Result<Edges, Error> {
        self.desk
            .look(move |staging| {
                let mut edges = Edges::default();
                staging.visit(|_, _, rows| {
                    for movement in &rows.movements {
                        let edge = match movement.kind {
                            MovementKind::Purchase => &mut edges.purchase,
                            MovementKind::OpeningBalance => &mut edges.opening,
                        };
                        *edge = Some(edge.map_or(movement.period, |edge| edge.min(movement.period)));
                    }
                    let first = rows.bonus.iter().map(|row| row.period).min();
                    edges.bonus = [edges.bonus, first].into_iter().flatten().min();
                })?;
                Ok(edges)
            })
            .await
    }

    /// Takes out what is read again, and what has left the window.
    async fn forget(&mut self, again: &Again) -> Result<(), Error> {
        let window = self.job.window;
        let (sales, opening, points) = (again.sales.clone(), again.opening.clone(), again.points.clone());
        let has_points = self.facts.has_points;
        let knew_points = self.delta.as_ref().is_some_and(|delta| delta.known.has_points);
        self.desk
            .look(move |staging| {
                staging.remove_movements(|movement| match movement.kind {
                    MovementKind::Purchase => {
                        !window.contains(movement.period) || lies_in(&sales, movement.period)
                    }
                    MovementKind::OpeningBalance => {
                        lies_in(&sales, movement.period) || lies_in(&opening, movement.period)
                    }
                })?;
                staging.remove_bonus_rows(|row| has_points && (!knew_points || lies_in(&points, row.period)))
            })
            .await?;
        Ok(())
    }

    /// Sees by a thin pass which cards and owners are new, changed or gone, and reads those.
    async fn changed_catalogs(&mut self) -> Result<(), Error> {
        self.job.reporter.begin(Stage::Cards);
        self.job.reporter.expect(self.expected.cards + self.expected.owners);
        let cards = self.reading.thin(Set::Cards).await?;
        let owners = self.reading.thin(Set::Owners).await?;
        let store = self.job.store.clone();
        let origins = tokio::task::spawn_blocking(move || store.snapshot()?.origins());
        let listing = CatalogChanges::of(joined::<_, store::Error>(origins.await)?, &cards, &owners);
        let stale = listing.stale.len();
        let by_key = self.is_cheaper_by_key::<Card>(Set::Cards, stale, self.expected.cards);
        if tells_versions(&cards) && tells_versions(&owners) && (stale == 0 || by_key) {
            self.read_listed(listing).await?;
        } else {
            self.desk.look(|staging| staging.remove_customers(|_| true)).await?;
            self.read_cards().await?;
            self.count_listed(self.facts.cards.len());
        }
        self.end();
        Ok(())
    }

    async fn read_listed(&mut self, listing: CatalogChanges) -> Result<(), Error> {
        let CatalogChanges { kept, stale, gone } = listing;
        self.count_listed(stale.len());
        if !stale.is_empty() || !gone.is_empty() {
            let unwanted: HashSet<Uuid> =
                stale.iter().copied().chain(gone.iter().map(|card| card.0)).collect();
            let remove = move |staging: &mut store::Staging| {
                staging.remove_customers(|customer| unwanted.contains(&customer.card.0))
            };
            self.desk.look(remove).await?;
        }
        let read = self.reading.items::<Card>(Set::Cards, &stale).await?;
        let read: Vec<Card> = self.good(Set::Cards, read);
        self.facts.cards = kept.into_iter().chain(read.iter().map(|card| card.id)).collect();
        self.put_cards(read).await?;
        Ok(())
    }

    fn count_listed(&mut self, listed: usize) {
        if let Some(delta) = &mut self.delta {
            delta.done.listed += listed as u64;
        }
    }

    async fn turned_opening(&mut self, spans: Vec<Span>) -> Result<(), Error> {
        self.job.reporter.begin(Stage::OpeningBalances);
        let query = self.filtered_opening_query().await?;
        if let Some(query) = query.filter(|_| !spans.is_empty()) {
            self.expect_in(Set::Sales, &query.filter, &spans).await?;
            let (reading, in_flight) = (self.reading, self.job.settings.in_flight);
            reading.spans::<SalesRow>(Set::Sales, &query.filter, spans, in_flight, self).await?;
        }
        self.end();
        Ok(())
    }

    async fn turned_purchases(&mut self, spans: Vec<Span>) -> Result<(), Error> {
        self.job.reporter.begin(Stage::Purchases);
        self.expect_in(Set::Sales, &active(), &spans).await?;
        self.stretches::<SalesRow>(Set::Sales, spans).await?;
        let rejected: Vec<CardId> = self.rejected_before();
        if !rejected.is_empty() {
            self.read_sales_of(&rejected).await?;
            self.read_opening_of(&rejected).await?;
        }
        self.products().await?;
        self.end();
        Ok(())
    }

    async fn turned_points(&mut self, spans: Vec<Span>) -> Result<(), Error> {
        self.job.reporter.begin(Stage::Points);
        let knew_points = self.delta.as_ref().is_some_and(|delta| delta.known.has_points);
        if self.facts.has_points && knew_points {
            self.expect_in(Set::Points, &asked_of(Set::Points), &spans).await?;
            self.stretches::<PointsRow>(Set::Points, spans).await?;
            let rejected = self.rejected_before();
            if !rejected.is_empty() {
                self.read_points_again(&rejected).await?;
            }
        } else if self.facts.has_points {
            self.points_by_period().await?;
        }
        self.end();
        Ok(())
    }

    /// Tells how many rows the stretches hold that are about to be read.
    async fn expect_in(&self, set: Set, filter: &odata::Filter, spans: &[Span]) -> Result<(), Error> {
        for span in spans {
            let rows = self.reading.client.count(set, &filter.clone().within(*span)).await?;
            self.job.reporter.expect(rows);
        }
        Ok(())
    }

    fn rejected_before(&self) -> Vec<CardId> {
        self.delta.iter().flat_map(|delta| &delta.known.rejected).copied().collect()
    }

    /// Reads again what differs: by card where those are few, else as a full sync does.
    pub(super) async fn mend_delta(&mut self, found: &StagedDifferences, apart: &Thin) -> Result<(), Error> {
        let follows = self.delta.as_ref().is_some_and(|delta| delta.has_hints(found));
        let hints = follows.then_some(&found.hints);
        let sales: Vec<CardId> = {
            let mut sales = found.cards_of_sales();
            sales.extend(hints.iter().flat_map(|hints| &hints.sales.cards));
            sales.into_iter().collect()
        };
        let points: BTreeSet<CardId> = found
            .points
            .cards
            .iter()
            .chain(hints.iter().flat_map(|hints| &hints.points.cards))
            .copied()
            .collect();
        if let Some(delta) = &mut self.delta {
            delta.hinted = Some(found.hints.print());
        }
        self.count_cards(&sales);
        self.count_cards(&found.opening.cards);
        if self.is_worth_it(sales.len(), self.expected.purchases) {
            self.read_sales_of(&sales).await?;
        } else {
            self.mend_stretches(found, apart).await?;
        }
        self.mend_opening(&found.opening.cards).await?;
        if !points.is_empty() {
            let points: Vec<CardId> = points.into_iter().collect();
            self.count_cards(&points);
            self.read_points_again(&points).await?;
        }
        Ok(())
    }

    async fn mend_opening(&mut self, cards: &[CardId]) -> Result<(), Error> {
        if self.is_worth_it(cards.len(), self.expected.opening) {
            return self.read_opening_of(cards).await;
        }
        self.filtered_opening_query().await?;
        self.read_opening_again().await
    }

    /// Whether reading these cards one by one takes fewer requests than reading all.
    pub(super) fn is_worth_it(&self, cards: usize, rows: u64) -> bool {
        cards <= FEW_CARDS || 2 * cards.div_ceil(MAX_KEYS) as u64 <= self.pages(rows)
    }

    /// The sales of these cards that lie in the window.
    async fn read_sales_of(&mut self, cards: &[CardId]) -> Result<(), Error> {
        if cards.is_empty() {
            return Ok(());
        }
        let window = self.job.window;
        let filter = window.from.map_or_else(active, |from| active().within(Span::since(from)));
        let rows = self.rows_of_cards::<SalesRow>(&filter, cards).await?;
        let unwanted: HashSet<CardId> = cards.iter().copied().collect();
        self.desk
            .look(move |staging| {
                staging.remove_movements(|it| unwanted.contains(&it.card) && window.contains(it.period))
            })
            .await?;
        let rows = self.good(Set::Sales, rows);
        self.put_sales(rows).await;
        Ok(())
    }

    /// The opening balances of these cards.
    async fn read_opening_of(&mut self, cards: &[CardId]) -> Result<(), Error> {
        if cards.is_empty() {
            return Ok(());
        }
        let Some(query) = self.filtered_opening_query().await? else { return Ok(()) };
        let rows = self.rows_of_cards::<SalesRow>(&query.filter, cards).await?;
        let unwanted: HashSet<CardId> = cards.iter().copied().collect();
        self.desk
            .look(move |staging| {
                staging.remove_movements(|it| {
                    unwanted.contains(&it.card) && it.kind == MovementKind::OpeningBalance
                })
            })
            .await?;
        let rows = self.good(Set::Sales, rows);
        self.put_opening(rows).await;
        Ok(())
    }

    async fn rows_of_cards<R: crate::sync::skip::Marked>(
        &mut self,
        filter: &odata::Filter,
        cards: &[CardId],
    ) -> Result<Collected<R>, Error> {
        // A page and a count for each batch, and as many again should something move.
        self.reading.client.plan(4 * cards.len().div_ceil(MAX_KEYS) as u64);
        let rows = self.of_these_cards::<R>(Set::Sales, filter, cards).await?;
        if let Some(delta) = &mut self.delta {
            delta.done.rows += rows.received();
        }
        Ok(rows)
    }

    fn count_cards(&mut self, cards: &[CardId]) {
        if let Some(delta) = &mut self.delta {
            delta.cards.extend(cards);
            delta.done.cards = delta.cards.len() as u64;
        }
    }

    /// The query that finds opening balances, where 1C filters at all.
    async fn filtered_opening_query(&mut self) -> Result<Option<odata::PageQuery>, Error> {
        let query = self.set_apart_query().await?;
        if self.way() == ReadingWay::ByPeriod {
            return Ok(query);
        }
        Err(odata::Error::FilterRefused { set: Set::Sales, text: String::new() }.into())
    }

    /// Keeps the products of what is staged, and no others.
    pub(super) async fn keep_products_met(&mut self) -> Result<(), Error> {
        let missing = self
            .desk
            .look(|staging| {
                let mut met: HashSet<ProductId> = HashSet::new();
                staging.visit(|_, _, rows| {
                    let purchases = rows.movements.iter().filter(|it| it.kind == MovementKind::Purchase);
                    met.extend(purchases.filter_map(|movement| movement.product));
                })?;
                let mut missing = met.clone();
                staging.remove_products(|product| {
                    missing.remove(&product);
                    !met.contains(&product)
                })?;
                Ok(missing)
            })
            .await?;
        self.facts.products = missing;
        self.products().await
    }
}

/// The catalog of cards beside what is published of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct CatalogChanges {
    /// Cards that are what they were, owner and all.
    kept: Vec<CardId>,
    /// Cards that are new or changed, or whose owner changed.
    stale: Vec<Uuid>,
    /// Cards that are gone.
    gone: Vec<CardId>,
}

impl CatalogChanges {
    fn of(
        origins: Vec<(CardId, Option<Origin>)>,
        cards: &Collected<ThinObject>,
        owners: &Collected<ThinObject>,
    ) -> Self {
        let owners: HashMap<OwnerId, &str> =
            owners.rows.values().map(|owner| (OwnerId(owner.key), owner.version.as_str())).collect();
        let mut now: HashMap<CardId, &str> =
            cards.rows.values().map(|card| (CardId(card.key), card.version.as_str())).collect();
        let mut listing = Self::default();
        for (card, origin) in origins {
            let Some(version) = now.remove(&card) else {
                listing.gone.push(card);
                continue;
            };
            let is_same = origin.is_some_and(|origin| {
                let owner = origin.owner.and_then(|owner| owners.get(&owner).copied());
                origin.card_version == version && origin.owner_version.as_deref() == owner
            });
            if is_same { listing.kept.push(card) } else { listing.stale.push(card.0) }
        }
        listing.stale.extend(now.into_keys().map(|card| card.0));
        // What is asked never depends on chance.
        listing.stale.sort_unstable();
        listing
    }
}

/// Whether versions are told: without them no change would be seen.
fn tells_versions(objects: &Collected<ThinObject>) -> bool {
    objects.rows.values().all(|object| !object.version.is_empty())
}

fn lies_in(spans: &[Span], period: LocalTime) -> bool {
    spans.iter().any(|span| span.contains(period))
}

/// Whether an error means that 1C does not filter as a delta needs it.
pub(super) fn is_beyond_a_delta(error: &Error) -> bool {
    matches!(error, Error::Odata(error) if error.is_filter_refused() || error.is_gone_without())
}
