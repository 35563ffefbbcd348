//! What a generation keeps of a card's comparison with 1C's own sums.

use super::{DoubtfulRows, Terms, verdict};
use crate::domain::{CardFigures, ControlTotals, NamesTrust, Points, PointsRule, Verdict};

/// What a generation keeps per card, so that lists need no arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFigures {
    /// What the stored rows add up to.
    pub own: CardFigures,
    /// 1C's own answers of the same sync.
    pub control: ControlTotals,
    /// The verdict of its sync: [`super::verdict`].
    pub verdict: Verdict,
    /// Where rows of this card could not be read: what they add up to is not to be trusted as whole.
    pub unreadable: DoubtfulRows,
    /// What of it 1C's own sums contradict.
    pub contradicted: DoubtfulRows,
}

impl StoredFigures {
    /// The figures to keep, with the verdict that 1C's own sums allow where names can be trusted.
    pub fn of(own: CardFigures, control: ControlTotals, rule: PointsRule, unreadable: DoubtfulRows) -> Self {
        Self::trusting(NamesTrust::Trusted, own, control, rule, unreadable)
    }

    /// The same as far as names can be trusted.
    pub fn trusting(
        trust: NamesTrust,
        own: CardFigures,
        control: ControlTotals,
        rule: PointsRule,
        unreadable: DoubtfulRows,
    ) -> Self {
        let verdict = verdict(&own, &control, rule, trust, unreadable);
        Self { own, control, verdict, unreadable, contradicted: DoubtfulRows::default() }
    }

    /// By which rule its points are told; `None` where they are not known.
    pub(super) fn rule_of_points(&self, terms: &Terms) -> Option<PointsRule> {
        terms.points_rule().filter(|_| !self.unreadable.points)
    }

    /// Points by this rule; `None` where rows of them could not be read: what is left says nothing of them.
    pub fn points(&self, rule: PointsRule) -> Option<Points> {
        (!self.unreadable.points).then(|| self.own.points.by(rule))
    }

    /// The same where some sum of 1C contradicts the rows: what agrees is not verified then.
    #[must_use]
    pub fn contradicted(self, contradicted: DoubtfulRows) -> Self {
        let verdict = match self.verdict {
            Verdict::Reconciled | Verdict::BeforeWindow if contradicted.sales => Verdict::Unverified,
            verdict => verdict,
        };
        Self { verdict, contradicted, ..self }
    }
}
