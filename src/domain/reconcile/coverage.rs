//! What a comparison covers: of each figure whether it was compared, with what, or why not.
//!
//! A figure is [`Compared::With`] something only where both sides are known and 1C's was told by 1C. Whether it
//! is shown as equal is decided by [`Comparison::mark`] alone, so that no face can say more than was compared.

use serde::{Deserialize, Serialize};

use super::{Comparison, Difference, DifferenceKind, Figure};
use crate::domain::{ControlTotals, NamesTrust, Under};

/// What 1C's side of a figure was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Means {
    /// Its rows, read just now and compared line by line.
    Rows,
    /// 1C's `Turnovers` over all time.
    Turnovers,
    /// 1C's `Turnovers` from the window's start on.
    TurnoversOfWindow,
    /// 1C's `Balance` of the bonus register.
    Balance,
    /// The set of opening balances, read a second time.
    OpeningSet,
    /// The catalogs of cards and of their owners, read just now.
    Catalog,
}

impl Means {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Rows,
        Self::Turnovers,
        Self::TurnoversOfWindow,
        Self::Balance,
        Self::OpeningSet,
        Self::Catalog,
    ];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Turnovers => "turnovers",
            Self::TurnoversOfWindow => "turnovers-window",
            Self::Balance => "balance",
            Self::OpeningSet => "opening-set",
            Self::Catalog => "catalog",
        }
    }
}

/// Why a figure was compared with nothing.
///
/// Given for the sums of a sync by [`Gaps::why_not_told_by_sync`], for those of a reconciliation by `sync::base_side`
/// (`why_not_told`), for rows by `live.rs`. Which cards sums pass over is decided in `sync::control_totals` (`is_left_out`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WhyNot {
    /// 1C was not asked, or did not answer.
    #[default]
    NotAsked,
    /// 1C does not publish the table or the register, or does not let this account read it.
    NotPublished,
    /// 1C does not filter the rows it would take.
    FilterRefused,
    /// A row or a line of 1C's answer could not be read.
    UnreadableRow,
    /// The names given to opening balances are in doubt: which rows they are is not known. How far they are trusted
    /// says [`TypesInUse::trust`](crate::domain::TypesInUse::trust); what a doubt empties: by sums `Sums::of`, by rows
    /// `doubt_names` and `have_unnamed_openings`, in a reconciliation `BaseTotals::of`, in a sync `Job::settle`.
    NamesInDoubt,
    /// The sync could not read the points, so that there is nothing to compare.
    PointsUnknown,
    /// The card was sold to while 1C was asked.
    Moving,
    /// No sum of 1C tells it: a comparison line by line does.
    RowsAlone,
    /// Nothing is stored: there was no sync yet.
    NothingStored,
    /// One side has no such card.
    NoCard,
    /// The generation was read under other settings than those of today.
    OtherSettings,
    /// 1C has more before the window than these opening balances: by sums, older purchases and opening balances that
    /// were not told are the same.
    OlderRows,
    /// 1C's sums leave out cards that have rows: one they do not mention is unknown.
    PassedOver,
    /// The sum of the window differs: by sums, it is not known whether in purchases or in opening balances.
    SumDiffers,
    /// 1C's sums hold half of these opening balances or less: one is told twice, or nearly all was returned.
    OpeningBeyondSums,
    /// 1C's own sum is not what its rows add up to: one of the two leaves something out.
    OwnSum,
    /// It is the same figure out of other rows.
    OtherRows,
    /// The clocks are days apart: it is not known of which moment it is.
    ClocksDiffer,
    /// The last sync did not read the card: what 1C said of it before was said of another window.
    CarriedOver,
}

impl WhyNot {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::NotAsked,
        Self::NotPublished,
        Self::FilterRefused,
        Self::UnreadableRow,
        Self::NamesInDoubt,
        Self::PointsUnknown,
        Self::Moving,
        Self::RowsAlone,
        Self::NothingStored,
        Self::NoCard,
        Self::OtherSettings,
        Self::OlderRows,
        Self::PassedOver,
        Self::SumDiffers,
        Self::OpeningBeyondSums,
        Self::OwnSum,
        Self::OtherRows,
        Self::ClocksDiffer,
        Self::CarriedOver,
    ];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::NotPublished => "not-published",
            Self::FilterRefused => "filter-refused",
            Self::UnreadableRow => "unreadable-row",
            Self::NamesInDoubt => "names-in-doubt",
            Self::PointsUnknown => "points-unknown",
            Self::Moving => "moving",
            Self::RowsAlone => "rows-alone",
            Self::NothingStored => "nothing-stored",
            Self::NoCard => "no-card",
            Self::OtherSettings => "other-settings",
            Self::OlderRows => "older-rows",
            Self::PassedOver => "passed-over",
            Self::SumDiffers => "sum-differs",
            Self::OpeningBeyondSums => "opening-beyond-sums",
            Self::OwnSum => "own-sum",
            Self::OtherRows => "other-rows",
            Self::ClocksDiffer => "clocks-differ",
            Self::CarriedOver => "carried-over",
        }
    }
}

