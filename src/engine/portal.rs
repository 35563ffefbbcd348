//! What the last sync changed, as the shop's people write it down: before, after, 1C, difference.

use super::{Engine, terms};
pub use crate::domain::portal::{Portal, Shift, Shifts};
use crate::domain::reconcile::{Terms, outline};
use crate::domain::{Amount, CardId, Customer, Figure, Points, StoredFigures};
use crate::store::{self, Snapshot};
use crate::sync::Error;

impl Engine {
    /// The last sync, before and after, for the base and for one card; `None` before the first sync.
    pub async fn portal(&self, card: Option<CardId>) -> Result<Option<Portal>, Error> {
        self.read(move |snapshot| of(snapshot, card)).await
    }
}

fn of(snapshot: &Snapshot, card: Option<CardId>) -> Result<Option<Portal>, store::Error> {
    let Some(generation) = snapshot.generation() else { return Ok(None) };
    let terms = terms::terms(generation);
    let before = snapshot.generation_before()?;
    let (mut now, mut then) = (PortalSums::default(), before.as_ref().map(|_| PortalSums::default()));
    for figures in snapshot.all_figures()? {
        now.add(&figures?.1, &terms);
    }
    if let (Some(sums), Some(before)) = (&mut then, &before) {
        let terms = terms::terms(before);
        for figures in snapshot.all_figures_before()? {
            sums.add(&figures?.1, &terms);
        }
    }
    let customer = match card {
        Some(card) => customer(snapshot, card, &terms, before.as_ref().map(terms::terms).as_ref())?,
        None => None,
    };
    Ok(Some(Portal {
        before_at: before.as_ref().map(|before| before.synced_at),
        after_at: generation.synced_at,
        cards: (before.map(|before| before.counts.cards), generation.counts.cards),
        without_sums: now.unsummed,
        base: now.beside(then.as_ref()),
        customer,
    }))
}

fn customer(
    snapshot: &Snapshot,
    card: CardId,
    terms: &Terms,
    terms_before: Option<&Terms>,
) -> Result<Option<(Customer, Shifts)>, store::Error> {
    let (Some(customer), Some(figures)) = (snapshot.customer(card)?, snapshot.figures(card)?) else {
        return Ok(None);
    };
    let sums = PortalSums::of(&figures, terms);
    let before = match terms_before {
        // A card that is new had nothing before.
        Some(terms) => {
            Some(snapshot.figures_before(card)?.map(|it| PortalSums::of(&it, terms)).unwrap_or_default())
        }
        None => None,
    };
    Ok(Some((customer, sums.beside(before.as_ref()))))
}

/// Both sides of some cards, added up. 1C's side is known where it is known of each.
#[derive(Clone, Copy, Debug)]
struct PortalSums {
    opening_balance: Figure<Amount>,
    purchases: Figure<Amount>,
    total: Figure<Amount>,
    points: Figure<Points>,
    earlier: Option<Amount>,
    unsummed: u64,
}

impl Default for PortalSums {
    fn default() -> Self {
        let money = Figure { onec: Some(Amount::ZERO), stored: Some(Amount::ZERO) };
        let points = Figure { onec: Some(Points::ZERO), stored: Some(Points::ZERO) };
        Self {
            opening_balance: money,
            purchases: money,
            total: money,
            points,
            earlier: Some(Amount::ZERO),
            unsummed: 0,
        }
    }
}

impl PortalSums {
    fn of(figures: &StoredFigures, terms: &Terms) -> Self {
        let mut sums = Self::default();
        sums.add(figures, terms);
        sums
    }

    fn add(&mut self, figures: &StoredFigures, terms: &Terms) {
        let card = outline(figures, terms);
        add(&mut self.opening_balance, card.opening_balance);
        add(&mut self.purchases, card.purchases);
        add(&mut self.total, card.total);
        add(&mut self.points, card.points);
        let is_equal = || card.total.agrees().then_some(Amount::ZERO);
        self.earlier = self.earlier.zip(card.earlier.or_else(is_equal)).map(|(sum, more)| sum + more);
        self.unsummed += u64::from(card.total.onec.is_none());
    }

    fn beside(&self, before: Option<&Self>) -> Shifts {
        Shifts {
            opening_balance: shift(self.opening_balance, before.map(|sums| sums.opening_balance)),
            purchases: shift(self.purchases, before.map(|sums| sums.purchases)),
            total: shift(self.total, before.map(|sums| sums.total)),
            points: shift(self.points, before.map(|sums| sums.points)),
            earlier: self.earlier,
        }
    }
}

fn shift<T: Copy + Default>(figure: Figure<T>, before: Option<Figure<T>>) -> Shift<T> {
    let before = before.and_then(|figure| figure.stored);
    Shift { before, after: figure.stored, onec: figure.onec }
}

fn add<T: Copy + std::ops::Add<Output = T>>(sum: &mut Figure<T>, more: Figure<T>) {
    let both = |a: Option<T>, b: Option<T>| Some(a? + b?);
    *sum = Figure { onec: both(sum.onec, more.onec), stored: both(sum.stored, more.stored) };
}
