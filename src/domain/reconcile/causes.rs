//! Why a card differs, gathered from what differs on it: the words a remedy hangs on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Difference, DifferenceKind, Reason};

/// Why a card is not simply equal. In the order in which they are told: the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// 1C has an opening balance the store lacks, or keeps among its purchases.
    MissingOpeningBalance,
    /// The card is in 1C only.
    MissingCard,
    /// The card is in the store only.
    ExtraCard,
    /// 1C has lines the store lacks.
    MissingLines,
    /// The store has lines that 1C has no longer.
    GoneLines,
    /// The store has lines that are no longer active in 1C.
    InactiveLines,
    /// Both have the lines, with other contents.
    ChangedLines,
    /// 1C's own sum is not what its rows add up to.
    OwnSum,
    /// Rows could not be read, which may be what differs.
    UnreadableRows,
    /// Sums differ, and the lines behind them were not read.
    Unexplained,
    /// Points differ.
    Points,
    /// Towns differ.
    City,
    /// 1C has purchases before the window.
    BeforeWindow,
    /// Rows of a card that no catalog has.
    UnknownCard,
    /// The same sale under two types of document.
    DoubledSale,
}

impl Cause {
    /// All causes, in the order in which they are told.
    pub const ALL: [Self; 15] = [
        Self::MissingOpeningBalance,
        Self::MissingCard,
        Self::ExtraCard,
        Self::MissingLines,
        Self::GoneLines,
        Self::InactiveLines,
        Self::ChangedLines,
        Self::OwnSum,
        Self::UnreadableRows,
        Self::Unexplained,
        Self::Points,
        Self::City,
        Self::BeforeWindow,
        Self::UnknownCard,
        Self::DoubledSale,
    ];

    /// The cause a difference belongs to.
    pub fn of(difference: &Difference) -> Self {
        match (difference.kind, difference.reason) {
            (_, Some(Reason::Unreadable)) => Self::UnreadableRows,
            (DifferenceKind::MissingOpeningBalance, _) => Self::MissingOpeningBalance,
            (DifferenceKind::MissingLine, _) => Self::MissingLines,
            (DifferenceKind::ExtraLine, Some(Reason::Inactive)) => Self::InactiveLines,
            (DifferenceKind::ExtraLine, _) => Self::GoneLines,
            (DifferenceKind::ChangedLine, _) => Self::ChangedLines,
            (DifferenceKind::BeforeWindow, _) => Self::BeforeWindow,
            (DifferenceKind::MissingCard, _) => Self::MissingCard,
            (DifferenceKind::ExtraCard, _) => Self::ExtraCard,
            (DifferenceKind::DoubledSale, _) => Self::DoubledSale,
            (DifferenceKind::City, _) => Self::City,
            (DifferenceKind::Points, _) => Self::Points,
            (DifferenceKind::UnknownCard, _) => Self::UnknownCard,
            (DifferenceKind::Unexplained, Some(Reason::OwnSum)) => Self::OwnSum,
            (DifferenceKind::Unexplained, _) => Self::Unexplained,
        }
    }

    /// Whether it makes a variance; the others only say what the figures leave out or may count twice.
    pub fn is_variance(self) -> bool {
        !matches!(self, Self::BeforeWindow | Self::UnknownCard | Self::DoubledSale)
    }

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingOpeningBalance => "missing-opening-balance",
            Self::MissingCard => "missing-card",
            Self::ExtraCard => "extra-card",
            Self::MissingLines => "missing-lines",
            Self::GoneLines => "gone-lines",
            Self::InactiveLines => "inactive-lines",
            Self::ChangedLines => "changed-lines",
            Self::OwnSum => "own-sum",
            Self::UnreadableRows => "unreadable-rows",
            Self::Unexplained => "unexplained",
            Self::Points => "points",
            Self::City => "city",
            Self::BeforeWindow => "before-window",
            Self::UnknownCard => "unknown-card",
            Self::DoubledSale => "doubled-sale",
        }
    }
}

/// The causes found on a card, without how often: a few bits, for a million cards are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Causes(u16);

impl Causes {
    /// Whether this one was found.
    pub fn has(self, cause: Cause) -> bool {
        self.0 & bit(cause) != 0
    }
}

impl FromIterator<Cause> for Causes {
    fn from_iter<I: IntoIterator<Item = Cause>>(causes: I) -> Self {
        Self(causes.into_iter().fold(0, |bits, cause| bits | bit(cause)))
    }
}

fn bit(cause: Cause) -> u16 {
    1 << cause as u16
}

impl Comparison {
    /// Why this card differs, the worst cause first, each with the number of its differences: lines, where it is about
    /// lines.
    pub fn causes(&self) -> BTreeMap<Cause, u64> {
        let mut causes = BTreeMap::new();
        for difference in &self.differences {
            *causes.entry(Cause::of(difference)).or_default() += 1;
        }
        causes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_makes_a_variance_where_its_differences_do() {
        for kind in DifferenceKind::ALL.iter().copied() {
            let difference = Difference::of_figures::<crate::domain::Amount>(kind, None, None);
            assert_eq!(Cause::of(&difference).is_variance(), kind.is_variance(), "{kind:?}");
        }
    }

    #[test]
    fn a_set_has_the_causes_put_in_and_no_other() {
        for cause in Cause::ALL {
            let only: Causes = [cause].into_iter().collect();
            assert!(Cause::ALL.into_iter().all(|other| only.has(other) == (other == cause)), "{cause:?}");
        }
        assert!(Cause::ALL.into_iter().all(|cause| Cause::ALL.into_iter().collect::<Causes>().has(cause)));
    }
}
