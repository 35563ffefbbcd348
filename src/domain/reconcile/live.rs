//! A card beside its rows read from 1C just now.

use std::sync::Arc;

use super::lines::{self, LineSide};
use super::{
    Against, Compared, Comparison, Coverage, Difference, DifferenceFigure, DifferenceKind, DoubtfulRows,
    Figure, LiveSide, Mark, Means, Part, PointsComparison, Reason, StoredSide, Terms, WhyNot,
    have_unnamed_openings, judge, town,
};
use crate::domain::recorder_types::looks_like_opening_balance;
use crate::domain::{
    Amount, CardFigures, ControlTotals, LocalTime, Movement, MovementKind, NamesTrust, PointsRule, Verdict,
};

/// Compares a card with its rows read from 1C just now; `None` where neither side has the card.
///
/// Both sides are reckoned from their rows, by the same window and at the same moment. A card that one side lacks
/// has nothing there, and that it is lacking is the difference. Where nothing was ever stored nothing is compared:
/// 1C's figures stand alone.
pub fn against_live(
    stored: Option<&StoredSide>,
    live: Option<&LiveSide>,
    terms: &Terms,
) -> Option<Comparison> {
    let customer = stored.map(|side| &side.customer).or(live.map(|side| &side.customer))?.clone();
    let sides = LiveSides::reckon(stored, live, terms);
    let mut comparison = Comparison {
        customer,
        window: terms.window,
        against: Against::Live,
        compared_at: terms.compared_at,
        synced_at: terms.synced_at,
        opening_balance: sides.figure_of_sales(|figures| figures.opening_balance),
        purchases: sides.figure_of_sales(|figures| figures.purchases),
        purchase_lines: sides.own.map_or(0, |own| own.purchase_lines),
        total: Figure { onec: sides.total_told(), stored: sides.own.map(|own| own.total()) },
        before_window: (!sides.unreadable().sales).then_some(sides.before_window),
        points: sides.points(),
        city: Figure {
            onec: live
                .filter(|side| side.is_listed && side.knows_town)
                .map(|side| side.customer.city.clone()),
            stored: stored.map(|side| side.customer.city.clone()),
        },
        coverage: Coverage::default(),
        under: Arc::clone(&terms.under),
        differences: sides.differences(),
        verdict: Verdict::Unverified,
        portal: None,
    };
    let coverage = sides.coverage(&comparison);
    comparison = comparison.covering(coverage);
    comparison.doubt_each(sides.unreadable().parts(), WhyNot::UnreadableRow);
    if stored.is_none() || live.is_none_or(LiveSide::is_gone) {
        // Nothing on either side proves nothing of a customer whom one side does not have.
        comparison.doubt(&Part::OF_ROWS, WhyNot::NoCard);
    }
    comparison.doubt_names(sides.before_window, sides.unnamed_openings());
    if sides.have_unnamed_openings() {
        comparison.doubt(&[Part::OpeningBalance, Part::Purchases], WhyNot::NamesInDoubt);
    }
    if sides.may_have_ignored_rows() {
        comparison.doubt(&Part::OF_TOTAL, WhyNot::NamesInDoubt);
    }
    sides.doubt_contradicted(&mut comparison);
    if sides.have_other_bonus_rows() {
        comparison.doubt(&[Part::Points], WhyNot::OtherRows);
    }
    comparison.verdict = judge(&comparison.differences, &comparison.coverage, sides.unreadable().sales);
    comparison.differences.extend(sides.doubled_sales());
    Some(comparison)
}

