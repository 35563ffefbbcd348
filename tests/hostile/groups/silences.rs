//! Options that are passed over without a word, and answers with less, with nothing, or with other rows than were asked
//! for: an answer is held against the question.

use std::cmp::Ordering;

use crate::asked::Asked;
use crate::books::{Books, CARD_COUNT, card_key, who};
use crate::case::{Case, Ends, Money, Must, Points, Told, all_come_out};
use crate::condition::Condition;
use crate::onec::{Answer, OneC};
use crate::refusal::Refusal;
use crate::value::{Record, Value};
use crate::ways::{
    ANY_COUNT, BALANCE, BALANCE_AT, BY_ACTIVE, BY_CARD, BY_KEY, BY_PERIOD, BY_TYPE, BY_TYPE_ITSELF,
    CONDITION, COUNT, DIMENSIONS, FEW, FEW_CARDS, FEW_POINTS, FEW_SALES, FILTER, INLINE_COUNT, ORDER,
    POINT_ROWS, SELECT, SKIP, TABLES, TOP, TURNOVERS, TURNOVERS_OF_PERIOD, Way, alters, hears, is_even,
    is_none, knows_only, lies, sends,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known).lying();
const KEPT: Must = Must::be(Money::Kept, Points::Known).lying();
const RIGHT: Must = Must::be(Money::Right, Points::Known).lying();
const UNPROVEN: Must = Must::be(Money::Unproven, Points::Known).telling(Told::Something).lying();
const SAFE: Must = Must::be_safe();

pub(super) fn cases() -> Vec<Case> {
    [passed_over(), answered_with_less(), tables(), hidden_points()].into_iter().flatten().collect()
}

fn passed_over() -> Vec<Case> {
    let ignored = |way: Way, must: Must, otherwise: fn(Asked) -> Asked| {
        Case::new(format!("{} passed over", way.name), must, vec![hears(way, otherwise)])
    };
    vec![
        ignored(SELECT, PROVEN, |it| it.without("$select")),
        ignored(ORDER, PROVEN, |it| it.without("$orderby")),
        ignored(SKIP, PROVEN, |it| it.without("$skip")),
        ignored(TOP, PROVEN, |it| it.without("$top")),
        ignored(INLINE_COUNT, PROVEN, |it| it.without("$inlinecount")),
        ignored(FILTER, PROVEN, |it| Asked { filter: None, ..it }),
        ignored(BY_PERIOD, PROVEN, |it| it.without_condition("Period")),
        ignored(BY_CARD, PROVEN, |it| {
            it.without_condition("ДисконтнаяКарта_Key").without_condition("БонуснаяКарта_Key")
        }),
        ignored(BY_KEY, PROVEN, |it| it.without_condition("Ref_Key")),
        ignored(BY_TYPE, PROVEN, |it| it.without_condition("Recorder_Type")),
        ignored(BY_TYPE_ITSELF, PROVEN, |it| it.without_condition("Recorder_Type")),
        ignored(BY_ACTIVE, PROVEN, |it| it.without_condition("Active")),
        ignored(DIMENSIONS, PROVEN, |it| it.without_argument("Dimensions")),
        ignored(CONDITION, PROVEN, |it| it.without_argument("Condition")),
        ignored(TURNOVERS_OF_PERIOD, UNPROVEN, |it| {
            it.without_argument("StartPeriod").without_argument("EndPeriod")
        }),
        ignored(BALANCE_AT, PROVEN, |it| it.without_argument("Period")),
        ignored(TABLES, UNPROVEN, |it| {
            it.without_argument("StartPeriod").without_argument("EndPeriod").without_argument("Period")
        }),
        Case::new("$skip and $top passed over", PROVEN, vec![hears(SKIP, unpaged), hears(TOP, unpaged)]),
        Case::new("$orderby turned round", PROVEN, vec![hears(ORDER, turned_round)]),
        Case::new(
            "$orderby and $skip passed over",
            SAFE,
            vec![hears(SKIP, |it| it.without("$skip").without("$orderby"))],
        ),
        Case::new("pages of ten rows at most", PROVEN, vec![sends(TOP, ten_rows)]),
        Case::new(
            "/$count answered with rows",
            PROVEN,
            vec![sends(COUNT, |onec, asked| onec.honest(&rows_of(asked)).reply())],
        ),
        Case::new(
            "/$count answered with nothing",
            PROVEN,
            vec![sends(COUNT, |_, _| Refusal::Nothing(200).reply())],
        ),
        Case::new(
            "/$count answered in words, no count beside rows",
            RIGHT,
            vec![
                sends(COUNT, |_, _| Refusal::Words(200).reply()),
                hears(INLINE_COUNT, |it| it.without("$inlinecount")),
            ],
        ),
    ]
}

fn unpaged(asked: Asked) -> Asked {
    asked.without("$skip").without("$top")
}

