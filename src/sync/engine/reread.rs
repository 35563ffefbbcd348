//! Reading again what differs: what is staged of it goes, and what 1C has now takes its place.

use std::collections::{BTreeSet, HashSet};

use super::ledger::{Ledger, active, asked_of};
use crate::domain::{CardId, Movement, MovementKind, ProductId, Span};
use crate::odata::{self, MAX_KEYS, PageQuery, PointsRow, SalesRow, Set};
use crate::sync::differences::Stretch;
use crate::sync::position_reader::{Collected, Marked};
use crate::sync::proof_spans::overlap;
use crate::sync::read_spans::ReadingWay;
use crate::sync::staging_writer::Batch;
use crate::sync::{Error, read_spans};

impl Ledger<'_> {
    pub(super) async fn read_stretches_again(&mut self, stretches: &[Stretch]) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        let page_size = self.reading.client.page_size();
        let spans: Vec<Span> = stretches.iter().map(|stretch| stretch.span).collect();
        let (unwanted, are_both_read) = (spans.clone(), self.builds_on_published());
        self.note.purchases.retain(|done| !spans.iter().any(|span| overlap(*span, done.span())));
        self.staging
            .look(move |rows| {
                rows.remove_movements(|movement| {
                    (are_both_read || movement.kind == MovementKind::Purchase)
                        && unwanted.iter().any(|span| span.contains(movement.period))
                })
            })
            .await?;
        let planned = stretches.iter().map(|stretch| read_spans::requests(stretch.rows, page_size)).sum();
        self.reading.client.plan(planned);
        self.stretches::<SalesRow>(Set::Sales, spans).await
    }

    pub(super) async fn read_opening_again(&mut self) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        self.reading.client.plan(2 * self.pages(self.expected.opening));
        let Some(query) = self.set_apart_query().await? else { return Ok(()) };
        let rows = self.reading.counted::<SalesRow>(&query).await?;
        self.staging
            .look(|rows| rows.remove_movements(|movement| movement.kind == MovementKind::OpeningBalance))
            .await?;
        let rows = self.good(Set::Sales, rows);
        self.put_opening(rows).await;
        Ok(())
    }

    /// All sales, where they are not read by periods.
    pub(super) async fn read_sales_again(&mut self) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Sales);
        self.reading.client.plan(2 * self.pages(self.expected.opening + self.expected.purchases));
        let rows = if self.way() == ReadingWay::ByCard {
            self.collect_of_cards::<SalesRow>(Set::Sales, &active()).await?
        } else {
            self.reading.unfiltered::<SalesRow>(Set::Sales).await?
        };
        self.staging.look(|rows| rows.remove_movements(|_| true)).await?;
        let rows = self.good(Set::Sales, rows);
        self.put_sales(rows).await;
        Ok(())
    }

    /// Bonus rows of these cards, or all where there are many.
    pub(super) async fn read_points_again(&mut self, cards: &[CardId]) -> Result<(), Error> {
        self.reading.changed_underneath(Set::Points);
        self.note.points.clear();
        self.reading.client.plan(read_spans::requests(self.expected.points, self.reading.client.page_size()));
        if !self.reread_terms().is_cheaper_by_card(cards.len(), self.expected.points) {
            self.staging.put(Batch::ForgetBonusRows).await;
            return self.points_by_period().await;
        }
        match self.of_these_cards::<PointsRow>(Set::Points, &asked_of(Set::Points), cards).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                self.staging.put(Batch::ForgetBonusRows).await;
                self.points_by_period().await
            }
            rows => {
                let rows = rows?;
                let unwanted: BTreeSet<CardId> = cards.iter().copied().collect();
                self.staging.look(move |staging| staging.remove_bonus_rows_of(&unwanted)).await?;
                let rows = self.good(Set::Points, rows);
                self.put_points(rows).await;
                Ok(())
            }
        }
    }

    /// The sales of these cards that lie in the window.
    pub(super) async fn read_sales_of(&mut self, cards: &[CardId]) -> Result<(), Error> {
        if cards.is_empty() {
            return Ok(());
        }
        let window = self.job.window;
        let filter = window.from.map_or_else(active, |from| active().within(Span::since(from)));
        let rows = self.rows_of_cards::<SalesRow>(&filter, cards).await?;
        let unwanted: BTreeSet<CardId> = cards.iter().copied().collect();
        self.staging
            .look(move |staging| staging.remove_movements_of(&unwanted, |it| window.contains(it.period)))
            .await?;
        let rows = self.good(Set::Sales, rows);
        self.put_sales(rows).await;
        Ok(())
    }

    /// The opening balances of these cards.
    pub(super) async fn read_opening_of(&mut self, cards: &[CardId]) -> Result<(), Error> {
        if cards.is_empty() {
            return Ok(());
        }
        let Some(query) = self.filtered_opening_query().await? else { return Ok(()) };
        let rows = self.rows_of_cards::<SalesRow>(&query.filter, cards).await?;
        let unwanted: BTreeSet<CardId> = cards.iter().copied().collect();
        let is_opening = |it: &Movement| it.kind == MovementKind::OpeningBalance;
        self.staging.look(move |staging| staging.remove_movements_of(&unwanted, is_opening)).await?;
        let rows = self.good(Set::Sales, rows);
        self.put_opening(rows).await;
        Ok(())
    }

    async fn rows_of_cards<R: Marked>(
        &mut self,
        filter: &odata::Filter,
        cards: &[CardId],
    ) -> Result<Collected<R>, Error> {
        // A page and a count for each batch, and as many again should something move.
        self.reading.client.plan(4 * cards.len().div_ceil(MAX_KEYS) as u64);
        let rows = self.of_these_cards::<R>(Set::Sales, filter, cards).await?;
        self.read_by_card += rows.received();
        Ok(rows)
    }

    /// The query that finds opening balances, where 1C filters at all.
    pub(super) async fn filtered_opening_query(&mut self) -> Result<Option<PageQuery>, Error> {
        let query = self.set_apart_query().await?;
        if self.way() == ReadingWay::ByPeriod {
            return Ok(query);
        }
        Err(odata::Error::FilterRefused { set: Set::Sales, text: String::new() }.into())
    }

    /// Keeps the products of what is staged, and no others.
    pub(super) async fn keep_products_met(&mut self, met: HashSet<ProductId>) -> Result<(), Error> {
        let missing = self
            .staging
            .look(move |staging| {
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
