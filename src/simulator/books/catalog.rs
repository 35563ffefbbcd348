//! The catalogs: cards, counterparties, products.

use chrono::{NaiveDate, NaiveDateTime};
use uuid::Uuid;

/// The place of a GUID in 1C's order, which is that of the sixteen bytes as the database keeps them, not of the text:
/// last the first group, first the fourth.
pub(in super::super) const fn server_order(key: Uuid) -> u128 {
    let value = key.as_u128();
    let (first, second, third) = (value >> 96, (value >> 80) & 0xffff, (value >> 64) & 0xffff);
    (value << 64) | (third << 48) | (second << 32) | first
}

/// Something a catalog holds.
pub(in super::super) trait Item {
    fn key(&self) -> Uuid;
    /// Counts one more write.
    fn touch(&mut self);
}

/// The items of one catalog in the order of their keys.
#[derive(Clone, Debug)]
pub(in super::super) struct Catalog<T> {
    items: Vec<T>,
}

impl<T> Default for Catalog<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T: Item> Catalog<T> {
    pub(in super::super) fn load(&mut self, mut items: Vec<T>) {
        items.sort_by_key(|item| server_order(item.key()));
        self.items = items;
    }

    pub(in super::super) fn items(&self) -> &[T] {
        &self.items
    }

    fn position(&self, key: Uuid) -> Result<usize, usize> {
        self.items.binary_search_by_key(&server_order(key), |item| server_order(item.key()))
    }

    pub(in super::super) fn get(&self, key: Uuid) -> Option<&T> {
        self.position(key).ok().map(|position| &self.items[position])
    }

    pub(super) fn put(&mut self, item: T) {
        match self.position(item.key()) {
            Ok(position) => self.items[position] = item,
            Err(position) => self.items.insert(position, item),
        }
    }

    pub(super) fn remove(&mut self, key: Uuid) -> bool {
        let found = self.position(key);
        found.is_ok_and(|position| {
            self.items.remove(position);
            true
        })
    }

    /// Changes an item and counts the write. Its key must stay what it is.
    pub(super) fn change(&mut self, key: Uuid, change: impl FnOnce(&mut T)) -> bool {
        let Ok(position) = self.position(key) else { return false };
        let item = &mut self.items[position];
        change(item);
        item.touch();
        debug_assert_eq!(item.key(), key, "a key never changes");
        true
    }
}

macro_rules! items {
    ($($item:ty),+) => { $(
        impl Item for $item {
            fn key(&self) -> Uuid {
                self.key
            }

            fn touch(&mut self) {
                self.version += 1;
            }
        }
    )+ };
}

items!(Card, Owner, Product);

/// A discount card (`Catalog_ДисконтныеКарты`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// `Ref_Key`.
    pub key: Uuid,
    /// How often it was written since it was made; `DataVersion` follows from it.
    pub version: u32,
    /// `DeletionMark`.
    pub deletion_mark: bool,
    /// `Owner_Key`: the kind of card.
    pub kind: Uuid,
    /// `Code`: nine digits.
    pub code: String,
    /// `Description`.
    pub description: String,
    /// `ВладелецКарты_Key`: the counterparty; nil for none.
    pub owner: Uuid,
    /// `КартаНедействительна`.
    pub invalid: bool,
    /// `КодКартыШтрихкод`: usually the phone.
    pub phone: String,
    /// `Комментарий`.
    pub comment: String,
}

/// A counterparty (`Catalog_Контрагенты`), or a folder of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// `Ref_Key`.
    pub key: Uuid,
    /// How often it was written since it was made.
    pub version: u32,
    /// `DeletionMark`.
    pub deletion_mark: bool,
    /// `Parent_Key`: the folder.
    pub parent: Uuid,
    /// `IsFolder`.
    pub folder: bool,
    /// `Code`: a prefix and digits.
    pub code: String,
    /// `Description`.
    pub name: String,
    /// `ДатаРождения`.
    pub born: NaiveDate,
    /// `ДатаСоздания`.
    pub created: NaiveDateTime,
    /// `Пол`: the name of an enumeration's value.
    pub sex: &'static str,
    /// `НомерТелефонаДляПоиска`.
    pub phone: String,
    /// `АдресЭПДляПоиска`.
    pub email: String,
    /// `ОсновныеСведения`: several lines of text.
    pub main_details: String,
    /// `Состав`: an address as JSON, sent as it stands here; empty for none.
    pub address_json: String,
    /// `ДокументУдостоверяющийЛичность`: what no client has a reason to ask for.
    pub identity_document: String,
    /// `КонтактнаяИнформация`.
    pub contacts: Vec<Contact>,
}

/// A product (`Catalog_Номенклатура`), or a folder of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// `Ref_Key`.
    pub key: Uuid,
    /// How often it was written since it was made.
    pub version: u32,
    /// `DeletionMark`.
    pub deletion_mark: bool,
    /// `Parent_Key`: the folder.
    pub parent: Uuid,
    /// `IsFolder`.
    pub folder: bool,
    /// `Code`.
    pub code: String,
    /// `Description`.
    pub name: String,
    /// `Артикул`.
    pub article: String,
    /// The usual price of one, in kopecks; not published.
    pub price: i64,
}

/// What a row of contact details holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// `Адрес`.
    Address,
    /// `Телефон`.
    Phone,
    /// `АдресЭлектроннойПочты`.
    Email,
}

/// One row of `КонтактнаяИнформация`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// `Ref_Key` of the counterparty.
    pub owner: Uuid,
    /// `LineNumber`.
    pub line: u32,
    /// `Тип`.
    pub kind: ContactKind,
    /// `Представление`: the phone, the address as one line, the e-mail address.
    pub presentation: String,
    /// `Город`.
    pub city: String,
    /// `ЗначенияПолей`: XML; what belongs to the kind where it is empty.
    pub fields_xml: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_the_database_keeps_them() {
        let key = |text: &str| server_order(text.parse().expect("a GUID"));
        let low = key("ffffffff-ffff-ffff-0000-000000000001");
        let high = key("00000000-0000-0000-0000-000000000002");
        assert!(low < high, "the last groups weigh most");
        assert!(key("00000000-0000-0001-0000-000000000000") > key("ffffffff-ffff-0000-0000-000000000000"));
    }

    #[test]
    fn a_catalog_finds_puts_and_removes_by_key() {
        let card =
            |n: u128, code: &str| Card { key: Uuid::from_u128(n), code: code.into(), ..Card::default() };
        let mut cards = Catalog::default();
        cards.load(vec![card(3, "3"), card(1 << 100, "far"), card(1, "1")]);
        cards.put(card(2, "2"));
        cards.put(card(3, "three"));
        let codes: Vec<&str> = cards.items().iter().map(|card| card.code.as_str()).collect();
        assert_eq!(codes, ["far", "1", "2", "three"]);
        assert!(cards.remove(Uuid::from_u128(1)) && !cards.remove(Uuid::from_u128(1)));
        assert!(cards.change(Uuid::from_u128(2), |card| card.code = "two".into()));
        assert_eq!(cards.get(Uuid::from_u128(2)).map(|card| card.version), Some(1));
    }
}
