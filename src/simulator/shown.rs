//! What of a row is sent: columns, parts of sections, presentations, and what references lead to.

use chrono::NaiveDateTime;

use super::errors::Refusal;
use super::table::{Edm, Item, Table, Target, find_column};
use super::value::Value;

/// What stands behind the name of a field whose presentation is wanted.
const PRESENTATION: &str = "____Presentation";

/// One thing sent of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Column(usize),
    /// The link of a reference, and not its key.
    Link(usize),
    /// Some columns of a section.
    Section(usize, Vec<usize>),
    /// How a field is called, or (without a column) the row itself.
    Presentation(String, Option<usize>),
    /// What a reference leads to: some of it, or all.
    Expanded {
        column: usize,
        name: String,
        inner: Option<Vec<Shown>>,
    },
}

impl Shown {
    /// The column whose value or link it is.
    pub(super) const fn column(&self) -> Option<usize> {
        match self {
            Self::Column(column) | Self::Link(column) | Self::Expanded { column, .. } => Some(*column),
            Self::Section(..) | Self::Presentation(..) => None,
        }
    }
}

/// Why a selection cannot be served.
#[derive(Debug)]
pub(super) enum Unserved {
    /// Nobody knows this field of `$select`.
    UnknownField(String),
    /// Something else.
    Refused(Refusal),
}

/// All columns, or all but sections.
pub(super) fn all(table: &dyn Table, sections: bool) -> Vec<Shown> {
    let is_wanted = |column: &usize| sections || table.column(*column).edm != Edm::Section;
    (0..table.width()).filter(is_wanted).map(Shown::Column).collect()
}

/// What `$select` and `$expand` ask for.
pub(super) fn resolve(
    table: &dyn Table,
    select: Option<&str>,
    expand: Option<&str>,
) -> Result<Vec<Shown>, Unserved> {
    let paths: Vec<&str> = expand.into_iter().flat_map(|list| list.split(',')).map(str::trim).collect();
    for path in &paths {
        check_path(table, path).map_err(Unserved::Refused)?;
    }
    let Some(select) = select else {
        let mut shown = all(table, true);
        for path in &paths {
            merge(&mut shown, expanded(table, path, None)?);
        }
        return Ok(shown);
    };
    let mut shown = Vec::new();
    for name in select.split(',').map(str::trim) {
        for item in selected(table, name, &paths)? {
            merge(&mut shown, item);
        }
    }
    Ok(shown)
}

/// What one name of `$select` means; references are followed only where `$expand` says so.
fn selected(table: &dyn Table, name: &str, paths: &[&str]) -> Result<Vec<Shown>, Unserved> {
    let unknown = || Unserved::UnknownField(name.to_owned());
    if name == "*" || name == "**" {
        let mut shown = all(table, name == "*");
        for path in paths {
            shown.push(expanded(table, path, None)?);
        }
        return Ok(shown);
    }
    if let Some(of) = name.strip_suffix(PRESENTATION) {
        return presentations(table, of).ok_or_else(unknown);
    }
    if let Some((first, rest)) = name.split_once('/') {
        if let Some(column) = find_column(table, first) {
            let section = table.section(column).ok_or_else(unknown)?;
            let inner = find_column(section.as_ref(), rest).ok_or_else(unknown)?;
            return Ok(vec![Shown::Section(column, vec![inner])]);
        }
        link(table, first).ok_or_else(unknown)?;
        let path = paths.iter().find(|path| starts_with(path, first));
        return path.map_or(Ok(Vec::new()), |path| Ok(vec![expanded(table, path, Some(rest))?]));
    }
    if let Some(column) = find_column(table, name) {
        let is_composite = table.column(column).edm == Edm::Composite;
        let path = paths.iter().find(|path| is_composite && starts_with(path, name));
        let more = path.map(|path| expanded(table, path, None)).transpose()?;
        return Ok(std::iter::once(Shown::Column(column)).chain(more).collect());
    }
    if name == "Presentation" {
        return Ok(vec![Shown::Presentation(name.to_owned(), None)]);
    }
    let column = link(table, name).ok_or_else(unknown)?;
    match paths.iter().find(|path| starts_with(path, name)) {
        Some(path) => Ok(vec![expanded(table, path, None)?]),
        None => Ok(vec![Shown::Link(column)]),
    }
}

fn starts_with(path: &str, name: &str) -> bool {
    path.split('/').next() == Some(name)
}

/// The reference of this link's name.
fn link(table: &dyn Table, name: &str) -> Option<usize> {
    (0..table.width()).find(|column| table.column(*column).link() == Some(name))
}

