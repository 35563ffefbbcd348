//! 1C's own sums by card: one virtual table, as the control total of what is stored.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;
use std::ops::{AddAssign, Sub};
use std::sync::Arc;

use super::{Amount, CardId, Points, Quantity, fingerprint};

/// What can be added up by card.
pub trait Summand: Copy + Default + PartialEq + Hash + AddAssign + Send + Sync + 'static {}

impl<T: Copy + Default + PartialEq + Hash + AddAssign + Send + Sync + 'static> Summand for T {}

/// A sum, and beside it another of the same rows: one may stay what it was where the other does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Total<M, S> {
    /// What a customer sees.
    pub main: M,
    /// What nobody asks for.
    pub side: S,
}

impl<M: AddAssign, S: AddAssign> AddAssign for Total<M, S> {
    fn add_assign(&mut self, more: Self) {
        self.main += more.main;
        self.side += more.side;
    }
}

/// Roubles of sales; beside them, pieces.
pub type Turnover = Total<Amount, Quantity>;

/// The balance of points that 1C's own screen shows; beside it, points accrued.
pub type PointsBalance = Total<Points, Points>;

/// A table leaves cards out where more than one in so many of those that have something is not mentioned.
const MENTIONED: usize = 100;

/// A virtual table as 1C answered it: what is not zero, by card. A card that it does not mention has a sum of zero.
#[derive(Clone, Debug, Default)]
pub struct TotalsByCard<T> {
    sums: Vec<(CardId, T)>,
    /// Cards it mentions that come to nothing: as good as not mentioned, but said.
    nothings: BTreeSet<CardId>,
    /// Cards whose figure cannot be read: nothing is known of them, which is not zero.
    unreadable: BTreeSet<CardId>,
    /// Whether it leaves out cards that have something: one it does not mention is then unknown, not zero.
    leaves_out: bool,
    /// Whether 1C told the side of all sums.
    is_sided: bool,
    /// Tells the parts it was added up from, where it was: parts may move against each other and leave every sum.
    parts: u64,
}

impl<T: PartialEq> PartialEq for TotalsByCard<T> {
    fn eq(&self, other: &Self) -> bool {
        let parts = |it: &Self| (it.is_sided, it.parts);
        self.sums == other.sums && self.unreadable == other.unreadable && parts(self) == parts(other)
    }
}

impl<T: Eq> Eq for TotalsByCard<T> {}

impl<T: Summand> TotalsByCard<T> {
    /// A card's sum: zero where a table that leaves nobody out does not mention it, nothing where it could not be read.
    pub fn of(&self, card: CardId) -> Option<T> {
        if !self.is_readable(card) || self.leaves_out(card) {
            return None;
        }
        let place = self.place(card).and_then(|place| self.sums.get(place));
        Some(place.map(|(_, sum)| *sum).unwrap_or_default())
    }

    fn place(&self, card: CardId) -> Option<usize> {
        self.sums.binary_search_by_key(&card, |(card, _)| *card).ok()
    }

    /// The same table beside cards that have something by what else is known. One that came to nothing since is not
    /// mentioned either, so a few of them tell nothing.
    #[must_use]
    pub fn beside(self: &Arc<Self>, has_something: impl IntoIterator<Item = CardId>) -> Arc<Self> {
        let missing: HashSet<CardId> = has_something
            .into_iter()
            .filter(|card| !self.mentions(*card) && self.is_readable(*card))
            .collect();
        let leaves_out = missing.len() * MENTIONED > self.sums.len();
        if leaves_out { Arc::new(Self { leaves_out, ..Self::clone(self) }) } else { Arc::clone(self) }
    }

    /// Whether it does not mention a card and is no witness that there is nothing.
    pub fn leaves_out(&self, card: CardId) -> bool {
        self.leaves_out && !self.mentions(card)
    }

    /// Whether it mentions a card, if only to say that it comes to nothing.
    pub fn mentions(&self, card: CardId) -> bool {
        self.has_sum(card) || self.nothings.contains(&card)
    }

    /// Whether a card comes to something.
    pub fn has_sum(&self, card: CardId) -> bool {
        self.place(card).is_some()
    }

    /// The sums that are not zero, by card.
    pub fn sums(&self) -> &[(CardId, T)] {
        &self.sums
    }

    /// What all cards come to together; unknown where that of one is.
    pub fn in_all(&self) -> Option<T> {
        let all = || self.sums.iter().fold(T::default(), |sum, (_, more)| added(sum, *more));
        self.unreadable.is_empty().then(all)
    }

    /// The cards that come to something.
    pub fn cards(&self) -> impl Iterator<Item = CardId> {
        self.sums.iter().map(|(card, _)| *card)
    }

