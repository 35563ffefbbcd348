//! The fields of a customer: the one table from which records, search, lists, details, copies, the privacy mask and
//! exports work. A new field is a row of [`customer!`] and a word in the places where it is to be shown.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The rule of the design that found a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CitySource {
    /// Third line of `ОсновныеСведения`.
    MainDetailsLine3,
    /// `Состав → АдресРФ → Улица` (or `Город` where that is empty).
    AddressStreet,
    /// The address row of `КонтактнаяИнформация`.
    ContactInfo,
}

/// A customer's town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct City {
    /// Its name as found, trimmed.
    pub name: String,
    /// Where it was found.
    pub source: CitySource,
}

/// A day of somebody's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonalDate {
    /// The day.
    Known(NaiveDate),
    /// Known, and behind the privacy mask.
    Hidden,
}

impl PersonalDate {
    /// The day of a moment; 1C's empty date is none, whatever its time.
    pub fn of(moment: super::LocalTime) -> Option<Self> {
        (moment.year() > 1).then(|| Self::Known(moment.date()))
    }
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// A text of 1C.
    Text,
    /// A town with the rule that found it.
    Town,
    /// A day.
    Date,
    /// Set or not.
    Flag,
}

/// A field's value. What is missing has none, and so has a flag that is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// A text, not empty.
    Text(Cow<'a, str>),
    /// A town.
    Town(CitySource, Cow<'a, str>),
    /// A day.
    Date(PersonalDate),
    /// A flag that is set.
    Flag,
}

impl FieldValue<'_> {
    /// Its place in an order of such values; texts are put in order by the index.
    pub fn place(&self) -> Option<i64> {
        match self {
            Self::Date(PersonalDate::Known(day)) => Some(day.num_days_from_ce().into()),
            Self::Text(_) | Self::Town(..) | Self::Date(PersonalDate::Hidden) => None,
            Self::Flag => Some(1),
        }
    }

    /// As programs read it.
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Town(_, text) => Cow::Borrowed(text),
            Self::Date(PersonalDate::Known(day)) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::Date(PersonalDate::Hidden) => Cow::Borrowed("••••-••-••"),
            Self::Flag => Cow::Borrowed("true"),
        }
    }
}

/// Something a field is kept in.
trait Held {
    const KIND: FieldKind;
    fn value(&self) -> Option<FieldValue<'_>>;
    /// Takes a value of its kind, and no other.
    fn set(&mut self, value: FieldValue<'_>);
}

/// A kind for what it is kept in: how a value is taken out, and how one is put in.
macro_rules! held {
    ($type:ty as $kind:ident: |$it:ident| $out:expr, $value:pat => $put:expr) => {
        impl Held for $type {
            const KIND: FieldKind = FieldKind::$kind;

            fn value(&self) -> Option<FieldValue<'_>> {
                let $it = self;
                $out
            }

            fn set(&mut self, value: FieldValue<'_>) {
                if let $value = value {
                    *self = $put;
                }
            }
        }
    };
}

held!(String as Text: |it| (!it.is_empty()).then(|| FieldValue::Text(it.into())),
    FieldValue::Text(text) => text.into_owned());
held!(Option<String> as Text: |it| it.as_deref().map(|text| FieldValue::Text(text.into())),
    FieldValue::Text(text) => Some(text.into_owned()));
held!(Option<City> as Town: |it| it.as_ref().map(|it| FieldValue::Town(it.source, it.name.as_str().into())),
    FieldValue::Town(source, name) => Some(City { name: name.into_owned(), source }));
held!(Option<PersonalDate> as Date: |it| it.map(FieldValue::Date), FieldValue::Date(day) => Some(day));
held!(bool as Flag: |it| it.then_some(FieldValue::Flag), FieldValue::Flag => true);

/// Whether a field tells who somebody is: the privacy mask hides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Privacy {
    Personal,
    Open,
}

