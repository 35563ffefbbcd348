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

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::ledger::{Ledger, active};
use super::reread_plan::{Evidence, Reread};
use crate::domain::recorder_types::wrote_all_once;
use crate::domain::{
    Amount, CardId, NamesTrust, Points, ProductId, Quantity, RecorderRole, RecorderType, Span, Summand, Total,
};
use crate::odata::{self, Set, ThinSale};
use crate::store::{Proof, Staging};
use crate::sync::Error;
use crate::sync::compare::{self, SeenStaging, SetApartRows, StagingQuestion};
use crate::sync::control_totals::{self, BaseTotals, CardsWithRows, ControlTerms, OfStretch};
use crate::sync::differences::{ComparedCards, Differing, StagedDifferences, Stretch};
use crate::sync::event::{Notice, Stage};
use crate::sync::position_reader::{Collected, ReadingPass};
use crate::sync::proof_spans::{due, halves, months};
use crate::sync::read_spans::ReadingWay;
use crate::sync::recorder_types::TypesTold;
use crate::sync::sums_by_month::SumsByMonth;

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

pub(super) struct Prover<'l, 'a, E> {
    ledger: &'l mut Ledger<'a>,
    evidence: E,
    /// Of the purchases that are staged.
    products_met: HashSet<ProductId>,
    /// Whether a filter by type was found to leave nothing out.
    is_type_filter_whole: bool,
}

impl<'l, 'a, E: Evidence> Prover<'l, 'a, E> {
    pub(super) fn new(ledger: &'l mut Ledger<'a>, evidence: E) -> Self {
        Self { ledger, evidence, products_met: HashSet::new(), is_type_filter_whole: false }
    }

    /// Compares what is staged with what 1C adds up to until both agree at one moment.
    ///
    /// What the proof went by comes back with what it met.
    pub(super) async fn prove(mut self) -> Result<E, Error> {
        self.ledger.job.reporter.begin(Stage::ControlTotals);
        let mut told = BaseTotals::fetch(&self.ledger.reading, self.terms()).await?;
        // What it takes to find out how sums are to be had is no want of rest.
        let started = Instant::now();
        let mut progress = ProofProgress::default();
        let mut round = 0;
        while round < QUICK_ROUNDS || (round < ROUNDS && started.elapsed() < PATIENCE) {
            round += 1;
            self.ledger.job.client.plan(TOTALS + self.ledger.pages(self.ledger.expected.opening));
            self.refuse_waste()?;
            let (found, apart) = self.look_through(&told).await?;
            let suspects = (!found.cards_of_sales().is_empty(), !found.points.is_nothing());
            if told.learn_of_periods(self.ledger.reading.client, suspects).await? {
                told = told.fetch_again(&self.ledger.reading, self.terms()).await?;
                continue;
            }
            if self.answers_nothing_for_anybody(&told, &found) {
                told = told.without_balances();
                continue;
            }
            progress.take(&found);
            let is_hinted = self.evidence.has_hints(&found);
            if !is_hinted && (found.is_nothing() || progress.is_settled()) {
                let again = told.fetch_again(&self.ledger.reading, self.terms()).await?;
                if again == told
                    && !self.learn_types().await?
                    && (progress.is_miscounted() || self.is_apart_still(&apart).await?)
                {
                    self.proven(told, &apart, &found).await?;
                    return Ok(self.evidence);
                }
                progress.miscounted += u32::from(again == told);
                progress.cards = progress.cards.max(told.cards_differing(&again));
                told = again;
            } else {
                self.reread(&found, &apart).await?;
                told = told.fetch_again(&self.ledger.reading, self.terms()).await?;
            }
            self.pause(round).await;
        }
        Err(Error::NeverStill { rounds: round, cards: progress.cards })
    }

    /// Whether 1C's balances say that nobody has points where rows of them were read that say otherwise: rows are not
    /// read again until they agree with an answer that tells nothing.
    fn answers_nothing_for_anybody(&self, told: &BaseTotals, found: &StagedDifferences) -> bool {
        let bearers = self.ledger.facts.bearers.points;
        E::ARE_ALL_ROWS_READ
            && told.has_no_points()
            && bearers.known + bearers.unknown > 0
            && !found.points.is_nothing()
    }

