//! The invented shop: everything from a seed.

use chrono::NaiveDate;

use super::books::Books;

/// What the simulated shop looks like: the same scenario always gives the same books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub(super) customers: usize,
    pub(super) lines: usize,
    pub(super) seed: u64,
    pub(super) today: NaiveDate,
}

impl Scenario {
    /// A shop with so many cards and ten lines of sales for each, as it stands on a day.
    ///
    /// The reference customer is always there. The traps need a card of their own each: with 40 customers or more
    /// all are there, with fewer as many as fit, in the order of [`Trap::ALL`].
    pub const fn new(customers: usize, seed: u64, today: NaiveDate) -> Self {
        let customers = if customers == 0 { 1 } else { customers };
        Self { customers, lines: customers.saturating_mul(10), seed, today }
    }

    /// The same shop with so many rows in the sales register, opening balances included (never fewer than the
    /// reference customer and the traps take).
    #[must_use]
    pub const fn with_lines(self, lines: usize) -> Self {
        Self { lines, ..self }
    }

    pub(super) fn books(&self) -> Books {
        Books::empty(self.seed)
    }
}

macro_rules! traps {
    ($($(#[$doc:meta])+ $variant:ident,)+) => {
        /// Something that customers' data may do to a careless reader; each has a card of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Trap { $($(#[$doc])+ $variant,)+ }

        impl Trap {
            /// Every trap, in the order in which cards are given to them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
        }
    };
}

traps! {
    /// Two equal lines in one receipt: both count.
    EqualLines,
    /// A return: a line with negative amount and quantity.
    Return,
    /// A purchase 400 days before today, and one within the year.
    OldPurchase,
    /// A card without a phone in its bar code; the owner has one.
    NoPhone,
    /// A card without an owner.
    NoOwner,
    /// The first of two cards with one phone.
    SharedPhone,
    /// The second of two cards with one phone.
    SharedPhoneTwin,
    /// The first of two cards of one owner.
    SeveralCards,
    /// The second of two cards of one owner.
    SeveralCardsTwin,
    /// An owner's name with an escape sequence, C1 controls and a bidirectional override.
    ControlCharactersInName,
    /// A town with an escape sequence and a bidirectional override.
    ControlCharactersInCity,
    /// The town on the third line, lines ending in CR LF: Ялта.
    CityAfterCrLf,
    /// The town on the third line, lines ending in CR: Алушта.
    CityAfterCr,
    /// The town on the third line, lines ending in LF: Евпатория.
    CityAfterLf,
    /// The third line is a phone; the town is the street of an address kept as a JSON object: Керчь.
    CityInJsonStreet,
    /// The third line is an e-mail address; the town is in the first item of a JSON list, `Улица` empty: Феодосия.
    CityInJsonList,
    /// The third line is a date; the town is the street inside the XML of a contact row: Судак.
    CityInXmlStreet,
    /// Two lines only; the town is `Город` of the address row: Саки.
    CityInContact,
    /// No details; the town is named in the address row's presentation only: Бахчисарай.
    CityInPresentation,
    /// No town anywhere.
    CityNowhere,
    /// A card marked for deletion, with sales.
    DeletedCard,
    /// Rows that are not active, in both registers.
    InactiveRows,
    /// Points accrued and burning in the future only.
    FutureBonus,
    /// Points taken back by a negative accrual.
    NegativeAccrual,
    /// Points spent as an expense of `Начислено`.
    SpentAsExpense,
    /// Points spent as a receipt of `КСписанию`.
    SpentAsReceipt,
    /// One sale recorded by a receipt and by a retail report: the same card, day and sum.
    DoubledSale,
    /// One movement of a card that the catalog does not know.
    UnknownCard,
    /// One movement of the empty card.
    EmptyCard,
    /// A single line of 9 999 999 999 999.99.
    LargeAmount,
    /// Opening balances in two documents.
    TwoOpeningBalances,
    /// Rows on the first second of the window of 365 days and on the last second before it.
    WindowEdge,
}
