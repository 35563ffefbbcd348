//! A table as `OData` sees it: named columns, rows, a natural order; and the layouts of all entity sets.

mod catalogs;
mod item;
mod lens;
mod registers;

use std::fmt::Write as _;

use uuid::Uuid;

use super::books::{Books, DocumentKind};
use super::value::Value;

pub(super) use self::catalogs::{cards, contacts, documents, owners, products};
pub(super) use self::item::Item;
pub(super) use self::lens::Lens;
pub(super) use self::registers::{bonus_record_sets, bonus_rows, sale_record_sets, sale_rows};

/// What a column holds, as `$metadata` declares it and as far as comparing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edm {
    Guid,
    Text,
    /// A string of unlimited length: neither compared nor sorted.
    Unlimited,
    Date,
    Double,
    Int64,
    Bool,
    /// A reference to documents of several kinds, with a `…_Type` column beside it.
    Composite,
    /// A tabular section or a record set.
    Section,
}

impl Edm {
    /// The name in `$metadata`; a section names its own type.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Guid => "Edm.Guid",
            Self::Text | Self::Unlimited | Self::Composite => "Edm.String",
            Self::Date => "Edm.DateTime",
            Self::Double => "Edm.Double",
            Self::Int64 => "Edm.Int64",
            Self::Bool => "Edm.Boolean",
            Self::Section => "Collection",
        }
    }
}

/// The sets a reference may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Cards,
    Owners,
    Products,
    /// The documents of one kind.
    Documents(DocumentKind),
    /// A set that is not published here; the link is shown all the same.
    Elsewhere,
}

impl Target {
    /// The set it is.
    pub(super) fn set(self) -> Option<&'static str> {
        Some(match self {
            Self::Cards => catalogs::CARDS_SET,
            Self::Owners => catalogs::OWNERS_SET,
            Self::Products => catalogs::PRODUCTS_SET,
            Self::Documents(kind) => kind.set(),
            Self::Elsewhere => return None,
        })
    }

    /// The columns of the set.
    pub(super) fn columns(self) -> Vec<Column> {
        match self {
            Self::Cards => catalogs::CARDS.columns(),
            Self::Owners => catalogs::OWNERS.columns(),
            Self::Products => catalogs::PRODUCTS.columns(),
            Self::Documents(kind) => catalogs::layout_of(kind).columns(),
            Self::Elsewhere => Vec::new(),
        }
    }

    /// The column of this name in the set.
    pub(super) fn column(self, name: &str) -> Option<(usize, Column)> {
        self.columns().into_iter().enumerate().find(|(_, column)| column.name == name)
    }

    /// A field of the item a reference leads to.
    pub(super) fn value(self, books: &Books, key: Uuid, column: usize) -> Value<'_> {
        let read = match self {
            Self::Cards => books.cards.get(key).map(|item| catalogs::CARDS.read(books, item, column)),
            Self::Owners => books.owners.get(key).map(|item| catalogs::OWNERS.read(books, item, column)),
            Self::Products => {
                books.products.get(key).map(|item| catalogs::PRODUCTS.read(books, item, column))
            }
            Self::Documents(kind) => books
                .documents
                .id_of(key, kind)
                .map(|id| catalogs::layout_of(kind).read(books, books.documents.get(id), column)),
            Self::Elsewhere => None,
        };
        read.unwrap_or(Value::Null)
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) edm: Edm,
    /// Where a reference leads.
    pub(super) target: Option<Target>,
    /// Whether the column is part of the key.
    pub(super) key: bool,
}

impl Column {
    pub(super) const fn new(name: &'static str, edm: Edm) -> Self {
        Self { name, edm, target: None, key: false }
    }

    /// The name of the link beside a reference: without its `_Key`.
    pub(super) fn link(&self) -> Option<&'static str> {
        self.target.and(self.name.strip_suffix("_Key"))
    }
}

/// Rows with named columns.
pub(super) trait Table {
    /// The entity set the rows belong to.
    fn set(&self) -> &'static str;
    /// How many columns there are.
    fn width(&self) -> usize;
    fn column(&self, column: usize) -> Column;
    /// How many rows there are.
    fn len(&self) -> usize;
    fn value(&self, row: usize, column: usize) -> Value<'_>;
    /// The columns by which the rows are ordered already.
    fn order(&self) -> &'static [usize];
    /// A field of what a reference leads to.
    fn linked(&self, target: Target, key: Uuid, column: usize) -> Value<'_>;
    /// The columns of a section's rows.
    fn section(&self, column: usize) -> Option<Box<dyn Table + '_>>;
}

