//! What this configuration of 1C calls its sets and fields.

use std::collections::BTreeMap;

use super::set::Set;
use crate::domain::RecorderRole;
use crate::domain::recorder_types::RecorderNames;

/// A name that can be set: its key in the settings, and its place.
struct SettableName {
    key: &'static str,
    place: fn(&mut Names) -> &mut String,
}

/// Makes the names out of their table: a row says what is called so, the key of the setting, and what it usually is.
macro_rules! names {
    ($(#[doc = $doc:literal] $name:ident = $usual:literal;)+) => {
        /// Names of sets and fields, as this configuration of 1C has them.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct Names {
            $(#[doc = $doc] pub $name: String,)+
            /// Parts of recorder types that make a movement an opening balance.
            pub opening_balance: Vec<String>,
            /// Recorder types that are purchases, whatever they look like.
            pub purchase_recorders: Vec<String>,
            /// Recorder types whose rows are left out.
            pub ignored_recorders: Vec<String>,
        }

        impl Default for Names {
            fn default() -> Self {
                Self {
                    $($name: $usual.into(),)+
                    opening_balance: vec!["ВводНачальныхОстатков".into()],
                    purchase_recorders: Vec::new(),
                    ignored_recorders: Vec::new(),
                }
            }
        }

        const SETTABLE: &[SettableName] = &[$(SettableName {
            key: stringify!($name),
            place: |names| &mut names.$name,
        }),+];
    };
}

/// Fields that every catalog or register of 1C has under this name: no setting says otherwise.
const STANDARD: [&str; 11] = [
    "Ref_Key",
    "DataVersion",
    "IsFolder",
    "Description",
    "DeletionMark",
    "LineNumber",
    "Period",
    "Active",
    "RecordType",
    "Recorder",
    "Recorder_Type",
];

/// Whether a field is called so in every base.
pub fn is_standard_field(name: &str) -> bool {
    STANDARD.contains(&name)
}

names! {
    /// Catalog of discount cards.
    cards = "Catalog_ДисконтныеКарты";
    /// Key of the owner in a card.
    card_owner = "ВладелецКарты_Key";
    /// Code of a card.
    card_code = "Code";
    /// Bar code of a card, usually the phone.
    card_phone = "КодКартыШтрихкод";
    /// Whether a card is invalid.
    card_invalid = "КартаНедействительна";
    /// Catalog of owners.
    owners = "Catalog_Контрагенты";
    /// Full name of an owner.
    owner_full_name = "НаименованиеПолное";
    /// Personal name of an owner.
    owner_person = "ФИО";
    /// Main details of an owner: text of several lines.
    owner_details = "ОсновныеСведения";
    /// Structured address of an owner (`Состав`).
    owner_address = "Состав";
    /// Phone of an owner as kept for searching.
    owner_phone = "НомерТелефонаДляПоиска";
    /// E-mail of an owner as kept for searching.
    owner_email = "АдресЭПДляПоиска";
    /// Contact rows of an owner.
    owner_contacts = "КонтактнаяИнформация";
    /// Birthday of an owner.
    owner_birthday = "ДатаРождения";
    /// Catalog of products.
    products = "Catalog_Номенклатура";
    /// Article of a product.
    product_article = "Артикул";
    /// Register of sales by discount card, without `_RecordType`.
    sales = "AccumulationRegister_ПродажиПоДисконтнымКартам";
    /// Card of a sale.
    sales_card = "ДисконтнаяКарта_Key";
    /// Product of a sale.
    sales_product = "Номенклатура_Key";
    /// Amount of a sale.
    sales_amount = "Сумма";
    /// Quantity of a sale.
    sales_quantity = "Количество";
    /// Register of bonus points, without `_RecordType`.
    points = "AccumulationRegister_БонусныеБаллы";
    /// Card of a bonus row.
    points_card = "БонуснаяКарта_Key";
    /// Points accrued.
    points_accrued = "Начислено";
    /// Points to be written off.
    points_to_write_off = "КСписанию";
}

impl Names {
    /// What the settings take the rows of a type of document for.
    pub fn role_of(&self, recorder_type: &str) -> RecorderRole {
        RecorderRole::of(recorder_type, self.recorder_names())
    }

    /// What they say of types of document.
    pub fn recorder_names(&self) -> RecorderNames<'_> {
        RecorderNames {
            opening_balance: &self.opening_balance,
            purchases: &self.purchase_recorders,
            ignored: &self.ignored_recorders,
        }
    }

    /// The field of a register that holds the card.
    pub(super) fn card_of(&self, register: Set) -> &str {
        if register == Set::Points { &self.points_card } else { &self.sales_card }
    }

    /// The keys of all names of sets and fields.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        SETTABLE.iter().map(|name| name.key)
    }

    /// The names of sets and fields that are not the usual ones, by their key.
    pub fn unusual(&self) -> BTreeMap<String, String> {
        let (mut names, mut usual) = (self.clone(), Self::default());
        let mut unusual = BTreeMap::new();
        for SettableName { key, place, .. } in SETTABLE {
            let name = place(&mut names);
            if name != place(&mut usual) {
                unusual.insert((*key).to_owned(), name.clone());
            }
        }
        unusual
    }

    /// The same names with the usual one for each that is not: its key, what the settings say, and the set it is of.
    pub fn with_one_usual(&self) -> Vec<OneUsual> {
        let usual = Self::default();
        let of = |(key, named): (String, String)| {
            let it = SETTABLE.iter().find(|it| it.key == key)?;
            let set = Set::ALL.into_iter().find(|set| key.starts_with(set.name().trim_end_matches('s')))?;
            let (mut names, mut usual) = (self.clone(), usual.clone());
            let usual = std::mem::take((it.place)(&mut usual));
            (it.place)(&mut names).clone_from(&usual);
            Some(OneUsual { is_of_set: set.name() == key, key, named, usual, set, names })
        };
        self.unusual().into_iter().filter_map(of).collect()
    }
}

/// Names of which one is the usual one instead of the settings'.
pub struct OneUsual {
    /// The key of the setting.
    pub key: String,
    /// What the settings say.
    pub named: String,
    /// What is usual.
    pub usual: String,
    /// The set it is the name of, or of a field of.
    pub set: Set,
    /// Whether it is the set's own name.
    pub is_of_set: bool,
    /// All names.
    pub names: Names,
}

/// A type of document as 1C spells it, of its bare name.
pub(super) fn full_type(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("StandardODATA.Document_{}", name.strip_prefix("Document_").unwrap_or(name))
    }
}
