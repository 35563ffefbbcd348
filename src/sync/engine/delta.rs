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
//! 3. What no sum tells is read again in turn: see [`reread_schedule`].

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;
use uuid::Uuid;

use super::ledger::{ExpectedRows, Ledger, active, asked_of};
use super::reread_plan::PublishedRows;
use crate::domain::{Card, CardId, LocalTime, MovementKind, OwnerId, Span, StoredFigures, Verdict, Window};
use crate::odata::{self, PageQuery, PointsRow, SalesRow, Set, ThinObject};
use crate::store::{self, Counts, DeltaBasis, Origin, Snapshot};
use crate::sync::Error;
use crate::sync::event::{DeltaSummary, Notice, Stage};
use crate::sync::position_reader::Collected;
use crate::sync::reporter::StageWork;
use crate::sync::reread_schedule;

/// Where 1C tells no totals, so many days are read again by every delta: there most of the changes are.
const BLIND_DAYS: TimeDelta = TimeDelta::days(35);

/// Reads over what is published: the ledger is staged over it.
pub(super) struct DeltaRead<'l, 'a> {
    ledger: &'l mut Ledger<'a>,
    known: KnownCards,
    done: DeltaSummary,
    /// How many deltas there were since everything was read.
    turn: u32,
}

/// What the generation before knows of its cards.
#[derive(Debug, Default)]
struct KnownCards {
    counts: Counts,
    has_points: bool,
    /// Cards that differed from 1C's sums although they were read.
    variances: HashSet<CardId>,
    /// Cards of which a row could not be read, or of which 1C's rows were found to be others.
    doubted: BTreeSet<CardId>,
}

/// The oldest rows staged.
#[derive(Clone, Copy, Debug, Default)]
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

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
struct Turns {
    window: Window,
    turn: u32,
    /// From then on everything is read again.
    recent: LocalTime,
    recent_points: LocalTime,
}

impl Turns {
    /// Whether a row of sales is read again, or has left the window.
    fn takes(self, kind: MovementKind, period: LocalTime) -> bool {
        let is_due = reread_schedule::is_due(period, self.turn);
        match (kind, self.window.contains(period)) {
            (MovementKind::Purchase, false) => true,
            (MovementKind::OpeningBalance, false) => is_due,
            (_, true) => period >= self.recent || is_due,
        }
    }

    fn takes_points(self, period: LocalTime) -> bool {
        period >= self.recent_points || reread_schedule::is_due(period, self.turn)
    }

    /// The stretches that hold what is taken of rows that begin there, and what is new in them.
    fn spans(self, edges: Edges) -> Again {
        let Self { window, turn, recent, recent_points } = self;
        let due = |from: Option<LocalTime>, to: LocalTime| {
            from.map(|from| reread_schedule::due(from, to, turn)).unwrap_or_default()
        };
        let first = window.from.map_or(recent, |from| from.max(recent));
        let fresh = [Span::since(first)];
        let opening_end = window.from.unwrap_or(LocalTime::MIN);
        Again {
            sales: due(window.from.or(edges.oldest()), recent).into_iter().chain(fresh).collect(),
            opening: due(edges.opening, opening_end),
            points: due(edges.bonus, recent_points).into_iter().chain([Span::since(recent_points)]).collect(),
        }
    }
}

impl Edges {
    fn take(&mut self, kind: MovementKind, period: LocalTime) {
        let edge = match kind {
            MovementKind::Purchase => &mut self.purchase,
            MovementKind::OpeningBalance => &mut self.opening,
        };
        *edge = Some(edge.map_or(period, |edge| edge.min(period)));
    }

    fn oldest(self) -> Option<LocalTime> {
        [self.purchase, self.opening].into_iter().flatten().min()
    }
}

impl KnownCards {
    fn of(snapshot: &Snapshot) -> Result<Self, store::Error> {
        let mut known = Self::default();
        let Some(generation) = snapshot.generation() else { return Ok(known) };
        known.counts = generation.counts;
        known.has_points = generation.points_at.is_some();
        for figures in snapshot.all_figures()? {
            let (card, StoredFigures { verdict, unreadable, contradicted, .. }) = figures?;
            let differs = verdict == Verdict::Variance || contradicted.any();
            known.variances.extend(differs.then_some(card));
            known.doubted.extend(unreadable.any().then_some(card));
        }
        Ok(known)
    }
}

