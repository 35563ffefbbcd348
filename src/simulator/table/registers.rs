//! Layouts of the registers: flat rows, and record sets by recorder.

use uuid::Uuid;

use super::super::books::{Bonus, Books, RecordSet, Row, Sale};
use super::super::value::{Decimal, Value};
use super::{Edm, Field, Layout, Rows, Table, Target, View};

/// By `Period`, recorder and line.
const BY_PERIOD: &[usize] = &[1, 0, 2];

fn recorder<'a, B>(books: &'a Books, row: &'a Row<B>) -> Value<'a> {
    let header = books.documents.get(row.recorder);
    Value::Reference(header.kind, header.key)
}

fn recorder_type<'a, B>(books: &'a Books, row: &'a Row<B>) -> Value<'a> {
    Value::text(books.documents.get(row.recorder).kind.type_name())
}

fn period<'a, B>(_: &'a Books, row: &'a Row<B>) -> Value<'a> {
    Value::Date(row.period)
}

fn line_number<'a, B>(_: &'a Books, row: &'a Row<B>) -> Value<'a> {
    Value::Whole(i64::from(row.line))
}

fn active<'a, B>(_: &'a Books, row: &'a Row<B>) -> Value<'a> {
    Value::Bool(row.active)
}

const SALES: Layout<Row<Sale>> = Layout {
    order: BY_PERIOD,
    fields: &[
        Field::key("Recorder", Edm::Composite, recorder),
        Field::new("Period", Edm::Date, period),
        Field::key("LineNumber", Edm::Int64, line_number),
        Field::new("Active", Edm::Bool, active),
        Field::link("ДисконтнаяКарта_Key", Target::Cards, |books, row| {
            Value::Guid(books.keys.get(row.body.card))
        }),
        Field::link("Номенклатура_Key", Target::Products, |books, row| {
            Value::Guid(books.keys.get(row.body.product))
        }),
        Field::link("Характеристика_Key", Target::Elsewhere, |_, _| Value::Guid(Uuid::nil())),
        Field::link("ВладелецКарты_Key", Target::Owners, |books, row| {
            Value::Guid(books.keys.get(row.body.owner))
        }),
        Field::new("Количество", Edm::Double, |_, row| {
            Value::Number(Decimal::thousandths(row.body.quantity))
        }),
        Field::new("Сумма", Edm::Double, |_, row| Value::Number(Decimal::kopecks(row.body.amount))),
        Field::new("Скидка", Edm::Double, |_, row| Value::Number(Decimal::kopecks(row.body.discount))),
        Field::key("Recorder_Type", Edm::Text, recorder_type),
    ],
};

const BONUSES: Layout<Row<Bonus>> = Layout {
    order: BY_PERIOD,
    fields: &[
        Field::key("Recorder", Edm::Composite, recorder),
        Field::new("Period", Edm::Date, period),
        Field::key("LineNumber", Edm::Int64, line_number),
        Field::new("Active", Edm::Bool, active),
        Field::new("RecordType", Edm::Text, |_, row| Value::text(row.body.movement.name())),
        Field::link("БонуснаяКарта_Key", Target::Cards, |books, row| {
            Value::Guid(books.keys.get(row.body.card))
        }),
        Field::new("Начислено", Edm::Double, |_, row| {
            Value::Number(Decimal::kopecks(row.body.accrued))
        }),
        Field::new("КСписанию", Edm::Double, |_, row| {
            Value::Number(Decimal::kopecks(row.body.to_burn))
        }),
        Field::new("ДатаПервоначальногоНачисления", Edm::Date, |_, row| {
            Value::Date(row.body.first_accrued)
        }),
        Field::key("Recorder_Type", Edm::Text, recorder_type),
    ],
};

const SALE_ROWS_SET: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам_RecordType";
const BONUS_ROWS_SET: &str = "AccumulationRegister_БонусныеБаллы_RecordType";

pub(super) const SALE_SETS_SET: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам";
pub(super) const BONUS_SETS_SET: &str = "AccumulationRegister_БонусныеБаллы";

/// A record set: the recorder, its rows, the recorder's type.
macro_rules! record_sets {
    ($register:ident, $set:ident, $layout:ident) => {
        Layout {
            order: &[],
            fields: &[
                Field::key("Recorder", Edm::Composite, |books, set| {
                    let header = books.documents.get(set.recorder);
                    Value::Reference(header.kind, header.key)
                }),
                Field::new("RecordSet", Edm::Section, |books, set| {
                    let register = &books.$register;
                    let rows = Rows::Picked(register.record_sets().rows(set, register.rows()));
                    Value::Rows(Box::new(View { books, set: $set, layout: &$layout, rows }))
                }),
                Field::key("Recorder_Type", Edm::Text, |books, set| {
                    Value::text(books.documents.get(set.recorder).kind.type_name())
                }),
            ],
        }
    };
}

const SALE_SETS: Layout<RecordSet> = record_sets!(sales, SALE_ROWS_SET, SALES);
const BONUS_SETS: Layout<RecordSet> = record_sets!(bonuses, BONUS_ROWS_SET, BONUSES);

/// The sales register, row by row.
pub(in super::super) fn sale_rows(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.sales.rows());
    Box::new(View { books, set: SALE_ROWS_SET, layout: &SALES, rows })
}

/// The bonus register, row by row.
pub(in super::super) fn bonus_rows(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.bonuses.rows());
    Box::new(View { books, set: BONUS_ROWS_SET, layout: &BONUSES, rows })
}

/// The sales register by recorder.
pub(in super::super) fn sale_record_sets(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.sales.record_sets().sets());
    Box::new(View { books, set: SALE_SETS_SET, layout: &SALE_SETS, rows })
}

/// The bonus register by recorder.
pub(in super::super) fn bonus_record_sets(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.bonuses.record_sets().sets());
    Box::new(View { books, set: BONUS_SETS_SET, layout: &BONUS_SETS, rows })
}

/// Record sets without rows, for their columns.
pub(super) fn no_sale_rows(books: &Books) -> Box<dyn Table + '_> {
    Box::new(View { books, set: SALE_ROWS_SET, layout: &SALES, rows: Rows::Picked(Vec::new()) })
}

pub(super) fn no_bonus_rows(books: &Books) -> Box<dyn Table + '_> {
    Box::new(View { books, set: BONUS_ROWS_SET, layout: &BONUSES, rows: Rows::Picked(Vec::new()) })
}
