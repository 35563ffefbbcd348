//! JSON as 1C writes it: each field on a line of its own, no indent, and every way it is known to deviate.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::faults::{Draw, FaultKind, Faults, Rate};
use super::options::Metadata;
use super::shown::{self, Shown};
use super::table::{Table, address};
use super::value::{Decimal, Value, write_date};

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    Plain,
    Text,
    Exponent,
    Long,
    Comma,
}

/// The liberties a reply takes with its rows.
#[expect(clippy::struct_excessive_bools, reason = "each is a liberty of its own, taken or not")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Liberties {
    numbers: Numbers,
    nulls: bool,
    shuffled: bool,
    unknown_fields: bool,
    duplicate_keys: bool,
    /// The row whose amount is unreadable.
    broken: Option<usize>,
    /// Dates carry the zone.
    zoned: bool,
    /// How many rows come without `Recorder_Type`, told by their keys and the seed.
    untyped: Rate,
    seed: u64,
    draw: Draw,
}

impl Liberties {
    /// The faults that take them.
    pub(super) const KINDS: [FaultKind; 11] = [
        FaultKind::NumbersAsStrings,
        FaultKind::ExponentNumbers,
        FaultKind::LongNumbers,
        FaultKind::BrokenRows,
        FaultKind::Nulls,
        FaultKind::RandomFieldOrder,
        FaultKind::UnknownFields,
        FaultKind::DuplicateKeys,
        FaultKind::DecimalComma,
        FaultKind::DatesWithOffset,
        FaultKind::UntypedRows,
    ];

    /// What the faults and the draw make of a page of so many rows.
    pub(super) fn drawn(faults: &Faults, seed: u64, draw: Draw, rows: usize) -> Self {
        let fires = |kind| faults.fires(kind, draw);
        let numbers = if fires(FaultKind::NumbersAsStrings) {
            Numbers::Text
        } else if fires(FaultKind::DecimalComma) {
            Numbers::Comma
        } else if fires(FaultKind::ExponentNumbers) {
            Numbers::Exponent
        } else if fires(FaultKind::LongNumbers) {
            Numbers::Long
        } else {
            Numbers::Plain
        };
        let broken = fires(FaultKind::BrokenRows).then(|| draw.index(FaultKind::BrokenRows, rows)).flatten();
        Self {
            numbers,
            nulls: fires(FaultKind::Nulls),
            shuffled: fires(FaultKind::RandomFieldOrder),
            unknown_fields: fires(FaultKind::UnknownFields),
            duplicate_keys: fires(FaultKind::DuplicateKeys),
            broken,
            zoned: fires(FaultKind::DatesWithOffset),
            untyped: faults.rate(FaultKind::UntypedRows),
            seed,
            draw,
        }
    }
}

impl Liberties {
    /// Whether a row comes without `Recorder_Type`.
    fn takes_type_from(self, table: &dyn Table, row: usize) -> bool {
        let draw = || Draw::of_thing(self.seed, address(table, row).as_bytes());
        self.untyped > Rate::NEVER && draw().strikes(FaultKind::UntypedRows, self.untyped)
    }
}

/// Rows to be written, and how.
pub(super) struct Sheet<'a> {
    pub(super) table: &'a dyn Table,
    pub(super) rows: &'a [usize],
    /// What is wanted of a row, in this order.
    pub(super) shown: &'a [Shown],
    pub(super) metadata: Metadata,
    /// The address of the service root as the client sees it.
    pub(super) root: &'a str,
    pub(super) liberties: Liberties,
}

/// A collection of rows, with their count where it is wanted.
pub(super) fn collection(sheet: &Sheet<'_>, total: Option<usize>) -> String {
    let mut out = String::with_capacity(256 + sheet.rows.len() * sheet.shown.len() * 48);
    out.push_str("{\n");
    if sheet.metadata != Metadata::None {
        let _ = writeln!(out, "\"odata.metadata\": \"{}/$metadata#{}\",", sheet.root, sheet.table.set());
    }
    if let Some(total) = total {
        let _ = writeln!(out, "\"odata.count\": \"{total}\",");
    }
    out.push_str("\"value\": [");
    for (place, row) in sheet.rows.iter().enumerate() {
        out.push_str(if place == 0 { "{" } else { ",{" });
        write_row(&mut out, sheet, *row, place);
        out.push_str("\n}");
    }
    out.push_str("]\n}");
    out
}

