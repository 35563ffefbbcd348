//! The reference customer: figures everybody knows by heart.
//!
//! Phone 79788451364, Царькова, Симферополь; carried over 232 360.00 in 2023; fourteen lines of 132 694.00 within the
//! last 365 days and none before; 4806 points by either rule, over a history that cancels out.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use uuid::Uuid;

use super::super::books::{BonusLine, ContactKind, DocumentKind, SaleLine};
use super::super::prng::Prng;
use super::people::Person;
use super::{Spending, Workshop, accrual, opening_balance, sale, spending};

const PHONE: &str = "79788451364";
const NAME: &str = "Царькова Марина Викторовна";
const TOWN: &str = "Симферополь";

/// Carried over from the old system, in kopecks.
const OPENING_BALANCE: i64 = 23_236_000;

/// Points, in hundredths.
const POINTS: i64 = 480_600;

/// What she bought: how many days ago, and the lines in kopecks. Lines of about a rouble are packaging.
const PURCHASES: [(u64, &[i64]); 6] = [
    (351, &[1_899_000, 2_450_000, 100]),
    (288, &[735_050, 1_299_999]),
    (204, &[100, 945_000, 1_580_000]),
    (131, &[420_051, 100]),
    (58, &[2_130_000, 675_000]),
    (2, &[899_900, 235_100]),
];

/// Adds her, her purchases and her points.
pub(super) fn add(workshop: &mut Workshop) {
    let mut chance = Prng::stream(workshop.scenario.seed, "reference customer");
    let person = person(&mut chance);
    let (card, owner) = (person.card.key, person.card.owner);
    workshop.books.reference = card;
    workshop.admit(person);
    workshop.carried_over.push(opening_balance(card, owner, carried_over_on(), OPENING_BALANCE));
    for (number, (days, amounts)) in PURCHASES.iter().enumerate() {
        purchase(workshop, &mut chance, (card, owner), number, *days, amounts);
    }
    points(workshop, card);
}

/// The period of her opening balance: years before the document that carried it over.
pub(super) fn carried_over_on() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2023, 6, 30).unwrap_or_default().and_time(NaiveTime::MIN)
}

fn person(chance: &mut Prng) -> Person {
    let mut person = Person::invent(chance, 0).with_owner(|owner| {
        owner.name = NAME.into();
        owner.sex = "Женский";
        owner.phone = PHONE.into();
        owner.email = "tsarkova@example.ru".into();
        owner.contacts.clear();
        owner.add_contact(ContactKind::Phone, PHONE, "", "");
        owner.add_contact(ContactKind::Email, "tsarkova@example.ru", "", "");
        owner.add_contact(
            ContactKind::Address,
            "295000, Крым Респ, Симферополь г, Пушкина ул, дом 5",
            TOWN,
            "",
        );
        owner.set_details(TOWN, "\n");
    });
    person.card.phone = PHONE.into();
    person.card.describe(NAME);
    person
}

/// Every other purchase stands in its own receipt, the rest in the report of a shift.
fn purchase(
    workshop: &mut Workshop,
    chance: &mut Prng,
    (card, owner): (Uuid, Uuid),
    number: usize,
    days: u64,
    amounts: &[i64],
) {
    let period = workshop.moment(days, 21, 0, 7);
    let product = |amount: i64, chance: &mut Prng| {
        let shelf = if amount < 1_000 { &workshop.packaging } else { &workshop.goods };
        chance.pick(shelf).clone()
    };
    let lines: Vec<SaleLine> =
        amounts.iter().map(|amount| sale(card, owner, &product(*amount, chance), period, *amount)).collect();
    let kind = if number.is_multiple_of(2) { DocumentKind::RetailReport } else { DocumentKind::Receipt };
    workshop.post(kind, period, &lines, &[]);
}

/// Two accruals that were spent, one in each spelling; one that burnt; and the one she has now, which burns last.
fn points(workshop: &mut Workshop, card: Uuid) {
    let evening = |days| workshop.moment(days, 21, 0, 7);
    let (spent_first, burnt, spent_later, now) = (evening(600), evening(470), evening(300), evening(100));
    let first: Vec<BonusLine> = accrual(card, spent_first, 50_000).into();
    let second: Vec<BonusLine> = accrual(card, burnt, 30_000)
        .into_iter()
        .chain(spending(card, burnt, spent_first, 50_000, Spending::Expense))
        .collect();
    let third: Vec<BonusLine> = accrual(card, spent_later, 20_000).into();
    let fourth: Vec<BonusLine> = accrual(card, now, POINTS)
        .into_iter()
        .chain(spending(card, now, spent_later, 20_000, Spending::Receipt))
        .collect();
    for (period, lines) in [(spent_first, first), (burnt, second), (spent_later, third), (now, fourth)] {
        workshop.post(DocumentKind::Receipt, period, &[], &lines);
    }
}
