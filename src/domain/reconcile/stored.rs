//! What a generation keeps of a card's comparison with 1C's own sums.

use super::{Part, verdict};
use crate::domain::{CardFigures, ControlTotals, NamesTrust, PointsRule, Verdict};

/// What a generation keeps per card, so that lists need no arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFigures {
    /// What the stored rows add up to.
    pub own: CardFigures,
    /// 1C's own answers of the same sync.
    pub control: ControlTotals,
    /// The verdict of its sync: [`super::verdict`].
    pub verdict: Verdict,
    /// A row of this card could not be read: its figures are not to be trusted as whole.
    pub has_rejected_rows: bool,
    /// What of it 1C's own sums contradict.
    pub contradicted: Contradicted,
}

/// Which rows of a card some sum of 1C contradicts, however often they are read: that of a month, of points accrued. Where the figure itself agrees it does so by chance, or because both leave the same out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contradicted {
    /// Rows of the register of sales.
    pub sales: bool,
    /// Rows of the register of points.
    pub points: bool,
}

impl Contradicted {
    /// The figures that prove nothing where they agree.
    pub(super) fn parts(self) -> impl Iterator<Item = Part> {
        let sales = self.sales.then_some(Part::OF_TOTAL).into_iter().flatten();
        sales.chain(self.points.then_some(Part::Points))
    }
}

impl StoredFigures {
    /// The figures to keep, with the verdict that 1C's own sums allow where names can be trusted.
    pub fn of(own: CardFigures, control: ControlTotals, rule: PointsRule, has_rejected_rows: bool) -> Self {
        Self::trusting(NamesTrust::Trusted, own, control, rule, has_rejected_rows)
    }

    /// The same as far as names can be trusted.
    pub fn trusting(
        trust: NamesTrust,
        own: CardFigures,
        control: ControlTotals,
        rule: PointsRule,
        has_rejected_rows: bool,
    ) -> Self {
        let verdict = verdict(&own, &control, rule, trust, has_rejected_rows);
        Self { own, control, verdict, has_rejected_rows, contradicted: Contradicted::default() }
    }

    /// The same where some sum of 1C contradicts the rows: what agrees is not verified then.
    #[must_use]
    pub fn contradicted(self, contradicted: Contradicted) -> Self {
        let verdict = match self.verdict {
            Verdict::Reconciled | Verdict::BeforeWindow if contradicted.sales => Verdict::Unverified,
            verdict => verdict,
        };
        Self { verdict, contradicted, ..self }
    }
}
