//! Where the staging differs from what 1C tells: what a comparison finds, and a proof mends.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::domain::{CardId, DoubtfulRows, Span, fingerprint};

/// The cards that are compared: those this sync read, but for those of which a row could not be read.
#[derive(Clone, Debug, Default)]
pub(super) struct ComparedCards {
    /// All cards where there is none.
    pub(super) read: Option<BTreeSet<CardId>>,
    pub(super) distrusted: HashMap<CardId, DoubtfulRows>,
}

impl ComparedCards {
    pub(super) fn holds(&self, card: CardId) -> bool {
        self.is_read(card) && !self.distrusted.contains_key(&card)
    }

    /// Whether this sync read the card, whatever of it could be read.
    pub(super) fn is_read(&self, card: CardId) -> bool {
        self.read.as_ref().is_none_or(|read| read.contains(&card))
    }
}

/// The cards on which two sides differ, and by how much: two such are equal where nothing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Differing {
    /// By key.
    pub(super) cards: Vec<CardId>,
    print: u64,
}

impl Differing {
    pub(super) fn is_nothing(&self) -> bool {
        self.cards.is_empty()
    }

    /// Cards that differ in something that is no sum.
    pub(super) fn of(cards: &BTreeSet<CardId>) -> Self {
        Self { cards: cards.iter().copied().collect(), print: fingerprint(cards) }
    }

    /// Adds a card; they come by key.
    pub(super) fn add(&mut self, card: CardId, difference: impl Hash) {
        if self.cards.last() != Some(&card) {
            self.cards.push(card);
        }
        self.print = fingerprint(&(self.print, card, difference));
    }

    pub(super) fn and(self, other: Self) -> Self {
        let mut cards = [self.cards, other.cards].concat();
        cards.sort_unstable();
        cards.dedup();
        Self { cards, print: fingerprint(&(self.print, other.print)) }
    }
}

/// Where the staging differs from what 1C tells.
#[derive(Clone, Debug, Default)]
pub(super) struct StagedDifferences {
    /// Turnover of the window.
    pub(super) sales: Differing,
    /// Opening balances as the thin reading has them.
    pub(super) opening: Differing,
    /// Balance of points, and points accrued.
    pub(super) points: Differing,
    /// Stretches of the window: their turnovers, and days with rows of two cards.
    pub(super) stretches: Vec<Stretch>,
    /// What no card is judged by: it tells that rows changed.
    pub(super) hints: Hints,
}

/// Where figures differ that no card is judged by.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// Pieces sold, in the window and in its stretches.
    pub(super) sales: Differing,
    /// Points of stretches.
    pub(super) points: Differing,
}

impl Hints {
    pub(super) fn is_nothing(&self) -> bool {
        self.sales.is_nothing() && self.points.is_nothing()
    }

    /// Equal where the same cards differ by the same amounts.
    pub(super) fn print(&self) -> u64 {
        fingerprint(&(self.sales.print, self.points.print))
    }
}

/// A stretch of periods, as staged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) span: Span,
    /// Rows staged in it.
    pub(super) rows: u64,
    pub(super) differing: Differing,
    /// Cards whose rows changed although what they are judged by did not.
    pub(super) hints: Differing,
}

impl Stretch {
    pub(super) fn differs(&self) -> bool {
        !self.differing.is_nothing()
    }

    /// One whose rows lie under two cards.
    pub(super) fn doubled(span: Span, cards: &BTreeSet<CardId>) -> Self {
        let hints = Differing::default();
        Self { span, rows: cards.len() as u64, differing: Differing::of(cards), hints }
    }
}

/// The cards whose rows 1C's own sums contradict.
#[derive(Clone, Debug, Default)]
pub(super) struct ContradictedCards {
    pub(super) sales: BTreeSet<CardId>,
    pub(super) points: BTreeSet<CardId>,
}

impl ContradictedCards {
    pub(super) fn all(&self) -> BTreeSet<CardId> {
        self.sales.union(&self.points).copied().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sales.is_empty() && self.points.is_empty()
    }

    /// What of a card.
    pub(super) fn of(&self, card: CardId) -> DoubtfulRows {
        DoubtfulRows { sales: self.sales.contains(&card), points: self.points.contains(&card) }
    }
}

impl StagedDifferences {
    pub(super) fn is_nothing(&self) -> bool {
        self.parts().all(Differing::is_nothing)
    }

    /// All cards that differ in any way they are judged by.
    pub(super) fn cards(&self) -> BTreeSet<CardId> {
        self.parts().flat_map(|part| &part.cards).copied().collect()
    }

    /// The cards that differ in any way although their rows were read again and again.
    pub(super) fn contradicted(&self) -> ContradictedCards {
        let sales = self.cards_of_sales().into_iter().chain(self.opening.cards.iter().copied());
        ContradictedCards { sales: sales.collect(), points: self.points.cards.iter().copied().collect() }
    }

    /// All cards whose sales differ, as a whole or in a stretch.
    pub(super) fn cards_of_sales(&self) -> BTreeSet<CardId> {
        let stretches = self.stretches.iter().flat_map(|stretch| &stretch.differing.cards);
        self.sales.cards.iter().chain(stretches).copied().collect()
    }

    /// Equal where the same cards differ by the same amounts.
    pub(super) fn print(&self) -> u64 {
        fingerprint(&self.parts().map(|part| part.print).collect::<Vec<_>>())
    }

    fn parts(&self) -> impl Iterator<Item = &Differing> {
        let stretches = self.stretches.iter().map(|stretch| &stretch.differing);
        [&self.sales, &self.opening, &self.points].into_iter().chain(stretches)
    }
}
