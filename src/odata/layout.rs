//! Which fields of a row are read, each in its slot.

use super::names::Names;
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

/// The slots of a kind of row, by name: what is asked for and what is read both come from here.
pub trait RowSlot: Copy {
    /// The slots in front of these, which other kinds of row have as well.
    type Head: RowSlot;

    /// How many there are, with those in front.
    const COUNT: usize;

    /// Where among all of them this one is.
    fn place(self) -> usize;

    /// The field of each, as 1C names it.
    fn fields(set: Set, names: &Names) -> Vec<RowField>;
}

/// None.
impl RowSlot for () {
    type Head = ();

    const COUNT: usize = 0;

    fn place(self) -> usize {
        0
    }

    fn fields(_: Set, _: &Names) -> Vec<RowField> {
        Vec::new()
    }
}

/// Names slots: behind those of which, and each with how much it is needed and what 1C calls it.
macro_rules! slots {
    (
        $(#[$doc:meta])*
        $slot:ident behind $head:ty, of ($set:pat, $names:pat):
        $($name:ident = $need:ident($field:expr),)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $slot {
            $($name,)+
        }

        impl RowSlot for $slot {
            type Head = $head;

            const COUNT: usize = <$head>::COUNT + [$(Self::$name),+].len();

            fn place(self) -> usize {
                <$head>::COUNT + self as usize
            }

            fn fields(set: Set, names: &Names) -> Vec<RowField> {
                let mut fields = <$head>::fields(set, names);
                let ($set, $names) = (set, names);
                fields.extend([$(RowField { name: String::from($field), need: Need::$need }),+]);
                fields
            }
        }
    };
}

pub(in crate::odata) use slots;

/// The fields of one kind of row, each in its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::odata) struct Layout {
    set: Option<Set>,
    fields: Vec<RowField>,
}

impl Layout {
    /// The fields of a kind of row, in a set.
    pub(super) fn of_slots<S: RowSlot>(set: Set, names: &Names) -> Self {
        const { assert!(S::COUNT <= SLOTS, "a row has no more slots than these") };
        Self { set: Some(set), fields: S::fields(set, names) }
    }

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
    const { assert!(N <= SLOTS, "a row has no more slots than these") };
    Layout { set, fields: names.into_iter().map(|name| RowField { name, need: Need::Wanted }).collect() }
}