/// Whether a figure was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Compared {
    /// With what 1C told by these means.
    With(Means),
    /// With nothing.
    Not(WhyNot),
}

impl Default for Compared {
    fn default() -> Self {
        Self::Not(WhyNot::default())
    }
}

impl Compared {
    /// What a figure was compared with: nothing, unless both sides are known.
    pub fn of<T>(figure: &Figure<T>, means: Means, why_not: WhyNot) -> Self {
        match (&figure.onec, &figure.stored) {
            (Some(_), Some(_)) => Self::With(means),
            _ => Self::Not(why_not),
        }
    }

    /// The means, where it was compared.
    pub fn means(self) -> Option<Means> {
        match self {
            Self::With(means) => Some(means),
            Self::Not(_) => None,
        }
    }

    /// The reason, where it was not.
    pub fn why_not(self) -> Option<WhyNot> {
        match self {
            Self::With(_) => None,
            Self::Not(why_not) => Some(why_not),
        }
    }
}

/// A figure of a customer that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// Opening balances.
    OpeningBalance,
    /// Purchases of the window.
    Purchases,
    /// Both, beside 1C's sum over all time.
    Total,
    /// Points.
    Points,
    /// The town.
    City,
    /// That both sides have the card.
    Card,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] =
        [Self::OpeningBalance, Self::Purchases, Self::Total, Self::Points, Self::City, Self::Card];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpeningBalance => "opening_balance",
            Self::Purchases => "purchases",
            Self::Total => "total",
            Self::Points => "points",
            Self::City => "city",
            Self::Card => "card",
        }
    }

    /// Those that make the total.
    pub const OF_TOTAL: [Self; 3] = [Self::OpeningBalance, Self::Purchases, Self::Total];

    /// Those that are made of rows.
    pub const OF_ROWS: [Self; 4] = [Self::OpeningBalance, Self::Purchases, Self::Total, Self::Points];
}

/// What a comparison covers, figure by figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coverage {
    /// Opening balances.
    pub opening_balance: Compared,
    /// Purchases of the window.
    pub purchases: Compared,
    /// The total.
    pub total: Compared,
    /// Points.
    pub points: Compared,
    /// The town.
    pub city: Compared,
    /// That both sides have the card.
    pub card: Compared,
}

impl Coverage {
    /// Nothing was compared, for one reason.
    pub fn nothing(why_not: WhyNot) -> Self {
        let none = Compared::Not(why_not);
        Self { opening_balance: none, purchases: none, total: none, points: none, city: none, card: none }
    }

    /// What is said of one figure.
    pub fn of(&self, part: Part) -> Compared {
        match part {
            Part::OpeningBalance => self.opening_balance,
            Part::Purchases => self.purchases,
            Part::Total => self.total,
            Part::Points => self.points,
            Part::City => self.city,
            Part::Card => self.card,
        }
    }

    /// Says it of one figure.
    pub fn tell(&mut self, part: Part, compared: Compared) {
        *self.part(part) = compared;
    }

    fn part(&mut self, part: Part) -> &mut Compared {
        match part {
            Part::OpeningBalance => &mut self.opening_balance,
            Part::Purchases => &mut self.purchases,
            Part::Total => &mut self.total,
            Part::Points => &mut self.points,
            Part::City => &mut self.city,
            Part::Card => &mut self.card,
        }
    }

    /// Whether all was compared that makes the total.
    pub fn has_total(&self) -> bool {
        Part::OF_TOTAL.into_iter().all(|part| self.of(part).means().is_some())
    }

    /// Whether all was compared that makes the total, but for opening balances that older rows may be among.
    pub fn has_total_and_older(&self) -> bool {
        let has_opening =
            matches!(self.opening_balance, Compared::With(_) | Compared::Not(WhyNot::OlderRows));
        has_opening && self.purchases.means().is_some() && self.total.means().is_some()
    }

