use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use sverka::simulator::{BonusLine, Books, DocumentKind, FaultKind, Faults, Movement, Rate, SaleLine};
use sverka::sync::Error;
use sverka::sync::event::{Notice, Outcome};
use uuid::Uuid;

use crate::support::office::{Deed, Office, Rows};
use crate::support::{Witness, local_now};

/// A small shop read in many requests.
fn small() -> Office {
    let mut office = Office::open(45, 420, 1);
    office.config.onec.page_size = 60;
    office
}

fn day(y: i32, m: u32, d: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(12, 0, 0).unwrap()
}

/// Receipts with rows in the window, the oldest first.
fn receipts(books: &Books) -> Vec<Uuid> {
    let from = day(2025, 3, 1);
    let rows = books.sales().filter(|sale| sale.kind == DocumentKind::Receipt && sale.row.period >= from);
    let mut receipts: Vec<_> = rows.filter(|sale| sale.row.active).map(|sale| sale.recorder).collect();
    receipts.dedup();
    receipts
}

/// A receipt somewhere in the middle, and its first line.
fn some_receipt(books: &Books) -> Uuid {
    let receipts = receipts(books);
    receipts[receipts.len() / 2]
}

fn another_card(books: &Books, than: Uuid) -> Uuid {
    books.card_list().into_iter().map(|card| card.key).find(|card| *card != than).unwrap()
}

fn change_sale(books: &mut Books, change: impl Fn(&mut SaleLine)) {
    let receipt = some_receipt(books);
    let line = books.sales().find(|sale| sale.recorder == receipt).unwrap().line;
    assert!(books.change_sale(receipt, line, change));
}

fn change_opening(books: &mut Books, change: impl Fn(&mut SaleLine)) {
    let opening = |kind| kind == DocumentKind::OpeningBalances;
    let row = books.sales().find(|sale| opening(sale.kind) && sale.row.active).unwrap();
    assert!(books.change_sale(row.recorder, row.line, change));
}

fn change_bonus(books: &mut Books, change: impl Fn(&mut BonusLine)) {
    let rows: Vec<_> = books.bonuses().filter(|row| row.row.active).collect();
    let row = &rows[rows.len() / 2];
    assert!(books.change_bonus(row.recorder, row.line, change));
}

fn sale(card: Uuid, period: NaiveDateTime, amount: i64) -> SaleLine {
    let (owner, product) = (Uuid::nil(), Uuid::nil());
    SaleLine { period, active: true, card, owner, product, quantity: 1_000, amount, discount: 0 }
}

