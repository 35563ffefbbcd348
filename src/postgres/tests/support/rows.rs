//! Invented customers, and what a database should show of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use sverka_postgres::{
    BonusRow, CardRows, CustomerRow, Error, GenerationRow, Mirror, MovementRow, OnecFigures, ProductRow,
    Published, Publishing, RowSink, Settings,
};
use uuid::Uuid;

/// A generation: cards and products by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    pub cards: BTreeMap<Uuid, CardRows>,
    pub products: BTreeMap<Uuid, ProductRow>,
}

/// Chance from a seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    pub fn key(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }
}

pub fn money(kopecks: i64) -> Decimal {
    Decimal::new(kopecks, 2)
}

fn moment(chance: &mut Chance) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(chance.below(700));
    day.and_hms_opt(u32::try_from(chance.below(24)).unwrap(), 30, 0).unwrap()
}

/// A card with so many lines.
pub fn card(chance: &mut Chance, key: Uuid, lines: u64) -> CardRows {
    let movements: Vec<_> = (0..lines).map(|line| movement(chance, line)).collect();
    let sum = |kind: &str| movements.iter().filter(|it| it.kind == kind).map(|it| it.amount).sum::<Decimal>();
    let (opening_balance, purchases) = (sum("opening-balance"), sum("purchase"));
    let points = chance.below(5).ne(&0).then(|| money(i64::try_from(chance.below(1_000_000)).unwrap()));
    let number = chance.below(10_000_000);
    let customer = CustomerRow {
        code: format!("{number:09}"),
        barcode: format!("7978{number:07}"),
        phone: chance.below(4).ne(&0).then(|| format!("7978{number:07}")),
        name: ["Царькова Анна", "O'Брайен \"Я\"", "", "tab\there\\"]
            [usize::try_from(chance.below(4)).unwrap()]
        .into(),
        city: chance.below(3).ne(&0).then(|| "Симферополь".into()),
        city_source: Some("contact-info".into()),
        email: None,
        birthday: NaiveDate::from_ymd_opt(1985, 3, 5),
        invalid_card: chance.below(9) == 0,
        owner: Some(chance.key()),
        opening_balance,
        purchases,
        total: opening_balance + purchases,
        purchase_lines: i64::try_from(lines).unwrap(),
        points,
        points_balance: points,
        verdict: ["reconciled", "variance"][usize::try_from(chance.below(2)).unwrap()].into(),
        onec: OnecFigures { total: Some(opening_balance + purchases), ..OnecFigures::default() },
        ..CustomerRow::default()
    };
    let bonus = (0..chance.below(3)).map(|line| BonusRow {
        recorder: chance.key(),
        recorder_type: "Document_Бонусы".into(),
        line: i64::try_from(line).unwrap() + 1,
        period: moment(chance),
        direction: "receipt",
        accrued: money(i64::try_from(chance.below(9_999)).unwrap()),
        to_write_off: Decimal::ZERO,
    });
    let bonus = bonus.collect();
    // Rows of a card that no catalog has.
    let customer = (chance.below(20) != 0).then_some(customer);
    CardRows { key, customer, movements, bonus }
}

fn movement(chance: &mut Chance, line: u64) -> MovementRow {
    MovementRow {
        recorder: chance.key(),
        recorder_type: "Document_ЧекККМ".into(),
        line: i64::try_from(line).unwrap() + 1,
        period: moment(chance),
        kind: if chance.below(5) == 0 { "opening-balance" } else { "purchase" },
        amount: money(i64::try_from(chance.below(2_000_000)).unwrap() - 100_000),
        quantity: Decimal::new(1_500, 3),
        product: chance.below(2).eq(&0).then(|| chance.key()),
    }
}

impl Base {
    /// So many cards, each with up to so many lines.
    pub fn invented(chance: &mut Chance, cards: u64, lines: u64) -> Self {
        let mut base = Self::default();
        for _ in 0..cards {
            let key = chance.key();
            let lines = chance.below(lines + 1);
            base.cards.insert(key, card(chance, key, lines));
        }
        for number in 0..5 {
            let key = chance.key();
            let product = ProductRow { key, name: format!("Серьги {number}"), article: None };
            base.products.insert(key, product);
        }
        base
    }

    /// Changes some of it: cards come, go, gain and lose lines.
    pub fn change(&mut self, chance: &mut Chance, changes: u64) {
        for _ in 0..changes {
            let keys: Vec<_> = self.cards.keys().copied().collect();
            let some = keys.get(usize::try_from(chance.below(keys.len().max(1) as u64)).unwrap()).copied();
            match (chance.below(4), some) {
                (0, Some(key)) => _ = self.cards.remove(&key),
                (1, Some(key)) => {
                    let lines = chance.below(8);
                    self.cards.insert(key, card(chance, key, lines));
                }
                (2, Some(_)) => {
                    let key = chance.key();
                    self.products
                        .insert(key, ProductRow { key, name: "Кольцо".into(), article: Some("К-1".into()) });
                }
                _ => {
                    let key = chance.key();
                    self.cards.insert(key, card(chance, key, 3));
                }
            }
        }
    }

