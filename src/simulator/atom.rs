//! Atom XML: what 1C sends to those who do not ask for JSON.

use std::fmt::Write as _;

use super::shown::{self, Shown};
use super::table::{Edm, Table, address, row_type};
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
    shown: &[Shown],
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
        write_entry(&mut out, "<entry>", table, *row, shown, root);
    }
    out.push_str("</feed>");
    out
}

/// One row by itself.
pub(super) fn entry(table: &dyn Table, row: usize, shown: &[Shown], root: &str) -> String {
    let mut out = PROLOGUE.to_owned();
    write_entry(&mut out, &format!("<entry {NAMESPACES}>"), table, row, shown, root);
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

fn write_entry(out: &mut String, opening: &str, table: &dyn Table, row: usize, shown: &[Shown], root: &str) {
    let set = table.set();
    let _ = write!(
        out,
        "{opening}<id>{root}/{}</id><category term=\"StandardODATA.{set}\" \
         scheme=\"http://schemas.microsoft.com/ado/2007/08/dataservices/scheme\"/><title/>\
         <content type=\"application/xml\"><m:properties>",
        escape(&address(table, row))
    );
    for shown in shown {
        write_property(out, table, row, shown);
    }
    out.push_str("</m:properties></content>");
    for shown in shown {
        write_link(out, table, row, shown, root);
    }
    out.push_str("</entry>");
}

fn write_property(out: &mut String, table: &dyn Table, row: usize, shown: &Shown) {
    match shown {
        Shown::Column(column) if table.column(*column).edm == Edm::Section => {
            let columns: Vec<usize> = table.section(*column).map_or(0..0, |rows| 0..rows.width()).collect();
            write_section(out, table, row, *column, &columns);
        }
        Shown::Section(column, columns) => write_section(out, table, row, *column, columns),
        Shown::Column(column) => {
            let name = table.column(*column).name;
            let _ = write!(out, "<d:{name}>{}</d:{name}>", text(&table.value(row, *column)));
        }
        Shown::Presentation(name, column) => {
            let text = escape(&shown::presentation(table, row, *column));
            let _ = write!(out, "<d:{name}>{text}</d:{name}>");
        }
        Shown::Link(_) | Shown::Expanded { .. } => {}
    }
}

fn write_section(out: &mut String, table: &dyn Table, row: usize, column: usize, columns: &[usize]) {
    let Value::Rows(rows) = table.value(row, column) else { return };
    let name = table.column(column).name;
    let kind = format!("StandardODATA.{}", row_type(table.set(), name));
    let _ = write!(out, "<d:{name} m:type=\"Collection({kind})\">");
    for row in 0..rows.len() {
        let _ = write!(out, "<d:element m:type=\"{kind}\">");
        for column in columns {
            write_property(out, rows.as_ref(), row, &Shown::Column(*column));
        }
        out.push_str("</d:element>");
    }
    let _ = write!(out, "</d:{name}>");
}

/// The link of a reference that leads somewhere, with what it leads to where that is wanted.
fn write_link(out: &mut String, table: &dyn Table, row: usize, shown: &Shown, root: &str) {
    let Some(column) = shown.column().filter(|column| !table.value(row, *column).is_empty()) else { return };
    let (inline, link) = match shown {
        Shown::Expanded { name, inner, .. } => (Some(inner), name.as_str()),
        _ => match table.column(column).link() {
            Some(link) => (None, link),
            None => return,
        },
    };
    let _ = write!(
        out,
        "<link rel=\"http://schemas.microsoft.com/ado/2007/08/dataservices/related/{link}\" \
         type=\"application/atom+xml;type=entry\" title=\"{link}\" href=\"{}/{link}\">",
        escape(&address(table, row))
    );
    if let Some(inner) = inline {
        out.push_str("<m:inline>");
        if let Some(item) = shown::follow(table, row, column) {
            let all = shown::all(&item, true);
            write_entry(out, "<entry>", &item, 0, inner.as_deref().unwrap_or(&all), root);
        }
        out.push_str("</m:inline>");
    }
    out.push_str("</link>");
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