type Change = (&'static str, fn(&mut Books));

const SOLD: Change = ("something is sold", |books| {
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
const MENDED: Change = ("an amount is mended", |books| change_sale(books, |line| line.amount += 1));
const SWITCHED_OFF: Change =
    ("a sale is switched off", |books| change_sale(books, |line| line.active = false));

const DATED_BACK: Change = ("a sale is dated back by forty days", |books| {
    change_sale(books, |line| line.period -= TimeDelta::days(40));
});
const DATED_BACK_A_LITTLE: Change = ("a sale is dated back by an hour", |books| {
    change_sale(books, |line| line.period -= TimeDelta::hours(1))
});
const OUT_OF_WINDOW: Change =
    ("a sale leaves the window", |books| change_sale(books, |line| line.period -= TimeDelta::days(3_000)));
const INTO_FUTURE: Change =
    ("a sale moves into the future", |books| change_sale(books, |line| line.period += TimeDelta::days(900)));

const SHIFT_CLOSED: Change = ("a shift is closed", |books| {
    let receipts = receipts(books);
    books.close_shift(&receipts[receipts.len() / 3..], local_now());
});

const POSTED_ANEW: Change = ("a receipt is posted anew", |books| {
    let receipt = some_receipt(books);
    let row = books.sales().find(|sale| sale.recorder == receipt).unwrap().row;
    let line = |amount, days| SaleLine { amount, period: row.period - TimeDelta::days(days), ..row.clone() };
    assert!(books.repost(receipt, vec![line(100, 0), line(row.amount - 100, 1), line(7, 2)], Vec::new()));
});
const TAKEN_BACK: Change = ("a receipt is taken back", |books| {
    let receipt = some_receipt(books);
    assert!(books.unpost(receipt));
});

const OTHER_CARD: Change = ("a sale goes to another card", |books| {
    let receipt = some_receipt(books);
    let row = books.sales().find(|sale| sale.recorder == receipt).unwrap();
    let other = another_card(books, row.row.card);
    assert!(books.change_sale(receipt, row.line, |line| line.card = other));
});

const OPENING_MENDED: Change =
    ("an opening balance is mended", |books| change_opening(books, |line| line.amount += 5));
const OPENING_IN_WINDOW: Change = ("an opening balance is dated into the window", |books| {
    change_opening(books, |line| line.period = day(2025, 6, 15));
});
const OPENING_OF_ANOTHER: Change = ("an opening balance goes to another card", |books| {
    let card = books.card_list()[9].key;
    change_opening(books, |line| line.card = card);
});

const POINTS_MENDED: Change = ("points are mended", |books| change_bonus(books, |line| line.accrued += 100));
const POINTS_DUE: Change = ("points come due earlier", |books| {
    let future: Vec<_> = books.bonuses().filter(|row| row.row.period > local_now()).collect();
    let row = &future[future.len() / 2];
    assert!(books.change_bonus(row.recorder, row.line, |line| line.period = local_now()));
});

/// One of these changes before any request of a sync: what is published was in the books before the change or
/// after it, row by row where sums cannot tell.
async fn at_any_moment(changes: &[Change]) {
    let quiet = small();
    quiet.sync().await;
    let requests = quiet.desk.requests();
    assert!(requests > 40, "{requests}");
    for &(what, change) in changes {
        for at in 1..=requests {
            let office = small();
            let before = office.books();
            office.change_before(at, change);
            let finished = office.try_sync().await;
            let what = format!("{what} before request {at} of {requests}");
            assert_eq!(finished.summary.outcome, Outcome::Published, "{what}: {:?}", finished.error);
            assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0), "{what}");
            let instants = [office.rows_of(&office.books()), office.rows_of(&before)];
            assert_one_of(&office.published(), &instants, &what);
        }
    }
}

/// Rows that are the rows of one moment; or, where rows of two moments add up alike, their sums.
fn assert_one_of(published: &Rows, instants: &[Rows], what: &str) {
    let sums = |rows: &Rows| (rows.sums(), rows.bonuses.clone());
    assert!(
        instants.iter().any(|rows| rows == published || sums(rows) == sums(published)),
        "{what}: what is published was never in the books"
    );
}

#[tokio::test]
async fn r1_rows_that_come_and_change_while_they_are_read_are_those_of_one_moment() {
    at_any_moment(&[SOLD, MENDED, SWITCHED_OFF]).await;
}

#[tokio::test]
async fn r4_a_row_dated_back_while_it_is_read_is_neither_lost_nor_doubled() {
    at_any_moment(&[DATED_BACK, DATED_BACK_A_LITTLE, OUT_OF_WINDOW, INTO_FUTURE]).await;
}

#[tokio::test]
async fn r5_a_shift_closed_while_it_is_read_is_counted_once() {
    at_any_moment(&[SHIFT_CLOSED]).await;
}

#[tokio::test]
async fn r6_a_document_posted_anew_or_taken_back_is_replaced_as_a_whole() {
    at_any_moment(&[POSTED_ANEW, TAKEN_BACK]).await;
}

#[tokio::test]
async fn r7_a_sale_given_to_another_card_leaves_one_and_reaches_the_other() {
    at_any_moment(&[OTHER_CARD]).await;
}

#[tokio::test]
async fn i3_opening_balances_and_points_are_those_of_one_moment() {
    at_any_moment(&[OPENING_MENDED, OPENING_IN_WINDOW, OPENING_OF_ANOTHER, POINTS_MENDED, POINTS_DUE]).await;
}

/// A row moves on whenever its stretch was just read, so that no sum over the whole window ever changes.
#[tokio::test]
async fn i3_moves_that_keep_every_card_s_sum_are_found_by_the_months() {
    let requests = {
        let quiet = small();
        quiet.sync().await;
        quiet.desk.requests()
    };
    for (one, other) in (1..=requests).flat_map(|one| [(one, one + 1), (one, one + 3), (one, one + 7)]) {
        let office = small();
        // Two sales of one card and one amount, a year's length apart: each takes the other's place.
        office.change(|books| {
            let card = books.card_list()[5].key;
            for period in [day(2025, 4, 10), day(2025, 11, 10)] {
                books.post(DocumentKind::Receipt, period, vec![sale(card, period, 77_700)], Vec::new());
            }
        });
        let mut instants = vec![office.rows_of(&office.books())];
        let moved = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&moved);
        office.meddle(move |number, onec| {
            let dated = if number == one {
                Some((day(2025, 4, 10), day(2025, 7, 10)))
            } else if number == other {
                Some((day(2025, 11, 10), day(2025, 9, 10)))
            } else {
                None
            };
            if let Some((from, to)) = dated {
                let books = onec.books_mut();
                let row =
                    books.sales().find(|row| row.row.amount == 77_700 && row.row.period == from).unwrap();
                assert!(books.change_sale(row.recorder, row.line, |line| line.period = to));
                seen.lock().unwrap().push(books.clone());
            }
            Deed::Answer
        });
        let finished = office.try_sync().await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{one}, {other}: {:?}", finished.error);
        instants.extend(moved.lock().unwrap().iter().map(|books| office.rows_of(books)));
        assert_one_of(&office.published(), &instants, &format!("moves before requests {one} and {other}"));
    }
}

