//! Documents: those that record movements in the registers.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::catalog::server_order;

macro_rules! document_kinds {
    ($($(#[$doc:meta])+ $variant:ident = $type_name:literal;)+) => {
        /// The kinds of documents that record movements, in the order 1C sorts references to them. The invented shop
        /// has the first four; the others are there for whoever posts them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DocumentKind { $($(#[$doc])+ $variant,)+ }

        impl DocumentKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name as `Recorder_Type` spells it.
            pub const fn type_name(self) -> &'static str {
                match self { $(Self::$variant => $type_name,)+ }
            }
        }
    };
}

document_kinds! {
    /// `Document_ВводНачальныхОстатков`: totals carried over from an old system.
    OpeningBalances = "StandardODATA.Document_ВводНачальныхОстатков";
    /// `Document_НачислениеСписаниеБонусныхБаллов`: points given or taken by hand.
    PointsAdjustment = "StandardODATA.Document_НачислениеСписаниеБонусныхБаллов";
    /// `Document_ОтчетОРозничныхПродажах`: what a till sold in a shift.
    RetailReport = "StandardODATA.Document_ОтчетОРозничныхПродажах";
    /// `Document_ЧекККМ`: one receipt.
    Receipt = "StandardODATA.Document_ЧекККМ";
    /// `Document_ЧекККМВозврат`: a return by receipt.
    ReceiptReturn = "StandardODATA.Document_ЧекККМВозврат";
    /// `Document_КорректировкаРегистров`: rows written by hand.
    RegisterCorrection = "StandardODATA.Document_КорректировкаРегистров";
    /// `Document_РасходнаяНакладная`.
    SalesInvoice = "StandardODATA.Document_РасходнаяНакладная";
    /// `Document_ПриходнаяНакладная`: goods taken back, among others.
    GoodsReceipt = "StandardODATA.Document_ПриходнаяНакладная";
    /// `Document_ЗаказПокупателя`.
    CustomerOrder = "StandardODATA.Document_ЗаказПокупателя";
    /// `Document_АктВыполненныхРабот`.
    WorkCompletion = "StandardODATA.Document_АктВыполненныхРабот";
    /// `Document_КорректировкаРеализации`.
    SalesCorrection = "StandardODATA.Document_КорректировкаРеализации";
    /// `Document_ВводОстатковПоНакопительнымСкидкам`: how Розница 2 carries totals over.
    DiscountOpening = "StandardODATA.Document_ВводОстатковПоНакопительнымСкидкам";
    /// `Document_ВводОстатков`: how УТ 11 carries totals over.
    StockOpening = "StandardODATA.Document_ВводОстатков";
    /// `Document_КорректировкаЗаписейРегистров`: rows written by hand in УТ 10.3.
    RecordCorrection = "StandardODATA.Document_КорректировкаЗаписейРегистров";
    /// `Document_РучнаяОперация`: whatever was entered by hand, of which its name tells nothing.
    ManualEntry = "StandardODATA.Document_РучнаяОперация";
}

impl DocumentKind {
    /// The kinds whose sets are published whether there are such documents or not.
    pub(in super::super) const USUAL: [Self; 4] =
        [Self::OpeningBalances, Self::PointsAdjustment, Self::RetailReport, Self::Receipt];

    /// The name of the entity set.
    pub fn set(self) -> &'static str {
        self.type_name().trim_start_matches("StandardODATA.")
    }

    /// The kind of this entity set, with or without `StandardODATA.` before it.
    pub fn of_set(name: &str) -> Option<Self> {
        let set = name.trim_start_matches("StandardODATA.");
        Self::ALL.iter().copied().find(|kind| kind.set() == set)
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
        // Two documents of different types may bear one GUID: by its key, the first is meant.
        self.ids.entry(key).or_insert(DocumentId(place));
        DocumentId(place)
    }

    pub(in super::super) fn id(&self, key: Uuid) -> Option<DocumentId> {
        self.ids.get(&key).copied()
    }

    /// The document of this key and kind.
    pub(in super::super) fn id_of(&self, key: Uuid, kind: DocumentKind) -> Option<DocumentId> {
        let first = self.id(key).filter(|id| self.get(*id).kind == kind);
        first.or_else(|| {
            let place = self.list.iter().position(|header| header.key == key && header.kind == kind)?;
            u32::try_from(place).ok().map(DocumentId)
        })
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
