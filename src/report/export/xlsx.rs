//! A workbook: the summary, a row per card, a row per difference. Rows go to temporary files as they come.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::super::reconcile::{self, Head, Written, cell};
use super::super::{Reader, UNKNOWN, our_time, third_column};
use crate::domain::field::IN_WORKBOOK;
use crate::domain::third_column::PortalColumn;
use crate::domain::{
    Amount, Comparison, CustomerField, Difference, DifferenceFigure, FieldValue, Figure, LocalTime,
    PersonalDate, Points,
};
use crate::files::caught;
use crate::text::Texts;

/// Rows a sheet takes beside its header and its totals; more go on in the next.
const ROWS: u32 = 1_048_570;

/// A column: the id of its heading, and its width.
type BookColumn = (&'static str, u16);

/// Columns of a sheet of cards behind the verdict and the fields of the customer.
const FIGURES: [BookColumn; 16] = [
    ("xlsx-opening-onec", 16),
    ("xlsx-opening-stored", 16),
    ("xlsx-opening-variance", 16),
    ("xlsx-purchases-onec", 16),
    ("xlsx-purchases-stored", 16),
    ("xlsx-purchases-variance", 16),
    ("xlsx-lines", 8),
    ("xlsx-total-onec", 16),
    ("xlsx-total-stored", 16),
    ("xlsx-total-variance", 16),
    ("xlsx-before-window", 16),
    ("xlsx-points-onec", 12),
    ("xlsx-points-stored", 12),
    ("xlsx-causes", 40),
    ("xlsx-since", 18),
    ("xlsx-remedy", 60),
];

/// Columns behind these where a portal was asked.
const PORTAL: [BookColumn; 5] = [
    ("xlsx-portal-total", 16),
    ("xlsx-portal-variance", 16),
    ("xlsx-portal-points", 12),
    ("xlsx-portal-city", 18),
    ("xlsx-portal-causes", 40),
];

/// Columns of a sheet of differences behind whose they are.
const DIFFERENCES: [BookColumn; 8] = [
    ("xlsx-difference", 36),
    ("xlsx-period", 18),
    ("xlsx-document-type", 40),
    ("xlsx-document", 38),
    ("xlsx-line", 8),
    ("xlsx-onec", 16),
    ("xlsx-stored", 16),
    ("xlsx-reason", 36),
];

/// Whose a difference is.
const WHOSE: [CustomerField; 3] = [CustomerField::Code, CustomerField::Phone, CustomerField::Name];

fn column(field: CustomerField) -> BookColumn {
    let width = match field {
        CustomerField::Name | CustomerField::Email => 32,
        CustomerField::City => 18,
        CustomerField::Code => 12,
        _ => 14,
    };
    (field.word(), width)
}

/// Whether a workbook has a number for a day: those before its first one and behind its last are texts.
fn has_serial(day: NaiveDate) -> bool {
    (1900..=9999).contains(&day.year())
}

fn card_columns(has_portal: bool) -> Vec<BookColumn> {
    let own = [("xlsx-verdict", 16)].into_iter().chain(IN_WORKBOOK.map(column)).chain(FIGURES);
    own.chain(PORTAL.into_iter().filter(|_| has_portal)).collect()
}

fn difference_columns() -> Vec<BookColumn> {
    WHOSE.map(column).into_iter().chain(DIFFERENCES).collect()
}

/// A workbook being written.
pub(super) struct Book<W: Write> {
    out: W,
    work: PathBuf,
    workbook: Workbook,
    texts: Texts,
    formats: Formats,
    cards: SheetCursor,
    differences: SheetCursor,
}

/// Where the next row goes.
struct SheetCursor {
    index: usize,
    row: u32,
    title: &'static str,
    number: u32,
    columns: Vec<BookColumn>,
}

struct Formats {
    header: Format,
    money: Format,
    points: Format,
    moment: Format,
    day: Format,
    total: Format,
}

impl Formats {
    fn new() -> Self {
        let money = Format::new().set_num_format("#,##0.00");
        Self {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(Color::RGB(0x00DD_E6F0)),
            points: Format::new().set_num_format("#,##0.##"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            total: money.clone().set_bold(),
            money,
        }
    }
}

impl<W: Write> Book<W> {
    /// Rows wait in the folder `work`, in files that have no name there.
    pub(super) fn begin(out: W, head: &Head, reader: Reader, work: &Path) -> io::Result<Self> {
        caught(|| Self::begin_book(out, head, reader, work))
    }

    fn begin_book(out: W, head: &Head, reader: Reader, work: &Path) -> io::Result<Self> {
        let texts = reader.texts;
        let mut book = Workbook::new();
        book.set_tempdir(work).map_err(failed)?;
        let formats = Formats::new();
        let sheet = book.add_worksheet();
        sheet.set_name(texts.get("xlsx-sheet-summary")).map_err(failed)?;
        summary(sheet, head, reader, &formats).map_err(failed)?;
        let cards = SheetCursor::add(
            &mut book,
            "xlsx-sheet-cards",
            1,
            card_columns(head.has_portal()),
            &formats,
            texts,
        )
        .map_err(failed)?;
        let differences =
            SheetCursor::add(&mut book, "xlsx-sheet-differences", 1, difference_columns(), &formats, texts)
                .map_err(failed)?;
        Ok(Self { out, work: work.to_owned(), workbook: book, texts, formats, cards, differences })
    }

    pub(super) fn row(&mut self, it: &Comparison) -> io::Result<()> {
        caught(|| {
            self.card(it).map_err(failed)?;
            it.differences.iter().try_for_each(|difference| self.difference(it, difference)).map_err(failed)
        })
    }

    fn card(&mut self, it: &Comparison) -> Result<(), XlsxError> {
        let (sheet, row) = self.cards.next(&mut self.workbook, &self.formats, self.texts)?;
        let mut cells = RowCells { sheet, row, column: 0, formats: &self.formats };
        cells.text(&self.texts.verdict(it.verdict))?;
        cells.fields(it, &IN_WORKBOOK, self.texts)?;
        cells.figure(it.opening_balance)?;
        cells.figure(it.purchases)?;
        cells.count(it.purchase_lines)?;
        cells.money(it.total.onec)?;
        cells.money(it.total.stored)?;
        // What lies before the window stands beside it, and is no variance.
        cells.money(it.variance_told())?;
        cells.money(it.before_window)?;
        cells.points(it.points.figure.onec)?;
        cells.points(it.points.figure.stored)?;
        cells.text(&reconcile::causes(it, self.texts))?;
        cells.moment(it.since())?;
        cells.text(&reconcile::remedy(it, self.texts))?;
        it.portal.as_deref().map_or(Ok(()), |column| cells.portal(column))
    }

    fn difference(&mut self, it: &Comparison, difference: &Difference) -> Result<(), XlsxError> {
        let (sheet, row) = self.differences.next(&mut self.workbook, &self.formats, self.texts)?;
        let mut cells = RowCells { sheet, row, column: 0, formats: &self.formats };
        cells.fields(it, &WHOSE, self.texts)?;
        cells.text(&self.texts.difference(difference))?;
        cells.moment(difference.period)?;
        cells.text(difference.recorder_type.as_ref().map_or("", |of| &of.0))?;
        cells.text(&difference.recorder.map(|recorder| recorder.to_string()).unwrap_or_default())?;
        match difference.line {
            Some(line) => cells.count(line)?,
            None => cells.text("")?,
        }
        cells.sides(&difference.figure)?;
        cells.text(&reconcile::reason(difference.reason, self.texts))
    }

    /// Adds the totals below the last card, and saves.
    pub(super) fn finish(self, written: &Written) -> io::Result<W> {
        caught(|| self.put_together(written))
    }

    fn put_together(mut self, written: &Written) -> io::Result<W> {
        self.totals(written).map_err(failed)?;
        for sheet in [&self.cards, &self.differences] {
            let last = u16::try_from(sheet.columns.len()).unwrap_or(1) - 1;
            let worksheet = self.workbook.worksheet_from_index(sheet.index).map_err(failed)?;
            worksheet.autofilter(0, 0, sheet.row.max(2) - 1, last).map_err(failed)?;
        }
        // A workbook is put together by going back and forth; what it goes to may be a pipe.
        let mut whole = tempfile::tempfile_in(&self.work)?;
        self.workbook.save_to_writer(&mut whole).map_err(failed)?;
        copy(whole, &mut self.out)?;
        Ok(self.out)
    }

    fn totals(&mut self, written: &Written) -> Result<(), XlsxError> {
        let row = self.cards.row + 1;
        let sheet = self.workbook.worksheet_from_index(self.cards.index)?;
        sheet.write_string_with_format(row, 0, self.texts.get("xlsx-totals"), &self.formats.total)?;
        let first = self.cards.columns.iter().position(|(heading, _)| *heading == "xlsx-total-onec");
        let first = first.and_then(|first| u16::try_from(first).ok()).unwrap_or_default();
        let onec = written.onec.of_all();
        let sums = [onec, Some(written.stored), onec.map(|onec| written.stored - onec)];
        for (column, sum) in (first..).zip(sums) {
            put_money(sheet, (row, column), sum, &self.formats.total)?;
        }
        Ok(())
    }
}

impl SheetCursor {
    fn add(
        book: &mut Workbook,
        title: &'static str,
        number: u32,
        columns: Vec<BookColumn>,
        formats: &Formats,
        texts: Texts,
    ) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet_with_constant_memory()?;
        let name = texts.get(title);
        if number > 1 {
            sheet.set_name(format!("{name} {number}"))?;
        } else {
            sheet.set_name(name)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (column, (heading, width)) in (0..).zip(&columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, capitalised(&texts.get(heading)), &formats.header)?;
        }
        let index = book.worksheets().len() - 1;
        Ok(Self { index, row: 1, title, number, columns })
    }

    /// The sheet and the row to write to; a sheet that is full is followed by another.
    fn next<'b>(
        &mut self,
        book: &'b mut Workbook,
        formats: &Formats,
        texts: Texts,
    ) -> Result<(&'b mut Worksheet, u32), XlsxError> {
        if self.row > ROWS {
            let columns = std::mem::take(&mut self.columns);
            *self = Self::add(book, self.title, self.number + 1, columns, formats, texts)?;
        }
        let row = self.row;
        self.row += 1;
        Ok((book.worksheet_from_index(self.index)?, row))
    }
}

