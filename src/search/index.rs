//! The index: every customer's fields, folded, in one arena.

use crate::domain::{CardId, Customer};

/// What is searched of one customer. Absent fields are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The card.
    pub card: CardId,
    /// Digits only.
    pub phone: &'a str,
    /// Name.
    pub name: &'a str,
    /// E-mail.
    pub email: &'a str,
    /// Town.
    pub city: &'a str,
    /// Code of the card.
    pub code: &'a str,
    /// Bar code of the card.
    pub barcode: &'a str,
    /// Marked for deletion: found last.
    pub deleted: bool,
}

impl<'a> From<&'a Customer> for Entry<'a> {
    fn from(customer: &'a Customer) -> Self {
        Self {
            card: customer.card,
            phone: customer.phone.as_deref().unwrap_or_default(),
            name: &customer.name,
            email: customer.email.as_deref().unwrap_or_default(),
            city: customer.city.as_ref().map(|city| city.name.as_str()).unwrap_or_default(),
            code: &customer.code,
            barcode: &customer.barcode,
            deleted: customer.marked_for_deletion,
        }
    }
}

/// A field that can match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Phone.
    Phone,
    /// Name.
    Name,
    /// E-mail.
    Email,
    /// Town.
    City,
    /// Code of the card.
    Code,
    /// Bar code of the card.
    Barcode,
}

impl Field {
    /// The field's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Email => "email",
            Self::City => "city",
            Self::Code => "code",
            Self::Barcode => "barcode",
        }
    }
}

/// One customer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The card.
    pub card: CardId,
    /// The fields a word of the query was found in, in the order of [`Field`].
    pub matched: Vec<Field>,
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// All that match, shown or not.
    pub total: usize,
    /// The first of them, best first.
    pub hits: Vec<Hit>,
    /// Set where the query found nothing as typed and was read in the other keyboard layout.
    pub read_as: Option<String>,
}

/// Takes customers one by one.
#[derive(Debug, Default)]
pub struct IndexBuilder {}

impl IndexBuilder {
    /// Takes one customer.
    pub fn push(&mut self, entry: Entry<'_>) {
        todo!("{entry:?}")
    }

    /// The index over what was taken.
    pub fn finish(self) -> Index {
        todo!()
    }
}

/// All customers, ready to be asked.
#[derive(Debug)]
pub struct Index {}

impl Index {
    /// An index over these customers.
    pub fn build<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut builder = IndexBuilder::default();
        entries.into_iter().for_each(|entry| builder.push(entry));
        builder.finish()
    }

    /// The customers that match, best first, at most `limit` of them.
    pub fn search(&self, query: &str, limit: usize) -> Hits {
        todo!("{query} {limit}")
    }
}
