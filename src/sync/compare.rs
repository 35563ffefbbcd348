//! What is staged beside 1C's sums, card by card, in one pass over the staging.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::control::{Control, Table};
use super::skip::Marked;
use super::twice;
use crate::domain::{Amount, BonusRow, CardId, LocalTime, Movement, MovementKind, Span, Window};
use crate::odata::{RowMark, ThinSale};
use crate::store::{self, Staging};

/// The cards that are compared: those this sync read, but for those of which a row could not be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// All cards where there is none.
    pub(super) read: Option<BTreeSet<CardId>>,
    pub(super) distrusted: HashSet<CardId>,
}

impl Scope {
    pub(super) fn holds(&self, card: CardId) -> bool {
        self.read.as_ref().is_none_or(|read| read.contains(&card)) && !self.distrusted.contains(&card)
    }
}

/// The cards on which two sides differ, and by how much: two such are equal where nothing changed.
#[derive(Clone, Debug, Default)]
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
    fn of(cards: &BTreeSet<CardId>) -> Self {
        Self { cards: cards.iter().copied().collect(), print: hash(cards) }
    }

    /// Adds a card; they come by key.
    fn add(&mut self, card: CardId, difference: impl Hash) {
        if self.cards.last() != Some(&card) {
            self.cards.push(card);
        }
        self.print = hash(&(self.print, card, difference));
    }

    fn and(self, other: Self) -> Self {
        let mut cards = [self.cards, other.cards].concat();
        cards.sort_unstable();
        cards.dedup();
        Self { cards, print: hash(&(self.print, other.print)) }
    }
}

/// Where the staging differs from what 1C tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Turnover of the window.
    pub(super) sales: Differing,
    /// Opening balances as the thin reading has them.
    pub(super) opening: Differing,
    /// Balance of points.
    pub(super) points: Differing,
    /// Stretches of the window: their turnovers, and days with rows of two cards.
    pub(super) stretches: Vec<Stretch>,
}

/// A stretch of periods, as staged.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) span: Span,
    /// Rows staged in it.
    pub(super) rows: u64,
    pub(super) differing: Differing,
}

impl Stretch {
    /// One whose rows lie under two cards.
    pub(super) fn doubled(span: Span, cards: &BTreeSet<CardId>) -> Self {
        Self { span, rows: cards.len() as u64, differing: Differing::of(cards) }
    }
}

impl Found {
    pub(super) fn is_nothing(&self) -> bool {
        self.parts().all(Differing::is_nothing)
    }

    /// All cards that differ in any way.
    pub(super) fn cards(&self) -> BTreeSet<CardId> {
        self.parts().flat_map(|part| &part.cards).copied().collect()
    }

    /// Equal where the same cards differ by the same amounts.
    pub(super) fn print(&self) -> u64 {
        hash(&self.parts().map(|part| part.print).collect::<Vec<_>>())
    }

    fn parts(&self) -> impl Iterator<Item = &Differing> {
        let stretches = self.stretches.iter().map(|stretch| &stretch.differing);
        [&self.sales, &self.opening, &self.points].into_iter().chain(stretches)
    }
}

/// What the whole staging is compared with.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) control: Control,
    pub(super) opening: Thin,
    pub(super) window: Window,
    pub(super) points_at: LocalTime,
    pub(super) scope: Arc<Scope>,
}

/// Opening balances as they were read a second time, thinly.
#[derive(Clone, Debug, Default)]
pub(super) struct Thin {
    pub(super) rows: Arc<Vec<ThinSale>>,
    /// Rows of the thin reading that could not be read, with their cards where those could: they confirm and
    /// contradict nothing.
    pub(super) unreadable: Arc<HashMap<RowMark, Option<CardId>>>,
}

/// What is staged, and where it differs from what 1C tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) found: Found,
    /// Period of the oldest movement.
    pub(super) oldest: Option<LocalTime>,
    /// Period of the latest purchase that is not of the future.
    pub(super) latest: Option<LocalTime>,
}

/// Compares all that is staged.
pub(super) fn whole(staging: &mut Staging, question: &Question) -> Result<Seen, store::Error> {
    let Question { control, window, points_at, scope, .. } = question;
    let mut sales = Beside::new(control.turnover_window.clone(), scope);
    let mut balance = Beside::new(control.balance.clone(), scope);
    let mut balance_of_all = Beside::new(control.balance_of_all.clone(), scope);
    let mut opening = OpeningBeside::new(&question.opening, scope);
    let mut keys = twice::Keys::default();
    let (mut oldest, mut latest) = (None, None);
    staging.visit(|card, _, rows| {
        let first = rows.movements.iter().map(|movement| movement.period).min();
        oldest = [oldest, first].into_iter().flatten().min();
        let purchases = rows.movements.iter().filter(|movement| movement.kind == MovementKind::Purchase);
        let past = purchases.map(|movement| movement.period).filter(|period| period <= points_at);
        latest = latest.max(past.max());
        let in_window = rows.movements.iter().filter(|movement| window.contains(movement.period));
        sales.card(card, in_window.map(|movement| movement.amount).sum());
        let due = rows.bonus.iter().filter(|row| row.period <= *points_at);
        balance.card(card, due.map(BonusRow::change).sum());
        balance_of_all.card(card, rows.bonus.iter().map(BonusRow::change).sum());
        opening.card(card, &rows.movements);
        if scope.holds(card) {
            keys.take(rows);
        }
    })?;
    let twice = keys.finish(staging, scope)?;
    let points = balance.finish().and(balance_of_all.finish()).and(Differing::of(&twice.points));
    let stretches = twice.stretches().collect();
    let found = Found { sales: sales.finish(), opening: opening.finish(), points, stretches };
    Ok(Seen { found, oldest, latest })
}

