//! One card's stored figures beside 1C's own sums.

use super::lines::OpeningFound;
use super::{
    Against, Compared, Comparison, Coverage, Difference, DifferenceKind, Figure, Gaps, Means, Part,
    PointsComparison, Reason, StoredSide, Terms, WhyNot, against_nothing, is_explained,
};
use crate::domain::{Amount, CardFigures, ControlTotals, NamesTrust, Points, PointsRule};

/// Every figure that 1C's own sums can say something of.
pub(super) struct TotalsComparison {
    pub(super) opening_balance: Figure<Amount>,
    pub(super) purchases: Figure<Amount>,
    /// Purchases, and opening balances that lie in the window: turnovers know no recorder.
    turnover_window: Figure<Amount>,
    pub(super) total: Figure<Amount>,
    pub(super) before_window: Option<Amount>,
    opening_before_window: Option<Amount>,
    /// Roubles before the window that no name of an opening balance accounts for, where a name is borne by no document.
    unnamed: Option<Amount>,
    pub(super) points: Figure<Points>,
    /// The names of opening balances do not tell them from purchases: 1C's sums are not divided by them.
    are_names_in_doubt: bool,
    /// Nor is it known which rows are left out: 1C's sums hold those too.
    is_total_in_doubt: bool,
}

impl TotalsComparison {
    /// Points are compared where `rule` says by which: by none where the store does not know them.
    ///
    /// Where `trust` says that the names of opening balances may not tell them from purchases, 1C's sums are not
    /// divided by them: neither is known then. Only where 1C says that nothing else lies before the window can a name
    /// that is missing have left nothing out.
    pub(super) fn of(
        own: &CardFigures,
        control: &ControlTotals,
        rule: Option<PointsRule>,
        trust: NamesTrust,
    ) -> Self {
        let left = before_window(control);
        let is_nothing_left = left.is_some_and(Amount::is_zero);
        let are_names_in_doubt = match trust {
            NamesTrust::Trusted => false,
            NamesTrust::Untold | NamesTrust::Suspected => !is_nothing_left,
            NamesTrust::Typeless | NamesTrust::TooBroad | NamesTrust::Unborne | NamesTrust::Nameless => true,
        };
        let control = &match trust {
            NamesTrust::Nameless => {
                ControlTotals { register_balance: control.register_balance, ..ControlTotals::default() }
            }
            _ if are_names_in_doubt => undivided(*control),
            _ => *control,
        };
        Self {
            unnamed: left.filter(|sum| !sum.is_zero() && trust == NamesTrust::Unborne),
            are_names_in_doubt,
            is_total_in_doubt: trust == NamesTrust::Nameless,
            opening_balance: Figure { onec: control.opening_balance, stored: Some(own.opening_balance) },
            purchases: Figure { onec: purchases(control), stored: Some(own.purchases) },
            turnover_window: Figure { onec: control.turnover_window, stored: Some(own.turnover_window()) },
            total: Figure { onec: control.turnover_all, stored: Some(own.total()) },
            before_window: before_window(control),
            opening_before_window: control.opening_before_window,
            points: Figure {
                onec: control.register_balance.filter(|_| rule == Some(PointsRule::RegisterBalance)),
                stored: rule.map(|rule| own.points.by(rule)),
            },
        }
    }

    /// What was compared with which of 1C's sums. Towns and the card itself are in none.
    ///
    /// Purchases are compared where the window's turnover and the opening balances in it are told: so a total that
    /// was compared with all its parts is told whole, and how much of it lies before the window is known.
    pub(super) fn coverage(&self, control: &ControlTotals, gaps: Gaps, rule: Option<PointsRule>) -> Coverage {
        let points = match rule {
            None => WhyNot::PointsUnknown,
            Some(PointsRule::LastRecord) => WhyNot::RowsAlone,
            Some(PointsRule::RegisterBalance) => gaps.balance,
        };
        let in_doubt = WhyNot::NamesInDoubt;
        let gaps = Gaps {
            opening: if self.are_names_in_doubt { in_doubt } else { gaps.opening },
            turnovers: if self.is_total_in_doubt { in_doubt } else { gaps.turnovers },
            ..gaps
        };
        let opening = Compared::of(&self.opening_balance, Means::OpeningSet, gaps.opening);
        Coverage {
            opening_balance: self.why_no_opening_balance(gaps).map_or(opening, Compared::Not),
            purchases: Compared::of(&self.purchases, Means::TurnoversOfWindow, gaps.of_purchases(control)),
            total: Compared::of(&self.total, Means::Turnovers, gaps.turnovers),
            points: Compared::of(&self.points, Means::Balance, points),
            city: Compared::Not(WhyNot::RowsAlone),
            card: Compared::Not(WhyNot::NotAsked),
        }
    }

