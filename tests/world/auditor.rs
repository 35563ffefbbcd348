//! The auditor: what is stored, held against what the books were.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use sverka::domain::{
    Amount, BonusRow, CardId, Customer, Direction, Movement, MovementKind, Points, Quantity, StoredFigures,
    Verdict,
};
use sverka::store::{Generation, Proof, Snapshot, Store};
use sverka_simulator::{BonusLine, Books, DocumentKind, Posted, SaleLine};
use uuid::Uuid;

use super::history::{Cell, Cells, History, Key, State, Stretches, is_kept, month, without_nothing};

/// Everything a store shows.
#[derive(Clone, Debug)]
pub struct Stored {
    pub generation: Generation,
    pub customers: BTreeMap<CardId, Customer>,
    pub movements: BTreeMap<Key, Movement>,
    pub bonuses: BTreeMap<Key, BonusRow>,
    pub figures: BTreeMap<CardId, StoredFigures>,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Keys of rows that are stored for two cards.
    doubled: BTreeSet<Key>,
}

/// The states of the books a generation may come from.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The state when the sync began.
    pub from: usize,
    /// The state when it ended.
    pub to: usize,
    /// The state when the earliest attempt began whose rows it may have gone on with.
    pub rows_from: usize,
}

impl Stored {
    /// Reads all there is; `None` before the first generation.
    pub fn read(store: &Store) -> Option<Self> {
        store.verify().unwrap_or_else(|error| panic!("I1: the manifest does not fit the rows: {error}"));
        let snapshot = store.snapshot().expect("I17: an open store is read");
        let generation = snapshot.generation()?.clone();
        let customers: BTreeMap<_, _> = snapshot
            .customers()
            .unwrap()
            .map(|customer| customer.unwrap())
            .map(|customer| (customer.card, customer))
            .collect();
        let figures = snapshot.all_figures().unwrap().map(Result::unwrap).collect();
        let mut stored = Self {
            generation,
            customers,
            movements: BTreeMap::new(),
            bonuses: BTreeMap::new(),
            figures,
            rejected: store.runs().unwrap().first().map_or(0, |run| run.rejected),
            doubled: BTreeSet::new(),
        };
        stored.take_rows(&snapshot);
        Some(stored)
    }

    fn take_rows(&mut self, snapshot: &Snapshot) {
        let unknown = snapshot.unknown_cards().unwrap();
        let cards: BTreeSet<CardId> =
            self.customers.keys().copied().chain(unknown.iter().map(|card| card.card)).collect();
        for card in cards {
            for movement in snapshot.movements(card).unwrap() {
                let key = (movement.key.recorder.0, u32::try_from(movement.key.line).unwrap());
                let twin = self.movements.insert(key, movement);
                self.doubled.extend(twin.is_some().then_some(key));
            }
            for row in snapshot.bonus_rows(card).unwrap() {
                let key = (row.key.recorder.0, u32::try_from(row.key.line).unwrap());
                let twin = self.bonuses.insert(key, row);
                self.doubled.extend(twin.is_some().then_some(key));
            }
        }
    }

    /// The bonus rows of one card, as far as they are compared.
    pub fn bonuses_of(&self, card: CardId) -> BTreeMap<Key, BonusParts> {
        let own = self.bonuses.iter().filter(|(_, row)| row.card == card);
        own.map(|(key, row)| (*key, parts(row))).collect()
    }

    pub fn window_from(&self) -> Option<NaiveDateTime> {
        self.generation.window.from
    }

    /// Whether only what changed was read.
    pub fn is_delta(&self) -> bool {
        self.generation.basis.is_some_and(|basis| basis.deltas > 0)
    }

    /// The same sums as [`State::sales_cells`], of what is stored.
    fn sales_cells(&self, stretches: Stretches) -> Cells {
        let mut cells = Cells::new();
        for movement in self.movements.values() {
            let cell = stretches.cell(movement.kind == MovementKind::OpeningBalance, movement.period);
            *cells.entry((movement.card.0, cell)).or_default() += movement.amount.to_units().unwrap();
        }
        without_nothing(cells)
    }

    /// The same sums as [`State::points_cells`], of what is stored.
    fn points_cells(&self) -> Cells {
        let mut cells = Cells::new();
        for row in self.bonuses.values() {
            let change = row.change().to_units().unwrap();
            *cells.entry((row.card.0, Cell::Points(month(row.period)))).or_default() += change;
        }
        without_nothing(cells)
    }

