//! What a reference leads to, as a table of one row.

use uuid::Uuid;

use super::super::value::Value;
use super::{Column, Table, Target};

/// One item of another set.
pub(in super::super) struct Item<'t> {
    table: &'t dyn Table,
    target: Target,
    key: Uuid,
    columns: Vec<Column>,
}

impl<'t> Item<'t> {
    /// What a reference of this table leads to; none where it leads nowhere.
    pub(in super::super) fn find(table: &'t dyn Table, target: Target, key: Uuid) -> Option<Self> {
        let item = Self::of(table, target, key);
        let leads_nowhere = matches!(item.value(0, 0), Value::Null);
        (!leads_nowhere).then_some(item)
    }

    /// An item that nobody looks for, for its columns.
    pub(in super::super) fn unknown(table: &'t dyn Table, target: Target) -> Self {
        Self::of(table, target, Uuid::nil())
    }

    fn of(table: &'t dyn Table, target: Target, key: Uuid) -> Self {
        Self { table, target, key, columns: target.columns() }
    }
}

impl Table for Item<'_> {
    fn set(&self) -> &'static str {
        self.target.set().unwrap_or_default()
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, column: usize) -> Column {
        self.columns[column]
    }

    fn len(&self) -> usize {
        1
    }

    fn value(&self, _row: usize, column: usize) -> Value<'_> {
        self.table.linked(self.target, self.key, column)
    }

    fn order(&self) -> &'static [usize] {
        &[]
    }

    fn linked(&self, target: Target, key: Uuid, column: usize) -> Value<'_> {
        self.table.linked(target, key, column)
    }

    fn section(&self, _column: usize) -> Option<Box<dyn Table + '_>> {
        None
    }
}
