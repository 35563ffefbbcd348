//! Owners: what 1C says of a counterparty, gathered for the rules of name, phone, e-mail and town.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::super::query::Set;
use super::super::super::wire::{Slots, Value};
use super::super::{RowMark, bound};
use super::{
    Decode, Need, NoKey, Recorders, RowFacts, RowField, RowReading, field, is_folder, item, item_fields,
    item_key, text,
};
use crate::domain::address::{AddressEvidence, AddressRow};
use crate::domain::customer::OwnerFacts;
use crate::domain::{Owner, OwnerId, PersonalDate};
use crate::odata::Names;

const FULL_NAME: usize = 4;
const PERSON: usize = 5;
const DETAILS: usize = 6;
const ADDRESS: usize = 7;
const PHONE: usize = 8;
const EMAIL: usize = 9;
const CONTACTS: usize = 10;
/// The e-mail fields of other configurations.
const OTHER_EMAILS: [usize; 2] = [11, 12];
const BIRTHDAY: usize = 13;

impl Decode for Owner {
    const SETS: &'static [Set] = &[Set::Owners];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = item_fields();
        fields.extend([
            field(&names.owner_full_name, Need::Wanted),
            field(&names.owner_person, Need::Rare),
            field(&names.owner_details, Need::Wanted),
            field(&names.owner_address, Need::Rare),
            field(&names.owner_phone, Need::Wanted),
            field(&names.owner_email, Need::Wanted),
            field(&names.owner_contacts, Need::Wanted),
            field("Email", Need::Rare),
            field("ЭлектроннаяПочта", Need::Rare),
            field(&names.owner_birthday, Need::Rare),
        ]);
        fields
    }

    fn decode(slots: &Slots<'_>, _: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let mark = item_key(slots)?;
        if is_folder(slots) {
            return Ok((mark, RowReading::Folder));
        }
        let facts = facts(OwnerId(mark.object), slots);
        Ok((mark, RowReading::Row(bound::owner(Self::from(&facts)))))
    }

    fn facts(&self) -> RowFacts<'_> {
        // The phone decided by the rules need not be the text 1C searched in: no filter is held to it.
        RowFacts { key: Some(self.id.0), ..RowFacts::default() }
    }
}

fn facts(id: OwnerId, slots: &Slots<'_>) -> OwnerFacts {
    let contacts = contacts(slots.get(CONTACTS));
    let of_type =
        |wanted: &'static str| contacts.iter().filter(move |row| row.kind.as_deref() == Some(wanted));
    OwnerFacts {
        id,
        version: text(slots.get(item::VERSION)),
        description: text(slots.get(item::DESCRIPTION)),
        full_name: text(slots.get(FULL_NAME)),
        person: text(slots.get(PERSON)),
        phone_for_search: text(slots.get(PHONE)),
        contact_phones: of_type("Телефон").filter_map(Contact::phone).collect(),
        contact_emails: of_type("АдресЭлектроннойПочты").filter_map(Contact::email).collect(),
        email_for_search: text(slots.get(EMAIL)),
        email_fields: OTHER_EMAILS.iter().filter_map(|&slot| slots.get(slot).filled_text()).collect(),
        address: AddressEvidence {
            main_details: lines(slots.get(DETAILS)),
            address_json: json_text(slots.get(ADDRESS)).into_iter().collect(),
            address_xml: contacts.iter().filter_map(|row| row.fields.clone()).collect(),
            contact_rows: of_type("Адрес").map(Contact::address).collect(),
        },
        birthday: slots.get(BIRTHDAY).time().and_then(PersonalDate::of),
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
