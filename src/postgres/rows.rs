//! Plain rows as they are given, and how they are handed over.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::Sums;
use crate::binary::Fields;
use crate::schema::{BONUS, CUSTOMERS, MOVEMENTS, PRODUCTS};

/// A card with all its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardRows {
    /// Its key. Keys come in ascending order, each once.
    pub key: Uuid,
    /// The customer; `None` of rows whose card no catalog has.
    pub customer: Option<CustomerRow>,
    /// Its movements, in any order.
    pub movements: Vec<MovementRow>,
    /// Its bonus rows, in any order.
    pub bonus: Vec<BonusRow>,
}

/// A customer with their figures, roubles and points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerRow {
    /// Code of the card.
    pub code: String,
    /// Bar code of the card.
    pub barcode: String,
    /// Digits only.
    pub phone: Option<String>,
    /// Name; may be empty.
    pub name: String,
    /// Town.
    pub city: Option<String>,
    /// The rule that found the town.
    pub city_source: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// Marked for deletion.
    pub marked_for_deletion: bool,
    /// Called invalid.
    pub invalid_card: bool,
    /// Key of the owner.
    pub owner: Option<Uuid>,
    /// Carried over from the old system.
    pub opening_balance: Decimal,
    /// Purchases of the window.
    pub purchases: Decimal,
    /// Both.
    pub total: Decimal,
    /// How many lines the purchases are.
    pub purchase_lines: i64,
    /// Points by the chosen rule; `None` where they are not known.
    pub points: Option<Decimal>,
    /// Points by the balance of the register.
    pub points_balance: Option<Decimal>,
    /// How it came out beside 1C.
    pub verdict: String,
    /// 1C's own figures, where it told them.
    pub onec: OnecFigures,
}

/// What 1C itself says of a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OnecFigures {
    /// Opening balance.
    pub opening_balance: Option<Decimal>,
    /// Purchases.
    pub purchases: Option<Decimal>,
    /// Total.
    pub total: Option<Decimal>,
    /// Points.
    pub points: Option<Decimal>,
}

/// A row of the register of sales.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MovementRow {
    /// Key of the document.
    pub recorder: Uuid,
    /// Its type.
    pub recorder_type: String,
    /// Line of its record set.
    pub line: i64,
    /// When, by the infobase's clock.
    pub period: NaiveDateTime,
    /// Opening balance or purchase.
    pub kind: &'static str,
    /// Roubles.
    pub amount: Decimal,
    /// How much.
    pub quantity: Decimal,
    /// Of what.
    pub product: Option<Uuid>,
}

/// A row of the register of points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BonusRow {
    /// Key of the document.
    pub recorder: Uuid,
    /// Its type.
    pub recorder_type: String,
    /// Line of its record set.
    pub line: i64,
    /// When, by the infobase's clock.
    pub period: NaiveDateTime,
    /// Whether it adds or takes away.
    pub direction: &'static str,
    /// Points accrued.
    pub accrued: Decimal,
    /// Points to be written off.
    pub to_write_off: Decimal,
}

/// A product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductRow {
    /// Its key. Keys come in ascending order, each once.
    pub key: Uuid,
    /// Its name.
    pub name: String,
    /// Its article.
    pub article: Option<String>,
}

/// Something with a key, and its rows as they are written.
#[derive(Debug)]
pub(crate) struct Entity {
    pub(crate) key: Uuid,
    pub(crate) digest: u128,
    /// The rows of each of its family's tables.
    pub(crate) rows: Vec<Vec<u8>>,
    pub(crate) count: u64,
}

/// A part of what is to be published, as [`RowSink`] hands it over.
#[derive(Debug)]
pub struct Portion(pub(crate) Handed);

#[derive(Debug)]
pub(crate) enum Handed {
    Cards(Vec<Entity>),
    Products(Vec<Entity>),
    End(Box<Sums>),
}

/// Nobody takes rows any more: whoever published has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

/// Rows that make a portion.
const PORTION: u64 = 4_000;

/// Takes rows, cards first, for whoever publishes them. For a thread that may block.
#[derive(Debug)]
pub struct RowSink {
    sender: mpsc::Sender<Portion>,
    version: i64,
    waiting: Vec<Entity>,
    rows: u64,
    sums: Sums,
    has_products: bool,
}

impl RowSink {
    pub(crate) fn new(sender: mpsc::Sender<Portion>, version: i64) -> Self {
        Self { sender, version, waiting: Vec::new(), rows: 0, sums: Sums::default(), has_products: false }
    }

