//! Customers that break careless readers, one card for each trap.

use chrono::{Days, NaiveDateTime, TimeDelta};
use uuid::Uuid;

use super::super::books::{BonusLine, ContactKind, DocumentKind, SaleLine};
use super::super::prng::Prng;
use super::people::Person;
use super::reference::carried_over_on;
use super::{Spending, Trap, Workshop, accrual, opening_balance, sale, spending};

/// The largest amount that fits the field, in kopecks.
const LARGEST: i64 = 987_654_321;

/// Adds as many traps as there are customers for; the reference customer is number zero.
pub(super) fn add(workshop: &mut Workshop) {
    let mut chance = Prng::stream(workshop.scenario.seed, "traps");
    for trap in Trap::ALL {
        let cardless = matches!(trap, Trap::UnknownCard | Trap::EmptyCard);
        let number = workshop.cards.len();
        if !cardless && number >= workshop.scenario.customers {
            return;
        }
        let card = match trap {
            Trap::EmptyCard => Uuid::nil(),
            Trap::UnknownCard => chance.guid(),
            _ => {
                let person = person(workshop, &mut chance, *trap, number);
                workshop.admit(person)
            }
        };
        workshop.books.traps.insert(*trap, card);
        Trade { owner: workshop.owner_of(card), card, workshop, chance: &mut chance }.add(*trap);
    }
}

/// Who carries a trap.
fn person(workshop: &Workshop, chance: &mut Prng, trap: Trap, number: usize) -> Person {
    let mut person = Person::invent(chance, number);
    let card_of = |trap: Trap| {
        let key = workshop.books.traps.get(&trap);
        workshop.cards.iter().find(|card| Some(&card.key) == key)
    };
    match trap {
        Trap::NoPhone => person.card.phone.clear(),
        Trap::NoOwner => return person.without_owner(),
        Trap::SharedPhoneTwin => {
            person.card.phone =
                card_of(Trap::SharedPhone).map_or_else(String::new, |card| card.phone.clone());
        }
        Trap::SeveralCardsTwin => {
            person.owner = None;
            person.card.owner = card_of(Trap::SeveralCards).map_or(Uuid::nil(), |card| card.owner);
        }
        Trap::DeletedCard => person.card.deletion_mark = true,
        _ => return in_town(person, trap),
    }
    person
}

/// Where the person's town is found, or not.
fn in_town(person: Person, trap: Trap) -> Person {
    person.with_owner(|owner| match trap {
        Trap::ControlCharactersInName => {
            owner.name = "Злая\u{1b}[31m\u{1b}]0;взлом\u{7} \u{202e}аволС\u{202c} \u{85}\u{9b}2J".into();
            owner.set_details("Саки", "\n");
        }
        Trap::ControlCharactersInCity => owner.set_details("\u{1b}[2JЯлта\u{202e}", "\n"),
        Trap::CityAfterCrLf => owner.set_details("  Ялта ", "\r\n"),
        Trap::CityAfterCr => owner.set_details("Алушта", "\r"),
        Trap::CityAfterLf => owner.set_details("Евпатория\nчетвёртая строка", "\n"),
        Trap::CityInJsonStreet => {
            owner.set_details("+7 (978) 000-00-01", "\n");
            owner.address_json = r#"{"АдресРФ": {"Улица": "Керчь", "Город": "не этот"}}"#.into();
        }
        Trap::CityInJsonList => {
            owner.set_details("someone@example.ru", "\n");
            owner.address_json =
                r#"[{"АдресРФ": {"Улица": "", "Город": "Феодосия"}}, {"АдресРФ": {}}]"#.into();
        }
        Trap::CityInXmlStreet => {
            owner.set_details("14.02.1985", "\n");
            owner.add_contact(ContactKind::Address, "Крым Респ", "", &address_xml("Судак"));
        }
        Trap::CityInContact => {
            owner.main_details = format!("{}\n{}", owner.name, owner.phone);
            owner.add_contact(ContactKind::Address, "296500, Крым Респ, ул. Курортная, 3", "Саки", "");
        }
        Trap::CityInPresentation => {
            owner.add_contact(
                ContactKind::Address,
                "298400, Крым Респ, г. Бахчисарай, ул. Ленина, д. 7",
                "",
                "",
            );
        }
        Trap::CityNowhere => owner.drop_contacts(ContactKind::Address),
        _ => owner.set_details("Симферополь", "\n"),
    })
}

/// An address as 1C's library of contact details writes it.
fn address_xml(street: &str) -> String {
    format!(
        "<КонтактнаяИнформация xmlns=\"http://www.v8.1c.ru/ssl/contactinfo\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" Представление=\"Крым Респ\">\n\
         <Состав xsi:type=\"Адрес\" Страна=\"РОССИЯ\">\n<Состав xsi:type=\"АдресРФ\">\n\
         <СубъектРФ>Крым Респ</СубъектРФ>\n<Город/>\n<Улица>{street}</Улица>\n\
         </Состав>\n</Состав>\n</КонтактнаяИнформация>"
    )
}

/// What the carrier of a trap bought.
struct Trade<'w> {
    workshop: &'w mut Workshop,
    chance: &'w mut Prng,
    card: Uuid,
    owner: Uuid,
}

