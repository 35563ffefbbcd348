//! A page put together, row by row, and held to what was asked.

use super::super::error::Error;
use super::super::query::{Order, PageQuery};
use super::super::wire::{Envelope, Slots, collection, malformed, single};
use super::decode::{Decode, Layout, Need, Recorders, RowFacts, RowReading, RowValues};
use super::{Page, RejectedRow, RowMark};
use crate::domain::LocalTime;
use crate::odata::Names;

/// A page, and what it taught of the set.
pub(in crate::odata) struct Read<R> {
    pub(in crate::odata) page: Page<R>,
    pub(in crate::odata) envelope: Envelope,
    /// Whether the register's key is spelled `Recorder_Key`.
    pub(in crate::odata) sole_recorder: bool,
}

/// Reads the rows of a reply and checks every one against the query.
pub(in crate::odata) fn read<R: Decode>(
    text: &str,
    layout: &Layout,
    names: &Names,
    query: &PageQuery,
) -> Result<Read<R>, Error> {
    let mut builder = Builder::new(layout, names, query);
    let envelope = collection(text, layout, Some(query.set), |slots| builder.take(&slots))?;
    builder.finish(envelope)
}

struct Builder<'a, R> {
    layout: &'a Layout,
    names: &'a Names,
    query: &'a PageQuery,
    recorders: Recorders<'a>,
    page: Page<R>,
    /// For each slot, whether some row had the field.
    present: Vec<bool>,
    before: Option<(Option<LocalTime>, RowMark)>,
}

/// Reads the one row of a reply that is no collection.
pub(in crate::odata) fn read_single<R: Decode>(
    text: &str,
    layout: &Layout,
    names: &Names,
    query: &PageQuery,
) -> Result<Read<R>, Error> {
    let mut builder = Builder::new(layout, names, query);
    builder.take(&single(text, layout, Some(query.set))?)?;
    builder.finish(Envelope::default())
}

impl<'a, R: Decode> Builder<'a, R> {
    fn new(layout: &'a Layout, names: &'a Names, query: &'a PageQuery) -> Self {
        let present = vec![false; layout.fields().len()];
        Self {
            layout,
            names,
            query,
            recorders: Recorders::new(names),
            page: Page::empty(),
            present,
            before: None,
        }
    }

    fn take(&mut self, slots: &Slots<'_>) -> Result<(), Error> {
        for (slot, present) in self.present.iter_mut().enumerate() {
            *present |= !slots.get(slot).is_absent();
        }
        let (mark, reading) = R::decode(RowValues::of(slots), &self.recorders).map_err(|_| self.no_key())?;
        self.page.marks.push(mark);
        match reading {
            RowReading::Row(row) => self.take_row(mark, row)?,
            RowReading::Folder => self.page.folders += 1,
            RowReading::Rejected { card, recorder_type, why: (slot, fault) } => {
                let field = self.layout.fields().get(slot).map(|field| field.name.clone());
                self.page.rejected.push(RejectedRow {
                    mark,
                    key: key_text(mark),
                    card,
                    recorder_type,
                    field: field.unwrap_or_default(),
                    fault,
                });
            }
        }
        Ok(())
    }

    fn take_row(&mut self, mark: RowMark, row: R) -> Result<(), Error> {
        let facts = row.facts();
        if !self.query.filter.admits(&facts, self.names) {
            return Err(Error::FilterRefused { set: self.query.set, text: String::new() });
        }
        self.page.in_order &= self.follows(mark, &facts);
        self.before = Some((facts.period, mark));
        self.page.rows.push(row);
        Ok(())
    }

    /// Whether the row may come after the one before. The order of keys is the server's own, so only
    /// periods and the lines of one recorder can tell.
    fn follows(&self, mark: RowMark, facts: &RowFacts<'_>) -> bool {
        let Some((period, before)) = self.before else { return true };
        let lines_follow = !mark.is_beside(before) || mark.line >= before.line;
        match self.query.order {
            Order::None => true,
            Order::Key => lines_follow,
            Order::Period => facts.period > period || (facts.period == period && lines_follow),
        }
    }

    fn no_key(&self) -> Error {
        let row = self.page.marks.len() + 1;
        malformed(Some(self.query.set), format!("row {row} has no key"))
    }

    fn finish(self, envelope: Envelope) -> Result<Read<R>, Error> {
        self.check_fields()?;
        let has = |need| self.fields_needed(need).any(|(_, present)| present);
        let sole_recorder = has(Need::SoleKey) && !has(Need::SharedKey);
        Ok(Read { page: self.page, envelope, sole_recorder })
    }

    /// A vital field that no row has is named wrongly in the settings, or gone from 1C.
    fn check_fields(&self) -> Result<(), Error> {
        if self.page.marks.is_empty() {
            return Ok(());
        }
        match self.fields_needed(Need::Vital).find(|(_, present)| !present) {
            Some((name, _)) => Err(Error::MissingField { set: self.query.set, field: name.to_owned() }),
            None => Ok(()),
        }
    }

    fn fields_needed(&self, need: Need) -> impl Iterator<Item = (&str, bool)> {
        let fields = self.layout.fields().iter().zip(&self.present);
        fields
            .filter(move |(field, _)| field.need == need)
            .map(|(field, present)| (field.name.as_str(), *present))
    }
}

fn key_text(mark: RowMark) -> String {
    if mark.line == 0 { mark.object.to_string() } else { format!("{} line {}", mark.object, mark.line) }
}
