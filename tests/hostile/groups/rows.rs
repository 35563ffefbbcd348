//! Rows that are not what they are in the books: whatever is stored of them, nothing wrong has a tick.

use std::sync::atomic::{AtomicUsize, Ordering};

use uuid::Uuid;

use crate::books::{OPENING, REPORT, card_key, owner_key, period, recorder_type, who};
use crate::case::{Case, Ends, Money, Must, Points, all_come_out};
use crate::onec::{Answer, Rule};
use crate::value::{Record, Value};
use crate::ways::{
    CARD_SET, COUNT, EVERYTHING, OWNER_SET, POINT_ROWS, PRODUCT_SET, SALE_ROWS, Way, alters, lies, sends,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known).lying();
const KEPT: Must = Must::be(Money::Kept, Points::Known).lying();
const SAFE: Must = Must::be_safe();
const DEEP: Must = SAFE.deeply();
/// Published as it is in the books, or not at all.
const KEPT_IF_ANY: Must = Must { ends: Ends::Either, ..KEPT };
const MONEY_IF_ANY: Must = Must { points: Points::Safe, ..KEPT_IF_ANY };

pub(super) fn cases() -> Vec<Case> {
    [forgotten(), misshapen(), odd_items(), pages()].into_iter().flatten().collect()
}

/// Answers by books that were tampered with.
fn lie(name: &str, way: Way, must: Must, tamper: fn(&mut crate::books::Books)) -> Case {
    Case::new(format!("{}: {name}", way.name), must, vec![lies(way, tamper)])
}

/// Answers with every row changed.
fn each(name: &str, way: Way, must: Must, change: fn(&mut Record)) -> Case {
    let rule = sends(way, move |onec, asked| onec.honest(asked).each(change).reply());
    Case::new(format!("{}: {name}", way.name), must, vec![rule])
}

/// Answers with every page changed.
fn page(name: &str, way: Way, must: Must, change: fn(Answer) -> Answer) -> Case {
    Case::new(format!("{}: {name}", way.name), must, vec![alters(way, change)])
}

fn forgotten() -> Vec<Case> {
    vec![
        lie("Marina's are forgotten", SALE_ROWS, SAFE, |books| {
            books.sales.retain(|row| row.key("ДисконтнаяКарта_Key") != card_key(who::MARINA));
        }),
        lie("Marina's are Anna's", SALE_ROWS, SAFE, |books| books.give(who::MARINA, who::ANNA)),
        lie("opening balances are forgotten", SALE_ROWS, SAFE, |books| {
            books.sales.retain(|row| recorder_type(row) != OPENING);
        }),
        lie("those of a shift are forgotten", SALE_ROWS, SAFE, |books| {
            books.sales.retain(|row| recorder_type(row) != REPORT);
        }),
        lie("those before the window are forgotten", SALE_ROWS, KEPT, |books| {
            let from = books.window_from();
            books.sales.retain(|row| period(row) >= from || recorder_type(row) == OPENING);
        }),
        lie("all that are inactive count", SALE_ROWS, SAFE, |books| {
            books.sales.iter_mut().for_each(|row| row.set("Active", Value::Flag(true)));
        }),
        lie("everything is a kopeck more", SALE_ROWS, SAFE, |books| {
            books.sales.iter_mut().for_each(|row| {
                let amount = row.hundredths("Сумма");
                row.set("Сумма", Value::Hundredths(amount + 1));
            });
        }),
        lie("those of another base", SALE_ROWS, SAFE, |books| books.sales.iter_mut().for_each(another_card)),
        lie("there are none", SALE_ROWS, SAFE, |books| books.sales.clear()),
        lie("there are none", CARD_SET, SAFE, |books| books.cards.clear()),
        lie("there are none", OWNER_SET, SAFE, |books| books.owners.clear()),
        lie("there are none", PRODUCT_SET, PROVEN, |books| books.products.clear()),
        lie("there are none", POINT_ROWS, MONEY_IF_ANY, |books| books.points.clear()),
        lie("a fifth is forgotten", CARD_SET, SAFE, |books| books.cards.truncate(32)),
        lie("every other is forgotten", POINT_ROWS, MONEY_IF_ANY, |books| {
            books.points.retain(|row| row.key("Recorder").as_u128() % 2 == 0);
        }),
    ]
}