/// Makes the customer and the table of their fields. A row: the member and its type, the field, its number in records
/// (which no other field may ever have), its name in machine-readable output, the id of its word, whether it is hidden.
macro_rules! customer {
    ($($(#[$doc:meta])* $member:ident: $type:ty, $field:ident, $number:literal, $name:literal, $word:literal, $privacy:ident;)+) => {
        /// A card with what its owner says: the customer as the shop knows them.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Customer {
            /// The card.
            pub card: super::CardId,
            /// Who holds it in 1C, on other cards too maybe; `None` where 1C names nobody, or nobody was asked yet.
            pub owner: Option<super::OwnerId>,
            $($(#[$doc])* pub $member: $type,)+
        }

        /// A field of a customer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum CustomerField {
            $($(#[$doc])* $field,)+
        }

        impl CustomerField {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$field),+];

            /// Its number in records.
            pub fn number(self) -> u8 {
                match self { $(Self::$field => $number),+ }
            }

            /// Its name in machine-readable output.
            pub fn name(self) -> &'static str {
                match self { $(Self::$field => $name),+ }
            }

            /// Id of the phrase that is its word: a heading, or for a flag what it says.
            pub fn word(self) -> &'static str {
                match self { $(Self::$field => $word),+ }
            }

            /// What kind of value it has.
            pub fn kind(self) -> FieldKind {
                match self { $(Self::$field => <$type as Held>::KIND),+ }
            }

            fn privacy(self) -> Privacy {
                match self { $(Self::$field => Privacy::$privacy),+ }
            }
        }

        impl Customer {
            /// A field's value as it is known.
            pub fn get(&self, field: CustomerField) -> Option<FieldValue<'_>> {
                match field { $(CustomerField::$field => self.$member.value()),+ }
            }

            /// Puts a value into a field, where it is of the field's kind.
            pub fn set(&mut self, field: CustomerField, value: FieldValue<'_>) {
                match field { $(CustomerField::$field => self.$member.set(value)),+ }
            }
        }
    };
}

customer! {
    /// `Code` of the card.
    code: String, Code, 1, "code", "column-code", Personal;
    /// Bar code of the card as 1C has it.
    barcode: String, Barcode, 2, "barcode", "row-barcode", Personal;
    /// Digits only.
    phone: Option<String>, Phone, 3, "phone", "column-phone", Personal;
    /// Name; empty where 1C has none anywhere.
    name: String, Name, 4, "name", "column-name", Personal;
    /// As 1C has it.
    email: Option<String>, Email, 5, "email", "row-email", Personal;
    /// Town and the rule that found it.
    city: Option<City>, City, 6, "city", "column-city", Personal;
    /// Marked for deletion in 1C.
    marked_for_deletion: bool, MarkedForDeletion, 7, "marked_for_deletion", "mark-deleted", Open;
    /// Birthday of the owner.
    birthday: Option<PersonalDate>, Birthday, 8, "birthday", "column-birthday", Personal;
    /// Called invalid in 1C.
    invalid_card: bool, InvalidCard, 9, "invalid_card", "mark-invalid", Open;
}

/// What is searched, in the order it is told where a query was found. The phone comes first: the index marks it. Then what
/// a customer is asked for by, then what many may share.
pub const SEARCHED: [CustomerField; 6] = {
    use CustomerField::{Barcode, City, Code, Email, Name, Phone};
    [Phone, Name, Code, Barcode, Email, City]
};

/// Columns of the list before the figures.
pub const LISTED: [CustomerField; 3] = [CustomerField::Name, CustomerField::Phone, CustomerField::City];

/// Columns of the list behind the figures.
pub const LISTED_BEHIND: [CustomerField; 2] = [CustomerField::Code, CustomerField::Birthday];

/// What stands below the name where a customer is shown.
pub const DETAILED: [CustomerField; 4] = {
    use CustomerField::{Birthday, Code, Email, Phone};
    [Phone, Code, Email, Birthday]
};

/// What the words of a check say of a customer below the name.
pub const TOLD: [CustomerField; 4] = {
    use CustomerField::{Birthday, City, Code, Phone};
    [Code, Phone, City, Birthday]
};

/// What can be copied alone, the most wanted first.
pub const COPIED: [CustomerField; 6] = {
    use CustomerField::{Birthday, City, Code, Email, Name, Phone};
    [Phone, Name, Code, Email, City, Birthday]
};

/// What JSON and CSV have of a customer beside the key, in the order of the columns.
pub const EXPORTED: [CustomerField; 8] = {
    use CustomerField::{Birthday, City, Code, Email, InvalidCard, MarkedForDeletion, Name, Phone};
    [Code, Phone, Name, City, Email, Birthday, MarkedForDeletion, InvalidCard]
};

/// What a workbook has of a customer, in the order of the columns.
pub const IN_WORKBOOK: [CustomerField; 7] = {
    use CustomerField::{Birthday, City, Code, InvalidCard, MarkedForDeletion, Name, Phone};
    [Code, Phone, Name, City, Birthday, MarkedForDeletion, InvalidCard]
};

impl CustomerField {
    /// Whether the privacy mask hides it.
    pub fn is_personal(self) -> bool {
        self.privacy() == Privacy::Personal
    }

    /// The field of this number; `None` for one of a later version.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.number() == number)
    }
}

