//! Which of 1C's witnesses tell the truth: an answer that leaves rows out wherever it is asked for is all that there is
//! to know, where nothing else contradicts it.

use std::ops::BitOr;

use sverka::domain::{Against, Comparison, Part, PointsRule};
use sverka_simulator::{Fault, FaultKind, Treatment, Way};

/// What is said of one register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Witnesses {
    /// Its rows, asked for in whatever way, may lack some; so do their counts.
    lack_rows: bool,
    /// Its virtual tables may lack a card, or tell another sum.
    are_sums_wrong: bool,
    /// Its virtual tables may be refused.
    are_sums_refused: bool,
}

/// Witnesses that do not tell the truth, and are never caught by asking them once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liars {
    sales: Witnesses,
    points: Witnesses,
}

impl BitOr for Witnesses {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            lack_rows: self.lack_rows | other.lack_rows,
            are_sums_wrong: self.are_sums_wrong | other.are_sums_wrong,
            are_sums_refused: self.are_sums_refused | other.are_sums_refused,
        }
    }
}

impl BitOr for Liars {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { sales: self.sales | other.sales, points: self.points | other.points }
    }
}

impl Liars {
    /// What a fault makes of them.
    pub fn of(fault: &Fault) -> Self {
        let lack_rows = Witnesses { lack_rows: true, ..Witnesses::default() };
        let wrong = Witnesses { are_sums_wrong: true, ..Witnesses::default() };
        let refused = Witnesses { are_sums_refused: true, ..Witnesses::default() };
        let both = |it| Self { sales: it, points: it };
        let of_sales = |it| Self { sales: it, ..Self::default() };
        let of_points = |it| Self { points: it, ..Self::default() };
        match fault {
            Fault::Kind(FaultKind::WrongTotals, _) => both(wrong),
            Fault::Kind(FaultKind::VirtualTablesMissing | FaultKind::RightsRefused, _)
            | Fault::WithoutSets(_) => both(refused),
            // Points of owners say nothing of cards.
            Fault::Kind(FaultKind::PointsMissing | FaultKind::PointsByOwner, _) => of_points(refused),
            Fault::Kind(..) | Fault::WithoutFields(_) => Self::default(),
            Fault::Way(it) => {
                let of_table = if it.treatment == Treatment::Refuse { refused } else { wrong };
                let of_rows = match it.treatment {
                    Treatment::Shorten | Treatment::Empty => lack_rows,
                    Treatment::Refuse | Treatment::Ignore => Witnesses::default(),
                };
                match it.way {
                    Way::Sales if it.treatment == Treatment::Refuse => of_sales(refused),
                    Way::Points if it.treatment == Treatment::Refuse => of_points(refused),
                    Way::Sales => of_sales(of_rows),
                    // Whose points they are, is not known without the cards.
                    Way::Points | Way::Cards | Way::Owners => of_points(of_rows),
                    Way::TablesSales | Way::Turnovers => of_sales(of_table),
                    Way::TablesPoints | Way::Balance => of_points(of_table),
                    Way::Tables
                    | Way::TablesDimensions
                    | Way::TablesCondition
                    | Way::TablesPeriod
                    | Way::TablesUnbounded
                    | Way::TablesLong => both(of_table),
                    way if way.name().starts_with("filter") => both(of_rows),
                    _ => Self::default(),
                }
            }
        }
    }

    /// What is still believed of these when they are gone: a table that was refused is not asked for at once.
    pub fn remembered(self) -> Self {
        let refused =
            |it: Witnesses| Witnesses { are_sums_refused: it.are_sums_refused, ..Witnesses::default() };
        Self { sales: refused(self.sales), points: refused(self.points) }
    }

    /// Whether nobody who tells the truth was there to be asked for a figure.
    ///
    /// Totals are told by the tables alone, less the rows that the settings leave out; how a total is divided, rows alone
    /// tell, and where 1C answers for no long stretch, so do they where it ends. Rows that lack some are contradicted by
    /// sums that do not; points by their last record are in no sum, but what all records come to is, accrued and to be
    /// written off: `has_other_sums` says that the stored ones come to something else.
    pub fn leave_no_witness(
        self,
        it: &Comparison,
        part: Option<Part>,
        has_ignored: bool,
        has_other_sums: bool,
    ) -> bool {
        let register = if part == Some(Part::Points) { self.points } else { self.sales };
        let is_of_balance = it.points.rule == PointsRule::RegisterBalance;
        let is_in_sums = part != Some(Part::Points) || is_of_balance || has_other_sums;
        let are_sums_of_no_use = register.are_sums_wrong || register.are_sums_refused || !is_in_sums;
        let is_of_sums = matches!(part, Some(Part::Total | Part::Points)) && !has_ignored;
        match it.against {
            Against::ControlTotals => {
                let need_rows = !is_of_sums || register.are_sums_refused;
                register.are_sums_wrong || (register.lack_rows && need_rows)
            }
            Against::Live | Against::None => register.lack_rows && are_sums_of_no_use,
        }
    }
}