    pub fn give(&self, mut sink: RowSink) {
        let all = self.cards.values().try_for_each(|card| sink.card(card));
        let all = all.and_then(|()| self.products.values().try_for_each(|product| sink.product(product)));
        // Whoever failed takes no more.
        let _ = all.and_then(|()| sink.finish());
    }

    /// Every figure of every customer as the database should print it.
    pub fn customers(&self) -> Vec<String> {
        let shown = |sum: Option<Decimal>| sum.map_or("null".to_owned(), |sum| format!("{sum:.2}"));
        let known = self.cards.values().filter_map(|card| Some((card.key, card.customer.as_ref()?)));
        let line = |(key, it): (Uuid, &CustomerRow)| {
            let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".into());
            let (phone, city) = (text(&it.phone), text(&it.city));
            let sums = [Some(it.opening_balance), Some(it.purchases), Some(it.total), it.points].map(shown);
            format!("{key}|{}|{phone}|{}|{city}|{}|{}", it.code, it.name, sums.join("|"), it.verdict)
        };
        known.map(line).collect()
    }

    /// Every movement as the database should print it.
    pub fn movements(&self) -> Vec<String> {
        let line = |card: Uuid, it: &MovementRow| {
            let product = it.product.map_or("null".to_owned(), |key| key.to_string());
            let period = it.period.format("%Y-%m-%d %H:%M:%S");
            let number = format!("{card}|{}|{}|{}|{period}", it.recorder, it.recorder_type, it.line);
            format!("{number}|{}|{:.2}|{:.3}|{product}", it.kind, it.amount, it.quantity)
        };
        let mut all: Vec<_> = self
            .cards
            .values()
            .flat_map(|card| card.movements.iter().map(move |it| line(card.key, it)))
            .collect();
        all.sort();
        all
    }
}

pub const CUSTOMERS: &str = "select concat_ws('|', card_key, code, coalesce(phone, 'null'), name, coalesce(city, 'null'), \
    opening_balance, purchases, total, coalesce(points::text, 'null'), verdict) from sverka.customers order by card_key";
pub const MOVEMENTS: &str = "select concat_ws('|', card_key, recorder, recorder_type, line, period, kind, amount, \
    quantity, coalesce(product::text, 'null')) from sverka.movements";

/// What the database prints for a query of one column.
pub async fn lines(client: &tokio_postgres::Client, sql: &str) -> Vec<String> {
    client.query_typed(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Holds the database to the rows, figure by figure.
pub async fn assert_shows(client: &tokio_postgres::Client, base: &Base) {
    assert_eq!(lines(client, CUSTOMERS).await, base.customers());
    let mut movements = lines(client, MOVEMENTS).await;
    movements.sort();
    assert_eq!(movements, base.movements());
    let count = |view: &str| format!("select count(*)::text from sverka.{view}");
    let bonus: usize = base.cards.values().map(|card| card.bonus.len()).sum();
    assert_eq!(lines(client, &count("bonus")).await, [bonus.to_string()]);
    assert_eq!(lines(client, &count("products")).await, [base.products.len().to_string()]);
}

pub fn settings(address: &str) -> Settings {
    let mut settings = Settings::of(address, None, |_| None).unwrap();
    settings.lease = Duration::from_millis(30);
    settings.patience = Duration::from_secs(20);
    settings
}

pub fn generation(id: i64) -> GenerationRow {
    GenerationRow {
        id,
        synced_at: DateTime::from_timestamp(1_760_000_000 + id * 60, 633_203_987).unwrap(),
        digest: format!("{id:032x}"),
        proof: "confirmed",
        address: "http://1c.example.ru/base".into(),
        sample: vec![Uuid::from_u128(7)],
        timezone: "Europe/Simferopol".into(),
    }
}

/// Publishes a generation as the program does.
pub async fn publish(
    settings: &Settings,
    id: i64,
    base: &Arc<Base>,
    repair: bool,
) -> Result<Published, Error> {
    let mut mirror = Mirror::new(settings.clone());
    let mut opened = mirror.open(Uuid::from_u64_pair(rand(), rand()), "test 1".into()).await?;
    let published = async {
        mirror.prepare(&mut opened, repair).await?;
        let give = |sink| {
            let base = Arc::clone(base);
            drop(tokio::task::spawn_blocking(move || base.give(sink)));
        };
        mirror.publish(&opened, &Publishing { generation: generation(id), repair }, give).await
    }
    .await;
    mirror.close(&opened).await;
    published
}

fn rand() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