/// One row by itself.
pub(super) fn single(sheet: &Sheet<'_>, row: usize) -> String {
    let mut out = String::from("{");
    if sheet.metadata != Metadata::None {
        let _ =
            write!(out, "\n\"odata.metadata\": \"{}/$metadata#{}/@Element\",", sheet.root, sheet.table.set());
    }
    write_row(&mut out, sheet, row, 0);
    out.push_str("\n}");
    out
}

/// The service document: what is published.
pub(super) fn service(root: &str, metadata: Metadata, sets: &[&str]) -> String {
    let mut out = String::from("{\n");
    if metadata != Metadata::None {
        let _ = writeln!(out, "\"odata.metadata\": \"{root}/$metadata\",");
    }
    let items: Vec<String> =
        sets.iter().map(|set| format!("{{\n\"name\": \"{set}\",\n\"url\": \"{set}\"\n}}")).collect();
    let _ = write!(out, "\"value\": [{}]\n}}", items.join(","));
    out
}

fn write_row(out: &mut String, sheet: &Sheet<'_>, row: usize, place: usize) {
    let table = sheet.table;
    let mut shown = Cow::Borrowed(sheet.shown);
    if sheet.liberties.shuffled {
        let number = |shown: &Shown| shown.column().unwrap_or_else(|| table.width());
        shown
            .to_mut()
            .sort_by_key(|shown| sheet.liberties.draw.word((place * table.width() + number(shown)) as u64));
    }
    if sheet.liberties.duplicate_keys && place == 0 {
        let first = shown.first().cloned();
        shown.to_mut().extend(first);
    }
    if sheet.liberties.takes_type_from(table, row) {
        let is_type =
            |shown: &Shown| matches!(shown, Shown::Column(at) if table.column(*at).name == "Recorder_Type");
        shown.to_mut().retain(|shown| !is_type(shown));
    }
    let mut separator = "\n";
    if sheet.metadata == Metadata::Full {
        separator = write_identity(out, sheet, row);
    }
    let broken = sheet.liberties.broken == Some(place);
    for item in shown.iter().filter(|shown| !matches!(shown, Shown::Link(_))) {
        out.push_str(separator);
        separator = ",\n";
        write_shown(out, sheet, row, item, broken);
    }
    if sheet.liberties.unknown_fields {
        let _ = write!(out, "{separator}\"НовоеПоле{place}\": {{\n\"Вложенное\": [1, null, \"}}\"]\n}}");
        separator = ",\n";
    }
    if sheet.metadata != Metadata::None {
        let columns: Vec<usize> = shown.iter().filter_map(Shown::column).collect();
        write_links(out, table, row, &columns, separator);
    }
}