/// The name of the complex type of a section's rows.
pub(super) fn row_type(set: &str, section: &str) -> String {
    if section == "RecordSet" { format!("{set}_RowType") } else { format!("{set}_{section}_RowType") }
}

/// The column of this name.
pub(super) fn find_column(table: &dyn Table, name: &str) -> Option<usize> {
    (0..table.width()).find(|column| table.column(*column).name == name)
}

/// A row's address below the service root, as links spell it; empty where rows have no key.
pub(super) fn address(table: &dyn Table, row: usize) -> String {
    let keys: Vec<usize> = (0..table.width()).filter(|column| table.column(*column).key).collect();
    let mut address = table.set().to_owned();
    match (keys.as_slice(), keys.first().map(|column| table.value(row, *column))) {
        ([], _) => return String::new(),
        ([_], Some(Value::Guid(key))) => {
            let _ = write!(address, "(guid'{key}')");
            return address;
        }
        _ => {}
    }
    for (place, column) in keys.iter().enumerate() {
        let separator = if place == 0 { "(" } else { ", " };
        let _ = write!(address, "{separator}{}=", table.column(*column).name);
        let _ = match table.value(row, *column) {
            Value::Reference(_, key) => write!(address, "'{key}'"),
            Value::Guid(key) => write!(address, "guid'{key}'"),
            Value::Text(text) => write!(address, "'{text}'"),
            Value::Whole(number) => write!(address, "{number}"),
            _ => Ok(()),
        };
    }
    address.push(')');
    address
}

/// How a field is read from a row.
type Reader<R> = for<'a> fn(&'a Books, &'a R) -> Value<'a>;

/// A column and how it is read.
struct Field<R: 'static> {
    column: Column,
    read: Reader<R>,
}

impl<R> Field<R> {
    const fn new(name: &'static str, edm: Edm, read: Reader<R>) -> Self {
        Self { column: Column::new(name, edm), read }
    }

    /// A reference with a link beside it.
    const fn link(name: &'static str, target: Target, read: Reader<R>) -> Self {
        let column = Column { name, edm: Edm::Guid, target: Some(target), key: false };
        Self { column, read }
    }

    /// Part of the key.
    const fn key(name: &'static str, edm: Edm, read: Reader<R>) -> Self {
        let column = Column { name, edm, target: None, key: true };
        Self { column, read }
    }
}

/// The columns of an entity set.
struct Layout<R: 'static> {
    fields: &'static [Field<R>],
    order: &'static [usize],
}

impl<R> Layout<R> {
    fn columns(&self) -> Vec<Column> {
        self.fields.iter().map(|field| field.column).collect()
    }

    fn read<'a>(&self, books: &'a Books, row: &'a R, column: usize) -> Value<'a> {
        self.fields.get(column).map_or(Value::Null, |field| (field.read)(books, row))
    }
}

/// Rows of a layout.
struct View<'a, R: 'static> {
    books: &'a Books,
    set: &'static str,
    layout: &'static Layout<R>,
    rows: Rows<'a, R>,
}

/// All rows there are, or some of them.
enum Rows<'a, R> {
    All(&'a [R]),
    Picked(Vec<&'a R>),
}

impl<R> Rows<'_, R> {
    fn get(&self, row: usize) -> &R {
        match self {
            Self::All(rows) => &rows[row],
            Self::Picked(rows) => rows[row],
        }
    }
}

impl<R> Table for View<'_, R> {
    fn set(&self) -> &'static str {
        self.set
    }

    fn width(&self) -> usize {
        self.layout.fields.len()
    }

    fn column(&self, column: usize) -> Column {
        self.layout.fields[column].column
    }

    fn len(&self) -> usize {
        match &self.rows {
            Rows::All(rows) => rows.len(),
            Rows::Picked(rows) => rows.len(),
        }
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.layout.read(self.books, self.rows.get(row), column)
    }

    fn order(&self) -> &'static [usize] {
        self.layout.order
    }

    fn linked(&self, target: Target, key: Uuid, column: usize) -> Value<'_> {
        target.value(self.books, key, column)
    }

    fn section(&self, column: usize) -> Option<Box<dyn Table + '_>> {
        Some(match (self.column(column).edm, self.set) {
            (Edm::Section, registers::SALE_SETS_SET) => registers::no_sale_rows(self.books),
            (Edm::Section, registers::BONUS_SETS_SET) => registers::no_bonus_rows(self.books),
            (Edm::Section, _) => catalogs::no_contacts(self.books),
            _ => return None,
        })
    }
}
