//! Proof before publishing: what is staged is compared with what 1C itself adds up to, between two equal
//! answers of the same question.
//!
//! ```text
//! totals ──▶ compare by card ──▶ opening balances, a second time, thinly ──▶ totals by month ──▶ totals again
//!    ▲            │ differs             │ differ                                  │ differ             │
//!    │            └─────────────────────┴── read again what differs ──────────────┘                    │
//!    └──────────────────────────────────────────────────────────────────── not the same as before ─────┘
//! ```
//!
//! 1. Equal totals of the whole window miss rows that moved inside it; equal totals of its months were asked
//!    at different moments. Two equal answers around them leave no moment in which anything could change.
//! 2. Rows that 1C's own sums contradict although they were read again and again are 1C's contradiction, not
//!    ours: they are published, and their cards bear a variance.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::stages::{ReadingWay, Stages, active, asked_of};
use crate::domain::{CardId, MovementKind, NamesTrust, RecorderRole, Span};
use crate::odata::{self, PointsRow, SalesRow, Set, ThinSale};
use crate::store::{Proof, Staging};
use crate::sync::compare::{
    self, ComparedCards, Differing, SeenStaging, StagedDifferences, StagingQuestion, Stretch, Thin,
};
use crate::sync::control::{self, CardsWithRows, Control, ControlTerms};
use crate::sync::event::{Notice, Stage};
use crate::sync::skip::{Collected, ReadingPass};
use crate::sync::stretches::{due, halves, months, overlap};
use crate::sync::types::TypesTold;
use crate::sync::writer::Batch;
use crate::sync::{Error, plan};

/// Rounds after which a 1C that never holds still is left alone.
const ROUNDS: u32 = 12;

/// Time after which it is.
const PATIENCE: Duration = Duration::from_secs(600);

/// Rounds without a pause: by then most changes have passed.
const QUICK_ROUNDS: u32 = 3;

/// The longest pause between two rounds.
const PAUSE: Duration = Duration::from_secs(5);

/// So often the same rows are read again before a contradiction is taken for 1C's own.
const REREADINGS: u32 = 2;

/// So often the rows that the settings set apart are read again because they are not as many as 1C counts.
const MISCOUNTS: u32 = 4;

/// A stretch of more pages is halved before it is read again.
const FEW_PAGES: u64 = 5;

/// Requests a sync may need beyond twice those planned.
const SPARE_REQUESTS: u64 = 50;

/// Requests of a round beside the stretches: four totals, and opening balances by page.
const TOTALS: u64 = 4;

/// Stretches compared in one pass over the staging.
const AT_ONCE: usize = 16;

/// How far the proof has come.
#[derive(Debug, Default)]
struct ProofProgress {
    /// What differed in the round before.
    last: Option<u64>,
    /// How many rounds in a row brought the same, read again in between.
    same: u32,
    /// On how many cards the last round differed.
    cards: usize,
    /// How many rounds found all as it was but the number of rows set apart, or their types.
    miscounted: u32,
}

impl ProofProgress {
    fn take(&mut self, found: &StagedDifferences) {
        let print = Some(found.print());
        self.same = if self.last == print { self.same + 1 } else { 0 };
        self.last = print;
        self.cards = found.cards().len();
    }

    /// A count that never fits says nothing of rows.
    fn is_miscounted(&self) -> bool {
        self.miscounted >= MISCOUNTS
    }

    fn is_settled(&self) -> bool {
        self.same >= REREADINGS
    }
}

