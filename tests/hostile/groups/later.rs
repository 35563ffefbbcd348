//! Servers that behaved once and do not any more: what was stored stays right, and what is lost is told.

use sverka::sync::SyncMode;

use super::{refused, refused_asking, refused_at_first};
use crate::books::{Books, OPENING, RECEIPT, REPORT, TRANSFER, card_key, recorder_type, who};
use crate::case::{Case, Ends, Money, Must, Points, Told, all_come_out};
use crate::onec::Rule;
use crate::value::Value;
use crate::ways::{
    BALANCE, BY_KEY, BY_PERIOD, CARD_SET, EVERYTHING, FILTER, ORDER, OWNER_SET, POINT_SET, POINTS_TURNOVERS,
    PRODUCT_SET, SALE_ROWS, TABLES, TURNOVERS, TURNOVERS_OF_PERIOD, Way, lies,
};

const PROVEN: Must = Must::be(Money::Proven, Points::Known);
const KEPT: Must = Must::be(Money::Kept, Points::Known);
const RIGHT: Must = Must::be(Money::Right, Points::Known);
const UNNAMED: Must = KEPT.telling(Told::Something);
const WITHOUT_POINTS: Must = Must::be(Money::Proven, Points::Unknown).telling(Told::Something);
const KEPT_IF_ANY: Must = Must { ends: Ends::Either, ..Must::be(Money::Kept, Points::Known) }.deeply();
const SAFE: Must = Must::be_safe().deeply();
/// Names are lost, or nothing is published; either is told.
const NAMELESS: Must = SAFE.telling(Told::Something);
/// The store knows some of the keys: so does doctor.
const ANOTHER_BASE: Must = Must { money: Money::Kept, points: Points::Known, ..Must::fail() };

/// Refusals of the second sync, by turns a full one and a delta.
fn refused_later(way: Way, first: usize, shapes: usize, must: Must) -> Vec<Case> {
    later(refused(way, first, shapes, must))
}

fn later(cases: Vec<Case>) -> Vec<Case> {
    let extents = [SyncMode::Delta, SyncMode::Full].into_iter().cycle();
    let cases = cases.into_iter().zip(extents);
    cases.map(|(case, mode)| then(case, mode)).collect()
}

fn then(case: Case, mode: SyncMode) -> Case {
    let name = format!("before a {mode:?} sync, {}", case.name);
    Case { name, ..case }.after_a_good_one(mode)
}

pub(super) fn cases() -> Vec<Case> {
    [refusals(), emptiness(), deeds()].into_iter().flatten().collect()
}

fn refusals() -> Vec<Case> {
    let parts = [
        refused_later(POINT_SET, 0, 12, WITHOUT_POINTS),
        refused_later(PRODUCT_SET, 9, 2, PROVEN),
        refused_later(TURNOVERS, 17, 4, RIGHT),
        refused_later(TURNOVERS_OF_PERIOD, 20, 2, RIGHT),
        refused_later(TABLES, 23, 2, RIGHT),
        refused_later(BALANCE, 3, 4, PROVEN),
        refused_later(POINTS_TURNOVERS, 11, 4, PROVEN),
        later(refused_at_first(BY_KEY, 18, 2, PROVEN)),
        later(refused_asking(BY_PERIOD, 28, 2, PROVEN)),
        later(refused_at_first(FILTER, 13, 2, PROVEN)),
        later(refused_asking(ORDER, 21, 2, PROVEN)),
        refused_later(CARD_SET, 2, 2, Must { money: Money::Kept, points: Points::Known, ..Must::fail() }),
        refused_later(SALE_ROWS, 6, 2, Must { money: Money::Kept, points: Points::Known, ..Must::fail() }),
    ];
    parts.into_iter().flatten().collect()
}

