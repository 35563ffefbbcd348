//! What a generation keeps of a card's comparison with 1C's own sums.

use super::verdict;
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
        Self { own, control, verdict, has_rejected_rows }
    }
}
