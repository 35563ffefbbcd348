//! What the two registers are made of: dimensions, resources, and which virtual tables they have.

use super::super::published;
use super::super::table;
use super::{Bonus, Books, Function, KeyId, Row, Sale, Table, Target};

/// A dimension: what rows are grouped by.
pub(super) struct Dimension<B: 'static> {
    pub(super) name: &'static str,
    pub(super) target: Target,
    /// The key in a row; none where it is always empty.
    pub(super) read: fn(&Row<B>) -> Option<KeyId>,
}

/// The names of a resource's columns, and the resource.
pub(super) struct Resource<B: 'static> {
    names: [&'static str; 6],
    pub(super) scale: u32,
    pub(super) read: fn(&Row<B>) -> i64,
}

/// A figure of a resource; the number is the place of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Balance = 0,
    Opening = 1,
    Turnover = 2,
    Receipt = 3,
    Expense = 4,
    Closing = 5,
}

impl<B> Resource<B> {
    pub(super) const fn column(&self, part: Part) -> &'static str {
        self.names[part as usize]
    }
}

/// One register.
pub(super) struct Definition<B: 'static> {
    pub(super) set: &'static str,
    pub(super) table: fn(&Books) -> Box<dyn Table + '_>,
    pub(super) dimensions: &'static [Dimension<B>],
    pub(super) resources: &'static [Resource<B>],
    /// Plus one or minus one.
    pub(super) sign: fn(&Row<B>) -> i64,
    kind: Kind,
}

/// Registers of turnovers have no balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Turnovers,
    Balance,
}

impl<B> Definition<B> {
    /// The figures of a virtual table; none where the register has no such table.
    pub(super) const fn parts(&self, function: Function) -> Option<&'static [Part]> {
        match (self.kind, function) {
            (Kind::Turnovers, Function::Turnovers) => Some(&[Part::Turnover]),
            (Kind::Turnovers, _) => None,
            (Kind::Balance, Function::Balance) => Some(&[Part::Balance]),
            (Kind::Balance, Function::Turnovers) => Some(&[Part::Turnover, Part::Receipt, Part::Expense]),
            (Kind::Balance, Function::BalanceAndTurnovers) => {
                Some(&[Part::Opening, Part::Turnover, Part::Receipt, Part::Expense, Part::Closing])
            }
        }
    }

    /// The place of a dimension, named with or without `_Key`.
    pub(super) fn dimension(&self, name: &str) -> Option<usize> {
        let named = |dimension: &Dimension<B>| {
            dimension.name == name || dimension.name.strip_suffix("_Key") == Some(name)
        };
        self.dimensions.iter().position(named)
    }
}

macro_rules! resource {
    ($name:literal, $scale:literal, $read:expr) => {
        Resource {
            names: [
                concat!($name, "Balance"),
                concat!($name, "OpeningBalance"),
                concat!($name, "Turnover"),
                concat!($name, "Receipt"),
                concat!($name, "Expense"),
                concat!($name, "ClosingBalance"),
            ],
            scale: $scale,
            read: $read,
        }
    };
}

pub(super) const SALES: Definition<Sale> = Definition {
    set: published::SALES,
    table: table::sale_rows,
    dimensions: &[
        Dimension {
            name: "ДисконтнаяКарта_Key", target: Target::Cards, read: |row| Some(row.body.card)
        },
        Dimension {
            name: "Номенклатура_Key", target: Target::Products, read: |row| Some(row.body.product)
        },
        Dimension { name: "Характеристика_Key", target: Target::Elsewhere, read: |_| None },
        Dimension {
            name: "ВладелецКарты_Key", target: Target::Owners, read: |row| Some(row.body.owner)
        },
    ],
    resources: &[
        resource!("Количество", 3, |row| row.body.quantity),
        resource!("Сумма", 2, |row| row.body.amount),
    ],
    sign: |_| 1,
    kind: Kind::Turnovers,
};

pub(super) const BONUSES: Definition<Bonus> = Definition {
    set: published::BONUSES,
    table: table::bonus_rows,
    dimensions: &[Dimension {
        name: "БонуснаяКарта_Key",
        target: Target::Cards,
        read: |row| Some(row.body.card),
    }],
    resources: &[
        resource!("Начислено", 2, |row| row.body.accrued),
        resource!("КСписанию", 2, |row| row.body.to_burn),
    ],
    sign: |row| row.body.movement.sign(),
    kind: Kind::Balance,
};
