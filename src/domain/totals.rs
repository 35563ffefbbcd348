//! The figures of one card, and 1C's own answers for them.

use super::reconcile::verdict;
use super::{
    Amount, BonusRow, LocalTime, Movement, MovementKind, Points, PointsFigures, PointsRule, Verdict, Window,
};

/// What the rows of one card add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardFigures {
    /// Σ of opening balances, roubles.
    pub opening_balance: Amount,
    /// Σ of opening balances whose period lies in the window: what 1C's turnover of the window holds besides purchases.
    pub opening_in_window: Amount,
    /// Σ of purchases kept, roubles.
    pub purchases: Amount,
    /// Number of purchase lines, packaging included.
    pub purchase_lines: u64,
    /// Points by both rules.
    pub points: PointsFigures,
}

impl CardFigures {
    /// Adds up one card's rows, in any order.
    ///
    /// Purchases before `window_from`, the first moment of the window, are not of the window and not counted;
    /// `now` is the infobase's time. Sums cannot overflow: a decimal holds 2^33 rows of the greatest amount.
    pub fn of(
        movements: &[Movement],
        bonus: &[BonusRow],
        window_from: Option<LocalTime>,
        now: LocalTime,
    ) -> Self {
        let mut figures = Self { points: PointsFigures::of(bonus, now), ..Self::default() };
        for movement in movements {
            figures.add(movement, window_from.is_none_or(|from| movement.period >= from));
        }
        figures
    }

    fn add(&mut self, movement: &Movement, in_window: bool) {
        match (movement.kind, in_window) {
            (MovementKind::OpeningBalance, true) => {
                self.opening_balance += movement.amount;
                self.opening_in_window += movement.amount;
            }
            (MovementKind::OpeningBalance, false) => self.opening_balance += movement.amount,
            (MovementKind::Purchase, true) => {
                self.purchases += movement.amount;
                self.purchase_lines += 1;
            }
            (MovementKind::Purchase, false) => {}
        }
    }

    /// Opening balance + purchases.
    pub fn total(&self) -> Amount {
        self.opening_balance + self.purchases
    }

    /// What 1C's turnover from the window's start on must be: purchases, and opening balances that lie in it.
    pub fn turnover_window(&self) -> Amount {
        self.purchases + self.opening_in_window
    }
}

/// What 1C itself answers for one card when asked for sums. `None`: not asked or not published.
/// A card that 1C's answer does not mention has a total of zero, not none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlTotals {
    /// Turnover over all time, roubles.
    pub turnover_all: Option<Amount>,
    /// Turnover from the window's start on, roubles; equals `turnover_all` where the window is all history.
    pub turnover_window: Option<Amount>,
    /// Opening rows as read a second time: confirms what the window's turnover cannot tell apart.
    pub opening_balance: Option<Amount>,
    /// Opening rows before the window's start, from that second reading.
    pub opening_before_window: Option<Amount>,
    /// Balance of the bonus register at the moment the store's own was reckoned for.
    pub register_balance: Option<Points>,
}

impl ControlTotals {
    /// The same, where a window of all history makes one figure of two and leaves nothing before itself.
    pub fn for_window(self, window: &Window) -> Self {
        if window.from.is_some() {
            return self;
        }
        Self {
            turnover_all: self.turnover_all.or(self.turnover_window),
            turnover_window: self.turnover_window.or(self.turnover_all),
            opening_before_window: Some(Amount::ZERO),
            ..self
        }
    }
}

/// What a generation keeps per card, so that lists need no arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFigures {
    /// What the stored rows add up to.
    pub own: CardFigures,
    /// 1C's own answers of the same sync.
    pub control: ControlTotals,
    /// The verdict by [`super::reconcile::against_control_totals`].
    pub verdict: Verdict,
    /// A row of this card could not be read: its figures are not to be trusted as whole.
    pub has_rejected_rows: bool,
}

impl StoredFigures {
    /// The figures to keep, with the verdict that 1C's own sums allow.
    pub fn of(own: CardFigures, control: ControlTotals, rule: PointsRule, has_rejected_rows: bool) -> Self {
        let verdict = verdict(&own, &control, rule, has_rejected_rows);
        Self { own, control, verdict, has_rejected_rows }
    }
}