    /// Why the total is not proven: the first reason among its parts.
    pub fn why_no_total(&self) -> Option<WhyNot> {
        [Part::Total, Part::Purchases, Part::OpeningBalance]
            .into_iter()
            .find_map(|part| self.of(part).why_not())
    }
}

/// How a figure fared: what stands before it on every face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// It was compared, and both sides are the same.
    Equal,
    /// It was compared, and they are not.
    Differs,
    /// It differs by exactly what lies before the window, which the store does not keep.
    Explained,
    /// It was compared with nothing.
    Uncompared,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Equal, Self::Differs, Self::Explained, Self::Uncompared];

    /// The mark of a sum of figures: equal only where every one of them is. One that differs makes the sum differ, one that
    /// nobody compared leaves it uncompared.
    pub fn of_sum(marks: impl IntoIterator<Item = Self>) -> Self {
        let weight = |mark: &Self| {
            [Self::Equal, Self::Explained, Self::Uncompared, Self::Differs].iter().position(|it| it == mark)
        };
        marks.into_iter().max_by_key(weight).unwrap_or(Self::Uncompared)
    }
}

/// Why 1C's side of a card's figures is missing where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Gaps {
    /// Where a turnover is missing.
    pub turnovers: WhyNot,
    /// Where the opening balances are.
    pub opening: WhyNot,
    /// Where the balance of points is.
    pub balance: WhyNot,
}

impl Gaps {
    /// One reason for all.
    pub fn all(why_not: WhyNot) -> Self {
        Self { turnovers: why_not, opening: why_not, balance: why_not }
    }

    /// Why the control totals of a sync that was read so are missing where they are.
    pub(super) fn why_not_told_by_sync(under: &Under, unreadable: DoubtfulRows) -> Self {
        let Some(read) = &under.read else { return Self::default() };
        let Some(asked) = read.asked else { return Self::default() };
        let opening = match (under.trust, asked.opening) {
            (NamesTrust::Trusted, true) => WhyNot::UnreadableRow,
            (NamesTrust::Trusted, false) => WhyNot::NotAsked,
            _ => WhyNot::NamesInDoubt,
        };
        let why = |was_told: bool, has_unreadable: bool| match was_told {
            true if has_unreadable => WhyNot::UnreadableRow,
            true => WhyNot::PassedOver,
            false => WhyNot::NotPublished,
        };
        Self {
            turnovers: why(asked.turnovers, unreadable.sales),
            opening,
            balance: why(asked.balances, unreadable.points),
        }
    }

    /// Why purchases or what lies before the window are missing: sums and opening balances make them.
    pub(super) fn of_purchases(self, control: &ControlTotals) -> WhyNot {
        if control.turnover_window.is_none() { self.turnovers } else { self.opening }
    }
}

impl Comparison {
    /// Whether a name that no document bears keeps this card's opening balance from being compared.
    pub fn is_hit_by_names(&self) -> bool {
        self.under.are_names_in_doubt()
            && self.coverage.opening_balance.why_not() == Some(WhyNot::NamesInDoubt)
    }

    /// How a figure fared. The one place where it is decided whether a figure is shown as equal to 1C's: only
    /// where it was compared, and both sides are known and the same.
    pub fn mark(&self, part: Part) -> Mark {
        let sides = match part {
            Part::OpeningBalance => sides(&self.opening_balance),
            Part::Purchases => sides(&self.purchases),
            Part::Total => sides(&self.total),
            Part::Points => sides(&self.points.figure),
            Part::City => self.city_differs().map(|differs| !differs),
            Part::Card => Some(!self.lacks_card()),
        };
        match (self.coverage.of(part), sides) {
            (Compared::With(_), Some(true)) => Mark::Equal,
            (Compared::With(_), Some(false)) if part == Part::Total && self.is_total_explained() => {
                Mark::Explained
            }
            (Compared::With(_), Some(false)) => Mark::Differs,
            _ => Mark::Uncompared,
        }
    }

    /// Whether one side has no such card.
    fn lacks_card(&self) -> bool {
        let is_lack =
            |it: &Difference| matches!(it.kind, DifferenceKind::MissingCard | DifferenceKind::ExtraCard);
        self.differences.iter().any(is_lack)
    }

