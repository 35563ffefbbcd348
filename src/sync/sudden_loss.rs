//! The brake on sudden losses: what vanishes in bulk is looked at a second time before it is published.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::{LocalTime, Window};
use crate::store::Lines;

/// A loss is sudden where it is at least this share of what there was…
const PERCENT: u64 = 20;

/// …and at least so many objects or rows. A shop of five cards may lose one without a word.
const LEAST: u64 = 50;

/// Purchases that may vanish from the end of history before it counts as going back.
const LAST_ROWS: u64 = 10;

/// A shop may be closed for so long: between two syncs no more time is believed to have passed than between the latest
/// sale then and now, and this. Clocks that are wrong together tell nothing of each other.
const CLOSED: TimeDelta = TimeDelta::days(30);

/// What may vanish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// Cards.
    Cards,
    /// Opening balances.
    OpeningBalances,
    /// Purchases of the window.
    Purchases,
    /// Bonus rows.
    Points,
    /// Roubles, of opening balances and purchases.
    Money,
    /// The latest purchases: history ends earlier than before, as after a backup was restored.
    LatestPurchases,
}

impl Subject {
    /// Our own word for it, for developers and machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::OpeningBalances => "opening balances",
            Self::Purchases => "purchases",
            Self::Points => "bonus rows",
            Self::Money => "money",
            Self::LatestPurchases => "latest purchases",
        }
    }
}

/// A loss that is looked at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Loss {
    /// Of what.
    pub subject: Subject,
    /// How much there was; whole roubles of money.
    pub before: u64,
    /// How much there is.
    pub now: u64,
}

impl Loss {
    /// Whether nothing is left.
    pub fn is_total(&self) -> bool {
        self.now == 0
    }
}

/// What two generations can be compared by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ComparableCounts {
    pub(super) cards: u64,
    pub(super) opening_balances: Lines,
    /// Of the window of the later one.
    pub(super) purchases: Lines,
    pub(super) bonus_rows: u64,
}

/// What changed between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Between {
    /// Movements that vanished or differ.
    pub(super) touched: u64,
    /// Purchases of the earlier one that are later than all of the later one.
    pub(super) beyond: u64,
}

/// The time that passed between two syncs by the clocks, as far as the sales of 1C go along with it.
pub(super) fn passed(
    by_clock: TimeDelta,
    latest_before: Option<LocalTime>,
    latest: Option<LocalTime>,
) -> TimeDelta {
    let Some(before) = latest_before else { return by_clock };
    let by_sales = latest.map_or(TimeDelta::zero(), |latest| latest - before);
    by_clock.min(by_sales.max(TimeDelta::zero()) + CLOSED)
}

/// Whether no sale has come since the latest that was known, for longer than a shop is closed.
pub(super) fn is_quiet_since(latest_before: LocalTime, latest: Option<LocalTime>, now: LocalTime) -> bool {
    latest.is_none_or(|latest| latest <= latest_before) && now - latest_before > CLOSED
}

/// The window that rows leave as a matter of course: it follows the days that passed between two syncs, or the
/// settings. Where it has jumped further, the rows between are lost like any others.
pub(super) fn ordinary_window(before: Window, now: Window, passed: TimeDelta) -> Window {
    if before.days != now.days {
        return now;
    }
    // Two midnights may lie in less than a day, by two clocks.
    let days = TimeDelta::days(passed.num_days().max(0) + 1);
    let followed = before.from.and_then(|from| from.checked_add_signed(days));
    Window { from: now.from.zip(followed).map(|(now, followed)| now.min(followed)), ..now }
}

/// The sudden losses between two generations.
pub(super) fn losses(before: &ComparableCounts, now: &ComparableCounts, between: Between) -> Vec<Loss> {
    let counts = [
        (Subject::Cards, before.cards, now.cards),
        (Subject::OpeningBalances, before.opening_balances.lines, now.opening_balances.lines),
        (Subject::Purchases, before.purchases.lines, now.purchases.lines),
        (Subject::Points, before.bonus_rows, now.bonus_rows),
    ];
    let sudden = counts.into_iter().filter(|(_, before, now)| is_sudden(*before, *now));
    let mut losses: Vec<_> = sudden.map(|(subject, before, now)| Loss { subject, before, now }).collect();
    losses.extend(money(before, now, between));
    let is_back = between.beyond >= LAST_ROWS;
    losses.extend(is_back.then(|| Loss {
        subject: Subject::LatestPurchases,
        before: before.purchases.lines,
        now: before.purchases.lines.saturating_sub(between.beyond),
    }));
    losses
}

fn is_sudden(before: u64, now: u64) -> bool {
    let lost = before.saturating_sub(now);
    lost > 0 && (now == 0 || (lost >= LEAST && is_share(lost.into(), before.into())))
}

/// Money vanishes with its rows, or row by row where amounts are changed.
fn money(before: &ComparableCounts, now: &ComparableCounts, between: Between) -> Option<Loss> {
    let roubles = |standing: &ComparableCounts| {
        let sum = standing.opening_balances.amount + standing.purchases.amount;
        // What returns outweigh is no money to lose.
        u64::try_from(sum.decimal().trunc()).unwrap_or_default()
    };
    let (before, now) = (roubles(before), roubles(now));
    let lost = before.saturating_sub(now);
    (lost > 0 && between.touched >= LEAST && is_share(lost.into(), before.into())).then_some(Loss {
        subject: Subject::Money,
        before,
        now,
    })
}

