//! How each kind of row is read from its fields, and which of them it cannot do without.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;

pub(in crate::odata) use super::super::layout::{Layout, Need, RowField, RowSlot, plain_layout, slots};
pub(crate) use super::super::query::RowFacts;
use super::super::query::Set;
use super::super::wire::{Slots, Value};
use super::{PointsRow, Product, RowFault, RowMark, SalesRow, ThinObject, ThinSale, bound, type_mark};
use uuid::Uuid;

use crate::domain::{
    Amount, BonusRow, Card, CardId, Direction, LocalTime, Movement, MovementKey, MovementKind, OwnerId,
    Points, ProductId, Quantity, RecorderId, RecorderRole, RecorderType,
};
use crate::odata::Names;

mod owner;

impl Layout {
    /// The layout of a kind of row in a set.
    pub(in crate::odata) fn of<R: Decode>(set: Set, names: &Names) -> Self {
        debug_assert!(R::SETS.contains(&set), "{set:?} has no such rows");
        Self::of_slots::<R::Slots>(set, names)
    }
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowReading<R> {
    Row(R),
    Folder,
    /// A row that counts but cannot be read.
    Rejected {
        /// The card, where that can be read.
        card: Option<CardId>,
        /// The type of the document that wrote it, where that is told.
        recorder_type: Option<RecorderType>,
        /// What cannot be read, without contents.
        why: Unreadable,
    },
}

/// The slot of a field that cannot be read, and what is wrong with it.
pub(crate) type Unreadable = (usize, RowFault);

/// A row without its key: which refuses the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKey;

/// Reads one kind of row.
pub trait Decode: Sized {
    /// The sets that have such rows.
    const SETS: &'static [Set];

    type Slots: RowSlot;

    fn decode(
        row: RowValues<'_, '_, Self::Slots>,
        recorders: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey>;

    /// What can be told of it.
    fn facts(&self) -> RowFacts<'_>;
}

/// What a row of a kind has in its slots.
#[derive(Debug)]
pub struct RowValues<'a, 'de, S> {
    slots: &'a Slots<'de>,
    of: PhantomData<S>,
}

impl<S> Clone for RowValues<'_, '_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for RowValues<'_, '_, S> {}

impl<'a, 'de, S: RowSlot> RowValues<'a, 'de, S> {
    pub(in crate::odata) fn of(slots: &'a Slots<'de>) -> Self {
        Self { slots, of: PhantomData }
    }

    fn get(self, slot: S) -> Value<'de> {
        self.slots.get(slot.place())
    }

    /// What it has as other kinds of row have.
    fn head(self) -> RowValues<'a, 'de, S::Head> {
        RowValues::of(self.slots)
    }

    fn text(self, slot: S) -> String {
        self.get(slot).text().unwrap_or_default().into_owned()
    }

    fn is_true(self, slot: S) -> bool {
        self.get(slot).flag() == Some(true)
    }

    fn amount(self, slot: S) -> Result<Amount, Unreadable> {
        let lexeme = self.get(slot).number().ok_or((slot.place(), RowFault::NoNumber))?;
        Amount::parse_written(&lexeme).map_err(|_| (slot.place(), RowFault::NotWhole))
    }

    fn points(self, slot: S) -> Result<Points, Unreadable> {
        let lexeme = self.get(slot).number().ok_or((slot.place(), RowFault::NoNumber))?;
        Points::parse_written(&lexeme).map_err(|_| (slot.place(), RowFault::NotWhole))
    }
}

/// Recorder types met in a page: each is kept once, with what the settings say of it.
#[derive(Debug)]
pub struct Recorders<'a> {
    names: &'a Names,
    met: RefCell<Vec<RecorderFields>>,
}

#[derive(Clone, Debug)]
struct RecorderFields {
    kind_of: RecorderType,
    mark: u64,
    role: RecorderRole,
}

