//! What ordinary customers brought with them, bought and earned.

use chrono::{NaiveDateTime, TimeDelta};
use uuid::Uuid;

use super::super::books::{BonusLine, DocumentKind, SaleLine};
use super::super::prng::Prng;
use super::reference::carried_over_on;
use super::{Spending, Workshop, accrual, burns_at, opening_balance, people, sale, spending};

/// Purchases go back so many days.
const DAYS: u64 = 1095;
/// Shifts of the last days are still open: their sales stand in receipts.
const OPEN_DAYS: u64 = 3;
/// So many rows of opening balances share a document.
const ROWS_PER_OPENING: usize = 2_000;
/// So many receipts a day keep one till busy.
const RECEIPTS_PER_TILL: usize = 120;
/// Every so manieth till writes receipts only and no reports.
const TILLS_WITHOUT_REPORTS: usize = 4;

/// One visit to the shop.
#[derive(Clone, Copy, Debug)]
struct Basket {
    days_ago: u64,
    /// The place of the card among all cards.
    customer: usize,
    lines: usize,
}

/// Points that are not spent yet.
#[derive(Clone, Copy, Debug)]
struct Purse {
    accrued_at: NaiveDateTime,
    points: i64,
}

/// Adds the ordinary customers and all they did, up to the number of lines wanted.
pub(super) fn add(workshop: &mut Workshop) {
    let first = workshop.cards.len();
    let mut chance = Prng::stream(workshop.scenario.seed, "people");
    for number in first..workshop.scenario.customers {
        let person = people::ordinary(&mut chance, number);
        workshop.admit(person);
    }
    carry_over(workshop, first);
    let wanted = workshop.scenario.lines.saturating_sub(workshop.sales.len());
    if first < workshop.cards.len() {
        let baskets = baskets(workshop, first, wanted);
        Till::new(workshop).sell(&baskets);
    }
}

/// About every other customer brought a total from the old system. Many rows share one document and one second.
fn carry_over(workshop: &mut Workshop, first: usize) {
    let mut chance = Prng::stream(workshop.scenario.seed, "opening balances");
    let room = workshop.scenario.lines.saturating_sub(workshop.sales.len()) / 2;
    let mut lines = std::mem::take(&mut workshop.carried_over);
    let carried: Vec<(Uuid, Uuid)> = workshop.cards[first..]
        .iter()
        .filter(|_| chance.one_in(2))
        .map(|card| (card.key, card.owner))
        .collect();
    for (card, owner) in carried.into_iter().take(room) {
        let amount = chance.between(5, 5_000) * 10_000 + chance.below(10_000).cast_signed();
        lines.push(opening_balance(card, owner, carried_over_on(), amount));
    }
    let date = workshop.moment(60, 9, 0, 0);
    for (number, rows) in (0_i64..).zip(lines.chunks_mut(ROWS_PER_OPENING)) {
        // The first document holds the reference customer's row, at its own period; the others are spread a little.
        let period = carried_over_on() - TimeDelta::days(number % 4 * 181);
        for row in rows.iter_mut() {
            row.period = period;
        }
        workshop.post(DocumentKind::OpeningBalances, date, rows, &[]);
    }
}

/// Visits of two lines and a half on the average, the oldest first.
fn baskets(workshop: &Workshop, first: usize, wanted: usize) -> Vec<Basket> {
    let mut chance = Prng::stream(workshop.scenario.seed, "baskets");
    let mut baskets = Vec::with_capacity(wanted / 2);
    let mut left = wanted;
    while left > 0 {
        let lines = (1 + chance.index(4)).min(left);
        let customer = first + chance.index(workshop.cards.len() - first);
        baskets.push(Basket { days_ago: 1 + chance.below(DAYS), customer, lines });
        left -= lines;
    }
    baskets.sort_by_key(|basket| std::cmp::Reverse(basket.days_ago));
    baskets
}

/// Where the visits of a day become documents.
struct Till<'w> {
    workshop: &'w mut Workshop,
    chance: Prng,
    purses: Vec<Option<Purse>>,
}

