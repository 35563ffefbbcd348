//! What a generation keeps of a card's comparison with 1C's own sums.

use super::{Part, Terms, verdict};
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

/// Which rows of a card are in doubt, by register: some of them could not be read; or some sum of 1C contradicts them,
/// however often they are read: that of a month, of points accrued. Where the figure itself agrees it does so by chance,
/// or because both leave the same out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DoubtfulRows {
    /// Rows of the register of sales.
    pub sales: bool,
    /// Rows of the register of points.
    pub points: bool,
}

impl DoubtfulRows {
    /// Rows of both.
    pub const BOTH: Self = Self { sales: true, points: true };

    /// Whether any are.
    pub const fn any(self) -> bool {
        self.sales || self.points
    }

    /// Those of either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { sales: self.sales || other.sales, points: self.points || other.points }
    }

    /// The figures that prove nothing where they agree.
    pub(super) fn parts(self) -> impl Iterator<Item = Part> {
        let sales = self.sales.then_some(Part::OF_TOTAL).into_iter().flatten();
        sales.chain(self.points.then_some(Part::Points))
    }
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
