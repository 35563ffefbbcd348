//! JSON as 1C writes it: each field on a line of its own, no indent, and every way it is known to deviate.

use std::fmt::Write as _;

use super::faults::{Draw, FaultKind, Faults, Rate};
use super::options::Metadata;
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
    /// The columns wanted, in this order.
    pub(super) columns: &'a [usize],
    pub(super) metadata: Metadata,
    /// The address of the service root as the client sees it.
    pub(super) root: &'a str,
    pub(super) liberties: Liberties,
}

/// A collection of rows, with their count where it is wanted.
pub(super) fn collection(sheet: &Sheet<'_>, total: Option<usize>) -> String {
    let mut out = String::with_capacity(256 + sheet.rows.len() * sheet.columns.len() * 48);
    out.push_str("{\n");
    if sheet.metadata == Metadata::Minimal {
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
    if sheet.metadata == Metadata::Minimal {
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
    if metadata == Metadata::Minimal {
        let _ = writeln!(out, "\"odata.metadata\": \"{root}/$metadata\",");
    }
    let items: Vec<String> =
        sets.iter().map(|set| format!("{{\n\"name\": \"{set}\",\n\"url\": \"{set}\"\n}}")).collect();
    let _ = write!(out, "\"value\": [{}]\n}}", items.join(","));
    out
}

fn write_row(out: &mut String, sheet: &Sheet<'_>, row: usize, place: usize) {
    let mut columns = sheet.columns.to_vec();
    if sheet.liberties.shuffled {
        let draw = sheet.liberties.draw;
        columns.sort_by_key(|column| draw.word((place * sheet.table.width() + column) as u64));
    }
    if sheet.liberties.duplicate_keys && place == 0 {
        columns.extend(columns.first().copied());
    }
    if sheet.liberties.takes_type_from(sheet.table, row) {
        columns.retain(|column| sheet.table.column(*column).name != "Recorder_Type");
    }
    let mut separator = "\n";
    for column in &columns {
        out.push_str(separator);
        separator = ",\n";
        write_name(out, sheet.table.column(*column).name, "");
        write_field(out, sheet, row, *column, sheet.liberties.broken == Some(place));
    }
    if sheet.liberties.unknown_fields {
        let _ = write!(out, "{separator}\"НовоеПоле{place}\": {{\n\"Вложенное\": [1, null, \"}}\"]\n}}");
        separator = ",\n";
    }
    if sheet.metadata == Metadata::Minimal {
        write_links(out, sheet.table, row, &columns, separator);
    }
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
        Value::Rows(rows) => write_section(out, rows.as_ref(), sheet.liberties),
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

fn write_section(out: &mut String, rows: &dyn Table, liberties: Liberties) {
    out.push('[');
    for row in 0..rows.len() {
        out.push_str(if row == 0 { "{" } else { ",{" });
        for column in 0..rows.width() {
            out.push_str(if column == 0 { "\n" } else { ",\n" });
            write_name(out, rows.column(column).name, "");
            write_value(out, &rows.value(row, column), liberties);
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