impl<'w> Till<'w> {
    fn new(workshop: &'w mut Workshop) -> Self {
        let chance = Prng::stream(workshop.scenario.seed, "trade");
        let purses = vec![None; workshop.cards.len()];
        Self { workshop, chance, purses }
    }

    fn sell(&mut self, baskets: &[Basket]) {
        for day in baskets.chunk_by(|one, other| one.days_ago == other.days_ago) {
            let tills = day.len().div_ceil(RECEIPTS_PER_TILL);
            for (number, shift) in day.chunks(day.len().div_ceil(tills)).enumerate() {
                let reports = number % TILLS_WITHOUT_REPORTS != TILLS_WITHOUT_REPORTS - 1;
                // A day of one till has reports or not by chance, so that small shops have both.
                let reports = if tills == 1 { !self.chance.one_in(4) } else { reports };
                self.shift(shift, reports && shift[0].days_ago > OPEN_DAYS);
            }
        }
    }

    /// The visits of one till on one day: a report of the evening, or a receipt for each.
    fn shift(&mut self, shift: &[Basket], reported: bool) {
        let closed = self.evening(shift[0].days_ago);
        let (mut sales, mut points) = (Vec::new(), Vec::new());
        for basket in shift {
            let period = if reported { closed } else { self.evening(basket.days_ago) };
            let lines = self.lines(basket, period);
            let earned = self.points(basket, period, &lines);
            if reported {
                sales.extend(lines);
                points.extend(earned);
            } else {
                self.workshop.post(DocumentKind::Receipt, period, &lines, &earned);
            }
        }
        if reported {
            self.workshop.post(DocumentKind::RetailReport, closed, &sales, &points);
        }
    }

    /// Some second between half past five and half past nine.
    fn evening(&mut self, days_ago: u64) -> NaiveDateTime {
        self.workshop.moment(days_ago, 17, 30, 0) + TimeDelta::seconds(self.chance.between(0, 4 * 3600))
    }

    fn lines(&mut self, basket: &Basket, period: NaiveDateTime) -> Vec<SaleLine> {
        (0..basket.lines).map(|_| self.line(basket.customer, period)).collect()
    }

    fn line(&mut self, customer: usize, period: NaiveDateTime) -> SaleLine {
        let (workshop, chance) = (&*self.workshop, &mut self.chance);
        let card = &workshop.cards[customer];
        let packaging = chance.one_in(8);
        let product = chance.pick(if packaging { &workshop.packaging } else { &workshop.goods });
        let pieces = if chance.one_in(12) { chance.between(2, 4) } else { 1 };
        // Discounts in per cent leave odd kopecks behind.
        let discount =
            if chance.one_in(3) { product.price * pieces * chance.between(1, 15) / 100 } else { 0 };
        let returned = chance.one_in(60);
        let sign = if returned { -1 } else { 1 };
        let amount = sign * (product.price * pieces - discount);
        let plain = sale(card.key, card.owner, product, period, amount);
        SaleLine { quantity: sign * pieces * 1000, discount: sign * discount, ..plain }
    }

    /// Every fourth visit earns points, and some of those spend what was earned before.
    fn points(&mut self, basket: &Basket, period: NaiveDateTime, lines: &[SaleLine]) -> Vec<BonusLine> {
        let total: i64 = lines.iter().map(|line| line.amount).sum();
        let earned = total / 2_000 * 100;
        if earned <= 0 || !self.chance.one_in(4) {
            return Vec::new();
        }
        let card = self.workshop.cards[basket.customer].key;
        let mut rows = Vec::from(accrual(card, period, earned));
        let purse = self.purses[basket.customer].replace(Purse { accrued_at: period, points: earned });
        let usable = purse.filter(|purse| burns_at(purse.accrued_at) > period && purse.accrued_at < period);
        if let Some(purse) = usable.filter(|_| self.chance.one_in(3)) {
            let way = if basket.customer.is_multiple_of(2) { Spending::Expense } else { Spending::Receipt };
            rows.extend(spending(card, period, purse.accrued_at, purse.points, way));
        }
        rows
    }
}
