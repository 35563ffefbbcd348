//! The registers: compact rows in the order in which they are served.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::documents::{DocumentId, DocumentKind, Documents};

/// A movement of the sales register (`AccumulationRegister_ПродажиПоДисконтнымКартам`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleLine {
    /// `Period`.
    pub period: NaiveDateTime,
    /// `Active`.
    pub active: bool,
    /// `ДисконтнаяКарта_Key`.
    pub card: Uuid,
    /// `ВладелецКарты_Key`.
    pub owner: Uuid,
    /// `Номенклатура_Key`.
    pub product: Uuid,
    /// `Количество` in thousandths.
    pub quantity: i64,
    /// `Сумма` in kopecks.
    pub amount: i64,
    /// `Скидка` in kopecks.
    pub discount: i64,
}

/// `RecordType` of a balance register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// `Receipt`: adds to the balance.
    Receipt,
    /// `Expense`: takes from it.
    Expense,
}

impl Movement {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "Receipt",
            Self::Expense => "Expense",
        }
    }

    /// What the resources of a row count with: plus one or minus one.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Receipt => 1,
            Self::Expense => -1,
        }
    }
}

/// A movement of the bonus register (`AccumulationRegister_БонусныеБаллы`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusLine {
    /// `Period`.
    pub period: NaiveDateTime,
    /// `Active`.
    pub active: bool,
    /// `RecordType`.
    pub movement: Movement,
    /// `БонуснаяКарта_Key`: the discount card.
    pub card: Uuid,
    /// `Начислено` in hundredths of a point.
    pub accrued: i64,
    /// `КСписанию` in hundredths of a point.
    pub to_burn: i64,
    /// `ДатаПервоначальногоНачисления`.
    pub first_accrued: NaiveDateTime,
}

/// A row as it stands in a register, with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted<L> {
    /// `Recorder`.
    pub recorder: Uuid,
    /// `Recorder_Type`.
    pub kind: DocumentKind,
    /// `LineNumber`.
    pub line: u32,
    /// All the rest.
    pub row: L,
}

/// What every row of a register has, and what is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Row<B> {
    pub(in super::super) period: NaiveDateTime,
    pub(in super::super) recorder: DocumentId,
    pub(in super::super) line: u32,
    pub(in super::super) active: bool,
    pub(in super::super) body: B,
}

/// A key kept in four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) struct KeyId(u32);

/// The rest of a row of the sales register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Sale {
    pub(in super::super) card: KeyId,
    pub(in super::super) owner: KeyId,
    pub(in super::super) product: KeyId,
    pub(in super::super) quantity: i64,
    pub(in super::super) amount: i64,
    pub(in super::super) discount: i64,
}

/// The rest of a row of the bonus register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Bonus {
    pub(in super::super) card: KeyId,
    pub(in super::super) movement: Movement,
    pub(in super::super) accrued: i64,
    pub(in super::super) to_burn: i64,
    pub(in super::super) first_accrued: NaiveDateTime,
}

/// Every key the registers mention, each once, so that a row keeps four bytes for it instead of sixteen.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Keys {
    list: Vec<Uuid>,
    ids: HashMap<Uuid, KeyId>,
}

impl Keys {
    pub(in super::super) fn id(&mut self, key: Uuid) -> KeyId {
        let next = u32::try_from(self.list.len()).expect("fewer than four thousand million keys");
        *self.ids.entry(key).or_insert_with(|| {
            self.list.push(key);
            KeyId(next)
        })
    }

    pub(in super::super) fn get(&self, id: KeyId) -> Uuid {
        self.list[id.0 as usize]
    }

    pub(in super::super) fn pack_sale(
        &mut self,
        recorder: DocumentId,
        line: u32,
        row: &SaleLine,
    ) -> Row<Sale> {
        let body = Sale {
            card: self.id(row.card),
            owner: self.id(row.owner),
            product: self.id(row.product),
            quantity: row.quantity,
            amount: row.amount,
            discount: row.discount,
        };
        Row { period: row.period, recorder, line, active: row.active, body }
    }

    pub(in super::super) fn unpack_sale(&self, row: &Row<Sale>) -> SaleLine {
        SaleLine {
            period: row.period,
            active: row.active,
            card: self.get(row.body.card),
            owner: self.get(row.body.owner),
            product: self.get(row.body.product),
            quantity: row.body.quantity,
            amount: row.body.amount,
            discount: row.body.discount,
        }
    }

    pub(in super::super) fn pack_bonus(
        &mut self,
        recorder: DocumentId,
        line: u32,
        row: &BonusLine,
    ) -> Row<Bonus> {
        let body = Bonus {
            card: self.id(row.card),
            movement: row.movement,
            accrued: row.accrued,
            to_burn: row.to_burn,
            first_accrued: row.first_accrued,
        };
        Row { period: row.period, recorder, line, active: row.active, body }
    }