impl Customer {
    /// A field's value as people see it: whose phone nobody knows may be called by the bar code.
    pub fn shown(&self, field: CustomerField) -> Option<FieldValue<'_>> {
        match field {
            CustomerField::Phone => self.get(field).or_else(|| self.get(CustomerField::Barcode)),
            _ => self.get(field),
        }
    }

    /// A field's text; empty where it has none.
    pub fn text(&self, field: CustomerField) -> Cow<'_, str> {
        match self.get(field) {
            Some(FieldValue::Text(text) | FieldValue::Town(_, text)) => text,
            Some(FieldValue::Date(_) | FieldValue::Flag) | None => Cow::Borrowed(""),
        }
    }

    /// The flags that are set.
    pub fn flags(&self) -> impl Iterator<Item = CustomerField> {
        CustomerField::ALL.iter().copied().filter(|field| self.get(*field) == Some(FieldValue::Flag))
    }

    /// Hides what tells who this is.
    pub fn hide(&mut self, hidden: fn(&str) -> String) {
        for field in CustomerField::ALL.iter().copied().filter(|field| field.is_personal()) {
            let value = match self.get(field) {
                Some(FieldValue::Text(text)) => FieldValue::Text(hidden(&text).into()),
                Some(FieldValue::Town(source, name)) => FieldValue::Town(source, hidden(&name).into()),
                Some(FieldValue::Date(_)) => FieldValue::Date(PersonalDate::Hidden),
                Some(FieldValue::Flag) | None => continue,
            };
            self.set(field, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of every kind, as a record may hold it.
    fn value(field: CustomerField) -> FieldValue<'static> {
        match field.kind() {
            FieldKind::Text => FieldValue::Text(field.name().into()),
            FieldKind::Town => FieldValue::Town(CitySource::ContactInfo, field.name().into()),
            FieldKind::Date => FieldValue::Date(PersonalDate::Known(NaiveDate::MIN)),
            FieldKind::Flag => FieldValue::Flag,
        }
    }

    #[test]
    fn an_empty_date_is_none_whatever_its_time() {
        let day = |text: &str| PersonalDate::of(text.parse().unwrap());
        assert_eq!((day("0001-01-01T00:00:00"), day("0001-01-01T12:30:00")), (None, None));
        for (text, expected) in [("1985-03-05T00:00:00", "1985-03-05"), ("1799-06-06T23:59:59", "1799-06-06")]
        {
            assert_eq!(FieldValue::Date(day(text).unwrap()).plain(), expected);
        }
    }

    #[test]
    fn every_field_has_a_number_a_name_and_a_word_of_its_own_and_keeps_what_it_is_given() {
        for (at, &field) in CustomerField::ALL.iter().enumerate() {
            for &other in &CustomerField::ALL[at + 1..] {
                assert!(field.number() < other.number(), "{field:?} {other:?}");
                assert!(field.name() != other.name() && field.word() != other.word(), "{field:?} {other:?}");
            }
            assert_eq!(CustomerField::of_number(field.number()), Some(field));
            let mut customer = Customer::default();
            assert_eq!(customer.get(field), None, "{field:?}");
            customer.set(field, value(field));
            assert_eq!(customer.get(field), Some(value(field)), "{field:?}");
            let others = CustomerField::ALL.iter().filter(|other| **other != field);
            assert!(others.into_iter().all(|other| customer.get(*other).is_none()), "{field:?}");
        }
    }

    #[test]
    fn every_field_stands_somewhere_and_nowhere_twice() {
        let places: [&[CustomerField]; 6] =
            [&SEARCHED, &[&LISTED[..], &LISTED_BEHIND].concat(), &DETAILED, &TOLD, &COPIED, &EXPORTED];
        for place in places {
            let is_twice = |field| place.iter().filter(|other| **other == field).count() > 1;
            assert!(!place.iter().copied().any(is_twice), "{place:?}");
        }
        for field in CustomerField::ALL {
            let is_shown = places.iter().any(|place| place.contains(field));
            assert!(is_shown || field.kind() == FieldKind::Flag, "{field:?}");
        }
        assert_eq!(SEARCHED[0], CustomerField::Phone, "the index marks the phone");
    }

    #[test]
    fn the_mask_hides_whatever_is_personal_and_nothing_else() {
        let mut customer = Customer::default();
        for &field in CustomerField::ALL {
            customer.set(field, value(field));
        }
        let before = customer.clone();
        customer.hide(|text| "•".repeat(text.chars().count()));
        for &field in CustomerField::ALL {
            assert_eq!(customer.get(field) != before.get(field), field.is_personal(), "{field:?}");
            assert!(customer.get(field).is_some(), "{field:?}: what is hidden is still there");
        }
    }
}
