//! What the shop's portal shows of customers, asked of its own database.

use std::collections::HashMap;

use super::mirror::MirrorError;
use super::{Engine, Error};
use crate::config::PortalSettings;
use crate::domain::third_column::{PortalSide, PortalTruth};
use crate::domain::{Amount, Comparison, Customer, Points};

/// The portal beside what a customer should see.
pub type PortalColumn = (PortalSide, PortalTruth);

impl Engine {
    /// Whether a portal is configured.
    pub fn has_portal(&self) -> bool {
        self.config.portal.database.url.is_some()
    }

    /// What the portal shows of those that were compared, in their order; nothing where none is configured.
    pub async fn portal_columns(&self, compared: &[Comparison]) -> Result<Vec<PortalColumn>, MirrorError> {
        let portal = &self.config.portal;
        let settings = portal.database.resolve("portal").await.map_err(MirrorError::Settings)?;
        let Some(settings) = settings else { return Ok(Vec::new()) };
        let mut found = Found::of(compared);
        let keys: Vec<String> = found.by_key.keys().cloned().collect();
        let queries = portal.queries();
        let texts: Vec<&str> = queries.iter().map(|(_, text)| text.as_str()).collect();
        let each = |query: usize, key: String, value: Option<String>| {
            if let Some((figure, _)) = queries.get(query) {
                found.take(*figure, &key, value.as_deref());
            }
        };
        sverka_postgres::ask(&settings?, &texts, Some(&keys), PortalSettings::TIMEOUT, each).await?;
        let before = self.totals_before(compared).await?;
        let truths = compared.iter().zip(before).map(|(it, before)| PortalTruth::of(it, before));
        Ok(found.sides.into_iter().zip(truths).collect())
    }

    async fn totals_before(&self, compared: &[Comparison]) -> Result<Vec<Option<Amount>>, Error> {
        let cards: Vec<_> = compared.iter().map(|it| it.customer.card).collect();
        let read = self.read(move |snapshot| {
            let total = |card| Ok(snapshot.figures_before(card)?.map(|figures| figures.own.total()));
            cards.iter().map(|card| total(*card)).collect()
        });
        match read.await {
            Err(error) if error.is_nothing_stored() => Ok(vec![None; compared.len()]),
            read => read,
        }
    }
}

/// A figure that the portal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PortalFigure {
    OpeningBalance,
    Purchases,
    Total,
    Points,
    City,
}

impl PortalSettings {
    /// Each figure that is asked for, with its query. The total tells whether the customer is there, too.
    fn queries(&self) -> Vec<(PortalFigure, String)> {
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

/// What was found of those asked for.
struct Found {
    sides: Vec<PortalSide>,
    /// Whose it is, by any key that the portal may go by: of the card, of its code, of its bar code, of the phone.
    by_key: HashMap<String, Vec<usize>>,
}

impl Found {
    fn of(compared: &[Comparison]) -> Self {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, it) in compared.iter().enumerate() {
            for key in keys_of(&it.customer) {
                let at_key = by_key.entry(key).or_default();
                if !at_key.contains(&at) {
                    at_key.push(at);
                }
            }
        }
        Self { sides: vec![PortalSide::default(); compared.len()], by_key }
    }

    fn take(&mut self, figure: PortalFigure, key: &str, value: Option<&str>) {
        for at in self.by_key.get(key).into_iter().flatten() {
            let Some(side) = self.sides.get_mut(*at) else { continue };
            let money = || value.and_then(|text| Amount::parse(text).ok());
            match figure {
                PortalFigure::Total => {
                    side.rows += 1;
                    side.total = money();
                }
                PortalFigure::Purchases => side.purchases = money(),
                PortalFigure::OpeningBalance => side.opening_balance = money(),
                PortalFigure::Points => side.points = value.and_then(|text| Points::parse(text).ok()),
                PortalFigure::City => side.city = value.map(str::to_owned),
            }
        }
    }
}

fn keys_of(customer: &Customer) -> impl Iterator<Item = String> {
    let card = Some(customer.card.to_string());
    let code = Some(customer.code.clone());
    let barcode = Some(customer.barcode.clone());
    let all = [card, code, barcode, customer.phone.clone()];
    all.into_iter().flatten().filter(|key| !key.is_empty())
}