    /// Both answers are the same, and so is what is staged.
    async fn proven(
        &mut self,
        mut told: BaseTotals,
        apart: &SetApartRows,
        found: &StagedDifferences,
    ) -> Result<(), Error> {
        let mut contradicted = found.contradicted();
        let bearers = self.ledger.facts.bearers.sales;
        let has_rows = bearers.known + bearers.unknown > 0 || !self.ledger.facts.types.is_empty();
        if told.has_no_turnovers() && has_rows {
            // A table that answers nothing for anybody, where there are rows, tells nothing: nobody's sum is zero.
            told = told.without_turnovers();
            contradicted.sales.clear();
            self.ledger.job.reporter.notice(Notice::TotalsContradict(bearers.known));
        }
        let cards = contradicted.all();
        self.ledger.facts.needs_full = self.evidence.wants_all(&cards);
        if self.ledger.facts.needs_full.is_some() {
            return Ok(());
        }
        self.ledger.look_at_bearers(&told).await?;
        if !cards.is_empty() {
            self.ledger.job.reporter.notice(Notice::TotalsContradict(cards.len() as u64));
        }
        self.ledger.facts.types_once = self.types_that_wrote_once().await?;
        // Rows that were read may have been entered anew under such a type since: that moves no sum. Under names that
        // nothing bears no card is divided by them anyway.
        if !E::ARE_ALL_ROWS_READ || self.ledger.job.trust(&self.ledger.facts) == NamesTrust::Suspected {
            let types = self.ledger.job.types_in_use(&self.ledger.facts);
            self.ledger.facts.unnamed = self.ledger.reading.unnamed(&types).await?;
        }
        let is_whole = self.ledger.job.settings.limit == 0 && told.knows_turnovers() && cards.is_empty();
        self.ledger.facts.proof = if is_whole { Proof::Confirmed } else { Proof::Unconfirmed };
        self.ledger.facts.contradicted = contradicted;
        let unreadable = apart.unreadable.values().copied();
        let differing = CardsWithRows {
            cards: self.ledger.facts.cards.iter().copied().collect(),
            sales: found.sales.cards.clone(),
            sales_of_window: found.sales.cards.clone(),
            points: found.points.cards.clone(),
        };
        let control =
            told.with_set_apart(&*apart.rows, unreadable, self.ledger.job.window).beside(&differing);
        let are_rows_hidden = control.hide_rows(&self.ledger.facts.types);
        self.ledger.facts.control = if are_rows_hidden { control.without_set_apart() } else { control };
        if E::ARE_ALL_ROWS_READ {
            self.ledger.products().await?;
        } else {
            self.ledger.keep_products_met(std::mem::take(&mut self.products_met)).await?;
        }
        self.refuse_waste()?;
        self.ledger.end();
        Ok(())
    }

    /// A sync that asks far more than it planned goes round in circles.
    fn refuse_waste(&mut self) -> Result<(), Error> {
        self.ledger.plan_anew();
        let stats = self.ledger.job.client.stats();
        let most = 2 * stats.planned + SPARE_REQUESTS;
        if stats.requests <= most {
            return Ok(());
        }
        Err(Error::Internal(format!("{} requests where {most} are the most", stats.requests)))
    }

    fn terms(&self) -> ControlTerms {
        ControlTerms {
            window: self.ledger.job.window,
            points_at: self.ledger.job.points_at,
            turnovers: true,
            points: self.ledger.facts.has_points,
        }
    }