    pub fn is_verified(&self, card: CardId) -> bool {
        let verdict = self.figures.get(&card).map(|figures| figures.verdict);
        matches!(verdict, Some(Verdict::Reconciled | Verdict::BeforeWindow))
    }

    /// Whether a confirmed generation claims the sums of this card: a known card may bear a variance or rows
    /// that could not be read; a card that is in no catalog bears no verdict.
    fn claims(&self, card: CardId) -> bool {
        if self.figures.contains_key(&card) { self.is_verified(card) } else { self.rejected == 0 }
    }

    /// Whether rows of this card could not be read, which is told with their keys.
    fn may_lack_rows_of(&self, card: CardId) -> bool {
        self.figures.get(&card).map_or(self.rejected > 0, |figures| figures.unreadable.any())
    }

    /// Whether all of it claims to be what 1C has.
    pub fn is_verified_whole(&self) -> bool {
        self.generation.proof == Proof::Confirmed && self.figures.keys().all(|card| self.is_verified(*card))
    }
}

/// No row is stored for two cards, however often it went from one to the other while it was read. (I8)
pub fn nothing_is_doubled(stored: &Stored) {
    let doubled = &stored.doubled;
    assert!(doubled.is_empty(), "I8: stored for two cards: {doubled:?}");
}

/// The store holds what its manifest and its figures say. (I1, I6)
pub fn figures_are_those_of_the_rows(stored: &Stored) {
    let counts = stored.generation.counts;
    let of_kind = |kind| stored.movements.values().filter(move |movement| movement.kind == kind);
    let opening: Amount = of_kind(MovementKind::OpeningBalance).map(|movement| movement.amount).sum();
    let purchases: Amount = of_kind(MovementKind::Purchase).map(|movement| movement.amount).sum();
    assert_eq!(counts.opening_balances.amount, opening, "I6: opening balances of the manifest");
    assert_eq!(counts.purchases.amount, purchases, "I6: purchases of the manifest");
    assert_eq!(counts.cards, stored.customers.len() as u64, "I1: cards of the manifest");
    assert_eq!(counts.bonus_rows, stored.bonuses.len() as u64, "I1: bonus rows of the manifest");
    assert_eq!(
        stored.figures.keys().collect::<Vec<_>>(),
        stored.customers.keys().collect::<Vec<_>>(),
        "I6: every card has figures"
    );
    let at = stored.generation.points_at;
    for (card, figures) in &stored.figures {
        let rows = || stored.movements.values().filter(|movement| movement.card == *card);
        let sum = |kind| -> Amount { rows().filter(|row| row.kind == kind).map(|row| row.amount).sum() };
        let own = figures.own;
        assert_eq!(own.opening_balance, sum(MovementKind::OpeningBalance), "I6: opening of {card}");
        assert_eq!(own.purchases, sum(MovementKind::Purchase), "I6: purchases of {card}");
        if let Some(at) = at {
            let bonus = || stored.bonuses.values().filter(|row| row.card == *card);
            let balance: Points = bonus().filter(|row| row.period <= at).map(BonusRow::change).sum();
            assert_eq!(own.points.register_balance, balance, "I6: points of {card}");
            let last = bonus().max_by_key(|row| (row.period, row.key.recorder, row.key.line));
            let last = last.map_or(Points::ZERO, |row| row.to_write_off);
            assert_eq!(own.points.last_record, last, "I6: last record of {card}");
        }
    }
}

/// What is marked verified is what the books were at one instant of its sync: all cards of a confirmed
/// generation at the same one. (I3)
pub fn verified_is_true_of_one_instant(stored: &Stored, history: &History, span: Span) {
    let now = stored.generation.points_at.unwrap_or_else(|| stored.generation.synced_at.naive_utc());
    let stretches = Stretches::confirmed(stored.generation.window, now, stored.is_delta());
    let cells = stored.sales_cells(stretches);
    let states = history.between(span.from, span.to);
    let candidates: Vec<Cells> =
        states.iter().map(|state| state.sales_cells(stored.window_from(), stretches)).collect();
    if stored.generation.proof == Proof::Confirmed {
        let claimed = |card: Uuid| stored.claims(CardId(card));
        let differing = |(books, state)| {
            let mut differing = differing(&cells, books, claimed);
            differing.retain(|(card, cell, own, _)| {
                !is_hidden(stored, history, span, state, (*card, *cell, *own))
            });
            differing
        };
        let differing: Vec<_> = candidates.iter().zip(states).map(differing).collect();
        let nearest = differing.iter().zip(states).min_by_key(|(differing, _)| differing.len());
        let (differing, state) = nearest.expect("a span has a state");
        assert!(
            differing.is_empty(),
            "I3: no instant of {span:?} had the confirmed sums; nearest is after {}: {differing:#?}",
            state.cause
        );
    }
    for card in stored.figures.keys().filter(|card| stored.is_verified(**card)) {
        let own = of_card(&cells, card.0);
        let at_some_instant = candidates.iter().zip(states).any(|(books, state)| {
            let differing = differing(&cells, books, |other| other == card.0);
            let hidden = |(card, cell, own, _)| is_hidden(stored, history, span, state, (card, cell, own));
            differing.into_iter().all(hidden)
        });
        assert!(at_some_instant, "I3: no instant of {span:?} had the verified sums of {card}: {own:?}");
    }
}