impl Trade<'_> {
    fn add(mut self, trap: Trap) {
        match trap {
            Trap::EqualLines => self.equal_lines(),
            Trap::Return => self.purchase(20, &[450_000, -450_000, 120_000]),
            Trap::OldPurchase => {
                self.purchase(400, &[777_700]);
                self.purchase(30, &[33_300]);
            }
            Trap::InactiveRows => self.inactive_rows(),
            Trap::FutureBonus => self.future_bonus(),
            Trap::NegativeAccrual => self.negative_accrual(),
            Trap::SpentAsExpense => self.spent(Spending::Expense),
            Trap::SpentAsReceipt => self.spent(Spending::Receipt),
            Trap::DoubledSale => self.doubled_sale(),
            Trap::LargeAmount => self.purchase(15, &[LARGEST]),
            Trap::TwoOpeningBalances => self.two_opening_balances(),
            Trap::WindowEdge => self.window_edge(),
            Trap::UnknownCard => self.purchase(12, &[1_234_500]),
            Trap::EmptyCard => self.purchase(13, &[543_200]),
            _ => self.purchase(20, &[150_000, 100]),
        }
    }

    fn lines(&mut self, period: NaiveDateTime, amounts: &[i64]) -> Vec<SaleLine> {
        let goods = &self.workshop.goods;
        let line = |amount: &i64| sale(self.card, self.owner, self.chance.pick(goods), period, *amount);
        amounts.iter().map(line).collect()
    }

    /// A receipt in the afternoon.
    fn purchase(&mut self, days: u64, amounts: &[i64]) {
        let period = self.workshop.moment(days, 15, 30, 0);
        let lines = self.lines(period, amounts);
        self.workshop.post(DocumentKind::Receipt, period, &lines, &[]);
    }

    fn adjust(&mut self, date: NaiveDateTime, lines: &[BonusLine]) {
        self.workshop.post(DocumentKind::PointsAdjustment, date, &[], lines);
    }

    fn equal_lines(&mut self) {
        let period = self.workshop.moment(20, 15, 30, 0);
        let line = self.lines(period, &[99_900]);
        self.workshop.post(DocumentKind::Receipt, period, &[line.clone(), line].concat(), &[]);
    }

    fn inactive_rows(&mut self) {
        let period = self.workshop.moment(20, 15, 30, 0);
        let mut lines = self.lines(period, &[150_000, 500_000]);
        lines.iter_mut().skip(1).for_each(|line| line.active = false);
        let mut points = Vec::from(accrual(self.card, period, 7_500));
        points.extend(
            accrual(self.card, period + Days::new(1), 25_000).map(|row| BonusLine { active: false, ..row }),
        );
        self.workshop.post(DocumentKind::Receipt, period, &lines, &points);
    }

    fn future_bonus(&mut self) {
        self.purchase(1, &[220_000]);
        let (date, period) = (self.workshop.moment(1, 15, 30, 0), self.workshop.days_ago(0) + Days::new(10));
        self.adjust(date, &accrual(self.card, period, 11_000));
    }

    fn negative_accrual(&mut self) {
        let (given, taken) = (self.workshop.moment(50, 12, 0, 0), self.workshop.moment(40, 12, 0, 0));
        let [accrued, burn] = accrual(self.card, given, 30_000);
        let write_off = BonusLine { period: taken, accrued: -10_000, ..accrued.clone() };
        self.adjust(given, &[accrued, burn]);
        self.adjust(taken, &[write_off]);
    }

    fn spent(&mut self, way: Spending) {
        let (first, second) = (self.workshop.moment(90, 12, 0, 0), self.workshop.moment(30, 12, 0, 0));
        self.adjust(first, &accrual(self.card, first, 10_000));
        let rows =
            [accrual(self.card, second, 6_000), spending(self.card, second, first, 10_000, way)].concat();
        self.adjust(second, &rows);
    }

    fn doubled_sale(&mut self) {
        let (sold, closed) = (self.workshop.moment(25, 15, 30, 0), self.workshop.moment(25, 21, 0, 0));
        let lines = self.lines(sold, &[380_000]);
        let again: Vec<SaleLine> =
            lines.iter().map(|line| SaleLine { period: closed, ..line.clone() }).collect();
        self.workshop.post(DocumentKind::Receipt, sold, &lines, &[]);
        self.workshop.post(DocumentKind::RetailReport, closed, &again, &[]);
    }

    fn two_opening_balances(&mut self) {
        let (card, owner) = (self.card, self.owner);
        self.workshop.carried_over.push(opening_balance(card, owner, carried_over_on(), 1_000_000));
        let correction = opening_balance(card, owner, carried_over_on() + Days::new(1), -250_050);
        let date = self.workshop.moment(50, 10, 0, 0);
        self.workshop.post(DocumentKind::OpeningBalances, date, &[correction], &[]);
        self.purchase(20, &[150_000]);
    }

    /// The window of 365 days begins at midnight.
    fn window_edge(&mut self) {
        let first = self.workshop.days_ago(365);
        for (period, amount) in [(first, 100_100), (first - TimeDelta::seconds(1), 200_200)] {
            let lines = self.lines(period, &[amount]);
            self.workshop.post(DocumentKind::Receipt, period, &lines, &[]);
        }
    }
}
