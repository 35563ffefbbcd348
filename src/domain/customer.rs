//! Cards, their owners, and the customer a card stands for.

use super::address::{self, AddressEvidence};
use super::{CardId, City, Customer, OwnerId, PersonalDate, phone};

/// A discount card as read from 1C, before its owner is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its key.
    pub id: CardId,
    /// The owner; `None` where 1C's reference is empty.
    pub owner: Option<OwnerId>,
    /// `Code`.
    pub code: String,
    /// `КодКартыШтрихкод`: usually the phone.
    pub barcode: String,
    /// `Description`.
    pub description: String,
    /// Marked for deletion in 1C: kept, marked as such and found last.
    pub marked_for_deletion: bool,
    /// `КартаНедействительна`: kept, marked as such.
    pub invalid: bool,
    /// `DataVersion`: an opaque token, good for equality only.
    pub version: String,
}

/// What is taken from an owner, already decided by the rules of [`super::address`] and [`super::phone`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// Its key.
    pub id: OwnerId,
    /// `Description`, else the full name, else `ФИО`; `None` where all are empty.
    pub name: Option<String>,
    /// Digits only.
    pub phone: Option<String>,
    /// As 1C has it.
    pub email: Option<String>,
    /// Town and the rule that found it.
    pub city: Option<City>,
    /// Whether there is a town, or 1C told all fields it is found in: where it left one out, it may be there.
    pub tells_town: bool,
    /// Birthday.
    pub birthday: Option<PersonalDate>,
    /// `DataVersion`: an opaque token, good for equality only.
    pub version: String,
}

/// What 1C says of an owner, before any rule: an empty text is a missing one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerFacts {
    /// Its key.
    pub id: OwnerId,
    /// `DataVersion`.
    pub version: String,
    /// `Description`.
    pub description: String,
    /// `НаименованиеПолное`.
    pub full_name: String,
    /// `ФИО`.
    pub person: String,
    /// `НомерТелефонаДляПоиска`.
    pub phone_for_search: String,
    /// Contact rows of the type `Телефон`, in their order.
    pub contact_phones: Vec<String>,
    /// Contact rows of the type `АдресЭлектроннойПочты`, in their order.
    pub contact_emails: Vec<String>,
    /// `АдресЭПДляПоиска`.
    pub email_for_search: String,
    /// The fields `Email` and `ЭлектроннаяПочта`, where this configuration of 1C has them.
    pub email_fields: Vec<String>,
    /// What may tell the town.
    pub address: AddressEvidence,
    /// Whether 1C told all the fields that it is taken from, if only to say that they are empty.
    pub has_address_fields: bool,
    /// `ДатаРождения`.
    pub birthday: Option<PersonalDate>,
}

impl From<&OwnerFacts> for Owner {
    /// Decides by the rules: the first text that is not empty gives the name, the phone and the e-mail.
    fn from(facts: &OwnerFacts) -> Self {
        let emails = facts.contact_emails.iter().chain([&facts.email_for_search]).chain(&facts.email_fields);
        let mut phones = [&facts.phone_for_search].into_iter().chain(&facts.contact_phones);
        let city = address::city(&facts.address);
        Self {
            id: facts.id,
            name: first_present([&facts.description, &facts.full_name, &facts.person]),
            phone: phones.find_map(|text| phone::first(text)),
            email: first_present(emails),
            tells_town: facts.has_address_fields || city.is_some(),
            city,
            birthday: facts.birthday,
            version: facts.version.clone(),
        }
    }
}

fn first_present<'a>(texts: impl IntoIterator<Item = &'a String>) -> Option<String> {
    texts.into_iter().map(|text| text.trim()).find(|text| !text.is_empty()).map(str::to_owned)
}

impl Card {
    /// Whether it is known if this card's customer has a town: its owner was read and tells, or it has none.
    pub fn knows_town(&self, owner: Option<&Owner>) -> bool {
        match owner {
            Some(owner) => owner.tells_town,
            None => self.owner.is_some_and(OwnerId::is_empty),
        }
    }
}

