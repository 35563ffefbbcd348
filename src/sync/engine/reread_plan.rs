//! What is read again because it differs: a plan first, so that it can be looked at, and then the reading.

use std::collections::{BTreeSet, HashSet};

use crate::domain::CardId;
use crate::odata::MAX_KEYS;
use crate::sync::differences::{Differing, Hints, StagedDifferences, Stretch};
use crate::sync::read_spans::{self, ReadingWay};
use crate::sync::sync_mode::WhyFull;

/// Cards read one by one whatever all of them would cost.
const FEW_CARDS: usize = 200;

/// Something to read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reread {
    /// All sales, where they are not read by stretches.
    Sales,
    /// The sales of these cards that lie in the window.
    SalesOf(Vec<CardId>),
    /// The stretches that differ, as narrow as their sums allow.
    Stretches(Vec<Stretch>),
    Opening,
    /// The opening balances of these cards.
    OpeningOf(Vec<CardId>),
    /// The bonus rows of these cards, or all where there are many.
    PointsOf(Vec<CardId>),
}

/// How 1C is asked, and how much there is: what a plan depends on beside what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RereadTerms {
    pub(super) way: ReadingWay,
    pub(super) page_size: u32,
    /// Purchases of the window, by 1C's count.
    pub(super) purchases: u64,
    /// Opening balances, by 1C's count.
    pub(super) opening: u64,
}

/// What a proof goes by beside 1C's sums: what was known of the rows before they were compared.
pub(super) trait Evidence {
    /// Whether all rows were read just now. Else most were published before: what hints at a change is followed, and
    /// types of document are not known from rows.
    const ARE_ALL_ROWS_READ: bool;

    /// Whether something hints at a change that was not looked at yet.
    fn has_hints(&self, found: &StagedDifferences) -> bool;

    /// What is read again.
    fn plan(&mut self, found: &StagedDifferences, terms: RereadTerms) -> Vec<Reread>;

    /// Why everything has to be read, where these cards differ however often they are read.
    fn wants_all(&self, contradicted: &BTreeSet<CardId>) -> Option<WhyFull>;
}

/// Everything was read: what differs is read again, and what differs still is 1C's own contradiction.
#[derive(Debug)]
pub(super) struct AllRows;

/// Most was published before: what differs now and did not then wants everything read.
#[derive(Debug, Default)]
pub(super) struct PublishedRows {
    /// Cards that differed from 1C's sums although everything was read.
    variances: HashSet<CardId>,
    /// Hints that were followed: what still differs after that is no sign of a change.
    hinted: Option<u64>,
    /// Cards of which rows were read again.
    read_again: HashSet<CardId>,
}

impl RereadTerms {
    /// Whether reading these cards one by one takes fewer requests than reading all rows.
    pub(super) fn is_cheaper_by_card(self, cards: usize, rows: u64) -> bool {
        cards <= FEW_CARDS || 2 * cards.div_ceil(MAX_KEYS) as u64 <= read_spans::pages(rows, self.page_size)
    }
}

impl Reread {
    fn stretches(found: &StagedDifferences) -> Self {
        Self::Stretches(found.stretches.iter().filter(|stretch| stretch.differs()).cloned().collect())
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::Sales | Self::Opening => false,
            Self::SalesOf(cards) | Self::OpeningOf(cards) | Self::PointsOf(cards) => cards.is_empty(),
            Self::Stretches(stretches) => stretches.is_empty(),
        }
    }
}

/// Those that read something, in their order.
fn needed<const N: usize>(rereads: [Option<Reread>; N]) -> Vec<Reread> {
    rereads.into_iter().flatten().filter(|it| !it.is_nothing()).collect()
}

impl Evidence for AllRows {
    const ARE_ALL_ROWS_READ: bool = true;

    fn has_hints(&self, _: &StagedDifferences) -> bool {
        false
    }

    fn plan(&mut self, found: &StagedDifferences, terms: RereadTerms) -> Vec<Reread> {
        let points = Some(Reread::PointsOf(found.points.cards.clone()));
        let differs_in_opening = !found.opening.is_nothing();
        match terms.way {
            ReadingWay::ByCard | ReadingWay::Whole => {
                let differs = differs_in_opening || !found.cards_of_sales().is_empty();
                needed([differs.then_some(Reread::Sales), points])
            }
            ReadingWay::ByPeriod => {
                let opening = differs_in_opening.then_some(Reread::Opening);
                needed([opening, Some(Reread::stretches(found)), points])
            }
        }
    }

    fn wants_all(&self, _: &BTreeSet<CardId>) -> Option<WhyFull> {
        None
    }
}

impl PublishedRows {
    pub(super) fn new(variances: HashSet<CardId>) -> Self {
        Self { variances, ..Self::default() }
    }

    /// Cards of which rows were read again.
    pub(super) fn read_again(&self) -> u64 {
        self.read_again.len() as u64
    }
}

impl Evidence for PublishedRows {
    const ARE_ALL_ROWS_READ: bool = false;

    fn has_hints(&self, found: &StagedDifferences) -> bool {
        !found.hints.is_nothing() && self.hinted != Some(found.hints.print())
    }

