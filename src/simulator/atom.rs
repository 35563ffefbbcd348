//! Atom XML: what 1C sends to those who do not ask for JSON.

use std::fmt::Write as _;

use super::table::{Edm, Table, address};
use super::value::{Value, write_date};

const NAMESPACES: &str = "xmlns=\"http://www.w3.org/2005/Atom\" \
     xmlns:d=\"http://schemas.microsoft.com/ado/2007/08/dataservices\" \
     xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"";
const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Text as it may stand in XML; what XML cannot hold is left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' | '\t' => out.push(c),
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
    out
}

/// A collection of rows.
pub(super) fn feed(
    table: &dyn Table,
    rows: &[usize],
    columns: &[usize],
    root: &str,
    total: Option<usize>,
) -> String {
    let set = table.set();
    let mut out =
        format!("{PROLOGUE}<feed {NAMESPACES}><id>{root}/{set}</id><title type=\"text\">{set}</title>");
    if let Some(total) = total {
        let _ = write!(out, "<m:count>{total}</m:count>");
    }
    for row in rows {
        write_entry(&mut out, "<entry>", table, *row, columns, root);
    }
    out.push_str("</feed>");
    out
}

/// One row by itself.
pub(super) fn entry(table: &dyn Table, row: usize, columns: &[usize], root: &str) -> String {
    let mut out = PROLOGUE.to_owned();
    write_entry(&mut out, &format!("<entry {NAMESPACES}>"), table, row, columns, root);
    out
}

/// The service document: what is published.
pub(super) fn service(root: &str, sets: &[&str]) -> String {
    let mut out = format!(
        "{PROLOGUE}<service xmlns=\"http://www.w3.org/2007/app\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xml:base=\"{root}/\"><workspace><atom:title>Default</atom:title>"
    );
    for set in sets {
        let _ = write!(out, "<collection href=\"{set}\"><atom:title>{set}</atom:title></collection>");
    }
    out.push_str("</workspace></service>");
    out
}

fn write_entry(
    out: &mut String,
    opening: &str,
    table: &dyn Table,
    row: usize,
    columns: &[usize],
    root: &str,
) {
    let set = table.set();
    let _ = write!(
        out,
        "{opening}<id>{root}/{}</id><category term=\"StandardODATA.{set}\" \
         scheme=\"http://schemas.microsoft.com/ado/2007/08/dataservices/scheme\"/><title/>\
         <content type=\"application/xml\"><m:properties>",
        escape(&address(table, row))
    );
    write_properties(out, table, row, columns);
    out.push_str("</m:properties></content></entry>");
}

fn write_properties(out: &mut String, table: &dyn Table, row: usize, columns: &[usize]) {
    for column in columns {
        let name = table.column(*column).name;
        if table.column(*column).edm == Edm::Section {
            write_section(out, table.set(), name, &table.value(row, *column));
        } else {
            let _ = write!(out, "<d:{name}>{}</d:{name}>", text(&table.value(row, *column)));
        }
    }
}

fn write_section(out: &mut String, set: &str, name: &str, value: &Value<'_>) {
    let Value::Rows(rows) = value else { return };
    let _ = write!(out, "<d:{name} m:type=\"Collection(StandardODATA.{set}_{name}_RowType)\">");
    let columns: Vec<usize> = (0..rows.width()).collect();
    for row in 0..rows.len() {
        out.push_str("<d:element>");
        write_properties(out, rows.as_ref(), row, &columns);
        out.push_str("</d:element>");
    }
    let _ = write!(out, "</d:{name}>");
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Guid(key) | Value::Reference(_, key) => key.to_string(),
        Value::Date(date) => {
            let mut written = String::new();
            write_date(&mut written, *date);
            written
        }
        Value::Text(text) => escape(text),
        Value::Number(number) => number.to_string(),
        Value::Whole(whole) => whole.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Json(json) => escape(json),
        Value::Rows(_) | Value::Null => String::new(),
    }
}