/// 1C contradicts itself: its rows stay what they are, and the cards concerned bear a variance.
#[tokio::test]
async fn totals_that_contradict_the_rows_are_published_as_variances() {
    let office = small();
    office.set_faults(Faults::default().add(FaultKind::WrongTotals, Rate::one_in(5)));
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert_eq!(summary.outcome, Outcome::Published);
    assert!(summary.variances > 0 && summary.variances < summary.cards / 2, "{}", summary.variances);
    assert_eq!(office.published(), office.rows_of(&office.books()));
    let told = |notice: &Notice| matches!(notice, Notice::TotalsContradict(cards) if *cards > 0);
    assert!(witness.notices.lock().unwrap().iter().any(told));
}

#[tokio::test]
async fn a_1c_that_never_holds_still_publishes_nothing_and_says_so() {
    let office = small();
    office.sync().await;
    let before = office.published();
    office.meddle(|_, onec| {
        change_sale(onec.books_mut(), |line| line.amount += 1);
        Deed::Answer
    });
    let finished = office.try_sync().await;
    let error = finished.error.unwrap();
    assert!(matches!(error, Error::NeverStill { rounds: 12, cards } if cards > 0), "{error}");
    assert_eq!(office.published(), before);
    assert_eq!(finished.summary.generation, Some(1));
    assert!(office.desk.requests() < 500, "{}", office.desk.requests());
}

#[tokio::test]
async fn i13_a_quiet_base_is_proven_with_few_requests() {
    let office = small();
    let summary = office.sync().await.summary;
    assert_eq!((summary.variances, summary.unverified), (0, 0));
    let proof = office.desk.asked().iter().filter(|url| url.contains("/Turnovers(")).count();
    // Twice all time and the window, and once each of thirteen months and the future.
    assert!(proof <= 4 + 15, "{proof} totals");
}
