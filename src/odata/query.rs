//! What is asked of 1C, before it becomes an address.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::names::{Names, full_type};
pub use super::set::Set;
use crate::domain::period::Span;
use crate::domain::{
    CardId, LocalTime, MovementKey, OwnerId, RecorderId, RecorderRole, RecorderType, fingerprint,
};

/// Most keys one filter may hold: longer `or` lists pass the length many servers allow.
pub const MAX_KEYS: usize = 20;

/// The order of rows asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Order {
    /// As 1C likes.
    #[default]
    None,
    /// By key: `Ref_Key` of catalogs; recorder and line of registers.
    Key,
    /// By period, then recorder, then line. Registers only.
    Period,
}

/// How many rows are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Top {
    /// The page size of the moment.
    #[default]
    Page,
    /// One row more than the page size of the moment: the extra row says that there are more.
    PageAndOne,
    /// So many, whatever the page size.
    Rows(u32),
    /// All there are.
    All,
}

/// How opening balances are asked for while it is not known which types of document there are: 1C's dialects
/// differ in what they filter a recorder's type by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OpeningForm {
    /// `Recorder_Type eq 'StandardODATA.Document_…'`: widely used.
    #[default]
    Equals,
    /// `substringof('…',Recorder_Type)`: the second try where the first is refused or finds nothing.
    Contains,
}

/// Which rows of a register are asked for by the type of the document that wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum TypeCondition {
    /// What the settings set apart: opening balances, and rows that are left out.
    SetApart(OpeningForm),
    /// One of these types.
    AnyOf(Vec<RecorderType>),
    /// None of these types.
    NoneOf(Vec<RecorderType>),
}

impl TypeCondition {
    /// Which condition it is, whatever the types: a base refuses kinds of filter.
    fn form(&self) -> TypeForm {
        match self {
            Self::SetApart(form) => TypeForm::SetApart(*form),
            Self::AnyOf(types) if types.len() > 1 => TypeForm::AnyOfSeveral,
            Self::AnyOf(_) => TypeForm::AnyOf,
            Self::NoneOf(_) => TypeForm::NoneOf,
        }
    }

    /// Whether a row of this type is asked for.
    fn admits(&self, recorder_type: &RecorderType, names: &Names) -> bool {
        match self {
            Self::SetApart(_) => names.role_of(&recorder_type.0) != RecorderRole::Purchase,
            Self::AnyOf(types) => types.contains(recorder_type),
            Self::NoneOf(types) => !types.contains(recorder_type),
        }
    }
}

/// The kind of a [`TypeCondition`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum TypeForm {
    SetApart(OpeningForm),
    AnyOf,
    /// Joined by `or`, which may be what is not offered.
    AnyOfSeveral,
    NoneOf,
}

impl TypeForm {
    /// A condition of this kind, for trying whether it is offered.
    fn sample(self) -> TypeCondition {
        let nobody = || vec![RecorderType("StandardODATA.Document_".into())];
        match self {
            Self::SetApart(form) => TypeCondition::SetApart(form),
            Self::AnyOf => TypeCondition::AnyOf(nobody()),
            Self::AnyOfSeveral => TypeCondition::AnyOf([nobody(), nobody()].concat()),
            Self::NoneOf => TypeCondition::NoneOf(nobody()),
        }
    }
}

/// A customer looked for in 1C rather than in the store.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// Digits contained in a card's bar code, or in an owner's phone.
    Phone(String),
    /// A card's code or bar code, exactly.
    Code(String),
    /// Cards of an owner.
    Owner(OwnerId),
}

/// Shows what is looked for by, not whom.
impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Phone(_) => "Phone",
            Self::Code(_) => "Code",
            Self::Owner(_) => "Owner",
        })
    }
}

/// Which rows are asked for; conditions hold together. The default asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub(super) active_only: bool,
    pub(super) without_folders: bool,
    pub(super) span: Option<Span>,
    pub(super) types: Option<TypeCondition>,
    pub(super) cards: Vec<CardId>,
    pub(super) keys: Vec<Uuid>,
    pub(super) recorder: Option<(RecorderId, RecorderType)>,
    pub(super) lookup: Option<Lookup>,
}

impl Filter {
    /// No condition: all rows.
    pub fn none() -> Self {
        Self::default()
    }

    /// Only active rows of a register.
    #[must_use]
    pub fn active(self) -> Self {
        Self { active_only: true, ..self }
    }

    /// Only items of a catalog that are no folders. A catalog without folders refuses it.
    #[must_use]
    pub fn without_folders(self) -> Self {
        Self { without_folders: true, ..self }
    }

    /// Only rows of a register whose period lies in the span.
    #[must_use]
    pub fn within(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }

    /// Only rows that the settings set apart by the type of their document: opening balances, and what is left out.
    #[must_use]
    pub fn set_apart(self, form: OpeningForm) -> Self {
        Self { types: Some(TypeCondition::SetApart(form)), ..self }
    }