/// A row being written from left to right.
struct RowCells<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    formats: &'a Formats,
}

impl RowCells<'_> {
    /// A text is written as one: no spreadsheet runs it, whatever it begins with.
    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string(self.row, self.column, cell(text))?;
        }
        self.column += 1;
        Ok(())
    }

    /// Fields of the customer; the name says as well what the card is marked as.
    fn fields(&mut self, it: &Comparison, fields: &[CustomerField], texts: Texts) -> Result<(), XlsxError> {
        fields.iter().try_for_each(|field| match (field, it.customer.get(*field)) {
            (CustomerField::Name, _) => self.text(&reconcile::name(it, texts)),
            (_, Some(FieldValue::Date(PersonalDate::Known(day)))) if has_serial(day) => self.day(day),
            (_, Some(FieldValue::Flag)) => self.text(&texts.get("xlsx-yes")),
            (_, value) => self.text(&value.as_ref().map(FieldValue::plain).unwrap_or_default()),
        })
    }

    fn day(&mut self, day: NaiveDate) -> Result<(), XlsxError> {
        self.sheet.write_with_format(self.row, self.column, &day, &self.formats.day)?;
        self.column += 1;
        Ok(())
    }

    fn money(&mut self, amount: Option<Amount>) -> Result<(), XlsxError> {
        if let Some(amount) = amount {
            self.sheet.write_with_format(self.row, self.column, amount.decimal(), &self.formats.money)?;
        }
        self.column += 1;
        Ok(())
    }

    /// A moment of 1C's local time.
    fn moment(&mut self, moment: Option<LocalTime>) -> Result<(), XlsxError> {
        if let Some(moment) = moment {
            self.sheet.write_with_format(self.row, self.column, &moment, &self.formats.moment)?;
        }
        self.column += 1;
        Ok(())
    }

    fn points(&mut self, points: Option<Points>) -> Result<(), XlsxError> {
        if let Some(points) = points {
            self.sheet.write_with_format(self.row, self.column, points.decimal(), &self.formats.points)?;
        }
        self.column += 1;
        Ok(())
    }

    fn figure(&mut self, figure: Figure<Amount>) -> Result<(), XlsxError> {
        self.money(figure.onec)?;
        self.money(figure.stored)?;
        self.money(figure.variance())
    }

    fn portal(&mut self, column: &PortalColumn) -> Result<(), XlsxError> {
        self.money(column.side.total)?;
        self.money(column.variance())?;
        self.points(column.side.points)?;
        self.text(column.side.city.as_deref().unwrap_or_default())?;
        self.text(&third_column::codes(column))
    }

    fn count(&mut self, count: u64) -> Result<(), XlsxError> {
        self.sheet.write(self.row, self.column, count)?;
        self.column += 1;
        Ok(())
    }

    /// Both sides of a difference.
    fn sides(&mut self, figure: &DifferenceFigure) -> Result<(), XlsxError> {
        match figure {
            DifferenceFigure::Money(figure) => {
                self.money(figure.onec).and_then(|()| self.money(figure.stored))
            }
            DifferenceFigure::Points(figure) => {
                self.points(figure.onec).and_then(|()| self.points(figure.stored))
            }
            DifferenceFigure::Town(towns) => [&towns.onec, &towns.stored]
                .into_iter()
                .try_for_each(|town| self.text(town.as_deref().unwrap_or_default())),
        }
    }
}