impl<'a> Recorders<'a> {
    pub(in crate::odata) fn new(names: &'a Names) -> Self {
        Self { names, met: RefCell::default() }
    }

    fn of(&self, name: &str) -> RecorderFields {
        let mut met = self.met.borrow_mut();
        if let Some(known) = met.iter().find(|known| &*known.kind_of.0 == name) {
            return known.clone();
        }
        let recorder = RecorderFields {
            kind_of: RecorderType(Arc::from(name)),
            mark: type_mark(name),
            role: self.names.role_of(name),
        };
        met.push(recorder.clone());
        recorder
    }
}

slots! {
    /// What every item of a catalog has.
    ItemSlot behind (), of (_, _):
    Key = Key("Ref_Key"),
    Version = Wanted("DataVersion"),
    IsFolder = Rare("IsFolder"),
}

/// An item made of its key and version, where it is no folder.
fn item_row<R>(
    row: RowValues<'_, '_, ItemSlot>,
    make: impl FnOnce(Uuid, String) -> R,
) -> Result<(RowMark, RowReading<R>), NoKey> {
    let key = row.get(ItemSlot::Key).reference().ok_or(NoKey)?;
    let item = if row.is_true(ItemSlot::IsFolder) {
        RowReading::Folder
    } else {
        RowReading::Row(make(key, row.text(ItemSlot::Version)))
    };
    Ok((RowMark::of_item(key), item))
}

slots! {
    CardSlot behind ItemSlot, of (_, names):
    Description = Wanted("Description"),
    DeletionMark = Wanted("DeletionMark"),
    Owner = Wanted(&names.card_owner),
    Code = Wanted(&names.card_code),
    Phone = Wanted(&names.card_phone),
    Invalid = Rare(&names.card_invalid),
}

impl Decode for Card {
    const SETS: &'static [Set] = &[Set::Cards];

    type Slots = CardSlot;

    fn decode(
        row: RowValues<'_, '_, CardSlot>,
        _: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        item_row(row.head(), |key, version| {
            bound::card(Self {
                id: CardId(key),
                owner: row.get(CardSlot::Owner).reference().map(OwnerId),
                code: row.text(CardSlot::Code),
                barcode: row.text(CardSlot::Phone),
                description: row.text(CardSlot::Description),
                marked_for_deletion: row.is_true(CardSlot::DeletionMark),
                invalid: row.is_true(CardSlot::Invalid),
                version,
            })
        })
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts {
            key: Some(self.id.0),
            owner: Some(self.owner.unwrap_or_default()),
            code: Some(&self.code),
            barcode: Some(&self.barcode),
            phone: Some(&self.barcode),
            ..RowFacts::default()
        }
    }
}

slots! {
    ProductSlot behind ItemSlot, of (_, names):
    Description = Wanted("Description"),
    Article = Rare(&names.product_article),
}

impl Decode for Product {
    const SETS: &'static [Set] = &[Set::Products];

    type Slots = ProductSlot;

    fn decode(
        row: RowValues<'_, '_, ProductSlot>,
        _: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let article = || row.get(ProductSlot::Article).filled_text();
        item_row(row.head(), |key, version| Self {
            id: ProductId(key),
            name: bound::bounded(row.text(ProductSlot::Description), bound::TEXT),
            article: article().map(|article| bound::bounded(article, bound::CODE)),
            version: bound::version(version),
        })
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts::of_item(self.id.0)
    }
}

impl Decode for ThinObject {
    const SETS: &'static [Set] = &[Set::Cards, Set::Owners, Set::Products];

    type Slots = ItemSlot;

    fn decode(
        row: RowValues<'_, '_, ItemSlot>,
        _: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        item_row(row, |key, version| Self { key, version: bound::version(version) })
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts::of_item(self.key)
    }
}

