//! A table seen otherwise: without some of its columns or rows, or with a recorder of one type.

use std::collections::HashSet;

use uuid::Uuid;

use super::super::value::Value;
use super::{Column, Edm, Table, Target};

/// A table behind a lens.
pub(in super::super) struct Lens<'a> {
    inner: Box<dyn Table + 'a>,
    /// The columns seen, by their places in the table behind.
    columns: Vec<(usize, Column)>,
    /// The rows seen, by their places in the table behind; none for all.
    rows: Option<Vec<usize>>,
    /// Names that are out of sight, in sections as well.
    hidden: Vec<&'static str>,
    one_type_of_recorder: bool,
}

impl<'a> Lens<'a> {
    pub(in super::super) fn new(inner: Box<dyn Table + 'a>) -> Self {
        let columns = (0..inner.width()).map(|column| (column, inner.column(column))).collect();
        Self { inner, columns, rows: None, hidden: Vec::new(), one_type_of_recorder: false }
    }

    /// Takes columns out of sight.
    pub(in super::super) fn hide(&mut self, is_hidden: impl Fn(&str) -> bool) {
        let sections: Vec<Box<dyn Table + '_>> =
            (0..self.inner.width()).filter_map(|column| self.inner.section(column)).collect();
        let of_sections =
            sections.iter().flat_map(|table| (0..table.width()).map(|column| table.column(column)));
        let all = self.columns.iter().map(|(_, column)| *column).chain(of_sections);
        let hidden = all.map(|column| column.name).filter(|name| is_hidden(name)).collect();
        drop(sections);
        self.hidden = hidden;
        self.columns.retain(|(_, column)| !is_hidden(column.name));
    }

    /// The rows of a section, seen through the same glass.
    fn seen<'t>(&self, rows: Box<dyn Table + 't>) -> Box<dyn Table + 't> {
        let mut lens = Lens::new(rows);
        lens.hide(|name| self.hidden.contains(&name));
        if self.one_type_of_recorder {
            lens.with_one_type_of_recorder();
        }
        Box::new(lens)
    }

    /// Takes rows out of sight.
    pub(in super::super) fn keep_rows(&mut self, is_kept: impl Fn(&dyn Table, usize) -> bool) {
        let rows = (0..self.inner.len()).filter(|row| is_kept(self.inner.as_ref(), *row));
        let kept: HashSet<usize> = rows.collect();
        let seen: Vec<usize> = self.places().filter(|place| kept.contains(place)).collect();
        self.rows = Some(seen);
    }

    fn places(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match &self.rows {
            Some(rows) => Box::new(rows.iter().copied()),
            None => Box::new(0..self.inner.len()),
        }
    }

    /// Shows `Recorder` as `Recorder_Key`, and no `Recorder_Type`: what a register of one recorder looks like.
    pub(in super::super) fn with_one_type_of_recorder(&mut self) {
        self.one_type_of_recorder = true;
        self.columns.retain(|(_, column)| column.name != "Recorder_Type");
        for (_, column) in &mut self.columns {
            if column.name == "Recorder" {
                *column = Column { name: "Recorder_Key", edm: Edm::Guid, target: None, key: true };
            }
        }
    }
}

impl Table for Lens<'_> {
    fn set(&self) -> &'static str {
        self.inner.set()
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, column: usize) -> Column {
        self.columns[column].1
    }

    fn len(&self) -> usize {
        self.rows.as_ref().map_or_else(|| self.inner.len(), Vec::len)
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        let row = self.rows.as_ref().map_or(row, |rows| rows[row]);
        let (place, described) = self.columns[column];
        match self.inner.value(row, place) {
            Value::Rows(rows) => Value::Rows(self.seen(rows)),
            Value::Reference(_, key) if described.edm == Edm::Guid => Value::Guid(key),
            value => value,
        }
    }

    /// The order of the table behind, as far as its columns are where they were.
    fn order(&self) -> &'static [usize] {
        let order = self.inner.order();
        let stays = |column: &&usize| self.columns.get(**column).is_some_and(|(place, _)| place == *column);
        &order[..order.iter().take_while(stays).count()]
    }

    fn linked(&self, target: Target, key: Uuid, column: usize) -> Value<'_> {
        self.inner.linked(target, key, column)
    }

    fn section(&self, column: usize) -> Option<Box<dyn Table + '_>> {
        self.inner.section(self.columns[column].0).map(|rows| self.seen(rows))
    }
}