/// Compares the movements of stretches, in the order of time, with 1C's turnovers of them.
pub(super) fn stretches(
    staging: &mut Staging,
    tables: &[(Span, Arc<Table<Amount>>)],
    scope: &Scope,
) -> Result<Vec<Stretch>, store::Error> {
    let mut compared: Vec<_> =
        tables.iter().map(|(span, table)| (*span, 0, Beside::new(Some(Arc::clone(table)), scope))).collect();
    let mut sums = vec![Amount::ZERO; compared.len()];
    staging.visit(|card, _, rows| {
        sums.fill(Amount::ZERO);
        for movement in &rows.movements {
            let place =
                compared.partition_point(|(span, ..)| span.from.is_none_or(|from| from <= movement.period));
            let place = place.checked_sub(1);
            if let Some(place) = place
                && let (Some((span, lines, _)), Some(sum)) = (compared.get_mut(place), sums.get_mut(place))
                && span.contains(movement.period)
            {
                *lines += 1;
                *sum += movement.amount;
            }
        }
        for ((_, _, beside), sum) in compared.iter_mut().zip(&sums) {
            beside.card(card, *sum);
        }
    })?;
    let stretch = |(span, rows, beside): (Span, u64, Beside<'_, Amount>)| Stretch {
        span,
        rows,
        differing: beside.finish(),
    };
    Ok(compared.into_iter().map(stretch).collect())
}

/// One of 1C's tables, walked in step with cards that come by key.
struct Beside<'a, T> {
    /// Nothing is compared where there is none.
    table: Option<Arc<Table<T>>>,
    next: usize,
    scope: &'a Scope,
    differing: Differing,
}

impl<'a, T: Copy + Default + PartialEq + Hash> Beside<'a, T> {
    fn new(table: Option<Arc<Table<T>>>, scope: &'a Scope) -> Self {
        Self { table, next: 0, scope, differing: Differing::default() }
    }

    /// The next card by key, with its own sum.
    fn card(&mut self, card: CardId, own: T) {
        let Some(table) = self.table.clone() else { return };
        let sums = table.sums().get(self.next..).unwrap_or_default();
        let before = sums.partition_point(|(other, _)| *other < card);
        self.missed(&table, sums.get(..before).unwrap_or_default());
        let onec = sums.get(before).filter(|(other, _)| *other == card).map(|(_, sum)| *sum);
        self.next += before + usize::from(onec.is_some());
        let onec = onec.unwrap_or_default();
        if own != onec && self.counts(&table, card) {
            self.differing.add(card, (own, onec));
        }
    }

    /// Cards of which nothing is staged.
    fn missed(&mut self, table: &Table<T>, sums: &[(CardId, T)]) {
        for (card, sum) in sums {
            if self.counts(table, *card) {
                self.differing.add(*card, (T::default(), sum));
            }
        }
    }

    fn counts(&self, table: &Table<T>, card: CardId) -> bool {
        table.is_readable(card) && self.scope.holds(card)
    }

    fn finish(mut self) -> Differing {
        if let Some(table) = self.table.clone() {
            self.missed(&table, table.sums().get(self.next..).unwrap_or_default());
        }
        self.differing
    }
}

/// The opening balances staged beside those of the thin reading.
struct OpeningBeside<'a> {
    /// Those of the thin reading that are not met yet.
    waiting: HashMap<RowMark, &'a ThinSale>,
    unreadable: &'a HashMap<RowMark, Option<CardId>>,
    scope: &'a Scope,
    differing: Differing,
}

impl<'a> OpeningBeside<'a> {
    fn new(thin: &'a Thin, scope: &'a Scope) -> Self {
        let active = thin.rows.iter().filter(|row| row.active && scope.holds(row.card));
        Self {
            waiting: active.map(|row| (row.mark(), row)).collect(),
            unreadable: &thin.unreadable,
            scope,
            differing: Differing::default(),
        }
    }

    fn card(&mut self, card: CardId, movements: &[Movement]) {
        if !self.scope.holds(card) {
            return;
        }
        for own in movements.iter().filter(|movement| movement.kind == MovementKind::OpeningBalance) {
            let mark = RowMark { object: own.key.recorder.0, line: own.key.line };
            let thin = self.waiting.remove(&mark);
            if !thin.is_some_and(|thin| is_same(own, thin)) && !self.unreadable.contains_key(&mark) {
                self.differing.add(card, (own.key.recorder, own.key.line, own.amount, own.period));
            }
        }
    }

    /// Those left over are not staged. They come in no order, and tell the same in any.
    fn finish(mut self) -> Differing {
        let mut missing: Vec<_> = self.waiting.into_values().collect();
        missing.sort_unstable_by_key(|row| (row.card, row.mark()));
        let mut other = Differing::default();
        for row in missing {
            other.add(row.card, (row.mark(), row.amount, row.period));
        }
        self.differing = self.differing.and(other);
        self.differing
    }
}

fn is_same(own: &Movement, thin: &ThinSale) -> bool {
    (own.card, own.amount, own.period) == (thin.card, thin.amount, thin.period) && own.key == thin.key
}

/// The same in every run: it decides what is read again.
pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