    /// Only rows written by documents of one of these types.
    #[must_use]
    pub fn of_types(self, types: impl Into<Vec<RecorderType>>) -> Self {
        Self { types: Some(TypeCondition::AnyOf(types.into())), ..self }
    }

    /// Only rows written by documents of none of these types.
    #[must_use]
    pub fn of_other_types(self, types: impl Into<Vec<RecorderType>>) -> Self {
        Self { types: Some(TypeCondition::NoneOf(types.into())), ..self }
    }

    /// Only rows of a register that belong to these cards. How many fit, [`Client::room`](super::Client::room) tells.
    #[must_use]
    pub fn of_cards(self, cards: impl Into<Vec<CardId>>) -> Self {
        Self { cards: cards.into(), ..self }
    }

    /// Only items of a catalog with these keys. How many fit, [`Client::room`](super::Client::room) tells.
    #[must_use]
    pub fn with_keys(self, keys: impl Into<Vec<Uuid>>) -> Self {
        Self { keys: keys.into(), ..self }
    }

    /// Only the record set of one recorder.
    #[must_use]
    pub fn of_recorder(self, recorder: RecorderId, recorder_type: RecorderType) -> Self {
        Self { recorder: Some((recorder, recorder_type)), ..self }
    }

    /// Whether rows of all these types, which are set apart, are among those asked for by their type.
    pub fn asks_for(&self, types: &[RecorderType], names: &Names) -> bool {
        match &self.types {
            None | Some(TypeCondition::SetApart(OpeningForm::Contains)) => true,
            Some(TypeCondition::AnyOf(asked)) => types.iter().all(|kind| asked.contains(kind)),
            Some(TypeCondition::NoneOf(others)) => !types.iter().any(|kind| others.contains(kind)),
            Some(TypeCondition::SetApart(OpeningForm::Equals)) => {
                let set_apart = || names.opening_balance.iter().chain(&names.ignored_recorders);
                types.iter().all(|kind| set_apart().any(|name| full_type(name) == *kind.0))
            }
        }
    }

    /// Only cards or owners looked for.
    #[must_use]
    pub fn looking_for(self, lookup: Lookup) -> Self {
        Self { lookup: Some(lookup), ..self }
    }

    /// Which conditions it has, whatever their values: a base refuses kinds of filter.
    pub(super) fn conditions(&self) -> Conditions {
        Conditions {
            folders: self.without_folders,
            span: self.span.is_some(),
            types: self.types.as_ref().map(TypeCondition::form),
            cards: !self.cards.is_empty(),
            keys: !self.keys.is_empty(),
            recorder: self.recorder.is_some(),
            lookup: self.lookup.is_some(),
        }
    }

    /// A number that tells it from others.
    pub(super) fn print(&self) -> u64 {
        fingerprint(&format!("{self:?}"))
    }

    /// Whether it asks for everything.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// A filter of the same conditions on rows of a register that this row matches, as far as it tells.
    pub(super) fn of_row(&self, row: &RowFacts<'_>) -> Self {
        let moment = |period| Span::between(period, period + TimeDelta::seconds(1));
        let kind = row.recorder.map(|key| &key.recorder_type).filter(|kind| !kind.0.is_empty());
        Self {
            active_only: self.active_only,
            span: self.span.and(row.period).map(moment),
            types: self.types.as_ref().and(kind).map(|kind| TypeCondition::AnyOf(vec![kind.clone()])),
            cards: if self.cards.is_empty() { Vec::new() } else { row.card.into_iter().collect() },
            ..Self::default()
        }
    }

    /// Each of its conditions on rows of a register alone.
    pub(super) fn each_alone(&self) -> Vec<Self> {
        let active = Self { active_only: self.active_only, ..Self::default() };
        let span = Self { span: self.span, ..Self::default() };
        let types = Self { types: self.types.clone(), ..Self::default() };
        let cards = Self { cards: self.cards.clone(), ..Self::default() };
        [active, span, types, cards].into_iter().filter(|it| !it.is_none()).collect()
    }

    /// The forms of a condition on types beside a list of them.
    pub(super) fn other_forms_of_types() -> Vec<Self> {
        let none_of = Self::none().of_other_types(vec![]);
        vec![
            Self::none().set_apart(OpeningForm::Equals),
            Self::none().set_apart(OpeningForm::Contains),
            none_of,
        ]
    }

    /// Whether a row matches, as far as it can tell: a server may ignore a filter without a word.
    pub(super) fn admits(&self, row: &RowFacts<'_>, names: &Names) -> bool {
        (!self.active_only || row.active != Some(false))
            && self.span.is_none_or(|span| row.period.is_none_or(|period| span.contains(period)))
            && (self.cards.is_empty() || row.card.is_none_or(|card| self.cards.contains(&card)))
            && (self.keys.is_empty() || row.key.is_none_or(|key| self.keys.contains(&key)))
            && self.recorder.as_ref().is_none_or(|(id, _)| row.recorder.is_none_or(|key| key.recorder == *id))
            && self
                .types
                .as_ref()
                .is_none_or(|types| row.recorder.is_none_or(|key| types.admits(&key.recorder_type, names)))
            && self.lookup.as_ref().is_none_or(|lookup| lookup.admits(row))
    }
}

