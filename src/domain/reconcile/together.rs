//! Figures of several cards added up, such as those of one owner.

use super::{Comparison, Mark, Part};
use crate::domain::{Amount, Points};

/// What several cards come to. A sum of which a part is not known is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardsTogether {
    /// How many they are.
    pub cards: usize,
    /// Their totals of all time, roubles.
    pub total: Option<Amount>,
    /// How that sum fared: equal to 1C only where the total of every card is.
    pub total_mark: Mark,
    /// Their points: each card's as 1C has them, else as they are stored.
    pub points: Option<Points>,
    /// How that sum fared.
    pub points_mark: Mark,
}

impl CardsTogether {
    /// Adds cards up.
    pub fn of<'a>(cards: impl IntoIterator<Item = &'a Comparison>) -> Self {
        let cards: Vec<_> = cards.into_iter().collect();
        let mark = |part| Mark::of_sum(cards.iter().map(|card| card.mark(part)));
        Self {
            cards: cards.len(),
            total: cards.iter().map(|card| card.total_of_all_time()).sum(),
            total_mark: mark(Part::Total),
            points: cards.iter().map(|card| card.points_shown()).sum(),
            points_mark: mark(Part::Points),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        proptest::collection::vec(proptest::sample::select(Mark::ALL.to_vec()), 0..6)
    }

    proptest! {
        #[test]
        fn a_sum_is_equal_only_where_every_part_is(marks in marks()) {
            let of_sum = Mark::of_sum(marks.iter().copied());
            prop_assert_eq!(of_sum == Mark::Equal, !marks.is_empty() && marks.iter().all(|it| *it == Mark::Equal));
            prop_assert_eq!(of_sum == Mark::Differs, marks.contains(&Mark::Differs));
            let mut turned = marks.clone();
            turned.reverse();
            prop_assert_eq!(Mark::of_sum(turned), of_sum);
        }
    }
}