fn emptiness() -> Vec<Case> {
    let lie = |name: &str, way: Way, tamper: fn(&mut Books)| {
        let case = |mode| {
            then(Case::new(format!("{}: {name}", way.name), KEPT_IF_ANY, vec![lies(way, tamper)]), mode)
        };
        [SyncMode::Full, SyncMode::Delta].map(case).into_iter().collect::<Vec<_>>()
    };
    let of = |mode, name: &str, must: Must, rule: Rule| vec![then(Case::new(name, must, vec![rule]), mode)];
    let parts = [
        of(
            SyncMode::Full,
            "cards: half is forgotten",
            SAFE,
            lies(CARD_SET, |books| books.cards.truncate(20)),
        ),
        of(
            SyncMode::Delta,
            "cards: half is forgotten",
            SAFE,
            lies(CARD_SET, |books| books.cards.truncate(20)),
        ),
        lie("there are none", CARD_SET, |books| books.cards.clear()),
        lie("there are none", SALE_ROWS, |books| books.sales.clear()),
        lie("there are none", PRODUCT_SET, |books| books.products.clear()),
        lie("opening balances are forgotten", SALE_ROWS, |books| {
            books.sales.retain(|row| recorder_type(row) != OPENING);
        }),
        of(SyncMode::Full, "owners: there are none", NAMELESS, lies(OWNER_SET, |books| books.owners.clear())),
        of(
            SyncMode::Delta,
            "owners: there are none",
            NAMELESS,
            lies(OWNER_SET, |books| books.owners.clear()),
        ),
        of(SyncMode::Full, "another base", ANOTHER_BASE, lies(EVERYTHING, with_other_keys)),
        of(SyncMode::Delta, "another base", ANOTHER_BASE, lies(EVERYTHING, with_other_keys)),
    ];
    parts.into_iter().flatten().collect()
}

fn with_other_keys(books: &mut Books) {
    books.cards.iter_mut().for_each(|card| {
        let key = card.key("Ref_Key").as_u128();
        card.set("Ref_Key", Value::Key(uuid::Uuid::from_u128(key ^ (0xff << 100))));
    });
}

/// Deeds in 1C between two syncs, told by a server that behaves: the books are others, and so must the figures be.
fn deeds() -> Vec<Case> {
    let deed = |name: &str, must: Must, act: fn(&mut Books)| {
        [SyncMode::Full, SyncMode::Delta]
            .map(|mode| then(Case::new(name, must, Vec::new()).meanwhile(act), mode))
    };
    let parts = [
        deed("nothing is done", PROVEN, |_| ()),
        deed(
            "Marina's opening balance is entered again by another document of the same kind",
            PROVEN,
            |books| {
                for row in of(books, who::MARINA, OPENING) {
                    row.set("Recorder", Value::Key(uuid::Uuid::from_u128(0xabc)));
                }
            },
        ),
        // By the settings it is none any more, and by the name of its document one that nobody named: it is told, and a
        // live check says that it is missing.
        deed("Marina's opening balance is entered again under another kind", UNNAMED, |books| {
            of(books, who::MARINA, OPENING)
                .for_each(|row| row.set("Recorder_Type", Value::Text(TRANSFER.into())));
        }),
        deed("Vera's opening balance inside the window becomes a receipt", PROVEN, |books| {
            of(books, who::VERA, OPENING)
                .for_each(|row| row.set("Recorder_Type", Value::Text(RECEIPT.into())));
        }),
        deed("Gleb's purchases before the window become opening balances", PROVEN, |books| {
            let from = books.window_from();
            let before = of(books, who::GLEB, RECEIPT).filter(|row| crate::books::period(row) < from);
            before.for_each(|row| row.set("Recorder_Type", Value::Text(OPENING.into())));
        }),
        // By the next full sync at the latest; until then a live check names the lines that differ.
        deed("Anna's receipts become a report", KEPT, |books| {
            of(books, who::ANNA, RECEIPT)
                .for_each(|row| row.set("Recorder_Type", Value::Text(REPORT.into())));
        }),
        deed("Marina's opening balance is a rouble more", PROVEN, |books| {
            for row in of(books, who::MARINA, OPENING) {
                let amount = row.hundredths("Сумма");
                row.set("Сумма", Value::Hundredths(amount + 100));
            }
        }),
        deed("Boris's purchases go to Dina", PROVEN, |books| {
            of(books, who::BORIS, RECEIPT)
                .for_each(|row| row.set("ДисконтнаяКарта_Key", Value::Key(card_key(who::DINA))));
        }),
    ];
    parts.into_iter().flatten().collect()
}

fn of<'a>(
    books: &'a mut Books,
    number: u32,
    kind: &'static str,
) -> impl Iterator<Item = &'a mut crate::value::Record> {
    let is_meant = move |row: &&mut crate::value::Record| {
        row.key("ДисконтнаяКарта_Key") == card_key(number) && recorder_type(row) == kind
    };
    books.sales.iter_mut().filter(is_meant)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_after_a_good_sync_is_told_and_costs_itself_alone() {
    all_come_out(refusals()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forgotten_after_a_good_sync_takes_nothing_with_it() {
    all_come_out(emptiness()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_in_1c_between_two_syncs_is_followed() {
    all_come_out(deeds()).await;
}