    /// Compares all that is staged with what 1C told, by card, and then by month.
    async fn look_through(&mut self, told: &BaseTotals) -> Result<(StagedDifferences, SetApartRows), Error> {
        let apart = self.set_apart().await?;
        let scope = Arc::new(self.scope());
        let question = StagingQuestion {
            control: told.clone(),
            apart: Some(apart.clone()),
            window: self.ledger.job.window,
            points_at: self.ledger.job.points_at,
            scope: Arc::clone(&scope),
            wants_figures: !E::ARE_ALL_ROWS_READ,
        };
        let seen = self.ledger.staging.look(move |rows| compare::whole(rows, &question)).await?;
        self.ledger.facts.latest = seen.latest;
        self.ledger.facts.newest = seen.newest;
        self.ledger.facts.bearers = seen.bearers;
        let SeenStaging {
            mut found, mut types, recent, oldest, oldest_points, by_month, products, own, ..
        } = seen;
        self.products_met = products;
        self.ledger.facts.own = own;
        self.ledger.facts.recent_types = recent;
        types.extend(apart.types.iter().chain(self.ledger.facts.older_types.keys()).cloned());
        self.ledger.facts.types = types;
        if told.knows_turnovers() && self.ledger.way() != ReadingWay::ByCard {
            let months = months(self.ledger.job.window.from, oldest, self.ledger.job.points_at);
            let (now, is_nothing) = (self.ledger.job.points_at, found.sales.is_nothing());
            // Whatever differs as a whole differs somewhere; and nothing but sums tells what changed of what was published.
            let asked = match (E::ARE_ALL_ROWS_READ, is_nothing) {
                (true, true) => {
                    due(&months, &self.ledger.taken.purchases, now, self.ledger.job.generation().await?)
                }
                // Few cards are read by card wherever they differ; of many it is their months that are read.
                (false, _) if self.are_few(&found) => self.doubtful(months, &by_month.sales, &apart).await?,
                _ => months,
            };
            found.stretches.extend(self.compare_stretches::<Amount, Quantity>(asked, &apart).await?);
        }
        if !E::ARE_ALL_ROWS_READ && told.knows_balances() {
            let months = months(None, oldest_points, self.ledger.job.points_at);
            let months = self.doubtful(months, &by_month.points, &apart).await?;
            self.take_hints(&mut found, months, &apart).await?;
        }
        Ok((found, apart))
    }

    /// Whether the cards whose sales differ as a whole are read by card.
    fn are_few(&self, found: &StagedDifferences) -> bool {
        let terms = self.ledger.reread_terms();
        terms.is_cheaper_by_card(found.sales.cards.len(), terms.purchases)
    }

    /// The stretches in which all cards together do not come to what 1C adds up to, in one row each: their sums by card
    /// are asked for. All of them where it does not add up so.
    async fn doubtful<T: OfStretch>(
        &self,
        months: Vec<Span>,
        own: &SumsByMonth<T>,
        apart: &SetApartRows,
    ) -> Result<Vec<Span>, Error> {
        let reading = self.ledger.reading;
        reading.client.plan(months.len() as u64);
        let ask = |span: Span| async move {
            let told = control_totals::of_base::<T>(&reading, span).await?;
            let is_told = told.is_some_and(|told| own.within(span).is_as_told(&told, &apart.rows, span));
            Ok::<_, Error>((!is_told).then_some(span))
        };
        let asked = stream::iter(months.into_iter().map(ask));
        let doubtful: Vec<_> =
            asked.buffered(self.ledger.job.settings.in_flight.max(1)).try_collect().await?;
        Ok(doubtful.into_iter().flatten().collect())
    }

    fn scope(&self) -> ComparedCards {
        let is_partial = self.ledger.job.settings.limit > 0;
        ComparedCards {
            read: is_partial.then(|| self.ledger.facts.cards.clone()),
            distrusted: self.ledger.facts.distrusted.clone(),
        }
    }

    /// Adds to the hints what the stretches say of pieces, and of points.
    async fn take_hints(
        &mut self,
        found: &mut StagedDifferences,
        months: Vec<Span>,
        apart: &SetApartRows,
    ) -> Result<(), Error> {
        let pieces = found.stretches.iter().map(|stretch| stretch.hints.clone());
        found.hints.sales = pieces.fold(std::mem::take(&mut found.hints.sales), Differing::and);
        let points = self.compare_stretches::<Points, Points>(months, apart).await?;
        let points = points.into_iter().map(|stretch| stretch.differing.and(stretch.hints));
        found.hints.points = points.fold(std::mem::take(&mut found.hints.points), Differing::and);
        Ok(())
    }

