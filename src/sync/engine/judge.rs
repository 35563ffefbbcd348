//! A card's figures and verdict, out of its own sums and of all that a sync was told.

use std::collections::HashMap;

use super::missing_parts::Met;
use super::{Job, ReadFacts};
use crate::domain::{
    CardFigures, CardId, Customer, DoubtfulRows, NamesTrust, PointsRule, StoredFigures, Verdict,
};
use crate::sync::control_totals::BaseTotals;
use crate::sync::differences::ContradictedCards;
use crate::sync::recorder_types::Unnamed;

/// What a sync was told, beside which the sums of a card are judged.
#[derive(Debug)]
pub(super) struct Judge {
    control: BaseTotals,
    pub(super) rule: PointsRule,
    pub(super) trust: NamesTrust,
    /// Nobody knows of which moment the balances are, or of which card.
    has_no_balance: bool,
    distrusted: HashMap<CardId, DoubtfulRows>,
    contradicted: ContradictedCards,
    are_rows_doubtful: bool,
    unnamed: Unnamed,
}

impl Judge {
    pub(super) fn new(job: &Job, facts: &ReadFacts) -> Self {
        Self {
            control: facts.control.clone(),
            rule: job.settings.rule,
            trust: job.trust(facts),
            has_no_balance: job.clocks.is_some() || facts.points_are_unknown,
            distrusted: facts.distrusted.clone(),
            contradicted: facts.contradicted.clone(),
            are_rows_doubtful: facts.are_rows_doubtful(),
            unnamed: facts.unnamed.clone(),
        }
    }

    /// The figures of a card by its own sums. Some of its purchases may carry balances over, by their documents.
    pub(super) fn figures(
        &self,
        met: &mut Met,
        customer: &Customer,
        own: CardFigures,
        has_carried_over: bool,
    ) -> StoredFigures {
        let contradicted = self.contradicted.of(customer.card);
        if contradicted.any() {
            met.contradict(customer);
        }
        let unreadable = self.distrusted.get(&customer.card).copied().unwrap_or_default();
        let mut told = self.control.of(customer.card);
        told.register_balance = told.register_balance.filter(|_| !self.has_no_balance);
        let has_unnamed = has_carried_over || self.unnamed.has(customer.card);
        let is_older_doubtful = self.trust == NamesTrust::Suspected || self.are_rows_doubtful;
        let is_contradicted = contradicted.sales && own.turnover_window_differs(&told);
        // Rows that 1C's sums hold and its answers leave out may be opening balances as well as purchases.
        if has_unnamed || is_contradicted || (is_older_doubtful && told.has_more_before_window()) {
            (told.opening_balance, told.opening_before_window) = (None, None);
        }
        let figures = StoredFigures::trusting(self.trust, own, told, self.rule, unreadable);
        let figures = figures.contradicted(contradicted);
        met.take(customer, &figures);
        let is_excused = unreadable.any() || contradicted.any() || self.trust == NamesTrust::Unborne;
        assert!(
            figures.verdict != Verdict::Variance || is_excused,
            "a card differs from the totals that confirmed it"
        );
        figures
    }
}
