//! Counts and sums that are not those of the books, and answers of another set: nothing wrong has a tick.

use uuid::Uuid;

use crate::asked::{Asked, Resource};
use crate::books::{
    Books, CARDS, OPENING, OWNERS, POINTS, PRODUCTS, SALES, card_key, period, recorder_type, who,
};
use crate::case::{Case, Ends, Money, Must, Points, Told, all_come_out};
use crate::onec::{Answer, Rule};
use crate::value::Value;
use crate::ways::{
    ANY_COUNT, BALANCE, CARD_SET, EVERYTHING, OWNER_SET, POINT_ROWS, POINT_SET, PRODUCT_SET, SALE_ROWS,
    TURNOVERS, TURNOVERS_OF_PERIOD, Way, lies, sends,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known).lying();
const KEPT: Must = Must::be(Money::Kept, Points::Known).lying();
const BUT_MARINA: Must = but(&[who::MARINA]);
/// A table that leaves out Marina tells nothing of those who bought nothing in the window, for it does not mention them.
const BUT_MARINA_AND_THOSE_NOT_MENTIONED: Must = but(&[who::MARINA, 4, 9, 14, 19, 24, 29, 34, who::DINA]);
const BUT_MARINA_ANNA_AND_THOSE_NOT_MENTIONED: Must =
    but(&[who::MARINA, who::ANNA, 4, 9, 14, 19, 24, 29, 34, who::DINA]);
const SAFE: Must = Must::be_safe();
/// Published as it is in the books, or not at all.
const KEPT_IF_ANY: Must = Must { ends: Ends::Either, ..KEPT };
const DEEP_KEPT: Must = KEPT_IF_ANY.deeply();

/// All is proven but these customers, and the sync tells of them.
const fn but(customers: &'static [u32]) -> Must {
    Must::be(Money::ProvenBut(customers), Points::Known).lying().telling(Told::Something)
}

pub(super) fn cases() -> Vec<Case> {
    [counts(), sums(), sets()].into_iter().flatten().collect()
}

fn counts() -> Vec<Case> {
    let counts = |of: Way, name: &str, must: Must, count: fn(usize) -> usize| {
        let rule: Rule = Box::new(move |onec, asked| {
            let is_meant = (of.is)(asked) && (ANY_COUNT.is)(asked);
            is_meant.then(|| miscounted(onec.honest(asked), count).reply())
        });
        Case::new(format!("{}: {name}", of.name), must, vec![rule])
    };
    let mut cases = Vec::new();
    for of in [CARD_SET, OWNER_SET, SALE_ROWS, POINT_ROWS, PRODUCT_SET] {
        cases.push(counts(of, "one less is counted", DEEP_KEPT, |count| count.saturating_sub(1)));
        cases.push(counts(of, "one more is counted", DEEP_KEPT, |count| count + 1));
        cases.push(counts(of, "nothing is counted", KEPT_IF_ANY, |_| 0));
    }
    cases.push(counts(SALE_ROWS, "a thousand times as many are counted", DEEP_KEPT, |count| count * 1_000));
    cases.push(counts(EVERYTHING, "half is counted", DEEP_KEPT, |count| count / 2));
    cases
}

fn miscounted(answer: Answer, count: fn(usize) -> usize) -> Answer {
    match answer {
        Answer::Count(number) => Answer::Count(count(number)),
        Answer::Rows { rows, count: Some(number) } => Answer::Rows { rows, count: Some(count(number)) },
        other => other,
    }
}

