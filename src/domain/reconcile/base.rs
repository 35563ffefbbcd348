//! The whole base: what all cards come to, and which of them is worst.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cause, Causes, Compared, Comparison, Difference, Figure, Part, Verdict, WhyNot};
use crate::domain::third_column::PortalOutcome;
use crate::domain::{Amount, CardId};

/// A sum over cards, of some of which it may not be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumOfCards {
    known: Amount,
    /// Cards it is not known of.
    unknown: u64,
}

impl SumOfCards {
    /// The sum; `None` where it is not known of some card: that of the others alone is nobody's.
    pub fn of_all(self) -> Option<Amount> {
        (self.unknown == 0).then_some(self.known)
    }

    /// Adds a card's; `None` where it is not known.
    pub fn add(&mut self, amount: Option<Amount>) {
        match amount {
            Some(amount) => self.known += amount,
            None => self.unknown += 1,
        }
    }

    /// Cards it is not known of.
    pub fn unknown(self) -> u64 {
        self.unknown
    }

    fn take_back(&mut self, other: Self) {
        self.known = self.known - other.known;
        self.unknown -= other.unknown;
    }
}

/// One figure of many cards, summed up on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    onec: SumOfCards,
    /// The store's, of the cards where 1C's is known.
    compared: Amount,
    /// The store's, of the cards where 1C's is not known.
    pub uncompared: Amount,
}

impl Sides {
    /// 1C's figure of all cards; `None` where it is not known of some.
    pub fn onec(&self) -> Option<Amount> {
        self.onec.of_all()
    }

    /// Cards of which 1C's figure is not known.
    pub fn unknown(&self) -> u64 {
        self.onec.unknown()
    }

    /// The store's figure of all cards.
    pub fn stored(&self) -> Amount {
        self.compared + self.uncompared
    }

    /// Store minus 1C; `None` where 1C's is not known of some card.
    pub fn variance(&self) -> Option<Amount> {
        Some(self.stored() - self.onec()?)
    }

    fn add(&mut self, figure: Figure<Amount>) {
        self.onec.add(figure.onec);
        let of = if figure.onec.is_some() { &mut self.compared } else { &mut self.uncompared };
        *of += figure.stored.unwrap_or_default();
    }

    fn take_back(&mut self, other: Self) {
        self.onec.take_back(other.onec);
        self.compared = self.compared - other.compared;
        self.uncompared = self.uncompared - other.uncompared;
    }
}

/// What one cause comes to in the whole base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Cards it was found on.
    pub cards: u64,
    /// Differences on them: lines, where it is about lines.
    pub differences: u64,
    /// Roubles of these differences, store minus 1C: nothing where they are about points or towns, or no variance.
    pub money: Amount,
}

/// What all cards come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Lines of the reconciliation: cards of either side, and cards that no catalog has.
    pub cards: u64,
    /// Those that are equal.
    pub reconciled: u64,
    /// Those that differ by purchases before the window alone.
    pub before_window: u64,
    /// Those that differ.
    pub variances: u64,
    /// Those compared with nothing.
    pub unverified: u64,
    /// Lines of cards that no catalog has, and that differ in nothing.
    pub unknown_cards: u64,
    /// Opening balances.
    pub opening_balance: Sides,
    /// Purchases of the window.
    pub purchases: Sides,
    /// Totals: 1C's over all time beside the store's.
    pub total: Sides,
    earlier: SumOfCards,
    variance: SumOfCards,
    /// Σ of the absolute variances of cards with a variance, purchases before the window aside: what cancels out in
    /// the totals does not cancel out here.
    pub absolute_variance: Amount,
    /// Why cards differ.
    pub causes: BTreeMap<Cause, Tally>,
    /// Of how many cards 1C's own sum of a figure contradicts its rows, so that it proves nothing.
    #[serde(default)]
    pub contradicted: BTreeMap<Part, u64>,
    /// What the portal shows of all cards, where there is one.
    #[serde(default)]
    pub portal: Option<PortalOutcome>,
}

impl Summary {
    /// The variance of the totals beside what lies before the window, which is none; `None` where it is not known of
    /// some card. Roubles, store minus 1C.
    pub fn total_variance(&self) -> Option<Amount> {
        self.variance.of_all()
    }

    /// 1C's purchases before the window; `None` where they are not known of some card.
    pub fn earlier_purchases(&self) -> Option<Amount> {
        self.earlier.of_all()
    }

    /// Whether no card was compared with anything.
    pub fn is_of_nothing(&self) -> bool {
        self.reconciled + self.before_window + self.variances + self.unknown_cards == 0
    }