    /// Takes a card with its rows.
    pub fn card(&mut self, card: &CardRows) -> Result<(), Closed> {
        self.sums.add_card(card);
        let mut entity = Entity { key: card.key, digest: 0, rows: vec![Vec::new(); 3], count: 0 };
        for movement in &card.movements {
            entity.put(1, MOVEMENTS.tag, fields_of_movement(card.key, movement), self.version);
        }
        for bonus in &card.bonus {
            entity.put(2, BONUS.tag, fields_of_bonus(card.key, bonus), self.version);
        }
        entity.head(CUSTOMERS.tag, fields_of_customer(card.key, card.customer.as_ref()), self.version);
        self.take(entity)
    }

    /// Takes a product: after the last card.
    pub fn product(&mut self, product: &ProductRow) -> Result<(), Closed> {
        if !self.has_products {
            self.flush()?;
            self.has_products = true;
        }
        self.sums.products += 1;
        let mut entity = Entity { key: product.key, digest: 0, rows: vec![Vec::new()], count: 0 };
        let mut fields = Fields::default();
        fields.uuid(Some(product.key)).text(Some(&product.name)).text(product.article.as_deref());
        entity.head(PRODUCTS.tag, fields, self.version);
        self.take(entity)
    }

    /// What was given comes to.
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// All was given. Without this, whatever was given is not published.
    pub fn finish(mut self) -> Result<(), Closed> {
        self.flush()?;
        let sums = std::mem::take(&mut self.sums);
        self.send(Handed::End(Box::new(sums)))
    }

    fn take(&mut self, entity: Entity) -> Result<(), Closed> {
        self.rows += entity.count;
        self.waiting.push(entity);
        if self.rows >= PORTION { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Closed> {
        self.rows = 0;
        let entities = std::mem::take(&mut self.waiting);
        if entities.is_empty() {
            return Ok(());
        }
        self.send(if self.has_products { Handed::Products(entities) } else { Handed::Cards(entities) })
    }

    fn send(&self, handed: Handed) -> Result<(), Closed> {
        self.sender.blocking_send(Portion(handed)).map_err(|_| Closed)
    }
}

impl Entity {
    fn put(&mut self, table: usize, tag: u8, mut fields: Fields, version: i64) {
        self.digest = self.digest.wrapping_add(fields.digest(tag));
        fields.whole(version);
        self.write(table, &fields);
    }

    /// The row that stands for all of them has their digest.
    fn head(&mut self, tag: u8, mut fields: Fields, version: i64) {
        self.digest = self.digest.wrapping_add(fields.digest(tag));
        fields.whole(version).raw(Some(&self.digest.to_be_bytes()));
        self.write(0, &fields);
    }

    fn write(&mut self, table: usize, fields: &Fields) {
        if let Some(rows) = self.rows.get_mut(table) {
            fields.put(rows);
        }
        self.count += 1;
    }
}

/// In the order of the columns of its table.
fn fields_of_customer(key: Uuid, customer: Option<&CustomerRow>) -> Fields {
    let nobody = CustomerRow::default();
    let it = customer.unwrap_or(&nobody);
    let mut fields = Fields::default();
    fields
        .uuid(Some(key))
        .flag(customer.is_some())
        .text(Some(&it.code))
        .text(it.phone.as_deref())
        .text(Some(&it.name))
        .text(it.city.as_deref())
        .text(it.email.as_deref())
        .text(Some(&it.barcode))
        .text(it.city_source.as_deref())
        .day(it.birthday)
        .flag(it.marked_for_deletion)
        .flag(it.invalid_card)
        .uuid(it.owner)
        .decimal(Some(it.opening_balance), 2)
        .decimal(Some(it.purchases), 2)
        .decimal(Some(it.total), 2)
        .whole(it.purchase_lines)
        .decimal(it.points, 2)
        .decimal(it.points_balance, 2)
        .text(Some(&it.verdict))
        .decimal(it.onec.opening_balance, 2)
        .decimal(it.onec.purchases, 2)
        .decimal(it.onec.total, 2)
        .decimal(it.onec.points, 2);
    fields
}

fn fields_of_movement(card: Uuid, it: &MovementRow) -> Fields {
    let mut fields = Fields::default();
    fields
        .uuid(Some(card))
        .uuid(Some(it.recorder))
        .text(Some(&it.recorder_type))
        .whole(it.line)
        .moment(it.period)
        .text(Some(it.kind))
        .decimal(Some(it.amount), 2)
        .decimal(Some(it.quantity), 3)
        .uuid(it.product);
    fields
}

fn fields_of_bonus(card: Uuid, it: &BonusRow) -> Fields {
    let mut fields = Fields::default();
    fields
        .uuid(Some(card))
        .uuid(Some(it.recorder))
        .text(Some(&it.recorder_type))
        .whole(it.line)
        .moment(it.period)
        .text(Some(it.direction))
        .decimal(Some(it.accrued), 2)
        .decimal(Some(it.to_write_off), 2);
    fields
}