    pub(in super::super) fn unpack_bonus(&self, row: &Row<Bonus>) -> BonusLine {
        BonusLine {
            period: row.period,
            active: row.active,
            movement: row.body.movement,
            card: self.get(row.body.card),
            accrued: row.body.accrued,
            to_burn: row.body.to_burn,
            first_accrued: row.body.first_accrued,
        }
    }
}

/// The rows of one register, in the order of (`Period`, recorder, line).
#[derive(Clone, Debug)]
pub(in super::super) struct Register<B> {
    rows: Vec<Row<B>>,
    record_sets: OnceLock<RecordSets>,
}

impl<B> Default for Register<B> {
    fn default() -> Self {
        Self { rows: Vec::new(), record_sets: OnceLock::new() }
    }
}

impl<B> Register<B> {
    pub(in super::super) fn rows(&self) -> &[Row<B>] {
        &self.rows
    }

    /// The rows of one recorder, by line.
    pub(super) fn of(&self, recorder: DocumentId) -> Vec<&Row<B>> {
        let mut rows: Vec<&Row<B>> = self.rows.iter().filter(|row| row.recorder == recorder).collect();
        rows.sort_by_key(|row| row.line);
        rows
    }

    fn position(&self, recorder: DocumentId, line: u32) -> Option<usize> {
        self.rows.iter().position(|row| row.recorder == recorder && row.line == line)
    }

    pub(super) fn find(&self, recorder: DocumentId, line: u32) -> Option<&Row<B>> {
        self.position(recorder, line).map(|position| &self.rows[position])
    }

    /// Adds many rows at once.
    pub(in super::super) fn load(&mut self, documents: &Documents, rows: Vec<Row<B>>) {
        self.rows.extend(rows);
        self.settle(documents);
    }

    /// Puts these rows in the place of all rows of a recorder.
    pub(super) fn replace(&mut self, documents: &Documents, recorder: DocumentId, rows: Vec<Row<B>>) {
        self.rows.retain(|row| row.recorder != recorder);
        self.load(documents, rows);
    }

    /// Puts a row in the place of the one of the same key.
    pub(super) fn put(&mut self, documents: &Documents, row: Row<B>) {
        self.remove(row.recorder, row.line);
        self.load(documents, vec![row]);
    }

    pub(super) fn remove(&mut self, recorder: DocumentId, line: u32) -> bool {
        let Some(position) = self.position(recorder, line) else { return false };
        self.rows.remove(position);
        self.record_sets = OnceLock::new();
        true
    }

    fn settle(&mut self, documents: &Documents) {
        self.record_sets = OnceLock::new();
        // The sort finds the runs that are in order already, so one more document costs one pass.
        self.rows.sort_by(|one, other| {
            let ranks = || documents.rank(one.recorder).cmp(&documents.rank(other.recorder));
            one.period.cmp(&other.period).then_with(ranks).then(one.line.cmp(&other.line))
        });
    }

    /// The rows by recorder, worked out when first asked for after a change.
    pub(in super::super) fn record_sets(&self) -> &RecordSets {
        self.record_sets.get_or_init(|| RecordSets::of(&self.rows))
    }
}

/// Which rows belong to which recorder; the recorders in the order of their oldest rows.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct RecordSets {
    sets: Vec<RecordSet>,
    places: Vec<u32>,
}

/// One recorder and where its rows are listed.
#[derive(Clone, Debug)]
pub(in super::super) struct RecordSet {
    pub(in super::super) recorder: DocumentId,
    span: Range<usize>,
}

impl RecordSets {
    fn of<B>(rows: &[Row<B>]) -> Self {
        let mut oldest: HashMap<DocumentId, u32> = HashMap::new();
        let mut places: Vec<(u32, u32, u32)> = Vec::with_capacity(rows.len());
        for (place, row) in (0_u32..).zip(rows) {
            places.push((*oldest.entry(row.recorder).or_insert(place), row.line, place));
        }
        places.sort_unstable();
        let mut sets: Vec<RecordSet> = Vec::with_capacity(oldest.len());
        for (at, (_, _, place)) in places.iter().enumerate() {
            let recorder = rows[*place as usize].recorder;
            match sets.last_mut() {
                Some(last) if last.recorder == recorder => last.span.end = at + 1,
                _ => sets.push(RecordSet { recorder, span: at..at + 1 }),
            }
        }
        Self { sets, places: places.into_iter().map(|(_, _, place)| place).collect() }
    }

    pub(in super::super) fn sets(&self) -> &[RecordSet] {
        &self.sets
    }

    /// The rows of one recorder, by line.
    pub(in super::super) fn rows<'a, B>(&self, set: &RecordSet, rows: &'a [Row<B>]) -> Vec<&'a Row<B>> {
        self.places[set.span.clone()].iter().map(|place| &rows[*place as usize]).collect()
    }
}
