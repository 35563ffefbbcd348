//! Walking over a generation card by card.

use redb::ReadTransaction;

use super::record::{RecorderTypes, card_of, decode_bonus, decode_carried, decode_customer, decode_movement};
use super::rows::CardRows;
use super::schema::RowKind;
use super::segment::{Merge, StoredRow};
use super::{Counts, Error, Lines, UnknownCard};
use crate::domain::{CardId, Customer, Movement, MovementKind, StoredFigures, Verdict};

/// One card with all its rows. Without a customer it is an unknown card.
pub(super) struct WalkedCard {
    pub(super) card: CardId,
    pub(super) customer: Option<Customer>,
    pub(super) rows: CardRows,
}

/// The rows of a generation that lie by card, walked in step.
pub(super) struct Walk<'a> {
    customers: Stream,
    movements: Stream,
    bonus_rows: Stream,
    carried: Stream,
    types: &'a RecorderTypes,
}

impl<'a> Walk<'a> {
    /// Over the tables that `tables` names for each kind, the oldest first.
    pub(super) fn over<T: AsRef<[S]>, S: AsRef<str>>(
        read: &ReadTransaction,
        tables: impl Fn(RowKind) -> T,
        types: &'a RecorderTypes,
    ) -> Result<Self, Error> {
        let stream = |kind| Stream::new(Merge::over(read, tables(kind).as_ref())?);
        Ok(Self {
            customers: stream(RowKind::Customers)?,
            movements: stream(RowKind::Movements)?,
            bonus_rows: stream(RowKind::BonusRows)?,
            carried: stream(RowKind::Carried)?,
            types,
        })
    }

    /// The next card by key.
    pub(super) fn next(&mut self) -> Result<Option<WalkedCard>, Error> {
        let heads = [self.customers.card, self.movements.card, self.bonus_rows.card, self.carried.card];
        let Some(card) = heads.into_iter().flatten().min() else { return Ok(None) };
        let customer = self.customers.next_of(card)?;
        let customer = customer.map(|row| decode_customer(row.key(), row.record())).transpose()?;
        let mut rows = CardRows::default();
        while let Some(row) = self.movements.next_of(card)? {
            rows.movements.push(decode_movement(row.key(), row.record(), self.types)?);
        }
        while let Some(row) = self.bonus_rows.next_of(card)? {
            rows.bonus.push(decode_bonus(row.key(), row.record(), self.types)?);
        }
        rows.carried = self.carried.next_of(card)?.map(|row| decode_carried(row.record())).transpose()?;
        Ok(Some(WalkedCard { card, customer, rows }))
    }
}

/// Rows, and the card of the one that is next.
struct Stream {
    rows: Merge,
    next: Option<StoredRow>,
    card: Option<CardId>,
}

impl Stream {
    fn new(rows: Merge) -> Result<Self, Error> {
        let mut stream = Self { rows, next: None, card: None };
        stream.advance()?;
        Ok(stream)
    }

    fn advance(&mut self) -> Result<Option<StoredRow>, Error> {
        let next = self.rows.next()?;
        self.card = next.as_ref().map(|row| card_of(row.key())).transpose()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// The next row, if it belongs to this card.
    fn next_of(&mut self, card: CardId) -> Result<Option<StoredRow>, Error> {
        if self.card == Some(card) { self.advance() } else { Ok(None) }
    }
}

/// Counts a generation while it is walked over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CountTally(pub(super) Counts);

impl CountTally {
    /// Counts a card's rows; says what there is of it where it is unknown.
    pub(super) fn card(&mut self, WalkedCard { card, customer, rows }: &WalkedCard) -> Option<UnknownCard> {
        let opening_balances = lines_of(&rows.movements, MovementKind::OpeningBalance);
        let purchases = lines_of(&rows.movements, MovementKind::Purchase);
        let bonus_rows = rows.bonus.len() as u64;
        let Self(counts) = self;
        counts.opening_balances.add(opening_balances);
        counts.purchases.add(purchases);
        counts.bonus_rows += bonus_rows;
        counts.carried += u64::from(rows.carried.is_some());
        if customer.is_some() {
            counts.cards += 1;
            return None;
        }
        counts.unknown.add(opening_balances);
        counts.unknown.add(purchases);
        Some(UnknownCard { card: *card, opening_balances, purchases, bonus_rows })
    }

    /// Counts a card's verdict.
    pub(super) fn figures(&mut self, figures: &StoredFigures) {
        let Self(counts) = self;
        let count = match figures.verdict {
            Verdict::Reconciled => &mut counts.reconciled,
            Verdict::BeforeWindow => &mut counts.before_window,
            Verdict::Variance => &mut counts.variances,
            Verdict::Unverified | Verdict::UnknownCard => &mut counts.unverified,
        };
        *count += 1;
    }
}

fn lines_of(movements: &[Movement], kind: MovementKind) -> Lines {
    let of_kind = || movements.iter().filter(|movement| movement.kind == kind);
    Lines { lines: of_kind().count() as u64, amount: of_kind().map(|movement| movement.amount).sum() }
}
