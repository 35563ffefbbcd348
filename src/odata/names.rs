//! What this configuration of 1C calls its sets and fields.

use std::collections::BTreeMap;

/// Names of sets and fields, as this configuration of 1C has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names {
    /// Catalog of discount cards.
    pub cards: String,
    /// Key of the owner in a card.
    pub card_owner: String,
    /// Code of a card.
    pub card_code: String,
    /// Bar code of a card, usually the phone.
    pub card_phone: String,
    /// Catalog of owners.
    pub owners: String,
    /// Full name of an owner.
    pub owner_full_name: String,
    /// Personal name of an owner.
    pub owner_person: String,
    /// Main details of an owner: text of several lines.
    pub owner_details: String,
    /// Structured address of an owner (`Состав`).
    pub owner_address: String,
    /// Phone of an owner as kept for searching.
    pub owner_phone: String,
    /// E-mail of an owner as kept for searching.
    pub owner_email: String,
    /// Contact rows of an owner.
    pub owner_contacts: String,
    /// Catalog of products.
    pub products: String,
    /// Article of a product.
    pub product_article: String,
    /// Register of sales by discount card, without `_RecordType`.
    pub sales: String,
    /// Card of a sale.
    pub sales_card: String,
    /// Product of a sale.
    pub sales_product: String,
    /// Amount of a sale.
    pub sales_amount: String,
    /// Quantity of a sale.
    pub sales_quantity: String,
    /// Register of bonus points, without `_RecordType`.
    pub points: String,
    /// Card of a bonus row.
    pub points_card: String,
    /// Points accrued.
    pub points_accrued: String,
    /// Points to be written off.
    pub points_to_write_off: String,
    /// Parts of recorder types that make a movement an opening balance.
    pub opening_balance: Vec<String>,
    /// Recorder types whose rows are left out.
    pub ignored_recorders: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            cards: "Catalog_ДисконтныеКарты".into(),
            card_owner: "ВладелецКарты_Key".into(),
            card_code: "Code".into(),
            card_phone: "КодКартыШтрихкод".into(),
            owners: "Catalog_Контрагенты".into(),
            owner_full_name: "НаименованиеПолное".into(),
            owner_person: "ФИО".into(),
            owner_details: "ОсновныеСведения".into(),
            owner_address: "Состав".into(),
            owner_phone: "НомерТелефонаДляПоиска".into(),
            owner_email: "АдресЭПДляПоиска".into(),
            owner_contacts: "КонтактнаяИнформация".into(),
            products: "Catalog_Номенклатура".into(),
            product_article: "Артикул".into(),
            sales: "AccumulationRegister_ПродажиПоДисконтнымКартам".into(),
            sales_card: "ДисконтнаяКарта_Key".into(),
            sales_product: "Номенклатура_Key".into(),
            sales_amount: "Сумма".into(),
            sales_quantity: "Количество".into(),
            points: "AccumulationRegister_БонусныеБаллы".into(),
            points_card: "БонуснаяКарта_Key".into(),
            points_accrued: "Начислено".into(),
            points_to_write_off: "КСписанию".into(),
            opening_balance: vec!["ВводНачальныхОстатков".into()],
            ignored_recorders: Vec::new(),
        }
    }
}

impl Names {
    /// The names of sets and fields that are not the usual ones, by their key.
    pub fn unusual(&self) -> BTreeMap<String, String> {
        let usual = Self::default();
        let mut unusual = BTreeMap::new();
        macro_rules! take {
            ($($name:ident)*) => {
                // A name that is added has to be told of, or left out on purpose.
                let Self { $($name,)* opening_balance: _, ignored_recorders: _ } = self;
                $(if *$name != usual.$name {
                    unusual.insert(stringify!($name).to_owned(), $name.clone());
                })*
            };
        }
        take! {
            cards card_owner card_code card_phone
            owners owner_full_name owner_person owner_details owner_address owner_phone owner_email owner_contacts
            products product_article
            sales sales_card sales_product sales_amount sales_quantity
            points points_card points_accrued points_to_write_off
        }
        unusual
    }
}
