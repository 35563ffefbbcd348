//! 1C's own sums are a second way to every figure, and no more: refused in whatever shape, they cost the proof alone.
//! Where only long periods are refused, shorter ones are asked for.

use chrono::{NaiveDateTime, TimeDelta};

use super::{refused, refused_so};
use crate::asked::Asked;
use crate::case::{Case, Money, Must, Points, Told, all_come_out};
use crate::onec::Rule;
use crate::refusal::Refusal;
use crate::ways::{
    BALANCE, BALANCE_AT, BALANCE_OF_ALL, CONDITION, DIMENSIONS, ENDLESS_TURNOVERS, TABLES, TURNOVERS,
    TURNOVERS_OF_PERIOD, refuses, sends,
};

const UNPROVEN: Must = Must::be(Money::Unproven, Points::Known).telling(Told::Something);
const WITHOUT_BALANCE: Must = Must::be(Money::Proven, Points::Known).telling(Told::Something);
const PROVEN: Must = Must::be(Money::Proven, Points::Known);
const RIGHT: Must = Must::be(Money::Right, Points::Known);

/// Shapes in which a server says that it took too long, or broke on the way.
const ILL: [Refusal; 8] = [
    Refusal::Page(504),
    Refusal::Page(502),
    Refusal::Code(500, Some(-1)),
    Refusal::Page(500),
    Refusal::Nothing(500),
    Refusal::PlatformPage(500),
    Refusal::Exception(500),
    Refusal::Words(501),
];

pub(super) fn cases() -> Vec<Case> {
    [refused_tables(), limited_tables()].into_iter().flatten().collect()
}

fn refused_tables() -> Vec<Case> {
    let parts = [
        refused(TURNOVERS, 0, Refusal::ALL.len(), UNPROVEN),
        refused(BALANCE, 0, 14, WITHOUT_BALANCE),
        refused(TABLES, 14, 6, UNPROVEN),
        refused(BALANCE_AT, 3, 4, PROVEN),
        refused(BALANCE_OF_ALL, 11, 4, PROVEN),
        refused(DIMENSIONS, 8, 8, RIGHT),
        refused(CONDITION, 17, 6, PROVEN),
        refused(TURNOVERS_OF_PERIOD, 23, 8, RIGHT),
    ];
    parts.into_iter().flatten().collect()
}

/// Tables that answer for so many days at the most.
fn limited_tables() -> Vec<Case> {
    let by_parts = PROVEN.within(1_500);
    let mut cases: Vec<_> =
        ILL.into_iter().map(|shape| refused_so(ENDLESS_TURNOVERS, shape, by_parts)).collect();
    cases.extend(refused(ENDLESS_TURNOVERS, 0, 8, RIGHT));
    let ills = || ILL.into_iter().cycle();
    cases.extend(
        ills().zip([400, 367, 184, 100, 93, 62, 32, 31]).map(|(shape, days)| limited(days, shape, by_parts)),
    );
    let weeks = RIGHT.within(4_000);
    cases.extend(ills().skip(2).zip([14, 8, 1]).map(|(shape, days)| limited(days, shape, weeks)));
    cases.extend(ills().skip(1).zip([100, 32]).map(|(shape, days)| {
        let name = format!("Turnovers of more than {days} days, and Balance, refused: {}", shape.name());
        Case::new(name, by_parts, vec![refuses_longer(days, shape), refuses(BALANCE, shape)])
    }));
    cases
}

fn limited(days: i64, shape: Refusal, must: Must) -> Case {
    let name = format!("Turnovers of more than {days} days refused: {}", shape.name());
    Case::new(name, must, vec![refuses_longer(days, shape)])
}

fn refuses_longer(days: i64, shape: Refusal) -> Rule {
    sends(TURNOVERS, move |onec, asked| match length(asked) {
        Some(length) if length <= TimeDelta::days(days) => onec.honest(asked).reply(),
        _ => shape.reply(),
    })
}

/// The period asked for, where it has both ends.
fn length(asked: &Asked) -> Option<TimeDelta> {
    let moment = |name| asked.argument(name)?.parse::<NaiveDateTime>().ok();
    Some(moment("EndPeriod")? - moment("StartPeriod")?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_that_are_refused_cost_the_proof_alone() {
    all_come_out(refused_tables()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_too_long_for_a_server_are_asked_for_by_shorter_periods() {
    all_come_out(limited_tables()).await;
}
