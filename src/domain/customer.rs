//! Cards, their owners, and the customer a card stands for.

use super::{CardId, OwnerId};

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
    /// `DataVersion`: an opaque token, good for equality only.
    pub version: String,
}

/// The rule of the design that found a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CitySource {
    /// Third line of `ОсновныеСведения`.
    MainDetailsLine3,
    /// `Состав → АдресРФ → Улица` (or `Город` where that is empty).
    AddressStreet,
    /// The address row of `КонтактнаяИнформация`.
    ContactInfo,
}

/// A customer's town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// Its name as found, trimmed.
    pub name: String,
    /// Where it was found.
    pub source: CitySource,
}

/// A card with what its owner says: the customer as the shop knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The card.
    pub card: CardId,
    /// `Code` of the card.
    pub code: String,
    /// Bar code of the card as 1C has it.
    pub barcode: String,
    /// Digits only.
    pub phone: Option<String>,
    /// Name; empty where 1C has none anywhere.
    pub name: String,
    /// As 1C has it.
    pub email: Option<String>,
    /// Town and the rule that found it.
    pub city: Option<City>,
    /// Marked for deletion in 1C.
    pub marked_for_deletion: bool,
}

impl Customer {
    /// Joins a card with its owner by the rules of name, phone and e-mail.
    pub fn join(card: &Card, owner: Option<&Owner>) -> Self {
        todo!("{card:?} {owner:?}")
    }
}
