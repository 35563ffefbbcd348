//! What the shop's portal shows of customers, asked of its own database.

use std::collections::HashMap;

use super::mirror::MirrorError;
use super::{Engine, Error};
use crate::config::PortalSettings;
use crate::domain::third_column::{PortalColumn, PortalSide, PortalTruth};
use crate::domain::{Amount, CardId, Comparison, Customer, Points};
use crate::store::{self, Snapshot};

/// What the portal shows, by whatever it knows customers by.
#[derive(Clone, Debug, Default)]
pub(super) struct PortalSides(HashMap<String, PortalSide>);

/// The totals of the generation before, roubles, in the order of the cards.
type TotalsBefore = Vec<Option<Amount>>;

impl Engine {
    /// Adds what the portal shows to what was compared. Nothing where none is configured; the code of why where it could
    /// not be asked.
    pub(super) async fn beside_portal(&self, compared: &mut [Comparison]) -> Option<String> {
        match self.portal_columns(compared).await {
            Ok(columns) => {
                for (it, column) in compared.iter_mut().zip(columns) {
                    it.portal = Some(Box::new(column));
                }
                None
            }
            Err(error) => Some(error.code().to_owned()),
        }
    }

    async fn portal_columns(&self, compared: &[Comparison]) -> Result<Vec<PortalColumn>, MirrorError> {
        let mut keys: Vec<String> = compared.iter().flat_map(|it| keys_of(&it.customer)).collect();
        keys.sort_unstable();
        keys.dedup();
        let Some(sides) = self.ask_portal(Some(&keys)).await? else { return Ok(Vec::new()) };
        let before = self.totals_before(compared.iter().map(|it| it.customer.card).collect()).await?;
        Ok(compared.iter().zip(before).map(|(it, before)| sides.beside(it, before)).collect())
    }

    /// What the portal shows, of those that it knows by these keys or of all; `None` where there is none.
    pub(super) async fn ask_portal(
        &self,
        keys: Option<&[String]>,
    ) -> Result<Option<PortalSides>, MirrorError> {
        let portal = &self.config.portal;
        let settings = portal.database.resolve("portal").await.map_err(MirrorError::Settings)?;
        let Some(settings) = settings else { return Ok(None) };
        let queries = portal.queries();
        let texts: Vec<&str> = queries.iter().map(|(_, text)| text.as_str()).collect();
        let mut sides = PortalSides::default();
        let each = |query: usize, key: String, value: Option<String>| {
            if let Some((figure, _)) = queries.get(query) {
                sides.take(*figure, key, value);
            }
        };
        sverka_postgres::ask(&settings?, &texts, keys, PortalSettings::TIMEOUT, each).await?;
        Ok(Some(sides))
    }

    async fn totals_before(&self, cards: Vec<CardId>) -> Result<TotalsBefore, Error> {
        let count = cards.len();
        let read =
            self.read(move |snapshot| cards.iter().map(|card| total_before(snapshot, *card)).collect());
        match read.await {
            Err(error) if error.is_nothing_stored() => Ok(vec![None; count]),
            read => read,
        }
    }
}

/// A card's total in the generation before, roubles.
pub(super) fn total_before(snapshot: &Snapshot, card: CardId) -> Result<Option<Amount>, store::Error> {
    Ok(snapshot.figures_before(card)?.map(|figures| figures.own.total()))
}

/// A figure that the portal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PortalFigure {
    OpeningBalance,
    Purchases,
    Total,
    Points,
    City,
}

impl PortalFigure {
    /// The key of its query in the settings.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::OpeningBalance => "portal.opening_balance",
            Self::Purchases => "portal.purchases",
            Self::Total => "portal.total",
            Self::Points => "portal.points",
            Self::City => "portal.city",
        }
    }
}

impl PortalSettings {
    /// Each figure that is asked for, with its query. The total tells whether the customer is there, too.
    pub(super) fn queries(&self) -> Vec<(PortalFigure, String)> {
        let texts = [
            (PortalFigure::Total, self.total()),
            (PortalFigure::Purchases, self.purchases()),
            (PortalFigure::OpeningBalance, self.opening_balance()),
            (PortalFigure::Points, self.points()),
            (PortalFigure::City, self.city()),
        ];
        texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(it, text)| (it, text.to_owned()))
            .collect()
    }
}

impl PortalSides {
    fn take(&mut self, figure: PortalFigure, key: String, value: Option<String>) {
        let side = self.0.entry(key).or_default();
        let money = || value.as_deref().and_then(|text| Amount::parse(text).ok());
        match figure {
            PortalFigure::Total => {
                side.rows += 1;
                side.total = money();
            }
            PortalFigure::Purchases => side.purchases = money(),
            PortalFigure::OpeningBalance => side.opening_balance = money(),
            PortalFigure::Points => side.points = value.and_then(|text| Points::parse(&text).ok()),
            PortalFigure::City => side.city = value,
        }
    }

    /// One customer's, by the key of the card, its code, its bar code or the phone.
    pub(super) fn beside(&self, it: &Comparison, total_before: Option<Amount>) -> PortalColumn {
        let mut found = PortalSide::default();
        let mut keys: Vec<String> = keys_of(&it.customer).collect();
        keys.sort_unstable();
        keys.dedup();
        for side in keys.iter().filter_map(|key| self.0.get(key)) {
            found = found.with(side);
        }
        PortalColumn { side: found, truth: truth_of(it, total_before) }
    }
}

/// What a customer should see, by what was compared; `total_before` is the store's a generation ago.
fn truth_of(it: &Comparison, total_before: Option<Amount>) -> PortalTruth {
    let city = it.city.onec.clone().flatten().or_else(|| it.city.stored.clone().flatten());
    PortalTruth {
        opening_balance: it.opening_balance.onec.or(it.opening_balance.stored),
        purchases: it.purchases.onec.or(it.purchases.stored),
        total: it.total.onec.or(it.total.stored),
        points: it.points_shown(),
        city: city.map(|city| city.name),
        total_before,
    }
}

fn keys_of(customer: &Customer) -> impl Iterator<Item = String> {
    let card = Some(customer.card.to_string());
    let code = Some(customer.code.clone());
    let barcode = Some(customer.barcode.clone());
    let all = [card, code, barcode, customer.phone.clone()];
    all.into_iter().flatten().filter(|key| !key.is_empty())
}