fn misshapen() -> Vec<Case> {
    vec![
        each("without Recorder_Type", SALE_ROWS, SAFE, |row| row.remove("Recorder_Type")),
        each("with an empty Recorder_Type", SALE_ROWS, SAFE, |row| {
            row.set("Recorder_Type", Value::Text(String::new()));
        }),
        each("without Recorder", SALE_ROWS, SAFE, |row| row.remove("Recorder")),
        each("without LineNumber", SALE_ROWS, SAFE, |row| row.remove("LineNumber")),
        each("all of line 1", SALE_ROWS, DEEP, |row| row.set("LineNumber", Value::Whole(1))),
        each("without Active", SALE_ROWS, SAFE, |row| row.remove("Active")),
        each("with amounts in strings", SALE_ROWS, PROVEN, |row| {
            restate(row, "Сумма", |json| format!("\"{json}\""));
        }),
        each("with amounts in exponents", SALE_ROWS, PROVEN, |row| {
            restate(row, "Сумма", |json| format!("{json}e0"));
        }),
        each("with a comma in amounts", SALE_ROWS, KEPT_IF_ANY, |row| {
            restate(row, "Сумма", |json| format!("\"{}\"", json.replace('.', ",")));
        }),
        each("with a zone in dates", SALE_ROWS, KEPT_IF_ANY, |row| {
            restate(row, "Period", |json| json.trim_end_matches('"').to_owned() + "+03:00\"");
        }),
        each("with fractions of a second", SALE_ROWS, PROVEN, |row| {
            restate(row, "Period", |json| json.trim_end_matches('"').to_owned() + ".000\"");
        }),
        each("with amounts that are null", SALE_ROWS, SAFE, |row| {
            row.set("Сумма", Value::Raw("null".into()));
        }),
        each("with amounts in words", SALE_ROWS, SAFE, |row| row.set("Сумма", Value::Text("сто".into()))),
        each("with amounts of a tenth of a kopeck", SALE_ROWS, SAFE, |row| {
            row.set("Сумма", Value::Raw("0.001".into()));
        }),
        each("with dates that are empty", SALE_ROWS, SAFE, |row| {
            row.set("Period", Value::Text("0001-01-01T00:00:00".into()));
        }),
        each("without dates", SALE_ROWS, SAFE, |row| row.remove("Period")),
    ]
}

fn odd_items() -> Vec<Case> {
    vec![
        each("all folders", CARD_SET, SAFE, |row| row.set("IsFolder", Value::Flag(true))),
        each("without keys", CARD_SET, SAFE, |row| row.remove("Ref_Key")),
        each("all of one key", CARD_SET, DEEP, |row| row.set("Ref_Key", Value::Key(card_key(0)))),
        each("all of one key", OWNER_SET, DEEP, |row| row.set("Ref_Key", Value::Key(owner_key(0)))),
        each("with fields nobody knows", EVERYTHING, PROVEN, |row| {
            row.set("НовоеПоле", Value::Raw("{\"a\":[1,2]}".into()));
        }),
    ]
}

fn pages() -> Vec<Case> {
    vec![
        page("every page twice in itself", SALE_ROWS, PROVEN, |it| {
            it.rows(|rows| [rows.clone(), rows].concat())
        }),
        page("every page without its last row", SALE_ROWS, DEEP, |it| it.rows(without_last)),
        page("every page without its last row", CARD_SET, DEEP, |it| it.rows(without_last)),
        page("every page without its last row", POINT_ROWS, MONEY_IF_ANY.deeply(), |it| {
            it.rows(without_last)
        }),
        page("every page without its first row", SALE_ROWS, DEEP, |it| {
            it.rows(|rows| rows.into_iter().skip(1).collect())
        }),
        page("the last row of a page comes with two contents", SALE_ROWS, DEEP, |it| it.rows(two_minded)),
        Case::new(
            "rows of sales: a page once without its last row",
            PROVEN,
            vec![once(SALE_ROWS, |it| it.rows(without_last))],
        ),
        Case::new(
            "cards: a page once without its last row",
            PROVEN,
            vec![once(CARD_SET, |it| it.rows(without_last))],
        ),
        Case::new(
            "rows of sales: a page once with nothing",
            PROVEN,
            vec![once(SALE_ROWS, |it| it.rows(|_| Vec::new()))],
        ),
        Case::new(
            "rows of points: a page once with nothing",
            PROVEN,
            vec![once(POINT_ROWS, |it| it.rows(|_| Vec::new()))],
        ),
    ]
}

fn another_card(row: &mut Record) {
    let card = row.key("ДисконтнаяКарта_Key").as_u128();
    row.set("ДисконтнаяКарта_Key", Value::Key(Uuid::from_u128(card ^ (0xff << 100))));
}

fn restate(row: &mut Record, field: &'static str, otherwise: fn(&str) -> String) {
    if let Some(json) = row.get(field).map(Value::json) {
        row.set(field, Value::Raw(otherwise(&json)));
    }
}

fn without_last(mut rows: Vec<Record>) -> Vec<Record> {
    rows.pop();
    rows
}

fn two_minded(mut rows: Vec<Record>) -> Vec<Record> {
    if let Some(mut row) = rows.last().cloned() {
        row.set("Сумма", Value::Hundredths(1));
        rows.push(row);
    }
    rows
}

/// The second page of a set is changed, and no other.
fn once(way: Way, change: fn(Answer) -> Answer) -> Rule {
    let pages = AtomicUsize::new(0);
    Box::new(move |onec, asked| {
        let is_page = (way.is)(asked) && asked.option("$skip").is_some() && !(COUNT.is)(asked);
        let is_it = is_page && pages.fetch_add(1, Ordering::Relaxed) == 0;
        is_it.then(|| change(onec.honest(asked)).reply())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_row_that_lies_puts_a_tick_at_a_wrong_figure() {
    all_come_out(cases()).await;
}