/// Before the window 1C's sums know no kinds: what went from an opening balance to a purchase that is not kept, or
/// back, moves none of them, and a delta shows it when its turn comes. So opening balances of a delta may be those of
/// an earlier instant at which all sales there came to the same.
fn is_hidden(
    stored: &Stored,
    history: &History,
    span: Span,
    state: &State,
    (card, cell, own): (Uuid, Cell, Option<i64>),
) -> bool {
    let from = stored.window_from();
    let now = state.before_window(card, from);
    let earlier = || history.between(span.rows_from, span.to).iter();
    let is_theirs = |earlier: &State| earlier.before_window(card, from) == (own.unwrap_or_default(), now.1);
    stored.is_delta() && cell == Cell::Opening(i32::MIN) && earlier().any(is_theirs)
}

fn of_card(cells: &Cells, card: Uuid) -> Vec<(Cell, i64)> {
    let of_it = cells.iter().filter(|((owner, _), _)| *owner == card);
    of_it.map(|((_, cell), sum)| (*cell, *sum)).collect()
}

/// The sums of these cards that are not the same.
fn differing(
    stored: &Cells,
    books: &Cells,
    claimed: impl Fn(Uuid) -> bool,
) -> Vec<(Uuid, Cell, Option<i64>, Option<i64>)> {
    let keys: BTreeSet<_> = stored.keys().chain(books.keys()).filter(|(card, _)| claimed(*card)).collect();
    let sums = keys.into_iter().map(|key| (key.0, key.1, stored.get(key).copied(), books.get(key).copied()));
    sums.filter(|(_, _, one, other)| one != other).collect()
}

/// Where nothing was compared nothing is verified, and nothing unknown is nought. (I7)
pub fn nothing_compared_is_unverified(stored: &Stored) {
    for (card, figures) in &stored.figures {
        let compared = figures.control.turnover_all.is_some() && figures.control.turnover_window.is_some();
        assert!(compared || !stored.is_verified(*card), "I7: {card} is verified by nothing");
    }
}

/// Every stable row is stored once, as it is; every other row is one there was. A sync that went on began
/// with its earliest attempt: what it took over is confirmed by counts and sums, and an edit since then that
/// keeps both, as a shift close does, shows with the next reading. (I8, I12)
pub fn rows_are_the_books(stored: &Stored, history: &History, span: Span) {
    let states = history.between(span.rows_from, span.to);
    let from = stored.window_from();
    let stable =
        |key: &Key, row: &Posted<SaleLine>| states.iter().all(|state| state.sales.get(key) == Some(row));
    let mut unreadable = 0;
    for (key, row) in states[0].sales.iter().filter(|(key, row)| stable(key, row)) {
        let expected = is_kept(row, from);
        let found = stored.movements.get(key);
        if expected && found.is_none() && stored.may_lack_rows_of(CardId(row.row.card)) {
            unreadable += 1;
            continue;
        }
        assert!(!expected || found.is_some(), "I8: a stable row is lost: {row:?}");
        assert!(expected || found.is_none(), "I8: a row nobody keeps is stored: {row:?}");
        if let Some(found) = found {
            assert_eq!(*found, movement_of(row), "I8: a stable row is not what it is");
        }
    }
    assert!(unreadable <= stored.rejected, "I8: {unreadable} rows are lacking, {} told", stored.rejected);
    for (key, movement) in &stored.movements {
        let was = |state: &State| state.sales.get(key).is_some_and(|row| movement_of(row) == *movement);
        assert!(states.iter().any(was), "I8: a stored row that never was: {movement:?}");
    }
    if stored.generation.points_at.is_some() {
        bonus_rows_are_the_books(stored, states);
    }
}