fn sums() -> Vec<Case> {
    let lie = |name: &str, way: Way, must: Must, tamper: fn(&mut Books)| {
        Case::new(format!("{}: {name}", way.name), must, vec![lies(way, tamper)])
    };
    vec![
        lie("a kopeck more for Marina", TURNOVERS, BUT_MARINA, |books| books.sell_lately(who::MARINA, 1)),
        lie("a kopeck less for Marina", TURNOVERS, BUT_MARINA, |books| books.sell_lately(who::MARINA, -1)),
        lie("a million more for Marina", TURNOVERS, BUT_MARINA, |books| {
            books.sell_lately(who::MARINA, 100_000_000);
        }),
        lie("Marina is forgotten", TURNOVERS, BUT_MARINA_AND_THOSE_NOT_MENTIONED, |books| {
            books.sales.retain(|row| row.key("ДисконтнаяКарта_Key") != card_key(who::MARINA));
        }),
        lie("Marina's purchases are Anna's", TURNOVERS, BUT_MARINA_ANNA_AND_THOSE_NOT_MENTIONED, |books| {
            books.give(who::MARINA, who::ANNA);
        }),
        lie("Dina has bought", TURNOVERS, but(&[who::DINA]), |books| {
            books.sell_lately(who::DINA, 5_000);
        }),
        lie("somebody nobody knows has bought", TURNOVERS, PROVEN, |books| {
            books.sell_lately(who::MARINA, 5_000);
            if let Some(row) = books.sales.last_mut() {
                row.set("ДисконтнаяКарта_Key", Value::Key(Uuid::from_u128(0xffff)));
            }
        }),
        lie("the window is a kopeck more for Marina", TURNOVERS_OF_PERIOD, BUT_MARINA, |books| {
            books.sell_lately(who::MARINA, 1);
        }),
        lie("rows that do not count are added up", TURNOVERS, but(&[who::ANNA]), |books| {
            books.sales.iter_mut().for_each(|row| row.set("Active", Value::Flag(true)));
        }),
        lie("opening balances are left out", TURNOVERS, KEPT, |books| {
            books.sales.retain(|row| recorder_type(row) != OPENING);
        }),
        lie("the future is left out", TURNOVERS, but(&[who::ANNA]), |books| {
            let now = books.now;
            books.sales.retain(|row| period(row) <= now);
        }),
        lie("everything is doubled", TURNOVERS, KEPT, |books| {
            let sales = books.sales.clone();
            books.sales.extend(sales);
        }),
        lie("everybody has a point more", BALANCE, KEPT, |books| {
            books.points.iter_mut().for_each(|row| {
                let accrued = row.hundredths("Начислено");
                row.set("Начислено", Value::Hundredths(accrued + 100));
            });
        }),
        lie("nobody has points", BALANCE, KEPT, |books| books.points.clear()),
    ]
}

fn sets() -> Vec<Case> {
    let instead = |way: Way, of: &'static str, must: Must| {
        let rule = sends(way, move |onec, asked| onec.honest(&about(asked, of)).reply());
        Case::new(format!("{} answered with {of}", way.name), must, vec![rule])
    };
    let rows_of = |register: &str| format!("{register}_RecordType");
    let (sales, points): (&'static str, &'static str) = (rows_of(SALES).leak(), rows_of(POINTS).leak());
    vec![
        instead(CARD_SET, OWNERS, SAFE),
        instead(CARD_SET, PRODUCTS, SAFE),
        instead(CARD_SET, sales, SAFE),
        instead(OWNER_SET, CARDS, SAFE),
        instead(OWNER_SET, PRODUCTS, SAFE),
        instead(PRODUCT_SET, CARDS, PROVEN),
        instead(SALE_ROWS, points, SAFE),
        instead(SALE_ROWS, CARDS, SAFE),
        instead(POINT_ROWS, sales, Must { points: Points::Safe, ..KEPT_IF_ANY }),
        instead(POINT_SET, CARDS, Must { points: Points::Safe, ..KEPT_IF_ANY }),
    ]
}

/// The same question about another set, its fields and conditions left out.
fn about(asked: &Asked, set: &str) -> Asked {
    let mut asked = Asked { filter: None, ..asked.clone().without("$select").without("$orderby") };
    asked.resource = match asked.resource {
        Resource::Count(_) => Resource::Count(set.to_owned()),
        _ => Resource::Rows(set.to_owned()),
    };
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_count_that_lies_puts_a_tick_at_a_wrong_figure() {
    all_come_out(counts()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sum_that_lies_puts_a_tick_at_a_wrong_figure() {
    all_come_out(sums()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_of_another_set_put_no_tick_at_a_wrong_figure() {
    all_come_out(sets()).await;
}
