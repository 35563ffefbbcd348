//! Cards and the people they belong to.

use chrono::{Days, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::super::books::{Card, Contact, ContactKind, Owner};
use super::super::prng::Prng;
use super::names;

/// The kind of card all cards are of.
const CARD_KIND: Uuid = Uuid::from_u128(0xaaaa_aaaa_0000_4000_8000_0000_0000_00ff);

/// The folder all customers are in.
const CUSTOMERS_FOLDER: Uuid = Uuid::from_u128(0xbbbb_bbbb_0000_4000_8000_0000_0000_0f01);

/// Phones are spread over this many numbers by a multiplier prime to it, so that no two are the same.
const PHONES: u64 = 1_000_000_000;
const PHONE_STEP: u64 = 618_033_989;

/// A card and, mostly, its owner.
pub(super) struct Person {
    pub(super) card: Card,
    pub(super) owner: Option<Owner>,
}

impl Person {
    /// The `number`th customer, with phone, owner and no address yet.
    pub(super) fn invent(chance: &mut Prng, number: usize) -> Self {
        let (name, sex) = names::person(chance);
        let phone = phone(number as u64);
        let owner = owner(chance, number, name, sex, &phone);
        let mut card = Card {
            key: chance.guid(),
            version: u32::try_from(chance.below(5)).unwrap_or_default(),
            deletion_mark: false,
            kind: CARD_KIND,
            code: format!("{:09}", number + 1),
            description: String::new(),
            owner: owner.key,
            // Lost, or replaced by another.
            invalid: number % 50 == 33,
            phone,
            comment: String::new(),
        };
        card.describe(&owner.name);
        Self { card, owner: Some(owner) }
    }

    /// Changes the owner; a person without one stays as it is.
    pub(super) fn with_owner(mut self, change: impl FnOnce(&mut Owner)) -> Self {
        if let Some(owner) = &mut self.owner {
            change(owner);
        }
        self
    }

    /// Takes the owner away.
    pub(super) fn without_owner(mut self) -> Self {
        self.owner = None;
        self.card.owner = Uuid::nil();
        self
    }
}

impl Card {
    /// What the shop writes on a card: the name and the phone.
    pub(super) fn describe(&mut self, name: &str) {
        self.description =
            if self.phone.is_empty() { name.to_owned() } else { format!("{name} {}", self.phone) };
    }
}

impl Owner {
    /// Name, phone and town, a line each.
    pub(super) fn set_details(&mut self, third_line: &str, line_end: &str) {
        self.main_details = [self.name.as_str(), &self.phone, third_line].join(line_end);
    }

    /// Adds a row of contact details.
    pub(super) fn add_contact(
        &mut self,
        kind: ContactKind,
        presentation: &str,
        city: &str,
        fields_xml: &str,
    ) {
        let line = u32::try_from(self.contacts.len() + 1).unwrap_or(u32::MAX);
        self.contacts.push(Contact {
            owner: self.key,
            line,
            kind,
            presentation: presentation.to_owned(),
            city: city.to_owned(),
            fields_xml: fields_xml.to_owned(),
        });
    }

    /// Takes all rows of one kind away; the lines stay numbered from one.
    pub(super) fn drop_contacts(&mut self, kind: ContactKind) {
        self.contacts.retain(|contact| contact.kind != kind);
        for (line, contact) in (1..).zip(&mut self.contacts) {
            contact.line = line;
        }
    }
}

fn phone(number: u64) -> String {
    let digits = (number % PHONES * PHONE_STEP + 1) % PHONES;
    format!("79{digits:09}")
}

fn owner(chance: &mut Prng, number: usize, name: String, sex: &'static str, phone: &str) -> Owner {
    let born = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default() + Days::new(chance.below(365 * 55));
    let created = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap_or_default() + Days::new(chance.below(1500));
    // Every third did not tell. It is drawn all the same: what is drawn next stays what it was.
    let born = if number % 3 == 2 { NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default() } else { born };
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        36_000 + u32::try_from(chance.below(36_000)).unwrap_or(0),
        0,
    );
    let mut owner = Owner {
        key: chance.guid(),
        version: u32::try_from(chance.below(7)).unwrap_or_default(),
        parent: CUSTOMERS_FOLDER,
        code: format!("НФ-{:06}", number + 1),
        name,
        born,
        created: created.and_time(time.unwrap_or_default()),
        sex,
        phone: phone.to_owned(),
        identity_document: format!("Паспорт гражданина РФ, 00 00 № {:06}", number % 1_000_000),
        ..Owner::default()
    };
    owner.add_contact(ContactKind::Phone, phone, "", "");
    if chance.one_in(3) {
        owner.email = format!("client{}@example.ru", number + 1);
        let email = owner.email.clone();
        owner.add_contact(ContactKind::Email, &email, "", "");
    }
    owner
}

/// An ordinary customer: the town mostly on the third line, sometimes in the address, sometimes nowhere.
pub(super) fn ordinary(chance: &mut Prng, number: usize) -> Person {
    let town = names::town(chance);
    let habit = chance.below(20);
    let person = Person::invent(chance, number).with_owner(|owner| match habit {
        0..14 => owner.set_details(town, "\n"),
        14..17 => {
            owner.add_contact(ContactKind::Address, &format!("295000, {town}, ул. Ленина, д. 1"), town, "");
        }
        17 => owner.add_contact(ContactKind::Address, &format!("г. {town}, ул. Садовая, 12"), "", ""),
        _ => {}
    });
    if habit == 19 && chance.one_in(2) { person.without_owner() } else { person }
}

/// The folders of the catalog of counterparties.
pub(super) fn folders(chance: &mut Prng) -> Vec<Owner> {
    let folder = |key, code: &str, name: &str| Owner {
        key,
        folder: true,
        code: code.to_owned(),
        name: name.to_owned(),
        ..Owner::default()
    };
    vec![
        folder(CUSTOMERS_FOLDER, "НФ-900001", "Розничные покупатели"),
        folder(chance.guid(), "НФ-900002", "Поставщики"),
    ]
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn nobody_is_given_the_reference_customers_phone() {
        assert!((0..300_000).all(|number| phone(number) != "79788451364"));
    }
}