fn turned_round(asked: Asked) -> Asked {
    let fields: Vec<_> = asked
        .option("$orderby")
        .unwrap_or_default()
        .split(',')
        .map(|field| format!("{field} desc"))
        .collect();
    asked.with("$orderby", &fields.join(","))
}

fn ten_rows(onec: &OneC, asked: &Asked) -> crate::http::Reply {
    let top = asked.option("$top").and_then(|top| top.parse::<u32>().ok()).unwrap_or(10).min(10);
    onec.honest(&asked.clone().with("$top", &top.to_string())).reply()
}

/// The rows instead of their number.
fn rows_of(asked: &Asked) -> Asked {
    let mut asked = asked.clone();
    if let crate::asked::Resource::Count(set) = asked.resource {
        asked.resource = crate::asked::Resource::Rows(set);
    }
    asked
}

fn answered_with_less() -> Vec<Case> {
    let half = |way: Way, must: Must| {
        Case::new(format!("{} finds half", way.name), must, vec![knows_only(way, is_even)])
    };
    let nothing = |way: Way, must: Must| {
        Case::new(format!("{} finds nothing", way.name), must, vec![knows_only(way, is_none)])
    };
    let others = |way: Way, must: Must| {
        Case::new(format!("{} finds the others", way.name), must, vec![sends(way, the_others)])
    };
    vec![
        half(FILTER, SAFE),
        half(BY_PERIOD, SAFE),
        half(BY_KEY, SAFE),
        half(BY_TYPE, SAFE),
        half(BY_ACTIVE, SAFE),
        half(BY_CARD, KEPT),
        nothing(FILTER, PROVEN),
        nothing(BY_PERIOD, PROVEN),
        nothing(BY_KEY, PROVEN),
        nothing(BY_TYPE, PROVEN),
        nothing(BY_TYPE_ITSELF, PROVEN),
        nothing(BY_ACTIVE, PROVEN),
        nothing(BY_CARD, KEPT),
        others(FILTER, PROVEN),
        others(BY_PERIOD, PROVEN),
        others(BY_KEY, PROVEN),
        others(BY_TYPE, PROVEN),
        others(BY_ACTIVE, PROVEN),
        others(BY_CARD, KEPT),
        nothing(ANY_COUNT, SAFE),
        nothing(FEW, SAFE),
        nothing(FEW_SALES, SAFE),
        nothing(FEW_POINTS, SAFE),
        nothing(FEW_CARDS, SAFE),
        Case::new(
            "rows are found by no filter, and counted by all",
            PROVEN,
            vec![sends(COUNT, |onec, asked| onec.honest(asked).reply()), knows_only(BY_PERIOD, is_none)],
        ),
    ]
}

/// What does not match.
fn the_others(onec: &OneC, asked: &Asked) -> crate::http::Reply {
    let mut asked = asked.clone();
    asked.filter = asked.filter.map(|filter| Condition::Not(Box::new(filter)));
    onec.honest(&asked).reply()
}

/// Rows of points that nobody is shown, and that 1C's own balances hold: what is to be written off by the last record of
/// those that are left is not what it is.
fn hidden_points() -> Vec<Case> {
    let hidden = |name: &str, is_shown: fn(&Record, &Books) -> bool| {
        let hide = move |books: &mut Books| {
            let whole = books.clone();
            books.points.retain(|row| is_shown(row, &whole));
        };
        let must = Must::be(Money::Proven, Points::Safe).deeply().telling(Told::Something);
        Case::new(format!("rows of points are hidden: {name}"), must, vec![lies(POINT_ROWS, hide)])
    };
    vec![
        hidden("all", |_, _| false),
        hidden("those of the future", |row, books| {
            row.get("Period").and_then(|at| at.compare(&Value::Time(books.now))) != Some(Ordering::Greater)
        }),
        hidden("every other card's", |row, _| {
            (0..CARD_COUNT).step_by(2).all(|number| card_key(number) != row.key("БонуснаяКарта_Key"))
        }),
    ]
}

