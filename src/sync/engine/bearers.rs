//! Whether registers are kept by card: a dimension that is something else makes everybody's figures a false zero.

use super::ledger::{Ledger, asked_of};
use crate::domain::{CardId, DataPart, Finding};
use crate::odata::{Order, PageQuery, PointsRow, SalesRow, Set};
use crate::sync::Error;
use crate::sync::bearers::Borne;
use crate::sync::control_totals::BaseTotals;
use crate::sync::period_reader::RegisterRow;

impl Ledger<'_> {
    /// Looks whether the registers' keys are cards at all. Sales that are not would be everybody's zero, and there is
    /// nothing else worth publishing: a field is named wrongly, and nobody's purchases are known. Points that are not
    /// are unknown, as if they were not published.
    pub(super) async fn look_at_bearers(&mut self, told: &BaseTotals) -> Result<(), Error> {
        if self.facts.cards.is_empty() {
            // Nothing is borne by the cards of an empty answer; whether it is one is looked at later.
            return Ok(());
        }
        let sales = told.turnover_all.as_ref().map(|table| table.cards().collect());
        let sales = self.borne(Set::Sales, self.facts.bearers.sales, sales).await?;
        if sales.is_sales_of_nobody() {
            let name = self.reading.client.name_of(Set::Sales);
            return Err(Error::NotByCard { name, rows: sales.unknown });
        }
        if !self.facts.has_points {
            return Ok(());
        }
        let points = told.balance_of_all.as_ref().map(|table| table.cards().collect());
        let points = match self.borne(Set::Points, self.facts.bearers.points, points).await {
            // Where nobody's rows were read, those of the sample are the first that are asked for.
            Err(Error::Odata(error)) if error.is_gone_without() => {
                return self.go_without_points(error).await;
            }
            points => points?,
        };
        self.facts.points_are_unknown = points.is_by_nobody();
        if self.facts.points_are_unknown {
            let name = self.reading.client.name_of(Set::Points);
            let finding = Finding::NotByCard { part: DataPart::Points, name, rows: points.unknown };
            self.facts.findings.push(finding);
        }
        Ok(())
    }

    /// Rows of a register by whether the catalog has their card: those staged, with the cards of 1C's own sums; a
    /// sample where only rows of cards of the catalog were asked for.
    async fn borne(&self, set: Set, staged: Borne, summed: Option<Vec<CardId>>) -> Result<Borne, Error> {
        let is_of_catalog = |card: &&CardId| self.facts.cards.contains(card);
        if staged.known > 0 || summed.iter().flatten().any(|card| is_of_catalog(&card)) {
            return Ok(Borne { known: 1, ..staged });
        }
        if self.job.settings.limit == 0 {
            // Where no row was read, those of the sums are the register's.
            let unknown = summed.map_or(0, |cards| cards.len() as u64);
            return Ok(if staged == Borne::default() { Borne { unknown, ..staged } } else { staged });
        }
        match set {
            Set::Points => self.sampled::<PointsRow>(set).await,
            _ => self.sampled::<SalesRow>(set).await,
        }
    }

    async fn sampled<R: RegisterRow>(&self, set: Set) -> Result<Borne, Error> {
        let query = PageQuery::of(set).filter(asked_of(set)).order(Order::Period);
        match Borne::sampled::<R>(self.reading.client, &query).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => Ok(Borne::default()),
            borne => borne,
        }
    }
}
