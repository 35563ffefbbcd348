//! The town of a customer, by three rules in turn.

use super::City;

/// What of an owner can tell a town, as 1C sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressEvidence {
    /// `ОсновныеСведения`, split into lines where 1C sends a list, else one text with any line endings.
    pub main_details: Vec<String>,
    /// JSON texts that may hold `Состав → АдресРФ → Улица` (an object or a list of them).
    pub address_json: Vec<String>,
    /// XML texts (`ЗначенияПолей` of contact rows) that may hold the same.
    pub address_xml: Vec<String>,
    /// The address rows of `КонтактнаяИнформация`.
    pub contact_rows: Vec<AddressRow>,
}

/// An address row of `КонтактнаяИнформация`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressRow {
    /// `Город`.
    pub city: String,
    /// `Представление`: the whole address in words.
    pub presentation: String,
    /// `Значение`: JSON text whose `city` or `street` may hold the town.
    pub value: String,
}

/// The town, by the first rule that finds one.
pub fn city(evidence: &AddressEvidence) -> Option<City> {
    todo!("{evidence:?}")
}