fn summary(sheet: &mut Worksheet, head: &Head, reader: Reader, formats: &Formats) -> Result<(), XlsxError> {
    let texts = reader.texts;
    let it = &head.summary;
    sheet.set_column_width(0, 44)?;
    for column in 1..4 {
        sheet.set_column_width(column, 18)?;
    }
    let moment = |time: Option<_>| time.map(|time| our_time(time, reader)).unwrap_or_default();
    let facts = [
        ("xlsx-compared-at", moment(head.terms.compared_at)),
        ("xlsx-synced-at", moment(head.terms.synced_at)),
    ];
    let counts = [
        ("report-cards", it.cards),
        ("verdict-reconciled", it.reconciled),
        ("verdict-variance", it.variances),
        ("verdict-before-window", it.before_window),
        ("verdict-unverified", it.unverified),
        ("verdict-unknown-card", it.unknown_cards),
    ];
    let mut row = 0;
    for (title, fact) in facts {
        sheet.write_string(row, 0, texts.get(title))?;
        sheet.write_string(row, 1, fact)?;
        row += 1;
    }
    for (title, count) in counts {
        sheet.write_string(row, 0, texts.get(title))?;
        sheet.write(row, 1, count)?;
        row += 1;
    }
    row += 1;
    for (column, title) in (1..).zip(["column-onec", "column-stored", "column-variance"]) {
        sheet.write_string_with_format(row, column, texts.get(title), &formats.header)?;
    }
    let sums = [
        ("report-opening-balances", it.opening_balance, it.opening_balance.variance()),
        ("row-purchases", it.purchases, it.purchases.variance()),
        ("row-total", it.total, it.total_variance()),
    ];
    for (title, sides, variance) in sums {
        row += 1;
        sheet.write_string(row, 0, texts.get(title))?;
        for (column, sum) in (1..).zip([sides.onec(), Some(sides.stored()), variance]) {
            put_money(sheet, (row, column), sum, &formats.money)?;
        }
    }
    row += 1;
    sheet.write_string(row, 0, texts.get("row-before-window"))?;
    put_money(sheet, (row, 1), it.earlier_purchases(), &formats.money)?;
    row += 2;
    for (cause, tally) in &it.causes {
        sheet.write_string(row, 0, texts.cause(*cause))?;
        sheet.write(row, 1, tally.cards)?;
        sheet.write_string(row, 2, texts.cause_remedy(*cause))?;
        row += 1;
    }
    for line in it.portal.iter().flat_map(|outcome| third_column::of_base(outcome, texts)) {
        sheet.write_string(row, 0, line)?;
        row += 1;
    }
    Ok(())
}

/// A sum, or the mark of one that is not known: an empty cell would be added up as nothing.
fn put_money(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    sum: Option<Amount>,
    format: &Format,
) -> Result<(), XlsxError> {
    match sum {
        Some(sum) => sheet.write_with_format(row, column, sum.decimal(), format)?,
        None => sheet.write_with_format(row, column, UNKNOWN, format)?,
    };
    Ok(())
}

/// A flag's word stands behind a name elsewhere.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn copy(mut from: File, to: &mut impl Write) -> io::Result<()> {
    from.seek(SeekFrom::Start(0))?;
    io::copy(&mut from, to).map(drop)
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
        other => io::Error::other(other),
    }
}