    /// 1C's turnovers of these stretches beside what is staged.
    async fn compare_stretches<M: Summand, S: Summand>(
        &mut self,
        mut spans: Vec<Span>,
        apart: &SetApartRows,
    ) -> Result<Vec<Stretch>, Error>
    where
        Total<M, S>: OfStretch,
    {
        spans.sort_unstable_by_key(|span| span.from);
        self.ledger.reading.client.plan(spans.len() as u64);
        let scope = Arc::new(self.scope());
        let mut compared = Vec::with_capacity(spans.len());
        for spans in spans.chunks(AT_ONCE) {
            let reading = self.ledger.reading;
            let ask = |span: Span| async move {
                let table = control_totals::of_stretch::<Total<M, S>>(&reading, span).await?;
                Ok::<_, Error>(
                    table.map(|table| (span, Total::<M, S>::without_ignored(table, &apart.rows, span))),
                )
            };
            let tables: Vec<_> = stream::iter(spans.iter().copied().map(ask))
                .buffered(self.ledger.job.settings.in_flight.max(1))
                .try_collect()
                .await?;
            if !Total::<M, S>::IS_JUDGED && tables.iter().any(Option::is_none) {
                break;
            }
            let tables: Vec<_> = tables.into_iter().flatten().collect();
            let scope = Arc::clone(&scope);
            let compare = move |rows: &mut Staging| compare::stretches(rows, &tables, &scope);
            compared.extend(self.ledger.staging.look(compare).await?);
        }
        Ok(compared)
    }

    /// What the settings set apart once more, thinly: opening balances, which no period limits, so that no total of
    /// the window confirms them; and rows that are left out, which 1C's sums hold all the same.
    async fn set_apart(&mut self) -> Result<SetApartRows, Error> {
        let thin = if self.ledger.way() == ReadingWay::ByCard {
            self.ledger.collect_of_cards::<ThinSale>(Set::Sales, &active()).await?
        } else if let Some(query) = self.ledger.set_apart_query().await? {
            self.ledger.reading.by_skip::<ThinSale>(&query, None, ReadingPass::Confirming).await?
        } else {
            Collected::new()
        };
        let unreadable: HashMap<_, _> = thin.rejected.iter().map(|(mark, row)| (*mark, row.card)).collect();
        let types = Arc::new(thin.types());
        let received = thin.received();
        let rows = thin.rows.into_values().filter(|row| row.role != RecorderRole::Purchase).collect();
        Ok(SetApartRows { rows: Arc::new(rows), unreadable: Arc::new(unreadable), types, received })
    }

    /// Learns which types of document there are, without the settings' names; whether some of what the settings set
    /// apart was not asked for, so that another round is needed.
    async fn learn_types(&mut self) -> Result<bool, Error> {
        let met = self.ledger.facts.types.clone();
        let known = met.iter().cloned().chain(self.ledger.job.types_before().await?).collect();
        let TypesTold { types, is_complete } = self.ledger.reading.types_beyond(known, u64::MAX).await?;
        self.ledger.facts.types = types;
        self.ledger.facts.are_types_told = is_complete || self.ledger.way() == ReadingWay::Whole;
        if is_complete && self.leaves_rows_out_by_type().await? {
            self.read_without_types().await?;
            return Ok(true);
        }
        let Some(query) = self.ledger.set_apart_query().await? else { return Ok(false) };
        let client = self.ledger.reading.client;
        let set_apart = client.types_in_use(&self.ledger.facts.types, &BTreeSet::new()).set_apart();
        let missed: Vec<_> = set_apart.iter().filter(|it| !met.contains(it)).cloned().collect();
        if self.ledger.way() != ReadingWay::ByPeriod || missed.is_empty() {
            return Ok(false);
        }
        if query.filter.asks_for(&missed, client.names()) {
            self.read_without_types().await?;
        } else {
            self.ledger.ask_for_types(set_apart);
        }
        Ok(true)
    }

    /// Whether a filter by type finds less than there is, looked at once a sync.
    async fn leaves_rows_out_by_type(&mut self) -> Result<bool, Error> {
        let is_asked = E::ARE_ALL_ROWS_READ && self.ledger.way() == ReadingWay::ByPeriod;
        if !is_asked || self.is_type_filter_whole {
            return Ok(false);
        }
        let Some(query) = self.ledger.set_apart_query().await? else { return Ok(false) };
        let (reading, rows) = (&self.ledger.reading, self.ledger.expected.opening);
        let finds_all = reading.finds_all_by_type(&self.ledger.facts.types, &query.filter, rows).await?;
        self.is_type_filter_whole = finds_all != Some(false);
        Ok(finds_all == Some(false))
    }