impl<'l, 'a> DeltaRead<'l, 'a> {
    pub(super) async fn new(ledger: &'l mut Ledger<'a>, basis: DeltaBasis) -> Result<Self, Error> {
        let mut known = ledger.job.published(KnownCards::of).await?;
        known.doubted.extend(ledger.job.settings.doubted.iter().copied());
        Ok(Self { ledger, known, done: DeltaSummary::since(basis.full_at), turn: basis.deltas })
    }

    /// Walks the stages; what was read, and what the proof goes by.
    pub(super) async fn read(mut self) -> Result<(DeltaSummary, PublishedRows), Error> {
        self.ledger.prepare().await?;
        let again = self.again().await?;
        let opening = self.ledger.filtered_opening_query().await?;
        self.plan_stages(&again, opening.as_ref()).await?;
        self.ledger.end();
        self.changed_catalogs().await?;
        self.turned_opening(again.opening, opening).await?;
        self.turned_purchases(again.sales).await?;
        self.turned_points(again.points).await?;
        self.ledger.refuse_unreadable(self.known.counts)?;
        Ok((self.done, PublishedRows::new(self.known.variances)))
    }

    /// Decides what is read again whatever the sums say, and takes it out, with what has left the window.
    async fn again(&mut self) -> Result<Again, Error> {
        let job = self.ledger.job;
        let is_blind = !self.ledger.has_turnovers().await?;
        let is_blind_to_points = self.ledger.facts.has_points && !self.ledger.has_balances().await?;
        let now = job.points_at;
        let recent = TimeDelta::from_std(job.settings.recent).unwrap_or(BLIND_DAYS);
        let since = |is_blind: bool| {
            let recent = if is_blind { recent.max(BLIND_DAYS) } else { recent };
            LocalTime::from(now.checked_sub_signed(recent).unwrap_or(now).date())
        };
        let turns = Turns {
            window: job.window,
            turn: self.turn,
            recent: since(is_blind),
            recent_points: since(is_blind_to_points),
        };
        self.done.is_blind = is_blind;
        if is_blind {
            job.reporter.notice(Notice::DeltaIsBlind(turns.recent));
        }
        if is_blind_to_points {
            job.reporter.notice(Notice::DeltaIsBlindToPoints(turns.recent_points));
        }
        Ok(turns.spans(self.forget(turns).await?))
    }

    /// Takes out what is read again, and what has left the window; the oldest rows of all.
    async fn forget(&mut self, turns: Turns) -> Result<Edges, Error> {
        let (has_points, knew_points) = (self.ledger.facts.has_points, self.known.has_points);
        self.ledger
            .staging
            .look(move |staging| {
                let mut edges = Edges::default();
                staging.remove_movements_at(|kind, period| {
                    edges.take(kind, period);
                    turns.takes(kind, period)
                })?;
                if has_points {
                    staging.remove_bonus_rows(|row| {
                        edges.bonus = Some(edges.bonus.map_or(row.period, |edge| edge.min(row.period)));
                        !knew_points || turns.takes_points(row.period)
                    })?;
                }
                Ok(edges)
            })
            .await
    }