    /// Whether a figure is another than 1C's, beyond what lies before the window.
    pub(super) fn differs(&self, part: Part) -> bool {
        match part {
            Part::OpeningBalance => self.opening_balance.differs(),
            Part::Purchases => self.purchases.differs(),
            Part::Total => {
                let Self { opening_balance, purchases, total, before_window, .. } = self;
                total.differs() && !is_explained(opening_balance, purchases, total, *before_window)
            }
            Part::Points => self.points.differs(),
            Part::City | Part::Card => false,
        }
    }

    /// Why equal opening balances are not proven by sums: both readings of them ask for the same names, so that it takes
    /// 1C's own total to show that nothing is lacking. What differs is known to; what agrees may lack some of what is
    /// older, or hold something twice.
    fn why_no_opening_balance(&self, gaps: Gaps) -> Option<WhyNot> {
        if !self.opening_balance.agrees() {
            return None;
        }
        let Some(left) = self.before_window else { return Some(gaps.turnovers) };
        if left.is_zero() {
            return self.turnover_window.differs().then_some(WhyNot::SumDiffers);
        }
        let opening = self.opening_before_window.unwrap_or_default();
        // Half of them or more is missing from 1C's sums: nobody returns so much, but what is told twice looks so.
        let is_half_missing = opening > Amount::ZERO && left + left + opening <= Amount::ZERO;
        Some(if is_half_missing { WhyNot::OpeningBeyondSums } else { WhyNot::OlderRows })
    }

    /// The figures beside each other; what differs is for the caller to say.
    pub(super) fn comparison(
        &self,
        stored: &StoredSide,
        control: &ControlTotals,
        gaps: Gaps,
        terms: &Terms,
    ) -> Comparison {
        let points = PointsComparison {
            register_balance_onec: control.register_balance,
            ..PointsComparison::stored(&stored.figures, terms)
        };
        Comparison {
            against: Against::ControlTotals,
            opening_balance: self.opening_balance,
            purchases: self.purchases,
            total: self.total,
            before_window: self.before_window,
            points: points.beside(self.points.onec),
            ..against_nothing(stored, terms)
        }
        .covering(self.coverage(control, gaps, terms.points_rule()))
    }

    /// What differs. Sums know no lines, so most of it stays unexplained; opening balances are told line by line
    /// where `opening` has them.
    pub(super) fn differences(&self, opening: Option<OpeningFound>) -> Vec<Difference> {
        let opening = opening.unwrap_or_default();
        let mut differences = opening.differences;
        let is_told_by_line = !differences.is_empty();
        let mut tell = |kind, figure: &Figure<Amount>| {
            differences.push(Difference::of_figures(kind, figure.onec, figure.stored));
        };
        if self.opening_balance.differs() && !is_told_by_line {
            tell(self.kind_of_opening_balance(), &self.opening_balance);
        }
        // Opening balances kept as purchases are told already.
        let purchases = Figure {
            onec: self.purchases.onec,
            stored: self.purchases.stored.map(|stored| stored - opening.kept_as_purchases),
        };
        if purchases.differs() {
            tell(DifferenceKind::Unexplained, &self.purchases);
        }
        // An opening balance that only changed its date shows in the window's turnover alone.
        let is_told = is_told_by_line || self.opening_balance.differs() || self.purchases.differs();
        if self.turnover_window.differs() && !is_told {
            tell(DifferenceKind::Unexplained, &self.turnover_window);
        }
        if let Some(sum) = self.before_window.filter(|sum| !sum.is_zero()) {
            tell(DifferenceKind::BeforeWindow, &Figure { onec: Some(sum), stored: None });
        }
        if let Some(sum) = self.unnamed {
            let missing = DifferenceKind::MissingOpeningBalance;
            let missing = Difference::of_figures(missing, Some(sum), self.opening_balance.stored);
            differences.push(missing.because(Reason::Unnamed));
        }
        if self.points.differs() {
            differences.push(Difference::of_figures(
                DifferenceKind::Points,
                self.points.onec,
                self.points.stored,
            ));
        }
        differences
    }

    fn kind_of_opening_balance(&self) -> DifferenceKind {
        if self.opening_balance.stored.is_some_and(Amount::is_zero) {
            DifferenceKind::MissingOpeningBalance
        } else {
            DifferenceKind::Unexplained
        }
    }
}

/// 1C's sums, not divided into opening balances and purchases.
fn undivided(control: ControlTotals) -> ControlTotals {
    ControlTotals { opening_balance: None, opening_before_window: None, ..control }
}

/// 1C's purchases of the window: its turnover without the opening balances that lie in it.
fn purchases(control: &ControlTotals) -> Option<Amount> {
    let opening_in_window = control.opening_balance? - control.opening_before_window?;
    Some(control.turnover_window? - opening_in_window)
}

/// 1C's purchases before the window: what its total leaves when the window and older opening balances are gone.
fn before_window(control: &ControlTotals) -> Option<Amount> {
    Some(control.turnover_all? - control.turnover_window? - control.opening_before_window?)
}
