//! The invented shop: everything from a seed, a size and a day.

mod names;
mod people;
mod reference;
mod trade;
mod traps;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use uuid::Uuid;

use self::people::Person;
use super::books::{
    Bonus, BonusLine, Books, Card, DocumentKind, Movement, Owner, Product, Row, Sale, SaleLine,
};
use super::prng::Prng;

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

    /// The books of the shop.
    pub(super) fn books(&self) -> Books {
        let mut workshop = Workshop::new(*self);
        workshop.stock();
        reference::add(&mut workshop);
        traps::add(&mut workshop);
        trade::add(&mut workshop);
        workshop.finish()
    }
}

/// Books in the making.
struct Workshop {
    scenario: Scenario,
    books: Books,
    keys: Prng,
    cards: Vec<Card>,
    owners: Vec<Owner>,
    /// What is sold, folders and packaging left out.
    goods: Vec<Product>,
    packaging: Vec<Product>,
    sales: Vec<Row<Sale>>,
    bonuses: Vec<Row<Bonus>>,
    /// Rows of the opening balances that share a document with the reference customer's.
    carried_over: Vec<SaleLine>,
}

impl Workshop {
    fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            books: Books::empty(scenario.seed),
            keys: Prng::stream(scenario.seed, "keys"),
            cards: Vec::new(),
            owners: Vec::new(),
            goods: Vec::new(),
            packaging: Vec::new(),
            sales: Vec::new(),
            bonuses: Vec::new(),
            carried_over: Vec::new(),
        }
    }

    /// Midnight so many days before today.
    fn days_ago(&self, days: u64) -> NaiveDateTime {
        self.scenario.today.checked_sub_days(Days::new(days)).unwrap_or_default().and_time(NaiveTime::MIN)
    }

    /// A moment so many days before today.
    fn moment(&self, days: u64, hour: u32, minute: u32, second: u32) -> NaiveDateTime {
        let time = NaiveTime::from_hms_opt(hour, minute, second).unwrap_or_default();
        self.days_ago(days).date().and_time(time)
    }

    /// Fills the shelves.
    fn stock(&mut self) {
        let mut chance = Prng::stream(self.scenario.seed, "products");
        let mut products = names::folders(&mut chance);
        self.goods = names::goods(&mut chance, &products);
        self.packaging = names::packaging(&mut chance, &products);
        products.extend(self.goods.iter().chain(&self.packaging).cloned());
        self.books.products.load(products);
    }

    /// Takes a person in; the card's key is returned.
    fn admit(&mut self, person: Person) -> Uuid {
        let key = person.card.key;
        self.cards.push(person.card);
        self.owners.extend(person.owner);
        key
    }

    /// The owner of a card, for the rows of its sales.
    fn owner_of(&self, card: Uuid) -> Uuid {
        let known = self.cards.iter().rev().find(|known| known.key == card);
        known.map_or(Uuid::nil(), |card| card.owner)
    }

    /// Posts a document; all rows are put in order at the end.
    fn post(&mut self, kind: DocumentKind, date: NaiveDateTime, sales: &[SaleLine], bonuses: &[BonusLine]) {
        let id = self.books.documents.add(self.keys.guid(), kind, date);
        let amount = sales.iter().map(|line| line.amount).sum();
        let card = sales.first().map_or(Uuid::nil(), |line| line.card);
        self.books.documents.sum_up(id, amount, card);
        let keys = &mut self.books.keys;
        self.sales.extend((1..).zip(sales).map(|(line, row)| keys.pack_sale(id, line, row)));
        self.bonuses.extend((1..).zip(bonuses).map(|(line, row)| keys.pack_bonus(id, line, row)));
    }

    fn finish(mut self) -> Books {
        self.owners.extend(people::folders(&mut self.keys));
        self.books.cards.load(self.cards);
        self.books.owners.load(self.owners);
        self.books.sales.load(&self.books.documents, self.sales);
        self.books.bonuses.load(&self.books.documents, self.bonuses);
        self.books
    }
}

/// A purchase of one piece.
fn sale(card: Uuid, owner: Uuid, product: &Product, period: NaiveDateTime, amount: i64) -> SaleLine {
    let (product, quantity) = (product.key, if amount < 0 { -1000 } else { 1000 });
    SaleLine { period, active: true, card, owner, product, quantity, amount, discount: 0 }
}

/// An opening balance: one row of one piece and no product.
fn opening_balance(card: Uuid, owner: Uuid, period: NaiveDateTime, amount: i64) -> SaleLine {
    SaleLine { period, active: true, card, owner, product: Uuid::nil(), quantity: 1000, amount, discount: 0 }
}

/// A year later, at midnight: when points burn.
fn burns_at(accrued: NaiveDateTime) -> NaiveDateTime {
    accrued.date().checked_add_days(Days::new(365)).unwrap_or_default().and_time(NaiveTime::MIN)
}

/// The first two rows of the scheme: points accrued now, and scheduled to burn in a year.
fn accrual(card: Uuid, period: NaiveDateTime, points: i64) -> [BonusLine; 2] {
    let accrued = BonusLine {
        period,
        active: true,
        movement: Movement::Receipt,
        card,
        accrued: points,
        to_burn: 0,
        first_accrued: period,
    };
    let burn = BonusLine { period: burns_at(period), accrued: 0, to_burn: points, ..accrued.clone() };
    [accrued, burn]
}

/// How a configuration writes points that are spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spending {
    /// As an expense of `Начислено`.
    Expense,
    /// As a receipt of `КСписанию`.
    Receipt,
}

/// The last two rows of the scheme: points spent at a moment, and their scheduled burn cancelled.
fn spending(
    card: Uuid,
    at: NaiveDateTime,
    accrued_at: NaiveDateTime,
    points: i64,
    way: Spending,
) -> [BonusLine; 2] {
    let cancelled = BonusLine {
        period: burns_at(accrued_at),
        active: true,
        movement: Movement::Expense,
        card,
        accrued: 0,
        to_burn: points,
        first_accrued: accrued_at,
    };
    let spent = match way {
        Spending::Expense => BonusLine { period: at, accrued: points, to_burn: 0, ..cancelled.clone() },
        Spending::Receipt => BonusLine { period: at, movement: Movement::Receipt, ..cancelled.clone() },
    };
    [spent, cancelled]
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

#[cfg(test)]
mod tests;