    /// The cards whose figure cannot be read.
    pub fn unreadable(&self) -> &BTreeSet<CardId> {
        &self.unreadable
    }

    /// Whether a card's figure could be read, if there is one.
    pub fn is_readable(&self, card: CardId) -> bool {
        !self.unreadable.contains(&card)
    }

    /// Whether the side of sums can be compared.
    pub fn is_sided(&self) -> bool {
        self.is_sided
    }

    /// Whether it says that nobody has anything.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.unreadable.is_empty()
    }

    /// The cards on which two answers differ.
    pub fn differing(&self, other: &Self) -> BTreeSet<CardId> {
        self.cards().chain(other.cards()).filter(|card| self.of(*card) != other.of(*card)).collect()
    }

    /// The table of a stretch out of those of its parts.
    #[must_use]
    pub fn of_parts(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let prints: Vec<u64> = parts.iter().map(|part| fingerprint(&part.sums)).collect();
        let is_sided = parts.iter().all(|part| part.is_sided);
        let unreadable = parts.iter().flat_map(|part| &part.unreadable).copied().collect();
        let nothings = parts.iter().flat_map(|part| &part.nothings);
        let mut sums: BTreeMap<CardId, T> = nothings.map(|card| (*card, T::default())).collect();
        for (card, sum) in parts.into_iter().flat_map(|part| part.sums) {
            *sums.entry(card).or_default() += sum;
        }
        Self { unreadable, is_sided, parts: fingerprint(&prints), ..Self::of_sums(sums) }
    }

    /// The table of a stretch in which nothing is.
    #[must_use]
    pub fn of_nothing() -> Self {
        Self { is_sided: true, ..Self::default() }
    }

    /// `sums` come by card.
    fn of_sums(sums: impl IntoIterator<Item = (CardId, T)>) -> Self {
        let (sums, nothings): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(_, sum)| *sum != T::default());
        let nothings = nothings.into_iter().map(|(card, _)| card).collect();
        Self { sums, nothings, ..Self::default() }
    }
}

/// A row of a virtual table: its card and figure, of which 1C may not tell the side; no figure where it cannot be read.
pub type TableRow<M, S> = (CardId, Option<(M, Option<S>)>);

impl<M: Summand, S: Summand> TotalsByCard<Total<M, S>> {
    /// The table of its rows: those of one card are added up, and one that cannot be read makes all of its card unknown.
    /// Some bases list what comes to nothing, some do not; where the side of one card is unknown, none is compared.
    pub fn of_rows(rows: impl IntoIterator<Item = TableRow<M, S>>) -> Self {
        let mut rows: Vec<TableRow<M, S>> = rows.into_iter().collect();
        rows.sort_by_key(|(card, _)| *card);
        let mut known: Vec<TableRow<M, S>> = Vec::with_capacity(rows.len());
        for (card, figure) in rows {
            match known.last_mut().filter(|(last, _)| *last == card) {
                Some((_, sum)) => {
                    *sum = sum.zip(figure).map(|((main, side), (more, beside))| {
                        (added(main, more), side.zip(beside).map(|(side, more)| added(side, more)))
                    });
                }
                None => known.push((card, figure)),
            }
        }
        let unreadable = known.iter().filter(|(_, sum)| sum.is_none()).map(|(card, _)| *card).collect();
        let is_sided = known.iter().filter_map(|(_, sum)| *sum).all(|(_, side)| side.is_some());
        let side = |side: Option<S>| side.filter(|_| is_sided).unwrap_or_default();
        let total = |(main, of_side)| Total { main, side: side(of_side) };
        let sums = known.into_iter().filter_map(|(card, sum)| Some((card, total(sum?))));
        Self { unreadable, is_sided, ..Self::of_sums(sums) }
    }

    /// The table without these rows, which 1C's sums hold. The side of them is not known, so none is compared.
    #[must_use]
    pub fn without(&self, rows: &BTreeMap<CardId, M>) -> Self
    where
        M: Sub<Output = M>,
    {
        let mut sums: BTreeMap<CardId, M> = self.sums.iter().map(|(card, sum)| (*card, sum.main)).collect();
        for (card, less) in rows {
            let sum = sums.entry(*card).or_default();
            *sum = *sum - *less;
        }
        let sums = sums.into_iter().filter(|(_, main)| *main != M::default());
        let sums = sums.map(|(card, main)| (card, Total { main, side: S::default() })).collect();
        Self { sums, is_sided: false, ..self.clone() }
    }
}

