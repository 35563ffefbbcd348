//! The figures of one card, and 1C's own answers for them.

use super::{Amount, BonusRow, LocalTime, Movement, Points, PointsFigures, Verdict};

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
    /// Adds up one card's rows. `window_from` is the first moment of the window, `now` the infobase's time.
    pub fn of(
        movements: &[Movement],
        bonus: &[BonusRow],
        window_from: Option<LocalTime>,
        now: LocalTime,
    ) -> Self {
        todo!("{movements:?} {bonus:?} {window_from:?} {now}")
    }

    /// Opening balance + purchases.
    pub fn total(&self) -> Amount {
        todo!()
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