    /// Types of document that are taken for purchases, wrote none lately, and all they wrote within a month: those that
    /// carry balances over do, whatever they are called.
    async fn types_that_wrote_once(&self) -> Result<BTreeSet<RecorderType>, Error> {
        let facts = &self.ledger.facts;
        let types = self.ledger.job.types_in_use(facts);
        // What was written lately is not known by two clocks that differ: all are asked about then.
        let (job, knows_lately) = (self.ledger.job, self.ledger.job.clocks.is_none());
        let silent = types.everyday().filter(|it| !(knows_lately && facts.recent_types.contains(it)));
        let now = job.present(facts.newest);
        if self.ledger.way() == ReadingWay::Whole {
            // All rows came along.
            let is_once = |it: &&RecorderType| {
                facts.spans_of_types.get(it).is_some_and(|span| wrote_all_once(*span, now))
            };
            return Ok(silent.filter(is_once).cloned().collect());
        }
        self.ledger.reading.types_that_wrote_once(silent.cloned().collect::<Vec<_>>(), now).await
    }

    /// Whether there are still as many rows of what the settings set apart as were read of it: one that was entered
    /// anew under such a type since moves no sum.
    async fn is_apart_still(&mut self, apart: &SetApartRows) -> Result<bool, Error> {
        if self.ledger.way() != ReadingWay::ByPeriod {
            return Ok(true);
        }
        let Some(query) = self.ledger.set_apart_query().await? else { return Ok(true) };
        match self.ledger.reading.client.count(query.set, &query.filter).await {
            Ok(rows) => Ok(rows == apart.received),
            Err(error) if error.is_filter_refused() => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// 1C has rows of a type and does not find them by it: the register is read whole, and filtered here.
    async fn read_without_types(&mut self) -> Result<(), Error> {
        if !E::ARE_ALL_ROWS_READ {
            return Err(odata::Error::FilterRefused { set: Set::Sales, text: String::new() }.into());
        }
        self.ledger.read_everything();
        self.ledger.read_sales_again().await
    }

    async fn reread(&mut self, found: &StagedDifferences, apart: &SetApartRows) -> Result<(), Error> {
        for again in self.evidence.plan(found, self.ledger.reread_terms()) {
            match again {
                Reread::Sales => self.ledger.read_sales_again().await?,
                Reread::SalesOf(cards) => self.ledger.read_sales_of(&cards).await?,
                Reread::Stretches(stretches) => self.reread_stretches(stretches, apart).await?,
                Reread::Opening => self.ledger.read_opening_again().await?,
                Reread::OpeningOf(cards) => self.ledger.read_opening_of(&cards).await?,
                Reread::PointsOf(cards) => self.reread_points(&cards).await?,
            }
        }
        Ok(())
    }

    async fn reread_stretches(&mut self, stretches: Vec<Stretch>, apart: &SetApartRows) -> Result<(), Error> {
        let stretches = self.narrowed(stretches, apart).await?;
        if stretches.is_empty() { Ok(()) } else { self.ledger.read_stretches_again(&stretches).await }
    }

    async fn reread_points(&mut self, cards: &[CardId]) -> Result<(), Error> {
        match self.ledger.read_points_again(cards).await {
            // Rows of the cards wanted may be the first that are asked for. Over what was published a full read decides.
            Err(Error::Odata(error)) if E::ARE_ALL_ROWS_READ && error.is_gone_without() => {
                self.ledger.go_without_points(error).await
            }
            read => read,
        }
    }

    /// Halves what is long and full, and keeps the halves that differ.
    async fn narrowed(
        &mut self,
        stretches: Vec<Stretch>,
        apart: &SetApartRows,
    ) -> Result<Vec<Stretch>, Error> {
        let room = FEW_PAGES * u64::from(self.ledger.page_of_lines(Set::Sales));
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
            let compared = self.compare_stretches::<Amount, Quantity>(cut, apart).await?;
            wide = compared.into_iter().filter(Stretch::differs).collect();
        }
        Ok(narrow)
    }

    /// Lets a 1C that is being worked in come to rest.
    async fn pause(&self, round: u32) {
        if round > QUICK_ROUNDS {
            tokio::time::sleep(self.ledger.job.settings.second_look_after.min(PAUSE)).await;
        }
    }
}