fn added<T: Summand>(mut sum: T, more: T) -> T {
    sum += more;
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(number: u128) -> CardId {
        CardId(uuid::Uuid::from_u128(number))
    }

    fn kopecks(kopecks: i64) -> Amount {
        Amount::from_units(kopecks)
    }

    fn table(rows: &[(u128, i64)]) -> TotalsByCard<Turnover> {
        TotalsByCard::of_rows(rows.iter().map(|(of, sum)| (card(*of), Some((kopecks(*sum), None)))))
    }

    #[test]
    fn a_card_that_comes_to_nothing_is_as_good_as_not_mentioned() {
        let told = table(&[(2, 100), (1, 0), (3, 100), (3, -100)]);
        assert_eq!(told, table(&[(2, 100)]));
        assert_eq!(
            [1, 2, 3, 4].map(|number| told.of(card(number)).unwrap().main),
            [0, 100, 0, 0].map(kopecks)
        );
    }

    fn sided(rows: &[(u128, i64, i64)]) -> TotalsByCard<Turnover> {
        let row = |(of, sum, pieces): &(u128, i64, i64)| {
            (card(*of), Some((kopecks(*sum), Some(Quantity::from_units(*pieces)))))
        };
        TotalsByCard::of_rows(rows.iter().map(row))
    }

    #[test]
    fn a_table_is_the_sum_of_its_parts() {
        let whole = TotalsByCard::of_parts(vec![
            sided(&[(1, 100, 1), (2, 50, 2)]),
            sided(&[(1, 200, 3), (2, -50, -2), (3, 7, 1)]),
        ]);
        let total = |main, side| Total { main: kopecks(main), side: Quantity::from_units(side) };
        assert_eq!(whole.sums(), [(card(1), total(300, 4)), (card(3), total(7, 1))]);
        assert!(whole.is_sided() && whole.mentions(card(2)));
        let unsided = TotalsByCard::of_parts(vec![sided(&[(1, 100, 1)]), table(&[(1, 100)])]);
        assert!(!unsided.is_sided());
    }

    #[test]
    fn a_table_is_empty_where_it_says_of_nobody_anything() {
        assert!(TotalsByCard::<Turnover>::of_nothing().is_empty());
        assert!(table(&[(1, 0)]).is_empty());
        assert!(!table(&[(1, 5)]).is_empty());
        assert!(!TotalsByCard::<Turnover>::of_rows([(card(1), None)]).is_empty(), "nobody knows of that one");
    }

    #[test]
    fn what_is_taken_out_to_nothing_is_not_mentioned() {
        let left =
            table(&[(1, 100), (2, 40)]).without(&[(card(1), kopecks(100)), (card(3), kopecks(5))].into());
        let mains: Vec<_> = left.sums().iter().map(|(card, sum)| (*card, sum.main)).collect();
        assert_eq!(mains, [(card(2), kopecks(40)), (card(3), kopecks(-5))]);
    }

    #[test]
    fn a_table_added_up_from_other_parts_is_another() {
        let of = |parts| TotalsByCard::<Turnover> { parts, ..TotalsByCard::default() };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_ne!(of(1), TotalsByCard { is_sided: true, ..of(1) });
        let card = card(1);
        assert_ne!(of(1), TotalsByCard { unreadable: BTreeSet::from([card]), ..of(1) });
        let nothings = BTreeSet::from([card]);
        assert_eq!(of(1), TotalsByCard { nothings, ..of(1) }, "as good as not mentioned");
        let parts = |of: [i64; 2]| TotalsByCard::of_parts(of.map(|sum| table(&[(1, sum)])).to_vec());
        assert_eq!(parts([1, 2]).of(card), parts([2, 1]).of(card));
        assert_ne!(parts([1, 2]), parts([2, 1]));
    }

    #[test]
    fn what_a_table_could_not_tell_is_unknown_and_never_nothing() {
        let table = TotalsByCard::<Turnover>::of_rows([(card(1), None), (card(1), Some((kopecks(5), None)))]);
        assert_eq!(table.of(card(1)), None);
        assert!(!table.is_empty(), "nothing is purged by it");
    }

    #[test]
    fn sides_are_compared_where_all_are_told() {
        let pieces = |pieces: [Option<i64>; 2]| {
            let rows = [(1, pieces[0]), (2, pieces[1])];
            let figure = |side: Option<i64>| Some((kopecks(5), side.map(Quantity::from_units)));
            let table = TotalsByCard::<Turnover>::of_rows(rows.map(|(of, side)| (card(of), figure(side))));
            (table.is_sided(), table.of(card(1)).unwrap().side)
        };
        assert_eq!(pieces([Some(3), Some(4)]), (true, Quantity::from_units(3)));
        assert_eq!(pieces([Some(3), None]), (false, Quantity::ZERO));
    }
}