    /// By card where those are few, else as after a full read.
    fn plan(&mut self, found: &StagedDifferences, terms: RereadTerms) -> Vec<Reread> {
        let hints = self.has_hints(found).then_some(&found.hints);
        let with_hints = |mut cards: BTreeSet<CardId>, of: fn(&Hints) -> &Differing| {
            cards.extend(hints.into_iter().flat_map(|hints| &of(hints).cards));
            cards.into_iter().collect::<Vec<_>>()
        };
        let sales = with_hints(found.cards_of_sales(), |hints| &hints.sales);
        let points = with_hints(found.points.cards.iter().copied().collect(), |hints| &hints.points);
        let opening = found.opening.cards.clone();
        self.hinted = Some(found.hints.print());
        self.read_again.extend(sales.iter().chain(&opening).chain(&points));
        let sales = if terms.is_cheaper_by_card(sales.len(), terms.purchases) {
            Reread::SalesOf(sales)
        } else {
            Reread::stretches(found)
        };
        let opening = if terms.is_cheaper_by_card(opening.len(), terms.opening) {
            Reread::OpeningOf(opening)
        } else {
            Reread::Opening
        };
        needed([Some(sales), Some(opening), Some(Reread::PointsOf(points))])
    }

    fn wants_all(&self, contradicted: &BTreeSet<CardId>) -> Option<WhyFull> {
        let new = contradicted.iter().filter(|card| !self.variances.contains(card)).count();
        (new > 0).then_some(WhyFull::Unexplained(new as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LocalTime, Span};

    fn cards(numbers: &[u128]) -> Vec<CardId> {
        numbers.iter().map(|number| CardId(uuid::Uuid::from_u128(*number))).collect()
    }

    fn differing(numbers: &[u128]) -> Differing {
        Differing::of(&cards(numbers).into_iter().collect())
    }

    fn stretch(numbers: &[u128]) -> Stretch {
        let (span, hints) = (Span::since(LocalTime::MIN), Differing::default());
        Stretch { span, rows: 7, differing: differing(numbers), hints }
    }

    fn terms(way: ReadingWay) -> RereadTerms {
        RereadTerms { way, page_size: 10, purchases: 100, opening: 100 }
    }

    /// Sales, opening balances, points, and a stretch in which one card differs and one in which none does.
    fn found() -> StagedDifferences {
        StagedDifferences {
            sales: differing(&[1]),
            opening: differing(&[2]),
            points: differing(&[3]),
            stretches: vec![stretch(&[4]), stretch(&[])],
            hints: Hints { sales: differing(&[5]), points: differing(&[6]) },
        }
    }

    #[test]
    fn what_differs_after_a_full_read_is_read_again_as_it_was_read() {
        let only = |change: fn(&mut StagedDifferences)| {
            let mut found = StagedDifferences::default();
            change(&mut found);
            found
        };
        let points = Reread::PointsOf(cards(&[3]));
        let sales = only(|it| it.sales = differing(&[1]));
        let opening = only(|it| it.opening = differing(&[2]));
        let of_points = only(|it| it.points = differing(&[3]));
        for (way, found, rereads) in [
            (
                ReadingWay::ByPeriod,
                found(),
                vec![Reread::Opening, Reread::Stretches(vec![stretch(&[4])]), points.clone()],
            ),
            (ReadingWay::ByPeriod, sales.clone(), vec![]),
            (ReadingWay::ByPeriod, opening.clone(), vec![Reread::Opening]),
            (ReadingWay::ByPeriod, of_points.clone(), vec![points.clone()]),
            (ReadingWay::ByCard, found(), vec![Reread::Sales, points.clone()]),
            (ReadingWay::Whole, sales, vec![Reread::Sales]),
            (ReadingWay::Whole, opening, vec![Reread::Sales]),
            (ReadingWay::Whole, of_points, vec![points]),
        ] {
            assert_eq!(AllRows.plan(&found, terms(way)), rereads, "{way:?} {found:?}");
            assert!(!AllRows.has_hints(&found));
        }
    }

    #[test]
    fn a_delta_reads_cards_where_they_are_few_and_follows_a_hint_once() {
        let mut rows = PublishedRows::default();
        let (found, terms) = (found(), terms(ReadingWay::ByPeriod));
        assert!(rows.has_hints(&found));
        let opening = Reread::OpeningOf(cards(&[2]));
        let first = [Reread::SalesOf(cards(&[1, 4, 5])), opening.clone(), Reread::PointsOf(cards(&[3, 6]))];
        assert_eq!(rows.plan(&found, terms), first);
        assert_eq!(rows.read_again(), 6);
        assert!(!rows.has_hints(&found), "it was followed");
        let again = [Reread::SalesOf(cards(&[1, 4])), opening, Reread::PointsOf(cards(&[3]))];
        assert_eq!(rows.plan(&found, terms), again);
        assert_eq!(rows.read_again(), 6, "the same cards");
        assert_eq!(PublishedRows::default().plan(&StagedDifferences::default(), terms), []);
    }

    #[test]
    fn many_cards_are_read_as_a_full_read_does() {
        let many: Vec<u128> = (1..=201).collect();
        let found = StagedDifferences {
            sales: differing(&many),
            opening: differing(&many),
            stretches: vec![stretch(&many)],
            ..StagedDifferences::default()
        };
        let small = terms(ReadingWay::ByPeriod);
        let rereads = PublishedRows::default().plan(&found, small);
        assert_eq!(rereads, [Reread::Stretches(found.stretches.clone()), Reread::Opening]);
        let large = RereadTerms { purchases: 1_000_000, opening: 1_000_000, ..small };
        let rereads = PublishedRows::default().plan(&found, large);
        assert_eq!(rereads, [Reread::SalesOf(cards(&many)), Reread::OpeningOf(cards(&many))]);
    }

    #[test]
    fn cards_that_differ_and_did_not_before_want_everything_read() {
        let rows = PublishedRows::new(cards(&[1, 2]).into_iter().collect());
        let of = |numbers: &[u128]| rows.wants_all(&cards(numbers).into_iter().collect());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[1, 2]), None);
        assert_eq!(of(&[1, 7, 8]), Some(WhyFull::Unexplained(2)));
        assert_eq!(AllRows.wants_all(&cards(&[7]).into_iter().collect()), None);
    }
}