slots! {
    /// What every row of a register has.
    MovementSlot behind (), of (set, names):
    Recorder = SharedKey("Recorder"),
    RecorderType = SharedKey("Recorder_Type"),
    RecorderKey = SoleKey("Recorder_Key"),
    Line = Key("LineNumber"),
    Period = Vital("Period"),
    Active = Vital("Active"),
    Card = Vital(names.card_of(set)),
}

/// Bytes of the name of a document's type: 1C has names of 80 characters, and a few words before them.
const LONGEST_TYPE: usize = 4 * bound::CODE;

/// What every movement begins with.
struct MovementHead {
    mark: RowMark,
    recorder: RecorderFields,
    card: Option<CardId>,
    period: Option<LocalTime>,
    active: Option<bool>,
}

impl MovementHead {
    fn read(row: RowValues<'_, '_, MovementSlot>, recorders: &Recorders<'_>) -> Result<Self, NoKey> {
        let shared = row.get(MovementSlot::Recorder).reference();
        let object = shared.or_else(|| row.get(MovementSlot::RecorderKey).reference()).ok_or(NoKey)?;
        let line = row.get(MovementSlot::Line).whole().ok_or(NoKey)?;
        let recorder_type = row.get(MovementSlot::RecorderType).text().unwrap_or_default();
        let recorder = recorders.of(&recorder_type);
        Ok(Self {
            mark: RowMark { object, recorder_type: recorder.mark, line },
            recorder,
            card: row.get(MovementSlot::Card).key().map(CardId),
            period: row.get(MovementSlot::Period).time(),
            active: row.get(MovementSlot::Active).flag(),
        })
    }

    fn key(&self) -> MovementKey {
        MovementKey {
            recorder: RecorderId(self.mark.object),
            recorder_type: self.recorder.kind_of.clone(),
            line: self.mark.line,
        }
    }

    fn is_ignored(&self) -> bool {
        self.recorder.role == RecorderRole::Ignored
    }

    fn kind(&self) -> MovementKind {
        match self.recorder.role {
            RecorderRole::OpeningBalance => MovementKind::OpeningBalance,
            RecorderRole::Purchase | RecorderRole::Ignored => MovementKind::Purchase,
        }
    }

    /// The row made of what every row needs, or why there is none. A flag that is missing is a flag that
    /// cannot be read: whether the row counts is then anybody's guess.
    fn row<R>(
        &self,
        make: impl FnOnce(LocalTime, bool) -> Result<R, Unreadable>,
    ) -> (RowMark, RowReading<R>) {
        let read = match (self.period, self.active) {
            // No type of document has such a name: part of it would be another's key.
            _ if self.recorder.kind_of.0.len() > LONGEST_TYPE => {
                Err((MovementSlot::RecorderType.place(), RowFault::LongType))
            }
            (None, _) => Err((MovementSlot::Period.place(), RowFault::NoPeriod)),
            (_, None) => Err((MovementSlot::Active.place(), RowFault::NoFlag)),
            (Some(period), Some(active)) => make(period, active),
        };
        let reading = match read {
            Ok(row) => RowReading::Row(row),
            Err(why) => {
                let told = Some(&self.recorder.kind_of).filter(|it| (1..=LONGEST_TYPE).contains(&it.0.len()));
                RowReading::Rejected { card: self.card, recorder_type: told.cloned(), why }
            }
        };
        (self.mark, reading)
    }
}

slots! {
    SalesSlot behind MovementSlot, of (_, names):
    Amount = Vital(&names.sales_amount),
    Quantity = Wanted(&names.sales_quantity),
    Product = Wanted(&names.sales_product),
}

impl Decode for SalesRow {
    const SETS: &'static [Set] = &[Set::Sales];

    type Slots = SalesSlot;

