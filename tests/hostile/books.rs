//! The books of a small shop: what 1C holds, and what each customer's figures are by them.

use chrono::{NaiveDateTime, TimeDelta};
use uuid::Uuid;

use crate::value::{Record, Value};

/// The sets 1C calls so.
pub const CARDS: &str = "Catalog_ДисконтныеКарты";
pub const OWNERS: &str = "Catalog_Контрагенты";
pub const PRODUCTS: &str = "Catalog_Номенклатура";
pub const SALES: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам";
pub const POINTS: &str = "AccumulationRegister_БонусныеБаллы";

/// Documents that write the register of sales.
pub const OPENING: &str = "StandardODATA.Document_ВводНачальныхОстатков";
pub const TRANSFER: &str = "StandardODATA.Document_ПереносДанных";
pub const RECEIPT: &str = "StandardODATA.Document_ЧекККМ";
pub const REPORT: &str = "StandardODATA.Document_ОтчетОРозничныхПродажах";

/// Customers tests speak of, by number.
pub mod who {
    /// An opening balance and purchases of the window: the customer this program began with.
    pub const MARINA: u32 = 2;
    /// Purchases of the window alone.
    pub const ANNA: u32 = 3;
    /// Purchases before the window and in it.
    pub const BORIS: u32 = 5;
    /// An opening balance dated inside the window.
    pub const VERA: u32 = 6;
    /// An opening balance, and purchases before the window and in it.
    pub const GLEB: u32 = 8;
    /// Nothing at all.
    pub const DINA: u32 = 39;
    /// Those 1C is asked for one by one.
    pub const ASKED: [u32; 3] = [MARINA, ANNA, GLEB];
}

/// How many cards there are.
pub const CARD_COUNT: u32 = 40;

/// The window of purchases the tests are set to.
pub const DAYS: i64 = 365;

/// What 1C holds.
#[derive(Clone, Debug)]
pub struct Books {
    /// The moment everything is dated from, on the infobase's wall.
    pub now: NaiveDateTime,
    pub cards: Vec<Record>,
    pub owners: Vec<Record>,
    pub products: Vec<Record>,
    pub sales: Vec<Record>,
    pub points: Vec<Record>,
}

/// A customer's figures, in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub opening: i64,
    pub purchases: i64,
    /// Of all time.
    pub total: i64,
    /// By the last record.
    pub points: i64,
    pub points_balance: i64,
}

pub fn card_key(number: u32) -> Uuid {
    Uuid::from_u128(0xca00_0000_0000_4000_8000_0000_0000_0000 + u128::from(number))
}

pub fn owner_key(number: u32) -> Uuid {
    Uuid::from_u128(0x0e00_0000_0000_4000_8000_0000_0000_0000 + u128::from(number))
}

fn product_key(number: u32) -> Uuid {
    Uuid::from_u128(0x9000_0000_0000_4000_8000_0000_0000_0000 + u128::from(number))
}

