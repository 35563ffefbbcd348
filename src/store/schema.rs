//! The tables, and the version of what lies in them.

use redb::TableDefinition;

/// Version of the format. It grows with every change of a table, a key or a record; a field of a customer is none.
pub(super) const VERSION: u32 = 4;

/// The first version, whose stores are still read and brought up to date.
pub(super) const FIRST_VERSION: u32 = 1;

/// Rows of a generation lie in tables of plain bytes: redb compares keys byte by byte.
pub(super) type RowTable<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;

/// What is true of the whole store: one record per name.
pub(super) const META: TableDefinition<'static, &str, &[u8]> = TableDefinition::new("meta");

/// The version of the format, little-endian: what every version, past or to come, can read.
pub(super) const META_VERSION: &str = "version";
/// The manifest of the current generation, and the base it came from.
pub(super) const META_CURRENT: &str = "current";
/// The same of the generation before, as long as its tables are kept.
pub(super) const META_PREVIOUS: &str = "previous";
/// What was learned of the base that this store comes from: how it wants to be asked.
pub(super) const META_LESSONS: &str = "lessons";
/// How far the next generation has come, as of the last checkpoint.
pub(super) const META_STAGED: &str = "staged";

/// How the current generation was read, as JSON: what a version keeps there others may lack or not know. It names its
/// generation, for a version that does not know the record leaves it behind.
pub(super) const META_READ_UNDER: &str = "read_under";
/// What was remarked of the current generation, as JSON; none in stores of earlier versions.
pub(super) const META_REMARKS: &str = "remarks";

/// Recorder types by number. They outlive generations, so that the keys of two can be compared.
pub(super) const RECORDER_TYPES: TableDefinition<'static, u16, &str> = TableDefinition::new("recorder_types");

/// Runs by the order they were recorded in.
pub(super) const RUNS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("runs");

/// Runs kept.
pub(super) const RUNS_KEPT: u64 = 100;

/// The kinds of rows that make a generation: a table each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// Customers by card.
    Customers,
    /// Movements by card, recorder, line.
    Movements,
    /// Bonus rows by card, recorder, line.
    BonusRows,
    /// Products by key.
    Products,
    /// Age and figures of cards that were carried over.
    Carried,
    /// Figures by card.
    Figures,
    /// Cards that rows name and the catalog lacks.
    Unknown,
}

impl RowKind {
    pub(super) const ALL: [Self; 7] = [
        Self::Customers,
        Self::Movements,
        Self::BonusRows,
        Self::Products,
        Self::Carried,
        Self::Figures,
        Self::Unknown,
    ];

    /// The kinds that are read from 1C or carried over; the others are reckoned from them.
    pub(super) const READ: [Self; 5] =
        [Self::Customers, Self::Movements, Self::BonusRows, Self::Products, Self::Carried];

    /// The kinds that are 1C's own rows.
    pub(super) const SOURCE: [Self; 4] = [Self::Customers, Self::Movements, Self::BonusRows, Self::Products];

    fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Movements => "movements",
            Self::BonusRows => "bonus_rows",
            Self::Products => "products",
            Self::Carried => "carried",
            Self::Figures => "figures",
            Self::Unknown => "unknown",
        }
    }

    /// Its table in the current generation.
    pub(super) fn current(self) -> String {
        format!("current.{}", self.name())
    }

    /// Its table in the generation before.
    pub(super) fn previous(self) -> String {
        format!("{PREVIOUS}{}", self.name())
    }

    /// The table of its staged segment of this number.
    pub(super) fn staged(self, number: u32) -> String {
        format!("{STAGED}{}.{number:04}", self.name())
    }
}

/// What the names of the tables of the generation before begin with.
pub(super) const PREVIOUS: &str = "previous.";

/// What the names of all staged tables begin with.
pub(super) const STAGED: &str = "next.";

/// The table of this name.
pub(super) fn rows(name: &str) -> RowTable<'_> {
    TableDefinition::new(name)
}
