//! Owners: what 1C says of a counterparty, gathered for the rules of name, phone, e-mail and town.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::super::query::Set;
use super::super::super::wire::Value;
use super::super::{RowMark, bound};
use super::{
    Decode, ItemSlot, Need, NoKey, Recorders, RowFacts, RowField, RowReading, RowSlot, RowValues, item_row,
    slots,
};
use crate::domain::address::{AddressEvidence, AddressRow};
use crate::domain::customer::OwnerFacts;
use crate::domain::{Owner, OwnerId, PersonalDate};
use crate::odata::Names;

slots! {
    OwnerSlot behind ItemSlot, of (_, names):
    Description = Wanted("Description"),
    FullName = Wanted(&names.owner_full_name),
    Person = Rare(&names.owner_person),
    Details = Wanted(&names.owner_details),
    Address = Rare(&names.owner_address),
    Phone = Wanted(&names.owner_phone),
    Email = Wanted(&names.owner_email),
    Contacts = Wanted(&names.owner_contacts),
    EmailElsewhere = Rare("Email"),
    EmailInRussian = Rare("ЭлектроннаяПочта"),
    Birthday = Rare(&names.owner_birthday),
}

/// The fields that a town is found in, but for one that few configurations have.
const ADDRESSES: [OwnerSlot; 2] = [OwnerSlot::Details, OwnerSlot::Contacts];

/// The e-mail fields of other configurations.
const OTHER_EMAILS: [OwnerSlot; 2] = [OwnerSlot::EmailElsewhere, OwnerSlot::EmailInRussian];

impl Decode for Owner {
    const SETS: &'static [Set] = &[Set::Owners];

    type Slots = OwnerSlot;

    fn decode(
        row: RowValues<'_, '_, OwnerSlot>,
        _: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        item_row(row.head(), |key, version| bound::owner(Self::from(&facts(OwnerId(key), version, row))))
    }

    fn facts(&self) -> RowFacts<'_> {
        // The phone decided by the rules need not be the text 1C searched in: no filter is held to it.
        RowFacts::of_item(self.id.0)
    }
}

fn facts(id: OwnerId, version: String, row: RowValues<'_, '_, OwnerSlot>) -> OwnerFacts {
    let contacts = contacts(row.get(OwnerSlot::Contacts));
    let of_type =
        |wanted: &'static str| contacts.iter().filter(move |row| row.kind.as_deref() == Some(wanted));
    OwnerFacts {
        id,
        version,
        description: row.text(OwnerSlot::Description),
        full_name: row.text(OwnerSlot::FullName),
        person: row.text(OwnerSlot::Person),
        phone_for_search: row.text(OwnerSlot::Phone),
        contact_phones: of_type("Телефон").filter_map(Contact::phone).collect(),
        contact_emails: of_type("АдресЭлектроннойПочты").filter_map(Contact::email).collect(),
        email_for_search: row.text(OwnerSlot::Email),
        email_fields: OTHER_EMAILS.into_iter().filter_map(|slot| row.get(slot).filled_text()).collect(),
        address: AddressEvidence {
            main_details: lines(row.get(OwnerSlot::Details)),
            address_json: json_text(row.get(OwnerSlot::Address)).into_iter().collect(),
            address_xml: contacts.iter().filter_map(|row| row.fields.clone()).collect(),
            contact_rows: of_type("Адрес").map(Contact::address).collect(),
        },
        has_address_fields: ADDRESSES.into_iter().all(|slot| !row.get(slot).is_absent()),
        birthday: row.get(OwnerSlot::Birthday).time().and_then(PersonalDate::of),
    }
}

/// Structure, or the text of one inside a string.
fn json_text(value: Value<'_>) -> Option<String> {
    value.structure().map(str::to_owned).or_else(|| value.filled_text())
}

/// Main details are a text of several lines, or a list of them.
fn lines(value: Value<'_>) -> Vec<String> {
    match value.structure() {
        Some(list) => serde_json::from_str(list).unwrap_or_default(),
        None => value.filled_text().into_iter().collect(),
    }
}

/// Rows that cannot be read, or that say two things at once, are missing values, like any other field of an
/// owner.
fn contacts(value: Value<'_>) -> Vec<Contact> {
    let Some(list) = value.structure() else { return Vec::new() };
    let rows: Vec<&RawValue> = serde_json::from_str(list).unwrap_or_default();
    rows.into_iter().filter_map(|row| serde_json::from_str(row.get()).ok()).collect()
}

/// A row of the section of contacts, by 1C's standard names.
#[derive(Debug, Default, Deserialize)]
struct Contact {
    #[serde(rename = "Тип")]
    kind: Option<String>,
    #[serde(rename = "Представление")]
    presentation: Option<String>,
    #[serde(rename = "ЗначенияПолей")]
    fields: Option<String>,
    #[serde(rename = "Значение")]
    value: Option<String>,
    #[serde(rename = "Город")]
    city: Option<String>,
    #[serde(rename = "АдресЭП")]
    email: Option<String>,
    #[serde(rename = "НомерТелефона")]
    phone: Option<String>,
}

impl Contact {
    fn phone(&self) -> Option<String> {
        first_filled([&self.phone, &self.presentation])
    }

    fn email(&self) -> Option<String> {
        first_filled([&self.email, &self.presentation])
    }

    fn address(&self) -> AddressRow {
        AddressRow {
            city: self.city.clone().unwrap_or_default(),
            presentation: self.presentation.clone().unwrap_or_default(),
            value: self.value.clone().unwrap_or_default(),
        }
    }
}

fn first_filled(texts: [&Option<String>; 2]) -> Option<String> {
    texts.into_iter().flatten().find(|text| !text.trim().is_empty()).cloned()
}