fn document_key(kind: u32, number: u32) -> Uuid {
    let kind = u128::from(kind) << 64;
    Uuid::from_u128(0xd000_0000_0000_4000_8000_0000_0000_0000 + kind + u128::from(number))
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

impl Books {
    /// The books as of a moment: always the same, but for the dates.
    pub fn at(now: NaiveDateTime) -> Self {
        let mut books = Self {
            now,
            cards: (0..CARD_COUNT).map(card).collect(),
            owners: (0..CARD_COUNT).map(owner).collect(),
            products: (0..8).map(product).collect(),
            sales: Vec::new(),
            points: Vec::new(),
        };
        for number in 0..CARD_COUNT {
            books.open(number);
            books.sell_in_window(number);
            books.sell_before_window(number);
            books.accrue(number);
        }
        books
    }

    /// The first moment of the window.
    pub fn window_from(&self) -> NaiveDateTime {
        (self.now.date() - TimeDelta::days(DAYS)).into()
    }

    fn days_ago(&self, days: i64, minute: u32) -> NaiveDateTime {
        let midnight: NaiveDateTime = (self.now.date() - TimeDelta::days(days)).into();
        midnight + TimeDelta::minutes(i64::from(9 * 60 + minute))
    }

    /// Opening balances: every other card, carried over on two days years ago, and one that is dated inside the window.
    fn open(&mut self, number: u32) {
        if !number.is_multiple_of(2) {
            return;
        }
        let days = match number {
            who::VERA => 270,
            _ if number < 20 => 900,
            _ => 880,
        };
        let document = document_key(1, u32::try_from(days).unwrap_or_default());
        let amount = 100_000 + i64::from(number) * 3_711;
        let line = u64::from(number) + 1;
        self.sell(document, OPENING, line, self.days_ago(days, 0), number, amount);
    }

    /// Purchases of the window: receipts and a report for a shift, a return, a row that does not count, one of the future.
    fn sell_in_window(&mut self, number: u32) {
        if number % 5 == 4 {
            return;
        }
        for sale in 0..=number % 7 {
            let document = document_key(2, number * 100 + sale);
            let day = i64::from((number * 37 + sale * 53) % 360) + 1;
            let amount = 25_000 + i64::from(number * 131 + sale * 977);
            self.sell(document, RECEIPT, 1, self.days_ago(day, number), number, amount);
            self.sell(document, RECEIPT, 2, self.days_ago(day, number), number, 100);
        }
        let shift = document_key(3, number / 8);
        let day = 20 + i64::from(number / 8);
        self.sell(shift, REPORT, u64::from(number) + 1, self.days_ago(day, 700), number, 4_950);
        match number {
            who::ANNA => {
                self.sell(document_key(4, 1), RECEIPT, 1, self.days_ago(-12, 0), number, 77_700);
                self.sell(document_key(4, 2), RECEIPT, 1, self.days_ago(15, 0), number, 1_000_000);
                if let Some(row) = self.sales.last_mut() {
                    row.set("Active", Value::Flag(false));
                }
            }
            who::MARINA => self.sell(document_key(4, 3), RECEIPT, 1, self.days_ago(9, 3), number, -12_345),
            _ => {}
        }
    }

    /// Purchases before the window, of some.
    fn sell_before_window(&mut self, number: u32) {
        if number % 4 != 1 && number != who::GLEB {
            return;
        }
        for (sale, days) in [(0, 400_i64), (1, 640), (2, 1_300)] {
            let document = document_key(5, number * 10 + sale);
            let amount = 50_000 + i64::from(number * 211 + sale * 17);
            self.sell(document, RECEIPT, 1, self.days_ago(days + i64::from(number), 30), number, amount);
        }
    }

    fn sell(
        &mut self,
        document: Uuid,
        kind: &str,
        line: u64,
        period: NaiveDateTime,
        number: u32,
        amount: i64,
    ) {
        let product = if kind == OPENING { Uuid::nil() } else { product_key(number % 8) };
        let row = movement(document, kind, line, period)
            .with("ДисконтнаяКарта_Key", Value::Key(card_key(number)))
            .with("ВладелецКарты_Key", Value::Key(owner_of(number)))
            .with("Номенклатура_Key", Value::Key(product))
            .with("Количество", Value::Hundredths(100))
            .with("Сумма", Value::Hundredths(amount))
            .with("Скидка", Value::Hundredths(0));
        self.sales.push(row);
    }

    /// One more sale, of so many kopecks, five days ago.
    pub fn sell_lately(&mut self, number: u32, amount: i64) {
        self.sell(document_key(8, 1), RECEIPT, 1, self.days_ago(5, 1), number, amount);
    }

    /// Everything one customer bought becomes another's.
    pub fn give(&mut self, from: u32, to: u32) {
        for row in &mut self.sales {
            if row.key("ДисконтнаяКарта_Key") == card_key(from) {
                row.set("ДисконтнаяКарта_Key", Value::Key(card_key(to)));
            }
        }
    }

    /// Points: accrued, to be burned in the future, and partly spent.
    fn accrue(&mut self, number: u32) {
        if !number.is_multiple_of(3) {
            return;
        }
        let points = 10_000 + i64::from(number) * 100;
        let document = document_key(6, number);
        self.mark(document, 1, self.days_ago(200, number), number, "Receipt", (points, 0));
        self.mark(document, 2, self.days_ago(-165, number), number, "Receipt", (0, points));
        if number.is_multiple_of(6) {
            let spent = document_key(7, number);
            self.mark(spent, 1, self.days_ago(40, number), number, "Expense", (2_500, 0));
        }
    }

    fn mark(
        &mut self,
        document: Uuid,
        line: u64,
        period: NaiveDateTime,
        number: u32,
        direction: &str,
        (accrued, to_write_off): (i64, i64),
    ) {
        let row = movement(document, RECEIPT, line, period)
            .with("RecordType", text(direction))
            .with("БонуснаяКарта_Key", Value::Key(card_key(number)))
            .with("Партнер_Key", Value::Key(owner_of(number)))
            .with("Начислено", Value::Hundredths(accrued))
            .with("КСписанию", Value::Hundredths(to_write_off));
        self.points.push(row);
    }

    /// A customer's figures by these books, for a window that begins so. Which rows are opening balances is told by
    /// `is_opening`, given the type of their document.
    pub fn figures(&self, number: u32, from: NaiveDateTime, is_opening: impl Fn(&str) -> bool) -> Figures {
        let card = card_key(number);
        let mut figures = Figures::default();
        for row in self.sales.iter().filter(|row| row.key("ДисконтнаяКарта_Key") == card && is_active(row))
        {
            let amount = row.hundredths("Сумма");
            figures.total += amount;
            if is_opening(recorder_type(row)) {
                figures.opening += amount;
            } else if period(row) >= from {
                figures.purchases += amount;
            }
        }
        let mut latest = NaiveDateTime::MIN;
        for row in self.points.iter().filter(|row| row.key("БонуснаяКарта_Key") == card && is_active(row))
        {
            let (accrued, to_write_off) = (row.hundredths("Начислено"), row.hundredths("КСписанию"));
            if period(row) > latest {
                latest = period(row);
                figures.points = to_write_off;
            }
            if period(row) <= self.now {
                let sign = if row.get("RecordType") == Some(&text("Receipt")) { 1 } else { -1 };
                figures.points_balance += sign * (accrued - to_write_off);
            }
        }
        figures
    }

    /// What the customer's owner is called.
    pub fn name(number: u32) -> String {
        format!("Покупатель {number}")
    }
}

pub fn is_active(row: &Record) -> bool {
    row.get("Active") != Some(&Value::Flag(false))
}

pub fn period(row: &Record) -> NaiveDateTime {
    match row.get("Period") {
        Some(Value::Time(time)) => *time,
        _ => NaiveDateTime::MIN,
    }
}

pub fn recorder_type(row: &Record) -> &str {
    match row.get("Recorder_Type") {
        Some(Value::Text(kind)) => kind,
        _ => "",
    }
}

fn movement(document: Uuid, kind: &str, line: u64, period: NaiveDateTime) -> Record {
    Record::default()
        .with("Recorder", Value::Key(document))
        .with("Recorder_Type", text(kind))
        .with("Period", Value::Time(period))
        .with("LineNumber", Value::Whole(line))
        .with("Active", Value::Flag(true))
}

fn item(key: Uuid, description: String) -> Record {
    Record::default()
        .with("Ref_Key", Value::Key(key))
        .with("DataVersion", text("AAAAAAAAAAE="))
        .with("DeletionMark", Value::Flag(false))
        .with("Description", text(description))
}

fn card(number: u32) -> Record {
    item(card_key(number), format!("Карта {number}"))
        .with("Code", text(format!("{number:09}")))
        .with("ВладелецКарты_Key", Value::Key(owner_of(number)))
        .with("КодКартыШтрихкод", text(phone(number)))
        .with("КартаНедействительна", Value::Flag(false))
}

/// Two cards belong to one owner, one to nobody.
fn owner_of(number: u32) -> Uuid {
    match number {
        38 => owner_key(37),
        36 => Uuid::nil(),
        _ => owner_key(number),
    }
}

/// Where all owners live.
const TOWN: &str = "Симферополь";

/// The town of a card's owner, where it has one.
pub fn town_of(number: u32) -> Option<&'static str> {
    (!owner_of(number).is_nil()).then_some(TOWN)
}

fn phone(number: u32) -> String {
    format!("7978{:07}", 4_500_000 + number * 37)
}

fn owner(number: u32) -> Record {
    let details = format!("{}\n{}\n{TOWN}", Books::name(number), phone(number));
    item(owner_key(number), Books::name(number))
        .with("IsFolder", Value::Flag(false))
        .with("НаименованиеПолное", text(Books::name(number)))
        .with("ФИО", text(Books::name(number)))
        .with("ОсновныеСведения", text(details))
        .with("НомерТелефонаДляПоиска", text(phone(number)))
        .with("АдресЭПДляПоиска", text(format!("buyer{number}@example.ru")))
        .with("КонтактнаяИнформация", Value::Raw("[]".into()))
        .with(
            "ДатаРождения",
            text(if number.is_multiple_of(3) { "0001-01-01T00:00:00" } else { "1985-03-05T00:00:00" }),
        )
}

fn product(number: u32) -> Record {
    item(product_key(number), format!("Товар {number}"))
        .with("IsFolder", Value::Flag(false))
        .with("Артикул", text(format!("А-{number}")))
}