    /// Sees by a thin pass which cards and owners are new, changed or gone, and reads those.
    async fn changed_catalogs(&mut self) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::Cards);
        let cards = self.ledger.reading.thin(Set::Cards).await?;
        let owners = self.ledger.reading.thin(Set::Owners).await?;
        let origins = self.ledger.job.published(Snapshot::origins).await?;
        let listing = CatalogChanges::of(origins, &cards, &owners);
        let stale = listing.stale.len();
        let by_key = self.ledger.is_cheaper_by_key::<Card>(Set::Cards, stale, self.ledger.expected.cards);
        if tells_versions(&cards) && tells_versions(&owners) && (stale == 0 || by_key) {
            self.read_listed(listing).await?;
        } else {
            self.ledger.job.reporter.begin_again();
            self.ledger.staging.look(|staging| staging.remove_customers(|_| true)).await?;
            self.ledger.read_cards().await?;
            self.done.listed = self.ledger.facts.cards.len() as u64;
        }
        self.ledger.end();
        Ok(())
    }

    async fn read_listed(&mut self, listing: CatalogChanges) -> Result<(), Error> {
        let CatalogChanges { kept, stale, gone } = listing;
        self.done.listed = stale.len() as u64;
        if !stale.is_empty() || !gone.is_empty() {
            let unwanted: HashSet<Uuid> =
                stale.iter().copied().chain(gone.iter().map(|card| card.0)).collect();
            let remove = move |staging: &mut store::Staging| {
                staging.remove_customers(|customer| unwanted.contains(&customer.card.0))
            };
            self.ledger.staging.look(remove).await?;
        }
        let read = self.ledger.reading.items::<Card>(Set::Cards, &stale).await?;
        let read: Vec<Card> = self.ledger.good(Set::Cards, read);
        self.ledger.facts.cards = kept.into_iter().chain(read.iter().map(|card| card.id)).collect();
        self.ledger.put_cards(read).await?;
        Ok(())
    }

    async fn turned_opening(&mut self, spans: Vec<Span>, query: Option<PageQuery>) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::OpeningBalances);
        if let Some(query) = query.filter(|_| !spans.is_empty()) {
            let (reading, in_flight) = (self.ledger.reading, self.ledger.job.settings.in_flight);
            reading.spans::<SalesRow>(Set::Sales, &query.filter, spans, in_flight, self.ledger).await?;
        }
        self.ledger.end();
        Ok(())
    }

    async fn turned_purchases(&mut self, spans: Vec<Span>) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::Purchases);
        self.ledger.stretches::<SalesRow>(Set::Sales, spans).await?;
        let doubted: Vec<CardId> = self.known.doubted.iter().copied().collect();
        if !doubted.is_empty() {
            self.ledger.read_sales_of(&doubted).await?;
            self.ledger.read_opening_of(&doubted).await?;
        }
        self.ledger.products().await?;
        self.ledger.end();
        Ok(())
    }

    async fn turned_points(&mut self, spans: Vec<Span>) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::Points);
        let knew_points = self.known.has_points;
        if self.ledger.facts.has_points && knew_points {
            self.ledger.stretches::<PointsRow>(Set::Points, spans).await?;
            let doubted: Vec<CardId> = self.known.doubted.iter().copied().collect();
            if !doubted.is_empty() {
                self.ledger.read_points_again(&doubted).await?;
            }
        } else if self.ledger.facts.has_points {
            self.ledger.points_by_period().await?;
        }
        self.ledger.end();
        Ok(())
    }

    /// Tells what the stages will read, before the first of them begins.
    async fn plan_stages(&mut self, again: &Again, opening: Option<&PageQuery>) -> Result<(), Error> {
        let ExpectedRows { cards, owners, points, .. } = self.ledger.expected;
        let opening = match opening {
            Some(query) => self.count_in(Set::Sales, &query.filter, &again.opening).await?,
            None => 0,
        };
        let sales = self.count_in(Set::Sales, &active(), &again.sales).await?;
        let products = self.ledger.work_of_products(sales).await?;
        let points = match (self.ledger.facts.has_points, self.known.has_points) {
            (true, true) => self.count_in(Set::Points, &asked_of(Set::Points), &again.points).await?,
            (true, false) => points,
            (false, _) => 0,
        };
        let rows = |rows| StageWork { rows, to_confirm: 0 };
        let reporter = &self.ledger.job.reporter;
        reporter.plan(Stage::Cards, rows(cards.saturating_add(owners)));
        reporter.plan(Stage::OpeningBalances, rows(opening));
        reporter.plan(Stage::Purchases, rows(sales) + products);
        reporter.plan(Stage::Points, rows(points));
        Ok(())
    }

    /// How many rows the stretches hold that are about to be read.
    async fn count_in(&self, set: Set, filter: &odata::Filter, spans: &[Span]) -> Result<u64, Error> {
        let mut rows = 0;
        for span in spans {
            rows += self.ledger.reading.client.count(set, &filter.clone().within(*span)).await?;
        }
        Ok(rows)
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

/// Whether an error means that 1C does not filter as a delta needs it.
pub(super) fn is_beyond_a_delta(error: &Error) -> bool {
    matches!(error, Error::Odata(error) if error.is_filter_refused() || error.is_gone_without())
}
