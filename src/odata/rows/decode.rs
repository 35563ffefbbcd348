//! How each kind of row is read from its fields, and which of them it cannot do without.

use std::cell::RefCell;
use std::sync::Arc;

pub(in crate::odata) use super::super::layout::{Layout, Need, RowField, plain_layout};
pub(crate) use super::super::query::RowFacts;
use super::super::query::Set;
use super::super::wire::{Slots, Value};
use super::{PointsRow, Product, RowFault, RowMark, SalesRow, ThinObject, ThinSale, bound, type_mark};
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
        Self::new(set, R::fields(set, names))
    }
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowReading<R> {
    /// A good row.
    Row(R),
    /// A folder of a catalog.
    Folder,
    /// A row that counts but cannot be read.
    Rejected {
        /// The card, where that can be read.
        card: Option<CardId>,
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

    /// The fields it reads, by slot.
    fn fields(set: Set, names: &Names) -> Vec<RowField>;

    /// Reads a row.
    fn decode(slots: &Slots<'_>, recorders: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey>;

    /// What can be told of it.
    fn facts(&self) -> RowFacts<'_>;
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
    /// None met yet.
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

fn field(name: &str, need: Need) -> RowField {
    RowField { name: name.to_owned(), need }
}

/// The slots every catalog has.
mod item {
    pub(super) const KEY: usize = 0;
    pub(super) const VERSION: usize = 1;
    pub(super) const IS_FOLDER: usize = 2;
    pub(super) const DESCRIPTION: usize = 3;
}

fn item_fields() -> Vec<RowField> {
    vec![
        field("Ref_Key", Need::Key),
        field("DataVersion", Need::Wanted),
        field("IsFolder", Need::Rare),
        field("Description", Need::Wanted),
    ]
}

fn item_key(slots: &Slots<'_>) -> Result<RowMark, NoKey> {
    let object = slots.get(item::KEY).reference().ok_or(NoKey)?;
    Ok(RowMark::of_item(object))
}

fn is_folder(slots: &Slots<'_>) -> bool {
    slots.get(item::IS_FOLDER).flag() == Some(true)
}

fn text(value: Value<'_>) -> String {
    value.text().unwrap_or_default().into_owned()
}

impl Decode for Card {
    const SETS: &'static [Set] = &[Set::Cards];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = item_fields();
        fields.extend([
            field("DeletionMark", Need::Wanted),
            field(&names.card_owner, Need::Wanted),
            field(&names.card_code, Need::Wanted),
            field(&names.card_phone, Need::Wanted),
            field(&names.card_invalid, Need::Rare),
        ]);
        fields
    }

    fn decode(slots: &Slots<'_>, _: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let mark = item_key(slots)?;
        if is_folder(slots) {
            return Ok((mark, RowReading::Folder));
        }
        let card = Self {
            id: CardId(mark.object),
            owner: slots.get(5).reference().map(OwnerId),
            code: text(slots.get(6)),
            barcode: text(slots.get(7)),
            description: text(slots.get(item::DESCRIPTION)),
            marked_for_deletion: slots.get(4).flag() == Some(true),
            invalid: slots.get(8).flag() == Some(true),
            version: text(slots.get(item::VERSION)),
        };
        Ok((mark, RowReading::Row(bound::card(card))))
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

impl Decode for Product {
    const SETS: &'static [Set] = &[Set::Products];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = item_fields();
        fields.push(field(&names.product_article, Need::Rare));
        fields
    }

    fn decode(slots: &Slots<'_>, _: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let mark = item_key(slots)?;
        if is_folder(slots) {
            return Ok((mark, RowReading::Folder));
        }
        let product = Self {
            id: ProductId(mark.object),
            name: bound::bounded(text(slots.get(item::DESCRIPTION)), bound::TEXT),
            article: slots.get(4).filled_text().map(|article| bound::bounded(article, bound::CODE)),
            version: bound::version(text(slots.get(item::VERSION))),
        };
        Ok((mark, RowReading::Row(product)))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts { key: Some(self.id.0), ..RowFacts::default() }
    }
}

impl Decode for ThinObject {
    const SETS: &'static [Set] = &[Set::Cards, Set::Owners, Set::Products];

    fn fields(_: Set, _: &Names) -> Vec<RowField> {
        let mut fields = item_fields();
        fields.truncate(item::DESCRIPTION);
        fields
    }

    fn decode(slots: &Slots<'_>, _: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let mark = item_key(slots)?;
        if is_folder(slots) {
            return Ok((mark, RowReading::Folder));
        }
        let version = bound::version(text(slots.get(item::VERSION)));
        Ok((mark, RowReading::Row(Self { key: mark.object, version })))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts { key: Some(self.key), ..RowFacts::default() }
    }
}

/// The slots every register has.
mod movement {
    pub(super) const RECORDER: usize = 0;
    pub(super) const RECORDER_TYPE: usize = 1;
    pub(super) const RECORDER_KEY: usize = 2;
    pub(super) const LINE: usize = 3;
    pub(super) const PERIOD: usize = 4;
    pub(super) const ACTIVE: usize = 5;
    pub(super) const CARD: usize = 6;
    pub(super) const FIRST_OWN: usize = 7;
}

fn movement_fields(card: &str) -> Vec<RowField> {
    vec![
        field("Recorder", Need::SharedKey),
        field("Recorder_Type", Need::SharedKey),
        field("Recorder_Key", Need::SoleKey),
        field("LineNumber", Need::Key),
        field("Period", Need::Vital),
        field("Active", Need::Vital),
        field(card, Need::Vital),
    ]
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
    fn read(slots: &Slots<'_>, recorders: &Recorders<'_>) -> Result<Self, NoKey> {
        let shared = slots.get(movement::RECORDER).reference();
        let object = shared.or_else(|| slots.get(movement::RECORDER_KEY).reference()).ok_or(NoKey)?;
        let line = slots.get(movement::LINE).whole().ok_or(NoKey)?;
        let recorder_type = slots.get(movement::RECORDER_TYPE).text().unwrap_or_default();
        let recorder = recorders.of(&recorder_type);
        Ok(Self {
            mark: RowMark { object, recorder_type: recorder.mark, line },
            recorder,
            card: slots.get(movement::CARD).key().map(CardId),
            period: slots.get(movement::PERIOD).time(),
            active: slots.get(movement::ACTIVE).flag(),
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
                Err((movement::RECORDER_TYPE, RowFault::LongType))
            }
            (None, _) => Err((movement::PERIOD, RowFault::NoPeriod)),
            (_, None) => Err((movement::ACTIVE, RowFault::NoFlag)),
            (Some(period), Some(active)) => make(period, active),
        };
        let reading = match read {
            Ok(row) => RowReading::Row(row),
            Err(why) => RowReading::Rejected { card: self.card, why },
        };
        (self.mark, reading)
    }
}

fn amount(slots: &Slots<'_>, slot: usize) -> Result<Amount, Unreadable> {
    let lexeme = slots.get(slot).number().ok_or((slot, RowFault::NoNumber))?;
    Amount::parse_written(&lexeme).map_err(|_| (slot, RowFault::NotWhole))
}

fn points(slots: &Slots<'_>, slot: usize) -> Result<Points, Unreadable> {
    let lexeme = slots.get(slot).number().ok_or((slot, RowFault::NoNumber))?;
    Points::parse_written(&lexeme).map_err(|_| (slot, RowFault::NotWhole))
}

impl Decode for SalesRow {
    const SETS: &'static [Set] = &[Set::Sales];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = movement_fields(&names.sales_card);
        fields.extend([
            field(&names.sales_amount, Need::Vital),
            field(&names.sales_quantity, Need::Wanted),
            field(&names.sales_product, Need::Wanted),
        ]);
        fields
    }

    fn decode(slots: &Slots<'_>, recorders: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(slots, recorders)?;
        Ok(head.row(|period, active| {
            let quantity = slots.get(movement::FIRST_OWN + 1).number();
            let movement = Movement {
                card: head.card.unwrap_or_default(),
                key: head.key(),
                kind: head.kind(),
                period,
                amount: amount(slots, movement::FIRST_OWN)?,
                quantity: quantity
                    .and_then(|lexeme| Quantity::parse_written(&lexeme).ok())
                    .unwrap_or_default(),
                product: slots.get(movement::FIRST_OWN + 2).reference().map(ProductId),
            };
            Ok(Self { movement, active, is_ignored: head.is_ignored() })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts {
            active: Some(self.active),
            period: Some(self.movement.period),
            card: Some(self.movement.card),
            recorder: Some(&self.movement.key),
            ..RowFacts::default()
        }
    }
}

impl Decode for ThinSale {
    const SETS: &'static [Set] = &[Set::Sales];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = movement_fields(&names.sales_card);
        fields.push(field(&names.sales_amount, Need::Vital));
        fields
    }

    fn decode(slots: &Slots<'_>, recorders: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(slots, recorders)?;
        Ok(head.row(|period, active| {
            Ok(Self {
                key: head.key(),
                card: head.card.unwrap_or_default(),
                amount: amount(slots, movement::FIRST_OWN)?,
                period,
                active,
                role: head.recorder.role,
            })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts {
            active: Some(self.active),
            period: Some(self.period),
            card: Some(self.card),
            recorder: Some(&self.key),
            ..RowFacts::default()
        }
    }
}

impl Decode for PointsRow {
    const SETS: &'static [Set] = &[Set::Points];

    fn fields(_: Set, names: &Names) -> Vec<RowField> {
        let mut fields = movement_fields(&names.points_card);
        fields.extend([
            field("RecordType", Need::Vital),
            field(&names.points_accrued, Need::Vital),
            field(&names.points_to_write_off, Need::Vital),
        ]);
        fields
    }

    fn decode(slots: &Slots<'_>, recorders: &Recorders<'_>) -> Result<(RowMark, RowReading<Self>), NoKey> {
        let head = MovementHead::read(slots, recorders)?;
        Ok(head.row(|period, active| {
            let row = BonusRow {
                card: head.card.unwrap_or_default(),
                key: head.key(),
                period,
                direction: direction(slots, movement::FIRST_OWN)?,
                accrued: points(slots, movement::FIRST_OWN + 1)?,
                to_write_off: points(slots, movement::FIRST_OWN + 2)?,
            };
            Ok(Self { row, active })
        }))
    }

    fn facts(&self) -> RowFacts<'_> {
        RowFacts {
            active: Some(self.active),
            period: Some(self.row.period),
            card: Some(self.row.card),
            recorder: Some(&self.row.key),
            ..RowFacts::default()
        }
    }
}

fn direction(slots: &Slots<'_>, slot: usize) -> Result<Direction, Unreadable> {
    match slots.get(slot).text().as_deref() {
        Some("Receipt") => Ok(Direction::Receipt),
        Some("Expense") => Ok(Direction::Expense),
        _ => Err((slot, RowFault::NoDirection)),
    }
}
