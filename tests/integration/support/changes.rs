//! What happens in a shop while it is read, as tests make it happen.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use sverka_simulator::{BonusLine, Books, DocumentKind, Movement, Posted, SaleLine};
use uuid::Uuid;

use super::local_now;
use super::office::Office;

/// A small shop read in many requests.
pub fn small() -> Office {
    let mut office = Office::open(45, 420, 1);
    office.config.onec.page_size = 60;
    office
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(12, 0, 0).unwrap()
}

/// Receipts with rows in the window, the oldest first.
pub fn receipts(books: &Books) -> Vec<Uuid> {
    let from = day(2025, 3, 1);
    let rows = books.sales().filter(|sale| sale.kind == DocumentKind::Receipt && sale.row.period >= from);
    let mut receipts: Vec<_> = rows.filter(|sale| sale.row.active).map(|sale| sale.recorder).collect();
    receipts.dedup();
    receipts
}

/// A receipt somewhere in the middle, and its first line.
pub fn some_receipt(books: &Books) -> Uuid {
    let receipts = receipts(books);
    receipts[receipts.len() / 2]
}

pub fn another_card(books: &Books, than: Uuid) -> Uuid {
    books.card_list().into_iter().map(|card| card.key).find(|card| *card != than).unwrap()
}

pub fn change_sale(books: &mut Books, change: impl Fn(&mut SaleLine)) {
    let receipt = some_receipt(books);
    let line = books.sales().find(|sale| sale.recorder == receipt).unwrap().line;
    assert!(books.change_sale(receipt, line, change));
}

pub fn change_opening(books: &mut Books, change: impl Fn(&mut SaleLine)) {
    let opening = |kind| kind == DocumentKind::OpeningBalances;
    let row = books.sales().find(|sale| opening(sale.kind) && sale.row.active).unwrap();
    assert!(books.change_sale(row.recorder, row.line, change));
}

/// A row of points somewhere in the middle.
pub fn some_bonus(books: &Books) -> Posted<BonusLine> {
    let rows: Vec<_> = books.bonuses().filter(|row| row.row.active).collect();
    rows[rows.len() / 2].clone()
}

pub fn change_bonus(books: &mut Books, change: impl Fn(&mut BonusLine)) {
    let row = some_bonus(books);
    assert!(books.change_bonus(row.recorder, row.line, change));
}

pub fn sale(card: Uuid, period: NaiveDateTime, amount: i64) -> SaleLine {
    let (owner, product) = (Uuid::nil(), Uuid::nil());
    SaleLine { period, active: true, card, owner, product, quantity: 1_000, amount, discount: 0 }
}

/// A change and what it is.
pub type Change = (&'static str, fn(&mut Books));

pub const SOLD: Change = ("something is sold", |books| {
    let card = books.card_list()[7].key;
    let bonus = |period, accrued, to_burn| BonusLine {
        period,
        active: true,
        movement: Movement::Receipt,
        card,
        accrued,
        to_burn,
        first_accrued: local_now(),
    };
    let bonuses = vec![bonus(local_now(), 1_000, 0), bonus(local_now() + TimeDelta::days(365), 0, 1_000)];
    books.post(DocumentKind::Receipt, local_now(), vec![sale(card, local_now(), 12_345)], bonuses);
});
/// And an amount of another month is mended, so that rows of both months belong together.
pub const SOLD_TO_A_STRANGER: Change = ("something is sold to a card nobody knows", |books| {
    let stranger = books.new_key();
    let line = sale(stranger, day(2025, 4, 20), 12_345);
    books.post(DocumentKind::Receipt, day(2025, 4, 20), vec![line], Vec::new());
    change_sale(books, |line| line.amount += 1);
});
pub const MENDED: Change = ("an amount is mended", |books| change_sale(books, |line| line.amount += 1));
pub const SWITCHED_OFF: Change =
    ("a sale is switched off", |books| change_sale(books, |line| line.active = false));

pub const DATED_BACK: Change = ("a sale is dated back by forty days", |books| {
    change_sale(books, |line| line.period -= TimeDelta::days(40));
});
pub const DATED_BACK_A_LITTLE: Change = ("a sale is dated back by an hour", |books| {
    change_sale(books, |line| line.period -= TimeDelta::hours(1));
});
pub const OUT_OF_WINDOW: Change =
    ("a sale leaves the window", |books| change_sale(books, |line| line.period -= TimeDelta::days(3_000)));
pub const INTO_FUTURE: Change =
    ("a sale moves into the future", |books| change_sale(books, |line| line.period += TimeDelta::days(900)));

pub const SHIFT_CLOSED: Change = ("a shift is closed", |books| {
    let receipts = receipts(books);
    books.close_shift(&receipts[receipts.len() / 3..], local_now());
});

pub const POSTED_ANEW: Change = ("a receipt is posted anew", |books| {
    let receipt = some_receipt(books);
    let row = books.sales().find(|sale| sale.recorder == receipt).unwrap().row;
    let line = |amount, days| SaleLine { amount, period: row.period - TimeDelta::days(days), ..row.clone() };
    assert!(books.repost(receipt, vec![line(100, 0), line(row.amount - 100, 1), line(7, 2)], Vec::new()));
});
pub const TAKEN_BACK: Change = ("a receipt is taken back", |books| {
    let receipt = some_receipt(books);
    assert!(books.unpost(receipt));
});

pub const OTHER_CARD: Change = ("a sale goes to another card", |books| {
    let receipt = some_receipt(books);
    let row = books.sales().find(|sale| sale.recorder == receipt).unwrap();
    let other = another_card(books, row.row.card);
    assert!(books.change_sale(receipt, row.line, |line| line.card = other));
});

pub const OPENING_MENDED: Change =
    ("an opening balance is mended", |books| change_opening(books, |line| line.amount += 5));
pub const OPENING_IN_WINDOW: Change = ("an opening balance is dated into the window", |books| {
    change_opening(books, |line| line.period = day(2025, 6, 15));
});
pub const OPENING_OF_ANOTHER: Change = ("an opening balance goes to another card", |books| {
    let card = books.card_list()[9].key;
    change_opening(books, |line| line.card = card);
});

pub const POINTS_MENDED: Change =
    ("points are mended", |books| change_bonus(books, |line| line.accrued += 100));
pub const POINTS_GONE: Change = ("a row of points is deleted", |books| {
    let row = some_bonus(books);
    assert!(books.delete_bonus(row.recorder, row.line));
});
pub const POINTS_OF_ANOTHER: Change = ("points go to another card", |books| {
    let other = another_card(books, some_bonus(books).row.card);
    change_bonus(books, |line| line.card = other);
});
/// A sale as well, so that rows of both registers belong together.
pub const POINTS_DUE_LATER_MENDED: Change = ("a sale and points due later are mended", |books| {
    change_sale(books, |line| line.amount += 1);
    let row = books.bonuses().filter(|row| row.row.period > local_now()).last().unwrap();
    assert!(books.change_bonus(row.recorder, row.line, |line| line.to_burn += 100));
});
pub const POINTS_DUE: Change = ("points come due earlier", |books| {
    let future: Vec<_> = books.bonuses().filter(|row| row.row.period > local_now()).collect();
    let row = &future[future.len() / 2];
    assert!(books.change_bonus(row.recorder, row.line, |line| line.period = local_now()));
});