impl Comparison {
    /// Where the names of opening balances may not tell them from purchases, rows that agree prove neither: a wrong
    /// name finds nothing on both sides. Rows before the window are opening balances then as far as their documents may be.
    fn doubt_names(&mut self, before_window: Amount, unnamed: Amount) {
        let trust = self.under.trust;
        let is_untold = trust == NamesTrust::Untold && !before_window.is_zero();
        if trust == NamesTrust::Nameless {
            // It is not known which rows are left out: nor is the total.
            self.doubt(&Part::OF_TOTAL, WhyNot::NamesInDoubt);
        }
        if !self.under.are_names_in_doubt() && !is_untold {
            return;
        }
        for part in [Part::OpeningBalance, Part::Purchases] {
            if self.mark(part) == Mark::Equal {
                self.doubt(&[part], WhyNot::NamesInDoubt);
            }
        }
        if trust == NamesTrust::Unborne && !unnamed.is_zero() {
            self.before_window = self.before_window.map(|_| before_window - unnamed);
            self.differences.retain(|it| it.kind != DifferenceKind::BeforeWindow);
            if before_window != unnamed {
                let earlier = Some(before_window - unnamed);
                self.differences.push(Difference::of_figures(DifferenceKind::BeforeWindow, earlier, None));
            }
            let missing = DifferenceKind::MissingOpeningBalance;
            let missing = Difference::of_figures(missing, Some(unnamed), self.opening_balance.stored);
            self.differences.push(missing.because(Reason::Unnamed));
        }
    }
}

/// Both sides and what they add up to.
struct LiveSides<'a> {
    stored: Option<&'a StoredSide>,
    live: Option<&'a LiveSide>,
    terms: &'a Terms,
    /// The store's figures; `None` where nothing was ever stored.
    own: Option<CardFigures>,
    /// 1C's figures by the store's window.
    theirs: CardFigures,
    /// Whether their points were read, of a moment that is known.
    knows_their_points: bool,
    /// 1C's purchases before that window.
    before_window: Amount,
}

impl<'a> LiveSides<'a> {
    fn reckon(stored: Option<&'a StoredSide>, live: Option<&'a LiveSide>, terms: &'a Terms) -> Self {
        let points_at = live.and_then(|side| side.points_at).or(terms.points_at);
        // Unknown points are never looked at, so any moment will do for them.
        let of = |movements, bonus, at: Option<LocalTime>| {
            CardFigures::of(movements, bonus, terms.window.from, at.unwrap_or_default())
        };
        let nothing_there = || terms.synced_at.map(|_| CardFigures::default());
        Self {
            stored,
            live,
            terms,
            own: stored.map(|side| of(&side.movements, &side.bonus, terms.points_at)).or_else(nothing_there),
            theirs: live
                .map(|side| of(&side.movements, side.bonus.as_deref().unwrap_or_default(), points_at))
                .unwrap_or_default(),
            knows_their_points: points_at.is_some()
                && live.is_some_and(|side| side.bonus.is_some() && !side.unreadable.points),
            before_window: live
                .map_or(Amount::ZERO, |side| lines::before_window(&side.movements, terms.window)),
        }
    }

    /// What rows that could not be read belong to is not known, nor what the others come to without them.
    fn figure_of_sales<T>(&self, of: impl Fn(&CardFigures) -> T) -> Figure<T> {
        let onec = (!self.unreadable().sales).then(|| of(&self.theirs));
        Figure { onec, stored: self.own.as_ref().map(of) }
    }

    /// 1C's total: of its rows, or where some could not be read, by its own sum.
    fn total_told(&self) -> Option<Amount> {
        let own_sum = || self.live.and_then(|side| side.control.turnover_all);
        if self.unreadable().sales { own_sum() } else { Some(self.all_time()) }
    }

    /// What 1C's rows add up to over all time.
    fn all_time(&self) -> Amount {
        self.theirs.total() + self.before_window
    }

    fn points(&self) -> PointsComparison {
        let rule = self.terms.rule;
        let were_read = !self.stored.is_some_and(|side| side.figures.unreadable.points);
        let is_known = were_read && self.terms.points_at.is_some();
        let own = self.own.filter(|_| is_known).map(|own| own.points);
        let theirs = self.knows_their_points.then_some(self.theirs.points);
        let published = self.live.and_then(|side| side.control.register_balance);
        let reckoned = self.live.and(theirs).map(|points| points.register_balance);
        PointsComparison {
            figure: Figure {
                onec: theirs.map(|points| points.by(rule)),
                stored: own.map(|own| own.by(rule)),
            },
            rule,
            last_record: own.map(|own| own.last_record),
            register_balance: own.map(|own| own.register_balance),
            register_balance_onec: published.or(reckoned),
        }
    }