    fn decode(
        row: RowValues<'_, '_, SalesSlot>,
        recorders: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(row.head(), recorders)?;
        Ok(head.row(|period, active| {
            let quantity = row.get(SalesSlot::Quantity).number();
            let movement = Movement {
                card: head.card.unwrap_or_default(),
                key: head.key(),
                kind: head.kind(),
                period,
                amount: row.amount(SalesSlot::Amount)?,
                quantity: quantity
                    .and_then(|lexeme| Quantity::parse_written(&lexeme).ok())
                    .unwrap_or_default(),
                product: row.get(SalesSlot::Product).reference().map(ProductId),
            };
            Ok(Self { movement, active, is_ignored: head.is_ignored() })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts::of_movement(self.active, self.movement.period, self.movement.card, &self.movement.key)
    }
}

slots! {
    ThinSaleSlot behind MovementSlot, of (_, names):
    Amount = Vital(&names.sales_amount),
}

impl Decode for ThinSale {
    const SETS: &'static [Set] = &[Set::Sales];

    type Slots = ThinSaleSlot;

    fn decode(
        row: RowValues<'_, '_, ThinSaleSlot>,
        recorders: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(row.head(), recorders)?;
        Ok(head.row(|period, active| {
            Ok(Self {
                key: head.key(),
                card: head.card.unwrap_or_default(),
                amount: row.amount(ThinSaleSlot::Amount)?,
                period,
                active,
                role: head.recorder.role,
            })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts::of_movement(self.active, self.period, self.card, &self.key)
    }
}

slots! {
    PointsSlot behind MovementSlot, of (_, names):
    Direction = Vital("RecordType"),
    Accrued = Vital(&names.points_accrued),
    ToWriteOff = Vital(&names.points_to_write_off),
}

impl Decode for PointsRow {
    const SETS: &'static [Set] = &[Set::Points];

    type Slots = PointsSlot;

    fn decode(
        row: RowValues<'_, '_, PointsSlot>,
        recorders: &Recorders<'_>,
    ) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(row.head(), recorders)?;
        Ok(head.row(|period, active| {
            let row = BonusRow {
                card: head.card.unwrap_or_default(),
                key: head.key(),
                period,
                direction: direction(row)?,
                accrued: row.points(PointsSlot::Accrued)?,
                to_write_off: row.points(PointsSlot::ToWriteOff)?,
            };
            Ok(Self { row, active })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts::of_movement(self.active, self.row.period, self.row.card, &self.row.key)
    }
}

fn direction(row: RowValues<'_, '_, PointsSlot>) -> Result<Direction, Unreadable> {
    match row.get(PointsSlot::Direction).text().as_deref() {
        Some("Receipt") => Ok(Direction::Receipt),
        Some("Expense") => Ok(Direction::Expense),
        _ => Err((PointsSlot::Direction.place(), RowFault::NoDirection)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Owner;

    #[test]
    fn a_slot_is_where_its_field_is_asked_for() {
        fn name_in<S: RowSlot>(slot: S, set: Set, names: &Names) -> String {
            let fields = S::fields(set, names);
            assert_eq!(fields.len(), S::COUNT);
            fields[slot.place()].name.clone()
        }
        let names = &Names::default();
        assert_eq!(name_in(ItemSlot::Version, Set::Products, names), "DataVersion");
        assert_eq!(name_in(CardSlot::Invalid, Set::Cards, names), names.card_invalid);
        assert_eq!(name_in(ProductSlot::Article, Set::Products, names), names.product_article);
        assert_eq!(name_in(<Owner as Decode>::Slots::Birthday, Set::Owners, names), names.owner_birthday);
        assert_eq!(name_in(MovementSlot::Card, Set::Sales, names), names.sales_card);
        assert_eq!(name_in(MovementSlot::Card, Set::Points, names), names.points_card);
        assert_eq!(name_in(SalesSlot::Product, Set::Sales, names), names.sales_product);
        assert_eq!(name_in(ThinSaleSlot::Amount, Set::Sales, names), names.sales_amount);
        assert_eq!(name_in(PointsSlot::ToWriteOff, Set::Points, names), names.points_to_write_off);
    }
}
