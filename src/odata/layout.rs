//! Which fields of a row are read, each in its slot.

use super::set::Set;

/// Most fields any kind of row reads.
pub(in crate::odata) const SLOTS: usize = 14;

/// How much a row needs a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Key of a catalog, or part of a register's key under any spelling.
    Key,
    /// Part of the key of a register that several kinds of document write.
    SharedKey,
    /// Part of the key of a register that one kind of document writes.
    SoleKey,
    /// Without it the row is rejected; where no row has it, the settings name it wrongly.
    Vital,
    /// A missing value where missing.
    Wanted,
    /// The same, and some configurations of 1C do not have it.
    Rare,
}

/// A field a row reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowField {
    /// Its name in 1C.
    pub name: String,
    /// How much it is needed.
    pub need: Need,
}

/// The fields of one kind of row, each in its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::odata) struct Layout {
    set: Option<Set>,
    fields: Vec<RowField>,
}

impl Layout {
    /// These fields of a set.
    pub(super) fn new(set: Set, fields: Vec<RowField>) -> Self {
        debug_assert!(fields.len() <= SLOTS, "{} slots", fields.len());
        Self { set: Some(set), fields }
    }

    /// The fields by slot.
    pub(in crate::odata) fn fields(&self) -> &[RowField] {
        &self.fields
    }

    /// The set it is read from, where it is one.
    pub(in crate::odata) fn set(&self) -> Option<Set> {
        self.set
    }
}

/// A layout of bare fields: for tables that are no rows of a set.
pub(in crate::odata) fn plain_layout<const N: usize>(set: Option<Set>, names: [String; N]) -> Layout {
    Layout { set, fields: names.into_iter().map(|name| RowField { name, need: Need::Wanted }).collect() }
}