    /// Leaves nothing equal of what these figures were compared with, for this reason. What differs stays so: that
    /// is known.
    pub(super) fn doubt(&mut self, parts: &[Part], why_not: WhyNot) {
        self.doubt_each(parts.iter().copied(), why_not);
    }

    /// The same of those that come.
    pub(super) fn doubt_each(&mut self, parts: impl IntoIterator<Item = Part>, why_not: WhyNot) {
        let marks: Vec<_> = parts.into_iter().map(|part| (part, self.mark(part))).collect();
        for (part, _) in marks.into_iter().filter(|(_, mark)| *mark != Mark::Differs) {
            self.leave_uncompared(part, self.coverage.of(part).why_not().unwrap_or(why_not));
        }
    }

    /// The same comparison, covering this and no more.
    pub(super) fn covering(mut self, coverage: Coverage) -> Self {
        self.coverage = coverage;
        for part in Part::ALL {
            if let Compared::Not(why_not) = coverage.of(part) {
                self.leave_uncompared(part, why_not);
            }
        }
        self
    }

    /// Compares a figure with nothing. Beside a figure of the store 1C's column is empty then: whatever it would hold
    /// is not what 1C said about that figure. Where the store knows none, 1C's may stand alone.
    pub(super) fn leave_uncompared(&mut self, part: Part, why_not: WhyNot) {
        *self.coverage.part(part) = Compared::Not(why_not);
        match part {
            Part::OpeningBalance => self.opening_balance.leave_alone(),
            Part::Purchases => self.purchases.leave_alone(),
            Part::Total => self.total.leave_alone(),
            Part::Points => self.points.figure.leave_alone(),
            Part::City => self.city.leave_alone(),
            Part::Card => {}
        }
    }

    /// Whether the total differs by what lies before the window alone.
    fn is_total_explained(&self) -> bool {
        super::is_explained(&self.opening_balance, &self.purchases, &self.total, self.before_window)
    }
}

/// Which rows of a card are in doubt, by register: some of them could not be read; or some sum of 1C contradicts them,
/// however often they are read: that of a month, of points accrued. Where the figure itself agrees it does so by chance,
/// or because both leave the same out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DoubtfulRows {
    /// Rows of the register of sales.
    pub sales: bool,
    /// Rows of the register of points.
    pub points: bool,
}

impl DoubtfulRows {
    /// Rows of both.
    pub const BOTH: Self = Self { sales: true, points: true };

    /// Whether any are.
    pub const fn any(self) -> bool {
        self.sales || self.points
    }

    /// Those of either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { sales: self.sales || other.sales, points: self.points || other.points }
    }

    /// The figures that prove nothing where they agree.
    pub(super) fn parts(self) -> impl Iterator<Item = Part> {
        let sales = self.sales.then_some(Part::OF_TOTAL).into_iter().flatten();
        sales.chain(self.points.then_some(Part::Points))
    }
}

#[cfg(test)]
impl Comparison {
    /// The same with the coverage that its figures have by what it was compared with: for those made by hand.
    pub(crate) fn covered(mut self) -> Self {
        use super::Against;
        let [sums, opening, window, balance, catalog] = if self.against == Against::Live {
            [Means::Rows, Means::Rows, Means::Rows, Means::Rows, Means::Catalog]
        } else {
            let (opening, window) = (Means::OpeningSet, Means::TurnoversOfWindow);
            [Means::Turnovers, opening, window, Means::Balance, Means::Catalog]
        };
        let why = match self.against {
            Against::Live if self.synced_at.is_none() => WhyNot::NothingStored,
            Against::ControlTotals => WhyNot::RowsAlone,
            _ => WhyNot::NotAsked,
        };
        let is_live = self.against == Against::Live && self.synced_at.is_some();
        self.coverage = Coverage {
            opening_balance: Compared::of(&self.opening_balance, opening, why),
            purchases: Compared::of(&self.purchases, window, why),
            total: Compared::of(&self.total, sums, why),
            points: Compared::of(&self.points.figure, balance, why),
            city: Compared::of(&self.city, catalog, why),
            card: if is_live { Compared::With(catalog) } else { Compared::Not(why) },
        };
        self
    }
}

/// Whether both sides are the same; `None` where one is unknown.
fn sides<T: PartialEq>(figure: &Figure<T>) -> Option<bool> {
    Some(figure.onec.as_ref()? == figure.stored.as_ref()?)
}

#[cfg(test)]
mod tests;