fn tables() -> Vec<Case> {
    let answer = |name: &str, way: Way, must: Must, change: fn(Answer) -> Answer| {
        Case::new(format!("{} {name}", way.name), must, vec![alters(way, change)])
    };
    let unread = |name: &str, must: Must, change: fn(&mut Record)| {
        Case::new(
            format!("Turnovers {name}"),
            must,
            vec![sends(TURNOVERS, move |onec, asked| onec.honest(asked).each(change).reply())],
        )
    };
    vec![
        answer("answered with nothing", TURNOVERS, KEPT, |it| it.rows(|_| Vec::new())),
        answer("answered with nothing", BALANCE, KEPT, |it| it.rows(|_| Vec::new())),
        answer("answered with nothing", TABLES, KEPT, |it| it.rows(|_| Vec::new())),
        Case::new(
            "Turnovers forgets every third who bought lately",
            KEPT,
            vec![lies(TURNOVERS, forget_some)],
        ),
        answer("answered with half", BALANCE, KEPT, |it| {
            it.rows(|rows| rows.into_iter().step_by(2).collect())
        }),
        answer("in strings", TURNOVERS, PROVEN, |it| it.each(|row| quote(row, "СуммаTurnover"))),
        answer("without pieces", TURNOVERS, PROVEN, |it| it.each(|row| row.remove("КоличествоTurnover"))),
        answer("with every card twice", TURNOVERS, KEPT, |it| it.rows(|rows| [rows.clone(), rows].concat())),
        answer("with a row of zeros for nobody", TURNOVERS, PROVEN, |it| it.rows(with_zeros)),
        unread("without sums", UNPROVEN, |row| row.remove("СуммаTurnover")),
        unread("with sums under the name of the field", UNPROVEN, |row| {
            rename(row, "СуммаTurnover", "Сумма");
        }),
        unread("with sums that are null", RIGHT, |row| row.set("СуммаTurnover", Value::Raw("null".into()))),
        unread("with sums in words", RIGHT, |row| row.set("СуммаTurnover", Value::Text("много".into()))),
        unread("without cards", UNPROVEN, |row| row.remove("ДисконтнаяКарта_Key")),
        Case::new(
            "Turnovers of two months that a customer's purchases left and came to",
            Must { money: Money::Doubted(&[who::ANNA]), ..PROVEN }.deeply().telling(Told::Something),
            vec![sends(TURNOVERS_OF_PERIOD, |onec, asked| moved_by_month(onec.honest(asked), asked).reply())],
        ),
        Case::new(
            "Turnovers answered with rows of the register",
            UNPROVEN,
            vec![sends(TURNOVERS, |onec, asked| {
                let rows = crate::asked::Resource::Rows(format!("{}_RecordType", asked.of()));
                onec.honest(&Asked { resource: rows, ..asked.clone() }).reply()
            })],
        ),
        Case::new(
            "Turnovers answered with an item",
            UNPROVEN,
            vec![sends(TURNOVERS, |onec, _| Answer::One(onec.books().cards[0].clone()).reply())],
        ),
        Case::new(
            "Balance answered with Turnovers",
            Must { ends: Ends::Published, ..PROVEN },
            vec![sends(BALANCE, |onec, asked| {
                let mut asked = asked.clone();
                if let crate::asked::Resource::Table { table, .. } = &mut asked.resource {
                    "Turnovers".clone_into(table);
                }
                onec.honest(&asked).reply()
            })],
        ),
    ]
}

/// A thousand roubles more in one month, and less in another: over any longer time all is as it was.
fn moved_by_month(answer: Answer, asked: &Asked) -> Answer {
    let begins = |month: &str| asked.argument("StartPeriod").is_some_and(|start| start.contains(month));
    let more = match () {
        () if asked.argument("EndPeriod").is_none() => 0,
        () if begins("2025-09-01") => 100_000,
        () if begins("2025-11-01") => -100_000,
        () => 0,
    };
    answer.rows(|mut rows| {
        let card = card_key(who::ANNA);
        if more != 0 && !rows.iter().any(|row| row.key("ДисконтнаяКарта_Key") == card) {
            rows.push(Record::default().with("ДисконтнаяКарта_Key", Value::Key(card)));
        }
        for row in rows.iter_mut().filter(|row| more != 0 && row.key("ДисконтнаяКарта_Key") == card)
        {
            let sum = row.hundredths("СуммаTurnover") + more;
            row.set("СуммаTurnover", Value::Hundredths(sum));
        }
        rows
    })
}

fn forget_some(books: &mut Books) {
    let is_forgotten =
        |card: uuid::Uuid| (0..CARD_COUNT).any(|number| number % 15 == 3 && card_key(number) == card);
    books.sales.retain(|row| !is_forgotten(row.key("ДисконтнаяКарта_Key")));
}

fn quote(row: &mut Record, field: &'static str) {
    if let Some(value) = row.get(field).map(Value::json) {
        row.set(field, Value::Text(value));
    }
}

fn rename(row: &mut Record, field: &str, to: &'static str) {
    if let Some(value) = row.get(field).cloned() {
        row.remove(field);
        row.set(to, value);
    }
}

fn with_zeros(mut rows: Vec<Record>) -> Vec<Record> {
    if let Some(mut row) = rows.first().cloned() {
        for (_, value) in &mut row.0 {
            *value = match value {
                Value::Key(_) => Value::Key(uuid::Uuid::nil()),
                _ => Value::Hundredths(0),
            };
        }
        rows.push(row);
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn options_that_are_passed_over_are_noticed() {
    all_come_out(passed_over()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_with_less_than_was_asked_for_are_not_believed() {
    all_come_out(answered_with_less()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_that_do_not_answer_the_question_prove_nothing() {
    all_come_out(tables()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_rows_that_are_hidden_bear_no_tick() {
    all_come_out(hidden_points()).await;
}