    /// Rows were read of both sides, as far as both have any. Where nothing was ever stored nothing is compared.
    fn coverage(&self, it: &Comparison) -> Coverage {
        if self.own.is_none() {
            return Coverage::nothing(WhyNot::NothingStored);
        }
        let points = if self.terms.points_at.is_none() {
            WhyNot::PointsUnknown
        } else if self.unreadable().points {
            WhyNot::UnreadableRow
        } else if self.live.is_some() {
            WhyNot::NotPublished
        } else {
            WhyNot::NoCard
        };
        let untold = if self.unreadable().sales { WhyNot::UnreadableRow } else { WhyNot::NotAsked };
        Coverage {
            opening_balance: Compared::of(&it.opening_balance, Means::Rows, untold),
            purchases: Compared::of(&it.purchases, Means::Rows, untold),
            total: Compared::of(&it.total, Means::Rows, untold),
            points: Compared::of(&it.points.figure, Means::Rows, points),
            city: Compared::of(&it.city, Means::Catalog, self.why_no_town()),
            card: Compared::With(Means::Catalog),
        }
    }

    /// Why the town is not known, where it is not: nobody has the card, or 1C does not tell.
    fn why_no_town(&self) -> WhyNot {
        let is_untold = self.live.is_some_and(|live| live.is_listed && !live.knows_town);
        if is_untold { WhyNot::NotPublished } else { WhyNot::NoCard }
    }

    /// Rows read whole just now prove the stored ones, whatever the last sync could not read.
    fn unreadable(&self) -> DoubtfulRows {
        let in_store = || self.stored.map(|side| side.figures.unreadable).unwrap_or_default();
        self.live.map_or_else(in_store, |side| side.unreadable)
    }

    fn differences(&self) -> Vec<Difference> {
        let stored_total = self.own.map(|own| own.total());
        let mut differences = match (self.stored, self.live) {
            (Some(stored), Some(live)) if live.is_listed => self.of_rows(stored, live),
            (Some(stored), Some(live)) => {
                let extra = DifferenceKind::ExtraCard;
                let extra = Difference::of_figures(extra, self.total_told(), stored_total);
                [vec![extra], self.of_rows(stored, live)].concat()
            }
            (Some(_), None) => vec![Difference::of_figures(DifferenceKind::ExtraCard, None, stored_total)],
            (None, _) if self.own.is_none() => Vec::new(),
            (None, _) => {
                vec![Difference::of_figures(DifferenceKind::MissingCard, self.total_told(), None)]
            }
        };
        differences.extend(self.live.into_iter().flat_map(|live| self.of_own_sums(&live.control)));
        differences
    }

    fn of_rows(&self, stored: &StoredSide, live: &LiveSide) -> Vec<Difference> {
        let mut differences = lines::of_movements(&stored.movements, live, self.terms.window);
        let points = self.points().figure;
        if points.differs() {
            differences.push(Difference::of_figures(DifferenceKind::Points, points.onec, points.stored));
        }
        if let Some(theirs) = live.bonus.as_deref().filter(|_| self.terms.points_at.is_some()) {
            differences.extend(lines::of_bonus(&stored.bonus, theirs, !live.unreadable.points));
        }
        let (onec, stored) = (town(live.customer.city.as_ref()), town(stored.customer.city.as_ref()));
        if live.is_listed && live.knows_town && onec != stored {
            differences.push(Difference::of_figures(DifferenceKind::City, onec, stored));
        }
        differences
    }

    /// 1C's own sums that are not what its rows add up to: rows were lost on the way, or changed meanwhile.
    fn of_own_sums(&self, control: &ControlTotals) -> Vec<Difference> {
        let is_compared = self.terms.rule == PointsRule::RegisterBalance && self.knows_their_points;
        let balance = control.register_balance.filter(|_| is_compared);
        let are_read = !self.unreadable().points;
        let points = self.disagreement(balance, self.theirs.points.register_balance, are_read);
        self.of_own_turnovers(control).into_iter().chain(points).collect()
    }

    /// 1C's own turnover, or opening balances told apart, that its rows contradict. One row that is lacking shows in
    /// several sums: the widest that disagrees tells it.
    fn of_own_turnovers(&self, control: &ControlTotals) -> Option<Difference> {
        let control = control.for_window(&self.terms.window);
        let theirs = &self.theirs;
        let before = theirs.opening_balance - theirs.opening_in_window;
        let sums = [
            (control.turnover_all, self.all_time()),
            (control.turnover_window, theirs.turnover_window()),
            (control.opening_balance, theirs.opening_balance),
            (control.opening_before_window, before),
        ];
        let are_read = !self.unreadable().sales;
        sums.into_iter().find_map(|(sum, rows)| self.disagreement(sum, rows, are_read))
    }