fn bonus_rows_are_the_books(stored: &Stored, states: &[State]) {
    let stable =
        |key: &Key, row: &Posted<BonusLine>| states.iter().all(|state| state.bonuses.get(key) == Some(row));
    for (key, row) in states[0].bonuses.iter().filter(|(key, row)| stable(key, row)) {
        let found = stored.bonuses.contains_key(key);
        let excused = !found && stored.may_lack_rows_of(CardId(row.row.card));
        assert!(excused || found == row.row.active, "I8: a stable bonus row is lost or kept: {row:?}");
    }
    for (key, stored) in &stored.bonuses {
        let was = |state: &State| state.bonuses.get(key).is_some_and(|row| bonus_of(row) == parts(stored));
        assert!(states.iter().any(was), "I8: a stored bonus row that never was: {stored:?}");
    }
}

/// Everything is exactly what the books have. (I9)
pub fn all_is_identical(stored: &Stored, books: &Books, state: &State) {
    let from = stored.window_from();
    let kept = state.sales.iter().filter(|(_, row)| is_kept(row, from));
    let expected: BTreeMap<Key, Movement> = kept.map(|(key, row)| (*key, movement_of(row))).collect();
    for (key, movement) in &expected {
        assert_eq!(stored.movements.get(key), Some(movement), "I9: a row of a quiet base");
    }
    assert_eq!(stored.movements.len(), expected.len(), "I9: rows of a quiet base");
    if stored.generation.points_at.is_some() {
        let active = || state.bonuses.iter().filter(|(_, row)| row.row.active);
        for (key, row) in active() {
            assert_eq!(stored.bonuses.get(key).map(parts), Some(bonus_of(row)), "I9: a bonus row");
        }
        assert_eq!(stored.bonuses.len(), active().count(), "I9: bonus rows of a quiet base");
        assert_eq!(stored.points_cells(), state.points_cells(), "I9: points of a quiet base");
    }
    let cards = books.card_list();
    let expected: BTreeSet<CardId> = cards.iter().map(|card| CardId(card.key)).collect();
    assert_eq!(stored.customers.keys().copied().collect::<BTreeSet<_>>(), expected, "I9: cards");
    for card in cards.iter().map(|card| books.card(card.key).unwrap()) {
        customer_is(&stored.customers[&CardId(card.key)], card, books);
    }
}

fn customer_is(customer: &Customer, card: &sverka_simulator::Card, books: &Books) {
    let whole = |text: &str| !text.chars().any(char::is_control);
    if whole(&card.code) && whole(&card.phone) {
        assert_eq!((&customer.code, &customer.barcode), (&card.code, &card.phone), "I9: a card");
    }
    assert_eq!(customer.marked_for_deletion, card.deletion_mark, "I9: a deletion mark");
    let owner = books.owner(card.owner).filter(|owner| whole(&owner.name) && !owner.name.is_empty());
    if let Some(owner) = owner.filter(|owner| owner.name.chars().all(|c| c.is_alphanumeric() || c == ' ')) {
        let named = customer.name == owner.name || customer.name == card.description;
        assert!(named, "I9: {} is stored for {}", customer.name, owner.name);
    }
}

/// The row as the store should have it.
pub fn movement_of(row: &Posted<SaleLine>) -> Movement {
    use sverka::domain::{MovementKey, ProductId, RecorderId, RecorderType};
    let line = &row.row;
    let opening = row.kind == DocumentKind::OpeningBalances;
    Movement {
        card: CardId(line.card),
        key: MovementKey {
            recorder: RecorderId(row.recorder),
            recorder_type: RecorderType(row.kind.type_name().into()),
            line: row.line.into(),
        },
        kind: if opening { MovementKind::OpeningBalance } else { MovementKind::Purchase },
        period: line.period,
        amount: Amount::from_units(line.amount),
        quantity: Quantity::from_units(line.quantity),
        product: (!line.product.is_nil()).then_some(ProductId(line.product)),
    }
}

/// What is compared of a bonus row.
pub type BonusParts = (CardId, String, NaiveDateTime, Direction, Points, Points);

pub fn bonus_of(row: &Posted<BonusLine>) -> BonusParts {
    let line = &row.row;
    let direction = match line.movement {
        sverka_simulator::Movement::Receipt => Direction::Receipt,
        sverka_simulator::Movement::Expense => Direction::Expense,
    };
    let (accrued, to_burn) = (Points::from_units(line.accrued), Points::from_units(line.to_burn));
    (CardId(line.card), row.kind.type_name().to_owned(), line.period, direction, accrued, to_burn)
}

fn parts(row: &BonusRow) -> BonusParts {
    let kind = row.key.recorder_type.0.to_string();
    (row.card, kind, row.period, row.direction, row.accrued, row.to_write_off)
}
