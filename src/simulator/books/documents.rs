//! Documents: those that record movements in the registers.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::catalog::server_order;

/// The kinds of documents that record movements, in the order 1C sorts references to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// `Document_ВводНачальныхОстатков`: totals carried over from an old system.
    OpeningBalances,
    /// `Document_НачислениеСписаниеБонусныхБаллов`: points given or taken by hand.
    PointsAdjustment,
    /// `Document_ОтчетОРозничныхПродажах`: what a till sold in a shift.
    RetailReport,
    /// `Document_ЧекККМ`: one receipt.
    Receipt,
}

impl DocumentKind {
    /// Every kind there is.
    pub const ALL: [Self; 4] =
        [Self::OpeningBalances, Self::PointsAdjustment, Self::RetailReport, Self::Receipt];

    /// The name as `Recorder_Type` spells it.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::OpeningBalances => "StandardODATA.Document_ВводНачальныхОстатков",
            Self::PointsAdjustment => "StandardODATA.Document_НачислениеСписаниеБонусныхБаллов",
            Self::RetailReport => "StandardODATA.Document_ОтчетОРозничныхПродажах",
            Self::Receipt => "StandardODATA.Document_ЧекККМ",
        }
    }

    /// The name of the entity set.
    pub fn set(self) -> &'static str {
        self.type_name().trim_start_matches("StandardODATA.")
    }

    /// The kind of this entity set, with or without `StandardODATA.` before it.
    pub fn of_set(name: &str) -> Option<Self> {
        let set = name.trim_start_matches("StandardODATA.");
        Self::ALL.into_iter().find(|kind| kind.set() == set)
    }
}

/// The header of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// `Ref_Key`.
    pub key: Uuid,
    /// Which kind it is.
    pub kind: DocumentKind,
    /// How often it was written since it was made.
    pub version: u32,
    /// `DeletionMark`.
    pub deletion_mark: bool,
    /// The digits of `Number`.
    pub number: u32,
    /// `Date`.
    pub date: NaiveDateTime,
    /// `Posted`.
    pub posted: bool,
    /// `СуммаДокумента` in kopecks; opening balances publish none.
    pub amount: i64,
    /// `ДисконтнаяКарта_Key` of a receipt; nil elsewhere.
    pub card: Uuid,
}

/// The place of a document among all documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct DocumentId(u32);

/// All documents ever made; none is deleted for good, as in life.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Documents {
    list: Vec<Document>,
    ids: HashMap<Uuid, DocumentId>,
}

impl Documents {
    pub(in super::super) fn add(&mut self, key: Uuid, kind: DocumentKind, date: NaiveDateTime) -> DocumentId {
        let place = u32::try_from(self.list.len()).expect("fewer than four thousand million documents");
        let header = Document {
            key,
            kind,
            version: 0,
            deletion_mark: false,
            number: place + 1,
            date,
            posted: true,
            amount: 0,
            card: Uuid::nil(),
        };
        self.list.push(header);
        self.ids.insert(key, DocumentId(place));
        DocumentId(place)
    }

    pub(in super::super) fn id(&self, key: Uuid) -> Option<DocumentId> {
        self.ids.get(&key).copied()
    }

    pub(in super::super) fn get(&self, id: DocumentId) -> &Document {
        &self.list[id.0 as usize]
    }

    /// Changes a header and counts the write.
    pub(in super::super) fn write(&mut self, id: DocumentId, change: impl FnOnce(&mut Document)) {
        let header = &mut self.list[id.0 as usize];
        change(header);
        header.version += 1;
    }

    /// Fills in what follows from the rows, as part of a write.
    pub(in super::super) fn sum_up(&mut self, id: DocumentId, amount: i64, card: Uuid) {
        let header = &mut self.list[id.0 as usize];
        header.amount = amount;
        header.card = if header.kind == DocumentKind::Receipt { card } else { Uuid::nil() };
    }

    pub(in super::super) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.list.iter()
    }

    /// The place of a document in 1C's order of references: the type first, then the key.
    pub(in super::super) fn rank(&self, id: DocumentId) -> (DocumentKind, u128) {
        let header = self.get(id);
        (header.kind, server_order(header.key))
    }
}