/// The type and the address of a row.
fn write_identity(out: &mut String, sheet: &Sheet<'_>, row: usize) -> &'static str {
    let address = address(sheet.table, row);
    if address.is_empty() {
        return "\n";
    }
    let (set, root) = (sheet.table.set(), sheet.root);
    let _ = write!(
        out,
        "\n\"odata.type\": \"StandardODATA.{set}\",\n\"odata.id\": \"{root}/{address}\",\n\
         \"odata.editLink\": \"{address}\""
    );
    ",\n"
}

fn write_shown(out: &mut String, sheet: &Sheet<'_>, row: usize, shown: &Shown, broken: bool) {
    let table = sheet.table;
    match shown {
        Shown::Column(column) => {
            write_name(out, table.column(*column).name, "");
            write_field(out, sheet, row, *column, broken);
        }
        Shown::Link(_) => {}
        Shown::Section(column, inner) => {
            write_name(out, table.column(*column).name, "");
            if let Value::Rows(rows) = table.value(row, *column) {
                write_section(out, rows.as_ref(), inner, sheet.liberties);
            }
        }
        Shown::Presentation(name, column) => {
            write_name(out, name, "");
            write_text(out, &shown::presentation(table, row, *column));
        }
        Shown::Expanded { column, name, inner } => {
            write_name(out, name, "");
            write_expanded(out, sheet, row, *column, inner.as_deref());
        }
    }
}

/// What a reference leads to; `null` where that is nowhere.
fn write_expanded(out: &mut String, sheet: &Sheet<'_>, row: usize, column: usize, inner: Option<&[Shown]>) {
    let Some(item) = shown::follow(sheet.table, row, column) else { return out.push_str("null") };
    let all = shown::all(&item, true);
    let liberties =
        Liberties { duplicate_keys: false, unknown_fields: false, broken: None, ..sheet.liberties };
    let nested = Sheet { table: &item, rows: &[0], shown: inner.unwrap_or(&all), liberties, ..*sheet };
    out.push('{');
    write_row(out, &nested, 0, 0);
    out.push_str("\n}");
}

fn write_name(out: &mut String, name: &str, suffix: &str) {
    for part in ["\"", name, suffix, "\": "] {
        out.push_str(part);
    }
}

fn write_field(out: &mut String, sheet: &Sheet<'_>, row: usize, column: usize, broken: bool) {
    let described = sheet.table.column(column);
    if broken && matches!(described.name, "Сумма" | "Начислено") {
        return out.push_str("\"двенадцать\"");
    }
    match sheet.table.value(row, column) {
        value if sheet.liberties.nulls && !described.key && value.is_empty() => out.push_str("null"),
        Value::Rows(rows) => {
            let columns: Vec<usize> = (0..rows.width()).collect();
            write_section(out, rows.as_ref(), &columns, sheet.liberties);
        }
        value => write_value(out, &value, sheet.liberties),
    }
}

fn write_value(out: &mut String, value: &Value<'_>, liberties: Liberties) {
    match value {
        Value::Guid(key) | Value::Reference(_, key) => {
            let mut buffer = uuid::Uuid::encode_buffer();
            quoted(out, key.hyphenated().encode_lower(&mut buffer));
        }
        Value::Date(date) => {
            out.push('"');
            write_date(out, *date);
            out.push_str(if liberties.zoned { "+03:00\"" } else { "\"" });
        }
        Value::Text(text) => write_text(out, text),
        Value::Number(number) => write_number(out, *number, liberties.numbers),
        Value::Whole(whole) => {
            let _ = write!(out, "\"{whole}\"");
        }
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Json(json) => out.push_str(json),
        Value::Rows(_) | Value::Null => out.push_str("null"),
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

fn write_number(out: &mut String, number: Decimal, numbers: Numbers) {
    let _ = match numbers {
        Numbers::Plain => write!(out, "{number}"),
        Numbers::Comma => write!(out, "\"{}\"", number.to_string().replace('.', ",")),
        Numbers::Text => write!(out, "\"{number}\""),
        Numbers::Exponent => write!(out, "{}e-{}", number.units, number.scale),
        Numbers::Long => {
            // Only here is a number ever a float: to show what a careless server makes of it.
            let double: f64 = number.to_string().parse().unwrap_or_default();
            write!(out, "{double:.16e}")
        }
    };
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let special = |c: char| c < ' ' || c == '"' || c == '\\';
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let mut following = rest[at..].chars();
        match following.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Some(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            None => {}
        }
        rest = following.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn write_section(out: &mut String, rows: &dyn Table, columns: &[usize], liberties: Liberties) {
    out.push('[');
    for row in 0..rows.len() {
        out.push_str(if row == 0 { "{" } else { ",{" });
        for (place, column) in columns.iter().enumerate() {
            out.push_str(if place == 0 { "\n" } else { ",\n" });
            write_name(out, rows.column(*column).name, "");
            write_value(out, &rows.value(row, *column), liberties);
        }
        out.push_str("\n}");
    }
    out.push(']');
}

/// A link for every reference that leads somewhere.
fn write_links(out: &mut String, table: &dyn Table, row: usize, columns: &[usize], mut separator: &str) {
    let mut from = None;
    for column in columns {
        let Some(link) = table.column(*column).link() else { continue };
        if table.value(row, *column).is_empty() {
            continue;
        }
        let from = from.get_or_insert_with(|| address(table, row));
        if from.is_empty() {
            return;
        }
        out.push_str(separator);
        separator = ",\n";
        write_name(out, link, "@navigationLinkUrl");
        quoted(out, &format!("{from}/{link}"));
    }
}
