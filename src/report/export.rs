//! A reconciled base in the formats other programs read: one card after the other, none kept.
//!
//! Every way out but JSON makes foreign text harmless: what could steer a terminal becomes visible, and what a
//! spreadsheet would run is kept from running. In JSON a text stays what 1C has, escaped. What each column means
//! is said in `docs/reconcile.md`.

mod csv;
mod xlsx;

use std::io::{self, Write};
use std::path::Path;

use super::reconcile::{self, Head, Written};
use super::{Reader, json};
use crate::domain::Comparison;

/// How a base is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: the summary, a line per card, what differs, what to do.
    #[default]
    Table,
    /// A row per card; with a byte order mark where a spreadsheet needs one to know UTF-8.
    Csv {
        /// Begin with a byte order mark.
        bom: bool,
    },
    /// An array of the objects of `check --json`.
    Json,
    /// A workbook: the summary, the cards, what differs.
    Xlsx,
}

/// A base being written.
pub struct Export<W: Write> {
    sheet: Sheet<W>,
    head: Head,
    reader: Reader,
    written: Written,
}

enum Sheet<W: Write> {
    Table(W),
    Csv(Box<csv::Rows<W>>),
    Json(W),
    Xlsx(Box<xlsx::Book<W>>),
}

impl<W: Write> Export<W> {
    /// Writes what comes before the first card. What has to be put aside meanwhile lies in the folder `work`.
    pub fn begin(mut out: W, format: Format, head: Head, reader: Reader, work: &Path) -> io::Result<Self> {
        let sheet = match format {
            Format::Table => {
                out.write_all(reconcile::head(&head, reader).as_bytes())?;
                Sheet::Table(out)
            }
            Format::Csv { bom } => Sheet::Csv(Box::new(csv::Rows::begin(out, bom, head.has_portal())?)),
            Format::Json => {
                out.write_all(b"[")?;
                Sheet::Json(out)
            }
            Format::Xlsx => Sheet::Xlsx(Box::new(xlsx::Book::begin(out, &head, reader, work)?)),
        };
        Ok(Self { sheet, head, reader, written: Written::default() })
    }

    /// Writes a card.
    pub fn row(&mut self, card: &Comparison) -> io::Result<()> {
        match &mut self.sheet {
            Sheet::Table(out) => out.write_all(reconcile::row(card, self.reader.texts).as_bytes())?,
            Sheet::Csv(rows) => rows.row(card)?,
            Sheet::Json(out) => {
                out.write_all(if self.written.rows == 0 { b"\n" } else { b",\n" })?;
                out.write_all(json::card(card).as_bytes())?;
            }
            Sheet::Xlsx(book) => book.row(card)?,
        }
        self.written.add(card);
        Ok(())
    }

    /// Writes what comes after the last card, gives back where all went, and says what it was.
    pub fn finish(self) -> io::Result<(W, Written)> {
        let mut out = match self.sheet {
            Sheet::Table(mut out) => {
                let remedies = reconcile::remedies(&self.head.summary, self.reader.texts);
                if !remedies.is_empty() {
                    write!(out, "\n{remedies}")?;
                }
                out
            }
            Sheet::Csv(rows) => rows.finish()?,
            Sheet::Json(mut out) => {
                out.write_all(if self.written.rows == 0 { b"]\n" } else { b"\n]\n" })?;
                out
            }
            Sheet::Xlsx(book) => book.finish(&self.written)?,
        };
        out.flush()?;
        Ok((out, self.written))
    }
}

#[cfg(test)]
mod tests;