    /// Counts a card in.
    pub fn add(&mut self, card: &Comparison) {
        self.cards += 1;
        *self.of_verdict(card.verdict) += 1;
        self.opening_balance.add(card.opening_balance);
        self.purchases.add(card.purchases);
        self.total.add(card.total);
        self.earlier.add(card.earlier_purchases());
        self.variance.add(card.total_variance());
        self.absolute_variance += absolute_variance(card);
        for part in contradicted(card) {
            *self.contradicted.entry(part).or_default() += 1;
        }
        for cause in card.causes().into_keys() {
            self.causes.entry(cause).or_default().cards += 1;
        }
        for difference in &card.differences {
            let tally = self.causes.entry(Cause::of(difference)).or_default();
            tally.differences += 1;
            tally.money += money(difference);
        }
    }

    /// Counts a card in anew, where more is known of it than before.
    pub fn replace(&mut self, before: &Comparison, now: &Comparison) {
        let mut gone = Self::default();
        gone.add(before);
        self.cards -= gone.cards;
        self.reconciled -= gone.reconciled;
        self.before_window -= gone.before_window;
        self.variances -= gone.variances;
        self.unverified -= gone.unverified;
        self.unknown_cards -= gone.unknown_cards;
        self.opening_balance.take_back(gone.opening_balance);
        self.purchases.take_back(gone.purchases);
        self.total.take_back(gone.total);
        self.earlier.take_back(gone.earlier);
        self.variance.take_back(gone.variance);
        self.absolute_variance = self.absolute_variance - gone.absolute_variance;
        for (cause, gone) in gone.causes {
            if let Some(tally) = self.causes.get_mut(&cause) {
                tally.cards -= gone.cards;
                tally.differences -= gone.differences;
                tally.money = tally.money - gone.money;
            }
        }
        for (part, cards) in gone.contradicted {
            if let Some(counted) = self.contradicted.get_mut(&part) {
                *counted -= cards;
            }
        }
        self.contradicted.retain(|_, cards| *cards > 0);
        self.causes.retain(|_, tally| tally.cards > 0);
        self.add(now);
    }

    fn of_verdict(&mut self, verdict: Verdict) -> &mut u64 {
        match verdict {
            Verdict::Reconciled => &mut self.reconciled,
            Verdict::BeforeWindow => &mut self.before_window,
            Verdict::Variance => &mut self.variances,
            Verdict::Unverified => &mut self.unverified,
            Verdict::UnknownCard => &mut self.unknown_cards,
        }
    }
}

impl<'a> Extend<&'a Comparison> for Summary {
    fn extend<I: IntoIterator<Item = &'a Comparison>>(&mut self, cards: I) {
        for card in cards {
            self.add(card);
        }
    }
}

/// The figures of a card of which 1C's own sum contradicts its rows.
fn contradicted(card: &Comparison) -> impl Iterator<Item = Part> {
    let is_contradicted = |part: &Part| card.coverage.of(*part) == Compared::Not(WhyNot::OwnSum);
    Part::ALL.into_iter().filter(is_contradicted)
}

fn absolute_variance(card: &Comparison) -> Amount {
    let is_variance = card.verdict == Verdict::Variance;
    card.money_variance().filter(|_| is_variance).map(absolute).unwrap_or_default()
}

/// Roubles that a difference makes, store minus 1C. Earlier purchases and the like make none.
fn money(difference: &Difference) -> Amount {
    let figure = difference.figure.money().filter(|_| difference.kind.is_variance());
    let Some(figure) = figure else { return Amount::ZERO };
    figure.stored.unwrap_or_default() - figure.onec.unwrap_or_default()
}

fn absolute(amount: Amount) -> Amount {
    amount.max(-amount)
}

/// Where a card stands among all: ordered, the worst comes first.
///
/// 1. Variances, then cards compared with nothing, then rows of unknown cards, then purchases before the window, then
///    what is equal.
/// 2. Of these, the greatest sum first, whatever its sign; then by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The card.
    pub card: CardId,
    /// The outcome.
    pub verdict: Verdict,
    /// What it is about: the variance, or what lies before the window, without a sign. Roubles.
    pub money: Amount,
    /// More can be said of it once its rows are read.
    pub is_suspect: bool,
    /// Why it is not simply equal.
    pub causes: Causes,
}

impl Standing {
    /// Where this card stands.
    pub fn of(card: &Comparison) -> Self {
        let money = match card.verdict {
            Verdict::BeforeWindow => card.before_window,
            _ => card.money_variance(),
        };
        let points = &card.points;
        let balance = Figure { onec: points.register_balance_onec, stored: points.register_balance };
        Self {
            card: card.customer.card,
            verdict: card.verdict,
            money: absolute(money.unwrap_or_default()),
            // A balance of points that differs changes no verdict under the other rule, but its rows may.
            is_suspect: card.verdict == Verdict::Variance || balance.differs(),
            causes: card.differences.iter().map(Cause::of).collect(),
        }
    }

    fn severity(&self) -> u8 {
        match self.verdict {
            Verdict::Variance => 0,
            Verdict::Unverified => 1,
            Verdict::UnknownCard => 2,
            Verdict::BeforeWindow => 3,
            Verdict::Reconciled => 4,
        }
    }
}

impl Ord for Standing {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.severity(), Reverse(it.is_suspect), Reverse(it.money), it.card);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests;