impl Customer {
    /// Joins a card with its owner by the rules of name, phone and e-mail.
    pub fn join(card: &Card, owner: Option<&Owner>) -> Self {
        let own_name = || card.description.trim().to_owned();
        let owner_phone = || owner.and_then(|owner| owner.phone.clone());
        Self {
            card: card.id,
            owner: card.owner.filter(|owner| !owner.is_empty()),
            code: card.code.trim().to_owned(),
            barcode: card.barcode.trim().to_owned(),
            phone: phone::of_barcode(&card.barcode).or_else(owner_phone),
            name: owner.and_then(|owner| owner.name.clone()).unwrap_or_else(own_name),
            email: owner.and_then(|owner| owner.email.clone()),
            city: owner.and_then(|owner| owner.city.clone()),
            birthday: owner.and_then(|owner| owner.birthday),
            marked_for_deletion: card.marked_for_deletion,
            invalid_card: card.invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CitySource;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn the_first_name_that_is_not_empty_is_the_name() {
        for (description, full_name, person, expected) in [
            (" Царькова А. ", "Царькова Анна", "Царькова Анна Игоревна", Some("Царькова А.")),
            ("", "Царькова Анна", "Царькова Анна Игоревна", Some("Царькова Анна")),
            (" ", "", "Царькова Анна Игоревна", Some("Царькова Анна Игоревна")),
            ("", "", "", None),
        ] {
            let [description, full_name, person] = [description, full_name, person].map(str::to_owned);
            let facts = OwnerFacts { description, full_name, person, ..OwnerFacts::default() };
            assert_eq!(Owner::from(&facts).name.as_deref(), expected);
        }
    }

    #[test]
    fn the_phone_for_search_comes_before_the_contact_rows() {
        for (for_search, contacts, expected) in [
            ("+7 (978) 845-13-64", &["89780000000"][..], Some("79788451364")),
            ("нет", &["", "8 978 000-00-00"], Some("89780000000")),
            ("", &["по почте"], None),
            ("", &[], None),
        ] {
            let (phone_for_search, contact_phones) = (for_search.to_owned(), texts(contacts));
            let facts = OwnerFacts { phone_for_search, contact_phones, ..OwnerFacts::default() };
            assert_eq!(Owner::from(&facts).phone.as_deref(), expected, "{for_search} {contacts:?}");
        }
    }

    #[test]
    fn the_mail_of_a_contact_row_comes_before_the_field_for_search_and_other_fields() {
        for (contacts, for_search, fields, expected) in [
            (&["", "a@b.ru"][..], "c@d.ru", &["e@f.ru"][..], Some("a@b.ru")),
            (&[" "], " c@d.ru ", &["e@f.ru"], Some("c@d.ru")),
            (&[], "", &["", "e@f.ru"], Some("e@f.ru")),
            (&[], "", &[], None),
        ] {
            let facts = OwnerFacts {
                contact_emails: texts(contacts),
                email_for_search: for_search.to_owned(),
                email_fields: texts(fields),
                ..OwnerFacts::default()
            };
            assert_eq!(Owner::from(&facts).email.as_deref(), expected);
        }
    }

    #[test]
    fn an_owner_keeps_its_key_version_and_town() {
        let address = AddressEvidence {
            main_details: texts(&["а", "б", "Симферополь"]),
            ..Default::default()
        };
        let id = OwnerId(uuid::Uuid::from_u128(7));
        let owner =
            Owner::from(&OwnerFacts { id, version: "AAAAAAAAAAE=".into(), address, ..Default::default() });
        let city = City { name: "Симферополь".into(), source: CitySource::MainDetailsLine3 };
        assert_eq!((owner.id, owner.version.as_str(), owner.city), (id, "AAAAAAAAAAE=", Some(city)));
    }

    fn card() -> Card {
        Card {
            code: "000000017".into(),
            barcode: "79788451364".into(),
            description: "Карта 17".into(),
            marked_for_deletion: true,
            invalid: true,
            ..Card::default()
        }
    }

    #[test]
    fn a_customer_is_the_card_with_what_its_owner_says() {
        let city = City { name: "Ялта".into(), source: CitySource::ContactInfo };
        let owner = Owner {
            name: Some("Царькова".into()),
            phone: Some("89780000000".into()),
            email: Some("a@b.ru".into()),
            city: Some(city.clone()),
            tells_town: true,
            birthday: Some(PersonalDate::Hidden),
            ..Owner::default()
        };
        let customer = Customer::join(&card(), Some(&owner));
        let expected = Customer {
            code: "000000017".into(),
            barcode: "79788451364".into(),
            phone: Some("79788451364".into()),
            name: "Царькова".into(),
            email: Some("a@b.ru".into()),
            city: Some(city),
            birthday: Some(PersonalDate::Hidden),
            marked_for_deletion: true,
            invalid_card: true,
            ..Customer::default()
        };
        assert_eq!(customer, expected);

        let by_other_code = Card { barcode: "4601234567893".into(), ..card() };
        let customer = Customer::join(&by_other_code, Some(&owner));
        assert_eq!(
            (customer.phone.as_deref(), customer.barcode.as_str()),
            (Some("89780000000"), "4601234567893")
        );
    }

    #[test]
    fn a_card_without_an_owner_speaks_for_itself() {
        let nameless = Owner::default();
        for owner in [None, Some(&nameless)] {
            let customer = Customer::join(&card(), owner);
            assert_eq!(
                (customer.name.as_str(), customer.phone.as_deref()),
                ("Карта 17", Some("79788451364"))
            );
            assert_eq!((customer.email, customer.city), (None, None));
        }
    }
}