fn is_share(lost: u128, before: u128) -> bool {
    lost * 100 >= before * u128::from(PERCENT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Amount;

    fn lines(lines: u64, roubles: i64) -> Lines {
        Lines { lines, amount: Amount::from_units(roubles * 100) }
    }

    fn shop(cards: u64, purchases: u64) -> ComparableCounts {
        ComparableCounts {
            cards,
            opening_balances: lines(cards / 2, 1_000),
            purchases: lines(purchases, 100_000),
            bonus_rows: cards,
        }
    }

    fn subjects(before: &ComparableCounts, now: &ComparableCounts, touched: u64) -> Vec<Subject> {
        let between = Between { touched, beyond: 0 };
        losses(before, now, between).into_iter().map(|loss| loss.subject).collect()
    }

    #[test]
    fn a_fifth_and_fifty_is_sudden_and_less_of_either_is_not() {
        let cases = [
            ("a fifth of 250", 250, 200, true),
            ("one more is left", 250, 201, false),
            ("a tenth of 1000", 1_000, 900, false),
            ("a fifth of 1000", 1_000, 800, true),
            ("half of a small shop", 98, 49, false),
            ("half of a shop a little larger", 100, 50, true),
            ("all of a small shop", 5, 0, true),
            ("nothing of nothing", 0, 0, false),
            ("more than before", 100, 300, false),
        ];
        for (case, before, now, expected) in cases {
            assert_eq!(is_sudden(before, now), expected, "{case}");
        }
    }

    #[test]
    fn money_may_vanish_while_rows_stay() {
        let before = shop(500, 5_000);
        let now = ComparableCounts { purchases: lines(5_000, 70_000), ..before };
        assert_eq!(subjects(&before, &now, 49), []);
        assert_eq!(subjects(&before, &now, 50), [Subject::Money]);
        let now = ComparableCounts { purchases: lines(5_000, 81_000), ..before };
        assert_eq!(subjects(&before, &now, 5_000), []);
        // What returns outweigh, before and now, loses nothing.
        let debts =
            ComparableCounts { opening_balances: lines(250, 0), purchases: lines(5_000, -100_000), ..before };
        assert_eq!(subjects(&debts, &debts, 5_000), []);
    }

    #[test]
    fn history_that_ends_earlier_is_told() {
        let shop = shop(500, 5_000);
        let back = |beyond| losses(&shop, &shop, Between { touched: 0, beyond });
        assert_eq!(back(9), []);
        let loss = Loss { subject: Subject::LatestPurchases, before: 5_000, now: 4_990 };
        assert_eq!(back(10), [loss]);
    }

    #[test]
    fn a_window_follows_the_days_that_passed_and_the_settings() {
        let window = |day: &str, days| Window::ending(day.parse().unwrap(), days);
        let before = window("2026-02-04", 365);
        let passed = |days| TimeDelta::days(days);
        for (now, passed, expected) in [
            (window("2026-02-04", 365), passed(0), window("2026-02-04", 365)),
            (window("2026-02-14", 365), passed(10), window("2026-02-14", 365)),
            (window("2028-02-04", 365), passed(10), window("2026-02-15", 365)),
            (window("2028-02-04", 365), passed(-9_000), window("2026-02-05", 365)),
            (window("2016-02-04", 365), passed(0), window("2016-02-04", 365)),
            (window("2026-02-04", 30), passed(0), window("2026-02-04", 30)),
            (window("2026-02-04", 0), passed(0), window("2026-02-04", 0)),
        ] {
            assert_eq!(ordinary_window(before, now, passed), expected, "{now:?} after {passed}");
        }
        let all = window("2026-02-04", 0);
        assert_eq!(ordinary_window(all, all, passed(3)), all);
    }

    proptest! {
        #[test]
        fn a_shop_of_five_cards_can_always_lose_one(purchases in 1_u64..49, lost in 0_u64..49) {
            let before = shop(5, purchases);
            let left = purchases - lost.min(purchases - 1);
            let now = ComparableCounts { cards: 4, purchases: lines(left, 0), bonus_rows: 4, ..before };
            prop_assert_eq!(subjects(&before, &now, lost), []);
        }

        #[test]
        fn what_grows_or_stays_never_brakes(cards in 0_u64..10_000, rows in 0_u64..10_000, more in 0_u64..10_000) {
            let before = shop(cards, rows);
            let now = ComparableCounts {
                cards: cards + more,
                purchases: lines(rows + more, 200_000),
                bonus_rows: cards + more,
                ..before
            };
            prop_assert_eq!(subjects(&before, &now, 10_000), []);
        }

        #[test]
        fn losing_more_never_makes_a_loss_less_sudden(before in 0_u64..10_000, now in 0_u64..10_000) {
            let now = now.min(before);
            prop_assert!(!is_sudden(before, now) || now == 0 || is_sudden(before, now - 1));
        }

        #[test]
        fn a_kind_that_goes_to_nothing_always_brakes(before in 1_u64..10_000) {
            prop_assert!(is_sudden(before, 0));
        }
    }
}
