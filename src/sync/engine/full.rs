//! A full read: every stage a plain sequence, read whole, handed over, reported.

use super::ledger::{Ledger, active, asked_of};
use crate::domain::{MovementKind, Span};
use crate::odata::{PageQuery, PointsRow, SalesRow, Set};
use crate::store::Counts;
use crate::sync::Error;
use crate::sync::checkpoint::without;
use crate::sync::event::{Notice, Stage};
use crate::sync::position_reader::Collected;
use crate::sync::read_spans::{self, ReadingWay};
use crate::sync::recorder_types::SetApart;
use crate::sync::reporter::StageWork;
use crate::sync::staging_writer::Batch;

/// Reads a whole base into the ledger.
pub(super) struct FullRead<'l, 'a> {
    ledger: &'l mut Ledger<'a>,
    /// Purchases met while opening balances were read.
    purchases: Option<Vec<SalesRow>>,
}

impl<'l, 'a> FullRead<'l, 'a> {
    pub(super) fn new(ledger: &'l mut Ledger<'a>) -> Self {
        Self { ledger, purchases: None }
    }

    /// Walks the stages.
    pub(super) async fn read(mut self) -> Result<(), Error> {
        self.ledger.prepare().await?;
        self.ledger.plan_stages().await?;
        self.ledger.end();
        self.cards().await?;
        self.opening_balances().await?;
        self.purchases().await?;
        self.points().await?;
        self.ledger.refuse_unreadable(Counts::default())
    }

    /// Reads cards, then their owners, and joins them to customers.
    async fn cards(&mut self) -> Result<(), Error> {
        let ledger = &mut *self.ledger;
        ledger.job.reporter.begin(Stage::Cards);
        if ledger.are_catalogs_as_before().await? {
            let StageWork { rows, .. } = ledger.work_of_cards();
            ledger.job.reporter.credit(rows);
        } else {
            ledger.read_cards().await?;
        }
        self.end().await
    }

    /// Reads opening balances, which no period ever limits.
    async fn opening_balances(&mut self) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::OpeningBalances);
        if !self.ledger.is_opening_taken().await? {
            self.read_opening().await?;
        }
        self.end().await
    }

    async fn read_opening(&mut self) -> Result<(), Error> {
        let rows = if self.ledger.way() == ReadingWay::ByCard {
            self.ledger.collect_of_cards::<SalesRow>(Set::Sales, &active()).await?
        } else if let Some(query) = self.ledger.set_apart_query().await? {
            self.counted_opening(&query).await?
        } else {
            Collected::new()
        };
        let rows = self.ledger.good(Set::Sales, rows);
        let (opening, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.movement.kind == MovementKind::OpeningBalance);
        let is_by_period = self.ledger.way() == ReadingWay::ByPeriod;
        self.purchases = (!is_by_period).then_some(others);
        self.ledger.put_opening(opening).await;
        self.ledger.note.opening = is_by_period;
        Ok(())
    }

    /// Opening balances; all rows of the register where 1C counts as asked, and then does not filter.
    async fn counted_opening(&mut self, query: &PageQuery) -> Result<Collected<SalesRow>, Error> {
        let ledger = &mut *self.ledger;
        match ledger.reading.counted::<SalesRow>(query).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                let everything = ledger.everything();
                ledger.set_apart = Some(SetApart::Asked(everything.clone()));
                ledger.forget_stretches(Set::Sales);
                ledger.job.reporter.begin_again();
                ledger.staging.put(Batch::ForgetPurchases).await;
                ledger.reading.counted(&everything).await
            }
            rows => rows,
        }
    }

    /// Reads the purchases of the window, then the names of their products.
    async fn purchases(&mut self) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::Purchases);
        self.ledger.credit_stretches(Set::Sales);
        if self.purchases.is_none() {
            self.purchases_by_period().await?;
        }
        if let Some(rows) = self.purchases.take() {
            self.ledger.job.reporter.done(rows.len() as u64);
            self.ledger.put_purchases(rows).await;
        }
        self.ledger.products().await?;
        self.ledger.note.products = true;
        self.end().await
    }

    async fn purchases_by_period(&mut self) -> Result<(), Error> {
        let ledger = &mut *self.ledger;
        let (window, now) = (ledger.job.window, ledger.job.points_at);
        let oldest = if window.from.is_some() { None } else { ledger.oldest::<SalesRow>(Set::Sales).await? };
        let terms = ledger.stretch_terms(Set::Sales);
        let spans = read_spans::spans(window.from, oldest, now, ledger.expected.purchases, terms);
        let spans = without(&spans, &ledger.taken.purchases);
        match ledger.stretches::<SalesRow>(Set::Sales, spans).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                ledger.job.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
                ledger.filters_sales_here = true;
                ledger.forget_stretches(Set::Sales);
                ledger.job.reporter.begin_again();
                ledger.staging.put(Batch::ForgetPurchases).await;
                let all = ledger.reading.unfiltered::<SalesRow>(Set::Sales).await?;
                self.purchases = Some(ledger.good(Set::Sales, all));
                Ok(())
            }
            Ok(()) if has_found_nothing(ledger) => {
                // By its own count there are some: a filter that finds nothing is not believed.
                ledger.reading.client.cannot_filter(Set::Sales, &active().within(Span::since(now)));
                Box::pin(self.purchases_by_period()).await
            }
            other => other,
        }
    }

    /// Reads all bonus rows: both rules need all of them.
    async fn points(&mut self) -> Result<(), Error> {
        self.ledger.job.reporter.begin(Stage::Points);
        self.ledger.credit_stretches(Set::Points);
        match self.read_points().await {
            Err(Error::Odata(error)) if error.is_gone_without() => {
                self.ledger.go_without_points(error).await?;
            }
            read => read?,
        }
        self.end().await
    }

    async fn read_points(&mut self) -> Result<(), Error> {
        let ledger = &mut *self.ledger;
        if !ledger.facts.has_points {
            return ledger.keep_points().await;
        }
        if ledger.way() != ReadingWay::ByCard {
            return ledger.points_by_period().await;
        }
        let rows = ledger.of_cards::<PointsRow>(Set::Points, &asked_of(Set::Points)).await?;
        ledger.put_points(rows).await;
        Ok(())
    }

    /// Ends a stage: what it brought is made to last.
    async fn end(&mut self) -> Result<(), Error> {
        self.ledger.checkpoint().await?;
        self.ledger.end();
        Ok(())
    }
}

/// Whether nothing was read by stretches where 1C counts purchases.
fn has_found_nothing(ledger: &Ledger<'_>) -> bool {
    ledger.expected.purchases > 0 && ledger.note.purchases.iter().all(|done| done.rows == 0)
}