impl Lookup {
    fn admits(&self, row: &RowFacts<'_>) -> bool {
        match self {
            Self::Phone(digits) => row.phone.is_none_or(|phone| phone.contains(digits.as_str())),
            Self::Code(code) => {
                // Databases compare texts without case and spaces at the end.
                let same = |text: &str| text.trim_end().to_lowercase() == code.trim_end().to_lowercase();
                row.code.is_none_or(same) || row.barcode.is_some_and(same)
            }
            Self::Owner(owner) => row.owner.is_none_or(|id| id == *owner),
        }
    }
}

/// What a filter and an order can be held to.
#[derive(Clone, Debug, Default)]
pub struct RowFacts<'a> {
    pub(in crate::odata) key: Option<Uuid>,
    pub(in crate::odata) active: Option<bool>,
    pub(in crate::odata) period: Option<LocalTime>,
    pub(in crate::odata) card: Option<CardId>,
    pub(in crate::odata) recorder: Option<&'a MovementKey>,
    pub(in crate::odata) owner: Option<OwnerId>,
    pub(in crate::odata) code: Option<&'a str>,
    pub(in crate::odata) barcode: Option<&'a str>,
    pub(in crate::odata) phone: Option<&'a str>,
}

impl<'a> RowFacts<'a> {
    pub(super) fn of_item(key: Uuid) -> Self {
        Self { key: Some(key), ..Self::default() }
    }

    pub(super) fn of_movement(active: bool, period: LocalTime, card: CardId, key: &'a MovementKey) -> Self {
        Self {
            active: Some(active),
            period: Some(period),
            card: Some(card),
            recorder: Some(key),
            ..Self::default()
        }
    }
}

/// The kind of a filter beside its values. What is asked of `Active` never decides whether it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one condition, present or not")]
pub struct Conditions {
    folders: bool,
    span: bool,
    types: Option<TypeForm>,
    cards: bool,
    keys: bool,
    recorder: bool,
    lookup: bool,
}

impl Conditions {
    /// What it filters by, in the names of this program, for `doctor` and the journal.
    pub(super) fn words(self) -> String {
        let types = match self.types {
            Some(TypeForm::SetApart(OpeningForm::Equals) | TypeForm::AnyOf) => "Recorder_Type eq",
            Some(TypeForm::AnyOfSeveral) => "Recorder_Type eq or",
            Some(TypeForm::SetApart(OpeningForm::Contains)) => "substringof(Recorder_Type)",
            Some(TypeForm::NoneOf) => "Recorder_Type ne",
            None => "",
        };
        let parts = [
            (self.folders, "IsFolder"),
            (self.span, "Period"),
            (self.types.is_some(), types),
            (self.cards, "card"),
            (self.keys, "Ref_Key"),
            (self.recorder, "Recorder"),
            (self.lookup, "phone, code"),
        ];
        let named = parts.iter().filter(|(is_there, _)| *is_there).map(|(_, name)| *name);
        named.collect::<Vec<_>>().join(" + ")
    }

    /// A filter of this kind, for trying whether it is offered.
    pub(super) fn sample(self) -> Filter {
        let nobody = Uuid::nil();
        let mut filter = Filter {
            without_folders: self.folders,
            span: self.span.then_some(Span { from: Some(LocalTime::default()), to: None }),
            types: self.types.map(TypeForm::sample),
            ..Filter::default()
        };
        if self.cards {
            filter.cards.push(CardId(nobody));
        }
        if self.keys {
            filter.keys.push(nobody);
        }
        if self.recorder {
            filter.recorder = Some((RecorderId(nobody), RecorderType("".into())));
        }
        filter.lookup = self.lookup.then(|| Lookup::Code("0".into()));
        filter
    }
}

/// One page of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuery {
    /// Of what.
    pub set: Set,
    /// Which rows.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// Rows to leave out at the beginning.
    pub skip: u64,
    /// How many rows.
    pub top: Top,
}

impl PageQuery {
    /// The first page of a whole set, in no order.
    pub fn of(set: Set) -> Self {
        Self { set, filter: Filter::none(), order: Order::None, skip: 0, top: Top::Page }
    }

    /// The same with this filter.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }

    /// The same in this order.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// The same without the first rows.
    #[must_use]
    pub fn skip(self, skip: u64) -> Self {
        Self { skip, ..self }
    }

    /// The same with so many rows.
    #[must_use]
    pub fn top(self, top: Top) -> Self {
        Self { top, ..self }
    }
}