impl Stages<'_> {
    /// Compares what is staged with what 1C adds up to until both agree at one moment.
    pub(super) async fn prove(&mut self) -> Result<(), Error> {
        self.job.reporter.begin(Stage::ControlTotals);
        let mut told = Control::fetch(&self.reading, self.terms()).await?;
        // What it takes to find out how sums are to be had is no want of rest.
        let started = Instant::now();
        let mut progress = ProofProgress::default();
        let mut round = 0;
        while round < QUICK_ROUNDS || (round < ROUNDS && started.elapsed() < PATIENCE) {
            round += 1;
            self.job.client.plan(TOTALS + self.pages(self.expected.opening));
            self.refuse_waste()?;
            let (found, apart) = self.look_through(&told).await?;
            if self.answers_nothing_for_anybody(&told, &found) {
                told = told.without_balances();
                continue;
            }
            progress.take(&found);
            let is_hinted = self.delta.as_ref().is_some_and(|delta| delta.has_hints(&found));
            if !is_hinted && (found.is_nothing() || progress.is_settled()) {
                let again = told.fetch_again(&self.reading, self.terms()).await?;
                if again == told
                    && !self.learn_types().await?
                    && (progress.is_miscounted() || self.is_apart_still(&apart).await?)
                {
                    return self.proven(told, &apart, &found).await;
                }
                progress.miscounted += u32::from(again == told);
                progress.cards = progress.cards.max(told.cards_differing(&again));
                told = again;
            } else {
                self.mend(&found, &apart).await?;
                told = told.fetch_again(&self.reading, self.terms()).await?;
            }
            self.pause(round).await;
        }
        Err(Error::NeverStill { rounds: round, cards: progress.cards })
    }

    /// Whether 1C's balances say that nobody has points where rows of them were read that say otherwise: rows are not
    /// read again until they agree with an answer that tells nothing.
    fn answers_nothing_for_anybody(&self, told: &Control, found: &StagedDifferences) -> bool {
        let bearers = self.facts.bearers.points;
        self.delta.is_none()
            && told.has_no_points()
            && bearers.known + bearers.unknown > 0
            && !found.points.is_nothing()
    }

    /// Both answers are the same, and so is what is staged.
    async fn proven(
        &mut self,
        mut told: Control,
        apart: &Thin,
        found: &StagedDifferences,
    ) -> Result<(), Error> {
        let mut contradicted = found.cards();
        let bearers = self.facts.bearers.sales;
        let has_rows = bearers.known + bearers.unknown > 0 || !self.facts.types.is_empty();
        if told.has_no_turnovers() && has_rows {
            // A table that answers nothing for anybody, where there are rows, tells nothing: nobody's sum is zero.
            told = told.without_turnovers();
            contradicted = found.points.cards.iter().copied().collect();
            self.job.reporter.notice(Notice::TotalsContradict(bearers.known));
        }
        self.facts.needs_full = self.delta.as_ref().and_then(|delta| delta.unexplained(&contradicted));
        if self.facts.needs_full.is_some() {
            return Ok(());
        }
        self.look_at_bearers(&told).await?;
        if !contradicted.is_empty() {
            self.job.reporter.notice(Notice::TotalsContradict(contradicted.len() as u64));
        }
        // Rows that were read may have been entered anew under such a type since: that moves no sum. Under names that
        // nothing bears no card is divided by them anyway.
        if self.delta.is_some() || self.job.trust(&self.facts) == NamesTrust::Suspected {
            let types = self.job.types_in_use(&self.facts);
            self.facts.unnamed = self.reading.unnamed(&types).await?;
        }
        let is_whole = self.job.settings.limit == 0 && told.knows_turnovers() && contradicted.is_empty();
        self.facts.proof = if is_whole { Proof::Confirmed } else { Proof::Unconfirmed };
        self.facts.contradicted = contradicted.into_iter().collect();
        let unreadable = apart.unreadable.values().copied();
        let differing = CardsWithRows {
            cards: self.facts.cards.iter().copied().collect(),
            sales: found.sales.cards.clone(),
            sales_of_window: found.sales.cards.clone(),
            points: found.points.cards.clone(),
        };
        let control = told.with_set_apart(&*apart.rows, unreadable, self.job.window).beside(&differing);
        let are_rows_hidden = self.facts.types.is_empty() && control.has_turnovers();
        self.facts.control = if are_rows_hidden { control.without_set_apart() } else { control };
        if self.delta.is_some() {
            self.keep_products_met().await?;
        } else {
            self.products().await?;
        }
        self.refuse_waste()?;
        self.end();
        Ok(())
    }

    /// A sync that asks far more than it planned goes round in circles.
    fn refuse_waste(&mut self) -> Result<(), Error> {
        self.plan_anew();
        let stats = self.job.client.stats();
        let most = 2 * stats.planned + SPARE_REQUESTS;
        if stats.requests <= most {
            return Ok(());
        }
        Err(Error::Internal(format!("{} requests where {most} are the most", stats.requests)))
    }

    fn terms(&self) -> ControlTerms {
        ControlTerms {
            window: self.job.window,
            points_at: self.job.points_at,
            turnovers: true,
            points: self.facts.has_points,
        }
    }

    /// Compares all that is staged with what 1C told, by card, and then by month.
    async fn look_through(&mut self, told: &Control) -> Result<(StagedDifferences, Thin), Error> {
        let apart = self.set_apart().await?;
        let scope = Arc::new(self.scope());
        let question = StagingQuestion {
            control: told.clone(),
            apart: Some(apart.clone()),
            window: self.job.window,
            points_at: self.job.points_at,
            scope: Arc::clone(&scope),
        };
        let seen = self.desk.look(move |rows| compare::whole(rows, &question)).await?;
        self.facts.latest = seen.latest;
        self.facts.bearers = seen.bearers;
        let SeenStaging { mut found, mut types, oldest, oldest_points, .. } = seen;
        types.extend(apart.types.iter().chain(&self.facts.older_types).cloned());
        self.facts.types = types;
        if told.knows_turnovers() && self.way() != ReadingWay::ByCard {
            let months = months(self.job.window.from, oldest, self.job.points_at);
            // Whatever differs as a whole differs somewhere; and nothing but sums tells a delta what changed.
            let asked = if found.sales.is_nothing() && self.delta.is_none() {
                let taken = &self.taken.purchases;
                due(&months, taken, self.job.points_at, self.job.generation().await?)
            } else {
                months
            };
            found.stretches.extend(self.compare_stretches(asked, &apart).await?);
        }
        if self.delta.is_some() && told.knows_balances() {
            let months = months(None, oldest_points, self.job.points_at);
            self.take_hints(&mut found, months).await?;
        }
        Ok((found, apart))
    }

    fn scope(&self) -> ComparedCards {
        let is_partial = self.job.settings.limit > 0;
        ComparedCards {
            read: is_partial.then(|| self.facts.cards.clone()),
            distrusted: self.facts.distrusted.clone(),
        }
    }

    /// Adds to the hints what the stretches say of pieces, and of points.
    async fn take_hints(&mut self, found: &mut StagedDifferences, months: Vec<Span>) -> Result<(), Error> {
        let pieces = found.stretches.iter().map(|stretch| stretch.hints.clone());
        found.hints.sales = pieces.fold(std::mem::take(&mut found.hints.sales), Differing::and);
        let points = self.compare_points_stretches(months).await?;
        let points = points.into_iter().map(|stretch| stretch.differing.and(stretch.hints));
        found.hints.points = points.fold(std::mem::take(&mut found.hints.points), Differing::and);
        Ok(())
    }

    /// 1C's turnovers of points in these stretches beside what is staged. A base that does not tell them is gone
    /// without: balances judge, these only hint.
    async fn compare_points_stretches(&mut self, spans: Vec<Span>) -> Result<Vec<Stretch>, Error> {
        self.reading.client.plan(spans.len() as u64);
        let scope = Arc::new(self.scope());
        let mut compared = Vec::with_capacity(spans.len());
        for spans in spans.chunks(AT_ONCE) {
            let reading = self.reading;
            let ask = |span: Span| async move {
                let table = control::points_turnovers(&reading, span).await?;
                Ok::<_, Error>(table.map(|table| (span, table)))
            };
            let tables: Vec<_> = stream::iter(spans.iter().copied().map(ask))
                .buffered(self.job.settings.in_flight.max(1))
                .try_collect()
                .await?;
            let Some(tables) = tables.into_iter().collect::<Option<Vec<_>>>() else { break };
            let scope = Arc::clone(&scope);
            let compare = move |rows: &mut Staging| compare::points_stretches(rows, &tables, &scope);
            compared.extend(self.desk.look(compare).await?);
        }
        Ok(compared)
    }

    /// 1C's turnovers of these stretches beside what is staged.
    async fn compare_stretches(&mut self, mut spans: Vec<Span>, apart: &Thin) -> Result<Vec<Stretch>, Error> {
        spans.sort_unstable_by_key(|span| span.from);
        self.reading.client.plan(spans.len() as u64);
        let scope = Arc::new(self.scope());
        let mut compared = Vec::with_capacity(spans.len());
        for spans in spans.chunks(AT_ONCE) {
            let reading = self.reading;
            let ask = |span: Span| async move {
                let table = control::turnovers(&reading, span).await?;
                Ok::<_, Error>(table.map(|table| (span, table.without_ignored(&apart.rows, span))))
            };
            let tables: Vec<_> = stream::iter(spans.iter().copied().map(ask))
                .buffered(self.job.settings.in_flight.max(1))
                .try_filter_map(|table| async move { Ok(table) })
                .try_collect()
                .await?;
            let scope = Arc::clone(&scope);
            compared.extend(self.desk.look(move |rows| compare::stretches(rows, &tables, &scope)).await?);
        }
        Ok(compared)
    }

    /// What the settings set apart once more, thinly: opening balances, which no period limits, so that no total of
    /// the window confirms them; and rows that are left out, which 1C's sums hold all the same.
    async fn set_apart(&mut self) -> Result<Thin, Error> {
        let thin = if self.way() == ReadingWay::ByCard {
            self.collect_of_cards::<ThinSale>(Set::Sales, &active()).await?
        } else if let Some(query) = self.set_apart_query().await? {
            self.reading.by_skip::<ThinSale>(&query, None, ReadingPass::Confirming).await?
        } else {
            Collected::new()
        };
        let unreadable: HashMap<_, _> = thin.rejected.iter().map(|(mark, row)| (*mark, row.card)).collect();
        let types = Arc::new(thin.types());
        let received = thin.received();
        let rows = thin.rows.into_values().filter(|row| row.role != RecorderRole::Purchase).collect();
        Ok(Thin { rows: Arc::new(rows), unreadable: Arc::new(unreadable), types, received })
    }

    /// Learns which types of document there are, without the settings' names; whether some of what the settings set
    /// apart was not asked for, so that another round is needed.
    async fn learn_types(&mut self) -> Result<bool, Error> {
        let met = self.facts.types.clone();
        let known = met.iter().cloned().chain(self.job.types_before().await?).collect();
        let TypesTold { types, is_complete } = self.reading.types_beyond(known, u64::MAX).await?;
        self.facts.types = types;
        self.facts.are_types_told = is_complete || self.way() == ReadingWay::Whole;
        let Some(query) = self.set_apart_query().await? else { return Ok(false) };
        let client = self.reading.client;
        let set_apart = client.types_in_use(&self.facts.types).set_apart();
        let missed: Vec<_> = set_apart.iter().filter(|it| !met.contains(it)).cloned().collect();
        if self.way() != ReadingWay::ByPeriod || missed.is_empty() {
            return Ok(false);
        }
        if query.filter.asks_for(&missed, client.names()) {
            self.read_without_types().await?;
        } else {
            self.ask_for_types(set_apart);
        }
        Ok(true)
    }

    /// Whether there are still as many rows of what the settings set apart as were read of it: one that was entered
    /// anew under such a type since moves no sum.
    async fn is_apart_still(&mut self, apart: &Thin) -> Result<bool, Error> {
        if self.way() != ReadingWay::ByPeriod {
            return Ok(true);
        }
        let Some(query) = self.set_apart_query().await? else { return Ok(true) };
        match self.reading.client.count(query.set, &query.filter).await {
            Ok(rows) => Ok(rows == apart.received),
            Err(error) if error.is_filter_refused() => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// 1C has rows of a type and does not find them by it: the register is read whole, and filtered here.
    async fn read_without_types(&mut self) -> Result<(), Error> {
        if self.delta.is_some() {
            return Err(odata::Error::FilterRefused { set: Set::Sales, text: String::new() }.into());
        }
        self.read_everything();
        self.read_sales_again().await
    }

    /// Reads again what differs.
    async fn mend(&mut self, found: &StagedDifferences, apart: &Thin) -> Result<(), Error> {
        if self.delta.is_some() {
            return self.mend_delta(found, apart).await;
        }
        let sales_differ = !found.sales.is_nothing() || found.stretches.iter().any(Stretch::differs);
        match self.way() {
            ReadingWay::ByCard | ReadingWay::Whole if sales_differ || !found.opening.is_nothing() => {
                self.read_sales_again().await?;
            }
            ReadingWay::ByCard | ReadingWay::Whole => {}
            ReadingWay::ByPeriod => {
                if !found.opening.is_nothing() {
                    self.read_opening_again().await?;
                }
                self.mend_stretches(found, apart).await?;
            }
        }
        if !found.points.is_nothing() {
            match self.read_points_again(&found.points.cards).await {
                // Rows of the cards wanted may be the first that are asked for.
                Err(Error::Odata(error)) if error.is_gone_without() => self.go_without_points(error).await?,
                read => read?,
            }
        }
        Ok(())
    }

    /// Reads again the stretches that differ, as narrow as their sums allow.
    pub(super) async fn mend_stretches(
        &mut self,
        found: &StagedDifferences,
        apart: &Thin,
    ) -> Result<(), Error> {
        let stretches = found.stretches.iter().filter(|stretch| stretch.differs()).cloned();
        let stretches = self.narrowed(stretches.collect(), apart).await?;
        if stretches.is_empty() { Ok(()) } else { self.read_stretches_again(&stretches).await }
    }

    /// Halves what is long and full, and keeps the halves that differ.
    async fn narrowed(&mut self, stretches: Vec<Stretch>, apart: &Thin) -> Result<Vec<Stretch>, Error> {
        let room = FEW_PAGES * u64::from(self.reading.client.page_size());
        let mut narrow = Vec::new();
        let mut wide = stretches;
        while !wide.is_empty() {
            let mut cut = Vec::new();
            for stretch in wide {
                match halves(stretch.span).filter(|_| stretch.rows > room) {
                    Some(halves) => cut.extend(halves),
                    None => narrow.push(stretch),
                }
            }
            wide = self.compare_stretches(cut, apart).await?.into_iter().filter(Stretch::differs).collect();
        }
        Ok(narrow)
    }

    async fn read_stretches_again(&mut self, stretches: &[Stretch]) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        let page_size = self.reading.client.page_size();
        let spans: Vec<Span> = stretches.iter().map(|stretch| stretch.span).collect();
        // A delta reads both kinds of sales at once.
        let (unwanted, is_delta) = (spans.clone(), self.delta.is_some());
        self.note.purchases.retain(|done| !spans.iter().any(|span| overlap(*span, done.span())));
        self.desk
            .look(move |rows| {
                rows.remove_movements(|movement| {
                    (is_delta || movement.kind == MovementKind::Purchase)
                        && unwanted.iter().any(|span| span.contains(movement.period))
                })
            })
            .await?;
        let planned = stretches.iter().map(|stretch| plan::requests(stretch.rows, page_size)).sum();
        self.reading.client.plan(planned);
        self.stretches::<SalesRow>(Set::Sales, spans).await
    }

    pub(super) async fn read_opening_again(&mut self) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        self.reading.client.plan(2 * self.pages(self.expected.opening));
        let Some(query) = self.set_apart_query().await? else { return Ok(()) };
        let rows = self.reading.counted::<SalesRow>(&query).await?;
        self.desk
            .look(|rows| rows.remove_movements(|movement| movement.kind == MovementKind::OpeningBalance))
            .await?;
        let rows = self.good(Set::Sales, rows);
        self.put_opening(rows).await;
        Ok(())
    }

    /// All sales, where they are not read by periods.
    async fn read_sales_again(&mut self) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        self.reading.client.plan(2 * self.pages(self.expected.opening + self.expected.purchases));
        let rows = if self.way() == ReadingWay::ByCard {
            self.collect_of_cards::<SalesRow>(Set::Sales, &active()).await?
        } else {
            self.reading.unfiltered::<SalesRow>(Set::Sales).await?
        };
        self.desk.look(|rows| rows.remove_movements(|_| true)).await?;
        let rows = self.good(Set::Sales, rows);
        self.put_sales(rows).await;
        Ok(())
    }

    /// Bonus rows of these cards, or all where there are many.
    pub(super) async fn read_points_again(&mut self, cards: &[CardId]) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Points);
        self.note.points.clear();
        self.reading.client.plan(plan::requests(self.expected.points, self.reading.client.page_size()));
        if !self.is_worth_it(cards.len(), self.expected.points) {
            self.desk.put(Batch::ForgetBonusRows).await;
            return self.points_by_period().await;
        }
        match self.of_these_cards::<PointsRow>(Set::Points, &asked_of(Set::Points), cards).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                self.desk.put(Batch::ForgetBonusRows).await;
                self.points_by_period().await
            }
            rows => {
                let rows = rows?;
                let unwanted: HashSet<CardId> = cards.iter().copied().collect();
                self.desk
                    .look(move |staged| staged.remove_bonus_rows(|row| unwanted.contains(&row.card)))
                    .await?;
                let rows = self.good(Set::Points, rows);
                self.put_points(rows).await;
                Ok(())
            }
        }
    }

    /// Lets a 1C that is being worked in come to rest.
    async fn pause(&self, round: u32) {
        if round > QUICK_ROUNDS {
            tokio::time::sleep(self.job.settings.second_look_after.min(PAUSE)).await;
        }
    }
}

impl Stretch {
    fn differs(&self) -> bool {
        !self.differing.is_nothing()
    }
}
