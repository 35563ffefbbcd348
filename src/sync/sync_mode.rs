//! Whether a sync reads everything or builds on what is published: a rule without a clock.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::Window;
use crate::store::{DeltaBasis, Generation};

/// How much a sync is asked to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncMode {
    /// Everything.
    #[default]
    Full,
    /// What changed since the last sync, as far as 1C's own sums tell.
    Delta,
}

/// Why everything is read where a delta was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WhyFull {
    /// Nothing is published that a delta could build on.
    NoBasis,
    /// Only a part of the cards is read.
    Limit,
    /// The store is taken over to another base, or other names or another window are read.
    OtherTerms,
    /// Everything was last read too long ago.
    Due,
    /// 1C does not filter as a delta needs it.
    FiltersRefused,
    /// 1C's sums differ on so many cards, and reading those again does not explain it.
    Unexplained(u64),
    /// Much vanished suddenly: the second look is a full one.
    SuddenLoss,
}

/// What a sync is about to read, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) now: DateTime<Utc>,
    pub(super) window: Window,
    /// Of the names of 1C's sets and fields.
    pub(super) names: u64,
    pub(super) limit: u64,
    pub(super) accepts_base: bool,
    pub(super) full_every: Duration,
}

/// What a delta builds on, or why there is none.
///
/// 1. A part of the cards, another base, other names or another length of the window begin anew.
/// 2. Days that the window had left behind are not stored: a window that begins earlier begins anew.
/// 3. Everything is read again as often as the settings say, and where a clock was set back.
pub(super) fn basis(published: Option<&Generation>, plan: &Plan) -> Result<DeltaBasis, WhyFull> {
    if plan.limit > 0 {
        return Err(WhyFull::Limit);
    }
    let Some((generation, basis)) = published.and_then(|it| Some((it, it.basis?))) else {
        return Err(WhyFull::NoBasis);
    };
    let same_window =
        generation.window.days == plan.window.days && plan.window.from >= generation.window.from;
    if plan.accepts_base || basis.names != plan.names || !same_window {
        return Err(WhyFull::OtherTerms);
    }
    let age = (plan.now - basis.full_at).to_std();
    if age.is_ok_and(|age| age < plan.full_every) { Ok(basis) } else { Err(WhyFull::Due) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::PointsRule;
    use crate::store::{Counts, Proof};

    const NAMES: u64 = 7;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn window(day: u32, days: u32) -> Window {
        Window::ending(NaiveDate::from_ymd_opt(2026, 2, day).unwrap(), days)
    }

    fn generation() -> Generation {
        Generation {
            id: 4,
            synced_at: at("2026-02-04T12:00:00Z"),
            window: window(4, 365),
            points_at: None,
            rule: PointsRule::LastRecord,
            proof: Proof::Confirmed,
            basis: Some(DeltaBasis { full_at: at("2026-02-01T12:00:00Z"), deltas: 9, names: NAMES }),
            counts: Counts::default(),
            digest: 0,
            figures_digest: 0,
        }
    }

    fn plan() -> Plan {
        Plan {
            now: at("2026-02-05T12:00:00Z"),
            window: window(5, 365),
            names: NAMES,
            limit: 0,
            accepts_base: false,
            full_every: Duration::from_secs(7 * 86_400),
        }
    }

    #[test]
    fn a_delta_builds_on_what_was_read_whole_and_on_the_same_terms() {
        assert_eq!(basis(Some(&generation()), &plan()), Ok(generation().basis.unwrap()));
        let all = Generation { window: window(4, 0), ..generation() };
        assert!(basis(Some(&all), &Plan { window: window(5, 0), ..plan() }).is_ok());
    }

    #[test]
    fn everything_is_read_where_there_is_nothing_to_build_on() {
        let cases = [
            ("the first sync", None, plan(), WhyFull::NoBasis),
            ("an older store", Some(Generation { basis: None, ..generation() }), plan(), WhyFull::NoBasis),
            ("a limit", Some(generation()), Plan { limit: 5, ..plan() }, WhyFull::Limit),
            ("other names", Some(generation()), Plan { names: 8, ..plan() }, WhyFull::OtherTerms),
            ("another base", Some(generation()), Plan { accepts_base: true, ..plan() }, WhyFull::OtherTerms),
            (
                "a longer window",
                Some(generation()),
                Plan { window: window(5, 400), ..plan() },
                WhyFull::OtherTerms,
            ),
            (
                "a shorter window",
                Some(generation()),
                Plan { window: window(5, 30), ..plan() },
                WhyFull::OtherTerms,
            ),
            (
                "all history now",
                Some(generation()),
                Plan { window: window(5, 0), ..plan() },
                WhyFull::OtherTerms,
            ),
            (
                "an earlier day",
                Some(generation()),
                Plan { window: window(3, 365), ..plan() },
                WhyFull::OtherTerms,
            ),
            ("a week", Some(generation()), Plan { now: at("2026-02-08T12:00:00Z"), ..plan() }, WhyFull::Due),
            (
                "a clock set back",
                Some(generation()),
                Plan { now: at("2026-02-01T11:59:59Z"), ..plan() },
                WhyFull::Due,
            ),
            ("always", Some(generation()), Plan { full_every: Duration::ZERO, ..plan() }, WhyFull::Due),
        ];
        for (case, generation, plan, why) in cases {
            assert_eq!(basis(generation.as_ref(), &plan), Err(why), "{case}");
        }
    }
}