/// The presentations of one field, or of all.
fn presentations(table: &dyn Table, of: &str) -> Option<Vec<Shown>> {
    let name = |column: usize| {
        let described = table.column(column);
        described.link().unwrap_or(described.name).to_owned()
    };
    let shown = |column: usize| Shown::Presentation(name(column) + PRESENTATION, Some(column));
    if of == "*" {
        let columns = (0..table.width()).filter(|column| table.column(*column).edm != Edm::Section);
        return Some(columns.map(shown).collect());
    }
    let found = find_column(table, of).or_else(|| link(table, of));
    let column = found.filter(|column| table.column(*column).edm != Edm::Section)?;
    Some(vec![Shown::Presentation(format!("{of}{PRESENTATION}"), Some(column))])
}

/// Whether a path of `$expand` may be followed: references only, and of sets that are published.
fn check_path(table: &dyn Table, path: &str) -> Result<(), Refusal> {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if let Some(column) = find_column(table, first) {
        return match table.column(column).edm {
            Edm::Composite => Ok(()),
            Edm::Section => Err(Refusal::not_implemented("$expand")),
            _ => Err(Refusal::unknown_segment(first)),
        };
    }
    let column = link(table, first).ok_or_else(|| Refusal::unknown_segment(first))?;
    let target = table.column(column).target.unwrap_or(Target::Elsewhere);
    match rest {
        Some(rest) if target != Target::Elsewhere => check_path(&Item::unknown(table, target), rest),
        Some(rest) => Err(Refusal::unknown_segment(rest)),
        None => Ok(()),
    }
}

/// The reference a path of `$expand` begins with, followed; `only` names the one field of it that is wanted.
fn expanded(table: &dyn Table, path: &str, only: Option<&str>) -> Result<Shown, Unserved> {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if let Some(column) = find_column(table, first) {
        return Ok(Shown::Expanded { column, name: format!("{first}_Expanded"), inner: None });
    }
    let column = link(table, first).ok_or_else(|| Unserved::UnknownField(first.to_owned()))?;
    let target = table.column(column).target.unwrap_or(Target::Elsewhere);
    let inner = match target {
        Target::Elsewhere => None,
        target => Some(resolve(&Item::unknown(table, target), only, rest)?),
    };
    Ok(Shown::Expanded { column, name: first.to_owned(), inner })
}

/// Adds one more thing; parts of one section, or of one reference, come together.
fn merge(shown: &mut Vec<Shown>, item: Shown) {
    for known in shown.iter_mut() {
        match (known, &item) {
            (Shown::Section(column, inner), Shown::Section(other, more)) if column == other => {
                return inner.extend(more);
            }
            (
                Shown::Expanded { column, inner: Some(inner), .. },
                Shown::Expanded { column: other, inner: Some(more), .. },
            ) if column == other => {
                return more.iter().cloned().for_each(|item| merge(inner, item));
            }
            (known, item) if known == item => return,
            _ => {}
        }
    }
    shown.push(item);
}

/// Where the reference in a column of a row leads to.
pub(super) fn follow(table: &dyn Table, row: usize, column: usize) -> Option<Item<'_>> {
    match table.value(row, column) {
        Value::Guid(key) => Item::find(table, table.column(column).target?, key),
        Value::Reference(kind, key) => Item::find(table, Target::Documents(kind), key),
        _ => None,
    }
}

/// How a field of a row is called, or the row itself.
pub(super) fn presentation(table: &dyn Table, row: usize, column: Option<usize>) -> String {
    let Some(column) = column else { return title(table, row) };
    match table.value(row, column) {
        Value::Guid(key) if key.is_nil() => String::new(),
        Value::Guid(_) | Value::Reference(..) => {
            follow(table, row, column).map_or_else(String::new, |item| title(&item, 0))
        }
        Value::Date(date) => moment(date),
        Value::Bool(truth) => if truth { "Да" } else { "Нет" }.to_owned(),
        Value::Number(number) => number.to_string().replace('.', ","),
        Value::Whole(number) => number.to_string(),
        Value::Text(text) => text.into_owned(),
        Value::Json(text) => text.to_owned(),
        Value::Rows(_) | Value::Null => String::new(),
    }
}

/// A catalog's item is called by its description, a document by its number and date.
fn title(table: &dyn Table, row: usize) -> String {
    let text = |name| match find_column(table, name).map(|column| table.value(row, column)) {
        Some(Value::Text(text)) => Some(text.into_owned()),
        Some(Value::Date(date)) => Some(moment(date)),
        _ => None,
    };
    text("Description").unwrap_or_else(|| {
        let kind = table.set().trim_start_matches("Document_");
        match (text("Number"), text("Date")) {
            (Some(number), Some(date)) => format!("{kind} {number} от {date}"),
            _ => String::new(),
        }
    })
}

fn moment(date: NaiveDateTime) -> String {
    date.format("%d.%m.%Y %-H:%M:%S").to_string()
}