    /// 1C's own sum beside what its rows add up to. Rows that could not be read may be what it holds besides.
    fn disagreement<T: PartialEq>(&self, sum: Option<T>, rows: T, are_read: bool) -> Option<Difference>
    where
        DifferenceFigure: From<Figure<T>>,
    {
        let sum = sum.filter(|sum| *sum != rows)?;
        let reason = if are_read || self.live.is_none() { Reason::OwnSum } else { Reason::Unreadable };
        Some(Difference::of_figures(DifferenceKind::Unexplained, Some(sum), Some(rows)).because(reason))
    }

    /// Where 1C's own sums are not what its rows come to, one of the two leaves something out: rows that agree prove
    /// nothing then.
    fn doubt_contradicted(&self, comparison: &mut Comparison) {
        let Some(live) = self.live else { return };
        if self.of_own_turnovers(&live.control).is_some() {
            comparison.doubt(&Part::OF_TOTAL, WhyNot::OwnSum);
        }
        let balance = live.control.register_balance.filter(|_| self.knows_their_points);
        let is_contradicted = balance.is_some_and(|told| told != self.theirs.points.register_balance);
        let are_others_left_out = self.knows_their_points && live.has_other_points_of_all();
        if is_contradicted || are_others_left_out || self.was_balance_contradicted() {
            comparison.doubt(&[Part::Points], WhyNot::OwnSum);
        }
        // What was left out of all rows is left out of those of one card.
        let by_sync = self.stored.map(|side| side.figures.contradicted).unwrap_or_default();
        comparison.doubt_each(by_sync.parts(), WhyNot::OwnSum);
        comparison.doubt_each(self.terms.parts_of_no_moment(), WhyNot::ClocksDiffer);
    }

    /// Whether the sync's own balance of all cards was another than the rows that are stored: a filter by card that
    /// finds less makes rows and a balance of one card agree.
    fn was_balance_contradicted(&self) -> bool {
        let told = self.stored.and_then(|side| side.figures.control.register_balance);
        told.zip(self.own.as_ref()).is_some_and(|(told, own)| told != own.points.register_balance)
    }

    /// Of either side: entered since the last sync learned which types there are, or never named.
    fn have_unnamed_openings(&self) -> bool {
        let stored = self.stored.iter().flat_map(|side| &side.movements);
        let live = self.live.iter().flat_map(|side| &side.movements);
        have_unnamed_openings(stored.chain(live), &self.terms.under)
    }

    /// 1C's rows before the window whose documents carry totals over by their names, and that no setting names.
    fn unnamed_openings(&self) -> Amount {
        let rows = self.live.iter().flat_map(|side| &side.movements);
        let is_meant = |row: &&Movement| {
            row.kind == MovementKind::Purchase
                && !self.terms.window.contains(row.period)
                && looks_like_opening_balance(&row.key.recorder_type.0)
        };
        rows.filter(is_meant).map(|row| row.amount).sum()
    }

    /// Whether rows came without their type where some types are to be left out.
    fn may_have_ignored_rows(&self) -> bool {
        let mut rows = self.live.iter().flat_map(|side| &side.movements);
        self.terms.under.leaves_out() && rows.any(|row| row.key.recorder_type.0.is_empty())
    }

    /// Points that are the same figure out of other rows are so by chance.
    fn have_other_bonus_rows(&self) -> bool {
        let rows = self.stored.zip(self.live.and_then(|live| live.bonus.as_deref()));
        rows.is_some_and(|(stored, theirs)| !lines::of_bonus(&stored.bonus, theirs, true).is_empty())
    }

    fn doubled_sales(&self) -> Vec<Difference> {
        match (self.stored, self.live) {
            (Some(stored), _) => lines::doubled_sales(&stored.movements, self.terms.window, LineSide::Store),
            (None, Some(live)) => lines::doubled_sales(&live.movements, self.terms.window, LineSide::OneC),
            (None, None) => Vec::new(),
        }
    }
}
